package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AgencyKind is what sort of unit an agency is.
type AgencyKind string

// The kinds of agency.
const (
	AgencyParty      AgencyKind = "party"      // 党委部门
	AgencyGovernment AgencyKind = "government" // 政府部门
	AgencyJudicial   AgencyKind = "judicial"   // 政法机关
	AgencyFinancial  AgencyKind = "financial"  // 金融机构
	AgencyUtility    AgencyKind = "utility"    // 公用事业单位, e.g. the power supplier
	AgencyTown       AgencyKind = "town"       // 镇（街道）
	AgencyOther      AgencyKind = "other"
)

// AgencyKinds lists the kinds in the order of the directory.
var AgencyKinds = []AgencyKind{AgencyParty, AgencyGovernment, AgencyJudicial, AgencyFinancial, AgencyUtility, AgencyTown, AgencyOther}

var agencyKindNames = map[AgencyKind]string{
	AgencyParty: "党委部门", AgencyGovernment: "政府部门", AgencyJudicial: "政法机关", AgencyFinancial: "金融机构",
	AgencyUtility: "公用事业单位", AgencyTown: "镇（街道）", AgencyOther: "其他单位",
}

// Chinese is the kind's name, "" for one that does not exist.
func (k AgencyKind) Chinese() string { return agencyKindNames[k] }

