package storage

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"microcourt/storage/migrations"
)

// ErrEmpty says that there is no database, or nothing in it.
var ErrEmpty = errors.New("the database is empty")

// plain opens the database without gorm, one connection at a time: for copying
// and restoring. SQLite is opened only if it is there.
func plain(cfg Config) (*sql.DB, error) {
	switch cfg.Dialect {
	case SQLite:
		if _, err := os.Stat(cfg.DSN); errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(ErrEmpty, err)
		} else if err != nil {
			return nil, err
		}
		connector, err := sqliteConnector(cfg.DSN, "deferred", "busy_timeout(5000)", "synchronous(FULL)")
		if err != nil {
			return nil, err
		}
		db := sql.OpenDB(connector)
		db.SetMaxOpenConns(1)
		return db, nil
	case MySQL:
		return openDump(cfg)
	}
	return nil, fmt.Errorf("unknown dialect %q", cfg.Dialect)
}

// CopyTo writes a consistent copy of the database, as of one moment, while
// others work with it: for SQLite a database file, for MySQL a file of SQL
// statements. The file must not exist; it is on disk when CopyTo returns. An
// empty database is ErrEmpty.
func CopyTo(ctx context.Context, cfg Config, path string) (err error) {
	db, err := plain(cfg)
	if err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	empty, err := isEmpty(ctx, db, cfg.Dialect)
	if err != nil {
		return fmt.Errorf("copy database: %w", err) // damaged or out of reach, which is not empty
	}
	if empty {
		return fmt.Errorf("copy database: %w", ErrEmpty)
	}
	if cfg.Dialect == SQLite {
		// VACUUM INTO reads one snapshot, with what the write-ahead log holds.
		if _, err := db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
			return fmt.Errorf("copy database: %w", err)
		}
		return syncFile(path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = dump(ctx, db, w)
	if err == nil {
		err = w.Flush()
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func isEmpty(ctx context.Context, db *sql.DB, d Dialect) (bool, error) {
	query := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'"
	if d == MySQL {
		query = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> '" + restoringTable + "'"
	}
	var n int
	err := db.QueryRowContext(ctx, query).Scan(&n)
	return n == 0, err
}

// CopyVersion is the schema's version in a database, 0 when it has none.
func CopyVersion(ctx context.Context, cfg Config) (v int64, err error) {
	db, err := plain(cfg)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var n sql.NullInt64
	err = db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version WHERE is_applied").Scan(&n)
	return n.Int64, err
}

// ProgramVersion is the schema's version that this program knows.
func ProgramVersion(d Dialect) (int64, error) {
	files, dir := fs.FS(migrations.SQLite), "sqlite"
	if d == MySQL {
		files, dir = migrations.MySQL, "mysql"
	}
	list, err := fs.ReadDir(files, dir)
	if err != nil || len(list) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	number, _, _ := strings.Cut(list[len(list)-1].Name(), "_")
	return strconv.ParseInt(number, 10, 64)
}

// CheckCopy refuses a copy of a SQLite database that is damaged inside.
func CheckCopy(ctx context.Context, d Dialect, path string) (err error) {
	if d != SQLite {
		return nil
	}
	db, err := plain(Config{Dialect: SQLite, DSN: path})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var answer string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return fmt.Errorf("the copy is damaged: %s", answer)
	}
	return nil
}

func replaceFile(path, from string) error {
	staged := path + ".restoring"
	if err := copyFile(staged, from); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	// The old log must not be applied to the new file.
	for _, old := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("restore: %w", err)
		}
	}
	if err := os.Rename(staged, path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // read only
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// lines calls each with every line of a file of SQL statements.
func lines(r io.Reader, each func(string) error) error {
	br := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := br.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			if err := each(strings.TrimSuffix(line, ";")); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
