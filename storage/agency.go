package storage

import (
	"context"

	"microcourt/model"
)

// Agency is the court's agency with the id.
func (db *DB) Agency(ctx context.Context, courtID, id int64) (*model.Agency, error) {
	var a model.Agency
	err := db.q(ctx).Take(&a, "id = ? AND court_id = ?", id, courtID).Error
	return &a, translate(err, "agency")
}

// LockAgency is Agency for a transaction that changes it or what it owes.
func (db *DB) LockAgency(ctx context.Context, courtID, id int64) (*model.Agency, error) {
	var a model.Agency
	err := db.forUpdate(ctx).Take(&a, "id = ? AND court_id = ?", id, courtID).Error
	return &a, translate(err, "agency")
}

// AgencyByCode is the court's agency with the code.
func (db *DB) AgencyByCode(ctx context.Context, courtID int64, code string) (*model.Agency, error) {
	var a model.Agency
	err := db.q(ctx).Take(&a, "court_id = ? AND code = ?", courtID, code).Error
	return &a, translate(err, "agency")
}

// Agencies lists the court's agencies after the id.
func (db *DB) Agencies(ctx context.Context, courtID, after int64, limit int) ([]model.Agency, error) {
	var out []model.Agency
	err := db.q(ctx).Where("court_id = ? AND id > ?", courtID, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "agency")
}

// QueryAgencies lists the court's members, of which the court's officers choose
// whom to ask: a directory has some fifty.
func (db *DB) QueryAgencies(ctx context.Context, courtID int64) ([]model.Agency, error) {
	var out []model.Agency
	err := db.q(ctx).Where("court_id = ? AND ended_on IS NULL AND query_kinds <> '[]'", courtID).Order("id").Limit(500).Find(&out).Error
	return out, translate(err, "agency")
}

// AgencyNames are the names of agencies by id.
func (db *DB) AgencyNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	var list []model.Agency
	err := db.q(ctx).Select("id", "name").Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]string, len(list))
	for _, a := range list {
		out[a.ID] = a.Name
	}
	return out, translate(err, "agency")
}

// CreateAgency adds an agency unless its code is taken, and tells which.
func (db *DB) CreateAgency(ctx context.Context, a *model.Agency) (bool, error) {
	created, err := createOnce(db.q(ctx), a)
	return created, translate(err, "agency")
}

// UpdateAgency writes what may change of an agency that was seen in the version.
func (db *DB) UpdateAgency(ctx context.Context, a *model.Agency, seen int64) error {
	a.Version, a.UpdatedAt = seen+1, db.Now()
	return changed(db.q(ctx).Model(&model.Agency{}).Where("id = ? AND version = ?", a.ID, seen).
		Select("name", "kind", "query_kinds", "ended_on", "version", "updated_at").Updates(a), "agency")
}

// AgencyContacts lists the people of agencies.
func (db *DB) AgencyContacts(ctx context.Context, agencyIDs ...int64) ([]model.AgencyContact, error) {
	var out []model.AgencyContact
	err := db.q(ctx).Where("agency_id IN ?", agencyIDs).Order("agency_id, id").Find(&out).Error
	return out, translate(err, "contact")
}

// AgencyContact is an agency's person with the id.
func (db *DB) AgencyContact(ctx context.Context, agencyID, id int64) (*model.AgencyContact, error) {
	var c model.AgencyContact
	err := db.q(ctx).Take(&c, "id = ? AND agency_id = ?", id, agencyID).Error
	return &c, translate(err, "contact")
}

// CreateAgencyContact adds a person once by its author's key; a repeat reads the
// row that is there.
func (db *DB) CreateAgencyContact(ctx context.Context, c *model.AgencyContact) (bool, error) {
	created, err := createOnce(db.q(ctx), c)
	if err == nil && !created {
		var old model.AgencyContact
		err = db.q(ctx).Take(&old, "agency_id = ? AND created_by = ? AND idem_key = ?", c.AgencyID, c.CreatedBy, c.IdemKey).Error
		*c = old
	}
	return created, translate(err, "contact")
}

// UpdateAgencyContact writes what may change of a person who was seen in the
// version.
func (db *DB) UpdateAgencyContact(ctx context.Context, c *model.AgencyContact, seen int64) error {
	c.Version, c.UpdatedAt = seen+1, db.Now()
	return changed(db.q(ctx).Model(&model.AgencyContact{}).Where("id = ? AND version = ?", c.ID, seen).
		Select("role", "name", "title", "phone", "term_from", "term_until", "ended_on", "version", "updated_at").Updates(c), "contact")
}

// AddAgencyChanges adds entries to the history of agencies.
func (db *DB) AddAgencyChanges(ctx context.Context, by model.Actor, list []model.AgencyChange) error {
	for i := range list {
		list[i].ByUserID = by.UserID
	}
	return Insert(ctx, db, list)
}

// AgencyChanges lists an agency's history, the newest first, below the id when
// it is not 0.
func (db *DB) AgencyChanges(ctx context.Context, agencyID, before int64, limit int) ([]model.AgencyChange, error) {
	q := db.q(ctx).Where("agency_id = ?", agencyID)
	if before != 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.AgencyChange
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "agency")
}

// AgencyStaff lists the accounts of an agency.
func (db *DB) AgencyStaff(ctx context.Context, agencyID int64) ([]model.StaffMember, error) {
	var rows []model.StaffMember
	err := db.q(ctx).Table("users").Select("users.id AS user_id, staff_accounts.login, users.name, users.state, staff_accounts.must_change").
		Joins("JOIN staff_accounts ON staff_accounts.user_id = users.id").Where("users.agency_id = ? AND users.agency_id <> 0", agencyID).
		Order("users.id").Limit(200).Scan(&rows).Error
	return rows, translate(err, "staff")
}
