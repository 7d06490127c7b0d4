// Package identity knows who is who: log-ins, sessions, staff accounts and API
// keys, and how a WeChat user becomes a party of a case. A WeChat session
// never gives staff roles: openid alone never makes a judge.
package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/scs/v2"

	"microcourt/model"
	"microcourt/storage"
)

// WeChat is what identity needs of the mini-program platform.
type WeChat interface {
	// ExchangeCode turns a wx.login code into an openid. The session_key that
	// comes with it is not kept.
	ExchangeCode(ctx context.Context, code string) (openID, unionID string, err error)
	// PhoneNumber turns a getPhoneNumber code of the openid into a verified
	// mainland number.
	PhoneNumber(ctx context.Context, code, openID string) (string, error)
}

// RealName checks that the person at the phone is the holder of a name and an
// ID number, e.g. WeChat's face verification 2.0 (see service/wechat). It is
// optional: WeChat grants it to government accounts on application.
type RealName interface {
	// StartRealName begins a check and returns what the phone needs and what
	// FinishRealName wants back.
	StartRealName(ctx context.Context, openID, name, idNumber string) (verifyID, outSeqNo string, err error)
	// FinishRealName asks the provider for the result; the phone's own word
	// proves nothing.
	FinishRealName(ctx context.Context, openID, name, idNumber, verifyID, outSeqNo string) (bool, error)
}

// Config is what identity needs.
type Config struct {
	AppID  string // of the mini-program
	WeChat WeChat
	// RealName is nil when the court has no provider.
	RealName RealName
	Now      func() time.Time
	// NewSecret makes tokens of at least 128 bits; rand.Text when nil.
	NewSecret func() string
	// PasswordMemory is how much memory hashing a new password takes, in KiB; 0 is
	// 64 MB. Passwords that are there keep theirs. Tests lower it.
	PasswordMemory uint32
}

// Lifetimes of sessions.
const (
	partySession = 7 * 24 * time.Hour
	staffSession = 12 * time.Hour
	staffIdle    = 2 * time.Hour
	// seenEvery is how precisely idleness is known: a request writes the session
	// at most this often.
	seenEvery = 5 * time.Minute
)

// Service is the area.
type Service struct {
	db       *storage.DB
	cfg      Config
	sessions *scs.SessionManager
	// digests finds sessions by the digest of their token, see Pictures.
	digests *scs.SessionManager
	hashing chan struct{} // bounds how many passwords are hashed at a time
	hashed  atomic.Int64  // how many were
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	if cfg.NewSecret == nil {
		cfg.NewSecret = rand.Text
	}
	// scs.New would start a store in memory with a goroutine that nothing ends.
	m := &scs.SessionManager{Store: db.Sessions(), Codec: scs.GobCodec{}, Lifetime: partySession, HashTokenInStore: true}
	digests := &scs.SessionManager{Store: db.Sessions(), Codec: scs.GobCodec{}, Lifetime: partySession}
	return &Service{db: db, cfg: cfg, sessions: m, digests: digests, hashing: make(chan struct{}, 2)}
}

// Session is what a log-in gives.
type Session struct {
	Token     string
	ExpiresAt time.Time
	// MustChange says that the session may do nothing but change the password, and
	// enrol a second factor where MustEnrol says so.
	MustChange bool
	MustEnrol  bool
	// Browser is the secret by which the browser of a staff member is known again
	// at his next log-in; it opens nothing.
	Browser string
}

// Names of the values in a session.
const (
	keyUser   = "user"
	keyStaff  = "staff"
	keyOpenID = "openid"
	keyAt     = "at"   // of the log-in
	keySeen   = "seen" // last request, to seenEvery
	keyMust   = "must_change"
	keyEpoch  = "epoch" // of the user, see model.User
)

// newSession makes a session of the user as he was when he proved who he is: if
// all of his sessions ended since, it is over before it begins.
func (s *Service) newSession(ctx context.Context, from model.Actor, u model.User, values map[string]any, life time.Duration) (*Session, error) {
	ctx = storage.WithSessionOwner(ctx, storage.SessionOwner{UserID: u.ID, Device: from.Device, IP: from.IP})
	ctx, err := s.sessions.Load(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("new session: %w", err)
	}
	now := s.cfg.Now().UTC()
	s.sessions.Put(ctx, keyUser, u.ID)
	s.sessions.Put(ctx, keyEpoch, u.Epoch)
	s.sessions.Put(ctx, keyAt, now.Unix())
	s.sessions.Put(ctx, keySeen, now.Unix())
	for k, v := range values {
		s.sessions.Put(ctx, k, v)
	}
	token, _, err := s.sessions.Commit(ctx)
	if err != nil {
		return nil, fmt.Errorf("new session: %w", err)
	}
	return &Session{Token: token, ExpiresAt: now.Add(life)}, nil
}

