package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"microcourt/model"
	"microcourt/storage"
)

// Parameters of argon2id: 64 MB and about 60 ms. Two run at a time.
const (
	argonTime, argonMemory, argonThreads, argonKey = 1, 64 << 10, 2, 32
)

// Lockout of a staff account.
const (
	maxFailedLogins = 5
	lockFor         = 15 * time.Minute
)

var (
	errLogin  = model.E(model.Unauthenticated, "login.wrong", "账号、密码或动态口令不正确")
	errLocked = model.E(model.TooMany, "login.locked", "连续输错次数过多，账号已锁定 15 分钟，请稍后再试或联系系统管理员重置")
)

func (s *Service) hashPassword(password string, salt []byte) string {
	s.hashing <- struct{}{}
	defer func() { <-s.hashing }()
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	return fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", argonTime, argonMemory, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// HashPassword hashes a new password with a fresh salt.
func (s *Service) HashPassword(password string) string { return s.hashPassword(password, newSalt()) }

func newSalt() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}

func (s *Service) passwordMatches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	return err == nil && subtle.ConstantTimeCompare([]byte(s.hashPassword(password, salt)), []byte(hash)) == 1
}

// LoginStaff logs a staff member in by password and one-time code. An unknown
// login costs as much time and gives the same answer as a wrong password.
func (s *Service) LoginStaff(ctx context.Context, from model.Actor, login, password, code string) (*Session, error) {
	a, u, err := s.checkCredentials(ctx, from, login, password, code)
	if err != nil {
		return nil, err
	}
	sess, err := s.newSession(ctx, from, u.ID, map[string]any{keyStaff: true, keyMust: a.MustChange}, staffSession)
	if err != nil {
		return nil, err
	}
	sess.MustChange = a.MustChange
	return sess, nil
}

func (s *Service) checkCredentials(ctx context.Context, from model.Actor, login, password, code string) (
	*model.StaffAccount, *model.User, error,
) {
	login = model.NormalizeLogin(login)
	if len(password) > 200 || len(login) > 64 {
		return nil, nil, errLogin
	}
	var known *model.StaffAccount
	err := s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		known, err = tx.StaffByLogin(ctx, login)
		return err
	})
	switch {
	case model.KindOf(err) == model.NotFound && err != nil:
		s.HashPassword(password)
		return nil, nil, errLogin
	case err != nil:
		return nil, nil, fmt.Errorf("log in: %w", err)
	case known.LockedUntil != nil && known.LockedUntil.After(s.cfg.Now()):
		return nil, nil, errLocked
	}
	matches := s.passwordMatches(known.PasswordHash, password) // outside the transaction: it takes its time
	var account *model.StaffAccount
	var user *model.User
	verdict := errLogin
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.StaffByLogin(ctx, login)
		if err != nil {
			return err
		}
		if user, err = tx.User(ctx, a.UserID); err != nil {
			return err
		}
		account, from.UserID = a, user.ID
		if a.LockedUntil != nil && a.LockedUntil.After(tx.Now()) {
			verdict = errLocked
			return nil
		}
		step, ok := s.checkTOTP(a, code, tx.Now())
		action := "session.staff"
		if matches && ok && user.State == model.UserActive {
			verdict = nil
			a.TOTPLastStep, a.FailedLogins, a.LockedUntil = step, 0, nil
		} else {
			verdict, action = errLogin, "session.refused"
			a.FailedLogins++
			if a.FailedLogins >= maxFailedLogins {
				until := tx.Now().Add(lockFor)
				a.FailedLogins, a.LockedUntil, verdict = 0, &until, errLocked
			}
		}
		if err := tx.UpdateStaffAccount(ctx, a); err != nil {
			return err
		}
		return tx.Audit(from, model.RolePublic, model.AuditEvent{
			CourtID: user.CourtID, Action: action, Subject: model.Subject("user", user.ID),
		})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("log in: %w", err)
	}
	if verdict != nil {
		return nil, nil, verdict
	}
	return account, user, nil
}

// totpPeriod is the life of a one-time code in seconds.
const totpPeriod = 30

// checkTOTP accepts the current code and its neighbours, each once.
func (s *Service) checkTOTP(a *model.StaffAccount, code string, now time.Time) (step int64, ok bool) {
	current := now.Unix() / totpPeriod
	for _, step := range []int64{current, current - 1, current + 1} {
		want, err := totp.GenerateCodeCustom(a.TOTPSecret, time.Unix(step*totpPeriod, 0),
			totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(model.NormalizeSerial(code))) == 1 {
			return step, step > a.TOTPLastStep
		}
	}
	return 0, false
}

