package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// RepairCriterion is one line of a court's checklist for credit repair
// (信用修复). Courts differ widely in theirs, so it is a setting.
type RepairCriterion struct {
	Code string `json:"code" required:"true"`
	Text string `json:"text" required:"true"`
	// Required says that nothing may be granted while it is not met.
	Required bool `json:"required"`
}

// defaultCriteria are those of a court that set none.
var defaultCriteria = []RepairCriterion{
	{Code: "performing", Text: "已履行全部义务，或者已达成和解并按约履行", Required: true},
	{Code: "reported", Text: "已如实报告财产", Required: true},
	{Code: "no_evasion", Text: "没有隐匿、转移财产等规避执行的行为", Required: true},
	{Code: "no_resistance", Text: "没有以暴力、威胁等方法妨碍、抗拒执行", Required: true},
	{Code: "good_reason", Text: "有生产经营、就业、就学等正当理由"},
}

// Criteria is the court's checklist for credit repair.
func (s CourtSettings) Criteria() []RepairCriterion {
	if len(s.RepairCriteria) == 0 {
		return slices.Clone(defaultCriteria)
	}
	return s.RepairCriteria
}

// RepairClock is the court's clock for deciding an application for credit
// repair, in working days: ten unless it set another.
func (s CourtSettings) RepairClock() int {
	if s.RepairDays == 0 {
		return 10
	}
	return s.RepairDays
}

// ReleaseClock is the leader's clock for a release review, in working days:
// seven unless the court set another.
func (s CourtSettings) ReleaseClock() int {
	if s.ReleaseDays == 0 {
		return 7
	}
	return s.ReleaseDays
}

func (s CourtSettings) checkRepair() error {
	var wrong Faults
	seen := map[string]bool{}
	for _, c := range s.RepairCriteria {
		if c.Code == "" || len(c.Code) > 32 || seen[c.Code] || strings.TrimSpace(c.Text) == "" || utf8.RuneCountInString(c.Text) > 200 {
			wrong.Add(InvalidField("repair_criteria", "settings.criteria", "信用修复的每项条件应有不重复的代码和不超过 200 字的内容"))
		}
		seen[c.Code] = true
	}
	wrong.If(len(s.RepairCriteria) > 30, "repair_criteria", "settings.criteria", "信用修复的条件不能超过 30 项")
	wrong.If(s.ExecutionDays < 0 || s.ExecutionDays > 15, "execution_days", "settings.range", "决定作出后执行的期限应为 1 至 15 个工作日")
	wrong.If(s.SpendingDays < 0 || s.SpendingDays > 15, "spending_days", "settings.range", "消费申请的决定期限应为 1 至 15 个工作日")
	wrong.If(s.RepairDays < 0 || s.RepairDays > 60 || s.ReleaseDays < 0 || s.ReleaseDays > 60, "repair_days", "settings.range", "信用修复和解除审查的期限应为 1 至 60 个工作日")
	return wrong.Err()
}

// RepairState is what became of an application for credit repair.
type RepairState string

// The states of an application.
const (
	RepairOpen      RepairState = "open"      // 审查中
	RepairSuspended RepairState = "suspended" // 暂缓纳入
	RepairMasked    RepairState = "masked"    // 屏蔽
	RepairShortened RepairState = "shortened" // 缩短期限
	RepairPaused    RepairState = "paused"    // 暂停限制消费
	RepairRefused   RepairState = "refused"   // 不予修复
)

// RepairDecisions lists the decisions in the order of screens.
var RepairDecisions = []RepairState{RepairSuspended, RepairMasked, RepairShortened, RepairPaused, RepairRefused}

// Chinese is the state's name on screens.
func (s RepairState) Chinese() string {
	return map[RepairState]string{
		RepairOpen: "审查中", RepairSuspended: "暂缓纳入", RepairMasked: "屏蔽失信信息", RepairShortened: "缩短期限", RepairPaused: "暂停限制消费", RepairRefused: "不予修复",
	}[s]
}

// Grants tells whether the decision gives the applicant anything.
func (s RepairState) Grants() bool { return s != RepairOpen && s != RepairRefused && s.Chinese() != "" }

// NeedsDay tells whether the decision names a day: until when listing is
// suspended or a restriction paused, or when the shortened term ends. A masking
// may name one.
func (s RepairState) NeedsDay() bool {
	return s == RepairSuspended || s == RepairShortened || s == RepairPaused
}

