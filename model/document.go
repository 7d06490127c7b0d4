package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DocumentKind is a kind of numbered paper that the court prints from a
// template of its own. Certificates have a form of their own and are not among
// them.
type DocumentKind string

// The kinds of papers.
const (
	DocumentPerformanceNotice DocumentKind = "performance_notice" // 自动履行告知书
	DocumentReminder          DocumentKind = "reminder"           // 自动履行催告书
	DocumentCreditorSheet     DocumentKind = "creditor_sheet"     // 权利人须知
	DocumentBindingSlip       DocumentKind = "binding_slip"       // 绑定码单
	DocumentLiaisonSlip       DocumentKind = "liaison_slip"       // 执行联络员绑定码单
	DocumentRelativeSlip      DocumentKind = "relative_slip"      // 家属联系码单
	DocumentContactRecord     DocumentKind = "contact_record"     // 联系记录
	DocumentServiceProof      DocumentKind = "service_proof"      // 送达凭证
	DocumentPenaltyStatement  DocumentKind = "penalty_statement"  // 财产性判项履行情况说明

	DocumentConversationRecord DocumentKind = "conversation_record" // 对话记录
	DocumentDepositWish        DocumentKind = "deposit_wish"        // 暂存款缴款意愿书

	DocumentEnforcementNotice  DocumentKind = "enforcement_notice"  // 执行通知书
	DocumentEnforcementWarning DocumentKind = "enforcement_warning" // 失信、限高及拘留（罚款）预告书

	// What holds for the papers about measures is in measureDocuments.
	DocumentListingDecision  DocumentKind = "listing_decision"   // 纳入失信被执行人名单决定书
	DocumentConsumptionOrder DocumentKind = "consumption_order"  // 限制消费令
	DocumentTracingDecision  DocumentKind = "tracing_decision"   // 网上布控决定书
	DocumentExitBanDecision  DocumentKind = "exit_ban_decision"  // 限制出境决定书
	DocumentDetention        DocumentKind = "detention_decision" // 拘留决定书
	DocumentFine             DocumentKind = "fine_decision"      // 罚款决定书
	DocumentFamilyNotice     DocumentKind = "family_notice"      // 拘留家属通知书
	DocumentLiftDecision     DocumentKind = "lift_decision"      // 解除措施决定书
	DocumentProlongDecision  DocumentKind = "prolong_decision"   // 延长失信期限决定书
	DocumentSpendingPermit   DocumentKind = "spending_permit"    // 准许消费决定书
)

// DocumentKinds lists the kinds.
var DocumentKinds = []DocumentKind{
	DocumentPerformanceNotice, DocumentReminder, DocumentCreditorSheet, DocumentBindingSlip, DocumentLiaisonSlip, DocumentRelativeSlip, DocumentContactRecord, DocumentServiceProof,
	DocumentPenaltyStatement, DocumentConversationRecord, DocumentDepositWish,
	DocumentEnforcementNotice, DocumentEnforcementWarning,
	DocumentListingDecision, DocumentConsumptionOrder, DocumentTracingDecision, DocumentExitBanDecision, DocumentDetention, DocumentFine,
	DocumentFamilyNotice, DocumentLiftDecision, DocumentProlongDecision, DocumentSpendingPermit,
}

// Chinese is the paper's name, "" for an unknown kind.
func (k DocumentKind) Chinese() string {
	if m, ok := measureDocuments[k]; ok {
		return m.name
	}
	return map[DocumentKind]string{ //nolint:gosec // a creditor is no credential
		DocumentPerformanceNotice: "自动履行告知书", DocumentReminder: "自动履行催告书", DocumentCreditorSheet: "权利人须知",
		DocumentBindingSlip: "绑定码单", DocumentLiaisonSlip: "执行联络员绑定码单", DocumentRelativeSlip: "家属联系码单", DocumentContactRecord: "联系记录", DocumentServiceProof: "送达凭证",
		DocumentPenaltyStatement: "财产性判项履行情况说明", DocumentConversationRecord: "对话记录", DocumentDepositWish: "暂存款缴款意愿书",
		DocumentEnforcementNotice: "执行通知书", DocumentEnforcementWarning: "失信、限高及拘留（罚款）预告书",
	}[k]
}

