package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// refusal is a form that was refused: where it was sent, what was typed and why it
// was not taken. The page that is shown after it, whichever makes it, gets its form
// back with what was typed and its wrong fields marked.
type refusal struct {
	failure web.Failure
	path    string // that the form was sent to
	posted  url.Values
}

const refusalKey = "refusal"

// refuse notes that the request's form was refused.
func refuse(c *gin.Context, f web.Failure) {
	c.Set(web.ReasonKey, f.Reason)
	c.Set(refusalKey, &refusal{failure: f, path: c.Request.URL.Path, posted: c.Request.PostForm})
}

// refusedHere is the refusal that the page is shown after, nil for none.
func refusedHere(c *gin.Context) *refusal {
	v, _ := c.Get(refusalKey)
	r, _ := v.(*refusal)
	return r
}

// typed are the fields as a template fills them in: the first value of each, and
// never a secret.
func (r *refusal) typed() map[string]string {
	out := map[string]string{}
	for k, v := range r.posted {
		if len(v) > 0 && !secret(k) {
			out[k] = v[0]
		}
	}
	return out
}

// secret tells whether a field is never sent back. What a page makes a field for
// passwords or one-time codes is one too, whatever it is called.
func secret(name string) bool {
	return name == "totp" || name == "repeat" || strings.Contains(name, "password")
}

// comesBack shows the page that a refused form was sent from once more, with what
// was typed and its wrong fields marked: a person mends what he wrote where he wrote
// it. It tells whether it did. Which page that is says the browser; the page is made
// for the same person, who has to be allowed to open it.
func (d *Desk) comesBack(c *gin.Context, f web.Failure) bool {
	if f.Kind != model.Invalid || c.Request.Method != http.MethodPost || c.Request.PostForm == nil || refusedHere(c) != nil {
		return false
	}
	from, err := url.Parse(c.GetHeader("Referer"))
	if err != nil || from.Host != c.Request.Host || !strings.HasPrefix(from.Path, "/desk") {
		return false
	}
	route, params, ok := d.pageAt(from.Path)
	if !ok || web.Actor(c).Require(route.Act) != nil {
		return false
	}
	req := c.Request.Clone(c.Request.Context())
	req.Method, req.Body, req.ContentLength = http.MethodGet, http.NoBody, 0
	req.URL = &url.URL{Path: from.Path, RawPath: from.RawPath, RawQuery: from.RawQuery}
	req.Form, req.PostForm, req.MultipartForm = nil, nil, nil
	again := c.Copy() // knows who asks, and nothing of what was read of the form
	again.Request, again.Writer, again.Params = req, c.Writer, params
	again.Set(refusalKey, &refusal{failure: f, path: c.Request.URL.Path, posted: c.Request.PostForm})
	web.ForgetQuery(again)
	if route.live {
		if err := d.mark(again, web.Actor(c)); err != nil {
			return false
		}
	}
	if err := route.handle(again); err != nil {
		return false
	}
	return c.Writer.Written()
}

// pageAt is the page at an address, with what its path names.
func (d *Desk) pageAt(path string) (Route, gin.Params, bool) {
	at := strings.Split(strings.TrimPrefix(path, "/desk"), "/")
	best, found := Route{}, gin.Params(nil)
	ok := false
	for _, r := range d.Routes() {
		parts := strings.Split(r.Path, "/")
		if r.Method != http.MethodGet || len(parts) != len(at) {
			continue
		}
		var params gin.Params
		same := true
		for i, p := range parts {
			if name, isParam := strings.CutPrefix(p, ":"); isParam {
				params = append(params, gin.Param{Key: name, Value: at[i]})
				continue
			}
			same = same && p == at[i]
		}
		if same && (!ok || len(params) < len(found)) { // a fixed name stands before a variable one
			best, found, ok = r, params, true
		}
	}
	return best, found, ok
}

// faults are what is wrong with the fields, in the order in which they were found.
func (r *refusal) faults() []model.FieldError {
	f := r.failure
	if len(f.Fields) > 0 {
		return slices.Clone(f.Fields)
	}
	if f.Field != "" {
		return []model.FieldError{{Field: f.Field, Reason: f.Reason, Message: f.Message}}
	}
	return nil
}
