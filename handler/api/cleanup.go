package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
)

// cleanUpRoutes are about what is lifted after payment.
func (s *API) cleanUpRoutes() []Route {
	changed := []Reason{{model.NotFound, "clean_up.not_found"}, {model.Conflict, "clean_up.changed"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/clean-up", For: Phone, Act: model.ActCleanUpRead, Summary: "履行后清理：解除各项措施的进展和期限（当事人只看到自己的）",
			Do: do(s.caseCleanUps), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/clean-ups", Act: model.ActMeasureRead, Summary: "进行中的履行后清理（执行法官看到自己的）",
			Do: do(s.listCleanUps),
		},
		{
			Method: http.MethodPost, Path: "/clean-ups/:id/hold", Act: model.ActCleanUpDo, Summary: "因尚欠迟延履行利息暂缓清理",
			Do: do(s.holdCleanUp), Reasons: append(changed, Reason{model.Invalid, "reason.required"}, Reason{model.Conflict, "clean_up.no_interest"}),
		},
		{
			Method: http.MethodPost, Path: "/clean-ups/:id/resume", Act: model.ActCleanUpDo, Summary: "恢复清理（期限重新计算）",
			Do: do(s.resumeCleanUp), Reasons: changed,
		},
		{
			Method: http.MethodPost, Path: "/clean-up-steps/:id/done", Act: model.ActCleanUpDo, Summary: "办结一项清理：解除措施或者撤下张榜；须院长决定的转为提请",
			Do: do(s.finishStep), Reasons: []Reason{
				{model.NotFound, "task.not_found"},
				{model.Conflict, "task.changed"},
				{model.Conflict, "task.order"},
				{model.Conflict, "lift.asked"},
				{model.Invalid, "lift.proof"},
				{model.Invalid, "poster.photo"},
				{model.Invalid, "file.unknown"},
			},
		},
	}
}

type cleanUpQuery struct {
	Late bool `query:"late" json:"-" description:"只看有超期事项的"`
	pageQuery
}

type stepDone struct {
	ID      int64  `path:"id" json:"-"`
	Proof   string `json:"proof" required:"true" description:"外部系统的回执或者办理经过"`
	FileID  int64  `json:"file_id,omitempty" description:"扫描件；撤下张榜须有照片"`
	Version int64  `json:"version" required:"true"`
}

type cleanUpStep struct {
	ID        int64      `json:"id" required:"true"`
	Measure   string     `json:"measure" required:"true" enum:",listing,consumption,tracing,exit_ban,detention,fine"`
	Title     string     `json:"title" required:"true"`
	Order     int        `json:"order" required:"true" description:"次序，前一项办结后才能办后一项"`
	State     string     `json:"state" required:"true" enum:"open,done,cancelled"`
	StateName string     `json:"state_name" required:"true"`
	Waiting   bool       `json:"waiting" required:"true" description:"等待院领导决定"`
	DueAt     time.Time  `json:"due_at" required:"true"`
	DueReason string     `json:"due_reason" required:"true" description:"期限怎样计算"`
	Late      bool       `json:"late" required:"true"`
	DoneAt    *time.Time `json:"done_at" required:"true" nullable:"true"`
	Result    string     `json:"result" required:"true" description:"仅法院工作人员可见"`
	Version   int64      `json:"version" required:"true"`
}

type cleanUpView struct {
	ID          int64         `json:"id" required:"true"`
	CaseNo      string        `json:"case_no" required:"true"`
	Debtor      string        `json:"debtor" required:"true"`
	Cause       string        `json:"cause" required:"true"`
	State       string        `json:"state" required:"true" enum:"open,held,done,cancelled"`
	StateName   string        `json:"state_name" required:"true"`
	OpenedAt    time.Time     `json:"opened_at" required:"true"`
	InterestFen model.Fen     `json:"interest_fen" required:"true" description:"系统计算的迟延履行利息（加倍部分）"`
	HoldReason  string        `json:"hold_reason" required:"true"`
	CloseReason string        `json:"close_reason" required:"true"`
	Lifted      []string      `json:"lifted" required:"true" description:"履行被更正时，已经解除、待执行法官决定的措施"`
	Steps       []cleanUpStep `json:"steps" required:"true"`
	Version     int64         `json:"version" required:"true"`
}

type cleanUpList struct {
	CleanUps []cleanUpView `json:"clean_ups" required:"true"`
}

type cleanUpState struct {
	ID          int64     `json:"id" required:"true"`
	State       string    `json:"state" required:"true" enum:"open,held,done,cancelled"`
	InterestFen model.Fen `json:"interest_fen" required:"true"`
	HoldReason  string    `json:"hold_reason" required:"true"`
	Version     int64     `json:"version" required:"true"`
}

