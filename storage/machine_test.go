package storage_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// filled is a row with a value in what a table does not leave empty.
func filled(row reflect.Type) reflect.Value {
	v := reflect.New(row)
	for i := range row.NumField() {
		switch f := v.Elem().Field(i); f.Interface().(type) {
		case time.Time:
			f.Set(reflect.ValueOf(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)))
		case model.Date:
			f.Set(reflect.ValueOf(model.NewDate(2026, time.March, 2)))
		case []byte:
			f.Set(reflect.ValueOf([]byte("{}")))
		default:
			if f.Kind() == reflect.Slice { // kept as JSON
				f.Set(reflect.MakeSlice(f.Type(), 0, 0))
			}
		}
	}
	return v
}

// Every state of every machine is written over every other, by each way in
// which storage writes: it stands exactly when the table has the move, or the
// state stays. A state that the machine does not have is written never.
func TestAStateThatCannotFollowIsNotWritten(t *testing.T) {
	t.Parallel()
	for _, m := range model.Machines() {
		t.Run(m.Table, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			db := storagetest.Open(t, nil)
			row := storage.Stored(db, m.Table)
			if row == nil {
				t.Fatal("no such table")
			}
			may := map[[2]string]bool{}
			for _, v := range m.Moves {
				may[[2]string{v.From, v.To}] = true
			}
			err := storage.Loose(ctx, db, func(tx *storage.DB) {
				v := filled(row)
				v.Elem().FieldByName("State").SetString(m.States[0].Code)
				if err := storage.InsertIn(ctx, tx, v.Interface()); err != nil {
					t.Errorf("a row: %v", err)
					return
				}
				id := v.Elem().FieldByName("ID").Int()
				for _, from := range m.States {
					for _, to := range append(slices.Clone(m.States), model.DrawnState{Code: "elsewhere"}) {
						for way := range storage.Ways {
							if err := storage.ExecIn(ctx, tx, "UPDATE "+m.Table+" SET state = ? WHERE id = ?", from.Code, id); err != nil {
								t.Errorf("%s: %v", from.Code, err)
								return
							}
							err := storage.WriteState(ctx, tx, row, id, to.Code, way)
							if want := from.Code == to.Code || may[[2]string{from.Code, to.Code}]; (err == nil) != want {
								t.Errorf("%s → %s (%s): %v", from.Code, to.Code, way, err)
							}
							now, err := storage.TextIn(ctx, tx, "SELECT state FROM "+m.Table+" WHERE id = ?", id)
							if err != nil || now != from.Code && !may[[2]string{from.Code, now}] {
								t.Errorf("%s → %s: now %q, %v", from.Code, to.Code, now, err)
							}
						}
					}
				}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// An UPDATE that names no row is refused, as if states were not looked at; one
// that names its row by the key alone touches that row.
func TestAStateIsNotWrittenToEveryRow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	for _, m := range model.Machines() {
		row := storage.Stored(db, m.Table)
		move := m.Moves[slices.IndexFunc(m.Moves, func(v model.DrawnMove) bool { return v.From != "" })]
		err := storage.Loose(ctx, db, func(tx *storage.DB) {
			var ids []int64
			for range 2 {
				v := filled(row)
				for i := range row.NumField() { // what is unique
					switch f := v.Elem().Field(i); f.Interface().(type) {
					case string:
						f.SetString(fmt.Sprint(len(ids)))
					case int64:
						if row.Field(i).Name != "ID" {
							f.SetInt(int64(len(ids)))
						}
					}
				}
				v.Elem().FieldByName("State").SetString(move.From)
				if err := storage.InsertIn(ctx, tx, v.Interface()); err != nil {
					t.Errorf("%s: a row: %v", m.Table, err)
					return
				}
				ids = append(ids, v.Elem().FieldByName("ID").Int())
			}
			for _, to := range []string{move.From, move.To} {
				for _, done := range storage.WriteStates(ctx, tx, row, to) {
					t.Errorf("%s: an UPDATE of every row was not refused: %s", m.Table, done)
				}
			}
			for way := range storage.Ways {
				if err := storage.ExecIn(ctx, tx, "UPDATE "+m.Table+" SET state = ?", move.From); err != nil {
					t.Error(m.Table, err)
				}
				err := storage.WriteStateByKey(ctx, tx, row, ids[1], move.To, way)
				n, err2 := storage.TextIn(ctx, tx, "SELECT COUNT(*) FROM "+m.Table+" WHERE state = ? AND id = ?", move.To, ids[1])
				all, err3 := storage.TextIn(ctx, tx, "SELECT COUNT(*) FROM "+m.Table+" WHERE state = ?", move.To)
				if err := errors.Join(err, err2, err3); err != nil || n != "1" || all != "1" {
					t.Errorf("%s, %s by the key: %s of %s, %v", m.Table, way, n, all, err)
				}
			}
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// What has a state that changes has a machine: a new table with a column state
// needs one, or a reason here.
func TestEveryStateHasAMachine(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, nil)
	other := map[string]string{
		"installation_marks": "the program's own marks, see installation",
		"call_back_entries":  "an entry says which state it brought",
		"relative_entries":   "an entry says which state it brought",
		"account_entries":    "an entry says which state it brought",
		"petition_entries":   "an entry says which state it brought",
	}
	for _, table := range storage.TablesWith(db, "state") {
		has := slices.ContainsFunc(model.Machines(), func(m model.Drawn) bool { return m.Table == table })
		if why := other[table]; has == (why != "") {
			t.Errorf("%s: has a machine %v, exempt %q", table, has, why)
		}
	}
}
