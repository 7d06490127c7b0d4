package browser_test

import (
	"cmp"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// noLists are pages with a table that are no list, with the reason.
var noLists = map[string]string{
	"/desk": "what waits today, each with its list", "/desk/operations": "the state of the program", "/desk/templates": "one text with its versions",
	"/desk/queries/new": "a choice before a form", "/desk/assistance/new": "a choice before a form", "/desk/me": "one's own account",
	"/desk/duties/suggested": "a list to be taken over, which can be downloaded as a template", "/desk/settings": "a form", "/desk/login": "a form", "/desk/filing": "a form",
}

var (
	rowOf    = regexp.MustCompile(`<(?:tr|div)[^>]* data-row`)
	nextPage = regexp.MustCompile(`<a href="([^"]*)" rel="next"`)
)

// Every list and every statistic can be had as a sheet and on paper: of the same
// rows, narrowed alike and saying so, by whoever may see it and nobody else, and
// each time it is recorded.
func TestEveryListCanBeTakenAway(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	visitors := visitorsOf(w, people)
	lists := 0
	for _, v := range visits {
		path, query, _ := strings.Cut(v.path, "?")
		if !strings.HasPrefix(path, "/desk") || strings.Contains(query, "as=") || patternOf(w, path) != path && path != "/desk/groups" {
			continue
		}
		_, body := get(w, visitors[v.who], v.path, "")
		offered := strings.Contains(body, "as=xlsx") && strings.Contains(body, "as=print")
		if why := noLists[path]; why != "" {
			if offered {
				t.Errorf("%s is offered as a sheet, and is no list: %s", path, why)
			}
			continue
		}
		if !strings.Contains(body, `<table class="plain"`) && !strings.Contains(body, "data-row") && !strings.Contains(body, `class="empty"`) {
			continue
		}
		if !offered {
			t.Errorf("%s of %s is a list without a sheet or a print form", v.path, v.who)
			continue
		}
		lists++
		more := query
		if more != "" {
			more = "&" + more
		}
		res, sent := get(w, visitors[v.who], path+"?as=xlsx"+more, "")
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s as a sheet answers %d", v.path, res.StatusCode)
			continue
		}
		f, err := excelize.OpenReader(strings.NewReader(sent))
		if err != nil {
			t.Errorf("%s as a sheet: %v", v.path, err)
			continue
		}
		rows, err := f.GetRows("列表")
		if err != nil || len(rows) < 6 || !strings.HasPrefix(rows[4][0], "筛选条件") {
			t.Errorf("%s as a sheet: %v %.300v", v.path, err, rows)
			continue
		}
		_, paper := get(w, visitors[v.who], path+"?as=print"+more, "")
		onPaper := len(rowOf.FindAllString(paper, -1))
		if n := len(rows) - 6; n != onPaper && path != "/desk/audit" || // where each export leaves a trace itself
			!strings.Contains(paper, "筛选条件："+html.EscapeString(rows[4][1])) {
			t.Errorf("%s: %d rows in the sheet, %d on paper; narrowed to %q", v.path, n, onPaper, rows[4][1])
		}
		if shown := len(rowOf.FindAllString(body, -1)); shown > 0 && !nextPage.MatchString(body) && shown != onPaper && path != "/desk/certificates" {
			t.Errorf("%s: %d rows on the page, %d on paper", v.path, shown, onPaper)
		}
		if res, _ := get(w, visitors["xu.he"], path+"?as=xlsx"+more, ""); v.who != "xu.he" && path != "/desk/me" && res.StatusCode != http.StatusForbidden {
			t.Errorf("the auditor gets %s as a sheet: %d", v.path, res.StatusCode)
		}
	}
	if lists < 25 {
		t.Errorf("only %d lists were found", lists)
	}
	_, trail := get(w, visitors["xu.he"], "/desk/audit?looks=1", "")
	if n := strings.Count(trail, "导出或打印列表"); n < 30 {
		t.Errorf("only %d of the lists that left are in the trail", n)
	}
	if res, _ := get(w, visitors["zhang.min"], "/desk/cases?as=csv", ""); res.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown form answers %d", res.StatusCode)
	}
}

