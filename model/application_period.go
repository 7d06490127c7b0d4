package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// PeriodCause is why an application period (申请执行的期间) begins anew or stands
// still.
type PeriodCause string

// The causes.
const (
	CausePartPaid   PeriodCause = "part_paid"  // 部分履行
	CausePromise    PeriodCause = "promise"    // 同意履行
	CauseDemand     PeriodCause = "demand"     // 权利人提出履行要求
	CauseSettlement PeriodCause = "settlement" // 达成和解协议
	CauseApplied    PeriodCause = "applied"    // 申请执行
	CauseObstacle   PeriodCause = "obstacle"   // 不可抗力或者其他障碍: it suspends
	CauseWithdrawn  PeriodCause = "withdrawn"  // an entry that takes another back and puts nothing in its place
)

// RecordedCauses are the causes that a judge enters; the others follow from what
// the record holds.
var RecordedCauses = []PeriodCause{CauseDemand, CausePromise, CauseObstacle}

// Chinese is the cause in words.
func (c PeriodCause) Chinese() string {
	return map[PeriodCause]string{
		CausePartPaid: "部分履行", CausePromise: "同意履行", CauseDemand: "权利人提出履行要求", CauseSettlement: "达成和解协议", CauseApplied: "申请执行",
		CauseObstacle: "不可抗力或者其他障碍", CauseWithdrawn: "撤回记录",
	}[c]
}

// PeriodEntry is what a judge put on record about a case's application periods: a
// demand or a promise made outside the system, or an obstacle. Entries are only
// added: one that corrects another takes its place.
type PeriodEntry struct {
	ID      int64
	CourtID int64
	CaseID  int64
	Cause   PeriodCause
	PartyID int64 // the creditor who demanded or was hindered, the debtor who promised
	// HappenedOn is the day of it, of an obstacle its first; EndedOn is the day on
	// which an obstacle ended, zero while it goes on.
	HappenedOn    Date
	EndedOn       Date
	ObligationIDs []int64 `gorm:"serializer:json"` // what it is about; none: all of the party's
	Reason        string  // the document or fact that proves it
	CorrectsID    int64   // the entry whose place this one takes, 0 for none
	ByUserID      int64
	IdemKey       string // unique per author
	CreatedAt     time.Time
}

// Check refuses an entry that says too little, or what cannot be.
func (e *PeriodEntry) Check(d Debts, today Date) error {
	e.Reason = strings.TrimSpace(e.Reason)
	var wrong Faults
	wrong.If(e.Reason == "" || utf8.RuneCountInString(e.Reason) > 500, "reason", "period.reason", "请填写依据（如催款函及签收情况、承诺书、障碍的证明），不超过 500 字")
	if e.Cause == CauseWithdrawn && e.CorrectsID != 0 {
		return wrong.Err()
	}
	wrong.If(!slices.Contains(RecordedCauses, e.Cause), "cause", "period.cause", "请选择事由：提出履行要求、同意履行、不可抗力或者其他障碍")
	wrong.If(e.HappenedOn.IsZero() || e.HappenedOn.After(today), "happened_on", "period.day", "请填写发生的日期，不能晚于今天")
	wrong.If(!e.EndedOn.IsZero() && (e.Cause != CauseObstacle || e.EndedOn.Before(e.HappenedOn) || e.EndedOn.After(today)), "ended_on", "period.ended", "只有障碍有消除的日期，应在发生之日与今天之间；尚未消除的不填")
	unknown := slices.ContainsFunc(e.ObligationIDs, func(id int64) bool { return d.Obligation(id).ID == 0 })
	wrong.If(unknown, "obligations", "obligation.unknown", "该案没有这项义务，请刷新后重新选择")
	wrong.If(slices.Contains(RecordedCauses, e.Cause) && !unknown && len(e.about(d)) == 0, "party", "period.party", "提出要求、遇有障碍的应是权利人，同意履行的应是义务人；所选义务应与其有关")
	return wrong.Err()
}

