package conversation_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/filing"
	"microcourt/service/relative"
	"microcourt/service/servicetest"
)

type (
	says = conversation.CallAnswer
	asks = conversation.CallProposal
)

// A relative asks to be called, the officer proposes another time, she accepts,
// and on the day he sees the number, calls and takes down what was said.
func TestARelativeIsCalledBack(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t) // Friday, 6 March, 10:00
	s, ctx := c.Svc.Conversation, t.Context()
	wife, _, id := c.Wife()
	days, err := s.CallDays(ctx, wife.Actor, id)
	if err != nil || len(days) != 11 || len(days[0].Slots) != 8 || len(days[1].Slots) != 11 || days[1].On != model.NewDate(2026, 3, 9) ||
		!days[1].Slots[0].Equal(slot(9, 9, 0)) || days[10].On != model.NewDate(2026, 3, 20) {
		t.Errorf("the times: %v %v", days, err)
	}
	ask := asks{ConversationID: id, At: slot(9, 9, 30), Note: "想问怎么缴款", Key: servicetest.FreshKey()}
	call, err := s.ProposeCall(ctx, wife.Actor, ask)
	if err != nil || call.State != model.CallAsked || call.AnswerBy != model.NewDate(2026, 3, 10) || call.OwnerID != c.Officer.UserID {
		t.Fatalf("%+v %v", call, err)
	}
	ask.At = slot(9, 10, 0)
	if again, err := s.ProposeCall(ctx, wife.Actor, ask); err != nil || again.ID != call.ID || !again.StartAt.Equal(slot(9, 9, 30)) {
		t.Errorf("a repeat is %+v %v", again, err)
	}
	c.Refused(proposed(c.World, wife, asks{ConversationID: id, At: slot(10, 9, 30)}), "call.open")
	if got := todo(c.World, c.Officer); got != "3-9 09:30 答复回电请求：赵明的家属（配偶），3月9日 星期一 09:30–10:00" || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 1 {
		t.Errorf("the officer is to do %q, told %d times", got, c.NoticesOf(c.Officer, model.NoticeCallAsked))
	}
	move := says{State: model.CallOffered, At: slot(9, 14, 0), Version: call.Version}
	for range 2 { // the answer got lost
		if call, err = s.AnswerCall(ctx, c.Officer.Actor, call.ID, move); err != nil || call.State != model.CallOffered || call.Version != 2 {
			t.Fatalf("%+v %v", call, err)
		}
	}
	if todo(c.World, c.Officer) != "" || c.NoticesOf(wife, model.NoticeRelativeCall) != 1 {
		t.Errorf("he is to do %q, she is told %d times", todo(c.World, c.Officer), c.NoticesOf(wife, model.NoticeRelativeCall))
	}
	number := func() (*conversation.Number, error) { return s.CallNumber(ctx, c.Officer.Actor, call.ID) }
	_, err = number()
	c.Refused(err, "call.early")
	call = c.AnswerCall(wife, call, says{State: model.CallConfirmed, Phone: "139 0013 9000"})
	if call.Phone != "13900139000" || todo(c.World, c.Officer) != "3-9 23:59 回电：赵明的家属（配偶），3月9日 星期一 14:00–14:30" || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 2 {
		t.Errorf("%+v, he is to do %q", call, todo(c.World, c.Officer))
	}
	_, err = number()
	c.Refused(err, "call.early")
	c.Refused(answered(c.World, c.Officer, call, says{State: model.CallDone, Note: "已告知"}), "call.early")
	c.Refused(answered(c.World, c.Officer, call, says{State: model.CallMissed}), "call.early")
	if c.Audited(model.AuditCallLook) != 0 {
		t.Error("a number that was not shown was looked at")
	}

	c.Clock.Set(slot(9, 14, 0))
	if v, err := number(); err != nil || v.Number != "13900139000" || v.Who != "王秀英" || c.Audited(model.AuditCallLook) != 1 {
		t.Errorf("the number: %+v %v, %d looks", v, err, c.Audited(model.AuditCallLook))
	}
	_, err = s.CallNumber(ctx, wife.Actor, call.ID)
	c.Refused(err, "role.forbidden")
	c.RefusedAt(answered(c.World, c.Officer, call, says{State: model.CallDone}), "reason.required", "note")
	call = c.AnswerCall(c.Officer, call, says{State: model.CallDone, Note: "已告知收款账户，对方愿意代为履行。"})
	if todo(c.World, c.Officer) != "" || c.Audited(model.AuditCallDone) != 1 || c.NoticesOf(wife, model.NoticeRelativeCall) != 1 {
		t.Errorf("after the call he is to do %q, she is told %d times", todo(c.World, c.Officer), c.NoticesOf(wife, model.NoticeRelativeCall))
	}
	steps, err := s.CallSteps(ctx, *call)
	if err != nil || len(steps) != 4 || steps[0].State != model.CallAsked || !steps[0].StartAt.Equal(slot(9, 9, 30)) || steps[3].Note != call.Answer || !steps[3].FromCourt {
		t.Errorf("the steps: %+v %v", steps, err)
	}
	answer := call.Answer
	// A new one may be agreed on; he does not reach her.
	call = c.AnswerCall(c.Officer, c.ProposeCall(wife, id, slot(10, 9, 0)), says{State: model.CallConfirmed})
	c.Clock.Set(slot(10, 9, 0))
	c.AnswerCall(c.Officer, call, says{State: model.CallMissed})
	if got := states(c.World, wife, id); got != "missed done" {
		t.Errorf("she reads %s", got)
	}
	if k, err := s.Call(ctx, wife.Actor, call.ID); err != nil || k.State != model.CallMissed {
		t.Errorf("%+v %v", k, err)
	}
	// The record has every step, and is one paper while nothing is added.
	paper, err := c.Svc.Paper.RecordConversation(ctx, c.Officer.Actor, id)
	if err != nil || paper.Kind != model.DocumentConversationRecord {
		t.Fatalf("%+v %v", paper, err)
	}
	var said []string
	for _, l := range paper.Facts.ConversationRecord.Lines {
		said = append(said, l.Text)
	}
	for _, want := range []string{"请求回电：3月9日 星期一 09:30–10:00。想问怎么缴款", "提出回电时间：3月9日 星期一 14:00–14:30", answer, "回电未接通"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("the record does not say %q: %q", want, said)
		}
	}
	if again, err := c.Svc.Paper.RecordConversation(ctx, c.Officer.Actor, id); err != nil || again.ID != paper.ID {
		t.Errorf("%+v %v", again, err)
	}
	c.ProposeCall(wife, id, slot(11, 9, 0))
	if more, err := c.Svc.Paper.RecordConversation(ctx, c.Officer.Actor, id); err != nil || more.ID == paper.ID {
		t.Errorf("after another step %+v %v", more, err)
	}
}

