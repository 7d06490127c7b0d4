package performance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
	"microcourt/storage/object"
)

func (s *Service) queueViews(id int64) {
	select {
	case s.wake <- id:
	default: // the poll finds it
	}
}

// failures remembers files whose views could not be made. One that belongs to
// a receipt stays there, and to try it at every poll would keep the children
// from the others'. The zero value is ready.
type failures struct {
	mu sync.Mutex
	at map[int64]time.Time
}

// again is when a file is tried once more: another version may decode it.
const again = 24 * time.Hour

func (f *failures) add(id int64, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == nil {
		f.at = map[int64]time.Time{}
	}
	maps.DeleteFunc(f.at, func(_ int64, at time.Time) bool { return now.Sub(at) >= again })
	f.at[id] = now
}

func (f *failures) recent(id int64, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, ok := f.at[id]
	return ok && now.Sub(at) < again
}

func (s *Service) viewsOf(ctx context.Context, id int64) {
	f, err := s.db.File(ctx, id)
	if err == nil {
		err = s.ensureViews(ctx, f)
	}
	switch {
	case err == nil || ctx.Err() != nil:
	case model.KindOf(err) == model.Invalid:
		s.undecodable.add(id, s.db.Now())
	default:
		s.cfg.Logger.ErrorContext(ctx, "views", "file", id, "error", err.Error())
	}
}

// DecodeUploads makes the viewing copies of files that the actor's agency has
// uploaded, before they become part of what it tells the court. One that cannot
// be decoded is refused; what is not his is left to whoever keeps them.
func (s *Service) DecodeUploads(ctx context.Context, by model.Actor, ids []int64) error {
	if len(ids) == 0 || by.AgencyID == 0 {
		return nil
	}
	files, err := s.db.Files(ctx, ids)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.AgencyID == by.AgencyID && f.State == model.FileStored {
			if err := s.ensureViews(ctx, &f); err != nil {
				return err
			}
		}
	}
	return nil
}

// ensureViews makes a file's viewing copies if they are not there. A file that
// cannot be decoded is marked damaged and the error says so.
func (s *Service) ensureViews(ctx context.Context, f *model.File) error {
	if f.ThumbKey != "" {
		return nil
	}
	sp, err := s.fetched(ctx, f)
	if err != nil {
		return err
	}
	defer sp.close()
	rep, v, err := s.files.Views(ctx, sp, sp.size)
	err = s.ended.judge(f.SHA256, s.db.Now(), err)
	if model.KindOf(err) == model.Invalid && err != nil {
		merr := s.db.Once(ctx, model.System(), func(tx *storage.DB) error { return tx.MarkDamaged(ctx, f.ID) })
		if model.KindOf(merr) == model.Conflict && merr != nil {
			merr = nil // it is part of something by now
		}
		return errors.Join(named(err, f.Name), merr)
	}
	if err != nil {
		return err
	}
	defer v.Close()
	viewType := "image/jpeg"
	if rep.Type == evidence.PDF {
		viewType = string(evidence.PDF)
	}
	f.ViewKey, f.ThumbKey, f.TilesKey = s.key("views"), s.key("thumbs"), ""
	if err := s.putCopy(ctx, f.ViewKey, viewType, v.View(), v.View().Size()); err != nil {
		return err
	}
	if err := s.putCopy(ctx, f.ThumbKey, "image/jpeg", v.Thumb(), v.Thumb().Size()); err != nil {
		return err
	}
	if lengths := v.Lengths(); len(lengths) > 0 {
		f.TilesKey = s.key("views")
		head := tilesHead(lengths)
		packed := io.MultiReader(bytes.NewReader(head), v.Tiles())
		if err := s.putCopy(ctx, f.TilesKey, "application/octet-stream", packed, int64(len(head))+v.Tiles().Size()); err != nil {
			return err
		}
	}
	bands := v.Fingerprint.Bands()
	f.Band0, f.Band1, f.Band2, f.Band3 = bands[0], bands[1], bands[2], bands[3]
	f.Fingerprint = v.Fingerprint.Bytes()
	return s.db.Once(ctx, model.System(), func(tx *storage.DB) error {
		f.UpdatedAt = tx.Now()
		return tx.SetViews(ctx, f)
	})
}

