package assetquery

import (
	"context"

	"microcourt/model"
)

// Detail is a query with its answer.
type Detail struct {
	Query    model.AssetQuery
	CaseNo   string
	Party    string
	Own      bool // the actor's own case
	Findings []model.AssetFinding
	Files    []model.File
}

// Query is one query. A look at an answer is recorded before it is shown.
func (s *Service) Query(ctx context.Context, by model.Actor, id int64) (*Detail, error) {
	if err := by.Require(model.ActQueryRead); err != nil {
		return nil, err
	}
	q, e, err := s.db.AssetQuery(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p, err := s.db.Party(ctx, q.CaseID, q.PartyID)
	if err != nil {
		return nil, err
	}
	d := &Detail{Query: *q, CaseNo: e.CaseNo, Party: p.Name, Own: e.OfficerID == by.UserID}
	if q.State != model.QueryAnswered {
		return d, nil
	}
	if err := s.look(ctx, by, model.AuditQueryLook, q); err != nil {
		return nil, err
	}
	d.Findings, d.Files, err = s.db.QueryAnswer(ctx, id)
	return d, err
}

func (s *Service) look(ctx context.Context, by model.Actor, action model.AuditAction, q *model.AssetQuery) error {
	return s.db.AuditLook(ctx, by, by.RoleFor(model.ActQueryRead), model.AuditEvent{
		CourtID: q.CourtID, Action: action, CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID),
	})
}

// Letter is the query as the agency gets it, with the debtor's ID number, for
// the officer to hand over. Each look is recorded.
func (s *Service) Letter(ctx context.Context, by model.Actor, id int64) (*model.QueryLetter, error) {
	if err := by.Require(model.ActQueryRequest); err != nil {
		return nil, err
	}
	q, e, err := s.db.AssetQuery(ctx, by, id)
	if err != nil {
		return nil, err
	}
	switch {
	case e.OfficerID != by.UserID:
		return nil, model.E(model.NotFound, "query.not_found", "没有找到，或您无权查看")
	case q.State != model.QueryApproved && q.State != model.QuerySent:
		return nil, model.E(model.Conflict, "query.state", "该查询"+q.State.Chinese()+"，没有可以发出的查询函")
	}
	if err := s.look(ctx, by, model.AuditQueryLetter, q); err != nil {
		return nil, err
	}
	return letter(ctx, s.db, by, q, e)
}

// Queries lists queries: an officer's own cases', the court's for a leader.
func (s *Service) Queries(ctx context.Context, by model.Actor, f model.AssetQueryFilter) ([]model.AssetQueryLine, error) {
	if err := by.Require(model.ActQueryRead); err != nil {
		return nil, err
	}
	f.OfficerID = owner(by)
	return s.db.AssetQueries(ctx, by.CourtID, f)
}

func owner(by model.Actor) int64 {
	if by.Has(model.RoleLeader) {
		return 0
	}
	return by.UserID
}

// Counts counts the queries that went out on the days from and until and
// between, one line for each kind: 件次.
func (s *Service) Counts(ctx context.Context, by model.Actor, from, until model.Date) ([]model.QueryCount, error) {
	if err := by.Require(model.ActQueryRead); err != nil {
		return nil, err
	}
	return s.counts(ctx, by, owner(by), 0, from, until)
}

func (s *Service) counts(ctx context.Context, by model.Actor, officerID, agencyID int64, from, until model.Date) ([]model.QueryCount, error) {
	if from.IsZero() || until.IsZero() || until.Before(from) {
		return nil, model.InvalidField("until", "query.period", "请填写起止日期，终止日期不能早于起始日期")
	}
	list, err := s.db.CountQueries(ctx, by.CourtID, officerID, agencyID, from.Start().UTC(), until.AddDays(1).Start().UTC())
	if err != nil {
		return nil, err
	}
	out := make([]model.QueryCount, len(model.QueryKinds))
	for i, k := range model.QueryKinds {
		out[i].Kind = k
		for _, c := range list {
			if c.Kind == k {
				out[i] = c
			}
		}
	}
	return out, nil
}
