package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// caseMoneyRoutes are the money that the court holds for enforcement cases: the
// account of a case, and the work lists of the court.
func (d *Desk) caseMoneyRoutes() []Route {
	return []Route{
		listed("/case-money", model.ActMoneyRead, d.caseMoney),
		post("/case-money", model.ActMoneyEnter, d.enterMoney),
		post("/case-money/:id/identify", model.ActMoneyIdentify, d.identifyMoney),
		listed("/payouts", model.ActMoneyRead, d.payouts),
		listed("/payout-delays", model.ActMoneyRead, d.payoutDelays),
		get("/enforcement/:id/account", model.ActMoneyRead, d.caseAccount),
		post("/enforcement/:id/account/identify", model.ActMoneyIdentify, d.onAccount("money_identified", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, no, reason := f.number("money"), f.version(), f.text("to_case"), f.text("reason")
			return func() error {
				_, err := d.svc.CaseMoney.Identify(c.Request.Context(), web.Actor(c), id, seen, no, reason)
				return toCase(err)
			}
		})),
		post("/enforcement/:id/account/correct", model.ActMoneyEnter, d.onAccount("money_corrected", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, amount, reason := f.number("money"), f.version(), f.yuan("amount", "amount_fen"), f.text("reason")
			if f.is("less") {
				amount = -amount
			}
			return func() error {
				_, err := d.svc.CaseMoney.Correct(c.Request.Context(), web.Actor(c), id, seen, amount, reason)
				return err
			}
		})),
		post("/enforcement/:id/account/payouts", model.ActPayoutPrepare, d.onAccount("payout_prepared", func(c *gin.Context, f *form, _ int64) func() error {
			p := model.Payout{
				CaseMoneyID: f.number("money"), IdemKey: f.key(), Kind: model.PayoutKind(f.text("kind")), PartyID: f.number("party"), AmountFen: f.yuan("amount", "amount_fen"),
				Payee: f.text("payee"), Number: f.text("number"), Bank: f.text("bank"), Reason: f.text("reason"),
			}
			seen := f.version()
			return func() error {
				_, err := d.svc.CaseMoney.Prepare(c.Request.Context(), web.Actor(c), seen, p)
				return err
			}
		})),
		finalUnless(post("/enforcement/:id/account/decide", model.ActPayoutApprove, d.onAccount("payout_decided", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, to, reason := f.number("payout"), f.version(), model.PayoutState(f.text("decision")), f.text("reason")
			return func() error {
				_, err := d.svc.CaseMoney.Decide(c.Request.Context(), web.Actor(c), id, seen, to, reason)
				return err
			}
		})), "decision", string(model.PayoutRefused)),
		post("/enforcement/:id/account/withdraw", model.ActPayoutPrepare, d.onAccount("payout_withdrawn", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, reason := f.number("payout"), f.version(), f.text("reason")
			return func() error {
				_, err := d.svc.CaseMoney.Withdraw(c.Request.Context(), web.Actor(c), id, seen, reason)
				return err
			}
		})),
		{
			Method: http.MethodPost, Path: "/enforcement/:id/account/pay", Act: model.ActPayoutPay, MaxBody: 12 << 20, Timeout: time.Minute,
			handle: d.onAccount("payout_paid", func(c *gin.Context, f *form, caseID int64) func() error {
				id, seen := f.number("payout"), f.version()
				t := model.Transfer{On: f.date("paid_on"), BankRef: f.text("bank_ref")}
				if ground := model.LodgementGround(f.text("ground")); ground != "" {
					t.Lodged = &model.Lodgement{Ground: ground, Reason: f.text("fact"), With: f.text("with"), Number: f.text("number"), NoticeOn: f.date("notice_on"), How: f.text("notice_by")}
				}
				t.FileID = f.scan(caseID)
				return func() error {
					_, err := d.svc.CaseMoney.Pay(c.Request.Context(), web.Actor(c), id, seen, t)
					return err
				}
			}),
		},
		post("/enforcement/:id/account/back", model.ActPayoutPay, d.onAccount("payout_back", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, reason := f.number("payout"), f.version(), f.text("reason")
			return func() error {
				_, err := d.svc.CaseMoney.ComeBack(c.Request.Context(), web.Actor(c), id, seen, reason)
				return err
			}
		})),
		post("/enforcement/:id/account/delays", model.ActPayoutPrepare, d.onAccount("delay_asked", func(c *gin.Context, f *form, _ int64) func() error {
			one := model.PayoutDelay{CaseMoneyID: f.number("money"), IdemKey: f.key(), Ground: model.DelayGround(f.text("ground")), Reason: f.text("reason"), UntilOn: f.date("until_on")}
			return func() error {
				_, err := d.svc.CaseMoney.AskDelay(c.Request.Context(), web.Actor(c), one)
				return err
			}
		})),
		finalUnless(post("/enforcement/:id/account/delay-decide", model.ActPayoutApprove, d.onAccount("delay_decided", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen, to, reason := f.number("delay"), f.version(), model.DelayState(f.text("decision")), f.text("reason")
			return func() error {
				_, err := d.svc.CaseMoney.DecideDelay(c.Request.Context(), web.Actor(c), id, seen, to, reason)
				return err
			}
		})), "decision", string(model.DelayRefused)),
		post("/enforcement/:id/account/delay-end", model.ActPayoutPrepare, d.onAccount("delay_ended", func(c *gin.Context, f *form, _ int64) func() error {
			id, seen := f.number("delay"), f.version()
			return func() error {
				_, err := d.svc.CaseMoney.EndDelay(c.Request.Context(), web.Actor(c), id, seen)
				return err
			}
		})),
	}
}

