package installation_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/service/installation"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

var log = slog.New(slog.DiscardHandler)

func certificate(t *testing.T, court string, at time.Time) *x509.Certificate {
	t.Helper()
	s, _, _, err := document.GenerateSigner(court, at)
	if err != nil {
		t.Fatal(err)
	}
	return s.Certificate()
}

func prove(db *storage.DB, objects object.Store, c installation.Configured) error {
	return installation.New(db, objects, log).Prove(context.Background(), c)
}

func marks(t *testing.T, db *storage.DB) string {
	t.Helper()
	all, err := db.Marks(context.Background(), model.MarkObjects, model.MarkApp, model.MarkServiceApp, model.MarkCertificate)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range all {
		b.WriteString(string(m.Kind) + " " + m.Name + " " + m.Value + " " + string(m.State) + "\n")
	}
	return b.String()
}

func refused(t *testing.T, err error, names string) {
	t.Helper()
	if !errors.Is(err, installation.ErrMismatch) || !strings.Contains(err.Error(), names) {
		t.Errorf("want a refusal that names %q, got %v", names, err)
	}
}

func TestTheBucketOfAnotherInstallationIsRefused(t *testing.T) {
	t.Parallel()
	ours, theirs := objecttest.Open(t), objecttest.Open(t)
	db, other := storagetest.Open(t, nil), storagetest.Open(t, nil)
	for range 2 {
		if err := errors.Join(prove(db, ours, installation.Configured{}), prove(other, theirs, installation.Configured{})); err != nil {
			t.Fatal(err)
		}
	}
	before := marks(t, db)
	refused(t, prove(db, theirs, installation.Configured{}), "another database")
	refused(t, prove(db, objecttest.Open(t), installation.Configured{}), "have not been restored")
	refused(t, prove(storagetest.Open(t, nil), ours, installation.Configured{}), "never used it")
	if after := marks(t, db); after != before {
		t.Errorf("a refusal wrote %s", after)
	}
	if err := prove(db, ours, installation.Configured{}); err != nil {
		t.Error(err)
	}
	// Moved on purpose.
	moved := objecttest.Open(t)
	accept := installation.Configured{Accept: []model.MarkKind{model.MarkObjects}}
	if err := errors.Join(prove(db, moved, accept), prove(db, moved, installation.Configured{})); err != nil {
		t.Error(err)
	}
	refused(t, prove(db, ours, installation.Configured{}), "another database")
}

// A backup's database is put in place beside a new store: the store takes the
// id. One that holds another court's evidence is refused even then.
func TestARestoredDatabaseTakesANewStore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, other := storagetest.Open(t, nil), storagetest.Open(t, nil)
	lost, empty, begun, foreign := objecttest.Open(t), objecttest.Open(t), objecttest.Open(t), objecttest.Open(t)
	if err := errors.Join(prove(db, lost, installation.Configured{}), prove(other, foreign, installation.Configured{}),
		prove(storagetest.Open(t, nil), begun, installation.Configured{})); err != nil {
		t.Fatal(err)
	}
	if err := foreign.Put(ctx, "originals/2026/03/02/x", strings.NewReader("x"), 1, object.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	refused(t, prove(db, foreign, installation.Configured{Restoring: true}), "another database")
	for _, store := range []object.Store{empty, begun} {
		if err := errors.Join(prove(db, store, installation.Configured{Restoring: true}), prove(db, store, installation.Configured{})); err != nil {
			t.Error(err)
		}
	}
}

// The id is in the database and not yet in the bucket, or there and not yet
// confirmed: the next start goes on.
func TestAFirstStartThatWasKilledIsFinished(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, written := range []bool{false, true} {
		db, objects := storagetest.Open(t, nil), objecttest.Open(t)
		err := db.Transact(ctx, func(tx *storage.DB) error {
			return tx.AddMark(ctx, model.InstallationMark{Kind: model.MarkObjects, Name: storage.StoreMark, Value: "abc", State: model.MarkPending})
		})
		if err != nil {
			t.Fatal(err)
		}
		if written {
			if err := objects.Put(ctx, "installation/id", strings.NewReader("abc"), 3, object.PutOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := prove(db, objects, installation.Configured{}); err != nil || !strings.Contains(marks(t, db), "abc current") {
			t.Errorf("written %t: %v, %s", written, err, marks(t, db))
		}
	}
}

func TestFirstStartsTogether(t *testing.T) {
	t.Parallel()
	db, objects := storagetest.Open(t, nil), objecttest.Open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := prove(db, objects, installation.Configured{AppID: "wx1"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s := marks(t, db); strings.Count(s, "current") != 2 {
		t.Error(s)
	}
}

// A mini-program can be put in place of the sandbox, until somebody is known
// by it.
func TestPeopleAreKnownByTheirMiniProgram(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, objects := storagetest.Open(t, nil), objecttest.Open(t)
	for _, app := range []string{"wx-sandbox", "wx-court"} {
		if err := prove(db, objects, installation.Configured{AppID: app}); err != nil {
			t.Fatal(err)
		}
	}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		u := model.User{Name: "某", State: model.UserActive}
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		_, err := tx.CreateWeChatIdentity(ctx, &model.WeChatIdentity{AppID: "wx-court", OpenID: "openid", UserID: u.ID})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, prove(db, objects, installation.Configured{AppID: "wx-other"}), "wx-court")
	if err := prove(db, objects, installation.Configured{AppID: "wx-other", Accept: []model.MarkKind{model.MarkApp}}); err != nil {
		t.Error(err)
	}
}

// A renewed certificate of the same court is taken as it comes, another
// court's only when that is confirmed; earlier ones stay known.
func TestTheSigningCertificateIsTheCourts(t *testing.T) {
	t.Parallel()
	db, objects := storagetest.Open(t, nil), objecttest.Open(t)
	at := storagetest.NewClock().Now()
	old, renewed, foreign := certificate(t, "甲法院", at), certificate(t, "甲法院", at.Add(time.Minute)), certificate(t, "乙法院", at)
	for _, c := range []*x509.Certificate{old, renewed, old} {
		if err := prove(db, objects, installation.Configured{Certificate: c}); err != nil {
			t.Fatal(err)
		}
	}
	before := marks(t, db)
	refused(t, prove(db, objects, installation.Configured{Certificate: foreign}), "乙法院")
	if marks(t, db) != before {
		t.Error("a refusal wrote something")
	}
	if err := prove(db, objects, installation.Configured{Certificate: foreign, Accept: []model.MarkKind{model.MarkCertificate}}); err != nil {
		t.Error(err)
	}
	known, err := installation.New(db, objects, log).Certificates(context.Background())
	if err != nil || len(known) != 3 {
		t.Errorf("%d known, %v", len(known), err)
	}
}
