package handler_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/demo"
	"microcourt/service/document"
	"microcourt/service/servicetest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// worker is a process of its own that plans, sends and settles until it is
// killed. Its clock is a file that the test moves.
func worker() error {
	ctx := context.Background()
	now := func() time.Time {
		b, err := os.ReadFile(os.Getenv("WORKER_CLOCK"))
		var ns int64
		if _, serr := fmt.Sscan(string(b), &ns); err != nil || serr != nil {
			panic(fmt.Sprint("the test's clock is gone: ", err, serr))
		}
		return time.Unix(0, ns).UTC()
	}
	keys, err := storagetest.Keyring()
	if err != nil {
		return err
	}
	cfg := storage.Config{Dialect: storage.SQLite, DSN: os.Getenv("WORKER_DSN"), Keys: keys, Now: now}
	if storagetest.OnMySQL() {
		cfg.Dialect = storage.MySQL
	}
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		return err
	}
	logger := slog.New(slog.DiscardHandler)
	client, err := wechat.New(wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: os.Getenv("WORKER_WECHAT")},
		wechat.NewMemoryTokens(now), now, logger)
	if err != nil {
		return err
	}
	objects, err := object.NewDir(filepath.Join(filepath.Dir(os.Getenv("WORKER_CLOCK")), fmt.Sprint("objects", os.Getpid())))
	if err != nil {
		return err
	}
	signer, err := servicetest.Signer()
	if err != nil {
		return err
	}
	svc, err := service.New(service.Deps{
		DB: db, Objects: objects, WeChat: client, AppID: wechat.DemoAppID, Cards: demo.Cards(), Printer: document.NewPrinter(signer, nil),
		PublicURL: "https://court.example", Logger: logger, Now: now,
	})
	if err != nil {
		return err
	}
	for parent := os.Getppid(); os.Getppid() == parent; { // the test may die first
		if err := svc.Schedule.Pass(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "schedule:", err)
		}
		if n, err := svc.Notice.Pass(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "notice:", err)
		} else if n == 0 {
			time.Sleep(20 * time.Millisecond) // shorter, and looking costs more than the work
		}
	}
	return nil
}

// The same month with real processes on one database, two where the database
// is a server: they are killed at any moment, also between WeChat's answer and
// the commit, while tokens rotate and WeChat fails.
func TestAMonthWithProcessesThatAreKilled(t *testing.T) {
	w := handlertest.New(t)
	cases := monthly(t)
	phones := w.Month(cases)
	clock := filepath.Join(t.TempDir(), "clock")
	tick := func(to time.Time) {
		t.Helper()
		w.Clock.Set(to)
		if err := os.WriteFile(clock+".new", fmt.Append(nil, to.UnixNano()), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(clock+".new", clock); err != nil {
			t.Fatal(err)
		}
	}
	tick(w.Clock.Now())
	start := func() *exec.Cmd {
		t.Helper()
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "WORKER_DSN="+w.DSN, "WORKER_WECHAT="+w.Wechat, "WORKER_CLOCK="+clock)
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	kill := func(c *exec.Cmd) {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	workers := make([]*exec.Cmd, 1)
	if storagetest.OnMySQL() {
		workers = make([]*exec.Cmd, 2)
	}
	for i := range workers {
		workers[i] = start()
	}
	defer func() {
		for _, c := range workers {
			kill(c)
		}
	}()
	rng := rand.New(rand.NewPCG(5, 6))
	kills := 0
	for now := w.Clock.Now(); now.Before(at(4, 1, 12)); {
		now = now.Add(time.Hour).Truncate(time.Hour)
		if h := now.In(model.CourtZone).Hour(); h > 11 && h < 21 || h > 22 || h < 7 { // nothing happens in these
			continue
		}
		if rng.IntN(6) == 0 {
			w.Fake.RotateToken()
		}
		if h := now.In(model.CourtZone).Hour(); h == 9 {
			w.Fake.Fault(sendPath, []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose}[rng.IntN(3)], rng.IntN(cases/33))
		}
		tick(now)
		w.Tell()
		if i := rng.IntN(3 * len(workers)); i < len(workers) {
			time.Sleep(time.Duration(rng.IntN(60)) * time.Millisecond)
			kill(workers[i])
			workers[i] = start()
			kills++
		}
		w.Done(now)
	}
	t.Logf("%d processes were killed", kills)
	if kills < 20 {
		t.Errorf("only %d kills", kills)
	}
	w.Witness(phones, true)
}
