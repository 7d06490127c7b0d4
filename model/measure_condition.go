package model

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// MeasureStep is a moment at which the law is asked about a measure.
type MeasureStep string

// The moments. What was so when a measure was proposed may have changed when it is
// decided, and again when it is put into effect.
const (
	StepPropose MeasureStep = "propose" // 提出
	StepDecide  MeasureStep = "decide"  // 决定
	StepEffect  MeasureStep = "effect"  // 实施: taking into detention, the end of the days of grace
	StepLift    MeasureStep = "lift"    // 解除: asked, and when the leader answers
	StepExpire  MeasureStep = "expire"  // 期满: its time is over, and somebody ends it
)

// MeasureSteps lists the moments in their order.
var MeasureSteps = []MeasureStep{StepPropose, StepDecide, StepEffect, StepLift, StepExpire}

// Chinese is the moment's name.
func (s MeasureStep) Chinese() string {
	return map[MeasureStep]string{StepPropose: "提出", StepDecide: "决定", StepEffect: "实施", StepLift: "解除", StepExpire: "期满终止"}[s]
}

// MeasureCondition is one thing that the law asks of measures.
type MeasureCondition struct {
	// Code is the reason of the error when it fails, Says what must be so.
	Code, Says string
	// Rules are the source of law; none where the program itself asks for something
	// that can be read, or where each ground has its own.
	Rules []Citation
	// Field is where a form shows what is missing.
	Field string
	Steps []MeasureStep
	// Kinds and Grounds are those of which it is asked; nil: all.
	Kinds   []MeasureKind
	Grounds []MeasureGround
	// failed is what is missing, nil when the condition is met.
	failed func(MeasureCase) error
}

// Asked tells whether the condition is asked of a measure at a moment.
func (r MeasureCondition) Asked(k MeasureKind, g MeasureGround, s MeasureStep) bool {
	return slices.Contains(r.Steps, s) && (r.Kinds == nil || slices.Contains(r.Kinds, k)) && (r.Grounds == nil || slices.Contains(r.Grounds, g))
}

var (
	whenWritten = []MeasureStep{StepPropose, StepDecide}             // what the paper says
	whenever    = []MeasureStep{StepPropose, StepDecide, StepEffect} // what must still be so
	whenLifted  = []MeasureStep{StepLift}
	punishing   = []MeasureKind{MeasureDetention, MeasureFine}
	resisted    = []MeasureKind{MeasureListing, MeasureDetention, MeasureFine}
	adultsOnly  = []MeasureKind{MeasureListing, MeasureDetention}
	presidents  = []MeasureKind{MeasureListing, MeasureConsumption, MeasureDetention, MeasureFine}
	burdening   = []MeasureKind{MeasureListing, MeasureConsumption, MeasureTracing, MeasureExitBan}
)