var (
	tableHead = regexp.MustCompile(`(?s)<thead>.*?</thead>`)
	headCell  = regexp.MustCompile(`(?s)<th[ >].*?</th>`)
	headLink  = regexp.MustCompile(`(?s)<a (?:class="term-name" )?href="([^"]*)"[^>]*>([^<↑↓]*)`)
	tipOf     = regexp.MustCompile(`(?s)<span class="tip".*?</span>(?:</span>)?`)
	bodyOf    = regexp.MustCompile(`(?s)<tbody>(.*?)</tbody>`)
	tableRow  = regexp.MustCompile(`(?s)<tr[ >].*?</tr>`)
	tableCell = regexp.MustCompile(`(?s)<td[ >].*?</td>`)
	orderLine = regexp.MustCompile(`(?s)<p class="list-order">.*?</p>`)
	markup    = regexp.MustCompile(`<[^>]*>`)
	number    = regexp.MustCompile(`\d+`)
)

// sortLink is a heading of a list that sorts it.
type sortLink struct {
	name, href, state string
	place             int // of its column, -1 where the page shows no table
}

func sortLinks(body string) (out []sortLink) {
	read := func(part, state string, place int) {
		if m := headLink.FindStringSubmatch(part); m != nil {
			out = append(out, sortLink{strings.TrimSpace(html.UnescapeString(m[2])), html.UnescapeString(m[1]), state, place})
		}
	}
	for _, head := range tableHead.FindAllString(body, -1) {
		for i, cell := range headCell.FindAllString(head, -1) {
			for _, state := range []string{"none", "ascending", "descending"} {
				if strings.Contains(cell, `aria-sort="`+state+`"`) {
					read(cell, state, i)
				}
			}
		}
	}
	for _, a := range regexp.MustCompile(`(?s)<a .*?</a>`).FindAllString(orderLine.FindString(body), -1) {
		read(a, map[bool]string{true: "ascending", false: map[bool]string{true: "descending", false: "none"}[strings.Contains(a, "↓")]}[strings.Contains(a, "↑")], -1)
	}
	return out
}

// shownIn is what the page's rows say in a column.
func shownIn(body string, place int) (out []string) {
	for _, part := range strings.Split(body, "<table")[1:] {
		if !strings.Contains(tableHead.FindString(part), `aria-sort="`) {
			continue
		}
		for _, row := range tableRow.FindAllString(bodyOf.FindString(part), -1) {
			if cells := tableCell.FindAllString(row, -1); place < len(cells) {
				out = append(out, firstWord(html.UnescapeString(markup.ReplaceAllString(strings.ReplaceAll(tipOf.ReplaceAllString(cells[place], ""), "<br>", " "), " "))))
			}
		}
	}
	return out
}

func firstWord(s string) string {
	if f := strings.Fields(strings.Trim(s, "—…")); len(f) > 0 {
		return strings.TrimSuffix(f[0], "…")
	}
	return ""
}

// figure is a text as a number, when it is one.
func figure(s string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "%", "").Replace(s), 64)
	return n, err == nil
}

// alikeIn tells whether the page's word and the sheet's say the same: the page may
// cut it, and writes days and amounts in its own way.
func alikeIn(page, sheet string) bool {
	if a, ok := figure(page); ok {
		b, _ := figure(sheet)
		return a == b
	}
	if a, b := number.FindAllString(page, 3), number.FindAllString(sheet, 3); len(b) == 3 && len(b[0]) == 4 && !strings.Contains(sheet, "（") {
		return len(a) < 3 || len(a[0]) != 4 || strings.TrimLeft(a[1], "0") == strings.TrimLeft(b[1], "0") && strings.TrimLeft(a[2], "0") == strings.TrimLeft(b[2], "0")
	}
	return strings.HasPrefix(sheet, page) || strings.HasPrefix(page, sheet)
}

