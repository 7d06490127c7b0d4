// Package paper keeps the court's numbered papers and their templates. A paper
// is a row with its number and its frozen facts, written in the transaction of
// its event; its PDF is printed, signed and stored when it is first opened. A
// paper with a one-time code is printed once and not kept, but for its hash.
package paper

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Printer knows templates and prints papers.
type Printer interface {
	BuiltIn(kind model.DocumentKind) (string, error)
	CheckTemplate(kind model.DocumentKind, body string) error
	Paper(ctx context.Context, f model.DocumentFacts, body string, record func(sha256 string) error) ([]byte, error)
	Preview(ctx context.Context, f model.DocumentFacts, body string) ([]byte, error)
}

// Proofs tells what is known of the service of a notice.
type Proofs interface {
	ProofOf(ctx context.Context, by model.Actor, caseID, noticeID int64) (*model.ServiceProof, error)
}

// Config is what the area needs besides the database.
type Config struct {
	Objects object.Store
	Printer Printer
	Proofs  Proofs
	// NewSecret makes object keys; rand.Text when nil.
	NewSecret func() string
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	if cfg.NewSecret == nil {
		cfg.NewSecret = rand.Text
	}
	return &Service{db: db, cfg: cfg}
}

// Documents lists a case's papers that the actor may see, the newest first.
func (s *Service) Documents(ctx context.Context, by model.Actor, caseID, before int64, limit int) ([]model.Document, error) {
	if err := by.Require(model.ActDocumentRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.Documents(ctx, by, caseID, before, limit)
}

// PDF opens a paper; the look is recorded.
func (s *Service) PDF(ctx context.Context, by model.Actor, id int64) ([]byte, *model.Document, error) {
	if err := by.Require(model.ActDocumentRead); err != nil {
		return nil, nil, err
	}
	d, err := s.db.Document(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	if d.PDFKey == "" {
		if d, err = s.print(ctx, by, d); err != nil {
			return nil, nil, fmt.Errorf("document %d: %w", id, err)
		}
	}
	b, err := s.stored(ctx, d)
	if err != nil {
		return nil, nil, fmt.Errorf("document %d: %w", id, err)
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActDocumentRead), model.AuditEvent{
		CourtID: d.CourtID, Action: model.AuditDocumentLook, CaseID: d.CaseID, Subject: model.ThingDocument.Of(id),
	})
	return b, d, err
}

// Content is a paper's PDF for the program's own use: it goes into the file of its
// case, which is recorded there. Whoever asks for it has to ask for the right.
func (s *Service) Content(ctx context.Context, id int64) ([]byte, error) {
	d, err := s.db.Document(ctx, model.System(), id)
	if err != nil {
		return nil, err
	}
	if d.PDFKey == "" {
		if d, err = s.print(ctx, model.System(), d); err != nil {
			return nil, fmt.Errorf("document %d: %w", id, err)
		}
	}
	return s.stored(ctx, d)
}

// print makes and stores a paper's PDF, once. Two at once print two and keep
// the first.
func (s *Service) print(ctx context.Context, by model.Actor, d *model.Document) (*model.Document, error) {
	body, err := s.body(ctx, d.CourtID, d.Kind, d.TemplateVersion)
	if err != nil {
		return nil, err
	}
	b, err := s.cfg.Printer.Paper(ctx, d.Says(), body, func(sum string) error {
		return s.db.Once(ctx, model.System(), func(tx *storage.DB) error { return tx.SetDocumentContent(ctx, d.ID, sum) })
	})
	if err != nil {
		return nil, err
	}
	key := "documents/" + s.db.Now().Format("2006/01/02") + "/" + strings.ToLower(s.cfg.NewSecret())
	opt := object.PutOptions{ContentType: "application/pdf", Retain: true}
	if err := s.cfg.Objects.Put(ctx, key, bytes.NewReader(b), int64(len(b)), opt); err != nil {
		return nil, storeError(err)
	}
	sum := sha256.Sum256(b)
	first := false
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		first, err = tx.SetDocumentPDF(ctx, d.ID, key, hex.EncodeToString(sum[:]))
		return err
	})
	if err != nil {
		return nil, err // whatever the row says, the object stays for it
	}
	d, err = s.db.Document(ctx, by, d.ID)
	if err != nil || first || d.PDFKey == key { // the answer that it is this one may have been lost
		return d, err
	}
	return d, s.cfg.Objects.Remove(ctx, key)
}

