package desk

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"microcourt/model"
)

// This is how a refused form comes back, for every form of the desk: a summary at
// the top that names each fault in the order of the form and leads to its field,
// the fields marked with the words beside them, everything else as it was typed.
// It works on the page as it was made, so that no page can forget it.
// Source: GOV.UK Design System, error summary; WCAG 3.3.1.

// control is a field of a form.
type control struct {
	node *html.Node
	name string
	nth  int // among those of its name
	kind string
}

// fault is a wrong field with what is said of it; its control is nil when the form
// has none for it.
type fault struct {
	model.FieldError
	at *control
}

// marked is the page with its refused form marked.
func (r *refusal) marked(page []byte) []byte {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return page
	}
	summary := nodeByID(doc, "faults")
	if summary == nil {
		return page
	}
	list := make([]fault, 0, 8)
	for _, f := range r.faults() {
		list = append(list, fault{FieldError: f})
	}
	form := r.form(doc)
	if form != nil {
		controls := controlsOf(doc, form)
		setAttr(form, "data-refused", "")
		r.fill(controls)
		for i := range list {
			list[i].at = controlFor(controls, list[i].Field)
		}
		if r.failure.Kind == model.Invalid {
			list = append(list, r.missing(doc, controls, list)...)
		}
		place := func(f fault) int {
			if f.at == nil {
				return len(controls)
			}
			return slices.IndexFunc(controls, func(c *control) bool { return c == f.at })
		}
		slices.SortStableFunc(list, func(a, b fault) int { return place(a) - place(b) })
	}
	said := map[*control]bool{}
	var items []*html.Node
	for i, f := range list {
		if f.at != nil && said[f.at] {
			continue // the first that is said of a field is what to mend
		}
		li := element(atom.Li)
		if to := r.linkTo(doc, form, f, i); to != "" {
			a := element(atom.A, "href", "#"+to)
			a.AppendChild(&html.Node{Type: html.TextNode, Data: f.Message})
			li.AppendChild(a)
		} else {
			li.AppendChild(&html.Node{Type: html.TextNode, Data: f.Message})
		}
		items = append(items, li)
		said[f.at] = f.at != nil
	}
	lead := "" // of what is no matter of its fields alone
	if r.failure.Kind != model.Invalid {
		lead = r.failure.Message
	}
	summarise(doc, summary, lead, items)
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return page
	}
	return b.Bytes()
}

// summarise writes the list of faults into the summary, behind its lead, and says in the page's
// title that something is wrong.
func summarise(doc, summary *html.Node, lead string, items []*html.Node) {
	if len(items) > 0 {
		for c := summary.FirstChild; c != nil; c = summary.FirstChild {
			summary.RemoveChild(c)
		}
		head := element(atom.Strong)
		words := "没有完成，请改正以下内容："
		if len(items) > 1 {
			words = fmt.Sprintf("没有完成，请改正以下 %d 处：", len(items))
		}
		if lead != "" {
			words = "没有完成："
		}
		head.AppendChild(&html.Node{Type: html.TextNode, Data: words})
		summary.AppendChild(head)
		summary.AppendChild(&html.Node{Type: html.TextNode, Data: lead})
		ul := element(atom.Ul)
		for _, li := range items {
			ul.AppendChild(li)
		}
		summary.AppendChild(ul)
	}
	if title := find(doc, func(n *html.Node) bool { return n.DataAtom == atom.Title }); title != nil && title.FirstChild != nil {
		title.FirstChild.Data = "出错：" + title.FirstChild.Data
	}
}

// linkTo marks the field of a fault and gives the id that the summary leads to: of
// the field, of the form for what has none, or "" where there is no form.
func (r *refusal) linkTo(doc, form *html.Node, f fault, n int) string {
	if form == nil {
		return ""
	}
	if f.at == nil {
		if attr(form, "id") == "" {
			setAttr(form, "id", "refused-form")
		}
		setAttr(form, "tabindex", "-1")
		return attr(form, "id")
	}
	node := f.at.node
	id := attr(node, "id")
	if id == "" || nodeByID(doc, id) != node {
		fresh := fmt.Sprintf("field-%d", n+1)
		if label := labelOf(doc, f.at); label != nil && attr(label, "for") == id {
			setAttr(label, "for", fresh)
		}
		setAttr(node, "id", fresh)
		id = fresh
	}
	setAttr(node, "aria-invalid", "true")
	words := nodeByID(doc, attr(node, "aria-describedby"))
	if words == nil || !strings.Contains(attr(words, "class"), "wrong") {
		words = wordsBeside(doc, node, f.Message, "wrong-"+id)
		described := strings.TrimSpace(attr(node, "aria-describedby") + " " + attr(words, "id"))
		setAttr(node, "aria-describedby", described)
	}
	for p := node.Parent; p != nil && p != form.Parent; p = p.Parent {
		if p.DataAtom == atom.Details {
			setAttr(p, "open", "")
		}
	}
	for p := form.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Details {
			setAttr(p, "open", "")
		}
	}
	return id
}

