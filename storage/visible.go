package storage

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"microcourt/model"
)

// visible limits a query over cases to those that the actor may see. It is
// the one place that says whose case is whose; everything that belongs to a
// case asks it. A case that is not visible is not found, never forbidden.
//
// Staff see their own court only: clerks, officers and leaders every case of
// it, a judge the cases whose supervision is his. A WeChat user sees the cases
// to whose parties he is bound.
func (db *DB) visible(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx)
	switch {
	case by.Has(model.RoleClerk), by.Has(model.RoleLeader), by.Has(model.RoleOfficer), by.Has(model.RoleCaseSystem):
		return q.Where("cases.court_id = ?", by.CourtID)
	case by.Has(model.RoleJudge):
		return q.Where("cases.court_id = ? AND cases.judge_id = ?", by.CourtID, by.UserID)
	case by.IsParty():
		return q.Where("cases.id IN (SELECT case_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID)
	default:
		return q.Where("1 = 0")
	}
}

// Case is the case with the id, if the actor may see it; otherwise NotFound.
func (db *DB) Case(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.visible(ctx, by).Take(&cs, "cases.id = ?", id).Error
	return &cs, translate(err, "case")
}

// LockCase is Case for a transaction that is about to change the case or
// anything that belongs to it: changes to one case happen one after another.
func (db *DB) LockCase(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	if _, err := db.Case(ctx, by, id); err != nil {
		return nil, err
	}
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, "id = ?", id).Error
	return &cs, translate(err, "case")
}

// LockOwnCase is LockCase for the judge to whom the supervision belongs; for
// everyone else the case is not found.
func (db *DB) LockOwnCase(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, "id = ? AND court_id = ? AND judge_id = ?", id, by.CourtID, by.UserID).Error
	return &cs, translate(err, "case")
}

// LockOwnCaseOf is the case of a receipt, locked for whoever decides it: the
// judge of the case, or the officer who enforces against the receipt's debtor.
func (db *DB) LockOwnCaseOf(ctx context.Context, by model.Actor, receiptID int64) (*model.Case, error) {
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, `id = (SELECT case_id FROM receipts WHERE id = ? AND (judge_id = ? OR officer_id = ?))
		AND court_id = ?`, receiptID, by.UserID, by.UserID, by.CourtID).Error
	return &cs, translate(err, "case")
}

// PartiesOf lists the parties of a case for whom the user acts.
func (db *DB) PartiesOf(ctx context.Context, caseID, userID int64) ([]model.Party, error) {
	var out []model.Party
	err := db.q(ctx).Where("case_id = ? AND id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)",
		caseID, userID).Order("id").Find(&out).Error
	return out, translate(err, "party")
}

// Court is the court with the id.
func (db *DB) Court(ctx context.Context, id int64) (*model.Court, error) {
	var c model.Court
	err := db.q(ctx).Take(&c, "id = ?", id).Error
	return &c, translate(err, "court")
}

// CourtByCode is the court with the code (法院代字), e.g. 浙0211.
func (db *DB) CourtByCode(ctx context.Context, code string) (*model.Court, error) {
	var c model.Court
	err := db.q(ctx).Take(&c, "code = ?", code).Error
	return &c, translate(err, "court")
}

// CreateCourt adds a court.
func (db *DB) CreateCourt(ctx context.Context, c *model.Court) error {
	if err := db.checkNumbers(ctx, c); err != nil {
		return err
	}
	return translate(db.q(ctx).Create(c).Error, "court")
}

// checkNumbers refuses a court whose papers could bear the numbers of others.
// The courts are locked, so that two that are set at once see each other.
func (db *DB) checkNumbers(ctx context.Context, c *model.Court) error {
	var all []model.Court
	if err := db.forUpdate(ctx).Order("id").Limit(1000).Find(&all).Error; err != nil {
		return translate(err, "court")
	}
	if slices.ContainsFunc(all, func(o model.Court) bool { return c.ID == 0 && o.Code == c.Code }) {
		return nil // it is there already, which its code will say
	}
	return c.CheckNumbers(all)
}

// Courts lists the courts.
func (db *DB) Courts(ctx context.Context) ([]model.Court, error) {
	var out []model.Court
	err := db.q(ctx).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "court")
}

// UpdateCourt writes a court's particulars and settings.
func (db *DB) UpdateCourt(ctx context.Context, c *model.Court) error {
	if err := db.checkNumbers(ctx, c); err != nil {
		return err
	}
	db.OnCommit(func() { db.courts.forget(c.ID) })
	return changed(db.q(ctx).Model(&model.Court{}).Where("id = ?", c.ID).
		Select("name", "short_name", "phone", "address", "account", "settings").Updates(c), "court")
}
