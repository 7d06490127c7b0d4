package demo_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/administration"
	"microcourt/service/demo"
	"microcourt/service/servicetest"
)

// seeded is an installation with the demonstration in it, and who a log-in name or a
// party's name is.
func seeded(t *testing.T) (w *servicetest.World, in demo.Installation, guide *demo.Guide, who func(g *demo.Guide, name string) model.Actor) {
	t.Helper()
	w = servicetest.NewWith(t, func(w *servicetest.World) { w.NoCourt = true })
	in = demo.Installation{DB: w.DB, Services: w.Svc, WeChat: w.Fake, Now: w.Clock.Now}
	guide, err := demo.Seed(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return w, in, guide, func(g *demo.Guide, name string) model.Actor {
		t.Helper()
		a, err := w.Svc.Identity.Authenticate(t.Context(), g.Token(name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return a
	}
}

// Whoever tries the demonstration finds something to do, in whatever role, and the
// court's own checks hold of it.
func TestEverybodyFindsSomethingToDo(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, _, guide, who := seeded(t)
	desk := func(login string) (out struct{ receipts, tasks, decisions, families int64 }) {
		t.Helper()
		by := who(guide, login)
		d, err := w.Svc.Statistics.Desk(ctx, by)
		if err != nil {
			t.Fatal(login, err)
		}
		st, err := w.Svc.Statistics.State(ctx, by)
		if err != nil {
			t.Fatal(login, err)
		}
		out.receipts, out.tasks, out.decisions, out.families = st.Receipts, d.Tasks+d.LateTasks, st.Decisions+st.Releases, st.Relatives
		return out
	}
	if d := desk("zhang.min"); d.receipts == 0 {
		t.Errorf("the judge: %+v", d)
	}
	if d := desk("lu.ning"); d.tasks == 0 || d.families == 0 {
		t.Errorf("the officer: %+v", d)
	}
	if d := desk("chen.zj"); d.decisions == 0 {
		t.Errorf("the leader: %+v", d)
	}
	cases, err := w.Svc.Filing.Cases(ctx, who(guide, "wan.tt"), model.CaseFilter{Limit: 100})
	if err != nil || len(cases) < 10 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	stages := map[model.Performance]bool{}
	for _, c := range cases {
		stages[c.Performance] = true
	}
	if len(stages) < 3 {
		t.Errorf("the cases are %v", stages)
	}
	if list, err := w.Svc.Agency.Tasks(ctx, who(guide, "zhou.qi"), model.AgencyTaskFilter{Limit: 10}); err != nil || len(list) == 0 {
		t.Errorf("the agency's duties: %v %v", list, err)
	}
	if list, err := w.Svc.Agency.Tasks(ctx, who(guide, "lin.mei"), model.AgencyTaskFilter{Limit: 10}); err != nil || len(list) == 0 {
		t.Errorf("the list manager's: %v %v", list, err)
	}
	if list, err := w.Svc.Administration.Entries(ctx, who(guide, "xu.he"), administration.Wanted{}, model.AuditFilter{Limit: 10}); err != nil || len(list) != 10 {
		t.Errorf("the auditor reads %d entries, %v", len(list), err)
	}
	if list, err := w.Svc.Enforcement.Distributions(ctx, who(guide, "lu.ning"), 3); err != nil || len(list) != 1 || len(list[0].Claims) != 3 || list[0].Claims[0].ShareFen == 0 {
		t.Errorf("the plan that the pages of the third enforcement case show: %+v %v", list, err)
	}
	for _, name := range []string{"陈建国", "周丽"} {
		if list, err := w.Svc.Filing.Cases(ctx, who(guide, name), model.CaseFilter{Limit: 10}); err != nil || len(list) == 0 {
			t.Errorf("the cases of %s: %v %v", name, list, err)
		}
	}
	w.RecountConversations()
	if _, breaks, err := w.DB.VerifyAudit(ctx); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// What the guide tells is true: the password with the code that the page shows, the
// certificate, the sessions and the key, also when the demonstration is opened again.
func TestWhatTheGuideTells(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, in, guide, who := seeded(t)
	text := guide.Text("http://court.example")
	page := httptest.NewRecorder()
	demo.OneTimeCode(w.Clock.Now).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/", nil))
	code := strings.TrimSpace(page.Body.String())
	s, err := w.Svc.Identity.LoginStaff(ctx, model.Actor{}, "zhang.min", demo.Password, code)
	if err != nil || s.Token == "" || !strings.Contains(text, demo.Password) {
		t.Errorf("the password with the code %s: %+v %v", code, s, err)
	}
	printed := regexp.MustCompile(`A certificate to verify: (\S+), check code (\S+)`).FindStringSubmatch(text)
	if printed == nil {
		t.Fatal(text)
	}
	if v, err := w.Svc.Certificate.Verify(ctx, model.Actor{}, printed[1], printed[2]); err != nil || v.State != model.CertificateValid {
		t.Errorf("the certificate: %+v %v", v, err)
	}
	for _, name := range []string{"zhang.min", "wan.tt", "陈建国"} {
		if !strings.Contains(text, guide.Token(name)) || guide.Token(name) == "" {
			t.Errorf("the guide does not give the session of %s", name)
		}
	}
	if guide.Token("nobody") != "" {
		t.Error("a session of nobody's")
	}

	again, err := demo.Seed(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	before, err := w.Svc.Filing.Cases(ctx, who(guide, "wan.tt"), model.CaseFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	after, err := w.Svc.Filing.Cases(ctx, who(again, "wan.tt"), model.CaseFilter{Limit: 100})
	if err != nil || len(after) != len(before) || again.Token("wan.tt") == guide.Token("wan.tt") {
		t.Errorf("opened again it has %d cases, before %d; %v", len(after), len(before), err)
	}
	if _, err := w.Svc.Identity.AuthenticateKey(ctx, again.Key()); err != nil {
		t.Errorf("the key: %v", err)
	}
	_, err = w.Svc.Identity.AuthenticateKey(ctx, guide.Key())
	w.Refused(err, "session.expired")
}