// about are the obligations that the entry is about and has to do with.
func (e PeriodEntry) about(d Debts) (out []Obligation) {
	for _, ob := range d.Obligations {
		if len(e.ObligationIDs) > 0 && !slices.Contains(e.ObligationIDs, ob.ID) {
			continue
		}
		mine := ob.EverOwedTo(e.PartyID)
		if e.Cause == CausePromise {
			mine = d.EverOwes(e.PartyID, ob.ID)
		}
		// Who demands is a joint creditor where obligations of several are named
		// (诉讼时效规定 15): the judge chose them. An obstacle hinders only its own.
		joint := e.Cause == CauseDemand && len(e.ObligationIDs) > 0 && ob.ObligeeID != 0 &&
			slices.ContainsFunc(d.Obligations, func(o Obligation) bool { return o.EverOwedTo(e.PartyID) })
		if mine || joint {
			out = append(out, ob)
		}
	}
	return out
}

// StandingEntries are the entries whose place no other one took.
func StandingEntries(all []PeriodEntry) (out []PeriodEntry) {
	for _, e := range all {
		replaced := slices.ContainsFunc(all, func(o PeriodEntry) bool { return o.CorrectsID == e.ID })
		if !replaced && e.Cause != CauseWithdrawn {
			out = append(out, e)
		}
	}
	return out
}

// PeriodRecord is what the record of a case holds that moves its application
// periods.
type PeriodRecord struct {
	Promises    []Promise
	Ledger      PaidLedger
	Enforcement []EnforcementFile
	Settlements []Settlement
	Plans       []PlanAgreement
	Entries     []PeriodEntry
}

// PeriodEffect is what an event did to a period.
type PeriodEffect string

// The effects.
const (
	EffectNone        PeriodEffect = ""            // 期间尚未开始或者不受影响
	EffectInterrupted PeriodEffect = "interrupted" // 中断，重新计算
	EffectSuspended   PeriodEffect = "suspended"   // 中止
	EffectAfterEnd    PeriodEffect = "after_end"   // 届满之后
)

// Chinese is the effect on screens.
func (e PeriodEffect) Chinese() string {
	return map[PeriodEffect]string{
		EffectNone: "不影响期间", EffectInterrupted: "期间中断，重新计算", EffectSuspended: "期间中止", EffectAfterEnd: "在期间届满之后",
	}[e]
}

// PeriodEvent is something that happened to an application period.
type PeriodEvent struct {
	Cause   PeriodCause
	On      Date
	Until   Date // an obstacle's last day, or the day on which an enforcement case was closed; zero while it goes on
	PartyID int64
	// From is the day from which the period runs anew.
	From    Date
	CaseNo  string    // of an enforcement case
	Partly  bool      // it enforces instalments that are due and leaves later ones
	Close   CloseType // how it was closed
	EntryID int64     // of the judge's entry, 0 for what follows from the record
	Effect  PeriodEffect
}

// What says what happened, with the names of a case's parties.
func (e PeriodEvent) What(d Debts) string {
	who := d.Party(e.PartyID).Name
	switch e.Cause {
	case CauseApplied:
		s := "申请执行，案号为" + e.CaseNo
		if !e.Until.IsZero() {
			s += "，" + e.Until.Chinese() + "以" + e.Close.Chinese() + "结案"
		}
		return s
	case CauseDemand:
		return who + "提出履行要求"
	case CausePromise:
		return who + "同意履行"
	case CausePartPaid:
		return who + "部分履行"
	case CauseObstacle:
		s := "因不可抗力或者其他障碍不能申请"
		if e.Until.IsZero() {
			return s + "，障碍尚未消除"
		}
		return s + "，障碍于" + e.Until.Chinese() + "消除"
	case CauseSettlement:
		if e.From != e.On {
			return "达成和解协议，约定履行期限的最后一日为" + e.From.Chinese()
		}
	case CauseWithdrawn: // no event
	}
	return e.Cause.Chinese()
}

