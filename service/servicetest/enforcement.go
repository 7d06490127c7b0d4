package servicetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
)

// Coerced is an enforcement case against a person whose term to pay is over: it
// is 6 March 2026, and he owes 1,000 yuan.
type Coerced struct {
	*World
	Judge, Clerk, Officer, Leader, Debtor, Creditor Person
	F                                               Filed
	ID                                              int64 // of the enforcement case
}

// PersonOwes makes the debtor of a case a person who owes 1,000 yuan since 20
// February.
func PersonOwes(in *filing.CaseInput) {
	in.Parties[1] = filing.PartyInput{Ref: "D1", Role: "defendant", Kind: "person", Name: "赵明", IDNumber: "34052419800101001X", Phone: "13900139000"}
	in.Instruments[0].Obligations = []filing.ObligationInput{{
		Ref: "O1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: 100000, DueOn: model.NewDate(2026, 2, 20),
	}}
}

// NewCoerced is the case with everybody who has to do with it.
func NewCoerced(t testing.TB) *Coerced {
	t.Helper()
	return NewCoercedWith(t, nil)
}

// NewCoercedWith changes what the installation is made of before it is built.
func NewCoercedWith(t testing.TB, prepare func(*World)) *Coerced {
	t.Helper()
	return CoercedIn(NewWith(t, prepare))
}

// CoercedIn is the case in an installation that is there.
func CoercedIn(w *World) *Coerced {
	w.T.Helper()
	w.Clock.Set(At(3, 2, 10))
	c := &Coerced{World: w, Judge: w.Staff("zhang.min", model.RoleJudge), Clerk: w.Staff("wan.tt", model.RoleClerk)}
	c.Officer, c.Leader, c.Debtor, c.Creditor = w.Staff("ji.fg", model.RoleOfficer), w.Staff("chen.zj", model.RoleLeader), w.Citizen(), w.Citizen()
	c.F = w.File(c.Clerk, PersonOwes)
	w.Bind(c.Debtor, c.Clerk, c.F.ID, c.F.Debtor)
	w.Bind(c.Creditor, c.Clerk, c.F.ID, c.F.Creditor)
	c.ID = c.Enforce(c.F, c.Officer)
	c.Pass(At(3, 6, 10)) // the term of the 执行通知 ended on the 5th
	return c
}

// Enforce files an enforcement case of 1 March on a case.
func (c *Coerced) Enforce(f Filed, officer Person) int64 {
	c.T.Helper()
	e, _, err := c.Svc.Filing.FileEnforcement(context.Background(), c.Clerk.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", NextCase()), FiledOn: model.NewDate(2026, 3, 1), Officer: officer.Login, AmountFen: 100000, BasisNo: f.No,
	})
	if err != nil {
		c.T.Fatal(err)
	}
	return e.ID
}

// Pass moves the clock, and the officers' worker runs.
func (c *Coerced) Pass(to time.Time) {
	c.T.Helper()
	c.Clock.Set(to)
	if err := c.Svc.Enforcement.Pass(context.Background()); err != nil {
		c.T.Fatal(err)
	}
}

// Wants is a proposal that the law allows, with some things changed.
func (c *Coerced) Wants(kind model.MeasureKind, change ...func(*enforcement.Proposal)) enforcement.Proposal {
	p := enforcement.Proposal{
		EnforcementCaseID: c.ID, PartyID: c.F.Debtor, Kind: kind, Resistance: model.ResistEvade, Facts: "收到执行通知后将车辆无偿转让他人。", IdemKey: FreshKey(),
		Ground: map[model.MeasureKind]model.MeasureGround{
			model.MeasureListing: "able_refuses", model.MeasureConsumption: "notice_missed", model.MeasureTracing: "whereabouts",
			model.MeasureExitBan: "unperformed", model.MeasureDetention: "hides_property", model.MeasureFine: "hides_property",
		}[kind],
	}
	p.Answers = kind.Allowing()
	if kind == model.MeasureDetention {
		p.Days = 15
	}
	if kind == model.MeasureFine {
		p.AmountFen = 1000000
	}
	if kind.Punishes() {
		p.ActOn, p.ActText = model.NewDate(2026, 3, 5), "无偿转让车辆"
	}
	for _, f := range change {
		f(&p)
	}
	return p
}

