package notice_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

var all = []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS, model.ChannelPaper}

// The database is away between WeChat's answer and the record. What WeChat
// answered is kept and written when the database is back: no card is shown
// twice, no refused card counts as accepted, none is lost.
func TestAKnownOutcomeOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	for name, restart := range map[string]bool{"the worker lives on": false, "the worker is started anew meanwhile": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
			people := w.people(6)
			for _, p := range people[:3] { // three allow more than one card, three none
				w.allow(p, wechattest.TemplateReceipt, 3)
			}
			w.hear()
			for _, p := range people {
				w.tell(p, model.NoticeReceiptConfirmed, "1")
			}
			w.before(sendPath, w.away)
			w.drain()
			if restart { // with nothing but the disk
				w.end(w.svc)
				w.build()
			}
			for range 3 { // leases run out while the database is away
				w.clock.Advance(2 * time.Minute)
				w.drain()
			}
			if n := len(w.fake.Inbox("")); n != 3 {
				t.Errorf("while the database is away the phones show %d cards", n)
			}
			w.back()
			w.after(time.Minute)
			w.after(10 * time.Minute)
			for i, p := range people {
				want, cards := []string{"wechat_subscribe accepted"}, 1
				if i >= 3 {
					want, cards = []string{"wechat_subscribe no_consent", "sms accepted"}, 0
				}
				if got := w.ways(p); !slices.Equal(got, want) || len(w.fake.Inbox(p.id)) != cards {
					t.Errorf("person %d: %v and %d cards, want %v", i, got, len(w.fake.Inbox(p.id)), want)
				}
			}
			if n := len(w.texts.Texts()); n != 3 {
				t.Errorf("%d text messages", n)
			}
			for _, m := range w.messages(people[0]) {
				if m.DeliveredAt == nil {
					t.Error("the delivery of a card whose outcome was held is not recorded")
				}
			}
		})
	}
}

// The database falls silent between WeChat's answer and the record, without
// closing anything: who stops the program does not wait for ever, and the outcome
// is kept all the same.
func TestAStopDoesNotWaitForASilentDatabase(t *testing.T) {
	t.Parallel()
	if !storagetest.OnMySQL() { // a file is not silent
		return
	}
	w := newWorld(t, model.ChannelWeChat)
	proxy := storagetest.NewProxy(t, storagetest.Address(t, w.cfg.DSN), nil)
	far := w.cfg
	far.DSN, far.Answer = storagetest.Through(proxy, far.DSN), time.Second
	db, err := storage.Open(context.Background(), far)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w.deps.DB = db
	w.end(w.svc)
	w.build()
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateReceipt, 3)
	w.hear()
	w.tell(p, model.NoticeReceiptConfirmed, "1")
	w.before(sendPath, func() { proxy.Hush(true) })
	began := time.Now()
	stop, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	_ = w.svc.Notice.Drain(stop) // it may say that it could not write
	if d := time.Since(began); d > time.Minute {
		t.Errorf("the stop took %v", d)
	}
	proxy.Hush(false)
	w.after(2 * time.Minute)
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe accepted"}) || len(w.fake.Inbox(p.id)) != 1 {
		t.Errorf("%v, %d cards", got, len(w.fake.Inbox(p.id)))
	}
}

