package storage

import (
	"context"

	"microcourt/model"
)

// User is the user with the id.
func (db *DB) User(ctx context.Context, id int64) (*model.User, error) {
	var u model.User
	err := db.q(ctx).Take(&u, "id = ?", id).Error
	return &u, translate(err, "user")
}

// LockUsers locks users for the rest of the transaction, always in one order.
func (db *DB) LockUsers(ctx context.Context, ids ...int64) error {
	var rows []model.User
	return translate(db.forUpdate(ctx).Where("id IN ?", ids).Order("id").Find(&rows).Error, "user")
}

// Users are the users with the ids, by id.
func (db *DB) Users(ctx context.Context, ids []int64) (map[int64]model.User, error) {
	var rows []model.User
	if err := db.q(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, translate(err, "user")
	}
	out := make(map[int64]model.User, len(rows))
	for _, u := range rows {
		out[u.ID] = u
	}
	return out, nil
}

// CreateUser adds a user.
func (db *DB) CreateUser(ctx context.Context, u *model.User) error {
	return translate(db.q(ctx).Create(u).Error, "user")
}

// SetUserPhone records a verified phone.
func (db *DB) SetUserPhone(ctx context.Context, id int64, phone string) error {
	u := model.User{ID: id, Phone: phone, PhoneHash: db.LookupHash(LookupPhone, phone)}
	return translate(db.q(ctx).Model(&u).Select("phone", "phone_hash").Updates(&u).Error, "user")
}

// SetUserState enables or disables an account.
func (db *DB) SetUserState(ctx context.Context, id int64, state model.UserState) error {
	return changed(db.q(ctx).Model(&model.User{}).Where("id = ?", id).Update("state", state), "user")
}

// WeChatIdentity is the identity of an openid, NotFound when unknown.
func (db *DB) WeChatIdentity(ctx context.Context, appID, openID string) (*model.WeChatIdentity, error) {
	var w model.WeChatIdentity
	err := db.q(ctx).Take(&w, "app_id = ? AND open_id = ?", appID, openID).Error
	return &w, translate(err, "wechat")
}

// CreateWeChatIdentity adds an identity unless the openid has one, and tells
// which.
func (db *DB) CreateWeChatIdentity(ctx context.Context, w *model.WeChatIdentity) (bool, error) {
	created, err := createOnce(db.q(ctx), w)
	return created, translate(err, "wechat")
}

// Roles lists the roles a user holds now in a court.
func (db *DB) Roles(ctx context.Context, userID, courtID int64) ([]model.Role, error) {
	var out []model.Role
	err := db.q(ctx).Model(&model.RoleGrant{}).Where("user_id = ? AND court_id = ? AND revoked_at IS NULL", userID, courtID).
		Order("id").Pluck("role", &out).Error
	return out, translate(err, "role")
}

// GrantRole gives a role.
func (db *DB) GrantRole(ctx context.Context, g *model.RoleGrant) error {
	return translate(db.q(ctx).Create(g).Error, "role")
}

// RevokeRole ends a role.
func (db *DB) RevokeRole(ctx context.Context, userID, courtID int64, role model.Role) error {
	return translate(db.q(ctx).Model(&model.RoleGrant{}).
		Where("user_id = ? AND court_id = ? AND role = ? AND revoked_at IS NULL", userID, courtID, role).
		Update("revoked_at", db.Now()).Error, "role")
}

// StaffAccount is the account of a staff member.
func (db *DB) StaffAccount(ctx context.Context, userID int64) (*model.StaffAccount, error) {
	var a model.StaffAccount
	err := db.q(ctx).Take(&a, "user_id = ?", userID).Error
	return &a, translate(err, "staff")
}

// StaffByLogin is the account with the login name, locked for the rest of the
// transaction: two log-ins must not use one code.
func (db *DB) StaffByLogin(ctx context.Context, login string) (*model.StaffAccount, error) {
	var a model.StaffAccount
	err := db.forUpdate(ctx).Take(&a, "login = ?", login).Error
	return &a, translate(err, "staff")
}

