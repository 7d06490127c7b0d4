package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// helpText explains a term, a state or a clock in plain words, with the rule
// that it comes from. The guides that are printed for each role are made from
// the same texts.
type helpText struct {
	Term, Text, Cite string
}

var helpTexts = map[string]helpText{
	"absence": {"离岗代理", "执行法官离岗期间由一名同事代理：其对话、回电、家属联系申请、悔过书和申请，代理人同样收到通知、同样可以办理，也列入代理人的待办事项；案件仍是原承办人的。期满或者提前结束后代理人不再看到。最长 90 天，更长的请移交案件。", ""},
	// Coercive measures and what ends them.
	"measure":             {"强制措施", "失信被执行人名单、限制高消费、网上布控、限制出境、司法拘留、罚款。每项都有决定书、起止时间和救济途径；失信名单按条、其他按人次计，不合并计算。", model.CitesShort(model.CiteFineAmounts, model.CiteDetentionDays, model.CiteExitBan)},
	"measure.state":       {"措施的状态", "待决定：已提出，等待批准；已决定，待实施：尚未收拘，或者宽限期未满；实施中；已解除；期满终止；不予批准；已撤回。每一步都在“经过”中留有记录，不修改、不删除。", ""},
	"measure.decide":      {"院领导决定", "失信名单、限制高消费、拘留、罚款须由院长批准，提前释放和以“原决定不当”解除的也由院领导决定；提出人不能批准自己提出的措施。批准时系统再核对一次：义务刚刚履行完毕的，不能批准。", model.CitesShort(model.CitePresidentApproves, model.CiteListingSigned, model.CiteConsumptionSigned)},
	"measure.ground":      {"法定事由", "只能从法律、司法解释列举的事由中选择；所选事由和条文写入决定书。", ""},
	"measure.question":    {"只有您知道的情况", "法律规定的前提，系统没有记录的才询问：例如是否有担保、已控制的财产是否足够。答复与法律不符的，不能提出，并写明依据；系统有记录的（执行通知书的期限和送达、限制消费令、和解协议、生效日期），由系统核对。", model.CitesShort(model.CiteListingSecured, model.CiteListingControlled, model.CiteListingLater, model.CiteSparedDebtor)},
	"measure.post":        {"职务变更", "单位被限制消费后，法定代表人、主要负责人确因经营管理需要变更的，可以申请解除对其本人的限制，并证明自己不是实际控制人、直接责任人员；对变更后的人依法限制消费。", model.CitesShort(model.CitePostChanged, model.CitePledge)},
	"measure.refusal":     {"拒执线索", "法律文书生效之前的行为，不能罚款、拘留；诉讼开始后（一般为接到应诉通知后）为逃避执行隐藏、转移财产，生效后要求其执行而拒不执行的，可能构成拒不执行判决、裁定罪。登记后留存，不能修改、删除。", model.CiteRefusalBefore.Short()},
	"measure.resistance":  {"表现", "被执行人逃避、规避还是抗拒执行，用于统计，不替代法定事由。", ""},
	"measure.grace":       {"宽限期", "可以决定给予一至三个月的宽限期，期间暂不公布失信信息、不限制消费；期间履行完毕的不再公布或者实施。", model.CitesShort(model.CiteGrace)},
	"measure.extra":       {"延长", "以暴力、威胁方法妨碍、抗拒执行情节严重或者具有多项失信行为的，可以延长一至三年。没有期限的（有履行能力而拒不履行）不能延长。", model.CitesShort(model.CiteListingTerm)},
	"measure.same_act":    {"同一行为", "对同一妨害民事诉讼行为的罚款、拘留不得连续适用；发生新的行为的，可以重新适用。罚款和拘留可以同时适用。", model.CitesShort(model.CiteBothPunishments, model.CiteSameAct)},
	"measure.remedy":      {"救济", "罚款、拘留：收到决定书之日起三日内向上一级法院申请复议，五日内决定；失信名单：随时申请纠正，十五日内审查，成立的三个工作日内纠正，不服驳回的十日内申请复议；限制出境：十日内申请复议。期间不停止执行。结果登记后自动生效。", model.CitesShort(model.CitePunishReviewDays, model.CiteListingCorrection, model.CiteListingReview, model.CiteExitBanReview)},
	"measure.lift":        {"解除", "选择法律规定的事由。须由院领导决定的，系统自动转为提请。履行后清理进行中的，按顺序解除，前一项未办结不能先办后一项。", model.CitesShort(model.CiteListingDeleted, model.CiteConsumptionLifted, model.CiteExitBanLifted, model.CiteRemorse)},
	"measure.listing":     {"失信被执行人名单", "由院长签发决定书，自作出之日起生效并送达；同时限制消费。以“有履行能力而拒不履行”纳入的至履行完毕为止，其他事由二年。未成年人不得纳入；单位失信的，不得把其法定代表人、主要负责人等一并纳入。", model.CitesShort(model.CiteListingGrounds, model.CiteListingTerm, model.CiteSameDay, model.CiteListingMinor, model.CiteListingSigned, model.CiteNotListed)},
	"measure.consumption": {"限制高消费", "执行通知的期限届满仍不履行的，可以限制；已纳入失信名单的，应当限制。单位被限制的，其法定代表人、主要负责人、直接责任人员、实际控制人也不得以单位财产消费。", model.CitesShort(model.CiteConsumptionNotice, model.CiteConsumptionListed, model.CiteConsumptionUnit)},
	"measure.tracing":     {"网上布控", "下落不明的，请公安机关协助查找。布控不告知本人；履行完毕的，必须最先通知公安机关解除，否则人已还清仍会被带走。", "最高人民法院、公安部关于网络执行查控协作工作机制的意见"},
	"measure.exit_ban":    {"限制出境", "只针对自然人；单位的，可以限制其法定代表人、主要负责人或者直接责任人员；未成年人的，可以限制其法定代理人。履行完毕的，及时解除。", model.CitesShort(model.CiteExitBan, model.CiteExitBanOthers, model.CiteExitBanLifted)},
	"measure.detention":   {"司法拘留", "十五日以下，由院长批准。收拘后二十四小时内通知家属；拘留自收拘时起满几个二十四小时，不因节假日顺延。被拘留人承认并改正错误的，由院长决定提前解除。未成年人不得拘留。", model.CitesShort(model.CiteDetentionDays, model.CitePresidentApproves, model.CiteDetaining, model.CiteFamilyTold, model.CiteEmergencyDetention, model.CiteRemorse)},
	"spending":            {"消费申请", "限制消费期间确有需要的，可以申请准许一次消费：生活或者经营必需的；单位被限制消费的，其法定代表人等以个人财产因私消费的；本人或者近亲属重病就医、丧葬，执行公务、重要考试等紧急情况需要乘坐飞机、高铁的（最长一个月，由院长批准）。准许写明期间和金额，限制消费令继续有效。", model.CitesShort(model.CiteConsumptionUnit, model.CiteConsumptionPermit, model.CiteUrgentTravel)},
	"task.spending":       {"决定消费申请", "被限制消费的人申请准许一次消费，在期限内决定准许或者不予准许；决定后自动完成。", model.CitesShort(model.CiteConsumptionUnit, model.CiteConsumptionPermit)},
	"clean_up":            {"履行后清理", "全部履行并经确认，系统立即列出应解除的措施，按顺序办理：先通知公安机关解除布控、提请释放，再删除失信信息（三个工作日内），然后解除限制高消费、限制出境，最后撤下张榜并拍照。前一步未办结不能先办后一步；付款人看得到进展，超期的通知执行法官和院领导。", model.CitesShort(model.CiteListingDeleted, model.CiteConsumptionLifted, model.CiteExitBanLifted)},
	"clean_up.hold":       {"暂缓", "本金已付清而迟延履行利息尚未付清的，可以写明理由暂缓解除；暂缓期间原期限取消，恢复时重新计算。", ""},
	"measure.fine":        {"罚款", "个人十万元以下，单位五万元以上一百万元以下，由院长批准。罚款惩罚的是已经发生的行为，履行完毕后仍应缴纳。", model.CitesShort(model.CiteFineAmounts, model.CitePresidentApproves)},

	"receipt.state":       {"回执状态", "待确认：当事人已提交，法官尚未处理；已确认：金额已计入台账；已退回：当事人可按原因更换后重新提交；已撤回：处理前由当事人自行撤回；已更正：确认有误，以冲销分录更正，原记录保留。", ""},
	"receipt.group":       {"用于几个案件的付款", "一名义务人在几个关联案件中欠款、合并支付一笔的，只提交一份回执：每个案件得到其中一部分，由该案承办法官分别确认、退回；各部分不算重复提交，确认的合计不超过所付的金额。某案的部分被退回或者撤回，不影响其他案件。", ""},
	"receipt.flag":        {"提示", "系统发现的、需要您多看一眼的情况，例如同一文件或流水号曾经使用、图片与此前的回执高度相似、付款早于文书生效。提示不作任何决定，是否确认由承办法官判断。", ""},
	"receipt.claimed":     {"申报金额", "当事人自己填写的付款金额。确认金额由承办法官根据凭证认定，可以与申报不同。", ""},
	"redaction":           {"查阅件", "凭证上有付款人的账号和其他权利人的款项时，权利人看不到图片，只看到付款人、付款日和付给自己的金额。您可以遮盖与他无关的部分，生成一份查阅件给他：遮盖的位置按占图片宽、高的百分比填写，原件不变，每次查看都有记录。", model.CiteInspection.Short()},
	"unproven":            {"无法举证", "付款人没有凭证时，由权利人答复：认可收到的，可以确认；在答复期限内未答复的，请等待；期限届满仍未答复或者提出异议的，由您审查决定，确认的写明理由。未答复不视为认可，系统不会自动确认。", ""},
	"obligee.clock":       {"答复期限", "系统请权利人在此日前确认收到或者提出异议。权利人未答复的，不视为同意也不阻止确认，由承办法官根据凭证认定。", "本院设置（默认 5 天）"},
	"ledger":              {"台账", "每次确认、更正形成一条分录，只增加，不修改、不删除。已确认金额等于各分录之和。", ""},
	"outstanding":         {"未履行金额", "该义务人到今天仍应给付的本金，不含迟延履行期间的加倍部分债务利息。", ""},
	"allocation":          {"抵充", "已付给一名权利人的，只抵充对他的义务。先抵充付款人指明的期次，没有指明的，按到期先后；几名权利人同日到期的，按各自应得金额的比例，每人之内依次为费用、一般债务利息、主债务；最后抵充加倍部分债务利息。您也可以自行指定。", model.CitesShort(model.CiteAppropriation, model.CiteOrderOfPayment, model.CiteDoubledLast)},
	"allocation.preview":  {"确认后", "按下“确认”后将登记的结果，由登记时使用的同一套计算得出：各权利人分得多少、抵充哪一期的本金和利息、还欠多少、有没有多出。改了金额或者方式，按“试算”重新计算；试算不作任何登记。", ""},
	"spreading":           {"多名权利人的分配", "缴入法院账户或者共同收款人的款项，同时属于几名权利人：通常先到期的先受偿，同日到期的按各自应得的本金、利息合计的比例分配，精确到分；也可以对已到期的不分先后按比例，或者自行指定。结果与通常的分配不同的，写明理由，随分录保存。已付给一名权利人的款项是他的，不作分配。", model.CitesShort(model.CiteAppropriation, model.CiteOrderOfPayment)},
	"correction":          {"更正", "确认有误时使用。原分录保留，系统增加一条冲销分录和一条正确的分录；据此出具的证明书会提示您决定是否撤销。", ""},
	"set_off":             {"抵销", "义务人以自己对同一权利人的到期债权抵销，通知到达对方之日生效，不附条件、不附期限。用来抵销的债权应当由生效法律文书确定或者经权利人认可；执行中没有其一的不能确认。罚金、退赔、人身损害赔偿、抚养费和劳动报酬一类的债务不得抵销。台账和证明书写明“以抵销方式履行”，没有款项往来。", model.CitesShort(model.CiteSetOff, model.CiteSetOffNotice, model.CiteSetOffInjury, model.CiteSetOffEnforced)},
	"lodgement":           {"提存", "权利人无正当理由拒绝受领、下落不明，或者继承人、监护人等未确定，难以履行的，义务人可以把款项交付提存部门（公证机构或者法院）。交付之日提存成立，视为在提存范围内已经交付，利息计算至该日。权利人五年内不领取的，提存物扣除费用后归国家所有。", model.CitesShort(model.CiteLodgement, model.CiteLodgementStands, model.CiteLodgementNotice, model.CiteLodgementFetched)},
	"currency":            {"外币的折算", "法律文书确定给付外币的，以该种外币履行和计算加倍部分债务利息；权利人主张以人民币计算的，按加倍部分债务利息起算之日公布的人民币汇率中间价折合，当日没有公布的按此前最近一次；没有中间价的币种，按境内银行的中间价或者套算，写明来源。台账以登记的一个汇率记账，四舍五入到分；以该币种付款的按同一汇率记账，付多少外币就履行多少外币。没有登记汇率的，不能付款，也不能出具证明书。", model.CitesShort(model.CiteForeignCurrency)},
	"performance":         {"履行状态", "由台账自动得出，不能手工填写。待履行：尚无确认的履行；部分履行：已有确认但未完；履行完毕：全部义务已履行。", ""},
	"overdue":             {"逾期", "履行期限届满之日的次日起仍未履行完毕，且没有进入执行程序；只对到期部分申请执行的，其余各期仍按自动履行督促。", "民事诉讼法关于迟延履行的规定"},
	"enforced":            {"已进入执行", "就本案义务已有强制执行案件立案。此后的履行不再是自动履行，不能出具自动履行证明书。", ""},
	"due":                 {"到期日", "履行期限的最后一天。期限届满的最后一日是法定休假日的，以休假日结束后的第一日为期限届满的日期；调休的工作日按国务院公布的安排计算。", model.CitesShort(model.CitePeriod)},
	"period":              {"申请执行期间", "权利人申请强制执行的期间为二年，从履行期间的最后一日起算；民事案件分期履行的，从最后一期履行期限届满之日起算；没有规定履行期间的，从文书生效之日起算；行政裁判逐期计算。部分履行、同意履行、提出履行要求、达成和解、申请执行使期间中断，重新计算；对连带债务人、连带债权人中一人的中断及于其他人；最后六个月内有障碍的，中止。每项义务、每名权利人分别计算，末日是休假日的顺延。期间届满后仍可申请执行，由被执行人提出异议，法院不主动审查，也不向义务人释明。罚金等由法院移送执行的，没有申请执行的期间。", model.CitesShort(model.CiteApplicationPeriod, model.CiteApplicationStart, model.CiteApplicationSuspended, model.CiteApplicationInterrupted, model.CiteAdministrativeTerm, model.CiteJointInterrupted, model.CiteLateApplication, model.CiteNotOfItself, model.CiteLimitationSilence, model.CiteRestDay)},
	"acceleration":        {"加速到期", "按法律文书的原文：约定逾期即全部到期的，任一期未按期足额履行，其余各期自次日起到期；约定权利人有权一并申请执行的，自其申请执行之日起到期。付款经确认其实没有逾期的，自动恢复原来的日期。", ""},
	"burden":              {"不履行责任", "调解书约定不履行时另付违约金、恢复原金额等责任的，条件成就后可以执行；承担该责任的，不再承担迟延履行责任。由承办法官选择，两种金额都列明。", model.CitesShort(model.CiteBurdenEnforced, model.CiteBurdenInstead)},
	"period.entry":        {"记录事由", "小程序和台账之外发生的事由，由承办法官记录：权利人提出履行要求（催款函应到达对方）、义务人同意履行（包括分期、提供担保、请求延期、制定还款计划）、不可抗力或者其他障碍。已确认的回执、小程序中的承诺、和解协议、执行案件由系统自动列入，不必重复记录。记录有误的，用更正或者撤回的方式另记一条，原记录保留。", model.CitesShort(model.CiteConsentActs, model.CitePartOfClaim, model.CiteInterrupted, model.CiteObstacles, model.CiteSuspendedSixMonths, model.CiteConsentAfterEnd, model.CiteLimitationObjected)},
	"obligation":          {"给付义务", "生效法律文书确定的义务：金钱给付、行为或者交付。连带责任的义务人各自对全部负责；按份责任的，分别列明各自份额。", ""},
	"joint":               {"连带", "两个以上义务人对同一债务各自负全部清偿责任；任何一人的履行都减少共同的债务。", model.CitesShort(model.CiteJoint)},
	"ordinary":            {"一般债务利息", "法律文书确定的利息：按写明的基数、年利率（或者LPR的倍数）和天数计算至付清之日。先于本金抵充；本金付清后尚欠的仍然列明，付清、放弃或者不再计收后才是履行完毕。", model.CitesShort(model.CiteOrderOfPayment)},
	"interest.terms":      {"计至付清之日的利息", "按法律文书填写，各段用分号隔开，例如：" + model.InterestExample + "。还可以写：基数100000、360天、总额不超过50000、付款日不计、先本后息。确定为固定数额的利息另列一项义务，类别选“一般债务利息”。", ""},
	"prime":               {"LPR", "贷款市场报价利率，每月20日（遇休息日顺延）由全国银行间同业拆借中心公布，有一年期和五年期以上两种。尚未录入新公布的，利息按最近一次公布的暂计，并写明自哪一天起。", "中国人民银行公告〔2019〕第15号"},
	"succession":          {"当事人变更", "当事人死亡、合并、分立、终止，债权转让、债务转移或者加入，离婚时分割债权的，由承办法官登记。债权转让自通知到达义务人之日起对其生效；债务转移须权利人同意。由几名继承人共同承继的，共同享有债权；份额记录在案，不影响义务人向其清偿。原当事人死亡或者终止的，其名下的绑定和绑定码失效，请为承继人另行领取绑定码。只转让一项义务的一部分的，请先由审判管理系统分为两项。", model.CitesShort(model.CiteMergedParty, model.CiteDividedParty, model.CiteAssigned, model.CiteAssignmentNotice, model.CiteDebtAssumed, model.CiteDebtJoined, model.CiteHeirsOwe, model.CiteHeirsClaim, model.CiteEstateOwes)},
	"succession.limit":    {"责任限额", "继承人以所得遗产的实际价值为限清偿；数额未查明的不填，文书仍会写明以遗产为限。加入债务的人以其愿意承担的范围为限。", model.CitesShort(model.CiteHeirsOwe, model.CiteDebtJoined)},
	"replaces":            {"取代原有义务", "再审、改判或者新的调解书重新确定同一义务的，选择所取代的原有义务：原义务保留在案、不再履行，已确认的付款计入新的义务，超出的记为多付，覆盖它的和解协议随之结束，双方都会收到通知。利息、申请执行的期间和证明书依新的法律文书。法律文书须已生效；原义务已进入强制执行、已由权利人免除一部分、已出具有效的证明书的，先行处理。各方事后另行达成的协议不取代法律文书，请在案件中记录履行和解。", model.CitesShort(model.CiteOutsideAgreement)},
	"dues":                {"按期给付", "抚养费、赡养费、租金等按期给付的，这样填写：" + model.DuesExample + "（每季度、每年的写作每季度15日、每年1日，月份以首期为准；没有确定终期的，不写“至……止”），不填金额、到期日和分期。各期提前约三个月陆续生成，提醒、催告、利息逐期计算；当月没有该日的为月末。金额变更、终止由承办法官在“利息与抵充”中登记起止日期和依据；终止后的各期不再计算。在终止之前，案件不会显示履行完毕，证明书写明“截至”的日期。没有确定终期的，申请执行的期间逐期计算。", model.CitesShort(model.CiteApplicationStart)},
	"debt.weight":         {"负担轻重", "同一权利人的几项债务都已到期时，付款人没有指定的，先抵充没有担保或者担保最少的，再抵充负担较重的（例如利率较高的）；数值大的较重。", model.CitesShort(model.CiteAppropriation)},
	"debt.forgive":        {"免除债务", "免除自权利人的意思表示到达时起消灭相应的债务，不再计算利息；义务人可以在合理期限内拒绝（法律没有规定天数，由本院设置，默认 15 天）。只免除一名连带债务人的，在其应当承担的份额内消灭，他本人不再负有该项债务，其他连带债务人对其余部分仍负连带责任；份额难以确定的，视为相同。免除不是履行，证明书分别写明。", model.CitesShort(model.CiteForgiveness, model.CiteJointForgiven, model.CiteJointShares)},
	"debt.exclude":        {"不计入迟延履行期间", "非因被执行人的申请，对生效法律文书审查而中止或者暂缓执行的期间及再审中止执行的期间，不计算加倍部分债务利息。", model.CitesShort(model.CiteDaysNotCounted)},
	"interest":            {"加倍部分债务利息", "尚未清偿的金钱债务（除一般债务利息之外）× 日万分之一点七五 × 迟延履行期间的天数。只有民事债务和附带民事赔偿计算；本金付清后尚欠的仍然列明。", model.CitesShort(model.CiteDoubledPart)},
	"enforcement":         {"执行案件", "执：首次或再次申请的执行实施案件；执恢：终结本次执行程序后恢复执行；执保：财产保全，不执行义务，也不结束自动履行阶段。", "关于执行案件立案、结案若干问题的意见"},
	"close_type":          {"结案方式", "执行完毕、终结本次执行程序、终结执行、销案、不予执行、驳回申请。以执行完毕结案，须所执行的义务已全部确认履行。", model.CitesShort(model.CiteClosingWays)},
	"task.family":         {"通知被拘留人家属", "决定拘留后应当在二十四小时内通知其家属；登记通知的对象、方式、时间和证明后自动完成。", model.CitesShort(model.CiteFamilyTold)},
	"task.freed":          {"拘留期满释放", "拘留期限届满之日应当释放，登记后自动完成。", model.CitesShort(model.CiteDetentionDays)},
	"task.publish":        {"宽限期满实施", "决定给予宽限期的，期满仍未履行再实施该措施；期间履行完毕的不再实施。", "关于在执行工作中进一步强化善意文明执行理念的意见"},
	"task.over":           {"期限届满解除", "措施的期限届满，应当解除；失信信息应当在期限届满之日起三个工作日内删除。", model.CitesShort(model.CiteListingDeletedTerm)},
	"task.review":         {"办理救济申请", "当事人对罚款、拘留不服的，可以自收到决定书之日起三日内申请复议；登记结果后自动完成。", model.CitesShort(model.CitePunishReviewDays)},
	"task.lift":           {"履行后解除措施", "全部履行确认后，应按顺序解除：先撤销网上布控、释放被拘留人，再删除失信信息（三个工作日内），然后解除限制高消费、限制出境。前一项未办结的，后一项不能办结。", model.CitesShort(model.CiteListingDeleted, model.CiteExitBanLifted)},
	"task.poster":         {"撤下张榜", "村（社区）张贴的名单应当撤下，并以照片证明。", ""},
	"task.taken_back":     {"核对已解除的措施", "据以解除措施的确认款项已被更正，请核对已解除的措施是否需要重新采取。", ""},
	"task.clock":          {"期限", "每个事项的期限由系统按规则计算并写明理由。超过期限仍未办结的，系统通知本人和院领导。", ""},
	"task.notice":         {"送达执行通知书", "立案时系统已生成《执行通知书》和预告书并进入被执行人的收件箱，核实送达后办结本事项。", model.CitesShort(model.CiteNoticeDays)},
	"task.close":          {"执行期限", "执行案件一般应当在立案之日起六个月内执结；结案后本事项自动完成。", model.CitesShort(model.CiteClosingMonths)},
	"task.check":          {"核对是否全部履行", "所执行的本金已全部确认。请核对迟延履行期间的债务利息和执行费用，解除措施后办理结案。", ""},
	"query":               {"查控", "向有关单位查询被执行人的车辆、房地产、人口信息和银行存款。只能查询本案被执行人；没有查到也是答复。答复是个人信息，每次查看都留痕。件次按发出的查询计算。", model.CitesShort(model.CiteAssetQuery, model.CiteIdentityQuery)},
	"query.approval":      {"由谁决定", "车辆、房地产由执行法官决定；人口信息、银行存款须经院领导审批，不能审批自己提出的查询。", "本院内部审批规则"},
	"query.clock":         {"答复期限", "自发出查询的次日起计算的工作日。超过期限未答复的，系统通知执行法官和院领导。", "本院设置（默认 7 个工作日）"},
	"liaison":             {"执行联络员", "各村（社区）协助法院找人、查物、送达和劝导的人员。凭法院打印的一次性绑定码用本人手机办理；任期届满，手机上的身份自动失效。", ""},
	"assistance.clock":    {"反馈期限", "您请联络员反馈的最后一日。到期未反馈的，系统通知执行法官和院领导。", ""},
	"schedule":            {"督促时间表", "系统按本院设置，在到期前 7、3、1 天提醒，到期后第 1 天和第 10 天发出《自动履行催告书》。履行完毕、和解、上诉或者进入执行后自动停止。您可以暂停、跳过或者立即发出。", "本院设置"},
	"step.state":          {"通知的状态", "待发送：到时自动发出；已暂停：法官暂停了督促；已发送：已进入收件箱；已跳过：法官跳过了这一次；已停止：已无需督促；已错过：时间已过而系统未运行，由后面的通知代替。", ""},
	"delivery.state":      {"发送结果", "渠道已接收不等于对方已看到。渠道接收后又告知没有送到的，系统自动改用下一渠道。未允许接收：对方没有订阅或者授权已用完；联系不到：该渠道没有这个人；不符合要求：模板或内容与渠道登记的不一致，请联系技术人员；超过期限：到截止时间仍未能发出。", ""},
	"consent":             {"电子送达意愿", "受送达人同意后，诉讼文书可以电子方式送达；自2022年起，判决书、裁定书、调解书也可以，受送达人要求纸质文书的，应当提供。同意可以随时撤回。对一个案件的同意不及于其他案件。", model.CitesShort(model.CiteElectronicService, model.CitePaperCopy, model.CiteServiceConsent)},
	"served":              {"送达认定", "受送达人同意电子送达的，信息到达其确认的系统之日为送达；没有事先同意的，以其阅读或者作出回应之日为送达。多种方式都送到的，以最先有效的为准。", model.CitesShort(model.CiteServiceRules)},
	"prints":              {"带码文书的打印记录", "印有一次性代码的文书只打印一次，系统不保存文件；交出以前记录其编号、内容（代码除外）和文件的校验值。有人出示这样的电子文件时，可以据此核对是否本院所出、有无改动。", ""},
	"binding.code":        {"绑定码", "印在纸上交给当事人的一次性代码。当事人在小程序中输入或者扫码，即可查看本案并提交回执。只能使用一次，过期作废。", "本院设置（默认 30 天）"},
	"capacity":            {"身份", "以什么身份使用小程序：当事人本人、单位的法定代表人、在授权范围内的委托代理人、未成年人等无诉讼行为能力人的法定代理人，或者刑事被告人的辩护人。", ""},
	"conversation":        {"对话", "当事人在小程序中就本案留言，由承办法官或者书记员在期限内答复。留言只增加，不修改、不删除；案件移交时随案移交。对话中的回复不是文书送达。", ""},
	"relative":            {"家属联系", "被执行人的家属在小程序中申请联系执行法官；同意后可以查看应缴金额、收款账户和缴款识别码，代为履行，对话和提交申请，看不到案件的其他内容。每一步都有记录，对方会收到通知。", ""},
	"relative.via":        {"来源", "法院通知书上的联系码或者被执行人的邀请，指明了是哪一位被执行人；自行查找的，姓名和案号是申请人自己填写的，系统不替他核对，由执行法官核实并选定。", ""},
	"relative.code":       {"家属联系码", "印在纸上或者信中交给家属，在小程序中输入后即可提出申请，仍须执行法官同意。只显示一次；重新生成后，该被执行人以前的联系码（包括拘留通知书上的）失效。", "本院设置（默认 30 天）"},
	"relative.block":      {"限制联系", "冒充家属、骚扰的，可以写明理由限制：不能对话，也不能再向本院申请联系，直到解除限制。已有的对话保留。", ""},
	"petition":            {"悔过书和提前解除拘留申请", "具结悔过书应由被执行人本人签名，家属可以转交。被拘留人在拘留期间认错悔改的，可以责令其具结悔过，提前解除拘留；提前解除由执行法官提请、院长决定，决定后自动告知申请人。", model.CitesShort(model.CiteRemorse)},
	"task.petition":       {"答复悔过书或申请", "被执行人提交具结悔过书，或者本人、家属申请提前解除拘留的，由执行法官在期限内答复；同意提请的，转由院长决定。答复后自动完成。", model.CitesShort(model.CiteRemorse)},
	"call":                {"回电预约", "当事人或者家属请求法院在某一时间回电，或者法官提出时间、由对方同意；双方同意才算约定。只能选择工作日、本院回电时段内、已约给他人以外的时间，每次半小时。到时双方没有谈妥的，自动记为“已过时”并通知对方；请求未获答复的，同时通知法官和院领导。约定的日期到了才显示号码，查看留痕。每一步都进入对话记录。", "本院设置（默认工作日 9:00–11:30、14:00–17:00，提前两周以内）"},
	"task.call":           {"回电", "请求回电的，在答复期限内、并在对方请求的时间以前答复；已约定的，当天回电并登记通话情况。办理后自动完成；离岗期间由代理人办理。", "本院设置"},
	"message.clock":       {"留言答复期限", "从当事人留言的次日起算，在本院设置的工作日内答复；周末和法定休假日不计，调休的工作日计入。最后一条留言无需答复的（如致谢），可以标记“无需答复”。", "本院设置（默认 2 个工作日）"},
	"certificate":         {"自动履行证明书", "义务人在进入执行程序之前全部履行的，由承办法官出具。编号连续、不重复，任何人可以凭编号和校验码查验真伪。", ""},
	"revocation":          {"撤销事由", "只能因下列事由撤销：凭证虚假、款项退回、权利人确认系伪造或受胁迫、原裁判被撤销或改判、同一债务此后进入执行。撤销后编号不再使用，查验时显示已撤销及原因。", ""},
	"share":               {"证明书查看码", "持有人在手机上生成、交给银行等单位的一次性代码，凭它可以查看证明书的内容；过期或者用过后作废。", "本院设置（默认 72 小时）"},
	"channel.rate":        {"送出", "近 7 天内交给该渠道、已经知道结果的消息。成功：渠道已接收且没有告知失败；对方未允许：没有订阅或者授权已用完，不是故障；失败：联系不到、不符合渠道要求、超过期限或者不能确定是否送到，以及渠道后来告知没有送到。没有消息时显示“—”。", ""},
	"endings":             {"将到期的事物", "系统定期检查签名证书、网站证书、下一年放假安排和微信模板；剩余 60 天、30 天和 7 天时在首页提醒系统管理员和领导，同时写入日志和监控指标。签名证书到期后不再制作文书，更换后自动补做；原证书签过的文书仍可查验。", ""},
	"jobs":                {"定时任务", "系统按间隔自动运行；有多台服务器时显示最近一次。失败的任务到下次运行时自动再试，也可以立即再试；每次人工运行都记入审计记录。重复运行不会重复发送或者重复办理。", ""},
	"late":                {"超过 5 天未处理", "当事人提交后超过 5 天，承办法官仍未确认或退回的回执。", ""},
	"looks":               {"查看记录", "谁在什么时候查看了个人信息或者凭证，都记入审计记录，由审计员和系统管理员查阅。", model.CitesShort(model.CiteAccessAudit)},
	"audit.person":        {"涉及的当事人", "列出在此人作为当事人的案件中做过的事、看过的内容。同名的当事人一并列出，请结合案号核对。", ""},
	"audit.chain":         {"审计链", "每条记录都含有前一条记录的校验值。任何一条被改动、删除或者插入，检查时都能发现。请把每次检查得到的末端值另行保存。", ""},
	"roles":               {"角色", "决定一个人能做什么。一人可以有多个角色；书记员可以准备，但不能确认回执或出具证明书。", ""},
	"locked":              {"锁定", "连续输错 5 次，账号锁定 15 分钟后自动恢复；也可以由管理员立即解除。", ""},
	"api_key":             {"接口密钥", "供审判管理系统推送案件使用。只在创建时显示一次；泄露时应立即停用并重新创建。", ""},
	"channels":            {"渠道顺序", "通知总在小程序收件箱中，这是正式记录。系统再按此顺序提醒：前一渠道确实未能送到时，才使用下一渠道。", ""},
	"quiet":               {"免打扰时段", "此时段内不向当事人手机发送提醒；依法当天必须到达的通知除外。", ""},
	"case.types":          {"案件类型代字", "案号中法院代字之后的文字，如“民初”“执恢”。程序已有最高人民法院公布的代字；新增的代字在这里增加后，各处都能录入、查找带有它的案号。增加后不能删除。", ""},
	"number.pattern":      {"文书编号", "{short} 是法院简称，{year} 是年份，{n} 是连续号。每年每种文书从 1 开始，不跳号、不重复。拘留、罚款决定书的格式相同的（例如（{year}）浙0211司惩{n}号），合用一个序列。", ""},
	"delivery.silent":     {"三日未确认", "渠道已经接收，但三日内没有告知是否送到手机的消息。可能是对方关机、停用或者屏蔽，也可能是渠道没有告知；不能当作已送到。", ""},
	"delivery.unknown":    {"不能确定是否送到", "消息已经交给渠道，但没有收到答复。再发一次可能使对方收到两次，因此由您决定。", ""},
	"paper":               {"纸质送达", "当事人要求纸质文书，或者电子渠道都不能送到时产生的任务。", model.CitesShort(model.CitePaperCopy)},
	"import":              {"批量导入", "先检查全部行；只要有一行不正确，就一行也不写入。同一文件重复导入不会产生重复的案件。读取的是单元格中保存的数值和日期，与显示格式无关；预览中的日期和金额就是系统的理解，请核对后再写入。", ""},
	"import.paid":         {"由导入的已履行记录", "导入前已经履行的金额，记为没有附件的回执，由承办法官核对后确认或退回；导入人自己不能确认。确认之前，系统不发出写明余额的催告书、权利人须知、证明书和情况说明。", ""},
	"import.notices":      {"通知方式", "立即：写入后即发出告知书。自某日起：到该日上午 9 时起逐案发出。暂不通知：书记员逐一查看每种通知的样张后放行。没有选择时，文件中有逾期义务或者已履行记录的，按暂不通知处理。催告书不早于第一次通知后第 7 日发出。", ""},
	"category":            {"类别", "民事案件：债务的组成部分，诉讼费用、实现债权的费用、一般债务利息、主债务、违约金、赔偿金；不选的视为主债务。一般债务利息不计算加倍部分。刑事案件的财产性判项：人身损害赔偿中的医疗费用、退赔被害人损失、其他民事债务、罚金、没收财产；缴入法院账户而不选的，视为罚金。行政案件：行政决定确定的金额，或者加处罚款、滞纳金。", model.CitesShort(model.CiteOrderOfPayment, model.CiteDoubledPart, model.CiteCriminalScope, model.CiteCriminalOrder)},
	"penalty.order":       {"法定顺序", "被执行人同时承担刑事责任、民事责任，财产不足以支付的，依次为：人身损害赔偿中的医疗费用、退赔被害人的损失、其他民事债务、罚金、没收财产。未注明类别的按其他民事债务对待。法官自行分配而改变顺序的，应填写理由。", model.CitesShort(model.CiteCriminalOrder)},
	"task.prolong":        {"延长失信期限", "以暴力、威胁方法妨碍、抗拒执行情节严重，或者具有多项失信行为的，可以延长一至三年，只能延长一次。执行法官提请，院领导决定；同意的制作决定书、送达被执行人，并通知落实惩戒的责任单位。", model.CitesShort(model.CiteListingTerm)},
	"task.repair_review":  {"复查信用修复", "准予信用修复期间，和解协议的一期款项到期未确认到账。请复查修复的条件是否仍然具备：不再具备的，提请院领导撤销信用修复；仍然具备的，写明情况办结。款项确认到账的，本事项自动取消。", "本院信用修复的条件（设置）"},
	"task.plan":           {"处理执行前和解逾期", "执行前达成的履行和解有款项到期未确认到账，法律文书确定的金额、期限和利息已经恢复。请联系各方：已付款的，确认回执、款项补足后本事项自动取消；另行达成协议的，记录新的一版；不履行的，告知权利人可以申请强制执行。", model.CiteOutsideAgreement.Short()},
	"task.objection":      {"审查确认后的异议", "回执确认以后，权利人称没有收到，或者收到的金额不同。请核对凭证和权利人提供的材料：确认有误的，更正；无误的，写明理由办结。确认不影响权利人提出异议。", ""},
	"task.breach":         {"处理和解逾期", "和解协议的一期款项到期未确认到账。请联系各方：款项已付的，确认回执后本事项自动取消；不履行的，可以恢复执行；另行达成协议的，记录新的一版。", model.CitesShort(model.CiteSettlementBroken)},
	"task.release":        {"决定解除审查", "执行法官在和解后提出解除措施，由院领导在本院设置的期限内决定并写明理由。", "本院设置（默认 7 个工作日）"},
	"task.carry_out":      {"落实解除", "院领导在解除审查中同意解除的措施已经解除。请通知公安机关、名单库等协助单位撤下，把对方的回执填写为办理结果。网上布控当日通知，其他三个工作日内。", model.CitesShort(model.CiteListingDeleted, model.CiteConsumptionLifted)},
	"task.repair":         {"信用修复", "执行法官逐项核查条件，由院领导在本院设置的期限内决定并写明理由。", "本院设置（默认 10 个工作日）"},
	"plan":                {"履行和解", "法律文书生效后、申请执行前，各方另行达成的履行计划。各方都同意（本人或者有特别授权的代理人）后生效，放在原计划前面：提醒、催告和到期日按协议，利息和申请执行期间仍按法律文书计算。按约履行完毕的，其余本金由权利人免除；逾期的，已付的扣除，原来的金额、期限和利息恢复，权利人申请执行之前补足的继续履行。协议不可修改，变更即记录新的一版。", model.CitesShort(model.CiteOutsideAgreement)},
	"distribution":        {"多个债权人的分配", "同一份法律文书的各债权人按债权比例；多份法律文书的，按采取执行措施的先后；被执行人不是企业法人、其财产不能清偿所有债权的，可以申请参与分配，普通债权按比例。先扣除执行费用，再清偿优先的债权。方案送达各债权人和被执行人，十五日内可以提出书面异议；届满后分配，本院案件的款项作为待确认的回执列入各案，只抵充对该债权人的义务。", model.CitesShort(model.CiteShareMeasures, model.CiteParticipation, model.CiteDistributionServed)},
	"share.prior":         {"优先受偿", "有担保物权或者法律规定优先的债权，在担保财产的价款内先受偿；几项优先的按顺位，同一顺位按比例。没有受偿的部分与普通债权一起分配。", model.CitesShort(model.CiteSharePriority, model.CiteParticipationOrder)},
	"share.doubled":       {"加倍部分债务利息", "财产不足以清偿全部债务的，先清偿法律文书确定的金钱债务，再清偿加倍部分债务利息。", model.CitesShort(model.CiteDoubledLast)},
	"share.as_of":         {"债权计算至的日期", "划拨、提取存款等的，计算至划拨、提取之日；拍卖、变卖、以物抵债的，计算至成交裁定或者抵债裁定生效之日。本院案件的债权按台账计算至该日，款项也视为该日支付。", model.CitesShort(model.CiteInterestUntil)},
	"share.objection":     {"对方案的异议", "债权人、被执行人自收到方案之日起十五日内提出书面异议；其他人自收到异议通知之日起十五日内无人反对的，依异议修正方案；有人反对的，异议人十五日内起诉，逾期按原方案，诉讼期间分配的，提存与争议债权数额相应的款项。", model.CitesShort(model.CiteDistributionServed, model.CiteDistributionObjected)},
	"settlement":          {"执行和解", "申请执行人与被执行人自愿达成协议，变更义务主体、标的、期限、方式。协议内容不可修改；变更协议即记录新的一版，原协议保留。", model.CitesShort(model.CiteSettlementChange, model.CiteSettlementForm)},
	"settlement.form":     {"形式", "各方共同提交书面协议；或者一方提交、其他当事人认可；或者达成口头协议，由执行人员记入笔录并由各方签名。", model.CitesShort(model.CiteSettlementForm)},
	"settlement.arrived":  {"约定与到账", "到账金额由系统从已确认的回执计算：达成和解之日起支付、由本院确认的款项，依到期先后抵充各期；不能手工填写。更正回执的，随之变化。", ""},
	"settlement.reapply":  {"申请恢复执行的期间", "申请恢复执行原生效法律文书的期间为二年，从和解协议约定履行期限的最后一日起重新计算。", model.CitesShort(model.CiteSettlementPeriod, model.CiteSettlementReapply)},
	"settlement.resume":   {"恢复执行", "被执行人不履行和解协议的，申请执行人可以申请恢复执行原生效法律文书，已履行的部分扣除。已履行完毕、期限尚未届满或者正在按约履行的，不予恢复。", model.CitesShort(model.CiteSettlementBroken, model.CiteSettlementKept, model.CiteSettlementResumed)},
	"release":             {"解除审查", "和解后解除失信、限制消费等措施，须核对约定与实际到账。协议尚未履行完毕的，须有申请执行人的书面申请。执行法官提出，院领导决定；协议在审查期间变更的，须按新协议重新提出。", model.CitesShort(model.CiteListingDeletedAsked, model.CiteConsumptionLifted, model.CiteExitBanLifted)},
	"repair":              {"信用修复", "将被纳入或者已被纳入失信名单的人有正当理由的，可以申请暂缓纳入、屏蔽失信信息或者缩短期限；被限制消费而不在失信名单中的，可以申请暂停限制消费。", "本院设置"},
	"repair.criteria":     {"条件", "本院设置的核查清单。每项可以多次核查，以最后一次为准，以前的记录保留；必须具备的条件不具备的，不能准予修复。", "本院设置"},
	"repair.decision":     {"决定", "暂停限制消费：至截止日期止不再限制，届满自动恢复，责任单位同时得到通知；其间纳入失信名单的，随即恢复。暂缓纳入：截止日期前不得纳入，已经纳入的暂缓公开，届满自动恢复；屏蔽：公开的名单只显示隐去名字的一行，不显示证件号码和失信行为；缩短期限：有纳入期限的，提前至截止日期届满，只能缩短一次；不予修复：须写明理由。", ""},
	"settings.notice":     {"执行通知书的履行期限", "执行通知书责令被执行人在指定的期间内履行，从制作之日起计算；期满仍未履行的，可以采取强制措施。", "本院设置（默认 3 天）"},
	"repair.revoke":       {"撤销信用修复", "被修复的人不再具备条件（如不再按和解协议履行、隐匿财产）的，由院领导撤销并写明理由：恢复公开，缩短的期限恢复为原来的期限；已经删除的失信信息不恢复。当事人认为有误的，可以申请纠正。", "本院设置；" + model.CitesShort(model.CiteListingCorrection, model.CiteListingReview)},
	"deposit":             {"判决前的暂存款", "被告人或者亲属在判决以前自愿缴入本院账户的退赔款、拟缴罚金。判决以前本院不要求缴纳罚金；须有缴款人自己写明的意愿，由承办法官核实后单独保管，不计入履行，也不能据此出具证明书。判决生效后由承办法官抵充与用途相应的判项，余款、没有判处的、缴款人要求退还的，退还付款人。", model.CitesShort(model.CiteCriminalOrder)},
	"deposit.refund":      {"退还暂存款", "退还的情形：抵充后尚有余款；宣告无罪或者没有判处相应判项；检察院撤回起诉、案件终止审理；缴款人要求退还。期限由本院自定，法律没有规定；退还后须登记银行流水号并上传回单，缴款一方可以查看。", ""},
	"penalty.prepaid":     {"判决前预缴", "裁判日期之前缴付的款项，与判决后的履行分开统计和说明；未填裁判日期的，以生效日期划分。", ""},
	"penalty.relative":    {"亲属代为履行", "罪犯亲属代为履行财产性判项的，视为罪犯本人履行；说明中仍写明由谁缴付。", model.CitesShort(model.CiteConvictsPerformance)},
	"penalty.share":       {"到位率", "到位金额（含判决前预缴）÷ 判处金额。没有判处金额的，显示为“—”。", ""},
	"fine.term":           {"罚金期限", "判决指定的期限自判决发生法律效力第二日起最长不超过三个月，可以一次或者分期缴纳。超过的，应有人民法院准许延期缴纳的裁定。", model.CitesShort(model.CiteFineTerm, model.CiteFinePayment)},
	"statement":           {"财产性判项履行情况说明", "编号的文书，写明各判项判处多少、何时由谁缴付多少、未履行多少、到位率，以及有无结案通知书。内容取自制作时的台账，制作后不变。", model.CitesShort(model.CiteConvictsPerformance, model.CitePrisonLaw)},
	"prison_letter.clock": {"公函答复期限", "收到刑罚执行机关核实财产性判项执行情况的公函后，应在七日内出具证明，已经执行结案的附有关法律文书。收到之日不计算在内，末日为节假日的顺延。其他机关来函的，参照办理。", model.CitesShort(model.CitePrisonAnswer, model.CiteCriminalPeriod)},
	"agency.suing":        {"起诉期限", "自知道行政行为之日起六个月；经过复议的，自收到复议决定起十五日；未告知起诉期限的，最长一年；法律另有规定的从其规定。", model.CitesShort(model.CiteSuingReviewed, model.CiteSuingDirect, model.CiteSuingUntold)},
	"agency.demand":       {"行政机关催告书", "行政机关申请强制执行前依法发出的催告，送达十日（工作日）后仍未履行的，才能申请。与本院的《自动履行催告书》不是同一文书。", model.CitesShort(model.CiteAgencyDemand, model.CiteWorkingDays)},
	"agency.application":  {"申请期限", "自起诉期限届满之日起三个月；行政机关批准暂缓、分期缴纳的，自该期限结束之日起计算。逾期申请，除有正当理由外不予受理。", model.CitesShort(model.CiteAgencyApplies, model.CiteAgencyMonths, model.CiteFineDeferred)},
	"late.fine":           {"加处罚款", "到期不缴纳罚款的，每日按罚款数额的百分之三加处，不超出罚款的数额；复议、诉讼期间不予计算。", model.CitesShort(model.CiteLateFineRate, model.CiteSurchargeStops, model.CiteSurchargeCap)},
	"surcharge.reduce":    {"减免", "当事人采取补救措施的，执行协议可以减免加处的罚款或者滞纳金；不能减免行政决定确定的金额本身，也不得损害公共利益和他人合法权益。", model.CitesShort(model.CiteReduction)},
	"enforced.figures":    {"执行统计", "按发生的日期计：立案、结案按其日期，到位按法官确认的日期，措施按决定和解除的日期。被冲销的确认、经复议撤销的措施不计。条、人次、件次各自计数，不相加。每个数字都可以打开，看到它是哪些案件。", ""},
	"penalty.statistics":  {"刑事财产刑统计", "全额履行：期间内最后一笔款项经法官确认、判项全部履行完毕的刑事案件，一案计一件，部分履行的不计。占判处比例：这些案件的金额 ÷ 期间内生效裁判判处的金额；分母为零时显示“—”。", ""},
	"agency":              {"责任单位", "与法院共同落实自动履行正向激励和强制执行联动的单位。其账号和接口密钥只能看到本单位的事项和向本单位提出的查询。", "关于统筹推进自动履行正向激励与强制执行联动工作的意见"},
	"agency.history":      {"变更记录", "单位、联系人和事项的每次变更：谁在何时把什么改成什么。只增加，不修改、不删除。", ""},
	"agency.door":         {"账号和密钥", "账号供该单位人员登录工作台，密钥供该单位的系统调用接口。初始密码和密钥只显示一次；单位停用后全部失效。", ""},
	"duty":                {"责任事项", "责任单位在联合惩戒中应做的事：工作要求、依据、佐证材料和时限。每案：有人被纳入失信名单或者限制高消费时产生任务；其余按日历产生。", "执行联动失信被执行人联合惩戒事项清单"},
	"duty.list":           {"清单版本", "每次导入的清单是一个版本，整体替换上一版：没有列入的事项停用，尚未报送的任务取消；已采取的惩戒仍须解除。有一行错误则全部不写入。系统建议的清单须由法院按本地清单核对。", ""},
	"duty.suggested":      {"建议清单", "22 个责任单位、36 项联合惩戒事项。工作要求和依据出自中办发〔2016〕64号、法释〔2015〕17号等公开规定，逐项注明条款；由哪个单位负责、佐证材料和时限是建议，须由法院核对。任何法院都不会自动采用，由系统管理员、院领导或名单管理员载入。", model.CitesShort(model.CiteOfficesSanctions, model.CiteConsumptionBans)},
	"duty.backfill":       {"补发任务", "清单或者事项载入前已经生效、仍在实施的失信、限高措施，也为责任单位生成落实任务，时限自载入之日起算。由后台逐批完成，已有任务的措施不重复生成。", ""},
	"query.agency":        {"在线答复的单位", "通讯录中登记了该类查询、用自己的账号答复的责任单位。没有登记该类别的单位不能选择；其他单位按名称发函。", ""},
	"duty.clock":          {"时限", "落实惩戒的时限从措施生效之日起算，解除惩戒的时限从措施解除之日起算，均按工作日。到期前 7 天、逾期 1 天和 10 天各提醒一次。", "本院设置和事项清单"},
	"duty.lift":           {"解除惩戒", "措施解除后，凡被要求落实惩戒的单位都要报送解除情况；尚未报送落实的，无需再报送落实。", model.CitesShort(model.CiteListingDeleted)},
	"duty.progress":       {"完成情况", "按时限所在的期间统计。已认可：法院审核认可；逾期报送：认可的报送中晚于时限的；逾期未报送：时限已过仍未报送。已取消的不计。", ""},
	"duty.subject":        {"惩戒对象", "列表中姓名遮挡；打开任务可以看到，责任单位还可以看到证件号码，每次查看都留痕。", model.CitesShort(model.CiteOfficialDuty)},
	"duty.report":         {"报送", "写明完成情况、完成日期，附佐证材料。法院认可后办结；退回的，按原因补正后重新报送。报送后不能修改。", ""},
	"own.query":           {"协助查询", "法院依法请本单位协助查询被执行人的财产或者人口信息。没有查到也是答复。被查询人的信息每次查看都留痕，答复后不再显示。", model.CitesShort(model.CiteAssetQuery)},
	"bound":               {"小程序", "当事人、法定代表人或者代理人是否已在小程序中绑定本案。未绑定的收不到手机提醒，可以打印绑定码单交给他；绑定码落入他人之手的，应当解除绑定。", ""},
}

