package web_test

import (
	"net/url"
	"testing"

	"microcourt/handler/web"
	"microcourt/model"
)

// An address carries each value so that a browser's request gives it back, and
// leaves out what is not set.
func TestAddress(t *testing.T) {
	t.Parallel()
	type kind string
	for want, got := range map[string]string{
		"/desk/cases":     web.Address("/desk/cases"),
		"/desk/cases?a=1": web.Address("/desk/cases", "a", int64(1), "b", "", "c", int64(0), "d", false, "e", model.Date{}, "f", nil),
		"/x?since=2026-11-30&of=lists&all=1#lines": web.Address("/x#lines", "since", model.NewDate(2026, 11, 30), "of", kind("lists"), "all", true),
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	for _, text := range []string{"小太阳托班", "a&b=c#d?e", "（2026）浙0211民初1号", "100% + 1", "“引号”<b>"} {
		u, err := url.Parse(web.Address("/desk/groups", "ref", text))
		if err != nil || u.Query().Get("ref") != text || u.Path != "/desk/groups" {
			t.Errorf("%q comes back as %q of %v, %v", text, u.Query().Get("ref"), u, err)
		}
	}
}
