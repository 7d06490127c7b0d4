package performance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// SweepReport is what a sweep did.
type SweepReport struct {
	Orphans int   // viewing copies without a row, removed: they can be made again
	Expired int   // files that were never submitted, removed
	Strays  int64 // objects without a row that may be evidence, newly listed and kept
	Ended   int   // listed objects whose term ended, removed
}

// How long things may lie around.
const (
	orphanAge = 24 * time.Hour // an object whose row never came
	looseAge  = 72 * time.Hour // a file that never became part of a receipt
	sweepDays = 7              // days of keys that one sweep looks at
)

// Sweep removes what can be made again and files that nobody submitted. What
// may be evidence or a signed paper is never removed because no row names it:
// the row may have been lost with the database. It is listed instead and kept
// for the installation's term. While the database is known to be older than
// what belongs to it, Sweep refuses with a Conflict. A file's row stays, so
// that its upload key is never used twice.
func (s *Service) Sweep(ctx context.Context) (SweepReport, error) {
	var rep SweepReport
	if err := s.maySweep(ctx); err != nil {
		return rep, fmt.Errorf("sweep: %w", err)
	}
	now := s.db.Now()
	// What cannot be swept waits for the next time and holds up nothing else.
	errs := s.sweepLoose(ctx, now, &rep)
	if errors.Is(errs, errMayNot) {
		return rep, fmt.Errorf("sweep: %w", errs)
	}
	for _, folder := range []string{"originals", "views", "thumbs", "quarantine", "certificates", "documents"} {
		for day := range sweepDays {
			prefix := folder + "/" + now.AddDate(0, 0, -day).Format("2006/01/02") + "/"
			errs = errors.Join(errs, s.sweepOrphans(ctx, prefix, now.Add(-orphanAge), &rep))
			if ctx.Err() != nil || errors.Is(errs, errMayNot) || model.KindOf(errs) == model.Unavailable || errs != nil && s.cfg.Objects.Ready(ctx) != nil {
				return rep, fmt.Errorf("sweep: %w", errs)
			}
		}
	}
	if errs = errors.Join(errs, s.endStrays(ctx, now, &rep)); errs != nil {
		return rep, fmt.Errorf("sweep: %w", errs)
	}
	return rep, nil
}

// SweepPass is Sweep as a job: what it did is logged.
func (s *Service) SweepPass(ctx context.Context) error {
	rep, err := s.Sweep(ctx)
	if err == nil && rep != (SweepReport{}) {
		s.cfg.Logger.InfoContext(ctx, "sweep", "orphans", rep.Orphans, "expired", rep.Expired, "strays_listed", rep.Strays, "strays_ended", rep.Ended)
	}
	return err
}

// errMayNot is a sweep that must not go on.
var errMayNot = errors.New("nothing may be removed now")

// maySweep asks whether things may still be removed. The database can go back
// while a sweep runs, and a file that was handed in is loose in it then: so it is
// asked for every page, and before the bytes of anything that may be evidence go.
func (s *Service) maySweep(ctx context.Context) error {
	if s.cfg.Recovery == nil {
		return nil
	}
	if err := s.cfg.Recovery.MaySweep(ctx); err != nil {
		return fmt.Errorf("%w: %w", errMayNot, err)
	}
	return nil
}

// sweepLoose expires files that never became part of anything. Those that a
// restored backup brought back may have become part of something afterwards:
// their bytes are kept.
func (s *Service) sweepLoose(ctx context.Context, now time.Time, rep *SweepReport) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		if err := s.maySweep(ctx); err != nil {
			return errors.Join(errs, err)
		}
		last, err := s.db.LastRecovery(ctx)
		if err != nil {
			return errors.Join(errs, err)
		}
		files, err := s.db.FilesToExpire(ctx, now.Add(-looseAge), after, 100)
		if err != nil || len(files) == 0 {
			return errors.Join(errs, err)
		}
		for _, f := range files {
			after = f.ID
			err := s.expire(ctx, f, last != nil && !f.CreatedAt.After(last.FoundAt), rep)
			if err != nil {
				errs = errors.Join(errs, fmt.Errorf("file %d: %w", f.ID, err))
			}
			if errors.Is(err, errMayNot) || model.KindOf(err) == model.Unavailable {
				return errs
			}
		}
	}
	return errs
}

// expire expires a file; with keep its bytes stay.
func (s *Service) expire(ctx context.Context, f model.File, keep bool, rep *SweepReport) error {
	// The row first: a receipt that takes the file at this moment wins.
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.ExpireFile(ctx, f.ID); err != nil || !keep {
			return err
		}
		_, err := tx.AddStrays(ctx, []model.StrayObject{{Key: f.OriginalKey, Size: f.Size, ModifiedAt: f.CreatedAt, Cause: model.StrayLoose}})
		return err
	})
	if model.KindOf(err) == model.Conflict { // it became part of something
		return nil
	}
	if err != nil {
		return err
	}
	if keep {
		rep.Strays++
		return nil
	}
	// Once more after the commit: it may be the older database that took it. The
	// bytes are listed by a sweep after the reconciliation then.
	if err := s.maySweep(ctx); err != nil {
		return err
	}
	rep.Expired++
	return s.remove(ctx, f.OriginalKey, f.ViewKey, f.ThumbKey, f.TilesKey)
}

