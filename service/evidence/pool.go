package evidence

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/semaphore"

	"microcourt/model"
	"microcourt/service/evidence/sandbox"
)

const (
	childrenAtWork = 2
	// maxWait is how long a file waits for its turn before the phone is asked to
	// come back, and the most that waiting and work take together: an answer must
	// not take longer than ten seconds.
	maxWait       = 6 * time.Second
	maxAnswerTime = 9500 * time.Millisecond
	// idleAfter is how long children wait for a file before their memory is given
	// back.
	idleAfter = 2 * time.Minute
)

// ErrEnded is the cause of file.busy when somebody else ended the child that
// examined the file, e.g. the system for want of memory. Mostly that is not the
// file's fault; but whoever asks again and again must stop at some time.
var ErrEnded = errors.New("the child was ended by others")

var errBusy = model.E(model.Unavailable, "file.busy", "正在检查的文件较多，请稍后重新上传")

// Pool examines files in children. The zero value is ready; a process needs one,
// because its bound on memory is the process's (Shared). A child is started
// ahead, so that an upload does not wait for a program to start, and each sees
// one file: there are never more of them than work at a time, and one.
type Pool struct {
	// Program is the file of which children are made; this program's own when it is
	// empty, as everywhere but in tests: those are programs of a hundred megabytes,
	// slowed down by a race detector, and start a child for every picture.
	Program string

	once   sync.Once
	places *semaphore.Weighted
	mu     sync.Mutex
	ready  *process
	// starting tells that somebody starts the next child: a crowd of files must not
	// start a crowd of children.
	starting bool
	idle     *time.Timer
}

// Shared is the pool of this process.
var Shared = sync.OnceValue(func() *Pool { return new(Pool) }) //nolint:gochecknoglobals // the bound is the process's

// process is a child that waits for its file.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  io.ReadCloser
	errs *bytes.Buffer
}

func (p *Pool) init() {
	p.once.Do(func() { p.places = semaphore.NewWeighted(childrenAtWork) })
}

// program is the file of this program. Linux knows it even when an update has
// put another one in its place, which would be a child that may speak otherwise.
func program() (string, error) {
	if runtime.GOOS == "linux" {
		const self = "/proc/self/exe"
		if _, err := os.Readlink(self); err == nil {
			return self, nil
		}
	}
	return os.Executable()
}

// start starts a child, of this program when none is named.
func start(self string) (_ *process, err error) {
	if self == "" {
		if self, err = program(); err != nil {
			return nil, err
		}
	}
	// The child inherits nothing of the environment, which may hold keys.
	cmd := exec.Command(self, "examine") //nolint:noctx // this program itself; run bounds its time
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(sandbox.Env(), childEnv+"=1")
	pr := &process{cmd: cmd, errs: new(bytes.Buffer)}
	cmd.Stderr = limited{pr.errs}
	if pr.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if pr.out, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return pr, cmd.Start()
}

// limited keeps the first words of what a child complains about.
type limited struct{ b *bytes.Buffer }

// Write implements io.Writer.
func (l limited) Write(p []byte) (int, error) {
	if room := 1000 - l.b.Len(); room > 0 {
		l.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (pr *process) end() {
	_ = pr.in.Close()
	_ = pr.cmd.Process.Kill() // ended already, or ends now
	_ = pr.cmd.Wait()
}

// take gives the child that is ready, or starts one.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	pr := p.ready
	p.ready = nil
	p.mu.Unlock()
	if pr != nil {
		return pr, nil
	}
	return start(p.Program)
}

// refill starts the next child for whoever comes.
func (p *Pool) refill() {
	p.mu.Lock()
	enough := p.ready != nil || p.starting
	p.starting = p.starting || !enough
	if p.idle == nil {
		p.idle = time.AfterFunc(idleAfter, p.Close)
	} else {
		p.idle.Reset(idleAfter)
	}
	p.mu.Unlock()
	if enough {
		return
	}
	pr, err := start(p.Program)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.starting = false; err == nil { // else the next file that needs one reports it
		p.ready = pr
	}
}

// Close ends the child that waits. The pool can be used again.
func (p *Pool) Close() {
	p.mu.Lock()
	pr := p.ready
	p.ready = nil
	p.mu.Unlock()
	if pr != nil {
		pr.end()
	}
}

// Check proves that children start and confine themselves, and says in words
// what is missing otherwise. A server that starts calls it.
func (p *Pool) Check(ctx context.Context) error {
	_, err := p.Examine(ctx, strings.NewReader("?"), 1)
	if model.ReasonOf(err) == errType.Reason {
		return nil
	}
	return fmt.Errorf("files cannot be examined in a process of their own: %w", err)
}

// Confined tells whether this system's children have their system calls
// filtered.
func Confined() bool { return sandbox.Filtered }

// Examine checks a file of size bytes completely. Its errors are Invalid, with
// a reason of the form file.*, and say in Chinese what to do, or Unavailable
// when it is nobody's turn (file.busy). A file of a type that streams is walked
// over here, as one that passes by.
func (p *Pool) Examine(ctx context.Context, r io.ReaderAt, size int64) (*Report, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	head := make([]byte, SniffLen)
	n, _ := r.ReadAt(head, 0) // too short a file is refused later
	if Streams(Sniff(head[:n])) {
		return ExamineStream(bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 16<<10), size)
	}
	rep, _, err := p.run(ctx, r, size, false)
	return rep, err
}

