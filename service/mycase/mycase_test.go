package mycase_test

import (
	"context"
	"database/sql/driver"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/mycase"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
	"microcourt/storage/storagetest"
)

// counted counts the statements of a connection.
type counted struct {
	driver.Connector
	n *atomic.Int64
}

func (c counted) Connect(ctx context.Context) (driver.Conn, error) {
	k, err := c.Connector.Connect(ctx)
	return conn{k, c.n}, err
}

type conn struct {
	driver.Conn
	n *atomic.Int64
}

func (c conn) Prepare(query string) (driver.Stmt, error) {
	s, err := c.Conn.Prepare(query)
	return stmt{s, c.n}, err
}

func (c conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o) //nolint:forcetypeassert // both drivers have it
}

type stmt struct {
	driver.Stmt
	n *atomic.Int64
}

func (s stmt) Query(args []driver.Value) (driver.Rows, error) {
	s.n.Add(1)
	return s.Stmt.Query(args) //nolint:staticcheck // of what database/sql offers, what every driver has
}

// A page of a case and the list of cases ask the database as often for a case of many
// instalments, receipts and messages, or for many cases, as for one of few.
func TestPagesAskAFixedNumberOfQuestions(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	clock := storagetest.NewClock()
	cfg := storagetest.Config(t, clock.Now)
	cfg.Wrap = func(c driver.Connector) driver.Connector { return counted{c, &n} }
	w := servicetest.Open(t, clock, cfg)
	w.Build()
	w.Found()
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Citizen()
	ctx := context.Background()
	questions := func(ask func() error) int64 {
		t.Helper()
		for range 2 { // the first time makes references, and fills what is remembered
			n.Store(0)
			if err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		return n.Load()
	}
	list := func() error { _, err := w.Svc.MyCase.Cases(ctx, debtor.Actor, 0, 50); return err }
	page := func(id int64) func() error {
		return func() error {
			by := debtor.Actor
			for _, part := range []func() error{
				func() error { _, err := w.Svc.MyCase.Case(ctx, by, id); return err },
				func() error { _, err := w.Svc.Filing.Case(ctx, by, id, false); return err },
				func() error { _, err := w.Svc.Performance.Ledger(ctx, by, id); return err },
				func() error { _, err := w.Svc.Payment.HowToPay(ctx, by, id); return err },
				func() error { _, err := w.Svc.Payment.Accounts(ctx, by, id); return err },
				func() error { _, err := w.Svc.Performance.CaseReceipts(ctx, by, id); return err },
				func() error { _, _, err := w.Svc.Notice.Inbox(ctx, by, id, 0, 20); return err },
				func() error { _, err := w.Svc.Paper.Documents(ctx, by, id, 0, 50); return err },
				func() error { _, err := w.Svc.Conversation.Messages(ctx, by, id, 0, 0, 20); return err },
				func() error { _, err := w.Svc.Certificate.Certificates(ctx, by, id, 0, 50); return err },
				func() error { _, err := w.Svc.Certificate.Eligibility(ctx, by, id); return err },
			} {
				if err := part(); err != nil {
					return err
				}
			}
			return nil
		}
	}
	file := func(parts int) servicetest.Filed {
		clock.Advance(2 * time.Minute)
		f := w.File(clerk, func(in *filing.CaseInput) {
			ob := &in.Instruments[0].Obligations[0]
			ob.Installments = nil
			for i := range parts {
				ob.Installments = append(ob.Installments, filing.InstallmentInput{AmountFen: model.Fen(100000 / parts), DueOn: model.NewDate(2026, 3, 10).AddDays(7 * i)})
			}
		})
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		w.Say(debtor, f.ID, 0, "您好")
		w.Confirm(judge, w.Submit(debtor, f, 100, int(f.ID)), 100)
		return f
	}
	few := file(2)
	one, small := questions(list), questions(page(few.ID))
	if one == 0 || small == 0 {
		t.Fatalf("%d and %d were counted", one, small)
	}
	many := file(20)
	for i := range 5 {
		w.Say(debtor, many.ID, 0, "请尽快答复")
		w.Submit(debtor, many, 200, 1000+i)
	}
	for range 4 {
		file(5)
	}
	if n := questions(list); n != one {
		t.Errorf("the list asks %d questions for six cases, %d for one", n, one)
	}
	if n := questions(page(many.ID)); n != small {
		t.Errorf("the page asks %d questions for a large case, %d for a small one", n, small)
	}
	t.Logf("the list asks %d questions, the page %d", one, small)
}

// Who paid all that the judgment says, but late, still owes the doubled part of the
// interest: the case is performed in part, and whoever reads that also reads what is open,
// on the phone of both sides and in the court's list. Waived, it is performed.
func TestWhatIsOpenOfACaseThatWasPaidLateIsSaid(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx := t.Context()
	judge, clerk, debtor, creditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Citizen(), w.Citizen()
	f := w.File(clerk)
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Bind(creditor, clerk, f.ID, f.Creditor)
	w.Clock.Advance(120 * 24 * time.Hour)
	claim := servicetest.Claim(f, 100_000, w.Uploaded(debtor, f.ID, 8101))
	claim.PaidOn = w.Today()
	r, err := w.Svc.Performance.Submit(ctx, debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	w.Confirm(judge, r, 100_000)
	line := func(p servicetest.Person) mycase.Line {
		t.Helper()
		l, err := w.Svc.MyCase.Case(ctx, p.Actor, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return *l
	}
	face := func() model.CaseFace {
		t.Helper()
		faces, err := w.Svc.Filing.Faces(ctx, judge.Actor, []int64{f.ID})
		if err != nil {
			t.Fatal(err)
		}
		return faces[f.ID]
	}
	owed := face().InterestFen
	if face().OpenFen != 0 || owed == 0 {
		t.Fatalf("%+v", face())
	}
	d := line(debtor)
	if d.Debts.Case.Performance != model.PerformancePartial || d.InterestFen() != owed || d.Next().Code != model.StepPay || !strings.Contains(d.Next().Text, owed.Yuan()+" 元") {
		t.Errorf("the debtor reads %s, %d, %+v", d.Debts.Case.Performance, d.InterestFen(), d.Next())
	}
	if c := line(creditor); c.Next().Code != model.StepWaitDebtor || c.InterestFen() != owed || !strings.Contains(c.Next().Text, owed.Yuan()+" 元") {
		t.Errorf("the creditor reads %+v", c.Next())
	}
	_, err = w.Svc.Performance.Waive(ctx, creditor.Actor, performance.DebtChange{
		CaseID: f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: d.Debts.Obligations[0].ID, Part: model.PartDoubled},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d = line(debtor); d.Debts.Case.Performance != model.PerformanceFulfilled || d.InterestFen() != 0 || d.Next().Code != model.StepApply || face().InterestFen != 0 {
		t.Errorf("after the waiver: %s, %+v, %+v", d.Debts.Case.Performance, d.Next(), face())
	}
}
