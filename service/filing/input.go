package filing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
)

// CaseInput is a case as it comes in through any of the three doors: the case
// system, an import file, a clerk's form. Refs are stable names within the
// case, by which a newer version is matched.
type CaseInput struct {
	CaseNo      string            `json:"case_no" required:"true" description:"案号，如（2020）浙0211民初1234号"`
	Cause       string            `json:"cause" required:"true" description:"案由"`
	FiledOn     model.Date        `json:"filed_on" required:"true" description:"立案日期"`
	Judge       string            `json:"judge" required:"true" description:"承办法官的登录名"`
	Clerk       string            `json:"clerk,omitempty" description:"书记员的登录名"`
	GroupRef    string            `json:"group_ref,omitempty" description:"同一债务人的关联案件共用的标识"`
	FamilyCase  bool              `json:"family_case,omitempty" description:"婚姻家庭、继承案件：公开时隐去姓名"`
	Parties     []PartyInput      `json:"parties" required:"true"`
	Instruments []InstrumentInput `json:"instruments,omitempty"`
	Enforcement []FilingInput     `json:"enforcement,omitempty" description:"就本案立案的强制执行案件"`
	Successions []SuccessionInput `json:"successions,omitempty" description:"当事人的变更：原当事人仍列在 parties 中，承继人另列"`
}

// PushedCase is one push of the case system, in a request or in a file: a case
// with the case system's own version of it.
type PushedCase struct {
	Version int64 `json:"version" required:"true" description:"审判管理系统中的版本号，从 1 递增"`
	CaseInput
}

// PartyInput is a party of a case.
type PartyInput struct {
	Ref      string            `json:"ref" required:"true" description:"本案内不变的标识，如 D1"`
	Role     model.PartyRole   `json:"role" required:"true" enum:"plaintiff,defendant,third_party,accused,victim,applicant,respondent"`
	Kind     model.SubjectKind `json:"kind" required:"true" enum:"person,organisation"`
	Name     string            `json:"name" required:"true"`
	IDKind   model.IDKind      `json:"id_kind,omitempty" enum:",citizen_id,resident,foreigner_id,passport,uscc"`
	IDNumber string            `json:"id_number,omitempty" description:"证件号码或统一社会信用代码"`
	Phone    string            `json:"phone,omitempty" description:"手机号"`
}

// InstrumentInput is an effective legal instrument with its obligations.
type InstrumentInput struct {
	Ref         string               `json:"ref" required:"true"`
	Kind        model.InstrumentKind `json:"kind" required:"true" enum:"judgment,mediation,ruling,withdrawal_ruling,decision,payment_order,confirmation_ruling,arbitral_award,notarised_debt"`
	Number      string               `json:"number" required:"true" description:"文书编号，通常与案号相同"`
	MadeOn      model.Date           `json:"made_on,omitzero" description:"裁判日期，用于区分刑事案件判决前的预缴"`
	EffectiveOn model.Date           `json:"effective_on,omitempty" description:"生效日期"`
	Summary     string               `json:"summary" required:"true" description:"确定的义务摘要，印在证明书上"`
	Obligations []ObligationInput    `json:"obligations,omitempty"`
}