// StaffInCourt is the user with a login name in a court who holds the role.
func (db *DB) StaffInCourt(ctx context.Context, courtID int64, login string, role model.Role) (*model.User, error) {
	var u model.User
	err := db.q(ctx).Where(`court_id = ? AND state = ? AND id IN (SELECT user_id FROM staff_accounts WHERE login = ?)
		AND id IN (SELECT user_id FROM role_grants WHERE court_id = ? AND role = ? AND revoked_at IS NULL)`,
		courtID, model.UserActive, login, courtID, role).Take(&u).Error
	return &u, translate(err, "staff")
}

// StaffLogins maps the login names of a court's holders of a role to their ids.
func (db *DB) StaffLogins(ctx context.Context, courtID int64, role model.Role) (map[string]int64, error) {
	var rows []struct {
		Login  string
		UserID int64
	}
	err := db.q(ctx).Table("staff_accounts").Select("staff_accounts.login, staff_accounts.user_id").
		Joins("JOIN users ON users.id = staff_accounts.user_id AND users.court_id = ? AND users.state = ?", courtID, model.UserActive).
		Joins("JOIN role_grants g ON g.user_id = users.id AND g.court_id = users.court_id AND g.role = ? AND g.revoked_at IS NULL", role).
		Scan(&rows).Error
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Login] = r.UserID
	}
	return out, translate(err, "staff")
}

// StaffWith lists a court's active holders of a role by login name.
func (db *DB) StaffWith(ctx context.Context, courtID int64, role model.Role) ([]model.StaffMember, error) {
	var rows []model.StaffMember
	err := db.q(ctx).Table("staff_accounts").Select("users.id AS user_id, staff_accounts.login, users.name, users.state").
		Joins("JOIN users ON users.id = staff_accounts.user_id AND users.court_id = ? AND users.state = ?", courtID, model.UserActive).
		Joins("JOIN role_grants g ON g.user_id = users.id AND g.court_id = users.court_id AND g.role = ? AND g.revoked_at IS NULL", role).
		Order("staff_accounts.login").Limit(1000).Scan(&rows).Error
	return rows, translate(err, "staff")
}

// StaffNamed are the ids of a court's staff, also of those who left, with a
// log-in or a name.
func (db *DB) StaffNamed(ctx context.Context, courtID int64, name string) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Table("staff_accounts").Joins("JOIN users ON users.id = staff_accounts.user_id AND users.court_id = ?", courtID).
		Where("staff_accounts.login = ? OR users.name = ?", name, name).Limit(100).Pluck("users.id", &out).Error
	return out, translate(err, "staff")
}

// CreateStaffAccount adds credentials.
func (db *DB) CreateStaffAccount(ctx context.Context, a *model.StaffAccount) error {
	return translate(db.q(ctx).Create(a).Error, "staff")
}

// UpdateStaffAccount writes every credential column of the account.
func (db *DB) UpdateStaffAccount(ctx context.Context, a *model.StaffAccount) error {
	return translate(db.q(ctx).Model(a).Where("user_id = ?", a.UserID).
		Select("password_hash", "totp_secret", "totp_pending", "totp_last_step", "must_change", "must_enrol", "password_until", "sign_on_closed", "updated_at").
		Updates(a).Error, "staff")
}

// StaffOf lists a court's staff after the given user id.
func (db *DB) StaffOf(ctx context.Context, courtID, after int64, limit int) ([]model.StaffMember, error) {
	var rows []model.StaffMember
	err := db.q(ctx).Table("staff_accounts").Select("users.id AS user_id, staff_accounts.login, users.name, users.state, staff_accounts.must_change, staff_accounts.sign_on_closed").
		Joins("JOIN users ON users.id = staff_accounts.user_id").Where("users.court_id = ? AND users.id > ?", courtID, after).
		Order("users.id").Limit(limit).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "staff")
	}
	ids := make([]int64, len(rows))
	at := map[int64]int{}
	for i, r := range rows {
		ids[i], at[r.UserID] = r.UserID, i
	}
	var grants []model.RoleGrant
	err = db.q(ctx).Where("court_id = ? AND user_id IN ? AND revoked_at IS NULL", courtID, ids).Order("id").Find(&grants).Error
	for _, g := range grants {
		rows[at[g.UserID]].Roles = append(rows[at[g.UserID]].Roles, g.Role)
	}
	return rows, translate(err, "staff")
}

