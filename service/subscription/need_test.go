package subscription_test

import (
	"slices"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/service/subscription"
	"microcourt/service/wechat/wechattest"
)

// A no, a ban and a filter to one template do not end the others; an answer that
// begins with accept is one; what is not known is left out and costs nothing else.
func TestANoToOneTemplateEndsNoOther(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for answer, rests := range map[string]time.Duration{"reject": 7 * 24 * time.Hour, "ban": 24 * time.Hour, "filter": 24 * time.Hour} {
		w, _, debtor, _ := allowed(t)
		first := asked(t, w, debtor, "receipt")
		if !slices.Equal(first, []string{wechattest.TemplateDue}) {
			t.Fatalf("%s: first it asks for %v", answer, first)
		}
		if err := w.Svc.Subscription.Claim(ctx, debtor.Actor, subscription.Answers{wechattest.TemplateDue: answer}, servicetest.FreshKey()); err != nil {
			t.Fatal(err)
		}
		if got := asked(t, w, debtor, "receipt"); !slices.Equal(got, []string{wechattest.TemplateReceipt}) {
			t.Errorf("after %s to one it asks for %v", answer, got)
		}
		w.Clock.Advance(rests + time.Hour)
		if got := asked(t, w, debtor, "receipt"); !slices.Equal(got, first) {
			t.Errorf("long after %s it asks for %v", answer, got)
		}
	}
	for _, answer := range []string{"accept", "acceptWithAudio", "acceptWithAlert", "acceptWithForcePush", "acceptInSomeNewWay"} {
		w, _, debtor, _ := allowed(t)
		err := w.Svc.Subscription.Claim(ctx, debtor.Actor, subscription.Answers{
			wechattest.TemplateReceipt: answer, "taken out of use": "accept", wechattest.TemplateCase: "也许 吧", "errMsg": "requestSubscribeMessage:ok", wechattest.TemplateDue: "undecided",
		}, servicetest.FreshKey())
		if err != nil {
			t.Errorf("%s among what is not known: %v", answer, err)
		}
		if n := left(t, w, debtor, wechattest.TemplateReceipt); n != 1 {
			t.Errorf("%s: %d messages may be sent", answer, n)
		}
		if n := left(t, w, debtor, wechattest.TemplateDue); n != 0 {
			t.Errorf("an unknown word counts as an answer: %d", n)
		}
	}
	w, _, debtor, _ := allowed(t)
	if err := w.Svc.Subscription.Claim(ctx, debtor.Actor, subscription.Answers{"nobody's": "accept"}, servicetest.FreshKey()); err != nil {
		t.Errorf("nothing that is known: %v", err)
	}
	// WeChat's silence takes nothing away of what the user allowed.
	for _, a := range []string{"accept", "filter"} {
		w.Clock.Advance(time.Hour)
		if err := w.Svc.Subscription.Claim(ctx, debtor.Actor, subscription.Answers{wechattest.TemplateDue: a}, servicetest.FreshKey()); err != nil {
			t.Fatal(err)
		}
	}
	if n := left(t, w, debtor, wechattest.TemplateDue); n != 1 {
		t.Errorf("after a filter the long-term template stands %d times", n)
	}
}

// Only what somebody can hear of is asked for: by his role in his cases, and by how
// far they are.
func TestOnlyWhatOneCanHearOfIsAskedFor(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer)
	all := func(p servicetest.Person) (out []string) {
		t.Helper()
		for _, at := range []model.Moment{model.MomentLogin, model.MomentCase, model.MomentReceipt, model.MomentCertificate} {
			for _, id := range asked(t, w, p, at) {
				if !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
		return out
	}
	if got := all(w.Citizen()); len(got) != 0 {
		t.Errorf("somebody without a case is asked for %v", got)
	}
	f := w.File(clerk)
	debtor, creditor := w.Citizen(), w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Bind(creditor, clerk, f.ID, f.Creditor)
	if got := all(debtor); !slices.Contains(got, wechattest.TemplateDue) || slices.Contains(got, wechattest.TemplateObligee) {
		t.Errorf("the debtor is asked for %v", got)
	}
	if got := all(creditor); slices.Contains(got, wechattest.TemplateDue) || !slices.Contains(got, wechattest.TemplateObligee) || slices.Contains(got, wechattest.TemplateCertificate) {
		t.Errorf("the creditor is asked for %v", got)
	}
	w.Confirm(judge, w.Submit(debtor, f, 100000, 4711), 100000)
	if got := all(debtor); slices.Contains(got, wechattest.TemplateDue) || !slices.Contains(got, wechattest.TemplateCertificate) {
		t.Errorf("who has paid everything is asked for %v", got)
	}
	g := w.File(clerk)
	other := w.Citizen()
	w.Bind(other, clerk, g.ID, g.Debtor)
	w.EnforcedBy(officer, g)
	if got := all(other); slices.Contains(got, wechattest.TemplateDue) || slices.Contains(got, wechattest.TemplateCertificate) {
		t.Errorf("who is enforced against is asked for %v", got)
	}
}
