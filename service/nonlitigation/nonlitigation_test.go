package nonlitigation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/nonlitigation"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// people are who take part in the stories.
type people struct {
	*servicetest.World
	judge, clerk servicetest.Person
	f            servicetest.Surcharged
}

func newPeople(t *testing.T, fine, surcharge model.Fen) *people {
	t.Helper()
	w := servicetest.New(t)
	p := &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk)}
	p.f = w.FileSurcharge(p.clerk, fine, surcharge)
	return p
}

// decision is a fine of 30,000 yuan with as much added to it, applied for in time.
func (p *people) decision(change func(d *model.AdministrativeDecision)) model.AdministrativeDecision {
	d := model.AdministrativeDecision{
		CaseID: p.f.ID, DecisionNo: "甬镇市监处罚〔2025〕66号", MadeOn: model.NewDate(2025, 3, 10), ServedOn: model.NewDate(2025, 3, 12), Basis: model.SuingDirect,
		AgencyDemandOn: model.NewDate(2025, 9, 22), AppliedOn: model.NewDate(2025, 11, 3), AcceptedOn: model.NewDate(2025, 11, 6), RuledOn: model.NewDate(2025, 11, 14),
		FineFen: 3000000, SurchargeFen: 3000000, PayBy: model.NewDate(2025, 3, 27), IdemKey: servicetest.FreshKey(),
	}
	if change != nil {
		change(&d)
	}
	return d
}

func (p *people) enter(d model.AdministrativeDecision) *model.AdministrativeDecision {
	p.T.Helper()
	out, err := p.Svc.NonLitigation.Enter(context.Background(), p.clerk.Actor, d)
	if err != nil {
		p.T.Fatal(err)
	}
	return out
}

func (p *people) view(until model.Date) *nonlitigation.View {
	p.T.Helper()
	v, err := p.Svc.NonLitigation.Case(context.Background(), p.judge.Actor, p.f.ID, until)
	if err != nil {
		p.T.Fatal(err)
	}
	return v
}

func (p *people) findings() map[string]model.Finding {
	p.T.Helper()
	out := map[string]model.Finding{}
	for _, x := range p.view(model.NewDate(2025, 4, 30)).Findings {
		out[x.Key] = x
	}
	return out
}

// An agency's application is checked with its periods, each with its article; a
// correction is a new entry, with its reason, and keeps what it corrects.
func TestAnApplicationIsChecked(t *testing.T) {
	t.Parallel()
	p := newPeople(t, 3000000, 3000000)
	if v := p.view(model.Date{}); v.Decision != nil || len(v.Findings) != 0 || v.Until != p.Today() {
		t.Fatalf("%+v", v)
	}
	d := p.decision(nil)
	servicetest.TwiceAtOnce(t, func() (int64, error) {
		out, err := p.Svc.NonLitigation.Enter(context.Background(), p.clerk.Actor, d)
		if err != nil {
			return 0, err
		}
		return out.ID, nil
	})
	if n := p.Audited(model.AuditDecisionEnter); n != 1 {
		t.Errorf("%d entries in the audit trail", n)
	}
	got := p.findings()
	for key, due := range map[string]model.Date{
		"suing": model.NewDate(2025, 9, 12), "agency_demand": model.NewDate(2025, 10, 11), "application": model.NewDate(2025, 12, 12),
		"acceptance": model.NewDate(2025, 11, 10), "ruling": model.NewDate(2025, 11, 17),
	} {
		if x := got[key]; x.State != model.FindingMet || x.DueOn != due || x.Citation == "" {
			t.Errorf("%s: %+v, want %s", key, x, due)
		}
	}
	if x := got["surcharge"]; x.State != model.FindingMet {
		t.Errorf("%+v", x)
	}
	// Three in a hundred a day, up to the fine itself.
	if l := p.view(model.NewDate(2025, 4, 29)).LateFine; l.AmountFen != 2970000 || l.Capped || l.CapOn != model.NewDate(2025, 4, 30) || !strings.Contains(l.Reason, "33 日") {
		t.Errorf("%+v", l)
	}
	if l := p.view(model.Date{}).LateFine; l.AmountFen != 3000000 || !l.Capped {
		t.Errorf("%+v", l)
	}
	later := func(d *model.AdministrativeDecision) {
		d.AppliedOn, d.AcceptedOn, d.RuledOn = model.NewDate(2025, 12, 15), model.NewDate(2025, 12, 16), model.NewDate(2025, 12, 18)
	}
	_, err := p.Svc.NonLitigation.Enter(context.Background(), p.clerk.Actor, p.decision(later))
	p.Refused(err, "reason.required")
	p.enter(p.decision(func(d *model.AdministrativeDecision) { later(d); d.Reason = "申请日期登记有误" }))
	if v := p.view(model.Date{}); v.Decision.Seq != 2 || len(v.Earlier) != 1 || v.Earlier[0].AppliedOn != model.NewDate(2025, 11, 3) {
		t.Errorf("%+v", v)
	}
	if x := p.findings()["application"]; x.State != model.FindingUnmet || !strings.Contains(x.Text, "除有正当理由外不予受理") {
		t.Errorf("%+v", x)
	}
}

