package model

import (
	"strings"
	"testing"
)

// The days of a decision follow each other as the law has them: made, served,
// demanded (行政强制法 54), applied (53), accepted, ruled (57, 58); a special
// period names its law.
func TestDaysOfAnAdministrativeDecision(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	d := func(n int) Date { return NewDate(2025, 3, n) }
	ok := AdministrativeDecision{
		DecisionNo: "甬镇环罚字〔2025〕1号", MadeOn: d(1), ServedOn: d(2), Basis: SuingDirect, AgencyDemandOn: d(10), AppliedOn: d(20), AcceptedOn: d(21), RuledOn: d(25),
		FineFen: Yuan(10_000), SurchargeFen: Yuan(10_000),
	}
	for name, c := range map[string]struct {
		change func(*AdministrativeDecision)
		reason string
	}{
		"whole": {func(*AdministrativeDecision) {}, ""},
		"all on one day": {func(x *AdministrativeDecision) {
			x.ServedOn, x.AgencyDemandOn, x.AppliedOn, x.AcceptedOn, x.RuledOn = d(1), d(1), d(1), d(1), d(1)
		}, ""},
		"made tomorrow":                   {func(x *AdministrativeDecision) { x.MadeOn = today.AddDays(1) }, "date.future"},
		"served before it was made":       {func(x *AdministrativeDecision) { x.MadeOn = d(3) }, "decision.days"},
		"demanded before it was served":   {func(x *AdministrativeDecision) { x.AgencyDemandOn = d(1) }, "decision.days"},
		"accepted before it was asked":    {func(x *AdministrativeDecision) { x.AcceptedOn = d(19) }, "decision.days"},
		"ruled before it was accepted":    {func(x *AdministrativeDecision) { x.RuledOn = d(20) }, "decision.days"},
		"accepted and never asked":        {func(x *AdministrativeDecision) { x.AppliedOn = Date{} }, "decision.days"},
		"ruled and never accepted":        {func(x *AdministrativeDecision) { x.AcceptedOn = Date{} }, "decision.days"},
		"no number":                       {func(x *AdministrativeDecision) { x.DecisionNo = " " }, "field.required"},
		"never served":                    {func(x *AdministrativeDecision) { x.ServedOn = Date{} }, "field.required"},
		"no basis":                        {func(x *AdministrativeDecision) { x.Basis = "" }, "decision.basis"},
		"reconsidered, nobody knows when": {func(x *AdministrativeDecision) { x.Basis = SuingReconsidered }, "field.required"},
		"reconsidered":                    {func(x *AdministrativeDecision) { x.Basis, x.ReconsideredOn = SuingReconsidered, d(9) }, ""},
		"a special period": {func(x *AdministrativeDecision) {
			x.Basis, x.SpecialDays, x.SpecialLaw = SuingSpecial, 15, "土地管理法第八十三条"
		}, ""},
		"a special period of no law": {func(x *AdministrativeDecision) { x.Basis, x.SpecialDays = SuingSpecial, 15 }, "decision.special"},
		"months and days": {func(x *AdministrativeDecision) {
			x.Basis, x.SpecialDays, x.SpecialMonths, x.SpecialLaw = SuingSpecial, 15, 1, "某法"
		}, "decision.special"},
		"a period of nothing":      {func(x *AdministrativeDecision) { x.Basis, x.SpecialLaw = SuingSpecial, "某法" }, "decision.special"},
		"a review that goes on":    {func(x *AdministrativeDecision) { x.ReviewFrom = x.ServedOn }, ""},
		"a review that only ends":  {func(x *AdministrativeDecision) { x.ReviewUntil = x.ServedOn }, "decision.days"},
		"a suit that only ends":    {func(x *AdministrativeDecision) { x.SuitUntil = x.ServedOn }, "decision.days"},
		"a suit during the review": {func(x *AdministrativeDecision) { x.ReviewFrom, x.SuitFrom = x.ServedOn, x.ServedOn.AddDays(1) }, "decision.days"},
		"a suit before the review's end": {func(x *AdministrativeDecision) {
			x.ReviewFrom, x.ReviewUntil, x.SuitFrom = x.ServedOn, x.ServedOn.AddDays(3), x.ServedOn.AddDays(1)
		}, "decision.days"},
		"an endless reason":    {func(x *AdministrativeDecision) { x.LateGround = strings.Repeat("因", 501) }, "field.too_long"},
		"a fine below nothing": {func(x *AdministrativeDecision) { x.FineFen, x.SurchargeFen = -1, 0 }, "amount.format"},
		// 行政处罚法 72, 行政强制法 45: what is added never exceeds what it is added to.
		"a surcharge above the fine": {func(x *AdministrativeDecision) { x.SurchargeFen = Yuan(10_000) + 1 }, "surcharge.over_cap"},
	} {
		x := ok
		c.change(&x)
		if err := x.Check(today); ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
	for no, want := range map[CaseNo]bool{
		"（2026）浙0211行审1号": true, "（2026）浙0211行初1号": false, "（2026）浙0211民初1号": false, "（2015）甬镇行审字第1号": true, "（2015）甬镇行初字第1号": false,
	} {
		if no.IsNonLitigation() != want {
			t.Errorf("%s is of 行政非诉: %v", no, !want)
		}
	}
}
