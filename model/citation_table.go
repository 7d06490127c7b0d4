package model

import "slices"

// The rules of law that the program applies, named by what they decide.
const (
	// 民事诉讼法
	CitePeriod            Citation = "civil.period"
	CiteElectronicService Citation = "service.electronic"
	CitePaperCopy         Citation = "service.paper"
	CiteInspection        Citation = "party.inspection"
	CiteObstructsDuty     Citation = "punish.obstructs"
	CiteRefusesJudgment   Citation = "punish.refuses"
	CitePunishUnit        Citation = "punish.unit"
	CiteFineAmounts       Citation = "punish.fine"
	CiteDetentionDays     Citation = "punish.days"
	CiteDetentionRelease  Citation = "punish.release"
	CitePresidentApproves Citation = "punish.president"
	CitePunishReview      Citation = "punish.review"
	CiteConductObjection  Citation = "objection.conduct"
	CiteApplicationPeriod Citation = "apply.period"
	CiteApplicationStart  Citation = "apply.start"
	CiteEnforcementNotice Citation = "enforce.notice"
	CitePropertyReport    Citation = "enforce.report"
	CiteAssetQuery        Citation = "enforce.query"
	CiteDoubledInterest   Citation = "interest.doubled"
	CiteExitBan           Citation = "enforce.exit"
	// 适用民事诉讼法的解释
	CiteDetaining          Citation = "punish.detaining"
	CiteFamilyTold         Citation = "punish.family"
	CiteEmergencyDetention Citation = "punish.emergency"
	CiteRemorse            Citation = "punish.remorse"
	CiteBothPunishments    Citation = "punish.both"
	CiteSameAct            Citation = "punish.same"
	CitePunishReviewDays   Citation = "punish.review.days"
	CiteHidesProperty      Citation = "refuse.hides"
	CiteDisposesSecured    Citation = "refuse.secured"
	CiteBreaksOrder        Citation = "refuse.order"
	CiteAbleRefuses        Citation = "refuse.able"
	CiteNoAssistance       Citation = "refuse.assistance"
	CiteSettlementResumed  Citation = "settlement.resumed"
	CiteSettlementPeriod   Citation = "settlement.period"
	CiteNoticeDays         Citation = "enforce.notice.days"
	CiteLateApplication    Citation = "apply.late"
	CiteIdentityQuery      Citation = "enforce.identity"
	CiteDelayPayment       Citation = "enforce.delay"
	// 执行程序若干问题的解释
	CiteApplicationSuspended   Citation = "apply.suspended"
	CiteApplicationInterrupted Citation = "apply.interrupted"
	CiteAppliesAgain           Citation = "apply.again"
	// 民事调解
	CiteBurdenEnforced Citation = "mediation.burden"
	CiteBurdenInstead  Citation = "mediation.instead"
	// 诉讼时效
	CiteLimitationSilence  Citation = "limitation.silence"
	CitePartOfClaim        Citation = "limitation.part"
	CiteConsentActs        Citation = "limitation.consent.acts"
	CiteJointInterrupted   Citation = "limitation.joint"
	CiteLimitationObjected Citation = "limitation.objection"
	CiteConsentAfterEnd    Citation = "limitation.consent"
	CiteNotOfItself        Citation = "limitation.court"
	CiteObstacles          Citation = "limitation.obstacles"
	CiteSuspendedSixMonths Citation = "limitation.sixmonths"
	CiteInterrupted        Citation = "limitation.interrupted"
	CiteSettlementReapply  Citation = "settlement.reapply"
	CiteAdministrativeTerm Citation = "apply.administrative"
	CiteExitBanOthers      Citation = "exit.others"
	CiteExitBanGuardian    Citation = "exit.guardian"
	CiteExitBanLifted      Citation = "exit.lifted"
	// 失信
	CiteListingAble         Citation = "listing.able"
	CiteListingObstructs    Citation = "listing.obstructs"
	CiteListingSham         Citation = "listing.sham"
	CiteListingReport       Citation = "listing.report"
	CiteListingOrder        Citation = "listing.order"
	CiteListingSettlement   Citation = "listing.settlement"
	CiteListingGrounds      Citation = "listing.grounds"
	CiteListingTerm         Citation = "listing.term"
	CiteListingEarly        Citation = "listing.early"
	CiteListingMinor        Citation = "listing.minor"
	CiteListingSigned       Citation = "listing.signed"
	CiteListingSecured      Citation = "listing.secured"
	CiteListingWarning      Citation = "listing.warning"
	CiteListingApplied      Citation = "listing.applied"
	CiteListingControlled   Citation = "listing.controlled"
	CiteListingLater        Citation = "listing.later"
	CiteNotRefusing         Citation = "listing.notrefusing"
	CiteListingDeleted      Citation = "listing.deleted"
	CiteListingDeletedAsked Citation = "listing.deleted.asked"
	CiteListingDeletedTerm  Citation = "listing.deleted.term"
	CiteListingAgain        Citation = "listing.again"
	CiteListingCorrection   Citation = "listing.correction"
	CiteListingReview       Citation = "listing.review"
	// 限高
	CiteConsumptionNotice Citation = "consumption.notice"
	CiteConsumptionListed Citation = "consumption.listed"
	CiteConsumptionBans   Citation = "consumption.bans"
	CiteConsumptionUnit   Citation = "consumption.unit"
	CiteConsumptionSigned Citation = "consumption.signed"
	CiteConsumptionPermit Citation = "consumption.permit"
	CiteConsumptionLifted Citation = "consumption.lifted"
	CiteConsumptionBroken Citation = "consumption.broken"
	// 善意文明
	CiteGoodFaith             Citation = "goodfaith"
	CiteGrace                 Citation = "goodfaith.grace"
	CiteNotListed             Citation = "goodfaith.barred"
	CiteSparedDebtor          Citation = "goodfaith.spared"
	CiteStudentLoan           Citation = "goodfaith.student"
	CitePledge                Citation = "goodfaith.pledge"
	CitePostChanged           Citation = "goodfaith.changed"
	CiteUrgentTravel          Citation = "goodfaith.urgent"
	CiteConsumptionCorrection Citation = "goodfaith.correction"
	// 其他执行
	CiteExitBanReview    Citation = "exit.review"
	CiteClosingMonths    Citation = "enforce.months"
	CiteClosingWays      Citation = "enforce.ways"
	CiteRoundNotice      Citation = "round.notice"
	CiteRoundLimits      Citation = "round.limits"
	CiteRoundSearched    Citation = "round.searched"
	CiteRoundMonths      Citation = "round.months"
	CiteRoundMissing     Citation = "round.missing"
	CiteRoundReport      Citation = "round.report"
	CiteRoundMeans       Citation = "round.means"
	CiteRoundUnsold      Citation = "round.unsold"
	CiteRoundTold        Citation = "round.told"
	CiteRoundRuling      Citation = "round.ruling"
	CiteRoundApproved    Citation = "round.approved"
	CiteSettlementChange Citation = "settlement.change"
	CiteSettlementForm   Citation = "settlement.form"
	CiteSettlementBroken Citation = "settlement.broken"
	CiteSettlementKept   Citation = "settlement.kept"
	CiteOutsideAgreement Citation = "settlement.outside"
	CiteDoubledPart      Citation = "interest.part"
	CiteDaysNotCounted   Citation = "interest.excluded"
	CiteInterestUntil    Citation = "interest.until"
	CiteTracing          Citation = "tracing"
	CiteReportOrder      Citation = "report.order"
	CiteRefusalBefore    Citation = "refusal.before"
	CiteOfficesSanctions Citation = "offices.sanctions"
	// 电子送达
	CiteServedOnArrival Citation = "service.arrival"
	CiteServedOnReply   Citation = "service.reply"
	CiteServedOnReading Citation = "service.reading"
	CiteElectronicFile  Citation = "file.electronic"
	CiteServiceRules    Citation = "service.rules"
	CiteServiceConsent  Citation = "service.consent"
	// 民法典
	CiteAdult           Citation = "code.adult"
	CiteSameDay         Citation = "code.sameday"
	CiteRestDay         Citation = "code.restday"
	CiteJoint           Citation = "code.joint"
	CiteOrderOfPayment  Citation = "code.order"
	CiteDoubledLast     Citation = "interest.last"
	CiteRecourse        Citation = "code.recourse"
	CiteThirdParty      Citation = "code.third"
	CiteAppropriation   Citation = "code.appropriation"
	CiteForeignCurrency Citation = "interest.foreign"
	// 抵销、提存
	CiteSetOff           Citation = "code.setoff"
	CiteSetOffNotice     Citation = "code.setoff.notice"
	CiteSetOffInjury     Citation = "code.setoff.injury"
	CiteSetOffEnforced   Citation = "setoff.enforced"
	CiteLodgement        Citation = "code.lodgement"
	CiteLodgementStands  Citation = "code.lodgement.stands"
	CiteLodgementNotice  Citation = "code.lodgement.notice"
	CiteLodgementFetched Citation = "code.lodgement.fetched"
	CiteForgiveness      Citation = "code.forgiveness"
	CiteJointForgiven    Citation = "code.forgiveness.joint"
	CiteJointShares      Citation = "code.joint.shares"
	// 当事人变更
	CiteMergedParty      Citation = "party.merged"
	CiteDividedParty     Citation = "party.divided"
	CiteAssigned         Citation = "party.assigned"
	CiteAssignmentNotice Citation = "party.assigned.notice"
	CiteDebtAssumed      Citation = "party.assumed"
	CiteDebtJoined       Citation = "party.joined"
	CiteConfusion        Citation = "party.confusion"
	CiteHeirsOwe         Citation = "party.heirs.owe"
	CiteHeirsClaim       Citation = "party.heirs.claim"
	CiteDivorceClaim     Citation = "party.divorce.claim"
	CiteEndedClaim       Citation = "party.ended.claim"
	CiteMergedClaim      Citation = "party.merged.claim"
	CiteDividedClaim     Citation = "party.divided.claim"
	CiteAssignedClaim    Citation = "party.assigned.claim"
	CiteEstateOwes       Citation = "party.estate.owes"
	CiteMergedOwes       Citation = "party.merged.owes"
	CiteDividedOwes      Citation = "party.divided.owes"
	CiteEndedOwes        Citation = "party.ended.owes"
	// 多个债权人
	CiteShareMeasures        Citation = "share.measures"
	CiteSharePriority        Citation = "share.priority"
	CiteShareOneInstrument   Citation = "share.instrument"
	CiteParticipation        Citation = "share.participation"
	CiteParticipationAsked   Citation = "share.asked"
	CiteParticipationOrder   Citation = "share.order"
	CiteDistributionServed   Citation = "share.served"
	CiteDistributionObjected Citation = "share.objected"
	CiteShareBankruptcy      Citation = "share.bankruptcy"
	CiteShareNoBankruptcy    Citation = "share.no_bankruptcy"
	// 案款
	CiteMoneyTerm Citation = "money.term"
	// 其他
	CiteBestForMinors       Citation = "minors.best"
	CiteUnfitForDetention   Citation = "detention.unfit"
	CiteOfficialDuty        Citation = "privacy.duty"
	CiteAccessAudit         Citation = "privacy.audit"
	CiteRefusalCrime        Citation = "criminal.refusal"
	CiteFinePayment         Citation = "criminal.fine"
	CiteCriminalPeriod      Citation = "criminal.period"
	CiteFineTerm            Citation = "criminal.fine.term"
	CiteCriminalScope       Citation = "criminal.scope"
	CiteCriminalOrder       Citation = "criminal.order"
	CiteConvictsPerformance Citation = "commutation.performance"
	CitePrisonAnswer        Citation = "commutation.answer"
	CitePrisonLaw           Citation = "commutation.letter"
	// 行政
	CiteLateFineRate   Citation = "fine.rate"
	CiteFineDeferred   Citation = "fine.deferred"
	CiteSurchargeStops Citation = "fine.stops"
	CiteReduction      Citation = "coercion.reduction"
	CiteSurchargeCap   Citation = "coercion.cap"
	CiteAgencyApplies  Citation = "coercion.apply"
	CiteAgencyDemand   Citation = "coercion.demand"
	CiteAgencyAccepted Citation = "coercion.accept"
	CiteAgencyRuling   Citation = "coercion.ruling"
	CiteAgencyDoubtful Citation = "coercion.doubtful"
	CiteWorkingDays    Citation = "coercion.workdays"
	CiteSuingReviewed  Citation = "suing.reviewed"
	CiteSuingDirect    Citation = "suing.direct"
	CiteSuingUntold    Citation = "suing.untold"
	CiteAgencyMonths   Citation = "suing.agency"
	CiteLandSuing      Citation = "suing.land"
	CitePublicHolidays Citation = "holidays"
	// 各类义务怎样执行
	CiteNotarisedProof         Citation = "apply.notarised.proof"
	CiteNotarisedPeriod        Citation = "apply.notarised.period"
	CiteOtherInstruments       Citation = "apply.elsewhere"
	CiteAwardEnforced          Citation = "apply.award"
	CiteNotarisedEnforced      Citation = "apply.notarised"
	CiteFees                   Citation = "fees"
	CiteFeeAmount              Citation = "fees.amount"
	CiteConfiscation           Citation = "criminal.confiscation"
	CiteRestitution            Citation = "criminal.restitution"
	CiteCriminalTransfer       Citation = "criminal.transfer"
	CiteCriminalByCivil        Citation = "criminal.civil"
	CiteFineCollected          Citation = "criminal.fine.collect"
	CiteFineReduced            Citation = "criminal.fine.reduced"
	CiteConfiscatedAtOnce      Citation = "criminal.confiscation.once"
	CiteLivingCosts            Citation = "criminal.living"
	CiteFineHardship           Citation = "fine.hardship"
	CiteAgreement              Citation = "coercion.agreement"
	CiteEnforcementCosts       Citation = "coercion.costs"
	CiteAdministrativeDuty     Citation = "administrative.duty"
	CiteAdministrativeApply    Citation = "administrative.apply"
	CiteAgencyCoerced          Citation = "administrative.agency"
	CiteAgencyEnforces         Citation = "administrative.enforces"
	CiteAdministrativeByCivil  Citation = "administrative.civil"
	CiteAdministrativeEnforced Citation = "administrative.enforced"
)

