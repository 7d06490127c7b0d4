package wechat

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// TokenStore keeps the access token of an appid. Instances that share a store
// share the token.
type TokenStore interface {
	// Get returns the token, or "" when there is none or its time is over.
	Get(ctx context.Context, appID string) (string, error)
	// Set keeps the token for ttl.
	Set(ctx context.Context, appID, token string, ttl time.Duration) error
	// CompareAndDelete drops the token only if it is still this one, so that
	// a late failure never drops a fresh token that another caller fetched.
	CompareAndDelete(ctx context.Context, appID, token string) error
}

// MemoryTokens is a TokenStore of one process.
type MemoryTokens struct {
	now  func() time.Time
	mu   sync.Mutex
	kept map[string]memoryToken
}

type memoryToken struct {
	value string
	until time.Time
}

// NewMemoryTokens makes an empty store.
func NewMemoryTokens(now func() time.Time) *MemoryTokens {
	return &MemoryTokens{now: now, kept: map[string]memoryToken{}}
}

// Get implements TokenStore.
func (m *MemoryTokens) Get(_ context.Context, appID string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.kept[appID]
	if !ok || !m.now().Before(t.until) {
		return "", nil
	}
	return t.value, nil
}

// Set implements TokenStore.
func (m *MemoryTokens) Set(_ context.Context, appID, token string, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[appID] = memoryToken{token, m.now().Add(ttl)}
	return nil
}

// CompareAndDelete implements TokenStore.
func (m *MemoryTokens) CompareAndDelete(_ context.Context, appID, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept[appID].value == token {
		delete(m.kept, appID)
	}
	return nil
}

// tokenSource gives the stable access token. Fetching it twice is harmless (the
// platform answers the same token), so instances need no lock between them;
// within the process one fetch serves all waiters.
type tokenSource struct {
	client   *Client
	store    TokenStore
	fallback *MemoryTokens // used while the store cannot be reached
	flight   singleflight.Group
}

const stableTokenPath = "/cgi-bin/stable_token" // #nosec G101 -- a path

func (s *tokenSource) get(ctx context.Context) (string, error) {
	if token := s.lookup(ctx); token != "" {
		return token, nil
	}
	// The fetch outlives the caller who happened to be first: the others wait
	// for it too. It is bounded by the client's timeout.
	result := s.flight.DoChan("token", func() (any, error) {
		detached := context.WithoutCancel(ctx)
		if token := s.lookup(detached); token != "" {
			return token, nil
		}
		return s.fetch(detached)
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", newTransportError(stableTokenPath, false, ctx.Err())
	}
}

func (s *tokenSource) lookup(ctx context.Context) string {
	appID := s.client.cfg.AppID
	token, err := s.store.Get(ctx, appID)
	if err != nil {
		s.storeDown(ctx, "get", err)
		token, _ = s.fallback.Get(ctx, appID) // memory does not fail
	}
	return token
}

func (s *tokenSource) fetch(ctx context.Context) (string, error) {
	cfg := s.client.cfg
	payload, err := encodeJSON(map[string]any{
		"grant_type": "client_credential", "appid": cfg.AppID, "secret": cfg.Secret,
		// Forcing would end the token of every other instance at once.
		"force_refresh": false,
	})
	if err != nil {
		return "", err
	}
	a, err := s.client.exchange(ctx, http.MethodPost, stableTokenPath, nil, payload)
	if err != nil {
		return "", err
	}
	var got struct {
		Token     string `json:"access_token"`
		ExpiresIn int64  `json:"expires_in"` // seconds
	}
	if err := decode(stableTokenPath, a, &got); err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", newTransportError(stableTokenPath, true, errors.New("the answer holds no token"))
	}
	ttl := tokenTTL(got.ExpiresIn)
	if err := s.store.Set(ctx, cfg.AppID, got.Token, ttl); err != nil {
		s.storeDown(ctx, "set", err)
	}
	_ = s.fallback.Set(ctx, cfg.AppID, got.Token, ttl) // memory does not fail
	return got.Token, nil
}

// tokenTTL is how long a token is used: until the platform's own renewal, 5
// minutes before its end. The platform may answer a remaining life of less than
// that; a token is then kept for 30 s, not for no time at all.
func tokenTTL(expiresIn int64) time.Duration {
	return max(time.Duration(min(expiresIn, 7200))*time.Second-5*time.Minute, 30*time.Second)
}

func (s *tokenSource) invalidate(ctx context.Context, token string) {
	appID := s.client.cfg.AppID
	if err := s.store.CompareAndDelete(ctx, appID, token); err != nil {
		s.storeDown(ctx, "delete", err)
	}
	_ = s.fallback.CompareAndDelete(ctx, appID, token) // memory does not fail
}

// storeDown is logged and not returned: with a stable token every instance can
// do without the shared store.
func (s *tokenSource) storeDown(ctx context.Context, act string, err error) {
	s.client.log.WarnContext(ctx, "wechat token store unreachable, using memory", "act", act, "error", scrub(err.Error(), s.client.cfg.Secret))
}
