package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// SpendingGround is why somebody under a consumption restriction asks to spend
// on what it forbids.
type SpendingGround string

// The grounds.
const (
	SpendNecessary SpendingGround = "necessary" // 生活或者经营必需
	SpendPrivate   SpendingGround = "private"   // 因私消费以个人财产: somebody who acts for a restricted organisation
	SpendUrgent    SpendingGround = "urgent"    // 就医、丧葬、公务等紧急情况: plane and high-speed train for a while
)

// spendingGround is what holds for a ground.
type spendingGround struct {
	name string
	rule Citation
	// leader: the court's president approves it.
	leader bool
	// months is for how long at most, 0 without limit.
	months int
}

var spendingGrounds = map[SpendingGround]spendingGround{
	SpendNecessary: {name: "生活或者经营必需", rule: CiteConsumptionPermit},
	SpendPrivate:   {name: "因私消费，以个人财产支付", rule: CiteConsumptionUnit},
	SpendUrgent:    {name: "就医、丧葬、公务、重要考试等紧急情况，需要乘坐飞机、高铁", rule: CiteUrgentTravel, leader: true, months: 1},
}

// SpendingGrounds lists the grounds.
var SpendingGrounds = []SpendingGround{SpendNecessary, SpendPrivate, SpendUrgent}

// Chinese is the ground in words.
func (g SpendingGround) Chinese() string { return spendingGrounds[g].name }

// Citation is the rule of the ground.
func (g SpendingGround) Citation() string { return spendingGrounds[g].rule.String() }

// ByLeader tells whether the court's president decides.
func (g SpendingGround) ByLeader() bool { return spendingGrounds[g].leader }

// SpendingState is what became of an application to spend.
type SpendingState string

// The states of an application to spend.
const (
	SpendingOpen    SpendingState = "open"    // 待决定
	SpendingGranted SpendingState = "granted" // 准许
	SpendingRefused SpendingState = "refused" // 不予准许
	SpendingLapsed  SpendingState = "lapsed"  // 无需决定: the restriction ended
)

// Chinese is the state's name on screens.
func (s SpendingState) Chinese() string {
	return map[SpendingState]string{SpendingOpen: "待决定", SpendingGranted: "准许", SpendingRefused: "不予准许", SpendingLapsed: "限制已解除，无需决定"}[s]
}

// SpendingPermit is an application to spend in spite of a consumption
// restriction (限制消费令), and the decision on it. One decision is for one
// spending; the restriction stays.
type SpendingPermit struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	MeasureID         int64
	PartyID           int64 // the debtor
	UserID            int64 // who entered it: by phone, or the officer
	ByOfficer         bool
	Ground            SpendingGround
	Spender           string // who spends
	Purpose           string // on what, where
	Reason            string
	AmountFen         Fen  // at most
	FromOn            Date // asked for
	UntilOn           Date
	State             SpendingState
	DueOn             Date // of the decision
	GrantFrom         Date
	GrantUntil        Date
	DecisionReason    string
	DecidedBy         int64
	DecidedAt         *time.Time
	Number            string  // of the permit
	DocumentID        int64   // the permit, 0 for none
	FileIDs           []int64 `gorm:"serializer:json"` // of the application
	Pledged           bool    // he promised in writing to spend on nothing else (法发〔2019〕35号 17)
	OpenKey           *string // the measure while open: one application at a time
	IdemKey           string  // unique per user
	Version           int64
	CreatedAt         time.Time
}

// SpendingClock is the court's clock for deciding an application to spend, in
// working days: three unless it set another. The rules name no term (限高规定 8,
// 法发〔2019〕35号 17); who needs a doctor cannot wait for fifteen.
func (s CourtSettings) SpendingClock() int {
	if s.SpendingDays == 0 {
		return 3
	}
	return s.SpendingDays
}

// MaxSpendingFiles bounds the files of an application.
const MaxSpendingFiles = 9

func notRestricted() error {
	return E(Conflict, "spending.not_restricted", "该限制消费措施没有在实施中，无需申请准许，请刷新后查看")
}

// Apply checks an application against the restriction.
func (p *SpendingPermit) Apply(m Measure, debtor SubjectKind, today Date) error {
	p.Spender, p.Purpose, p.Reason = strings.TrimSpace(p.Spender), strings.TrimSpace(p.Purpose), strings.TrimSpace(p.Reason)
	g, known := spendingGrounds[p.Ground]
	if m.Kind != MeasureConsumption || m.State != MeasureInForce {
		return notRestricted()
	}
	var wrong Faults
	wrong.If(!known, "spending_ground", "spending.ground", "请选择申请的事由")
	if known && p.Ground == SpendPrivate && debtor != Organisation {
		wrong.Add(InvalidField("spending_ground", "spending.ground", "“因私消费”只适用于被限制消费的单位的法定代表人、主要负责人、直接责任人员和实际控制人；被执行人本人请选择“生活或者经营必需”，依据"+g.rule.String()))
	}
	wrong.If(p.Spender == "" || utf8.RuneCountInString(p.Spender) > 100, "spender", "spending.text", "请填写消费人的姓名或者名称，不超过 100 字")
	wrong.If(p.Purpose == "" || utf8.RuneCountInString(p.Purpose) > 300, "purpose", "spending.text", "请填写消费的项目、地点，不超过 300 字")
	wrong.If(p.AmountFen <= 0, "amount_fen", "spending.amount", "请填写消费的金额")
	wrong.If(p.Ground != SpendNecessary && !p.Pledged, "pledge", "spending.pledge", "请提交充分有效的证据，并书面承诺只用于所申请的消费；提供虚假证据或者违反承诺的，恢复限制并从重处理，再次申请不予批准，依据"+CitePledge.On(today))
	wrong.If(len(p.FileIDs) > MaxSpendingFiles, "file_ids", "file.too_many", "最多附 9 个文件")
	wrong.Add(CheckReason(p.Reason))
	wrong.Add(p.checkTerm("from_on", p.FromOn, p.UntilOn, today))
	if err := wrong.Err(); err != nil {
		return err
	}
	p.State = SpendingOpen
	return nil
}

