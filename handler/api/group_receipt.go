package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
)

// groupReasons are what keeps a payment for several cases from being taken, whoever
// pays.
func groupReasons() []Reason {
	return []Reason{
		{model.Conflict, "group.none"},
		{model.Invalid, "group.case"},
		{model.Invalid, "group.sum"},
		{model.Invalid, "proof.unknown"},
		{model.Invalid, "amount.positive"},
		{model.Invalid, "amount.too_large"},
		{model.Invalid, "amount.over_debt"},
		{model.Invalid, "date.future"},
		{model.Invalid, "file.missing"},
		{model.Invalid, "file.too_many"},
		{model.Invalid, "file.repeated"},
		{model.Invalid, "file.unknown"},
		{model.Invalid, "file.attached"},
		{model.Invalid, "file.damaged"},
		{model.Unavailable, "files.unavailable"},
	}
}

func (s *API) groupReceiptRoute() Route {
	return Route{
		Method: http.MethodPost, Path: "/cases/:id/group-receipts", For: Phone, Act: model.ActReceiptSubmit, Summary: "提交一笔用于几个关联案件的汇款回执",
		Status: http.StatusCreated, Timeout: 90 * time.Second, Do: do(s.submitGroupReceipt), Reasons: append([]Reason{
			{model.NotFound, "case.not_found"},
			{model.Invalid, "group.money"},
			{model.Invalid, "payer.unknown"},
			{model.Invalid, "party.not_obligor"},
			{model.Invalid, "party.ambiguous"},
		}, groupReasons()...),
	}
}

func (s *API) groupSharesRoute() Route {
	return Route{
		Method: http.MethodGet, Path: "/cases/:id/group-shares", For: Phone, Act: model.ActReceiptSubmit, Summary: "本人在各关联案件中的欠款，以及一笔款项如何分到各案",
		Do: do(s.readGroupShares), Reasons: []Reason{
			{model.NotFound, "case.not_found"}, {model.Conflict, "group.none"}, {model.Invalid, "party.not_obligor"}, {model.Invalid, "party.ambiguous"},
		},
	}
}

type newGroupReceipt struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID      int64        `json:"party_id" description:"为哪名义务人提交；只代理一名时可不填"`
	AmountFen    model.Fen    `json:"amount_fen" required:"true" description:"这笔付款的总额（分）"`
	PaidOn       model.Date   `json:"paid_on" required:"true" description:"付款日期"`
	PayerKind    string       `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	PayerName    string       `json:"payer_name" required:"true"`
	PayeeName    string       `json:"payee_name"`
	PayeeAccount string       `json:"payee_account"`
	BankSerial   string       `json:"bank_serial" description:"银行流水号或回单编号"`
	ProofKind    string       `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account"`
	Remark       string       `json:"remark"`
	Files        []int64      `json:"file_ids" required:"true" description:"1–9 个已上传到路径中案件的文件；各案共用，只保存一份"`
	Parts        []groupShare `json:"parts" description:"分到各案的金额，合计等于总额；不填的，由系统按各案付款日已到期、再按未到期的欠款比例分配"`
}

type groupShare struct {
	CaseID    int64     `json:"case_id" required:"true"`
	AmountFen model.Fen `json:"amount_fen" required:"true" description:"分到该案的金额"`
}

type groupReceiptView struct {
	ID        int64         `json:"id" required:"true" description:"这笔付款的编号"`
	AmountFen model.Fen     `json:"amount_fen" required:"true" description:"这笔付款的总额"`
	Receipts  []receiptView `json:"receipts" required:"true" description:"各案的回执，由各案承办法官分别处理"`
}

type groupView struct {
	ID           int64           `json:"id" required:"true" description:"这笔付款的编号"`
	AmountFen    model.Fen       `json:"amount_fen" required:"true" description:"这笔付款的总额"`
	ConfirmedFen model.Fen       `json:"confirmed_fen" required:"true" description:"各案已确认的合计"`
	Parts        []groupPartView `json:"parts" required:"true" description:"各案的部分"`
}

