package model

import (
	"fmt"
	"slices"
	"strings"
)

// MeasureAnswer is one thing that the law asks before a measure, and what was
// answered: by the officer, or by the record. It is kept with the proposal as it
// was asked, and whoever decides reads it.
type MeasureAnswer struct {
	Code     string
	Question string
	Yes      bool   // the officer's answer
	Text     string // what the record says, "" where the officer answered
	Rules    string // as numbered on the day
}

// Record tells whether the answer is the record's.
func (a MeasureAnswer) Record() bool { return a.Text != "" }

// Chinese is the answer in words.
func (a MeasureAnswer) Chinese() string {
	switch {
	case a.Record():
		return a.Text
	case a.Yes:
		return "是"
	}
	return "否"
}

// MeasureQuestion is what only the officer knows about a measure, to be answered
// with yes or no before it can be proposed.
type MeasureQuestion struct {
	Code string
	Text string
	// Bars is the answer with which the law forbids the measure.
	Bars bool
	// Why is what the law says then.
	Why   string
	Rules []Citation
	// Grounds are those on which the measure is then barred.
	Grounds []MeasureGround
	// asked tells when the question is put at all; nil is always.
	asked func(MeasureCase) bool
}

// Field is the question's field in a form.
func (q MeasureQuestion) Field() string { return "answer_" + q.Code }

// For names the grounds to which the question belongs, in short.
func (q MeasureQuestion) For(k MeasureKind) string {
	if len(q.Grounds) == len(k.Grounds()) {
		return ""
	}
	var out []string
	for _, g := range q.Grounds {
		out = append(out, g.Short())
	}
	return strings.Join(out, "、")
}

// Short is the ground in a few words, for screens.
func (g MeasureGround) Short() string {
	return map[MeasureGround]string{
		GroundAbleRefuses: "有履行能力而拒不履行", GroundObstructs: "妨碍、抗拒执行", GroundShamSuit: "规避执行", GroundReport: "违反财产报告制度", GroundOrder: "违反限制消费令",
		GroundSettlement: "不履行和解协议", GroundHidesProperty: "隐藏、转移财产", GroundSecured: "处分担保财产", GroundNoAssistance: "拒不协助执行",
		GroundNoticeMissed: "未按执行通知履行", GroundListed: "已纳入失信名单", GroundUnperformed: "不履行义务", GroundWhereabouts: "下落不明",
	}[g]
}

// afterEffect are the grounds of 民诉法解释 188: all of them are ways of refusing
// what a judgment in force says, so that an act before its effect is none.
var afterEffect = []MeasureGround{GroundHidesProperty, GroundSecured, GroundOrder, GroundAbleRefuses, GroundNoAssistance}

var (
	able      = []MeasureGround{GroundAbleRefuses}
	noticed   = []MeasureGround{GroundNoticeMissed}
	reported  = []MeasureGround{GroundReport}
	leniently = []MeasureGround{GroundAbleRefuses, GroundSettlement}
	everyList = []MeasureGround{GroundAbleRefuses, GroundObstructs, GroundShamSuit, GroundReport, GroundOrder, GroundSettlement}
)

var (
	askReportOrder = MeasureQuestion{
		Code: "report_order", Text: "是否已向其发出报告财产令，并且报告期限已经届满？", Why: "没有发出报告财产令或者报告期限未满的，不是违反财产报告制度",
		Rules: []Citation{CiteReportOrder}, Grounds: reported,
	}
	// The opinion says 一般不得: it leaves exceptions to the court. The program knows
	// none, because the opinion names none.
	askStudent = MeasureQuestion{
		Code: "student", Text: "被执行人是否为全日制在校生，债务是否因“校园贷”产生？", Bars: true, Why: "全日制在校生因“校园贷”纠纷成为被执行人的，不得采取失信名单、限制消费措施",
		Rules: []Citation{CiteStudentLoan}, Grounds: everyList, asked: MeasureCase.borrows,
	}
	askServed = MeasureQuestion{
		Code: "notice_served", Text: "该行为（限制消费、纳入失信名单的，为今天）之前，执行通知书是否已经送达被执行人并给予履行的时间？（系统没有在指定期间届满以前送达的记录）", Why: "执行通知书没有送达的，其指定的期间对被执行人没有约束力",
		Rules: []Citation{CiteEnforcementNotice}, asked: func(c MeasureCase) bool { return c.NoticeServed.IsZero() || c.NoticeServed.After(c.NoticeUntil) },
	}
)

