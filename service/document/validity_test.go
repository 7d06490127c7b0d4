package document

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

// certified is a signer whose certificate is valid between two days from now.
func certified(t *testing.T, from, to int) *Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "宁波市镇海区人民法院"},
		NotBefore: time.Now().AddDate(0, 0, from), NotAfter: time.Now().AddDate(0, 0, to),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNothingIsSignedOutsideTheCertificatesValidity(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to int
		says     string
	}{
		"ended yesterday": {-30, -1, "到期"},
		"not yet valid":   {1, 30, "生效"},
	} {
		s := certified(t, c.from, c.to)
		_, err := NewPrinter(s, nil).Certificate(facts(), nil)
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Kind != model.Unavailable || e.Reason != "signing.certificate" || !strings.Contains(e.Message, c.says) || strings.Contains(e.Message, "signing.") || !strings.Contains(e.Error(), "signing.cert_file") {
			t.Errorf("%s: %v", name, err)
		}
		// A signature that was made all the same is not valid, and says why.
		s.now = func() time.Time { return s.cert.NotBefore.Add(time.Hour) }
		pdf, err := NewPrinter(s, nil).Certificate(facts(), nil)
		if err != nil {
			t.Fatal(err)
		}
		v, err := Verify(pdf, s.Certificate())
		if err != nil || !v.Trusted || v.Expired() != (c.to < 0) || v.Early() != (c.from > 0) {
			t.Errorf("%s: %+v %v", name, v, err)
		}
		i := strings.Index(string(pdf), "/Producer")
		pdf[i+1]++
		if _, err := Verify(pdf, s.Certificate()); !errors.Is(err, ErrAltered) {
			t.Errorf("%s, and changed: %v", name, err)
		}
	}
}

// A renewed certificate does not make the papers of the earlier one invalid.
func TestEarlierCertificatesVerifyTheirPapers(t *testing.T) {
	t.Parallel()
	old, renewed := certified(t, -30, 1), certified(t, -1, 365)
	var both []byte
	for _, s := range []*Signer{old, renewed} {
		both = append(both, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.cert.Raw})...)
	}
	roots, err := ParseCertificates(both)
	if err != nil || len(roots) != 2 {
		t.Fatal(len(roots), err)
	}
	for _, s := range []*Signer{old, renewed} {
		pdf, err := NewPrinter(s, nil).Certificate(facts(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := Verify(pdf, roots...); err != nil || !v.Trusted || v.Expired() || v.Early() {
			t.Errorf("%+v %v", v, err)
		}
	}
}

func TestTheKeyBelongsToTheCertificate(t *testing.T) {
	t.Parallel()
	_, cert, _, err := GenerateSigner("甲", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, _, key, err := GenerateSigner("甲", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSigner(cert, key); err == nil || !strings.Contains(err.Error(), "does not belong") {
		t.Error(err)
	}
}
