package absence_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/conversation"
	"microcourt/service/relative"
	"microcourt/service/servicetest"
)

// What comes while an officer is away reaches his substitute, who answers and
// decides it; before and after it is none of his business. An officer who left is
// answered for in the same way.
func TestASubstituteAnswers(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t) // Friday, 6 March
	ctx := t.Context()
	sub, other := c.Staff("tong.bx", model.RoleOfficer), c.Staff("lu.ning", model.RoleOfficer)
	wife, link, talk := c.Wife()
	say := func(by servicetest.Person) error {
		_, err := c.Svc.Conversation.Say(ctx, by.Actor, conversation.Words{ConversationID: talk, Text: "您好", Key: servicetest.FreshKey()})
		return err
	}
	kinds := func(by servicetest.Person) string {
		var out []string
		for _, l := range c.OpenTasks(by) {
			out = append(out, string(l.Kind))
		}
		return strings.Join(out, " ")
	}
	plead := func(by servicetest.Person, p model.Petition) (*model.Petition, error) {
		p.IdemKey = servicetest.FreshKey()
		return c.Svc.Petition.Make(ctx, by.Actor, p)
	}
	add := func(by servicetest.Person, w absence.Away) *model.AbsenceLine {
		t.Helper()
		l, err := c.Svc.Absence.Add(ctx, by.Actor, w)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	end := func(by servicetest.Person, a *model.AbsenceLine) {
		t.Helper()
		if _, err := c.Svc.Absence.End(ctx, by.Actor, a.ID); err != nil {
			t.Fatal(err)
		}
	}

	a := add(c.Officer, away(nil))
	c.Reply(wife, talk, "请问什么时候可以去缴款？")
	c.ProposeCall(wife, talk, servicetest.At(3, 9, 14))
	plea, err := plead(wife, model.Petition{RelativeID: link.ID, Kind: model.PetitionRelease, Body: "他已认识到错误，请求提前解除拘留。"})
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds(sub); got != "" || c.NoticesOf(sub, model.NoticeMessageAsked)+c.NoticesOf(sub, model.NoticePetitionMade) != 0 {
		t.Errorf("before it begins he has %q", got)
	}
	c.Refused(say(sub), "conversation.not_found")

	c.Clock.Set(servicetest.At(3, 9, 9))
	if got := kinds(sub); got != "call.back petition" || !strings.Contains(kinds(c.Officer), got) {
		t.Errorf("the substitute has %q, the officer %q", got, kinds(c.Officer))
	}
	c.Reply(sub, talk, "工作日均可，也可以汇款。")
	c.Reply(wife, talk, "请问带什么材料？")
	asked := c.AsksForFamily(c.Citizen(), servicetest.WithCode(c.FamilyCode()))
	for _, kind := range []model.NoticeKind{model.NoticeMessageAsked, model.NoticeRelativeAsked} {
		if n := c.NoticesOf(sub, kind); n != 1 {
			t.Errorf("the substitute got %d notices %s", n, kind)
		}
	}
	decide := func(by servicetest.Person, to model.RelativeState, id int64) error {
		_, err := c.Svc.Relative.Decide(ctx, by.Actor, id, relative.Decision{State: to, Reason: "经核实", Version: 1})
		return err
	}
	refuse := func(by servicetest.Person) error {
		_, err := c.Svc.Petition.Decide(ctx, by.Actor, plea.ID, 1, model.PetitionRefused, "未被拘留")
		return err
	}
	c.Refused(decide(other, model.RelativeAdmitted, asked.ID), "relative.not_found")
	c.Refused(refuse(other), "petition.not_found")
	c.Refused(say(other), "conversation.not_found")
	if err := decide(sub, model.RelativeAdmitted, asked.ID); err != nil {
		t.Error(err)
	}
	// He takes down for the debtor as the officer would.
	if _, err := plead(sub, model.Petition{EnforcementCaseID: c.ID, PartyID: c.F.Debtor, Kind: model.PetitionRemorse, Body: "本人已认识到错误，保证按期履行。"}); err != nil {
		t.Error(err)
	}

	// Nobody answers in time: who is away, who stands in and the leaders are told.
	c.Pass(servicetest.At(3, 12, 9))
	c.TalksPass()
	for _, who := range []servicetest.Person{c.Officer, sub, c.Leader} {
		if late, n := c.NoticesOf(who, model.NoticeTaskLate), c.NoticesOf(who, model.NoticeMessageLate); late == 0 || n != 1 {
			t.Errorf("%s was told %d times of late tasks, %d of the message", who.Name, late, n)
		}
	}
	if err := refuse(sub); err != nil {
		t.Error(err)
	}

	// He is back a day early.
	end(c.Officer, a)
	c.Reply(c.Officer, talk, "我已返岗。")
	c.Reply(wife, talk, "好的，谢谢。")
	if got := kinds(sub); got != "" || c.NoticesOf(sub, model.NoticeMessageAsked) != 1 {
		t.Errorf("after its end he has %q", got)
	}
	c.Refused(say(sub), "conversation.not_found")

	// The leader says so for one who falls ill, and never comes back.
	a = add(c.Leader, absence.Away{Officer: c.Officer.Login, Substitute: sub.Login, FromOn: c.Today(), ToOn: model.NewDate(2026, 4, 30), Reason: "病假"})
	code := c.FamilyCode()
	if _, err := c.Svc.Identity.DisableStaff(ctx, model.System(), c.Court.ID, c.Officer.Login); err != nil {
		t.Fatal(err)
	}
	c.Reply(sub, talk, "由我答复您。")
	asked = c.AsksForFamily(c.Citizen(), servicetest.WithCode(code))
	if n := c.NoticesOf(sub, model.NoticeRelativeAsked); n != 2 {
		t.Errorf("the substitute got %d requests", n)
	}
	end(c.Leader, a)
	c.Refused(say(sub), "conversation.not_found")
	if err := decide(other, model.RelativeDeclined, asked.ID); err != nil {
		t.Errorf("a colleague of who left: %v", err)
	}
}