// measureConditions is all that the law asks of measures, in the order in which
// an officer is told of it. deploy/docs/enforcement.md shows it.
var measureConditions = []MeasureCondition{
	{"measure.kind", "措施是六种之一", nil, "kind", whenWritten, nil, nil, MeasureCase.knownKind},
	{"measure.president", "由院长决定，或者由院长书面授权、授权在有效期内且包括该措施的人决定", []Citation{CitePresidentApproves, CiteListingSigned, CiteConsumptionSigned}, "", []MeasureStep{StepDecide}, presidents, nil, MeasureCase.signable},
	{"enforcement.closed", "执行案件未结，且不是只办理财产保全；已经以终结本次执行程序结案的，先恢复执行", []Citation{CiteEnforcementNotice}, "", whenWritten, nil, nil, MeasureCase.caseOpen},
	{"enforcement.closed", "执行案件未结，或者以终结本次执行程序结案（义务没有免除，已经决定的仍可以实施）", []Citation{CiteEnforcementNotice}, "", []MeasureStep{StepEffect}, nil, nil, MeasureCase.caseGoesOn},
	{"measure.debtor", "对象是本案的被执行人", []Citation{CiteEnforcementNotice}, "party_id", whenever, nil, nil, MeasureCase.ofADebtor},
	{"measure.relation", "对单位采取的，可以同时针对法律列明的人员", nil, "relation", whenWritten, nil, nil, MeasureCase.allowedRelation},
	{"measure.subject", "写明被采取措施的人；不是本人的应为自然人", nil, "subject_name", whenWritten, nil, nil, MeasureCase.namedSubject},
	{"measure.person", "只能针对自然人的措施，不针对单位", nil, "relation", whenWritten, []MeasureKind{MeasureTracing, MeasureExitBan, MeasureDetention}, nil, MeasureCase.person},
	{"measure.minor", "未成年人不纳入失信名单，也不拘留", []Citation{CiteListingMinor, CiteBestForMinors, CiteAdult}, "party_id", whenever, adultsOnly, nil, MeasureCase.adult},
	{"measure.subject_id", "不是本人的，证件号码正确", nil, "subject_id", whenWritten, nil, nil, MeasureCase.identified},
	{"measure.resistance", "写明逃避、规避或者抗拒执行的表现", nil, "resistance", whenWritten, resisted, nil, MeasureCase.resists},
	{"measure.ground", "有该措施的法定事由", nil, "ground", whenWritten, nil, nil, MeasureCase.grounded},
	{"measure.text", "写明事实和理由；处罚的，写明行为", nil, "facts", whenWritten, nil, nil, MeasureCase.reasoned},
	{"obligation.performed", "义务没有履行完毕（罚款处罚已经发生的行为，除外）", []Citation{CiteExitBan}, "party_id", whenever, []MeasureKind{MeasureListing, MeasureConsumption, MeasureTracing, MeasureExitBan, MeasureDetention}, nil, MeasureCase.unperformed},
	{"measure.not_due", "本案执行的义务至少有一期已经到期而没有履行", []Citation{CiteExitBan, CiteAbleRefuses}, "party_id", whenever, burdening, nil, MeasureCase.due},
	{"measure.not_due", "本案执行的义务至少有一期已经到期而没有履行", []Citation{CiteAbleRefuses}, "party_id", whenever, punishing, able, MeasureCase.due},
	{"measure.notice", "已经发出执行通知（其中有纳入失信名单的风险提示），且其指定的期间已经届满", []Citation{CiteListingWarning, CiteListingAble}, "ground", whenever, []MeasureKind{MeasureListing}, []MeasureGround{GroundAbleRefuses, GroundReport}, MeasureCase.noticeRunOut},
	{"measure.notice", "已经发出执行通知（其中有纳入失信名单的风险提示）", []Citation{CiteListingWarning}, "ground", whenever, []MeasureKind{MeasureListing}, []MeasureGround{GroundObstructs, GroundShamSuit, GroundOrder, GroundSettlement}, MeasureCase.noticeSent},
	{"measure.notice", "执行通知指定的期间已经届满", []Citation{CiteConsumptionNotice}, "ground", whenever, []MeasureKind{MeasureConsumption}, noticed, MeasureCase.noticeRunOut},
	{"measure.notice", "行为发生时，执行通知指定的期间已经届满", []Citation{CiteAbleRefuses, CitePropertyReport}, "ground", whenever, punishing, []MeasureGround{GroundAbleRefuses, GroundReport}, MeasureCase.noticeRunOut},
	{"measure.not_listed", "已经纳入失信被执行人名单", []Citation{CiteConsumptionListed}, "ground", whenever, []MeasureKind{MeasureConsumption}, []MeasureGround{GroundListed}, MeasureCase.alsoListed},
	{"measure.act_early", "行为发生在法律文书生效之后", []Citation{CiteRefusesJudgment, CiteRefusalBefore}, "act_on", whenever, punishing, afterEffect, MeasureCase.afterTheEffect},
	{"measure.no_order", "行为发生时（失信名单为今天以前）有限制消费令", []Citation{CiteListingOrder, CiteBreaksOrder}, "ground", whenever, nil, []MeasureGround{GroundOrder}, MeasureCase.ordered},
	{"measure.settlement", "登记有逾期未履行的执行和解协议", []Citation{CiteListingSettlement}, "ground", whenever, nil, []MeasureGround{GroundSettlement}, MeasureCase.settlementBroken},
	{"measure.days", "拘留 1 至 15 日", []Citation{CiteDetentionDays}, "days", whenWritten, []MeasureKind{MeasureDetention}, nil, MeasureCase.daysAllowed},
	{"measure.amount", "罚款金额在法定幅度以内", []Citation{CiteFineAmounts}, "amount_fen", whenWritten, []MeasureKind{MeasureFine}, nil, MeasureCase.amountAllowed},
	{"measure.pay_by", "缴纳期限晚于今天，不超过一年", nil, "pay_by", whenWritten, []MeasureKind{MeasureFine}, nil, MeasureCase.payable},
	{"repair.suspended", "没有决定暂缓纳入（信用修复）", []Citation{CiteGoodFaith}, "party_id", whenever, []MeasureKind{MeasureListing}, nil, MeasureCase.notSuspended},
	{"measure.extra", "延长的年数和理由合法", []Citation{CiteListingTerm}, "extra_years", whenWritten, []MeasureKind{MeasureListing}, nil, MeasureCase.extraAllowed},
	{"measure.creditor_asked", "依申请的，写明收到申请之日；自收到之日起十五日内审查并作出决定（期满未决定的，提醒院领导）", []Citation{CiteListingApplied}, "creditor_asked_on", whenWritten, []MeasureKind{MeasureListing}, nil, MeasureCase.application},
	{"measure.relist", "依申请的，不在申请执行人申请删除后六个月以内", []Citation{CiteListingAgain}, "by_creditor", whenWritten, []MeasureKind{MeasureListing}, nil, MeasureCase.mayListAgain},
	{"measure.grace", "宽限期只给失信名单和限制消费，一至三个月", []Citation{CiteGrace}, "grace_months", whenWritten, nil, nil, MeasureCase.graceAllowed},
	{"measure.until", "截止日期晚于今天，不超过三年；失信名单和处罚的期限由法律规定", nil, "until", whenWritten, nil, nil, MeasureCase.untilAllowed},
	{"measure.same_act", "同一行为没有受过同种处罚", []Citation{CiteSameAct}, "act_text", whenever, punishing, nil, MeasureCase.punishedOnce},
	{"measure.other_act", "同日另有同种处罚的，说明是另一行为", []Citation{CiteSameAct}, "other_act", whenWritten, punishing, nil, MeasureCase.anotherAct},
	{"measure.standing", "没有同种措施已经生效或者等待决定", nil, "party_id", whenever, burdening, nil, MeasureCase.standsOnce},
	{"measure.act_on", "写明行为发生的日期，不晚于今天", nil, "act_on", whenWritten, punishing, nil, MeasureCase.actDated},
	{"measure.answer", "只有执行法官知道的法定前提已经回答，且法律不因此禁止（见“逐项询问”）", nil, "", whenever, []MeasureKind{MeasureListing, MeasureConsumption, MeasureDetention, MeasureFine}, nil, MeasureCase.checkAnswers},

	{"measure.president", "释放被拘留人、提前删除失信信息、纠正院长的决定，由院长或者其书面授权的人决定（提请时不核对）", []Citation{CiteRemorse, CiteListingSigned, CitePresidentApproves}, "", whenLifted, presidents, nil, MeasureCase.liftSignable},
	{"lift.ground", "有解除该措施的法定事由", nil, "ground", whenLifted, nil, nil, MeasureCase.liftGround},
	{"lift.term", "有期限的失信信息，期限内只因提前删除、信用修复或者纠正错误而删除", []Citation{CiteListingEarly, CiteListingDeletedTerm}, "ground", whenLifted, []MeasureKind{MeasureListing}, nil, MeasureCase.liftInTerm},
	{"reason.required", "写明理由", nil, "reason", whenLifted, nil, nil, func(c MeasureCase) error { return CheckReason(c.Lift.Reason) }},
	{"lift.post", "因变更职务解除的，变更真实，且不是实际控制人或者直接责任人员", []Citation{CitePostChanged, CitePledge}, "ground", whenLifted, []MeasureKind{MeasureConsumption}, nil, MeasureCase.postChanged},
	{"lift.ending", "以终结执行、不予执行、销案、驳回申请或者终结本次执行后查控无果为由的，案件已经这样结案；以信用修复为由的，院领导已经准予并且没有撤销；以和解协议履行完毕为由的，登记的协议不是尚未履行完毕", nil, "ground", whenLifted, nil, nil, MeasureCase.liftEnding},
	{"enforcement.not_performed", "以履行完毕为由的，义务已经全部履行并确认", nil, "ground", whenLifted, nil, nil, MeasureCase.liftPerformed},
	{"lift.listed", "同一人的失信信息已经删除，或者依法保留至期限届满", []Citation{CiteConsumptionListed}, "ground", []MeasureStep{StepLift, StepExpire}, []MeasureKind{MeasureConsumption}, nil, MeasureCase.notListedAnyMore},
}

