package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Relation is what somebody is to a debtor.
type Relation string

// The relations.
const (
	RelationSpouse  Relation = "spouse"   // 配偶
	RelationParent  Relation = "parent"   // 父母
	RelationChild   Relation = "child"    // 子女
	RelationSibling Relation = "sibling"  // 兄弟姐妹
	RelationNearKin Relation = "near_kin" // 其他近亲属
	RelationOther   Relation = "other"    // 其他
)

// Relations lists the relations in the order of screens.
var Relations = []Relation{RelationSpouse, RelationParent, RelationChild, RelationSibling, RelationNearKin, RelationOther}

// Chinese is the relation's name, "" for an unknown one.
func (r Relation) Chinese() string {
	return map[Relation]string{
		RelationSpouse: "配偶", RelationParent: "父母", RelationChild: "子女", RelationSibling: "兄弟姐妹", RelationNearKin: "其他近亲属", RelationOther: "其他",
	}[r]
}

// RelativeVia is how a relative came.
type RelativeVia string

// The ways.
const (
	ViaNotice     RelativeVia = "notice"     // by the code on a paper that the court gave the family
	ViaInvitation RelativeVia = "invitation" // by a code of the debtor himself
	ViaSearch     RelativeVia = "search"     // by choosing an officer of the court
)

// Chinese is the way's name on screens.
func (v RelativeVia) Chinese() string {
	return map[RelativeVia]string{ViaNotice: "法院通知书上的联系码", ViaInvitation: "被执行人邀请", ViaSearch: "自行查找执行法官"}[v]
}

// RelativeState is how far a relative's link to a debtor has come.
type RelativeState string

// The states. Only an admitted relative sees anything.
const (
	RelativeAsked    RelativeState = "asked"    // 待处理
	RelativeAdmitted RelativeState = "admitted" // 已接入
	RelativeDeclined RelativeState = "declined" // 未同意
	RelativeBlocked  RelativeState = "blocked"  // 已限制
	RelativeRevoked  RelativeState = "revoked"  // 已结束
)

// Chinese is the state's name on screens.
func (s RelativeState) Chinese() string {
	return map[RelativeState]string{
		RelativeAsked: "待处理", RelativeAdmitted: "已接入", RelativeDeclined: "未同意", RelativeBlocked: "已限制", RelativeRevoked: "已结束",
	}[s]
}

// RelativeStates lists the states in the order of screens.
var RelativeStates = []RelativeState{RelativeAsked, RelativeAdmitted, RelativeDeclined, RelativeBlocked, RelativeRevoked}

