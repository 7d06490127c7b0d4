package model

import (
	"slices"
	"strings"
	"time"
)

// EnforcementKind is the kind of an enforcement case (执行案件) by its type code.
type EnforcementKind string

// The kinds of enforcement case.
const (
	EnforcementOrdinary     EnforcementKind = "enforcement"  // 执
	EnforcementResumed      EnforcementKind = "resumed"      // 执恢: taken up again after 终结本次执行程序
	EnforcementPreservation EnforcementKind = "preservation" // 执保: preservation of property, before or beside the suit
)

// Chinese is the kind's name on screens.
func (k EnforcementKind) Chinese() string {
	return map[EnforcementKind]string{
		EnforcementOrdinary: "执行实施", EnforcementResumed: "恢复执行", EnforcementPreservation: "财产保全",
	}[k]
}

// Enforces tells whether a case of the kind enforces the obligations, so that
// their performance is not voluntary any more. Preservation only secures
// property: it forces nobody to perform.
func (k EnforcementKind) Enforces() bool {
	return k == EnforcementOrdinary || k == EnforcementResumed
}

// EnforcementKindOf is the kind of the enforcement case with a number, "" for
// numbers of other cases: 执异, 执复, 执监 and 执协 decide about enforcement and
// enforce nothing.
func EnforcementKindOf(c CaseNo) EnforcementKind {
	switch code := c.TypeCode(); {
	case code == "执", c.Legacy() && strings.Contains(string(c), "执"):
		return EnforcementOrdinary
	case code == "执恢":
		return EnforcementResumed
	case code == "执保":
		return EnforcementPreservation
	}
	return ""
}

// EnforcementState is whether the officer still works on the case.
type EnforcementState string

// The states of an enforcement case.
const (
	EnforcementOpen   EnforcementState = "open"   // 执行中
	EnforcementClosed EnforcementState = "closed" // 已结案
)

// Chinese is the state's name on screens.
func (s EnforcementState) Chinese() string {
	return map[EnforcementState]string{EnforcementOpen: "执行中", EnforcementClosed: "已结案"}[s]
}

// CloseType is how an enforcement case was closed (结案方式).
// Source: 最高人民法院关于人民法院执行工作若干问题的规定（试行）art. 64.
type CloseType string

// The ways to close an enforcement case.
const (
	ClosePerformed  CloseType = "performed"  // 执行完毕
	CloseThisRound  CloseType = "this_round" // 终结本次执行程序: nothing found, may be resumed
	CloseEnded      CloseType = "ended"      // 终结执行
	CloseCancelled  CloseType = "cancelled"  // 销案
	CloseNotEnforce CloseType = "not_enforced"
	CloseRejected   CloseType = "rejected" // 驳回申请
)

// CloseTypes lists the ways in the order of screens.
var CloseTypes = []CloseType{ClosePerformed, CloseThisRound, CloseEnded, CloseCancelled, CloseNotEnforce, CloseRejected}

// Chinese is the way's name on screens and papers.
func (t CloseType) Chinese() string {
	return map[CloseType]string{
		ClosePerformed: "执行完毕", CloseThisRound: "终结本次执行程序", CloseEnded: "终结执行", CloseCancelled: "销案",
		CloseNotEnforce: "不予执行", CloseRejected: "驳回申请",
	}[t]
}

