package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DepositPurpose is for what an accused, or his family, pays money into the
// court's account before there is a judgment.
type DepositPurpose string

// The purposes.
const (
	DepositRestitution DepositPurpose = "restitution" // 退赔、赔偿被害人损失
	DepositFine        DepositPurpose = "fine"        // 拟缴罚金
)

// DepositPurposes lists them in the order of screens.
var DepositPurposes = []DepositPurpose{DepositRestitution, DepositFine}

// Chinese is the purpose's name, "" for an unknown one.
func (p DepositPurpose) Chinese() string {
	return map[DepositPurpose]string{DepositRestitution: "退赔、赔偿损失", DepositFine: "拟缴罚金"}[p]
}

// Fits tells whether an item of the judgment is what the payer meant. What he
// paid for victims is never set off against what goes to the treasury, nor the
// other way round, without a new wish of his.
func (p DepositPurpose) Fits(c Category) bool {
	if p == DepositFine {
		return c == CategoryFine
	}
	return c == CategoryMedical || c == CategoryRestitution || c == CategoryCivil || c == CategoryNone
}

// DepositState is how far money that was paid before the judgment has come.
type DepositState string

// The states. From held on the state follows from the entries: see Stands.
const (
	DepositSubmitted DepositState = "submitted" // 待核实
	DepositReturned  DepositState = "returned"  // 已退回: the record, no money
	DepositWithdrawn DepositState = "withdrawn" // 已撤回, before the court looked at it
	DepositHeld      DepositState = "held"      // 已核实，暂存本院
	DepositRefunding DepositState = "refunding" // 待退还
	DepositSettled   DepositState = "settled"   // 已抵充或者退还完毕
)

// Chinese is the state's name on screens.
func (s DepositState) Chinese() string {
	return map[DepositState]string{
		DepositSubmitted: "待核实", DepositReturned: "已退回", DepositWithdrawn: "已撤回", DepositHeld: "已核实，暂存本院", DepositRefunding: "待退还",
		DepositSettled: "已抵充或者退还完毕",
	}[s]
}

// RefundGround is why money goes back to who paid it.
type RefundGround string

// The grounds.
const (
	RefundExcess     RefundGround = "excess"     // 超出判项
	RefundAcquitted  RefundGround = "acquitted"  // 没有判处相应判项
	RefundTerminated RefundGround = "terminated" // 检察院撤回起诉、终止审理
	RefundAsked      RefundGround = "asked"      // 缴款人要求退还
)

// RefundGrounds lists those that a judge chooses from.
var RefundGrounds = []RefundGround{RefundExcess, RefundAcquitted, RefundTerminated, RefundAsked}

// Chinese is the ground in words.
func (g RefundGround) Chinese() string {
	return map[RefundGround]string{
		RefundExcess: "抵充后尚有余款", RefundAcquitted: "宣告无罪，或者没有判处相应判项", RefundTerminated: "检察院撤回起诉，或者案件终止审理",
		RefundAsked: "缴款人要求退还",
	}[g]
}

// Deposit is money (暂存款) that an accused, or somebody for him, paid into the
// court's account of his own accord before the judgment took effect. The court
// asks nobody for it: before a judgment there is no item of property to pay. It
// is no performance and earns no certificate; it is kept apart until it is set
// off against the items of the judgment, or goes back to who paid it.
//
// No statute says how such money is kept. That restitution before the judgment
// counts for the sentence is 量刑指导意见 and 认罪认罚指导意见 9; that money for a fine
// is taken before the judgment has no basis in 刑法 53 or in the 刑诉解释, so that it
// is never asked for and always by his own written wish.
type Deposit struct {
	ID      int64
	CourtID int64
	CaseID  int64
	PartyID int64 // the accused
	UserID  int64 // who entered it: by phone, or a clerk at the window
	// RelativeID is the link of the relative who paid and entered it by his own phone,
	// 0 when the accused's side or a clerk did. It is his to take back.
	RelativeID int64
	Purpose    DepositPurpose
	State      DepositState
	AmountFen  Fen // as the payer says
	PaidOn     Date
	PayerKind  PayerKind
	PayerName  string
	// PayerAccount is where the money goes back to if it does, "" when not said.
	PayerAccount string `gorm:"serializer:sealed"`
	// Wish is the payer's own written wish, typed or, with WishFileID, on paper.
	Wish        string `gorm:"serializer:sealed"`
	WishFileID  int64
	ProofFileID int64 // what shows that he paid
	// CounselTold is when a defender (辩护人) who is bound to the accused was told of
	// it, nil where none was.
	CounselTold *time.Time
	// HeldFen is what the court holds: the sum of the entries, kept for lists.
	HeldFen Fen
	Reason  string // why it was returned
	// RefundFen is what is to go back now, 0 for nothing, with ground and clock.
	RefundFen    Fen
	RefundGround RefundGround
	RefundReason string
	RefundDueOn  Date
	DecidedBy    int64
	DecidedAt    *time.Time
	IdemKey      string
	Version      int64
	CreatedAt    time.Time
}

