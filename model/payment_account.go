package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AccountState is how far a creditor's account has come.
type AccountState string

// The states. Only one that is in use is shown to who pays.
const (
	AccountEntered  AccountState = "entered"  // 待确认
	AccountInUse    AccountState = "in_use"   // 使用中
	AccountDoubted  AccountState = "doubted"  // 待电话核实: it was in use, and who entered it acts for the creditor no longer
	AccountRefused  AccountState = "refused"  // 未采用
	AccountReplaced AccountState = "replaced" // 已由新账户取代
	AccountStopped  AccountState = "stopped"  // 已停用
)

// Chinese is the state's name on screens.
func (s AccountState) Chinese() string {
	return map[AccountState]string{
		AccountEntered: "待法官确认", AccountInUse: "使用中", AccountDoubted: "待电话核实", AccountRefused: "未采用", AccountReplaced: "已由新账户取代", AccountStopped: "已停用",
	}[s]
}

// PaymentAccount (收款账户) is where a creditor wants to be paid. Nothing of it is
// ever changed but its state: another account is another row.
//
// To talk a payer into another account is the classic fraud. So a judge confirms
// each account, one that would take the place of an earlier one only after a call
// to the number on file, and until then the payer sees what was true before.
type PaymentAccount struct {
	ID      int64
	CourtID int64
	CaseID  int64
	PartyID int64
	Payee   string `gorm:"serializer:sealed"` // 户名
	Number  string `gorm:"serializer:sealed"` // 账号, digits only
	// NumberHash finds the same number without opening it.
	NumberHash string
	Bank       string // 开户行
	// OtherPayee is why the account is somebody else's, "" when it is the creditor's.
	OtherPayee string
	State      AccountState
	// FromPhone says that the creditor's side entered it, not a clerk.
	FromPhone bool
	EnteredBy int64
	// PhoneHash is of the number on file when it was entered. Who changes the number
	// afterwards cannot be called under it about this account.
	PhoneHash string
	DecidedBy int64
	DecidedAt *time.Time
	Reason    string // of refusing or stopping
	// WaitingKey and ActiveKey are the party while it waits and while it is in use:
	// one of each at a time.
	WaitingKey *string
	ActiveKey  *string
	IdemKey    string
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// TableName is the table of accounts; sealed values name it.
func (PaymentAccount) TableName() string { return "payment_accounts" }

// CallAnswer is what the creditor said when the court called him about a new
// account.
type CallAnswer string

// The answers.
const (
	CallAgreed     CallAnswer = "agreed"     // 是本人的账户
	CallDenied     CallAnswer = "denied"     // 否认
	CallUnanswered CallAnswer = "unanswered" // 未接通
)

// CallAnswers lists them in the order of screens.
var CallAnswers = []CallAnswer{CallAgreed, CallDenied, CallUnanswered}

// Chinese is the answer in words, "" for an unknown one.
func (a CallAnswer) Chinese() string {
	return map[CallAnswer]string{CallAgreed: "接通，本人确认该账户", CallDenied: "接通，本人否认该账户", CallUnanswered: "未接通"}[a]
}

// AccountCall is a call to the number on file about a new account: who called,
// when, which number, and what was answered. Calls are only added.
type AccountCall struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	AccountID int64
	ByUserID  int64
	CalledAt  time.Time
	Phone     string `gorm:"serializer:sealed"`
	PhoneHash string
	Answer    CallAnswer
	Note      string
	IdemKey   string
	CreatedAt time.Time
}

// TableName is the table of calls; sealed values name it.
func (AccountCall) TableName() string { return "account_calls" }

// AccountEntry is one step of an account: who brought it to a state, and why.
// Entries are only added.
type AccountEntry struct {
	ID        int64
	AccountID int64
	State     AccountState
	ByUserID  int64
	Reason    string
	CreatedAt time.Time
}

// TableName is the table of entries.
func (AccountEntry) TableName() string { return "account_entries" }

// NormalizeAccount is the digits of an account's number as somebody typed it.
func NormalizeAccount(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, Fold(s))
}

// checkAccountNumber refuses what is no number of a bank account in China: 8 to
// 30 digits. Cards have a check digit, accounts of units have none.
func checkAccountNumber(n string) bool {
	return len(n) >= 8 && len(n) <= 30 && strings.Trim(n, "0123456789") == ""
}

