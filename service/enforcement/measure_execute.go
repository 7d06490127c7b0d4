package enforcement

import (
	"context"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// ExecuteMeasure records that the decision to take a measure, or to lift it, was
// carried out: by whom, when, where, with its proof. A repeat changes nothing.
func (s *Service) ExecuteMeasure(ctx context.Context, by model.Actor, id, seen int64, x model.MeasureExecution) (*model.Measure, error) {
	x.At = x.At.UTC()
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, p.m.Version, "execute", x); err != nil || done {
			return err
		}
		return s.execute(ctx, tx, by, p, seen, x)
	})
}

// openExecutionTasks puts what was decided and not carried out in the court's term on
// the officer's list, once; the leaders are told as of every late task. It is the
// worker's.
func (s *Service) openExecutionTasks(ctx context.Context) error {
	var after int64
	_, err := s.db.Pass(ctx, "execution", batch, func(n int) ([]int64, error) {
		ids, err := s.db.MeasuresUnexecuted(ctx, model.DateOf(s.db.Now()).Start(), after, n)
		if len(ids) > 0 {
			after = ids[len(ids)-1]
		}
		return ids, err
	}, func(tx *storage.DB, id int64) error { return s.openExecutionTask(ctx, tx, id) })
	return err
}

func (s *Service) openExecutionTask(ctx context.Context, tx *storage.DB, id int64) error {
	m, err := tx.LockMeasure(ctx, id)
	if err != nil || !m.AwaitsExecution() {
		return err
	}
	court, err := tx.Court(ctx, m.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := m.ExecuteBy(days, court.Settings)
	if !model.DateOf(tx.Now()).After(due.Last) {
		return nil
	}
	e, err := tx.EnforcementFileByID(ctx, m.EnforcementCaseID)
	if err != nil {
		return err
	}
	return s.addMeasureTask(ctx, tx, &lockedMeasure{m: m, e: e}, model.TaskExecute, model.Task{
		Title: "执行" + m.Kind.Chinese() + "决定并登记：" + cutName(m.SubjectName, 60), DueAt: due.Last.EndOfDay(), DueReason: due.Reason,
	})
}

// execute is ExecuteMeasure on a locked measure. The clocks that waited for it end:
// the step of a clean-up, the release of a detained person, what a leader lifted.
func (s *Service) execute(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, seen int64, x model.MeasureExecution) error {
	if err := p.m.Execute(&x, seen, tx.Now()); err != nil {
		return err
	}
	if err := keepFile(ctx, tx, by, p.m.CaseID, x.FileID); err != nil {
		return err
	}
	if x.Phase == model.PhaseExecute {
		if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskDone, cutResult(executionWords(p.m.Kind, x)), model.TaskExecute); err != nil {
			return err
		}
	} else {
		if err := s.endUndone(ctx, tx, by, p.m, executionWords(p.m.Kind, x)); err != nil {
			return err
		}
	}
	if err := s.addExecution(ctx, tx, by, p.m, x); err != nil {
		return err
	}
	if err := tx.UpdateMeasure(ctx, p.m, p.before.Version); err != nil {
		return err
	}
	return auditMeasure(tx, by, p.m, model.AuditMeasureExecute, p.before)
}

// addExecution adds the line of the history.
func (s *Service) addExecution(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, x model.MeasureExecution) error {
	_, err := tx.AddMeasureEntry(ctx, &model.MeasureEntry{
		CourtID: m.CourtID, CaseID: m.CaseID, MeasureID: m.ID, Kind: x.Entry(), Note: executionWords(m.Kind, x), Place: x.Place, Number: x.Number, FileID: x.FileID, ByUserID: by.UserID, At: x.At,
	})
	return err
}

func executionWords(k model.MeasureKind, x model.MeasureExecution) string {
	return strings.Join(strings.Fields(strings.Join([]string{k.Execution(x.Phase).Done, x.Place, x.Number, x.Note}, " ")), "　")
}

// endUndone ends the clocks that waited until a lifting was carried out.
func (s *Service) endUndone(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, result string) error {
	if err := s.finishMeasureStep(ctx, tx, by, m, model.TaskLift, result, 0); err != nil {
		return err
	}
	return s.endMeasureTasks(ctx, tx, by, m, model.TaskDone, cutResult(result), model.TaskCarryOut, model.TaskRelease)
}

// awaitUndoing leaves the clocks of a lifting open until it is carried out: the step
// of a clean-up, or a task of its own.
func (s *Service) awaitUndoing(ctx context.Context, tx *storage.DB, p *lockedMeasure) error {
	step, err := s.openMeasureTask(ctx, tx, p.m, model.TaskLift)
	if err != nil {
		return err
	}
	if step != nil { // a wish does not overtake the order either
		earlier, err := tx.EarlierTasks(ctx, *step)
		if err == nil && len(earlier) > 0 {
			err = model.E(model.Conflict, "task.order", "请先办结“"+earlier[0].Title+"”")
		}
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := model.CarryOutBy(p.m.Kind, model.DateOf(tx.Now()), days)
	return s.addMeasureTask(ctx, tx, p, model.TaskCarryOut, model.Task{
		Title: "落实解除" + p.m.Kind.Chinese() + "：" + p.m.SubjectName, DueAt: due.Last.EndOfDay(), DueReason: due.Reason,
	})
}
