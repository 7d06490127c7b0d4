package performance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Redacting is what a judge blacks out of a picture for a creditor.
type Redacting struct {
	ReceiptID int64
	FileID    int64
	PartyID   int64 // the creditor who may see the copy; he was asked about the receipt
	Rects     []model.Rect
	IdemKey   string
}

// Redact makes a copy of a receipt's picture with parts blacked out, and lets one
// creditor see it. What was handed in is not touched. Errors: NotFound
// receipt.not_found, Invalid redaction.*.
// Source: 民事诉讼法 52.
func (s *Service) Redact(ctx context.Context, by model.Actor, in Redacting) (*model.Redaction, error) {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return nil, err
	}
	if err := s.db.CheckAsked(ctx, by); err != nil {
		return nil, err
	}
	if err := model.CheckRects(in.Rects); err != nil {
		return nil, err
	}
	r, err := s.db.Receipt(ctx, by, in.ReceiptID)
	if err != nil {
		return nil, err
	}
	if !r.BelongsTo(by.UserID) {
		return nil, model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
	}
	files, err := s.db.ReceiptFiles(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(files, func(f model.File) bool { return f.ID == in.FileID })
	switch {
	case i < 0:
		return nil, model.InvalidField("file_id", "redaction.file", "请选择这份回执的一张图片")
	case files[i].MediaType == string(evidence.PDF): // no part of it can be taken out for certain
		return nil, model.InvalidField("file_id", "redaction.pdf", "PDF 不能在此遮盖：请打印后涂盖与该权利人无关的内容，扫描成图片或者拍照，再作为查阅件上传")
	}
	if err := s.wasAsked(ctx, r.ID, in.PartyID); err != nil {
		return nil, err
	}
	if old, err := s.db.RedactionByKey(ctx, by.UserID, in.IdemKey); err != nil || old != nil {
		return old, err
	}
	key, sum, size, err := s.blackened(ctx, &files[i], in.Rects)
	if err != nil {
		return nil, err
	}
	var out *model.Redaction
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		out, err = s.redacted(ctx, tx, by, *r, files[i], in, model.File{OriginalKey: key, SHA256: sum, Size: size})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("redact file %d: %w", in.FileID, err)
	}
	return out, nil
}

// wasAsked refuses to give a copy to somebody who was not asked about the receipt.
func (s *Service) wasAsked(ctx context.Context, receiptID, partyID int64) error {
	lines, err := s.db.Responses(ctx, receiptID)
	if err == nil && !slices.ContainsFunc(lines, func(l model.ObligeeResponse) bool { return l.PartyID == partyID }) {
		err = model.InvalidField("party_id", "redaction.party", "请选择就这份回执询问过的权利人")
	}
	return err
}

// CopyGiven is a picture that the court blacked out on paper and took in again.
type CopyGiven struct {
	ReceiptID int64
	FileID    int64 // of the receipt: what it is a copy of, a PDF as well
	CopyID    int64 // the picture, which the actor uploaded to the case
	PartyID   int64
	IdemKey   string
}

