package performance

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
	"microcourt/storage/object"
)

// maxLooseFiles bounds the files of one user that are not part of a receipt.
const maxLooseFiles = 3 * model.MaxReceiptFiles

// Upload is one file as a phone sends it.
type Upload struct {
	CaseID int64
	Key    string // chosen by the phone; a retry carries the same one
	Name   string
	Size   int64  // as the phone says, -1 when it does not
	SHA256 string // as the phone says, "" when it does not
	Body   io.Reader
	// Admit, when set, is asked once the case is found to be the actor's, before
	// anything is read.
	Admit func(ctx context.Context, caseID int64) error
}

// spool is an upload on disk, already unlinked: it cannot outlive the process.
type spool struct {
	*os.File
	size   int64
	sha256 string
}

var spoolWriters = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 16<<10) }}

// spooled streams r into a temporary file while hashing it.
func (s *Service) spooled(r io.Reader) (*spool, error) {
	f, err := os.CreateTemp(s.cfg.TempDir, "upload-*")
	if err != nil {
		return nil, model.E(model.Unavailable, "upload.no_space", "系统暂时无法接收文件，请稍后重试").WithCause(err)
	}
	sp := &spool{File: f}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	h := sha256.New()
	// A form's part comes in pieces of 4 KB; the file takes four at a time.
	w := spoolWriters.Get().(*bufio.Writer) //nolint:forcetypeassert // only writers are put in
	w.Reset(io.MultiWriter(f, h))
	sp.size, err = io.Copy(w, io.LimitReader(r, model.MaxFileBytes+1))
	if err == nil {
		err = w.Flush()
	}
	w.Reset(nil)
	spoolWriters.Put(w)
	if err != nil {
		return nil, errors.Join(bodyError(err), f.Close())
	}
	sp.sha256 = hex.EncodeToString(h.Sum(nil))
	return sp, nil
}

// place waits for one of the places and gives the way out.
func place(ctx context.Context, places chan struct{}) (leave func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// named adds the file's name to what is wrong with it: a phone uploads several
// at a time.
func named(err error, name string) error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Field != "file" || !strings.HasPrefix(e.Reason, "file.") {
		return err
	}
	c := *e
	c.Message = "“" + cleanName(name) + "”：" + e.Message
	return &c
}

var errTooLarge = model.InvalidField("file", "file.too_large", "单个文件不能超过 10 MB，请压缩后重新上传")

func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return model.E(model.Unavailable, "upload.no_space", "系统暂时无法接收文件，请稍后重试").WithCause(err)
	}
	return model.InvalidField("file", "upload.interrupted", "上传中断，请检查网络后重新上传").WithCause(err)
}

func (sp *spool) close() { _ = sp.Close() } // unlinked already; nothing is lost

// Upload takes one file. The same key with the same bytes is the same file;
// with other bytes it is refused. Whatever is wrong leaves nothing behind.
func (s *Service) Upload(ctx context.Context, by model.Actor, u Upload) (f *model.File, created bool, err error) {
	cs, err := s.uploadable(ctx, by, u.CaseID)
	if err != nil {
		return nil, false, err
	}
	u.Key = uploadKey(by, u.Key)
	if old, err := s.db.FileByUploadKey(ctx, by.UserID, u.Key); err != nil || old != nil {
		return s.repeated(u, old, err)
	}
	if err := s.mayAdd(ctx, by); err != nil {
		return nil, false, err
	}
	if u.Admit != nil {
		if err := u.Admit(ctx, cs.ID); err != nil {
			return nil, false, err
		}
	}
	f = &model.File{
		CourtID: cs.CourtID, CaseID: cs.ID, AgencyID: by.AgencyID, UserID: by.UserID, UploadKey: u.Key, State: model.FileStored,
		OriginalKey: s.key("originals"), Name: cleanName(u.Name),
	}
	if err := s.receive(ctx, u, f); err != nil {
		return nil, false, named(err, u.Name)
	}
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		if created, err = tx.CreateFile(ctx, f); err != nil || !created {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActUpload), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditFileUpload, CaseID: cs.ID, Subject: model.ThingFile.Of(f.ID), After: f.SHA256,
		})
	})
	if err != nil || !created {
		old, lookErr := s.unrecorded(ctx, by, f, err)
		if err == nil || lookErr == nil && old != nil {
			same, _, err := sameUpload(old, f.SHA256, u.CaseID, lookErr)
			return same, err == nil && same.OriginalKey == f.OriginalKey, err
		}
		return nil, false, fmt.Errorf("upload: %w", err)
	}
	s.queueViews(f.ID)
	return f, true, nil
}

