package performance

import (
	"context"
	"fmt"
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
	if s.cfg.MaySweep != nil {
		if err := s.cfg.MaySweep(ctx); err != nil {
			return rep, fmt.Errorf("sweep: %w", err)
		}
	}
	now := s.db.Now()
	if err := s.sweepLoose(ctx, now, &rep); err != nil {
		return rep, fmt.Errorf("sweep: %w", err)
	}
	for _, folder := range []string{"originals", "views", "thumbs", "quarantine", "certificates", "documents"} {
		for day := range sweepDays {
			prefix := folder + "/" + now.AddDate(0, 0, -day).Format("2006/01/02") + "/"
			if err := s.sweepOrphans(ctx, prefix, now.Add(-orphanAge), &rep); err != nil {
				return rep, fmt.Errorf("sweep: %w", err)
			}
		}
	}
	if err := s.endStrays(ctx, now, &rep); err != nil {
		return rep, fmt.Errorf("sweep: %w", err)
	}
	return rep, nil
}

// sweepLoose expires files that never became part of anything. Those that a
// restored backup brought back may have become part of something afterwards:
// their bytes are kept.
func (s *Service) sweepLoose(ctx context.Context, now time.Time, rep *SweepReport) error {
	last, err := s.db.LastRecovery(ctx)
	if err != nil {
		return err
	}
	for {
		files, err := s.db.FilesToExpire(ctx, now.Add(-looseAge), 100)
		if err != nil {
			return err
		}
		for _, f := range files {
			keep := last != nil && !f.CreatedAt.After(last.FoundAt)
			// The row first: a receipt that takes the file at this moment wins.
			err := s.db.Transact(ctx, func(tx *storage.DB) error {
				if err := tx.ExpireFile(ctx, f.ID); err != nil || !keep {
					return err
				}
				_, err := tx.AddStrays(ctx, []model.StrayObject{{Key: f.OriginalKey, Size: f.Size, ModifiedAt: f.CreatedAt, Cause: model.StrayLoose}})
				return err
			})
			if err != nil {
				if model.KindOf(err) == model.Conflict {
					continue
				}
				return err
			}
			if keep {
				rep.Strays++
				continue
			}
			for _, k := range []string{f.OriginalKey, f.ViewKey, f.ThumbKey, f.TilesKey} {
				if k == "" {
					continue
				}
				if err := s.cfg.Objects.Remove(ctx, k); err != nil {
					return err
				}
			}
			rep.Expired++
		}
		if len(files) < 100 {
			return nil
		}
	}
}

// made tells whether an object can be made again from what is kept.
func made(key string) bool {
	return strings.HasPrefix(key, "views/") || strings.HasPrefix(key, "thumbs/")
}

func (s *Service) sweepOrphans(ctx context.Context, prefix string, before time.Time, rep *SweepReport) error {
	var page []object.Info
	for o, err := range s.cfg.Objects.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if o.ModTime.After(before) {
			continue // its row may be on its way
		}
		if page = append(page, o); len(page) == 500 {
			if err := s.settleOrphans(ctx, page, rep); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if len(page) == 0 {
		return nil
	}
	return s.settleOrphans(ctx, page, rep)
}

// settleOrphans removes, of a page of objects, the copies that no row names and
// what an expired file left; the rest without a row is listed.
func (s *Service) settleOrphans(ctx context.Context, page []object.Info, rep *SweepReport) error {
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
	for _, o := range page {
		switch {
		case known[o.Key] || listed[o.Key]:
		case made(o.Key):
			if err := s.cfg.Objects.Remove(ctx, o.Key); err != nil {
				return err
			}
			rep.Orphans++
		case expired[o.Key]: // the sweep that expired the file did not come so far
			if err := s.cfg.Objects.Remove(ctx, o.Key); err != nil {
				return err
			}
			rep.Expired++
		default:
			strays = append(strays, model.StrayObject{Key: o.Key, Size: o.Size, ModifiedAt: o.ModTime.UTC(), Cause: model.StrayNoRow})
		}
	}
	if len(strays) == 0 {
		return nil
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		n, err := tx.AddStrays(ctx, strays)
		rep.Strays += n
		return err
	})
}

// endStrays ends the listing of objects that a row names by now, and removes
// those whose term ended.
func (s *Service) endStrays(ctx context.Context, now time.Time, rep *SweepReport) error {
	for after := ""; ; {
		list, err := s.db.Strays(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return err
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
		for _, k := range over {
			if err := s.cfg.Objects.Remove(ctx, k); err != nil {
				return err
			}
		}
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
			return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{Action: "object.expired", Subject: "object", After: over})
		})
		if err != nil {
			return err
		}
	}
}