var errExpired = model.E(model.Unauthenticated, "session.expired", "登录已失效，请重新登录")

// Authenticate gives the actor of a session token, Unauthenticated when the
// session ended or the account was disabled.
func (s *Service) Authenticate(ctx context.Context, token string) (model.Actor, error) {
	return s.authenticate(ctx, s.sessions, token, true)
}

// Glance is Authenticate for what a page does by itself: an open page must not
// keep a session alive whose owner left his desk.
func (s *Service) Glance(ctx context.Context, token string) (model.Actor, error) {
	return s.authenticate(ctx, s.sessions, token, false)
}

// authenticate gives the actor of a session: m says whether it is named by its token
// or by the token's digest.
func (s *Service) authenticate(ctx context.Context, m *scs.SessionManager, token string, seen bool) (model.Actor, error) {
	sctx, err := m.Load(ctx, token)
	if err != nil {
		return model.Actor{}, fmt.Errorf("authenticate: %w", err)
	}
	userID := m.GetInt64(sctx, keyUser)
	if userID == 0 {
		return model.Actor{}, errExpired
	}
	now := s.cfg.Now()
	age := now.Sub(time.Unix(m.GetInt64(sctx, keyAt), 0))
	idle := now.Sub(time.Unix(m.GetInt64(sctx, keySeen), 0))
	staff := m.GetBool(sctx, keyStaff)
	if staff && (age > staffSession || idle > staffIdle) || age > partySession {
		return model.Actor{}, errExpired
	}
	u, err := s.db.User(ctx, userID)
	switch {
	case err != nil && model.KindOf(err) == model.NotFound, err == nil && (u.State != model.UserActive || u.Epoch != m.GetInt64(sctx, keyEpoch)):
		return model.Actor{}, errExpired
	case err != nil:
		return model.Actor{}, fmt.Errorf("authenticate: %w", err)
	}
	if staff && seen && idle > seenEvery {
		m.Put(sctx, keySeen, now.Unix())
		if _, _, err := m.Commit(storage.WithSessionOwner(sctx, storage.SessionOwner{UserID: userID})); err != nil {
			return model.Actor{}, fmt.Errorf("authenticate: %w", err)
		}
	}
	a := model.Actor{UserID: u.ID, CourtID: u.CourtID, Name: u.Name, OpenID: m.GetString(sctx, keyOpenID), Session: tokenHash(token)}
	if !m.HashTokenInStore {
		a.Session = token
	}
	if !staff {
		a.CourtID, a.Roles = 0, []model.Role{model.RoleParty, model.RoleRelative}
		live, err := s.db.IsLiaison(ctx, u.ID, model.DateOf(now))
		if err != nil {
			return model.Actor{}, fmt.Errorf("authenticate: %w", err)
		}
		if live { // for as long as his term runs, and not by any grant
			a.Roles = append(a.Roles, model.RoleLiaison)
		}
		return a, nil
	}
	if m.GetBool(sctx, keyMust) {
		return a, nil // no roles yet; ChangePassword checks the session itself
	}
	if a.Roles, err = s.db.Roles(ctx, u.ID, u.CourtID); err != nil {
		return model.Actor{}, fmt.Errorf("authenticate: %w", err)
	}
	if a.AgencyID, err = s.memberAgency(ctx, u.CourtID, u.AgencyID); err != nil {
		return model.Actor{}, fmt.Errorf("authenticate: %w", err)
	}
	return a, nil
}

// Logout ends the session of the token.
func (s *Service) Logout(ctx context.Context, token string) error {
	ctx, err := s.sessions.Load(ctx, token)
	if err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	return s.sessions.Destroy(ctx)
}

