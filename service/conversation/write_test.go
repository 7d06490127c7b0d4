package conversation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/servicetest"
)

// A party writes, the judge answers within two working days: the clock runs from
// the first message that waits, and ends with the answer or when none is needed.
func TestAPartyAndTheJudgeWrite(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	ctx := t.Context()
	words := conversation.Words{CaseID: c.f.ID, Text: " 款项可以汇到法院账户吗？\r\n谢谢 ", Key: servicetest.FreshKey()}
	first, err := c.s.Say(ctx, c.debtor.Actor, words)
	if err != nil || first.Body != "款项可以汇到法院账户吗？\n谢谢" || first.AnswerBy != model.NewDate(2026, 3, 4) || first.FromCourt {
		t.Fatalf("%+v %v", first, err)
	}
	words.Text = "别的"
	if again, err := c.s.Say(ctx, c.debtor.Actor, words); err != nil || again.ID != first.ID || again.Body != first.Body {
		t.Errorf("a repeat is %+v %v", again, err)
	}
	c.Clock.Advance(24 * time.Hour)
	c.Say(c.debtor, c.f.ID, 0, "请尽快答复")
	for _, k := range []struct {
		who  servicetest.Person
		want string
	}{{c.judge, "2026-03-04 甬兴建材有限公司"}, {c.clerk, "2026-03-04 甬兴建材有限公司"}, {c.leader, "2026-03-04 甬兴建材有限公司"}, {c.other, ""}} {
		if got := waiting(c.World, k.who); got != k.want {
			t.Errorf("for %s waits %q", k.who.Login, got)
		}
	}
	if n := c.NoticesOf(c.judge, model.NoticeMessageAsked); n != 1 {
		t.Errorf("the judge is told %d times", n)
	}
	c.Reply(c.judge, first.ConversationID, "可以，请在附言中写明案号。")
	if waiting(c.World, c.judge) != "" || c.NoticesOf(c.debtor, model.NoticeMessageReplied) != 1 || c.NoticesOf(c.creditor, model.NoticeMessageReplied) != 0 {
		t.Errorf("after the answer waits %q, the debtor is told %d times", waiting(c.World, c.judge), c.NoticesOf(c.debtor, model.NoticeMessageReplied))
	}
	page, err := c.s.Messages(ctx, c.debtor.Actor, c.f.ID, 0, 0, 2)
	if err != nil || len(page.Messages) != 2 || !page.Messages[0].FromCourt {
		t.Fatalf("the debtor reads %+v %v", page, err)
	}
	if rest, err := c.s.Messages(ctx, c.debtor.Actor, c.f.ID, 0, page.Messages[1].ID, 2); err != nil || len(rest.Messages) != 1 || rest.Messages[0].ID != first.ID {
		t.Errorf("and before that %+v %v", rest, err)
	}
	// The judge may begin himself; a clerk answers for him.
	begun := c.Say(c.judge, c.f.ID, c.f.Creditor, "请提供收款账户。")
	if m := c.Say(c.creditor, c.f.ID, 0, "账户见附件"); m.PartyID != c.f.Creditor || m.ConversationID != begun.ConversationID {
		t.Errorf("%+v", m)
	}
	c.Say(c.clerk, c.f.ID, c.f.Creditor, "收到。")
	if page, err := c.s.Messages(ctx, c.judge.Actor, c.f.ID, c.f.Creditor, 0, 10); err != nil || len(page.Messages) != 3 {
		t.Errorf("the judge reads of the creditor's %+v %v", page, err)
	}
	// Thanks need no answer; saying so twice changes nothing.
	c.Say(c.creditor, c.f.ID, 0, "谢谢")
	for range 2 {
		if settled, err := c.s.Settle(ctx, c.judge.Actor, begun.ConversationID); err != nil || settled.Waits() {
			t.Errorf("%+v %v", settled, err)
		}
	}
	if waiting(c.World, c.judge) != "" || c.Audited(model.AuditMessageSettle) != 1 {
		t.Errorf("after thanks waits %q, audited %d times", waiting(c.World, c.judge), c.Audited(model.AuditMessageSettle))
	}
	// What is asked after thanks starts the clock anew, of the court's own length.
	c.SetCourt(func(s *model.CourtSettings) { s.MessageAnswerDays = 5 })
	if m := c.Say(c.creditor, c.f.ID, 0, "已收到第一笔"); m.AnswerBy != model.NewDate(2026, 3, 10) {
		t.Errorf("to be answered by %s", m.AnswerBy)
	}
	c.RecountConversations()
}

