package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/wechat/wechattest"
)

// checked is a world whose conversations WeChat checks.
func checked(t *testing.T) *handlertest.World {
	t.Helper()
	return handlertest.NewWith(t, func(w *handlertest.World) {
		w.Deps = func(d *service.Deps) { d.Content, d.ContentPictures = d.WeChat, true }
	})
}

// WeChat's check of texts: what is risky is refused and recorded without its
// words; what it cannot say anything about is delivered with a mark; the court's
// own words are not asked about.
func TestWeChatChecksTexts(t *testing.T) {
	t.Parallel()
	w := checked(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.ID)
	debtor.Refused(handlertest.Bad, "message.content", handlertest.Post, path, handlertest.Obj{"text": "这是" + wechattest.RiskyWord + "内容"})
	if w.Audited(model.AuditMessageRefused) != 1 || len(debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages")) != 0 {
		t.Error("a risky text left no trace, or was delivered")
	}
	const checkPath = "/wxa/msg_sec_check"
	say := func(text string) string {
		t.Helper()
		return debtor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"text": text}).Str("content_check")
	}
	if got := say("已经转账，请查收"); got != "pass" {
		t.Errorf("a clean text is %q", got)
	}
	if got := say(wechattest.ReviewWord + "的话"); got != "review" {
		t.Errorf("a doubtful text is %q", got)
	}
	for _, fault := range []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultGarbage, wechattest.FaultClose} {
		w.Fake.Fault(checkPath, fault, 1)
		if got := say("请问 " + string(fault)); got != "unchecked" {
			t.Errorf("%s: %q", fault, got)
		}
	}
	began := time.Now()
	w.Fake.Fault(checkPath, wechattest.FaultHang, 1)
	if got := say("微信没有回音"); got != "unchecked" || time.Since(began) > time.Minute {
		t.Errorf("no answer: %q after %v", got, time.Since(began))
	}
	talk := debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages")[0].ID("conversation_id")
	if got := judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/conversations/%d/messages", talk), handlertest.Obj{"text": wechattest.RiskyWord}).Str("content_check"); got != "" {
		t.Errorf("the court's own words are %q", got)
	}
	if _, body := w.Visitor(judge).Send(handlertest.Get, fmt.Sprintf("/cases/%d?tab=conversation&with=%d", f.ID, talk), nil, nil); strings.Count(body, "内容未经检查") != 5 || !strings.Contains(body, "内容待人工复核") {
		t.Errorf("the desk's page: %.3000s", body)
	}
	w.Fake.Leave(debtor.OpenID) // not in the mini-program for two hours
	if got := say("我还在吗"); got != "unchecked" {
		t.Errorf("somebody who left: %q", got)
	}
	if strings.Contains(w.Log.String(), wechattest.RiskyWord) {
		t.Error("the refused words are in the log")
	}
}

// While the object store is away the check of pictures is told so, and gets the
// picture afterwards.
func TestAPictureToCheckWaitsForTheObjectStore(t *testing.T) {
	t.Parallel()
	var store *failing
	w := handlertest.NewWith(t, func(w *handlertest.World) {
		store = &failing{Store: w.Objects}
		w.Objects, w.Deps = store, func(d *service.Deps) { d.Content, d.ContentPictures = d.WeChat, true }
	})
	w.Staff("zhang.min", model.RoleJudge)
	clerk, debtor := w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/messages", f.ID), handlertest.Obj{"file_ids": []int64{debtor.Uploaded(f.ID, 7004)}})
	due, err := w.DB.DuePictureChecks(context.Background(), 10)
	if err != nil || len(due) != 1 {
		t.Fatal(err, len(due))
	}
	path := "/wechat/pictures/" + due[0].Token
	store.fail(true)
	refusedAll(t, []mistake{{w.Public(), http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, path, nil, ""}})
	store.fail(false)
	a := w.Public().Call(handlertest.Get, path, nil)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("Cache-Control") != "no-store" || !bytes.HasPrefix(a.Body, []byte{0xff, 0xd8}) {
		t.Errorf("after the outage: %d %v, %d bytes", a.Status, a.Header, len(a.Body))
	}
}

// WeChat's check of pictures: it fetches a copy under a one-time address, answers
// by a push, and what is risky is hidden from both sides, its sender told.
func TestWeChatChecksPictures(t *testing.T) {
	t.Parallel()
	w := checked(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.ID)
	good, evil := debtor.Uploaded(f.ID, 7001), debtor.Uploaded(f.ID, 7002)
	pictures, key := handlertest.Obj{"file_ids": []int64{good, evil}}, handlertest.FreshKey()
	m := debtor.CallKey(handlertest.Post, path, pictures, key).Json
	if m.Str("content_check") != "" || len(m.List("files")) != 2 {
		t.Errorf("a message of pictures: %v", m)
	}
	n := 0
	var seen []byte
	w.Judge(func(b []byte) bool {
		if n++; n == 1 {
			seen = b
		}
		return n == 2
	})
	if n != 2 || !bytes.HasPrefix(seen, []byte{0xff, 0xd8}) || w.Audited(model.AuditPictureGiven) != 2 || w.Audited(model.AuditPictureHidden) != 1 {
		t.Errorf("%d pictures judged, %d given, %d hidden", n, w.Audited(model.AuditPictureGiven), w.Audited(model.AuditPictureHidden))
	}
	for _, who := range []*handlertest.Client{debtor, judge} {
		m := who.Must(http.StatusOK, handlertest.Get, path, nil).List("messages")[0]
		if len(m.List("files")) != 1 || m.List("files")[0].ID("id") != good || fmt.Sprint(m["hidden_file_ids"]) != fmt.Sprintf("[%d]", evil) {
			t.Errorf("%s sees %v", who.Name, m)
		}
	}
	// Whose answer got lost sees by now what everybody sees.
	if again := debtor.CallKey(handlertest.Post, path, pictures, key); again.Json.ID("id") != m.ID("id") || len(again.Json.List("files")) != 1 || fmt.Sprint(again.Json["hidden_file_ids"]) != fmt.Sprintf("[%d]", evil) {
		t.Errorf("the repeat: %d %s", again.Status, again.Body)
	}
	if debtor.NoticesOf("picture.hidden") != 1 {
		t.Errorf("the sender was told %d times", debtor.NoticesOf("picture.hidden"))
	}
	talk := fmt.Sprintf("/cases/%d?tab=conversation&with=%d", f.ID, m.ID("conversation_id"))
	if _, body := w.Visitor(judge).Send(handlertest.Get, talk, nil, nil); strings.Count(body, "<img src=\"/desk/files/") != 1 || !strings.Contains(body, "可能违规，已隐藏") {
		t.Errorf("the desk's page: %.3000s", body)
	}
	// Once it is decided nobody fetches it again; a guessed address is nothing.
	refusedAll(t, []mistake{{w.Public(), handlertest.Gone, "file.not_found", handlertest.Get, "/wechat/pictures/" + strings.Repeat("A", 26), nil, ""}})
	// WeChat is down, then never answers: the picture stays, unchecked.
	late := debtor.Uploaded(f.ID, 7003)
	debtor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"file_ids": []int64{late}})
	w.Fake.Fault("/wxa/media_check_async", wechattest.FaultBusy, 1)
	for range 3 {
		if err := w.Svc.Conversation.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Hour)
	}
	debtor.Renew()
	if m := debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages")[0]; len(m.List("files")) != 1 {
		t.Errorf("an unchecked picture is gone: %v", m)
	}
}
