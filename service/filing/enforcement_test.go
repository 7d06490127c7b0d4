package filing_test

import (
	"errors"
	"fmt"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

func numbered(kind string) string {
	return fmt.Sprintf("（2026）浙0211%s%d号", kind, servicetest.NextCase())
}

// One creditor's obligation goes to enforcement, the other's debtor still performs
// voluntarily; preservation ends nothing; what another court decided is enforced
// under its own number.
func TestWhatAnEnforcementCaseEnforces(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := newRegistry(t)
	s, system, debtor := r.Svc.Filing, r.CaseSystem(), r.Citizen()
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "C2", Role: "plaintiff", Kind: "person", Name: "赵明"})
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
			Ref: "O2", Kind: "money", Obligors: []string{"D1"}, Obligee: "C2", AmountFen: 5000, DueOn: model.NewDate(2026, 4, 30),
		})
	})
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	if _, _, err := s.FileEnforcement(ctx, r.officer.Actor, filing.EnforcementInput{CaseNo: numbered("执保"), FiledOn: model.NewDate(2026, 3, 1), Officer: "ji.fg", BasisNo: f.No}); err != nil {
		t.Fatal(err)
	}
	enforced := func() (n int) {
		t.Helper()
		for _, o := range r.detail(r.judge, f.ID).Obligations {
			if !o.EnforcedOn.IsZero() {
				n++
			}
		}
		return n
	}
	if enforced() != 0 {
		t.Error("preservation ended the voluntary phase")
	}
	in := filing.EnforcementInput{CaseNo: numbered("执"), FiledOn: model.NewDate(2026, 3, 2), BasisNo: f.No, Applicants: []string{"C2"}}
	put := func(in filing.EnforcementInput, version int64, want filing.Outcome) *model.EnforcementFile {
		t.Helper()
		e, out, err := s.PutEnforcement(ctx, system.Actor, in, version)
		if err != nil || out != want {
			t.Fatalf("%s %v, want %s", out, err, want)
		}
		return e
	}
	e := put(in, 1, filing.Created)
	if again := put(in, 1, filing.Unchanged); again.ID != e.ID || enforced() != 1 {
		t.Errorf("the same push again is %+v; %d obligations are enforced", again, enforced())
	}
	r.Work()
	line, err := r.Svc.Schedule.Timeline(ctx, r.judge.Actor, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	planned := 0
	for _, k := range line.Steps {
		if k.DueOn == model.NewDate(2026, 3, 31) && k.State == model.StepPlanned {
			planned++
		}
	}
	if planned == 0 {
		t.Error("the first creditor's debtor is not urged any more")
	}
	in.Officer = "ji.fg"
	put(in, 2, filing.Updated)
	d, err := r.Svc.Enforcement.Case(ctx, r.officer.Actor, e.ID)
	if err != nil || d.OwedFen != 5000 || len(d.Tasks) != 2 {
		t.Errorf("it enforces %+v %v", d, err)
	}

	award := put(filing.EnforcementInput{
		CaseNo: numbered("执"), FiledOn: model.NewDate(2026, 3, 2), Officer: "ji.fg", Basis: &filing.EnforcingBasis{
			Cause:   "劳动争议仲裁裁决",
			Parties: []filing.PartyInput{{Ref: "P1", Role: "applicant", Kind: "person", Name: "孙立"}, {Ref: "P2", Role: "respondent", Kind: "person", Name: "何敏"}},
			Instruments: []filing.InstrumentInput{{
				Ref: "I1", Kind: "ruling", Number: "甬劳人仲裁字〔2026〕1号", EffectiveOn: model.NewDate(2026, 1, 10), Summary: "支付工资",
				Obligations: []filing.ObligationInput{{Ref: "O1", Kind: "money", Obligors: []string{"P2"}, Obligee: "P1", AmountFen: 800000, DueOn: model.NewDate(2026, 1, 31)}},
			}},
		},
	}, 1, filing.Created)
	list, err := r.Svc.Enforcement.Cases(ctx, r.officer.Actor, model.EnforcementFilter{Open: true, Limit: 10})
	if err != nil || len(list) != 3 || list[0].ID != award.ID || list[0].Debtors != "何敏" || list[0].BasisNo != award.CaseNo {
		t.Errorf("the officer's cases: %+v %v", list, err)
	}
	if d, err := r.Svc.Enforcement.Case(ctx, r.officer.Actor, award.ID); err != nil || d.InterestFen != 4200 {
		t.Errorf("30 days of doubled interest on 8,000 yuan: %+v %v", d, err)
	}
}