// citations is the one table of what the program cites; deploy/docs/law.md is
// drawn from it.
var citations = map[Citation]citation{
	// 民事诉讼法
	CitePeriod:            {"期间开始的时和日不计算在内；届满的最后一日是法定休假日的，以法定休假日后的第一日为届满的日期", "TestCivilProcedureLaw85", places(civil(85, 0, 0))},
	CiteElectronicService: {"经受送达人同意，可以电子方式送达诉讼文书，判决书、裁定书、调解书也可以", "TestArticlesOnTheDayOfTheAct", places(at(lawCivilProcedure, "2023年修正", 90, 1, 0), at(lawCivilProcedure, "2021年修正", 90, 1, 0))},
	CitePaperCopy:         {"通过电子方式送达的判决书、裁定书、调解书，受送达人提出需要纸质文书的，人民法院应当提供", "TestArticlesOnTheDayOfTheAct", places(at(lawCivilProcedure, "2023年修正", 90, 1, 0), at(lawCivilProcedure, "2021年修正", 90, 1, 0))},
	CiteObstructsDuty:     {"以暴力、威胁或者其他方法阻碍司法工作人员执行职务的，可以罚款、拘留", "TestMeasuresRestOnTheirOwnRules", places(civil(114, 1, 5))},
	CiteRefusesJudgment:   {"拒不履行人民法院已经发生法律效力的判决、裁定的，可以罚款、拘留", "TestInterpretation188", places(civil(114, 1, 6))},
	CitePunishUnit:        {"对有妨害行为的单位，可以对其主要负责人或者直接责任人员予以罚款、拘留", "TestWhoActsForACompany", places(civil(114, 2, 0))},
	CiteFineAmounts:       {"对个人的罚款金额为十万元以下，对单位为五万元以上一百万元以下", "TestCivilProcedureLaw118", places(civil(118, 1, 0), at(lawCivilProcedure, "2007年修正", 104, 1, 0))},
	CiteDetentionDays:     {"拘留的期限，为十五日以下", "TestCivilProcedureLaw118", places(civil(118, 2, 0), at(lawCivilProcedure, "2007年修正", 104, 2, 0))},
	CiteDetentionRelease:  {"在拘留期间，被拘留人承认并改正错误的，可以决定提前解除拘留", "TestDetentionFromOrderToRelease", places(civil(118, 3, 0))},
	CitePresidentApproves: {"拘传、罚款、拘留必须经院长批准", "TestDetentionFromOrderToRelease", places(civil(119, 1, 0))},
	CitePunishReview:      {"对决定不服的，可以向上一级人民法院申请复议一次；复议期间不停止执行", "TestReviews", places(civil(119, 3, 0))},
	CiteConductObjection:  {"对执行行为的书面异议，自收到之日起十五日内审查；对裁定不服的，十日内申请复议", "TestRemediesInWords", places(civil(236, 0, 0))},
	CiteApplicationPeriod: {"申请执行的期间为二年；时效的中止、中断，适用法律有关诉讼时效中止、中断的规定", "TestCivilProcedureLaw250", places(civil(250, 1, 0))},
	CiteApplicationStart:  {"从履行期间的最后一日起计算；分期履行的，从最后一期履行期限届满之日起；未规定履行期间的，从生效之日起", "TestCivilProcedureLaw250", places(civil(250, 2, 0))},
	CiteEnforcementNotice: {"执行员接到申请执行书或者移交执行书，应当向被执行人发出执行通知，并可以立即采取强制执行措施", "", places(civil(251, 0, 0))},
	CiteInspection:        {"当事人可以查阅、复制本案有关材料和法律文书", "TestACreditorSeesHisOwnAmount", places(civil(52, 2, 0))},
	CitePropertyReport:    {"被执行人应当报告财产情况；拒绝报告或者虚假报告的，可以罚款、拘留", "TestMeasuresRestOnTheirOwnRules", places(civil(252, 0, 0))},
	CiteAssetQuery:        {"被执行人未按执行通知履行的，人民法院有权向有关单位查询其财产情况，查询不得超出其应当履行义务的范围", "TestCivilProcedureLaw253", places(civil(253, 1, 0))},
	CiteDoubledInterest:   {"未按指定的期间履行给付金钱义务的，应当加倍支付迟延履行期间的债务利息；未履行其他义务的，支付迟延履行金", "TestDoubledInterestOfADebt", places(civil(264, 0, 0))},
	CiteExitBan:           {"被执行人不履行法律文书确定的义务的，可以采取限制出境、公布不履行义务信息等措施", "TestMeasuresRestOnTheirOwnRules", places(civil(266, 0, 0))},
	// 适用民事诉讼法的解释
	CiteDetaining:          {"拘留应经院长批准，作出拘留决定书，由司法警察将被拘留人送交当地公安机关看管", "TestDetentionFromOrderToRelease", places(interpretation(178, 0, 0))},
	CiteFamilyTold:         {"采取拘留措施后，应当在二十四小时内通知其家属；无法通知的，记录在案", "TestDetentionFromOrderToRelease", places(interpretation(180, 0, 0))},
	CiteEmergencyDetention: {"因用暴力、威胁等方法抗拒执行公务等紧急情况，可在拘留后立即报告院长补办批准手续；院长认为不当的，应当解除", "TestInterpretation181", places(interpretation(181, 0, 0))},
	CiteRemorse:            {"被拘留人认错悔改的，可以责令其具结悔过，提前解除拘留，报经院长批准", "TestDetentionFromOrderToRelease", places(interpretation(182, 0, 0))},
	CiteBothPunishments:    {"罚款、拘留可以单独适用，也可以合并适用", "TestInterpretation183And184", places(interpretation(183, 0, 0))},
	CiteSameAct:            {"对同一妨害民事诉讼行为的罚款、拘留不得连续适用", "TestInterpretation183And184", places(interpretation(184, 0, 0))},
	CitePunishReviewDays:   {"自收到决定书之日起三日内申请复议，上级人民法院在收到后五日内作出决定", "TestReviews", places(interpretation(185, 0, 0))},
	CiteHidesProperty:      {"在法律文书生效后隐藏、转移财产等，致使人民法院无法执行", "TestMeasuresRestOnTheirOwnRules", places(interpretation(188, 0, 1))},
	CiteDisposesSecured:    {"未经人民法院允许处分已向人民法院提供担保的财产", "TestMeasuresRestOnTheirOwnRules", places(interpretation(188, 0, 2))},
	CiteBreaksOrder:        {"违反人民法院限制高消费令进行消费", "TestMeasuresRestOnTheirOwnRules", places(interpretation(188, 0, 3))},
	CiteAbleRefuses:        {"有履行能力而拒不按照人民法院执行通知履行义务", "TestMeasuresRestOnTheirOwnRules", places(interpretation(188, 0, 4))},
	CiteNoAssistance:       {"有义务协助执行的个人接到协助执行通知书后，拒不协助执行", "TestWhoActsForACompany", places(interpretation(188, 0, 5))},
	CiteSettlementResumed:  {"不履行和解协议的，应当恢复执行，已履行的部分扣除；已经履行完毕的，不予恢复", "TestSettlementRules11Resuming", places(interpretation(465, 0, 0))},
	CiteSettlementPeriod:   {"申请执行期间因达成执行中的和解协议而中断，自和解协议约定履行期限的最后一日起重新计算", "TestProcedureInterpretation20", places(interpretation(466, 0, 0))},
	CiteNoticeDays:         {"收到申请执行书或者移交执行书后十日内发出执行通知", "TestPeriodsThatBindTheOfficer", places(interpretation(480, 1, 0))},
	CiteLateApplication:    {"超过申请执行时效期间申请的，应予受理；被执行人提出异议并成立的，裁定不予执行", "TestInterpretation481", places(interpretation(481, 1, 0))},
	CiteDelayPayment:       {"未按指定的期间履行非金钱给付义务的，都应当支付迟延履行金；已经造成损失的，双倍补偿；没有造成损失的，由人民法院根据具体案件情况决定", "TestTheEnforcementNoticeOfEachDuty", places(interpretation(505, 0, 0))},
	CiteIdentityQuery:      {"人民法院有权查询被执行人的身份信息与财产信息，掌握相关信息的单位和个人必须协助", "TestCivilProcedureLaw253", places(interpretation(483, 0, 0))},
	// 多个债权人
	CiteShareMeasures:        {"多份生效法律文书确定金钱给付内容的多个债权人，均无担保物权的，按照执行法院采取执行措施的先后顺序受偿", "TestEnforcementRules55", work(55, 88, 1)},
	CiteSharePriority:        {"基于所有权和担保物权而享有的债权，优先于金钱债权受偿", "TestEnforcementRules55", work(55, 88, 2)},
	CiteShareOneInstrument:   {"一份生效法律文书的多个债权人，财产不足清偿全部债务、均无担保物权的，按照各债权比例受偿", "TestEnforcementRules55", work(55, 88, 3)},
	CiteParticipation:        {"被执行人为公民或者其他组织，其财产不能清偿所有债权的，其他已经取得执行依据的债权人可以申请参与分配；有优先权、担保物权的，可以直接申请", "TestInterpretation506to511", places(interpretation(506, 0, 0))},
	CiteParticipationAsked:   {"申请参与分配应当提交申请书，在执行程序开始后、被执行人的财产执行终结前提出", "TestInterpretation506to511", places(interpretation(507, 0, 0))},
	CiteParticipationOrder:   {"扣除执行费用并清偿优先受偿的债权后，普通债权原则上按照其占全部申请参与分配债权数额的比例受偿；剩余债务应当继续清偿", "TestInterpretation506to511", places(interpretation(508, 0, 0))},
	CiteMoneyTerm:            {"收到执行款到账通知之日起三十日内完成核算、结算、通知领取和发放；法定情形经批准可以延缓发放，情形消失后十日内发放", "TestTheTermOfCaseMoney", places(at(lawMoney, "2017年", 10, 0, 0))},
	CiteDistributionServed:   {"制作财产分配方案，送达各债权人和被执行人；有异议的，自收到之日起十五日内提出书面异议", "TestInterpretation506to511", places(interpretation(509, 0, 0))},
	CiteDistributionObjected: {"通知未提出异议的人，十五日内无人反对的，依异议修正后分配；有人反对的，异议人十五日内起诉，逾期按原方案；诉讼期间分配的，提存与争议债权数额相应的款项", "TestInterpretation506to511", places(interpretation(510, 0, 0))},
	CiteShareBankruptcy:      {"作为被执行人的企业法人符合破产条件的，经申请执行人之一或者被执行人同意，裁定中止执行，移送破产审查", "TestInterpretation506to511", places(interpretation(511, 0, 0))},
	CiteShareNoBankruptcy:    {"不同意移送破产或者不受理的，扣除执行费用、清偿优先债权后，普通债权按照查封、扣押、冻结的先后顺序清偿", "TestInterpretation506to511", places(interpretation(514, 0, 0))},
	// 执行程序若干问题的解释
	CiteApplicationSuspended:   {"在申请执行时效期间的最后六个月内，因不可抗力或者其他障碍不能行使请求权的，时效中止；原因消除之日起继续计算", "TestCivilCode194", places(procedureInterpretation(19))},
	CiteApplicationInterrupted: {"因申请执行、达成和解协议、提出履行要求或者同意履行义务而中断，重新计算", "TestProcedureInterpretation20", places(procedureInterpretation(20))},
	CiteAppliesAgain:           {"终结本次执行程序后再次申请执行的，不受申请执行时效期间的限制", "TestProcedureInterpretation20", places(interpretation(517, 2, 0))},
	CiteBurdenEnforced:         {"调解书确定的承担民事责任的条件成就时，当事人申请执行的，人民法院应当依法执行", "TestMediationRules15", mediation(1)},
	CiteBurdenInstead:          {"承担了调解书确定的民事责任后，又要求承担迟延履行责任的，不予支持", "TestMediationRules15", mediation(2)},
	CiteLimitationSilence:      {"当事人未提出诉讼时效抗辩的，人民法院不应对诉讼时效问题进行释明", "TestTheStoryOfAPeriod", limitation(2, 3)},
	CitePartOfClaim:            {"对同一债权中的部分债权主张权利的，中断的效力及于剩余债权", "TestProcedureInterpretation20", limitation(9, 11)},
	CiteConsentActs:            {"分期履行、部分履行、提供担保、请求延期履行、制定清偿债务计划等，是同意履行义务", "TestProcedureInterpretation20", limitation(14, 16)},
	CiteJointInterrupted:       {"对连带债权人、连带债务人中的一人发生的中断事由，对其他人也发生中断的效力", "TestLimitationRules15", limitation(15, 17)},
	CiteLimitationObjected:     {"诉讼时效期间届满的，义务人可以提出不履行义务的抗辩", "TestInterpretation481", places(code(192, 1))},
	CiteConsentAfterEnd:        {"期间届满后，义务人同意履行的，不得以期间届满为由抗辩；已经自愿履行的，不得请求返还", "TestCivilCode192", places(code(192, 2))},
	CiteNotOfItself:            {"人民法院不得主动适用诉讼时效的规定", "TestInterpretation481", places(code(193, 0))},
	CiteObstacles:              {"在期间的最后六个月内，因不可抗力等障碍不能行使请求权的，诉讼时效中止", "TestCivilCode194", places(code(194, 1))},
	CiteSuspendedSixMonths:     {"自中止时效的原因消除之日起满六个月，诉讼时效期间届满", "TestCivilCode194", places(code(194, 2))},
	CiteInterrupted:            {"诉讼时效中断的，从中断、有关程序终结时起重新计算", "TestProcedureInterpretation20", places(code(195, 0))},
	CiteSettlementReapply:      {"不履行执行和解协议的，申请恢复执行期间自协议约定履行期间的最后一日起计算", "TestProcedureInterpretation20", places(settlement(10))},
	CiteAdministrativeTerm:     {"从规定的履行期间的最后一日起计算；分期履行的，从每次履行期间的最后一日起；没有规定履行期限的，从送达之日起", "TestAdministrativeInterpretation153", places(at(lawAdministrativeInterpretation, "2018年", 153, 2, 0))},
	CiteExitBanOthers:          {"被执行人为单位的，可以对其法定代表人、主要负责人或者直接责任人员限制出境", "TestWhoActsForACompany", places(procedureInterpretation(24))},
	CiteExitBanGuardian:        {"被执行人为无民事行为能力人或者限制民事行为能力人的，可以对其法定代理人限制出境", "TestMinorsAreNeverListedOrDetained", places(procedureInterpretationOf(24, 2))},
	CiteExitBanLifted:          {"履行全部债务的，应当及时解除限制出境；提供担保或者申请执行人同意的，可以解除", "TestMeasuresRestOnTheirOwnRules", places(procedureInterpretation(25))},
	// 失信
	CiteListingAble:         {"有履行能力而拒不履行生效法律文书确定义务的", "TestListingRules1And2", places(listing(1, 0, 1))},
	CiteListingObstructs:    {"以伪造证据、暴力、威胁等方法妨碍、抗拒执行的", "TestListingRules1And2", places(listing(1, 0, 2))},
	CiteListingSham:         {"以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行的", "TestListingRules1And2", places(listing(1, 0, 3))},
	CiteListingReport:       {"违反财产报告制度的", "TestListingRules1And2", places(listing(1, 0, 4))},
	CiteListingOrder:        {"违反限制消费令的", "TestListingRules1And2", places(listing(1, 0, 5))},
	CiteListingSettlement:   {"无正当理由拒不履行执行和解协议的", "TestListingRules1And2", places(listing(1, 0, 6))},
	CiteListingGrounds:      {"纳入失信被执行人名单的六种情形", "TestListingRules1And2", places(listing(1, 0, 0))},
	CiteListingTerm:         {"第二项至第六项情形的期限为二年；情节严重或者具有多项失信行为的，可以延长一至三年", "TestListingRules1And2", places(listing(2, 1, 0))},
	CiteListingEarly:        {"积极履行义务或者主动纠正失信行为的，可以决定提前删除失信信息", "TestListingRules10", places(listing(2, 2, 0))},
	CiteListingMinor:        {"被执行人为未成年人的，不得纳入失信被执行人名单", "TestMinorsAreNeverListedOrDetained", places(listing(4, 0, 0))},
	CiteListingSigned:       {"纳入决定书由院长签发，自作出之日起生效，按法定方式送达", "TestMeasuresRestOnTheirOwnRules", places(listing(5, 0, 0))},
	CiteListingWarning:      {"执行通知中应当载明有关纳入失信被执行人名单的风险提示等内容", "TestTheEnforcementNoticeOfEachDuty", places(listing(5, 1, 0))},
	CiteListingApplied:      {"申请执行人可以申请纳入，人民法院应当自收到申请之日起十五日内审查并作出决定", "TestTheConditionsOfMeasures", places(listing(5, 2, 0))},
	CiteListingSecured:      {"提供了充分有效担保的，不得依据第一条第一项纳入", "TestListingRules3", places(listing(3, 0, 1))},
	CiteListingControlled:   {"已被采取查封、扣押、冻结等措施的财产足以清偿债务的，不得依据第一条第一项纳入", "TestListingRules3", places(listing(3, 0, 2))},
	CiteListingLater:        {"被执行人履行顺序在后，对其依法不应强制执行的，不得依据第一条第一项纳入", "TestListingRules3", places(listing(3, 0, 3))},
	CiteNotRefusing:         {"其他不属于有履行能力而拒不履行的情形，不得依据第一条第一项纳入", "TestListingRules3", places(listing(3, 0, 4))},
	CiteListingDeleted:      {"履行完毕等情形，三个工作日内删除失信信息", "TestListingRules10", places(listing(10, 1, 0), at(lawListing, "2013年", 7, 0, 0))},
	CiteListingDeletedAsked: {"申请执行人书面申请删除失信信息，人民法院审查同意的", "TestListingRules10", places(listing(10, 1, 3))},
	CiteListingDeletedTerm:  {"有纳入期限的，期限届满后三个工作日内删除", "TestListingRules10", places(listing(10, 2, 0))},
	CiteListingAgain:        {"因申请执行人申请而删除的，六个月内其再次申请纳入的，不予支持", "TestListingRules10", places(listing(10, 3, 0))},
	CiteListingCorrection:   {"被纳入的人认为不应当纳入、记载不准确或者应予删除的，可以申请纠正", "TestReviews", places(listing(11, 0, 0))},
	CiteListingReview:       {"自收到书面纠正申请之日起十五日内审查；成立的，三个工作日内纠正；不服驳回的，十日内申请复议", "TestReviews", places(listing(12, 1, 0))},
	// 限高
	CiteConsumptionNotice: {"未按执行通知书指定的期间履行给付义务的，可以限制消费", "TestConsumptionRules1", consumption(1, 1)},
	CiteConsumptionListed: {"纳入失信被执行人名单的，应当限制消费", "TestConsumptionRules1", places(at(lawConsumption, "2015年修正", 1, 2, 0))},
	CiteConsumptionBans:   {"被限制消费后不得有的高消费及非生活和工作必需的消费行为", "", consumption(3, 1)},
	CiteConsumptionUnit:   {"单位被限制消费的，其四类人员不得以单位财产消费；因私以个人财产消费的，可以申请准许", "TestWhoActsForACompany", consumption(3, 2)},
	CiteConsumptionSigned: {"限制消费令由院长签发", "TestMeasuresRestOnTheirOwnRules", consumption(5, 0)},
	CiteConsumptionBroken: {"违反限制消费令进行消费的，依法拘留、罚款；情节严重，构成犯罪的，追究刑事责任", "TestTheConsumptionOrderHasTwoForms", consumption(11, 1)},
	CiteConsumptionPermit: {"因生活或者经营必需而消费的，应当提出申请，获批准后方可进行", "TestAskingToSpend", consumption(8, 0)},
	CiteConsumptionLifted: {"提供确实有效的担保或者经申请执行人同意的，可以解除；履行完毕的，应当解除", "TestMeasuresRestOnTheirOwnRules", consumption(9, 0)},
	// 善意文明
	CiteGoodFaith:             {"强化善意文明执行理念，严格规范惩戒措施", "TestMeasuresRestOnTheirOwnRules", places(at(lawGoodFaith, "2019年", 0, 0, 0))},
	CiteGrace:                 {"可以给予一至三个月的宽限期", "TestGrace", places(at(lawGoodFaith, "2019年", 15, 0, 0))},
	CiteNotListed:             {"不得采取惩戒措施的几类情形；单位失信的，不得将其法定代表人、主要负责人等纳入失信名单", "", places(at(lawGoodFaith, "2019年", 16, 0, 0))},
	CiteSparedDebtor:          {"已经控制足以清偿债务的财产，或者申请执行人申请暂不采取惩戒措施的，不得纳入失信名单或限制消费", "TestGoodFaith16", places(at(lawGoodFaith, "2019年", 16, 0, 0))},
	CiteStudentLoan:           {"全日制在校生因“校园贷”纠纷成为被执行人的，一般不得采取惩戒措施", "TestGoodFaith16", places(at(lawGoodFaith, "2019年", 16, 0, 0))},
	CitePledge:                {"申请时应当提交充分有效的证据并按要求作出书面承诺；提供虚假证据或者违反承诺的，恢复限制，对其再次申请不予批准", "TestAskingToSpend", places(at(lawGoodFaith, "2019年", 17, 2, 0))},
	CitePostChanged:           {"法定代表人、主要负责人确因经营管理需要变更的，可以申请解除对其本人的限制消费", "TestMeasuresRestOnTheirOwnRules", places(at(lawGoodFaith, "2019年", 17, 0, 2))},
	CiteUrgentTravel:          {"因重病、丧葬、公务、重要考试等紧急情况，经院长批准，可以最长一个月暂时解除乘坐飞机、高铁的限制", "TestAskingToSpend", places(at(lawGoodFaith, "2019年", 17, 0, 3))},
	CiteConsumptionCorrection: {"对限制消费措施申请纠正的，参照失信规定第十二条办理", "TestRemediesInWords", places(at(lawGoodFaith, "2019年", 18, 0, 0))},
	// 其他执行
	CiteExitBanReview:    {"自收到限制出境决定之日起十日内向上一级人民法院申请复议，十五日内决定，期间不停止执行", "TestReviews", places(objection(9))},
	CiteClosingMonths:    {"一般应当在立案之日起六个月内执行结案", "TestPeriodsThatBindTheOfficer", places(at(lawWork, "2020年修正", 63, 0, 0), at(lawWork, "1998年", 107, 0, 0))},
	CiteClosingWays:      {"执行结案的方式", "TestEnforcementProvisions64", places(at(lawWork, "2020年修正", 64, 0, 0), at(lawWork, "1998年", 108, 0, 0))},
	CiteSettlementChange: {"可以自愿协商达成和解协议，变更主体、标的、期限、地点和方式", "TestSettlementRules2", places(settlement(1))},
	CiteSettlementForm:   {"和解协议的三种形式，有其一的可以裁定中止执行", "TestSettlementRules2", places(settlement(2))},
	CiteSettlementBroken: {"不履行执行和解协议的，可以申请恢复执行，也可以就履行协议提起诉讼", "TestSettlementRules11Resuming", places(settlement(9))},
	// Article 19 is quoted from memory: its text was not at hand.
	CiteOutsideAgreement: {"当事人自行达成而未进入执行程序的和解协议：履行完毕的，不再执行原法律文书；期限未届至或者正在按约履行的，不执行；不履行的，执行原法律文书", "TestSettlementRules19", places(settlement(19))},
	CiteSettlementKept:   {"已履行完毕、期限未届至、正在按约履行的，裁定不予恢复执行", "TestSettlementRules11Resuming", places(settlement(11))},
	CiteDoubledPart:      {"加倍部分债务利息＝尚未清偿的除一般债务利息之外的金钱债务×日万分之一点七五×迟延履行期间", "TestDoubledInterestOfADebt", places(at(lawDelay, "2014年", 1, 3, 0))},
	CiteInterestUntil:    {"划拨、提取存款等财产的，相应部分的加倍部分债务利息计算至划拨、提取之日；拍卖、变卖或者以物抵债的，计算至成交裁定或者抵债裁定生效之日", "TestInterpretation506to511", places(at(lawDelay, "2014年", 3, 2, 0))},
	CiteDaysNotCounted:   {"非因被执行人的申请，对生效法律文书审查而中止或者暂缓执行的期间及再审中止执行的期间，不计算加倍部分债务利息", "TestFashi2014No8Articles1And3", places(at(lawDelay, "2014年", 3, 3, 0))},
	CiteReportOrder:      {"责令报告财产的，应当发出报告财产令，与执行通知同时发出", "TestListingRules3", places(at(lawInvestigation, "2020年修正", 3, 0, 0), at(lawInvestigation, "2017年", 3, 0, 0))},
	CiteRoundNotice:      {"已向被执行人发出执行通知、责令被执行人报告财产", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 1, 0, 1))},
	CiteRoundLimits:      {"已向被执行人发出限制消费令，并将符合条件的被执行人纳入失信被执行人名单", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 1, 0, 2))},
	CiteRoundSearched:    {"已穷尽财产调查措施，未发现被执行人有可供执行的财产或者发现的财产不能处置", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 1, 0, 3))},
	CiteRoundMonths:      {"自执行案件立案之日起已超过三个月", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 1, 0, 4))},
	CiteRoundMissing:     {"被执行人下落不明的，已依法予以查找；妨害执行的，已依法采取罚款、拘留等强制措施，构成犯罪的，已依法启动刑事责任追究程序", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 1, 0, 5))},
	CiteRoundReport:      {"责令报告财产，应当发出报告财产令，对报告核查，对逾期、拒绝或者虚假报告的依法处罚，并记录入卷", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 2, 0, 0))},
	CiteRoundMeans:       {"应当核查财产线索，通过网络执行查控系统查询存款、车辆、不动产、有价证券等，不能查询的进行必要调查，依法采取搜查、审计、悬赏等措施", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 3, 0, 0))},
	CiteRoundUnsold:      {"发现的财产不能处置，包括拍卖、变卖未成交又不能抵债和强制管理的，以及登记查封的车辆、船舶等未能实际扣押的", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 4, 0, 0))},
	CiteRoundTold:        {"终结本次执行程序前，应当将执行情况、财产调查措施、财产情况、依据及法律后果等告知申请执行人，听取其意见并记录入卷", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 5, 0, 0))},
	CiteRoundRuling:      {"终结本次执行程序应当制作裁定书；裁定书送达申请执行人后，执行案件可以作结案处理", "TestTheConditionsOfThisRound", places(at(lawRound, "2016年", 6, 0, 0))},
	CiteRoundApproved:    {"经过财产调查未发现可供执行的财产，在申请执行人签字确认或者执行法院组成合议庭审查核实并经院长批准后，可以裁定终结本次执行程序", "TestTheConditionsOfThisRound", places(interpretation(517, 1, 0))},
	CiteRefusalBefore:    {"诉讼开始后、裁判生效前隐藏、转移财产，生效后要求其执行而拒不执行的，可以拒不执行判决、裁定罪追究刑事责任", "TestRefusalInterpretation6", places(at(lawRefusal, "2024年", 6, 0, 0))},
	CiteTracing:          {"下落不明的，可以请公安机关协助查找", "TestMeasuresRestOnTheirOwnRules", places(at(lawLinked, "2016年", 0, 0, 0))},
	CiteOfficesSanctions: {"第二部分：联合惩戒的措施", "", places(at(lawOffices, "2016年", 0, 0, 0))},
	// 电子送达
	CiteServedOnArrival: {"向受送达人主动提供或者确认的电子地址送达的，送达信息到达时即为送达", "TestOnlineRules31", places(at(lawOnline, "2021年", 31, 1, 0), at(lawPilot, "2020年", 26, 0, 0), at(lawInterpretation, "2015年", 135, 2, 0))},
	CiteServedOnReply:   {"回复已收悉，或者根据送达内容已作出相应诉讼行为的，即为完成有效送达", "TestOnlineRules31", places(at(lawOnline, "2021年", 31, 2, 1), at(lawPilot, "2020年", 26, 0, 1))},
	CiteServedOnReading: {"系统反馈受送达人已阅知的，推定完成有效送达", "TestOnlineRules31", places(at(lawOnline, "2021年", 31, 2, 2), at(lawPilot, "2020年", 26, 0, 2))},
	CiteElectronicFile:  {"当事人提交的材料、送达的文书和凭证等一并存入电子卷宗", "TestOnlineRules35", places(at(lawOnline, "2021年", 35, 0, 0))},
	CiteServiceRules:    {"电子送达何时生效；全程留痕，电子送达凭证具有送达回证效力", "TestOnlineRules31", places(at(lawOnline, "2021年", 31, 0, 0), at(lawPilot, "2020年", 26, 0, 0))},
	CiteServiceConsent:  {"可以确定受送达人同意电子送达的情形", "", places(at(lawOnline, "2021年", 29, 0, 0))},
	// 民法典
	CiteAdult:            {"十八周岁以上的自然人为成年人", "TestCivilCode17", places(code(17, 0))},
	CiteSameDay:          {"按照年、月计算期间的，到期月的对应日为最后一日；没有对应日的，月末日为最后一日", "TestCivilCode202", places(code(202, 0))},
	CiteRestDay:          {"期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日", "TestCivilCode203", places(code(203, 1))},
	CiteJoint:            {"债权人可以请求部分或者全部连带债务人履行全部债务", "", places(at(lawCivilCode, "2020年", 518, 0, 0))},
	CiteOrderOfPayment:   {"给付不足以清偿全部债务的，依次为实现债权的费用、利息、主债务，另有约定的除外", "TestCivilCode561", places(at(lawCivilCode, "2020年", 561, 0, 0))},
	CiteDoubledLast:      {"财产不足以清偿全部债务的，先清偿法律文书确定的金钱债务，再清偿加倍部分债务利息，另有约定的除外", "TestAllocate", places(at(lawDelay, "2014年", 4, 0, 0))},
	CiteRecourse:         {"实际承担债务超过自己份额的连带债务人，有权向其他连带债务人追偿", "TestACertificateSaysWhatTheRecordSays", places(at(lawCivilCode, "2020年", 519, 0, 0))},
	CiteThirdParty:       {"债权人接受第三人履行后，其对债务人的债权转让给第三人，另有约定的除外", "TestACertificateSaysWhatTheRecordSays", places(at(lawCivilCode, "2020年", 524, 2, 0))},
	CiteAppropriation:    {"债务人的给付不足以清偿全部债务的，由债务人指定其履行的债务；未作指定的，优先履行已经到期的债务", "TestCivilCode560", places(at(lawCivilCode, "2020年", 560, 0, 0))},
	CiteForeignCurrency:  {"确定给付外币的，以该种外币计算加倍部分债务利息，申请执行人主张以人民币计算的应予准许，按加倍部分债务利息起算之日公布的人民币对该外币的中间价折合", "TestFashi2014No8Article5", places(at(lawDelay, "2014年", 5, 0, 0))},
	CiteSetOff:           {"互负债务、标的物种类品质相同的，任何一方可以将自己的债务与对方的到期债务抵销，依债务性质、约定或者法律规定不得抵销的除外", "TestCivilCode568", places(at(lawCivilCode, "2020年", 568, 1, 0))},
	CiteSetOffNotice:     {"主张抵销的应当通知对方，通知自到达对方时生效；抵销不得附条件或者附期限", "TestCivilCode568", places(at(lawCivilCode, "2020年", 568, 2, 0))},
	CiteSetOffInjury:     {"因侵害自然人人身权益，或者故意、重大过失侵害他人财产权益产生的损害赔偿债务，侵权人主张抵销的，不予支持", "TestCivilCode568", places(at(lawContracts, "2023年", 57, 0, 0))},
	CiteSetOffEnforced:   {"被执行人请求抵销的债务，应当已经生效法律文书确定或者经申请执行人认可，并与所负债务的标的物种类、品质相同", "TestObjectionRules19", objection(19)},
	CiteLodgement:        {"债权人无正当理由拒绝受领、下落不明，或者死亡、丧失行为能力而未确定继承人、遗产管理人、监护人等，难以履行债务的，可以提存", "TestCivilCode570", places(at(lawCivilCode, "2020年", 570, 1, 0))},
	CiteLodgementStands:  {"将标的物交付提存部门时，提存成立；提存成立的，视为债务人在其提存范围内已经交付标的物", "TestCivilCode570", places(at(lawCivilCode, "2020年", 571, 0, 0))},
	CiteLodgementNotice:  {"标的物提存后，债务人应当及时通知债权人或者其继承人、遗产管理人、监护人、财产代管人", "TestCivilCode570", places(at(lawCivilCode, "2020年", 572, 0, 0))},
	CiteLodgementFetched: {"债权人可以随时领取提存物；领取的权利自提存之日起五年内不行使而消灭，提存物扣除提存费用后归国家所有", "TestCivilCode570", places(at(lawCivilCode, "2020年", 574, 0, 0))},
	CiteForgiveness:      {"债权人免除债务人部分或者全部债务的，债权债务部分或者全部终止，但是债务人在合理期限内拒绝的除外", "TestCivilCode575", places(at(lawCivilCode, "2020年", 575, 0, 0))},
	CiteJointForgiven:    {"部分连带债务人的债务被债权人免除的，在该连带债务人应当承担的份额范围内，其他债务人对债权人的债务消灭", "TestCivilCode520", places(at(lawCivilCode, "2020年", 520, 2, 0))},
	CiteJointShares:      {"连带债务人之间的份额难以确定的，视为份额相同", "TestCivilCode520", places(at(lawCivilCode, "2020年", 519, 1, 0))},
	// 当事人变更
	CiteMergedParty:      {"法人合并的，其权利和义务由合并后的法人享有和承担", "TestChangeOfParties2to12", places(code(67, 1))},
	CiteDividedParty:     {"法人分立的，其权利和义务由分立后的法人享有连带债权，承担连带债务，但是债权人和债务人另有约定的除外", "TestChangeOfParties2to12", places(code(67, 2))},
	CiteAssigned:         {"债权人可以将债权的全部或者部分转让给第三人", "TestCivilCode546", places(at(lawCivilCode, "2020年", 545, 1, 0))},
	CiteAssignmentNotice: {"债权人转让债权，未通知债务人的，该转让对债务人不发生效力", "TestCivilCode546", places(at(lawCivilCode, "2020年", 546, 1, 0))},
	CiteDebtAssumed:      {"债务人将债务的全部或者部分转移给第三人的，应当经债权人同意", "TestCivilCode551", places(at(lawCivilCode, "2020年", 551, 1, 0))},
	CiteDebtJoined:       {"第三人与债务人约定加入债务并通知债权人，债权人未在合理期限内明确拒绝的，债权人可以请求第三人在其愿意承担的债务范围内和债务人承担连带债务", "TestCivilCode551", places(at(lawCivilCode, "2020年", 552, 0, 0))},
	CiteConfusion:        {"债权和债务同归于一人的，债权债务终止", "TestCivilCode546", places(at(lawCivilCode, "2020年", 576, 0, 0))},
	CiteHeirsOwe:         {"继承人以所得遗产实际价值为限清偿被继承人的债务；放弃继承的，可以不负清偿责任", "TestCivilCode1161", places(at(lawCivilCode, "2020年", 1161, 0, 0))},
	CiteHeirsClaim:       {"作为申请执行人的自然人死亡的，可以变更、追加遗产管理人、继承人、受遗赠人等为申请执行人", "TestChangeOfParties2to12", parties(2)},
	CiteDivorceClaim:     {"离婚时权利全部或者部分分割给配偶的，可以变更、追加该配偶为申请执行人", "TestChangeOfParties2to12", parties(3)},
	CiteEndedClaim:       {"作为申请执行人的单位终止的，可以变更、追加依法承受其权利的主体为申请执行人", "TestChangeOfParties2to12", parties(4)},
	CiteMergedClaim:      {"作为申请执行人的单位因合并而终止的，可以变更合并后的单位为申请执行人", "TestChangeOfParties2to12", parties(5)},
	CiteDividedClaim:     {"作为申请执行人的单位分立的，可以变更、追加依分立协议承受权利的单位为申请执行人", "TestChangeOfParties2to12", parties(6)},
	CiteAssignedClaim:    {"申请执行人将债权依法转让给第三人，且书面认可第三人取得该债权的，可以变更、追加该第三人为申请执行人", "TestCivilCode546", parties(9)},
	CiteEstateOwes:       {"作为被执行人的自然人死亡的，可以变更、追加遗产管理人、继承人、受遗赠人等取得遗产的主体为被执行人，在遗产范围内承担责任", "TestCivilCode1161", parties(10)},
	CiteMergedOwes:       {"作为被执行人的单位因合并而终止的，可以变更合并后的单位为被执行人", "TestChangeOfParties2to12", parties(11)},
	CiteDividedOwes:      {"作为被执行人的单位分立的，可以变更、追加分立后新设的单位为被执行人，对债务承担连带责任；与债权人另有书面约定的除外", "TestChangeOfParties2to12", parties(12)},
	CiteEndedOwes:        {"作为被执行人的公民死亡的，以其遗产偿还债务；法人或者其他组织终止的，由其权利义务承受人履行义务", "TestChangeOfParties2to12", places(civil(243, 0, 0))},
	// 其他
	CiteBestForMinors:       {"保护未成年人，应当坚持最有利于未成年人的原则", "TestMinorsAreNeverListedOrDetained", places(at(lawMinors, "2024年修正", 4, 0, 0), at(lawMinors, "2020年修订", 4, 0, 0), at(lawMinors, "2012年修正", 0, 0, 0))},
	CiteUnfitForDetention:   {"患有精神病、需要隔离治疗的传染病或者病情严重可能危及生命的，应当建议停止执行拘留", "TestMeasuresRestOnTheirOwnRules", places(at(lawDetentionHouse, "2012年", 19, 0, 0))},
	CiteOfficialDuty:        {"国家机关为履行法定职责处理个人信息，应当依照法定权限、程序，不得超出必要的范围和限度", "TestCivilProcedureLaw253", places(at(lawPrivacy, "2021年", 34, 0, 0))},
	CiteAccessAudit:         {"应当定期对处理个人信息的情况进行合规审计", "", places(at(lawPrivacy, "2021年", 54, 0, 0))},
	CiteRefusalCrime:        {"对人民法院的判决、裁定有能力执行而拒不执行，情节严重的，追究刑事责任", "", places(at(lawCriminal, "1997年修订", 313, 0, 0))},
	CiteFinePayment:         {"罚金在判决指定的期限内缴纳；不能全部缴纳的，任何时候随时追缴；确有困难的，经裁定可以延期、减少或者免除", "", places(at(lawCriminal, "1997年修订", 53, 0, 0))},
	CiteCriminalPeriod:      {"期间开始的时和日不算；最后一日为节假日的，以节假日后的第一日为届满日期", "TestCommutationRules13", places(at(lawCriminalTrial, "2018年修正", 105, 0, 0), at(lawCriminalTrial, "2012年修正", 103, 0, 0))},
	CiteFineTerm:            {"判决指定的期限从判决发生法律效力第二日起最长不超过三个月", "TestPropertyPenaltyRules5", places(at(lawFines, "2000年", 5, 0, 0))},
	CiteCriminalScope:       {"刑事裁判涉财产部分的范围；附带民事裁判的执行，适用民事执行的有关规定", "TestCategoriesOfDuties", places(at(lawCriminalProperty, "2014年", 1, 0, 0))},
	CiteCriminalOrder:       {"财产不足以支付的顺序：医疗费用、退赔、其他民事债务、罚金、没收财产", "TestCriminalPropertyRules13", places(at(lawCriminalProperty, "2014年", 13, 1, 0))},
	CiteConvictsPerformance: {"以结案通知书、缴付款票据、执行情况说明等审查；亲属代为履行的，视为本人履行", "TestCommutationRules2RelativesPayAsTheConvict", places(at(lawCommutation, "2024年", 2, 0, 0))},
	CitePrisonAnswer:        {"收到刑罚执行机关的公函后，应当在七日内出具相关证明", "TestCommutationRules13", places(at(lawCommutation, "2024年", 13, 2, 0))},
	CitePrisonLaw:           {"财产性判项实际执行情况的材料移送刑罚执行机关；答复其公函", "TestCommutationRules13", places(at(lawCommutation, "2024年", 13, 0, 0))},
	// 行政
	CiteLateFineRate:   {"到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，不得超出罚款的数额", "TestAdministrativePenaltyLaw72", places(at(lawPunishment, "2021年修订", 72, 1, 1), at(lawPunishment, "1996年", 51, 0, 1))},
	CiteFineDeferred:   {"批准延期、分期缴纳罚款的，申请强制执行的期限自暂缓或者分期缴纳期限结束之日起计算", "TestAdministrativeEnforcementLaw53", places(at(lawPunishment, "2021年修订", 72, 2, 0))},
	CiteSurchargeStops: {"申请行政复议或者提起行政诉讼的，加处罚款的数额在复议或者诉讼期间不予计算", "TestAdministrativePenaltyLaw72", places(at(lawPunishment, "2021年修订", 73, 3, 0))},
	CiteReduction:      {"当事人采取补救措施的，可以减免加处的罚款或者滞纳金", "TestAdministrativeEnforcementLaw42", places(at(lawCoercion, "2011年", 42, 1, 0))},
	CiteSurchargeCap:   {"加处罚款或者滞纳金的数额不得超出金钱给付义务的数额", "TestAdministrativePenaltyLaw72", places(at(lawCoercion, "2011年", 45, 2, 0))},
	CiteAgencyApplies:  {"行政机关可以自期限届满之日起三个月内申请人民法院强制执行", "TestAdministrativeEnforcementLaw53", places(at(lawCoercion, "2011年", 53, 0, 0))},
	CiteAgencyDemand:   {"催告书送达十日后仍未履行的，行政机关可以申请强制执行", "TestAdministrativeEnforcementLaw69", places(at(lawCoercion, "2011年", 54, 0, 0))},
	CiteAgencyAccepted: {"人民法院接到申请，应当在五日内受理", "TestAdministrativeEnforcementLaw69", places(at(lawCoercion, "2011年", 56, 1, 0))},
	CiteAgencyRuling:   {"自受理之日起七日内作出执行裁定", "TestAdministrativeEnforcementLaw69", places(at(lawCoercion, "2011年", 57, 0, 0))},
	CiteAgencyDoubtful: {"可以听取意见，自受理之日起三十日内作出是否执行的裁定", "TestAdministrativeEnforcementLaw69", places(at(lawCoercion, "2011年", 58, 0, 0))},
	CiteWorkingDays:    {"本法中十日以内期限的规定是指工作日，不含法定节假日", "TestAdministrativeEnforcementLaw69", places(at(lawCoercion, "2011年", 69, 0, 0))},
	CiteSuingReviewed:  {"不服复议决定的，在收到复议决定书之日起十五日内起诉", "TestAdministrativeEnforcementLaw53", places(administrative(45, 38))},
	CiteSuingDirect:    {"自知道或者应当知道作出行政行为之日起六个月内起诉", "TestAdministrativeEnforcementLaw53", places(administrativeOf(46, 1), at(lawAdministrative, "1989年", 39, 0, 0))},
	CiteSuingUntold:    {"未告知起诉期限的，从知道行政行为内容之日起最长不得超过一年（原为二年）", "TestAdministrativeEnforcementLaw53", places(at(lawAdministrativeInterpretation, "2018年", 64, 1, 0), at(lawAdministrativeInterpretation, "", 41, 1, 0))},
	CiteAgencyMonths:   {"行政机关应当自被执行人的法定起诉期限届满之日起三个月内申请（原为一百八十日）", "TestAdministrativeEnforcementLaw53", places(at(lawAdministrativeInterpretation, "2018年", 156, 0, 0), at(lawAdministrativeInterpretation, "", 88, 0, 0))},
	CiteLandSuing:      {"对责令限期拆除的决定不服的，十五日内起诉", "", places(at(lawLand, "2019年修正", 83, 0, 0))},
	CitePublicHolidays: {"全体公民放假的节日", "TestHolidayRule2", places(at(lawHolidays, "2024年修订", 2, 0, 0), at(lawHolidays, "2013年修订", 2, 0, 0))},
	// 各类义务怎样执行
	CiteNotarisedProof:         {"债权人申请执行公证债权文书，还应当提交证明履行情况等内容的执行证书", "TestCivilProcedureLaw235OtherInstruments", places(at(lawNotarised, "2018年", 3, 0, 0))},
	CiteNotarisedPeriod:        {"分期履行的，自每次履行期间的最后一日起计算；申请出具执行证书的，自申请之日起中断", "TestCivilProcedureLaw235OtherInstruments", places(at(lawNotarised, "2018年", 9, 0, 0))},
	CiteOtherInstruments:       {"法律规定由人民法院执行的其他法律文书，由被执行人住所地或者被执行的财产所在地人民法院执行", "TestCivilProcedureLaw235OtherInstruments", places(civil(235, 2, 0))},
	CiteAwardEnforced:          {"对仲裁裁决，一方当事人不履行的，对方当事人可以向有管辖权的人民法院申请执行", "TestCivilProcedureLaw235OtherInstruments", places(civil(248, 1, 0))},
	CiteNotarisedEnforced:      {"对赋予强制执行效力的债权文书，一方当事人不履行的，对方当事人可以向有管辖权的人民法院申请执行", "TestCivilProcedureLaw235OtherInstruments", places(civil(249, 1, 0))},
	CiteFees:                   {"由人民法院依法收取申请执行费；执行费由被执行人负担，执行后交纳", "TestThePapersOfEachKindOfCase", places(at(lawFees, "2006年", 10, 0, 0))},
	CiteFeeAmount:              {"申请执行费的标准", "TestThePapersOfEachKindOfCase", places(at(lawFees, "2006年", 14, 0, 0))},
	CiteConfiscation:           {"没收财产是没收犯罪分子个人所有财产的一部或者全部", "TestThePapersOfEachKindOfCase", places(at(lawCriminal, "1997年修订", 59, 0, 0))},
	CiteRestitution:            {"违法所得的一切财物，应当予以追缴或者责令退赔", "TestThePapersOfEachKindOfCase", places(at(lawCriminal, "1997年修订", 64, 0, 0))},
	CiteCriminalTransfer:       {"由人民法院执行机构负责执行；第一审刑事审判部门移送立案执行", "TestThePapersOfEachKindOfCase", places(at(lawCriminalProperty, "2014年", 7, 0, 0))},
	CiteCriminalByCivil:        {"本规定没有规定的，参照适用民事执行的有关规定", "TestThePapersOfEachKindOfCase", places(at(lawCriminalProperty, "2014年", 16, 0, 0))},
	CiteFineCollected:          {"罚金在判决规定的期限内缴纳；期满不缴纳的强制缴纳", "TestThePapersOfEachKindOfCase", places(at(lawCriminalInterpretation, "2021年", 523, 0, 0))},
	CiteFineReduced:            {"缴纳罚金确实有困难的，可以申请延期缴纳、酌情减少或者免除", "TestThePapersOfEachKindOfCase", places(at(lawCriminalInterpretation, "2021年", 524, 0, 0))},
	CiteConfiscatedAtOnce:      {"判处没收财产的，判决生效后，应当立即执行", "TestThePapersOfEachKindOfCase", places(at(lawCriminalInterpretation, "2021年", 525, 0, 0))},
	CiteLivingCosts:            {"保留被执行人及其所扶养人的生活必需费用", "TestThePapersOfEachKindOfCase", places(at(lawCriminalInterpretation, "2021年", 526, 0, 0))},
	CiteFineHardship:           {"确有经济困难，经申请和批准，可以暂缓或者分期缴纳罚款", "TestThePapersOfEachKindOfCase", places(at(lawPunishment, "2021年修订", 66, 0, 0))},
	CiteAgreement:              {"可以在不损害公共利益和他人合法权益的情况下达成执行协议，分阶段履行", "TestThePapersOfEachKindOfCase", places(at(lawCoercion, "2011年", 42, 0, 0))},
	CiteEnforcementCosts:       {"申请强制执行不缴纳申请费；强制执行的费用由被执行人承担", "TestThePapersOfEachKindOfCase", places(at(lawCoercion, "2011年", 60, 0, 0))},
	CiteAdministrativeDuty:     {"当事人必须履行人民法院发生法律效力的判决、裁定、调解书", "TestThePapersOfEachKindOfCase", places(administrativeOf(94, 0))},
	CiteAdministrativeApply:    {"拒绝履行的，可以向第一审人民法院申请强制执行", "TestThePapersOfEachKindOfCase", places(administrativeOf(95, 0))},
	CiteAgencyCoerced:          {"行政机关拒绝履行的，可以采取的措施", "TestThePapersOfEachKindOfCase", places(administrativeOf(96, 0))},
	CiteAgencyEnforces:         {"公民、法人或者其他组织不履行行政行为的，行政机关可以申请强制执行", "TestThePapersOfEachKindOfCase", places(administrativeOf(97, 0))},
	CiteAdministrativeByCivil:  {"执行等本法没有规定的，适用民事诉讼法的相关规定", "TestThePapersOfEachKindOfCase", places(administrativeOf(101, 0))},
	CiteAdministrativeEnforced: {"负有义务的一方当事人拒绝履行的，对方当事人可以依法申请强制执行", "TestThePapersOfEachKindOfCase", places(at(lawAdministrativeInterpretation, "2018年", 152, 1, 0))},
}

