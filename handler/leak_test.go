package handler_test

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/service/evidence/evidencetest"
)

// A court that was closed leaves nothing running: what a request starts ends
// with it.
func TestAClosedCourtLeavesNothingRunning(t *testing.T) { //nolint:paralleltest // it counts
	once := func(t *testing.T) {
		w, debtor, f := uploader(t)
		for _, file := range [][]byte{handlertest.Picture(3), evidencetest.PDF(""), []byte("<html>")} {
			debtor.Upload(f.ID, handlertest.FreshKey(), file)
		}
		if res, _, err := phoneSends(w, "/api/v1/uploads", "Bearer gone", fmt.Sprint(f.ID), 1<<20); err != nil || res.StatusCode != http.StatusUnauthorized {
			t.Error(res, err)
		}
	}
	running := func() (int, string) {
		http.DefaultClient.CloseIdleConnections()
		stacks := make([]byte, 1<<22)
		all := strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n")
		// Connections that wait to be used again belong to a pool, which closes them
		// by itself; gorm's cache of statements keeps one goroutine for each database.
		ours := slices.DeleteFunc(all, func(stack string) bool {
			return strings.Contains(stack, "created by net/http.(*Transport).dialConn") || strings.Contains(stack, "created by gorm.io/gorm/internal/lru")
		})
		return len(ours), strings.Join(ours, "\n\n")
	}
	t.Run("first", once) // what the process has once: a child that waits, connections
	time.Sleep(time.Second)
	before, _ := running()
	for i := range 3 {
		t.Run(fmt.Sprint(i), once)
	}
	after, stacks := running()
	for wait := 0; after > before+2 && wait < 100; wait++ { // those that are ending
		time.Sleep(100 * time.Millisecond)
		after, stacks = running()
	}
	if after > before+2 { // fewer than the courts that were closed
		t.Errorf("%d goroutines before, %d after three courts:\n%s", before, after, stacks)
	}
}
