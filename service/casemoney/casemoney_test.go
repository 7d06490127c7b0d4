package casemoney_test

import (
	"context"
	"slices"
	"testing"

	"microcourt/model"
	"microcourt/service/casemoney"
	"microcourt/service/payment"
	st "microcourt/service/servicetest"
)

var ctx = context.Background()

// money is an enforcement case of the officer, whose creditor has an account that a
// judge confirmed.
type money struct {
	*st.Coerced
	svc *casemoney.Service
	no  string
}

func newMoney(t *testing.T) *money {
	t.Helper()
	m := &money{Coerced: st.NewCoerced(t)}
	m.svc = m.Svc.CaseMoney
	d, err := m.Svc.Enforcement.Case(ctx, m.Officer.Actor, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	m.no = d.File.CaseNo
	a, err := m.Svc.Payment.Enter(ctx, m.Clerk.Actor, model.PaymentAccount{
		CaseID: m.F.ID, PartyID: m.F.Creditor, Payee: d.Party(m.F.Creditor), Number: "6228480000000001011", Bank: "镇海农商银行骆驼支行", IdemKey: st.FreshKey(),
	})
	if err == nil {
		_, err = m.Svc.Payment.Decide(ctx, m.Officer.Actor, payment.Decision{AccountID: a.ID, Version: a.Version, To: model.AccountInUse})
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *money) enter(caseNo string, fen model.Fen, change ...func(*model.CaseMoney)) (*model.CaseMoney, error) {
	in := model.CaseMoney{
		Source: model.MoneyDeducted, ArrivedOn: m.Today(), AmountFen: fen, PayerName: "赵明", BankRef: "NB2026" + st.FreshKey(), Remark: "执行款", IdemKey: st.FreshKey(),
	}
	for _, f := range change {
		f(&in)
	}
	return m.svc.Enter(ctx, m.Clerk.Actor, in, caseNo)
}

func (m *money) account() *model.CaseAccount {
	m.T.Helper()
	a, err := m.svc.Account(ctx, m.Leader.Actor, m.ID)
	if err != nil {
		m.T.Fatal(err)
	}
	return a
}

func (m *money) one(id int64) model.CaseMoney {
	m.T.Helper()
	for _, x := range m.account().Money {
		if x.ID == id {
			return x
		}
	}
	m.T.Fatalf("money %d is not on the account", id)
	return model.CaseMoney{}
}

func (m *money) prepare(by st.Person, id int64, kind model.PayoutKind, fen model.Fen) (*model.Payout, error) {
	p := model.Payout{CaseMoneyID: id, Kind: kind, AmountFen: fen, PartyID: m.F.Creditor, Payee: "赵明", Number: "6222000011112222", Bank: "某银行", Reason: "依据见卷", IdemKey: st.FreshKey()}
	return m.svc.Prepare(ctx, by.Actor, m.one(id).Version, p)
}

func (m *money) slip(seed int) model.Transfer {
	return model.Transfer{On: m.Today(), BankRef: "PAY" + st.FreshKey(), FileID: m.Uploaded(m.Clerk, m.F.ID, seed)}
}

// Nobody knows whose money arrived; it is identified, first for a wrong case, goes
// to the creditor and for the fee by two hands, comes back from the bank and is paid
// again; the account says each step, and the recount after the story agrees.
func TestTheStoryOfCaseMoney(t *testing.T) {
	t.Parallel()
	m := newMoney(t)
	s := m.svc
	in, err := m.enter("", 60000)
	if err != nil || in.EnforcementCaseID != 0 || !in.DueOn.IsZero() {
		t.Fatal(in, err)
	}
	lines := func(f model.MoneyFilter) (ids []int64) {
		f.Limit = 10
		list, err := s.Lines(ctx, m.Clerk.Actor, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return ids
	}
	if got := lines(model.MoneyFilter{State: model.MoneyUnidentified}); !slices.Equal(got, []int64{in.ID}) {
		t.Fatal("unidentified:", got)
	}
	other := m.Enforce(m.File(m.Clerk, st.PersonOwes), m.Officer)
	d, err := m.Svc.Enforcement.Case(ctx, m.Officer.Actor, other)
	if err != nil {
		t.Fatal(err)
	}
	if in, err = s.Identify(ctx, m.Clerk.Actor, in.ID, in.Version, d.File.CaseNo, ""); err != nil || in.EnforcementCaseID != other {
		t.Fatal(in, err)
	}
	_, err = s.Identify(ctx, m.Clerk.Actor, in.ID, in.Version, m.no, "")
	m.RefusedAt(err, "reason.required", "reason")
	seen := in.Version
	for range 2 { // also asked again
		if in, err = s.Identify(ctx, m.Officer.Actor, in.ID, seen, m.no, "附言中的案号看错"); err != nil || in.EnforcementCaseID != m.ID || in.DueOn != m.Today().AddDays(30) {
			t.Fatal(in, err)
		}
	}
	if got := m.Told(m.Officer); !slices.Contains(got, model.NoticeMoneyToPay) {
		t.Error("the officer was told of", got)
	}
	if got := m.Told(m.Creditor); !slices.Contains(got, model.NoticeCaseMoney) {
		t.Error("the creditor was told of", got)
	}

	fee, err := m.prepare(m.Officer, in.ID, model.PayoutFee, 5000)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.prepare(m.Officer, in.ID, model.PayoutCreditor, 55000)
	if err != nil || p.Number != "6228480000000001011" {
		t.Fatal(p, err)
	}
	two := m.Staff("two.hats", model.RoleOfficer, model.RoleLeader, model.RoleClerk)
	_, err = s.Pay(ctx, m.Clerk.Actor, p.ID, p.Version, m.slip(1))
	m.Refused(err, "payout.state") // not approved
	if p, err = s.Decide(ctx, m.Leader.Actor, p.ID, p.Version, model.PayoutApproved, ""); err != nil {
		t.Fatal(err)
	}
	slip := m.slip(2)
	version := p.Version
	for range 2 { // also asked again
		if p, err = s.Pay(ctx, m.Clerk.Actor, p.ID, version, slip); err != nil || p.State != model.PayoutPaid {
			t.Fatal(p, err)
		}
	}
	if got := m.one(in.ID); got.HeldFen != 5000 || got.ReservedFen != 5000 || got.Free() != 0 {
		t.Fatalf("%+v", got)
	}
	if _, err = s.ComeBack(ctx, m.Clerk.Actor, p.ID, p.Version, "账号与户名不符"); err != nil {
		t.Fatal(err)
	}
	if p, err = m.prepare(m.Officer, in.ID, model.PayoutCreditor, 55000); err == nil {
		p, err = s.Decide(ctx, m.Leader.Actor, p.ID, p.Version, model.PayoutApproved, "")
	}
	if err == nil {
		_, err = s.Pay(ctx, two.Actor, p.ID, p.Version, model.Transfer{On: m.Today(), BankRef: "x1", FileID: m.Uploaded(two, m.F.ID, 3)})
	}
	if err == nil {
		fee, err = s.Decide(ctx, two.Actor, fee.ID, fee.Version, model.PayoutApproved, "")
	}
	if err == nil {
		_, err = s.Pay(ctx, m.Clerk.Actor, fee.ID, fee.Version, m.slip(4))
	}
	if err != nil {
		t.Fatal(err)
	}
	a := m.account()
	if in, out, left := a.Sums(); in != 60000 || out != 60000 || left != 0 || len(a.Payouts) != 3 || a.Fee.PaidFen != 5000 || a.Fee.Open() != 0 {
		t.Errorf("in %d, out %d, left %d, %d payouts, fee %+v", in, out, left, len(a.Payouts), a.Fee)
	}
	if got := append(lines(model.MoneyFilter{State: model.MoneyDue}), lines(model.MoneyFilter{State: model.MoneyUnidentified})...); len(got) != 0 {
		t.Error("still on a list:", got)
	}
}

// Nothing leaves by one hand, twice, beyond what is there, or to an account that is
// not in use any more; nobody else's officer prepares it; nothing is half done.
func TestWhatIsRefusedOfCaseMoney(t *testing.T) {
	t.Parallel()
	m := newMoney(t)
	s := m.svc
	in, err := m.enter(m.no, 30000)
	if err != nil {
		t.Fatal(err)
	}
	hats := m.Staff("two.hats", model.RoleOfficer, model.RoleLeader, model.RoleClerk)
	file, err := m.Svc.Enforcement.Case(ctx, m.Leader.Actor, m.ID)
	if err == nil {
		err = m.Svc.Enforcement.HandOver(ctx, m.Leader.Actor, m.ID, file.File.Version, hats.Login, "分案调整")
	}
	if err != nil {
		t.Fatal(err)
	}
	by := hats // the officer now
	elsewhere := m.Enforce(m.File(m.Clerk, st.PersonOwes), m.Officer)
	other, err := m.Svc.Enforcement.Case(ctx, m.Leader.Actor, elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	stranger := m.StaffOf(m.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "far.off", model.RoleClerk, model.RoleOfficer, model.RoleLeader)
	again := func(change func(*model.CaseMoney)) error {
		_, err := m.enter(m.no, 100, change)
		return err
	}
	p, err := m.prepare(by, in.ID, model.PayoutCreditor, 20000)
	if err != nil {
		t.Fatal(err)
	}
	dec := func(who st.Person, seen int64) error {
		_, err := s.Decide(ctx, who.Actor, p.ID, seen, model.PayoutApproved, "")
		return err
	}
	_, strange := s.Account(ctx, stranger.Actor, m.ID)
	_, over := m.prepare(by, in.ID, model.PayoutCreditor, 10001)
	_, foreign := s.Prepare(ctx, stranger.Actor, in.Version, model.Payout{CaseMoneyID: in.ID, Kind: model.PayoutCreditor, AmountFen: 1, PartyID: m.F.Creditor, IdemKey: st.FreshKey()})
	_, notMine := s.Prepare(ctx, m.Staff("lu.fg", model.RoleOfficer).Actor, m.one(in.ID).Version, model.Payout{CaseMoneyID: in.ID, Kind: model.PayoutCreditor, AmountFen: 1, PartyID: m.F.Creditor, IdemKey: st.FreshKey()})
	_, moved := s.Identify(ctx, m.Clerk.Actor, in.ID, m.one(in.ID).Version, m.no, "x")
	_, used := s.Identify(ctx, m.Clerk.Actor, in.ID, m.one(in.ID).Version, other.File.CaseNo, "x")
	if list, err := s.Payouts(ctx, m.Leader.Actor, model.PayoutPrepared, 0, 10); err != nil || len(list) != 1 || list[0].CaseNo != m.no || list[0].Payee == "" || list[0].Preparer == "" {
		t.Errorf("%+v %v", list, err)
	}
	_, less := s.Correct(ctx, m.Clerk.Actor, in.ID, m.one(in.ID).Version, -10001, "多登记")
	_, officer := m.svc.Enter(ctx, m.Officer.Actor, model.CaseMoney{}, "")
	m.RefusedAll(
		st.No("the same transfer", model.Invalid, "money.twice", "bank_ref", again(func(x *model.CaseMoney) { x.BankRef = " " + in.BankRef[:4] + " " + in.BankRef[4:] })),
		st.No("tomorrow's money", model.Invalid, "date.future", "arrived_on", again(func(x *model.CaseMoney) { x.ArrivedOn = m.Today().AddDays(1) })),
		st.No("a receipt that is none", model.Invalid, "money.receipt", "receipt_id", again(func(x *model.CaseMoney) { x.ReceiptID = 99999 })),
		st.No("an officer enters", model.Forbidden, "role.forbidden", "", officer),
		st.No("more than is free", model.Invalid, "money.over", "amount_fen", over),
		st.No("less than is reserved", model.Invalid, "money.over", "amount_fen", less),
		st.No("another court's officer", model.NotFound, "money.not_found", "", foreign),
		st.No("another officer", model.NotFound, "money.not_found", "", notMine),
		st.No("another court looks", model.NotFound, "enforcement.not_found", "", strange),
		st.No("to the case where it is", model.Conflict, "money.same_case", "", moved),
		st.No("to another case while it is in use", model.Conflict, "money.in_use", "", used),
		st.No("another court's leader", model.NotFound, "payout.not_found", "", dec(stranger, p.Version)),
		st.No("an officer approves", model.Forbidden, "role.forbidden", "", dec(m.Staff("xu.fg", model.RoleOfficer), p.Version)),
		st.No("seen before", model.Conflict, "payout.changed", "", dec(m.Leader, 7)),
	)
	m.Refused(dec(hats, p.Version), "payout.own")
	if p, err = s.Decide(ctx, m.Leader.Actor, p.ID, p.Version, model.PayoutApproved, ""); err != nil {
		t.Fatal(err)
	}
	_, err = s.Pay(ctx, hats.Actor, p.ID, p.Version, m.slip(1))
	m.Refused(err, "payout.own")
	accounts, err := m.Svc.Payment.Accounts(ctx, m.Officer.Actor, m.F.ID)
	if err != nil {
		t.Fatal(err)
	}
	a := accounts[0]
	if _, err = m.Svc.Payment.Decide(ctx, hats.Actor, payment.Decision{AccountID: a.ID, Version: a.Version, To: model.AccountStopped, Reason: "权利人来电否认"}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Pay(ctx, m.Clerk.Actor, p.ID, p.Version, m.slip(2))
	m.Refused(err, "payout.account_changed")
	if p, err = s.Withdraw(ctx, by.Actor, p.ID, p.Version, "账户已停用"); err != nil {
		t.Fatal(err)
	}
	if got := m.one(in.ID); got.HeldFen != 30000 || got.ReservedFen != 0 {
		t.Errorf("%+v", got)
	}
	if _, err = s.Correct(ctx, m.Clerk.Actor, in.ID, m.one(in.ID).Version, -30000, "误登"); err != nil {
		t.Fatal(err)
	}
	if got := m.one(in.ID); got.State(m.Today()) != model.MoneySpent || !got.DueOn.IsZero() {
		t.Errorf("%+v", got)
	}
}

// A delay is asked for with its ground, approved by somebody else, told to the
// creditor, and moves the end; when its ground ceases ten days are left.
func TestADelayMovesTheEndOnceItIsApproved(t *testing.T) {
	t.Parallel()
	m := newMoney(t)
	s := m.svc
	in, err := m.enter(m.no, 30000)
	if err != nil {
		t.Fatal(err)
	}
	first := in.DueOn
	ask := func(who st.Person, change ...func(*model.PayoutDelay)) (*model.PayoutDelay, error) {
		d := model.PayoutDelay{CaseMoneyID: in.ID, Ground: model.DelayFrozen, Reason: "另案裁定冻结", UntilOn: m.Today().AddDays(60), IdemKey: st.FreshKey()}
		for _, f := range change {
			f(&d)
		}
		return s.AskDelay(ctx, who.Actor, d)
	}
	_, none := ask(m.Officer, func(d *model.PayoutDelay) { d.Ground = "" })
	_, long := ask(m.Officer, func(d *model.PayoutDelay) { d.UntilOn = m.Today().AddDays(181) })
	_, clerk := ask(m.Clerk)
	m.RefusedAll(
		st.No("without a ground", model.Invalid, "delay.ground", "ground", none), st.No("too long", model.Invalid, "delay.until", "until_on", long),
		st.No("a clerk", model.Forbidden, "role.forbidden", "", clerk),
	)
	d, err := ask(m.Officer)
	if err != nil || m.one(in.ID).DueOn != first {
		t.Fatal(err, m.one(in.ID).DueOn)
	}
	if list, err := s.Delays(ctx, m.Leader.Actor, 0, 10); err != nil || len(list) != 1 || list[0].CaseNo != m.no || list[0].HeldFen != 30000 {
		t.Fatal(list, err)
	}
	version := d.Version
	for range 2 { // also asked again
		if d, err = s.DecideDelay(ctx, m.Leader.Actor, d.ID, version, model.DelayApproved, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.one(in.ID).DueOn; got != m.Today().AddDays(70) {
		t.Error("due", got)
	}
	m.Clock.Set(st.At(4, 20, 10))
	if list, err := s.Lines(ctx, m.Leader.Actor, model.MoneyFilter{State: model.MoneyLate, Limit: 10}); err != nil || len(list) != 0 {
		t.Error("late in spite of a delay:", list, err)
	}
	if _, err = s.EndDelay(ctx, m.Officer.Actor, d.ID, d.Version); err != nil {
		t.Fatal(err)
	}
	if got := m.one(in.ID).DueOn; got != m.Today().AddDays(10) {
		t.Error("due", got)
	}
	m.Clock.Set(st.At(5, 2, 10))
	list, err := s.Lines(ctx, m.Leader.Actor, model.MoneyFilter{State: model.MoneyLate, OfficerID: m.Officer.UserID, Limit: 10})
	if err != nil || len(list) != 1 || list[0].DaysLeft(m.Today()) != -2 || list[0].CaseNo != m.no {
		t.Error(list, err)
	}
	if n, err := s.Count(ctx, m.Leader.Actor, model.MoneyFilter{State: model.MoneyLate}); n != 1 || err != nil {
		t.Error(n, err)
	}
}