// Views checks the file and makes the copies that people look at, which the
// caller closes.
func (p *Pool) Views(ctx context.Context, r io.ReaderAt, size int64) (*Report, *Copies, error) {
	return p.run(ctx, r, size, true)
}

// described is what there is to do with the file, and how many of the places its
// child takes. A large picture that must be decoded as a whole honestly takes
// more memory than a child has. What lies about itself ends at the bound.
func described(r io.ReaderAt, size int64, withViews bool) (job, int64) {
	j := job{Views: withViews, Size: size, Memory: childMemory}
	head := make([]byte, 64<<10)
	n, _ := r.ReadAt(head, 0) // too short a file is refused later
	heavy := false
	switch Sniff(head[:min(n, SniffLen)]) {
	case HEIC:
		var rep Report
		largestItem(head[:n], &rep)
		heavy = size > 1<<20 || rep.Width*rep.Height > 4_000_000
		j.Compiled = true
	case WebP:
		w, h := webPSize(head[:n])
		heavy = w*h > 8_000_000
	case JPEG, PNG:
		rep, err := ExamineStream(bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 16<<10), size)
		heavy = err == nil && rep.held > childMemory-fixedMemory
	case PDF:
	}
	if heavy {
		j.Memory = heavyMemory
		return j, childrenAtWork
	}
	return j, 1
}

func (p *Pool) run(ctx context.Context, r io.ReaderAt, size int64, withViews bool) (*Report, *Copies, error) {
	if err := checkSize(size); err != nil {
		return nil, nil, err
	}
	p.init()
	ctx, cancelAll := context.WithTimeout(ctx, patience*maxAnswerTime)
	defer cancelAll()
	j, weight := described(r, size, withViews)
	wait, cancel := context.WithTimeout(ctx, patience*maxWait)
	defer cancel()
	if err := p.places.Acquire(wait, weight); err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, nil, ctx.Err()
		}
		return nil, nil, errBusy
	}
	defer p.places.Release(weight)
	pr, err := p.take()
	if err != nil {
		return nil, nil, fmt.Errorf("examine: %w", err)
	}
	go p.refill()
	return pr.do(ctx, j, io.NewSectionReader(r, 0, size))
}

// do gives the file to the child and reads what it says, which is believed no
// more than the file: lengths are bounded, and what it calls a copy is served
// as the kind of picture that it must be.
func (pr *process) do(ctx context.Context, j job, file io.Reader) (*Report, *Copies, error) {
	ctx, cancel := context.WithTimeout(ctx, patience*childTime)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = pr.cmd.Process.Kill() })
	defer stop()
	defer pr.end()
	sent := make(chan error, 1)
	go func() {
		line, err := json.Marshal(j)
		if err == nil {
			_, err = pr.in.Write(append(line, '\n'))
		}
		if err == nil {
			_, err = io.Copy(pr.in, file)
		}
		sent <- err
	}()
	br := bufio.NewReaderSize(pr.out, 64<<10)
	var a answer
	line, err := br.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &a)
	}
	if err == nil && a.Refused == 0 {
		var v *Copies
		if v, err = copies(br, j, &a); err == nil {
			return &Report{Type: a.Type, Width: a.Width, Height: a.Height, Pages: a.Pages}, v, nil
		}
		if disk, ok := errors.AsType[*os.PathError](err); ok && disk.Op != "read" { // not the file's fault
			return nil, nil, fmt.Errorf("examine: %w", err)
		}
	}
	if err == nil && a.Refused > 0 && a.Refused <= len(refusals) {
		return nil, nil, refusals[a.Refused-1].WithCause(errors.New(a.Cause))
	}
	_ = pr.in.Close() // whoever still writes stops
	return nil, nil, pr.failed(ctx, errors.Join(err, <-sent))
}

