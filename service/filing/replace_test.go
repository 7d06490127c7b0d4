package filing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// retried is a case of the case system in whose retrial another sum is adjudged.
type retried struct {
	*servicetest.World
	system, judge, clerk, debtor, creditor servicetest.Person
	in                                     filing.CaseInput
	f                                      servicetest.Filed
	version                                int64
	seed                                   int
}

func retry(t *testing.T) *retried {
	t.Helper()
	w := &retried{World: servicetest.New(t), in: servicetest.CaseInput(), seed: 4100}
	w.judge, w.clerk, w.debtor, w.creditor = w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Citizen(), w.Citizen()
	w.system = w.CaseSystem()
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	list, err := w.Svc.Filing.Cases(context.Background(), w.judge.Actor, model.CaseFilter{Limit: 5})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	w.f = w.FiledCase(w.clerk, list[0].ID)
	w.Bind(w.debtor, w.clerk, w.f.ID, w.f.Debtor)
	w.Bind(w.creditor, w.clerk, w.f.ID, w.f.Creditor)
	return w
}

func (w *retried) push() (filing.Outcome, error) {
	w.version++
	_, out, err := w.Svc.Filing.Put(context.Background(), w.system.Actor, w.in, w.version)
	if err != nil {
		w.version--
	}
	return out, err
}

func (w *retried) pays(fen model.Fen) *model.Receipt {
	w.T.Helper()
	w.seed++
	r := w.Submit(w.debtor, w.f, fen, w.seed)
	w.Confirm(w.judge, r, fen)
	return r
}