// A worker died with a card in its hands that WeChat had refused: the repeat is
// refused again, and that is no acceptance. WeChat told of others meanwhile, of
// this one nothing.
func TestARefusalNeverBecomesAnAcceptance(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	people := w.people(2)
	refused, shown := people[0], people[1]
	w.allow(refused, wechattest.TemplateReceipt, 1)
	w.allow(shown, wechattest.TemplateReceipt, 1)
	w.hear()
	w.clock.Advance(time.Minute)
	w.tell(refused, model.NoticeReceiptConfirmed, "1")
	// The ledger believes that one is left, WeChat says none is; both answers are
	// lost to us, the first by a cut connection.
	if err := w.fake.Revoke(refused.id, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.fake.Pending() // and its event as well
	w.fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.drain()
	w.after(10 * time.Second)
	w.after(10 * time.Second)
	if got := w.ways(refused); !slices.Equal(got, []string{"wechat_subscribe unknown"}) {
		t.Fatalf("refused, and refused again: %v", got)
	}
	w.after(31 * time.Minute)
	if got := w.ways(refused); !slices.Equal(got, []string{"wechat_subscribe unknown"}) {
		t.Errorf("nobody told of any card, and it is %v", got)
	}
	w.tell(shown, model.NoticeReceiptConfirmed, "1")
	w.after(time.Second)
	w.after(31 * time.Minute)
	w.after(time.Minute)
	if got := w.ways(refused); !slices.Equal(got, []string{"wechat_subscribe no_consent", "sms accepted"}) {
		t.Errorf("WeChat told of others and not of this one: %v", got)
	}
	if n := len(w.fake.Inbox(refused.id)); n != 0 {
		t.Errorf("%d cards", n)
	}
}

// A worker was killed after WeChat had shown a card: whoever allows several is
// not shown it twice, and WeChat's own report settles it.
func TestACardInADeadWorkersHandsIsNotShownTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	people := w.people(3)
	for i, p := range people { // the first two allow several; of the third only one is known
		w.allow(p, wechattest.TemplateReceipt, 3-i)
	}
	w.hear()
	w.clock.Advance(time.Minute)
	ctx := context.Background()
	for _, p := range people {
		w.tell(p, model.NoticeReceiptConfirmed, "1")
	}
	held, err := w.db.LeaseOutbox(ctx, w.deps.AppID, "dead", nil, 10, time.Minute)
	if err != nil || len(held) != 3 {
		t.Fatal(len(held), err)
	}
	dead := newSender(t, w)
	for _, m := range held {
		dead(m)
	}
	events := w.fake.Pending()
	for range 4 {
		w.clock.Advance(time.Minute)
		w.drain()
	}
	for i, p := range people {
		if n := len(w.fake.Inbox(p.id)); n != 1 {
			t.Errorf("person %d sees %d cards", i, n)
		}
		if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe unknown"}) {
			t.Errorf("person %d: %v", i, got)
		}
	}
	for _, r := range events {
		message, err := w.deps.Push.Open(r.Query, r.Body)
		if err == nil {
			err = w.svc.Subscription.Receive(ctx, message)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w.after(2 * time.Minute)
	w.after(2 * time.Minute)
	for i, p := range people {
		if m := w.messages(p); len(m) != 1 || m[0].State != model.OutboxAccepted || m[0].DeliveredAt == nil {
			t.Errorf("WeChat says that person %d has it, and it is %v", i, w.ways(p))
		}
	}
}

// WeChat accepts and tells later that it failed: the message failed, the next
// channel follows, and list, proof and count say so. The first report stays.
func TestAcceptedIsNotTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all...)
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateDue, 1)
	w.hear()
	follower := w.account.Follow("union-0")
	w.hear()
	w.fake.FailLater(1, wechattest.Late{Code: 10001, Status: "failed: system failed"})
	w.account.FailLater(1, wechattest.Late{Status: "failed:user block"})
	w.texts.FailLater("MK:0001")
	w.tell(p, model.NoticeFirstDemand, "1")
	w.drain()
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe accepted"}) {
		t.Fatalf("%v", got)
	}
	w.after(time.Second) // WeChat's report; then the account's
	w.after(time.Second)
	w.after(time.Second)
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe failed", "wechat_service failed", "sms accepted"}) {
		t.Fatalf("%v", got)
	}
	if n := len(w.fake.Inbox(p.id)) + len(w.account.Inbox(follower)) + len(w.texts.Texts()); n != 0 {
		t.Errorf("the phone shows %d messages that did not arrive", n)
	}
	w.ask(time.Minute)
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe failed", "wechat_service failed", "sms failed"}) {
		t.Fatalf("%v", got)
	}
	clerk := model.Actor{UserID: 1, CourtID: w.court.ID, Roles: []model.Role{model.RoleClerk}}
	papers, err := w.svc.Notice.PaperTasks(context.Background(), clerk, 0, 10)
	if err != nil || len(papers) != 1 || papers[0].Cause != model.PaperFallback {
		t.Errorf("papers: %v, %v", papers, err)
	}
	for _, channel := range []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS} {
		if w.counted[channel+" accepted"] != 1 || w.counted[channel+" failed"] != 1 || w.stages[channel+" accepted"] != 1 {
			t.Errorf("%s is counted as %v, measured as %v", channel, w.counted, w.stages)
		}
	}
	list, err := w.svc.Notice.Failed(context.Background(), clerk, 0, 10)
	if err != nil || len(list) != 3 {
		t.Fatalf("the list: %v, %v", list, err)
	}
	for i, reason := range []string{"10001 failed: system failed", "user block", "MK:0001"} {
		if d := list[i]; d.State != model.OutboxFailed || d.DeliveryError != reason || d.Explained.Whose == "" || d.Explained.Do == "" || !strings.Contains(d.StateText, "未能送到") {
			t.Errorf("%s is listed as %+v", reason, list[i])
		}
	}
}

