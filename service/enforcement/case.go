package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Detail is an enforcement case with what its page shows.
type Detail struct {
	File        model.EnforcementFile
	Case        model.Case
	Officer     string
	Parties     []model.Party // of the case
	Debts       *model.Debts
	Tasks       []model.TaskLine
	Today       model.Date
	OwedFen     model.Fen // enforced principal
	OpenFen     model.Fen // of it still open
	InterestFen model.Fen // doubled part to date
	PerDayFen   model.Fen
	FeeFen      model.Fen // 执行申请费 of what was applied for
	Own         bool      // the actor's own
}

// Party is a party's name, "" for one that the case does not have.
func (d Detail) Party(id int64) string { return d.Debts.Party(id).Name }

// Cases lists enforcement cases: an officer's own unless he asks for the whole
// court's.
func (s *Service) Cases(ctx context.Context, by model.Actor, f model.EnforcementFilter) ([]model.EnforcementLine, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	return s.db.Enforcements(ctx, by.CourtID, f)
}

// Case is one enforcement case with its debts as of today.
func (s *Service) Case(ctx context.Context, by model.Actor, id int64) (*Detail, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, id)
	if err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, e.CaseID)
	if err != nil {
		return nil, err
	}
	d := &Detail{File: *e, Case: *cs, Today: model.DateOf(s.db.Now()), Own: e.OfficerID == by.UserID && by.UserID != 0}
	if d.Debts, err = s.db.Debts(ctx, *cs); err != nil {
		return nil, err
	}
	d.Parties = d.Debts.Parties
	if e.OfficerID != 0 {
		u, err := s.db.User(ctx, e.OfficerID)
		if err != nil {
			return nil, err
		}
		d.Officer = u.Name
	}
	court, err := s.db.Court(ctx, e.CourtID)
	if err != nil {
		return nil, err
	}
	paid, err := s.db.PaidParts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	sum := d.Debts.EnforcedSum(*e, paid, d.Today, court.Settings.InterestFirstDayCounts)
	d.OwedFen, d.OpenFen, d.InterestFen, d.PerDayFen = sum.OwedFen, sum.OpenFen, sum.InterestFen, sum.PerDayFen
	d.FeeFen = model.EnforcementFee(max(e.AmountFen, d.OwedFen))
	d.Tasks, err = s.db.Tasks(ctx, e.CourtID, model.TaskFilter{EnforcementCaseID: id, Limit: 200})
	return d, err
}

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
	err = s.db.Once(ctx, func(tx *storage.DB) error {
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
	return tx.Repeated(ctx, by, model.Subject("enforcement", id), seen, e.Version, "hand over", to, reason)
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
	return tx.Audit(by, by.RoleFor(model.ActEnforcementHandOver), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditEnforcementHandover, CaseID: cs.ID, Subject: model.Subject("enforcement", e.ID), Before: before, After: e,
	})
}

// CloseCase closes an enforcement case. A repeat of the same closing changes
// nothing.
func (s *Service) CloseCase(ctx context.Context, by model.Actor, id, seen int64, t model.CloseType, on model.Date, reason string) (*model.EnforcementFile, error) {
	if err := by.Require(model.ActEnforcementClose); err != nil {
		return nil, err
	}
	var out *model.EnforcementFile
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, id)
		if err != nil {
			return err
		}
		out = e
		if done, err := tx.Repeated(ctx, by, model.Subject("enforcement", id), seen, e.Version, "close", t, on, reason); err != nil || done {
			return err
		}
		if e.Version != seen && e.State == model.EnforcementOpen {
			return model.E(model.Conflict, "enforcement.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		before := *e
		if err := e.Close(t, on, model.DateOf(tx.Now()), reason); err != nil {
			return err
		}
		if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, before.Version); err != nil {
			return err
		}
		if err := tx.SetEnforced(ctx, cs.ID); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "以"+t.Chinese()+"结案", model.TaskMatch{
			EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskServiceOfProcess, model.TaskCloseCase, model.TaskCheckFull},
		}); err != nil {
			return err
		}
		if err := s.cleanUpAfterClosing(ctx, tx, by, cs, e); err != nil {
			return err
		}
		for _, p := range e.Parties {
			if err := tx.AddNotice(ctx, model.EnforcementClosedNotice(*cs, *e, p.PartyID)); err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditEnforcementClose, CaseID: cs.ID, Subject: model.Subject("enforcement", id), Before: before, After: e,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("close enforcement case %d: %w", id, err)
	}
	return out, nil
}
