package storage

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// admitted are the actor's links to debtors that let him see anything of
// theirs. It is the one place that says what a relative sees: conversations,
// matters, receipts and files of a relative all ask it.
func (db *DB) admitted(ctx context.Context, by model.Actor) *gorm.DB {
	if !by.Has(model.RoleRelative) {
		return db.q(ctx).Model(&model.Relative{}).Where("1 = 0")
	}
	return db.q(ctx).Model(&model.Relative{}).Where("relatives.user_id = ? AND relatives.state = ?", by.UserID, model.RelativeAdmitted)
}

// AdmittedRelative is the actor's own link that was admitted; anything else is
// not found.
func (db *DB) AdmittedRelative(ctx context.Context, by model.Actor, id int64) (*model.Relative, error) {
	var r model.Relative
	err := db.admitted(ctx, by).Take(&r, "relatives.id = ?", id).Error
	return &r, translate(err, "relative")
}

// AdmittedRelatives are the actor's links that were admitted, the newest first.
func (db *DB) AdmittedRelatives(ctx context.Context, by model.Actor) ([]model.Relative, error) {
	var out []model.Relative
	err := db.admitted(ctx, by).Order("relatives.id DESC").Limit(maxGroup).Find(&out).Error
	return out, translate(err, "relative")
}

// AdmittedTo tells whether the actor is an admitted relative in a case.
func (db *DB) AdmittedTo(ctx context.Context, by model.Actor, caseID int64) (bool, error) {
	var n int64
	err := db.admitted(ctx, by).Where("relatives.case_id = ?", caseID).Count(&n).Error
	return n > 0, translate(err, "relative")
}

// visibleRelatives limits a query over links to those that the actor may see:
// a relative his own, an officer those he decides, clerks and leaders their
// court's.
func (db *DB) visibleRelatives(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx).Model(&model.Relative{})
	switch {
	case by.IsParty():
		return q.Where("relatives.user_id = ?", by.UserID)
	case by.Has(model.RoleClerk), by.Has(model.RoleLeader):
		return q.Where("relatives.court_id = ?", by.CourtID)
	case by.Has(model.RoleOfficer):
		// What was asked of an officer who left waits for any of his colleagues.
		owners, err := db.answersFor(ctx, by.UserID)
		_ = q.AddError(err)
		return q.Where(`relatives.court_id = ? AND (relatives.officer_id IN ? OR relatives.state = ? AND relatives.officer_id IN
			(SELECT id FROM users WHERE state = ?))`, by.CourtID, owners, model.RelativeAsked, model.UserDisabled)
	}
	return q.Where("1 = 0")
}

// Relative is the link with the id, if the actor may see it; otherwise
// NotFound.
func (db *DB) Relative(ctx context.Context, by model.Actor, id int64) (*model.Relative, error) {
	var r model.Relative
	err := db.visibleRelatives(ctx, by).Take(&r, "relatives.id = ?", id).Error
	return &r, translate(err, "relative")
}

// RelativeByID is the link with the id, for who was let in by something that
// belongs to it.
func (db *DB) RelativeByID(ctx context.Context, id int64) (*model.Relative, error) {
	var r model.Relative
	err := db.q(ctx).Take(&r, "id = ?", id).Error
	return &r, translate(err, "relative")
}

// InvitedRelative is a link that came by an invitation of a party for whom the
// actor acts.
func (db *DB) InvitedRelative(ctx context.Context, by model.Actor, id int64) (*model.Relative, error) {
	var r model.Relative
	err := db.q(ctx).Where("party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID).
		Take(&r, "id = ? AND via = ?", id, model.ViaInvitation).Error
	return &r, translate(err, "relative")
}

// InvitedRelatives lists those whom the actor's parties of a case invited.
func (db *DB) InvitedRelatives(ctx context.Context, by model.Actor, caseID int64) ([]model.Relative, error) {
	var out []model.Relative
	err := db.q(ctx).Where("case_id = ? AND via = ? AND party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)",
		caseID, model.ViaInvitation, by.UserID).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "relative")
}

// RelativeByKey is what the user asked under the key; nil when nothing.
func (db *DB) RelativeByKey(ctx context.Context, userID int64, key string) (*model.Relative, error) {
	var r model.Relative
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&r)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "relative")
	}
	return &r, nil
}

// LinkOf is the user's link to a debtor that is not over, nil when there is
// none.
func (db *DB) LinkOf(ctx context.Context, userID, enforcementID, partyID int64) (*model.Relative, error) {
	var r model.Relative
	res := db.q(ctx).Where("user_id = ? AND enforcement_case_id = ? AND party_id = ? AND state IN ?", userID, enforcementID, partyID,
		[]model.RelativeState{model.RelativeAsked, model.RelativeAdmitted, model.RelativeBlocked}).Order("id DESC").Limit(1).Find(&r)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "relative")
	}
	return &r, nil
}

