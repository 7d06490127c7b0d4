package storage_test

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/storage"
	"microcourt/storage/migrations"
	"microcourt/storage/storagetest"
)

var update = flag.Bool("update", false, "rewrite what is drawn from the migrations")

// column is one column as a migration declares it.
type column struct {
	Name, Type string
	Null       bool
	Default    string // as it is written, "" without one
}

// table is one table as a migration declares it.
type table struct {
	Name, File, Comment string
	Columns             []column
	Primary             []string
	Unique              []string          // their columns, "a, b"
	Indexes             map[string]string // columns by name
	References          map[string]string // "courts (id)" by column
}

func (t *table) column(name string) *column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

var (
	createTable = regexp.MustCompile(`^CREATE TABLE IF NOT EXISTS (\w+) \($`)
	createIndex = regexp.MustCompile(`^CREATE (UNIQUE )?INDEX IF NOT EXISTS (\w+) ON (\w+) \(([\w, ]+)\);$`)
	tableEnd    = regexp.MustCompile(`^\)( ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin)?;$`)
	primaryKey  = regexp.MustCompile(`^PRIMARY KEY \(([\w, ]+)\)$`)
	uniqueKey   = regexp.MustCompile(`^UNIQUE(?: INDEX (\w+))? ?\(([\w, ]+)\)$`)
	plainIndex  = regexp.MustCompile(`^(?:INDEX|KEY) (\w+) \(([\w, ]+)\)$`)
	foreignKey  = regexp.MustCompile(`^FOREIGN KEY \((\w+)\) REFERENCES (\w+ \(\w+\))$`)
	columnLine  = regexp.MustCompile(`^(\w+) ([A-Z]+(?:\(\d+\))?)(?: CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)?(.*)$`)
	defaultPart = regexp.MustCompile(` DEFAULT ('[^']*'|\w+)`)
)

// readSchema reads the tables of one dialect from its migrations, in their
// order. Whatever it does not understand is an error, so that nothing is left
// out of the document or of the comparison.
func readSchema(files fs.FS, dir string) ([]*table, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	var out []*table
	for _, e := range entries {
		text, err := fs.ReadFile(files, dir+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		var comment []string
		var in *table
		for n, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			m := createTable.FindStringSubmatch(line)
			switch {
			case line == "" || strings.HasPrefix(line, "-- +goose"):
				comment = nil
			case strings.HasPrefix(line, "-- "):
				comment = append(comment, line[3:])
			case m != nil:
				in = &table{Name: m[1], File: e.Name(), Comment: strings.Join(comment, " "), Indexes: map[string]string{}, References: map[string]string{}}
				out = append(out, in)
			case in != nil && tableEnd.MatchString(line):
				in = nil
			case in != nil:
				err = in.read(strings.TrimSuffix(line, ","))
			default:
				err = readIndex(out, line)
			}
			if err != nil {
				return nil, fmt.Errorf("%s/%s:%d: %w", dir, e.Name(), n+1, err)
			}
		}
	}
	return out, nil
}

func readIndex(tables []*table, line string) error {
	m := createIndex.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("not understood: %s", line)
	}
	for _, t := range tables {
		if t.Name == m[3] {
			if m[1] != "" {
				t.Unique = append(t.Unique, m[4])
			} else {
				t.Indexes[m[2]] = m[4]
			}
			return nil
		}
	}
	return fmt.Errorf("an index of %s, which is not there", m[3])
}

func (t *table) read(line string) error {
	if m := primaryKey.FindStringSubmatch(line); m != nil {
		t.Primary = strings.Split(m[1], ", ")
		return nil
	}
	if m := uniqueKey.FindStringSubmatch(line); m != nil {
		t.Unique = append(t.Unique, m[2])
		return nil
	}
	if m := plainIndex.FindStringSubmatch(line); m != nil {
		t.Indexes[m[1]] = m[2]
		return nil
	}
	if m := foreignKey.FindStringSubmatch(line); m != nil {
		t.References[m[1]] = m[2]
		return nil
	}
	m := columnLine.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("not understood: %s", line)
	}
	c, rest := column{Name: m[1], Type: m[2], Null: true}, m[3]
	if d := defaultPart.FindStringSubmatch(rest); d != nil {
		c.Default, rest = d[1], strings.Replace(rest, d[0], "", 1)
	}
	for _, word := range []string{" AUTO_INCREMENT", " AUTOINCREMENT", " PRIMARY KEY", " NOT NULL", " NULL", " UNIQUE"} {
		before, after, found := strings.Cut(rest, word)
		if !found {
			continue
		}
		rest = before + after
		switch word {
		case " PRIMARY KEY":
			t.Primary, c.Null = []string{c.Name}, false
		case " NOT NULL":
			c.Null = false
		case " UNIQUE":
			t.Unique = append(t.Unique, c.Name)
		}
	}
	if rest != "" {
		return fmt.Errorf("not understood: %s", rest)
	}
	t.Columns = append(t.Columns, c)
	return nil
}