const caseAccountTitle = "案款账户"

// caseAccountData is the tab of an enforcement case: what came in, where it went, each
// with its proof.
type caseAccountData struct {
	*enforcementHead
	model.CaseAccount
	In, Out, Left model.Fen
	Today         model.Date
	Applicants    []model.Party
	Parties       map[int64]string // their names
}

func (d *Desk) caseAccountData(c *gin.Context) (*caseAccountData, error) {
	h, err := d.head(c, "/account")
	if err != nil {
		return nil, err
	}
	a, err := d.svc.CaseMoney.Account(c.Request.Context(), web.Actor(c), h.File.ID)
	if err != nil {
		return nil, err
	}
	data := &caseAccountData{enforcementHead: h, CaseAccount: *a, Today: model.DateOf(d.cfg.Now()), Parties: map[int64]string{}}
	data.In, data.Out, data.Left = a.Sums()
	for _, p := range h.Debts.Parties {
		data.Parties[p.ID] = p.Name
		if h.File.Has(p.ID, model.EnforcementApplicant) {
			data.Applicants = append(data.Applicants, p)
		}
	}
	return data, nil
}

func (d *Desk) caseAccount(c *gin.Context) error {
	data, err := d.caseAccountData(c)
	if err != nil {
		return err
	}
	return d.show(c, "case_account", caseAccountTitle, data)
}

// onAccount does a form of the tab and shows the tab again; read gets the id of the
// case to which its file belongs.
func (d *Desk) onAccount(what string, read func(c *gin.Context, f *form, caseID int64) func() error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		return onForm(d, c, "case_account", caseAccountTitle, "/desk/enforcement/%d/account", what, d.caseAccountData, func(id int64) error {
			e, err := d.svc.Enforcement.Case(c.Request.Context(), web.Actor(c), id)
			if err != nil {
				return err
			}
			f := d.form(c)
			act := read(c, f, e.Case.ID)
			return f.do(act)
		})
	}
}

type moneyData struct {
	Filter map[string]string
	List   *listView
	All    bool // the whole court's
	State  model.MoneyState
}

const moneyTitle = "案款"

