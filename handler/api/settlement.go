package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) settlementRoutes() []Route {
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/settlements", For: Phone, Act: model.ActSettlementRead, Summary: "案件的执行和解；当事人只看到本人参加的",
			Reasons: []Reason{{model.NotFound, "case.not_found"}}, Do: do(s.caseSettlements),
		},
		{
			Method: http.MethodGet, Path: "/release-reviews", For: PhoneStaff, Act: model.ActReleaseRead, Summary: "解除审查列表：执行法官看本人的，院领导看全院的",
			Do: do(s.listReviews),
		},
		{
			Method: http.MethodPost, Path: "/release-reviews/:id/decide", For: PhoneStaff, Act: model.ActReleaseDecide, Summary: "决定解除审查；同意的，同时解除所列措施",
			Do: do(s.decideRelease), Reasons: []Reason{
				why,
				{model.NotFound, "release.not_found"},
				{model.Invalid, "release.decision"},
				{model.Conflict, "release.decided"},
				{model.Conflict, "release.self"},
				{model.Conflict, "release.settlement_changed"},
				{model.Conflict, "release.breached"},
				{model.Forbidden, "measure.president"}, // a listing with a term that is deleted early
				{model.Conflict, "task.order"},         // a clean-up that runs lifts in its order
			},
		},
	}
}

type reviewDecision struct {
	ID       int64  `path:"id" json:"-"`
	Decision string `json:"decision" required:"true" enum:"approved,refused" description:"approved 同意解除、refused 不予解除"`
	Reason   string `json:"reason" required:"true"`
}

type reviewQuery struct {
	State string `query:"state" json:"-" enum:"open,approved,refused,superseded" description:"不填则为全部"`
	pageQuery
}

type partView struct {
	AmountFen  int64      `json:"amount_fen" required:"true"`
	DueOn      model.Date `json:"due_on" required:"true"`
	ArrivedFen int64      `json:"arrived_fen" required:"true"`
	Late       bool       `json:"late" required:"true" description:"已逾期且未全部到账"`
}

type settlementView struct {
	ID                int64               `json:"id" required:"true"`
	EnforcementCaseID int64               `json:"enforcement_case_id" required:"true"`
	CaseNo            string              `json:"case_no" required:"true"`
	Edition           int                 `json:"edition" required:"true" description:"第几版"`
	Form              string              `json:"form" required:"true" enum:"joint,accepted,on_record"`
	SignedOn          model.Date          `json:"signed_on" required:"true"`
	Text              string              `json:"text" required:"true"`
	PartyIDs          []int64             `json:"party_ids" required:"true"`
	State             string              `json:"state" required:"true" enum:"open,breached,performed,replaced,resumed"`
	StateText         string              `json:"state_text" required:"true"`
	PromisedFen       int64               `json:"promised_fen" required:"true" description:"约定总额"`
	DueFen            int64               `json:"due_fen" required:"true" description:"截至今日应到"`
	ArrivedFen        int64               `json:"arrived_fen" required:"true" description:"达成和解之日起已确认到账"`
	ShortfallFen      int64               `json:"shortfall_fen" required:"true" description:"应到未到"`
	OpenFen           int64               `json:"open_fen" required:"true" description:"原生效法律文书尚未履行的本金（已扣除到账款项）"`
	Parts             []partView          `json:"parts" required:"true"`
	PerformedOn       model.Date          `json:"performed_on,omitempty"`
	ReapplyBy         model.Date          `json:"reapply_by" required:"true" description:"申请恢复执行的期间最后一日"`
	ResumeGround      string              `json:"resume_ground" required:"true" enum:",not_performed,defect,anticipatory"`
	ResumeReason      string              `json:"resume_reason" required:"true"`
	Reviews           []releaseReviewView `json:"reviews" required:"true" description:"依据该协议的解除审查"`
}

type settlementList struct {
	Settlements []settlementView `json:"settlements" required:"true"`
}

