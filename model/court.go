package model

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Court is a court (法院). Staff and cases belong to one court and no one sees
// another court's.
type Court struct {
	ID        int64
	Code      string // 法院代字, e.g. 浙0211
	Name      string // 宁波市镇海区人民法院
	ShortName string // used in document numbers, e.g. 镇法
	Phone     string // shown on notices
	Address   string
	// Account is the court's account for payments (案款账户): a line of text as
	// printed on notices.
	Account   string
	Settings  CourtSettings `gorm:"serializer:json"`
	CreatedAt time.Time
}

// CourtSettings are the rules a court sets for itself.
type CourtSettings struct {
	// CertificatePattern makes document numbers of certificates; {short},
	// {year} and {n} are replaced. It is not a 案号.
	CertificatePattern string `json:"certificate_pattern"`
	// NoticePattern makes document numbers of notices of performance.
	NoticePattern string `json:"notice_pattern"`
	// DemandPattern makes document numbers of demands (催告书).
	DemandPattern string `json:"demand_pattern,omitempty"`
	// DocumentPatterns make the numbers of the other papers.
	DocumentPatterns map[DocumentKind]string `json:"document_patterns,omitempty"`
	// ObligeeAnswerDays is the obligee's clock to acknowledge or dispute a
	// receipt, in calendar days from the day after he is asked.
	ObligeeAnswerDays int `json:"obligee_answer_days"`
	// MessageAnswerDays is the court's own clock to answer a party's message, in
	// working days; 0 means the default.
	MessageAnswerDays int `json:"message_answer_days,omitempty"`
	// ReadyAnswers are the court's own ready answers in their order, of which a digit
	// chooses one; none for those that the program brings. See Answers.
	ReadyAnswers []string `json:"ready_answers,omitempty"`
	// MessageLimits bound what one user of the mini-program writes.
	MessageLimits MessageLimits `json:"message_limits,omitzero"`
	// Calls are the rules about calling people back.
	Calls CallSettings `json:"calls,omitzero"`
	// RelativeAsksADay is how often one user may ask a day to be connected to a
	// debtor; 0 means the default.
	RelativeAsksADay int `json:"relative_asks_a_day,omitempty"`
	// EnforcementNoticeDays is the term that the 执行通知书 gives, in days from the
	// day on which it is made; 0 means the default.
	EnforcementNoticeDays int `json:"enforcement_notice_days,omitempty"`
	// QueryAnswerDays is within how many working days agencies are to answer a
	// query; 0 means the default.
	QueryAnswerDays int `json:"query_answer_days,omitempty"`
	// ForgivenessRefusalDays is within how many days a debtor may refuse that his debt
	// is forgiven; 0 means the default. See CourtSettings.RefusalDays.
	ForgivenessRefusalDays int `json:"forgiveness_refusal_days,omitempty"`
	// BindingCodeDays is how long a printed binding code lives, in days.
	BindingCodeDays int `json:"binding_code_days"`
	// ShareCodeHours is how long a one-time detail code lives.
	ShareCodeHours int `json:"share_code_hours"`
	// InterestFirstDayCounts says whether the last day of the term itself bears
	// doubled interest; common practice is the day after.
	InterestFirstDayCounts bool `json:"interest_first_day_counts"`
	// CourtCostsBearDoubled says whether court costs that a party is to pay bear
	// doubled interest: that is disputed, and they do not by default.
	CourtCostsBearDoubled bool `json:"court_costs_bear_doubled,omitempty"`
	// PaymentAccount is the court's account in its parts, for payers who copy them;
	// see Court.PayAccount.
	PaymentAccount CourtAccount `json:"payment_account,omitzero"`
	// HigherCourt is the court to which one applies for reconsideration, by name, and
	// DetentionHouse where detained persons are held unless the officer says
	// otherwise.
	HigherCourt    string `json:"higher_court,omitempty"`
	DetentionHouse string `json:"detention_house,omitempty"`
	// CaseTypes are type codes of case numbers (类型代字) that the table lacks, with their
	// kinds of case.
	CaseTypes map[string]CaseKind `json:"case_types,omitempty"`
	// Schedules are the court's own schedules of urging, by kind of case.
	Schedules map[CaseKind]Schedule `json:"schedules,omitempty"`
	// Channels are the outside channels in the order in which they are tried; nil
	// means WeChat only.
	Channels []ChannelName `json:"channels,omitempty"`
	// QuietHours are the hours in which no phone rings; nil means 22 to 8.
	QuietHours *QuietHours `json:"quiet_hours,omitempty"`
	// DutyReminders say when agencies are reminded of what they owe; nil means
	// seven days before, one and ten after.
	DutyReminders *DutyReminders `json:"duty_reminders,omitempty"`
	// RepairCriteria is the checklist for credit repair; nil means the default one.
	RepairCriteria []RepairCriterion `json:"repair_criteria,omitempty"`
	// RepairDays and ReleaseDays are the clocks for deciding an application for
	// credit repair and a release review, in working days; 0 means the default.
	RepairDays  int `json:"repair_days,omitempty"`
	ReleaseDays int `json:"release_days,omitempty"`
	// SpendingDays is the clock for deciding an application to spend, in working
	// days.
	SpendingDays int `json:"spending_days,omitempty"`
	// ExecutionDays is within how many working days of its decision a measure is to be
	// carried out: see ExecutionClock.
	ExecutionDays int `json:"execution_days,omitempty"`
}