// Every list is sorted by each of its columns, in either direction, with its filter
// kept: the page and its sheet alike, no row lost or twice, and a column that it
// does not have is refused. The two lists of a court's whole work lead to the orders
// that they have.
func TestEveryListIsSortedByItsColumns(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	visitors := visitorsOf(w, people)
	words := collate.New(language.Chinese, collate.Numeric)
	own := []string{"/desk/cases", "/desk/receipts"}
	seen := map[string]bool{}
	columns := 0
	for _, v := range visits {
		path, query, _ := strings.Cut(v.path, "?")
		if !strings.HasPrefix(path, "/desk") || strings.Contains(query, "as=") || noLists[path] != "" || patternOf(w, path) != path && path != "/desk/groups" {
			continue
		}
		who := visitors[v.who]
		_, body := get(w, who, v.path, "")
		links := sortLinks(body)
		if !strings.Contains(body, "as=xlsx") || rowOf.FindString(body) == "" && len(links) == 0 {
			continue
		}
		if len(links) < 2 && path != "/desk/cases" {
			t.Errorf("%s of %s is sorted by %d columns", v.path, v.who, len(links))
			continue
		}
		mark := fmt.Sprint(path, links)
		if seen[mark] {
			continue
		}
		seen[mark] = true
		narrowed, _ := url.ParseQuery(query)
		wrong := maps.Clone(narrowed)
		wrong.Set("sort", "没有的列")
		for _, as := range []string{"", "xlsx", "print"} {
			wrong.Set("as", as)
			if res, _ := get(w, who, path+"?"+wrong.Encode(), ""); res.StatusCode != http.StatusBadRequest {
				t.Errorf("%s by a column that it does not have (%s) answers %d", v.path, as, res.StatusCode)
			}
		}
		sheetOf := func(address string) (names []string, rows [][]string) {
			more := "&"
			if !strings.Contains(address, "?") {
				more = "?"
			}
			_, sent := get(w, who, address+more+"as=xlsx", "")
			f, err := excelize.OpenReader(strings.NewReader(sent))
			if err != nil {
				t.Fatal(address, err)
			}
			all, err := f.GetRows("列表")
			if err != nil || len(all) < 6 {
				t.Fatal(address, err, all)
			}
			for i := range all {
				for len(all[i]) < len(all[5]) {
					all[i] = append(all[i], "")
				}
			}
			return all[5], all[6:]
		}
		_, before := sheetOf(v.path)
		for i, l := range links {
			columns++
			var rising []string // what the sheet said, the least first
			for _, direction := range []string{"ascending", "descending"} {
				if slices.Contains(own, path) {
					break // SQL sorts them, which storage tests
				}
				to, _ := url.Parse(l.href)
				kept := to.Query()
				if kept.Del("sort"); kept.Encode() != narrowed.Encode() {
					t.Errorf("%s by %s is narrowed to %s", v.path, l.name, kept.Encode())
				}
				_, page := get(w, who, l.href, "")
				now := sortLinks(page)
				if len(now) != len(links) || now[i].state != direction || !strings.Contains(page, `name="sort" value="`+html.EscapeString(to.Query().Get("sort"))+`" form="filters"`) {
					t.Errorf("%s by %s is not %s: %+v", v.path, l.name, direction, now)
					break
				}
				if i > 0 && direction == "descending" { // the sheet of the first column stands for all
					back := shownIn(page, l.place)
					if l.place >= 0 && !nextPage.MatchString(page) && path != "/desk/audit" {
						for n, word := range rising {
							if at := len(rising) - 1 - n; at >= len(back) || !alikeIn(back[at], word) {
								t.Errorf("%s by %s: not the other way round: %q, and %q", v.path, l.name, rising, back)
								break
							}
						}
					}
					l = now[i]
					break
				}
				names, rows := sheetOf(l.href)
				at := slices.Index(names, l.name)
				if at < 0 {
					t.Errorf("%s: the sheet has no column %s: %v", v.path, l.name, names)
					break
				}
				var told []string
				empty := false
				for _, r := range rows {
					word := firstWord(r[at])
					if empty && word != "" {
						t.Errorf("%s by %s %s: %q comes after what is empty", v.path, l.name, direction, word)
					}
					if empty = word == ""; empty {
						continue
					}
					if n := len(told); n > 0 {
						c := words.CompareString(told[n-1], word)
						if a, ok := figure(told[n-1]); ok {
							b, _ := figure(word)
							c = cmp.Compare(a, b)
						}
						if c > 0 && direction == "ascending" || c < 0 && direction == "descending" {
							t.Errorf("%s by %s %s: %q before %q", v.path, l.name, direction, told[n-1], word)
						}
					}
					told = append(told, word)
				}
				rising = told
				if path != "/desk/audit" { // where each sheet leaves a trace itself
					same := func(list [][]string) (out []string) {
						for _, r := range list {
							out = append(out, strings.Join(r, "|"))
						}
						slices.Sort(out)
						return out
					}
					if !slices.Equal(same(rows), same(before)) {
						t.Errorf("%s by %s %s: %d rows of %d", v.path, l.name, direction, len(rows), len(before))
					}
					all := page
					for more := nextPage.FindStringSubmatch(page); more != nil; {
						_, next := get(w, who, html.UnescapeString(more[1]), "")
						all += next
						more = nextPage.FindStringSubmatch(next)
					}
					if shown := shownIn(all, l.place); l.place >= 0 {
						if len(shown) != len(rows) {
							t.Errorf("%s by %s %s: %d rows on the pages, %d in the sheet", v.path, l.name, direction, len(shown), len(rows))
						}
						for n := range min(len(shown), len(rows)) {
							if !alikeIn(shown[n], firstWord(rows[n][at])) {
								t.Errorf("%s by %s %s: row %d says %q, in the sheet %q", v.path, l.name, direction, n, shown[n], rows[n][at])
								break
							}
						}
					} else if n := len(rowOf.FindAllString(all, -1)); n != len(rows) {
						t.Errorf("%s by %s %s: %d entries on the pages, %d in the sheet", v.path, l.name, direction, n, len(rows))
					}
				}
				l = now[i]
			}
			if back, _ := url.Parse(l.href); !slices.Contains(own, path) && back.Query().Get("sort") != "" {
				t.Errorf("%s by %s has no way back: %s", v.path, l.name, l.href)
			}
			if slices.Contains(own, path) {
				if _, page := get(w, who, l.href, ""); !strings.Contains(page, `aria-sort="ascending"`) && !strings.Contains(page, `aria-sort="descending"`) {
					t.Errorf("%s by %s is not sorted: %s", v.path, l.name, l.href)
				}
			}
		}
	}
	if len(seen) < 25 || columns < 150 {
		t.Errorf("only %d lists with %d columns were sorted", len(seen), columns)
	}
}

