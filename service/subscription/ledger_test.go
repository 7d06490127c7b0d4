package subscription_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/service/subscription"
	"microcourt/service/wechat/wechattest"
)

// asked are the names of the templates that the client asks for at a button.
func asked(t *testing.T, w *servicetest.World, p servicetest.Person, at model.Moment) []string {
	t.Helper()
	ids, _, err := w.Svc.Subscription.Wanted(context.Background(), p.Actor, at)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func left(t *testing.T, w *servicetest.World, p servicetest.Person, template string) int {
	t.Helper()
	list, err := w.Svc.Subscription.Ledger(context.Background(), p.Actor)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(s model.SubscriptionTemplate) bool { return s.ID == template })
	if i < 0 {
		t.Fatalf("no template %s", template)
	}
	return list[i].Left
}

// allowed is a debtor who handed a receipt in, in a case whose court has WeChat.
func allowed(t *testing.T) (w *servicetest.World, judge, debtor servicetest.Person, f servicetest.Filed) {
	t.Helper()
	w = servicetest.New(t)
	judge = w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f = w.File(clerk)
	debtor = w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	return w, judge, debtor, f
}

// From the pop-up to the phone: the client asks for what is lacking, WeChat
// tells what the user answered and what it delivered.
func TestSubscriptionsFromPopupToDelivery(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, judge, debtor, f := allowed(t)
	if got := asked(t, w, debtor, "receipt"); !slices.Equal(got, []string{wechattest.TemplateDue}) { // long-term first, and alone
		t.Errorf("at the receipt's button the client asks for %q", got)
	}
	w.Allows(debtor.Phone, wechattest.TemplateDue)
	w.Hear()
	if got := asked(t, w, debtor, "receipt"); !slices.Equal(got, []string{wechattest.TemplateReceipt}) {
		t.Errorf("then for %q", got)
	}
	// The phone reports its answer twice under one key, WeChat tells of it too: one
	// message may be sent. What is not the user's answer counts for nothing.
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	key := servicetest.FreshKey()
	for range 2 {
		if err := w.Svc.Subscription.Claim(ctx, debtor.Actor, subscription.Answers{wechattest.TemplateReceipt: "accept", wechattest.TemplateCase: "filter"}, key); err != nil {
			t.Fatal(err)
		}
	}
	w.Hear()
	if got := left(t, w, debtor, wechattest.TemplateReceipt); got != 1 || len(asked(t, w, debtor, "receipt")) != 0 {
		t.Errorf("%d messages may be sent, and it asks for %v", got, asked(t, w, debtor, "receipt"))
	}
	w.Submit(debtor, f, 60000, 951)
	w.Drain()
	if n := len(w.Fake.Inbox(debtor.Phone)); n != 1 {
		t.Fatalf("%d cards", n)
	}
	if got := left(t, w, debtor, wechattest.TemplateReceipt); got != 0 {
		t.Errorf("after a message %d are left", got)
	}
	w.Clock.Advance(time.Minute)
	w.Hear()
	d := w.ProofOf(judge.Actor, f, model.NoticeReceiptReceived, f.Debtor).Deliveries
	if len(d) != 1 || d[0].State != model.OutboxAccepted || d[0].DeliveredAt == nil {
		t.Errorf("the delivery is recorded as %+v", d)
	}
	// Switched off in the settings.
	if err := w.Fake.Revoke(debtor.Phone, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	w.Hear()
	if got := asked(t, w, debtor, "case"); len(got) == 0 || got[0] != wechattest.TemplateDue {
		t.Errorf("switched off, and the client asks for %q", got)
	}
	claim := func(a subscription.Answers) error {
		return w.Svc.Subscription.Claim(ctx, debtor.Actor, a, servicetest.FreshKey())
	}
	w.Refused(claim(nil), "field.required")
	w.Refused(w.Svc.Subscription.Claim(ctx, judge.Actor, subscription.Answers{wechattest.TemplateDue: "accept"}, key), "role.forbidden")
	_, _, err := w.Svc.Subscription.Wanted(ctx, debtor.Actor, "midnight")
	w.Refused(err, "subscription.moment")
	_, err = w.Svc.Subscription.Ledger(ctx, judge.Actor)
	w.Refused(err, "role.forbidden")
}

// Answers and deliveries arrive late, twice and in any order, in every format:
// the ledger ends where the platform's own account is.
func TestTheLedgerEndsWhereThePlatformIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, _, debtor, f := allowed(t)
	random := rand.New(rand.NewPCG(11, 3))
	var messages [][]byte
	free := 0
	for i := range 18 {
		w.Fake.SetPushFormat([]wechattest.PushFormat{wechattest.PushXML, wechattest.PushJSON, wechattest.PushJSONNested}[i%3])
		w.Clock.Advance(5 * time.Second)
		switch random.IntN(3) {
		case 0, 1:
			w.Allows(debtor.Phone, wechattest.TemplateReceipt)
			free++
		case 2:
			if free > 0 {
				w.Submit(debtor, f, 1000, 960+i)
				w.Drain()
				free--
			}
		}
		for _, r := range w.Fake.Pending() {
			m, err := w.Svc.Push.Open(r.Query, r.Body)
			if err != nil {
				t.Fatal(err)
			}
			messages = append(messages, m)
		}
	}
	messages = append(messages, messages[:len(messages)/2]...)
	random.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
	for _, m := range messages {
		if err := w.Svc.Subscription.Receive(ctx, m); err != nil {
			t.Fatal(err)
		}
	}
	w.Hear()
	// The two sides' accounts, proved by using the platform's up.
	rest, before := left(t, w, debtor, wechattest.TemplateReceipt), len(w.Fake.Inbox(debtor.Phone))
	for i := range rest + 2 {
		w.Submit(debtor, f, 1000, 990+i)
		w.Drain()
	}
	if shown := len(w.Fake.Inbox(debtor.Phone)) - before; shown != rest || rest != free {
		t.Errorf("the ledger says %d, the platform showed %d, the user allowed %d more", rest, shown, free)
	}
}

