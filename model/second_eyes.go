package model

import "slices"

// Matter is something that one person submits or records and another decides
// (四眼原则). Nobody decides what he had a hand in, whatever roles his account
// holds.
type Matter string

// The matters.
const (
	MatterReceipt  Matter = "receipt"  // 回执, also what an import says was performed
	MatterDeposit  Matter = "deposit"  // 暂存款
	MatterMeasure  Matter = "measure"  // 强制措施
	MatterLift     Matter = "lift"     // 解除措施
	MatterReview   Matter = "review"   // 对措施的救济
	MatterRelease  Matter = "release"  // 解除审查
	MatterRepair   Matter = "repair"   // 信用修复
	MatterSpending Matter = "spending" // 限制消费期间的消费
	MatterProlong  Matter = "prolong"  // 延长失信期限
	MatterPetition Matter = "petition" // 悔过书、提前解除拘留申请
	MatterQuery    Matter = "query"    // 查询
	MatterDuty     Matter = "duty"     // 责任单位的报送
	MatterRelative Matter = "relative" // 家属
	MatterBinding  Matter = "binding"  // 绑定码
	MatterAccount  Matter = "account"  // 收款账户
	MatterPayout   Matter = "payout"   // 案款发放、延缓发放
)

// secondEyes is the table: why one person may not do both, in words that name
// who may do it instead, so that also a court with few people knows a way.
var secondEyes = map[Matter]struct{ reason, message string }{
	MatterReceipt:  {"receipt.own", "这份回执是您本人提交或录入的，不能再由您确认、退回或更正；可由承办该执行案件的执行法官处理，或者请院领导把案件移交其他法官后处理"},
	MatterDeposit:  {"deposit.own", "这笔暂存款是您本人登记的，不能再由您核实、退回或更正；请院领导把案件移交其他法官后处理"},
	MatterMeasure:  {"measure.own_proposal", "提出人与批准人不能是同一人，请由其他院领导决定"},
	MatterLift:     {"lift.own", "解除措施是您本人提请的，不能再由您决定，请由其他院领导决定"},
	MatterReview:   {"review.own", "这项申请是您本人录入的，不能再由您登记结果，请由院领导或者其他承办该案的执行法官登记"},
	MatterRelease:  {"release.self", "不能决定本人提出的解除审查，请由其他院领导决定"},
	MatterRepair:   {"repair.own", "这项信用修复申请是您本人录入或核查的，不能再由您决定，请由其他院领导决定"},
	MatterSpending: {"spending.own", "这项消费申请是您本人录入的，不能再由您决定，请由院领导决定"},
	MatterProlong:  {"prolong.own", "不能批准自己提出的延长，请由其他院领导决定"},
	MatterPetition: {"petition.own", "这份申请是您本人代为记录的，不能再由您不予同意；请提请院领导决定，或者由离岗代理人答复"},
	MatterQuery:    {"query.own", "不能审批自己提出的查询，请由其他院领导审批"},
	MatterDuty:     {"duty.own", "这份报送是您本人提交的，不能再由您审核，请由其他名单管理员审核"},
	MatterRelative: {"relative.own", "这项申请是您本人提出的，不能再由您决定，请由其他执行法官（离岗代理人）决定"},
	MatterBinding:  {"binding.own", "这个码是您本人以工作人员身份打印的，不能由您本人使用；请由其他工作人员为您打印"},
	MatterPayout:   {"payout.own", "这笔发放（延缓发放）是您本人提出的，不能再由您审批或者付款，请由其他院领导审批、其他书记员付款"},
	MatterAccount:  {"payment_account.own", "这个收款账户是您本人登记的，不能再由您核实或者确认，请由其他工作人员办理"},
}

// Valid tells whether there is such a matter.
func (m Matter) Valid() bool { return secondEyes[m].message != "" }

// OtherEyes refuses a decision in a matter by somebody who had a hand in it.
// hands are the users who submitted, recorded or proposed it (0 is nobody); a
// WeChat user of a staff member counts as himself, see storage.Hands. by is 0
// for the program itself, which decides nothing of its own.
func OtherEyes(m Matter, by int64, hands ...int64) error {
	if by == 0 || !slices.Contains(hands, by) {
		return nil
	}
	e := secondEyes[m]
	return E(Conflict, e.reason, e.message)
}

// OwnHand is why somebody may not decide a matter, for a page that shows the
// reason in place of the button; "" when he may.
func OwnHand(m Matter, by int64, hands ...int64) string {
	if OtherEyes(m, by, hands...) == nil {
		return ""
	}
	return secondEyes[m].message
}
