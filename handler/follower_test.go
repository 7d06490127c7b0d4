package handler_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// Who follows the court's service account is reached there when he has not
// allowed the mini-program's cards, once, and is told apart by his unionid; who
// stops following falls back further.
func TestTheServiceAccountReachesItsFollowers(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(w *world) { w.following, w.texting = true, true })
	w.setCourt(func(s *model.CourtSettings) {
		s.Channels = []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS}
	})
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := &client{w: w, openID: w.fake.AddUser(wechattest.User{UnionID: "union-debtor"}).OpenID}
	debtor.login()
	debtor.bind(clerk, f.id, f.debtor)
	follower := w.account.Follow("union-debtor")
	w.account.Follow("union-somebody-else")
	tell := func() {
		t.Helper()
		if err := w.account.Push(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := w.svc.Subscription.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	// D-7: the answer is lost, and the repeat is the same message.
	w.until(at(3, 24, 8))
	w.account.Fault("/cgi-bin/message/template/send", wechattest.FaultClose, 1)
	before := len(w.texts.Texts())
	w.until(at(3, 24, 9))
	w.clock.Advance(time.Minute)
	w.drain()
	tell()
	judge.renew()
	inbox := w.account.Inbox("")
	if len(inbox) != 1 || inbox[0].OpenID != follower || inbox[0].Page == "" || inbox[0].Rows[0].Value != f.no {
		t.Fatalf("the followers' phones show %v", inbox)
	}
	var states []string
	for _, d := range judge.proofOf(f, model.NoticeDueSoon, f.debtor).list("deliveries") {
		states = append(states, d.str("channel")+" "+d.str("state"))
		if d.str("channel") == model.ChannelService && d.str("delivered_at") == "" {
			t.Errorf("the end of the job is not recorded: %v", d)
		}
	}
	if len(states) != 2 || states[0] != "wechat_subscribe no_consent" || states[1] != "wechat_service accepted" || len(w.texts.Texts()) != before {
		t.Errorf("the ways tried: %v, and %d text messages", states, len(w.texts.Texts())-before)
	}
	// He stops following: a text message, and nothing on the account.
	w.clock.Advance(time.Minute)
	w.account.Unfollow(follower)
	tell()
	w.until(at(3, 28, 10))
	if got := w.account.Inbox(""); len(got) != 1 {
		t.Errorf("after he left, the account shows %v", got)
	}
	if n := len(w.texts.Texts()) - before; n != 1 {
		t.Errorf("%d text messages after he left", n)
	}

	// The account's own door refuses what is not the account's.
	good := w.account.Seal([]byte(`{"FromUserName":"oX","CreateTime":1,"MsgType":"event","Event":"subscribe"}`), wechat.DemoServiceAppID)
	for name, tt := range map[string]struct {
		request wechattest.Request
		status  int
		reason  string
	}{
		"the mini-program's": {w.account.Seal([]byte(`{}`), wechat.DemoAppID), http.StatusForbidden, "push.signature"},
		"nonsense":           {wechattest.Request{Query: good.Query, Body: []byte("{")}, bad, "push.malformed"},
		"its own":            {good, http.StatusOK, ""},
	} {
		req, _ := http.NewRequest(post, w.url+"/api/v1/wechat/service-push?"+tt.request.Query.Encode(), bytes.NewReader(tt.request.Body))
		if a := w.public().send(req); a.status != tt.status || a.json.reason() != tt.reason {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	refusedAll(t, []mistake{{w.public(), http.StatusForbidden, "push.signature", get, "/wechat/service-push?signature=0", nil, ""}})
	off := newWorld(t)
	refusedAll(t, []mistake{
		{off.public(), gone, "push.off", get, "/wechat/service-push", nil, ""}, {off.public(), gone, "push.off", post, "/wechat/service-push", obj{}, ""},
	})
}
