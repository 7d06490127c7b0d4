package api

import (
	"context"
	"net/http"

	"microcourt/model"
)

func (s *API) statisticsRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/statistics/enforcement", Act: model.ActOverview, Summary: "一段期间的执行情况：案件、到位、措施、解除、和解、查控",
			Do:      do(s.enforcementFigures),
			Reasons: []Reason{{model.Invalid, "period.format"}},
		},
		{
			Method: http.MethodGet, Path: "/statistics/enforcement/lines", Act: model.ActOverview, Summary: "执行统计数字背后的案件和人员",
			Do:      do(s.enforcementFigureLines),
			Reasons: []Reason{{model.Invalid, "period.format"}},
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

func (s *API) enforcementFigures(ctx context.Context, by model.Actor, in periodQuery) (enforcementFigures, error) {
	list, err := s.svc.Statistics.Enforcement(ctx, by, in.From, in.Until)
	return enforcementFigures{From: in.From, Until: in.Until, Figures: each(list, func(f model.EnforcementCount) figureView {
		return figureView{string(f.Figure), f.Group, f.Name, f.N, f.Unit, f.Fen}
	})}, err
}

type figureQuery struct {
	periodQuery
	pageQuery
	Of string `query:"of" json:"-" required:"true" description:"统计项的 figure"`
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

func (s *API) enforcementFigureLines(ctx context.Context, by model.Actor, in figureQuery) (figureLines, error) {
	list, err := s.svc.Statistics.EnforcementLines(ctx, by, model.EnforcementCountFilter{
		Figure: model.EnforcementFigure(in.Of), From: in.From, Until: in.Until, After: in.After, Limit: in.Limit,
	})
	return figureLines{
		Lines: each(list, func(l model.EnforcementCountLine) figureLine {
			return figureLine{l.ID, l.EnforcementCaseID, l.CaseNo, l.Officer, l.Subject, l.Fen}
		}),
		Next: next(list, in.Limit, func(l model.EnforcementCountLine) int64 { return l.ID }),
	}, err
}
