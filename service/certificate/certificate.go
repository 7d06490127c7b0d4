// Package certificate issues, revokes and verifies certificates of voluntary
// performance (自动履行证明书). The number, the facts and the state are a row,
// written in one transaction; the paper is printed from the frozen facts after
// it, so that a crash in between loses neither the number nor the paper.
package certificate

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Printer prints and signs the paper.
type Printer interface {
	Certificate(f model.CertificateFacts) ([]byte, error)
}

// Config is what the area needs besides the database.
type Config struct {
	Objects   object.Store
	Printer   Printer
	PublicURL string // printed in the QR code
	Logger    *slog.Logger
	// NewSecret makes check codes, share codes and object keys; rand.Text when
	// nil.
	NewSecret func() string
}

// Service is the area.
type Service struct {
	db      *storage.DB
	cfg     Config
	lookups *lookupLog
	wake    chan int64
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	if cfg.NewSecret == nil {
		cfg.NewSecret = rand.Text
	}
	return &Service{db: db, cfg: cfg, lookups: newLookupLog(db), wake: make(chan int64, 64)}
}

func activeKey(instrumentID, partyID int64) string {
	return fmt.Sprintf("%d:%d", instrumentID, partyID)
}

// Eligibility is the check-list of an obligor under an instrument.
type Eligibility struct {
	Instrument   model.Instrument
	Party        model.Party
	Requirements []model.Requirement
	Eligible     bool
	installments []model.Installment
	obligations  []model.Obligation
}

// Eligibility tells, for every instrument of a case and every obligor that the
// actor may ask about, what a certificate still needs.
func (s *Service) Eligibility(ctx context.Context, by model.Actor, caseID int64) ([]Eligibility, error) {
	if err := by.Require(model.ActCertRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	all, err := eligibility(ctx, s.db, cs)
	if err != nil || !by.IsParty() {
		return all, err
	}
	own, err := s.db.PartiesOf(ctx, caseID, by.UserID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e Eligibility) bool {
		return !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == e.Party.ID })
	}), nil
}