// unrecorded looks for the file that has f's upload key after f was not recorded
// as it seems: a repeat came first, or err is what the transaction ended with.
// The row is what makes an object evidence. An object goes only when it is known
// that no row names it; else it is the sweeper's.
func (s *Service) unrecorded(ctx context.Context, by model.Actor, f *model.File, err error) (*model.File, error) {
	old, lookErr := s.db.FileByUploadKey(context.WithoutCancel(ctx), by.UserID, f.UploadKey)
	if !storage.Uncertain(err) && lookErr == nil && (old == nil || old.OriginalKey != f.OriginalKey) {
		s.removeObject(ctx, f.OriginalKey)
	}
	return old, lookErr
}

// mayAdd refuses a user who uploads and never submits.
func (s *Service) mayAdd(ctx context.Context, by model.Actor) error {
	n, err := s.db.CountLooseFiles(ctx, by)
	if err == nil && n >= maxLooseFiles {
		err = model.E(model.TooMany, "upload.too_many", "您有较多已上传但未提交的文件，请先提交，或 3 天后再试")
	}
	return err
}

// repeated answers an upload whose key is known: it is read to compare it.
func (s *Service) repeated(u Upload, old *model.File, err error) (*model.File, bool, error) {
	if err != nil {
		return nil, false, err
	}
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(u.Body, model.MaxFileBytes+1))
	if err != nil {
		return nil, false, bodyError(err)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if err := asStated(u, n, sum); err != nil {
		return nil, false, err
	}
	return sameUpload(old, sum, u.CaseID, nil)
}

// minStreamed is the size from which an upload goes straight through to the
// store. A smaller one would leave the store waiting for the first byte of a
// slow phone.
const minStreamed = 64 << 10

var uploadReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4<<10) }}

// receive examines the file and puts it into the store, and describes it in f.
// A picture whose size the phone states is examined as it passes by on its way
// to the store, which gets the last byte only when all is well; anything else
// is spooled first.
func (s *Service) receive(ctx context.Context, u Upload, f *model.File) error {
	br := uploadReaders.Get().(*bufio.Reader) //nolint:forcetypeassert // only readers are put in
	defer func() {
		br.Reset(nil)
		uploadReaders.Put(br)
	}()
	br.Reset(u.Body)
	if u.Size >= minStreamed && u.Size <= model.MaxFileBytes {
		head, err := br.Peek(evidence.SniffLen)
		if err != nil && !errors.Is(err, io.EOF) {
			return bodyError(err)
		}
		if t := evidence.Sniff(head); evidence.Streams(t) {
			f.MediaType = string(t)
			return s.stream(ctx, u, br, f)
		}
	}
	u.Body = br
	return s.spool(ctx, u, f)
}

func (s *Service) spool(ctx context.Context, u Upload, f *model.File) error {
	sp, err := s.spooled(u.Body)
	if err != nil {
		return err
	}
	defer sp.close()
	if err := asStated(u, sp.size, sp.sha256); err != nil {
		return err
	}
	return s.examineAndPut(ctx, sp, f)
}

// examineAndPut examines what the phone's network has brought. Files that wait
// for a child hold no place of those that are stored: a good picture needs no
// child, and a crowd of hostile files shall not keep it.
func (s *Service) examineAndPut(ctx context.Context, sp *spool, f *model.File) error {
	rep, err := s.files.Examine(ctx, sp, sp.size)
	if err != nil {
		return s.ended.judge(sp.sha256, s.db.Now(), err)
	}
	leave, err := place(ctx, s.puts)
	if err != nil {
		return err
	}
	defer leave()
	describe(f, rep, sp.size, sp.sha256)
	return s.putOriginal(ctx, f, sp)
}

