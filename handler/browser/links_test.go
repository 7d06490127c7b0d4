package browser_test

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

var (
	tag        = regexp.MustCompile(`<(/?)([a-z]+)((?:\s+[a-z:-]+(?:="[^"]*")?)*)\s*/?>`)
	attribute  = regexp.MustCompile(`([a-z:-]+)(?:="([^"]*)")?`)
	inJSON     = regexp.MustCompile(`"(?:href|link|path|url)":\s*"((?:[^"\\]|\\.)*)"`)
	numbered   = regexp.MustCompile(`/\d+`)
	addressing = []string{"href", "src", "hx-get", "data-src", "poster"}
)

// link is an address that a page shows, and what it is sent with.
type link struct {
	method, to string
}

// linksOf are the addresses that a page offers: links, pictures, frames, parts
// that load themselves, lists with each choice of their filters, what a chart
// opens, and the messages of the inbox.
func linksOf(page string) (out []link) {
	var form url.Values // of the form that is open, nil outside of one
	var action, chosen string
	var choices [][2]string
	for _, m := range tag.FindAllStringSubmatch(page, -1) {
		at := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(m[3], -1) {
			at[a[1]] = html.UnescapeString(a[2])
		}
		_, posts := at["action"]
		switch {
		case m[1] == "/" && m[2] == "form" && form != nil:
			out = append(out, link{http.MethodGet, action + "?" + form.Encode()})
			for _, c := range choices {
				one := maps.Clone(form)
				one.Set(c[0], c[1])
				out = append(out, link{http.MethodGet, action + "?" + one.Encode()})
			}
			form, choices = nil, nil
		case m[1] == "/":
		case m[2] == "form" && strings.EqualFold(at["method"], "get"):
			form, action = url.Values{}, at["action"]
		case m[2] == "form" && posts && strings.HasSuffix(at["action"], "/read") && at["action"] != "/desk/inbox/read": // which marks all
			out = append(out, link{http.MethodPost, at["action"]})
		case form != nil && m[2] == "select":
			chosen = at["name"]
		case form != nil && m[2] == "option":
			choices = append(choices, [2]string{chosen, at["value"]})
		case form != nil && m[2] == "input" && at["type"] == "checkbox":
			choices = append(choices, [2]string{at["name"], at["value"]})
		case form != nil && m[2] == "input" && at["name"] != "":
			form.Set(at["name"], at["value"])
		case form != nil && m[2] == "button" && at["formaction"] != "":
			out = append(out, link{http.MethodGet, at["formaction"] + "?" + form.Encode()})
		}
		for _, name := range addressing {
			if v := at[name]; v != "" {
				out = append(out, link{http.MethodGet, v})
			}
		}
	}
	for _, m := range inJSON.FindAllStringSubmatch(page, -1) {
		var to string
		if json.Unmarshal([]byte(`"`+m[1]+`"`), &to) == nil && strings.HasPrefix(to, "/") {
			out = append(out, link{http.MethodGet, to})
		}
	}
	return out
}

// crawler follows links as one person.
type crawler struct {
	w    *handlertest.World
	v    *handlertest.Visitor
	who  string
	seen map[string]bool
	todo []step
	like map[string]int // how many of a kind of address were followed
}

type step struct {
	link
	from string
}

// asciiWord is an order that a list has by itself; any other is the name of a column.
var asciiWord = regexp.MustCompile(`^[a-z]+$`)

// alike is how many addresses that differ only in their numbers are followed: more
// of them are the same page with another row on it.
const alike = 40

func (c *crawler) add(from string, l link) {
	base, err := url.Parse(from)
	if err != nil {
		c.w.T.Fatal(from, err)
	}
	to, err := base.Parse(l.to)
	if err != nil {
		c.w.T.Errorf("%s, %s: %q is no address", c.who, from, l.to)
		return
	}
	if to.Host != "" || to.Scheme != "" && to.Scheme != "http" { // another site, a picture in the page
		return
	}
	to.Fragment = ""
	q := to.Query()
	q.Del("done")
	to.RawQuery = q.Encode()
	l.to = to.RequestURI()
	kind := numbered.ReplaceAllString(l.method+" "+l.to, "/n")
	if by := q.Get("sort"); by != "" && !asciiWord.MatchString(by) { // TestEveryListIsSortedByItsColumns opens each
		if kind = l.method + " " + to.Path + " sorted"; c.like[kind] > 1 {
			return
		}
	}
	if c.seen[l.method+l.to] || strings.HasPrefix(l.to, "/assets/") && c.like["/assets/"] > alike {
		return
	}
	c.seen[l.method+l.to] = true
	if c.like[kind]++; c.like[kind] <= alike {
		c.todo = append(c.todo, step{l, from})
	}
}

// streams answer as long as somebody listens.
var openStreams = []string{"/desk/events", "/desk/audit/check"}

