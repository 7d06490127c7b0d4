package performance_test

import (
	"math/rand/v2"
	"testing"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// Whatever is confirmed and corrected, in any order, the kept sums and states equal a
// recount of the ledger's entries.
func TestKeptFactsEqualARecount(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, random := t.Context(), rand.New(rand.NewPCG(7, 11))
	open := model.Fen(100000)
	type known struct {
		id, version int64
		amount      model.Fen
	}
	var receipts []known
	for step := range 30 {
		if len(receipts) == 0 || random.IntN(2) == 0 && open > 0 {
			amount := min(1+model.Fen(random.Int64N(max(1, int64(open)/2+1))), open)
			if amount <= 0 {
				continue
			}
			r := p.Submit(p.debtor, p.f, amount, 400+step)
			p.Confirm(p.judge, r, amount)
			receipts = append(receipts, known{r.ID, r.Version + 1, amount})
			open -= amount
		} else {
			k := &receipts[random.IntN(len(receipts))]
			fresh := model.Fen(random.Int64N(int64(open+k.amount) + 1))
			if _, err := p.Svc.Performance.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: k.id, Version: k.version, AmountFen: fresh, Reason: "更正", IdemKey: servicetest.FreshKey()}); err != nil {
				t.Fatal(err)
			}
			open += k.amount - fresh
			k.amount, k.version = fresh, k.version+1
		}
		plan, err := p.DB.Installments(ctx, p.f.ID)
		if err != nil {
			t.Fatal(err)
		}
		allocations, err := p.DB.Allocations(ctx, p.f.ID)
		if err != nil {
			t.Fatal(err)
		}
		sums := map[int64]model.Fen{}
		for _, a := range allocations {
			sums[a.InstallmentID] += a.AmountFen
		}
		var total model.Fen
		for _, i := range plan {
			if i.ConfirmedFen != sums[i.ID] || i.ConfirmedFen < 0 || i.ConfirmedFen > i.AmountFen || i.Done() != (i.OutstandingFen() == 0) {
				t.Fatalf("step %d: instalment %+v, recount %d", step, i, sums[i.ID])
			}
			total += i.ConfirmedFen
		}
		cs, err := p.DB.Case(ctx, p.judge.Actor, p.f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if total != 100000-open || cs.Performance != model.PerformanceOf(plan) || cs.NextDueOn != model.NextDue(plan) {
			t.Fatalf("step %d: confirmed %d of %d open, case %s due %s", step, total, open, cs.Performance, cs.NextDueOn)
		}
	}
}
