package filing_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
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
	w.svc = filing.New(w.db, filing.Config{Imported: w.receipts.ClaimImported})
	w.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	if err := w.db.Transact(ctx, func(tx *storage.DB) error { return tx.CreateCourt(ctx, &w.court) }); err != nil {
		t.Fatal(err)
	}
	// No password is hashed: that takes longer than the tests.
	add := func(login, name string, role model.Role) model.Actor {
		u := model.User{CourtID: w.court.ID, Name: name, State: model.UserActive}
		if err := w.db.Transact(ctx, func(tx *storage.DB) error {
			if err := tx.CreateUser(ctx, &u); err != nil {
				return err
			}
			if err := tx.CreateStaffAccount(ctx, &model.StaffAccount{UserID: u.ID, Login: login, PasswordHash: "none", TOTPSecret: "none"}); err != nil {
				return err
			}
			return tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: w.court.ID, Role: role})
		}); err != nil {
			t.Fatal(err)
		}
		return model.Actor{UserID: u.ID, Name: name, CourtID: w.court.ID, Roles: []model.Role{role}}
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
