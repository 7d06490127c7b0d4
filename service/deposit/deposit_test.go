package deposit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/deposit"
	"microcourt/service/filing"
	"microcourt/service/penalty"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// people are who take part: an accused before the judgment with his phone, his
// defender with hers, and a victim.
type people struct {
	*servicetest.World
	judge, clerk, phone, counsel, victim servicetest.Person
	f                                    servicetest.Criminal
	seed                                 int
}

func newPeople(t *testing.T) *people {
	t.Helper()
	return peopleIn(servicetest.New(t))
}

func peopleIn(w *servicetest.World) *people {
	w.T.Helper()
	p := &people{
		World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), phone: w.Citizen(), counsel: w.Citizen(), victim: w.Citizen(),
	}
	p.f = w.FileCriminal(p.clerk, func(in *filing.CaseInput) { in.Instruments = nil })
	w.Bind(p.phone, p.clerk, p.f.ID, p.f.Convict)
	w.Bind(p.victim, p.clerk, p.f.ID, p.f.Victim)
	return p
}

func (p *people) defended() {
	p.T.Helper()
	code, err := p.Svc.Identity.IssueBindingCode(p.T.Context(), p.clerk.Actor, p.f.ID, p.f.Convict, model.CapacityDefender, "")
	if err == nil {
		_, err = p.Svc.Identity.BindByCode(p.T.Context(), p.counsel.Actor, code.Code)
	}
	if err != nil {
		p.T.Fatal(err)
	}
}

const wish = "我自愿退赔被害人的损失，请法院代为保管。"

// paid is what somebody enters as paid for the accused.
func (p *people) paid(by servicetest.Person, purpose model.DepositPurpose, fen model.Fen, change ...func(*model.Deposit)) (*model.Deposit, error) {
	p.seed++
	d := model.Deposit{
		CaseID: p.f.ID, PartyID: p.f.Convict, Purpose: purpose, AmountFen: fen, PaidOn: p.Today(), PayerKind: model.PayerRelative, PayerName: "彭大", Wish: wish,
		ProofFileID: p.Uploaded(by, p.f.ID, 300+p.seed), IdemKey: servicetest.FreshKey(),
	}
	for _, f := range change {
		f(&d)
	}
	return p.Svc.Deposit.Submit(p.T.Context(), by.Actor, d)
}

func (p *people) held(purpose model.DepositPurpose, fen model.Fen) *model.Deposit {
	p.T.Helper()
	d, err := p.paid(p.phone, purpose, fen)
	if err == nil {
		d, err = p.Svc.Deposit.Confirm(p.T.Context(), p.judge.Actor, d.ID, d.Version, fen)
	}
	if err != nil {
		p.T.Fatal(err)
	}
	return d
}

// judged lets twelve days pass and enters the judgment of the first of them, which
// takes effect on the last.
func (p *people) judged(change ...func(*filing.InstrumentInput)) {
	p.T.Helper()
	in := servicetest.CriminalInput().Instruments[0]
	in.MadeOn, in.EffectiveOn = p.Today().AddDays(1), p.Today().AddDays(12)
	p.Clock.Advance(12 * 24 * time.Hour)
	for i := range in.Obligations {
		in.Obligations[i].DueOn = in.EffectiveOn.AddDays(10 * (i + 1))
	}
	for _, f := range change {
		f(&in)
	}
	if _, err := p.Svc.Filing.AddInstrument(p.T.Context(), p.clerk.Actor, p.f.ID, in); err != nil {
		p.T.Fatal(err)
	}
	p.f = p.ByCategory(p.clerk, p.f.ID)
	p.pass()
}

func (p *people) pass() {
	p.T.Helper()
	if err := p.Svc.Deposit.Pass(p.T.Context()); err != nil {
		p.T.Fatal(err)
	}
}

func (p *people) page(by servicetest.Person) deposit.Penalty {
	p.T.Helper()
	list, err := p.Svc.Deposit.Penalties(p.T.Context(), by.Actor, p.f.ID)
	if err != nil || len(list) != 1 {
		p.T.Fatal(list, err)
	}
	return list[0]
}

func (p *people) tasks(kind model.TaskKind) (n int) {
	p.T.Helper()
	for _, t := range p.OpenTasks(p.judge) {
		if t.Kind == kind {
			n++
		}
	}
	return n
}

// recounted holds what is kept of each deposit against its entries.
func (p *people) recounted() {
	p.T.Helper()
	for _, d := range p.page(p.judge).Deposits {
		confirmed := d.State == model.DepositHeld || d.State == model.DepositRefunding || d.State == model.DepositSettled
		var sum model.Fen
		for _, e := range d.Entries {
			sum += e.AmountFen
		}
		if sum != d.HeldFen || confirmed && d.Stands() != d.State {
			p.T.Errorf("deposit %d holds %d and is %s, its entries say %d and %s", d.ID, d.HeldFen, d.State, sum, d.Stands())
		}
	}
}