// A party and its judge: the judge offers a time, the same half hour is not
// promised twice, and the hand-over of the case moves what is to be done.
func TestAPartyIsCalledBack(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	id := c.Say(c.debtor, c.f.ID, 0, "请问可以分期吗？").ConversationID
	call := c.ProposeCall(c.judge, id, slot(4, 10, 0))
	if call.State != model.CallOffered || call.UserID != 0 || c.NoticesOf(c.debtor, model.NoticeCallAnswered) != 1 || c.NoticesOf(c.creditor, model.NoticeCallAnswered) != 0 {
		t.Errorf("%+v, told %d times", call, c.NoticesOf(c.debtor, model.NoticeCallAnswered))
	}
	c.Refused(answered(c.World, c.creditor, call, says{State: model.CallConfirmed}), "call.not_found")
	c.Refused(proposed(c.World, c.debtor, asks{ConversationID: id, At: slot(4, 11, 0)}), "call.open")
	c.Refused(proposed(c.World, c.judge, asks{ConversationID: id, At: slot(4, 11, 0)}), "call.open")
	call = c.AnswerCall(c.debtor, call, says{State: model.CallConfirmed, Phone: "13900139000"})
	if got := todo(c.World, c.judge); got != "3-4 23:59 回电：甬兴建材有限公司，3月4日 星期三 10:00–10:30" || call.UserID != c.debtor.UserID {
		t.Errorf("the judge is to do %q", got)
	}
	theirs := c.Say(c.creditor, c.f.ID, 0, "请回电").ConversationID
	c.Refused(proposed(c.World, c.creditor, asks{ConversationID: theirs, At: slot(4, 10, 0), Phone: "13800138000"}), "call.taken")
	days, err := c.s.CallDays(t.Context(), c.creditor.Actor, theirs)
	if err != nil || len(days) == 0 {
		t.Fatal(days, err)
	}
	for _, d := range days {
		for _, s := range d.Slots {
			if s.Equal(slot(4, 10, 0)) {
				t.Error("what is taken is offered")
			}
		}
	}
	_, err = c.s.CallDays(t.Context(), c.creditor.Actor, id)
	c.Refused(err, "conversation.not_found")
	c.handOver(c.other)
	if todo(c.World, c.judge) != "" || !strings.Contains(todo(c.World, c.other), "回电：甬兴建材有限公司") {
		t.Errorf("after the hand-over %q and %q are to do", todo(c.World, c.judge), todo(c.World, c.other))
	}
	c.Refused(answered(c.World, c.judge, call, says{State: model.CallCancelled, Note: "改期"}), "call.not_found")
	c.RefusedAt(answered(c.World, c.other, call, says{State: model.CallCancelled}), "reason.required", "note")
	call = c.AnswerCall(c.other, call, says{State: model.CallCancelled, Note: "临时开庭"})
	if todo(c.World, c.other) != "" || call.Answer != "临时开庭" || c.NoticesOf(c.debtor, model.NoticeCallAnswered) != 2 {
		t.Errorf("%+v, told %d times", call, c.NoticesOf(c.debtor, model.NoticeCallAnswered))
	}
	// Either side may decline what the other proposes; the judge says why.
	call = c.ProposeCall(c.debtor, id, slot(5, 9, 0))
	c.RefusedAt(answered(c.World, c.other, call, says{State: model.CallDeclined}), "reason.required", "note")
	c.AnswerCall(c.other, call, says{State: model.CallDeclined, Note: "请到庭面谈"})
	c.AnswerCall(c.debtor, c.ProposeCall(c.other, id, slot(5, 9, 30)), says{State: model.CallDeclined})
	if got := states(c.World, c.debtor, id); got != "declined declined cancelled" || todo(c.World, c.other) != "" {
		t.Errorf("%s, he is to do %q", got, todo(c.World, c.other))
	}
}

