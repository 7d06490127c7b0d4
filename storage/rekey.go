package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm/schema"

	"microcourt/model"
)

// rekeyPage is how many rows one transaction seals anew.
const rekeyPage = 200

// ErrStillSealed is wrapped by the error of a rekeying after which values are
// still sealed with another key than the active one: the key is needed.
var ErrStillSealed = errors.New("values are still sealed with another key than the active one, which must stay in the file: " +
	"restart the processes whose active key it is, then rekey again")

// sealedColumn is one column of personal data.
type sealedColumn struct {
	table, key string // the table's numeric primary key
	field      *schema.Field
}

// sealedColumns are all columns of personal data, found by the tag of their
// fields in the list of stored types.
func (db *DB) sealedColumns() ([]sealedColumn, error) {
	var out []sealedColumn
	for _, m := range tables {
		s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy)
		if err != nil {
			return nil, fmt.Errorf("sealed columns: %w", err)
		}
		for _, f := range s.Fields {
			if _, sealed := f.Serializer.(sealer); !sealed {
				continue
			}
			if s.PrioritizedPrimaryField == nil {
				return nil, fmt.Errorf("sealed columns: %s has no single primary key", s.Table)
			}
			out = append(out, sealedColumn{s.Table, s.PrioritizedPrimaryField.DBName, f})
		}
	}
	return out, nil
}

// ErrFormerKey is wrapped by the error of a rekeying by a process whose active
// key was replaced: it would seal back, and end the key that replaced it.
var ErrFormerKey = errors.New("the active key of this process was replaced")

// Rekeyed is what a rekeying did.
type Rekeyed struct {
	// Values is how many values it sealed.
	Values int
	// Active is the key with which it sealed them.
	Active string
	// Ended are the keys that it ended: they may leave the file.
	Ended []string
}

// Rekey seals every value anew that is not sealed with the active key, a page
// at a time, while the system runs. It can be stopped and run again. What it
// returns it did also if there is an error.
//
// A whole run ends the other keys, but only after nothing is sealed with them
// and nothing can be any more: what another process with another active key
// sealed meanwhile is counted and named, and the key stays. Then the key is
// retired, which no transaction that sealed with it outlives (proveSeals), and
// everything is counted once more. Errors: ErrStillSealed, ErrFormerKey.
func (db *DB) Rekey(ctx context.Context) (Rekeyed, error) {
	done := Rekeyed{Active: db.keys.Active()}
	columns, err := db.sealedColumns()
	if err != nil {
		return done, fmt.Errorf("rekey: %w", err)
	}
	marks, err := db.Marks(ctx, model.MarkSealKey)
	if err == nil {
		err = newestKey(marks, done.Active)
	}
	if err != nil {
		return done, fmt.Errorf("rekey: %w", err)
	}
	for _, c := range columns {
		n, err := db.rekeyColumn(ctx, c)
		done.Values += n
		if err != nil {
			return done, fmt.Errorf("rekey %s.%s: %w", c.table, c.field.DBName, err)
		}
	}
	for _, step := range []struct{ from, to model.MarkState }{
		{model.MarkCurrent, model.MarkRetired},
		{model.MarkRetired, model.MarkEnded},
	} {
		if err := db.stillSealed(ctx, columns); err != nil {
			return done, fmt.Errorf("rekey: %w", err)
		}
		moved, err := db.moveOtherKeys(ctx, step.from, step.to)
		if err != nil {
			return done, fmt.Errorf("rekey: %w", err)
		}
		if step.to == model.MarkEnded {
			done.Ended = moved
		}
	}
	done.Active = db.keys.Active() // another one if it was replaced meanwhile (adoptKey)
	return done, nil
}

// newestKey refuses to go on with a key that is not in use, or is not the newest
// that is: the database seals with that one, by the order of adoptKey.
func newestKey(marks []model.InstallationMark, active string) error {
	for _, m := range slices.Backward(marks) {
		switch {
		case m.State != model.MarkCurrent:
		case m.Name == active:
			return nil
		default:
			return fmt.Errorf("%w: this process seals with %q, but %q is newer and in use: make %q active in this file too (microcourt keys activate), "+
				"restart every process with it, then rekey; to give %q up, add a third key and make that active", ErrFormerKey, active, m.Name, m.Name, m.Name)
		}
	}
	return fmt.Errorf("%w: seal key %q is not in use", ErrWrongKeys, active)
}

