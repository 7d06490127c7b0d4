package model

import (
	"fmt"
	"strings"
)

// ThingKind is what sort of thing a row is about: a table of the court's, as a
// task, an entry of the trail or an act that was done names it.
type ThingKind string

// The kinds of things. A new one is registered in thingNames.
const (
	ThingAPIKey        ThingKind = "api_key"
	ThingAbsence       ThingKind = "absence"
	ThingAccount       ThingKind = "payment_account"
	ThingAgency        ThingKind = "agency"
	ThingAgencyContact ThingKind = "agency_contact"
	ThingAgencyReport  ThingKind = "agency_report"
	ThingApplication   ThingKind = "application" // for a certificate
	ThingAssetQuery    ThingKind = "query"
	ThingAssistance    ThingKind = "assistance"
	ThingBinding       ThingKind = "binding"
	ThingCalendar      ThingKind = "calendar"
	ThingCallBack      ThingKind = "call"
	ThingCase          ThingKind = "case"
	ThingCaseMoney     ThingKind = "case_money"
	ThingCertificate   ThingKind = "certificate"
	ThingCleanUp       ThingKind = "clean_up"
	ThingContact       ThingKind = "contact"
	ThingConversation  ThingKind = "conversation"
	ThingCourt         ThingKind = "court"
	ThingDecision      ThingKind = "decision"     // an administrative one
	ThingDistribution  ThingKind = "distribution" // a plan by which money is shared
	ThingDocument      ThingKind = "document"
	ThingDossierItem   ThingKind = "dossier_item"
	ThingDuty          ThingKind = "duty"
	ThingDutyList      ThingKind = "duty_list"
	ThingDutyTask      ThingKind = "duty_task"
	ThingEnforcement   ThingKind = "enforcement"
	ThingFile          ThingKind = "file"
	ThingImport        ThingKind = "import"
	ThingInstallment   ThingKind = "installment"
	ThingInstrument    ThingKind = "instrument"
	ThingJob           ThingKind = "job" // has no id: its name is the detail
	ThingLiaison       ThingKind = "liaison"
	ThingList          ThingKind = "list"  // has no id: its title is the detail
	ThingLogin         ThingKind = "login" // a name that may be nobody's: a part of its digest is the detail
	ThingMeasure       ThingKind = "measure"
	ThingMessage       ThingKind = "message"
	ThingNotice        ThingKind = "notice"
	ThingObject        ThingKind = "object"
	ThingObligation    ThingKind = "obligation"
	ThingOutbox        ThingKind = "outbox"
	ThingPaperTask     ThingKind = "paper_task"
	ThingParty         ThingKind = "party"
	ThingDeposit       ThingKind = "deposit"
	ThingPayout        ThingKind = "payout"
	ThingPayoutDelay   ThingKind = "payout_delay"
	ThingPeriodEntry   ThingKind = "period_entry"
	ThingPetition      ThingKind = "petition"
	ThingPoster        ThingKind = "poster"
	ThingPrimeRate     ThingKind = "prime_rate"
	ThingPrisonLetter  ThingKind = "prison_letter"
	ThingProlongation  ThingKind = "prolongation"
	ThingPromise       ThingKind = "promise"
	ThingReceipt       ThingKind = "receipt"
	ThingReduction     ThingKind = "reduction"
	ThingReference     ThingKind = "reference" // its code is the detail
	ThingRelative      ThingKind = "relative"
	ThingRelease       ThingKind = "release"
	ThingRepair        ThingKind = "repair"
	ThingReview        ThingKind = "review"
	ThingPlan          ThingKind = "plan"
	ThingScheduleAct   ThingKind = "schedule_act"
	ThingSettlement    ThingKind = "settlement"
	ThingSpending      ThingKind = "spending"
	ThingStep          ThingKind = "step"
	ThingSuccession    ThingKind = "succession"
	ThingTask          ThingKind = "task"
	ThingTemplate      ThingKind = "template"
	ThingUser          ThingKind = "user"
	ThingVillage       ThingKind = "village"
)

