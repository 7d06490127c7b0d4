package agency

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// AddContact names a person of an agency. key makes it safe to repeat.
func (s *Service) AddContact(ctx context.Context, by model.Actor, agencyID int64, p model.AgencyContact, key string) (_ *model.AgencyContact, created bool, err error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, false, err
	}
	if err := p.Check(); err != nil {
		return nil, false, err
	}
	typed := p
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		a, err := tx.LockAgency(ctx, by.CourtID, agencyID)
		if err != nil {
			return err
		}
		p = typed
		p.ID, p.CourtID, p.AgencyID, p.EndedOn, p.CreatedBy, p.IdemKey, p.Version = 0, by.CourtID, a.ID, model.Date{}, by.UserID, key, 1
		if created, err = tx.CreateAgencyContact(ctx, &p); err != nil || !created {
			return err
		}
		if err := active(a); err != nil {
			return err
		}
		if err := tx.AddAgencyChanges(ctx, by, model.AgencyContact{}.Changes(p)); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditContactAdd, Subject: model.ThingAgencyContact.Of(p.ID), After: p,
		})
	})
	if err != nil {
		return nil, false, fmt.Errorf("add contact: %w", err)
	}
	return &p, created, nil
}

// ChangeContact changes what is known of a person. seen is the version that the
// change was made for.
func (s *Service) ChangeContact(ctx context.Context, by model.Actor, agencyID, id, seen int64, typed model.AgencyContact) (*model.AgencyContact, error) {
	if err := typed.Check(); err != nil {
		return nil, err
	}
	return s.changeContact(ctx, by, agencyID, id, model.AuditContactChange, func(tx *storage.DB, p *model.AgencyContact) error {
		if done, err := tx.Repeated(ctx, by, model.ThingAgencyContact.Of(id), seen, p.Version, "change", typed); err != nil || done {
			return err
		}
		if !p.EndedOn.IsZero() {
			return model.E(model.Conflict, "contact.ended", "该联系人已停用，请新增联系人")
		}
		p.Role, p.Name, p.Title, p.Phone, p.TermFrom, p.TermUntil = typed.Role, typed.Name, typed.Title, typed.Phone, typed.TermFrom, typed.TermUntil
		return tx.UpdateAgencyContact(ctx, p, seen)
	})
}

// EndContact records that a person left his place. A repeat changes nothing.
func (s *Service) EndContact(ctx context.Context, by model.Actor, agencyID, id, seen int64) (*model.AgencyContact, error) {
	return s.changeContact(ctx, by, agencyID, id, model.AuditContactEnd, func(tx *storage.DB, p *model.AgencyContact) error {
		if !p.EndedOn.IsZero() {
			return nil
		}
		p.EndedOn = model.DateOf(tx.Now())
		return tx.UpdateAgencyContact(ctx, p, seen)
	})
}

func (s *Service) changeContact(ctx context.Context, by model.Actor, agencyID, id int64, action model.AuditAction, f func(*storage.DB, *model.AgencyContact) error) (*model.AgencyContact, error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, err
	}
	var p *model.AgencyContact
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.LockAgency(ctx, by.CourtID, agencyID)
		if err != nil {
			return err
		}
		if p, err = tx.AgencyContact(ctx, a.ID, id); err != nil {
			return err
		}
		before := *p
		if err := f(tx, p); err != nil {
			return err
		}
		changes := before.Changes(*p)
		if len(changes) == 0 {
			return nil
		}
		if err := tx.AddAgencyChanges(ctx, by, changes); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: action, Subject: model.ThingAgencyContact.Of(id), Before: before, After: p,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("change contact %d: %w", id, err)
	}
	return p, nil
}
