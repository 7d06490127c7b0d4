package storage

import (
	"context"

	"microcourt/model"
)

// SavedFilters lists what a user keeps for a list, by name.
func (db *DB) SavedFilters(ctx context.Context, userID int64, path string) ([]model.SavedFilter, error) {
	var out []model.SavedFilter
	err := db.q(ctx).Where("user_id = ? AND path = ?", userID, path).Order("name").Limit(model.MaxSavedFilters).Find(&out).Error
	return out, translate(err, "filter")
}

// SaveFilter keeps a filter: a new one, or one with an id under which another
// query stands from now on.
func (db *DB) SaveFilter(ctx context.Context, f *model.SavedFilter) error {
	if f.ID != 0 {
		return translate(db.q(ctx).Model(f).Where("user_id = ?", f.UserID).Select("query").Updates(f).Error, "filter")
	}
	f.CreatedAt = db.Now()
	return translate(db.q(ctx).Create(f).Error, "filter")
}

// DeleteFilter ends a user's own filter. It tells whether there was one.
func (db *DB) DeleteFilter(ctx context.Context, userID, id int64) (path string, err error) {
	var list []model.SavedFilter
	if err := db.q(ctx).Where("id = ? AND user_id = ?", id, userID).Limit(1).Find(&list).Error; err != nil || len(list) == 0 {
		return "", translate(err, "filter")
	}
	return list[0].Path, translate(db.q(ctx).Where("id = ? AND user_id = ?", id, userID).Delete(&model.SavedFilter{}).Error, "filter")
}
