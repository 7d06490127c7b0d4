package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateReceiptDecision enters what was decided of a receipt, and marks the receipt
// so that it is in no queue meanwhile. Errors: Conflict when another decision about
// it can still be taken back.
func (db *DB) CreateReceiptDecision(ctx context.Context, d *model.ReceiptDecision) error {
	if err := db.q(ctx).Create(d).Error; err != nil {
		return translate(err, "decision")
	}
	return db.markDecision(ctx, d.ReceiptID, 0, d.ID)
}

// EndReceiptDecision writes how a decision ended, and gives its receipt back. Of
// several who end it at once one succeeds: the others change no row, which is a
// Conflict.
func (db *DB) EndReceiptDecision(ctx context.Context, d *model.ReceiptDecision) error {
	err := changed(db.q(ctx).Model(&model.ReceiptDecision{}).Where("id = ? AND state = ?", d.ID, model.DecisionPending).
		Select("state", "ended_at", "ended_by", "problem").Updates(d), "decision")
	if err != nil {
		return err
	}
	return db.markDecision(ctx, d.ReceiptID, d.ID, 0)
}

// markDecision moves a receipt's mark of the decision that waits about it.
func (db *DB) markDecision(ctx context.Context, receiptID, from, to int64) error {
	return changed(db.q(ctx).Model(&model.Receipt{}).Where("id = ? AND pending_decision_id = ?", receiptID, from).
		UpdateColumn("pending_decision_id", to), "receipt")
}

// ReceiptDecision is the decision with the id.
func (db *DB) ReceiptDecision(ctx context.Context, id int64) (*model.ReceiptDecision, error) {
	var d model.ReceiptDecision
	err := db.q(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "decision")
}

// LockReceiptDecision is ReceiptDecision for whoever ends it. The caller has locked
// its case.
func (db *DB) LockReceiptDecision(ctx context.Context, id int64) (*model.ReceiptDecision, error) {
	var d model.ReceiptDecision
	err := db.forUpdate(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "decision")
}

// ReceiptDecisionByKey is what somebody decided under a key, nil for nothing.
func (db *DB) ReceiptDecisionByKey(ctx context.Context, userID int64, kind model.ReceiptDecisionKind, key string) (*model.ReceiptDecision, error) {
	var rows []model.ReceiptDecision
	err := db.forUpdate(ctx).Where("by_user_id = ? AND kind = ? AND idem_key = ?", userID, kind, key).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "decision")
	}
	return &rows[0], nil
}

// PendingDecisions are the decisions about receipts of a case that can still be
// taken back, or wait to be carried out, the oldest first.
func (db *DB) PendingDecisions(ctx context.Context, caseID int64) ([]model.ReceiptDecision, error) {
	var out []model.ReceiptDecision
	err := db.forUpdate(ctx).Where("case_id = ? AND state = ?", caseID, model.DecisionPending).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "decision")
}

// DecidedBeside is PendingDecisions for a page: it waits for nobody.
func (db *DB) DecidedBeside(ctx context.Context, caseID, notReceipt int64) ([]model.ReceiptDecision, error) {
	var out []model.ReceiptDecision
	err := db.q(ctx).Where("case_id = ? AND state = ? AND receipt_id <> ?", caseID, model.DecisionPending, notReceipt).Order("id").Limit(20).Find(&out).Error
	return out, translate(err, "decision")
}

// NothingUndoable refuses an act that rests on the ledger of a case while a decision
// about one of its receipts can be taken back: receipt.undoable, a Conflict.
func (db *DB) NothingUndoable(ctx context.Context, caseID int64) error {
	list, err := db.PendingDecisions(ctx, caseID)
	if err != nil || len(list) == 0 {
		return err
	}
	return list[0].Undoable()
}

// DueDecisions are the ids of those whose time is over, the oldest first.
func (db *DB) DueDecisions(ctx context.Context, now time.Time, after int64, limit int) (ids []int64, err error) {
	err = db.q(ctx).Model(&model.ReceiptDecision{}).Where("state = ? AND ends_at <= ? AND id > ?", model.DecisionPending, now, after).
		Order("id").Limit(limit).Pluck("id", &ids).Error
	return ids, translate(err, "decision")
}

// DecisionsOf are the ids of the decisions that wait and that somebody made, or
// that are about receipts of his own duty.
func (db *DB) DecisionsOf(ctx context.Context, by model.Actor) (ids []int64, err error) {
	err = db.q(ctx).Model(&model.ReceiptDecision{}).Where(`court_id = ? AND state = ? AND (by_user_id = ? OR EXISTS (
		SELECT 1 FROM receipts WHERE receipts.id = receipt_decisions.receipt_id AND (receipts.judge_id = ? OR receipts.officer_id = ?)))`,
		by.CourtID, model.DecisionPending, by.UserID, by.UserID, by.UserID).Order("id").Limit(1000).Pluck("id", &ids).Error
	return ids, translate(err, "decision")
}

// LastDecision is the newest decision of somebody that waits, nil for none.
func (db *DB) LastDecision(ctx context.Context, userID int64) (*model.ReceiptDecision, error) {
	var rows []model.ReceiptDecision
	err := db.q(ctx).Where("by_user_id = ? AND state = ?", userID, model.DecisionPending).Order("id DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "decision")
	}
	return &rows[0], nil
}

// VisibleOf tells which of some cases the actor may see.
func (db *DB) VisibleOf(ctx context.Context, by model.Actor, caseIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := db.visible(ctx, by).Model(&model.Case{}).Where("cases.id IN ?", caseIDs).Pluck("cases.id", &ids).Error
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, translate(err, "case")
}

// undecided narrows receipts to those that wait for somebody: not those about which
// a decision waits to be carried out.
func undecided(q *gorm.DB) *gorm.DB { return q.Where("pending_decision_id = 0") }
