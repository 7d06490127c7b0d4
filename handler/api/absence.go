package api

import (
	"context"
	"net/http"

	"microcourt/model"
	"microcourt/service/absence"
)

func (s *API) absenceRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/absences", Act: model.ActAbsence, Summary: "未结束的离岗代理：本人的和由本人代理的；院领导、管理员看全院",
			Do: do(s.listAbsences),
		},
		{
			Method: http.MethodPost, Path: "/absences", Act: model.ActAbsence, Summary: "登记离岗代理：期间代理人收到并办理对话、家属联系申请、悔过书和申请",
			Status: http.StatusCreated, Do: do(s.addAbsence), Reasons: []Reason{
				{model.Invalid, "absence.officer"},
				{model.Invalid, "absence.substitute"},
				{model.Invalid, "absence.self"},
				{model.Invalid, "absence.days"},
				{model.Invalid, "absence.too_long"},
				{model.Invalid, "reason.required"},
				{model.Conflict, "absence.overlaps"},
				{model.Conflict, "absence.substitute_away"},
			},
		},
		{
			Method: http.MethodPost, Path: "/absences/:id/end", Act: model.ActAbsence, Summary: "提前结束离岗代理",
			Do: do(s.endAbsence), Reasons: []Reason{{model.NotFound, "absence.not_found"}},
		},
	}
}

type newAbsence struct {
	Officer    string     `json:"officer,omitempty" description:"离岗人的登录名；本人离岗不填"`
	Substitute string     `json:"substitute" required:"true" description:"代理人的登录名：本院的执行法官"`
	FromOn     model.Date `json:"from_on" required:"true"`
	ToOn       model.Date `json:"to_on" required:"true" description:"含当日，最长 90 天"`
	Reason     string     `json:"reason" required:"true" description:"事由，不超过 100 字"`
}

type absenceView struct {
	ID         int64      `json:"id" required:"true"`
	Officer    string     `json:"officer" required:"true"`
	Substitute string     `json:"substitute" required:"true"`
	FromOn     model.Date `json:"from_on" required:"true"`
	ToOn       model.Date `json:"to_on" required:"true"`
	Reason     string     `json:"reason" required:"true"`
	Running    bool       `json:"running" required:"true" description:"今天是否由代理人代理"`
	Over       bool       `json:"over" required:"true"`
}

type absenceList struct {
	Absences []absenceView `json:"absences" required:"true"`
}

func viewAbsence(l model.AbsenceLine, today model.Date) absenceView {
	return absenceView{
		ID: l.ID, Officer: l.Name, Substitute: l.Substitute, FromOn: l.FromOn, ToOn: l.ToOn, Reason: l.Reason, Running: l.Runs(today), Over: l.Over(today),
	}
}

func (s *API) listAbsences(ctx context.Context, by model.Actor, _ nothing) (absenceList, error) {
	list, err := s.svc.Absence.List(ctx, by)
	return absenceList{Absences: each(list, func(l model.AbsenceLine) absenceView { return viewAbsence(l, s.today()) })}, err
}

func (s *API) addAbsence(ctx context.Context, by model.Actor, in newAbsence) (absenceView, error) {
	return s.absenceAfter(s.svc.Absence.Add(ctx, by, absence.Away{
		Officer: in.Officer, Substitute: in.Substitute, FromOn: in.FromOn, ToOn: in.ToOn, Reason: in.Reason,
	}))
}

func (s *API) endAbsence(ctx context.Context, by model.Actor, in idPath) (absenceView, error) {
	return s.absenceAfter(s.svc.Absence.End(ctx, by, in.ID))
}

// absenceAfter is an absence as it is after an act, unless err says why the act
// was not done.
func (s *API) absenceAfter(l *model.AbsenceLine, err error) (absenceView, error) {
	if err != nil {
		return absenceView{}, err
	}
	return viewAbsence(*l, s.today()), nil
}

func (s *API) today() model.Date { return model.DateOf(s.cfg.Now()) }
