package model

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Whoever looks for a rule finds its file in the package's documentation: every
// file is named there with the question that it answers, and none that is gone.
func TestTheDocumentationNamesEveryFile(t *testing.T) {
	t.Parallel()
	f, err := os.Open("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	line := regexp.MustCompile(`^//\t([a-z0-9_]+\.go)\s+(\S.+)$`)
	named := map[string]bool{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if m := line.FindStringSubmatch(s.Text()); m != nil {
			if named[m[1]] {
				t.Errorf("%s is named twice", m[1])
			}
			named[m[1]] = true
			if _, err := os.Stat(m[1]); err != nil {
				t.Errorf("%s is named and not there", m[1])
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") && !named[name] {
			t.Errorf("%s: doc.go does not say which question it answers", name)
		}
	}
}
