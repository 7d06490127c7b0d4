package filing_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
)

// backlog is a file as a court loads it on its first day: one case long overdue
// and partly paid, one wholly paid by somebody else, one not due yet.
func backlog(t *testing.T) []byte {
	t.Helper()
	return workbook(t, []row{
		usual(1, row{"履行期限": "2025-06-30", "生效日期": "2025-06-01", "立案日期": "2025-03-03", "已履行金额": "2000.50", "履行日期": "2025-07-15"}),
		usual(2, row{"已履行金额": "1.20005万", "履行日期": "2026-02-20", "履行人": "赵某"}),
		usual(3, nil),
	}, nil)
}

// A backlog is held by itself: what it will send is shown, nothing goes out, and
// it is released when one of each kind was looked at. Demands come a week later.
func TestABacklogIsHeldAndReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	rep := w.importing(backlog(t), filing.Importing{DryRun: true})
	if len(rep.Problems) > 0 || rep.Payments != 2 || rep.PaymentsFen != 1400100 {
		t.Fatal(problems(rep), rep.Payments, rep.PaymentsFen)
	}
	out := map[model.NoticeKind]filing.OutgoingLine{}
	for _, l := range rep.Outgoing.Lines {
		out[l.Kind] = l
	}
	if rep.Outgoing.Choice != model.NoticesHeld || rep.Outgoing.Why == "" || out[model.NoticeFiled].N != 6 || out[model.NoticeInstrument].N != 6 ||
		out[model.NoticeCreditorSheet].N != 3 || out[model.NoticeFirstDemand].N != 3 || out[model.NoticeFirstDemand].AtOnce != 0 ||
		out[model.NoticeFirstDemand].First.String() != "2026-03-09" || rep.Outgoing.Papers != 6+3+3+3 {
		t.Errorf("%+v", rep.Outgoing)
	}
	if list, err := w.svc.Imports(ctx, w.clerk, 0, 10); err != nil || len(list) != 0 {
		t.Fatal("a dry run left", list, err)
	}
	rep = w.importing(backlog(t), filing.Importing{Source: "存量.xlsx"})
	w.later(48 * time.Hour)
	for n := range 3 {
		if told := w.told(fmt.Sprintf("（2026）浙0211民初%d号", n+1)); len(told) != 0 {
			t.Fatal("somebody was told:", told)
		}
	}
	state, err := w.svc.Imported(ctx, w.clerk, rep.ImportID)
	if err != nil || state.Held != 3 || state.Pending != 2 || len(state.Samples) != len(rep.Outgoing.Lines) {
		t.Fatalf("%+v %v", state, err)
	}
	for i, x := range state.Samples {
		if _, err := w.svc.Release(ctx, w.clerk, rep.ImportID); model.ReasonOf(err) != "import.unseen" {
			t.Fatalf("released after %d samples: %v", i, err)
		}
		s, err := w.svc.Sample(ctx, w.clerk, rep.ImportID, x.Kind)
		if err != nil || s.Notice.Body == "" || s.Notice.Title == "" || s.Party.Name == "" {
			t.Errorf("sample of %s: %+v %v", x.Kind, s, err)
		}
	}
	if _, err := w.svc.Sample(ctx, w.clerk, rep.ImportID, "judge.digest"); model.ReasonOf(err) != "import.no_sample" {
		t.Error(err)
	}
	for range 2 { // a repeat changes nothing
		if _, err := w.svc.Release(ctx, w.clerk, rep.ImportID); err != nil {
			t.Fatal(err)
		}
	}
	w.later(0)
	w.later(0)
	told := w.told("（2026）浙0211民初1号")
	if told[model.NoticeFiled] != 2 || told[model.NoticeInstrument] != 2 || told[model.NoticeFirstDemand] != 0 || told[model.NoticeCreditorSheet] != 0 {
		t.Error("at the release:", told)
	}
	if told := w.told("（2026）浙0211民初3号"); told[model.NoticeCreditorSheet] != 1 {
		t.Error("nothing hinders the third case:", told)
	}
	if state, err = w.svc.Imported(ctx, w.clerk, rep.ImportID); err != nil || state.Held != 0 || state.DoneAt == nil {
		t.Errorf("%+v %v", state, err)
	}
	w.later(30 * 24 * time.Hour)
	if told = w.told("（2026）浙0211民初1号"); told[model.NoticeFirstDemand] != 0 {
		t.Error("a demand names a balance that no judge confirmed:", told)
	}
	// The judge decides; only then is the debtor urged.
	w.confirm("（2026）浙0211民初1号", 200050)
	w.later(2 * time.Hour)
	if told = w.told("（2026）浙0211民初1号"); told[model.NoticeFirstDemand] != 1 || told[model.NoticeCreditorSheet] != 1 || told[model.NoticeReceiptConfirmed] != 2 {
		t.Error("after the decision:", told)
	}
}

// confirm is the judge's confirmation of a case's imported entry.
func (w *world) confirm(caseNo string, fen model.Fen) {
	w.t.Helper()
	list, err := w.db.CaseReceipts(context.Background(), w.caseOf(caseNo).ID)
	if err != nil || len(list) != 1 {
		w.t.Fatal(list, err)
	}
	_, err = w.receipts.Confirm(context.Background(), w.judge, performance.Decision{ReceiptID: list[0].ID, Version: 1, AmountFen: fen, IdemKey: "k-" + caseNo, DoubtReason: "已核对案卷。"})
	if err != nil {
		w.t.Fatal(err)
	}
}

