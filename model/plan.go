package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// PlanState is how far an agreement on a changed plan has come. Whether it is kept
// or broken follows the ledger and the calendar; the others are acts.
type PlanState string

// The states of an agreement.
const (
	PlanProposed  PlanState = "proposed"  // 待各方同意
	PlanInForce   PlanState = "in_force"  // 履行中: it stands in front
	PlanBroken    PlanState = "broken"    // 逾期未履行: the instrument's days hold again
	PlanKept      PlanState = "kept"      // 已履行完毕
	PlanRefused   PlanState = "refused"   // 一方不同意
	PlanWithdrawn PlanState = "withdrawn" // 未生效而撤回
	PlanReplaced  PlanState = "replaced"  // 已被新协议取代
	PlanEnded     PlanState = "ended"     // 已申请强制执行
	PlanOverruled PlanState = "overruled" // 已由新的法律文书取代: what it stood in front of is owed no longer
)

// Chinese is the state's name on screens.
func (s PlanState) Chinese() string {
	return map[PlanState]string{
		PlanProposed: "待各方同意", PlanInForce: "履行中", PlanBroken: "逾期未履行，原计划恢复", PlanKept: "已履行完毕", PlanRefused: "一方不同意",
		PlanWithdrawn: "已撤回", PlanReplaced: "已被新协议取代", PlanEnded: "已申请强制执行",
		PlanOverruled: "所涉及的义务已由新的法律文书取代",
	}[s]
}

// Follows tells whether the ledger still moves the agreement.
func (s PlanState) Follows() bool { return s == PlanInForce || s == PlanBroken || s == PlanKept }

// PlanAgreement is what a creditor and his debtors agreed on after an instrument
// took effect and outside enforcement (履行和解): another plan for what is
// outstanding. It is not the agreement in enforcement, which is Settlement.
//
// It does not change the instrument, whose duties go on being owed and bearing
// interest: it stands in front of the instalments that it covers. While it is in
// force, what is due and when follows its parts. Kept, it ends what it covers: the
// rest of the principal is forgiven, and the interest if that was agreed. Broken, it
// steps aside: paid parts are deducted, since the ledger counts them, and the
// original sums, days and interest hold, since they never changed.
//
// No statute speaks of it. Guiding case 2 (指导案例2号) says that an agreement outside
// the court's proceedings does not take the instrument's force, and that on a breach
// the other side gets the instrument enforced; 执行和解规定 19 says what it means for
// enforcement, and its articles 8, 9 and 11 are followed where they can be: late money
// that arrives before somebody applies for enforcement ends the breach, as it does
// under article 11 (3) in enforcement.
type PlanAgreement struct {
	ID             int64
	CourtID        int64
	CaseID         int64
	Edition        int // 1, 2, 3 … in the case
	SignedOn       Date
	Text           string
	CreditorID     int64
	DebtorIDs      []int64          `gorm:"serializer:json"`
	InstallmentIDs []int64          `gorm:"serializer:json"` // that it covers
	Parts          []SettlementPart `gorm:"serializer:json"` // in the order of their days
	InterestToo    bool             // kept, the interest of what it covers is waived
	State          PlanState
	NextDueOn      Date // of the first part that is not all there, zero when nothing is followed; the worker's index
	AgreedOn       Date // when all had agreed
	BrokenOn       Date // when it was last found to be broken
	KeptOn         Date // of the last payment
	EndedOn        Date // refused, withdrawn, replaced or taken to enforcement
	EndReason      string
	RecordedBy     int64
	IdemKey        string // unique per user
	Version        int64
	CreatedAt      time.Time
}

// PlanConsent is what a party said of an agreement.
type PlanConsent struct {
	AgreementID int64 `gorm:"primaryKey;autoIncrement:false"`
	PartyID     int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID      int64
	Agrees      bool
	Reason      string // of a refusal
	Paper       string // on which he said it, "" when he did so by himself
	OnDay       Date
	ByUserID    int64
	CreatedAt   time.Time
}

// PartyIDs are all who have to agree.
func (p PlanAgreement) PartyIDs() []int64 { return append([]int64{p.CreditorID}, p.DebtorIDs...) }

// Covers tells whether the agreement covers an instalment.
func (p PlanAgreement) Covers(installmentID int64) bool {
	return slices.Contains(p.InstallmentIDs, installmentID)
}