func (d *Desk) moneyTable(c *gin.Context, data *moneyData) table[model.MoneyLine] {
	type row = model.MoneyLine
	by, today := web.Actor(c), model.DateOf(d.cfg.Now())
	data.Filter = map[string]string{"state": c.Query("state"), "whose": c.Query("whose")}
	data.State = model.MoneyState(data.Filter["state"])
	if data.State == "" {
		data.State = model.MoneyDue
	}
	f := model.MoneyFilter{State: data.State}
	if data.All = !by.Has(model.RoleOfficer) || data.Filter["whose"] == "all" || data.State == model.MoneyUnidentified; !data.All {
		f.OfficerID = by.UserID
	}
	t := table[row]{
		title: moneyTitle + "：" + data.State.Chinese(), unit: "笔", cursor: "after", limit: 50, empty: "没有" + data.State.Chinese() + "的款项。",
		acts: data.State == model.MoneyUnidentified,
		columns: []column[row]{
			{name: "到账日期", class: "nowrap", cell: func(r row) cell { return onDay(r.ArrivedOn) }},
			{name: "到账（元）", class: "num", cell: func(r row) cell { return money(r.AmountFen) }},
			{name: "付款人", class: "name", cell: func(r row) cell { return say(r.PayerName) }},
			{name: "来源", cell: func(r row) cell { return say(r.Source.Chinese()) }},
			{name: "银行流水号", class: "nowrap", cell: func(r row) cell { return cell{Text: r.BankRef, Small: r.Remark} }},
			{name: "余额（元）", class: "num", cell: func(r row) cell { return money(r.HeldFen) }},
		},
		read: func(ctx context.Context, from string, limit int) ([]row, string, error) {
			f := f
			f.Limit = limit
			if from != "" {
				day, id, ok := strings.Cut(from, "_")
				n, err := strconv.ParseInt(id, 10, 64)
				if err == nil {
					f.AfterDue, err = model.ParseDate(day)
				}
				if f.AfterID = n; err != nil || !ok {
					return nil, "", model.InvalidField("after", "field.format", "分页参数不正确")
				}
			}
			rows, err := d.svc.CaseMoney.Lines(ctx, by, f)
			if err != nil || len(rows) < limit {
				return rows, "", err
			}
			last := rows[limit-1]
			due := last.DueOn
			if due.IsZero() {
				due = last.ArrivedOn
			}
			return rows, due.String() + "_" + strconv.FormatInt(last.ID, 10), nil
		},
		count: func(ctx context.Context) (int64, error) { return d.svc.CaseMoney.Count(ctx, by, f) },
	}
	if data.State == model.MoneyUnidentified {
		return t
	}
	t.conditions = []condition{{"范围", map[bool]string{true: "全院", false: "本人承办"}[data.All]}}
	t.columns = append(t.columns,
		column[row]{name: "执行案号", class: "nowrap", cell: func(r row) cell {
			return say(r.CaseNo).to(enforcementLink(r.EnforcementCaseID, "/account"))
		}},
		column[row]{name: "执行法官", class: "nowrap", cell: func(r row) cell { return say(r.Officer) }},
		column[row]{name: "发放期限", help: "money.term", class: "nowrap", cell: func(r row) cell {
			left := r.DaysLeft(today)
			out := onDay(r.DueOn).mark(left < 0, bad, "超期 "+strconv.Itoa(-left)+" 天")
			return out.mark(left >= 0 && left <= 7, wait, "剩 "+strconv.Itoa(left)+" 天")
		}},
	)
	return t
}

func (d *Desk) caseMoney(c *gin.Context) error {
	data := &moneyData{}
	return answer(d, c, d.moneyTable(c, data), func(v *listView) error {
		data.List = v
		return d.show(c, "case_money", moneyTitle, data)
	})
}

// moneyAgain shows the work list whose form was refused.
func (d *Desk) moneyAgain(c *gin.Context, refused error) error {
	data := &moneyData{}
	v, _, err := viewOf(d, c, d.moneyTable(c, data))
	if err != nil {
		return refused
	}
	data.List = v
	return d.again(c, "case_money", moneyTitle, data, refused)
}

