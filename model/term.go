package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Acceleration is what an instrument says of the instalments that are not due yet
// when one is missed (加速到期).
type Acceleration string

// The forms.
const (
	AccelerationNone      Acceleration = ""
	AccelerationAutomatic Acceleration = "automatic" // 任一期逾期的，全部到期
	AccelerationOptional  Acceleration = "optional"  // 权利人有权就剩余全部款项一并申请执行
)

// Chinese is the form on screens.
func (a Acceleration) Chinese() string {
	return map[Acceleration]string{AccelerationAutomatic: "任一期逾期的，全部到期", AccelerationOptional: "任一期逾期的，权利人有权一并申请执行"}[a]
}

// BurdenChoice is what a judge chose between the liability that a mediation
// attaches to its own breach and the liability for delay.
type BurdenChoice string

// The choices.
const (
	BurdenOpen  BurdenChoice = ""
	BurdenBorne BurdenChoice = "burden" // 承担调解书确定的责任，不再承担迟延履行责任
	BurdenDelay BurdenChoice = "delay"  // 承担迟延履行责任，不另承担调解书确定的责任
)

// Chinese is the choice on screens.
func (b BurdenChoice) Chinese() string {
	return map[BurdenChoice]string{BurdenBorne: "承担调解书确定的责任，不再计算迟延履行期间的债务利息", BurdenDelay: "承担迟延履行责任，不另承担调解书确定的责任"}[b]
}

// Terms are what an instrument says of a duty for the case that it is not kept, in
// its own words, and what became of that.
type Terms struct {
	Acceleration     Acceleration
	AccelerationText string // the clause
	// AcceleratedOn is when the creditor applied for everything, where that is his
	// choice; zero while he did not.
	AcceleratedOn Date
	BurdenFen     Fen    // what a breach costs by the mediation (逾期另付违约金, 恢复原金额), 0 for nothing
	BurdenText    string // the clause
	BurdenChoice  BurdenChoice
	BurdenOn      Date   // the day on which its condition arose
	BurdenReason  string // of the choice
	// ArisesFrom is the duty to whose breach this one is attached, 0 for duties of
	// their own.
	ArisesFrom int64
}

// Check refuses clauses that say too little, or that the duty cannot have.
func (t Terms) Check(in InstrumentKind, kind ObligationKind, installments int) error {
	var wrong Faults
	wrong.If(t.Acceleration != AccelerationNone && t.Acceleration.Chinese() == "", "acceleration", "terms.acceleration", "加速到期的形式只有自动到期和权利人选择一并申请执行两种")
	wrong.If(t.Acceleration != AccelerationNone && installments < 2, "acceleration", "terms.acceleration", "只有分期履行的金钱义务才有加速到期")
	wrong.If(t.Acceleration != AccelerationNone && !clause(t.AccelerationText) || t.Acceleration == AccelerationNone && t.AccelerationText != "", "acceleration_text", "terms.text", "请照录法律文书中加速到期的原文，不超过 300 字")
	wrong.If(t.BurdenFen < 0 || t.BurdenFen == 0 && t.BurdenText != "", "burden_fen", "terms.burden", "请填写不履行时另行承担的金额")
	wrong.If(t.BurdenFen > 0 && (in != Mediation || kind != ObligationMoney), "burden_fen", "terms.burden", "只有调解书确定的金钱义务才有约定的不履行责任（"+CiteBurdenEnforced.Short()+"）；判决确定的违约金请录为单独的义务")
	wrong.If(t.BurdenFen > 0 && !clause(t.BurdenText), "burden_text", "terms.text", "请照录调解书中不履行责任的原文，不超过 300 字")
	return wrong.Err()
}

func clause(s string) bool { return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= 300 }

// agreed is the day that the instrument names, whether or not it was moved.
func (i Installment) agreed() Date {
	if i.AgreedDueOn.IsZero() {
		return i.DueOn
	}
	return i.AgreedDueOn
}

// Breach is the day after the first instalment that was not paid in time, by the
// days of the instrument, zero while there is none.
func Breach(list []Installment, today Date) (first Date) {
	for _, i := range list {
		due := i.agreed()
		if !i.PlanDueOn.IsZero() && (i.PlanID != 0 || i.Done()) {
			due = i.PlanDueOn
		}
		if due.IsZero() || i.Done() && !i.PerformedOn.After(due) || !i.Done() && !today.After(due) {
			continue
		}
		if on := due.AddDays(1); first.IsZero() || on.Before(first) {
			first = on
		}
	}
	return first
}

// AcceleratedFor tells whether the creditor applied for everything because of a
// breach. An application from before it rested on another one, which turned out to
// be none: it makes nothing due.
func (t Terms) AcceleratedFor(breach Date) bool {
	return !t.AcceleratedOn.IsZero() && !breach.IsZero() && !t.AcceleratedOn.Before(breach)
}

