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

type figureGroup struct {
	Name    string
	Figures []model.EnforcementCount
}

type enforcementStatisticsData struct {
	List        *listView
	From, Until model.Date
	Groups      []figureGroup
	Of          *model.FigureInfo // the figure that is open
	Lines       []model.EnforcementCountLine
	Next        string
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
	if of := model.EnforcementFigure(c.Query("of")); of == "" {
		if as := c.Query("as"); as != "" {
			return export(d, c, figureTable(from, until, list), as)
		}
		if data.List, err = toolsOf(d, c, figureTable(from, until, list)); err != nil {
			return err
		}
	}
	for _, f := range list {
		if n := len(data.Groups); n == 0 || data.Groups[n-1].Name != f.Group {
			data.Groups = append(data.Groups, figureGroup{Name: f.Group})
		}
		g := &data.Groups[len(data.Groups)-1]
		g.Figures = append(g.Figures, f)
	}
	if of := model.EnforcementFigure(c.Query("of")); of != "" {
		f := model.EnforcementCountFilter{Figure: of, From: from, Until: until, Limit: casePage}
		if f.After, err = after(c, "after"); err != nil {
			return err
		}
		if data.Lines, err = d.svc.Statistics.EnforcementLines(ctx, by, f); err != nil {
			return err
		}
		info, _ := of.Info()
		data.Of = &info
		t := d.figureLineTable(c, f, info)
		if as := c.Query("as"); as != "" {
			return export(d, c, t, as)
		}
		if data.List, err = toolsOf(d, c, t); err != nil {
			return err
		}
		if n := len(data.Lines); n == casePage {
			data.Next = with(c, "after", data.Lines[n-1].ID)
		}
	}
	return d.show(c, "enforcement_statistics", "执行统计", data)
}
