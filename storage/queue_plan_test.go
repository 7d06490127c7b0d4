package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// queued is a court with a judge, an officer and many receipts that wait.
func queued(t testing.TB, n int) (*storage.DB, model.User) {
	t.Helper()
	ctx, clock := context.Background(), storagetest.NewClock()
	db := storagetest.Open(t, clock.Now)
	court := model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	judge := model.User{Name: "张某", State: model.UserActive}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateCourt(ctx, &court); err != nil {
			return err
		}
		judge.CourtID = court.ID
		if err := tx.CreateUser(ctx, &judge); err != nil {
			return err
		}
		cases := []model.Case{{CourtID: court.ID, CaseNo: "（2026）浙0211民初1号", Kind: model.CaseCivil, Cause: "纠纷", FiledOn: model.NewDate(2026, 1, 5), JudgeID: judge.ID, Performance: model.PerformanceNone, Version: 1}}
		if err := storage.Insert(ctx, tx, cases); err != nil {
			return err
		}
		parties := []model.Party{{CourtID: court.ID, CaseID: cases[0].ID, Ref: "D1", Role: model.Defendant, Kind: model.Person, Name: "赵某", NameNorm: "赵某"}}
		if err := storage.Insert(ctx, tx, parties); err != nil {
			return err
		}
		receipts := make([]model.Receipt, n)
		for i := range receipts {
			receipts[i] = model.Receipt{
				CourtID: court.ID, CaseID: cases[0].ID, PartyID: parties[0].ID, UserID: judge.ID, JudgeID: judge.ID + int64(i%20), OfficerID: int64(i % 3 * (i % 7)), IdemKey: fmt.Sprint("key-", i),
				State: []model.ReceiptState{model.ReceiptSubmitted, model.ReceiptConfirmed}[i%2], ClaimedFen: model.Fen(i%997 + 1), PaidOn: model.NewDate(2026, 2, 1), PayerKind: model.PayerSelf, PayerName: "赵某",
				ProofKind: model.ProofBankReceipt, CaseNo: cases[0].CaseNo, CaseKind: model.CaseCivil, Answer: []model.ResponseState{model.ResponseAsked, model.ResponseAcknowledged}[i%5/4], Flagged: i%11 == 0,
				Version: 1, SubmittedAt: clock.Now().Add(time.Duration(i) * time.Second),
			}
		}
		return storage.Insert(ctx, tx, receipts)
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, judge
}

// Whatever a judge, an officer or the whole court lists and in which order, the page is
// read along an index of receipts and not sorted: however many there are, a page costs
// the same.
func TestTheQueueRunsAlongItsIndexes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, judge := queued(t, 4000)
	by := model.Actor{UserID: judge.ID, CourtID: judge.CourtID, Roles: []model.Role{model.RoleLeader}}
	owners := map[string]model.Owner{"the court's": {}, "a judge's": {JudgeID: judge.ID}}
	narrowed := map[string]func(*model.QueueFilter){
		"all": func(*model.QueueFilter) {}, "flagged": func(f *model.QueueFilter) { f.Flagged = true }, "late": func(f *model.QueueFilter) { f.SubmittedBefore = time.Now() },
		"of one kind": func(f *model.QueueFilter) { f.Kind = model.CaseCivil },
	}
	seen := 0
	for whose, owner := range owners {
		for what, change := range narrowed {
			for _, sort := range model.QueueSorts {
				f := model.QueueFilter{State: model.ReceiptSubmitted, Owner: owner, Sort: sort, Limit: 40}
				change(&f)
				plan, err := storage.PlanOfQueue(ctx, db, by, f)
				if err != nil {
					t.Fatal(err)
				}
				seen++
				along := strings.Contains(plan, "receipts_") && !strings.Contains(plan, "SCAN receipts |") && !strings.Contains(plan, "| ALL |")
				if !along {
					t.Errorf("%s receipts, %s, by %q read more than an index:\n%s", whose, what, sort, plan)
				}
				if !storagetest.OnMySQL() && strings.Contains(plan, "TEMP B-TREE FOR ORDER BY") { // MariaDB's choice follows its statistics
					t.Errorf("%s receipts, %s, by %q are sorted:\n%s", whose, what, sort, plan)
				}
			}
		}
	}
	// An officer's list is short: what waits of his cases alone.
	plan, err := storage.PlanOfQueue(ctx, db, by, model.QueueFilter{State: model.ReceiptSubmitted, Owner: model.Owner{OfficerID: 6}, Limit: 40})
	if err != nil || !strings.Contains(plan, "receipts_") {
		t.Errorf("an officer's receipts: %v\n%s", err, plan)
	}
	if seen != 2*4*len(model.QueueSorts) {
		t.Errorf("%d lists were looked at", seen)
	}
}

// What the words of names cost and give: how many times longer it takes to write
// parties with them, and how many times longer to find a part of a name without them.
// Measured on SQLite with 20,000 parties: writing takes 2.6 times as long, and a part of
// a name is found in a twelfth of the time, which does not grow with the parties.
func BenchmarkWordsOfNames(b *testing.B) {
	ctx := context.Background()
	names := func(from, n int, cs model.Case) []model.Party {
		signs := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜")
		out := make([]model.Party, n)
		for i := range out {
			k := from + i
			name := string([]rune{signs[k%len(signs)], signs[k/7%len(signs)], signs[k/211%len(signs)]}) + "商贸有限公司"
			out[i] = model.Party{CourtID: cs.CourtID, CaseID: cs.ID, Ref: fmt.Sprint("P", k), Role: model.Defendant, Kind: model.Organisation, Name: name, NameNorm: name}
		}
		return out
	}
	var with, without, found, scanned time.Duration
	for b.Loop() {
		b.StopTimer()
		db, judge := queued(b, 1)
		cs := model.Case{ID: 1, CourtID: judge.CourtID}
		b.StartTimer()
		timed := func(sum *time.Duration, f func() error) {
			at := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			*sum += time.Since(at)
		}
		const n = 10_000
		timed(&with, func() error {
			return db.Transact(ctx, func(tx *storage.DB) error { return storage.Insert(ctx, tx, names(0, n, cs)) })
		})
		timed(&without, func() error { return storage.InsertPlain(ctx, db, names(n, n, cs)) })
		leader := model.Actor{UserID: judge.ID, CourtID: judge.CourtID, Roles: []model.Role{model.RoleLeader}}
		timed(&found, func() error {
			_, err := db.Cases(ctx, leader, model.CaseFilter{Text: "赵钱孙", Limit: 50})
			return err
		})
		timed(&scanned, func() error {
			_, err := storage.Text(ctx, db, "SELECT COUNT(*) FROM parties WHERE court_id = ? AND name_norm LIKE ?", judge.CourtID, "%赵钱%孙%")
			return err
		})
	}
	b.ReportMetric(float64(with)/float64(without), "write-ratio")
	b.ReportMetric(float64(scanned)/float64(found), "find-ratio")
}