// EnforcementCase is a case in which the court enforces obligations. It hangs
// on the case that holds them: the trial's, whose performance was supervised,
// or, for an instrument made elsewhere (an award, another court's judgment), a
// case of the same number that was filed with it.
type EnforcementCase struct {
	ID        int64
	CourtID   int64
	CaseNo    string // canonical, unique
	Kind      EnforcementKind
	First     bool  // 首次执行
	CaseID    int64 // holds parties, obligations and ledger
	OfficerID int64 // 执行法官; 0 while nobody was assigned
	FiledOn   Date
	AmountFen Fen // applied for, as filed
	// PerformBy is the last day of the term that the 执行通知书 names, zero before
	// it was made.
	PerformBy Date
	// PerformedOn is the day of the last payment once every enforced obligation is
	// performed. It follows the ledger.
	PerformedOn Date
	State       EnforcementState
	ClosedOn    Date
	CloseType   CloseType
	CloseReason string
	// FiledByMistake says of a case that was struck (销案) that it should never have
	// been filed. It stays on file, and what it named was never enforced: whoever
	// performed did so voluntarily.
	FiledByMistake bool
	// SourceVersion and SourceDigest are as in Case.
	SourceVersion int64
	SourceDigest  string
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// EnforcementRole is what a party of the case is in its enforcement.
type EnforcementRole string

// The roles in enforcement.
const (
	EnforcementApplicant EnforcementRole = "applicant" // 申请执行人
	EnforcementDebtor    EnforcementRole = "debtor"    // 被执行人
)

// Chinese is the role's name on screens and papers.
func (r EnforcementRole) Chinese() string {
	return map[EnforcementRole]string{EnforcementApplicant: "申请执行人", EnforcementDebtor: "被执行人"}[r]
}

// EnforcementParty says that a party of the case applied, or is enforced
// against.
type EnforcementParty struct {
	EnforcementCaseID int64 `gorm:"primaryKey;autoIncrement:false"`
	PartyID           int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID            int64
	Role              EnforcementRole
	EndedBy           int64 // the Succession by which others took its place, 0 while it is one
}

// EnforcedObligation says that an enforcement case enforces an obligation.
type EnforcedObligation struct {
	EnforcementCaseID int64 `gorm:"primaryKey;autoIncrement:false"`
	ObligationID      int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID            int64
	// DueBy is the last due day of the instalments that it enforces; zero: all. What
	// is due later stays voluntary.
	DueBy Date
	// DueAfter is the last due day of those that an earlier case enforces; zero: none.
	DueAfter Date
}

// takes tells whether the case enforces the instalment of its obligation.
func (o EnforcedObligation) takes(i Installment) bool {
	return o.ObligationID == i.ObligationID && (o.DueBy.IsZero() || !i.DueOn.After(o.DueBy)) && (o.DueAfter.IsZero() || i.DueOn.After(o.DueAfter))
}

// EnforcementFile is an enforcement case with the rows that belong to it.
type EnforcementFile struct {
	EnforcementCase
	Parties     []EnforcementParty
	Obligations []EnforcedObligation
}

// Has tells whether the party has the role in it.
func (f EnforcementFile) Has(partyID int64, role EnforcementRole) bool {
	return slices.ContainsFunc(f.Parties, func(p EnforcementParty) bool { return p.PartyID == partyID && p.Role == role })
}

// Enforces tells whether it enforces the obligation.
func (f EnforcementFile) Enforces(obligationID int64) bool {
	return slices.ContainsFunc(f.Obligations, func(o EnforcedObligation) bool { return o.ObligationID == obligationID })
}

// Installments are those of all that it enforces.
func (f EnforcementFile) Installments(all []Installment) []Installment {
	return slices.DeleteFunc(slices.Clone(all), func(i Installment) bool { return !f.EnforcesPart(i) })
}

// EnforcesPart tells whether it enforces the instalment.
func (f EnforcementFile) EnforcesPart(i Installment) bool {
	return slices.ContainsFunc(f.Obligations, func(o EnforcedObligation) bool { return o.takes(i) })
}

// LeftVoluntary are open instalments of what it enforces that are due later and
// that it leaves to voluntary performance.
func (f EnforcementFile) LeftVoluntary(all []Installment) (out []Installment) {
	for _, i := range all {
		later := slices.ContainsFunc(f.Obligations, func(o EnforcedObligation) bool {
			return o.ObligationID == i.ObligationID && !o.DueBy.IsZero() && i.DueOn.After(o.DueBy)
		})
		if later && !i.Done() {
			out = append(out, i)
		}
	}
	return out
}

// LastPerformed is the day on which the last of them was performed, zero while
// one is open.
func LastPerformed(all []Installment) Date {
	var last Date
	if PerformanceOf(all) != PerformanceFulfilled {
		return last
	}
	for _, i := range all {
		if i.PerformedOn.After(last) || last.IsZero() {
			last = i.PerformedOn
		}
	}
	return last
}

// EnforcedFrom is the earliest day on which one of the obligations went to
// enforcement, zero when none did. What is performed from that day on is not
// voluntary.
func EnforcedFrom(list []Obligation) Date {
	var first Date
	for _, o := range list {
		if !o.EnforcedOn.IsZero() && (first.IsZero() || o.EnforcedOn.Before(first)) {
			first = o.EnforcedOn
		}
	}
	return first
}

// Coercive tells whether the case ends the voluntary phase of what it names.
func (e *EnforcementCase) Coercive() bool { return e.Kind.Enforces() && !e.NeverEnforced() }

// Closing is how and when an enforcement case is closed, and why.
type Closing struct {
	Type   CloseType
	On     Date
	Reason string
	// FiledByMistake: see EnforcementCase; only with 销案.
	FiledByMistake bool
	// DoubledFen is the doubled part of the interest that is still owed on what the
	// case enforces, in fen: 执行完毕 needs a reason why it is left.
	DoubledFen Fen
}

// CheckMistake refuses that a case was filed by mistake and closed in any way but
// 销案: whatever else ends it says that there was something to enforce.
func (t CloseType) CheckMistake(mistake bool) error {
	if mistake && t != CloseCancelled {
		return InvalidField("filed_by_mistake", "enforcement.filed_by_mistake", "只有以销案方式结案的，才能注明立案有误")
	}
	return nil
}

// Close ends the officer's work on the case. 执行完毕 needs everything performed;
// every other way needs its reason, since the applicant reads it.
func (e *EnforcementCase) Close(c Closing, today Date) error {
	t, on, reason := c.Type, c.On, c.Reason
	if !EnforcementMachine.May(e.State, EnforcementClosed) {
		return E(Conflict, "enforcement.closed", "该执行案件已结案（"+e.CloseType.Chinese()+"），请刷新后查看")
	}
	var wrong Faults
	wrong.If(t.Chinese() == "", "close_type", "enforcement.close_type", "请选择结案方式")
	if t == ClosePerformed && e.PerformedOn.IsZero() {
		return E(Conflict, "enforcement.not_performed", "义务尚未全部履行并确认，不能以执行完毕结案")
	}
	wrong.If(t == ClosePerformed && c.DoubledFen > 0 && strings.TrimSpace(reason) == "", "reason", "enforcement.interest_owed", "尚欠加倍部分债务利息 "+c.DoubledFen.Yuan()+
		" 元：已经付清的，请先确认回执；申请执行人放弃或者依法不再计收的，请在理由中写明，各方将看到该理由")
	wrong.If(t != ClosePerformed && strings.TrimSpace(reason) == "", "reason", "reason.required", "请填写结案的理由，申请执行人将看到该理由")
	wrong.If(on.IsZero() || on.After(today) || on.Before(e.FiledOn), "closed_on", "enforcement.closed_on", "结案日期应在立案日与今天之间")
	wrong.Add(c.Type.CheckMistake(c.FiledByMistake))
	if err := wrong.Err(); err != nil {
		return err
	}
	e.State, e.CloseType, e.ClosedOn, e.CloseReason, e.FiledByMistake = EnforcementClosed, t, on, strings.TrimSpace(reason), c.FiledByMistake
	return nil
}

// enforcementTerm is a period that binds the officer, from a day on.
type enforcementTerm struct {
	from   Date
	days   int
	months int
}

// noticeTerms: the 执行通知 is to go out within ten days of receiving the
// application. closeTerms: a case is closed within six months of filing.
var (
	noticeTerms = []enforcementTerm{{
		from: Date{2015, 2, 4}, days: 10,
	}}
	closeTerms = []enforcementTerm{{
		from: Date{1998, 7, 8}, months: 6,
	}}
)

func termOn(list []enforcementTerm, day Date) enforcementTerm {
	out := list[0]
	for _, t := range list {
		if !day.Before(t.from) {
			out = t
		}
	}
	return out
}

// EnforcementNoticeBy is the day by which the 执行通知 is to go out, with the
// rule. Source: 民诉解释 480.
func EnforcementNoticeBy(c *Calendar, filedOn Date) (Period, string) {
	t := termOn(noticeTerms, filedOn)
	return c.DaysPeriod(filedOn, t.days, "立案"), CiteNoticeDays.On(filedOn) + "：" + CiteNoticeDays.Sentence()
}

// EnforcementCloseBy is the day by which the case is to be closed, with the
// rule. Source: 执行规定（试行）63.
func EnforcementCloseBy(c *Calendar, filedOn Date) (Period, string) {
	t := termOn(closeTerms, filedOn)
	return c.MonthsPeriod(filedOn, t.months, "立案"), CiteClosingMonths.On(filedOn) + "：" + CiteClosingMonths.Sentence()
}

// EnforcementFilter narrows a list of enforcement cases.
type EnforcementFilter struct {
	OfficerID int64   // 0: the whole court
	JudgeID   int64   // of the case behind it, 0 for any
	PartyIDs  []int64 // parties of the enforcement, nil for any
	Open      bool
	Kind      EnforcementKind
	Text      string // beginning of the case number
	Before    int64  // ids below this one; 0 for the first page
	Limit     int
}

// EnforcementLine is a line of a list of enforcement cases.
type EnforcementLine struct {
	EnforcementCase
	BasisNo string // the number of the case that holds the obligations
	Debtors string // their names
	Officer string
	NextDue time.Time // of the tasks that are open, zero when none
	Late    int       // tasks whose clock ran out
}