// events are what happened to the period of an obligation, or of one instalment
// when installment is not 0, oldest first.
//
//   - Part performance counts from the day of payment. Money that a relative
//     handed in without the debtor is not the debtor's consent and is left out.
//   - The promise of one joint debtor holds for all, since they are the debtors of
//     one obligation here (诉讼时效规定 15 para. 2); debtors by shares have
//     obligations of their own.
//   - A settlement, in enforcement or before it (PlanAgreement, from the day on which
//     all had agreed), restarts the period on the last day that it names: 民诉解释 466
//     and 执行和解规定 10 say so for agreements in enforcement. For an agreement
//     before enforcement no text says it; its terms are new terms of performance,
//     so the same is done.
//   - An application interrupts, and the period begins anew when the proceedings
//     end (民法典 195). Where it was rejected or enforcement refused, it counts from
//     the day of the application (执程解释 20: 从中断时起): whether such an application
//     lets the period stand until the decision is not settled, and whoever relies on
//     the earlier day is never late. A case struck as filed by mistake does nothing.
func (r PeriodRecord) events(d Debts, ob Obligation, installment int64) []PeriodEvent {
	var out []PeriodEvent
	for _, p := range r.Promises {
		if d.EverOwes(p.PartyID, ob.ID) {
			on := DateOf(p.CreatedAt)
			out = append(out, PeriodEvent{Cause: CausePromise, On: on, From: on, PartyID: p.PartyID})
		}
	}
	out = append(out, r.payments(ob, installment)...)
	for _, e := range r.Enforcement {
		if !e.Kind.Enforces() || e.FiledByMistake || !e.Enforces(ob.ID) { // one that was rejected was applied for
			continue
		}
		i := slices.IndexFunc(d.Installments, func(i Installment) bool { return i.ID == installment })
		if i >= 0 && !e.EnforcesPart(d.Installments[i]) {
			continue
		}
		ev := PeriodEvent{Cause: CauseApplied, Partly: installment == 0 && len(e.LeftVoluntary(d.InstallmentsOf(ob.ID))) > 0, On: e.FiledOn, From: e.FiledOn, CaseNo: e.CaseNo, PartyID: ob.ObligeeID}
		if e.State == EnforcementClosed {
			ev.Until, ev.Close = e.ClosedOn, e.CloseType
			if e.CloseType != CloseRejected && e.CloseType != CloseNotEnforce {
				ev.From = e.ClosedOn
			}
		}
		out = append(out, ev)
	}
	for _, s := range r.Settlements {
		if len(s.Parts) > 0 && r.settles(s, d, ob) {
			out = append(out, PeriodEvent{Cause: CauseSettlement, On: s.SignedOn, From: s.Parts[len(s.Parts)-1].DueOn})
		}
	}
	for _, p := range r.Plans {
		if p.concerns(d, ob.ID, installment) {
			out = append(out, PeriodEvent{Cause: CauseSettlement, On: p.AgreedOn, From: p.LastDueOn()})
		}
	}
	for _, e := range StandingEntries(r.Entries) {
		if slices.ContainsFunc(e.about(d), func(o Obligation) bool { return o.ID == ob.ID }) {
			out = append(out, PeriodEvent{Cause: e.Cause, On: e.HappenedOn, From: e.HappenedOn, Until: e.EndedOn, PartyID: e.PartyID, EntryID: e.ID})
		}
	}
	slices.SortStableFunc(out, func(a, b PeriodEvent) int { return a.On.Compare(b.On) })
	return out
}

// settles tells whether a settlement is about the obligation: its creditor and one
// of its debtors made it.
func (r PeriodRecord) settles(s Settlement, d Debts, ob Obligation) bool {
	i := slices.IndexFunc(r.Enforcement, func(e EnforcementFile) bool { return e.ID == s.EnforcementCaseID })
	if i < 0 || !r.Enforcement[i].Enforces(ob.ID) {
		return false
	}
	return slices.ContainsFunc(s.PartyIDs, ob.EverOwedTo) && slices.ContainsFunc(s.PartyIDs, func(id int64) bool { return d.EverOwes(id, ob.ID) })
}

// concerns tells whether an agreement to which all agreed moves the period of an
// obligation, or of one instalment.
func (p PlanAgreement) concerns(d Debts, obligationID, installmentID int64) bool {
	if p.AgreedOn.IsZero() {
		return false
	}
	return slices.ContainsFunc(d.InstallmentsOf(obligationID), func(i Installment) bool {
		return p.Covers(i.ID) && (installmentID == 0 || installmentID == i.ID)
	})
}

