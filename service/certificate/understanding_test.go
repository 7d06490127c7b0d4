package certificate_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// A creditor who forgave the debtor is read by the debtor and by himself, and stands on
// the certificate; another debtor's phone shows nothing of it.
func TestWhoForgaveIsReadByThoseConcerned(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	debtor, creditor := w.Citizen(), w.Citizen()
	ctx := context.Background()
	f := w.Performed(judge, clerk, debtor)
	w.Bind(creditor, clerk, f.ID, f.Creditor)
	for range 2 { // said twice, it stands once, with the last day
		_, err := w.Svc.Filing.LogContact(ctx, judge.Actor, model.Contact{
			CaseID: f.ID, PartyID: f.Creditor, Channel: model.ContactForgiveness, HappenedAt: w.Clock.Now(), Note: "收到款项后当庭表示谅解", IdemKey: servicetest.FreshKey(),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, by := range map[string]servicetest.Person{"the debtor": debtor, "the creditor": creditor} {
		d, err := w.Svc.Filing.Case(ctx, by.Actor, f.ID, false)
		if err != nil || len(d.Understood) != 1 || d.Understood[0].Name != "李某" || d.Understood[0].OnDay != w.Today() {
			t.Errorf("%s reads %+v %v", name, d.Understood, err)
		}
	}
	c, _, err := w.Svc.Certificate.Issue(ctx, judge.Actor, f.ID, f.Instrument, f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	var facts model.CertificateFacts
	if err := json.Unmarshal(c.Facts, &facts); err != nil || !strings.Contains(facts.Forgiven(), "表示谅解的权利人：李某") {
		t.Errorf("%s %v", c.Facts, err)
	}
}
