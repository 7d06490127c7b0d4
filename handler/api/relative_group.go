package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
)

func (s *API) groupBehalfRoute() Route {
	return Route{
		Method: http.MethodPost, Path: "/my/relatives/:id/group-receipts", For: Phone, Act: model.ActReceiptSubmit, Status: http.StatusCreated,
		Timeout: 90 * time.Second, Summary: "代为履行：一笔付款用于被执行人的几个关联案件（限于本人已接入的案件）", Do: do(s.payGroupOnBehalf),
		Reasons: append([]Reason{{model.NotFound, "relative.not_found"}}, groupReasons()...),
	}
}

func (s *API) behalfSharesRoute() Route {
	return Route{
		Method: http.MethodGet, Path: "/my/relatives/:id/group-shares", For: Phone, Act: model.ActReceiptSubmit,
		Summary: "代为履行：被执行人在本人已接入的各关联案件中的欠款，以及一笔款项如何分到各案", Do: do(s.readBehalfShares),
		Reasons: []Reason{{model.NotFound, "relative.not_found"}, {model.Conflict, "group.none"}},
	}
}

type groupBehalf struct {
	ID int64 `path:"id" json:"-"`
	withKey
	AmountFen    model.Fen    `json:"amount_fen" required:"true" description:"这笔付款的总额（分）"`
	PaidOn       model.Date   `json:"paid_on" required:"true" description:"付款日期"`
	PayeeName    string       `json:"payee_name,omitempty"`
	PayeeAccount string       `json:"payee_account,omitempty"`
	BankSerial   string       `json:"bank_serial,omitempty"`
	ProofKind    string       `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account"`
	Remark       string       `json:"remark,omitempty"`
	Files        []int64      `json:"file_ids" required:"true" description:"1–9 个已上传到路径中联系所在案件的文件；各案共用，只保存一份"`
	Parts        []groupShare `json:"parts" description:"分到各案的金额，合计等于总额；不填的，由系统按各案付款日已到期、再按未到期的欠款比例分配"`
}

type groupBehalfView struct {
	ID        int64             `json:"id" required:"true" description:"这笔付款的编号"`
	AmountFen model.Fen         `json:"amount_fen" required:"true" description:"这笔付款的总额"`
	Receipts  []behalfShareView `json:"receipts" required:"true" description:"各案的回执，由各案承办人员分别处理"`
}

// behalfShareView is one case's part, with the link by which the relative reads it.
type behalfShareView struct {
	behalfView
	RelativeID int64 `json:"relative_id" required:"true" description:"本人在该案的联系"`
}

func (s *API) payGroupOnBehalf(ctx context.Context, by model.Actor, in groupBehalf) (groupBehalfView, error) {
	g, err := s.svc.Performance.SubmitGroup(ctx, by, performance.GroupClaim{
		Claim: performance.Claim{
			RelativeID: in.ID, AmountFen: in.AmountFen, PaidOn: in.PaidOn, PayeeName: in.PayeeName, PayeeAccount: in.PayeeAccount, BankSerial: in.BankSerial,
			ProofKind: model.ProofKind(in.ProofKind), Remark: in.Remark, Files: in.Files, IdemKey: in.Key,
		},
		Parts: each(in.Parts, func(p groupShare) model.GroupShare {
			return model.GroupShare{CaseID: p.CaseID, AmountFen: p.AmountFen}
		}),
	})
	if err != nil {
		return groupBehalfView{}, err
	}
	return groupBehalfView{ID: g.Payment.ID, AmountFen: g.Payment.AmountFen, Receipts: each(g.Receipts, func(r model.Receipt) behalfShareView {
		return behalfShareView{viewBehalf(r), r.RelativeID}
	})}, nil
}

type behalfSharesIn struct {
	ID        int64      `path:"id" json:"-"`
	AmountFen int64      `query:"amount_fen" json:"-" minimum:"0" description:"要分到各案的金额（分）"`
	PaidOn    model.Date `query:"paid_on" json:"-" description:"付款日期，默认今天"`
}

// behalfSharesView shows a relative nothing of a case but what is owed.
type behalfSharesView struct {
	Cases []behalfCaseView `json:"cases" required:"true" description:"本人已接入的各关联案件"`
}

type behalfCaseView struct {
	CaseID    int64     `json:"case_id" required:"true" description:"指定分到各案的金额时填写"`
	DueFen    model.Fen `json:"due_fen" required:"true" description:"付款日已到期的欠款，含利息"`
	OpenFen   model.Fen `json:"open_fen" required:"true" description:"全部欠款，含截至付款日的利息"`
	AmountFen model.Fen `json:"amount_fen" required:"true" description:"分到该案的金额"`
}

func (s *API) readBehalfShares(ctx context.Context, by model.Actor, in behalfSharesIn) (behalfSharesView, error) {
	list, err := s.svc.Performance.GroupShares(ctx, by, performance.GroupClaim{
		Claim: performance.Claim{RelativeID: in.ID, AmountFen: model.Fen(in.AmountFen), PaidOn: in.PaidOn},
	})
	return behalfSharesView{Cases: each(list, func(g model.GroupShare) behalfCaseView {
		return behalfCaseView{CaseID: g.CaseID, DueFen: g.DueFen, OpenFen: g.OpenFen, AmountFen: g.AmountFen}
	})}, err
}