func eligibility(ctx context.Context, db *storage.DB, cs *model.Case) ([]Eligibility, error) {
	instruments, err := db.Instruments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	parties, err := db.Parties(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	obligations, err := db.Obligations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	obligors, err := db.Obligors(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	installments, err := db.Installments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	open, err := db.OpenReceipts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	var out []Eligibility
	for _, in := range instruments {
		for _, p := range parties {
			e := Eligibility{Instrument: in, Party: p}
			for _, ob := range obligations {
				owes := slices.Contains(obligors, model.Obligor{ObligationID: ob.ID, PartyID: p.ID, CaseID: cs.ID})
				if ob.InstrumentID != in.ID || !owes {
					continue
				}
				e.obligations = append(e.obligations, ob)
				for _, i := range installments {
					if i.ObligationID == ob.ID {
						e.installments = append(e.installments, i)
					}
				}
			}
			if len(e.obligations) == 0 {
				continue
			}
			valid, err := db.ActiveCertificate(ctx, activeKey(in.ID, p.ID))
			if err != nil {
				return nil, err
			}
			e.Requirements = model.CertificateCase{
				Instrument: in, Installments: e.installments, EnforcementFiledOn: cs.EnforcementFiledOn, OpenReceipts: open > 0,
				HasValid: valid != nil, Today: model.DateOf(db.Now()),
			}.Requirements()
			e.Eligible = model.Eligible(e.Requirements)
			out = append(out, e)
		}
	}
	return out, nil
}

func find(list []Eligibility, instrumentID, partyID int64) (*Eligibility, error) {
	i := slices.IndexFunc(list, func(e Eligibility) bool { return e.Instrument.ID == instrumentID && e.Party.ID == partyID })
	if i < 0 {
		return nil, model.InvalidField("instrument_id", "obligation.exists", "该文书没有确定该义务人的义务")
	}
	return &list[i], nil
}

func notEligible(list []model.Requirement) error {
	e := &model.Error{Kind: model.Conflict, Reason: "certificate.not_eligible", Message: "尚不符合出具条件"}
	for _, r := range list {
		if !r.Met {
			e.Fields = append(e.Fields, model.FieldError{Field: r.Code, Reason: r.Code, Message: r.Missing})
		}
	}
	if len(e.Fields) > 0 {
		e.Message += "：" + e.Fields[0].Message
	}
	return e
}

// Apply is an obligor's application. While one is open, a repeat is that one.
func (s *Service) Apply(ctx context.Context, by model.Actor, caseID, instrumentID, partyID int64) (*model.CertificateApplication, error) {
	if err := by.Require(model.ActCertApply); err != nil {
		return nil, err
	}
	key := activeKey(instrumentID, partyID)
	a := &model.CertificateApplication{
		CaseID: caseID, InstrumentID: instrumentID, PartyID: partyID, UserID: by.UserID, State: model.ApplicationOpen, OpenKey: &key,
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		own, err := tx.PartiesOf(ctx, caseID, by.UserID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(own, func(p model.Party) bool { return p.ID == partyID })
		if i < 0 {
			return model.InvalidField("party_id", "party.not_obligor", "只能为您本人或您代理的义务人申请")
		}
		list, err := eligibility(ctx, tx, cs)
		if err != nil {
			return err
		}
		e, err := find(list, instrumentID, partyID)
		if err != nil {
			return err
		}
		if !e.Eligible {
			return notEligible(e.Requirements)
		}
		a.CourtID = cs.CourtID
		created, err := tx.CreateApplication(ctx, a)
		if err != nil || !created {
			return err
		}
		if err := tx.AddNotice(ctx, model.CertificateAppliedNotice(model.Court{}, *cs, *a, own[i])); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: cs.CourtID, Action: "certificate.apply", CaseID: caseID, Subject: model.Subject("application", a.ID), After: a,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("apply for certificate: %w", err)
	}
	return a, nil
}

// Applications lists the open applications: a judge's own, the court's for
// others.
func (s *Service) Applications(ctx context.Context, by model.Actor, after int64, limit int) ([]model.CertificateApplication, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, err
	}
	judge := by.UserID
	if by.Has(model.RoleClerk) || by.Has(model.RoleLeader) {
		judge = 0
	}
	return s.db.Applications(ctx, by.CourtID, judge, after, limit)
}

// Refuse refuses an application with a reason.
func (s *Service) Refuse(ctx context.Context, by model.Actor, id int64, reason string) error {
	if err := by.Require(model.ActCertIssue); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return model.InvalidField("reason", "reason.required", "请填写不予出具的原因，申请人将看到该原因")
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.Application(ctx, id)
		if err != nil {
			return err
		}
		if _, err := tx.LockOwnCase(ctx, by, a.CaseID); err != nil {
			return model.E(model.NotFound, "application.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if a.State != model.ApplicationOpen {
			if a.State == model.ApplicationRefused && a.DecidedBy == by.UserID {
				return nil
			}
			return model.E(model.Conflict, "application.decided", "该申请已经处理，请刷新后查看")
		}
		if err := tx.DecideApplications(ctx, *a.OpenKey, model.ApplicationRefused, reason, by.UserID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: a.CourtID, Action: "certificate.refuse", CaseID: a.CaseID, Subject: model.Subject("application", id), Before: a, After: reason,
		})
	})
}

// Issue gives an obligor his certificate, on application or by the judge's own
// motion. It is Conflict when a requirement is not met. A repeat is the
// certificate that is there.
func (s *Service) Issue(ctx context.Context, by model.Actor, caseID, instrumentID, partyID int64) (cert *model.Certificate, created bool, err error) {
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, false, err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockOwnCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		key := activeKey(instrumentID, partyID)
		if cert, err = tx.ActiveCertificate(ctx, key); err != nil || cert != nil {
			created = false
			if cert != nil && cert.CaseID != caseID {
				return model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		list, err := eligibility(ctx, tx, cs)
		if err != nil {
			return err
		}
		e, err := find(list, instrumentID, partyID)
		if err != nil {
			return err
		}
		if !e.Eligible {
			return notEligible(e.Requirements)
		}
		if cert, err = s.issue(ctx, tx, by, cs, e, key); err != nil {
			return err
		}
		created = true
		tx.OnCommit(func() { s.queuePDF(cert.ID) })
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: "certificate.issue", CaseID: caseID, Subject: model.Subject("certificate", cert.ID), After: cert,
		})
	})
	if err != nil {
		return nil, false, fmt.Errorf("issue certificate for case %d: %w", caseID, err)
	}
	return cert, created, nil
}