// fetched puts the original on disk: it is only passed on to a child.
func (s *Service) fetched(ctx context.Context, f *model.File) (*spool, error) {
	o, _, err := s.cfg.Objects.Open(ctx, f.OriginalKey)
	if err != nil {
		return nil, storeError(err)
	}
	defer func() { _ = o.Close() }() // read only
	sp, err := s.spooled(failingRead{o})
	if fault, ok := errors.AsType[*readError](err); ok {
		return nil, storeError(fault.err)
	}
	return sp, err
}

// readError is a fault of the store in the middle of reading.
type readError struct{ err error }

// Error implements error.
func (e *readError) Error() string { return e.err.Error() }

type failingRead struct{ r io.Reader }

// Read implements io.Reader.
func (f failingRead) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &readError{err}
	}
	return n, err
}

func (s *Service) putCopy(ctx context.Context, key, mediaType string, r io.Reader, size int64) error {
	return storeError(s.cfg.Objects.Put(ctx, key, r, size, object.PutOptions{ContentType: mediaType}))
}

// Variant is which copy of a file is wanted.
type Variant string

// The variants.
const (
	VariantView     Variant = "view"      // picture or PDF made anew
	VariantThumb    Variant = "thumbnail" // small picture
	VariantOriginal Variant = "original"  // the evidence itself, staff only
)

// OpenFile opens a copy of a file that the actor may see, and records the
// look. Parties see the files of receipts that are theirs or have a line of
// theirs; whoever uploaded a file sees it; an agency what it uploaded.
func (s *Service) OpenFile(ctx context.Context, by model.Actor, id int64, v Variant) (object.Object, *model.File, string, error) {
	f, err := s.lookAt(ctx, by, id)
	if err != nil {
		return nil, nil, "", err
	}
	if by.IsParty() && v == VariantOriginal {
		return nil, nil, "", model.E(model.Forbidden, "role.forbidden", "原始文件仅供法院工作人员查看")
	}
	return s.open(ctx, by, by.RoleFor(model.ActFileRead), f, v)
}

// OpenAuthority opens the president's written authorisation for the administrator who
// keeps it, and records the look.
func (s *Service) OpenAuthority(ctx context.Context, by model.Actor, fileID int64) (object.Object, *model.File, string, error) {
	if err := by.Require(model.ActStaffManage); err != nil {
		return nil, nil, "", err
	}
	f, err := s.db.File(ctx, fileID)
	if err != nil {
		return nil, nil, "", err
	}
	if err := s.mayOpenCourts(ctx, by, f); err != nil {
		return nil, nil, "", err
	}
	return s.open(ctx, by, model.RoleAdmin, f, VariantView)
}

func (s *Service) open(ctx context.Context, by model.Actor, role model.Role, f *model.File, v Variant) (object.Object, *model.File, string, error) {
	if v != VariantOriginal {
		if err := s.ensureViews(ctx, f); err != nil {
			return nil, nil, "", err
		}
	}
	key, mediaType := f.ViewKey, "image/jpeg"
	switch {
	case v == VariantOriginal:
		key, mediaType = f.OriginalKey, f.MediaType
	case v == VariantThumb:
		key = f.ThumbKey
	case f.MediaType == string(evidence.PDF):
		mediaType = f.MediaType
	}
	o, _, err := s.cfg.Objects.Open(ctx, key)
	if errors.Is(err, object.ErrNotExist) {
		return nil, nil, "", errFileNotFound.WithCause(fmt.Errorf("object %s is gone", key))
	}
	if err != nil {
		return nil, nil, "", storeError(err)
	}
	err = s.db.AuditLook(ctx, by, role, model.AuditEvent{
		CourtID: f.CourtID, Action: model.AuditFileLook, CaseID: f.CaseID, Subject: model.ThingFile.Of(f.ID), Detail: string(v),
	})
	if err != nil {
		return nil, nil, "", errors.Join(err, o.Close())
	}
	return o, f, mediaType, nil
}

var errFileNotFound = model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看")

