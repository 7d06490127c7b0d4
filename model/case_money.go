package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MoneySource is how money of an enforcement case came into the court's account.
type MoneySource string

// The sources.
const (
	MoneyTransferred MoneySource = "transfer"  // 当事人或者他人汇入
	MoneyDeducted    MoneySource = "deduction" // 扣划
	MoneyOfSale      MoneySource = "sale"      // 拍卖、变卖价款
	MoneyCash        MoneySource = "cash"      // 财务部门收取的现金、票据
)

// MoneySources lists them in the order of screens.
var MoneySources = []MoneySource{MoneyTransferred, MoneyDeducted, MoneyOfSale, MoneyCash}

// Chinese is the source's name, "" for an unknown one.
func (s MoneySource) Chinese() string {
	return map[MoneySource]string{
		MoneyTransferred: "当事人或者他人汇入", MoneyDeducted: "扣划", MoneyOfSale: "拍卖、变卖价款", MoneyCash: "财务部门收取的现金、票据",
	}[s]
}

// CaseMoney is money in the court's hands (案款): one sum that arrived in its
// account, with how much of it is still there. One that nobody could tie to a case
// yet has none: it is a work list. What is known of it came from the bank; nothing
// of that is changed, a mistake is set right by an entry.
type CaseMoney struct {
	ID      int64
	CourtID int64
	// EnforcementCaseID and CaseID are 0 while it is not known whose it is.
	EnforcementCaseID int64
	CaseID            int64
	Source            MoneySource
	ArrivedOn         Date
	AmountFen         Fen    // as it arrived
	PayerName         string `gorm:"serializer:sealed"` // as the bank says it
	BankRef           string // the bank's number of the transfer, one in a court
	Remark            string `gorm:"serializer:sealed"` // the payer's words on the transfer
	// ReceiptID is the receipt by which the payer told of it, 0 for none.
	ReceiptID int64
	// NoticeOn is when the officer was told that it arrived (到账通知): the term to pay
	// it out runs from it. Zero while it is nobody's.
	NoticeOn Date
	// DueOn is until when it is to be paid out, zero when there is nothing to pay out.
	DueOn Date
	// HeldFen is what is left of it, the sum of its entries. ReservedFen of that is in
	// payouts that are not carried out yet.
	HeldFen     Fen
	ReservedFen Fen
	ByUserID    int64
	IdemKey     string
	Version     int64
	CreatedAt   time.Time
}

// TableName is the table; sealed values name it.
func (CaseMoney) TableName() string { return "case_money" }

// MoneyEntryKind is what an entry of the ledger of case money does.
type MoneyEntryKind string

// The kinds.
const (
	MoneyArrived    MoneyEntryKind = "arrive"   // 到账
	MoneyIdentified MoneyEntryKind = "identify" // 认领: out of one account and into another
	MoneyCorrected  MoneyEntryKind = "correct"  // 更正
	MoneyPaidOut    MoneyEntryKind = "pay"      // 发放
	MoneyCameBack   MoneyEntryKind = "back"     // 付款被银行退回
)

// Chinese is the entry's name on screens.
func (k MoneyEntryKind) Chinese() string {
	return map[MoneyEntryKind]string{
		MoneyArrived: "到账", MoneyIdentified: "认领", MoneyCorrected: "更正", MoneyPaidOut: "发放", MoneyCameBack: "付款被退回",
	}[k]
}

// CaseMoneyEntry is one entry of the ledger: entries are only added. The sum of
// those of a sum of money is what is left of it, the sum of those of a case is what
// stands on the account of the case (一案一账户).
type CaseMoneyEntry struct {
	ID                int64
	CourtID           int64
	CaseMoneyID       int64
	EnforcementCaseID int64 // whose account, 0 for that of unidentified money
	Kind              MoneyEntryKind
	AmountFen         Fen // signed: what leaves is negative
	PayoutID          int64
	HappenedOn        Date
	Reason            string
	ByUserID          int64
	CreatedAt         time.Time
}

// TableName is the table of entries.
func (CaseMoneyEntry) TableName() string { return "case_money_entries" }