// What is entered names its payer, its purpose and his own wish; the court takes
// nothing else, and nothing from anybody who is not of the accused's side.
func TestADepositNeedsThePayersWish(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	try := func(by servicetest.Person, change func(*model.Deposit)) error {
		_, err := p.paid(by, model.DepositRestitution, 1000, change)
		return err
	}
	same := p.Uploaded(p.phone, p.f.ID, 99)
	p.RefusedAll(
		servicetest.No("no wish", model.Invalid, "deposit.wish", "wish", try(p.phone, func(d *model.Deposit) { d.Wish = "自愿" })),
		servicetest.No("a long wish", model.Invalid, "deposit.wish", "wish", try(p.phone, func(d *model.Deposit) { d.Wish = strings.Repeat("长", 1001) })),
		servicetest.No("no purpose", model.Invalid, "deposit.purpose", "purpose", try(p.phone, func(d *model.Deposit) { d.Purpose = "bail" })),
		servicetest.No("no payer", model.Invalid, "field.required", "payer_name", try(p.phone, func(d *model.Deposit) { d.PayerName = " " })),
		servicetest.No("no kind of payer", model.Invalid, "payer.unknown", "payer_kind", try(p.phone, func(d *model.Deposit) { d.PayerKind = "" })),
		servicetest.No("tomorrow", model.Invalid, "date.future", "paid_on", try(p.phone, func(d *model.Deposit) { d.PaidOn = p.Today().AddDays(1) })),
		servicetest.No("no day", model.Invalid, "field.required", "paid_on", try(p.phone, func(d *model.Deposit) { d.PaidOn = model.Date{} })),
		servicetest.No("no money", model.Invalid, "amount.positive", "amount_fen", try(p.phone, func(d *model.Deposit) { d.AmountFen = 0 })),
		servicetest.No("no proof", model.Invalid, "file.missing", "proof_file_id", try(p.phone, func(d *model.Deposit) { d.ProofFileID = 0 })),
		servicetest.No("one file twice", model.Invalid, "file.repeated", "wish_file_id", try(p.phone, func(d *model.Deposit) { d.ProofFileID, d.WishFileID = same, same })),
		servicetest.No("somebody's file", model.Invalid, "file.unknown", "proof_file_id", try(p.phone, func(d *model.Deposit) { d.ProofFileID = p.Uploaded(p.victim, p.f.ID, 98) })),
		servicetest.No("a long account", model.Invalid, "field.too_long", "payer_account", try(p.phone, func(d *model.Deposit) { d.PayerAccount = strings.Repeat("6", 41) })),
		servicetest.No("the victim pays", model.Invalid, "deposit.not_accused", "party_id", try(p.victim, func(d *model.Deposit) { d.PartyID = 0 })),
		servicetest.No("for the victim", model.Invalid, "deposit.not_accused", "party_id", try(p.clerk, func(d *model.Deposit) { d.PartyID = p.f.Victim })),
		servicetest.No("a stranger", model.NotFound, "case.not_found", "", func() error {
			_, err := p.Svc.Deposit.Submit(t.Context(), p.counsel.Actor, model.Deposit{CaseID: p.f.ID, IdemKey: servicetest.FreshKey()})
			return err
		}()),
		servicetest.No("the judge himself", model.Forbidden, "role.forbidden", "", func() error {
			_, err := p.Svc.Deposit.Submit(t.Context(), p.judge.Actor, model.Deposit{CaseID: p.f.ID, IdemKey: servicetest.FreshKey()})
			return err
		}()),
	)
	civil := p.File(p.clerk)
	_, err := p.Svc.Deposit.Submit(t.Context(), p.clerk.Actor, model.Deposit{CaseID: civil.ID, IdemKey: servicetest.FreshKey()})
	p.Refused(err, "penalty.not_criminal")
	_, err = p.Svc.Deposit.Penalties(t.Context(), p.judge.Actor, civil.ID)
	p.Refused(err, "penalty.not_criminal")
	// A scan of the signed wish needs no text; a defender who is bound is told.
	p.defended()
	d, err := p.paid(p.phone, model.DepositFine, 2000, func(d *model.Deposit) { d.Wish, d.WishFileID = "", p.Uploaded(p.phone, p.f.ID, 97) })
	if err != nil || d.CounselTold == nil || p.NoticesOf(p.counsel, model.NoticeDeposit) != 1 || p.NoticesOf(p.judge, model.NoticeDepositSubmitted) != 1 || p.tasks(model.TaskDepositVerify) != 1 {
		t.Errorf("%+v %v, the defender was told %d times", d, err, p.NoticesOf(p.counsel, model.NoticeDeposit))
	}
	if len(p.page(p.phone).Deposits) != 1 || p.page(p.counsel).Deposits[0].ID != d.ID {
		t.Error("the accused or his defender does not see it")
	}
	if _, err := p.Svc.Deposit.Line(t.Context(), p.victim.Actor, d.ID); model.KindOf(err) != model.NotFound {
		t.Errorf("the victim reads it: %v", err)
	}
	if list, err := p.Svc.Deposit.Penalties(t.Context(), p.victim.Actor, p.f.ID); err != nil || len(list) != 0 {
		t.Errorf("the victim sees %+v %v", list, err)
	}
	// Its files are for the accused's side and the court.
	for _, by := range []servicetest.Person{p.phone, p.counsel, p.judge, p.clerk} {
		o, _, _, err := p.Svc.Performance.OpenFile(t.Context(), by.Actor, d.WishFileID, performance.VariantView)
		if err != nil {
			t.Errorf("%s: %v", by.Name, err)
			continue
		}
		_ = o.Close()
	}
	if _, _, _, err := p.Svc.Performance.OpenFile(t.Context(), p.victim.Actor, d.WishFileID, performance.VariantView); model.KindOf(err) != model.NotFound {
		t.Errorf("the victim opens it: %v", err)
	}
}