// Accelerate moves the days of an obligation's instalments as its clause says, and
// back when the breach turns out to be none (a payment that was made in time and
// confirmed later). It returns those that changed.
//
// By an automatic clause everything is due on the day after the missed one; by
// the creditor's choice on the day of his application. The late days are counted
// from the day after that, as for a duty without a term: no text says it of
// accelerated debts.
func (o Obligation) Accelerate(list []Installment, c *Calendar, today Date) (changed []Installment) {
	if o.Acceleration == AccelerationNone || slices.ContainsFunc(list, Installment.Planned) {
		return nil // an agreement stands in front: the instrument's days are left as they are
	}
	from := Breach(list, today)
	why := "法律文书约定：" + o.AccelerationText + "。"
	if o.Acceleration == AccelerationOptional && !from.IsZero() {
		why += "权利人于" + o.AcceleratedOn.Chinese() + "就全部剩余款项申请执行，"
		if !o.AcceleratedFor(from) {
			why, from = "", Date{}
		} else {
			from = o.AcceleratedOn
		}
	} else if !from.IsZero() {
		why += from.AddDays(-1).Chinese() + "到期的款项未按期足额履行，"
	}
	for _, i := range list {
		agreed := i.agreed()
		if agreed.IsZero() {
			continue
		}
		moved := i
		moved.DueOn, moved.AgreedDueOn = agreed, Date{}
		if !from.IsZero() && agreed.After(from) {
			moved.DueOn, moved.AgreedDueOn = from, agreed
			moved.DueReason = why + fmt.Sprintf("本期由%s提前至%s到期", agreed.Chinese(), from.Chinese())
		} else if !i.AgreedDueOn.IsZero() {
			moved.DueReason = c.FixedDay(agreed)
		}
		if moved.DueOn != i.DueOn || moved.AgreedDueOn != i.AgreedDueOn {
			changed = append(changed, moved)
		}
	}
	return changed
}

// acceleratedNotice tells a party that the days of instalments moved, and why.
func (d Debts) acceleratedNotice(ob Obligation, changed []Installment, partyID int64) Notice {
	var sum Fen
	for _, i := range changed {
		sum += i.OutstandingFen()
	}
	first := changed[0]
	text, key := fmt.Sprintf("%s：%s，共 %d 期、尚未履行 %s 元，现均于%s到期。", d.Case.CaseNo, first.DueReason, len(changed), sum.Yuan(), first.DueOn.Chinese()), "moved"
	if first.AgreedDueOn.IsZero() {
		key = "back"
		why := "经核对，到期款项已经按期履行"
		if ob.Acceleration == AccelerationOptional && ob.AcceleratedOn.IsZero() {
			why = "权利人就全部剩余款项申请执行的案件立案有误，已经撤销"
		}
		text = fmt.Sprintf("%s：%s，其余 %d 期仍按法律文书确定的日期履行，不提前到期。", d.Case.CaseNo, why, len(changed))
	}
	n := caseNotice(NoticeDutyChanged, d.Case, fmt.Sprintf("%s:%d:%s:%d:%d", key, ob.ID, first.DueOn, len(changed), partyID), "履行期限变更", text)
	return n.to(partyID)
}

// ReplannedNotice tells a party what a newer version of the case system made of the
// instalments of an obligation; was are those before it, none for a duty that it
// added. ok is false where neither an amount nor a day of the instrument changed.
func (d Debts) ReplannedNotice(ob Obligation, was []Installment, partyID int64) (n Notice, ok bool) {
	was = slices.DeleteFunc(slices.Clone(was), func(i Installment) bool { return !i.DroppedOn.IsZero() })
	list := d.InstallmentsOf(ob.ID)
	same := func(a, b Installment) bool { return a.AmountFen == b.AmountFen && a.agreed() == b.agreed() }
	if slices.EqualFunc(was, list, same) {
		return n, false
	}
	words := func(list []Installment) string {
		var out []string
		for _, i := range list[:min(len(list), 12)] {
			s := i.AmountFen.Yuan() + " 元"
			if ob.Kind != ObligationMoney {
				s = ob.Description
			}
			if due := i.agreed(); !due.IsZero() {
				s += "，" + due.By() + "履行"
			}
			out = append(out, s)
		}
		s := strings.Join(out, "；")
		if len(list) > len(out) {
			s += fmt.Sprintf("；等共 %d 期", len(list))
		}
		return s
	}
	text := d.Case.CaseNo + "：法院根据审判管理系统的更正，"
	if len(was) == 0 {
		text += "录入了一项义务：" + words(list) + "。"
	} else {
		text += "更正了一项义务的履行计划。原为：" + words(was) + "。现为：" + words(list) + "。已经确认的付款不受影响。"
	}
	n = caseNotice(NoticeDutyChanged, d.Case, fmt.Sprintf("version:%d:%d:%d", ob.ID, d.Case.SourceVersion, partyID), "履行事项变更", paragraphs(text, "有异议的，请联系"+inCharge+"。"))
	return n.to(partyID), true
}