// DefaultCourtSettings are the settings of a new court.
func DefaultCourtSettings() CourtSettings {
	return CourtSettings{
		CertificatePattern: "{short}自履证〔{year}〕{n}号",
		NoticePattern:      "{short}自履告〔{year}〕{n}号",
		ObligeeAnswerDays:  5,
		BindingCodeDays:    30,
		ShareCodeHours:     72,
	}
}

// Filled is the settings with every default spelled out, for whoever edits
// them.
func (s CourtSettings) Filled() CourtSettings {
	quiet := s.Quiet()
	s.MessageAnswerDays, s.MessageLimits, s.RelativeAsksADay = s.AnswerDays(), s.MessageLimits.Filled(), s.RelativeAsks()
	s.EnforcementNoticeDays, s.Calls, s.ReadyAnswers = s.NoticeTerm(), s.Calls.Filled(), s.Answers()
	reminders := s.RemindsOfDuties()
	s.DutyReminders = &reminders
	s.QueryAnswerDays, s.ForgivenessRefusalDays = s.QueryAnswerTerm(), s.RefusalDays()
	s.RepairCriteria, s.RepairDays, s.ReleaseDays, s.SpendingDays = s.Criteria(), s.RepairClock(), s.ReleaseClock(), s.SpendingClock()
	s.ExecutionDays = s.ExecutionClock()
	s.QuietHours, s.Channels, s.DemandPattern = &quiet, s.ChannelOrder(), s.Demand()
	patterns := map[DocumentKind]string{}
	for _, kind := range DocumentKinds {
		if kind != DocumentPerformanceNotice && kind != DocumentReminder { // they have keys of their own
			patterns[kind] = s.Pattern(kind)
		}
	}
	s.DocumentPatterns = patterns
	all := map[CaseKind]Schedule{}
	for _, k := range []CaseKind{CaseCivil, CaseCriminal, CaseAdministrative} {
		all[k] = s.ScheduleFor(k)
	}
	s.Schedules = all
	return s
}

