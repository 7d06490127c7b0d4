package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MeasureCase is what the law looks at before a measure: the measure, its
// debtor, and what was taken before.
type MeasureCase struct {
	Measure Measure
	// Enforcement is the case in which it is taken.
	Enforcement EnforcementCase
	// Debtor is zero when the party is no debtor of the case.
	Debtor Party
	// Lift is how the measure is to be lifted, nil at other moments.
	Lift *Lifting
	// Cause is the cause of action (案由) of what is enforced.
	Cause string
	// NoticeUntil is the last day of the term in the enforcement notice (执行通知),
	// zero when none was sent; NoticeServed is when the record shows it served, zero
	// when it does not.
	NoticeUntil, NoticeServed Date
	// EffectiveOn is the first day on which what is enforced was in force, zero when
	// the record does not say.
	EffectiveOn Date
	// Settlement is the debtor's last agreement: see SettlementOf; zero when there is
	// none.
	Settlement Settlement
	// Performed says that the debtor's enforced obligations are all performed,
	// Overdue that an instalment of them was due before today and is open; FirstDue is
	// the first open due day when none was.
	Performed, Overdue bool
	FirstDue           Date
	// SuspendedUntil is until when credit repair keeps the debtor off the list.
	SuspendedUntil Date
	// Repaired says that a leader granted the debtor credit repair in this case and
	// nobody revoked it.
	Repaired bool
	// Signer is who decides now, nil while nobody does.
	Signer *Signer
	// Others are the court's other measures against the same subject.
	Others []Measure
	Today  Date
}

func (k measureKindOf) verb() string { return "决定" + k.name }

func (c MeasureCase) allowedRelation() error {
	m, k := c.Measure, measureKinds[c.Measure.Kind]
	if m.Relation != RelationSelf && !slices.Contains(k.relations, m.Relation) {
		var names []string
		for _, r := range m.Kind.Relations() {
			names = append(names, r.Chinese())
		}
		return InvalidField("relation", "measure.relation", k.name+"只能针对"+strings.Join(names, "、")+"，依据"+k.relationsBy.String())
	}
	organ := m.Relation == RelationLegalRep || m.Relation == RelationPrincipal || m.Relation == RelationDirect || m.Relation == RelationController
	switch {
	case organ && c.Debtor.Kind != Organisation:
		return InvalidField("relation", "measure.relation", "被执行人是自然人，不能对“"+m.Relation.Chinese()+"”采取措施")
	case m.Relation == RelationGuardian && !c.minor(c.Debtor.Minor, c.Debtor.IDKind, c.Debtor.IDNumber):
		return InvalidField("relation", "measure.relation", "被执行人不是未成年人，不能对法定代理人限制出境，依据"+CiteExitBanGuardian.String())
	}
	return nil
}

func (c MeasureCase) namedSubject() error {
	m := c.Measure
	switch {
	case strings.TrimSpace(m.SubjectName) == "" || utf8.RuneCountInString(m.SubjectName) > 100:
		return InvalidField("subject_name", "measure.subject", "请填写被采取措施的人的姓名或者名称")
	case m.Relation != RelationSelf && m.SubjectKind != Person:
		return InvalidField("subject_name", "measure.subject", m.Relation.Chinese()+"应为自然人")
	}
	return nil
}

func (c MeasureCase) person() error {
	if k := measureKinds[c.Measure.Kind]; c.Measure.SubjectKind != Person {
		return InvalidField("relation", "measure.person", k.name+"只能针对自然人；被执行人是单位的，请选择其负责人或者直接责任人员，依据"+k.relationsBy.String())
	}
	return nil
}

func (c MeasureCase) adult() error {
	m := c.Measure
	if c.minor(false, m.SubjectIDKind, m.SubjectID) || m.Relation == RelationSelf && c.Debtor.Minor {
		return InvalidField("party_id", "measure.minor", "未成年人不得"+map[MeasureKind]string{
			MeasureListing: "纳入失信被执行人名单", MeasureDetention: "予以司法拘留",
		}[m.Kind]+"，依据"+Cites(measureKinds[m.Kind].adults, CiteAdult))
	}
	return nil
}

