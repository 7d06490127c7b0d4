package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
)

// assetQueryRoutes are what a leader decides on his phone; officers ask, send and
// record answers at the desk.
func (s *API) assetQueryRoutes() []Route {
	onQuery := []Reason{{model.NotFound, "query.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/asset-queries", For: PhoneStaff, Act: model.ActQueryRead, Summary: "查询列表（新的在前）：执行法官本人案件的，院领导全院的",
			Do: do(s.listQueries),
		},
		{
			Method: http.MethodGet, Path: "/asset-queries/:id", For: PhoneStaff, Act: model.ActQueryRead, Summary: "一项查询及其答复（查看答复留痕）",
			Reasons: onQuery, Do: do(s.readQuery),
		},
		{
			Method: http.MethodPost, Path: "/asset-queries/:id/decide", For: PhoneStaff, Act: model.ActQueryApprove, Summary: "审批查询",
			Do: do(s.decideQuery),
			Reasons: append(slices.Clone(onQuery), Reason{model.Conflict, "query.state"}, Reason{model.Conflict, "query.changed"},
				Reason{model.Conflict, "query.own"}, Reason{model.Invalid, "reason.required"}),
		},
	}
}

type queryFilter struct {
	pageQuery
	EnforcementCaseID int64  `query:"enforcement_case_id" json:"-"`
	State             string `query:"state" json:"-" enum:",requested,approved,refused,sent,answered,cancelled"`
	Kind              string `query:"kind" json:"-" enum:",vehicle,real_estate,population,bank"`
}

type countFilter struct {
	From  model.Date `query:"from" json:"-" required:"true" description:"起始日期"`
	Until model.Date `query:"until" json:"-" required:"true" description:"终止日期（含）"`
}

type queryDecision struct {
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Approve bool   `json:"approve" required:"true"`
	Reason  string `json:"reason" description:"不同意的必须填写"`
}

type findingInput struct {
	What      string `json:"what" required:"true" description:"查到了什么，如车牌号、不动产坐落、账号"`
	Place     string `json:"place" description:"在哪里"`
	Value     string `json:"value" description:"价值、面积等文字说明"`
	AmountFen int64  `json:"amount_fen" description:"金额（分）"`
	Note      string `json:"note"`
}

