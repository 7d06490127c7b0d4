package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// performedPenalties are a court's criminal cases whose items of property became
// fully performed in a period: everything is performed, and the last
// confirmation that paid anything lies in it. The period's confirmations are
// found along confirmations_court.
func (db *DB) performedPenalties(ctx context.Context, courtID int64, from, until time.Time) *gorm.DB {
	paid := db.q(ctx).Table("confirmations k").Select("k.case_id").
		Where("k.court_id = ? AND k.created_at >= ? AND k.created_at < ? AND k.kind = ? AND k.amount_fen > k.over_fen", courtID, from, until, model.EntryConfirm)
	return db.q(ctx).Table("cases").Where("cases.court_id = ? AND cases.kind = ? AND cases.performance = ? AND cases.id IN (?)",
		courtID, model.CaseCriminal, model.PerformanceFulfilled, paid).
		Where(`NOT EXISTS (SELECT 1 FROM confirmations l WHERE l.case_id = cases.id AND l.created_at >= ? AND l.kind = ? AND l.amount_fen > l.over_fen)`,
			until, model.EntryConfirm)
}

// adjudgedPenalties are a court's criminal cases in which an instrument with
// items of money took effect in a period, found along instruments_court.
func (db *DB) adjudgedPenalties(ctx context.Context, courtID int64, from, until model.Date) *gorm.DB {
	return db.q(ctx).Table("instruments n").Joins("JOIN cases ON cases.id = n.case_id").
		Where("n.court_id = ? AND n.effective_on >= ? AND n.effective_on <= ? AND cases.kind = ?", courtID, from, until, model.CaseCriminal)
}

// PenaltyFigures counts a court's criminal property penalties in a period, both
// days included, by category.
func (db *DB) PenaltyFigures(ctx context.Context, courtID int64, from, until model.Date) (*model.PenaltyFigures, error) {
	f := &model.PenaltyFigures{From: from, Until: until, Performed: map[model.Category]model.Fen{}, Adjudged: map[model.Category]model.Fen{}}
	start, end := from.Start(), until.AddDays(1).Start()
	if err := db.performedPenalties(ctx, courtID, start, end).Count(&f.Cases).Error; err != nil {
		return nil, translate(err, "case")
	}
	if err := db.adjudgedPenalties(ctx, courtID, from, until).Distinct("cases.id").Count(&f.AdjudgedCases).Error; err != nil {
		return nil, translate(err, "case")
	}
	for _, c := range []struct {
		into map[model.Category]model.Fen
		q    *gorm.DB
		sum  string
	}{
		// What a victim forgave of his part ended and was not performed.
		{
			f.Performed, db.performedPenalties(ctx, courtID, start, end).Joins("JOIN obligations o ON o.case_id = cases.id"),
			"o.amount_fen - (SELECT COALESCE(SUM(i.forgiven_fen), 0) FROM installments i WHERE i.obligation_id = o.id)",
		},
		{f.Adjudged, db.adjudgedPenalties(ctx, courtID, from, until).Joins("JOIN obligations o ON o.instrument_id = n.id"), "o.amount_fen"},
	} {
		var rows []struct {
			Category model.Category
			Fen      model.Fen
		}
		err := c.q.Where("o.kind = ?", model.ObligationMoney).Select("o.category, SUM(" + c.sum + ") AS fen").Group("o.category").Scan(&rows).Error
		if err != nil {
			return nil, translate(err, "obligation")
		}
		for _, r := range rows {
			c.into[r.Category] = r.Fen
		}
	}
	return f, nil
}

// PenaltyCases lists the cases behind one of the figures, by id: those performed,
// or those adjudged.
func (db *DB) PenaltyCases(ctx context.Context, courtID int64, f model.PenaltyCaseFilter) ([]model.PenaltyCase, error) {
	q := db.performedPenalties(ctx, courtID, f.From.Start(), f.Until.AddDays(1).Start())
	if f.Adjudged {
		q = db.q(ctx).Table("cases").Where("cases.id IN (?)", db.adjudgedPenalties(ctx, courtID, f.From, f.Until).Select("cases.id"))
	}
	var out []model.PenaltyCase
	err := q.Where("cases.id > ?", f.After).Select(`cases.id, cases.case_no, cases.cause, cases.performance, COALESCE(users.name, '') AS judge,
		(SELECT COALESCE(SUM(o.amount_fen), 0) FROM obligations o WHERE o.case_id = cases.id AND o.replaced_on IS NULL AND o.kind = ?) AS adjudged_fen,
		(SELECT COALESCE(SUM(i.confirmed_fen), 0) FROM installments i WHERE i.case_id = cases.id) AS arrived_fen`, model.ObligationMoney).
		Joins("LEFT JOIN users ON users.id = cases.judge_id").Order("cases.id").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "case")
}
