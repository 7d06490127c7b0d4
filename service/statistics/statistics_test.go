package statistics_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
	"microcourt/service/statistics"
	"microcourt/storage"
)

// 88 criminal cases, 14.62 million, 70.90 % of what was adjudged: the report's
// half year from data of its shape, counted on the day of confirmation.
func TestPenaltyStatistics(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, leader, phone := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zj", model.RoleLeader), w.Citizen()
	ctx := context.Background()
	// 87 of them are made as rows; the last one goes through the ledger.
	const half, all = 16_613_600, 1_462_000_000 // fen
	w.PenaltyRows(judge.UserID, 87, half, true)
	w.PenaltyRows(judge.UserID, 30, 20_000_000, false) // not performed
	f := w.FileCriminal(clerk, func(in *filing.CaseInput) {
		duties := in.Instruments[0].Obligations[:1]
		duties[0].AmountFen = all - 87*half
		in.Instruments[0].Obligations = duties
	})
	w.Bind(phone, clerk, f.ID, f.Convict)
	from, until := model.NewDate(2026, 1, 1), model.NewDate(2026, 6, 30)
	figures := func(from, until model.Date) *model.PenaltyFigures {
		v, err := w.Svc.Statistics.Penalties(ctx, leader.Actor, from, until)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := figures(from, until); v.Cases != 87 {
		t.Fatalf("%+v", v)
	}
	w.Confirm(judge, w.Pays(phone, f, all-87*half, 44), 1000)
	if v := figures(from, until); v.Cases != 87 {
		t.Errorf("partly performed counts: %+v", v)
	}
	w.Confirm(judge, w.Pays(phone, f, all-87*half-1000, 45), all-87*half-1000)
	if v := figures(from, until); v.Cases != 88 || v.PerformedFen() != all || v.AdjudgedFen() != all+30*20_000_000 || v.Share() != "70.90%" || v.AdjudgedCases != 118 {
		t.Errorf("%+v", v)
	}
	if v := figures(model.NewDate(2025, 1, 1), model.NewDate(2025, 12, 31)); v.Cases != 0 || v.Share() != "—" || len(v.Categories()) != 0 {
		t.Errorf("nothing was adjudged: %+v", v)
	}
	// Every figure opens to its cases.
	listed := func(adjudged bool) (n int, sum model.Fen) {
		for after := int64(0); ; {
			l, err := w.Svc.Statistics.PenaltyCases(ctx, leader.Actor, model.PenaltyCaseFilter{From: from, Until: until, Adjudged: adjudged, After: after, Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range l {
				n, sum, after = n+1, sum+c.AdjudgedFen, c.ID
			}
			if len(l) < 50 {
				return n, sum
			}
		}
	}
	if n, fen := listed(false); n != 88 || fen != all {
		t.Error(n, fen)
	}
	if n, fen := listed(true); n != 118 || fen != all+30*20_000_000 {
		t.Error(n, fen)
	}
}

// 民法典 575: what a victim forgave of his part is adjudged and not performed.
func TestPenaltyStatisticsOfWhatWasForgiven(t *testing.T) {
	t.Parallel()
	w, ctx := servicetest.New(t), context.Background()
	judge, leader := w.Staff("zhang.min", model.RoleJudge), w.Staff("chen.zj", model.RoleLeader)
	w.PenaltyRows(judge.UserID, 1, 100_000, true)
	list, err := w.DB.Cases(ctx, judge.Actor, model.CaseFilter{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	err = w.DB.Transact(ctx, func(tx *storage.DB) error {
		all, err := tx.Installments(ctx, list[0].ID)
		if err != nil {
			return err
		}
		return tx.Forgive(ctx, map[int64]model.Fen{all[0].ID: 30_000}, all)
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Svc.Statistics.Penalties(ctx, leader.Actor, model.NewDate(2026, 1, 1), model.NewDate(2026, 6, 30))
	if err != nil || v.PerformedFen() != 70_000 || v.AdjudgedFen() != 100_000 {
		t.Errorf("%+v %v", v, err)
	}
}

// The leaders' page and everybody's desk count the same things, and follow what
// happens: cases by stage, receipts and how long they wait, certificates, tasks.
func TestTheDesksFollowWhatHappens(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, leader, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zj", model.RoleLeader), w.Staff("lu.fg", model.RoleOfficer)
	other, phone := w.Staff("ji.wei", model.RoleJudge), w.Citizen()
	ctx := context.Background()
	overview := func() *statistics.Overview {
		t.Helper()
		o, err := w.Svc.Statistics.Overview(ctx, leader.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	desk := func(by servicetest.Person) *statistics.Desk {
		t.Helper()
		d, err := w.Svc.Statistics.Desk(ctx, by.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	state := func(by servicetest.Person) statistics.State {
		t.Helper()
		s, err := w.Svc.Statistics.State(ctx, by.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if o := overview(); len(o.Stages) != 0 || o.Waiting != 0 || o.Valid != 0 || o.Enforced != 0 {
		t.Fatalf("a court without cases: %+v", o)
	}
	quiet := state(judge)
	f := w.File(clerk)
	w.Bind(phone, clerk, f.ID, f.Debtor)
	w.Submit(phone, f, 60000, 71)
	if s := state(judge); s.Receipts != 1 || s.Mark == quiet.Mark {
		t.Errorf("a receipt came in: %+v, before %+v", s, quiet)
	}
	if n := state(other).Receipts; n != 0 {
		t.Errorf("another judge has %d receipts", n)
	}
	w.Clock.Advance((statistics.LateDays + 1) * 24 * time.Hour)
	if d := desk(judge); d.Receipts != 1 || d.Late != 1 || !d.Urges {
		t.Errorf("the receipt waits too long: %+v", d)
	}
	if o := overview(); o.Waiting != 1 || o.Late != 1 || o.Stages[model.PerformancePending] != 1 {
		t.Errorf("%+v", o)
	}
	_, cert := w.Certified(judge, clerk, w.Citizen())
	if o := overview(); o.Valid != 1 || o.Revoked != 0 || o.Stages[model.PerformanceFulfilled] != 1 {
		t.Errorf("%+v", o)
	}
	if _, err := w.Svc.Certificate.Revoke(ctx, judge.Actor, cert.ID, cert.Version, model.GroundPaymentReversed, "银行退票"); err != nil {
		t.Fatal(err)
	}
	if o := overview(); o.Valid != 0 || o.Revoked != 1 {
		t.Errorf("after the revocation: %+v", o)
	}
	// Enforcement: the officer gets tasks, and the case stands out.
	w.EnforcedBy(officer, w.File(clerk))
	if o := overview(); o.Enforced != 1 || len(o.Judges) != 1 || o.Judges[0].Enforced != 1 {
		t.Errorf("%+v", o)
	}
	if d := desk(officer); d.Receipts != 0 || d.Urges {
		t.Errorf("the officer's desk: %+v", d)
	}
	w.Clock.Advance(90 * 24 * time.Hour)
	if d := desk(officer); d.LateTasks == 0 || d.Tasks != 0 { // what is late is not due today
		t.Errorf("the officer's tasks are late: %+v", d)
	}
	// What is due is overdue for its judge, for the clerk and for the leaders alike.
	if d, all := desk(judge), desk(clerk); d.Overdue == 0 || all.Overdue != d.Overdue || overview().Overdue != d.Overdue || desk(other).Overdue != 0 {
		t.Errorf("overdue: %d, %d, %d, %d", d.Overdue, all.Overdue, overview().Overdue, desk(other).Overdue)
	}
	// Nobody answers a party: the leaders see whom.
	if _, err := w.Svc.Conversation.Say(ctx, phone.Actor, conversation.Words{CaseID: f.ID, Text: "请问怎么付款", Key: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if s := state(judge); s.Messages != 1 {
		t.Errorf("a message came in: %+v", s)
	}
	w.Clock.Advance(30 * 24 * time.Hour)
	if o, d := overview(), desk(leader); o.LateMessages != 1 || len(o.Tardy) != 1 || len(d.Tardy) != 1 {
		t.Errorf("unanswered: %+v %+v", o, d)
	}
}

// The desk counts the requests of families that wait for who looks at it, and
// nobody else's.
func TestTheDeskCountsFamilies(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	other := c.Staff("tong.bx", model.RoleOfficer)
	c.AsksForFamily(c.Citizen(), servicetest.WithCode(c.FamilyCode()))
	c.AsksForFamily(c.Citizen(), servicetest.ToOfficer(other))
	c.Admitted()
	for who, want := range map[*servicetest.Person]int64{&c.Officer: 1, &c.Clerk: 2, &c.Leader: 2, &other: 1, &c.Judge: 0} {
		if st, err := c.Svc.Statistics.State(t.Context(), who.Actor); err != nil || st.Relatives != want {
			t.Errorf("%s: %d, want %d; %v", who.Login, st.Relatives, want, err)
		}
	}
}

// What an enforcement case does is counted in its unit, with the list behind it.
func TestEnforcementIsCounted(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, leader, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zj", model.RoleLeader), w.Staff("lu.fg", model.RoleOfficer)
	phone := w.Citizen()
	ctx := context.Background()
	f := w.File(clerk)
	w.Bind(phone, clerk, f.ID, f.Debtor)
	e := w.EnforcedBy(officer, f)
	w.EnforcedBy(officer, w.File(clerk))
	w.Confirm(judge, w.Submit(phone, f, 100000, 81), 100000)
	from, until := w.Today(), w.Today()
	list, err := w.Svc.Statistics.Enforcement(ctx, leader.Actor, from, until)
	if err != nil {
		t.Fatal(err)
	}
	got := map[model.EnforcementFigure]model.EnforcementCount{}
	for _, c := range list {
		got[c.Figure] = c
		lines, err := w.Svc.Statistics.EnforcementLines(ctx, leader.Actor, model.EnforcementCountFilter{Figure: c.Figure, From: from, Until: until, Limit: 10})
		if err != nil || int64(len(lines)) != c.N {
			t.Errorf("%s counts %d, its list has %d lines, %v", c.Figure, c.N, len(lines), err)
		}
	}
	if a := got[model.FigureArrived]; got[model.FigureFiled].N != 2 || a.N != 1 || a.Fen != 100000 || a.Unit != "笔" {
		t.Errorf("%+v", got)
	}
	lines, err := w.Svc.Statistics.EnforcementLines(ctx, leader.Actor, model.EnforcementCountFilter{Figure: model.FigureArrived, From: from, Until: until, Limit: 10})
	if err != nil || lines[0].EnforcementCaseID != e.ID || !strings.Contains(lines[0].CaseNo, "执") {
		t.Errorf("%+v %v", lines, err)
	}
}

// A measure counts once it is decided, in the kind that it is; a proposal does not.
// Every figure is as long as the list behind it, page by page, and each line leads to
// its case.
func TestMeasuresAreCounted(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	ctx, svc := t.Context(), c.Svc.Statistics
	from, until := model.NewDate(2026, 3, 1), model.NewDate(2026, 3, 31)
	counts := func(want map[model.EnforcementFigure]int64) {
		t.Helper()
		list, err := svc.Enforcement(ctx, c.Leader.Actor, from, until)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			var n int64
			for after := int64(0); ; {
				lines, err := svc.EnforcementLines(ctx, c.Leader.Actor, model.EnforcementCountFilter{Figure: f.Figure, From: from, Until: until, After: after, Limit: 1})
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range lines {
					n, after = n+1, v.ID
					if v.EnforcementCaseID == 0 || v.CaseNo == "" {
						t.Errorf("%s: a line without a case: %+v", f.Figure, v)
					}
				}
				if len(lines) == 0 {
					break
				}
			}
			if f.N != want[f.Figure] || n != f.N {
				t.Errorf("%s is %d, its list %d, want %d", f.Figure, f.N, n, want[f.Figure])
			}
		}
	}
	counts(map[model.EnforcementFigure]int64{model.FigureFiled: 1})
	c.Enforce(c.File(c.Clerk, servicetest.PersonOwes), c.Officer)
	c.Take(model.MeasureListing) // restricts consumption too
	c.Propose(model.MeasureFine)
	counts(map[model.EnforcementFigure]int64{
		model.FigureFiled: 2, model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
	})
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx, svc := context.Background(), w.Svc.Statistics
	judge, leader, phone := w.Staff("zhang.min", model.RoleJudge), w.Staff("chen.zj", model.RoleLeader), w.Citizen()
	a, b, none := model.NewDate(2026, 1, 1), model.NewDate(2026, 6, 30), model.Date{}
	penalties := func(by servicetest.Person, from, until model.Date) error {
		_, err := svc.Penalties(ctx, by.Actor, from, until)
		return err
	}
	cases := func(by servicetest.Person, from, until model.Date) error {
		_, err := svc.PenaltyCases(ctx, by.Actor, model.PenaltyCaseFilter{From: from, Until: until, Limit: 1})
		return err
	}
	figures := func(by servicetest.Person, from, until model.Date) error {
		_, err := svc.Enforcement(ctx, by.Actor, from, until)
		return err
	}
	lines := func(by servicetest.Person, of model.EnforcementFigure, from, until model.Date) error {
		_, err := svc.EnforcementLines(ctx, by.Actor, model.EnforcementCountFilter{Figure: of, From: from, Until: until, Limit: 1})
		return err
	}
	_, overview := svc.Overview(ctx, judge.Actor)
	_, desk := svc.Desk(ctx, phone.Actor)
	_, state := svc.State(ctx, phone.Actor)
	_, mark := svc.Mark(ctx, phone.Actor)
	no, forbidden, bad := servicetest.No, model.Forbidden, model.Invalid
	w.RefusedAll(
		no("a judge sees the court's state", forbidden, "role.forbidden", "", overview),
		no("a party's desk", forbidden, "role.forbidden", "", desk),
		no("a party's state", forbidden, "role.forbidden", "", state),
		no("a party's mark", forbidden, "role.forbidden", "", mark),
		no("a party counts penalties", forbidden, "role.forbidden", "", penalties(phone, a, b)),
		no("a party lists them", forbidden, "role.forbidden", "", cases(phone, a, b)),
		no("a judge counts enforcement", forbidden, "role.forbidden", "", figures(judge, a, b)),
		no("a judge lists it", forbidden, "role.forbidden", "", lines(judge, model.FigureFiled, a, b)),
		no("backwards", bad, "period.format", "from", penalties(leader, b, a)),
		no("from the beginning", bad, "period.format", "from", cases(leader, none, b)),
		no("until the end", bad, "period.format", "from", figures(leader, a, none)),
		no("eleven years", bad, "period.format", "from", figures(leader, a, a.AddYears(11))),
		no("backwards", bad, "period.format", "from", lines(leader, model.FigureFiled, b, a)),
		no("of what nobody counts", bad, "filter.unknown", "of", lines(leader, "all", a, b)),
	)
}
