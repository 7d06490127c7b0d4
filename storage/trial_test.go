package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// A trial leaves nothing: no row, no entry of the audit trail, no hook; the
// transaction goes on and is committed. An attempt that fails leaves nothing either,
// one that succeeds stays.
func TestATrialLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), storagetest.Open(t, storagetest.NewClock().Now)
	court := func(tx *storage.DB, code string) error {
		c := model.Court{Code: code, Name: code, ShortName: code, Settings: model.DefaultCourtSettings()}
		if err := tx.CreateCourt(ctx, &c); err != nil {
			return err
		}
		return tx.Audit(model.System(), model.RolePublic, model.AuditEvent{CourtID: c.ID, Action: model.AuditCourtAdd, Subject: model.ThingCourt.Of(c.ID)})
	}
	refused := errors.New("refused")
	ran := 0
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := court(tx, "浙01"); err != nil {
			return err
		}
		if err := tx.Trial(ctx, func() error {
			tx.OnCommit(func() { ran++ })
			return court(tx, "浙02")
		}); err != nil {
			return err
		}
		if err := tx.Trial(ctx, func() error { return refused }); !errors.Is(err, refused) {
			t.Errorf("a refused trial says %v", err)
		}
		if err := tx.Attempt(ctx, func() error { return errors.Join(court(tx, "浙03"), refused) }); !errors.Is(err, refused) {
			t.Errorf("a failed attempt says %v", err)
		}
		// What a trial tries may itself be attempted; one name for both would lose the outer one on MySQL.
		if err := tx.Trial(ctx, func() error {
			if err := tx.Attempt(ctx, func() error { return court(tx, "浙05") }); err != nil {
				return err
			}
			if err := tx.Trial(ctx, func() error { return court(tx, "浙06") }); err != nil {
				return err
			}
			return court(tx, "浙07")
		}); err != nil {
			return err
		}
		return tx.Attempt(ctx, func() error { return court(tx, "浙04") })
	})
	if err != nil {
		t.Fatal(err)
	}
	courts, err := db.Courts(ctx)
	var codes []string
	for _, c := range courts {
		codes = append(codes, c.Code)
	}
	if err != nil || len(codes) != 2 || codes[0] != "浙01" || codes[1] != "浙04" || ran != 0 {
		t.Errorf("%v are there, %d hooks ran, %v", codes, ran, err)
	}
	if heads, breaks, err := db.VerifyAudit(ctx); err != nil || len(breaks) != 0 || len(heads) != 2 {
		t.Errorf("%v %v %v", heads, breaks, err)
	}
	if err := db.Trial(ctx, func() error { return nil }); err == nil {
		t.Error("a trial outside a transaction")
	}
}

// Without a clock of a test's own the time is the database's, to the fraction of a
// second, and goes on inside a transaction.
func TestTheClockIsTheDatabases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	cfg.Now = nil
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.Transact(ctx, func(tx *storage.DB) error {
		one, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
		two, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		if away := time.Since(two).Abs(); away > 5*time.Second || !two.After(one) || two.Location() != time.UTC {
			t.Errorf("%v, then %v, %v from here", one, two, away)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
