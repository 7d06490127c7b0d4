package storage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// InsertRow, Load, Text and Exec let the tests of this package reach around the
// methods that services have.

func InsertRow(ctx context.Context, db *DB, row any) error {
	return translate(db.writer.WithContext(withKeys(ctx, db.keys)).Create(row).Error, "row")
}

func Load(ctx context.Context, db *DB, row any, id int64) error {
	return translate(db.q(ctx).Take(row, "id = ?", id).Error, "row")
}

func Text(ctx context.Context, db *DB, query string, args ...any) (string, error) {
	var s string
	err := db.q(ctx).Raw(query, args...).Scan(&s).Error
	return s, err
}

func Exec(ctx context.Context, db *DB, stmt string, args ...any) error {
	return db.writer.WithContext(ctx).Exec(stmt, args...).Error
}

// Drift compares every model's fields with the migrated columns.
func Drift(ctx context.Context, db *DB) []string {
	var problems []string
	for _, m := range tables {
		s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		columns, err := db.q(ctx).Migrator().ColumnTypes(m)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", s.Table, err))
			continue
		}
		have := map[string]bool{}
		for _, c := range columns {
			have[c.Name()] = true
			if s.LookUpField(c.Name()) == nil {
				problems = append(problems, fmt.Sprintf("%s.%s: a column without a field", s.Table, c.Name()))
			}
		}
		for _, f := range s.DBNames {
			if !have[f] {
				problems = append(problems, fmt.Sprintf("%s.%s: a field without a column", s.Table, f))
			}
		}
	}
	return problems
}

// ExecIn is Exec inside a transaction.
func ExecIn(ctx context.Context, tx *DB, stmt string, args ...any) error {
	return tx.q(ctx).Exec(stmt, args...).Error
}

// Schema describes every table, column, index and key of the database.
func Schema(ctx context.Context, db *DB) (string, error) {
	query := "SELECT COALESCE(GROUP_CONCAT(line, '\n'), '') FROM (SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_schema ORDER BY 1)"
	if db.dialect == MySQL {
		query = `SELECT COALESCE(GROUP_CONCAT(line ORDER BY line SEPARATOR '\n'), '') FROM (
			SELECT CONCAT_WS(' ', table_name, ordinal_position, column_name, column_type, is_nullable, column_default) AS line
				FROM information_schema.columns WHERE table_schema = DATABASE()
			UNION ALL SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name, non_unique)
				FROM information_schema.statistics WHERE table_schema = DATABASE()
			UNION ALL SELECT CONCAT_WS(' ', table_name, constraint_name, column_name, referenced_table_name)
				FROM information_schema.key_column_usage WHERE table_schema = DATABASE()) AS parts`
	}
	var out string
	err := db.writer.WithContext(ctx).Connection(func(q *gorm.DB) error {
		if db.dialect == MySQL {
			if err := q.Exec("SET SESSION group_concat_max_len = 10000000").Error; err != nil {
				return err
			}
		}
		return q.Raw(query).Scan(&out).Error
	})
	return out, err
}

// LockSchema holds the lock of migrations.
func LockSchema(ctx context.Context, db *DB) (func() error, error) { return db.lockSchema(ctx) }

// Stored is a value of the type that a table's rows have, nil when there is none.
func Stored(db *DB, table string) reflect.Type {
	for _, m := range tables {
		if s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy); err == nil && s.Table == table {
			return reflect.TypeOf(m).Elem()
		}
	}
	return nil
}

// Loose runs fn in a transaction that asks nobody whether the rows that others
// refer to are there, and undoes it.
func Loose(ctx context.Context, db *DB, fn func(tx *DB)) error {
	undo := errors.New("undone")
	off, on := "PRAGMA defer_foreign_keys = ON", "PRAGMA defer_foreign_keys = ON"
	if db.dialect == MySQL {
		off, on = "SET foreign_key_checks = 0", "SET foreign_key_checks = 1"
	}
	err := db.Transact(ctx, func(tx *DB) error {
		if err := ExecIn(ctx, tx, off); err != nil {
			return err
		}
		fn(tx)
		return errors.Join(undo, ExecIn(ctx, tx, on))
	})
	if errors.Is(err, undo) {
		return nil
	}
	return err
}

// InsertIn is InsertRow inside a transaction.
func InsertIn(ctx context.Context, tx *DB, row any) error { return tx.q(ctx).Create(row).Error }

// WriteState writes a row's state as storage does, from a map or from a struct.
func WriteState(ctx context.Context, tx *DB, row reflect.Type, id int64, to string, fromStruct bool) error {
	v := reflect.New(row)
	q := tx.q(ctx).Model(reflect.New(row).Interface()).Where("id = ?", id)
	if !fromStruct {
		return changed(q.Updates(map[string]any{"state": to}), "row")
	}
	v.Elem().FieldByName("State").SetString(to)
	return changed(q.Select("state").Updates(v.Interface()), "row")
}

// TextIn is Text inside a transaction.
func TextIn(ctx context.Context, tx *DB, query string, args ...any) (s string, err error) {
	err = tx.q(ctx).Raw(query, args...).Scan(&s).Error
	return s, err
}

// TablesWith are the tables with a column.
func TablesWith(db *DB, column string) (out []string) {
	for _, m := range tables {
		if s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy); err == nil && s.FieldsByDBName[column] != nil {
			out = append(out, s.Table)
		}
	}
	return out
}
