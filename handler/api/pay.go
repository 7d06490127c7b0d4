package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/payment"
)

func (s *API) payRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/how-to-pay", For: Phone, Act: model.ActHowToPay, Summary: "怎样付款：户名、账号、开户行、附言识别码各自单列，供复制；二维码内容由客户端绘制",
			Reasons: notFound, Do: do(s.howToPay),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/how-to-pay/pdf", For: Phone, Act: model.ActHowToPay, Produces: "application/pdf", Do: do(s.paySheet),
			Summary: "付款指引（PDF）：与“怎样付款”相同的内容，供打印；不是法律文书", Reasons: append(notFound, Reason{model.NotFound, "pay_sheet.nothing"}),
		},
		{
			Method: http.MethodGet, Path: "/my/relatives/:id/pay-sheet", For: Phone, Act: model.ActHowToPay, Produces: "application/pdf", Do: do(s.paySheetOfRelative),
			Summary: "已接入的家属：付款指引（PDF），供打印；不含案件的其他内容", Reasons: []Reason{{model.NotFound, "relative.not_found"}, {model.NotFound, "pay_sheet.nothing"}},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/payment-accounts", For: Phone, Act: model.ActAccountRead, Summary: "权利人本人登记的收款账户及其状态（新的在前）",
			Reasons: notFound, Do: do(s.listAccounts),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/payment-accounts", For: Phone, Act: model.ActAccountEnter, Summary: "权利人登记收款账户：由法官确认后使用；更改的，法院先电话核实",
			Status: http.StatusCreated, Do: do(s.enterAccount), Reasons: append(notFound,
				Reason{model.NotFound, "party.not_found"}, Reason{model.Invalid, "payment_account.authority"}, Reason{model.Invalid, "payment_account.not_creditor"},
				Reason{model.Invalid, "payment_account.payee_other"}, Reason{model.Invalid, "payment_account.number"}, Reason{model.Conflict, "payment_account.unchanged"}),
		},
	}
}

type payLineView struct {
	InstallmentID int64      `json:"installment_id" required:"true"`
	ObligationID  int64      `json:"obligation_id" required:"true" description:"所属义务的编号"`
	DueOn         model.Date `json:"due_on" required:"true"`
	OpenFen       model.Fen  `json:"open_fen" required:"true"`
	InterestFen   model.Fen  `json:"interest_fen" required:"true" description:"截至今日的利息（一般债务利息和加倍部分债务利息）"`
	SumFen        model.Fen  `json:"sum_fen" required:"true" description:"今日付清该期应付的合计"`
	Overdue       bool       `json:"overdue" required:"true"`
	Reference     string     `json:"reference" required:"true" description:"只付该期时写在汇款附言中的识别码"`
}

type payWayView struct {
	CreditorID int64         `json:"creditor_id" required:"true" description:"权利人的当事人编号，0 为应缴入法院案款账户的款项"`
	Creditor   string        `json:"creditor" required:"true" description:"款项归谁"`
	ToCourt    bool          `json:"to_court" required:"true" description:"账户为法院案款账户"`
	Payee      string        `json:"payee" required:"true" description:"户名"`
	Account    string        `json:"account" required:"true" description:"账号"`
	Bank       string        `json:"bank" required:"true" description:"开户行"`
	Text       string        `json:"text" required:"true" description:"法院没有分项设置账户时，账户的原文；分项设置的为空"`
	Why        string        `json:"why" required:"true" description:"为什么付到这个账户；付到权利人本人账户的为空"`
	AmountFen  model.Fen     `json:"amount_fen" required:"true" description:"今日付清应付的合计，含利息"`
	Reference  string        `json:"reference" required:"true" description:"写在汇款附言中的识别码"`
	CourtPhone string        `json:"court_phone" required:"true" description:"法院电话"`
	QRText     string        `json:"qr_text" required:"true" description:"二维码的内容：每项一行"`
	Lines      []payLineView `json:"lines" required:"true" description:"逐期的金额和识别码"`
}

type payGuideView struct {
	PartyID   int64        `json:"party_id" required:"true" description:"付款的义务人"`
	PartyName string       `json:"party_name" required:"true"`
	SumFen    model.Fen    `json:"sum_fen" required:"true" description:"今日付清本案各项应付的合计"`
	Reference string       `json:"reference" required:"true" description:"本案的缴款识别码"`
	Ways      []payWayView `json:"ways" required:"true" description:"按收款人分列"`
}

type howToPayView struct {
	AsOf    model.Date     `json:"as_of" required:"true" description:"利息计算至该日"`
	Warning string         `json:"warning" required:"true" description:"付款前的提示"`
	Guides  []payGuideView `json:"guides" required:"true" description:"每名义务人一项；没有应付款项的为空"`
}