type queryView struct {
	ID                int64      `json:"id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	CaseID            int64      `json:"case_id" required:"true"`
	PartyID           int64      `json:"party_id" required:"true"`
	Kind              string     `json:"kind" required:"true" enum:"vehicle,real_estate,population,bank"`
	KindText          string     `json:"kind_text" required:"true"`
	Purpose           string     `json:"purpose" required:"true"`
	Agency            string     `json:"agency" required:"true"`
	AgencyID          int64      `json:"agency_id" required:"true" description:"在其账号中答复的责任单位，0 为其他方式"`
	State             string     `json:"state" required:"true" enum:"requested,approved,refused,sent,answered,cancelled"`
	StateText         string     `json:"state_text" required:"true"`
	NeedsApproval     bool       `json:"needs_approval" required:"true"`
	Rule              string     `json:"rule" required:"true" description:"由谁决定，为什么"`
	Reason            string     `json:"reason" required:"true" description:"审批意见或撤销理由"`
	Reference         string     `json:"reference" required:"true" description:"协助单位的受理编号"`
	SentAt            *time.Time `json:"sent_at,omitempty"`
	DueOn             model.Date `json:"due_on" description:"答复期限"`
	AnsweredOn        model.Date `json:"answered_on"`
	Found             int        `json:"found" required:"true" description:"答复中的项数"`
	Version           int64      `json:"version" required:"true"`
	CreatedAt         time.Time  `json:"created_at" required:"true"`
}

type queryLine struct {
	queryView
	CaseNo  string `json:"case_no" required:"true"`
	Party   string `json:"party" required:"true"`
	Officer string `json:"officer" required:"true"`
}

type queryList struct {
	Queries []queryLine `json:"queries" required:"true"`
	Next    string      `json:"next" required:"true"`
}

type findingView struct {
	What      string `json:"what" required:"true"`
	Place     string `json:"place" required:"true"`
	Value     string `json:"value" required:"true"`
	AmountFen int64  `json:"amount_fen" required:"true"`
	Note      string `json:"note" required:"true"`
}

type queryDetail struct {
	queryView
	CaseNo     string        `json:"case_no" required:"true"`
	Party      string        `json:"party" required:"true"`
	AnswerNote string        `json:"answer_note" required:"true"`
	Findings   []findingView `json:"findings" required:"true"`
	Files      []fileView    `json:"files" required:"true"`
}

type letterView struct {
	Agency   string `json:"agency" required:"true"`
	Name     string `json:"name" required:"true"`
	IDNumber string `json:"id_number" required:"true"`
	Text     string `json:"text" required:"true"`
}

type queryCount struct {
	Kind     string `json:"kind" required:"true" enum:"vehicle,real_estate,population,bank"`
	KindText string `json:"kind_text" required:"true"`
	Sent     int64  `json:"sent" required:"true" description:"发出的件次"`
	Answered int64  `json:"answered" required:"true" description:"其中已答复"`
	Found    int64  `json:"found" required:"true" description:"其中查到的"`
}

type queryCounts struct {
	Counts []queryCount `json:"counts" required:"true"`
}

func viewQuery(q model.AssetQuery) queryView {
	reason := q.DecideReason
	if q.State == model.QueryCancelled {
		reason = q.CancelReason
	}
	return queryView{
		ID: q.ID, EnforcementCaseID: q.EnforcementCaseID, CaseID: q.CaseID, PartyID: q.PartyID, Kind: string(q.Kind), KindText: q.Kind.Chinese(),
		Purpose: q.Purpose, Agency: q.Agency, AgencyID: q.AgencyID, State: string(q.State), StateText: q.State.Chinese(), NeedsApproval: q.Kind.Rule().Approval,
		Rule: q.Kind.Rule().Why, Reason: reason, Reference: q.Reference, SentAt: q.SentAt, DueOn: q.DueOn, AnsweredOn: q.AnsweredOn, Found: q.Found,
		Version: q.Version, CreatedAt: q.CreatedAt,
	}
}

func (s *API) decideQuery(ctx context.Context, by model.Actor, in queryDecision) (queryView, error) {
	q, err := s.svc.AssetQuery.Decide(ctx, by, in.ID, in.Version, in.Approve, in.Reason)
	if err != nil {
		return queryView{}, err
	}
	return viewQuery(*q), nil
}

func (s *API) listQueries(ctx context.Context, by model.Actor, in queryFilter) (queryList, error) {
	list, err := s.svc.AssetQuery.Queries(ctx, by, model.AssetQueryFilter{
		EnforcementCaseID: in.EnforcementCaseID, State: model.QueryState(in.State), Kind: model.QueryKind(in.Kind), Before: in.After.ID, Limit: in.more(),
	})
	return queryList{
		Queries: each(cut(in.pageQuery, list), func(q model.AssetQueryLine) queryLine {
			return queryLine{queryView: viewQuery(q.AssetQuery), CaseNo: q.CaseNo, Party: q.Party, Officer: q.Officer}
		}),
		Next: next(in.pageQuery, list, func(q model.AssetQueryLine) int64 { return q.ID }),
	}, err
}

func viewFileList(list []model.File) []fileView { return each(list, viewFile) }

func (s *API) readQuery(ctx context.Context, by model.Actor, in idPath) (queryDetail, error) {
	d, err := s.svc.AssetQuery.Query(ctx, by, in.ID)
	if err != nil {
		return queryDetail{}, err
	}
	return queryDetail{
		queryView: viewQuery(d.Query), CaseNo: d.CaseNo, Party: d.Party, AnswerNote: d.Query.AnswerNote, Findings: each(d.Findings, viewFinding),
		Files: viewFileList(d.Files),
	}, nil
}

func viewCount(n model.QueryCount) queryCount {
	return queryCount{Kind: string(n.Kind), KindText: n.Kind.Chinese(), Sent: n.Sent, Answered: n.Answered, Found: n.Found}
}

func viewFinding(f model.AssetFinding) findingView {
	return findingView{What: f.What, Place: f.Place, Value: f.Value, AmountFen: int64(f.AmountFen), Note: f.Note}
}

func finding(f findingInput) model.AssetFinding {
	return model.AssetFinding{What: f.What, Place: f.Place, Value: f.Value, AmountFen: model.Fen(f.AmountFen), Note: f.Note}
}