// payments are the days on which something was paid of an obligation, without
// what was taken back.
func (r PeriodRecord) payments(ob Obligation, installment int64) []PeriodEvent {
	type key struct {
		on      Date
		partyID int64
	}
	paid := map[int64]key{}
	for _, c := range r.Ledger.Entries {
		if !r.Ledger.ByRelative[c.ReceiptID] {
			paid[c.ID] = key{c.PaidOn, r.Ledger.DebtorOf[c.ReceiptID]}
		}
	}
	sums, order := map[key]Fen{}, []key{}
	for _, a := range r.Ledger.Allocations {
		k, ok := paid[a.ConfirmationID]
		if !ok || a.ObligationID != ob.ID || installment != 0 && a.InstallmentID != installment {
			continue
		}
		if _, known := sums[k]; !known {
			order = append(order, k)
		}
		sums[k] += a.AmountFen
	}
	var out []PeriodEvent
	for _, k := range order {
		if sums[k] > 0 {
			out = append(out, PeriodEvent{Cause: CausePartPaid, On: k.on, From: k.on, PartyID: k.partyID})
		}
	}
	return out
}

// PeriodState is how an application period stands today.
type PeriodState string

// The states.
const (
	PeriodRunning   PeriodState = "running"   // 未届满
	PeriodSuspended PeriodState = "suspended" // 中止中
	PeriodEnforced  PeriodState = "enforced"  // 已申请执行
	PeriodUnlimited PeriodState = "unlimited" // 不受限制: after 终结本次执行程序
	PeriodEnded     PeriodState = "ended"     // 已届满
)

// Chinese is the state on screens. That a period is over takes nobody's right: the
// debtor may object (民法典 192), the court does not of itself (193).
func (s PeriodState) Chinese() string {
	return map[PeriodState]string{
		PeriodRunning: "未届满", PeriodSuspended: "中止中", PeriodEnforced: "已申请执行", PeriodUnlimited: "再次申请不受期间限制", PeriodEnded: "已届满，仍可申请",
	}[s]
}

// ApplicationPeriod is until when the creditor of an obligation may apply for its
// enforcement without the debtor being able to object.
type ApplicationPeriod struct {
	ObligationID  int64
	InstallmentID int64 // of a duty whose instalments count singly, else 0
	Seq           int   // of that instalment
	CreditorID    int64
	State         PeriodState
	Start         Date   // the day after which it runs, by the last event
	Event         string // what happened on that day
	RawLast       Date   // its last day before rest days are looked at
	Last          Date   // its last day; zero where none is known
	Reason        string // how it was computed, in words
	Events        []PeriodEvent
	// ConsentOn is when a debtor agreed to perform after the end, and ConsentBy who:
	// he cannot object any more. Zero while nobody did.
	ConsentOn Date
	ConsentBy string
	PaidAfter bool // something was paid after the end: it cannot be asked back
	LateOn    Date // enforcement was applied for after the end
}

