package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
)

// connectFor bounds how long a connection to a SQLite file is tried for while
// another program has the file to itself.
const connectFor = 5 * time.Second

// busyConnector connects to a SQLite file and tries again while the file is
// busy. SQLite's own busy_timeout does not cover what a new connection does
// first: switching a new file to its write-ahead log, or reading the log that a
// killed program left. Two programs that start together meet there, and one of
// them is told at once that the database is locked.
type busyConnector struct {
	dsn    string
	driver driver.Driver
}

// sqliteConnector connects to the file at path. txlock says with which lock
// transactions begin: deferred, immediate or exclusive.
func sqliteConnector(path, txlock string, pragmas ...string) (driver.Connector, error) {
	q := url.Values{"_txlock": {txlock}, "_pragma": pragmas}
	named, err := sql.Open(sqlite.DriverName, "") // the way to a driver that is known by its name; connects to nothing
	if err != nil {
		return nil, err
	}
	c := busyConnector{dsn: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode(), driver: named.Driver()}
	return c, named.Close()
}

// Connect implements driver.Connector.
func (c busyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	for began := time.Now(); ; {
		conn, err := c.driver.Open(c.dsn)
		if err == nil || !isBusy(err) || time.Since(began) > connectFor {
			return conn, err
		}
		t := time.NewTimer(10*time.Millisecond + rand.N(20*time.Millisecond)) //nolint:gosec // nothing secret
		select {
		case <-ctx.Done():
			t.Stop()
			return nil, ctx.Err()
		case <-t.C:
		}
	}
}

// Driver implements driver.Connector.
func (c busyConnector) Driver() driver.Driver { return c.driver }

// isBusy tells whether SQLite answered that somebody else has the file. The
// pure-Go driver has no typed error that both of its packages share; its text
// is stable.
func isBusy(err error) bool {
	s := err.Error()
	return strings.Contains(s, "SQLITE_BUSY") || strings.Contains(s, "database is locked")
}
