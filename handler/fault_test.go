package handler_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"microcourt/handler/handlertest"
)

// htmlForm is a form that a page shows.
type htmlForm struct {
	action string
	hidden url.Values
	fields map[string]string // by name: the type of the first
	first  map[string]string // the value of the first choice
}

func htmlEach(n *html.Node, f func(*html.Node)) {
	f(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		htmlEach(c, f)
	}
}

func htmlAttr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func parsed(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// formsOf are the forms of a page that change something, and the pages of the desk
// that it leads to.
func formsOf(doc *html.Node) (forms []htmlForm, links []string) {
	byID := map[string]int{}
	owner := func(n *html.Node) int {
		if of := htmlAttr(n, "form"); of != "" {
			if i, ok := byID[of]; ok {
				return i
			}
			return -1
		}
		for p := n.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.Form {
				for i := range forms {
					if htmlAttr(p, "data-walk") == fmt.Sprint(i) {
						return i
					}
				}
			}
		}
		return -1
	}
	htmlEach(doc, func(n *html.Node) {
		if n.DataAtom == atom.A && strings.HasPrefix(htmlAttr(n, "href"), "/desk") {
			links = append(links, strings.TrimPrefix(htmlAttr(n, "href"), "/desk"))
		}
		if n.DataAtom == atom.Form && strings.EqualFold(htmlAttr(n, "method"), "post") {
			n.Attr = append(n.Attr, html.Attribute{Key: "data-walk", Val: fmt.Sprint(len(forms))})
			if id := htmlAttr(n, "id"); id != "" {
				byID[id] = len(forms)
			}
			forms = append(forms, htmlForm{action: strings.TrimPrefix(htmlAttr(n, "action"), "/desk"), hidden: url.Values{}, fields: map[string]string{}, first: map[string]string{}})
		}
	})
	htmlEach(doc, func(n *html.Node) {
		name := htmlAttr(n, "name")
		if n.DataAtom != atom.Input && n.DataAtom != atom.Select && n.DataAtom != atom.Textarea && n.DataAtom != atom.Button || name == "" {
			return
		}
		i := owner(n)
		if i < 0 {
			return
		}
		kind := htmlAttr(n, "type")
		switch {
		case kind == "hidden":
			forms[i].hidden.Add(name, htmlAttr(n, "value"))
		case n.DataAtom == atom.Button:
			if !forms[i].hidden.Has(name) {
				forms[i].hidden.Set(name, htmlAttr(n, "value"))
			}
		case forms[i].fields[name] == "":
			if n.DataAtom != atom.Input {
				kind = n.Data
			}
			if kind == "" {
				kind = "text"
			}
			forms[i].fields[name] = kind
			if n.DataAtom == atom.Select {
				htmlEach(n, func(o *html.Node) {
					if v := htmlAttr(o, "value"); o.DataAtom == atom.Option && v != "" {
						forms[i].first[name] = v // the last: the first is what one leaves as it is
					}
				})
			} else {
				forms[i].first[name] = htmlAttr(n, "value")
			}
		}
	})
	return forms, links
}

var digitsOf = regexp.MustCompile(`\d+`)

// nonsense is what nobody should type into a field.
func nonsense(name, kind string) string {
	switch {
	case kind == "date" || kind == "datetime-local":
		return "2026-02-31"
	case kind == "number", strings.Contains(name, "amount"), strings.Contains(name, "fen"), strings.HasSuffix(name, "days"), strings.HasSuffix(name, "hours"):
		return "很多"
	case kind == "textarea":
		return ""
	}
	return strings.Repeat("甲", 1200)
}

