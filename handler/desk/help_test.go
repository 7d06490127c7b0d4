package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"microcourt/model"
)

// Whatever waits for somebody explains itself on the page of tasks.
func TestEveryKindOfTaskIsExplained(t *testing.T) {
	t.Parallel()
	for _, k := range model.TaskKinds() {
		if _, ok := helpTexts[k.Help()]; !ok || k.Chinese() == "" {
			t.Errorf("%s (%s) has no explanation %q", k, k.Chinese(), k.Help())
		}
	}
}

// A term that explains itself is a button: it stands beside a summary, not in it,
// where a keyboard or a reader of screens could not tell the two apart.
func TestNoSummaryHoldsAnExplanation(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("pages/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v %d pages", err, len(files))
	}
	summary := regexp.MustCompile(`(?s)<summary.*?</summary>`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range summary.FindAllString(string(text), -1) {
			if strings.Contains(s, "{{help") || strings.Contains(s, "<a ") || strings.Contains(s, "<button") {
				t.Errorf("%s: %s", f, s)
			}
		}
	}
}