// What is held before the judgment is no performance: nothing is owed, nobody
// gets a certificate, the statement tells it apart; a receipt of an accused is
// refused until there is something to perform.
func TestADepositIsNoPerformance(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	d := p.held(model.DepositRestitution, 35000)
	if d.State != model.DepositHeld || p.tasks(model.TaskDepositVerify) != 0 || p.NoticesOf(p.victim, model.NoticeDepositVictim) != 1 {
		t.Errorf("%+v, the victim was told %d times", d, p.NoticesOf(p.victim, model.NoticeDepositVictim))
	}
	c := servicetest.Claim(servicetest.Filed{ID: p.f.ID}, 1000, p.Uploaded(p.phone, p.f.ID, 55))
	_, err := p.Svc.Performance.Submit(t.Context(), p.phone.Actor, c)
	p.Refused(err, "receipt.before_judgment")
	if e, err := p.Svc.Certificate.Eligibility(t.Context(), p.judge.Actor, p.f.ID); err != nil || len(e) != 0 {
		t.Errorf("a certificate before the judgment: %+v %v", e, err)
	}
	cs, err := p.Svc.Filing.Case(t.Context(), p.judge.Actor, p.f.ID, false)
	if err != nil || cs.Case.Performance == model.PerformanceFulfilled {
		t.Errorf("%+v %v", cs.Case.Performance, err)
	}
	doc, err := p.Svc.Penalty.State(t.Context(), p.clerk.Actor, penalty.StatementRequest{CaseID: p.f.ID, PartyID: p.f.Convict, To: "宁波市镇海区人民检察院", Key: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	if s := doc.Facts.Statement; len(s.Lines) != 0 || len(s.Held) != 1 || s.Held[0].HeldFen != 35000 || s.Totals().ArrivedFen != 0 || s.OwnFen() != 0 {
		t.Errorf("%+v", s)
	}
	p.pass()
	if p.tasks(model.TaskDepositSettle) != 0 {
		t.Error("it is to be set off before there is a judgment")
	}
	_, err = p.Svc.Deposit.SetOff(t.Context(), p.judge.Actor, deposit.Offset{DepositID: d.ID, Version: d.Version})
	p.Refused(err, "deposit.not_judged")
	p.recounted()
}

// With the judgment a deposit is set off against what its payer meant, in the
// order of the law and by entries of both ledgers; what is left goes back, with
// clock, task and receipt. Money for a fine before the victims are paid wants a
// reason. (刑事裁判涉财产部分执行规定 13)
func TestADepositIsSetOffWhenTheJudgmentTakesEffect(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	svc, ctx := p.Svc.Deposit, t.Context()
	forVictims, forFine := p.held(model.DepositRestitution, 45000), p.held(model.DepositFine, 15000)
	p.judged()
	if p.tasks(model.TaskDepositSettle) != 2 {
		t.Fatalf("%d tasks", p.tasks(model.TaskDepositSettle))
	}
	p.pass()
	if p.tasks(model.TaskDepositSettle) != 2 {
		t.Error("another pass makes other tasks")
	}
	_, err := p.paid(p.phone, model.DepositFine, 1000)
	p.Refused(err, "deposit.judged")
	_, err = svc.TakeBack(ctx, p.phone.Actor, forFine.ID, forFine.Version)
	p.Refused(err, "deposit.judged")
	_, err = svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: forFine.ID, Version: forFine.Version})
	p.RefusedAt(err, "allocation.order", "order_reason")
	// 45,000 pays the medical costs of 10,000 and the restitution of 30,000.
	d, err := svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: forVictims.ID, Version: forVictims.Version})
	if err != nil || d.State != model.DepositRefunding || d.HeldFen != 5000 || d.RefundFen != 5000 || d.RefundGround != model.RefundExcess || d.RefundDueOn.IsZero() {
		t.Fatalf("%+v %v", d, err)
	}
	if again, err := svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: forVictims.ID, Version: forVictims.Version}); err != nil || again.Version != d.Version {
		t.Errorf("the repeat: %+v %v", again, err)
	}
	fine, err := svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: forFine.ID, Version: forFine.Version})
	if err != nil || fine.State != model.DepositSettled || fine.HeldFen != 0 {
		t.Fatalf("%+v %v", fine, err)
	}
	page := p.page(p.phone)
	got := map[model.Category][2]model.Fen{}
	for _, l := range page.Lines {
		got[l.Category] = [2]model.Fen{l.PrepaidFen, l.PaidFen}
	}
	want := map[model.Category][2]model.Fen{
		model.CategoryMedical: {10000, 0}, model.CategoryRestitution: {30000, 0}, model.CategoryFine: {15000, 0}, model.CategoryConfiscation: {},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if page.OwnFen() != 55000 || len(page.Payments) != 3 || page.Payments[0].PayerName != "彭大" {
		t.Errorf("%+v", page.Payments)
	}
	if p.tasks(model.TaskDepositSettle) != 0 || p.tasks(model.TaskDepositRefund) != 1 {
		t.Errorf("%d to set off, %d to give back", p.tasks(model.TaskDepositSettle), p.tasks(model.TaskDepositRefund))
	}
	// The rest goes back, and who paid sees the bank's receipt.
	repay := deposit.Repayment{
		DepositID: d.ID, Version: d.Version, AmountFen: 5000, PaidOn: p.Today(), BankSerial: "GD20260303", FileID: p.Uploaded(p.clerk, p.f.ID, 71),
	}
	wrong := func(f func(*deposit.Repayment)) error {
		r := repay
		f(&r)
		_, err := svc.Repay(ctx, p.clerk.Actor, r)
		return err
	}
	p.RefusedAll(
		servicetest.No("too much", model.Invalid, "deposit.over", "amount_fen", wrong(func(r *deposit.Repayment) { r.AmountFen++ })),
		servicetest.No("tomorrow", model.Invalid, "date.future", "paid_on", wrong(func(r *deposit.Repayment) { r.PaidOn = p.Today().AddDays(1) })),
		servicetest.No("before it was paid", model.Invalid, "date.order", "paid_on", wrong(func(r *deposit.Repayment) { r.PaidOn = d.PaidOn.AddDays(-1) })),
		servicetest.No("no number", model.Invalid, "field.required", "bank_serial", wrong(func(r *deposit.Repayment) { r.BankSerial = " " })),
		servicetest.No("no receipt", model.Invalid, "file.missing", "file", wrong(func(r *deposit.Repayment) { r.FileID = 0 })),
		servicetest.No("somebody's receipt", model.Invalid, "file.unknown", "file", wrong(func(r *deposit.Repayment) { r.FileID = p.Uploaded(p.phone, p.f.ID, 72) })),
	)
	lodged := func(f func(*model.Lodgement)) func(*deposit.Repayment) {
		return func(r *deposit.Repayment) {
			r.BankSerial = ""
			r.Lodged = &model.Lodgement{Ground: model.LodgedMissing, Reason: "账户已注销，电话停机", With: "宁波市镇海公证处", Number: "提字第6号", How: "无法通知，已公告"}
			f(r.Lodged)
		}
	}
	p.RefusedAll(
		servicetest.No("a lodgement without a paper", model.Invalid, "lodgement.paper", "with", wrong(lodged(func(l *model.Lodgement) { l.Number = "" }))),
		servicetest.No("one without a ground", model.Invalid, "lodgement.ground", "ground", wrong(lodged(func(l *model.Lodgement) { l.Ground = "lazy" }))),
	)
	back, err := svc.Repay(ctx, p.clerk.Actor, repay)
	if err != nil || back.State != model.DepositSettled || p.tasks(model.TaskDepositRefund) != 0 {
		t.Fatalf("%+v %v", back, err)
	}
	if again, err := svc.Repay(ctx, p.clerk.Actor, repay); err != nil || again.Version != back.Version {
		t.Errorf("the repeat: %+v %v", again, err)
	}
	last := p.page(p.phone).Deposits[0].Entries
	if e := last[len(last)-1]; e.Kind != model.DepositEntryRefund || e.AmountFen != -5000 || e.Ground != model.RefundExcess || e.FileID != repay.FileID {
		t.Errorf("%+v", e)
	}
	if o, _, _, err := p.Svc.Performance.OpenFile(ctx, p.phone.Actor, repay.FileID, performance.VariantView); err != nil {
		t.Errorf("the accused does not see the bank's receipt: %v", err)
	} else {
		_ = o.Close()
	}
	p.recounted()
}