// GiveCopy lets one creditor see a picture that was blacked out outside of the program:
// the way for a PDF, of which Redact can take nothing out. A clerk of the court may do
// it as well as whoever decides the receipt; who merely sees it may not. Errors:
// NotFound receipt.not_found, Invalid redaction.*.
// Source: 民事诉讼法 52.
func (s *Service) GiveCopy(ctx context.Context, by model.Actor, in CopyGiven) (*model.Redaction, error) {
	if err := by.Require(model.ActReceiptCopy); err != nil {
		return nil, err
	}
	if err := s.db.CheckAsked(ctx, by); err != nil {
		return nil, err
	}
	r, err := s.db.Receipt(ctx, by, in.ReceiptID)
	if err != nil {
		return nil, err
	}
	if !r.MayGiveCopy(by) {
		return nil, model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
	}
	if old, err := s.db.RedactionByKey(ctx, by.UserID, in.IdemKey); err != nil || old != nil {
		return old, err
	}
	files, err := s.db.ReceiptFiles(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(files, func(f model.File) bool { return f.ID == in.FileID }) {
		return nil, model.InvalidField("file_id", "redaction.file", "请选择这份回执的一个文件")
	}
	if err := s.wasAsked(ctx, r.ID, in.PartyID); err != nil {
		return nil, err
	}
	made, err := s.db.UserFiles(ctx, by.UserID, r.CaseID, []int64{in.CopyID})
	if err != nil {
		return nil, err
	}
	if len(made) != 1 || made[0].State != model.FileStored || !strings.HasPrefix(made[0].MediaType, "image/") {
		return nil, model.InvalidField("file", "redaction.copy", "请上传遮盖后扫描或者拍照的图片；PDF 中看不见的内容可能仍在文件里，不能作为查阅件")
	}
	if err := s.ensureViews(ctx, &made[0]); err != nil {
		return nil, err
	}
	var out *model.Redaction
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		if old, err := tx.RedactionByKey(ctx, by.UserID, in.IdemKey); err != nil || old != nil {
			out = old
			return err
		}
		if err := tx.KeepFile(ctx, in.CopyID, r.CaseID, by.UserID); err != nil {
			return err
		}
		out = &model.Redaction{
			CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, FileID: in.FileID, CopyID: in.CopyID, PartyID: in.PartyID, Rects: []model.Rect{},
			ByUserID: by.UserID, IdemKey: in.IdemKey, CreatedAt: tx.Now(),
		}
		if err := tx.GiveRedaction(ctx, out); err != nil {
			return err
		}
		return s.toldCopy(ctx, tx, by, model.ActReceiptCopy, *r, *out)
	})
	if err != nil {
		return nil, fmt.Errorf("give a copy of file %d: %w", in.FileID, err)
	}
	return out, nil
}

// toldCopy tells the creditor of his copy, and keeps who gave it.
func (s *Service) toldCopy(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, r model.Receipt, x model.Redaction) error {
	if err := tx.AddNotice(ctx, model.RedactionNotice(r, x)); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: r.CourtID, Action: model.AuditReceiptRedact, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), After: x,
	})
}

func (s *Service) redacted(ctx context.Context, tx *storage.DB, by model.Actor, r model.Receipt, from model.File, in Redacting, made model.File) (*model.Redaction, error) {
	if old, err := tx.RedactionByKey(ctx, by.UserID, in.IdemKey); err != nil || old != nil {
		return old, err
	}
	cp := model.File{
		CourtID: r.CourtID, CaseID: r.CaseID, UserID: by.UserID, UploadKey: "redacted:" + in.IdemKey, State: model.FileAttached,
		OriginalKey: made.OriginalKey, ViewKey: made.OriginalKey, ThumbKey: made.OriginalKey, Name: "查阅件.jpg", MediaType: "image/jpeg",
		Size: made.Size, SHA256: made.SHA256, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	x := &model.Redaction{
		CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, FileID: from.ID, PartyID: in.PartyID, Rects: in.Rects, ByUserID: by.UserID, IdemKey: in.IdemKey, CreatedAt: tx.Now(),
	}
	if err := tx.AddRedaction(ctx, x, &cp); err != nil {
		return nil, err
	}
	return x, s.toldCopy(ctx, tx, by, model.ActReceiptDecide, r, *x)
}

// blackened stores a copy of a picture with parts blacked out. It is made of the
// viewing copy, which we wrote ourselves: nothing of the original's hidden data or
// pixels under the black is left in it.
func (s *Service) blackened(ctx context.Context, f *model.File, rects []model.Rect) (key, sum string, size int64, err error) {
	if err := s.ensureViews(ctx, f); err != nil {
		return "", "", 0, err
	}
	o, _, err := s.cfg.Objects.Open(ctx, f.ViewKey)
	if err != nil {
		return "", "", 0, storeError(err)
	}
	img, err := jpeg.Decode(io.LimitReader(o, model.MaxFileBytes))
	if closed := o.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", "", 0, err
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, blacken(img, rects), &jpeg.Options{Quality: 85}); err != nil {
		return "", "", 0, err
	}
	hash := sha256.Sum256(b.Bytes())
	key, size = s.key("originals"), int64(b.Len())
	err = s.cfg.Objects.Put(ctx, key, &b, size, object.PutOptions{ContentType: "image/jpeg", Retain: true})
	return key, hex.EncodeToString(hash[:]), size, storeError(err)
}

