package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// A person in a village helps on his phone: a request with only what he needs,
// his answer with a photo, which the officer sees. The next village's liaison,
// another's request and a term that is over see nothing.
func TestLiaisonsHelp(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	east, north := clerk.Village("甲镇", "东村"), clerk.Village("乙街道", "北社区")
	helper, _ := w.Liaison(clerk, "甲联络员", 5, east)
	next, _ := w.Liaison(clerk, "乙联络员", 400, north)
	asked := officer.AsksLiaison(e.ID, f.Debtor, east)
	mine := fmt.Sprintf("/my/assistance-requests/%d", asked.ID)
	a := helper.Call(handlertest.Get, mine, nil)
	if a.Status != http.StatusOK || a.Json.Str("name") != "甬兴建材有限公司" || a.Json.Str("detail") == "" || strings.Contains(string(a.Body), "9135") || strings.Contains(string(a.Body), e.CaseNo) {
		t.Fatalf("what the liaison sees: %d %s", a.Status, a.Body)
	}
	if n := helper.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) != 1 || n[0].Str("kind") != "assistance" || strings.Contains(n[0].Str("body"), "甬兴") {
		t.Errorf("the liaison's inbox: %v", n)
	}
	// He is no party: the case stays closed to him, and before he accepts also to
	// his photos.
	helper.Refused(handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	if u := helper.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(921)); u.Status != handlertest.Gone {
		t.Errorf("a photo before accepting: %d", u.Status)
	}
	for _, act := range []string{"", "/accept", "/decline", "/answer"} {
		method, body := handlertest.Post, handlertest.Obj{"version": 1}
		switch act {
		case "":
			method, body = handlertest.Get, nil
		case "/decline":
			body["reason"] = "不在本村"
		case "/answer":
			body["text"] = "已找到"
		}
		var in any
		if body != nil {
			in = body
		}
		next.Refused(handlertest.Gone, "assistance.not_found", method, mine+act, in)
	}
	if l := next.Must(http.StatusOK, handlertest.Get, "/my/assistance-requests", nil).List("requests"); len(l) != 0 {
		t.Errorf("the next village's list: %v", l)
	}
	if l := helper.Must(http.StatusOK, handlertest.Get, "/my/assistance-requests?state=asked", nil).List("requests"); len(l) != 1 || l[0].Str("town") != "甲镇" {
		t.Errorf("the liaison's list: %v", l)
	}
	v := helper.Must(http.StatusOK, handlertest.Post, mine+"/accept", handlertest.Obj{"version": 1}).ID("version")
	if u := next.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(922)); u.Status != handlertest.Gone {
		t.Errorf("another's photo: %d", u.Status)
	}
	photo := helper.Uploaded(f.ID, 923)
	helper.Must(http.StatusOK, handlertest.Post, mine+"/answer", handlertest.Obj{"version": v, "text": "人在外地务工，春节返乡", "file_ids": []int64{photo}})
	if n := officer.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) < 2 || n[0].Str("kind") != "assistance.reply" {
		t.Errorf("the officer's inbox: %v", n)
	}
	if u := helper.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(924)); u.Status != handlertest.Gone {
		t.Errorf("a photo after the answer: %d", u.Status)
	}
	if a := officer.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil); a.Status != http.StatusOK {
		t.Errorf("the photo: %d %s", a.Status, a.Body)
	}
	// His term ends: the role goes with it.
	w.Clock.Advance(6 * 24 * time.Hour)
	helper.Login()
	helper.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, mine, nil)
}

