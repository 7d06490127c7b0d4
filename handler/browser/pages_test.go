package browser_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/enforcement"
	"microcourt/storage"
)

// visit is a page that a person of the demonstration opens, with what stands on
// it, and the name of its picture in the documents, "" for none.
type visit struct{ who, path, shot string }

// visits are the pages that are looked at: every page of the desk and every
// public one, with data on it. A route without a visit fails
// TestEveryPageIsVisited unless unvisited tells why.
var visits = []visit{
	{"zhang.min", "/desk", "desk-home"},
	{"zhang.min", "/desk/receipts", ""},
	{"zhang.min", "/desk/receipts?state=confirmed", "desk-queue"},
	{"zhang.min", "/desk/receipts?flagged=1&text=zzz", ""},
	{"zhang.min", "/desk/receipts/3", "desk-receipt"},
	{"zhang.min", "/desk/receipts/4", ""},
	{"zhang.min", "/desk/cases", "desk-cases"},
	{"zhang.min", "/desk/cases?as=print", ""},
	{"zhang.min", "/desk/cases/10", "desk-case"},
	{"zhang.min", "/desk/cases/10?tab=receipts", ""},
	{"zhang.min", "/desk/cases/10?tab=schedule", "desk-schedule"},
	{"zhang.min", "/desk/cases/10?tab=interest", ""},
	{"zhang.min", "/desk/cases/10?tab=plan", ""},
	{"zhang.min", "/desk/cases/2?tab=notices", "desk-notices"},
	{"zhang.min", "/desk/cases/10?tab=documents", ""},
	{"zhang.min", "/desk/cases/10?tab=contacts", ""},
	{"zhang.min", "/desk/cases/10?tab=periods", ""},
	{"zhang.min", "/desk/cases/10?tab=parties", ""},
	{"zhang.min", "/desk/cases/10?tab=conversation", ""},
	{"zhang.min", "/desk/cases/1?tab=conversation", "desk-conversation"},
	{"zhang.min", "/desk/cases/2?tab=certificate", "desk-certificate"},
	{"zhang.min", "/desk/cases/8?tab=penalty", "desk-penalty"},
	{"zhang.min", "/desk/cases/9?tab=nonlitigation", "desk-nonlitigation"},
	{"zhang.min", "/desk/conversations", ""},
	{"zhang.min", "/desk/groups?ref=" + url.QueryEscape("小太阳托班"), "desk-group"},
	{"zhang.min", "/desk/certificates", ""},
	{"zhang.min", "/desk/certificates/ready", ""},
	{"zhang.min", "/desk/payment-accounts", ""},
	{"zhang.min", "/desk/payment-accounts/1", ""},
	{"zhang.min", "/desk/cases/1/pay", ""},
	{"zhang.min", "/desk/prison-letters", ""},
	{"zhang.min", "/desk/prison-letters?late=1", ""},
	{"zhang.min", "/desk/me", ""},
	{"zhang.min", "/desk/me/password", ""},
	{"zhang.min", "/desk/guide/judge", ""},
	{"wan.tt", "/desk", ""},
	{"wan.tt", "/desk/filing", "desk-filing"},
	{"wan.tt", "/desk/cases/1/instruments", ""},
	{"wan.tt", "/desk/cases/1/window", ""},
	{"wan.tt", "/desk/import", ""},
	{"wan.tt", "/desk/import/1", ""},
	{"wan.tt", "/desk/papers", ""},
	{"wan.tt", "/desk/unreached", ""},
	{"wan.tt", "/desk/deliveries", ""},
	{"wan.tt", "/desk/cases/1/dossier", ""},
	{"wan.tt", "/desk/dossier", ""},
	{"wan.tt", "/desk/conversations", ""},
	{"wan.tt", "/desk/liaisons", ""},
	{"wan.tt", "/desk/liaisons/1", ""},
	{"wan.tt", "/desk/guide/clerk", ""},
	{"chen.zj", "/desk", ""},
	{"chen.zj", "/desk/overview", "desk-overview"},
	{"chen.zj", "/desk/decisions", ""},
	{"chen.zj", "/desk/measures", ""},
	{"chen.zj", "/desk/measures?ends=2040-01-01", ""},
	{"chen.zj", "/desk/measures/3", "desk-decision"},
	{"chen.zj", "/desk/releases", ""},
	{"chen.zj", "/desk/repairs", ""},
	{"chen.zj", "/desk/repairs/1", ""},
	{"chen.zj", "/desk/clean-ups", ""},
	{"chen.zj", "/desk/penalties?of=adjudged", ""},
	{"chen.zj", "/desk/statistics/enforcement?of=filed", "desk-statistics"},
	{"chen.zj", "/desk/queries/1", ""},
	{"chen.zj", "/desk/guide/leader", ""},
	{"lu.ning", "/desk", ""},
	{"lu.ning", "/desk/tasks", "desk-tasks"},
	{"lu.ning", "/desk/enforcement", "desk-enforcement"},
	{"lu.ning", "/desk/enforcement?whose=all&state=all", ""},
	{"lu.ning", "/desk/enforcement/2", "desk-enforcement-case"},
	{"lu.ning", "/desk/enforcement-filing", ""},
	{"lu.ning", "/desk/enforcement/3/measures", ""},
	{"lu.ning", "/desk/enforcement/3/this-round", ""},
	{"lu.ning", "/desk/enforcement/3/measures/new?kind=detention", "desk-detention"},
	{"lu.ning", "/desk/enforcement/3/measures/new?kind=listing", ""},
	{"lu.ning", "/desk/enforcement/3/measures/new?kind=fine", ""},
	{"lu.ning", "/desk/measures/1", ""},
	{"lu.ning", "/desk/measures/2", ""},
	{"lu.ning", "/desk/measures?state=proposed", ""},
	{"lu.ning", "/desk/enforcement/4/clean-up", "desk-clean-up"},
	{"lu.ning", "/desk/clean-ups?late=1", ""},
	{"lu.ning", "/desk/enforcement/3/settlement", ""},
	{"lu.ning", "/desk/enforcement/3/distribution", ""},
	{"lu.ning", "/desk/enforcement/3/account", ""},
	{"lu.ning", "/desk/case-money", ""},
	{"lu.ning", "/desk/case-money?state=unidentified", ""},
	{"chen.zj", "/desk/payouts", ""},
	{"chen.zj", "/desk/payout-delays", ""},
	{"chen.zj", "/desk/enforcement/3/account", ""},
	{"lu.ning", "/desk/enforcement/3/repair", ""},
	{"lu.ning", "/desk/queries", ""},
	{"lu.ning", "/desk/queries/new", ""},
	{"lu.ning", "/desk/queries/new?case=3", ""},
	{"lu.ning", "/desk/queries/1", ""},
	{"lu.ning", "/desk/queries/1/letter", ""},
	{"lu.ning", "/desk/assistance", ""},
	{"lu.ning", "/desk/assistance/new", ""},
	{"lu.ning", "/desk/assistance/new?case=3", ""},
	{"lu.ning", "/desk/assistance/1", ""},
	{"lu.ning", "/desk/liaisons", ""},
	{"lu.ning", "/desk/persons/3", "desk-person"},
	{"lu.ning", "/desk/absence", ""},
	{"lu.ning", "/desk/relatives", "desk-relatives"},
	{"lu.ning", "/desk/relatives?state=all", ""},
	{"lu.ning", "/desk/relatives/1", ""},
	{"lu.ning", "/desk/relatives/2", "desk-relative"},
	{"lu.ning", "/desk/enforcement/2/family", ""},
	{"lu.ning", "/desk/enforcement/3/family", "desk-family"},
	{"lu.ning", "/desk/conversations/3", "desk-family-conversation"},
	{"lu.ning", "/desk/call-backs/2", ""},
	{"lu.ning", "/desk/guide/officer", ""},
	{"lin.mei", "/desk", ""},
	{"lin.mei", "/desk/agencies", ""},
	{"lin.mei", "/desk/agencies/18", "desk-agency"},
	{"lin.mei", "/desk/duties", "desk-duties"},
	{"lin.mei", "/desk/duties/28", ""},
	{"lin.mei", "/desk/duties/new", ""},
	{"lin.mei", "/desk/duties/suggested", "desk-duties-suggested"},
	{"lin.mei", "/desk/duty-tasks", ""},
	{"lin.mei", "/desk/duty-tasks?state=overdue", ""},
	{"lin.mei", "/desk/duty-tasks?state=reported", ""},
	{"lin.mei", "/desk/duty-tasks/1", ""},
	{"lin.mei", "/desk/guide/list_manager", ""},
	{"zhou.qi", "/desk", ""},
	{"zhou.qi", "/desk/own/tasks", "desk-own-tasks"},
	{"zhou.qi", "/desk/own/tasks/100", ""},
	{"zhou.qi", "/desk/own/queries", ""},
	{"zhou.qi", "/desk/guide/agency", ""},
	{"chu.ning", "/desk/own/queries", ""},
	{"chu.ning", "/desk/own/queries/1", "desk-own-query"},
	{"shen.ji", "/desk", ""},
	{"shen.ji", "/desk/staff", "desk-staff"},
	{"shen.ji", "/desk/settings", "desk-settings"},
	{"shen.ji", "/desk/prime-rates", ""},
	{"shen.ji", "/desk/holidays", ""},
	{"shen.ji", "/desk/templates", ""},
	{"shen.ji", "/desk/operations", "desk-operations"},
	{"shen.ji", "/desk/deliveries", ""},
	{"shen.ji", "/desk/me", ""},
	{"shen.ji", "/desk/me/password", ""},
	{"shen.ji", "/desk/guide/admin", ""},
	{"xu.he", "/desk", ""},
	{"xu.he", "/desk/audit", "desk-audit"},
	{"xu.he", "/desk/audit?looks=1", ""},
	{"xu.he", "/desk/guide/auditor", ""},
	{"", "/desk/login", "desk-login"},
	{"", "/", ""},
	{"", "/verify", ""},
	{"", "/verify?number=" + url.QueryEscape("镇法自履证〔2026〕999号") + "&code=ABCDEFGHJK", ""},
	{"", "/message", ""},
	{"", "/message?code=AAAAAAAA", ""},
	{"", "/listings", "listings"},
	{"", "/privacy", ""},
}

