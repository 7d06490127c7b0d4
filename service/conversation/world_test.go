package conversation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/relative"
	"microcourt/service/servicetest"
)

// talk is a case whose judge and parties write to each other. It is Monday, 2
// March 2026, ten in the morning.
type talk struct {
	*servicetest.World
	s                                                       *conversation.Service
	judge, other, clerk, leader, debtor, creditor, stranger servicetest.Person
	f                                                       servicetest.Filed
}

func newTalk(t *testing.T) *talk {
	t.Helper()
	return newTalkWith(t, nil)
}

func newTalkWith(t *testing.T, prepare func(*servicetest.World)) *talk {
	t.Helper()
	w := servicetest.NewWith(t, prepare)
	w.Clock.Set(servicetest.At(3, 2, 10))
	c := &talk{
		World: w, s: w.Svc.Conversation, judge: w.Staff("zhang.min", model.RoleJudge), other: w.Staff("ji.wei", model.RoleJudge), clerk: w.Staff("li.li", model.RoleClerk),
		leader: w.Staff("chen.zj", model.RoleLeader), debtor: w.Citizen(), creditor: w.Citizen(), stranger: w.Citizen(),
	}
	c.f = w.File(c.clerk)
	w.Bind(c.debtor, c.clerk, c.f.ID, c.f.Debtor)
	w.Bind(c.creditor, c.clerk, c.f.ID, c.f.Creditor)
	return c
}

// try is why somebody cannot say something.
func (c *talk) try(by servicetest.Person, w conversation.Words) error {
	w.Key = servicetest.FreshKey()
	_, err := c.s.Say(c.T.Context(), by.Actor, w)
	return err
}

// waiting is what waits for somebody's answer, e.g. "2026-03-04 李某".
func waiting(w *servicetest.World, by servicetest.Person) string {
	w.T.Helper()
	list, err := w.Svc.Conversation.Waiting(w.T.Context(), by.Actor, model.WaitingFilter{Limit: 20})
	if err != nil {
		w.T.Fatal(err)
	}
	var out []string
	for _, l := range list {
		out = append(out, l.AnswerBy.String()+" "+l.Party)
	}
	return strings.Join(out, ", ")
}

// todo are the calls that somebody is to make or to answer about, with the hour at which each is due.
func todo(w *servicetest.World, by servicetest.Person) string {
	w.T.Helper()
	var out []string
	for _, l := range w.OpenTasks(by) {
		if l.Kind == model.TaskCallBack {
			out = append(out, l.DueAt.In(model.CourtZone).Format("1-2 15:04 ")+l.Title)
		}
	}
	return strings.Join(out, ", ")
}

// handOver gives the case to another judge.
func (c *talk) handOver(to servicetest.Person) {
	c.T.Helper()
	d, err := c.Svc.Filing.Case(c.T.Context(), c.judge.Actor, c.f.ID, false)
	if err == nil {
		err = c.Svc.Filing.HandOver(c.T.Context(), c.judge.Actor, c.f.ID, d.Case.Version, to.Login, "调岗")
	}
	if err != nil {
		c.T.Fatal(err)
	}
}

// slot is a time of day in March 2026.
func slot(day, hour, minute int) time.Time {
	return servicetest.At(3, day, hour).Add(time.Duration(minute) * time.Minute)
}

func proposed(w *servicetest.World, by servicetest.Person, p conversation.CallProposal) error {
	p.Key = servicetest.FreshKey()
	_, err := w.Svc.Conversation.ProposeCall(context.Background(), by.Actor, p)
	return err
}

func answered(w *servicetest.World, by servicetest.Person, k *model.CallBack, a conversation.CallAnswer) error {
	if a.Version == 0 {
		a.Version = k.Version
	}
	_, err := w.Svc.Conversation.AnswerCall(context.Background(), by.Actor, k.ID, a)
	return err
}

// states are a conversation's calls as somebody sees them, the newest first.
func states(w *servicetest.World, by servicetest.Person, id int64) string {
	w.T.Helper()
	list, err := w.Svc.Conversation.Calls(context.Background(), by.Actor, id)
	if err != nil {
		w.T.Fatal(err)
	}
	var out []string
	for _, k := range list {
		out = append(out, string(k.State))
	}
	return strings.Join(out, " ")
}

// block ends the link to a relative for good.
func block(c *servicetest.Coerced, link *model.Relative) {
	c.T.Helper()
	_, err := c.Svc.Relative.Decide(c.T.Context(), c.Officer.Actor, link.ID, relative.Decision{State: model.RelativeBlocked, Reason: "辱骂工作人员", Version: link.Version})
	if err != nil {
		c.T.Fatal(err)
	}
}