// Who begins and ceases to follow the service account is known by what WeChat
// pushes, and by asking it who he is; when it cannot be asked, later.
func TestFollowersAreAskedFor(t *testing.T) {
	t.Parallel()
	w := servicetest.NewWith(t, func(w *servicetest.World) { w.Following = true })
	w.SetCourt(func(s *model.CourtSettings) {
		s.Channels = []model.ChannelName{model.ChannelService}
	})
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	openID := w.Fake.AddUser(wechattest.User{UnionID: "union-debtor"}).OpenID
	code, err := w.Fake.LoginCode(openID)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s, err := w.Svc.Identity.LoginWeChat(ctx, model.Actor{}, code)
	if err != nil {
		t.Fatal(err)
	}
	by, err := w.Svc.Identity.Authenticate(ctx, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	debtor := servicetest.Person{Actor: by, Phone: openID}
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	tell := func(key string) []string {
		t.Helper()
		w.Notify(model.Notice{
			CourtID: w.Court.ID, CaseID: f.ID, PartyID: f.Debtor, Kind: model.NoticeDueSoon, DedupeKey: "follow:" + key, Title: "履行期限提醒", Body: "b",
			Card: map[string]string{"case_no": f.No, "due": "2026年3月31日", "amount": "600.00"},
		})
		w.Drain()
		return servicetest.Ways(w.ProofOf(judge.Actor, f, model.NoticeDueSoon, f.Debtor))
	}
	if got := tell("before"); len(got) != 0 {
		t.Errorf("he follows nothing, and is sent %v", got)
	}
	w.Account.Fault("/cgi-bin/user/info", wechattest.FaultClose, 3) // nobody knows who he is yet
	follower := w.Account.Follow("union-debtor")
	w.Hear()
	if got := tell("unknown"); len(got) != 0 {
		t.Errorf("nobody knows that it is he, and he is sent %v", got)
	}
	for range 3 {
		w.Clock.Advance(11 * time.Minute)
		w.Hear()
	}
	if got := tell("follows"); !slices.Equal(got, []string{"wechat_service accepted"}) || len(w.Account.Inbox(follower)) != 1 {
		t.Errorf("he follows, and is sent %v", got)
	}
	w.Clock.Advance(time.Minute)
	w.Account.Unfollow(follower)
	w.Hear()
	if got := tell("left"); len(got) != 0 || len(w.Account.Inbox(follower)) != 1 {
		t.Errorf("he left, and is sent %v", got)
	}
}

// What the server is told beside its other work is applied while it runs, and a
// stop ends it.
func TestPushesAreAppliedWhileTheProgramRuns(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.svc.Run(ctx) }()
	if err := h.svc.Receive(ctx, []byte("li")); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !h.heard("li"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it was not applied")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