// DepositEntryKind is what an entry of a deposit's ledger does.
type DepositEntryKind string

// The kinds of entry.
const (
	DepositEntryConfirm DepositEntryKind = "confirm" // 核实入账
	DepositEntryCorrect DepositEntryKind = "correct" // 更正
	DepositEntrySetOff  DepositEntryKind = "set_off" // 抵充判项
	DepositEntryReopen  DepositEntryKind = "reopen"  // 抵充更正，转回暂存
	DepositEntryRefund  DepositEntryKind = "refund"  // 退还
	DepositEntryPurpose DepositEntryKind = "purpose" // 改变用途: no money moves
)

// Chinese is the entry's name on screens.
func (k DepositEntryKind) Chinese() string {
	return map[DepositEntryKind]string{
		DepositEntryConfirm: "核实入账", DepositEntryCorrect: "更正", DepositEntrySetOff: "抵充判项", DepositEntryReopen: "抵充更正，转回暂存", DepositEntryRefund: "退还",
		DepositEntryPurpose: "改变用途",
	}[k]
}

// DepositEntry is one entry of a deposit's ledger. Entries are only added.
type DepositEntry struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	DepositID  int64
	Kind       DepositEntryKind
	AmountFen  Fen // signed: what leaves the deposit is negative
	HappenedOn Date
	ReceiptID  int64        // in the ledger of performance, of what was set off
	Ground     RefundGround // of a refund
	BankSerial string       // of a refund's transfer
	FileID     int64        // the bank's receipt of a refund, or the authority's of a lodgement
	// Lodged is where the money went that its payer could not be given, nil where it
	// went back to him.
	Lodged    *Lodgement `gorm:"serializer:json"`
	Reason    string
	ByUserID  int64
	CreatedAt time.Time
}

// Chinese is the entry's name on screens.
func (e DepositEntry) Chinese() string {
	if e.Lodged != nil {
		return "不能退还，提存"
	}
	return e.Kind.Chinese()
}

// TableName is the table of entries.
func (DepositEntry) TableName() string { return "deposit_entries" }

// Stands is the state of a deposit that was confirmed, from what is held and
// what is to go back.
func (d Deposit) Stands() DepositState {
	switch {
	case d.HeldFen == 0:
		return DepositSettled
	case d.RefundFen > 0:
		return DepositRefunding
	}
	return DepositHeld
}

// Judged tells whether what a deposit of an accused is meant for was decided by an
// instrument in effect: a judgment, which decides about every accused of its case,
// also about one for whom it holds no item; another that holds an item of his, or
// none at all. A mediation settles what the victims get and no fine. What he pays
// from then on is performance.
func (p DepositPurpose) Judged(today Date, partyID int64, instruments []Instrument, obligations []Obligation, obligors []Obligor) bool {
	return slices.ContainsFunc(instruments, func(in Instrument) bool {
		if in.EffectiveOn.IsZero() || in.EffectiveOn.After(today) {
			return false
		}
		switch {
		case in.Kind == Judgment:
			return true
		case in.Kind == Mediation && p == DepositFine:
			return false
		}
		any := false
		for _, ob := range obligations {
			if ob.InstrumentID != in.ID {
				continue
			}
			any = true
			if slices.ContainsFunc(obligors, func(o Obligor) bool { return o.ObligationID == ob.ID && o.PartyID == partyID }) {
				return true
			}
		}
		return !any && in.Kind != Mediation && in.Kind != Decision
	})
}

