package model

import (
	"slices"
	"strings"
)

// CertificateFacts is everything that a certificate of voluntary performance
// (自动履行证明书) says, frozen at issue and stored as JSON, so that the paper can
// be printed again and never says anything newer.
type CertificateFacts struct {
	Number         string      `json:"number"`
	CheckCode      string      `json:"check_code"`
	CourtName      string      `json:"court_name"`
	ObligorName    string      `json:"obligor_name"`
	ObligorKind    SubjectKind `json:"obligor_kind"`
	ObligorID      string      `json:"obligor_id"` // masked for persons, in full for organisations
	CaseNo         string      `json:"case_no"`
	Cause          string      `json:"cause"`
	InstrumentKind string      `json:"instrument_kind"`
	InstrumentNo   string      `json:"instrument_no"`
	EffectiveOn    Date        `json:"effective_on"`
	Adjudged       string      `json:"adjudged"`
	// Performed names for every amount and act who performed it.
	Performed   []PerformedItem `json:"performed"`
	PerformedBy PerformedBy     `json:"performed_by" enum:"own,shared,others"`
	TotalFen    Fen             `json:"total_fen"`
	WaivedFen   Fen             `json:"waived_fen,omitempty"` // of interest, by the creditor or left by the court
	// Foreign are the debts that the instrument fixes in another currency, in words.
	Foreign []string `json:"foreign,omitempty"`
	// ForgivenFen is what the creditor forgave of the adjudged money: it is not in
	// TotalFen, which is what was performed. ForgivenOn is the last day of it.
	ForgivenFen Fen        `json:"forgiven_fen,omitempty"`
	ForgivenOn  Date       `json:"forgiven_on,omitzero"`
	LastPaidOn  Date       `json:"last_paid_on"`
	Timeliness  Timeliness `json:"timeliness"`
	// EnforcedAfter are the enforcement cases that were filed for the obligations
	// after they had been performed.
	EnforcedAfter []LaterEnforcement `json:"enforced_after"`
	// Changes say whose place was taken in the obligations, and by whom.
	Changes []string `json:"changes,omitempty"`
	// Understood are the obligees who forgave the debtor as a person (谅解).
	Understood []string `json:"understood,omitempty"`
	// Continues are the dues that go on after UntilOn, the day by which everything
	// that was due is performed; none and zero where the paper is about everything.
	Continues []string `json:"continues,omitempty"`
	UntilOn   Date     `json:"until_on,omitzero"`
	Judge     string   `json:"judge"`
	IssuedOn  Date     `json:"issued_on"`
	VerifyURL string   `json:"verify_url"`
	VerifyAt  string   `json:"verify_at"` // the page's address, for whoever cannot scan
}

// PerformedItem is one confirmed payment or conduct on a certificate.
type PerformedItem struct {
	On        Date   `json:"on"`
	AmountFen Fen    `json:"amount_fen"`
	What      string `json:"what"` // e.g. 银行电子回单, or what was done
	// By is who performed, seen from the holder; Who says it in words, with the
	// name, e.g. 连带债务人李某.
	By  Performer `json:"by" enum:"self,joint,relative,third,one_of_joint,predecessor"`
	Who string    `json:"who"`
}

// LaterEnforcement is an enforcement case that came after performance.
type LaterEnforcement struct {
	CaseNo  string `json:"case_no"`
	FiledOn Date   `json:"filed_on"`
}

// Title is what the paper is called. A debtor whose debt others discharged
// performed nothing: his paper says that the debt is performed, and not that he
// did it.
func (f CertificateFacts) Title() string { return f.PerformedBy.Title() }

// Finding is the sentence of what the court found: when the obligations were
// performed, and by whom.
func (f CertificateFacts) Finding() string {
	if !f.UntilOn.IsZero() {
		return f.findingToDate()
	}
	on := f.LastPaidOn.Chinese()
	if f.ForgivenFen > 0 {
		return f.partly(on)
	}
	switch f.PerformedBy {
	case PerformedByOthers:
		return "经审查，该生效法律文书确定的由上述义务人履行的全部义务，已于" + on + "由他人履行完毕，上述义务人本人没有履行。履行情况如下："
	case PerformedShared:
		return "经审查，该生效法律文书确定的由上述义务人履行的全部义务，已于" + on + "履行完毕，其中一部分由他人履行，履行时间属于" + f.Timeliness.Chinese() + "。履行情况如下："
	default:
		return "经审查，上述义务人已于" + on + "自动履行完毕该生效法律文书确定的全部义务，履行时间属于" + f.Timeliness.Chinese() + "。履行情况如下："
	}
}

