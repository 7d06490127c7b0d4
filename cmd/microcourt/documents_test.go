package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"microcourt/handler/api"
	"microcourt/handler/desk"
)

// root is the repository, seen from this package.
const root = "../.."

// page is a document that people read, by its path in the repository.
type page struct{ path, text string }

func documents(t *testing.T) []page {
	t.Helper()
	paths := []string{"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	err := filepath.WalkDir(filepath.Join(root, "deploy", "docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			path, err = filepath.Rel(root, path)
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []page
	for _, p := range paths {
		text, err := os.ReadFile(filepath.Join(root, p))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page{p, string(text)})
	}
	if len(out) < 20 {
		t.Fatalf("only %d documents were found", len(out))
	}
	return out
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	place   = regexp.MustCompile(`<a (?:id|name)="([^"]+)"`)
	quoted  = regexp.MustCompile("`([^`\n]+)`")
	block   = regexp.MustCompile("(?ms)^```.*?^```")
)

// anchors are the places of a page to which a link can lead.
func anchors(text string) (out []string) {
	for _, m := range heading.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// The README fits in three screens, whatever is added to it.
func TestTheREADMEFitsInThreeScreens(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) > 160 {
		t.Errorf("README.md has %d lines; move something to deploy/docs", len(lines))
	}
	for i, l := range lines {
		if n := utf8.RuneCountInString(l); n > 120 {
			t.Errorf("line %d of README.md has %d characters", i+1, n)
		}
	}
}

func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	found := 0
	for _, d := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(block.ReplaceAllString(d.text, ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			found++
			file, anchor, _ := strings.Cut(m[1], "#")
			target := d.path
			if file != "" {
				target = filepath.Join(filepath.Dir(d.path), file)
			}
			text, err := os.ReadFile(filepath.Join(root, target))
			switch {
			case err != nil:
				t.Errorf("%s leads to %s: %v", d.path, m[1], err)
			case anchor != "" && !slices.Contains(anchors(string(text)), anchor):
				t.Errorf("%s leads to %s, which has no such heading", d.path, m[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d links were found", found)
	}
}

// sources is what the repository has, so that a document that names
// something else is found.
type sources struct {
	tests map[string]bool // tests and fuzz targets by name
	text  string          // all Go source that is no test
}

func readSources(t *testing.T) sources {
	t.Helper()
	s := sources{tests: map[string]bool{}}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if !strings.HasSuffix(path, "_test.go") {
			all.Write(text)
		}
		for _, m := range function.FindAllSubmatch(text, -1) {
			s.tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.text = all.String()
	return s
}

var (
	testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`)
	fileName = regexp.MustCompile(`^(?:cmd|deploy|handler|model|service|storage)/[\w./-]*$|^\.(?:ci|golangci)[\w./-]*$`)
	metric   = regexp.MustCompile(`^microcourt_[a-z_]+$`)
	address  = regexp.MustCompile(`^(?:GET |POST |PUT |DELETE )?(/(?:api/v1|desk)/[^ ?…]*)`)
	variable = regexp.MustCompile(`\{[^}]*\}|[:*][a-z_]+`)
	words    = regexp.MustCompile(`^(?:go run \./cmd/)?microcourt ([a-z]+)(?: ([a-z]+)\b)?`)
)

// Files, tests, commands, metrics and addresses that a document names exist. What
// stands between back quotes is looked at; a path is one that begins with a
// folder of the repository.
func TestWhatTheDocumentsNameExists(t *testing.T) {
	t.Parallel()
	src := readSources(t)
	known := map[string]bool{"/desk": true, "/api/v1/openapi.json": true, "/api/v1/wechat/push": true, "/api/v1/wechat/service-push": true}
	door, err := api.New(api.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range door.Routes() {
		known["/api/v1"+variable.ReplaceAllString(r.Path, "*")] = true
	}
	for _, r := range (&desk.Desk{}).Routes() {
		known["/desk"+variable.ReplaceAllString(r.Path, "*")] = true
	}
	usage := map[string]string{}
	for _, c := range commands() {
		usage[c.name] = c.usage
	}
	seen := map[string]int{}
	for _, d := range documents(t) {
		for _, name := range testName.FindAllString(d.text, -1) {
			seen["test"]++
			if !src.tests[name] {
				t.Errorf("%s names %s, which is no test", d.path, name)
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(d.text, -1) {
			q := m[1]
			switch w := words.FindStringSubmatch(q); {
			case w != nil:
				seen["command"]++
				if u, ok := usage[w[1]]; !ok && w[1] != "help" || w[2] != "" && ok && !strings.Contains(u, w[2]) {
					t.Errorf("%s names %q, which is no command", d.path, q)
				}
			case fileName.MatchString(q):
				seen["file"]++
				if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(q, "."))); err != nil {
					t.Errorf("%s names %s, which does not exist", d.path, q)
				}
			case metric.MatchString(q):
				seen["metric"]++
				if !strings.Contains(src.text, strings.TrimPrefix(q, "microcourt_")) {
					t.Errorf("%s names %s, which is counted nowhere", d.path, q)
				}
			case address.MatchString(q):
				seen["address"]++
				if a := address.FindStringSubmatch(q)[1]; !isAddress(known, a) {
					t.Errorf("%s names %s, which is no address", d.path, q)
				}
			}
		}
	}
	for _, kind := range []string{"test", "command", "file", "metric", "address"} {
		if seen[kind] < 5 {
			t.Errorf("only %d of the kind %s were looked at", seen[kind], kind)
		}
	}
}

// isAddress tells whether a route answers at the address; a part of it that
// stands in the route as a variable may be a value.
func isAddress(known map[string]bool, a string) bool {
	if a = strings.TrimSuffix(variable.ReplaceAllString(a, "*"), "/"); known[a] {
		return true
	}
	for k := range known {
		parts, have := strings.Split(k, "/"), strings.Split(a, "/")
		if len(parts) == len(have) && !slices.ContainsFunc(parts, func(p string) bool {
			i := slices.Index(parts, p)
			return p != "*" && p != have[i]
		}) {
			return true
		}
	}
	return false
}

// Every command stands in the list of commands.
func TestEveryCommandIsDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "deploy", "docs", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		if !regexp.MustCompile("`" + c.name + "[` ]").Match(text) {
			t.Errorf("deploy/docs/commands.md does not describe %s", c.name)
		}
	}
}

// Every key of the configuration stands in the example, which is its reference.
func TestTheExampleHasEveryKey(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "deploy", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	var walk func(prefix, indent string, of reflect.Type)
	walk = func(prefix, indent string, of reflect.Type) {
		for i := range of.NumField() {
			name := of.Field(i).Tag.Get("koanf")
			if name == "" {
				continue
			}
			keys++
			if !regexp.MustCompile(`(?m)^` + indent + name + `:`).Match(text) {
				t.Errorf("deploy/config.example.yaml does not describe %s%s", prefix, name)
			}
			if of.Field(i).Type.Kind() == reflect.Struct {
				walk(name+".", "  ", of.Field(i).Type)
			}
		}
	}
	walk("", "", reflect.TypeFor[Config]())
	if keys < 60 {
		t.Errorf("only %d keys were looked at", keys)
	}
}
