package filing_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/performance"
	"microcourt/service/schedule"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

type world struct {
	t        *testing.T
	clock    *storagetest.Clock
	db       *storage.DB
	svc      *filing.Service
	receipts *performance.Service
	urging   *schedule.Service
	court    model.Court
	judge    model.Actor
	clerk    model.Actor
}

// newWorld is a court with the judges 张敏, and twice 陈平, on 2 March 2026.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: storagetest.NewClock()}
	ctx := context.Background()
	w.db = storagetest.Open(t, w.clock.Now)
	w.receipts = performance.New(w.db, performance.Config{})
	w.urging = schedule.New(w.db, schedule.Config{})
	w.svc = filing.New(w.db, filing.Config{Ledger: w.receipts})
	w.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	if err := w.db.Transact(ctx, func(tx *storage.DB) error { return tx.CreateCourt(ctx, &w.court) }); err != nil {
		t.Fatal(err)
	}
	staff := identity.New(w.db, identity.Config{AppID: "wxapp", Now: w.clock.Now, PasswordMemory: 64})
	add := func(login, name string, role model.Role) model.Actor {
		if _, err := staff.AddStaff(ctx, model.System(), w.court.ID, login, name, []model.Role{role}); err != nil {
			t.Fatal(err)
		}
		list, err := w.db.StaffLogins(ctx, w.court.ID, role)
		if err != nil {
			t.Fatal(err)
		}
		return model.Actor{UserID: list[login], Name: name, CourtID: w.court.ID, Roles: []model.Role{role}}
	}
	w.judge = add("zhang.min", "张敏", model.RoleJudge)
	add("chen.p1", "陈平", model.RoleJudge)
	add("chen.p2", "陈平", model.RoleJudge)
	w.clerk = add("wan.tt", "万婷", model.RoleClerk)
	return w
}

// later runs what runs by itself, at a later moment.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	if err := w.svc.Pass(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.urging.Pass(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// told counts the notices to the parties of a case by kind.
func (w *world) told(caseNo string) map[model.NoticeKind]int {
	w.t.Helper()
	out := map[model.NoticeKind]int{}
	list, err := w.db.CaseNotices(context.Background(), w.caseOf(caseNo).ID, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, n := range list {
		if n.PartyID != 0 {
			out[n.Kind]++
		}
	}
	return out
}

func (w *world) caseOf(caseNo string) model.Case {
	w.t.Helper()
	list, err := w.db.CasesByNo(context.Background(), []string{caseNo})
	if err != nil || len(list) != 1 {
		w.t.Fatal(caseNo, list, err)
	}
	return list[caseNo]
}
