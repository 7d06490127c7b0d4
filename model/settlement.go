package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SettlementForm is how the court came to know of a settlement in enforcement
// (执行和解). One of which the court does not know has no effect on enforcement.
// Source: 最高人民法院关于执行和解若干问题的规定 art. 2.
type SettlementForm string

// The forms.
const (
	SettlementJoint    SettlementForm = "joint"     // 各方共同提交书面协议
	SettlementAccepted SettlementForm = "accepted"  // 一方提交，其他当事人认可
	SettlementOnRecord SettlementForm = "on_record" // 口头协议，记入笔录
)

// Chinese is the form's name on screens.
func (f SettlementForm) Chinese() string {
	return map[SettlementForm]string{SettlementJoint: "共同提交书面协议", SettlementAccepted: "一方提交、其他方认可", SettlementOnRecord: "口头协议记入笔录"}[f]
}

// SettlementState is how far a settlement has come. The first three follow the
// ledger and the calendar, the others are acts.
type SettlementState string

// The states of a settlement.
const (
	SettlementOpen      SettlementState = "open"      // 履行中
	SettlementBreached  SettlementState = "breached"  // 逾期未履行
	SettlementPerformed SettlementState = "performed" // 已履行完毕
	SettlementReplaced  SettlementState = "replaced"  // a newer agreement took its place
	SettlementResumed   SettlementState = "resumed"   // 已恢复执行
)

// Chinese is the state's name on screens.
func (s SettlementState) Chinese() string {
	return map[SettlementState]string{
		SettlementOpen: "履行中", SettlementBreached: "逾期未履行", SettlementPerformed: "已履行完毕", SettlementReplaced: "已被新协议取代", SettlementResumed: "已恢复执行",
	}[s]
}

// InForce tells whether the agreement still binds: neither replaced nor given
// up.
func (s SettlementState) InForce() bool { return s != SettlementReplaced && s != SettlementResumed }

// SettlementPart is one promised payment.
type SettlementPart struct {
	AmountFen Fen  `json:"amount_fen" required:"true"`
	DueOn     Date `json:"due_on" required:"true"`
}

// Settlement is one edition of an agreement in an enforcement case. What was
// agreed is never changed: a changed agreement is a new edition.
type Settlement struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	Edition           int // 1, 2, 3 … in the enforcement case
	Form              SettlementForm
	SignedOn          Date
	Text              string
	PartyIDs          []int64          `gorm:"serializer:json"`
	Parts             []SettlementPart `gorm:"serializer:json"` // in the order of their days
	State             SettlementState
	// NextDueOn is the first due day that is not over and whose payment has not
	// arrived, zero when none is to come. It follows the ledger and the calendar;
	// the worker's index.
	NextDueOn    Date
	BreachedOn   Date // when it was last found to be in breach
	PerformedOn  Date // of the last payment
	ResumeGround ResumeGround
	ResumeReason string
	ResumedBy    int64
	ResumedAt    *time.Time
	RecordedBy   int64
	IdemKey      string // unique per user
	Version      int64
	CreatedAt    time.Time
}

// SettlementOf is the agreement that counts against a debtor in an enforcement
// case: the newest that he made in it, or, where he made none in it, the newest in
// another case of the same debts, which 执恢 took up again; zero when there is
// none. all are in the order of their cases and editions.
func SettlementOf(all []Settlement, enforcementCaseID, partyID int64) (out Settlement) {
	for _, s := range all {
		if slices.Contains(s.PartyIDs, partyID) && (s.EnforcementCaseID == enforcementCaseID || out.EnforcementCaseID != enforcementCaseID) {
			out = s
		}
	}
	return out
}

