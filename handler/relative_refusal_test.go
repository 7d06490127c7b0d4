package handler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/storage"
)

func TestRelativesRefuse(t *testing.T) {
	t.Parallel()
	store := &failing{}
	c := newCoercedWith(t, 2026, func(w *world) { store.Store, w.objects = w.objects, store })
	officer := c.officerID("法官ji")
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	caseID, receipts := matter.id("case_id"), mine(link, "receipts")
	codes := fmt.Sprintf("/enforcement-cases/%d/relative-codes", c.id)
	long := strings.Repeat("长", 201)
	refusedAll(t, []mistake{
		{wife, bad, "field.required", post, "/relatives", asks("officer_id", officer, "name", " "), "name"},
		{wife, bad, "field.required", post, "/relatives", asks("officer_id", officer, "debtor_name", ""), "debtor_name"},
		{wife, bad, "relation.unknown", post, "/relatives", asks("officer_id", officer, "relation", "neighbour"), "relation"},
		{wife, bad, "text.too_long", post, "/relatives", asks("officer_id", officer, "note", long), "note"},
		{wife, bad, "text.too_long", post, "/relatives", asks("officer_id", officer, "case_no", long), "case_no"},
		{wife, bad, "phone.format", post, "/relatives", asks("officer_id", officer, "phone", "12345"), "phone"},
		{wife, bad, "officer.unknown", post, "/relatives", asks("officer_id", c.judge.userID), "officer_id"},
		{wife, bad, "officer.unknown", post, "/relatives", asks(), "officer_id"},
		{c.public(), bad, "field.required", get, "/officers?q=", nil, "q"},
		{c.officer, gone, "relative.not_found", get, "/relative-requests/999999", nil, ""},
		{c.officer, bad, "party.not_debtor", post, codes, obj{"party_id": c.f.creditor}, "party_id"},
		{c.officer, gone, "enforcement.not_found", post, "/enforcement-cases/999999/relative-codes", obj{"party_id": c.f.debtor}, ""},
		{c.officer, bad, "party.not_debtor", post, codes + "/void", obj{"party_id": c.f.creditor}, "party_id"},
		{c.officer, bad, "party.not_debtor", post, codes + "/slip.pdf", obj{"party_id": c.f.creditor}, "party_id"},
		{c.officer, gone, "enforcement.not_found", post, "/enforcement-cases/999999/relative-codes/void", obj{"party_id": c.f.debtor}, ""},
		{c.officer, bad, "reference.check", get, "/payment-references/22222223", nil, "code"},
		{c.officer, gone, "reference.not_found", get, "/payment-references/22222222", nil, ""},
		{c.staff("ji.wei", model.RoleJudge), gone, "reference.not_found", get, "/payment-references/" + matter.str("reference"), nil, ""},
		{c.officer, gone, "path.not_found", get, "/relative-requests/abc", nil, ""},
	})

	// Nobody lets himself in by another account of his.
	phone := &client{w: c.world, openID: c.officer.openID}
	phone.login()
	request := phone.must(http.StatusCreated, post, "/relatives", asks("officer_id", officer))
	refusedAll(t, []mistake{{
		c.officer, clash, "relative.own", post, fmt.Sprintf("/relative-requests/%d/decide", request.id("id")),
		obj{"state": "admitted", "reason": "", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.debtor},
		"",
	}})

	// What is wrong with a receipt on the debtor's behalf.
	file := wife.uploaded(caseID, 720)
	broken := wife.spoiled(caseID)
	foreign := c.debtor.uploaded(c.f.id, 722)
	pays := func(change ...any) obj {
		o := obj{"amount_fen": 5000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": []int64{file}}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{wife, bad, "amount.positive", post, receipts, pays("amount_fen", 0), "amount_fen"},
		{wife, bad, "amount.too_large", post, receipts, pays("amount_fen", int64(1)<<52), "amount_fen"},
		{wife, bad, "amount.over_debt", post, receipts, pays("amount_fen", 100001), "amount_fen"},
		{wife, bad, "date.future", post, receipts, pays("paid_on", "2026-03-09"), "paid_on"},
		{wife, bad, "proof.unknown", post, receipts, pays("proof_kind", "conduct"), "proof_kind"},
		{wife, bad, "field.too_long", post, receipts, pays("remark", strings.Repeat("长", 501)), "remark"},
		{wife, bad, "file.missing", post, receipts, pays("file_ids", []int64{}), "file_ids"},
		{wife, bad, "file.repeated", post, receipts, pays("file_ids", []int64{file, file}), "file_ids"},
		{wife, bad, "file.too_many", post, receipts, pays("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
		{wife, bad, "file.unknown", post, receipts, pays("file_ids", []int64{foreign}), "file_ids"},
		{wife, bad, "file.damaged", post, receipts, pays("file_ids", []int64{broken}), ""},
		{wife, bad, "receipt.not_returned", post, receipts, pays("replaces_id", 999999), "replaces_id"},
	})
	fresh := pays("file_ids", []int64{wife.uploaded(caseID, 725)})
	store.fail(true)
	refusedAll(t, []mistake{{wife, http.StatusServiceUnavailable, "files.unavailable", post, receipts, fresh, ""}})
	store.fail(false)
	// Sent back with a reason, replaced, and never the same picture twice.
	first := wife.must(http.StatusCreated, post, receipts, pays())
	wife.refused(bad, "file.attached", post, receipts, pays())
	c.officer.must(http.StatusOK, post, fmt.Sprintf("/receipts/%d/return", first.id("id")), obj{"reason": "图片不清晰", "version": 1})
	again := wife.must(http.StatusCreated, post, receipts, pays("file_ids", []int64{wife.uploaded(caseID, 723)}, "replaces_id", first.id("id")))
	if list := c.matter(wife, link).list("receipts"); len(list) != 2 || list[0].str("return_reason") != "图片不清晰" || list[1].id("id") != again.id("id") {
		t.Errorf("her receipts: %v", list)
	}

	// A photo of 40 MB, and messages that cannot be.
	if a := wife.upload(caseID, freshKey(), append(picture(724), make([]byte, 40<<20)...)); a.status != bad || a.json.reason() != "file.too_large" || !strings.Contains(string(a.body), "10 MB") {
		t.Errorf("a photo of 40 MB: %d %s", a.status, a.body)
	}
	talk := fmt.Sprintf("/conversations/%d/messages", matter.id("conversation_id"))
	refusedAll(t, []mistake{
		{wife, bad, "message.text", post, talk, obj{"text": " "}, "text"},
		{wife, bad, "file.unknown", post, talk, obj{"text": "看图", "file_ids": []int64{foreign}}, "file_ids"},
		{wife, bad, "file.unknown", post, talk, obj{"text": "看图", "file_ids": []int64{file}}, "file_ids"},
		{wife, bad, "file.too_many", post, talk, obj{"text": "看图", "file_ids": []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, "file_ids"},
	})
	if list := wife.must(http.StatusOK, get, talk, nil).list("messages"); len(list) != 0 {
		t.Errorf("something refused was kept: %v", list)
	}

	// A code that was replaced, revoked, is another's or ran out is as wrong as one
	// that never was; who guesses is stopped.
	old := c.familyCode()
	code := c.familyCode()
	guesser := c.phone("")
	guesser.refused(bad, "relative_code.wrong", post, "/relatives", asks("code", old))
	c.officer.must(http.StatusNoContent, post, codes+"/void", obj{"party_id": c.f.debtor})
	guesser.refused(bad, "relative_code.wrong", post, "/relatives", asks("code", code))
	code = c.familyCode()
	c.clock.Advance(32 * 24 * time.Hour)
	for _, p := range []*client{guesser, c.officer, wife} {
		p.renew()
	}
	for range 10 {
		guesser.refused(bad, "relative_code.wrong", post, "/relatives", asks("code", code))
	}
	guesser.refused(tooMany, "binding.blocked", post, "/relatives", asks("code", c.familyCode()))
}

// Two hundred messages in a minute: so many go through, the others are told
// which limit it is; each limit by itself.
func TestTwoHundredMessagesAMinute(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	talk := fmt.Sprintf("/conversations/%d/messages", c.matter(wife, link).id("conversation_id"))
	through := 0
	for range 200 {
		a := wife.call(post, talk, obj{"text": "在吗"})
		switch {
		case a.status == http.StatusCreated:
			through++
		case a.status != tooMany || a.json.reason() != "message.too_many" || !strings.Contains(string(a.body), "每分钟最多 10 条"):
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if through != 10 {
		t.Errorf("%d went through", through)
	}
	for _, tt := range []struct {
		wait time.Duration
		n    int
		word string
	}{{2 * time.Minute, 20, "每小时最多 30 条"}, {2 * time.Hour, 70, "每天最多 100 条"}} {
		c.setCourt(func(s *model.CourtSettings) {
			s.MessageLimits = model.MessageLimits{PerMinute: 30, PerHour: 30}
			if tt.n == 70 {
				s.MessageLimits = model.MessageLimits{PerMinute: 60, PerHour: 100}
			}
		})
		for sent := 0; sent < tt.n; sent += 20 {
			c.clock.Advance(tt.wait)
			wife.renew()
			for range min(20, tt.n-sent) {
				wife.must(http.StatusCreated, post, talk, obj{"text": "在吗"})
			}
		}
		if a := wife.call(post, talk, obj{"text": "在吗"}); a.status != tooMany || !strings.Contains(string(a.body), tt.word) {
			t.Errorf("%s: %d %s", tt.word, a.status, a.body)
		}
	}
	list := wife.must(http.StatusOK, get, talk+"?limit=100", nil).list("messages")
	if len(list) != 100 || slices.ContainsFunc(list, func(m obj) bool { return m.str("text") != "在吗" }) {
		t.Errorf("%d messages are there", len(list))
	}
}

// politely refuses one word, and cannot say anything about another.
type politely struct{}

func (politely) CheckText(_ context.Context, _, text string) (model.ContentVerdict, error) {
	switch {
	case strings.Contains(text, "故障"):
		return model.ContentVerdict{}, context.DeadlineExceeded
	case strings.Contains(text, "混蛋"):
		return model.ContentVerdict{State: model.ContentRisky, Label: 20003}, nil
	}
	return model.ContentVerdict{State: model.ContentPass}, nil
}

func (politely) CheckPicture(context.Context, string, string) (string, error) {
	return "", errors.ErrUnsupported
}

// What a check of contents refuses changes nothing; one that is down stops
// nobody; the court's own words are its own.
func TestContentIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(w *world) { w.deps = func(d *service.Deps) { d.Content = politely{} } })
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.id)
	debtor.refused(bad, "message.content", post, path, obj{"text": "你们都是混蛋"})
	if list := debtor.must(http.StatusOK, get, path, nil).list("messages"); len(list) != 0 || judge.waiting() != "" {
		t.Errorf("it is there: %v", list)
	}
	talk := fmt.Sprintf("/conversations/%d/messages", debtor.say(f, "系统故障了吗").id("conversation_id"))
	debtor.refused(bad, "message.content", post, talk, obj{"text": "混蛋"})
	refusedAll(t, []mistake{
		{debtor, bad, "file.unknown", post, path, obj{"file_ids": []int64{999999}}, "file_ids"},
		{debtor, bad, "file.too_many", post, path, obj{"file_ids": []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, "file_ids"},
	})
	judge.must(http.StatusCreated, post, talk, obj{"text": "请不要说“混蛋”。"})
	// A picture of a party is for those who see its conversation, not for the other side.
	photo := debtor.uploaded(f.id, 730)
	debtor.must(http.StatusCreated, post, path, obj{"file_ids": []int64{photo}})
	creditor := w.phone("")
	creditor.bind(clerk, f.id, f.creditor)
	creditor.refused(gone, "file.not_found", get, fmt.Sprintf("/files/%d/view", photo), nil)
	// A sweep that chose the file just before it was attached leaves it alone.
	err := w.db.Transact(t.Context(), func(tx *storage.DB) error { return tx.ExpireFile(t.Context(), photo) })
	if model.KindOf(err) != model.Conflict {
		t.Errorf("a file of a message expires: %v", err)
	}
	judge.must(http.StatusOK, get, fmt.Sprintf("/files/%d/view", photo), nil)
}