// aside are addresses of the desk and of everybody's that axe does not look at,
// each with somebody who opens it and the reason.
var aside = map[string]struct{ who, path, why string }{
	"/look":                               {"", "/look?size=&to=/verify", "leads back"},
	"/api":                                {"", "/api", "the interface in the English of programs, for programmers"},
	"/desk/audit/check":                   {"xu.he", "/desk/audit/check", "a stream of progress"},
	"/desk/call-backs/:id/conversation":   {"lu.ning", "/desk/call-backs/2/conversation", "leads to the conversation"},
	"/desk/certificates/:id/pdf":          {"zhang.min", "/desk/certificates/1/pdf", "a PDF"},
	"/desk/conversations/:id/lines":       {"lu.ning", "/desk/conversations/3/lines", "a part of a page"},
	"/desk/cases/:id/pay/pdf":             {"zhang.min", "/desk/cases/1/pay/pdf", "a PDF"},
	"/desk/documents/:id":                 {"zhang.min", "/desk/documents/1", "a PDF"},
	"/desk/duties/template":               {"lin.mei", "/desk/duties/template", "a file"},
	"/desk/enforcement-filing/template":   {"lu.ning", "/desk/enforcement-filing/template", "a file"},
	"/desk/find":                          {"zhang.min", "/desk/find?text=12", "a part of a page"},
	"/desk/events":                        {"", "/desk/events", "a stream of events, which ends at once without a session"},
	"/desk/files/:id/original":            {"zhang.min", "/desk/files/1/original", "a picture"},
	"/desk/files/:id/tiles/:n":            {"zhang.min", "/desk/files/1/tiles/0", "a part of a picture"},
	"/desk/files/:id/thumbnail":           {"zhang.min", "/desk/files/1/thumbnail", "a picture"},
	"/desk/files/:id/view":                {"zhang.min", "/desk/files/1/view", "a picture"},
	"/desk/measures/:id/draft":            {"chen.zj", "/desk/measures/3/draft", "a PDF"},
	"/desk/prolongations/:id/draft":       {"chen.zj", "/desk/prolongations/1/draft", "a PDF; its own test makes a proposal"},
	"/desk/own/tasks/sheet":               {"zhou.qi", "/desk/own/tasks/sheet", "a file"},
	"/desk/liaisons/template":             {"wan.tt", "/desk/liaisons/template", "a file"},
	"/desk/holidays/template":             {"shen.ji", "/desk/holidays/template", "a file"},
	"/desk/signing-authorities/:id/paper": {"shen.ji", "/desk/signing-authorities/1/paper", "a scan; its own test files one"},
	"/desk/import/template":               {"wan.tt", "/desk/import/template", "a file"},
	"/desk/deliveries/move":               {"wan.tt", "/desk/deliveries/move?reason=x&to=phone", "the confirmation of an act, whose list depends on what failed"},
	"/desk/cases/:id/dossier/zip":         {"wan.tt", "/desk/cases/1/dossier/zip", "a file"},
	"/desk/cases/:id/certificate-preview": {"zhang.min", "/desk/cases/3/certificate-preview?instrument=3&party=6", "a PDF"},
}

