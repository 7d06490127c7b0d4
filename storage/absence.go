package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// Substitutes are those who stand in for a user today.
func (db *DB) Substitutes(ctx context.Context, userID int64) ([]int64, error) {
	today := model.DateOf(db.Now())
	var out []int64
	err := db.q(ctx).Model(&model.Absence{}).Distinct().Where("user_id = ? AND from_on <= ? AND to_on >= ? AND ended_at IS NULL", userID, today, today).
		Pluck("substitute_id", &out).Error
	return out, translate(err, "absence")
}

// standingInFor are those for whom a user stands in today.
func (db *DB) standingInFor(ctx context.Context, userID int64) ([]int64, error) {
	today := model.DateOf(db.Now())
	var out []int64
	err := db.q(ctx).Model(&model.Absence{}).Distinct().Where("substitute_id = ? AND from_on <= ? AND to_on >= ? AND ended_at IS NULL", userID, today, today).
		Pluck("user_id", &out).Error
	return out, translate(err, "absence")
}

// answersFor are those for whom a user answers today: himself, and those for
// whom he stands in. They are read first, because a condition with a subquery
// would keep the database from its index.
func (db *DB) answersFor(ctx context.Context, userID int64) ([]int64, error) {
	others, err := db.standingInFor(ctx, userID)
	return append([]int64{userID}, others...), err
}

// StandsInFor tells whether a user answers for another one today: for himself,
// or as his substitute.
func (db *DB) StandsInFor(ctx context.Context, userID, other int64) (bool, error) {
	if userID == other {
		return userID != 0, nil
	}
	list, err := db.Substitutes(ctx, other)
	for _, s := range list {
		if s == userID {
			return true, err
		}
	}
	return false, err
}

// OpenAbsences are the absences of users that are not over and overlap a
// period, for a transaction that holds them.
func (db *DB) OpenAbsences(ctx context.Context, from, to model.Date, users ...int64) ([]model.Absence, error) {
	var out []model.Absence
	err := db.q(ctx).Where("user_id IN ? AND to_on >= ? AND from_on <= ? AND ended_at IS NULL", users, from, to).Order("id").Find(&out).Error
	return out, translate(err, "absence")
}

// CreateAbsence adds an absence.
func (db *DB) CreateAbsence(ctx context.Context, a *model.Absence) error {
	return translate(db.q(ctx).Create(a).Error, "absence")
}

// Absence is an absence of the actor, or, for a leader or an administrator, of
// anybody in his court.
func (db *DB) Absence(ctx context.Context, by model.Actor, id int64) (*model.AbsenceLine, error) {
	q := db.absences(ctx).Where("absences.court_id = ?", by.CourtID)
	if !by.Has(model.RoleLeader) && !by.Has(model.RoleAdmin) {
		q = q.Where("absences.user_id = ?", by.UserID)
	}
	var l model.AbsenceLine
	err := q.Take(&l, "absences.id = ?", id).Error
	return &l, translate(err, "absence")
}

func (db *DB) absences(ctx context.Context) *gorm.DB {
	return db.q(ctx).Model(&model.Absence{}).Select("absences.*, users.name, s.name AS substitute").
		Joins("JOIN users ON users.id = absences.user_id").Joins("JOIN users s ON s.id = absences.substitute_id")
}

// EndAbsence ends an absence before its time.
func (db *DB) EndAbsence(ctx context.Context, id int64) error {
	return changed(db.q(ctx).Model(&model.Absence{}).Where("id = ? AND ended_at IS NULL", id).Update("ended_at", db.Now()), "absence")
}

// Absences lists those that are not over: of a user and of those for whom he
// stands in, or of the court for user 0.
func (db *DB) Absences(ctx context.Context, courtID, userID int64) ([]model.AbsenceLine, error) {
	q := db.absences(ctx).Where("absences.court_id = ? AND absences.to_on >= ? AND absences.ended_at IS NULL", courtID, model.DateOf(db.Now()))
	if userID != 0 {
		q = q.Where("(absences.user_id = ? OR absences.substitute_id = ?)", userID, userID)
	}
	var out []model.AbsenceLine
	err := q.Order("absences.from_on, absences.id").Limit(200).Find(&out).Error
	return out, translate(err, "absence")
}
