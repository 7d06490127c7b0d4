package agency

import (
	"context"
	"errors"
	"fmt"

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
		CourtID: by.CourtID, ListID: listID, DutyID: dutyID, FromOn: model.DateOf(tx.Now()), Agencies: map[int64]int{}, ByUserID: by.UserID,
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
		for done := false; !done && ctx.Err() == nil; {
			if done, err = s.backfillPiece(ctx, id); err != nil {
				errs = errors.Join(errs, fmt.Errorf("backfill %d: %w", id, err))
				break
			}
		}
	}
	return errs
}

// backfillPiece opens the tasks of the next measures and remembers how far it
// came, in one transaction. Another worker waits for it at the lock.
func (s *Service) backfillPiece(ctx context.Context, id int64) (done bool, err error) {
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		done = false
		b, err := tx.LockDutyBackfill(ctx, id)
		if err != nil || b.DoneAt != nil {
			done = true
			return err
		}
		duties, err := backfillDuties(ctx, tx, b)
		if err != nil {
			return err
		}
		measures, err := tx.LockMeasuresInForce(ctx, b.CourtID, model.DutyMeasures, b.AfterID, backfillBatch)
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
		if done = len(measures) < backfillBatch; done {
			now := tx.Now()
			b.DoneAt = &now
			if err := tellBackfilled(ctx, tx, b); err != nil {
				return err
			}
		}
		return tx.UpdateDutyBackfill(ctx, b)
	})
	if err == nil && done && s.cfg.Outbox != nil {
		s.cfg.Outbox.Wake()
	}
	return done, err
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
