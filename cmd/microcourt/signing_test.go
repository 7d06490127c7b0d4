package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// signingPair writes a certificate that is valid between two days from now,
// and its key, and returns the variables that name them.
func signingPair(t *testing.T, from, to int) []string {
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
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{"c.crt": {Type: "CERTIFICATE", Bytes: der}, "c.key": {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"MICROCOURT_SIGNING__CERT_FILE=" + filepath.Join(dir, "c.crt"), "MICROCOURT_SIGNING__KEY_FILE=" + filepath.Join(dir, "c.key")}
}

// The server does not start with a certificate outside its validity, or with a
// key that is not its own, and says what to do. Other commands go on: an
// administrator must be able to work until the court has a new one.
func TestServeRefusesACertificateThatCannotSign(t *testing.T) {
	env := migrated(t)
	good := signingPair(t, -30, 365)
	other := signingPair(t, -30, 365)
	for want, pair := range map[string][]string{
		"到期":              signingPair(t, -30, -1),
		"生效":              signingPair(t, 1, 30),
		"does not belong": {good[0], other[1]},
	} {
		if code, _, errs := cli(with(env, pair...), "serve"); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", want, code, errs)
		}
	}
	if code, _, errs := cli(with(env, signingPair(t, -30, -1)...), "court", "list"); code != 0 {
		t.Error(errs)
	}
	// A renewed one is taken as it comes, and both are known from then on; those that signed nothing are not.
	for _, pair := range [][]string{good, signingPair(t, -1, 500)} {
		if code, _, errs := cli(with(env, pair...), "court", "list"); code != 0 {
			t.Error(errs)
		}
	}
	if code, out, errs := cli(with(env, good...), "installation", "show"); code != 0 || strings.Count(out, "certificate\t") != 2 {
		t.Error(out, errs)
	}
}
