package conversation_test

import (
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/deskact"
	"microcourt/service/servicetest"
)

// answers is an answer at the desk, which can be taken back.
func (c *talk) answers(by servicetest.Person, id int64, text string) *model.DeskAct {
	c.T.Helper()
	d, err := c.s.Answer(c.T.Context(), by.Actor, conversation.Words{ConversationID: id, Text: text, Key: servicetest.FreshKey()})
	if err != nil {
		c.T.Fatal(err)
	}
	return d
}

// read are the words of a conversation as somebody reads them, the oldest first.
func (c *talk) read(by servicetest.Person, id int64) string {
	c.T.Helper()
	th, err := c.s.Thread(c.T.Context(), by.Actor, id, 0, 20)
	if err != nil {
		c.T.Fatal(err)
	}
	var out []string
	for _, m := range th.Messages {
		out = append([]string{m.Body}, out...)
	}
	for _, u := range th.Unsent {
		out = append(out, u.Text+"?")
	}
	return strings.Join(out, " ")
}

func (c *talk) pass() {
	c.T.Helper()
	if err := c.Svc.DeskAct.Pass(c.T.Context()); err != nil {
		c.T.Fatal(err)
	}
}

// An answer at the desk is an entry at once and nothing else: the list is done with it,
// the other side sees nothing and is told of nothing. When its time is over it is sent.
func TestAnAnswerWaitsBeforeTheOtherSideSeesIt(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	ctx := t.Context()
	id := c.Say(c.debtor, c.f.ID, 0, "可以分期吗？").ConversationID
	file := c.Uploaded(c.judge, c.f.ID, 3)
	words := conversation.Words{ConversationID: id, Text: "可以。", Files: []int64{file}, Key: servicetest.FreshKey()}
	d, err := c.s.Answer(ctx, c.judge.Actor, words)
	if err != nil || d.State != model.DecisionPending || d.EndsAt.Sub(d.MadeAt) != c.UndoFor {
		t.Fatalf("%+v %v", d, err)
	}
	if again, err := c.s.Answer(ctx, c.judge.Actor, words); err != nil || again.ID != d.ID {
		t.Errorf("a repeat is %+v %v", again, err)
	}
	if c.Audited(model.AuditMessageAnswer) != 1 || c.Audited(model.AuditMessageSay) != 1 || waiting(c.World, c.judge) != "" {
		t.Errorf("%q waits", waiting(c.World, c.judge))
	}
	unseen := func() {
		t.Helper()
		if got := c.read(c.debtor, id); got != "可以分期吗？" || c.NoticesOf(c.debtor, model.NoticeMessageReplied) != 0 {
			t.Errorf("the debtor reads %q", got)
		}
	}
	unseen()
	if got := c.read(c.clerk, id); got != "可以分期吗？ 可以。?" {
		t.Errorf("the clerk reads %q", got)
	}
	c.Clock.Advance(29 * time.Second)
	c.pass()
	unseen()
	c.Clock.Advance(time.Second)
	c.pass()
	c.pass()
	if got := c.read(c.debtor, id); got != "可以分期吗？ 可以。" || c.NoticesOf(c.debtor, model.NoticeMessageReplied) != 1 {
		t.Errorf("the debtor reads %q", got)
	}
	page, err := c.s.Messages(ctx, c.debtor.Actor, c.f.ID, 0, 0, 1)
	if err != nil || len(page.Files[page.Messages[0].ID]) != 1 {
		t.Errorf("%+v %v", page, err)
	}
	_, err = c.Svc.DeskAct.Undo(ctx, c.judge.Actor, d.ID)
	c.Refused(err, "decision.late")
	if v, err := c.Svc.DeskAct.Own(ctx, c.judge.Actor, d.ID); err != nil || !strings.Contains(v.Sentence(), "已经发出") {
		t.Errorf("%+v %v", v, err)
	}
	c.Refused(func() error { _, err := c.s.Answer(ctx, c.debtor.Actor, words); return err }(), "role.forbidden")
	_, err = c.s.Answer(ctx, c.other.Actor, conversation.Words{ConversationID: id, Text: "不", Key: servicetest.FreshKey()})
	c.Refused(err, "conversation.not_found")
	c.RecountConversations()
}

