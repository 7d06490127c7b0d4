package notice_test

import (
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// A party without a phone that is bound is a clerk's task from the first notice on: it
// is listed and counted, nothing of it is called sent, what the clerk does ends it as
// told and not as served, and who binds himself can read it.
func TestNobodyIsSilentlyUnreached(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := servicetest.New(t)
	judge, clerk, other := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("li.si", model.RoleJudge)
	w.Staff("qian.wu", model.RoleOfficer)
	f := w.File(clerk)
	list := func(by servicetest.Person, change ...func(*model.UnreachedFilter)) []model.UnreachedLine {
		t.Helper()
		filter := model.UnreachedFilter{Limit: 50}
		for _, c := range change {
			c(&filter)
		}
		out, err := w.Svc.Notice.Unreached(ctx, by.Actor, filter)
		if err != nil {
			t.Fatal(err)
		}
		n, err := w.Svc.Notice.CountUnreached(ctx, by.Actor, filter)
		if err != nil || int(n) != len(out) {
			t.Errorf("%d are counted and %d listed, %v", n, len(out), err)
		}
		return out
	}
	lines := list(clerk)
	if len(lines) != 2 || lines[0].CaseNo != f.No || lines[0].Notices < 2 || lines[0].Judge != "法官zhang.min" || lines[0].Consented {
		t.Fatalf("after the filing nobody was told: %+v", lines)
	}
	if got := list(judge); len(got) != 2 {
		t.Errorf("the judge's own: %+v", got)
	}
	if got := list(other); len(got) != 0 {
		t.Errorf("another judge sees %+v", got)
	}
	for text, want := range map[string]int{"建材": 1, "李某": 1, f.No: 2, "无此人": 0} {
		if got := list(clerk, func(u *model.UnreachedFilter) { u.Text = text }); len(got) != want {
			t.Errorf("%q finds %d, want %d", text, len(got), want)
		}
	}
	proof := func(party int64) model.ServiceProof { return w.ProofOf(judge.Actor, f, model.NoticeFiled, party) }
	says := func(p model.ServiceProof) (out string) {
		for _, l := range p.Trail() {
			out += l.What + "\n"
		}
		return out
	}
	if p := proof(f.Debtor); p.Reach() != model.ReachNobody || p.Reach().Chinese() != "未送达任何人" || !strings.Contains(says(p), "没有进入任何人的收件箱") {
		t.Errorf("%s: %s", p.Reach().Chinese(), says(p))
	}

	// What the clerk did ends the task, once, and is no service.
	call := model.Telling{CaseID: f.ID, PartyID: f.Debtor, UpTo: lines[0].UpTo, Method: "phone"}
	for _, l := range lines {
		if l.PartyID == f.Debtor {
			call.UpTo = l.UpTo
		}
	}
	err := w.Svc.Notice.Tell(ctx, clerk.Actor, call)
	if w.Refused(err, "told.spoke_with"); err == nil || !strings.Contains(err.Error(), "field") && model.KindOf(err) != model.Invalid {
		t.Errorf("a call with nobody: %v", err)
	}
	letter := call
	letter.Method = "mail"
	w.Refused(w.Svc.Notice.Tell(ctx, clerk.Actor, letter), "paper.tracking")
	w.Refused(w.Svc.Notice.Tell(ctx, judge.Actor, call), "role.forbidden")
	call.SpokeWith, call.Note = "王会计", "已告知立案和履行期限，表示会转告法定代表人"
	for range 2 { // a repeat changes nothing
		if err := w.Svc.Notice.Tell(ctx, clerk.Actor, call); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(w.Svc.Notice.Tell(ctx, clerk.Actor, letterWith(letter, "EX1")), "told.done")
	if got := list(clerk); len(got) != 1 || got[0].PartyID != f.Creditor {
		t.Errorf("after the call: %+v", got)
	}
	if p := proof(f.Debtor); p.Reach() != model.ReachTold || p.Rule != model.NotServed || !strings.Contains(says(p), "电话告知，接听人王会计") || !strings.Contains(says(p), "告知不等于送达") {
		t.Errorf("%s, rule %q: %s", p.Reach(), p.Rule, says(p))
	}
	if n := w.Audited(model.AuditTold); n != 1 {
		t.Errorf("%d entries of the audit trail", n)
	}
	contacts, err := w.Svc.Filing.Contacts(ctx, judge.Actor, f.ID)
	if err != nil || len(contacts) != 1 || !strings.Contains(contacts[0].Note, "王会计") {
		t.Errorf("the call is among the contacts: %+v %v", contacts, err)
	}

	// The next notice is a task again; who is bound afterwards can read all of it.
	w.Clock.Advance(time.Hour)
	w.Notify(model.Notice{CourtID: w.Court.ID, CaseID: f.ID, PartyID: f.Debtor, Kind: model.NoticeDueSoon, DedupeKey: "unreached-1", Title: "履行期限提醒", Body: "请按期履行。", Card: map[string]string{}})
	if got := list(clerk); len(got) != 2 {
		t.Errorf("the next notice: %+v", got)
	}
	debtor := w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	if got := list(clerk); len(got) != 1 || got[0].PartyID != f.Creditor {
		t.Errorf("a bound party is listed: %+v", got)
	}
	// A letter to the other party.
	letter = letterWith(letter, "EX2")
	letter.PartyID, letter.UpTo = f.Creditor, list(clerk)[0].UpTo
	if err := w.Svc.Notice.Tell(ctx, clerk.Actor, letter); err != nil {
		t.Fatal(err)
	}
	if p := proof(f.Creditor); p.Reach() != model.ReachTold || !strings.Contains(says(p), "邮单号EX2") {
		t.Errorf("%s: %s", p.Reach(), says(p))
	}
	if got := list(clerk); len(got) != 0 {
		t.Errorf("everybody was told: %+v", got)
	}
}

func letterWith(t model.Telling, no string) model.Telling { t.TrackingNo = no; return t }

// No state of a step, a message or a proof says that something was sent which was not.
func TestNothingIsCalledSentThatWasNot(t *testing.T) {
	t.Parallel()
	for _, s := range []model.StepState{model.StepPlanned, model.StepPaused, model.StepSent, model.StepSkipped, model.StepStopped, model.StepMissed} {
		if strings.Contains(s.Chinese(), "已发") || strings.Contains(s.Chinese(), "已送") {
			t.Errorf("a step is called %s", s.Chinese())
		}
	}
	for _, r := range []model.Reach{model.ReachNobody, model.ReachPaper, model.ReachInbox, model.ReachWaiting} {
		if strings.Contains(r.Chinese(), "已发") || strings.Contains(r.Chinese(), "已送") {
			t.Errorf("%s is called %s", r, r.Chinese())
		}
	}
}

// With text messages nobody is a task while one is on its way, and is when it failed.
func TestAFailedTextIsATask(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := servicetest.NewWith(t, func(w *servicetest.World) { w.Texting = true })
	w.SetCourt(func(s *model.CourtSettings) { s.Channels = []model.ChannelName{model.ChannelWeChat, model.ChannelSMS} })
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	unreached := func() int {
		t.Helper()
		list, err := w.Svc.Notice.Unreached(ctx, clerk.Actor, model.UnreachedFilter{CaseID: f.ID, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := unreached(); n != 0 {
		t.Errorf("%d are unreached while texts wait", n)
	}
	for range 20 {
		w.Texts.Fail("isv.MOBILE_NUMBER_ILLEGAL")
		w.Drain()
	}
	if n := unreached(); n == 0 {
		t.Error("nobody is unreached although a text failed")
	}
}
