package storage

import (
	"context"
	"slices"

	"microcourt/model"
)

// ExtendDues makes the instalments of a case's dues that are to be there by now,
// and fits those that are there to what was entered. It tells whether something
// changed; the caller refreshes the case then.
func (db *DB) ExtendDues(ctx context.Context, caseID int64) (changed bool, err error) {
	obligations, err := db.Obligations(ctx, caseID)
	if err != nil || !slices.ContainsFunc(obligations, func(o model.Obligation) bool { return o.Recurs != nil }) {
		return false, err
	}
	entries, err := db.DebtEntries(ctx, caseID)
	if err != nil {
		return false, err
	}
	days, err := db.Calendar(ctx)
	if err != nil {
		return false, err
	}
	for _, ob := range obligations {
		if ob.Recurs == nil {
			continue
		}
		var have []model.Installment // with those that lapsed
		if err := db.q(ctx).Where("obligation_id = ?", ob.ID).Order("seq").Find(&have).Error; err != nil {
			return false, translate(err, "installment")
		}
		one, err := db.extend(ctx, ob, ob.PlanDues(have, entries, days, model.DateOf(db.Now())))
		if err != nil {
			return false, err
		}
		changed = changed || one
	}
	return changed, nil
}

func (db *DB) extend(ctx context.Context, ob model.Obligation, p model.DuesPlan) (changed bool, err error) {
	if err := Insert(ctx, db, p.Made); err != nil {
		return false, err
	}
	for _, i := range p.Changed {
		i.UpdatedAt = db.Now()
		err := db.q(ctx).Model(&i).Select("amount_fen", "performed_on", "lapsed_on", "updated_at").Updates(&i).Error
		if err != nil {
			return false, translate(err, "installment")
		}
	}
	changed = len(p.Made)+len(p.Changed) > 0
	if !changed && ob.AmountFen == p.SumFen && ob.ExtendOn == p.ExtendOn {
		return false, nil
	}
	ob.AmountFen, ob.ExtendOn, ob.UpdatedAt = p.SumFen, p.ExtendOn, db.Now()
	err = db.q(ctx).Model(&ob).Select("amount_fen", "extend_on", "updated_at").Updates(&ob).Error
	return changed, translate(err, "obligation")
}

// DuesToExtend lists cases, after an id, of whose dues the next instalments are to
// be made.
func (db *DB) DuesToExtend(ctx context.Context, today model.Date, after int64, limit int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Obligation{}).Distinct("case_id").Where("extend_on <= ? AND case_id > ?", today, after).
		Order("case_id").Limit(limit).Pluck("case_id", &out).Error
	return out, translate(err, "obligation")
}