// What was set off wrongly is corrected in the ledger of performance, and is held
// again: nothing is lost, nothing overwritten.
func TestACorrectedSetOffIsHeldAgain(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	d := p.held(model.DepositRestitution, 30000)
	p.judged()
	d, err := p.Svc.Deposit.SetOff(t.Context(), p.judge.Actor, deposit.Offset{DepositID: d.ID, Version: d.Version})
	if err != nil || d.State != model.DepositSettled {
		t.Fatal(d, err)
	}
	r, err := p.Svc.Performance.CaseReceipts(t.Context(), p.judge.Actor, p.f.ID)
	if err != nil || len(r) != 1 || r[0].Receipt.DepositID != d.ID || r[0].Receipt.State != model.ReceiptConfirmed {
		t.Fatal(r, err)
	}
	correct := func(fen model.Fen, version int64) error {
		_, err := p.Svc.Performance.Correct(t.Context(), p.judge.Actor, performance.Decision{
			ReceiptID: r[0].Receipt.ID, Version: version, AmountFen: fen, Reason: "二审改判", IdemKey: servicetest.FreshKey(),
		})
		return err
	}
	if err := correct(10000, r[0].Receipt.Version); err != nil {
		t.Fatal(err)
	}
	now := p.page(p.judge).Deposits[0]
	if now.State != model.DepositHeld || now.HeldFen != 20000 || now.Entries[2].Kind != model.DepositEntryReopen || now.Entries[2].AmountFen != 20000 {
		t.Errorf("%+v", now)
	}
	p.recounted()
	p.RefusedAt(correct(31000, r[0].Receipt.Version+1), "deposit.over", "amount_fen")
	if err := correct(15000, r[0].Receipt.Version+1); err != nil {
		t.Fatal(err)
	}
	p.recounted()
	p.pass()
	if p.tasks(model.TaskDepositSettle) != 1 {
		t.Error("what is held again is nobody's task")
	}
	// What the bank finds out is an entry of the difference.
	now = p.page(p.judge).Deposits[0]
	if _, err := p.Svc.Deposit.Correct(t.Context(), p.judge.Actor, now.ID, now.Version, -15001, "银行更正"); err == nil {
		t.Error("more was taken off than there is")
	}
	if d, err := p.Svc.Deposit.Correct(t.Context(), p.judge.Actor, now.ID, now.Version, -15000, "银行更正"); err != nil || d.State != model.DepositSettled {
		t.Errorf("%+v %v", d, err)
	}
	p.recounted()
}

