package identity

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// scanLife is how long a desk's QR code waits to be scanned.
const scanLife = 3 * time.Minute

var errTicket = model.E(model.NotFound, "scan.not_found", "二维码已失效，请刷新后重新扫描")

// Ticket is a desk's waiting log-in: Code is shown as a QR code, Secret stays
// with the desk. Number is shown by desk and phone, for comparing: a code that
// somebody else sent has another one.
type Ticket struct {
	Code, Secret string
	Number       string // four digits
	ExpiresAt    time.Time
}

// numberOf is the number of a ticket's code.
func numberOf(code string) string {
	sum := sha256.Sum256([]byte("number\x00" + code))
	return fmt.Sprintf("%04d", binary.BigEndian.Uint32(sum[:4])%10000)
}

// BeginScan opens a log-in for a desk, and notes which browser asks, from
// where.
func (s *Service) BeginScan(ctx context.Context, from model.Actor) (*Ticket, error) {
	t := &Ticket{Code: s.cfg.NewSecret(), Secret: s.cfg.NewSecret()}
	t.Number = numberOf(t.Code)
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		t.ExpiresAt = tx.Now().Add(scanLife)
		return tx.CreateScanTicket(ctx, &model.ScanTicket{
			TicketHash: hashSecret(t.Code), PollHash: hashSecret(t.Secret), State: model.ScanPending, ExpiresAt: t.ExpiresAt,
			Device: from.Device, IP: from.IP,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("begin scan: %w", err)
	}
	return t, nil
}

// Asking is a desk's waiting log-in as the phone shows it before its owner
// agrees.
type Asking struct {
	Number     string // as the desk shows it
	Device, IP string // of the browser that asks
	At         time.Time
	ExpiresAt  time.Time
	Staff      string // name and login name of the account that it would open
	Login      string
}

// LookScan tells the phone which browser, from where and since when, asks to be
// let in, and which account it would open.
func (s *Service) LookScan(ctx context.Context, by model.Actor, ticket string) (*Asking, error) {
	if err := by.Require(model.ActApproveScan); err != nil {
		return nil, err
	}
	var out *Asking
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		_, staff, err := linkedStaff(ctx, tx, by)
		if err != nil {
			return err
		}
		t, err := tx.ScanTicket(ctx, hashSecret(ticket))
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		if err != nil || t.State != model.ScanPending || !t.ExpiresAt.After(tx.Now()) {
			return errTicket
		}
		a, err := tx.StaffAccount(ctx, staff.ID)
		if err != nil {
			return err
		}
		out = &Asking{Number: numberOf(ticket), Device: t.Device, IP: t.IP, At: t.CreatedAt, ExpiresAt: t.ExpiresAt, Staff: staff.Name, Login: a.Login}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at scan: %w", err)
	}
	return out, nil
}

// linkedStaff is the staff account that the WeChat user may open.
func linkedStaff(ctx context.Context, tx *storage.DB, by model.Actor) (*model.StaffLink, *model.User, error) {
	link, err := tx.StaffOfWeChat(ctx, by.UserID)
	if err != nil {
		return nil, nil, err
	}
	if link == nil {
		return nil, nil, model.E(model.Forbidden, "scan.not_linked", "您的微信尚未关联工作人员账号，请先在小程序中用密码和动态口令关联")
	}
	staff, err := tx.User(ctx, link.StaffUserID)
	if err == nil && staff.State != model.UserActive {
		err = model.E(model.Forbidden, "account.disabled", "该账号已停用，请联系系统管理员")
	}
	return link, staff, err
}

// ApproveScan lets the desk that shows the ticket log in as the staff account
// that the WeChat user linked. A fresh wx.login code proves that the phone is
// in his hands now.
func (s *Service) ApproveScan(ctx context.Context, by model.Actor, ticket, code string) error {
	if err := by.Require(model.ActApproveScan); err != nil {
		return err
	}
	openID, _, err := s.cfg.WeChat.ExchangeCode(ctx, code)
	if err != nil {
		return err
	}
	if openID != by.OpenID {
		return model.E(model.Forbidden, "scan.other_user", "微信账号不一致，请重新进入小程序后再扫描")
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		link, staff, err := linkedStaff(ctx, tx, by)
		if err != nil {
			return err
		}
		t, err := tx.ScanTicket(ctx, hashSecret(ticket))
		if model.KindOf(err) == model.NotFound && err != nil {
			return errTicket
		}
		if err != nil {
			return err
		}
		if t.State == model.ScanApproved && t.UserID == staff.ID {
			return nil
		}
		if t.State != model.ScanPending || !t.ExpiresAt.After(tx.Now()) {
			return errTicket
		}
		t.State, t.UserID = model.ScanApproved, staff.ID
		if err := tx.UpdateScanTicket(ctx, t); err != nil {
			return err
		}
		if err := tx.UseLink(ctx, link.ID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: staff.CourtID, Action: model.AuditScanApprove, Subject: model.ThingUser.Of(staff.ID), After: []string{t.Device, t.IP},
		})
	})
}