func describe(f *model.File, rep *evidence.Report, size int64, sum string) {
	f.MediaType, f.Size, f.SHA256 = string(rep.Type), size, sum
	f.Width, f.Height, f.Pages = rep.Width, rep.Height, rep.Pages
}

// uploadable is the case that the actor may upload for. What an agency uploads
// belongs to it and to no case, nor does a paper about the court's own people.
func (s *Service) uploadable(ctx context.Context, by model.Actor, caseID int64) (*model.Case, error) {
	if err := by.Require(model.ActUpload); err != nil {
		return nil, err
	}
	if caseID == 0 && (by.AgencyID != 0 || by.May(model.ActStaffManage)) {
		return &model.Case{CourtID: by.CourtID}, nil
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if by.Has(model.RoleRelative) && err != nil && model.KindOf(err) == model.NotFound {
		admitted, lookErr := s.db.AdmittedTo(ctx, by, caseID)
		if lookErr != nil {
			return nil, lookErr
		}
		if admitted { // for what he pays and writes, and nothing else
			return s.db.CaseByID(ctx, caseID)
		}
	}
	if by.Has(model.RoleLiaison) && err != nil && model.KindOf(err) == model.NotFound {
		return s.db.CaseOfLiaison(ctx, by.UserID, caseID) // for the answer to a request, and nothing else
	}
	return cs, err
}

// uploadKey is the key under which an upload is kept. Programs are nobody, so that
// theirs names the program too.
func uploadKey(by model.Actor, key string) string {
	if by.APIKeyID == 0 {
		return key
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", by.APIKeyID, key))
	return hex.EncodeToString(sum[:])
}

func asStated(u Upload, size int64, sum string) error {
	switch {
	case u.Size >= 0 && u.Size != size && size <= model.MaxFileBytes:
		return errInterrupted
	case u.SHA256 != "" && !strings.EqualFold(u.SHA256, sum):
		return model.InvalidField("sha256", "upload.checksum", "文件校验值不一致，请重新上传")
	}
	return nil
}

var errInterrupted = model.InvalidField("file", "upload.interrupted", "收到的文件不完整，请重新上传")

func sameUpload(old *model.File, sum string, caseID int64, err error) (*model.File, bool, error) {
	switch {
	case err != nil:
		return nil, false, err
	case old == nil || old.State == model.FileExpired || old.State == model.FileDamaged:
		return nil, false, model.InvalidField("upload_key", "upload.key_spent", "该上传标识已失效，请重新选择文件上传")
	case old.SHA256 != sum || old.CaseID != caseID && (caseID != 0 || old.AgencyID == 0): // an agency's file goes into the case that it is about
		return nil, false, model.E(model.Conflict, "upload.key_reused", "该上传标识已用于另一个文件，请重新选择文件上传")
	}
	return old, false, nil
}

func (s *Service) putOriginal(ctx context.Context, f *model.File, sp *spool) error {
	if _, err := sp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	err := s.cfg.Objects.Put(ctx, f.OriginalKey, sp.File, f.Size, object.PutOptions{ContentType: f.MediaType, Retain: true})
	return storeError(err)
}

// removeObject removes an object that no row knows, or leaves it to the
// sweeper.
func (s *Service) removeObject(ctx context.Context, key string) {
	if err := s.cfg.Objects.Remove(context.WithoutCancel(ctx), key); err != nil {
		s.cfg.Logger.WarnContext(ctx, "object left for the sweeper", "key", key, "error", err.Error())
	}
}

// storeError tells the user that the object store is down.
func storeError(err error) error {
	if errors.Is(err, object.ErrUnavailable) {
		return model.E(model.Unavailable, "files.unavailable", "文件存储暂时不可用，请稍后重新上传").WithCause(err)
	}
	return err
}

// cleanName keeps a file name for display: no path, no control characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 100 {
		name = string(r[len(r)-100:])
	}
	if name == "" || name == "." || name == "/" {
		return "回执"
	}
	return name
}
