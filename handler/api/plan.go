package api

import (
	"context"
	"net/http"

	"microcourt/model"
	"microcourt/service/performance"
)

// planRoutes are about agreements on a changed plan outside enforcement.
func (s *API) planRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/plans", For: Phone | PhoneStaff, Act: model.ActPlanRead, Summary: "案件的履行和解（执行前另行达成的履行计划）；当事人只看到本人参加的",
			Reasons: []Reason{{model.NotFound, "case.not_found"}}, Do: do(s.casePlans),
		},
		{
			Method: http.MethodPost, Path: "/plans/:id/answer", For: Phone, Act: model.ActPlanAnswer, Summary: "一方对履行和解表示同意或者不同意；各方都同意后生效",
			Do: do(s.answerPlan), Reasons: []Reason{
				{model.NotFound, "plan.not_found"},
				{model.Invalid, "debt.authority"},
				{model.Conflict, "plan.answered"},
				{model.Conflict, "plan.decided"},
				{model.Invalid, "plan.covers"},
				{model.Invalid, "plan.enforced"},
			},
		},
	}
}

type planAnswer struct {
	ID     int64  `path:"id" json:"-"`
	Agrees bool   `json:"agrees" required:"true" description:"同意为 true，不同意为 false；答复后不能更改"`
	Reason string `json:"reason" description:"不同意的理由，各方会看到"`
}

type planConsentView struct {
	PartyID   int64      `json:"party_id" required:"true"`
	PartyName string     `json:"party_name" required:"true"`
	Own       bool       `json:"own" required:"true" description:"是否为本人（或者本人代理）的一方"`
	Answered  bool       `json:"answered" required:"true" description:"是否已答复"`
	Agrees    bool       `json:"agrees" required:"true" description:"已答复的，是否同意"`
	Reason    string     `json:"reason" required:"true"`
	On        model.Date `json:"on" required:"true" description:"答复的日期，没有答复的为空"`
}

type planView struct {
	ID             int64             `json:"id" required:"true"`
	Edition        int               `json:"edition" required:"true" description:"第几版"`
	SignedOn       model.Date        `json:"signed_on" required:"true"`
	Text           string            `json:"text" required:"true"`
	InstallmentIDs []int64           `json:"installment_ids" required:"true" description:"协议涉及的期次"`
	InterestToo    bool              `json:"interest_too" required:"true" description:"按约履行完毕的，是否不再收取利息"`
	State          string            `json:"state" required:"true" enum:"proposed,in_force,broken,kept,refused,withdrawn,replaced,ended,overruled"`
	StateText      string            `json:"state_text" required:"true"`
	Parts          []partView        `json:"parts" required:"true"`
	PromisedFen    int64             `json:"promised_fen" required:"true" description:"约定总额"`
	ArrivedFen     int64             `json:"arrived_fen" required:"true" description:"达成和解之日起已确认到账"`
	ShortfallFen   int64             `json:"shortfall_fen" required:"true" description:"应到未到"`
	NextDueOn      model.Date        `json:"next_due_on" required:"true"`
	OpenFen        int64             `json:"open_fen" required:"true" description:"所涉及的债务按法律文书尚欠的本金；逾期时恢复的就是它"`
	InterestFen    int64             `json:"interest_fen" required:"true" description:"所涉及的债务截至今日的利息；逾期时应当支付"`
	ForgivesFen    int64             `json:"forgives_fen" required:"true" description:"按约履行完毕的，将免除的本金"`
	WaivesFen      int64             `json:"waives_fen" required:"true" description:"按约履行完毕的，将不再收取的利息（按今日计算）"`
	Consequences   string            `json:"consequences" required:"true" description:"按约履行和逾期的后果"`
	EndReason      string            `json:"end_reason" required:"true" description:"没有生效、被取代或者终止的原因"`
	Consents       []planConsentView `json:"consents" required:"true" description:"各方的答复"`
}

type planList struct {
	Plans []planView `json:"plans" required:"true"`
}

func viewPlan(v performance.PlanView) planView {
	out := planView{
		ID: v.ID, Edition: v.Edition, SignedOn: v.SignedOn, Text: v.Text, InstallmentIDs: listed(v.InstallmentIDs), InterestToo: v.InterestToo, State: string(v.State),
		StateText: v.State.Chinese(), PromisedFen: int64(v.Progress.PromisedFen), ArrivedFen: int64(v.Progress.ArrivedFen), ShortfallFen: int64(v.Progress.ShortfallFen),
		Parts: each(v.Progress.Parts, func(p model.PartProgress) partView {
			return partView{AmountFen: int64(p.AmountFen), DueOn: p.DueOn, ArrivedFen: int64(p.ArrivedFen), Late: p.Late}
		}),
		NextDueOn: v.NextDueOn, OpenFen: int64(v.Effect.PrincipalFen), InterestFen: int64(v.Effect.InterestFen), ForgivesFen: int64(v.Effect.ForgivesFen),
		WaivesFen: int64(v.Effect.WaivesFen), Consequences: v.Consequences(), EndReason: v.EndReason, Consents: []planConsentView{},
	}
	for _, id := range v.PartyIDs() {
		c := planConsentView{PartyID: id, PartyName: v.Names[id]}
		for _, own := range v.Own {
			c.Own = c.Own || own == id
		}
		if said := v.Of(id); said != nil {
			c.Answered, c.Agrees, c.Reason, c.On = true, said.Agrees, said.Reason, said.OnDay
		}
		out.Consents = append(out.Consents, c)
	}
	return out
}

func (s *API) casePlans(ctx context.Context, by model.Actor, in idPath) (planList, error) {
	list, err := s.svc.Performance.Plans(ctx, by, in.ID)
	return planList{Plans: each(list, viewPlan)}, err
}

func (s *API) answerPlan(ctx context.Context, by model.Actor, in planAnswer) (planView, error) {
	v, err := s.svc.Performance.AnswerPlan(ctx, by, in.ID, in.Agrees, in.Reason)
	if err != nil {
		return planView{}, err
	}
	return viewPlan(*v), nil
}
