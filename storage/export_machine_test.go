package storage

import (
	"context"
	"errors"
	"reflect"
	"sync"

	"gorm.io/gorm/schema"
)

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
