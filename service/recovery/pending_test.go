package recovery_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// A backup was made while a decision and an answer could still be taken back. Restored,
// it lets neither take effect by itself: whoever made them is told and does so anew.
func TestARestoredBackupCarriesNothingOut(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx := context.Background()
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("li.li", model.RoleClerk), w.Citizen()
	f := w.File(clerk)
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	r := w.Submit(debtor, f, 60000, 1)
	dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: 60000, IdemKey: servicetest.FreshKey()}
	decision, err := w.Svc.Performance.Decide(ctx, judge.Actor, model.DecideConfirm, dec)
	if err != nil {
		t.Fatal(err)
	}
	talk := w.Say(debtor, f.ID, 0, "收到了吗？").ConversationID
	answer, err := w.Svc.Conversation.Answer(ctx, judge.Actor, conversation.Words{ConversationID: talk, Text: "收到了。", Key: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Hour) // it is restored long after its time
	for range 2 {              // the second goes on where the first was interrupted
		if err := w.Svc.Recovery.Restored(ctx, model.System(), w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	w.CarryOut()
	for _, id := range []int64{decision.ID, answer.ID} {
		v, err := w.Svc.DeskAct.Own(ctx, judge.Actor, id)
		if err != nil || v.State != model.DecisionFailed || v.Problem != model.StoppedRestored {
			t.Errorf("%+v %v", v, err)
		}
	}
	if w.NoticesOf(debtor, model.NoticeReceiptConfirmed) != 0 || w.NoticesOf(debtor, model.NoticeMessageReplied) != 0 {
		t.Error("the debtor was told")
	}
	if w.NoticesOf(judge, model.NoticeDecisionFailed) != 1 || w.NoticesOf(judge, model.NoticeAnswerFailed) != 1 {
		t.Error("the judge does not know")
	}
	// The receipt waits for him; a decision made after the restoring takes effect as any.
	dec.IdemKey = servicetest.FreshKey()
	if _, err := w.Svc.Performance.Decide(ctx, judge.Actor, model.DecideConfirm, dec); err != nil {
		t.Fatal(err)
	}
	w.CarryOut()
	if w.NoticesOf(debtor, model.NoticeReceiptConfirmed) != 1 {
		t.Error("it did not take effect")
	}
}
