package handler

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// Bounds of reading on after a refusal. They are some three times what an
// honest upload has (10 MB) and what a slow phone takes for it; whoever sends
// more meets a closed connection.
const (
	drainBytes = 40 << 20
	drainTime  = 60 * time.Second
)

// drain lets a refusal reach a phone that is still sending a file. A phone does
// not read an answer before it has sent everything (wx.uploadFile reports a
// broken connection when the server answers and closes), so whatever refuses
// (an expired session, a rate limit, the order of the form, an unknown address)
// first reads on, within bounds, into nothing. It costs a buffer, no more.
func drain() gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.Body == nil || !strings.HasPrefix(c.ContentType(), "multipart/") {
			c.Next()
			return
		}
		w := &drainingWriter{ResponseWriter: c.Writer, body: c.Request.Body, waits: c.GetHeader("Expect") != ""}
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
}

func (w *drainingWriter) readOn() {
	if w.done || w.Status() < http.StatusMultipleChoices {
		return
	}
	w.done = true
	if w.waits || w.ended {
		return
	}
	rc := http.NewResponseController(w.ResponseWriter)
	_ = rc.SetReadDeadline(time.Now().Add(drainTime))                   // not every test server supports it
	_ = rc.SetWriteDeadline(time.Now().Add(drainTime + 10*time.Second)) // likewise
	_, _ = io.CopyN(io.Discard, w.body, drainBytes)                     // whatever comes, the refusal stands
}

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