// Check trims and checks what somebody enters of money that was paid.
func (d *Deposit) Check(today Date) error {
	d.PayerName, d.Wish, d.PayerAccount = Clean(d.PayerName), strings.TrimSpace(d.Wish), strings.TrimSpace(d.PayerAccount)
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	var wrong Faults
	wrong.Add(CheckAmount("amount_fen", d.AmountFen))
	wrong.If(d.Purpose.Chinese() == "", "purpose", "deposit.purpose", "请选择款项用途：退赔、赔偿损失，或者拟缴罚金")
	wrong.If(d.PaidOn.IsZero(), "paid_on", "field.required", "请填写付款日期")
	wrong.If(d.PaidOn.After(today), "paid_on", "date.future", "付款日期不能晚于今天")
	wrong.Add(CheckDay("paid_on", d.PaidOn, today))
	wrong.If(!d.PayerKind.Valid(), "payer_kind", "payer.unknown", "请选择付款人是本人、亲属、单位还是其他人")
	wrong.If(d.PayerName == "" || long(d.PayerName, 100), "payer_name", "field.required", "请填写付款人姓名或名称，不超过 100 字")
	wrong.If(long(d.PayerAccount, 40), "payer_account", "field.too_long", "退款账户不超过 40 字")
	wrong.If(d.WishFileID == 0 && utf8.RuneCountInString(d.Wish) < 10 || long(d.Wish, 1000), "wish", "deposit.wish", "请写明自愿缴纳的意愿，10 至 1000 字；有签名的书面意愿的，上传照片或者扫描件后可以不写")
	wrong.If(d.ProofFileID == 0, "proof_file_id", "file.missing", "请上传缴款凭证")
	wrong.If(d.ProofFileID != 0 && d.ProofFileID == d.WishFileID, "wish_file_id", "file.repeated", "缴款凭证和书面意愿不能是同一个文件")
	return wrong.Err()
}

// CheckVersion refuses a decision on a state that its maker has not seen.
func (d Deposit) CheckVersion(seen int64) error {
	if d.Version != seen {
		return E(Conflict, "deposit.changed", "这笔暂存款刚刚有了变化（"+d.State.Chinese()+"），请刷新后再处理")
	}
	return nil
}

func (d Deposit) wrongState() error {
	return E(Conflict, "deposit.state", "这笔暂存款"+d.State.Chinese()+"，不能这样处理，请刷新后查看")
}

// Confirm records that the money is in the court's account, and how much of it.
func (d *Deposit) Confirm(amount Fen, by int64, now time.Time) error {
	if !DepositMachine.May(d.State, DepositHeld) || d.State != DepositSubmitted {
		return d.wrongState()
	}
	if err := CheckAmount("amount_fen", amount); err != nil {
		return err
	}
	d.HeldFen, d.DecidedBy, d.DecidedAt = amount, by, &now
	d.State = d.Stands()
	return nil
}

