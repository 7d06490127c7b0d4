package model

import (
	"fmt"
	"slices"
	"strings"
)

// Replaced tells whether a newer instrument's obligation took the place of this one:
// it is on record, and nothing is owed of it.
func (o Obligation) Replaced() bool { return !o.ReplacedOn.IsZero() }

// ReplacedBy are the obligations that took the place of one.
func (d Debts) ReplacedBy(id int64) (out []Obligation) {
	for _, ob := range d.Obligations {
		if slices.Contains(ob.Replaces, id) {
			out = append(out, ob)
		}
	}
	return out
}

// CheckReplacement refuses that an obligation of a new instrument (再审, 二审改判, a
// new mediation) takes the place of an earlier one of the case. certified are the
// numbers of valid certificates that say that the earlier one was performed.
//
// Only an instrument that has effect replaces another; what is paid counts on for
// what takes its place, so both are owed in the same way. What enforcement collected,
// and what the creditor forgave of a sum that is no more, no rule was found for that
// would carry it over by itself: those are refused until a person has settled them.
func (d Debts) CheckReplacement(old, by Obligation, certified []string) error {
	was, is := d.Instrument(old.InstrumentID), d.Instrument(by.InstrumentID)
	switch {
	case old.InstrumentID == by.InstrumentID || !is.EffectiveOn.IsZero() && is.EffectiveOn.Before(was.EffectiveOn):
		return InvalidField("replaces", "replaces.instrument", "只有较晚的法律文书才能取代原有的义务："+old.Ref)
	case is.EffectiveOn.IsZero() || was.EffectiveOn.IsZero():
		return InvalidField("replaces", "replaces.not_effective", "法律文书生效后才能取代原有的义务，请填写生效日期")
	case old.Replaced():
		return InvalidField("replaces", "replaces.replaced", "该项义务已由其他法律文书取代："+old.Ref)
	case old.Kind != by.Kind || old.ToCourt != by.ToCourt || d.Case.RegimeOf(old) != d.Case.RegimeOf(by) || old.Category == CategorySurcharge || by.Category == CategorySurcharge:
		return InvalidField("replaces", "replaces.kind", "新的义务与被取代的义务性质不同（金钱、行为、交付，向权利人或者向法院，类别），不能取代："+old.Ref)
	case old.Recurs != nil || by.Recurs != nil || old.Foreign != nil || by.Foreign != nil:
		return InvalidField("replaces", "replaces.kind", "按期给付的义务和以外币确定的义务，请由承办法官登记变更，不能由新的义务取代："+old.Ref)
	case !old.EnforcedOn.IsZero() || slices.ContainsFunc(d.InstallmentsOf(old.ID), func(i Installment) bool { return !i.EnforcedOn.IsZero() }):
		return InvalidField("replaces", "replaces.enforced", "该项义务已进入强制执行，应由执行法官先行处理，不能直接取代："+old.Ref)
	case slices.ContainsFunc(d.Obligations, func(o Obligation) bool { return o.ArisesFrom == old.ID && !o.Replaced() }):
		return InvalidField("replaces", "replaces.burden", "该项义务逾期后已产生约定的责任，应由承办法官先行处理，不能直接取代："+old.Ref)
	case slices.ContainsFunc(d.InstallmentsOf(old.ID), func(i Installment) bool { return i.ForgivenFen > 0 }) ||
		slices.ContainsFunc(d.Obligors, func(o Obligor) bool { return o.ObligationID == old.ID && !o.ReleasedOn.IsZero() }):
		return InvalidField("replaces", "replaces.forgiven", "该项义务已由权利人免除一部分，应由承办法官先行核实、撤回，不能直接取代："+old.Ref)
	case len(certified) > 0:
		return InvalidField("replaces", "replaces.certified", "该项义务已出具自动履行证明书（"+strings.Join(certified, "、")+"），请先撤销证明书")
	}
	return nil
}