func (s *Service) stored(ctx context.Context, d *model.Document) ([]byte, error) {
	o, _, err := s.cfg.Objects.Open(ctx, d.PDFKey)
	if err != nil {
		return nil, storeError(err)
	}
	defer func() { _ = o.Close() }() // read only
	b, err := io.ReadAll(o)
	if err != nil {
		return nil, storeError(err)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != d.PDFSHA256 {
		return nil, errors.New("the stored paper was changed")
	}
	return b, nil
}

func storeError(err error) error {
	if errors.Is(err, object.ErrUnavailable) {
		return model.E(model.Unavailable, "files.unavailable", "文件存储暂时不可用，请稍后再试").WithCause(err)
	}
	return err
}

func (s *Service) body(ctx context.Context, courtID int64, kind model.DocumentKind, version int) (string, error) {
	if version == 0 {
		return s.cfg.Printer.BuiltIn(kind)
	}
	t, err := s.db.Template(ctx, courtID, kind, version)
	if err != nil {
		return "", err
	}
	return t.Body, nil
}

// PrintOnce prints a paper that holds a one-time code, with the court's newest
// template. The file is kept nowhere; what it says but for the code, and its
// hash, are on record before it is handed out. caseID is 0 for a paper of no case.
func (s *Service) PrintOnce(ctx context.Context, by model.Actor, courtID, caseID int64, f model.DocumentFacts) ([]byte, error) {
	version, err := s.newest(ctx, courtID, f.Kind)
	if err != nil {
		return nil, err
	}
	body, err := s.body(ctx, courtID, f.Kind, version)
	if err != nil {
		return nil, err
	}
	var p model.PaperPrint
	b, err := s.cfg.Printer.Paper(ctx, f, body, func(sum string) error {
		return s.db.Transact(ctx, func(tx *storage.DB) error {
			p = model.PaperPrint{
				CourtID: courtID, CaseID: caseID, Kind: f.Kind, Number: f.Number, TemplateVersion: version, Facts: f, ContentSHA256: sum, ByUserID: by.UserID,
			}
			return tx.AddPrint(ctx, &p)
		})
	})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	if err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SetPrinted(ctx, p.ID, hex.EncodeToString(sum[:])) }); err != nil {
		return nil, fmt.Errorf("print %s: %w", f.Number, err)
	}
	return b, nil
}

// Prints lists the prints of a case's papers with one-time codes, the newest
// first.
func (s *Service) Prints(ctx context.Context, by model.Actor, caseID int64) ([]model.PaperPrint, error) {
	if err := by.Require(model.ActDocumentRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	if by.IsParty() {
		return nil, nil // they are the court's own record
	}
	return s.db.Prints(ctx, caseID)
}

func (s *Service) newest(ctx context.Context, courtID int64, kind model.DocumentKind) (int, error) {
	list, err := s.db.TemplateVersions(ctx, courtID, kind)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].Version, nil
}

// make adds a paper of a case by hand, numbered in the court's series, once by
// the author's key. facts is told the court, the judge's name and the case as
// they are in the transaction.
func (s *Service) make(ctx context.Context, by model.Actor, kind model.DocumentKind, caseID, partyID, noticeID int64, key string,
	facts func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error),
) (*model.Document, error) {
	return s.makeOnce(ctx, by, model.Document{
		CaseID: caseID, PartyID: partyID, NoticeID: noticeID, Kind: kind, DedupeKey: fmt.Sprintf("by-hand:%d:%s", by.UserID, key),
	}, facts)
}

// makeOnce is make for a paper that has a key of its own.
func (s *Service) makeOnce(ctx context.Context, by model.Actor, paper model.Document,
	facts func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error),
) (*model.Document, error) {
	if err := by.Require(model.ActDocumentMake); err != nil {
		return nil, err
	}
	paper.CreatedBy = by.UserID
	d := &model.Document{}
	caseID, kind := paper.CaseID, paper.Kind
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		*d = paper // without the number of a run that was undone
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		court, err := tx.Court(ctx, cs.CourtID)
		if err != nil {
			return err
		}
		judge, err := tx.User(ctx, cs.JudgeID)
		if err != nil {
			return err
		}
		d.CourtID = cs.CourtID
		if known, err := tx.KnownDocument(ctx, d); err != nil || known {
			return err // also when there would be nothing to say any more
		}
		if d.Facts, err = facts(tx, *court, *cs, judge.Name); err != nil {
			return err
		}
		created, err := tx.CreateDocument(ctx, d, func() (string, error) { return Number(ctx, tx, *court, kind) })
		if err != nil || !created {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActDocumentMake), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditDocumentMake, CaseID: caseID, Subject: model.ThingDocument.Of(d.ID), After: d.Number,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", kind, err)
	}
	return d, nil
}