// ObligationInput is one duty. Without instalments the whole amount is due on
// DueOn, or DueInDays days after the instrument took effect.
type ObligationInput struct {
	Ref          string               `json:"ref" required:"true"`
	Kind         model.ObligationKind `json:"kind" required:"true" enum:"money,conduct,delivery"`
	Obligors     []string             `json:"obligors" required:"true" description:"义务人的 ref；两人以上默认为连带责任"`
	SharesFen    []model.Fen          `json:"shares_fen,omitempty" description:"按份责任时各义务人的份额（分），与 obligors 一一对应"`
	Obligee      string               `json:"obligee,omitempty" description:"权利人的 ref；缴入法院账户的不填"`
	ToCourt      bool                 `json:"to_court,omitempty" description:"缴入法院账户（罚金等）"`
	Category     model.Category       `json:"category,omitempty" enum:",medical,restitution,civil,fine,confiscation,principal,surcharge,debt,ordinary,agreed_penalty,damages,creditor_costs,court_costs" description:"刑事案件的判项类别（缴入法院账户而不填的为罚金）；行政案件为本金或者加处罚款、滞纳金；民事案件为债务的组成部分，不填的为主债务"`
	AmountFen    model.Fen            `json:"amount_fen,omitempty" description:"金额（分）"`
	Currency     model.Currency       `json:"currency,omitempty" enum:",USD,EUR,HKD,JPY,GBP,AUD,CAD,SGD,CHF,NZD,KRW,MOP,TWD" description:"法律文书确定给付外币的，ISO 4217 币种代码；人民币不填"`
	ForeignMinor int64                `json:"foreign_minor,omitempty" description:"外币金额，以该币种的最小单位计（美元为分，日元为元）；填写的不填 amount_fen，人民币数额由承办法官登记汇率后折算"`
	Description  string               `json:"description,omitempty" description:"行为或交付义务的内容"`
	Replaces     []string             `json:"replaces,omitempty" description:"新的法律文书（再审、改判、新的调解书）的义务所取代的原有义务的 ref，可以有几项；原义务和原法律文书仍照常推送。原义务保留在案，已确认的付款计入新的义务，超出的记为多付；已进入强制执行、已免除一部分、已出具证明书的先行处理。不填的不取代"`
	DueOn        model.Date           `json:"due_on,omitempty"`
	DueInDays    int                  `json:"due_in_days,omitempty" description:"自生效次日起算的天数，末日遇节假日顺延"`
	Installments []InstallmentInput   `json:"installments,omitempty"`
	Recurs       *DuesInput           `json:"recurs,omitempty" description:"按期给付（抚养费、赡养费、租金等）：不填 amount_fen、due_on、installments，各期随时间陆续生成"`
	Interest     *InterestInput       `json:"interest,omitempty" description:"按利率计算至付清之日的一般债务利息；已确定为固定数额的利息另录一项，类别为 ordinary。更新时不填的，保留原有约定；spans 为空数组的，不再计算"`
	SecurityFen  model.Fen            `json:"security_fen,omitempty" description:"该项债务的担保数额（分），用于多项债务的抵充次序"`
	Weight       int                  `json:"weight,omitempty" description:"该项债务的负担轻重，0 至 9，数值大的较重，用于多项债务的抵充次序"`
	// What the instrument says of a breach: see model.Terms.
	Acceleration     model.Acceleration `json:"acceleration,omitempty" enum:",automatic,optional" description:"分期履行的义务逾期时：automatic 全部到期；optional 权利人有权就剩余全部款项一并申请执行；空 没有约定"`
	AccelerationText string             `json:"acceleration_text,omitempty" description:"法律文书中加速到期的原文"`
	BurdenFen        model.Fen          `json:"burden_fen,omitempty" description:"调解书约定不履行时另行承担的金额（分），如逾期另付的违约金、恢复原金额的差额；条件成就后由承办法官决定是否承担"`
	BurdenText       string             `json:"burden_text,omitempty" description:"调解书中不履行责任的原文"`
}

// DuesInput is the rule of a duty that comes again and again.
type DuesInput struct {
	AmountFen  model.Fen       `json:"amount_fen" required:"true" description:"每期的金额（分）"`
	Every      model.DuesEvery `json:"every" required:"true" enum:"month,quarter,year" description:"month 每月、quarter 每季度、year 每年"`
	Day        int             `json:"day" required:"true" description:"每期的日子，1 至 31；当月没有该日的为月末"`
	FirstOn    model.Date      `json:"first_on" required:"true" description:"首期到期的日期"`
	UntilOn    model.Date      `json:"until_on,omitzero" description:"终止日期：该日之后不再到期；法律文书没有确定的不填"`
	UntilEvent string          `json:"until_event,omitempty" description:"法律文书以事由确定终期的，照录该事由，如年满十八周岁"`
}

// rule is the same in the words of the model, nil when nothing was said.
func (in *DuesInput) rule() *model.DuesRule {
	if in == nil {
		return nil
	}
	return &model.DuesRule{AmountFen: in.AmountFen, Every: in.Every, Day: in.Day, FirstOn: in.FirstOn, UntilOn: in.UntilOn, UntilEvent: in.UntilEvent}
}

// DuesOf turns a rule into an input, as forms and sheets do.
func DuesOf(r *model.DuesRule) *DuesInput {
	if r == nil {
		return nil
	}
	return &DuesInput{AmountFen: r.AmountFen, Every: r.Every, Day: r.Day, FirstOn: r.FirstOn, UntilOn: r.UntilOn, UntilEvent: r.UntilEvent}
}

