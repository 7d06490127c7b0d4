package model

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MeasureFacts are what the papers about a measure say besides what every paper
// says.
type MeasureFacts struct {
	Kind           MeasureKind     `json:"kind"`
	Subject        string          `json:"subject"`
	SubjectID      string          `json:"subject_id,omitempty"` // masked for persons: see Document.Identity
	Relation       MeasureRelation `json:"relation"`
	Debtor         string          `json:"debtor"`
	Text           string          `json:"text"` // facts and reasons
	Act            string          `json:"act,omitempty"`
	ActOn          Date            `json:"act_on,omitzero"`
	Ground         string          `json:"ground"`
	Citation       string          `json:"citation"`
	Term           string          `json:"term,omitempty"` // how long it lasts, in words
	Days           int             `json:"days,omitempty"`
	AmountFen      Fen             `json:"amount_fen,omitempty"`
	PayBy          Date            `json:"pay_by,omitzero"`
	GraceUntil     Date            `json:"grace_until,omitzero"`
	FromAt         time.Time       `json:"from_at,omitzero"`
	EndsAt         time.Time       `json:"ends_at,omitzero"`
	DecisionNumber string          `json:"decision_number,omitempty"`
	DecidedOn      Date            `json:"decided_on,omitzero"`
	LiftGround     string          `json:"lift_ground,omitempty"`
	LiftReason     string          `json:"lift_reason,omitempty"`
	LiftCitation   string          `json:"lift_citation,omitempty"`
	SubjectKind    SubjectKind     `json:"subject_kind,omitempty"`
	SubjectIDKind  string          `json:"subject_id_kind,omitempty"`
	Place          string          `json:"place,omitempty"` // where he is held
	Prolong        *ProlongFacts   `json:"prolong,omitempty"`
	Permit         *PermitFacts    `json:"permit,omitempty"`
	// Signed is who decided as the court's president or for him: see Signers.Signed.
	Signed string `json:"signed,omitempty"`
}

// measureDocument is what holds for a paper about measures.
type measureDocument struct {
	name, mark string
	parties    bool // its addressee sees it
	required   []string
}

// measureDocuments are the papers about measures.
var measureDocuments = map[DocumentKind]measureDocument{
	DocumentListingDecision:  {"纳入失信被执行人名单决定书", "失信", true, []string{"措施对象", "事实和理由", "法律依据", "期限", "救济", "签发"}},
	DocumentConsumptionOrder: {"限制消费令", "限消", true, []string{"措施对象", "法律依据", "禁止事项", "违反依据", "救济", "签发"}},
	DocumentTracingDecision:  {"网上布控决定书", "布控", false, []string{"措施对象", "事实和理由", "法律依据"}},
	DocumentExitBanDecision:  {"限制出境决定书", "限出境", true, []string{"措施对象", "事实和理由", "法律依据", "救济"}},
	DocumentDetention:        {"拘留决定书", "司惩拘", true, []string{"措施对象", "事实和理由", "法律依据", "拘留天数", "救济", "签发"}},
	DocumentFine:             {"罚款决定书", "司惩罚", true, []string{"措施对象", "事实和理由", "法律依据", "罚款金额", "救济", "签发"}},
	DocumentFamilyNotice:     {"拘留家属通知书", "拘通", false, []string{"措施对象", "拘留天数", "收拘时间", "羁押场所", "法院电话"}},
	DocumentLiftDecision:     {"解除措施决定书", "解措", true, []string{"措施对象", "措施名称", "决定文号", "解除事由", "签发"}},
	DocumentProlongDecision:  {"延长失信期限决定书", "失信延", true, []string{"措施对象", "决定文号", "延长事实", "延长依据", "新期限", "救济", "签发"}},
	DocumentSpendingPermit:   {"准许消费决定书", "限消准", true, []string{"消费人", "消费项目", "消费金额", "准许起", "准许止", "准许依据", "签发"}},
}

// Document is the kind of the measure's decision.
func (k MeasureKind) Document() DocumentKind {
	return map[MeasureKind]DocumentKind{
		MeasureListing: DocumentListingDecision, MeasureConsumption: DocumentConsumptionOrder, MeasureTracing: DocumentTracingDecision,
		MeasureExitBan: DocumentExitBanDecision, MeasureDetention: DocumentDetention, MeasureFine: DocumentFine,
	}[k]
}

