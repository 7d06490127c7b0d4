package model

import (
	"os"
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
