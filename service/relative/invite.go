package relative

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Invite makes a code by which a debtor asks somebody of his family to join; it
// is used once.
func (s *Service) Invite(ctx context.Context, by model.Actor, caseID, partyID int64) (*model.FamilyCode, error) {
	if err := by.Require(model.ActRelativeInvite); err != nil {
		return nil, err
	}
	var out *model.FamilyCode
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		own, err := tx.PartiesOf(ctx, caseID, by.UserID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == partyID }) {
			return model.InvalidField("party_id", "party.unknown", "您不能代该当事人邀请家属")
		}
		list, err := tx.EnforcementsOf(ctx, caseID)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(e model.EnforcementFile) bool { return !e.Kind.Enforces() || !debtorOf(e, partyID) })
		accused := slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == partyID && p.Role == model.Accused })
		if len(list) == 0 && (cs.Kind != model.CaseCriminal || !accused) {
			return model.E(model.Conflict, "relative.no_enforcement", "本案没有针对您的执行案件，无需邀请家属")
		}
		var enforcement int64 // none before a judgment: for money that the family pays of its own accord
		if len(list) > 0 {
			enforcement = list[len(list)-1].ID
		}
		out, err = s.issue(ctx, tx, model.RelativeCode{
			CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: enforcement, PartyID: partyID, Via: model.ViaInvitation, OneTime: true, IssuedBy: by.UserID,
		})
		if err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActRelativeInvite), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditRelativeCodeInvite, CaseID: cs.ID, Subject: model.ThingParty.Of(partyID),
		})
	})
	if err != nil {
		return nil, fmt.Errorf("invite a relative: %w", err)
	}
	return out, nil
}

// Invited lists those who came by an invitation of the actor's parties.
func (s *Service) Invited(ctx context.Context, by model.Actor, caseID int64) ([]model.Relative, error) {
	if err := by.Require(model.ActRelativeInvite); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.InvitedRelatives(ctx, by, caseID)
}

// DecideInvited is the debtor's word about somebody who came by his invitation:
// he lets him in, declines, or ends it. To block is the officer's.
func (s *Service) DecideInvited(ctx context.Context, by model.Actor, id int64, d Decision) (*model.Relative, error) {
	if err := by.Require(model.ActRelativeInvite); err != nil {
		return nil, err
	}
	var r *model.Relative
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		var err error
		if r, err = tx.InvitedRelative(ctx, by, id); err != nil {
			return err
		}
		if done, err := repeated(ctx, tx, by, r, model.ActRelativeInvite, d); err != nil || done {
			return err
		}
		if d.State == model.RelativeBlocked || r.State == model.RelativeBlocked {
			return model.E(model.Conflict, "relative.officer_only", "限制联系和解除限制由执行法官决定，请联系执行法官")
		}
		return s.decide(ctx, tx, by, model.ActRelativeInvite, r, d)
	})
	if err != nil {
		return nil, fmt.Errorf("decide about relative %d: %w", id, err)
	}
	return r, nil
}
