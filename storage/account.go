package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// KnowPlace notes that a staff member logged in from there.
func (db *DB) KnowPlace(ctx context.Context, userID int64, place string) error {
	if place == "" {
		return nil
	}
	row := model.KnownPlace{UserID: userID, Place: place, CreatedAt: db.Now(), LastUsedAt: db.Now()}
	return translate(db.q(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "user_id"}, {Name: "place"}}, DoUpdates: clause.AssignmentColumns([]string{"last_used_at"}),
	}).Create(&row).Error, "place")
}

// RenamePlace makes a place known under another name to everybody who logged in
// from there. One that nobody knows stays unknown.
func (db *DB) RenamePlace(ctx context.Context, from, to string) error {
	return translate(db.q(ctx).Model(&model.KnownPlace{}).Where("place = ?", from).Update("place", to).Error, "place")
}

// KnownPlaces are those of the places from which the staff member logged in
// since a time.
func (db *DB) KnownPlaces(ctx context.Context, userID int64, places []string, since time.Time) ([]string, error) {
	var out []string
	err := db.q(ctx).Model(&model.KnownPlace{}).Where("user_id = ? AND place IN ? AND last_used_at > ?", userID, places, since).Pluck("place", &out).Error
	return out, translate(err, "place")
}

// ForgetPlaces makes every place strange to a staff member again.
func (db *DB) ForgetPlaces(ctx context.Context, userID int64) error {
	return translate(db.q(ctx).Delete(&model.KnownPlace{}, "user_id = ?", userID).Error, "place")
}

// LinkStaff ties a staff account to a WeChat user; either is tied to one at a
// time, what was before ends.
func (db *DB) LinkStaff(ctx context.Context, userID, staffID int64) error {
	if err := db.endLinks(ctx, staffID, "staff_user_id = ? OR user_id = ?", staffID, userID); err != nil {
		return err
	}
	link := model.StaffLink{StaffUserID: staffID, UserID: userID, CreatedAt: db.Now(), ActiveStaff: &staffID, ActiveUser: &userID}
	if err := db.q(ctx).Create(&link).Error; err != nil {
		return translate(err, "staff_link")
	}
	return translate(db.q(ctx).Model(&model.WeChatIdentity{}).Where("user_id = ?", userID).Update("staff_user_id", staffID).Error, "wechat")
}

// EndLinks ends the tie of a staff account to WeChat, and the phone's sessions.
// by is who ends it, 0 for the program. It tells whether there was one.
func (db *DB) EndLinks(ctx context.Context, staffID, by int64) (bool, error) {
	var users []int64
	err := db.q(ctx).Model(&model.StaffLink{}).Where("staff_user_id = ? AND ended_at IS NULL", staffID).Pluck("user_id", &users).Error
	if err != nil || len(users) == 0 {
		return false, translate(err, "staff_link")
	}
	if err := db.endLinks(ctx, by, "staff_user_id = ?", staffID); err != nil {
		return false, err
	}
	for _, u := range users {
		if err := db.EndSessions(ctx, u); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (db *DB) endLinks(ctx context.Context, by int64, where string, args ...any) error {
	var links []model.StaffLink
	if err := db.q(ctx).Where(where, args...).Where("ended_at IS NULL").Find(&links).Error; err != nil {
		return translate(err, "staff_link")
	}
	for _, l := range links {
		err := db.q(ctx).Model(&l).Updates(map[string]any{"ended_at": db.Now(), "ended_by": by, "active_staff": nil, "active_user": nil}).Error
		if err == nil { // what the phone approved and no desk collected yet
			err = db.q(ctx).Delete(&model.ScanTicket{}, "user_id = ?", l.StaffUserID).Error
		}
		if err == nil {
			err = db.q(ctx).Model(&model.WeChatIdentity{}).Where("user_id = ?", l.UserID).Update("staff_user_id", 0).Error
		}
		if err != nil {
			return translate(err, "staff_link")
		}
	}
	return nil
}

// StaffLinks are the live ties to WeChat by staff account.
func (db *DB) StaffLinks(ctx context.Context, staff []int64) (map[int64]model.StaffLink, error) {
	var rows []model.StaffLink
	err := db.q(ctx).Where("active_staff IN ?", staff).Find(&rows).Error
	out := make(map[int64]model.StaffLink, len(rows))
	for _, l := range rows {
		out[l.StaffUserID] = l
	}
	return out, translate(err, "staff_link")
}

// StaffOfWeChat is the live tie of the WeChat user to a staff account, nil when
// there is none.
func (db *DB) StaffOfWeChat(ctx context.Context, userID int64) (*model.StaffLink, error) {
	var l model.StaffLink
	res := db.q(ctx).Where("active_user = ?", userID).Limit(1).Find(&l)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "staff_link")
	}
	return &l, nil
}

