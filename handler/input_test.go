package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/handler/web"
	"microcourt/model"
)

// impossible are days that a sheet, a slip of the finger or a program's zero
// value makes.
var impossible = []string{"0001-01-01", "0026-01-05", "26-01-05", "9999-12-31", "2126-01-05", "2026-01-05abc", "2026-01-05 ", "2026-1-5", "2026-02-30"}

// clientsFor gives a client that may do an act, one for each role.
func clientsFor(t *testing.T, w *handlertest.World) func(model.Act) *handlertest.Client {
	t.Helper()
	as := map[model.Role]*handlertest.Client{model.RolePublic: w.Public(), model.RoleParty: w.Phone(""), model.RoleRelative: w.Phone(""), model.RoleCaseSystem: w.CaseSystem()}
	clerk := w.Staff("roster.of.roles", model.RoleClerk)
	as[model.RoleLiaison], _ = w.Liaison(clerk, "联络员", 30, clerk.Village("镇", "村"))
	return func(act model.Act) *handlertest.Client {
		role := model.Roles[slices.IndexFunc(model.Roles, func(r model.Role) bool { return r.May(act) })]
		if as[role] == nil {
			as[role] = w.Staff("role."+string(role), role)
		}
		return as[role]
	}
}

func address(p handler.Parameter, values ...string) string {
	q := url.Values{p.Name: values}
	return parameter.ReplaceAllString(p.Path, "1") + "?" + q.Encode()
}

// A filter that nobody knows is refused with its name and what it may be, on
// every route of the document; so is one that is given twice.
func TestUnknownValuesOfFiltersAreRefused(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := clientsFor(t, w)
	list := handler.Choices()
	if len(list) < 20 {
		t.Fatalf("only %d filters were found", len(list))
	}
	for _, p := range list {
		for _, v := range []string{"foo", p.Allowed[0] + "x", " ", "' OR 1=1"} {
			a := as(p.Act).Call(p.Method, address(p, v), nil)
			e := a.Json.Obj("error")
			if a.Status != handlertest.Bad || e.Str("reason") != "filter.unknown" || e.Str("field") != p.Name || !strings.Contains(e.Str("message"), p.Allowed[0]) {
				t.Errorf("%s %s: %d %s", p.Method, address(p, v), a.Status, a.Body)
			}
		}
		if a := as(p.Act).Call(p.Method, address(p, p.Allowed[0], p.Allowed[0]), nil); a.Status != handlertest.Bad || a.Json.Reason() != "field.repeated" {
			t.Errorf("%s %s twice: %d %s", p.Method, p.Name, a.Status, a.Body)
		}
	}
	refusedAll(t, []mistake{{as(model.ActCaseRead), handlertest.Bad, "text.broken", handlertest.Get, "/cases?text=%ff%fe", nil, "text"}})
}

// Every day of every body has a meaning and therefore bounds, and what is
// outside of them is refused with its path before anything else is read.
func TestEveryDayOfTheDocumentHasBounds(t *testing.T) {
	t.Parallel()
	today := model.NewDate(2026, 3, 2)
	n := 0
	for route, in := range handler.Inputs() {
		days(in, "", nil, func(path string, wrap func(any) any, instant bool) {
			n++
			if r, ok := model.DayRuleOf(path); !ok || r.Since == "" {
				t.Errorf("%s: %s declares no bounds", route, path)
			}
			for _, v := range impossible {
				if instant {
					v += "T09:30:00+08:00"
				}
				b, err := json.Marshal(wrap(v))
				if err != nil {
					t.Fatal(err)
				}
				err = web.DecodeJSON(strings.NewReader(string(b)), reflect.New(in).Interface(), today)
				if r := model.ReasonOf(err); r != "date.range" && r != "date.format" || model.FieldOf(err) != path {
					t.Errorf("%s: %s: %v", route, b, err)
				}
			}
		})
	}
	if n < 25 {
		t.Errorf("only %d days were found", n)
	}
}

