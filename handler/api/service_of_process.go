package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
)

// serviceOfProcessRoutes are about the service of papers (送达): consent, and paper
// instead.
func (s *API) serviceOfProcessRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}}
	onNotice := []Reason{{model.NotFound, "notice.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/consents", For: Phone, Act: model.ActCaseRead, Summary: "电子送达的同意与撤回",
			Reasons: onCase, Do: do(s.listConsents),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/consents", For: Phone, Act: model.ActConsent, Summary: "同意电子送达，或者撤回同意",
			Do: do(s.recordConsent), Reasons: slices.Concat(onCase, []Reason{
				{model.Invalid, "consent.act"},
				{model.Invalid, "consent.how"},
				{model.Invalid, "party.unknown"},
				{model.Invalid, "text.too_long"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/notices/:id/paper", For: Phone, Act: model.ActPaperRequest, Summary: "申请纸质文书",
			Reasons: onNotice, Do: do(s.requestPaper),
		},
		{
			Method: http.MethodGet, Path: "/verify/messages", For: Public, Act: model.ActPublic, Summary: "核验短信或微信消息是否由法院发出",
			Limit: web.LimitVerify, Reasons: []Reason{{model.Invalid, "check.format"}}, Do: do(s.checkMessage),
		},
	}
}

type consentRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64  `json:"party_id" required:"true"`
	Act     string `json:"act" required:"true" enum:"given,withdrawn" description:"given 同意、withdrawn 撤回"`
	How     string `json:"how,omitempty" enum:"paper,oral" description:"由书记员记录时填写：paper 书面、oral 口头"`
	Note    string `json:"note,omitempty"`
}

type consentView struct {
	PartyID int64     `json:"party_id" required:"true"`
	Act     string    `json:"act" required:"true" enum:"given,withdrawn"`
	How     string    `json:"how" required:"true" enum:",in_app,paper,oral"`
	HowText string    `json:"how_text" required:"true"`
	Note    string    `json:"note" required:"true"`
	At      time.Time `json:"at" required:"true"`
}

type consentList struct {
	Consents []consentView `json:"consents" required:"true"`
}

func (s *API) recordConsent(ctx context.Context, by model.Actor, in consentRequest) (nothing, error) {
	return nothing{}, s.svc.Notice.Consent(ctx, by, model.Consent{
		CaseID: in.ID, PartyID: in.PartyID, Act: model.ConsentAct(in.Act), How: model.ConsentHow(in.How), Note: in.Note, IdemKey: in.Key,
	})
}

func (s *API) listConsents(ctx context.Context, by model.Actor, in idPath) (consentList, error) {
	list, err := s.svc.Notice.Consents(ctx, by, in.ID)
	return consentList{Consents: each(list, func(x model.Consent) consentView {
		return consentView{PartyID: x.PartyID, Act: string(x.Act), How: string(x.How), HowText: x.How.Chinese(), Note: x.Note, At: x.CreatedAt}
	})}, err
}

func (s *API) requestPaper(ctx context.Context, by model.Actor, in idPath) (nothing, error) {
	return nothing{}, s.svc.Notice.RequestPaper(ctx, by, in.ID)
}

type checkQuery struct {
	Code string `query:"code" json:"-" required:"true" description:"消息上的 8 位核验码"`
}

type checkView struct {
	Known bool       `json:"known" required:"true"`
	Court string     `json:"court" required:"true"`
	Title string     `json:"title" required:"true" description:"消息的种类"`
	On    model.Date `json:"on" required:"true"`
}

func (s *API) checkMessage(ctx context.Context, _ model.Actor, in checkQuery) (checkView, error) {
	m, err := s.svc.Notice.Check(ctx, in.Code)
	if m == nil || err != nil {
		return checkView{}, err
	}
	return checkView{Known: true, Court: m.Court, Title: m.Title, On: m.On}, nil
}
