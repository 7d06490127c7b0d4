package model

import (
	"slices"
	"time"
)

// QueueSort is in which order the queue of receipts is.
type QueueSort string

// The orders. Equals follow one another by age.
const (
	SortOldest  QueueSort = ""        // 早提交的在前
	SortNewest  QueueSort = "newest"  // 新提交的在前
	SortAmount  QueueSort = "amount"  // 金额大的在前
	SortAnswer  QueueSort = "answer"  // 权利人有异议的在前
	SortFlagged QueueSort = "flagged" // 有提示的在前
)

// QueueSorts lists the orders as screens do.
var QueueSorts = []QueueSort{SortOldest, SortNewest, SortAmount, SortAnswer, SortFlagged}

// Chinese is the order's name on screens.
func (s QueueSort) Chinese() string {
	return map[QueueSort]string{
		SortOldest: "早提交的在前", SortNewest: "新提交的在前", SortAmount: "金额大的在前", SortAnswer: "权利人有异议的在前", SortFlagged: "有提示的在前",
	}[s]
}

// QueueFilter narrows the court's queue of receipts, and orders it.
type QueueFilter struct {
	State           ReceiptState
	Owner           Owner // whose duty they are; zero: the whole court
	Flagged         bool
	Flag            FlagKind // only those with this flag
	Answer          ResponseState
	Kind            CaseKind
	DueBefore       Date
	SubmittedBefore time.Time
	Text            string // beginning of the case number or of the payer's name, or a bank serial number
	Sort            QueueSort
	After           int64 // behind this receipt in the order, 0 from the beginning
	Limit           int
}

// QueuePlace is where a receipt stands in a list of them.
type QueuePlace struct {
	Place int64 // from 1; 0 for one that is not in it
	Total int64
	More  bool // there are more than were counted
	Prev  int64
	Next  int64
}

// OwedLine is what a list says of the debt that a receipt is about: to whom, how much
// of it is open, and since when it is overdue.
type OwedLine struct {
	Creditors      []string
	OutstandingFen Fen
	Due            Date // the earliest open due day
}

// Overdue tells whether something was due before a day.
func (l OwedLine) Overdue(today Date) bool { return !l.Due.IsZero() && l.Due.Before(today) }

// OwedOf is that of a party, from the debts of its case.
func (d Debts) OwedOf(partyID int64) (out OwedLine) {
	for _, ob := range d.Obligations {
		if ob.Kind != ObligationMoney || ob.Replaced() || !d.EverOwes(partyID, ob.ID) {
			continue
		}
		named := []string{"法院账户"}
		if !ob.ToCourt {
			named = nil
			for _, id := range ob.Obligees() {
				named = append(named, d.Party(id).Name)
			}
		}
		for _, name := range named {
			if !slices.Contains(out.Creditors, name) {
				out.Creditors = append(out.Creditors, name)
			}
		}
		for _, i := range d.Installments {
			if i.ObligationID != ob.ID || i.Done() {
				continue
			}
			out.OutstandingFen += i.OutstandingFen()
			if due := i.Due(); !due.IsZero() && (out.Due.IsZero() || due.Before(out.Due)) {
				out.Due = due
			}
		}
	}
	return out
}

// Looker is who looks at which receipt at the moment: two who decide the same one at
// once shall know of each other. A person looks at one at a time.
type Looker struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	CourtID   int64
	ReceiptID int64
	Name      string
	LookedAt  time.Time
}

// LookFor is how long somebody who opened a receipt is taken to look at it.
const LookFor = 3 * time.Minute
