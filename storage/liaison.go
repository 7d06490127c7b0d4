package storage

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"microcourt/model"
)

// liveLiaison is the condition under which an entry's term runs on a day.
const liveLiaison = "liaisons.from_on <= ? AND liaisons.until_on >= ?"

// IsLiaison tells whether the user has an entry in a roster whose term runs.
func (db *DB) IsLiaison(ctx context.Context, userID int64, today model.Date) (bool, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Liaison{}).Where("user_id = ?", userID).Where(liveLiaison, today, today).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err, "liaison")
}

// CaseOfLiaison is a case in which the user, as a liaison whose term runs, is
// working on a request; any other is not found.
func (db *DB) CaseOfLiaison(ctx context.Context, userID, caseID int64) (*model.Case, error) {
	today := model.DateOf(db.Now())
	var cs model.Case
	err := db.q(ctx).Take(&cs, `id = ? AND id IN (SELECT r.case_id FROM assistance_requests r JOIN liaisons ON liaisons.id = r.liaison_id
		WHERE r.case_id = ? AND r.state = ? AND liaisons.user_id = ? AND `+liveLiaison+`)`, caseID, caseID, model.AssistanceAccepted, userID, today, today).Error
	return &cs, translate(err, "case")
}

// AddVillage adds a village once by its names, and tells whether it is new.
func (db *DB) AddVillage(ctx context.Context, v *model.Village) (bool, error) {
	v.CreatedAt = db.Now()
	created, err := createOnce(db.q(ctx), v)
	if err == nil && !created {
		var old model.Village
		err = db.q(ctx).Take(&old, "court_id = ? AND town = ? AND name = ?", v.CourtID, v.Town, v.Name).Error
		*v = old
	}
	return created, translate(err, "village")
}

// VillagesByID are those of the ids that the court has.
func (db *DB) VillagesByID(ctx context.Context, courtID int64, ids []int64) ([]model.Village, error) {
	var out []model.Village
	err := db.q(ctx).Where("court_id = ? AND id IN ?", courtID, ids).Order("town, name").Find(&out).Error
	return out, translate(err, "village")
}

// maxVillages bounds the coverage, which is shown whole; a district has some
// hundreds.
const maxVillages = 5000

// Villages lists a court's villages by town with whoever is their liaison on
// the day.
func (db *DB) Villages(ctx context.Context, courtID int64, today model.Date) ([]model.VillageLine, error) {
	var list []model.Village
	if err := db.q(ctx).Where("court_id = ?", courtID).Order("town, name").Limit(maxVillages).Find(&list).Error; err != nil {
		return nil, translate(err, "village")
	}
	var names []struct {
		VillageID int64
		Name      string
	}
	err := db.q(ctx).Table("liaison_villages AS lv").Select("lv.village_id, liaisons.name").Joins("JOIN liaisons ON liaisons.id = lv.liaison_id").
		Where("liaisons.court_id = ? AND lv.ended_at IS NULL", courtID).Where(liveLiaison, today, today).Order("liaisons.id").Scan(&names).Error
	if err != nil {
		return nil, translate(err, "liaison")
	}
	by := map[int64][]string{}
	for _, n := range names {
		by[n.VillageID] = append(by[n.VillageID], n.Name)
	}
	out := make([]model.VillageLine, len(list))
	for i, v := range list {
		out[i] = model.VillageLine{Village: v, Liaisons: by[v.ID]}
	}
	return out, nil
}

// Liaisons lists a court's roster, the newest entry first.
func (db *DB) Liaisons(ctx context.Context, courtID, before int64, limit int) ([]model.LiaisonLine, error) {
	q := db.q(ctx).Where("court_id = ?", courtID)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var list []model.Liaison
	if err := q.Order("id DESC").Limit(limit).Find(&list).Error; err != nil {
		return nil, translate(err, "liaison")
	}
	return db.liaisonLines(ctx, list)
}

