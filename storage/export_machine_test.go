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

// Ways are the ways in which a state can be written.
var Ways = map[string]func(q *gorm.DB, row reflect.Type, to string) *gorm.DB{
	"map":           func(q *gorm.DB, _ reflect.Type, to string) *gorm.DB { return q.Updates(map[string]any{"state": to}) },
	"map of fields": func(q *gorm.DB, _ reflect.Type, to string) *gorm.DB { return q.Updates(map[string]any{"State": to}) },
	"column":        func(q *gorm.DB, _ reflect.Type, to string) *gorm.DB { return q.UpdateColumn("state", to) },
	"struct": func(q *gorm.DB, row reflect.Type, to string) *gorm.DB {
		return q.Select("state").Updates(in(row, to))
	},
	"struct by field": func(q *gorm.DB, row reflect.Type, to string) *gorm.DB {
		return q.Select("State").Updates(in(row, to))
	},
	"whole struct": func(q *gorm.DB, row reflect.Type, to string) *gorm.DB { return q.Updates(in(row, to)) },
}

// in is a row in a state.
func in(row reflect.Type, state string) any {
	v := reflect.New(row)
	v.Elem().FieldByName("State").SetString(state)
	return v.Interface()
}

// WriteState writes a row's state as storage does.
func WriteState(ctx context.Context, tx *DB, row reflect.Type, id int64, to, way string) error {
	return changed(Ways[way](tx.q(ctx).Model(reflect.New(row).Interface()).Where("id = ?", id), row, to), "row")
}

// WriteStateByKey writes the state of the row with the key in a model.
func WriteStateByKey(ctx context.Context, tx *DB, row reflect.Type, id int64, to, way string) error {
	v := reflect.New(row)
	v.Elem().FieldByName("ID").SetInt(id)
	return changed(Ways[way](tx.q(ctx).Model(v.Interface()), row, to), "row")
}

// WriteStates writes a state to no row in particular, in each way that gorm
// knows, and returns the ways that were not refused.
func WriteStates(ctx context.Context, tx *DB, row reflect.Type, to string) (done []string) {
	for name, way := range Ways {
		for model, v := range map[string]any{"empty row": reflect.New(row).Interface(), "rows": reflect.New(reflect.SliceOf(row)).Interface()} {
			if err := way(tx.q(ctx).Model(v), row, to).Error; !errors.Is(err, gorm.ErrMissingWhereClause) {
				done = append(done, fmt.Sprintf("%s, %s: %v", name, model, err))
			}
		}
	}
	if err := tx.q(ctx).Updates(in(row, to)).Error; !errors.Is(err, gorm.ErrMissingWhereClause) {
		done = append(done, fmt.Sprintf("a row without a key: %v", err))
	}
	return done
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