// What was performed before is a claim in the judge's queue, by the rules of
// every receipt; a case that it fulfils is not urged when the notices go.
func TestImportedPaymentsGoThroughTheLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	rep := w.importing(backlog(t), filing.Importing{})
	cs := w.caseOf("（2026）浙0211民初2号")
	list, err := w.db.CaseReceipts(ctx, cs.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	r := list[0]
	if r.State != model.ReceiptSubmitted || r.ImportID != rep.ImportID || r.UserID != w.clerk.UserID || r.JudgeID != w.judge.UserID || r.ClaimedFen != 1200050 ||
		r.PaidOn.String() != "2026-02-20" || r.PayerName != "赵某" || r.PayerKind != model.PayerOther || !r.Flagged || r.ProofKind != model.ProofImported {
		t.Errorf("%+v", r)
	}
	if plan, err := w.db.Installments(ctx, cs.ID); err != nil || plan[0].ConfirmedFen != 0 {
		t.Error("nobody confirmed it:", plan, err)
	}
	if _, err := w.receipts.Confirm(ctx, w.clerk, performance.Decision{ReceiptID: r.ID, Version: 1, AmountFen: r.ClaimedFen, IdemKey: "k"}); err == nil {
		t.Error("who imported it confirms it")
	}
	mine := w.judge // a judge may import, and does not confirm what he imported
	if _, err := w.svc.Import(ctx, mine, bytes.NewReader(workbook(t, []row{usual(7, row{"已履行金额": "5", "履行日期": "2026-02-20"})}, nil)), filing.Importing{}); err != nil {
		t.Fatal(err)
	}
	own := must(w.db.CaseReceipts(ctx, w.caseOf("（2026）浙0211民初7号").ID))[0]
	if _, err := w.receipts.Confirm(ctx, mine, performance.Decision{ReceiptID: own.ID, Version: 1, AmountFen: 500, IdemKey: "own"}); model.ReasonOf(err) != "receipt.own" {
		t.Error("a judge confirms what he imported:", err)
	}
	w.confirm(cs.CaseNo, 1200050)
	plan, err := w.db.Installments(ctx, cs.ID)
	if err != nil || plan[0].ConfirmedFen != 1200050 || plan[0].PerformedOn.String() != "2026-02-20" {
		t.Error(plan, err)
	}
	if cs = w.caseOf(cs.CaseNo); cs.Performance != model.PerformanceFulfilled {
		t.Error(cs.Performance)
	}
	if told := w.told(cs.CaseNo); len(told) != 0 {
		t.Error("told of a held case:", told)
	}
	// A returned entry is nobody's receipt to send again.
	other := w.caseOf("（2026）浙0211民初1号")
	if list, err = w.db.CaseReceipts(ctx, other.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.receipts.Return(ctx, w.judge, list[0].ID, 1, "记录有误"); err != nil {
		t.Fatal(err)
	}
	for _, x := range must(w.svc.Imported(ctx, w.clerk, rep.ImportID)).Samples {
		must(w.svc.Sample(ctx, w.clerk, rep.ImportID, x.Kind))
	}
	must(w.svc.Release(ctx, w.clerk, rep.ImportID))
	w.later(0)
	if told := w.told(cs.CaseNo); told[model.NoticeFiled] != 0 || told[model.NoticeInstrument] != 0 {
		t.Error("who has performed is told how to:", told)
	}
	if told := w.told(other.CaseNo); told[model.NoticeReceiptReturned] != 0 || told[model.NoticeFiled] != 2 {
		t.Error(told)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Notices from a day on go out on that day, and not before; told at once, a
// debtor is still not urged in the same second.
func TestNoticesFromADayAndNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rep := w.importing(backlog(t), filing.Importing{Notices: model.NoticesFrom, FromOn: model.NewDate(2026, 3, 5)})
	w.later(2 * 24 * time.Hour)
	if told := w.told("（2026）浙0211民初3号"); len(told) != 0 {
		t.Error("told on 4 March:", told)
	}
	w.later(24 * time.Hour)
	if told := w.told("（2026）浙0211民初3号"); told[model.NoticeFiled] != 2 {
		t.Error("on 5 March:", told)
	}
	if state := must(w.svc.Imported(context.Background(), w.clerk, rep.ImportID)); state.DoneAt == nil {
		t.Error(state)
	}
	now := workbook(t, []row{usual(9, row{"履行期限": "2025-06-30", "生效日期": "2025-06-01", "立案日期": "2025-03-03"})}, nil)
	w.importing(now, filing.Importing{Notices: model.NoticesNow})
	w.later(0)
	if told := w.told("（2026）浙0211民初9号"); told[model.NoticeFiled] != 2 || told[model.NoticeFirstDemand] != 0 {
		t.Error("told and urged in one second:", told)
	}
	w.later(8 * 24 * time.Hour)
	if told := w.told("（2026）浙0211民初9号"); told[model.NoticeFirstDemand] != 1 {
		t.Error("a week later:", told)
	}
}

// Enforcement cases are read by the same rules.
func TestEnforcementImportReadsCells(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b bytes.Buffer
	if err := filing.EnforcementTemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(b.String(), "\n")
	clerk := w.clerk
	clerk.Roles = []model.Role{model.RoleOfficer, model.RoleClerk}
	rep, err := w.svc.ImportEnforcement(context.Background(), clerk, strings.NewReader(head+"\n（2026）浙0211执1号,46083,ji.fg,（2026）浙0211民初1号,-5,也许\n"), true)
	if err != nil || !strings.HasPrefix(problems(rep), "2 立案日期 date.serial; 2 申请执行标的 amount.negative; 2 首次执行 field.format") {
		t.Error(rep, err)
	}
}
