package handler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
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
	// One payment for several cases: hers is of no group here.
	several, shares := mine(link, "group-receipts"), mine(link, "group-shares")
	part := func(id, fen int64) []handlertest.Obj {
		return []handlertest.Obj{{"case_id": id, "amount_fen": fen}}
	}
	stranger := c.Phone("")
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "relative.not_found", handlertest.Get, shares, nil, ""},
		{stranger, handlertest.Gone, "relative.not_found", handlertest.Post, several, pays(), ""},
		{wife, clash, "group.none", handlertest.Get, shares, nil, ""},
		{wife, clash, "group.none", handlertest.Post, several, pays(), ""},
		{wife, handlertest.Bad, "proof.unknown", handlertest.Post, several, pays("proof_kind", "conduct"), "proof_kind"},
	})
	c.SQL("UPDATE cases SET group_ref = '小太阳托班'")
	if list := wife.Must(http.StatusOK, handlertest.Get, shares+"?amount_fen=1000", nil).List("cases"); len(list) != 1 || list[0].ID("amount_fen") != 1000 || list[0].Str("case_no") != "" {
		t.Errorf("%v", list)
	}
	refusedAll(t, []mistake{
		{wife, handlertest.Bad, "amount.positive", handlertest.Post, several, pays("amount_fen", 0), "amount_fen"},
		{wife, handlertest.Bad, "amount.too_large", handlertest.Post, several, pays("amount_fen", int64(1)<<52), "amount_fen"},
		{wife, handlertest.Bad, "amount.over_debt", handlertest.Post, several, pays("amount_fen", 100246), "amount_fen"},
		{wife, handlertest.Bad, "group.sum", handlertest.Post, several, pays("parts", part(caseID, 4999)), "parts"},
		{wife, handlertest.Bad, "group.case", handlertest.Post, several, pays("parts", append(part(999999, 1), part(caseID, 4999)...)), "parts[0].case_id"},
		{wife, handlertest.Bad, "date.future", handlertest.Post, several, pays("paid_on", "2026-03-09"), "paid_on"},
		{wife, handlertest.Bad, "file.missing", handlertest.Post, several, pays("file_ids", []int64{}), "file_ids"},
		{wife, handlertest.Bad, "file.repeated", handlertest.Post, several, pays("file_ids", []int64{file, file}), "file_ids"},
		{wife, handlertest.Bad, "file.too_many", handlertest.Post, several, pays("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
		{wife, handlertest.Bad, "file.unknown", handlertest.Post, several, pays("file_ids", []int64{foreign}), "file_ids"},
		{wife, handlertest.Bad, "file.damaged", handlertest.Post, several, pays("file_ids", []int64{broken}), ""},
	})
	paid := wife.Must(http.StatusCreated, handlertest.Post, several, pays("amount_fen", 50, "file_ids", []int64{wife.Uploaded(caseID, 734)}))
	if list := paid.List("receipts"); len(list) != 1 || list[0].ID("relative_id") != link.ID("id") || list[0].ID("amount_fen") != 50 || list[0].Str("case_no") != "" {
		t.Errorf("%v", paid)
	}
	c.SQL("UPDATE cases SET group_ref = ''")
	fresh := pays("file_ids", []int64{wife.Uploaded(caseID, 725)})
	group := handlertest.Claim(100, c.debtor.Uploaded(c.f.ID, 732))
	store.fail(true)
	refusedAll(t, []mistake{
		{wife, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, receipts, fresh, ""},
		{wife, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, several, fresh, ""},
		{c.debtor, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, fmt.Sprintf("/cases/%d/group-receipts", c.f.ID), group, ""},
	})
	store.fail(false)
	wife.Must(http.StatusCreated, handlertest.Post, receipts, pays())
	c.SQL("UPDATE cases SET group_ref = '小太阳托班'")
	refusedAll(t, []mistake{
		{wife, handlertest.Bad, "file.attached", handlertest.Post, receipts, pays(), "file_ids"},
		{wife, handlertest.Bad, "file.attached", handlertest.Post, several, pays(), "file_ids"},
	})
	c.SQL("UPDATE cases SET group_ref = ''")
	sent := wife.Must(http.StatusCreated, handlertest.Post, receipts, pays("amount_fen", 77, "file_ids", []int64{wife.Uploaded(caseID, 729)}))
	c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/return", sent.ID("id")), handlertest.Obj{"version": 1, "reason": "看不清"})
	wife.Must(http.StatusCreated, handlertest.Post, receipts, pays("amount_fen", 77, "replaces_id", sent.ID("id"), "file_ids", []int64{wife.Uploaded(caseID, 730)}))
	refusedAll(t, []mistake{{wife, clash, "receipt.replaced", handlertest.Post, receipts, pays("amount_fen", 77, "replaces_id", sent.ID("id"), "file_ids", []int64{wife.Uploaded(caseID, 731)}), ""}})
	// Everything is paid on the 1st, but the doubled part of the interest until then.
	c.pay(c.judge, 726)
	rest := wife.Must(http.StatusCreated, handlertest.Post, receipts, pays("amount_fen", 158, "file_ids", []int64{wife.Uploaded(caseID, 727)}))
	c.officer.Confirm(c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", rest.ID("id")), nil), 158)
	refusedAll(t, []mistake{{wife, handlertest.Bad, "amount.nothing_owed", handlertest.Post, receipts, pays("amount_fen", 100, "file_ids", []int64{wife.Uploaded(caseID, 728)}), ""}})
	refusedAll(t, []mistake{{wife, handlertest.Gone, "pay_sheet.nothing", handlertest.Get, mine(link, "pay-sheet"), nil, ""}})

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
	// Who guesses codes is stopped.
	guesser := c.Phone("")
	for range 10 {
		guesser.Refused(handlertest.Bad, "relative_code.wrong", handlertest.Post, "/relatives", asks("code", "ABCD-EFGH-JKMN"))
	}
	guesser.Refused(tooMany, "binding.blocked", handlertest.Post, "/relatives", asks("code", c.familyCode()))
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
