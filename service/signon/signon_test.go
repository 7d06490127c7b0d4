package signon_test

import (
	"context"
	"net"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/signon"
)

// The provider takes connections and says nothing. Each that wants to sign on
// waits for his own time, not for one after the other of those before him.
func TestASilentProviderHoldsNobody(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	p, err := signon.New(signon.Config{
		Issuer: "http://" + l.Addr().String(), ClientID: "court", RedirectURL: "https://court.example/back", Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	first, leave := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = p.Start(first, "state", "nonce", "verifier")
	}()
	if _, err := l.Accept(); err != nil { // he is looking for it
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if _, err := p.Start(ctx, "state", "nonce", "verifier"); model.ReasonOf(err) != "signon.unavailable" {
		t.Errorf("%v", err)
	}
	leave()
	<-done
}