// Term says in words how long the measure lasts.
func (m Measure) Term() string {
	switch {
	case m.Kind == MeasureDetention:
		return fmt.Sprintf("%d日", m.Days)
	case m.Kind == MeasureFine:
		return ""
	case m.Kind == MeasureListing && m.Ground != GroundAbleRefuses:
		text := "二年"
		if m.ExtraYears > 0 {
			text = fmt.Sprintf("二年，因%s延长%s年", m.ExtraReason.Chinese(), [...]string{"", "一", "二", "三"}[m.ExtraYears])
		}
		if m.FromAt != nil && m.Until.Before(m.ListingUntil(DateOf(*m.FromAt))) {
			text += "；因信用修复缩短至" + m.Until.Chinese() + "止"
		}
		return text
	case !m.Until.IsZero():
		return "至" + m.Until.Chinese() + "止"
	}
	return "至履行完毕义务并由本院解除之日止"
}

// RemedyText says in words how the person under the measure can have it looked
// at again; higher is the court above by name, "" while the court has not set it.
func (m Measure) RemedyText(higher string) string {
	r := m.Kind.Remedy()
	numbers := map[int]string{3: "三", 5: "五", 10: "十", 15: "十五"}
	if higher == "" {
		higher = "上一级人民法院"
	}
	if r.Higher {
		how, once := "", ""
		if m.Kind.Punishes() {
			how, once = "口头或者书面", "一次"
		}
		return fmt.Sprintf("如不服本决定，可以自收到决定书之日起%s日内%s向%s申请复议%s，也可以通过本院转交。复议期间，不停止本决定的执行。（%s）", numbers[r.ApplyDays], how, higher, once, r.Citation())
	}
	return fmt.Sprintf("认为本决定有误的，可以向本院%s，本院自收到书面申请之日起%s日内审查。审查期间不停止执行。（%s）", r.Name, numbers[r.DecideDays], r.Citation())
}

// rulesOn are the rules that the decision rests on, as they were numbered on its
// day, by the Supreme Court's forms: what was refused or obstructed with its item,
// what may be decided, by whom, and the ground.
func (m Measure) rulesOn(day Date) string {
	ground := m.Kind.GroundOf(m.Ground).Citation
	var rules []Citation
	if m.Kind.Punishes() && slices.Contains(afterEffect, m.Ground) {
		rules = append(rules, CiteRefusesJudgment)
	} else if m.Kind.Punishes() {
		rules = append(rules, ground)
		ground = ""
	}
	if m.Kind.Punishes() && (m.Relation == RelationPrincipal || m.Relation == RelationDirect) {
		rules = append(rules, CitePunishUnit)
	}
	switch m.Kind {
	case MeasureDetention:
		rules = append(rules, CiteDetentionDays, CitePresidentApproves, CitePunishReview)
	case MeasureFine:
		rules = append(rules, CiteFineAmounts, CitePresidentApproves, CitePunishReview)
	case MeasureListing, MeasureConsumption:
		rules = append(rules, CiteExitBan)
	case MeasureTracing, MeasureExitBan:
	}
	if ground != "" {
		rules = append(rules, ground)
	}
	switch {
	case m.Kind == MeasureConsumption && (m.Relation != RelationSelf || m.SubjectKind == Organisation):
		rules = append(rules, CiteConsumptionUnit, CiteConsumptionSigned)
	case m.Kind == MeasureConsumption:
		rules = append(rules, CiteConsumptionBans, CiteConsumptionSigned)
	case m.Kind == MeasureListing:
		rules = append(rules, CiteListingSigned)
	}
	return CitesOn(day, rules...)
}

// overRules are the rules by which a measure of the kind ends with its term.
func (k MeasureKind) overRules() []Citation {
	switch k {
	case MeasureListing:
		return []Citation{CiteListingDeletedTerm}
	case MeasureDetention:
		return []Citation{CiteDetentionDays}
	default:
		return k.LiftRules(LiftPerformed)
	}
}