func (db *DB) liaisonLines(ctx context.Context, list []model.Liaison) ([]model.LiaisonLine, error) {
	out := make([]model.LiaisonLine, len(list))
	at := map[int64]int{}
	ids := make([]int64, len(list))
	for i, l := range list {
		out[i].Liaison, at[l.ID], ids[i] = l, i, l.ID
	}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		LiaisonID int64
		model.Village
	}
	err := db.q(ctx).Table("liaison_villages AS lv").Select("lv.liaison_id, v.id, v.court_id, v.town, v.name, v.created_at").
		Joins("JOIN villages v ON v.id = lv.village_id").Where("lv.liaison_id IN ? AND lv.ended_at IS NULL", ids).Order("v.town, v.name").Scan(&rows).Error
	for _, r := range rows {
		l := &out[at[r.LiaisonID]]
		l.Villages = append(l.Villages, r.Village)
	}
	return out, translate(err, "liaison")
}

// Liaison is the court's entry with the id, locked inside a transaction.
func (db *DB) Liaison(ctx context.Context, courtID, id int64) (*model.LiaisonLine, error) {
	var l model.Liaison
	if err := db.forUpdate(ctx).Take(&l, "id = ? AND court_id = ?", id, courtID).Error; err != nil {
		return nil, translate(err, "liaison")
	}
	lines, err := db.liaisonLines(ctx, []model.Liaison{l})
	if err != nil {
		return nil, err
	}
	return &lines[0], nil
}

// LiaisonHistory lists what was done to an entry, the newest first.
func (db *DB) LiaisonHistory(ctx context.Context, id int64) ([]model.LiaisonEntry, error) {
	var out []model.LiaisonEntry
	err := db.q(ctx).Where("liaison_id = ?", id).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "liaison")
}

// LiaisonByKey is the entry that the user added under the key, nil when there
// is none.
func (db *DB) LiaisonByKey(ctx context.Context, userID int64, key string) (*model.Liaison, error) {
	var list []model.Liaison
	err := db.q(ctx).Where("created_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "liaison")
	}
	return &list[0], nil
}

// LiaisonOfPhone is the court's entry with the phone whose term is not over on a day,
// nil when there is none.
func (db *DB) LiaisonOfPhone(ctx context.Context, courtID int64, phone string, today model.Date) (*model.LiaisonLine, error) {
	var list []model.Liaison
	err := db.q(ctx).Where("court_id = ? AND phone_hash = ? AND until_on >= ?", courtID, db.LookupHash(LookupPhone, phone), today).Order("id DESC").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "liaison")
	}
	lines, err := db.liaisonLines(ctx, list)
	if err != nil {
		return nil, err
	}
	return &lines[0], nil
}

// CreateLiaison adds an entry unless its key is taken, and tells which.
func (db *DB) CreateLiaison(ctx context.Context, l *model.Liaison) (bool, error) {
	l.PhoneHash = db.LookupHash(LookupPhone, l.Phone)
	created, err := createOnce(db.q(ctx), l)
	return created, translate(err, "liaison")
}

// UpdateLiaison writes an entry that was at version seen.
func (db *DB) UpdateLiaison(ctx context.Context, l *model.Liaison, seen int64) error {
	l.Version, l.PhoneHash = seen+1, db.LookupHash(LookupPhone, l.Phone)
	return changed(db.q(ctx).Model(&model.Liaison{}).Where("id = ? AND version = ?", l.ID, seen).
		Select("name", "phone", "phone_hash", "from_on", "until_on", "user_id", "version", "updated_at").Updates(l), "liaison")
}

// SetLiaisonVillages makes the villages those of an entry: what is no more his
// ends, and stays in the record.
func (db *DB) SetLiaisonVillages(ctx context.Context, liaisonID int64, old, now []int64) error {
	var gone []int64
	for _, v := range old {
		if !slices.Contains(now, v) {
			gone = append(gone, v)
		}
	}
	if len(gone) > 0 {
		err := db.q(ctx).Model(&model.LiaisonVillage{}).Where("liaison_id = ? AND village_id IN ? AND ended_at IS NULL", liaisonID, gone).
			Update("ended_at", db.Now()).Error
		if err != nil {
			return translate(err, "liaison")
		}
	}
	var rows []model.LiaisonVillage
	for _, v := range now {
		if !slices.Contains(old, v) {
			rows = append(rows, model.LiaisonVillage{LiaisonID: liaisonID, VillageID: v, AddedAt: db.Now()})
		}
	}
	return Insert(ctx, db, rows)
}

// AddLiaisonEntry adds a line to an entry's history.
func (db *DB) AddLiaisonEntry(ctx context.Context, e model.LiaisonEntry) error {
	e.CreatedAt = db.Now()
	return translate(db.q(ctx).Create(&e).Error, "liaison")
}