func viewPayWays(g payment.Guide) []payWayView {
	return each(g.Ways, func(w model.PayWay) payWayView {
		return payWayView{
			CreditorID: w.CreditorID, Creditor: w.Creditor, ToCourt: w.ToCourt, Payee: w.Payee, Account: w.Number, Bank: w.Bank, Text: w.Text, Why: w.Why,
			AmountFen: w.AmountFen, Reference: w.Reference, CourtPhone: g.Court.Phone, QRText: w.Copied(),
			Lines: each(w.Lines, func(l model.PayLine) payLineView {
				return payLineView{
					InstallmentID: l.InstallmentID, ObligationID: l.ObligationID, DueOn: l.DueOn, OpenFen: l.OpenFen, InterestFen: l.InterestFen, SumFen: l.SumFen(),
					Overdue: l.Overdue, Reference: l.Reference,
				}
			}),
		}
	})
}

func viewHowToPay(court model.Court, today model.Date, guides []payment.Guide) howToPayView {
	return howToPayView{AsOf: today, Warning: model.PayWarning(court), Guides: each(guides, func(g payment.Guide) payGuideView {
		return payGuideView{PartyID: g.Debtor.ID, PartyName: g.Debtor.Name, SumFen: g.SumFen(), Reference: g.Reference, Ways: viewPayWays(g)}
	})}
}

func (s *API) howToPay(ctx context.Context, by model.Actor, in idPath) (howToPayView, error) {
	line, err := s.svc.MyCase.Case(ctx, by, in.ID)
	if err != nil {
		return howToPayView{}, err
	}
	guides, err := s.svc.Payment.HowToPay(ctx, by, in.ID)
	return viewHowToPay(line.Court, line.Today, guides), err
}

func (s *API) paySheet(ctx context.Context, by model.Actor, in idPath) (content, error) {
	pdf, err := s.svc.Payment.Sheet(ctx, by, in.ID, 0)
	return pdfContent(fmt.Sprintf("pay-%d.pdf", in.ID), pdf), err
}

func (s *API) paySheetOfRelative(ctx context.Context, by model.Actor, in idPath) (content, error) {
	pdf, err := s.svc.Payment.SheetOfRelative(ctx, by, in.ID)
	return pdfContent(fmt.Sprintf("pay-r%d.pdf", in.ID), pdf), err
}

type newAccount struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64  `json:"party_id" required:"true" description:"为哪名权利人登记"`
	Payee   string `json:"payee" required:"true" description:"户名，应与权利人姓名或者名称一致"`
	Account string `json:"account" required:"true" description:"账号，8 至 30 位数字"`
	Bank    string `json:"bank" required:"true" description:"开户行及网点"`
}

type accountView struct {
	ID        int64      `json:"id" required:"true"`
	PartyID   int64      `json:"party_id" required:"true"`
	Payee     string     `json:"payee" required:"true" description:"户名"`
	Account   string     `json:"account" required:"true" description:"账号，只显示末四位"`
	Bank      string     `json:"bank" required:"true" description:"开户行"`
	State     string     `json:"state" required:"true" enum:"entered,in_use,doubted,refused,replaced,stopped"`
	StateName string     `json:"state_name" required:"true"`
	Reason    string     `json:"reason" required:"true" description:"不采用或者停用的理由"`
	EnteredAt time.Time  `json:"entered_at" required:"true" description:"登记的时间"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

type accountList struct {
	Accounts []accountView `json:"accounts" required:"true" description:"收款账户"`
}

func viewAccount(a model.PaymentAccount) accountView {
	return accountView{
		ID: a.ID, PartyID: a.PartyID, Payee: a.Payee, Account: model.MaskAccount(a.Number), Bank: a.Bank, State: string(a.State), StateName: a.State.Chinese(), Reason: a.Reason,
		EnteredAt: a.CreatedAt, DecidedAt: a.DecidedAt,
	}
}

func (s *API) listAccounts(ctx context.Context, by model.Actor, in idPath) (accountList, error) {
	list, err := s.svc.Payment.Accounts(ctx, by, in.ID)
	return accountList{Accounts: each(list, func(a payment.Account) accountView { return viewAccount(a.PaymentAccount) })}, err
}

func (s *API) enterAccount(ctx context.Context, by model.Actor, in newAccount) (accountView, error) {
	a, err := s.svc.Payment.Enter(ctx, by, model.PaymentAccount{
		CaseID: in.ID, PartyID: in.PartyID, Payee: in.Payee, Number: in.Account, Bank: in.Bank, IdemKey: in.Key,
	})
	if err != nil {
		return accountView{}, err
	}
	return viewAccount(*a), nil
}