// A correction keeps to what the payer meant, too: money for a fine does not go to
// the victims, nor theirs to the treasury.
func TestACorrectedSetOffKeepsItsPurpose(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	fine := p.held(model.DepositFine, 15000)
	p.judged()
	if _, err := p.Svc.Deposit.SetOff(t.Context(), p.judge.Actor, deposit.Offset{DepositID: fine.ID, Version: fine.Version, OrderReason: "被害人同意"}); err != nil {
		t.Fatal(err)
	}
	r, err := p.Svc.Performance.CaseReceipts(t.Context(), p.judge.Actor, p.f.ID)
	if err != nil || len(r) != 1 {
		t.Fatal(r, err)
	}
	arrived := func() map[model.Category]model.Fen {
		out := map[model.Category]model.Fen{}
		for _, l := range p.page(p.judge).Lines {
			if l.PrepaidFen > 0 {
				out[l.Category] = l.PrepaidFen
			}
		}
		return out
	}
	dec := performance.Decision{
		ReceiptID: r[0].Receipt.ID, Version: r[0].Receipt.Version, AmountFen: 10000, Reason: "二审改判", OrderReason: "被害人同意", IdemKey: servicetest.FreshKey(),
	}
	wrong := dec
	wrong.Allocations = []model.Share{{InstallmentID: p.installment(model.CategoryMedical), AmountFen: 10000}}
	_, err = p.Svc.Performance.Correct(t.Context(), p.judge.Actor, wrong)
	p.RefusedAt(err, "deposit.purpose", "allocations")
	if _, err := p.Svc.Performance.Correct(t.Context(), p.judge.Actor, dec); err != nil {
		t.Fatal(err)
	}
	if got := arrived(); fmt.Sprint(got) != fmt.Sprint(map[model.Category]model.Fen{model.CategoryFine: 10000}) {
		t.Errorf("after the correction %v", got)
	}
	p.recounted()
}

// installment is the first one of a category.
func (p *people) installment(c model.Category) int64 {
	p.T.Helper()
	d, err := p.Svc.Filing.Case(p.T.Context(), p.judge.Actor, p.f.ID, false)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, i := range d.Installments {
		if d.Debts().Obligation(i.ObligationID).Category == c {
			return i.ID
		}
	}
	p.T.Fatal("no item of " + c)
	return 0
}

// Money goes back to who paid it: after an acquittal, when the prosecution ends,
// and when its payer thinks better of it.
func TestADepositGoesBack(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	svc, ctx := p.Svc.Deposit, t.Context()
	early, err := p.paid(p.phone, model.DepositFine, 3000)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := svc.TakeBack(ctx, p.phone.Actor, early.ID, early.Version); err != nil || d.State != model.DepositWithdrawn || p.tasks(model.TaskDepositVerify) != 0 {
		t.Errorf("%+v %v", d, err)
	}
	asked := p.held(model.DepositFine, 4000)
	_, err = svc.TakeBack(ctx, p.victim.Actor, asked.ID, asked.Version)
	p.Refused(err, "deposit.not_found")
	d, err := svc.TakeBack(ctx, p.phone.Actor, asked.ID, asked.Version)
	if err != nil || d.State != model.DepositRefunding || d.RefundGround != model.RefundAsked || p.tasks(model.TaskDepositRefund) != 1 {
		t.Errorf("%+v %v", d, err)
	}
	stopped := p.held(model.DepositRestitution, 5000)
	_, err = svc.Refund(ctx, p.clerk.Actor, stopped.ID, stopped.Version, 5000, model.RefundTerminated, "")
	p.Refused(err, "role.forbidden")
	p.RefusedAll(
		servicetest.No("no ground", model.Invalid, "refund.ground", "ground", second(svc.Refund(ctx, p.judge.Actor, stopped.ID, stopped.Version, 5000, "", ""))),
		servicetest.No("too much", model.Invalid, "deposit.over", "amount_fen", second(svc.Refund(ctx, p.judge.Actor, stopped.ID, stopped.Version, 5001, model.RefundTerminated, ""))),
		servicetest.No("nothing", model.Invalid, "deposit.over", "amount_fen", second(svc.Refund(ctx, p.judge.Actor, stopped.ID, stopped.Version, 0, model.RefundTerminated, ""))),
		servicetest.No("a long reason", model.Invalid, "field.too_long", "reason", second(svc.Refund(ctx, p.judge.Actor, stopped.ID, stopped.Version, 5000, model.RefundTerminated, strings.Repeat("长", 501)))),
	)
	if d, err := svc.Refund(ctx, p.judge.Actor, stopped.ID, stopped.Version, 5000, model.RefundTerminated, "检察院撤回起诉"); err != nil || d.State != model.DepositRefunding {
		t.Errorf("%+v %v", d, err)
	}
	// An acquittal is an instrument without an item: what is held is the judge's
	// task, and there is nothing to set it off against.
	acquitted := p.held(model.DepositRestitution, 6000)
	p.judged(func(in *filing.InstrumentInput) { in.Obligations, in.Summary = nil, "宣告无罪" })
	if p.tasks(model.TaskDepositSettle) != 1 {
		t.Errorf("%d tasks", p.tasks(model.TaskDepositSettle))
	}
	_, err = svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: acquitted.ID, Version: acquitted.Version})
	p.Refused(err, "deposit.nothing")
	if d, err := svc.Refund(ctx, p.judge.Actor, acquitted.ID, acquitted.Version, 6000, model.RefundAcquitted, ""); err != nil || d.State != model.DepositRefunding || p.tasks(model.TaskDepositSettle) != 0 {
		t.Errorf("%+v %v", d, err)
	}
	_, err = svc.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: acquitted.ID, Version: acquitted.Version + 1})
	p.Refused(err, "deposit.nothing")
	p.recounted()
}

