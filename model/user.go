package model

import "time"

// UserState is whether an account may be used.
type UserState string

// The states of an account.
const (
	UserActive   UserState = "active"
	UserDisabled UserState = "disabled"
)

// User is a person with an account: a staff member of a court, or a WeChat
// user. One natural person may have one of each; a WeChat session never gives
// staff roles (openid alone never makes a judge).
type User struct {
	ID        int64
	CourtID   int64 // 0 for WeChat users
	AgencyID  int64 // of an agency's account (责任单位), 0 for the court's own staff
	Name      string
	State     UserState
	Phone     string `gorm:"serializer:sealed"` // verified mobile number, empty when not known
	PhoneHash string
	CreatedAt time.Time
}

// StaffAccount holds a staff member's credentials. Password is an argon2id
// hash; TOTPSecret is sealed at rest.
type StaffAccount struct {
	UserID       int64 `gorm:"primaryKey;autoIncrement:false"`
	Login        string
	PasswordHash string
	TOTPSecret   string `gorm:"serializer:sealed"`
	TOTPLastStep int64  // a code is used once: steps up to this one are spent
	MustChange   bool   // the password was set by an administrator
	FailedLogins int
	LockedUntil  *time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// RoleGrant gives a user a role in a court. A grant is ended, never deleted.
type RoleGrant struct {
	ID        int64
	UserID    int64
	CourtID   int64
	Role      Role
	CreatedAt time.Time
	RevokedAt *time.Time
}

// WeChatIdentity ties an openid of a mini-program to a user. StaffUserID is
// set when the person linked his staff account while fully logged in; it lets
// him approve desk log-ins by scanning, nothing else.
type WeChatIdentity struct {
	ID          int64
	AppID       string
	OpenID      string
	UnionID     string
	UserID      int64
	StaffUserID int64
	CreatedAt   time.Time
}

// TableName is the table of WeChat identities.
func (WeChatIdentity) TableName() string { return "wechat_identities" }

// Session is one logged-in device. Only the hash of the token is stored.
type Session struct {
	TokenHash string `gorm:"primaryKey"`
	UserID    int64
	Data      []byte
	// Device, IP and SeenAt tell the owner which device it is.
	Device    string
	IP        string
	SeenAt    *time.Time
	ExpiresAt time.Time
	CreatedAt time.Time
}

// ScanTicket is a desk log-in waiting to be approved by phone.
type ScanTicket struct {
	ID         int64
	TicketHash string
	PollHash   string // secret of the desk that asked, so that no other desk can collect the session
	State      string // pending, approved, used
	UserID     int64  // staff user who approved
	ExpiresAt  time.Time
	CreatedAt  time.Time
}

// APIKey lets a program speak for a court, or for an agency to it. Only the hash
// of the secret is kept.
type APIKey struct {
	ID         int64
	CourtID    int64
	AgencyID   int64 // 0 for the court's own programs
	Name       string
	SecretHash string
	Role       Role
	CreatedAt  time.Time
	RevokedAt  *time.Time
}

// Attempt counts failures against a subject (a login, an openid, a case), so
// that guessing is limited across restarts and instances.
type Attempt struct {
	Subject   string `gorm:"primaryKey"` // e.g. "bind:17"
	Failures  int
	WindowEnd time.Time
}

// StaffMember is one line of a court's list of staff.
type StaffMember struct {
	UserID int64
	Login  string
	Name   string
	State  UserState
	// LockedUntil is set after too many failed log-ins.
	LockedUntil *time.Time
	MustChange  bool
	Roles       []Role `gorm:"-"`
}
