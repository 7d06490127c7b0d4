package storage

import (
	"context"

	"microcourt/model"
)

// AddRedaction adds a blacked-out copy of a picture with the file that it is.
func (db *DB) AddRedaction(ctx context.Context, x *model.Redaction, made *model.File) error {
	if err := db.q(ctx).Create(made).Error; err != nil {
		return translate(err, "file")
	}
	x.CopyID = made.ID
	return db.GiveRedaction(ctx, x)
}

// GiveRedaction adds a blacked-out copy that is a file already.
func (db *DB) GiveRedaction(ctx context.Context, x *model.Redaction) error {
	return translate(db.q(ctx).Create(x).Error, "redaction")
}

// RedactionByKey is what the user blacked out under an idempotency key, nil when he
// did not.
func (db *DB) RedactionByKey(ctx context.Context, userID int64, key string) (*model.Redaction, error) {
	var list []model.Redaction
	err := db.q(ctx).Where("by_user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "redaction")
	}
	return &list[0], nil
}

// Redactions lists the blacked-out copies of receipts' pictures, oldest first.
func (db *DB) Redactions(ctx context.Context, receiptIDs ...int64) ([]model.Redaction, error) {
	var out []model.Redaction
	err := db.q(ctx).Where("receipt_id IN ?", receiptIDs).Order("id").Find(&out).Error
	return out, translate(err, "redaction")
}

// RedactionOfFile is the blacked-out copy that a file is, nil for other files.
func (db *DB) RedactionOfFile(ctx context.Context, fileID int64) (*model.Redaction, error) {
	var list []model.Redaction
	err := db.q(ctx).Where("copy_id = ?", fileID).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "redaction")
	}
	return &list[0], nil
}