// partly is Finding where the creditor forgave a part: that is not said to be
// performed.
func (f CertificateFacts) partly(on string) string {
	sum := ""
	if f.TotalFen > 0 {
		sum = "（其中金钱 " + f.TotalFen.Yuan() + " 元）"
	}
	rest := "；另有 " + f.ForgivenFen.Yuan() + " 元经权利人免除（最后一次免除于" + f.ForgivenOn.Chinese() + "），未作履行。上述义务人承担的该生效法律文书确定的义务至此全部消灭"
	when := "，履行时间属于" + f.Timeliness.Chinese() + "。履行情况如下："
	switch f.PerformedBy {
	case PerformedByOthers:
		return "经审查，该生效法律文书确定的由上述义务人履行的义务" + sum + "，已于" + on + "由他人履行，上述义务人本人没有履行" + rest + "。履行情况如下："
	case PerformedShared:
		return "经审查，该生效法律文书确定的由上述义务人履行的义务" + sum + "，最后一次履行于" + on + "，其中一部分由他人履行" + rest + when
	default:
		return "经审查，上述义务人已自动履行该生效法律文书确定的义务" + sum + "，最后一次履行于" + on + rest + when
	}
}

// findingToDate is Finding where dues go on.
func (f CertificateFacts) findingToDate() string {
	s := "经审查，截至" + f.UntilOn.Chinese() + "，该生效法律文书确定的由上述义务人履行的义务中已经到期的部分，已全部履行"
	if f.ForgivenFen > 0 {
		s = strings.TrimSuffix(s, "已全部履行") + "除 " + f.ForgivenFen.Yuan() + " 元经权利人免除（最后一次免除于" + f.ForgivenOn.Chinese() + "）未作履行外，已全部履行"
	}
	switch f.PerformedBy {
	case PerformedByOthers:
		s += "，均由他人履行，上述义务人本人没有履行"
	case PerformedShared:
		s += "，其中一部分由他人履行，履行时间属于" + f.Timeliness.Chinese()
	default:
		s += "，履行时间属于" + f.Timeliness.Chinese()
	}
	return s + "。履行情况如下："
}

// Continuing is the sentence about dues that go on, "" where none does.
func (f CertificateFacts) Continuing() string {
	if len(f.Continues) == 0 {
		return ""
	}
	return "下列按期给付的义务仍在继续：" + strings.Join(f.Continues, "；") + "。本证明书只证明截至" + f.UntilOn.Chinese() + "的履行情况，不涉及此后到期的部分。"
}

// Enforcement is the sentence about enforcement cases: none, or those that were
// filed after performance.
func (f CertificateFacts) Enforcement() string {
	if len(f.EnforcedAfter) == 0 {
		return "截至本证明书出具之日，就上述义务未有强制执行案件立案。特此证明。"
	}
	var s string
	for i, e := range f.EnforcedAfter {
		if i > 0 {
			s += "、"
		}
		s += e.FiledOn.Chinese() + "立案的" + e.CaseNo
	}
	what := "上述义务"
	switch {
	case f.ForgivenFen > 0: // not all of it was performed
		return what + "消灭之后，本院就该义务有强制执行案件立案：" + s + "。义务消灭在先，立案在后。特此证明。"
	case !f.UntilOn.IsZero():
		what = "上述已经到期的义务"
	}
	return what + "履行完毕之后，本院就该义务有强制执行案件立案：" + s + "。义务履行在先，立案在后。特此证明。"
}

// Waived is the sentence about interest that was not paid because the creditor
// waived it or the court left it, "" where there was none.
func (f CertificateFacts) Waived() string {
	if f.WaivedFen == 0 {
		return ""
	}
	return "另有利息 " + f.WaivedFen.Yuan() + " 元，经权利人放弃或者本院依法不再计收，未计入上表。"
}

// Currency is the sentence about debts in another currency, "" where there is none:
// the amounts of the table are what they are booked as.
func (f CertificateFacts) Currency() string {
	if len(f.Foreign) == 0 {
		return ""
	}
	return "上表金额为登记汇率下的人民币记账数额，法律文书确定的是：" + strings.Join(f.Foreign, "；") + "。"
}

// Changed is the sentence about parties whose place others took, "" where nobody
// did.
func (f CertificateFacts) Changed() string {
	if len(f.Changes) == 0 {
		return ""
	}
	return "当事人变更：" + strings.Join(f.Changes, "；") + "。"
}

