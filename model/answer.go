package model

import (
	"fmt"
	"time"
)

// SeenBy is the receipt with the amounts that a party may know: the debtor's side
// all of it, a creditor his own part, own, nothing of what others get. A part that is
// not known is 0 here and shown nowhere.
func (r Receipt) SeenBy(partyID int64, own *Fen) Receipt {
	if partyID == r.PartyID || r.CreditorID() != 0 {
		return r
	}
	var part Fen
	if own != nil {
		part = *own
	}
	r.ClaimedFen, r.ConfirmedFen = part, part
	return r
}

// asks says what of a payment a creditor is asked about; r has his own amounts alone.
func (r Receipt) asks() string {
	what := "对方提交了 " + r.PaidOn.Chinese() + " 的付款凭证"
	switch r.ProofKind { //nolint:exhaustive // the others are proofs of a payment
	case ProofNone:
		what = "对方称已于" + r.PaidOn.Chinese() + "付款，但是无法提供凭证"
	case ProofCourtAccount:
		what = "对方提交了 " + r.PaidOn.Chinese() + " 付到法院账户的凭证"
	}
	if r.ClaimedFen > 0 {
		what += "，其中申报付给您 " + r.ClaimedFen.Yuan() + " 元"
	}
	return what
}

// decides says what the judge does where the creditor does not answer.
func (r Receipt) decides() string {
	if r.ProofKind == ProofNone {
		return "审查决定"
	}
	return "根据凭证审查"
}

// ReceiptAnswer is what a creditor says of a receipt.
type ReceiptAnswer struct {
	PartyID int64 // for whom; 0 where the user acts for one who was asked
	State   ResponseState
	Reason  string
	// SaidFen is how much he got, where he got something else than he was asked about.
	SaidFen Fen
	FileID  int64 // a picture that shows it, 0 for none
}

// Check refuses an answer that does not say what it has to.
func (a ReceiptAnswer) Check() error {
	var wrong Faults
	wrong.If(a.State == ResponseDisputed && a.Reason == "", "reason", "reason.required", "请填写异议理由，例如“未到账”、“金额不符”或者“该债权不存在”")
	wrong.If(a.State == ResponseDiffers && a.SaidFen <= 0, "amount_fen", "amount.positive", "请填写您实际收到的金额；没有收到的，请提出异议")
	wrong.If(a.State != ResponseDiffers && a.SaidFen != 0, "amount_fen", "amount.not_money", "只有实际收到的金额不同时才填写金额")
	return wrong.Err()
}

// Answers records what the creditor says. Until the judge decides he may think better
// of it; afterwards he may still answer, because a confirmation that was wrong is
// corrected: what he then objects to is the judge's task.
func (o *ObligeeResponse) Answers(a ReceiptAnswer, by int64, now time.Time) error {
	if err := a.Check(); err != nil {
		return err
	}
	if a.State == ResponseDiffers && o.OwnFen != nil && *o.OwnFen == a.SaidFen {
		return InvalidField("amount_fen", "answer.same", "您填写的金额与对方申报付给您的金额相同，请直接确认收到")
	}
	o.State, o.Reason, o.SaidFen, o.FileID, o.RespondedBy, o.RespondedAt = a.State, a.Reason, nil, a.FileID, by, &now
	if a.State == ResponseDiffers {
		o.SaidFen = &a.SaidFen
	}
	return nil
}

// Objects tells whether the answer is one about which somebody has to do something.
func (s ResponseState) Objects() bool { return s == ResponseDisputed || s == ResponseDiffers }

// CheckUnproven decides who decides about a payment for which the payer has no proof
// (无法举证). The creditor is asked and has his clock. What he acknowledges, the judge
// may confirm; while his clock runs and he has not answered, nobody confirms; when it
// has run out, or he objects, the judge decides and says why. His silence is no
// acknowledgement, and nothing is confirmed by itself.
func (r Receipt) CheckUnproven(lines []ObligeeResponse, today Date, reason string) error {
	if r.ProofKind != ProofNone {
		return nil
	}
	agreed := len(lines) > 0
	for _, l := range lines {
		if l.State == ResponseAsked && !today.After(l.DueOn) {
			return E(Conflict, "receipt.unproven", "付款人无法举证，权利人尚在答复期限内（至"+l.DueOn.Chinese()+"），请等待其答复；期限届满仍未答复的，由您审查决定")
		}
		agreed = agreed && l.State == ResponseAcknowledged
	}
	if !agreed && reason == "" {
		return InvalidField("reason", "receipt.unproven_reason", "付款人无法举证，权利人也没有认可收到；审查后确认的，请填写理由，否则请退回")
	}
	return nil
}

// AnsweredNotice tells the judge that a creditor objects, also after a confirmation.
func AnsweredNotice(r Receipt, l ObligeeResponse, obligee string) Notice {
	what := "提出异议"
	if l.State == ResponseDiffers && l.SaidFen != nil {
		what = "称收到的金额是 " + l.SaidFen.Yuan() + " 元"
		if l.OwnFen != nil {
			what += "，对方申报付给他的是 " + l.OwnFen.Yuan() + " 元"
		}
	}
	n := ReceiptDisputedNotice(Court{}, r, obligee)
	n.Body = fmt.Sprintf("%s：权利人%s对一份%s%s", r.CaseNo, obligee, r.name(), what)
	if r.State != ReceiptSubmitted {
		n.Body += "。这份" + r.name() + r.State.Chinese() + "，请审查是否需要更正"
	}
	n.Body += "，请核实。"
	n.DedupeKey = fmt.Sprintf("%s:%d:%d:%d", NoticeReceiptDisputed, r.ID, l.PartyID, answered(l).UnixNano()) // each answer is told, of namesakes too
	return n
}

// answered is when the creditor answered.
func answered(l ObligeeResponse) (at time.Time) {
	if l.RespondedAt != nil {
		at = *l.RespondedAt
	}
	return at
}

// ObjectionDays is within how many days the judge looks into an objection that came
// after his confirmation. No law names a number: it is ours.
const ObjectionDays = 7

// ObjectionTask is the task about an objection that came after the confirmation, of
// whoever is responsible now.
func (r Receipt) ObjectionTask(l ObligeeResponse, obligee string, now time.Time) Task {
	what := "提出异议"
	if l.SaidFen != nil {
		what = "称只收到 " + l.SaidFen.Yuan() + " 元"
	}
	return Task{
		CourtID: r.CourtID, CaseID: r.CaseID, OwnerID: r.Responsible().UserID, Kind: TaskObjection, Subject: ThingReceipt.Of(r.ID),
		PartyID: l.PartyID, Title: "回执确认后，权利人" + obligee + what + "：审查是否更正",
		DueAt: DateOf(now).AddDays(ObjectionDays).EndOfDay(), DueReason: fmt.Sprintf("自权利人提出之日起 %d 日（本系统的期限，法律没有规定）", ObjectionDays),
		DedupeKey: fmt.Sprintf("%s:%d:%d:%d", TaskObjection, r.ID, l.PartyID, now.UnixNano()),
	}
}
