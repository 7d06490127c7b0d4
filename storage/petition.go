package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// visiblePetitions limits a query over petitions to those that the actor may
// see: an officer those in his enforcement cases, clerks and leaders their
// court's, a debtor his own, a relative those that he made himself.
func (db *DB) visiblePetitions(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx).Model(&model.Petition{})
	switch {
	case by.IsParty():
		return q.Where(`(petitions.relative_id IN (?) OR petitions.relative_id = 0 AND petitions.party_id IN
			(SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL))`, db.admitted(ctx, by).Select("relatives.id"), by.UserID)
	case by.Has(model.RoleClerk), by.Has(model.RoleLeader):
		return q.Where("petitions.court_id = ?", by.CourtID)
	case by.Has(model.RoleOfficer):
		owners, err := db.answersFor(ctx, by.UserID)
		_ = q.AddError(err)
		return q.Where("petitions.court_id = ? AND petitions.enforcement_case_id IN (SELECT id FROM enforcement_cases WHERE court_id = ? AND officer_id IN ?)",
			by.CourtID, by.CourtID, owners)
	}
	return q.Where("1 = 0")
}

// Petition is the petition with the id, if the actor may see it.
func (db *DB) Petition(ctx context.Context, by model.Actor, id int64) (*model.Petition, error) {
	var p model.Petition
	err := db.visiblePetitions(ctx, by).Take(&p, "petitions.id = ?", id).Error
	return &p, translate(err, "petition")
}

// PetitionOfFile is the petition to which a file belongs, 0 when it belongs to
// none.
func (db *DB) PetitionOfFile(ctx context.Context, fileID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Petition{}).Where("file_id = ?", fileID).Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "petition")
	}
	return ids[0], nil
}

// PetitionByKey is what the user entered under the key; nil when nothing.
func (db *DB) PetitionByKey(ctx context.Context, userID int64, key string) (*model.Petition, error) {
	var p model.Petition
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&p)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "petition")
	}
	return &p, nil
}

// OpenPetition is the petition of the kind from the same petitioner that is not
// decided yet, nil when there is none.
func (db *DB) OpenPetition(ctx context.Context, p model.Petition) (*model.Petition, error) {
	var found model.Petition
	res := db.q(ctx).Where("enforcement_case_id = ? AND party_id = ? AND relative_id = ? AND kind = ? AND state IN ?", p.EnforcementCaseID, p.PartyID, p.RelativeID,
		p.Kind, []model.PetitionState{model.PetitionOpen, model.PetitionForwarded}).Limit(1).Find(&found)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "petition")
	}
	return &found, nil
}

// CreatePetition adds a petition and its first entry.
func (db *DB) CreatePetition(ctx context.Context, p *model.Petition) error {
	p.Version = 1
	if err := db.q(ctx).Create(p).Error; err != nil {
		return translate(err, "petition")
	}
	return db.addPetitionEntry(ctx, p, p.UserID)
}

// UpdatePetition writes an answer to a petition that was at version seen, and
// its entry.
func (db *DB) UpdatePetition(ctx context.Context, p *model.Petition, seen int64) error {
	p.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.Petition{}).Where("id = ? AND version = ?", p.ID, seen).
		Select("state", "answer", "decided_by", "decided_at", "version").Updates(p), "petition")
	if err != nil {
		return err
	}
	return db.addPetitionEntry(ctx, p, p.DecidedBy)
}

func (db *DB) addPetitionEntry(ctx context.Context, p *model.Petition, by int64) error {
	e := model.PetitionEntry{PetitionID: p.ID, State: p.State, Answer: p.Answer, ByUserID: by}
	return translate(db.q(ctx).Create(&e).Error, "petition")
}

// PetitionEntries lists the steps of petitions.
func (db *DB) PetitionEntries(ctx context.Context, ids []int64) (map[int64][]model.PetitionEntry, error) {
	out := map[int64][]model.PetitionEntry{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.PetitionEntry
	err := db.q(ctx).Where("petition_id IN ?", ids).Order("id").Find(&rows).Error
	for _, e := range rows {
		out[e.PetitionID] = append(out[e.PetitionID], e)
	}
	return out, translate(err, "petition")
}

// Petitions lists those that the actor may see, the newest first.
func (db *DB) Petitions(ctx context.Context, by model.Actor, f model.PetitionFilter) ([]model.PetitionLine, error) {
	q := db.visiblePetitions(ctx, by)
	if f.CaseID != 0 {
		q = q.Where("petitions.case_id = ?", f.CaseID)
	}
	if f.EnforcementID != 0 {
		q = q.Where("petitions.enforcement_case_id = ?", f.EnforcementID)
	}
	if f.RelativeID != 0 {
		q = q.Where("petitions.relative_id = ?", f.RelativeID)
	}
	if f.Undecided {
		q = q.Where("petitions.state IN ?", []model.PetitionState{model.PetitionOpen, model.PetitionForwarded})
	}
	if f.Before > 0 {
		q = q.Where("petitions.id < ?", f.Before)
	}
	var out []model.PetitionLine
	err := q.Select("petitions.*, e.case_no, p.name AS debtor, e.officer_id AS owner_id, COALESCE(users.name, '') AS officer").
		Joins("JOIN enforcement_cases e ON e.id = petitions.enforcement_case_id").Joins("JOIN parties p ON p.id = petitions.party_id").
		Joins("LEFT JOIN users ON users.id = e.officer_id").Order("petitions.id DESC").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "petition")
}

// ReleasePetitions are the requests for early release of a debtor that are not
// decided yet, locked.
func (db *DB) ReleasePetitions(ctx context.Context, enforcementID, partyID int64) ([]model.Petition, error) {
	var out []model.Petition
	err := db.forUpdate(ctx).Where("enforcement_case_id = ? AND party_id = ? AND kind = ? AND state IN ?", enforcementID, partyID, model.PetitionRelease,
		[]model.PetitionState{model.PetitionOpen, model.PetitionForwarded}).Order("id").Find(&out).Error
	return out, translate(err, "petition")
}
