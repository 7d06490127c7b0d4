package sandbox_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"microcourt/service/evidence/sandbox"
)

// TestMain makes this binary its own confined process when it is asked to be.
func TestMain(m *testing.M) {
	if what := os.Getenv("SANDBOX_PROBE"); what != "" {
		if err := sandbox.Enter(sandbox.Bounds{Memory: 64 << 20, CPU: 2 * time.Second, Compile: what == "compile"}); err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
		fmt.Println("result:", probe(what))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func probe(what string) error {
	switch what {
	case "open":
		_, err := os.Open("/proc/self/status")
		return err
	case "create":
		return os.WriteFile(os.TempDir()+"/sandbox-probe", nil, 0o600)
	case "socket":
		_, err := net.Listen("tcp", "127.0.0.1:0")
		return err
	case "process":
		return exec.Command("/bin/true").Run()
	case "kill":
		return syscall.Kill(os.Getppid(), syscall.SIGTERM)
	case "calls":
		return probeCalls()
	case "compile":
		return probeCompile()
	case "collect": // what an honest program does: threads, timers, a busy collector
		done := make(chan bool)
		for range 20 {
			go func() {
				for range 200 {
					_ = make([]byte, 100<<10)
					time.Sleep(time.Microsecond)
				}
				done <- true
			}()
		}
		for range 20 {
			<-done
		}
	case "memory":
		b := make([]byte, 256<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
	case "time":
		for i := 0; ; i++ {
			_ = i
		}
	case "threads":
		done := make(chan bool)
		for range 8 {
			go func() { time.Sleep(10 * time.Millisecond); done <- true }()
		}
		for range 8 {
			<-done
		}
	}
	return nil
}

func run(t *testing.T, what string) (string, error) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(sandbox.Env(), "SANDBOX_PROBE="+what)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestAConfinedProcessCannotLeave(t *testing.T) {
	t.Parallel()
	if !sandbox.Filtered {
		t.Log("this system's calls are not filtered; only memory is bounded")
		return
	}
	for _, what := range []string{"open", "create", "socket", "process", "kill"} {
		if out, err := run(t, what); err != nil || !strings.Contains(out, "operation not permitted") {
			t.Errorf("%s: %v %s", what, err, out)
		}
	}
	if out, err := run(t, "threads"); err != nil || !strings.Contains(out, "<nil>") {
		t.Errorf("an honest process: %v %s", err, out)
	}
}

// A machine that is overloaded must not cost an honest file its bound on memory.
func TestAnHonestProcessAmongMany(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if out, err := run(t, "collect"); err != nil || !strings.Contains(out, "<nil>") {
				t.Errorf("an honest process: %v %.300s", err, out)
			}
		})
	}
	all.Wait()
}

func TestAConfinedProcessEndsAtItsBounds(t *testing.T) {
	t.Parallel()
	if !sandbox.Filtered {
		return
	}
	for _, what := range []string{"memory", "time"} {
		if out, err := run(t, what); err == nil || strings.Contains(out, "result") {
			t.Errorf("%s was not bounded: %.200s", what, out)
		}
	}
}
