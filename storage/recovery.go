package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// Series lists how far every series of numbers from a year on has come.
func (db *DB) Series(ctx context.Context, fromYear int) ([]model.SeriesMark, error) {
	var out []model.SeriesMark
	err := db.q(ctx).Model(&documentSeries{}).Where("year >= ?", fromYear).Order("court_id, kind, year").Scan(&out).Error
	return out, translate(err, "series")
}

// RaiseSeries moves a series forward to a number, never back, and returns the
// number at which it stood.
func (db *DB) RaiseSeries(ctx context.Context, to model.SeriesMark) (from int64, err error) {
	s := documentSeries{CourtID: to.CourtID, Kind: to.Kind, Year: to.Year}
	if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&s).Error; err != nil {
		return 0, translate(err, "series")
	}
	err = db.forUpdate(ctx).Where("court_id = ? AND kind = ? AND year = ?", to.CourtID, to.Kind, to.Year).Take(&s).Error
	if err != nil || s.Last >= to.Last {
		return s.Last, translate(err, "series")
	}
	err = db.q(ctx).Model(&documentSeries{}).Where("court_id = ? AND kind = ? AND year = ? AND last < ?", to.CourtID, to.Kind, to.Year, to.Last).
		Update("last", to.Last).Error
	return s.Last, translate(err, "series")
}

// AddVoidNumbers records numbers as void. One that is recorded stays as it is.
func (db *DB) AddVoidNumbers(ctx context.Context, rows []model.VoidNumber) error {
	if len(rows) == 0 {
		return nil
	}
	for i := range rows {
		rows[i].NumberKey = model.NormalizeNumber(rows[i].Number)
	}
	err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, insertBatch).Error
	return translate(err, "void_number")
}

// VoidNumber is the void number, however it is typed; nil when the number is
// not void.
func (db *DB) VoidNumber(ctx context.Context, number string) (*model.VoidNumber, error) {
	var out []model.VoidNumber
	err := db.q(ctx).Where("number_key = ?", model.NormalizeNumber(number)).Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "void_number")
	}
	return &out[0], nil
}

// VoidNumbers lists a court's void numbers, the newest first.
func (db *DB) VoidNumbers(ctx context.Context, courtID int64, limit int) ([]model.VoidNumber, error) {
	var out []model.VoidNumber
	err := db.q(ctx).Where("court_id = ?", courtID).Order("voided_at DESC, kind, year DESC, serial DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "void_number")
}

// VoidedSince lists the numbers of all courts that became void since a moment.
func (db *DB) VoidedSince(ctx context.Context, t time.Time) ([]model.VoidNumber, error) {
	var out []model.VoidNumber
	err := db.q(ctx).Where("voided_at >= ?", t).Order("court_id, kind, year, serial").Find(&out).Error
	return out, translate(err, "void_number")
}

// CountVoidNumbers counts a court's void numbers.
func (db *DB) CountVoidNumbers(ctx context.Context, courtID int64) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.VoidNumber{}).Where("court_id = ?", courtID).Count(&n).Error
	return n, translate(err, "void_number")
}

// OpenRecovery is the oldest recovery that was not reconciled; nil when there is
// none.
func (db *DB) OpenRecovery(ctx context.Context) (*model.Recovery, error) {
	var out []model.Recovery
	err := db.q(ctx).Where("closed_at IS NULL").Order("id").Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "recovery")
	}
	return &out[0], nil
}

// LastRecovery is the newest recovery; nil when there never was one.
func (db *DB) LastRecovery(ctx context.Context) (*model.Recovery, error) {
	var out []model.Recovery
	err := db.q(ctx).Order("id DESC").Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "recovery")
	}
	return &out[0], nil
}

// ProvenRecovery tells whether a recovery is open for which outside messages
// wait.
func (db *DB) ProvenRecovery(ctx context.Context) (bool, error) {
	var n int64
	err := db.q(ctx).Model(&model.Recovery{}).Where("closed_at IS NULL AND cause <> ?", model.RecoveryObjects).Count(&n).Error
	return n > 0, translate(err, "recovery")
}

