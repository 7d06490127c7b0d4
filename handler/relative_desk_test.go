package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/model"
)

// The officer prints a code, admits who came by it, reads her message with its
// picture and answers, chooses the debtor for who searched, blocks and lifts
// the block; a reason that is missing keeps the form.
func TestFamiliesOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer, clerk, judge, other := c.visitor(c.officer), c.visitor(c.clerk), c.visitor(c.judge), c.visitor(c.staff("tong.bx", model.RoleOfficer))
	tab := fmt.Sprintf("/enforcement/%d/family", c.id)
	officer.sees(tab, "没有家属申请联系", "生成联系码")
	party := url.Values{"party": {fmt.Sprint(c.f.debtor)}}
	officer.does(bad, tab+"/code", "不是该执行案件的被执行人", url.Values{"party": {fmt.Sprint(c.f.creditor)}})
	code := func() string {
		_, after, _ := strings.Cut(officer.does(http.StatusOK, tab+"/code", "赵明的家属联系码", party), `<p class="secret">`)
		code, _, _ := strings.Cut(after, "</p>")
		return code
	}
	old, wife := code(), c.phone("")
	// The slip: the code is on the paper, what is kept has its number alone.
	clerkSlip := c.clerk.call(post, fmt.Sprintf("/enforcement-cases/%d/relative-codes/slip.pdf", c.id), obj{"party_id": c.f.debtor})
	kept := c.clerk.documents(c.f, model.DocumentRelativeSlip)
	if clerkSlip.status != http.StatusOK || len(kept) != 1 || kept[0].str("number") != "镇法家联〔2026〕1号" {
		t.Fatalf("%d, kept %v", clerkSlip.status, kept)
	}
	printed := text(t, clerkSlip.body)
	_, printed, _ = strings.Cut(printed, "联系码：")
	if again := text(t, c.clerk.pdf(kept[0])); len(printed) < 14 || strings.Contains(again, printed[:14]) || !strings.Contains(again, "只在打印时显示一次") || strings.Contains(text(t, clerkSlip.body), "民初") || strings.Contains(text(t, clerkSlip.body), "绑定码") {
		t.Errorf("the slip says %s, what is kept %s", printed, again)
	}
	aunt := c.phone("")
	aunt.must(http.StatusCreated, post, "/relatives", asks("code", printed[:14], "name", "王秀兰"))
	if res, body := officer.send(post, tab+"/slip", party, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the desk prints %d", res.StatusCode)
	}
	officer.does(bad, tab+"/slip", "没有完成", url.Values{"party": {fmt.Sprint(c.f.creditor)}})
	fresh := code()
	wife.refused(bad, "relative_code.wrong", post, "/relatives", asks("code", old))
	link := wife.must(http.StatusCreated, post, "/relatives", asks("code", fresh))
	officer.does(http.StatusSeeOther, tab+"/void", "codes_void", party)
	c.phone("").refused(bad, "relative_code.wrong", post, "/relatives", asks("code", fresh))

	page := fmt.Sprintf("/relatives/%d", link.id("id"))
	notices := c.officer.must(http.StatusOK, get, "/notices", nil).list("notices")
	officer.does(http.StatusSeeOther, fmt.Sprintf("/notices/%d/read", notices[0].id("id")), "/desk/relatives", url.Values{})
	officer.sees("/relatives", "王秀英", "137****7000", "赵明")
	officer.sees(page, "13700137000", "同意接入", "限制联系")
	if strings.Contains(clerk.sees(page, "王秀英"), "同意接入") {
		t.Error("a clerk is offered to decide")
	}
	if res, _ := other.send(get, page, nil, nil); res.StatusCode != gone {
		t.Errorf("another officer: %d", res.StatusCode)
	}
	word := func(state, reason string, version int) url.Values {
		return url.Values{"state": {state}, "reason": {reason}, "version": {fmt.Sprint(version)}}
	}
	if body := officer.does(bad, page, "请填写理由", word("declined", " ", 1)); !strings.Contains(body, `id="wrong-reason"`) {
		t.Errorf("the message is not beside the field: %s", body)
	}
	officer.does(http.StatusSeeOther, page, "relative", word("admitted", "", 1))
	if body := officer.does(clash, page, "刚刚被其他人处理", word("blocked", "骚扰法官", 1)); !strings.Contains(body, "骚扰法官") {
		t.Errorf("the reason is gone: %s", body)
	}

	// Her message, from the inbox.
	matter := c.matter(wife, link)
	photo := wife.uploaded(matter.id("case_id"), 760)
	talk := fmt.Sprintf("/conversations/%d", matter.id("conversation_id"))
	wife.must(http.StatusCreated, post, talk+"/messages", obj{"text": "我们愿意替他还", "file_ids": []int64{photo}})
	officer.sees("/conversations", "/desk"+talk+`"`, "王秀英（家属）")
	picture := fmt.Sprintf("/files/%d/view", photo)
	officer.sees(talk, "我们愿意替他还", "/desk"+picture, "回复王秀英")
	if res, _ := officer.send(get, picture, nil, nil); res.StatusCode != http.StatusOK {
		t.Errorf("her picture: %d", res.StatusCode)
	}
	for _, v := range []*visitor{judge, other} {
		if res, _ := v.send(get, talk, nil, nil); res.StatusCode != gone {
			t.Errorf("%s: %d", talk, res.StatusCode)
		}
	}
	long := strings.Repeat("长", 1001)
	if body := officer.does(bad, talk+"/messages", "没有完成", url.Values{"key": {freshKey()}, "text": {long}}); !strings.Contains(body, long) {
		t.Error("the answer is gone")
	}
	officer.does(http.StatusSeeOther, talk+"/messages", talk+"?done=answered", url.Values{"key": {freshKey()}, "text": {"请汇入案款账户"}})
	officer.sees(talk, "请汇入案款账户")
	if n := c.told(wife, "relative.replied"); n != 1 {
		t.Errorf("she is told of the answer %d times", n)
	}
	wife.must(http.StatusCreated, post, talk+"/messages", obj{"text": "谢谢"})
	officer.does(http.StatusSeeOther, talk+"/settle", talk+"?done=settled", url.Values{})

	// Who searched gave another name; the officer finds the debtor by the case.
	son := c.phone("")
	found := son.must(http.StatusCreated, post, "/relatives", asks("name", "赵小明", "officer_id", c.officerID("法官ji"), "debtor_name", "赵老大"))
	page = fmt.Sprintf("/relatives/%d", found.id("id"))
	officer.sees(page, "没有姓名相符的被执行人")
	officer.does(bad, page, `id="wrong-party_id"`, word("admitted", "", 1))
	no := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil).str("case_no")
	officer.sees(page+"?case_no="+url.QueryEscape("（2026）浙0211执9999号"), "没有这个案号")
	debtor := fmt.Sprintf("%d-%d", c.id, c.f.debtor)
	officer.sees(page+"?case_no="+url.QueryEscape(no), `value="`+debtor+`"`)
	yes := word("admitted", "", 1)
	yes.Set("debtor", debtor)
	officer.does(http.StatusSeeOther, page, "relative", yes)
	officer.does(http.StatusSeeOther, page, "relative", word("blocked", "冒充家属", 2))
	officer.sees(page, "冒充家属", "解除限制")
	officer.does(http.StatusSeeOther, page, "relative", word("revoked", "已解释清楚", 3))
	officer.sees("/relatives?state=revoked", "赵小明")
	officer.sees("/relatives?state=all", "赵小明", "王秀英")
	officer.sees(tab, "赵小明", "王秀英", "/desk"+talk)
}

