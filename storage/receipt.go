package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateReceipt adds a receipt; under a key that the user has used it loads
// the first one instead and tells so.
func (db *DB) CreateReceipt(ctx context.Context, r *model.Receipt) (created bool, err error) {
	created, err = createOnce(db.q(ctx), r)
	if err == nil && !created {
		*r, err = db.receiptByKey(ctx, r.UserID, r.IdemKey)
	}
	return created, translate(err, "receipt")
}

func (db *DB) receiptByKey(ctx context.Context, userID int64, key string) (model.Receipt, error) {
	var r model.Receipt
	err := db.q(ctx).Take(&r, "user_id = ? AND idem_key = ?", userID, key).Error
	return r, err
}

// ReceiptByKey is the user's receipt under an idempotency key; nil when there
// is none.
func (db *DB) ReceiptByKey(ctx context.Context, userID int64, key string) (*model.Receipt, error) {
	r, err := db.receiptByKey(ctx, userID, key)
	if err != nil {
		if model.KindOf(translate(err, "receipt")) == model.NotFound {
			return nil, nil //nolint:nilnil // documented
		}
		return nil, translate(err, "receipt")
	}
	return &r, nil
}

// Receipt is the receipt with the id if its case is visible to the actor.
func (db *DB) Receipt(ctx context.Context, by model.Actor, id int64) (*model.Receipt, error) {
	var r model.Receipt
	if err := db.q(ctx).Take(&r, "id = ?", id).Error; err != nil {
		return nil, translate(err, "receipt")
	}
	if _, err := db.Case(ctx, by, r.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "receipt")
		}
		return nil, err
	}
	return &r, nil
}

// LockReceipt loads a receipt and locks it. The caller has locked its case.
func (db *DB) LockReceipt(ctx context.Context, id int64) (*model.Receipt, error) {
	var r model.Receipt
	err := db.forUpdate(ctx).Take(&r, "id = ?", id).Error
	return &r, translate(err, "receipt")
}

// UpdateReceipt writes a decision if nobody decided since version seen.
func (db *DB) UpdateReceipt(ctx context.Context, r *model.Receipt, seen int64) error {
	r.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Receipt{}).Where("id = ? AND version = ?", r.ID, seen).
		Select("state", "confirmed_fen", "return_reason", "decided_by", "decided_at", "version", "updated_at").Updates(r), "receipt")
}

// SetTargets records which instalments the payer says he paid.
func (db *DB) SetTargets(ctx context.Context, receiptID int64, installments []int64) error {
	rows := make([]model.ReceiptTarget, len(installments))
	for i, id := range installments {
		rows[i] = model.ReceiptTarget{ReceiptID: receiptID, InstallmentID: id}
	}
	return Insert(ctx, db, rows)
}

// Targets lists which instalments the payer says he paid.
func (db *DB) Targets(ctx context.Context, receiptID int64) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.ReceiptTarget{}).Where("receipt_id = ?", receiptID).Pluck("installment_id", &out).Error
	return out, translate(err, "receipt")
}

// Flags lists the flags of receipts.
func (db *DB) Flags(ctx context.Context, receiptIDs ...int64) ([]model.ReceiptFlag, error) {
	var out []model.ReceiptFlag
	err := db.q(ctx).Where("receipt_id IN ?", receiptIDs).Order("id").Find(&out).Error
	return out, translate(err, "receipt")
}

// SameSerial lists other receipts of the court with the bank serial number
// that were not sent back or withdrawn.
func (db *DB) SameSerial(ctx context.Context, courtID int64, serial string, notReceipt int64) ([]model.Receipt, error) {
	if serial == "" {
		return nil, nil
	}
	var out []model.Receipt
	err := db.q(ctx).Where("court_id = ? AND serial_norm = ? AND id <> ? AND state NOT IN ?", courtID, serial, notReceipt,
		[]model.ReceiptState{model.ReceiptReturned, model.ReceiptWithdrawn}).Order("id DESC").Limit(20).Find(&out).Error
	return out, translate(err, "receipt")
}

// ReceiptNumbers maps receipts to the numbers of their cases.
func (db *DB) ReceiptNumbers(ctx context.Context, ids []int64) (map[int64]string, error) {
	var rows []model.Receipt
	err := db.q(ctx).Select("id", "case_no").Where("id IN ?", ids).Find(&rows).Error
	out := map[int64]string{}
	for _, r := range rows {
		out[r.ID] = r.CaseNo
	}
	return out, translate(err, "receipt")
}

// CaseReceipts lists the receipts of a case, oldest first.
func (db *DB) CaseReceipts(ctx context.Context, caseID int64) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "receipt")
}

// owned narrows receipts to one staff member's duty. Whoever is both judge and
// officer asks for both.
func owned(q *gorm.DB, o model.Owner) *gorm.DB {
	switch {
	case o.JudgeID != 0 && o.OfficerID != 0:
		return q.Where("(judge_id = ? OR officer_id = ?)", o.JudgeID, o.OfficerID)
	case o.OfficerID != 0:
		return q.Where("officer_id = ?", o.OfficerID)
	case o.JudgeID != 0:
		return q.Where("judge_id = ?", o.JudgeID)
	}
	return q
}

// lastPayment is the latest payment day among the entries that stand for an
// instalment.
func (db *DB) lastPayment(ctx context.Context, installmentID int64) (model.Date, error) {
	var on model.Date
	err := db.q(ctx).Raw(`SELECT MAX(c.paid_on) FROM allocations a JOIN confirmations c ON c.id = a.confirmation_id
		WHERE a.installment_id = ? AND a.part = '' AND c.kind = ? AND NOT EXISTS (
			SELECT 1 FROM confirmations r WHERE r.receipt_id = c.receipt_id AND r.reverses_id = c.id)`,
		installmentID, model.EntryConfirm).Row().Scan(&on)
	return on, translate(err, "installment")
}

