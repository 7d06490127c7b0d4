package storage

import (
	"context"

	"microcourt/model"
)

// CreatePictureCheck adds a picture to be checked.
func (db *DB) CreatePictureCheck(ctx context.Context, p *model.PictureCheck) error {
	return translate(db.q(ctx).Create(p).Error, "picture_check")
}

// PictureCheckByToken is the check under the token.
func (db *DB) PictureCheckByToken(ctx context.Context, token string) (*model.PictureCheck, error) {
	var p model.PictureCheck
	err := db.q(ctx).Take(&p, "token = ?", token).Error
	return &p, translate(err, "picture_check")
}

// DuePictureChecks lists what is to be sent, and what was not answered in time.
func (db *DB) DuePictureChecks(ctx context.Context, limit int) ([]model.PictureCheck, error) {
	var out []model.PictureCheck
	err := db.q(ctx).Where("state IN ? AND next_at <= ?", []model.ContentState{model.ContentWaiting, model.ContentAsked}, db.Now()).
		Order("next_at, id").Limit(limit).Find(&out).Error
	return out, translate(err, "picture_check")
}

// LockPictureCheck is the check with the id, locked.
func (db *DB) LockPictureCheck(ctx context.Context, id int64) (*model.PictureCheck, error) {
	var p model.PictureCheck
	err := db.forUpdate(ctx).Take(&p, "id = ?", id).Error
	return &p, translate(err, "picture_check")
}

// LockPictureCheckByTrace is the check that the checker keeps under the trace.
func (db *DB) LockPictureCheckByTrace(ctx context.Context, trace string) (*model.PictureCheck, error) {
	var p model.PictureCheck
	err := db.forUpdate(ctx).Take(&p, "trace = ?", trace).Error
	return &p, translate(err, "picture_check")
}

// UpdatePictureCheck writes what may change of a check that is locked.
func (db *DB) UpdatePictureCheck(ctx context.Context, p *model.PictureCheck) error {
	return changed(db.q(ctx).Model(&model.PictureCheck{}).Where("id = ?", p.ID).
		Select("trace", "state", "label", "attempts", "next_at", "decided_at").Updates(p), "picture_check")
}

// PictureChecks are the checks of the pictures of messages, by file.
func (db *DB) PictureChecks(ctx context.Context, messages []model.Message) (map[int64]model.ContentState, error) {
	out := map[int64]model.ContentState{}
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	if len(ids) == 0 {
		return out, nil
	}
	var list []model.PictureCheck
	err := db.q(ctx).Select("file_id", "state").Where("message_id IN ?", ids).Find(&list).Error
	for _, p := range list {
		out[p.FileID] = p.State
	}
	return out, translate(err, "picture_check")
}
