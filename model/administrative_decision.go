package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// SuingBasis is from what the period for suing against an administrative decision
// (起诉期限) follows.
type SuingBasis string

// The bases of the period for suing.
const (
	SuingDirect       SuingBasis = "direct"       // 直接起诉: from learning of the decision
	SuingUninformed   SuingBasis = "uninformed"   // 未告知起诉期限
	SuingReconsidered SuingBasis = "reconsidered" // 经行政复议: from the decision on reconsideration
	SuingSpecial      SuingBasis = "special"      // 法律另有规定
)

// SuingBases lists them in the order of screens.
var SuingBases = []SuingBasis{SuingDirect, SuingUninformed, SuingReconsidered, SuingSpecial}

// Chinese is the basis's name on screens.
func (b SuingBasis) Chinese() string {
	return map[SuingBasis]string{
		SuingDirect: "已告知起诉期限，未经复议", SuingUninformed: "未告知起诉期限", SuingReconsidered: "经过行政复议", SuingSpecial: "法律另有规定",
	}[b]
}

// AdministrativeDecision is what an agency asks the court to enforce (行政非诉执行) with
// the days on which the periods hang. A correction is a new entry; the newest
// counts. AgencyDemandOn is the agency's own statutory demand (行政机关催告书,
// 行政强制法 54), which is not the court's 《自动履行催告书》.
type AdministrativeDecision struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	Seq        int // from 1 within the case
	DecisionNo string
	MadeOn     Date
	ServedOn   Date // on the person concerned: he learns of it

	Basis SuingBasis
	// ReconsideredOn is when the decision on reconsideration was served.
	ReconsideredOn Date
	// SpecialMonths or SpecialDays is the period that SpecialLaw names.
	SpecialMonths int
	SpecialDays   int
	SpecialLaw    string

	DeferredUntil  Date // the end of a delay or of instalments that the agency granted
	AgencyDemandOn Date // when the agency's statutory demand was served
	AppliedOn      Date // when the court got the application
	LateGround     string
	AcceptedOn     Date
	Doubtful       bool // 行政强制法 58: the court hears both sides, thirty days
	RuledOn        Date

	FineFen      Fen  // 罚款, or what else is to be paid
	PayBy        Date // the last day to pay it
	SurchargeFen Fen  // 加处罚款、滞纳金 that the agency asks for
	// ReviewFrom and ReviewUntil are reconsideration, SuitFrom and SuitUntil the suit
	// that followed it or came alone: no surcharge accrues meanwhile (行政处罚法 73). One
	// without an end is pending.
	ReviewFrom  Date
	ReviewUntil Date
	SuitFrom    Date
	SuitUntil   Date

	Reason    string // of a correction
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// IsNonLitigation tells whether a case number is of 行政非诉: an agency asks the
// court to enforce its decision. 行初 and the like are suits.
func (c CaseNo) IsNonLitigation() bool {
	return c.TypeCode() == "行审" || c.Legacy() && (strings.Contains(string(c), "行审") || strings.Contains(string(c), "行非"))
}

// Check refuses an entry whose days cannot be.
func (d AdministrativeDecision) Check(today Date) error {
	var wrong Faults
	for _, f := range []struct {
		name, what string
		on, after  Date
	}{
		{"made_on", "决定日期", d.MadeOn, Date{}},
		{"served_on", "送达日期", d.ServedOn, d.MadeOn},
		{"reconsidered_on", "复议决定送达日期", d.ReconsideredOn, d.ServedOn},
		{"agency_demand_on", "行政机关催告书送达日期", d.AgencyDemandOn, d.ServedOn},
		{"applied_on", "法院收到申请的日期", d.AppliedOn, d.ServedOn},
		{"accepted_on", "受理日期", d.AcceptedOn, d.AppliedOn},
		{"ruled_on", "裁定日期", d.RuledOn, d.AcceptedOn},
		{"review_from", "复议开始日期", d.ReviewFrom, d.MadeOn},
		{"review_until", "复议结束日期", d.ReviewUntil, d.ReviewFrom},
		{"suit_from", "诉讼开始日期", d.SuitFrom, d.ReviewUntil},
		{"suit_until", "诉讼结束日期", d.SuitUntil, d.SuitFrom},
	} {
		wrong.If(f.on.After(today), f.name, "date.future", f.what+"不能晚于今天")
		wrong.If(!f.on.IsZero() && f.on.Before(f.after), f.name, "decision.days", f.what+"早于前一环节的日期，请核对")
	}
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	wrong.If(strings.TrimSpace(d.DecisionNo) == "" || long(d.DecisionNo, 100), "decision_no", "field.required", "请填写行政决定的文号，不超过 100 字")
	wrong.If(d.MadeOn.IsZero() || d.ServedOn.IsZero(), "served_on", "field.required", "请填写行政决定的作出日期和送达日期")
	wrong.If(d.Basis.Chinese() == "", "basis", "decision.basis", "请选择起诉期限的依据")
	wrong.If(d.Basis == SuingReconsidered && d.ReconsideredOn.IsZero(), "reconsidered_on", "field.required", "经过行政复议的，请填写复议决定的送达日期")
	wrong.If(d.Basis == SuingSpecial && ((d.SpecialMonths > 0) == (d.SpecialDays > 0) || d.SpecialMonths < 0 || d.SpecialDays < 0 || d.SpecialMonths > 24 || d.SpecialDays > 730), "special_days", "decision.special", "法律另有规定起诉期限的，请填写月数或者天数中的一项")
	wrong.If(d.Basis == SuingSpecial && (strings.TrimSpace(d.SpecialLaw) == "" || long(d.SpecialLaw, 100)), "special_law", "decision.special", "请写明规定起诉期限的法律和条文，例如："+CiteLandSuing.Short())
	wrong.If(!d.AcceptedOn.IsZero() && d.AppliedOn.IsZero() || !d.RuledOn.IsZero() && d.AcceptedOn.IsZero(), "applied_on", "decision.days", "请先填写在前环节的日期（申请、受理、裁定）")
	wrong.If(d.ReviewFrom.IsZero() && !d.ReviewUntil.IsZero(), "review_from", "decision.days", "填写了复议结束日期的，请填写开始日期；没有结束的，不填结束日期")
	wrong.If(d.SuitFrom.IsZero() && !d.SuitUntil.IsZero(), "suit_from", "decision.days", "填写了诉讼结束日期的，请填写开始日期；没有结束的，不填结束日期")
	wrong.If(!d.SuitFrom.IsZero() && !d.ReviewFrom.IsZero() && d.ReviewUntil.IsZero(), "review_until", "decision.days", "复议后提起诉讼的，请填写复议结束日期")
	wrong.If(long(d.LateGround, 500) || long(d.Reason, 500), "reason", "field.too_long", "理由不能超过 500 字")
	wrong.If(d.FineFen < 0 || d.SurchargeFen < 0 || d.FineFen > MaxFen || d.SurchargeFen > MaxFen, "fine_fen", "amount.format", "金额不正确，请核对")
	wrong.Add(Lasting("行政决定作出", d.MadeOn, CeilingAgencyPay).Check("deferred_until", "date.range", d.DeferredUntil))
	wrong.Add(Lasting("行政决定作出", d.MadeOn, CeilingAgencyPay).Check("pay_by", "date.range", d.PayBy))
	wrong.Add(d.checkCap())
	return wrong.Err()
}

