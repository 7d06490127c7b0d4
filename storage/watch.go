package storage

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// Findings tells what the records show to be wrong, in one court, or in all
// when courtID is 0. Kinds of which there is nothing are not told.
func (db *DB) Findings(ctx context.Context, courtID int64) ([]model.Defect, error) {
	now := db.Now()
	of := func(m any) *gorm.DB {
		q := db.q(ctx).Model(m)
		if courtID != 0 {
			q = q.Where("court_id = ?", courtID)
		}
		return q
	}
	var out []model.Defect
	for _, f := range []struct {
		kind  model.DefectKind
		q     func() *gorm.DB
		since string
	}{
		{model.DefectUnsent, func() *gorm.DB {
			return of(&model.OutboxMessage{}).Where("state IN ? AND next_at < ?",
				[]model.OutboxState{model.OutboxQueued, model.OutboxSending}, now.Add(-model.FindUnsentAfter))
		}, "next_at"},
		{model.DefectUnconfirmed, func() *gorm.DB {
			return of(&model.OutboxMessage{}).Where("state = ? AND delivered_at IS NULL AND created_at BETWEEN ? AND ?", model.OutboxAccepted,
				now.Add(-model.FindUnconfirmedFor), now.Add(-model.FindUnconfirmedAfter))
		}, "created_at"},
		{model.DefectUnprinted, func() *gorm.DB {
			return of(&model.Certificate{}).Where("pdf_key = '' AND issued_at < ?", now.Add(-model.FindUnprintedAfter))
		}, "issued_at"},
		{model.DefectUnseen, func() *gorm.DB {
			return of(&model.File{}).Where("state IN ? AND thumb_key = '' AND created_at < ?",
				[]model.FileState{model.FileStored, model.FileAttached}, now.Add(-model.FindUnseenAfter))
		}, "created_at"},
		{model.DefectMissing, func() *gorm.DB { return of(&model.MissingObject{}).Where("ended_at IS NULL") }, "found_at"},
	} {
		n, err := db.upTo(ctx, f.q())
		if err != nil {
			return nil, translate(err, "finding")
		}
		if n == 0 {
			continue
		}
		var since []time.Time
		if err := f.q().Order(f.since).Limit(1).Pluck(f.since, &since).Error; err != nil {
			return nil, translate(err, "finding")
		}
		found := model.Defect{Kind: f.kind, N: n}
		if len(since) > 0 {
			found.Since = since[0].UTC()
		}
		if f.kind == model.DefectMissing {
			var err error
			if found.What, err = missingShort(f.q()); err != nil {
				return nil, err
			}
		}
		out = append(out, found)
	}
	// What the platform pushes belongs to no court.
	pushed := db.q(ctx).Model(&model.PushEvent{}).Where("state = ? AND received_at > ?", model.PushFailed, now.Add(-model.FindPushFor))
	n, err := db.upTo(ctx, pushed)
	if err != nil {
		return nil, translate(err, "finding")
	}
	if n > 0 {
		out = append(out, model.Defect{Kind: model.DefectPush, N: n})
	}
	open, err := db.OpenRecovery(ctx)
	if err != nil {
		return nil, err
	}
	if open != nil { // of all courts
		out = append(out, model.Defect{Kind: model.DefectOlder, N: 1, Since: open.FoundAt})
	}
	holes, err := db.numberHoles(ctx, courtID)
	if err == nil && holes > 0 {
		out = append(out, model.Defect{Kind: model.DefectHole, N: holes})
	}
	return out, err
}

// missingShort says what a few of the missing objects are.
func missingShort(q *gorm.DB) (string, error) {
	var list []model.MissingObject
	err := q.Order("found_at, object_key").Limit(6).Find(&list).Error
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Chinese()
	}
	if len(names) > 5 {
		names = append(names[:5], "…")
	}
	return strings.Join(names, "、"), translate(err, "finding")
}

// numberHoles counts the certificates' numbers that were given out and belong
// neither to a certificate nor to a number recorded as void. Each court's year is
// counted for itself: what one has too many of fills no hole of another.
func (db *DB) numberHoles(ctx context.Context, courtID int64) (int64, error) {
	q := db.q(ctx).Table("document_series s").Where("s.kind = 'certificate'")
	if courtID != 0 {
		q = q.Where("s.court_id = ?", courtID)
	}
	q = q.Select(`s.last
		- (SELECT COUNT(*) FROM certificates c WHERE c.court_id = s.court_id AND c.year = s.year AND c.serial <= s.last)
		- (SELECT COUNT(*) FROM void_numbers v WHERE v.court_id = s.court_id AND v.year = s.year AND v.kind = s.kind AND v.serial <= s.last
			AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.court_id = v.court_id AND c.year = v.year AND c.serial = v.serial)) AS holes`)
	var n sql.NullInt64
	err := db.q(ctx).Table("(?) AS h", q).Where("h.holes > 0").Select("SUM(h.holes)").Scan(&n).Error
	return n.Int64, translate(err, "finding")
}
