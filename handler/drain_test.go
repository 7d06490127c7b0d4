package handler_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
)

// phoneSends writes an upload of size bytes to the server over a connection of
// its own, as a phone does: it reads nothing before it has sent everything. It
// gives the answer, or the error that wx.uploadFile would report.
func phoneSends(w *handlertest.World, path, token, caseID string, size int) (*http.Response, string, error) {
	w.T.Helper()
	address := strings.TrimPrefix(w.URL, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		w.T.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	_ = conn.(*net.TCPConn).SetWriteBuffer(64 << 10)
	const boundary = "----phone"
	head := fmt.Sprintf("--%[1]s\r\nContent-Disposition: form-data; name=\"case_id\"\r\n\r\n%[2]s\r\n--%[1]s\r\n"+
		"Content-Disposition: form-data; name=\"upload_key\"\r\n\r\n%[3]s\r\n--%[1]s\r\n"+
		"Content-Disposition: form-data; name=\"file\"; filename=\"tmp.jpg\"\r\n\r\n", boundary, caseID, handlertest.FreshKey())
	tail := "\r\n--" + boundary + "--\r\n"
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n", path, address, boundary, len(head)+size+len(tail))
	if token != "" {
		fmt.Fprintf(&b, "Authorization: %s\r\n", token)
	}
	b.WriteString("\r\n" + head)
	if _, err := conn.Write(b.Bytes()); err != nil {
		return nil, "", err
	}
	time.Sleep(50 * time.Millisecond) // the refusal is due long before the file has left the phone
	piece := make([]byte, 64<<10)
	for sent := 0; sent < size; sent += len(piece) {
		if _, err := conn.Write(piece[:min(len(piece), size-sent)]); err != nil {
			return nil, "", fmt.Errorf("after %d bytes: %w", sent, err)
		}
	}
	if _, err := io.WriteString(conn, tail); err != nil {
		return nil, "", err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}

// Whatever refuses an upload early, the phone gets the answer and not a broken
// connection.
func TestARefusalReachesAPhoneThatIsStillSending(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	for name, tt := range map[string]struct {
		path, token, caseID string
		size, status        int
		reason              string
	}{
		"expired session":      {"/api/v1/uploads", "Bearer gone", fmt.Sprint(f.ID), 8 << 20, 401, "session.expired"},
		"no session":           {"/api/v1/uploads", "", fmt.Sprint(f.ID), 8 << 20, 401, "session.required"},
		"undefined case":       {"/api/v1/uploads", debtor.Auth, "undefined", 8 << 20, 400, "field.format"},
		"somebody's case":      {"/api/v1/uploads", debtor.Auth, "999", 8 << 20, 404, "case.not_found"},
		"thirty megabytes":     {"/api/v1/uploads", debtor.Auth, fmt.Sprint(f.ID), 30 << 20, 400, "file.too_large"},
		"an address that went": {"/api/v1/imports", debtor.Auth, "1", 8 << 20, 404, "route.not_found"},
		"an unknown address":   {"/api/v2/uploads", debtor.Auth, "1", 8 << 20, 404, "route.not_found"},
		"the desk, logged out": {"/desk/import", "", "1", 8 << 20, 303, ""},
	} {
		res, body, err := phoneSends(w, tt.path, tt.token, tt.caseID, tt.size)
		if err != nil {
			t.Errorf("%s: the connection broke: %v", name, err)
			continue
		}
		if res.StatusCode != tt.status || !strings.Contains(body, tt.reason) {
			t.Errorf("%s: %d %s, want %d %s", name, res.StatusCode, body, tt.status, tt.reason)
		}
	}
}