// thingNames are the kinds in words, as the page of the audit trail says them.
var thingNames = map[ThingKind]string{ //nolint:gosec // names of things, no secrets
	ThingAPIKey: "接口密钥", ThingAbsence: "离岗代理", ThingAccount: "收款账户", ThingAgency: "责任单位", ThingAgencyContact: "责任单位联系人", ThingAgencyReport: "责任单位报送",
	ThingApplication: "证明书申请", ThingAssetQuery: "查询", ThingAssistance: "协助请求", ThingBinding: "绑定", ThingCalendar: "节假日", ThingCallBack: "回电预约",
	ThingCase: "案件", ThingCaseMoney: "案款", ThingPayout: "案款发放", ThingPayoutDelay: "延缓发放", ThingCertificate: "证明书", ThingCleanUp: "履行后清理", ThingContact: "联系记录", ThingConversation: "对话", ThingCourt: "法院",
	ThingDecision: "行政决定", ThingDistribution: "分配方案", ThingDocument: "文书", ThingDossierItem: "卷宗材料", ThingDuty: "责任事项", ThingDutyList: "事项清单", ThingDutyTask: "责任事项任务",
	ThingEnforcement: "执行案件", ThingFile: "文件", ThingImport: "导入", ThingInstallment: "分期", ThingInstrument: "法律文书", ThingJob: "定时任务",
	ThingLiaison: "联络员", ThingList: "列表", ThingLogin: "登录名", ThingMeasure: "强制措施", ThingMessage: "留言", ThingNotice: "通知", ThingObject: "保存的文件",
	ThingObligation: "义务", ThingOutbox: "消息", ThingPaperTask: "纸质送达", ThingParty: "当事人", ThingPeriodEntry: "申请执行期间的记录", ThingDeposit: "暂存款", ThingPetition: "悔过书或申请", ThingPoster: "张榜公告",
	ThingPrimeRate: "LPR", ThingPrisonLetter: "公函", ThingProlongation: "延长失信期限", ThingPromise: "承诺", ThingReceipt: "回执", ThingReduction: "减免",
	ThingReference: "缴款识别码", ThingRelative: "家属", ThingRelease: "解除审查", ThingRepair: "信用修复申请", ThingReview: "对措施的救济申请",
	ThingPlan: "履行和解", ThingScheduleAct: "催告操作", ThingSettlement: "执行和解", ThingSpending: "消费申请", ThingStep: "催告步骤", ThingSuccession: "当事人变更", ThingTask: "事项", ThingTemplate: "文书模板",
	ThingUser: "用户", ThingVillage: "村（社区）",
}

// Thing is one thing: a kind and the id of its row, 0 for a kind whose things
// have none. It is stored as two columns and compared as a whole; nothing reads
// it back out of a text.
type Thing struct {
	Kind ThingKind
	ID   int64
}

// Of is the thing of the kind with an id.
func (k ThingKind) Of(id int64) Thing { return Thing{k, id} }

// Key names the thing of the kind with an id inside a key that keeps something
// from being done twice. Such a key is compared and never read.
func (k ThingKind) Key(id int64) string { return k.Of(id).Key() }

// Key names the thing inside a key that keeps something from being done twice.
// Such a key is compared and never read.
func (t Thing) Key() string { return fmt.Sprintf("%s:%d", t.Kind, t.ID) }

// Chinese is the kind's name on screens, "" for one that is not registered.
func (k ThingKind) Chinese() string { return thingNames[k] }

// IDOf is the thing's id when it is of the kind, 0 when it is not.
func (t Thing) IDOf(k ThingKind) int64 {
	if t.Kind != k {
		return 0
	}
	return t.ID
}

// Chinese is the thing in words with what more names it (see
// AuditEntry.Detail): 回执 12, 文件 7（原件）.
func (t Thing) Chinese(detail string) string {
	name := t.Kind.Chinese()
	if name == "" {
		name = string(t.Kind)
	}
	if t.ID == 0 {
		return strings.TrimSpace(name + " " + detail)
	}
	name = fmt.Sprintf("%s %d", name, t.ID)
	if detail == "" {
		return name
	}
	if words := renditionNames[detail]; words != "" {
		detail = words
	}
	return name + "（" + detail + "）"
}

// renditionNames are the forms of a file that somebody looked at, in words.
var renditionNames = map[string]string{"view": "展示件", "thumbnail": "缩略图", "original": "原件", "tiles": "分块查看"}