// checkCap refuses a surcharge beyond what it is added to.
func (d AdministrativeDecision) checkCap() error {
	if d.SurchargeFen > 0 && d.SurchargeFen > d.FineFen {
		return overCap(d.FineFen)
	}
	return nil
}

func overCap(principal Fen) *Error {
	return InvalidField("surcharge_fen", "surcharge.over_cap",
		fmt.Sprintf("加处罚款或者滞纳金不能超出金钱给付义务的数额（%s 元），依据：%s", principal.Yuan(), Cites(CiteSurchargeCap, CiteLateFineRate)))
}

// CheckSurcharges refuses surcharges of an instrument that exceed what they are
// added to. Source: 行政强制法 45; 行政处罚法 72.
func CheckSurcharges(list []Obligation) error {
	var principal, surcharge Fen
	for _, ob := range list {
		if ob.Category == CategorySurcharge {
			surcharge += ob.AmountFen
		} else if ob.Kind == ObligationMoney {
			principal += ob.AmountFen
		}
	}
	if surcharge > 0 && surcharge > principal {
		return overCap(principal)
	}
	return nil
}

// SurchargeReduction is what an enforcement agreement (执行协议) takes off a
// surcharge. It is an entry: what was owed before and after stays readable.
type SurchargeReduction struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	ObligationID int64
	AmountFen    Fen
	BeforeFen    Fen // what the obligation amounted to
	AgreedOn     Date
	Remedied     bool   // 当事人采取补救措施: the only ground of the law
	Remedy       string // which measures
	Reason       string
	FileID       int64 // the agreement
	ByUserID     int64
	IdemKey      string
	CreatedAt    time.Time
}

// Check refuses a reduction that the law does not know: without remedial
// measures, of the principal, of more than is open.
// Source: 行政强制法 42.
func (r SurchargeReduction) Check(ob Obligation, open Fen, today Date) error {
	var wrong Faults
	wrong.If(ob.Category != CategorySurcharge, "obligation_id", "reduction.principal", "执行协议只能减免加处的罚款或者滞纳金，不能减免行政决定确定的金额本身（"+CiteReduction.String()+"）")
	wrong.If(!r.Remedied || strings.TrimSpace(r.Remedy) == "", "remedy", "reduction.remedy", "当事人采取补救措施的，才可以减免；请写明采取了什么补救措施（"+CiteReduction.String()+"）")
	wrong.If(r.AmountFen <= 0, "amount_fen", "amount.positive", "减免金额必须大于 0")
	wrong.If(ob.Category == CategorySurcharge && r.AmountFen > open, "amount_fen", "reduction.over_open", "减免金额不能超过尚未履行的加处罚款或者滞纳金 "+open.Yuan()+" 元")
	wrong.If(r.AgreedOn.IsZero() || r.AgreedOn.After(today), "agreed_on", "reduction.agreed_on", "请填写执行协议的日期，不能晚于今天")
	wrong.If(strings.TrimSpace(r.Reason) == "", "reason", "reason.required", "请填写减免的理由，包括不损害公共利益和他人合法权益")
	wrong.If(utf8.RuneCountInString(r.Reason) > 500 || utf8.RuneCountInString(r.Remedy) > 500, "reason", "field.too_long", "补救措施和理由各不能超过 500 字")
	wrong.If(r.FileID == 0, "file_id", "file.missing", "请上传执行协议")
	return wrong.Err()
}

// Reduce takes an amount off open instalments, the last one first. An instalment
// of which nothing is left to pay is performed on the day of the agreement.
func Reduce(open []Installment, amount Fen, agreedOn Date) []Installment {
	var out []Installment
	for n := len(open) - 1; n >= 0 && amount > 0; n-- {
		i := open[n]
		part := min(amount, i.OutstandingFen())
		if i.Done() || part <= 0 {
			continue
		}
		i.AmountFen -= part
		i.ReducedFen += part
		amount -= part
		if i.OutstandingFen() == 0 {
			i.PerformedOn = agreedOn
		}
		out = append(out, i)
	}
	return out
}
