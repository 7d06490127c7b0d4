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
	Action    AuditAction
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
	Action  AuditAction
	CaseID  int64
	Subject string
	Before  any // digested, not stored
	After   any
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
