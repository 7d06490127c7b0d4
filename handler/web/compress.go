package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

// smallest is how long an answer is that is worth compressing: a shorter one goes
// in one packet in any case.
const smallest = 1400

// HTML answers with a page, compressed when that is worth it and safe.
//
// The length of a compressed page tells whoever can watch the network how much of
// what he had a browser ask for stands in the page already (BREACH). For that he
// needs many pages that repeat his words beside something of the person's. A page
// is made for a person by the cookie, which browsers send along when another site
// opens an address; so what another site had a browser ask for, and what does not
// say who had it asked and repeats parameters, is not compressed. Forms from other
// sites are refused before a page is made (http.CrossOriginProtection).
func HTML(c *gin.Context, status int, page []byte) {
	r := c.Request
	from := r.Header.Get("Sec-Fetch-Site")
	ours := from == "same-origin" || from == "none" || from == "" && r.URL.RawQuery == ""
	c.Header("Vary", "Accept-Encoding, Sec-Fetch-Site")
	send(c, status, "text/html; charset=utf-8", page, ours)
}

// JSON answers with a value. What it is compressed for is an answer to a program
// that sends its token itself: no other site can make it ask anything, so that
// nobody can guess at the answer by its length (see HTML).
func JSON(c *gin.Context, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a view that cannot be written is a mistake of ours, which recoverPanic reports
	}
	RawJSON(c, status, b)
}

// RawJSON is JSON of what is written already.
func RawJSON(c *gin.Context, status int, b []byte) {
	c.Header("Vary", "Accept-Encoding")
	send(c, status, "application/json; charset=utf-8", b, true)
}

// send sends what is no file and no stream. Files are compressed already, or are
// asked for in parts.
func send(c *gin.Context, status int, mediaType string, b []byte, safe bool) {
	if safe && len(b) > smallest && accepts(c.Request) {
		c.Header("Content-Encoding", "gzip")
		b = quickly(b)
	}
	c.Data(status, mediaType, b)
}

// packers are used again: a new one takes far more memory than an answer.
var packers = sync.Pool{New: func() any { return packer(gzip.BestSpeed) }}

// quickly is pack for what is made for one request.
func quickly(b []byte) []byte {
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	return packBy(w, b)
}

// accepts tells whether a client takes gzip: it names it, or everything, and does
// not exclude it (RFC 9110, 12.5.3).
func accepts(r *http.Request) bool {
	named, all := false, false
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, parameter, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q="); ok {
			if n, err := strconv.ParseFloat(q, 64); err == nil {
				weight = n
			}
		}
		switch strings.TrimSpace(coding) {
		case "gzip", "x-gzip":
			if weight == 0 {
				return false
			}
			named = true
		case "*":
			all = weight > 0
		}
	}
	return named || all
}
