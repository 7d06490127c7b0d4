// Package mycase is the cases of a person on his phone: what each is about, what is
// open, and what he has to do next.
package mycase

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Line is a case in a person's list.
type Line struct {
	model.PartyStanding
	Court model.Court
	Roles []model.PartyRole // in which he, or whom he acts for, takes part
}

// Cases lists the cases of the actor, the newest first, in a fixed number of
// queries.
func (s *Service) Cases(ctx context.Context, by model.Actor, before int64, limit int) ([]Line, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	if !by.IsParty() {
		return nil, nil
	}
	cases, err := s.db.Cases(ctx, by, model.CaseFilter{Before: before, Limit: limit})
	if err != nil {
		return nil, err
	}
	return s.lines(ctx, by, cases)
}

// Case is how things stand for the actor in one case of his; for everybody else it
// is not found.
func (s *Service) Case(ctx context.Context, by model.Actor, id int64) (*Line, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if !by.IsParty() {
		return nil, model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
	}
	lines, err := s.lines(ctx, by, []model.Case{*cs})
	if err != nil {
		return nil, err
	}
	return &lines[0], nil
}

func (s *Service) lines(ctx context.Context, by model.Actor, cases []model.Case) ([]Line, error) {
	list, err := s.db.Standings(ctx, by.UserID, cases)
	if err != nil {
		return nil, err
	}
	courts, err := s.db.CourtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, st := range list {
		out[i] = Line{PartyStanding: st, Court: courts[st.Debts.Case.CourtID]}
		for _, p := range st.Debts.Parties {
			if slices.Contains(st.Own, p.ID) && !slices.Contains(out[i].Roles, p.Role) {
				out[i].Roles = append(out[i].Roles, p.Role)
			}
		}
	}
	return out, nil
}
