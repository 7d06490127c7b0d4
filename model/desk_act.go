package model

import (
	"fmt"
	"time"
)

// DeskActKind is what somebody at the desk does that waits before anybody is told.
type DeskActKind string

// The kinds: what is decided of a receipt, and what is answered in a conversation.
const (
	DecideConfirm DeskActKind = "confirm" // 确认
	DecideReturn  DeskActKind = "return"  // 退回
	DecideCorrect DeskActKind = "correct" // 更正
	DecideAnswer  DeskActKind = "answer"  // 回复
)

// Chinese is the act's name on screens.
func (k DeskActKind) Chinese() string {
	return map[DeskActKind]string{DecideConfirm: "确认", DecideReturn: "退回", DecideCorrect: "更正", DecideAnswer: "回复"}[k]
}

// Act is who may do it, and take it back.
func (k DeskActKind) Act() Act {
	if k == DecideAnswer {
		return ActMessageWrite
	}
	return ActReceiptDecide
}

// Undoing is what taking it back is called.
func (k DeskActKind) Undoing() string {
	if k == DecideAnswer {
		return "撤回"
	}
	return "撤销"
}

// DeskActState is how far a decision has come.
type DeskActState string

// The states of a decision.
const (
	DecisionPending    DeskActState = "pending"     // 可撤销: nothing has followed from it
	DecisionCarriedOut DeskActState = "carried_out" // 已生效
	DecisionUndone     DeskActState = "undone"      // 已撤销
	DecisionFailed     DeskActState = "failed"      // 未能生效
)

// Chinese is the state's name on screens.
func (s DeskActState) Chinese() string {
	return map[DeskActState]string{
		DecisionPending: "可撤销", DecisionCarriedOut: "已生效", DecisionUndone: "已撤销", DecisionFailed: "未能生效",
	}[s]
}

// DeskAct is what somebody at the desk decided of a receipt, or answered in a
// conversation. It is an entry at once, and may be taken back until EndsAt by the
// database's clock; what follows from it (the ledger, the message, notices, whatever
// else) follows when it is carried out. Until then everything is what it was to
// everybody outside the court.
type DeskAct struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	CaseNo    string
	ReceiptID int64 // 0 of an answer
	// ConversationID is where an answer is to go, 0 of a decision.
	ConversationID int64
	Kind           DeskActKind
	State          DeskActState
	AmountFen      Fen    // that is confirmed, or was claimed of a receipt that is returned
	Asked          string // the whole decision as it was sent, JSON
	ByUserID       int64
	ByName         string // of whoever decided, for the page of a colleague
	ByRole         Role   // in which he decided
	IP             string
	RequestID      string
	IdemKey        string
	MadeAt         time.Time
	EndsAt         time.Time
	EndedAt        *time.Time
	EndedBy        int64  // who took it back, or had it carried out before its time; 0 for the clock
	Problem        string // why it could not be carried out
	// Completes says, as it was decided, that the debtor may have a certificate when it
	// takes effect.
	Completes bool
}

// Actor is whoever decided, as he was when he did: what he decided is carried out
// under his name though he has handed the case over since.
func (d *DeskAct) Actor() Actor {
	return Actor{UserID: d.ByUserID, CourtID: d.CourtID, Name: d.ByName, Roles: []Role{d.ByRole}, IP: d.IP, RequestID: d.RequestID}
}

// Unsent tells whether nothing came of it and nothing will: what was typed is worth
// showing again.
func (d *DeskAct) Unsent() bool { return d.State == DecisionUndone || d.State == DecisionFailed }

// Due tells whether the time for taking it back is over.
func (d *DeskAct) Due(now time.Time) bool { return !now.Before(d.EndsAt) }

// Left is how long it can still be taken back, 0 when it cannot.
func (d *DeskAct) Left(now time.Time) time.Duration {
	if d.State != DecisionPending {
		return 0
	}
	return max(0, d.EndsAt.Sub(now))
}

