package storage

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// ReplaceEndings keeps what the newest look found.
func (db *DB) ReplaceEndings(ctx context.Context, list []model.Ending) error {
	if err := db.q(ctx).Where("1 = 1").Delete(&model.Ending{}).Error; err != nil || len(list) == 0 {
		return translate(err, "ending")
	}
	return translate(db.q(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&list).Error, "ending") // another process may look too
}

// Endings lists what may end, first what is wrong already, then in the order of
// ends.
func (db *DB) Endings(ctx context.Context) ([]model.Ending, error) {
	var out []model.Ending
	err := db.q(ctx).Order("kind, name").Limit(500).Find(&out).Error
	now := db.Now()
	slices.SortStableFunc(out, func(a, b model.Ending) int {
		if c := cmp.Compare(b.Level(now), a.Level(now)); c != 0 {
			return c
		}
		switch {
		case a.EndsAt == nil && b.EndsAt == nil:
			return 0
		case a.EndsAt == nil:
			return 1
		case b.EndsAt == nil:
			return -1
		}
		return a.EndsAt.Compare(*b.EndsAt)
	})
	return out, translate(err, "ending")
}
