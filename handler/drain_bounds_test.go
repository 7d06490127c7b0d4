package handler

import (
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
)

// Reading on has bounds in bytes, in time and in number, and no phone that
// stands still is waited for. The clock is the bubble's, so the times are exact
// however busy the machine is.
func TestReadingOnIsBounded(t *testing.T) {
	t.Parallel()
	// answered is after how long the answer comes to a phone that sends a piece
	// every 50 ms and never ends.
	answered := func(t *testing.T, bounds drainBounds, piece int) (wait time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			engine := gin.New()
			engine.Use(drain(bounds))
			engine.POST("/", func(c *gin.Context) { c.String(http.StatusUnauthorized, "refused") })
			phone, server := net.Pipe()
			listener := &oneConn{conn: server, closed: make(chan bool)}
			s := &http.Server{Handler: engine}
			go func() { _ = s.Serve(listener) }()
			begin := time.Now()
			if _, err := io.WriteString(phone, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000000\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			go func() {
				for b := make([]byte, piece); ; time.Sleep(50 * time.Millisecond) {
					if _, err := phone.Write(b); err != nil {
						return
					}
				}
			}()
			if _, err := phone.Read(make([]byte, 1)); err != nil {
				t.Errorf("no answer came: %v", err)
			}
			wait = time.Since(begin)
			_, _ = phone.Close(), s.Close()
			time.Sleep(time.Minute) // the server ends its connection
		})
		return wait
	}
	wide := drainBounds{bytes: 1 << 40, pace: 10 << 10, window: 500 * time.Millisecond, total: time.Hour, atOnce: 10}
	short, small, none := wide, wide, wide
	short.total = 2 * time.Second
	small.bytes = 200 << 10
	none.atOnce = 0
	for name, tt := range map[string]struct {
		bounds drainBounds
		piece  int
		wait   time.Duration
	}{
		"one that trickles":          {wide, 10, wide.window},
		"one that keeps pace":        {short, 8 << 10, short.total},
		"one that sends too much":    {small, 8 << 10, 24 * 50 * time.Millisecond}, // 25 pieces, the first at once
		"one too many":               {none, 8 << 10, 0},
		"one that sends all at once": {small, 1 << 20, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if wait := answered(t, tt.bounds, tt.piece); wait != tt.wait {
				t.Errorf("is waited for %v, want %v", wait, tt.wait)
			}
		})
	}
}

// oneConn is a listener with a single connection.
type oneConn struct {
	conn   net.Conn
	closed chan bool
}

// Accept implements net.Listener.
func (l *oneConn) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

// Close implements net.Listener.
func (l *oneConn) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

// Addr implements net.Listener.
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
