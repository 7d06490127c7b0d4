package handler_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// Who follows the court's service account is reached there when he has not
// allowed the mini-program's cards, once, and is told apart by his unionid; who
// stops following falls back further.
func TestTheServiceAccountReachesItsFollowers(t *testing.T) {
	t.Parallel()
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.Following, w.Texting = true, true })
	w.SetCourt(func(s *model.CourtSettings) {
		s.Channels = []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS}
	})
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := &handlertest.Client{W: w, OpenID: w.Fake.AddUser(wechattest.User{UnionID: "union-debtor"}).OpenID}
	debtor.Login()
	debtor.Bind(clerk, f.ID, f.Debtor)
	follower := w.Account.Follow("union-debtor")
	w.Account.Follow("union-somebody-else")
	tell := func() {
		t.Helper()
		if err := w.Account.Push(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := w.Svc.Subscription.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	// D-7: the answer is lost, and the repeat is the same message.
	w.Until(at(3, 24, 8))
	w.Account.Fault("/cgi-bin/message/template/send", wechattest.FaultClose, 1)
	before := len(w.Texts.Texts())
	w.Until(at(3, 24, 9))
	w.Clock.Advance(time.Minute)
	w.Drain()
	tell()
	judge.Renew()
	inbox := w.Account.Inbox("")
	if len(inbox) != 1 || inbox[0].OpenID != follower || inbox[0].Page == "" || inbox[0].Rows[0].Value != model.NoticeDueSoon.Chinese() {
		t.Fatalf("the followers' phones show %v", inbox)
	}
	proof := judge.ProofOf(f, model.NoticeDueSoon, f.Debtor)
	for _, d := range proof.Deliveries {
		if d.Channel == model.ChannelService && d.DeliveredAt == nil {
			t.Errorf("the end of the job is not recorded: %v", d)
		}
	}
	states := servicetest.Ways(proof)
	if len(states) != 2 || states[0] != "wechat_subscribe no_consent" || states[1] != "wechat_service accepted" || len(w.Texts.Texts()) != before {
		t.Errorf("the ways tried: %v, and %d text messages", states, len(w.Texts.Texts())-before)
	}
	// He stops following: a text message, and nothing on the account.
	w.Clock.Advance(time.Minute)
	w.Account.Unfollow(follower)
	tell()
	w.Until(at(3, 28, 10))
	if got := w.Account.Inbox(""); len(got) != 1 {
		t.Errorf("after he left, the account shows %v", got)
	}
	if n := len(w.Texts.Texts()) - before; n != 1 {
		t.Errorf("%d text messages after he left", n)
	}

	// The account's own door refuses what is not the account's.
	good := w.Account.Seal([]byte(`{"FromUserName":"oX","CreateTime":1,"MsgType":"event","Event":"subscribe"}`), wechat.DemoServiceAppID)
	for name, tt := range map[string]struct {
		request wechattest.Request
		status  int
		reason  string
	}{
		"the mini-program's": {w.Account.Seal([]byte(`{}`), wechat.DemoAppID), http.StatusForbidden, "push.signature"},
		"nonsense":           {wechattest.Request{Query: good.Query, Body: []byte("{")}, handlertest.Bad, "push.malformed"},
		"its own":            {good, http.StatusOK, ""},
	} {
		req, _ := http.NewRequest(handlertest.Post, w.URL+"/api/v1/wechat/service-push?"+tt.request.Query.Encode(), bytes.NewReader(tt.request.Body))
		if a := w.Public().Send(req); a.Status != tt.status || a.Json.Reason() != tt.reason {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	refusedAll(t, []mistake{{w.Public(), http.StatusForbidden, "push.signature", handlertest.Get, "/wechat/service-push?signature=0", nil, ""}})
	off := handlertest.New(t)
	refusedAll(t, []mistake{
		{off.Public(), handlertest.Gone, "push.off", handlertest.Get, "/wechat/service-push", nil, ""}, {off.Public(), handlertest.Gone, "push.off", handlertest.Post, "/wechat/service-push", handlertest.Obj{}, ""},
	})
}