// The first report decides; one that contradicts it is kept and shown.
func TestTheFirstReportStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateDue, 1)
	w.hear()
	w.tell(p, model.NoticeFirstDemand, "1")
	w.after(time.Second)
	m := w.messages(p)
	if len(m) != 1 || m[0].DeliveredAt == nil {
		t.Fatalf("%v", w.ways(p))
	}
	for range 2 {
		w.fake.Contradict(p.id, wechattest.Late{Code: 7, Status: "failed"})
		w.after(time.Second)
	}
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe accepted"}) {
		t.Errorf("a later report made it %v", got)
	}
	ctx := context.Background()
	n, err := w.db.CaseNotices(ctx, p.party.CaseID, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := w.db.DeliveryReports(ctx, []int64{m[0].ID})
	if err != nil || len(reports) != 1 || reports[0].Counted || reports[0].Failure != "7 failed" {
		t.Errorf("of the later report is kept: %+v, %v (notice %d)", reports, err, n[0].ID)
	}
	if what := reports[0].What(); !strings.Contains(what, "后来又告知") || !strings.Contains(what, "以先前的为准") {
		t.Errorf("the proof says %q", what)
	}
}

// Three days without a word: listed, whatever the channel, and not before.
func TestWhatNobodyConfirmsIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	people := w.people(2)
	w.allow(people[0], wechattest.TemplateDue, 1)
	w.texts.HoldReceipts(true)
	for _, p := range people {
		w.tell(p, model.NoticeFirstDemand, "1")
	}
	w.drain()
	w.fake.Pending() // nobody hears of it
	clerk := model.Actor{UserID: 1, CourtID: w.court.ID, Roles: []model.Role{model.RoleClerk}}
	list := func() (out []string) {
		t.Helper()
		l, err := w.svc.Notice.Failed(context.Background(), clerk, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range l {
			if d.State == model.OutboxAccepted {
				out = append(out, d.Channel+" "+d.StateText)
			}
		}
		return out
	}
	for range 20 {
		w.ask(3 * time.Hour)
	}
	if got := list(); len(got) != 0 {
		t.Errorf("listed too early: %v", got)
	}
	w.ask(13 * time.Hour)
	if got := list(); len(got) != 2 || !strings.Contains(got[0], "三日内未确认") {
		t.Errorf("after three days the list says %v", got)
	}
	if n, err := w.svc.Notice.Unconfirmed(context.Background(), w.court.ID); n != 2 || err != nil {
		t.Errorf("%d are counted, %v", n, err)
	}
	// The clerk hands one to the other channel, and sends one again.
	l, _ := w.svc.Notice.Failed(context.Background(), clerk, 0, 10)
	for _, d := range l {
		if d.State == model.OutboxAccepted && d.Channel == model.ChannelSMS {
			if err := w.svc.Notice.Resend(context.Background(), clerk, d.ID, model.ChannelSMS); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.texts.HoldReceipts(false)
	w.drain()
	w.ask(time.Minute)
	if got := list(); len(got) != 1 || len(w.texts.Texts()) != 2 {
		t.Errorf("after it was sent again: %v, %d text messages", got, len(w.texts.Texts()))
	}
	for _, m := range w.messages(people[1]) {
		if m.Channel == model.ChannelSMS && (m.DeliveredAt == nil || m.AskAt != nil) {
			t.Errorf("the receipt of the text message is not recorded: %+v", m)
		}
	}
}

// ask moves the clock and asks for receipts.
func (w *world) ask(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	if err := w.svc.Notice.AskReceipts(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	w.drain()
}

// A message that could not leave in time, because its channel never worked, goes
// to the next one. One that may have arrived does not.
func TestAnExpiredMessageFallsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	people := w.people(2)
	for _, p := range people {
		w.allow(p, wechattest.TemplateDue, 1)
		w.tell(p, model.NoticeFirstDemand, "1")
	}
	w.fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.drain() // one was shown, and its answer lost; the other was shown
	w.tell(people[0], model.NoticeSecondDemand, "2")
	w.fake.Fault(sendPath, wechattest.FaultBusy, 1000)
	for range 30 {
		w.clock.Advance(6 * time.Hour)
		w.drain()
	}
	got := w.ways(people[0])
	slices.Sort(got)
	got = slices.Compact(got)
	if !slices.Contains(got, "wechat_subscribe expired") || !slices.Contains(got, "sms accepted") || len(w.texts.Texts()) != 1 {
		t.Errorf("%v and %d text messages", got, len(w.texts.Texts()))
	}
}

// A link that WeChat refuses for good leads to the first page of the
// mini-program; when that is refused too, the next channel follows.
func TestATextWhoseLinkIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelSMS, model.ChannelPaper)
	people := w.people(2)
	w.fake.Release("pages/index/index") // an older mini-program
	w.tell(people[0], model.NoticeFirstDemand, "1")
	w.drain()
	texts := w.texts.Texts()
	if got := w.ways(people[0]); !slices.Equal(got, []string{"sms accepted"}) || len(texts) != 1 || !strings.HasPrefix(texts[0].Link, "https://") {
		t.Fatalf("%v, %v", got, texts)
	}
	w.fake.Unpublish()
	w.tell(people[1], model.NoticeFirstDemand, "1")
	w.drain()
	if got := w.ways(people[1]); !slices.Equal(got, []string{"sms invalid"}) || len(w.texts.Texts()) != 1 {
		t.Errorf("%v", got)
	}
	clerk := model.Actor{UserID: 1, CourtID: w.court.ID, Roles: []model.Role{model.RoleClerk}}
	if papers, err := w.svc.Notice.PaperTasks(context.Background(), clerk, 0, 10); err != nil || len(papers) != 1 {
		t.Errorf("papers: %v, %v", papers, err)
	}
}

