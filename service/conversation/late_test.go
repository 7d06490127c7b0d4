package conversation_test

import (
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// What the court did not answer in time is told to the owner, his substitute and
// the leaders, once; an answer starts all anew.
func TestALateAnswerReachesTheLeaders(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t) // Friday, 6 March
	s, ctx := c.Svc.Conversation, t.Context()
	sub, other := c.Staff("tong.bx", model.RoleOfficer), c.Staff("lu.ning", model.RoleOfficer)
	both := c.Staff("liang.yz", model.RoleLeader, model.RoleOfficer)
	id := c.Say(c.Debtor, c.F.ID, 0, "请问可以分期吗？").ConversationID // to be answered by Tuesday
	thanks := c.Say(c.Creditor, c.F.ID, 0, "谢谢").ConversationID
	told := func(want int) {
		t.Helper()
		var wg sync.WaitGroup
		for range 3 { // processes of one court
			wg.Go(func() {
				if err := s.Pass(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		c.TalksPass()
		for _, who := range []servicetest.Person{c.Officer, sub, c.Leader, both} {
			if n := c.NoticesOf(who, model.NoticeMessageLate); n != want {
				t.Errorf("%s is told %d times, want %d", who.Login, n, want)
			}
		}
		for _, who := range []servicetest.Person{other, c.Judge, c.Clerk, c.Debtor} {
			if n := c.NoticesOf(who, model.NoticeMessageLate); n != 0 {
				t.Errorf("somebody is told %d times whom it does not concern", n)
			}
		}
	}
	c.Away(c.Officer, sub, model.NewDate(2026, 3, 9), model.NewDate(2026, 3, 31))
	if _, err := s.Settle(ctx, c.Officer.Actor, thanks); err != nil { // needs no answer
		t.Fatal(err)
	}
	c.Clock.Set(slot(10, 23, 59))
	told(0)
	c.Clock.Set(slot(11, 0, 1))
	told(1)
	c.Reply(c.Debtor, id, "请尽快答复") // still the same delay
	told(1)
	c.Reply(sub, id, "可以分三期")
	c.Reply(c.Debtor, id, "怎么办理？") // by Friday
	told(1)
	c.Clock.Set(slot(14, 9, 0))
	told(2)
}
