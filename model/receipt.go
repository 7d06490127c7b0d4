package model

import (
	"cmp"
	"time"
)

// ReceiptState is the state of a receipt.
type ReceiptState string

// The states of a receipt.
const (
	ReceiptSubmitted ReceiptState = "submitted" // 待确认
	ReceiptConfirmed ReceiptState = "confirmed" // 已确认
	ReceiptReturned  ReceiptState = "returned"  // 退回
	ReceiptWithdrawn ReceiptState = "withdrawn" // 撤回
	ReceiptCorrected ReceiptState = "corrected" // 已更正
)

// ReceiptStates lists the states in the order of screens.
var ReceiptStates = []ReceiptState{
	ReceiptSubmitted, ReceiptConfirmed, ReceiptReturned, ReceiptWithdrawn, ReceiptCorrected,
}

// Chinese is the state's name on screens.
func (s ReceiptState) Chinese() string {
	return map[ReceiptState]string{
		ReceiptSubmitted: "待确认", ReceiptConfirmed: "已确认", ReceiptReturned: "已退回", ReceiptWithdrawn: "已撤回",
		ReceiptCorrected: "已更正",
	}[s]
}

// Valid tells whether the state is known.
func (s ReceiptState) Valid() bool { return s.Chinese() != "" }

// PayerKind is who paid.
type PayerKind string

// Who may pay.
const (
	PayerSelf     PayerKind = "self"     // 本人
	PayerRelative PayerKind = "relative" // 亲属代为履行
	PayerCompany  PayerKind = "company"  // 单位代付
	PayerOther    PayerKind = "other"    // 其他人代付
)

// Valid tells whether the payer kind is known.
func (k PayerKind) Valid() bool {
	return k == PayerSelf || k == PayerRelative || k == PayerCompany || k == PayerOther
}

// Payer is who paid, in words: somebody else performed on the debtor's behalf.
func (r Receipt) Payer() string {
	switch {
	case r.PayerRelation != "":
		return r.PayerName + "（代为履行，被执行人的" + r.PayerRelation.Chinese() + "）"
	case r.PayerKind == PayerRelative:
		return r.PayerName + "（亲属代为履行）"
	case r.PayerKind == PayerCompany, r.PayerKind == PayerOther:
		return r.PayerName + "（他人代付）"
	}
	return r.PayerName
}

// ProofKind is what kind of paper proves the payment.
type ProofKind string

// The kinds of proof.
const (
	ProofBankReceipt  ProofKind = "bank_receipt"  // 银行电子回单
	ProofScreenshot   ProofKind = "screenshot"    // 微信、支付宝、手机银行转账截图
	ProofCounterSlip  ProofKind = "counter_slip"  // 柜台回单
	ProofCash         ProofKind = "cash_receipt"  // 权利人签收的收条
	ProofCourtAccount ProofKind = "court_account" // 缴入法院案款账户
	ProofConduct      ProofKind = "conduct"       // 行为或交付义务的完成证明
	ProofNone         ProofKind = "no_proof"      // 无法举证: the creditor is asked, see CheckUnproven
	ProofImported     ProofKind = "imported"      // 由导入: what the court knew before the case came in
	ProofSetOff       ProofKind = "set_off"       // 抵销: no money moved, see SetOff
	ProofLodged       ProofKind = "lodged"        // 提存: the money is with an authority, see Lodgement
)

// Chinese is the proof's name on screens.
func (k ProofKind) Chinese() string {
	return map[ProofKind]string{
		ProofBankReceipt: "银行电子回单", ProofScreenshot: "转账截图", ProofCounterSlip: "柜台回单", ProofCash: "收条",
		ProofNone:         "无法举证",
		ProofCourtAccount: "已付到法院账户", ProofConduct: "履行完成证明", ProofImported: "法院原有履行记录（由导入）",
		ProofSetOff: "抵销", ProofLodged: "提存",
	}[k]
}

// Valid tells whether the kind of proof is known and can be submitted by people.
func (k ProofKind) Valid() bool { return k.Chinese() != "" && k != ProofImported }

