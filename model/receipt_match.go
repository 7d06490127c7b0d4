package model

import (
	"fmt"
	"slices"
	"strings"
)

// MatchVerdict is whether what a receipt says agrees with the case.
type MatchVerdict string

// The verdicts.
const (
	MatchAgrees  MatchVerdict = "agrees"  // 相符
	MatchDiffers MatchVerdict = "differs" // 不符
	MatchUnknown MatchVerdict = "unknown" // 无法比对: nothing was filled in, nobody has answered
)

// Chinese is the verdict's name on screens.
func (v MatchVerdict) Chinese() string {
	return map[MatchVerdict]string{MatchAgrees: "相符", MatchDiffers: "不符", MatchUnknown: "待核对"}[v]
}

// MatchMark is one comparison of a receipt with its case, as it stands beside the
// picture. It decides nothing.
type MatchMark struct {
	What    string // 收款人
	Verdict MatchVerdict
	Text    string
}

// Match is what a receipt is compared with.
type Match struct {
	Receipt   Receipt
	Debtor    string   // whose debt it is
	Creditors []string // to whom he owes or owed something
	ToCourt   bool     // something is owed to the court's account
	Court     string
	// Open are the debtor's instalments of money that are not performed; OrdinaryFen
	// and DoubledFen the interest on them until the day of payment.
	Open        []Installment
	OrdinaryFen Fen
	DoubledFen  Fen
	Answers     []ObligeeResponse
}

// Marks compares payee, payer, amount, day and the creditors' answers, in this order.
// A set-off and a lodgement have no money that moved, conduct has no money at all.
func (m Match) Marks() []MatchMark {
	var out []MatchMark
	if m.Receipt.CreditorID() == 0 && m.Receipt.ProofKind != ProofConduct {
		out = append(out, m.payee(), m.payer())
	}
	if m.Receipt.ProofKind != ProofConduct {
		out = append(out, m.amount(), m.day())
	}
	return append(out, m.answer())
}

func (m Match) payee() MatchMark {
	name := NormalizeName(m.Receipt.PayeeName)
	mark := MatchMark{"收款人", MatchDiffers, "不是本案权利人，也不是法院账户"}
	switch {
	case m.Receipt.ProofKind == ProofCourtAccount:
		mark.Verdict, mark.Text = MatchAgrees, "法院案款账户"
	case name == "":
		mark.Verdict, mark.Text = MatchUnknown, "未填写"
	case slices.ContainsFunc(m.Creditors, func(c string) bool { return NormalizeName(c) == name }):
		mark.Verdict, mark.Text = MatchAgrees, "是权利人"
	case name == NormalizeName(m.Court):
		mark.Verdict, mark.Text = MatchAgrees, "是本院账户"
	}
	return mark
}

func (m Match) payer() MatchMark {
	if NormalizeName(m.Receipt.PayerName) == NormalizeName(m.Debtor) {
		return MatchMark{"付款人", MatchAgrees, "是义务人本人"}
	}
	return MatchMark{"付款人", MatchDiffers, "是" + m.Receipt.Payer() + "，义务人是" + m.Debtor}
}

// amount compares with one instalment, with all that is open, and with that and its
// interest; of anything else it says the difference.
func (m Match) amount() MatchMark {
	sum := Fen(0)
	for _, i := range m.Open {
		sum += i.OutstandingFen()
	}
	claimed := m.Receipt.ClaimedFen
	for _, i := range m.Open {
		if len(m.Open) > 1 && i.OutstandingFen() == claimed {
			return MatchMark{"金额", MatchAgrees, "等于 " + i.Due().String() + " 到期一期尚未履行的金额"}
		}
	}
	interest := m.OrdinaryFen + m.DoubledFen
	switch {
	case claimed == sum && sum > 0:
		return MatchMark{"金额", MatchAgrees, "等于全部尚未履行的金额"}
	case claimed == sum+interest && interest > 0:
		return MatchMark{"金额", MatchAgrees, "等于尚未履行的金额和截至付款日的利息"}
	case claimed > sum+interest:
		return MatchMark{"金额", MatchDiffers, "比尚未履行的金额" + withInterestWords(interest) + "多 " + (claimed - sum - interest).Yuan() + " 元"}
	case claimed > sum:
		return MatchMark{"金额", MatchDiffers, "比尚未履行的本金多 " + (claimed - sum).Yuan() + " 元，其余可以抵充利息"}
	}
	return MatchMark{"金额", MatchDiffers, "比尚未履行的金额少 " + (sum - claimed).Yuan() + " 元"}
}

func withInterestWords(interest Fen) string {
	if interest == 0 {
		return ""
	}
	return "和利息"
}

// day compares with the earliest open due day.
func (m Match) day() MatchMark {
	var due Date
	for _, i := range m.Open {
		if d := i.Due(); !d.IsZero() && (due.IsZero() || d.Before(due)) {
			due = d
		}
	}
	on := m.Receipt.PaidOn
	switch {
	case due.IsZero():
		return MatchMark{"付款日", MatchUnknown, "没有可以比对的到期日"}
	case !on.After(due):
		return MatchMark{"付款日", MatchAgrees, "在 " + due.String() + " 到期以前"}
	}
	var interest []string
	if m.OrdinaryFen > 0 {
		interest = append(interest, "一般债务利息 "+m.OrdinaryFen.Yuan()+" 元")
	}
	if m.DoubledFen > 0 {
		interest = append(interest, "加倍部分债务利息 "+m.DoubledFen.Yuan()+" 元")
	}
	text := fmt.Sprintf("比 %s 到期逾期 %d 天", due, on.Sub(due))
	if len(interest) > 0 {
		text += "，截至付款日" + strings.Join(interest, "、")
	}
	return MatchMark{"付款日", MatchDiffers, text}
}

// answer sums up what the creditors said: one objection weighs more than any number
// of acknowledgements.
func (m Match) answer() MatchMark {
	n := map[ResponseState]int{}
	for _, a := range m.Answers {
		n[a.State]++
	}
	switch {
	case len(m.Answers) == 0:
		return MatchMark{"权利人", MatchUnknown, "没有询问权利人"}
	case n[ResponseDisputed] > 0:
		return MatchMark{"权利人", MatchDiffers, counted(n[ResponseDisputed], len(m.Answers)) + "提出异议"}
	case n[ResponseAcknowledged] == len(m.Answers):
		return MatchMark{"权利人", MatchAgrees, "已确认收到"}
	case n[ResponseAcknowledged] > 0:
		return MatchMark{"权利人", MatchUnknown, counted(n[ResponseAcknowledged], len(m.Answers)) + "确认收到，其余尚未答复"}
	}
	return MatchMark{"权利人", MatchUnknown, "尚未答复"}
}

func counted(n, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf("%d 人中 %d 人", of, n)
}

// AnswerOf is a receipt's answer among those of its creditors, by which the queue is
// narrowed and sorted: an objection, else that somebody has not answered, else that
// all have acknowledged; "" when nobody was asked.
func AnswerOf(lines []ObligeeResponse) ResponseState {
	out := ResponseState("")
	for _, l := range lines {
		if answerWeight[l.State] > answerWeight[out] {
			out = l.State
		}
	}
	return out
}

var answerWeight = map[ResponseState]int{ResponseAcknowledged: 1, ResponseAsked: 2, ResponseDiffers: 3, ResponseDisputed: 4}
