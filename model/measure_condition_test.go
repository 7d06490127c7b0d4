package model

import (
	"slices"
	"testing"
	"time"
)

// allowed is a measure on a ground that the law allows at every moment.
func allowed(k MeasureKind, g MeasureGround) MeasureCase {
	c := proposal(k)
	c.Measure.ID, c.Measure.Ground = 50, g
	from := c.Today.AddDays(-30).Start()
	switch g { //nolint:exhaustive // the others need nothing more
	case GroundSettlement:
		c.Settlement.State = SettlementBreached
	case GroundOrder:
		c.Others = append(c.Others, Measure{ID: 60, Kind: MeasureConsumption, PartyID: 7, SubjectHash: "h", State: MeasureInForce, FromAt: &from})
	case GroundListed:
		c.Others = append(c.Others, Measure{ID: 61, Kind: MeasureListing, PartyID: 7, SubjectHash: "other", State: MeasureInForce, FromAt: &from})
	case GroundNoAssistance:
		c.Measure.Relation, c.Measure.SubjectName, c.Measure.SubjectID = RelationAssistant, "王某", "11010519491231002X"
	}
	c.NoticeUntil, c.NoticeServed = c.Today.AddDays(-20), c.Today.AddDays(-25)
	c.Lift = &Lifting{Ground: k.Lifts()[0], Reason: "理由"}
	c.Performed = false
	if c.Lift.Ground == LiftPerformed {
		c.Lift.Ground = LiftWrong
	}
	return c
}

// otherwise makes a measure fail one condition, and it alone.
var otherwise = map[string]func(*MeasureCase){
	"measure.kind":       func(c *MeasureCase) { c.Measure.Kind = "beating" },
	"measure.president":  func(c *MeasureCase) { c.Lift.Ground, c.Signer.User = LiftWrong, 8 },
	"enforcement.closed": func(c *MeasureCase) { c.Enforcement.State, c.Enforcement.CloseType = EnforcementClosed, CloseEnded },
	"measure.debtor":     func(c *MeasureCase) { c.Debtor = Party{} },
	"measure.relation":   func(c *MeasureCase) { c.Measure.Relation = "stranger" },
	"measure.subject":    func(c *MeasureCase) { c.Measure.SubjectName = " " },
	"measure.person":     func(c *MeasureCase) { c.Measure.Relation = RelationSelf; organisation(c) },
	"measure.minor": func(c *MeasureCase) {
		c.Measure.Relation, c.Debtor.Minor, c.Measure.SubjectID = RelationSelf, true, "34052420090303001X"
	},
	"measure.subject_id": func(c *MeasureCase) {
		actsFor(c.Measure.Kind.Relations()[1])(c)
		c.Measure.SubjectID = "1"
	},
	"measure.resistance":        func(c *MeasureCase) { c.Measure.Resistance = "" },
	"measure.ground":            func(c *MeasureCase) { c.Measure.Ground = "" },
	"measure.text":              func(c *MeasureCase) { c.Measure.Facts = " " },
	"obligation.performed":      func(c *MeasureCase) { c.Performed = true },
	"measure.not_due":           func(c *MeasureCase) { c.Overdue, c.FirstDue = false, c.Today.AddDays(21) },
	"measure.notice":            func(c *MeasureCase) { c.NoticeUntil = Date{} },
	"measure.not_listed":        func(c *MeasureCase) { c.Others = nil },
	"measure.act_early":         func(c *MeasureCase) { c.EffectiveOn = c.Today },
	"measure.no_order":          func(c *MeasureCase) { c.Others = nil },
	"measure.settlement":        func(c *MeasureCase) { c.Settlement.State = SettlementOpen },
	"measure.days":              func(c *MeasureCase) { c.Measure.Days = 16 },
	"measure.amount":            func(c *MeasureCase) { c.Measure.AmountFen = 0 },
	"measure.pay_by":            func(c *MeasureCase) { c.Measure.PayBy = c.Today },
	"repair.suspended":          func(c *MeasureCase) { c.SuspendedUntil = c.Today },
	"measure.extra":             func(c *MeasureCase) { c.Measure.ExtraReason = ExtraSeveral },
	"measure.creditor_asked":    func(c *MeasureCase) { c.Measure.ByCreditor = true },
	"measure.relist":            relisted,
	"measure.grace":             func(c *MeasureCase) { c.Measure.GraceMonths = 4 },
	"measure.until":             func(c *MeasureCase) { c.Measure.Until = c.Today },
	"measure.same_act":          func(c *MeasureCase) { c.Others = append(c.Others, another(*c, MeasureLifted)) },
	"measure.other_act":         func(c *MeasureCase) { o := another(*c, MeasureLifted); o.ActKey = "x"; c.Others = append(c.Others, o) },
	"measure.standing":          func(c *MeasureCase) { c.Others = append(c.Others, another(*c, MeasureInForce)) },
	"measure.act_on":            func(c *MeasureCase) { c.Measure.ActOn = c.Today.AddDays(1) },
	"measure.answer":            func(c *MeasureCase) { c.Measure.Answers = nil; c.NoticeServed, c.EffectiveOn = Date{}, Date{} },
	"lift.ground":               func(c *MeasureCase) { c.Lift.Ground = "" },
	"lift.term":                 func(c *MeasureCase) { c.Measure.Until, c.Lift.Ground = c.Today.AddDays(1), LiftCreditor },
	"reason.required":           func(c *MeasureCase) { c.Lift.Reason = " " },
	"lift.post":                 func(c *MeasureCase) { c.Lift.Ground = LiftChanged },
	"enforcement.not_performed": func(c *MeasureCase) { c.Lift.Ground = LiftPerformed },
	"lift.ending":               func(c *MeasureCase) { c.Lift.Ground = LiftTerminated },
	"lift.listed": func(c *MeasureCase) {
		c.Others = append(c.Others, Measure{ID: 70, Kind: MeasureListing, SubjectHash: "h", State: MeasureInForce})
	},
}