var (
	anchor = regexp.MustCompile(`(?s)<a([^>]*)>(.*?)</a>`)
	hrefIn = regexp.MustCompile(`href="([^"]*)"`)
	strong = regexp.MustCompile(`<strong[^>]*>(\d+)\+?(?: 件次)?</strong>`)
	digits = regexp.MustCompile(`^\s*(\d+)\s*$`)
)

// behind counts the rows of a list, page by page.
func behind(w *handlertest.World, v *handlertest.Visitor, to string) (n int) {
	to, part, _ := strings.Cut(to, "#")
	for to != "" {
		_, body := get(w, v, to, "")
		if part == "applications" { // a box above the list
			_, body, _ = strings.Cut(body, `id="applications"`)
			body, _, _ = strings.Cut(body, "</table>")
		} else if _, after, ok := strings.Cut(body, `id="applications"`); ok {
			_, body, _ = strings.Cut(after, "</table>")
		}
		n += len(rowOf.FindAllString(body, -1))
		m := nextPage.FindStringSubmatch(body)
		if to = ""; m != nil {
			to = html.UnescapeString(m[1])
		}
	}
	return n
}

// Every number that leads to a list is the number of its rows: of each role's first
// page, and of every page with figures.
func TestEveryCountIsTheWorkBehindIt(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	visitors := visitorsOf(w, people)
	counts := 0
	for _, who := range slices.Sorted(maps.Keys(people)) {
		for _, page := range []string{"/desk", "/desk/overview", "/desk/queries", "/desk/prison-letters", "/desk/penalties", "/desk/statistics/enforcement", "/desk/duties", "/desk/operations"} {
			res, body := get(w, visitors[who], page, "")
			if res.StatusCode != http.StatusOK {
				continue // not his
			}
			for _, a := range anchor.FindAllStringSubmatch(body, -1) {
				href := hrefIn.FindStringSubmatch(a[1])
				number := strong.FindStringSubmatch(a[2])
				if number == nil {
					number = digits.FindStringSubmatch(a[2])
				}
				if href == nil || number == nil {
					continue
				}
				to := html.UnescapeString(href[1])
				want, _ := strconv.Atoi(number[1]) // digits by the pattern
				counts++
				if n := behind(w, visitors[who], to); n != want {
					t.Errorf("%s: %s says %d where it leads to %s, and there are %d (%.60q)", who, page, want, to, n, a[2])
				}
			}
		}
	}
	if counts < 60 {
		t.Errorf("only %d counts were found", counts)
	}
}

