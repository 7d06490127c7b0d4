package enforcement

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// ReleaseInput is what an officer proposes.
type ReleaseInput struct {
	SettlementID    int64
	Subject         string
	MeasureIDs      []int64
	Reason          string
	CreditorAskedOn model.Date
	IdemKey         string
}

// ProposeRelease proposes to release measures after a settlement; the leader
// gets a task with a clock. A proposal under a newer agreement takes the place
// of one that saw an older.
func (s *Service) ProposeRelease(ctx context.Context, by model.Actor, in ReleaseInput) (*model.ReleaseReview, error) {
	if err := by.Require(model.ActReleasePropose); err != nil {
		return nil, err
	}
	var out *model.ReleaseReview
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		st, e, cs, err := lockOwnSettlement(ctx, tx, by, in.SettlementID)
		if err != nil {
			return err
		}
		if out, err = tx.ReleaseReviewByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		out = &model.ReleaseReview{
			CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: e.ID, MeasureIDs: in.MeasureIDs, Subject: in.Subject, Reason: in.Reason,
			CreditorAskedOn: in.CreditorAskedOn, ProposedBy: by.UserID, IdemKey: in.IdemKey,
		}
		ledger, err := tx.PaidLedger(ctx, cs.ID)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		p := st.Progress(ledger.Arrivals(*e), today)
		st.Follow(p, today)
		if err := out.Propose(*st, p, today); err != nil {
			return err
		}
		if err := model.Past("执行立案", e.FiledOn, today).Check("creditor_asked_on", "release.asked_on", out.CreditorAskedOn); err != nil {
			return err
		}
		measures, err := tx.MeasuresOf(ctx, e.ID, 0)
		if err != nil {
			return err
		}
		if err := out.CheckMeasures(measures, today); err != nil {
			return err
		}
		open, err := tx.OpenReview(ctx, e.ID)
		if err != nil {
			return err
		}
		if open != nil && open.SettlementID == st.ID && open.ShortfallFen >= p.ShortfallFen { // one that saw no breach may be replaced
			return model.E(model.Conflict, "release.open", "该案已有一项解除审查待院领导决定，决定后才能再提出")
		}
		if err := supersedeRelease(ctx, tx, by, e.ID, "已重新提出解除审查"); err != nil {
			return err
		}
		return s.createReleaseReview(ctx, tx, by, cs, e, out)
	})
	if err != nil {
		return nil, fmt.Errorf("propose release: %w", err)
	}
	return out, nil
}

func (s *Service) createReleaseReview(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, r *model.ReleaseReview) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := days.WorkdaysPeriod(model.DateOf(tx.Now()), court.Settings.ReleaseClock(), "提出解除审查")
	r.DueOn = due.Last
	if err := tx.CreateReleaseReview(ctx, r); err != nil {
		return err
	}
	if _, err := tx.AddTask(ctx, model.Task{
		CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: e.ID, Kind: model.TaskReleaseDecide, Subject: model.ThingRelease.Of(r.ID),
		Title: "决定解除审查：" + cutName(r.Subject, 60), DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "（本院设置）", DedupeKey: model.ThingRelease.Key(r.ID),
	}); err != nil {
		return err
	}
	leaders, err := tx.StaffWith(ctx, cs.CourtID, model.RoleLeader)
	if err != nil {
		return err
	}
	for _, l := range leaders {
		if err := tx.AddNotice(ctx, model.ReleaseProposedNotice(*cs, *e, *r, l.UserID)); err != nil {
			return err
		}
	}
	return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReleasePropose, CaseID: cs.ID, Subject: model.ThingRelease.Of(r.ID), After: r,
	})
}

