package model

import (
	"strings"
	"testing"
)

// 行政诉讼法 45–46; 行诉解释 64, 156; 行政强制法 53; 行政处罚法 72 (2).
func TestAdministrativeEnforcementLaw53(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	for _, tt := range []struct {
		name         string
		d            AdministrativeDecision
		suing, apply Date
		cite         string
	}{
		{"six months", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2026, 1, 31)}, NewDate(2026, 7, 31), NewDate(2026, 11, 2), "第五十三条"},
		{"a worked Saturday", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2025, 8, 31)}, NewDate(2026, 2, 28), NewDate(2026, 5, 28), ""},
		{"国庆", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2026, 4, 3)}, NewDate(2026, 10, 8), NewDate(2027, 1, 8), ""},
		{"not told of it", AdministrativeDecision{Basis: SuingUninformed, ServedOn: NewDate(2025, 3, 10)}, NewDate(2026, 3, 10), NewDate(2026, 6, 10), ""},
		{"reconsidered", AdministrativeDecision{Basis: SuingReconsidered, ServedOn: NewDate(2025, 9, 1), ReconsideredOn: NewDate(2025, 11, 20)}, NewDate(2025, 12, 5), NewDate(2026, 3, 5), ""},
		{"another law", AdministrativeDecision{Basis: SuingSpecial, ServedOn: NewDate(2026, 3, 2), SpecialDays: 15, SpecialLaw: "土地管理法第八十三条"}, NewDate(2026, 3, 17), NewDate(2026, 6, 17), ""},
		{"paid by instalments", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2026, 1, 15), DeferredUntil: NewDate(2026, 12, 31)}, NewDate(2026, 7, 15), NewDate(2027, 3, 31), "《中华人民共和国行政处罚法》第七十二条第二款"},
		{"deferred for a little", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2026, 1, 15), DeferredUntil: NewDate(2026, 3, 31)}, NewDate(2026, 7, 15), NewDate(2026, 10, 15), ""},
		{"the old law", AdministrativeDecision{Basis: SuingDirect, ServedOn: NewDate(2015, 1, 5)}, NewDate(2015, 4, 5), NewDate(2015, 7, 6), ""},
	} {
		tt.d.DecisionNo = tt.name
		suing, apply := tt.d.SuingPeriod(c), tt.d.ApplicationPeriod(c)
		if tt.name == "the old law" { // holidays of 2015 are not known
			suing.Last = suing.RawLast
			if suing.Last != tt.suing {
				t.Errorf("%s: %v", tt.name, suing.Last)
			}
			continue
		}
		if suing.Last != tt.suing || apply.Last != tt.apply || !strings.Contains(apply.Citation, tt.cite) || suing.Reason == "" {
			t.Errorf("%s: suing until %v, applying until %v (%s), want %v %v", tt.name, suing.Last, apply.Last, apply.Citation, tt.suing, tt.apply)
		}
	}
}

// 行政强制法 54, 56–58 with 69: ten days and less are working days.
func TestAdministrativeEnforcementLaw69(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	d := AdministrativeDecision{AgencyDemandOn: NewDate(2026, 4, 27), AppliedOn: NewDate(2026, 4, 29), AcceptedOn: NewDate(2026, 4, 30)}
	if p := d.AgencyDemandPeriod(c); p.Last != NewDate(2026, 5, 13) || !strings.Contains(p.Reason, "10个工作日") {
		t.Errorf("行政机关催告书: %+v", p) // 1–5 May rest, the 9th is worked
	}
	if p := d.AcceptancePeriod(c); p.Last != NewDate(2026, 5, 9) {
		t.Errorf("受理: %+v", p)
	}
	if p := d.RulingPeriod(c); p.Last != NewDate(2026, 5, 13) {
		t.Errorf("裁定: %+v", p)
	}
	d.Doubtful = true
	if p := d.RulingPeriod(c); p.Last != NewDate(2026, 6, 1) || !strings.Contains(p.Citation, "第五十八条") {
		t.Errorf("三十日: %+v", p) // 30 May is a Saturday
	}
}

