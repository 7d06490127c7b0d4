package model

import (
	"fmt"
	"time"
)

// ReceiptDecisionKind is what is decided of a receipt at the desk.
type ReceiptDecisionKind string

// The kinds of decision.
const (
	DecideConfirm ReceiptDecisionKind = "confirm" // 确认
	DecideReturn  ReceiptDecisionKind = "return"  // 退回
	DecideCorrect ReceiptDecisionKind = "correct" // 更正
)

// Chinese is the decision's name on screens.
func (k ReceiptDecisionKind) Chinese() string {
	return map[ReceiptDecisionKind]string{DecideConfirm: "确认", DecideReturn: "退回", DecideCorrect: "更正"}[k]
}

// ReceiptDecisionState is how far a decision has come.
type ReceiptDecisionState string

// The states of a decision.
const (
	DecisionPending    ReceiptDecisionState = "pending"     // 可撤销: nothing has followed from it
	DecisionCarriedOut ReceiptDecisionState = "carried_out" // 已生效
	DecisionUndone     ReceiptDecisionState = "undone"      // 已撤销
	DecisionFailed     ReceiptDecisionState = "failed"      // 未能生效
)

// Chinese is the state's name on screens.
func (s ReceiptDecisionState) Chinese() string {
	return map[ReceiptDecisionState]string{
		DecisionPending: "可撤销", DecisionCarriedOut: "已生效", DecisionUndone: "已撤销", DecisionFailed: "未能生效",
	}[s]
}

// ReceiptDecision is what somebody at the desk decided of a receipt. It is an entry
// at once, and may be taken back until EndsAt by the database's clock; what follows
// from it (the ledger, notices, whatever else) follows when it is carried out.
// Until then the receipt is what it was to everybody outside the court.
type ReceiptDecision struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	CaseNo    string
	ReceiptID int64
	Kind      ReceiptDecisionKind
	State     ReceiptDecisionState
	AmountFen Fen    // that is confirmed, or was claimed of a receipt that is returned
	Asked     string // the whole decision as it was sent, JSON
	ByUserID  int64
	ByName    string // of whoever decided, for the page of a colleague
	ByRole    Role   // in which he decided
	IP        string
	RequestID string
	IdemKey   string
	MadeAt    time.Time
	EndsAt    time.Time
	EndedAt   *time.Time
	EndedBy   int64  // who took it back, or had it carried out before its time; 0 for the clock
	Problem   string // why it could not be carried out
	// Completes says, as it was decided, that the debtor may have a certificate when it
	// takes effect.
	Completes bool
}

// Actor is whoever decided, as he was when he did: what he decided is carried out
// under his name though he has handed the case over since.
func (d *ReceiptDecision) Actor() Actor {
	return Actor{UserID: d.ByUserID, CourtID: d.CourtID, Name: d.ByName, Roles: []Role{d.ByRole}, IP: d.IP, RequestID: d.RequestID}
}

// Due tells whether the time for taking it back is over.
func (d *ReceiptDecision) Due(now time.Time) bool { return !now.Before(d.EndsAt) }

// Left is how long it can still be taken back, 0 when it cannot.
func (d *ReceiptDecision) Left(now time.Time) time.Duration {
	if d.State != DecisionPending {
		return 0
	}
	return max(0, d.EndsAt.Sub(now))
}

// Undo takes the decision back. Only whoever decided may; the caller has asked.
func (d *ReceiptDecision) Undo(by int64, now time.Time) error {
	switch {
	case d.State == DecisionUndone:
		return E(Conflict, "decision.undone", "对"+d.about()+"的"+d.Kind.Chinese()+"已经撤销")
	case d.State == DecisionFailed:
		return E(Conflict, "decision.failed", "对"+d.about()+"的"+d.Kind.Chinese()+"没有生效，不需要撤销")
	case !ReceiptDecisionMachine.May(d.State, DecisionUndone) || d.Due(now):
		mend := "，当事人会收到通知；金额有误的，请更正"
		if d.Kind == DecideReturn {
			mend = "，当事人会收到通知；退回有误的，请联系当事人重新提交"
		}
		return E(Conflict, "decision.late", "撤销的时间已过，对"+d.about()+"的"+d.Kind.Chinese()+"已经生效"+mend)
	}
	d.State, d.EndedAt, d.EndedBy = DecisionUndone, &now, by
	return nil
}

