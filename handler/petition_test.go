package handler_test

import (
	"fmt"
	"net/http"
	"testing"

	"microcourt/handler/handlertest"
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
	ask := handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"}
	early := wife.Must(http.StatusCreated, handlertest.Post, at0, ask)
	decide := func(p handlertest.Obj) string { return fmt.Sprintf("/petitions/%d/decide", p.ID("id")) }
	answer := func(state, text string, version int) handlertest.Obj {
		return handlertest.Obj{"state": state, "answer": text, "version": version}
	}
	other := c.Staff("tong.bx", "officer")
	refusedAll(t, []mistake{
		{wife, clash, "petition.open", handlertest.Post, at0, ask, ""},
		{wife, handlertest.Bad, "petition.kind", handlertest.Post, at0, handlertest.Obj{"kind": "parole", "text": "他已认识到错误，请求释放。"}, "kind"},
		{wife, handlertest.Bad, "petition.text", handlertest.Post, at0, handlertest.Obj{"kind": "early_release", "text": "放人"}, "text"},
		{wife, handlertest.Bad, "petition.signature", handlertest.Post, at0, handlertest.Obj{"kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "file_id"},
		{wife, handlertest.Bad, "file.unknown", handlertest.Post, at0, handlertest.Obj{"kind": "remorse", "file_id": 999999}, "file_id"},
		{c.debtor, handlertest.Bad, "petition.kind", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "parole", "text": "本人已认识到错误，保证履行。"}, "kind"},
		{c.debtor, handlertest.Bad, "petition.text", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "text": "错了"}, "text"},
		{c.debtor, handlertest.Bad, "file.unknown", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "file_id": 999999}, "file_id"},
		{c.debtor, handlertest.Bad, "party.not_debtor", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Creditor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "party_id"},
		{other, handlertest.Bad, "party.not_debtor", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, "party_id"},
		{wife, handlertest.Gone, "enforcement.not_found", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}, ""},
		{wife, handlertest.Gone, "relative.not_found", handlertest.Post, "/my/relatives/999999/petitions", ask, ""},
		{c.officer, clash, "petition.no_detention", handlertest.Post, decide(early), answer("forwarded", "确有悔改", 1), ""},
		{c.officer, handlertest.Bad, "petition.answer", handlertest.Post, decide(early), answer("accepted", "收悉", 1), "state"},
		{c.officer, handlertest.Bad, "petition.answer", handlertest.Post, decide(early), answer("granted", "同意", 1), "state"},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, decide(early), answer("refused", " ", 1), "answer"},
		{c.officer, handlertest.Gone, "petition.not_found", handlertest.Post, "/petitions/999999/decide", answer("refused", "不符合条件", 1), ""},
		{other, handlertest.Gone, "petition.not_found", handlertest.Post, decide(early), answer("refused", "不符合条件", 1), ""},
	})

	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	wife.Renew()
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": 2})
	scan := wife.Uploaded(matter.ID("case_id"), 740)
	key := handlertest.FreshKey()
	remorse := wife.CallKey(handlertest.Post, at0, handlertest.Obj{"kind": "remorse", "file_id": scan}, key)
	if again := wife.CallKey(handlertest.Post, at0, handlertest.Obj{"kind": "remorse", "file_id": scan}, key); remorse.Status != http.StatusCreated || again.Json.ID("id") != remorse.Json.ID("id") {
		t.Fatalf("%s, again %s", remorse.Body, again.Body)
	}
	for who, status := range map[*handlertest.Client]int{wife: 200, c.officer: 200, c.Phone(""): handlertest.Gone, c.judge: handlertest.Gone} {
		if a := who.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", scan), nil); a.Status != status {
			t.Errorf("%s opens the statement: %d", who.Name, a.Status)
		}
	}
	// The debtor's own, and what the officer takes down.
	taken := c.officer.Must(http.StatusCreated, handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "early_release", "text": "本人口述：已认识到错误，请求提前解除拘留。"})
	c.officer.Refused(clash, "petition.own", handlertest.Post, decide(taken), answer("refused", "不符合条件", 1))
	c.debtor.Refused(clash, "petition.open", handlertest.Post, theirs, handlertest.Obj{"party_id": c.f.Debtor, "kind": "early_release", "text": "已认识到错误，请求提前解除拘留。"})
	if n := c.told(c.officer, "petition.made"); n != 3 {
		t.Errorf("the officer got %d notices", n)
	}
	c.officer.Must(http.StatusOK, handlertest.Post, decide(remorse.Json), answer("accepted", "", 1))
	if list := wife.Must(http.StatusOK, handlertest.Get, "/petitions", nil).List("petitions"); len(list) != 2 || list[0].Str("state_text") != "已收悉" || list[1].Str("state") != "open" {
		t.Errorf("she reads %v", list)
	}
	if list := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/petitions?undecided=1&enforcement_case_id=%d", c.id), nil).List("petitions"); len(list) != 2 {
		t.Errorf("the officer is to answer %v", list)
	}

	// No, then yes.
	forward := answer("forwarded", "确有悔改，家属愿意代为履行", 1)
	for range 2 { // the answer got lost
		early = c.officer.Must(http.StatusOK, handlertest.Post, decide(early), forward)
	}
	if early.Str("state") != "forwarded" {
		t.Fatal(early)
	}
	c.officer.Refused(clash, "petition.forwarded", handlertest.Post, decide(early), answer("refused", "不符合条件", int(early.ID("version"))))
	m = c.measure(m)
	c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": false, "note": "尚未履行分文", "version": m.ID("version")})
	list := wife.Must(http.StatusOK, handlertest.Get, "/petitions", nil).List("petitions")
	if list[1].Str("state") != "refused" || list[1].Str("answer") != "尚未履行分文" {
		t.Errorf("after the no: %v", list)
	}
	c.officer.Refused(clash, "petition.decided", handlertest.Post, decide(early), forward)
	early = wife.Must(http.StatusCreated, handlertest.Post, at0, ask)
	m = c.measure(m)
	c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "remorse", "reason": "确有悔改", "version": m.ID("version")})
	c.officer.Refused(clash, "lift.asked", handlertest.Post, decide(early), forward)
	m = c.measure(m)
	c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.ID("version")})
	if list := wife.Must(http.StatusOK, handlertest.Get, "/petitions", nil).List("petitions"); list[0].Str("state_text") != "已批准" {
		t.Errorf("after the yes: %v", list)
	}
	if n := c.told(wife, "relative.petition"); n != 4 {
		t.Errorf("she was told %d times", n)
	}
	if got := steps(c.matter(wife, link)); got != "released" {
		t.Errorf("the steps are %q", got)
	}
}