// furnish adds to the demonstration what it lacks, so that no page is empty.
func furnish(w *handlertest.World, people map[string]*handlertest.Client) {
	w.T.Helper()
	ctx := context.Background()
	actor := func(login string) model.Actor {
		w.T.Helper()
		u, err := w.Svc.Identity.Authenticate(ctx, strings.TrimPrefix(people[login].Auth, "Bearer "))
		if err != nil {
			w.T.Fatal(login, err)
		}
		return u
	}
	must := func(err error) {
		w.T.Helper()
		if err != nil {
			w.T.Fatal(err)
		}
	}
	clerk, officer := actor("wan.tt"), actor("lu.ning")
	today := model.DateOf(w.Clock.Now())
	e, err := w.DB.EnforcementCase(ctx, officer, 3)
	must(err)
	var debtor int64
	for _, p := range e.Parties {
		if p.Role == model.EnforcementDebtor {
			debtor = p.PartyID
		}
	}
	village, err := w.Svc.Liaison.AddVillage(ctx, clerk, model.Village{Town: "骆驼街道", Name: "尚志村"})
	must(err)
	liaison, err := w.Svc.Liaison.Add(ctx, clerk, model.Liaison{
		Name: "孙联络", Phone: "13700137000", FromOn: today.AddDays(-1), UntilOn: today.AddDays(300), IdemKey: handlertest.FreshKey(),
	}, []int64{village.ID})
	must(err)
	code, err := w.Svc.Liaison.IssueCode(ctx, clerk, liaison.ID)
	must(err)
	w.Phone("").Must(http.StatusCreated, http.MethodPost, "/liaison-bindings", handlertest.Obj{"code": code.Code})
	_, err = w.Svc.Liaison.Ask(ctx, officer, model.Assistance{
		EnforcementCaseID: e.ID, PartyID: debtor, VillageID: village.ID, Kind: model.AssistDeliver, Detail: "住东村三组", DueOn: today.AddDays(5), IdemKey: handlertest.FreshKey(),
	})
	must(err)
	w.Staff("fang.hui", model.RoleOfficer)
	_, err = w.Svc.Absence.Add(ctx, officer, absence.Away{Substitute: "fang.hui", FromOn: today, ToOn: today.AddDays(3), Reason: "年休假"})
	must(err)
	settled, err := w.Svc.Enforcement.RecordSettlement(ctx, officer, enforcement.SettlementInput{
		EnforcementID: e.ID, Form: model.SettlementJoint, SignedOn: today, Text: "被执行人分两期支付，付清后双方再无争议。",
		Parts: []model.SettlementPart{{AmountFen: model.Yuan(16_000), DueOn: today.AddDays(20)}, {AmountFen: model.Yuan(10_000), DueOn: today.AddDays(50)}}, IdemKey: handlertest.FreshKey(),
	})
	must(err)
	_, err = w.Svc.Enforcement.ProposeRelease(ctx, officer, enforcement.ReleaseInput{
		SettlementID: settled.ID, Subject: "失信被执行人名单", MeasureIDs: []int64{1}, Reason: "申请执行人书面同意", CreditorAskedOn: today, IdemKey: handlertest.FreshKey(),
	})
	must(err)
	_, err = w.Svc.Enforcement.ApplyRepair(ctx, officer, enforcement.RepairInput{
		CaseID: e.CaseID, PartyID: debtor, Reason: "已达成和解并按约履行", AppliedOn: today, Key: handlertest.FreshKey(),
	})
	must(err)
	res, body := w.Visitor(people["wan.tt"]).SendForm("/import", map[string]string{"key": handlertest.FreshKey(), "notices": "held", "write": "1"}, w.Template(people["wan.tt"]))
	if res.StatusCode != http.StatusSeeOther && res.StatusCode != http.StatusOK {
		w.T.Fatalf("the import answers %d: %.2000s", res.StatusCode, body)
	}
	must(w.Svc.Notice.RequestPaper(ctx, clerk, 1))
	must(w.DB.Transact(ctx, func(tx *storage.DB) error {
		return storage.Insert(ctx, tx, []model.OutboxMessage{{
			CourtID: clerk.CourtID, NoticeID: 1, Channel: model.ChannelSMS, State: model.OutboxFailed, NextAt: tx.Now(),
		}})
	}))
}

