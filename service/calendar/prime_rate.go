package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// PrimeRates are the published loan prime rates as they hold now, and what was
// entered here after the shipped table.
type PrimeRates struct {
	Rates           model.PrimeRates
	Entered         []model.PrimeRate
	ProvisionalFrom model.Date
}

// PrimeRates lists the published loan prime rates.
func (s *Service) PrimeRates(ctx context.Context, by model.Actor) (*PrimeRates, error) {
	if err := by.Require(model.ActCourtManage); err != nil {
		return nil, err
	}
	entered, err := s.db.EnteredPrimeRates(ctx)
	if err != nil {
		return nil, err
	}
	all := model.PrimeRatesWith(entered)
	return &PrimeRates{Rates: all, Entered: entered, ProvisionalFrom: all.ProvisionalFrom()}, nil
}

// EnterPrimeRate adds a publication. It is an entry of its own also when it
// corrects an earlier one of the same day; the same again changes nothing.
func (s *Service) EnterPrimeRate(ctx context.Context, by model.Actor, r model.PrimeRate) error {
	if err := by.Require(model.ActCourtManage); err != nil {
		return err
	}
	r.Source, r.ByUserID = strings.TrimSpace(r.Source), by.UserID
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := model.CheckPrimeRate(r, model.DateOf(tx.Now())); err != nil {
			return err
		}
		before, err := tx.PrimeRates(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, r.Same) {
			return nil
		}
		one := r
		if err := tx.AddPrimeRate(ctx, &one); err != nil {
			return err
		}
		e := model.AuditEvent{Action: model.AuditPrimeRateEnter, Subject: model.ThingPrimeRate.Of(one.ID), After: one}
		if i := slices.IndexFunc(before, func(o model.PrimeRate) bool { return o.OnDay == r.OnDay }); i >= 0 {
			e.Before = before[i]
		}
		return tx.Audit(by, model.RoleAdmin, e)
	})
	if err != nil {
		return fmt.Errorf("enter prime rate: %w", err)
	}
	return nil
}