// CollectScan gives the desk its session once the ticket is approved; nil
// while it is not. Only the desk that began, which holds the secret, can
// collect, only once, and only while the tie to the phone that approved lives.
func (s *Service) CollectScan(ctx context.Context, from model.Actor, ticket, secret string) (*Session, error) {
	var user *model.User
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		user = nil
		t, err := tx.ScanTicket(ctx, hashSecret(ticket))
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		if err != nil || t.PollHash != hashSecret(secret) || !t.ExpiresAt.After(tx.Now()) || t.State == model.ScanUsed {
			return errTicket
		}
		if t.State == model.ScanPending {
			return nil
		}
		if user, err = tx.User(ctx, t.UserID); err != nil {
			return err
		}
		links, err := tx.StaffLinks(ctx, []int64{user.ID})
		if err != nil {
			return err
		}
		if _, linked := links[user.ID]; !linked || user.State != model.UserActive {
			return errTicket
		}
		t.State = model.ScanUsed
		return tx.UpdateScanTicket(ctx, t)
	})
	if err != nil || user == nil {
		return nil, err
	}
	return s.staffSession(ctx, from, *user, nil)
}

// LinkStaff ties the WeChat user to his staff account, proven by password and
// one-time code, so that he can log in at the desk by scanning.
func (s *Service) LinkStaff(ctx context.Context, by model.Actor, login, password, code string) error {
	if err := by.Require(model.ActApproveScan); err != nil {
		return err
	}
	a, staff, err := s.checkCredentials(ctx, by, login, password, code)
	if err != nil {
		return err
	}
	return s.linkProven(ctx, by, a, staff)
}

// linkProven ties the WeChat user to the account that he proved to be his,
// unless it was reset, closed or given another password since.
func (s *Service) linkProven(ctx context.Context, by model.Actor, proven *model.StaffAccount, staff *model.User) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.StaffByLogin(ctx, proven.Login) // locked, as by whoever changes it
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, a.UserID)
		switch {
		case err != nil:
			return err
		case a.UserID != staff.ID || a.PasswordHash != proven.PasswordHash:
			return model.E(model.Conflict, "password.changed", "密码刚刚被更改或重置，请用新密码重试")
		case a.MustChange:
			return model.E(model.Forbidden, "password.must_change", "请先在工作台修改初始密码")
		case u.State != model.UserActive:
			return model.E(model.Forbidden, "account.disabled", "该账号已停用，请联系系统管理员")
		}
		if err := tx.LinkStaff(ctx, by.UserID, staff.ID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: staff.CourtID, Action: model.AuditStaffLink, Subject: model.ThingUser.Of(staff.ID),
		})
	})
}

// Link is the actor's tie to WeChat and to the court's sign-on, for his own
// page.
type Link struct {
	WeChat *model.StaffLink
	SignOn *model.SignOnIdentity
}

// OwnLink tells by what ways besides the password the actor's account is open.
func (s *Service) OwnLink(ctx context.Context, by model.Actor) (*Link, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	m := []model.StaffMember{{UserID: by.UserID}}
	if err := s.fillDoors(ctx, m); err != nil {
		return nil, err
	}
	return &Link{m[0].Link, m[0].SignOn}, nil
}

// EndOwnLink ends the actor's tie to WeChat. Ending what is over changes
// nothing.
func (s *Service) EndOwnLink(ctx context.Context, by model.Actor) error {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		ended, err := tx.EndLinks(ctx, by.UserID, by.UserID)
		if err != nil || !ended {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActSelfStaff), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditStaffUnlink, Subject: model.ThingUser.Of(by.UserID),
		})
	})
	if err != nil {
		return fmt.Errorf("end the tie to WeChat: %w", err)
	}
	return nil
}