// patternOf is the route that an address is of, "" when there is none; a fixed
// segment wins over a parameter.
func patternOf(w *handlertest.World, path string) (best string) {
	path, _, _ = strings.Cut(path, "?")
	segments, most := strings.Split(path, "/"), -1
	for _, r := range w.Routes {
		parts := strings.Split(r.Path, "/")
		if r.Method != http.MethodGet || len(parts) != len(segments) {
			continue
		}
		n := 0
		for i, p := range parts {
			switch {
			case p == segments[i]:
				n++
			case !strings.HasPrefix(p, ":"):
				n = -1000
			}
		}
		if n > most && n >= 0 {
			best, most = r.Path, n
		}
	}
	return best
}

// pages are the routes of the desk and of everybody's pages that are opened.
func pages(w *handlertest.World) (out []string) {
	for _, r := range w.Routes {
		switch {
		case r.Method != http.MethodGet, strings.HasPrefix(r.Path, "/api/"), strings.HasPrefix(r.Path, "/assets/"), r.Path == "/healthz", r.Path == "/readyz", r.Path == "/metrics":
		default:
			out = append(out, r.Path)
		}
	}
	return out
}

// Every page of the route table is visited, or has a reason why not; and a page
// with a list is visited with something in it.
func TestEveryPageIsVisited(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	visitors := visitorsOf(w, people)
	seen, full := map[string]bool{}, map[string]bool{}
	for _, v := range visits {
		p := patternOf(w, v.path)
		seen[p] = true
		res, body := get(w, visitors[v.who], v.path, "")
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s of %q answers %d", v.path, v.who, res.StatusCode)
		}
		if !strings.Contains(body, `class="empty"`) {
			full[p] = true
		}
	}
	for _, p := range pages(w) {
		if _, why := aside[p]; seen[p] == why {
			t.Errorf("%s: visited %v, and stands aside %v", p, seen[p], why)
		}
		if seen[p] && !full[p] && !half[p] {
			t.Errorf("%s is visited only where a list on it is empty", p)
		}
	}
	for p := range aside {
		if patternOf(w, p) != p {
			t.Errorf("%s is no page", p)
		}
	}
}

