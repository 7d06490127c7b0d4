package enforcement_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	st "microcourt/service/servicetest"
)

func onReport(p *enforcement.Proposal) { p.Ground = model.GroundReport }

// grant is a leader's word about an application for credit repair.
func grant(c *st.Coerced, id int64, to model.RepairState, until model.Date) error {
	_, err := c.Svc.Enforcement.DecideRepair(ctx, c.Leader.Actor, id, to, until, "条件具备")
	return err
}

// granted is an application for credit repair that a leader grants.
func granted(c *st.Coerced, measureID int64, to model.RepairState, until model.Date) int64 {
	c.T.Helper()
	a := c.Repair(measureID)
	if err := grant(c, a.ID, to, until); err != nil {
		c.T.Fatal(err)
	}
	return a.ID
}

func revoke(c *st.Coerced, id int64) {
	c.T.Helper()
	if _, err := c.Svc.Enforcement.RevokeRepair(ctx, c.Leader.Actor, id, "未再按约履行"); err != nil {
		c.T.Fatal(err)
	}
}

// 失信规定 2 and 10: the term of a listing runs from its publication, longer by what
// was decided; its end opens the deletion by itself, once. It is counted as one entry,
// the restriction that follows from it as one person.
func TestTheTermOfAListing(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m := c.Take(model.MeasureListing, onReport, func(p *enforcement.Proposal) { p.GraceMonths, p.ExtraYears, p.ExtraReason = 1, 1, "several" })
	if m.State != model.MeasureDecided || m.GraceUntil != day(4, 6) {
		t.Fatalf("%+v", m)
	}
	c.Pass(at(4, 7, 10))
	if _, err := s.BringIntoForce(ctx, c.Officer.Actor, m.ID, m.Version); err != nil {
		t.Fatal(err)
	}
	if now := c.Measure(m.ID); now.State != model.MeasureInForce || now.Until != model.NewDate(2029, 4, 7) {
		t.Fatalf("in force until %v", now.Until)
	}
	end := func(seen int64) error {
		_, err := s.EndExpiredMeasure(ctx, c.Officer.Actor, m.ID, seen, enforcement.Expiry{Proof: "名单库删除回执", At: c.Clock.Now()})
		return err
	}
	c.Refused(end(c.Measure(m.ID).Version), "measure.not_over")
	c.Pass(time.Date(2029, 4, 8, 10, 0, 0, 0, model.CourtZone)) // a Sunday
	c.Pass(time.Date(2029, 4, 9, 10, 0, 0, 0, model.CourtZone)) // a second pass opens nothing more
	now := c.Measure(m.ID)
	var over []model.Task
	for _, k := range now.Tasks {
		if k.Kind == model.TaskMeasureOver {
			over = append(over, k)
		}
	}
	if len(over) != 1 || over[0].State != model.TaskOpen || !over[0].DueAt.Equal(model.NewDate(2029, 4, 11).EndOfDay()) || !strings.Contains(over[0].DueReason, "第十条第二款") {
		t.Fatalf("the deletion: %+v", over)
	}
	for range 2 { // the answer got lost
		if err := end(now.Version); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Measure(m.ID); got.State != model.MeasureExpired || got.Task(model.TaskMeasureOver).State != model.TaskDone || c.NoticesOf(c.Debtor, model.NoticeMeasureLifted) != 1 {
		t.Errorf("after the deletion: %+v, told %d times", got.Measure, c.NoticesOf(c.Debtor, model.NoticeMeasureLifted))
	}
	counts, err := s.MeasureCounts(ctx, c.Leader.Actor, day(1, 1), day(6, 30))
	if err != nil || len(counts) != 2 {
		t.Errorf("counted %v %v", counts, err)
	}
	for _, k := range counts {
		if k.N != 1 || k.Kind.Unit() != map[model.MeasureKind]string{model.MeasureListing: "条", model.MeasureConsumption: "人次"}[k.Kind] {
			t.Errorf("%+v %s", k, k.Kind.Unit())
		}
	}
}

// On the creditor's wish somebody leaves the list, and may be listed again; an
// application against a listing is this court's to decide, and not his who took it
// down.
func TestAListingOnceMore(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m := c.Take(model.MeasureListing)
	if got, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, m.Version, lifting(model.LiftCreditor, "申请执行人书面申请，本院同意")); err != nil || got.State != model.MeasureLifted {
		t.Fatal(got, err)
	}
	again := c.Take(model.MeasureListing)
	r, err := s.AskReview(ctx, c.Officer.Actor, again.ID, "本人口述：已履行", st.FreshKey())
	if err != nil {
		t.Fatal(err)
	}
	conclude := func(by st.Person) error {
		_, err := s.ConcludeReview(ctx, by.Actor, r.ID, model.ReviewOutcome{Result: model.ReviewUpheld, Text: "履行情况未经确认", DecidedOn: c.Today()})
		return err
	}
	c.Refused(conclude(c.Officer), "review.own")
	if err := conclude(c.Leader); err != nil {
		t.Error(err)
	}
}

