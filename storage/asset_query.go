package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

var errNoQuery = gorm.ErrRecordNotFound

// AssetQuery is the query with the id: an officer's if the enforcement case is
// his, any of the court's for a leader. For everyone else it is not found.
func (db *DB) AssetQuery(ctx context.Context, by model.Actor, id int64) (*model.AssetQuery, *model.EnforcementFile, error) {
	var q model.AssetQuery
	if err := db.q(ctx).Take(&q, "id = ?", id).Error; err != nil {
		return nil, nil, translate(err, "query")
	}
	e, err := db.EnforcementCase(ctx, by, q.EnforcementCaseID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return nil, nil, err
	}
	own := err == nil && by.UserID != 0 && e.OfficerID == by.UserID && by.Has(model.RoleOfficer)
	if err != nil || q.CourtID != by.CourtID || !own && !by.Has(model.RoleLeader) {
		return nil, nil, translate(errNoQuery, "query")
	}
	return &q, e, nil
}

// LockAssetQuery is AssetQuery for a transaction that changes it; its case is
// locked. own asks for the officer's own.
func (db *DB) LockAssetQuery(ctx context.Context, by model.Actor, id int64, own bool) (*model.AssetQuery, *model.EnforcementFile, *model.Case, error) {
	q, _, err := db.AssetQuery(ctx, by, id)
	if err != nil {
		return nil, nil, nil, err
	}
	e, cs, err := db.LockEnforcement(ctx, by, q.EnforcementCaseID)
	if err != nil {
		return nil, nil, nil, err
	}
	if own && e.OfficerID != by.UserID {
		return nil, nil, nil, translate(errNoQuery, "query")
	}
	var now model.AssetQuery // as it is under the case's lock
	err = db.forUpdate(ctx).Take(&now, "id = ?", id).Error
	return &now, e, cs, translate(err, "query")
}

// CreateAssetQuery adds a query unless the officer's key is taken, and tells which.
func (db *DB) CreateAssetQuery(ctx context.Context, q *model.AssetQuery) (bool, error) {
	q.CreatedAt = db.Now()
	created, err := createOnce(db.q(ctx), q)
	return created, translate(err, "query")
}

// AssetQueryByKey is the officer's query under the key, nil when there is none.
func (db *DB) AssetQueryByKey(ctx context.Context, userID int64, key string) (*model.AssetQuery, error) {
	var list []model.AssetQuery
	err := db.q(ctx).Where("requested_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "query")
	}
	return &list[0], nil
}

// UpdateAssetQuery writes how far a query has come.
func (db *DB) UpdateAssetQuery(ctx context.Context, q *model.AssetQuery, seen int64) error {
	q.Version = seen + 1
	return changed(db.q(ctx).Model(&model.AssetQuery{}).Where("id = ? AND version = ?", q.ID, seen).
		Select("agency", "agency_id", "state", "decided_by", "decided_at", "decide_reason", "sent_by", "sent_at", "reference", "due_on", "answered_on", "answered_by",
			"answered_key_id", "answered_at", "answer_note", "answer_key", "found", "cancel_reason", "version").Updates(q), "query")
}

// AddQueryAnswer adds what an answer holds.
func (db *DB) AddQueryAnswer(ctx context.Context, found []model.AssetFinding, files []model.AssetQueryFile) error {
	if err := Insert(ctx, db, found); err != nil {
		return err
	}
	return Insert(ctx, db, files)
}

// QueryAnswer is what an answer holds.
func (db *DB) QueryAnswer(ctx context.Context, id int64) (found []model.AssetFinding, files []model.File, err error) {
	if err := db.q(ctx).Where("query_id = ?", id).Order("seq").Find(&found).Error; err != nil {
		return nil, nil, translate(err, "query")
	}
	err = db.q(ctx).Omit("fingerprint").Where("id IN (SELECT file_id FROM asset_query_files WHERE query_id = ?)", id).Order("id").Find(&files).Error
	return found, files, translate(err, "file")
}

// MayLookAtAnswer refuses a look at a file of an agency's answer by somebody
// who may not see the query: the court's other staff, whatever their cases.
func (db *DB) MayLookAtAnswer(ctx context.Context, by model.Actor, fileID int64) error {
	var ids []int64
	err := db.q(ctx).Model(&model.AssetQueryFile{}).Where("file_id = ?", fileID).Limit(1).Pluck("query_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return translate(err, "file")
	}
	if by.AgencyID != 0 {
		_, err = db.AgencyQuery(ctx, by, ids[0])
	} else {
		_, _, err = db.AssetQuery(ctx, by, ids[0])
	}
	if err != nil {
		return model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看").WithCause(err)
	}
	return nil
}

