package model

import "slices"

// MeasureGround is the legal ground of a measure.
type MeasureGround string

// The grounds. Those of a listing are the six of 失信规定 art. 1, those of detention
// and fine the five of 民诉法解释 188 and two of the law itself.
const (
	GroundAbleRefuses   MeasureGround = "able_refuses"
	GroundObstructs     MeasureGround = "obstructs"
	GroundShamSuit      MeasureGround = "sham_suit"
	GroundReport        MeasureGround = "property_report"
	GroundOrder         MeasureGround = "consumption_order"
	GroundSettlement    MeasureGround = "settlement_broken"
	GroundHidesProperty MeasureGround = "hides_property"
	GroundSecured       MeasureGround = "disposes_secured"
	GroundNoAssistance  MeasureGround = "no_assistance"
	GroundNoticeMissed  MeasureGround = "notice_missed"
	GroundListed        MeasureGround = "listed"
	GroundUnperformed   MeasureGround = "unperformed"
	GroundWhereabouts   MeasureGround = "whereabouts"
)

// groundOf is a ground of one kind of measure in words.
type groundOf struct {
	Ground   MeasureGround
	Text     string
	Citation Citation
}

var punishable = []groundOf{
	{GroundHidesProperty, "隐藏、转移、变卖、毁损财产，无偿转让财产，以明显不合理的价格交易财产，放弃到期债权，无偿为他人提供担保等，致使无法执行", CiteHidesProperty},
	{GroundSecured, "隐藏、转移、毁损或者未经允许处分已向法院提供担保的财产", CiteDisposesSecured},
	{GroundOrder, "违反限制高消费令进行消费", CiteBreaksOrder},
	{GroundAbleRefuses, "有履行能力而拒不按照执行通知履行生效法律文书确定的义务", CiteAbleRefuses},
	{GroundNoAssistance, "有义务协助执行的个人接到协助执行通知书后，拒不协助执行", CiteNoAssistance},
	{GroundObstructs, "以暴力、威胁或者其他方法阻碍司法工作人员执行职务", CiteObstructsDuty},
	{GroundReport, "拒绝报告或者虚假报告财产", CitePropertyReport},
}

// Remedy is how the person under a measure can have it looked at again.
type Remedy struct {
	Name       string
	ApplyDays  int // from the day after he got the decision; 0 at any time while it stands
	DecideDays int // from the day after the application came
	Higher     bool
	Rules      []Citation
}

// Citation is the rule of the remedy in the law in force.
func (r Remedy) Citation() string { return Cites(r.Rules...) }

// measureKindOf is what holds for a kind of measure.
type measureKindOf struct {
	name   string
	title  string // of the decision
	unit   string // 条 or 人次: counted apart
	number string // the mark in its number
	// signed names the rule by which the court's president (院长) decides; the
	// officer decides the others with his panel.
	signed Citation
	// adults names the rule by which minors are exempt. That a minor is not detained
	// by a court is our decision: no law says so in these words, 未成年人保护法 4 asks
	// for what is best for him.
	adults Citation
	// persons: an organisation cannot be under it.
	persons   bool
	relations []MeasureRelation
	// relationsBy is the rule that binds others than the debtor.
	relationsBy Citation
	grounds     []groundOf
	grace       bool
	remedy      Remedy
	lifts       []LiftGround
	// seq is its place in the clean-up after payment.
	seq int
}

var correctionRemedy = Remedy{Name: "申请纠正", DecideDays: 15, Rules: []Citation{CiteListingCorrection, CiteListingReview}}

var reconsiderationRemedy = Remedy{
	Name: "申请复议", ApplyDays: 3, DecideDays: 5, Higher: true, Rules: []Citation{CitePunishReview, CitePunishReviewDays},
}