func (p *people) reduction(obligation int64, fen model.Fen, seed int) model.SurchargeReduction {
	return model.SurchargeReduction{
		CaseID: p.f.ID, ObligationID: obligation, AmountFen: fen, AgreedOn: model.NewDate(2026, 2, 27), Remedied: true, Remedy: "已停止违法经营并补办许可",
		Reason: "不损害公共利益和他人合法权益", FileID: p.Uploaded(p.judge, p.f.ID, seed), IdemKey: servicetest.FreshKey(),
	}
}

// owed is what is open of the fine and of what is added to it.
func (p *people) owed() (principal, surcharge model.Fen) {
	p.T.Helper()
	d, err := p.Svc.Filing.Case(context.Background(), p.clerk.Actor, p.f.ID, false)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, i := range d.Installments {
		if i.ObligationID == p.f.Surcharge {
			surcharge += i.OutstandingFen()
		} else {
			principal += i.OutstandingFen()
		}
	}
	return principal, surcharge
}

// An agreement takes off the surcharge, never the fine; the case system, which
// knows nothing of it, does not bring it back; the fine paid, the case is
// performed.
func TestAnAgreementReducesTheSurcharge(t *testing.T) {
	t.Parallel()
	p := newPeople(t, 3000000, 3000000)
	ctx := context.Background()
	_, err := p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, p.reduction(p.f.Principal, 100, 51))
	p.Refused(err, "reduction.principal")
	_, err = p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, p.reduction(p.f.Surcharge, 3000001, 52))
	p.Refused(err, "reduction.over_open")
	first := p.reduction(p.f.Surcharge, 2000000, 53)
	servicetest.TwiceAtOnce(t, func() (int64, error) {
		r, err := p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, first)
		if err != nil {
			return 0, err
		}
		if r.BeforeFen != 3000000 {
			t.Errorf("%+v", r)
		}
		return r.ID, nil
	})
	if f, s := p.owed(); f != 3000000 || s != 1000000 || p.Audited(model.AuditSurchargeReduce) != 1 {
		t.Errorf("owed %v, surcharge %v", f, s)
	}
	in := servicetest.SurchargeInput(3000000, 3000000)
	in.CaseNo, in.Cause, in.Instruments[0].Number = p.f.No, "市场监管行政处罚（更名）", p.f.No
	p.pushed(in)
	if f, s := p.owed(); f != 3000000 || s != 1000000 {
		t.Errorf("after a push %v, surcharge %v", f, s)
	}
	if _, err := p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, p.reduction(p.f.Surcharge, 1000000, 54)); err != nil {
		t.Fatal(err)
	}
	if f, s := p.owed(); f != 3000000 || s != 0 {
		t.Errorf("owed %v, surcharge %v", f, s)
	}
	if v := p.view(model.Date{}); len(v.Reductions) != 2 || v.Reductions[1].BeforeFen != 1000000 || len(v.Surcharges) != 1 || v.Surcharges[0].OpenFen != 0 {
		t.Errorf("%+v", v)
	}
	phone := p.Citizen()
	p.Bind(phone, p.clerk, p.f.ID, p.f.Debtor)
	_, err = p.Svc.Performance.Submit(ctx, phone.Actor, servicetest.Claim(servicetest.Filed{ID: p.f.ID}, 3000001, p.Uploaded(phone, p.f.ID, 56)))
	p.Refused(err, "amount.over_debt")
	p.Confirm(p.judge, p.Submit(phone, servicetest.Filed{ID: p.f.ID}, 3000000, 55), 3000000)
	if d, err := p.Svc.Filing.Case(ctx, p.clerk.Actor, p.f.ID, false); err != nil || d.Case.Performance != model.PerformanceFulfilled {
		t.Error(d.Case.Performance, err)
	}
	_, err = p.Svc.Penalty.Categorise(ctx, p.clerk.Actor, p.f.ID, p.f.Surcharge, model.CategoryPrincipal, "决定书")
	p.Refused(err, "category.reduced")
}

