package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	gomysql "github.com/go-sql-driver/mysql"
)

// ErrInUse says that somebody else uses the database.
var ErrInUse = errors.New("the database is in use")

// ErrRestoring says that a restoring of the database has begun and not ended:
// until then nobody may work with it but the restoring itself.
var ErrRestoring = errors.New("a restoring of this database is under way or was interrupted: run `microcourt restore` again, it goes on where it stopped")

// ErrTouched says that a restoring cannot be given up any more: go on with it.
var ErrTouched = errors.New("the restoring has begun to replace the database")

// Restoring is the right to replace a database. From Begin on nobody else works
// with it, and nobody begins to until End, also when this process is killed in
// between: a mark stands in the database, or beside SQLite's file. Everyone who
// connects shows himself first and looks for the mark then; a restoring makes
// the mark first and counts who is there then. So one of the two always sees the
// other.
type Restoring struct {
	cfg     Config
	made    bool // this process made the mark
	touched bool

	file *os.File  // SQLite: the lock, which those who work with the database share
	db   *sql.DB   // MySQL
	conn *sql.Conn // MySQL: holds the lock against another restoring
	stop func()    // MySQL: ends what keeps the connection alive
}

// restoringTable is the mark in a MySQL database; a row in it says that the
// replacing has begun. SQLite's mark is a file, and what stands in it says so.
const restoringTable = "microcourt_restoring"

func restoringFile(path string) string { return path + "-restoring" }
func usingFile(path string) string     { return path + ".lock" }

// BeginRestoring begins a restoring, or goes on with one that was interrupted.
// Those that leave the database within patience are waited for. Errors: ErrInUse;
// then nothing was changed.
func BeginRestoring(ctx context.Context, cfg Config, patience time.Duration) (*Restoring, error) {
	r := &Restoring{cfg: cfg}
	begin := r.beginMySQL
	if cfg.Dialect == SQLite {
		begin = r.beginSQLite
	}
	if err := begin(ctx, patience); err != nil {
		return nil, errors.Join(fmt.Errorf("restore: %w", err), r.Close())
	}
	return r, nil
}

// waitFor asks until the answer is no error or patience is over.
func waitFor(ctx context.Context, patience time.Duration, ask func() error) error {
	for began := time.Now(); ; {
		err := ask()
		if !errors.Is(err, ErrInUse) || time.Since(began) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (r *Restoring) beginSQLite(ctx context.Context, patience time.Duration) error {
	if err := os.MkdirAll(filepath.Dir(r.cfg.DSN), 0o700); err != nil {
		return err
	}
	err := waitFor(ctx, patience, func() (err error) {
		r.file, err = LockFile(usingFile(r.cfg.DSN), os.O_CREATE|os.O_RDWR, LockAlone)
		if errors.Is(err, ErrLocked) {
			err = fmt.Errorf("%w: %w", ErrInUse, err)
		}
		return err
	})
	if err != nil {
		return err
	}
	mark, err := os.OpenFile(restoringFile(r.cfg.DSN), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		i, err := os.Stat(restoringFile(r.cfg.DSN))
		r.touched = err == nil && i.Size() > 0
		return err
	}
	if err != nil {
		return err
	}
	r.made = true
	return errors.Join(mark.Sync(), mark.Close(), syncDir(filepath.Dir(r.cfg.DSN)))
}

func (r *Restoring) beginMySQL(ctx context.Context, patience time.Duration) (err error) {
	// Outside the database until it has the lock: one that waits for it must not be
	// counted by the one that has it.
	c, err := gomysql.ParseDSN(r.cfg.DSN)
	if err != nil {
		return errors.New("the MySQL DSN cannot be read") // the DSN holds a password
	}
	database, outside := c.DBName, r.cfg
	c.DBName = ""
	outside.DSN = c.FormatDSN()
	if r.db, err = openDump(outside); err != nil {
		return err
	}
	if r.conn, err = r.db.Conn(ctx); err != nil {
		return err
	}
	// The lock lasts as long as the connection.
	if _, err := r.conn.ExecContext(ctx, "SET SESSION wait_timeout = 86400"); err != nil {
		return err
	}
	// The connection of one that has just ended may hold it for a moment longer.
	err = waitFor(ctx, patience, func() error {
		var got sql.NullBool
		err := r.conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 0)", lockName(database, "restore")).Scan(&got)
		if err == nil && !got.Bool {
			err = fmt.Errorf("%w by another restoring", ErrInUse)
		}
		return err
	})
	if err != nil {
		return err
	}
	if _, err := r.conn.ExecContext(ctx, "USE "+quoteName(database)); err != nil {
		return err
	}
	// Whoever is there already is seen without a mark, which would drive him out.
	if err := waitFor(ctx, patience, func() error { return r.alone(ctx) }); err != nil {
		return err
	}
	_, err = r.conn.ExecContext(ctx, "CREATE TABLE "+restoringTable+" (id INT PRIMARY KEY)")
	if m, ok := errors.AsType[*gomysql.MySQLError](err); ok && m.Number == 1050 {
		var rows int
		err = r.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+restoringTable).Scan(&rows)
		r.touched = rows > 0
	} else if err == nil {
		r.made = true
	}
	if err != nil {
		return err
	}
	// Whoever connected before the mark is seen now; whoever does later sees it.
	if err := r.alone(ctx); err != nil {
		if r.made {
			err = errors.Join(err, r.removeMark(context.WithoutCancel(ctx)))
		}
		return err
	}
	r.keepAlive(ctx)
	return nil
}

