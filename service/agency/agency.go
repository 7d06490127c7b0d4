// Package agency keeps the units that carry the mechanism together with the
// court (责任单位): their directory with contact persons and its history, and
// what they owe. The lists of duties (任务清单、事项清单) are data: which unit has to
// do what, by when, proved by what. An agency reports through its own door; the
// court accepts the report or returns it; what is late is told to both sides.
package agency

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Outbox, when set, is told that there is something to send.
	Outbox Outbox
	// Uploads, when set, are asked about every file of a report.
	Uploads Uploads
}

// Outbox sends messages.
type Outbox interface{ Wake() }

// Uploads are the files that people handed in.
type Uploads interface {
	// DecodeUploads makes the viewing copies of files that the actor uploaded and
	// refuses one that cannot be decoded.
	DecodeUploads(ctx context.Context, by model.Actor, ids []int64) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{db: db, cfg: cfg} }

// Entry is an agency in the directory with its people.
type Entry struct {
	model.Agency
	Contacts []model.AgencyContact
}

// Agencies lists the court's agencies after the id, with their people. Phones
// are masked; Agency shows them.
func (s *Service) Agencies(ctx context.Context, by model.Actor, after int64, limit int) ([]Entry, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	list, err := s.db.Agencies(ctx, by.CourtID, after, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	out := make([]Entry, len(list))
	at := map[int64]int{}
	for i, a := range list {
		ids[i], out[i].Agency, at[a.ID] = a.ID, a, i
	}
	people, err := s.db.AgencyContacts(ctx, ids...)
	for _, p := range people {
		p.Phone = model.MaskOfficePhone(p.Phone)
		out[at[p.AgencyID]].Contacts = append(out[at[p.AgencyID]].Contacts, p)
	}
	return out, err
}

// Own is the entry of the actor's own agency, its people's phones in full.
func (s *Service) Own(ctx context.Context, by model.Actor) (*Entry, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	a, err := s.db.Agency(ctx, by.CourtID, by.AgencyID)
	if err != nil {
		return nil, err
	}
	e := &Entry{Agency: *a}
	e.Contacts, err = s.db.AgencyContacts(ctx, a.ID)
	return e, err
}

// Detail is an agency with its people and its history.
type Detail struct {
	Entry
	Changes []Change
}

// Change is an entry of the history with the name of whoever made it.
type Change struct {
	model.AgencyChange
	Who string
}

// ChangesShown is how many entries of the history one sees at a time.
const ChangesShown = 50

// Agency is the agency with its people and the newest entries of its history,
// those below the id before when it is not 0. Whoever keeps the directory sees
// phones in full, which is recorded.
func (s *Service) Agency(ctx context.Context, by model.Actor, id, before int64) (*Detail, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	a, err := s.db.Agency(ctx, by.CourtID, id)
	if err != nil {
		return nil, err
	}
	d := &Detail{Entry: Entry{Agency: *a}}
	if d.Contacts, err = s.db.AgencyContacts(ctx, id); err != nil {
		return nil, err
	}
	full := by.May(model.ActAgencyManage)
	if full {
		err := s.db.AuditLook(ctx, by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditAgencyLook, Subject: model.ThingAgency.Of(id),
		})
		if err != nil {
			return nil, err
		}
	}
	for i, p := range d.Contacts {
		if !full {
			d.Contacts[i].Phone = model.MaskOfficePhone(p.Phone)
		}
	}
	list, err := s.db.AgencyChanges(ctx, id, before, ChangesShown)
	if err != nil {
		return nil, err
	}
	var users []int64
	for _, c := range list {
		users = append(users, c.ByUserID)
	}
	names, err := s.db.UserNames(ctx, users)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		who := names[c.ByUserID]
		if c.ByUserID == 0 {
			who = "系统"
		}
		if !full && c.Field == "phone" {
			c.OldText, c.NewText = model.MaskOfficePhone(c.OldText), model.MaskOfficePhone(c.NewText)
		}
		d.Changes = append(d.Changes, Change{c, who})
	}
	return d, nil
}

// Add makes an agency. Its code names it: the same one again is the agency that
// is there, a different one under the code a Conflict.
func (s *Service) Add(ctx context.Context, by model.Actor, a model.Agency) (_ *model.Agency, created bool, err error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, false, err
	}
	if err := a.Check(); err != nil {
		return nil, false, err
	}
	asked, kinds := a, a.QueryNames()
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		a = asked
		a.ID, a.CourtID, a.EndedOn, a.Version = 0, by.CourtID, model.Date{}, 1
		if created, err = tx.CreateAgency(ctx, &a); err != nil {
			return err
		}
		if !created {
			old, err := tx.AgencyByCode(ctx, by.CourtID, a.Code)
			if err != nil {
				return err
			}
			if old.Name != a.Name || old.Kind != a.Kind || old.QueryNames() != kinds || !old.Active() {
				return model.E(model.Conflict, "agency.exists", "这个单位代码已经用于“"+old.Name+"”，请换一个代码")
			}
			a = *old
			return nil
		}
		if err := tx.AddAgencyChanges(ctx, by, model.Agency{}.Changes(a)); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditAgencyAdd, Subject: model.ThingAgency.Of(a.ID), After: a,
		})
	})
	if err != nil {
		return nil, false, fmt.Errorf("add agency: %w", err)
	}
	return &a, created, nil
}

