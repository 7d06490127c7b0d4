package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ReviewState is how far an application against a measure has come.
type ReviewState string

// The states of a review.
const (
	ReviewOpen    ReviewState = "open"
	ReviewDecided ReviewState = "decided"
)

// Chinese is the state's name on screens.
func (s ReviewState) Chinese() string {
	return map[ReviewState]string{ReviewOpen: "审查中", ReviewDecided: "已有结果"}[s]
}

// ReviewResult is how an application against a measure ended.
type ReviewResult string

// The results of a review.
const (
	ReviewUpheld  ReviewResult = "upheld"  // 维持
	ReviewChanged ReviewResult = "changed" // 变更
	ReviewRevoked ReviewResult = "revoked" // 撤销
)

// Chinese is the result in words.
func (r ReviewResult) Chinese() string {
	return map[ReviewResult]string{ReviewUpheld: "维持原决定", ReviewChanged: "变更原决定", ReviewRevoked: "撤销原决定"}[r]
}

// MeasureReview is an application against a measure (复议 to the court above, 纠正
// or 异议 to this one) and its result. A detention or fine goes on meanwhile.
type MeasureReview struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	MeasureID int64
	UserID    int64 // who entered it: the person himself, or the officer for him
	Reason    string
	State     ReviewState
	AskedAt   time.Time
	DueOn     Date
	DueReason string
	Result    ReviewResult
	// ResultText are the reasons; ByCourt and Number are the deciding court's.
	ResultText string
	ByCourt    string
	Number     string
	DecidedOn  Date
	DecidedBy  int64 // who entered the result
	DecidedAt  *time.Time
	OpenKey    *string // the measure while open: one application at a time
	IdemKey    string
	CreatedAt  time.Time
}

// AskReview checks that an application against the measure comes in time and
// computes until when it is to be decided.
func (m Measure) AskReview(reason string, days *Calendar, now time.Time) (Period, error) {
	r := m.Kind.Remedy()
	today := DateOf(now)
	if !m.State.Happened() || m.Kind == MeasureDetention && m.FromAt == nil {
		return Period{}, E(Conflict, "review.state", "该措施尚未实施，不能"+r.Name)
	}
	if r.ApplyDays == 0 && !m.State.Stands() {
		return Period{}, E(Conflict, "review.state", "该措施已经结束，无需"+r.Name)
	}
	if s := strings.TrimSpace(reason); s == "" || utf8.RuneCountInString(s) > 1000 {
		return Period{}, InvalidField("reason", "reason.required", "请填写"+r.Name+"的理由，不超过 1000 字")
	}
	if until := m.ReviewUntil(days); !until.IsZero() && today.After(until) {
		return Period{}, E(Conflict, "review.late", fmt.Sprintf("%s的期限是收到决定书之日起 %d 日，已于%s届满，依据%s", r.Name, r.ApplyDays, until.Chinese(), r.Citation()))
	}
	return days.DaysPeriod(today, r.DecideDays, "收到申请"), nil
}

// ReviewUntil is the last day for an application against the measure, zero when
// it is bound to no day or the decision was not served yet.
func (m Measure) ReviewUntil(days *Calendar) Date {
	r := m.Kind.Remedy()
	if r.ApplyDays == 0 || m.ServedOn.IsZero() {
		return Date{}
	}
	return days.DaysPeriod(m.ServedOn, r.ApplyDays, "收到决定书").Last
}

// ReviewOutcome is what was decided on an application.
type ReviewOutcome struct {
	Result    ReviewResult
	Text      string
	ByCourt   string // of a review by the court above
	Number    string
	DecidedOn Date
	Days      int // of a changed detention
	AmountFen Fen // of a changed fine
}

func (o ReviewOutcome) tidied() ReviewOutcome {
	o.Text, o.ByCourt, o.Number = strings.TrimSpace(o.Text), strings.TrimSpace(o.ByCourt), strings.TrimSpace(o.Number)
	return o
}

