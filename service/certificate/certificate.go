// Package certificate issues, revokes and verifies certificates of voluntary
// performance (自动履行证明书). The number, the facts and the state are a row,
// written in one transaction; the paper is printed from the frozen facts after
// it, so that a crash in between loses neither the number nor the paper.
package certificate

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Printer prints and signs the paper.
type Printer interface {
	Certificate(f model.CertificateFacts, record func(sha256 string) error) ([]byte, error)
	CertificatePreview(f model.CertificateFacts) ([]byte, error)
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
	return model.CertificateKey(instrumentID, partyID)
}

// Eligibility is the check-list of an obligor under an instrument.
type Eligibility struct {
	Instrument   model.Instrument
	Party        model.Party
	Requirements []model.Requirement
	Eligible     bool
	// Performed is what was performed so far and by whom; PerformedBy sums it up and
	// decides which paper it will be.
	Performed    []model.PerformedItem
	PerformedBy  model.PerformedBy
	installments []model.Installment
	obligations  []model.Obligation
	obligors     []model.Obligor
	parties      []model.Party
	enforcements []model.EnforcementFile // that enforce one of the obligations
	sum          model.Reckoning
	releasedOn   model.Date // when the creditor forgave this one of several joint debtors
	understood   []string   // the obligees who forgave it as a person
	forgivenOn   model.Date // the last day on which something of it was forgiven
	// Continues are the dues that go on: the paper is then about what is due today.
	Continues []string
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
	obligors, err := db.AllObligors(ctx, cs.ID)
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
	enforcements, err := db.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	allocations, err := db.Allocations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	receipts, err := db.CaseReceipts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	entries, err := db.Confirmations(ctx, cs.ID, 0)
	if err != nil {
		return nil, err
	}
	paid, err := db.PaymentsOf(ctx, cs.ID, entries, allocations)
	if err != nil {
		return nil, err
	}
	court, err := db.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	contacts, err := db.Contacts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	understood := model.UnderstandingsOf(contacts, parties)
	debts := model.Debts{Case: *cs, Parties: parties, Instruments: instruments, Obligations: obligations, Obligors: model.Owing(obligors), Installments: installments}
	today := model.DateOf(db.Now())
	var keys []string
	for _, in := range instruments {
		for _, p := range parties {
			keys = append(keys, activeKey(in.ID, p.ID), model.DuesCertificateKey(in.ID, p.ID, today))
		}
	}
	valid, err := db.ActiveCertificates(ctx, keys)
	if err != nil {
		return nil, err
	}
	var out []Eligibility
	for _, in := range instruments {
		for _, p := range parties {
			e := Eligibility{Instrument: in, Party: p, obligors: obligors, parties: parties}
			for _, ob := range obligations {
				at := slices.IndexFunc(obligors, func(o model.Obligor) bool { return o.ObligationID == ob.ID && o.PartyID == p.ID })
				if ob.InstrumentID != in.ID || at < 0 || ob.Replaced() {
					continue
				}
				if on := obligors[at].ReleasedOn; on.After(e.releasedOn) {
					e.releasedOn = on
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
			for _, u := range understood {
				if slices.ContainsFunc(e.obligations, func(ob model.Obligation) bool { return ob.OwedTo(u.PartyID) }) {
					e.understood = append(e.understood, u.Name)
				}
			}
			for _, f := range enforcements {
				if f.Coercive() && slices.ContainsFunc(e.obligations, func(o model.Obligation) bool { return f.Enforces(o.ID) }) {
					e.enforcements = append(e.enforcements, f)
				}
			}
			e.Performed = e.performed(allocations, receipts)
			e.PerformedBy = model.PerformedByOf(e.Performed)
			e.installments, e.Continues = debts.DuesNow(e.installments, paid.Entries, today)
			var own, performed model.Fen
			for _, it := range e.Performed {
				performed += it.AmountFen
				if !it.By.Other() {
					own += it.AmountFen
				}
			}
			for _, entry := range paid.Entries {
				if entry.Kind == model.DebtForgive && entry.OnDay.After(e.forgivenOn) && slices.ContainsFunc(e.obligations, func(o model.Obligation) bool { return o.ID == entry.ObligationID }) {
					e.forgivenOn = entry.OnDay
				}
			}
			e.sum = debts.ReckonAll(e.installments, paid, court.Settings, model.DateOf(db.Now()))
			e.Requirements = model.CertificateCase{
				Unconverted: e.sum.Unconverted, LateFen: e.sum.DoubledFen, OrdinaryFen: e.sum.OrdinaryFen,
				ForgivenFen: e.sum.ForgivenFen, PerformedFen: performed, ReleasedOn: e.releasedOn, OwnFen: own, Continues: e.Continues,
				Instrument: in, Installments: e.installments, EnforcedFrom: model.EnforcedFrom(e.obligations), OpenReceipts: open > 0,
				HasValid: valid[e.key(today)], Today: model.DateOf(db.Now()),
			}.Requirements()
			e.Eligible = model.Eligible(e.Requirements)
			out = append(out, e)
		}
	}
	return out, nil
}

// key is what the obligor would have one valid certificate of today.
func (e Eligibility) key(today model.Date) string {
	if len(e.Continues) > 0 {
		return model.DuesCertificateKey(e.Instrument.ID, e.Party.ID, today)
	}
	return activeKey(e.Instrument.ID, e.Party.ID)
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

// MayApply is the title of the certificate for which a debtor may apply now, ""
// when the rule allows none or he applied already.
func (*Service) MayApply(ctx context.Context, tx *storage.DB, cs *model.Case, partyID int64) (string, error) {
	list, err := eligibility(ctx, tx, cs)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(e Eligibility) bool { return e.Party.ID == partyID && e.Eligible })
	if i < 0 {
		return "", nil
	}
	open, err := tx.WaitingCertificates(ctx, cs.ID, []int64{partyID})
	if err != nil || slices.ContainsFunc(open, func(a model.CertificateApplication) bool { return a.InstrumentID == list[i].Instrument.ID }) {
		return "", err
	}
	return list[i].PerformedBy.Title(), nil
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
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
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
			CourtID: cs.CourtID, Action: model.AuditCertificateApply, CaseID: caseID, Subject: model.ThingApplication.Of(a.ID), After: a,
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
	if reason = strings.TrimSpace(reason); reason == "" {
		return model.InvalidField("reason", "reason.required", "请填写不予出具的原因，申请人将看到该原因")
	}
	return s.db.Once(ctx, by, func(tx *storage.DB) error {
		a, err := tx.Application(ctx, id)
		if err != nil {
			return err
		}
		if _, err := tx.LockOwnCase(ctx, by, a.CaseID); err != nil {
			return model.E(model.NotFound, "application.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if a.State != model.ApplicationOpen {
			if a.State == model.ApplicationRefused && a.DecidedBy == by.UserID && a.Reason == reason {
				return nil // a repeat
			}
			return model.E(model.Conflict, "application.decided", "该申请已经处理，请刷新后查看")
		}
		if err := tx.DecideApplications(ctx, *a.OpenKey, model.ApplicationRefused, reason, by.UserID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditCertificateRefuse, CaseID: a.CaseID, Subject: model.ThingApplication.Of(id), Before: a, After: reason,
		})
	})
}

// Certificates lists certificates, newest first: of one case, or all when
// caseID is 0.
func (s *Service) Certificates(ctx context.Context, by model.Actor, caseID, before int64, limit int) ([]model.Certificate, error) {
	return s.Issued(ctx, by, model.CertificateFilter{CaseID: caseID, Before: before, Limit: limit})
}

// Issued lists certificates that the actor may see, the newest first.
func (s *Service) Issued(ctx context.Context, by model.Actor, f model.CertificateFilter) ([]model.Certificate, error) {
	if err := by.Require(model.ActCertRead); err != nil {
		return nil, err
	}
	return s.db.Certificates(ctx, by, f)
}

// Certificate is one certificate with its facts; the look is recorded.
func (s *Service) Certificate(ctx context.Context, by model.Actor, id int64) (*model.Certificate, *model.CertificateFacts, error) {
	if err := by.Require(model.ActCertOpen); err != nil {
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
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActCertOpen), model.AuditEvent{
		CourtID: c.CourtID, Action: model.AuditCertificateLook, CaseID: c.CaseID, Subject: model.ThingCertificate.Of(id),
	})
	return c, &f, err
}

// Revoke ends a certificate for one of the grounds of revocation. The
// holder is told, and so is whoever verifies from now on.
func (s *Service) Revoke(ctx context.Context, by model.Actor, id, seen int64, ground model.RevocationGround, reason string) (*model.Certificate, error) {
	if err := by.Require(model.ActCertRevoke); err != nil {
		return nil, err
	}
	var out *model.Certificate
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
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
		if done, err := tx.Repeated(ctx, by, model.ThingCertificate.Of(id), seen, c.Version, "revoke", ground, reason); err != nil || done {
			return err
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
			CourtID: c.CourtID, Action: model.AuditCertificateRevoke, CaseID: c.CaseID, Subject: model.ThingCertificate.Of(id), Before: before, After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("revoke certificate %d: %w", id, err)
	}
	return out, nil
}