// guides are the one-page guides: for each role what it does here, step by
// step, and the terms that it should know.
var guides = map[model.Role]struct {
	Steps []string
	Terms []string
}{
	model.RoleJudge: {
		Steps: []string{
			"在“今日”查看待确认的回执，按 q 进入列表，按 o 打开第一件。",
			"左边看凭证：按 1、2、3 切换，按 + 和 - 缩放，按 [ 和 ] 旋转；右边核对申报内容、台账和提示。",
			"无误的，按 c 再按回车确认，系统自动打开下一件；金额不同的，按 a 修改金额后再确认。",
			"有问题的，按 r 退回，点选常用原因或自行填写，按 Ctrl+回车提交。当事人会看到原因，可以重新提交。",
			"确认有误时，打开该回执，用“更正”；原记录保留。",
			"“对话”列出当事人的留言，期限近的在前；选用或者填写答复后按 Ctrl+回车发送，只是致谢的点“无需答复”。超过期限的以红色标出，并计入每日待办。",
			"在案件页登记电话只需两步：选对象，点结果。需要时可暂停督促、移交案件。",
			"义务全部履行完毕后，在案件的“证明书”一栏核对条件并出具。",
			"刑事案件的“财产刑”一栏：核对判项类别；收到监狱、检察院等的公函，登记后在期限内制作说明、登记答复。行审案件的“行政非诉”一栏：核对各期限和加处罚款。",
		},
		Terms: []string{"receipt.state", "receipt.flag", "obligee.clock", "allocation", "correction", "due", "ordinary", "interest", "schedule", "message.clock", "call", "certificate", "revocation"},
	},
	model.RoleClerk: {
		Steps: []string{
			"“录入案件”：填写案号、当事人、法律文书和义务；填写时系统即时核对。也可以用表格批量导入，先看检查结果再写入。",
			"在案件的“文书”一栏打印绑定码单，交给当事人。",
			"当事人在窗口书面同意电子送达的，在“通知与送达”一栏登记，确认书扫描件存入卷宗。",
			"“纸质送达”列出需要邮寄、领取或上门的文书，办结时登记方式和邮单号。",
			"“对话”列出当事人的留言，书记员可以代为答复。",
			"“未送到的消息”列出各渠道未能送到的提醒，可以重发、改用短信或纸质。",
		},
		Terms: []string{"binding.code", "capacity", "consent", "served", "paper", "delivery.unknown", "message.clock", "import", "import.paid", "import.notices", "obligation", "due", "deposit", "deposit.refund"},
	},
	model.RoleAdmin: {
		Steps: []string{
			"“人员”：新建账号后，把显示一次的初始密码和动态口令二维码交给本人；本人首次登录必须改密码。",
			"有人忘记密码或更换手机，用“重置”；输错被锁定的，用“解除锁定”；离开岗位的，用“停用”，其所有设备立即退出。",
			"“本院设置”：联系方式、案款账户、督促时间表、渠道顺序、免打扰时段和文书编号。保存后，尚未发出的催告按新设置重新计划。",
			"“文书模板”：修改后先预览，再保存；已经制作的文书不受影响。",
			"“系统运行”：各渠道是否正常、有无积压和失败；失败的可以重试。",
			"“审计”：每月检查一次审计链，把末端值另行保存。",
		},
		Terms: []string{"roles", "locked", "api_key", "channels", "quiet", "number.pattern", "audit.chain", "looks"},
	},
	model.RoleOfficer: {
		Steps: []string{
			"“今日”显示今天到期和已超期的事项；“待办事项”按期限先后排列，每项都写明期限怎样计算。",
			"“执行案件”打开一件，“概况”显示所执行的义务、尚欠本金、加倍利息和执行申请费。",
			"被执行人或其亲属付款后上传的回执在“回执”中，由您或者承办法官确认，台账是同一本。",
			"案件的“措施”一栏：选择要提出的措施，填写事由和事实；不符合法律的，在相应的栏目下写明依据，已填的内容保留。批准后自动生成决定书。",
			"收拘后登记收拘时间，二十四小时内登记通知家属的情况；期满或者批准提前解除的，登记释放。",
			"“强制措施”列出在施的措施，可以查看七日内期满的。被限制消费的人申请准许一次消费的，在该措施的页面决定；紧急情况的由院领导决定。",
			"义务全部确认履行后，“履行后清理”按顺序列出应解除的措施：逐步办理，填写外部系统的回执；尚欠迟延履行利息的，可以暂缓。",
			"然后核对利息和费用，办理结案。",
			"“家属联系”列出等待处理的申请，先来的在前：核实身份，自行查找的先选定被执行人，再同意或者写明理由不同意；冒充、骚扰的可以限制。同意后对方的留言进入“对话”，在期限内答复。",
			"案件的“家属”一栏：生成交给家属的联系码，答复具结悔过书和提前解除拘留申请；同意提请的转由院长决定。",
			"离岗或者休假时，用“移交”把一件或者全部未结案件交给同事，待办事项一并移交。",
		},
		Terms: []string{"enforcement", "measure", "measure.grace", "measure.same_act", "measure.remedy", "measure.lift", "spending", "clean_up", "clean_up.hold", "task.family", "task.clock", "task.notice", "task.close", "task.check", "close_type", "distribution", "interest", "receipt.state", "relative", "relative.via", "relative.code", "relative.block", "petition", "message.clock", "call"},
	},
	model.RoleLeader: {
		Steps: []string{
			"“全院情况”：案件按履行状态、逾期按承办法官、待确认回执和本年证明书。图上和表中的每个数字都可以点开，查看对应的案件。",
			"“回执”中筛选超过 5 天未处理的，了解由谁承办。",
			"“待决定的措施”：按 o 打开第一件，按 c 再按回车批准，按 r 填写理由不予批准，按 n 先看下一件；决定后自动打开下一件。",
			"“强制措施”列出全院在施的措施，可以按种类和期满日查看。",
			"“履行后清理”列出还清后尚未解除完毕的，可以只看超期的；超期的系统通知您一次。",
			"需要调整承办人时，在案件页“移交案件”。",
		},
		Terms: []string{"measure.decide", "measure.state", "measure.lift", "clean_up", "performance", "overdue", "enforced", "late", "certificate", "receipt.state"},
	},
	model.RoleListManager: {
		Steps: []string{
			"“通讯录”：新增责任单位和联系人，人员变动时停用旧的、新增新的，变更记录自动保留；需要账号或密钥的，请系统管理员在同一页面新建。",
			"“责任事项”：下载模板或者系统建议的清单，按本地清单修改后先检查、再导入；每次导入是一个版本。下方是各单位本年完成情况，数字可以打开。",
			"“报送与逾期”：先看“已报送，待法院审核”的，核对情况和佐证材料，认可，或者写明原因退回；再看“已逾期”的，电话催办。",
			"系统按期提醒责任单位；没有账号的单位，系统通知您用电话联系。",
		},
		Terms: []string{"agency", "agency.history", "duty", "duty.list", "duty.clock", "duty.lift", "duty.progress", "duty.subject"},
	},
	model.RoleAgency: {
		Steps: []string{
			"“本单位事项”：按时限先后列出需要落实和需要解除的惩戒，逾期的以红色标出。",
			"打开一项，看到对象、措施和决定书文号（查看留痕）；落实后填写完成情况和日期，附上截图或者文件，提交报送。",
			"法院退回的，按退回原因补正后重新报送；法院认可后办结。",
			"“协助查询”：打开待答复的查询，填写查到的内容，附材料后提交；没有查到的，直接提交。",
		},
		Terms: []string{"duty", "duty.clock", "duty.lift", "duty.subject", "duty.report", "own.query"},
	},
	model.RoleAuditor: {
		Steps: []string{"“审计”：查阅谁在何时做了什么、查看了哪些个人信息；检查审计链是否完整，并把末端值另行保存。"},
		Terms: []string{"audit.chain", "looks"},
	},
}

type guideData struct {
	Role  model.Role
	Steps []string
	Terms []helpText
}

// guide is a role's printable page.
func (d *Desk) guide(c *gin.Context) error {
	role := model.Role(c.Param("role"))
	g, ok := guides[role]
	if !ok {
		return model.E(model.NotFound, "path.not_found", "该角色的使用说明将随其功能提供")
	}
	data := guideData{Role: role, Steps: g.Steps}
	for _, k := range g.Terms {
		data.Terms = append(data.Terms, helpTexts[k])
	}
	return d.show(c, "guide", role.Chinese()+"使用说明", data)
}
