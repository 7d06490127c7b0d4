package main

import (
	"fmt"
	"os"
	"strconv"

	"microcourt/model"
)

// calendars keeps the State Council's holidays: years after the shipped ones
// are loaded without a new release.
func calendars(c *call) error {
	source := c.flags.String("source", "", "the notice, e.g. 国办发明电〔2025〕7号")
	rest, err := c.parse()
	if err != nil || len(rest) == 0 {
		return errUsage
	}
	switch {
	case rest[0] == "load" && len(rest) == 2:
		return c.with(func(a *app) error { return loadCalendar(c, a, *source, rest[1]) })
	case rest[0] == "show" && len(rest) == 2:
		year, err := strconv.Atoi(rest[1])
		if err != nil {
			return errUsage
		}
		return c.with(func(a *app) error { return showCalendar(c, a, year) })
	case rest[0] == "list" && len(rest) == 1:
		return c.with(func(a *app) error { return listCalendars(c, a) })
	}
	return errUsage
}

func loadCalendar(c *call, a *app, source, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	rep, err := a.svc.Calendar.Load(c.ctx, model.System(), source, file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, y := range rep.Years {
		fmt.Fprintf(c.stdout, "%d loaded\n", y)
	}
	for _, y := range rep.Unchanged {
		fmt.Fprintf(c.stdout, "%d is known already\n", y)
	}
	for _, m := range rep.Moved {
		fmt.Fprintf(c.stdout, "case %d: due day moved from %s to %s: %s\n", m.CaseID, m.From, m.To, m.Reason)
	}
	fmt.Fprintf(c.stdout, "%d due days moved\n", len(rep.Moved))
	return nil
}

// showCalendar prints a year as `calendar load` reads it.
func showCalendar(c *call, a *app, year int) error {
	days, err := a.db.Calendar(c.ctx)
	if err != nil {
		return err
	}
	if !days.Covers(year) {
		return fmt.Errorf("the holidays of %d are not known; load the notice with `microcourt calendar load`", year)
	}
	for _, d := range days.Year(year) {
		kind := "work"
		if d.Rest {
			kind = "rest"
		}
		fmt.Fprintf(c.stdout, "%s,%s,%s\n", d.On, kind, d.Name)
	}
	return nil
}

func listCalendars(c *call, a *app) error {
	versions, err := a.db.CalendarVersions(c.ctx)
	if err != nil {
		return err
	}
	shipped := model.ShippedCalendar()
	for y := 2000; y < 2200; y++ {
		if shipped.Covers(y) {
			fmt.Fprintf(c.stdout, "%d\tshipped with the program\n", y)
		}
		for _, v := range versions {
			if v.Year == y {
				fmt.Fprintf(c.stdout, "%d\tversion %d\t%s\tloaded %s\n", y, v.Version, v.Source, v.CreatedAt.Format("2006-01-02"))
			}
		}
	}
	return nil
}
