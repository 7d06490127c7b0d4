package storage

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// SessionStore keeps sessions for alexedwards/scs. Tokens arrive hashed.
type SessionStore struct{ db *DB }

// Sessions is the store of sessions.
func (db *DB) Sessions() *SessionStore { return &SessionStore{db} }

// storeTimeout bounds the calls that scs makes without a context.
const storeTimeout = 10 * time.Second

type sessionOwnerKey struct{}

// SessionOwner is whose session it is, and on which device.
type SessionOwner struct {
	UserID     int64
	Device, IP string
}

// WithSessionOwner says whose session the next commit writes, so that the
// sessions of a user can be listed and ended.
func WithSessionOwner(ctx context.Context, o SessionOwner) context.Context {
	return context.WithValue(ctx, sessionOwnerKey{}, o)
}

// FindCtx implements scs.CtxStore.
func (s *SessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var row model.Session
	err := s.db.q(ctx).Take(&row, "token_hash = ? AND expires_at > ?", token, s.db.Now()).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, false, nil
	}
	return row.Data, err == nil, translate(err, "session")
}

// CommitCtx implements scs.CtxStore.
func (s *SessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	o, _ := ctx.Value(sessionOwnerKey{}).(SessionOwner)
	return s.db.Once(ctx, model.System(), func(tx *DB) error {
		now := tx.Now()
		row := model.Session{
			TokenHash: token, UserID: o.UserID, Data: b, Device: o.Device, IP: o.IP, SeenAt: &now, ExpiresAt: expiry.UTC(), CreatedAt: now,
		}
		return translate(tx.q(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "token_hash"}}, DoUpdates: clause.AssignmentColumns([]string{"data", "expires_at", "seen_at"}),
		}).Create(&row).Error, "session")
	})
}

// DeleteCtx implements scs.CtxStore.
func (s *SessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Once(ctx, model.System(), func(tx *DB) error {
		return translate(tx.q(ctx).Delete(&model.Session{}, "token_hash = ?", token).Error, "session")
	})
}

// Find implements scs.Store.
func (s *SessionStore) Find(token string) ([]byte, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	return s.FindCtx(ctx, token)
}

// Commit implements scs.Store.
func (s *SessionStore) Commit(token string, b []byte, expiry time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	return s.CommitCtx(ctx, token, b, expiry)
}

// Delete implements scs.Store.
func (s *SessionStore) Delete(token string) error {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	return s.DeleteCtx(ctx, token)
}

// SessionsOf lists the live sessions of a user, the newest first.
func (db *DB) SessionsOf(ctx context.Context, userID int64) ([]model.Session, error) {
	var out []model.Session
	err := db.q(ctx).Where("user_id = ? AND expires_at > ?", userID, db.Now()).Order("created_at DESC").Limit(100).Find(&out).Error
	return out, translate(err, "session")
}

// EndSession ends one session of a user.
func (db *DB) EndSession(ctx context.Context, userID int64, tokenHash string) error {
	return translate(db.q(ctx).Delete(&model.Session{}, "user_id = ? AND token_hash = ?", userID, tokenHash).Error, "session")
}

// EndSessions ends every session of a user, on every device: also one that is
// being written at this moment, because the user's epoch is over. Tickets that
// were approved for him and not collected yet open nothing any more.
func (db *DB) EndSessions(ctx context.Context, userID int64) error {
	err := db.q(ctx).Model(&model.User{}).Where("id = ?", userID).Update("epoch", gorm.Expr("epoch + 1")).Error
	if err == nil {
		err = db.q(ctx).Delete(&model.Session{}, "user_id = ?", userID).Error
	}
	if err == nil {
		err = db.q(ctx).Delete(&model.ScanTicket{}, "user_id = ?", userID).Error
	}
	return translate(err, "session")
}

// SweepSessions removes sessions that ended and counts of tries that are
// forgotten; they prove nothing, the audit trail has the log-ins.
func (db *DB) SweepSessions(ctx context.Context) error {
	err := db.q(ctx).Delete(&model.Session{}, "expires_at < ?", db.Now()).Error
	if err == nil {
		err = db.q(ctx).Delete(&model.Attempt{}, "window_end < ?", db.Now()).Error
	}
	return translate(err, "session")
}
