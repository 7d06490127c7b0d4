package desk

import (
	"context"
	"fmt"
	"html/template"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/payment"
)

// payRoutes are how people pay, and the accounts of creditors.
func (d *Desk) payRoutes() []Route {
	return []Route{
		listed("/payment-accounts", model.ActAccountCall, d.waitingAccounts),
		get("/payment-accounts/:id", model.ActAccountCall, d.paymentAccount),
		post("/payment-accounts/:id/calls", model.ActAccountCall, d.recordAccountCall),
		post("/payment-accounts/:id/decide", model.ActAccountDecide, d.decideAccount),
		get("/cases/:id/pay", model.ActHowToPay, d.howToPay),
		get("/cases/:id/pay/pdf", model.ActHowToPay, d.paySheet),
		post("/cases/:id/payment-accounts", model.ActAccountEnter, d.enterAccount),
	}
}

const waitingAccountsTitle = "收款账户"

// waitingAccounts are the accounts that wait for a judge.
func (d *Desk) waitingAccounts(c *gin.Context) error {
	type row = model.WaitingAccount
	by := web.Actor(c)
	t := table[row]{
		title: "待确认的收款账户", unit: "个", cursor: "after", limit: casePage, columns: accountColumns(),
		empty: "没有待确认的收款账户。权利人在小程序中登记，或者书记员在案件的“怎样付款”中登记后，这里会出现。",
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Payment.Waiting(ctx, by, from, limit)
		}, func(r row) int64 { return r.ID }),
	}
	return answer(d, c, t, func(v *listView) error { return d.show(c, "payment-accounts", waitingAccountsTitle, v) })
}

// accountColumns are those of the accounts that wait. The number leaves the desk no
// more than it is shown on it.
func accountColumns() []column[model.WaitingAccount] {
	type row = model.WaitingAccount
	return []column[row]{
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(fmt.Sprintf("/desk/payment-accounts/%d", r.ID)) }},
		{name: "权利人", class: "name", cell: func(r row) cell { return say(r.Creditor) }},
		{name: "户名", class: "name", cell: func(r row) cell { return say(r.Payee) }},
		{name: "账号", class: "nowrap", cell: func(r row) cell { return say(model.MaskAccount(r.Number)) }},
		{name: "登记人", class: "nowrap", cell: func(r row) cell {
			if r.FromPhone {
				return say("权利人")
			}
			return say("书记员")
		}},
		{name: "登记时间", class: "nowrap", cell: func(r row) cell { return moment(r.CreatedAt) }},
		{name: "电话核实", help: "payment.call", cell: func(r row) cell {
			switch {
			case !r.Changes:
				return say("首次登记，无需")
			case r.Agreed:
				return cell{}.mark(true, good, "已核实")
			case r.State == model.AccountDoubted:
				return cell{}.mark(true, bad, "绑定已解除，尚未核实")
			}
			return cell{}.mark(true, bad, "更改账户，尚未核实")
		}},
	}
}

// payWay is a way with its QR code.
type payWay struct {
	model.PayWay
	Picture template.URL // data: address of the QR code
}

type payGuide struct {
	payment.Guide
	Shown []payWay
}

type payData struct {
	Case      model.Case
	Guides    []payGuide
	Warning   string
	Accounts  []payment.Account
	Creditors []model.Party // whose account a clerk may enter
	Enter     bool
}

func (d *Desk) payData(c *gin.Context) (*payData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	file, err := d.svc.Filing.Case(ctx, by, id, false)
	if err != nil {
		return nil, err
	}
	data := &payData{Case: file.Case, Enter: by.May(model.ActAccountEnter)}
	for _, p := range file.Parties {
		for _, ob := range file.Obligations {
			if ob.Kind == model.ObligationMoney && ob.OwedTo(p.ID) && p.GoneBy == 0 {
				data.Creditors = append(data.Creditors, p)
				break
			}
		}
	}
	guides, err := d.svc.Payment.HowToPay(ctx, by, id)
	if err != nil {
		return nil, err
	}
	for _, g := range guides {
		out := payGuide{Guide: g}
		for _, w := range g.Ways {
			picture, err := qrPicture(w.Copied())
			if err != nil {
				return nil, fmt.Errorf("how to pay case %d: %w", id, err)
			}
			out.Shown = append(out.Shown, payWay{w, template.URL("data:image/png;base64," + picture)}) //nolint:gosec // a picture that was made here
		}
		data.Guides, data.Warning = append(data.Guides, out), model.PayWarning(g.Court)
	}
	if by.May(model.ActAccountRead) {
		data.Accounts, err = d.svc.Payment.Accounts(ctx, by, id)
	}
	return data, err
}

