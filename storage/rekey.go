package storage

import (
	"context"
	"fmt"
	"sync"

	"gorm.io/gorm/schema"
)

// rekeyPage is how many rows one transaction seals anew.
const rekeyPage = 200

// Rekey seals every value anew that is not sealed with the active key, a page
// at a time, while the system runs. It can be stopped and run again. It
// returns how many values it sealed. A whole run ends the other keys: start no
// process with another active key after it.
func (db *DB) Rekey(ctx context.Context) (int, error) {
	total := 0
	for _, m := range tables {
		s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy)
		if err != nil {
			return total, fmt.Errorf("rekey: %w", err)
		}
		for _, f := range s.Fields {
			if _, sealed := f.Serializer.(sealer); !sealed {
				continue
			}
			n, err := db.rekeyColumn(ctx, s.Table, s.PrioritizedPrimaryField.DBName, f)
			total += n
			if err != nil {
				return total, fmt.Errorf("rekey %s.%s: %w", s.Table, f.DBName, err)
			}
		}
	}
	if err := db.endKeys(ctx); err != nil {
		return total, fmt.Errorf("rekey: %w", err)
	}
	return total, nil
}

func (db *DB) rekeyColumn(ctx context.Context, table, key string, f *schema.Field) (total int, err error) {
	column := f.DBName
	for after := int64(0); ; {
		var rows []struct {
			K int64
			V string
		}
		err := db.Transact(ctx, func(tx *DB) error {
			rows = nil
			err := tx.q(ctx).Table(table).Select(key+" AS k, "+column+" AS v").Where(key+" > ? AND "+column+" <> ''", after).
				Order(key).Limit(rekeyPage).Scan(&rows).Error
			if err != nil {
				return translate(err, "rekey")
			}
			for _, r := range rows {
				if tx.keys.sealedWithActive(r.V) {
					continue
				}
				plain, err := tx.keys.open(r.V, where(f))
				if err != nil {
					return fmt.Errorf("row %d: %w", r.K, err)
				}
				// Only if nobody changed the value meanwhile; then it has the active key.
				err = tx.q(ctx).Table(table).Where(key+" = ? AND "+column+" = ?", r.K, r.V).
					Update(column, tx.keys.seal(plain, where(f))).Error
				if err != nil {
					return translate(err, "rekey")
				}
				total++
			}
			return nil
		})
		if err != nil || len(rows) == 0 {
			return total, err
		}
		after = rows[len(rows)-1].K
	}
}