// What was asked goes with the case to the next judge; the former sees nothing
// of it any more.
func TestTheNextJudgeAnswers(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	m := c.Say(c.debtor, c.f.ID, 0, "请问可以分期吗？")
	c.handOver(c.other)
	if waiting(c.World, c.judge) != "" || waiting(c.World, c.other) != "2026-03-04 甬兴建材有限公司" {
		t.Errorf("%q and %q wait", waiting(c.World, c.judge), waiting(c.World, c.other))
	}
	_, err := c.s.Thread(t.Context(), c.judge.Actor, m.ConversationID, 0, 10)
	c.Refused(err, "conversation.not_found")
	c.Refused(c.try(c.judge, conversation.Words{ConversationID: m.ConversationID, Text: "可以"}), "conversation.not_found")
	c.Reply(c.other, m.ConversationID, "可以")
	th, err := c.s.Thread(t.Context(), c.other.Actor, m.ConversationID, 0, 10)
	if err != nil || !th.Own || th.Who() != "甬兴建材有限公司" || len(th.Messages) != 2 || th.Names[c.other.UserID] != c.other.Name || th.CaseNo != c.f.No {
		t.Errorf("the next judge reads %+v %v", th, err)
	}
}

// Who has no part in a conversation learns not even that it is there.
func TestWhoMayReadAndWrite(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	ctx := t.Context()
	id := c.Say(c.debtor, c.f.ID, 0, "您好").ConversationID
	agent, elsewhere := c.Citizen(), c.StaffOf(c.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "wang.wu", model.RoleClerk)
	auditor := c.Staff("shen.ji", model.RoleAuditor)
	c.Bind(agent, c.clerk, c.f.ID, c.f.Debtor)
	c.Bind(agent, c.clerk, c.f.ID, c.f.Creditor)
	here := conversation.Words{ConversationID: id, Text: "您好"}
	of := func(party int64) conversation.Words {
		return conversation.Words{CaseID: c.f.ID, PartyID: party, Text: "您好"}
	}
	read := func(by servicetest.Person) error { _, err := c.s.Thread(ctx, by.Actor, id, 0, 10); return err }
	list := func(by servicetest.Person) error { _, err := c.s.Messages(ctx, by.Actor, c.f.ID, 0, 0, 10); return err }
	settle := func(by servicetest.Person, id int64) error { _, err := c.s.Settle(ctx, by.Actor, id); return err }
	queue := func(by servicetest.Person) error {
		_, err := c.s.Waiting(ctx, by.Actor, model.WaitingFilter{Limit: 10})
		return err
	}
	no := servicetest.No
	c.RefusedAll(
		no("nothing said", model.Invalid, "message.text", "text", c.try(c.debtor, conversation.Words{CaseID: c.f.ID, Text: " \n "})),
		no("too much said", model.Invalid, "message.text", "text", c.try(c.debtor, conversation.Words{ConversationID: id, Text: strings.Repeat("长", 1001)})),
		no("a file of nobody", model.Invalid, "file.unknown", "file_ids", c.try(c.debtor, conversation.Words{ConversationID: id, Text: "见附件", Files: []int64{999999}})),
		no("a stranger writes", model.NotFound, "case.not_found", "", c.try(c.stranger, of(0))),
		no("a stranger writes in it", model.NotFound, "conversation.not_found", "", c.try(c.stranger, here)),
		no("a stranger reads", model.NotFound, "conversation.not_found", "", read(c.stranger)),
		no("a stranger lists", model.NotFound, "case.not_found", "", list(c.stranger)),
		no("the other side reads", model.NotFound, "conversation.not_found", "", read(c.creditor)),
		no("the other side writes in it", model.NotFound, "conversation.not_found", "", c.try(c.creditor, here)),
		no("in the other's name", model.Invalid, "party.unknown", "party_id", c.try(c.debtor, of(c.f.Creditor))),
		no("for whom of two", model.Invalid, "party.ambiguous", "party_id", c.try(agent, of(0))),
		no("the judge to nobody", model.Invalid, "party.unknown", "party_id", c.try(c.judge, of(0))),
		no("another judge writes", model.NotFound, "case.not_found", "", c.try(c.other, of(c.f.Debtor))),
		no("another judge reads", model.NotFound, "conversation.not_found", "", read(c.other)),
		no("another court reads", model.NotFound, "conversation.not_found", "", read(elsewhere)),
		no("another court settles", model.NotFound, "conversation.not_found", "", settle(elsewhere, id)),
		no("nothing is settled", model.NotFound, "conversation.not_found", "", settle(c.judge, 999999)),
		no("a leader writes", model.Forbidden, "role.forbidden", "", c.try(c.leader, here)),
		no("a party settles", model.Forbidden, "role.forbidden", "", settle(c.debtor, id)),
		no("a party asks for the queue", model.Forbidden, "role.forbidden", "", queue(c.debtor)),
		no("an auditor reads", model.Forbidden, "role.forbidden", "", read(auditor)),
		no("an auditor lists", model.Forbidden, "role.forbidden", "", list(auditor)),
	)
	if err := read(c.leader); err != nil {
		t.Errorf("a leader reads: %v", err)
	}
	if page, err := c.s.Messages(ctx, c.creditor.Actor, c.f.ID, 0, 0, 10); err != nil || len(page.Messages) != 0 {
		t.Errorf("the other side reads %+v %v", page, err)
	}
	// An agent of both says for whom.
	if err := c.try(agent, of(c.f.Creditor)); err != nil {
		t.Error(err)
	}
	if page, err := c.s.Messages(ctx, c.creditor.Actor, c.f.ID, 0, 0, 10); err != nil || len(page.Messages) != 1 {
		t.Errorf("whose agent wrote reads %+v %v", page, err)
	}
}