// howToPay is a page to print or to show: where the open money goes.
func (d *Desk) howToPay(c *gin.Context) error {
	data, err := d.payData(c)
	if err != nil {
		return err
	}
	return d.show(c, "pay", "怎样付款", data)
}

// paySheet is the page as a PDF, for one debtor where the address names him.
func (d *Desk) paySheet(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	party := int64(0)
	if c.Query("party") != "" {
		if party = f.number("party"); f.err != nil {
			return f.err
		}
	}
	pdf, err := d.svc.Payment.Sheet(c.Request.Context(), web.Actor(c), id, party)
	if err != nil {
		return err
	}
	sendPDF(c, "付款指引", pdf)
	return nil
}

func (d *Desk) enterAccount(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := model.PaymentAccount{
		CaseID: id, IdemKey: f.key(), PartyID: f.number("party"), Payee: f.text("payee"), Number: f.text("number"), Bank: f.text("bank"), OtherPayee: f.text("other_payee"),
	}
	var a *model.PaymentAccount
	if err := f.do(func() (err error) {
		a, err = d.svc.Payment.Enter(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		data, again := d.payData(c)
		if again != nil {
			return err
		}
		return d.again(c, "pay", "怎样付款", data, err)
	}
	return done(c, fmt.Sprintf("/desk/cases/%d/pay", a.CaseID), "account_entered")
}

type accountData struct {
	*payment.Account
	Case    model.Case
	Decide  bool
	Answers []model.CallAnswer
}

func (d *Desk) accountData(c *gin.Context) (*accountData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &accountData{Answers: model.CallAnswers, Decide: by.May(model.ActAccountDecide)}
	if data.Account, err = d.svc.Payment.Account(ctx, by, id); err != nil {
		return nil, err
	}
	file, err := d.svc.Filing.Case(ctx, by, data.CaseID, false)
	if err != nil {
		return nil, err
	}
	data.Case = file.Case
	return data, nil
}

func (d *Desk) paymentAccount(c *gin.Context) error {
	data, err := d.accountData(c)
	if err != nil {
		return err
	}
	return d.show(c, "payment-account", waitingAccountsTitle, data)
}

// refuseAccount shows the account again with what was wrong.
func (d *Desk) refuseAccount(c *gin.Context, err error) error {
	data, again := d.accountData(c)
	if again != nil {
		return err
	}
	return d.again(c, "payment-account", waitingAccountsTitle, data, err)
}

func (d *Desk) recordAccountCall(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := payment.Called{AccountID: id, Key: f.key(), Answer: model.CallAnswer(f.text("answer")), Note: f.text("note")}
	if f.text("called_at") != "" {
		in.At = f.time("called_at")
	} else {
		in.At = time.Time{}
	}
	if err := f.do(func() error {
		_, err := d.svc.Payment.RecordCall(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		return d.refuseAccount(c, err)
	}
	return done(c, fmt.Sprintf("/desk/payment-accounts/%d", id), "account_called")
}

func (d *Desk) decideAccount(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	dec := payment.Decision{AccountID: id, Version: f.version(), To: model.AccountState(f.text("state")), Reason: f.text("reason")}
	if err := f.do(func() error {
		_, err := d.svc.Payment.Decide(c.Request.Context(), web.Actor(c), dec)
		return err
	}); err != nil {
		return d.refuseAccount(c, err)
	}
	return done(c, fmt.Sprintf("/desk/payment-accounts/%d", id), "account_decided")
}