type groupPartView struct {
	ReceiptID    int64     `json:"receipt_id" required:"true"`
	CaseNo       string    `json:"case_no" required:"true"`
	State        string    `json:"state" required:"true" enum:"submitted,confirmed,returned,withdrawn,corrected"`
	StateName    string    `json:"state_name" required:"true"`
	ClaimedFen   model.Fen `json:"claimed_fen" required:"true"`
	ConfirmedFen model.Fen `json:"confirmed_fen" required:"true"`
}

func viewGroup(g *performance.OfGroup) *groupView {
	if g == nil {
		return nil
	}
	return &groupView{
		ID: g.Payment.ID, AmountFen: g.Payment.AmountFen, ConfirmedFen: g.Payment.ConfirmedFen,
		Parts: each(g.Parts, func(p performance.Part) groupPartView {
			return groupPartView{
				ReceiptID: p.ReceiptID, CaseNo: p.CaseNo, State: string(p.State), StateName: p.State.Chinese(), ClaimedFen: p.ClaimedFen, ConfirmedFen: p.ConfirmedFen,
			}
		}),
	}
}

func (s *API) submitGroupReceipt(ctx context.Context, by model.Actor, in newGroupReceipt) (groupReceiptView, error) {
	g, err := s.svc.Performance.SubmitGroup(ctx, by, performance.GroupClaim{
		Claim: performance.Claim{
			CaseID: in.ID, PartyID: in.PartyID, AmountFen: in.AmountFen, PaidOn: in.PaidOn, PayerKind: model.PayerKind(in.PayerKind),
			PayerName: in.PayerName, PayeeName: in.PayeeName, PayeeAccount: in.PayeeAccount, BankSerial: in.BankSerial,
			ProofKind: model.ProofKind(in.ProofKind), Remark: in.Remark, Files: in.Files, IdemKey: in.Key,
		},
		Parts: each(in.Parts, func(p groupShare) model.GroupShare {
			return model.GroupShare{CaseID: p.CaseID, AmountFen: p.AmountFen}
		}),
	})
	if err != nil {
		return groupReceiptView{}, err
	}
	out := groupReceiptView{ID: g.Payment.ID, AmountFen: g.Payment.AmountFen, Receipts: []receiptView{}}
	for _, r := range g.Receipts {
		one, err := s.receiptOf(ctx, by, idPath{r.ID})
		if err != nil {
			return groupReceiptView{}, err
		}
		out.Receipts = append(out.Receipts, one)
	}
	return out, nil
}

type groupSharesIn struct {
	ID        int64      `path:"id" json:"-"`
	PartyID   int64      `query:"party_id" json:"-" minimum:"0" description:"哪名义务人；只代理一名时可不填"`
	AmountFen int64      `query:"amount_fen" json:"-" minimum:"0" description:"要分到各案的金额（分）"`
	PaidOn    model.Date `query:"paid_on" json:"-" description:"付款日期，默认今天"`
}

type groupSharesView struct {
	Cases []groupCaseView `json:"cases" required:"true" description:"各关联案件"`
}

type groupCaseView struct {
	CaseID    int64     `json:"case_id" required:"true"`
	CaseNo    string    `json:"case_no" required:"true"`
	DueFen    model.Fen `json:"due_fen" required:"true" description:"付款日已到期的欠款，含利息"`
	OpenFen   model.Fen `json:"open_fen" required:"true" description:"全部欠款，含截至付款日的利息"`
	AmountFen model.Fen `json:"amount_fen" required:"true" description:"分到该案的金额"`
}

func (s *API) readGroupShares(ctx context.Context, by model.Actor, in groupSharesIn) (groupSharesView, error) {
	list, err := s.svc.Performance.GroupShares(ctx, by, performance.GroupClaim{
		Claim: performance.Claim{CaseID: in.ID, PartyID: in.PartyID, AmountFen: model.Fen(in.AmountFen), PaidOn: in.PaidOn},
	})
	return groupSharesView{Cases: each(list, func(g model.GroupShare) groupCaseView {
		return groupCaseView{CaseID: g.CaseID, CaseNo: g.CaseNo, DueFen: g.DueFen, OpenFen: g.OpenFen, AmountFen: g.AmountFen}
	})}, err
}
