package model

import (
	"testing"
	"time"
)

// Who sees how much of a listing, day by day.
func TestExposureOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 6, 10, 0, 0, 0, CourtZone)
	until := NewDate(2026, 6, 30)
	m := Measure{ID: 7, Kind: MeasureListing, EnforcementCaseID: 2, PartyID: 3}
	of := func(s RepairState, change func(*RepairApplication)) RepairApplication {
		a := RepairApplication{EnforcementCaseID: 2, PartyID: 3, MeasureID: 7, State: s, Until: until}
		if change != nil {
			change(&a)
		}
		return a
	}
	for name, c := range map[string]struct {
		grants []RepairApplication
		on     Date
		want   Exposure
	}{
		"nothing granted":         {nil, until, ExposureShown},
		"asked for":               {[]RepairApplication{of(RepairOpen, nil)}, until, ExposureShown},
		"refused":                 {[]RepairApplication{of(RepairRefused, nil)}, until, ExposureShown},
		"shortened":               {[]RepairApplication{of(RepairShortened, nil)}, until, ExposureShown},
		"suspended, the last day": {[]RepairApplication{of(RepairSuspended, nil)}, until, ExposureHidden},
		"the day after":           {[]RepairApplication{of(RepairSuspended, nil)}, until.AddDays(1), ExposureShown},
		"of an earlier listing":   {[]RepairApplication{of(RepairSuspended, func(a *RepairApplication) { a.MeasureID = 6 })}, until, ExposureHidden},
		"of another debtor":       {[]RepairApplication{of(RepairSuspended, func(a *RepairApplication) { a.PartyID = 4 })}, until, ExposureShown},
		"of another case":         {[]RepairApplication{of(RepairSuspended, func(a *RepairApplication) { a.EnforcementCaseID = 4 })}, until, ExposureShown},
		"masked without a day":    {[]RepairApplication{of(RepairMasked, func(a *RepairApplication) { a.Until = Date{} })}, until.AddYears(1), ExposureMasked},
		"an earlier one masked":   {[]RepairApplication{of(RepairMasked, func(a *RepairApplication) { a.MeasureID = 6 })}, until, ExposureShown},
		"both":                    {[]RepairApplication{of(RepairMasked, nil), of(RepairSuspended, nil)}, until, ExposureHidden},
		"revoked":                 {[]RepairApplication{of(RepairMasked, func(a *RepairApplication) { a.RevokedAt = &now })}, until, ExposureShown},
	} {
		if got := ExposureOf(m, c.grants, c.on); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if ExposureOf(Measure{Kind: MeasureFine, EnforcementCaseID: 2, PartyID: 3}, []RepairApplication{of(RepairSuspended, nil)}, until) != ExposureShown {
		t.Error("credit repair is about listings")
	}
	// A revocation gives a shortened term back only where nothing changed it since.
	a := of(RepairShortened, func(a *RepairApplication) { a.FormerUntil = NewDate(2028, 3, 5) })
	m.Until = NewDate(2026, 5, 1)
	if err := a.Revoke("隐匿财产", &m, 1, now); err != nil || m.Until != NewDate(2026, 5, 1) {
		t.Errorf("%v %v", err, m.Until)
	}
	if err := a.Revoke("隐匿财产", &m, 1, now); KindOf(err) != Conflict {
		t.Errorf("revoked twice: %v", err)
	}
}