// InterestInput are an instrument's terms of ordinary interest that runs until it
// is paid.
type InterestInput struct {
	Spans          []InterestSpanInput `json:"spans" required:"true" description:"各段利息，按日期先后，不重叠；只有最后一段可以计算至付清之日"`
	DayCount       int                 `json:"day_count,omitempty" description:"一年按 365 日（不填）或者 360 日计，以法律文书为准"`
	CapFen         model.Fen           `json:"cap_fen,omitempty" description:"利息总额的上限（分）"`
	PayDayFree     bool                `json:"pay_day_free,omitempty" description:"付款当日不计息"`
	PrincipalFirst bool                `json:"principal_first,omitempty" description:"当事人约定先还本金后付利息"`
}

// InterestSpanInput is one span of it.
type InterestSpanInput struct {
	From        model.Date      `json:"from_on" required:"true" description:"起息日（当日计息）"`
	Until       model.Date      `json:"until_on,omitzero" description:"止息日（当日计息）；不填的计算至付清之日"`
	BaseFen     model.Fen       `json:"base_fen,omitempty" description:"法律文书写明的计息基数（分）；不填的为尚未付清的本金"`
	RatePPM     int64           `json:"rate_ppm,omitempty" description:"固定年利率，百万分之一：6% 为 60000；与 lpr 二者填一项"`
	Prime       model.PrimeTerm `json:"lpr,omitempty" enum:",1y,5y" description:"按贷款市场报价利率：1y 一年期，5y 五年期以上"`
	PrimeOn     model.Date      `json:"lpr_on,omitzero" description:"按哪一天的 LPR；不填的随每次公布调整"`
	Multiple    int64           `json:"multiple,omitempty" description:"LPR 的倍数，百分之一：1.5 倍为 150，不填为 1 倍"`
	Points      int64           `json:"points,omitempty" description:"在 LPR 上加减的基点"`
	CapMultiple int64           `json:"cap_multiple,omitempty" description:"利率不超过一年期 LPR 的倍数，百分之一：4 倍为 400"`
	CapOn       model.Date      `json:"cap_on,omitzero" description:"利率上限按哪一天的 LPR；不填的按同期"`
}

// terms are the same in the words of the model, nil when nothing was said.
func (in *InterestInput) terms() *model.InterestTerms {
	if in == nil {
		return nil
	}
	t := model.InterestTerms{DayCount: in.DayCount, CapFen: in.CapFen, PayDayFree: in.PayDayFree, PrincipalFirst: in.PrincipalFirst}
	for _, s := range in.Spans {
		t.Spans = append(t.Spans, model.InterestSpan{
			From: s.From, Until: s.Until, BaseFen: s.BaseFen, RatePPM: s.RatePPM, Prime: s.Prime, PrimeOn: s.PrimeOn, Multiple: s.Multiple, Points: s.Points, CapMultiple: s.CapMultiple, CapOn: s.CapOn,
		})
	}
	t = t.Default()
	return &t
}

// InterestOf turns terms into an input, as forms and sheets do.
func InterestOf(t *model.InterestTerms) *InterestInput {
	if t == nil {
		return nil
	}
	in := &InterestInput{DayCount: t.DayCount, CapFen: t.CapFen, PayDayFree: t.PayDayFree, PrincipalFirst: t.PrincipalFirst}
	for _, s := range t.Spans {
		in.Spans = append(in.Spans, InterestSpanInput{
			From: s.From, Until: s.Until, BaseFen: s.BaseFen, RatePPM: s.RatePPM, Prime: s.Prime, PrimeOn: s.PrimeOn, Multiple: s.Multiple, Points: s.Points, CapMultiple: s.CapMultiple, CapOn: s.CapOn,
		})
	}
	return in
}

// InstallmentInput is one instalment.
type InstallmentInput struct {
	AmountFen model.Fen  `json:"amount_fen" required:"true"`
	DueOn     model.Date `json:"due_on" required:"true"`
}

// FilingInput is an enforcement case filed for the case.
type FilingInput struct {
	CaseNo  string     `json:"case_no" required:"true"`
	FiledOn model.Date `json:"filed_on" required:"true"`
}

// digest recognises a repeat.
func (in CaseInput) digest() string { return digestOf(in) }

