package storage

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"
)

// lockWait is how long one try for the lock waits, in seconds. Between two
// tries the caller's context is looked at and the log says what is waited for.
const lockWait = 5

// errLockLost says that a migration was stopped because others may have begun
// one beside it.
var errLockLost = errors.New("the lock that keeps other migrations away was lost, and this one was stopped in the middle: see whether the database and the way to it are well, then run it again")

// lockSchema keeps other runners of migrations away until unlock is called or
// the process ends, however it ends. It waits as long as ctx lasts. held is ctx
// for what is done under the lock: it ends when the lock is lost, which unlock
// then says.
func (db *DB) lockSchema(ctx context.Context) (held context.Context, unlock func() error, err error) {
	if db.dialect == MySQL {
		return db.lockMySQL(ctx)
	}
	unlock, err = lockSQLite(ctx, db.path+"-migrating")
	return ctx, unlock, err
}

// lockMySQL takes a named lock on a connection of its own: the server frees it
// when that connection ends. The lock keeps runners apart that reach the same
// server; on a cluster migrate against one node. A file may take hours, and
// servers and proxies end connections on which nothing is said: so the server
// is asked again and again whether the lock is still held. The answers also
// prove that the server lives, of which the connection that works is silent.
func (db *DB) lockMySQL(ctx context.Context) (held context.Context, unlock func() error, err error) {
	pool := sql.OpenDB(db.migrations)
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	shut := func() error { return errors.Join(c.Close(), pool.Close()) }
	// ask bounds what the server may take over a question.
	ask := func(ctx context.Context, extra time.Duration, query string, args ...any) (got sql.NullString, err error) {
		short, cancel := context.WithTimeout(ctx, db.answer+extra)
		defer cancel()
		err = c.QueryRowContext(short, query, args...).Scan(&got)
		return got, err
	}
	database, err := ask(ctx, 0, "SELECT DATABASE()")
	if err != nil {
		return nil, nil, errors.Join(err, shut())
	}
	name := lockName(database.String, "migrate")
	for {
		got, err := ask(ctx, lockWait*time.Second, "SELECT GET_LOCK(?, ?)", name, lockWait)
		if err != nil {
			return nil, nil, errors.Join(err, shut())
		}
		if got.String == "1" {
			break
		}
		waiting(ctx)
	}
	held, stop := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		tick := time.NewTicker(db.answer)
		defer tick.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
			}
			// The question outlives held: given up, it would cost the connection, and
			// with it the lock that unlock is about to give back.
			ours, err := ask(context.WithoutCancel(ctx), 0, "SELECT IS_USED_LOCK(?) = CONNECTION_ID()", name)
			if held.Err() == nil && (err != nil || ours.String != "1") {
				stop(errors.Join(errLockLost, err))
			}
		}
	}()
	return held, func() error {
		stop(nil)
		<-watched
		if err := context.Cause(held); errors.Is(err, errLockLost) {
			return errors.Join(err, shut())
		}
		_, err := ask(context.WithoutCancel(ctx), 0, "SELECT RELEASE_LOCK(?)", name)
		return errors.Join(err, shut())
	}, nil
}

// lockSQLite holds the write lock of an empty database file beside the real
// one. The operating system frees it when the process ends. The real file's
// own lock cannot serve: every migration is a transaction of its own. The
// empty file stays, because deleting it would let two runners lock two files
// of the same name.
func lockSQLite(ctx context.Context, path string) (func() error, error) {
	connector, err := sqliteConnector(path, "exclusive", "busy_timeout(100)")
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1)
	for began := time.Now(); ; {
		tx, err := pool.BeginTx(ctx, nil)
		if err == nil {
			return func() error {
				err := tx.Rollback()
				if errors.Is(err, sql.ErrTxDone) { // ctx has ended, and with it the lock
					err = nil
				}
				return errors.Join(err, pool.Close())
			}, nil
		}
		if !isBusy(err) || ctx.Err() != nil {
			return nil, errors.Join(err, pool.Close())
		}
		if time.Since(began) > lockWait*time.Second {
			waiting(ctx)
			began = time.Now()
		}
	}
}

func waiting(ctx context.Context) {
	slog.InfoContext(ctx, "another program is migrating the database; waiting for it")
}