// Two at once: the same request is one; the judge confirms what the debtor takes
// back, and one of them wins; one half hour is promised to one of two.
func TestTwoAtOnceAboutACall(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	id, theirs := c.Say(c.debtor, c.f.ID, 0, "请回电").ConversationID, c.Say(c.creditor, c.f.ID, 0, "请回电").ConversationID
	ask := asks{ConversationID: id, At: slot(5, 10, 0), Key: servicetest.FreshKey()}
	servicetest.TwiceAtOnce(t, func() (int64, error) {
		k, err := c.s.ProposeCall(t.Context(), c.debtor.Actor, ask)
		if err != nil {
			return 0, err
		}
		return k.ID, nil
	})
	list, err := c.s.Calls(t.Context(), c.debtor.Actor, id)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	both := func(first, second func() error) (lost error) {
		t.Helper()
		var errs [2]error
		var wg sync.WaitGroup
		wg.Go(func() { errs[0] = first() })
		wg.Go(func() { errs[1] = second() })
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two at once: %v", errs)
		}
		if errs[0] != nil {
			return errs[0]
		}
		return errs[1]
	}
	call := &list[0].CallBack
	lost := both(func() error { return answered(c.World, c.judge, call, says{State: model.CallConfirmed}) },
		func() error { return answered(c.World, c.debtor, call, says{State: model.CallCancelled}) })
	c.Refused(lost, "call.changed")
	agent := c.Citizen()
	c.Bind(agent, c.clerk, c.f.ID, c.f.Debtor)
	a, b := c.ProposeCall(c.creditor, theirs, slot(6, 10, 0)), c.ProposeCall(agent, id, slot(6, 10, 0))
	lost = both(func() error { return answered(c.World, c.judge, a, says{State: model.CallConfirmed}) },
		func() error { return answered(c.World, c.judge, b, says{State: model.CallConfirmed}) })
	c.Refused(lost, "call.taken")
}

