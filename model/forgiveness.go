package model

import (
	"cmp"
	"fmt"
	"slices"
)

// Forgiving debts (免除) ends them in whole or in part: 民法典 575. It works when
// the creditor's declaration reaches the debtor, who may refuse within a reasonable
// time; a refusal revives what was forgiven. What an instrument says is never
// changed: what was forgiven is entries of the debt, spread over its instalments.
//
// Of several joint debtors the creditor may forgive all, or one of them. To forgive
// one ends the debt of the others only within the share that he has to bear (民法典
// 520 para. 2), so the others go on owing the whole less his share, and what he
// paid himself is part of his share. The one who is forgiven owes the creditor
// nothing more of this debt: he is urged, demanded and enforced against no longer.
// Which shares the joint debtors have between them, is presumed equal (519 para. 1)
// unless a paper says otherwise; recourse between them is not decided by it.
//
// Only what is the creditor's own to dispose of can be forgiven: no fine,
// confiscation or restitution of a criminal judgment, and nothing of what an agency
// asks the court to enforce, whose own way is 行政强制法 42.

// DefaultRefusalDays is within how many days a debtor may refuse. The law says 合理期限
// and names no number: this one is ours, and a court may set another.
const DefaultRefusalDays = 15

// RefusalDays is within how many days, from the day after he is told, a debtor may
// refuse that his debt is forgiven.
// Source: 民法典 575, which names no number.
func (s CourtSettings) RefusalDays() int {
	if s.ForgivenessRefusalDays == 0 {
		return DefaultRefusalDays
	}
	return s.ForgivenessRefusalDays
}

// RefuseBy is the last day on which a debtor may refuse a forgiveness of which he
// was told when it was entered.
func (e DebtEntry) RefuseBy(s CourtSettings) Date {
	return DateOf(e.CreatedAt).AddDays(s.RefusalDays())
}

// CheckRefusal refuses a refusal that comes after the time for it, or that one of
// several joint debtors declares alone: what was forgiven them in common, they can
// only refuse in common. onPaper tells whether the paper of all of them is on
// record. on is the day of the refusal.
// Source: 民法典 575; that a refusal of one of several takes nothing from the others is our
// reading, the law does not say it.
func (d Debts) CheckRefusal(e DebtEntry, onPaper bool, s CourtSettings, on Date) error {
	switch {
	case e.Kind != DebtForgive:
		return InvalidField("entry_id", "debt.not_forgiven", "该项登记不是免除，不能拒绝")
	case e.PlanID != 0:
		return E(Conflict, "debt.refuse_agreed", "该笔免除依各方同意的和解协议作出，不能再拒绝")
	case on.After(e.RefuseBy(s)):
		return E(Conflict, "debt.refuse_late", "拒绝免除的期限（"+e.RefuseBy(s).Chinese()+"）已经届满（"+CiteForgiveness.Short()+"）")
	case !onPaper && e.DebtorID == 0 && len(d.DebtorsOf(e.ObligationID)) > 1:
		return E(Conflict, "debt.refuse_joint", "该项债务有数名连带债务人，拒绝免除应由全部债务人共同提出书面意见，请到法院登记")
	}
	return nil
}

// DebtorsOf are the parties who owe an obligation.
func (d Debts) DebtorsOf(obligationID int64) (out []int64) {
	for _, o := range d.Obligors {
		if o.ObligationID == obligationID {
			out = append(out, o.PartyID)
		}
	}
	return out
}