var (
	inboxForm = regexp.MustCompile(`action="/desk(/notices/\d+/read)"`)
	unreadOf  = regexp.MustCompile(`(\d+) 条未读`)
)

func unread(body string) int {
	m := unreadOf.FindStringSubmatch(body)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // digits by the pattern
	return n
}

// A message leads to the very thing that it speaks of, and is done when that is
// done; all can be marked as read up to the newest that was seen.
func TestAMessageIsTiedToItsMatter(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	for who, c := range people {
		v := w.Visitor(c)
		_, body := get(w, v, "/desk", "")
		for _, m := range inboxForm.FindAllStringSubmatch(body, -1) {
			res, _ := v.Send(http.MethodPost, m[1], url.Values{}, nil)
			to := res.Header.Get("Location")
			if res.StatusCode != http.StatusSeeOther || strings.Contains(to, "error") {
				t.Errorf("%s: a message answers %d", who, res.StatusCode)
			}
			if path, _, _ := strings.Cut(to, "?"); slices.Contains([]string{"/desk/receipts", "/desk/relatives", "/desk/releases", "/desk/decisions", "/desk/queries", "/desk/tasks", "/desk/conversations"}, path) {
				t.Errorf("%s: a message leads to the list %s", who, to)
			}
			if res, _ := get(w, v, to, ""); to != "" && res.StatusCode != http.StatusOK && res.StatusCode != http.StatusSeeOther {
				t.Errorf("%s: a message leads to %s, which answers %d", who, to, res.StatusCode)
			}
		}
	}
	// A proposal is made; the leader's message of it is done when he decides, whether
	// he opened it or not, and a second leader's too.
	second := w.Staff("zhao.yue", model.RoleLeader)
	officer := w.Visitor(people["lu.ning"])
	before := unread(firstPage(w, w.Visitor(second)))
	_, form := get(w, officer, "/desk/queries/new?case=3", "")
	fields := url.Values{"key": {handlertest.FreshKey()}, "agency": {"某局"}, "purpose": {"查明可供执行的财产"}, "case": {"3"}}
	party := regexp.MustCompile(`<option value="(\d+)"`).FindStringSubmatch(form)
	kind := regexp.MustCompile(`<option value="([a-z_]+)"[^>]*>[^<]*（须经审批）`).FindStringSubmatch(form)
	if party == nil || kind == nil {
		t.Fatalf("the form offers nobody, or nothing that is approved: %.2000s", form)
	}
	fields.Set("party", party[1])
	fields.Set("kind", kind[1])
	res, body := officer.Send(http.MethodPost, "/queries/new", fields, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("asking answers %d: %.600s", res.StatusCode, body)
	}
	if n := unread(firstPage(w, w.Visitor(second))); n != before+1 {
		t.Fatalf("the second leader has %d unread, not one more than %d", n, before)
	}
	id := regexp.MustCompile(`/desk/queries/(\d+)`).FindStringSubmatch(res.Header.Get("Location"))
	if id == nil {
		t.Fatal(res.Header.Get("Location"))
	}
	_, body = get(w, w.Visitor(people["chen.zj"]), "/desk/queries/"+id[1], "")
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)
	decide := url.Values{"decision": {"approve"}, "read": {"1"}}
	if version != nil {
		decide.Set("version", version[1])
	}
	if res, body = w.Visitor(people["chen.zj"]).Send(http.MethodPost, "/queries/"+id[1]+"/decide", decide, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("deciding answers %d: %.600s", res.StatusCode, body)
	}
	after := firstPage(w, w.Visitor(second))
	if unread(after) != before || !strings.Contains(after, "已办结") {
		t.Errorf("the second leader still has %d unread of %d", unread(after), before)
	}
	// All read, up to what was seen.
	clerk := w.Visitor(people["zhang.min"])
	seen := firstPage(w, clerk)
	mark := regexp.MustCompile(`name="up_to" value="(\d+)"`).FindStringSubmatch(seen)
	if mark != nil {
		for range 2 {
			if res, _ := clerk.Send(http.MethodPost, "/inbox/read", url.Values{"up_to": {mark[1]}}, nil); res.StatusCode != http.StatusSeeOther {
				t.Errorf("all read answers %d", res.StatusCode)
			}
		}
		if n := unread(firstPage(w, clerk)); n != 0 {
			t.Errorf("%d are unread after all were marked", n)
		}
	}
	for _, wrong := range []string{"", "0", "-1", "x"} {
		if res, _ := clerk.Send(http.MethodPost, "/inbox/read", url.Values{"up_to": {wrong}}, nil); res.StatusCode != http.StatusBadRequest {
			t.Errorf("up to %q answers %d", wrong, res.StatusCode)
		}
	}
}