// Propose proposes a measure that the law allows.
func (c *Coerced) Propose(kind model.MeasureKind, change ...func(*enforcement.Proposal)) *model.Measure {
	c.T.Helper()
	m, err := c.Svc.Enforcement.ProposeMeasure(context.Background(), c.Officer.Actor, c.Wants(kind, change...))
	if err != nil {
		c.T.Fatal(err)
	}
	return c.Measure(m.ID).ptr()
}

// Take proposes a measure, and whoever may decide does.
func (c *Coerced) Take(kind model.MeasureKind, change ...func(*enforcement.Proposal)) *model.Measure {
	c.T.Helper()
	return c.Decide(c.Propose(kind, change...))
}

// Decide decides a proposal.
func (c *Coerced) Decide(m *model.Measure) *model.Measure {
	c.T.Helper()
	by := c.Leader
	if m.Kind.Signed() == "" {
		by = c.Officer
	}
	if _, err := c.Svc.Enforcement.DecideMeasure(context.Background(), by.Actor, m.ID, m.Version, "同意"); err != nil {
		c.T.Fatal(err)
	}
	return c.Measure(m.ID).ptr()
}

// MeasureNow is a measure as its officer sees it.
type MeasureNow struct{ enforcement.MeasureDetail }

func (m MeasureNow) ptr() *model.Measure { return &m.Measure }

// Task is the measure's task of a kind, nil when it has none.
func (m MeasureNow) Task(kind model.TaskKind) *model.Task {
	for i := range m.Tasks {
		if m.Tasks[i].Kind == kind {
			return &m.Tasks[i]
		}
	}
	return nil
}

// History are the kinds of its entries, in their order.
func (m MeasureNow) History() (out []model.MeasureEntryKind) {
	for _, e := range m.Entries {
		out = append(out, e.Kind)
	}
	return out
}

// Measure is a measure as it is now.
func (c *Coerced) Measure(id int64) MeasureNow {
	c.T.Helper()
	d, err := c.Svc.Enforcement.Measure(context.Background(), c.Officer.Actor, id)
	if err != nil {
		c.T.Fatal(err)
	}
	return MeasureNow{*d}
}

// Pay lets the debtor pay, and the judge confirm it.
func (c *Coerced) Pay(fen model.Fen, seed int) *model.Receipt {
	c.T.Helper()
	claim := Claim(c.F, fen, c.Uploaded(c.Debtor, c.F.ID, seed))
	claim.PayerName, claim.PaidOn = "赵明", c.Today()
	r, err := c.Svc.Performance.Submit(context.Background(), c.Debtor.Actor, claim)
	if err != nil {
		c.T.Fatal(err)
	}
	c.Confirm(c.Judge, r, fen)
	return r
}

// Settle records an agreement of two instalments over all that is owed.
func (c *Coerced) Settle(replaces int64, parts ...model.SettlementPart) *model.Settlement {
	c.T.Helper()
	st, err := c.Svc.Enforcement.RecordSettlement(context.Background(), c.Officer.Actor, c.Agreement(replaces, parts...))
	if err != nil {
		c.T.Fatal(err)
	}
	return st
}

// Agreement is an agreement of today between all parties.
func (c *Coerced) Agreement(replaces int64, parts ...model.SettlementPart) enforcement.SettlementInput {
	return enforcement.SettlementInput{
		EnforcementID: c.ID, Replaces: replaces, Form: "joint", SignedOn: c.Today(), Text: "双方同意分期付清，逾期恢复执行。", Parts: parts, IdemKey: FreshKey(),
	}
}

// Repair is an application for credit repair whose every criterion is met.
func (c *Coerced) Repair(measureID int64) *enforcement.RepairView {
	c.T.Helper()
	ctx := context.Background()
	a, err := c.Svc.Enforcement.ApplyRepair(ctx, c.Debtor.Actor, enforcement.RepairInput{
		CaseID: c.F.ID, PartyID: c.F.Debtor, MeasureID: measureID, Reason: "已达成和解并按约履行", Key: FreshKey(),
	})
	if err != nil {
		c.T.Fatal(err)
	}
	for _, k := range a.Criteria {
		if _, err := c.Svc.Enforcement.CheckRepair(ctx, c.Officer.Actor, a.ID, model.RepairCheck{Code: k.Code, Met: true, Note: "已核查", IdemKey: FreshKey()}); err != nil {
			c.T.Fatal(err)
		}
	}
	return a
}
