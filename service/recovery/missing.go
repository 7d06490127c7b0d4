package recovery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Found lists what a backup found of the store's objects: those that are not
// there and those whose bytes are not what was recorded. What a row does not
// name (any more) is passed over; how many were listed as gone is returned.
func (s *Service) Found(ctx context.Context, gone, damaged []string) (named int, err error) {
	is := make(map[string]bool, len(gone)+len(damaged))
	for _, k := range damaged {
		is[k] = true
	}
	for _, k := range gone {
		is[k] = false
	}
	if len(is) == 0 {
		return 0, nil
	}
	err = s.db.NamedObjects(ctx, func(list []storage.NamedObject) error {
		var missing []model.MissingObject
		for _, n := range list {
			bad, ok := is[n.Key]
			if !ok {
				continue
			}
			if !bad {
				named++
			}
			missing = append(missing, model.MissingObject{Key: n.Key, CourtID: n.CourtID, Damaged: bad, NamedBy: n.NamedBy})
		}
		return s.miss(ctx, missing)
	})
	if err != nil {
		return named, fmt.Errorf("missing objects: %w", err)
	}
	return named, nil
}

// LookForMissing looks again for the objects that are listed as missing, and ends
// the listing of those that are whole again or that no row names any more.
func (s *Service) LookForMissing(ctx context.Context) error {
	for after := ""; ; {
		list, err := s.db.Missing(ctx, after, 200)
		if err != nil || len(list) == 0 {
			return err
		}
		keys := make([]string, len(list))
		for i, m := range list {
			keys[i], after = m.Key, m.Key
		}
		known, _, err := s.db.KnownObjects(ctx, keys)
		if err != nil {
			return err
		}
		var over []string
		for _, m := range list {
			whole := !known[m.Key]
			if !whole {
				if whole, err = s.whole(ctx, m); err != nil {
					return err
				}
			}
			if whole {
				over = append(over, m.Key)
			}
		}
		if len(over) == 0 {
			continue
		}
		if err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.EndMissing(ctx, over) }); err != nil {
			return err
		}
	}
}

// whole tells whether the store has an object as it was recorded. One that cannot
// be read while the store can be used is not.
func (s *Service) whole(ctx context.Context, m model.MissingObject) (bool, error) {
	sum, err := s.sumOf(ctx, m.Key)
	switch {
	case errors.Is(err, object.ErrNotExist):
		return false, nil
	case err != nil && ctx.Err() == nil && s.cfg.Objects.Ready(ctx) == nil:
		return false, nil
	case err != nil:
		return false, err
	}
	return m.SHA256 == "" || sum == m.SHA256, nil
}

func (s *Service) sumOf(ctx context.Context, key string) (string, error) {
	o, _, err := s.cfg.Objects.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer func() { _ = o.Close() }() // read only
	h := sha256.New()
	_, err = io.Copy(h, o)
	return hex.EncodeToString(h.Sum(nil)), err
}
