package handler

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// A body that stops arriving is given up when its request's time is over, of
// whatever kind it is, and the answer says so. The clock is the bubble's.
func TestAStalledBodyIsGivenUp(t *testing.T) {
	t.Parallel()
	gin.SetMode(gin.ReleaseMode)
	read := map[string]func(c *gin.Context) error{
		"json": func(c *gin.Context) error {
			var in struct {
				Name string `json:"name"`
			}
			return web.DecodeJSON(c.Request.Body, &in, model.Date{})
		},
		"form": func(c *gin.Context) error {
			if err := c.Request.ParseForm(); err != nil {
				return web.BodyError(err)
			}
			return nil
		},
		"multipart": func(c *gin.Context) error {
			r, err := c.Request.MultipartReader()
			if err != nil {
				return err
			}
			p, err := r.NextPart()
			if err == nil {
				_, err = io.Copy(io.Discard, p)
			}
			if err != nil {
				return web.BodyError(err)
			}
			return nil
		},
	}
	begun := map[string][2]string{
		"json":      {"application/json", `{"name":"`},
		"form":      {"application/x-www-form-urlencoded", "name="},
		"multipart": {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n"},
	}
	for kind, body := range begun {
		for _, limit := range []time.Duration{0, 3 * time.Minute} {
			synctest.Test(t, func(t *testing.T) {
				s := &server{cfg: Config{Now: time.Now, Logger: slog.New(slog.DiscardHandler)}}
				engine := gin.New()
				engine.POST("/", s.bound(0, limit), s.do(read[kind]))
				phone, conn := net.Pipe()
				listener := &oneConn{conn: conn, closed: make(chan bool)}
				h := &http.Server{Handler: engine}
				go func() { _ = h.Serve(listener) }()
				begin := time.Now()
				if _, err := fmt.Fprintf(phone, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 100000\r\n\r\n%s", body[0], body[1]); err != nil {
					t.Fatal(err)
				}
				answer, err := http.ReadResponse(bufio.NewReader(phone), nil)
				if err != nil {
					t.Errorf("%s, %v: %v", kind, limit, err)
					_, _ = phone.Close(), h.Close()
					return
				}
				said, _ := io.ReadAll(answer.Body)
				want := limit
				if want == 0 {
					want = defaultTimeout
				}
				if wait := time.Since(begin); wait != want || answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(said), "request.timeout") {
					t.Errorf("%s: %d %s after %v, not after %v", kind, answer.StatusCode, said, wait, want)
				}
				_, _ = phone.Close(), h.Close()
				time.Sleep(time.Hour) // the server ends its connection
			})
		}
	}
}
