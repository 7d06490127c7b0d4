package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateCaseMoney adds money that arrived, with its first entries.
func (db *DB) CreateCaseMoney(ctx context.Context, m *model.CaseMoney, entries ...model.CaseMoneyEntry) error {
	m.Version = 1
	if err := db.q(ctx).Create(m).Error; err != nil {
		return translate(err, "money")
	}
	return db.addMoneyEntries(ctx, m, entries)
}

func (db *DB) addMoneyEntries(ctx context.Context, m *model.CaseMoney, entries []model.CaseMoneyEntry) error {
	for i := range entries {
		entries[i].CourtID, entries[i].CaseMoneyID = m.CourtID, m.ID
	}
	if len(entries) == 0 {
		return nil
	}
	return translate(db.q(ctx).Create(&entries).Error, "money")
}

// UpdateCaseMoney writes how money that was at version seen stands now, with the
// entries that say why.
func (db *DB) UpdateCaseMoney(ctx context.Context, m *model.CaseMoney, seen int64, entries ...model.CaseMoneyEntry) error {
	m.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.CaseMoney{}).Where("id = ? AND version = ?", m.ID, seen).
		Select("enforcement_case_id", "case_id", "notice_on", "due_on", "held_fen", "reserved_fen", "version").Updates(m), "money")
	if err != nil {
		return err
	}
	return db.addMoneyEntries(ctx, m, entries)
}

// CaseMoney is the money with the id, of the actor's court, locked inside a
// transaction.
func (db *DB) CaseMoney(ctx context.Context, by model.Actor, id int64) (*model.CaseMoney, error) {
	var m model.CaseMoney
	err := db.forUpdate(ctx).Take(&m, "id = ? AND court_id = ?", id, by.CourtID).Error
	return &m, translate(err, "money")
}

// CaseMoneyByKey is what the user entered under the key, nil when nothing.
func (db *DB) CaseMoneyByKey(ctx context.Context, userID int64, key string) (*model.CaseMoney, error) {
	return db.oneMoney(db.q(ctx).Where("by_user_id = ? AND idem_key = ?", userID, key))
}

// CaseMoneyByRef is the money of a court with the bank's number, nil when there is
// none.
func (db *DB) CaseMoneyByRef(ctx context.Context, courtID int64, ref string) (*model.CaseMoney, error) {
	return db.oneMoney(db.q(ctx).Where("court_id = ? AND bank_ref = ?", courtID, ref))
}

// CaseMoneyOfReceipt is the money that a receipt told of, nil when there is none.
func (db *DB) CaseMoneyOfReceipt(ctx context.Context, receiptID int64) (*model.CaseMoney, error) {
	return db.oneMoney(db.q(ctx).Where("receipt_id = ?", receiptID))
}

func (db *DB) oneMoney(q *gorm.DB) (*model.CaseMoney, error) {
	var list []model.CaseMoney
	if err := q.Limit(1).Find(&list).Error; err != nil || len(list) == 0 {
		return nil, translate(err, "money")
	}
	return &list[0], nil
}

// accountLength is how many rows of an account are read at most: a case has
// hundreds of creditors, and each is paid a few times.
const accountLength = 5000

// CaseAccount is the account of an enforcement case, in four queries.
func (db *DB) CaseAccount(ctx context.Context, enforcementID int64) (*model.CaseAccount, error) {
	var a model.CaseAccount
	for _, part := range []any{&a.Money, &a.Entries, &a.Payouts, &a.Delays} {
		if err := db.q(ctx).Where("enforcement_case_id = ?", enforcementID).Order("id").Limit(accountLength).Find(part).Error; err != nil {
			return nil, translate(err, "money")
		}
	}
	return &a, nil
}

// MoneyLines is a page of a work list, along case_money_due or case_money_waiting.
func (db *DB) MoneyLines(ctx context.Context, courtID int64, f model.MoneyFilter) ([]model.MoneyLine, error) {
	q := db.moneyLines(ctx, courtID, f).Select("case_money.*, COALESCE(e.case_no, '') AS case_no, COALESCE(u.name, '') AS officer").
		Joins("LEFT JOIN users u ON u.id = e.officer_id")
	if f.State == model.MoneyUnidentified {
		q = q.Where("case_money.id > ?", f.AfterID).Order("case_money.id")
	} else {
		if !f.AfterDue.IsZero() {
			q = q.Where("(case_money.due_on > ? OR case_money.due_on = ? AND case_money.id > ?)", f.AfterDue, f.AfterDue, f.AfterID)
		}
		q = q.Order("case_money.due_on, case_money.id")
	}
	var out []model.MoneyLine
	err := q.Limit(f.Limit).Find(&out).Error
	return out, translate(err, "money")
}

// CountMoney counts a work list, up to CountCeiling.
func (db *DB) CountMoney(ctx context.Context, courtID int64, f model.MoneyFilter) (int64, error) {
	n, err := db.upTo(ctx, db.moneyLines(ctx, courtID, f))
	return n, translate(err, "money")
}

func (db *DB) moneyLines(ctx context.Context, courtID int64, f model.MoneyFilter) *gorm.DB {
	q := db.q(ctx).Model(&model.CaseMoney{}).Joins("LEFT JOIN enforcement_cases e ON e.id = case_money.enforcement_case_id").Where("case_money.court_id = ?", courtID)
	if f.OfficerID != 0 {
		q = q.Where("e.officer_id = ?", f.OfficerID)
	}
	switch f.State {
	case model.MoneyUnidentified:
		return q.Where("case_money.enforcement_case_id = 0 AND case_money.held_fen > 0")
	case model.MoneyLate:
		return q.Where("case_money.due_on < ?", model.DateOf(db.Now()))
	case model.MoneyDue, model.MoneySpent:
	}
	return q.Where("case_money.due_on IS NOT NULL")
}