// ApplicationPeriods are the periods of a case's open duties, one for each
// obligation and its creditor; where instalments count singly, one for each.
// Duties that the court enforces without an application have none (see Rules).
// Money owed to the court has no creditor who could be late.
//
// Dues of which the instrument names the last day count from the last instalment
// (250 para. 2). Dues without one (抚养费 until something happens, rent) have no last
// instalment to count from, and no text was found for them: whether each counts by
// itself, or none before the end is known, is disputed. Each is counted by itself,
// since a creditor who applies by then is late on neither view. 民法典 196(3), by
// which 抚养费、赡养费、扶养费 know no limitation of action, is about the claim before
// the judgment; whether it reaches the period for applying is disputed as well.
// Source: 民事诉讼法 250; 行诉解释 153; 执程解释 19, 20.
func (d Debts) ApplicationPeriods(r PeriodRecord, c *Calendar, today Date) ApplicationPeriods {
	var out ApplicationPeriods
	for _, ob := range d.Obligations {
		in := d.Instrument(ob.InstrumentID)
		term := in.Kind.term(d.Case.RegimeOf(ob).Rules())
		list := d.InstallmentsOf(ob.ID)
		if ob.ObligeeID == 0 || in.EffectiveOn.IsZero() || ob.Replaced() || PerformanceOf(list) == PerformanceFulfilled {
			continue
		}
		if ob.Recurs != nil && ob.Recurs.UntilOn.IsZero() && term == TermWhole {
			term = TermSingly
		}
		switch term {
		case TermWhole:
			p := ApplicationPeriod{ObligationID: ob.ID, CreditorID: ob.ObligeeID}
			start, event := periodStart(in, list)
			if ob.Recurs != nil {
				start, event = ob.Recurs.lastDue(), "按期给付的最后一期履行期限届满"
			}
			out = append(out, p.run(start, event, r.events(d, ob, 0), d, c, today))
		case TermSingly:
			for _, i := range list {
				if i.Done() || ob.Recurs != nil && i.DueOn.After(today) { // the coming ones are endless
					continue
				}
				p := ApplicationPeriod{ObligationID: ob.ID, CreditorID: ob.ObligeeID, InstallmentID: i.ID, Seq: i.Seq}
				start, event := periodStart(in, []Installment{i})
				if len(list) > 1 {
					event = fmt.Sprintf("第%d期", i.Seq) + event
				}
				if ob.Recurs != nil {
					event += "（按期给付而没有确定最后一期，逐期计算）"
				}
				if in.Kind != NotarisedDebt && (i.DueOn.IsZero() || i.DueOn == in.EffectiveOn && i.DueInDays == 0) {
					// 行诉解释 153 counts from the day of service, which the record does not
					// have.
					event = "法律文书生效（没有规定履行期限的，应从送达之日起计算，请核对送达日）"
				}
				out = append(out, p.run(start, event, r.events(d, ob, i.ID), d, c, today))
			}
		default: // none
		}
	}
	return out
}

// periodStart is the day after which a period runs: the last day of the term, of
// instalments that of the last one, or the day of effect.
func periodStart(in Instrument, list []Installment) (Date, string) {
	var last Date
	for _, i := range list {
		if i.DueOn.After(last) || last.IsZero() {
			last = i.DueOn
		}
	}
	switch {
	case last.IsZero(), last == in.EffectiveOn && len(list) == 1 && list[0].DueInDays == 0:
		return in.EffectiveOn, "法律文书生效（没有规定履行期间）"
	case len(list) > 1:
		return last, "最后一期履行期限届满"
	}
	return last, "履行期限届满"
}

// run lets the events happen to a period, in their order.
func (p ApplicationPeriod) run(start Date, event string, events []PeriodEvent, d Debts, c *Calendar, today Date) ApplicationPeriod {
	p.Start, p.Event = start, event
	var obstacles []*PeriodEvent
	for i := range events {
		if events[i].Cause == CauseObstacle {
			obstacles = append(obstacles, &events[i])
		}
	}
	open, unlimited := false, false
	for i := range events {
		e := &events[i]
		if e.Cause == CauseObstacle {
			continue
		}
		last := p.end(obstacles, c).last
		late := !last.IsZero() && e.On.After(last) && !unlimited
		running := !open
		if e.Cause == CauseApplied && !e.Partly {
			if open = e.Until.IsZero(); !open {
				unlimited = e.Close == CloseThisRound
			}
		}
		switch {
		case !running: // the proceedings are on, no period runs
		case late:
			e.Effect = EffectAfterEnd
			p.after(e, d)
		case e.From.After(p.Start):
			e.Effect = EffectInterrupted
			p.Start, p.Event = e.From, e.What(d)
			switch {
			case e.From == e.On:
				p.Event += "，期间中断"
			case e.Cause == CauseSettlement:
				p.Event = "和解协议（" + e.On.Chinese() + "达成）约定的履行期限最后一日"
			default:
				p.Event = "执行案件" + e.CaseNo + "以" + e.Close.Chinese() + "结案"
			}
		}
	}
	end := p.end(obstacles, c)
	p.RawLast, p.Last, p.Reason = end.raw, end.last, end.reason
	for _, o := range end.by {
		o.Effect = EffectSuspended
	}
	p.Events = events
	switch {
	case open:
		p.State = PeriodEnforced
	case unlimited:
		p.State = PeriodUnlimited
	case end.suspended:
		p.State = PeriodSuspended
	case today.After(p.Last):
		p.State = PeriodEnded
	default:
		p.State = PeriodRunning
	}
	if p.State != PeriodRunning && p.State != PeriodEnded && p.LateOn.IsZero() {
		p.RawLast, p.Last = Date{}, Date{}
	}
	return p
}