// end lets a server's worker end.
func (w *world) end(svc *service.Services) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := svc.Notice.Run(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// What a running server holds is left alone by commands and by other servers,
// and taken over when it has ended.
func TestHeldOutcomesBelongToTheirServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateReceipt, 3)
	w.hear()
	w.deps.JournalDir = filepath.Join(t.TempDir(), "outbox")
	w.build() // a command: it sends nothing
	if _, err := os.Stat(w.deps.JournalDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("who sends nothing makes a directory: %v", err)
	}
	files := func() []string {
		t.Helper()
		out, err := filepath.Glob(filepath.Join(w.deps.JournalDir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	w.tell(p, model.NoticeReceiptConfirmed, "1")
	w.before(sendPath, w.away)
	w.drain()
	first, before := w.svc, files()
	if len(before) != 1 {
		t.Fatalf("held in %v", before)
	}
	w.build() // another command
	if got := files(); !slices.Equal(got, before) {
		t.Errorf("a command made of %v %v", before, got)
	}
	w.drain() // another server
	if got := files(); !slices.Equal(got, before) {
		t.Errorf("another server made of %v %v", before, got)
	}
	w.end(first)
	w.clock.Advance(2 * time.Minute)
	w.drain()
	if got := files(); len(got) != 1 || got[0] == before[0] {
		t.Errorf("of a server that ended stays %v", got)
	}
	w.back()
	w.after(time.Minute)
	if got := w.ways(p); !slices.Equal(got, []string{"wechat_subscribe accepted"}) || len(w.fake.Inbox(p.id)) != 1 {
		t.Errorf("%v and %d cards", got, len(w.fake.Inbox(p.id)))
	}
	if got := files(); len(got) != 0 {
		t.Errorf("%v stays", got)
	}
}

// A message that is sent anew is sent, whatever is known of the former try: also
// when the worker that took it up died.
func TestAHeldOutcomeIsNotThatOfAMessageSentAnew(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"queued", "lost", "tried by another who knows nothing"} {
		t.Run(name, func(t *testing.T) {
			lost := name != "queued"
			t.Parallel()
			w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
			p := w.people(1)[0]
			w.allow(p, wechattest.TemplateReceipt, 3)
			w.hear()
			w.tell(p, model.NoticeReceiptConfirmed, "1")
			w.before(sendPath, w.away)
			w.drain()
			w.back()
			w.exec(`UPDATE outbox SET state = 'unknown', last_error = '` + storage.Restored + `', lease_owner = '', lease_until = NULL, active_user = NULL`)
			w.clock.Advance(time.Second)
			ctx := context.Background()
			w.tx(func(tx *storage.DB) error {
				_, err := tx.ResendHeld(ctx)
				return err
			})
			if lost {
				if taken, err := w.db.LeaseOutbox(ctx, w.deps.AppID, "dead", nil, 1, time.Minute); len(taken) != 1 || err != nil {
					t.Fatal(taken, err)
				} else if name != "lost" {
					taken[0].State = model.OutboxUnknown
					m := storage.Settlement{Leased: taken[0], Owner: "dead", Outcome: taken[0].OutboxMessage}
					if _, err := w.db.SettleOutbox(ctx, m); err != nil {
						t.Fatal(err)
					}
				}
				w.clock.Advance(2 * time.Minute)
			}
			w.drain()
			want, cards := "wechat_subscribe accepted", 2
			if lost { // it may have been sent: nobody knows
				want, cards = "wechat_subscribe unknown", 1
			}
			if got, n := w.ways(p), len(w.fake.Inbox(p.id)); !slices.Equal(got, []string{want}) || n != cards {
				t.Errorf("%v and %d cards, want %s and %d", got, n, want, cards)
			}
		})
	}
}

// A gateway that does not tell what became of its messages keeps no card.
func TestAskingForReceiptsKeepsNoCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat, model.ChannelSMS)
	people := w.people(2)
	w.tell(people[0], model.NoticeFirstDemand, "1") // he allows no card
	w.drain()
	if n := len(w.texts.Texts()); n != 1 {
		t.Fatalf("%d text messages", n)
	}
	asked, answer := make(chan struct{}), make(chan struct{})
	w.before("/", func() { close(asked); <-answer })
	w.clock.Advance(time.Hour)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.svc.Notice.Run(ctx) }()
	<-asked
	w.allow(people[1], wechattest.TemplateReceipt, 1)
	w.hear()
	w.tell(people[1], model.NoticeReceiptConfirmed, "1")
	w.svc.Notice.Wake()
	for i := 0; len(w.fake.Inbox(people[1].id)) == 0; i++ {
		if i == 500 {
			t.Error("the card waits for the gateway")
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	close(answer)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// newSender sends as a worker that never records what it hears.
func newSender(t *testing.T, w *world) func(storage.Leased) {
	t.Helper()
	return func(m storage.Leased) {
		o, err := w.deps.WeChat.SendSubscribe(context.Background(), wechat.SubscribeMessage{
			OpenID: m.OpenID, TemplateID: wechattest.TemplateReceipt, Data: []wechat.Field{
				{Key: "thing1", Value: "案号"}, {Key: "amount2", Value: "￥1.00"}, {Key: "phrase3", Value: "已确认"}, {Key: "character_string8", Value: "X"}, {Key: "thing9", Value: "提示"},
			},
		})
		if err != nil || o.State != wechat.Accepted {
			t.Fatal(o, err)
		}
	}
}

// WeChat's report of a delivery comes before the answer to the call that it is
// about was written down: it is looked at again within a second or two, not
// when a third of a minute has passed.
func TestAReportBeforeItsMessageIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateDue, 1)
	w.hear()
	w.around = func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(rw, r)
		if r.URL.Path == sendPath {
			w.hear()
		}
	}
	w.tell(p, model.NoticeDueSoon, "1")
	w.drain()
	if m := w.messages(p); len(m) != 1 || m[0].State != model.OutboxAccepted || m[0].DeliveredAt != nil {
		t.Fatalf("before: %+v", m)
	}
	w.clock.Advance(2 * time.Second)
	w.hear()
	if m := w.messages(p); m[0].DeliveredAt == nil {
		t.Error("two seconds later it is not known that it was delivered")
	}
}