// RepairApplication is a debtor's application for credit repair.
type RepairApplication struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64
	MeasureID         int64 // the listing or restriction that it is about, 0 while there is none
	UserID            int64 // who applied, or recorded it
	ByOfficer         bool  // recorded by the officer
	AppliedOn         Date  // when the paper came in; its clock runs from then
	FileID            int64 // a scan of the paper, 0 for none
	Reason            string
	Criteria          []RepairCriterion `gorm:"serializer:json"` // as they were when it came in
	State             RepairState
	Until             Date `gorm:"column:until_on"` // the last day of its effect, see NeedsDay; zero: as long as the listing
	FormerUntil       Date // the listing's last day before it was shortened
	DecisionReason    string
	DecidedBy         int64
	DecidedAt         *time.Time
	RevokeReason      string
	RevokedBy         int64
	RevokedAt         *time.Time
	DueOn             Date
	OpenKey           *string // unique while it is open: one for a party at a time
	IdemKey           string  // unique per user
	Version           int64
	CreatedAt         time.Time
}

// RepairCheck is one tick of the officer. Entries are only added; the last one
// of a criterion counts.
type RepairCheck struct {
	ID            int64
	CourtID       int64
	CaseID        int64
	ApplicationID int64
	Code          string
	Met           bool
	Note          string
	ByUserID      int64
	IdemKey       string // unique per user
	CreatedAt     time.Time
}

// LastChecks are the entries that count, by criterion.
func LastChecks(all []RepairCheck) map[string]RepairCheck {
	out := map[string]RepairCheck{}
	for _, c := range all {
		out[c.Code] = c
	}
	return out
}

// Checked tells whether every criterion was looked at.
func (a RepairApplication) Checked(all []RepairCheck) bool {
	last := LastChecks(all)
	return !slices.ContainsFunc(a.Criteria, func(c RepairCriterion) bool { return last[c.Code].ID == 0 })
}

// CheckTick refuses a tick that cannot be kept.
func (a RepairApplication) CheckTick(c *RepairCheck) error {
	c.Note = strings.TrimSpace(c.Note)
	if a.State != RepairOpen {
		return E(Conflict, "repair.decided", "该申请已决定（"+a.State.Chinese()+"），请刷新后查看")
	}
	var wrong Faults
	wrong.If(!slices.ContainsFunc(a.Criteria, func(k RepairCriterion) bool { return k.Code == c.Code }), "code", "repair.code", "没有这项条件")
	wrong.If(c.Note == "" || utf8.RuneCountInString(c.Note) > 500, "note", "repair.note", "请填写核查情况，不超过 500 字")
	return wrong.Err()
}

// Decide is the leader's decision; listing is the one that stands against the
// party, nil when none does. Nothing is granted before every criterion was
// looked at and the required ones are met, and nothing is masked or shortened
// that is not there.
func (a *RepairApplication) Decide(to RepairState, until Date, reason string, checks []RepairCheck, listing *Measure, by int64, now time.Time) error {
	reason = strings.TrimSpace(reason)
	last := LastChecks(checks)
	unmet := slices.IndexFunc(a.Criteria, func(c RepairCriterion) bool { return c.Required && !last[c.Code].Met })
	day := to.NeedsDay() || to == RepairMasked && !until.IsZero()
	var wrong Faults
	wrong.If(!slices.Contains(RepairDecisions, to), "decision", "repair.decision", "请选择暂缓纳入、屏蔽、缩短期限、暂停限制消费或者不予修复")
	if a.State != RepairOpen {
		return E(Conflict, "repair.decided", "该申请已决定（"+a.State.Chinese()+"），请刷新后查看")
	}
	wrong.If(reason == "" || utf8.RuneCountInString(reason) > 500, "reason", "reason.required", "请填写理由，不超过 500 字")
	wrong.If(day && !until.After(DateOf(now)) || !day && !until.IsZero(), "until", "repair.until", "暂缓纳入、缩短期限和暂停限制消费应写明截止日期（晚于今天），屏蔽可以写明，不予修复不填")
	wrong.Add(Lasting("今天", DateOf(now), CeilingRepair).Check("until", "repair.until", until))
	if err := wrong.Err(); err != nil {
		return err
	}
	if to.Grants() && !a.Checked(checks) {
		return E(Conflict, "repair.unchecked", "执行法官尚未核查全部条件，不能准予修复")
	}
	if to.Grants() && unmet >= 0 {
		return E(Conflict, "repair.unmet", "必须具备的条件未满足：“"+a.Criteria[unmet].Text+"”，不能准予修复")
	}
	if to.Grants() {
		if err := a.apply(to, until, listing); err != nil {
			return err
		}
	}
	a.State, a.Until, a.DecisionReason, a.DecidedBy, a.DecidedAt, a.OpenKey = to, until, reason, by, &now, nil
	return nil
}

// RepairFilter narrows a court's list of applications.
type RepairFilter struct {
	OfficerID int64 // 0: the whole court
	State     RepairState
	After     int64
	Limit     int
}

// RepairLine is a line of a list of applications.
type RepairLine struct {
	RepairApplication
	CaseNo string // of the enforcement case
	Name   string // of the party
}