// Check refuses an agreement that cannot be followed up.
func (s *Settlement) Check(e EnforcementFile, today Date) error {
	s.Text = strings.TrimSpace(s.Text)
	has := func(r EnforcementRole) bool {
		return slices.ContainsFunc(s.PartyIDs, func(id int64) bool { return e.Has(id, r) })
	}
	stranger := slices.ContainsFunc(s.PartyIDs, func(id int64) bool { return !e.Has(id, EnforcementApplicant) && !e.Has(id, EnforcementDebtor) })
	var wrong Faults
	wrong.If(s.Form.Chinese() == "", "form", "settlement.form", "请选择和解协议的形式：共同提交、一方提交并经认可、记入笔录")
	wrong.If(s.SignedOn.IsZero() || s.SignedOn.After(today), "signed_on", "settlement.signed_on", "请填写达成和解的日期，不能晚于今天")
	if !e.FiledOn.IsZero() {
		wrong.Add(Past("执行立案", e.FiledOn, today).Check("signed_on", "settlement.signed_on", s.SignedOn))
	}
	wrong.If(s.Text == "" || utf8.RuneCountInString(s.Text) > 4000, "text", "settlement.text", "请填写和解协议的内容，不超过 4000 字")
	wrong.If(stranger || !has(EnforcementApplicant) || !has(EnforcementDebtor), "party_ids", "settlement.parties", "和解的各方应是本执行案件的当事人，且至少有一名申请执行人和一名被执行人")
	wrong.If(len(s.Parts) == 0 || len(s.Parts) > 120, "parts", "settlement.parts", "请填写分期，一次付清的填一期，最多 120 期")
	last := s.SignedOn
	for _, p := range s.Parts {
		wrong.If(p.AmountFen <= 0 || p.DueOn.IsZero() || p.DueOn.Before(last), "parts", "settlement.parts", "每期金额应大于 0，到期日应按先后填写且不早于达成和解的日期")
		last = p.DueOn
	}
	if !s.SignedOn.IsZero() {
		wrong.Add(Lasting("达成和解", s.SignedOn, CeilingSettlement).Check("parts", "date.range", last))
	}
	return wrong.Err()
}

// PromisedFen is everything that was promised.
func (s Settlement) PromisedFen() (sum Fen) {
	for _, p := range s.Parts {
		sum += p.AmountFen
	}
	return sum
}

// ReapplyBy is the period for applying to resume the original instrument: the two
// years run anew from the last due day of the agreement. It is zero for an
// agreement that names no day.
// Source: 民诉解释 466; 执行和解 10.
func (s Settlement) ReapplyBy(c *Calendar) Period {
	if len(s.Parts) == 0 {
		return Period{}
	}
	return c.YearsPeriod(s.Parts[len(s.Parts)-1].DueOn, 2, "和解协议约定的履行期限届满")
}

// Arrival is money that was confirmed as paid under an enforcement.
type Arrival struct {
	PaidOn    Date
	AmountFen Fen // a reversal is negative
}

// PaidLedger is what was confirmed in a case.
type PaidLedger struct {
	Entries     []Confirmation
	Allocations []Allocation
	DebtorOf    map[int64]int64 // by receipt: whose debt was paid
	ByRelative  map[int64]bool  // by receipt: a relative handed it in, not the debtor's side
}

// Arrivals is what came in for an enforcement case:
// parts allocated to what it enforces, and what its debtors paid beyond the
// principal (interest and costs).
func (l PaidLedger) Arrivals(e EnforcementFile) []Arrival {
	sums := map[int64]Fen{}
	for _, a := range l.Allocations {
		if e.Enforces(a.ObligationID) {
			sums[a.ConfirmationID] += a.AmountFen
		}
	}
	var out []Arrival
	for _, c := range l.Entries {
		sum := sums[c.ID]
		if e.Has(l.DebtorOf[c.ReceiptID], EnforcementDebtor) {
			sum += c.OverFen
		}
		if sum != 0 {
			out = append(out, Arrival{PaidOn: c.PaidOn, AmountFen: sum})
		}
	}
	return out
}

// PaidBy is what a debtor paid himself of the principal of an obligation, or others
// for him.
func (l PaidLedger) PaidBy(partyID, obligationID int64) (sum Fen) {
	receipt := map[int64]int64{}
	for _, c := range l.Entries {
		receipt[c.ID] = c.ReceiptID
	}
	for _, a := range l.Allocations {
		if a.ObligationID == obligationID && a.Part == PartPrincipal && l.DebtorOf[receipt[a.ConfirmationID]] == partyID {
			sum += a.AmountFen
		}
	}
	return max(0, sum)
}

// PartProgress is what became of one promised payment.
type PartProgress struct {
	SettlementPart
	ArrivedFen Fen
	Late       bool // due before today and not all there
}

// SettlementProgress is promised against arrived, as of a day.
type SettlementProgress struct {
	PromisedFen  Fen
	DueFen       Fen // of it due by today
	ArrivedFen   Fen // since the day of signing
	ShortfallFen Fen // due and not arrived
	Parts        []PartProgress
	NextDueOn    Date // of the first part that is not all there and not late
	LateFrom     Date // due day of the first late part, zero when none is late
	LateTo       Date // of the last
	PerformedOn  Date // the day of the last payment, zero while something is missing
}

