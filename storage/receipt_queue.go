package storage

import (
	"cmp"
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// queued narrows receipts to what a list of them holds, without its order.
func (db *DB) queued(ctx context.Context, by model.Actor, f model.QueueFilter) *gorm.DB {
	q := owned(db.q(ctx).Model(&model.Receipt{}).Where("court_id = ? AND state = ?", by.CourtID, f.State), f.Owner)
	if f.State == model.ReceiptSubmitted {
		q = undecided(q)
	}
	if f.Flagged {
		q = q.Where("flagged = ?", true)
	}
	if f.Flag != "" {
		q = q.Where("flagged = ? AND EXISTS (SELECT 1 FROM receipt_flags WHERE receipt_flags.receipt_id = receipts.id AND receipt_flags.kind = ?)", true, f.Flag)
	}
	if f.Answer != "" {
		q = q.Where("answer = ?", f.Answer)
	}
	if f.Kind != "" {
		q = q.Where("case_kind = ?", f.Kind)
	}
	if !f.DueBefore.IsZero() {
		q = q.Where("due_on < ?", f.DueBefore)
	}
	if !f.SubmittedBefore.IsZero() {
		q = q.Where("submitted_at < ?", f.SubmittedBefore)
	}
	if text := model.Fold(f.Text); text != "" {
		// What the receipt itself says, and whatever its case is found by.
		serial := cmp.Or(model.NormalizeSerial(text), "-") // no receipt without one
		own := db.q(ctx).Where("case_no LIKE ? OR payer_norm LIKE ? OR serial_norm = ?",
			likePrefix(cmp.Or(model.CaseNoBeginning(text), text)), likePrefix(model.NormalizeName(text)), serial)
		ofCase, err := db.found(ctx, db.q(ctx), "receipts.case_id", by.CourtID, model.ReadSearch(f.Text))
		if err != nil {
			_ = q.AddError(err)
			return q
		}
		q = q.Where(own.Or(ofCase))
	}
	return q
}

// sortColumn is by which column a list is sorted before age, and the value of one
// receipt there.
func sortColumn(s model.QueueSort, r model.Receipt) (string, any) {
	switch s {
	case model.SortAmount:
		return "claimed_fen", r.ClaimedFen
	case model.SortAnswer:
		return "answer", r.Answer
	case model.SortFlagged:
		return "flagged", r.Flagged
	case model.SortOldest, model.SortNewest:
	}
	return "", nil
}

// sorted orders a list, or the other way round.
func sorted(q *gorm.DB, s model.QueueSort, back bool) *gorm.DB {
	down := (s != model.SortOldest) != back
	way := " ASC"
	if down {
		way = " DESC"
	}
	if column, _ := sortColumn(s, model.Receipt{}); column != "" {
		q = q.Order(column + way)
	}
	return q.Order("id" + way)
}

// beyond narrows a list to what comes behind a receipt in its order, or before it.
func beyond(q *gorm.DB, s model.QueueSort, r model.Receipt, back bool) *gorm.DB {
	sign := "<"
	if (s == model.SortOldest) != back {
		sign = ">"
	}
	column, value := sortColumn(s, r)
	if column == "" {
		return q.Where("id "+sign+" ?", r.ID)
	}
	return q.Where(column+" "+sign+"= ? AND ("+column+" "+sign+" ? OR id "+sign+" ?)", value, value, r.ID)
}

// at is a receipt for its place in a list, whoever's it is by now.
func (db *DB) at(ctx context.Context, id int64) (model.Receipt, error) {
	rows := []model.Receipt{}
	err := db.q(ctx).Select("id", "claimed_fen", "answer", "flagged").Where("id = ?", id).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return model.Receipt{ID: id}, translate(err, "receipt")
	}
	return rows[0], nil
}

// QueuePlace is where a receipt stands in a list, counted up to CountCeiling, and
// its neighbours there.
func (db *DB) QueuePlace(ctx context.Context, by model.Actor, f model.QueueFilter, id int64) (out model.QueuePlace, err error) {
	at, err := db.at(ctx, id)
	if err != nil {
		return out, err
	}
	count := func(q *gorm.DB) (n int64) {
		if err == nil {
			err = db.q(ctx).Table("(?) AS listed", q.Select("id").Limit(CountCeiling)).Count(&n).Error
		}
		return n
	}
	beside := func(back bool) (one int64) {
		var ids []int64
		if err == nil {
			err = sorted(beyond(db.queued(ctx, by, f), f.Sort, at, back), f.Sort, back).Limit(1).Pluck("id", &ids).Error
		}
		if len(ids) > 0 {
			one = ids[0]
		}
		return one
	}
	out.Total = count(db.queued(ctx, by, f))
	out.More = out.Total >= CountCeiling
	if count(db.queued(ctx, by, f).Where("id = ?", id)) > 0 {
		out.Place = count(beyond(db.queued(ctx, by, f), f.Sort, at, true)) + 1
	}
	out.Prev, out.Next = beside(true), beside(false)
	return out, translate(err, "receipt")
}

// NoteAnswer keeps on a receipt what its creditors said as a whole, by which lists
// are narrowed and sorted.
func (db *DB) NoteAnswer(ctx context.Context, receiptID int64) error {
	lines, err := db.Responses(ctx, receiptID)
	if err != nil {
		return err
	}
	return translate(db.q(ctx).Model(&model.Receipt{}).Where("id = ?", receiptID).UpdateColumn("answer", model.AnswerOf(lines)).Error, "receipt")
}

// Look notes that somebody looks at a receipt, and lists who else does.
func (db *DB) Look(ctx context.Context, l model.Looker) (others []string, err error) {
	err = db.q(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "user_id"}}, DoUpdates: clause.AssignmentColumns([]string{"court_id", "receipt_id", "name", "looked_at"})}).Create(&l).Error
	if err == nil {
		err = db.q(ctx).Model(&model.Looker{}).Where("receipt_id = ? AND user_id <> ? AND looked_at > ?", l.ReceiptID, l.UserID, l.LookedAt.Add(-model.LookFor)).
			Order("user_id").Limit(5).Pluck("name", &others).Error
	}
	return others, translate(err, "looker")
}