// places joins the places of a rule, newest first.
func places(ps ...[]place) []place { return slices.Concat(ps...) }

// at is a rule in one version of a law.
func at(l *law, label string, article, paragraph, item int) []place {
	return []place{{l, slices.IndexFunc(l.versions, func(v lawVersion) bool { return v.label == label }), article, paragraph, item}}
}

// civil is a rule of 民事诉讼法 by its article of 2023, in every version since 2013.
// The amendment of 2023 put four articles in behind the 193rd; that of 2021 three
// before the 50th and another four before the 171st.
func civil(article, paragraph, item int) []place {
	of2021, of2012 := article, article-3
	if article > 197 {
		of2021 -= 4
		of2012 = of2021 - 7
	}
	return places(
		at(lawCivilProcedure, "2023年修正", article, paragraph, item), at(lawCivilProcedure, "2021年修正", of2021, paragraph, item),
		at(lawCivilProcedure, "2017年修正", of2012, paragraph, item), at(lawCivilProcedure, "2012年修正", of2012, paragraph, item),
	)
}

// interpretation is a rule of 民诉解释 by its article of 2022; until then articles
// behind the 460th had numbers higher by two.
func interpretation(article, paragraph, item int) []place {
	before := article
	if article > 460 {
		before += 2
	}
	return places(
		at(lawInterpretation, "2022年修正", article, paragraph, item), at(lawInterpretation, "2020年修正", before, paragraph, item),
		at(lawInterpretation, "2015年", before, paragraph, item),
	)
}

