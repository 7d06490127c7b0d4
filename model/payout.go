package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// PayoutKind is where case money goes.
type PayoutKind string

// The kinds.
const (
	PayoutCreditor PayoutKind = "creditor" // 发放给申请执行人
	PayoutFee      PayoutKind = "fee"      // 缴纳执行申请费
	PayoutFine     PayoutKind = "fine"     // 罚款、罚金上缴国库
	PayoutRefund   PayoutKind = "refund"   // 退还交款人
	PayoutLodged   PayoutKind = "lodged"   // 提存
)

// PayoutKinds lists them in the order of screens.
var PayoutKinds = []PayoutKind{PayoutCreditor, PayoutFee, PayoutFine, PayoutRefund, PayoutLodged}

// Chinese is the kind's name on screens, "" for an unknown one.
func (k PayoutKind) Chinese() string {
	return map[PayoutKind]string{ //nolint:gosec // words, no credentials
		PayoutCreditor: "发放给申请执行人", PayoutFee: "缴纳执行申请费", PayoutFine: "罚款、罚金上缴国库", PayoutRefund: "退还交款人", PayoutLodged: "为申请执行人提存",
	}[k]
}

// OfCreditor tells whether the money is an applicant's.
func (k PayoutKind) OfCreditor() bool { return k == PayoutCreditor || k == PayoutLodged }

// PayoutState is how far a payout has come.
type PayoutState string

// The states.
const (
	PayoutPrepared  PayoutState = "prepared"  // 待审批
	PayoutApproved  PayoutState = "approved"  // 已批准，待付款
	PayoutPaid      PayoutState = "paid"      // 已付款
	PayoutRefused   PayoutState = "refused"   // 未批准
	PayoutWithdrawn PayoutState = "withdrawn" // 已撤回
	PayoutCameBack  PayoutState = "back"      // 付款被退回
)

// PayoutStates lists them in the order of screens.
var PayoutStates = []PayoutState{PayoutPrepared, PayoutApproved, PayoutPaid, PayoutRefused, PayoutWithdrawn, PayoutCameBack}

// Chinese is the state's name on screens.
func (s PayoutState) Chinese() string {
	return map[PayoutState]string{
		PayoutPrepared: "待审批", PayoutApproved: "已批准，待付款", PayoutPaid: "已付款", PayoutRefused: "未批准", PayoutWithdrawn: "已撤回", PayoutCameBack: "付款被银行退回",
	}[s]
}

// Open tells whether the money of the payout is reserved for it.
func (s PayoutState) Open() bool { return s == PayoutPrepared || s == PayoutApproved }