// measureKinds is the law of each kind as data.
var measureKinds = map[MeasureKind]measureKindOf{
	MeasureListing: {
		name: "失信被执行人名单", title: "纳入失信被执行人名单决定书", unit: "条", number: "失信", signed: CiteListingSigned, adults: CiteListingMinor,
		relationsBy: CiteNotListed, grace: true,
		grounds: []groundOf{
			{GroundAbleRefuses, "有履行能力而拒不履行生效法律文书确定义务", CiteListingAble},
			{GroundObstructs, "以伪造证据、暴力、威胁等方法妨碍、抗拒执行", CiteListingObstructs},
			{GroundShamSuit, "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行", CiteListingSham},
			{GroundReport, "违反财产报告制度", CiteListingReport},
			{GroundOrder, "违反限制消费令", CiteListingOrder},
			{GroundSettlement, "无正当理由拒不履行执行和解协议", CiteListingSettlement},
		},
		remedy: correctionRemedy, seq: 2,
		lifts: []LiftGround{
			LiftPerformed, LiftSettled, LiftCreditor, LiftNoAssets, LiftStayed, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected, LiftEarly, LiftCredit, LiftWrong,
		},
	},
	MeasureConsumption: {
		name: "限制高消费", title: "限制消费令", unit: "人次", number: "限消", signed: CiteConsumptionSigned,
		relations: []MeasureRelation{RelationLegalRep, RelationPrincipal, RelationDirect, RelationController}, relationsBy: CiteConsumptionUnit,
		grounds: []groundOf{
			{GroundNoticeMissed, "未按执行通知书指定的期间履行给付义务", CiteConsumptionNotice},
			{GroundListed, "已纳入失信被执行人名单", CiteConsumptionListed},
		},
		grace: true, seq: 3,
		remedy: Remedy{Name: "申请纠正", DecideDays: 15, Rules: []Citation{CiteConsumptionCorrection, CiteListingReview}},
		lifts:  []LiftGround{LiftPerformed, LiftGuarantee, LiftCreditor, LiftSettled, LiftStayed, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected, LiftChanged, LiftCredit, LiftWrong},
	},
	MeasureTracing: {
		name: "网上布控", title: "网上布控决定书", unit: "人次", number: "布控", persons: true,
		relations: []MeasureRelation{RelationLegalRep, RelationPrincipal, RelationDirect, RelationController}, relationsBy: CiteTracing,
		grounds: []groundOf{{GroundWhereabouts, "下落不明，需请公安机关协助查找", CiteTracing}},
		remedy:  Remedy{Name: "提出执行异议", DecideDays: 15, Rules: []Citation{CiteConductObjection}}, seq: 1,
		lifts: []LiftGround{LiftPerformed, LiftFound, LiftGuarantee, LiftCreditor, LiftSettled, LiftStayed, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected, LiftWrong},
	},
	MeasureExitBan: {
		name: "限制出境", title: "限制出境决定书", unit: "人次", number: "限出境", persons: true,
		relations: []MeasureRelation{RelationLegalRep, RelationPrincipal, RelationDirect, RelationGuardian}, relationsBy: CiteExitBanOthers,
		grounds: []groundOf{{GroundUnperformed, "不履行法律文书确定的义务", CiteExitBan}},
		remedy:  Remedy{Name: "申请复议", ApplyDays: 10, DecideDays: 15, Higher: true, Rules: []Citation{CiteExitBanReview}}, seq: 4,
		lifts: []LiftGround{LiftPerformed, LiftGuarantee, LiftCreditor, LiftSettled, LiftStayed, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected, LiftWrong},
	},
	MeasureDetention: {
		name: "司法拘留", title: "拘留决定书", unit: "人次", number: "司惩拘", signed: CitePresidentApproves, adults: CiteBestForMinors, persons: true,
		relations: []MeasureRelation{RelationPrincipal, RelationDirect, RelationAssistant}, relationsBy: CitePunishUnit,
		grounds: punishable, remedy: reconsiderationRemedy, seq: 1,
		lifts: []LiftGround{LiftRemorse, LiftPerformed, LiftUnfit, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected, LiftWrong},
	},
	MeasureFine: {
		name: "罚款", title: "罚款决定书", unit: "人次", number: "司惩罚", signed: CitePresidentApproves,
		relations: []MeasureRelation{RelationPrincipal, RelationDirect, RelationAssistant}, relationsBy: CitePunishUnit,
		grounds: punishable, remedy: reconsiderationRemedy,
		lifts: []LiftGround{LiftPaid, LiftWrong},
	},
}

