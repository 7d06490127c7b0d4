package model

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// An act that is missing from the table could be done by nobody, and a kind of
// notice that is not registered would have no name and no channel. The compiler
// sees neither, because both are words; so the source is read.
func TestEveryActAndEveryNoticeIsRegistered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file  string
		word  *regexp.Regexp
		known func(string) bool
		where string
	}{
		{"role.go", regexp.MustCompile(`(?m)^\tAct\w+\s+Act = "([^"]+)"`), func(s string) bool { return len(access[Act(s)]) > 0 }, "access"},
		{"notice.go", regexp.MustCompile(`(?m)^\tNotice\w+\s+NoticeKind = "([^"]+)"`), func(s string) bool { return NoticeKind(s).Chinese() != "" }, "kinds"},
	} {
		source, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		found := c.word.FindAllStringSubmatch(string(source), -1)
		if len(found) < 50 {
			t.Errorf("only %d words were found in %s", len(found), c.file)
		}
		for _, m := range found {
			if !c.known(m[1]) {
				t.Errorf("%q is missing from the table %s of %s", m[1], c.where, c.file)
			}
		}
	}
}

// The glossary names things that are there, under the names that they have.
func TestTheGlossaryNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	glossary, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	words := regexp.MustCompile(`(?m)^//\t(\S+)\s+([A-Z]\w+)\s`).FindAllSubmatch(glossary, -1)
	if len(words) < 20 {
		t.Errorf("the glossary has %d words", len(words))
	}
	for _, w := range words {
		if !regexp.MustCompile(`(?m)^type ` + string(w[2]) + ` struct`).Match(all) {
			t.Errorf("the glossary names %s for %s, which is no type", w[2], w[1])
		}
	}
}
