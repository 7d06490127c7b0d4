package enforcement

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// AskRelease asks for the early release of a detained debtor who showed
// remorse, in the transaction of whoever answers his request. The president
// decides (民诉法解释 182).
func (s *Service) AskRelease(ctx context.Context, tx *storage.DB, by model.Actor, enforcementID, partyID int64, reason string) error {
	if err := by.Require(model.ActMeasureLift); err != nil {
		return err
	}
	list, err := tx.MeasuresOf(ctx, enforcementID, partyID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(m model.Measure) bool { return m.Kind == model.MeasureDetention && m.State == model.MeasureInForce })
	if i < 0 {
		return model.E(model.Conflict, "petition.no_detention", "该被执行人目前没有被拘留，无需提请提前解除")
	}
	p, err := lockMeasure(ctx, tx, by, list[i].ID)
	if err != nil {
		return err
	}
	return s.liftOrAsk(ctx, tx, by, p, p.m.Version, model.Lifting{Ground: model.LiftRemorse, Reason: reason})
}