// SetPerformed records the day on which conduct or delivery was done, or that
// it was not.
func (db *DB) SetPerformed(ctx context.Context, installmentID int64, on model.Date) error {
	return changed(db.q(ctx).Model(&model.Installment{}).Where("id = ?", installmentID).
		Updates(map[string]any{"performed_on": on, "updated_at": db.Now()}), "installment")
}

// OpenReceipts counts the receipts of a case that wait for a decision.
func (db *DB) OpenReceipts(ctx context.Context, caseID int64) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Receipt{}).Where("case_id = ? AND state = ?", caseID, model.ReceiptSubmitted).Count(&n).Error
	return n, translate(err, "receipt")
}

// RelativeReceipts lists what a relative paid on behalf of the debtor, the
// oldest first.
func (db *DB) RelativeReceipts(ctx context.Context, relativeID int64) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("relative_id = ?", relativeID).Order("id").Limit(500).Find(&out).Error
	return out, translate(err, "receipt")
}

// RelativeReceipt is a receipt that the actor submitted as a relative who is
// still admitted; anything else is not found.
func (db *DB) RelativeReceipt(ctx context.Context, by model.Actor, id int64) (*model.Receipt, error) {
	var r model.Receipt
	err := db.q(ctx).Where("relative_id <> 0 AND user_id = ? AND relative_id IN (?)", by.UserID, db.admitted(ctx, by).Select("relatives.id")).
		Take(&r, "id = ?", id).Error
	return &r, translate(err, "receipt")
}

// HandedIn is a receipt that the actor handed in himself and whose case, or link to
// the debtor, he still has; anything else is not found.
func (db *DB) HandedIn(ctx context.Context, by model.Actor, id int64) (*model.Receipt, error) {
	r, err := db.RelativeReceipt(ctx, by, id)
	if model.KindOf(err) == model.NotFound {
		r, err = db.Receipt(ctx, by, id)
	}
	if err == nil && (r.UserID != by.UserID || r.Hand() == model.HandedByCourt) {
		err = translate(gorm.ErrRecordNotFound, "receipt")
	}
	return r, err
}

// Replaced tells whether another receipt took the place of a returned one. One that
// was withdrawn takes no place.
func (db *DB) Replaced(ctx context.Context, id int64) (bool, error) {
	var n int64
	err := db.q(ctx).Model(&model.Receipt{}).Where("replaces_id = ? AND state <> ?", id, model.ReceiptWithdrawn).Count(&n).Error
	return n > 0, translate(err, "receipt")
}

// SamePayments lists other receipts of the same person, in any case of the court, for
// the same amount and day that were not sent back or withdrawn.
func (db *DB) SamePayments(ctx context.Context, r model.Receipt, p model.Party) ([]model.Receipt, error) {
	q := db.q(ctx).Where("court_id = ? AND paid_on = ? AND claimed_fen = ? AND id <> ? AND state NOT IN ?", r.CourtID, r.PaidOn, r.ClaimedFen, r.ID,
		[]model.ReceiptState{model.ReceiptReturned, model.ReceiptWithdrawn})
	if p.IDNumberHash == "" {
		q = q.Where("party_id = ?", p.ID)
	} else {
		q = q.Where("party_id IN (SELECT id FROM parties WHERE court_id = ? AND id_number_hash = ?)", r.CourtID, p.IDNumberHash)
	}
	var out []model.Receipt
	err := q.Order("id DESC").Limit(20).Find(&out).Error
	return out, translate(err, "receipt")
}

// OpenClaims lists the receipts of a case that wait for a decision, the oldest first.
func (db *DB) OpenClaims(ctx context.Context, caseID int64) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("case_id = ? AND state = ?", caseID, model.ReceiptSubmitted).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "receipt")
}

// GroupReceipts lists the receipts that are parts of payments for several cases.
func (db *DB) GroupReceipts(ctx context.Context, ids ...int64) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("group_id IN ? AND group_id <> 0", ids).Order("id").Find(&out).Error
	return out, translate(err, "receipt")
}

// Queue lists receipts for staff, the oldest first or in another order: a judge's
// own, or those of the whole court. Each shape of the query runs along an index of
// receipts and stops after one page, however many receipts there are.
func (db *DB) Queue(ctx context.Context, by model.Actor, f model.QueueFilter) ([]model.Receipt, error) {
	q := db.queued(ctx, by, f)
	if f.After > 0 {
		at, err := db.at(ctx, f.After)
		if err != nil {
			return nil, err
		}
		q = beyond(q, f.Sort, at, false)
	}
	var out []model.Receipt
	err := sorted(q, f.Sort, false).Limit(f.Limit).Find(&out).Error
	return out, translate(err, "receipt")
}

// PartyReceipts are the newest other receipts of a debtor in his case.
func (db *DB) PartyReceipts(ctx context.Context, caseID, partyID, notReceipt int64, limit int) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("case_id = ? AND party_id = ? AND id <> ?", caseID, partyID, notReceipt).Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "receipt")
}

// ReceiptsByID are the receipts with the ids, whoever may see them: for what the
// court compares.
func (db *DB) ReceiptsByID(ctx context.Context, ids []int64) ([]model.Receipt, error) {
	var out []model.Receipt
	err := db.q(ctx).Where("id IN ?", ids).Order("id").Find(&out).Error
	return out, translate(err, "receipt")
}
