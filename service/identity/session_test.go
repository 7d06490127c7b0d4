package identity_test

import (
	"testing"

	"microcourt/model"
)

// A member of staff sees where he is logged in and ends what he does not know; a
// log-out ends its own session and no other.
func TestDevicesAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	other := w.member("ji.wei", "季伟", model.RoleJudge)
	desk := w.in(m, model.Actor{IP: "198.51.100.7", Device: "Chrome"})
	home := w.in(m, model.Actor{IP: "203.0.113.9", Device: "Firefox"})
	foreign := w.in(other, model.Actor{Device: "Safari"})
	me := w.as(desk)
	list, err := w.svc.Devices(t.Context(), me, desk.Token)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	for _, d := range list {
		if d.Current != (d.Name == "Chrome") || d.Current && d.IP != "198.51.100.7" {
			t.Errorf("%+v", d)
		}
		if _, err := w.svc.Authenticate(t.Context(), d.Ref); err == nil {
			t.Error("what names a session opens it")
		}
		if !d.Current {
			w.reason("", w.svc.EndSession(t.Context(), me, d.Ref))
			w.reason("", w.svc.EndSession(t.Context(), me, d.Ref)) // ended already
		}
	}
	_, err = w.svc.Authenticate(t.Context(), home.Token)
	w.reason("session.expired", err)
	w.as(desk)
	// Nobody ends another's.
	theirs, err := w.svc.Devices(t.Context(), w.as(foreign), foreign.Token)
	if err != nil || len(theirs) != 1 {
		t.Fatal(theirs, err)
	}
	_ = w.svc.EndSession(t.Context(), me, theirs[0].Ref)
	w.as(foreign)
	_, err = w.svc.Devices(t.Context(), w.phone("openid-1"), "")
	w.reason("role.forbidden", err)
	w.reason("session.required", w.svc.EndSession(t.Context(), model.Actor{}, theirs[0].Ref))
	w.reason("", w.svc.Logout(t.Context(), desk.Token))
	_, err = w.svc.Authenticate(t.Context(), desk.Token)
	w.reason("session.expired", err)
	w.as(foreign)
	colleagues, err := w.svc.Colleagues(t.Context(), w.as(foreign), model.RoleJudge)
	if err != nil || len(colleagues) != 2 {
		t.Errorf("%+v %v", colleagues, err)
	}
}

// An administrator sees and ends the doors of an agency and of the court's own
// programs; a key is shown once, and its name is its own while it lives.
func TestKeysAreSeenAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as(w.in(w.member("root", "管理员", model.RoleAdmin), model.Actor{}))
	judge := w.as(w.in(w.member("zhang.min", "张敏", model.RoleJudge), model.Actor{}))
	agency, _, first := w.agency("scj.li", "李某")
	doors, err := w.svc.AgencyDoors(t.Context(), admin, w.court.ID, agency)
	if err != nil || len(doors.Accounts) != 1 || doors.Accounts[0].Login != "scj.li" {
		t.Fatalf("%+v %v", doors, err)
	}
	secret, err := w.svc.CreateAgencyKey(t.Context(), admin, w.court.ID, agency, "查控接口")
	if err != nil || secret == first {
		t.Fatal(err)
	}
	_, err = w.svc.CreateAgencyKey(t.Context(), admin, w.court.ID, agency, "查控接口")
	w.reason("api_key.exists", err)
	_, err = w.svc.CreateAgencyKey(t.Context(), admin, w.court.ID, agency, " ")
	w.reason("api_key.name", err)
	_, err = w.svc.CreateAgencyKey(t.Context(), judge, w.court.ID, agency, "另一接口")
	w.reason("role.forbidden", err)
	_, err = w.svc.AgencyDoors(t.Context(), judge, w.court.ID, agency)
	w.reason("role.forbidden", err)
	if by, err := w.svc.AuthenticateKey(t.Context(), secret); err != nil || by.AgencyID != agency {
		t.Errorf("%+v %v", by, err)
	}
	doors, err = w.svc.AgencyDoors(t.Context(), admin, w.court.ID, agency)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range doors.Keys {
		if k.Name == "查控接口" {
			w.reason("role.forbidden", w.svc.RevokeAgencyKey(t.Context(), judge, w.court.ID, agency, k.ID))
			for range 2 {
				w.reason("", w.svc.RevokeAgencyKey(t.Context(), admin, w.court.ID, agency, k.ID))
			}
		}
	}
	w.reason("api_key.not_found", w.svc.RevokeAgencyKey(t.Context(), admin, w.court.ID, agency, 999999))
	_, err = w.svc.AuthenticateKey(t.Context(), secret)
	w.reason("session.expired", err)
	if _, err := w.svc.AuthenticateKey(t.Context(), first); err != nil {
		t.Errorf("the other key ended with it: %v", err)
	}
	if _, err := w.svc.CreateAPIKey(t.Context(), admin, w.court.ID, "审判系统"); err != nil {
		t.Fatal(err)
	}
	own, err := w.svc.APIKeys(t.Context(), admin, w.court.ID)
	if err != nil || len(own) != 1 || own[0].Name != "审判系统" {
		t.Errorf("the court's own keys: %+v %v", own, err)
	}
	_, err = w.svc.APIKeys(t.Context(), judge, w.court.ID)
	w.reason("role.forbidden", err)
}
