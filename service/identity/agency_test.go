package identity_test

import (
	"testing"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// The doors of an agency: accounts and keys are an administrator's to give, each
// refusal says why, what they are is shown without the secret, and a key that is
// revoked opens nothing.
func TestAccountsAndKeysOfAgencies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := servicetest.New(t)
	svc, a := w.Svc.Identity, w.Agency(w.Court, "SCJ")
	admin, manager := w.Staff("shen.ji", model.RoleAdmin).Actor, w.Staff("list.zg", model.RoleListManager).Actor
	key := func(by model.Actor, agency int64, name string) error {
		_, err := svc.CreateAgencyKey(ctx, by, w.Court.ID, agency, name)
		return err
	}
	account := func(agency int64, login, name string) error {
		_, err := svc.AddAgencyStaff(ctx, admin, w.Court.ID, agency, login, name)
		return err
	}
	secret, err := svc.CreateAgencyKey(ctx, admin, w.Court.ID, a.ID, "登记系统")
	if err != nil {
		t.Fatal(err)
	}
	by, err := svc.AuthenticateKey(ctx, secret)
	if err != nil || by.AgencyID != a.ID || !by.Has(model.RoleAgency) || by.May(model.ActAgencyRead) {
		t.Errorf("the program is %+v %v", by, err)
	}
	cred, err := svc.AddAgencyStaff(ctx, admin, w.Court.ID, a.ID, "scjg.wang", "王某")
	if err != nil || cred.Login != "scjg.wang" || cred.Password == "" || !cred.Until.After(w.Clock.Now()) {
		t.Errorf("credentials %+v %v", cred, err)
	}
	for _, m := range []struct {
		reason string
		err    error
	}{
		{"api_key.exists", key(admin, a.ID, "登记系统")},
		{"api_key.name", key(admin, a.ID, " ")},
		{"agency.not_found", key(admin, 999999, "登记系统")},
		{"role.forbidden", key(manager, a.ID, "另一系统")},
		{"staff.exists", account(a.ID, "scjg.wang", "王某")},
		{"login.format", account(a.ID, "x", "王某")},
		{"name.format", account(a.ID, "scjg.li", " ")},
		{"agency.not_found", account(999999, "scjg.li", "李某")},
		{"api_key.not_found", svc.RevokeAgencyKey(ctx, admin, w.Court.ID, a.ID, 999999)},
		{"role.forbidden", svc.RevokeAgencyKey(ctx, manager, w.Court.ID, a.ID, 999999)},
	} {
		w.Refused(m.err, m.reason)
	}
	_, err = svc.AgencyDoors(ctx, admin, w.Court.ID, 999999)
	w.Refused(err, "agency.not_found")
	_, err = svc.AgencyDoors(ctx, manager, w.Court.ID, a.ID)
	w.Refused(err, "role.forbidden")
	doors, err := svc.AgencyDoors(ctx, admin, w.Court.ID, a.ID)
	if err != nil || len(doors.Accounts) != 1 || doors.Accounts[0].Login != "scjg.wang" || len(doors.Keys) != 1 || doors.Keys[0].RevokedAt != nil {
		t.Fatalf("the doors: %+v %v", doors, err)
	}
	for range 2 { // the answer got lost
		if err := svc.RevokeAgencyKey(ctx, admin, w.Court.ID, a.ID, doors.Keys[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	_, err = svc.AuthenticateKey(ctx, secret)
	w.Refused(err, "session.expired")
	if err := key(admin, a.ID, "登记系统"); err != nil {
		t.Errorf("the name of a revoked key: %v", err)
	}
}
