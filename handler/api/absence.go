package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/absence"
)

func (s *API) absenceRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/absences", Act: model.ActAbsence, Summary: "未结束的离岗代理：本人的和由本人代理的；院领导、管理员看全院",
			Output: absenceList{}, Handle: s.listAbsences,
		},
		{
			Method: http.MethodPost, Path: "/absences", Act: model.ActAbsence, Summary: "登记离岗代理：期间代理人收到并办理对话、家属联系申请、悔过书和申请", Input: newAbsence{},
			Output: absenceView{}, Status: http.StatusCreated, Handle: s.addAbsence, Reasons: []Reason{
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
			Method: http.MethodPost, Path: "/absences/:id/end", Act: model.ActAbsence, Summary: "提前结束离岗代理", Input: absencePath{},
			Output: absenceView{}, Handle: s.endAbsence, Reasons: []Reason{{model.NotFound, "absence.not_found"}, {model.NotFound, "path.not_found"}},
		},
	}
}

type absencePath struct {
	ID int64 `path:"id" json:"-"`
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

func (s *API) listAbsences(c *gin.Context) error {
	list, err := s.svc.Absence.List(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	out := absenceList{Absences: []absenceView{}}
	for _, l := range list {
		out.Absences = append(out.Absences, viewAbsence(l, s.today()))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) addAbsence(c *gin.Context) error {
	var req newAbsence
	if err := bind(c, &req); err != nil {
		return err
	}
	l, err := s.svc.Absence.Add(c.Request.Context(), web.Actor(c), absence.Away{
		Officer: req.Officer, Substitute: req.Substitute, FromOn: req.FromOn, ToOn: req.ToOn, Reason: req.Reason,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewAbsence(*l, s.today()))
	return nil
}

func (s *API) endAbsence(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	l, err := s.svc.Absence.End(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAbsence(*l, s.today()))
	return nil
}
