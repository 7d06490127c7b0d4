package model

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// AuditEntry is one link of the audit trail: who did or looked at what. Links
// of a court form a chain by a keyed hash over the previous link, so that a
// changed, removed or inserted row shows. Rows are only ever added.
type AuditEntry struct {
	CourtID   int64 `gorm:"primaryKey;autoIncrement:false"` // 0: acts that belong to no court
	Seq       int64 `gorm:"primaryKey;autoIncrement:false"` // 1, 2, 3 … without gaps
	At        time.Time
	UserID    int64
	APIKeyID  int64
	Role      Role
	Action    string // e.g. "receipt.confirm", "file.look"
	CaseID    int64
	Subject   string // e.g. "receipt:12"
	Before    string `gorm:"column:before_digest"` // keyed digest of the thing before, "" for looks and creations
	After     string `gorm:"column:after_digest"`
	IP        string
	RequestID string
	PrevHash  string
	Hash      string
}

// AuditEvent is what a use case says about an act; the storage makes the link.
type AuditEvent struct {
	CourtID int64
	Action  string
	CaseID  int64
	Subject string
	Before  any // digested, not stored
	After   any
}

// AuditLooks are the actions that are looks at personal data or evidence.
var AuditLooks = []string{
	"file.look", "receipt.look", "party.reveal", "service.look", "certificate.look", "certificate.details", "document.look",
	"reference.look", "relative.look", "call.look",
	"agency.look", "duty.look", "listing.look",
	"query.look", "query.letter", "liaison.look", "assistance.look",
}

// AuditFilter narrows a court's audit trail.
type AuditFilter struct {
	CourtID int64
	Cases   []int64 // about one of these; nil for any
	Users   []int64 // by one of these; nil for anybody
	Looks   bool    // only AuditLooks
	Before  int64   // sequence numbers below this one; 0 from the end
	Limit   int
}

// Subject names a thing in the audit trail.
func Subject(kind string, id int64) string { return fmt.Sprintf("%s:%d", kind, id) }

// Digest is the keyed digest of v's fields. It is keyed because ID numbers and
// phones have too few values to hide behind a plain hash.
func Digest(key []byte, v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("digest %T: %w", v, err)
	}
	m := hmac.New(sha256.New, key)
	m.Write(b)
	return hex.EncodeToString(m.Sum(nil)), nil
}

// Seal computes the link's hash from its fields and the previous link's hash.
func (e *AuditEntry) Seal(key []byte, prev string) error {
	h, err := e.expected(key, prev)
	if err != nil {
		return err
	}
	e.PrevHash, e.Hash = prev, h
	return nil
}

// Intact tells whether the link fits behind prev and its fields are unchanged.
func (e *AuditEntry) Intact(key []byte, prev string) bool {
	h, err := e.expected(key, prev)
	return err == nil && e.PrevHash == prev && hmac.Equal([]byte(h), []byte(e.Hash))
}

func (e *AuditEntry) expected(key []byte, prev string) (string, error) {
	c := *e
	c.PrevHash, c.Hash = prev, ""
	// Both databases keep microseconds; the hash must not see more.
	c.At = c.At.UTC().Truncate(time.Microsecond)
	return Digest(key, c)
}

