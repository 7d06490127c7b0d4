package handler_test

import (
	"fmt"
	"net/http"
	"testing"
)

// A detained debtor's remorse statement comes by his family, who also ask for
// his release; the officer puts it to the president, whose yes ends the
// detention and answers the family.
func TestRemorseAndEarlyRelease(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	at0, theirs := mine(link, "petitions"), fmt.Sprintf("/enforcement-cases/%d/petitions", c.id)
	ask := obj{"kind": "early_release", "text": "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"}
	early := wife.must(http.StatusCreated, post, at0, ask)
	decide := func(p obj) string { return fmt.Sprintf("/petitions/%d/decide", p.id("id")) }
	answer := func(state, text string, version int) obj {
		return obj{"state": state, "answer": text, "version": version}
	}
	other := c.staff("tong.bx", "officer")
	refusedAll(t, []mistake{
		{wife, clash, "petition.open", post, at0, ask, ""},
		{wife, bad, "petition.kind", post, at0, obj{"kind": "parole", "text": "他已认识到错误，请求释放。"}, "kind"},
		{wife, bad, "petition.text", post, at0, obj{"kind": "early_release", "text": "放人"}, "text"},
		{wife, bad, "petition.signature", post, at0, obj{"kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "file_id"},
		{wife, bad, "file.unknown", post, at0, obj{"kind": "remorse", "file_id": 999999}, "file_id"},
		{c.debtor, bad, "petition.kind", post, theirs, obj{"party_id": c.f.debtor, "kind": "parole", "text": "本人已认识到错误，保证履行。"}, "kind"},
		{c.debtor, bad, "petition.text", post, theirs, obj{"party_id": c.f.debtor, "kind": "remorse", "text": "错了"}, "text"},
		{c.debtor, bad, "file.unknown", post, theirs, obj{"party_id": c.f.debtor, "kind": "remorse", "file_id": 999999}, "file_id"},
		{c.debtor, bad, "party.not_debtor", post, theirs, obj{"party_id": c.f.creditor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "party_id"},
		{other, bad, "party.not_debtor", post, theirs, obj{"party_id": c.f.debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "party_id"},
		{wife, gone, "enforcement.not_found", post, theirs, obj{"party_id": c.f.debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, ""},
		{wife, gone, "relative.not_found", post, "/my/relatives/999999/petitions", ask, ""},
		{c.officer, clash, "petition.no_detention", post, decide(early), answer("forwarded", "确有悔改", 1), ""},
		{c.officer, bad, "petition.answer", post, decide(early), answer("accepted", "收悉", 1), "state"},
		{c.officer, bad, "petition.answer", post, decide(early), answer("granted", "同意", 1), "state"},
		{c.officer, bad, "reason.required", post, decide(early), answer("refused", " ", 1), "answer"},
		{c.officer, gone, "petition.not_found", post, "/petitions/999999/decide", answer("refused", "不符合条件", 1), ""},
		{other, gone, "petition.not_found", post, decide(early), answer("refused", "不符合条件", 1), ""},
	})

	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	wife.renew()
	m = c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": at(3, 6, 14), "version": 2})
	scan := wife.uploaded(matter.id("case_id"), 740)
	key := freshKey()
	remorse := wife.callKey(post, at0, obj{"kind": "remorse", "file_id": scan}, key)
	if again := wife.callKey(post, at0, obj{"kind": "remorse", "file_id": scan}, key); remorse.status != http.StatusCreated || again.json.id("id") != remorse.json.id("id") {
		t.Fatalf("%s, again %s", remorse.body, again.body)
	}
	for who, status := range map[*client]int{wife: 200, c.officer: 200, c.phone(""): gone, c.judge: gone} {
		if a := who.call(get, fmt.Sprintf("/files/%d/view", scan), nil); a.status != status {
			t.Errorf("%s opens the statement: %d", who.name, a.status)
		}
	}
	// The debtor's own, and what the officer takes down.
	taken := c.officer.must(http.StatusCreated, post, theirs, obj{"party_id": c.f.debtor, "kind": "early_release", "text": "本人口述：已认识到错误，请求提前解除拘留。"})
	c.officer.refused(clash, "petition.own", post, decide(taken), answer("refused", "不符合条件", 1))
	c.debtor.refused(clash, "petition.open", post, theirs, obj{"party_id": c.f.debtor, "kind": "early_release", "text": "已认识到错误，请求提前解除拘留。"})
	if n := c.told(c.officer, "petition.made"); n != 3 {
		t.Errorf("the officer got %d notices", n)
	}
	c.officer.must(http.StatusOK, post, decide(remorse.json), answer("accepted", "", 1))
	if list := wife.must(http.StatusOK, get, "/petitions", nil).list("petitions"); len(list) != 2 || list[0].str("state_text") != "已收悉" || list[1].str("state") != "open" {
		t.Errorf("she reads %v", list)
	}
	if list := c.officer.must(http.StatusOK, get, fmt.Sprintf("/petitions?undecided=1&enforcement_case_id=%d", c.id), nil).list("petitions"); len(list) != 2 {
		t.Errorf("the officer is to answer %v", list)
	}

	// No, then yes.
	forward := answer("forwarded", "确有悔改，家属愿意代为履行", 1)
	for range 2 { // the answer got lost
		early = c.officer.must(http.StatusOK, post, decide(early), forward)
	}
	if early.str("state") != "forwarded" {
		t.Fatal(early)
	}
	c.officer.refused(clash, "petition.forwarded", post, decide(early), answer("refused", "不符合条件", int(early.id("version"))))
	m = c.measure(m)
	c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": false, "note": "尚未履行分文", "version": m.id("version")})
	list := wife.must(http.StatusOK, get, "/petitions", nil).list("petitions")
	if list[1].str("state") != "refused" || list[1].str("answer") != "尚未履行分文" {
		t.Errorf("after the no: %v", list)
	}
	c.officer.refused(clash, "petition.decided", post, decide(early), forward)
	early = wife.must(http.StatusCreated, post, at0, ask)
	m = c.measure(m)
	c.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "remorse", "reason": "确有悔改", "version": m.id("version")})
	c.officer.refused(clash, "lift.asked", post, decide(early), forward)
	m = c.measure(m)
	c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": true, "note": "同意", "version": m.id("version")})
	if list := wife.must(http.StatusOK, get, "/petitions", nil).list("petitions"); list[0].str("state_text") != "已批准" {
		t.Errorf("after the yes: %v", list)
	}
	if n := c.told(wife, "relative.petition"); n != 4 {
		t.Errorf("she was told %d times", n)
	}
	if got := steps(c.matter(wife, link)); got != "released" {
		t.Errorf("the steps are %q", got)
	}
}
