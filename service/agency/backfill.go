package agency

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// backfillBatch is how many measures are looked at in one transaction: each may
// open a task for every duty.
const backfillBatch = 50

// Backfill says that the measures in force are to get their tasks too; the
// worker opens them.
func backfill(ctx context.Context, tx *storage.DB, by model.Actor, listID, dutyID int64) error {
	return tx.CreateDutyBackfill(ctx, &model.DutyBackfill{
		CourtID: by.CourtID, ListID: listID, DutyID: dutyID, FromOn: model.DateOf(tx.Now()), Agencies: map[int64]int{}, LeftOut: []int64{}, ByUserID: by.UserID,
	})
}

// Backfills are what was opened for measures that were in force, the newest
// first.
func (s *Service) Backfills(ctx context.Context, by model.Actor) ([]model.DutyBackfill, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	return s.db.DutyBackfills(ctx, by.CourtID, 100)
}

// backfills opens tasks for measures in force where that was asked for.
func (s *Service) backfills(ctx context.Context) error {
	ids, err := s.db.OpenDutyBackfills(ctx)
	if err != nil {
		return err
	}
	var errs error
	for _, id := range ids {
		if err := s.backfillAll(ctx, id); err != nil {
			errs = errors.Join(errs, fmt.Errorf("backfill %d: %w", id, err))
		}
	}
	return errs
}

// maxLeftOut is how many measures of a backfill are left out. Where more fail, it
// is not the measures that are wrong.
const maxLeftOut = 100

// backfillAll opens tasks for one measure after the other. One whose tasks cannot
// be opened is left out, so that the others get theirs, and is tried again every
// time; for as long as there is one, the error names it.
func (s *Service) backfillAll(ctx context.Context, id int64) error {
	errs := s.backfillLeftOut(ctx, id)
	n := backfillBatch
	for done := false; !done && ctx.Err() == nil; {
		var after int64
		var err error
		switch after, done, err = s.backfillPiece(ctx, id, n); {
		case err == nil:
		case passing(ctx, err):
			return errors.Join(errs, err)
		case n > 1: // which one is it?
			n = 1
		default:
			left, failed := s.leaveOut(ctx, id, after, err)
			if left != 0 {
				errs = errors.Join(errs, fmt.Errorf("measure %d: %w", left, err))
			}
			if failed != nil {
				return errors.Join(errs, failed)
			}
			n = backfillBatch
		}
	}
	return errs
}

// passing tells whether an error has nothing to do with the measure at hand.
func passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || model.KindOf(err) == model.Unavailable
}

// leaveOut passes over the measure that comes next after the one with the id and
// gives its own, 0 when another worker was there first. Where none comes, the
// failure was not a measure's.
func (s *Service) leaveOut(ctx context.Context, id, after int64, failure error) (left int64, err error) {
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		left = 0
		b, err := tx.LockDutyBackfill(ctx, id)
		if err != nil || b.AfterID != after {
			return err
		}
		left, err = tx.NextMeasureInForce(ctx, b.CourtID, model.DutyMeasures, b.AfterID)
		switch {
		case err != nil:
			return err
		case left == 0:
			return failure
		case len(b.LeftOut) == maxLeftOut:
			return errTooManyLeftOut
		}
		b.AfterID, b.LeftOut = left, append(b.LeftOut, left)
		return tx.UpdateDutyBackfill(ctx, b)
	})
	return left, err
}

var errTooManyLeftOut = fmt.Errorf("more than %d measures cannot be handled", maxLeftOut)

// backfillLeftOut tries the measures again that were left out.
func (s *Service) backfillLeftOut(ctx context.Context, id int64) error {
	b, err := s.db.DutyBackfill(ctx, id)
	if err != nil {
		return err
	}
	var errs error
	for _, m := range b.LeftOut {
		if ctx.Err() != nil {
			break
		}
		if err := s.backfillOne(ctx, id, m); err != nil {
			errs = errors.Join(errs, fmt.Errorf("measure %d: %w", m, err))
		}
	}
	return errs
}

