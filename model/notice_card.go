package model

import (
	"slices"
	"strings"
)

// CardOf is what the outside cards of a notice can show: its own fields, and
// those that every notice has.
func (n Notice) CardOf(court Court) map[string]string {
	card := map[string]string{"court": court.Name, "remark": n.Title}
	for field, v := range n.Card { // what the notice does not know must not hide what every notice has
		if strings.TrimSpace(v) != "" {
			card[field] = v
		}
	}
	return card
}

// carried are the kinds whose every notice has an amount or a due day; others
// have them sometimes or never. The other fields of a card always have a value.
var carried = map[string][]NoticeKind{
	"amount": {
		NoticeReceiptReceived, NoticeReceiptReturned, NoticeReceiptConfirmed, NoticeReceiptCorrected, NoticeReceiptSubmitted, NoticeReceiptDisputed,
		NoticeObligeeAsked, NoticeSettlementRecorded, NoticeSettlementBreached, NoticeSettlementPerformed, NoticeSettlementResumed,
		NoticeDepositSubmitted, NoticeDeposit, NoticeDepositVictim, NoticeDistribution,
	},
	"due": {
		NoticeObligeeAsked, NoticeDueSoon, NoticeFirstDemand, NoticeSecondDemand, NoticeEnforcementNotice, NoticeEnforcementWarning,
		NoticeCleanUp, NoticeDutyOpened, NoticeDutyReminder, NoticeDutyDecided, NoticeQueryAddressed, NoticeAssistance, NoticePrisonLetterRegistered, NoticePrisonLetterDue,
	},
}

// Carries tells whether every notice of the kind has the field amount or due.
func (k NoticeKind) Carries(field string) bool { return slices.Contains(carried[field], k) }

// NoticeResults lists the words that cards show as the result of something.
func NoticeResults() []string {
	out := []string{"请查看", "已收到", "已退回", "已确认", "已更正", "已出具", "已撤销", "已解除", "撤销", "待处理", "待报送", "继续落实"}
	add := func(words ...string) {
		for _, w := range words {
			if w != "" && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	for _, s := range []PetitionState{PetitionOpen, PetitionForwarded, PetitionGranted, PetitionAccepted, PetitionRefused} {
		add(s.Chinese())
	}
	for _, s := range []ReleaseState{ReleaseOpen, ReleaseApproved, ReleaseRefused, ReleaseSuperseded} {
		add(s.Chinese())
	}
	for _, s := range []RepairState{RepairOpen, RepairSuspended, RepairMasked, RepairShortened, RepairPaused, RepairRefused} {
		add(s.Chinese())
	}
	for _, s := range []SpendingState{SpendingOpen, SpendingGranted, SpendingRefused, SpendingLapsed} {
		add(s.Chinese())
	}
	for _, r := range []ReviewResult{ReviewUpheld, ReviewChanged, ReviewRevoked} {
		add(r.Chinese())
	}
	for _, c := range []CloseType{ClosePerformed, CloseThisRound, CloseEnded, CloseCancelled, CloseNotEnforce, CloseRejected} {
		add(c.Chinese())
	}
	return out
}