func (s *Service) issue(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *Eligibility, key string) (*model.Certificate, error) {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	judge, err := tx.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	n, err := tx.NextSerial(ctx, cs.CourtID, "certificate", today.Year)
	if err != nil {
		return nil, err
	}
	cert := &model.Certificate{
		CourtID: cs.CourtID, CaseID: cs.ID, InstrumentID: e.Instrument.ID, PartyID: e.Party.ID, Year: today.Year, Serial: n,
		Number:    model.DocumentNumber(court.Settings.CertificatePattern, court.ShortName, today.Year, n),
		CheckCode: s.cfg.NewSecret()[:10], State: model.CertificateValid, IssuedBy: by.UserID, IssuedAt: tx.Now(), Version: 1, ActiveKey: &key,
		Timeliness: model.TimelinessOf(e.installments, cs.EnforcementFiledOn),
	}
	for _, i := range e.installments {
		cert.TotalFen += i.AmountFen
		if i.PerformedOn.After(cert.LastPaidOn) || cert.LastPaidOn.IsZero() {
			cert.LastPaidOn = i.PerformedOn
		}
	}
	facts := model.CertificateFacts{
		Number: cert.Number, CheckCode: cert.CheckCode, CourtName: court.Name, ObligorName: e.Party.Name, ObligorKind: e.Party.Kind,
		ObligorID: e.Party.IDNumber, CaseNo: cs.CaseNo, Cause: cs.Cause, InstrumentKind: e.Instrument.Kind.Chinese(),
		InstrumentNo: e.Instrument.Number, EffectiveOn: e.Instrument.EffectiveOn, Adjudged: e.Instrument.Summary, TotalFen: cert.TotalFen,
		LastPaidOn: cert.LastPaidOn, Timeliness: cert.Timeliness, Judge: judge.Name, IssuedOn: today,
		VerifyURL: s.cfg.PublicURL + "/verify?number=" + url.QueryEscape(cert.Number) + "&code=" + cert.CheckCode,
	}
	if e.Party.Kind == model.Person {
		facts.ObligorID = model.MaskID(e.Party.IDNumber)
	}
	if facts.Performed, err = performed(ctx, tx, cs.ID, e); err != nil {
		return nil, err
	}
	if cert.Facts, err = json.Marshal(facts); err != nil {
		return nil, err
	}
	if err := tx.CreateCertificate(ctx, cert); err != nil {
		return nil, err
	}
	if err := tx.DecideApplications(ctx, key, model.ApplicationGranted, "", by.UserID); err != nil {
		return nil, err
	}
	return cert, tx.AddNotice(ctx, model.CertificateIssuedNotice(*court, *cs, *cert))
}

