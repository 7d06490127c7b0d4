package model

import "time"

// UserState is whether an account may be used.
type UserState string

// The states of an account.
const (
	UserActive   UserState = "active"
	UserDisabled UserState = "disabled"
)

// Chinese is the state's name on screens.
func (s UserState) Chinese() string {
	return map[UserState]string{UserActive: "正常", UserDisabled: "已停用"}[s]
}

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
	// Epoch grows when all sessions end: one that was made before is over, also
	// when it is being written at that moment.
	Epoch     int64
	CreatedAt time.Time
}

// StaffAccount holds a staff member's credentials. PasswordHash is a keyed
// digest of the password's argon2id and the account, so that it opens no other
// one; the secrets are sealed at rest.
type StaffAccount struct {
	UserID       int64 `gorm:"primaryKey;autoIncrement:false"`
	Login        string
	PasswordHash string
	TOTPSecret   string `gorm:"serializer:sealed"` // "" until its owner enrolled one
	TOTPPending  string `gorm:"serializer:sealed"` // shown to the owner, not confirmed by a code yet
	TOTPLastStep int64  // a code is used once: steps up to this one are spent
	MustChange   bool   // the password was set by an administrator
	MustEnrol    bool   // the second factor is the owner's to enrol, nobody else ever saw it
	// PasswordUntil is until when a password that an administrator handed out can
	// be used, nil for one's own.
	PasswordUntil *time.Time
	// SignOnClosed says that the court's sign-on cannot claim the account by its
	// name any more: it was claimed once, and only an administrator opens it again.
	SignOnClosed bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// SignOnIdentity ties a staff account to a person of the court's sign-on: to
// issuer and subject, which never change, not to a name, which may be changed
// and given to somebody else. Entries are ended, never overwritten.
type SignOnIdentity struct {
	ID            int64
	UserID        int64
	Issuer        string
	Subject       string
	CreatedAt     time.Time
	LastUsedAt    time.Time
	EndedAt       *time.Time
	EndedBy       int64
	ActiveSubject *string // unique with the issuer while it is live
	ActiveUser    *int64  // unique while it is live
}

// SignedOn is who the court's sign-on says has logged in.
type SignedOn struct {
	Issuer, Subject string
	// Login is the claim that names the account of this system, used once, when the
	// account is claimed.
	Login string
}

// StaffLink ties a staff account to the WeChat user who approves its desk
// log-ins. Entries are ended, never overwritten: they also say who is one
// person with two accounts.
type StaffLink struct {
	ID          int64
	StaffUserID int64
	UserID      int64 // the WeChat user
	CreatedAt   time.Time
	LastUsedAt  *time.Time // the last desk log-in that it approved
	EndedAt     *time.Time
	EndedBy     int64
	ActiveStaff *int64 // unique while it is live
	ActiveUser  *int64 // unique while it is live
}

// KnownPlace is a browser or a network from which a staff member logged in: his
// own tries from there do not pay for what strangers try elsewhere.
type KnownPlace struct {
	UserID     int64  `gorm:"primaryKey;autoIncrement:false"`
	Place      string `gorm:"primaryKey"`
	CreatedAt  time.Time
	LastUsedAt time.Time
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

// ScanState is how far a log-in by scanning is.
type ScanState string

// The states of a log-in by scanning.
const (
	ScanPending  ScanState = "pending"
	ScanApproved ScanState = "approved" // on the phone; the desk is to collect it
	ScanUsed     ScanState = "used"
)

// Chinese is the state in words.
func (s ScanState) Chinese() string {
	return map[ScanState]string{ScanPending: "等待手机确认", ScanApproved: "手机已同意", ScanUsed: "已登录"}[s]
}

// ScanTicket is a desk log-in waiting to be approved by phone.
type ScanTicket struct {
	ID         int64
	TicketHash string
	PollHash   string // secret of the desk that asked, so that no other desk can collect the session
	State      ScanState
	UserID     int64  // staff user who approved
	Device     string // the browser that asks
	IP         string
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
	NextAt    *time.Time // before it nothing is tried, see Throttle
}

// StaffMember is one line of a court's list of staff.
type StaffMember struct {
	UserID int64
	Login  string
	Name   string
	State  UserState
	// LockedUntil is until when tries from places where the account was never used
	// are refused, nil for now.
	LockedUntil *time.Time `gorm:"-"`
	MustChange  bool
	// SignOnClosed says that the sign-on cannot claim the account by its name.
	SignOnClosed bool
	Roles        []Role          `gorm:"-"`
	Link         *StaffLink      `gorm:"-"` // of his WeChat, nil for none
	SignOn       *SignOnIdentity `gorm:"-"` // of the court's sign-on, nil for none
}
