package storage

import (
	"context"

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
