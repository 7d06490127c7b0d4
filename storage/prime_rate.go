package storage

import (
	"context"

	"microcourt/model"
)

// PrimeRates are the published loan prime rates: the shipped table with what was
// entered since.
func (db *DB) PrimeRates(ctx context.Context) (model.PrimeRates, error) {
	added, err := db.EnteredPrimeRates(ctx)
	return model.PrimeRatesWith(added), err
}

// EnteredPrimeRates lists every entry in order.
func (db *DB) EnteredPrimeRates(ctx context.Context) ([]model.PrimeRate, error) {
	var out []model.PrimeRate
	err := db.q(ctx).Order("id").Find(&out).Error
	return out, translate(err, "prime_rate")
}

// AddPrimeRate appends an entry.
func (db *DB) AddPrimeRate(ctx context.Context, r *model.PrimeRate) error {
	return translate(db.q(ctx).Create(r).Error, "prime_rate")
}