// A sum that is less than the principal or more than is owed is asked about once; nothing
// is enforced before there is an instrument.
func TestWhatEnforcementIsFiledFor(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	in := filing.EnforcementInput{CaseNo: numbered("执"), FiledOn: model.NewDate(2026, 3, 1), Officer: "ji.fg", BasisNo: r.File(r.clerk).No}
	var sure model.Fen
	file := func() error {
		_, _, err := r.Svc.Filing.FileEnforcementAsked(t.Context(), r.clerk.Actor, in, sure)
		return err
	}
	for _, fen := range []model.Fen{1, 1_000_000_000} {
		in.AmountFen = fen
		r.RefusedAt(file(), "amount.differs", "amount_fen")
	}
	sure, in.FiledOn = in.AmountFen, model.NewDate(1999, 3, 1)
	err := file()
	r.Refused(err, "case.invalid")
	if e, ok := errors.AsType[*model.Error](err); !ok || len(e.Fields) != 1 || e.Fields[0].Field != "filed_on" || e.Fields[0].Reason != "date.range" {
		t.Errorf("filed in 1999: %v", err)
	}
	in.FiledOn = model.NewDate(2026, 3, 1)
	if err := file(); err != nil {
		t.Error(err)
	}
}

// Pushes of an enforcement case are ordered by their version, as those of a case; a
// number that names no court is still one court's alone.
func TestPushesOfEnforcementAreOrdered(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := newRegistry(t)
	s, system, f := r.Svc.Filing, r.CaseSystem(), r.File(r.clerk)
	in := filing.EnforcementInput{CaseNo: numbered("执"), FiledOn: model.NewDate(2026, 3, 1), Officer: "ji.fg", AmountFen: 100000, BasisNo: f.No}
	put := func(by model.Actor, version int64, change func(*filing.EnforcementInput)) error {
		in := in
		change(&in)
		_, _, err := s.PutEnforcement(ctx, by, in, version)
		return err
	}
	amount := func(fen model.Fen) func(*filing.EnforcementInput) {
		return func(in *filing.EnforcementInput) { in.AmountFen = fen }
	}
	const old = "（2015）甬镇执民字第88号" // before 2016 a number named no court
	if err := put(system.Actor, 1, func(in *filing.EnforcementInput) { in.CaseNo, in.FiledOn = old, model.NewDate(2026, 3, 1) }); err != nil {
		t.Fatal(err)
	}
	far := r.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	theirs := model.Actor{CourtID: far.ID, Roles: []model.Role{model.RoleCaseSystem}}
	if err := put(system.Actor, 5, amount(5)); err != nil {
		t.Fatal(err)
	}
	for reason, err := range map[string]error{
		"version.format":      put(system.Actor, 0, amount(6)),
		"case.stale":          put(system.Actor, 4, amount(4)),
		"case.version_reused": put(system.Actor, 5, amount(6)),
		"case.invalid":        put(system.Actor, 6, func(in *filing.EnforcementInput) { in.Officer = "nobody" }),
		"enforcement.exists": put(theirs, 1, func(in *filing.EnforcementInput) {
			in.CaseNo, in.FiledOn, in.Officer = old, model.NewDate(2026, 3, 1), ""
		}),
		"role.forbidden": put(r.clerk.Actor, 6, amount(6)),
	} {
		r.Refused(err, reason)
	}
	if err := put(system.Actor, 5, amount(5)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	// A case's own file cannot bring the same enforcement case along.
	trial := servicetest.CaseInput()
	trial.Enforcement = []filing.FilingInput{{CaseNo: in.CaseNo, FiledOn: model.NewDate(2026, 3, 1)}}
	_, _, err := s.File(ctx, r.clerk.Actor, trial)
	r.Refused(err, "case.invalid")
}