// What a liaison's phone is refused, by name.
func TestLiaisonsRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	east := clerk.Village("甲镇", "东村")
	helper, id := w.Liaison(clerk, "甲联络员", 30, east)

	// Codes: used, replaced, too old, wrong until blocked.
	first, second := clerk.LiaisonCode(id), clerk.LiaisonCode(id)
	stranger := w.Phone("")
	bindPath := "/liaison-bindings"
	refusedAll(t, []mistake{{stranger, handlertest.Bad, "liaison_code.voided", handlertest.Post, bindPath, handlertest.Obj{"code": first}, "code"}})
	helper.Must(http.StatusCreated, handlertest.Post, bindPath, handlertest.Obj{"code": second})
	refusedAll(t, []mistake{{stranger, handlertest.Bad, "liaison_code.used", handlertest.Post, bindPath, handlertest.Obj{"code": second}, "code"}})
	for range 10 {
		stranger.Refused(handlertest.Bad, "liaison_code.wrong", handlertest.Post, bindPath, handlertest.Obj{"code": "AAAA-BBBB-CCCC"})
	}
	refusedAll(t, []mistake{{stranger, http.StatusTooManyRequests, "binding.blocked", handlertest.Post, bindPath, handlertest.Obj{"code": second}, ""}})

	a, b := officer.AsksLiaison(e.ID, f.Debtor, east), officer.AsksLiaison(e.ID, f.Debtor, east)
	mine := func(a *model.Assistance, act string) string {
		return fmt.Sprintf("/my/assistance-requests/%d/%s", a.ID, act)
	}
	v := func(n int64, k, s string) handlertest.Obj { return handlertest.Obj{"version": n, k: s} }
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 9}, ""},
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "decline"), v(9, "reason", "不在本村"), ""},
		{helper, handlertest.Bad, "reason.required", handlertest.Post, mine(a, "decline"), v(1, "reason", " "), "reason"},
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(a, "answer"), v(1, "text", "已送达"), ""},
	})
	helper.Must(http.StatusOK, handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 1})
	with := func(files ...int64) handlertest.Obj {
		return handlertest.Obj{"version": 2, "text": "已送达", "file_ids": files}
	}
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "answer"), v(9, "text", "已送达"), ""},
		{helper, handlertest.Bad, "assistance.answer", handlertest.Post, mine(a, "answer"), v(2, "text", " "), "text"},
		{helper, handlertest.Bad, "file.too_many", handlertest.Post, mine(a, "answer"), with(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "file_ids"},
		{helper, handlertest.Bad, "file.unknown", handlertest.Post, mine(a, "answer"), with(999999), "file_ids"},
	})
	helper.Must(http.StatusOK, handlertest.Post, mine(b, "decline"), v(1, "reason", "近期外出"))
	if _, err := w.Svc.Liaison.Close(t.Context(), officer.Actor(), a.ID, 2, "已自行送达"); err != nil {
		t.Fatal(err)
	}
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 3}, ""},
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(b, "decline"), v(2, "reason", "近期外出"), ""},
	})
	old := clerk.LiaisonCode(id)
	w.Clock.Advance(32 * 24 * time.Hour)
	refusedAll(t, []mistake{{w.Phone(""), handlertest.Bad, "liaison_code.expired", handlertest.Post, bindPath, handlertest.Obj{"code": old}, "code"}})
}

// The clerk downloads the sheet, fills it in and uploads it: what is wrong comes back
// marked, what is right is on the roster.
func TestTheRosterComesInOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("lu.ning", model.RoleOfficer)
	v := w.Visitor(clerk)
	res, body := v.Send(http.MethodGet, "/liaisons/template", nil, nil)
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	filled := func(until string) []byte {
		x, err := excelize.OpenReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		row := []any{"骆驼街道", "尚志村", "孙联络", "13700137000", "2026-01-01", until}
		if err := x.SetSheetRow(x.GetSheetName(0), "A2", &row); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := x.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if _, page := v.SendForm("/liaisons/sheet", nil, filled("2025-12-31")); !strings.Contains(page, "没有登记任何一行") || !strings.Contains(page, "下载标出错误的表格") {
		t.Errorf("a wrong sheet answers %.600s", page)
	}
	if _, page := v.SendForm("/liaisons/sheet", nil, filled("2028-12-31")); !strings.Contains(page, "新列入名册 1 人") || !strings.Contains(page, "孙联络") {
		t.Errorf("a right sheet answers %.600s", page)
	}
	if _, page := v.SendForm("/liaisons/sheet", nil, filled("2028-12-31")); !strings.Contains(page, "名册上已有且相同 1 人") {
		t.Errorf("the same sheet again answers %.600s", page)
	}
	if res, _ := w.Visitor(officer).SendForm("/liaisons/sheet", nil, filled("2028-12-31")); res.StatusCode != http.StatusForbidden {
		t.Errorf("an officer's sheet answers %d", res.StatusCode)
	}
}
