package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A year after the shipped ones is loaded, shown, corrected and listed; what
// cannot be a notice changes nothing.
func TestCalendarsFromTheCommandLine(t *testing.T) {
	env := migrated(t)
	file := filepath.Join(t.TempDir(), "2027.csv")
	load := func(text string, args ...string) (int, string, string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return cli(env, append(append([]string{"calendar", "load"}, args...), file)...)
	}
	const year = "2027-01-01,rest,元旦节\n2027-02-05,rest,春节\n2027-02-06,rest,春节\n2027-02-07,rest,春节\n2027-02-08,rest,春节\n2027-04-05,rest,清明节\n" +
		"2027-05-01,rest,劳动节\n2027-05-02,rest,劳动节\n2027-06-09,rest,端午节\n2027-09-15,rest,中秋节\n2027-10-01,rest,国庆节\n2027-10-02,rest,国庆节\n2027-10-03,rest,国庆节\n"
	if code, _, errs := cli(env, "calendar", "show", "2027"); code != 1 || !strings.Contains(errs, "calendar load") {
		t.Error(code, errs)
	}
	for text, reason := range map[string]string{year: "通知", "2027-01-01,rest,元旦节\n": "2027-02-05", "nonsense\n": "第 1 行"} {
		args := []string{"-source", "国办发明电〔2026〕1号"}
		if text == year {
			args = nil
		}
		if code, _, errs := load(text, args...); code != 1 || !strings.Contains(errs, reason) {
			t.Errorf("%d %s, want %s", code, errs, reason)
		}
	}
	if code, out, errs := load("# 备注\n"+year, "-source", "国办发明电〔2026〕1号"); code != 0 || !strings.Contains(out, "2027 loaded") {
		t.Fatal(code, out, errs)
	}
	if _, out, _ := load(year, "-source", "同一通知"); !strings.Contains(out, "2027 is known already") {
		t.Error(out)
	}
	if _, out, _ := cli(env, "calendar", "show", "2027"); out != year {
		t.Error(out)
	}
	if _, out, _ := load(year+"2027-10-04,rest,国庆节\n", "-source", "国办发明电〔2027〕2号"); !strings.Contains(out, "2027 loaded") {
		t.Error(out)
	}
	_, out, _ := cli(env, "calendar", "list")
	for _, want := range []string{"2026\tshipped", "2027\tversion 1\t国办发明电〔2026〕1号", "2027\tversion 2\t国办发明电〔2027〕2号"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