// ShareOf is the part of a joint debt that one of its debtors has to bear in the
// end: shares that cannot be told are equal, and what does not divide goes to the
// first ones. all are the debtors as of now, also those who were forgiven before.
// Those who took a debtor's place bear his share between them, in equal parts where
// nobody says otherwise; one who joined the debt counts as one more.
// Source: 民法典 519 para. 1, 552; for those who took a place none was found.
func ShareOf(ob Obligation, all []Obligor, partyID int64) Fen {
	var heads []int64
	add := func(id int64) {
		if !slices.Contains(heads, id) {
			heads = append(heads, id)
		}
	}
	for n, f := range ob.Formers {
		if !f.Claim && !slices.ContainsFunc(ob.Formers[:n], func(o Former) bool { return !o.Claim && slices.Contains(o.To, f.PartyID) }) {
			add(f.PartyID)
		}
	}
	for _, o := range all {
		if o.ObligationID == ob.ID && (o.SinceID == 0 || !slices.ContainsFunc(ob.Formers, func(f Former) bool { return !f.Claim && f.By == o.SinceID })) {
			add(o.PartyID)
		}
	}
	slices.Sort(heads)
	bears := map[int64]Fen{}
	split := func(sum Fen, among []int64) {
		for n, id := range among {
			bears[id] += sum / Fen(len(among))
			if n < int(sum%Fen(len(among))) {
				bears[id]++
			}
		}
	}
	split(ob.AmountFen, heads)
	for _, f := range ob.Formers {
		if !f.Claim {
			sum := bears[f.PartyID]
			bears[f.PartyID] = 0
			split(sum, f.To)
		}
	}
	return bears[partyID]
}

// ForgivingShares are what a forgiveness takes off each instalment: of the one that
// the creditor named, else the latest due first, since what is late already stays
// late unless he says so. An amount of 0 is all that is open. most is what can be
// taken off at most: of one joint debtor the rest of his share.
func (d Debts) ForgivingShares(e DebtEntry, most Fen) ([]Share, error) {
	var open []Installment
	var sum Fen
	for _, i := range d.InstallmentsOf(e.ObligationID) {
		if i.OutstandingFen() > 0 && (e.InstallmentID == 0 || e.InstallmentID == i.ID) {
			open = append(open, i)
			sum += i.OutstandingFen()
		}
	}
	left := e.AmountFen
	switch {
	case sum == 0:
		return nil, InvalidField("obligation_id", "debt.nothing_owed", "该项义务已没有尚欠的本金")
	case e.DebtorID != 0:
		left = min(most, sum)
	case left == 0:
		left = sum
	case left > sum:
		return nil, InvalidField("amount_fen", "debt.more_than_owed", "金额超过尚欠的本金 "+sum.Yuan()+" 元；全部免除的，不填金额")
	}
	slices.SortStableFunc(open, func(a, b Installment) int { return cmp.Or(b.DueOn.Compare(a.DueOn), cmp.Compare(b.Seq, a.Seq)) })
	var out []Share
	for _, i := range open {
		if one := min(left, i.OutstandingFen()); one > 0 {
			out, left = append(out, Share{InstallmentID: i.ID, AmountFen: one}), left-one
		}
	}
	return out, nil
}

// forgiven are what was forgiven of an instalment, and when.
func (p Payments) forgiven(i Installment) (out []PaidPart) {
	for _, e := range p.Entries {
		if e.Kind == DebtForgive && e.InstallmentID == i.ID && e.AmountFen > 0 {
			out = append(out, PaidPart{e.OnDay, e.AmountFen})
		}
	}
	return out
}

// ended is what of an instalment's principal was paid or forgiven, and when:
// neither bears interest any more from that day on.
func (p Payments) ended(i Installment) []PaidPart {
	return slices.Concat(p.Principal[i.ID], p.forgiven(i))
}

// Forgiving is what entries, as they are added, change of instalments: forgiven
// amounts by instalment, negative where a forgiveness is undone. all are the
// earlier entries of the case.
func Forgiving(all, added []DebtEntry) map[int64]Fen {
	out := map[int64]Fen{}
	for _, e := range added {
		if e.Kind == DebtForgive {
			out[e.InstallmentID] += e.AmountFen
			continue
		}
		if i := slices.IndexFunc(all, func(o DebtEntry) bool { return o.ID == e.UndoesID && o.Kind == DebtForgive }); i >= 0 && e.UndoesID != 0 {
			out[all[i].InstallmentID] -= all[i].AmountFen
		}
	}
	delete(out, 0)
	return out
}

// together are the rows of the act of which an entry is one: a forgiven amount is
// kept for each instalment, and is undone as a whole.
func (e DebtEntry) together(all []DebtEntry) (out []DebtEntry) {
	for _, o := range all {
		if o.ObligationID == e.ObligationID && o.Kind == e.Kind && o.IdemKey == e.IdemKey && o.ByUserID == e.ByUserID {
			out = append(out, o)
		}
	}
	return out
}

