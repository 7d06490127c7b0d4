package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/schedule"
)

func (s *API) scheduleRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	write := []Reason{{model.Invalid, "reason.required"}, {model.Invalid, "idempotency.required"}}
	onCase := slices.Concat(write, notFound)
	onStep := slices.Concat(write, []Reason{{model.NotFound, "step.not_found"}, {model.NotFound, "path.not_found"}, {model.Conflict, "step.done"}})
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/schedule", Act: model.ActScheduleRead, Summary: "督促时间表：已发送和待发送的通知",
			Input: casePath{}, Output: timelineView{}, Reasons: notFound, Handle: s.readSchedule,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/pause", Act: model.ActScheduleManage, Summary: "暂停督促", Input: scheduleRequest{},
			Status: http.StatusNoContent, Reasons: onCase, Handle: s.manageSchedule(model.SchedulePause),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/resume", Act: model.ActScheduleManage, Summary: "恢复督促（暂停或停止之后）",
			Input: scheduleRequest{}, Status: http.StatusNoContent, Reasons: onCase, Handle: s.manageSchedule(model.ScheduleResume),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/stop", Act: model.ActScheduleManage, Summary: "停止督促（和解、上诉等）",
			Input: stopRequest{}, Status: http.StatusNoContent, Handle: s.manageSchedule(model.ScheduleStop),
			Reasons: append(onCase, Reason{model.Invalid, "schedule.ground"}),
		},
		{
			Method: http.MethodPost, Path: "/schedule/steps/:id/skip", Act: model.ActScheduleManage, Summary: "跳过一项通知", Input: stepRequest{},
			Status: http.StatusNoContent, Reasons: onStep, Handle: s.manageStep(model.ScheduleSkip),
		},
		{
			Method: http.MethodPost, Path: "/schedule/steps/:id/send", Act: model.ActScheduleManage, Summary: "立即发送一项通知", Input: stepRequest{},
			Status: http.StatusNoContent, Handle: s.manageStep(model.ScheduleSend), Reasons: append(onStep, Reason{model.Conflict, "step.early"}, Reason{model.Conflict, "receipt.import_pending"}),
		},
	}
}

type timelineView struct {
	Standing string            `json:"standing" required:"true" description:"running 进行中、paused 已暂停、stopped 已停止"`
	Steps    []stepView        `json:"steps" required:"true"`
	Acts     []scheduleActView `json:"acts" required:"true" description:"承办法官的操作，旧的在前"`
}

type stepView struct {
	ID        int64      `json:"id" required:"true"`
	PartyID   int64      `json:"party_id" required:"true"`
	Kind      string     `json:"kind" required:"true"`
	Days      int        `json:"days" required:"true" description:"相对履行期限的天数，负数为期前"`
	DueOn     model.Date `json:"due_on" required:"true"`
	At        time.Time  `json:"at" required:"true"`
	State     string     `json:"state" required:"true"`
	StateText string     `json:"state_text" required:"true"`
	Reason    string     `json:"reason" required:"true"`
	NoticeID  int64      `json:"notice_id" required:"true"`
}

type scheduleActView struct {
	Kind   string    `json:"kind" required:"true"`
	StepID int64     `json:"step_id" required:"true"`
	Ground string    `json:"ground" required:"true"`
	Reason string    `json:"reason" required:"true"`
	At     time.Time `json:"at" required:"true"`
}

type scheduleRequest struct {
	ID     int64  `path:"id" json:"-"`
	Key    string `header:"Idempotency-Key" json:"-" required:"true"`
	Reason string `json:"reason" required:"true"`
}

type stopRequest struct {
	scheduleRequest
	Ground string `json:"ground" required:"true" enum:"settlement,appeal,other" description:"settlement 和解、appeal 上诉或再审、other 其他"`
}

type stepRequest struct{ scheduleRequest }

func (s *API) readSchedule(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	t, err := s.svc.Schedule.Timeline(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	v := timelineView{Steps: []stepView{}, Acts: []scheduleActView{}, Standing: map[model.ScheduleActKind]string{
		model.ScheduleResume: "running", model.SchedulePause: "paused", model.ScheduleStop: "stopped",
	}[t.Standing]}
	for _, st := range t.Steps {
		v.Steps = append(v.Steps, stepView{
			ID: st.ID, PartyID: st.PartyID, Kind: string(st.Kind), Days: st.Days, DueOn: st.DueOn, At: st.At, State: string(st.State),
			StateText: st.State.Chinese(), Reason: st.Reason, NoticeID: st.NoticeID,
		})
	}
	for _, a := range t.Acts {
		v.Acts = append(v.Acts, scheduleActView{Kind: string(a.Kind), StepID: a.StepID, Ground: string(a.Ground), Reason: a.Reason, At: a.CreatedAt})
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *API) manageSchedule(kind model.ScheduleActKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		return s.doSchedule(c, kind, func(a *schedule.Act, n int64) { a.CaseID = n })
	}
}

func (s *API) manageStep(kind model.ScheduleActKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		return s.doSchedule(c, kind, func(a *schedule.Act, n int64) { a.StepID = n })
	}
}

func (s *API) doSchedule(c *gin.Context, kind model.ScheduleActKind, name func(*schedule.Act, int64)) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	act := schedule.Act{Kind: kind, IdemKey: key}
	name(&act, n)
	if kind == model.ScheduleStop {
		var req stopRequest
		if err := bind(c, &req); err != nil {
			return err
		}
		act.Reason, act.Ground = req.Reason, model.StopGround(req.Ground)
	} else {
		var req scheduleRequest
		if err := bind(c, &req); err != nil {
			return err
		}
		act.Reason = req.Reason
	}
	if err := s.svc.Schedule.Do(c.Request.Context(), web.Actor(c), act); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
