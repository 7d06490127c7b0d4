package agency

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// Progress is how the agencies of a court did what was due in a period.
type Progress struct {
	From, To model.Date
	Kind     model.DutyKind // "" for all
	Lines    []ProgressLine
	Total    storage.DutyCount
}

// ProgressLine is one agency's part.
type ProgressLine struct {
	storage.DutyCount
	Agency string
	Duty   model.AgencyDuty // of one agency's progress
}

// Progress counts by agency the tasks whose deadline is in the period, in one
// grouped query. Every figure opens to its list by the same period and agency.
// Of one agency the duties are told apart; an agency sees its own.
func (s *Service) Progress(ctx context.Context, by model.Actor, agencyID int64, kind model.DutyKind, from, to model.Date) (*Progress, error) {
	if err := reads(by); err != nil {
		return nil, err
	}
	if by.Has(model.RoleAgency) {
		agencyID = by.AgencyID
	}
	if kind != "" && kind.Chinese() == "" {
		return nil, model.InvalidField("kind", "duty.kind", "请选择联合惩戒或正向激励")
	}
	if from.IsZero() || to.IsZero() || to.Before(from) || to.Sub(from) > maxPeriod {
		return nil, model.InvalidField("from", "period.range", "统计期间应有起止日期，止日不早于起日，且不超过 5 年")
	}
	counts, err := s.db.DutyCounts(ctx, by.CourtID, agencyID, kind, from, to, model.DateOf(s.db.Now()))
	if err != nil {
		return nil, err
	}
	ids, duties := make([]int64, len(counts)), make([]int64, len(counts))
	for i, c := range counts {
		ids[i], duties[i] = c.AgencyID, c.DutyID
	}
	names, err := s.db.AgencyNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	of, err := s.db.AgencyDutiesByID(ctx, duties)
	p := &Progress{From: from, To: to, Kind: kind}
	for _, c := range counts {
		p.Lines = append(p.Lines, ProgressLine{c, names[c.AgencyID], of[c.DutyID]})
		p.Total.Due += c.Due
		p.Total.Done += c.Done
		p.Total.Late += c.Late
		p.Total.Waiting += c.Waiting
		p.Total.Overdue += c.Overdue
		p.Total.Open += c.Open
	}
	return p, err
}

// maxPeriod bounds a period, in days.
const maxPeriod = 5 * 366
