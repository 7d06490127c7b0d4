package conversation_test

import (
	"testing"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/servicetest"
)

// A COMMIT or its answer is lost while somebody writes: he has written once, or
// is told that nobody knows and has written once when he tries again.
func TestAMessageWhoseCommitIsLost(t *testing.T) {
	t.Parallel()
	var judge, clerk servicetest.Person
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if judge.Login == "" {
			judge, clerk = w.Staff("zhang.min", model.RoleJudge), w.Staff("li.li", model.RoleClerk)
		}
		debtor, f := w.Citizen(), w.File(clerk)
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		words := conversation.Words{CaseID: f.ID, Text: "您好", Key: servicetest.FreshKey()}
		before := w.NoticesOf(judge, model.NoticeMessageAsked)
		return func() (int64, error) {
				m, err := w.Svc.Conversation.Say(t.Context(), debtor.Actor, words)
				if err != nil {
					return 0, err
				}
				return m.ID, nil
			}, func(id int64) {
				page, err := w.Svc.Conversation.Messages(t.Context(), judge.Actor, f.ID, 0, 0, 10)
				if err != nil || len(page.Messages) != 1 || page.Messages[0].ID != id || w.NoticesOf(judge, model.NoticeMessageAsked) != before+1 {
					t.Errorf("the judge reads %+v %v, told %d times", page, err, w.NoticesOf(judge, model.NoticeMessageAsked)-before)
				}
			}
	})
}

// The same with a request for a call, which is one.
func TestACallWhoseCommitIsLost(t *testing.T) {
	t.Parallel()
	var judge, clerk servicetest.Person
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if judge.Login == "" {
			w.Clock.Set(servicetest.At(3, 2, 10))
			judge, clerk = w.Staff("zhang.min", model.RoleJudge), w.Staff("li.li", model.RoleClerk)
		}
		debtor, f := w.Citizen(), w.File(clerk)
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		id := w.Say(debtor, f.ID, 0, "请回电").ConversationID
		ask := asks{ConversationID: id, At: slot(4, 9, 30), Key: servicetest.FreshKey()}
		return func() (int64, error) {
				k, err := w.Svc.Conversation.ProposeCall(t.Context(), debtor.Actor, ask)
				if err != nil {
					return 0, err
				}
				return k.ID, nil
			}, func(call int64) {
				list, err := w.Svc.Conversation.Calls(t.Context(), judge.Actor, id)
				if err != nil || len(list) != 1 || list[0].ID != call || len(list[0].Steps) != 1 {
					t.Errorf("the calls are %+v %v", list, err)
				}
			}
	})
}

// The record of a conversation is one paper, whichever COMMIT of its making is
// lost.
func TestARecordWhoseCommitIsLost(t *testing.T) {
	t.Parallel()
	var judge, clerk servicetest.Person
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if judge.Login == "" {
			judge, clerk = w.Staff("zhang.min", model.RoleJudge), w.Staff("li.li", model.RoleClerk)
		}
		debtor, f := w.Citizen(), w.File(clerk)
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		id := w.Say(debtor, f.ID, 0, "您好").ConversationID
		record := func(by servicetest.Person) (int64, error) {
			d, err := w.Svc.Paper.RecordConversation(t.Context(), by.Actor, id)
			if err != nil {
				return 0, err
			}
			return d.ID, nil
		}
		return func() (int64, error) { return record(judge) }, func(paper int64) {
			if same, err := record(clerk); err != nil || same != paper {
				t.Errorf("the clerk's paper is %d %v, the judge's %d", same, err, paper)
			}
		}
	})
}
