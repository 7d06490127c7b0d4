package agency_test

import (
	"fmt"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// court is a court with an enforcement case against a person whose term to pay is
// over.
type court struct {
	*servicetest.World
	clerk, officer, leader, manager, second, admin servicetest.Person
	f                                              servicetest.Filed
	e                                              *model.EnforcementFile
}

func newCourt(t *testing.T) *court {
	t.Helper()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	c := &court{
		World: w, clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("ji.fg", model.RoleOfficer), leader: w.Staff("chen.zj", model.RoleLeader),
		manager: w.Staff("list.zg", model.RoleListManager), second: w.Staff("list.er", model.RoleListManager), admin: w.Staff("shen.ji", model.RoleAdmin),
	}
	c.at(3, 2)
	c.f, c.e = c.enforced()
	c.at(3, 6) // the term of the 执行通知 ended on the 5th
	return c
}

// at moves the clock to ten in the morning of a day, and the officers' worker
// runs.
func (c *court) at(month time.Month, day int) {
	c.T.Helper()
	c.Clock.Set(time.Date(2026, month, day, 10, 0, 0, 0, model.CourtZone))
	if err := c.Svc.Enforcement.Pass(c.T.Context()); err != nil {
		c.T.Fatal(err)
	}
}

// enforced is another case against the person, who owes 1,000 yuan since 20
// February.
func (c *court) enforced() (servicetest.Filed, *model.EnforcementFile) {
	c.T.Helper()
	f := c.File(c.clerk, func(in *filing.CaseInput) {
		in.Parties[1] = filing.PartyInput{Ref: "D1", Role: "defendant", Kind: "person", Name: "赵明", IDNumber: "34052419800101001X", Phone: "13900139000"}
		o := &in.Instruments[0].Obligations[0]
		o.Installments, o.DueOn = nil, model.NewDate(2026, 2, 20)
	})
	c.Bind(c.Citizen(), c.clerk, f.ID, f.Debtor)
	e, _, err := c.Svc.Filing.FileEnforcement(c.T.Context(), c.clerk.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: model.NewDate(2026, 3, 1), Officer: "ji.fg", AmountFen: 100000, BasisNo: f.No,
	})
	if err != nil {
		c.T.Fatal(err)
	}
	return f, e
}

// listed is a decided listing, and with it the restriction that follows.
func (c *court) listed(change ...func(*enforcement.Proposal)) *model.Measure {
	c.T.Helper()
	p := enforcement.Proposal{
		EnforcementCaseID: c.e.ID, PartyID: c.f.Debtor, Kind: model.MeasureListing, Resistance: model.ResistEvade, Ground: "able_refuses",
		Facts: "收到执行通知后将车辆无偿转让他人。", IdemKey: servicetest.FreshKey(), Answers: model.MeasureListing.Allowing(),
	}
	for _, f := range change {
		f(&p)
	}
	m, err := c.Svc.Enforcement.ProposeMeasure(c.T.Context(), c.officer.Actor, p)
	if err == nil {
		m, err = c.Svc.Enforcement.DecideMeasure(c.T.Context(), c.leader.Actor, m.ID, m.Version, "同意")
	}
	if err != nil {
		c.T.Fatal(err)
	}
	return m
}

// lift takes a listing off.
func (c *court) lift(m *model.Measure) {
	c.T.Helper()
	d, err := c.Svc.Enforcement.Measure(c.T.Context(), c.officer.Actor, m.ID)
	if err == nil {
		_, err = c.Svc.Enforcement.LiftMeasure(c.T.Context(), c.officer.Actor, m.ID, d.Version, model.Lifting{Ground: model.LiftCreditor, Reason: "申请执行人书面申请", Proof: "名单库回执"})
	}
	if err != nil {
		c.T.Fatal(err)
	}
}

// adopt takes the suggested list over.
func (c *court) adopt(l agency.Loading) {
	c.T.Helper()
	rep, err := c.Svc.Agency.Adopt(c.T.Context(), c.manager.Actor, l)
	if err != nil || rep.Created != 36 || rep.Agencies != 22 || rep.Version != 1 {
		c.T.Fatalf("the suggested list: %+v %v", rep, err)
	}
}

// work lets the agencies' worker run.
func (c *court) work() {
	c.T.Helper()
	if err := c.Svc.Agency.Pass(c.T.Context()); err != nil {
		c.T.Fatal(err)
	}
}

// tasks are what somebody sees of the tasks.
func (c *court) tasks(by servicetest.Person, f model.AgencyTaskFilter) []agency.TaskLine {
	c.T.Helper()
	f.Limit = 100
	list, err := c.Svc.Agency.Tasks(c.T.Context(), by.Actor, f)
	if err != nil {
		c.T.Fatal(err)
	}
	return list
}

// report is an agency's report on a task, or why it is refused.
func (c *court) report(by servicetest.Person, task int64, files ...int64) (*agency.ReportLine, error) {
	n := int64(1)
	r, _, err := c.Svc.Agency.Report(c.T.Context(), by.Actor, task, model.AgencyReport{
		IdemKey: servicetest.FreshKey(), Text: "已在登记系统中限制", DoneOn: model.NewDate(2026, 3, 6), Quantity: &n, FileIDs: files,
	})
	return r, err
}

func (c *court) must(r *agency.ReportLine, err error) *agency.ReportLine {
	c.T.Helper()
	if err != nil {
		c.T.Fatal(err)
	}
	return r
}