// LoginWeChat logs a mini-program user in by a wx.login code.
func (s *Service) LoginWeChat(ctx context.Context, from model.Actor, code string) (*Session, error) {
	openID, unionID, err := s.cfg.WeChat.ExchangeCode(ctx, code)
	if err != nil {
		return nil, err
	}
	userID, err := s.userOf(ctx, openID, unionID)
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	u, err := s.db.User(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	if u.State != model.UserActive {
		return nil, model.E(model.Forbidden, "account.disabled", "该账号已停用，请联系法院")
	}
	from.UserID = userID
	err = s.db.AuditLook(ctx, from, model.RoleParty, model.AuditEvent{Action: model.AuditSessionWechat, Subject: model.ThingUser.Of(userID)})
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	return s.newSession(ctx, from, *u, map[string]any{keyOpenID: openID}, partySession)
}

// userOf finds or makes the user of an openid; two phones of one user logging
// in at once still make one.
func (s *Service) userOf(ctx context.Context, openID, unionID string) (int64, error) {
	w, err := s.db.WeChatIdentity(ctx, s.cfg.AppID, openID)
	if err == nil {
		return w.UserID, nil
	}
	if model.KindOf(err) != model.NotFound {
		return 0, err
	}
	var userID int64
	err = s.db.Once(ctx, model.System(), func(tx *storage.DB) error {
		userID = 0
		known, err := tx.WeChatIdentity(ctx, s.cfg.AppID, openID)
		if err == nil {
			userID = known.UserID
		}
		if err == nil || model.KindOf(err) != model.NotFound {
			return err
		}
		u := model.User{State: model.UserActive}
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		userID = u.ID
		created, err := tx.CreateWeChatIdentity(ctx,
			&model.WeChatIdentity{AppID: s.cfg.AppID, OpenID: openID, UnionID: unionID, UserID: u.ID})
		if err == nil && !created { // the other request made the user, and is asked again
			err = model.E(model.Conflict, "identity.exists", "登录过于频繁，请重试")
		}
		return err
	})
	return userID, err
}

// AuthenticateKey gives the actor of an API key.
func (s *Service) AuthenticateKey(ctx context.Context, secret string) (model.Actor, error) {
	k, err := s.db.APIKey(ctx, hashSecret(secret))
	if model.KindOf(err) == model.NotFound && err != nil {
		return model.Actor{}, model.E(model.Unauthenticated, "session.expired", "接口密钥无效或已停用")
	}
	if err != nil {
		return model.Actor{}, fmt.Errorf("authenticate key: %w", err)
	}
	a := model.Actor{APIKeyID: k.ID, CourtID: k.CourtID, Name: k.Name, Roles: []model.Role{k.Role}}
	if a.AgencyID, err = s.memberAgency(ctx, k.CourtID, k.AgencyID); err != nil {
		return model.Actor{}, fmt.Errorf("authenticate key: %w", err)
	}
	return a, nil
}

// CreateAPIKey makes a key for the court's case system. The secret is returned
// once and only its hash is kept; it has 128 bits and more, so a plain hash is
// enough.
func (s *Service) CreateAPIKey(ctx context.Context, by model.Actor, courtID int64, name string) (string, error) {
	return s.createKey(ctx, by, model.APIKey{CourtID: courtID, Name: name, Role: model.RoleCaseSystem})
}

func (s *Service) createKey(ctx context.Context, by model.Actor, k model.APIKey) (string, error) {
	if err := manages(by, k.CourtID); err != nil {
		return "", err
	}
	if k.Name = strings.TrimSpace(k.Name); k.Name == "" || utf8.RuneCountInString(k.Name) > 50 {
		return "", model.InvalidField("name", "api_key.name", "请填写密钥的用途，不超过 50 字，例如“审判管理系统”")
	}
	secret := "mck_" + s.cfg.NewSecret()
	k.SecretHash = hashSecret(secret)
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		k := k
		if k.AgencyID != 0 {
			if err := member(ctx, tx, k.CourtID, k.AgencyID); err != nil {
				return err
			}
			// The secret is shown once, so that a repeat cannot be answered with it: the
			// name is the key of the request.
			if err := unusedName(ctx, tx, k); err != nil {
				return err
			}
		}
		if err := tx.CreateAPIKey(ctx, &k); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: k.CourtID, Action: model.AuditAPIKeyCreate, Subject: model.ThingAPIKey.Of(k.ID), After: k.AgencyID,
		})
	})
	if err != nil {
		return "", fmt.Errorf("create API key: %w", err)
	}
	return secret, nil
}

// APIKeys lists the keys of the court's own programs, live and ended; their
// secrets are not kept.
func (s *Service) APIKeys(ctx context.Context, by model.Actor, courtID int64) ([]model.APIKey, error) {
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	return s.db.APIKeys(ctx, courtID)
}

// RevokeAPIKey ends the keys of that name of the court's own programs.
func (s *Service) RevokeAPIKey(ctx context.Context, by model.Actor, courtID int64, name string) error {
	if err := manages(by, courtID); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		n, err := tx.RevokeAPIKeys(ctx, courtID, name)
		if err != nil {
			return err
		}
		if n == 0 {
			return model.E(model.NotFound, "api_key.not_found", "没有这个名称的有效密钥")
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: model.AuditAPIKeyRevoke, Subject: model.ThingAPIKey.Of(0), Detail: name})
	})
}

func hashSecret(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}