// after notes what happened after the end. A debtor who agrees to perform cannot
// object any more, and what he paid he cannot ask back (民法典 192 para. 2;
// 诉讼时效规定 19). Whether a payment alone is consent to the rest is disputed: it is
// not taken for it. The consent of one joint debtor is not that of another:
// 诉讼时效规定 15 speaks of interruption only.
func (p *ApplicationPeriod) after(e *PeriodEvent, d Debts) {
	switch e.Cause {
	case CausePromise, CauseSettlement:
		if p.ConsentOn.IsZero() {
			p.ConsentOn, p.ConsentBy = e.On, d.Party(e.PartyID).Name
			if p.ConsentBy == "" {
				p.ConsentBy = "义务人"
			}
		}
	case CausePartPaid:
		p.PaidAfter = true
	case CauseApplied:
		p.LateOn = e.On
	default: // a demand after the end moves nothing
	}
}

// suspendedMonths is the last part of the period in which an obstacle suspends it,
// and what the creditor has after its end.
const suspendedMonths = 6

// periodEnd is when a period ends.
type periodEnd struct {
	raw, last Date   // before rest days are looked at, and after; zero while it is held up
	reason    string // in words
	by        []*PeriodEvent
	suspended bool // an obstacle that is not over holds it up
}

// end is when the period that begins on p.Start ends, with the obstacles that
// suspend it.
//
// An obstacle in its last six months suspends it: it ends six months after the
// obstacle did (民法典 194 para. 2, to which 民事诉讼法 250 refers). 执程解释 19 still
// says that the rest of it runs on (继续计算), which ends earlier; the statute is
// later and higher, so it is followed, and the words name the other day.
func (p ApplicationPeriod) end(obstacles []*PeriodEvent, c *Calendar) periodEnd {
	var by []*PeriodEvent
	raw := p.Start.AddYears(2)
	reason := fmt.Sprintf("%s%s，次日起算二年，末日%s", p.Start.Chinese(), p.Event, raw.Chinese())
	for _, o := range obstacles {
		window := raw.AddMonths(-suspendedMonths)
		if o.On.After(c.NextWorkday(raw)) || !o.Until.IsZero() && o.Until.Before(window) {
			continue
		}
		by = append(by, o)
		if o.Until.IsZero() {
			return periodEnd{reason: reason + fmt.Sprintf("；最后六个月内遇有障碍（%s起，尚未消除），期间中止，自障碍消除之日起满六个月届满（%s）",
				o.On.Chinese(), CitesShort(CiteObstacles, CiteSuspendedSixMonths)), by: by, suspended: true}
		}
		if ends := o.Until.AddMonths(suspendedMonths); ends.After(raw) {
			begun := o.On
			if begun.Before(window) {
				begun = window
			}
			rest := o.Until.AddDays(raw.Sub(begun))
			raw = ends
			reason += fmt.Sprintf("；最后六个月内因障碍中止，障碍于%s消除，满六个月至%s（%s；依%s按剩余期间继续计算的，为%s）",
				o.Until.Chinese(), raw.Chinese(), CiteSuspendedSixMonths.Short(), CiteApplicationSuspended.Short(), rest.Chinese())
		}
	}
	last := c.NextWorkday(raw)
	if last != raw {
		reason += fmt.Sprintf("；%s为%s，顺延至%s（%s）", raw.Chinese(), c.restKind(raw), last.Chinese(), CiteRestDay.Short())
	}
	if !c.Covers(raw.Year) {
		reason += fmt.Sprintf("；%d年放假安排尚未公布，公布后重新核对", raw.Year)
	}
	return periodEnd{raw: raw, last: last, reason: reason, by: by}
}

// lateWords say what the end of a period means.
func lateWords() string {
	return "期间届满后仍可以申请执行，法院应予受理；被执行人提出异议并经审查成立的，裁定不予执行（" + CiteLateApplication.Short() + "）。"
}