// failed says why a child did not answer. Its end by a limit or a crash is the
// file's fault; that it could not confine itself is the installation's, and
// that somebody else ended it is nobody's.
func (pr *process) failed(ctx context.Context, cause error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	timedOut := ctx.Err() != nil
	_ = pr.cmd.Process.Kill()
	_ = pr.cmd.Wait()
	if code := pr.cmd.ProcessState.ExitCode(); code == exitUnconfined && !timedOut {
		return fmt.Errorf("examine: %s", strings.TrimSpace(pr.errs.String()))
	}
	// A machine that is overloaded gave the child no time; that is not the file's
	// fault, and a good file must not be refused for it.
	if used := pr.cmd.ProcessState.UserTime() + pr.cmd.ProcessState.SystemTime(); timedOut && used < childCPU/2 {
		return errBusy.WithCause(fmt.Errorf("child: %v of processor time in %v", used, patience*childTime))
	}
	if pr.endedByOthers(timedOut, cause) {
		return errBusy.WithCause(fmt.Errorf("%w: %s", ErrEnded, pr.cmd.ProcessState))
	}
	first, _, _ := strings.Cut(pr.errs.String(), "\n")
	return errComplex.WithCause(fmt.Errorf("child: %s: %s (%w)", pr.cmd.ProcessState, first, cause))
}

// endedByOthers tells whether a signal ended the child that neither its bounds
// nor its crash nor this process sent: the system's killer for want of memory,
// an operator.
func (pr *process) endedByOthers(timedOut bool, cause error) bool {
	ws, ok := pr.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !ws.Signaled() {
		return false
	}
	if s := ws.Signal(); s != syscall.SIGKILL {
		return slices.Contains([]syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT}, s)
	}
	// The kernel kills at the bound of processor time, too, and failed a child
	// that lives, whose output has not ended.
	used := pr.cmd.ProcessState.UserTime() + pr.cmd.ProcessState.SystemTime()
	return !timedOut && used < childCPU-time.Second && (errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF))
}

// Copies are the copies that people look at, on disk until they are stored. The
// file is unlinked already.
type Copies struct {
	Fingerprint Fingerprint
	file        *os.File
	lengths     []int // of view, thumbnail and tiles, which follow each other
}

// Close frees the disk.
func (c *Copies) Close() { _ = c.file.Close() } // unlinked already

// Lengths are those of the tiles.
func (c *Copies) Lengths() []int { return c.lengths[2:] }

// View is the view: a JPEG, of a PDF a PDF.
func (c *Copies) View() *io.SectionReader { return c.part(0, 1) }

// Thumb is the thumbnail, a JPEG.
func (c *Copies) Thumb() *io.SectionReader { return c.part(1, 2) }

// Tiles are the tiles one after the other.
func (c *Copies) Tiles() *io.SectionReader { return c.part(2, len(c.lengths)) }

func (c *Copies) part(from, to int) *io.SectionReader {
	sum := func(n []int) (total int64) {
		for _, l := range n {
			total += int64(l)
		}
		return total
	}
	return io.NewSectionReader(c.file, sum(c.lengths[:from]), sum(c.lengths[from:to]))
}

func copies(br *bufio.Reader, j job, a *answer) (_ *Copies, err error) {
	if !j.Views {
		return nil, nil //nolint:nilnil // none were asked for
	}
	total := 0
	for _, n := range a.Lengths {
		if n < 0 || n > maxAnswer {
			return nil, errors.New("a copy of impossible length")
		}
		total += n
	}
	if len(a.Lengths) < 2 || total > maxAnswer || len(a.Lengths)-2 != model.TilesOf(a.Width, a.Height) {
		return nil, errors.New("copies of impossible length")
	}
	f, err := os.CreateTemp("", "copies-*")
	if err != nil {
		return nil, fmt.Errorf("examine: %w", err)
	}
	if err = os.Remove(f.Name()); err == nil {
		_, err = io.CopyN(f, br, int64(total))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Copies{ParseFingerprint(a.Fingerprint), f, a.Lengths}, nil
}