// measureQuestions are what the officer is asked, in the order of the form.
var measureQuestions = map[MeasureKind][]MeasureQuestion{
	MeasureListing: {
		askServed.on(everyList),
		{Code: "able", Text: "是否查明其有履行能力（有可供执行的财产或者收入）？", Why: "没有查明履行能力的，不属于有履行能力而拒不履行", Rules: []Citation{CiteNotRefusing}, Grounds: able},
		{Code: "secured", Text: "是否已经提供充分有效的担保？", Bars: true, Why: "提供了充分有效担保的，不得以“有履行能力而拒不履行”纳入", Rules: []Citation{CiteListingSecured}, Grounds: able},
		{
			Code: "controlled", Text: "本院查封、扣押、冻结的财产是否足以清偿债务？", Bars: true, Why: "已经控制足以清偿债务的财产的，不得纳入",
			Rules: []Citation{CiteListingControlled, CiteSparedDebtor}, Grounds: leniently,
		},
		{
			Code: "later", Text: "其履行顺序是否在后，依法尚不应对其强制执行（例如债权人应当先执行主债务人的财产）？", Bars: true,
			Why: "履行顺序在后、依法不应对其强制执行的，不得以“有履行能力而拒不履行”纳入", Rules: []Citation{CiteListingLater}, Grounds: able,
		},
		{
			Code: "creditor_wish", Text: "申请执行人是否申请暂不采取惩戒措施？", Bars: true, Why: "申请执行人申请暂不采取惩戒措施的，不得纳入", Rules: []Citation{CiteSparedDebtor},
			Grounds: leniently,
		},
		{
			Code: "excuse", Text: "不履行和解协议是否有正当理由？", Bars: true, Why: "只有无正当理由拒不履行执行和解协议的才能纳入", Rules: []Citation{CiteListingSettlement},
			Grounds: []MeasureGround{GroundSettlement},
		},
		askReportOrder,
		askStudent,
	},
	MeasureConsumption: {
		askServed.on(noticed),
		{
			Code: "controlled", Text: "本院查封、扣押、冻结的财产是否足以清偿债务？", Bars: true, Why: "已经控制足以清偿债务的财产的，不得限制消费", Rules: []Citation{CiteSparedDebtor},
			Grounds: noticed,
		},
		{
			Code: "creditor_wish", Text: "申请执行人是否申请暂不采取惩戒措施？", Bars: true, Why: "申请执行人申请暂不采取惩戒措施的，不得限制消费", Rules: []Citation{CiteSparedDebtor},
			Grounds: noticed,
		},
		askStudent.on(noticed),
	},
	MeasureDetention: punishQuestions,
	MeasureFine:      punishQuestions,
}

var punishQuestions = []MeasureQuestion{
	{
		Code: "after_effect", Text: "行为是否发生在法律文书生效之后？（系统没有生效日期）", Why: "生效之前的行为不是拒不履行生效法律文书", Rules: []Citation{CiteRefusesJudgment},
		Grounds: afterEffect, asked: func(c MeasureCase) bool { return c.EffectiveOn.IsZero() },
	},
	{Code: "frustrated", Text: "该行为是否致使本院无法执行？", Why: "没有致使无法执行的，不属于该事由", Rules: []Citation{CiteHidesProperty}, Grounds: []MeasureGround{GroundHidesProperty}},
	{Code: "permitted", Text: "处分担保财产是否经过本院准许？", Bars: true, Why: "经本院准许处分的，不属于该事由", Rules: []Citation{CiteDisposesSecured}, Grounds: []MeasureGround{GroundSecured}},
	askServed.on(able),
	{Code: "able", Text: "是否查明其有履行能力（有可供执行的财产或者收入）？", Why: "没有查明履行能力的，不是有履行能力而拒不履行", Rules: []Citation{CiteAbleRefuses}, Grounds: able},
	{
		Code: "assistance_notice", Text: "是否已收到本院的协助执行通知书？", Why: "没有收到协助执行通知书的，没有协助执行的义务", Rules: []Citation{CiteNoAssistance},
		Grounds: []MeasureGround{GroundNoAssistance},
	},
	askReportOrder,
}

