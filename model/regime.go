package model

import "slices"

// Regime is the set of rules that a duty follows: which interest runs, what
// enforcement costs, who sets it going and until when. It follows from the kind
// of case and from what the duty is.
type Regime string

// The regimes. Adding one means a row of the table below.
const (
	RegimeCivil         Regime = "civil"         // 民事
	RegimeIncidental    Regime = "incidental"    // 刑事附带民事
	RegimeFine          Regime = "fine"          // 罚金
	RegimeConfiscation  Regime = "confiscation"  // 没收财产
	RegimeRestitution   Regime = "restitution"   // 责令退赔
	RegimeUnsaid        Regime = "unsaid"        // an item of a criminal case of which nobody said yet what it is
	RegimeNonLitigation Regime = "nonlitigation" // 行政非诉执行
	RegimeAdministrated Regime = "administrated" // 行政判决、裁定、调解书
)

// Start is what sets enforcement going.
type Start int

// The starts.
const (
	StartUnsaid      Start = iota
	StartApplication       // 对方申请强制执行
	StartTransfer          // 本院移送执行
	StartPending           // the case is the application itself
)

// Charge is what enforcement costs the debtor besides the debt.
type Charge int

// The charges.
const (
	ChargeNone  Charge = iota
	ChargeFee          // 执行申请费 by 诉讼费用交纳办法 10 and 14
	ChargeCosts        // the costs that really arise, by 行政强制法 60
)

// Term is until when enforcement can be applied for.
type Term int

// The terms.
const (
	TermUnsaid  Term = iota
	TermWhole        // two years, for instalments from the last (民事诉讼法 250)
	TermSingly       // two years, for each instalment by itself (行诉解释 153)
	TermNone         // none: the court collects at any time
	TermApplied      // none any more: the agency has applied (行政强制法 53)
)

// Doubling says whether the doubled part of the interest on late money runs.
type Doubling int

// The kinds of doubling.
const (
	DoublingNever    Doubling = iota
	DoublingRuns              // 民事诉讼法 264
	DoublingDisputed          // only when the judge decided so for the duty
)

// Rules is what holds for the duties of a regime.
type Rules struct {
	Name   string // as papers call such duties
	Double Doubling
	Charge Charge
	Start  Start
	Term   Term
	// Disposes tells whether the duty is the creditor's own to forgive, or to agree on
	// another plan for: what a criminal judgment or an agency imposes is not.
	Disposes bool
	// Why names the articles behind the row, for whoever reads it.
	Why string
	// Compels is what happens to a debtor who does not perform.
	Compels string
	// Means is what performance means for the debtor beyond the debt, "" where it
	// means nothing more.
	Means string
	// Hardship is what a debtor who cannot pay in time may ask for.
	Hardship string
	// Claims is how a creditor gets enforcement, and Until until when; both "" where
	// no party is the creditor.
	Claims, Until string
}

const (
	settleHardship = "确有困难需要分期、延期履行的，请与对方协商一致后告知承办法官。"
	claimsCivil    = "对方逾期不履行的，您可以向本院或者与本院同级的被执行财产所在地人民法院申请强制执行，需提交申请书、生效法律文书和身份证明，不预交执行申请费。"
	untilCivil     = "申请执行的期间为二年，从法律文书规定的履行期间最后一日起计算；分期履行的，从最后一期履行期限届满之日起计算；没有规定履行期间的，从法律文书生效之日起计算。对方部分履行、同意履行，您提出履行要求、申请执行，或者双方达成和解的，期间中断，重新计算；最后六个月内遇有不可抗力等障碍的，期间中止。请保存提出要求的凭证，并告知承办法官。"
)

// meansSentence: what convicts paid after the judgment is examined when their
// sentence is to be reduced (法释〔2024〕5号 2, 13).
var meansSentence = "判决生效后的履行情况，是办理减刑、假释案件时审查财产性判项执行情况的依据；亲属代为履行的，视为本人履行" + by(CiteConvictsPerformance) + "。"

// by is a rule in brackets behind the sentence that rests on it.
func by(cs ...Citation) string { return "（" + CitesShort(cs...) + "）" }