// work is a rule of 执行工作规定 by its articles of 2020 and of 1998.
func work(article, before, paragraph int) []place {
	return places(at(lawWork, "2020年修正", article, paragraph, 0), at(lawWork, "1998年", before, paragraph, 0))
}

// procedureInterpretation is a rule of 执程解释 by its article since 2021.
func procedureInterpretation(article int) []place { return procedureInterpretationOf(article, 0) }

func procedureInterpretationOf(article, paragraph int) []place {
	before := map[int]int{19: 27, 20: 28, 24: 37, 25: 38}[article]
	return places(at(lawProcedureInterpretation, "2020年修正", article, paragraph, 0), at(lawProcedureInterpretation, "2008年", before, paragraph, 0))
}

func listing(article, paragraph, item int) []place {
	return at(lawListing, "2017年修正", article, paragraph, item)
}

func consumption(article, paragraph int) []place {
	return places(at(lawConsumption, "2015年修正", article, paragraph, 0), at(lawConsumption, "", article, paragraph, 0))
}

func objection(article int) []place {
	return places(at(lawObjection, "2020年修正", article, 0, 0), at(lawObjection, "2015年", article, 0, 0))
}

func settlement(article int) []place { return settlementOf(article, 0) }

func settlementOf(article, paragraph int) []place {
	return places(at(lawSettlement, "2020年修正", article, paragraph, 0), at(lawSettlement, "2018年", article, paragraph, 0))
}