// Chinese is the kind's name on screens.
func (k MeasureKind) Chinese() string { return measureKinds[k].name }

// Unit is what the kind is counted in; different units are never added up.
func (k MeasureKind) Unit() string { return measureKinds[k].unit }

// Title is the name of the kind's decision.
func (k MeasureKind) Title() string { return measureKinds[k].title }

// Signed is the rule by which the court's president decides, "" where the
// officer does with his panel.
func (k MeasureKind) Signed() Citation { return measureKinds[k].signed }

// Remedy is how the person under a measure of the kind can have it looked at
// again.
func (k MeasureKind) Remedy() Remedy { return measureKinds[k].remedy }

// Punishes tells whether the kind punishes one act, which a second must not do
// again.
func (k MeasureKind) Punishes() bool { return k == MeasureDetention || k == MeasureFine }

// Resists tells whether the kind asks in which way the debtor withstands: it
// answers what he does, and not only that he does not pay.
func (k MeasureKind) Resists() bool { return slices.Contains(resisted, k) }

// MayGrace tells whether the court may give time before the kind takes effect.
func (k MeasureKind) MayGrace() bool { return measureKinds[k].grace }

// PersonsOnly tells whether an organisation cannot be under the kind.
func (k MeasureKind) PersonsOnly() bool { return measureKinds[k].persons }

// Relations lists who else than the debtor can be under the kind.
func (k MeasureKind) Relations() []MeasureRelation {
	return append([]MeasureRelation{RelationSelf}, measureKinds[k].relations...)
}

// GroundChoice is a ground with its words, to choose from.
type GroundChoice struct {
	Ground   MeasureGround
	Text     string
	Citation Citation
}

// Grounds lists the grounds of the kind.
func (k MeasureKind) Grounds() (out []GroundChoice) {
	for _, g := range measureKinds[k].grounds {
		out = append(out, GroundChoice(g))
	}
	return out
}

// GroundOf is a ground of the kind in words, zero when the kind has none such.
func (k MeasureKind) GroundOf(g MeasureGround) GroundChoice {
	i := slices.IndexFunc(measureKinds[k].grounds, func(o groundOf) bool { return o.Ground == g })
	if i < 0 {
		return GroundChoice{}
	}
	return GroundChoice(measureKinds[k].grounds[i])
}

// LiftGround is why a measure ends before its time.
type LiftGround string

// The grounds of lifting.
const (
	LiftPerformed   LiftGround = "performed"
	LiftSettled     LiftGround = "settlement_performed"
	LiftCreditor    LiftGround = "creditor"
	LiftNoAssets    LiftGround = "no_assets"
	LiftStayed      LiftGround = "stayed"
	LiftNotEnforced LiftGround = "not_enforced"
	LiftTerminated  LiftGround = "terminated"
	LiftStruck      LiftGround = "struck"
	LiftRejected    LiftGround = "rejected"
	LiftEarly       LiftGround = "early"
	LiftGuarantee   LiftGround = "guarantee"
	LiftFound       LiftGround = "found"
	LiftRemorse     LiftGround = "remorse"
	LiftUnfit       LiftGround = "unfit"
	LiftPaid        LiftGround = "fine_paid"
	LiftCredit      LiftGround = "credit_repair"
	LiftChanged     LiftGround = "post_changed"
	LiftWrong       LiftGround = "wrong"
	LiftRevoked     LiftGround = "review_revoked" // only by the result of a review
)

