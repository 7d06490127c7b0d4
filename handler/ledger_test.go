package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"golang.org/x/text/encoding/simplifiedchinese"

	"microcourt/model"
	"microcourt/service/filing"
)

// Whatever is confirmed and corrected, in any order, the kept sums and states
// equal a recount of the ledger's entries.
func TestKeptFactsEqualARecount(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	random := rand.New(rand.NewPCG(7, 11))
	ctx := context.Background()
	open, seed := int64(100000), 400
	type known struct {
		id, version, amount int64
	}
	var receipts []known
	for step := range 30 {
		if len(receipts) == 0 || random.IntN(2) == 0 && open > 0 {
			amount := 1 + random.Int64N(max(1, open/2+1))
			amount = min(amount, open)
			if amount <= 0 {
				continue
			}
			seed++
			r := debtor.Submit(f, amount, seed)
			judge.Confirm(r, amount)
			receipts = append(receipts, known{r.ID("id"), 2, amount})
			open -= amount
		} else {
			k := &receipts[random.IntN(len(receipts))]
			fresh := random.Int64N(open + k.amount + 1)
			judge.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/correct", k.id),
				handlertest.Obj{"version": k.version, "amount_fen": fresh, "reason": "更正"})
			open += k.amount - fresh
			k.amount, k.version = fresh, k.version+1
		}
		plan, err := w.DB.Installments(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		allocations, err := w.DB.Allocations(ctx, f.ID)
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
		cs, err := w.DB.Case(ctx, model.Actor{UserID: judge.UserID, CourtID: w.Court.ID, Roles: []model.Role{model.RoleJudge}}, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if int64(total) != 100000-open || cs.Performance != model.PerformanceOf(plan) || cs.NextDueOn != model.NextDue(plan) {
			t.Fatalf("step %d: confirmed %d of %d open, case %s due %s", step, total, open, cs.Performance, cs.NextDueOn)
		}
	}
}

// An import is checked as a whole: one wrong cell, named by row and column,
// and nothing is written. Ten thousand rows go in as one.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	var b bytes.Buffer
	if err := filing.TemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(strings.TrimPrefix(b.String(), "\xef\xbb\xbf"), "\n", 3)
	const n = 10_000
	var file strings.Builder
	file.WriteString(lines[0] + "\n")
	for i := range n {
		no := fmt.Sprintf("（2026）浙0211民初%d号", 100_000+i/2) // two rows a case
		row := strings.ReplaceAll(lines[1], "（2026）浙0211民初1号", no)
		if i%2 == 0 {
			row = strings.Replace(row, "12000.50", fmt.Sprint(i+1), 1) // one of two alike would be told as repeated
		}
		file.WriteString(row + "\n")
	}
	good := file.String()
	by := model.Actor{CourtID: w.Court.ID, Roles: []model.Role{model.RoleClerk}}
	ctx := context.Background()
	bad := good[:strings.LastIndex(strings.TrimSpace(good), "12000.50")] + "12000.505,,2026-03-31\n"
	rep, err := w.Svc.Filing.Import(ctx, by, strings.NewReader(bad), filing.Importing{})
	if err != nil || len(rep.Problems) != 1 || rep.Problems[0].Row != n+1 || rep.Problems[0].Column != "金额" || rep.Problems[0].Reason != "amount.decimals" {
		t.Fatalf("%+v %v", rep, err)
	}
	if cs, err := w.DB.CasesByNo(ctx, []string{"（2026）浙0211民初100000号"}); err != nil || len(cs) != 0 {
		t.Fatal("something was imported", cs, err)
	}
	begin := time.Now()
	rep, err = w.Svc.Filing.Import(ctx, by, strings.NewReader(good), filing.Importing{})
	if err != nil || len(rep.Problems) != 0 || rep.Rows != n || rep.Created != n/2 {
		t.Fatalf("%+v %v", rep, err)
	}
	t.Logf("%d rows in %v", n, time.Since(begin))
	// The same file as Excel saves it in China changes nothing.
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	if rep, err = w.Svc.Filing.Import(ctx, by, strings.NewReader(gbk), filing.Importing{}); err != nil || rep.Unchanged != n/2 || rep.Created != 0 {
		t.Fatalf("%+v %v", rep, err)
	}
	if _, err := w.Svc.Filing.Import(ctx, by, strings.NewReader("案号,案由\n"), filing.Importing{}); model.ReasonOf(err) != "import.columns" {
		t.Error(err)
	}
}
