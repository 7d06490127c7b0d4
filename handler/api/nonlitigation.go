package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/nonlitigation"
)

// nonLitigationRoutes are about agencies' applications for enforcement (行政非诉).
func (s *API) nonLitigationRoutes() []Route {
	onCase := []Reason{
		{model.NotFound, "case.not_found"},
		{model.Conflict, "decision.not_nonlitigation"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/administrative-decision", Act: model.ActDecisionRead,
			Summary: "行政非诉：行政决定、各期限及其计算、加处罚款（计算至 until，默认今天）和执行协议的减免",
			Do:      do(s.readDecision), Reasons: onCase,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/administrative-decision", Act: model.ActDecisionManage, Summary: "登记行政决定和申请的各日期；补充、更正为新的登记，原登记保留",
			Status: http.StatusCreated, Do: do(s.enterDecision), Reasons: slices.Concat(onCase, []Reason{
				{model.Invalid, "date.future"},
				{model.Invalid, "decision.days"},
				{model.Invalid, "decision.basis"},
				{model.Invalid, "decision.special"},
				{model.Invalid, "amount.format"},
				{model.Invalid, "surcharge.over_cap"},
				{model.Invalid, "field.too_long"},
				{model.Invalid, "reason.required"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/surcharge-reductions", Act: model.ActSurchargeReduce, Summary: "依行政强制执行协议减免加处罚款或者滞纳金",
			Status: http.StatusCreated, Do: do(s.reduceSurcharge), Reasons: slices.Concat(onCase, []Reason{
				{model.NotFound, "obligation.not_found"},
				{model.Invalid, "reduction.principal"},
				{model.Invalid, "reduction.remedy"},
				{model.Invalid, "reduction.over_open"},
				{model.Invalid, "reduction.agreed_on"},
				{model.Invalid, "amount.positive"},
				{model.Invalid, "reason.required"},
				{model.Invalid, "field.too_long"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "file.unknown"},
			}),
		},
	}
}

type decisionQuery struct {
	ID    int64      `path:"id" json:"-"`
	Until model.Date `query:"until" json:"-" description:"加处罚款计算至哪一天"`
}

type decisionFacts struct {
	DecisionNo     string     `json:"decision_no" required:"true" description:"行政决定的文号"`
	MadeOn         model.Date `json:"made_on" required:"true"`
	ServedOn       model.Date `json:"served_on" required:"true"`
	Basis          string     `json:"basis" required:"true" enum:"direct,uninformed,reconsidered,special" description:"起诉期限的依据"`
	ReconsideredOn model.Date `json:"reconsidered_on,omitzero" description:"复议决定送达日期"`
	SpecialMonths  int        `json:"special_months,omitempty"`
	SpecialDays    int        `json:"special_days,omitempty"`
	SpecialLaw     string     `json:"special_law,omitempty" description:"另行规定起诉期限的法律和条文"`
	DeferredUntil  model.Date `json:"deferred_until,omitzero" description:"行政机关批准的暂缓或者分期缴纳期限的结束日"`
	AgencyDemandOn model.Date `json:"agency_demand_on,omitzero" description:"行政机关催告书（行政强制法第五十四条）的送达日期，不是法院的自动履行催告书"`
	AppliedOn      model.Date `json:"applied_on,omitzero" description:"法院收到申请的日期"`
	LateGround     string     `json:"late_ground,omitempty" description:"逾期申请的正当理由"`
	AcceptedOn     model.Date `json:"accepted_on,omitzero"`
	Doubtful       bool       `json:"doubtful,omitempty" description:"有行政强制法第五十八条的情形，三十日内裁定"`
	RuledOn        model.Date `json:"ruled_on,omitzero"`
	FineFen        model.Fen  `json:"fine_fen,omitempty" description:"罚款等金钱给付义务的数额"`
	PayBy          model.Date `json:"pay_by,omitzero" description:"缴款期限的最后一日"`
	SurchargeFen   model.Fen  `json:"surcharge_fen,omitempty" description:"申请执行的加处罚款或者滞纳金"`
	ReviewFrom     model.Date `json:"review_from,omitzero" description:"复议或诉讼开始日"`
	ReviewUntil    model.Date `json:"review_until,omitzero"`
	Reason         string     `json:"reason,omitempty" description:"补充、更正的原因"`
}

type newDecision struct {
	ID int64 `path:"id" json:"-"`
	withKey
	decisionFacts
}

type administrativeDecisionView struct {
	decisionFacts
	Seq int       `json:"seq" required:"true"`
	At  time.Time `json:"at" required:"true"`
}

func viewAdministrativeDecision(d model.AdministrativeDecision) administrativeDecisionView {
	return administrativeDecisionView{Seq: d.Seq, At: d.CreatedAt, decisionFacts: decisionFacts{
		DecisionNo: d.DecisionNo, MadeOn: d.MadeOn, ServedOn: d.ServedOn, Basis: string(d.Basis), ReconsideredOn: d.ReconsideredOn, SpecialMonths: d.SpecialMonths,
		SpecialDays: d.SpecialDays, SpecialLaw: d.SpecialLaw, DeferredUntil: d.DeferredUntil, AgencyDemandOn: d.AgencyDemandOn, AppliedOn: d.AppliedOn,
		LateGround: d.LateGround, AcceptedOn: d.AcceptedOn, Doubtful: d.Doubtful, RuledOn: d.RuledOn, FineFen: d.FineFen, PayBy: d.PayBy,
		SurchargeFen: d.SurchargeFen, ReviewFrom: d.ReviewFrom, ReviewUntil: d.ReviewUntil, Reason: d.Reason,
	}}
}

type periodFindingView struct {
	Key       string     `json:"key" required:"true" enum:"suing,agency_demand,application,acceptance,ruling,surcharge"`
	What      string     `json:"what" required:"true"`
	State     string     `json:"state" required:"true" enum:"met,unmet,running,unknown"`
	StateName string     `json:"state_name" required:"true"`
	Text      string     `json:"text" required:"true" description:"怎样计算"`
	Citation  string     `json:"citation" required:"true"`
	DueOn     model.Date `json:"due_on" required:"true"`
}

type lateFineView struct {
	Until     model.Date `json:"until" required:"true"`
	AmountFen model.Fen  `json:"amount_fen" required:"true"`
	Days      int        `json:"days" required:"true"`
	Capped    bool       `json:"capped" required:"true" description:"已达罚款数额"`
	CapOn     model.Date `json:"cap_on" required:"true" description:"达到罚款数额的日期"`
	Reason    string     `json:"reason" required:"true"`
	Citation  string     `json:"citation" required:"true"`
}

type surchargeView struct {
	ObligationID int64     `json:"obligation_id" required:"true"`
	AmountFen    model.Fen `json:"amount_fen" required:"true"`
	ReducedFen   model.Fen `json:"reduced_fen" required:"true"`
	OpenFen      model.Fen `json:"open_fen" required:"true"`
}

type reductionView struct {
	ID           int64      `json:"id" required:"true"`
	ObligationID int64      `json:"obligation_id" required:"true"`
	AmountFen    model.Fen  `json:"amount_fen" required:"true"`
	BeforeFen    model.Fen  `json:"before_fen" required:"true" description:"减免前的数额"`
	AgreedOn     model.Date `json:"agreed_on" required:"true"`
	Remedy       string     `json:"remedy" required:"true"`
	Reason       string     `json:"reason" required:"true"`
	FileID       int64      `json:"file_id" required:"true"`
	At           time.Time  `json:"at" required:"true"`
}

func viewReduction(r model.SurchargeReduction) reductionView {
	return reductionView{r.ID, r.ObligationID, r.AmountFen, r.BeforeFen, r.AgreedOn, r.Remedy, r.Reason, r.FileID, r.CreatedAt}
}

type nonLitigationView struct {
	CaseNo     string                       `json:"case_no" required:"true"`
	Entered    bool                         `json:"entered" required:"true" description:"是否已登记行政决定"`
	Decisions  []administrativeDecisionView `json:"decisions" required:"true" description:"新的在前，第一个有效"`
	Findings   []periodFindingView          `json:"findings" required:"true"`
	LateFine   lateFineView                 `json:"late_fine" required:"true"`
	Surcharges []surchargeView              `json:"surcharges" required:"true" description:"可以减免的义务"`
	Reductions []reductionView              `json:"reductions" required:"true"`
}

func (s *API) readDecision(ctx context.Context, by model.Actor, in decisionQuery) (nonLitigationView, error) {
	v, err := s.svc.NonLitigation.Case(ctx, by, in.ID, in.Until)
	if err != nil {
		return nonLitigationView{}, err
	}
	out := nonLitigationView{
		CaseNo: v.Case.CaseNo, Entered: v.Decision != nil, Decisions: []administrativeDecisionView{}, LateFine: lateFineView{Until: v.Until},
		Findings: each(v.Findings, func(f model.Finding) periodFindingView {
			return periodFindingView{f.Key, f.What, string(f.State), f.State.Chinese(), f.Text, f.Citation, f.DueOn}
		}),
		Surcharges: each(v.Surcharges, func(u nonlitigation.Surcharge) surchargeView {
			return surchargeView{u.ID, u.AmountFen, u.ReducedFen, u.OpenFen}
		}),
		Reductions: each(v.Reductions, viewReduction),
	}
	if v.Decision != nil {
		l := v.LateFine
		out.LateFine = lateFineView{v.Until, l.AmountFen, l.Days, l.Capped, l.CapOn, l.Reason, l.Citation}
		out.Decisions = append([]administrativeDecisionView{viewAdministrativeDecision(*v.Decision)}, each(v.Earlier, viewAdministrativeDecision)...)
	}
	return out, nil
}

func (s *API) enterDecision(ctx context.Context, by model.Actor, in newDecision) (administrativeDecisionView, error) {
	d, err := s.svc.NonLitigation.Enter(ctx, by, model.AdministrativeDecision{
		CaseID: in.ID, DecisionNo: in.DecisionNo, MadeOn: in.MadeOn, ServedOn: in.ServedOn, Basis: model.SuingBasis(in.Basis), ReconsideredOn: in.ReconsideredOn,
		SpecialMonths: in.SpecialMonths, SpecialDays: in.SpecialDays, SpecialLaw: in.SpecialLaw, DeferredUntil: in.DeferredUntil, AgencyDemandOn: in.AgencyDemandOn,
		AppliedOn: in.AppliedOn, LateGround: in.LateGround, AcceptedOn: in.AcceptedOn, Doubtful: in.Doubtful, RuledOn: in.RuledOn, FineFen: in.FineFen, PayBy: in.PayBy,
		SurchargeFen: in.SurchargeFen, ReviewFrom: in.ReviewFrom, ReviewUntil: in.ReviewUntil, Reason: in.Reason, IdemKey: in.Key,
	})
	if err != nil {
		return administrativeDecisionView{}, err
	}
	return viewAdministrativeDecision(*d), nil
}

type newReduction struct {
	ID int64 `path:"id" json:"-"`
	withKey
	ObligationID int64      `json:"obligation_id" required:"true" description:"类别为加处罚款或者滞纳金的义务"`
	AmountFen    model.Fen  `json:"amount_fen" required:"true"`
	AgreedOn     model.Date `json:"agreed_on" required:"true" description:"执行协议的日期"`
	Remedied     bool       `json:"remedied" required:"true" description:"当事人已采取补救措施"`
	Remedy       string     `json:"remedy" required:"true" description:"采取了什么补救措施"`
	Reason       string     `json:"reason" required:"true"`
	FileID       int64      `json:"file_id" required:"true" description:"执行协议"`
}

func (s *API) reduceSurcharge(ctx context.Context, by model.Actor, in newReduction) (reductionView, error) {
	r, err := s.svc.NonLitigation.Reduce(ctx, by, model.SurchargeReduction{
		CaseID: in.ID, ObligationID: in.ObligationID, AmountFen: in.AmountFen, AgreedOn: in.AgreedOn, Remedied: in.Remedied, Remedy: in.Remedy,
		Reason: in.Reason, FileID: in.FileID, IdemKey: in.Key,
	})
	if err != nil {
		return reductionView{}, err
	}
	return viewReduction(*r), nil
}