// CreateAPIKey adds a key.
func (db *DB) CreateAPIKey(ctx context.Context, k *model.APIKey) error {
	return translate(db.q(ctx).Create(k).Error, "api_key")
}

// APIKey is the live key with the secret's hash.
func (db *DB) APIKey(ctx context.Context, secretHash string) (*model.APIKey, error) {
	var k model.APIKey
	err := db.q(ctx).Take(&k, "secret_hash = ? AND revoked_at IS NULL", secretHash).Error
	return &k, translate(err, "api_key")
}

// APIKeys lists the keys of a court's own programs, the newest first.
func (db *DB) APIKeys(ctx context.Context, courtID int64) ([]model.APIKey, error) {
	var out []model.APIKey
	err := db.q(ctx).Where("court_id = ? AND agency_id = 0", courtID).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "api_key")
}

// RevokeAPIKeys ends every live key with the name of a court's own programs.
func (db *DB) RevokeAPIKeys(ctx context.Context, courtID int64, name string) (int64, error) {
	res := db.q(ctx).Model(&model.APIKey{}).Where("court_id = ? AND agency_id = 0 AND name = ? AND revoked_at IS NULL", courtID, name).
		Update("revoked_at", db.Now())
	return res.RowsAffected, translate(res.Error, "api_key")
}

// UserNames are the names of users by id.
func (db *DB) UserNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	var list []model.User
	err := db.q(ctx).Select("id", "name").Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]string, len(list))
	for _, u := range list {
		out[u.ID] = u.Name
	}
	return out, translate(err, "user")
}

// AgencyKeys lists an agency's API keys, the newest first.
func (db *DB) AgencyKeys(ctx context.Context, courtID, agencyID int64) ([]model.APIKey, error) {
	var out []model.APIKey
	err := db.q(ctx).Where("court_id = ? AND agency_id = ?", courtID, agencyID).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "api_key")
}

// RevokeAgencyKey ends one key of an agency and tells whether it was live.
func (db *DB) RevokeAgencyKey(ctx context.Context, courtID, agencyID, id int64) (bool, error) {
	res := db.q(ctx).Model(&model.APIKey{}).Where("id = ? AND court_id = ? AND agency_id = ? AND agency_id <> 0 AND revoked_at IS NULL", id, courtID, agencyID).
		Update("revoked_at", db.Now())
	return res.RowsAffected > 0, translate(res.Error, "api_key")
}

// EndAgencyKeys ends the keys of an agency's programs and tells which.
func (db *DB) EndAgencyKeys(ctx context.Context, agencyID int64) ([]int64, error) {
	var ids []int64
	live := db.q(ctx).Model(&model.APIKey{}).Where("agency_id = ? AND revoked_at IS NULL", agencyID)
	if err := live.Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, translate(err, "api_key")
	}
	err := db.q(ctx).Model(&model.APIKey{}).Where("agency_id = ? AND revoked_at IS NULL", agencyID).Update("revoked_at", db.Now()).Error
	return ids, translate(err, "api_key")
}

// AgencyUsers lists the active accounts of agencies: the ids of the users by
// agency.
func (db *DB) AgencyUsers(ctx context.Context, agencyIDs ...int64) (map[int64][]int64, error) {
	var list []model.User
	err := db.q(ctx).Select("id", "agency_id").Where("agency_id IN ? AND agency_id <> 0 AND state = ?", agencyIDs, model.UserActive).
		Order("id").Find(&list).Error
	out := map[int64][]int64{}
	for _, u := range list {
		out[u.AgencyID] = append(out[u.AgencyID], u.ID)
	}
	return out, translate(err, "user")
}
