package storage

import (
	"context"

	"microcourt/model"
)

// President is a court's live mark of its president, nil when nobody has it; locked
// inside a transaction.
func (db *DB) President(ctx context.Context, courtID int64) (*model.President, error) {
	var p model.President
	res := db.forUpdate(ctx).Where("active_court = ?", courtID).Limit(1).Find(&p)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "president")
	}
	return &p, nil
}

// MarkPresident marks an account. There is one live mark a court.
func (db *DB) MarkPresident(ctx context.Context, p *model.President) error {
	p.ActiveCourt, p.MarkedAt = &p.CourtID, db.Now()
	return translate(db.q(ctx).Create(p).Error, "president")
}

// EndPresident ends a live mark.
func (db *DB) EndPresident(ctx context.Context, id, by int64, reason string) error {
	return changed(db.q(ctx).Model(&model.President{}).Where("id = ? AND ended_at IS NULL", id).
		Updates(map[string]any{"ended_at": db.Now(), "ended_by": by, "end_reason": reason, "active_court": nil}), "president")
}

// Presidents lists a court's marks, the newest first.
func (db *DB) Presidents(ctx context.Context, courtID int64) ([]model.President, error) {
	var out []model.President
	err := db.q(ctx).Where("court_id = ?", courtID).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "president")
}

// SigningAuthorities lists a court's written authorisations, the newest first.
func (db *DB) SigningAuthorities(ctx context.Context, courtID int64) ([]model.SigningAuthority, error) {
	var out []model.SigningAuthority
	err := db.q(ctx).Where("court_id = ?", courtID).Order("id DESC").Limit(500).Find(&out).Error
	return out, translate(err, "authority")
}

// SigningAuthorityByKey is the user's entry under a key; nil when there is none.
func (db *DB) SigningAuthorityByKey(ctx context.Context, userID int64, key string) (*model.SigningAuthority, error) {
	var a model.SigningAuthority
	res := db.q(ctx).Where("entered_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&a)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "authority")
	}
	return &a, nil
}

// SigningAuthorityOfFile is the authorisation whose paper a file is; nil for none.
func (db *DB) SigningAuthorityOfFile(ctx context.Context, fileID int64) (*model.SigningAuthority, error) {
	var a model.SigningAuthority
	res := db.q(ctx).Where("file_id = ?", fileID).Limit(1).Find(&a)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "authority")
	}
	return &a, nil
}

// AddSigningAuthority adds one, and makes its paper part of the court's record.
func (db *DB) AddSigningAuthority(ctx context.Context, a *model.SigningAuthority) error {
	err := changed(db.q(ctx).Model(&model.File{}).
		Where("id = ? AND court_id = ? AND user_id = ? AND case_id IS NULL AND agency_id = 0 AND state = ?", a.FileID, a.CourtID, a.EnteredBy, model.FileStored).
		Updates(map[string]any{"state": model.FileAttached, "updated_at": db.Now()}), "file")
	if err != nil {
		return err
	}
	a.CreatedAt = db.Now()
	return translate(db.q(ctx).Create(a).Error, "authority")
}

// EndSigningAuthority ends a live one of the court.
func (db *DB) EndSigningAuthority(ctx context.Context, courtID, id, by int64, reason string) error {
	return changed(db.q(ctx).Model(&model.SigningAuthority{}).Where("id = ? AND court_id = ? AND ended_at IS NULL", id, courtID).
		Updates(map[string]any{"ended_at": db.Now(), "ended_by": by, "end_reason": reason}), "authority")
}

// Signers are who may decide in a court today what the law gives to its president:
// those of them whose account is open and a leader's.
func (db *DB) Signers(ctx context.Context, courtID int64) (s model.Signers, err error) {
	s.Today = model.DateOf(db.Now())
	var p model.President
	res := db.q(ctx).Where("active_court = ?", courtID).Limit(1).Find(&p)
	if res.Error != nil || res.RowsAffected == 0 {
		return s, translate(res.Error, "president")
	}
	leaders, err := db.StaffWith(ctx, courtID, model.RoleLeader)
	if err != nil {
		return s, err
	}
	names := map[int64]string{}
	for _, l := range leaders {
		names[l.UserID] = l.Name
	}
	if s.Name = names[p.UserID]; s.Name == "" {
		return s, nil
	}
	s.President = p.UserID
	var given []model.SigningAuthority
	err = db.q(ctx).Where("court_id = ? AND president_id = ? AND ended_at IS NULL AND from_on <= ? AND until_on >= ?", courtID, p.ID, s.Today, s.Today).
		Order("id").Limit(100).Find(&given).Error
	for _, a := range given {
		if name := names[a.UserID]; name != "" {
			s.Deputies = append(s.Deputies, model.Deputy{SigningAuthority: a, Name: name})
		}
	}
	return s, translate(err, "authority")
}