type releaseReviewView struct {
	ID             int64      `json:"id" required:"true"`
	SettlementID   int64      `json:"settlement_id" required:"true"`
	Edition        int        `json:"edition" required:"true" description:"审查依据的协议版次"`
	CaseNo         string     `json:"case_no,omitempty"`
	Subject        string     `json:"subject" required:"true"`
	MeasureIDs     []int64    `json:"measure_ids" required:"true"`
	Reason         string     `json:"reason" required:"true" description:"执行法官的理由；当事人看不到"`
	PromisedFen    int64      `json:"promised_fen" required:"true"`
	DueFen         int64      `json:"due_fen" required:"true"`
	ArrivedFen     int64      `json:"arrived_fen" required:"true"`
	ShortfallFen   int64      `json:"shortfall_fen" required:"true"`
	DueOn          model.Date `json:"due_on" required:"true" description:"决定期限"`
	State          string     `json:"state" required:"true" enum:"open,approved,refused,superseded"`
	StateText      string     `json:"state_text" required:"true"`
	DecisionReason string     `json:"decision_reason" required:"true"`
	DecidedAt      *time.Time `json:"decided_at,omitempty"`
}

type reviewList struct {
	Reviews []releaseReviewView `json:"reviews" required:"true"`
	Next    string              `json:"next" required:"true"`
}

func viewReleaseReview(r model.ReleaseReview, caseNo string) releaseReviewView {
	return releaseReviewView{
		ID: r.ID, SettlementID: r.SettlementID, Edition: r.Edition, CaseNo: caseNo, Subject: r.Subject, MeasureIDs: listed(r.MeasureIDs), Reason: r.Reason,
		PromisedFen: int64(r.PromisedFen), DueFen: int64(r.DueFen), ArrivedFen: int64(r.ArrivedFen), ShortfallFen: int64(r.ShortfallFen), DueOn: r.DueOn,
		State: string(r.State), StateText: r.State.Chinese(), DecisionReason: r.DecisionReason, DecidedAt: r.DecidedAt,
	}
}

// listed writes an empty list as one, not as null.
func listed(ids []int64) []int64 {
	if ids == nil {
		return []int64{}
	}
	return ids
}

func viewSettlement(v enforcement.SettlementView) settlementView {
	return settlementView{
		ID: v.ID, EnforcementCaseID: v.EnforcementCaseID, CaseNo: v.CaseNo, Edition: v.Edition, Form: string(v.Form), SignedOn: v.SignedOn, Text: v.Text,
		PartyIDs: listed(v.PartyIDs), State: string(v.State), StateText: v.State.Chinese(), PromisedFen: int64(v.Progress.PromisedFen),
		DueFen: int64(v.Progress.DueFen), ArrivedFen: int64(v.Progress.ArrivedFen), ShortfallFen: int64(v.Progress.ShortfallFen), OpenFen: int64(v.OpenFen),
		Parts: each(v.Progress.Parts, func(p model.PartProgress) partView {
			return partView{AmountFen: int64(p.AmountFen), DueOn: p.DueOn, ArrivedFen: int64(p.ArrivedFen), Late: p.Late}
		}),
		PerformedOn: v.PerformedOn, ReapplyBy: v.Reapply.Last, ResumeGround: string(v.ResumeGround), ResumeReason: v.ResumeReason,
		Reviews: each(v.Reviews, func(r model.ReleaseReview) releaseReviewView { return viewReleaseReview(r, v.CaseNo) }),
	}
}

func (s *API) caseSettlements(ctx context.Context, by model.Actor, in idPath) (settlementList, error) {
	list, err := s.svc.Enforcement.Settlements(ctx, by, in.ID, 0)
	return settlementList{Settlements: each(list, viewSettlement)}, err
}

func (s *API) decideRelease(ctx context.Context, by model.Actor, in reviewDecision) (releaseReviewView, error) {
	r, err := s.svc.Enforcement.DecideRelease(ctx, by, in.ID, model.ReleaseState(in.Decision), in.Reason)
	if err != nil {
		return releaseReviewView{}, err
	}
	return viewReleaseReview(*r, ""), nil
}

func (s *API) listReviews(ctx context.Context, by model.Actor, in reviewQuery) (reviewList, error) {
	list, err := s.svc.Enforcement.ReleaseReviews(ctx, by, model.ReviewFilter{State: model.ReleaseState(in.State), After: in.After.ID, Limit: in.more()})
	return reviewList{
		Reviews: each(cut(in.pageQuery, list), func(r model.ReviewLine) releaseReviewView { return viewReleaseReview(r.ReleaseReview, r.CaseNo) }),
		Next:    next(in.pageQuery, list, func(r model.ReviewLine) int64 { return r.ID }),
	}, err
}