// wordsBeside puts what is wrong behind a field, into the place that checks while
// one types use where there is one.
func wordsBeside(doc, node *html.Node, message, id string) *html.Node {
	for s := node.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode && attr(s, "class") == "wrong" {
			if s.FirstChild == nil {
				s.AppendChild(&html.Node{Type: html.TextNode, Data: message})
			}
			if attr(s, "id") == "" {
				setAttr(s, "id", id)
			}
			return s
		}
	}
	for nodeByID(doc, id) != nil {
		id += "-1"
	}
	words := element(atom.Div, "class", "wrong", "id", id)
	words.AppendChild(&html.Node{Type: html.TextNode, Data: message})
	after := node.NextSibling
	if t := attr(node, "type"); (t == "checkbox" || t == "radio") && after != nil && after.DataAtom == atom.Label {
		after = after.NextSibling
	}
	node.Parent.InsertBefore(words, after)
	return words
}

// form is the form of the page that was refused: the one that goes to the same
// address, and of several the one whose hidden fields say the same.
func (r *refusal) form(doc *html.Node) *html.Node {
	var best *html.Node
	most := 0
	each(doc, func(n *html.Node) {
		if n.DataAtom != atom.Form || !strings.EqualFold(attr(n, "method"), "post") {
			return
		}
		goes := pathOf(attr(n, "action")) == r.path
		score := 1
		for _, c := range inForm(doc, n) {
			switch name := attr(c, "name"); {
			case c.DataAtom == atom.Button && pathOf(attr(c, "formaction")) == r.path:
				goes = true
			case name == "":
			case attr(c, "type") == "hidden" && name != "key" && name != "version":
				if v := r.posted[name]; len(v) > 0 && v[0] == attr(c, "value") {
					score += 20
				} else if len(v) > 0 {
					score -= 20
				}
			case r.posted.Has(name):
				score++
			}
		}
		if goes && (best == nil || score > most) {
			best, most = n, score
		}
	})
	return best
}

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// inForm are the fields and buttons of a form, those that stand elsewhere and name
// it as well.
func inForm(doc, form *html.Node) (out []*html.Node) {
	id := attr(form, "id")
	each(doc, func(n *html.Node) {
		switch n.DataAtom {
		case atom.Input, atom.Select, atom.Textarea, atom.Button:
			inside := false
			for p := n.Parent; p != nil; p = p.Parent {
				inside = inside || p == form
			}
			if of := attr(n, "form"); of == "" && inside || of != "" && of == id {
				out = append(out, n)
			}
		default:
		}
	})
	return out
}

// controlsOf are the fields of a form that a person fills in, in its order.
func controlsOf(doc, form *html.Node) (out []*control) {
	seen := map[string]int{}
	for _, n := range inForm(doc, form) {
		kind := attr(n, "type")
		if n.DataAtom == atom.Button || attr(n, "name") == "" || n.DataAtom == atom.Input && slices.Contains([]string{"hidden", "submit", "button", "image", "reset"}, kind) {
			continue
		}
		if n.DataAtom != atom.Input {
			kind = n.Data
		}
		c := &control{node: n, name: attr(n, "name"), kind: kind}
		c.nth = seen[c.name]
		seen[c.name]++
		out = append(out, c)
	}
	return out
}