func TestFindingsOfAnApplication(t *testing.T) {
	t.Parallel()
	c, today := ShippedCalendar(), NewDate(2026, 9, 30)
	good := AdministrativeDecision{
		Basis: SuingDirect, ServedOn: NewDate(2026, 1, 15), AgencyDemandOn: NewDate(2026, 8, 3), AppliedOn: NewDate(2026, 9, 1), AcceptedOn: NewDate(2026, 9, 4),
		RuledOn: NewDate(2026, 9, 15), FineFen: Yuan(30_000), SurchargeFen: Yuan(30_000), PayBy: NewDate(2026, 1, 30),
	}
	states := func(d AdministrativeDecision) map[string]FindingState {
		out := map[string]FindingState{}
		for _, f := range d.Findings(c, today) {
			if f.Text == "" || f.Citation == "" || f.What == "" {
				t.Errorf("a finding says nothing: %+v", f)
			}
			out[f.Key] = f.State
		}
		return out
	}
	with := func(f func(*AdministrativeDecision)) AdministrativeDecision { d := good; f(&d); return d }
	for key, s := range states(good) {
		if s != FindingMet {
			t.Errorf("%s is %s", key, s)
		}
	}
	for name, tt := range map[string]struct {
		d    AdministrativeDecision
		key  string
		want FindingState
	}{
		"before the end of suing": {with(func(d *AdministrativeDecision) { d.AppliedOn = NewDate(2026, 7, 15) }), "suing", FindingUnmet},
		"no demand":               {with(func(d *AdministrativeDecision) { d.AgencyDemandOn = Date{} }), "agency_demand", FindingUnknown},
		"demand too late":         {with(func(d *AdministrativeDecision) { d.AgencyDemandOn = NewDate(2026, 8, 18) }), "agency_demand", FindingUnmet},
		"too late":                {with(func(d *AdministrativeDecision) { d.ServedOn, d.AppliedOn = NewDate(2025, 6, 10), NewDate(2026, 9, 1) }), "application", FindingUnmet},
		"accepted late":           {with(func(d *AdministrativeDecision) { d.AcceptedOn = NewDate(2026, 9, 9) }), "acceptance", FindingUnmet},
		"not ruled yet, late":     {with(func(d *AdministrativeDecision) { d.RuledOn = Date{} }), "ruling", FindingUnmet},
		"not ruled yet, doubtful": {with(func(d *AdministrativeDecision) { d.RuledOn, d.Doubtful = Date{}, true }), "ruling", FindingRunning},
		"not applied yet":         {with(func(d *AdministrativeDecision) { d.AppliedOn, d.AcceptedOn, d.RuledOn = Date{}, Date{}, Date{} }), "application", FindingRunning},
		"asks for too much":       {with(func(d *AdministrativeDecision) { d.PayBy = NewDate(2026, 8, 25) }), "surcharge", FindingUnmet},
	} {
		if got := states(tt.d)[tt.key]; got != tt.want {
			t.Errorf("%s: %s is %s, want %s", name, tt.key, got, tt.want)
		}
	}
	late := with(func(d *AdministrativeDecision) { d.ServedOn, d.LateGround = NewDate(2025, 6, 10), "不可抗力" })
	if f := late.Findings(c, today)[2]; !strings.Contains(f.Text, "不可抗力") {
		t.Error(f.Text)
	}
}

