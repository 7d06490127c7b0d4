package channel_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/channel"
	"microcourt/service/demo"
	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage/storagetest"
)

// gateways are the three ways over the fake platform and the fake gateway.
type gateways struct {
	clock     *storagetest.Clock
	fake      *wechattest.Fake
	account   *wechattest.Fake
	texts     *smstest.Gateway
	cards     channel.WeChat
	followers channel.Followers
	texting   channel.Texts
}

func newGateways(t *testing.T) *gateways {
	t.Helper()
	g := &gateways{clock: storagetest.NewClock()}
	client := func(appID, secret string, seed uint64) (*wechattest.Fake, *wechat.Client) {
		fake, err := wechattest.New(wechattest.Config{AppID: appID, Secret: secret, Now: g.clock.Now, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(fake)
		t.Cleanup(server.Close)
		c, err := wechat.New(wechat.Config{AppID: appID, Secret: secret, BaseURL: server.URL}, wechat.NewMemoryTokens(g.clock.Now), g.clock.Now, nil)
		if err != nil {
			t.Fatal(err)
		}
		return fake, c
	}
	var mini, service *wechat.Client
	g.fake, mini = client(wechat.DemoAppID, wechat.DemoSecret, 1)
	g.account, service = client(wechat.DemoServiceAppID, wechat.DemoServiceSecret, 7)
	cfg := sms.Config{
		AccessKeyID: smstest.AccessKeyID, AccessKeySecret: smstest.AccessKeySecret, SignName: smstest.SignName, TemplateCode: smstest.TemplateCode, Now: g.clock.Now,
	}
	var err error
	if g.texts, err = smstest.New(cfg); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(g.texts.ServeHTTP))
	t.Cleanup(server.Close)
	cfg.Endpoint = server.URL
	gateway, err := sms.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	g.cards = channel.NewWeChat(mini, demo.Cards(), true)
	g.followers = channel.NewFollowers(channel.Account{Client: service, Cards: demo.FollowerCards()}, wechat.DemoAppID)
	g.texting = channel.NewTexts(gateway, mini)
	return g
}

// message is a due reminder to somebody.
func message(openID, phone string) model.Outgoing {
	return model.Outgoing{
		ID: 7, OpenID: openID, Phone: phone, CheckCode: "AB2CD3EF", Title: "履行期限提醒", CourtID: 1, Kind: model.NoticeDueSoon, Page: "pages/case/detail",
		Card: map[string]string{"case_no": "（2026）浙0211民初1号", "court": "宁波市镇海区人民法院", "due": "2026年3月31日", "amount": "600.00", "remark": "履行期限将届满", "phone": "0574-12368"},
		At:   time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC),
	}
}

