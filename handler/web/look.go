package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// lookCookie keeps which size of letters somebody chose. It says nothing of him.
const lookCookie = "look"

// Sizes are the sizes of letters that pages have besides the usual one, with their
// names.
var Sizes = []struct{ Size, Name string }{{"", "标准"}, {"large", "大"}, {"huge", "特大"}}

// Look is the size of letters that the browser's user chose, "" for the usual one.
func Look(c *gin.Context) string {
	v, err := c.Cookie(lookCookie)
	if err != nil || !knownSize(v) {
		return ""
	}
	return v
}

func knownSize(size string) bool {
	for _, s := range Sizes {
		if s.Size == size {
			return true
		}
	}
	return false
}

// SetLook keeps a choice for a year and goes back to where it was made. It works
// without scripts, and leads nowhere but to this server.
func SetLook(c *gin.Context) error {
	size, to := c.Query("size"), c.Query("to")
	if !knownSize(size) {
		size = ""
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // no secret, also where the court runs without https
		Name: lookCookie, Value: size, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = "/"
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// WantsPage tells whether a failure is shown to a person: a browser asks for a page,
// and not for what a program reads.
func WantsPage(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") || r.Header.Get("HX-Request") != "" {
		return false
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}
