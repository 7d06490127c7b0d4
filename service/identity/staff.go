package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Credentials are shown to an administrator once: a password with which the
// account's owner logs in once, sets his own, and enrols a second factor that
// nobody else ever sees.
type Credentials struct {
	UserID   int64
	Login    string
	Password string
	Until    time.Time // the password is good until then
}

// firstPassword is how long a password from an administrator can be used.
const firstPassword = 7 * 24 * time.Hour

// AddStaff makes a staff account with a first password that must be changed.
// Accounts of agencies are made by AddAgencyStaff.
func (s *Service) AddStaff(ctx context.Context, by model.Actor, courtID int64, login, name string, roles []model.Role) (
	*Credentials, error,
) {
	if slices.Contains(roles, model.RoleAgency) {
		return nil, errAgencyRole
	}
	return s.addStaff(ctx, by, model.User{CourtID: courtID, Name: name}, login, roles)
}

func (s *Service) addStaff(ctx context.Context, by model.Actor, of model.User, login string, roles []model.Role) (*Credentials, error) {
	courtID, name := of.CourtID, of.Name
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	login = model.NormalizeLogin(login)
	switch {
	case len(login) < 2 || len(login) > 64 || strings.ContainsAny(login, " \t/:"):
		return nil, model.InvalidField("login", "login.format", "登录名应为 2 到 64 个字符，不含空格")
	case strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > 50:
		return nil, model.InvalidField("name", "name.format", "请填写姓名，不超过 50 字")
	case model.CheckLine(name) != nil:
		return nil, model.AtField(model.CheckLine(name), "name")
	}
	if err := model.CheckRoles(roles); err != nil {
		return nil, err
	}
	cred, a, hash, err := s.newCredentials(ctx, login)
	if err != nil {
		return nil, fmt.Errorf("add staff: %w", err)
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		u := model.User{CourtID: courtID, AgencyID: of.AgencyID, Name: model.Clean(name), State: model.UserActive}
		if u.AgencyID != 0 {
			if err := member(ctx, tx, courtID, u.AgencyID); err != nil {
				return err
			}
		}
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		a.UserID, cred.UserID, a.PasswordHash = u.ID, u.ID, s.PasswordOf(u.ID, hash)
		if err := tx.CreateStaffAccount(ctx, a); err != nil {
			if model.KindOf(err) == model.Conflict {
				return model.InvalidField("login", "staff.exists", "该登录名已被使用")
			}
			return err
		}
		for _, r := range roles {
			if err := tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: courtID, Role: r}); err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: courtID, Action: model.AuditStaffAdd, Subject: model.ThingUser.Of(u.ID), After: roles,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("add staff: %w", err)
	}
	return cred, nil
}

// newCredentials are a one-time password and an account without an owner: the
// password becomes one's by PasswordOf.
func (s *Service) newCredentials(ctx context.Context, login string) (*Credentials, *model.StaffAccount, Hashed, error) {
	cred := &Credentials{Login: login, Password: s.cfg.NewSecret()[:16], Until: s.db.Now().Add(firstPassword)}
	hash, err := s.HashPassword(ctx, cred.Password)
	return cred, &model.StaffAccount{Login: login, MustChange: true, MustEnrol: true, PasswordUntil: &cred.Until}, hash, err
}

// ResetStaff gives a staff member of the court a one-time password. Whatever
// opened the account before is over: sessions, desk log-ins that wait for a
// phone, the tie to WeChat, known browsers; its owner enrols a second factor of
// his own. The tie to the court's sign-on stays: that another person may claim
// the account by its name is a decision of its own (OpenSignOn). Nobody resets
// himself.
func (s *Service) ResetStaff(ctx context.Context, by model.Actor, courtID int64, login string) (*Credentials, error) {
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	cred, fresh, hash, err := s.newCredentials(ctx, model.NormalizeLogin(login))
	if err != nil {
		return nil, fmt.Errorf("reset staff: %w", err)
	}
	err = s.changeStaff(ctx, by, courtID, login, model.AuditStaffReset, func(tx *storage.DB, a *model.StaffAccount, u *model.User) error {
		if err := notSelf(ctx, tx, by, u, "不能重置自己的账号，请由另一名系统管理员操作；只换密码的，请在“我的账户”中修改"); err != nil {
			return err
		}
		cred.UserID = u.ID
		a.PasswordHash, a.MustChange, a.PasswordUntil = s.PasswordOf(u.ID, hash), true, fresh.PasswordUntil
		a.TOTPSecret, a.TOTPPending, a.TOTPLastStep, a.MustEnrol = "", "", 0, true
		return errors.Join(tx.UpdateStaffAccount(ctx, a), tx.ClearFailuresOf(ctx, accountSubject(tx, a.Login)), s.endDoors(ctx, tx, by, u))
	})
	if err != nil {
		return nil, fmt.Errorf("reset staff: %w", err)
	}
	return cred, nil
}