func (p SpendingPermit) checkTerm(field string, from, until, today Date) error {
	g := spendingGrounds[p.Ground]
	switch {
	case from.Before(today) || until.Before(from):
		return InvalidField(field, "spending.term", "期间应从今天或者以后开始，截止日期不早于开始日期")
	case g.months > 0 && until.After(from.AddMonths(g.months)):
		return InvalidField(field, "spending.term", fmt.Sprintf("因紧急情况暂时解除的，最长不超过 %d 个月，依据%s", g.months, g.rule))
	}
	return Lasting("开始", from, CeilingSpending).Check(field, "spending.term", until)
}

// SpendingDecision is the answer to an application. A grant may be for a
// shorter time than was asked for, never for a longer one.
type SpendingDecision struct {
	State       SpendingState // granted or refused
	From, Until Date          // zero for what was asked for
	Reason      string
}

// Decide answers the application.
func (p *SpendingPermit) Decide(m Measure, d SpendingDecision, by, seen int64, now time.Time) error {
	if p.Version != seen || !SpendingMachine.May(p.State, SpendingGranted) {
		return E(Conflict, "spending.decided", "该申请已处理（"+p.State.Chinese()+"），请刷新后查看")
	}
	if d.State != SpendingGranted && d.State != SpendingRefused {
		return InvalidField("decision", "spending.decision", "请选择准许或者不予准许")
	}
	if err := CheckReason(d.Reason); err != nil {
		return err
	}
	if d.State == SpendingGranted {
		if m.State != MeasureInForce {
			return notRestricted()
		}
		if d.From.IsZero() {
			d.From = p.FromOn
		}
		if d.Until.IsZero() {
			d.Until = p.UntilOn
		}
		if d.From.Before(p.FromOn) || d.Until.After(p.UntilOn) {
			return InvalidField("from", "spending.term", "准许的期间不能超出申请的期间（"+p.FromOn.Chinese()+"至"+p.UntilOn.Chinese()+"）")
		}
		if err := p.checkTerm("from", d.From, d.Until, DateOf(now)); err != nil {
			return err
		}
		p.GrantFrom, p.GrantUntil = d.From, d.Until
	}
	p.settle(d.State, strings.TrimSpace(d.Reason), by, now)
	return nil
}

// Lapse ends an open application because the restriction ended.
func (p *SpendingPermit) Lapse(now time.Time) { p.settle(SpendingLapsed, "", 0, now) }

func (p *SpendingPermit) settle(s SpendingState, reason string, by int64, now time.Time) {
	p.State, p.DecisionReason, p.DecidedBy, p.DecidedAt, p.OpenKey = s, reason, by, &now, nil
}

// SpendingAskedNotice tells whoever decides of an application.
func SpendingAskedNotice(cs Case, e EnforcementFile, p SpendingPermit, user int64) Notice {
	return enforcementNotice(NoticeSpendingAsked, cs, e, fmt.Sprintf("s%d:u%d", p.ID, user), "限制消费期间的消费申请", fmt.Sprintf(
		"%s：%s申请%s（%s至%s，不超过 %s 元），事由：%s。应于%s决定。", e.CaseNo, p.Spender, p.Purpose, p.FromOn.Chinese(), p.UntilOn.Chinese(), p.AmountFen.Yuan(), p.Ground.Chinese(), p.DueOn.By())).
		staff(user).about(ThingSpending.Of(p.ID))
}

// SpendingDecidedNotice tells the debtor what was decided.
func SpendingDecidedNotice(cs Case, e EnforcementFile, p SpendingPermit) Notice {
	body := []string{fmt.Sprintf("%s：%s关于“%s”的消费申请，本院决定%s。", e.CaseNo, p.Spender, p.Purpose, p.State.Chinese()), "理由：" + p.DecisionReason}
	if p.State == SpendingGranted {
		body = append(body, p.Number, fmt.Sprintf("准许的期间：%s至%s，金额不超过 %s 元，只限本次申请的项目。限制消费令继续有效，决定书见本案“文书”。", p.GrantFrom.Chinese(), p.GrantUntil.Chinese(), p.AmountFen.Yuan()))
	}
	n := enforcementNotice(NoticeSpendingDecided, cs, e, fmt.Sprintf("s%d", p.ID), "消费申请的结果", paragraphs(append(body, "依据："+p.Ground.Citation())...)).
		to(p.PartyID)
	n.Number = p.Number
	return n
}