// Check trims what was entered and refuses what cannot be an account of the
// creditor, all fields at once. Only a clerk, who saw the papers, may enter an
// account of somebody else, and says why.
func (a *PaymentAccount) Check(creditor Party) error {
	a.Payee, a.Bank, a.OtherPayee, a.Number = Clean(a.Payee), Clean(a.Bank), Clean(a.OtherPayee), NormalizeAccount(a.Number)
	var wrong Faults
	add := func(field, reason, message string) { wrong.If(true, field, reason, message) }
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	other := a.Payee != "" && NormalizeName(a.Payee) != creditor.NameNorm
	switch {
	case a.Payee == "" || long(a.Payee, 100):
		add("payee", "field.required", "请填写账户的户名，不超过 100 字")
	case other && a.FromPhone:
		add("payee", "payment_account.payee_other", "只能登记本人（本单位）名下的账户，户名应与当事人姓名或者名称一致；须由他人代收的，请持授权委托书到法院办理")
	case other && a.OtherPayee == "":
		add("other_payee", "payment_account.payee_reason", "户名与权利人不一致，请写明依据（如：授权委托书载明由其代收）")
	case !other:
		a.OtherPayee = ""
	}
	if long(a.OtherPayee, 200) {
		add("other_payee", "text.too_long", "依据不能超过 200 字")
	}
	if !checkAccountNumber(a.Number) {
		add("number", "payment_account.number", "银行账号应为 8 至 30 位数字，请对照银行卡或者开户许可核对")
	}
	if a.Bank == "" || long(a.Bank, 100) {
		add("bank", "field.required", "请填写开户银行及网点，不超过 100 字")
	}
	return wrong.Err()
}

// Same tells whether both are the same account.
func (a PaymentAccount) Same(b PaymentAccount) bool {
	return a.Number == b.Number && NormalizeName(a.Payee) == NormalizeName(b.Payee) && NormalizeName(a.Bank) == NormalizeName(b.Bank)
}

// Replaces tells whether the account would take the place of one that payers were
// shown before, or bring back one that a judge stopped or that is in doubt. list are
// the accounts of the creditor.
func (a PaymentAccount) Replaces(list []PaymentAccount) bool {
	return slices.ContainsFunc(list, func(o PaymentAccount) bool {
		return a.after(o) && (o.State == AccountStopped || o.State == AccountDoubted || !a.Same(o))
	})
}

// after tells whether payers were shown the other account of the creditor.
func (a PaymentAccount) after(o PaymentAccount) bool {
	return o.ID != a.ID && o.PartyID == a.PartyID && (o.State == AccountInUse || o.State == AccountDoubted || o.State == AccountReplaced || o.State == AccountStopped)
}

// NumberIsNew tells whether the number on file came there after the last account
// that payers were shown: whoever brought it may have brought the new account too,
// and answers under it.
func (a PaymentAccount) NumberIsNew(list []PaymentAccount, creditor Party) bool {
	last := PaymentAccount{}
	for _, o := range list {
		if a.after(o) && o.ID > last.ID {
			last = o
		}
	}
	return last.PhoneHash != creditor.PhoneHash && last.ID != 0 && a.Replaces(list)
}

// NumberIsNewWords tells a judge what a call under a number that is new does not show.
const NumberIsNewWords = "案卷中的电话在原账户登记以后才补登或者更改，单凭这个号码的通话不能证明是权利人本人更改；请在理由中写明另外怎样核对了身份（如：本人持身份证到庭）"

// CallMissing is why the account may not be used yet, nil when it may: one that
// replaces another needs a call to the number on file that the creditor answered
// in person, and so does one that is in doubt, after the doubt came up. The last call
// counts, and only to the number that was on file when the account was entered and
// still is.
func (a PaymentAccount) CallMissing(list []PaymentAccount, calls []AccountCall, creditor Party) error {
	if a.State != AccountDoubted && !a.Replaces(list) {
		return nil
	}
	switch {
	case creditor.PhoneHash == "":
		return E(Conflict, "payment_account.no_phone", "案卷中没有该权利人的电话，不能核实账户的更改；请先核对身份并补登电话，再重新登记账户。在此之前付款人仍看到原账户或者本院案款账户")
	case a.PhoneHash != creditor.PhoneHash:
		return E(Conflict, "payment_account.phone_changed", "账户登记以后，案卷中的电话有变动，不能据此核实；请核对权利人身份后重新登记账户")
	}
	last := AccountCall{}
	for _, c := range calls {
		if c.AccountID == a.ID && c.PhoneHash == a.PhoneHash && c.Answer != CallUnanswered && !c.CalledAt.Before(a.AskedSince()) {
			last = c
		}
	}
	switch last.Answer {
	case CallAgreed:
		return nil
	case CallDenied:
		return E(Conflict, "payment_account.denied", "权利人在电话中否认该账户，不能采用；请查明是谁登记的")
	default:
		if a.State == AccountDoubted {
			return E(Conflict, "payment_account.call_missing", DoubtedWords+"。须先拨打案卷中的电话向权利人核实，并登记通话情况；在此之前付款人看到本院案款账户")
		}
		return E(Conflict, "payment_account.call_missing", "更改收款账户须先拨打案卷中的电话向权利人核实，并登记通话情况；在此之前付款人仍看到原账户或者本院案款账户")
	}
}