// auditNames are the actions of the trail in words.
var auditNames = map[string]string{ //nolint:gosec // names, no credentials
	"api_key.create": "新建接口密钥", "api_key.revoke": "停用接口密钥", "audit.check": "检查审计链", "binding.create": "绑定为当事人", "binding.end": "解除绑定",
	"binding_code.issue": "打印绑定码", "calendar.load": "导入节假日", "case.create": "录入案件", "case.import": "导入案件", "import.release": "放行导入案件的通知", "receipt.import": "导入已履行记录", "case.handover": "移交案件", "case.update": "更新案件",
	"certificate.apply": "申请证明书", "certificate.details": "凭查看码查看证明书", "certificate.issue": "出具证明书", "certificate.look": "查看证明书",
	"certificate.refuse": "不予出具证明书", "certificate.revoke": "撤销证明书", "certificate.share": "生成证明书查看码", "consent.given": "登记同意电子送达",
	"consent.withdrawn": "登记撤回电子送达同意", "contact.log": "登记联系情况", "court.add": "新建法院", "court.set": "修改本院设置", "delivery.resend": "重新发送消息", "job.run": "重新运行定时任务",
	"database.backup": "备份", "database.restore": "恢复备份", "database.reconcile": "核对恢复后的数据", "number.void": "编号作废", "object.expired": "清除保存期满的无记录文件",
	"document.look": "查看文书", "document.make": "制作文书", "file.look": "查看凭证图片", "file.upload": "上传凭证", "installment.due": "调整到期日",
	"enforcement.file": "录入执行案件", "enforcement.update": "更新执行案件", "enforcement.handover": "移交执行案件", "enforcement.close": "执行案件结案", "task.done": "办结事项",
	"settlement.record": "记录执行和解", "settlement.resume": "恢复执行", "release.propose": "提出解除审查", "release.decide": "决定解除审查",
	"repair.apply": "申请信用修复", "repair.check": "核查信用修复条件", "repair.decide": "决定信用修复申请", "repair.revoke": "撤销信用修复", "listing.look": "获取失信名单",
	"spending.ask": "申请限制消费期间的消费", "spending.decide": "决定消费申请", "spending.lapse": "消费申请无需决定",
	"measure.propose": "提出强制措施", "measure.decide": "决定强制措施", "measure.refuse": "不予批准强制措施", "measure.withdraw": "撤回强制措施", "measure.service_of_process": "登记决定书送达",
	"measure.detain": "登记收拘", "measure.family": "登记通知家属", "measure.effect": "宽限期满实施措施", "measure.post": "登记张榜", "measure.expire": "措施期满终止",
	"measure.ask_lift": "提请解除措施", "measure.refuse_lift": "不同意解除措施", "measure.lift": "解除措施", "measure.ask_review": "对措施提出救济申请", "measure.review": "登记救济申请的结果",
	"clean_up.open": "开始履行后清理", "clean_up.hold": "暂缓履行后清理", "clean_up.resume": "恢复履行后清理", "clean_up.done": "办结履行后清理", "clean_up.cancel": "终止履行后清理",
	"instrument.add": "补充法律文书", "paper.done": "办结纸质送达", "paper.request": "要求纸质送达", "party.reveal": "查看完整证件号码和手机号",
	"prolong.ask": "提请延长失信期限", "prolong.decide": "决定延长失信期限", "prolong.lapse": "延长失信期限的提请失效", "measure.prolong": "延长失信期限", "message.say": "在对话中留言或回复", "message.refused": "内容检查未通过，留言被拒", "picture.given": "图片交内容安全检查", "picture.hidden": "内容检查未通过，图片被隐藏", "message.settle": "标记无需答复",
	"relative.ask": "申请联系执行法官", "relative.admitted": "同意家属接入", "relative.declined": "不同意家属接入", "relative.blocked": "限制家属", "relative.revoked": "结束家属联系",
	"relative_code.issue": "生成家属联系码", "relative_code.void": "作废家属联系码", "relative_code.invite": "邀请家属", "reference.look": "查询缴款识别码", "petition.make": "提交悔过书或申请", "petition.decide": "答复悔过书或申请",
	"call.asked": "请求回电", "call.offered": "提出回电时间", "call.confirmed": "约定回电", "call.declined": "不同意回电时间", "call.cancelled": "取消回电",
	"call.done": "登记回电", "call.missed": "登记回电未接通", "call.lapsed": "回电预约过时", "call.look": "查看回电号码",
	"absence.add": "登记离岗代理", "absence.end": "结束离岗代理", "relative.look": "查看家属信息",
	"password.change": "修改密码", "promise.make": "作出履行承诺", "receipt.acknowledged": "权利人确认收到", "receipt.disputed": "权利人提出异议",
	"receipt.confirm": "确认回执", "receipt.correct": "更正回执", "receipt.look": "查看回执", "receipt.return": "退回回执", "receipt.submit": "提交回执",
	"receipt.withdraw": "撤回回执", "scan.approve": "扫码同意登录", "schedule.pause": "暂停督促", "schedule.resume": "恢复督促", "schedule.stop": "停止督促",
	"schedule.skip": "跳过一次通知", "schedule.send": "发出督促时间表中的通知", "service.look": "查看送达记录", "session.end": "退出其他设备", "session.refused": "登录失败", "session.throttled": "登录尝试过多，暂缓受理",
	"session.signon": "统一身份认证登录", "session.staff": "密码登录", "session.wechat": "微信登录", "staff.add": "新建账号", "staff.link": "关联微信", "staff.unlink": "解除微信关联",
	"signon.bind": "绑定统一身份认证", "signon.end": "解除统一身份认证绑定", "totp.enrol": "登记动态口令",
	"staff.reset": "重置密码和动态口令", "staff.roles": "更改角色", "staff.disable": "停用账号", "staff.enable": "启用账号", "staff.unlock": "解除锁定",
	"staff.logout": "强制退出", "obligation.category": "注明判项类别", "statement.make": "制作财产性判项履行情况说明", "prison_letter.register": "登记财产性判项公函",
	"prison_letter.answer": "答复财产性判项公函", "prison_letter.void": "作废财产性判项公函", "prison_letter.due": "调整公函答复期限", "decision.enter": "登记行政决定和申请期限",
	"surcharge.reduce": "登记减免加处罚款或滞纳金", "subscription.claim": "登记消息授权", "template.save": "保存文书模板",
	"agency.add": "新增责任单位", "agency.change": "修改责任单位", "agency.end": "停用责任单位", "agency.look": "查看责任单位联系电话",
	"duty.add": "新增责任事项", "duty.change": "修改责任事项", "duty.end": "停用责任事项", "duty.load": "导入责任事项", "duty.report": "责任单位报送",
	"duty.look": "查看惩戒对象", "duty.accept": "认可责任单位报送", "duty.return": "退回责任单位报送", "contact.add": "新增责任单位联系人", "contact.change": "修改责任单位联系人", "contact.end": "停用责任单位联系人",
	"query.request": "申请查询", "query.decide": "审批查询", "query.send": "发出查询", "query.answer": "登记查询答复", "query.cancel": "撤销查询",
	"query.look": "查看查询答复", "query.letter": "查看协助查询函", "village.add": "登记村（社区）", "liaison.add": "登记联络员", "liaison.update": "更改联络员",
	"liaison.code": "打印联络员绑定码", "liaison.bind": "联络员绑定手机", "liaison.look": "查看联络员", "assistance.ask": "请求联络员协助", "assistance.accept": "联络员接受请求",
	"assistance.decline": "联络员谢绝请求", "assistance.answer": "联络员反馈", "assistance.close": "办结协助请求", "assistance.look": "查看协助请求",
}

