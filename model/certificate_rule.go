package model

import (
	"fmt"
	"slices"
)

// CertificateCase is what the rule for a certificate looks at: an obligor
// under one instrument of a case.
type CertificateCase struct {
	Instrument   Instrument
	Installments []Installment // of the obligations of this obligor under this instrument
	EnforcedFrom Date          // when the first of them went to enforcement, zero when none did
	OpenReceipts bool          // receipts of the case that wait for a decision
	HasValid     bool          // a valid certificate exists already
	// LateFen is the doubled part of the interest that is still owed: neither paid
	// nor waived nor left.
	LateFen Fen
	// OrdinaryFen is the ordinary interest that is still owed.
	OrdinaryFen Fen
	// Unconverted is how many instalments are fixed in another currency without a
	// rate by which they are booked.
	Unconverted int
	// ForgivenFen is what the creditor forgave, and PerformedFen what was paid, by
	// whomever. ReleasedOn is when he forgave this one of several joint debtors, and
	// OwnFen what that one paid.
	ForgivenFen, PerformedFen Fen
	ReleasedOn                Date
	OwnFen                    Fen
	// Continues are the dues that go on; Installments are then those that are due.
	Continues []string
	Today     Date
}

// Requirements is the check-list for a certificate of voluntary performance
// (自动履行证明书): each line says what must be so, and if it is
// not, what to do.
func (c CertificateCase) Requirements() []Requirement {
	effective := c.Instrument.Kind == WithdrawalRuling || !c.Instrument.EffectiveOn.IsZero() && !c.Instrument.EffectiveOn.After(c.Today)
	fulfilled := PerformanceOf(c.Installments) == PerformanceFulfilled
	voluntary := c.EnforcedFrom.IsZero() || fulfilled && TimelinessOf(c.Installments, c.EnforcedFrom) != InEnforcement
	open := Fen(0)
	for _, i := range c.Installments {
		open += max(0, i.OutstandingFen())
	}
	missing := "请先履行义务并上传凭证，由承办法官确认"
	if open > 0 {
		missing = "尚有 " + open.Yuan() + " 元未履行或未经确认；请付款后上传汇款回执，由承办法官确认"
	}
	switch {
	case c.Unconverted > 0:
		missing = "有以外币确定的义务尚未登记折算的汇率，请联系承办法官；登记后付款并上传凭证，由承办法官确认"
	case c.OrdinaryFen > 0 && open > 0:
		missing = "尚有 " + open.Yuan() + " 元及一般债务利息 " + c.OrdinaryFen.Yuan() + " 元未履行或未经确认；请付款后上传汇款回执，由承办法官确认"
	case c.OrdinaryFen > 0:
		missing = "尚有一般债务利息 " + c.OrdinaryFen.Yuan() + " 元未付；请付款后上传汇款回执，或者由权利人放弃、承办法官决定不再计收"
	}
	// A certificate proves performance. Forgiveness ends a debt and is none: where
	// nothing was paid or done, or the debtor was forgiven and paid nothing himself,
	// there is nothing to certify.
	something := c.ForgivenFen == 0 || c.PerformedFen > 0 || slices.ContainsFunc(c.Installments, func(i Installment) bool { return i.AmountFen == 0 && i.Done() })
	if !c.ReleasedOn.IsZero() {
		something = c.OwnFen > 0
	}
	line := func(code string, met bool, text, todo string) Requirement {
		r := Requirement{Code: code, Met: met, Text: text}
		if !met {
			r.Missing = todo
		}
		return r
	}
	everything := "全部义务已经履行并经承办法官确认"
	if len(c.Continues) > 0 {
		everything = "截至今日已到期的义务已经全部履行并经承办法官确认（按期给付的义务仍在继续）"
	}
	return []Requirement{
		line("instrument.effective", effective, "法律文书已经生效", "法律文书生效后才能出具证明书"),
		line("obligation.exists", len(c.Installments) > 0, "法律文书确定了该义务人的义务", "该文书没有确定该义务人的义务；如有遗漏请联系书记员补录"),
		line("performance.fulfilled", fulfilled, everything, missing),
		line("performance.something", something, "债务至少有一部分是履行的，不是全部由权利人免除", "债务由权利人免除而消灭，没有作出履行，不出具自动履行证明书"),
		line("interest.settled", !fulfilled || c.LateFen == 0, "逾期的加倍部分债务利息已经付清、放弃或者不再计收",
			"尚欠加倍部分债务利息 "+c.LateFen.Yuan()+" 元；请付款后上传汇款回执，或者由权利人放弃、承办法官写明理由不再计收"),
		line("performance.voluntary", voluntary, "在强制执行立案之前履行完毕", "该义务已进入强制执行程序，执行中的履行不出具自动履行证明书，可以申请信用修复"),
		line("receipt.none_open", !c.OpenReceipts, "没有待处理的回执", "还有回执等待承办法官处理，处理后即可办理"),
		line("certificate.none", !c.HasValid, "尚未出具过有效的证明书", "该文书项下已有有效的证明书，无需重复出具"),
	}
}

// Eligible tells whether every requirement is met.
func Eligible(list []Requirement) bool {
	for _, r := range list {
		if !r.Met {
			return false
		}
	}
	return true
}

// DuesCertificateKey is what a debtor has one valid certificate of while dues go
// on: an instrument as it is performed by a day.
func DuesCertificateKey(instrumentID, partyID int64, until Date) string {
	return CertificateKey(instrumentID, partyID) + ":" + until.String()
}

// CertificateKey is what a debtor has one valid certificate of: an instrument.
func CertificateKey(instrumentID, partyID int64) string {
	return fmt.Sprintf("%d:%d", instrumentID, partyID)
}
