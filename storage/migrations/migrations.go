// Package migrations holds the schema as numbered SQL files, one folder per
// dialect with the same numbers, one file for each area of the court's work.
// Every file can run twice, because MySQL commits each statement by itself and
// a run may be killed between two: a table is made with all its keys and
// indexes in one CREATE TABLE IF NOT EXISTS. Until the first release a new
// column goes into its table's file; afterwards a released file is never
// edited. There are no down migrations: a court's records are not dropped by a
// command.
package migrations

import (
	"embed"

	"github.com/pressly/goose/v3"
)

// MySQL holds the files for MySQL 8 and MariaDB 10.6 or later.
//
//go:embed mysql/*.sql
var MySQL embed.FS

// SQLite holds the files for SQLite.
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Latest is the number of the last file: the schema that this program needs.
func Latest() (int64, error) {
	files, err := SQLite.ReadDir("sqlite") // in ascending order; MySQL's have the same numbers
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(files[len(files)-1].Name())
}
