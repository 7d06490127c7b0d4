package conversation_test

import (
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/storage/storagetest"
)

// Each side sees until where the other read: read is opened. A list that was
// fetched, a look of the leader or of one's own side marks nothing, and a mark says
// nothing of what came afterwards.
func TestEachSideSeesUntilWhereTheOtherRead(t *testing.T) {
	t.Parallel()
	c := newTalk(t)
	ctx := t.Context()
	question := c.Say(c.debtor, c.f.ID, 0, "款项可以汇到法院账户吗？")
	read := func(by servicetest.Person, id int64) *time.Time {
		t.Helper()
		page, err := c.s.Messages(ctx, by.Actor, c.f.ID, c.f.Debtor, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			if m.ID == id {
				return page.ReadAt(m)
			}
		}
		t.Fatalf("message %d is not there", id)
		return nil
	}
	open := func(by servicetest.Person, id int64) error {
		return c.s.Opened(ctx, by.Actor, question.ConversationID, id)
	}
	if err := open(c.debtor, question.ID); err != nil { // his own side
		t.Fatal(err)
	}
	if err := open(c.leader, question.ID); err != nil { // who looks on
		t.Fatal(err)
	}
	if at := read(c.debtor, question.ID); at != nil {
		t.Errorf("read at %v before anybody of the court opened it", at)
	}
	c.Refused(open(c.creditor, question.ID), "conversation.not_found")
	c.Refused(open(c.other, question.ID), "conversation.not_found")
	c.Refused(open(c.judge, 999), "message.not_found")
	c.Clock.Advance(time.Hour)
	at := c.Clock.Now().UTC()
	for range 2 {
		if err := open(c.judge, question.ID); err != nil {
			t.Fatal(err)
		}
		c.Clock.Advance(time.Hour) // the first time stays
	}
	if got := read(c.debtor, question.ID); got == nil || !got.Equal(at) {
		t.Errorf("read at %v, want %v", got, at)
	}
	answer := c.Reply(c.judge, question.ConversationID, "可以。")
	if got := read(c.judge, answer.ID); got != nil {
		t.Errorf("the debtor read at %v what he did not open", got)
	}
	if err := open(c.debtor, question.ID); err != nil { // an old page
		t.Fatal(err)
	}
	if got := read(c.judge, answer.ID); got != nil {
		t.Errorf("an old page read at %v what it does not have", got)
	}
	if err := open(c.debtor, answer.ID); err != nil {
		t.Fatal(err)
	}
	if got := read(c.judge, answer.ID); got == nil || !got.Equal(c.Clock.Now().UTC()) {
		t.Errorf("read at %v", got)
	}
	var n int
	if err := storagetest.Raw(t, c.DSN).QueryRow("SELECT COUNT(*) FROM conversation_reads").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d marks, %v", n, err)
	}
	if c.NoticesOf(c.judge, model.NoticeMessageAsked) != 1 {
		t.Error("a mark tells somebody")
	}
}