func (c MeasureCase) identified() error {
	m := c.Measure
	if m.Relation == RelationSelf {
		return nil
	}
	if err := CheckID(IDKind(m.SubjectIDKind), m.SubjectID, c.Today); err != nil {
		message := "请填写正确的证件号码"
		if e, ok := errors.AsType[*Error](err); ok {
			message = e.Message
		}
		return InvalidField("subject_id", "measure.subject_id", message)
	}
	return nil
}

func (c MeasureCase) minor(known bool, idKind, number string) bool {
	return known || IsMinor(IDKind(idKind), NormalizeID(number), c.Today)
}

func (c MeasureCase) daysAllowed() error {
	if l := penaltyLawOn(c.Today); c.Measure.Days < 1 || c.Measure.Days > l.days {
		return InvalidField("days", "measure.days", fmt.Sprintf("拘留期限应为 1 至 %d 日，依据%s", l.days, CiteDetentionDays.On(c.Today)))
	}
	return nil
}

func (c MeasureCase) graceAllowed() error {
	m := c.Measure
	if l := inForce(graceLaws, c.Today, func(l graceLaw) Date { return l.from }); m.GraceMonths != 0 && (!m.Kind.MayGrace() || m.GraceMonths < l.least || m.GraceMonths > l.months) {
		return InvalidField("grace_months", "measure.grace", fmt.Sprintf("宽限期只适用于失信名单和限制消费，为 %d 至 %d 个月，依据%s", l.least, l.months, CiteGrace))
	}
	return nil
}

func (c MeasureCase) untilAllowed() error {
	m := c.Measure
	if !m.Until.IsZero() && (m.Kind == MeasureListing || m.Kind.Punishes() || !m.Until.After(c.Today)) {
		return InvalidField("until", "measure.until", "截止日期应晚于今天；失信名单、拘留和罚款的期限由系统按法律计算，不用填写")
	}
	return Lasting("今天", c.Today, CeilingMeasure).Check("until", "measure.until", m.Until)
}

func (c MeasureCase) amountAllowed() error {
	m, l := c.Measure, penaltyLawOn(c.Today)
	person := m.SubjectKind == Person
	switch {
	case person && (m.AmountFen < 1 || m.AmountFen > l.person):
		return InvalidField("amount_fen", "measure.amount", fmt.Sprintf("对个人的罚款金额为人民币 %s 元以下，依据%s", l.person.Yuan(), CiteFineAmounts.On(c.Today)))
	case !person && (m.AmountFen < l.unitLeast || m.AmountFen > l.unitTop):
		return InvalidField("amount_fen", "measure.amount", fmt.Sprintf("对单位的罚款金额为人民币 %s 元以上 %s 元以下，依据%s", l.unitLeast.Yuan(), l.unitTop.Yuan(), CiteFineAmounts.On(c.Today)))
	}
	return nil
}

func (c MeasureCase) payable() error {
	if m := c.Measure; !m.PayBy.IsZero() && !m.PayBy.After(c.Today) {
		return InvalidField("pay_by", "measure.pay_by", "缴纳罚款的期限应晚于今天")
	}
	return Lasting("今天", c.Today, CeilingFine).Check("pay_by", "measure.pay_by", c.Measure.PayBy)
}

func (c MeasureCase) extraAllowed() error {
	m, l := c.Measure, listingLawOn(c.Today)
	switch {
	case m.ExtraYears == 0 && m.ExtraReason == "":
	case m.Ground == GroundAbleRefuses:
		return InvalidField("extra_years", "measure.extra", "以“有履行能力而拒不履行”纳入的，至履行完毕为止，没有期限，不能延长，依据"+CitesOn(c.Today, l.rules...))
	case m.ExtraYears < l.extraLeast || m.ExtraYears > l.extraM || m.ExtraReason.Chinese() == "":
		return InvalidField("extra_years", "measure.extra", fmt.Sprintf("以暴力、威胁方法妨碍、抗拒执行情节严重或者具有多项失信行为的，可以延长 %d 至 %d 年，请选择理由，依据%s", l.extraLeast, l.extraM, CitesOn(c.Today, l.rules...)))
	}
	return nil
}

