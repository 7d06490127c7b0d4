package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler"
	"microcourt/model"
)

// secrets are what names the first judge's cases.
type secrets []string

func (s secrets) in(body string) (found []string) {
	for _, v := range s {
		if v != "" && strings.Contains(body, v) {
			found = append(found, v)
		}
	}
	return found
}

// Two judges of one court, each with a case in enforcement and one with a
// certificate: whatever address of the API or the desk they are tried with,
// there is nothing that both may open, and no list of the one names anything of
// the other's. What a new route adds is tried with them.
func TestJudgesReadTheirOwnCases(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	first := c.judge
	second := c.staff("qian.fg", model.RoleJudge)
	// The first judge's: measures, a clean-up that waits, messages, a certificate, an upload.
	c.take("listing")
	c.take("tracing")
	c.debtor.say(c.f, "我想分期履行，请回复")
	c.pay(first, 920)
	holder := c.phone("")
	done, cert := c.certified(first, c.clerk, holder)
	loose := c.debtor.uploaded(c.f.id, 921)
	enforced := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	detail := first.must(http.StatusOK, get, fmt.Sprintf("/certificates/%d", cert.id("id")), nil)
	theirs := secrets{c.f.no, enforced.str("case_no"), "赵明", done.no, cert.str("number"), detail.str("check_code")}
	for _, v := range theirs {
		if v == "" {
			t.Fatal("a secret is missing", theirs)
		}
	}
	// The second judge's own.
	in := personInput(func(d obj) { d["name"], d["id_number"], d["phone"] = "钱亮", "440524188001010014", "13700137000" })
	in["judge"] = "qian.fg"
	in["parties"].([]obj)[0]["name"] = "周敏"
	own := c.fileInput(c.clerk, in)
	if list := second.must(http.StatusOK, get, "/cases", nil).list("cases"); len(list) != 1 || list[0].id("id") != own.id {
		t.Fatalf("the second judge's cases: %v", list)
	}

	const most = 30 // the ids of a thing in this court
	opened, listed := 0, 0
	try := func(where string, mine, other answerOf) {
		if mine.status == http.StatusOK {
			opened++
		}
		if other.status == http.StatusOK && mine.status == http.StatusOK && strings.Contains(where, "=id ") {
			t.Errorf("%s: both judges may open it: %.200s", where, other.body)
		}
		if found := theirs.in(other.body); other.status == http.StatusOK && len(found) > 0 {
			t.Errorf("%s names %v to the other judge", where, found)
		}
		if mine.status == http.StatusOK && len(theirs.in(mine.body)) > 0 {
			listed++
		}
	}
	ask := func(who *client, path string) answerOf {
		a := who.call(get, path, nil)
		return answerOf{a.status, string(a.body)}
	}
	for _, row := range handler.Rows() {
		if row.Method != get || !model.RoleJudge.May(row.Act) {
			continue
		}
		if !strings.Contains(row.Path, ":id") {
			path := parameter.ReplaceAllString(row.Path, "1")
			for _, query := range []string{"", "?state=done", "?state=lifted", "?late=1", "?kind=listing"} {
				try(row.Path+query, ask(first, path+query), ask(second, path+query))
			}
			continue
		}
		for id := 1; id <= most; id++ {
			path := parameter.ReplaceAllString(row.Path, fmt.Sprint(id))
			if first := ask(first, path); first.status == http.StatusOK {
				try(row.Path+"=id ", first, ask(second, path))
			}
		}
	}
	if opened < 60 || listed < 15 {
		t.Errorf("only %d things of the API were opened, %d named something", opened, listed)
	}

	opened, listed = 0, 0
	a, b := c.visitor(first), c.visitor(second)
	page := func(v *visitor, path string) answerOf {
		res, body := v.send(get, path, nil, nil)
		return answerOf{res.StatusCode, body}
	}
	for _, row := range handler.DeskRows() {
		if row.Method != get || !model.RoleJudge.May(row.Act) || row.Path == "/events" {
			continue
		}
		if !strings.Contains(row.Path, ":") {
			try("/desk"+row.Path, page(a, row.Path), page(b, row.Path))
			continue
		}
		for id := 1; id <= most && strings.Contains(row.Path, ":id"); id++ {
			path := parameter.ReplaceAllString(row.Path, fmt.Sprint(id))
			if first := page(a, path); first.status == http.StatusOK {
				try("/desk"+row.Path+"=id ", first, page(b, path))
			}
		}
	}
	if opened < 20 || listed < 8 {
		t.Errorf("only %d pages of the desk were opened, %d named something", opened, listed)
	}

	// What nobody submitted is its owner's, also before the judge of the case.
	for who, status := range map[*client]int{c.debtor: http.StatusOK, first: gone, second: gone, c.clerk: gone, c.officer: gone, c.leader: gone} {
		for _, variant := range []string{"view", "thumbnail"} {
			if a := who.call(get, fmt.Sprintf("/files/%d/%s", loose, variant), nil); a.status != status {
				t.Errorf("%s opens an upload that nobody submitted: %d", who.name, a.status)
			}
		}
	}
	// A list manager sees which certificates there are, and nothing that opens one.
	manager := c.staff("list.gl", model.RoleListManager)
	if list := manager.must(http.StatusOK, get, "/certificates", nil).list("certificates"); len(list) != 1 || list[0].str("state") != "valid" {
		t.Errorf("the list manager's certificates: %v", list)
	}
	at := fmt.Sprintf("/certificates/%d", cert.id("id"))
	for _, path := range []string{at, at + "/pdf", at + "/lookups"} {
		manager.refused(http.StatusForbidden, "role.forbidden", get, path, nil)
	}
	if html := manager.reads("/certificates"); !strings.Contains(html, cert.str("number")) || strings.Contains(html, detail.str("check_code")) || strings.Contains(html, "/pdf") {
		t.Error("the list manager's page shows more than how certificates stand")
	}
	// Whoever leads or helps the court sees them, as he sees its cases.
	for _, who := range []*client{c.clerk, c.leader, c.officer, holder} {
		who.must(http.StatusOK, get, at, nil)
	}
}