// Each repair leaves an entry of its own; a term that a repair shortened ends
// earlier, and the deletion is due from then on.
func TestAShortenedListingEnds(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	l := c.Take(model.MeasureListing, onReport)
	revoke(c, granted(c, l.ID, model.RepairMasked, day(12, 31)))
	a := c.Repair(0)
	c.RefusedAt(grant(c, a.ID, model.RepairShortened, model.NewDate(2028, 3, 6)), "repair.until", "until") // which is no shorter
	if err := grant(c, a.ID, model.RepairShortened, day(9, 10)); err != nil {
		t.Fatal(err)
	}
	c.Pass(at(9, 11, 10))
	if list, err := s.Listings(ctx, model.Actor{Roles: []model.Role{model.RolePublic}}, "浙0211", model.ListingSearch{}, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("the term is over: %v %v", list, err)
	}
	now := c.Measure(l.ID)
	if k := now.Task(model.TaskMeasureOver); k == nil || !k.DueAt.Equal(day(9, 15).EndOfDay()) {
		t.Fatalf("the deletion: %+v", now.Tasks)
	}
	if _, err := s.EndExpiredMeasure(ctx, c.Officer.Actor, l.ID, now.Version, enforcement.Expiry{Proof: "名单库删除回执", At: c.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	var history []string
	for _, k := range c.Measure(l.ID).History() {
		history = append(history, string(k))
	}
	if got := strings.Join(history, " "); got != "proposed decided repaired repair_ended repaired expired undone" || c.NoticesOf(c.Debtor, model.NoticeRepairDecided) != 3 {
		t.Errorf("its history: %s; told %d times", got, c.NoticesOf(c.Debtor, model.NoticeRepairDecided))
	}
}

// While its publication is suspended a listing is neither proposed, nor decided, nor
// published after its days of grace; the revocation opens the way.
func TestARepairKeepsOffTheList(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	proposed := c.Propose(model.MeasureListing)
	a := granted(c, 0, model.RepairSuspended, day(6, 30))
	_, err := s.DecideMeasure(ctx, c.Leader.Actor, proposed.ID, proposed.Version, "同意")
	c.Refused(err, "repair.suspended")
	if _, err := s.WithdrawMeasure(ctx, c.Officer.Actor, proposed.ID, proposed.Version, "暂缓纳入"); err != nil {
		t.Fatal(err)
	}
	_, err = s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing))
	c.Refused(err, "repair.suspended")
	revoke(c, a)

	graced := c.Take(model.MeasureListing, func(p *enforcement.Proposal) { p.GraceMonths = 1 })
	early := c.Repair(graced.ID)
	c.Refused(grant(c, early.ID, model.RepairMasked, model.Date{}), "repair.not_listed") // it is not published
	if err := grant(c, early.ID, model.RepairSuspended, day(6, 30)); err != nil {
		t.Fatal(err)
	}
	publication := func() time.Time {
		t.Helper()
		return c.Measure(graced.ID).Task(model.TaskPublish).DueAt
	}
	if !publication().Equal(day(7, 1).EndOfDay()) {
		t.Errorf("its publication is due at %v", publication())
	}
	c.Pass(at(4, 7, 10))
	publish := func() error {
		_, err := s.BringIntoForce(ctx, c.Officer.Actor, graced.ID, c.Measure(graced.ID).Version)
		return err
	}
	c.Refused(publish(), "repair.suspended")
	revoke(c, early.ID)
	if !publication().Equal(day(4, 8).EndOfDay()) {
		t.Errorf("after the breach it is due at %v", publication())
	}
	if err := publish(); err != nil {
		t.Fatal(err)
	}
	last := c.Repair(0)
	c.Refused(grant(c, last.ID, model.RepairShortened, day(9, 10)), "repair.no_term")
	// Two leaders want different things at once: one is done, wholly.
	two, wants := c.Staff("leader.two", model.RoleLeader), []model.RepairState{model.RepairMasked, model.RepairSuspended}
	errs := make([]error, 2)
	var wg sync.WaitGroup
	for i, by := range []st.Person{c.Leader, two} {
		wg.Go(func() { _, errs[i] = s.DecideRepair(ctx, by.Actor, last.ID, wants[i], day(8, 31), "同意") })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || model.ReasonOf(errs[0])+model.ReasonOf(errs[1]) != "repair.decided" {
		t.Fatalf("two leaders at once: %v", errs)
	}
	want := map[bool]model.Exposure{true: model.ExposureMasked, false: model.ExposureHidden}[errs[0] == nil]
	list, err := s.Listings(ctx, model.Actor{Roles: []model.Role{model.RolePublic}}, "浙0211", model.ListingSearch{}, 0, 10)
	if got := c.Measure(graced.ID).Exposure; err != nil || got != want || len(list) != map[model.Exposure]int{model.ExposureMasked: 1}[want] {
		t.Errorf("the listing is %s, want %s, and seen as %v; %v", got, want, list, err)
	}
}

// Credit repair is one debtor's: nobody applies about another's listing, and what one
// is granted leaves the others' alone. A paper's clock runs from the day on which it
// came in.
func TestARepairIsOneDebtors(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	f := c.File(c.Clerk, st.PersonOwes, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "钱亮", IDNumber: "11010519491231002X"})
		in.Instruments[0].Obligations[0].Obligors = []string{"D1", "D2"}
	})
	other, guarantor := c.PartyNamed(c.Clerk, f.ID, "钱亮"), c.Citizen()
	c.Bind(c.Debtor, c.Clerk, f.ID, f.Debtor)
	c.Bind(guarantor, c.Clerk, f.ID, other)
	id := c.Enforce(f, c.Officer)
	c.Pass(at(3, 10, 10))
	l := c.Take(model.MeasureListing, onReport, func(p *enforcement.Proposal) { p.EnforcementCaseID, p.PartyID = id, f.Debtor })
	apply := func(by st.Person, in enforcement.RepairInput) (*enforcement.RepairView, error) {
		in.CaseID, in.Reason, in.Key = f.ID, "已达成和解", st.FreshKey()
		return s.ApplyRepair(ctx, by.Actor, in)
	}
	_, theirs := apply(guarantor, enforcement.RepairInput{PartyID: other, MeasureID: l.ID})
	_, forHim := apply(guarantor, enforcement.RepairInput{PartyID: f.Debtor, MeasureID: l.ID})
	_, none := apply(c.Debtor, enforcement.RepairInput{PartyID: f.Debtor, MeasureID: 999999})
	c.RefusedAt(theirs, "repair.measure", "measure_id")
	c.RefusedAt(forHim, "repair.party", "party_id")
	c.RefusedAt(none, "repair.measure", "measure_id")
	a, err := apply(guarantor, enforcement.RepairInput{PartyID: other})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range a.Criteria {
		if _, err := s.CheckRepair(ctx, c.Officer.Actor, a.ID, model.RepairCheck{Code: k.Code, Met: true, Note: "已核查", IdemKey: st.FreshKey()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := grant(c, a.ID, model.RepairSuspended, day(6, 30)); err != nil {
		t.Fatal(err)
	}
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	for by, reason := range map[*st.Person]string{&far: "repair.not_found", &c.Officer: "role.forbidden"} {
		_, err := s.RevokeRepair(ctx, by.Actor, a.ID, "不是他的事")
		c.Refused(err, reason)
	}
	if list, err := s.Listings(ctx, model.Actor{Roles: []model.Role{model.RolePublic}}, "浙0211", model.ListingSearch{}, 0, 10); err != nil || len(list) != 1 || list[0].SubjectName != "赵明" {
		t.Errorf("the debtor's listing: %+v %v", list, err)
	}
	paper, err := apply(c.Officer, enforcement.RepairInput{PartyID: f.Debtor, MeasureID: l.ID, AppliedOn: day(3, 3), FileID: c.Uploaded(c.Officer, f.ID, 61)})
	if err != nil || paper.AppliedOn != day(3, 3) || paper.DueOn != day(3, 17) {
		t.Errorf("a paper of 3 March: %+v %v", paper, err)
	}
}

// Whom a pause of a restriction concerns hears of its beginning and of its end: the
// agencies that restrict him, and he.
func TestAgenciesHearOfAPause(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	if _, err := c.Svc.Agency.Adopt(ctx, c.Staff("list.zg", model.RoleListManager).Actor, agency.Loading{}); err != nil {
		t.Fatal(err)
	}
	hotel := c.AgencyStaff("WLJ", "wlj.chen")
	m := c.Take(model.MeasureConsumption)
	told := c.NoticesOf(hotel, model.NoticeDutyOpened)
	expect := func(when string, exposure model.Exposure, more int) {
		t.Helper()
		if n := c.NoticesOf(hotel, model.NoticeDutyOpened) - told; c.Measure(m.ID).Exposure != exposure || n < more {
			t.Errorf("%s it is %s, and the agency was told %d times", when, c.Measure(m.ID).Exposure, n)
		}
	}
	a := c.Repair(m.ID)
	c.Refused(grant(c, a.ID, model.RepairMasked, model.Date{}), "repair.not_listed")
	c.RefusedAt(grant(c, a.ID, model.RepairPaused, model.Date{}), "repair.until", "until")
	for range 2 { // the answer got lost
		if err := grant(c, a.ID, model.RepairPaused, day(4, 30)); err != nil {
			t.Fatal(err)
		}
	}
	expect("paused", model.ExposurePaused, 1)
	revoke(c, a.ID)
	expect("revoked", model.ExposureShown, 2)
	granted(c, m.ID, model.RepairPaused, day(4, 30))
	l := c.Take(model.MeasureListing, onReport, func(p *enforcement.Proposal) { p.OtherAct = "另一行为" }) // the list demands the restriction
	expect("listed", model.ExposureShown, 4)
	if n := c.NoticesOf(c.Debtor, model.NoticeRepairDecided); n != 4 {
		t.Errorf("the debtor was told %d times", n)
	}
	wrong := c.Repair(l.ID)
	c.Refused(grant(c, wrong.ID, model.RepairPaused, day(4, 30)), "repair.listed")
	if err := grant(c, wrong.ID, model.RepairRefused, model.Date{}); err != nil {
		t.Fatal(err)
	}
	// Off the list and the restriction lifted: there is nothing to pause.
	if _, err := s.LiftMeasure(ctx, c.Leader.Actor, l.ID, c.Measure(l.ID).Version, lifting(model.LiftEarly, "积极履行")); err != nil {
		t.Fatal(err)
	}
	last := c.Repair(m.ID)
	if _, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, c.Measure(m.ID).Version, lifting(model.LiftGuarantee, "已提供担保")); err != nil {
		t.Fatal(err)
	}
	c.Refused(grant(c, last.ID, model.RepairPaused, day(4, 30)), "repair.not_restricted")
}

// A settlement that breaks while a credit repair works asks the officer to look at it
// again, until the money comes or the repair is revoked.
func TestABrokenSettlementReviewsTheRepair(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	c.Settle(0, part(30000, 3, 10), part(60000, 4, 10))
	a := granted(c, 0, model.RepairSuspended, day(6, 30))
	open := func() int { return len(openTasks(c, model.TaskRepairReview)) }
	c.Pass(at(3, 11, 9))
	c.Pass(at(3, 11, 10))
	if open() != 1 {
		t.Errorf("to look at again: %v", openTasks(c, model.TaskRepairReview))
	}
	c.Pay(30000, 951)
	if open() != 0 {
		t.Errorf("after the payment: %v", openTasks(c, model.TaskRepairReview))
	}
	c.Pass(at(4, 13, 9))
	if open() != 1 {
		t.Errorf("the second breach: %v", openTasks(c, model.TaskRepairReview))
	}
	revoke(c, a)
	if open() != 0 {
		t.Errorf("after the revocation: %v", openTasks(c, model.TaskRepairReview))
	}
}

// What changes between proposal and decision of a prolongation counts at the decision;
// a listing without a term needs none, and nobody decides what he proposed.
func TestProlongationsThatCannotBe(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.File(c.Clerk, st.PersonOwes)
	theirs := c.Enforce(third, both)
	c.Pass(at(3, 10, 10))
	propose := func(by st.Person, id int64) (*model.Prolongation, error) {
		return s.ProposeProlongation(ctx, by.Actor, id, model.Prolongation{Years: 2, Reason: "several", Facts: "还违反限制消费令乘坐飞机。", IdemKey: st.FreshKey()})
	}
	must := func(p *model.Prolongation, err error) *model.Prolongation {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	decide := func(by st.Person, p *model.Prolongation) error {
		_, err := s.DecideProlongation(ctx, by.Actor, p.ID, 1, true, "")
		return err
	}
	endless := c.Take(model.MeasureListing)
	_, err := propose(c.Officer, endless.ID)
	c.Refused(err, "prolong.no_term")
	if _, err := s.LiftMeasure(ctx, c.Leader.Actor, endless.ID, endless.Version, lifting(model.LiftWrong, "适用事由不当")); err != nil {
		t.Fatal(err)
	}
	m := c.Take(model.MeasureListing, onReport, func(p *enforcement.Proposal) { p.OtherAct = "另一行为" })
	p := must(propose(c.Officer, m.ID))
	other, err := s.ProposeMeasure(ctx, both.Actor, c.Wants(model.MeasureListing, onReport, func(p *enforcement.Proposal) {
		p.EnforcementCaseID, p.PartyID, p.OtherAct = theirs, third.Debtor, "另案"
	}))
	if err != nil {
		t.Fatal(err)
	}
	c.Decide(other)
	c.Refused(decide(both, must(propose(both, other.ID))), "prolong.own")
	shorter := granted(c, m.ID, model.RepairShortened, model.NewDate(2027, 3, 9))
	c.Refused(decide(c.Leader, p), "prolong.shortened")
	revoke(c, shorter)
	c.Pay(100000, 930)
	c.Refused(decide(c.Leader, p), "obligation.performed")
}