// lookAt is the file if the actor may see it.
func (s *Service) lookAt(ctx context.Context, by model.Actor, id int64) (*model.File, error) {
	if err := by.Require(model.ActFileRead); err != nil {
		return nil, err
	}
	f, err := s.db.File(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.mayOpen(ctx, by, f); err != nil {
		if model.KindOf(err) == model.NotFound {
			err = errFileNotFound
		}
		return nil, err
	}
	return f, nil
}

// OpenPicture opens the viewing copy of a picture for the check of contents,
// without EXIF; that it was given out is recorded.
func (s *Service) OpenPicture(ctx context.Context, id int64) (object.Object, error) {
	f, err := s.db.File(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.ensureViews(ctx, f); err != nil {
		return nil, err
	}
	o, _, err := s.cfg.Objects.Open(ctx, f.ViewKey)
	if err != nil {
		return nil, storeError(err)
	}
	err = s.db.AuditLook(ctx, model.System(), model.RolePublic, model.AuditEvent{
		CourtID: f.CourtID, Action: model.AuditPictureGiven, CaseID: f.CaseID, Subject: model.ThingFile.Of(id),
	})
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// mayOpen refuses a look at a file by somebody who may not see what it belongs
// to. What belongs to a conversation is for its people alone, what was uploaded
// and not submitted for who uploaded it.
func (s *Service) mayOpen(ctx context.Context, by model.Actor, f *model.File) error {
	talk, err := s.db.ConversationOfFile(ctx, f.ID)
	if err != nil {
		return err
	}
	if talk != 0 {
		_, err := s.db.Conversation(ctx, by, talk)
		return err
	}
	notFound := model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看")
	deposit, err := s.db.DepositOfFile(ctx, f.ID)
	if err != nil {
		return err
	}
	if deposit != 0 {
		_, err := s.db.Deposit(ctx, by, deposit)
		return err
	}
	petition, err := s.db.PetitionOfFile(ctx, f.ID)
	if err != nil {
		return err
	}
	if petition != 0 {
		_, err := s.db.Petition(ctx, by, petition)
		return err
	}
	if f.CaseID == 0 && f.AgencyID == 0 {
		return s.mayOpenCourts(ctx, by, f)
	}
	if by.IsParty() && f.UserID == by.UserID {
		_, err := s.uploadable(ctx, by, f.CaseID)
		return err
	}
	if f.State != model.FileAttached && f.ReceiptID == 0 && f.UserID != by.UserID && (f.AgencyID == 0 || f.AgencyID != by.AgencyID) {
		return notFound // nobody submitted it: it is its owner's
	}
	if !agencySees(by, f) {
		if _, err := s.db.Case(ctx, by, f.CaseID); err != nil {
			return err
		}
	}
	if by.IsParty() {
		ok, err := s.partySees(ctx, by, f)
		if err == nil && !ok {
			err = notFound
		}
		return err
	}
	if f.State == model.FileAttached && f.ReceiptID == 0 {
		return s.db.MayLookAtAnswer(ctx, by, f.ID)
	}
	return nil
}

// mayOpenCourts: the president's written authorisation is for those of his court who
// keep it or decide by it.
func (s *Service) mayOpenCourts(ctx context.Context, by model.Actor, f *model.File) error {
	a, err := s.db.SigningAuthorityOfFile(ctx, f.ID)
	if err == nil && (a == nil || a.CourtID != by.CourtID || !by.May(model.ActStaffManage) && !by.May(model.ActMeasureApprove)) {
		err = errFileNotFound
	}
	return err
}

// agencySees tells whether a file is seen because an agency uploaded it: by the
// agency itself, and by the court's people who deal with agencies unless it
// became part of a case, which has people of its own.
func agencySees(by model.Actor, f *model.File) bool {
	if f.AgencyID == 0 || f.CourtID != by.CourtID {
		return false
	}
	return f.AgencyID == by.AgencyID || f.CaseID == 0 && by.May(model.ActDutyRead)
}

// partySees tells whether a file of a receipt is for the party: the debtor's side sees
// what it handed in, a creditor the picture of money that is his alone, and the copies
// that the judge made for him.
func (s *Service) partySees(ctx context.Context, by model.Actor, f *model.File) (bool, error) {
	own, err := s.db.PartiesOf(ctx, f.CaseID, by.UserID)
	if err != nil {
		return false, err
	}
	if f.ReceiptID == 0 {
		x, err := s.db.RedactionOfFile(ctx, f.ID)
		if err != nil || x == nil {
			return false, err
		}
		return slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == x.PartyID }), nil
	}
	r, err := s.db.Receipt(ctx, by, f.ReceiptID)
	if err != nil {
		return false, err
	}
	lines, err := s.db.Responses(ctx, f.ReceiptID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(own, func(p model.Party) bool {
		return p.ID == r.PartyID || r.SolePayee(lines) && slices.ContainsFunc(lines, func(l model.ObligeeResponse) bool { return l.PartyID == p.ID })
	}), nil
}
