package model

import (
	"cmp"
	"fmt"
	"slices"
)

// StepCode is what a party has to do next in a case.
type StepCode string

// The next steps, the most urgent first.
const (
	StepAnswer        StepCode = "answer"         // a creditor says whether money arrived
	StepReplace       StepCode = "replace"        // a debtor mends a receipt that was returned
	StepPay           StepCode = "pay"            // a debtor pays
	StepPerform       StepCode = "perform"        // a debtor does what is no payment, and proves it
	StepWaitCourt     StepCode = "wait_court"     // the court looks at what was handed in
	StepApply         StepCode = "apply"          // a debtor applies for the certificate
	StepWaitPaper     StepCode = "wait_paper"     // the court decides the application
	StepCertificate   StepCode = "certificate"    // the certificate is there
	StepEnterAccount  StepCode = "enter_account"  // a creditor says where he wants to be paid
	StepWaitDebtor    StepCode = "wait_debtor"    // a creditor waits for the other side
	StepDone          StepCode = "done"           // everything is performed
	StepWaitJudgement StepCode = "wait_judgement" // nothing is adjudged yet
)

// Chinese is the step in a few words.
func (c StepCode) Chinese() string {
	return map[StepCode]string{ //nolint:gosec // words, no credentials
		StepAnswer: "确认收款", StepReplace: "补正回执", StepPay: "付款", StepPerform: "履行并提交证明", StepWaitCourt: "等待法院核对", StepApply: "申请证明书",
		StepWaitPaper: "等待出具证明书", StepCertificate: "查看证明书", StepEnterAccount: "登记收款账户", StepWaitDebtor: "等待对方履行", StepDone: "已履行完毕", StepWaitJudgement: "等待法律文书生效",
	}[c]
}

// NextStep is what a party has to do next, in words, and where.
type NextStep struct {
	Code  StepCode
	Text  string
	By    Date // until when, zero when there is no day
	Page  string
	Thing Thing // what it is about: a receipt, a certificate, the case
}

// PartyStanding is what decides a party's next step: its debts and claims in a case, and
// what hangs in the air. The lists are of the case; Own are the parties of the user.
type PartyStanding struct {
	Debts        Debts
	Own          []int64
	Receipts     []Receipt
	Responses    []ObligeeResponse
	Certificates []Certificate
	Applications []CertificateApplication
	Accounts     []PaymentAccount
	Paid         Payments
	Settings     CourtSettings
	Today        Date
}

// InterestFen is the doubled part of the interest that is owed today of what the user's
// parties owe and are owed.
func (s PartyStanding) InterestFen() Fen {
	mine, claims := s.parts()
	return s.late(slices.Concat(mine, claims))
}

func (s PartyStanding) late(list []Installment) Fen {
	return s.Debts.ReckonAll(list, s.Paid, s.Settings, s.Today).DoubledFen
}

// OwnSums are what is open of what the user's parties owe and are owed, by the
// instruments alone, and what was owed in all.
func (s PartyStanding) OwnSums() (owed, open Fen, due Date) {
	return s.sums(func(ob Obligation) bool { return s.owes(ob) || s.owedTo(ob) })
}

// DebtSums are the same of what they owe alone.
func (s PartyStanding) DebtSums() (owed, open Fen, due Date) { return s.sums(s.owes) }

func (s PartyStanding) sums(counts func(Obligation) bool) (owed, open Fen, due Date) {
	for _, i := range s.Debts.Installments {
		ob := s.Debts.Obligation(i.ObligationID)
		if ob.Replaced() || !counts(ob) {
			continue
		}
		owed += i.AmountFen
		if open += max(0, i.OutstandingFen()); !i.Done() && !i.Due().IsZero() && (due.IsZero() || i.Due().Before(due)) {
			due = i.Due()
		}
	}
	return owed, open, due
}

func (s PartyStanding) owes(ob Obligation) bool {
	return slices.ContainsFunc(s.Own, func(p int64) bool { return s.Debts.Owes(p, ob.ID) })
}

func (s PartyStanding) owedTo(ob Obligation) bool { return slices.ContainsFunc(s.Own, ob.OwedTo) }