// Each answer has its own time: the second, taken back, neither sends nor stops the
// first, and nothing says that it was sent. What was not answered waits again.
func TestAnAnswerIsTakenBack(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	ctx := t.Context()
	id := c.Say(c.debtor, c.f.ID, 0, "可以分期吗？").ConversationID
	undo := func(by servicetest.Person, d *model.DeskAct) error {
		_, err := c.Svc.DeskAct.Undo(ctx, by.Actor, d.ID)
		return err
	}
	alone := c.answers(c.judge, id, "不可以。")
	c.Refused(undo(c.clerk, alone), "decision.not_found")
	for range 2 {
		if err := undo(c.judge, alone); err != nil {
			t.Fatal(err)
		}
	}
	if waiting(c.World, c.judge) != "2026-03-04 甬兴建材有限公司" || c.Audited(model.AuditDeskActUndo) != 1 {
		t.Errorf("%q waits", waiting(c.World, c.judge))
	}
	first := c.answers(c.judge, id, "可以。")
	c.Clock.Advance(10 * time.Second)
	second := c.answers(c.judge, id, "分三期。")
	if v, err := c.Svc.DeskAct.Last(ctx, c.judge.Actor); err != nil || v == nil || v.ID != second.ID {
		t.Errorf("%+v %v", v, err)
	}
	c.Clock.Advance(10 * time.Second)
	if err := undo(c.judge, second); err != nil {
		t.Fatal(err)
	}
	c.Clock.Advance(10 * time.Second)
	c.pass()
	c.Refused(undo(c.judge, first), "decision.late")
	c.CarryOut()
	if got := c.read(c.debtor, id); got != "可以分期吗？ 可以。" || c.NoticesOf(c.debtor, model.NoticeMessageReplied) != 1 {
		t.Errorf("the debtor reads %q", got)
	}
	if v, err := c.Svc.DeskAct.Own(ctx, c.judge.Actor, second.ID); err != nil || strings.Contains(v.Sentence(), "已经发出") || !strings.Contains(v.Sentence(), "对方没有看到") {
		t.Errorf("%+v %v", v, err)
	}
}

// What the other side asks while an answer can be taken back is not answered by it: its
// clock goes on and its owner is told.
func TestAskedWhileAnAnswerWaits(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	id := c.Say(c.debtor, c.f.ID, 0, "可以分期吗？").ConversationID
	c.answers(c.judge, id, "可以。")
	c.Clock.Advance(10 * time.Second)
	c.Say(c.debtor, c.f.ID, 0, "最多几期？")
	c.CarryOut()
	if got := c.read(c.debtor, id); got != "可以分期吗？ 最多几期？ 可以。" {
		t.Errorf("the debtor reads %q", got)
	}
	if waiting(c.World, c.judge) != "2026-03-04 甬兴建材有限公司" || c.NoticesOf(c.judge, model.NoticeMessageAsked) != 2 {
		t.Errorf("%q waits, the judge was told %d times", waiting(c.World, c.judge), c.NoticesOf(c.judge, model.NoticeMessageAsked))
	}
	c.RecountConversations()
	// The first words between them are the court's, and are asked about at once.
	begun, err := c.s.Answer(t.Context(), c.judge.Actor, conversation.Words{CaseID: c.f.ID, PartyID: c.f.Creditor, Text: "请提供账户。", Key: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	c.Say(c.creditor, c.f.ID, 0, "何时付款？")
	c.CarryOut()
	if got := c.read(c.creditor, begun.ConversationID); got != "何时付款？ 请提供账户。" || !strings.Contains(waiting(c.World, c.judge), "李某") {
		t.Errorf("the creditor reads %q, %q waits", got, waiting(c.World, c.judge))
	}
	c.RecountConversations()
}

// The program is killed and the case goes to another judge before the time is over: the
// next program sends the answer under the name of whoever wrote it.
func TestAnAnswerOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	id := c.Say(c.debtor, c.f.ID, 0, "可以分期吗？").ConversationID
	c.answers(c.judge, id, "可以。")
	c.handOver(c.other)
	next := deskact.New(c.DB, nil, conversation.New(c.DB, conversation.Config{}))
	c.Clock.Advance(time.Hour)
	for range 2 {
		if err := next.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	th, err := c.s.Thread(t.Context(), c.other.Actor, id, 0, 10)
	if err != nil || len(th.Messages) != 2 || th.Messages[0].UserID != c.judge.UserID || c.NoticesOf(c.debtor, model.NoticeMessageReplied) != 1 {
		t.Errorf("%+v %v", th, err)
	}
	// With the time turned off the desk answers at once.
	now := conversation.New(c.DB, conversation.Config{})
	if d, err := now.Answer(t.Context(), c.other.Actor, conversation.Words{ConversationID: id, Text: "已定。", Key: servicetest.FreshKey()}); err != nil || d.State != model.DecisionCarriedOut {
		t.Errorf("%+v %v", d, err)
	}
	if got := c.read(c.debtor, id); got != "可以分期吗？ 可以。 已定。" {
		t.Errorf("the debtor reads %q", got)
	}
}
