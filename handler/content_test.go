package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/wechat/wechattest"
)

// checked is a world whose conversations WeChat checks.
func checked(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(w *world) { w.deps = func(d *service.Deps) { d.Content, d.ContentPictures = d.WeChat, true } })
}

func (w *world) judge(risky func([]byte) bool) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.svc.Conversation.Pass(ctx); err != nil {
		w.t.Fatal(err)
	}
	w.fake.JudgePictures(ctx, w.url, risky)
	if err := w.fake.Push(ctx); err != nil {
		w.t.Fatal(err)
	}
	if err := w.svc.Subscription.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// WeChat's check of texts: what is risky is refused and recorded without its
// words; what it cannot say anything about is delivered with a mark; the court's
// own words are not asked about.
func TestWeChatChecksTexts(t *testing.T) {
	t.Parallel()
	w := checked(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.id)
	debtor.refused(bad, "message.content", post, path, obj{"text": "这是" + wechattest.RiskyWord + "内容"})
	if w.audited("message.refused") != 1 || len(debtor.must(http.StatusOK, get, path, nil).list("messages")) != 0 {
		t.Error("a risky text left no trace, or was delivered")
	}
	const checkPath = "/wxa/msg_sec_check"
	say := func(text string) string {
		t.Helper()
		return debtor.must(http.StatusCreated, post, path, obj{"text": text}).str("content_check")
	}
	if got := say("已经转账，请查收"); got != "pass" {
		t.Errorf("a clean text is %q", got)
	}
	if got := say(wechattest.ReviewWord + "的话"); got != "review" {
		t.Errorf("a doubtful text is %q", got)
	}
	for _, fault := range []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultGarbage, wechattest.FaultClose} {
		w.fake.Fault(checkPath, fault, 1)
		if got := say("请问 " + string(fault)); got != "unchecked" {
			t.Errorf("%s: %q", fault, got)
		}
	}
	began := time.Now()
	w.fake.Fault(checkPath, wechattest.FaultHang, 1)
	if got := say("微信没有回音"); got != "unchecked" || time.Since(began) > 10*time.Second {
		t.Errorf("no answer: %q after %v", got, time.Since(began))
	}
	talk := debtor.must(http.StatusOK, get, path, nil).list("messages")[0].id("conversation_id")
	if got := judge.must(http.StatusCreated, post, fmt.Sprintf("/conversations/%d/messages", talk), obj{"text": wechattest.RiskyWord}).str("content_check"); got != "" {
		t.Errorf("the court's own words are %q", got)
	}
	if _, body := w.visitor(judge).send(get, fmt.Sprintf("/cases/%d?tab=conversation&with=%d", f.id, talk), nil, nil); strings.Count(body, "内容未经检查") != 5 || !strings.Contains(body, "内容待人工复核") {
		t.Errorf("the desk's page: %.3000s", body)
	}
	w.fake.Leave(debtor.openID) // not in the mini-program for two hours
	if got := say("我还在吗"); got != "unchecked" {
		t.Errorf("somebody who left: %q", got)
	}
	if strings.Contains(w.log.String(), wechattest.RiskyWord) {
		t.Error("the refused words are in the log")
	}
}

// While the object store is away the check of pictures is told so, and gets the
// picture afterwards.
func TestAPictureToCheckWaitsForTheObjectStore(t *testing.T) {
	t.Parallel()
	var store *failing
	w := newWorldWith(t, func(w *world) {
		store = &failing{Store: w.objects}
		w.objects, w.deps = store, func(d *service.Deps) { d.Content, d.ContentPictures = d.WeChat, true }
	})
	w.staff("zhang.min", model.RoleJudge)
	clerk, debtor := w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/messages", f.id), obj{"file_ids": []int64{debtor.uploaded(f.id, 7004)}})
	due, err := w.db.DuePictureChecks(context.Background(), 10)
	if err != nil || len(due) != 1 {
		t.Fatal(err, len(due))
	}
	path := "/wechat/pictures/" + due[0].Token
	store.fail(true)
	refusedAll(t, []mistake{{w.public(), http.StatusServiceUnavailable, "files.unavailable", get, path, nil, ""}})
	store.fail(false)
	a := w.public().call(get, path, nil)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/jpeg" || a.header.Get("Cache-Control") != "no-store" || !bytes.HasPrefix(a.body, []byte{0xff, 0xd8}) {
		t.Errorf("after the outage: %d %v, %d bytes", a.status, a.header, len(a.body))
	}
}