func another(c MeasureCase, s MeasureState) Measure {
	o := c.Measure
	o.ID, o.State = 51, s
	return o
}

func relisted(c *MeasureCase) {
	at := c.Today.Start().Add(-time.Hour)
	c.Measure.ByCreditor, c.Measure.CreditorAskedOn = true, c.Today
	c.Others = append(c.Others, Measure{ID: 52, CaseID: 1, Kind: MeasureListing, State: MeasureLifted, LiftGround: LiftCreditor, LiftedAt: &at})
}

// Every condition of the table fails when it is not met, with its code and a
// field, for every kind and ground and at every moment of which it is asked, and
// at no other; what the law allows passes all of them.
func TestTheConditionsOfMeasures(t *testing.T) {
	t.Parallel()
	for _, k := range MeasureKinds {
		for _, g := range k.Grounds() {
			for _, s := range MeasureSteps {
				if err := allowed(k, g.Ground).Check(s); err != nil {
					t.Errorf("%s %s %s: %v", k, g.Ground, s, err)
				}
			}
			for _, r := range MeasureConditions() {
				if r.Says == "" || otherwise[r.Code] == nil {
					t.Fatalf("%s has no words, or nothing makes it fail", r.Code)
				}
				for _, s := range MeasureSteps {
					c := allowed(k, g.Ground)
					if r.Code == "measure.subject_id" && len(k.Relations()) == 1 || r.Code == "enforcement.not_performed" && !slices.Contains(k.Lifts(), LiftPerformed) || r.Asked(k, g.Ground, s) == false {
						continue
					}
					otherwise[r.Code](&c)
					err := r.failed(c)
					e, ok := err.(*Error) //nolint:errorlint // as it is returned
					if !ok || e.Reason != r.Code && (r.Code != "measure.answer" || e.Reason != "measure.barred") || e.Message == "" {
						if r.Code == "measure.answer" && len(c.Asked()) == 0 {
							continue
						}
						t.Errorf("%s %s %s: %s: %v", k, g.Ground, s, r.Code, err)
						continue
					}
					if e, ok := c.Check(s).(*Error); !ok || r.Code != "measure.kind" && r.Code != "enforcement.closed" && r.Code != "measure.president" && e.Field == "" { //nolint:errorlint // as it is returned
						t.Errorf("%s %s %s: %s is not refused at a field: %v", k, g.Ground, s, r.Code, e)
					}
				}
			}
		}
	}
	// A listing that the law keeps until its term does not keep the restriction of who paid.
	c := allowed(MeasureConsumption, GroundNoticeMissed)
	c.Performed, c.Lift.Ground = true, LiftPerformed
	c.Others = []Measure{{ID: 70, Kind: MeasureListing, SubjectHash: "h", State: MeasureInForce, Until: c.Today.AddDays(9)}}
	if err := c.Check(StepLift); err != nil {
		t.Error(err)
	}
	m := Measure{Kind: MeasureListing, CreditorAskedOn: NewDate(2026, 3, 2)}
	if p := m.ListingDecideBy(ShippedCalendar()); p.Last != NewDate(2026, 3, 17) {
		t.Errorf("fifteen days from the application: %s (%s)", p.Last, p.Reason)
	}
}
