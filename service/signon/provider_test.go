package signon_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/signon"
)

var providerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// fakeProvider is an OpenID provider that says of a user what the test tells it.
type fakeProvider struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any // of the ID token, over the usual ones
	info   map[string]any // of the user info, nil when it has none
	token  func(w http.ResponseWriter, form url.Values) bool
	asked  url.Values // what was sent for the code
}

func newProvider(t *testing.T) *fakeProvider {
	t.Helper()
	p := &fakeProvider{t: t, claims: map[string]any{}}
	var err error
	if p.key, err = providerKey(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		at := p.server.URL
		answer(w, map[string]any{
			"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys", "userinfo_endpoint": at + "/info",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), "e": "AQAB",
		}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		p.asked = r.PostForm
		if p.token != nil && p.token(w, r.PostForm) {
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": p.sign(p.key)})
	})
	mux.HandleFunc("/info", func(w http.ResponseWriter, _ *http.Request) {
		if p.info == nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		answer(w, p.info)
	})
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

// sign is the ID token of the user, by a key.
func (p *fakeProvider) sign(key *rsa.PrivateKey) string {
	p.t.Helper()
	claims := map[string]any{
		"iss": p.server.URL, "aud": "court", "sub": "u-1", "nonce": "nonce", "preferred_username": "zhang.min",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}
	maps.Copy(claims, p.claims)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			p.t.Error(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	signed := part(map[string]string{"alg": "RS256", "kid": "k1"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func (p *fakeProvider) signOn(claim string) *signon.Provider {
	p.t.Helper()
	s, err := signon.New(signon.Config{Issuer: p.server.URL, ClientID: "court", ClientSecret: "secret", RedirectURL: "https://court.example/back", Claim: claim, Now: time.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// The browser is sent to the provider with what proves the attempt, and the code
// that it brings back becomes the person: for ever by issuer and subject, and by
// the login name that he has now.
func TestThePersonIsProved(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	s := p.signOn("")
	at, err := s.Start(t.Context(), "state", "nonce", "a-verifier-of-this-attempt")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if !strings.HasPrefix(at, p.server.URL+"/authorize?") || q.Get("state") != "state" || q.Get("nonce") != "nonce" || q.Get("code_challenge_method") != "S256" ||
		q.Get("code_challenge") == "" || strings.Contains(at, "a-verifier") || q.Get("redirect_uri") != "https://court.example/back" || q.Get("client_id") != "court" {
		t.Errorf("the browser is sent to %s", at)
	}
	who, err := s.Finish(t.Context(), "code", "nonce", "a-verifier-of-this-attempt")
	if err != nil || who != (model.SignedOn{Issuer: p.server.URL, Subject: "u-1", Login: "zhang.min"}) {
		t.Errorf("%+v %v", who, err)
	}
	if p.asked.Get("code") != "code" || p.asked.Get("code_verifier") != "a-verifier-of-this-attempt" {
		t.Errorf("for the code was sent %v", p.asked)
	}
	// A provider may keep the profile out of the token.
	p.claims["preferred_username"], p.info = nil, map[string]any{"sub": "u-1", "preferred_username": "ji.wei"}
	if who, err = s.Finish(t.Context(), "code", "nonce", "v"); err != nil || who.Login != "ji.wei" {
		t.Errorf("by the user info: %+v %v", who, err)
	}
	p.claims["employee"] = "chen.p1"
	if who, err = p.signOn("employee").Finish(t.Context(), "code", "nonce", "v"); err != nil || who.Login != "chen.p1" {
		t.Errorf("by another claim: %+v %v", who, err)
	}
	p.claims["email"], p.claims["email_verified"] = "zhang@court.example", true
	if who, err = p.signOn("email").Finish(t.Context(), "code", "nonce", "v"); err != nil || who.Login != "zhang@court.example" {
		t.Errorf("by a verified address: %+v %v", who, err)
	}
}

// Whatever does not prove who it is lets nobody in.
func TestWhatProvesNobody(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]struct {
		claim   string
		reason  string
		prepare func(*fakeProvider)
	}{
		"another attempt's nonce": {"", "signon.refused", func(p *fakeProvider) { p.claims["nonce"] = "another" }},
		"another program's token": {"", "signon.refused", func(p *fakeProvider) { p.claims["aud"] = "intranet" }},
		"another issuer's token":  {"", "signon.refused", func(p *fakeProvider) { p.claims["iss"] = "https://elsewhere.example" }},
		"an old token":            {"", "signon.refused", func(p *fakeProvider) { p.claims["exp"] = time.Now().Add(-time.Hour).Unix() }},
		"no subject":              {"", "signon.refused", func(p *fakeProvider) { p.claims["sub"] = "" }},
		"no login name": {"", "signon.refused", func(p *fakeProvider) {
			p.claims["preferred_username"], p.info = nil, map[string]any{"sub": "u-1"}
		}},
		"no login name and no user info": {"", "signon.refused", func(p *fakeProvider) { p.claims["preferred_username"] = nil }},
		"somebody else's user info": {"", "signon.refused", func(p *fakeProvider) {
			p.claims["preferred_username"], p.info = nil, map[string]any{"sub": "u-2", "preferred_username": "zhang.min"}
		}},
		"an address that nobody verified": {"email", "signon.refused", func(p *fakeProvider) {
			p.claims["email"], p.info = "zhang@court.example", map[string]any{"sub": "u-1", "email": "zhang@court.example", "email_verified": false}
		}},
		"a forged signature": {"", "signon.refused", func(p *fakeProvider) {
			p.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.sign(other)})
				return true
			}
		}},
		"no ID token": {"", "signon.refused", func(p *fakeProvider) {
			p.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"access_token":"a","token_type":"Bearer"}`))
				return true
			}
		}},
		"a code that was used": {"", "signon.refused", func(p *fakeProvider) {
			p.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
				return true
			}
		}},
		"a provider that is gone": {"", "signon.unavailable", func(p *fakeProvider) { p.server.Close() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			s := p.signOn(k.claim)
			if _, err := s.Start(t.Context(), "state", "nonce", "v"); err != nil {
				t.Fatal(err)
			}
			k.prepare(p)
			if who, err := s.Finish(t.Context(), "code", "nonce", "v"); model.ReasonOf(err) != k.reason || who != (model.SignedOn{}) {
				t.Errorf("%+v %v", who, err)
			}
		})
	}
}

// A provider that is down when the program starts is found once it is up.
func TestAProviderIsFoundLater(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	down := true
	inner := p.server.Config.Handler
	var mu sync.Mutex
	p.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		inner.ServeHTTP(w, r)
	})
	s := p.signOn("")
	if _, err := s.Finish(t.Context(), "code", "nonce", "v"); model.ReasonOf(err) != "signon.unavailable" {
		t.Errorf("while it is down: %v", err)
	}
	mu.Lock()
	down = false
	mu.Unlock()
	if _, err := s.Start(t.Context(), "state", "nonce", "v"); err != nil {
		t.Errorf("once it is up: %v", err)
	}
	for _, cfg := range []signon.Config{{}, {Issuer: p.server.URL, ClientID: "court", Now: time.Now}, {Issuer: p.server.URL, ClientID: "court", RedirectURL: "x"}} {
		if _, err := signon.New(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}