// Chinese is the ground in words.
func (g LiftGround) Chinese() string {
	return map[LiftGround]string{ //nolint:gosec // words, no credentials
		LiftPerformed: "义务已经履行完毕或者执行完毕", LiftSettled: "执行和解协议已经履行完毕", LiftCreditor: "申请执行人书面同意或者申请，本院审查同意",
		LiftNoAssets: "终结本次执行后两次以上网络查控未发现可供执行财产，也没有有效线索", LiftStayed: "因审判监督或者破产程序裁定中止执行", LiftNotEnforced: "裁定不予执行",
		LiftTerminated: "裁定终结执行", LiftStruck: "执行案件已经销案", LiftRejected: "裁定驳回执行申请", LiftEarly: "积极履行义务或者主动纠正失信行为，决定提前删除", LiftGuarantee: "提供确实有效的担保", LiftFound: "已经找到本人",
		LiftRemorse: "承认并改正错误，提前解除", LiftUnfit: "因身体原因不宜继续拘留", LiftPaid: "罚款已经缴清", LiftCredit: "信用修复审查同意", LiftChanged: "法定代表人、主要负责人已经变更，且不是实际控制人或者直接责任人员", LiftWrong: "原决定不当，自行纠正",
		LiftRevoked: "经救济程序撤销",
	}[g]
}

// LiftRules are the rules behind lifting the kind for a ground: a listing and a
// restriction of spending end by their own rules, also under a settlement.
func (k MeasureKind) LiftRules(g LiftGround) []Citation {
	switch {
	case g == LiftCredit:
		return []Citation{CiteGoodFaith}
	case g == LiftChanged:
		return []Citation{CitePostChanged}
	case g == LiftWrong, g == LiftRevoked, g == LiftStruck, g == LiftRejected:
		return k.Remedy().Rules
	case k == MeasureListing && g == LiftEarly:
		return []Citation{CiteListingEarly}
	case k == MeasureListing && g == LiftCreditor:
		return []Citation{CiteListingDeletedAsked}
	case k == MeasureListing:
		return []Citation{CiteListingDeleted}
	case k == MeasureConsumption:
		return []Citation{CiteConsumptionLifted}
	case k == MeasureExitBan:
		return []Citation{CiteExitBanLifted}
	case k == MeasureDetention && g == LiftUnfit:
		return []Citation{CiteUnfitForDetention}
	case k == MeasureDetention:
		return []Citation{CiteDetentionRelease, CiteRemorse}
	case k == MeasureFine:
		return []Citation{CiteFineAmounts}
	}
	return []Citation{CiteTracing}
}

// LiftCitation is the rule behind lifting the kind for a ground, as it is
// numbered today.
func (k MeasureKind) LiftCitation(g LiftGround) string { return Cites(k.LiftRules(g)...) }

// Lifts lists for what a measure of the kind may be lifted.
func (k MeasureKind) Lifts() []LiftGround { return slices.Clone(measureKinds[k].lifts) }

// ListingExtra is why the term of a listing is prolonged.
type ListingExtra string

// The reasons for prolonging (失信规定 art. 2).
const (
	ExtraViolence ListingExtra = "violence" // 以暴力、威胁方法妨碍、抗拒执行情节严重
	ExtraSeveral  ListingExtra = "several"  // 具有多项失信行为
)

// Chinese is the reason in words.
func (e ListingExtra) Chinese() string {
	return map[ListingExtra]string{ExtraViolence: "以暴力、威胁方法妨碍、抗拒执行情节严重", ExtraSeveral: "具有多项失信行为"}[e]
}

// penaltyLaw are the ceilings of detention and fine from a day on.
type penaltyLaw struct {
	from               Date
	person             Fen
	unitLeast, unitTop Fen
	days               int
}