// AuditName is an action of the trail in words; one without words stays as it
// is.
func AuditName(action string) string {
	if name := auditNames[action]; name != "" {
		return name
	}
	return action
}

// subjectNames are the kinds of things in the trail in words.
var subjectNames = map[string]string{
	"login": "登录名", "api_key": "接口密钥", "application": "证明书申请", "binding": "绑定", "case": "案件", "certificate": "证明书", "contact": "联系记录", "court": "法院",
	"document": "文书", "file": "文件", "enforcement": "执行案件", "task": "事项", "instrument": "法律文书", "notice": "通知", "outbox": "消息", "paper_task": "纸质送达", "party": "当事人",
	"message": "留言", "conversation": "对话", "job": "定时任务", "object": "保存的文件", "relative": "家属", "reference": "缴款识别码", "petition": "悔过书或申请", "absence": "离岗代理", "call": "回电预约",
	"measure": "强制措施", "spending": "消费申请", "clean_up": "履行后清理",
	"promise": "承诺", "receipt": "回执", "schedule_act": "催告操作", "step": "催告步骤", "template": "文书模板", "user": "用户", "calendar": "节假日",
	"installment": "分期", "subscription": "消息授权", "agency": "责任单位", "agency_contact": "责任单位联系人", "duty": "责任事项", "duty_task": "责任事项任务", "duty_list": "事项清单", "prolongation": "延长失信期限",
	"agency_report": "责任单位报送",
	"obligation":    "义务", "prison_letter": "公函", "decision": "行政决定", "reduction": "减免",
	"query": "查询", "village": "村（社区）", "liaison": "联络员", "assistance": "协助请求",
	"import": "导入", "password": "密码", "poster": "张榜公告", "prolong": "延长失信期限", "review": "对措施的救济申请",
	"settlement": "执行和解", "release": "解除审查", "repair": "信用修复申请",
}

// SubjectName is a thing of the trail (see Subject) in words: receipt:12 is 回执 12.
func SubjectName(subject string) string {
	kind, rest, _ := strings.Cut(subject, ":")
	name := subjectNames[kind]
	if name == "" {
		return subject
	}
	rest = strings.NewReplacer(":view", "（展示件）", ":thumbnail", "（缩略图）", ":original", "（原件）").Replace(rest)
	return name + " " + rest
}