func (q MeasureQuestion) on(grounds []MeasureGround) MeasureQuestion {
	q.Grounds = grounds
	return q
}

// borrows tells whether the debtor could be a student with a campus loan: a
// person who owes a loan.
func (c MeasureCase) borrows() bool {
	return c.Debtor.Kind == Person && (strings.ContainsAny(c.Cause, "借贷") || strings.Contains(c.Cause, "信用卡"))
}

// Questions lists what the officer may be asked for the kind, for forms that know
// no ground yet.
func (k MeasureKind) Questions() []MeasureQuestion { return slices.Clone(measureQuestions[k]) }

// Allowing are answers with which no question bars the kind, for those who try
// everything else.
func (k MeasureKind) Allowing() map[string]bool {
	out := map[string]bool{}
	for _, q := range measureQuestions[k] {
		out[q.Code] = !q.Bars
	}
	return out
}

// Asked lists what the officer has to answer for this measure: what belongs to
// its ground and is not on record.
func (c MeasureCase) Asked() (out []MeasureQuestion) {
	for _, q := range measureQuestions[c.Measure.Kind] {
		if slices.Contains(q.Grounds, c.Measure.Ground) && (q.asked == nil || q.asked(c)) {
			out = append(out, q)
		}
	}
	return out
}

// checkAnswers refuses a measure about which something is not answered, or
// answered so that the law forbids it.
func (c MeasureCase) checkAnswers() error {
	var wrong Faults
	for _, q := range c.Asked() {
		i := slices.IndexFunc(c.Measure.Answers, func(a MeasureAnswer) bool { return a.Code == q.Code && !a.Record() })
		switch {
		case i < 0:
			wrong.Add(InvalidField(q.Field(), "measure.answer", "请回答：“"+q.Text+"”，依据"+CitesOn(c.Today, q.Rules...)))
		case c.Measure.Answers[i].Yes == q.Bars:
			wrong.Add(InvalidField(q.Field(), "measure.barred", q.Why+"，依据"+CitesOn(c.Today, q.Rules...)))
		}
	}
	return wrong.Err()
}

// Answered is what is kept with the proposal: what the record says, and what
// the officer answered, as he was asked.
func (c MeasureCase) Answered() []MeasureAnswer {
	m := c.Measure
	out := []MeasureAnswer{}
	record := func(code, question, text string, rules ...Citation) {
		out = append(out, MeasureAnswer{Code: code, Question: question, Text: text, Rules: CitesOn(c.Today, rules...)})
	}
	if c.needsNotice() {
		record("notice_term", "执行通知书指定的期间", "至"+c.NoticeUntil.Chinese()+"届满", c.noticeRule())
		if !c.NoticeServed.IsZero() {
			record("notice_served", "执行通知书的送达", c.NoticeServed.Chinese()+"送达", CiteEnforcementNotice)
		}
	}
	if slices.Contains(afterEffect, m.Ground) && m.Kind.Punishes() && !c.EffectiveOn.IsZero() {
		record("after_effect", "法律文书的生效日期", c.EffectiveOn.Chinese()+"，行为在其后", CiteRefusesJudgment)
	}
	if o := c.order(); m.Ground == GroundOrder && o != nil {
		record("order", "限制消费令", strings.TrimSpace(o.Number+"自"+DateOf(*o.FromAt).Chinese()+"起实施"), m.Kind.GroundOf(GroundOrder).Citation)
	}
	if m.Ground == GroundSettlement {
		record("settlement", "执行和解协议", "已登记，"+c.Settlement.State.Chinese(), CiteListingSettlement)
	}
	for _, q := range c.Asked() {
		i := slices.IndexFunc(m.Answers, func(a MeasureAnswer) bool { return a.Code == q.Code && !a.Record() })
		if i >= 0 {
			out = append(out, MeasureAnswer{Code: q.Code, Question: q.Text, Yes: m.Answers[i].Yes, Rules: CitesOn(c.Today, q.Rules...)})
		}
	}
	return out
}

