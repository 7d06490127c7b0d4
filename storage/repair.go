package storage

import (
	"context"

	"microcourt/model"
)

// CreateRepair adds an application for credit repair; a party has one open at a
// time.
func (db *DB) CreateRepair(ctx context.Context, a *model.RepairApplication) error {
	a.Version, a.CreatedAt = 1, db.Now()
	return translate(db.q(ctx).Create(a).Error, "repair")
}

// RepairByKey is the application that a user made under a key, nil when there is
// none.
func (db *DB) RepairByKey(ctx context.Context, userID int64, key string) (*model.RepairApplication, error) {
	var list []model.RepairApplication
	err := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "repair")
	}
	return &list[0], nil
}

// Repair is the application with the id; that its case is the actor's is the
// caller's matter.
func (db *DB) Repair(ctx context.Context, id int64) (*model.RepairApplication, error) {
	var a model.RepairApplication
	err := db.q(ctx).Take(&a, "id = ?", id).Error
	return &a, translate(err, "repair")
}

// UpdateRepair writes the decision on an application.
func (db *DB) UpdateRepair(ctx context.Context, a *model.RepairApplication, seen int64) error {
	a.Version = seen + 1
	return changed(db.q(ctx).Model(&model.RepairApplication{}).Where("id = ? AND version = ?", a.ID, seen).
		Select("measure_id", "state", "until_on", "former_until", "decision_reason", "decided_by", "decided_at", "revoke_reason", "revoked_by", "revoked_at", "open_key", "version").
		Updates(a), "repair")
}

// RepairsOf lists a debtor's applications in an enforcement case, the oldest
// first.
func (db *DB) RepairsOf(ctx context.Context, enforcementCaseID, partyID int64) ([]model.RepairApplication, error) {
	var out []model.RepairApplication
	err := db.q(ctx).Where("party_id = ? AND enforcement_case_id = ?", partyID, enforcementCaseID).Order("id").Find(&out).Error
	return out, translate(err, "repair")
}

// Listings lists a court's published list of dishonest debtors, the newest
// first: without what is suspended, whose term is over, minors and family
// cases. What is masked says so.
func (db *DB) Listings(ctx context.Context, courtID int64, search model.ListingSearch, before int64, limit int) ([]model.ListingLine, error) {
	today := model.DateOf(db.Now())
	holds := "r.revoked_at IS NULL AND (r.until_on IS NULL OR r.until_on >= ?)"
	q := db.q(ctx).Table("measures").Joins("JOIN enforcement_cases e ON e.id = measures.enforcement_case_id").
		Joins("JOIN cases ON cases.id = measures.case_id").Joins("JOIN parties ON parties.id = measures.party_id").
		Where("measures.court_id = ? AND measures.kind = ? AND measures.state = ? AND (measures.until_on IS NULL OR measures.until_on >= ?)", courtID, model.MeasureListing, model.MeasureInForce, today).
		Where("cases.family_case = ? AND parties.minor = ?", false, false).
		Where("NOT EXISTS (SELECT 1 FROM repair_applications r WHERE r.party_id = measures.party_id AND r.enforcement_case_id = measures.enforcement_case_id AND r.state = ? AND "+holds+")",
			model.RepairSuspended, today)
	if before > 0 {
		q = q.Where("measures.id < ?", before)
	}
	masked := "EXISTS (SELECT 1 FROM repair_applications r WHERE r.party_id = measures.party_id AND r.measure_id = measures.id AND r.state = ? AND " + holds + ")"
	if search.CaseNo != "" {
		q = q.Where("e.case_no = ?", search.CaseNo)
	}
	if search.Name != "" {
		q = q.Where("measures.subject_norm = ?", model.NormalizeName(search.Name))
	}
	if search.Number != "" {
		q = q.Where("measures.subject_hash = ?", db.LookupHash(LookupIDNumber, search.Number))
	}
	if search.Name != "" || search.Number != "" {
		q = q.Where("NOT "+masked, model.RepairMasked, today)
	}
	var out []model.ListingLine
	err := q.Select("measures.*, e.case_no AS case_no, "+masked+" AS masked", model.RepairMasked, today).Order("measures.id DESC").Limit(limit).Scan(&out).Error
	return out, translate(err, "measure")
}

// CaseRepairs lists the applications of a case, the oldest first.
func (db *DB) CaseRepairs(ctx context.Context, caseID int64) ([]model.RepairApplication, error) {
	var out []model.RepairApplication
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "repair")
}

// CaseRepairChecks lists the ticks of all applications of a case, the oldest
// first.
func (db *DB) CaseRepairChecks(ctx context.Context, caseID int64) ([]model.RepairCheck, error) {
	var out []model.RepairCheck
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "repair")
}

// RepairChecks lists the ticks of an application, the oldest first.
func (db *DB) RepairChecks(ctx context.Context, applicationID int64) ([]model.RepairCheck, error) {
	var out []model.RepairCheck
	err := db.q(ctx).Where("application_id = ?", applicationID).Order("id").Find(&out).Error
	return out, translate(err, "repair")
}

// AddRepairCheck adds a tick once by its author's key.
func (db *DB) AddRepairCheck(ctx context.Context, c *model.RepairCheck) (created bool, err error) {
	c.CreatedAt = db.Now()
	created, err = createOnce(db.q(ctx), c)
	return created, translate(err, "repair")
}

// Repairs lists a court's applications along repair_applications_court.
func (db *DB) Repairs(ctx context.Context, courtID int64, f model.RepairFilter) ([]model.RepairLine, error) {
	q := db.q(ctx).Table("repair_applications").Where("repair_applications.court_id = ? AND repair_applications.id > ?", courtID, f.After)
	if f.State != "" {
		q = q.Where("repair_applications.state = ?", f.State)
	}
	if f.OfficerID != 0 {
		q = q.Where("e.court_id = ? AND e.officer_id = ?", courtID, f.OfficerID) // along enforcement_cases_officer
	}
	var out []model.RepairLine
	err := q.Select("repair_applications.*, e.case_no AS case_no, p.name AS name").
		Joins("JOIN enforcement_cases e ON e.id = repair_applications.enforcement_case_id").Joins("JOIN parties p ON p.id = repair_applications.party_id").
		Order("repair_applications.id").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "repair")
}
