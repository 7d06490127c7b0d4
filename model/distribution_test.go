package model

import (
	"fmt"
	"strings"
	"testing"
)

// shares writes what each claim gets: with priority, by the rule, the doubled part.
func shares(list []DistributionClaim, rest Fen) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%d+%d+%d", c.PriorShareFen, c.ShareFen, c.DoubledShareFen))
	}
	return strings.Join(out, " ") + fmt.Sprintf(" rest %d", rest)
}

// 执行工作规定 55: one instrument in proportion, several by the order of measures,
// what has security before both.
func TestEnforcementRules55(t *testing.T) {
	t.Parallel()
	first, second := NewDate(2026, 1, 5), NewDate(2026, 2, 6)
	for name, c := range map[string]struct {
		rule   ShareRule
		amount Fen
		claims []DistributionClaim
		want   string
	}{
		"one instrument, to the fen": {ShareInProportion, 100, []DistributionClaim{{AmountFen: 100}, {AmountFen: 100}, {AmountFen: 100}}, "0+34+0 0+33+0 0+33+0 rest 0"},
		"the largest remainder":      {ShareInProportion, 100, []DistributionClaim{{AmountFen: 10}, {AmountFen: 290}}, "0+3+0 0+97+0 rest 0"},
		"several, the first measure": {
			ShareByMeasures, 150, []DistributionClaim{{AmountFen: 100, MeasureOn: second}, {AmountFen: 100, MeasureOn: first}}, "0+50+0 0+100+0 rest 0",
		},
		"measures of one day are equal": {
			ShareByMeasures, 90, []DistributionClaim{{AmountFen: 100, MeasureOn: first}, {AmountFen: 200, MeasureOn: first}, {AmountFen: 50, MeasureOn: second}}, "0+30+0 0+60+0 0+0+0 rest 0",
		},
		"security before the first measure": {
			ShareByMeasures, 150, []DistributionClaim{{AmountFen: 100, MeasureOn: first}, {AmountFen: 120, PriorFen: 80, PriorRank: 1, MeasureOn: second}}, "0+70+0 80+0+0 rest 0",
		},
		"securities by their rank, what they lack with the others": {
			ShareInProportion, 160, []DistributionClaim{{AmountFen: 100, PriorFen: 100, PriorRank: 2}, {AmountFen: 80, PriorFen: 80, PriorRank: 1}, {AmountFen: 50}}, "80+0+0 80+0+0 0+0+0 rest 0",
		},
		"equal ranks in proportion": {
			ShareInProportion, 60, []DistributionClaim{{AmountFen: 100, PriorFen: 100, PriorRank: 1}, {AmountFen: 20, PriorFen: 20, PriorRank: 1}}, "50+0+0 10+0+0 rest 0",
		},
		"the doubled part last": {
			ShareByMeasures, 190, []DistributionClaim{{AmountFen: 100, DoubledFen: 30, MeasureOn: first}, {AmountFen: 80, DoubledFen: 20, MeasureOn: second}}, "0+100+10 0+80+0 rest 0",
		},
		"what is left over":             {ShareInProportion, 300, []DistributionClaim{{AmountFen: 100}, {AmountFen: 50, DoubledFen: 5}}, "0+100+0 0+50+5 rest 145"},
		"what was struck gets nothing":  {ShareInProportion, 50, []DistributionClaim{{AmountFen: 100}, {AmountFen: 100, Struck: true}}, "0+50+0 0+0+0 rest 0"},
		"sums beyond sixty-four bits":   {ShareInProportion, MaxFen, []DistributionClaim{{AmountFen: MaxFen}, {AmountFen: MaxFen}}, fmt.Sprintf("0+%d+0 0+%d+0 rest 0", (MaxFen+1)/2, MaxFen/2)},
		"nothing is left of the others": {ShareInProportion, 10, nil, " rest 10"},
	} {
		d := Distribution{Rule: c.rule, AmountFen: c.amount}
		if got := shares(d.Share(c.claims)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if w := ShareByMeasures.Citation(false); !strings.Contains(w, "第五十五条第一款") || strings.Contains(w, "五百一十四") {
		t.Error(w)
	}
}

// 民诉解释 506–511: participation against who is no legal person, costs and
// priority first, a plan, fifteen days to object, and what becomes of it.
func TestInterpretation506to511(t *testing.T) {
	t.Parallel()
	filed, today := NewDate(2026, 3, 1), NewDate(2026, 3, 31)
	plan := Distribution{CaseID: 1, Rule: ShareParticipation, AmountFen: 1_000, CostsFen: 100, AsOf: NewDate(2026, 3, 5), Source: "房屋拍卖款", Reason: "无其他财产"}
	got := shares(plan.Share([]DistributionClaim{{AmountFen: 600, PriorFen: 600, PriorRank: 1}, {AmountFen: 400}, {AmountFen: 800}}))
	if got != "600+0+0 0+100+0 0+200+0 rest 0" {
		t.Error(got)
	}
	refused := func(name string, err error, reason string) {
		t.Helper()
		if ReasonOf(err) != reason {
			t.Errorf("%s: %v, want %s", name, err, reason)
		}
	}
	with := func(f func(*Distribution)) error {
		d := plan
		f(&d)
		return d.Check(filed, today)
	}
	if err := with(func(*Distribution) {}); err != nil {
		t.Error(err)
	}
	refused("a legal person", with(func(d *Distribution) { d.LegalPerson = true }), "distribution.legal_person")
	refused("no shortfall", with(func(d *Distribution) { d.Reason = " " }), "reason.required")
	refused("costs", with(func(d *Distribution) { d.CostsFen = 1_001 }), "distribution.costs")
	refused("a rule of nobody", with(func(d *Distribution) { d.Rule = "all" }), "distribution.rule")
	refused("before enforcement", with(func(d *Distribution) { d.AsOf = filed.AddDays(-1) }), "distribution.day")
	if err := with(func(d *Distribution) { d.LegalPerson, d.Rule = true, ShareByMeasures }); err != nil {
		t.Error(err)
	}
	claim := DistributionClaim{Creditor: "王某", CaseNo: "（2026）浙0212执1号", OfCourt: "某某法院", AmountFen: 400, AppliedOn: NewDate(2026, 3, 10)}
	claimed := func(f func(*Distribution, *DistributionClaim)) error {
		d, c := plan, claim
		f(&d, &c)
		return d.CheckClaim(c, filed, today)
	}
	if err := claimed(func(*Distribution, *DistributionClaim) {}); err != nil {
		t.Error(err)
	}
	refused("no application", claimed(func(_ *Distribution, c *DistributionClaim) { c.AppliedOn = Date{} }), "distribution.applied")
	refused("before enforcement began", claimed(func(_ *Distribution, c *DistributionClaim) { c.AppliedOn = filed.AddDays(-1) }), "distribution.applied")
	refused("another instrument", claimed(func(d *Distribution, _ *DistributionClaim) { d.Rule, d.CaseID = ShareInProportion, 7 }), "distribution.one_instrument")
	refused("no measure", claimed(func(d *Distribution, _ *DistributionClaim) { d.Rule = ShareByMeasures }), "distribution.measure")
	refused("no ground", claimed(func(_ *Distribution, c *DistributionClaim) { c.PriorFen, c.PriorRank = 100, 1 }), "reason.required")
	refused("more than the claim", claimed(func(_ *Distribution, c *DistributionClaim) { c.PriorFen = 401 }), "distribution.prior")
	refused("no court", claimed(func(_ *Distribution, c *DistributionClaim) { c.OfCourt = "" }), "distribution.court")
	refused("nothing", claimed(func(_ *Distribution, c *DistributionClaim) { c.AmountFen = 0 }), "amount.positive")

	cal := ShippedCalendar()
	plan.State = DistributionDrafted
	refused("one creditor", plan.Serve(NewDate(2026, 3, 6), 1, cal, today), "distribution.alone")
	if err := plan.Serve(NewDate(2026, 3, 6), 2, cal, today); err != nil || plan.ObjectUntil != NewDate(2026, 3, 23) { // the 21st is a Saturday
		t.Fatalf("%v until %s", err, plan.ObjectUntil)
	}
	refused("served again", plan.Serve(NewDate(2026, 3, 6), 2, cal, today), "distribution.state")
	refused("a change", plan.CheckDrafted(), "distribution.state")
	o := DistributionObjection{ID: 1, Objector: "王某", FiledOn: NewDate(2026, 3, 24), Content: "债权数额有误"}
	refused("too late", plan.Object(&o, today), "distribution.late")
	o.FiledOn = NewDate(2026, 3, 23)
	if err := plan.Object(&o, today); err != nil {
		t.Fatal(err)
	}
	early := plan
	refused("within the days", early.Allocate(nil, NewDate(2026, 3, 23)), "distribution.wait")
	refused("an open objection", early.Allocate([]DistributionObjection{o}, today), "distribution.objected")
	claims := []DistributionClaim{{ID: 5, ShareFen: 300}}
	answer := func(state ObjectionState, on Date, f func(*DistributionObjection)) (DistributionObjection, error) {
		r := DistributionObjection{State: state, NotifiedOn: NewDate(2026, 3, 25), Result: "其他债权人的意见"}
		if f != nil {
			f(&r)
		}
		got := o
		return got, got.Answer(r, claims, cal, on)
	}
	_, err := answer(ObjectionAccepted, NewDate(2026, 4, 9), nil)
	refused("the others have fifteen days", err, "objection.wait")
	_, err = answer(ObjectionSued, today, func(r *DistributionObjection) { r.ClaimID, r.HeldFen = 5, 301 })
	refused("more than the share", err, "objection.held")
	_, err = answer(ObjectionSued, today, func(r *DistributionObjection) { r.ClaimID, r.HeldFen = 6, 1 })
	refused("whose share", err, "objection.claim")
	mended, err := answer(ObjectionAccepted, NewDate(2026, 4, 10), nil)
	if err != nil {
		t.Fatal(err)
	}
	refused("what mends the plan", early.Allocate([]DistributionObjection{mended}, NewDate(2026, 4, 10)), "distribution.amend")
	refused("answered twice", mended.Answer(mended, claims, cal, today), "objection.state")
	sued, err := answer(ObjectionSued, today, func(r *DistributionObjection) { r.ClaimID, r.HeldFen = 5, 120 })
	if err != nil || sued.HeldFen != 120 {
		t.Fatal(sued, err)
	}
	if err := early.Allocate([]DistributionObjection{sued}, today); err != nil || early.State != DistributionAllocated || early.AllocatedOn != today {
		t.Error(early, err)
	}
	refused("allocated already", early.Withdraw("重新拟定"), "distribution.state")
	refused("no reason", plan.Withdraw(" "), "reason.required")
}

// The page of a receipt says by which rule its money is spread: as the record has it.
func TestWhichRuleSpreadsAPayment(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(100, 200)
	for n := range d.Parties {
		d.Parties[n].NameNorm = NormalizeName(d.Parties[n].Name)
	}
	for name, c := range map[string]struct {
		r        Receipt
		kind     CaseKind
		open     []Installment
		enforced bool
		want     string
	}{
		"enforced, of one instrument": {Receipt{ProofKind: ProofCourtAccount}, CaseCivil, all, true, "第五十五条第三款"},
		"voluntary":                   {Receipt{ProofKind: ProofCourtAccount}, CaseCivil, all, false, "本院的处理方式，法律没有规定"},
		"a creditor's own":            {Receipt{PayeeName: "王某"}, CaseCivil, all, true, "款项已付给王某"},
		"named, to the court":         {Receipt{PayeeName: "王某", ProofKind: ProofCourtAccount}, CaseCivil, all, true, "第五十五条第三款"},
		"shared by a plan":            {Receipt{PayeeName: "王某", ProofKind: ProofCourtAccount, DistributionID: 3}, CaseCivil, all, true, "分配方案已把这笔款项分给王某"},
		"one creditor":                {Receipt{}, CaseCivil, all[:1], true, "第五百六十条"},
		"criminal":                    {Receipt{}, CaseCriminal, all, true, "法定顺序"},
	} {
		d.Case.Kind = c.kind
		if got := d.SpreadRule(c.r, c.open, c.enforced); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Two rows are one person by his number, or by name where one has none.
func TestOneDebtorOfTwoCases(t *testing.T) {
	t.Parallel()
	zhao := Party{Kind: Person, NameNorm: "赵明", IDNumberHash: "a"}
	for name, c := range map[string]struct {
		other Party
		want  bool
	}{
		"the same number":  {Party{Kind: Person, NameNorm: "赵明明", IDNumberHash: "a"}, true},
		"a namesake":       {Party{Kind: Person, NameNorm: "赵明", IDNumberHash: "b"}, false},
		"without a number": {Party{Kind: Person, NameNorm: "赵明"}, true},
		"a company":        {Party{Kind: Organisation, NameNorm: "赵明"}, false},
	} {
		if got := zhao.Same(c.other); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