// Undo takes the decision back. Only whoever decided may; the caller has asked.
func (d *DeskAct) Undo(by int64, now time.Time) error {
	switch {
	case d.State == DecisionUndone:
		return E(Conflict, "decision.undone", d.what()+"已经"+d.Kind.Undoing())
	case d.State == DecisionFailed:
		return E(Conflict, "decision.failed", d.what()+"没有生效，不需要"+d.Kind.Undoing())
	case d.State == DecisionPending && d.Due(now): // it may still turn out that it cannot be done
		if d.Kind == DecideAnswer {
			return E(Conflict, "decision.late", "撤回的时间已过，"+d.about()+"正在发出；有误的，请在发出后再回复一条说明")
		}
		return E(Conflict, "decision.late", "撤销的时间已过，对"+d.about()+"的"+d.Kind.Chinese()+"正在生效，请稍后查看结果")
	case !DeskActMachine.May(d.State, DecisionUndone):
		mend := "，当事人会收到通知；金额有误的，请更正"
		if d.Kind == DecideAnswer {
			return E(Conflict, "decision.late", "撤回的时间已过，"+d.about()+"已经发出，对方会收到提醒；有误的，请再回复一条说明")
		}
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
func (d *DeskAct) End(by int64, problem string, now time.Time) {
	d.State, d.EndedAt, d.EndedBy = DecisionCarriedOut, &now, by
	if problem != "" {
		d.State, d.Problem = DecisionFailed, problem
	}
}

// what names the act and what it is about.
func (d *DeskAct) what() string {
	if d.Kind == DecideAnswer {
		return d.about()
	}
	return "对" + d.about() + "的" + d.Kind.Chinese()
}

// Subject is what it is about.
func (d *DeskAct) Subject() Thing {
	if d.ConversationID != 0 {
		return ThingConversation.Of(d.ConversationID)
	}
	return ThingReceipt.Of(d.ReceiptID)
}

// about names the receipt, or the answer.
func (d *DeskAct) about() string {
	if d.Kind == DecideAnswer {
		return d.CaseNo + " 案对话中的回复"
	}
	if d.AmountFen == 0 {
		return " " + d.CaseNo + " 的回执"
	}
	return " " + d.CaseNo + " 的回执（" + d.AmountFen.Yuan() + " 元）"
}

// Standing is the decision as the desk calls the receipt meanwhile: 已确认（可撤销）.
func (d *DeskAct) Standing() string {
	return "已" + d.Kind.Chinese() + "（" + d.State.Chinese() + "）"
}

// Sentence says what became of the act, by its state now: whoever comes back
// to an old page is not told of what was taken back.
func (d *DeskAct) Sentence(now time.Time) string {
	about, act := d.about(), d.Kind.Chinese()
	if d.Kind == DecideAnswer {
		return d.answerSentence(now)
	}
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
		return fmt.Sprintf("已%s%s，%d 秒内可以撤销；期满后才通知当事人。", act, about, seconds(left))
	}
	return "已" + act + about + "，正在生效。"
}

// answerSentence is Sentence of an answer.
func (d *DeskAct) answerSentence(now time.Time) string {
	switch d.State {
	case DecisionUndone:
		return "已撤回" + d.about() + "，对方没有看到。"
	case DecisionFailed:
		return d.about() + "没有发出：" + d.Problem
	case DecisionCarriedOut:
		return d.about() + "已经发出，对方会收到提醒。"
	case DecisionPending:
	}
	if left := d.Left(now); left > 0 {
		return fmt.Sprintf("%s将在 %d 秒后发出，此前可以撤回，对方还看不到。", d.about(), seconds(left))
	}
	return d.about() + "正在发出。"
}

// seconds is a time in whole ones, the one that has begun as well.
func seconds(left time.Duration) int { return int((left + time.Second - 1) / time.Second) }

// ErrDeciding refuses whoever handed a receipt in to change it while a decision
// about it is being made.
var ErrDeciding = E(Conflict, "receipt.deciding", "承办法官正在处理这份回执，暂时不能撤回。请一分钟后查看处理结果")

// Deciding refuses another decision about a receipt while one can be taken back.
func (d *DeskAct) Deciding() error {
	return E(Conflict, "receipt.pending", "这份回执刚才"+d.Standing()+"。要另作处理的，请先撤销；不需要改的，请等它生效")
}

// OfColleague refuses a decision about a receipt of a case while a colleague, who had
// the case before, can still take his own back: his is not ended for him, and whoever
// decides now knows it first.
func (d *DeskAct) OfColleague(now time.Time) error {
	return E(Conflict, "receipt.pending", fmt.Sprintf("%s对%s的%s %d 秒后生效，在此之前本人可以撤销。请等它生效或者撤销以后，再处理本案的回执", d.ByName, d.about(), d.Kind.Chinese(), seconds(d.Left(now))))
}

// Undoable refuses an act that rests on the ledger of a case in which a decision can
// still be taken back.
func (d *DeskAct) Undoable() error {
	return E(Conflict, "receipt.undoable", "本案"+d.about()+"刚才由"+d.ByName+d.Standing()+"，台账还没有更新。请等撤销的时间过去（作出决定的人也可以让它立即生效），再办理这一事项")
}

// Why a decision or an answer ended without taking effect, of whose own making it was
// not.
const (
	StoppedDisabled = "作出的人账号已停用"
	StoppedRestored = "系统由备份恢复，备份时尚未生效的决定和回复不自动生效，请核对后重新办理"
)

// DecisionFailedNotice tells somebody of the court that a decision about a receipt
// did not take effect, and why.
func DecisionFailedNotice(r Receipt, d DeskAct, userID int64) Notice {
	return Notice{
		CourtID: d.CourtID, CaseID: d.CaseID, UserID: userID, Kind: NoticeDecisionFailed, Subject: ThingReceipt.Of(r.ID), Title: "对回执的" + d.Kind.Chinese() + "没有生效",
		Body:      d.ByName + "对" + d.about() + "的" + d.Kind.Chinese() + "没有生效，没有通知当事人：" + d.Problem + "。该回执现为" + r.State.Chinese() + "，请打开后重新处理。",
		DedupeKey: fmt.Sprintf("%s:%d:%d", NoticeDecisionFailed, d.ID, userID),
	}
}

// AnswerFailedNotice tells somebody of the court that an answer was not sent, and why.
func AnswerFailedNotice(d DeskAct, userID int64) Notice {
	return Notice{
		CourtID: d.CourtID, CaseID: d.CaseID, UserID: userID, Kind: NoticeAnswerFailed, Title: "回复没有发出",
		Body:      d.ByName + "在" + d.about() + "没有发出，对方没有看到：" + d.Problem + "。请打开对话重新回复。",
		DedupeKey: fmt.Sprintf("%s:%d:%d", NoticeAnswerFailed, d.ID, userID),
	}.about(ThingConversation.Of(d.ConversationID)).talk(d.ConversationID)
}

// AskSettled asks once whether an agreement is meant that promises more than is owed:
// sums are in fen. sure is the sum of which somebody was asked before; of a debt that is
// not money nothing is asked.
func AskSettled(promised, owed, sure Fen) error {
	if owed <= 0 || promised <= owed || promised == sure {
		return nil
	}
	return InvalidField("parts", "amount.differs", "和解协议各期合计 "+promised.Yuan()+" 元，超过本案尚欠的 "+owed.Yuan()+" 元（含截至今天的利息、加倍利息和执行费），多 "+(promised-owed).Yuan()+
		" 元。请核对；各方确实这样约定的，再提交一次")
}

// AskApplied asks once whether the sum is meant for which enforcement is applied: less
// than the open principal, or more than is owed with interest to the day. sure is the sum
// of which somebody was asked before; 0 is no sum.
func AskApplied(amount, principal, owed, sure Fen) error {
	if amount == 0 || owed <= 0 || amount == sure || amount >= principal && amount <= owed {
		return nil
	}
	what := "少于所执行义务尚欠的本金 " + principal.Yuan() + " 元"
	if amount > owed {
		what = "多于所执行义务尚欠的 " + owed.Yuan() + " 元（含截至今天的利息和加倍利息）"
	}
	return InvalidField("amount_fen", "amount.differs", "申请执行标的 "+amount.Yuan()+" 元"+what+"。请核对；申请书确实这样写的，再提交一次")
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
