package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) settlementRoutes() []Route {
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/settlements", Act: model.ActSettlementRecord, Summary: "记录执行和解（变更协议即记录新的一版）",
			Status: http.StatusCreated, Do: do(s.recordSettlement), Reasons: []Reason{
				{model.NotFound, "enforcement.not_found"},
				{model.Conflict, "enforcement.closed"},
				{model.Conflict, "settlement.changed"},
				{model.Invalid, "settlement.form"},
				{model.Invalid, "settlement.signed_on"},
				{model.Invalid, "settlement.text"},
				{model.Invalid, "settlement.parties"},
				{model.Invalid, "settlement.parts"},
			},
		},
		{
			Method: http.MethodGet, Path: "/enforcement-cases/:id/settlements", Act: model.ActSettlementRead, Summary: "执行案件的和解协议、约定与实际到账、解除审查",
			Reasons: []Reason{{model.NotFound, "enforcement.not_found"}}, Do: do(s.settlements),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/settlements", For: Phone, Act: model.ActSettlementRead, Summary: "案件的执行和解；当事人只看到本人参加的",
			Reasons: []Reason{{model.NotFound, "case.not_found"}}, Do: do(s.caseSettlements),
		},
		{
			Method: http.MethodPost, Path: "/settlements/:id/resume", Act: model.ActSettlementRecord, Summary: "恢复执行原生效法律文书，已履行部分扣除",
			Do: do(s.resumeEnforcement), Reasons: []Reason{
				why,
				{model.NotFound, "settlement.not_found"},
				{model.Invalid, "settlement.ground"},
				{model.Conflict, "settlement.performed"},
				{model.Conflict, "settlement.not_in_force"},
				{model.Conflict, "settlement.not_late"},
			},
		},
		{
			Method: http.MethodPost, Path: "/settlements/:id/release-reviews", Act: model.ActReleasePropose, Summary: "提出解除审查",
			Status: http.StatusCreated, Do: do(s.proposeRelease), Reasons: []Reason{
				why,
				{model.NotFound, "settlement.not_found"},
				{model.Conflict, "settlement.not_in_force"},
				{model.Invalid, "release.subject"},
				{model.Invalid, "release.asked_on"},
				{model.Invalid, "release.measures"},
				{model.Conflict, "release.not_asked"},
				{model.Conflict, "release.open"},
			},
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
				{model.Conflict, "task.order"}, // a clean-up that runs lifts in its order
			},
		},
	}
}

type settlementRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Replaces int64                  `json:"replaces,omitempty" description:"所见现行协议的 id；本案没有现行协议的不填"`
	Form     string                 `json:"form" required:"true" enum:"joint,accepted,on_record" description:"joint 共同提交、accepted 一方提交其他方认可、on_record 记入笔录"`
	SignedOn model.Date             `json:"signed_on" required:"true" description:"达成和解的日期；自该日起到账的款项计入"`
	Text     string                 `json:"text" required:"true" description:"协议内容"`
	PartyIDs []int64                `json:"party_ids,omitempty" description:"参加和解的当事人；不填则为执行案件的全部当事人"`
	Parts    []model.SettlementPart `json:"parts" required:"true" description:"分期，按到期日先后；一次付清的填一期"`
}

type resumeRequest struct {
	ID     int64  `path:"id" json:"-"`
	Ground string `json:"ground" required:"true" enum:"not_performed,defect,anticipatory" description:"not_performed 逾期不履行、defect 受欺诈或胁迫、anticipatory 明确表示或以行为表明不履行"`
	Reason string `json:"reason" required:"true"`
}

type releaseRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Subject         string     `json:"subject" required:"true" description:"拟解除的措施，如：全部限制消费和失信惩戒措施"`
	MeasureIDs      []int64    `json:"measure_ids,omitempty" description:"拟解除的本案措施的编号；同意后同时解除（拘留、罚款除外）"`
	Reason          string     `json:"reason" required:"true"`
	CreditorAskedOn model.Date `json:"creditor_asked_on,omitempty" description:"申请执行人书面申请解除的日期；协议尚未履行完毕的必填"`
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
	Next    int64               `json:"next" required:"true"`
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
		PerformedOn: v.PerformedOn, ReapplyBy: v.ReapplyBy(), ResumeGround: string(v.ResumeGround), ResumeReason: v.ResumeReason,
		Reviews: each(v.Reviews, func(r model.ReleaseReview) releaseReviewView { return viewReleaseReview(r, v.CaseNo) }),
	}
}

