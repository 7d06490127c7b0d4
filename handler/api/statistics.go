package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (s *API) statisticsRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/statistics/enforcement", Act: model.ActOverview, Summary: "一段期间的执行情况：案件、到位、措施、解除、和解、查控",
			Input: periodQuery{}, Output: enforcementFigures{}, Handle: s.enforcementFigures,
			Reasons: []Reason{{model.Invalid, "period.format"}, {model.Invalid, "date.format"}},
		},
		{
			Method: http.MethodGet, Path: "/statistics/enforcement/lines", Act: model.ActOverview, Summary: "执行统计数字背后的案件和人员",
			Input: figureQuery{}, Output: figureLines{}, Handle: s.enforcementFigureLines,
			Reasons: []Reason{{model.Invalid, "period.format"}, {model.Invalid, "date.format"}, {model.Invalid, "filter.unknown"}},
		},
	}
}

type figureView struct {
	Figure string    `json:"figure" required:"true"`
	Group  string    `json:"group" required:"true"`
	Name   string    `json:"name" required:"true"`
	N      int64     `json:"n" required:"true"`
	Unit   string    `json:"unit" required:"true" description:"单位不同的数字不相加"`
	Fen    model.Fen `json:"fen" required:"true" description:"没有金额的为 0"`
}

type enforcementFigures struct {
	From    model.Date   `json:"from" required:"true"`
	Until   model.Date   `json:"until" required:"true"`
	Figures []figureView `json:"figures" required:"true"`
}

func (s *API) enforcementFigures(c *gin.Context) error {
	from, until, err := days(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Statistics.Enforcement(c.Request.Context(), web.Actor(c), from, until)
	if err != nil {
		return err
	}
	out := enforcementFigures{From: from, Until: until, Figures: []figureView{}}
	for _, f := range list {
		out.Figures = append(out.Figures, figureView{string(f.Figure), f.Group, f.Name, f.N, f.Unit, f.Fen})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

type figureQuery struct {
	periodQuery
	pageQuery
	Of string `query:"of" required:"true" description:"统计项的 figure"`
}

type figureLine struct {
	ID                int64     `json:"id" required:"true"`
	EnforcementCaseID int64     `json:"enforcement_case_id" required:"true"`
	CaseNo            string    `json:"case_no" required:"true"`
	Officer           string    `json:"officer" required:"true"`
	Subject           string    `json:"subject" required:"true" description:"所涉的人，或者付款人"`
	Fen               model.Fen `json:"fen" required:"true"`
}

type figureLines struct {
	Lines []figureLine `json:"lines" required:"true"`
	Next  int64        `json:"next" required:"true"`
}

func (s *API) enforcementFigureLines(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.EnforcementCountFilter{Figure: model.EnforcementFigure(c.Query("of")), After: after, Limit: limit}
	if f.From, f.Until, err = days(c); err != nil {
		return err
	}
	list, err := s.svc.Statistics.EnforcementLines(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := figureLines{Lines: []figureLine{}}
	for _, l := range list {
		out.Lines = append(out.Lines, figureLine{l.ID, l.EnforcementCaseID, l.CaseNo, l.Officer, l.Subject, l.Fen})
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}