// Every day of a form of the desk declares what it cannot precede and how far it may lie
// ahead.
func TestEveryDayOfTheDeskHasBounds(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("desk/*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := regexp.MustCompile(`\.(?:date|dateAsked|time)\("(\w+)"`)
	n := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read.FindAllStringSubmatch(string(raw), -1) {
			n++
			if r, ok := model.DayRuleOf(m[1]); !ok || r.Since == "" {
				t.Errorf("%s: %s declares no bounds in model/date_window.go", name, m[1])
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d days were found", n)
	}
}

// days finds the days in a type, with their paths and a body that holds nothing
// else.
func days(in reflect.Type, path string, wrap func(any) any, found func(string, func(any) any, bool)) {
	if wrap == nil {
		wrap = func(v any) any { return v }
	}
	switch {
	case in.Kind() == reflect.Pointer:
		days(in.Elem(), path, wrap, found)
	case in == reflect.TypeFor[model.Date](), in == reflect.TypeFor[time.Time]():
		found(path, wrap, in != reflect.TypeFor[model.Date]())
	case in.Kind() == reflect.Slice:
		days(in.Elem(), path+"[0]", func(v any) any { return wrap([]any{v}) }, found)
	case in.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(in) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			at := name
			if path != "" {
				at = path + "." + name
			}
			days(f.Type, at, func(v any) any { return wrap(map[string]any{name: v}) }, found)
		}
	}
}

func TestEveryDayOfAnAddressHasBounds(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := clientsFor(t, w)
	list := handler.QueryDays()
	if len(list) < 5 {
		t.Fatalf("only %d days were found", len(list))
	}
	for _, p := range list {
		for _, v := range impossible {
			a := as(p.Act).Call(p.Method, address(p, v), nil)
			e := a.Json.Obj("error")
			if r := e.Str("reason"); a.Status != handlertest.Bad || r != "date.range" && r != "date.format" || e.Str("field") != p.Name {
				t.Errorf("%s %s: %d %s", p.Method, address(p, v), a.Status, a.Body)
			}
		}
	}
}

// What nobody sees, what is no character and what is said twice is refused
// where it comes in, with its field, and nothing is filed.
func TestACaseIsWhatItsBodySays(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk, judge, system := w.Staff("wan.tt", model.RoleClerk), w.Staff("zhang.min", model.RoleJudge), w.CaseSystem()
	in := handlertest.CaseInput()
	in["version"] = 1
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	no, _ := in["case_no"].(string)
	with := func(old, change string) string {
		body := strings.Replace(string(raw), old, change, 1)
		if body == string(raw) {
			t.Fatalf("%q is not in the body", old)
		}
		return body
	}
	for body, want := range map[string][2]string{
		with(`{`, `{"cause":"赠与合同纠纷",`):                  {"body.duplicate_key", "cause"},
		with(`"cause":`, `"Cause":"赠与合同纠纷","cause":`):    {"body.duplicate_key", "cause"},
		with(`"name":"`, `"name":"\u202e`):               {"text.invisible", "parties[0].name"},
		with(`"name":"`, `"name":"\ud800`):               {"text.broken", "parties[0].name"},
		with(`"filed_on":"20`, `"filed_on":"00`):         {"date.range", "filed_on"},
		with(`"effective_on":"20`, `"effective_on":"19`): {"date.range", "instruments[0].effective_on"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), handlertest.Put, w.URL+"/api/v1/case-system/cases/"+url.PathEscape(no), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		a := system.Send(req)
		if e := a.Json.Obj("error"); a.Status != handlertest.Bad || e.Str("reason") != want[0] || e.Str("field") != want[1] {
			t.Errorf("%s: %d %s, want %v", body, a.Status, a.Body, want)
		}
	}
	if list := judge.Must(http.StatusOK, handlertest.Get, "/cases", nil).List("cases"); len(list) != 0 {
		t.Errorf("a refused body left %v", list)
	}
	// The same number in another hand is the same case, and a folded look-up finds it.
	id := w.FileInput(clerk, in).ID
	in["case_no"], in["cause"] = strings.NewReplacer("（", "(", "）", ")", "2026", "２０２６").Replace(no), "赠与合同纠纷"
	input, err := in.Case()
	if err == nil {
		_, _, err = w.Svc.Filing.File(t.Context(), clerk.Actor(), input)
	}
	w.Refusal(err, model.Invalid, "case.exists", "case_no")
	found := clerk.Must(http.StatusOK, handlertest.Get, "/cases?text="+url.QueryEscape("\u200b("+no[len("（"):len("（2026")]), nil).List("cases")
	if len(found) != 1 || found[0].ID("id") != id {
		t.Errorf("the folded number finds %v", fmt.Sprint(found))
	}
}
