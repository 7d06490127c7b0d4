package payment_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/payment"
	"microcourt/service/servicetest"
	"microcourt/storage/storagetest"
)

type people struct {
	*servicetest.World
	judge, other, clerk, debtor, creditor servicetest.Person
	f                                     servicetest.Filed
}

func newPeople(t *testing.T) *people {
	t.Helper()
	w := servicetest.New(t)
	p := &people{
		World: w, judge: w.Staff("zhang.min", model.RoleJudge), other: w.Staff("ji.wei", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk),
		debtor: w.Citizen(), creditor: w.Citizen(),
	}
	p.f = w.File(p.clerk)
	w.Bind(p.debtor, p.clerk, p.f.ID, p.f.Debtor)
	w.Bind(p.creditor, p.clerk, p.f.ID, p.f.Creditor)
	return p
}

func (p *people) account(number string) model.PaymentAccount {
	return model.PaymentAccount{CaseID: p.f.ID, PartyID: p.f.Creditor, Payee: "李某", Number: number, Bank: "镇海农商银行骆驼支行", IdemKey: servicetest.FreshKey()}
}

func (p *people) enter(by servicetest.Person, number string) *model.PaymentAccount {
	p.T.Helper()
	a, err := p.Svc.Payment.Enter(context.Background(), by.Actor, p.account(number))
	if err != nil {
		p.T.Fatal(err)
	}
	return a
}

func (p *people) decide(by servicetest.Person, a *model.PaymentAccount, to model.AccountState, reason string) error {
	_, err := p.Svc.Payment.Decide(context.Background(), by.Actor, payment.Decision{AccountID: a.ID, Version: a.Version, To: to, Reason: reason})
	return err
}

func (p *people) call(by servicetest.Person, a *model.PaymentAccount, answer model.CallAnswer) error {
	_, err := p.Svc.Payment.RecordCall(context.Background(), by.Actor, payment.Called{AccountID: a.ID, Answer: answer, Key: servicetest.FreshKey()})
	return err
}

// shown is the account that the debtor is shown, and whether it is the court's.
func (p *people) shown() model.PayWay {
	p.T.Helper()
	g, err := p.Svc.Payment.HowToPay(context.Background(), p.debtor.Actor, p.f.ID)
	if err != nil || len(g) != 1 || len(g[0].Ways) != 1 {
		p.T.Fatalf("%+v %v", g, err)
	}
	return g[0].Ways[0]
}

const first, second = "6228480000000001011", "6214830000000005055"