// half are pages with several lists, of which one is empty in each visit and each
// is full in one.
var half = map[string]bool{
	"/desk/enforcement/:id/family": true, // relatives in one case, a letter of remorse in the other
}

func visitorsOf(w *handlertest.World, people map[string]*handlertest.Client) map[string]*handlertest.Visitor {
	out := map[string]*handlertest.Visitor{"": w.Visitor(nil)}
	for login, c := range people {
		out[login] = w.Visitor(c)
	}
	return out
}

// get opens an address of the server with something added to its query.
func get(w *handlertest.World, v *handlertest.Visitor, path, more string) (*http.Response, string) {
	w.T.Helper()
	if more != "" {
		if strings.Contains(path, "?") {
			path += "&" + more
		} else {
			path += "?" + more
		}
	}
	if below, ok := strings.CutPrefix(path, "/desk"); ok {
		return v.Send(http.MethodGet, below, nil, nil)
	}
	res, err := v.Http.Get(w.URL + path)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.T.Fatal(err)
	}
	return res, string(body)
}

// fresh is what a page says anew each time: the keys of its forms, the numbers of
// its explanations, and the way back to itself.
var fresh = regexp.MustCompile(`name="key" value="[^"]*"|"tip\d+"|(?:[?&]|&amp;)from=singlemessage&(?:amp;)?isappinstalled=0|%(?:3F|26)from%3Dsinglemessage%26isappinstalled%3D0`)