// CodeName is what the one-time code on the kind's papers is called.
func (k DocumentKind) CodeName() string {
	if k == DocumentRelativeSlip {
		return "联系码"
	}
	return "绑定码"
}

// ForParties tells whether the kind's papers are for their addressee; the others
// are for the court's file.
func (k DocumentKind) ForParties() bool {
	switch k {
	case DocumentPerformanceNotice, DocumentReminder, DocumentCreditorSheet, DocumentDepositWish, DocumentEnforcementNotice, DocumentEnforcementWarning:
		return true
	default:
		return measureDocuments[k].parties
	}
}

// Measure tells whether the kind's papers are about measures.
func (k DocumentKind) Measure() bool {
	_, ok := measureDocuments[k]
	return ok
}

// PartyDocuments lists the kinds that their addressees see.
func PartyDocuments() []DocumentKind {
	return slices.DeleteFunc(slices.Clone(DocumentKinds), func(k DocumentKind) bool { return !k.ForParties() })
}

// Series is the court's series of numbers for the kind. The notice and the
// demand share theirs with the notices in the inbox.
func (k DocumentKind) Series() string {
	switch k {
	case DocumentPerformanceNotice:
		return "notice"
	case DocumentReminder:
		return "demand"
	default:
		return string(k)
	}
}

// PunishmentSeries is the one series of a court that numbers detentions and fines
// alike, as 司惩 cases are.
const PunishmentSeries = "punishment"

// SeriesOf is the court's series of numbers for the kind: one for detentions and
// fines where their patterns are the same, e.g. （{year}）浙0211司惩{n}号.
func (s CourtSettings) SeriesOf(k DocumentKind) string {
	if (k == DocumentDetention || k == DocumentFine) && s.Pattern(DocumentDetention) == s.Pattern(DocumentFine) {
		return PunishmentSeries
	}
	return k.Series()
}

// KindsIn lists the kinds that may bear numbers of a series.
func KindsIn(series string) (out []DocumentKind) {
	for _, k := range DocumentKinds {
		if k.Series() == series || series == PunishmentSeries && (k == DocumentDetention || k == DocumentFine) {
			out = append(out, k)
		}
	}
	return out
}

// Pattern is the court's pattern of document numbers for the kind.
func (s CourtSettings) Pattern(k DocumentKind) string {
	if k == DocumentPerformanceNotice {
		return s.NoticePattern
	}
	if k == DocumentReminder {
		return s.Demand()
	}
	if p := s.DocumentPatterns[k]; p != "" {
		return p
	}
	if m, ok := measureDocuments[k]; ok {
		return "{short}" + m.mark + "〔{year}〕{n}号"
	}
	names := map[DocumentKind]string{
		DocumentCreditorSheet: "权知", DocumentBindingSlip: "绑", DocumentLiaisonSlip: "联络", DocumentRelativeSlip: "家联", DocumentContactRecord: "联", DocumentServiceProof: "送证",
		DocumentPenaltyStatement: "财说", DocumentConversationRecord: "对话", DocumentDepositWish: "暂愿",
		DocumentEnforcementNotice: "执通", DocumentEnforcementWarning: "预告",
	}
	return "{short}" + names[k] + "〔{year}〕{n}号"
}

// Document is a numbered paper. It is made from frozen facts and a version of
// the court's template, so that it can be printed again and says the same.
type Document struct {
	ID       int64
	CourtID  int64
	CaseID   int64
	PartyID  int64 // its addressee; 0 for papers for the file
	NoticeID int64 // the notice that it belongs to, 0 for none
	Kind     DocumentKind
	Number   string
	// TemplateVersion is that of the court's template, 0 the built-in one.
	TemplateVersion int
	Facts           DocumentFacts `gorm:"serializer:json"`
	// Identity is the whole number of the identity of whom the paper is about, for
	// papers that the police and other authorities act on; the facts have it masked.
	Identity string `gorm:"serializer:sealed"`
	// ContentSHA256 is the hash of the paper without its signature, recorded before
	// it was signed.
	ContentSHA256 string `gorm:"column:content_sha256"`
	PDFKey        string // object key, "" until it was first opened
	PDFSHA256     string `gorm:"column:pdf_sha256"`
	DedupeKey     string
	CreatedBy     int64 // 0 for the system
	CreatedAt     time.Time
}