// UseLink notes that a tie was used.
func (db *DB) UseLink(ctx context.Context, id int64) error {
	return translate(db.q(ctx).Model(&model.StaffLink{}).Where("id = ?", id).Update("last_used_at", db.Now()).Error, "staff_link")
}

// maxTies is how many ties lie at most between two accounts of one person, far
// more than anybody has.
const maxTies = 50

// Hands are the users together with every account of the same people: a staff
// account and a WeChat user that were ever tied to each other are one person,
// and so is whoever was tied to either, however many ties lie between. What
// somebody submits by his own phone he does not decide at his desk. A chain of
// ties that has no end here is refused: who the person is, is not known then.
func (db *DB) Hands(ctx context.Context, users ...int64) ([]int64, error) {
	out := slices.DeleteFunc(slices.Clone(users), func(id int64) bool { return id == 0 })
	slices.Sort(out)
	out = slices.Compact(out)
	for before, ties := 0, 0; len(out) > before; ties++ {
		if ties > maxTies {
			return nil, fmt.Errorf("hands of users %v: more than %d ties between their accounts", users, maxTies)
		}
		before = len(out)
		var links []model.StaffLink
		err := db.q(ctx).Select("staff_user_id", "user_id").Where("staff_user_id IN ? OR user_id IN ?", out, out).Find(&links).Error
		if err != nil {
			return nil, translate(err, "staff_link")
		}
		for _, l := range links {
			out = append(out, l.StaffUserID, l.UserID)
		}
		slices.Sort(out)
		out = slices.Compact(out)
	}
	return out, nil
}

// OtherEyes refuses a decision in a matter by somebody who had a hand in it, by
// whatever account of his; see model.OtherEyes.
func (db *DB) OtherEyes(ctx context.Context, m model.Matter, by int64, users ...int64) error {
	if by == 0 {
		return nil
	}
	hands, err := db.Hands(ctx, users...)
	if err != nil {
		return err
	}
	return model.OtherEyes(m, by, hands...)
}

// OwnHand is why somebody may not decide a matter, for a page that shows the
// reason in place of the button; "" when he may.
func (db *DB) OwnHand(ctx context.Context, m model.Matter, by int64, users ...int64) (string, error) {
	if by == 0 {
		return "", nil
	}
	hands, err := db.Hands(ctx, users...)
	return model.OwnHand(m, by, hands...), err
}

// SignOnIdentity is the live tie of the sign-on's person, NotFound when there is
// none.
func (db *DB) SignOnIdentity(ctx context.Context, issuer, subject string) (*model.SignOnIdentity, error) {
	var i model.SignOnIdentity
	err := db.q(ctx).Take(&i, "issuer = ? AND active_subject = ?", issuer, subject).Error
	return &i, translate(err, "sign_on")
}