// MeasureFacts states a measure for its papers.
func (d Debts) MeasureFacts(kind DocumentKind, court Court, e EnforcementFile, officer string, m Measure, today Date) DocumentFacts {
	f := d.caseFacts(kind, court, officer, m.PartyID, "", today)
	g := m.Kind.GroundOf(m.Ground)
	f.Addressee, f.Position, f.EnforcementNo = m.SubjectName, m.Relation.Chinese(), e.CaseNo
	f.Measure = &MeasureFacts{
		Kind: m.Kind, Subject: m.SubjectName, SubjectID: m.SubjectID, Relation: m.Relation, Debtor: d.Party(m.PartyID).Name, Text: m.Facts, Act: m.ActText, ActOn: m.ActOn,
		Ground: g.Text, Citation: m.rulesOn(today), Term: m.Term(), Days: m.Days, AmountFen: m.AmountFen, PayBy: m.PayBy, GraceUntil: m.GraceUntil, DecisionNumber: m.Number,
	}
	f.FiledOn, f.HigherCourt = e.FiledOn, court.Settings.HigherCourt
	v := f.Measure
	v.SubjectKind, v.SubjectIDKind, v.Place = m.SubjectKind, m.SubjectIDKind, m.Place
	if m.SubjectKind == Person {
		v.SubjectID = MaskID(m.SubjectID)
	}
	if m.FromAt != nil {
		v.FromAt = *m.FromAt
	}
	if m.EndsAt != nil {
		v.EndsAt = *m.EndsAt
	}
	if m.DecidedAt != nil {
		v.DecidedOn = DateOf(*m.DecidedAt)
	}
	if m.LiftGround != "" {
		v.LiftGround, v.LiftReason, v.LiftCitation = m.LiftGround.Chinese(), m.LiftReason, CitesOn(today, m.Kind.LiftRules(m.LiftGround)...)
	} else if m.State == MeasureExpired {
		v.LiftGround, v.LiftCitation = "期限届满", CitesOn(today, m.Kind.overRules()...)
	}
	return f
}

// address is how the paper speaks to its addressee.
func (v MeasureFacts) address() string {
	if v.SubjectKind == Organisation {
		return "你单位"
	}
	return "你"
}

// identity is who the paper is about, by the number of his identity: a person's
// sex and day of birth follow from it where it is whole, his home is not on record.
func (v MeasureFacts) identity() string {
	kind := IDKind(v.SubjectIDKind)
	name := map[IDKind]string{IDCitizen: "公民身份号码", IDUSCC: "统一社会信用代码", IDResident: "居住证号码", IDForeigner: "永久居留身份证号码"}[kind]
	if name == "" {
		name = "证件号码"
	}
	text := name + cmp.Or(v.SubjectID, "不详")
	if kind != IDCitizen && kind != IDResident || len(v.SubjectID) != 18 || strings.Contains(v.SubjectID, "*") {
		return text
	}
	born, err := birthDate(v.SubjectID)
	if err != nil {
		return text
	}
	sex := "女"
	if (v.SubjectID[16]-'0')%2 == 1 {
		sex = "男"
	}
	return sex + "，" + born.Chinese() + "出生，" + text
}

