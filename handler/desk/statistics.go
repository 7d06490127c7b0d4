package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (d *Desk) statisticsRoutes() []Route {
	return []Route{listed("/statistics/enforcement", model.ActOverview, d.enforcementStatistics)}
}

// period is the period that a page of statistics was asked for, by itself the
// current half of the year. No filter of a page is called "from": WeChat adds
// that to the address of a page that is shared.
func (d *Desk) period(c *gin.Context) (from, until model.Date, err error) {
	f := d.form(c)
	from, until = f.dateAsked("since"), f.dateAsked("until")
	if from.IsZero() && until.IsZero() {
		today := model.DateOf(d.cfg.Now())
		from, until = model.Date{Year: today.Year, Month: 1, Day: 1}, model.Date{Year: today.Year, Month: 6, Day: 30}
		if today.Month > 6 {
			from, until = model.Date{Year: today.Year, Month: 7, Day: 1}, model.Date{Year: today.Year, Month: 12, Day: 31}
		}
	}
	return from, until, f.err
}

type enforcementStatisticsData struct {
	List        *listView // of the figures, or of what the open one counted
	From, Until model.Date
	Figures     []model.EnforcementCount
	Grouped     bool              // they stand by their groups, as nobody asked for another order
	Of          *model.FigureInfo // the figure that is open
	Lines       []model.EnforcementCountLine
}

func (d *Desk) enforcementStatistics(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	from, until, err := d.period(c)
	if err != nil {
		return err
	}
	data := enforcementStatisticsData{From: from, Until: until}
	list, err := d.svc.Statistics.Enforcement(ctx, by, from, until)
	if err != nil {
		return err
	}
	show := func() error { return d.show(c, "enforcement_statistics", "执行统计", data) }
	of := model.EnforcementFigure(c.Query("of"))
	if of == "" {
		return answerOwn(d, c, figureTable(from, until, list), func(v *listView, rows []model.EnforcementCount) error {
			data.List, data.Figures, data.Grouped = v, rows, v.Sort == ""
			return show()
		})
	}
	info, _ := of.Info()
	data.Of, data.Figures, data.Grouped = &info, list, true
	return answerOwn(d, c, d.figureLineTable(c, model.EnforcementCountFilter{Figure: of, From: from, Until: until}, info), func(v *listView, lines []model.EnforcementCountLine) error {
		data.List, data.Lines = v, lines
		return show()
	})
}
