package notice

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Unreached lists the parties to whom something was to be told and nobody was: of the
// court for clerks and leaders, of his own cases for a judge or an officer.
func (s *Service) Unreached(ctx context.Context, by model.Actor, f model.UnreachedFilter) ([]model.UnreachedLine, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	f.Owner = by.Owner()
	if f.CaseID != 0 {
		if _, err := s.db.Case(ctx, by, f.CaseID); err != nil {
			return nil, err
		}
		f.Owner = model.Owner{}
	}
	return s.db.UnreachedLines(ctx, by.CourtID, f)
}

// UnreachedNotices are the notices of a case that reached nobody to this moment.
func (s *Service) UnreachedNotices(ctx context.Context, by model.Actor, caseID int64) (map[int64]bool, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.UnreachedNotices(ctx, by.CourtID, caseID)
}

// CountUnreached counts them, up to storage.CountCeiling.
func (s *Service) CountUnreached(ctx context.Context, by model.Actor, f model.UnreachedFilter) (int64, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return 0, err
	}
	f.Owner = by.Owner()
	return s.db.CountUnreached(ctx, by.CourtID, f)
}

// Tell records what a clerk did about all that reached nobody of one party, up to the
// newest notice that he saw: a call with whom, when and what was said, or paper with
// its tracking number. The task ends; it is no service. A repeat changes nothing.
func (s *Service) Tell(ctx context.Context, by model.Actor, t model.Telling) error {
	if err := by.Require(model.ActPaperDo); err != nil {
		return err
	}
	if err := t.Check(s.db.Now()); err != nil {
		return err
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, t.CaseID)
		if err != nil {
			return err
		}
		rows, err := tx.UnreachedToTell(ctx, cs.CourtID, t)
		if err != nil {
			return err
		}
		var open []int64
		for _, u := range rows {
			if u.Method == "" {
				open = append(open, u.NoticeID)
			}
		}
		if len(open) == 0 {
			if slices.ContainsFunc(rows, func(u model.Unreached) bool { return t.Is(u, by.UserID) }) {
				return nil
			}
			return model.E(model.Conflict, "told.done", "这些通知已经告知，或者已有其他办法送到，请刷新后查看")
		}
		var u model.Unreached
		t.Tell(&u, by.UserID, tx.Now())
		if err := tx.SetTold(ctx, open, u); err != nil {
			return err
		}
		if t.Method == model.TellByPhone {
			_, err = tx.CreateContact(ctx, &model.Contact{
				CourtID: cs.CourtID, CaseID: cs.ID, PartyID: t.PartyID, Channel: model.ContactPhone, HappenedAt: t.At, ByUserID: by.UserID,
				Note: "与" + t.SpokeWith + "通话：" + t.Note, IdemKey: fmt.Sprintf("told:%d:%d", t.PartyID, t.UpTo),
			})
		} else {
			err = tx.FinishPapersOf(ctx, open, u, tx.Now())
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPaperDo), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditTold, CaseID: cs.ID, Subject: model.ThingParty.Of(t.PartyID), After: t,
		})
	})
	if err != nil {
		return fmt.Errorf("tell party %d: %w", t.PartyID, err)
	}
	return nil
}
