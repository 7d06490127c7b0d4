// Package migrations holds the schema as numbered SQL files, one folder per
// dialect with the same numbers. A released file is never edited. There are no
// down migrations: a court's records are not dropped by a command.
package migrations

import "embed"

// MySQL holds the files for MySQL 8 and MariaDB 10.6 or later.
//
//go:embed mysql/*.sql
var MySQL embed.FS

// SQLite holds the files for SQLite.
//
//go:embed sqlite/*.sql
var SQLite embed.FS