// fill puts back what was typed. What is not sent back stays empty: a secret, a
// file, and rows whose number changed.
func (r *refusal) fill(controls []*control) {
	count := map[string]int{}
	for _, c := range controls {
		count[c.name]++
	}
	for _, c := range controls {
		values, sent := r.posted[c.name]
		switch {
		case secret(c.name), c.kind == "file", c.kind == "password", attr(c.node, "autocomplete") == "one-time-code":
		case c.kind == "checkbox" || c.kind == "radio":
			v := attr(c.node, "value")
			if v == "" {
				v = "on"
			}
			setOrDrop(c.node, "checked", slices.Contains(values, v))
		case !sent || len(values) != count[c.name]:
		case c.kind == "textarea":
			for n := c.node.FirstChild; n != nil; n = c.node.FirstChild {
				c.node.RemoveChild(n)
			}
			c.node.AppendChild(&html.Node{Type: html.TextNode, Data: values[c.nth]})
		case c.kind == "select":
			each(c.node, func(n *html.Node) {
				if n.DataAtom == atom.Option {
					v, has := attrOf(n, "value")
					if !has {
						v = strings.TrimSpace(textOf(n))
					}
					setOrDrop(n, "selected", v == values[c.nth])
				}
			})
		default:
			setAttr(c.node, "value", values[c.nth])
		}
	}
}

// missing are the fields that the form asks for and that were left empty, besides
// those that are wrong already: all is told at once.
func (r *refusal) missing(doc *html.Node, controls []*control, known []fault) (out []fault) {
	told := map[string]bool{}
	for _, f := range known {
		if f.at != nil {
			told[f.at.name] = true
		}
	}
	count := map[string]int{}
	for _, c := range controls {
		count[c.name]++
	}
	for _, c := range controls {
		choice := c.kind == "radio" || c.kind == "checkbox"
		if _, required := attrOf(c.node, "required"); !required || told[c.name] || c.kind == "file" || !choice && count[c.name] > 1 {
			continue
		}
		if strings.TrimSpace(strings.Join(r.posted[c.name], "")) != "" {
			continue
		}
		verb := "请填写"
		if choice || c.kind == "select" {
			verb = "请选择"
		}
		label := nameOf(doc, c)
		if label == "" {
			continue
		}
		told[c.name] = true
		out = append(out, fault{model.FieldError{Field: c.name, Reason: "field.required", Message: verb + label}, c})
	}
	return out
}

// labelOf is the label of a field.
func labelOf(doc *html.Node, c *control) *html.Node {
	id := attr(c.node, "id")
	var found *html.Node
	each(doc, func(n *html.Node) {
		if n.DataAtom == atom.Label && found == nil && id != "" && attr(n, "for") == id {
			found = n
		}
	})
	for p := c.node.Parent; p != nil && found == nil; p = p.Parent {
		if p.DataAtom == atom.Label {
			found = p
		}
	}
	return found
}

var remark = regexp.MustCompile(`[（(].*[）)]$`)

// nameOf is what a field is called beside it.
func nameOf(doc *html.Node, c *control) string {
	if c.kind == "radio" || c.kind == "checkbox" {
		for p := c.node.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.Fieldset {
				if legend := find(p, func(n *html.Node) bool { return n.DataAtom == atom.Legend }); legend != nil {
					return remark.ReplaceAllString(textOf(legend), "")
				}
			}
		}
	}
	if label := labelOf(doc, c); label != nil {
		return strings.TrimSpace(remark.ReplaceAllString(textOf(label), ""))
	}
	return attr(c.node, "aria-label")
}

var rowField = regexp.MustCompile(`^(?:instruments\[0\]\.)?(parties|obligations)\[(\d+)\]\.?([a-z_]*)`)

// rowNames are the fields of the rows of a form by what the service calls them.
var rowNames = map[string]map[string]string{
	"parties": {"": "party_name", "name": "party_name", "role": "party_role", "kind": "party_kind", "id_number": "party_id", "id_kind": "party_id", "phone": "party_phone"},
	"obligations": {
		"": "duty_amount", "amount_fen": "duty_amount", "foreign_minor": "duty_amount", "due_in_days": "duty_due_on", "burden_fen": "duty_burden", "shares_fen": "duty_amount",
		"security_fen": "duty_amount", "ref": "duty_obligors", "to_court": "duty_obligee",
	},
}