// kinds says which type of SQLite's stands for which of MySQL's. A type that is
// missing is a mistake: BLOB against TEXT, say, would show only in use.
var kinds = map[string]string{
	"BIGINT": "number", "INT": "number", "INTEGER": "number", "BOOLEAN": "truth", "DATE": "day", "DATETIME": "moment",
	"BLOB": "bytes", "MEDIUMBLOB": "bytes", "TEXT": "text", "MEDIUMTEXT": "text", "VARCHAR": "text", "CHAR": "text",
}

func kind(typ string) string {
	name, _, _ := strings.Cut(typ, "(")
	return kinds[name]
}

// differences says where two dialects declare different tables, columns, kinds
// of values, nullability, defaults, keys or indexes.
func differences(mysql, sqlite []*table) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	names := func(list []*table) []string {
		var n []string
		for _, t := range list {
			n = append(n, t.Name)
		}
		return n
	}
	if m, s := names(mysql), names(sqlite); !slices.Equal(m, s) {
		say("MySQL has the tables %v, SQLite %v", m, s)
		return out
	}
	for i, m := range mysql {
		s := sqlite[i]
		for _, c := range s.Columns {
			if m.column(c.Name) == nil {
				say("%s.%s: only on SQLite", m.Name, c.Name)
			}
		}
		for n, c := range m.Columns {
			other := s.column(c.Name)
			if other == nil {
				say("%s.%s: only on MySQL", m.Name, c.Name)
				continue
			}
			if n >= len(s.Columns) || s.Columns[n].Name != c.Name {
				say("%s.%s: at another place", m.Name, c.Name)
			}
			if k := kind(c.Type); k == "" || k != kind(other.Type) || strings.Contains(c.Type, "CHAR(") && c.Type != other.Type {
				say("%s.%s: %s on MySQL, %s on SQLite", m.Name, c.Name, c.Type, other.Type)
			}
			if c.Null != other.Null {
				say("%s.%s: NULL is allowed by one", m.Name, c.Name)
			}
			if c.Default != other.Default {
				say("%s.%s: default %q on MySQL, %q on SQLite", m.Name, c.Name, c.Default, other.Default)
			}
		}
		if !slices.Equal(m.Primary, s.Primary) {
			say("%s: primary key %v on MySQL, %v on SQLite", m.Name, m.Primary, s.Primary)
		}
		if a, b := slices.Sorted(slices.Values(m.Unique)), slices.Sorted(slices.Values(s.Unique)); !slices.Equal(a, b) {
			say("%s: unique keys %q on MySQL, %q on SQLite", m.Name, a, b)
		}
		if !maps.Equal(m.Indexes, s.Indexes) {
			say("%s: indexes %v on MySQL, %v on SQLite", m.Name, m.Indexes, s.Indexes)
		}
		if !maps.Equal(m.References, s.References) {
			say("%s: references %v on MySQL, %v on SQLite", m.Name, m.References, s.References)
		}
	}
	return out
}

func bothSchemas(t *testing.T) (mysql, sqlite []*table) {
	t.Helper()
	mysql, err := readSchema(migrations.MySQL, "mysql")
	if err != nil {
		t.Fatal(err)
	}
	if sqlite, err = readSchema(migrations.SQLite, "sqlite"); err != nil {
		t.Fatal(err)
	}
	if len(mysql) < 80 {
		t.Fatalf("only %d tables were read", len(mysql))
	}
	return mysql, sqlite
}

func TestBothDialectsHaveTheSameSchema(t *testing.T) {
	t.Parallel()
	mysql, sqlite := bothSchemas(t)
	for _, d := range differences(mysql, sqlite) {
		t.Error(d)
	}
}

// The comparison itself finds what it is for.
func TestADifferenceBetweenDialectsIsFound(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(tables []*table) []*table{
		"a table":  func(tables []*table) []*table { return tables[1:] },
		"a column": func(tables []*table) []*table { tables[1].Columns = tables[1].Columns[:3]; return tables },
		"a new one": func(tables []*table) []*table {
			tables[1].Columns = append(tables[1].Columns, column{Name: "x", Type: "TEXT"})
			return tables
		},
		"null":        func(tables []*table) []*table { tables[1].Columns[3].Null = true; return tables },
		"a type":      func(tables []*table) []*table { tables[1].Columns[3].Type = "BLOB"; return tables },
		"a length":    func(tables []*table) []*table { tables[1].Columns[3].Type = "VARCHAR(17)"; return tables },
		"a default":   func(tables []*table) []*table { tables[1].Columns[3].Default = "'x'"; return tables },
		"a key":       func(tables []*table) []*table { tables[0].Unique = nil; return tables },
		"its columns": func(tables []*table) []*table { tables[0].Unique = []string{"code, name"}; return tables },
		"primary":     func(tables []*table) []*table { tables[0].Primary = []string{"code"}; return tables },
		"an index":    func(tables []*table) []*table { delete(tables[1].Indexes, "users_court"); return tables },
		"a reference": func(tables []*table) []*table { clear(tables[2].References); return tables },
	} {
		mysql, sqlite := bothSchemas(t)
		if found := differences(mysql, change(sqlite)); len(found) == 0 {
			t.Errorf("%s: not found", name)
		}
		mysql, sqlite = bothSchemas(t)
		if found := differences(change(mysql), sqlite); len(found) == 0 {
			t.Errorf("%s of MySQL: not found", name)
		}
	}
}

