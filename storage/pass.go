package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Pass does something to each row that is due, each in a transaction of its own,
// until next lists nothing that was not tried: what fails, or another worker
// holds, is for the next pass and does not hold up the others. next lists up to
// n ids of rows that are due. Pass tells how many it tried.
//
// failed, when given, is told of a row that failed, in a transaction of its own,
// so that it can be put off or set aside.
func (db *DB) Pass(ctx context.Context, what string, batch int, next func(n int) ([]int64, error), do func(tx *DB, id int64) error,
	failed ...func(ctx context.Context, tx *DB, err error) error,
) (int, error) {
	var errs error
	tried := map[int64]bool{}
	for ctx.Err() == nil {
		ids, err := next(batch + len(tried))
		if err != nil {
			return len(tried), errors.Join(errs, err)
		}
		ids = slices.DeleteFunc(ids, func(id int64) bool { return tried[id] })
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			tried[id] = true
			if err := db.Transact(ctx, func(tx *DB) error { return do(tx, id) }); err != nil {
				for _, f := range failed {
					err = errors.Join(err, db.Transact(ctx, func(tx *DB) error { return f(ctx, tx, err) }))
				}
				errs = errors.Join(errs, fmt.Errorf("%s %d: %w", what, id, err))
			}
		}
	}
	return len(tried), errs
}
