package recovery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	gomysql "github.com/go-sql-driver/mysql"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/recovery"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// place is a database beside a store of objects. Another database beside the
// same store is what a restored older one is.
type place struct {
	t     *testing.T
	cfg   storage.Config
	db    *storage.DB
	clock *storagetest.Clock
	court model.Court
	store object.Store
	svc   *recovery.Service
}

// paperReader is paperOf as the area asks for it.
type paperReader struct{}

// ReadPaper implements recovery.Papers.
func (paperReader) ReadPaper(pdf []byte) (string, string, error) { return paperOf(pdf) }

// paperOf reads what the tests put into the store as papers: number and code.
func paperOf(pdf []byte) (string, string, error) {
	number, code, ok := strings.Cut(string(pdf), "|")
	if !ok {
		return "", "", errors.New("no paper")
	}
	return number, code, nil
}

func newPlace(t *testing.T, store object.Store, numbers int) *place {
	t.Helper()
	return newPlaceIn(t, store, numbers, storagetest.Config)
}

func newPlaceIn(t *testing.T, store object.Store, numbers int, config func(testing.TB, func() time.Time) storage.Config) *place {
	t.Helper()
	clock := storagetest.NewClock()
	clock.Set(time.Now().UTC().Truncate(time.Microsecond)) // the store has its own clock
	p := (&place{t: t, cfg: config(t, clock.Now), clock: clock, store: store}).open()
	p.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	err := p.db.Transact(context.Background(), func(tx *storage.DB) error {
		if err := tx.CreateCourt(context.Background(), &p.court); err != nil {
			return err
		}
		return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{CourtID: p.court.ID, Action: model.AuditCourtAdd, Subject: model.ThingCourt.Of(1)})
	})
	if err != nil {
		t.Fatal(err)
	}
	p.give(numbers)
	return p
}

// open is another process at the same place.
func (p *place) open() *place {
	p.t.Helper()
	db, err := storage.Open(context.Background(), p.cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = db.Close() })
	q := *p
	q.db = db
	q.svc = recovery.New(db, recovery.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler), Papers: paperReader{}})
	return &q
}

// give gives out numbers of certificates and returns the last one.
func (p *place) give(n int) (last int64) {
	p.t.Helper()
	for range n {
		err := p.db.Transact(context.Background(), func(tx *storage.DB) (err error) {
			if last, err = tx.NextSerial(context.Background(), p.court.ID, model.CertificateSeries, 2026); err != nil {
				return err
			}
			return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{CourtID: p.court.ID, Action: "test", Subject: model.ThingCourt.Of(1)})
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return last
}

func (p *place) put(key, body string) {
	p.t.Helper()
	if err := p.store.Put(context.Background(), key, strings.NewReader(body), int64(len(body)), object.PutOptions{}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) key(folder, name string) string {
	return folder + "/" + p.clock.Now().Format("2006/01/02") + "/" + name
}

func (p *place) number(n int64) string {
	return model.DocumentNumber(p.court.Settings.CertificatePattern, p.court.ShortName, 2026, n)
}

func (p *place) reconcile(kept string) *recovery.Reconciliation {
	p.t.Helper()
	rep, err := p.svc.Reconcile(context.Background(), model.System(), recovery.Options{Kept: kept})
	if err != nil {
		p.t.Fatal(err)
	}
	return rep
}

// What is listed is counted once, also when the database has the transaction run
// again.
func TestWhatIsListedIsCountedOnce(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]func(p *place) (int64, error){
		"reconciling": func(p *place) (int64, error) {
			rep, err := p.svc.Reconcile(context.Background(), model.System(), recovery.Options{})
			if err != nil {
				return 0, err
			}
			return rep.New, nil
		},
		"sweeping": func(p *place) (int64, error) {
			p.clock.Advance(48 * time.Hour)
			rep, err := performance.New(p.db, performance.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler)}).Sweep(context.Background())
			return rep.Strays, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var fault *storagetest.Fault
			p := newPlaceIn(t, objecttest.Open(t), 0, func(t testing.TB, now func() time.Time) (cfg storage.Config) {
				cfg, fault = storagetest.ConfigFaulty(t, now)
				return cfg
			})
			for i := range 3 {
				p.put(p.key("originals", fmt.Sprint(i)), "evidence")
			}
			fault.RefuseEverySecond(&gomysql.MySQLError{Number: 1213, Message: "on purpose"})
			if n, err := count(p); n != 3 || err != nil {
				t.Errorf("%d of 3 (%v)", n, err)
			}
		})
	}
}

