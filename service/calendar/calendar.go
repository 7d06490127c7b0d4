// Package calendar loads the State Council's yearly notices about holidays and
// moves the due days that follow from them.
package calendar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Moved is an instalment whose due day a new calendar moved.
type Moved struct {
	InstallmentID int64
	CaseID        int64
	From, To      model.Date
	Reason        string
}

// Report is what a loading did.
type Report struct {
	Years     []int // that were loaded
	Unchanged []int // whose days are known already
	Moved     []Moved
}

// farthestYear is how many years ahead a notice can be: the State Council gives
// one out in the autumn for the next year; the first golden weeks were in 1999.
const farthestYear = 3

// Load takes whole years of holidays from a file of date,kind,name lines. A
// year that is known already in the same words is left alone. In the same
// transaction the due days of open instalments that were computed, and are not
// over, are computed anew, and every schedule of urging is made anew. Errors:
// Invalid holidays.* when the file cannot be a notice.
func (s *Service) Load(ctx context.Context, by model.Actor, source string, r io.Reader) (*Report, error) {
	days, err := model.ParseHolidays(r)
	if err != nil {
		return nil, err
	}
	return s.load(ctx, by, source, days, true)
}

// errOnlyLooked ends a transaction whose effect was to be seen, not to be had.
var errOnlyLooked = errors.New("nothing is written")

// load takes years of holidays, or, unless it is to write, only tells what would
// follow.
func (s *Service) load(ctx context.Context, by model.Actor, source string, days []model.Holiday, write bool) (*Report, error) {
	source = strings.TrimSpace(source)
	if source == "" || len([]rune(source)) > 100 {
		return nil, model.InvalidField("source", "holidays.source", "请写明依据的通知，例如：国办发明电〔2025〕7号")
	}
	years := model.Notices(days)
	if len(years) == 0 {
		return nil, model.InvalidField("", "holidays.incomplete", "文件中没有放假安排")
	}
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if now := model.DateOf(s.db.Now()).Year; y < 1999 || y > now+farthestYear {
			return nil, model.InvalidField("", "holidays.year", fmt.Sprintf("没有 %d 年的放假通知，请核对年份", y))
		}
		if err := model.CheckHolidays(y, years[y]); err != nil {
			return nil, err
		}
		slices.SortFunc(years[y], func(a, b model.Holiday) int { return a.On.Compare(b.On) })
	}
	var rep *Report
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		rep = &Report{}
		known, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		versions, err := tx.CalendarVersions(ctx)
		if err != nil {
			return err
		}
		for _, y := range slices.Sorted(maps.Keys(years)) {
			if slices.Equal(known.Year(y), years[y]) {
				rep.Unchanged = append(rep.Unchanged, y)
				continue
			}
			v := model.CalendarVersion{Year: y, Version: 1, Source: source, Days: years[y], LoadedBy: by.UserID}
			for _, o := range versions {
				if o.Year == y {
					v.Version = o.Version + 1
				}
			}
			if err := tx.CreateCalendarVersion(ctx, &v); err != nil {
				return err
			}
			known = known.With(years[y])
			rep.Years = append(rep.Years, y)
		}
		if len(rep.Years) == 0 {
			return nil
		}
		if rep.Moved, err = s.move(ctx, tx, by, known); err != nil {
			return err
		}
		if err := movePrisonLetters(ctx, tx, by, known); err != nil {
			return err
		}
		if err := tx.MarkAllStale(ctx); err != nil {
			return err
		}
		if !write {
			return errOnlyLooked
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: by.CourtID, Action: model.AuditCalendarLoad, Subject: model.ThingCalendar.Of(0), After: rep})
	})
	if err != nil && !errors.Is(err, errOnlyLooked) {
		return nil, fmt.Errorf("load calendar: %w", err)
	}
	return rep, nil
}

const batch = 500

// move computes due days anew and tells which moved.
func (s *Service) move(ctx context.Context, tx *storage.DB, by model.Actor, c *model.Calendar) ([]Moved, error) {
	today := model.DateOf(tx.Now())
	var moved []Moved
	for after := int64(0); ; {
		list, err := tx.ComputedDues(ctx, today, after, batch)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			after = d.ID
			p := c.DaysPeriod(d.EffectiveOn, d.DueInDays, "生效")
			if p.Last == d.DueOn && p.Reason == d.DueReason {
				continue
			}
			m := Moved{InstallmentID: d.ID, CaseID: d.CaseID, From: d.DueOn, To: p.Last, Reason: p.Reason}
			i := d.Installment
			i.DueOn, i.DueReason, i.UpdatedAt = p.Last, p.Reason, tx.Now()
			if err := tx.MoveDue(ctx, &i); err != nil {
				return nil, err
			}
			if m.From == m.To { // said in other words only
				continue
			}
			moved = append(moved, m)
			if err := tx.RefreshCase(ctx, d.CaseID); err != nil {
				return nil, err
			}
			err := tx.Audit(by, model.RoleAdmin, model.AuditEvent{
				CourtID: d.CourtID, Action: model.AuditInstallmentDue, CaseID: d.CaseID, Subject: model.ThingInstallment.Of(d.ID), Before: m.From, After: m,
			})
			if err != nil {
				return nil, err
			}
		}
		if len(list) < batch {
			return moved, nil
		}
	}
}

// movePrisonLetters counts the clocks of open prison letters anew, and those of their
// tasks with them.
func movePrisonLetters(ctx context.Context, tx *storage.DB, by model.Actor, c *model.Calendar) error {
	for after := int64(0); ; {
		list, err := tx.OpenPrisonLetters(ctx, after, batch)
		if err != nil {
			return err
		}
		for i := range list {
			q := &list[i]
			after = q.ID
			p := model.PrisonLetterDue(c, q.AskerKind, q.ReceivedOn)
			if p.Last == q.DueOn && p.Reason == q.DueReason {
				continue
			}
			before := *q
			q.DueOn, q.DueReason = p.Last, p.Reason
			if err := tx.MovePrisonLetter(ctx, q); err != nil {
				return err
			}
			err := tx.Audit(by, model.RoleAdmin, model.AuditEvent{
				CourtID: q.CourtID, Action: model.AuditPrisonLetterDue, CaseID: q.CaseID, Subject: model.ThingPrisonLetter.Of(q.ID), Before: before, After: q,
			})
			if err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
	}
}
