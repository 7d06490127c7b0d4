package model

import (
	"fmt"
	"slices"
	"time"
)

// Schedule says when the system urges by itself (督促时间表), for one kind of case.
type Schedule struct {
	// BeforeDays are the days before the due day on which the debtor is reminded.
	BeforeDays []int `json:"before_days"`
	// FirstDemandDays and SecondDemandDays are the days after the due day on which
	// the first and the second 《自动履行催告书》 go out.
	FirstDemandDays  int `json:"first_demand_days"`
	SecondDemandDays int `json:"second_demand_days"`
	// SendHour is the hour of the day, court time, at which notices go out.
	SendHour int  `json:"send_hour"`
	Off      bool `json:"off"`
}

// DefaultSchedule is D−7, D−3, D−1, D+1, D+10 at nine in the morning.
func DefaultSchedule() Schedule {
	return Schedule{BeforeDays: []int{7, 3, 1}, FirstDemandDays: 1, SecondDemandDays: 10, SendHour: 9}
}

// Check refuses a schedule that cannot be followed.
func (s Schedule) Check(quiet QuietHours) error {
	var wrong Faults
	wrong.If(slices.ContainsFunc(s.BeforeDays, func(d int) bool { return d < 1 || d > 60 }), "before_days", "schedule.days", "期前提醒应为到期前 1 至 60 天")
	wrong.If(len(s.BeforeDays) > 10, "before_days", "schedule.days", "期前提醒最多 10 次")
	wrong.If(s.FirstDemandDays < 1 || s.SecondDemandDays <= s.FirstDemandDays || s.SecondDemandDays > 180, "second_demand_days", "schedule.days", "第一次催告应在到期后至少 1 天，第二次应晚于第一次且不超过 180 天")
	wrong.If(s.SendHour < 0 || s.SendHour > 23 || quiet.Covers(s.SendHour), "send_hour", "schedule.hour", "发送时间应在免打扰时段之外")
	return wrong.Err()
}

// QuietHours is the part of the day, court time, in which nobody's phone rings
// (免打扰时段). From and Until are hours; equal ones mean that there is none.
type QuietHours struct {
	From  int `json:"from"`
	Until int `json:"until"`
}

// Covers tells whether the hour lies in the quiet part of the day.
func (q QuietHours) Covers(hour int) bool {
	if q.From <= q.Until {
		return hour >= q.From && hour < q.Until
	}
	return hour >= q.From || hour < q.Until
}

// After is t, or the end of the quiet hours in which t lies.
func (q QuietHours) After(t time.Time) time.Time {
	local := t.In(CourtZone)
	if !q.Covers(local.Hour()) {
		return t
	}
	y, m, d := local.Date()
	end := time.Date(y, m, d, q.Until, 0, 0, 0, CourtZone)
	if !end.After(t) {
		end = time.Date(y, m, d+1, q.Until, 0, 0, 0, CourtZone)
	}
	return end.UTC()
}

// Demand is the pattern of the numbers of demands.
func (s CourtSettings) Demand() string {
	if s.DemandPattern == "" {
		return "{short}自履催〔{year}〕{n}号"
	}
	return s.DemandPattern
}

// ScheduleFor is the court's schedule for a kind of case.
func (s CourtSettings) ScheduleFor(kind CaseKind) Schedule {
	if own, ok := s.Schedules[kind]; ok {
		return own
	}
	return DefaultSchedule()
}

// Quiet is the court's quiet hours, 22 to 8 unless it set others.
func (s CourtSettings) Quiet() QuietHours {
	if s.QuietHours == nil {
		return QuietHours{From: 22, Until: 8}
	}
	return *s.QuietHours
}

// StepState is how far a step of a schedule has come.
type StepState string

// The states of a step. A step is never deleted.
const (
	StepPlanned StepState = "planned" // 待发送
	StepPaused  StepState = "paused"  // 已暂停: the judge paused the case
	StepSent    StepState = "sent"    // 已生成通知: whom it reached is said of the notice
	StepSkipped StepState = "skipped" // 已跳过: the judge skipped it
	StepStopped StepState = "stopped" // 已停止: there is nothing to urge any more
	StepMissed  StepState = "missed"  // 已错过: its time passed while nothing ran, a later one says more
)

// Chinese is the state's name on screens.
func (s StepState) Chinese() string {
	return map[StepState]string{
		StepPlanned: "待发送", StepPaused: "已暂停", StepSent: "已生成通知", StepSkipped: "已跳过", StepStopped: "已停止", StepMissed: "已错过",
	}[s]
}

