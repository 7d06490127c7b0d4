package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Device is one place where a staff member is logged in.
type Device struct {
	Ref      string // names it in EndSession; it opens nothing
	Name, IP string
	At, Seen time.Time
	Current  bool // the one that asks
}

// tokenHash is the form in which scs stores a token.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Devices lists where the actor is logged in; token is his present session.
func (s *Service) Devices(ctx context.Context, by model.Actor, token string) ([]Device, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	list, err := s.db.SessionsOf(ctx, by.UserID)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	now, current := s.cfg.Now(), tokenHash(token)
	var out []Device
	for _, row := range list {
		d := Device{Ref: row.TokenHash, Name: row.Device, IP: row.IP, At: row.CreatedAt, Seen: row.CreatedAt, Current: row.TokenHash == current}
		if row.SeenAt != nil {
			d.Seen = *row.SeenAt
		}
		if now.Sub(d.At) <= staffSession && now.Sub(d.Seen) <= staffIdle {
			out = append(out, d)
		}
	}
	return out, nil
}

// Colleagues lists the active holders of a role in the actor's court, for
// whoever chooses one of them.
func (s *Service) Colleagues(ctx context.Context, by model.Actor, role model.Role) ([]model.StaffMember, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	return s.db.StaffWith(ctx, by.CourtID, role)
}

// EndSession logs one of the actor's devices out. One that is logged out
// already changes nothing.
func (s *Service) EndSession(ctx context.Context, by model.Actor, ref string) error {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.EndSession(ctx, by.UserID, ref); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActSelfStaff), model.AuditEvent{
			CourtID: by.CourtID, Action: "session.end", Subject: model.Subject("user", by.UserID),
		})
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// LoginSignOn logs in the staff member whom the court's single sign-on
// (统一身份认证) named. The sign-on has proved who he is, so that there is no
// further password; an account that this court did not make, or closed, is
// refused. A first password that nobody changed yet stays as it is: it opens
// nothing that the sign-on does not.
func (s *Service) LoginSignOn(ctx context.Context, from model.Actor, login string) (*Session, error) {
	var userID int64
	unknown := model.E(model.Forbidden, "signon.unknown", "统一身份认证已通过，但本系统没有您的账号或账号已停用，请联系系统管理员")
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.StaffByLogin(ctx, model.NormalizeLogin(login))
		if err != nil && model.KindOf(err) == model.NotFound {
			return unknown
		}
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, a.UserID)
		if err != nil {
			return err
		}
		if u.State != model.UserActive {
			return unknown
		}
		userID, from.UserID = u.ID, u.ID
		return tx.Audit(from, model.RolePublic, model.AuditEvent{CourtID: u.CourtID, Action: "session.signon", Subject: model.Subject("user", u.ID)})
	})
	if err != nil {
		return nil, fmt.Errorf("sign on: %w", err)
	}
	return s.newSession(ctx, from, userID, map[string]any{keyStaff: true}, staffSession)
}

// LogOutStaff ends every session of a staff member of the court.
func (s *Service) LogOutStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, "staff.logout", func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		return tx.EndSessions(ctx, u.ID)
	})
}

// UnlockStaff opens an account that too many failed log-ins locked.
func (s *Service) UnlockStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, "staff.unlock", func(tx *storage.DB, a *model.StaffAccount, _ *model.User) error {
		a.FailedLogins, a.LockedUntil = 0, nil
		return tx.UpdateStaffAccount(ctx, a)
	})
}

// EnableStaff opens an account again that was closed.
func (s *Service) EnableStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, "staff.enable", func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		return tx.SetUserState(ctx, u.ID, model.UserActive)
	})
}

// DisableStaff closes a staff account and ends its sessions.
func (s *Service) DisableStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, "staff.disable", func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		if u.ID == by.UserID {
			return model.E(model.Conflict, "staff.self", "不能停用自己的账号，请由另一名系统管理员操作")
		}
		return errors.Join(tx.SetUserState(ctx, u.ID, model.UserDisabled), tx.EndSessions(ctx, u.ID))
	})
}

func (s *Service) changeStaff(ctx context.Context, by model.Actor, courtID int64, login, action string,
	f func(tx *storage.DB, a *model.StaffAccount, u *model.User) error,
) error {
	if err := manages(by, courtID); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		a, u, err := staffIn(ctx, tx, courtID, model.NormalizeLogin(login))
		if err != nil {
			return err
		}
		if err := f(tx, a, u); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: action, Subject: model.Subject("user", u.ID)})
	})
}
