package storage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// The dump is plain SQL, one statement a line, written by this program itself:
// it needs no other program beside it, works in a container that has nothing
// else, and never shows the password to anybody. mysql(1) reads it, too.

// openDump opens a MySQL database so that values come as they are.
func openDump(cfg Config) (*sql.DB, error) {
	c, err := mysqlConfig(cfg.DSN, "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO")
	if err != nil {
		return nil, err
	}
	c.ParseTime = false
	c.Collation = "utf8mb4_bin"
	// Not what the DSN says: that is for the statements of requests.
	c.ReadTimeout, c.WriteTimeout = copySilence, copySilence
	connector, err := newMySQLConnector(c, cfg.answer(), copySilence)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

const dumpHead = `SET NAMES utf8mb4 COLLATE utf8mb4_bin;
SET SESSION FOREIGN_KEY_CHECKS = 0;
SET SESSION UNIQUE_CHECKS = 0;
SET SESSION TIME_ZONE = '+00:00';
SET SESSION SQL_MODE = 'NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO';
`

// dump writes the whole database as of one moment.
func dump(ctx context.Context, db *sql.DB, w io.Writer) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // read only
	for _, s := range []string{"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	names, err := tableNames(ctx, conn)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, dumpHead); err != nil {
		return err
	}
	for _, name := range names {
		if err := dumpTable(ctx, conn, name, w); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	_, err = io.WriteString(w, "-- end\n")
	return err
}

// tableNames lists the tables but the mark of a restoring, the one with the
// schema's version last.
func tableNames(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // read only
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name != restoringTable {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		const version = "goose_db_version"
		switch {
		case a == version:
			return 1
		case b == version:
			return -1
		}
		return strings.Compare(a, b)
	})
	return out, rows.Err()
}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// maxInsert is where one INSERT ends: well below the smallest max_allowed_packet.
const maxInsert = 512 << 10

func dumpTable(ctx context.Context, conn *sql.Conn, name string, w io.Writer) error {
	var shown, ddl string
	if err := conn.QueryRowContext(ctx, "SHOW CREATE TABLE "+quoteName(name)).Scan(&shown, &ddl); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s;\n", strings.ReplaceAll(ddl, "\n", " ")); err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, "SELECT * FROM "+quoteName(name)) //nolint:gosec // a table's own name, quoted
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // read only
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	values, targets := make([]sql.RawBytes, len(types)), make([]any, len(types))
	names := make([]string, len(types))
	for i := range values {
		targets[i], names[i] = &values[i], quoteName(types[i].Name())
	}
	head := "INSERT INTO " + quoteName(name) + " (" + strings.Join(names, ",") + ") VALUES "
	var b bytes.Buffer
	flush := func() error {
		if b.Len() == 0 {
			return nil
		}
		b.WriteString(";\n")
		_, err := w.Write(b.Bytes())
		b.Reset()
		return err
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if b.Len() == 0 {
			b.WriteString(head)
		} else {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for i, v := range values {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(&b, types[i].DatabaseTypeName(), v)
		}
		b.WriteByte(')')
		if b.Len() > maxInsert {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

var escaper = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\x00", `\0`, "\x1a", `\Z`)

// writeValue writes a value as it came over the text protocol.
func writeValue(b *bytes.Buffer, typ string, v sql.RawBytes) {
	switch {
	case v == nil:
		b.WriteString("NULL")
	case strings.Contains(typ, "BLOB"), strings.Contains(typ, "BINARY"), typ == "BIT", typ == "GEOMETRY":
		if len(v) == 0 {
			b.WriteString("''")
			return
		}
		b.WriteString("0x" + hex.EncodeToString(v))
	case strings.Contains(typ, "INT"), typ == "DECIMAL", typ == "FLOAT", typ == "DOUBLE", typ == "YEAR":
		b.Write(v)
	default:
		b.WriteByte('\'')
		b.WriteString(escaper.Replace(string(v)))
		b.WriteByte('\'')
	}
}

// replaceTables drops what is there, but for the mark of the restoring, and reads
// a dump. DDL does not roll back in MySQL: the mark keeps everybody out until it
// has been done whole.
func replaceTables(ctx context.Context, cfg Config, from string) (err error) {
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	db, err := openDump(cfg)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { _ = conn.Close() }() // its last statement has answered
	exec := func(s string) error {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("restore: %.60s: %w", s, err)
		}
		return nil
	}
	if err := exec("SET SESSION FOREIGN_KEY_CHECKS = 0"); err != nil {
		return err
	}
	names, err := tableNames(ctx, conn)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	for _, name := range names {
		if err := exec("DROP TABLE " + quoteName(name)); err != nil {
			return err
		}
	}
	if err := exec("SET SESSION AUTOCOMMIT = 0"); err != nil {
		return err
	}
	if err := lines(f, exec); err != nil { // a table's CREATE commits the rows of the one before
		return err
	}
	return exec("COMMIT")
}