// PromisedFen is everything that was promised.
func (p PlanAgreement) PromisedFen() Fen { return Settlement{Parts: p.Parts}.PromisedFen() }

// LastDueOn is the last day that the agreement names.
func (p PlanAgreement) LastDueOn() Date {
	if len(p.Parts) == 0 {
		return Date{}
	}
	return p.Parts[len(p.Parts)-1].DueOn
}

// Fit refuses an agreement that cannot stand, and takes its parties from the debts
// that it covers: their one creditor, and everybody who owes one of them, since a
// plan that binds only some of several joint debtors would leave the others with the
// old days of one and the same debt.
func (p *PlanAgreement) Fit(d Debts, today Date) error {
	p.Text = strings.TrimSpace(p.Text)
	slices.Sort(p.InstallmentIDs)
	p.InstallmentIDs = slices.Compact(p.InstallmentIDs)
	p.CreditorID, p.DebtorIDs = 0, nil
	var wrong Faults
	wrong.If(p.SignedOn.IsZero() || p.SignedOn.After(today), "signed_on", "plan.signed_on", "请填写达成和解的日期，不能晚于今天")
	wrong.If(p.Text == "" || utf8.RuneCountInString(p.Text) > 4000, "text", "plan.text", "请填写和解协议的内容，不超过 4000 字")
	wrong.If(len(p.InstallmentIDs) == 0, "installments", "plan.covers", "请选择协议所涉及的义务或者期次")
	wrong.If(len(p.Parts) == 0 || len(p.Parts) > 120, "parts", "plan.parts", "请填写新的分期，一次付清的填一期，最多 120 期")
	last := p.SignedOn
	for _, part := range p.Parts {
		wrong.If(part.AmountFen <= 0 || part.AmountFen > MaxFen || part.DueOn.Before(last), "parts", "plan.parts", "每期金额应大于 0，到期日应按先后填写且不早于达成和解的日期")
		last = part.DueOn
	}
	if !p.SignedOn.IsZero() {
		wrong.Add(Lasting("达成和解", p.SignedOn, CeilingPlan).Check("parts", "date.range", last))
	}
	wrong.Add(p.cover(d))
	for _, in := range d.Instruments {
		covered := slices.ContainsFunc(d.Installments, func(i Installment) bool {
			return p.Covers(i.ID) && d.Obligation(i.ObligationID).InstrumentID == in.ID
		})
		if covered && !in.MadeOn.IsZero() {
			wrong.Add(Past("法律文书作出", in.MadeOn, today).Check("signed_on", "plan.signed_on", p.SignedOn))
		}
	}
	return wrong.Err()
}

// cover says whose debt the chosen instalments are, or why no agreement can cover them.
func (p *PlanAgreement) cover(d Debts) error {
	for _, id := range p.InstallmentIDs {
		i := slices.IndexFunc(d.Installments, func(i Installment) bool { return i.ID == id })
		if i < 0 {
			return InvalidField("installments", "plan.covers", "所选的期次不存在")
		}
		in := d.Installments[i]
		ob := d.Obligation(in.ObligationID)
		switch {
		case ob.Kind != ObligationMoney || ob.ObligeeID == 0 || !d.Case.RegimeOf(ob).Rules().Disposes:
			return InvalidField("installments", "plan.not_disposable", "只有当事人可以自行处分的金钱义务才能另行达成履行计划（"+d.Case.RegimeOf(ob).Rules().Name+"）")
		case d.Instrument(ob.InstrumentID).EffectiveOn.IsZero():
			return InvalidField("installments", "plan.covers", "法律文书尚未生效")
		case in.Done():
			return InvalidField("installments", "plan.covers", "所选的期次已经履行完毕")
		case !in.EnforcedOn.IsZero():
			return InvalidField("installments", "plan.enforced", "所选的期次已进入强制执行，请由执行法官记录执行和解")
		case len(ob.JointIDs) > 0:
			return InvalidField("installments", "plan.creditors", "该项权利由几人共同享有，请先登记各人承受的份额，再分别记录")
		case p.CreditorID != 0 && p.CreditorID != ob.ObligeeID:
			return InvalidField("installments", "plan.creditors", "一份协议只能涉及一名权利人的债权；对其他权利人请另行记录")
		}
		p.CreditorID = ob.ObligeeID
		for _, debtor := range d.DebtorsOf(ob.ID) {
			if !slices.Contains(p.DebtorIDs, debtor) {
				p.DebtorIDs = append(p.DebtorIDs, debtor)
			}
		}
	}
	slices.Sort(p.DebtorIDs)
	return nil
}

