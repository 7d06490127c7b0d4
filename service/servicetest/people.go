package servicetest

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// Person is somebody as the services see him, with his phone.
type Person struct {
	model.Actor
	Login string // of staff, "" for others
	Phone string // the openid of his WeChat, "" when he has none
}

// Agency is the court's agency with the code.
func (w *World) Agency(court model.Court, code string) *model.Agency {
	w.T.Helper()
	by := model.System()
	by.CourtID = court.ID
	a, _, err := w.Svc.Agency.Add(context.Background(), by, model.Agency{Code: code, Name: "单位" + code, Kind: model.AgencyGovernment, QueryKinds: model.QueryKinds})
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// AddStaff makes an account and gives its user's id. No password is hashed: that
// takes longer than most tests, and logging in has tests of its own. A court's first
// leader is its president.
func (w *World) AddStaff(court model.Court, agencyID int64, login string, roles ...model.Role) int64 {
	w.T.Helper()
	ctx := context.Background()
	u := model.User{CourtID: court.ID, AgencyID: agencyID, Name: "法官" + login, State: model.UserActive}
	err := w.DB.Transact(ctx, func(tx *storage.DB) error {
		u.ID = 0
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		if err := tx.CreateStaffAccount(ctx, &model.StaffAccount{UserID: u.ID, Login: login, PasswordHash: "none", TOTPSecret: "none"}); err != nil {
			return err
		}
		for _, r := range roles {
			if err := tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: court.ID, Role: r}); err != nil {
				return err
			}
		}
		if !slices.Contains(roles, model.RoleLeader) || w.NoPresident {
			return nil
		}
		if p, err := tx.President(ctx, court.ID); err != nil || p != nil {
			return err
		}
		return tx.MarkPresident(ctx, &model.President{CourtID: court.ID, UserID: u.ID})
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return u.ID
}

// Staff is a staff member of the world's court; somebody of an agency is of the
// agency TEST.
func (w *World) Staff(login string, roles ...model.Role) Person {
	w.T.Helper()
	return w.StaffOf(w.Court, login, roles...)
}

// StaffOf is a staff member of a court.
func (w *World) StaffOf(court model.Court, login string, roles ...model.Role) Person {
	w.T.Helper()
	var agencyID int64
	if slices.Contains(roles, model.RoleAgency) { // which is nobody without an agency
		agencyID = w.Agency(court, "TEST").ID
	}
	return w.StaffIn(court, agencyID, login, roles...)
}

// StaffIn is somebody with an account in an agency, or in the court when
// agencyID is 0.
func (w *World) StaffIn(court model.Court, agencyID int64, login string, roles ...model.Role) Person {
	w.T.Helper()
	id := w.AddStaff(court, agencyID, login, roles...)
	return Person{Actor: model.Actor{UserID: id, CourtID: court.ID, AgencyID: agencyID, Name: "法官" + login, Roles: roles}, Login: login}
}

// Authorise puts on file that the president of the world's court lets a leader decide
// about kinds for ninety days.
func (w *World) Authorise(deputy Person, kinds ...model.MeasureKind) *model.SigningAuthority {
	w.T.Helper()
	admin := w.Staff("admin."+FreshKey(), model.RoleAdmin)
	today := model.DateOf(w.Clock.Now())
	a, err := w.Svc.Identity.Authorise(context.Background(), admin.Actor, model.SigningAuthority{
		UserID: deputy.UserID, Title: "副院长", Kinds: kinds, FromOn: today, UntilOn: today.AddDays(90), FileID: w.Uploaded(admin, 0, 4711), IdemKey: FreshKey(),
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// Citizen is somebody with a phone, who is logged in and bound to nothing yet.
func (w *World) Citizen() Person {
	w.T.Helper()
	return w.Again(Person{Phone: w.Fake.AddUser(wechattest.User{}).OpenID})
}

// Again is somebody from outside as he is after he logged in anew: with the
// roles that he has now.
func (w *World) Again(p Person) Person {
	w.T.Helper()
	ctx := context.Background()
	code, err := w.Fake.LoginCode(p.Phone)
	if err != nil {
		w.T.Fatal(err)
	}
	s, err := w.Svc.Identity.LoginWeChat(ctx, model.Actor{}, code)
	if err == nil {
		p.Actor, err = w.Svc.Identity.Authenticate(ctx, s.Token)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// Bind makes somebody a party of a case by a code that the clerk hands out.
func (w *World) Bind(p, clerk Person, caseID, partyID int64) {
	w.T.Helper()
	ctx := context.Background()
	code, err := w.Svc.Identity.IssueBindingCode(ctx, clerk.Actor, caseID, partyID, model.CapacitySelf, "")
	if err == nil {
		_, err = w.Svc.Identity.BindByCode(ctx, p.Actor, code.Code)
	}
	if err != nil {
		w.T.Fatal(err)
	}
}