// A correction ends the clocks that it leaves without money, also while the money
// was to go back; victims who were told of it are told that it is gone.
func TestACorrectedDepositLeavesNoClock(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	svc, ctx := p.Svc.Deposit, t.Context()
	back, stays := p.held(model.DepositRestitution, 9000), p.held(model.DepositRestitution, 8000)
	d, err := svc.TakeBack(ctx, p.phone.Actor, back.ID, back.Version)
	if err != nil || p.NoticesOf(p.victim, model.NoticeDepositVictim) != 3 {
		t.Fatalf("%v; the victim was told %d times", err, p.NoticesOf(p.victim, model.NoticeDepositVictim))
	}
	due := d.RefundDueOn
	p.Clock.Advance(24 * time.Hour)
	if d, err = svc.Correct(ctx, p.judge.Actor, d.ID, d.Version, -2000, "银行更正"); err != nil || d.State != model.DepositRefunding || d.RefundFen != 7000 || d.RefundDueOn != due {
		t.Fatalf("%+v %v", d, err)
	}
	for _, k := range p.OpenTasks(p.judge) {
		if k.Kind == model.TaskDepositRefund && (!strings.Contains(k.Title, "70.00") || model.DateOf(k.DueAt) != due) {
			t.Errorf("%s until %s, want %s", k.Title, k.DueAt, due)
		}
	}
	if d, err = svc.Correct(ctx, p.judge.Actor, d.ID, d.Version, -7000, "没有到账"); err != nil || d.State != model.DepositSettled || p.tasks(model.TaskDepositRefund) != 0 {
		t.Errorf("%+v %v, %d clocks", d, err, p.tasks(model.TaskDepositRefund))
	}
	p.judged()
	if p.tasks(model.TaskDepositSettle) != 1 {
		t.Fatalf("%d tasks", p.tasks(model.TaskDepositSettle))
	}
	if _, err := svc.Correct(ctx, p.judge.Actor, stays.ID, stays.Version, -8000, "没有到账"); err != nil || p.tasks(model.TaskDepositSettle) != 0 {
		t.Errorf("%v, %d tasks about nothing", err, p.tasks(model.TaskDepositSettle))
	}
	p.recounted()
}

// A judgment decides about every accused of its case, also without an item; a
// mediation about the victims' losses decides nothing about a fine.
func TestWhatAJudgmentDecidesAboutADeposit(t *testing.T) {
	t.Parallel()
	today := model.NewDate(2026, 3, 10)
	items := []model.Obligation{{ID: 1, InstrumentID: 1}}
	of := []model.Obligor{{ObligationID: 1, PartyID: 1}}
	for name, k := range map[string]struct {
		kind       model.InstrumentKind
		items      []model.Obligation
		party      int64
		fine, loss bool
	}{
		"his item":                    {model.Judgment, items, 1, true, true},
		"another's item, he has none": {model.Judgment, items, 2, true, true},
		"an acquittal":                {model.Judgment, nil, 1, true, true},
		"the charge is withdrawn":     {model.WithdrawalRuling, nil, 1, true, true},
		"a mediation of his":          {model.Mediation, items, 1, false, true},
		"a mediation of another":      {model.Mediation, items, 2, false, false},
		"a decision on custody":       {model.Decision, nil, 1, false, false},
	} {
		in := []model.Instrument{{ID: 1, Kind: k.kind, EffectiveOn: today}}
		if fine, loss := model.DepositFine.Judged(today, k.party, in, k.items, of), model.DepositRestitution.Judged(today, k.party, in, k.items, of); fine != k.fine || loss != k.loss {
			t.Errorf("%s: a fine %v, losses %v", name, fine, loss)
		}
		in[0].EffectiveOn = today.AddDays(1)
		if model.DepositRestitution.Judged(today, k.party, in, k.items, of) {
			t.Errorf("%s: before its effect", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Who entered a deposit does not verify it; another judge's, and what somebody
// else decided meanwhile, is not decided.
func TestADepositHasOtherEyes(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	svc, ctx := p.Svc.Deposit, t.Context()
	both := p.judge
	both.Roles = append(slices.Clone(both.Roles), model.RoleClerk)
	own, err := p.paid(both, model.DepositRestitution, 7000)
	if err != nil {
		t.Fatal(err)
	}
	_, err = svc.Confirm(ctx, p.judge.Actor, own.ID, own.Version, 7000)
	p.Refused(err, "deposit.own")
	_, err = svc.Return(ctx, p.judge.Actor, own.ID, own.Version, "未到账")
	p.Refused(err, "deposit.own")
	other := p.Staff("li.si", model.RoleJudge)
	d, err := p.paid(p.clerk, model.DepositRestitution, 7000)
	if err != nil {
		t.Fatal(err)
	}
	_, err = svc.Confirm(ctx, other.Actor, d.ID, d.Version, 7000)
	p.Refused(err, "deposit.not_found")
	_, err = svc.Confirm(ctx, p.judge.Actor, d.ID, d.Version+1, 7000)
	p.Refused(err, "deposit.changed")
	_, err = svc.Confirm(ctx, p.judge.Actor, d.ID, d.Version, 0)
	p.RefusedAt(err, "amount.positive", "amount_fen")
	_, err = svc.Return(ctx, p.judge.Actor, d.ID, d.Version, " ")
	p.RefusedAt(err, "reason.required", "reason")
	back, err := svc.Return(ctx, p.judge.Actor, d.ID, d.Version, "账户没有收到")
	if err != nil || back.State != model.DepositReturned || p.tasks(model.TaskDepositVerify) != 1 { // the other's is open
		t.Errorf("%+v %v", back, err)
	}
	_, err = svc.Confirm(ctx, p.judge.Actor, d.ID, back.Version, 7000)
	p.Refused(err, "deposit.state")
	_, err = svc.Correct(ctx, p.judge.Actor, d.ID, back.Version, 100, "更正")
	p.Refused(err, "deposit.state")
	_, err = svc.Correct(ctx, p.judge.Actor, d.ID, back.Version, 100, "")
	p.RefusedAt(err, "reason.required", "reason")
}

// A COMMIT or its answer is lost while money is entered, verified or set off: it
// happened once.
func TestADepositSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	t.Run("entered", func(t *testing.T) {
		t.Parallel()
		var p *people
		servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
			if p == nil {
				p = peopleIn(w)
			}
			key, proof, before := servicetest.FreshKey(), p.Uploaded(p.phone, p.f.ID, 500+p.seed), p.NoticesOf(p.judge, model.NoticeDepositSubmitted)
			return func() (int64, error) {
					d, err := p.paid(p.phone, model.DepositFine, 100, func(d *model.Deposit) { d.IdemKey, d.ProofFileID = key, proof })
					if err != nil {
						return 0, err
					}
					return d.ID, nil
				}, func(int64) {
					if now := p.NoticesOf(p.judge, model.NoticeDepositSubmitted); now != before+1 {
						t.Errorf("the judge was told %d times", now-before)
					}
				}
		})
	})
	t.Run("set off", func(t *testing.T) {
		t.Parallel()
		var p *people
		servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
			if p == nil {
				p = peopleIn(w)
			} else {
				p.f = w.FileCriminal(p.clerk, func(in *filing.CaseInput) { in.Instruments = nil })
				w.Bind(p.phone, p.clerk, p.f.ID, p.f.Convict)
			}
			d := p.held(model.DepositRestitution, 10000)
			p.judged()
			return func() (int64, error) {
					d, err := p.Svc.Deposit.SetOff(t.Context(), p.judge.Actor, deposit.Offset{DepositID: d.ID, Version: d.Version})
					if err != nil {
						return 0, err
					}
					return d.ID, nil
				}, func(int64) {
					p.recounted()
					if l := p.page(p.judge).Lines[0]; l.PrepaidFen != 10000 {
						t.Errorf("%+v", l)
					}
				}
		})
	})
}

