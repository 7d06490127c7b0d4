package performance_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// setOff is what the debtor declares: a claim that a judgment fixed, of which the
// creditor was told on 1 March 2026, and what was changed of it.
func (p *people) setOff(fen model.Fen, change ...func(*model.SetOff)) performance.Claim {
	s := &model.SetOff{
		CreditorID: p.f.Creditor, Basis: model.SetOffInstrument, InstrumentNo: "（2025）浙0211民初7号民事判决书", InstrumentOn: model.NewDate(2025, 11, 3),
		ClaimFen: 2000_00, DueOn: model.NewDate(2026, 1, 10), NoticeOn: model.NewDate(2026, 3, 1), How: "挂号信签收", Unconditional: true,
	}
	for _, f := range change {
		f(s)
	}
	return performance.Claim{CaseID: p.f.ID, AmountFen: fen, SetOff: s, IdemKey: servicetest.FreshKey()}
}

// acknowledged is a claim that no instrument fixed.
func acknowledged(s *model.SetOff) {
	s.Basis, s.InstrumentNo, s.InstrumentOn = model.SetOffAcknowledged, "", model.Date{}
}

func (p *people) declares(fen model.Fen, change ...func(*model.SetOff)) *model.Receipt {
	p.T.Helper()
	r, err := p.Svc.Performance.DeclareSetOff(context.Background(), p.debtor.Actor, p.setOff(fen, change...))
	if err != nil {
		p.T.Fatal(err)
	}
	return r
}

// A debtor sets off, without a file: the creditor reads what against what, the
// ledger and the certificate say that nothing was paid, and a correction takes it
// back as any other.
func TestASetOffFromThePhoneToTheCertificate(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.declares(1000_00)
	if r.PaidOn != model.NewDate(2026, 3, 1) || r.ProofKind != model.ProofSetOff || r.PayeeName != "李某" {
		t.Errorf("%+v", r)
	}
	asked := p.told(p.creditor, model.NoticeObligeeAsked)
	if !strings.Contains(asked.Title, "抵销") || !strings.Contains(asked.Body, "1,000.00 元") || !strings.Contains(asked.Body, "浙0211民初7号") || strings.Contains(asked.Body, "付款") {
		t.Errorf("%+v", asked)
	}
	// The creditor sees it whole: all of it is against him.
	if d := p.receipt(p.creditor, r.ID); d.Receipt.ClaimedFen != 1000_00 || d.Receipt.SetOff == nil {
		t.Errorf("%+v", d.Receipt)
	}
	if _, err := svc.Confirm(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: 1, AmountFen: 1000_01, OverReason: "多", IdemKey: servicetest.FreshKey()}); model.ReasonOf(err) != "set_off.over" {
		t.Error(err)
	}
	p.Confirm(p.judge, r, 1000_00)
	told := p.told(p.creditor, model.NoticeReceiptConfirmed)
	if told.Title != "抵销已确认" || !strings.Contains(told.Body, "没有款项往来") {
		t.Errorf("%+v", told)
	}
	if l := p.ledger(p.debtor); l.Performance() != model.PerformanceFulfilled || len(l.Entries) != 1 || !strings.Contains(l.Entries[0].Means, "以抵销方式履行，未支付款项") {
		t.Errorf("%+v", l)
	}
	cert, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	if facts := string(cert.Facts); !strings.Contains(facts, "以抵销方式履行，未支付款项；抵销的债权由（2025）浙0211民初7号民事判决书") || !strings.Contains(facts, `"on":"2026-03-01"`) {
		t.Error(facts)
	}
	d, err := svc.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: 2, Reason: "该判决已被撤销", IdemKey: servicetest.FreshKey()})
	if err != nil || len(d.Doubtful) != 1 || p.ledger(p.judge).ConfirmedFen != 0 {
		t.Errorf("%+v %v", d, err)
	}
	// The same judgment a second time is flagged.
	if flags := p.receipt(p.judge, p.declares(500_00).ID).Flags; len(flags) != 1 || flags[0].Kind != model.FlagSameClaim {
		t.Errorf("%+v", flags)
	}
}

