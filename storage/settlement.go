package storage

import (
	"context"

	"microcourt/model"
)

// SettlementByKey is the settlement that a user recorded under a key, nil when
// there is none.
func (db *DB) SettlementByKey(ctx context.Context, userID int64, key string) (*model.Settlement, error) {
	var list []model.Settlement
	err := db.q(ctx).Where("recorded_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "settlement")
	}
	return &list[0], nil
}

// Settlement is the settlement with the id; that its case is the actor's is the
// caller's matter.
func (db *DB) Settlement(ctx context.Context, id int64) (*model.Settlement, error) {
	var s model.Settlement
	err := db.q(ctx).Take(&s, "id = ?", id).Error
	return &s, translate(err, "settlement")
}

// Settlements lists every edition of a case's settlements, the oldest first.
func (db *DB) Settlements(ctx context.Context, caseID int64) ([]model.Settlement, error) {
	var out []model.Settlement
	err := db.q(ctx).Where("case_id = ?", caseID).Order("enforcement_case_id, edition").Find(&out).Error
	return out, translate(err, "settlement")
}

// LastSettlement is the newest edition in an enforcement case, nil when there is
// none.
func (db *DB) LastSettlement(ctx context.Context, enforcementCaseID int64) (*model.Settlement, error) {
	var list []model.Settlement
	err := db.q(ctx).Where("enforcement_case_id = ?", enforcementCaseID).Order("edition DESC").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "settlement")
	}
	return &list[0], nil
}

// UpdateSettlement writes how far a settlement has come; what was agreed stays.
func (db *DB) UpdateSettlement(ctx context.Context, s *model.Settlement, seen int64) error {
	s.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Settlement{}).Where("id = ? AND version = ?", s.ID, seen).
		Select("state", "next_due_on", "breached_on", "performed_on", "resume_ground", "resume_reason", "resumed_by", "resumed_at", "version").
		Updates(s), "settlement")
}

// LateSettlements lists settlements of which a payment became late since they
// were last looked at.
func (db *DB) LateSettlements(ctx context.Context, today model.Date, after int64, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Settlement{}).Where("state IN ? AND next_due_on < ? AND id > ?",
		[]model.SettlementState{model.SettlementOpen, model.SettlementBreached}, today, after).
		Order("id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "settlement")
}

// PaidLedger is what was confirmed in a case.
func (db *DB) PaidLedger(ctx context.Context, caseID int64) (l model.PaidLedger, err error) {
	if l.Entries, err = db.Confirmations(ctx, caseID, 0); err != nil {
		return l, err
	}
	if l.Allocations, err = db.Allocations(ctx, caseID); err != nil {
		return l, err
	}
	var rows []model.Receipt
	err = db.q(ctx).Select("id", "party_id", "relative_id").Where("case_id = ?", caseID).Find(&rows).Error
	l.DebtorOf, l.ByRelative = map[int64]int64{}, map[int64]bool{}
	for _, r := range rows {
		l.DebtorOf[r.ID], l.ByRelative[r.ID] = r.PartyID, r.RelativeID != 0
	}
	return l, translate(err, "receipt")
}

// CreateSettlement adds an edition.
func (db *DB) CreateSettlement(ctx context.Context, s *model.Settlement) error {
	s.Version, s.CreatedAt = 1, db.Now()
	return translate(db.q(ctx).Create(s).Error, "settlement")
}