func (d *Desk) enterMoney(c *gin.Context) error {
	f := d.form(c)
	m := model.CaseMoney{
		Source: model.MoneySource(f.text("source")), ArrivedOn: f.date("arrived_on"), AmountFen: f.yuan("amount", "amount_fen"), PayerName: f.text("payer_name"),
		BankRef: f.text("bank_ref"), Remark: f.text("remark"), ReceiptID: f.number("receipt_id"), IdemKey: f.key(),
	}
	no, to := f.text("case_no"), "/desk/case-money"
	if no == "" {
		to = address("/desk/case-money", "state", model.MoneyUnidentified)
	}
	if err := f.do(func() error {
		_, err := d.svc.CaseMoney.Enter(c.Request.Context(), web.Actor(c), m, no)
		return err
	}); err != nil {
		return d.moneyAgain(c, err)
	}
	return done(c, to, "money_entered")
}

// toCase tells a fault of the case's number at the field of the forms that identify
// money, beside which the list has one for money that is entered.
func toCase(err error) error {
	if model.FieldOf(err) == "case_no" {
		return model.AtField(err, "to_case")
	}
	return err
}

func (d *Desk) identifyMoney(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen, no := f.version(), f.text("to_case")
	if err := f.do(func() error {
		_, err := d.svc.CaseMoney.Identify(c.Request.Context(), web.Actor(c), id, seen, no, "")
		return toCase(err)
	}); err != nil {
		return d.moneyAgain(c, err)
	}
	return done(c, address("/desk/case-money", "state", model.MoneyUnidentified), "money_identified")
}

type payoutsData struct {
	State model.PayoutState
	List  *listView
}

// payouts are those that wait: for a leader, or for whoever carries them out.
func (d *Desk) payouts(c *gin.Context) error {
	type row = model.PayoutLine
	by, data := web.Actor(c), &payoutsData{State: model.PayoutPrepared}
	if s := c.Query("state"); s != "" {
		data.State = model.PayoutState(s)
	}
	t := table[row]{
		title: "案款发放：" + data.State.Chinese(), unit: "笔", cursor: "after", limit: 50, empty: "没有" + data.State.Chinese() + "的发放。",
		columns: []column[row]{
			{name: "执行案号", class: "nowrap", cell: func(r row) cell {
				return say(r.CaseNo).to(enforcementLink(r.EnforcementCaseID, "/account"))
			}},
			{name: "去向", cell: func(r row) cell { return say(r.Kind.Chinese()) }},
			{name: "收款户名", class: "name", cell: func(r row) cell { return say(r.Payee) }},
			{name: "金额（元）", class: "num", cell: func(r row) cell { return money(r.AmountFen) }},
			{name: "提出", class: "nowrap", cell: func(r row) cell { return cell{Text: r.Preparer, Small: at(r.CreatedAt)} }},
			{name: "状态", class: "nowrap", cell: func(r row) cell { return say(r.State.Chinese()) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.CaseMoney.Payouts(ctx, by, data.State, from, limit)
		}, func(r row) int64 { return r.ID }),
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "payouts", "案款发放", data)
	})
}

// payoutDelays are those that wait for a leader.
func (d *Desk) payoutDelays(c *gin.Context) error {
	type row = model.DelayLine
	by := web.Actor(c)
	t := table[row]{
		title: "待审批的延缓发放", unit: "项", cursor: "after", limit: 50, empty: "没有待审批的延缓发放。",
		columns: []column[row]{
			{name: "执行案号", class: "nowrap", cell: func(r row) cell {
				return say(r.CaseNo).to(enforcementLink(r.EnforcementCaseID, "/account"))
			}},
			{name: "余额（元）", class: "num", cell: func(r row) cell { return money(r.HeldFen) }},
			{name: "情形", cell: func(r row) cell { return cell{Text: r.Ground.Chinese(), Small: r.Reason} }},
			{name: "预计至", class: "nowrap", cell: func(r row) cell { return onDay(r.UntilOn) }},
			{name: "提出", class: "nowrap", cell: func(r row) cell { return cell{Text: r.Asker, Small: at(r.CreatedAt)} }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.CaseMoney.Delays(ctx, by, from, limit)
		}, func(r row) int64 { return r.ID }),
	}
	return answer(d, c, t, func(v *listView) error { return d.show(c, "payout_delays", "延缓发放", v) })
}
