package desk

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/calendar"
)

// holidayRoutes are the State Council's holidays, by which terms are counted.
func (d *Desk) holidayRoutes() []Route {
	return []Route{
		listed("/holidays", model.ActCourtManage, d.holidays),
		get("/holidays/template", model.ActCourtManage, d.holidayTemplate),
		{Method: http.MethodPost, Path: "/holidays/sheet", Act: model.ActCourtManage, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.readHolidays},
		post("/holidays", model.ActCourtManage, d.enterHolidays),
	}
}

type holidaysData struct {
	List  *listView
	Years []calendar.Year
	Read  *holidaySheetResult // of a sheet that was handed in, nil for none
}

// holidaySheetResult is what a sheet holds, and what loading it would do.
type holidaySheetResult struct {
	*calendar.HolidaySheet
	markedSheet
	Notice string // on which the days rest
	Effect *calendar.Report
}

func holidayTable(years []calendar.Year) table[holidayLine] {
	var lines []holidayLine
	for _, y := range years {
		for _, d := range y.Days {
			lines = append(lines, holidayLine{d, y})
		}
	}
	return table[holidayLine]{
		title: "节假日", unit: "天", empty: "没有已知的放假安排。",
		columns: []column[holidayLine]{
			{name: "日期", class: "nowrap", cell: func(l holidayLine) cell { return onDay(l.On) }},
			{name: "安排", class: "nowrap", cell: func(l holidayLine) cell {
				if l.Rest {
					return say("放假")
				}
				return say("上班")
			}},
			{name: "名称", class: "nowrap", cell: func(l holidayLine) cell { return say(l.Name) }},
			{name: "依据", cell: func(l holidayLine) cell { return say(l.from()) }},
		},
		read: func(context.Context, string, int) ([]holidayLine, string, error) { return lines, "", nil },
	}
}

// holidayLine is a day with the notice that it stands in.
type holidayLine struct {
	model.Holiday
	of calendar.Year
}

func (l holidayLine) from() string {
	if l.of.Source == "" {
		return "系统自带"
	}
	return l.of.Source
}

func (d *Desk) holidaysData(c *gin.Context) (*holidaysData, error) {
	years, err := d.svc.Calendar.Years(c.Request.Context(), web.Actor(c))
	if err != nil {
		return nil, err
	}
	data := &holidaysData{Years: years}
	data.List, _, err = viewOf(d, c, holidayTable(years))
	return data, err
}

func (d *Desk) holidays(c *gin.Context) error {
	data, err := d.holidaysData(c)
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, holidayTable(data.Years), as)
	}
	return d.show(c, "holidays", "节假日", data)
}

func (d *Desk) refuseHolidays(c *gin.Context, err error) error {
	data, again := d.holidaysData(c)
	if again != nil {
		return again
	}
	return d.again(c, "holidays", "节假日", data, err)
}

func (d *Desk) holidayTemplate(c *gin.Context) error {
	var b bytes.Buffer
	if err := d.svc.Calendar.HolidayTemplate(c.Request.Context(), web.Actor(c), &b); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName("节假日安排")+".xlsx")
	c.Data(http.StatusOK, web.MediaSheet, b.Bytes())
	return nil
}

// readHolidays reads a sheet and shows what loading it would do.
func (d *Desk) readHolidays(c *gin.Context) error {
	f, name, err := formSheet(c)
	if err != nil {
		return d.refuseHolidays(c, err)
	}
	defer func() { _ = f.Close() }() // read only
	ctx, by := c.Request.Context(), web.Actor(c)
	read, err := d.svc.Calendar.ReadSheet(ctx, by, f)
	if err != nil {
		return d.refuseHolidays(c, err)
	}
	result := &holidaySheetResult{HolidaySheet: read, markedSheet: markedSheet{read.Marked, read.MarkedEnd, name}, Notice: strings.TrimSpace(c.PostForm("source"))}
	if len(read.Problems) == 0 {
		if result.Effect, err = d.svc.Calendar.Foresee(ctx, by, result.Notice, read.Lines()); err != nil {
			return d.refuseHolidays(c, err)
		}
	}
	data, err := d.holidaysData(c)
	if err != nil {
		return err
	}
	data.Read = result
	return d.show(c, "holidays", "节假日", data)
}

// enterHolidays loads what was looked at.
func (d *Desk) enterHolidays(c *gin.Context) error {
	if _, err := d.svc.Calendar.Enter(c.Request.Context(), web.Actor(c), c.PostForm("source"), c.PostForm("days_text")); err != nil {
		return d.refuseHolidays(c, err)
	}
	return done(c, "/desk/holidays", "holidays")
}
