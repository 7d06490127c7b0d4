package model

import (
	"slices"
	"time"
)

// MeasureKind is a kind of coercive measure (措施) against a debtor in
// enforcement.
type MeasureKind string

// The kinds of measure. What holds for a kind is in measureKinds.
const (
	MeasureListing     MeasureKind = "listing"     // 纳入失信被执行人名单
	MeasureConsumption MeasureKind = "consumption" // 限制高消费
	MeasureTracing     MeasureKind = "tracing"     // 网上布控
	MeasureExitBan     MeasureKind = "exit_ban"    // 限制出境
	MeasureDetention   MeasureKind = "detention"   // 司法拘留
	MeasureFine        MeasureKind = "fine"        // 罚款
)

// MeasureKinds lists the kinds in the order in which performance lifts them.
var MeasureKinds = []MeasureKind{
	MeasureTracing, MeasureDetention, MeasureListing, MeasureConsumption, MeasureExitBan, MeasureFine,
}

// MeasureRelation is what the person under a measure is to the debtor.
type MeasureRelation string

// The relations. A company's measures also bind those who act for it, each by a
// row of its own.
const (
	RelationSelf       MeasureRelation = "self"       // 被执行人本人（本单位）
	RelationLegalRep   MeasureRelation = "legal_rep"  // 法定代表人
	RelationPrincipal  MeasureRelation = "principal"  // 主要负责人
	RelationDirect     MeasureRelation = "direct"     // 影响债务履行的直接责任人员
	RelationController MeasureRelation = "controller" // 实际控制人
	RelationGuardian   MeasureRelation = "guardian"   // 法定代理人 of a minor
	RelationAssistant  MeasureRelation = "assistant"  // 有义务协助执行的个人
)

// MeasureRelations lists the relations.
var MeasureRelations = []MeasureRelation{
	RelationSelf, RelationLegalRep, RelationPrincipal, RelationDirect, RelationController, RelationGuardian, RelationAssistant,
}

// Chinese is the relation's name on screens and papers.
func (r MeasureRelation) Chinese() string {
	return map[MeasureRelation]string{
		RelationSelf: "被执行人", RelationLegalRep: "法定代表人", RelationPrincipal: "主要负责人", RelationDirect: "影响债务履行的直接责任人员",
		RelationController: "实际控制人", RelationGuardian: "法定代理人", RelationAssistant: "协助执行义务人",
	}[r]
}

// Resistance is in which way the debtor withstands enforcement: a word of the
// court's policy that stands beside the legal ground.
type Resistance string

// The ways of withstanding.
const (
	ResistEvade      Resistance = "evade"      // 逃避
	ResistCircumvent Resistance = "circumvent" // 规避
	ResistDefy       Resistance = "defy"       // 抗拒
)

// Resistances lists the ways.
var Resistances = []Resistance{ResistEvade, ResistCircumvent, ResistDefy}

// Chinese is the way's name on screens.
func (r Resistance) Chinese() string {
	return map[Resistance]string{ResistEvade: "逃避执行", ResistCircumvent: "规避执行", ResistDefy: "抗拒执行"}[r]
}

// MeasureState is how far a measure has come.
type MeasureState string

// The states of a measure.
const (
	MeasureProposed  MeasureState = "proposed"  // 待决定
	MeasureDecided   MeasureState = "decided"   // 已决定，待实施: nobody detained yet, or the days of grace run
	MeasureInForce   MeasureState = "in_force"  // 实施中
	MeasureLifted    MeasureState = "lifted"    // 已解除
	MeasureExpired   MeasureState = "expired"   // 期满终止
	MeasureRefused   MeasureState = "refused"   // 不予批准
	MeasureWithdrawn MeasureState = "withdrawn" // 已撤回
)

// Chinese is the state's name on screens.
func (s MeasureState) Chinese() string {
	return map[MeasureState]string{
		MeasureProposed: "待决定", MeasureDecided: "已决定，待实施", MeasureInForce: "实施中", MeasureLifted: "已解除", MeasureExpired: "期满终止",
		MeasureRefused: "不予批准", MeasureWithdrawn: "已撤回",
	}[s]
}

// Stands tells whether the measure burdens its subject, or is about to.
func (s MeasureState) Stands() bool { return s == MeasureDecided || s == MeasureInForce }

// Happened tells whether the measure was taken at all.
func (s MeasureState) Happened() bool {
	return s.Stands() || s == MeasureLifted || s == MeasureExpired
}