// performed lists the payments that stand, summed by receipt, and the conduct
// that was done.
func performed(ctx context.Context, tx *storage.DB, caseID int64, e *Eligibility) ([]model.PerformedItem, error) {
	allocations, err := tx.Allocations(ctx, caseID)
	if err != nil {
		return nil, err
	}
	receipts, err := tx.CaseReceipts(ctx, caseID)
	if err != nil {
		return nil, err
	}
	paid := map[int64]model.Fen{}
	for _, a := range allocations {
		if slices.ContainsFunc(e.obligations, func(o model.Obligation) bool { return o.ID == a.ObligationID }) {
			paid[a.ReceiptID] += a.AmountFen
		}
	}
	var out []model.PerformedItem
	for _, r := range receipts {
		if paid[r.ID] != 0 {
			out = append(out, model.PerformedItem{On: r.PaidOn, AmountFen: paid[r.ID], What: r.ProofKind.Chinese()})
		}
	}
	for _, ob := range e.obligations {
		if ob.Kind == model.ObligationMoney {
			continue
		}
		for _, i := range e.installments {
			if i.ObligationID == ob.ID {
				out = append(out, model.PerformedItem{On: i.PerformedOn, What: ob.Description})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b model.PerformedItem) int { return a.On.Compare(b.On) })
	return out, nil
}

// Certificates lists certificates, newest first.
func (s *Service) Certificates(ctx context.Context, by model.Actor, before int64, limit int) ([]model.Certificate, error) {
	if err := by.Require(model.ActCertRead); err != nil {
		return nil, err
	}
	return s.db.Certificates(ctx, by, before, limit)
}

// Certificate is one certificate with its facts; the look is recorded.
func (s *Service) Certificate(ctx context.Context, by model.Actor, id int64) (*model.Certificate, *model.CertificateFacts, error) {
	if err := by.Require(model.ActCertRead); err != nil {
		return nil, nil, err
	}
	c, err := s.db.Certificate(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	var f model.CertificateFacts
	if err := json.Unmarshal(c.Facts, &f); err != nil {
		return nil, nil, fmt.Errorf("certificate %d: %w", id, err)
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActCertRead), model.AuditEvent{
		CourtID: c.CourtID, Action: "certificate.look", CaseID: c.CaseID, Subject: model.Subject("certificate", id),
	})
	return c, &f, err
}

// Revoke ends a certificate for one of the grounds of domain.md §3.5. The
// holder is told, and so is whoever verifies from now on.
func (s *Service) Revoke(ctx context.Context, by model.Actor, id, seen int64, ground model.RevocationGround, reason string) (*model.Certificate, error) {
	if err := by.Require(model.ActCertRevoke); err != nil {
		return nil, err
	}
	var out *model.Certificate
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		c, err := tx.Certificate(ctx, by, id)
		if err != nil {
			return err
		}
		cs, err := tx.LockOwnCase(ctx, by, c.CaseID)
		if err != nil {
			return model.E(model.NotFound, "certificate.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if c, err = tx.Certificate(ctx, by, id); err != nil { // as it is under the case's lock
			return err
		}
		out = c
		if c.State == model.CertificateRevoked && c.RevokedBy == by.UserID && c.RevokeGround == ground && c.RevokeReason == reason {
			return nil // the answer got lost, the desk asks again
		}
		before := *c
		if err := c.Revoke(ground, reason, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.RevokeCertificate(ctx, c, seen); err != nil {
			return err
		}
		court, err := tx.Court(ctx, c.CourtID)
		if err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, model.CertificateRevokedNotice(*court, *cs, *c)); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: c.CourtID, Action: "certificate.revoke", CaseID: c.CaseID, Subject: model.Subject("certificate", id), Before: before, After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("revoke certificate %d: %w", id, err)
	}
	return out, nil
}

// PDF is the signed paper. It is made now if it has not been made yet.
func (s *Service) PDF(ctx context.Context, by model.Actor, id int64) ([]byte, *model.Certificate, error) {
	c, _, err := s.Certificate(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	b, err := s.paper(ctx, c)
	return b, c, err
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
	b, err := s.cfg.Printer.Certificate(f)
	if err != nil {
		return fmt.Errorf("certificate %d: %w", id, err)
	}
	key := "certificates/" + s.db.Now().Format("2006/01/02") + "/" + strings.ToLower(s.cfg.NewSecret())
	opt := object.PutOptions{ContentType: "application/pdf", Retain: true}
	if err := s.cfg.Objects.Put(ctx, key, bytes.NewReader(b), int64(len(b)), opt); err != nil {
		return storeError(err)
	}
	sum := sha256.Sum256(b)
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.SetCertificatePDF(ctx, id, key, hex.EncodeToString(sum[:])) // the loser's object is swept
		return err
	})
}

func (s *Service) queuePDF(id int64) {
	select {
	case s.wake <- id:
	default: // the poll finds it
	}
}

// Run makes papers until ctx ends, first those that an earlier process left
// undone.
func (s *Service) Run(ctx context.Context) error {
	poll := time.NewTicker(30 * time.Second)
	defer poll.Stop()
	for {
		ids, err := s.db.CertificatesWithoutPDF(ctx, 0, 100)
		for _, id := range ids {
			if err == nil {
				err = s.makePDF(ctx, id)
			}
		}
		if err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "certificate papers", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil
		case id := <-s.wake:
			if err := s.makePDF(ctx, id); err != nil && ctx.Err() == nil {
				s.cfg.Logger.ErrorContext(ctx, "certificate papers", "error", err.Error())
			}
		case <-poll.C:
		}
	}
}
