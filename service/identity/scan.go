package identity

import (
	"context"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// scanLife is how long a desk's QR code waits to be scanned.
const scanLife = 3 * time.Minute

// The states of a scan ticket.
const (
	scanPending  = "pending"
	scanApproved = "approved"
	scanUsed     = "used"
)

var errTicket = model.E(model.NotFound, "scan.not_found", "二维码已失效，请刷新后重新扫描")

// Ticket is a desk's waiting log-in: Code is shown as a QR code, Secret stays
// with the desk.
type Ticket struct {
	Code, Secret string
	ExpiresAt    time.Time
}

// BeginScan opens a log-in for a desk.
func (s *Service) BeginScan(ctx context.Context) (*Ticket, error) {
	t := &Ticket{Code: s.cfg.NewSecret(), Secret: s.cfg.NewSecret()}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		t.ExpiresAt = tx.Now().Add(scanLife)
		return tx.CreateScanTicket(ctx, &model.ScanTicket{
			TicketHash: hashSecret(t.Code), PollHash: hashSecret(t.Secret), State: scanPending, ExpiresAt: t.ExpiresAt,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("begin scan: %w", err)
	}
	return t, nil
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
		staffID, err := tx.StaffOfWeChat(ctx, by.UserID)
		if err != nil {
			return err
		}
		if staffID == 0 {
			return model.E(model.Forbidden, "scan.not_linked", "您的微信尚未关联工作人员账号，请先在小程序中用密码和动态口令关联")
		}
		staff, err := tx.User(ctx, staffID)
		if err != nil {
			return err
		}
		if staff.State != model.UserActive {
			return model.E(model.Forbidden, "account.disabled", "该账号已停用，请联系系统管理员")
		}
		t, err := tx.ScanTicket(ctx, hashSecret(ticket))
		if model.KindOf(err) == model.NotFound && err != nil {
			return errTicket
		}
		if err != nil {
			return err
		}
		if t.State == scanApproved && t.UserID == staffID {
			return nil
		}
		if t.State != scanPending || !t.ExpiresAt.After(tx.Now()) {
			return errTicket
		}
		t.State, t.UserID = scanApproved, staffID
		if err := tx.UpdateScanTicket(ctx, t); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: staff.CourtID, Action: "scan.approve", Subject: model.Subject("user", staffID),
		})
	})
}

// CollectScan gives the desk its session once the ticket is approved; nil
// while it is not. Only the desk that began, which holds the secret, can
// collect, and only once.
func (s *Service) CollectScan(ctx context.Context, from model.Actor, ticket, secret string) (*Session, error) {
	var userID int64
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		t, err := tx.ScanTicket(ctx, hashSecret(ticket))
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		if err != nil || t.PollHash != hashSecret(secret) || !t.ExpiresAt.After(tx.Now()) || t.State == scanUsed {
			return errTicket
		}
		if t.State == scanPending {
			return nil
		}
		userID, t.State = t.UserID, scanUsed
		return tx.UpdateScanTicket(ctx, t)
	})
	if err != nil || userID == 0 {
		return nil, err
	}
	return s.newSession(ctx, from, userID, map[string]any{keyStaff: true}, staffSession)
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
	if a.MustChange {
		return model.E(model.Forbidden, "password.must_change", "请先在工作台修改初始密码")
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.LinkStaff(ctx, by.UserID, staff.ID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: staff.CourtID, Action: "staff.link", Subject: model.Subject("user", staff.ID),
		})
	})
}
