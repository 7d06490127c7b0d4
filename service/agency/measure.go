package agency

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Begun opens, in the transaction in which a measure against a person takes
// effect, a task for each duty that it asks of agencies. It is safe to repeat.
func (s *Service) Begun(ctx context.Context, tx *storage.DB, m model.Measure) error {
	duties, err := tx.MeasureDuties(ctx, m.CourtID)
	if err != nil {
		return err
	}
	known, err := tx.LockMeasureTasks(ctx, m.ID)
	if err != nil || len(known) > 0 {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	var tasks []model.AgencyTask
	for _, d := range duties {
		if d.For(m) {
			tasks = append(tasks, d.MeasureTask(days, m, model.PhaseApply, model.DateOf(tx.Now())))
		}
	}
	return s.open(ctx, tx, m, model.PhaseApply, tasks)
}

// Over follows the end of a measure: what was not reported is asked no more,
// and every agency that was asked to restrict reports that it lifted. One that
// did not report may have restricted all the same, so that it reports too.
func (s *Service) Over(ctx context.Context, tx *storage.DB, m model.Measure) error {
	known, err := tx.LockMeasureTasks(ctx, m.ID)
	if err != nil || len(known) == 0 {
		return err
	}
	ids := make([]int64, len(known))
	for i, t := range known {
		if t.Phase == model.PhaseLift {
			return nil // told before
		}
		ids[i] = t.DutyID
	}
	duties, err := tx.AgencyDutiesByID(ctx, ids)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	var lifts []model.AgencyTask
	for i := range known {
		t := &known[i]
		if t.State == model.AgencyTaskVoid {
			continue
		}
		if d := duties[t.DutyID]; d.LiftDays > 0 {
			lifts = append(lifts, d.MeasureTask(days, m, model.PhaseLift, model.DateOf(tx.Now())))
		}
		if t.Void() {
			if err := tx.UpdateAgencyTask(ctx, t); err != nil {
				return err
			}
		}
	}
	return s.open(ctx, tx, m, model.PhaseLift, lifts)
}

// Moved tells the agencies that restrict a person that the measure ends later.
// Their tasks name the measure's own last day; what is to be lifted is asked
// when it is over.
func (s *Service) Moved(ctx context.Context, tx *storage.DB, m model.Measure) error {
	known, err := tx.LockMeasureTasks(ctx, m.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, t := range known {
		if t.Phase == model.PhaseApply && t.State != model.AgencyTaskVoid && !slices.Contains(ids, t.AgencyID) {
			ids = append(ids, t.AgencyID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	users, err := tx.AgencyUsers(ctx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for _, u := range users[id] {
			if err := tx.AddNotice(ctx, model.DutyMovedNotice(m, id, u)); err != nil {
				return err
			}
		}
	}
	return nil
}

// open adds a measure's tasks and tells the agencies' people, each agency once.
func (s *Service) open(ctx context.Context, tx *storage.DB, m model.Measure, phase model.TaskPhase, tasks []model.AgencyTask) error {
	if len(tasks) == 0 {
		return nil
	}
	if err := tx.AddAgencyTasks(ctx, tasks); err != nil {
		return fmt.Errorf("duties of measure %d: %w", m.ID, err)
	}
	var ids []int64
	count, first := map[int64]int{}, map[int64]model.Date{}
	for _, t := range tasks {
		if count[t.AgencyID]++; count[t.AgencyID] == 1 {
			ids = append(ids, t.AgencyID)
		}
		if d := first[t.AgencyID]; d.IsZero() || t.DueOn.Before(d) {
			first[t.AgencyID] = t.DueOn
		}
	}
	users, err := tx.AgencyUsers(ctx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for _, u := range users[id] {
			if err := tx.AddNotice(ctx, model.DutyOpenedNotice(m, id, phase, count[id], first[id], u)); err != nil {
				return err
			}
		}
	}
	return nil
}
