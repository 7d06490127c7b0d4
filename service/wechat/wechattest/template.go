package wechattest

import (
	"fmt"
	"strings"
)

// Template is a subscribe-message template in the mini-program's console.
type Template struct {
	ID       string
	Title    string
	LongTerm bool // type 3; else one-time, type 2
	Keywords []Keyword
	Banned   bool // sends answer 43107
}

// Keyword is one line of a template.
type Keyword struct {
	Key   string   // thing1, amount2
	Label string   // shown before the value
	Enum  []string // the only values of an enum keyword
}

// The ids of DefaultTemplates.
const (
	TemplateCase        = "demo_case_notice_0000000000000000000000000a"
	TemplateReceipt     = "demo_receipt_result_00000000000000000000000"
	TemplateObligee     = "demo_obligee_confirm_0000000000000000000000"
	TemplateCertificate = "demo_certificate_issued_0000000000000000000"
	TemplateTask        = "demo_judge_task_0000000000000000000000000aa"
	TemplateDue         = "demo_due_day_00000000000000000000000000000a"
	TemplateDigest      = "demo_judge_digest_000000000000000000000000a"
)

// DefaultTemplates are those of the demonstration: one-time ones for the
// parties, and long-term ones as a government account may be granted.
func DefaultTemplates() []Template {
	kind := Keyword{Key: "thing1", Label: "通知"}
	court := Keyword{Key: "thing2", Label: "法院"}
	check := Keyword{Key: "character_string8", Label: "核验码"}
	call := Keyword{Key: "thing9", Label: "咨询电话"}
	return []Template{
		{ID: TemplateCase, Title: "案件通知", Keywords: []Keyword{kind, court, check, call}},
		{ID: TemplateReceipt, Title: "履行凭证处理结果", Keywords: []Keyword{kind, check, call}},
		{ID: TemplateObligee, Title: "收款确认提醒", Keywords: []Keyword{kind, check, call}},
		{ID: TemplateCertificate, Title: "证明书开具通知", Keywords: []Keyword{kind, court, {Key: "time3", Label: "开具时间"}, check, call}},
		{ID: TemplateTask, Title: "待办事项提醒", LongTerm: true, Keywords: []Keyword{kind, {Key: "time2", Label: "提交时间"}, call}},
		{ID: TemplateDue, Title: "履行期限提醒", LongTerm: true, Keywords: []Keyword{kind, check, call}},
		{ID: TemplateFollower, Title: "履行事项提醒", Keywords: []Keyword{kind, check, call}},
		{ID: TemplateDigest, Title: "每日待办提醒", LongTerm: true, Keywords: []Keyword{kind, check, call}},
	}
}

func (f *Fake) template(id string) (Template, bool) {
	for _, t := range f.cfg.Templates {
		if t.ID == id {
			return t, true
		}
	}
	return Template{}, false
}

func (f *Fake) listTemplates(*call) any {
	list := make([]reply, 0, len(f.cfg.Templates))
	for _, t := range f.cfg.Templates {
		var content strings.Builder
		enums := []reply{}
		for _, k := range t.Keywords {
			fmt.Fprintf(&content, "%s:{{%s.DATA}}\n", k.Label, k.Key)
			if len(k.Enum) > 0 {
				enums = append(enums, reply{"keywordCode": k.Key + ".DATA", "enumValueList": k.Enum})
			}
		}
		kind := 2
		if t.LongTerm {
			kind = 3
		}
		list = append(list, reply{
			"priTmplId": t.ID, "title": t.Title, "content": content.String(), "example": content.String(), "type": kind,
			"keywordEnumValueList": enums,
		})
	}
	return reply{"errcode": 0, "errmsg": "ok", "data": list}
}

// listAccountTemplates serves the list of a service account, which has no
// errcode, no types and no values of keywords.
func (f *Fake) listAccountTemplates(*call) any {
	list := make([]reply, 0, len(f.cfg.Templates))
	for _, t := range f.cfg.Templates {
		var content strings.Builder
		for _, k := range t.Keywords {
			fmt.Fprintf(&content, "%s：{{%s.DATA}}\n", k.Label, k.Key)
		}
		list = append(list, reply{
			"template_id": t.ID, "title": t.Title, "primary_industry": "政府与公共事业", "deputy_industry": "法律", "content": content.String(), "example": content.String(),
		})
	}
	return reply{"template_list": list}
}

func (f *Fake) listCategories(*call) any {
	return reply{"errcode": 0, "errmsg": "ok", "data": []reply{{"id": 616, "name": "司法/公证"}}}
}
