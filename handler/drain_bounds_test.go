package handler

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// Reading on has bounds in bytes, in time and in number, and no phone that
// stands still is waited for.
func TestReadingOnIsBounded(t *testing.T) {
	t.Parallel()
	serve := func(b drainBounds) string {
		engine := gin.New()
		engine.Use(drain(b))
		engine.POST("/", func(c *gin.Context) { c.String(http.StatusUnauthorized, "refused") })
		s := httptest.NewServer(engine)
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	// answered is after how long the answer comes to a phone that sends a piece
	// every pause and never ends.
	answered := func(address string, piece int, pause time.Duration) time.Duration {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		begin := time.Now()
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000000\r\n\r\n")
		stop := make(chan bool)
		defer close(stop)
		go func() {
			b := make([]byte, piece)
			for {
				select {
				case <-stop:
					return
				case <-time.After(pause):
					if _, err := conn.Write(b); err != nil {
						return
					}
				}
			}
		}()
		_ = conn.SetReadDeadline(begin.Add(30 * time.Second))
		_, _ = conn.Read(make([]byte, 1)) // the answer, or the end of the connection
		return time.Since(begin)
	}
	wide := drainBounds{bytes: 1 << 40, pace: 10 << 10, window: 500 * time.Millisecond, total: time.Hour, atOnce: 10}
	if d := answered(serve(wide), 10, 50*time.Millisecond); d < 400*time.Millisecond || d > 5*time.Second {
		t.Errorf("one that trickles is waited for %v", d)
	}
	long := wide
	long.total = 2 * time.Second
	if d := answered(serve(long), 8<<10, 50*time.Millisecond); d < 1500*time.Millisecond || d > 10*time.Second {
		t.Errorf("one that keeps pace is waited for %v", d)
	}
	small := wide
	small.bytes = 200 << 10
	if d := answered(serve(small), 8<<10, 50*time.Millisecond); d < 500*time.Millisecond || d > 10*time.Second {
		t.Errorf("one that sends too much is waited for %v", d)
	}
	none := wide
	none.atOnce = 0
	if d := answered(serve(none), 8<<10, 50*time.Millisecond); d > 2*time.Second {
		t.Errorf("one too many is waited for %v", d)
	}
}