// variables are what templates of papers about measures may use.
func (v MeasureFacts) variables(f DocumentFacts, out map[string]any) {
	m := Measure{Kind: v.Kind}
	var bans []any
	for i, b := range ConsumptionBans {
		bans = append(bans, map[string]any{"序号": chineseOrdinal(i + 1), "内容": b})
	}
	for name, text := range map[string]string{
		"执行案号": f.EnforcementNo, "执行法官": f.Judge, "措施对象": v.Subject, "证件号码": cmp.Or(v.SubjectID, "不详"), "身份": v.Relation.Chinese(), "被执行人": v.Debtor,
		"事实和理由": v.Text, "行为": v.Act, "行为日期": v.ActOn.Chinese(), "法定事由": v.Ground, "法律依据": v.Citation, "期限": v.Term,
		"拘留天数": "", "罚款金额": yuanOr(v.AmountFen), "罚款大写": "", "缴纳期限": v.PayBy.Chinese(), "宽限期": v.GraceUntil.Chinese(), "收拘时间": minute(v.FromAt), "期满时间": minute(v.EndsAt),
		"措施名称": v.Kind.Chinese(), "决定名称": v.Kind.Title(), "决定文号": v.DecisionNumber, "决定日期": v.DecidedOn.Chinese(), "解除事由": v.LiftGround, "解除理由": v.LiftReason,
		"解除依据": v.LiftCitation, "救济": m.RemedyText(f.HigherCourt), "联系码": f.ContactScene,
		"身份信息": v.identity(), "称谓": v.address(), "羁押场所": v.Place, "执行立案日": f.FiledOn.Chinese(), "被执行单位": "", "所代表": "", "签发": v.Signed,
	} {
		out[name] = text
	}
	l, p := v.Prolong, v.Permit
	if l == nil {
		l = &ProlongFacts{}
	}
	if p == nil {
		p = &PermitFacts{}
	}
	for name, text := range map[string]string{
		"延长年数": strconv.Itoa(l.Years), "延长事由": l.Reason, "延长事实": l.Facts, "延长依据": l.Citation, "原期限": l.FormerUntil.Chinese(), "新期限": l.Until.Chinese(),
		"消费人": p.Spender, "消费项目": p.Purpose, "消费金额": yuanOr(p.AmountFen), "准许起": p.From.Chinese(), "准许止": p.Until.Chinese(), "申请事由": p.Ground,
		"申请理由": p.Reason, "准许理由": p.Answer, "准许依据": p.Citation,
	} {
		out[name] = text
	}
	if v.SubjectID == "" {
		out["证件号码"] = "—"
	}
	if v.SubjectKind == Organisation {
		out["被执行单位"] = v.Subject
	} else if v.Relation != RelationSelf {
		out["所代表"] = v.Debtor
	}
	if v.Days > 0 {
		out["拘留天数"] = strconv.Itoa(v.Days)
	}
	if v.AmountFen > 0 {
		out["罚款大写"] = v.AmountFen.Capital()
	}
	out["禁止事项"] = bans
}

// sampleMeasure fills papers about measures for a preview.
func (f *DocumentFacts) sampleMeasure(today Date) {
	kind := MeasureDetention
	for _, k := range MeasureKinds {
		if k.Document() == f.Kind {
			kind = k
		}
	}
	from := today.Start().Add(9 * time.Hour)
	f.Scene, f.ContactScene, f.FiledOn, f.HigherCourt = "", "f=ABCDEFGHJKMN", today.AddDays(-20), "某某市中级人民法院"
	ground := kind.Grounds()[0]
	f.Measure = &MeasureFacts{
		Kind: kind, Subject: "李某", SubjectID: "34052419800101001X", SubjectKind: Person, SubjectIDKind: string(IDCitizen), Place: "某某市拘留所", Relation: RelationSelf, Debtor: "李某", Act: "在执行期间将名下车辆无偿转让给他人", ActOn: today.AddDays(-9),
		Text: "经查，被执行人在收到执行通知书后，将名下车辆无偿转让给他人，致使判决无法执行。", Ground: ground.Text, Citation: (Measure{Kind: kind, Ground: ground.Ground, Relation: RelationSelf, SubjectKind: Person}).rulesOn(today),
		Term: "至履行完毕义务并由本院解除之日止", Days: 15, AmountFen: Yuan(20_000), PayBy: today.AddDays(15), FromAt: from, EndsAt: from.AddDate(0, 0, 15),
		Prolong: &ProlongFacts{Years: 1, Reason: ExtraSeveral.Chinese(), Facts: "被执行人还违反限制消费令乘坐飞机。", FormerUntil: today.AddDays(30), Until: today.AddYears(1), Citation: CiteListingTerm.On(today)},
		Permit: &PermitFacts{
			Spender: "李某", Purpose: "陪同父亲乘飞机往返就医", AmountFen: Yuan(3_000), From: today, Until: today.AddDays(7), Ground: SpendUrgent.Chinese(), Reason: "父亲病重，须转院手术。",
			Answer: "确有紧急情况。", Citation: SpendUrgent.Citation(),
		},
		DecisionNumber: "（样张）", DecidedOn: today.AddDays(-1), LiftGround: LiftPerformed.Chinese(), LiftReason: "案款已全部到账。", LiftCitation: CitesOn(today, kind.LiftRules(LiftPerformed)...), Signed: "院长王某",
	}
}