// Measure is a coercive measure against a debtor, or against somebody who acts
// for one. Nothing of it is deleted; what happened to it is a MeasureEntry each.
type Measure struct {
	ID                int64
	CourtID           int64
	CaseID            int64 // the case whose obligations are enforced
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	Kind              MeasureKind

	// Relation and the subject's particulars: the debtor himself, or who acts for
	// it.
	Relation      MeasureRelation
	SubjectKind   SubjectKind
	SubjectName   string
	SubjectNorm   string // see NormalizeName
	SubjectIDKind string
	SubjectID     string `gorm:"serializer:sealed"`
	SubjectHash   string // keyed hash of the number, or of the party when there is none

	Resistance Resistance
	Ground     MeasureGround
	// ActOn and ActText are the act that a detention or fine punishes; ActKey
	// compares two. OtherAct says why one on the same day is another act.
	ActOn    Date
	ActText  string
	ActKey   string
	OtherAct string
	// Facts are the facts and reasons as they stand on the decision; Opinion is
	// the collegial panel's.
	Facts      string
	Opinion    string
	ByCreditor bool // on the creditor's request
	// CreditorAskedOn is when the court got the creditor's application to list, by
	// which fifteen days run.
	CreditorAskedOn Date
	// Answers are what the law asks about the ground, and how it was answered when
	// the measure was proposed.
	Answers []MeasureAnswer `gorm:"serializer:json"`

	Days        int    // of a detention
	Place       string // where he is held
	AmountFen   Fen    // of a fine
	PayBy       Date   // of a fine
	ExtraYears  int    // by which the term of a listing is prolonged
	ExtraReason ListingExtra
	GraceMonths int  // before a listing or a consumption restriction takes effect
	Until       Date `gorm:"column:until_on"`

	State      MeasureState
	Number     string // of the decision
	DocumentID int64
	ProposedBy int64
	ProposedAt time.Time
	DecidedBy  int64
	DecidedAt  *time.Time
	DecideNote string // why it was refused or withdrawn
	ServedOn   Date   // when the subject got the decision; his time for a review runs from then
	GraceUntil Date
	// FromAt is when it took effect: for a detention, when he was handed over.
	FromAt *time.Time
	// ExecutedAt and UndoneAt are when the decision, and that to lift, was carried out:
	// see MeasureExecution. Unexecuted is Pending, kept for lists.
	ExecutedAt, UndoneAt *time.Time
	Unexecuted           bool
	// EndsAt is when a detention is over at the latest.
	EndsAt *time.Time

	// LiftAsked* is a wish that the leader decides on: a release before the end.
	LiftAskedBy int64
	LiftAskedAt *time.Time
	LiftGround  LiftGround
	LiftReason  string
	LiftProof   string // what the outside system answered, or the file's number
	LiftFileID  int64
	LiftedBy    int64
	LiftedAt    *time.Time

	IdemKey string
	// ActiveKey is kind, enforcement case and subject while it is proposed or
	// stands: one of a kind at a time. It is NULL for fines and detentions, which
	// are one an act.
	ActiveKey *string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// MeasureEntryKind is what happened to a measure.
type MeasureEntryKind string

// What can happen to a measure.
const (
	EntryProposed         MeasureEntryKind = "proposed"
	EntryDecided          MeasureEntryKind = "decided"
	EntryRefused          MeasureEntryKind = "refused"
	EntryWithdrawn        MeasureEntryKind = "withdrawn"
	EntryServiceOfProcess MeasureEntryKind = "served"
	EntryInForce          MeasureEntryKind = "in_force"
	EntryFamilyTold       MeasureEntryKind = "family_told"
	EntryPosted           MeasureEntryKind = "posted"
	EntryTakenDown        MeasureEntryKind = "taken_down"
	EntryLiftAsked        MeasureEntryKind = "lift_asked"
	EntryLiftRefused      MeasureEntryKind = "lift_refused"
	EntryLifted           MeasureEntryKind = "lifted"
	EntryExpired          MeasureEntryKind = "expired"
	EntryRepaired         MeasureEntryKind = "repaired"
	EntryRepairEnded      MeasureEntryKind = "repair_ended"
	EntryKept             MeasureEntryKind = "kept" // a listing with a term stays until its end although the debt is paid
	EntryProlongAsked     MeasureEntryKind = "prolong_asked"
	EntryProlonged        MeasureEntryKind = "prolonged"
	EntryNotProlonged     MeasureEntryKind = "not_prolonged"
	EntryPermitted        MeasureEntryKind = "permitted" // one spending in spite of the restriction
	EntryReviewAsked      MeasureEntryKind = "review_asked"
	EntryReviewResult     MeasureEntryKind = "review_result"
	EntryExecuted         MeasureEntryKind = "executed" // the decision was carried out
	EntryUndone           MeasureEntryKind = "undone"   // that to lift was
)

// Chinese is the entry's name on screens.
func (k MeasureEntryKind) Chinese() string {
	return map[MeasureEntryKind]string{
		EntryProposed: "提出", EntryDecided: "作出决定", EntryRefused: "不予批准", EntryWithdrawn: "撤回", EntryServiceOfProcess: "送达决定书", EntryInForce: "实施",
		EntryFamilyTold: "通知家属", EntryPosted: "张榜公布", EntryTakenDown: "撤下张榜", EntryLiftAsked: "提请提前解除", EntryLiftRefused: "不同意提前解除",
		EntryLifted: "解除", EntryExpired: "期满终止", EntryRepaired: "信用修复", EntryRepairEnded: "撤销信用修复", EntryKept: "保留至期限届满", EntryProlongAsked: "提请延长期限", EntryProlonged: "延长期限", EntryNotProlonged: "不予延长期限", EntryPermitted: "准许一次消费", EntryReviewAsked: "提出救济申请", EntryReviewResult: "救济申请的结果", EntryExecuted: "已执行决定", EntryUndone: "已执行解除",
	}[k]
}

// MeasureEntry is one line of a measure's history. Entries are only added.
type MeasureEntry struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	MeasureID int64
	Kind      MeasureEntryKind
	Note      string
	Place     string // of an execution: where, or which authority
	Number    string // of an execution: what the register or authority returned
	FileID    int64  // proof, 0 for none
	ByUserID  int64  // 0 for the system
	At        time.Time
	IdemKey   *string // unique; nil for what happens once anyway
	CreatedAt time.Time
}

