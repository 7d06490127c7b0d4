package model

import (
	"slices"
	"time"
)

// ConfirmationKind is what a ledger entry of a receipt does.
type ConfirmationKind string

// The kinds of confirmation entry.
const (
	EntryConfirm ConfirmationKind = "confirm" // 确认
	EntryReverse ConfirmationKind = "reverse" // 冲销: takes an earlier entry back
)

// Confirmation is one entry of the ledger: the judge confirmed an amount of a
// receipt, or took an earlier entry back. Entries are only ever added.
type Confirmation struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	ReceiptID  int64
	Kind       ConfirmationKind
	AmountFen  Fen // signed: a reversal is negative
	PaidOn     Date
	ReversesID int64  // the entry taken back, 0 for confirm
	Reason     string // of a reversal or of a correction
	OverReason string // why more than the outstanding amount was accepted
	// OrderReason is why the judge left the order of payment of a criminal case.
	OrderReason string
	// DoubtReason is why a receipt that had flags was confirmed (see CheckDoubt); it is
	// for the court's own people.
	DoubtReason string
	// Spreading is how money that is several creditors' was shared where it was not
	// shared as usual, and OrderReason why.
	Spreading Spreading
	OverFen   Fen    // the part beyond the debt, allocated to nothing
	PaidBy    string `gorm:"-"` // whoever else paid, for the ledger; "" for the debtor himself
	Means     string `gorm:"-"` // how it was performed where no yuan were paid: see Receipt.Means
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// Allocation says which instalment an entry paid. Amounts are signed like the
// entry's.
type Allocation struct {
	ID             int64
	CourtID        int64
	CaseID         int64
	ConfirmationID int64
	ReceiptID      int64
	ObligationID   int64
	InstallmentID  int64
	// Part is what of the instalment it paid; only the principal counts as
	// confirmed of it.
	Part      Part
	AmountFen Fen
	CreatedAt time.Time
}

// Part is what of a duty money paid.
type Part string

// The parts.
const (
	PartPrincipal Part = ""         // money of the instrument
	PartOrdinary  Part = "ordinary" // 一般债务利息 that runs until it is paid
	PartDoubled   Part = "doubled"  // 加倍部分债务利息
)

// Chinese is the part's name on screens.
func (p Part) Chinese() string {
	switch p {
	case PartOrdinary:
		return "一般债务利息"
	case PartDoubled:
		return "加倍部分债务利息"
	case PartPrincipal:
	}
	return "法律文书确定的金钱债务"
}

// Share is one part of an allocation that is still to be made.
type Share struct {
	InstallmentID int64
	AmountFen     Fen
}

// CheckShares proves the judge's own allocation: known and open instalments,
// positive parts, none over what is outstanding. What it leaves of the amount is
// for interest, which it cannot exceed; that is returned.
func CheckShares(amount Fen, open []Installment, interest Fen, shares []Share) (rest Fen, err error) {
	var sum Fen
	seen := map[int64]bool{}
	for _, s := range shares {
		i := slices.IndexFunc(open, func(o Installment) bool { return o.ID == s.InstallmentID })
		switch {
		case i < 0:
			return 0, InvalidField("allocations", "installment.unknown", "分配的期次不存在，或不属于该义务人")
		case seen[s.InstallmentID]:
			return 0, InvalidField("allocations", "installment.repeated", "同一期次只能分配一次")
		case s.AmountFen <= 0:
			return 0, InvalidField("allocations", "amount.positive", "分配金额必须大于 0")
		case s.AmountFen > open[i].OutstandingFen():
			return 0, InvalidField("allocations", "amount.over_installment", "分配金额超过该期次尚未履行的金额")
		}
		seen[s.InstallmentID] = true
		sum += s.AmountFen
	}
	if rest = amount - sum; rest < 0 || rest > interest {
		return 0, InvalidField("allocations", "amount.sum", "各期分配金额之和必须等于确认金额；少于确认金额的部分，只能用于支付尚欠的利息")
	}
	return rest, nil
}

// ResponseState is what an obligee said about a receipt.
type ResponseState string

// The states of an obligee's response. Silence neither blocks nor approves.
const (
	ResponseAsked        ResponseState = "asked"        // 待权利人确认
	ResponseAcknowledged ResponseState = "acknowledged" // 确认收到
	ResponseDisputed     ResponseState = "disputed"     // 提出异议
	ResponseDiffers      ResponseState = "differs"      // 收到，但金额不同
)

// Chinese is the state's name on screens.
func (s ResponseState) Chinese() string {
	return map[ResponseState]string{
		ResponseAsked: "待权利人确认", ResponseAcknowledged: "权利人确认收到", ResponseDisputed: "权利人提出异议",
		ResponseDiffers: "权利人称金额不同",
	}[s]
}

// Of is the state's name where what is asked about is no payment: a creditor who
// acknowledges a set-off acknowledges the claim against him.
func (s ResponseState) Of(k ProofKind) string {
	if s == ResponseAcknowledged {
		switch k { //nolint:exhaustive // the others are payments
		case ProofSetOff:
			return "权利人认可抵销的债权"
		case ProofLodged:
			return "权利人知悉提存"
		}
	}
	return s.Chinese()
}

// ObligeeResponse is an obligee's line of a receipt: he is asked, has a clock,
// and may acknowledge or dispute, also after the judge confirmed it. An answer can
// be changed; every answer stays in the audit trail.
type ObligeeResponse struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	ReceiptID int64
	PartyID   int64
	State     ResponseState
	Reason    string
	DueOn     Date // the end of the obligee's clock
	// OwnFen is what of the payment is said to be his, nil when that is not known; 0 is
	// nobody's share. SaidFen is how much he says he got where it was something else, and
	// FileID the picture by which he shows it.
	OwnFen      *Fen
	SaidFen     *Fen
	FileID      int64
	RespondedBy int64
	RespondedAt *time.Time
	CreatedAt   time.Time
}
