package filing_test

import (
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// heir is somebody who comes into a case by taking a party's place.
func heir(name string) filing.Heir {
	return filing.Heir{New: &filing.PartyInput{Kind: model.Person, Name: name}}
}

func (r *registry) succeed(t *testing.T, ch filing.Change) *model.Succession {
	t.Helper()
	if ch.Entry.IdemKey == "" {
		ch.Entry.IdemKey = servicetest.FreshKey()
	}
	s, err := r.Svc.Filing.Succeed(t.Context(), r.judge.Actor, ch)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A creditor dies and leaves two heirs: what was paid to him stays his, whoever
// acted for him is out, the heirs are owed the rest together, are told, and answer
// for the receipt that waits; the case system's next version undoes nothing.
func TestACreditorDies(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	in.GroupRef = "G7"
	cs, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := r.FiledCase(r.judge, cs.ID)
	payer, creditor := r.Citizen(), r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	r.Clock.Set(servicetest.At(3, 5, 10))
	r.Confirm(r.judge, r.Submit(payer, f, 20000, 301), 20000)
	waits := r.Submit(payer, f, 30000, 302)
	before := len(r.Told(creditor))
	ch := filing.Change{CaseID: f.ID, Heirs: []filing.Heir{heir("李大"), heir("李二")}, Entry: model.Succession{
		Ground: model.SuccessionDeath, PartyID: f.Creditor, OnDay: model.NewDate(2026, 3, 2), Paper: "死亡证明、（2026）甬证民字第1号公证书", IdemKey: servicetest.FreshKey(),
	}}
	ch.Heirs[0].Share, ch.Heirs[1].Share = "二分之一", "二分之一"
	s := r.succeed(t, ch)
	if again := r.succeed(t, ch); again.ID != s.ID {
		t.Errorf("a repeat made entry %d beside %d", again.ID, s.ID)
	}
	d := r.detail(r.judge, f.ID)
	first, second := r.PartyNamed(r.judge, f.ID, "李大"), r.PartyNamed(r.judge, f.ID, "李二")
	if ob := d.Obligations[0]; ob.ObligeeID != first || !slices.Equal(ob.JointIDs, []int64{second}) || len(d.Parties) != 4 {
		t.Errorf("the heirs are owed %+v of %d parties", ob, len(d.Parties))
	}
	if lines, err := r.Svc.Filing.Group(t.Context(), r.judge.Actor, "G7"); err != nil || len(lines) != 1 || lines[0].Obligee != "李大、李二" {
		t.Errorf("the group says %+v %v", lines, err)
	}
	if _, err := r.Svc.Filing.Case(t.Context(), creditor.Actor, f.ID, false); model.KindOf(err) != model.NotFound {
		t.Errorf("whoever acted for the deceased still sees the case: %v", err)
	}
	_, err = r.Svc.Identity.IssueBindingCode(t.Context(), r.clerk.Actor, f.ID, f.Creditor, model.CapacitySelf, "")
	r.Refused(err, "party.gone")
	if told := r.Told(payer); told[0] != model.NoticePartyChanged {
		t.Errorf("the debtor was told %v", told[0])
	}
	if n := len(r.Told(creditor)); n > before {
		t.Errorf("the deceased got %d notices", n-before)
	}
	one, two := r.Citizen(), r.Citizen()
	r.Bind(one, r.clerk, f.ID, first)
	r.Bind(two, r.clerk, f.ID, second)
	for _, k := range []model.NoticeKind{model.NoticeFiled, model.NoticeInstrument, model.NoticePartyChanged, model.NoticeObligeeAsked} {
		if !slices.Contains(r.Told(one), k) || !slices.Contains(r.Told(two), k) {
			t.Errorf("the heirs were not told %s: %v", k, r.Told(one))
		}
	}
	if _, err := r.Svc.Performance.Respond(t.Context(), two.Actor, waits.ID, model.ResponseAcknowledged, ""); err != nil {
		t.Errorf("an heir answers for the receipt: %v", err)
	}
	seen := r.detail(two, f.ID)
	if len(seen.Obligations) != 1 || len(seen.Periods) != 1 || !strings.Contains(strings.Join(seen.Debts().Changes(seen.Obligations), ""), "权利人李某于2026年3月2日死亡，其权利由李大、李二承继") {
		t.Errorf("the heir sees %+v %v", seen.Obligations, seen.Debts().Changes(seen.Obligations))
	}
	l, err := r.Svc.Performance.Ledger(t.Context(), two.Actor, f.ID)
	if err != nil || l.ConfirmedFen != 20000 || len(l.Entries) != 1 {
		t.Errorf("the ledger that he sees: %+v %v", l, err)
	}
	// Money that the deceased's account took before he died is performance; what it
	// takes afterwards, the judge has to explain. One heir does not waive for all.
	fresh, err := r.Svc.Performance.Receipt(t.Context(), r.judge.Actor, waits.ID)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.Receipt.PaidOn.After(s.OnDay) {
		t.Fatal("the receipt should be from before the death")
	}
	r.Confirm(r.judge, &fresh.Receipt, 30000)
	c := servicetest.Claim(f, 10000, r.Uploaded(payer, f.ID, 303))
	c.PaidOn = model.NewDate(2026, 3, 4)
	late, err := r.Svc.Performance.Submit(t.Context(), payer.Actor, c)
	if err != nil {
		t.Fatal(err)
	}
	dec := performance.Decision{ReceiptID: late.ID, Version: late.Version, AmountFen: 10000, IdemKey: servicetest.FreshKey()}
	_, err = r.Svc.Performance.Confirm(t.Context(), r.judge.Actor, dec)
	r.Refused(err, "allocation.former_creditor")
	dec.OrderReason = "两名继承人均认可已从遗产中收到"
	if _, err := r.Svc.Performance.Confirm(t.Context(), r.judge.Actor, dec); err != nil {
		t.Error(err)
	}
	_, err = r.Svc.Performance.Waive(t.Context(), one.Actor, performance.DebtChange{CaseID: f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: d.Obligations[0].ID, Part: model.PartDoubled}})
	r.Refused(err, "debt.joint")
	// The case system still names the deceased; later it knows the heirs as well.
	in.Cause = "买卖合同纠纷（变更）"
	if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 2); err != nil {
		t.Fatal(err)
	}
	in.Parties = append(in.Parties, filing.PartyInput{Ref: "C2", Role: "plaintiff", Kind: "person", Name: "李大"}, filing.PartyInput{Ref: "C3", Role: "plaintiff", Kind: "person", Name: "李二"})
	if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 3); err != nil {
		t.Fatal(err)
	}
	if d := r.detail(r.judge, f.ID); len(d.Parties) != 4 || d.Obligations[0].ObligeeID != first {
		t.Errorf("after the pushes %d parties, owed to %d", len(d.Parties), d.Obligations[0].ObligeeID)
	}
	// A duty that a later version adds for the deceased is owed to his heirs.
	more := in.Instruments[0].Obligations[0]
	more.Ref, more.AmountFen, more.Installments, more.DueOn = "O9", 5000, nil, model.NewDate(2026, 5, 1)
	in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, more)
	if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 4); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	added := r.detail(r.judge, f.ID)
	if ob := added.Obligations[1]; ob.ObligeeID != first || !slices.Equal(ob.JointIDs, []int64{second}) || len(ob.Formers) != 1 {
		t.Errorf("the added duty is owed to %+v", ob)
	}
	if r.NoticesOf(two, model.NoticeDutyChanged) != 1 || r.NoticesOf(payer, model.NoticeDutyChanged) != 1 {
		t.Error("not everybody was told of the added duty")
	}
	// Taken back, everything is as it was; the bindings of the deceased stay ended.
	r.succeed(t, filing.Change{CaseID: f.ID, Entry: model.Succession{UndoesID: s.ID, Reason: "死亡宣告被撤销"}})
	d = r.detail(r.judge, f.ID)
	if ob := d.Obligations[0]; ob.ObligeeID != f.Creditor || len(ob.JointIDs) > 0 || len(ob.Formers) > 0 || len(d.Successions) != 2 {
		t.Errorf("taken back: %+v", ob)
	}
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	if n := r.Audited(model.AuditPartySucceed); n != 2 {
		t.Errorf("%d entries in the audit trail", n)
	}
}