// judgment adds the judgment of the retrial, in effect from 20 February 2026.
func (w *retried) judgment(fen model.Fen, change ...func(*filing.ObligationInput)) {
	ob := filing.ObligationInput{Ref: "R1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: fen, DueOn: model.NewDate(2026, 4, 15), Replaces: []string{"O1"}}
	for _, f := range change {
		f(&ob)
	}
	w.in.Instruments = append(w.in.Instruments[:1:1], filing.InstrumentInput{
		Ref: "I2", Kind: "judgment", Number: "（2026）浙0211民再3号", EffectiveOn: model.NewDate(2026, 2, 20), Summary: "被告支付货款", Obligations: []filing.ObligationInput{ob},
	})
}

func (w *retried) detail() *filing.Detail {
	w.T.Helper()
	d, err := w.Svc.Filing.Case(context.Background(), w.judge.Actor, w.f.ID, false)
	if err != nil {
		w.T.Fatal(err)
	}
	w.recounted(d)
	return d
}

// recounted proves that the kept sums are those of the entries, also of what is on
// record only.
func (w *retried) recounted(d *filing.Detail) {
	w.T.Helper()
	all, err := w.DB.AllInstallments(context.Background(), d.Case.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	allocations, err := w.DB.Allocations(context.Background(), d.Case.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	sums := map[int64]model.Fen{}
	for _, a := range allocations {
		if a.Part == model.PartPrincipal {
			sums[a.InstallmentID] += a.AmountFen
		}
	}
	for _, i := range all {
		if i.ConfirmedFen != sums[i.ID] {
			w.T.Errorf("instalment %+v, recount %d", i, sums[i.ID])
		}
	}
}

func (w *retried) inbox(p servicetest.Person, kind model.NoticeKind) (out []model.Notice) {
	w.T.Helper()
	list, _, err := w.Svc.Notice.Inbox(context.Background(), p.Actor, 0, 0, 100)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == kind {
			out = append(out, n.Notice)
		}
	}
	return out
}

func obligationOf(d *filing.Detail, ref string) model.Obligation {
	i := slices.IndexFunc(d.Obligations, func(o model.Obligation) bool { return o.Ref == ref })
	if i < 0 {
		return model.Obligation{}
	}
	return d.Obligations[i]
}

// A retrial lowers the sum after a part was paid: the old duty stays readable, what
// was paid counts on, everyone is told, and a push that says it again, or no more of
// it, revives nothing.
func TestARetrialLowersTheSum(t *testing.T) {
	t.Parallel()
	w := retry(t)
	r := w.pays(700_00)
	w.judgment(800_00)
	if out, err := w.push(); err != nil || out != filing.Updated {
		t.Fatal(out, err, servicetest.FieldsOf(err))
	}
	d := w.detail()
	old, is := obligationOf(d, "O1"), obligationOf(d, "R1")
	if old.ReplacedOn != model.NewDate(2026, 2, 20) || old.AmountFen != 1000_00 || !slices.Equal(is.Replaces, []int64{old.ID}) {
		t.Errorf("%+v %+v", old, is)
	}
	if len(d.Installments) != 1 || d.Installments[0].ObligationID != is.ID || d.Installments[0].ConfirmedFen != 700_00 || d.Installments[0].OutstandingFen() != 100_00 || d.Case.NextDueOn != model.NewDate(2026, 4, 15) {
		t.Errorf("%+v", d.Installments)
	}
	if d.Case.Performance != model.PerformancePartial || len(d.Periods.Of(old.ID)) != 0 {
		t.Errorf("%s %+v", d.Case.Performance, d.Periods)
	}
	all, err := w.DB.AllInstallments(t.Context(), w.f.ID)
	if err != nil || len(all) != 3 || all[0].DroppedOn != w.Today() || all[0].AmountFen != 600_00 {
		t.Errorf("what was owed is on record: %+v %v", all, err)
	}
	for _, p := range []servicetest.Person{w.debtor, w.creditor} {
		n := w.inbox(p, model.NoticeDutyChanged)
		if len(n) != 1 || !strings.Contains(n[0].Body, "原为：1,000.00 元；现为：800.00 元") || !strings.Contains(n[0].Body, "700.00 元计入新的义务") || !strings.Contains(n[0].Body, "尚有本金 100.00 元") || strings.Contains(n[0].Body, "多付") {
			t.Errorf("%+v", n)
		}
	}
	if n := w.inbox(w.judge, model.NoticeDutyReplaced); len(n) != 1 {
		t.Errorf("the judge was told %d times", len(n))
	}
	// Again: the same version is a repeat; a newer one says it again, or says no more of it.
	w.version--
	if out, err := w.push(); err != nil || out != filing.Unchanged {
		t.Error(out, err)
	}
	w.in.Cause = "买卖合同纠纷（再审）"
	if _, err := w.push(); err != nil {
		t.Error(err, servicetest.FieldsOf(err))
	}
	w.in.Instruments[1].Obligations[0].Replaces = nil
	if _, err := w.push(); err != nil {
		t.Error(err, servicetest.FieldsOf(err))
	}
	d = w.detail()
	if again := obligationOf(d, "O1"); again.ReplacedOn != old.ReplacedOn || len(obligationOf(d, "R1").Replaces) != 1 || len(d.Installments) != 1 || len(w.inbox(w.debtor, model.NoticeDutyChanged)) != 1 {
		t.Errorf("revived: %+v %+v", again, d.Installments)
	}
	// What is entered of the ledger is a correction like any other, and can be corrected.
	l, err := w.Svc.Performance.Ledger(t.Context(), w.debtor.Actor, w.f.ID)
	if err != nil || len(l.Entries) != 3 || l.Entries[1].Kind != model.EntryReverse || l.Entries[2].AmountFen != 700_00 || !strings.Contains(l.Entries[2].Reason, "民再3号") {
		t.Errorf("%+v %v", l.Entries, err)
	}
	_, err = w.Svc.Performance.Correct(t.Context(), w.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version + 1, AmountFen: 650_00, Reason: "到账金额有误", IdemKey: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	if d = w.detail(); d.Installments[0].ConfirmedFen != 650_00 {
		t.Errorf("corrected: %+v", d.Installments)
	}
	w.pays(150_00)
	if d = w.detail(); d.Case.Performance != model.PerformanceFulfilled {
		t.Errorf("%s", d.Case.Performance)
	}
	// The certificate is of the new instrument; the old one has nobody who owes it.
	if _, _, err := w.Svc.Certificate.Issue(t.Context(), w.judge.Actor, w.f.ID, w.f.Instrument, w.f.Debtor); model.ReasonOf(err) != "obligation.exists" {
		t.Error(err)
	}
	c, _, err := w.Svc.Certificate.Issue(t.Context(), w.judge.Actor, w.f.ID, is.InstrumentID, w.f.Debtor)
	if err != nil || c.TotalFen != 800_00 {
		t.Errorf("%+v %v", c, err)
	}
}

// A higher sum: what was performed is a part of it, and enforcement is of the new one.
func TestARetrialRaisesTheSum(t *testing.T) {
	t.Parallel()
	w := retry(t)
	w.pays(1000_00)
	if d := w.detail(); d.Case.Performance != model.PerformanceFulfilled {
		t.Fatal(d.Case.Performance)
	}
	w.judgment(0, func(o *filing.ObligationInput) {
		o.AmountFen = 1500_00
		o.DueOn = model.Date{}
		o.Installments = []filing.InstallmentInput{{AmountFen: 900_00, DueOn: model.NewDate(2026, 4, 15)}, {AmountFen: 600_00, DueOn: model.NewDate(2026, 5, 15)}}
	})
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	d := w.detail()
	if len(d.Installments) != 2 || !d.Installments[0].Done() || d.Installments[0].PerformedOn != model.NewDate(2026, 3, 1) || d.Installments[1].ConfirmedFen != 100_00 || d.Case.Performance != model.PerformancePartial {
		t.Errorf("%s %+v", d.Case.Performance, d.Installments)
	}
	w.Until(servicetest.At(5, 20, 12))
	e, _, err := w.Svc.Filing.PutEnforcement(t.Context(), w.system.Actor, filing.EnforcementInput{CaseNo: "（2026）浙0211执77号", FiledOn: model.NewDate(2026, 5, 20), BasisNo: w.f.No}, 1)
	if err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	if len(e.Obligations) != 1 || e.Obligations[0].ObligationID != obligationOf(d, "R1").ID {
		t.Errorf("enforced: %+v", e.Obligations)
	}
	_, _, err = w.Svc.Filing.PutEnforcement(t.Context(), w.system.Actor, filing.EnforcementInput{CaseNo: "（2026）浙0211执78号", FiledOn: model.NewDate(2026, 5, 20), BasisNo: w.f.No, Obligations: []string{"O1"}}, 1)
	if fields := servicetest.FieldsOf(err); len(fields) == 0 || fields[0].Reason != "obligation.unknown" {
		t.Errorf("what is replaced is not enforced: %v", err)
	}
}

// More was paid than the retrial adjudges: the rest is over, told, and nothing else is
// paid by it; the receipt is what it was.
func TestMoreWasPaidThanTheRetrialAdjudges(t *testing.T) {
	t.Parallel()
	w := retry(t)
	w.pays(300_00)
	w.pays(400_00)
	w.judgment(500_00)
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	d := w.detail()
	if d.Case.Performance != model.PerformanceFulfilled || d.Installments[0].ConfirmedFen != 500_00 {
		t.Errorf("%s %+v", d.Case.Performance, d.Installments)
	}
	l, err := w.Svc.Performance.Ledger(t.Context(), w.judge.Actor, w.f.ID)
	if err != nil {
		t.Fatal(err)
	}
	var sum, over model.Fen
	for _, e := range l.Entries {
		sum, over = sum+e.AmountFen, over+e.OverFen
	}
	if sum != 700_00 || over != 200_00 {
		t.Errorf("%d over %d", sum, over)
	}
	for _, n := range [][]model.Notice{w.inbox(w.debtor, model.NoticeDutyChanged), w.inbox(w.creditor, model.NoticeDutyChanged), w.inbox(w.judge, model.NoticeDutyReplaced)} {
		if len(n) != 1 || !strings.Contains(n[0].Body, "500.00 元计入新的义务") || !strings.Contains(n[0].Body, "另有 200.00 元超出新的义务") {
			t.Errorf("%+v", n)
		}
	}
}

// An agreement in front of what is replaced ends, and its parties are told.
func TestAnAgreementEndsWithWhatItStandsInFrontOf(t *testing.T) {
	t.Parallel()
	w := retry(t)
	p, err := w.Svc.Performance.RecordPlan(t.Context(), w.judge.Actor, performance.PlanInput{
		CaseID: w.f.ID, SignedOn: w.Today(), Text: "分两期给付", Installments: w.f.Installments, IdemKey: servicetest.FreshKey(), Paper: "笔录",
		Parts: []model.SettlementPart{{AmountFen: 500_00, DueOn: model.NewDate(2026, 5, 1)}, {AmountFen: 500_00, DueOn: model.NewDate(2026, 6, 1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.judgment(800_00)
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	list, err := w.Svc.Performance.Plans(t.Context(), w.judge.Actor, w.f.ID)
	if err != nil || len(list) != 1 || list[0].ID != p.ID || list[0].State != model.PlanOverruled || !strings.Contains(list[0].EndReason, "民再3号") {
		t.Errorf("%+v %v", list, err)
	}
	if d := w.detail(); d.Case.NextDueOn != model.NewDate(2026, 4, 15) {
		t.Errorf("due on %s", d.Case.NextDueOn)
	}
	if n := w.inbox(w.debtor, model.NoticePlanEnded); len(n) != 1 || !strings.Contains(n[0].Body, "已由新的法律文书取代") {
		t.Errorf("%+v", n)
	}
	w.Until(servicetest.At(5, 3, 12))
	if n := w.inbox(w.debtor, model.NoticePlanBroken); len(n) != 0 {
		t.Errorf("%+v", n)
	}
}

// What cannot be replaced is refused by name, and nothing is written.
func TestWhatANewInstrumentDoesNotReplace(t *testing.T) {
	t.Parallel()
	w := retry(t)
	ctx := t.Context()
	refused := func(reason string) {
		t.Helper()
		_, err := w.push()
		fields := servicetest.FieldsOf(err)
		if len(fields) == 0 || fields[0].Reason != reason || fields[0].Field != "instruments[1].obligations[0].replaces" {
			t.Errorf("%s: %v %+v", reason, err, fields)
		}
		if d := w.detail(); len(d.Obligations) != 1 || obligationOf(d, "O1").Replaced() {
			t.Errorf("%s: %+v", reason, d.Obligations)
		}
	}
	w.judgment(800_00, func(o *filing.ObligationInput) { o.Replaces = []string{"O9"} })
	refused("replaces.unknown")
	w.judgment(800_00, func(o *filing.ObligationInput) { o.Replaces = []string{"R1"} })
	refused("replaces.instrument")
	w.judgment(0, func(o *filing.ObligationInput) { o.Kind, o.Description = "conduct", "赔礼道歉" })
	refused("replaces.kind")
	w.judgment(800_00)
	w.in.Instruments[1].EffectiveOn = model.Date{}
	refused("replaces.not_effective")
	w.in.Instruments[1].EffectiveOn = model.NewDate(2026, 1, 20)
	refused("replaces.instrument")

	w.judgment(800_00)
	e, err := w.Svc.Performance.Forgive(ctx, w.creditor.Actor, performance.DebtChange{CaseID: w.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: obligationOf(w.detail(), "O1").ID, AmountFen: 100_00}})
	if err != nil {
		t.Fatal(err)
	}
	refused("replaces.forgiven")
	if _, err := w.Svc.Performance.RefuseForgiveness(ctx, w.debtor.Actor, performance.DebtChange{CaseID: w.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{UndoesID: e.ID}}); err != nil {
		t.Fatal(err)
	}
	w.pays(1000_00)
	cert, _, err := w.Svc.Certificate.Issue(ctx, w.judge.Actor, w.f.ID, w.f.Instrument, w.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	refused("replaces.certified")
	if _, err := w.Svc.Certificate.Revoke(ctx, w.judge.Actor, cert.ID, cert.Version, model.GroundRetrial, "再审改判"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	// Once more, by somebody else: it is replaced already. And what is on record does not
	// begin to replace something.
	in := filing.InstrumentInput{Ref: "I3", Kind: "mediation", Number: "（2026）浙0211民再4号", EffectiveOn: model.NewDate(2026, 2, 25), Summary: "支付货款", Obligations: []filing.ObligationInput{{
		Ref: "S1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: 900_00, DueOn: model.NewDate(2026, 4, 15), Replaces: []string{"O1"},
	}}}
	_, err = w.Svc.Filing.AddInstrument(ctx, w.clerk.Actor, w.f.ID, in)
	if fields := servicetest.FieldsOf(err); len(fields) != 1 || fields[0].Reason != "replaces.replaced" {
		t.Errorf("%v %+v", err, fields)
	}
	in.Obligations[0].Replaces = []string{"R1"}
	for range 2 { // the form was sent twice
		if _, err := w.Svc.Filing.AddInstrument(ctx, w.clerk.Actor, w.f.ID, in); err != nil {
			t.Fatal(err, servicetest.FieldsOf(err))
		}
	}
	d := w.detail()
	if !obligationOf(d, "R1").Replaced() || len(d.Installments) != 1 || d.Installments[0].ConfirmedFen != 800_00 {
		t.Errorf("%+v", d.Installments)
	}
}

// Enforcement stands on the old instrument: its officer comes first.
func TestWhatIsEnforcedIsNotReplaced(t *testing.T) {
	t.Parallel()
	w := retry(t)
	w.Until(servicetest.At(4, 2, 12))
	_, _, err := w.Svc.Filing.PutEnforcement(t.Context(), w.system.Actor, filing.EnforcementInput{CaseNo: "（2026）浙0211执79号", FiledOn: model.NewDate(2026, 4, 2), BasisNo: w.f.No}, 1)
	if err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	w.judgment(800_00)
	_, err = w.push()
	if fields := servicetest.FieldsOf(err); len(fields) != 1 || fields[0].Reason != "replaces.enforced" {
		t.Errorf("%v %+v", err, fields)
	}
}

// Money that one creditor got is not another's, also when a new instrument says whom
// the debt is owed to: it is over.
func TestMoneyFollowsItsPayeeIntoTheNewInstrument(t *testing.T) {
	t.Parallel()
	w := retry(t)
	w.pays(700_00)
	w.in.Parties = append(w.in.Parties, filing.PartyInput{Ref: "C2", Role: "plaintiff", Kind: "person", Name: "周某"})
	w.judgment(300_00)
	other := w.in.Instruments[1].Obligations[0]
	other.Ref, other.Obligee, other.AmountFen = "R2", "C2", 600_00
	w.in.Instruments[1].Obligations = append(w.in.Instruments[1].Obligations, other)
	if _, err := w.push(); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	d := w.detail()
	got := map[string]model.Fen{}
	for _, i := range d.Installments {
		got[d.Debts().Obligation(i.ObligationID).Ref] = i.ConfirmedFen
	}
	if fmt.Sprint(got) != fmt.Sprint(map[string]model.Fen{"R1": 300_00, "R2": 0}) {
		t.Errorf("%v", got)
	}
}
