package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
)

// spendingRoutes are about applications to spend in spite of a consumption
// restriction.
func (s *API) spendingRoutes() []Route {
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodPost, Path: "/measures/:id/spending-permits", For: Phone, Act: model.ActSpendingAsk, Summary: "限制消费期间申请准许一次消费（当事人），或由执行法官记录申请",
			Status: http.StatusCreated, Do: do(s.askSpending), Reasons: []Reason{
				why,
				{model.NotFound, "measure.not_found"},
				{model.Conflict, "spending.not_restricted"},
				{model.Invalid, "spending.ground"},
				{model.Invalid, "spending.text"},
				{model.Invalid, "spending.amount"},
				{model.Invalid, "spending.term"},
				{model.Invalid, "spending.pledge"},
				{model.Invalid, "file.too_many"},
				{model.Invalid, "file.unknown"},
				{model.Conflict, "spending.open"},
			},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/spending-permits", For: Phone, Act: model.ActSpendingRead, Summary: "案件的消费申请及其决定；当事人只看到本人的",
			Do: do(s.caseSpending), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/spending-permits/:id/decide", For: PhoneStaff, Act: model.ActSpendingDecide, Summary: "决定消费申请（因紧急情况的由院领导）",
			Do: do(s.decideSpending), Reasons: []Reason{
				why,
				{model.NotFound, "spending.not_found"},
				{model.Forbidden, "spending.leader"},
				{model.Forbidden, "measure.president"},
				{model.Conflict, "spending.own"},
				{model.Conflict, "spending.decided"},
				{model.Invalid, "spending.decision"},
				{model.Invalid, "spending.term"},
			},
		},
	}
}

type newSpending struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Ground    string     `json:"ground" required:"true" enum:"necessary,private,urgent" description:"necessary 生活或者经营必需；private 单位的法定代表人等因私消费、以个人财产支付；urgent 就医、丧葬、公务等紧急情况"`
	Spender   string     `json:"spender" required:"true" description:"消费人"`
	Purpose   string     `json:"purpose" required:"true" description:"消费的项目、地点"`
	Reason    string     `json:"reason" required:"true"`
	AmountFen model.Fen  `json:"amount_fen" required:"true" description:"不超过的金额"`
	FromOn    model.Date `json:"from_on" required:"true"`
	UntilOn   model.Date `json:"until_on" required:"true"`
	Files     []int64    `json:"file_ids,omitempty" description:"先上传到本案的证明材料，最多 9 个"`
	Pledge    bool       `json:"pledge,omitempty" description:"书面承诺只用于所申请的消费；private、urgent 必须承诺"`
}

type spendingAnswer struct {
	ID       int64      `path:"id" json:"-"`
	Decision string     `json:"decision" required:"true" enum:"granted,refused"`
	From     model.Date `json:"from,omitzero" description:"准许的期间，不填为所申请的期间"`
	Until    model.Date `json:"until,omitzero"`
	Reason   string     `json:"reason" required:"true" description:"申请人可见"`
	Version  int64      `json:"version" required:"true"`
}

type spendingView struct {
	ID             int64      `json:"id" required:"true"`
	MeasureID      int64      `json:"measure_id" required:"true"`
	CaseID         int64      `json:"case_id" required:"true"`
	Ground         string     `json:"ground" required:"true" enum:"necessary,private,urgent"`
	GroundText     string     `json:"ground_text" required:"true"`
	Citation       string     `json:"citation" required:"true"`
	ByOfficer      bool       `json:"by_officer" required:"true" description:"由执行法官记录"`
	ByLeader       bool       `json:"by_leader" required:"true" description:"由院领导决定"`
	Spender        string     `json:"spender" required:"true"`
	Purpose        string     `json:"purpose" required:"true"`
	Reason         string     `json:"reason" required:"true"`
	AmountFen      model.Fen  `json:"amount_fen" required:"true"`
	FromOn         model.Date `json:"from_on" required:"true"`
	UntilOn        model.Date `json:"until_on" required:"true"`
	State          string     `json:"state" required:"true" enum:"open,granted,refused,lapsed"`
	StateName      string     `json:"state_name" required:"true"`
	DueOn          model.Date `json:"due_on" required:"true" description:"决定期限"`
	GrantFrom      model.Date `json:"grant_from" required:"true"`
	GrantUntil     model.Date `json:"grant_until" required:"true"`
	DecisionReason string     `json:"decision_reason" required:"true"`
	DecidedAt      *time.Time `json:"decided_at" required:"true" nullable:"true"`
	Number         string     `json:"number" required:"true" description:"准许消费决定书的文号"`
	DocumentID     int64      `json:"document_id" required:"true" description:"准许消费决定书，0 为没有"`
	Files          []int64    `json:"file_ids" required:"true" description:"申请所附的材料"`
	At             time.Time  `json:"at" required:"true"`
	Version        int64      `json:"version" required:"true"`
}

type spendingList struct {
	Permits []spendingView `json:"permits" required:"true"`
}

func viewSpending(p model.SpendingPermit) spendingView {
	return spendingView{
		ID: p.ID, MeasureID: p.MeasureID, CaseID: p.CaseID, Ground: string(p.Ground), GroundText: p.Ground.Chinese(), Citation: p.Ground.Citation(), ByOfficer: p.ByOfficer,
		ByLeader: p.Ground.ByLeader(), Spender: p.Spender, Purpose: p.Purpose, Reason: p.Reason, AmountFen: p.AmountFen, FromOn: p.FromOn, UntilOn: p.UntilOn, State: string(p.State),
		StateName: p.State.Chinese(), DueOn: p.DueOn, GrantFrom: p.GrantFrom, GrantUntil: p.GrantUntil, DecisionReason: p.DecisionReason, DecidedAt: p.DecidedAt, At: p.CreatedAt.UTC(),
		Version: p.Version, Number: p.Number, DocumentID: p.DocumentID, Files: append([]int64{}, p.FileIDs...),
	}
}

func (s *API) askSpending(ctx context.Context, by model.Actor, in newSpending) (spendingView, error) {
	p, err := s.svc.Enforcement.AskSpendingPermit(ctx, by, in.ID, model.SpendingPermit{
		Ground: model.SpendingGround(in.Ground), Spender: in.Spender, Purpose: in.Purpose, Reason: in.Reason, AmountFen: in.AmountFen, FromOn: in.FromOn, UntilOn: in.UntilOn,
		FileIDs: in.Files, Pledged: in.Pledge, IdemKey: in.Key,
	})
	if err != nil {
		return spendingView{}, err
	}
	return viewSpending(*p), nil
}

func (s *API) caseSpending(ctx context.Context, by model.Actor, in idPath) (spendingList, error) {
	list, err := s.svc.Enforcement.SpendingPermits(ctx, by, in.ID)
	return spendingList{Permits: each(list, viewSpending)}, err
}

func (s *API) decideSpending(ctx context.Context, by model.Actor, in spendingAnswer) (spendingView, error) {
	p, err := s.svc.Enforcement.DecideSpendingPermit(ctx, by, in.ID, in.Version, model.SpendingDecision{
		State: model.SpendingState(in.Decision), From: in.From, Until: in.Until, Reason: in.Reason,
	})
	if err != nil {
		return spendingView{}, err
	}
	return viewSpending(*p), nil
}
