package relative_test

import (
	"context"
	"testing"

	"microcourt/model"
	"microcourt/service/relative"
	"microcourt/service/servicetest"
)

// A code leads to its debtor's officer until another takes its place or it is
// voided; only a debtor's family gets one, and only from who has the case.
func TestACodeIsOfOneDebtorsFamily(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, wife := w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer), w.Citizen()
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	s := w.Svc.Relative
	for want, try := range map[string]func(by model.Actor, enforcement, party int64) error{
		"print": func(by model.Actor, enforcement, party int64) error {
			_, err := s.Print(ctx, by, enforcement, party)
			return err
		},
		"void": func(by model.Actor, enforcement, party int64) error { return s.Void(ctx, by, enforcement, party) },
	} {
		t.Log(want)
		w.Refused(try(officer.Actor, e.ID, f.Creditor), "party.not_debtor")
		w.Refused(try(officer.Actor, 999999, f.Debtor), "enforcement.not_found")
		if err := try(wife.Actor, e.ID, f.Debtor); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s by a citizen: %v", want, err)
		}
	}
	ask := func(code string) error {
		_, err := s.Ask(ctx, wife.Actor, relative.Asking{
			Relative: model.Relative{Name: "王秀英", Relation: model.RelationSpouse, Phone: "13700137000", DebtorName: "甬兴建材有限公司", IdemKey: servicetest.FreshKey()},
			Code:     code,
		})
		return err
	}
	print := func() string {
		k, err := s.Print(ctx, officer.Actor, e.ID, f.Debtor)
		if err != nil {
			t.Fatal(err)
		}
		return k.Code
	}
	old, code := print(), print()
	w.Refused(ask(old), "relative_code.wrong")
	if err := s.Void(ctx, officer.Actor, e.ID, f.Debtor); err != nil {
		t.Fatal(err)
	}
	w.Refused(ask(code), "relative_code.wrong")
	if err := ask(print()); err != nil {
		t.Errorf("the code that stands: %v", err)
	}
}