// fieldAliases are fields by what services and forms call them where nothing of the
// names is alike.
var fieldAliases = map[string][]string{
	"file_id": {"file"}, "file_ids": {"file"}, "paper": {"file"}, "scan": {"file"}, "proofs": {"file"}, "contract": {"file"}, "signature": {"file"},
	"instruments": {"instrument_number"}, "parties": {"party_name"}, "installments": {"parts", "plan", "amount"}, "at": {"when", "from"},
	"kind": {"creditor_kind"}, "name": {"town", "village", "person"}, "extra_reason": {"prolong_reason"}, "party_id": {"debtor", "debtors"}, "login": {"name"}, "term": {"days", "amount"}, "text": {"reason", "note", "answer"}, "reason": {"note", "text", "why", "opinion"},
	"note": {"reason", "text"}, "opinion": {"reason"}, "parts": {"amount"}, "amount": {"paid", "sum"}, "due_on": {"until", "on"}, "until": {"due_on"},
}

// controlFor finds the field of the form that an error is about: by its name, by the
// row it stands in, or by a name that is alike, since services name what they are
// given (amount_fen) and forms what they ask for (amount).
func controlFor(controls []*control, field string) *control {
	nth := 0
	if m := rowField.FindStringSubmatch(field); m != nil {
		nth, _ = strconv.Atoi(m[2]) // digits by the pattern
		name := rowNames[m[1]][m[3]]
		if name == "" {
			name = map[string]string{"parties": "party_", "obligations": "duty_"}[m[1]] + m[3]
		}
		return controlAt(controls, name, nth)
	}
	if strings.HasPrefix(field, "instruments[0].") {
		name := strings.TrimPrefix(field, "instruments[0].")
		for _, try := range []string{name, "instrument_" + name, fieldAliases["instruments"][0]} {
			if c := controlAt(controls, try, 0); c != nil {
				return c
			}
		}
	}
	if at := strings.Index(field, "["); at > 0 {
		index, rest, _ := strings.Cut(field[at+1:], "]")
		nth, _ = strconv.Atoi(index) // 0 for what is none
		if rest = strings.TrimPrefix(rest, "."); rest != "" {
			if c := controlAt(controls, rest, nth); c != nil {
				return c
			}
		}
		field = field[:at]
	}
	names := []string{field}
	if at := strings.LastIndex(field, "."); at >= 0 {
		names = append(names, field[at+1:])
	}
	for _, n := range slices.Clone(names) {
		short := n
		for _, end := range []string{"_fen", "_ids", "_id", "_on", "_at", "_text", "_minor"} {
			short = strings.TrimSuffix(short, end)
		}
		names = append(names, short, n+"_id", n+"_on", n+"_at", short+"s", strings.TrimSuffix(short, "s"))
	}
	for _, n := range names {
		if c := controlAt(controls, n, nth); c != nil {
			return c
		}
	}
	for _, n := range names {
		for _, c := range controls {
			if len(n) > 2 && (strings.HasSuffix(c.name, "_"+n) || strings.HasPrefix(c.name, n+"_")) {
				return c
			}
		}
	}
	for _, n := range names[:min(2, len(names))] {
		for _, other := range fieldAliases[n] {
			if c := controlAt(controls, other, 0); c != nil {
				return c
			}
		}
	}
	return nil
}

func controlAt(controls []*control, name string, nth int) *control {
	var last *control
	for _, c := range controls {
		if c.name == name {
			last = c
			if c.nth == nth {
				return c
			}
		}
	}
	return last
}

func each(n *html.Node, f func(*html.Node)) {
	f(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, f)
	}
}

func find(n *html.Node, ok func(*html.Node) bool) *html.Node {
	if ok(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, ok); found != nil {
			return found
		}
	}
	return nil
}

func nodeByID(doc *html.Node, id string) *html.Node {
	if id == "" {
		return nil
	}
	return find(doc, func(n *html.Node) bool { return n.Type == html.ElementNode && attr(n, "id") == id })
}

// textOf is the text of a node without what explains a term.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if strings.Contains(attr(n, "role"), "tooltip") {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return strings.TrimSpace(b.String())
}

func element(a atom.Atom, attrs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attrs[i], Val: attrs[i+1]})
	}
	return n
}

func attrOf(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	v, _ := attrOf(n, name)
	return v
}

func setAttr(n *html.Node, name, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func setOrDrop(n *html.Node, name string, on bool) {
	if on {
		setAttr(n, name, "")
		return
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
