package storage

import (
	"context"
	"time"

	"microcourt/model"
)

// CreateFile adds an uploaded file unless the user's upload key is taken, and
// tells which.
func (db *DB) CreateFile(ctx context.Context, f *model.File) (bool, error) {
	created, err := createOnce(db.q(ctx), f)
	return created, translate(err, "file")
}

// FileByUploadKey is the user's file under the key; nil when there is none.
func (db *DB) FileByUploadKey(ctx context.Context, userID int64, key string) (*model.File, error) {
	var f model.File
	res := db.q(ctx).Where("user_id = ? AND upload_key = ?", userID, key).Limit(1).Find(&f)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "file")
	}
	return &f, nil
}

// File is the file with the id, without asking who wants it.
func (db *DB) File(ctx context.Context, id int64) (*model.File, error) {
	var f model.File
	err := db.q(ctx).Take(&f, "id = ?", id).Error
	return &f, translate(err, "file")
}

// UserFiles are those of the ids that the user uploaded for the case, locked
// when inside a transaction.
func (db *DB) UserFiles(ctx context.Context, userID, caseID int64, ids []int64) ([]model.File, error) {
	var out []model.File
	err := db.forUpdate(ctx).Where("id IN ? AND user_id = ? AND case_id = ?", ids, userID, caseID).Order("id").Find(&out).Error
	return out, translate(err, "file")
}

// CountLooseFiles counts the files of a user, or of a whole agency, that are not
// part of anything yet.
func (db *DB) CountLooseFiles(ctx context.Context, by model.Actor) (int64, error) {
	owner, id := "user_id", by.UserID
	if by.AgencyID != 0 {
		owner, id = "agency_id", by.AgencyID
	}
	var n int64
	err := db.q(ctx).Model(&model.File{}).
		Where(owner+" = ? AND state IN ?", id, []model.FileState{model.FileStored, model.FileQuarantine}).Count(&n).Error
	return n, translate(err, "file")
}

// CompleteFile writes what the examination of a quarantined file found.
func (db *DB) CompleteFile(ctx context.Context, f *model.File) error {
	return changed(db.q(ctx).Model(&model.File{}).Where("id = ? AND state = ?", f.ID, model.FileQuarantine).
		Select("state", "original_key", "media_type", "size", "sha256", "width", "height", "pages", "updated_at").Updates(f), "file")
}

// SetViews records a file's viewing copies and fingerprint.
func (db *DB) SetViews(ctx context.Context, f *model.File) error {
	return translate(db.q(ctx).Model(&model.File{}).Where("id = ?", f.ID).
		Select("view_key", "thumb_key", "tiles_key", "band0", "band1", "band2", "band3", "fingerprint", "updated_at").Updates(f).Error, "file")
}

// AttachFile makes a file part of a receipt, once.
func (db *DB) AttachFile(ctx context.Context, fileID, receiptID int64, seq int) error {
	return changed(db.q(ctx).Model(&model.File{}).Where("id = ? AND state = ? AND receipt_id = 0", fileID, model.FileStored).
		Updates(map[string]any{"state": model.FileAttached, "receipt_id": receiptID, "seq": seq, "updated_at": db.Now()}), "file")
}

// KeepFile makes a file that its uploader has in the case part of the case's
// record, apart from any receipt.
func (db *DB) KeepFile(ctx context.Context, fileID, caseID, userID int64) error {
	return changed(db.q(ctx).Model(&model.File{}).
		Where("id = ? AND case_id = ? AND user_id = ? AND state = ? AND receipt_id = 0", fileID, caseID, userID, model.FileStored).
		Updates(map[string]any{"state": model.FileAttached, "updated_at": db.Now()}), "file")
}

// KeepAgencyFiles makes files that an agency has uploaded part of what it told
// the court; caseID is the case that it is about, 0 for none, whose people then
// see them. One that is not the agency's, or part of something already, is not
// found.
func (db *DB) KeepAgencyFiles(ctx context.Context, agencyID, caseID int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	set := map[string]any{"state": model.FileAttached, "updated_at": db.Now()}
	if caseID != 0 {
		set["case_id"] = caseID
	}
	res := db.q(ctx).Model(&model.File{}).
		Where("id IN ? AND agency_id = ? AND agency_id <> 0 AND case_id IS NULL AND state = ?", ids, agencyID, model.FileStored).Updates(set)
	if res.Error == nil && res.RowsAffected != int64(len(ids)) {
		return model.E(model.NotFound, "file.not_found", "所附文件不存在、已用于其他报送或已过期，请重新上传")
	}
	return translate(res.Error, "file")
}

// Files are the files with the ids, without asking who wants them.
func (db *DB) Files(ctx context.Context, ids []int64) (map[int64]model.File, error) {
	var list []model.File
	err := db.q(ctx).Omit("fingerprint").Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]model.File, len(list))
	for _, f := range list {
		out[f.ID] = f
	}
	return out, translate(err, "file")
}

