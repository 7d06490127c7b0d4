package browser_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
)

// Every page of every role, at both widths: nothing serious for axe, no
// sideways scrolling, light, in Chinese, and silent in the console.
func TestEveryPageIsFit(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	for _, c := range []struct {
		who   string
		pages map[string]string // path to the name of its picture, "" for none
	}{
		{"zhang.min", map[string]string{
			"/desk": "desk-home", "/desk/receipts": "", "/desk/receipts?state=confirmed": "desk-queue", "/desk/receipts/3": "desk-receipt", "/desk/receipts/4": "",
			"/desk/cases": "desk-cases", "/desk/cases/10": "desk-case", "/desk/cases/10?tab=receipts": "", "/desk/cases/10?tab=schedule": "desk-schedule",
			"/desk/cases/2?tab=notices": "desk-notices", "/desk/cases/10?tab=documents": "", "/desk/cases/10?tab=contacts": "", "/desk/cases/10?tab=conversation": "", "/desk/cases/1?tab=conversation": "desk-conversation", "/desk/conversations": "", "/desk/cases/2?tab=certificate": "desk-certificate",
			"/desk/groups?ref=" + url.QueryEscape("小太阳托班"): "desk-group", "/desk/certificates": "", "/desk/me": "", "/desk/me/password": "", "/desk/guide/judge": "", "/desk/cases/999": "",
			"/desk/receipts?flagged=1&text=zzz": "",
			"/desk/cases/8?tab=penalty":         "desk-penalty", "/desk/cases/9?tab=nonlitigation": "desk-nonlitigation", "/desk/prison-letters": "", "/desk/prison-letters?late=1": "",
		}},
		{"wan.tt", map[string]string{"/desk": "", "/desk/filing": "desk-filing", "/desk/import": "", "/desk/cases/1/window": "", "/desk/papers": "", "/desk/deliveries": "", "/desk/conversations": "", "/desk/guide/clerk": ""}},
		{"chen.zj", map[string]string{"/desk": "", "/desk/releases": "", "/desk/repairs": "", "/desk/overview": "desk-overview", "/desk/guide/leader": "", "/desk/decisions": "", "/desk/measures/3": "desk-decision", "/desk/measures": "", "/desk/measures?ends=2040-01-01": "", "/desk/clean-ups": "", "/desk/penalties": "", "/desk/statistics/enforcement?of=filed": "desk-statistics"}},
		{"lu.ning", map[string]string{
			"/desk": "", "/desk/tasks": "desk-tasks", "/desk/enforcement": "desk-enforcement", "/desk/enforcement/2": "desk-enforcement-case", "/desk/enforcement-filing": "",
			"/desk/enforcement/3/measures": "", "/desk/enforcement/3/measures/new?kind=detention": "desk-detention", "/desk/enforcement/3/measures/new?kind=listing": "", "/desk/enforcement/3/measures/new?kind=fine": "",
			"/desk/measures/1": "", "/desk/measures/2": "", "/desk/measures?state=proposed": "", "/desk/enforcement/4/clean-up": "desk-clean-up", "/desk/clean-ups?late=1": "", "/desk/enforcement/3/settlement": "",
			"/desk/enforcement?whose=all&state=all": "", "/desk/guide/officer": "", "/desk/queries/new?case=3": "", "/desk/absence": "",
			"/desk/relatives": "desk-relatives", "/desk/relatives?state=all": "", "/desk/relatives/1": "", "/desk/relatives/2": "desk-relative", "/desk/enforcement/2/family": "",
			"/desk/enforcement/3/family": "desk-family", "/desk/conversations/3": "desk-family-conversation", "/desk/call-backs/2": "",
		}},
		{"lin.mei", map[string]string{
			"/desk": "", "/desk/agencies": "", "/desk/agencies/18": "desk-agency", "/desk/duties": "desk-duties", "/desk/duties/28": "", "/desk/duties/new": "", "/desk/duties/suggested": "desk-duties-suggested", "/desk/duty-tasks": "", "/desk/duty-tasks?state=overdue": "",
			"/desk/duty-tasks?state=reported": "", "/desk/duty-tasks/1": "", "/desk/guide/list_manager": "",
		}},
		{"zhou.qi", map[string]string{"/desk": "", "/desk/own/tasks": "desk-own-tasks", "/desk/own/queries": "", "/desk/guide/agency": ""}},
		{"chu.ning", map[string]string{"/desk/own/queries": "", "/desk/own/queries/1": "desk-own-query"}},
		{"shen.ji", map[string]string{
			"/desk": "", "/desk/staff": "desk-staff", "/desk/settings": "desk-settings", "/desk/templates": "", "/desk/operations": "desk-operations",
			"/desk/deliveries": "", "/desk/guide/admin": "", "/desk/me": "", "/desk/me/password": "",
		}},
		{"xu.he", map[string]string{"/desk": "", "/desk/audit": "desk-audit", "/desk/audit?looks=1": "", "/desk/guide/auditor": ""}},
		{"", map[string]string{
			"/desk/login": "desk-login", "/verify": "", "/verify?number=" + url.QueryEscape("镇法自履证〔2026〕999号") + "&code=ABCDEFGHJK": "", "/message": "", "/message?code=AAAAAAAA": "", "/listings": "listings", "/privacy": "",
		}},
	} {
		p := browser(w, people[c.who])
		for path, shot := range c.pages {
			for _, size := range [][2]int64{{1366, 768}, {820, 1180}} {
				p.Do(chromedp.EmulateViewport(size[0], size[1]))
				p.Open(path)
				p.Until(`document.readyState === "complete"`)
				if status := eval[int](p, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK && path != "/desk/cases/999" {
					t.Errorf("%s of %s answers %d", path, c.who, status)
				}
				p.Fits(fmt.Sprintf("%s at %d", path, size[0]))
				if shot != "" && size[0] == 1366 {
					p.Until(`[...document.images].every((i) => i.complete)`)
					p.Shot(shot)
				}
			}
		}
	}
}
