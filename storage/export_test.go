package storage

import (
	"context"
	"fmt"
	"sync"

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
