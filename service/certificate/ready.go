package certificate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"microcourt/model"
)

// Paper names a certificate that could be issued, and with its stamp what the judge
// saw of it.
type Paper struct {
	CaseID, InstrumentID, PartyID int64
	Stamp                         string // "" for what nobody looked at
}

// stampOf is a digest of all that a certificate says but its number, its code and
// its day: what was looked at in the evening is issued the next morning.
func stampOf(f model.CertificateFacts) string {
	f.Number, f.CheckCode, f.VerifyURL, f.IssuedOn = "", "", "", model.Date{}
	b, _ := json.Marshal(f) // of strings, numbers and days
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Ready lists who performed everything and has no certificate, in the cases of the
// actor, those who applied first. It goes by what lists keep; what decides is
// Eligibility.
func (s *Service) Ready(ctx context.Context, by model.Actor, after Paper, limit int) ([]model.ReadyCertificate, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, err
	}
	return s.db.ReadyCertificates(ctx, by, 0, model.ReadyCertificate{CaseID: after.CaseID, InstrumentID: after.InstrumentID, PartyID: after.PartyID}, limit)
}

// ReadyIn is Ready of one case.
func (s *Service) ReadyIn(ctx context.Context, by model.Actor, caseID int64) ([]model.ReadyCertificate, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, err
	}
	return s.db.ReadyCertificates(ctx, by, caseID, model.ReadyCertificate{}, 20)
}

// CountReady counts them.
func (s *Service) CountReady(ctx context.Context, by model.Actor) (int64, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return 0, err
	}
	return s.db.CountReadyCertificates(ctx, by)
}

// Draft is a certificate as it would be issued now.
type Draft struct {
	Paper
	CaseNo string
	Facts  model.CertificateFacts
	Err    error // why it cannot be issued, nil when it can
}

// Draft is what the certificate would say that the judge of the case could issue.
// Nothing is numbered. Conflict certificate.not_eligible when it cannot be issued,
// certificate.exists when there is one, receipt.undoable while a decision about the
// case's ledger can be taken back.
func (s *Service) Draft(ctx context.Context, by model.Actor, of Paper) (*Draft, error) {
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, of.CaseID)
	if err != nil {
		return nil, err
	}
	if cs.JudgeID != by.UserID {
		return nil, model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
	}
	waiting, err := s.db.DecidedBeside(ctx, cs.ID, 0) // it could change what is looked at
	if err != nil {
		return nil, err
	}
	if len(waiting) > 0 {
		return nil, waiting[0].Undoable()
	}
	list, err := eligibility(ctx, s.db, cs)
	if err != nil {
		return nil, err
	}
	e, err := find(list, of.InstrumentID, of.PartyID)
	if err != nil {
		return nil, err
	}
	if !e.Eligible {
		return nil, notEligible(e.Requirements)
	}
	court, err := s.db.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	judge, err := s.db.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	_, facts := s.drawUp(*court, *cs, e, judge.Name, model.DateOf(s.db.Now()))
	of.Stamp = stampOf(facts)
	facts.Number = "（出具时编号）"
	return &Draft{Paper: of, CaseNo: cs.CaseNo, Facts: facts}, nil
}

// Preview is the very paper with 预览 across it, and its stamp.
func (s *Service) Preview(ctx context.Context, by model.Actor, of Paper) (pdf []byte, stamp string, err error) {
	d, err := s.Draft(ctx, by, of)
	if err != nil {
		return nil, "", err
	}
	if pdf, err = s.cfg.Printer.CertificatePreview(d.Facts); err != nil {
		return nil, "", fmt.Errorf("preview of a certificate for case %d: %w", of.CaseID, err)
	}
	return pdf, d.Stamp, nil
}

// MaxBatch is how many certificates are looked at and issued together.
const MaxBatch = 20

// Drafts are those of several papers, each with why it cannot be issued: what is
// wrong with one hides no other.
func (s *Service) Drafts(ctx context.Context, by model.Actor, list []Paper) ([]Draft, error) {
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, err
	}
	if len(list) > MaxBatch {
		return nil, model.InvalidField("pick", "certificate.too_many", fmt.Sprintf("一次最多查看、出具 %d 份，请分批办理", MaxBatch))
	}
	out := make([]Draft, len(list))
	for i, of := range list {
		d, err := s.Draft(ctx, by, of)
		switch {
		case err == nil:
			out[i] = *d
		case model.KindOf(err) == model.Internal || model.KindOf(err) == model.Unavailable:
			return nil, err
		default:
			out[i] = Draft{Paper: of, Err: err}
		}
	}
	return out, nil
}

// Issued is what became of one paper of a batch.
type Issued struct {
	Paper
	Certificate *model.Certificate // nil when it was left out
	Again       bool               // it was there already
	Err         error              // why it was left out
}

// IssueBatch issues the certificates that the judge looked at, each by itself: what
// changed since, or cannot be issued, is left out and told, and stops no other. A
// repeat gives the same certificates.
func (s *Service) IssueBatch(ctx context.Context, by model.Actor, list []Paper) ([]Issued, error) {
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, err
	}
	switch {
	case len(list) == 0:
		return nil, model.InvalidField("item", "certificate.none_chosen", "请至少选择一份")
	case len(list) > MaxBatch:
		return nil, model.InvalidField("item", "certificate.too_many", fmt.Sprintf("一次最多查看、出具 %d 份，请分批办理", MaxBatch))
	}
	out := make([]Issued, len(list))
	for i, of := range list {
		out[i].Paper = of
		cert, created, err := s.IssueSeen(ctx, by, of)
		if err != nil {
			out[i].Err = err
			continue
		}
		out[i].Certificate, out[i].Again = cert, !created
	}
	return out, nil
}
