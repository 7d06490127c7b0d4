// Package courtfiletest is a case system's door to electronic files as
// deploy/docs/dossier.md describes it, for tests and demonstrations. It checks what
// a real one checks: signature, clock, digest, the case; and it knows demonstration
// accounts only.
package courtfiletest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The account that the fake knows. Nobody's real one begins like this.
const (
	ClientID     = "demo-microcourt"
	ClientSecret = "demo-secret"
)

// Material is what was handed over.
type Material struct {
	Key, CaseNo, CourtCode, Part, Title, Name, MediaType, SHA256, ReceiptNo string
	Content                                                                 []byte
}

// Fake is the case system.
type Fake struct {
	*httptest.Server
	mu      sync.Mutex
	now     func() time.Time
	kept    map[string]Material
	order   []string
	unknown map[string]bool // cases that it does not know
	down    bool
	lose    int // answers that get lost
	calls   int
}

// New starts the fake; the caller closes it.
func New(now func() time.Time) *Fake {
	f := &Fake{now: now, kept: map[string]Material{}, unknown: map[string]bool{}}
	f.Server = httptest.NewServer(f)
	return f
}

// Down makes it fail, or work again.
func (f *Fake) Down(down bool) { f.mu.Lock(); defer f.mu.Unlock(); f.down = down }

// Lose loses the answers of the next n requests: the material is taken all the same.
func (f *Fake) Lose(n int) { f.mu.Lock(); defer f.mu.Unlock(); f.lose = n }

// Forget makes it know nothing of a case, or know it again.
func (f *Fake) Forget(caseNo string, unknown bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unknown[caseNo] = unknown
}

// Kept are the materials in the order in which they came.
func (f *Fake) Kept() (out []Material) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.order {
		out = append(out, f.kept[k])
	}
	return out
}

// Calls is how many requests came.
func (f *Fake) Calls() int { f.mu.Lock(); defer f.mu.Unlock(); return f.calls }

const clockSkew = 5 * time.Minute

// ServeHTTP takes a material.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	status, body := f.take(r)
	if f.lose > 0 && status < http.StatusBadRequest {
		f.lose--
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client left
}

func refuse(status int, code string) (int, map[string]string) {
	return status, map[string]string{"code": code}
}

func (f *Fake) take(r *http.Request) (int, map[string]string) {
	key, ok := strings.CutPrefix(r.URL.Path, "/v1/materials/")
	if f.down {
		return refuse(http.StatusServiceUnavailable, "busy")
	}
	if r.Method != http.MethodPut || !ok || key == "" {
		return refuse(http.StatusNotFound, "no_such_route")
	}
	id := r.Header.Get("X-Client-Id")
	if !strings.HasPrefix(id, "demo-") || id != ClientID {
		return refuse(http.StatusForbidden, "production_account")
	}
	at, err := strconv.ParseInt(r.Header.Get("X-Timestamp"), 10, 64)
	if skew := f.now().Sub(time.Unix(at, 0)); err != nil || skew > clockSkew || skew < -clockSkew {
		return refuse(http.StatusUnauthorized, "clock")
	}
	r.Body = http.MaxBytesReader(nil, r.Body, 64<<20)
	if err := r.ParseMultipartForm(32 << 20); err != nil { //nolint:gosec // the body is bounded
		return refuse(http.StatusBadRequest, "meta_invalid")
	}
	read := func(name string) []byte {
		file, _, err := r.FormFile(name)
		if err != nil {
			return nil
		}
		defer func() { _ = file.Close() }()
		b, _ := io.ReadAll(file) // in memory or a file of ours
		return b
	}
	var meta struct {
		CourtCode string `json:"court_code"`
		CaseNo    string `json:"case_no"`
		Part      string `json:"part"`
		Title     string `json:"title"`
		MadeAt    time.Time
		Name      string `json:"name"`
		MediaType string `json:"media_type"`
		Size      int    `json:"size"`
		SHA256    string `json:"sha256"`
	}
	content := read("content")
	if err := json.Unmarshal(read("meta"), &meta); err != nil {
		return refuse(http.StatusBadRequest, "meta_invalid")
	}
	mac := hmac.New(sha256.New, []byte(ClientSecret))
	_, _ = io.WriteString(mac, strings.Join([]string{r.Method, r.URL.EscapedPath(), r.Header.Get("X-Timestamp"), meta.SHA256}, "\n"))
	if want := hex.EncodeToString(mac.Sum(nil)); !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Signature"))) {
		return refuse(http.StatusUnauthorized, "signature")
	}
	sum := sha256.Sum256(content)
	switch {
	case hex.EncodeToString(sum[:]) != meta.SHA256, len(content) != meta.Size, len(content) == 0:
		return refuse(http.StatusUnprocessableEntity, "meta_invalid")
	case meta.CaseNo == "" || meta.CourtCode == "" || meta.Part == "" || meta.Title == "" || meta.Name == "" || meta.MediaType == "":
		return refuse(http.StatusUnprocessableEntity, "meta_invalid")
	case f.unknown[meta.CaseNo]:
		return refuse(http.StatusNotFound, "case_unknown")
	}
	old, known := f.kept[key]
	switch {
	case known && (old.SHA256 != meta.SHA256 || old.CaseNo != meta.CaseNo):
		return refuse(http.StatusConflict, "content_differs")
	case known:
		return http.StatusOK, map[string]string{"receipt_no": old.ReceiptNo, "sha256": old.SHA256}
	}
	m := Material{
		Key: key, CaseNo: meta.CaseNo, CourtCode: meta.CourtCode, Part: meta.Part, Title: meta.Title, Name: meta.Name, MediaType: meta.MediaType, SHA256: meta.SHA256,
		ReceiptNo: fmt.Sprintf("JZ%08d", len(f.kept)+1), Content: content,
	}
	f.kept[key] = m
	f.order = append(f.order, key)
	return http.StatusCreated, map[string]string{"receipt_no": m.ReceiptNo, "sha256": m.SHA256}
}