// judgeRefusal looks at a page after its form was refused: each fault leads to a
// field that is there, is marked and says the same.
func judgeRefusal(t *testing.T, what, body string, unlinked map[string]int) {
	t.Helper()
	doc := parsed(t, body)
	ids := map[string]*html.Node{}
	var summary *html.Node
	htmlEach(doc, func(n *html.Node) {
		if id := htmlAttr(n, "id"); id != "" && ids[id] == nil {
			ids[id] = n
		}
	})
	if summary = ids["faults"]; summary == nil {
		t.Errorf("%s: no summary of faults: %.300s", what, body)
		return
	}
	last := -1
	order := map[*html.Node]int{}
	htmlEach(doc, func(n *html.Node) { order[n] = len(order) })
	htmlEach(summary, func(n *html.Node) {
		if n.DataAtom != atom.Li {
			return
		}
		text, to := "", ""
		htmlEach(n, func(c *html.Node) {
			if c.Type == html.TextNode {
				text += strings.TrimSpace(c.Data)
			}
			if c.DataAtom == atom.A {
				to = strings.TrimPrefix(htmlAttr(c, "href"), "#")
			}
		})
		field := ids[to]
		switch {
		case to == "" || field == nil:
			t.Errorf("%s: “%s” leads to no field", what, text)
		case field.DataAtom == atom.Form:
			unlinked[what+": "+text]++
		default:
			words := ""
			for id := range strings.FieldsSeq(htmlAttr(field, "aria-describedby")) {
				if ids[id] != nil {
					htmlEach(ids[id], func(c *html.Node) {
						if c.Type == html.TextNode {
							words += c.Data
						}
					})
				}
			}
			if htmlAttr(field, "aria-invalid") != "true" || strings.TrimSpace(words) == "" {
				t.Errorf("%s: “%s”: the field %s is not marked, beside it stands %q", what, text, to, words)
			}
			if order[field] < last {
				t.Errorf("%s: “%s” stands behind a later field", what, text)
			}
			last = order[field]
			for p := field.Parent; p != nil; p = p.Parent {
				if p.DataAtom == atom.Details {
					open := false
					for _, a := range p.Attr {
						open = open || a.Key == "open"
					}
					if !open {
						t.Errorf("%s: the field %s is folded away", what, to)
					}
				}
			}
		}
	})
}

// postFrom sends a form as a browser does from the page that shows it.
func postFrom(t *testing.T, w *handlertest.World, v *handlertest.Visitor, page, action string, sent url.Values) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.URL+"/desk"+action, strings.NewReader(sent.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Referer", w.URL+"/desk"+page)
	res, err := v.Http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// Whatever form of the desk is sent with nonsense or with nothing, it comes back: what
// is wrong stands at the top in the form's order, each line leads to its field, and
// the field is marked.
func TestEveryRefusedFormMarksItsFields(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	tried, refusals := map[string]bool{}, 0
	unlinked := map[string]int{}
	for _, login := range slices.Sorted(maps.Keys(people)) {
		v := w.Visitor(people[login])
		seen, queue := map[string]int{}, []string{""}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			address, err := url.Parse(path)
			if err != nil {
				continue
			}
			q := address.Query()
			shape := digitsOf.ReplaceAllString(address.Path, "N") + "?" + q.Get("tab") + q.Get("kind")
			if seen[shape]++; seen[shape] > 3 || strings.Contains(path, "/files/") || strings.HasSuffix(address.Path, "/pdf") || strings.HasSuffix(address.Path, "/zip") || strings.Contains(path, "template") {
				continue
			}
			res, body := v.Send(http.MethodGet, path, nil, nil)
			if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				continue
			}
			forms, links := formsOf(parsed(t, body))
			for _, l := range links {
				queue = append(queue, strings.SplitN(l, "#", 2)[0])
			}
			for _, f := range forms {
				if strings.Contains(f.action, "logout") || strings.Contains(f.action, "sessions") || strings.Contains(f.action, "login") || strings.Contains(f.action, "import") || len(f.fields) == 0 {
					continue
				}
				key := login + digitsOf.ReplaceAllString(f.action, "N") + fmt.Sprint(slices.Sorted(maps.Keys(f.fields)))
				if tried[key] {
					continue
				}
				tried[key] = true
				for _, empty := range []bool{true, false} {
					sent := maps.Clone(f.hidden)
					for name, kind := range f.fields {
						switch {
						case kind == "file", kind == "checkbox" && empty, kind == "radio" && empty:
						case kind == "select" || kind == "radio" || kind == "checkbox":
							if v := f.first[name]; v != "" && !empty {
								sent.Set(name, v)
							}
						case empty:
							sent.Set(name, "")
						default:
							sent.Set(name, nonsense(name, kind))
						}
					}
					if _, page := v.Send(http.MethodGet, path, nil, nil); !strings.Contains(page, `action="/desk`+f.action+`"`) {
						continue // the nonsense before was taken, and the form is gone
					}
					res, body := postFrom(t, w, v, path, f.action, sent)
					if res.StatusCode != http.StatusBadRequest {
						continue
					}
					refusals++
					judgeRefusal(t, fmt.Sprintf("%s %s (empty: %v)", login, f.action, empty), body, unlinked)
				}
			}
		}
	}
	t.Logf("%d forms, %d refusals", len(tried), refusals)
	if refusals < 60 {
		t.Errorf("only %d refusals of %d forms: the walk does not reach the desk", refusals, len(tried))
	}
	for what := range unlinked {
		t.Error("a fault has no field of its own:", what)
	}
}