// remove removes objects; one that cannot be removed does not keep the others.
func (s *Service) remove(ctx context.Context, keys ...string) (errs error) {
	for _, k := range keys {
		if k == "" {
			continue
		}
		if err := s.cfg.Objects.Remove(ctx, k); err != nil {
			errs = errors.Join(errs, fmt.Errorf("%s: %w", k, err))
		}
	}
	return errs
}

// made tells whether an object can be made again from what is kept.
func made(key string) bool {
	return strings.HasPrefix(key, "views/") || strings.HasPrefix(key, "thumbs/")
}

func (s *Service) sweepOrphans(ctx context.Context, prefix string, before time.Time, rep *SweepReport) error {
	var page []object.Info
	var errs error
	for o, err := range s.cfg.Objects.List(ctx, prefix) {
		if err != nil {
			return errors.Join(errs, err)
		}
		if o.ModTime.After(before) {
			continue // its row may be on its way
		}
		if page = append(page, o); len(page) == 500 {
			errs = errors.Join(errs, s.settleOrphans(ctx, page, rep))
			if errors.Is(errs, errMayNot) {
				return errs
			}
			page = page[:0]
		}
	}
	if len(page) == 0 {
		return errs
	}
	return errors.Join(errs, s.settleOrphans(ctx, page, rep))
}

// settleOrphans removes, of a page of objects, the copies that no row names and
// what an expired file left; the rest without a row is listed.
func (s *Service) settleOrphans(ctx context.Context, page []object.Info, rep *SweepReport) error {
	if err := s.maySweep(ctx); err != nil {
		return err
	}
	last, err := s.db.LastRecovery(ctx)
	if err != nil {
		return err
	}
	keys := make([]string, len(page))
	for i, o := range page {
		keys[i] = o.Key
	}
	known, expired, err := s.db.KnownObjects(ctx, keys)
	if err != nil {
		return err
	}
	listed, err := s.db.StrayKeys(ctx, keys)
	if err != nil {
		return err
	}
	var strays []model.StrayObject
	var errs error
	for _, o := range page {
		switch {
		case known[o.Key] || listed[o.Key]:
		case made(o.Key):
			if err := s.remove(ctx, o.Key); err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			rep.Orphans++
		case expired[o.Key] && last != nil && !o.ModTime.After(last.FoundAt): // see sweepLoose
			strays = append(strays, model.StrayObject{Key: o.Key, Size: o.Size, ModifiedAt: o.ModTime.UTC(), Cause: model.StrayLoose})
		case expired[o.Key]: // the sweep that expired the file did not come so far
			if err := s.maySweep(ctx); err != nil {
				return errors.Join(errs, err)
			}
			if err := s.remove(ctx, o.Key); err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			rep.Expired++
		default:
			strays = append(strays, model.StrayObject{Key: o.Key, Size: o.Size, ModifiedAt: o.ModTime.UTC(), Cause: model.StrayNoRow})
		}
	}
	if len(strays) == 0 {
		return errs
	}
	var listedNow int64
	err = s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		listedNow, err = tx.AddStrays(ctx, strays)
		return err
	})
	if err == nil {
		rep.Strays += listedNow
	}
	return errors.Join(errs, err)
}

// endStrays ends the listing of objects that a row names by now, and removes
// those whose term ended.
func (s *Service) endStrays(ctx context.Context, now time.Time, rep *SweepReport) error {
	var errs error
	for after := ""; ; {
		if err := s.maySweep(ctx); err != nil {
			return errors.Join(errs, err)
		}
		list, err := s.db.Strays(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return errors.Join(errs, err)
		}
		keys := make([]string, len(list))
		for i, o := range list {
			keys[i], after = o.Key, o.Key
		}
		known, _, err := s.db.KnownObjects(ctx, keys)
		if err != nil {
			return err
		}
		var found, over []string
		for _, o := range list {
			switch {
			case known[o.Key]:
				found = append(found, o.Key)
			case s.cfg.KeepStrays > 0 && o.FoundAt.AddDate(s.cfg.KeepStrays, 0, 0).Before(now):
				over = append(over, o.Key)
			}
		}
		over = slices.DeleteFunc(over, func(k string) bool {
			if errors.Is(errs, errMayNot) {
				return true
			}
			err := s.maySweep(ctx)
			if err == nil {
				err = s.remove(ctx, k)
			}
			errs = errors.Join(errs, err)
			return err != nil
		})
		rep.Ended += len(over)
		if len(found)+len(over) == 0 {
			continue
		}
		err = s.db.Transact(ctx, func(tx *storage.DB) error {
			if err := tx.EndStrays(ctx, found, model.StrayKnown); err != nil || len(over) == 0 {
				return err
			}
			if err := tx.EndStrays(ctx, over, model.StrayExpired); err != nil {
				return err
			}
			return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{Action: model.AuditObjectExpired, Subject: model.ThingObject.Of(0), After: over})
		})
		if err != nil {
			return err
		}
	}
}