// What cannot be agreed on is refused where it is wrong: half hours of working
// days within the court's hours and the next two weeks, one at a time.
func TestCallsRefuse(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t) // Friday, 6 March, 10:00
	ctx := t.Context()
	wife, _, id := c.Wife()
	stranger, other := c.Citizen(), c.Staff("tong.bx", model.RoleOfficer)
	unknown := c.File(c.Clerk, servicetest.PersonOwes, func(in *filing.CaseInput) { // nobody knows his number
		in.Parties[1].Name, in.Parties[1].IDNumber, in.Parties[1].Phone = "孙立", "110101199003070134", ""
	})
	silent := c.Citizen()
	c.Bind(silent, c.Clerk, unknown.ID, unknown.Debtor)
	his := c.Say(silent, unknown.ID, 0, "您好").ConversationID
	own := c.Say(c.Debtor, c.F.ID, 0, "您好").ConversationID // the judge sees it, the officer answers it
	call := c.ProposeCall(wife, id, slot(9, 9, 30))
	look := func(by servicetest.Person, id int64) error {
		_, err := c.Svc.Conversation.CallNumber(ctx, by.Actor, id)
		return err
	}
	ask := func(by servicetest.Person, id int64, at time.Time, note, phone string) error {
		return proposed(c.World, by, asks{ConversationID: id, At: at, Note: note, Phone: phone})
	}
	at := func(at time.Time) error { return ask(c.Debtor, own, at, "", "") }
	about := func(by servicetest.Person, a says) error { return answered(c.World, by, call, a) }
	offer := func(at time.Time) error { return about(c.Officer, says{State: model.CallOffered, At: at}) }
	_, calls := c.Svc.Conversation.Calls(ctx, stranger.Actor, id)
	_, single := c.Svc.Conversation.Call(ctx, stranger.Actor, call.ID)
	no := servicetest.No
	c.RefusedAll(
		no("a stranger lists", model.NotFound, "conversation.not_found", "", calls),
		no("a stranger reads", model.NotFound, "call.not_found", "", single),
		no("a stranger asks", model.NotFound, "conversation.not_found", "", ask(stranger, id, slot(9, 9, 30), "", "")),
		no("a stranger answers", model.NotFound, "call.not_found", "", about(stranger, says{State: model.CallCancelled})),
		no("another officer offers", model.NotFound, "conversation.not_found", "", ask(other, id, slot(9, 9, 30), "", "")),
		no("another officer looks", model.NotFound, "call.not_found", "", look(other, call.ID)),
		no("a clerk offers", model.Forbidden, "role.forbidden", "", ask(c.Clerk, id, slot(9, 9, 30), "", "")),
		no("a clerk answers", model.Forbidden, "role.forbidden", "", about(c.Clerk, says{State: model.CallConfirmed})),
		no("a leader looks", model.Forbidden, "role.forbidden", "", look(c.Leader, call.ID)),
		no("whom the officer answers", model.Conflict, "call.owner", "", ask(c.Judge, own, slot(9, 9, 30), "", "")),
		no("no number", model.Invalid, "call.phone", "phone", ask(silent, his, slot(9, 10, 0), "", "")),
		no("a wrong number", model.Invalid, "phone.format", "phone", ask(c.Debtor, own, slot(9, 10, 0), "", "12345")),
		no("too long", model.Invalid, "text.too_long", "note", ask(c.Debtor, own, slot(9, 10, 0), strings.Repeat("长", 201), "")),
		no("past", model.Invalid, "call.past", "at", at(slot(6, 9, 30))),
		no("too far", model.Invalid, "call.too_far", "at", at(slot(23, 9, 30))),
		no("Saturday", model.Invalid, "call.rest_day", "at", at(slot(7, 9, 30))),
		no("noon", model.Invalid, "call.slot", "at", at(slot(9, 12, 0))),
		no("no half hour", model.Invalid, "call.slot", "at", at(slot(9, 9, 10))),
		no("offered in the past", model.Invalid, "call.past", "at", offer(slot(6, 9, 30))),
		no("offered too far", model.Invalid, "call.too_far", "at", offer(slot(23, 9, 30))),
		no("offered on Sunday", model.Invalid, "call.rest_day", "at", offer(slot(8, 9, 30))),
		no("offered after hours", model.Invalid, "call.slot", "at", offer(slot(9, 17, 0))),
		no("no answer of the court", model.Invalid, "call.answer", "state", about(c.Officer, says{State: model.CallAsked})),
		no("no answer of hers", model.Invalid, "call.answer", "state", about(wife, says{State: model.CallDone, Note: "已通话"})),
		no("her own request", model.Conflict, "call.state", "", about(wife, says{State: model.CallConfirmed})),
		no("as it was not", model.Conflict, "call.changed", "", about(wife, says{State: model.CallCancelled, Version: 9})),
		no("no reason", model.Invalid, "reason.required", "note", about(c.Officer, says{State: model.CallDeclined})),
		no("too long a reason", model.Invalid, "text.too_long", "note", about(c.Officer, says{State: model.CallDone, Note: strings.Repeat("长", 501)})),
	)
	theirs := c.ProposeCall(c.Debtor, own, slot(9, 10, 0))
	offered := c.AnswerCall(c.Officer, theirs, says{State: model.CallOffered, At: slot(9, 10, 30)})
	c.RefusedAll(
		no("the judge cancels", model.Conflict, "call.owner", "", answered(c.World, c.Judge, offered, says{State: model.CallCancelled, Note: "改期"})),
		no("the judge looks", model.Conflict, "call.owner", "", look(c.Judge, offered.ID)),
		no("a wrong number", model.Invalid, "phone.format", "phone", answered(c.World, c.Debtor, offered, says{State: model.CallConfirmed, Phone: "12345"})),
	)
	agreed := c.AnswerCall(c.Debtor, offered, says{State: model.CallConfirmed})
	c.Refused(offer(slot(9, 10, 30)), "call.taken")
	// Only so many requests a day, whatever became of them.
	c.SetCourt(func(s *model.CourtSettings) { s.Calls.PerDay = 1 })
	c.AnswerCall(c.Debtor, agreed, says{State: model.CallCancelled})
	err := at(slot(9, 11, 0))
	c.Refused(err, "call.too_many")
	if model.KindOf(err) != model.TooMany {
		t.Error(err)
	}
	c.Clock.Advance(25 * time.Hour)
	if err := at(slot(9, 11, 0)); err != nil {
		t.Errorf("a day later: %v", err)
	}
	// An offer to somebody whose number nobody knows is accepted with one.
	known := c.ProposeCall(c.Judge, his, slot(9, 11, 0))
	c.RefusedAt(answered(c.World, silent, known, says{State: model.CallConfirmed}), "call.phone", "phone")
	c.AnswerCall(silent, known, says{State: model.CallConfirmed, Phone: "13600136000"})
	c.Clock.Set(slot(9, 11, 0))
	if v, err := c.Svc.Conversation.CallNumber(ctx, c.Judge.Actor, known.ID); err != nil || v.Number != "13600136000" || v.Who != "孙立" {
		t.Errorf("%+v %v", v, err)
	}
}

