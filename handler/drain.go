package handler

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
)

// drainBounds are the bounds of reading on after a refusal; whoever goes beyond
// them meets a closed connection.
type drainBounds struct {
	bytes  int64 // of the body, in all
	pace   int64 // bytes that must come within a window
	window time.Duration
	total  time.Duration
	atOnce int64 // requests that are read on, in this process
}

// realDrain is some three times what an honest upload has (10 MB), and time for
// 20 MB from a phone at 64 KB/s. A phone that stands still, or nearly, is not
// waited for: the bound is on its pace, too.
func realDrain() drainBounds {
	return drainBounds{bytes: 40 << 20, pace: 120 << 10, window: 15 * time.Second, total: 6 * time.Minute, atOnce: 500}
}

// drain lets a refusal reach a phone that is still sending a file. A phone does
// not read an answer before it has sent everything (wx.uploadFile reports a
// broken connection when the server answers and closes), so whatever refuses
// (an expired session, a rate limit, the order of the form, an unknown address)
// first reads on, within bounds, into nothing. It costs a buffer, no more: no
// place among those who work.
func drain(bounds drainBounds) gin.HandlerFunc {
	var now atomic.Int64
	return func(c *gin.Context) {
		if c.Request.Body == nil || !strings.HasPrefix(c.ContentType(), "multipart/") {
			c.Next()
			return
		}
		w := &drainingWriter{ResponseWriter: c.Writer, body: c.Request.Body, waits: c.GetHeader("Expect") != "", bounds: bounds, now: &now}
		c.Request.Body = sentBody{c.Request.Body, w}
		c.Writer = w
		c.Next()
		if !w.Written() {
			w.readOn()
		}
	}
}

// sentBody notices that the client was told to go on sending.
type sentBody struct {
	io.ReadCloser
	w *drainingWriter
}

// Read implements io.Reader.
func (b sentBody) Read(p []byte) (int, error) {
	b.w.waits = false
	n, err := b.ReadCloser.Read(p)
	b.w.ended = b.w.ended || err != nil
	return n, err
}

// drainingWriter reads the body to its end before the first byte of an answer
// that is no success.
type drainingWriter struct {
	gin.ResponseWriter
	body  io.Reader
	waits bool // the client waits for "100 Continue" and has not sent anything
	ended bool // the body was read to its end, or broke
	done  bool
	// bounds of reading on, and how many requests are read on now.
	bounds drainBounds
	now    *atomic.Int64
}

func (w *drainingWriter) readOn() {
	if w.done || w.Status() < http.StatusMultipleChoices {
		return
	}
	w.done = true
	if w.waits || w.ended {
		return
	}
	// Whoever is not read on to the end meets a closed connection, and the
	// server must not read on by itself either.
	defer func() {
		if !w.ended {
			w.Header().Set("Connection", "close")
		}
	}()
	defer w.now.Add(-1)
	if w.now.Add(1) > w.bounds.atOnce {
		return
	}
	rc := http.NewResponseController(w.ResponseWriter)
	// What is left for the answer once the body has come; not every test server
	// supports deadlines.
	_ = rc.SetWriteDeadline(time.Now().Add(w.bounds.total + answerTime))
	defer func() { _ = rc.SetWriteDeadline(time.Now().Add(answerTime)) }()
	left := w.bounds.bytes
	for end := time.Now().Add(w.bounds.total); left > 0; {
		window := time.Now().Add(w.bounds.window)
		if window.After(end) {
			window = end
		}
		_ = rc.SetReadDeadline(window)
		n, err := io.CopyN(io.Discard, w.body, min(left, w.bounds.pace))
		if left -= n; err != nil {
			w.ended = errors.Is(err, io.EOF)
			return // the end, too slow, or gone: the refusal stands
		}
	}
}

// answerTime is what a phone has to take a refusal.
const answerTime = 30 * time.Second

// Write implements io.Writer.
func (w *drainingWriter) Write(b []byte) (int, error) {
	w.readOn()
	return w.ResponseWriter.Write(b)
}

// WriteString implements io.StringWriter.
func (w *drainingWriter) WriteString(s string) (int, error) {
	w.readOn()
	return w.ResponseWriter.WriteString(s)
}

// WriteHeaderNow implements gin.ResponseWriter.
func (w *drainingWriter) WriteHeaderNow() {
	w.readOn()
	w.ResponseWriter.WriteHeaderNow()
}

// Unwrap lets http.ResponseController find the connection.
func (w *drainingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