// WeChat's check of pictures: it fetches a copy under a one-time address, answers
// by a push, and what is risky is hidden from both sides, its sender told.
func TestWeChatChecksPictures(t *testing.T) {
	t.Parallel()
	w := checked(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	path := fmt.Sprintf("/cases/%d/messages", f.id)
	good, evil := debtor.uploaded(f.id, 7001), debtor.uploaded(f.id, 7002)
	pictures, key := obj{"file_ids": []int64{good, evil}}, freshKey()
	m := debtor.callKey(post, path, pictures, key).json
	if m.str("content_check") != "" || len(m.list("files")) != 2 {
		t.Errorf("a message of pictures: %v", m)
	}
	n := 0
	var seen []byte
	w.judge(func(b []byte) bool {
		if n++; n == 1 {
			seen = b
		}
		return n == 2
	})
	if n != 2 || !bytes.HasPrefix(seen, []byte{0xff, 0xd8}) || w.audited("picture.given") != 2 || w.audited("picture.hidden") != 1 {
		t.Errorf("%d pictures judged, %d given, %d hidden", n, w.audited("picture.given"), w.audited("picture.hidden"))
	}
	for _, who := range []*client{debtor, judge} {
		m := who.must(http.StatusOK, get, path, nil).list("messages")[0]
		if len(m.list("files")) != 1 || m.list("files")[0].id("id") != good || fmt.Sprint(m["hidden_file_ids"]) != fmt.Sprintf("[%d]", evil) {
			t.Errorf("%s sees %v", who.name, m)
		}
	}
	// Whose answer got lost sees by now what everybody sees.
	if again := debtor.callKey(post, path, pictures, key); again.json.id("id") != m.id("id") || len(again.json.list("files")) != 1 || fmt.Sprint(again.json["hidden_file_ids"]) != fmt.Sprintf("[%d]", evil) {
		t.Errorf("the repeat: %d %s", again.status, again.body)
	}
	if debtor.noticesOf("picture.hidden") != 1 {
		t.Errorf("the sender was told %d times", debtor.noticesOf("picture.hidden"))
	}
	talk := fmt.Sprintf("/cases/%d?tab=conversation&with=%d", f.id, m.id("conversation_id"))
	if _, body := w.visitor(judge).send(get, talk, nil, nil); strings.Count(body, "<img src=\"/desk/files/") != 1 || !strings.Contains(body, "可能违规，已隐藏") {
		t.Errorf("the desk's page: %.3000s", body)
	}
	// Once it is decided nobody fetches it again; a guessed address is nothing.
	refusedAll(t, []mistake{{w.public(), gone, "file.not_found", get, "/wechat/pictures/" + strings.Repeat("A", 26), nil, ""}})
	// WeChat is down, then never answers: the picture stays, unchecked.
	late := debtor.uploaded(f.id, 7003)
	debtor.must(http.StatusCreated, post, path, obj{"file_ids": []int64{late}})
	w.fake.Fault("/wxa/media_check_async", wechattest.FaultBusy, 1)
	for range 3 {
		if err := w.svc.Conversation.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
	}
	debtor.renew()
	if m := debtor.must(http.StatusOK, get, path, nil).list("messages")[0]; len(m.list("files")) != 1 {
		t.Errorf("an unchecked picture is gone: %v", m)
	}
}