// Says is what the paper prints.
func (d Document) Says() DocumentFacts {
	f := d.Facts
	if f.Measure != nil && d.Identity != "" {
		m := *f.Measure
		m.SubjectID, f.Measure = d.Identity, &m
	}
	return f
}

// PaperPrint is one print of a paper with a one-time code, of which no file is
// kept. What it says but for the code, and the hashes by which a paper that
// somebody shows is known again, are recorded before it leaves the court.
type PaperPrint struct {
	ID              int64
	CourtID         int64
	CaseID          int64 // 0 for a liaison's slip
	Kind            DocumentKind
	Number          string
	TemplateVersion int
	Facts           DocumentFacts `gorm:"serializer:json"`
	// ContentSHA256 is the hash of the paper without its signature, recorded before
	// it was signed; PDFSHA256 that of the file, "" when it never left.
	ContentSHA256 string `gorm:"column:content_sha256"`
	PDFSHA256     string `gorm:"column:pdf_sha256"`
	ByUserID      int64
	CreatedAt     time.Time
}

// TableName is the table of prints.
func (PaperPrint) TableName() string { return "paper_prints" }

// DocumentTemplate is a version of a court's template. Versions are only added.
type DocumentTemplate struct {
	ID        int64
	CourtID   int64
	Kind      DocumentKind
	Version   int
	Body      string
	IdemKey   string
	CreatedBy int64
	CreatedAt time.Time
}

// DocumentFacts is what a paper says.
type DocumentFacts struct {
	Kind         DocumentKind `json:"kind"`
	Number       string       `json:"number"`
	CourtName    string       `json:"court_name"`
	CourtPhone   string       `json:"court_phone"`
	CourtAddress string       `json:"court_address"`
	Account      string       `json:"account"`
	Judge        string       `json:"judge"`
	Addressee    string       `json:"addressee"`
	Position     string       `json:"position"` // 被告
	CaseNo       string       `json:"case_no"`
	Cause        string       `json:"cause"`
	IssuedOn     Date         `json:"issued_on"`

	// The one-time code is printed and never kept.
	Code        string `json:"-"`
	Scene       string `json:"-"` // what the QR code holds
	CodeExpires Date   `json:"code_expires,omitzero"`

	Instrument  string         `json:"instrument,omitempty"`  // 民事调解书 and its number, of several all
	EffectiveOn Date           `json:"effective_on,omitzero"` // of them all, zero where they differ
	Effective   bool           `json:"effective,omitempty"`   // all of them are in effect
	Second      bool           `json:"second,omitempty"`      // the second demand
	Items       []DocumentItem `json:"items,omitempty"`
	OpenFen     Fen            `json:"open_fen,omitempty"`
	InterestFen Fen            `json:"interest_fen,omitempty"`
	PerDayFen   Fen            `json:"per_day_fen,omitempty"`
	// OrdinaryFen is the ordinary interest to date, and OrdinaryPerDay by which it
	// grows.
	OrdinaryFen    Fen `json:"ordinary_fen,omitempty"`
	OrdinaryPerDay Fen `json:"ordinary_per_day,omitempty"`
	// Regimes are those of the duties listed, and Opening and Points what the paper
	// says because of them: frozen with the rest, so that it always says the same.
	Regimes []Regime `json:"regimes,omitempty"`
	Opening string   `json:"opening,omitempty"`
	Points  []Point  `json:"points,omitempty"`
	FeeFen  Fen      `json:"fee_fen,omitempty"` // of enforcement
	// EnforceBy is the earliest end of the periods for applying that run.
	EnforceBy Date `json:"enforce_by,omitzero"`

	EnforcementNo string `json:"enforcement_no,omitempty"` // 执行案号
	FiledOn       Date   `json:"filed_on,omitzero"`        // when it was filed
	HigherCourt   string `json:"higher_court,omitempty"`   // to which one applies for reconsideration
	PerformBy     Date   `json:"perform_by,omitzero"`      // the term of the 执行通知书

	Measure *MeasureFacts `json:"measure,omitempty"`
	// ContactScene is what a QR code holds by which a relative asks to speak with
	// the officer; unlike Scene it gives nobody a right, so that it is kept.
	ContactScene string `json:"contact_scene,omitempty"`

	Channel    string    `json:"channel,omitempty"`
	HappenedAt time.Time `json:"happened_at,omitzero"`
	Note       string    `json:"note,omitempty"`
	Recorder   string    `json:"recorder,omitempty"`

	PaperTitle  string      `json:"paper_title,omitempty"` // the paper whose service is proved
	PaperNumber string      `json:"paper_number,omitempty"`
	ServedAt    time.Time   `json:"served_at,omitzero"`
	Rule        string      `json:"rule,omitempty"`
	Trail       []TrailLine `json:"trail,omitempty"`

	Statement          *StatementFacts          `json:"statement,omitempty"`
	ConversationRecord *ConversationRecordFacts `json:"conversation_record,omitempty"`
	DepositWish        *DepositWishFacts        `json:"deposit_wish,omitempty"`
}