// Opponents are the parties on the other side of what the user's parties owe or are
// owed, by name; before anything is adjudged, the parties of the other position.
func (s PartyStanding) Opponents() (out []string) {
	add := func(id int64) {
		if name := s.Debts.Party(id).Name; id != 0 && name != "" && !slices.Contains(s.Own, id) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, ob := range s.Debts.Obligations {
		switch {
		case ob.Replaced():
		case s.owes(ob):
			for _, id := range ob.Obligees() {
				add(id)
			}
			if ob.ToCourt && !slices.Contains(out, "法院案款账户") {
				out = append(out, "法院案款账户")
			}
		case s.owedTo(ob):
			for _, o := range s.Debts.Obligors {
				if o.ObligationID == ob.ID {
					add(o.PartyID)
				}
			}
		}
	}
	if len(out) > 0 || len(s.Debts.Obligations) > 0 {
		return out
	}
	for _, id := range s.Own {
		for _, p := range s.Debts.Parties {
			if SideOf(p.Role) != SideOf(s.Debts.Party(id).Role) {
				add(p.ID)
			}
		}
	}
	return out
}

// Next is the next step of the user's parties.
func (s PartyStanding) Next() NextStep {
	casePage := fmt.Sprintf(pageCase, s.Debts.Case.ID)
	step := func(code StepCode, text string, by Date) NextStep {
		return NextStep{Code: code, Text: text, By: by, Page: casePage, Thing: ThingCase.Of(s.Debts.Case.ID)}
	}
	about := func(n NextStep, r Receipt) NextStep {
		n.Page, n.Thing = fmt.Sprintf(pageReceipt, r.ID), ThingReceipt.Of(r.ID)
		return n
	}
	if r, line := s.asked(); r != nil {
		whom := "您"
		if s.severalCreditors() {
			whom = s.Debts.Party(line.PartyID).Name
		}
		return about(step(StepAnswer, "对方说已向"+whom+"付款，请在"+line.DueOn.By()+"确认是否收到。", line.DueOn), *r)
	}
	if r := s.returned(); r != nil {
		return about(step(StepReplace, "回执被退回："+cmp.Or(r.ReturnReason, "请查看原因")+"请补正后重新提交。", Date{}), *r)
	}
	mine, claims := s.parts()
	if open := stillOpen(mine); len(open) > 0 {
		return s.toPerform(open, step)
	}
	switch {
	case len(mine) > 0:
		return s.performed(mine, step)
	case len(claims) > 0:
		return s.claiming(claims, step)
	}
	return step(StepWaitJudgement, "本案尚无生效法律文书确定的给付义务，有进展会通知您。", Date{})
}

// parts are the instalments that the user's parties owe, and those that they are
// owed.
func (s PartyStanding) parts() (mine, claims []Installment) {
	for _, i := range s.Debts.Installments {
		ob := s.Debts.Obligation(i.ObligationID)
		switch {
		case ob.Replaced():
		case s.owes(ob):
			mine = append(mine, i)
		case s.owedTo(ob):
			claims = append(claims, i)
		}
	}
	return mine, claims
}

func stillOpen(list []Installment) []Installment {
	return slices.DeleteFunc(slices.Clone(list), Installment.Done)
}

// asked is the receipt on which the court waits for the user's answer.
func (s PartyStanding) asked() (*Receipt, ObligeeResponse) {
	for _, l := range s.Responses {
		if l.State != ResponseAsked || !slices.Contains(s.Own, l.PartyID) {
			continue
		}
		for i := range s.Receipts {
			if s.Receipts[i].ID == l.ReceiptID && s.Receipts[i].State == ReceiptSubmitted {
				return &s.Receipts[i], l
			}
		}
	}
	return nil, ObligeeResponse{}
}

// severalCreditors tells whether the user acts for more than one who is owed.
func (s PartyStanding) severalCreditors() bool {
	n := 0
	for _, p := range s.Own {
		if slices.ContainsFunc(s.Debts.Obligations, func(ob Obligation) bool { return !ob.Replaced() && ob.OwedTo(p) }) {
			n++
		}
	}
	return n > 1
}

// returned is the newest receipt of the user's parties that was sent back and that
// no other replaced.
func (s PartyStanding) returned() *Receipt {
	for i := len(s.Receipts) - 1; i >= 0; i-- {
		r := &s.Receipts[i]
		if r.State != ReceiptReturned || !slices.Contains(s.Own, r.PartyID) {
			continue
		}
		if !slices.ContainsFunc(s.Receipts, func(o Receipt) bool { return o.ReplacesID == r.ID || o.PartyID == r.PartyID && o.ID > r.ID }) {
			return r
		}
	}
	return nil
}

// waiting is what the user's parties claimed to have paid and nobody decided yet.
func (s PartyStanding) waiting() (n int, sum Fen) {
	for _, r := range s.Receipts {
		if r.State == ReceiptSubmitted && slices.Contains(s.Own, r.PartyID) {
			n, sum = n+1, sum+r.ClaimedFen
		}
	}
	return n, sum
}

func (s PartyStanding) toPerform(open []Installment, step func(StepCode, string, Date) NextStep) NextStep {
	sum, conduct := s.Debts.outstanding(open)
	due := NextDue(open)
	n, claimed := s.waiting()
	if n > 0 && claimed >= sum && len(conduct) == 0 {
		return step(StepWaitCourt, fmt.Sprintf("您提交的 %d 份回执正在核对，结果会通知您。", n), Date{})
	}
	text, code := "请履行："+what(sum, conduct), StepPay
	if fen := s.Debts.ReckonAll(open, s.Paid, s.Settings, s.Today).InterestFen(); sum == 0 && len(conduct) == 0 && fen > 0 {
		return step(StepPay, "本金已付清，尚欠截至今日的利息 "+fen.Yuan()+" 元，请付清。", Date{})
	}
	if sum == 0 {
		code = StepPerform
	}
	switch {
	case due.IsZero():
		text += "。"
	case due.Before(s.Today):
		text += fmt.Sprintf("。最早一期应于%s履行，已逾期 %d 天。", due.By(), s.Today.Sub(due))
	default:
		text += "，最近一期应于" + due.By() + "履行。"
	}
	if n > 0 {
		text += fmt.Sprintf("另有 %d 份回执正在核对。", n)
	}
	return step(code, text, due)
}

// performed is the step of who owes nothing any more.
func (s PartyStanding) performed(mine []Installment, step func(StepCode, string, Date) NextStep) NextStep {
	for _, k := range s.Certificates {
		if k.State == CertificateValid && slices.Contains(s.Own, k.PartyID) {
			n := step(StepCertificate, "证明书（"+k.Number+"）已出具，可以查看、下载和出示。", Date{})
			n.Page, n.Thing = fmt.Sprintf(pageCertificate, k.ID), ThingCertificate.Of(k.ID)
			return n
		}
	}
	for _, a := range s.Applications {
		if a.State == ApplicationOpen && slices.Contains(s.Own, a.PartyID) {
			return step(StepWaitPaper, "证明书的申请正在办理，结果会通知您。", Date{})
		}
	}
	if n, _ := s.waiting(); n > 0 {
		return step(StepWaitCourt, fmt.Sprintf("您提交的 %d 份回执正在核对，结果会通知您。", n), Date{})
	}
	if fen := s.late(mine); fen > 0 { // the instrument's money is there, and it came late
		return step(StepPay, "法律文书确定的金钱义务已付清，尚欠加倍部分债务利息 "+fen.Yuan()+" 元，请付清；权利人放弃的，请由其在本案中登记。", Date{})
	}
	var from Date
	for _, i := range mine {
		if !i.EnforcedOn.IsZero() && (from.IsZero() || i.EnforcedOn.Before(from)) {
			from = i.EnforcedOn
		}
	}
	if TimelinessOf(mine, from) != InEnforcement && PerformanceOf(mine) == PerformanceFulfilled && s.paidSomething(mine) {
		return step(StepApply, "义务已履行完毕，可以申请《自动履行证明书》。", Date{})
	}
	return step(StepDone, "义务已履行完毕。", Date{})
}

// paidSomething tells whether not all of it was forgiven.
func (s PartyStanding) paidSomething(list []Installment) bool {
	return slices.ContainsFunc(list, func(i Installment) bool { return i.ConfirmedFen > 0 || i.AmountFen == 0 })
}

// claiming is the step of a creditor.
func (s PartyStanding) claiming(claims []Installment, step func(StepCode, string, Date) NextStep) NextStep {
	open := stillOpen(claims)
	if fen := s.late(claims); len(open) == 0 && fen > 0 {
		return step(StepWaitDebtor, "法律文书确定的金钱义务对方已付清，尚欠您加倍部分债务利息 "+fen.Yuan()+" 元；不再要求支付的，可以在本案中登记放弃。", Date{})
	}
	if len(open) == 0 {
		return step(StepDone, "对方的义务已履行完毕。", Date{})
	}
	due := NextDue(open)
	money := slices.ContainsFunc(open, func(i Installment) bool { return s.Debts.Obligation(i.ObligationID).Kind == ObligationMoney })
	known := slices.ContainsFunc(s.Accounts, func(a PaymentAccount) bool {
		return slices.Contains(s.Own, a.PartyID) && (a.State == AccountInUse || a.Waits())
	})
	if money && !known {
		return step(StepEnterAccount, "请登记您的收款账户，法官确认以后对方可以直接向您付款。", Date{})
	}
	text := "等待对方履行"
	switch {
	case due.IsZero():
		text += "。"
	case due.Before(s.Today):
		text += fmt.Sprintf("，最早一期已逾期 %d 天；怎样申请强制执行，见《权利人须知》。", s.Today.Sub(due))
	default:
		text += "，最近一期应于" + due.By() + "履行。收到款项后请确认。"
	}
	return step(StepWaitDebtor, text, due)
}
