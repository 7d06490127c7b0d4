package storage

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

type documentSeries struct {
	CourtID int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind    string `gorm:"primaryKey"`
	Year    int    `gorm:"primaryKey;autoIncrement:false"`
	Last    int64
}

// TableName is the table of document numbers.
func (documentSeries) TableName() string { return "document_series" }

// NextSerial takes the next number of a court's series of documents in a year.
// It is gap-free: the counter is a row of the caller's transaction, so a
// rollback or a crash takes the number back. Autoincrement could not do that.
func (db *DB) NextSerial(ctx context.Context, courtID int64, kind string, year int) (int64, error) {
	if db.writer != nil {
		return 0, model.E(model.Internal, "series.no_transaction", "")
	}
	s := documentSeries{CourtID: courtID, Kind: kind, Year: year}
	if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&s).Error; err != nil {
		return 0, translate(err, "series")
	}
	where := db.q(ctx).Model(&documentSeries{}).
		Where("court_id = ? AND kind = ? AND year = ?", courtID, kind, year).Session(&gorm.Session{})
	if err := where.Update("last", gorm.Expr("last + 1")).Error; err != nil {
		return 0, translate(err, "series")
	}
	if err := where.Select("last").Scan(&s.Last).Error; err != nil {
		return 0, translate(err, "series")
	}
	if fn := db.issued.Load(); fn != nil {
		db.OnCommit(*fn)
	}
	return s.Last, nil
}

// OnNumber registers fn to run after every commit that gave out a number. It
// must be quick and must not fail. The last one that is registered counts.
func (db *DB) OnNumber(fn func()) { db.issued.Store(&fn) }
