package performance

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"sync"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage/object"
)

// gate is what an upload passes through while it is examined: every byte read
// from it was hashed and handed on to the store, but for the last one, which
// open releases. A store never completes an object that is a byte short, so a
// refused file leaves nothing behind, not even an old version.
type gate struct {
	src    io.Reader // at most the stated size
	left   int64     // of the stated size
	h      hash.Hash
	out    *io.PipeWriter
	last   []byte
	srcErr error // the phone's side
	outErr error // the store's side
}

// Read implements io.Reader.
func (g *gate) Read(p []byte) (int, error) {
	if g.left == 0 {
		return 0, io.EOF
	}
	// A form's part comes in small pieces; the store gets p's size at a time.
	n, err := io.ReadFull(g.src, p[:min(int64(len(p)), g.left)])
	if n > 0 {
		g.h.Write(p[:n])
		g.left -= int64(n)
		pass := p[:n]
		if g.left == 0 {
			g.last, pass = []byte{p[n-1]}, p[:n-1]
		}
		if _, werr := g.out.Write(pass); werr != nil {
			g.outErr = werr
			return n, werr
		}
	}
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		g.srcErr = errInterrupted
	default:
		g.srcErr = bodyError(err)
	}
	return n, err
}

var examineReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 16<<10) }}

// stream examines the file on its way to the store.
func (s *Service) stream(ctx context.Context, u Upload, body *bufio.Reader, f *model.File) error {
	pr, pw := io.Pipe()
	put := make(chan error, 1)
	go func() {
		err := s.cfg.Objects.Put(ctx, f.OriginalKey, pr, u.Size, object.PutOptions{ContentType: f.MediaType, Retain: true})
		_ = pr.CloseWithError(errors.Join(errPutEnded, err)) // never fails; the gate's next write ends
		put <- err
	}()
	g := &gate{src: body, left: u.Size, h: sha256.New(), out: pw}
	verdict := s.watch(g, u, body, f)
	if verdict == nil {
		_, g.outErr = pw.Write(g.last)
	}
	_ = pw.CloseWithError(verdict) // nil: the end
	err := <-put
	if verdict == nil || g.outErr != nil {
		return storeError(err)
	}
	return verdict
}

var errPutEnded = errors.New("the store stopped reading")

// watch lets the body through the gate while examining it, and says what is
// wrong with it. It has read the body to its end, whatever it is: a phone that
// is still sending would not read the answer.
func (*Service) watch(g *gate, u Upload, body *bufio.Reader, f *model.File) error {
	br := examineReaders.Get().(*bufio.Reader) //nolint:forcetypeassert // only readers are put in
	br.Reset(g)
	rep, err := evidence.ExamineStream(br, u.Size)
	br.Reset(nil)
	examineReaders.Put(br)
	rest, derr := io.Copy(io.Discard, io.LimitReader(body, model.MaxFileBytes+1))
	switch {
	case g.srcErr != nil:
		return g.srcErr
	case derr != nil:
		return bodyError(derr)
	case g.outErr != nil:
		return g.outErr
	case rest > g.left:
		if u.Size+rest-g.left > model.MaxFileBytes {
			return errTooLarge
		}
		return errInterrupted
	case rest < g.left:
		return errInterrupted
	case err != nil:
		return err
	}
	sum := hex.EncodeToString(g.h.Sum(nil))
	describe(f, rep, u.Size, sum)
	return asStated(u, u.Size, sum)
}
