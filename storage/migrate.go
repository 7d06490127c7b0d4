package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"microcourt/storage/migrations"
)

// Version is the schema's number in the database and in this program.
type Version struct{ Database, Program int64 }

// Behind tells whether the database must be migrated before this program can
// use it.
func (v Version) Behind() bool { return v.Database < v.Program }

// Ahead tells whether the database was migrated by a newer program.
func (v Version) Ahead() bool { return v.Database > v.Program }

// versionTable is where goose notes which files have been applied.
const versionTable = goose.DefaultTablename

func (db *DB) provider() (*goose.Provider, error) {
	pool, err := db.writer.DB()
	if err != nil {
		return nil, err
	}
	return newProvider(pool, db.dialect)
}

func newProvider(pool *sql.DB, d Dialect) (*goose.Provider, error) {
	dialect, files, dir := database.DialectSQLite3, fs.FS(migrations.SQLite), "sqlite"
	if d == MySQL {
		dialect, files, dir = database.DialectMySQL, migrations.MySQL, "mysql"
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, pool, sub)
}

// SchemaVersion compares the database with this program. It writes nothing: a
// database without a schema has version 0.
func (db *DB) SchemaVersion(ctx context.Context) (Version, error) {
	p, err := db.provider()
	if err != nil {
		return Version{}, fmt.Errorf("schema version: %w", err)
	}
	v, err := db.version(ctx, p)
	if err != nil {
		return Version{}, fmt.Errorf("schema version: %w", translate(err, "schema"))
	}
	return v, nil
}

func (db *DB) version(ctx context.Context, p *goose.Provider) (Version, error) {
	sources := p.ListSources() // in ascending order
	v := Version{Program: sources[len(sources)-1].Version}
	q := db.writer.WithContext(ctx)
	if err := q.Exec("SELECT 1").Error; err != nil {
		return v, err // HasTable hides errors; a lost database must not look like an empty one
	}
	if !q.Migrator().HasTable(versionTable) {
		return v, nil
	}
	err := q.Raw("SELECT COALESCE(MAX(version_id), 0) FROM " + versionTable).Scan(&v.Database).Error
	return v, err
}

// Migrate brings the schema up to date and returns the numbers it applied. It
// may be killed at any moment and run again, and several may run at once: one
// works, the others wait and find the work done.
//
// Each of before is called once, under the lock, when files are about to be
// applied to a database that has a schema already (not to an empty one), e.g.
// to copy it. Its error ends Migrate before anything is changed.
func (db *DB) Migrate(ctx context.Context, before ...func(ctx context.Context, from Version) error) ([]int64, error) {
	applied, err := db.migrate(ctx, before)
	if err != nil {
		return applied, fmt.Errorf("migrate: %w", translate(err, "schema"))
	}
	return applied, nil
}

func (db *DB) migrate(ctx context.Context, before []func(ctx context.Context, from Version) error) (applied []int64, err error) {
	p, err := db.provider()
	if err != nil {
		return nil, err
	}
	if db.dialect == MySQL {
		pool := sql.OpenDB(db.migrations)
		defer func() { err = errors.Join(err, pool.Close()) }()
		if p, err = newProvider(pool, MySQL); err != nil {
			return nil, err
		}
	}
	// Whoever finds nothing to do needs no lock: a version is noted when its
	// file has been applied whole.
	if v, err := db.version(ctx, p); err != nil || !v.Behind() {
		return nil, err
	}
	ctx, unlock, err := db.lockSchema(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		// A lock that was lost says more than the statement that was stopped for it.
		if e := unlock(); err == nil || errors.Is(e, errLockLost) {
			err = e
		}
	}()
	v, err := db.version(ctx, p)
	if err != nil || !v.Behind() {
		return nil, err
	}
	if v.Database > 0 {
		for _, f := range before {
			if err := f(ctx, v); err != nil {
				return nil, err
			}
		}
	}
	if err := db.repairVersionTable(ctx); err != nil {
		return nil, err
	}
	results, err := p.Up(ctx)
	for _, r := range results {
		applied = append(applied, r.Source.Version)
	}
	return applied, err
}

// repairVersionTable notes version 0 where goose's table has no row. goose
// needs that row and writes it right after the table; MySQL commits the table
// by itself, so that a kill in between would otherwise stop every later run.
func (db *DB) repairVersionTable(ctx context.Context) error {
	q := db.writer.WithContext(ctx)
	if !q.Migrator().HasTable(versionTable) {
		return nil
	}
	var n int64
	if err := q.Table(versionTable).Where("version_id = 0").Count(&n).Error; err != nil || n > 0 {
		return err
	}
	return q.Exec("INSERT INTO " + versionTable + " (version_id, is_applied) VALUES (0, TRUE)").Error
}