func (db *DB) rekeyColumn(ctx context.Context, c sealedColumn) (total int, err error) {
	column, active := c.field.DBName, sealedPrefix+db.keys.Active()+":"
	for after := int64(0); ; {
		var rows []struct {
			K int64
			V string
		}
		done := 0
		err := db.Transact(ctx, func(tx *DB) error {
			rows, done = nil, 0
			err := tx.q(ctx).Table(c.table).Select(c.key+" AS k, "+column+" AS v").Where(c.key+" > ? AND "+column+" <> ''", after).
				Order(c.key).Limit(rekeyPage).Scan(&rows).Error
			if err != nil {
				return translate(err, "rekey")
			}
			for _, r := range rows {
				if strings.HasPrefix(r.V, active) {
					continue
				}
				plain, err := tx.keys.open(r.V, where(c.field, r.K))
				if err != nil {
					return fmt.Errorf("row %d: %w", r.K, err)
				}
				sealed, err := tx.seal(plain, where(c.field, r.K))
				if err != nil {
					return err
				}
				// Only if nobody changed the value meanwhile; what he sealed is counted.
				err = tx.q(ctx).Table(c.table).Where(c.key+" = ? AND "+column+" = ?", r.K, r.V).Update(column, sealed).Error
				if err != nil {
					return translate(err, "rekey")
				}
				done++
			}
			return nil
		})
		if err != nil || len(rows) == 0 {
			return total, err
		}
		total += done
		after = rows[len(rows)-1].K
	}
}

// stillSealed says where values are sealed with another key than the active
// one. Errors: ErrStillSealed.
func (db *DB) stillSealed(ctx context.Context, columns []sealedColumn) error {
	active := sealedPrefix + db.keys.Active() + ":"
	var found []string
	for _, c := range columns {
		column := c.field.DBName
		var left struct {
			N     int64
			First int64
		}
		other := column + " <> '' AND SUBSTR(" + column + ", 1, ?) <> ?"
		err := db.q(ctx).Table(c.table).Select("COUNT(*) AS n, COALESCE(MIN("+c.key+"), 0) AS first").
			Where(other, len(active), active).Scan(&left).Error
		if err != nil {
			return translate(err, "rekey")
		}
		if left.N > 0 {
			found = append(found, fmt.Sprintf("%s.%s: %d, the first in row %d", c.table, column, left.N, left.First))
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%w: %s", ErrStillSealed, strings.Join(found, "; "))
	}
	return nil
}

// moveOtherKeys gives the sealing keys beside the active one another state, and
// names them. The active one must be the newest in use. Errors: ErrFormerKey.
func (db *DB) moveOtherKeys(ctx context.Context, from, to model.MarkState) (moved []string, err error) {
	err = db.Transact(ctx, func(tx *DB) error {
		moved = nil
		marks, err := tx.Marks(ctx, model.MarkSealKey)
		if err != nil {
			return err
		}
		active := tx.keys.Active()
		if err := newestKey(marks, active); err != nil {
			return err
		}
		for _, m := range marks {
			if m.Name == active || m.State != from {
				continue
			}
			if err := tx.SetMark(ctx, m.Kind, m.Name, to); err != nil {
				return err
			}
			moved = append(moved, m.Name)
		}
		return nil
	})
	return moved, err
}

// errRetired is the error of a transaction that sealed with a key which was
// retired meanwhile. Nothing of it stands.
var errRetired = errors.New("sealed with a key that was retired meanwhile: restart this process with the new active key")

// proveSeals refuses the commit of what was sealed with a retired key. The
// key's mark is locked against its retirement, which therefore waits for every
// transaction that sealed with it, or is seen here.
func (db *DB) proveSeals(ctx context.Context) error {
	for _, id := range db.sealedWith {
		query := "SELECT state FROM installation_marks WHERE kind = ? AND name = ?"
		if db.dialect == MySQL {
			query += " LOCK IN SHARE MODE" // MariaDB does not know FOR SHARE
		}
		var states []model.MarkState
		if err := db.q(ctx).Raw(query, model.MarkSealKey, id).Scan(&states).Error; err != nil {
			return translate(err, "installation")
		}
		if slices.Contains(states, model.MarkRetired) || slices.Contains(states, model.MarkEnded) {
			return fmt.Errorf("seal key %q: %w", id, errRetired)
		}
	}
	return nil
}

// adoptKey makes the key active that the database seals with now, if it is in
// the file, and tells whether it did: a process that was not restarted after
// the change of keys goes on with the new one.
func (db *DB) adoptKey(ctx context.Context) bool {
	marks, err := db.Marks(ctx, model.MarkSealKey)
	if err != nil {
		return false
	}
	for _, m := range slices.Backward(marks) { // the newest first
		if m.State == model.MarkCurrent && db.keys.checks[m.Name] == m.Value {
			db.keys.active.Store(&m.Name)
			return true
		}
	}
	return false
}
