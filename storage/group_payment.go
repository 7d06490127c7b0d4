package storage

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateGroupPayment adds a payment for several cases; under a key that the user has
// used it loads the first one instead and tells so.
func (db *DB) CreateGroupPayment(ctx context.Context, g *model.GroupPayment) (created bool, err error) {
	created, err = createOnce(db.q(ctx), g)
	if err == nil && !created {
		err = db.q(ctx).Take(g, "user_id = ? AND idem_key = ?", g.UserID, g.IdemKey).Error
	}
	return created, translate(err, "group_payment")
}

// GroupPaymentByKey is the user's payment for several cases under an idempotency key;
// nil when there is none.
func (db *DB) GroupPaymentByKey(ctx context.Context, userID int64, key string) (*model.GroupPayment, error) {
	var list []model.GroupPayment
	err := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "group_payment")
	}
	return &list[0], nil
}

// GroupPayments are payments for several cases, by id.
func (db *DB) GroupPayments(ctx context.Context, ids []int64) (map[int64]model.GroupPayment, error) {
	var list []model.GroupPayment
	err := db.q(ctx).Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]model.GroupPayment, len(list))
	for _, g := range list {
		out[g.ID] = g
	}
	return out, translate(err, "group_payment")
}

// takeOfGroup counts what a ledger entry takes of a payment for several cases, or
// gives back. The database itself refuses what would be more than was paid, so that
// two judges at once cannot book it twice.
func (db *DB) takeOfGroup(ctx context.Context, c *model.Confirmation) error {
	var group []int64
	err := db.q(ctx).Model(&model.Receipt{}).Where("id = ? AND group_id <> 0", c.ReceiptID).Pluck("group_id", &group).Error
	if err != nil || len(group) == 0 || c.AmountFen == 0 {
		return translate(err, "receipt")
	}
	res := db.q(ctx).Model(&model.GroupPayment{}).Where("id = ? AND confirmed_fen + ? <= amount_fen", group[0], c.AmountFen).
		Update("confirmed_fen", gorm.Expr("confirmed_fen + ?", c.AmountFen))
	if res.Error == nil && res.RowsAffected == 0 {
		return model.InvalidField("amount_fen", "group.over_paid", "各关联案件确认的金额合计超过了这笔付款，请刷新后核对其他案件已确认的金额")
	}
	return translate(res.Error, "group_payment")
}

// CopyFiles makes rows for the same stored files in another case: what proves a
// payment for several cases is stored once, and each case has it as its own.
func (db *DB) CopyFiles(ctx context.Context, files []model.File, caseID int64) ([]int64, error) {
	ids := make([]int64, len(files))
	for i, f := range files {
		f.UploadKey = fmt.Sprintf("group:%d:%d", f.ID, caseID) // no phone's: theirs have no colon
		f.ID, f.CaseID, f.State, f.ReceiptID, f.Seq = 0, caseID, model.FileStored, 0, 0
		if err := db.q(ctx).Create(&f).Error; err != nil {
			return nil, translate(err, "file")
		}
		ids[i] = f.ID
	}
	return ids, nil
}