// Relative (家属) is a user's link to a debtor in an enforcement case: asked for
// by himself, decided by the officer or by the debtor who invited him. Which
// debtor it is, is known from a code or said by the officer who admits; what
// the relative himself says is kept beside it and never looked up for him.
type Relative struct {
	ID         int64
	CourtID    int64
	UserID     int64
	Name       string `gorm:"serializer:sealed"`
	Relation   Relation
	Phone      string `gorm:"serializer:sealed"`
	DebtorName string `gorm:"serializer:sealed"` // as he gave it
	CaseNo     string // as he gave it; "" when he does not know it
	Note       string
	Via        RelativeVia
	CodeID     int64 // 0 by search
	OfficerID  int64 // who decides; follows the enforcement case
	State      RelativeState
	// CaseID, EnforcementCaseID and PartyID are the debtor's, 0 while nobody said
	// which one it is. Before a judgment there is no enforcement case: the link is to
	// an accused, by whose side it was invited and is decided.
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64
	DecidedBy         int64
	DecidedAt         *time.Time
	Reason            string // of declining, blocking or ending
	IdemKey           string
	Version           int64
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

// BeforeJudgment tells whether the link is to an accused, for money that is paid
// before the judgment and nothing else.
func (r Relative) BeforeJudgment() bool { return r.PartyID != 0 && r.EnforcementCaseID == 0 }

// TableName is the table of links; lines of lists that embed one have it too,
// because sealed values name it.
func (Relative) TableName() string { return "relatives" }

// RelativeEntry is one step of a link: who did what, and why. Entries are only
// added.
type RelativeEntry struct {
	ID         int64
	RelativeID int64
	State      RelativeState
	ByUserID   int64
	Reason     string
	CreatedAt  time.Time
}

// TableName is the table of entries.
func (RelativeEntry) TableName() string { return "relative_entries" }

// Check trims and checks what a relative says of himself.
func (r *Relative) Check() error {
	r.Name, r.DebtorName, r.Note, r.CaseNo = strings.TrimSpace(r.Name), strings.TrimSpace(r.DebtorName), strings.TrimSpace(r.Note), strings.TrimSpace(r.CaseNo)
	r.Phone = NormalizePhone(r.Phone)
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	var wrong Faults
	wrong.If(r.Name == "" || long(r.Name, 50), "name", "field.required", "请填写您的姓名，不超过 50 字")
	wrong.If(r.Relation.Chinese() == "", "relation", "relation.unknown", "请选择您与被执行人的关系")
	wrong.If(r.DebtorName == "" || long(r.DebtorName, 100), "debtor_name", "field.required", "请填写被执行人的姓名或名称，不超过 100 字")
	wrong.If(long(r.CaseNo, 60), "case_no", "text.too_long", "案号不能超过 60 字")
	wrong.If(long(r.Note, 200), "note", "text.too_long", "说明不能超过 200 字")
	wrong.If(CheckPhone(r.Phone) != nil, "phone", "phone.format", "手机号码应为 11 位中国大陆手机号")
	if err := wrong.Err(); err != nil {
		return err
	}
	// Whoever decides reads it; nothing is looked up by it.
	if no, err := ParseCaseNo(r.CaseNo); err == nil {
		r.CaseNo = string(no)
	}
	return nil
}

// Next are the states that the link may be brought to now.
func (r Relative) Next() []RelativeState {
	var out []RelativeState
	for _, to := range []RelativeState{RelativeAdmitted, RelativeDeclined, RelativeRevoked, RelativeBlocked} {
		if RelativeMachine.May(r.State, to) {
			out = append(out, to)
		}
	}
	return out
}

// Move brings the link to another state. All but admitting needs a reason,
// which the relative reads.
func (r *Relative) Move(to RelativeState, by int64, reason string, now time.Time) error {
	reason = strings.TrimSpace(reason)
	if !RelativeMachine.May(r.State, to) {
		return E(Conflict, "relative.state", "该联系申请"+r.State.Chinese()+"，请刷新后再操作")
	}
	var wrong Faults
	wrong.If(to != RelativeAdmitted && reason == "" || utf8.RuneCountInString(reason) > 200, "reason", "reason.required", "请填写理由，不超过 200 字，对方会看到")
	wrong.If(to == RelativeAdmitted && r.PartyID == 0, "party_id", "relative.debtor", "请选择其要联系的被执行人")
	if err := wrong.Err(); err != nil {
		return err
	}
	r.State, r.DecidedBy, r.DecidedAt, r.Reason = to, by, &now, reason
	return nil
}

// RelativeCode lets its holder ask to be connected to a debtor, and nothing
// else. One that the court prints on the notice to the family may be for one
// person or for all of them; one by which a debtor invites is used once.
type RelativeCode struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64
	Via               RelativeVia
	// OneTime codes end with their first use.
	OneTime   bool
	CodeHash  string
	IssuedBy  int64
	ExpiresAt time.Time
	UsedAt    *time.Time
	UsedBy    int64
	VoidedAt  *time.Time
	CreatedAt time.Time
}

// Usable tells whether the code still lets a user ask.
func (c RelativeCode) Usable(userID int64, now time.Time) bool {
	return c.VoidedAt == nil && c.ExpiresAt.After(now) && (!c.OneTime || c.UsedAt == nil || c.UsedBy == userID)
}

// RelativeLine is a line of the officer's list.
type RelativeLine struct {
	Relative
	Officer       string
	Basis         string // the number of the enforcement case, "" while unknown
	Debtor        string // the debtor's real name, "" while unknown
	Conversations int64  // id of the conversation, 0 while there is none
}

// DebtorCandidate is a debtor whom a relative who searched may mean. Only the
// officer sees it.
type DebtorCandidate struct {
	EnforcementCaseID int64
	CaseID            int64
	PartyID           int64
	CaseNo            string
	Debtor            string
}

// The defaults of a court's settings about families, and their ceilings.
const (
	DefaultRelativeAsks  = 3 // requests of one user a day
	DefaultInviteDays    = 7 // life of an invitation
	MaxRelativeAsks      = 20
	MaxRelativeCodeFails = 10
)

// RelativeAsks is how often one user may ask a day to be connected.
func (s CourtSettings) RelativeAsks() int {
	if s.RelativeAsksADay == 0 {
		return DefaultRelativeAsks
	}
	return s.RelativeAsksADay
}
