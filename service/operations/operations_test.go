package operations_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/operations"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// counting are jobs that count their runs, and fail when they are told to.
type counting struct {
	clock *storagetest.Clock
	svc   *operations.Service
	runs  map[string]*atomic.Int64
	fail  atomic.Bool
}

func (*counting) JournalAway() time.Time               { return time.Time{} }
func (*counting) LookForMissing(context.Context) error { return nil }

func newCounting(t *testing.T) (*counting, model.Actor) {
	t.Helper()
	c := &counting{clock: storagetest.NewClock(), runs: map[string]*atomic.Int64{}}
	db := storagetest.Open(t, c.clock.Now)
	job := func(name string, later, catchUp bool) operations.Job {
		n := &atomic.Int64{}
		c.runs[name] = n
		return operations.Job{Name: name, Chinese: name + "的工作", Every: time.Hour, Later: later, CatchUp: catchUp, Run: func(context.Context) error {
			n.Add(1)
			if name == "weak" && c.fail.Load() {
				return model.E(model.Unavailable, "gateway.away", "网关不通")
			}
			return nil
		}}
	}
	c.svc = operations.New(db, operations.Config{
		Jobs:   []operations.Job{job("weak", false, true), job("due", false, true), job("sweep", true, false), job("print", false, false)},
		Logger: slog.New(slog.DiscardHandler), Recovery: c,
	})
	courts := []model.Court{{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法"}}
	if err := db.Transact(context.Background(), func(tx *storage.DB) error { return storage.Insert(context.Background(), tx, courts) }); err != nil {
		t.Fatal(err)
	}
	return c, model.Actor{UserID: 1, CourtID: courts[0].ID, Roles: []model.Role{model.RoleAdmin}}
}

// An administrator has a job done now and is told why it failed; nobody else
// starts anything, and every start is in the trail.
func TestAJobIsDoneOnRequest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	for range 2 {
		if err := w.Svc.Operations.RunJob(ctx, admin.Actor, "schedule"); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.Audited("job.run"); n != 2 {
		t.Errorf("%d starts in the trail", n)
	}
	w.Refused(w.Svc.Operations.RunJob(ctx, admin.Actor, "poem"), "job.not_found")
	w.Refused(w.Svc.Operations.RunJob(ctx, w.Staff("zhang.min", model.RoleJudge).Actor, "schedule"), "role.forbidden")
	o, err := w.Svc.Operations.Overview(ctx, admin.Actor)
	if err != nil || !slices.ContainsFunc(o.Jobs, func(j operations.JobHealth) bool {
		return j.Name == "schedule" && j.Ran && !j.Failed() && j.Chinese != ""
	}) {
		t.Errorf("%+v %v", o.Jobs, err)
	}
	if i := slices.IndexFunc(o.Jobs, func(j operations.JobHealth) bool { return j.Name == "files" }); i < 0 || o.Jobs[i].Ran {
		t.Error("a job that never ran is shown as one that did")
	}
}

// A job that fails is told to whoever asked, stands first in the list with its
// reason, and becomes a finding when it fails again and again; the others go on.
func TestAJobThatFails(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, admin := newCounting(t)
	c.fail.Store(true)
	for i := range 3 {
		if err := c.svc.CatchUp(ctx); err == nil {
			t.Error("a failure is not told")
		}
		found, err := c.svc.AllFindings(ctx, admin.CourtID)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(found, func(d model.Defect) bool {
			return d.Kind == model.DefectJob && d.N == 1 && strings.Contains(d.What, "weak的工作")
		})
		if told != (i == 2) {
			t.Errorf("after %d failures: %+v", i+1, found)
		}
		c.clock.Advance(time.Minute)
	}
	if c.runs["due"].Load() != 3 || c.runs["print"].Load() != 0 {
		t.Errorf("the others ran %d times, what is not to be caught up with %d times", c.runs["due"].Load(), c.runs["print"].Load())
	}
	err := c.svc.RunJob(ctx, admin, "weak")
	if e, ok := errors.AsType[*model.Error](err); !ok || e.Reason != "job.failed" {
		t.Errorf("whoever asked is told %v", err)
	}
	c.fail.Store(false)
	c.clock.Advance(time.Minute)
	if err := c.svc.RunJob(ctx, admin, "weak"); err != nil {
		t.Error(err)
	}
	if found, err := c.svc.AllFindings(ctx, admin.CourtID); err != nil || slices.ContainsFunc(found, func(d model.Defect) bool { return d.Kind == model.DefectJob }) {
		t.Errorf("mended and still found: %+v %v", found, err)
	}
	// Jobs that nobody does any more are found by their silence.
	c.clock.Advance(24 * time.Hour)
	if found, err := c.svc.AllFindings(ctx, admin.CourtID); err != nil || !slices.ContainsFunc(found, func(d model.Defect) bool { return d.Kind == model.DefectJob && d.N > 1 }) {
		t.Errorf("silent for a day and not found: %+v %v", found, err)
	}
}

// At the start every job runs but those that can wait, and the end of the
// program ends them.
func TestJobsRunFromTheStart(t *testing.T) {
	t.Parallel()
	c, _ := newCounting(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.svc.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); c.runs["weak"].Load() == 0 || c.runs["due"].Load() == 0 || c.runs["print"].Load() == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("they were not started")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := c.runs["sweep"].Load(); n != 0 {
		t.Errorf("what can wait ran %d times at the start", n)
	}
}

// What the system leaves undone becomes a finding for whoever is to see to it,
// and is gone when it is mended.
func TestTheSystemFindsWhatItLeftUndone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	judge, clerk, admin := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("shen.ji", model.RoleAdmin)
	debtor := w.Citizen()
	kinds := func() (out []model.DefectKind) {
		t.Helper()
		found, err := w.Svc.Operations.Findings(ctx, admin.Actor)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.N < 1 || f.Kind.Means() == "" || f.Kind.Fault() == "" || f.Kind.Do() == "" {
				t.Errorf("%+v", f)
			}
			out = append(out, f.Kind)
		}
		return out
	}
	f, cert := w.Certified(judge, clerk, debtor)
	file := w.Uploaded(debtor, f.ID, 12)
	w.Drain()
	if out := kinds(); len(out) != 0 {
		t.Errorf("found at once: %v", out)
	}
	w.Clock.Advance(3 * time.Hour)
	for _, k := range []model.DefectKind{model.DefectUnprinted, model.DefectUnseen, model.DefectJob} {
		if !slices.Contains(kinds(), k) {
			t.Errorf("%s is not found", k)
		}
	}
	if err := w.Svc.Operations.RunJob(ctx, admin.Actor, "certificates"); err != nil {
		t.Fatal(err)
	}
	o, _, _, err := w.Svc.Performance.OpenFile(ctx, debtor.Actor, file, performance.VariantView)
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Close()
	if slices.Contains(kinds(), model.DefectUnseen) {
		t.Errorf("the file can be seen and is still found: %v", kinds())
	}
	if slices.Contains(kinds(), model.DefectUnprinted) {
		t.Errorf("certificate %s is printed and still found: %v", cert.Number, kinds())
	}
	// A judge has nothing to see to, and another court's administrator nothing here.
	if own, err := w.Svc.Operations.Findings(ctx, judge.Actor); err != nil || len(own) != 0 {
		t.Errorf("%v %v", own, err)
	}
	far := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.root", model.RoleAdmin)
	found, err := w.Svc.Operations.Findings(ctx, far.Actor)
	if err != nil || slices.ContainsFunc(found, func(d model.Defect) bool { return d.Kind == model.DefectUnseen }) {
		t.Errorf("another court of case %d: %v %v", f.ID, found, err)
	}
}