// VoidLiaisonCodes ends the unused codes of an entry.
func (db *DB) VoidLiaisonCodes(ctx context.Context, liaisonID int64) error {
	return translate(db.q(ctx).Model(&model.LiaisonCode{}).Where("liaison_id = ? AND used_at IS NULL AND voided_at IS NULL", liaisonID).
		Update("voided_at", db.Now()).Error, "liaison_code")
}

// CreateLiaisonCode adds a code; older unused ones of the entry end.
func (db *DB) CreateLiaisonCode(ctx context.Context, c *model.LiaisonCode) error {
	if err := db.VoidLiaisonCodes(ctx, c.LiaisonID); err != nil {
		return err
	}
	c.CreatedAt = db.Now()
	return translate(db.q(ctx).Create(c).Error, "liaison_code")
}

// LiaisonCode is the code with the hash, locked for the rest of the
// transaction.
func (db *DB) LiaisonCode(ctx context.Context, hash string) (*model.LiaisonCode, error) {
	var c model.LiaisonCode
	err := db.forUpdate(ctx).Take(&c, "code_hash = ?", hash).Error
	return &c, translate(err, "liaison_code")
}

// UseLiaisonCode marks a code as used; a code is used once.
func (db *DB) UseLiaisonCode(ctx context.Context, id, userID int64) error {
	return changed(db.q(ctx).Model(&model.LiaisonCode{}).Where("id = ? AND used_at IS NULL", id).
		Updates(map[string]any{"used_at": db.Now(), "used_by": userID}), "liaison_code")
}

// LiaisonOf is the liaison of a village on a day, one with a bound phone before
// one without; nil when there is none.
func (db *DB) LiaisonOf(ctx context.Context, villageID int64, today model.Date) (*model.Liaison, error) {
	var list []model.Liaison
	err := db.q(ctx).Where("id IN (SELECT liaison_id FROM liaison_villages WHERE village_id = ? AND ended_at IS NULL)", villageID).
		Where(liveLiaison, today, today).Order("CASE WHEN user_id = 0 THEN 1 ELSE 0 END, id").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "liaison")
	}
	return &list[0], nil
}

// CreateAssistance adds a request unless the officer's key is taken, and tells
// which.
func (db *DB) CreateAssistance(ctx context.Context, a *model.Assistance) (bool, error) {
	created, err := createOnce(db.q(ctx), a)
	return created, translate(err, "assistance")
}

// AssistanceByKey is the officer's request under the key, nil when there is
// none.
func (db *DB) AssistanceByKey(ctx context.Context, userID int64, key string) (*model.Assistance, error) {
	var list []model.Assistance
	err := db.q(ctx).Where("requested_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "assistance")
	}
	return &list[0], nil
}

// UpdateAssistance writes how far a request has come.
func (db *DB) UpdateAssistance(ctx context.Context, a *model.Assistance, seen int64) error {
	a.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Assistance{}).Where("id = ? AND version = ?", a.ID, seen).
		Select("state", "reason", "answer", "answered_at", "close_note", "closed_at", "version", "updated_at").Updates(a), "assistance")
}

// LockAssistance is a request with its enforcement case and case, locked: the
// officer's own, or the one whose liaison the user is while his term runs.
func (db *DB) LockAssistance(ctx context.Context, by model.Actor, id int64, liaison bool) (*model.Assistance, *model.EnforcementCase, *model.Case, error) {
	f := model.AssistanceFilter{OfficerID: by.UserID, Limit: 1}
	if liaison {
		f = model.AssistanceFilter{UserID: by.UserID, Today: model.DateOf(db.Now()), Limit: 1}
	}
	var seen model.Assistance
	if by.UserID == 0 {
		return nil, nil, nil, translate(gorm.ErrRecordNotFound, "assistance")
	}
	if err := db.assistance(ctx, f).Select("assistance_requests.*").Where("assistance_requests.id = ?", id).Take(&seen).Error; err != nil {
		return nil, nil, nil, translate(err, "assistance")
	}
	if !liaison && seen.CourtID != by.CourtID {
		return nil, nil, nil, translate(gorm.ErrRecordNotFound, "assistance")
	}
	cs, err := db.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return nil, nil, nil, err
	}
	var a model.Assistance // as it is under the case's lock
	if err := db.forUpdate(ctx).Take(&a, "id = ?", id).Error; err != nil {
		return nil, nil, nil, translate(err, "assistance")
	}
	var e model.EnforcementCase
	err = db.q(ctx).Take(&e, "id = ?", a.EnforcementCaseID).Error
	return &a, &e, cs, translate(err, "enforcement")
}