// Check trims what was entered of money that arrived and refuses what cannot be.
func (m *CaseMoney) Check(today Date) error {
	m.PayerName, m.BankRef, m.Remark = Clean(m.PayerName), strings.ToUpper(strings.Join(strings.Fields(Fold(m.BankRef)), "")), strings.TrimSpace(m.Remark)
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	var wrong Faults
	wrong.If(m.Source.Chinese() == "", "source", "money.source", "请选择款项来源")
	wrong.Add(CheckAmount("amount_fen", m.AmountFen))
	wrong.If(m.ArrivedOn.IsZero(), "arrived_on", "field.required", "请填写到账日期")
	wrong.If(m.ArrivedOn.After(today), "arrived_on", "date.future", "到账日期不能晚于今天")
	wrong.Add(CheckDay("arrived_on", m.ArrivedOn, today))
	wrong.If(m.PayerName == "" || long(m.PayerName, 100), "payer_name", "field.required", "请按银行回单填写付款人，不超过 100 字")
	wrong.If(m.BankRef == "" || long(m.BankRef, 64), "bank_ref", "field.required", "请填写银行流水号，不超过 64 个字符；现金、票据填写财务收据的号码")
	wrong.If(long(m.Remark, 200), "remark", "text.too_long", "汇款附言不超过 200 字")
	return wrong.Err()
}

// payoutDays are the days in which money is paid out after the officer was told
// that it arrived, afterDelayDays those in which it is after the ground of a delay
// has ceased. Source: 最高人民法院关于执行款物管理工作的规定 (法发〔2017〕6号) 10.
const (
	payoutDays     = 30
	afterDelayDays = 10
)

// Free is what can be put into a payout.
func (m CaseMoney) Free() Fen { return m.HeldFen - m.ReservedFen }

// CheckVersion refuses an act on a state that its maker has not seen.
func (m CaseMoney) CheckVersion(seen int64) error {
	if m.Version != seen {
		return E(Conflict, "money.changed", "这笔款项刚刚有了变化，请刷新后再处理")
	}
	return nil
}

// Identify ties the money to the account of an enforcement case. Once somebody
// disposed of a part of it, that is set right first.
func (m *CaseMoney) Identify(e EnforcementCase, today Date) error {
	switch {
	case m.EnforcementCaseID == e.ID:
		return E(Conflict, "money.same_case", "这笔款项已经在该案的账户中")
	case m.ReservedFen > 0 || m.HeldFen != m.AmountFen && m.EnforcementCaseID != 0:
		return E(Conflict, "money.in_use", "这笔款项已经发放、更正过，或者正在办理发放，不能改到别的案件；请先撤回发放，已经付出的由承办人追回后再更正")
	case m.HeldFen == 0:
		return E(Conflict, "money.gone", "这笔款项已经更正为零，没有可认领的金额")
	case e.CourtID != m.CourtID:
		return InvalidField("case_no", "enforcement.unknown", "本院没有这个执行案件，请核对案号")
	}
	m.EnforcementCaseID, m.CaseID = e.ID, e.CaseID
	m.NoticeOn, m.DueOn = today, today.AddDays(payoutDays)
	return nil
}

// Move books an amount: nothing leaves that is not there. delays are those of the
// money, from which it follows until when the rest is to be paid out.
func (m *CaseMoney) Move(amount Fen, delays []PayoutDelay) error {
	if amount < 0 && -amount > m.Free() {
		return InvalidField("amount_fen", "money.over", "金额超过这笔款项可以支配的 "+m.Free().Yuan()+" 元")
	}
	m.HeldFen += amount
	m.SetDue(delays)
	return nil
}

// SetDue works out until when the money is to be paid out: thirty days from the
// notice of its arrival, or ten from the end of the last delay that was approved.
func (m *CaseMoney) SetDue(delays []PayoutDelay) {
	if m.HeldFen == 0 || m.EnforcementCaseID == 0 {
		m.DueOn = Date{}
		return
	}
	m.DueOn = m.NoticeOn.AddDays(payoutDays)
	for _, d := range delays {
		if d.State != DelayApproved || d.EnforcementCaseID != m.EnforcementCaseID {
			continue
		}
		if until := d.Ends().AddDays(afterDelayDays); until.After(m.DueOn) {
			m.DueOn = until
		}
	}
}

