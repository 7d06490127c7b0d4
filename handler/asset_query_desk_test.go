package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// Queries and liaisons on the desk, as forms without scripts send them: the
// officer asks, the leader decides, the answer is recorded; the roster, a code
// that is shown once, a request and its end.
func TestDeskQueriesAndLiaisons(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("yuan.zhang", model.RoleLeader)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	od, ld, cd := w.Visitor(officer), w.Visitor(leader), w.Visitor(clerk)
	submit := func(v *handlertest.Visitor, path string, form url.Values, want int, text string) string {
		t.Helper()
		res, body := v.Send(handlertest.Post, path, form, nil)
		if res.StatusCode != want || !strings.Contains(body, text) {
			t.Fatalf("POST %s: %d, want %d with %q: %.2000s", path, res.StatusCode, want, text, body)
		}
		return strings.TrimPrefix(res.Header.Get("Location"), "/desk")
	}
	see := func(v *handlertest.Visitor, path string, texts ...string) {
		t.Helper()
		res, body := v.Send(handlertest.Get, path, nil, nil)
		for _, s := range texts {
			if res.StatusCode != http.StatusOK || !strings.Contains(body, s) {
				t.Errorf("GET %s: %d without %q: %.3000s", path, res.StatusCode, s, body)
			}
		}
	}
	id := fmt.Sprint(e.ID)
	see(od, "/queries/new", e.CaseNo)
	see(od, "/queries/new?case="+id, "甬兴建材有限公司", "须经院领导审批")
	form := url.Values{"key": {handlertest.FreshKey()}, "case": {id}, "party": {fmt.Sprint(f.Debtor)}, "kind": {"bank"}, "purpose": {" "}}
	submit(od, "/queries/new", form, handlertest.Bad, "请填写查询用途")
	form.Set("purpose", "查明存款")
	page, _, _ := strings.Cut(submit(od, "/queries/new", form, http.StatusSeeOther, ""), "?")
	see(od, page, "待审批", "撤销查询")
	see(ld, page, "不同意")
	submit(ld, page+"/decide", url.Values{"read": {"1"}, "version": {"1"}, "decision": {"refuse"}}, handlertest.Bad, "请填写理由")
	submit(ld, page+"/decide", url.Values{"read": {"1"}, "version": {"1"}, "decision": {"approve"}}, http.StatusSeeOther, "")
	see(od, page+"/letter", "91350100M000100Y43", e.CaseNo)
	submit(od, page+"/send", url.Values{"version": {"2"}, "agency": {"某银行"}}, http.StatusSeeOther, "")
	see(od, page, "登记答复")
	answer := url.Values{
		"key": {handlertest.FreshKey()}, "version": {"3"}, "answered_on": {model.DateOf(w.Clock.Now()).String()}, "note": {""},
		"what": {"活期账户", ""}, "place": {"镇海", ""}, "value": {"", ""}, "amount": {"1234.56", ""},
	}
	submit(od, page+"/answer", answer, http.StatusSeeOther, "")
	see(ld, page, "活期账户", "1,234.56", "查看记录")
	see(ld, "/queries?state=answered", e.CaseNo, "1 项")

	submit(cd, "/villages", url.Values{"town": {"甲镇"}, "village": {"东村"}}, http.StatusSeeOther, "")
	village := fmt.Sprint(clerk.Village("甲镇", "东村"))
	see(cd, "/liaisons", "东村", "没有")
	today := model.DateOf(w.Clock.Now())
	entry := url.Values{
		"key": {handlertest.FreshKey()}, "name": {"甲联络员"}, "phone": {"123"}, "from_on": {today.String()}, "until_on": {today.AddDays(30).String()}, "villages": {village},
	}
	submit(cd, "/liaisons", entry, handlertest.Bad, "手机号")
	entry.Set("phone", "13700137000")
	person, _, _ := strings.Cut(submit(cd, "/liaisons", entry, http.StatusSeeOther, ""), "?")
	// The code as a slip to hand over, numbered, which the next one voids.
	res, slip := cd.Send(handlertest.Post, person+"/code", url.Values{"paper": {"1"}}, nil)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the slip: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	paper := pdfText(t, []byte(slip))
	for _, part := range []string{"执行联络员绑定码单", "镇法联络〔2026〕1号", "甲联络员", "甲镇东村", "绑定码"} {
		if !strings.Contains(paper, part) {
			t.Errorf("the slip lacks %q: %s", part, paper)
		}
	}
	body := answered(t, cd, person+"/code")
	_, code, _ := strings.Cut(body, `<p class="secret">`)
	phone := w.Phone("")
	phone.Must(http.StatusCreated, handlertest.Post, "/liaison-bindings", handlertest.Obj{"code": code[:14]})
	entry.Set("version", "2")
	entry.Set("reason", "延长任期")
	submit(cd, person, entry, http.StatusSeeOther, "")
	see(cd, person, "延长任期", "13700137000", "绑定手机", "打印绑定码单镇法联络〔2026〕1号")
	see(od, "/assistance/new?case="+id, "东村")
	ask := url.Values{
		"key": {handlertest.FreshKey()}, "case": {id}, "party": {fmt.Sprint(f.Debtor)}, "kind": {"deliver"}, "village": {village}, "detail": {"欠款10万元"}, "due_on": {today.AddDays(3).String()},
	}
	submit(od, "/assistance/new", ask, handlertest.Bad, "不要向联络员提供证件号码或金额")
	ask.Set("detail", "住东村三组")
	request, _, _ := strings.Cut(submit(od, "/assistance/new", ask, http.StatusSeeOther, ""), "?")
	see(ld, "/assistance", "甲联络员", e.CaseNo)
	submit(od, request+"/close", url.Values{"version": {"1"}, "note": {""}}, handlertest.Bad, "请填写办结说明")
	submit(od, request+"/close", url.Values{"version": {"1"}, "note": {"已自行送达"}}, http.StatusSeeOther, "")
	see(od, request, "已自行送达")
}

// answered posts an empty form and gives the page that answers.
func answered(t *testing.T, v *handlertest.Visitor, path string) string {
	t.Helper()
	res, body := v.Send(handlertest.Post, path, url.Values{}, nil)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %d %.1000s", path, res.StatusCode, body)
	}
	return body
}
