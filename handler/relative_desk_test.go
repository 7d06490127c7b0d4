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

// The officer prints a code, admits who came by it, reads her message with its
// picture and answers, chooses the debtor for who searched, blocks and lifts
// the block; a reason that is missing keeps the form.
func TestFamiliesOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer, clerk, judge, other := c.Visitor(c.officer), c.Visitor(c.clerk), c.Visitor(c.judge), c.Visitor(c.Staff("tong.bx", model.RoleOfficer))
	tab := fmt.Sprintf("/enforcement/%d/family", c.id)
	officer.Sees(tab, "没有家属申请联系", "生成联系码")
	party := url.Values{"party": {fmt.Sprint(c.f.Debtor)}}
	officer.Does(handlertest.Bad, tab+"/code", "不是该执行案件的被执行人", url.Values{"party": {fmt.Sprint(c.f.Creditor)}})
	code := func() string {
		_, after, _ := strings.Cut(officer.Does(http.StatusOK, tab+"/code", "赵明的家属联系码", party), `<p class="secret">`)
		code, _, _ := strings.Cut(after, "</p>")
		return code
	}
	old, wife := code(), c.Phone("")
	// The slip: the code is on the paper, what is kept has its number alone.
	res, slip := clerk.Send(handlertest.Post, tab+"/slip", party, nil)
	kept := c.clerk.Documents(c.f, model.DocumentRelativeSlip)
	if res.StatusCode != http.StatusOK || len(kept) != 1 || kept[0].Str("number") != "镇法家联〔2026〕1号" {
		t.Fatalf("%d, kept %v", res.StatusCode, kept)
	}
	printed := text(t, []byte(slip))
	_, printed, _ = strings.Cut(printed, "联系码：")
	if again := text(t, c.clerk.Pdf(kept[0])); len(printed) < 14 || strings.Contains(again, printed[:14]) || !strings.Contains(again, "只在打印时显示一次") || strings.Contains(text(t, []byte(slip)), "民初") || strings.Contains(text(t, []byte(slip)), "绑定码") {
		t.Errorf("the slip says %s, what is kept %s", printed, again)
	}
	aunt := c.Phone("")
	aunt.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", printed[:14], "name", "王秀兰"))
	if res, body := officer.Send(handlertest.Post, tab+"/slip", party, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the desk prints %d", res.StatusCode)
	}
	officer.Does(handlertest.Bad, tab+"/slip", "没有完成", url.Values{"party": {fmt.Sprint(c.f.Creditor)}})
	fresh := code()
	wife.Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", old))
	link := wife.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", fresh))
	officer.Does(http.StatusSeeOther, tab+"/void", "codes_void", party)
	c.Phone("").Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", fresh))

	page := fmt.Sprintf("/relatives/%d", link.ID("id"))
	notices := c.officer.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices")
	officer.Does(http.StatusSeeOther, fmt.Sprintf("/notices/%d/read", notices[0].ID("id")), "/desk/relatives", url.Values{})
	officer.Sees("/relatives", "王秀英", "137****7000", "赵明")
	officer.Sees(page, "13700137000", "同意接入", "限制联系")
	if strings.Contains(clerk.Sees(page, "王秀英"), "同意接入") {
		t.Error("a clerk is offered to decide")
	}
	if res, _ := other.Send(handlertest.Get, page, nil, nil); res.StatusCode != handlertest.Gone {
		t.Errorf("another officer: %d", res.StatusCode)
	}
	word := func(state, reason string, version int) url.Values {
		return url.Values{"state": {state}, "reason": {reason}, "version": {fmt.Sprint(version)}}
	}
	if body := officer.Does(handlertest.Bad, page, "请填写理由", word("declined", " ", 1)); !strings.Contains(body, `id="wrong-reason"`) {
		t.Errorf("the message is not beside the field: %s", body)
	}
	officer.Does(http.StatusSeeOther, page, "relative", word("admitted", "", 1))
	if body := officer.Does(clash, page, "刚刚被其他人处理", word("blocked", "骚扰法官", 1)); !strings.Contains(body, "骚扰法官") {
		t.Errorf("the reason is gone: %s", body)
	}

	// Her message, from the inbox.
	matter := c.matter(wife, link)
	photo := wife.Uploaded(matter.ID("case_id"), 760)
	talk := fmt.Sprintf("/conversations/%d", matter.ID("conversation_id"))
	wife.Must(http.StatusCreated, handlertest.Post, talk+"/messages", handlertest.Obj{"text": "我们愿意替他还", "file_ids": []int64{photo}})
	officer.Sees("/conversations", "/desk"+talk+`"`, "王秀英（家属）")
	picture := fmt.Sprintf("/files/%d/view", photo)
	officer.Sees(talk, "我们愿意替他还", "/desk"+picture, "回复王秀英")
	if res, _ := officer.Send(handlertest.Get, picture, nil, nil); res.StatusCode != http.StatusOK {
		t.Errorf("her picture: %d", res.StatusCode)
	}
	for _, v := range []*handlertest.Visitor{judge, other} {
		if res, _ := v.Send(handlertest.Get, talk, nil, nil); res.StatusCode != handlertest.Gone {
			t.Errorf("%s: %d", talk, res.StatusCode)
		}
	}
	long := strings.Repeat("长", 1001)
	if body := officer.Does(handlertest.Bad, talk+"/messages", "没有完成", url.Values{"key": {handlertest.FreshKey()}, "text": {long}}); !strings.Contains(body, long) {
		t.Error("the answer is gone")
	}
	officer.Does(http.StatusSeeOther, talk+"/messages", talk+"?decision=", url.Values{"key": {handlertest.FreshKey()}, "text": {"请汇入案款账户"}})
	officer.Sees(talk, "请汇入案款账户", "可撤回")
	c.CarryOut()
	if n := c.told(wife, "relative.replied"); n != 1 {
		t.Errorf("she is told of the answer %d times", n)
	}
	wife.Must(http.StatusCreated, handlertest.Post, talk+"/messages", handlertest.Obj{"text": "谢谢"})
	officer.Does(http.StatusSeeOther, talk+"/settle", talk+"?done=settled", url.Values{})

	// Who searched gave another name; the officer finds the debtor by the case.
	son := c.Phone("")
	found := son.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("name", "赵小明", "officer_id", c.officerID("法官ji"), "debtor_name", "赵老大"))
	page = fmt.Sprintf("/relatives/%d", found.ID("id"))
	officer.Sees(page, "没有姓名相符的被执行人")
	officer.Does(handlertest.Bad, page, `id="wrong-party_id"`, word("admitted", "", 1))
	no := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil).Str("case_no")
	officer.Sees(page+"?case_no="+url.QueryEscape("（2026）浙0211执9999号"), "没有这个案号")
	debtor := fmt.Sprintf("%d-%d", c.id, c.f.Debtor)
	officer.Sees(page+"?case_no="+url.QueryEscape(no), `value="`+debtor+`"`)
	yes := word("admitted", "", 1)
	yes.Set("debtor", debtor)
	officer.Does(http.StatusSeeOther, page, "relative", yes)
	officer.Does(http.StatusSeeOther, page, "relative", word("blocked", "冒充家属", 2))
	officer.Sees(page, "冒充家属", "解除限制")
	officer.Does(http.StatusSeeOther, page, "relative", word("revoked", "已解释清楚", 3))
	officer.Sees("/relatives?state=revoked", "赵小明")
	officer.Sees("/relatives?state=all", "赵小明", "王秀英")
	officer.Sees(tab, "赵小明", "王秀英", "/desk"+talk)
}

