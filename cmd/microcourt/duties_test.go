package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list of duties is loaded whole as a new version; a wrong row changes
// nothing; the suggested list is taken over only when somebody says so.
func TestDutiesFromTheCommandLine(t *testing.T) {
	env := migrated(t)
	if code, _, errs := cli(env, "court", "add", "浙0211", "宁波市镇海区人民法院", "镇法"); code != 0 {
		t.Fatal(errs)
	}
	agency := func(args ...string) (int, string, string) {
		return cli(env, append([]string{"agency", args[0], "-court", "浙0211"}, args[1:]...)...)
	}
	_, suggested, _ := cli(env, "agency", "suggested")
	if strings.Count(suggested, "\n") != 37 || !strings.Contains(suggested, "二（一）7") {
		t.Errorf("the suggested list:\n%s", suggested)
	}
	if _, out, _ := agency("lists"); out != "" {
		t.Errorf("a new court has lists: %s", out)
	}
	file := filepath.Join(t.TempDir(), "duties.csv")
	load := func(text string, args ...string) (int, string, string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return agency(append(append([]string{"load"}, args...), file)...)
	}
	if code, _, errs := load(suggested); code != 1 || !strings.Contains(errs, "来源") {
		t.Error(code, errs)
	}
	wrong := strings.Replace(suggested, "10个工作日", "十天", 1)
	if code, out, errs := load(wrong, "-source", "镇信用办〔2026〕3号"); code != 1 || !strings.Contains(out, "row 2\t时限") || !strings.Contains(errs, "nothing was written") {
		t.Error(code, out, errs)
	}
	if _, out, _ := agency("list"); out != "" {
		t.Errorf("a wrong list left agencies: %s", out)
	}
	if code, out, errs := agency("adopt", "-dry-run"); code != 0 || !strings.Contains(out, "nothing was written: 36 rows, 36 created") {
		t.Error(code, out, errs)
	}
	if code, out, errs := agency("adopt"); code != 0 || !strings.Contains(out, "version 1 holds: 36 rows") {
		t.Error(code, out, errs)
	}
	own := strings.Join(strings.SplitAfterN(suggested, "\n", 4)[:3], "")
	if code, out, errs := load(own, "-source", "镇信用办〔2026〕3号", "-backfill"); code != 0 || !strings.Contains(out, "version 2 holds: 2 rows, 0 created, 0 changed, 2 unchanged, 34 ended") {
		t.Error(code, out, errs)
	}
	if code, _, errs := agency("adopt"); code != 1 || !strings.Contains(errs, "已有事项清单") {
		t.Error(code, errs)
	}
	if _, out, _ := agency("lists"); !strings.Contains(out, "version 2\t2 duties") || !strings.Contains(out, "镇信用办〔2026〕3号") {
		t.Error(out)
	}
}
