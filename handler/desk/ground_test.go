package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// legalChoices are the fields by which somebody says on which ground, or how, the
// court decides: nothing of it is chosen before he does.
var legalChoices = regexp.MustCompile(`^(ground|spending_ground|prolong_reason|extra_reason|resistance|basis|decision|result|met|rule|state|close_type)$`)

var (
	postForms  = regexp.MustCompile(`(?s)<form[^>]*method="post".*?</form>`)
	selectTags = regexp.MustCompile(`(?s)<select[^>]*?name="([a-z_]+)"(?:[^>{]|\{\{.*?\}\})*>\s*(.{0,40})`)
	radioTags  = regexp.MustCompile(`<input[^>]*type="radio"[^>]*name="([a-z_]+)"[^>]*>`)
)

// No form chooses the law for its user: grounds, conduct and decisions begin empty on
// every page.
func TestNoGroundIsChosenBefore(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("pages/*.html")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	choices := 0
	for _, file := range files {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range postForms.FindAllString(string(page), -1) {
			for _, m := range selectTags.FindAllStringSubmatch(form, -1) {
				if !legalChoices.MatchString(m[1]) {
					continue
				}
				if choices++; !strings.HasPrefix(m[2], `<option value=""`) {
					t.Errorf("%s: %s begins with %q", file, m[1], m[2])
				}
			}
			for _, m := range radioTags.FindAllStringSubmatch(form, -1) {
				if legalChoices.MatchString(m[1]) && strings.Contains(m[0], " checked") && !strings.Contains(m[0], "{{if") {
					t.Errorf("%s: %s is checked before", file, m[1])
				}
			}
		}
	}
	if choices < 15 {
		t.Errorf("only %d choices were looked at", choices)
	}
}