// The officer answers what a detained debtor and his family ask for; a reason
// that is missing keeps the form, and the president's yes ends the detention.
func TestPetitionsOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": 2})
	wife, link := c.relative("admitted")
	scan := wife.Uploaded(c.matter(wife, link).ID("case_id"), 770)
	remorse := wife.Must(http.StatusCreated, handlertest.Post, mine(link, "petitions"), handlertest.Obj{"kind": "remorse", "file_id": scan})
	early := wife.Must(http.StatusCreated, handlertest.Post, mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"})
	officer, clerk, leader := c.Visitor(c.officer), c.Visitor(c.clerk), c.Visitor(c.leader)
	tab := fmt.Sprintf("/enforcement/%d/family", c.id)
	answers := fmt.Sprintf("/enforcement/%d/petitions", c.id)
	officer.Sees("/tasks", `href="/desk`+tab+`"`, "答复具结悔过书")
	officer.Sees(tab, "请求提前解除拘留", fmt.Sprintf("/desk/files/%d/view", scan), "提请院长决定", "收悉")
	if strings.Contains(clerk.Sees(tab, "请求提前解除拘留"), "提请院长决定") {
		t.Error("a clerk is offered to answer")
	}
	answer := func(p handlertest.Obj, state, text string) url.Values {
		return url.Values{"petition": {fmt.Sprint(p.ID("id"))}, "version": {"1"}, "state": {state}, "answer": {text}}
	}
	if body := officer.Does(handlertest.Bad, answers+"/decide", `id="wrong-answer"`, answer(early, "refused", "")); strings.Count(body, "请求提前解除拘留") != 1 {
		t.Errorf("the page is not the same: %s", body)
	}
	long := strings.Repeat("长", 501)
	officer.Does(handlertest.Bad, answers+"/decide", long, answer(early, "refused", long))
	officer.Does(http.StatusSeeOther, answers+"/decide", "done=petition", answer(remorse, "accepted", ""))
	officer.Does(http.StatusSeeOther, answers+"/decide", "done=petition", answer(early, "forwarded", "确有悔改"))
	officer.Does(clash, answers+"/decide", "请刷新后查看", answer(early, "refused", "不符合条件"))
	officer.Sees(tab, "已收悉", "确有悔改", "等待院长决定")
	own := url.Values{"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(c.f.Debtor)}, "kind": {"remorse"}, "text": {"错了"}}
	officer.Does(handlertest.Bad, answers, `id="wrong-text"`, own)
	own.Set("text", "本人口述：已认识到错误，保证履行。")
	officer.Does(http.StatusSeeOther, answers, "petition_made", own)
	officer.Sees(tab, "本人口述")

	m = c.measure(m)
	leader.Does(http.StatusSeeOther, fmt.Sprintf("/measures/%d/answer", m.ID("id")), "", url.Values{"read": {"1"}, "yes": {"1"}, "note": {"同意"}, "version": {fmt.Sprint(m.ID("version"))}})
	officer.Sees(tab, "已批准")
	if got := steps(c.matter(wife, link)); got != "released" {
		t.Errorf("the steps are %q", got)
	}
}
