package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// slowPhone uploads size bytes at a pace of bytes a second over a connection of
// its own, as wx.uploadFile does: it reads nothing before it has sent
// everything. It gives the answer's status and reason, or the error that the
// phone would show.
func (s *server) slowPhone(path, token string, size, pace int) (status int, reason string, err error) {
	address := strings.TrimPrefix(s.base, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.(*net.TCPConn).SetWriteBuffer(16 << 10)
	const boundary = "----phone"
	head := fmt.Sprintf("--%[1]s\r\nContent-Disposition: form-data; name=\"case_id\"\r\n\r\n1\r\n--%[1]s\r\n"+
		"Content-Disposition: form-data; name=\"upload_key\"\r\n\r\nslow-phone-%[2]d\r\n--%[1]s\r\n"+
		"Content-Disposition: form-data; name=\"file\"; filename=\"tmp.jpg\"\r\n\r\n", boundary, time.Now().UnixNano())
	tail := "\r\n--" + boundary + "--\r\n"
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n%s",
		path, address, token, boundary, len(head)+size+len(tail), head)
	if err != nil {
		return 0, "", err
	}
	piece := make([]byte, max(1, pace/10))
	tick := time.NewTicker(time.Second / 10)
	defer tick.Stop()
	for sent := 0; sent < size; sent += len(piece) {
		<-tick.C
		_ = conn.SetWriteDeadline(time.Now().Add(20 * time.Second))
		if _, err := conn.Write(piece[:min(len(piece), size-sent)]); err != nil {
			return 0, "", fmt.Errorf("after %d bytes: %w", sent, err)
		}
	}
	if _, err := io.WriteString(conn, tail); err != nil {
		return 0, "", err
	}
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	var body struct{ Error struct{ Reason string } }
	err = json.NewDecoder(res.Body).Decode(&body)
	return res.StatusCode, body.Error.Reason, err
}

// slowest is the pace of the slow phone, in bytes a second; deploy/test-long.sh
// takes that of an old village network.
var slowest = flag.Int("slowest", 256<<10, "bytes a second of the slow phone")

// A phone on a slow network hears why its upload was refused, however early the
// server knew it: an expired session, a file that is too large, too many of
// them. The server's own limits of time are those of production.
func TestASlowPhoneHearsARefusal(t *testing.T) {
	t.Parallel()
	c, full := newCourt(t), newCourt(t)
	c.start()
	full.start()
	debtor, keeper := c.guide.Token("陈建国"), full.guide.Token("陈建国")
	for i := 0; ; i++ { // files that nobody submits, until there are too many; this limit does not run off with the clock
		r, err := full.srv.upload(keeper, fmt.Sprintf("never-submitted-%d", i), 1, noise(i))
		if err != nil || i > 100 {
			t.Fatal(i, r, err)
		}
		if r.status == http.StatusTooManyRequests {
			break
		}
	}
	for name, tt := range map[string]struct {
		to         *server
		token      string
		size, pace int
		status     int
		reason     string
	}{
		"4 MB, slowly, session expired": {c.srv, "gone", 4 << 20, *slowest, 401, "session.expired"},
		"4 MB, slowly, too many":        {full.srv, keeper, 4 << 20, *slowest, 429, "upload.too_many"},
		"20 MB, session expired":        {c.srv, "gone", 20 << 20, 1 << 20, 401, "session.expired"},
		"20 MB, too large":              {c.srv, debtor, 20 << 20, 1 << 20, 400, "file.too_large"},
		"20 MB, too many":               {full.srv, keeper, 20 << 20, 1 << 20, 429, "upload.too_many"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, reason, err := tt.to.slowPhone("/api/v1/uploads", tt.token, tt.size, tt.pace)
			if err != nil || status != tt.status || reason != tt.reason {
				t.Errorf("%d %s %v, want %d %s", status, reason, err, tt.status, tt.reason)
			}
		})
	}
}