// CountOn says what money that was confirmed on replaced obligations pays of those
// that took their place, by the order of the law as of the day on which it was paid.
// What it does not pay is more than is owed by now: RestFen. replaced are the
// obligations that the money had paid, debtorID whose payment it was.
func (d Debts) CountOn(p Payment, debtorID int64, replaced []int64, paid Payments, s CourtSettings) Spread {
	var list []Installment
	for _, ob := range d.Obligations {
		took := slices.ContainsFunc(ob.Replaces, func(id int64) bool { return slices.Contains(replaced, id) })
		if took && !ob.Replaced() && d.EverOwes(debtorID, ob.ID) {
			list = append(list, d.InstallmentsOf(ob.ID)...)
		}
	}
	return d.Spread(p, list, paid, s)
}

// Replacement is what became of the obligations whose place those of a new
// instrument took.
type Replacement struct {
	By         Instrument // the new one
	Old, New   []Obligation
	CountedFen Fen // of what was confirmed on the old ones, on the new ones
	OverFen    Fen // that was confirmed on the old ones and pays nothing of the new ones
}

// Because is why entries of the ledger were made anew.
func (r Replacement) Because() string {
	return r.By.name() + "取代原有的义务，已确认的付款改为计入新的义务"
}

// name is the instrument on screens and papers.
func (i Instrument) name() string { return i.Number + i.Kind.Chinese() }

// sums says what obligations come to.
func sums(list []Obligation) string {
	var total Fen
	var other []string
	for _, ob := range list {
		if ob.Kind == ObligationMoney {
			total += ob.AmountFen
		} else {
			other = append(other, ob.Description)
		}
	}
	if total > 0 {
		other = append([]string{total.Yuan() + " 元"}, other...)
	}
	return strings.Join(other, "；")
}

// ReplacedNotice tells a party what a new instrument changed: the sum as it was and as
// it is, what counts on, and what is over. d is the case after it.
func (d Debts) ReplacedNotice(r Replacement, partyID int64) Notice {
	text, tail := r.words(d)
	n := caseNotice(NoticeDutyChanged, d.Case, fmt.Sprintf("replaces:%d:%d", r.By.ID, partyID), "履行事项变更", paragraphs(text, tail+"有异议的，请联系"+inCharge+"。"))
	return n.to(partyID)
}

// ReplacedForJudge tells the judge the same, since what is over is his to look at.
func (d Debts) ReplacedForJudge(r Replacement) Notice {
	text, tail := r.words(d)
	return caseNotice(NoticeDutyReplaced, d.Case, fmt.Sprintf("replaces:%d:judge", r.By.ID), "义务由新的法律文书取代", paragraphs(text, tail)).staff(d.Case.JudgeID).about(ThingCase.Of(d.Case.ID))
}

func (r Replacement) words(d Debts) (text, tail string) {
	var open Fen
	for _, ob := range r.New {
		for _, i := range d.InstallmentsOf(ob.ID) {
			open += max(0, i.OutstandingFen())
		}
	}
	var earlier []string
	for _, ob := range r.Old {
		if name := d.Instrument(ob.InstrumentID).name(); !slices.Contains(earlier, name) {
			earlier = append(earlier, name)
		}
	}
	text = fmt.Sprintf("%s：%s于%s生效，取代%s确定的下列义务。原为：%s；现为：%s。", d.Case.CaseNo, r.By.name(),
		r.By.EffectiveOn.Chinese(), strings.Join(earlier, "、"), sums(r.Old), sums(r.New))
	if r.New[0].Kind != ObligationMoney {
		return text, "原义务不再履行，是否已经按新的义务履行由" + inCharge + "确认。"
	}
	tail = fmt.Sprintf("此前已确认的付款中，%s 元计入新的义务，新的义务尚有本金 %s 元未履行。", r.CountedFen.Yuan(), open.Yuan())
	if r.OverFen > 0 {
		tail += "另有 " + r.OverFen.Yuan() + " 元超出新的义务，已记为多付，如何处理请联系" + inCharge + "。"
	}
	return text, tail + "利息、申请执行的期间和证明书依新的法律文书。"
}

// ReplacedWords say of an obligation what took its place, "" where nothing did.
func (d Debts) ReplacedWords(ob Obligation) string {
	if !ob.Replaced() {
		return ""
	}
	text := "自" + ob.ReplacedOn.Chinese() + "起已由"
	if by := d.ReplacedBy(ob.ID); len(by) > 0 && d.Instrument(by[0].InstrumentID).ID != 0 {
		return text + d.Instrument(by[0].InstrumentID).name() + "取代"
	}
	return text + "新的法律文书取代"
}
