package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/storage"
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

// guarded is a court with one judge's cases: measures, a clean-up that waits,
// messages, a certificate and an upload that nobody submitted.
type guarded struct {
	*coerced
	holder *handlertest.Client // of the certificate
	cert   handlertest.Obj
	code   string // by which it is verified
	loose  int64
	theirs secrets
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{coerced: newCoerced(t)}
	g.take("listing")
	g.take("tracing")
	g.debtor.Say(g.f, "我想分期履行，请回复")
	g.pay(g.judge, 920)
	g.holder = g.Phone("")
	err := g.DB.Transact(context.Background(), func(tx *storage.DB) error { // the first number is the example of the settings
		_, err := tx.NextSerial(context.Background(), g.Court.ID, model.CertificateSeries, 2026)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var done handlertest.Filed
	done, g.cert = g.Certified(g.judge, g.clerk, g.holder)
	g.loose = g.debtor.Uploaded(g.f.ID, 921)
	enforced := g.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", g.id), nil)
	g.code = g.judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/certificates/%d", g.cert.ID("id")), nil).Str("check_code")
	g.theirs = secrets{g.f.No, enforced.Str("case_no"), "赵明", done.No, g.cert.Str("number"), g.code}
	for _, v := range g.theirs {
		if v == "" {
			t.Fatal("a secret is missing", g.theirs)
		}
	}
	return g
}

const mostIDs = 30 // of a thing in such a court

// An administrator keeps accounts, settings and the machine: whatever address of
// the API or the desk he tries, nothing names a case, its people or its papers,
// no file opens, and who did what he does not read. As a judge he reads what is
// his as a judge.
func TestAnAdministratorReadsNoCase(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	g.Clock.Advance(3 * time.Hour) // so that something is left undone
	admin := g.Staff("shen.ji", model.RoleAdmin)
	paths := func(pattern string) (out []string) {
		if !strings.Contains(pattern, ":") {
			for _, query := range []string{"", "?state=done", "?late=1", "?text=" + url.QueryEscape("赵明")} {
				out = append(out, pattern+query)
			}
			return out
		}
		for id := 1; id <= mostIDs; id++ {
			out = append(out, parameter.ReplaceAllString(pattern, fmt.Sprint(id)))
		}
		return out
	}
	opened := map[bool]int{}
	try := func(where string, may, desk bool, ask func(string) handlertest.AnswerOf, pattern string) {
		for _, path := range paths(pattern) {
			a := ask(path)
			if found := g.theirs.in(a.Body); len(found) > 0 {
				t.Errorf("%s%s names %v to the administrator", where, path, found)
			}
			if a.Status == http.StatusOK {
				opened[desk]++
			}
			if !may && a.Status/100 == 2 {
				t.Errorf("%s%s: %d", where, path, a.Status)
			}
			if !may && a.Status == http.StatusForbidden {
				break // by his role, whatever it is
			}
		}
	}
	for _, row := range handler.Rows() {
		if row.Method == handlertest.Get {
			try("", model.RoleAdmin.May(row.Act), false, admin.Asks, row.Path)
		}
	}
	v := g.Visitor(admin)
	for _, row := range handler.DeskRows() {
		if row.Method == handlertest.Get && row.Path != "/events" {
			try("/desk", model.RoleAdmin.May(row.Act), true, v.Asks, row.Path)
		}
	}
	if opened[false] < 3 || opened[true] < 10 { // he works at the desk
		t.Errorf("only %v things were opened", opened)
	}
	for id := range int64(mostIDs) {
		for _, path := range []string{"/files/%d/view", "/files/%d/thumbnail", "/certificates/%d/pdf", "/documents/%d/pdf"} {
			admin.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, fmt.Sprintf(path, id+1), nil)
		}
	}
	if status := v.Asks("/audit").Status; status != http.StatusForbidden {
		t.Errorf("the administrator opens the trail: %d", status)
	}
}

// Two judges of one court, each with a case in enforcement and one with a
// certificate: whatever address of the API or the desk they are tried with,
// there is nothing that both may open, and no list of the one names anything of
// the other's. What a new route adds is tried with them. One of them may be the
// administrator as well: he reads no more than a judge.
func TestJudgesReadTheirOwnCases(t *testing.T) {
	t.Parallel()
	for _, roles := range [][]model.Role{{model.RoleJudge}, {model.RoleJudge, model.RoleAdmin}} {
		t.Run(fmt.Sprint(roles), func(t *testing.T) {
			t.Parallel()
			judgesReadTheirOwn(t, roles)
		})
	}
}

func judgesReadTheirOwn(t *testing.T, roles []model.Role) {
	t.Helper()
	c := newGuarded(t)
	first, theirs, cert, loose, holder := c.judge, c.theirs, c.cert, c.loose, c.holder
	second := c.Staff("qian.fg", roles...)
	may := func(act model.Act) bool {
		return slices.ContainsFunc(roles, func(r model.Role) bool { return r.May(act) })
	}
	// The second judge's own.
	in := personInput(func(d handlertest.Obj) {
		d["name"], d["id_number"], d["phone"] = "钱亮", "440524188001010014", "13700137000"
	})
	in["judge"] = "qian.fg"
	in["parties"].([]handlertest.Obj)[0]["name"] = "周敏"
	own := c.FileInput(c.clerk, in)
	if list := second.Must(http.StatusOK, handlertest.Get, "/cases", nil).List("cases"); len(list) != 1 || list[0].ID("id") != own.ID {
		t.Fatalf("the second judge's cases: %v", list)
	}

	opened, listed := 0, 0
	try := func(where string, mine, other handlertest.AnswerOf) {
		if mine.Status == http.StatusOK {
			opened++
		}
		if other.Status == http.StatusOK && mine.Status == http.StatusOK && strings.Contains(where, "=id ") {
			t.Errorf("%s: both judges may open it: %.200s", where, other.Body)
		}
		if found := theirs.in(other.Body); other.Status == http.StatusOK && len(found) > 0 {
			t.Errorf("%s names %v to the other judge", where, found)
		}
		if mine.Status == http.StatusOK && len(theirs.in(mine.Body)) > 0 {
			listed++
		}
	}
	for _, row := range handler.Rows() {
		if row.Method != handlertest.Get || !may(row.Act) {
			continue
		}
		if !strings.Contains(row.Path, ":id") {
			path := parameter.ReplaceAllString(row.Path, "1")
			for _, query := range []string{"", "?state=done", "?state=lifted", "?late=1", "?kind=listing"} {
				try(row.Path+query, first.Asks(path+query), second.Asks(path+query))
			}
			continue
		}
		for id := 1; id <= mostIDs; id++ {
			path := parameter.ReplaceAllString(row.Path, fmt.Sprint(id))
			if mine := first.Asks(path); mine.Status == http.StatusOK {
				try(row.Path+"=id ", mine, second.Asks(path))
			}
		}
	}
	if opened < 60 || listed < 15 {
		t.Errorf("only %d things of the API were opened, %d named something", opened, listed)
	}

	opened, listed = 0, 0
	a, b := c.Visitor(first), c.Visitor(second)
	for _, row := range handler.DeskRows() {
		if row.Method != handlertest.Get || !may(row.Act) || row.Path == "/events" {
			continue
		}
		if !strings.Contains(row.Path, ":") {
			try("/desk"+row.Path, a.Asks(row.Path), b.Asks(row.Path))
			continue
		}
		for id := 1; id <= mostIDs && strings.Contains(row.Path, ":id"); id++ {
			path := parameter.ReplaceAllString(row.Path, fmt.Sprint(id))
			if mine := a.Asks(path); mine.Status == http.StatusOK {
				try("/desk"+row.Path+"=id ", mine, b.Asks(path))
			}
		}
	}
	if opened < 20 || listed < 8 {
		t.Errorf("only %d pages of the desk were opened, %d named something", opened, listed)
	}

	// What nobody submitted is its owner's, also before the judge of the case.
	for who, status := range map[*handlertest.Client]int{c.debtor: http.StatusOK, first: handlertest.Gone, second: handlertest.Gone, c.clerk: handlertest.Gone, c.officer: handlertest.Gone, c.leader: handlertest.Gone} {
		for _, variant := range []string{"view", "thumbnail"} {
			if a := who.Call(handlertest.Get, fmt.Sprintf("/files/%d/%s", loose, variant), nil); a.Status != status {
				t.Errorf("%s opens an upload that nobody submitted: %d", who.Name, a.Status)
			}
		}
	}
	// A list manager sees which certificates there are, and nothing that opens one.
	manager := c.Staff("list.gl", model.RoleListManager)
	if list := manager.Must(http.StatusOK, handlertest.Get, "/certificates", nil).List("certificates"); len(list) != 1 || list[0].Str("state") != "valid" {
		t.Errorf("the list manager's certificates: %v", list)
	}
	at := fmt.Sprintf("/certificates/%d", cert.ID("id"))
	for _, path := range []string{at, at + "/pdf", at + "/lookups"} {
		manager.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, path, nil)
	}
	if html := manager.Reads("/certificates"); !strings.Contains(html, cert.Str("number")) || strings.Contains(html, c.code) || strings.Contains(html, "/pdf") {
		t.Error("the list manager's page shows more than how certificates stand")
	}
	// Whoever leads or helps the court sees them, as he sees its cases.
	for _, who := range []*handlertest.Client{c.clerk, c.leader, c.officer, holder} {
		who.Must(http.StatusOK, handlertest.Get, at, nil)
	}
}