// Receipt is one proof of payment (汇款回执) submitted by or for a debtor.
type Receipt struct {
	ID      int64
	CourtID int64
	CaseID  int64
	PartyID int64 // the obligor whose debt it is
	UserID  int64 // who uploaded it
	// RelativeID is the link of the relative who paid on the debtor's behalf
	// (代为履行), 0 when the debtor's own side did.
	RelativeID int64
	// HandedBy is in what position UserID submitted it; see Hand.
	HandedBy HandedBy
	JudgeID  int64 // the case's judge, moved on hand-over; the queue's index
	// OfficerID is the officer who enforces against the debtor, 0 when nobody does;
	// he may decide it as well as the judge.
	OfficerID int64
	// ImportID is the import that it came with, 0 for one that somebody submitted;
	// an imported one has no files.
	ImportID int64
	// DepositID is the money paid before the judgment of which this was set off, 0
	// for others; it has no files of its own either.
	DepositID int64
	// DistributionID is the plan by which money of enforcement was shared and of which
	// this is one creditor's part, 0 for others. It has no files of its own.
	DistributionID int64
	// GroupID is the payment for several cases of which this is the case's part, 0 for
	// others.
	GroupID int64
	IdemKey string // unique per user
	State   ReceiptState

	ClaimedFen Fen
	PaidOn     Date
	PayerKind  PayerKind
	PayerName  string
	PayerNorm  string // see NormalizeName
	// PayerRelation is what a relative who paid is to the debtor, "" for others.
	PayerRelation Relation
	PayeeName     string
	PayeeAccount  string `gorm:"serializer:sealed"`
	BankSerial    string // as typed
	SerialNorm    string // see NormalizeSerial; "" when none
	ProofKind     ProofKind
	Remark        string
	ReplacesID    int64 // the returned receipt that this one replaces, 0 when none
	// SetOff and Lodged are what performed where no money reached the creditor, nil
	// for a payment. Then PaidOn is the day of its effect.
	SetOff *SetOff    `gorm:"serializer:json"`
	Lodged *Lodgement `gorm:"serializer:json"`
	// Foreign is what was paid of a debt in another currency, nil for yuan; the
	// amounts in fen are what it is booked as.
	Foreign *ForeignPayment `gorm:"column:foreign_paid;serializer:json"`

	// Kept for the queue's filters.
	CaseNo   string
	CaseKind CaseKind
	DueOn    Date // earliest open due day when it was submitted
	Flagged  bool
	// Answer is what the creditors said of it as a whole, see AnswerOf; a test proves
	// it equal to a recount.
	Answer ResponseState

	ConfirmedFen Fen // net of corrections
	ReturnReason string
	// PendingDecisionID is a decision at the desk that can still be taken back, 0 for
	// none: then the receipt is in no queue, and nobody outside the court knows.
	PendingDecisionID int64
	DecidedBy         int64
	DecidedAt         *time.Time
	Version           int64
	SubmittedAt       time.Time
	UpdatedAt         time.Time
}

// ReceiptTarget is an instalment that the payer says he paid: a hint for the
// allocation, not a decision.
type ReceiptTarget struct {
	ReceiptID     int64 `gorm:"primaryKey;autoIncrement:false"`
	InstallmentID int64 `gorm:"primaryKey;autoIncrement:false"`
}

// FlagKind is why the judge should look twice at a receipt.
type FlagKind string

// The flags. None of them decides anything.
const (
	FlagSameBytes       FlagKind = "same_bytes"       // 相同文件曾提交
	FlagSameSerial      FlagKind = "same_serial"      // 流水号曾使用
	FlagSimilarPicture  FlagKind = "similar_picture"  // 图片与既往回执高度相似
	FlagBeforeEffective FlagKind = "before_effective" // 付款日早于文书生效日
	FlagOverClaim       FlagKind = "over_claim"       // 申报金额超过未履行金额
	FlagPayeeMismatch   FlagKind = "payee_mismatch"   // 收款人与权利人不一致
	FlagPaidByOther     FlagKind = "paid_by_other"    // 非本人付款
	FlagSameClaim       FlagKind = "same_claim"       // 同一债权曾用于抵销
	FlagSamePayment     FlagKind = "same_payment"     // 金额和付款日与该义务人的另一份回执相同
	FlagOpenClaims      FlagKind = "open_claims"      // 各份待确认的回执合计超过尚未履行的金额
)

// Chinese is the flag's sentence on the judge's page.
func (k FlagKind) Chinese() string {
	return map[FlagKind]string{
		FlagSameBytes:       "同一文件此前已提交过",
		FlagSameSerial:      "同一银行流水号此前已使用过",
		FlagSimilarPicture:  "图片与此前提交的回执高度相似",
		FlagBeforeEffective: "付款（抵销、提存）日期早于法律文书生效日期，请核实是否为本案的履行",
		FlagOverClaim:       "申报金额超过尚未履行的金额",
		FlagPayeeMismatch:   "收款人与权利人姓名或名称不一致",
		FlagPaidByOther:     "付款人不是被执行义务人本人",
		FlagSameClaim:       "同一法律文书确定的债权此前已用于抵销",
		FlagSamePayment:     "金额和付款日与该义务人的另一份回执相同，请核实是否同一笔付款",
		FlagOpenClaims:      "各份待确认的回执合计超过尚未履行的金额，请核实是否重复提交",
	}[k]
}