var penaltyLaws = []penaltyLaw{
	{Date{2008, 4, 1}, Yuan(10_000), Yuan(10_000), Yuan(300_000), 15},
	{Date{2013, 1, 1}, Yuan(100_000), Yuan(50_000), Yuan(1_000_000), 15},
}

// listingLaw are the terms of a listing from a day on.
type listingLaw struct {
	from               Date
	years              int // of grounds 2–6; 0: until performed
	extraLeast, extraM int // years of prolongation
	deleteDays         int // working days
	relistMonths       int
	rules              []Citation
}

var listingLaws = []listingLaw{
	{Date{2013, 10, 1}, 0, 0, 0, 3, 0, []Citation{CiteListingDeleted}},
	{Date{2017, 5, 1}, 2, 1, 3, 3, 6, []Citation{CiteListingTerm, CiteListingDeleted}},
}

// graceLaw is how long a court may wait before a decided listing or
// consumption restriction takes effect.
type graceLaw struct {
	from          Date
	least, months int
}

var graceLaws = []graceLaw{{Date{2019, 12, 16}, 1, 3}}

// familyHours is within how many hours a detained person's family is told.
var familyHours = []struct {
	from  Date
	hours int
}{{Date{2015, 2, 4}, 24}}

// inForce is the newest of the laws that begin on or before a day, the oldest
// when none does.
func inForce[L any](laws []L, day Date, from func(L) Date) L {
	out := laws[0]
	for _, l := range laws {
		if !from(l).After(day) {
			out = l
		}
	}
	return out
}

func penaltyLawOn(d Date) penaltyLaw {
	return inForce(penaltyLaws, d, func(l penaltyLaw) Date { return l.from })
}

func listingLawOn(d Date) listingLaw {
	return inForce(listingLaws, d, func(l listingLaw) Date { return l.from })
}

// Penalties are the ceilings on a day, for forms.
type Penalties struct {
	DetentionDays                 int
	PersonFen, UnitLeast, UnitTop Fen
	Citation                      string
}

// PenaltiesOn are the ceilings of detention and fine on a day.
func PenaltiesOn(d Date) Penalties {
	l := penaltyLawOn(d)
	return Penalties{DetentionDays: l.days, PersonFen: l.person, UnitLeast: l.unitLeast, UnitTop: l.unitTop, Citation: CitesOn(d, CiteFineAmounts, CiteDetentionDays)}
}

// ConsumptionBans are the nine kinds of spending that a consumption restriction
// forbids (限高规定 art. 3).
var ConsumptionBans = []string{
	"乘坐交通工具时，选择飞机、列车软卧、轮船二等以上舱位", "在星级以上宾馆、酒店、夜总会、高尔夫球场等场所进行高消费", "购买不动产或者新建、扩建、高档装修房屋",
	"租赁高档写字楼、宾馆、公寓等场所办公", "购买非经营必需车辆", "旅游、度假", "子女就读高收费私立学校", "支付高额保费购买保险理财产品",
	"乘坐G字头动车组列车全部座位、其他动车组列车一等以上座位等其他非生活和工作必需的消费行为",
}

// MeasureTerms are the terms on a day that an officer chooses within, for forms.
type MeasureTerms struct {
	GraceLeast, GraceMost int // months
	ExtraLeast, ExtraMost int // years by which a listing may be longer
	ListingYears          int
	GraceCitation         string
	ListingCitation       string
}

// MeasureTermsOn are the terms on a day.
func MeasureTermsOn(d Date) MeasureTerms {
	g := inForce(graceLaws, d, func(l graceLaw) Date { return l.from })
	l := listingLawOn(d)
	return MeasureTerms{
		GraceLeast: g.least, GraceMost: g.months, GraceCitation: CiteGrace.On(d), ExtraLeast: l.extraLeast, ExtraMost: l.extraM, ListingYears: l.years, ListingCitation: CitesOn(d, l.rules...),
	}
}
