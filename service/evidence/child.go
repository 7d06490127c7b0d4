package evidence

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"microcourt/model"
	"microcourt/service/evidence/sandbox"
)

// The bounds of one child. Memory is what one file may take beyond the idle
// child; two children are at work at a time, or one with a heavy file. With the
// children themselves and what the server passes on, a crowd of hostile files
// costs less than 300 MB; a test measures it.
const (
	childMemory = 96 << 20
	// heavyMemory is for the few files that honestly take more; one of them is at
	// work at a time, and nothing beside it.
	heavyMemory = 224 << 20
	// fixedMemory is what every picture takes: its file, the view and its copy that
	// stands upright, and what is made of them.
	fixedMemory = 60 << 20
	childCPU    = 8 * time.Second
	childTime   = 9 * time.Second
	maxAnswer   = 24 << 20 // bytes of views and tiles
)

// childEnv, set to 1, makes any program that links this package a child: the
// server, and a test's own binary.
const childEnv = "MICROCOURT_EXAMINE"

// init runs before main: a child of a test's binary must never run the tests.
func init() {
	if os.Getenv(childEnv) == "1" {
		os.Exit(child(os.Stdin, os.Stdout, os.Stderr))
	}
}

// job is what a child is told in its first line, before the file.
type job struct {
	Views  bool  `json:"views"` // make the copies, too
	Size   int64 `json:"size"`  // bytes of the file that follows
	Memory int64 `json:"memory"`
	// Compiled says that the file's decoder is one that is compiled (HEIC).
	Compiled bool `json:"compiled,omitempty"`
}

// answer is the first line of what a child says; the copies follow.
type answer struct {
	Refused     int // index into refusals plus 1, 0 when accepted
	Cause       string
	Type        Type
	Width       int
	Height      int
	Pages       int
	Fingerprint []byte
	Lengths     []int // of view, thumbnail and tiles
}

// child reads one job, confines itself, does it, and ends.
func child(in io.Reader, out, errs io.Writer) int {
	// What tells the server to end is sent to its whole group. The child ends with
	// the server anyway, because its input does, and its file is not to blame.
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	br := bufio.NewReaderSize(in, 64<<10)
	line, err := br.ReadSlice('\n')
	if err != nil { // nothing more to do: the server ended
		return 0
	}
	var j job
	if err := json.Unmarshal(line, &j); err != nil || j.Size < 0 || j.Size > model.MaxFileBytes {
		fmt.Fprintln(errs, "examine: not a job")
		return 2
	}
	if err := sandbox.Enter(sandbox.Bounds{Memory: j.Memory, CPU: childCPU, Compile: j.Compiled}); err != nil {
		fmt.Fprintln(errs, "examine:", err)
		return exitUnconfined
	}
	file := make([]byte, j.Size)
	if _, err := io.ReadFull(br, file); err != nil {
		fmt.Fprintln(errs, "examine:", err)
		return 2
	}
	a, blobs := work(file, j.Views)
	b, err := json.Marshal(a)
	if err == nil {
		_, err = out.Write(append(b, '\n'))
	}
	for _, blob := range blobs {
		if err == nil {
			_, err = out.Write(blob)
		}
	}
	if err != nil {
		fmt.Fprintln(errs, "examine:", err)
		return 2
	}
	return 0
}

// exitUnconfined is how a child ends that could not confine itself.
const exitUnconfined = 3

func work(file []byte, withViews bool) (a answer, blobs [][]byte) {
	rep, err := examine(file)
	var v *Views
	if err == nil && withViews {
		v, err = decoded(file, rep)
	}
	if err != nil {
		a.Refused, a.Cause = slices.Index(refusals, errDamaged)+1, err.Error()
		if e, ok := errors.AsType[*model.Error](err); ok {
			i := slices.IndexFunc(refusals, func(r *model.Error) bool { return r.Reason == e.Reason && r.Message == e.Message })
			if i >= 0 {
				a.Refused = i + 1
			}
		}
		return a, nil
	}
	a = answer{Type: rep.Type, Width: rep.Width, Height: rep.Height, Pages: rep.Pages}
	if v != nil {
		blobs = append([][]byte{v.View, v.Thumb}, v.Tiles...)
		for _, b := range blobs {
			a.Lengths = append(a.Lengths, len(b))
		}
		a.Fingerprint = v.Fingerprint.Bytes()
	}
	return a, blobs
}

func decoded(file []byte, rep *Report) (v *Views, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, panicked(p)
		}
	}()
	v, err = views(file, rep)
	if _, ok := errors.AsType[*model.Error](err); err != nil && !ok {
		err = damaged(err)
	}
	return v, err
}