// BlockedIn tells whether an officer of the court blocked the user.
func (db *DB) BlockedIn(ctx context.Context, userID, courtID int64) (bool, error) {
	var n int64
	err := db.q(ctx).Model(&model.Relative{}).Where("user_id = ? AND state = ? AND court_id = ?", userID, model.RelativeBlocked, courtID).Count(&n).Error
	return n > 0, translate(err, "relative")
}

// RelativesSince counts what a user asked since t.
func (db *DB) RelativesSince(ctx context.Context, userID int64, t time.Time) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Relative{}).Where("user_id = ? AND created_at > ?", userID, t).Count(&n).Error
	return n, translate(err, "relative")
}

// CreateRelative adds a link and its first entry.
func (db *DB) CreateRelative(ctx context.Context, r *model.Relative) error {
	r.Version = 1
	if err := db.q(ctx).Create(r).Error; err != nil {
		return translate(err, "relative")
	}
	return db.addRelativeEntry(ctx, r, r.UserID)
}

// UpdateRelative writes a step of a link that was at version seen, and its
// entry.
func (db *DB) UpdateRelative(ctx context.Context, r *model.Relative, seen int64) error {
	r.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.Relative{}).Where("id = ? AND version = ?", r.ID, seen).
		Select("state", "officer_id", "case_id", "enforcement_case_id", "party_id", "decided_by", "decided_at", "reason", "version", "updated_at").Updates(r), "relative")
	if err != nil {
		return err
	}
	return db.addRelativeEntry(ctx, r, r.DecidedBy)
}

func (db *DB) addRelativeEntry(ctx context.Context, r *model.Relative, by int64) error {
	e := model.RelativeEntry{RelativeID: r.ID, State: r.State, ByUserID: by, Reason: r.Reason}
	return translate(db.q(ctx).Create(&e).Error, "relative")
}

// RelativeEntries lists the steps of a link.
func (db *DB) RelativeEntries(ctx context.Context, id int64) ([]model.RelativeEntry, error) {
	var out []model.RelativeEntry
	err := db.q(ctx).Where("relative_id = ?", id).Order("id").Find(&out).Error
	return out, translate(err, "relative")
}

// Relatives lists the links that the actor may see, those that wait the oldest
// first, others the newest first. after is where the page before ended.
func (db *DB) Relatives(ctx context.Context, by model.Actor, state model.RelativeState, enforcementID, after int64, limit int) ([]model.RelativeLine, error) {
	q := db.visibleRelatives(ctx, by)
	order := "relatives.id DESC"
	if state != "" {
		q = q.Where("relatives.state = ?", state)
	}
	if enforcementID != 0 {
		q = q.Where("relatives.enforcement_case_id = ?", enforcementID)
	}
	switch {
	case state == model.RelativeAsked:
		q, order = q.Where("relatives.id > ?", after), "relatives.id"
	case after > 0:
		q = q.Where("relatives.id < ?", after)
	}
	var out []model.RelativeLine
	err := relativeLines(q).Order(order).Limit(limit).Find(&out).Error
	return out, translate(err, "relative")
}

// RelativeLine is Relative with what a list shows beside it.
func (db *DB) RelativeLine(ctx context.Context, by model.Actor, id int64) (*model.RelativeLine, error) {
	var l model.RelativeLine
	err := relativeLines(db.visibleRelatives(ctx, by)).Take(&l, "relatives.id = ?", id).Error
	return &l, translate(err, "relative")
}

func relativeLines(q *gorm.DB) *gorm.DB {
	return q.Select(`relatives.*, COALESCE(users.name, '') AS officer, COALESCE(e.case_no, '') AS basis, COALESCE(p.name, '') AS debtor,
		COALESCE(conversations.id, 0) AS conversations`).
		Joins("LEFT JOIN users ON users.id = relatives.officer_id").Joins("LEFT JOIN enforcement_cases e ON e.id = relatives.enforcement_case_id").
		Joins("LEFT JOIN parties p ON p.id = relatives.party_id").
		Joins("LEFT JOIN conversations ON conversations.relative_id = relatives.id AND conversations.relative_id <> 0")
}

// CountRelatives counts the links in a state that the actor may see, up to
// CountCeiling.
func (db *DB) CountRelatives(ctx context.Context, by model.Actor, state model.RelativeState) (int64, error) {
	n, err := db.upTo(ctx, db.visibleRelatives(ctx, by).Where("relatives.state = ?", state))
	return n, translate(err, "relative")
}

