package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// applyEnding does what the table of endings says of everything that hangs on a case
// that is closed. It is safe to repeat, which the night does.
func (s *Service) applyEnding(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile) error {
	end := e.Ending()
	why := "以" + end.Chinese() + "结案"
	for _, row := range model.EndingEffects() {
		fate := row.Of(end)
		if fate == model.FateKept || fate == model.FateFollows {
			continue
		}
		if err := s.applyFate(ctx, tx, by, cs, e, row.Thing, fate, why); err != nil {
			return fmt.Errorf("%s: %w", row.Thing, err)
		}
	}
	return s.cleanUpAfterClosing(ctx, tx, by, cs, e)
}

// applyFate does it of one thing. Measures that are lifted or reviewed become steps of
// the clean-up; what follows from the case's own row (the voluntary phase,
// instalments that it made due) is storage's.
func (s *Service) applyFate(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, t model.EndingThing, fate model.Fate, why string) error {
	tasks := func(state model.TaskState, kinds ...model.TaskKind) error {
		return tx.EndTasks(ctx, state, by.UserID, why, model.TaskMatch{EnforcementCaseID: e.ID, Kinds: kinds})
	}
	state := map[model.Fate]model.TaskState{model.FateDone: model.TaskDone, model.FateCancelled: model.TaskCancelled}[fate]
	switch t { //nolint:exhaustive // see above
	case model.EndsProposal:
		return s.withdrawProposals(ctx, tx, by, cs, e, why)
	case model.EndsProlongation:
		return s.lapseAllProlongations(ctx, tx, by, e)
	case model.EndsRelease:
		return supersedeRelease(ctx, tx, by, e.ID, why)
	case model.EndsBreachTask:
		return tasks(state, model.TaskBreach)
	case model.EndsCloseTask:
		return tasks(state, model.TaskCloseCase)
	case model.EndsRoundTask:
		return tasks(state, model.TaskRoundApprove)
	case model.EndsCheckTask:
		return tasks(state, model.TaskCheckFull)
	case model.EndsServiceTask:
		return s.endServiceTask(ctx, tx, by, e, why)
	case model.EndsQuery:
		if s.cfg.Queries != nil {
			return s.cfg.Queries.Ended(ctx, tx, by, *e, why)
		}
	case model.EndsAssistance:
		if s.cfg.Assistance != nil {
			return s.cfg.Assistance.Ended(ctx, tx, by, *e, why)
		}
	}
	return nil
}

// withdrawProposals takes back what nobody decided: it could not be decided any more.
func (s *Service) withdrawProposals(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, why string) error {
	list, err := tx.MeasuresOf(ctx, e.ID, 0)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State != model.MeasureProposed {
			continue
		}
		if err := s.withdrawProposal(ctx, tx, by, cs, e, list[i].ID, why); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) withdrawProposal(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile, id int64, why string) error {
	m, err := tx.LockMeasure(ctx, id)
	if err != nil {
		return err
	}
	return s.withdraw(ctx, tx, by, &lockedMeasure{m: m, e: e, cs: cs, before: *m}, m.Version, why, why)
}

func (s *Service) lapseAllProlongations(ctx context.Context, tx *storage.DB, by model.Actor, e *model.EnforcementFile) error {
	list, err := tx.MeasuresOf(ctx, e.ID, 0)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Kind == model.MeasureListing {
			if err := s.lapseProlongations(ctx, tx, by, &list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// endServiceTask ends the clock of the 执行通知书: it is done only when the record
// shows that every debtor got it.
func (s *Service) endServiceTask(ctx context.Context, tx *storage.DB, by model.Actor, e *model.EnforcementFile, why string) error {
	state, result := model.TaskDone, "已送达"
	for _, p := range e.Parties {
		if p.Role != model.EnforcementDebtor {
			continue
		}
		on, err := tx.ServedOn(ctx, e.CaseID, p.PartyID, casePaperKey(model.DocumentEnforcementNotice, e.ID, p.PartyID))
		if err != nil {
			return err
		}
		if on.IsZero() {
			state, result = model.TaskCancelled, why+"，没有全部送达的记录"
		}
	}
	return tx.EndTasks(ctx, state, by.UserID, result, model.TaskMatch{EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskServiceOfProcess}})
}

// CheckEndings looks in the night for what stands although the table of endings says
// that it does not, whatever closed the case: proposals, queries, requests and clocks
// end, and for measures the steps to lift them are opened and the officer and the
// leaders are told. One case that fails does not hold up the others.
func (s *Service) CheckEndings(ctx context.Context) error {
	var after int64
	_, err := s.db.Pass(ctx, "ending", batch, func(n int) ([]int64, error) {
		ids, err := s.db.EnforcementsLeftStanding(ctx, after, n)
		if len(ids) > 0 {
			after = ids[len(ids)-1]
		}
		return ids, err
	}, func(tx *storage.DB, id int64) error { return s.checkEnding(ctx, tx, id) })
	return err
}

func (s *Service) checkEnding(ctx context.Context, tx *storage.DB, id int64) error {
	seen, err := tx.EnforcementByID(ctx, id)
	if err != nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return err
	}
	e, err := tx.EnforcementFileByID(ctx, id)
	if err != nil || e.State != model.EnforcementClosed {
		return err
	}
	return s.applyEnding(ctx, tx, model.System(), cs, e)
}
