package model

import (
	"cmp"
	"slices"
	"strings"
)

// CourtAccount is the court's account for payments (案款账户) in its parts, each of
// which a payer copies by itself.
type CourtAccount struct {
	Payee  string `json:"payee,omitempty"`
	Number string `json:"number,omitempty"`
	Bank   string `json:"bank,omitempty"`
}

// PayAccount is the court's account in its parts: as the settings have it, and
// otherwise as the line says that is printed on notices.
func (c Court) PayAccount() CourtAccount {
	a := c.Settings.PaymentAccount
	if a != (CourtAccount{}) {
		a.Payee = cmp.Or(a.Payee, c.Name)
		return a
	}
	return parseAccountLine(c.Account)
}

// Line is the account as it is printed in one line, "" without a number.
func (a CourtAccount) Line() string {
	if a.Number == "" {
		return ""
	}
	s := "户名：" + a.Payee
	if a.Bank != "" {
		s += "，开户行：" + a.Bank
	}
	return s + "，账号：" + a.Number
}

// check refuses a number that is none.
func (a CourtAccount) check() error {
	var wrong Faults
	wrong.If(a != (CourtAccount{}) && !checkAccountNumber(a.Number), "account_number", "payment_account.number", "案款账户的账号应为 8 至 30 位数字")
	wrong.If(len([]rune(a.Payee)) > 100 || len([]rune(a.Bank)) > 100, "account_bank", "text.too_long", "案款账户的户名、开户行不超过 100 字")
	return wrong.Err()
}

// accountLabels are how the parts of an account are named in a line.
var accountLabels = []struct {
	words []string
	part  func(*CourtAccount) *string
}{
	{[]string{"户名", "收款人", "账户名称"}, func(a *CourtAccount) *string { return &a.Payee }},
	{[]string{"开户银行", "开户行", "银行"}, func(a *CourtAccount) *string { return &a.Bank }},
	{[]string{"账号", "帐号"}, func(a *CourtAccount) *string { return &a.Number }},
}

// parseAccountLine reads the parts of a line whose parts are named. Of a line that
// names none, or whose number is none, nothing is known: it is shown as it is.
func parseAccountLine(line string) (a CourtAccount) {
	for piece := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune("，,；;。\n", r) }) {
		name, value, ok := strings.Cut(strings.Replace(piece, ":", "：", 1), "：")
		if !ok {
			continue
		}
		for _, l := range accountLabels {
			if p := l.part(&a); slices.Contains(l.words, strings.TrimSpace(name)) && *p == "" {
				*p = strings.TrimSpace(value)
			}
		}
	}
	if a.Number = NormalizeAccount(a.Number); !checkAccountNumber(a.Number) {
		return CourtAccount{}
	}
	return a
}

// PayWay is one account to which somebody pays, and what he pays there. Each part
// stands alone, so that it can be copied.
type PayWay struct {
	// CreditorID is who is paid, 0 for the court's account on behalf of the state.
	CreditorID int64
	Creditor   string // whose the money is, in words
	ToCourt    bool   // the account is the court's
	Payee      string
	Number     string
	Bank       string
	Text       string // the account as the court prints it, when its parts are not known
	Why        string // why this account, "" for the creditor's own
	AmountFen  Fen    // open now, with interest to today
	Lines      []PayLine
	Reference  string // for all of it
}

// PayLine is an instalment with the reference that finds it.
type PayLine struct {
	InstallmentID int64
	ObligationID  int64
	Category      Category
	DueOn         Date
	OpenFen       Fen
	InterestFen   Fen // of both kinds, to today
	Overdue       bool
	Reference     string
}

// SumFen is what the line amounts to today.
func (l PayLine) SumFen() Fen { return l.OpenFen + l.InterestFen }