// SignOnOf are the live ties to the court's sign-on by staff account.
func (db *DB) SignOnOf(ctx context.Context, staff []int64) (map[int64]model.SignOnIdentity, error) {
	var rows []model.SignOnIdentity
	err := db.q(ctx).Where("active_user IN ?", staff).Find(&rows).Error
	out := make(map[int64]model.SignOnIdentity, len(rows))
	for _, i := range rows {
		out[i.UserID] = i
	}
	return out, translate(err, "sign_on")
}

// CreateSignOn ties a person of the sign-on to a staff account.
func (db *DB) CreateSignOn(ctx context.Context, who model.SignedOn, userID int64) error {
	i := model.SignOnIdentity{
		UserID: userID, Issuer: who.Issuer, Subject: who.Subject, CreatedAt: db.Now(), LastUsedAt: db.Now(),
		ActiveSubject: &who.Subject, ActiveUser: &userID,
	}
	return translate(db.q(ctx).Create(&i).Error, "sign_on")
}

// UseSignOn notes that a tie was used.
func (db *DB) UseSignOn(ctx context.Context, id int64) error {
	return translate(db.q(ctx).Model(&model.SignOnIdentity{}).Where("id = ?", id).Update("last_used_at", db.Now()).Error, "sign_on")
}

// EndSignOn ends the tie of a staff account to the sign-on and tells whether
// there was one.
func (db *DB) EndSignOn(ctx context.Context, userID, by int64) (bool, error) {
	res := db.q(ctx).Model(&model.SignOnIdentity{}).Where("active_user = ?", userID).
		Updates(map[string]any{"ended_at": db.Now(), "ended_by": by, "active_subject": nil, "active_user": nil})
	return res.RowsAffected > 0, translate(res.Error, "sign_on")
}

// CreateScanTicket adds a desk's waiting log-in.
func (db *DB) CreateScanTicket(ctx context.Context, t *model.ScanTicket) error {
	if err := db.q(ctx).Delete(&model.ScanTicket{}, "expires_at < ?", db.Now().Add(-time.Hour)).Error; err != nil {
		return translate(err, "scan")
	}
	return translate(db.q(ctx).Create(t).Error, "scan")
}

// ScanTicket is the ticket with the hash, locked for the rest of the
// transaction.
func (db *DB) ScanTicket(ctx context.Context, hash string) (*model.ScanTicket, error) {
	var t model.ScanTicket
	err := db.forUpdate(ctx).Take(&t, "ticket_hash = ?", hash).Error
	return &t, translate(err, "scan")
}

// UpdateScanTicket moves a ticket on.
func (db *DB) UpdateScanTicket(ctx context.Context, t *model.ScanTicket) error {
	return changed(db.q(ctx).Model(t).Select("state", "user_id").Updates(t), "scan")
}

// EndDoors ends every way by which somebody may be in an account without its
// password: sessions on every device, desk log-ins that a phone approved, the
// tie to WeChat, known browsers. It tells whether there was a tie. by is who
// ends them, 0 for the program. The tie to the court's sign-on is CloseSignOn's.
func (db *DB) EndDoors(ctx context.Context, userID, by int64) (linked bool, err error) {
	if linked, err = db.EndLinks(ctx, userID, by); err != nil {
		return false, err
	}
	return linked, errors.Join(db.EndSessions(ctx, userID), db.ForgetPlaces(ctx, userID))
}

// CloseSignOn ends the tie of a staff account to the court's sign-on, and lets
// nobody claim the account there until an administrator opens it again.
func (db *DB) CloseSignOn(ctx context.Context, userID, by int64) error {
	if _, err := db.EndSignOn(ctx, userID, by); err != nil {
		return err
	}
	return translate(db.q(ctx).Model(&model.StaffAccount{}).Where("user_id = ?", userID).Update("sign_on_closed", true).Error, "staff_account")
}

// AccountsOfAgency are the users of an agency's accounts.
func (db *DB) AccountsOfAgency(ctx context.Context, agencyID int64) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.User{}).Where("agency_id = ?", agencyID).Order("id").Pluck("id", &out).Error
	return out, translate(err, "user")
}