// Step is one planned notice to one party of a case.
type Step struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	PartyID      int64
	InstrumentID int64 // of a creditor's sheet
	Kind         NoticeKind
	Days         int       // after the due day; negative before it
	DueOn        Date      // zero for a creditor's sheet
	Key          string    `gorm:"column:step_key"` // unique: one step for one reason
	At           time.Time // when it is to be sent
	State        StepState
	Reason       string // why it was skipped, stopped, sent by hand …, in Chinese
	NoticeID     int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table of steps.
func (Step) TableName() string { return "schedule_steps" }

// Open tells whether the step may still be sent.
func (s Step) Open() bool { return s.State == StepPlanned || s.State == StepPaused }

// Skip leaves the step out for good.
func (s *Step) Skip(reason string) error {
	if !StepMachine.May(s.State, StepSkipped) {
		return errStepDone
	}
	s.State, s.Reason = StepSkipped, reason
	return nil
}

var errStepDone = E(Conflict, "step.done", "该通知已生成、跳过或停止，请刷新后查看")

// CheckSendable refuses to send by hand what went out already, and to demand
// what is not due yet.
func (s *Step) CheckSendable(now time.Time) error {
	switch {
	case !StepMachine.May(s.State, StepSent):
		return errStepDone
	case (s.Kind == NoticeFirstDemand || s.Kind == NoticeSecondDemand) && !DateOf(now).After(s.DueOn):
		return E(Conflict, "step.early", "履行期限尚未届满，不能催告")
	}
	return nil
}

// ScheduleActKind is what a judge did with a case's schedule.
type ScheduleActKind string

// The acts on a schedule.
const (
	SchedulePause  ScheduleActKind = "pause"  // 暂停
	ScheduleResume ScheduleActKind = "resume" // 恢复, also after a stop
	ScheduleStop   ScheduleActKind = "stop"   // 停止
	ScheduleSkip   ScheduleActKind = "skip"   // 跳过一步
	ScheduleSend   ScheduleActKind = "send"   // 立即发送一步
)

// StopGround is why a schedule was stopped.
type StopGround string

// The grounds for stopping.
const (
	StopSettlement StopGround = "settlement" // 当事人和解
	StopAppeal     StopGround = "appeal"     // 上诉、再审
	StopOther      StopGround = "other"
)

// Chinese is the ground's name on screens.
func (g StopGround) Chinese() string {
	return map[StopGround]string{StopSettlement: "当事人已和解", StopAppeal: "案件上诉或再审", StopOther: "其他原因"}[g]
}

// ScheduleAct is one entry of what judges did with a schedule. The last one of
// pause, resume and stop says how the schedule stands.
type ScheduleAct struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	StepID    int64 // 0 for acts on the whole schedule
	Kind      ScheduleActKind
	Ground    StopGround
	Reason    string
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// Standing is how a schedule stands after the acts, oldest first.
func Standing(acts []ScheduleAct) (state ScheduleActKind, last ScheduleAct) {
	state = ScheduleResume
	for _, a := range acts {
		if a.Kind == SchedulePause || a.Kind == ScheduleResume || a.Kind == ScheduleStop {
			state, last = a.Kind, a
		}
	}
	return state, last
}

// Debts is who owes what to whom in a case.
type Debts struct {
	Case         Case
	Parties      []Party
	Instruments  []Instrument
	Obligations  []Obligation
	Obligors     []Obligor
	Released     []Obligor // whom their creditor forgave, see Obligor.ReleasedOn
	Installments []Installment
}

// Party is the party with the id, zero when there is none.
func (d Debts) Party(id int64) Party {
	i := slices.IndexFunc(d.Parties, func(p Party) bool { return p.ID == id })
	if i < 0 {
		return Party{}
	}
	return d.Parties[i]
}

// Obligation is the obligation with the id, zero when there is none.
func (d Debts) Obligation(id int64) Obligation {
	i := slices.IndexFunc(d.Obligations, func(o Obligation) bool { return o.ID == id })
	if i < 0 {
		return Obligation{}
	}
	return d.Obligations[i]
}

// Instrument is the instrument with the id, zero when there is none.
func (d Debts) Instrument(id int64) Instrument {
	i := slices.IndexFunc(d.Instruments, func(o Instrument) bool { return o.ID == id })
	if i < 0 {
		return Instrument{}
	}
	return d.Instruments[i]
}

// InstallmentsOf are the instalments of an obligation.
func (d Debts) InstallmentsOf(obligationID int64) []Installment {
	return slices.DeleteFunc(slices.Clone(d.Installments), func(i Installment) bool { return i.ObligationID != obligationID })
}

// Owes tells whether the party is an obligor of the obligation.
func (d Debts) Owes(partyID, obligationID int64) bool {
	return slices.ContainsFunc(d.Obligors, func(o Obligor) bool { return o.PartyID == partyID && o.ObligationID == obligationID })
}

