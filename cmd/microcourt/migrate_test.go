package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/storage"
)

func migrateProcess(env []string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "migrate")
	cmd.Env = append(append(os.Environ(), env...), "RUN_AS_MICROCOURT=1")
	return cmd
}

func schemaVersion(t *testing.T, env []string) storage.Version {
	t.Helper()
	cfg, err := loadConfig("", env)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openDB(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	v, err := db.SchemaVersion(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A migration that was killed, ten times over and each time a little later, is
// finished by the next one.
func TestMigrateIsKilledAtTenMoments(t *testing.T) {
	env := installation(t)
	began := time.Now()
	if out, err := migrateProcess(env).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	const moments = 10
	var left []int64
	for i := range moments {
		env := installation(t)
		cmd := migrateProcess(env)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i+1) / (moments + 1))
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
		left = append(left, schemaVersion(t, env).Database)
		if out, err := migrateProcess(env).CombinedOutput(); err != nil {
			t.Fatalf("after a kill at moment %d: %v\n%s", i, err, out)
		}
		if v := schemaVersion(t, env); v.Behind() || v.Ahead() {
			t.Errorf("after a kill at moment %d: %+v", i, v)
		}
	}
	t.Logf("a run takes %v; the killed ones left the schema at %v", whole, left)
}

// Three at once: one works, the others wait and find the work done.
func TestThreeMigrateAtOnce(t *testing.T) {
	env := installation(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	applied := 0
	for range 3 {
		wg.Go(func() {
			out, err := migrateProcess(env).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			mu.Lock()
			defer mu.Unlock()
			applied += strings.Count(string(out), "applied 0001")
		})
	}
	wg.Wait()
	if v := schemaVersion(t, env); v.Behind() || applied != 1 {
		t.Errorf("%+v, the first file was applied %d times", v, applied)
	}
}

// Servers that start together on a new folder share its keys and its schema.
func TestTwoServersStartTogether(t *testing.T) {
	env := installation(t)
	if out, err := migrateProcess(env).CombinedOutput(); err != nil { // MySQL's servers do not migrate
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(strings.Join(env, " "), "DRIVER=mysql") {
		env = installation(t) // SQLite's do
	}
	first := launch(t, env)
	second := launch(t, env)
	for _, s := range []*launched{first, second} {
		if err := s.address(t).cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = s.cmd.Wait()
	}
}
