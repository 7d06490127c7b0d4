// Package dossier keeps the catalogue of what belongs into the electronic files
// (电子卷宗) of cases: every receipt, notice, proof of service, confirmation and paper.
// It hands each over to the court's case system once, keeps the receipt, tells what is
// not in the file, and gives the whole file of a case as a ZIP.
//
// What belongs into a file is found in the tables themselves, again and again, so that
// nothing depends on somebody having remembered to list it when it came about.
// Source: 人民法院在线诉讼规则 35.
package dossier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// System is the court's case system, which keeps the files.
type System interface {
	// File hands a material over and returns the receipt. The same material again
	// gives the same receipt. An error of the kind Invalid is final.
	File(ctx context.Context, m model.DossierMaterial) (receipt string, err error)
}

// Papers are papers that the court printed, as they are kept.
type Papers interface {
	Content(ctx context.Context, id int64) ([]byte, error)
}

// Config is what the area needs besides the database.
type Config struct {
	// System is nil where the court has not connected one: everything is listed, and
	// given as a ZIP.
	System       System
	Objects      object.Store
	Documents    Papers
	Certificates Papers
	Logger       *slog.Logger
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config

	mu    sync.Mutex
	swept map[model.DossierSource]int64 // how far the tables were looked through again
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	return &Service{db: db, cfg: cfg, swept: map[model.DossierSource]int64{}}
}

// Connected tells whether there is a case system to hand over to.
func (s *Service) Connected() bool { return s.cfg.System != nil }

const (
	recentRows = 5_000  // the newest rows of a table, which are looked at in every pass
	sweptRows  = 20_000 // older ones, looked at in turns
	batch      = 1_000
	handOvers  = 40
	lease      = 10 * time.Minute
)

// Pass lists what is new, and hands over what is due.
func (s *Service) Pass(ctx context.Context) error {
	for _, source := range model.DossierSources {
		if err := s.collect(ctx, source); err != nil {
			return fmt.Errorf("collect %s: %w", source, err)
		}
	}
	if s.cfg.System == nil {
		return nil
	}
	for {
		due, err := s.db.DueDossier(ctx, lease, handOvers)
		if err != nil || len(due) == 0 {
			return err
		}
		for i := range due {
			if err := s.handOver(ctx, &due[i]); err != nil {
				return err
			}
		}
	}
}

// collect lists the newest rows of a source, and a stretch of the older ones: what
// became part of the file late is found as well.
func (s *Service) collect(ctx context.Context, source model.DossierSource) error {
	last, err := s.db.DossierReach(ctx, source)
	if err != nil || last == 0 {
		return err
	}
	if err := s.collectBetween(ctx, source, last-recentRows, last); err != nil {
		return err
	}
	s.mu.Lock()
	from := s.swept[source]
	if from >= last {
		from = 0
	}
	s.swept[source] = from + sweptRows
	s.mu.Unlock()
	return s.collectBetween(ctx, source, from, min(from+sweptRows, last))
}

func (s *Service) collectBetween(ctx context.Context, source model.DossierSource, after, until int64) error {
	for {
		n, err := s.db.CollectDossier(ctx, source, 0, after, until, batch)
		if model.KindOf(err) == model.Conflict {
			return nil // another process lists the same
		}
		if err != nil || n < batch {
			return err
		}
	}
}

// handOver gives one item to the case system and notes what came of it.
func (s *Service) handOver(ctx context.Context, i *model.DossierItem) error {
	receipt, sum, err := s.file(ctx, i)
	if ctx.Err() != nil {
		return ctx.Err() // the lease ends by itself
	}
	if err == nil {
		i.Filed(receipt, sum, s.db.Now())
		return s.settle(ctx, i)
	}
	why := "处理时出错，请联系技术人员"
	if e, ok := errors.AsType[*model.Error](err); ok && e.Message != "" {
		why = e.Message
	}
	s.cfg.Logger.WarnContext(ctx, "dossier", "item", i.ID, "attempts", i.Attempts+1, "error", err.Error())
	i.Tried(why, model.KindOf(err) == model.Invalid, s.db.Now())
	return s.settle(ctx, i)
}

// settle writes what became of an item; one that another process filed meanwhile is
// left alone.
func (s *Service) settle(ctx context.Context, i *model.DossierItem) error {
	err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SetDossier(ctx, i) })
	if model.KindOf(err) == model.Conflict {
		return nil
	}
	return err
}

func (s *Service) file(ctx context.Context, i *model.DossierItem) (receipt, sum string, err error) {
	f, err := s.db.DossierFacts(ctx, i.CaseID, []model.DossierItem{*i})
	if err != nil {
		return "", "", err
	}
	court, err := s.db.Court(ctx, i.CourtID)
	if err != nil {
		return "", "", err
	}
	p, err := s.paper(ctx, *f, *i)
	if err != nil {
		return "", "", err
	}
	sum = digest(p.Content)
	receipt, err = s.cfg.System.File(ctx, model.DossierMaterial{
		CourtCode: court.Code, CaseNo: f.Case.CaseNo, Key: i.Key(), Part: i.Source.Part(), Title: i.Title(), MadeAt: i.MadeAt, SHA256: sum, DossierPaper: p,
	})
	return receipt, sum, err
}

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/heic": ".heic", "image/webp": ".webp", "image/gif": ".gif", "image/bmp": ".bmp", "application/pdf": ".pdf",
}

// paper is the content of an item: the paper, the original file, or the words of the
// record.
func (s *Service) paper(ctx context.Context, f model.DossierFacts, i model.DossierItem) (p model.DossierPaper, err error) {
	end := ".txt"
	switch i.Source {
	case model.DossierDocument, model.DossierCertificate:
		of := s.cfg.Documents
		if i.Source == model.DossierCertificate {
			of = s.cfg.Certificates
		}
		end, p.MediaType = ".pdf", "application/pdf"
		p.Content, err = of.Content(ctx, i.SourceID)
	case model.DossierFile:
		x, ok := f.Files[i.SourceID]
		if !ok {
			return p, errGone
		}
		p.MediaType, end = x.MediaType, endings[x.MediaType]
		p.Content, err = s.original(ctx, x)
	default:
		words, ok := f.Words(i)
		if !ok {
			return p, errGone
		}
		p.MediaType, p.Content = "text/plain; charset=utf-8", append([]byte("\ufeff"), bytes.ReplaceAll([]byte(words), []byte("\n"), []byte("\r\n"))...)
	}
	p.Name = i.Title() + " " + model.DateOf(i.MadeAt).String() + end
	return p, err
}

var errGone = model.E(model.Invalid, "dossier.gone", "没有找到该材料的内容，请联系技术人员核对")

// original is a file as it was handed in, byte for byte.
func (s *Service) original(ctx context.Context, x model.File) ([]byte, error) {
	o, _, err := s.cfg.Objects.Open(ctx, x.OriginalKey)
	if err != nil {
		return nil, model.E(model.Unavailable, "files.unavailable", "文件存储中暂时取不到原件").WithCause(err)
	}
	defer func() { _ = o.Close() }() // read only
	b, err := io.ReadAll(io.LimitReader(o, model.MaxFileBytes+1))
	if err != nil {
		return nil, model.E(model.Unavailable, "files.unavailable", "文件存储中暂时取不到原件").WithCause(err)
	}
	if digest(b) != x.SHA256 {
		return nil, model.E(model.Invalid, "dossier.changed", "保存的原件与提交时不一致，请立即联系技术人员核对")
	}
	return b, nil
}
