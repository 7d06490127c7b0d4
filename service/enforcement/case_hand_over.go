package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// HandOver moves an enforcement case to another officer with everything that
// is to be done in it. An officer gives away his own, a leader anybody's.
func (s *Service) HandOver(ctx context.Context, by model.Actor, id, seen int64, toLogin, reason string) error {
	if err := by.Require(model.ActEnforcementHandOver); err != nil {
		return err
	}
	reason, err := checkReason(reason)
	if err != nil {
		return err
	}
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		lock := tx.LockOwnEnforcement
		if by.Has(model.RoleLeader) {
			lock = tx.LockEnforcement
		}
		if done, err := handedOverAlready(ctx, tx, by, id, seen, toLogin, reason); err != nil || done {
			return err
		}
		e, cs, err := lock(ctx, by, id)
		if err != nil {
			return err
		}
		to, err := officerByLogin(ctx, tx, e.CourtID, toLogin)
		if err != nil {
			return err
		}
		if to.ID == e.OfficerID {
			return model.InvalidField("to_officer", "officer.same", "该案已由这位执行法官办理")
		}
		if e.Version != seen {
			return model.E(model.Conflict, "enforcement.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		return s.moveToOfficer(ctx, tx, by, cs, e, to.ID, reason)
	})
	if err != nil {
		return fmt.Errorf("hand over enforcement case %d: %w", id, err)
	}
	return nil
}

// handedOverAlready tells whether the actor asks once more to hand over a case that he
// handed over; it may not be his any more.
func handedOverAlready(ctx context.Context, tx *storage.DB, by model.Actor, id, seen int64, to, reason string) (bool, error) {
	e, err := tx.EnforcementByID(ctx, id)
	if err != nil || e.CourtID != by.CourtID {
		return false, nil //nolint:nilerr // the act itself says that it is not found
	}
	return tx.Repeated(ctx, by, model.ThingEnforcement.Of(id), seen, e.Version, "hand over", to, reason)
}

// HandOverAll moves all open cases of an officer who left or is away.
func (s *Service) HandOverAll(ctx context.Context, by model.Actor, fromLogin, toLogin, reason string) (moved int, err error) {
	if err := by.Require(model.ActEnforcementHandOver); err != nil {
		return 0, err
	}
	if reason, err = checkReason(reason); err != nil {
		return 0, err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		moved = 0
		from, err := tx.StaffByLogin(ctx, model.NormalizeLogin(fromLogin))
		if err != nil || !by.Has(model.RoleLeader) && from.UserID != by.UserID {
			return model.InvalidField("from_officer", "officer.unknown", "没有这位执行法官，或您不能移交其案件").WithCause(err)
		}
		to, err := officerByLogin(ctx, tx, by.CourtID, toLogin)
		if err != nil {
			return err
		}
		if to.ID == from.UserID {
			return model.InvalidField("to_officer", "officer.same", "接收人不能是移交人本人")
		}
		ids, err := tx.OpenEnforcementIDs(ctx, by.CourtID, from.UserID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			e, cs, err := tx.LockEnforcement(ctx, by, id)
			if err != nil {
				return err
			}
			if e.OfficerID != from.UserID { // somebody moved it meanwhile
				continue
			}
			if err := s.moveToOfficer(ctx, tx, by, cs, e, to.ID, reason); err != nil {
				return err
			}
			moved++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("hand over enforcement cases: %w", err)
	}
	return moved, nil
}

func officerByLogin(ctx context.Context, tx *storage.DB, courtID int64, login string) (*model.User, error) {
	to, err := tx.StaffInCourt(ctx, courtID, model.NormalizeLogin(login), model.RoleOfficer)
	if err != nil && model.KindOf(err) == model.NotFound {
		return nil, model.InvalidField("to_officer", "officer.unknown", "本院没有这位执行法官")
	}
	return to, err
}

func (s *Service) moveToOfficer(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, to int64, reason string) error {
	before := *e
	e.OfficerID = to
	if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, before.Version); err != nil {
		return err
	}
	if err := tx.MoveTasks(ctx, e.ID, before.OfficerID, to); err != nil {
		return err
	}
	if cs.CaseNo == e.CaseNo { // filed with it: what its judge would do is the officer's
		if err := tx.SetJudge(ctx, cs.ID, cs.Version, to); err != nil {
			return err
		}
	}
	if err := tx.SetEnforced(ctx, cs.ID); err != nil {
		return err
	}
	h := model.Handover{CourtID: cs.CourtID, CaseID: cs.ID, FromJudgeID: before.OfficerID, ToJudgeID: to, Reason: reason, ByUserID: by.UserID}
	if err := tx.CreateHandover(ctx, &h); err != nil {
		return err
	}
	if err := s.Filed(ctx, tx, by, *cs, e); err != nil {
		return err
	}
	if err := tx.TellOfficerChanged(ctx, *cs, *e, h); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActEnforcementHandOver), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditEnforcementHandover, CaseID: cs.ID, Subject: model.ThingEnforcement.Of(e.ID), Before: before, After: e,
	})
}