// Sentence says in words how the period stands, for papers and screens alike.
func (p ApplicationPeriod) Sentence() string {
	late := ""
	switch {
	case !p.ConsentOn.IsZero():
		late = fmt.Sprintf("%s于%s（期间届满之后）同意履行，依照%s，不得再以期间届满为由提出异议。", p.ConsentBy, p.ConsentOn.Chinese(), CiteConsentAfterEnd.Short())
	case p.PaidAfter:
		late = "期间届满后自愿履行的部分，不得请求返还（" + CiteConsentAfterEnd.Short() + "）。"
	}
	switch p.State {
	case PeriodEnforced:
		if !p.LateOn.IsZero() {
			return fmt.Sprintf("%s申请执行，申请时期间已于%s届满（%s）。%s%s", p.LateOn.Chinese(), p.Last.Chinese(), p.Reason, lateWords(), late)
		}
		return "已经申请执行，期间中断；执行程序终结后重新计算（" + CitesShort(CiteApplicationInterrupted, CiteInterrupted) + "）。"
	case PeriodUnlimited:
		return "已经裁定终结本次执行程序，发现可供执行的财产的，可以再次申请执行，不受申请执行期间的限制（" + CiteAppliesAgain.Short() + "）。"
	case PeriodSuspended:
		return "期间中止：" + p.Reason + "。"
	case PeriodEnded:
		return fmt.Sprintf("申请执行的期间已于%s届满（%s）。%s%s", p.Last.Chinese(), p.Reason, lateWords(), late)
	default:
		return fmt.Sprintf("申请执行的期间至%s届满（%s）。", p.Last.Chinese(), p.Reason)
	}
}

// ApplicationPeriods are the periods of a case.
type ApplicationPeriods []ApplicationPeriod

// Of are those of an obligation.
func (list ApplicationPeriods) Of(obligationID int64) (out ApplicationPeriods) {
	for _, p := range list {
		if p.ObligationID == obligationID {
			out = append(out, p)
		}
	}
	return out
}

// For are those of a creditor, of one instrument when it is not 0.
func (list ApplicationPeriods) For(d Debts, creditorID, instrumentID int64) (out ApplicationPeriods) {
	for _, p := range list {
		if d.Obligation(p.ObligationID).OwedTo(creditorID) && (instrumentID == 0 || d.Obligation(p.ObligationID).InstrumentID == instrumentID) {
			out = append(out, p)
		}
	}
	return out
}

// First is the earliest end of those that run, zero when none does: a creditor
// who looks at one day only is never late by it.
func (list ApplicationPeriods) First() (first Date) {
	for _, p := range list {
		if p.State == PeriodRunning && (first.IsZero() || p.Last.Before(first)) {
			first = p.Last
		}
	}
	return first
}

// Words say how the periods stand, each by itself where they differ.
func (list ApplicationPeriods) Words(d Debts) string {
	var out []string
	var names [][]string
	for _, p := range list {
		s := p.Sentence()
		i := slices.Index(out, s)
		if i < 0 {
			i = len(out)
			out, names = append(out, s), append(names, nil)
		}
		names[i] = append(names[i], p.name(d))
	}
	if len(out) == 1 {
		return "按目前的记录，" + out[0]
	}
	for i := range out {
		out[i] = strings.Join(names[i], "、") + "：" + out[i]
	}
	if len(out) == 0 {
		return ""
	}
	return "按目前的记录，各项分别计算。" + strings.Join(out, "")
}

// name is how papers call the duty of a period.
func (p ApplicationPeriod) name(d Debts) string {
	ob := d.Obligation(p.ObligationID)
	s := ob.Description
	if s == "" && ob.Category != CategoryNone {
		s = ob.Category.Chinese()
	}
	if s == "" {
		s = "金钱给付"
	}
	if ob.Recurs != nil {
		s += " " + ob.Recurs.Chinese()
	} else if ob.Kind == ObligationMoney {
		s += " " + ob.AmountFen.Yuan() + " 元"
	}
	var by []int64
	for _, o := range d.Obligors {
		if o.ObligationID == ob.ID {
			by = append(by, o.PartyID)
		}
	}
	s = "“" + s + "”（义务人" + d.names(by) + "）"
	if p.InstallmentID != 0 && len(d.InstallmentsOf(ob.ID)) > 1 {
		s += fmt.Sprintf("第%d期", p.Seq)
	}
	return s
}