// The journal outlives the database: an older one finds in it how far the
// numbers have come, moves on, and says which nobody has.
func TestNumbersMovePastTheJournal(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	store := objecttest.Open(t)
	lost := newPlace(t, store, 5)
	if err := lost.svc.Close(ctx); err != nil {
		t.Fatal(err)
	}
	older := newPlace(t, store, 2)
	f, err := older.svc.Check(ctx)
	if err != nil || f.Recovery == nil || f.Recovery.Cause != model.RecoveryJournal || len(f.Voided) != 3 {
		t.Fatalf("%+v %v", f, err)
	}
	if n := older.give(1); n != 6 {
		t.Errorf("after 5 numbers the next one is %d", n)
	}
	for n := range int64(6) {
		v, err := older.db.VoidNumber(ctx, older.number(n+1))
		if void := v != nil; err != nil || void != (n+1 >= 3 && n+1 <= 5) {
			t.Errorf("number %d is void: %v %v", n+1, void, err)
		}
	}
	if err := older.svc.MaySweep(ctx); model.KindOf(err) != model.Conflict {
		t.Errorf("a sweep before the reconciliation: %v", err)
	}
	if rep := older.reconcile(""); len(rep.Voided) != 3 || rep.Lost[older.court.ID] == 0 {
		t.Errorf("%+v", rep)
	}
	// From then on it is the database that belongs to the journal.
	again, err := older.svc.Check(ctx)
	if err != nil || again.Recovery != nil || len(again.Voided) != 0 {
		t.Errorf("after the reconciliation: %+v %v", again, err)
	}
	if err := older.svc.MaySweep(ctx); err != nil {
		t.Error(err)
	}
	if rep := older.reconcile(""); len(rep.Voided) != 0 {
		t.Errorf("a second reconciliation voids %+v", rep.Voided)
	}
}

// Without a journal the signed papers themselves tell, or what somebody kept.
func TestNumbersMovePastPapersAndWhatWasKept(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 2)
	p.put(p.key("certificates", "c4"), p.number(4)+"|CODE4")
	p.put(p.key("documents", "d9"), "镇法联〔2026〕9号|")
	p.put(p.key("certificates", "junk"), "nothing of ours")
	f, err := p.svc.CheckObjects(ctx)
	if err != nil || f.Recovery == nil || f.Recovery.Cause != model.RecoveryJournal {
		t.Fatalf("%+v %v", f, err)
	}
	if n := p.give(1); n != 5 {
		t.Errorf("a paper bears number 4, the next one is %d", n)
	}
	v, err := p.db.VoidNumber(ctx, p.number(4))
	if err != nil || v == nil || v.CheckCode != "CODE4" || v.ObjectKey != p.key("certificates", "c4") {
		t.Errorf("%+v %v", v, err)
	}
	if v, err := p.db.VoidNumber(ctx, "镇法联〔2026〕9号"); err != nil || v == nil || v.Kind != string(model.DocumentContactRecord) {
		t.Errorf("%+v %v", v, err)
	}
	var head strings.Builder
	if err := p.svc.WriteHeads(ctx, &head); err != nil || !strings.Contains(head.String(), "series 浙0211:certificate:2026:5\n") {
		t.Errorf("%s %v", head.String(), err)
	}
	rep := p.reconcile("head 1:999:abc\nseries 浙0211:certificate:2026:12\nseries 浙0999:certificate:2026:99\nunbroken\n")
	if n := p.give(1); n != 13 {
		t.Errorf("12 was kept, the next one is %d", n)
	}
	if rep.Lost[p.court.ID] == 0 || rep.Strays["certificates"].N != 2 || rep.Strays["documents"].N != 1 || len(rep.Papers) != 2 {
		t.Errorf("%+v", rep)
	}
}