// MoneyState is how a sum of money stands.
type MoneyState string

// The states; they follow from the record and the day.
const (
	MoneyUnidentified MoneyState = "unidentified" // 未认领
	MoneyDue          MoneyState = "due"          // 待发放
	MoneyLate         MoneyState = "late"         // 发放迟延
	MoneySpent        MoneyState = "spent"        // 已发放完毕
)

// MoneyStates lists those of which there are work lists.
var MoneyStates = []MoneyState{MoneyUnidentified, MoneyDue, MoneyLate}

// Chinese is the state's name on screens.
func (s MoneyState) Chinese() string {
	return map[MoneyState]string{MoneyUnidentified: "未认领", MoneyDue: "待发放", MoneyLate: "发放迟延", MoneySpent: "已发放完毕"}[s]
}

// State is how the money stands on a day.
func (m CaseMoney) State(today Date) MoneyState {
	switch {
	case m.HeldFen == 0:
		return MoneySpent
	case m.EnforcementCaseID == 0:
		return MoneyUnidentified
	case today.After(m.DueOn):
		return MoneyLate
	}
	return MoneyDue
}

// DaysLeft is how many days are left to pay it out, negative when it is late.
func (m CaseMoney) DaysLeft(today Date) int { return m.DueOn.Sub(today) }

// FeeOf is the execution fee of a case by what was applied for, with what of it was
// paid out of case money or is on its way.
type FeeOf struct {
	BaseFen, FeeFen, PaidFen, ReservedFen Fen
}

// Open is what of the fee is not paid and not on its way.
func (f FeeOf) Open() Fen { return max(f.FeeFen-f.PaidFen-f.ReservedFen, 0) }

// ExecutionFee is the fee for enforcement of a case (执行申请费): who enforces pays
// nothing in advance, the debtor bears it, and it is paid after enforcement.
// Source: 诉讼费用交纳办法 14 (1), 20, 38.
func ExecutionFee(e EnforcementCase, payouts []Payout) FeeOf {
	f := FeeOf{BaseFen: e.AmountFen, FeeFen: EnforcementFee(e.AmountFen)}
	for _, p := range payouts {
		switch {
		case p.Kind != PayoutFee:
		case p.State == PayoutPaid:
			f.PaidFen += p.AmountFen
		case p.State.Open():
			f.ReservedFen += p.AmountFen
		}
	}
	return f
}

// CaseAccount is the account of one enforcement case (一案一账户): what came in,
// where it went, and what is left.
type CaseAccount struct {
	Money   []CaseMoney
	Entries []CaseMoneyEntry
	Payouts []Payout
	Delays  []PayoutDelay
	Fee     FeeOf
}

// Sums are what came in, what of it went out, and what is left, by the entries.
func (a CaseAccount) Sums() (in, out, left Fen) {
	for _, e := range a.Entries {
		left += e.AmountFen
		switch e.Kind {
		case MoneyPaidOut, MoneyCameBack:
			out -= e.AmountFen
		case MoneyArrived, MoneyIdentified, MoneyCorrected:
			in += e.AmountFen
		}
	}
	return in, out, left
}

// DelaysOf are the delays of a sum of money.
func (a CaseAccount) DelaysOf(moneyID int64) []PayoutDelay {
	return slices.DeleteFunc(slices.Clone(a.Delays), func(d PayoutDelay) bool { return d.CaseMoneyID != moneyID })
}

// MoneyFilter narrows the work lists of case money.
type MoneyFilter struct {
	State     MoneyState
	OfficerID int64 // 0: everybody's
	// AfterDue and AfterID are where the page before ended.
	AfterDue Date
	AfterID  int64
	Limit    int
}

// MoneyLine is a sum of money as a work list shows it.
type MoneyLine struct {
	CaseMoney
	CaseNo  string
	Officer string
}

// PayoutLine is a payout that waits for somebody.
type PayoutLine struct {
	Payout
	CaseNo   string
	Preparer string
}