// An assignment whose notice reached the debtor: the assignee is owed, money that
// the assignor got before is performance, and a push of the case system can say it.
func TestAnAssignmentIsPushed(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	cs, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := r.FiledCase(r.judge, cs.ID)
	payer, assignor := r.Citizen(), r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Bind(assignor, r.clerk, f.ID, f.Creditor)
	r.Clock.Set(servicetest.At(3, 20, 10))
	earlier := r.Submit(payer, f, 60000, 311) // paid on 1 March
	in.Parties = append(in.Parties, filing.PartyInput{Ref: "C9", Role: "third_party", Kind: "organisation", Name: "甬城资产管理有限公司"})
	in.Successions = []filing.SuccessionInput{{
		Ref: "S1", Ground: model.SuccessionAssignment, Party: "C1", Successors: []filing.SuccessorInput{{Party: "C9"}}, OnDay: model.NewDate(2026, 3, 3),
		Paper: "债权转让协议及送达回执", Obligations: []string{"O1"},
	}}
	_, _, err = r.Svc.Filing.Put(t.Context(), system.Actor, in, 2)
	r.Refused(err, "case.invalid")
	if fields := servicetest.FieldsOf(err); len(fields) != 1 || fields[0].Field != "successions[0].noticed_on" || fields[0].Reason != "succession.notice" {
		t.Errorf("without the notice: %+v", fields)
	}
	in.Successions[0].NoticedOn = model.NewDate(2026, 3, 6)
	for version := int64(2); version <= 3; version++ { // the second time it is known
		if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, version); err != nil {
			t.Fatal(err)
		}
	}
	d := r.detail(r.judge, f.ID)
	assignee := r.PartyNamed(r.judge, f.ID, "甬城资产管理有限公司")
	if len(d.Successions) != 1 || d.Obligations[0].ObligeeID != assignee {
		t.Fatalf("%d entries, owed to %d", len(d.Successions), d.Obligations[0].ObligeeID)
	}
	r.Confirm(r.judge, earlier, 60000)
	if seen := r.detail(assignor, f.ID); len(seen.Obligations) > 0 || len(seen.Enforcement) > 0 {
		t.Errorf("the assignor sees %+v", seen.Obligations)
	}
	if told := r.Told(assignor); !slices.Contains(told, model.NoticePartyChanged) {
		t.Errorf("the assignor was told %v", told)
	}
	r.Clock.Set(servicetest.At(5, 10, 9))
	r.Work()
	if told := r.Told(assignor); slices.Contains(told, model.NoticeReceiptConfirmed) {
		t.Errorf("the assignor is told what is new: %v", told)
	}
	list, err := r.Svc.Certificate.Eligibility(t.Context(), payer.Actor, f.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
}