// backfillOne opens the tasks of a measure that was left out, from today on when
// it took so long, and tells the agencies. One that is over meanwhile has none.
func (s *Service) backfillOne(ctx context.Context, id, measure int64) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		b, err := tx.LockDutyBackfill(ctx, id)
		if err != nil || !slices.Contains(b.LeftOut, measure) {
			return err
		}
		if next, err := tx.NextMeasureInForce(ctx, b.CourtID, model.DutyMeasures, measure-1); err != nil {
			return err
		} else if next == measure {
			m, err := tx.LockMeasure(ctx, measure)
			if err != nil {
				return err
			}
			duties, err := backfillDuties(ctx, tx, b)
			if err != nil {
				return err
			}
			from := *b
			if today := model.DateOf(tx.Now()); today.After(from.FromOn) {
				from.FromOn = today
			}
			tasks, err := missing(ctx, tx, &from, duties, []model.Measure{*m})
			if err != nil {
				return err
			}
			if err := s.open(ctx, tx, *m, model.PhaseApply, tasks); err != nil {
				return err
			}
			b.Opened, b.Measures = b.Opened+len(tasks), b.Measures+1
		}
		b.LeftOut = slices.DeleteFunc(b.LeftOut, func(m int64) bool { return m == measure })
		return tx.UpdateDutyBackfill(ctx, b)
	})
}

// backfillPiece opens the tasks of the next measures, at most so many, and
// remembers how far it came, in one transaction. Another worker waits for it at
// the lock. after is the measure behind which it began.
func (s *Service) backfillPiece(ctx context.Context, id int64, most int) (after int64, done bool, err error) {
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		after, done = 0, false
		b, err := tx.LockDutyBackfill(ctx, id)
		if err != nil || b.DoneAt != nil {
			done = true
			return err
		}
		after = b.AfterID
		duties, err := backfillDuties(ctx, tx, b)
		if err != nil {
			return err
		}
		measures, err := tx.LockMeasuresInForce(ctx, b.CourtID, model.DutyMeasures, b.AfterID, most)
		if err != nil {
			return err
		}
		tasks, err := missing(ctx, tx, b, duties, measures)
		if err != nil {
			return err
		}
		if err := tx.AddAgencyTasks(ctx, tasks); err != nil {
			return err
		}
		for _, t := range tasks {
			b.Agencies[t.AgencyID]++
		}
		b.Opened, b.Measures = b.Opened+len(tasks), b.Measures+len(measures)
		if len(measures) > 0 {
			b.AfterID = measures[len(measures)-1].ID
		}
		if done = len(measures) < most; done {
			if len(b.LeftOut) == 0 {
				now := tx.Now()
				b.DoneAt = &now
			}
			if err := tellBackfilled(ctx, tx, b); err != nil {
				return err
			}
		}
		return tx.UpdateDutyBackfill(ctx, b)
	})
	if err == nil && done && s.cfg.Outbox != nil {
		s.cfg.Outbox.Wake()
	}
	return after, done, err
}

// backfillDuties are the duties of a backfill that measures begin and that are
// still owed.
func backfillDuties(ctx context.Context, tx *storage.DB, b *model.DutyBackfill) ([]model.AgencyDuty, error) {
	all, err := tx.MeasureDuties(ctx, b.CourtID)
	if b.DutyID == 0 {
		return all, err
	}
	for _, d := range all {
		if d.ID == b.DutyID {
			return []model.AgencyDuty{d}, err
		}
	}
	return nil, err
}

// missing are the tasks of the duties that the measures do not have yet.
func missing(ctx context.Context, tx *storage.DB, b *model.DutyBackfill, duties []model.AgencyDuty, measures []model.Measure) ([]model.AgencyTask, error) {
	if len(duties) == 0 || len(measures) == 0 {
		return nil, nil
	}
	of, on := make([]int64, len(duties)), make([]int64, len(measures))
	for i, d := range duties {
		of[i] = d.ID
	}
	for i, m := range measures {
		on[i] = m.ID
	}
	known, err := tx.KnownMeasureTasks(ctx, of, on)
	if err != nil {
		return nil, err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	var out []model.AgencyTask
	for _, m := range measures {
		for _, d := range duties {
			if d.For(m) && !known[d.ID][m.ID] {
				out = append(out, d.MeasureTask(days, m, model.PhaseApply, b.FromOn))
			}
		}
	}
	return out, nil
}

// tellBackfilled tells each agency's people once what came of a backfill.
func tellBackfilled(ctx context.Context, tx *storage.DB, b *model.DutyBackfill) error {
	ids := make([]int64, 0, len(b.Agencies))
	for id := range b.Agencies {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	users, err := tx.AgencyUsers(ctx, ids...)
	if err != nil {
		return err
	}
	for id, list := range users {
		for _, u := range list {
			if err := tx.AddNotice(ctx, model.DutiesBackfilledNotice(*b, id, u)); err != nil {
				return err
			}
		}
	}
	return nil
}
