package storage

import (
	"context"
	"sync"

	"microcourt/model"
)

// calendarCache is the calendar as of the newest loading that was read.
type calendarCache struct {
	mu       sync.Mutex
	newest   int64
	calendar *model.Calendar
}

func (c *calendarCache) get(newest int64) *model.Calendar {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.newest != newest {
		return nil
	}
	return c.calendar
}

func (c *calendarCache) set(newest int64, calendar *model.Calendar) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newest, c.calendar = newest, calendar
}

// Calendar is the State Council's holidays as they are known now: the shipped
// years, and in their place what was loaded since. Whether something was loaded
// is asked each time, so that no instance computes by an old calendar.
func (db *DB) Calendar(ctx context.Context) (*model.Calendar, error) {
	var newest int64
	if err := db.q(ctx).Model(&model.CalendarVersion{}).Select("COALESCE(MAX(id), 0)").Scan(&newest).Error; err != nil {
		return nil, translate(err, "calendar")
	}
	if c := db.days.get(newest); c != nil {
		return c, nil
	}
	all, err := db.CalendarVersions(ctx)
	if err != nil {
		return nil, err
	}
	c := model.ShippedCalendar()
	for _, v := range all { // in the order of loading: the newest of a year wins
		c = c.With(v.Days)
	}
	if !db.loading { // what this transaction loads may yet be undone
		db.days.set(newest, c)
	}
	return c, nil
}

// CalendarVersions lists every loading of a year, in order.
func (db *DB) CalendarVersions(ctx context.Context) ([]model.CalendarVersion, error) {
	var out []model.CalendarVersion
	err := db.q(ctx).Order("id").Find(&out).Error
	return out, translate(err, "calendar")
}

// CreateCalendarVersion adds a loading of a year.
func (db *DB) CreateCalendarVersion(ctx context.Context, v *model.CalendarVersion) error {
	db.loading = true
	return translate(db.q(ctx).Create(v).Error, "calendar")
}

// ComputedDue is an open instalment whose due day follows from a term in days.
type ComputedDue struct {
	model.Installment
	EffectiveOn model.Date
}
