package filing

import (
	"context"
	"slices"

	"microcourt/model"
)

// Waiting lists the applications of a case that wait, oldest first: staff see all,
// a party those made in its name and those that the actor made himself.
func (s *Service) Waiting(ctx context.Context, by model.Actor, caseID int64) ([]model.Waiting, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	w, err := s.db.Waiting(ctx, caseID)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	files, err := s.db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return nil, err
	}
	ids := []int64{cs.JudgeID}
	for _, e := range files {
		ids = append(ids, e.OfficerID)
	}
	names, err := s.db.UserNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	judge := model.Responsible{UserID: cs.JudgeID, Role: model.RoleJudge, Name: names[cs.JudgeID]}
	officer := func(enforcementID int64) model.Responsible {
		r := model.Responsible{Role: model.RoleOfficer}
		for _, e := range files {
			if e.ID == enforcementID {
				r.UserID, r.Name = e.OfficerID, names[e.OfficerID]
			}
		}
		return r
	}
	own := parties
	if by.IsParty() {
		if own, err = s.db.PartiesOf(ctx, caseID, by.UserID); err != nil {
			return nil, err
		}
	}
	var out []model.Waiting
	add := func(l model.Waiting, userID int64) {
		mine := slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == l.PartyID })
		if mine || userID == by.UserID && userID != 0 {
			out = append(out, l)
		}
	}
	for _, a := range w.Certificates {
		add(a.WaitsFor(judge), a.UserID)
	}
	for _, a := range w.Repairs {
		add(a.WaitsFor(officer(a.EnforcementCaseID)), a.UserID)
	}
	for _, a := range w.Spending {
		add(a.WaitsFor(officer(a.EnforcementCaseID)), a.UserID)
	}
	for _, a := range w.Reviews {
		add(a.WaitsFor(w.MeasureOf[a.MeasureID]), a.UserID)
	}
	for _, p := range w.Petitions {
		if by.IsParty() && p.RelativeID != 0 { // the family's own, which it sees in its matter
			continue
		}
		add(p.WaitsFor(officer(p.EnforcementCaseID)), p.UserID)
	}
	for _, x := range w.Wishes {
		add(x.WaitsFor(judge, w.DepositOf[x.DepositID]), x.UserID)
	}
	today := model.DateOf(s.db.Now())
	for _, e := range w.Forgiven {
		if l := e.WaitsFor(court.Settings); !today.After(l.DueOn) {
			add(l, e.ByUserID)
		}
	}
	slices.SortStableFunc(out, func(a, b model.Waiting) int { return a.Since.Compare(b.Since) })
	return out, nil
}