// AcceleratedNotices tell the creditor and the debtors of each obligation whose days
// moved; changed are its instalments that did, by obligation.
func (d Debts) AcceleratedNotices(changed map[int64][]Installment) (out []Notice) {
	for _, ob := range d.Obligations {
		if changed[ob.ID] == nil {
			continue
		}
		for _, party := range d.Concerned(ob) {
			out = append(out, d.acceleratedNotice(ob, changed[ob.ID], party))
		}
	}
	return out
}

// Concerned are the creditors and the debtors of an obligation.
func (d Debts) Concerned(ob Obligation) (out []int64) {
	out = ob.Obligees()
	for _, o := range d.Obligors {
		if o.ObligationID == ob.ID {
			out = append(out, o.PartyID)
		}
	}
	return out
}

// ChooseBurden records what the judge chose after a breach of a mediation that
// names what a breach costs: that, or the liability for delay, never both. A
// choice stands. What the mediation names becomes an obligation of its own, which
// arose on the day of the breach; it is returned.
// Source: 民事调解规定 15.
func (o *Obligation) ChooseBurden(choice BurdenChoice, reason string, list []Installment, today Date) (*Obligation, *Installment, error) {
	reason = strings.TrimSpace(reason)
	breach := Breach(list, today)
	if o.BurdenFen <= 0 {
		return nil, nil, E(Conflict, "burden.none", "法律文书没有约定不履行时另行承担的责任")
	}
	var wrong Faults
	wrong.If(choice.Chinese() == "", "choice", "burden.choice", "请选择承担调解书确定的责任，或者承担迟延履行责任")
	if o.BurdenChoice != BurdenOpen {
		return nil, nil, E(Conflict, "burden.chosen", "已经选择："+o.BurdenChoice.Chinese()+"，请刷新后查看")
	}
	if breach.IsZero() {
		return nil, nil, E(Conflict, "burden.no_breach", "没有逾期的款项，调解书约定的条件尚未成就")
	}
	wrong.If(reason == "" || utf8.RuneCountInString(reason) > 300, "reason", "reason.required", "请填写理由，不超过 300 字")
	if err := wrong.Err(); err != nil {
		return nil, nil, err
	}
	o.BurdenChoice, o.BurdenOn, o.BurdenReason = choice, breach, reason
	if choice != BurdenBorne {
		return nil, nil, nil
	}
	ob := &Obligation{
		CourtID: o.CourtID, CaseID: o.CaseID, InstrumentID: o.InstrumentID, Ref: fmt.Sprintf("burden-%d", o.ID), Kind: ObligationMoney, ObligeeID: o.ObligeeID, JointIDs: o.JointIDs,
		ToCourt: o.ToCourt, AmountFen: o.BurdenFen, Category: CategoryBurden, Description: o.BurdenText, Terms: Terms{ArisesFrom: o.ID},
	}
	return ob, &Installment{
		CourtID: o.CourtID, CaseID: o.CaseID, Seq: 1, AmountFen: o.BurdenFen, DueOn: breach,
		DueReason: fmt.Sprintf("调解书约定的条件于%s成就（%s）", breach.Chinese(), CiteBurdenEnforced.Short()),
	}, nil
}

// BurdenNotice tells a party what the judge chose.
func (d Debts) BurdenNotice(ob Obligation, partyID int64) Notice {
	text := fmt.Sprintf("%s：调解书约定“%s”，其条件于%s成就。承办法官决定：%s。理由：%s", d.Case.CaseNo, ob.BurdenText, ob.BurdenOn.Chinese(), ob.BurdenChoice.Chinese(), ob.BurdenReason)
	if ob.BurdenChoice == BurdenBorne {
		text += fmt.Sprintf("。应另行给付 %s 元（%s）", ob.BurdenFen.Yuan(), CitesShort(CiteBurdenEnforced, CiteBurdenInstead))
	}
	return caseNotice(NoticeDutyChanged, d.Case, fmt.Sprintf("burden:%d:%d", ob.ID, partyID), "履行事项变更", text+"。").to(partyID)
}

// EnforcedUntil is up to which due day an enforcement case that was filed on a day
// enforces the instalments of an obligation: those whose day was over, so that the
// others stay voluntary, also one whose last day it is; zero for all of them. Where
// none was due the court has filed the case all the same, and it is for all.
func EnforcedUntil(list []Installment, filedOn Date) Date {
	isLater := func(i Installment) bool { // what the application itself made due is due on its day
		return !i.DueOn.Before(filedOn) && (i.AgreedDueOn.IsZero() || i.DueOn.After(filedOn))
	}
	due := slices.ContainsFunc(list, func(i Installment) bool { return !i.Done() && !i.DueOn.IsZero() && !isLater(i) })
	if !due || !slices.ContainsFunc(list, isLater) {
		return Date{}
	}
	return filedOn.AddDays(-1)
}
