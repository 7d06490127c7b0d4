package storage

import (
	"context"

	"microcourt/model"
)

// Who stands in several of a court's cases is known by the number of his document: a
// name is many people's. A party without one is known in its own case only.

// maxPersonCases bounds what is read of one person.
const maxPersonCases = 200

// PersonCases are the cases of the parties with their debts and payments.
func (db *DB) PersonCases(ctx context.Context, parties []model.Party) ([]model.PartyStanding, error) {
	own := map[int64][]int64{}
	var ids []int64
	for _, p := range parties {
		if own[p.CaseID] == nil {
			ids = append(ids, p.CaseID)
		}
		own[p.CaseID] = append(own[p.CaseID], p.ID)
	}
	var cases []model.Case
	if err := db.q(ctx).Where("id IN ?", ids).Order("id DESC").Find(&cases).Error; err != nil || len(cases) == 0 {
		return nil, translate(err, "case")
	}
	debts, err := db.DebtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := make([]model.PartyStanding, len(cases))
	for i, d := range debts {
		out[i] = model.PartyStanding{Debts: d, Own: own[d.Case.ID], Today: model.DateOf(db.Now())}
	}
	return out, nil
}

// PersonMeasures are a court's measures for the debts of the parties, and those against
// who has the number, the newest first.
func (db *DB) PersonMeasures(ctx context.Context, courtID int64, parties []int64, idHash string) ([]model.MeasureLine, error) {
	var out []model.MeasureLine
	q := db.q(ctx).Table("measures").Select("measures.*, e.case_no").Joins("JOIN enforcement_cases e ON e.id = measures.enforcement_case_id").Where("measures.court_id = ?", courtID)
	if idHash == "" {
		q = q.Where("measures.party_id IN ?", parties)
	} else {
		q = q.Where("measures.party_id IN ? OR measures.subject_hash = ?", parties, idHash)
	}
	err := q.Order("measures.id DESC").Limit(maxPersonCases).Scan(&out).Error
	return out, translate(err, "measure")
}

// PersonFindings are what answers to queries found of the parties, the newest first.
func (db *DB) PersonFindings(ctx context.Context, parties []int64) ([]model.PersonFinding, error) {
	var out []model.PersonFinding
	err := db.q(ctx).Table("asset_findings").Select("asset_findings.*, q.kind, q.agency, q.answered_on, q.enforcement_case_id, e.case_no AS enforcement_no").
		Joins("JOIN asset_queries q ON q.id = asset_findings.query_id").Joins("JOIN enforcement_cases e ON e.id = q.enforcement_case_id").
		Where("q.party_id IN ?", parties).Order("asset_findings.query_id DESC, asset_findings.seq").Limit(maxPersonCases).Scan(&out).Error
	return out, translate(err, "query")
}

// PersonFamily are the relatives who were admitted for the debts of the parties.
func (db *DB) PersonFamily(ctx context.Context, parties []int64) ([]model.RelativeLine, error) {
	var out []model.RelativeLine
	err := relativeLines(db.q(ctx).Model(&model.Relative{}).Where("relatives.party_id IN ?", parties)).Order("relatives.id DESC").Limit(maxPersonCases).Find(&out).Error
	return out, translate(err, "relative")
}