// A number that can be of two courts' series moves both, and is told.
func TestAnAmbiguousNumberMovesEverySeries(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 2)
	other := model.Court{Code: "浙0205", Name: "宁波市江北区人民法院", ShortName: "北法", Settings: model.DefaultCourtSettings()}
	other.Settings.CertificatePattern = "证1999-{year}号{n}"
	p.court.Settings.CertificatePattern = "证{year}-{n}号{n}" // which meets the other's in no year to come
	err := p.db.Transact(ctx, func(tx *storage.DB) error {
		return errors.Join(tx.CreateCourt(ctx, &other), tx.UpdateCourt(ctx, &p.court))
	})
	if err != nil {
		t.Fatal(err)
	}
	const number = "证1999-2026号2026"
	p.put(p.key("certificates", "x"), number+"|CODE")
	if rep := p.reconcile(""); !slices.Equal(rep.Ambiguous, []string{number}) {
		t.Errorf("ambiguous: %q", rep.Ambiguous)
	}
	last := map[int64]int64{}
	for id, year := range map[int64]int{p.court.ID: 1999, other.ID: 2026} {
		err := p.db.Transact(ctx, func(tx *storage.DB) (err error) {
			last[id], err = tx.NextSerial(ctx, id, model.CertificateSeries, year)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if last[p.court.ID] != 2027 || last[other.ID] != 2027 {
		t.Errorf("the next numbers are %v", last)
	}
}

// One number on two certificates is told, and a number whose row is there is
// not void because a second print of its paper lies about.
func TestASecondPrintIsNoSecondNumber(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 0)
	p.put(p.key("certificates", "a"), p.number(3)+"|AAAA")
	if rep := p.reconcile(""); len(rep.Voided) != 3 {
		t.Errorf("%+v", rep.Voided)
	}
	p.put(p.key("certificates", "b"), p.number(3)+"|AAAA")
	p.put(p.key("certificates", "c"), p.number(2)+"|CCCC")
	if rep := p.reconcile(""); len(rep.Voided) != 0 {
		t.Errorf("%+v", rep.Voided)
	}
	if v, err := p.db.VoidNumber(ctx, p.number(2)); err != nil || v == nil || v.CheckCode != "CCCC" {
		t.Errorf("a paper that was found later is not noted: %+v %v", v, err)
	}
}

// Objects that are newer than the newest row stop the sweeper; one that was
// only on its way to its row does not.
func TestObjectsNewerThanTheNewestRowStopTheSweeper(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, arrives := range []bool{true, false} {
		t.Run(fmt.Sprintf("its row comes %v", arrives), func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, objecttest.Open(t), 0)
			key := p.key("originals", "o1")
			time.Sleep(10 * time.Millisecond) // the store's clock is not the database's
			p.put(key, "evidence")
			sweeper := performance.New(p.db, performance.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler), Recovery: p.svc, KeepStrays: 10})
			f, err := p.svc.CheckObjects(ctx)
			if err != nil || f.Recovery != nil {
				t.Fatalf("%+v %v", f, err)
			}
			if _, err := sweeper.Sweep(ctx); model.KindOf(err) != model.Conflict {
				t.Errorf("a sweep while an object may be on its way: %v", err)
			}
			if arrives {
				p.file(key, model.FileAttached)
			}
			p.clock.Advance(time.Hour)
			_, err = sweeper.Sweep(ctx)
			if arrives != (err == nil) {
				t.Errorf("an hour later: %v", err)
			}
			if !arrives {
				if r, err := p.db.OpenRecovery(ctx); err != nil || r == nil || r.Cause != model.RecoveryObjects {
					t.Errorf("%+v %v", r, err)
				}
				// In another process, as the command line does it.
				other := &place{t: t, db: p.db, store: p.store}
				other.svc = recovery.New(p.db, recovery.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler), Papers: paperReader{}})
				other.reconcile("")
				if _, err := sweeper.Sweep(ctx); err != nil {
					t.Error(err)
				}
				if f, err := p.svc.CheckObjects(ctx); err != nil || f.Recovery != nil {
					t.Errorf("the next start: %+v %v", f, err)
				}
			}
			if b := objecttest.Bytes(t, p.store, key); string(b) != "evidence" {
				t.Errorf("%q", b)
			}
		})
	}
}

