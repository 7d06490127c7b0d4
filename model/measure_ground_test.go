package model

import (
	"slices"
	"strings"
	"testing"
)

// answered changes an answer; with no values it takes it away.
func (c *MeasureCase) answered(code string, yes ...bool) {
	c.Measure.Answers = slices.DeleteFunc(slices.Clone(c.Measure.Answers), func(a MeasureAnswer) bool { return a.Code == code })
	for _, y := range yes {
		c.Measure.Answers = append(c.Measure.Answers, MeasureAnswer{Code: code, Yes: y})
	}
}

// 失信规定 3: whoever gave security, has enough property under the court's hand, or
// comes later in order is not listed for refusing; for its other grounds that does
// not matter. 财产调查规定 3: a breach of the order to report needs the order.
func TestListingRules3(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ground MeasureGround
		code   string
		yes    bool
		reason string
		cites  string
	}{
		{GroundAbleRefuses, "secured", true, "measure.barred", "第三条第一项"},
		{GroundAbleRefuses, "controlled", true, "measure.barred", "第三条第二项"},
		{GroundAbleRefuses, "later", true, "measure.barred", "第三条第三项"},
		{GroundAbleRefuses, "able", false, "measure.barred", "第三条第四项"},
		{GroundAbleRefuses, "secured", false, "", ""},
		{GroundSettlement, "excuse", true, "measure.barred", "第一条第六项"},
		{GroundSettlement, "secured", true, "", ""},
		{GroundObstructs, "controlled", true, "", ""},
		{GroundReport, "report_order", false, "measure.barred", "财产调查若干问题的规定》第三条"},
		{GroundObstructs, "report_order", false, "", ""},
	} {
		c := proposal(MeasureListing)
		c.Measure.Ground, c.Settlement.State = tt.ground, SettlementBreached
		c.answered(tt.code, tt.yes)
		refusedBy(t, string(tt.ground)+" "+tt.code, c.Check(StepPropose), tt.reason, tt.cites)
	}
	c := proposal(MeasureListing)
	c.answered("secured")
	refusedBy(t, "not answered", c.Check(StepPropose), "measure.answer", "是否已经提供充分有效的担保")
}

// 法发〔2019〕35号 16: enough property or the creditor's wish bars listing and
// restriction of who refuses to perform or breaks an agreement; a student with a
// campus loan is spared on any ground; nobody is asked of whom it cannot be so.
func TestGoodFaith16(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind   MeasureKind
		ground MeasureGround
		code   string
		reason string
	}{
		{MeasureListing, GroundAbleRefuses, "controlled", "measure.barred"},
		{MeasureListing, GroundAbleRefuses, "creditor_wish", "measure.barred"},
		{MeasureListing, GroundSettlement, "creditor_wish", "measure.barred"},
		{MeasureListing, GroundObstructs, "creditor_wish", ""},
		{MeasureConsumption, GroundNoticeMissed, "controlled", "measure.barred"},
		{MeasureConsumption, GroundNoticeMissed, "creditor_wish", "measure.barred"},
		{MeasureListing, GroundReport, "student", "measure.barred"},
		{MeasureConsumption, GroundNoticeMissed, "student", "measure.barred"},
	} {
		c := proposal(tt.kind)
		c.Cause, c.Measure.Ground, c.Settlement.State = "民间借贷纠纷", tt.ground, SettlementBreached
		c.answered(tt.code, true)
		refusedBy(t, string(tt.ground)+" "+tt.code, c.Check(StepPropose), tt.reason, "第十六条")
	}
	asksStudent := func(c MeasureCase) bool {
		return slices.ContainsFunc(c.Asked(), func(q MeasureQuestion) bool { return q.Code == "student" })
	}
	c := proposal(MeasureListing)
	for cause, want := range map[string]bool{"民间借贷纠纷": true, "金融借款合同纠纷": true, "信用卡纠纷": true, "买卖合同纠纷": false} {
		if c.Cause = cause; asksStudent(c) != want {
			t.Errorf("%s: asked %v", cause, !want)
		}
	}
	c.Cause = "信用卡纠纷"
	if organisation(&c); asksStudent(c) {
		t.Error("a company is asked whether it is a student")
	}
}