func firstPage(w *handlertest.World, v *handlertest.Visitor) string {
	_, body := get(w, v, "/desk", "")
	return body
}

// A case is found as people name it, by whoever may see it and nobody else.
func TestACaseIsFoundAsPeopleNameIt(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	visitors := visitorsOf(w, people)
	_, certificates := get(w, visitors["zhang.min"], "/desk/certificates", "")
	number := regexp.MustCompile(`镇法自履证〔\d+〕\d+号`).FindString(certificates)
	_, enforced := get(w, visitors["lu.ning"], "/desk/enforcement?state=all&whose=all", "")
	execution := regexp.MustCompile(`（\d+）浙0211执\d+号`).FindString(enforced)
	if number == "" || execution == "" {
		t.Fatal("the demonstration lacks a certificate or an enforcement case")
	}
	year := w.Clock.Now().In(model.CourtZone).Year()
	running := regexp.MustCompile(`执(\d+)号`).FindStringSubmatch(execution)[1]
	for _, c := range []struct {
		who, text, want string
	}{
		{"zhang.min", "1201", "民初1201号"},
		{"zhang.min", "１２０１号", "民初1201号"},
		{"zhang.min", fmt.Sprintf("%d浙0211民初1201号", year), ""}, // leads there at once
		{"zhang.min", "陈建", "民初1201号"},
		{"zhang.min", "周丽", "民初1201号"},
		{"zhang.min", "13800000201", "民初1201号"}, // on file,
		{"zhang.min", "138 0000 0201", "民初1201号"},
		{"zhang.min", "甬江物流", "民初1202号"},
		{"zhang.min", "甬江吴强", "民初1202号"}, // what lies between is left out
		{"zhang.min", number, "民初1202号"},
		{"wan.tt", execution, "民初"},
		{"wan.tt", running, "民初"},
	} {
		res, body := get(w, visitors[c.who], "/desk/cases?text="+url.QueryEscape(c.text), "")
		if c.want == "" {
			if res.StatusCode != http.StatusSeeOther {
				t.Errorf("%q answers %d", c.text, res.StatusCode)
			}
			continue
		}
		if res.StatusCode != http.StatusOK || !strings.Contains(body, c.want) || rowOf.FindString(body) == "" {
			t.Errorf("%s does not find %q by %q", c.who, c.want, c.text)
		}
		if _, part := get(w, visitors[c.who], "/desk/find?text="+url.QueryEscape(c.text), ""); !strings.Contains(part, c.want) || strings.Contains(part, "<html") {
			t.Errorf("%s is not suggested %q by %q: %.300s", c.who, c.want, c.text, part)
		}
	}
	for _, text := range []string{"1201", "陈建", "13800000201", number} {
		_, body := get(w, visitors["ji.wei"], "/desk/cases?text="+url.QueryEscape(text), "")
		_, part := get(w, visitors["ji.wei"], "/desk/find?text="+url.QueryEscape(text), "")
		if strings.Contains(body+part, "民初1201号") || strings.Contains(body+part, "民初1202号") {
			t.Errorf("another judge finds the case by %q", text)
		}
	}
	if _, body := get(w, visitors["lu.ning"], "/desk/enforcement?state=all&whose=all&text="+url.QueryEscape("镇海法院"), ""); strings.Contains(body, `class="problem"`) {
		t.Errorf("镇海法院 is refused: %.300s", body)
	}
	if _, body := get(w, visitors["chen.zj"], "/desk/cases?text="+url.QueryEscape("镇海法院"), ""); rowOf.FindString(body) == "" {
		t.Error("nothing that goes to the court is found under 镇海法院")
	}
	if _, body := get(w, visitors["zhang.min"], "/desk/cases?text="+url.QueryEscape("%_"), ""); rowOf.FindString(body) != "" {
		t.Error("signs that mean something in a pattern find something")
	}
}

