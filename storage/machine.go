package storage

import (
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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
	if _, bounded := g.Statement.Clauses["WHERE"]; !bounded && g.Statement.ReflectValue.Kind() != reflect.Struct {
		return // gorm refuses an UPDATE of all rows
	}
	// Within COALESCE no index is chosen by it, so that no more rows are locked than
	// without it.
	g.Statement.AddClause(clause.Where{Exprs: []clause.Expression{gorm.Expr("COALESCE(state, '') IN ?", from)}})
}

// writtenState is the state that an UPDATE writes, and whether it writes one.
func writtenState(s *gorm.Statement) (string, bool) {
	if set, ok := s.Dest.(map[string]any); ok {
		to, writes := set["state"]
		return fmt.Sprint(to), writes
	}
	f := s.Schema.LookUpField("state")
	if f == nil || len(s.Selects) > 0 && !slices.Contains(s.Selects, "state") {
		return "", false
	}
	v := reflect.Indirect(reflect.ValueOf(s.Dest))
	if v.Kind() != reflect.Struct {
		return "", false
	}
	to, _ := f.ValueOf(s.Context, v)
	return fmt.Sprint(to), true
}