// The officer answers what a detained debtor and his family ask for; a reason
// that is missing keeps the form, and the president's yes ends the detention.
func TestPetitionsOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": at(3, 6, 14), "version": 2})
	wife, link := c.relative("admitted")
	scan := wife.uploaded(c.matter(wife, link).id("case_id"), 770)
	remorse := wife.must(http.StatusCreated, post, mine(link, "petitions"), obj{"kind": "remorse", "file_id": scan})
	early := wife.must(http.StatusCreated, post, mine(link, "petitions"), obj{"kind": "early_release", "text": "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"})
	officer, clerk, leader := c.visitor(c.officer), c.visitor(c.clerk), c.visitor(c.leader)
	tab := fmt.Sprintf("/enforcement/%d/family", c.id)
	answers := fmt.Sprintf("/enforcement/%d/petitions", c.id)
	officer.sees("/tasks", `href="/desk`+tab+`"`, "答复具结悔过书")
	officer.sees(tab, "请求提前解除拘留", fmt.Sprintf("/desk/files/%d/view", scan), "提请院长决定", "收悉")
	if strings.Contains(clerk.sees(tab, "请求提前解除拘留"), "提请院长决定") {
		t.Error("a clerk is offered to answer")
	}
	answer := func(p obj, state, text string) url.Values {
		return url.Values{"petition": {fmt.Sprint(p.id("id"))}, "version": {"1"}, "state": {state}, "answer": {text}}
	}
	if body := officer.does(bad, answers+"/decide", `id="wrong-answer"`, answer(early, "refused", "")); strings.Count(body, "请求提前解除拘留") != 1 {
		t.Errorf("the page is not the same: %s", body)
	}
	long := strings.Repeat("长", 501)
	officer.does(bad, answers+"/decide", long, answer(early, "refused", long))
	officer.does(http.StatusSeeOther, answers+"/decide", "done=petition", answer(remorse, "accepted", ""))
	officer.does(http.StatusSeeOther, answers+"/decide", "done=petition", answer(early, "forwarded", "确有悔改"))
	officer.does(clash, answers+"/decide", "请刷新后查看", answer(early, "refused", "不符合条件"))
	officer.sees(tab, "已收悉", "确有悔改", "等待院长决定")
	own := url.Values{"key": {freshKey()}, "party": {fmt.Sprint(c.f.debtor)}, "kind": {"remorse"}, "text": {"错了"}}
	officer.does(bad, answers, `id="wrong-text"`, own)
	own.Set("text", "本人口述：已认识到错误，保证履行。")
	officer.does(http.StatusSeeOther, answers, "petition_made", own)
	officer.sees(tab, "本人口述")

	m = c.measure(m)
	leader.does(http.StatusSeeOther, fmt.Sprintf("/measures/%d/answer", m.id("id")), "", url.Values{"yes": {"1"}, "note": {"同意"}, "version": {fmt.Sprint(m.id("version"))}})
	officer.sees(tab, "已批准")
	if got := steps(c.matter(wife, link)); got != "released" {
		t.Errorf("the steps are %q", got)
	}
}
