package browser_test

import (
	"context"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/enforcement"
)

// coerced is an enforcement case against a person whose term to pay is over.
type coerced struct {
	*handlertest.World
	officer, leader *handlertest.Client
	f               handlertest.Filed
	id              int64 // of the enforcement case
}

func newCoerced(t *testing.T) *coerced {
	t.Helper()
	w := handlertest.New(t)
	w.Clock.Set(time.Date(2026, 3, 2, 10, 0, 0, 0, model.CourtZone))
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	c := &coerced{World: w, officer: w.Staff("ji.fg", model.RoleOfficer), leader: w.Staff("chen.zj", model.RoleLeader)}
	c.f = w.FileInput(clerk, handlertest.PersonInput(nil))
	c.id, _ = w.EnforceOn(clerk, c.f, "ji.fg", model.NewDate(2026, 3, 1))
	w.Clock.Set(time.Date(2026, 3, 6, 10, 0, 0, 0, model.CourtZone)) // the term of the 执行通知 ended on the 5th
	c.officer.Renew()
	c.leader.Renew()
	if err := w.Svc.Enforcement.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	return c
}

// propose enters a measure of the officer that the law allows.
func (c *coerced) propose(p enforcement.Proposal) *model.Measure {
	c.T.Helper()
	p.EnforcementCaseID, p.PartyID, p.IdemKey = c.id, c.f.Debtor, handlertest.FreshKey()
	p.Answers = p.Kind.Allowing()
	p.Resistance, p.Facts = model.ResistEvade, "收到执行通知后将车辆无偿转让他人。"
	m, err := c.Svc.Enforcement.ProposeMeasure(context.Background(), c.officer.ActorOf(model.RoleOfficer), p)
	if err != nil {
		c.T.Fatal(err)
	}
	return m
}