// under names the instrument of a duty that is listed: a paper about duties of
// several names each, and says a day of effect only where it is that of all.
func (f *DocumentFacts) under(in Instrument) {
	name := in.Kind.Chinese() + in.Number
	effective := !in.EffectiveOn.IsZero() && !in.EffectiveOn.After(f.IssuedOn)
	switch {
	case f.Instrument == "":
		f.Instrument, f.Effective = name, effective
		if effective {
			f.EffectiveOn = in.EffectiveOn
		}
		return
	case !slices.Contains(strings.Split(f.Instrument, "、"), name):
		f.Instrument += "、" + name
	}
	f.Effective = f.Effective && effective
	if f.EffectiveOn != in.EffectiveOn {
		f.EffectiveOn = Date{}
	}
}

// late tells whether one of the duties listed was due before the paper's day.
func (f DocumentFacts) late() bool {
	return slices.ContainsFunc(f.Items, func(i DocumentItem) bool { return !i.DueOn.IsZero() && i.DueOn.Before(f.IssuedOn) })
}

// DocumentItem is one duty on a paper.
type DocumentItem struct {
	What        string `json:"what"`
	Other       string `json:"other"` // to whom, or by whom
	DueOn       Date   `json:"due_on,omitzero"`
	DueReason   string `json:"due_reason,omitempty"`
	OwedFen     Fen    `json:"owed_fen"` // 0 for conduct
	PaidFen     Fen    `json:"paid_fen"`
	ForgivenFen Fen    `json:"forgiven_fen,omitempty"` // by the creditor
	Days        int    `json:"days"`                   // overdue
	InterestFen Fen    `json:"interest_fen"`
	PerDayFen   Fen    `json:"per_day_fen"`
	Bears       bool   `json:"bears,omitempty"` // the doubled part can run on it
	// The ordinary interest to date, by which it grows, the instrument's words and
	// the reasoning.
	OrdinaryFen    Fen      `json:"ordinary_fen,omitempty"`
	OrdinaryPerDay Fen      `json:"ordinary_per_day,omitempty"`
	Terms          string   `json:"terms,omitempty"`
	Reasons        []string `json:"reasons,omitempty"`
}

// OpenFen is what is still to be paid: neither paid nor forgiven.
func (it DocumentItem) OpenFen() Fen { return it.OwedFen - it.PaidFen - it.ForgivenFen }