// 民诉法解释 188: what is punished happened after the judgment took effect, after the
// term of the notice, or under the order; what is not on record is asked.
func TestInterpretation188(t *testing.T) {
	t.Parallel()
	effective := measureDay.AddDays(-20)
	fine := func(g MeasureGround) MeasureCase {
		c := proposal(MeasureFine)
		c.EffectiveOn, c.Measure.Ground, c.NoticeUntil = effective, g, measureDay.AddDays(-5)
		if g == GroundNoAssistance {
			actsFor(RelationAssistant)(&c)
		}
		return c
	}
	from, lifted := measureDay.AddDays(-10).Start(), measureDay.AddDays(-2).Start()
	order := Measure{ID: 9, Kind: MeasureConsumption, PartyID: 7, SubjectHash: "h", State: MeasureInForce, FromAt: &from, Number: "镇法限消〔2026〕1号"}
	for _, g := range afterEffect {
		c := fine(g)
		c.Others = []Measure{order}
		refusedBy(t, "after the effect: "+string(g), c.Check(StepPropose), "", "")
		c.Measure.ActOn = effective
		if g != GroundOrder && g != GroundAbleRefuses {
			refusedBy(t, "on its day: "+string(g), c.Check(StepPropose), "", "")
		}
		c.Measure.ActOn, c.NoticeUntil = effective.AddDays(-1), effective.AddDays(-2)
		refusedBy(t, "before the effect: "+string(g), c.Check(StepPropose), "measure.act_early", "第一百八十八条")
		if e, ok := c.Check(StepPropose).(*Error); ok && !strings.Contains(e.Message, "拒执线索") { //nolint:errorlint // as it is returned
			t.Errorf("%q does not say where it is kept", e.Message)
		}
		c.EffectiveOn = Date{}
		c.answered("after_effect", false)
		if g != GroundOrder && g != GroundAbleRefuses {
			refusedBy(t, "not on record, and before: "+string(g), c.Check(StepPropose), "measure.barred", "第一百一十四条第一款第六项")
		}
	}
	c := fine(GroundObstructs)
	c.Measure.ActOn = effective.AddDays(-1)
	refusedBy(t, "violence is punished whenever it happened", c.Check(StepPropose), "", "")

	c = fine(GroundAbleRefuses)
	c.Measure.ActOn = c.NoticeUntil
	refusedBy(t, "on the last day of the notice", c.Check(StepPropose), "measure.notice", "第一百八十八条第四项")
	c.NoticeUntil = Date{}
	refusedBy(t, "without a notice", c.Check(StepPropose), "measure.notice", "第一百八十八条第四项")
	c = fine(GroundAbleRefuses)
	c.answered("notice_served", false)
	refusedBy(t, "the notice was not served", c.Check(StepPropose), "measure.barred", "第二百五十一条")
	c.NoticeServed = measureDay.AddDays(-12)
	refusedBy(t, "the record shows that it was", c.Check(StepPropose), "", "")
	c.NoticeServed = c.NoticeUntil.AddDays(1)
	refusedBy(t, "after its term was over, and the act came first", c.Check(StepPropose), "measure.barred", "第二百五十一条")
	c.answered("notice_served")
	refusedBy(t, "served after its term was over", c.Check(StepPropose), "measure.answer", "给予履行的时间")

	for name, change := range map[string]func(*Measure){
		"no order":              func(o *Measure) { o.Kind = MeasureExitBan },
		"only proposed":         func(o *Measure) { o.State, o.FromAt = MeasureProposed, nil },
		"somebody else's":       func(o *Measure) { o.PartyID, o.SubjectHash = 8, "x" },
		"lifted before the act": func(o *Measure) { o.State, o.LiftedAt = MeasureLifted, new(measureDay.AddDays(-4).Start()) },
		"revoked on review":     func(o *Measure) { o.State, o.LiftGround, o.LiftedAt = MeasureLifted, LiftRevoked, &lifted },
		"after the act":         func(o *Measure) { o.FromAt = &lifted },
	} {
		o := order
		change(&o)
		c := fine(GroundOrder)
		c.Others = []Measure{o}
		refusedBy(t, name, c.Check(StepPropose), "measure.no_order", "第一百八十八条第三项")
	}
	o := order
	o.State, o.LiftedAt = MeasureLifted, &lifted
	c = fine(GroundOrder)
	c.Others = []Measure{o}
	refusedBy(t, "lifted after the act", c.Check(StepPropose), "", "")
	c = proposal(MeasureListing)
	c.Measure.Ground = GroundOrder
	refusedBy(t, "listed without an order", c.Check(StepPropose), "measure.no_order", "第一条第五项")
	c.Measure.Ground = GroundSettlement
	c.Settlement.State = SettlementOpen
	refusedBy(t, "an agreement that is kept", c.Check(StepPropose), "measure.settlement", "第一条第六项")

	// What is kept is what was asked and what the record said.
	c = fine(GroundAbleRefuses)
	c.NoticeServed = measureDay.AddDays(-12)
	kept := c.Answered()
	var words []string
	for _, a := range kept {
		words = append(words, a.Code+" "+a.Chinese())
		if a.Question == "" || !strings.Contains(a.Rules, "《") {
			t.Errorf("%+v", a)
		}
	}
	want := "notice_term 至2026年2月25日届满；notice_served 2026年2月18日送达；after_effect 2026年2月10日，行为在其后；able 是"
	if got := strings.Join(words, "；"); got != want {
		t.Errorf("kept %s", got)
	}
	c.Measure.Answers = kept // asked again at the decision
	refusedBy(t, "at the decision", c.Check(StepPropose), "", "")
}

