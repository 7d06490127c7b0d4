package storage

import (
	"context"

	"microcourt/model"
)

// AddDepositWish adds a payer's new wish.
func (db *DB) AddDepositWish(ctx context.Context, w *model.DepositWish) error {
	return translate(db.q(ctx).Create(w).Error, "wish")
}

// DepositWishes lists the new wishes about deposits, oldest first.
func (db *DB) DepositWishes(ctx context.Context, ids []int64) (map[int64][]model.DepositWish, error) {
	out := map[int64][]model.DepositWish{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.DepositWish
	err := db.q(ctx).Where("deposit_id IN ?", ids).Order("id").Find(&rows).Error
	for _, w := range rows {
		out[w.DepositID] = append(out[w.DepositID], w)
	}
	return out, translate(err, "wish")
}

// DepositWishByKey is what the user entered under a key, nil when nothing.
func (db *DB) DepositWishByKey(ctx context.Context, userID int64, key string) (*model.DepositWish, error) {
	var list []model.DepositWish
	err := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "wish")
	}
	return &list[0], nil
}

// DecideDepositWish writes what the judge said of an open wish.
func (db *DB) DecideDepositWish(ctx context.Context, w model.DepositWish) error {
	return changed(db.q(ctx).Model(&model.DepositWish{}).Where("id = ? AND state = ?", w.ID, model.WishAsked).
		Select("state", "reason", "decided_by", "decided_at").Updates(w), "wish")
}
