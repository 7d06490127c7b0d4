package statistics

import (
	"context"
	"fmt"

	"microcourt/model"
)

// Enforcement counts the court's enforcement of a period.
func (s *Service) Enforcement(ctx context.Context, by model.Actor, from, until model.Date) ([]model.EnforcementCount, error) {
	if err := by.Require(model.ActOverview); err != nil {
		return nil, err
	}
	if err := checkPeriod(from, until); err != nil {
		return nil, err
	}
	list, err := s.db.EnforcementCounts(ctx, by.CourtID, from, until)
	if err != nil {
		return nil, fmt.Errorf("enforcement figures: %w", err)
	}
	return list, nil
}

// EnforcementLines lists what one figure of Enforcement counted.
func (s *Service) EnforcementLines(ctx context.Context, by model.Actor, f model.EnforcementCountFilter) ([]model.EnforcementCountLine, error) {
	if err := by.Require(model.ActOverview); err != nil {
		return nil, err
	}
	if _, ok := f.Figure.Info(); !ok {
		return nil, model.InvalidField("of", "filter.unknown", "没有该统计项，请从统计页打开")
	}
	if err := checkPeriod(f.From, f.Until); err != nil {
		return nil, err
	}
	return s.db.EnforcementCountLines(ctx, by.CourtID, f)
}
