package handler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
	"microcourt/storage"
)

func TestRelativesRefuse(t *testing.T) {
	t.Parallel()
	store := &failing{}
	c := newCoercedWith(t, 2026, func(w *handlertest.World) { store.Store, w.Objects = w.Objects, store })
	officer := c.officerID("法官ji")
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	caseID, receipts := matter.ID("case_id"), mine(link, "receipts")
	long := strings.Repeat("长", 201)
	refusedAll(t, []mistake{
		{wife, handlertest.Bad, "field.required", handlertest.Post, "/relatives", asks("officer_id", officer, "name", " "), "name"},
		{wife, handlertest.Bad, "field.required", handlertest.Post, "/relatives", asks("officer_id", officer, "debtor_name", ""), "debtor_name"},
		{wife, handlertest.Bad, "relation.unknown", handlertest.Post, "/relatives", asks("officer_id", officer, "relation", "neighbour"), "relation"},
		{wife, handlertest.Bad, "text.too_long", handlertest.Post, "/relatives", asks("officer_id", officer, "note", long), "note"},
		{wife, handlertest.Bad, "text.too_long", handlertest.Post, "/relatives", asks("officer_id", officer, "case_no", long), "case_no"},
		{wife, handlertest.Bad, "phone.format", handlertest.Post, "/relatives", asks("officer_id", officer, "phone", "12345"), "phone"},
		{wife, handlertest.Bad, "officer.unknown", handlertest.Post, "/relatives", asks("officer_id", c.judge.UserID), "officer_id"},
		{wife, handlertest.Bad, "officer.unknown", handlertest.Post, "/relatives", asks(), "officer_id"},
		{c.Public(), handlertest.Bad, "field.required", handlertest.Get, "/officers?q=", nil, "q"},
		{c.officer, handlertest.Gone, "relative.not_found", handlertest.Get, "/relative-requests/999999", nil, ""},
		{c.officer, handlertest.Bad, "reference.check", handlertest.Get, "/payment-references/22222223", nil, "code"},
		{c.officer, handlertest.Gone, "reference.not_found", handlertest.Get, "/payment-references/22222222", nil, ""},
		{c.Staff("ji.wei", model.RoleJudge), handlertest.Gone, "reference.not_found", handlertest.Get, "/payment-references/" + matter.Str("reference"), nil, ""},
		{c.officer, handlertest.Gone, "path.not_found", handlertest.Get, "/relative-requests/abc", nil, ""},
	})

	// Nobody lets himself in by another account of his.
	phone := &handlertest.Client{W: c.World, OpenID: c.officer.OpenID}
	phone.Login()
	request := phone.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("officer_id", officer))
	refusedAll(t, []mistake{{
		c.officer, clash, "relative.own", handlertest.Post, fmt.Sprintf("/relative-requests/%d/decide", request.ID("id")),
		handlertest.Obj{"state": "admitted", "reason": "", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.Debtor},
		"",
	}})

	// What is wrong with a receipt on the debtor's behalf.
	file := wife.Uploaded(caseID, 720)
	broken := wife.Spoiled(caseID)
	foreign := c.debtor.Uploaded(c.f.ID, 722)
	pays := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"amount_fen": 5000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": []int64{file}}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{wife, handlertest.Bad, "amount.positive", handlertest.Post, receipts, pays("amount_fen", 0), "amount_fen"},
		{wife, handlertest.Bad, "amount.too_large", handlertest.Post, receipts, pays("amount_fen", int64(1)<<52), "amount_fen"},
		{wife, handlertest.Bad, "amount.over_debt", handlertest.Post, receipts, pays("amount_fen", 100246), "amount_fen"},
		{wife, handlertest.Bad, "date.future", handlertest.Post, receipts, pays("paid_on", "2026-03-09"), "paid_on"},
		{wife, handlertest.Bad, "proof.unknown", handlertest.Post, receipts, pays("proof_kind", "conduct"), "proof_kind"},
		{wife, handlertest.Bad, "field.too_long", handlertest.Post, receipts, pays("remark", strings.Repeat("长", 501)), "remark"},
		{wife, handlertest.Bad, "file.missing", handlertest.Post, receipts, pays("file_ids", []int64{}), "file_ids"},
		{wife, handlertest.Bad, "file.repeated", handlertest.Post, receipts, pays("file_ids", []int64{file, file}), "file_ids"},
		{wife, handlertest.Bad, "file.too_many", handlertest.Post, receipts, pays("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
		{wife, handlertest.Bad, "file.unknown", handlertest.Post, receipts, pays("file_ids", []int64{foreign}), "file_ids"},
		{wife, handlertest.Bad, "file.damaged", handlertest.Post, receipts, pays("file_ids", []int64{broken}), ""},
		{wife, handlertest.Bad, "receipt.not_returned", handlertest.Post, receipts, pays("replaces_id", 999999), "replaces_id"},
	})
	fresh := pays("file_ids", []int64{wife.Uploaded(caseID, 725)})
	store.fail(true)
	refusedAll(t, []mistake{{wife, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, receipts, fresh, ""}})
	store.fail(false)
	// Sent back with a reason, replaced, and never the same picture twice.
	first := wife.Must(http.StatusCreated, handlertest.Post, receipts, pays())
	wife.Refused(handlertest.Bad, "file.attached", handlertest.Post, receipts, pays())
	c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/return", first.ID("id")), handlertest.Obj{"reason": "图片不清晰", "version": 1})
	again := wife.Must(http.StatusCreated, handlertest.Post, receipts, pays("file_ids", []int64{wife.Uploaded(caseID, 723)}, "replaces_id", first.ID("id")))
	if list := c.matter(wife, link).List("receipts"); len(list) != 2 || list[0].Str("return_reason") != "图片不清晰" || list[1].ID("id") != again.ID("id") {
		t.Errorf("her receipts: %v", list)
	}

	// A photo of 40 MB, and messages that cannot be.
	if a := wife.Upload(caseID, handlertest.FreshKey(), append(handlertest.Picture(724), make([]byte, 40<<20)...)); a.Status != handlertest.Bad || a.Json.Reason() != "file.too_large" || !strings.Contains(string(a.Body), "10 MB") {
		t.Errorf("a photo of 40 MB: %d %s", a.Status, a.Body)
	}
	talk := fmt.Sprintf("/conversations/%d/messages", matter.ID("conversation_id"))
	refusedAll(t, []mistake{
		{wife, handlertest.Bad, "message.text", handlertest.Post, talk, handlertest.Obj{"text": " "}, "text"},
		{wife, handlertest.Bad, "file.unknown", handlertest.Post, talk, handlertest.Obj{"text": "看图", "file_ids": []int64{foreign}}, "file_ids"},
		{wife, handlertest.Bad, "file.unknown", handlertest.Post, talk, handlertest.Obj{"text": "看图", "file_ids": []int64{file}}, "file_ids"},
		{wife, handlertest.Bad, "file.too_many", handlertest.Post, talk, handlertest.Obj{"text": "看图", "file_ids": []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, "file_ids"},
	})
	if list := wife.Must(http.StatusOK, handlertest.Get, talk, nil).List("messages"); len(list) != 0 {
		t.Errorf("something refused was kept: %v", list)
	}

	// A code that was replaced, revoked, is another's or ran out is as wrong as one
	// that never was; who guesses is stopped.
	old := c.familyCode()
	code := c.familyCode()
	guesser := c.Phone("")
	guesser.Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", old))
	c.Visitor(c.officer).Does(http.StatusSeeOther, fmt.Sprintf("/enforcement/%d/family/void", c.id), "codes_void", url.Values{"party": {fmt.Sprint(c.f.Debtor)}})
	guesser.Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", code))
	code = c.familyCode()
	c.Clock.Advance(32 * 24 * time.Hour)
	for _, p := range []*handlertest.Client{guesser, c.officer, wife} {
		p.Renew()
	}
	for range 10 {
		guesser.Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", code))
	}
	guesser.Refused(tooMany, "binding.blocked", handlertest.Post, "/relatives", asks("code", c.familyCode()))
}