// file adds a row for an object.
func (p *place) file(key string, state model.FileState) {
	p.t.Helper()
	ctx := context.Background()
	f := &model.File{CourtID: p.court.ID, UserID: p.user(), UploadKey: key, State: state, OriginalKey: key, Name: "x"}
	err := p.db.Transact(ctx, func(tx *storage.DB) error {
		f.CreatedAt, f.UpdatedAt = tx.Now(), tx.Now()
		_, err := tx.CreateFile(ctx, f)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) user() int64 {
	p.t.Helper()
	ctx := context.Background()
	u := model.User{CourtID: p.court.ID, Name: "陈建国"}
	if err := p.db.Transact(ctx, func(tx *storage.DB) error { return tx.CreateUser(ctx, &u) }); err != nil {
		p.t.Fatal(err)
	}
	return u.ID
}

// A file that was loose in the backup may have been handed in afterwards: its
// bytes stay. One that was uploaded and never handed in after the recovery goes
// as ever. What nobody names goes at the end of the installation's term, unless
// that is for ever, or a row names it again.
func TestLooseFilesOfABackupAndTheTermOfStrays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 0)
	before, after, stray, found := p.key("originals", "before"), p.key("originals", "after"), p.key("documents", "stray"), p.key("originals", "found")
	p.put(before, "b")
	p.file(before, model.FileStored)
	if err := p.svc.Restored(ctx, model.System(), p.clock.Now()); err != nil {
		t.Fatal(err)
	}
	p.put(stray, "s")
	p.put(found, "f")
	p.reconcile("")
	p.clock.Advance(time.Hour)
	p.put(after, "a")
	p.file(after, model.FileStored)
	p.file(found, model.FileAttached)
	forever := performance.New(p.db, performance.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler), Recovery: p.svc})
	term := performance.New(p.db, performance.Config{Objects: p.store, Logger: slog.New(slog.DiscardHandler), Recovery: p.svc, KeepStrays: 10})
	there := func(want map[string]bool) {
		t.Helper()
		for key, is := range want {
			o, _, err := p.store.Open(ctx, key)
			if err == nil {
				_ = o.Close()
			}
			if is != (err == nil) {
				t.Errorf("%s: %v, want it there: %v", key, err, is)
			}
		}
	}
	p.clock.Advance(96 * time.Hour)
	if _, err := term.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	there(map[string]bool{before: true, after: false, stray: true, found: true})
	strays, err := p.db.Strays(ctx, "", 10)
	if err != nil || len(strays) != 2 {
		t.Errorf("%+v %v", strays, err)
	}
	p.clock.Advance(9 * 365 * 24 * time.Hour)
	if _, err := term.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(2 * 365 * 24 * time.Hour)
	if _, err := forever.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	there(map[string]bool{before: true, stray: true, found: true})
	rep, err := term.Sweep(ctx)
	if err != nil || rep.Ended != 2 {
		t.Errorf("%+v %v", rep, err)
	}
	there(map[string]bool{before: false, stray: false, found: true})
}

// What may have been sent before the loss waits for a word.
func TestMessagesWaitForAWord(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 0)
	user := p.user()
	p.message(p.user(), p.clock.Now())
	future := p.message(p.user(), p.clock.Now().Add(48*time.Hour))
	sending := p.message(p.user(), p.clock.Now())
	if got, err := p.db.LeaseOutbox(ctx, "wx", "a server that is no more", nil, 10, time.Hour); err != nil || len(got) != 2 {
		t.Fatal(got, err) // its lease would last
	}
	due := p.message(user, p.clock.Now())
	p.clock.Advance(time.Minute)
	if err := p.svc.Restored(ctx, model.System(), p.clock.Now()); err != nil {
		t.Fatal(err)
	}
	lease := func() map[int64]bool {
		t.Helper()
		list, err := p.db.LeaseOutbox(ctx, "wx", "me", nil, 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		out := map[int64]bool{}
		for _, m := range list {
			out[m.ID] = true
		}
		return out
	}
	if got := lease(); len(got) != 0 {
		t.Errorf("before the reconciliation %v would be sent", got)
	}
	if rep := p.reconcile(""); rep.Held != 3 {
		t.Errorf("%d are held", rep.Held)
	}
	if got := lease(); len(got) != 0 {
		t.Errorf("without a word %v would be sent", got)
	}
	p.clock.Advance(72 * time.Hour)
	if got := lease(); len(got) != 1 || !got[future] {
		t.Errorf("what was never due would not be sent: %v", got)
	}
	rep, err := p.svc.Reconcile(ctx, model.System(), recovery.Options{Resend: true})
	if err != nil || rep.Resent != 3 || rep.Held != 0 {
		t.Errorf("%+v %v", rep, err)
	}
	if got := lease(); !got[due] || !got[sending] {
		t.Errorf("after the word %v would be sent", got)
	}
}

func (p *place) message(user int64, at time.Time) int64 {
	p.t.Helper()
	ctx := context.Background()
	n := model.Notice{CourtID: p.court.ID, UserID: user, Kind: model.NoticeTaskLate, DedupeKey: fmt.Sprintf("n%d", user), Title: "x", Card: map[string]string{"title": "x"}, CreatedAt: p.clock.Now()}
	m := model.OutboxMessage{
		CourtID: p.court.ID, Channel: model.ChannelWeChat, UserID: user, State: model.OutboxQueued, NextAt: at, Deadline: at.Add(240 * time.Hour),
		CreatedAt: p.clock.Now(), UpdatedAt: p.clock.Now(),
	}
	err := p.db.Transact(ctx, func(tx *storage.DB) error {
		notices := []model.Notice{n}
		if err := storage.Insert(ctx, tx, notices); err != nil {
			return err
		}
		m.NoticeID = notices[0].ID
		messages := []model.OutboxMessage{m}
		err := storage.Insert(ctx, tx, messages)
		m.ID = messages[0].ID
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return m.ID
}
