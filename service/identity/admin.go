package identity

import (
	"context"
	"errors"

	"microcourt/model"
	"microcourt/storage"
)

// LogOutStaff ends every session of a staff member of the court.
func (s *Service) LogOutStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditStaffLogout, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		return tx.EndSessions(ctx, u.ID)
	})
}

// UnlockStaff forgets the failed log-ins of an account, wherever they came
// from. Nobody unlocks himself.
func (s *Service) UnlockStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditStaffUnlock, func(tx *storage.DB, a *model.StaffAccount, u *model.User) error {
		if err := notSelf(ctx, tx, by, u, "不能解除自己账号的限制，请由另一名系统管理员操作"); err != nil {
			return err
		}
		return tx.ClearFailuresOf(ctx, accountSubject(tx, a.Login))
	})
}

// EnableStaff opens an account again that was closed. Its ties to WeChat and to
// the court's sign-on stay ended; its owner makes them anew, the latter once an
// administrator opened the account for it (OpenSignOn).
func (s *Service) EnableStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditStaffEnable, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		return tx.SetUserState(ctx, u.ID, model.UserActive)
	})
}

// DisableStaff closes a staff account and ends whatever opens it. What its owner did at
// the desk and could still take back does not take effect; it tells how much that was.
func (s *Service) DisableStaff(ctx context.Context, by model.Actor, courtID int64, login string) (stopped int, err error) {
	err = s.changeStaff(ctx, by, courtID, login, model.AuditStaffDisable, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		if u.ID == by.UserID {
			return model.E(model.Conflict, "staff.self", "不能停用自己的账号，请由另一名系统管理员操作")
		}
		if err := stepDown(ctx, tx, by, u, "账号已停用"); err != nil {
			return err
		}
		var err error
		if stopped, err = tx.StopDeskActs(ctx, u.ID, by.UserID, model.StoppedDisabled); err != nil {
			return err
		}
		return errors.Join(tx.CloseSignOn(ctx, u.ID, by.UserID), tx.SetUserState(ctx, u.ID, model.UserDisabled), s.endDoors(ctx, tx, by, u))
	})
	return stopped, err
}

// UnlinkStaff ends the tie of a staff account to WeChat, and whatever it opened.
func (s *Service) UnlinkStaff(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditStaffUnlink, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		ended, err := tx.EndLinks(ctx, u.ID, by.UserID)
		if err == nil && ended {
			err = tx.EndSessions(ctx, u.ID)
		}
		return err
	})
}

// OpenSignOn ends the tie of a staff account to a person of the court's
// sign-on, and invites its owner to make it anew at his next log-in there.
func (s *Service) OpenSignOn(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditSignonEnd, func(tx *storage.DB, a *model.StaffAccount, u *model.User) error {
		if err := notSelf(ctx, tx, by, u, "不能为自己重新开放统一身份认证，请由另一名系统管理员操作"); err != nil {
			return err
		}
		if u.State != model.UserActive {
			return model.E(model.Conflict, "account.disabled", "该账号已停用，请先启用")
		}
		if _, err := tx.EndSignOn(ctx, u.ID, by.UserID); err != nil {
			return err
		}
		a.SignOnClosed = false
		return errors.Join(tx.UpdateStaffAccount(ctx, a), tx.EndSessions(ctx, u.ID))
	})
}

func (s *Service) changeStaff(ctx context.Context, by model.Actor, courtID int64, login string, action model.AuditAction,
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
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: action, Subject: model.ThingUser.Of(u.ID)})
	})
}