// endDoors ends every way by which somebody may be in an account without its
// password; see storage.DB.EndDoors.
func (s *Service) endDoors(ctx context.Context, tx *storage.DB, by model.Actor, u *model.User) error {
	linked, err := tx.EndDoors(ctx, u.ID, by.UserID)
	if err != nil || !linked {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActStaffManage), model.AuditEvent{CourtID: u.CourtID, Action: model.AuditStaffUnlink, Subject: model.ThingUser.Of(u.ID)})
}

// notSelf refuses what an administrator would do to his own account, or to
// another one of his.
func notSelf(ctx context.Context, tx *storage.DB, by model.Actor, u *model.User, why string) error {
	if by.UserID == 0 {
		return nil
	}
	hands, err := tx.Hands(ctx, u.ID)
	if err != nil {
		return err
	}
	if u.ID == by.UserID || slices.Contains(hands, by.UserID) {
		return model.E(model.Conflict, "staff.self", why)
	}
	return nil
}

func staffIn(ctx context.Context, tx *storage.DB, courtID int64, login string) (*model.StaffAccount, *model.User, error) {
	a, err := tx.StaffByLogin(ctx, login)
	if err != nil {
		return nil, nil, err
	}
	u, err := tx.User(ctx, a.UserID)
	if err == nil && u.CourtID != courtID {
		err = model.E(model.NotFound, "staff.not_found", "没有找到该工作人员")
	}
	return a, u, err
}

// SetRoles gives a staff member exactly these roles. Nobody gives himself any,
// and roles of which one checks the other are never one account's. What opened
// the account before is over, so that nobody goes on in a role that he lost.
func (s *Service) SetRoles(ctx context.Context, by model.Actor, courtID int64, login string, roles []model.Role) error {
	if err := manages(by, courtID); err != nil {
		return err
	}
	if err := model.CheckRoles(roles); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		_, u, err := staffIn(ctx, tx, courtID, model.NormalizeLogin(login))
		if err != nil {
			return err
		}
		have, err := tx.Roles(ctx, u.ID, courtID)
		if err != nil {
			return err
		}
		if only := slices.Equal(roles, []model.Role{model.RoleAgency}); u.AgencyID != 0 && !only || u.AgencyID == 0 && slices.Contains(roles, model.RoleAgency) {
			return errAgencyRole
		}
		if slices.Equal(slices.Sorted(slices.Values(have)), slices.Compact(slices.Sorted(slices.Values(roles)))) {
			return nil
		}
		if err := notSelf(ctx, tx, by, u, "不能更改自己的角色，请由另一名系统管理员操作"); err != nil {
			return err
		}
		for _, r := range have {
			if !slices.Contains(roles, r) {
				err = errors.Join(err, tx.RevokeRole(ctx, u.ID, courtID, r))
			}
		}
		for _, r := range slices.Compact(slices.Sorted(slices.Values(roles))) {
			if !slices.Contains(have, r) {
				err = errors.Join(err, tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: courtID, Role: r}))
			}
		}
		if err != nil {
			return err
		}
		if !slices.Contains(roles, model.RoleLeader) {
			if err := stepDown(ctx, tx, by, u, "不再是院领导"); err != nil {
				return err
			}
		}
		if err := s.endDoors(ctx, tx, by, u); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: courtID, Action: model.AuditStaffRoles, Subject: model.ThingUser.Of(u.ID), Before: have, After: roles,
		})
	})
}

// manages refuses whoever does not administer the court's staff.
func manages(by model.Actor, courtID int64) error {
	if err := by.Require(model.ActStaffManage); err != nil {
		return err
	}
	if !by.IsSystem() && by.CourtID != courtID {
		return model.E(model.NotFound, "court.not_found", "没有找到，或您无权查看")
	}
	return nil
}

// ListStaff lists a court's staff after the given user id.
func (s *Service) ListStaff(ctx context.Context, by model.Actor, courtID, after int64, limit int) ([]model.StaffMember, error) {
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	list, err := s.db.StaffOf(ctx, courtID, after, limit)
	if err != nil {
		return nil, err
	}
	return list, s.fillDoors(ctx, list)
}

// fillDoors says of each member by what ways his account is open.
func (s *Service) fillDoors(ctx context.Context, list []model.StaffMember) error {
	if len(list) == 0 {
		return nil
	}
	ids, subjects := make([]int64, len(list)), make([]string, len(list))
	for i, m := range list {
		ids[i], subjects[i] = m.UserID, accountSubject(s.db, m.Login)
	}
	waiting, err := s.db.Throttled(ctx, subjects)
	if err != nil {
		return err
	}
	links, err := s.db.StaffLinks(ctx, ids)
	if err != nil {
		return err
	}
	signOn, err := s.db.SignOnOf(ctx, ids)
	if err != nil {
		return err
	}
	for i := range list {
		if until, ok := waiting[subjects[i]]; ok {
			list[i].LockedUntil = &until
		}
		if l, ok := links[ids[i]]; ok {
			list[i].Link = &l
		}
		if o, ok := signOn[ids[i]]; ok {
			list[i].SignOn = &o
		}
	}
	return nil
}