func (c *crawler) run() (n int) {
	for len(c.todo) > 0 {
		s := c.todo[0]
		c.todo = c.todo[1:]
		if path, _, _ := strings.Cut(s.to, "?"); slices.Contains(openStreams, path) {
			continue
		}
		n++
		req, err := http.NewRequestWithContext(c.w.T.Context(), s.method, c.w.URL+s.to, http.NoBody)
		if err != nil {
			c.w.T.Fatal(err)
		}
		res, err := c.v.Http.Do(req)
		if err != nil {
			c.w.T.Fatal(c.who, s.to, err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			c.w.T.Fatal(c.who, s.to, err)
		}
		switch {
		case res.StatusCode >= 300 && res.StatusCode < 400:
			to := res.Header.Get("Location")
			if strings.HasPrefix(to, "/desk/login") && c.who != "" {
				c.w.T.Errorf("%s: %s on %s leads to the log-in", c.who, s.to, s.from)
				continue
			}
			c.add(s.to, link{http.MethodGet, to})
		case res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNoContent:
			c.w.T.Errorf("%s: %s %s on %s answers %d", c.who, s.method, s.to, s.from, res.StatusCode)
		case strings.HasPrefix(res.Header.Get("Content-Type"), "text/html"):
			for _, l := range linksOf(string(body)) {
				c.add(s.to, l)
			}
		}
	}
	return n
}

// Every link that anybody is shown leads somewhere: from the first page of each
// role on, every address that a page offers is opened as the one who sees it.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	all := map[model.Role]bool{}
	for _, who := range slices.Sorted(maps.Keys(people)) {
		roles := people[who]
		me, err := w.Svc.Identity.Authenticate(t.Context(), strings.TrimPrefix(roles.Auth, "Bearer "))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range me.Roles {
			all[r] = true
		}
		c := &crawler{w: w, v: w.Visitor(people[who]), who: who, seen: map[string]bool{}, like: map[string]int{}}
		c.add("/", link{http.MethodGet, "/desk"})
		if n := c.run(); n < 20 {
			t.Errorf("%s: only %d links were followed", who, n)
		} else {
			t.Logf("%s: %d links", who, n)
		}
	}
	for _, r := range model.StaffRoles {
		if !all[r] {
			t.Errorf("nobody of the demonstration is %s", r)
		}
	}
	c := &crawler{w: w, v: w.Visitor(nil), seen: map[string]bool{}, like: map[string]int{}}
	for _, p := range []string{"/", "/verify", "/message", "/listings", "/privacy", "/api", "/desk/login"} {
		c.add("/", link{http.MethodGet, p})
	}
	if n := c.run(); n < 10 {
		t.Errorf("the public followed only %d links", n)
	}
}

// screens are the pages of the mini-program that messages open, with what each
// asks the server for; "" for one that lists what is the reader's own.
var screens = map[string]string{
	"pages/case/detail": "/cases/%d", "pages/case/messages": "/cases/%d/messages", "pages/receipt/detail": "/receipts/%d",
	"pages/certificate/detail": "/certificates/%d", "pages/assistance/detail": "/my/assistance-requests/%d", "pages/agency/task": "/agency/tasks/%d",
	"pages/agency/query": "/agency/queries/%d", "pages/agency/tasks": "/agency/tasks", "pages/desk/conversation": "/conversations/%d/messages",
	"pages/relative/matter": "/my/relatives/%d/matter", "pages/desk/today": "/me",
}

// Every message opens what it speaks of: whoever has it in his inbox may ask for
// what its page in the mini-program shows.
func TestEveryMessageOpens(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	opened := 0
	for _, who := range slices.Sorted(maps.Keys(people)) {
		for _, n := range people[who].Must(http.StatusOK, http.MethodGet, "/notices?limit=100", nil).List("notices") {
			screen, query, _ := strings.Cut(n.Str("page"), "?")
			path, known := screens[screen]
			if !known {
				t.Errorf("%s: the message %q opens %q, which nothing stands for here", who, n.Str("title"), n.Str("page"))
				continue
			}
			if strings.Contains(path, "%d") {
				v, err := url.ParseQuery(query)
				id, number := strconv.ParseInt(v.Get("id"), 10, 64)
				if err != nil || number != nil {
					t.Errorf("%s: the message %q opens %q", who, n.Str("title"), n.Str("page"))
					continue
				}
				path = fmt.Sprintf(path, id)
			}
			if a := people[who].Call(http.MethodGet, path, nil); a.Status != http.StatusOK {
				t.Errorf("%s: the message %q opens %s, which answers %d %s", who, n.Str("title"), path, a.Status, a.Body)
			}
			opened++
		}
	}
	if opened < 5 {
		t.Errorf("only %d messages were opened", opened)
	}
}