// ReceiptFiles lists the files of receipts.
func (db *DB) ReceiptFiles(ctx context.Context, receiptIDs ...int64) ([]model.File, error) {
	var out []model.File
	err := db.q(ctx).Omit("fingerprint").Where("receipt_id IN ?", receiptIDs).Order("receipt_id, seq").Find(&out).Error
	return out, translate(err, "file")
}

// SameBytes lists files of the court with one of the hashes that are part of
// another receipt.
func (db *DB) SameBytes(ctx context.Context, courtID int64, hashes []string, notReceipt int64) ([]model.File, error) {
	var out []model.File
	err := db.q(ctx).Omit("fingerprint").Where("court_id = ? AND sha256 IN ? AND receipt_id <> 0 AND receipt_id <> ?", courtID, hashes, notReceipt).
		Order("id DESC").Limit(20).Find(&out).Error
	return out, translate(err, "file")
}

// maxCandidates bounds how many older pictures one picture is compared with.
const maxCandidates = 300

// SimilarCandidates lists the newest files of other receipts of the court that
// share a band of the perceptual hash. Whether they are similar the caller
// decides.
func (db *DB) SimilarCandidates(ctx context.Context, courtID int64, bands [4]int32, notReceipt int64) ([]model.File, error) {
	var ids []int64
	err := db.q(ctx).Raw(`SELECT id FROM (
		SELECT id FROM files WHERE court_id = ? AND band0 = ? UNION SELECT id FROM files WHERE court_id = ? AND band1 = ?
		UNION SELECT id FROM files WHERE court_id = ? AND band2 = ? UNION SELECT id FROM files WHERE court_id = ? AND band3 = ?
		) AS candidates ORDER BY id DESC LIMIT ?`,
		courtID, bands[0], courtID, bands[1], courtID, bands[2], courtID, bands[3], maxCandidates).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, translate(err, "file")
	}
	var out []model.File
	err = db.q(ctx).Where("id IN ? AND receipt_id <> 0 AND receipt_id <> ? AND fingerprint IS NOT NULL", ids, notReceipt).
		Order("id DESC").Find(&out).Error
	return out, translate(err, "file")
}

// FilesToExpire lists files that were never attached and are older than t.
func (db *DB) FilesToExpire(ctx context.Context, before time.Time, after int64, limit int) ([]model.File, error) {
	var out []model.File
	err := db.q(ctx).Omit("fingerprint").Where("state IN ? AND created_at < ? AND id > ?",
		[]model.FileState{model.FileStored, model.FileQuarantine, model.FileDamaged}, before, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "file")
}

// ExpireFile marks a file that was never attached.
func (db *DB) ExpireFile(ctx context.Context, id int64) error {
	return changed(db.q(ctx).Model(&model.File{}).Where("id = ? AND receipt_id = 0 AND state <> ?", id, model.FileAttached).
		Updates(map[string]any{"state": model.FileExpired, "updated_at": db.Now()}), "file")
}

// MarkDamaged records that a stored file turned out not to be decodable. What
// is part of something, a receipt, a petition or a measure, is evidence whether
// it can be shown or not, and stays: it returns Conflict.
func (db *DB) MarkDamaged(ctx context.Context, id int64) error {
	return changed(db.q(ctx).Model(&model.File{}).Where("id = ? AND receipt_id = 0 AND state = ?", id, model.FileStored).
		Updates(map[string]any{"state": model.FileDamaged, "updated_at": db.Now()}), "file")
}

// FilesWithoutViews lists stored files whose viewing copies are still to be
// made.
func (db *DB) FilesWithoutViews(ctx context.Context, after int64, limit int) ([]model.File, error) {
	var out []model.File
	err := db.q(ctx).Omit("fingerprint").Where("state IN ? AND thumb_key = '' AND id > ?",
		[]model.FileState{model.FileStored, model.FileAttached}, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "file")
}

// KnownObjects tells what the rows say of objects: known are those that belong
// to a file or a paper, expired those that only files name which were never part
// of anything and have expired.
func (db *DB) KnownObjects(ctx context.Context, keys []string) (known, expired map[string]bool, err error) {
	known, expired = map[string]bool{}, map[string]bool{}
	for _, column := range []string{"original_key", "view_key", "thumb_key", "tiles_key"} {
		var found []struct {
			ObjectKey string
			State     model.FileState
		}
		err := db.q(ctx).Model(&model.File{}).Select(column+" AS object_key, state").Where(column+" IN ?", keys).Scan(&found).Error
		if err != nil {
			return nil, nil, translate(err, "file")
		}
		for _, f := range found {
			if f.State == model.FileExpired {
				expired[f.ObjectKey] = true
			} else {
				known[f.ObjectKey] = true
			}
		}
	}
	for _, of := range []any{&model.Certificate{}, &model.Document{}} {
		var found []string
		if err := db.q(ctx).Model(of).Where("pdf_key IN ?", keys).Pluck("pdf_key", &found).Error; err != nil {
			return nil, nil, translate(err, "file")
		}
		for _, k := range found {
			known[k] = true
		}
	}
	for k := range known {
		delete(expired, k)
	}
	return known, expired, nil
}