// Check refuses settings that cannot be followed.
func (s CourtSettings) Check() error {
	var wrong Faults
	quiet := s.Quiet()
	wrong.If(quiet.From < 0 || quiet.From > 23 || quiet.Until < 0 || quiet.Until > 23, "quiet_hours", "schedule.hour", "免打扰时段应为 0 至 23 时")
	for _, kind := range slices.Sorted(maps.Keys(s.Schedules)) {
		sch := s.Schedules[kind]
		wrong.If(kind.Chinese() == "", "schedules", "schedule.kind", "没有这种案件类型："+string(kind))
		wrong.Add(sch.Check(quiet))
	}
	wrong.Add(s.checkRepair())
	wrong.If(utf8.RuneCountInString(s.HigherCourt) > 100 || utf8.RuneCountInString(s.DetentionHouse) > 100, "higher_court", "text.too_long", "上一级人民法院、拘留所的名称不超过 100 字")
	wrong.Add(s.PaymentAccount.check())
	wrong.Add(s.checkCaseTypes())
	wrong.Add(s.checkAnswers())
	for _, c := range s.Channels {
		wrong.If(c != ChannelWeChat && c != ChannelService && c != ChannelSMS && c != ChannelPaper, "channels", "channel.unknown", "没有这个渠道："+c)
	}
	wrong.Add(s.RemindsOfDuties().Check())
	wrong.Add(s.Calls.Check())
	for _, kind := range slices.Sorted(maps.Keys(s.DocumentPatterns)) {
		wrong.If(kind.Chinese() == "", "document_patterns", "document.kind", "没有这种文书："+string(kind))
	}
	for _, one := range s.series() {
		wrong.If(!strings.Contains(one.pattern, "{n}") || !strings.Contains(one.pattern, "{year}"), one.field, "pattern.incomplete", "文书编号格式应包含 {year} 和 {n}")
	}
	// Whether two papers would bear one number, is asked for all courts: CheckNumbers.
	wrong.If(!s.MessageLimits.Valid(), "message_limits", "settings.range", "留言条数上限应为正数，每分钟不超过 60，且每分钟、每小时、每天依次递增")
	wrong.If(s.RelativeAsksADay < 0 || s.RelativeAsksADay > MaxRelativeAsks, "relative_asks_a_day", "settings.range", "家属每天可提出的联系申请应为 1 至 20 次")
	wrong.If(s.MessageAnswerDays < 0 || s.MessageAnswerDays > MaxAnswerDays, "message_answer_days", "settings.range", "留言答复期限应为 1 至 15 个工作日")
	wrong.If(s.QueryAnswerDays < 0 || s.QueryAnswerDays > 60, "query_answer_days", "settings.range", "查询答复期限应为 1 至 60 个工作日")
	wrong.If(s.ForgivenessRefusalDays < 0 || s.ForgivenessRefusalDays > 90, "forgiveness_refusal_days", "settings.range", "债务人拒绝免除的期限应为 1 至 90 天")
	wrong.If(s.EnforcementNoticeDays < 0 || s.EnforcementNoticeDays > 30, "enforcement_notice_days", "settings.range", "执行通知书的履行期限应为 1 至 30 天")
	wrong.If(s.ObligeeAnswerDays < 1 || s.ObligeeAnswerDays > 60 || s.BindingCodeDays < 1 || s.BindingCodeDays > 365 || s.ShareCodeHours < 1 || s.ShareCodeHours > 720, "days", "settings.range", "答复期限应为 1 至 60 天，绑定码有效期 1 至 365 天，查看码有效期 1 至 720 小时")
	return wrong.Err()
}

// NoticeTerm is the term that the court's 执行通知书 gives, in days: three unless
// it set another.
func (s CourtSettings) NoticeTerm() int {
	if s.EnforcementNoticeDays == 0 {
		return 3
	}
	return s.EnforcementNoticeDays
}

// RemindsOfDuties is when the court reminds agencies.
func (s CourtSettings) RemindsOfDuties() DutyReminders {
	if s.DutyReminders == nil {
		return DutyReminders{Before: []int{7}, After: []int{1, 10}}
	}
	return *s.DutyReminders
}