// DebtorCandidates lists the debtors with one of the names whom the officer, or
// somebody for whom he stands in, enforces against.
func (db *DB) DebtorCandidates(ctx context.Context, by model.Actor, names []string) (map[string][]model.DebtorCandidate, error) {
	out := map[string][]model.DebtorCandidate{}
	if len(names) == 0 {
		return out, nil
	}
	slices.Sort(names)
	owners, err := db.answersFor(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		model.DebtorCandidate
		NameNorm string
	}
	err = db.q(ctx).Table("parties AS p").Joins("JOIN enforcement_parties ep ON ep.party_id = p.id").Joins("JOIN enforcement_cases e ON e.id = ep.enforcement_case_id").
		Where("p.court_id = ? AND p.name_norm IN ? AND ep.role = ? AND e.kind <> ?", by.CourtID, slices.Compact(names), model.EnforcementDebtor, model.EnforcementPreservation).
		Where("e.officer_id IN ?", owners).Select("e.id AS enforcement_case_id, e.case_id, p.id AS party_id, e.case_no, p.name AS debtor, p.name_norm").
		Order("e.id DESC").Limit(500).Scan(&rows).Error
	for _, r := range rows {
		out[r.NameNorm] = append(out[r.NameNorm], r.DebtorCandidate)
	}
	return out, translate(err, "relative")
}

// officers are the active holders of the officer's role with their courts.
func (db *DB) officers(ctx context.Context) *gorm.DB {
	return db.q(ctx).Table("users").Select("users.id, users.name, users.court_id, courts.name AS court, courts.phone").
		Joins("JOIN role_grants g ON g.user_id = users.id AND g.court_id = users.court_id AND g.role = ? AND g.revoked_at IS NULL", model.RoleOfficer).
		Joins("JOIN courts ON courts.id = users.court_id").Where("users.state = ?", model.UserActive)
}

// Officers finds officers by the beginning of their name, of their court's, or
// of a town or village of its district.
func (db *DB) Officers(ctx context.Context, text string, limit int) ([]model.Officer, error) {
	like := likePrefix(text)
	if like == "%" {
		return nil, nil
	}
	var out []model.Officer
	err := db.officers(ctx).Where(`(LOWER(users.name) LIKE LOWER(?) OR courts.name LIKE ? OR courts.short_name LIKE ? OR
		courts.id IN (SELECT court_id FROM villages WHERE name LIKE ? OR town LIKE ?))`, like, like, like, like, like).
		Order("courts.id, users.name, users.id").Limit(limit).Scan(&out).Error
	return out, translate(err, "officer")
}

// Officer is the officer with the id; anybody else is not found.
func (db *DB) Officer(ctx context.Context, id int64) (*model.Officer, error) {
	var out model.Officer
	err := db.officers(ctx).Where("users.id = ?", id).Take(&out).Error
	return &out, translate(err, "officer")
}

// CreateRelativeCode adds a code.
func (db *DB) CreateRelativeCode(ctx context.Context, c *model.RelativeCode) error {
	return translate(db.q(ctx).Create(c).Error, "relative_code")
}

// RelativeCode is the code with the hash, locked when inside a transaction.
func (db *DB) RelativeCode(ctx context.Context, hash string) (*model.RelativeCode, error) {
	var c model.RelativeCode
	err := db.forUpdate(ctx).Take(&c, "code_hash = ?", hash).Error
	return &c, translate(err, "relative_code")
}

// UseRelativeCode records the first use of a code.
func (db *DB) UseRelativeCode(ctx context.Context, id, userID int64) error {
	return translate(db.q(ctx).Model(&model.RelativeCode{}).Where("id = ? AND used_at IS NULL", id).
		Updates(map[string]any{"used_at": db.Now(), "used_by": userID}).Error, "relative_code")
}

// VoidRelativeCodes ends the codes of a way for a debtor.
func (db *DB) VoidRelativeCodes(ctx context.Context, enforcementID, partyID int64, via model.RelativeVia) error {
	return translate(db.q(ctx).Model(&model.RelativeCode{}).
		Where("enforcement_case_id = ? AND party_id = ? AND via = ? AND voided_at IS NULL", enforcementID, partyID, via).
		Update("voided_at", db.Now()).Error, "relative_code")
}

// RelativesByID are links by their ids, for who was let in by something that
// belongs to them.
func (db *DB) RelativesByID(ctx context.Context, ids []int64) (map[int64]model.Relative, error) {
	out := map[int64]model.Relative{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.Relative
	err := db.q(ctx).Where("id IN ?", ids).Find(&rows).Error
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, translate(err, "relative")
}

// relativeNames are the names behind the links of some lines.
func relativeNames[T any](ctx context.Context, db *DB, lines []T, of func(T) int64) (map[int64]string, error) {
	var ids []int64
	for _, l := range lines {
		if id := of(l); id != 0 {
			ids = append(ids, id)
		}
	}
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.Relative
	err := db.q(ctx).Select("id", "name").Where("id IN ?", ids).Find(&rows).Error
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, translate(err, "relative")
}

// RelativesOf are a user's links to debtors, the newest first.
func (db *DB) RelativesOf(ctx context.Context, userID int64) ([]model.Relative, error) {
	var out []model.Relative
	err := db.q(ctx).Where("user_id = ?", userID).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "relative")
}