// mayListAgain looks at an earlier listing that ended on the creditor's wish.
func (c MeasureCase) mayListAgain() error {
	m, l := c.Measure, listingLawOn(c.Today)
	if !m.ByCreditor {
		return nil
	}
	for _, o := range c.Others {
		if o.Kind != MeasureListing || o.CaseID != m.CaseID || o.State != MeasureLifted || o.LiftGround != LiftCreditor || o.LiftedAt == nil {
			continue
		}
		if end := DateOf(*o.LiftedAt).AddMonths(l.relistMonths); !c.Today.After(end) {
			return E(Conflict, "measure.relist", fmt.Sprintf("申请执行人曾申请删除失信信息（%s删除），至%s的 %d 个月内其再次申请纳入的，不予支持，依据%s",
				DateOf(*o.LiftedAt).Chinese(), end.Chinese(), l.relistMonths, CiteListingAgain))
		}
	}
	return nil
}

// listed tells whether the subject, or the debtor for whom he acts, is on the
// list.
func (c MeasureCase) listed() bool {
	return slices.ContainsFunc(c.Others, func(o Measure) bool {
		return o.Kind == MeasureListing && o.PartyID == c.Measure.PartyID && o.State.Stands()
	})
}

// same are the other measures of the kind against the subject that count.
func (c MeasureCase) same() (out []Measure) {
	m := c.Measure
	for _, o := range c.Others {
		if o.ID != m.ID && o.Kind == m.Kind && o.SubjectHash == m.SubjectHash && o.State != MeasureRefused && o.State != MeasureWithdrawn && o.LiftGround != LiftRevoked {
			out = append(out, o)
		}
	}
	return out
}

func (c MeasureCase) punishedOnce() error {
	m := c.Measure
	for _, o := range c.same() {
		if o.ActKey == m.ActKey && o.ActOn == m.ActOn {
			return E(Conflict, "measure.same_act", fmt.Sprintf("对同一妨害民事诉讼行为的%s不得连续适用：%s的行为已有一项%s（%s），依据%s",
				m.Kind.Chinese(), m.ActOn.Chinese(), m.Kind.Chinese(), o.State.Chinese(), CiteSameAct))
		}
	}
	return nil
}

func (c MeasureCase) anotherAct() error {
	m := c.Measure
	for _, o := range c.same() {
		if o.ActOn == m.ActOn && strings.TrimSpace(m.OtherAct) == "" {
			return E(Conflict, "measure.other_act", fmt.Sprintf("%s的行为已有一项%s。如确属另一行为，请说明理由；同一行为不得连续适用，依据%s",
				m.ActOn.Chinese(), m.Kind.Chinese(), CiteSameAct))
		}
	}
	return nil
}

func (c MeasureCase) standsOnce() error {
	m := c.Measure
	for _, o := range c.same() {
		if o.EnforcementCaseID == m.EnforcementCaseID && (o.State.Stands() || o.State == MeasureProposed) {
			return E(Conflict, "measure.standing", "对"+m.SubjectName+"的"+m.Kind.Chinese()+"已经"+map[bool]string{true: "生效", false: "提出，等待决定"}[o.State.Stands()]+"，请勿重复提出")
		}
	}
	return nil
}

func (c MeasureCase) actDated() error {
	if c.Measure.ActOn.IsZero() || c.Measure.ActOn.After(c.Today) {
		return InvalidField("act_on", "measure.act_on", "请填写行为发生的日期，不能晚于今天")
	}
	return nil
}

// ActKeyOf folds the description of an act for comparison.
func ActKeyOf(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("，。、；：,.;:（）()“”\"' ", r) {
			return -1
		}
		return r
	}, strings.ToUpper(Fold(text)))
}

// Active is the key under which only one measure of a kind stands; nil for
// what is one an act.
func (m Measure) Active() *string {
	if m.Kind.Punishes() {
		return nil
	}
	key := fmt.Sprintf("%s:%d:%s", m.Kind, m.EnforcementCaseID, m.SubjectHash)
	return &key
}