// parties are the creditors and the debtors, as of now, of what the agreement covers.
func (p PlanAgreement) parties(d Debts) (creditors, debtors []int64) {
	for _, i := range d.Installments {
		if !p.Covers(i.ID) {
			continue
		}
		for _, id := range d.Obligation(i.ObligationID).Obligees() {
			if !slices.Contains(creditors, id) {
				creditors = append(creditors, id)
			}
		}
		for _, id := range d.DebtorsOf(i.ObligationID) {
			if !slices.Contains(debtors, id) {
				debtors = append(debtors, id)
			}
		}
	}
	slices.Sort(debtors)
	return creditors, debtors
}

// CheckParties refuses that an agreement takes effect whose parties changed since it
// was recorded: who took a place, or joined, was not asked.
func (p PlanAgreement) CheckParties(d Debts) error {
	creditors, debtors := p.parties(d)
	if len(creditors) == 0 {
		return nil // nothing that it covers is owed: Fit says so
	}
	if !slices.Equal(creditors, []int64{p.CreditorID}) || !slices.Equal(debtors, p.DebtorIDs) {
		return InvalidField("installments", "plan.covers", "协议所涉及的义务的当事人此后有变更，本协议不能生效；请承办法官撤回后，由现在的各方重新达成")
	}
	return nil
}

// Concerned are those whom the agreement concerns now: the parties of whom an answer
// is asked while it is not in force, and then who owes and is owed what it covers.
func (p PlanAgreement) Concerned(d Debts) []int64 {
	creditors, debtors := p.parties(d)
	switch p.State {
	case PlanProposed, PlanRefused, PlanWithdrawn:
		return p.PartyIDs()
	default:
	}
	if len(creditors)+len(debtors) == 0 {
		return p.PartyIDs()
	}
	return append(creditors, debtors...)
}

// Lightened is the agreement without what its creditor forgave of the debt beside it
// since then: more than what the instrument is still owed for cannot come in. The
// latest parts are shortened first. Where the agreement itself would have left a part
// of the principal, what was forgiven is of that part first.
func (p PlanAgreement) Lightened(all []Installment, l PaidLedger, entries []DebtEntry) PlanAgreement {
	var forgiven Fen
	for _, e := range entries {
		if e.Kind == DebtForgive && e.PlanID == 0 && p.Covers(e.InstallmentID) && !p.AgreedOn.IsZero() && !DateOf(e.CreatedAt).Before(p.AgreedOn) {
			forgiven += e.AmountFen
		}
	}
	if forgiven == 0 {
		return p
	}
	principal := forgiven
	for _, i := range all {
		if p.Covers(i.ID) {
			principal += i.OutstandingFen()
		}
	}
	for _, e := range entries {
		if e.Kind == DebtForgive && e.PlanID == p.ID && p.ID != 0 {
			principal += e.AmountFen
		}
	}
	for _, c := range l.Entries {
		for _, a := range l.Allocations {
			if a.ConfirmationID == c.ID && a.Part == PartPrincipal && p.Covers(a.InstallmentID) && !c.PaidOn.Before(p.SignedOn) {
				principal += a.AmountFen
			}
		}
	}
	less := forgiven - max(0, principal-p.PromisedFen())
	parts := slices.Clone(p.Parts)
	for n := len(parts) - 1; n >= 0 && less > 0; n-- {
		cut := min(less, parts[n].AmountFen)
		parts[n].AmountFen, less = parts[n].AmountFen-cut, less-cut
	}
	p.Parts = slices.DeleteFunc(parts, func(s SettlementPart) bool { return s.AmountFen == 0 })
	return p
}

// Agreed tells whether everybody who has to agree did.
func (p PlanAgreement) Agreed(said []PlanConsent) bool {
	for _, id := range p.PartyIDs() {
		if !slices.ContainsFunc(said, func(c PlanConsent) bool { return c.PartyID == id && c.Agrees }) {
			return false
		}
	}
	return true
}

