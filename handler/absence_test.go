package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// comes moves the clock and lets the others log in again too.
func (c *coerced) comes(to time.Time, others ...*handlertest.Client) {
	c.T.Helper()
	c.pass(to)
	for _, o := range others {
		o.Renew()
	}
}

// The desk's form says what is wrong and keeps what was typed; while it lasts the
// substitute finds the officer's work on his own pages.
func TestAbsenceOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub := c.Staff("tong.bx", model.RoleOfficer)
	wife, link := c.relative("admitted")
	v := c.Visitor(c.officer)
	form := url.Values{"substitute": {"tong.bx"}, "from_on": {"2026-03-09"}, "to_on": {"2026-03-08"}, "reason": {"外出培训"}}
	if res, body := v.Send(handlertest.Post, "/absence", form, nil); res.StatusCode != handlertest.Bad || !strings.Contains(body, "结束日期不能早于开始日期") || !strings.Contains(body, "外出培训") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	form.Set("to_on", "2026-03-13")
	if res, _ := v.Send(handlertest.Post, "/absence", form, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	list, err := c.Svc.Absence.List(t.Context(), c.officer.Actor())
	if _, body := v.Send(handlertest.Get, "/absence", nil, nil); err != nil || len(list) != 1 || !strings.Contains(body, "结束代理") {
		t.Fatalf("%v %v %s", list, err, body)
	}
	wife.Must(http.StatusCreated, handlertest.Post, talkOf(c.matter(wife, link).ID("conversation_id")), handlertest.Obj{"at": slot(9, 14, 0)})
	c.comes(at(3, 9, 9), sub)
	his, family := c.Visitor(sub), fmt.Sprintf("/enforcement/%d", c.id)
	his.Sees("/tasks", "答复回电请求", "去办理")
	his.Sees(family+"/family", "代被执行人记录")
	his.Does(http.StatusSeeOther, family+"/petitions", "petition_made", url.Values{
		"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(c.f.Debtor)}, "kind": {"remorse"}, "text": {"本人已认识到错误，保证按期履行。"},
	})
	v = c.Visitor(c.officer)
	if res, _ := v.Send(handlertest.Post, fmt.Sprintf("/absence/%d/end", list[0].ID), url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if list, err = c.Svc.Absence.List(t.Context(), c.leader.Actor()); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}