// Agency is a unit that carries the mechanism together with the court
// (责任单位). Its accounts and API keys see its own rows and nothing else.
type Agency struct {
	ID      int64
	CourtID int64
	Code    string // unique in the court: the name of the agency in files
	Name    string
	Kind    AgencyKind
	// QueryKinds are the court's queries that it answers; empty for none.
	QueryKinds []QueryKind `gorm:"serializer:json"`
	EndedOn    Date        // when it ceased to be a member, zero while it is one
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Active tells whether the agency is a member now.
func (a Agency) Active() bool { return a.EndedOn.IsZero() }

// Answers tells whether the agency answers queries of the kind.
func (a Agency) Answers(k QueryKind) bool { return a.Active() && slices.Contains(a.QueryKinds, k) }

// QueryNames are the queries that the agency answers, in words.
func (a Agency) QueryNames() string {
	out := make([]string, len(a.QueryKinds))
	for i, k := range a.QueryKinds {
		out[i] = k.Chinese()
	}
	return strings.Join(out, "、")
}

// Check tidies the fields that one types and refuses what cannot be.
func (a *Agency) Check() error {
	kinds := []QueryKind{} // never nil: a column that is not null
	for _, k := range QueryKinds {
		if slices.Contains(a.QueryKinds, k) {
			kinds = append(kinds, k)
		}
	}
	unknown := slices.ContainsFunc(a.QueryKinds, func(k QueryKind) bool { return k.Chinese() == "" })
	a.QueryKinds = kinds
	a.Code, a.Name = NormalizeCode(a.Code), strings.TrimSpace(a.Name)
	var wrong Faults
	wrong.If(!validCode(a.Code), "code", "agency.code", "单位代码应为 2 到 32 位字母、数字或 -，例如 SJJ")
	wrong.If(a.Name == "" || utf8.RuneCountInString(a.Name) > 100, "name", "agency.name", "请填写单位名称，不超过 100 字")
	wrong.If(a.Kind.Chinese() == "", "kind", "agency.kind", "请选择单位类别")
	wrong.If(unknown, "query_kinds", "agency.query_kinds", "可答复的查询应为车辆、房地产、人口信息或银行存款")
	return wrong.Err()
}

// validCode tells whether s can name a thing in files and addresses.
func validCode(s string) bool {
	if len(s) < 2 || len(s) > 32 {
		return false
	}
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}

// ContactRole is what a person is for the mechanism in his agency.
type ContactRole string

// The roles of an agency's people: the member of the leading group (负责人) and
// the one who does the work (联络员).
const (
	ContactHead    ContactRole = "head"
	ContactLiaison ContactRole = "liaison"
)

// ContactRoles lists the roles.
var ContactRoles = []ContactRole{ContactHead, ContactLiaison}

// Chinese is the role's name, "" for one that does not exist.
func (r ContactRole) Chinese() string {
	return map[ContactRole]string{ContactHead: "负责人", ContactLiaison: "联络员"}[r]
}

// AgencyContact is a person whom the court reaches in an agency. The row is how
// things are; how they became so is in the AgencyChange entries.
type AgencyContact struct {
	ID        int64
	CourtID   int64
	AgencyID  int64
	Role      ContactRole
	Name      string
	Title     string // 职务
	Phone     string `gorm:"serializer:sealed"` // mobile or landline
	TermFrom  Date
	TermUntil Date // zero: no end fixed
	EndedOn   Date // when he ceased to be it, zero while he is
	CreatedBy int64
	IdemKey   string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Current tells whether the person holds the place on a day.
func (c AgencyContact) Current(today Date) bool {
	return c.EndedOn.IsZero() && (c.TermUntil.IsZero() || !c.TermUntil.Before(today))
}

// Check tidies the fields that one types and refuses what cannot be.
func (c *AgencyContact) Check() error {
	c.Name, c.Title, c.Phone = strings.TrimSpace(c.Name), strings.TrimSpace(c.Title), normalizeOfficePhone(c.Phone)
	var wrong Faults
	wrong.If(c.Role.Chinese() == "", "role", "contact.role", "请选择负责人或联络员")
	wrong.If(c.Name == "" || utf8.RuneCountInString(c.Name) > 50, "name", "contact.name", "请填写姓名，不超过 50 字")
	wrong.If(utf8.RuneCountInString(c.Title) > 100, "title", "contact.title", "职务不能超过 100 字")
	wrong.If(c.Phone == "" || len(c.Phone) < 7 || len(c.Phone) > 20, "phone", "contact.phone", "请填写联系电话，例如 13800138000 或 0574-86280000")
	wrong.If(!c.TermFrom.IsZero() && !c.TermUntil.IsZero() && c.TermUntil.Before(c.TermFrom), "term_until", "contact.term", "任期的结束日期不能早于开始日期")
	if !c.TermFrom.IsZero() {
		wrong.Add(Lasting("任期开始", c.TermFrom, CeilingContact).Check("term_until", "date.range", c.TermUntil))
	}
	return wrong.Err()
}

// normalizeOfficePhone folds a mobile or landline number to its digits, "" when
// there is anything else.
func normalizeOfficePhone(s string) string {
	s = NormalizePhone(s)
	if strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// MaskOfficePhone shows the first three and the last two digits.
func MaskOfficePhone(p string) string {
	if len(p) < 7 {
		return ""
	}
	return p[:3] + strings.Repeat("*", len(p)-5) + p[len(p)-2:]
}

// AgencyChange is an entry of an agency's history: who changed what, when, from
// what to what. Entries are only added.
type AgencyChange struct {
	ID        int64
	CourtID   int64
	AgencyID  int64
	Subject   string // agency, contact, duty
	SubjectID int64
	Field     string
	OldText   string `gorm:"serializer:sealed"` // may be a phone
	NewText   string `gorm:"serializer:sealed"`
	ByUserID  int64  // 0: the system
	CreatedAt time.Time
}

// The subjects of changes.
const (
	ChangeOfAgency  = "agency"
	ChangeOfContact = "contact"
	ChangeOfDuty    = "duty"
)

var changeNames = map[string]string{
	ChangeOfAgency: "单位", ChangeOfContact: "联系人", ChangeOfDuty: "事项",
	"created": "新增", "ended": "停用", "name": "名称", "kind": "类别", "role": "角色", "person": "姓名", "title": "职务", "phone": "电话",
	"term_from": "任期开始", "term_until": "任期结束", "requirement": "工作要求", "basis": "依据", "evidence": "佐证材料", "unit": "计量单位", "due_on": "时限", "due_days": "落实时限（工作日）", "lift_days": "解除时限（工作日）",
	"measures": "适用措施", "query_kinds": "可答复的查询", "subjects": "适用对象",
}

// Chinese says what was changed.
func (c AgencyChange) Chinese() string {
	return changeNames[c.Subject] + " " + changeNames[c.Field]
}

// changeList collects the fields of one thing that differ.
type changeList struct {
	of   AgencyChange
	list []AgencyChange
}

func (l *changeList) add(field string, before, after fmt.Stringer) {
	l.text(field, before.String(), after.String())
}

func (l *changeList) text(field, before, after string) {
	if before == after {
		return
	}
	c := l.of
	c.Field, c.OldText, c.NewText = field, before, after
	l.list = append(l.list, c)
}

// Changes are the entries for turning a into b; a zero a is a new agency.
func (a Agency) Changes(b Agency) []AgencyChange {
	l := changeList{of: AgencyChange{CourtID: b.CourtID, AgencyID: b.ID, Subject: ChangeOfAgency, SubjectID: b.ID}}
	if a.ID == 0 {
		l.text("created", "", b.Code+" "+b.Name)
		return l.list
	}
	l.text("name", a.Name, b.Name)
	l.text("kind", a.Kind.Chinese(), b.Kind.Chinese())
	l.text("query_kinds", a.QueryNames(), b.QueryNames())
	l.add("ended", a.EndedOn, b.EndedOn)
	return l.list
}

// Changes are the entries for turning c into d; a zero c is a new contact.
func (c AgencyContact) Changes(d AgencyContact) []AgencyChange {
	l := changeList{of: AgencyChange{CourtID: d.CourtID, AgencyID: d.AgencyID, Subject: ChangeOfContact, SubjectID: d.ID}}
	if c.ID == 0 {
		l.text("created", "", d.Role.Chinese()+" "+d.Name)
		return l.list
	}
	l.text("role", c.Role.Chinese(), d.Role.Chinese())
	l.text("person", c.Name, d.Name)
	l.text("title", c.Title, d.Title)
	l.text("phone", c.Phone, d.Phone)
	l.add("term_from", c.TermFrom, d.TermFrom)
	l.add("term_until", c.TermUntil, d.TermUntil)
	l.add("ended", c.EndedOn, d.EndedOn)
	return l.list
}