// assistance is the list of requests that a filter leaves.
func (db *DB) assistance(ctx context.Context, f model.AssistanceFilter) *gorm.DB {
	q := db.q(ctx).Table("assistance_requests").Joins("JOIN enforcement_cases e ON e.id = assistance_requests.enforcement_case_id").
		Joins("JOIN liaisons ON liaisons.id = assistance_requests.liaison_id").Joins("JOIN villages ON villages.id = assistance_requests.village_id")
	if f.OfficerID != 0 {
		q = q.Where("e.officer_id = ?", f.OfficerID)
	}
	if f.UserID != 0 {
		q = q.Where("liaisons.user_id = ?", f.UserID).Where(liveLiaison, f.Today, f.Today)
	}
	if f.EnforcementCaseID != 0 {
		q = q.Where("assistance_requests.enforcement_case_id = ?", f.EnforcementCaseID)
	}
	if f.PartyIDs != nil {
		q = q.Where("assistance_requests.party_id IN ?", f.PartyIDs)
	}
	if f.State != "" {
		q = q.Where("assistance_requests.state = ?", f.State)
	}
	if f.Before > 0 {
		q = q.Where("assistance_requests.id < ?", f.Before)
	}
	return q
}

// Assistances lists requests, the newest first: a court's, or (courtID 0) those
// of one liaison in whichever court. id narrows it to one, 0 for all.
func (db *DB) Assistances(ctx context.Context, courtID, id int64, f model.AssistanceFilter) ([]model.AssistanceLine, error) {
	if courtID == 0 && f.UserID == 0 {
		return nil, nil
	}
	q := db.assistance(ctx, f)
	if courtID != 0 {
		q = q.Where("assistance_requests.court_id = ?", courtID)
	}
	if id != 0 {
		q = q.Where("assistance_requests.id = ?", id)
	}
	var out []model.AssistanceLine
	err := q.Select("assistance_requests.*, e.case_no, villages.town, villages.name AS village, liaisons.name AS liaison, COALESCE(users.name, '') AS officer").
		Joins("LEFT JOIN users ON users.id = e.officer_id").Order("assistance_requests.id DESC").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "assistance")
}

// AddAssistanceFiles makes files part of an answer.
func (db *DB) AddAssistanceFiles(ctx context.Context, files []model.AssistanceFile) error {
	return Insert(ctx, db, files)
}

// AssistanceFiles lists the files of an answer.
func (db *DB) AssistanceFiles(ctx context.Context, id int64) ([]model.File, error) {
	var out []model.File
	err := db.q(ctx).Omit("fingerprint").Where("id IN (SELECT file_id FROM assistance_files WHERE request_id = ?)", id).Order("id").Find(&out).Error
	return out, translate(err, "file")
}

// LiaisonRoles are the entries of a user in rosters whose term runs.
func (db *DB) LiaisonRoles(ctx context.Context, userID int64, today model.Date) ([]model.LiaisonRole, error) {
	var list []model.Liaison
	if err := db.q(ctx).Where("user_id = ?", userID).Where(liveLiaison, today, today).Order("id").Limit(20).Find(&list).Error; err != nil || len(list) == 0 {
		return nil, translate(err, "liaison")
	}
	lines, err := db.liaisonLines(ctx, list)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, l := range list {
		ids[i] = l.CourtID
	}
	var courts []model.Court
	if err := db.q(ctx).Select("id", "name").Where("id IN ?", ids).Find(&courts).Error; err != nil {
		return nil, translate(err, "court")
	}
	names := map[int64]string{}
	for _, c := range courts {
		names[c.ID] = c.Name
	}
	out := make([]model.LiaisonRole, len(lines))
	for i, l := range lines {
		out[i] = model.LiaisonRole{LiaisonLine: l, Court: names[l.CourtID]}
	}
	return out, nil
}