// rules is the table: one row a regime, and nothing about kinds of case anywhere
// else. Sources, and where they are uncertain:
//
//   - civil: 民事诉讼法 250, 264; 法释〔2014〕8号; 诉讼费用交纳办法 10 (1), 14 (1).
//   - incidental: as civil, by 刑事裁判涉财产部分执行规定（法释〔2014〕13号）1 para. 2.
//   - fine: 刑法 53; 刑诉解释 523, 524; moved by the court: 刑财规定 1, 7. No statute
//     gives it interest; 民事诉讼法 264 speaks of the execution of its own
//     instruments, and 法释〔2014〕13号 refers to civil rules for enforcement where it
//     has none (16), which is not read as including 264. Not cited on papers.
//   - confiscation: 刑法 59; 刑诉解释 525 (executed at once); as fine otherwise.
//   - restitution: 刑法 64; 刑财规定 1, 7. No doubled interest is case law, not
//     statute: (2024)京03执复187号, in the people's courts' case library. No statute
//     was found on it, nor on a period for applying.
//   - nonlitigation: 行政处罚法 66, 72, 73; 行政强制法 42, 45 (2), 53, 54, 57, 60. The
//     surcharge takes the place of interest.
//   - administrated: 行政诉讼法 94–97, 101; 行诉解释 152, 153. Whether 民事诉讼法 264
//     applies through 101 is disputed (the enforcement of (2018)闽行赔终154号 shows
//     both opinions for 行政赔偿): it is computed only where the judge says so.
var rules = map[Regime]Rules{
	RegimeCivil: {
		Name: "民事债务", Double: DoublingRuns, Charge: ChargeFee, Start: StartApplication, Term: TermWhole, Disposes: true,
		Why:     CitesShort(CiteApplicationPeriod, CiteDoubledInterest, CiteFees, CiteFeeAmount),
		Compels: "对方有权申请强制执行。", Hardship: settleHardship, Claims: claimsCivil, Until: untilCivil,
	},
	RegimeIncidental: {
		Name: "附带民事赔偿", Double: DoublingRuns, Charge: ChargeFee, Start: StartApplication, Term: TermWhole, Disposes: true,
		Why:     CitesShort(CiteCriminalScope) + "：适用民事执行的有关规定",
		Compels: "对方有权申请强制执行。", Means: meansSentence, Hardship: settleHardship, Claims: claimsCivil, Until: untilCivil,
	},
	RegimeFine: {
		Name: "罚金", Start: StartTransfer, Term: TermNone,
		Why:      CitesShort(CiteFinePayment, CiteFineCollected, CiteFineReduced, CiteCriminalScope, CiteCriminalTransfer),
		Compels:  "期满不缴纳的，由本院移送执行，强制缴纳；不能全部缴纳的，在任何时候发现有可以执行的财产，随时追缴" + by(CiteFinePayment) + "。",
		Means:    meansSentence,
		Hardship: "由于遭遇不能抗拒的灾祸等原因缴纳罚金确实有困难的，可以向本院申请，经裁定延期缴纳、酌情减少或者免除" + by(CiteFinePayment) + "；就同一事实已经缴纳行政罚款的，予以折抵，请提供凭证。",
	},
	RegimeConfiscation: {
		Name: "没收财产", Start: StartTransfer, Term: TermNone,
		Why:     CitesShort(CiteConfiscation, CiteConfiscatedAtOnce, CiteCriminalScope, CiteCriminalTransfer),
		Compels: "没收财产的判决生效后，由本院移送执行，立即执行" + by(CiteConfiscatedAtOnce) + "。", Means: meansSentence,
		Hardship: "执行时保留您和所扶养家属的生活必需费用" + by(CiteLivingCosts) + "。",
	},
	RegimeRestitution: {
		Name: "责令退赔", Start: StartTransfer, Term: TermNone,
		Why:      CitesShort(CiteRestitution, CiteCriminalScope, CiteCriminalTransfer) + "；不计加倍部分债务利息为案例观点（2024）京03执复187号",
		Compels:  "不履行的，由本院移送执行，不以被害人申请为条件" + by(CiteCriminalScope, CiteCriminalTransfer) + "。",
		Means:    meansSentence,
		Hardship: "一时不能全部退赔的，请尽快先行退赔，并与承办法官联系。",
		Claims:   "责令退赔由本院移送执行，不需要您申请，也不收取申请费。您知道对方财产线索的，请提供给承办法官或者执行法官。",
		Until:    "责令退赔不以您在一定期间内申请为条件。",
	},
	RegimeUnsaid: {
		Name: "类别尚未录明的判项", Why: "不推定",
		Compels:  "怎样执行，以判决和承办法官的说明为准。",
		Hardship: "确有困难的，请与承办法官联系。",
		Claims:   "怎样执行，以判决为准，请向承办法官询问。",
		Until:    "是否需要申请、何时申请，请向承办法官询问。",
	},
	RegimeNonLitigation: {
		Name: "行政决定确定的义务", Charge: ChargeCosts, Start: StartPending, Term: TermApplied,
		Why:      CitesShort(CiteFineHardship, CiteLateFineRate, CiteSurchargeStops, CiteAgreement, CiteSurchargeCap, CiteAgencyApplies, CiteAgencyDemand, CiteEnforcementCosts),
		Compels:  "行政机关已经向本院申请强制执行；本院裁定准予执行的，依法强制执行，无须另行申请" + by(CiteAgencyApplies, CiteAgencyRuling) + "。",
		Means:    "到期不缴纳罚款的，行政机关可以每日按罚款数额的百分之三加处罚款，加处罚款的数额不得超出罚款的数额" + by(CiteLateFineRate) + "；申请复议或者提起诉讼的，加处罚款在复议或者诉讼期间不予计算" + by(CiteSurchargeStops) + "。尽早缴纳，可以避免加处的罚款继续增加。采取补救措施的，可以与行政机关达成执行协议，减免加处的罚款或者滞纳金" + by(CiteReduction) + "。",
		Hardship: "确有经济困难的，可以向作出决定的行政机关申请延期或者分期缴纳" + by(CiteFineHardship) + "，经批准的请告知承办法官；也可以与行政机关达成执行协议，分阶段履行" + by(CiteAgreement) + "。",
		Claims:   "本案即为你单位的强制执行申请，无须另行申请，不缴纳申请费；强制执行的费用由被执行人承担" + by(CiteEnforcementCosts) + "。",
		Until:    "对方经你单位批准延期、分期缴纳罚款的，申请强制执行的期限自暂缓或者分期缴纳期限结束之日起计算" + by(CiteFineDeferred) + "，请将批准情况告知本院。加处罚款、滞纳金的数额不得超出金钱给付义务的数额" + by(CiteSurchargeCap) + "；达成执行协议的，请一并提交" + by(CiteAgreement) + "。",
	},
	RegimeAdministrated: {
		Name: "行政裁判确定的义务", Double: DoublingDisputed, Charge: ChargeFee, Start: StartApplication, Term: TermSingly, Disposes: true,
		Why:     CitesShort(CiteAdministrativeDuty, CiteAdministrativeApply, CiteAgencyCoerced, CiteAgencyEnforces, CiteAdministrativeEnforced, CiteAdministrativeTerm, CiteFees, CiteFeeAmount),
		Compels: "对方有权申请强制执行" + by(CiteAdministrativeEnforced) + "；义务人是行政机关的，适用" + CiteAgencyCoerced.Short() + "的措施。", Hardship: settleHardship,
		Claims: "对方逾期不履行的，您可以向第一审人民法院申请强制执行，需提交申请书、生效法律文书和身份证明。",
		Until:  "申请执行的期间为二年，从法律文书规定的履行期间最后一日起计算；分期履行的，从每次履行期间的最后一日起分别计算；没有规定履行期限的，从法律文书送达之日起计算" + by(CiteAdministrativeTerm) + "。",
	},
}