// Number takes the next number of a court's series of a kind.
func Number(ctx context.Context, tx *storage.DB, court model.Court, kind model.DocumentKind) (string, error) {
	year := model.DateOf(tx.Now()).Year
	n, err := tx.NextSerial(ctx, court.ID, kind.Series(), year)
	return model.DocumentNumber(court.Settings.Pattern(kind), court.ShortName, year, n), err
}

var errKind = model.InvalidField("kind", "document.kind", "没有这种文书")

// Templates lists the versions of a kind's template in the actor's court, the
// newest first; the built-in one is version 0.
func (s *Service) Templates(ctx context.Context, by model.Actor, kind model.DocumentKind) ([]model.DocumentTemplate, error) {
	if err := by.Require(model.ActTemplateRead); err != nil {
		return nil, err
	}
	if kind.Chinese() == "" {
		return nil, errKind
	}
	list, err := s.db.TemplateVersions(ctx, by.CourtID, kind)
	return append(list, model.DocumentTemplate{CourtID: by.CourtID, Kind: kind}), err
}

// Template is one version with its body.
func (s *Service) Template(ctx context.Context, by model.Actor, kind model.DocumentKind, version int) (*model.DocumentTemplate, error) {
	if err := by.Require(model.ActTemplateRead); err != nil {
		return nil, err
	}
	if kind.Chinese() == "" {
		return nil, errKind
	}
	if version == 0 {
		body, err := s.cfg.Printer.BuiltIn(kind)
		return &model.DocumentTemplate{CourtID: by.CourtID, Kind: kind, Body: body}, err
	}
	return s.db.Template(ctx, by.CourtID, kind, version)
}

// SaveTemplate adds a version of a template after proving it. Papers that were
// made keep theirs. A repeat under the same key is the first.
func (s *Service) SaveTemplate(ctx context.Context, by model.Actor, kind model.DocumentKind, body, key string) (*model.DocumentTemplate, error) {
	if err := by.Require(model.ActTemplateWrite); err != nil {
		return nil, err
	}
	if kind.Chinese() == "" {
		return nil, errKind
	}
	if err := s.cfg.Printer.CheckTemplate(kind, body); err != nil {
		return nil, err
	}
	var t *model.DocumentTemplate
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		var err error
		if t, err = tx.TemplateByKey(ctx, by.UserID, key); err != nil || t != nil {
			return err
		}
		t = &model.DocumentTemplate{CourtID: by.CourtID, Kind: kind, Body: body, IdemKey: key, CreatedBy: by.UserID}
		if err := tx.CreateTemplate(ctx, t); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActTemplateWrite), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditTemplateSave, Subject: model.ThingTemplate.Of(t.ID), After: body,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("save template: %w", err)
	}
	return t, nil
}

// Fields lists what a kind's template may print, with samples of the actor's
// court.
func (s *Service) Fields(ctx context.Context, by model.Actor, kind model.DocumentKind) ([]model.DocumentField, error) {
	if err := by.Require(model.ActTemplateRead); err != nil {
		return nil, err
	}
	if kind.Chinese() == "" {
		return nil, errKind
	}
	court, err := s.db.Court(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	return kind.Fields(*court, model.DateOf(s.db.Now())), nil
}

// Preview prints a template, which need not be saved, with invented facts.
func (s *Service) Preview(ctx context.Context, by model.Actor, kind model.DocumentKind, body string) ([]byte, error) {
	if err := by.Require(model.ActTemplateRead); err != nil {
		return nil, err
	}
	if kind.Chinese() == "" {
		return nil, errKind
	}
	if err := s.cfg.Printer.CheckTemplate(kind, body); err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	return s.cfg.Printer.Preview(ctx, model.SampleFacts(kind, *court, model.DateOf(s.db.Now())), body)
}

// Draft prints what a paper will say, by the court's newest template, before it is
// made: nothing of it is kept.
func (s *Service) Draft(ctx context.Context, d model.Document) ([]byte, error) {
	version, err := s.newest(ctx, d.CourtID, d.Kind)
	if err != nil {
		return nil, err
	}
	body, err := s.body(ctx, d.CourtID, d.Kind, version)
	if err != nil {
		return nil, err
	}
	return s.cfg.Printer.Preview(ctx, d.Facts, body)
}