// Recourse is what the paper does not decide, "" where the holder's side
// performed everything.
// Source: 民法典 arts. 519, 520 and 524 para. 2: a joint debtor who pays more than
// his share may turn to the others; whoever pays another's debt with a lawful
// interest of his own takes over the creditor's claim, unless agreed otherwise.
func (f CertificateFacts) Recourse() string {
	if !slices.ContainsFunc(f.Performed, func(p PerformedItem) bool { return p.By.Other() }) {
		return ""
	}
	return "本证明书不认定付款人与义务人之间的追偿、债权转让等关系（" + CitesShort(CiteRecourse, CiteThirdParty) + "）。"
}

// Performer is who performed an amount or an act, seen from one obligor.
// Source: 民法典 arts. 519–520 (joint debtors), 524 (third persons).
type Performer string

// Who may have performed.
const (
	PerformerSelf     Performer = "self"         // 本人
	PerformerJoint    Performer = "joint"        // 连带债务人
	PerformerRelative Performer = "relative"     // 亲属代为履行
	PerformerThird    Performer = "third"        // 第三人代为履行
	PerformerOneOf    Performer = "one_of_joint" // 连带债务人之一: the record does not say which
	PerformerBefore   Performer = "predecessor"  // 原义务人, whose place the obligor took
)

// Other tells whether somebody performed who may have a claim of his own from
// it. A relative acts for the debtor: what he pays counts as the debtor's, as it
// does for 减刑 and 假释.
// Source: 最高人民法院关于办理减刑、假释案件具体应用法律的规定 (法释〔2016〕23号) art. 2.
func (p Performer) Other() bool {
	return p == PerformerJoint || p == PerformerThird || p == PerformerOneOf
}

// PerformerOf is who performed what a receipt proves, seen from an obligor, and
// how the paper names him. debtor is the party whose receipt it is.
func PerformerOf(obligor Party, debtor Party, r Receipt) (Performer, string) {
	payer := r.PayerName
	switch {
	case r.PayerRelation != "":
		payer = "亲属（" + r.PayerRelation.Chinese() + "）" + payer + "代为履行"
	case r.PayerKind == PayerRelative:
		payer = "亲属" + payer + "代为履行"
	case r.PayerKind == PayerCompany, r.PayerKind == PayerOther:
		payer = "第三人" + payer + "代为履行"
	default:
		payer = ""
	}
	if debtor.ID != obligor.ID {
		who := "连带债务人" + debtor.Name
		if payer != "" {
			who += "（" + payer + "）"
		}
		return PerformerJoint, who
	}
	switch r.PayerKind {
	case PayerRelative:
		return PerformerRelative, payer
	case PayerCompany, PayerOther:
		return PerformerThird, payer
	default:
		return PerformerSelf, "本人"
	}
}

// Performer is who performed what the party did whose place somebody took, seen
// from that one, and how the paper names it. What units performed before they
// merged or divided is theirs who bear their rights and duties (民法典 67); an heir
// did not perform what the deceased did.
func (f Former) Performer(was Party) (Performer, string) {
	switch f.Ground {
	case SuccessionMerger:
		return PerformerSelf, "合并前的" + was.Name
	case SuccessionDivision:
		return PerformerSelf, "分立前的" + was.Name
	default:
		return PerformerBefore, "原义务人" + was.Name
	}
}

// PerformedBy sums up who performed everything that a certificate is about.
type PerformedBy string

// Who performed it all.
const (
	PerformedOwn      PerformedBy = "own"    // 本人（含亲属代为履行）
	PerformedShared   PerformedBy = "shared" // 本人与他人
	PerformedByOthers PerformedBy = "others" // 他人
)

// Chinese is the word on screens.
func (p PerformedBy) Chinese() string {
	return map[PerformedBy]string{PerformedOwn: "本人履行", PerformedShared: "本人与他人共同履行", PerformedByOthers: "他人履行"}[p]
}

// Title is what the paper is called, without marks.
func (p PerformedBy) Title() string {
	if p == PerformedByOthers {
		return "义务履行完毕证明书"
	}
	return "自动履行证明书"
}

// PerformedByOf sums up the items of a certificate.
func PerformedByOf(items []PerformedItem) PerformedBy {
	own, other := false, false
	for _, it := range items {
		others := it.By.Other() || it.By == PerformerBefore
		own, other = own || !others, other || others
	}
	switch {
	case own && other:
		return PerformedShared
	case other:
		return PerformedByOthers
	default:
		return PerformedOwn
	}
}
