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
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/clean-up", For: Phone, Act: model.ActCleanUpRead, Summary: "履行后清理：解除各项措施的进展和期限（当事人只看到自己的）",
			Do: do(s.caseCleanUps), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
	}
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
