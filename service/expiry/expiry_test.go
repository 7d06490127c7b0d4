package expiry_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/expiry"
	"microcourt/storage/storagetest"
)

func certificate(t *testing.T, name string, from, to time.Time) (*x509.Certificate, tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return c, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

var (
	admin  = model.Actor{UserID: 1, CourtID: 1, Roles: []model.Role{model.RoleAdmin}}
	leader = model.Actor{UserID: 2, CourtID: 1, Roles: []model.Role{model.RoleLeader}}
	judge  = model.Actor{UserID: 3, CourtID: 1, Roles: []model.Role{model.RoleJudge}}
)

// A signing certificate comes near its end: far, 60, 30 and 7 days before, and
// over; administrators and leaders are warned, others are not.
func TestTheSigningCertificateIsWarnedAboutInTime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := storagetest.NewClock()
	now := clock.Now()
	var logged bytes.Buffer
	cert, _ := certificate(t, "甲法院", now.AddDate(-1, 0, 0), now.AddDate(0, 0, 100))
	db := storagetest.Open(t, clock.Now)
	s := expiry.New(db, expiry.Config{Signing: cert, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	for _, step := range []struct {
		days  int // from the beginning
		level model.EndingLevel
		left  string
	}{
		{0, model.EndingFar, "100 天"}, {40, model.EndingSoon, "60 天"}, {70, model.EndingNear, "30 天"}, {93, model.EndingUrgent, "7 天"}, {101, model.EndingOver, "已到期"},
	} {
		clock.Set(now.AddDate(0, 0, step.days))
		logged.Reset()
		for range 2 {
			if err := s.Pass(ctx); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.List(ctx, admin)
		if err != nil || len(list) != 2 || list[0].Kind != model.EndingSigning || list[0].Level != step.level || list[0].Left != step.left {
			t.Fatalf("after %d days: %+v %v", step.days, list, err)
		}
		for name, by := range map[string]model.Actor{"an administrator": admin, "a leader": leader} {
			warned, err := s.Warnings(ctx, by)
			if err != nil || (len(warned) == 1) != (step.level > model.EndingFar) {
				t.Errorf("after %d days %s has %d warnings, %v", step.days, name, len(warned), err)
			}
		}
		if warned, err := s.Warnings(ctx, judge); err != nil || len(warned) > 0 {
			t.Error(warned, err)
		}
		if told := strings.Contains(logged.String(), "甲法院"); told != (step.level > model.EndingFar) {
			t.Errorf("after %d days the log says %q", step.days, logged.String())
		}
	}
	if _, err := s.List(ctx, judge); model.KindOf(err) != model.Forbidden {
		t.Error(err)
	}
}

// Certificates of servers are read as they are, also ended ones; a server that
// cannot be reached from here is listed and no warning.
func TestTheCertificatesOfServersAreRead(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := storagetest.NewClock()
	_, ended := certificate(t, "court.example", clock.Now().AddDate(-1, 0, 0), clock.Now().AddDate(0, 0, -1))
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{ended}, MinVersion: tls.VersionTLS12}
	srv.StartTLS()
	defer srv.Close()
	s := expiry.New(storagetest.Open(t, clock.Now), expiry.Config{
		Logger:    slog.New(slog.DiscardHandler),
		Endpoints: map[string]string{"对外网址": srv.Listener.Addr().String(), "文件存储": "127.0.0.1:1"},
	})
	if err := s.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	warned, err := s.Warnings(ctx, admin)
	if err != nil || len(warned) != 1 || warned[0].Level != model.EndingOver || !strings.HasPrefix(warned[0].Name, "对外网址") {
		t.Errorf("%+v %v", warned, err)
	}
	if list, err := s.List(ctx, admin); err != nil || len(list) != 3 {
		t.Errorf("%+v %v", list, err)
	}
}

// A template that was removed or changed at WeChat is noticed; WeChat's own
// absence is not taken for it.
func TestTemplatesAreNoticed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	faults, failure := map[string]string{}, error(nil)
	s := expiry.New(storagetest.Open(t, nil), expiry.Config{
		Logger:    slog.New(slog.DiscardHandler),
		Templates: func(context.Context) (map[string]string, error) { return faults, failure },
	})
	warnings := func() int {
		t.Helper()
		if err := s.Pass(ctx); err != nil {
			t.Fatal(err)
		}
		w, err := s.Warnings(ctx, admin)
		if err != nil {
			t.Fatal(err)
		}
		return len(w)
	}
	if n := warnings(); n != 0 {
		t.Error("warned without a fault")
	}
	faults["receipt.returned"] = "模板已被删除"
	if n := warnings(); n != 1 {
		t.Errorf("%d warnings of a removed template", n)
	}
	failure = errors.New("away")
	if n := warnings(); n != 0 {
		t.Error("WeChat's absence was taken for a fault")
	}
}

// The year after the last notice is missing: nothing is said before November,
// then until it is loaded.
func TestNextYearsHolidaysAreMissed(t *testing.T) {
	t.Parallel()
	c := model.ShippedCalendar()
	for day, want := range map[model.Date]model.EndingLevel{
		model.NewDate(2026, 7, 1): model.EndingFar, model.NewDate(2026, 11, 10): model.EndingSoon, model.NewDate(2026, 12, 10): model.EndingNear,
		model.NewDate(2026, 12, 30): model.EndingUrgent, model.NewDate(2027, 1, 5): model.EndingOver,
	} {
		e := model.HolidaysEnd(c, day.Start())
		if e.Level(day.Start()) != want || !strings.Contains(e.Name, "2027") {
			t.Errorf("%s: %+v is %d", day, e, e.Level(day.Start()))
		}
	}
	loaded := c.With([]model.Holiday{{On: model.NewDate(2027, 1, 1), Rest: true, Name: "元旦"}})
	if e := model.HolidaysEnd(loaded, model.NewDate(2026, 12, 30).Start()); !strings.Contains(e.Name, "2028") {
		t.Errorf("%+v", e)
	}
}
