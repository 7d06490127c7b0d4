package enforcement_test

import (
	"errors"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	st "microcourt/service/servicetest"
)

// What the law gives to the president is decided by him or by whom he authorised in
// writing, at every act by which it can be: another leader is refused with who may, a
// deputy decides what his paper names and as long as it does, and the papers print who.
// What needs no president goes on without one.
func TestThePresidentDecides(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	other, deputy := c.Staff("zhao.yz", model.RoleLeader), c.Staff("li.yz", model.RoleLeader)
	c.Authorise(deputy, model.MeasureDetention, model.MeasureFine)
	refused := func(name string, err error) {
		t.Helper()
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Reason != "measure.president" || !strings.Contains(e.Message, "院长法官chen.zj") {
			t.Errorf("%s: %v", name, err)
		}
	}
	signed := func(id int64) string {
		t.Helper()
		doc, err := c.DB.Document(ctx, c.Officer.Actor, id)
		if err != nil {
			t.Fatal(err)
		}
		return doc.Facts.Measure.Signed
	}

	fine, listing := c.Propose(model.MeasureFine), c.Propose(model.MeasureListing, onReport)
	refused("decide", act(s.DecideMeasure(ctx, other.Actor, fine.ID, fine.Version, "同意")))
	refused("refuse", act(s.RefuseMeasure(ctx, other.Actor, fine.ID, fine.Version, "不同意")))
	refused("draft", act(s.DraftDecision(ctx, other.Actor, fine.ID)))
	refused("a deputy beyond his paper", act(s.DecideMeasure(ctx, deputy.Actor, listing.ID, listing.Version, "同意")))
	if now := c.Measure(listing.ID); now.State != model.MeasureProposed || now.Version != listing.Version {
		t.Errorf("a refused decision changed the proposal: %+v", now.Measure)
	}
	if _, err := s.DecideMeasure(ctx, deputy.Actor, fine.ID, fine.Version, "同意"); err != nil {
		t.Fatal(err)
	}
	listing = c.Decide(listing)
	if a, b := signed(c.Measure(fine.ID).DocumentID), signed(listing.DocumentID); a != "经院长书面授权，副院长法官li.yz" || b != "院长法官chen.zj" {
		t.Errorf("the papers print %q and %q", a, b)
	}
	if tracing := c.Take(model.MeasureTracing); signed(tracing.DocumentID) != "" {
		t.Error("a tracing prints a president")
	}
	// Who was told, and what each sees to decide.
	if a, b := c.NoticesOf(c.Leader, model.NoticeMeasureProposed), c.NoticesOf(other, model.NoticeMeasureProposed); a != 2 || b != 0 || c.NoticesOf(deputy, model.NoticeMeasureProposed) != 1 {
		t.Errorf("told: the president %d times, another leader %d", a, b)
	}

	// Prolonging, the wish to lift, the release of who repents, spending in an emergency.
	p, err := s.ProposeProlongation(ctx, c.Officer.Actor, listing.ID, model.Prolongation{Years: 1, Reason: "several", Facts: "还违反限制消费令。", IdemKey: st.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	refused("prolong", act(s.DecideProlongation(ctx, deputy.Actor, p.ID, 1, true, "")))
	waits := func(by st.Person) (n int) {
		t.Helper()
		list, err := s.WaitingMeasures(ctx, by.Actor, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	others, err := s.WaitingForOthers(ctx, deputy.Actor)
	if err != nil || len(others) != 2 || others[0].N+others[1].N != 1 || !strings.Contains(others[0].Who, "院长法官chen.zj") {
		t.Errorf("what waits for others: %+v %v", others, err)
	}
	if waits(c.Leader) != 1 || waits(deputy) != 0 || waits(other) != 0 {
		t.Error("a list shows what one may not decide")
	}
	if p, err = s.DecideProlongation(ctx, c.Leader.Actor, p.ID, 1, true, ""); err != nil || signed(p.DocumentID) != "院长法官chen.zj" {
		t.Fatalf("%+v %v", p, err)
	}
	m := c.Measure(listing.ID)
	lifted, err := s.LiftMeasure(ctx, other.Actor, m.ID, m.Version, lifting(model.LiftWrong, "事由不当"))
	if err != nil || lifted.LiftAskedAt == nil || !lifted.State.Stands() {
		t.Fatalf("a leader who may not decide asks: %+v %v", lifted, err)
	}
	refused("answer", act(s.AnswerLift(ctx, deputy.Actor, m.ID, lifted.Version, true, "")))
	refused("answer no", act(s.AnswerLift(ctx, deputy.Actor, m.ID, lifted.Version, false, "不同意")))

	held := c.Propose(model.MeasureDetention)
	if _, err := s.DecideMeasure(ctx, deputy.Actor, held.ID, held.Version, "同意"); err != nil {
		t.Fatal(err)
	}
	if held, err = s.Detain(ctx, c.Officer.Actor, held.ID, c.Measure(held.ID).Version, c.Clock.Now(), "宁波市镇海区拘留所"); err != nil {
		t.Fatal(err)
	}
	if held, err = s.LiftMeasure(ctx, c.Officer.Actor, held.ID, held.Version, lifting(model.LiftRemorse, "具结悔过")); err != nil {
		t.Fatal(err)
	}
	refused("remorse", act(s.AnswerLift(ctx, other.Actor, held.ID, held.Version, true, "")))
	if held, err = s.AnswerLift(ctx, deputy.Actor, held.ID, held.Version, true, ""); err != nil || held.State != model.MeasureLifted {
		t.Fatalf("%+v %v", held, err)
	}
	order := c.Measure(consumptionOf(c))
	wish, err := s.AskSpendingPermit(ctx, c.Debtor.Actor, order.ID, model.SpendingPermit{
		Ground: model.SpendUrgent, Spender: "赵明", Purpose: "乘飞机陪父亲就医", Reason: "父亲病重", AmountFen: 30000, FromOn: c.Today(), UntilOn: c.Today().AddDays(5), Pledged: true, IdemKey: st.FreshKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	grants := model.SpendingDecision{State: model.SpendingGranted, From: c.Today(), Until: c.Today().AddDays(5), Reason: "确有紧急情况"}
	refused("spending", act(s.DecideSpendingPermit(ctx, deputy.Actor, wish.ID, wish.Version, grants)))
	if wish, err = s.DecideSpendingPermit(ctx, c.Leader.Actor, wish.ID, wish.Version, grants); err != nil || signed(wish.DocumentID) != "院长法官chen.zj" {
		t.Fatalf("%+v %v", wish, err)
	}

	// An authorisation ends with its day, and with the mark of who gave it.
	last := c.Propose(model.MeasureFine, func(p *enforcement.Proposal) { p.ActText, p.OtherAct = "辱骂执行人员", "当日另一行为" })
	c.Pass(at(6, 7, 10))
	refused("after its last day", act(s.DecideMeasure(ctx, deputy.Actor, last.ID, last.Version, "同意")))
	c.Authorise(deputy, model.MeasureFine)
	if err := c.Svc.Identity.EndPresident(ctx, model.System(), c.Court.ID, c.Leader.Login, "调任"); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]st.Person{"the former president": c.Leader, "his deputy": deputy} {
		err := act(s.DecideMeasure(ctx, by.Actor, last.ID, last.Version, "同意"))
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Reason != "measure.president" || !strings.Contains(e.Message, "请系统管理员在“人员”页面把院长的账号登记为院长") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.DecideMeasure(ctx, c.Officer.Actor, c.Propose(model.MeasureExitBan).ID, 1, "合议庭同意"); err != nil {
		t.Errorf("what the officer decides with his panel: %v", err)
	}
}

// consumptionOf is the debtor's restriction of spending.
func consumptionOf(c *st.Coerced) int64 {
	c.T.Helper()
	list, err := c.Svc.Enforcement.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		c.T.Fatal(err)
	}
	for _, m := range list {
		if m.Kind == model.MeasureConsumption && m.State.Stands() {
			return m.ID
		}
	}
	c.T.Fatal("no restriction of spending stands")
	return 0
}
