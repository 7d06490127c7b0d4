package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// How often and after which pauses a transaction is run again that the server
// chose as a victim. The pauses grow and differ, so that two that met once do
// not meet for ever; the request's time ends them earlier.
const (
	maxAttempts = 10
	firstPause  = 4 * time.Millisecond
	longPause   = time.Second
)

// lookFor bounds how long a commit whose answer was lost is looked for.
const lookFor = 3 * time.Second

// Transact runs fn in one transaction and commits if it returns nil. fn may be
// run again after a deadlock, so it must touch nothing but tx. Audit events
// are appended to the chain as the last step before the commit, so that the
// chain's head is locked as briefly as possible and always in the same order.
//
// After the first statement that failed, for another reason than a key that is
// taken, the transaction refuses further ones: the server may have undone it
// already, and they would each stand alone.
//
// An error is a failure unless Uncertain says otherwise: then the answer to
// COMMIT was lost and the transaction's link of the audit chain could not be
// found again. What lies outside the database is left alone then.
func (db *DB) Transact(ctx context.Context, fn func(tx *DB) error) error {
	return db.transact(ctx, fn, false)
}

func (db *DB) transact(ctx context.Context, fn func(tx *DB) error, again bool) error {
	if db.writer == nil {
		return errors.New("storage: a transaction inside a transaction")
	}
	proved := false
	for attempt := 1; ; attempt++ {
		began := time.Now()
		tx, err := db.transactOnce(ctx, fn, again || attempt > 1, proved)
		if err != nil && tx.doubt != certain && !proved {
			if tx.doubt == moved {
				began = began.Add(-proofFor)
			}
			if err := db.numbers.dispel(ctx, began); err != nil {
				return err
			}
			proved = true
			continue
		}
		if Uncertain(err) {
			stands := db.stands(ctx, tx.last)
			slog.WarnContext(ctx, "the answer to a COMMIT was lost", "found_again", stands, "error", err.Error())
			if stands {
				err = nil
			}
		}
		if err == nil {
			db.NoteNumbers(tx.given)
		}
		if err == nil || Uncertain(err) {
			for _, h := range tx.hooks {
				h()
			}
			return err
		}
		proved = false // what runs again later may meet another doubt
		if errors.Is(err, errRetired) && db.adoptKey(ctx) {
			continue
		}
		if attempt >= maxAttempts || !isDeadlock(err) || !pause(ctx, attempt) {
			return err
		}
		slog.DebugContext(ctx, "transaction deadlocked, running it again", "attempt", attempt)
	}
}

// Once is Transact for a write that has a key, chosen by the client or natural:
// a repeat gets the first answer. The key that the actor's request came with is
// claimed for what he asks, and is a Conflict if he used it for anything else
// (model.ErrKeyReused); then fn asks for what was done under its key and returns
// that if anything was. Two at once both find nothing; the second then fails
// because of what the first did (the file is used, the application is open, the
// key is taken), or gets no answer to its COMMIT. So fn is run once more after an
// error, and finds what the first left.
func (db *DB) Once(ctx context.Context, by model.Actor, fn func(tx *DB) error) error {
	claimed := func(tx *DB) error {
		if err := tx.claim(ctx, by); err != nil {
			return err
		}
		return fn(tx)
	}
	err := db.Transact(ctx, claimed)
	if err == nil || ctx.Err() != nil || model.KindOf(err) == model.Internal || model.KindOf(err) == model.Unavailable && !Uncertain(err) {
		return err
	}
	if again := db.transact(ctx, claimed, true); again == nil || !Uncertain(err) {
		return again
	}
	return err // whatever the repeat says, the first may stand
}

