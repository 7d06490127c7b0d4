package document

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"html"
	"regexp"
	"strconv"
	"time"

	"github.com/smallstep/pkcs7"
)

// Verification is what a signed paper proves by itself, without asking the
// court. Whether it was revoked only the court knows.
type Verification struct {
	Signer   string // common name of the signer's certificate
	SignedAt time.Time
	Trusted  bool // the signer is one of the given courts
	// NotBefore and NotAfter are the certificate's validity. A paper that was
	// signed outside of it is unchanged, but not validly signed.
	NotBefore, NotAfter time.Time
	Title               string // the paper's, as it is signed
	Kind                string // CertificateKind or a model.DocumentKind; "" on papers that did not say it
	Number              string
	CheckCode           string
}

// CertificateKind is the Kind of a certificate of performance. Any signed paper
// has a court's signature; only this one proves performance.
const CertificateKind = "certificate"

// Expired tells whether the certificate had ended when the paper was signed.
func (v *Verification) Expired() bool { return v.SignedAt.After(v.NotAfter) }

// Early tells whether the certificate was not valid yet when the paper was
// signed.
func (v *Verification) Early() bool { return v.SignedAt.Before(v.NotBefore) }

// Errors of Verify.
var (
	ErrNotSigned = errors.New("the file has no signature of a court")
	ErrAltered   = errors.New("the file was changed after it was signed")
)

var (
	byteRangePattern = regexp.MustCompile(`/ByteRange \[0 0*(\d+) 0*(\d+) 0*(\d+)\]`)
	numberPattern    = regexp.MustCompile(`<mc:number>([^<]*)</mc:number>`)
	kindPattern      = regexp.MustCompile(`<mc:kind>([^<]*)</mc:kind>`)
	titlePattern     = regexp.MustCompile(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">([^<]*)</rdf:li>`)
	checkPattern     = regexp.MustCompile(`<mc:check>([^<]*)</mc:check>`)
)

// Verify checks a paper's signature offline. roots are the certificates of the
// courts that are believed. A signature that does not cover the whole file is
// no signature: what was appended could show anything.
func Verify(pdf []byte, roots ...*x509.Certificate) (*Verification, error) {
	all := byteRangePattern.FindAllSubmatch(pdf, -1)
	if len(all) == 0 {
		return nil, ErrNotSigned
	}
	m := all[len(all)-1]
	n := [3]int{}
	for i := range n {
		v, err := strconv.Atoi(string(m[i+1]))
		if err != nil {
			return nil, ErrNotSigned
		}
		n[i] = v
	}
	g := gap{n[0], n[1]}
	if g.from <= 0 || g.to <= g.from+2 || g.to > len(pdf) || n[1]+n[2] != len(pdf) ||
		pdf[g.from] != '<' || pdf[g.to-1] != '>' {
		return nil, ErrAltered
	}
	sig, err := hex.DecodeString(string(pdf[g.from+1 : g.to-1]))
	if err != nil {
		return nil, ErrAltered
	}
	p7, err := pkcs7.Parse(trimDER(sig))
	if err != nil {
		return nil, ErrAltered
	}
	content := signedContent(pdf, g)
	p7.Content = content
	cert := p7.GetOnlySigner()
	if cert == nil {
		return nil, ErrAltered
	}
	v := &Verification{Signer: cert.Subject.CommonName, SignedAt: signingTime(p7), NotBefore: cert.NotBefore, NotAfter: cert.NotAfter}
	if err := p7.Verify(); err != nil && !unchanged(p7, err) {
		return nil, ErrAltered
	}
	for _, r := range roots {
		v.Trusted = v.Trusted || trusts(r, cert, v.SignedAt)
	}
	v.Title, v.Kind = lastMatch(titlePattern, content), lastMatch(kindPattern, content)
	v.Number, v.CheckCode = lastMatch(numberPattern, content), lastMatch(checkPattern, content)
	return v, nil
}

// unchanged tells whether err is about the certificate's validity alone: the
// same signature holds with a certificate that differs in nothing but its
// dates.
func unchanged(p7 *pkcs7.PKCS7, err error) bool {
	if _, ok := errors.AsType[*pkcs7.SigningTimeNotValidError](err); !ok {
		return false
	}
	for i, c := range p7.Certificates {
		always := *c
		always.NotBefore, always.NotAfter = time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		p7.Certificates[i] = &always
	}
	return p7.Verify() == nil
}

// trimDER cuts the zeros that fill the room for the signature.
func trimDER(b []byte) []byte {
	if len(b) < 4 || b[0] != 0x30 || b[1] != 0x82 {
		return bytes.TrimRight(b, "\x00")
	}
	return b[:min(len(b), int(b[2])<<8|int(b[3])+4)]
}

func trusts(root, cert *x509.Certificate, at time.Time) bool {
	if root.Equal(cert) {
		return true
	}
	// Whether the signer's own certificate had ended is told apart from whose it is.
	if at.After(cert.NotAfter) {
		at = cert.NotAfter
	} else if at.Before(cert.NotBefore) {
		at = cert.NotBefore
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	_, err := cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil
}

func signingTime(p7 *pkcs7.PKCS7) time.Time {
	var at time.Time
	if err := p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &at); err != nil {
		return time.Time{}
	}
	return at.UTC()
}

func lastMatch(p *regexp.Regexp, b []byte) string {
	all := p.FindAllSubmatch(b, -1)
	if len(all) == 0 {
		return ""
	}
	return html.UnescapeString(string(all[len(all)-1][1]))
}