// Regimes lists them in the order of papers.
var Regimes = []Regime{
	RegimeCivil, RegimeIncidental, RegimeRestitution, RegimeFine, RegimeConfiscation, RegimeUnsaid, RegimeNonLitigation, RegimeAdministrated,
}

// Rules is the regime's row of the table.
func (r Regime) Rules() Rules { return rules[r] }

// Base is the regime of a case whose duties are not known yet.
func (c Case) Base() Regime {
	switch c.Kind {
	case CaseCriminal:
		return RegimeUnsaid
	case CaseAdministrative:
		if CaseNo(c.CaseNo).IsNonLitigation() {
			return RegimeNonLitigation
		}
		return RegimeAdministrated
	default:
		return RegimeCivil
	}
}

// RegimeOf is the regime of a duty of the case.
func (c Case) RegimeOf(ob Obligation) Regime {
	if c.Kind != CaseCriminal {
		return c.Base()
	}
	switch ob.Category {
	case CategoryFine:
		return RegimeFine
	case CategoryConfiscation:
		return RegimeConfiscation
	case CategoryRestitution:
		return RegimeRestitution
	case CategoryNone:
		if ob.Kind == ObligationMoney { // conduct in a criminal judgment is the civil part's
			return RegimeUnsaid
		}
		return RegimeIncidental
	default:
		return RegimeIncidental
	}
}

// regimesOf are the regimes of instalments, each once, in the order of papers.
func (d Debts) regimesOf(list []Installment) []Regime {
	var out []Regime
	for _, r := range Regimes {
		if slices.ContainsFunc(list, func(i Installment) bool { return d.Case.RegimeOf(d.Obligation(i.ObligationID)) == r }) {
			out = append(out, r)
		}
	}
	return out
}

// Side is on which side of the debt the addressee of a paper is.
type Side int

// The sides.
const (
	SideDebtor   Side = iota // who may have to perform
	SideCreditor             // who may be owed
	SideEither               // a third party, of whom nothing is known
)

// SideOf is the side of a position before an instrument says more.
func SideOf(r PartyRole) Side {
	switch r {
	case Plaintiff, Victim, Applicant:
		return SideCreditor
	case ThirdParty:
		return SideEither
	default:
		return SideDebtor
	}
}
