package certificate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// PDF is the signed paper. It is made now if it has not been made yet.
func (s *Service) PDF(ctx context.Context, by model.Actor, id int64) ([]byte, *model.Certificate, error) {
	c, _, err := s.Certificate(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	b, err := s.paper(ctx, c)
	return b, c, err
}

// Content is the signed paper for the program's own use: it goes into the file of its
// case. Whoever asks for it has to ask for the right.
func (s *Service) Content(ctx context.Context, id int64) ([]byte, error) {
	c, err := s.db.CertificateByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.paper(ctx, c)
}

func (s *Service) paper(ctx context.Context, c *model.Certificate) ([]byte, error) {
	if c.PDFKey == "" {
		if err := s.makePDF(ctx, c.ID); err != nil {
			return nil, err
		}
		fresh, err := s.db.CertificateByID(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		*c = *fresh
	}
	o, _, err := s.cfg.Objects.Open(ctx, c.PDFKey)
	if err != nil {
		return nil, storeError(err)
	}
	defer func() { _ = o.Close() }() // read only
	b, err := io.ReadAll(o)
	if err != nil {
		return nil, storeError(err)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != c.PDFSHA256 {
		return nil, fmt.Errorf("certificate %d: the stored paper was changed", c.ID)
	}
	return b, nil
}

func storeError(err error) error {
	if errors.Is(err, object.ErrUnavailable) {
		return model.E(model.Unavailable, "files.unavailable", "文件存储暂时不可用，请稍后再试").WithCause(err)
	}
	return err
}

// makePDF prints, signs and stores the paper of a certificate, once. Two at
// once print two and keep the first.
func (s *Service) makePDF(ctx context.Context, id int64) error {
	c, err := s.db.CertificateByID(ctx, id)
	if err != nil || c.PDFKey != "" {
		return err
	}
	var f model.CertificateFacts
	if err := json.Unmarshal(c.Facts, &f); err != nil {
		return fmt.Errorf("certificate %d: %w", id, err)
	}
	b, err := s.cfg.Printer.Certificate(f, func(sum string) error {
		return s.db.Once(ctx, model.System(), func(tx *storage.DB) error { return tx.SetCertificateContent(ctx, id, sum) })
	})
	if err != nil {
		return fmt.Errorf("certificate %d: %w", id, err)
	}
	key := "certificates/" + s.db.Now().Format("2006/01/02") + "/" + strings.ToLower(s.cfg.NewSecret())
	opt := object.PutOptions{ContentType: "application/pdf", Retain: true}
	if err := s.cfg.Objects.Put(ctx, key, bytes.NewReader(b), int64(len(b)), opt); err != nil {
		return storeError(err)
	}
	sum := sha256.Sum256(b)
	first := false
	err = s.db.Once(ctx, model.System(), func(tx *storage.DB) error {
		first, err = tx.SetCertificatePDF(ctx, id, key, hex.EncodeToString(sum[:]))
		return err
	})
	if err != nil || first {
		return err // whatever the row says, the object stays for it
	}
	// Another was made at the same time and stays; or it is this one, and the
	// answer that said so was lost.
	if c, err = s.db.CertificateByID(ctx, id); err != nil || c.PDFKey == key {
		return err
	}
	return s.cfg.Objects.Remove(ctx, key)
}

func (s *Service) queuePDF(id int64) {
	select {
	case s.wake <- id:
	default: // the poll finds it
	}
}

// Pass makes the papers that were left undone. One that cannot be made does not
// hold up the others; a store that is away does.
func (s *Service) Pass(ctx context.Context) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.CertificatesWithoutPDF(ctx, after, 100)
		if err != nil || len(ids) == 0 {
			return errors.Join(errs, err)
		}
		for _, id := range ids {
			after = id
			err := s.makePDF(ctx, id)
			errs = errors.Join(errs, err)
			if model.KindOf(err) == model.Unavailable {
				return errs
			}
		}
	}
	return errs
}

// Run makes papers as soon as they are wanted until ctx ends; Pass makes what
// it missed.
func (s *Service) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case id := <-s.wake:
			if err := s.makePDF(ctx, id); err != nil && ctx.Err() == nil {
				s.cfg.Logger.ErrorContext(ctx, "certificate papers", "error", err.Error())
			}
		}
	}
}
