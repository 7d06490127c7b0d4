package model

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// A last day is told as courts write it, by one function: nobody puts 前 behind a day
// by hand, with a blank or in figures.
func TestALastDayIsToldOneWay(t *testing.T) {
	t.Parallel()
	if got := NewDate(2026, 12, 2).By(); got != "2026年12月2日前" || (Date{}).By() != "" {
		t.Errorf("the 2nd of December is %q, no day %q", got, (Date{}).By())
	}
	wrong := map[string]*regexp.Regexp{
		".go":   regexp.MustCompile(`Chinese\(\)\s*\+\s*"\s*前|%s ?前[^款项述]|\.String\(\)\s*\+\s*"\s*前`),
		".html": regexp.MustCompile(`\{\{(day|\.[A-Za-z.]*(On|By|Until)(\.Chinese)?)[^{}]*\}\}\s*前|\}\} 前`),
	}
	allowed := regexp.MustCompile(`clock\(|CallTime\(|return d\.Chinese\(\) \+`) // an hour, not a day; the one function
	looked := 0
	for _, dir := range []string{"../model", "../service", "../handler"} {
		files := os.DirFS(dir)
		err := fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for ext, form := range wrong {
				if !strings.HasSuffix(path, ext) {
					continue
				}
				looked++
				b, err := fs.ReadFile(files, path)
				if err != nil {
					return err
				}
				for n, line := range strings.Split(string(b), "\n") {
					if form.MatchString(line) && !allowed.MatchString(line) {
						t.Errorf("%s/%s:%d tells a last day in its own way: %s", dir, path, n+1, strings.TrimSpace(line))
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 300 {
		t.Errorf("only %d files were read", looked)
	}
}