// 行政处罚法 72 (1), 73 (3); 行政强制法 45.
func TestAdministrativePenaltyLaw72(t *testing.T) {
	t.Parallel()
	d := AdministrativeDecision{FineFen: Yuan(10_000), PayBy: NewDate(2026, 3, 2)}
	for until, want := range map[Date]Fen{
		NewDate(2026, 3, 2): 0, NewDate(2026, 3, 3): Yuan(300), NewDate(2026, 4, 4): Yuan(9_900), NewDate(2026, 4, 5): Yuan(10_000), NewDate(2026, 12, 31): Yuan(10_000),
	} {
		l := d.LateFine(until)
		if l.AmountFen != want || l.Capped != (want == Yuan(10_000)) || l.CapOn != NewDate(2026, 4, 5) || l.Reason == "" {
			t.Errorf("until %v: %+v, want %s", until, l, want.Yuan())
		}
	}
	odd := AdministrativeDecision{FineFen: 33_333, PayBy: NewDate(2026, 3, 2)}
	if l := odd.LateFine(NewDate(2026, 3, 4)); l.AmountFen != 2_000 { // 1,999.98 fen
		t.Error(l)
	}
	d.ReviewFrom, d.ReviewUntil = NewDate(2026, 3, 10), NewDate(2026, 3, 19)
	if l := d.LateFine(NewDate(2026, 4, 5)); l.Excluded != 10 || l.Days != 24 || l.AmountFen != Yuan(7_200) || l.CapOn != NewDate(2026, 4, 15) {
		t.Errorf("with a suit: %+v", l)
	}
	d.ReviewFrom, d.ReviewUntil = NewDate(2026, 4, 3), NewDate(2026, 6, 30)
	if l := d.LateFine(NewDate(2026, 7, 3)); l.Days != 34 || !l.Capped || l.CapOn != NewDate(2026, 7, 3) {
		t.Errorf("a suit just before the cap: %+v", l)
	}
	// 行政处罚法 73 (3): a review and the suit behind it, with the days between them that
	// bear it; each day is left out once.
	d.ReviewFrom, d.ReviewUntil, d.SuitFrom, d.SuitUntil = NewDate(2026, 3, 10), NewDate(2026, 3, 19), NewDate(2026, 3, 25), NewDate(2026, 4, 13)
	if l := d.LateFine(NewDate(2026, 4, 5)); l.Excluded != 22 || l.Days != 12 || l.AmountFen != Yuan(3_600) || l.CapOn != NewDate(2026, 5, 5) {
		t.Errorf("a review and a suit: %+v", l)
	}
	if l := d.LateFine(NewDate(2026, 5, 5)); l.Days != 34 || !l.Capped {
		t.Errorf("on the day of the cap: %+v", l)
	}
	if l := d.LateFine(NewDate(2026, 5, 4)); l.Days != 33 || l.Capped {
		t.Errorf("the day before: %+v", l)
	}
	d.SuitFrom = NewDate(2026, 3, 19) // sued on the day of the decision
	if l := d.LateFine(NewDate(2026, 4, 13)); l.Excluded != 35 || l.Days != 7 {
		t.Errorf("one day in both: %+v", l)
	}
	// One that is pending stops it until its end is entered, and nobody knows the cap.
	d.ReviewUntil, d.SuitFrom, d.SuitUntil = Date{}, Date{}, Date{}
	if l := d.LateFine(NewDate(2026, 9, 1)); l.Days != 7 || l.AmountFen != Yuan(2_100) || !l.CapOn.IsZero() || !strings.Contains(l.Reason, "尚未结束") {
		t.Errorf("pending: %+v", l)
	}
	d.ReviewFrom = NewDate(2026, 4, 6) // after the cap
	if l := d.LateFine(NewDate(2026, 9, 1)); !l.Capped || l.CapOn != NewDate(2026, 4, 5) {
		t.Errorf("pending since after the cap: %+v", l)
	}
	for _, v := range []struct {
		fine, surcharge Fen
		want            string
	}{{Yuan(100), Yuan(100), ""}, {Yuan(100), Yuan(100) + 1, "surcharge.over_cap"}, {0, 1, "surcharge.over_cap"}} {
		d := AdministrativeDecision{DecisionNo: "镇市监处罚〔2026〕1号", Basis: SuingDirect, MadeOn: NewDate(2026, 1, 2), ServedOn: NewDate(2026, 1, 5), FineFen: v.fine, SurchargeFen: v.surcharge}
		if err := d.Check(NewDate(2026, 9, 1)); ReasonOf(err) != v.want {
			t.Errorf("%v: %v, want %q", v, err, v.want)
		}
	}
}

// 行政强制法 42: only the surcharge, only after remedial measures.
func TestAdministrativeEnforcementLaw42(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 9, 1)
	good := SurchargeReduction{AmountFen: 100, AgreedOn: today, Remedied: true, Remedy: "已补办许可", Reason: "不损害公共利益", FileID: 1}
	with := func(f func(*SurchargeReduction)) SurchargeReduction { r := good; f(&r); return r }
	for want, r := range map[string]SurchargeReduction{
		"":                    good,
		"reduction.remedy":    with(func(r *SurchargeReduction) { r.Remedied = false }),
		"amount.positive":     with(func(r *SurchargeReduction) { r.AmountFen = 0 }),
		"reduction.over_open": with(func(r *SurchargeReduction) { r.AmountFen = 501 }),
		"reduction.agreed_on": with(func(r *SurchargeReduction) { r.AgreedOn = today.AddDays(1) }),
		"reason.required":     with(func(r *SurchargeReduction) { r.Reason = "" }),
		"file.missing":        with(func(r *SurchargeReduction) { r.FileID = 0 }),
	} {
		if err := r.Check(Obligation{Category: CategorySurcharge}, 500, today); ReasonOf(err) != want {
			t.Errorf("%+v: %v, want %q", r, err, want)
		}
	}
	for _, c := range []Category{CategoryNone, CategoryPrincipal} {
		if err := good.Check(Obligation{Category: c}, 500, today); ReasonOf(err) != "reduction.principal" {
			t.Errorf("%s: %v", c, err)
		}
	}
	list := []Installment{{ID: 1, AmountFen: 100, ConfirmedFen: 30}, {ID: 2, AmountFen: 50}, {ID: 3, AmountFen: 9, PerformedOn: today}}
	out := Reduce(list, 80, today)
	if len(out) != 2 || out[0].ID != 2 || out[0].AmountFen != 0 || out[0].PerformedOn != today || out[1].AmountFen != 70 || out[1].ReducedFen != 30 || out[1].Done() {
		t.Errorf("%+v", out)
	}
	if err := CheckSurcharges([]Obligation{{Kind: ObligationMoney, AmountFen: 10}, {Kind: ObligationMoney, AmountFen: 11, Category: CategorySurcharge}}); ReasonOf(err) != "surcharge.over_cap" {
		t.Error(err)
	}
}
