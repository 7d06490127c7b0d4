package main

import (
	"bytes"
	"crypto/rand"
	"flag"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// family is the memory in bytes of a process and of those that it started, as
// the kernel divides it: what two of them share counts once.
func family(t *testing.T, pid int) (total int64) {
	t.Helper()
	pids := []int{pid}
	entries, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(e)
		if err != nil {
			continue // it ended
		}
		_, rest, _ := strings.Cut(string(b), ") ") // behind the name, which may hold anything
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(pid) {
			n, _ := strconv.Atoi(filepath.Base(filepath.Dir(e)))
			pids = append(pids, n)
		}
	}
	for _, p := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		if err != nil {
			continue
		}
		if _, rest, ok := strings.Cut(string(b), "\nPss:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			total += kb << 10
		}
	}
	return total
}

// peak samples the family until it is told to stop.
func peak(t *testing.T, pid int) (stop func() int64) {
	t.Helper()
	done, most := make(chan bool), make(chan int64)
	go func() {
		top := int64(0)
		for {
			top = max(top, family(t, pid))
			select {
			case <-done:
				most <- top
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(done)
		return <-most
	}
}

func timed(send func([]byte) (reply, error), file []byte) time.Duration {
	begin := time.Now()
	_, _ = send(file)
	return time.Since(begin)
}

// crowd is how many hostile files of a kind come at once; the figure is
// measured with twenty, and more than work at a time show the same.
var crowd = flag.Int("crowd", 6, "how many hostile files of each kind come at once")

// everyKind tries all kinds of hostile files, as deploy/test-long.sh does: that
// takes minutes. Otherwise it is four of those that take most.
var everyKind = flag.Bool("every-kind", false, "try every kind of hostile file")

var worstKinds = []string{
	"HEIC with the dimensions of another", "JPEG of noise, 60,000 pixels high", "PDF with an array of 10 megabytes", "text with an open quotation",
}

// A crowd of hostile files costs the machine no more than the bound,
// whatever they are: the server and its children together, by what the kernel
// counts. How long it takes is the machine's affair.
func TestACrowdOfHostileFilesStaysWithinTheBound(t *testing.T) { //nolint:paralleltest // it measures
	const bound = 300 << 20
	c := newCourt(t)
	c.start()
	debtor, clerk := c.guide.Token("陈建国"), c.guide.Token("wan.tt")
	testdata := filepath.Join("..", "..", "service", "evidence", "testdata")
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(testdata, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	receipt := func(file any) map[string]any {
		return map[string]any{
			"amount_fen": 100, "paid_on": model.DateOf(time.Now()).String(), "payer_kind": "self", "payer_name": "陈建国", "proof_kind": "screenshot",
			"bank_serial": strings.ToLower(rand.Text()), "file_ids": []any{file},
		}
	}
	upload := func(file []byte) (reply, error) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		key := strings.ToLower(rand.Text())
		_ = m.WriteField("case_id", "1")
		_ = m.WriteField("upload_key", key)
		if key < "l" { // one that states its size passes straight through, where it can
			_ = m.WriteField("size", strconv.Itoa(len(file)))
		}
		f, _ := m.CreateFormFile("file", "x.jpg")
		_, _ = f.Write(file)
		_ = m.Close()
		return c.srv.call(http.MethodPost, "/uploads", debtor, key, &b, m.FormDataContentType())
	}
	// What was not submitted expires at once, or nothing more may be uploaded.
	a := openTest(t, c.env, nil)
	defer func() { _ = a.close() }()
	expire := func() {
		files, err := a.db.FilesToExpire(t.Context(), time.Now().Add(time.Hour), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := a.db.Transact(t.Context(), func(tx *storage.DB) error { return tx.ExpireFile(t.Context(), f.ID) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	load := func(file []byte) (reply, error) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		f, _ := m.CreateFormFile("file", "cases.xlsx")
		_, _ = f.Write(file)
		_ = m.Close()
		status, _, err := c.srv.desk("/import", clerk, &b, m.FormDataContentType())
		return reply{status: status}, err
	}
	if _, err := upload(noise(1)); err != nil { // a server that has answered once is idle
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	idle := family(t, c.srv.cmd.Process.Pid)
	good := noise(2)
	t.Logf("idle: %d MB; a good upload alone: %v", idle>>20, timed(upload, good))
	all := func(name string, file []byte, send func([]byte) (reply, error)) {
		stop := peak(t, c.srv.cmd.Process.Pid)
		begin := time.Now()
		beside := make(chan time.Duration, 1)
		go func() {
			time.Sleep(50 * time.Millisecond) // they are at work by now
			beside <- timed(upload, good)
		}()
		var mu sync.Mutex
		answers := map[string]int{}
		var accepted []any
		submitted := map[int]int{}
		slowest := time.Duration(0)
		var wg sync.WaitGroup
		for range *crowd {
			wg.Go(func() {
				begin := time.Now()
				r, err := send(file)
				answer := fmt.Sprint(r.status)
				if e, ok := r.body["error"].(map[string]any); ok {
					answer += fmt.Sprint(" ", e["reason"])
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil || r.status >= 500 && r.status != http.StatusServiceUnavailable {
					t.Errorf("%s: %v %v", name, r, err)
				}
				answers[answer]++
				slowest = max(slowest, time.Since(begin))
				if r.status == http.StatusCreated {
					accepted = append(accepted, r.body["id"])
				}
			})
		}
		wg.Wait()
		for _, file := range accepted { // nothing is submitted before it can be shown
			wg.Go(func() {
				r, err := c.srv.post("/cases/1/receipts", debtor, strings.ToLower(rand.Text()), receipt(file))
				if err != nil || r.status >= 500 && r.status != http.StatusServiceUnavailable {
					t.Errorf("%s: %v %v", name, r, err)
				}
				mu.Lock()
				defer mu.Unlock()
				submitted[r.status]++
			})
		}
		wg.Wait()
		took, besides := stop()-idle, <-beside
		expire()
		t.Logf("%-52s %4d MB, slowest %5.2f s, all %5.2f s, good beside %.2f s, %v, submitted %v", name, took>>20, slowest.Seconds(), time.Since(begin).Seconds(), besides.Seconds(), answers, submitted)
		if took > bound {
			t.Errorf("%s: %d MB above idle", name, took>>20)
		}
	}
	files, sheets := evidencetest.Hostile(read("small.heic"), read("small.webp")), evidencetest.HostileSheets()
	for _, name := range worstKinds {
		if files[name] == nil && sheets[name] == nil {
			t.Errorf("there is no kind %q", name)
		}
	}
	worst := worstKinds
	if storagetest.OnMySQL() { // what parsers take does not depend on the store; what passes to it does
		worst = []string{"JPEG of noise, 60,000 pixels high", "text with an open quotation"}
	}
	wanted := func(name string) bool { return *everyKind || slices.Contains(worst, name) }
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if wanted(name) {
			all(name, files[name], upload)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		if wanted(name) {
			all(name, sheets[name], load)
		}
	}
}