// measureNotice is a notice to the person under a measure.
func measureNotice(kind NoticeKind, cs Case, e EnforcementFile, m Measure, key, title string, body ...string) Notice {
	return enforcementNotice(kind, cs, e, fmt.Sprintf("%d:%s", m.ID, key), title, paragraphs(body...)).to(m.PartyID)
}

// MeasureDecidedNotice serves a decision on the debtor.
func MeasureDecidedNotice(court Court, cs Case, e EnforcementFile, m Measure) Notice {
	body := []string{
		m.Number,
		fmt.Sprintf("%s：本院决定对%s采取%s措施。", e.CaseNo, m.SubjectName, m.Kind.Chinese()),
		"事由：" + m.Kind.GroundOf(m.Ground).Text + "。" + m.Facts,
	}
	if t := m.Term(); t != "" {
		body = append(body, "期限："+t+"。")
	}
	if m.Kind == MeasureFine {
		pay := "请及时缴纳"
		if !m.PayBy.IsZero() {
			pay = "请于" + m.PayBy.By() + "缴纳"
		}
		body = append(body, "罚款金额 "+m.AmountFen.Yuan()+" 元，"+pay+"。")
	}
	if m.State == MeasureDecided && !m.GraceUntil.IsZero() {
		body = append(body, "本院给予宽限期至"+m.GraceUntil.Chinese()+"。在此之前履行完毕的，不再公布或者实施。")
	}
	if m.Kind == MeasureConsumption {
		body = append(body, "自即日起不得有高消费及非生活或者经营必需的消费行为，具体项目见《限制消费令》。违反的，可以罚款、拘留；构成犯罪的，依法追究刑事责任。")
	}
	body = append(body, m.RemedyText(court.Settings.HigherCourt), "履行完毕后，本院将及时解除。咨询电话："+court.CallAt()+"。文书全文见本案“文书”。", court.Name)
	n := measureNotice(NoticeMeasureDecided, cs, e, m, "decided", m.Kind.Title(), body...)
	n.Number = m.Number
	return n
}

// MeasureLiftedNotice tells the debtor that a measure ended.
func MeasureLiftedNotice(court Court, cs Case, e EnforcementFile, m Measure) Notice {
	why := "期限届满"
	if m.LiftGround != "" {
		why = m.LiftGround.Chinese()
	}
	body := []string{fmt.Sprintf("%s：对%s的%s措施已经解除。", e.CaseNo, m.SubjectName, m.Kind.Chinese()), "事由：" + why + "。"}
	switch m.Kind { //nolint:exhaustive // the others need no more words
	case MeasureListing:
		body = append(body, "失信信息已从名单库删除；其他网站的更新可能稍迟，如仍能查到，请与本院联系。")
	case MeasureTracing:
		body = append(body, "本院曾请公安机关协助查找您，现已通知解除。")
	case MeasureFine:
		body[0] = fmt.Sprintf("%s：对%s的罚款已经了结。", e.CaseNo, m.SubjectName)
	}
	return measureNotice(NoticeMeasureLifted, cs, e, m, fmt.Sprintf("lifted:v%d", m.Version), m.Kind.Chinese()+"已解除",
		append(body, court.Name+"，电话"+court.CallAt()+"。")...)
}

// MeasureReviewedNotice tells the debtor what became of his application.
func MeasureReviewedNotice(cs Case, e EnforcementFile, m Measure, r MeasureReview) Notice {
	by := "本院"
	if r.ByCourt != "" {
		by = r.ByCourt + "（" + r.Number + "）"
	}
	return measureNotice(NoticeMeasureReviewed, cs, e, m, ThingReview.Key(r.ID), m.Kind.Remedy().Name+"的结果",
		fmt.Sprintf("%s：以您的名义对%s决定提出的%s已有结果：%s%s。", e.CaseNo, m.Kind.Chinese(), m.Kind.Remedy().Name, by, r.Result.Chinese()), "理由："+r.ResultText)
}

// measureStaffNotice is a notice to a member of staff.
func measureStaffNotice(kind NoticeKind, cs Case, e EnforcementFile, m Measure, user int64, key, title, body string) Notice {
	n := enforcementNotice(kind, cs, e, fmt.Sprintf("%d:%s:%d", m.ID, key, user), title, body).staff(user).about(ThingMeasure.Of(m.ID))
	return n
}