// MeasureConditions lists what the law asks of measures, in order.
func MeasureConditions() []MeasureCondition { return slices.Clone(measureConditions) }

// Check asks the law at a moment and returns the first thing that is missing: an
// error with the condition's code, or one of its parts', and its field. Its texts
// cite the rule. What is wrong in other fields of a form besides, it names with it; but
// of an unknown measure or of nobody the law asks nothing else.
func (c MeasureCase) Check(s MeasureStep) error {
	return c.check(s, func(MeasureCondition) bool { return true })
}

func (c MeasureCase) check(s MeasureStep, wanted func(MeasureCondition) bool) error {
	var wrong Faults
	for _, r := range measureConditions {
		if !r.Asked(c.Measure.Kind, c.Measure.Ground, s) || !wanted(r) {
			continue
		}
		err := r.failed(c)
		if err == nil {
			continue
		}
		if e, ok := err.(*Error); ok && e.Field == "" && r.Field != "" { //nolint:errorlint // as the conditions return it
			err = AtField(err, r.Field)
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Kind != Invalid {
			if wrong.Err() == nil {
				return err
			}
			continue // the form comes again, and then it is told
		}
		wrong.Add(err)
		if r.Code == "measure.kind" || r.Code == "measure.debtor" {
			break
		}
	}
	return wrong.Err()
}

// MayLift asks only whether there is such a ground of lifting the measure now,
// while some others stand.
func (m Measure) MayLift(g LiftGround, today Date, others ...Measure) error {
	return MeasureCase{Measure: m, Lift: &Lifting{Ground: g}, Others: others, Today: today}.check(StepLift, func(r MeasureCondition) bool {
		return r.Code == "lift.ground" || r.Code == "lift.term" || r.Code == "lift.listed"
	})
}

func (c MeasureCase) knownKind() error {
	if !c.Measure.Kind.Valid() {
		return InvalidField("kind", "measure.kind", "请选择措施：失信被执行人名单、限制高消费、网上布控、限制出境、司法拘留、罚款")
	}
	return nil
}

func (c MeasureCase) caseOpen() error { return c.Enforcement.coerces() }

func (e *EnforcementCase) coerces() error {
	switch {
	case !e.Kind.Enforces():
		return E(Conflict, "enforcement.closed", "该案只办理财产保全，不能采取强制措施")
	case e.State == EnforcementOpen:
		return nil
	case e.CloseType == CloseThisRound:
		return E(Conflict, "enforcement.closed", "该执行案件已以终结本次执行程序结案，要采取或者实施措施的，请先恢复执行")
	default:
		return E(Conflict, "enforcement.closed", "该执行案件已结案（"+e.CloseType.Chinese()+"），不能再采取或者实施强制措施")
	}
}

func (c MeasureCase) caseGoesOn() error { return c.Enforcement.GoesOn() }

// GoesOn refuses to burden anybody more in a case whose obligations are not enforced
// any more; 终结本次执行程序 frees nobody.
func (e *EnforcementCase) GoesOn() error {
	if e.Ending() == EndThisRound {
		return nil
	}
	return e.coerces()
}

func (c MeasureCase) ofADebtor() error {
	if c.Debtor.ID == 0 {
		return InvalidField("party_id", "measure.debtor", "请选择本案的被执行人")
	}
	return nil
}

func (c MeasureCase) resists() error {
	if c.Measure.Resistance.Chinese() == "" {
		return InvalidField("resistance", "measure.resistance", "请选择被执行人的表现：逃避、规避或者抗拒执行")
	}
	return nil
}

func (c MeasureCase) grounded() error {
	m := c.Measure
	if m.Kind.GroundOf(m.Ground).Text == "" {
		return InvalidField("ground", "measure.ground", "请选择"+m.Kind.Chinese()+"的法定事由")
	}
	if m.Ground == GroundNoAssistance != (m.Relation == RelationAssistant) {
		return InvalidField("ground", "measure.ground", "“拒不协助执行”只适用于有义务协助执行的个人，依据"+CiteNoAssistance.String())
	}
	return nil
}

func (c MeasureCase) reasoned() error {
	m := c.Measure
	for _, t := range []struct{ field, text, what string }{{"facts", m.Facts, "事实和理由"}, {"act_text", m.ActText, "行为"}} {
		if n := utf8.RuneCountInString(strings.TrimSpace(t.text)); n > 1000 || n == 0 && (t.field == "facts" || m.Kind.Punishes()) {
			return InvalidField(t.field, "measure.text", "请填写"+t.what+"，不超过 1000 字")
		}
	}
	return nil
}

func (c MeasureCase) unperformed() error {
	if c.Performed {
		return E(Conflict, "obligation.performed", "被执行人的义务已经履行完毕并经确认，不得再"+measureKinds[c.Measure.Kind].verb()+"；已经决定的，请解除")
	}
	return nil
}

func (c MeasureCase) due() error {
	if c.Overdue || c.Performed { // of what is performed the others tell
		return nil
	}
	until := ""
	if !c.FirstDue.IsZero() {
		until = "（最早于" + c.FirstDue.Chinese() + "到期）"
	}
	return E(Conflict, "measure.not_due", "本案执行的义务都还没有到期"+until+"，到期后仍不履行的才能"+measureKinds[c.Measure.Kind].verb()+"，依据"+c.Measure.Kind.GroundOf(c.Measure.Ground).Citation.On(c.Today))
}

// noticeRunOut: an act counts on its own day. What is punished as refusing to
// follow a notice happened after the term of the notice.
func (c MeasureCase) noticeRunOut() error {
	m, day, rule := c.Measure, c.actDay(), c.noticeRule().On(c.Today)
	switch {
	case c.NoticeUntil.IsZero():
		return E(Conflict, "measure.notice", "尚未发出执行通知，不能以“"+m.Ground.Short()+"”为由，依据"+rule)
	case !day.After(c.NoticeUntil):
		return E(Conflict, "measure.notice", "执行通知指定的期间至"+c.NoticeUntil.Chinese()+"届满，届满后仍不履行的才能以“"+m.Ground.Short()+"”为由，依据"+rule)
	}
	return nil
}

func (c MeasureCase) noticeSent() error {
	if c.NoticeUntil.IsZero() {
		return E(Conflict, "measure.notice", "尚未发出执行通知，被执行人没有得到纳入失信名单的风险提示，不能纳入，依据"+CiteListingWarning.On(c.Today))
	}
	return nil
}

func (c MeasureCase) notSuspended() error {
	if !c.SuspendedUntil.IsZero() {
		return E(Conflict, "repair.suspended", "本院已决定对该被执行人暂缓纳入失信名单至"+c.SuspendedUntil.Chinese()+"，期间不得纳入，也不得公布；不再具备条件的，请提请院领导撤销信用修复")
	}
	return nil
}

func (c MeasureCase) alsoListed() error {
	if !c.listed() {
		return E(Conflict, "measure.not_listed", "该被执行人没有纳入失信被执行人名单，不能以此为由限制消费，依据"+CiteConsumptionListed.String())
	}
	return nil
}

func (c MeasureCase) application() error {
	m := c.Measure
	switch on := m.CreditorAskedOn; {
	case !m.ByCreditor && on.IsZero():
		return nil
	case on.IsZero():
		return InvalidField("creditor_asked_on", "measure.creditor_asked", "依申请执行人的申请纳入的，请填写收到申请的日期，十五日的审查期限由此起算，依据"+CiteListingApplied.On(c.Today))
	case on.After(c.Today) || !c.Enforcement.FiledOn.IsZero() && on.Before(c.Enforcement.FiledOn):
		return InvalidField("creditor_asked_on", "measure.creditor_asked", "收到申请的日期应在执行立案（"+c.Enforcement.FiledOn.Chinese()+"）与今天之间")
	}
	return nil
}

// ListingDecideBy is until when a creditor's application to list is to be decided.
// Source: 失信规定 5 (2).
func (m Measure) ListingDecideBy(days *Calendar) Period {
	p := days.DaysPeriod(m.CreditorAskedOn, 15, "收到申请执行人的申请")
	p.Reason += "，依据" + CiteListingApplied.String()
	return p
}

// liftedFor are the grounds of lifting by which the debt is no longer enforced: a
// listing that the law keeps until its term does not keep the restriction then.
var liftedFor = []LiftGround{LiftPerformed, LiftSettled, LiftNotEnforced, LiftTerminated, LiftStruck, LiftRejected}

// notListedAnyMore: who is listed is to be restricted (限高规定 1 (2)), so that his
// restriction does not end before the listing does.
func (c MeasureCase) notListedAnyMore() error {
	for _, o := range c.Others {
		if o.ID == c.Measure.ID || o.Kind != MeasureListing || !o.State.Stands() || o.SubjectHash != c.Measure.SubjectHash || !o.Until.IsZero() && slices.Contains(liftedFor, c.Lift.Ground) {
			continue
		}
		return E(Conflict, "lift.listed", c.Measure.SubjectName+"仍在失信被执行人名单上（"+strings.TrimSpace(o.Number+o.State.Chinese())+"），应当同时限制消费，请先解除失信措施，依据"+CiteConsumptionListed.String())
	}
	return nil
}

func (c MeasureCase) liftPerformed() error {
	// A case that the case system closed as performed was performed by its whole file,
	// of which the ledger here may show a part.
	if c.Lift.Ground == LiftPerformed && !c.Performed && c.Enforcement.Ending() != EndPerformed {
		return E(Conflict, "enforcement.not_performed", "义务尚未全部履行并确认，不能以履行完毕为由解除")
	}
	return nil
}

func (c MeasureCase) postChanged() error {
	if c.Lift.Ground != LiftChanged {
		return nil
	}
	return c.Measure.CheckPostChange(c.Lift.Post)
}