// AddRecovery opens a recovery unless one of the same cause is open, and tells
// which.
func (db *DB) AddRecovery(ctx context.Context, r *model.Recovery) (bool, error) {
	var n int64
	if err := db.q(ctx).Model(&model.Recovery{}).Where("closed_at IS NULL AND cause = ?", r.Cause).Count(&n).Error; err != nil || n > 0 {
		return false, translate(err, "recovery")
	}
	r.FoundAt = db.Now()
	return true, translate(db.q(ctx).Create(r).Error, "recovery")
}

// CloseRecoveries closes every open recovery.
func (db *DB) CloseRecoveries(ctx context.Context) error {
	return translate(db.q(ctx).Model(&model.Recovery{}).Where("closed_at IS NULL").Update("closed_at", db.Now()).Error, "recovery")
}

// AddStrays lists objects as stray and returns how many were not listed before.
// One that had ended is stray again.
func (db *DB) AddStrays(ctx context.Context, rows []model.StrayObject) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i], rows[i].FoundAt = rows[i].Key, db.Now()
	}
	var known int64
	if err := db.q(ctx).Model(&model.StrayObject{}).Where("object_key IN ? AND ended = ''", keys).Count(&known).Error; err != nil {
		return 0, translate(err, "stray")
	}
	err := db.q(ctx).Model(&model.StrayObject{}).Where("object_key IN ? AND ended <> ''", keys).
		Updates(map[string]any{"ended": "", "ended_at": gorm.Expr("NULL"), "found_at": db.Now()}).Error
	if err != nil {
		return 0, translate(err, "stray")
	}
	err = db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, insertBatch).Error
	return int64(len(rows)) - known, translate(err, "stray")
}

// Strays lists objects that are stray, in order of keys.
func (db *DB) Strays(ctx context.Context, after string, limit int) ([]model.StrayObject, error) {
	var out []model.StrayObject
	err := db.q(ctx).Where("ended = '' AND object_key > ?", after).Order("object_key").Limit(limit).Find(&out).Error
	return out, translate(err, "stray")
}

// StrayKeys tells which of the keys are listed as stray.
func (db *DB) StrayKeys(ctx context.Context, keys []string) (map[string]bool, error) {
	var found []string
	err := db.q(ctx).Model(&model.StrayObject{}).Where("object_key IN ? AND ended = ''", keys).Pluck("object_key", &found).Error
	out := make(map[string]bool, len(found))
	for _, k := range found {
		out[k] = true
	}
	return out, translate(err, "stray")
}

// EndStrays records why objects are not stray any more.
func (db *DB) EndStrays(ctx context.Context, keys []string, why model.StrayEnd) error {
	if len(keys) == 0 {
		return nil
	}
	return translate(db.q(ctx).Model(&model.StrayObject{}).Where("object_key IN ? AND ended = ''", keys).
		Updates(map[string]any{"ended": why, "ended_at": db.Now()}).Error, "stray")
}

// CountStrays counts the objects that are stray.
func (db *DB) CountStrays(ctx context.Context) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.StrayObject{}).Where("ended = ''").Count(&n).Error
	return n, translate(err, "stray")
}

// Restored is the last error of messages of which nobody knows, after a backup
// was restored, whether they were sent.
const Restored = "恢复备份后不能确定是否已经发出"

// EndRevived ends what a restored database brought back to life though it may
// have been ended since: every session, and the one-time codes that let
// somebody look at a certificate.
func (db *DB) EndRevived(ctx context.Context) error {
	if err := db.q(ctx).Where("1 = 1").Delete(&model.Session{}).Error; err != nil {
		return translate(err, "session")
	}
	return translate(db.q(ctx).Model(&model.ShareCode{}).Where("used_at IS NULL AND expires_at > ?", db.Now()).
		Update("expires_at", db.Now()).Error, "share_code")
}

// NamedObject is an object that a row names.
type NamedObject struct {
	Key     string `gorm:"column:object_key"`
	CourtID int64
	model.NamedBy
}