// keepAlive says something on the connection now and then, which has nothing to
// say for long: servers and proxies end those. From here on whole statements are
// executed on it, nothing is read row by row.
func (r *Restoring) keepAlive(ctx context.Context) {
	alive, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	go func(conn *sql.Conn) {
		for {
			select {
			case <-alive.Done():
				return
			case <-time.After(20 * time.Second):
			}
			_ = conn.PingContext(alive) // a lost one is noticed where it is used
		}
	}(r.conn)
}

// alone refuses a MySQL database that others are connected to.
func (r *Restoring) alone(ctx context.Context) error {
	var n int
	err := r.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()").Scan(&n)
	if err == nil && n > 0 {
		err = fmt.Errorf("%w by %d other connections", ErrInUse, n)
	}
	return err
}

// lockName names a lock of a database on its MySQL server: names belong to the
// whole server and have at most 64 characters.
func lockName(database, what string) string {
	sum := sha256.Sum256([]byte(database))
	return "microcourt." + what + "." + hex.EncodeToString(sum[:16])
}

// Anew tells that no restoring had begun before this one.
func (r *Restoring) Anew() bool { return r.made }

// Touched tells that the database is not whole any more what it was before.
func (r *Restoring) Touched() bool { return r.touched }

// Replace puts a copy into the database's place. Whatever was there is gone
// afterwards, so that the caller has a copy of it. It can be killed at any moment
// and run again; SQLite's file is then the old one, none, or the new one whole.
func (r *Restoring) Replace(ctx context.Context, from string) error {
	if err := r.touch(ctx); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if r.cfg.Dialect == SQLite {
		return replaceFile(r.cfg.DSN, from)
	}
	return replaceTables(ctx, r.cfg, from)
}

// touch writes into the mark that the database is being replaced.
func (r *Restoring) touch(ctx context.Context) error {
	r.touched = true
	if r.cfg.Dialect == MySQL {
		_, err := r.conn.ExecContext(ctx, "INSERT IGNORE INTO "+restoringTable+" (id) VALUES (1)")
		return err
	}
	f, err := os.OpenFile(restoringFile(r.cfg.DSN), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString("replacing\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// End lets everybody work with the database again.
func (r *Restoring) End(ctx context.Context) error {
	if err := r.removeMark(ctx); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return r.Close()
}

// Cancel is End for a restoring that has not begun to replace the database.
// Errors: ErrTouched.
func (r *Restoring) Cancel(ctx context.Context) error {
	if r.touched {
		return ErrTouched
	}
	return r.End(ctx)
}

func (r *Restoring) removeMark(ctx context.Context) error {
	if r.cfg.Dialect == MySQL {
		_, err := r.conn.ExecContext(ctx, "DROP TABLE IF EXISTS "+restoringTable)
		return err
	}
	if err := os.Remove(restoringFile(r.cfg.DSN)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(r.cfg.DSN))
}

// Close ends this process's part. The mark stays until End.
func (r *Restoring) Close() (err error) {
	if r.file != nil {
		err = r.file.Close()
		r.file = nil
	}
	if r.stop != nil {
		r.stop()
	}
	if r.conn != nil {
		err = errors.Join(err, r.conn.Close())
		r.conn = nil
	}
	if r.db != nil {
		err = errors.Join(err, r.db.Close())
		r.db = nil
	}
	return err
}

// useFile shows that this process works with SQLite's file, until the returned
// file is closed. Errors: ErrRestoring.
func useFile(path string) (*os.File, error) {
	f, err := LockFile(usingFile(path), os.O_CREATE|os.O_RDWR, LockShared)
	if errors.Is(err, ErrLocked) {
		return nil, fmt.Errorf("%w: %w", ErrRestoring, err)
	}
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(restoringFile(path)); err == nil {
		return nil, errors.Join(ErrRestoring, f.Close())
	}
	return f, nil
}

// halt stops a program for good that meets a restoring: what it keeps in memory
// belongs to the database from before.
type halt struct {
	once sync.Once
	told chan struct{}
}

func (h *halt) now() { h.once.Do(func() { close(h.told) }) }

// Halted is closed when a restoring of the database was met while it was open:
// then no connection is made any more, and the program is to end. (A restoring
// begins only where nobody is connected, which may happen to a program that has
// nothing to do.)
func (db *DB) Halted() <-chan struct{} { return db.halted.told }

// guarded makes connections to a MySQL database unless it is being restored: see
// Restoring.
type guarded struct {
	driver.Connector
	halted    *halt
	numbers   *numbers
	answer    time.Duration
	restoring bool // by this program
}

// Connect implements driver.Connector.
func (g guarded) Connect(ctx context.Context) (driver.Conn, error) {
	select {
	case <-g.halted.told:
		return nil, ErrRestoring
	default:
	}
	c, err := g.Connector.Connect(ctx)
	if err != nil || g.restoring {
		return c, err
	}
	e, ok := c.(mysqlConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is a %T", c), c.Close())
	}
	short, cancel := context.WithTimeout(ctx, g.answer)
	defer cancel()
	_, err = e.ExecContext(short, "SELECT 1 FROM "+restoringTable+" LIMIT 0", nil)
	if m, ok := errors.AsType[*gomysql.MySQLError](err); ok && m.Number == 1146 { // there is no such table
		var s server
		if s, err = serverOf(short, e); err == nil {
			g.numbers.met(s)
			return c, nil
		}
	} else if err == nil {
		g.halted.now()
		return nil, errors.Join(ErrRestoring, c.Close())
	}
	if short.Err() != nil && ctx.Err() == nil {
		err = silence("a new connection", g.answer)
	}
	return nil, errors.Join(err, c.Close())
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