// Nothing personal stays in a browser: answers are not stored, and a log-out
// clears what was.
func TestNothingStaysInTheBrowser(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f, cert := w.Certified(judge, clerk, debtor)
	for _, path := range []string{
		"/files/1/view", "/files/1/thumbnail", fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")), fmt.Sprintf("/certificates/%d", cert.ID("id")),
		fmt.Sprintf("/cases/%d", f.ID), "/documents/1/pdf", "/me",
	} {
		if a := judge.Call(handlertest.Get, path, nil); a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: %d, Cache-Control %q", path, a.Status, a.Header.Get("Cache-Control"))
		}
	}
	v := w.Visitor(judge)
	for _, path := range []string{"", "/files/1/view", "/files/1/original", fmt.Sprintf("/cases/%d", f.ID), fmt.Sprintf("/certificates/%d/pdf", cert.ID("id"))} {
		if res, _ := v.Send(handlertest.Get, path, nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("/desk%s: %d, Cache-Control %q", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	res, _ := v.Send(handlertest.Post, "/logout", url.Values{}, nil)
	if clear := res.Header.Get("Clear-Site-Data"); !strings.Contains(clear, `"cache"`) || !strings.Contains(clear, `"storage"`) || !strings.Contains(res.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the log-out leaves something: %q, %q", clear, res.Header.Get("Set-Cookie"))
	}
	if a := clerk.Call(http.MethodDelete, "/sessions/current", nil); a.Status != http.StatusNoContent || !strings.Contains(a.Header.Get("Clear-Site-Data"), `"cache"`) {
		t.Errorf("the API's log-out: %d %v", a.Status, a.Header)
	}
}

// An unknown value of a filter is refused on every list of the desk.
func TestUnknownFiltersOfTheDeskAreRefused(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := map[model.Role]*handlertest.Visitor{}
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
			as[role] = w.Visitor(w.Staff("desk."+string(role), role))
		}
		res, html := as[role].Send(handlertest.Get, strings.TrimPrefix(address(p, "foo"), "/desk"), nil, nil)
		tried++
		if res.StatusCode != handlertest.Bad || !strings.Contains(html, p.Name) || !strings.Contains(html, p.Allowed[0]) {
			t.Errorf("/desk%s?%s=foo: %d %.300s", p.Path, p.Name, res.StatusCode, html)
		}
	}
	if tried < 30 {
		t.Errorf("only %d filters were tried", tried)
	}
	// A field twice and an invisible character are refused on forms as well.
	clerk := w.Staff("wan.tt", model.RoleClerk)
	for _, form := range []url.Values{{"case_no": {"1", "2"}}, {"cause": {"买卖\u202e合同"}}} {
		if status, _ := clerk.Posts("/filing", form); status != handlertest.Bad {
			t.Errorf("%v: %d", form, status)
		}
	}
}