// Two hundred messages in a minute: so many go through, the others are told
// which limit it is; each limit by itself.
func TestTwoHundredMessagesAMinute(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	talk := fmt.Sprintf("/conversations/%d/messages", c.matter(wife, link).ID("conversation_id"))
	through := 0
	for range 200 {
		a := wife.Call(handlertest.Post, talk, handlertest.Obj{"text": "在吗"})
		switch {
		case a.Status == http.StatusCreated:
			through++
		case a.Status != tooMany || a.Json.Reason() != "message.too_many" || !strings.Contains(string(a.Body), "每分钟最多 10 条"):
			t.Fatalf("%d %s", a.Status, a.Body)
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
		c.SetCourt(func(s *model.CourtSettings) {
			s.MessageLimits = model.MessageLimits{PerMinute: 30, PerHour: 30}
			if tt.n == 70 {
				s.MessageLimits = model.MessageLimits{PerMinute: 60, PerHour: 100}
			}
		})
		for sent := 0; sent < tt.n; sent += 20 {
			c.Clock.Advance(tt.wait)
			wife.Renew()
			for range min(20, tt.n-sent) {
				wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "在吗"})
			}
		}
		if a := wife.Call(handlertest.Post, talk, handlertest.Obj{"text": "在吗"}); a.Status != tooMany || !strings.Contains(string(a.Body), tt.word) {
			t.Errorf("%s: %d %s", tt.word, a.Status, a.Body)
		}
	}
	list := wife.Must(http.StatusOK, handlertest.Get, talk+"?limit=100", nil).List("messages")
	if len(list) != 100 || slices.ContainsFunc(list, func(m handlertest.Obj) bool { return m.Str("text") != "在吗" }) {
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
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.Deps = func(d *service.Deps) { d.Content = politely{} } })
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.ID)
	debtor.Refused(handlertest.Bad, "message.content", handlertest.Post, path, handlertest.Obj{"text": "你们都是混蛋"})
	if list := debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages"); len(list) != 0 || judge.Waiting() != "" {
		t.Errorf("it is there: %v", list)
	}
	talk := fmt.Sprintf("/conversations/%d/messages", debtor.Say(f, "系统故障了吗").ID("conversation_id"))
	debtor.Refused(handlertest.Bad, "message.content", handlertest.Post, talk, handlertest.Obj{"text": "混蛋"})
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "file.unknown", handlertest.Post, path, handlertest.Obj{"file_ids": []int64{999999}}, "file_ids"},
		{debtor, handlertest.Bad, "file.too_many", handlertest.Post, path, handlertest.Obj{"file_ids": []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, "file_ids"},
	})
	judge.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "请不要说“混蛋”。"})
	// A picture of a party is for those who see its conversation, not for the other side.
	photo := debtor.Uploaded(f.ID, 730)
	debtor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"file_ids": []int64{photo}})
	creditor := w.Phone("")
	creditor.Bind(clerk, f.ID, f.Creditor)
	creditor.Refused(handlertest.Gone, "file.not_found", handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil)
	// A sweep that chose the file just before it was attached leaves it alone.
	err := w.DB.Transact(t.Context(), func(tx *storage.DB) error { return tx.ExpireFile(t.Context(), photo) })
	if model.KindOf(err) != model.Conflict {
		t.Errorf("a file of a message expires: %v", err)
	}
	judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil)
}
