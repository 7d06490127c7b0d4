package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// GroupPayment is one payment that a debtor made for several of his cases which
// share one plan. Each case has a receipt for its part, which its own judge decides;
// what proves the payment is stored once. The parts together are never more than
// what was paid.
type GroupPayment struct {
	ID           int64
	CourtID      int64
	UserID       int64 // who handed it in
	IdemKey      string
	GroupRef     string
	AmountFen    Fen // what was paid
	ConfirmedFen Fen // what the ledgers of its cases have of it; never above AmountFen
	CreatedAt    time.Time
}

// GroupShare is what of a payment goes to one case.
type GroupShare struct {
	CaseID    int64
	CaseNo    string // "" for a relative who pays
	PartyID   int64  // the debtor, as the case has him
	DueFen    Fen    // owed and due on the day of payment, interest included
	OpenFen   Fen    // owed at all
	AmountFen Fen
}

// ShareCases shares an amount among the cases of a group where the payer does not
// say to which it goes: what is due on the day of payment first, in proportion to
// it, then what is owed later, in proportion to that; to the fen. What is left is
// more than is owed.
func ShareCases(amount Fen, list []GroupShare) (rest Fen) {
	for _, of := range []func(GroupShare) Fen{
		func(s GroupShare) Fen { return min(s.DueFen, s.OpenFen) },
		func(s GroupShare) Fen { return s.OpenFen - min(s.DueFen, s.OpenFen) },
	} {
		parts := make([]Fen, len(list))
		for n, s := range list {
			parts[n] = of(s)
		}
		for n, fen := range proportion(amount, parts) {
			list[n].AmountFen += fen
			amount -= fen
		}
	}
	return amount
}

// CheckGroupParts proves the parts that a payer says himself: each of a case of the
// group and once, within what is owed there, together what was paid.
func CheckGroupParts(amount Fen, said, list []GroupShare) error {
	var sum Fen
	var wrong Faults
	for n, part := range said {
		field := fmt.Sprintf("parts[%d].", n)
		i := slices.IndexFunc(list, func(s GroupShare) bool { return s.CaseID == part.CaseID })
		switch {
		case i < 0:
			wrong.Add(InvalidField(field+"case_id", "group.case", "所填的案件不是该义务人可以用这笔款项履行的关联案件"))
		case slices.ContainsFunc(said[:n], func(s GroupShare) bool { return s.CaseID == part.CaseID }):
			wrong.Add(InvalidField(field+"case_id", "group.case", "同一案件只能填写一次"))
		case part.AmountFen <= 0:
			wrong.Add(InvalidField(field+"amount_fen", "amount.positive", "分到各案的金额必须大于 0；不用于该案的，请不要填写该案"))
		case part.AmountFen > list[i].OpenFen:
			wrong.Add(InvalidField(field+"amount_fen", "amount.over_debt", list[i].CaseNo+"尚欠 "+list[i].OpenFen.Yuan()+" 元（含截至付款日的利息），分到该案的金额不能超过"))
		}
		sum += part.AmountFen
	}
	if sum != amount && wrong.Err() == nil {
		wrong.Add(InvalidField("parts", "group.sum", "分到各案的金额合计 "+sum.Yuan()+" 元，应当等于所付的 "+amount.Yuan()+" 元"))
	}
	return wrong.Err()
}

// StandingFen is what a receipt takes of the payment that it is a part of: what was
// confirmed, or what is claimed while nobody decided.
func (r Receipt) StandingFen() Fen {
	switch r.State {
	case ReceiptSubmitted:
		return r.ClaimedFen
	case ReceiptConfirmed, ReceiptCorrected:
		return r.ConfirmedFen
	case ReceiptReturned, ReceiptWithdrawn:
	}
	return 0
}

// CheckPart refuses more of a payment than the other cases leave of it. parts are the
// receipts of all of them.
func (g GroupPayment) CheckPart(parts []Receipt, id int64, amount Fen) error {
	left := g.AmountFen
	for _, r := range parts {
		if r.ID != id {
			left -= r.StandingFen()
		}
	}
	if left = max(0, left); amount <= left {
		return nil
	}
	return InvalidField("amount_fen", "group.over_paid", "这笔付款共 "+g.AmountFen.Yuan()+" 元，用于几个关联案件，其他案件已确认和待确认 "+(g.AmountFen-left).Yuan()+
		" 元，本案最多 "+left.Yuan()+" 元；确应多计入本案的，请先由其他案件退回或者更正")
}

// SamePerson tells whether two parties of different cases are one person: by the
// number of their papers. Where one of them has none on record, a name that is
// registered is an organisation's alone; people share names, and are one person only
// when their phone is the same as well.
func SamePerson(a, b Party) bool {
	switch {
	case a.IDNumberHash != "" && b.IDNumberHash != "":
		return a.IDNumberHash == b.IDNumberHash
	case !SameName(a, b):
		return false
	}
	return a.Kind != Person || a.PhoneHash != "" && a.PhoneHash == b.PhoneHash
}

// SameName tells whether two parties of different cases may be one person: nothing on
// record says that they are not. Who acts in both as himself is.
func SameName(a, b Party) bool {
	return a.Kind == b.Kind && a.NameNorm == b.NameNorm && (a.IDNumberHash == "" || b.IDNumberHash == "" || a.IDNumberHash == b.IDNumberHash)
}

// ReceivedNotice tells the payer that a payment for several cases came in, once for
// all of them.
func (g GroupPayment) ReceivedNotice(parts []Receipt) Notice {
	r := parts[0]
	each := make([]string, len(parts))
	for n, p := range parts {
		each[n] = p.CaseNo + " " + p.ClaimedFen.Yuan() + " 元"
	}
	return receiptNotice(NoticeReceiptReceived, r, fmt.Sprint("group:", g.ID), "已收到用于几个案件的汇款回执", fmt.Sprintf(
		"%s提交的一笔 %s 元的汇款回执已收到，付款日期 %s，用于 %d 个关联案件：%s。由各案承办人员分别核对；各案的部分分别处理。%s",
		r.submitter(), g.AmountFen.Yuan(), r.PaidOn.Chinese(), len(parts), strings.Join(each, "，"), r.takeBack())).to(r.PartyID)
}

// RelativeNotice tells a relative who paid that a payment for several cases came in,
// once for all of them. Of the cases it says nothing but how many they are.
func (g GroupPayment) RelativeNotice(l Relative, parts []Receipt) Notice {
	return relativeNotice(NoticeRelativeReceipt, l, fmt.Sprint("group:", g.ID), "代为履行凭证已收到", fmt.Sprintf(
		"您 %s 代为履行 %s 元的回执已收到，用于您已接入的 %d 个案件。由各案承办人员分别核对、分别处理，处理后另行告知。",
		parts[0].PaidOn.Chinese(), g.AmountFen.Yuan(), len(parts)))
}

// partWords says that a receipt is a part of a payment for several cases, "" for
// others.
func (r Receipt) partWords() string {
	if r.GroupID == 0 {
		return ""
	}
	return "这是一笔用于几个关联案件的付款中分到本案的部分，其他案件的部分由各案承办人员分别处理，不受影响。"
}
