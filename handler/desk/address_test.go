package desk

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"microcourt/handler/web"
	"microcourt/model"
)

var (
	addressAt = regexp.MustCompile(`\b(?:href|src|action|formaction|hx-get|hx-post|data-src|data-stream)="((?:\{\{(?:"[^"]*"|[^}"])*\}\}|[^"{])*)"`)
	value     = regexp.MustCompile(`\{\{(?:"[^"]*"|[^}"])*\}\}`)
	plain     = regexp.MustCompile(`^\{\{-?\s*(?:end|else|if|with|range|address|asset)\b`)
	joined    = regexp.MustCompile(`"/(?:desk|listings|verify|message)[^"\s]*\?[^"]*(?:%[a-z]|="\s*\+)`)
)

// A value gets into the query of an address in one way: by web.Address. Escaped
// by a page as well, it is escaped twice; joined without, it ends where a sign
// stands that means something.
func TestAddressesAreMadeInOneWay(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../public/pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range append(pages, more...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"| query", "{{query ", "urlquery", "QueryEscape"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s escapes by itself: %s", file, word)
			}
		}
		for _, m := range addressAt.FindAllStringSubmatch(string(b), -1) {
			n++
			if _, query, ok := strings.Cut(value.ReplaceAllStringFunc(m[1], func(v string) string {
				if plain.MatchString(v) {
					return ""
				}
				return "\x00"
			}), "?"); ok && strings.Contains(query, "\x00") {
				t.Errorf("%s: %s puts a value into a query without {{address}}", file, m[1])
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d addresses were found", n)
	}
	for _, folder := range []string{".", "../public", "../api"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range joined.FindAllString(string(b), -1) {
				t.Errorf("%s joins an address by hand: %s", file, m)
			}
		}
	}
}

// What a page makes of an address is what the server reads, whatever it says.
func TestAddressesSurviveThePage(t *testing.T) {
	t.Parallel()
	page := template.Must(template.New("").Funcs(functions).Parse(`<a href="{{address "/desk/groups" "ref" .}}">x</a>`))
	for _, ref := range []string{"小太阳托班", "甲&乙=丙?丁#戊", "100% +1", `"><script>`} {
		var b bytes.Buffer
		if err := page.Execute(&b, ref); err != nil {
			t.Fatal(err)
		}
		href := strings.TrimSuffix(strings.TrimPrefix(b.String(), `<a href="`), `">x</a>`)
		u, err := url.Parse(html.UnescapeString(href))
		if err != nil || u.Query().Get("ref") != ref {
			t.Errorf("%q arrives as %q (%s)", ref, u.Query().Get("ref"), b.String())
		}
	}
}

func TestOpens(t *testing.T) {
	t.Parallel()
	var d Desk
	learnPages(d.Routes())
	manager, judge := model.Actor{Roles: []model.Role{model.RoleListManager}}, model.Actor{Roles: []model.Role{model.RoleJudge}}
	for _, c := range []struct {
		by   model.Actor
		to   string
		want bool
	}{
		{manager, "/desk", true},
		{manager, "/desk/cases/3", false},
		{manager, web.Address("/desk/cases/3", "tab", "notices"), false},
		{manager, "/desk/duty-tasks/4", true},
		{judge, "/desk/cases/3?tab=plan#x", true},
		{judge, "/desk/queries/new", false},
		{judge, "/desk/nothing", false},
	} {
		if got := opens(c.by, c.to); got != c.want {
			t.Errorf("%v opens %s: %v", c.by.Roles, c.to, got)
		}
	}
}