// pause waits before the next attempt and tells whether there is time for it.
func pause(ctx context.Context, attempt int) bool {
	d := min(firstPause<<attempt, longPause)
	t := time.NewTimer(d/2 + rand.N(d/2)) //nolint:gosec // nothing secret
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// stands looks for the link that a transaction appended to the audit chain
// before the answer to its COMMIT was lost. The chain's head is locked first:
// the transaction holds it until it ends, so that the look does not come too
// early. Finding the link proves that everything stands; not finding it proves
// nothing where several servers write. The caller's time may have gone by
// while the answer did not come: the look has its own.
func (db *DB) stands(ctx context.Context, link *model.AuditEntry) (found bool) {
	if link == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
	defer cancel()
	for attempt := 1; ; attempt++ {
		_, err := db.transactOnce(ctx, func(tx *DB) error {
			var heads []auditHead
			if err := tx.forUpdate(ctx).Where("court_id = ?", link.CourtID).Find(&heads).Error; err != nil {
				return err
			}
			var n int64
			err := tx.q(ctx).Model(&model.AuditEntry{}).
				Where("court_id = ? AND seq = ? AND hash = ?", link.CourtID, link.Seq, link.Hash).Count(&n).Error
			found = n > 0
			return err
		}, false, false)
		if found || err == nil || !pause(ctx, attempt) {
			return found
		}
	}
}

// transactOnce runs fn in a transaction on a connection of its own, which is
// not used again when it is not known how the transaction left it. The
// transaction is returned also with an error. again says that fn ran before.
func (db *DB) transactOnce(ctx context.Context, fn func(tx *DB) error, again, proved bool) (tx *DB, err error) {
	now := db.Now()
	tx = &DB{dialect: db.dialect, keys: db.keys, clock: db.clock, injected: db.injected, courts: db.courts, days: db.days, numbers: db.numbers, proved: proved, now: now}
	conn, begun, err := db.begin(ctx)
	if err != nil {
		return tx, translate(err, "transaction")
	}
	once := &firstError{Tx: begun, translate: db.writer.Dialector}
	spoilt := true // also when fn panics
	defer func() {
		if spoilt {
			if rerr := begun.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) {
				_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it, which rolls back
			}
		}
		_ = conn.Close() // gives it back
	}()
	g := db.writer.Session(&gorm.Session{NewDB: true, Context: ctx, NowFunc: func() time.Time { return now }})
	g.Statement.ConnPool = once
	if tx.gorm = g; again {
		tx.gorm = g.Set(runAgain, true).Session(&gorm.Session{})
	}
	err = fn(tx)
	if err == nil {
		err = tx.proveSeals(ctx)
	}
	if err == nil {
		err = tx.appendTallies(ctx)
	}
	if err == nil {
		err = tx.appendAudits(ctx)
	}
	if err = once.cause(err); err != nil {
		return tx, translate(err, "transaction")
	}
	spoilt = false
	if err = commitError(begun.Commit()); err != nil {
		// The server may still hold the transaction open, and the connection's next
		// user would commit it by beginning his own.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return tx, translate(err, "transaction")
}

// runAgain is gorm's setting in a transaction whose fn ran before.
const runAgain = "storage:run_again"

// newIDs lets the database give new numbers to rows that a run before had
// numbered and that were undone with it: another row may have the number by
// now.
func newIDs(g *gorm.DB) {
	if _, ok := g.Get(runAgain); !ok || g.Statement.Schema == nil || g.Error != nil {
		return
	}
	id := g.Statement.Schema.PrioritizedPrimaryField
	if id == nil || !id.AutoIncrement {
		return
	}
	ctx, v := g.Statement.Context, g.Statement.ReflectValue
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			_ = g.AddError(id.Set(ctx, reflect.Indirect(v.Index(i)), 0))
		}
	case reflect.Struct:
		_ = g.AddError(id.Set(ctx, v, 0))
	default: // no row of ours
	}
}

// begin takes a connection and begins on it. One that the server has closed
// meanwhile is thrown away.
func (db *DB) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	pool, err := db.writer.DB()
	if err != nil {
		return nil, nil, err
	}
	for attempt := 1; ; attempt++ {
		conn, err := pool.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, nil)
		if err == nil {
			return conn, tx, nil
		}
		_ = conn.Close() // the error of the beginning says more
		if attempt == 3 || !errors.Is(err, driver.ErrBadConn) {
			return nil, nil, err
		}
	}
}

// firstError is a transaction that refuses further statements after the first
// one that failed.
type firstError struct {
	*sql.Tx
	translate gorm.Dialector
	err       error
}

// note keeps the first error. A key that is taken is none: the statement undid
// only itself, in every database, and createOnce asks about it.
func (t *firstError) note(err error) {
	if err == nil || t.err != nil {
		return
	}
	if tr, ok := t.translate.(gorm.ErrorTranslator); ok && errors.Is(tr.Translate(err), gorm.ErrDuplicatedKey) {
		return
	}
	t.err = err
}

// cause is what a transaction ended with: err, unless the database had failed
// it before and err says something else about it, or nothing.
func (t *firstError) cause(err error) error {
	if t.err != nil && (err == nil || isDeadlock(t.err) || isDown(t.err)) {
		return t.err
	}
	return err
}

// ExecContext implements gorm.ConnPool.
func (t *firstError) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if t.err != nil {
		return nil, t.err
	}
	r, err := t.Tx.ExecContext(ctx, query, args...)
	t.note(err)
	return r, err
}

// QueryContext implements gorm.ConnPool.
func (t *firstError) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.err != nil {
		return nil, t.err
	}
	r, err := t.Tx.QueryContext(ctx, query, args...) // gorm reads and closes it
	t.note(err)
	return r, err
}

// PrepareContext implements gorm.ConnPool.
func (t *firstError) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if t.err != nil {
		return nil, t.err
	}
	return t.Tx.PrepareContext(ctx, query)
}

// OnCommit registers fn to run after the transaction has been committed, e.g.
// to wake a worker or to forget what a cache holds. It must be quick, must not
// fail, and must be right also when the transaction was not committed: it runs
// as well when that is not known.
func (db *DB) OnCommit(fn func()) { db.hooks = append(db.hooks, fn) }
