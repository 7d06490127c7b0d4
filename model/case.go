package model

import (
	"slices"
	"strings"
	"time"
)

// CaseKind is the kind of a case; all three run the same mechanism.
type CaseKind string

// The kinds of case.
const (
	CaseCivil          CaseKind = "civil"          // 民事
	CaseCriminal       CaseKind = "criminal"       // 刑事财产刑
	CaseAdministrative CaseKind = "administrative" // 行政非诉
)

// Chinese is the kind's name on screens.
func (k CaseKind) Chinese() string {
	switch k {
	case CaseCivil:
		return "民事"
	case CaseCriminal:
		return "刑事财产刑"
	case CaseAdministrative:
		return "行政非诉"
	default:
		return ""
	}
}

// Case is a case (案件) whose performance the court supervises from filing to
// full performance.
type Case struct {
	ID       int64
	CourtID  int64
	CaseNo   string // canonical 案号, unique
	Kind     CaseKind
	Cause    string // 案由
	FiledOn  Date   // 立案日
	JudgeID  int64  // 承办法官: owns the supervision (谁办理、谁负责督促履行)
	ClerkID  int64  // 0 when none
	GroupRef string // cases against one debtor that share one plan, "" when none
	// FamilyCase hides names in anything published (婚姻家庭、继承).
	FamilyCase bool
	// SourceVersion is the case system's version of what it pushed; a push that
	// is not newer is refused as stale. 0 for cases filed here.
	SourceVersion int64
	SourceDigest  string // of the pushed document, so that a repeat is recognised
	// Performance is derived from the obligations and kept for lists; a test
	// proves it equal to a recount.
	Performance Performance
	// NextDueOn is the earliest due day still open, kept for lists.
	NextDueOn Date
	// VoluntaryDueOn is the same of what is not being enforced, kept for the lists of
	// what is overdue: that is the judge's, the rest the officer's.
	VoluntaryDueOn Date
	// EnforcementFiledOn is the day on which the first of its obligations went to
	// enforcement, zero when none did. It is kept for lists.
	EnforcementFiledOn Date
	// PlanStale says that the facts changed since the schedule was made from them.
	PlanStale bool
	// ImportID is the import that it came with, 0 for none. While its notices are
	// Held nobody is told and nothing is urged; ToldOn is the day on which the
	// parties of an imported case were first told.
	ImportID  int64
	Held      bool
	ToldOn    Date
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PartyRole is the procedural position (诉讼地位) of a party.
type PartyRole string

// The procedural positions.
const (
	Plaintiff  PartyRole = "plaintiff"   // 原告
	Defendant  PartyRole = "defendant"   // 被告
	ThirdParty PartyRole = "third_party" // 第三人
	Accused    PartyRole = "accused"     // 被告人
	Victim     PartyRole = "victim"      // 被害人
	Applicant  PartyRole = "applicant"   // 申请人, also 申请执行的行政机关
	Respondent PartyRole = "respondent"  // 被申请人
)

// Chinese is the position's name on screens and papers.
func (r PartyRole) Chinese() string {
	return map[PartyRole]string{
		Plaintiff: "原告", Defendant: "被告", ThirdParty: "第三人", Accused: "被告人", Victim: "被害人",
		Applicant: "申请人", Respondent: "被申请人",
	}[r]
}

// Valid tells whether the position is known.
func (r PartyRole) Valid() bool { return r.Chinese() != "" }

// SubjectKind is what a party is by law.
type SubjectKind string

// The kinds of subject.
const (
	Person       SubjectKind = "person"       // 自然人
	Organisation SubjectKind = "organisation" // 法人、非法人组织、行政机关
)

// Party is a litigant (当事人) in one case.
type Party struct {
	ID           int64
	CaseID       int64
	CourtID      int64
	Ref          string // stable within the case, e.g. the case system's id or "D1"
	Role         PartyRole
	Kind         SubjectKind
	Name         string
	NameNorm     string // for matching, see NormalizeName
	IDKind       string // see IDKind
	IDNumber     string `gorm:"serializer:sealed"`
	IDNumberHash string
	Phone        string `gorm:"serializer:sealed"`
	PhoneHash    string
	Minor        bool // 未成年人: never on a public list
	// GoneBy is the Succession by which the party died or ended, 0 while it exists:
	// nobody acts for it any more, and it gets no notices.
	GoneBy    int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Capacity is in what capacity a user acts for a party.
type Capacity string

// The capacities.
const (
	CapacitySelf     Capacity = "self"                 // 本人
	CapacityLegalRep Capacity = "legal_representative" // 法定代表人
	CapacityAgent    Capacity = "agent"                // 委托代理人
	CapacityGuardian Capacity = "statutory_agent"      // 法定代理人
	CapacityDefender Capacity = "defender"             // 辩护人
)

// Chinese is the name on screens.
func (c Capacity) Chinese() string {
	return map[Capacity]string{
		CapacitySelf: "本人", CapacityLegalRep: "法定代表人", CapacityAgent: "委托代理人", CapacityGuardian: "法定代理人", CapacityDefender: "辩护人",
	}[c]
}

// Capacities lists them in the order of screens.
var Capacities = []Capacity{CapacitySelf, CapacityLegalRep, CapacityAgent, CapacityGuardian, CapacityDefender}

// Check refuses a capacity in which nobody can act for the party. authority is
// the recorded authority of an agent, and for a statutory agent what makes him
// one: a guardian acts for whoever has no capacity to act himself, by his own
// authority and without a mandate; whether an adult has none the court decides.
// Source: 民事诉讼法 60; for defenders 刑事诉讼法 33.
func (c Capacity) Check(p Party, authority string) error {
	none := strings.TrimSpace(authority) == ""
	var wrong Faults
	wrong.If(!slices.Contains(Capacities, c), "capacity", "capacity.unknown", "请选择本人、法定代表人、委托代理人、法定代理人或者辩护人")
	wrong.If(c == CapacityAgent && none, "authority", "authority.required", "请填写委托代理人的权限")
	wrong.If(c == CapacityGuardian && p.Kind != Person, "capacity", "capacity.guardian", "只有自然人有法定代理人；单位请选择法定代表人或者委托代理人")
	wrong.If(c == CapacityGuardian && p.Kind == Person && none, "authority", "authority.guardian", "请填写监护关系（如：母亲，户口簿核对无误）；当事人是成年人的，请写明认定其无、限制民事行为能力的依据")
	wrong.If(c == CapacityDefender && p.Role != Accused, "capacity", "capacity.defender", "只有刑事案件的被告人有辩护人")
	return wrong.Err()
}

// BindingMethod is how a user became a party.
type BindingMethod string

// The ways to become a party.
const (
	BoundByCode     BindingMethod = "code"      // one-time code on the court's paper notice
	BoundByIdentity BindingMethod = "identity"  // name, ID number and verified phone match
	BoundByFace     BindingMethod = "real_name" // real-name check by a provider
	BoundBefore     BindingMethod = "carried"   // who he is was proved in an earlier case of the court
)

// Proves tells whether somebody who became a party in this way showed by his number
// of identity who he is. A code shows that he holds the court's paper.
func (m BindingMethod) Proves() bool {
	return m == BoundByIdentity || m == BoundByFace || m == BoundBefore
}

// Binding says that a user is, or acts for, a party. It is ended, never deleted.
type Binding struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64
	UserID    int64
	Capacity  Capacity
	Authority string // recorded authority of an agent (委托权限)
	Method    BindingMethod
	CreatedAt time.Time
	EndedAt   *time.Time
	EndReason string
	ActiveKey *string // party and user while active: a user is bound to a party once
}

// Disposes tells whether the user may give up what the party is entitled to: the
// party itself and whoever stands for it by law; an agent with special authority
// (特别授权) that the record does not deny in the same breath.
// Source: 民事诉讼法 60, 62.
func (b Binding) Disposes() bool {
	switch b.Capacity {
	case CapacitySelf, CapacityLegalRep, CapacityGuardian:
		return true
	case CapacityAgent:
	default:
		return false
	}
	for clause := range strings.FieldsFuncSeq(b.Authority, func(r rune) bool { return strings.ContainsRune("，。；、：（）,.;:() 　", r) }) {
		before, after, found := strings.Cut(clause, "特别授权")
		if found && !strings.ContainsAny(before, "无非不没未") && !strings.Contains(after, "除外") {
			return true
		}
	}
	return false
}

// BindingCode is a one-time code printed on the court's paper notice. Only its
// keyed hash is stored.
type BindingCode struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64
	Capacity  Capacity
	Authority string
	CodeHash  string
	IssuedBy  int64
	ExpiresAt time.Time
	UsedAt    *time.Time
	UsedBy    int64
	VoidedAt  *time.Time // a newer code for the same party voids the older ones
	CreatedAt time.Time
}