type cleanUpLine struct {
	ID                int64      `json:"id" required:"true"`
	CaseID            int64      `json:"case_id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	CaseNo            string     `json:"case_no" required:"true"`
	Debtor            string     `json:"debtor" required:"true"`
	Officer           string     `json:"officer" required:"true"`
	State             string     `json:"state" required:"true" enum:"open,held,done,cancelled"`
	HoldReason        string     `json:"hold_reason" required:"true"`
	InterestFen       model.Fen  `json:"interest_fen" required:"true"`
	Open              int        `json:"open" required:"true"`
	Late              int        `json:"late" required:"true"`
	NextDue           *time.Time `json:"next_due" required:"true" nullable:"true"`
}

type cleanUpLines struct {
	CleanUps []cleanUpLine `json:"clean_ups" required:"true"`
	Next     int64         `json:"next" required:"true"`
}

// viewCleanUp shows a clean-up. A debtor sees what and by when, not how the
// court carries it out, and nobody's name but his own.
func (s *API) viewCleanUp(v enforcement.CleanUpView, staff bool) cleanUpView {
	out := cleanUpView{
		ID: v.ID, CaseNo: v.CaseNo, Debtor: v.Debtor, Cause: v.Cause.Chinese(), State: string(v.State), StateName: v.State.Chinese(), OpenedAt: v.OpenedAt.UTC(), InterestFen: v.InterestFen,
		HoldReason: v.HoldReason, CloseReason: v.CloseReason, Lifted: []string{}, Steps: []cleanUpStep{}, Version: v.Version,
	}
	if staff {
		out.Lifted = append(out.Lifted, v.Lifted...)
	}
	for _, t := range v.Steps {
		st := cleanUpStep{
			ID: t.ID, Measure: string(t.Measure), Title: t.Title, Order: t.Seq, State: string(t.State), StateName: t.State.Chinese(), Waiting: t.Asked && t.State == model.TaskOpen,
			DueAt: t.DueAt.UTC(), DueReason: t.DueReason, Late: t.Late(s.cfg.Now()), DoneAt: t.DoneAt, Result: t.Result, Version: t.Version,
		}
		if !staff {
			st.Title, st.Result = t.ForDebtor(), ""
		}
		out.Steps = append(out.Steps, st)
	}
	return out
}

func (s *API) caseCleanUps(ctx context.Context, by model.Actor, in idPath) (cleanUpList, error) {
	list, err := s.svc.Enforcement.CleanUps(ctx, by, in.ID)
	return cleanUpList{CleanUps: each(list, func(v enforcement.CleanUpView) cleanUpView { return s.viewCleanUp(v, !by.IsParty()) })}, err
}

func (s *API) listCleanUps(ctx context.Context, by model.Actor, in cleanUpQuery) (cleanUpLines, error) {
	list, err := s.svc.Enforcement.RunningCleanUps(ctx, by, model.CleanUpFilter{Late: in.Late, Before: in.After, Limit: in.Limit})
	return cleanUpLines{
		CleanUps: each(list, viewCleanUpLine), Next: next(list, in.Limit, func(l model.CleanUpLine) int64 { return l.ID }),
	}, err
}

func viewCleanUpLine(l model.CleanUpLine) cleanUpLine {
	v := cleanUpLine{
		ID: l.ID, CaseID: l.CaseID, EnforcementCaseID: l.EnforcementCaseID, CaseNo: l.CaseNo, Debtor: l.Debtor, Officer: l.Officer, State: string(l.State), HoldReason: l.HoldReason,
		InterestFen: l.InterestFen, Open: l.Open, Late: l.Late,
	}
	if !l.NextDue.IsZero() {
		at := l.NextDue.UTC()
		v.NextDue = &at
	}
	return v
}

// cleanUpAfter is a clean-up as it is after an act, unless err says why the act
// was not done.
func cleanUpAfter(c *model.CleanUp, err error) (cleanUpState, error) {
	if err != nil {
		return cleanUpState{}, err
	}
	return cleanUpState{ID: c.ID, State: string(c.State), InterestFen: c.InterestFen, HoldReason: c.HoldReason, Version: c.Version}, nil
}

func (s *API) holdCleanUp(ctx context.Context, by model.Actor, in versionReason) (cleanUpState, error) {
	return cleanUpAfter(s.svc.Enforcement.HoldCleanUp(ctx, by, in.ID, in.Version, in.Reason))
}

func (s *API) resumeCleanUp(ctx context.Context, by model.Actor, in versionOnly) (cleanUpState, error) {
	return cleanUpAfter(s.svc.Enforcement.ResumeCleanUp(ctx, by, in.ID, in.Version))
}

func (s *API) finishStep(ctx context.Context, by model.Actor, in stepDone) (taskView, error) {
	t, err := s.svc.Enforcement.FinishCleanUpStep(ctx, by, enforcement.Step{TaskID: in.ID, Version: in.Version, Proof: in.Proof, FileID: in.FileID})
	if err != nil {
		return taskView{}, err
	}
	return s.viewTask(*t), nil
}
