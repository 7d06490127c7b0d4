package storage

import (
	"context"
	"fmt"
	"time"
)

// Clock is the time by the database's own clock, which several programs share
// whatever their machines' clocks say. A test that gave the database a clock gets
// that. Unlike Now it goes on inside a transaction.
func (db *DB) Clock(ctx context.Context) (time.Time, error) {
	if db.injected {
		return db.clock().UTC().Truncate(time.Microsecond), nil
	}
	query := "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
	if db.dialect == MySQL {
		query = "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%f')"
	}
	var text string
	if err := db.q(ctx).Raw(query).Scan(&text).Error; err != nil {
		return time.Time{}, translate(err, "clock")
	}
	at, err := time.Parse("2006-01-02T15:04:05.999999", text)
	if err != nil {
		return time.Time{}, fmt.Errorf("the database's clock says %q: %w", text, err)
	}
	return at.UTC(), nil
}