// Handover records that the duty moved from one judge to another with the case.
type Handover struct {
	ID          int64
	CourtID     int64
	CaseID      int64
	FromJudgeID int64
	ToJudgeID   int64
	Reason      string
	ByUserID    int64
	CreatedAt   time.Time
}

// ContactChannel is how the court spoke with a party outside the system.
type ContactChannel string

// The channels of a logged contact (多种方式告知).
const (
	ContactPhone       ContactChannel = "phone"       // 电话
	ContactInPerson    ContactChannel = "in_person"   // 当面
	ContactVisit       ContactChannel = "visit"       // 实地走访
	ContactMessage     ContactChannel = "message"     // 短信、微信
	ContactForgiveness ContactChannel = "forgiveness" // 谅解: an obligee's forgiveness, recorded per obligee

	// ContactUnforgiven is that the judge found a 谅解 not to be one: it was not given
	// freely, or not by who could.
	ContactUnforgiven ContactChannel = "forgiveness_void"
)

// Chinese is the channel's name on screens.
func (c ContactChannel) Chinese() string {
	return map[ContactChannel]string{
		ContactPhone: "电话", ContactInPerson: "当面", ContactVisit: "实地走访", ContactMessage: "短信或微信",
		ContactForgiveness: "取得谅解", ContactUnforgiven: "谅解不成立",
	}[c]
}