// NamedObjects calls each with every object that may be evidence or a signed
// paper and that a row names, a page at a time.
func (db *DB) NamedObjects(ctx context.Context, each func([]NamedObject) error) error {
	for _, from := range []struct{ table, kind, columns, where string }{
		{
			"files", "file", "original_key AS object_key, sha256, COALESCE(case_id, 0) AS case_id, receipt_id, '' AS number",
			"state <> '" + string(model.FileExpired) + "' AND state <> '" + string(model.FileQuarantine) + "'",
		},
		{"certificates", "certificate", "pdf_key AS object_key, pdf_sha256 AS sha256, case_id, 0 AS receipt_id, number", "pdf_key <> ''"},
		{"documents", "document", "pdf_key AS object_key, pdf_sha256 AS sha256, case_id, 0 AS receipt_id, number", "pdf_key <> ''"},
	} {
		for after := int64(0); ; {
			var list []NamedObject
			err := db.q(ctx).Table(from.table).Select("id AS row_id, court_id, "+from.columns).
				Where("id > ? AND "+from.where, after).Order("id").Limit(1000).Scan(&list).Error
			if err != nil {
				return translate(err, "file")
			}
			for i := range list {
				list[i].Kind, after = from.kind, list[i].RowID
			}
			if err := each(list); err != nil {
				return err
			}
			if len(list) < 1000 {
				break
			}
		}
	}
	return nil
}

// AddMissing lists objects as missing and returns how many were not listed
// before. One that had ended is missing again.
func (db *DB) AddMissing(ctx context.Context, rows []model.MissingObject) (added int64, err error) {
	for i := range rows {
		rows[i].FoundAt, rows[i].EndedAt = db.Now(), nil
		created, err := createOnce(db.q(ctx), &rows[i])
		if err == nil && !created {
			res := db.q(ctx).Model(&model.MissingObject{}).Where("object_key = ? AND ended_at IS NOT NULL", rows[i].Key).
				Updates(map[string]any{"ended_at": gorm.Expr("NULL"), "found_at": db.Now(), "damaged": rows[i].Damaged})
			err, created = res.Error, res.RowsAffected > 0
		}
		if err != nil {
			return added, translate(err, "missing")
		}
		if created {
			added++
		}
	}
	return added, nil
}

// Missing lists objects that are missing, in order of keys.
func (db *DB) Missing(ctx context.Context, after string, limit int) ([]model.MissingObject, error) {
	var out []model.MissingObject
	err := db.q(ctx).Where("ended_at IS NULL AND object_key > ?", after).Order("object_key").Limit(limit).Find(&out).Error
	return out, translate(err, "missing")
}

// EndMissing records that objects are missing no more.
func (db *DB) EndMissing(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return translate(db.q(ctx).Model(&model.MissingObject{}).Where("object_key IN ? AND ended_at IS NULL", keys).
		Update("ended_at", db.Now()).Error, "missing")
}

// CompleteVoidNumber adds to a void number the paper that bears it, and tells
// whether the number is recorded as void.
func (db *DB) CompleteVoidNumber(ctx context.Context, v model.VoidNumber) (bool, error) {
	q := db.q(ctx).Model(&model.VoidNumber{}).Where("court_id = ? AND kind = ? AND year = ? AND serial = ?", v.CourtID, v.Kind, v.Year, v.Serial)
	var n int64
	if err := q.Session(&gorm.Session{}).Count(&n).Error; err != nil || n == 0 {
		return false, translate(err, "void_number")
	}
	err := q.Session(&gorm.Session{}).Where("object_key = ''").Updates(map[string]any{"check_code": v.CheckCode, "object_key": v.ObjectKey}).Error
	return true, translate(err, "void_number")
}

// NumberKnown tells whether a row of the series bears a document number.
func (db *DB) NumberKnown(ctx context.Context, in model.SeriesMark, number string) (bool, error) {
	var n int64
	if in.Kind == model.CertificateSeries {
		err := db.q(ctx).Model(&model.Certificate{}).Where("number = ?", number).Count(&n).Error
		return n > 0, translate(err, "certificate")
	}
	err := db.q(ctx).Model(&model.Document{}).Where("court_id = ? AND kind IN ? AND number = ?", in.CourtID, model.KindsIn(in.Kind), number).Count(&n).Error
	return n > 0, translate(err, "document")
}