func cutName(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

// supersedeRelease ends the review of an enforcement case that waits for a decision,
// because its ground went.
func supersedeRelease(ctx context.Context, tx *storage.DB, by model.Actor, enforcementID int64, why string) error {
	r, err := tx.OpenReview(ctx, enforcementID)
	if err != nil || r == nil {
		return err
	}
	if err := r.Supersede(why); err != nil {
		return err
	}
	if err := tx.UpdateReleaseReview(ctx, r, r.Version); err != nil {
		return err
	}
	return tx.EndTasks(ctx, model.TaskCancelled, by.UserID, why, model.TaskMatch{CaseID: r.CaseID, Subject: model.ThingRelease.Of(r.ID)})
}

// DecideRelease is the leader's decision; approval lifts the measures in the
// same transaction. A repeat of the same decision changes nothing.
func (s *Service) DecideRelease(ctx context.Context, by model.Actor, id int64, to model.ReleaseState, reason string) (*model.ReleaseReview, error) {
	if err := by.Require(model.ActReleaseDecide); err != nil {
		return nil, err
	}
	var out *model.ReleaseReview
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		r, err := tx.ReleaseReview(ctx, id)
		if err != nil {
			return err
		}
		e, cs, err := tx.LockEnforcement(ctx, by, r.EnforcementCaseID)
		if err != nil {
			return hideAs(err, "release")
		}
		if r, err = tx.ReleaseReview(ctx, id); err != nil { // as it is under the lock
			return err
		}
		out = r
		if r.State == to && r.DecidedBy == by.UserID && r.DecisionReason == strings.TrimSpace(reason) {
			return nil // the answer got lost, the desk asks again
		}
		current, err := currentSettlement(ctx, tx, *e)
		if err != nil {
			return err
		}
		if err := tx.OtherEyes(ctx, model.MatterRelease, by.UserID, r.ProposedBy); err != nil {
			return err
		}
		before := *r
		if err := r.Decide(to, reason, current, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateReleaseReview(ctx, r, before.Version); err != nil {
			return err
		}
		if to == model.ReleaseApproved {
			if err := s.liftReleased(ctx, tx, by, cs, e, r); err != nil {
				return err
			}
		}
		return tellReleaseDecided(ctx, tx, by, cs, e, before, r, current)
	})
	if err != nil {
		return nil, fmt.Errorf("decide release review %d: %w", id, err)
	}
	return out, nil
}

// liftReleased lifts what an approved review names, in the order in which
// performance would lift it and with the same papers and notices. What ended
// meanwhile has reached its aim. The decision stands at once; that police and
// registers were told is the officer's task for each.
func (s *Service) liftReleased(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, r *model.ReleaseReview) error {
	if len(r.MeasureIDs) == 0 {
		return nil
	}
	all, err := tx.MeasuresOf(ctx, e.ID, 0)
	if err != nil {
		return err
	}
	decides, err := signer(ctx, tx, by)
	if err != nil {
		return err
	}
	for _, m := range r.Measures(all) {
		if !m.State.Stands() {
			continue
		}
		locked, err := tx.LockMeasure(ctx, m.ID)
		if err != nil {
			return err
		}
		p := &lockedMeasure{m: locked, e: e, cs: cs, before: *locked}
		l := r.Lifting(*locked)
		if err := askLift(ctx, tx, p, l, decides); err != nil {
			return err
		}
		if err := s.carryOutLift(ctx, tx, by, p, locked.Version, l, false); err != nil {
			return err
		}
	}
	return nil
}

// currentSettlement is the agreement in force as of now, nil when there is none.
func currentSettlement(ctx context.Context, tx *storage.DB, e model.EnforcementFile) (*model.Settlement, error) {
	st, err := tx.LastSettlement(ctx, e.ID)
	if err != nil || st == nil || !st.State.InForce() {
		return nil, err
	}
	ledger, err := tx.PaidLedger(ctx, e.CaseID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	st.Follow(st.Progress(ledger.Arrivals(e), today), today)
	return st, nil
}

func tellReleaseDecided(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, before model.ReleaseReview, r *model.ReleaseReview, st *model.Settlement) error {
	err := tx.EndTasks(ctx, model.TaskDone, by.UserID, r.State.Chinese()+"："+cutName(r.DecisionReason, 200), model.TaskMatch{CaseID: cs.ID, Subject: model.ThingRelease.Of(r.ID)})
	if err != nil {
		return err
	}
	for _, party := range st.PartyIDs {
		if err := tx.AddNotice(ctx, model.ReleaseDecidedNotice(*cs, *e, *r, party)); err != nil {
			return err
		}
	}
	if err := tx.AddNotice(ctx, model.ReleaseAnsweredNotice(*cs, *e, *r)); err != nil {
		return err
	}
	return tx.Audit(by, model.RoleLeader, model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReleaseDecide, CaseID: cs.ID, Subject: model.ThingRelease.Of(r.ID), Before: before, After: r,
	})
}

// ReleaseReviews lists release reviews: an officer's own, the court's for a leader.
func (s *Service) ReleaseReviews(ctx context.Context, by model.Actor, f model.ReviewFilter) ([]model.ReviewLine, error) {
	if err := by.Require(model.ActReleaseRead); err != nil {
		return nil, err
	}
	f.OfficerID = by.TaskOwner()
	return s.db.ReleaseReviews(ctx, by.CourtID, f)
}