// Credentials are shown to an administrator once.
type Credentials struct {
	UserID   int64
	Login    string
	Password string
	// TOTPURL is what an authenticator app scans (otpauth://…); it holds the
	// secret.
	TOTPURL    string
	TOTPSecret string
}

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
	case len(roles) == 0:
		return nil, model.InvalidField("roles", "role.required", "请至少指定一个角色")
	}
	for _, r := range roles {
		if !r.IsStaff() {
			return nil, model.InvalidField("roles", "role.unknown", "没有这个角色："+string(r))
		}
	}
	cred, a, err := s.newCredentials(login)
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
		a.UserID, cred.UserID = u.ID, u.ID
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
			CourtID: courtID, Action: "staff.add", Subject: model.Subject("user", u.ID), After: roles,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("add staff: %w", err)
	}
	return cred, nil
}

func (s *Service) newCredentials(login string) (*Credentials, *model.StaffAccount, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "微法院", AccountName: login})
	if err != nil {
		return nil, nil, err
	}
	password := s.cfg.NewSecret()[:16]
	return &Credentials{Login: login, Password: password, TOTPURL: key.URL(), TOTPSecret: key.Secret()},
		&model.StaffAccount{
			Login: login, PasswordHash: s.HashPassword(password), TOTPSecret: key.Secret(), MustChange: true,
		}, nil
}

// ResetStaff gives a staff member of the court a new first password and
// one-time secret, unlocks the account and ends its sessions.
func (s *Service) ResetStaff(ctx context.Context, by model.Actor, courtID int64, login string) (*Credentials, error) {
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	cred, fresh, err := s.newCredentials(model.NormalizeLogin(login))
	if err != nil {
		return nil, fmt.Errorf("reset staff: %w", err)
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		a, u, err := staffIn(ctx, tx, courtID, cred.Login)
		if err != nil {
			return err
		}
		cred.UserID = u.ID
		a.PasswordHash, a.TOTPSecret, a.TOTPLastStep, a.MustChange = fresh.PasswordHash, fresh.TOTPSecret, 0, true
		a.FailedLogins, a.LockedUntil = 0, nil
		if err := errors.Join(tx.UpdateStaffAccount(ctx, a), tx.EndSessions(ctx, u.ID)); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: "staff.reset", Subject: model.Subject("user", u.ID)})
	})
	if err != nil {
		return nil, fmt.Errorf("reset staff: %w", err)
	}
	return cred, nil
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

// SetRoles gives a staff member exactly these roles.
func (s *Service) SetRoles(ctx context.Context, by model.Actor, courtID int64, login string, roles []model.Role) error {
	if err := manages(by, courtID); err != nil {
		return err
	}
	if len(roles) == 0 {
		return model.InvalidField("roles", "role.required", "请至少指定一个角色；不再使用的账号请停用")
	}
	for _, r := range roles {
		if !r.IsStaff() {
			return model.InvalidField("roles", "role.unknown", "没有这个角色："+string(r))
		}
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
		if u.ID == by.UserID && !slices.Contains(roles, model.RoleAdmin) {
			return model.E(model.Conflict, "staff.self", "不能取消自己的系统管理员角色，请由另一名系统管理员操作")
		}
		for _, r := range have {
			if !slices.Contains(roles, r) {
				err = errors.Join(err, tx.RevokeRole(ctx, u.ID, courtID, r))
			}
		}
		for _, r := range roles {
			if !slices.Contains(have, r) {
				err = errors.Join(err, tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: courtID, Role: r}))
			}
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: courtID, Action: "staff.roles", Subject: model.Subject("user", u.ID), Before: have, After: roles,
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
	return s.db.StaffOf(ctx, courtID, after, limit)
}

// ChangePassword sets a new password for the staff member of the session and
// ends all of his sessions, this one included. It is the one act that a
// session with a first password may do.
func (s *Service) ChangePassword(ctx context.Context, by model.Actor, old, fresh string) error {
	if by.UserID == 0 || by.IsParty() {
		return by.Require(model.ActSelfStaff)
	}
	if utf8.RuneCountInString(fresh) < 10 || len(fresh) > 200 || fresh == old {
		return model.InvalidField("new_password", "password.weak", "新密码至少 10 位，且不能与原密码相同")
	}
	a, err := s.db.StaffAccount(ctx, by.UserID)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if !s.passwordMatches(a.PasswordHash, old) {
		return model.InvalidField("old_password", "login.wrong", "原密码不正确")
	}
	hash := s.HashPassword(fresh)
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.StaffByLogin(ctx, a.Login)
		if err != nil {
			return err
		}
		a.PasswordHash, a.MustChange = hash, false
		if err := errors.Join(tx.UpdateStaffAccount(ctx, a), tx.EndSessions(ctx, by.UserID)); err != nil {
			return err
		}
		return tx.Audit(by, model.RolePublic, model.AuditEvent{
			CourtID: by.CourtID, Action: "password.change", Subject: model.Subject("user", by.UserID),
		})
	})
}
