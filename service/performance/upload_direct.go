package performance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Direct is a form with which a phone uploads straight to the object store.
type Direct struct {
	File      model.File
	URL       string
	Form      map[string]string
	ExpiresAt time.Time
}

// directLife is how long a form works.
const directLife = 10 * time.Minute

// BeginDirect hands out a form for one file, which lands in quarantine.
func (s *Service) BeginDirect(ctx context.Context, by model.Actor, caseID int64, key string, size int64, mediaType string) (*Direct, error) {
	cs, err := s.uploadable(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	p, ok := s.cfg.Objects.(object.Presigner)
	if !ok {
		return nil, model.E(model.Invalid, "upload.direct_off", "本院未开通直接上传，请使用普通上传")
	}
	switch {
	case size <= 0 || size > model.MaxFileBytes:
		return nil, model.InvalidField("size", "file.too_large", "单个文件不能超过 10 MB，请压缩后重新上传")
	case evidenceType(mediaType) == "":
		return nil, model.InvalidField("media_type", "file.type", "只支持 JPEG、PNG、WebP、HEIC 图片和 PDF 文件，请重新选择")
	}
	if old, err := s.db.FileByUploadKey(ctx, by.UserID, key); err != nil {
		return nil, err
	} else if old == nil {
		if err := s.mayAdd(ctx, by); err != nil {
			return nil, err
		}
	}
	fresh := model.File{
		CourtID: cs.CourtID, CaseID: cs.ID, UserID: by.UserID, UploadKey: key, State: model.FileQuarantine,
		OriginalKey: s.key("quarantine"), Name: "回执", MediaType: mediaType, Size: size,
	}
	var f *model.File
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		again := fresh
		f = &again
		created, err := tx.CreateFile(ctx, f)
		if err != nil || created {
			return err
		}
		old, err := tx.FileByUploadKey(ctx, by.UserID, key)
		if err == nil && (old == nil || old.State != model.FileQuarantine || old.CaseID != caseID) {
			err = model.E(model.Conflict, "upload.key_reused", "该上传标识已用于另一个文件，请重新选择文件上传")
		}
		if err == nil {
			f = old
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("begin direct upload: %w", err)
	}
	d := &Direct{File: *f, ExpiresAt: s.db.Now().Add(directLife)}
	d.URL, d.Form, err = p.PresignPost(ctx, f.OriginalKey, model.MaxFileBytes, mediaType, directLife)
	if errors.Is(err, object.ErrUnavailable) {
		return nil, model.E(model.Invalid, "upload.direct_off", "本院未开通直接上传，请使用普通上传").WithCause(err)
	}
	return d, err
}

func evidenceType(mediaType string) evidence.Type {
	switch t := evidence.Type(mediaType); t {
	case evidence.JPEG, evidence.PNG, evidence.WebP, evidence.HEIC, evidence.PDF:
		return t
	}
	return ""
}

// CompleteDirect examines a file that a phone uploaded by form, with the same
// checks as Upload, and takes it out of quarantine. A repeat is the same file.
func (s *Service) CompleteDirect(ctx context.Context, by model.Actor, id int64) (*model.File, error) {
	if err := by.Require(model.ActReceiptSubmit); err != nil {
		return nil, err
	}
	f, err := s.db.File(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.UserID != by.UserID {
		return nil, model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看")
	}
	if complete(f) {
		return f, nil
	}
	if f.State != model.FileQuarantine {
		return nil, model.E(model.Conflict, "upload.key_spent", "该上传已失效，请重新选择文件上传")
	}
	quarantine := f.OriginalKey
	o, _, err := s.cfg.Objects.Open(ctx, quarantine)
	if errors.Is(err, object.ErrNotExist) {
		return s.notCompleted(ctx, f, model.E(model.Conflict, "upload.missing", "文件尚未上传完成，请重新上传"))
	}
	if err != nil {
		return nil, storeError(err)
	}
	sp, err := s.spooled(o)
	_ = o.Close()   // read only
	if err != nil { // a store that reads late misses what a repeat has completed and removed by then
		return s.notCompleted(ctx, f, err)
	}
	defer sp.close()
	stored := *f
	stored.State, stored.OriginalKey = model.FileStored, s.key("originals")
	if err := s.examineAndPut(ctx, sp, &stored); err != nil {
		if model.KindOf(err) == model.Invalid {
			err = errors.Join(err, s.discard(context.WithoutCancel(ctx), f))
		}
		return nil, err
	}
	f = &stored
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		f.UpdatedAt = tx.Now()
		if err := tx.CompleteFile(ctx, f); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(submitting(by)), model.AuditEvent{
			CourtID: f.CourtID, Action: model.AuditFileUpload, CaseID: f.CaseID, Subject: model.ThingFile.Of(f.ID), After: f.SHA256,
		})
	})
	if err != nil {
		return s.notCompleted(ctx, f, err)
	}
	s.removeObject(ctx, quarantine)
	s.queueViews(f.ID)
	return f, nil
}

// notCompleted is what a completion ended with that did not succeed as it
// seems: the file that a repeat completed at the same time, or err.
func (s *Service) notCompleted(ctx context.Context, f *model.File, err error) (*model.File, error) {
	now, lookErr := s.db.File(context.WithoutCancel(ctx), f.ID)
	if lookErr != nil {
		return nil, fmt.Errorf("complete upload: %w", errors.Join(err, lookErr))
	}
	if !storage.Uncertain(err) && now.OriginalKey != f.OriginalKey {
		s.removeObject(ctx, f.OriginalKey)
	}
	if complete(now) {
		return now, nil
	}
	return nil, fmt.Errorf("complete upload: %w", err)
}

func complete(f *model.File) bool {
	return f.State == model.FileStored || f.State == model.FileAttached
}

// discard ends a refused file and removes it from quarantine. The row goes
// first: an object whose row could not be ended stays, for the next try or the
// sweeper.
func (s *Service) discard(ctx context.Context, f *model.File) error {
	if err := s.db.Once(ctx, model.System(), func(tx *storage.DB) error { return tx.ExpireFile(ctx, f.ID) }); err != nil {
		return err
	}
	return s.cfg.Objects.Remove(ctx, f.OriginalKey)
}