// The classic fraud is to talk a payer into another account. Whatever happens, he
// sees the court's account, then the one that the judge confirmed, and another only
// after the creditor himself said so under the number on file.
func TestAnotherAccountIsNeverShownWithoutACall(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	see := func(when, number string) {
		t.Helper()
		if w := p.shown(); w.Number != number || w.ToCourt != (number == "39011200") {
			t.Errorf("%s the debtor is shown %+v", when, w)
		}
	}
	see("before any account", "39011200")
	a := p.enter(p.clerk, "6228 4800-0000 0001 011")
	see("before it was confirmed", "39011200")
	p.Refused(p.decide(p.other, a, model.AccountInUse, ""), "payment_account.not_found")
	if err := p.decide(p.judge, a, model.AccountInUse, ""); err != nil { // the first needs no call: nobody was shown another
		t.Fatal(err)
	}
	if w := p.shown(); w.Number != first || w.Payee != "李某" || w.Bank == "" || w.Why != "" {
		t.Errorf("%+v", w)
	}
	b := p.enter(p.creditor, second) // or who holds his phone
	see("after another was entered", first)
	p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), "payment_account.call_missing")
	for _, c := range []struct {
		answer model.CallAnswer
		reason string
	}{{model.CallUnanswered, "payment_account.call_missing"}, {model.CallDenied, "payment_account.denied"}} {
		if err := p.call(p.clerk, b, c.answer); err != nil {
			t.Fatal(err)
		}
		p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), c.reason)
		see("after the call: "+c.answer.Chinese(), first)
	}
	if err := p.decide(p.judge, b, model.AccountRefused, "权利人否认"); err != nil {
		t.Fatal(err)
	}
	c := p.enter(p.creditor, second)
	p.Refused(p.decide(p.judge, c, model.AccountInUse, ""), "payment_account.call_missing") // the call was about the other
	if err := p.call(p.clerk, c, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	see("before the judge decided", first)
	if err := p.decide(p.judge, c, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	see("after all of it", second)
	c.Version++
	if err := p.decide(p.judge, c, model.AccountStopped, "账户被冻结"); err != nil {
		t.Fatal(err)
	}
	see("after it was stopped", "39011200")
	p.Refused(p.decide(p.judge, p.enter(p.clerk, "6217000000000000001"), model.AccountInUse, ""), "payment_account.call_missing")

	// Everything is there for ever: each account, who called whom, and the answer.
	list, err := p.Svc.Payment.Accounts(context.Background(), p.judge.Actor, p.f.ID)
	if err != nil || len(list) != 4 {
		t.Fatal(list, err)
	}
	if l := list[2]; l.State != model.AccountRefused || len(l.Calls) != 2 || l.Calls[1].ByUserID != p.clerk.UserID || l.Calls[1].Answer != model.CallDenied || l.Calls[1].Phone != "138****8000" {
		t.Errorf("%+v", l)
	}
	if l := list[3]; l.State != model.AccountReplaced || len(l.Entries) != 3 || l.Number != "****1011" {
		t.Errorf("%+v", l)
	}
	if n := p.NoticesOf(p.creditor, model.NoticeAccount); n != 8 { // so that he hears of what he did not do
		t.Errorf("the creditor was told %d times", n)
	}
}

// A number that was put on file after the account was entered proves nothing: who
// changes one can change the other.
func TestANumberThatCameLaterCannotBeCalled(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	if err := p.decide(p.judge, p.enter(p.clerk, first), model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	b := p.enter(p.clerk, second)
	raw := storagetest.Raw(t, p.DSN)
	set := func(hash string) {
		t.Helper()
		if _, err := raw.Exec("UPDATE parties SET phone_hash = ? WHERE id = ?", hash, p.f.Creditor); err != nil {
			t.Fatal(err)
		}
	}
	var before string
	if err := raw.QueryRow("SELECT phone_hash FROM parties WHERE id = ?", p.f.Creditor).Scan(&before); err != nil {
		t.Fatal(err)
	}
	set("another")
	if err := p.call(p.judge, b, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), "payment_account.phone_changed")
	set(before)
	p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), "payment_account.call_missing")
	set("")
	p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), "payment_account.no_phone")
}