// A payer who changes his mind says so in writing; the judge, who did not write it
// down himself, accepts it or not. No money moves, the first wish stays readable, and
// the statement tells the two kinds of money apart as they are now.
func TestChangingWhatADepositIsFor(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	d, firstWish := p.held(model.DepositRestitution, 45000), wish
	p.held(model.DepositFine, 20000)
	ctx, s := t.Context(), p.Svc.Deposit
	wants := func(by servicetest.Person, id int64, change ...func(*model.DepositWish)) (*model.DepositWish, error) {
		w := model.DepositWish{DepositID: id, Purpose: model.DepositFine, Wish: "我要求把这笔款项改为拟缴罚金。", IdemKey: servicetest.FreshKey()}
		for _, f := range change {
			f(&w)
		}
		return s.ChangeWish(ctx, by.Actor, w)
	}
	no := func(name string, kind model.Kind, reason, field string, by servicetest.Person, change ...func(*model.DepositWish)) servicetest.Refusal {
		_, err := wants(by, d.ID, change...)
		return servicetest.No(name, kind, reason, field, err)
	}
	waits, err := p.paid(p.phone, model.DepositRestitution, 100)
	if err != nil {
		t.Fatal(err)
	}
	_, early := wants(p.phone, waits.ID)
	p.RefusedAll(
		no("the judge", model.Forbidden, "role.forbidden", "", p.judge),
		no("the victim", model.NotFound, "deposit.not_found", "", p.victim),
		no("nothing new", model.Invalid, "deposit.same_purpose", "purpose", p.phone, func(w *model.DepositWish) { w.Purpose = model.DepositRestitution }),
		no("for nothing", model.Invalid, "deposit.purpose", "purpose", p.phone, func(w *model.DepositWish) { w.Purpose = "gift" }),
		no("not in writing", model.Invalid, "deposit.wish", "wish", p.phone, func(w *model.DepositWish) { w.Wish = "改" }),
		no("no such paper", model.Invalid, "file.unknown", "wish_file_id", p.phone, func(w *model.DepositWish) { w.WishFileID = 999 }),
		servicetest.No("not verified yet", model.Conflict, "deposit.state", "", early),
	)
	key := servicetest.FreshKey()
	wish := servicetest.TwiceAtOnce(t, func() (int64, error) {
		w, err := wants(p.phone, d.ID, func(w *model.DepositWish) { w.IdemKey = key })
		if err != nil {
			return 0, err
		}
		return w.ID, nil
	})
	if p.tasks(model.TaskDepositWish) != 1 || p.page(p.phone).Deposits[0].Purpose != model.DepositRestitution {
		t.Error("something changed before the judge accepted it")
	}
	_, err = wants(p.phone, d.ID)
	p.Refused(err, "wish.open")
	decide := func(by servicetest.Person, seen, wish int64, accept bool, reason string) error {
		_, err := s.DecideWish(ctx, by.Actor, d.ID, seen, wish, accept, reason)
		return err
	}
	p.RefusedAll(
		servicetest.No("a clerk", model.Forbidden, "role.forbidden", "", decide(p.clerk, d.Version, wish, true, "")),
		servicetest.No("another judge", model.NotFound, "deposit.not_found", "", decide(p.Staff("ji.wei", model.RoleJudge), d.Version, wish, true, "")),
		servicetest.No("another wish", model.NotFound, "wish.not_found", "", decide(p.judge, d.Version, 999, true, "")),
		servicetest.No("no reason", model.Invalid, "reason.required", "reason", decide(p.judge, d.Version, wish, false, " ")),
		servicetest.No("seen before", model.Conflict, "deposit.changed", "", decide(p.judge, 99, wish, true, "")),
	)
	if err := decide(p.judge, d.Version, wish, false, "须本人当面说明"); err != nil {
		t.Fatal(err)
	}
	if l := p.page(p.phone).Deposits[0]; l.Purpose != model.DepositRestitution || l.Wishes[0].State != model.WishDeclined || l.Wishes[0].Reason != "须本人当面说明" {
		t.Errorf("%+v", l)
	}
	again, err := wants(p.clerk, d.ID, func(w *model.DepositWish) { w.Wish, w.WishFileID = "", p.Uploaded(p.clerk, p.f.ID, 299) })
	if err != nil {
		t.Fatal(err)
	}
	before := p.NoticesOf(p.victim, model.NoticeDepositVictim)
	for range 2 { // the answer got lost
		if err := decide(p.judge, d.Version+1, again.ID, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	l := p.page(p.phone).Deposits[0]
	if last := l.Entries[len(l.Entries)-1]; l.Purpose != model.DepositFine || l.Wish != firstWish || l.HeldFen != 45000 || last.Kind != model.DepositEntryPurpose || last.AmountFen != 0 ||
		last.Reason != "退赔、赔偿损失改为拟缴罚金" || l.Wishes[1].WasPurpose != model.DepositRestitution {
		t.Errorf("%+v", l)
	}
	if p.NoticesOf(p.victim, model.NoticeDepositVictim) != before+1 || p.tasks(model.TaskDepositWish) != 0 {
		t.Error("the victim was not told that it is not for him any more")
	}
	p.Refused(decide(p.judge, d.Version+2, again.ID, true, ""), "wish.state")
	p.judged()
	// Both are for the fine now, and nothing is set off against restitution.
	l = p.page(p.judge).Deposits[0]
	if _, err := s.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: l.ID, Version: l.Version, OrderReason: "缴款人改为拟缴罚金"}); err != nil {
		t.Fatal(err)
	}
	for _, line := range p.page(p.judge).Lines {
		if line.Category == model.CategoryRestitution && line.PrepaidFen != 0 || line.Category == model.CategoryFine && line.PrepaidFen == 0 {
			t.Errorf("%+v", line)
		}
	}
}

