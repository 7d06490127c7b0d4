package api

import (
	"context"
	"net/http"

	"microcourt/model"
)

// caseMoneyRoutes are about the money that the court holds for enforcement cases.
func (s *API) caseMoneyRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/enforcement-cases/:id/account", For: PhoneStaff, Act: model.ActMoneyRead, Summary: "案款账户：到账、付出和余额",
			Reasons: []Reason{{model.NotFound, "enforcement.not_found"}}, Do: do(s.caseAccount),
		},
	}
}

type caseAccountView struct {
	InFen      model.Fen    `json:"in_fen" required:"true" description:"到账的合计"`
	OutFen     model.Fen    `json:"out_fen" required:"true" description:"付出的合计，已扣除被银行退回的"`
	LeftFen    model.Fen    `json:"left_fen" required:"true" description:"账户余额"`
	FeeFen     model.Fen    `json:"fee_fen" required:"true" description:"执行申请费"`
	FeePaidFen model.Fen    `json:"fee_paid_fen" required:"true" description:"已由案款交纳的执行申请费"`
	Arrivals   []moneyView  `json:"arrivals" required:"true" description:"到账的款项，先到的在前"`
	Payouts    []payoutView `json:"payouts" required:"true" description:"付出和正在办理的发放，先提出的在前"`
}

type moneyView struct {
	ID         int64      `json:"id" required:"true"`
	SourceName string     `json:"source_name" required:"true" description:"款项来源"`
	ArrivedOn  model.Date `json:"arrived_on" required:"true" description:"到账日期"`
	AmountFen  model.Fen  `json:"amount_fen" required:"true"`
	HeldFen    model.Fen  `json:"held_fen" required:"true" description:"这笔款项的余额"`
	PayerName  string     `json:"payer_name" required:"true" description:"银行回单所载的付款人"`
	BankRef    string     `json:"bank_ref" required:"true" description:"银行流水号"`
	State      string     `json:"state" required:"true" enum:"due,late,spent"`
	StateName  string     `json:"state_name" required:"true"`
	DueOn      model.Date `json:"due_on" required:"true" description:"发放期限，没有余额的为空"`
}

type payoutView struct {
	ID        int64      `json:"id" required:"true"`
	KindName  string     `json:"kind_name" required:"true"`
	PartyID   int64      `json:"party_id" required:"true" description:"申请执行人的当事人编号，缴费、上缴、退还的为 0"`
	AmountFen model.Fen  `json:"amount_fen" required:"true"`
	State     string     `json:"state" required:"true" enum:"prepared,approved,paid,refused,withdrawn,back"`
	StateName string     `json:"state_name" required:"true"`
	PaidOn    model.Date `json:"paid_on" required:"true"`
	BankRef   string     `json:"bank_ref" required:"true" description:"付款的银行流水号"`
	FileID    int64      `json:"file_id" required:"true" description:"银行回单，还没有付款的为 0"`
}

func (s *API) caseAccount(ctx context.Context, by model.Actor, in idPath) (caseAccountView, error) {
	a, err := s.svc.CaseMoney.Account(ctx, by, in.ID)
	if err != nil {
		return caseAccountView{}, err
	}
	out := caseAccountView{FeeFen: a.Fee.FeeFen, FeePaidFen: a.Fee.PaidFen, Arrivals: []moneyView{}, Payouts: []payoutView{}}
	out.InFen, out.OutFen, out.LeftFen = a.Sums()
	today := model.DateOf(s.cfg.Now())
	for _, m := range a.Money {
		state := m.State(today)
		out.Arrivals = append(out.Arrivals, moneyView{
			ID: m.ID, SourceName: m.Source.Chinese(), ArrivedOn: m.ArrivedOn, AmountFen: m.AmountFen, HeldFen: m.HeldFen, PayerName: m.PayerName, BankRef: m.BankRef,
			State: string(state), StateName: state.Chinese(), DueOn: m.DueOn,
		})
	}
	for _, p := range a.Payouts {
		out.Payouts = append(out.Payouts, payoutView{
			ID: p.ID, KindName: p.Kind.Chinese(), PartyID: p.PartyID, AmountFen: p.AmountFen, State: string(p.State), StateName: p.State.Chinese(), PaidOn: p.PaidOn, BankRef: p.BankRef,
			FileID: p.FileID,
		})
	}
	return out, nil
}
