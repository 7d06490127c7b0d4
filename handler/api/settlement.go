package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) settlementRoutes() []Route {
	path := Reason{model.NotFound, "path.not_found"}
	key := Reason{model.Invalid, "idempotency.required"}
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/settlements", Act: model.ActSettlementRecord, Summary: "记录执行和解（变更协议即记录新的一版）",
			Input: settlementRequest{}, Output: settlementView{}, Status: http.StatusCreated, Handle: s.recordSettlement, Reasons: []Reason{
				path, key,
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
			Input: settlementPath{}, Output: settlementList{}, Reasons: []Reason{path, {model.NotFound, "enforcement.not_found"}}, Handle: s.listSettlements(false),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/settlements", For: Phone, Act: model.ActSettlementRead, Summary: "案件的执行和解；当事人只看到本人参加的",
			Input: casePath{}, Output: settlementList{}, Reasons: []Reason{path, {model.NotFound, "case.not_found"}}, Handle: s.listSettlements(true),
		},
		{
			Method: http.MethodPost, Path: "/settlements/:id/resume", Act: model.ActSettlementRecord, Summary: "恢复执行原生效法律文书，已履行部分扣除",
			Input: resumeRequest{}, Output: settlementView{}, Handle: s.resumeEnforcement, Reasons: []Reason{
				path, why,
				{model.NotFound, "settlement.not_found"},
				{model.Invalid, "settlement.ground"},
				{model.Conflict, "settlement.performed"},
				{model.Conflict, "settlement.not_in_force"},
				{model.Conflict, "settlement.not_late"},
			},
		},
		{
			Method: http.MethodPost, Path: "/settlements/:id/release-reviews", Act: model.ActReleasePropose, Summary: "提出解除审查",
			Input: releaseRequest{}, Output: releaseReviewView{}, Status: http.StatusCreated, Handle: s.proposeRelease, Reasons: []Reason{
				path, key, why,
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
			Input: reviewQuery{}, Output: reviewList{}, Handle: s.listReviews,
		},
		{
			Method: http.MethodPost, Path: "/release-reviews/:id/decide", For: PhoneStaff, Act: model.ActReleaseDecide, Summary: "决定解除审查；同意的，同时解除所列措施",
			Input: reviewDecision{}, Output: releaseReviewView{}, Handle: s.decideRelease, Reasons: []Reason{
				path, why,
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

type settlementPath struct {
	ID int64 `path:"id" json:"-"`
}

type settlementRequest struct {
	ID       int64                  `path:"id" json:"-"`
	Key      string                 `header:"Idempotency-Key" json:"-" required:"true"`
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
	ID              int64      `path:"id" json:"-"`
	Key             string     `header:"Idempotency-Key" json:"-" required:"true"`
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
	State string `query:"state" enum:"open,approved,refused,superseded" description:"不填则为全部"`
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
	Form              string              `json:"form" required:"true"`
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
	ResumeGround      string              `json:"resume_ground" required:"true"`
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
	out := settlementView{
		ID: v.ID, EnforcementCaseID: v.EnforcementCaseID, CaseNo: v.CaseNo, Edition: v.Edition, Form: string(v.Form), SignedOn: v.SignedOn, Text: v.Text,
		PartyIDs: listed(v.PartyIDs), State: string(v.State), StateText: v.State.Chinese(), PromisedFen: int64(v.Progress.PromisedFen),
		DueFen: int64(v.Progress.DueFen), ArrivedFen: int64(v.Progress.ArrivedFen), ShortfallFen: int64(v.Progress.ShortfallFen), OpenFen: int64(v.OpenFen),
		Parts: []partView{}, PerformedOn: v.PerformedOn, ReapplyBy: v.ReapplyBy(), ResumeGround: string(v.ResumeGround), ResumeReason: v.ResumeReason, Reviews: []releaseReviewView{},
	}
	for _, p := range v.Progress.Parts {
		out.Parts = append(out.Parts, partView{AmountFen: int64(p.AmountFen), DueOn: p.DueOn, ArrivedFen: int64(p.ArrivedFen), Late: p.Late})
	}
	for _, r := range v.Reviews {
		out.Reviews = append(out.Reviews, viewReleaseReview(r, v.CaseNo))
	}
	return out
}

func (s *API) recordSettlement(c *gin.Context) error {
	n, key, req, err := keyed[settlementRequest](c)
	if err != nil {
		return err
	}
	st, err := s.svc.Enforcement.RecordSettlement(c.Request.Context(), web.Actor(c), enforcement.SettlementInput{
		EnforcementID: n, Replaces: req.Replaces, Form: model.SettlementForm(req.Form), SignedOn: req.SignedOn, Text: req.Text, PartyIDs: req.PartyIDs,
		Parts: req.Parts, IdemKey: key,
	})
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Settlements(c.Request.Context(), web.Actor(c), 0, n)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.ID == st.ID {
			c.JSON(http.StatusCreated, viewSettlement(v))
		}
	}
	return nil
}

func (s *API) listSettlements(ofCase bool) func(*gin.Context) error {
	return func(c *gin.Context) error {
		n, err := id(c, "id")
		if err != nil {
			return err
		}
		var caseID, enforcementID int64
		if ofCase {
			caseID = n
		} else {
			enforcementID = n
		}
		list, err := s.svc.Enforcement.Settlements(c.Request.Context(), web.Actor(c), caseID, enforcementID)
		if err != nil {
			return err
		}
		out := settlementList{Settlements: []settlementView{}}
		for _, v := range list {
			out.Settlements = append(out.Settlements, viewSettlement(v))
		}
		c.JSON(http.StatusOK, out)
		return nil
	}
}

func (s *API) resumeEnforcement(c *gin.Context) error {
	n, req, err := posted[resumeRequest](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Enforcement.ResumeEnforcement(c.Request.Context(), web.Actor(c), n, model.ResumeGround(req.Ground), req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewSettlement(*v))
	return nil
}

func (s *API) proposeRelease(c *gin.Context) error {
	n, key, req, err := keyed[releaseRequest](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Enforcement.ProposeRelease(c.Request.Context(), web.Actor(c), enforcement.ReleaseInput{
		SettlementID: n, Subject: req.Subject, MeasureIDs: req.MeasureIDs, Reason: req.Reason, CreditorAskedOn: req.CreditorAskedOn, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewReleaseReview(*r, ""))
	return nil
}

func (s *API) decideRelease(c *gin.Context) error {
	n, req, err := posted[reviewDecision](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Enforcement.DecideRelease(c.Request.Context(), web.Actor(c), n, model.ReleaseState(req.Decision), req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewReleaseReview(*r, ""))
	return nil
}

func (s *API) listReviews(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Reviews(c.Request.Context(), web.Actor(c), model.ReviewFilter{State: model.ReleaseState(c.Query("state")), After: after, Limit: limit})
	if err != nil {
		return err
	}
	out := reviewList{Reviews: []releaseReviewView{}}
	for _, r := range list {
		out.Reviews = append(out.Reviews, viewReleaseReview(r.ReleaseReview, r.CaseNo))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}