// While the payer's new wish waits the money is neither used by the old one nor given
// back; asking for the money itself overtakes it.
func TestMoneyWaitsForThePayersWish(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	d, ctx, s := p.held(model.DepositRestitution, 45000), t.Context(), p.Svc.Deposit
	change := model.DepositWish{DepositID: d.ID, Purpose: model.DepositFine, Wish: "我要求把这笔款项改为拟缴罚金。", IdemKey: servicetest.FreshKey()}
	if _, err := s.ChangeWish(ctx, p.phone.Actor, change); err != nil {
		t.Fatal(err)
	}
	_, err := s.Refund(ctx, p.judge.Actor, d.ID, d.Version, 100, model.RefundAsked, "")
	p.Refused(err, "wish.open")
	other := p.held(model.DepositRestitution, 10000)
	change.DepositID, change.IdemKey = other.ID, servicetest.FreshKey()
	if _, err := s.ChangeWish(ctx, p.phone.Actor, change); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakeBack(ctx, p.phone.Actor, other.ID, other.Version); err != nil {
		t.Fatal(err)
	}
	if p.tasks(model.TaskDepositWish) != 1 {
		t.Errorf("%d wishes wait for the judge", p.tasks(model.TaskDepositWish))
	}
	p.judged()
	_, err = s.SetOff(ctx, p.judge.Actor, deposit.Offset{DepositID: d.ID, Version: d.Version})
	p.Refused(err, "wish.open")
}

// Money that is to go back to somebody who cannot be reached ends in a lodgement:
// nothing is held any more, and whoever looks reads where it is, and until when.
func TestARefundWhosePayerCannotBeReached(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	svc, ctx := p.Svc.Deposit, t.Context()
	d := p.held(model.DepositFine, 15000)
	d, err := svc.TakeBack(ctx, p.phone.Actor, d.ID, d.Version)
	if err != nil || d.State != model.DepositRefunding {
		t.Fatal(d, err)
	}
	repay := deposit.Repayment{
		DepositID: d.ID, Version: d.Version, AmountFen: 15000, PaidOn: p.Today(), FileID: p.Uploaded(p.clerk, p.f.ID, 81),
		Lodged: &model.Lodgement{Ground: model.LodgedMissing, Reason: "账户已注销，电话停机", With: "宁波市镇海公证处", Number: "提字第6号", How: "无法通知，已公告"},
	}
	for range 2 { // the answer got lost
		again := *repay.Lodged
		repay.Lodged = &again
		back, err := svc.Repay(ctx, p.clerk.Actor, repay)
		if err != nil || back.State != model.DepositSettled || back.HeldFen != 0 || p.tasks(model.TaskDepositRefund) != 0 {
			t.Fatalf("%+v %v", back, err)
		}
	}
	entries := p.page(p.phone).Deposits[0].Entries
	e := entries[len(entries)-1]
	if e.Kind != model.DepositEntryRefund || e.Lodged == nil || e.Chinese() != "不能退还，提存" || e.Lodged.CollectBy() != p.Today().AddYears(5) || !strings.Contains(e.Lodged.Words(), "付款人下落不明") {
		t.Errorf("%+v", e)
	}
	p.recounted()
}