// End says that the decision was carried out, or that it could not be because of a
// problem. by is who asked for it before its time, 0 for the clock.
func (d *ReceiptDecision) End(by int64, problem string, now time.Time) {
	d.State, d.EndedAt, d.EndedBy = DecisionCarriedOut, &now, by
	if problem != "" {
		d.State, d.Problem = DecisionFailed, problem
	}
}

// about names the receipt.
func (d *ReceiptDecision) about() string {
	if d.AmountFen == 0 {
		return " " + d.CaseNo + " 的回执"
	}
	return " " + d.CaseNo + " 的回执（" + d.AmountFen.Yuan() + " 元）"
}

// Standing is the decision as the desk calls the receipt meanwhile: 已确认（可撤销）.
func (d *ReceiptDecision) Standing() string {
	return "已" + d.Kind.Chinese() + "（" + d.State.Chinese() + "）"
}

// Sentence says what became of the decision, by its state now: whoever comes back
// to an old page is not told of what was taken back.
func (d *ReceiptDecision) Sentence(now time.Time) string {
	about, act := d.about(), d.Kind.Chinese()
	switch d.State {
	case DecisionUndone:
		return "已撤销对" + about + "的" + act + "，没有通知任何人。"
	case DecisionFailed:
		return "对" + about + "的" + act + "没有生效：" + d.Problem
	case DecisionCarriedOut:
		if d.Kind == DecideReturn {
			return "已退回" + about + "，当事人会看到退回原因。"
		}
		return "已" + act + about + "，当事人会收到通知。"
	case DecisionPending:
	}
	if left := d.Left(now); left > 0 {
		return fmt.Sprintf("已%s%s，%d 秒内可以撤销；期满后才通知当事人。", act, about, int((left+time.Second-1)/time.Second))
	}
	return "已" + act + about + "，正在生效。"
}

// ErrDeciding refuses whoever handed a receipt in to change it while a decision
// about it is being made.
var ErrDeciding = E(Conflict, "receipt.deciding", "承办法官正在处理这份回执，暂时不能撤回。请一分钟后查看处理结果")

// Deciding refuses another decision about a receipt while one can be taken back.
func (d *ReceiptDecision) Deciding() error {
	return E(Conflict, "receipt.pending", "这份回执刚才"+d.Standing()+"。要另作处理的，请先撤销；不需要改的，请等它生效")
}

// Undoable refuses an act that rests on the ledger of a case in which a decision can
// still be taken back.
func (d *ReceiptDecision) Undoable() error {
	return E(Conflict, "receipt.undoable", "本案"+d.about()+"刚才"+d.Standing()+"，台账还没有更新。请先让它立即生效，或者等撤销的时间过去，再办理这一事项")
}

// DecisionFailedNotice tells somebody of the court that a decision about a receipt
// did not take effect, and why.
func DecisionFailedNotice(r Receipt, d ReceiptDecision, userID int64) Notice {
	return Notice{
		CourtID: d.CourtID, CaseID: d.CaseID, UserID: userID, Kind: NoticeDecisionFailed, Subject: ThingReceipt.Of(r.ID), Title: "对回执的" + d.Kind.Chinese() + "没有生效",
		Body:      "对" + d.about() + "的" + d.Kind.Chinese() + "没有生效，没有通知当事人：" + d.Problem + "。该回执现为" + r.State.Chinese() + "，请打开后重新处理。",
		DedupeKey: fmt.Sprintf("%s:%d:%d", NoticeDecisionFailed, d.ID, userID),
	}
}

// CheckClaimed asks once whether an amount is meant that differs from what was
// claimed. sure is the amount of which somebody was asked before.
func CheckClaimed(r Receipt, amount, sure Fen) error {
	if amount == r.ClaimedFen || amount == sure {
		return nil
	}
	more, by := "多", amount-r.ClaimedFen
	if by < 0 {
		more, by = "少", -by
	}
	return InvalidField("amount_fen", "amount.differs", "确认金额 "+amount.Yuan()+" 元与申报的 "+r.ClaimedFen.Yuan()+" 元不一致，"+more+" "+by.Yuan()+" 元。请核对；确认无误的，再提交一次")
}
