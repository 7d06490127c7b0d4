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
// because its bound on memory is the process's (Shared). Children are started
// ahead, so that an upload does not wait for a program to start, and each sees
// one file.
type Pool struct {
	once   sync.Once
	places *semaphore.Weighted
	mu     sync.Mutex
	ready  []*process
	idle   *time.Timer
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

func start() (*process, error) {
	self, err := program()
	if err != nil {
		return nil, err
	}
	// The child inherits nothing of the environment, which may hold keys.
	cmd := exec.Command(self, "examine") //nolint:gosec,noctx // this program itself; run bounds its time
	cmd.Args[0] = os.Args[0]
	cmd.Env = []string{childEnv + "=1", "GOMAXPROCS=2", "GOTRACEBACK=none"}
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

// take gives a child that is ready, and starts the next one for whoever comes.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	var pr *process
	if n := len(p.ready); n > 0 {
		pr, p.ready = p.ready[n-1], p.ready[:n-1]
	}
	p.mu.Unlock()
	if pr != nil {
		return pr, nil
	}
	return start()
}

// refill starts children ahead while there is work.
func (p *Pool) refill() {
	for {
		p.mu.Lock()
		enough := len(p.ready) >= childrenAtWork
		if p.idle == nil {
			p.idle = time.AfterFunc(idleAfter, p.Close)
		} else {
			p.idle.Reset(idleAfter)
		}
		p.mu.Unlock()
		if enough {
			return
		}
		pr, err := start()
		if err != nil {
			return // the next file that needs one reports it
		}
		p.mu.Lock()
		p.ready = append(p.ready, pr)
		p.mu.Unlock()
	}
}

// Close ends the children that wait. The pool can be used again.
func (p *Pool) Close() {
	p.mu.Lock()
	ready := p.ready
	p.ready = nil
	p.mu.Unlock()
	for _, pr := range ready {
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
// when it is nobody's turn (file.busy).
func (p *Pool) Examine(ctx context.Context, r io.ReaderAt, size int64) (*Report, error) {
	rep, _, err := p.run(ctx, r, size, false)
	return rep, err
}

// Views checks the file and makes the copies that people look at.
func (p *Pool) Views(ctx context.Context, r io.ReaderAt, size int64) (*Report, *Views, error) {
	return p.run(ctx, r, size, true)
}

// heavy tells whether the file honestly takes more memory than a child has: a
// large picture that must be decoded as a whole.
func heavy(r io.ReaderAt, size int64) bool {
	head := make([]byte, SniffLen)
	n, _ := r.ReadAt(head, 0) // too short a file is refused later
	switch Sniff(head[:n]) {
	case HEIC:
		return size > 1<<20
	case WebP:
		return size > 4<<20
	case JPEG:
		rep, err := ExamineStream(bufio.NewReader(io.NewSectionReader(r, 0, size)), size)
		return err == nil && !rep.streamed && rep.Width*rep.Height > 20_000_000
	case PNG:
		rep, err := ExamineStream(bufio.NewReader(io.NewSectionReader(r, 0, size)), size)
		return err == nil && rep.Width*rep.Height > 16_000_000
	case PDF:
	}
	return false
}

func (p *Pool) run(ctx context.Context, r io.ReaderAt, size int64, withViews bool) (*Report, *Views, error) {
	if err := checkSize(size); err != nil {
		return nil, nil, err
	}
	p.init()
	ctx, cancelAll := context.WithTimeout(ctx, maxAnswerTime)
	defer cancelAll()
	j, weight := job{Views: withViews, Size: size, Memory: childMemory}, int64(1)
	if heavy(r, size) {
		j.Memory, weight = heavyMemory, childrenAtWork
	}
	wait, cancel := context.WithTimeout(ctx, maxWait)
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
func (pr *process) do(ctx context.Context, j job, file io.Reader) (*Report, *Views, error) {
	ctx, cancel := context.WithTimeout(ctx, childTime)
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
		var v *Views
		if v, err = pr.views(br, j, &a); err == nil {
			return &Report{Type: a.Type, Width: a.Width, Height: a.Height, Pages: a.Pages}, v, nil
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
		return errBusy.WithCause(fmt.Errorf("child: %v of processor time in %v", used, childTime))
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

func (pr *process) views(br *bufio.Reader, j job, a *answer) (*Views, error) {
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
	v := &Views{Fingerprint: ParseFingerprint(a.Fingerprint)}
	for i, n := range a.Lengths {
		b := make([]byte, n)
		if _, err := io.ReadFull(br, b); err != nil {
			return nil, err
		}
		switch i {
		case 0:
			v.View = b
		case 1:
			v.Thumb = b
		default:
			v.Tiles = append(v.Tiles, b)
		}
	}
	return v, nil
}
