package storage

import (
	"context"
	"database/sql"
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

// SchemaVersion compares the database with this program.
func (db *DB) SchemaVersion(ctx context.Context) (Version, error) {
	p, err := db.provider()
	if err != nil {
		return Version{}, fmt.Errorf("schema version: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("schema version: %w", translate(err, "schema"))
	}
	return Version{Database: have, Program: want}, nil
}

// Migrate brings the schema up to date and returns the numbers it applied.
func (db *DB) Migrate(ctx context.Context) ([]int64, error) {
	p, err := db.provider()
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	results, err := p.Up(ctx)
	var applied []int64
	for _, r := range results {
		applied = append(applied, r.Source.Version)
	}
	if err != nil {
		return applied, fmt.Errorf("migrate: %w", translate(err, "schema"))
	}
	return applied, nil
}