// What no instrument fixed needs the creditor: before enforcement his silence
// leaves it to the judge with a reason, in enforcement only his word counts
// (异议复议规定 19). An agent's word needs 特别授权.
func TestASetOffOfAClaimThatNobodyFixed(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	confirm := func(by servicetest.Person, r *model.Receipt, reason string) error {
		_, err := svc.Confirm(ctx, by.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, Reason: reason, IdemKey: servicetest.FreshKey()})
		return err
	}
	silent := p.declares(300_00, acknowledged)
	p.Refused(confirm(p.judge, silent, ""), "set_off.silence")
	if err := confirm(p.judge, silent, "有送货单和银行流水为证"); err != nil {
		t.Fatal(err)
	}
	disputed := p.declares(200_00, acknowledged)
	if _, err := svc.Respond(ctx, p.creditor.Actor, disputed.ID, model.ResponseDisputed, "没有这笔债"); err != nil {
		t.Fatal(err)
	}
	p.Refused(confirm(p.judge, disputed, "有送货单"), "set_off.disputed")

	officer := p.Staff("ji.fg", model.RoleOfficer)
	p.EnforcedBy(officer, p.f)
	enforced := p.declares(100_00, acknowledged)
	p.Refused(confirm(officer, enforced, "有送货单"), "set_off.not_acknowledged")
	agent := p.Citizen()
	code, err := p.Svc.Identity.IssueBindingCode(ctx, p.clerk.Actor, p.f.ID, p.f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Svc.Identity.BindByCode(ctx, agent.Actor, code.Code); err != nil {
		t.Fatal(err)
	}
	agent = p.Again(agent)
	_, err = svc.Respond(ctx, agent.Actor, enforced.ID, model.ResponseAcknowledged, "")
	p.Refused(err, "set_off.authority")
	if _, err := svc.Respond(ctx, p.creditor.Actor, enforced.ID, model.ResponseAcknowledged, ""); err != nil {
		t.Fatal(err)
	}
	if err := confirm(officer, enforced, ""); err != nil {
		t.Fatal(err)
	}
	if l := p.ledger(p.judge); l.ConfirmedFen != 400_00 {
		t.Errorf("%+v", l)
	}
}

// A fine, restitution and what a victim gets cannot be set off; what is owed to
// somebody else cannot either.
func TestWhatCannotBeSetOff(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	declare := func(c performance.Claim) error {
		_, err := p.Svc.Performance.DeclareSetOff(ctx, p.debtor.Actor, c)
		return err
	}
	p.Refused(declare(p.setOff(100, func(s *model.SetOff) { s.CreditorID = p.f.Debtor })), "debt.creditor")
	p.Refused(declare(p.setOff(1000_01)), "amount.over_debt")
	p.Refused(declare(p.setOff(100, func(s *model.SetOff) { s.Unconditional = false })), "set_off.condition")
	convict := p.Citizen()
	f := p.FileCriminal(p.clerk)
	p.Bind(convict, p.clerk, f.ID, f.Convict)
	c := p.setOff(100, func(s *model.SetOff) { s.CreditorID = f.Victim })
	c.CaseID = f.ID
	_, err := p.Svc.Performance.DeclareSetOff(ctx, convict.Actor, c)
	p.Refused(err, "set_off.barred")
	// A receipt of money does not become one by its kind.
	money := servicetest.Claim(p.f, 100, p.Uploaded(p.debtor, p.f.ID, 31))
	money.ProofKind = model.ProofSetOff
	_, err = p.Svc.Performance.Submit(ctx, p.debtor.Actor, money)
	p.Refused(err, "proof.unknown")
}

// Money that is lodged for a creditor who cannot be found performs on the day on
// which it was handed in; the creditor reads where it is, and until when.
func TestALodgementPerforms(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	claim := performance.Claim{
		CaseID: p.f.ID, AmountFen: 1000_00, Files: []int64{p.Uploaded(p.debtor, p.f.ID, 41)}, IdemKey: servicetest.FreshKey(),
		Lodged: &model.Lodgement{
			CreditorID: p.f.Creditor, Ground: model.LodgedMissing, Reason: "电话停机，寄送退回", With: "宁波市镇海公证处", Number: "（2026）浙甬镇证提字第5号",
			LodgedOn: model.NewDate(2026, 3, 2), NoticeOn: model.NewDate(2026, 3, 2), How: "公告",
		},
	}
	bare := claim
	bare.Files = nil
	_, err := svc.Lodge(ctx, p.debtor.Actor, bare)
	p.Refused(err, "file.missing")
	r, err := svc.Lodge(ctx, p.debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	p.Confirm(p.judge, r, 1000_00)
	told := p.told(p.creditor, model.NoticeReceiptConfirmed)
	if told.Title != "提存已确认" || !strings.Contains(told.Body, "宁波市镇海公证处") || !strings.Contains(told.Body, "2031年3月2日") {
		t.Errorf("%+v", told)
	}
	cert, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor)
	if err != nil || !strings.Contains(string(cert.Facts), "以提存方式履行；提存于宁波市镇海公证处，文号（2026）浙甬镇证提字第5号，原因：权利人下落不明") || cert.LastPaidOn != model.NewDate(2026, 3, 2) {
		t.Error(string(cert.Facts), err)
	}
}

// told is the newest notice of a kind that somebody has.
func (p *people) told(by servicetest.Person, kind model.NoticeKind) model.Notice {
	p.T.Helper()
	list, _, err := p.Svc.Notice.Inbox(context.Background(), by.Actor, 0, 0, 100)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == kind {
			return n.Notice
		}
	}
	p.T.Fatalf("no notice %s", kind)
	return model.Notice{}
}