// Payout is money of a case that leaves the court's account (案款发放): the officer
// prepares it, a leader approves it, and a third carries it out with the bank's slip;
// who prepared it does neither. A transfer that the bank sent back is an entry of its
// own, and the money is there again.
// Source: 法发〔2017〕6号 11, 12.
type Payout struct {
	ID                int64
	CourtID           int64
	CaseMoneyID       int64
	EnforcementCaseID int64
	CaseID            int64
	Kind              PayoutKind
	PartyID           int64 // the creditor for whom it is, 0 for other kinds
	// AccountID is the creditor's account, as a judge or an officer confirmed it: it
	// has to be in use when the money goes. Of other kinds payee, number and bank are
	// typed.
	AccountID int64
	Payee     string `gorm:"serializer:sealed"`
	Number    string `gorm:"serializer:sealed"`
	Bank      string
	AmountFen Fen
	Reason    string
	State     PayoutState
	// PreparedBy, ApprovedBy and PaidBy are who did it, 0 while nobody has.
	PreparedBy int64
	ApprovedBy int64
	ApprovedAt *time.Time
	PaidBy     int64
	PaidOn     Date
	BankRef    string
	FileID     int64 // the bank's slip, or the authority's paper of a lodgement
	// Lodged is where the money is that its creditor could not be given.
	Lodged    *Lodgement `gorm:"serializer:json"`
	EndReason string     // why it was refused, withdrawn or came back
	IdemKey   string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table; sealed values name it.
func (Payout) TableName() string { return "payouts" }

// CheckVersion refuses an act on a state that its maker has not seen.
func (p Payout) CheckVersion(seen int64) error {
	if p.Version != seen {
		return E(Conflict, "payout.changed", "这笔发放刚刚有了变化（"+p.State.Chinese()+"），请刷新后再处理")
	}
	return nil
}

func (p Payout) wrongState() error {
	return E(Conflict, "payout.state", "这笔发放"+p.State.Chinese()+"，不能这样处理，请刷新后查看")
}

// PayoutGround is what a payout is checked against.
type PayoutGround struct {
	Money   CaseMoney
	File    EnforcementFile
	Account *PaymentAccount // of the creditor, in use; nil when there is none
	Fee     FeeOf
	// Sharing says that a plan of distribution is drawn or served and not allocated.
	Sharing bool
}

// Check trims what an officer prepares, fills in where it goes, and refuses what
// may not leave.
func (p *Payout) Check(g PayoutGround) error {
	p.Payee, p.Bank, p.Number, p.Reason = Clean(p.Payee), Clean(p.Bank), NormalizeAccount(p.Number), strings.TrimSpace(p.Reason)
	if p.Kind.Chinese() == "" {
		return InvalidField("kind", "payout.kind", "请选择款项去向")
	}
	var wrong Faults
	wrong.Add(CheckAmount("amount_fen", p.AmountFen))
	wrong.If(p.AmountFen > g.Money.Free(), "amount_fen", "money.over", "金额超过这笔款项可以支配的 "+g.Money.Free().Yuan()+" 元")
	wrong.If(utf8.RuneCountInString(p.Reason) > 500, "reason", "field.too_long", "说明不超过 500 字")
	if p.Kind.OfCreditor() {
		wrong.Add(p.checkCreditor(g))
		return wrong.Err()
	}
	p.PartyID, p.AccountID = 0, 0
	wrong.If(p.Kind == PayoutFee && p.AmountFen > g.Fee.Open(), "amount_fen", "payout.fee",
		"执行申请费 "+g.Fee.FeeFen.Yuan()+" 元，尚应交纳 "+g.Fee.Open().Yuan()+" 元，不能多收"+by(CiteFeeAmount))
	wrong.If(p.Kind == PayoutFine && p.Reason == "", "reason", "payout.fine", "请写明罚款决定书或者判处罚金的裁判文书的文号")
	wrong.If(p.Kind == PayoutRefund && p.Reason == "", "reason", "payout.refund", "请写明退还交款人的依据（如：清偿全部债务和执行费用后的余款、误汇）")
	wrong.If(p.Kind == PayoutRefund && NormalizeName(p.Payee) != NormalizeName(g.Money.PayerName), "payee", "payout.payer",
		"退款只退给交款人本人（"+g.Money.PayerName+"），户名应与交款人一致")
	wrong.If(p.Payee == "" || utf8.RuneCountInString(p.Payee) > 100, "payee", "field.required", "请填写收款户名，不超过 100 字")
	wrong.If(!checkAccountNumber(p.Number), "number", "payment_account.number", "银行账号应为 8 至 30 位数字，请对照缴款通知或者银行卡核对")
	wrong.If(p.Bank == "" || utf8.RuneCountInString(p.Bank) > 100, "bank", "field.required", "请填写开户银行及网点，不超过 100 字")
	return wrong.Err()
}

func (p *Payout) checkCreditor(g PayoutGround) error {
	p.Payee, p.Number, p.Bank = "", "", ""
	var wrong Faults
	wrong.If(!g.File.Has(p.PartyID, EnforcementApplicant), "party_id", "payout.creditor", "请选择本案的申请执行人；确需发放给其他人的，应当先由合议庭审查，并登记其收款账户的依据")
	if g.Sharing {
		wrong.Add(E(Conflict, "payout.sharing", "本案的财产分配方案尚未分配完毕，分配前不能向个别债权人发放；请先完成或者撤销方案，或者报批延缓发放"))
	}
	if p.Kind == PayoutLodged {
		p.AccountID = 0
		wrong.If(p.Reason == "", "reason", "payout.lodged", "请写明不能发放而提存的情形")
		return wrong.Err()
	}
	wrong.If(g.Account == nil || g.Account.PartyID != p.PartyID || g.Account.State != AccountInUse, "party_id", "payout.account",
		"该申请执行人还没有经确认的收款账户；请先登记并确认其账户，再办理发放")
	if err := wrong.Err(); err != nil {
		return err
	}
	p.AccountID, p.Payee, p.Number, p.Bank = g.Account.ID, g.Account.Payee, g.Account.Number, g.Account.Bank
	return nil
}

// Decide records a leader's word about the payout.
func (p *Payout) Decide(to PayoutState, reason string, by int64, now time.Time) error {
	reason = strings.TrimSpace(reason)
	switch {
	case p.State != PayoutPrepared:
		return p.wrongState()
	case to != PayoutApproved && to != PayoutRefused:
		return InvalidField("decision", "decision.unknown", "请选择批准或者不批准")
	case to == PayoutRefused && reason == "", utf8.RuneCountInString(reason) > 500:
		return InvalidField("reason", "reason.required", "请写明不批准的理由，不超过 500 字")
	}
	p.State, p.ApprovedBy, p.ApprovedAt = to, by, &now
	if to == PayoutRefused {
		p.EndReason = reason
	}
	return nil
}

// Withdraw takes a payout back that was not carried out.
func (p *Payout) Withdraw(reason string) error {
	reason = strings.TrimSpace(reason)
	if !p.State.Open() {
		return p.wrongState()
	}
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return InvalidField("reason", "reason.required", "请写明撤回的原因，不超过 500 字")
	}
	p.State, p.EndReason = PayoutWithdrawn, reason
	return nil
}

