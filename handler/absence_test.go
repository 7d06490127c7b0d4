package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
)

// away is what an officer says who is away, with one thing changed.
func away(change ...any) obj {
	o := obj{"substitute": "tong.bx", "from_on": "2026-03-09", "to_on": "2026-03-13", "reason": "外出培训"}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// comes moves the clock and lets the others log in again too.
func (c *coerced) comes(to time.Time, others ...*client) {
	c.t.Helper()
	c.pass(to)
	for _, o := range others {
		o.renew()
	}
}

// What comes while an officer is away reaches his substitute, who answers and
// decides it; before and after it is none of his business. An officer who left
// is answered for in the same way.
func TestASubstituteAnswers(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub, other := c.staff("tong.bx", model.RoleOfficer), c.staff("lu.ning", model.RoleOfficer)
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	talk := fmt.Sprintf("/conversations/%d/messages", matter.id("conversation_id"))
	say := func() { wife.must(http.StatusCreated, post, talk, obj{"text": "请问什么时候可以去缴款？"}) }

	a := c.officer.must(http.StatusCreated, post, "/absences", away())
	if again := c.officer.must(http.StatusCreated, post, "/absences", away()); again.id("id") != a.id("id") || c.audited("absence.add") != 1 {
		t.Errorf("recorded twice: %v", again)
	}
	if a["running"] != false || c.told(sub, "absence") != 1 || c.told(c.officer, "absence") != 0 {
		t.Errorf("%v, the substitute was told %d times", a, c.told(sub, "absence"))
	}
	say()
	if sub.waiting() != "" || c.told(sub, "message.asked") != 0 {
		t.Error("he stands in before it begins")
	}
	sub.refused(gone, "conversation.not_found", get, talk, nil)

	c.comes(at(3, 9, 9), sub, other, wife)
	if got := sub.waiting(); got != c.officer.waiting() || got == "" {
		t.Errorf("the substitute is to answer %q", got)
	}
	sub.must(http.StatusCreated, post, talk, obj{"text": "工作日均可，也可以汇款。"})
	say()
	aunt := c.phone("")
	asked := aunt.must(http.StatusCreated, post, "/relatives", asks("code", c.familyCode(), "name", "王秀兰", "relation", "other"))
	plea := wife.must(http.StatusCreated, post, mine(link, "petitions"), obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	for kind, who := range map[string]*client{"message.asked": sub, "relative.asked": sub, "petition.made": sub} {
		if n := c.told(who, kind); n != 1 {
			t.Errorf("the substitute got %d notices %s", n, kind)
		}
	}
	if list := sub.must(http.StatusOK, get, "/absences", nil).list("absences"); len(list) != 1 || list[0]["running"] != true {
		t.Errorf("the substitute reads %v", list)
	}
	if list := other.must(http.StatusOK, get, "/absences", nil).list("absences"); len(list) != 0 {
		t.Errorf("a colleague reads %v", list)
	}
	decideLink, decidePlea := fmt.Sprintf("/relative-requests/%d/decide", asked.id("id")), fmt.Sprintf("/petitions/%d/decide", plea.id("id"))
	admit, refuse := obj{"state": "admitted", "version": 1}, obj{"state": "refused", "answer": "未被拘留", "version": 1}
	refusedAll(t, []mistake{
		{other, gone, "relative.not_found", post, decideLink, admit, ""},
		{other, gone, "petition.not_found", post, decidePlea, refuse, ""},
		{other, gone, "conversation.not_found", post, talk, obj{"text": "您好"}, ""},
	})
	sub.must(http.StatusOK, post, decideLink, admit)
	sub.must(http.StatusOK, post, decidePlea, refuse)

	// Nobody answers in time.
	c.comes(at(3, 12, 9), sub, other, wife)
	if err := c.svc.Conversation.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*client{c.officer, sub, c.leader} {
		if n := c.told(who, "message.late"); n != 1 {
			t.Errorf("%s was told %d times that it is late", who.name, n)
		}
	}

	// He is back a day early.
	end := fmt.Sprintf("/absences/%d/end", a.id("id"))
	sub.refused(gone, "absence.not_found", post, end, obj{})
	for range 2 {
		if a = c.officer.must(http.StatusOK, post, end, obj{}); a["over"] != true {
			t.Error(a)
		}
	}
	if c.told(sub, "absence") != 2 || c.audited("absence.end") != 1 {
		t.Errorf("told %d times, recorded %d", c.told(sub, "absence"), c.audited("absence.end"))
	}
	c.officer.must(http.StatusCreated, post, talk, obj{"text": "我已返岗。"})
	say()
	if sub.waiting() != "" || c.told(sub, "message.asked") != 1 {
		t.Error("he stands in after its end")
	}
	sub.refused(gone, "conversation.not_found", post, talk, obj{"text": "您好"})

	// The leader says so for one who falls ill, and never comes back.
	a = c.leader.must(http.StatusCreated, post, "/absences", away("officer", "ji.fg", "from_on", "2026-03-12", "to_on", "2026-04-30", "reason", "病假"))
	if a["running"] != true || c.told(c.officer, "absence") != 1 {
		t.Errorf("%v, he was told %d times", a, c.told(c.officer, "absence"))
	}
	code := c.familyCode()
	if err := c.svc.Identity.DisableStaff(context.Background(), model.System(), c.court.ID, "ji.fg"); err != nil {
		t.Fatal(err)
	}
	sub.must(http.StatusCreated, post, talk, obj{"text": "由我答复您。"})
	uncle := c.phone("")
	asked = uncle.must(http.StatusCreated, post, "/relatives", asks("code", code, "name", "王建国", "relation", "other"))
	if n := c.told(sub, "relative.asked"); n != 2 {
		t.Errorf("the substitute got %d requests", n)
	}
	c.leader.must(http.StatusOK, post, fmt.Sprintf("/absences/%d/end", a.id("id")), obj{})
	say()
	sub.refused(gone, "conversation.not_found", post, talk, obj{"text": "您好"})
	other.must(http.StatusOK, post, fmt.Sprintf("/relative-requests/%d/decide", asked.id("id")), obj{"state": "declined", "reason": "请与新承办人联系", "version": 1})
}

func TestAbsencesRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub := c.staff("tong.bx", model.RoleOfficer)
	c.staff("lu.ning", model.RoleOfficer)
	admin := c.staff("shen.ji", model.RoleAdmin)
	c.officer.must(http.StatusCreated, post, "/absences", away())
	refusedAll(t, []mistake{
		{c.leader, bad, "absence.officer", post, "/absences", away(), "officer"},
		{admin, bad, "absence.officer", post, "/absences", away("officer", "zhang.min"), "officer"},
		{sub, bad, "absence.officer", post, "/absences", away("officer", "ji.fg"), "officer"},
		{c.officer, bad, "absence.substitute", post, "/absences", away("substitute", "zhang.min"), "substitute"},
		{c.officer, bad, "absence.substitute", post, "/absences", away("substitute", "nobody"), "substitute"},
		{c.officer, bad, "absence.self", post, "/absences", away("substitute", "ji.fg"), "substitute"},
		{c.officer, bad, "absence.days", post, "/absences", away("to_on", "2026-03-08"), "to_on"},
		{c.officer, bad, "absence.days", post, "/absences", away("from_on", "2026-03-01", "to_on", "2026-03-05"), "to_on"},
		{c.officer, bad, "absence.too_long", post, "/absences", away("to_on", "2026-06-30"), "to_on"},
		{c.officer, bad, "reason.required", post, "/absences", away("reason", " "), "reason"},
		{c.officer, clash, "absence.overlaps", post, "/absences", away("to_on", "2026-03-20"), ""},
		{sub, clash, "absence.substitute_away", post, "/absences", away("substitute", "ji.fg"), ""},
		{c.officer, gone, "absence.not_found", post, "/absences/999999/end", obj{}, ""},
	})

	// Two at once: one is away.
	var wg sync.WaitGroup
	status := make([]int, 2)
	for i, who := range []string{"tong.bx", "ji.fg"} {
		wg.Go(func() {
			status[i] = admin.call(post, "/absences", away("officer", who, "substitute", "lu.ning", "from_on", "2026-03-16", "to_on", "2026-03-20")).status
		})
	}
	wg.Wait()
	if status[0] != http.StatusCreated || status[1] != http.StatusCreated {
		t.Errorf("two officers with one substitute: %v", status)
	}
	for i, until := range []string{"2026-03-27", "2026-03-28"} {
		wg.Go(func() {
			status[i] = admin.call(post, "/absences", away("officer", "ji.fg", "substitute", "lu.ning", "from_on", "2026-03-23", "to_on", until)).status
		})
	}
	wg.Wait()
	if status[0]+status[1] != http.StatusCreated+clash {
		t.Errorf("two at once: %v", status)
	}
}

// The desk's form says what is wrong and keeps what was typed.
func TestAbsenceOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.staff("tong.bx", model.RoleOfficer)
	v := c.visitor(c.officer)
	form := url.Values{"substitute": {"tong.bx"}, "from_on": {"2026-03-09"}, "to_on": {"2026-03-08"}, "reason": {"外出培训"}}
	if res, body := v.send(post, "/absence", form, nil); res.StatusCode != bad || !strings.Contains(body, "结束日期不能早于开始日期") || !strings.Contains(body, "外出培训") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	form.Set("to_on", "2026-03-13")
	if res, _ := v.send(post, "/absence", form, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	list := c.officer.must(http.StatusOK, get, "/absences", nil).list("absences")
	if _, body := v.send(get, "/absence", nil, nil); len(list) != 1 || !strings.Contains(body, "结束代理") {
		t.Fatalf("%v %s", list, body)
	}
	if res, _ := v.send(post, fmt.Sprintf("/absence/%d/end", list[0].id("id")), url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if list := c.leader.must(http.StatusOK, get, "/absences", nil).list("absences"); len(list) != 0 {
		t.Error(list)
	}
}