// A message that nobody's channel takes is found, and so is one that a channel
// took and nobody confirmed; both are gone when they are mended.
func TestMessagesThatGoNowhereAreFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	judge, clerk, admin := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("shen.ji", model.RoleAdmin)
	f := w.File(clerk)
	debtor := w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	has := func(by servicetest.Person, k model.DefectKind) bool {
		t.Helper()
		found, err := w.Svc.Operations.Findings(ctx, by.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(found, func(d model.Defect) bool { return d.Kind == k })
	}
	w.Drain()
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	w.Confirm(judge, w.Submit(debtor, f, 1000, 1), 1000)
	if has(admin, model.DefectUnsent) {
		t.Error("a message of this minute is found")
	}
	if w.Clock.Advance(2 * time.Hour); !has(admin, model.DefectUnsent) {
		t.Error("a message that waits for two hours is not found")
	}
	if w.Drain(); has(admin, model.DefectUnsent) {
		t.Error("it was sent, and is still found")
	}
	if w.Clock.Advance(4 * 24 * time.Hour); !has(clerk, model.DefectUnconfirmed) {
		t.Error("a card that nobody confirmed for four days is not found")
	}
}

// The page of operations counts this court's messages of the last week by what
// became of them; what its addressee did not allow is nobody's failure.
func TestWhatTheOverviewCounts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	judge, clerk, admin := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("shen.ji", model.RoleAdmin)
	f := w.File(clerk)
	debtor := w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	look := func(by servicetest.Person) *operations.Overview {
		t.Helper()
		o, err := w.Svc.Operations.Overview(ctx, by.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	wechat := func(o *operations.Overview) operations.ChannelHealth {
		return o.Channels[slices.IndexFunc(o.Channels, func(h operations.ChannelHealth) bool { return h.Name == model.ChannelWeChat })]
	}
	if h := wechat(look(admin)); h.Tried() != 0 || h.SentShare() != "—" || !h.On || !h.Used {
		t.Errorf("nothing was sent yet: %+v", h)
	}
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	r := w.Submit(debtor, f, 1000, 1) // 已收到汇款回执: a card that is allowed
	w.Drain()
	w.Confirm(judge, r, 1000) // 履行款项已确认: one that is not any more
	w.Drain()
	w.Submit(debtor, f, 1000, 2) // one that waits
	w.Clock.Advance(5 * time.Minute)
	o := look(admin)
	if h := wechat(o); h.Sent != 1 || h.Refused != 1 || h.Failed != 0 || h.Waiting != 1 || h.SentShare() != "50.0%" || h.RefusedShare() != "50.0%" || h.FailedShare() != "0.0%" || h.Oldest != 5*time.Minute {
		t.Errorf("%+v", h)
	}
	if o.Queued != 1 || !o.Objects || o.Schema == 0 || o.Recovery != nil || o.Held != 0 {
		t.Errorf("%+v", o)
	}
	for _, h := range o.Channels {
		if h.Name == model.ChannelSMS && (h.On || h.Used) {
			t.Errorf("the court has no gateway: %+v", h)
		}
	}
	far := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.root", model.RoleAdmin)
	if h := wechat(look(far)); h.Tried() != 0 || h.Waiting != 0 {
		t.Errorf("another court counts this one's messages: %+v", h)
	}
	_, err := w.Svc.Operations.Overview(ctx, judge.Actor)
	w.Refused(err, "role.forbidden")
	if !w.Svc.Operations.Rehearsal() {
		t.Error("the sandbox is no rehearsal")
	}
}