// What others add to an address, as WeChat does when a page is shared, changes
// nothing: every page of the desk and of everybody's answers as without it.
func TestWhatOthersAddIsIgnored(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	visitors := visitorsOf(w, people)
	all := visits
	for _, a := range aside {
		all = append(all, visit{a.who, a.path, ""})
	}
	for _, v := range all {
		plain, want := get(w, visitors[v.who], v.path, "")
		shared, got := get(w, visitors[v.who], v.path, "from=singlemessage&isappinstalled=0")
		for v.path == "/desk/audit/check" && shared.StatusCode == http.StatusTooManyRequests {
			time.Sleep(50 * time.Millisecond) // until the other look at the whole trail ended
			shared, got = get(w, visitors[v.who], v.path, "from=singlemessage&isappinstalled=0")
		}
		if plain.StatusCode != shared.StatusCode || plain.Header.Get("Location") != shared.Header.Get("Location") || plain.Header.Get("Content-Type") != shared.Header.Get("Content-Type") {
			t.Errorf("%s as %q answers %d %s, shared %d %s", v.path, v.who, plain.StatusCode, plain.Header.Get("Location"), shared.StatusCode, shared.Header.Get("Location"))
		}
		if plain.Header.Get("Content-Type") == "text/event-stream" {
			continue // the one goes further than the other, who has looked meanwhile
		}
		if want, got = fresh.ReplaceAllString(want, ""), fresh.ReplaceAllString(got, ""); want != got {
			i := 0
			for i < min(len(want), len(got)) && want[i] == got[i] {
				i++
			}
			t.Errorf("%s as %q differs when it is shared: %.200q, not %.200q", v.path, v.who, got[max(0, i-60):], want[max(0, i-60):])
		}
	}
}

// Every page of every role, at both widths: nothing serious for axe, no
// sideways scrolling, light, in Chinese, and silent in the console.
func TestEveryPageIsFit(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	var order []string
	of := map[string][]visit{}
	for _, v := range visits {
		if of[v.who] == nil {
			order = append(order, v.who)
		}
		of[v.who] = append(of[v.who], v)
	}
	of["zhang.min"] = append(of["zhang.min"], visit{"zhang.min", "/desk/cases/999", ""}) // what is not found is a page as well
	for _, who := range order {
		t.Run(cmp.Or(who, "anybody"), func(t *testing.T) {
			t.Parallel()
			p := browserIn(t, w, people[who])
			for _, v := range of[who] {
				for _, size := range [][2]int64{{1366, 768}, {820, 1180}} {
					p.Do(chromedp.EmulateViewport(size[0], size[1]))
					p.Open(v.path)
					p.Until(`document.readyState === "complete"`)
					if status := eval[int](p, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK && v.path != "/desk/cases/999" {
						t.Errorf("%s of %s answers %d", v.path, v.who, status)
					}
					p.Fits(fmt.Sprintf("%s at %d", v.path, size[0]))
					if size[0] == 1366 {
						p.Dark(true)
						p.suits(v.path+" in the dark", "color-contrast") // the dark changes nothing else
						p.Dark(false)
					}
					if v.shot != "" && size[0] == 1366 {
						p.Until(`[...document.images].every((i) => i.complete)`)
						p.Shot(v.shot)
					}
				}
			}
		})
	}
}
