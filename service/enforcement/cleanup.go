package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// followCleanUps follows the ledger for each debtor of an enforcement case: one who
// has performed everything gets his clean-up, one whose performance was taken
// back loses it.
func (s *Service) followCleanUps(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, d *model.Debts) error {
	if !e.Kind.Enforces() {
		return nil
	}
	for _, p := range e.Parties {
		if p.Role != model.EnforcementDebtor {
			continue
		}
		running, err := tx.RunningCleanUp(ctx, e.ID, p.PartyID)
		if err != nil {
			return err
		}
		performed := d.PerformedBy(*e, p.PartyID)
		switch {
		case performed && running == nil:
			err = s.openCleanUp(ctx, tx, by, cs, e, p.PartyID, model.LiftPerformed)
		case !performed && running != nil && running.Cause == model.LiftPerformed:
			err = s.takeBackCleanUp(ctx, tx, by, cs, e, running)
		case !performed:
			err = s.takeBackDoneCleanUp(ctx, tx, by, e, p.PartyID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openCleanUp opens the tasks to lift everything that burdens a debtor, in
// their order and with their clocks. Without anything to lift there is none.
func (s *Service) openCleanUp(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, partyID int64, cause model.LiftGround) error {
	steps, err := s.cleanUpSteps(ctx, tx, e, partyID, cause)
	if err != nil || len(steps) == 0 {
		return err
	}
	interest, err := owedInterest(ctx, tx, cs, e, partyID)
	if err != nil {
		return err
	}
	key := model.CleanUpKey(e.ID, partyID)
	c := &model.CleanUp{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: partyID, Cause: cause, State: model.CleanUpOpen, InterestFen: interest, OpenedAt: tx.Now(), ActiveKey: &key,
	}
	if created, err := tx.CreateCleanUp(ctx, c); err != nil || !created {
		return err
	}
	if err := s.addCleanUpSteps(ctx, tx, e, c, steps); err != nil {
		return err
	}
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, model.CleanUpOpenedNotice(*court, cs, *e, *c, steps)); err != nil {
		return err
	}
	if by.IsSystem() && cause != model.LiftPerformed { // nobody closed the case a moment ago who would know
		if err := s.tellStanding(ctx, tx, cs, e, c, steps); err != nil {
			return err
		}
	}
	return auditCleanUp(tx, by, c, model.AuditCleanUpOpen, nil)
}

// tellStanding tells the officer and the leaders what the night found: measures that
// stand although their case is closed.
func (s *Service) tellStanding(ctx context.Context, tx *storage.DB, cs model.Case, e *model.EnforcementFile, c *model.CleanUp, steps []model.CleanUpStep) error {
	notice := func(user int64) model.Notice {
		return model.CleanUpStaffNotice(cs, *e, *c, user, "已结案的案件仍有措施", fmt.Sprintf("该案已以%s结案，仍有 %d 项措施没有解除，系统已列出解除事项，请承办人按期办理。", e.Ending().Chinese(), len(steps)))
	}
	if e.OfficerID != 0 {
		if err := tx.AddNotice(ctx, notice(e.OfficerID)); err != nil {
			return err
		}
	}
	return s.tellLeaders(ctx, tx, c.CourtID, notice)
}

func auditCleanUp(tx *storage.DB, by model.Actor, c *model.CleanUp, action model.AuditAction, before any) error {
	role := by.RoleFor(model.ActEnforcementRead)
	return tx.Audit(by, role, model.AuditEvent{
		CourtID: c.CourtID, Action: action, CaseID: c.CaseID, Subject: model.ThingCleanUp.Of(c.ID), Before: before, After: c,
	})
}

// cleanUpSteps is what is to be lifted for a debtor now.
func (*Service) cleanUpSteps(ctx context.Context, tx *storage.DB, e *model.EnforcementFile, partyID int64, cause model.LiftGround) ([]model.CleanUpStep, error) {
	measures, err := tx.MeasuresOf(ctx, e.ID, partyID)
	if err != nil || len(measures) == 0 {
		return nil, err
	}
	ids := make([]int64, len(measures))
	for i, m := range measures {
		ids[i] = m.ID
	}
	entries, err := tx.MeasureEntries(ctx, ids...)
	if err != nil {
		return nil, err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	return model.CleanUpSteps(endingOf(e, cause), cause, measures, entries, model.DateOf(tx.Now()), days), nil
}

// endingOf is the line of the table of endings that a clean-up follows: performance
// lifts while the case is open, too.
func endingOf(e *model.EnforcementFile, cause model.LiftGround) model.CaseEnding {
	if cause == model.LiftPerformed {
		return model.EndPerformed
	}
	return e.Ending()
}

// owedInterest is the doubled part of the interest on what a debtor is
// enforced for.
func owedInterest(ctx context.Context, tx *storage.DB, cs model.Case, e *model.EnforcementFile, partyID int64) (model.Fen, error) {
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return 0, err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return 0, err
	}
	paid, err := tx.Payments(ctx, cs.ID)
	return d.ReckonAll(d.EnforcedOf(*e, partyID), paid, court.Settings, model.DateOf(tx.Now())).DoubledFen, err
}

// addCleanUpSteps makes the tasks of a clean-up.
func (s *Service) addCleanUpSteps(ctx context.Context, tx *storage.DB, e *model.EnforcementFile, c *model.CleanUp, steps []model.CleanUpStep) error {
	owner, err := tx.OfficerOf(ctx, c.PartyID)
	if err != nil {
		return err
	}
	if owner == 0 {
		owner = e.OfficerID
	}
	for _, st := range steps {
		t := model.Task{
			CourtID: c.CourtID, CaseID: c.CaseID, EnforcementCaseID: e.ID, PartyID: c.PartyID, OwnerID: owner, Kind: model.TaskLift, Subject: model.ThingMeasure.Of(st.MeasureID),
			Title: st.Title, DueAt: st.DueOn.EndOfDay(), DueReason: st.Reason, GroupKey: c.Group(), Seq: st.Seq,
			DedupeKey: fmt.Sprintf("%s:v%d:measure:%d", c.Group(), c.Version, st.MeasureID),
		}
		if st.PosterID != 0 {
			t.Kind, t.Subject = model.TaskTakeDown, model.ThingPoster.Of(st.PosterID)
			t.DedupeKey = fmt.Sprintf("%s:v%d:poster:%d", c.Group(), c.Version, st.PosterID)
		}
		if _, err := tx.AddTask(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// cleanUpAfterClosing opens the clean-up that the end of the case makes (失信规定 art.
// 10), for each debtor who has none that runs.
func (s *Service) cleanUpAfterClosing(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile) error {
	cause := model.EndingCause(e.Ending())
	if cause == "" {
		return nil
	}
	for _, p := range e.Parties {
		if p.Role != model.EnforcementDebtor {
			continue
		}
		running, err := tx.RunningCleanUp(ctx, e.ID, p.PartyID)
		if err != nil {
			return err
		}
		if running == nil {
			err = s.openCleanUp(ctx, tx, by, *cs, e, p.PartyID, cause)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