// What is read from the files is what the server has made of them, so that the
// document and the comparison can be believed.
func TestTheSchemaIsWhatTheMigrationsMake(t *testing.T) {
	t.Parallel()
	mysql, sqlite := bothSchemas(t)
	tables := sqlite
	if storagetest.OnMySQL() {
		tables = mysql
	}
	var want []string
	ofKeys := map[string]bool{} // indexes that MySQL makes for foreign keys by itself
	for _, tab := range tables {
		for c := range tab.References {
			ofKeys[fmt.Sprintf("%s index %s (%s)", tab.Name, c, c)] = true
		}
		for _, c := range tab.Columns {
			want = append(want, fmt.Sprintf("%s.%s null=%v", tab.Name, c.Name, c.Null && !slices.Contains(tab.Primary, c.Name)))
		}
		for _, u := range append(tab.Unique, strings.Join(tab.Primary, ", ")) {
			want = append(want, fmt.Sprintf("%s unique (%s)", tab.Name, u))
		}
		for name, columns := range tab.Indexes {
			want = append(want, fmt.Sprintf("%s index %s (%s)", tab.Name, name, columns))
		}
	}
	slices.Sort(want)
	have, err := storage.Made(context.Background(), storagetest.Open(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(have)
	for _, line := range want {
		if !slices.Contains(have, line) {
			t.Errorf("the files say %s, the database does not", line)
		}
	}
	for _, line := range have {
		if !slices.Contains(want, line) && !ofKeys[line] {
			t.Errorf("the database says %s, the files do not", line)
		}
	}
}

// typeComments are the first sentences of what the package model says about its
// types, by name.
func typeComments(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, dir := range []string{"../model", "."} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
					for _, s := range g.Specs {
						spec := s.(*ast.TypeSpec) //nolint:forcetypeassert // the parser's promise
						comment := spec.Doc
						if comment == nil {
							comment = g.Doc
						}
						out[spec.Name.Name] = new(doc.Package).Synopsis(comment.Text())
					}
				}
			}
		}
	}
	return out
}

// drawSchema is the document.
func drawSchema(mysql, sqlite []*table, comments, types map[string]string) string {
	var b strings.Builder
	b.WriteString(`# 数据库表结构

本文由 ` + "`storage/migrations` 中两种数据库的迁移文件生成（`go test ./storage -run TestTheSchemaIsDrawn -update`）" + `，请勿手工修改。
两种数据库的表、列、可否为空、默认值、唯一键、索引和外键一致，由测试保证；列名都不是 MySQL 8、MariaDB、TiDB 的保留字。
表的说明取自迁移文件或者 ` + "`model`" + ` 中类型的注释。

`)
	for _, m := range mysql {
		fmt.Fprintf(&b, "- [%s](#%s)\n", m.Name, m.Name)
	}
	for i, m := range mysql {
		s := sqlite[i]
		fmt.Fprintf(&b, "\n## %s\n\n", m.Name)
		comment := m.Comment
		if comment == "" {
			comment = comments[types[m.Name]]
		}
		if comment != "" {
			b.WriteString(comment + "\n\n")
		}
		fmt.Fprintf(&b, "文件：`%s`\n\n| 列 | SQLite | MySQL | 可空 | 默认值 | 外键 |\n|---|---|---|---|---|---|\n", m.File)
		for _, c := range m.Columns {
			null, def, ref := "", "", ""
			if c.Null {
				null = "是"
			}
			if c.Default != "" {
				def = "`" + c.Default + "`"
			}
			if r := m.References[c.Name]; r != "" {
				name, _, _ := strings.Cut(r, " ")
				ref = fmt.Sprintf("[%s](#%s)", name, name)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", c.Name, s.column(c.Name).Type, c.Type, null, def, ref)
		}
		fmt.Fprintf(&b, "\n- 主键：%s\n", strings.Join(m.Primary, ", "))
		for _, u := range slices.Sorted(slices.Values(m.Unique)) {
			fmt.Fprintf(&b, "- 唯一：%s\n", u)
		}
		for _, name := range slices.Sorted(maps.Keys(m.Indexes)) {
			fmt.Fprintf(&b, "- 索引 %s：%s\n", name, m.Indexes[name])
		}
	}
	return b.String()
}

// The migrations are what deploy/docs/schema.md shows; -update draws it anew.
func TestTheSchemaIsDrawn(t *testing.T) {
	t.Parallel()
	mysql, sqlite := bothSchemas(t)
	types, err := storage.TypesOfTables()
	if err != nil {
		t.Fatal(err)
	}
	if d := differences(mysql, sqlite); len(d) > 0 {
		t.Fatalf("the dialects differ: %v", d)
	}
	const path = "../deploy/docs/schema.md"
	want := drawSchema(mysql, sqlite, typeComments(t), types)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Errorf("%s is not what the migrations say: go test ./storage -run TestTheSchemaIsDrawn -update", path)
	}
}
