package storage

import (
	"context"

	"microcourt/model"
)

// StandingOf is in what positions a user is in the cases of the parties for whom he
// acts, in a fixed number of reads.
func (db *DB) StandingOf(ctx context.Context, userID int64) (s model.SubscriberStanding, err error) {
	var rows []struct {
		PartyID, CaseID int64
		Role            model.PartyRole
		Kind            model.CaseKind
		Performance     model.Performance
	}
	err = db.q(ctx).Table("bindings AS b").
		Select("p.id AS party_id, c.id AS case_id, p.role, c.kind, c.performance").
		Joins("JOIN parties p ON p.id = b.party_id").Joins("JOIN cases c ON c.id = b.case_id").
		Where("b.user_id = ? AND b.ended_at IS NULL", userID).Limit(500).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return s, translate(err, "binding")
	}
	s.Party = true
	parties := make([]int64, len(rows))
	for i, r := range rows {
		parties[i] = r.PartyID
	}
	var owing []int64
	if err := db.q(ctx).Model(&model.Obligor{}).Distinct().Where("party_id IN ?", parties).Pluck("party_id", &owing).Error; err != nil {
		return s, translate(err, "obligor")
	}
	owes := map[int64]bool{}
	for _, id := range owing {
		owes[id] = true
	}
	var enforced []model.EnforcementParty
	err = db.q(ctx).Where("party_id IN ? AND enforcement_case_id IN (SELECT id FROM enforcement_cases WHERE state = ?)", parties, model.EnforcementOpen).Find(&enforced).Error
	if err != nil {
		return s, translate(err, "enforcement")
	}
	in := map[int64]bool{}
	for _, e := range enforced {
		in[e.PartyID] = true
		s.Enforced = s.Enforced || e.Role == model.EnforcementDebtor
		s.Applicant = s.Applicant || e.Role == model.EnforcementApplicant
	}
	for _, r := range rows {
		open := r.Performance == model.PerformancePending || r.Performance == model.PerformancePartial
		switch {
		case r.Performance == model.PerformanceNone:
			s.Awaits = true
			s.Accused = s.Accused || r.Kind == model.CaseCriminal && r.Role == model.Accused
			s.Victim = s.Victim || r.Kind == model.CaseCriminal && r.Role != model.Accused
		case owes[r.PartyID] && !open:
			s.Performed = true
		case owes[r.PartyID]:
			s.Owes = s.Owes || !in[r.PartyID]
		case open:
			s.Owed = true
		}
	}
	return s, nil
}