// ReceiptFlag is one flag on a receipt, with the other receipt it points to.
type ReceiptFlag struct {
	ID             int64
	ReceiptID      int64
	CourtID        int64
	Kind           FlagKind
	OtherReceiptID int64 // 0 when the flag is not about another receipt
	OtherCaseNo    string
	CreatedAt      time.Time
}

// CreditorID is the only creditor whose debt the receipt can pay whatever anybody
// says, 0 for money.
func (r Receipt) CreditorID() int64 {
	switch {
	case r.SetOff != nil:
		return r.SetOff.CreditorID
	case r.Lodged != nil:
		return r.Lodged.CreditorID
	}
	return 0
}

// Means says how it was performed and what proves it, as papers print it.
func (r Receipt) Means() string {
	switch {
	case r.SetOff != nil:
		return "以抵销方式履行，未支付款项；" + r.SetOff.Words()
	case r.Lodged != nil:
		return "以提存方式履行；" + r.Lodged.Words()
	}
	if r.Foreign != nil {
		return r.ProofKind.Chinese() + "，" + r.Foreign.Words(cmp.Or(r.ConfirmedFen, r.ClaimedFen))
	}
	return r.ProofKind.Chinese()
}

// performed says on which day what was done of a receipt.
func (r Receipt) performed() string {
	switch {
	case r.SetOff != nil:
		return r.PaidOn.Chinese() + "的抵销"
	case r.Lodged != nil:
		return r.PaidOn.Chinese() + "的提存"
	case r.ProofKind == ProofConduct:
		return r.PaidOn.Chinese() + "完成的行为或者交付"
	case r.DistributionID != 0:
		return "按分配方案从执行所得中分给" + r.PayeeName + "的款项"
	}
	return " " + r.PaidOn.Chinese() + " 的付款"
}

// name is what the receipt is called to people.
func (r Receipt) name() string {
	switch {
	case r.SetOff != nil:
		return "抵销声明"
	case r.Lodged != nil:
		return "提存凭证"
	case r.DistributionID != 0:
		return "分配款项"
	}
	return "汇款回执"
}

func (r *Receipt) decided() error {
	return E(Conflict, "receipt.decided", "该回执已处理（"+r.State.Chinese()+"），请刷新后查看")
}

// CheckVersion refuses a decision on a state of the receipt that the judge has
// not seen.
func (r *Receipt) CheckVersion(seen int64) error {
	if r.Version == seen {
		return nil
	}
	if r.State != ReceiptSubmitted {
		return r.decided()
	}
	return E(Conflict, "receipt.changed", "该回执刚刚被其他人更新，请刷新后再处理")
}

// MayConfirm tells why an amount cannot be confirmed of the receipt, nil when it can.
func (r *Receipt) MayConfirm(amount Fen) error {
	if !ReceiptMachine.May(r.State, ReceiptConfirmed) {
		return r.decided()
	}
	if amount < 0 || (amount == 0 && r.ProofKind != ProofConduct) {
		return InvalidField("amount_fen", "amount.positive", "确认金额必须大于 0")
	}
	return nil
}

// Confirm records the judge's confirmation of an amount.
func (r *Receipt) Confirm(amount Fen, by int64, now time.Time) error {
	if err := r.MayConfirm(amount); err != nil {
		return err
	}
	r.State, r.ConfirmedFen, r.DecidedBy, r.DecidedAt = ReceiptConfirmed, amount, by, &now
	return nil
}

// Return sends the receipt back with a reason; the payer may replace it.
func (r *Receipt) Return(reason string, by int64, now time.Time) error {
	if !ReceiptMachine.May(r.State, ReceiptReturned) {
		return r.decided()
	}
	if reason == "" {
		return InvalidField("reason", "reason.required", "请填写退回原因，当事人将看到该原因")
	}
	r.State, r.ReturnReason, r.DecidedBy, r.DecidedAt = ReceiptReturned, reason, by, &now
	return nil
}

// Withdraw takes the receipt back before a decision.
func (r *Receipt) Withdraw(now time.Time) error {
	if !ReceiptMachine.May(r.State, ReceiptWithdrawn) {
		return r.decided()
	}
	r.State, r.DecidedAt = ReceiptWithdrawn, &now
	return nil
}

// Correct records that a confirmation was wrong and what the right amount is;
// the ledger gets reversing entries, nothing is overwritten there.
func (r *Receipt) Correct(amount Fen, by int64, now time.Time) error {
	if !ReceiptMachine.May(r.State, ReceiptCorrected) {
		return E(Conflict, "receipt.not_confirmed", "只有已确认的回执才能更正")
	}
	if amount < 0 {
		return InvalidField("amount_fen", "amount.negative", "更正后的金额不能小于 0")
	}
	r.State, r.ConfirmedFen, r.DecidedBy, r.DecidedAt = ReceiptCorrected, amount, by, &now
	return nil
}
