package desk

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	searchForm = regexp.MustCompile(`(?s)<form[^>]*method="get"[^>]*action="/desk([^"]*)"[^>]*>(.*?)</form>`)
	chooser    = regexp.MustCompile(`<select[^>]*\bname="([a-z_]+)"|<input[^>]*type="checkbox"[^>]*\bname="([a-z_]+)"`)
	linked     = regexp.MustCompile(`href="/desk(/[a-z/-]+)\?([^"#]*)`)
	addressed  = regexp.MustCompile(`address "/desk(/[a-z/-]+)[#a-z]*"((?: "[a-z_]+" (?:"[a-z_]+"|[^ }"]+))+)`)
	constant   = regexp.MustCompile(` "([a-z_]+)" "([a-z_]+)"`)
	marker     = regexp.MustCompile(`\{\{[^}]*\}\}`)
)

// Every filter that a page offers has its values in the table, and every link to
// a list has values that the list knows.
func TestFiltersOfThePagesAreInTheTable(t *testing.T) {
	t.Parallel()
	files, err := pageFiles.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	forms, links := 0, 0
	for _, f := range files {
		b, err := pageFiles.ReadFile("pages/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range searchForm.FindAllStringSubmatch(string(b), -1) {
			for _, m := range chooser.FindAllStringSubmatch(form[2], -1) {
				name := m[1] + m[2]
				if name == "judge" {
					continue // a number
				}
				forms++
				if len(filters[form[1]][name]) == 0 {
					t.Errorf("%s: the filter %s of %s is not in the table", f.Name(), name, form[1])
				}
			}
		}
		for _, m := range linked.FindAllStringSubmatch(string(b), -1) {
			for _, pair := range strings.Split(strings.ReplaceAll(m[2], "&amp;", "&"), "&") {
				name, value, _ := strings.Cut(pair, "=")
				if allowed := filters[m[1]][name]; allowed != nil && !marker.MatchString(pair) {
					links++
					if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+value+" ") {
						t.Errorf("%s links to %s with %s, which is refused there", f.Name(), m[1], pair)
					}
				}
			}
		}
	}
	for _, f := range files {
		b, err := pageFiles.ReadFile("pages/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range addressed.FindAllStringSubmatch(string(b), -1) {
			for _, pair := range constant.FindAllStringSubmatch(m[2], -1) {
				if allowed := filters[m[1]][pair[1]]; allowed != nil {
					links++
					if !slices.Contains(allowed, pair[2]) {
						t.Errorf("%s links to %s with %s, which is refused there", f.Name(), m[1], pair[0])
					}
				}
			}
		}
	}
	if forms < 15 || links < 10 {
		t.Errorf("only %d filters and %d links were found", forms, links)
	}
	var d Desk
	paths := map[string]bool{}
	for _, r := range d.Routes() {
		paths[r.Path] = true
	}
	for path := range filters {
		if !paths[path] {
			t.Errorf("the table has a page %s that does not exist", path)
		}
	}
}