// Return sends the record back: the money is not there, or is not this case's.
func (d *Deposit) Return(reason string, by int64, now time.Time) error {
	if !DepositMachine.May(d.State, DepositReturned) {
		return d.wrongState()
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 500 {
		return InvalidField("reason", "reason.required", "请填写退回原因，不超过 500 字，缴款一方会看到")
	}
	d.State, d.Reason, d.DecidedBy, d.DecidedAt = DepositReturned, reason, by, &now
	return nil
}

// Enter applies an entry: nothing leaves that is not there, and what is to go
// back is not set off. A correction that leaves less than was to go back lowers
// that.
func (d *Deposit) Enter(e DepositEntry) error {
	switch d.State {
	case DepositHeld, DepositRefunding, DepositSettled:
	default:
		return d.wrongState()
	}
	free := d.HeldFen - d.RefundFen
	switch e.Kind { //nolint:exhaustive // the others leave what is to go back
	case DepositEntryRefund:
		free = d.RefundFen
	case DepositEntryCorrect: // what never came is not given back either
		free = d.HeldFen
	}
	if e.AmountFen < 0 && -e.AmountFen > free {
		return InvalidField("amount_fen", "deposit.over", "金额超过暂存的 "+free.Yuan()+" 元")
	}
	d.HeldFen += e.AmountFen
	if e.Kind == DepositEntryRefund {
		d.RefundFen += e.AmountFen
	}
	d.RefundFen = min(d.RefundFen, d.HeldFen)
	to := d.Stands()
	if to != d.State && !DepositMachine.May(d.State, to) {
		return d.wrongState()
	}
	d.State = to
	return nil
}

// Refund opens the way back of an amount, with its clock.
func (d *Deposit) Refund(amount Fen, ground RefundGround, reason string, dueOn Date) error {
	reason = strings.TrimSpace(reason)
	if d.State != DepositHeld {
		return d.wrongState()
	}
	var wrong Faults
	wrong.If(ground.Chinese() == "", "ground", "refund.ground", "请选择退还的情形")
	wrong.If(utf8.RuneCountInString(reason) > 500, "reason", "field.too_long", "说明不超过 500 字")
	wrong.If(amount <= 0 || amount > d.HeldFen, "amount_fen", "deposit.over", "退还金额应当大于 0，不超过暂存的 "+d.HeldFen.Yuan()+" 元")
	if err := wrong.Err(); err != nil {
		return err
	}
	d.RefundFen, d.RefundGround, d.RefundReason, d.RefundDueOn = amount, ground, reason, dueOn
	d.State = d.Stands()
	return nil
}

// depositDays is how many working days the court gives itself to verify a
// deposit, to set it off once there is a judgment, and to give it back. No
// statute fixes a term for money that was paid of one's own accord; the one for
// money in enforcement, thirty days from its arrival (法发〔2017〕6号 10), is longer.
const (
	depositVerifyDays = 5
	depositSettleDays = 10
)

// DepositClock is the end of the court's term for a task about a deposit.
func DepositClock(c *Calendar, kind TaskKind, from Date) (Date, string) {
	if kind == TaskDepositVerify || kind == TaskDepositWish {
		return c.Workdays(from, depositVerifyDays), "提交之日起 5 个工作日（本院办理期限，法律没有规定）"
	}
	return c.Workdays(from, depositSettleDays), "应当处理之日起 10 个工作日（本院办理期限，法律没有规定）"
}

// Shares is how a deposit is set off when the judge says nothing else: the items
// that are what its payer meant, in the order of the law, oldest first. What is
// left of the amount goes back.
// Source: 刑事裁判涉财产部分执行规定 13.
func (d Deposit) Shares(order Priority, obligations []Obligation, open []Installment, amount Fen) (out []Share, rest Fen) {
	list := slices.DeleteFunc(slices.Clone(open), func(i Installment) bool {
		at := slices.IndexFunc(obligations, func(o Obligation) bool { return o.ID == i.ObligationID })
		return at < 0 || obligations[at].Kind != ObligationMoney || !d.Purpose.Fits(obligations[at].Category) || i.OutstandingFen() <= 0
	})
	slices.SortStableFunc(list, func(a, b Installment) int {
		if n := order.rank(a) - order.rank(b); n != 0 {
			return n
		}
		return a.DueOn.Compare(b.DueOn)
	})
	rest = amount
	for _, i := range list {
		if pays := min(rest, i.OutstandingFen()); pays > 0 {
			out = append(out, Share{InstallmentID: i.ID, AmountFen: pays})
			rest -= pays
		}
	}
	return out, rest
}

// DepositLine is a deposit as a statement and a page tell it.
type DepositLine struct {
	PaidOn    Date           `json:"paid_on"`
	Purpose   DepositPurpose `json:"purpose"`
	PayerKind PayerKind      `json:"payer_kind"`
	PayerName string         `json:"payer_name"`
	HeldFen   Fen            `json:"held_fen"`
}

// PayerWords says who paid, as a statement tells it.
func (l DepositLine) PayerWords() string {
	return l.PayerName + map[PayerKind]string{
		PayerSelf: "（本人）", PayerRelative: "（亲属代为缴纳）", PayerCompany: "（单位代为缴纳）", PayerOther: "（他人代为缴纳）",
	}[l.PayerKind]
}

// Payer is who paid, in words.
func (d Deposit) Payer() string {
	return DepositLine{PayerKind: d.PayerKind, PayerName: d.PayerName}.PayerWords()
}

// HeldLines are the deposits of an accused that the court holds and that were
// not set off: they are told apart from every performance.
func HeldLines(list []Deposit, partyID int64) (out []DepositLine) {
	for _, d := range list {
		if d.PartyID == partyID && d.HeldFen > d.RefundFen {
			out = append(out, DepositLine{PaidOn: d.PaidOn, Purpose: d.Purpose, PayerKind: d.PayerKind, PayerName: d.PayerName, HeldFen: d.HeldFen - d.RefundFen})
		}
	}
	return out
}
