package evidence_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"syscall"
	"testing"

	"microcourt/model"
	"microcourt/service/evidence"
)

// scans is a progressive JPEG with scans of the given components, 1 to n; 0 is
// all of them. They hold next to nothing: the walk does not look, and the
// decoder goes over all blocks whatever is there.
func scans(w, h uint16, components int, of ...int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc2, 0, byte(8 + 3*components), 8}
	b = append(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, h), w), byte(components))
	for i := range components {
		sampling := byte(0x11)
		if i == 0 {
			sampling = 0x22
		}
		b = append(b, byte(i+1), sampling, 0)
	}
	for _, c := range of {
		if c == 0 {
			b = append(b, 0xff, 0xda, 0, byte(6+2*components), byte(components))
			for i := range components {
				b = append(b, byte(i+1), 0)
			}
			b = append(b, 0, 0, 0)
		} else {
			b = append(b, 0xff, 0xda, 0, 8, 1, byte(c), 0, 1, 63, 0x10)
		}
		b = append(b, 0x55, 0x55)
	}
	return append(b, 0xff, 0xd9)
}

// The work that a small file makes is bounded, and what phones and chat
// programs write is far from the bound.
func TestTheWorkOfAPictureIsBounded(t *testing.T) {
	t.Parallel()
	ordinary := []int{0, 1, 3, 2, 1, 1, 0, 3, 2, 1} // libjpeg's
	optimised := []int{0, 2, 3, 2, 3, 1, 1, 1, 1, 2, 3, 2, 3, 1, 1, 1}
	for name, tt := range map[string]struct {
		file   []byte
		reason string
	}{
		"fifty megapixels, ordinary scans":    {scans(8160, 6144, 3, ordinary...), ""},
		"fifty megapixels, optimised scans":   {scans(8160, 6144, 3, optimised...), ""},
		"twelve megapixels, sixty scans":      {scans(4000, 3000, 3, refined(60)...), ""},
		"fifty megapixels, ninety-nine scans": {scans(8100, 6100, 1, refined(99)...), "file.bomb"},
		"small, ninety-nine scans":            {scans(1200, 900, 1, refined(99)...), ""},
		"small, a hundred and one scans":      {scans(1200, 900, 1, refined(101)...), "file.bomb"},
		"PNG, 65 megapixels with alpha":       {pngOf(8125, 8000, 8, 6), ""},
		"PNG, 50 megapixels of 16 bits":       {pngOf(8100, 6100, 16, 2), ""},
		"PNG, 65 megapixels of 16 bits":       {pngOf(8125, 8000, 16, 6), "file.bomb"},
	} {
		_, err := evidence.ExamineStream(newReader(tt.file), int64(len(tt.file)))
		if model.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v, want %q", name, err, tt.reason)
		}
	}
}

// refined is n scans: the first coefficients, then refinements of one component.
func refined(n int) []int { return append([]int{0}, slices.Repeat([]int{1}, n-1)...) }

func pngOf(w, h uint32, depth, colour byte) []byte {
	ihdr := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h), depth, colour, 0, 0, 0)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", ihdr), chunk("IDAT", []byte("x")), chunk("IEND", nil)}, nil)
}

// The signals that end the server do not touch a child at work, and a child
// that something else ended says nothing about its file.
func TestAFileIsNotBlamedForASignal(t *testing.T) {
	t.Parallel()
	good := encodeJPEG(picture(1600, 1200), 95)
	if len(good) < 300<<10 {
		t.Fatalf("%d bytes fit into the pipe", len(good))
	}
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		if rep, err := evidence.Signalled(t.Context(), good, s); err != nil || rep.Width != 1600 {
			t.Errorf("%v: %v", s, err)
		}
	}
	if _, err := evidence.Signalled(t.Context(), good, syscall.SIGKILL); model.ReasonOf(err) != "file.busy" {
		t.Errorf("killed: %v", err)
	}
	if _, err := evidence.Signalled(t.Context(), good, syscall.SIGSEGV); model.ReasonOf(err) != "file.too_complex" {
		t.Errorf("crashed: %v", err)
	}
}

// A program that was replaced while it runs makes children of what it was.
func TestChildrenAreOfThisProgram(t *testing.T) {
	t.Parallel()
	got, err := evidence.Commands()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Readlink("/proc/self/exe"); err == nil && got != "/proc/self/exe examine" {
		t.Error(got)
	}
}