// 法释〔2024〕13号 6: acts from the notice to respond until the day before the
// judgment's effect are kept; later ones are punished, earlier ones are neither.
func TestRefusalInterpretation6(t *testing.T) {
	t.Parallel()
	e := EnforcementFile{Parties: []EnforcementParty{{PartyID: 7, Role: EnforcementDebtor}, {PartyID: 8, Role: EnforcementApplicant}}}
	notified, effective := measureDay.AddDays(-60), measureDay.AddDays(-20)
	for name, tt := range map[string]struct {
		change func(*RefusalAct)
		reason string
		cites  string
	}{
		"between":             {func(*RefusalAct) {}, "", ""},
		"on the first day":    {func(a *RefusalAct) { a.ActOn = notified }, "", ""},
		"on the last day":     {func(a *RefusalAct) { a.ActOn = effective.AddDays(-1) }, "", ""},
		"before the suit":     {func(a *RefusalAct) { a.ActOn = notified.AddDays(-1) }, "refusal.act_on", "第六条"},
		"after the effect":    {func(a *RefusalAct) { a.ActOn = effective }, "refusal.act_on", "第一百八十八条第一项"},
		"no notice":           {func(a *RefusalAct) { a.NotifiedOn = Date{} }, "refusal.notified", "第六条"},
		"no words":            {func(a *RefusalAct) { a.ActText = " " }, "refusal.text", ""},
		"of who is no debtor": {func(a *RefusalAct) { a.PartyID = 8 }, "measure.debtor", ""},
	} {
		a := RefusalAct{PartyID: 7, ActOn: measureDay.AddDays(-40), NotifiedOn: notified, ActText: "将房屋无偿过户给亲属"}
		tt.change(&a)
		refusedBy(t, name, a.Check(e, effective, measureDay), tt.reason, tt.cites)
	}
}

// 法发〔2019〕35号 17(2): a change of posts frees only who really left and neither
// controls the company nor answers for its not performing; his successor is named.
func TestGoodFaith17(t *testing.T) {
	t.Parallel()
	fit := PostChange{Needed: new(true), Involved: new(false), Successor: "王某", Pledged: true}
	for name, tt := range map[string]struct {
		relation MeasureRelation
		change   func(*PostChange)
		reason   string
		cites    string
	}{
		"a real change":             {RelationLegalRep, func(*PostChange) {}, "", ""},
		"of a controller":           {RelationController, func(*PostChange) {}, "lift.post", "第十七条第二项"},
		"of the debtor himself":     {RelationSelf, func(*PostChange) {}, "lift.post", "第十七条第二项"},
		"not for the management":    {RelationPrincipal, func(p *PostChange) { p.Needed = new(false) }, "lift.post", "第十七条第二项"},
		"who controls the company":  {RelationLegalRep, func(p *PostChange) { p.Involved = new(true) }, "lift.post", "第十七条第二项"},
		"not asked whether he does": {RelationLegalRep, func(p *PostChange) { p.Involved = nil }, "lift.post", "请回答"},
		"not asked why":             {RelationLegalRep, func(p *PostChange) { p.Needed = nil }, "lift.post", "请回答"},
		"without a successor":       {RelationLegalRep, func(p *PostChange) { p.Successor = " " }, "lift.post", "第十七条第二项"},
		"without evidence":          {RelationLegalRep, func(p *PostChange) { p.Pledged = false }, "lift.post", "第十七条第二款"},
	} {
		p := fit
		tt.change(&p)
		refusedBy(t, name, Measure{Kind: MeasureConsumption, Relation: tt.relation}.CheckPostChange(p), tt.reason, tt.cites)
	}
	if !strings.Contains(fit.Words(), "王某，应当依法对其限制消费") {
		t.Error(fit.Words())
	}
}