// MeasureProposedNotice tells a leader that a proposal waits for him.
func MeasureProposedNotice(cs Case, e EnforcementFile, m Measure, user int64) Notice {
	return measureStaffNotice(NoticeMeasureProposed, cs, e, m, user, "proposed", "强制措施待批准",
		fmt.Sprintf("%s：提请对%s决定%s，请审批。", e.CaseNo, m.SubjectName, m.Kind.Chinese()))
}

// MeasureLiftAskedNotice tells a leader that a wish to lift waits for him.
func MeasureLiftAskedNotice(cs Case, e EnforcementFile, m Measure, user int64) Notice {
	return measureStaffNotice(NoticeMeasureProposed, cs, e, m, user, fmt.Sprintf("lift:v%d", m.Version), "提请解除措施待批准",
		fmt.Sprintf("%s：提请解除对%s的%s（%s），请审批。", e.CaseNo, m.SubjectName, m.Kind.Chinese(), m.LiftGround.Chinese()))
}

// MeasureAnsweredNotice tells the officer what the leader decided.
func MeasureAnsweredNotice(cs Case, e EnforcementFile, m Measure, what, note string) Notice {
	if note != "" {
		note = "意见：" + note
	}
	return measureStaffNotice(NoticeMeasureAnswered, cs, e, m, e.OfficerID, fmt.Sprintf("v%d", m.Version), "院领导已作出决定",
		fmt.Sprintf("%s：对%s的%s，%s。%s", e.CaseNo, m.SubjectName, m.Kind.Chinese(), what, note))
}

// Keyed makes the notice another one than that of the measure itself.
func (n Notice) Keyed(key string) Notice {
	n.DedupeKey += ":" + key
	return n
}

// MeasureReviewAskedNotice tells the officer of an application.
func MeasureReviewAskedNotice(cs Case, e EnforcementFile, m Measure, r MeasureReview) Notice {
	where := "请审查处理"
	if m.Kind.Remedy().Higher {
		where = "请将材料报送上一级人民法院"
	}
	return measureStaffNotice(NoticeMeasureReviewAsked, cs, e, m, e.OfficerID, ThingReview.Key(r.ID), "收到"+m.Kind.Remedy().Name,
		fmt.Sprintf("%s：%s对%s决定%s，应于%s作出决定（%s）。%s。", e.CaseNo, m.SubjectName, m.Kind.Chinese(), m.Kind.Remedy().Name, r.DueOn.By(), r.DueReason, where)).about(ThingReview.Of(r.ID))
}

// CleanUpOpenedNotice tells the debtor what the court lifts now, and until when.
func CleanUpOpenedNotice(court Court, cs Case, e EnforcementFile, c CleanUp, steps []CleanUpStep) Notice {
	var last Date
	for _, s := range steps {
		if s.DueOn.After(last) {
			last = s.DueOn
		}
	}
	return enforcementNotice(NoticeCleanUp, cs, e, fmt.Sprintf("%d:v%d", c.ID, c.Version), "本院正在解除有关措施", paragraphs(
		fmt.Sprintf("%s：%s，本院将依次解除对您采取的措施，共 %d 项，最迟至%s。", e.CaseNo, cleanUpWords(c), len(steps), last.Chinese()),
		"各项的进展和期限可以在本案“履行后清理”中查看。如有疑问，请致电"+court.CallAt()+"。")).to(c.PartyID)
}

func cleanUpWords(c CleanUp) string {
	if c.Cause == LiftPerformed {
		return "您的义务已确认履行完毕"
	}
	return "本案已" + cleanUpEvents[c.Cause]
}

// CleanUpStaffNotice tells a member of staff what happened to a clean-up.
func CleanUpStaffNotice(cs Case, e EnforcementFile, c CleanUp, user int64, title, body string) Notice {
	return enforcementNotice(NoticeCleanUpStaff, cs, e, fmt.Sprintf("%d:v%d:%d", c.ID, c.Version, user), title, e.CaseNo+"："+body).staff(user).about(ThingCleanUp.Of(c.ID))
}