// DoubtedWords say why an account in use is in doubt.
const DoubtedWords = "登记该账户的人与当事人的绑定已经解除"

// DoubtedBy tells whether the end of a binding puts the account in doubt: it is in use,
// who lost the binding entered it by phone, and nothing else lets him dispose for the
// creditor. bound are the bindings of the case, as they are now. Perhaps he was somebody
// else all along.
func (a PaymentAccount) DoubtedBy(ended Binding, bound []Binding) bool {
	return a.State == AccountInUse && a.FromPhone && a.EnteredBy == ended.UserID && a.PartyID == ended.PartyID && !a.EnteredFor(bound)
}

// EnteredFor tells whether who entered the account still disposes for the creditor.
func (a PaymentAccount) EnteredFor(bound []Binding) bool {
	return slices.ContainsFunc(bound, func(b Binding) bool {
		return b.UserID == a.EnteredBy && b.PartyID == a.PartyID && b.EndedAt == nil && b.Disposes()
	})
}

// Waits tells whether the account waits for a judge.
func (a PaymentAccount) Waits() bool { return a.State == AccountEntered || a.State == AccountDoubted }

// AskedSince is from when on a call about the account counts: since it was entered, or
// since it is in doubt.
func (a PaymentAccount) AskedSince() time.Time {
	if a.State == AccountDoubted && a.DecidedAt != nil {
		return a.DecidedAt.Truncate(time.Minute)
	}
	return a.CreatedAt.Truncate(time.Minute)
}

// Move brings the account to another state. Refusing and stopping need a reason.
func (a *PaymentAccount) Move(to AccountState, by int64, reason string, now time.Time) error {
	reason = strings.TrimSpace(reason)
	switch {
	case !AccountMachine.May(a.State, to):
		return E(Conflict, "payment_account.state", "该账户"+a.State.Chinese()+"，请刷新后再操作")
	case (to == AccountRefused || to == AccountStopped) && reason == "" || utf8.RuneCountInString(reason) > 200:
		return InvalidField("reason", "reason.required", "请填写理由，不超过 200 字，权利人会看到")
	}
	a.State, a.DecidedBy, a.DecidedAt, a.Reason = to, by, &now, reason
	a.WaitingKey, a.ActiveKey = nil, nil
	if to == AccountInUse {
		key := ThingParty.Key(a.PartyID)
		a.ActiveKey = &key
	}
	return nil
}

// AccountNotice tells a creditor what became of his account, so that he hears of a
// change that he did not make. It names no number.
func AccountNotice(court Court, cs Case, a PaymentAccount) Notice {
	title, text := "收款账户待法院确认", "登记了您的收款账户（尾号 "+tail(a.Number)+"）。法官确认以后，付款人才会看到。"
	switch a.State {
	case AccountInUse:
		title, text = "收款账户已确认", "您的收款账户（尾号 "+tail(a.Number)+"）已由法官确认，付款人将看到该账户。"
	case AccountRefused:
		title, text = "收款账户未采用", "登记的收款账户（尾号 "+tail(a.Number)+"）未采用，原因："+a.Reason+"。"
	case AccountStopped:
		title, text = "收款账户已停用", "您的收款账户（尾号 "+tail(a.Number)+"）已停用，原因："+a.Reason+"。付款人将看到本院案款账户。"
	case AccountDoubted:
		title, text = "收款账户待电话核实", DoubtedWords+"，该账户（尾号 "+tail(a.Number)+"）暂停使用。本院将拨打案卷中您的电话核实；核实以前，付款人看到本院案款账户。"
	case AccountEntered, AccountReplaced:
	}
	return caseNotice(NoticeAccount, cs, fmt.Sprintf("%s:%s:%d", ThingAccount.Key(a.ID), a.State, a.Version), title, paragraphs(
		cs.CaseNo+"："+text, "如果不是您本人登记或者更改的，请立即致电"+court.Name+"，电话"+court.CallAt()+"。")).to(a.PartyID)
}

// tail is the last four characters of a number.
func tail(s string) string { return s[max(0, len(s)-4):] }

// WaitingAccount is a line of the list of accounts that a judge is to confirm.
type WaitingAccount struct {
	PaymentAccount
	CaseNo   string
	Creditor string
	JudgeID  int64
	Changes  bool // one was in use before, so that a call is needed
	Agreed   bool // the creditor agreed when he was called last
}

// TableName is the accounts' table, which sealed values name.
func (WaitingAccount) TableName() string { return "payment_accounts" }
