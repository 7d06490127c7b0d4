package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/service/absence"

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

// What comes while an officer is away reaches his substitute, who answers and
// decides it; before and after it is none of his business. An officer who left
// is answered for in the same way.
func TestASubstituteAnswers(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub, other := c.Staff("tong.bx", model.RoleOfficer), c.Staff("lu.ning", model.RoleOfficer)
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	talk := fmt.Sprintf("/conversations/%d/messages", matter.ID("conversation_id"))
	say := func() {
		wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "请问什么时候可以去缴款？"})
	}

	a := c.officer.Away(absence.Away{})
	if c.told(sub, "absence") != 1 || c.told(c.officer, "absence") != 0 {
		t.Errorf("%v, the substitute was told %d times", a, c.told(sub, "absence"))
	}
	say()
	if sub.Waiting() != "" || c.told(sub, "message.asked") != 0 {
		t.Error("he stands in before it begins")
	}
	sub.Refused(handlertest.Gone, "conversation.not_found", handlertest.Get, talk, nil)

	c.comes(at(3, 9, 9), sub, other, wife)
	if got := sub.Waiting(); got != c.officer.Waiting() || got == "" {
		t.Errorf("the substitute is to answer %q", got)
	}
	sub.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "工作日均可，也可以汇款。"})
	say()
	aunt := c.Phone("")
	asked := aunt.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", c.familyCode(), "name", "王秀兰", "relation", "other"))
	plea := wife.Must(http.StatusCreated, handlertest.Post, mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	for kind, who := range map[string]*handlertest.Client{"message.asked": sub, "relative.asked": sub, "petition.made": sub} {
		if n := c.told(who, kind); n != 1 {
			t.Errorf("the substitute got %d notices %s", n, kind)
		}
	}
	decideLink, decidePlea := fmt.Sprintf("/relative-requests/%d/decide", asked.ID("id")), fmt.Sprintf("/petitions/%d/decide", plea.ID("id"))
	admit, refuse := handlertest.Obj{"state": "admitted", "version": 1}, handlertest.Obj{"state": "refused", "answer": "未被拘留", "version": 1}
	refusedAll(t, []mistake{
		{other, handlertest.Gone, "relative.not_found", handlertest.Post, decideLink, admit, ""},
		{other, handlertest.Gone, "petition.not_found", handlertest.Post, decidePlea, refuse, ""},
		{other, handlertest.Gone, "conversation.not_found", handlertest.Post, talk, handlertest.Obj{"text": "您好"}, ""},
	})
	sub.Must(http.StatusOK, handlertest.Post, decideLink, admit)
	sub.Must(http.StatusOK, handlertest.Post, decidePlea, refuse)

	// Nobody answers in time.
	c.comes(at(3, 12, 9), sub, other, wife)
	if err := c.Svc.Conversation.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*handlertest.Client{c.officer, sub, c.leader} {
		if n := c.told(who, "message.late"); n != 1 {
			t.Errorf("%s was told %d times that it is late", who.Name, n)
		}
	}

	// He is back a day early.
	c.officer.IsBack(a)
	c.officer.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "我已返岗。"})
	say()
	if sub.Waiting() != "" || c.told(sub, "message.asked") != 1 {
		t.Error("he stands in after its end")
	}
	sub.Refused(handlertest.Gone, "conversation.not_found", handlertest.Post, talk, handlertest.Obj{"text": "您好"})

	// The leader says so for one who falls ill, and never comes back.
	a = c.leader.Away(absence.Away{Officer: "ji.fg", FromOn: model.NewDate(2026, 3, 12), ToOn: model.NewDate(2026, 4, 30), Reason: "病假"})
	code := c.familyCode()
	if err := c.Svc.Identity.DisableStaff(context.Background(), model.System(), c.Court.ID, "ji.fg"); err != nil {
		t.Fatal(err)
	}
	sub.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "由我答复您。"})
	uncle := c.Phone("")
	asked = uncle.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", code, "name", "王建国", "relation", "other"))
	if n := c.told(sub, "relative.asked"); n != 2 {
		t.Errorf("the substitute got %d requests", n)
	}
	c.leader.IsBack(a)
	say()
	sub.Refused(handlertest.Gone, "conversation.not_found", handlertest.Post, talk, handlertest.Obj{"text": "您好"})
	other.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/relative-requests/%d/decide", asked.ID("id")), handlertest.Obj{"state": "declined", "reason": "请与新承办人联系", "version": 1})
}

// The desk's form says what is wrong and keeps what was typed.
func TestAbsenceOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.Staff("tong.bx", model.RoleOfficer)
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
	if res, _ := v.Send(handlertest.Post, fmt.Sprintf("/absence/%d/end", list[0].ID), url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if list, err = c.Svc.Absence.List(t.Context(), c.leader.Actor()); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}
