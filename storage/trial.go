package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
)

// Trial runs fn on the transaction as it is now and undoes everything that fn wrote,
// what it would have appended to the audit trail as well: what it returns is what
// would have come of it. An act that takes effect later is tried so, by its very
// rules, when it is asked for.
func (db *DB) Trial(ctx context.Context, fn func() error) error { return db.attempt(ctx, fn, false) }

// Attempt runs fn on the transaction, and undoes what fn wrote if it returns an
// error; the transaction goes on, unless the database itself failed it.
func (db *DB) Attempt(ctx context.Context, fn func() error) error { return db.attempt(ctx, fn, true) }

func (db *DB) attempt(ctx context.Context, fn func() error, keep bool) error {
	if db.writer != nil {
		return errors.New("storage: an attempt outside a transaction")
	}
	last, audits, hooks, given, sealed := db.last, len(db.audits), len(db.hooks), len(db.given), len(db.sealedWith)
	tallies := maps.Clone(db.tallies)
	// One may stand within another, and MySQL forgets the outer savepoint of one name.
	db.attempts++
	defer func() { db.attempts-- }()
	savepoint := fmt.Sprint("attempt_", db.attempts)
	if err := db.q(ctx).Exec("SAVEPOINT " + savepoint).Error; err != nil {
		return translate(err, "transaction")
	}
	err := fn()
	if err == nil && keep {
		return translate(db.q(ctx).Exec("RELEASE SAVEPOINT "+savepoint).Error, "transaction")
	}
	db.last, db.audits, db.hooks, db.tallies = last, db.audits[:audits], db.hooks[:hooks], tallies
	db.given, db.sealedWith = db.given[:given], db.sealedWith[:sealed]
	for _, undo := range []string{"ROLLBACK TO SAVEPOINT " + savepoint, "RELEASE SAVEPOINT " + savepoint} {
		if again := db.q(ctx).Exec(undo).Error; again != nil {
			return errors.Join(err, translate(again, "transaction"))
		}
	}
	return err
}
