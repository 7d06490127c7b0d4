package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

// An answer is compressed when its client takes that and it is worth it; a page
// that another site may have had a browser ask for is not.
func TestAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("自动履行", 1000)
	for _, tt := range []struct {
		name   string
		accept string
		from   string
		target string
		page   bool
		text   string
		packed bool
	}{
		{"json", "gzip, deflate, br", "", "/x?text=1", false, long, true},
		{"anything", "br;q=1, *;q=0.1", "", "/x", false, long, true},
		{"a short answer", "gzip", "", "/x", false, "short", false},
		{"no word of it", "", "", "/x", false, long, false},
		{"another coding", "br, gzipped", "", "/x", false, long, false},
		{"excluded", "*, gzip;q=0", "", "/x", false, long, false},
		{"nothing", "*;q=0", "", "/x", false, long, false},
		{"a page of ours", "gzip", "same-origin", "/x?text=1", true, long, true},
		{"an address that somebody typed", "gzip", "none", "/x?text=1", true, long, true},
		{"a page that another site asks for", "gzip", "cross-site", "/x", true, long, false},
		{"a page that a sister site asks for", "gzip", "same-site", "/x", true, long, false},
		{"an old browser", "gzip", "", "/x", true, long, true},
		{"an old browser's search", "gzip", "", "/x?text=1", true, long, false},
	} {
		rec := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(rec)
		c.Request = httptest.NewRequest(http.MethodGet, tt.target, nil)
		c.Request.Header.Set("Accept-Encoding", tt.accept)
		if tt.from != "" {
			c.Request.Header.Set("Sec-Fetch-Site", tt.from)
		}
		want := tt.text
		if tt.page {
			HTML(c, http.StatusOK, []byte(tt.text))
		} else {
			want = `"` + tt.text + `"`
			JSON(c, http.StatusOK, tt.text)
		}
		var body io.Reader = rec.Body
		sent := rec.Body.Len()
		packed := rec.Header().Get("Content-Encoding") == "gzip"
		if packed {
			var err error
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(tt.name, err)
			}
		}
		got, err := io.ReadAll(body)
		if err != nil || string(got) != want || packed != tt.packed || packed && sent >= len(want) {
			t.Errorf("%s: compressed %v, %d bytes of %d, %v", tt.name, packed, sent, len(want), err)
		}
		if !strings.Contains(rec.Header().Get("Vary"), "Accept-Encoding") || tt.page && !strings.Contains(rec.Header().Get("Vary"), "Sec-Fetch-Site") {
			t.Errorf("%s: a cache may mix it up: Vary is %q", tt.name, rec.Header().Get("Vary"))
		}
	}
}
