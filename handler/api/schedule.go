package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/schedule"
)

func (s *API) scheduleRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}}
	write := []Reason{{model.Invalid, "reason.required"}}
	onCase := slices.Concat(write, notFound)
	onStep := slices.Concat(write, []Reason{{model.NotFound, "step.not_found"}, {model.Conflict, "step.done"}})
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/schedule", Act: model.ActScheduleRead, Summary: "督促时间表：已发送和待发送的通知",
			Reasons: notFound, Do: do(s.readSchedule),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/pause", ID: "pauseSchedule", Act: model.ActScheduleManage, Summary: "暂停督促", Reasons: onCase, Do: do(s.manageSchedule(model.SchedulePause)),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/resume", ID: "resumeSchedule", Act: model.ActScheduleManage, Summary: "恢复督促（暂停或停止之后）",
			Reasons: onCase, Do: do(s.manageSchedule(model.ScheduleResume)),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/schedule/stop", Act: model.ActScheduleManage, Summary: "停止督促（和解、上诉等）",
			Do:      do(s.stopSchedule),
			Reasons: append(onCase, Reason{model.Invalid, "schedule.ground"}),
		},
		{
			Method: http.MethodPost, Path: "/schedule/steps/:id/skip", ID: "skipStep", Act: model.ActScheduleManage, Summary: "跳过一项通知", Reasons: onStep, Do: do(s.manageStep(model.ScheduleSkip)),
		},
		{
			Method: http.MethodPost, Path: "/schedule/steps/:id/send", ID: "sendStep", Act: model.ActScheduleManage, Summary: "立即发送一项通知", Do: do(s.manageStep(model.ScheduleSend)), Reasons: append(onStep, Reason{model.Conflict, "step.early"}, Reason{model.Conflict, "receipt.import_pending"}),
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
	Kind      string     `json:"kind" required:"true" enum:"case.filed,case.instrument,receipt.received,receipt.returned,receipt.confirmed,receipt.corrected,obligee.asked,certificate.issued,certificate.revoked,certificate.applied,receipt.submitted,receipt.disputed,promise.made,case.handed_over,creditor.sheet,due.soon,demand.first,demand.second,message.asked,message.replied,relative.asked,relative.invited,relative.decided,relative.replied,relative.receipt,petition.made,petition.answered,relative.petition,call.asked,call.answered,relative.call,absence,message.late,judge.digest,enforcement.assigned,enforcement.filed,enforcement.notice,enforcement.warning,enforcement.performed,enforcement.closed,task.late,picture.hidden,duty.opened,duty.reminder,duty.unreachable,duty.reported,duty.decided,prison_letter.registered,prison_letter.due,query.addressed,query.answered,query.requested,query.decided,assistance,assistance.reply,settlement.recorded,settlement.breached,settlement.performed,settlement.resumed,release.proposed,release.decided,release.answered,repair.applied,repair.decided,measure.decided,measure.lifted,spending.asked,spending.decided,measure.reviewed,measure.proposed,measure.answered,measure.review_asked,clean_up.opened,clean_up.changed"`
	Days      int        `json:"days" required:"true" description:"相对履行期限的天数，负数为期前"`
	DueOn     model.Date `json:"due_on" required:"true"`
	At        time.Time  `json:"at" required:"true"`
	State     string     `json:"state" required:"true" enum:"planned,paused,sent,skipped,stopped,missed"`
	StateText string     `json:"state_text" required:"true"`
	Reason    string     `json:"reason" required:"true"`
	NoticeID  int64      `json:"notice_id" required:"true"`
}

type scheduleActView struct {
	Kind   string    `json:"kind" required:"true" enum:"pause,resume,stop,skip,send"`
	StepID int64     `json:"step_id" required:"true"`
	Ground string    `json:"ground" required:"true" enum:",settlement,appeal,other"`
	Reason string    `json:"reason" required:"true"`
	At     time.Time `json:"at" required:"true"`
}

type scheduleRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Reason string `json:"reason" required:"true"`
}

type stopRequest struct {
	scheduleRequest
	Ground string `json:"ground" required:"true" enum:"settlement,appeal,other" description:"settlement 和解、appeal 上诉或再审、other 其他"`
}

type stepRequest struct{ scheduleRequest }

func (s *API) readSchedule(ctx context.Context, by model.Actor, in idPath) (timelineView, error) {
	t, err := s.svc.Schedule.Timeline(ctx, by, in.ID)
	if err != nil {
		return timelineView{}, err
	}
	return timelineView{
		Standing: map[model.ScheduleActKind]string{
			model.ScheduleResume: "running", model.SchedulePause: "paused", model.ScheduleStop: "stopped",
		}[t.Standing],
		Steps: each(t.Steps, func(st model.Step) stepView {
			return stepView{
				ID: st.ID, PartyID: st.PartyID, Kind: string(st.Kind), Days: st.Days, DueOn: st.DueOn, At: st.At, State: string(st.State),
				StateText: st.State.Chinese(), Reason: st.Reason, NoticeID: st.NoticeID,
			}
		}),
		Acts: each(t.Acts, func(a model.ScheduleAct) scheduleActView {
			return scheduleActView{Kind: string(a.Kind), StepID: a.StepID, Ground: string(a.Ground), Reason: a.Reason, At: a.CreatedAt}
		}),
	}, nil
}

func (s *API) manageSchedule(kind model.ScheduleActKind) func(context.Context, model.Actor, scheduleRequest) (nothing, error) {
	return func(ctx context.Context, by model.Actor, in scheduleRequest) (nothing, error) {
		return nothing{}, s.svc.Schedule.Do(ctx, by, schedule.Act{Kind: kind, CaseID: in.ID, Reason: in.Reason, IdemKey: in.Key})
	}
}

func (s *API) stopSchedule(ctx context.Context, by model.Actor, in stopRequest) (nothing, error) {
	return nothing{}, s.svc.Schedule.Do(ctx, by, schedule.Act{
		Kind: model.ScheduleStop, CaseID: in.ID, Reason: in.Reason, Ground: model.StopGround(in.Ground), IdemKey: in.Key,
	})
}

func (s *API) manageStep(kind model.ScheduleActKind) func(context.Context, model.Actor, stepRequest) (nothing, error) {
	return func(ctx context.Context, by model.Actor, in stepRequest) (nothing, error) {
		return nothing{}, s.svc.Schedule.Do(ctx, by, schedule.Act{Kind: kind, StepID: in.ID, Reason: in.Reason, IdemKey: in.Key})
	}
}