// needsNotice tells whether a condition asks for the enforcement notice.
func (c MeasureCase) needsNotice() bool {
	return slices.ContainsFunc(measureConditions, func(r MeasureCondition) bool {
		return r.Code == "measure.notice" && r.Asked(c.Measure.Kind, c.Measure.Ground, StepDecide)
	})
}

func (c MeasureCase) noticeRule() Citation {
	switch c.Measure.Ground { //nolint:exhaustive // the others need no notice
	case GroundAbleRefuses:
		if c.Measure.Kind == MeasureListing {
			return CiteListingAble
		}
	case GroundNoticeMissed:
		return CiteConsumptionNotice
	case GroundReport:
		return CitePropertyReport
	}
	return CiteAbleRefuses
}

// actDay is the day on which what is punished happened; of other measures, today.
func (c MeasureCase) actDay() Date {
	if m := c.Measure; m.Kind.Punishes() && !m.ActOn.IsZero() {
		return m.ActOn
	}
	return c.Today
}

func (c MeasureCase) afterTheEffect() error {
	m := c.Measure
	if !m.ActOn.IsZero() && m.ActOn.Before(c.EffectiveOn) {
		return InvalidField("act_on", "measure.act_early", fmt.Sprintf("法律文书自%s起生效，此前的行为不能以此为由处罚，依据%s。诉讼开始后、生效前隐藏、转移财产的，请在“强制措施”页登记为拒执线索，依据%s",
			c.EffectiveOn.Chinese(), Cites(m.Kind.GroundOf(m.Ground).Citation, CiteRefusesJudgment), CiteRefusalBefore))
	}
	return nil
}

func (c MeasureCase) ordered() error {
	if c.order() == nil {
		return E(Conflict, "measure.no_order", "没有在"+c.actDay().Chinese()+"有效的限制消费令，不能以违反限制消费令为由，依据"+c.Measure.Kind.GroundOf(GroundOrder).Citation.On(c.Today))
	}
	return nil
}

func (c MeasureCase) settlementBroken() error {
	if c.Settlement.State != SettlementBreached && c.Settlement.State != SettlementResumed {
		return E(Conflict, "measure.settlement", "没有登记逾期未履行的执行和解协议，不能以此为由，依据"+CiteListingSettlement.On(c.Today))
	}
	return nil
}

// order is the restriction of spending that stood against the subject, or
// against the organisation for which he acts, on the day of the act; for a
// listing, which names no day, at any time until today.
func (c MeasureCase) order() *Measure {
	m := c.Measure
	for _, o := range c.Others {
		if o.Kind != MeasureConsumption || !o.State.Happened() || o.FromAt == nil || o.LiftGround == LiftRevoked || o.SubjectHash != m.SubjectHash && o.PartyID != m.PartyID {
			continue
		}
		from := DateOf(*o.FromAt)
		if m.Kind.Punishes() && (m.ActOn.Before(from) || o.LiftedAt != nil && m.ActOn.After(DateOf(*o.LiftedAt))) || from.After(c.Today) {
			continue
		}
		return &o
	}
	return nil
}

// EffectiveFor is the first day on which an instrument was in force that is
// enforced against a debtor, zero when none says so.
func (d Debts) EffectiveFor(e EnforcementFile, partyID int64) (first Date) {
	for _, i := range d.EnforcedOf(e, partyID) {
		on := d.Instrument(d.Obligation(i.ObligationID).InstrumentID).EffectiveOn
		if !on.IsZero() && (first.IsZero() || on.Before(first)) {
			first = on
		}
	}
	return first
}