// TrailLine is one fact of a paper's service.
type TrailLine struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// Variables are what the kind's template may use, by Chinese name, with every
// value ready to print. Line breaks and table marks in what people wrote cannot
// become part of the layout.
func (f DocumentFacts) Variables() map[string]any {
	v := map[string]any{
		"文号": f.Number, "法院": f.CourtName, "法院电话": Court{Phone: f.CourtPhone}.CallAt(), "法院地址": f.CourtAddress, "案款账户": orNone(f.Account),
		"承办法官": f.Judge, "受送达人": f.Addressee, "诉讼地位": f.Position, "案号": f.CaseNo, "案由": f.Cause, "日期": f.IssuedOn.Chinese(),
	}
	for name, rules := range paperRules[f.Kind] {
		v[name] = CitesOn(f.IssuedOn, rules...)
	}
	if f.Measure != nil {
		f.Measure.variables(f, v)
	}
	switch f.Kind {
	case DocumentPerformanceNotice, DocumentBindingSlip, DocumentLiaisonSlip:
		if f.Kind == DocumentLiaisonSlip {
			v["联络地区"] = f.Note
		}
		if f.Kind == DocumentPerformanceNotice {
			f.pointVariables(v)
		}
		v["绑定码"], v["绑定码有效期"] = f.Code, ""
		if !f.CodeExpires.IsZero() {
			v["绑定码有效期"] = f.CodeExpires.Chinese()
		}
	case DocumentRelativeSlip:
		v["联系码"], v["执行案号"], v["执行法官"], v["联系码有效期"] = f.Code, f.EnforcementNo, f.Judge, ""
		if !f.CodeExpires.IsZero() {
			v["联系码有效期"] = f.CodeExpires.Chinese()
		}
	case DocumentReminder, DocumentCreditorSheet:
		f.debtVariables(v)
	case DocumentEnforcementNotice, DocumentEnforcementWarning:
		f.debtVariables(v)
		v["执行案号"], v["执行法官"], v["限期"], v["通知依据"] = f.EnforcementNo, f.Judge, f.PerformBy.Chinese(), noticeBasis(f.Regimes)
	case DocumentContactRecord:
		v["联系方式"], v["联系时间"], v["联系情况"], v["记录人"] = f.Channel, minute(f.HappenedAt), f.Note, f.Recorder
	case DocumentServiceProof:
		v["文书名称"], v["文书编号"], v["送达依据"], v["送达时间"] = f.PaperTitle, f.PaperNumber, f.Rule, minute(f.ServedAt)
		var list []any
		for i, l := range f.Trail {
			list = append(list, map[string]any{"序号": strconv.Itoa(i + 1), "时间": minute(l.At), "内容": l.What})
		}
		v["送达经过"] = list
	case DocumentPenaltyStatement:
		if f.Statement != nil {
			f.Statement.variables(v)
		}
	case DocumentConversationRecord:
		if f.ConversationRecord != nil {
			f.ConversationRecord.variables(f, v)
		}
	case DocumentDepositWish:
		if f.DepositWish != nil {
			f.DepositWish.variables(v)
		}
	default: // a measure's, which have their own
	}
	return safe(v).(map[string]any) //nolint:forcetypeassert // a map stays a map
}

// paperRules are the rules that sentences of a kind of paper rest on. A template
// prints them by name, so that an article is numbered as on the paper's day.
var paperRules = map[DocumentKind]map[string][]Citation{
	DocumentFamilyNotice:      {"通知家属依据": {CiteFamilyTold}},
	DocumentConsumptionOrder:  {"准许消费依据": {CiteConsumptionPermit}, "因私消费依据": {CiteConsumptionUnit}, "违反依据": {CiteRefusesJudgment, CiteConsumptionBroken}, "解除限制依据": {CiteConsumptionLifted}},
	DocumentEnforcementNotice: {"风险提示依据": {CiteListingWarning}},
	DocumentPenaltyStatement:  {"说明依据": {CiteConvictsPerformance, CitePrisonLaw}},
}

func (f DocumentFacts) debtVariables(v map[string]any) {
	v["生效文书"], v["生效日期"], v["申请执行截止"] = f.Instrument, "", ""
	v["已生效"], v["有逾期"] = f.Effective, f.late()
	if !f.EffectiveOn.IsZero() {
		v["生效日期"] = f.EffectiveOn.Chinese()
	}
	if !f.EnforceBy.IsZero() {
		v["申请执行截止"] = f.EnforceBy.Chinese()
	}
	v["未履行金额"], v["加倍利息"], v["每日加倍利息"], v["执行申请费"] = yuanOr(f.OpenFen), yuanOr(f.InterestFen), yuanOr(f.PerDayFen), yuanOr(f.FeeFen)
	v["再次催告"] = f.Second
	var list []any
	for i, it := range f.Items {
		row := map[string]any{
			"序号": strconv.Itoa(i + 1), "内容": it.What, "相对人": it.Other, "期限": "以法律文书为准", "期限计算": it.DueReason, "应付": "—", "已付": "—", "未付": "—",
			"逾期天数": strconv.Itoa(it.Days), "加倍利息": "—", "每日加倍利息": "—",
		}
		if !it.DueOn.IsZero() {
			row["期限"] = it.DueOn.Chinese()
		}
		if it.OwedFen > 0 {
			row["应付"], row["已付"], row["未付"] = it.OwedFen.Yuan(), it.PaidFen.Yuan(), it.OpenFen().Yuan()
			if it.ForgivenFen > 0 {
				row["内容"] = it.What + "（其中 " + it.ForgivenFen.Yuan() + " 元已由权利人免除）"
			}
			if it.Bears {
				row["加倍利息"], row["每日加倍利息"] = it.InterestFen.Yuan(), it.PerDayFen.Yuan()
			}
		}
		list = append(list, row)
	}
	v["义务清单"], v["计算加倍利息"] = list, bears(f.Regimes)
	f.pointVariables(v)
}