// Somebody outside writes so many messages in a minute, an hour and a day; the
// court writes as it must.
func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	c.SetCourt(func(s *model.CourtSettings) {
		s.MessageLimits = model.MessageLimits{PerMinute: 2, PerHour: 3, PerDay: 4}
	})
	again := conversation.Words{CaseID: c.f.ID, Text: "在吗"}
	id := c.Say(c.debtor, c.f.ID, 0, "在吗").ConversationID
	for i, wait := range []time.Duration{0, 61 * time.Second, 61 * time.Minute} {
		c.Clock.Advance(wait)
		c.Say(c.debtor, c.f.ID, 0, "在吗")
		err := c.try(c.debtor, again)
		c.Refused(err, "message.too_many")
		want := []string{"每分钟最多 2 条", "每小时最多 3 条", "每天最多 4 条"}[i]
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.TooMany || !strings.Contains(e.Message, want) {
			t.Errorf("%+v, want %s", e, want)
		}
		c.Refused(c.try(c.debtor, conversation.Words{ConversationID: id, Text: "在吗"}), "message.too_many")
	}
	for range 5 {
		c.Reply(c.judge, id, "在")
	}
	c.Clock.Advance(24 * time.Hour)
	c.Say(c.debtor, c.f.ID, 0, "在吗")
}

// The same message twice at once is one; both senders of two first messages find
// the same conversation.
func TestTwoMessagesAtOnce(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	words := conversation.Words{CaseID: c.f.ID, PartyID: c.f.Debtor, Text: "您好", Key: servicetest.FreshKey()}
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		m, err := c.s.Say(t.Context(), c.debtor.Actor, words)
		if err != nil {
			return 0, err
		}
		return m.ID, nil
	})
	if page, err := c.s.Messages(t.Context(), c.judge.Actor, c.f.ID, 0, 0, 10); err != nil || len(page.Messages) != 1 || page.Messages[0].ID != id || c.NoticesOf(c.judge, model.NoticeMessageAsked) != 1 {
		t.Errorf("%+v %v", page, err)
	}
	servicetest.TwiceAtOnce(t, func() (int64, error) { // each with a key of its own
		m, err := c.s.Say(t.Context(), c.creditor.Actor, conversation.Words{CaseID: c.f.ID, Text: "您好", Key: servicetest.FreshKey()})
		if err != nil {
			return 0, err
		}
		return m.ConversationID, nil
	})
}

// A message brings files, each once, and only those of its writer.
func TestAMessageBringsItsFiles(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	file, theirs := c.Uploaded(c.debtor, c.f.ID, 1), c.Uploaded(c.creditor, c.f.ID, 2)
	words := conversation.Words{CaseID: c.f.ID, Files: []int64{file}, Key: servicetest.FreshKey()}
	m, err := c.s.Say(t.Context(), c.debtor.Actor, words)
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.s.Written(t.Context(), *m)
	if err != nil || len(page.Files[m.ID]) != 1 || page.Files[m.ID][0].ID != file || page.Hidden(page.Files[m.ID][0]) {
		t.Errorf("%+v %v", page, err)
	}
	c.RefusedAt(c.try(c.debtor, conversation.Words{CaseID: c.f.ID, Text: "再看", Files: []int64{file}}), "file.unknown", "file_ids")
	c.RefusedAt(c.try(c.debtor, conversation.Words{CaseID: c.f.ID, Text: "别人的", Files: []int64{theirs}}), "file.unknown", "file_ids")
	if all, err := c.s.Messages(t.Context(), c.judge.Actor, c.f.ID, 0, 0, 10); err != nil || len(all.Messages) != 1 {
		t.Errorf("what was refused was kept: %+v %v", all, err)
	}
}