// A filter is kept under a name by one person, for himself.
func TestAFilterIsKept(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	judge, other := w.Visitor(people["zhang.min"]), w.Visitor(people["ji.wei"])
	save := func(v *handlertest.Visitor, path, name, query string) *http.Response {
		res, _ := v.Send(http.MethodPost, "/saved-filters", url.Values{"path": {path}, "name": {name}, "query": {query}}, nil)
		return res
	}
	for range 2 { // a repeat changes nothing
		if res := save(judge, "/cases", "逾期的", "overdue=1&done=saved&after=3"); res.StatusCode != http.StatusSeeOther {
			t.Fatal(res.StatusCode)
		}
	}
	_, body := get(w, judge, "/desk/cases", "")
	m := regexp.MustCompile(`/desk/saved-filters/(\d+)/delete`).FindAllStringSubmatch(body, -1)
	if len(m) != 1 || !strings.Contains(body, `href="/desk/cases?overdue=1"`) || !strings.Contains(body, "逾期的") {
		t.Fatalf("the filter is kept %d times", len(m))
	}
	if _, body := get(w, other, "/desk/cases", ""); strings.Contains(body, "逾期的") {
		t.Error("somebody else sees it")
	}
	for name, c := range map[string][3]string{
		"no name": {"/cases", " ", "overdue=1"}, "a long name": {"/cases", strings.Repeat("长", 21), "overdue=1"}, "no list": {"/me", "x", ""}, "another role's": {"/audit", "x", ""},
		"an address": {"/cases/../audit", "x", ""},
	} {
		if res := save(judge, c[0], c[1], c[2]); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s answers %d", name, res.StatusCode)
		}
	}
	if res, _ := other.Send(http.MethodPost, "/saved-filters/"+m[0][1]+"/delete", url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if _, body := get(w, judge, "/desk/cases", ""); !strings.Contains(body, "逾期的") {
		t.Error("somebody else deleted it")
	}
	for range 2 {
		if res, _ := judge.Send(http.MethodPost, "/saved-filters/"+m[0][1]+"/delete", url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
			t.Error(res.StatusCode)
		}
	}
	if _, body := get(w, judge, "/desk/cases", ""); strings.Contains(body, "逾期的") {
		t.Error("it is still there")
	}
}