// What each way says of a message in the court's words, whatever the gateway
// answers.
func TestWhatBecameOfAMessage(t *testing.T) {
	t.Parallel()
	g := newGateways(t)
	user := g.fake.AddUser(wechattest.User{}).OpenID
	willing := g.fake.AddUser(wechattest.User{}).OpenID
	if err := g.fake.Allow(willing, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	follower := g.account.Follow("union-1")
	repeated := message(willing, "13800138000")
	repeated.Repeat, repeated.Since, repeated.Left = true, time.Hour, 3
	soon := message(follower, "")
	soon.Repeat, soon.Since = true, time.Minute
	late := soon
	late.Since = time.Hour
	for name, c := range map[string]struct {
		send func() (model.Outcome, error)
		want model.OutboxState
		logs bool // says why
	}{
		"a card":                              {func() (model.Outcome, error) { return g.cards.Send(t.Context(), message(willing, "")) }, model.OutboxAccepted, false},
		"a card that was not allowed":         {func() (model.Outcome, error) { return g.cards.Send(t.Context(), message(user, "")) }, model.OutboxNoConsent, true},
		"a card to nobody":                    {func() (model.Outcome, error) { return g.cards.Send(t.Context(), message("oNobody", "")) }, model.OutboxUnreachable, true},
		"a repeat that may be a second card":  {func() (model.Outcome, error) { return g.cards.Send(t.Context(), repeated) }, model.OutboxUnknown, false},
		"to a follower":                       {func() (model.Outcome, error) { return g.followers.Send(t.Context(), message(follower, "")) }, model.OutboxAccepted, false},
		"to who follows nothing":              {func() (model.Outcome, error) { return g.followers.Send(t.Context(), message("", "")) }, model.OutboxUnreachable, false},
		"to a follower of another account":    {func() (model.Outcome, error) { return g.followers.Send(t.Context(), message("oNobody", "")) }, model.OutboxUnreachable, true},
		"once more within its ten minutes":    {func() (model.Outcome, error) { return g.followers.Send(t.Context(), soon) }, model.OutboxAccepted, false},
		"once more after them":                {func() (model.Outcome, error) { return g.followers.Send(t.Context(), late) }, model.OutboxUnknown, false},
		"a text":                              {func() (model.Outcome, error) { return g.texting.Send(t.Context(), message("", "13800138000")) }, model.OutboxAccepted, false},
		"a text without a number":             {func() (model.Outcome, error) { return g.texting.Send(t.Context(), message("", "")) }, model.OutboxUnreachable, false},
		"a text that may have been sent once": {func() (model.Outcome, error) { return g.texting.Send(t.Context(), repeated) }, model.OutboxUnknown, false},
	} {
		o, err := c.send()
		if o.State != c.want || c.logs != (err != nil) {
			t.Errorf("%s: %+v, %v, want %s", name, o, err, c.want)
		}
	}
	if n := len(g.fake.Inbox(willing)); n != 1 {
		t.Errorf("%d cards, want the one", n)
	}
	if n := len(g.account.Inbox(follower)); n != 1 { // the repeat is the same message to WeChat
		t.Errorf("%d messages of the account, want the one", n)
	}
	if texts := g.texts.Texts(); len(texts) != 1 || strings.Contains(texts[0].Title+texts[0].Link, "浙0211") || texts[0].Code != "AB2CD3EF" {
		t.Errorf("the text messages: %+v", texts)
	}
}

// A gateway that refuses everything for a while rests the channel; one that is
// busy is asked less; a lost answer is a lost answer.
func TestWhatAGatewaysTroubleMeans(t *testing.T) {
	t.Parallel()
	g := newGateways(t)
	user := g.fake.AddUser(wechattest.User{}).OpenID
	for range 3 {
		if err := g.fake.Allow(user, wechattest.TemplateDue); err != nil {
			t.Fatal(err)
		}
	}
	const send = "/cgi-bin/message/subscribe/send"
	g.fake.Fault(send, wechattest.FaultBusy, 5)
	if o, err := g.cards.Send(t.Context(), message(user, "")); o.State != model.OutboxQueued || !o.Slower || o.RetryIn <= 0 || err == nil {
		t.Errorf("busy: %+v %v", o, err)
	}
	g.fake.Fault(send, wechattest.FaultClose, 1)
	if o, err := g.card(t, user); o.State != model.OutboxUnknown || err == nil {
		t.Errorf("the answer was lost: %+v %v", o, err)
	}
	for code, want := range map[string]model.OutboxState{
		"isv.MOBILE_NUMBER_ILLEGAL": model.OutboxUnreachable, "cut": model.OutboxUnknown, "isv.BUSINESS_LIMIT_CONTROL": model.OutboxQueued, "isv.AMOUNT_NOT_ENOUGH": model.OutboxQueued,
		"isv.SMS_TEMPLATE_ILLEGAL": model.OutboxInvalid,
	} {
		g.texts.Fail(code)
		o, err := g.texting.Send(t.Context(), message("", "13800138000"))
		if o.State != want || err == nil {
			t.Errorf("%s: %+v %v, want %s", code, o, err, want)
		}
	}
}

// card sends a card until the platform is busy no more.
func (g *gateways) card(t *testing.T, user string) (model.Outcome, error) {
	t.Helper()
	for {
		o, err := g.cards.Send(t.Context(), message(user, ""))
		if o.State != model.OutboxQueued {
			return o, err
		}
	}
}

// Staff are shown what the addressee sees, and what a channel can do is said as
// it is.
func TestWhatAChannelShowsAndCan(t *testing.T) {
	t.Parallel()
	g := newGateways(t)
	m := message("", "")
	n := model.Notice{Kind: m.Kind, Title: m.Title, Card: m.Card, CheckCode: m.CheckCode, CreatedAt: m.At}
	value := func(lines []model.ShownLine, label string) string {
		i := slices.IndexFunc(lines, func(l model.ShownLine) bool { return l.Label == label })
		if i < 0 {
			return ""
		}
		return lines[i].Value
	}
	if got := value(g.cards.Shows(n), "通知"); got != "履行期限提醒" || value(g.cards.Shows(n), "咨询电话") != "0574-12368" {
		t.Errorf("the card says %q in %v", got, g.cards.Shows(n))
	}
	if got := value(g.texting.Shows(n), "核验码"); got != "AB2CD3EF" {
		t.Errorf("the text shows %v", g.texting.Shows(n))
	}
	if len(g.followers.Shows(n)) == 0 {
		t.Error("nothing is shown of the account's message")
	}
	if !g.cards.Covers(model.NoticeDueSoon) || g.cards.Covers("nobody's") || !g.followers.Covers(model.NoticeDueSoon) || g.followers.Covers(model.NoticeFiled) {
		t.Error("what the channels cover")
	}
	if !g.texting.Covers(model.NoticeDueSoon) || g.texting.Covers(model.NoticeReceiptReceived) || g.texting.Covers(model.NoticeReceiptSubmitted) {
		t.Error("what is worth a text")
	}
	if id, long := g.cards.Template(model.NoticeDueSoon); id != wechattest.TemplateDue || !long {
		t.Error(id, long)
	}
	if id, _ := g.followers.Template(model.NoticeDueSoon); id != "" {
		t.Error("whoever follows needs to allow nothing")
	}
	if !g.cards.Confirms() || channel.NewWeChat(nil, nil, false).Confirms() || g.followers.Confirms() || !g.texting.Confirms() {
		t.Error("which channel tells what became of a message")
	}
	if got := demo.Cards().Templates()[model.NoticeDueSoon]; got.ID != wechattest.TemplateDue || !got.LongTerm {
		t.Errorf("the ledger's template: %+v", got)
	}
}

// The gateway is asked what became of a text.
func TestATextsReceipt(t *testing.T) {
	t.Parallel()
	g := newGateways(t)
	g.texts.HoldReceipts(true)
	o, err := g.texting.Send(t.Context(), message("", "13800138000"))
	if err != nil {
		t.Fatal(err)
	}
	unheard := model.Unheard{ID: 7, MessageID: o.MessageID, Phone: "13800138000", AcceptedAt: g.clock.Now()}
	if h, err := g.texting.Ask(t.Context(), unheard); err != nil || h.Known {
		t.Errorf("nothing is known yet: %+v %v", h, err)
	}
	g.texts.HoldReceipts(false)
	g.clock.Advance(time.Minute)
	if h, err := g.texting.Ask(t.Context(), unheard); err != nil || !h.Known || h.Failure != "" {
		t.Errorf("it arrived: %+v %v", h, err)
	}
}

// What WeChat pushes is read line by line; what is about something else has no
// lines, and what is no message at all is an error.
func TestWhatWeChatPushesIsRead(t *testing.T) {
	t.Parallel()
	g := newGateways(t)
	g.fake.PushTo("http://unused.invalid")
	g.account.PushTo("http://unused.invalid")
	push := func(appID string) *wechat.Push {
		p, err := wechat.NewPush(wechat.PushConfig{AppID: appID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: g.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	read := func(fake *wechattest.Fake, appID string) (out []model.PushedLine) {
		t.Helper()
		for _, r := range fake.Pending() {
			message, err := push(appID).Open(r.Query, r.Body)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := (channel.Pushes{}).Read(message)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, lines...)
		}
		return out
	}
	user := g.fake.AddUser(wechattest.User{}).OpenID
	if err := g.fake.Allow(user, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	if _, err := g.cards.Send(t.Context(), message(user, "")); err != nil {
		t.Fatal(err)
	}
	if err := g.fake.Revoke(user, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	lines := read(g.fake, wechat.DemoAppID)
	if len(lines) != 3 || lines[0].Source != model.SubscriptionPopup || !lines[0].Accepted || lines[0].TemplateID != wechattest.TemplateDue || lines[0].OpenID != user ||
		lines[1].Channel != model.ChannelWeChat || lines[1].MessageID == "" || lines[1].Failure != "" || lines[2].Source != model.SubscriptionChange || lines[2].Accepted {
		t.Errorf("the mini-program's: %+v", lines)
	}
	follower := g.account.Follow("union-1")
	if _, err := g.followers.Send(t.Context(), message(follower, "")); err != nil {
		t.Fatal(err)
	}
	g.account.Unfollow(follower)
	lines = read(g.account, wechat.DemoServiceAppID)
	if len(lines) != 3 || lines[0].Follow != model.Followed || lines[1].Channel != model.ChannelService || lines[1].MessageID == "" || lines[2].Follow != model.Unfollowed {
		t.Errorf("the account's: %+v", lines)
	}
	if lines, err := (channel.Pushes{}).Read([]byte(`{"MsgType":"text","FromUserName":"oX","CreateTime":1,"Content":"x"}`)); err != nil || len(lines) != 0 {
		t.Errorf("a chat message: %v %v", lines, err)
	}
	if lines, err := (channel.Pushes{}).Read([]byte(`nonsense`)); err == nil && len(lines) != 0 {
		t.Errorf("nonsense: %v", lines)
	}
}

// A mapping that cannot work keeps the server from starting, and says which one.
func TestAWrongMappingIsRefused(t *testing.T) {
	t.Parallel()
	for want, cards := range map[string]channel.Cards{
		"no such kind": {"poem": {ID: "t", Fields: map[string]string{"thing1": "kind"}}},
		"are required": {model.NoticeDueSoon: {ID: "t"}},
		"never shows":  {model.NoticeDueSoon: {ID: "t", Fields: map[string]string{"thing1": "amount"}}},
		"no field":     {model.NoticeDueSoon: {ID: "t", Fields: map[string]string{"thing1": "secret"}}},
		"cannot hold":  {model.NoticeDueSoon: {ID: "t", Fields: map[string]string{"date1": "kind"}}},
	} {
		err := cards.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		account := channel.Account{Client: &wechat.Client{}, Cards: cards}
		if err := account.Check(); err == nil || !strings.Contains(err.Error(), "service account") {
			t.Errorf("as the service account's: %v", err)
		}
	}
	if err := (channel.Account{}).Check(); err != nil {
		t.Errorf("a court without a service account: %v", err)
	}
}
