package document

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/smallstep/pkcs7"

	"microcourt/model"
)

// Signer signs papers with a court's key.
type Signer struct {
	cert *x509.Certificate
	key  crypto.Signer
	now  func() time.Time
}

// Valid refuses a certificate outside its validity: a signature that nobody
// accepts is worse than none. Papers wait until the court has another one.
// Errors: Unavailable signing.certificate; its cause tells the operator what to do.
func (s *Signer) Valid(now time.Time) error {
	what := ""
	switch {
	case now.Before(s.cert.NotBefore):
		what = "要到 " + s.cert.NotBefore.In(model.CourtZone).Format("2006-01-02 15:04") + " 才生效"
	case now.After(s.cert.NotAfter):
		what = "已于 " + s.cert.NotAfter.In(model.CourtZone).Format("2006-01-02 15:04") + " 到期"
	default:
		return nil
	}
	return model.E(model.Unavailable, "signing.certificate", "法院的签名证书"+what+"，暂时不能制作带签名的文书；证书更换后即可打开，请稍后再试或者联系法院").
		WithCause(errors.New("renew signing.cert_file and signing.key_file and restart; papers that wait are made then"))
}

// NewSigner reads a PEM certificate and its PEM private key (PKCS#8, PKCS#1 or
// SEC 1) and checks that they belong together.
func NewSigner(certPEM, keyPEM []byte) (*Signer, error) {
	cert, err := ParseCertificate(certPEM)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(keyPEM)
	if block == nil {
		return nil, errors.New("signing key: not PEM")
	}
	key, err := parseKey(block.Bytes)
	if err != nil {
		return nil, errors.New("signing key: cannot be read") // the error could quote the key
	}
	pub, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !pub.Equal(cert.PublicKey) {
		return nil, errors.New("signing key: does not belong to the certificate")
	}
	return &Signer{cert: cert, key: key, now: time.Now}, nil
}

// ParseCertificates reads all certificates of a PEM file, e.g. a court's
// present one and those before it.
func ParseCertificates(b []byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for {
		block, rest := pem.Decode(b)
		if block == nil {
			break
		}
		b = rest
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, errors.New("certificate: not PEM")
	}
	return out, nil
}

// ParseCertificate reads the first certificate of a PEM file.
func ParseCertificate(b []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("certificate: not PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return cert, nil
}

func parseKey(der []byte) (crypto.Signer, error) {
	if k, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if s, ok := k.(crypto.Signer); ok {
			return s, nil
		}
		return nil, errors.New("not a signing key")
	}
	if k, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return k, nil
	}
	return x509.ParseECPrivateKey(der)
}

// GenerateSigner makes a self-signed key for a demonstration or a first trial
// and returns it with its PEM files.
func GenerateSigner(court string, now time.Time) (s *Signer, certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("generate signer: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("generate signer: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: court, Organization: []string{court}, Country: []string{"CN"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment | x509.KeyUsageCertSign,
	}, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: court, Organization: []string{court}, Country: []string{"CN"}},
	}, key.Public(), key)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("generate signer: %w", err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("generate signer: %w", err)
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
	s, err = NewSigner(certPEM, keyPEM)
	return s, certPEM, keyPEM, err
}

// Certificate is the signer's certificate, by which others verify.
func (s *Signer) Certificate() *x509.Certificate { return s.cert }

// signatureBytes is the room for the signature in the file, hex-encoded.
const signatureBytes = 8 << 10

// Sign finishes a paper: metadata, output intent and Unicode of rare
// characters, and over everything a detached CMS signature (SHA-256), in one
// incremental update.
func (s *Signer) Sign(pdf []byte, m Metadata) ([]byte, error) {
	if err := s.Valid(s.now()); err != nil {
		return nil, err
	}
	out, gap, err := finish(pdf, m, s.cert.Subject.CommonName)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sd, err := pkcs7.NewSignedData(signedContent(out, gap))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sd.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := sd.AddSigner(s.cert, s.key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	sd.Detach()
	sig, err := sd.Finish()
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if len(sig) > signatureBytes {
		return nil, errors.New("sign: the certificate chain is too large")
	}
	hex.Encode(out[gap.from+1:], sig)
	return out, nil
}

// gap is the place of the signature in the file, angle brackets included.
type gap struct{ from, to int }

func signedContent(pdf []byte, g gap) []byte {
	return bytes.Join([][]byte{pdf[:g.from], pdf[g.to:]}, nil)
}
