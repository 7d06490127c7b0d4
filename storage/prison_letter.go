package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreatePrisonLetter registers a prison's letter; a letter about a convict that is
// registered already is not registered again, and the old one is loaded.
func (db *DB) CreatePrisonLetter(ctx context.Context, q *model.PrisonLetter) (created bool, err error) {
	key := q.ActiveKey
	created, err = createOnce(db.q(ctx), q)
	if err == nil && !created {
		*q = model.PrisonLetter{}
		err = db.q(ctx).Take(q, "active_key = ?", *key).Error
	}
	return created, translate(err, "prison_letter")
}

// PrisonLetter is the letter with the id if its case is visible to the actor.
func (db *DB) PrisonLetter(ctx context.Context, by model.Actor, id int64) (*model.PrisonLetter, error) {
	var q model.PrisonLetter
	if err := db.q(ctx).Take(&q, "id = ?", id).Error; err != nil {
		return nil, translate(err, "prison_letter")
	}
	if _, err := db.Case(ctx, by, q.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "prison_letter")
		}
		return nil, err
	}
	return &q, nil
}

// CasePrisonLetter is a prison's letter of a case.
func (db *DB) CasePrisonLetter(ctx context.Context, caseID, id int64) (*model.PrisonLetter, error) {
	var q model.PrisonLetter
	err := db.q(ctx).Take(&q, "id = ? AND case_id = ?", id, caseID).Error
	return &q, translate(err, "prison_letter")
}

// LockPrisonLetter is PrisonLetter for a transaction that changes it; its case is locked
// first.
func (db *DB) LockPrisonLetter(ctx context.Context, by model.Actor, id int64) (*model.PrisonLetter, *model.Case, error) {
	seen, err := db.PrisonLetter(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := db.LockCase(ctx, by, seen.CaseID)
	if err != nil {
		return nil, nil, err
	}
	var q model.PrisonLetter
	err = db.forUpdate(ctx).Take(&q, "id = ?", id).Error
	return &q, cs, translate(err, "prison_letter")
}

// UpdatePrisonLetter writes an answer, or that none is needed, if nobody did since
// version seen.
func (db *DB) UpdatePrisonLetter(ctx context.Context, q *model.PrisonLetter, seen int64) error {
	q.Version = seen + 1
	return changed(db.q(ctx).Model(&model.PrisonLetter{}).Where("id = ? AND version = ?", q.ID, seen).
		Select("state", "active_key", "statement_id", "sent_on", "method", "proof", "proof_file_id", "answered_by", "answer_key", "void_reason", "due_on",
			"due_reason", "version", "updated_at").Updates(q), "prison_letter")
}

// MovePrisonLetter writes the newly counted end of the clock of a prison's letter and of its task.
func (db *DB) MovePrisonLetter(ctx context.Context, q *model.PrisonLetter) error {
	if err := db.UpdatePrisonLetter(ctx, q, q.Version); err != nil {
		return err
	}
	return translate(db.q(ctx).Model(&model.Task{}).Where("case_id = ? AND subject_kind = ? AND subject_id = ? AND state = ?", q.CaseID, model.ThingPrisonLetter, q.ID, model.TaskOpen).
		Updates(map[string]any{"due_at": q.DueOn.EndOfDay(), "due_reason": q.DueReason, "version": gorm.Expr("version + 1")}).Error, "task")
}

// PrisonLetters lists a court's prison letters in the order of their clocks, along
// prison_letters_court.
func (db *DB) PrisonLetters(ctx context.Context, by model.Actor, f model.PrisonLetterFilter) ([]model.PrisonLetterLine, error) {
	q := db.prisonLetters(ctx, by.CourtID, f)
	if !f.AfterDue.IsZero() {
		q = q.Where("(prison_letters.due_on > ? OR prison_letters.due_on = ? AND prison_letters.id > ?)", f.AfterDue, f.AfterDue, f.After)
	}
	var out []model.PrisonLetterLine
	err := q.Select("prison_letters.*, cases.case_no, cases.judge_id, parties.name AS convict").Joins("JOIN parties ON parties.id = prison_letters.party_id").
		Order("prison_letters.due_on, prison_letters.id").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "prison_letter")
}

func (db *DB) prisonLetters(ctx context.Context, courtID int64, f model.PrisonLetterFilter) *gorm.DB {
	q := db.q(ctx).Model(&model.PrisonLetter{}).Joins("JOIN cases ON cases.id = prison_letters.case_id").Where("prison_letters.court_id = ?", courtID)
	if f.State != "" {
		q = q.Where("prison_letters.state = ?", f.State)
	}
	if f.JudgeID != 0 {
		q = q.Where("cases.judge_id = ?", f.JudgeID)
	}
	if f.CaseID != 0 {
		q = q.Where("prison_letters.case_id = ?", f.CaseID)
	}
	if !f.LateOn.IsZero() {
		q = q.Where("prison_letters.state = ? AND prison_letters.due_on < ?", model.PrisonLetterOpen, f.LateOn)
	}
	return q
}

// CountPrisonLetters counts prison letters up to CountCeiling.
func (db *DB) CountPrisonLetters(ctx context.Context, courtID int64, f model.PrisonLetterFilter) (int64, error) {
	n, err := db.upTo(ctx, db.prisonLetters(ctx, courtID, f))
	return n, translate(err, "prison_letter")
}

// OpenPrisonLetters lists open prison letters of every court after an id: their days are
// counted anew when a calendar is loaded.
func (db *DB) OpenPrisonLetters(ctx context.Context, after int64, limit int) ([]model.PrisonLetter, error) {
	var out []model.PrisonLetter
	err := db.q(ctx).Where("state = ? AND id > ?", model.PrisonLetterOpen, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "prison_letter")
}
