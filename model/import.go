package model

import "time"

// NoticeChoice says when the parties of imported cases are told (通知方式).
type NoticeChoice string

// The choices. Until they are told, nobody hears of the cases by notice, and
// nothing is urged.
const (
	NoticesNow  NoticeChoice = "now"  // 立即通知
	NoticesFrom NoticeChoice = "from" // 自某日起通知
	NoticesHeld NoticeChoice = "held" // 暂不通知, until somebody has looked at one of each kind
)

// Chinese is the choice's name on screens.
func (c NoticeChoice) Chinese() string {
	return map[NoticeChoice]string{NoticesNow: "立即通知", NoticesFrom: "自指定日期起通知", NoticesHeld: "暂不通知，查看样张后放行"}[c]
}

// BacklogDemandDays is how many days after a debtor was first told of an
// imported case the first 《自动履行催告书》 goes out at the earliest, when his duty
// was overdue by then: nobody is told and urged in the same second.
const BacklogDemandDays = 7

// Import is a file of cases that was imported (批量导入).
type Import struct {
	ID       int64
	CourtID  int64
	ByUserID int64  // 0 when it was done on the command line
	Source   string // the file's name, "" when it has none
	Cases    int
	Payments int // entries of what had been performed before, for the judges to confirm
	Choice   NoticeChoice
	FromOn   Date // of NoticesFrom
	// ReleasedAt is when the notices were let go, nil while they are held; the
	// program makes them case by case and sets DoneAt when all are made.
	ReleasedAt *time.Time
	ReleasedBy int64
	DoneAt     *time.Time
	CreatedAt  time.Time
}

// ImportSample names one notice of a kind that an import will make, for somebody
// to look at before all of them go out.
type ImportSample struct {
	ImportID int64      `gorm:"primaryKey;autoIncrement:false"`
	Kind     NoticeKind `gorm:"primaryKey"`
	N        int        // of the kind, as foreseen when the file was imported
	CaseID   int64
	PartyRef string
	LookedBy int64
	LookedAt *time.Time // nil until somebody did
}

// Waits tells whether the notices of the import are still held.
func (m Import) Waits() bool { return m.ReleasedAt == nil && m.DoneAt == nil }

// Due tells whether an import whose notices wait for a day may let them go: it
// is the day, and the hour at which notices go out.
func (m Import) Due(hour int, now time.Time) bool {
	return m.Waits() && m.Choice == NoticesFrom && !now.Before(m.FromOn.Start().Add(time.Duration(hour)*time.Hour))
}

// Release lets the notices go. One of each kind must have been looked at. A
// repeat changes nothing.
func (m *Import) Release(samples []ImportSample, by int64, now time.Time) error {
	if !m.Waits() {
		return nil
	}
	for _, x := range samples {
		if x.LookedAt == nil {
			return E(Conflict, "import.unseen", "请先查看“"+x.Kind.Chinese()+"”的样张，再放行通知")
		}
	}
	m.ReleasedAt, m.ReleasedBy = &now, by
	return nil
}

// ImportedPayment is what a debtor had performed before his case was imported:
// it becomes a receipt without files that the judge confirms or returns.
type ImportedPayment struct {
	Case         Case
	Party        Party
	Obligation   Obligation
	Installments []Installment
	EffectiveOn  Date
	AmountFen    Fen // 0 for conduct and delivery
	PaidOn       Date
	PayerName    string // "" when the debtor himself paid
}

// Receipt is the entry for the judge's queue.
func (p ImportedPayment) Receipt(importID, by int64, key string, now time.Time) Receipt {
	r := Receipt{
		CourtID: p.Case.CourtID, CaseID: p.Case.ID, PartyID: p.Party.ID, UserID: by, JudgeID: p.Case.JudgeID, ImportID: importID, IdemKey: key,
		State: ReceiptSubmitted, ClaimedFen: p.AmountFen, PaidOn: p.PaidOn, PayerKind: PayerSelf, PayerName: p.Party.Name, ProofKind: ProofImported,
		CaseNo: p.Case.CaseNo, CaseKind: p.Case.Kind, DueOn: NextDue(p.Installments), Version: 1, SubmittedAt: now,
		Remark: "由导入：法院原有的履行记录，没有附件，须由承办法官核对后确认",
	}
	if p.Obligation.Kind != ObligationMoney {
		r.ProofKind = ProofConduct
	}
	if p.PayerName != "" && NormalizeName(p.PayerName) != p.Party.NameNorm {
		r.PayerKind, r.PayerName = PayerOther, p.PayerName
	}
	return r
}

// Flags are what the judge should look at twice.
func (p ImportedPayment) Flags(r Receipt) []FlagKind {
	var out []FlagKind
	if !p.EffectiveOn.IsZero() && p.PaidOn.Before(p.EffectiveOn) {
		out = append(out, FlagBeforeEffective)
	}
	if r.PayerKind != PayerSelf {
		out = append(out, FlagPaidByOther)
	}
	return out
}

// ErrImportPending refuses to put a balance on a paper while what an import
// says of earlier payments is not decided.
var ErrImportPending = E(Conflict, "receipt.import_pending", "本案有由导入的已履行记录尚未经法官确认，请先在回执队列中确认或退回，再出具文书")