// CheckAnswer refuses an answer that nobody asked for, or another than the party
// gave before. It tells whether it is a repeat.
func (p PlanAgreement) CheckAnswer(said []PlanConsent, partyID int64, agrees bool) (repeat bool, err error) {
	i := slices.IndexFunc(said, func(c PlanConsent) bool { return c.PartyID == partyID })
	switch {
	case i >= 0 && said[i].Agrees == agrees:
		return true, nil
	case i >= 0 && p.State == PlanProposed:
		return false, E(Conflict, "plan.answered", "该当事人已对本协议作出答复，不能更改；各方另有约定的，请由承办法官重新记录")
	case p.State != PlanProposed:
		return false, E(Conflict, "plan.decided", "该和解协议"+p.State.Chinese()+"，请刷新后查看")
	case !slices.Contains(p.PartyIDs(), partyID):
		return false, InvalidField("party_id", "plan.party", "该当事人不是本协议的一方")
	}
	return false, nil
}

// Arrivals is what came in for what an agreement covers: principal and interest, and
// what its debtors paid beyond that.
func (p PlanAgreement) Arrivals(l PaidLedger) (out []Arrival) {
	sums := map[int64]Fen{}
	for _, a := range l.Allocations {
		if p.Covers(a.InstallmentID) {
			sums[a.ConfirmationID] += a.AmountFen
		}
	}
	for _, c := range l.Entries {
		sum := sums[c.ID]
		if slices.Contains(p.DebtorIDs, l.DebtorOf[c.ReceiptID]) {
			sum += c.OverFen
		}
		if sum != 0 {
			out = append(out, Arrival{PaidOn: c.PaidOn, AmountFen: sum})
		}
	}
	return out
}

// Progress compares what was promised with what arrived since the agreement.
func (p PlanAgreement) Progress(l PaidLedger, today Date) SettlementProgress {
	return Settlement{SignedOn: p.SignedOn, Parts: p.Parts}.Progress(p.Arrivals(l), today)
}

// Follow makes the state of an agreement follow the facts, and tells whether
// anything changed. While money that a debtor says he paid waits for the judge's
// decision, a part is not called late: he may have paid in time. Late money that
// arrives before somebody applies for enforcement ends the breach. done is the day
// on which everything that it covers was performed, also its interest, zero while
// something is open: then it is kept, whatever was promised beyond the debt.
func (p *PlanAgreement) Follow(progress SettlementProgress, done Date, waiting bool, today Date) (changed bool) {
	if !p.State.Follows() {
		return false
	}
	before := *p
	p.NextDueOn, p.KeptOn = progress.NextDueOn, progress.PerformedOn
	if p.KeptOn.IsZero() {
		p.KeptOn = done
	}
	switch {
	case !p.KeptOn.IsZero():
		p.State, p.NextDueOn = PlanKept, Date{}
	case progress.Late() && (!waiting || before.State == PlanBroken):
		if p.State = PlanBroken; before.State != PlanBroken {
			p.BrokenOn = today
		}
	default:
		p.State = PlanInForce
		if progress.Late() {
			p.NextDueOn = progress.LateFrom
		}
	}
	return p.State != before.State || p.NextDueOn != before.NextDueOn || p.KeptOn != before.KeptOn
}

// Front says how the agreement stands in front of its instalments: until when how
// much of each is due, by the first part that is not all there. Where it does not
// stand in front any more, the instrument's days hold again; when it is kept, its
// last day stays, since performance by it was in time, and so does the day of what
// was performed before another agreement replaced it. It returns the instalments
// that changed.
func (p PlanAgreement) Front(all []Installment, progress SettlementProgress) (changed []Installment) {
	var due Date
	var rest Fen
	for _, part := range progress.Parts {
		if part.ArrivedFen < part.AmountFen {
			due, rest = part.DueOn, part.AmountFen-part.ArrivedFen
			break
		}
	}
	last := -1
	for _, i := range all {
		if !p.Covers(i.ID) || i.PlanID != p.ID && p.State != PlanInForce {
			continue
		}
		moved := i
		switch p.State {
		case PlanInForce:
			moved.PlanID, moved.PlanDueOn, moved.PlanDueFen = p.ID, due, min(rest, max(0, i.OutstandingFen()))
			if i.Done() {
				moved.PlanDueFen = 0
			}
			rest -= moved.PlanDueFen
		case PlanKept:
			moved.PlanDueOn, moved.PlanDueFen = p.LastDueOn(), 0
		default:
			moved.PlanID, moved.PlanDueFen = 0, 0
			if p.State != PlanReplaced && p.State != PlanOverruled || !i.Done() {
				moved.PlanDueOn = Date{}
			}
		}
		changed = append(changed, moved)
		if !i.Done() {
			last = len(changed) - 1
		}
	}
	if p.State == PlanInForce && last >= 0 && rest > 0 { // what is promised beyond the principal: interest
		changed[last].PlanDueFen += rest
	}
	return slices.DeleteFunc(changed, func(m Installment) bool {
		return slices.ContainsFunc(all, func(i Installment) bool {
			return i.ID == m.ID && i.PlanID == m.PlanID && i.PlanDueOn == m.PlanDueOn && i.PlanDueFen == m.PlanDueFen
		})
	})
}

