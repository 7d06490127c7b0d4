package calendar

import (
	"context"
	"fmt"
	"io"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
)

// holidayColumns are the titles of the sheet by which an administrator enters the
// State Council's notice: one row a day.
var holidayColumns = []string{"日期", "安排", "名称"}

const (
	holOn = iota
	holRest
	holName
)

var holidayTable = sheet.Table{Columns: sheet.Columns(holidayColumns), MaxRows: 400}

// restWords are the words for a day off, and for one on which work is made up for.
var restWords = map[string]bool{"放假": true, "休息": true, "rest": true, "上班": false, "调休上班": false, "work": false}

// HolidayTemplate writes the sheet with the days of the newest notice that is known,
// as an example of how it is filled in.
func (s *Service) HolidayTemplate(ctx context.Context, by model.Actor, w io.Writer) error {
	if err := by.Require(model.ActCourtManage); err != nil {
		return err
	}
	known, err := s.db.Calendar(ctx)
	if err != nil {
		return err
	}
	rows := [][]any{sheet.Titles(holidayColumns)}
	year := model.DateOf(s.db.Now()).Year
	for !known.Covers(year) {
		year--
	}
	for _, d := range known.Year(year) {
		word := "上班"
		if d.Rest {
			word = "放假"
		}
		rows = append(rows, []any{d.On.String(), word, d.Name})
	}
	return sheet.Form{Name: fmt.Sprintf("%d年", year), Rows: rows, Widths: []float64{18, 18, 18}}.Write(w)
}

// HolidaySheet is what was read of a sheet: days, or what is wrong with its cells.
type HolidaySheet struct {
	Days      []model.Holiday
	Problems  sheet.Faults
	Marked    []byte // the sheet with its faults marked
	MarkedEnd string
}

// Lines are the days as Load reads them.
func (h HolidaySheet) Lines() string {
	var b strings.Builder
	for _, d := range h.Days {
		kind := "work"
		if d.Rest {
			kind = "rest"
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", d.On, kind, d.Name)
	}
	return b.String()
}

// ReadSheet reads the days of a sheet. Nothing is written.
func (s *Service) ReadSheet(ctx context.Context, by model.Actor, r io.Reader) (*HolidaySheet, error) {
	if err := by.Require(model.ActCourtManage); err != nil {
		return nil, err
	}
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out, seen := &HolidaySheet{}, map[model.Date]int{}
	info, err := holidayTable.Each(ctx, f, func(n int, cells []sheet.Cell) error {
		wrong := func(column int, err error) {
			if err != nil {
				out.Problems.Add(n, holidayColumns[column], err)
			}
		}
		on, err := cells[holOn].Day()
		if err == nil && on.IsZero() {
			err = model.E(model.Invalid, "holidays.date", "请填写日期")
		}
		if first := seen[on]; err == nil && first != 0 {
			err = model.E(model.Invalid, "holidays.repeated", fmt.Sprintf("与第 %d 行是同一天，请删去一行", first))
		}
		wrong(holOn, err)
		seen[on] = n
		word, err := cells[holRest].Words()
		wrong(holRest, err)
		rest, ok := restWords[strings.TrimSpace(word)]
		if err == nil && !ok {
			wrong(holRest, model.E(model.Invalid, "holidays.kind", "应写“放假”或者“上班”"))
		}
		name, err := cells[holName].Words()
		if err == nil && (strings.TrimSpace(name) == "" || strings.ContainsAny(name, ",\n")) {
			err = model.E(model.Invalid, "holidays.name", "请填写节日名称，例如：春节；不要写逗号")
		}
		wrong(holName, err)
		out.Days = append(out.Days, model.Holiday{On: on, Rest: rest, Name: strings.TrimSpace(name)})
		return nil
	})
	if err == nil && len(out.Problems) > 0 {
		out.Days = nil
		out.Marked, out.MarkedEnd, err = f.Marked(ctx, info, out.Problems)
	}
	return out, err
}

// Foresee tells what loading the lines would do, and does not.
func (s *Service) Foresee(ctx context.Context, by model.Actor, source, lines string) (*Report, error) {
	return s.enter(ctx, by, source, lines, false)
}

// Enter loads the lines that an administrator looked at.
func (s *Service) Enter(ctx context.Context, by model.Actor, source, lines string) (*Report, error) {
	return s.enter(ctx, by, source, lines, true)
}

func (s *Service) enter(ctx context.Context, by model.Actor, source, lines string, write bool) (*Report, error) {
	if err := by.Require(model.ActCourtManage); err != nil {
		return nil, err
	}
	days, err := model.ParseHolidays(strings.NewReader(lines))
	if err != nil {
		return nil, err
	}
	return s.load(ctx, by, source, days, write)
}

// Year is a year whose holidays are known.
type Year struct {
	Year    int
	Shipped bool // with the program
	Version int
	Source  string // "" for a shipped one that nobody replaced
	Days    []model.Holiday
}

// Years lists the years whose holidays are known, the newest first.
func (s *Service) Years(ctx context.Context, by model.Actor) ([]Year, error) {
	if err := by.Require(model.ActCourtManage); err != nil {
		return nil, err
	}
	known, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := s.db.CalendarVersions(ctx)
	if err != nil {
		return nil, err
	}
	shipped, now := model.ShippedCalendar(), model.DateOf(s.db.Now()).Year
	var out []Year
	for y := now + farthestYear; y > now-8; y-- {
		if !known.Covers(y) {
			continue
		}
		line := Year{Year: y, Shipped: shipped.Covers(y), Days: known.Year(y)}
		for _, v := range versions {
			if v.Year == y {
				line.Version, line.Source = v.Version, v.Source
			}
		}
		out = append(out, line)
	}
	return out, nil
}