// installment is the one of an obligation.
func (p *people) installment(obligation int64) int64 {
	p.T.Helper()
	d, err := p.Svc.Filing.Case(context.Background(), p.clerk.Actor, p.f.ID, false)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, i := range d.Installments {
		if i.ObligationID == obligation {
			return i.ID
		}
	}
	return 0
}

// What is owed of the added fine comes out of the ledger: a part of the fine that is
// paid bears nothing more, an agreement takes off what accrued, and the case is
// performed when that is paid, not what the instrument grants at most.
func TestTheSurchargeFollowsTheLedger(t *testing.T) {
	t.Parallel()
	p := newPeople(t, 1000000, 1000000)
	ctx := context.Background()
	p.enter(p.decision(func(d *model.AdministrativeDecision) {
		d.FineFen, d.SurchargeFen, d.PayBy = 1000000, 0, p.Today().AddDays(-10)
	}))
	if f, s := p.owed(); f != 1000000 || s != 300000 { // ten days of three in a hundred
		t.Errorf("owed %v, surcharge %v", f, s)
	}
	phone := p.Citizen()
	p.Bind(phone, p.clerk, p.f.ID, p.f.Debtor)
	f := servicetest.Filed{ID: p.f.ID}
	paidToday := func(fen model.Fen, seed int) {
		t.Helper()
		claim := servicetest.Claim(f, fen, p.Uploaded(phone, p.f.ID, seed))
		claim.PaidOn = p.Today()
		r, err := p.Svc.Performance.Submit(ctx, phone.Actor, claim)
		if err != nil {
			t.Fatal(err)
		}
		dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: fen, IdemKey: servicetest.FreshKey(), DoubtReason: "已核实。"}
		if fen == 500000 { // the judge says that it is for the fine
			dec.Allocations = []model.Share{{InstallmentID: p.installment(p.f.Principal), AmountFen: fen}}
		}
		if _, err := p.Svc.Performance.Confirm(ctx, p.judge.Actor, dec); err != nil {
			t.Fatal(err)
		}
	}
	paidToday(500000, 71)
	p.Clock.Advance(2 * 24 * time.Hour)
	if f, s := p.owed(); f != 500000 || s != 330000 { // two days of half of it
		t.Errorf("after a part: owed %v, surcharge %v", f, s)
	}
	if v := p.view(model.Date{}); v.LateFine.AmountFen != 330000 || v.Surcharges[0].OpenFen != 330000 || v.LateFine.PerDayFen != 15000 {
		t.Errorf("%+v", v)
	}
	_, err := p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, p.reduction(p.f.Surcharge, 330001, 72))
	p.Refused(err, "reduction.over_open")
	if _, err := p.Svc.NonLitigation.Reduce(ctx, p.judge.Actor, p.reduction(p.f.Surcharge, 130000, 73)); err != nil {
		t.Fatal(err)
	}
	if f, s := p.owed(); f != 500000 || s != 200000 {
		t.Errorf("after the agreement: owed %v, surcharge %v", f, s)
	}
	claim := servicetest.Claim(f, 700001, p.Uploaded(phone, p.f.ID, 74))
	claim.PaidOn = p.Today()
	_, err = p.Svc.Performance.Submit(ctx, phone.Actor, claim)
	p.Refused(err, "amount.over_debt")
	paidToday(500000, 75)
	p.Clock.Advance(30 * 24 * time.Hour)
	if f, s := p.owed(); f != 0 || s != 200000 {
		t.Errorf("a month after the fine was paid: owed %v, surcharge %v", f, s)
	}
	paidToday(200000, 76)
	if d, err := p.Svc.Filing.Case(ctx, p.clerk.Actor, p.f.ID, false); err != nil || d.Case.Performance != model.PerformanceFulfilled {
		t.Error(d.Case.Performance, err)
	}
}

