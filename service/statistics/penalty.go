package statistics

import (
	"context"
	"fmt"

	"microcourt/model"
)

// checkPeriod refuses a period that is none, or longer than ten years.
func checkPeriod(from, until model.Date) error {
	if from.IsZero() || until.IsZero() || until.Before(from) || until.After(from.AddYears(10)) {
		return model.InvalidField("from", "period.format", "请填写统计期间的起止日期，起始日不晚于截止日，不超过十年")
	}
	return nil
}

// Penalties counts the court's criminal property penalties of a period.
func (s *Service) Penalties(ctx context.Context, by model.Actor, from, until model.Date) (*model.PenaltyFigures, error) {
	if err := by.Require(model.ActPenaltyStatistics); err != nil {
		return nil, err
	}
	if err := checkPeriod(from, until); err != nil {
		return nil, err
	}
	f, err := s.db.PenaltyFigures(ctx, by.CourtID, from, until)
	if err != nil {
		return nil, fmt.Errorf("penalties: %w", err)
	}
	return f, nil
}

// PenaltyCases lists the cases behind one of the figures of Penalties.
func (s *Service) PenaltyCases(ctx context.Context, by model.Actor, f model.PenaltyCaseFilter) ([]model.PenaltyCase, error) {
	if err := by.Require(model.ActPenaltyStatistics); err != nil {
		return nil, err
	}
	if err := checkPeriod(f.From, f.Until); err != nil {
		return nil, err
	}
	return s.db.PenaltyCases(ctx, by.CourtID, f)
}
