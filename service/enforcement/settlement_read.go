package enforcement

import (
	"context"
	"slices"

	"microcourt/model"
)

// SettlementView is an agreement with what became of it.
type SettlementView struct {
	model.Settlement
	CaseNo   string // of the enforcement case
	Progress model.SettlementProgress
	Reviews  []model.ReleaseReview
	OpenFen  model.Fen    // principal of the original instrument that is still open
	Reapply  model.Period // for applying to resume it
}

// Settlements lists the settlements of a case, or of one enforcement case when
// enforcementID is not 0. A party sees those that it made, without the officer's
// reasons.
func (s *Service) Settlements(ctx context.Context, by model.Actor, caseID, enforcementID int64) ([]SettlementView, error) {
	if err := by.Require(model.ActSettlementRead); err != nil {
		return nil, err
	}
	if enforcementID != 0 {
		e, err := s.db.EnforcementCase(ctx, by, enforcementID)
		if err != nil {
			return nil, err
		}
		caseID = e.CaseID
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	list, err := s.settlementViews(ctx, *cs)
	if err != nil {
		return nil, err
	}
	var own []model.Party
	if by.IsParty() {
		if own, err = s.db.PartiesOf(ctx, caseID, by.UserID); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(v SettlementView) bool {
		if !by.IsParty() {
			return enforcementID != 0 && v.EnforcementCaseID != enforcementID
		}
		for i := range v.Reviews {
			v.Reviews[i].Reason = ""
		}
		return enforcementID != 0 && v.EnforcementCaseID != enforcementID ||
			!slices.ContainsFunc(own, func(p model.Party) bool { return slices.Contains(v.PartyIDs, p.ID) })
	}), nil
}

func (s *Service) settlementViews(ctx context.Context, cs model.Case) ([]SettlementView, error) {
	list, err := s.db.Settlements(ctx, cs.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	cases, err := s.db.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	ledger, err := s.db.PaidLedger(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	reviews, err := s.db.CaseReviews(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.db.Installments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(s.db.Now())
	out := make([]SettlementView, 0, len(list))
	for _, st := range list {
		v := SettlementView{Settlement: st, Reapply: st.ReapplyBy(days)}
		for _, e := range cases {
			if e.ID == st.EnforcementCaseID {
				v.CaseNo, v.Progress, v.OpenFen = e.CaseNo, st.Progress(ledger.Arrivals(e), today), openFen(e, all)
			}
		}
		for _, r := range reviews {
			if r.SettlementID == st.ID {
				v.Reviews = append(v.Reviews, r)
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func openFen(e model.EnforcementFile, all []model.Installment) (sum model.Fen) {
	for _, i := range e.Installments(all) {
		sum += max(0, i.OutstandingFen())
	}
	return sum
}