// limitation is a rule of 诉讼时效规定 by its articles since 2021 and before.
func limitation(article, before int) []place {
	return places(at(lawLimitation, "2020年修正", article, 0, 0), at(lawLimitation, "2008年", before, 0, 0))
}

// parties is a rule of 变更、追加当事人规定, which kept its articles in 2020.
func parties(article int) []place {
	return places(at(lawParties, "2020年修正", article, 0, 0), at(lawParties, "2016年", article, 0, 0))
}

// mediation is a paragraph of 民事调解规定 15, the 19th article until 2020.
func mediation(paragraph int) []place {
	return places(at(lawMediation, "2020年修正", 15, paragraph, 0), at(lawMediation, "2004年", 19, paragraph, 0))
}

// code is a rule of 民法典's general part, which 民法总则 had under the same number.
func code(article, paragraph int) []place {
	return places(at(lawCivilCode, "2020年", article, paragraph, 0), at(lawCivilCode, "", article, paragraph, 0))
}

func administrative(article, before int) []place {
	return places(administrativeOf(article, 0), at(lawAdministrative, "1989年", before, 2, 0))
}

func administrativeOf(article, paragraph int) []place {
	return places(at(lawAdministrative, "2017年修正", article, paragraph, 0), at(lawAdministrative, "2014年修正", article, paragraph, 0))
}