// A debtor company merges while it is enforced: the new company owes, is in the
// enforcement case, and its certificate says whose payments were whose.
func TestADebtorCompanyMerges(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	payer := r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Clock.Set(servicetest.At(3, 10, 10))
	r.Confirm(r.judge, r.Submit(payer, f, 60000, 321), 60000)
	s := r.succeed(t, filing.Change{CaseID: f.ID, Heirs: []filing.Heir{{New: &filing.PartyInput{Kind: model.Organisation, Name: "甬新建材集团有限公司"}}}, Entry: model.Succession{
		Ground: model.SuccessionMerger, PartyID: f.Debtor, OnDay: model.NewDate(2026, 3, 9), Paper: "合并登记通知书",
	}})
	heir := r.PartyNamed(r.judge, f.ID, "甬新建材集团有限公司")
	d := r.detail(r.judge, f.ID)
	if len(d.Obligors) != 1 || d.Obligors[0].PartyID != heir || d.Obligors[0].Limited || len(s.ClaimIDs) > 0 {
		t.Errorf("who owes: %+v", d.Obligors)
	}
	after := r.Citizen()
	r.Bind(after, r.clerk, f.ID, heir)
	c := servicetest.Claim(f, 40000, r.Uploaded(after, f.ID, 322))
	c.PaidOn, c.PayerName = r.Today(), "甬新建材集团有限公司"
	receipt, err := r.Svc.Performance.Submit(t.Context(), after.Actor, c)
	if err != nil {
		t.Fatal(err)
	}
	r.Confirm(r.judge, receipt, 40000)
	cert, _, err := r.Svc.Certificate.Issue(t.Context(), r.judge.Actor, f.ID, f.Instrument, heir)
	if err != nil {
		t.Fatal(err)
	}
	_, facts, err := r.Svc.Certificate.Certificate(t.Context(), r.judge.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	if facts.PerformedBy != model.PerformedOwn || facts.Performed[0].Who != "合并前的甬兴建材有限公司" || !strings.Contains(facts.Changed(), "因合并终止，其义务由甬新建材集团有限公司承继") {
		t.Errorf("the certificate says %s %+v %q", facts.PerformedBy, facts.Performed, facts.Changed())
	}
}

// A debtor dies in enforcement: the heirs owe within the estate, are in the
// enforcement case, and the officer's next version by the old names finds them.
func TestADebtorDiesInEnforcement(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		in.Parties[1].Kind, in.Parties[1].Name, in.Parties[1].IDNumber = "person", "彭某", "34052419800101001X"
	})
	r.Clock.Set(servicetest.At(5, 10, 10))
	e := r.EnforcedBy(r.officer, f)
	ch := filing.Change{CaseID: f.ID, Heirs: []filing.Heir{heir("彭大"), heir("彭二")}, Entry: model.Succession{
		Ground: model.SuccessionDeath, PartyID: f.Debtor, OnDay: model.NewDate(2026, 5, 5), Paper: "（2026）浙0211执异3号执行裁定书",
	}}
	ch.Heirs[0].Limited, ch.Heirs[0].LimitFen, ch.Heirs[1].Renounced = true, 50000, true
	s := r.succeed(t, ch)
	heir := r.PartyNamed(r.judge, f.ID, "彭大")
	d := r.detail(r.judge, f.ID)
	if len(d.Obligors) != 1 || d.Obligors[0].PartyID != heir || d.Obligors[0].LimitFen != 50000 {
		t.Errorf("who owes: %+v", d.Obligors)
	}
	has := func(party int64) bool {
		return d.Enforcement[0].Has(party, model.EnforcementDebtor)
	}
	if len(d.Enforcement) != 1 || !has(heir) || has(f.Debtor) {
		t.Errorf("in the enforcement case: %+v", d.Enforcement)
	}
	in := filing.EnforcementInput{CaseNo: e.CaseNo, FiledOn: e.FiledOn, Officer: r.officer.Login, BasisNo: f.No, Debtors: []string{"D1"}}
	if _, _, err := r.Svc.Filing.PutEnforcement(t.Context(), r.CaseSystem().Actor, in, 1); err != nil {
		t.Errorf("a version that names the deceased: %v %+v", err, servicetest.FieldsOf(err))
	}
	r.succeed(t, filing.Change{CaseID: f.ID, Entry: model.Succession{UndoesID: s.ID, Reason: "登记有误"}})
	if d = r.detail(r.judge, f.ID); !has(f.Debtor) || has(heir) || d.Obligors[0].PartyID != f.Debtor {
		t.Errorf("taken back: %+v %+v", d.Enforcement[0].Parties, d.Obligors)
	}
	stranger := r.other
	_, err := r.Svc.Filing.Succeed(t.Context(), stranger.Actor, ch)
	r.Refused(err, "case.not_found")
	_, err = r.Svc.Filing.Succeed(t.Context(), r.clerk.Actor, ch)
	r.Refused(err, "role.forbidden")
}

// 民法典 551: a debt that went over and came back, with both entries taken back, is owed
// by whom it was owed at first.
func TestADebtGoesAndComesBack(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, func(*filing.CaseInput) {})
	r.Clock.Set(servicetest.At(3, 5, 10))
	takes := func(from int64, to filing.Heir) *model.Succession {
		return r.succeed(t, filing.Change{CaseID: f.ID, Heirs: []filing.Heir{to}, Entry: model.Succession{
			Ground: model.SuccessionAssumption, PartyID: from, OnDay: r.Today(), NoticedOn: r.Today(), Paper: "债务转移协议",
		}})
	}
	gone := takes(f.Debtor, heir("周新"))
	back := takes(r.PartyNamed(r.judge, f.ID, "周新"), filing.Heir{Successor: model.Successor{PartyID: f.Debtor}})
	for _, s := range []*model.Succession{back, gone} {
		r.succeed(t, filing.Change{CaseID: f.ID, Entry: model.Succession{UndoesID: s.ID, Reason: "登记有误"}})
	}
	if d := r.detail(r.judge, f.ID); len(d.Obligors) != 1 || d.Obligors[0].PartyID != f.Debtor {
		t.Errorf("the debt is owed by %+v", d.Obligors)
	}
}