func (s *API) recordSettlement(ctx context.Context, by model.Actor, in settlementRequest) (settlementView, error) {
	st, err := s.svc.Enforcement.RecordSettlement(ctx, by, enforcement.SettlementInput{
		EnforcementID: in.ID, Replaces: in.Replaces, Form: model.SettlementForm(in.Form), SignedOn: in.SignedOn, Text: in.Text, PartyIDs: in.PartyIDs,
		Parts: in.Parts, IdemKey: in.Key,
	})
	if err != nil {
		return settlementView{}, err
	}
	return s.settlementAfter(ctx, by, st.EnforcementCaseID, st.ID)
}

// settlementAfter is an agreement as it is after an act.
func (s *API) settlementAfter(ctx context.Context, by model.Actor, enforcementID, id int64) (settlementView, error) {
	list, err := s.svc.Enforcement.Settlements(ctx, by, 0, enforcementID)
	if err != nil {
		return settlementView{}, err
	}
	for _, v := range list {
		if v.ID == id {
			return viewSettlement(v), nil
		}
	}
	return settlementView{}, errors.New("a settlement that was just written is not in its case")
}

func (s *API) settlements(ctx context.Context, by model.Actor, in idPath) (settlementList, error) {
	list, err := s.svc.Enforcement.Settlements(ctx, by, 0, in.ID)
	return settlementList{Settlements: each(list, viewSettlement)}, err
}

func (s *API) caseSettlements(ctx context.Context, by model.Actor, in idPath) (settlementList, error) {
	list, err := s.svc.Enforcement.Settlements(ctx, by, in.ID, 0)
	return settlementList{Settlements: each(list, viewSettlement)}, err
}

func (s *API) resumeEnforcement(ctx context.Context, by model.Actor, in resumeRequest) (settlementView, error) {
	v, err := s.svc.Enforcement.ResumeEnforcement(ctx, by, in.ID, model.ResumeGround(in.Ground), in.Reason)
	if err != nil {
		return settlementView{}, err
	}
	return s.settlementAfter(ctx, by, v.EnforcementCaseID, v.ID)
}

func (s *API) proposeRelease(ctx context.Context, by model.Actor, in releaseRequest) (releaseReviewView, error) {
	r, err := s.svc.Enforcement.ProposeRelease(ctx, by, enforcement.ReleaseInput{
		SettlementID: in.ID, Subject: in.Subject, MeasureIDs: in.MeasureIDs, Reason: in.Reason, CreditorAskedOn: in.CreditorAskedOn, IdemKey: in.Key,
	})
	if err != nil {
		return releaseReviewView{}, err
	}
	return viewReleaseReview(*r, ""), nil
}

func (s *API) decideRelease(ctx context.Context, by model.Actor, in reviewDecision) (releaseReviewView, error) {
	r, err := s.svc.Enforcement.DecideRelease(ctx, by, in.ID, model.ReleaseState(in.Decision), in.Reason)
	if err != nil {
		return releaseReviewView{}, err
	}
	return viewReleaseReview(*r, ""), nil
}

func (s *API) listReviews(ctx context.Context, by model.Actor, in reviewQuery) (reviewList, error) {
	list, err := s.svc.Enforcement.ReleaseReviews(ctx, by, model.ReviewFilter{State: model.ReleaseState(in.State), After: in.After, Limit: in.Limit})
	return reviewList{
		Reviews: each(list, func(r model.ReviewLine) releaseReviewView { return viewReleaseReview(r.ReleaseReview, r.CaseNo) }),
		Next:    next(list, in.Limit, func(r model.ReviewLine) int64 { return r.ID }),
	}, err
}