// pointVariables are what the paper says by the kind of case, the category of
// the duties and the addressee's side.
func (f DocumentFacts) pointVariables(v map[string]any) {
	var points []any
	for n, p := range f.Points {
		points = append(points, map[string]any{"序号": chineseOrdinal(n + 1), "标题": p.Title, "内容": p.Text})
	}
	v["开头"], v["事项"], v["下一项"] = f.Opening, points, chineseOrdinal(len(f.Points)+1)
}

// VariableNames lists what the kind's template may use; what belongs to a list
// is written 清单.变量.
func (k DocumentKind) VariableNames() []string {
	var out []string
	for name, v := range SampleFacts(k, Court{}, Date{2026, 1, 2}).Variables() {
		out = append(out, name)
		if list, ok := v.([]any); ok && len(list) > 0 {
			row, _ := list[0].(map[string]any)
			for inner := range row {
				out = append(out, name+"."+inner)
			}
		}
	}
	slices.Sort(out)
	return out
}

// yuanOr is "" for nothing, so that a template can leave the sentence out.
func yuanOr(f Fen) string {
	if f == 0 {
		return ""
	}
	return f.Yuan()
}

func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(CourtZone).Format("2006年1月2日15时04分")
}

func safe(v any) any {
	switch v := v.(type) {
	case string:
		return strings.NewReplacer("\r\n", "　", "\n", "　", "\r", "　", "|", "｜", "\u2028", "　").Replace(v)
	case map[string]any:
		for k := range v {
			v[k] = safe(v[k])
		}
		return v
	case []any:
		for i := range v {
			v[i] = safe(v[i])
		}
		return v
	}
	return v
}

// RequiredVariables are those without which the kind's paper would not do its
// work.
func (k DocumentKind) RequiredVariables() []string {
	common := []string{"文号", "法院", "案号"}
	if m, ok := measureDocuments[k]; ok {
		return append([]string{"文号", "法院", "执行案号"}, m.required...)
	}
	switch k {
	case DocumentPerformanceNotice:
		return []string{"文号", "法院", "受送达人", "开头", "事项", "法院电话"} // the opening names the case
	case DocumentReminder:
		return append(common, "受送达人", "义务清单", "事项", "法院电话")
	case DocumentCreditorSheet:
		return append(common, "受送达人", "义务清单", "事项", "法院电话")
	case DocumentBindingSlip:
		return append(common, "受送达人", "绑定码", "绑定码有效期")
	case DocumentLiaisonSlip: // of no case
		return []string{"文号", "法院", "受送达人", "联络地区", "绑定码", "绑定码有效期"}
	case DocumentRelativeSlip: // a family is told nothing of the case
		return []string{"文号", "法院", "受送达人", "联系码", "联系码有效期"}
	case DocumentEnforcementNotice, DocumentEnforcementWarning:
		return append(common, "受送达人", "执行案号", "执行法官", "事项", "法院电话")
	case DocumentContactRecord:
		return append(common, "联系时间", "联系情况", "记录人")
	case DocumentServiceProof:
		return append(common, "受送达人", "文书名称", "送达依据", "送达经过")
	case DocumentConversationRecord:
		return append(common, "对话对象", "对话清单")
	case DocumentDepositWish:
		return append(common, "受送达人", "缴款人", "用途", "金额", "付款日期")
	case DocumentPenaltyStatement:
		return append(common, "收函机关", "罪犯", "判项清单", "缴付清单", "到位率")
	default:
		return common
	}
}