// Concluded tells whether it was he who entered this very result. What a review
// changed stands in its measure alone.
func (r MeasureReview) Concluded(m Measure, o ReviewOutcome, by int64) bool {
	o = o.tidied()
	entered := ReviewOutcome{Result: r.Result, Text: r.ResultText, ByCourt: r.ByCourt, Number: r.Number, DecidedOn: r.DecidedOn, Days: o.Days, AmountFen: o.AmountFen}
	if r.Result == ReviewChanged && m.Kind == MeasureFine {
		entered.AmountFen = m.AmountFen
	} else if r.Result == ReviewChanged {
		entered.Days = m.Days
	}
	return r.State == ReviewDecided && r.DecidedBy == by && o == entered
}

// Conclude enters the result of a review and applies it to the measure.
func (r *MeasureReview) Conclude(m *Measure, o ReviewOutcome, by int64, now time.Time) error {
	remedy := m.Kind.Remedy()
	o = o.tidied()
	l := penaltyLawOn(DateOf(now))
	if !ReviewMachine.May(r.State, ReviewDecided) {
		return E(Conflict, "review.decided", "该申请已有结果，请刷新后查看")
	}
	var wrong Faults
	wrong.If(o.Result.Chinese() == "", "result", "review.result", "请选择结果：维持、变更或者撤销")
	wrong.If(o.Text == "" || utf8.RuneCountInString(o.Text) > 1000, "text", "reason.required", "请填写决定的理由，申请人将看到该理由，不超过 1000 字")
	wrong.If(remedy.Higher && (o.ByCourt == "" || o.Number == "" || utf8.RuneCountInString(o.ByCourt+o.Number) > 150), "by_court", "review.by_court", remedy.Name+"由上一级人民法院决定，请填写该院名称和决定书文号，依据"+remedy.Citation())
	wrong.If(o.DecidedOn.IsZero() || o.DecidedOn.After(DateOf(now)) || o.DecidedOn.Before(DateOf(r.AskedAt)), "decided_on", "review.decided_on", "决定日期应在收到申请之后，且不晚于今天")
	wrong.If(o.Result == ReviewChanged && !m.Kind.Punishes(), "result", "review.result", "只有拘留的期限和罚款的金额可以变更；其他措施请选择维持或者撤销")
	wrong.If(o.Result == ReviewChanged && m.Kind == MeasureDetention && (o.Days < 1 || o.Days >= m.Days), "days", "measure.days", fmt.Sprintf("变更后的拘留期限应少于原来的 %d 日", m.Days))
	wrong.If(o.Result == ReviewChanged && m.Kind == MeasureFine && (o.AmountFen < 1 || o.AmountFen >= m.AmountFen || m.SubjectKind == Organisation && o.AmountFen < l.unitLeast), "amount_fen", "measure.amount", "变更后的罚款金额应少于原来的 "+m.AmountFen.Yuan()+" 元，且符合"+CiteFineAmounts.String())
	if err := wrong.Err(); err != nil {
		return err
	}
	r.State, r.Result, r.ResultText, r.ByCourt, r.Number = ReviewDecided, o.Result, o.Text, o.ByCourt, o.Number
	r.DecidedOn, r.DecidedBy, r.DecidedAt, r.OpenKey = o.DecidedOn, by, &now, nil
	switch o.Result {
	case ReviewUpheld:
	case ReviewChanged:
		if m.Kind == MeasureFine {
			m.AmountFen = o.AmountFen
			break
		}
		m.Days = o.Days
		if m.FromAt != nil {
			end := m.FromAt.Add(time.Duration(m.Days) * 24 * time.Hour)
			m.EndsAt, m.Until = &end, DateOf(end)
		}
	case ReviewRevoked:
		m.LiftGround, m.LiftReason = LiftRevoked, o.Text
		if MeasureMachine.May(m.State, MeasureLifted) {
			m.LiftedBy, m.LiftedAt = by, &now
			m.settle(MeasureLifted)
		}
	}
	return nil
}