// Progress compares what was promised with what really arrived since the
// agreement. Money fills the parts in the order of their days.
func (s Settlement) Progress(arrivals []Arrival, today Date) SettlementProgress {
	p := SettlementProgress{PromisedFen: s.PromisedFen()}
	var last Date
	for _, a := range arrivals {
		if a.PaidOn.Before(s.SignedOn) {
			continue
		}
		p.ArrivedFen += a.AmountFen
		if a.AmountFen > 0 && a.PaidOn.After(last) {
			last = a.PaidOn
		}
	}
	rest, open := max(0, p.ArrivedFen), false
	for _, part := range s.Parts {
		got := min(rest, part.AmountFen)
		rest -= got
		// A term that ends today is not over yet.
		line := PartProgress{SettlementPart: part, ArrivedFen: got, Late: got < part.AmountFen && part.DueOn.Before(today)}
		if !part.DueOn.After(today) {
			p.DueFen += part.AmountFen
		}
		open = open || got < part.AmountFen
		if got < part.AmountFen && !line.Late && p.NextDueOn.IsZero() {
			p.NextDueOn = part.DueOn
		}
		if line.Late {
			if p.LateFrom.IsZero() {
				p.LateFrom = part.DueOn
			}
			p.LateTo = part.DueOn
		}
		p.Parts = append(p.Parts, line)
	}
	p.ShortfallFen = max(0, p.DueFen-p.ArrivedFen)
	if !open && p.PromisedFen > 0 {
		p.PerformedOn = last
	}
	return p
}

// Late tells whether something is late.
func (p SettlementProgress) Late() bool { return !p.LateFrom.IsZero() }

// Follow makes the state of an agreement in force follow the facts, and tells
// whether it changed. Late money that arrives after all, before enforcement is
// resumed, ends the breach (执行和解 11).
func (s *Settlement) Follow(p SettlementProgress, today Date) (changed bool) {
	if !s.State.InForce() {
		return false
	}
	before := *s
	s.NextDueOn, s.PerformedOn = p.NextDueOn, p.PerformedOn
	switch {
	case !p.PerformedOn.IsZero():
		s.State = SettlementPerformed
	case p.Late():
		s.State = SettlementBreached
		if before.State != SettlementBreached {
			s.BreachedOn = today
		}
	default:
		s.State = SettlementOpen
	}
	return s.State != before.State || s.NextDueOn != before.NextDueOn || s.PerformedOn != before.PerformedOn
}

// ResumeGround is why the original instrument is enforced again.
// Source: 民事诉讼法 241 II; 执行和解 9, 11.
type ResumeGround string

// The grounds.
const (
	ResumeNotPerformed ResumeGround = "not_performed" // 逾期不履行
	ResumeDefect       ResumeGround = "defect"        // 受欺诈、胁迫达成和解
	ResumeAnticipatory ResumeGround = "anticipatory"  // 明确表示或以行为表明不履行（民法典 578）
)

// Chinese is the ground in words.
func (g ResumeGround) Chinese() string {
	return map[ResumeGround]string{
		ResumeNotPerformed: "被执行人逾期不履行和解协议", ResumeDefect: "申请执行人因受欺诈、胁迫达成和解", ResumeAnticipatory: "被执行人明确表示或者以行为表明不履行",
	}[g]
}

// Resume takes enforcement up again; what was paid is deducted by the ledger.
// Source: 民诉解释 465; 执行和解 9, 11.
func (s *Settlement) Resume(g ResumeGround, reason string, p SettlementProgress, by int64, now time.Time) error {
	switch {
	case g.Chinese() == "":
		return InvalidField("ground", "settlement.ground", "请选择恢复执行的事由")
	case s.State == SettlementPerformed || !p.PerformedOn.IsZero():
		return E(Conflict, "settlement.performed", "和解协议已经履行完毕，不予恢复执行（"+CiteSettlementKept.String()+"）")
	case !SettlementMachine.May(s.State, SettlementResumed):
		return E(Conflict, "settlement.not_in_force", "该和解协议"+s.State.Chinese()+"，请刷新后查看")
	case g == ResumeNotPerformed && !p.Late():
		return E(Conflict, "settlement.not_late", "没有逾期未到账的分期：履行期限尚未届满或者正在按约履行的，不予恢复执行（"+CiteSettlementKept.String()+"）")
	}
	s.State, s.ResumeGround, s.ResumeReason, s.ResumedBy, s.ResumedAt = SettlementResumed, g, reason, by, &now
	return nil
}
