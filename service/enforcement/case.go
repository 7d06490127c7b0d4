package enforcement

import (
	"context"

	"microcourt/model"
)

// Detail is an enforcement case with what its page shows.
type Detail struct {
	File        model.EnforcementFile
	Case        model.Case
	Officer     string
	Parties     []model.Party // of the case
	Debts       *model.Debts
	Tasks       []model.TaskLine
	Today       model.Date
	OwedFen     model.Fen // enforced principal
	OpenFen     model.Fen // of it still open
	InterestFen model.Fen // doubled part to date
	PerDayFen   model.Fen
	OrdinaryFen model.Fen // ordinary interest to date
	FeeFen      model.Fen // 执行申请费 of what was applied for
	Own         bool      // the actor's own
}

// Party is a party's name, "" for one that the case does not have.
func (d Detail) Party(id int64) string { return d.Debts.Party(id).Name }

// Cases lists enforcement cases: an officer's own unless he asks for the whole
// court's.
func (s *Service) Cases(ctx context.Context, by model.Actor, f model.EnforcementFilter) ([]model.EnforcementLine, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	return s.db.Enforcements(ctx, by.CourtID, f)
}

// CountCases counts the enforcement cases of a list, up to statistics.Ceiling.
func (s *Service) CountCases(ctx context.Context, by model.Actor, f model.EnforcementFilter) (int64, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return 0, err
	}
	f.JudgeID = by.SupervisorOnly()
	return s.db.CountEnforcements(ctx, by.CourtID, f)
}

// Case is one enforcement case with its debts as of today.
func (s *Service) Case(ctx context.Context, by model.Actor, id int64) (*Detail, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, id)
	if err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, e.CaseID)
	if err != nil {
		return nil, err
	}
	d := &Detail{File: *e, Case: *cs, Today: model.DateOf(s.db.Now()), Own: e.OfficerID == by.UserID && by.UserID != 0}
	if d.Debts, err = s.db.Debts(ctx, *cs); err != nil {
		return nil, err
	}
	d.Parties = d.Debts.Parties
	if e.OfficerID != 0 {
		u, err := s.db.User(ctx, e.OfficerID)
		if err != nil {
			return nil, err
		}
		d.Officer = u.Name
	}
	sum, err := s.db.EnforcedSum(ctx, d.Debts, *e)
	if err != nil {
		return nil, err
	}
	d.OwedFen, d.OpenFen, d.InterestFen, d.PerDayFen = sum.OwedFen, sum.OpenFen, sum.InterestFen, sum.PerDayFen
	d.FeeFen, d.OrdinaryFen = sum.FeeFen, sum.OrdinaryFen
	d.Tasks, err = s.db.Tasks(ctx, e.CourtID, model.TaskFilter{EnforcementCaseID: id, Limit: 200})
	return d, err
}