// AssetQueries lists a court's queries, the newest first, without their
// answers.
func (db *DB) AssetQueries(ctx context.Context, courtID int64, f model.AssetQueryFilter) ([]model.AssetQueryLine, error) {
	q := db.q(ctx).Table("asset_queries").Where("asset_queries.court_id = ?", courtID)
	if f.OfficerID != 0 {
		q = q.Where("e.court_id = ? AND e.officer_id = ?", courtID, f.OfficerID) // along enforcement_cases_officer
	}
	if f.EnforcementCaseID != 0 {
		q = q.Where("asset_queries.enforcement_case_id = ?", f.EnforcementCaseID)
	}
	if f.PartyIDs != nil {
		q = q.Where("asset_queries.party_id IN ?", f.PartyIDs)
	}
	if f.State != "" {
		q = q.Where("asset_queries.state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("asset_queries.kind = ?", f.Kind)
	}
	if !f.SentFrom.IsZero() {
		q = q.Where("asset_queries.sent_at >= ? AND asset_queries.sent_at < ?", f.SentFrom.Start(), f.SentUntil.AddDays(1).Start())
	}
	if f.Before > 0 {
		q = q.Where("asset_queries.id < ?", f.Before)
	}
	var out []model.AssetQueryLine
	err := q.Select("asset_queries.*, e.case_no, parties.name AS party, COALESCE(users.name, '') AS officer").
		Joins("JOIN enforcement_cases e ON e.id = asset_queries.enforcement_case_id").Joins("JOIN parties ON parties.id = asset_queries.party_id").
		Joins("LEFT JOIN users ON users.id = e.officer_id").Order("asset_queries.id DESC").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "query")
}

// CountQueries counts the queries that went out from one instant until before
// another, by kind, in one query. officerID 0 counts the whole court's, agencyID
// narrows it to what one agency was asked at its own door.
func (db *DB) CountQueries(ctx context.Context, courtID, officerID, agencyID int64, from, until time.Time) ([]model.QueryCount, error) {
	q := db.q(ctx).Table("asset_queries").Where("asset_queries.court_id = ? AND asset_queries.sent_at >= ? AND asset_queries.sent_at < ?", courtID, from, until)
	if officerID != 0 {
		q = q.Where("asset_queries.enforcement_case_id IN (SELECT id FROM enforcement_cases WHERE officer_id = ?)", officerID)
	}
	if agencyID != 0 {
		q = q.Where("asset_queries.agency_id = ?", agencyID)
	}
	var out []model.QueryCount
	err := q.Select(`kind, COUNT(*) AS sent, SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END) AS answered,
		SUM(CASE WHEN state = 'answered' AND found > 0 THEN 1 ELSE 0 END) AS found`).Group("kind").Scan(&out).Error
	return out, translate(err, "query")
}

// AgencyQuery is the query with the id that was put to the actor's agency; for
// every other agency it is not found.
func (db *DB) AgencyQuery(ctx context.Context, by model.Actor, id int64) (*model.AssetQuery, error) {
	var q model.AssetQuery
	err := ownQueries(db.q(ctx), by).Take(&q, "asset_queries.id = ?", id).Error
	return &q, translate(err, "query")
}

// ownQueries limits a query over asset queries to those that were put to the
// actor's agency.
func ownQueries(q *gorm.DB, by model.Actor) *gorm.DB {
	return q.Where("asset_queries.court_id = ? AND asset_queries.agency_id = ? AND asset_queries.agency_id <> 0 AND asset_queries.sent_at IS NOT NULL", by.CourtID, by.AgencyID)
}

// LockAgencyQuery is AgencyQuery for a transaction that changes it; its case is
// locked.
func (db *DB) LockAgencyQuery(ctx context.Context, by model.Actor, id int64) (*model.AssetQuery, *model.EnforcementFile, *model.Case, error) {
	q, err := db.AgencyQuery(ctx, by, id)
	if err != nil {
		return nil, nil, nil, err
	}
	cs, err := db.LockCaseByID(ctx, q.CaseID)
	if err != nil {
		return nil, nil, nil, err
	}
	e, err := db.EnforcementFileByID(ctx, q.EnforcementCaseID)
	if err != nil {
		return nil, nil, nil, err
	}
	var now model.AssetQuery // as it is under the case's lock
	err = ownQueries(db.forUpdate(ctx), by).Take(&now, "asset_queries.id = ?", id).Error
	return &now, e, cs, translate(err, "query")
}

// AgencyQueries lists what was put to the actor's agency, the newest first.
func (db *DB) AgencyQueries(ctx context.Context, by model.Actor, f model.AssetQueryFilter) ([]model.AssetQueryLine, error) {
	q := ownQueries(db.q(ctx).Table("asset_queries"), by)
	if f.State != "" {
		q = q.Where("asset_queries.state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("asset_queries.kind = ?", f.Kind)
	}
	if f.Before > 0 {
		q = q.Where("asset_queries.id < ?", f.Before)
	}
	var out []model.AssetQueryLine
	err := q.Select("asset_queries.*, e.case_no").Joins("JOIN enforcement_cases e ON e.id = asset_queries.enforcement_case_id").
		Order("asset_queries.id DESC").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "query")
}
