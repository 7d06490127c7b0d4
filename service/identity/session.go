package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
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
			CourtID: by.CourtID, Action: model.AuditSessionEnd, Subject: model.ThingUser.Of(by.UserID),
		})
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