// Transfer is what shows that a payout was carried out.
type Transfer struct {
	On      Date
	BankRef string
	FileID  int64
	Lodged  *Lodgement // of money that is lodged
}

// Pay records that the money went.
func (p *Payout) Pay(t Transfer, by int64, today Date) error {
	t.BankRef = strings.ToUpper(strings.Join(strings.Fields(Fold(t.BankRef)), ""))
	if p.State != PayoutApproved {
		return p.wrongState()
	}
	var wrong Faults
	wrong.If(t.On.IsZero() || t.On.After(today) || p.ApprovedAt != nil && t.On.Before(DateOf(*p.ApprovedAt)), "paid_on", "payout.day", "付款日期不能早于批准之日，也不能晚于今天")
	wrong.If(t.BankRef == "" || utf8.RuneCountInString(t.BankRef) > 64, "bank_ref", "field.required", "请填写银行流水号或者缴款书号码，不超过 64 个字符")
	wrong.If(t.FileID == 0, "file_id", "file.missing", "请上传银行付款回单")
	if p.Kind == PayoutLodged {
		if t.Lodged == nil {
			t.Lodged = &Lodgement{}
		}
		t.Lodged.CreditorID, t.Lodged.LodgedOn = p.PartyID, t.On
		wrong.Add(t.Lodged.Check(today))
	} else {
		t.Lodged = nil
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	p.State, p.PaidOn, p.BankRef, p.FileID, p.Lodged, p.PaidBy = PayoutPaid, t.On, t.BankRef, t.FileID, t.Lodged, by
	return nil
}

// ComeBack records that the bank sent a payment back.
func (p *Payout) ComeBack(reason string) error {
	reason = strings.TrimSpace(reason)
	if p.State != PayoutPaid || p.Kind == PayoutLodged {
		return p.wrongState()
	}
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return InvalidField("reason", "reason.required", "请写明银行退回的原因和退回日期，不超过 500 字")
	}
	p.State, p.EndReason = PayoutCameBack, reason
	return nil
}