// SampleFacts fill a template for a preview: long names, several items.
func SampleFacts(k DocumentKind, court Court, today Date) DocumentFacts {
	f := DocumentFacts{
		Kind: k, Number: "（样张）", CourtName: court.Name, CourtPhone: court.Phone, CourtAddress: court.Address, Account: court.Account,
		Judge: "张某", Addressee: "甬兴建材（宁波）有限公司", Position: "被告", CaseNo: "（2026）浙0211民初1234号", Cause: "买卖合同纠纷", IssuedOn: today,
		Code: "ABCD-EFGH-JKMN", Scene: "b=ABCDEFGHJKMN", CodeExpires: today.AddDays(30), Instrument: "民事调解书（2026）浙0211民初1234号",
		EnforcementNo: "（2026）浙0211执88号", PerformBy: today.AddDays(3),
		EffectiveOn: today.AddDays(-60), Second: true, EnforceBy: today.AddYears(2), Channel: "电话", Recorder: "万某", Note: "对方表示本周内付清余款。",
		HappenedAt: today.Start().Add(9 * time.Hour), PaperTitle: "自动履行催告书", PaperNumber: "（样张）", ServedAt: today.Start().Add(10 * time.Hour),
		Rule: ServedOnReading.On(today),
		Trail: []TrailLine{
			{today.Start().Add(9 * time.Hour), "进入受送达人在“微法院”的收件箱"},
			{today.Start().Add(9*time.Hour + time.Minute), "微信订阅消息：渠道已接收"},
			{today.Start().Add(10 * time.Hour), "受送达人打开阅读"},
		},
	}
	for i, fen := range []Fen{Yuan(600_000), Yuan(400_000)} {
		m := OverdueMoney{PrincipalFen: fen, DueOn: today.AddDays(-30 + 10*i)}
		in := m.Interest(today)
		f.Items = append(f.Items, DocumentItem{
			What: fmt.Sprintf("第 %d 期货款", i+1), Other: "李某", DueOn: m.DueOn, OwedFen: fen, Days: today.Sub(m.DueOn), InterestFen: in.AmountFen, PerDayFen: in.PerDayFen, Bears: true,
		})
		f.OpenFen, f.InterestFen, f.PerDayFen = f.OpenFen+fen, f.InterestFen+in.AmountFen, f.PerDayFen+in.PerDayFen
	}
	f.FeeFen, f.Regimes = EnforcementFee(f.OpenFen), []Regime{RegimeCivil}
	cs := Case{Kind: CaseCivil, CaseNo: f.CaseNo, Cause: f.Cause}
	d := Debts{Case: cs, Obligations: []Obligation{{ID: 1, Kind: ObligationMoney, ObligeeID: 1}}}
	switch open := []Installment{{ObligationID: 1}}; k { //nolint:exhaustive // the others say nothing by kind of case
	case DocumentPerformanceNotice:
		f.Opening, f.Points = filingOpening(cs), FilingPoints(court, cs, Defendant)
	case DocumentReminder:
		f.Points = d.demandPoints(court, f, open)
	case DocumentCreditorSheet:
		f.Points = creditorPoints(Mediation, f.Regimes, "按目前的记录，申请执行的期间至"+f.EnforceBy.Chinese()+"届满。")
	case DocumentEnforcementNotice:
		f.Points = d.enforcementPoints(court, f, open)
	case DocumentEnforcementWarning:
		f.Points = d.warningPoints(court, f, open)
	}
	if k == DocumentPenaltyStatement {
		f.Statement = sampleStatement(today)
	}
	if k == DocumentDepositWish {
		f.DepositWish = &DepositWishFacts{Payer: "王某（亲属代为缴纳）", Purpose: DepositRestitution, AmountFen: 1_000_000, PaidOn: today.AddDays(-1)}
	}
	if k == DocumentConversationRecord {
		f.ConversationRecord = sampleConversationRecord(today)
	}
	if _, ok := measureDocuments[k]; ok {
		f.sampleMeasure(today)
	}
	return f
}
