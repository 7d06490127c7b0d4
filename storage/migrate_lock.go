package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"
)

// lockWait is how long one try for the lock waits, in seconds. Between two
// tries the caller's context is looked at and the log says what is waited for.
const lockWait = 5

// lockSchema keeps other runners of migrations away until unlock is called or
// the process ends, however it ends. It waits as long as ctx lasts.
func (db *DB) lockSchema(ctx context.Context) (unlock func() error, err error) {
	if db.dialect == MySQL {
		return db.lockMySQL(ctx)
	}
	return lockSQLite(ctx, db.path+"-migrating")
}

// lockMySQL takes a named lock on a connection of its own: the server frees it
// when that connection ends. The lock keeps runners apart that reach the same
// server; on a cluster migrate against one node.
func (db *DB) lockMySQL(ctx context.Context) (func() error, error) {
	pool, err := db.writer.DB()
	if err != nil {
		return nil, err
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var database string
	if err := c.QueryRowContext(ctx, "SELECT DATABASE()").Scan(&database); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	// Names of locks belong to the whole server and have at most 64 characters.
	sum := sha256.Sum256([]byte(database))
	name := "microcourt.migrate." + hex.EncodeToString(sum[:16])
	for {
		var got sql.NullBool
		if err := c.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", name, lockWait).Scan(&got); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		if got.Bool {
			return func() error {
				_, err := c.ExecContext(context.WithoutCancel(ctx), "SELECT RELEASE_LOCK(?)", name)
				return errors.Join(err, c.Close())
			}, nil
		}
		waiting(ctx)
	}
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
