package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
)

// understandingRoutes are how a creditor says by himself that he forgives the debtor as a
// person: what it does is read first.
func (s *API) understandingRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/understandings", For: Phone, Act: model.ActUnderstand, Reasons: notFound, Do: do(s.forgivers),
			Summary: "权利人：可以为谁表示谅解，以及表示前须阅读的说明（谅解不免除债务）",
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/understandings", For: Phone, Act: model.ActUnderstand, Status: http.StatusCreated, Do: do(s.understand),
			Summary: "权利人本人表示谅解：原样交回所阅读的说明；不能在小程序中撤回", Reasons: append(notFound,
				Reason{model.Invalid, "understanding.not_creditor"}, Reason{model.Invalid, "understanding.authority"}, Reason{model.Invalid, "understanding.effect"},
				Reason{model.Invalid, "party.ambiguous"}, Reason{model.Conflict, "understanding.given"}),
		},
	}
}

type forgiverView struct {
	PartyID   int64    `json:"party_id" required:"true" description:"表示谅解的权利人"`
	PartyName string   `json:"party_name" required:"true"`
	Debtors   []string `json:"debtors" required:"true" description:"谅解谁"`
	Effect    string   `json:"effect" required:"true" description:"表示前须阅读的说明：谅解有什么作用、没有什么作用"`
	Given     string   `json:"given" required:"true" description:"已经表示的谅解，没有的为空"`
}

type forgiverList struct {
	Forgivers []forgiverView `json:"forgivers" required:"true" description:"本人或者所代理的权利人"`
}

type newUnderstanding struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64  `json:"party_id,omitempty" description:"为哪名权利人表示；只代理一名时可不填"`
	Effect  string `json:"effect" required:"true" description:"所阅读的说明，原样交回"`
	Words   string `json:"words,omitempty" description:"本人的话，可不填，不超过 500 字"`
}

type understandingView struct {
	ID      int64     `json:"id" required:"true"`
	PartyID int64     `json:"party_id" required:"true" description:"表示谅解的权利人"`
	At      time.Time `json:"at" required:"true"`
}

func (s *API) forgivers(ctx context.Context, by model.Actor, in idPath) (forgiverList, error) {
	list, err := s.svc.Filing.Forgivers(ctx, by, in.ID)
	return forgiverList{each(list, func(f filing.Forgiver) forgiverView {
		v := forgiverView{PartyID: f.Party.ID, PartyName: f.Party.Name, Debtors: f.Debtors, Effect: f.Effect}
		if f.Given != nil {
			v.Given = f.Given.Words()
		}
		return v
	})}, err
}

func (s *API) understand(ctx context.Context, by model.Actor, in newUnderstanding) (understandingView, error) {
	c, err := s.svc.Filing.Forgive(ctx, by, filing.Forgiving{CaseID: in.ID, PartyID: in.PartyID, Read: in.Effect, Words: in.Words, Key: in.Key})
	if err != nil {
		return understandingView{}, err
	}
	return understandingView{c.ID, c.PartyID, c.HappenedAt}, nil
}
