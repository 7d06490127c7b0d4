// Package signon speaks OpenID Connect with the court's single sign-on
// (统一身份认证): it sends a browser there and learns, when it comes back, who
// its user is.
package signon

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"microcourt/model"
)

// Config is what the identity provider's operator gives the court.
type Config struct {
	Issuer       string // where /.well-known/openid-configuration is found
	ClientID     string
	ClientSecret string
	RedirectURL  string // …/desk/login/sso/callback
	// Claim is the claim of the ID token that holds the login name of this system;
	// preferred_username when empty. It is read when a person claims his account,
	// once; afterwards he is known by issuer and subject.
	Claim  string
	Client *http.Client // nil for one with a timeout
	Now    func() time.Time
}

// Provider is the court's single sign-on. It is found when it is first needed:
// a provider that is down must not keep the court's program from starting.
type Provider struct {
	cfg Config

	finding  chan struct{} // taken while somebody looks for the provider
	provider atomic.Pointer[oidc.Provider]
}

// New makes the provider.
func New(cfg Config) (*Provider, error) {
	if cfg.Issuer == "" || cfg.ClientID == "" || cfg.RedirectURL == "" || cfg.Now == nil {
		return nil, errors.New("signon: issuer, client and redirect address are needed")
	}
	if cfg.Claim == "" {
		cfg.Claim = "preferred_username"
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	return &Provider{cfg: cfg, finding: make(chan struct{}, 1)}, nil
}

var errDown = model.E(model.Unavailable, "signon.unavailable", "统一身份认证暂时无法连接，请稍后重试，或者用密码和动态口令登录")

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	if found := p.provider.Load(); found != nil {
		return found, nil
	}
	// One looks, and the others wait for what he finds, but not for each other's
	// patience with a provider that is silent.
	select {
	case p.finding <- struct{}{}:
		defer func() { <-p.finding }()
	case <-ctx.Done():
		return nil, errDown.WithCause(ctx.Err())
	}
	if found := p.provider.Load(); found != nil {
		return found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.cfg.Client), p.cfg.Issuer)
	if err != nil {
		return nil, errDown.WithCause(err)
	}
	p.provider.Store(found)
	return found, nil
}

func (p *Provider) config(found *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.cfg.RedirectURL,
		Scopes: []string{oidc.ScopeOpenID, "profile"},
	}
}

// Start is where the browser has to go. state and nonce come back, verifier is
// the secret of this one attempt (PKCE).
func (p *Provider) Start(ctx context.Context, state, nonce, verifier string) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	cfg := p.config(found)
	return cfg.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// Finish turns the code that the browser brought back into the person: issuer
// and subject, which are his for ever, and the login name that he has now,
// proved by the provider's signature and the attempt's nonce. An e-mail address
// counts as a login name only when the provider says that it was verified.
func (p *Provider) Finish(ctx context.Context, code, nonce, verifier string) (model.SignedOn, error) {
	none := model.SignedOn{}
	found, err := p.discover(ctx)
	if err != nil {
		return none, err
	}
	refused := model.E(model.Unauthenticated, "signon.refused", "统一身份认证没有通过，请重新登录")
	ctx = oidc.ClientContext(ctx, p.cfg.Client)
	cfg := p.config(found)
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		if _, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			return none, refused.WithCause(err)
		}
		return none, errDown.WithCause(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return none, refused.WithCause(errors.New("the provider sent no ID token"))
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: p.cfg.Now}).Verify(ctx, raw)
	if err != nil {
		return none, refused.WithCause(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return none, refused.WithCause(errors.New("the nonce is another one"))
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return none, refused.WithCause(err)
	}
	login := p.login(claims)
	if login == "" { // a provider may keep the profile out of the token
		info, err := found.UserInfo(ctx, cfg.TokenSource(ctx, token))
		if err != nil {
			return none, refused.WithCause(err)
		}
		if info.Subject != id.Subject {
			return none, refused.WithCause(errors.New("the user info is somebody else's"))
		}
		if err := info.Claims(&claims); err != nil {
			return none, refused.WithCause(err)
		}
		login = p.login(claims)
	}
	if login == "" || id.Subject == "" {
		return none, refused.WithCause(fmt.Errorf("there is no subject or no claim %q, or it is not verified", p.cfg.Claim))
	}
	return model.SignedOn{Issuer: id.Issuer, Subject: id.Subject, Login: login}, nil
}

// login is the claim that names the account.
func (p *Provider) login(claims map[string]any) string {
	if verified, ok := claims["email_verified"].(bool); p.cfg.Claim == "email" && (!ok || !verified) {
		return ""
	}
	login, _ := claims[p.cfg.Claim].(string)
	return login
}
