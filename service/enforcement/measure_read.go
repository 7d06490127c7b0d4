package enforcement

import (
	"context"

	"microcourt/model"
)

// MeasureDetail is a measure with what its page shows.
type MeasureDetail struct {
	model.Measure
	CaseNo  string // of the enforcement case
	Debtor  string
	Entries []model.MeasureEntry
	Names   map[int64]string // of the staff in its history
	Reviews []model.MeasureReview
	Tasks   []model.Task
	// ReviewUntil is the last day for an application against it, zero when none.
	ReviewUntil model.Date
	Exposure    model.Exposure // of a listing
	HigherCourt string         // by name, "" while the court has not set it
	Today       model.Date
	Own         bool // the actor carries it out
}

// Measure is one measure with its history.
func (s *Service) Measure(ctx context.Context, by model.Actor, id int64) (*MeasureDetail, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	m, err := s.db.Measure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	list, err := s.measureDetails(ctx, by, []model.Measure{*m})
	if err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, m.EnforcementCaseID)
	if err != nil {
		return nil, err
	}
	now, err := s.db.OfficerOf(ctx, m.PartyID)
	if err != nil {
		return nil, err
	}
	list[0].Own = by.May(model.ActMeasurePropose) && (by.UserID == e.OfficerID || by.UserID == now)
	return &list[0], nil
}

// WaitingMeasures lists what waits for the actor, what waits longest first: what he may
// decide as the president or for him. Others tells who decides how much of the rest.
func (s *Service) WaitingMeasures(ctx context.Context, by model.Actor, after int64, limit int) ([]model.MeasureLine, error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return nil, err
	}
	signers, err := s.db.Signers(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	return s.db.Measures(ctx, by.CourtID, model.MeasureFilter{Waiting: true, WaitingFor: append([]model.MeasureKind{}, signers.Kinds(by.UserID)...), Oldest: true, After: after, Limit: limit})
}

// Others is what waits for somebody else.
type Others struct {
	Kind model.MeasureKind
	N    int64
	Who  string // may decide
}

// WaitingForOthers tells, of each kind about which the actor may not decide, how much
// waits and for whom.
func (s *Service) WaitingForOthers(ctx context.Context, by model.Actor) (out []Others, err error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return nil, err
	}
	signers, err := s.db.Signers(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	for _, k := range model.SignedMeasures() {
		if signers.May(by.UserID, k) {
			continue
		}
		n, err := s.db.WaitingDecisions(ctx, by.CourtID, []model.MeasureKind{k})
		if err != nil {
			return nil, err
		}
		out = append(out, Others{k, n, signers.Who(k)})
	}
	return out, nil
}

// NextWaiting is the measure that waits for the actor after the one with the id,
// or the first of all; 0 when none does.
func (s *Service) NextWaiting(ctx context.Context, by model.Actor, id int64) (int64, error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return 0, err
	}
	for _, from := range []int64{id, 0} {
		list, err := s.WaitingMeasures(ctx, by, from, 2)
		if err != nil {
			return 0, err
		}
		for _, l := range list {
			if l.ID != id {
				return l.ID, nil
			}
		}
	}
	return 0, nil
}

// MeasuresOf lists the measures of an enforcement case with their history, the
// newest first.
func (s *Service) MeasuresOf(ctx context.Context, by model.Actor, enforcementCaseID int64) ([]MeasureDetail, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	if _, err := s.db.EnforcementCase(ctx, by, enforcementCaseID); err != nil {
		return nil, err
	}
	all, err := s.db.MeasuresOf(ctx, enforcementCaseID, 0)
	if err != nil {
		return nil, err
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return s.measureDetails(ctx, by, all)
}

// measureDetails adds to measures of one case what their pages show, in seven queries
// however many there are.
func (s *Service) measureDetails(ctx context.Context, by model.Actor, list []model.Measure) ([]MeasureDetail, error) {
	out := make([]MeasureDetail, len(list))
	if len(list) == 0 {
		return out, nil
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	numbers := map[int64]string{}
	enforcements, err := s.db.EnforcementsOf(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	for _, e := range enforcements {
		numbers[e.ID] = e.CaseNo
	}
	grants, err := s.db.CaseRepairs(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, list[0].CourtID)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i], at[m.ID] = m.ID, i
		out[i] = MeasureDetail{Measure: m, CaseNo: numbers[m.EnforcementCaseID], Debtor: model.Debts{Parties: parties}.Party(m.PartyID).Name, Names: map[int64]string{}, ReviewUntil: m.ReviewUntil(days), Today: model.DateOf(s.db.Now()), HigherCourt: court.Settings.HigherCourt}
		out[i].Exposure = model.ExposureOf(m, grants, out[i].Today)
	}
	entries, err := s.db.MeasureEntries(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, e := range entries {
		d := &out[at[e.MeasureID]]
		d.Entries, people = append(d.Entries, e), append(people, e.ByUserID)
	}
	names, err := s.db.UserNames(ctx, people)
	if err != nil {
		return nil, err
	}
	reviews, err := s.db.Reviews(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		d := &out[at[r.MeasureID]]
		d.Reviews = append(d.Reviews, r)
	}
	if by.IsParty() {
		return out, nil
	}
	tasks, err := s.db.CaseTasks(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if i, ok := at[t.Subject.IDOf(model.ThingMeasure)]; ok {
			out[i].Tasks = append(out[i].Tasks, t)
		}
	}
	for i := range out {
		out[i].Names = names
	}
	return out, nil
}

// Measures lists the court's measures, the newest first: a judge's those of his
// cases.
func (s *Service) Measures(ctx context.Context, by model.Actor, f model.MeasureFilter) ([]model.MeasureLine, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	return s.db.Measures(ctx, by.CourtID, f)
}

// OwnMeasures lists the measures of a case against the parties for whom the
// actor acts, as far as they may know of them.
func (s *Service) OwnMeasures(ctx context.Context, by model.Actor, caseID int64) ([]MeasureDetail, error) {
	if err := by.Require(model.ActMeasureOwn); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.OwnMeasures(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	return s.measureDetails(ctx, by, list)
}

// MeasureCounts counts the measures that were decided from one day to another,
// both included, by kind and each in its own unit.
func (s *Service) MeasureCounts(ctx context.Context, by model.Actor, from, until model.Date) ([]model.MeasureCount, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	return s.db.CountMeasures(ctx, by.CourtID, from.Start(), until.AddDays(1).Start())
}