type answerOf struct {
	status int
	body   string
}

// Nothing personal stays in a browser: answers are not stored, and a log-out
// clears what was.
func TestNothingStaysInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f, cert := w.certified(judge, clerk, debtor)
	for _, path := range []string{
		"/files/1/view", "/files/1/thumbnail", "/files/1/original", fmt.Sprintf("/certificates/%d/pdf", cert.id("id")), fmt.Sprintf("/certificates/%d", cert.id("id")),
		fmt.Sprintf("/cases/%d", f.id), "/documents/1/pdf", "/me",
	} {
		if a := judge.call(get, path, nil); a.status != http.StatusOK || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: %d, Cache-Control %q", path, a.status, a.header.Get("Cache-Control"))
		}
	}
	v := w.visitor(judge)
	for _, path := range []string{"", "/files/1/view", "/files/1/original", fmt.Sprintf("/cases/%d", f.id), fmt.Sprintf("/certificates/%d/pdf", cert.id("id"))} {
		if res, _ := v.send(get, path, nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("/desk%s: %d, Cache-Control %q", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	res, _ := v.send(post, "/logout", url.Values{}, nil)
	if clear := res.Header.Get("Clear-Site-Data"); !strings.Contains(clear, `"cache"`) || !strings.Contains(clear, `"storage"`) || !strings.Contains(res.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the log-out leaves something: %q, %q", clear, res.Header.Get("Set-Cookie"))
	}
	if a := clerk.call(http.MethodDelete, "/sessions/current", nil); a.status != http.StatusNoContent || !strings.Contains(a.header.Get("Clear-Site-Data"), `"cache"`) {
		t.Errorf("the API's log-out: %d %v", a.status, a.header)
	}
}

// An unknown value of a filter is refused on every list of the desk.
func TestUnknownFiltersOfTheDeskAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	as := map[model.Role]*visitor{}
	tried := 0
	for _, p := range handler.DeskChoices() {
		role := model.StaffRoles[0]
		for _, r := range model.StaffRoles {
			if r.May(p.Act) {
				role = r
				break
			}
		}
		if as[role] == nil {
			as[role] = w.visitor(w.staff("desk."+string(role), role))
		}
		res, html := as[role].send(get, strings.TrimPrefix(address(p, "foo"), "/desk"), nil, nil)
		tried++
		if res.StatusCode != bad || !strings.Contains(html, p.Name) || !strings.Contains(html, p.Allowed[0]) {
			t.Errorf("/desk%s?%s=foo: %d %.300s", p.Path, p.Name, res.StatusCode, html)
		}
	}
	if tried < 30 {
		t.Errorf("only %d filters were tried", tried)
	}
	// A field twice and an invisible character are refused on forms as well.
	clerk := w.staff("wan.tt", model.RoleClerk)
	for _, form := range []url.Values{{"case_no": {"1", "2"}}, {"cause": {"买卖\u202e合同"}}} {
		if status, _ := clerk.posts("/filing", form); status != bad {
			t.Errorf("%v: %d", form, status)
		}
	}
}