// Who may enter which account; who entered one neither calls nor confirms.
func TestWhoEntersAnAccount(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	try := func(by servicetest.Person, change func(*model.PaymentAccount)) error {
		a := p.account(first)
		change(&a)
		_, err := p.Svc.Payment.Enter(ctx, by.Actor, a)
		return err
	}
	p.Refused(try(p.debtor, func(*model.PaymentAccount) {}), "party.not_found")
	p.Refused(try(p.Citizen(), func(*model.PaymentAccount) {}), "case.not_found")
	p.Refused(try(p.judge, func(*model.PaymentAccount) {}), "role.forbidden")
	p.Refused(try(p.clerk, func(a *model.PaymentAccount) { a.PartyID = p.f.Debtor }), "payment_account.not_creditor")
	p.Refused(try(p.creditor, func(a *model.PaymentAccount) { a.Payee = "王某" }), "payment_account.payee_other")
	p.Refused(try(p.clerk, func(a *model.PaymentAccount) { a.Payee = "王某" }), "payment_account.payee_reason")
	p.Refused(try(p.clerk, func(a *model.PaymentAccount) { a.Number = "62284800000O1011" }), "payment_account.number")
	if err := try(p.clerk, func(a *model.PaymentAccount) { a.Number, a.Bank, a.Payee = "1", "", "" }); len(servicetest.FieldsOf(err)) != 3 {
		t.Errorf("not all that is wrong is said: %v", err)
	}
	agent := p.Citizen()
	code, err := p.Svc.Identity.IssueBindingCode(ctx, p.clerk.Actor, p.f.ID, p.f.Creditor, model.CapacityAgent, "一般授权")
	if err == nil {
		_, err = p.Svc.Identity.BindByCode(ctx, agent.Actor, code.Code)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Refused(try(agent, func(*model.PaymentAccount) {}), "payment_account.authority")

	// A double role is no way round.
	both := p.Staff("li.both", model.RoleClerk, model.RoleJudge)
	a := p.enter(both, first)
	p.Refused(p.call(both, a, model.CallAgreed), "payment_account.own")
	if err := p.decide(p.judge, a, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	if err := try(p.creditor, func(a *model.PaymentAccount) {}); model.ReasonOf(err) != "payment_account.unchanged" {
		t.Error(err)
	}
	// The same again is the same one, also at once.
	in := p.account(second)
	servicetest.TwiceAtOnce(t, func() (int64, error) {
		a, err := p.Svc.Payment.Enter(ctx, p.creditor.Actor, in)
		if err != nil {
			return 0, err
		}
		return a.ID, nil
	})
	own, err := p.Svc.Payment.Accounts(ctx, p.creditor.Actor, p.f.ID)
	if err != nil || len(own) != 2 || own[0].Missing != "" || own[0].Calls != nil {
		t.Errorf("%+v %v", own, err)
	}
	if theirs, err := p.Svc.Payment.Accounts(ctx, p.debtor.Actor, p.f.ID); err != nil || len(theirs) != 0 {
		t.Errorf("the debtor lists %+v %v", theirs, err)
	}
}

// Each instalment has a reference of its own, which stays and leads the court back
// to it; what is paid does not stand there any more.
func TestEachInstalmentHasAReference(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	p.Clock.Set(time.Date(2026, 4, 10, 2, 0, 0, 0, time.UTC)) // ten days after the first
	w := p.shown()
	if len(w.Lines) != 2 || w.Lines[0].Reference == w.Lines[1].Reference || w.Reference == w.Lines[0].Reference || !w.Lines[0].Overdue || w.Lines[0].InterestFen == 0 {
		t.Fatalf("%+v", w)
	}
	if sum := w.Lines[0].SumFen() + w.Lines[1].SumFen(); sum != w.AmountFen || w.AmountFen <= 100000 {
		t.Errorf("%d of %d", sum, w.AmountFen)
	}
	for _, part := range []string{"户名：宁波市镇海区人民法院", "账号：39011200", "附言：" + w.Reference} {
		if !strings.Contains(w.Copied(), part) {
			t.Errorf("%q lacks %s", w.Copied(), part)
		}
	}
	if again := p.shown(); again.Lines[1].Reference != w.Lines[1].Reference || again.Reference != w.Reference {
		t.Errorf("the references changed: %+v", again)
	}
	found, err := p.Svc.Relative.Reference(ctx, p.clerk.Actor, strings.ToLower(w.Lines[1].Reference))
	if err != nil || found.CaseNo != p.f.No || found.InstallmentID != p.f.Installments[1] || found.DueOn != model.NewDate(2026, 4, 30) || found.Debtor != "甬兴建材有限公司" {
		t.Errorf("%+v %v", found, err)
	}
	if found, err := p.Svc.Relative.Reference(ctx, p.clerk.Actor, w.Reference); err != nil || found.InstallmentID != 0 || found.CaseNo != p.f.No {
		t.Errorf("%+v %v", found, err)
	}
	if g, err := p.Svc.Payment.HowToPay(ctx, p.creditor.Actor, p.f.ID); err != nil || len(g) != 0 {
		t.Errorf("the creditor is told how to pay: %+v %v", g, err)
	}
	_, err = p.Svc.Payment.HowToPay(ctx, p.Citizen().Actor, p.f.ID)
	p.Refused(err, "case.not_found")
}

// What lies in the database says nobody's account and phone.
func TestAccountsAreSealed(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	if err := p.decide(p.judge, p.enter(p.clerk, first), model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	if err := p.call(p.judge, p.enter(p.clerk, second), model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	raw := storagetest.Raw(t, p.DSN)
	for _, query := range []string{"SELECT * FROM payment_accounts", "SELECT * FROM account_calls", "SELECT * FROM account_entries", "SELECT * FROM notices", "SELECT * FROM audit_entries"} {
		if text := dump(t, raw, query); strings.Contains(text, first) || strings.Contains(text, second) || strings.Contains(text, "13800138000") {
			t.Errorf("%s: %s", query, text)
		}
	}
	if strings.Contains(p.Log.String(), first) {
		t.Error("the log has the account")
	}
}

func dump(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		cells, at := make([]sql.NullString, len(cols)), make([]any, len(cols))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			b.WriteString(c.String + "|")
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// phoneOnFile brings the number on file to another, as the case system's next version
// of the case does.
func (p *people) phoneOnFile(hash string) {
	p.T.Helper()
	raw := storagetest.Raw(p.T, p.DSN)
	if _, err := raw.Exec("UPDATE parties SET phone_hash = ? WHERE id = ?", hash, p.f.Creditor); err != nil {
		p.T.Fatal(err)
	}
}

// Who brings another number on file first, then the account, and then answers under
// that number, has shown nothing: the judge says how else he made sure of the person.
func TestANumberThatCameBeforeTheAccountIsNotEnough(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	if err := p.decide(p.judge, p.enter(p.clerk, first), model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	p.phoneOnFile("another")
	b := p.enter(p.clerk, second)
	if err := p.call(p.judge, b, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	p.RefusedAt(p.decide(p.judge, b, model.AccountInUse, " "), "payment_account.number_new", "reason")
	if w := p.shown(); w.Number != first {
		t.Errorf("the debtor is shown %+v", w)
	}
	if list, err := p.Svc.Payment.Accounts(context.Background(), p.judge.Actor, p.f.ID); err != nil || list[0].NewNumber == "" || list[1].NewNumber != "" {
		t.Errorf("the judge is not told that the number is new: %+v %v", list, err)
	}
	if err := p.decide(p.judge, b, model.AccountInUse, "权利人持身份证到庭确认"); err != nil {
		t.Fatal(err)
	}
	c := p.enter(p.clerk, "6217000000000000001") // the number was on file when the last one was entered
	if err := p.call(p.judge, c, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	if err := p.decide(p.judge, c, model.AccountInUse, ""); err != nil {
		t.Error(err)
	}
}

// What a judge stopped comes back only after a call, even with the same number.
func TestAStoppedAccountDoesNotComeBackByItself(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	a := p.enter(p.clerk, first)
	if err := p.decide(p.judge, a, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	a.Version++
	if err := p.decide(p.judge, a, model.AccountStopped, "权利人称账户非其本人提供"); err != nil {
		t.Fatal(err)
	}
	p.Refused(p.decide(p.judge, p.enter(p.clerk, first), model.AccountInUse, ""), "payment_account.call_missing")
}

// An account that came from the phone of somebody whose binding the court took is
// not used, nor one of a party that is no more.
func TestWhoActsNoLongerBringsNoAccount(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	a := p.enter(p.creditor, first)
	bound, err := p.Svc.Identity.CaseBindings(ctx, p.clerk.Actor, p.f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bound {
		if b.PartyID == p.f.Creditor {
			if err := p.Svc.Identity.EndBinding(ctx, p.clerk.Actor, b.ID, "系冒用他人身份"); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.Refused(p.decide(p.judge, a, model.AccountInUse, ""), "payment_account.binding_ended")
	if list, err := p.Svc.Payment.Accounts(ctx, p.judge.Actor, p.f.ID); err != nil || !strings.Contains(list[0].Missing, "解除") {
		t.Errorf("the judge is not told why: %+v %v", list, err)
	}
	b := p.enter(p.clerk, second)
	p.SQL("UPDATE parties SET gone_by = 1 WHERE ref = 'C1'")
	p.Refused(p.decide(p.judge, b, model.AccountInUse, ""), "payment_account.creditor_gone")
}

// An account in use that came from a phone is in doubt as soon as its binding ends,
// whichever way: payers see the court's account again, the creditor is told, and the
// judge uses it again only after a call to the number on file since then. What a clerk
// entered, or somebody else's account, stays.
func TestAnAccountFallsBackWhenWhoEnteredItActsNoLonger(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	end := func() {
		t.Helper()
		bound, err := p.Svc.Identity.CaseBindings(ctx, p.clerk.Actor, p.f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bound {
			if b.UserID != p.creditor.UserID {
				continue
			}
			if err := p.Svc.Identity.EndBinding(ctx, p.clerk.Actor, b.ID, "系冒用他人身份"); err != nil {
				t.Fatal(err)
			}
		}
	}
	now := func() model.PaymentAccount {
		t.Helper()
		list, err := p.Svc.Payment.Accounts(ctx, p.judge.Actor, p.f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return list[len(list)-1].PaymentAccount
	}
	a := p.enter(p.creditor, first)
	if err := p.decide(p.judge, a, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	if err := p.call(p.clerk, &model.PaymentAccount{ID: a.ID}, model.CallAgreed); model.KindOf(err) != model.Conflict {
		t.Errorf("an account that is used waits for no call: %v", err)
	}
	if w := p.shown(); w.ToCourt {
		t.Fatalf("before: %+v", w)
	}
	end()
	got := now()
	if w := p.shown(); !w.ToCourt || w.Number == first {
		t.Errorf("payers still see %+v", w)
	}
	if got.State != model.AccountDoubted || !strings.Contains(got.Reason, "已经解除") {
		t.Errorf("%+v", got)
	}
	waiting, err := p.Svc.Payment.Waiting(ctx, p.judge.Actor, 0, 10)
	if err != nil || len(waiting) != 1 || !waiting[0].Changes || waiting[0].Agreed {
		t.Errorf("the judge's list: %+v %v", waiting, err)
	}
	p.Refused(p.decide(p.judge, &got, model.AccountInUse, ""), "payment_account.call_missing")
	again := p.enter(p.clerk, first)
	p.Refused(p.decide(p.judge, again, model.AccountInUse, ""), "payment_account.call_missing") // nor by another's hand
	if err := p.decide(p.judge, again, model.AccountRefused, "与原账户相同"); err != nil {
		t.Fatal(err)
	}
	p.Clock.Advance(5 * time.Minute)
	if err := p.call(p.clerk, &got, model.CallDenied); err != nil {
		t.Fatal(err)
	}
	p.Refused(p.decide(p.judge, &got, model.AccountInUse, ""), "payment_account.denied")
	p.Clock.Advance(5 * time.Minute)
	if err := p.call(p.clerk, &got, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	if err := p.decide(p.judge, &got, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	if w := p.shown(); w.ToCourt || w.Number != first {
		t.Errorf("after the call: %+v", w)
	}
	p.Bind(p.creditor, p.clerk, p.f.ID, p.f.Creditor)
	told := map[string]int{}
	list, _, err := p.Svc.Notice.Inbox(ctx, p.creditor.Actor, 0, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		told[n.Title]++
	}
	if told["收款账户待电话核实"] != 1 || told["收款账户已确认"] != 2 {
		t.Errorf("the creditor was told %v", told)
	}

	// The doubt comes up again, and the earlier call does not answer it.
	p.Clock.Advance(5 * time.Minute)
	end()
	got = now()
	if got.State != model.AccountDoubted {
		t.Fatalf("the second time: %+v", got)
	}
	p.Refused(p.decide(p.judge, &got, model.AccountInUse, ""), "payment_account.call_missing")
	if err := p.decide(p.judge, &got, model.AccountStopped, "权利人否认"); err != nil {
		t.Error(err)
	}
	b := p.enter(p.clerk, second)
	if err := p.call(p.judge, b, model.CallAgreed); err != nil {
		t.Fatal(err)
	}
	if err := p.decide(p.judge, b, model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	p.Bind(p.creditor, p.clerk, p.f.ID, p.f.Creditor)
	end()
	if w := p.shown(); w.Number != second {
		t.Errorf("what a clerk entered: %+v", w)
	}
}

// What is being enforced is paid to the court, which pays it out: its officer has to
// see what came in.
func TestWhatIsEnforcedIsPaidToTheCourt(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	if err := p.decide(p.judge, p.enter(p.clerk, first), model.AccountInUse, ""); err != nil {
		t.Fatal(err)
	}
	if w := p.shown(); w.ToCourt || w.Number != first {
		t.Errorf("before the enforcement: %+v", w)
	}
	p.Clock.Set(time.Date(2026, 5, 10, 2, 0, 0, 0, time.UTC))
	p.EnforcedBy(p.Staff("wu.officer", model.RoleOfficer), p.f)
	if w := p.shown(); !w.ToCourt || w.Number != "39011200" || !strings.Contains(w.Why, "执行") || w.CreditorID != p.f.Creditor {
		t.Errorf("under enforcement: %+v", w)
	}
}
