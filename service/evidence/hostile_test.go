package evidence_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/service/evidence/evidencetest"
)

// hostile is one file of each kind that takes memory; patient ones take as much
// time as the bounds allow, too.
func hostile(t testing.TB, patient bool) map[string][]byte {
	part := 4
	if patient {
		part = 1
	}
	// One scan of the first coefficients makes the decoder keep all of them.
	progressive := encodeJPEG(image.NewGray(image.Rect(0, 0, 8100, 6100)), 50)
	progressive = bytes.Replace(progressive, []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
	progressive = bytes.Replace(progressive, []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63}, []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 0}, 1)
	zeros, heicFile := deflated(100<<20), file(t, "small.heic")
	var objects []string
	for i := range 6000 {
		objects = append(objects, fmt.Sprintf("<< /X [%s] >>", strings.Repeat(strconv.Itoa(i)+" 0 R ", 60)))
	}
	return map[string][]byte{
		"progressive JPEG, 50 megapixels":     progressive,
		"sequential JPEG, 108 megapixels":     encodeJPEG(image.NewGray(image.Rect(0, 0, 12000, 9000/part)), 50),
		"PNG, 64 megapixels":                  encodePNG(image.NewRGBA(image.Rect(0, 0, 8000, 8000/part))),
		"PNG, 65,000 pixels high":             encodePNG(image.NewGray(image.Rect(0, 0, 900, 65000/part))),
		"PDF with a bomb":                     evidencetest.PDF("", streamObject("/Filter /Fl#61teDecode", zeros)),
		"PDF with a bomb as an object stream": evidencetest.PDF("", streamObject("/Type /ObjStm /N 1 /First 4 /Filter /Fl#61teDecode", zeros)),
		"PDF with many objects":               evidencetest.PDF("", objects...),
		"HEIC of garbage":                     append(heicFile[:len(heicFile)-100:len(heicFile)-100], bytes.Repeat([]byte{0x5a, 0x01, 0xff}, 2<<20)...),
	}
}

// children is the memory of this process's children in MB.
func children() (mb int) {
	entries, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		b, err := os.ReadFile(e)
		if err != nil || !strings.Contains(string(b), fmt.Sprintf("\nPPid:\t%d\n", os.Getpid())) {
			continue
		}
		if _, rest, ok := strings.Cut(string(b), "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			mb += kb >> 10
		}
	}
	return mb
}

// attack gives n files of each kind at once, and says how much memory the
// children took beyond idle and how long the slowest answer took.
func attack(t testing.TB, n int, patient bool, report func(name string, slowest time.Duration)) (peak int) {
	idle := children()
	stop, watched := make(chan bool), make(chan int)
	go func() {
		most := 0
		for {
			most = max(most, children())
			select {
			case <-stop:
				watched <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	for name, b := range hostile(t, patient) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		var slowest time.Duration
		for range n {
			wg.Go(func() {
				begin := time.Now()
				_, _, err := evidence.Shared().Views(context.Background(), bytes.NewReader(b), int64(len(b)))
				if k := model.KindOf(err); err != nil && k != model.Invalid && k != model.Unavailable {
					t.Errorf("%s: %v", name, err)
				}
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, time.Since(begin))
			})
		}
		wg.Wait()
		report(name, slowest)
	}
	close(stop)
	return <-watched - idle
}

// However many hostile files come at once, the children stay within their
// bounds, and this process is unharmed. The bound is the issue's, less what the
// server itself takes to pass the files on.
func TestHostileFilesStayWithinBounds(t *testing.T) { //nolint:paralleltest // it measures the memory of all children
	if peak := attack(t, 2, false, func(name string, slowest time.Duration) { t.Logf("%s: %v", name, slowest.Round(time.Millisecond)) }); peak > 290 {
		t.Errorf("the children took %d MB", peak)
	} else {
		t.Logf("the children took %d MB", peak)
	}
}

// BenchmarkTwentyHostileFilesOfEachKind prints the slowest answer of each kind,
// and how long a good upload takes beside them and alone.
func BenchmarkTwentyHostileFilesOfEachKind(b *testing.B) {
	good := encodeJPEG(picture(4000, 3000), 85)
	once := func() time.Duration {
		begin := time.Now()
		if _, err := evidence.ExamineStream(newReader(good), int64(len(good))); err != nil {
			b.Error(err)
		}
		return time.Since(begin)
	}
	for b.Loop() {
		alone := once()
		done, beside := make(chan bool), make(chan time.Duration)
		go func() {
			var all time.Duration
			n := 0
			for {
				select {
				case <-done:
					beside <- all / time.Duration(max(1, n))
					return
				default:
					all += once()
					n++
					time.Sleep(20 * time.Millisecond)
				}
			}
		}()
		var worst time.Duration
		peak := attack(b, 20, true, func(name string, slowest time.Duration) {
			b.Logf("%s: slowest of twenty %v", name, slowest.Round(time.Millisecond))
			worst = max(worst, slowest)
		})
		close(done)
		b.ReportMetric(float64(peak), "MB-children")
		b.ReportMetric(worst.Seconds(), "s-slowest")
		b.ReportMetric(float64(<-beside)/float64(alone), "of-alone")
	}
}