// Settle closes the measure's place among those that stand.
func (m *Measure) settle(s MeasureState) {
	m.State, m.ActiveKey = s, nil
}

// ForSubject tells whether the person under the measure may know of it: never
// while it is only proposed, never a tracing that still runs, and a detention
// only once he is detained.
func (m Measure) ForSubject() bool {
	switch {
	case !m.State.Happened():
		return false
	case m.Kind == MeasureTracing:
		return !m.State.Stands()
	case m.Kind == MeasureDetention:
		return m.FromAt != nil
	}
	return true
}

// MeasureCount is how many measures of a kind were taken in a period, in the
// kind's own unit.
type MeasureCount struct {
	Kind MeasureKind
	N    int64
	Fen  Fen // of fines
}

// MeasureFilter narrows a list of measures.
type MeasureFilter struct {
	EnforcementCaseID int64
	Kind              MeasureKind
	States            []MeasureState
	Unexecuted        bool // only what is decided and not carried out, in whatever state
	Waiting           bool // only what waits for the president: proposals that he signs, wishes to lift
	// WaitingFor narrows Waiting to kinds, those about which somebody may decide; nil
	// is all of them.
	WaitingFor []MeasureKind
	OfficerID  int64 // of the enforcement case
	JudgeID    int64 // of the case behind it
	Before     int64 // ids below this one; 0 for the first page
	// Oldest begins with what waits longest; After are the ids that it goes on
	// behind.
	Oldest bool
	After  int64
	// EndsBy lists what ends by a day, in the order of the ends; AfterEnd and After
	// are where the page before ended.
	EndsBy   Date
	AfterEnd Date
	Limit    int
}

// MeasureLine is a line of a list of measures.
type MeasureLine struct {
	Measure
	CaseNo    string // of the enforcement case
	OfficerID int64
	Officer   string
	Next      Task `gorm:"-"` // the first of its tasks that are open, zero when none is
}

// TableName is the table of measures: what is sealed there opens only under its
// name.
func (MeasureLine) TableName() string { return "measures" }

// SignedMeasures lists the kinds that the court's president decides.
func SignedMeasures() []MeasureKind {
	return slices.DeleteFunc(slices.Clone(MeasureKinds), func(k MeasureKind) bool { return k.Signed() == "" })
}

// Valid tells whether the kind is known.
func (k MeasureKind) Valid() bool { return slices.Contains(MeasureKinds, k) }