// pushed is the case system sending the case again.
func (p *people) pushed(in filing.CaseInput) {
	p.T.Helper()
	ctx := context.Background()
	secret, err := p.Svc.Identity.CreateAPIKey(ctx, model.System(), p.Court.ID, "审判系统")
	if err != nil {
		p.T.Fatal(err)
	}
	by, err := p.Svc.Identity.AuthenticateKey(ctx, secret)
	if err == nil {
		_, _, err = p.Svc.Filing.Put(ctx, by, in, 7)
	}
	if err != nil {
		p.T.Fatal(err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	p := newPeople(t, 30000, 30000)
	ctx, svc := context.Background(), p.Svc.NonLitigation
	other, phone, civil := p.Staff("ji.wei", model.RoleJudge), p.Citizen(), p.File(p.clerk)
	long := strings.Repeat("长", 501)
	view := func(by servicetest.Person, id int64) error {
		_, err := svc.Case(ctx, by.Actor, id, model.Date{})
		return err
	}
	enter := func(by servicetest.Person, change func(d *model.AdministrativeDecision)) error {
		_, err := svc.Enter(ctx, by.Actor, p.decision(change))
		return err
	}
	file := p.Uploaded(p.judge, p.f.ID, 61)
	reduce := func(by servicetest.Person, change func(r *model.SurchargeReduction)) error {
		r := model.SurchargeReduction{
			CaseID: p.f.ID, ObligationID: p.f.Surcharge, AmountFen: 100, AgreedOn: model.NewDate(2026, 2, 27), Remedied: true, Remedy: "已补办许可",
			Reason: "不损害公共利益", FileID: file, IdemKey: servicetest.FreshKey(),
		}
		if change != nil {
			change(&r)
		}
		_, err := svc.Reduce(ctx, by.Actor, r)
		return err
	}
	type decision = model.AdministrativeDecision
	type reduction = model.SurchargeReduction
	no, forbidden, bad, gone, clash := servicetest.No, model.Forbidden, model.Invalid, model.NotFound, model.Conflict
	p.RefusedAll(
		no("a party looks", forbidden, "role.forbidden", "", view(phone, p.f.ID)),
		no("no case", gone, "case.not_found", "", view(p.judge, 999999)),
		no("a civil case", clash, "decision.not_nonlitigation", "", view(p.judge, civil.ID)),
		no("a party enters", forbidden, "role.forbidden", "", enter(phone, nil)),
		no("no case", gone, "case.not_found", "", enter(p.clerk, func(d *decision) { d.CaseID = 999999 })),
		no("a civil case", clash, "decision.not_nonlitigation", "", enter(p.clerk, func(d *decision) { d.CaseID = civil.ID })),
		no("ruled tomorrow", bad, "date.future", "ruled_on", enter(p.clerk, func(d *decision) { d.RuledOn = p.Today().AddDays(1) })),
		no("served before it was made", bad, "decision.days", "served_on", enter(p.clerk, func(d *decision) { d.ServedOn = model.NewDate(2025, 3, 1) })),
		no("on a guess", bad, "decision.basis", "basis", enter(p.clerk, func(d *decision) { d.Basis = "guess" })),
		no("another law without its days", bad, "decision.special", "special_days", enter(p.clerk, func(d *decision) { d.Basis = model.SuingSpecial })),
		no("without a number", bad, "field.required", "decision_no", enter(p.clerk, func(d *decision) { d.DecisionNo = " " })),
		no("less than nothing", bad, "amount.format", "fine_fen", enter(p.clerk, func(d *decision) { d.FineFen = -1 })),
		no("more added than the fine", bad, "surcharge.over_cap", "surcharge_fen", enter(p.clerk, func(d *decision) { d.SurchargeFen = 3000001 })),
		no("a long ground", bad, "field.too_long", "reason", enter(p.clerk, func(d *decision) { d.LateGround = long })),
		no("a clerk reduces", forbidden, "role.forbidden", "", reduce(p.clerk, nil)),
		no("another judge reduces", gone, "case.not_found", "", reduce(other, nil)),
		no("no case", gone, "case.not_found", "", reduce(p.judge, func(r *reduction) { r.CaseID = 999999 })),
		no("a civil case", clash, "decision.not_nonlitigation", "", reduce(p.judge, func(r *reduction) { r.CaseID = civil.ID })),
		no("no obligation", gone, "obligation.not_found", "", reduce(p.judge, func(r *reduction) { r.ObligationID = 999999 })),
		no("the fine itself", bad, "reduction.principal", "obligation_id", reduce(p.judge, func(r *reduction) { r.ObligationID = p.f.Principal })),
		no("nothing remedied", bad, "reduction.remedy", "remedy", reduce(p.judge, func(r *reduction) { r.Remedied = false })),
		no("more than is open", bad, "reduction.over_open", "amount_fen", reduce(p.judge, func(r *reduction) { r.AmountFen = 30001 })),
		no("agreed tomorrow", bad, "reduction.agreed_on", "agreed_on", reduce(p.judge, func(r *reduction) { r.AgreedOn = p.Today().AddDays(1) })),
		no("nothing", bad, "amount.positive", "amount_fen", reduce(p.judge, func(r *reduction) { r.AmountFen = 0 })),
		no("no reason", bad, "reason.required", "reason", reduce(p.judge, func(r *reduction) { r.Reason = " " })),
		no("a long reason", bad, "field.too_long", "reason", reduce(p.judge, func(r *reduction) { r.Reason = long })),
		no("no agreement", bad, "file.missing", "file_id", reduce(p.judge, func(r *reduction) { r.FileID = 0 })),
		no("no file", bad, "file.unknown", "file_id", reduce(p.judge, func(r *reduction) { r.FileID = 999999 })),
	)
	if _, s := p.owed(); s != 30000 || len(p.view(model.Date{}).Reductions) != 0 {
		t.Error("a refused reduction was kept:", s)
	}
}

// The common plan of several cases shows the fine added to an unpaid one as the case
// itself does: what is owed of it today, not the most that it can be.
func TestAGroupShowsTheSurchargeOfToday(t *testing.T) {
	t.Parallel()
	p := newPeople(t, 3000000, 3000000)
	p.SQL(fmt.Sprintf("UPDATE cases SET group_ref = 'G9' WHERE id = %d", p.f.ID))
	p.enter(p.decision(func(d *model.AdministrativeDecision) { d.PayBy = model.DateOf(p.Clock.Now()).AddDays(-2) }))
	lines, err := p.Svc.Filing.Group(context.Background(), p.judge.Actor, "G9")
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	for _, l := range lines {
		want := model.Fen(3000000)
		if l.ObligationID == p.f.Surcharge {
			want = 180000 // two days of 3 %
		}
		if l.AmountFen != want {
			t.Errorf("%+v, want %v", l, want)
		}
	}
}