// Change renames an agency, puts it into another kind or says which queries it
// answers. seen is the version
// that the change was made for.
func (s *Service) Change(ctx context.Context, by model.Actor, id, seen int64, name string, kind model.AgencyKind, answers []model.QueryKind) (*model.Agency, error) {
	return s.change(ctx, by, id, model.AuditAgencyChange, func(tx *storage.DB, a *model.Agency) error {
		if done, err := tx.Repeated(ctx, by, model.ThingAgency.Of(id), seen, a.Version, "change", name, kind, answers); err != nil || done {
			return err
		}
		if err := active(a); err != nil {
			return err
		}
		a.Name, a.Kind, a.QueryKinds = name, kind, answers
		if err := a.Check(); err != nil {
			return err
		}
		return tx.UpdateAgency(ctx, a, seen)
	})
}

// End takes an agency out of the directory: its accounts and keys open nothing
// any more, its duties end, what it did stays on record. A repeat changes
// nothing.
func (s *Service) End(ctx context.Context, by model.Actor, id, seen int64) (*model.Agency, error) {
	return s.change(ctx, by, id, model.AuditAgencyEnd, func(tx *storage.DB, a *model.Agency) error {
		if !a.Active() {
			return nil
		}
		lifts, err := tx.OpenLifts(ctx, id)
		if err != nil {
			return err
		}
		if lifts > 0 {
			return model.E(model.Conflict, "agency.lifts_open", fmt.Sprintf("该单位还有 %d 项惩戒没有报送解除，办结后才能停用", lifts))
		}
		a.EndedOn = model.DateOf(tx.Now())
		if err := tx.UpdateAgency(ctx, a, seen); err != nil {
			return err
		}
		if err := endDoors(ctx, tx, by, id); err != nil {
			return err
		}
		duties, err := tx.AgencyDuties(ctx, model.AgencyDutyFilter{CourtID: by.CourtID, AgencyID: id, Active: true, Limit: maxDuties})
		if err != nil {
			return err
		}
		for _, seen := range duties {
			d, err := tx.LockAgencyDuty(ctx, by.CourtID, seen.ID)
			if err != nil {
				return err
			}
			if err := endDuty(ctx, tx, by, d, d.Version); err != nil {
				return err
			}
		}
		return nil
	})
}

// endDoors ends every way into the system that an agency has, as closing a
// staff account does: one that is taken up again begins anew.
func endDoors(ctx context.Context, tx *storage.DB, by model.Actor, id int64) error {
	role := by.RoleFor(model.ActAgencyManage)
	users, err := tx.AccountsOfAgency(ctx, id)
	if err != nil {
		return err
	}
	for _, u := range users {
		linked, err := tx.EndDoors(ctx, u, by.UserID)
		if err == nil {
			err = tx.CloseSignOn(ctx, u, by.UserID)
		}
		if err == nil && linked {
			err = tx.Audit(by, role, model.AuditEvent{CourtID: by.CourtID, Action: model.AuditStaffUnlink, Subject: model.ThingUser.Of(u)})
		}
		if err != nil {
			return err
		}
	}
	keys, err := tx.EndAgencyKeys(ctx, id)
	if err != nil {
		return err
	}
	for _, k := range keys {
		err := tx.Audit(by, role, model.AuditEvent{CourtID: by.CourtID, Action: model.AuditAPIKeyRevoke, Subject: model.ThingAPIKey.Of(k), Before: id})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxDuties bounds the duties of one agency: the programme has some fifty for all.
const maxDuties = 1000

func active(a *model.Agency) error {
	if !a.Active() {
		return model.E(model.Conflict, "agency.ended", "该单位已停用，不能再修改")
	}
	return nil
}

func (s *Service) change(ctx context.Context, by model.Actor, id int64, action model.AuditAction, f func(*storage.DB, *model.Agency) error) (*model.Agency, error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, err
	}
	var a *model.Agency
	err := s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		if a, err = tx.LockAgency(ctx, by.CourtID, id); err != nil {
			return err
		}
		before := *a
		if err := f(tx, a); err != nil {
			return err
		}
		changes := before.Changes(*a)
		if len(changes) == 0 {
			return nil
		}
		if err := tx.AddAgencyChanges(ctx, by, changes); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: action, Subject: model.ThingAgency.Of(id), Before: before, After: a,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("change agency %d: %w", id, err)
	}
	return a, nil
}
