package identity_test

import (
	"testing"

	"microcourt/model"
	st "microcourt/service/servicetest"
	"microcourt/storage"
	"microcourt/storage/object"
)

// A court has one president at a time, marked by an administrator and never by himself;
// the mark and what he authorised are ended, with the reason, and stay on record. Who
// loses the role or the account is the president no more, and his authorisations go
// with the mark.
func TestOneAccountIsThePresidents(t *testing.T) {
	t.Parallel()
	w := st.NewWith(t, func(w *st.World) { w.NoPresident = true })
	s, court := w.Svc.Identity, w.Court.ID
	admin, both, clerk := w.Staff("shen.ji", model.RoleAdmin), w.Staff("both", model.RoleAdmin, model.RoleLeader), w.Staff("wan.tt", model.RoleClerk)
	one, two := w.Staff("chen.zj", model.RoleLeader), w.Staff("li.yz", model.RoleLeader)
	far := w.StaffOf(w.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleAdmin, model.RoleLeader)
	president := func() int64 {
		t.Helper()
		v, err := s.Signing(t.Context(), admin.Actor)
		if err != nil {
			t.Fatal(err)
		}
		return v.President
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	today := model.DateOf(w.Clock.Now())
	paper := func() model.SigningAuthority {
		return model.SigningAuthority{UserID: two.UserID, Title: "副院长", Kinds: []model.MeasureKind{model.MeasureFine}, FromOn: today, UntilOn: today.AddDays(30), FileID: w.Uploaded(admin, 0, 5), IdemKey: st.FreshKey()}
	}
	_, err := s.Authorise(t.Context(), admin.Actor, paper())
	w.Refused(err, "president.none")
	w.Refused(s.MarkPresident(t.Context(), both.Actor, court, "both"), "staff.self")
	w.Refused(s.MarkPresident(t.Context(), clerk.Actor, court, "chen.zj"), "role.forbidden")
	w.Refused(s.MarkPresident(t.Context(), far.Actor, far.CourtID, "chen.zj"), "staff.not_found")
	w.Refused(s.MarkPresident(t.Context(), admin.Actor, court, "wan.tt"), "president.leader")
	for range 2 { // the answer got lost
		must(s.MarkPresident(t.Context(), admin.Actor, court, "chen.zj"))
	}
	w.Refused(s.MarkPresident(t.Context(), admin.Actor, court, "li.yz"), "president.marked")
	if president() != one.UserID {
		t.Fatal("the mark is not his")
	}

	in := paper()
	first, err := s.Authorise(t.Context(), admin.Actor, in)
	must(err)
	again, err := s.Authorise(t.Context(), admin.Actor, in)
	if err != nil || again.ID != first.ID {
		t.Errorf("a repeat is %+v, %v", again, err)
	}
	for reason, change := range map[string]func(*model.SigningAuthority){
		"authority.user":   func(a *model.SigningAuthority) { a.UserID = far.UserID },
		"president.leader": func(a *model.SigningAuthority) { a.UserID = clerk.UserID },
		"file.changed":     func(a *model.SigningAuthority) { a.FileID = first.FileID }, // the paper of another one
		"authority.file":   func(a *model.SigningAuthority) { a.FileID = 0 },
	} {
		a := paper()
		change(&a)
		_, err := s.Authorise(t.Context(), admin.Actor, a)
		w.Refused(err, reason)
	}
	own := paper()
	own.UserID, own.FileID = both.UserID, w.Uploaded(both, 0, 6)
	_, err = s.Authorise(t.Context(), both.Actor, own)
	w.Refused(err, "staff.self")
	// The paper is for who keeps it or decides by it.
	for who, may := range map[*st.Person]bool{&admin: true, &one: true, &two: true, &clerk: false, &far: false} {
		open := func() (object.Object, *model.File, string, error) {
			return w.Svc.Performance.OpenFile(t.Context(), who.Actor, first.FileID, "original")
		}
		if who == &admin {
			open = func() (object.Object, *model.File, string, error) {
				return w.Svc.Performance.OpenAuthority(t.Context(), who.Actor, first.FileID)
			}
		}
		o, _, _, err := open()
		if (err == nil) != may {
			t.Errorf("%s opens the paper: %v", who.Login, err)
		}
		if err == nil {
			must(o.Close())
		}
	}
	w.Refused(s.EndAuthority(t.Context(), far.Actor, first.ID, "不是他的"), "authority.not_found")
	w.Refused(s.EndAuthority(t.Context(), admin.Actor, first.ID, " "), "reason.required")
	must(s.EndAuthority(t.Context(), admin.Actor, first.ID, "分工调整"))
	w.Refused(s.EndAuthority(t.Context(), admin.Actor, first.ID, "再次"), "authority.ended")
	second, err := s.Authorise(t.Context(), admin.Actor, paper())
	must(err)

	// Whatever takes the account from the president takes the mark.
	must(s.SetRoles(t.Context(), admin.Actor, court, "chen.zj", []model.Role{model.RoleJudge}))
	if president() != 0 {
		t.Error("a judge is the president")
	}
	must(s.MarkPresident(t.Context(), admin.Actor, court, "li.yz"))
	v, err := s.Signing(t.Context(), admin.Actor)
	if err != nil || len(v.Deputies) != 0 || !v.Void(*second) || len(v.Presidents) != 2 || v.Presidents[1].EndReason == "" || len(v.Authorities) != 2 || v.Authorities[1].EndReason != "分工调整" {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := s.DisableStaff(t.Context(), admin.Actor, court, "li.yz"); err != nil || president() != 0 {
		t.Errorf("a closed account is the president's: %v", err)
	}
	must(s.MarkPresident(t.Context(), admin.Actor, court, "both"))
	w.Refused(s.EndPresident(t.Context(), both.Actor, court, "both", "调任"), "staff.self")
	w.Refused(s.EndPresident(t.Context(), admin.Actor, court, "both", ""), "reason.required")
	must(s.EndPresident(t.Context(), admin.Actor, court, "both", "调任"))
	w.Refused(s.EndPresident(t.Context(), admin.Actor, court, "both", "调任"), "president.none")
	err = w.DB.Transact(t.Context(), func(tx *storage.DB) error {
		for range 2 {
			if err := tx.MarkPresident(t.Context(), &model.President{CourtID: court, UserID: one.UserID}); err != nil {
				return err
			}
		}
		return nil
	})
	if model.KindOf(err) != model.Conflict {
		t.Errorf("two presidents at once: %v", err)
	}
}
