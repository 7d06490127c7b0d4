package storage

import (
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"microcourt/model"
)

// machines are the tables of model's machines, by the database's table.
var machines = func() map[string]model.Drawn {
	out := map[string]model.Drawn{}
	for _, m := range model.Machines() {
		out[m.Table] = m
	}
	return out
}()

// keepStates lets an UPDATE that writes a state touch only rows from whose state
// it may follow: a use case that forgets to ask, and two acts at once, change
// nothing then. Whoever updates one row learns it from changed.
func keepStates(g *gorm.DB) {
	if g.Error != nil || g.Statement.Schema == nil {
		return
	}
	m, ok := machines[g.Statement.Table]
	if !ok {
		return
	}
	to, writes := writtenState(g.Statement)
	if !writes {
		return
	}
	from := m.Into(to)
	if from == nil {
		_ = g.AddError(fmt.Errorf("storage: %s has no state %q", m.Table, to))
		return
	}
	if !bounded(g.Statement) {
		_ = g.AddError(gorm.ErrMissingWhereClause)
		return
	}
	// Within COALESCE no index is chosen by it, so that no more rows are locked than
	// without it.
	g.Statement.AddClause(clause.Where{Exprs: []clause.Expression{gorm.Expr("COALESCE(state, '') IN ?", from)}})
}

// bounded tells whether an UPDATE names its rows: by conditions, or by the key
// of the one row that it is given, which gorm adds later. With keepStates' own
// condition gorm would take one that touches every row for bounded.
func bounded(s *gorm.Statement) bool {
	if _, where := s.Clauses["WHERE"]; where {
		return true
	}
	return s.ReflectValue.Kind() == reflect.Struct && slices.ContainsFunc(s.Schema.PrimaryFields, func(f *schema.Field) bool {
		_, zero := f.ValueOf(s.Context, s.ReflectValue)
		return !zero
	})
}

// writtenState is the state that an UPDATE writes, and whether it writes one.
func writtenState(s *gorm.Statement) (string, bool) {
	column := s.Schema.LookUpField("state")
	if column == nil {
		return "", false
	}
	if set, ok := s.Dest.(map[string]any); ok {
		for name, to := range set { // of the column, or of the field
			if s.Schema.LookUpField(name) == column {
				return fmt.Sprint(to), true
			}
		}
		return "", false
	}
	v := reflect.Indirect(reflect.ValueOf(s.Dest))
	if v.Kind() != reflect.Struct {
		return "", false
	}
	to, zero := column.ValueOf(s.Context, v)
	selected, only := s.SelectAndOmitColumns(false, true)
	writes, named := selected[column.DBName]
	return fmt.Sprint(to), writes || !named && !only && !zero // as gorm does
}