// Reports that come by the hundred at once are stored together, each once.
func TestReportsThatComeAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	var g sync.WaitGroup
	for i := range 400 {
		message := fmt.Appendf(nil, "<xml><MsgType>event</MsgType><Event>other</Event><CreateTime>%d</CreateTime></xml>", i/2)
		g.Go(func() {
			if err := w.svc.Subscription.Receive(context.Background(), message); err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
	raw := storagetest.Raw(w.t, w.cfg.DSN)
	defer func() { _ = raw.Close() }()
	var stored int
	if err := raw.QueryRow("SELECT COUNT(*) FROM push_events").Scan(&stored); err != nil || stored != 200 {
		t.Errorf("%d are stored, want 200; %v", stored, err)
	}
}

// The record of one addressee cannot be read. His message falls to the next
// channel, and nobody else's waits for it.
func TestADamagedRecordKeepsNoOthersMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelSMS, model.ChannelPaper)
	people := w.people(2)
	w.exec(fmt.Sprintf("UPDATE parties SET phone = 'damaged' WHERE id = %d", people[0].party.ID))
	for _, p := range people {
		w.tell(p, model.NoticeFirstDemand, "1")
	}
	w.drain()
	if got := w.ways(people[1]); !slices.Equal(got, []string{"sms accepted"}) {
		t.Errorf("the other one's message: %v", got)
	}
	if got := w.ways(people[0]); len(got) == 0 || got[0] != "sms unreachable" {
		t.Errorf("his own: %v", got)
	}
	w.clock.Advance(time.Hour)
	if err := w.svc.Notice.AskReceipts(context.Background()); err != nil {
		t.Error(err)
	}
}