func digestOf(in any) string {
	b, _ := json.Marshal(in) // plain data always encodes
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// plan is a checked case, ready to be written.
type plan struct {
	cs          model.Case
	parties     []model.Party
	instruments []instrumentPlan
	filings     []model.EnforcementCase
	payments    []payment // that were made before it was imported
	entries     []model.DebtEntry
}

type instrumentPlan struct {
	in          model.Instrument
	obligations []obligationPlan
}

type obligationPlan struct {
	ob           model.Obligation
	obligee      string
	entries      []model.DebtEntry // of the case, where it is filed already
	joint        []string          // who is owed it beside the obligee
	obligors     []string
	installments []model.Installment
	dropped      []model.Installment // that a newer version no longer names
	// categorised says that the input names the category, so that an update does
	// not undo what was entered here; interested and ranked the same of interest
	// and of the order of payment.
	categorised, interested, ranked bool
}

// roster is what checking needs to know of the court.
type roster struct {
	court    model.Court
	judges   map[string]int64
	clerks   map[string]int64
	officers map[string]int64
	today    model.Date
	calendar *model.Calendar
	kind     model.CaseKind // of the case that is checked
	// hash makes the keyed hashes by which sealed values are found.
	hash func(kind, value string) string
}

// checker collects every wrong field of an input.
type checker struct{ problems []model.FieldError }

func (c *checker) add(field, reason, message string) {
	c.problems = append(c.problems, model.FieldError{Field: field, Reason: reason, Message: message})
}

func (c *checker) addErr(field string, err error) {
	reason, message := "field.format", "格式不正确"
	if e, ok := asError(err); ok {
		reason, message = e.Reason, e.Message
	}
	c.add(field, reason, message)
}

// fieldOf is the field that an error names, "" for none.
func fieldOf(err error) string {
	if e, ok := asError(err); ok && len(e.Fields) > 0 {
		return e.Fields[0].Field
	}
	return model.FieldOf(err)
}

func (c *checker) text(field, value string, required bool, limit int) {
	switch {
	case required && strings.TrimSpace(value) == "":
		c.add(field, "field.required", "必须填写")
	case utf8.RuneCountInString(value) > limit:
		c.add(field, "field.too_long", fmt.Sprintf("不能超过 %d 个字", limit))
	default:
		if err := model.CheckLine(value); err != nil {
			c.addErr(field, err)
		}
	}
}

// lines is text for what may have several lines.
func (c *checker) lines(field, value string, required bool, limit int) {
	if err := model.CheckText(value); err != nil {
		c.addErr(field, err)
		return
	}
	c.text(field, strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(value), required, limit)
}

// day refuses a day that its field cannot mean, and tells whether it can.
func (c *checker) day(field string, d model.Date, today model.Date) bool {
	err := model.CheckDay(field, d, today)
	if err != nil {
		c.addErr(field, err)
	}
	return err == nil
}

// check turns an input into a plan, or tells everything that is wrong with it.
func check(in CaseInput, r roster) (*plan, []model.FieldError) {
	c := &checker{}
	p := &plan{cs: model.Case{
		PlanStale: true,
		CourtID:   r.court.ID, Cause: model.Clean(in.Cause), FiledOn: in.FiledOn, GroupRef: in.GroupRef, FamilyCase: in.FamilyCase,
		Performance: model.PerformanceNone, Version: 1, SourceDigest: in.digest(),
	}}
	c.caseNo(in, r, p)
	c.text("cause", in.Cause, true, 100)
	c.text("group_ref", in.GroupRef, false, 60)
	switch {
	case !c.day("filed_on", in.FiledOn, r.today):
	case in.FiledOn.IsZero():
		c.add("filed_on", "field.required", "请填写立案日期")
	case in.FiledOn.After(r.today):
		c.add("filed_on", "date.future", "立案日期不能晚于今天")
	}
	if p.cs.JudgeID = r.judges[model.NormalizeLogin(in.Judge)]; p.cs.JudgeID == 0 {
		c.add("judge", "judge.unknown", "本院没有登录名为“"+in.Judge+"”的承办法官")
	}
	if in.Clerk != "" {
		if p.cs.ClerkID = r.clerks[model.NormalizeLogin(in.Clerk)]; p.cs.ClerkID == 0 {
			c.add("clerk", "clerk.unknown", "本院没有登录名为“"+in.Clerk+"”的书记员")
		}
	}
	c.parties(in.Parties, r, p)
	refs := map[string]bool{}
	for _, party := range in.Parties {
		refs[party.Ref] = true
	}
	r.kind = p.cs.Kind
	p.instruments = c.instruments("instruments", in.Instruments, refs, r)
	c.filings(in.Enforcement, r, p)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return p, nil
}

func (c *checker) caseNo(in CaseInput, r roster, p *plan) {
	no, err := model.ParseCaseNo(in.CaseNo)
	switch {
	case err != nil:
		c.addErr("case_no", err)
	case no.IsEnforcement():
		c.add("case_no", "case_no.enforcement", "执行案件不能作为被督促的案件立案，请填写审判案件的案号")
	case !no.Legacy() && no.CourtCode() != r.court.Code:
		c.add("case_no", "case_no.court", "案号中的法院代字不是本院（"+r.court.Code+"）")
	default:
		p.cs.CaseNo, p.cs.Kind = string(no), no.Kind()
	}
}

func (c *checker) parties(list []PartyInput, r roster, p *plan) {
	if len(list) == 0 {
		c.add("parties", "field.required", "至少要有一名当事人")
	}
	seen := map[string]bool{}
	for i, in := range list {
		at := func(f string) string { return fmt.Sprintf("parties[%d].%s", i, f) }
		c.text(at("ref"), in.Ref, true, 60)
		if seen[in.Ref] {
			c.add(at("ref"), "ref.repeated", "当事人标识重复："+in.Ref)
		}
		seen[in.Ref] = true
		c.text(at("name"), in.Name, true, 100)
		if !in.Role.Valid() {
			c.add(at("role"), "role.unknown", "诉讼地位不正确")
		}
		if in.Kind != model.Person && in.Kind != model.Organisation {
			c.add(at("kind"), "kind.unknown", "请选择自然人或单位")
		}
		party := model.Party{
			CourtID: r.court.ID, Ref: in.Ref, Role: in.Role, Kind: in.Kind, Name: model.Clean(in.Name),
			NameNorm: model.NormalizeName(in.Name), IDKind: string(in.IDKind),
			IDNumber: model.NormalizeID(in.IDNumber), Phone: model.NormalizePhone(in.Phone),
		}
		if party.IDNumber != "" {
			kind := in.IDKind
			if kind == "" {
				kind = model.IDKindOf(party.IDNumber)
				if in.Kind == model.Organisation {
					kind = model.IDUSCC
				}
			}
			party.IDKind = string(kind)
			if err := model.CheckID(kind, party.IDNumber, r.today); err != nil {
				c.addErr(at("id_number"), err)
			} else if (kind == model.IDUSCC) != (in.Kind == model.Organisation) {
				c.add(at("id_kind"), "id.kind", "证件种类与当事人类型不符")
			}
			party.IDNumberHash = r.hash("id_number", party.IDNumber)
			party.Minor = model.IsMinor(kind, party.IDNumber, r.today)
		}
		if party.Phone != "" {
			if err := model.CheckPhone(party.Phone); err != nil {
				c.addErr(at("phone"), err)
			}
			party.PhoneHash = r.hash("phone", party.Phone)
		}
		p.parties = append(p.parties, party)
	}
}

func (c *checker) instruments(prefix string, list []InstrumentInput, parties map[string]bool, r roster) []instrumentPlan {
	var out []instrumentPlan
	seen, obligations := map[string]bool{}, map[string]bool{}
	for i, in := range list {
		at := func(f string) string { return fmt.Sprintf("%s[%d].%s", prefix, i, f) }
		c.text(at("ref"), in.Ref, true, 60)
		if seen[in.Ref] {
			c.add(at("ref"), "ref.repeated", "法律文书标识重复："+in.Ref)
		}
		seen[in.Ref] = true
		if !in.Kind.Valid() {
			c.add(at("kind"), "instrument.kind", "法律文书种类不正确")
		}
		c.text(at("number"), in.Number, true, 80)
		c.lines(at("summary"), in.Summary, true, 2000)
		if c.day(at("effective_on"), in.EffectiveOn, r.today) && in.EffectiveOn.After(r.today.AddDays(366)) {
			c.add(at("effective_on"), "date.future", "生效日期过晚，请核对")
		}
		ip := instrumentPlan{in: model.Instrument{
			CourtID: r.court.ID, Ref: in.Ref, Kind: in.Kind, Number: in.Number, MadeOn: in.MadeOn, EffectiveOn: in.EffectiveOn, Summary: in.Summary,
		}}
		switch {
		case !c.day(at("made_on"), in.MadeOn, r.today):
		case in.MadeOn.After(r.today):
			c.add(at("made_on"), "date.future", "裁判日期不能晚于今天")
		case !in.MadeOn.IsZero() && !in.EffectiveOn.IsZero() && in.EffectiveOn.Before(in.MadeOn):
			c.add(at("made_on"), "instrument.days", "裁判日期不能晚于生效日期")
		}
		for j, ob := range in.Obligations {
			ip.obligations = append(ip.obligations,
				c.obligation(fmt.Sprintf("%s[%d].obligations[%d]", prefix, i, j), ob, in, parties, obligations, r)...)
		}
		var duties []model.Obligation
		for _, op := range ip.obligations {
			duties = append(duties, op.ob)
		}
		if err := model.CheckSurcharges(duties); err != nil {
			c.addErr(at("obligations"), err)
		}
		out = append(out, ip)
	}
	return out
}

func (c *checker) obligation(at string, in ObligationInput, inst InstrumentInput, parties, seen map[string]bool, r roster) []obligationPlan {
	c.text(at+".ref", in.Ref, true, 40)
	if seen[in.Ref] {
		c.add(at+".ref", "ref.repeated", "义务标识重复："+in.Ref)
	}
	seen[in.Ref] = true
	if len(in.Obligors) == 0 {
		c.add(at+".obligors", "field.required", "请填写义务人")
	}
	for i, o := range in.Obligors {
		if !parties[o] || slices.Contains(in.Obligors[:i], o) {
			c.add(fmt.Sprintf("%s.obligors[%d]", at, i), "party.unknown", "义务人不在当事人中，或重复填写："+o)
		}
	}
	switch {
	case in.ToCourt && in.Obligee != "":
		c.add(at+".obligee", "obligee.both", "缴入法院账户的义务不填权利人")
	case !in.ToCourt && in.Obligee == "":
		c.add(at+".obligee", "party.unknown", "请填写权利人；缴入法院账户的，写明法院")
	case !in.ToCourt && !parties[in.Obligee]:
		c.add(at+".obligee", "party.unknown", "权利人不在当事人中："+in.Obligee)
	case slices.Contains(in.Obligors, in.Obligee):
		c.add(at+".obligee", "obligee.same", "权利人和义务人不能是同一人")
	}
	dues := c.dues(at, &in, r)
	ob := model.Obligation{
		CourtID: r.court.ID, Ref: in.Ref, Kind: in.Kind, ToCourt: in.ToCourt, AmountFen: in.AmountFen, Description: in.Description, Recurs: dues.rule, ExtendOn: dues.extendOn,
		Interest: in.Interest.terms(), SecurityFen: in.SecurityFen, Weight: in.Weight, Foreign: in.foreign(),
	}
	if err := model.CheckRank(in.SecurityFen, in.Weight); err != nil {
		c.addErr(at+".security_fen", err)
	}
	if err := model.CheckCategory(r.kind, in.Category, ob); err != nil {
		c.addErr(at+".category", err)
	}
	if ob.Category = in.Category; ob.Category == model.CategoryNone {
		ob.Category = model.DefaultCategory(r.kind, ob)
	}
	ob.Terms = model.Terms{
		Acceleration: in.Acceleration, AccelerationText: strings.TrimSpace(in.AccelerationText), BurdenFen: in.BurdenFen, BurdenText: strings.TrimSpace(in.BurdenText),
	}
	if err := ob.Check(inst.Kind, in.Kind, len(in.Installments)); err != nil {
		c.addErr(at+"."+fieldOf(err), err)
	}
	c.lines(at+".description", in.Description, in.Kind != model.ObligationMoney, 500)
	switch in.Kind {
	case model.ObligationMoney:
		if ob.Foreign != nil {
			c.foreign(at, in, ob)
		} else if err := model.CheckAmount(at+".amount_fen", in.AmountFen); err != nil {
			c.addErr(at+".amount_fen", err)
		}
	case model.ObligationConduct, model.ObligationDelivery:
		if in.AmountFen != 0 || len(in.Installments) > 0 || len(in.SharesFen) > 0 {
			c.add(at+".amount_fen", "amount.not_money", "行为或交付义务不填金额和分期")
		}
	default:
		c.add(at+".kind", "obligation.kind", "义务种类不正确")
	}
	if in.Interest != nil {
		for n, s := range in.Interest.Spans {
			span := fmt.Sprintf("%s.interest.spans[%d].", at, n)
			c.day(span+"from_on", s.From, r.today)
			c.day(span+"until_on", s.Until, r.today)
			c.day(span+"lpr_on", s.PrimeOn, r.today)
			c.day(span+"cap_on", s.CapOn, r.today)
		}
	}
	if err := model.CheckInterest(ob.Interest, ob, max(1, len(in.Installments))); err != nil {
		c.addErr(at+".interest", err)
	}
	due := c.dueDay(at, in, inst, r)
	if len(in.SharesFen) == 0 {
		return []obligationPlan{in.plan(ob, in.Obligors, c.installments(at, in, due, r))}
	}
	return c.shares(at, in, ob, due)
}

// foreign is what is fixed in another currency, nil for yuan. What was booked of it
// before comes from the case.
func (in ObligationInput) foreign() *model.ForeignDebt {
	if in.Currency == "" && in.ForeignMinor == 0 {
		return nil
	}
	return &model.ForeignDebt{Currency: in.Currency, Minor: in.ForeignMinor}
}

func (c *checker) foreign(at string, in ObligationInput, ob model.Obligation) {
	if err := model.CheckForeign(ob.Foreign, ob, max(len(in.Installments), len(in.SharesFen)), ob.Interest); err != nil {
		c.addErr(at+"."+fieldOf(err), err)
	}
	if in.AmountFen != 0 {
		c.add(at+".amount_fen", "currency.both", "以外币确定的义务不填人民币金额，由承办法官登记汇率后折算")
	}
}

// plannedDues are the rule of dues and when it makes the next instalments.
type plannedDues struct {
	rule     *model.DuesRule
	extendOn model.Date
}

// dues makes the instalments of dues that are to be there by now, as if the input
// had named them.
func (c *checker) dues(at string, in *ObligationInput, r roster) (out plannedDues) {
	if in.Recurs == nil {
		return out
	}
	out.rule = in.Recurs.rule()
	before := len(c.problems)
	if err := out.rule.Check(); err != nil {
		c.addErr(at+".recurs", err)
	}
	c.day(at+".recurs.first_on", in.Recurs.FirstOn, r.today)
	c.day(at+".recurs.until_on", in.Recurs.UntilOn, r.today)
	if in.Kind != model.ObligationMoney || in.AmountFen != 0 || len(in.Installments) > 0 || len(in.SharesFen) > 0 || !in.DueOn.IsZero() || in.DueInDays != 0 || in.Acceleration != model.AccelerationNone {
		c.add(at+".recurs", "dues.rule", "按期给付的义务只填每期的金额和周期，不填总金额、履行期限、分期、份额和加速到期")
	}
	if len(c.problems) > before {
		in.AmountFen = max(in.AmountFen, 1) // one problem is enough
		return out
	}
	p := model.Obligation{Recurs: out.rule}.PlanDues(nil, nil, r.calendar, r.today)
	in.AmountFen, out.extendOn = p.SumFen, p.ExtendOn
	for _, i := range p.Made {
		in.Installments = append(in.Installments, InstallmentInput{AmountFen: i.AmountFen, DueOn: i.DueOn})
	}
	return out
}

func (in ObligationInput) plan(ob model.Obligation, obligors []string, installments []model.Installment) obligationPlan {
	return obligationPlan{
		ob: ob, obligee: in.Obligee, obligors: obligors, installments: installments, categorised: in.Category != model.CategoryNone,
		interested: in.Interest != nil, ranked: in.SecurityFen != 0 || in.Weight != 0,
	}
}

// shares files a several obligation (按份) as one obligation per debtor, so that
// each share is paid and certified by itself.
func (c *checker) shares(at string, in ObligationInput, ob model.Obligation, due model.Installment) []obligationPlan {
	var sum model.Fen
	for _, s := range in.SharesFen {
		sum += s
		if s <= 0 {
			c.add(at+".shares_fen", "amount.positive", "每个份额必须大于 0")
		}
	}
	switch {
	case len(in.SharesFen) != len(in.Obligors):
		c.add(at+".shares_fen", "shares.count", "份额的个数必须与义务人的个数相同")
		return nil
	case sum != in.AmountFen:
		c.add(at+".shares_fen", "amount.sum", "各义务人的份额之和必须等于总金额")
	case in.Interest != nil && (in.Interest.CapFen > 0 || slices.ContainsFunc(in.Interest.Spans, func(s InterestSpanInput) bool { return s.BaseFen > 0 })):
		c.add(at+".interest", "shares.interest", "按份义务的利息另有基数或者总额上限的，请按义务人分别填写为几项义务")
	case len(in.Installments) > 0:
		c.add(at+".installments", "shares.installments", "按份义务分期履行的，请按义务人分别填写为几项义务")
	}
	var out []obligationPlan
	for i, o := range in.Obligors {
		one := ob
		one.Ref, one.ShareRef, one.AmountFen = fmt.Sprintf("%s/%d", in.Ref, i+1), in.Ref, in.SharesFen[i]
		part := due
		part.AmountFen = in.SharesFen[i]
		out = append(out, in.plan(one, []string{o}, []model.Installment{part}))
	}
	return out
}

func (c *checker) dueDay(at string, in ObligationInput, inst InstrumentInput, r roster) model.Installment {
	c.day(at+".due_on", in.DueOn, r.today)
	i := model.Installment{CourtID: r.court.ID, Seq: 1, AmountFen: in.AmountFen, DueOn: in.DueOn}
	if in.DueInDays == 0 {
		i.DueReason = r.calendar.FixedDay(in.DueOn)
		if i.DueOn.IsZero() && in.Kind == model.ObligationMoney && len(in.Installments) == 0 {
			i.DueOn, i.DueReason = model.DueWithoutTerm(inst.EffectiveOn)
		}
		return i
	}
	switch {
	case in.DueInDays < 0 || in.DueInDays > 3660:
		c.add(at+".due_in_days", "due.days", "履行期限的天数不正确")
	case !in.DueOn.IsZero():
		c.add(at+".due_in_days", "due.both", "履行日期和履行天数只能填写一项")
	case inst.EffectiveOn.IsZero():
		c.add(at+".due_in_days", "due.no_start", "按天数计算履行期限时，必须填写文书生效日期")
	default:
		p := r.calendar.DaysPeriod(inst.EffectiveOn, in.DueInDays, "生效")
		i.DueOn, i.DueInDays, i.DueReason = p.Last, in.DueInDays, p.Reason
	}
	return i
}

func (c *checker) installments(at string, in ObligationInput, whole model.Installment, r roster) []model.Installment {
	if len(in.Installments) == 0 {
		return []model.Installment{whole}
	}
	list := slices.Clone(in.Installments)
	slices.SortStableFunc(list, func(a, b InstallmentInput) int { return a.DueOn.Compare(b.DueOn) })
	var sum model.Fen
	var out []model.Installment
	for k, v := range list {
		if v.AmountFen <= 0 || v.DueOn.IsZero() {
			c.add(fmt.Sprintf("%s.installments[%d]", at, k), "installment.format", "每期都要有大于 0 的金额和履行日期")
		}
		c.day(fmt.Sprintf("%s.installments[%d].due_on", at, k), v.DueOn, r.today)
		sum += v.AmountFen
		out = append(out, model.Installment{CourtID: r.court.ID, Seq: k + 1, AmountFen: v.AmountFen, DueOn: v.DueOn, DueReason: r.calendar.FixedDay(v.DueOn)})
	}
	if sum != in.AmountFen {
		c.add(at+".installments", "amount.sum", "各期金额之和必须等于总金额")
	}
	return out
}

// filings are enforcement cases of which the trial's system knows no more than
// number and day; the rest comes with PutEnforcement.
func (c *checker) filings(list []FilingInput, r roster, p *plan) {
	for i, f := range list {
		at := fmt.Sprintf("enforcement[%d]", i)
		no, err := model.ParseCaseNo(f.CaseNo)
		kind := model.EnforcementKindOf(no)
		switch {
		case err != nil:
			c.addErr(at+".case_no", err)
		case kind == "":
			c.add(at+".case_no", "case_no.type", "这不是执行案件的案号（执、执恢、执保）")
		}
		if c.day(at+".filed_on", f.FiledOn, r.today) && (f.FiledOn.IsZero() || f.FiledOn.After(r.today)) {
			c.add(at+".filed_on", "date.future", "执行立案日期不正确")
		}
		if kind.Enforces() { // what nobody sued for yet is only preserved
			if err := model.Past("案件立案", p.cs.FiledOn, r.today).Check(at+".filed_on", "date.range", f.FiledOn); err != nil {
				c.addErr(at+".filed_on", err)
			}
		}
		p.filings = append(p.filings, bareEnforcement(r.court.ID, no, f.FiledOn))
		if on := p.cs.EnforcementFiledOn; kind.Enforces() && (on.IsZero() || f.FiledOn.Before(on)) {
			p.cs.EnforcementFiledOn = f.FiledOn
		}
	}
}

func bareEnforcement(courtID int64, no model.CaseNo, filedOn model.Date) model.EnforcementCase {
	kind := model.EnforcementKindOf(no)
	return model.EnforcementCase{
		CourtID: courtID, CaseNo: string(no), Kind: kind, First: kind == model.EnforcementOrdinary, FiledOn: filedOn, State: model.EnforcementOpen, Version: 1,
	}
}
