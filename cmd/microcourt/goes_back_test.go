package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"microcourt/storage"
)

// A replica that lags is promoted, or an older copy put into place, while the
// server runs: the number that was given out since is not given out again, it is
// void, the sweeper stops, and metrics and commands say so.
func TestTheDatabaseGoesBackUnderARunningServer(t *testing.T) {
	c := newCourt(t)
	c.start()
	first, instrument, party := c.paid("(2026)浙0211民初7201号")
	second, instrument2, party2 := c.paid("(2026)浙0211民初7202号")
	back := c.snapshot()
	issue := func(cs, instrument, party int64) string {
		t.Helper()
		return c.issue(cs, instrument, party)["number"].(string)
	}
	number := issue(first, instrument, party)
	back()
	next := issue(second, instrument2, party2)
	again := issue(first, instrument, party) // its record is lost
	c.metric(`microcourt_reconcile_needed 1`)
	c.metric(`microcourt_findings{kind="database_older"} 1`)
	c.refused("microcourt reconcile", "sweep")
	a := openTest(t, c.env, nil)
	ctx := context.Background()
	n := serial(t, a, number)
	if serial(t, a, next) != n+1 || serial(t, a, again) != n+2 {
		t.Errorf("%s was given out, then %s and %s", number, next, again)
	}
	if v, err := a.db.VoidNumber(ctx, number); err != nil || v == nil {
		t.Errorf("%s is void: %v %v", number, v, err)
	}
	_ = a.close()
	// Nothing is given out, but something was recorded: the audit chain tells.
	c.must("reconcile")
	c.metric(`microcourt_reconcile_needed 0`)
	time.Sleep(6 * time.Second) // the server has read the ends of the chains
	back = c.snapshot()
	c.receipt(1, "after-back", 90)
	time.Sleep(6 * time.Second)
	back()
	c.metric(`microcourt_reconcile_needed 1`)
	c.stop()
	if out := c.must("reconcile"); !strings.Contains(out, "links that were seen outside are not in this database") && !strings.Contains(out, "objects without a record") {
		t.Error(out)
	}
}

// metric waits until the server's metrics say so.
func (c *court) metric(want string) {
	c.t.Helper()
	var body []byte
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		res, err := http.Get(c.srv.metrics)
		if err != nil {
			c.t.Fatal(err)
		}
		body, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			c.t.Fatal(err)
		}
		if bytes.Contains(body, []byte(want+"\n")) {
			return
		}
	}
	name, _, _ := strings.Cut(want, " ")
	for line := range strings.Lines(string(body)) {
		if strings.HasPrefix(line, name) {
			c.t.Log(line)
		}
	}
	c.t.Fatalf("the metrics do not say %s", want)
}

// snapshot copies the database; what it returns puts the rows back under
// whoever works with them.
func (c *court) snapshot() (back func()) {
	c.t.Helper()
	ctx := context.Background()
	cfg, err := loadConfig("", c.env)
	if err != nil {
		c.t.Fatal(err)
	}
	sc := cfg.storage(nil)
	path := filepath.Join(c.t.TempDir(), "copy")
	if err := storage.CopyTo(ctx, sc, path); err != nil {
		c.t.Fatal(err)
	}
	return func() {
		c.t.Helper()
		db, err := sql.Open(map[storage.Dialect]string{storage.SQLite: "sqlite", storage.MySQL: "mysql"}[sc.Dialect], sc.DSN)
		if err != nil {
			c.t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		conn, err := db.Conn(ctx)
		if err != nil {
			c.t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		exec := func(statement string) {
			c.t.Helper()
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				c.t.Fatalf("%.80s: %v", statement, err)
			}
		}
		names := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		if sc.Dialect == storage.MySQL {
			names = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
		}
		rows, err := conn.QueryContext(ctx, names)
		if err != nil {
			c.t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var tables []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				c.t.Fatal(err)
			}
			tables = append(tables, name)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { // the one connection is needed again
			c.t.Fatal(err)
		}
		if sc.Dialect == storage.SQLite {
			exec("PRAGMA busy_timeout = 10000")
			exec("PRAGMA foreign_keys = 0")
			exec("ATTACH '" + path + "' AS older")
			exec("BEGIN IMMEDIATE")
			for _, t := range tables {
				exec("DELETE FROM main." + t)
				exec("INSERT INTO main." + t + " SELECT * FROM older." + t)
			}
			exec("COMMIT")
			return
		}
		// Not the tables, whose loss would be noticed, but their rows, at once.
		dump, err := os.ReadFile(path)
		if err != nil {
			c.t.Fatal(err)
		}
		exec("SET AUTOCOMMIT = 0")
		exec("SET FOREIGN_KEY_CHECKS = 0")
		for _, t := range tables {
			exec("DELETE FROM `" + t + "`")
		}
		for line := range strings.Lines(string(dump)) {
			if line = strings.TrimSuffix(strings.TrimSpace(line), ";"); strings.HasPrefix(line, "SET ") || strings.HasPrefix(line, "INSERT ") {
				exec(line)
			}
		}
		exec("COMMIT")
	}
}