// HowToPay is where the open money of a debtor goes: to each creditor's account in
// use; to the court's where the state is paid, where several are owed together, and
// where a creditor has none in use, and for what is being enforced against the
// debtor. accounts and enforced are those of the case.
// Source: 最高人民法院关于执行款物管理工作的规定 (法发〔2017〕6号).
func (d Debts) HowToPay(court Court, partyID int64, list []Installment, accounts []PaymentAccount, enforced []EnforcementFile, paid Payments, today Date) []PayWay {
	var out []PayWay
	at := func(w PayWay) *PayWay {
		i := slices.IndexFunc(out, func(o PayWay) bool {
			return o.CreditorID == w.CreditorID && o.Creditor == w.Creditor && o.ToCourt == w.ToCourt
		})
		if i < 0 {
			out, i = append(out, w), len(out)
		}
		return &out[i]
	}
	for _, i := range list {
		ob := d.Obligation(i.ObligationID)
		if ob.Kind != ObligationMoney || ob.Replaced() || !d.Owes(partyID, ob.ID) {
			continue
		}
		r := d.Reckon(i, paid, court.Settings, today)
		if r.SumFen() == 0 {
			continue
		}
		way := d.payWay(court, ob, accounts)
		if slices.ContainsFunc(enforced, func(e EnforcementFile) bool { return e.enforcesNow(partyID, i) }) {
			way = d.payWay(court, ob, nil)
			way.Why = "该款项正在执行，请汇入法院案款账户，由法院发放"
		}
		w := at(way)
		due := i.Due()
		w.AmountFen += r.SumFen()
		w.Lines = append(w.Lines, PayLine{
			InstallmentID: i.ID, ObligationID: ob.ID, Category: ob.Category, DueOn: due, OpenFen: r.PrincipalFen, InterestFen: r.InterestFen(), Overdue: !due.IsZero() && due.Before(today),
		})
	}
	return out
}

// enforcesNow tells whether the instalment is being enforced against the debtor.
func (f EnforcementFile) enforcesNow(partyID int64, i Installment) bool {
	return f.State == EnforcementOpen && f.Kind.Enforces() && f.EnforcesPart(i) &&
		slices.ContainsFunc(f.Parties, func(p EnforcementParty) bool { return p.PartyID == partyID && p.Role == EnforcementDebtor })
}

// payWay is the account to which an obligation is paid.
func (d Debts) payWay(court Court, ob Obligation, accounts []PaymentAccount) PayWay {
	a := court.PayAccount()
	w := PayWay{ToCourt: true, Payee: a.Payee, Number: a.Number, Bank: a.Bank}
	if a.Number == "" {
		w.Text = orNone(court.Account)
	}
	switch owed := ob.Obligees(); {
	case ob.ToCourt:
		w.Creditor, w.Why = "法院案款账户", "该款项应缴入法院案款账户"
	case len(owed) > 1:
		w.CreditorID, w.Creditor, w.Why = owed[0], d.names(owed), "该项权利由几人共同享有，请汇入法院案款账户"
	default:
		w.CreditorID, w.Creditor, w.Why = ob.ObligeeID, d.Party(ob.ObligeeID).Name, "该权利人还没有经法官确认的收款账户，请汇入法院案款账户，由法院转付"
		for _, x := range accounts {
			if x.PartyID == ob.ObligeeID && x.State == AccountInUse {
				w.ToCourt, w.Payee, w.Number, w.Bank, w.Why = false, x.Payee, x.Number, x.Bank, x.OtherPayee
			}
		}
	}
	return w
}

// Copied is the way as text that a phone reads from a QR code: each part on a line.
func (w PayWay) Copied() string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+"："+value)
		}
	}
	if w.Text != "" {
		add("收款账户", w.Text)
	} else {
		add("户名", w.Payee)
		add("账号", w.Number)
		add("开户行", w.Bank)
	}
	add("金额", w.AmountFen.Yuan()+" 元")
	add("附言", w.Reference)
	return strings.Join(lines, "\n")
}

// PayWarning is what a payer is told beside the accounts.
func PayWarning(court Court) string {
	return "请只向本页所列的账户付款，并在附言中填写识别码。收款账户有变更的，以本页为准；有人以电话、短信或者其他方式要求改汇其他账户的，请先致电" + court.Name +
		"（" + court.CallAt() + "）核实。"
}

// ForFamily is how a relative pays for the debtor: into the court's account, all in
// one, because to whom it goes is part of the case, of which he sees nothing.
func ForFamily(court Court, ways []PayWay) []PayWay {
	if len(ways) == 0 {
		return nil
	}
	a := court.PayAccount()
	out := PayWay{Creditor: "执行案款", ToCourt: true, Payee: a.Payee, Number: a.Number, Bank: a.Bank, Why: "请汇入法院案款账户，由法院转付", Reference: ways[0].Reference} //nolint:gosec // an account, no credential
	if a.Number == "" {
		out.Text = orNone(court.Account)
	}
	for _, w := range ways {
		out.AmountFen += w.AmountFen
		out.Lines = append(out.Lines, w.Lines...)
	}
	return []PayWay{out}
}