// Contact is one entry of a case's contact log.
type Contact struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	PartyID    int64 // 0 when not about one party
	Channel    ContactChannel
	HappenedAt time.Time
	Note       string
	ByUserID   int64
	IdemKey    string // unique per author, so that a repeated post is one entry
	CreatedAt  time.Time
}

// Promise is a debtor's promise to pay. It interrupts the two-year period for
// applying for enforcement (执行程序若干问题的解释 19–20): the creditor sees the
// period's new end.
type Promise struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64
	UserID    int64
	PayBy     Date
	Text      string
	IdemKey   string
	CreatedAt time.Time
}

// BoundCase is one line of a user's list of cases.
type BoundCase struct {
	BindingID int64
	CaseID    int64
	CaseNo    string
	PartyID   int64
	PartyName string
	Role      PartyRole
	Capacity  Capacity
	Method    BindingMethod
}

// CaseFilter narrows a list of cases.
type CaseFilter struct {
	Performance Performance
	Kind        CaseKind
	Text        string // see ReadSearch
	GroupRef    string
	JudgeID     int64
	Enforced    bool  // only cases with an enforcement case
	OverdueOn   Date  // only cases that are overdue on this day and not in enforcement
	Before      int64 // ids below this one; 0 for the first page
	// ByDue orders the cases by the next due day, those without one left out;
	// AfterDue and After are where the page before ended.
	ByDue    bool
	AfterDue Date
	After    int64
	Limit    int
}

// GroupLine is one obligation in the common plan of a group of cases.
type GroupLine struct {
	CaseID       int64
	CaseNo       string
	ObligationID int64
	ToCourt      bool
	Category     Category
	Obligee      string
	Description  string
	AmountFen    Fen
	ConfirmedFen Fen
	ForgivenFen  Fen  // by the creditor
	NextDueOn    Date // zero when nothing is open
}

// Labels are how a court's lists name its cases and their parties, by id.
type Labels struct{ Cases, Parties map[int64]string }

// JudgeLoad is what the cases of one judge look like today.
type JudgeLoad struct {
	JudgeID  int64
	Judge    string
	Cases    int64
	Overdue  int64 // something due before today, not performed, not being enforced
	Enforced int64
	Stages   map[Performance]int64
	// Late counts receipts that wait too long for his decision.
	Late int64
}