// ListingUntil is the last day of a listing that begins on a day, zero when it
// lasts until performance (失信规定 art. 2): the day of the same number, because the
// first day does not count (民法典 201, 202).
func (m Measure) ListingUntil(from Date) Date {
	l := listingLawOn(from)
	if m.Kind != MeasureListing || m.Ground == GroundAbleRefuses || l.years == 0 {
		return Date{}
	}
	return from.AddYears(l.years + m.ExtraYears)
}

func (m *Measure) expect(seen int64, to MeasureState) error {
	if m.Version != seen || !MeasureMachine.May(m.State, to) {
		return E(Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
	}
	return nil
}

// Decide makes the proposal a decision. It takes effect at once, but for a
// detention, and for days of grace.
func (m *Measure) Decide(by, seen int64, opinion string, now time.Time) error {
	if err := m.expect(seen, MeasureDecided); err != nil {
		return err
	}
	signed := measureKinds[m.Kind].signed
	if signed != "" {
		if err := OtherEyes(MatterMeasure, by, m.ProposedBy); err != nil {
			return err
		}
	}
	m.Opinion = strings.TrimSpace(opinion)
	if n := utf8.RuneCountInString(m.Opinion); n > 1000 || n == 0 && signed == "" {
		return InvalidField("opinion", "measure.opinion", "请填写合议庭意见，不超过 1000 字")
	}
	m.DecidedBy, m.DecidedAt, m.State = by, &now, MeasureDecided
	if m.GraceMonths > 0 {
		m.GraceUntil = DateOf(now).AddMonths(m.GraceMonths)
		return nil
	}
	if m.Kind != MeasureDetention {
		m.takeEffect(now)
	}
	return nil
}

func (m *Measure) takeEffect(now time.Time) {
	m.State, m.FromAt = MeasureInForce, &now
	if m.Kind == MeasureListing {
		m.Until = m.ListingUntil(DateOf(now))
	}
}

// TakeEffect ends the days of grace.
func (m *Measure) TakeEffect(now time.Time) error {
	if m.State != MeasureDecided || m.GraceUntil.IsZero() {
		return E(Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
	}
	if !DateOf(now).After(m.GraceUntil) {
		return E(Conflict, "measure.grace_runs", "宽限期至"+m.GraceUntil.Chinese()+"届满，届满仍未履行的才能公布或者实施，依据"+CiteGrace.String())
	}
	m.takeEffect(now)
	return nil
}

// HeldAt records where a detained person is held, as the officer says or the court
// has set; his family is told (民诉法解释 178, 180).
func (m *Measure) HeldAt(said string, set CourtSettings) error {
	if m.Place = Clean(said); m.Place == "" {
		m.Place = set.DetentionHouse
	}
	if m.Place == "" || utf8.RuneCountInString(m.Place) > 100 {
		return InvalidField("place", "measure.place", "请填写羁押的拘留所，不超过 100 字；也可以由管理员在“本院设置”中填写，依据"+CiteDetaining.String())
	}
	return nil
}

const emergencyReport = 24 * time.Hour

// Detain records that the person was handed over. The detention ends at the
// latest after as many times twenty-four hours: the day on which it begins does
// not count (民事诉讼法 85), and it is never prolonged over rest days. Who resists
// with violence may be detained first and the president asked at once (民诉法解释
// 181): the taking may then lie before the order. The rule says 立即 and no hours;
// a day is our bound, within which the family is to be told anyway.
func (m *Measure) Detain(at time.Time, seen int64, now time.Time) error {
	if err := m.expect(seen, MeasureInForce); err != nil {
		return err
	}
	if m.State != MeasureDecided || m.Kind != MeasureDetention {
		return E(Conflict, "measure.changed", "只有司法拘留需要登记收拘时间")
	}
	earliest := m.DecidedAt
	if earliest != nil && m.Ground == GroundObstructs {
		first := earliest.Add(-emergencyReport)
		earliest = &first
	}
	if at.After(now) || earliest != nil && at.Before(*earliest) {
		return InvalidField("at", "measure.detained_at", "收拘时间应在院长批准之后，且不晚于现在，依据"+CitePresidentApproves.String()+
			"；因暴力、威胁等方法抗拒执行而先行拘留的，应立即报告院长补办批准，收拘时间不早于批准前二十四小时，依据"+CiteEmergencyDetention.String())
	}
	at = at.UTC()
	end := at.Add(time.Duration(m.Days) * 24 * time.Hour)
	m.State, m.FromAt, m.EndsAt, m.Until = MeasureInForce, &at, &end, DateOf(end)
	m.ExecutedAt = &at
	return nil
}

// FamilyBy is until when a detained person's family is to be told, and why.
func (m Measure) FamilyBy() (time.Time, string) {
	l := inForce(familyHours, DateOf(*m.FromAt), func(l struct {
		from  Date
		hours int
	},
	) Date {
		return l.from
	})
	return m.FromAt.Add(time.Duration(l.hours) * time.Hour), fmt.Sprintf("%s收拘，%d小时内通知家属，依据%s", minute(*m.FromAt), l.hours, CiteFamilyTold.On(DateOf(*m.FromAt)))
}

// Refuse ends a proposal that its decider does not approve.
func (m *Measure) Refuse(by, seen int64, reason string, now time.Time) error {
	if err := m.expect(seen, MeasureRefused); err != nil {
		return err
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	m.DecidedBy, m.DecidedAt, m.DecideNote = by, &now, strings.TrimSpace(reason)
	m.settle(MeasureRefused)
	return nil
}

// Withdraw takes a proposal back.
func (m *Measure) Withdraw(seen int64, reason string) error {
	if err := m.expect(seen, MeasureWithdrawn); err != nil {
		return err
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	m.DecideNote = strings.TrimSpace(reason)
	m.settle(MeasureWithdrawn)
	return nil
}

// CheckReason refuses a reason that is missing or too long.
func CheckReason(reason string) error {
	if r := strings.TrimSpace(reason); r == "" || utf8.RuneCountInString(r) > 500 {
		return InvalidField("reason", "reason.required", "请填写理由，不超过 500 字")
	}
	return nil
}

func (c MeasureCase) liftGround() error {
	m := c.Measure
	if slices.Contains(measureKinds[m.Kind].lifts, c.Lift.Ground) {
		return nil
	}
	var names []string
	for _, l := range measureKinds[m.Kind].lifts {
		names = append(names, l.Chinese())
	}
	return InvalidField("ground", "lift.ground", "解除"+m.Kind.Chinese()+"的事由应为："+strings.Join(names, "；")+"。依据"+m.Kind.LiftCitation(LiftPerformed))
}

// liftInTerm: a listing with a term does not fall with performance; the court may
// delete it early.
func (c MeasureCase) liftInTerm() error {
	m, g := c.Measure, c.Lift.Ground
	if !m.Until.IsZero() && !c.Today.After(m.Until) && g != LiftEarly && g != LiftCredit && g != LiftWrong {
		return InvalidField("ground", "lift.term", "该失信信息有纳入期限（至"+m.Until.Chinese()+"），期限内只能因积极履行或者主动纠正而决定提前删除、因信用修复或者纠正错误而删除，依据"+Cites(CiteListingEarly, CiteListingDeletedTerm))
	}
	return nil
}

// PostChange is what 法发〔2019〕35号 17(2) asks before somebody who left his post is
// freed of the restriction of spending that he bears for an organisation.
type PostChange struct {
	// Needed and Involved are nil while they are not answered: that the change was
	// really for the management's sake, and that he controls the organisation or is
	// directly responsible for its not performing.
	Needed, Involved *bool
	Successor        string // who came into his post
	Pledged          bool   // he handed in evidence and a written promise
}

// CheckPostChange refuses to lift a restriction because of a change of posts that
// is none in the rule's sense.
func (m Measure) CheckPostChange(p PostChange) error {
	rule := "，依据" + CitePostChanged.String()
	if m.Relation != RelationLegalRep && m.Relation != RelationPrincipal { // then nothing else is asked
		return InvalidField("ground", "lift.post", "只有单位的法定代表人、主要负责人变更的，才能以此为由解除对其本人的限制"+rule)
	}
	var wrong Faults
	wrong.If(p.Needed == nil, "post_needed", "lift.post", "请回答：变更是否确因经营管理需要"+rule)
	wrong.If(p.Needed != nil && !*p.Needed, "post_needed", "lift.post", "不是确因经营管理需要的变更，不能解除"+rule)
	wrong.If(p.Involved == nil, "post_involved", "lift.post", "请回答：其是否为单位的实际控制人或者影响债务履行的直接责任人员"+rule)
	wrong.If(p.Involved != nil && *p.Involved, "post_involved", "lift.post", "单位的实际控制人、影响债务履行的直接责任人员不因变更职务而解除"+rule)
	wrong.If(strings.TrimSpace(p.Successor) == "" || utf8.RuneCountInString(p.Successor) > 100, "post_successor", "lift.post", "请填写变更后的法定代表人、主要负责人，对其应当依法限制消费"+rule)
	wrong.If(!p.Pledged, "post_pledged", "lift.post", "申请人应当提交充分有效的证据并作出书面承诺，依据"+CitePledge.String())
	return wrong.Err()
}

// Words say what was found, for the record.
func (p PostChange) Words() string {
	return "经审查：变更确因经营管理需要；不是实际控制人、直接责任人员；已提交证据和书面承诺；变更后为" + strings.TrimSpace(p.Successor) + "，应当依法对其限制消费。"
}

// NeedsLeader tells whether lifting the measure is the president's decision:
// a release from detention (民诉法解释 182), taking back what he signed as wrong,
// and deleting a listing before its term.
func (m Measure) NeedsLeader(g LiftGround) bool {
	return m.Kind == MeasureDetention && (m.State == MeasureInForce || !slices.Contains(liftedFor, g)) || measureKinds[m.Kind].signed != "" && (g == LiftWrong || g == LiftEarly)
}

// Lifting is how a measure is lifted.
type Lifting struct {
	Ground LiftGround
	Reason string
	// Post is asked when somebody left his post.
	Post   PostChange
	Proof  string // the outside system's answer
	FileID int64
	// Place is where, or by which authority, it was carried out as well; "" while that
	// is still to be done.
	Place string
}

// Lift ends a measure that stands. Two at once: the second sees another
// version.
func (m *Measure) Lift(l Lifting, by, seen int64, now time.Time) error {
	if err := m.expect(seen, MeasureLifted); err != nil {
		return err
	}
	m.LiftGround, m.LiftReason, m.LiftProof, m.LiftFileID = l.Ground, strings.TrimSpace(l.Reason), strings.TrimSpace(l.Proof), l.FileID
	m.LiftedBy, m.LiftedAt = by, &now
	m.settle(MeasureLifted)
	return nil
}

// AskLift asks the leader to lift.
func (m *Measure) AskLift(l Lifting, by, seen int64, now time.Time) error {
	if err := m.expect(seen, MeasureLifted); err != nil {
		return err
	}
	if m.LiftAskedAt != nil {
		return E(Conflict, "lift.asked", "已经提请院领导决定，请等待")
	}
	m.LiftAskedBy, m.LiftAskedAt = by, &now
	m.LiftGround, m.LiftReason, m.LiftProof, m.LiftFileID = l.Ground, strings.TrimSpace(l.Reason), strings.TrimSpace(l.Proof), l.FileID
	return nil
}

// RefuseLift is the leader's no.
func (m *Measure) RefuseLift(seen int64, reason string) error {
	if m.Version != seen || m.LiftAskedAt == nil || !m.State.Stands() {
		return E(Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	m.LiftAskedBy, m.LiftAskedAt, m.LiftGround, m.LiftReason, m.LiftProof, m.LiftFileID = 0, nil, "", "", "", 0
	return nil
}

// Expire ends a measure whose time is over.
func (m *Measure) Expire(by int64, now time.Time) error {
	over := m.Kind == MeasureDetention && m.EndsAt != nil && !now.Before(*m.EndsAt) || m.Kind != MeasureDetention && !m.Until.IsZero() && DateOf(now).After(m.Until)
	if !MeasureMachine.May(m.State, MeasureExpired) || !over {
		return E(Conflict, "measure.not_over", "该措施尚未期满，或者已经结束，请刷新后查看")
	}
	m.LiftedBy, m.LiftedAt = by, &now
	m.settle(MeasureExpired)
	return nil
}