// Undoing are the rows that take back everything that was entered with the entry
// that e undoes, or e alone.
func (e DebtEntry) Undoing(all []DebtEntry) []DebtEntry {
	i := slices.IndexFunc(all, func(o DebtEntry) bool { return o.ID == e.UndoesID })
	if i < 0 || all[i].Kind != DebtForgive {
		return []DebtEntry{e}
	}
	var out []DebtEntry
	for _, o := range all[i].together(all) {
		one := e
		one.UndoesID, one.ObligationID, one.InstallmentID, one.AmountFen, one.DebtorID = o.ID, o.ObligationID, o.InstallmentID, o.AmountFen, o.DebtorID
		out = append(out, one)
	}
	return out
}

// SumOf adds up the rows of one act.
func SumOf(rows []DebtEntry) (sum Fen) {
	for _, e := range rows {
		sum += e.AmountFen
	}
	return sum
}

// ForgivenFen is what stands as forgiven of a party's instalments, of which the
// papers say that it was not performed.
func ForgivenFen(list []Installment) (sum Fen) {
	for _, i := range list {
		sum += i.ForgivenFen
	}
	return sum
}

// ForgivenNotice tells a party that a creditor forgave: the debtors until when they
// may refuse, all that what was forgiven is not owed any more. rows are those of
// the act.
// Source: 民法典 575, 520 para. 2.
func (d Debts) ForgivenNotice(rows []DebtEntry, s CourtSettings, partyID int64) Notice {
	e := rows[0]
	creditor := d.names(d.Obligation(e.ObligationID).Obligees())
	what := fmt.Sprintf("%s于%s免除本案债务本金 %s 元", creditor, e.OnDay.Chinese(), SumOf(rows).Yuan())
	if e.DebtorID != 0 {
		what = fmt.Sprintf("%s于%s免除连带债务人%s的债务，其应当承担的份额为 %s 元，其中尚未履行的 %s 元消灭；其他连带债务人对其余部分仍负连带责任（%s）",
			creditor, e.OnDay.Chinese(), d.Party(e.DebtorID).Name, e.ShareFen.Yuan(), SumOf(rows).Yuan(), CiteJointForgiven.Short())
	}
	text := d.Case.CaseNo + "：" + what + "。"
	if e.Reason != "" {
		text += "说明：" + e.Reason + "。"
	}
	more := "免除的部分不再计算利息；此前已经产生的利息没有一并放弃的，仍应支付。现在尚欠的各项金额见本案台账。"
	if partyID == e.DebtorID || e.DebtorID == 0 && d.Owes(partyID, e.ObligationID) {
		more += fmt.Sprintf("您不接受免除的，可以在%s拒绝（%s）；拒绝后，债务按原来的金额恢复。", e.RefuseBy(s).By(), CiteForgiveness.Short())
	}
	return caseNotice(NoticeDebtEntered, d.Case, fmt.Sprintf("%d:%d", e.ID, partyID), "债务免除", paragraphs(text, more)).to(partyID)
}

// ForgivenessUndoneNotice tells a party that a forgiveness does not hold: a debtor
// refused it, or it was entered by mistake.
func (d Debts) ForgivenessUndoneNotice(rows []DebtEntry, partyID int64) Notice {
	e := rows[0]
	why := actedAs(e.ByUserID, d.Case.JudgeID) + "撤回了此前的登记"
	if e.Kind == DebtRefuse {
		why = "义务人拒绝免除"
	}
	text := fmt.Sprintf("%s：%s（%s），此前免除的本金 %s 元恢复，履行期限和利息按法律文书计算。", d.Case.CaseNo, why, e.OnDay.Chinese(), SumOf(rows).Yuan())
	if e.Reason != "" {
		text += "说明：" + e.Reason + "。"
	}
	return caseNotice(NoticeDebtEntered, d.Case, fmt.Sprintf("%d:%d", e.ID, partyID), "债务免除不再有效", paragraphs(text, "现在尚欠的各项金额见本案台账。")).to(partyID)
}
