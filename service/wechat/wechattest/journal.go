package wechattest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Entry is one call in the journal. Secrets, codes, tokens and ID numbers are
// not in it.
type Entry struct {
	At     time.Time `json:"at"`
	RID    string    `json:"rid"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Query  string    `json:"query"`
	Body   string    `json:"body"`
	Code   int       `json:"errcode"`
	Fault  string    `json:"fault,omitempty"`
	// Done tells whether the call had its effect, whatever the caller heard.
	Done bool `json:"done"`
}

// journalLimit bounds the memory of a demonstration that runs for weeks.
const journalLimit = 10_000

// Journal is what was called, oldest first.
func (f *Fake) Journal() []Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.journal)
}

func (f *Fake) record(c *call, r *http.Request, code int, kind string, done bool) Entry {
	e := Entry{
		At: c.now, Method: r.Method, Path: r.URL.Path, Code: code, Fault: kind, Done: done, Body: redactJSON(c.body),
		RID: fmt.Sprintf("%08x-%08x-%08x", uint32(c.now.Unix()), f.random.Uint32(), f.random.Uint32()), // #nosec G115 -- a label
	}
	for key := range c.query {
		if secretKey(key) {
			c.query.Set(key, "redacted")
		}
	}
	e.Query = c.query.Encode()
	if len(f.journal) >= journalLimit {
		delete(f.rids, f.journal[0].RID)
		f.journal = f.journal[1:]
	}
	f.journal = append(f.journal, e)
	f.rids[e.RID] = e
	return e
}

func secretKey(key string) bool {
	switch strings.ToLower(key) {
	case "access_token", "secret", "js_code", "code", "signature", "session_key", "cert_no", "cert_name", "cert_hash":
		return true
	}
	return false
}

func redactJSON(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return fmt.Sprintf("%d bytes, not JSON", len(body))
	}
	redactValue(v)
	out, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(out)
}

func redactValue(v any) {
	switch t := v.(type) {
	case map[string]any:
		for key, inner := range t {
			if secretKey(key) {
				t[key] = "redacted"
				continue
			}
			redactValue(inner)
		}
	case []any:
		for _, inner := range t {
			redactValue(inner)
		}
	}
}
