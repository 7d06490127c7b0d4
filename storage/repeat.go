package storage

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// A request that has a key stands for one request of one actor: its repeat gets
// the first answer, anything else under the key is refused.

// claim takes the key of the actor's request, if it has one, for what he asks. A
// key that he used for anything else is a Conflict. Who asks the same at the same
// time waits here; what is refused afterwards leaves the key free.
func (db *DB) claim(ctx context.Context, by model.Actor) error {
	if by.Asked.Key == "" {
		return nil
	}
	k := db.askedKey(by)
	created, err := createOnce(db.q(ctx), &k)
	if err != nil || created {
		return translate(err, "key")
	}
	return db.sameAsked(db.forUpdate(ctx), k) // as it is now, not as it was at the beginning
}

// CheckAsked is a Conflict if the actor used the key of his request for anything
// else. It is for what a use case does before its transaction, which asks again.
func (db *DB) CheckAsked(ctx context.Context, by model.Actor) error {
	if by.Asked.Key == "" {
		return nil
	}
	return db.sameAsked(db.q(ctx), db.askedKey(by))
}

func (db *DB) askedKey(by model.Actor) model.AskedKey {
	return model.AskedKey{
		UserID: by.UserID, APIKeyID: by.APIKeyID, Name: by.Asked.Key, Digest: db.LookupHash(LookupAct, by.Asked.Digest), CreatedAt: db.Now(),
	}
}

func (db *DB) sameAsked(q *gorm.DB, k model.AskedKey) error {
	var used []model.AskedKey
	err := q.Where("user_id = ? AND api_key_id = ? AND name = ?", k.UserID, k.APIKeyID, k.Name).Limit(1).Find(&used).Error
	if err == nil && len(used) > 0 && used[0].Digest != k.Digest {
		return model.ErrKeyReused
	}
	return translate(err, "key")
}

// An act on a thing says which version of the thing it is for, and has no other
// key. When its answer is lost it is asked once more, and the thing has moved on:
// by the very act.

// Repeated tells whether the actor asks once more for the act that made a thing
// its present version: the same of the same version. seen is the version that he
// saw, now the one that is there, under the thing's lock; asked is everything
// that he asked, the name of the act first. An act that is not a repeat is noted,
// to be known when it is; what stands in its way it finds out itself.
func (db *DB) Repeated(ctx context.Context, by model.Actor, subject model.Thing, seen, now int64, asked ...any) (bool, error) {
	switch now {
	case seen:
		return false, db.NoteAct(ctx, by, subject, seen, asked...)
	case seen + 1:
		return db.Did(ctx, by, subject, seen, asked...)
	}
	return false, nil
}

// NoteAct notes what the actor does to a thing of a version.
func (db *DB) NoteAct(ctx context.Context, by model.Actor, subject model.Thing, seen int64, asked ...any) error {
	a, err := db.act(by, subject, seen, asked)
	if err != nil {
		return err
	}
	created, err := createOnce(db.q(ctx), a)
	if err == nil && !created { // somebody asked for something that changed nothing
		err = db.q(ctx).Model(&model.DoneAct{}).Where("subject_kind = ? AND subject_id = ? AND version = ?", subject.Kind, subject.ID, seen).
			Select("user_id", "api_key_id", "digest", "created_at").Updates(a).Error
	}
	return translate(err, "act")
}

// Did tells whether it was the actor who did this to the thing of a version.
func (db *DB) Did(ctx context.Context, by model.Actor, subject model.Thing, seen int64, asked ...any) (bool, error) {
	want, err := db.act(by, subject, seen, asked)
	if err != nil {
		return false, err
	}
	var done []model.DoneAct
	err = db.forUpdate(ctx).Where("subject_kind = ? AND subject_id = ? AND version = ?", subject.Kind, subject.ID, seen).Limit(1).Find(&done).Error // as it is now, not as it was at the beginning
	if err != nil || len(done) == 0 {
		return false, translate(err, "act")
	}
	d := done[0]
	return d.UserID == want.UserID && d.APIKeyID == want.APIKeyID && d.Digest == want.Digest, nil
}

// actsFor is how long an act is known again. Its repeat comes within minutes.
const actsFor = 90 * 24 * time.Hour

// SweepActs removes what was noted of acts long ago. It proves nothing: the acts
// themselves stay in the audit trail.
func (db *DB) SweepActs(ctx context.Context) error {
	return translate(db.q(ctx).Delete(&model.DoneAct{}, "created_at < ?", db.Now().Add(-actsFor)).Error, "act")
}

func (db *DB) act(by model.Actor, subject model.Thing, seen int64, asked []any) (*model.DoneAct, error) {
	b, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	return &model.DoneAct{
		SubjectKind: subject.Kind, SubjectID: subject.ID, Version: seen, UserID: by.UserID, APIKeyID: by.APIKeyID, Digest: db.LookupHash(LookupAct, string(b)), CreatedAt: db.Now(),
	}, nil
}
