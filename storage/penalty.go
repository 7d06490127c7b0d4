package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// PenaltyLedger loads everything from which it follows how far a criminal case's
// items of property are performed.
func (db *DB) PenaltyLedger(ctx context.Context, cs model.Case) (*model.PenaltyLedger, error) {
	l := &model.PenaltyLedger{Case: cs, Names: map[int64]string{}}
	parties, err := db.Parties(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		l.Names[p.ID] = p.Name
	}
	if l.Instruments, err = db.Instruments(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Obligations, err = db.Obligations(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Obligors, err = db.Obligors(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Installments, err = db.Installments(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Entries, err = db.Confirmations(ctx, cs.ID, 0); err != nil {
		return nil, err
	}
	if l.Allocations, err = db.Allocations(ctx, cs.ID); err != nil {
		return nil, err
	}
	l.Receipts, err = db.CaseReceipts(ctx, cs.ID)
	return l, err
}

// Obligation is an obligation of a case.
func (db *DB) Obligation(ctx context.Context, caseID, id int64) (*model.Obligation, error) {
	var ob model.Obligation
	err := db.q(ctx).Take(&ob, "id = ? AND case_id = ?", id, caseID).Error
	return &ob, translate(err, "obligation")
}

// SetCategory says what an obligation is by law.
func (db *DB) SetCategory(ctx context.Context, id int64, c model.Category) error {
	return changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ?", id).Updates(map[string]any{"category": c, "updated_at": db.Now()}), "obligation")
}

// CreateInquiry registers an inquiry; a letter about a convict that is
// registered already is not registered again, and the old one is loaded.
func (db *DB) CreateInquiry(ctx context.Context, q *model.Inquiry) (created bool, err error) {
	key := q.ActiveKey
	created, err = createOnce(db.q(ctx), q)
	if err == nil && !created {
		*q = model.Inquiry{}
		err = db.q(ctx).Take(q, "active_key = ?", *key).Error
	}
	return created, translate(err, "inquiry")
}

// Inquiry is the inquiry with the id if its case is visible to the actor.
func (db *DB) Inquiry(ctx context.Context, by model.Actor, id int64) (*model.Inquiry, error) {
	var q model.Inquiry
	if err := db.q(ctx).Take(&q, "id = ?", id).Error; err != nil {
		return nil, translate(err, "inquiry")
	}
	if _, err := db.Case(ctx, by, q.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "inquiry")
		}
		return nil, err
	}
	return &q, nil
}

// CaseInquiry is an inquiry of a case.
func (db *DB) CaseInquiry(ctx context.Context, caseID, id int64) (*model.Inquiry, error) {
	var q model.Inquiry
	err := db.q(ctx).Take(&q, "id = ? AND case_id = ?", id, caseID).Error
	return &q, translate(err, "inquiry")
}

// LockInquiry is Inquiry for a transaction that changes it; its case is locked
// first.
func (db *DB) LockInquiry(ctx context.Context, by model.Actor, id int64) (*model.Inquiry, *model.Case, error) {
	seen, err := db.Inquiry(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := db.LockCase(ctx, by, seen.CaseID)
	if err != nil {
		return nil, nil, err
	}
	var q model.Inquiry
	err = db.forUpdate(ctx).Take(&q, "id = ?", id).Error
	return &q, cs, translate(err, "inquiry")
}

// UpdateInquiry writes an answer, or that none is needed, if nobody did since
// version seen.
func (db *DB) UpdateInquiry(ctx context.Context, q *model.Inquiry, seen int64) error {
	q.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Inquiry{}).Where("id = ? AND version = ?", q.ID, seen).
		Select("state", "active_key", "statement_id", "sent_on", "method", "proof", "proof_file_id", "answered_by", "answer_key", "void_reason", "due_on",
			"due_reason", "version", "updated_at").Updates(q), "inquiry")
}

// MoveInquiry writes the newly counted end of an inquiry's clock and of its task.
func (db *DB) MoveInquiry(ctx context.Context, q *model.Inquiry) error {
	if err := db.UpdateInquiry(ctx, q, q.Version); err != nil {
		return err
	}
	return translate(db.q(ctx).Model(&model.Task{}).Where("case_id = ? AND subject = ? AND state = ?", q.CaseID, model.Subject("inquiry", q.ID), model.TaskOpen).
		Updates(map[string]any{"due_at": q.DueOn.EndOfDay(), "due_reason": q.DueReason, "version": gorm.Expr("version + 1")}).Error, "task")
}

// Inquiries lists a court's inquiries in the order of their clocks, along
// inquiries_court.
func (db *DB) Inquiries(ctx context.Context, by model.Actor, f model.InquiryFilter) ([]model.InquiryLine, error) {
	q := db.inquiries(ctx, by.CourtID, f)
	if !f.AfterDue.IsZero() {
		q = q.Where("(inquiries.due_on > ? OR inquiries.due_on = ? AND inquiries.id > ?)", f.AfterDue, f.AfterDue, f.After)
	}
	var out []model.InquiryLine
	err := q.Select("inquiries.*, cases.case_no, cases.judge_id, parties.name AS convict").Joins("JOIN parties ON parties.id = inquiries.party_id").
		Order("inquiries.due_on, inquiries.id").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "inquiry")
}

func (db *DB) inquiries(ctx context.Context, courtID int64, f model.InquiryFilter) *gorm.DB {
	q := db.q(ctx).Model(&model.Inquiry{}).Joins("JOIN cases ON cases.id = inquiries.case_id").Where("inquiries.court_id = ?", courtID)
	if f.State != "" {
		q = q.Where("inquiries.state = ?", f.State)
	}
	if f.JudgeID != 0 {
		q = q.Where("cases.judge_id = ?", f.JudgeID)
	}
	if f.CaseID != 0 {
		q = q.Where("inquiries.case_id = ?", f.CaseID)
	}
	if !f.LateOn.IsZero() {
		q = q.Where("inquiries.state = ? AND inquiries.due_on < ?", model.InquiryOpen, f.LateOn)
	}
	return q
}

// CountInquiries counts inquiries up to CountCeiling.
func (db *DB) CountInquiries(ctx context.Context, courtID int64, f model.InquiryFilter) (int64, error) {
	n, err := db.upTo(ctx, db.inquiries(ctx, courtID, f))
	return n, translate(err, "inquiry")
}

// OpenInquiries lists open inquiries of every court after an id: their days are
// counted anew when a calendar is loaded.
func (db *DB) OpenInquiries(ctx context.Context, after int64, limit int) ([]model.Inquiry, error) {
	var out []model.Inquiry
	err := db.q(ctx).Where("state = ? AND id > ?", model.InquiryOpen, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "inquiry")
}

// CaseStatements lists the statements of a case, the newest first, with what
// they say.
func (db *DB) CaseStatements(ctx context.Context, caseID int64) ([]model.Document, error) {
	var out []model.Document
	err := db.q(ctx).Where("case_id = ? AND kind = ?", caseID, model.DocumentPenaltyStatement).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "document")
}