// While the officer is away his substitute has his calls, agrees on them and
// makes them; afterwards they are the officer's alone.
func TestASubstituteCalls(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	s, ctx := c.Svc.Conversation, t.Context()
	sub := c.Staff("tong.bx", model.RoleOfficer)
	wife, _, id := c.Wife()
	c.Away(c.Officer, sub, model.NewDate(2026, 3, 9), model.NewDate(2026, 3, 13))
	call := c.ProposeCall(wife, id, slot(9, 14, 0))
	c.Refused(answered(c.World, sub, call, says{State: model.CallConfirmed}), "call.not_found") // before it begins
	if c.NoticesOf(sub, model.NoticeCallAsked) != 0 {
		t.Error("the substitute is told before it begins")
	}
	c.Clock.Set(slot(9, 9, 0))
	c.Reply(wife, id, "请尽快回电")
	if c.NoticesOf(sub, model.NoticeMessageAsked) != 1 || c.NoticesOf(c.Officer, model.NoticeMessageAsked) != 1 || waiting(c.World, sub) != "2026-03-11 王秀英（家属）" {
		t.Errorf("for the substitute waits %q", waiting(c.World, sub))
	}
	th, err := s.Thread(ctx, sub.Actor, id, 0, 10)
	if err != nil || !th.Own {
		t.Errorf("%+v %v", th, err)
	}
	call = c.AnswerCall(sub, call, says{State: model.CallConfirmed})
	if v, err := s.CallNumber(ctx, sub.Actor, call.ID); err != nil || v.Number != "13700137000" {
		t.Errorf("%+v %v", v, err)
	}
	c.AnswerCall(sub, call, says{State: model.CallDone, Note: "已告知收款账户。"})
	if th, err := s.Thread(ctx, c.Officer.Actor, id, 0, 10); err != nil || th.Names[sub.UserID] != sub.Name {
		t.Errorf("who called: %v %v", th, err)
	}
	c.ProposeCall(wife, id, slot(16, 9, 30))
	if c.NoticesOf(sub, model.NoticeCallAsked) != 1 || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 2 {
		t.Errorf("told %d and %d times", c.NoticesOf(sub, model.NoticeCallAsked), c.NoticesOf(c.Officer, model.NoticeCallAsked))
	}
	c.Clock.Set(slot(16, 9, 0))
	_, err = s.CallNumber(ctx, sub.Actor, call.ID)
	c.Refused(err, "call.not_found")
	if waiting(c.World, sub) != "" {
		t.Errorf("after its end waits %q", waiting(c.World, sub))
	}
	// He gets the case for good: what was agreed on goes with it.
	e, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err == nil {
		err = c.Svc.Enforcement.HandOver(ctx, c.Officer.Actor, c.ID, e.File.Version, sub.Login, "调岗")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := todo(c.World, sub); got != "3-11 23:59 答复回电请求：赵明的家属（配偶），3月16日 星期一 09:30–10:00" || todo(c.World, c.Officer) != "" || waiting(c.World, sub) == "" {
		t.Errorf("after the hand-over %q is to do, %q waits", got, waiting(c.World, sub))
	}
}

// Nobody answers: the time passes, and everybody whom it concerns is told once.
func TestACallThatNobodyAnswersLapses(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	wife, _, id := c.Wife()
	call := c.ProposeCall(wife, id, slot(6, 14, 0))
	c.TalksPass()
	if states(c.World, wife, id) != "asked" {
		t.Error("it lapsed before its time")
	}
	c.Clock.Set(slot(6, 14, 0))
	c.Refused(answered(c.World, wife, call, says{State: model.CallCancelled}), "call.lapsed")
	c.Refused(answered(c.World, c.Officer, call, says{State: model.CallConfirmed}), "call.lapsed")
	for range 2 {
		c.TalksPass()
	}
	if states(c.World, wife, id) != "lapsed" || todo(c.World, c.Officer) != "" || c.Audited(model.AuditCallLapsed) != 1 {
		t.Errorf("%s, he is to do %q", states(c.World, wife, id), todo(c.World, c.Officer))
	}
	if c.NoticesOf(wife, model.NoticeRelativeCall) != 1 || c.NoticesOf(c.Leader, model.NoticeCallAsked) != 1 || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 2 {
		t.Errorf("told her %d, the leader %d, him %d", c.NoticesOf(wife, model.NoticeRelativeCall), c.NoticesOf(c.Leader, model.NoticeCallAsked), c.NoticesOf(c.Officer, model.NoticeCallAsked))
	}
	// What the court offered and she did not answer is not the court's delay.
	c.ProposeCall(c.Officer, id, slot(6, 15, 0))
	c.Clock.Set(slot(6, 15, 0))
	c.TalksPass()
	if states(c.World, wife, id) != "lapsed lapsed" || c.NoticesOf(c.Leader, model.NoticeCallAsked) != 1 || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 2 || c.NoticesOf(wife, model.NoticeRelativeCall) != 3 {
		t.Errorf("%s; told her %d, the leader %d", states(c.World, wife, id), c.NoticesOf(wife, model.NoticeRelativeCall), c.NoticesOf(c.Leader, model.NoticeCallAsked))
	}
	// What was agreed on does not lapse: it is made or missed.
	agreed := c.AnswerCall(c.Officer, c.ProposeCall(wife, id, slot(6, 16, 0)), says{State: model.CallConfirmed})
	c.Clock.Set(slot(6, 17, 0))
	c.TalksPass()
	c.AnswerCall(c.Officer, agreed, says{State: model.CallMissed})
}

// Leaders who heard that nobody answered a call are not told again that its time
// passed.
func TestALateCallIsToldOnce(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	wife, _, id := c.Wife()
	c.ProposeCall(wife, id, slot(9, 9, 0))
	c.Pass(slot(9, 9, 1)) // the clocks of tasks come first
	c.TalksPass()
	if c.NoticesOf(c.Leader, model.NoticeTaskLate) != 1 || c.NoticesOf(c.Leader, model.NoticeCallAsked) != 0 || c.NoticesOf(c.Officer, model.NoticeCallAsked) != 2 || c.NoticesOf(wife, model.NoticeRelativeCall) != 1 {
		t.Errorf("told the leader %d and %d times", c.NoticesOf(c.Leader, model.NoticeTaskLate), c.NoticesOf(c.Leader, model.NoticeCallAsked))
	}
}

// A debtor who ends the contact of somebody whom he invited ends her calls; who
// was to make them is told.
func TestADebtorEndsTheCallsOfWhomHeInvited(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	s, ctx := c.Svc.Conversation, t.Context()
	code, err := c.Svc.Relative.Invite(ctx, c.Debtor.Actor, c.F.ID, c.F.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	wife := c.Citizen()
	link, err := c.Svc.Relative.Ask(ctx, wife.Actor, relative.Asking{Code: code.Code, Relative: model.Relative{
		Name: "王秀英", Relation: model.RelationSpouse, Phone: "13700137000", DebtorName: "赵明", IdemKey: servicetest.FreshKey(),
	}})
	if err == nil {
		link, err = c.Svc.Relative.DecideInvited(ctx, c.Debtor.Actor, link.ID, relative.Decision{State: model.RelativeAdmitted, Version: link.Version})
	}
	if err != nil {
		t.Fatal(err)
	}
	wife = c.Again(wife)
	list, err := s.Conversations(ctx, c.Officer.Actor, c.F.ID)
	if err != nil || len(list) != 1 || list[0].RelativeID != link.ID {
		t.Fatal(list, err)
	}
	id := list[0].ID
	c.AnswerCall(c.Officer, c.ProposeCall(wife, id, slot(9, 9, 30)), says{State: model.CallConfirmed})
	told := c.NoticesOf(c.Officer, model.NoticeCallAsked)
	if _, err = c.Svc.Relative.DecideInvited(ctx, c.Debtor.Actor, link.ID, relative.Decision{State: model.RelativeRevoked, Reason: "不再由她联系", Version: link.Version}); err != nil {
		t.Fatal(err)
	}
	if got := states(c.World, c.Officer, id); got != "cancelled" || todo(c.World, c.Officer) != "" || c.NoticesOf(c.Officer, model.NoticeCallAsked) != told+1 {
		t.Errorf("%s, he is to do %q, told %d times more", got, todo(c.World, c.Officer), c.NoticesOf(c.Officer, model.NoticeCallAsked)-told)
	}
	c.Refused(proposed(c.World, wife, asks{ConversationID: id, At: slot(9, 10, 0)}), "conversation.not_found")
}