// PlanEffect is what becomes of what an agreement covers, as of a day: what keeping
// it ends, and what a breach brings back.
type PlanEffect struct {
	PrincipalFen Fen // of what it covers, still open by the instrument
	InterestFen  Fen // owed on it by now
	PromisedFen  Fen // by the agreement that is not there yet
	ForgivesFen  Fen // of the principal, when it is kept
	WaivesFen    Fen // of the interest by now, when it is kept
}

// Effect is what the agreement brings as of a day: money pays interest before
// principal (民法典 561), so what of the principal will be forgiven is what the rest
// of the parts will not reach.
func (p PlanAgreement) Effect(d Debts, paid Payments, s CourtSettings, progress SettlementProgress, today Date) PlanEffect {
	var covered []Installment
	for _, i := range d.Installments {
		if p.Covers(i.ID) {
			covered = append(covered, i)
		}
	}
	r := d.ReckonAll(covered, paid, s, today)
	out := PlanEffect{PrincipalFen: r.PrincipalFen, InterestFen: r.InterestFen(), PromisedFen: max(0, progress.PromisedFen-progress.ArrivedFen)}
	out.ForgivesFen = max(0, r.PrincipalFen+r.OrdinaryFen-out.PromisedFen)
	if out.ForgivesFen > r.PrincipalFen {
		out.ForgivesFen = r.PrincipalFen
	}
	if p.InterestToo {
		out.WaivesFen = max(0, r.SumFen()-out.PromisedFen-out.ForgivesFen)
	}
	return out
}

// EndedBy are the entries by which a kept agreement ends what is left of what it
// covers: the principal is forgiven, and the interest waived where that was agreed,
// also what would still grow. key makes them one act.
// Source: 民法典 575; 执行和解规定 8 by analogy.
func (p PlanAgreement) EndedBy(d Debts, paid Payments, s CourtSettings, key string) (out []DebtEntry) {
	for _, i := range d.Installments {
		if !p.Covers(i.ID) {
			continue
		}
		ob := d.Obligation(i.ObligationID)
		e := DebtEntry{
			CourtID: p.CourtID, CaseID: p.CaseID, ObligationID: i.ObligationID, InstallmentID: i.ID, PartyID: p.CreditorID, OnDay: p.KeptOn,
			PlanID: p.ID, Paper: p.Name(), Reason: "和解协议已履行完毕",
		}
		if open := i.OutstandingFen(); open > 0 {
			one := e
			one.Kind, one.AmountFen, one.IdemKey = DebtForgive, open, key
			out = append(out, one)
		}
		if !p.InterestToo {
			continue
		}
		if ob.Interest.Runs() {
			one := e
			one.Kind, one.Part, one.IdemKey = DebtWaive, PartOrdinary, key+":o"
			out = append(out, one)
		}
		if d.BearsDoubled(ob, paid, s) {
			one := e
			one.Kind, one.Part, one.IdemKey = DebtWaive, PartDoubled, key+":d"
			out = append(out, one)
		}
	}
	return out
}

// Due is the day until which the instalment is to be paid: that of the agreement
// that stands in front of it, else the instrument's. Interest and periods go by the
// instrument's, which is DueOn.
func (i Installment) Due() Date {
	if i.PlanID == 0 || i.PlanDueOn.IsZero() {
		return i.DueOn
	}
	return i.PlanDueOn
}

// DueFen is what is to be paid of the instalment on that day, in fen.
func (i Installment) DueFen() Fen {
	if i.PlanID == 0 || i.PlanDueOn.IsZero() {
		return max(0, i.OutstandingFen())
	}
	return i.PlanDueFen
}

// Planned tells whether an agreement stands in front of the instalment.
func (i Installment) Planned() bool { return i.PlanID != 0 && !i.Done() }