// OpenDue are the open instalments that a party owes on a due day under
// instruments in effect.
func (d Debts) OpenDue(partyID int64, due Date) []Installment {
	var out []Installment
	for _, i := range d.Installments {
		if !i.Done() && i.Due() == due && d.urged(i) && d.Owes(partyID, i.ObligationID) {
			out = append(out, i)
		}
	}
	return out
}

// OpenOwedTo are the open instalments of an instrument that a party is owed.
func (d Debts) OpenOwedTo(partyID, instrumentID int64) []Installment {
	var out []Installment
	for _, i := range d.Installments {
		ob := d.Obligation(i.ObligationID)
		if !i.Done() && ob.InstrumentID == instrumentID && ob.OwedTo(partyID) && i.EnforcedOn.IsZero() {
			out = append(out, i)
		}
	}
	return out
}

// urged tells whether performance of the instalment is urged: its instrument is
// in effect and nobody enforces it.
func (d Debts) urged(i Installment) bool {
	ob := d.Obligation(i.ObligationID)
	return i.EnforcedOn.IsZero() && !d.Instrument(ob.InstrumentID).EffectiveOn.IsZero()
}

// Steps are the notices that the facts call for. It is a function of the facts
// alone: planning again makes the same keys. A debtor gets one notice for
// everything that is due on one day, however many creditors it is for. today
// matters only for what is late already: a reminder before a day that is past
// makes no sense, a demand goes out at the next hour of sending, and the second
// one as long after it as the schedule says.
func (d Debts) Steps(s Schedule, now time.Time) []Step {
	if s.Off || d.Case.Performance == PerformanceFulfilled {
		return nil
	}
	today := DateOf(now)
	var out []Step
	seen := map[string]bool{}
	add := func(kind NoticeKind, partyID, instrumentID int64, days int, due, on Date) {
		key := fmt.Sprintf("%s:%d:%d:%d:%s:%d", kind, d.Case.ID, partyID, instrumentID, due, days)
		if seen[key] {
			return
		}
		seen[key] = true
		out = append(out, Step{
			CourtID: d.Case.CourtID, CaseID: d.Case.ID, PartyID: partyID, InstrumentID: instrumentID, Kind: kind, Days: days, DueOn: due,
			Key: key, At: later(on.Start().Add(time.Duration(s.SendHour)*time.Hour), now), State: StepPlanned,
		})
	}
	for _, in := range d.Instruments {
		if in.EffectiveOn.IsZero() {
			continue
		}
		for _, p := range d.Parties {
			if len(d.OpenOwedTo(p.ID, in.ID)) > 0 {
				add(NoticeCreditorSheet, p.ID, in.ID, 0, Date{}, in.EffectiveOn)
			}
		}
	}
	for _, i := range d.Installments {
		due := i.Due()
		if i.Done() || due.IsZero() || !d.urged(i) {
			continue
		}
		for _, o := range d.Obligors {
			if o.ObligationID != i.ObligationID {
				continue
			}
			for _, n := range s.BeforeDays {
				if !due.Before(today) {
					add(NoticeDueSoon, o.PartyID, 0, -n, due, due.AddDays(-n))
				}
			}
			first := laterDay(due.AddDays(s.FirstDemandDays), today)
			if told := d.Case.ToldOn; !told.IsZero() && due.Before(told) {
				first = laterDay(first, told.AddDays(BacklogDemandDays))
			}
			add(NoticeFirstDemand, o.PartyID, 0, s.FirstDemandDays, due, first)
			second := laterDay(due.AddDays(s.SecondDemandDays), first.AddDays(s.SecondDemandDays-s.FirstDemandDays))
			add(NoticeSecondDemand, o.PartyID, 0, s.SecondDemandDays, due, second)
		}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a.UTC()
	}
	return b.UTC()
}

func laterDay(a, b Date) Date {
	if a.After(b) {
		return a
	}
	return b
}

// TooLate tells whether a reminder need not be planned any more: its day is
// past. (One that was planned in time and could not be sent is still sent,
// unless it is Stale.)
func (s Step) TooLate(now time.Time) bool {
	return s.Kind == NoticeDueSoon && s.DueOn.AddDays(s.Days).Before(DateOf(now))
}

// Stale tells whether a reminder has lost its sense by now: the due day is
// past, or a later reminder of the same day is due as well.
func (s Step) Stale(schedule Schedule, now time.Time) bool {
	if s.Kind != NoticeDueSoon {
		return false
	}
	today := DateOf(now)
	if today.After(s.DueOn) {
		return true
	}
	return slices.ContainsFunc(schedule.BeforeDays, func(n int) bool {
		return n < -s.Days && !s.DueOn.AddDays(-n).After(today)
	})
}
