package casemoney

import (
	"context"

	"microcourt/model"
)

// Account is the account of an enforcement case that the actor may see.
func (s *Service) Account(ctx context.Context, by model.Actor, enforcementID int64) (*model.CaseAccount, error) {
	if err := by.Require(model.ActMoneyRead); err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, enforcementID)
	if err != nil {
		return nil, err
	}
	a, err := s.db.CaseAccount(ctx, enforcementID)
	if err != nil {
		return nil, err
	}
	a.Fee = model.ExecutionFee(e.EnforcementCase, a.Payouts)
	return a, nil
}

// Lines is a page of a work list of the court's money.
func (s *Service) Lines(ctx context.Context, by model.Actor, f model.MoneyFilter) ([]model.MoneyLine, error) {
	if err := by.Require(model.ActMoneyRead); err != nil {
		return nil, err
	}
	return s.db.MoneyLines(ctx, by.CourtID, f)
}

// Count is how many sums a work list has, up to a ceiling.
func (s *Service) Count(ctx context.Context, by model.Actor, f model.MoneyFilter) (int64, error) {
	if err := by.Require(model.ActMoneyRead); err != nil {
		return 0, err
	}
	return s.db.CountMoney(ctx, by.CourtID, f)
}

// Payouts are the court's payouts in a state, after an id.
func (s *Service) Payouts(ctx context.Context, by model.Actor, state model.PayoutState, after int64, limit int) ([]model.PayoutLine, error) {
	if err := by.Require(model.ActMoneyRead); err != nil {
		return nil, err
	}
	return s.db.PayoutLines(ctx, by.CourtID, state, after, limit)
}

// Delays are the court's delays that wait for a leader, after an id.
func (s *Service) Delays(ctx context.Context, by model.Actor, after int64, limit int) ([]model.DelayLine, error) {
	if err := by.Require(model.ActMoneyRead); err != nil {
		return nil, err
	}
	return s.db.DelayLines(ctx, by.CourtID, after, limit)
}