// A relative writes with the officer in a conversation of her own, without seeing
// the case or the debtor's; when the officer blocks her she does no more.
func TestARelativeWrites(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t) // Friday, 6 March
	s, ctx := c.Svc.Conversation, t.Context()
	wife, link, id := c.Wife()
	own := c.Say(c.Debtor, c.F.ID, 0, "请问怎么缴款").ConversationID
	if m := c.Reply(wife, id, "我愿意代他缴款"); m.RelativeID != link.ID || m.PartyID != 0 || m.AnswerBy != model.NewDate(2026, 3, 10) {
		t.Errorf("%+v", m)
	}
	if got := waiting(c.World, c.Officer); got != "2026-03-10 王秀英（家属）, 2026-03-10 赵明" {
		t.Errorf("the officer's wait: %q", got)
	}
	if waiting(c.World, c.Judge) != "" || c.NoticesOf(c.Officer, model.NoticeMessageAsked) != 2 || c.NoticesOf(c.Judge, model.NoticeMessageAsked) != 0 {
		t.Errorf("the judge's wait: %q", waiting(c.World, c.Judge))
	}
	read := func(by servicetest.Person, id int64) error { _, err := s.Thread(ctx, by.Actor, id, 0, 10); return err }
	say := func(by servicetest.Person, w conversation.Words) error {
		w.Text, w.Key = "您好", servicetest.FreshKey()
		_, err := s.Say(ctx, by.Actor, w)
		return err
	}
	for _, err := range []error{read(wife, own), read(c.Debtor, id), read(c.Creditor, id), read(c.Judge, id), say(wife, conversation.Words{ConversationID: own})} {
		c.Refused(err, "conversation.not_found")
	}
	c.Refused(say(wife, conversation.Words{CaseID: c.F.ID}), "case.not_found")
	if err := read(c.Judge, own); err != nil { // the party's he may look at
		t.Error(err)
	}
	c.Reply(c.Officer, id, "请汇到案款账户")
	if c.NoticesOf(wife, model.NoticeRelativeReplied) != 1 || c.NoticesOf(c.Debtor, model.NoticeMessageReplied) != 0 {
		t.Errorf("she is told %d times", c.NoticesOf(wife, model.NoticeRelativeReplied))
	}
	th, err := s.Thread(ctx, wife.Actor, id, 0, 10)
	if err != nil || th.Who() != "王秀英" || th.Own || len(th.Messages) != 2 || !strings.Contains(th.CaseNo, "执") {
		t.Errorf("she reads %+v %v", th, err)
	}
	list, err := s.Conversations(ctx, c.Officer.Actor, c.F.ID)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if who, err := s.Relatives(ctx, list); err != nil || len(who) != 1 || who[link.ID].Name != "王秀英" {
		t.Errorf("%+v %v", who, err)
	}

	call := c.ProposeCall(wife, id, slot(9, 9, 30))
	block(c, link)
	for _, err := range []error{read(wife, id), say(wife, conversation.Words{ConversationID: id})} {
		c.Refused(err, "conversation.not_found")
	}
	c.Refused(answered(c.World, wife, call, conversation.CallAnswer{State: model.CallCancelled}), "call.not_found")
	// The officer keeps the record, and what he writes reaches nobody.
	c.Reply(c.Officer, id, "已停止联系")
	if got := states(c.World, c.Officer, id); got != "cancelled" || strings.Contains(todo(c.World, c.Officer), "家属") || c.NoticesOf(wife, model.NoticeRelativeReplied) != 1 {
		t.Errorf("after the block %s; he is to do %q, she is told %d times", got, todo(c.World, c.Officer), c.NoticesOf(wife, model.NoticeRelativeReplied))
	}
	c.Refused(proposed(c.World, c.Officer, conversation.CallProposal{ConversationID: id, At: slot(9, 9, 30)}), "call.not_connected")
}