// blacken is the picture with parts blacked out; a part that begins or ends within a
// pixel takes all of it.
func blacken(img image.Image, rects []model.Rect) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(b)
	draw.Draw(out, b, img, b.Min, draw.Src)
	for _, r := range rects {
		part := image.Rect(b.Min.X+b.Dx()*r.X/100, b.Min.Y+b.Dy()*r.Y/100, b.Min.X+(b.Dx()*(r.X+r.W)+99)/100, b.Min.Y+(b.Dy()*(r.Y+r.H)+99)/100)
		draw.Draw(out, part.Intersect(b), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return out
}

// shown is what belongs to receipts of a case besides themselves: the copies that
// creditors may see, and what of the ledger is each one's.
type shown struct {
	redactions []model.Redaction
	copies     map[int64]model.File
	parts      map[int64]map[int64]model.Fen // by receipt and creditor
}

func (s *Service) shown(ctx context.Context, caseID int64, receipts []int64) (*shown, error) {
	out := &shown{parts: map[int64]map[int64]model.Fen{}}
	var err error
	if out.redactions, err = s.db.Redactions(ctx, receipts...); err != nil {
		return nil, err
	}
	ids := make([]int64, len(out.redactions))
	for i, x := range out.redactions {
		ids[i] = x.CopyID
	}
	if len(ids) > 0 {
		if out.copies, err = s.db.Files(ctx, ids); err != nil {
			return nil, err
		}
	}
	allocations, err := s.db.Allocations(ctx, caseID)
	if err != nil || len(allocations) == 0 {
		return out, err
	}
	obligations, err := s.db.Obligations(ctx, caseID)
	if err != nil {
		return nil, err
	}
	debts := model.Debts{Obligations: obligations}
	for _, a := range allocations {
		if out.parts[a.ReceiptID] == nil {
			out.parts[a.ReceiptID] = map[int64]model.Fen{}
		}
		for _, id := range debts.Obligation(a.ObligationID).Obligees() {
			out.parts[a.ReceiptID][id] += a.AmountFen
		}
	}
	return out, nil
}

// to puts into a receipt's detail what its reader may see of that.
func (s *shown) to(d *Detail, payer bool, own func(int64) bool) {
	for _, x := range s.redactions {
		if x.ReceiptID != d.Receipt.ID {
			continue
		}
		switch {
		case own(x.PartyID):
			d.Files = append(d.Files, s.copies[x.CopyID])
		case payer:
			d.Redactions = append(d.Redactions, x)
		}
	}
	if payer || d.Receipt.CreditorID() != 0 {
		return
	}
	d.Hidden, d.Confirmed = true, map[int64]model.Fen{}
	var said, booked model.Fen
	known := true
	for _, l := range d.Responses { // his own: of others he has none here
		if known = known && l.OwnFen != nil; known {
			said += *l.OwnFen
		}
		if fen, in := s.parts[d.Receipt.ID][l.PartyID]; in {
			d.Confirmed[l.PartyID] = fen
			booked += fen
		}
	}
	if known {
		d.OwnFen = &said
	}
	if len(d.Confirmed) > 0 {
		d.OwnConfirmedFen = &booked
	}
}
