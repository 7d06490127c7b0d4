package storage

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"microcourt/model"
)

// InsertRow, Load, Text and Exec let the tests of this package reach around the
// methods that services have.

func InsertRow(ctx context.Context, db *DB, row any) error {
	return db.Transact(ctx, func(tx *DB) error { return translate(tx.q(ctx).Create(row).Error, "row") })
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

// Drift compares every model's fields with the migrated columns, and the
// migrated tables with the list of models: what is not listed is not sealed
// anew either.
func Drift(ctx context.Context, db *DB) []string {
	var problems []string
	listed := map[string]bool{versionTable: true, "sqlite_sequence": true}
	for _, m := range tables {
		s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		listed[s.Table] = true
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
	all, err := db.q(ctx).Migrator().GetTables()
	if err != nil {
		problems = append(problems, err.Error())
	}
	for _, name := range all {
		if !listed[name] {
			problems = append(problems, name+": a table that tables.go does not list")
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

// ErrLockLost is what a migration ends with when others may have begun one.
var ErrLockLost = errLockLost

// KillMigrationLock ends the connection that holds the lock of migrations of
// db's database.
func KillMigrationLock(ctx context.Context, db *DB) error {
	var id int64
	if err := db.q(ctx).Raw("SELECT IS_USED_LOCK(CONCAT('microcourt.migrate.', LEFT(SHA2(DATABASE(), 256), 32)))").Scan(&id).Error; err != nil {
		return err
	}
	return db.writer.WithContext(ctx).Exec(fmt.Sprintf("KILL %d", id)).Error
}

// LockSchema holds the lock of migrations.
func LockSchema(ctx context.Context, db *DB) (func() error, error) {
	_, unlock, err := db.lockSchema(ctx)
	return unlock, err
}

// SealedColumns are the columns that rekeying knows, as Type.Field, and those
// whose rows it cannot page through by a numeric key.
func SealedColumns(db *DB) (fields, unpaged []string, err error) {
	columns, err := db.sealedColumns()
	for _, c := range columns {
		name := c.field.Schema.Name + "." + c.field.Name
		fields = append(fields, name)
		if k := c.field.Schema.PrioritizedPrimaryField; k.DataType != schema.Int || len(c.field.Schema.PrimaryFields) != 1 {
			unpaged = append(unpaged, name)
		}
	}
	return fields, unpaged, err
}

// KeepNoConnections lets the pools close what they do not use.
func KeepNoConnections(db *DB) error {
	for _, g := range []*gorm.DB{db.writer, db.gorm} {
		pool, err := g.DB()
		if err != nil {
			return err
		}
		pool.SetMaxIdleConns(-1)
	}
	return nil
}

// TypesOfTables are the names of the stored types by their table.
func TypesOfTables() (map[string]string, error) {
	out := map[string]string{}
	for _, m := range tables {
		s, err := schema.Parse(m, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			return nil, err
		}
		out[s.Table] = s.Name
	}
	return out, nil
}

// Made says of every column of the database whether it may be NULL, and of what
// columns each unique key and each named index is made.
func Made(ctx context.Context, db *DB) ([]string, error) {
	query := `
		SELECT m.name || '.' || c.name || ' null=' || CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN 'true' ELSE 'false' END
			FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT IN (?, 'sqlite_sequence')
		UNION ALL SELECT m.name || ' unique (' || (SELECT GROUP_CONCAT(name, ', ') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')'
			FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT IN (?, 'sqlite_sequence')
		UNION ALL SELECT m.name || CASE WHEN i."unique" = 1 THEN ' unique (' ELSE ' index ' || i.name || ' (' END
				|| (SELECT GROUP_CONCAT(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
			FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk' AND m.name NOT IN (?, 'sqlite_sequence')`
	if db.dialect == MySQL {
		query = `
			SELECT CONCAT(table_name, '.', column_name, ' null=', IF(is_nullable = 'YES', 'true', 'false'))
				FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> ?
			UNION ALL SELECT CONCAT(table_name, IF(non_unique = 0, ' unique (', CONCAT(' index ', index_name, ' (')), GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', '), ')')
				FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> ?
				GROUP BY table_name, index_name, non_unique`
	}
	var out []string
	names := slices.Repeat([]any{versionTable}, strings.Count(query, "?"))
	err := db.q(ctx).Raw(query, names...).Scan(&out).Error
	return out, err
}

// MoveOtherKeys is the end of a rekeying.
func MoveOtherKeys(ctx context.Context, db *DB, from, to model.MarkState) ([]string, error) {
	return db.moveOtherKeys(ctx, from, to)
}

// SealedTwins makes two rows in each table with sealed columns, whose sealed
// values name table, column and row, and says what stands where. Rows that they
// would belong to are not there.
func SealedTwins(ctx context.Context, db *DB) (out []SealedTwin, err error) {
	if db.dialect == SQLite { // which does not listen inside a transaction
		if err := Exec(ctx, db, "PRAGMA foreign_keys = 0"); err != nil {
			return nil, err
		}
	}
	err = db.Transact(ctx, func(tx *DB) error {
		out = nil
		if db.dialect == MySQL {
			if err := tx.q(ctx).Exec("SET foreign_key_checks = 0").Error; err != nil {
				return err
			}
		}
		for _, m := range tables {
			s, err := schema.Parse(m, &sync.Map{}, db.gorm.NamingStrategy)
			if err != nil {
				return err
			}
			sealed := slices.DeleteFunc(slices.Clone(s.Fields), func(f *schema.Field) bool { _, is := f.Serializer.(sealer); return !is })
			if len(sealed) == 0 {
				continue
			}
			rows := reflect.New(reflect.SliceOf(s.ModelType)).Elem()
			for i := range 2 {
				row := reflect.New(s.ModelType).Elem()
				for _, f := range s.Fields {
					v := f.ReflectValueOf(ctx, row)
					switch {
					case f.PrimaryKey && f.AutoIncrement:
					case slices.Contains(sealed, f):
						v.SetString(fmt.Sprintf("%s of row %d", f.DBName, i))
					case strings.HasSuffix(f.DBName, "_hash"): // would be proved at the start
					case v.Kind() == reflect.String:
						v.SetString(fmt.Sprint("x", i))
					case v.Kind() == reflect.Int64:
						v.SetInt(int64(i + 1))
					case v.Type() == reflect.TypeFor[time.Time]():
						v.Set(reflect.ValueOf(tx.Now()))
					case v.Type() == reflect.TypeFor[model.Date]():
						v.Set(reflect.ValueOf(model.DateOf(tx.Now())))
					}
				}
				rows = reflect.Append(rows, row)
			}
			list := reflect.New(rows.Type())
			list.Elem().Set(rows)
			if err := tx.q(ctx).Create(list.Interface()).Error; err != nil {
				return fmt.Errorf("%s: %w", s.Table, err)
			}
			twin := SealedTwin{Table: s.Table, Key: s.PrioritizedPrimaryField.DBName}
			for _, f := range sealed {
				twin.Columns = append(twin.Columns, f.DBName)
			}
			for i := range 2 {
				id, _ := s.PrioritizedPrimaryField.ValueOf(ctx, list.Elem().Index(i))
				twin.Rows[i], _ = id.(int64)
			}
			twin.Read = func(db *DB, row int64, column string) (string, error) {
				one := reflect.New(s.ModelType)
				err := db.q(ctx).Take(one.Interface(), twin.Key+" = ?", row).Error
				return s.LookUpField(column).ReflectValueOf(ctx, one.Elem()).String(), err
			}
			out = append(out, twin)
		}
		if db.dialect == MySQL {
			return tx.q(ctx).Exec("SET foreign_key_checks = 1").Error
		}
		return nil
	})
	return out, err
}

// SealedTwin is two rows of a table.
type SealedTwin struct {
	Table, Key string
	Columns    []string
	Rows       [2]int64
	Read       func(db *DB, row int64, column string) (string, error)
}

// RekeyColumn seals one column anew.
func RekeyColumn(ctx context.Context, db *DB, table, column string) error {
	columns, err := db.sealedColumns()
	for _, c := range columns {
		if c.table == table && c.field.DBName == column {
			_, err = db.rekeyColumn(ctx, c)
		}
	}
	return err
}

// PlanOfQueue is how the database reads a page of a list of receipts: a line for each
// step, with what it says of it.
func PlanOfQueue(ctx context.Context, db *DB, by model.Actor, f model.QueueFilter) (string, error) {
	var list []model.Receipt
	stmt := sorted(db.queued(ctx, by, f), f.Sort, false).Limit(f.Limit).Session(&gorm.Session{DryRun: true}).Find(&list).Statement
	how := "EXPLAIN QUERY PLAN "
	if db.dialect == MySQL {
		how = "EXPLAIN "
	}
	rows, err := db.q(ctx).Raw(how+stmt.SQL.String(), stmt.Vars...).Rows()
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			return "", err
		}
		for _, c := range cells {
			v, _ := c.(*any)
			if b, ok := (*v).([]byte); ok {
				*v = string(b)
			}
			fmt.Fprintf(&out, "| %v ", *v)
		}
		out.WriteString("|\n")
	}
	return out.String(), rows.Err()
}

// InsertPlain writes rows without what is kept besides them.
func InsertPlain[T any](ctx context.Context, db *DB, rows []T) error {
	return db.Transact(ctx, func(tx *DB) error { return translate(tx.q(ctx).CreateInBatches(rows, insertBatch).Error, "row") })
}
