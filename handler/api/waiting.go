package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
)

// waitingRoutes are about what somebody applied for and waits for.
func (s *API) waitingRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: "/cases/:id/applications", For: Phone | PhoneStaff, Act: model.ActCaseRead, Do: do(s.listWaiting),
		Summary: "本案等待决定的申请：何时提出、由谁决定、最迟何时决定（当事人看到自己一方的）", Reasons: []Reason{{model.NotFound, "case.not_found"}},
	}}
}

type waitingView struct {
	Kind     string     `json:"kind" required:"true" enum:"certificate,repair,spending,review,petition,wish,forgiveness"`
	KindName string     `json:"kind_name" required:"true"`
	ID       int64      `json:"id" required:"true"`
	PartyID  int64      `json:"party_id" required:"true"`
	What     string     `json:"what" required:"true" description:"申请的内容"`
	State    string     `json:"state_text" required:"true"`
	Since    time.Time  `json:"since" required:"true" description:"提出的时间"`
	Decides  string     `json:"decides" required:"true" description:"由谁决定"`
	DueOn    model.Date `json:"due_on" required:"true" description:"最迟决定的日期；没有规定的为空"`
}

type waitingList struct {
	Applications []waitingView `json:"applications" required:"true"`
}

func (s *API) listWaiting(ctx context.Context, by model.Actor, in idPath) (waitingList, error) {
	list, err := s.svc.Filing.Waiting(ctx, by, in.ID)
	return waitingList{Applications: each(list, func(w model.Waiting) waitingView {
		return waitingView{
			Kind: string(w.Kind), KindName: w.Kind.Chinese(), ID: w.ID, PartyID: w.PartyID, What: w.What, State: w.State, Since: w.Since, Decides: w.Decides, DueOn: w.DueOn,
		}
	})}, err
}
