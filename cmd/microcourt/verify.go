package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"microcourt/model"
	"microcourt/service/document"
	inst "microcourt/service/installation"
)

// verify checks a paper's signature. Papers outlive certificates: a file given
// with -cert may hold several, and without one those that the database knows
// are used beside the configured one.
func verify(c *call) error {
	certFile := c.flags.String("cert", "", "the court's certificate, or several of them in one file (PEM); without it those of this installation are used, earlier ones too")
	anyPaper := c.flags.Bool("any", false, "accept every paper that the court signed, not only certificates of performance")
	rest, err := c.parse()
	if err != nil || len(rest) != 1 {
		return errUsage
	}
	var known []*x509.Certificate
	if *certFile == "" {
		cfg, err := c.load()
		if err != nil {
			return err
		}
		*certFile, _ = cfg.signingFiles()
		if known, err = c.knownCertificates(cfg); err != nil {
			fmt.Fprintf(c.stderr, "only the configured certificate is used: %v\n", err)
		}
	}
	text, err := os.ReadFile(*certFile)
	if err != nil {
		return fmt.Errorf("the court's certificate is needed (-cert): %w", err)
	}
	roots, err := document.ParseCertificates(text)
	if err != nil {
		return err
	}
	pdf, err := os.ReadFile(rest[0])
	if err != nil {
		return err
	}
	v, err := document.Verify(pdf, append(roots, known...)...)
	const instant = "2006-01-02 15:04:05"
	at := func(t time.Time) string { return t.In(model.CourtZone).Format(instant) }
	switch {
	case errors.Is(err, document.ErrNotSigned):
		return errors.New("无效：文件没有法院的电子签名")
	case err != nil:
		return errors.New("无效：文件在签名后被改动")
	case !v.Trusted:
		return errors.New("无效：签名不是由该法院的证书作出的")
	case v.Expired():
		return fmt.Errorf("无效：证书在签名时已过期（证书有效期至 %s，签名时间 %s）；文件内容在签名后没有变化", at(v.NotAfter), at(v.SignedAt))
	case v.Early():
		return fmt.Errorf("无效：证书在签名时尚未生效（证书自 %s 起有效，签名时间 %s）；文件内容在签名后没有变化", at(v.NotBefore), at(v.SignedAt))
	case v.Kind != document.CertificateKind && !*anyPaper:
		return fmt.Errorf("不是履行证明书：这是法院签名的《%s》（%s），文件在签名后没有变化；只核对签名请加 -any", v.Title, v.Number)
	}
	if v.Kind != document.CertificateKind {
		fmt.Fprintf(c.stdout, "签名有效\n文书　　%s\n编号　　%s\n签名人　%s\n签名时间　%s\n", v.Title, v.Number, v.Signer, at(v.SignedAt))
		return nil
	}
	fmt.Fprintf(c.stdout, "签名有效\n文书　　%s\n编号　　%s\n校验码　%s\n签名人　%s\n签名时间　%s\n是否已被撤销，请凭编号和校验码在线查验。\n",
		v.Title, v.Number, v.CheckCode, v.Signer, at(v.SignedAt))
	return nil
}

// knownCertificates are those that the database knows, none where there is no
// database yet.
func (c *call) knownCertificates(cfg *Config) ([]*x509.Certificate, error) {
	if cfg.Database.Driver == "sqlite" && !exists(cfg.storage(nil).DSN) {
		return nil, nil
	}
	db, err := openDB(c.ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // it was only read
	return inst.New(db, nil, c.quiet()).Certificates(c.ctx)
}
