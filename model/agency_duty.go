package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// DutyKind says for what an agency owes something: the lists of duties
// (任务清单、事项清单) have one shape and opposite signs.
type DutyKind string

// The kinds of duties of agencies.
const (
	DutySanction  DutyKind = "sanction"  // 联合惩戒 against 失信被执行人
	DutyIncentive DutyKind = "incentive" // 正向激励 for those who performed
)

// DutyKinds lists the kinds.
var DutyKinds = []DutyKind{DutySanction, DutyIncentive}

// Chinese is the kind's name, "" for one that does not exist.
func (k DutyKind) Chinese() string {
	return map[DutyKind]string{DutySanction: "联合惩戒", DutyIncentive: "正向激励"}[k]
}

// Recurrence is how often a duty is owed.
type Recurrence string

// The recurrences.
const (
	RecurEach      Recurrence = "each" // with each measure against a person
	RecurOnce      Recurrence = "once"
	RecurMonthly   Recurrence = "monthly"
	RecurQuarterly Recurrence = "quarterly"
	RecurYearly    Recurrence = "yearly"
)

// Recurrences lists the recurrences.
var Recurrences = []Recurrence{RecurEach, RecurOnce, RecurMonthly, RecurQuarterly, RecurYearly}

// Chinese is the recurrence's name, "" for one that does not exist.
func (r Recurrence) Chinese() string {
	return map[Recurrence]string{RecurEach: "每案", RecurOnce: "一次", RecurMonthly: "每月", RecurQuarterly: "每季度", RecurYearly: "每年"}[r]
}

// Months are how many months lie between two deadlines, 0 for a duty that is
// owed once.
func (r Recurrence) Months() int {
	return map[Recurrence]int{RecurMonthly: 1, RecurQuarterly: 3, RecurYearly: 12}[r]
}

// AgencyDuty is one line of the lists that bind agencies: who has to do what, by
// when, on which ground, proved by what (责任单位、工作要求、工作时限). It is data; the
// programme's documents fix it, not this program.
type AgencyDuty struct {
	ID          int64
	CourtID     int64
	AgencyID    int64
	Kind        DutyKind
	Code        string // with the agency its name in files, e.g. CJ-01
	Requirement string
	Basis       string // the legal ground
	Evidence    string // what shall prove it
	Unit        string // what is counted, 件次 or 人次; "" when nothing is
	Recurrence  Recurrence
	DueOn       Date // the deadline, or the first one; of RecurEach the day from which it is owed
	// Of RecurEach: how many working days after a measure began, and after it
	// ended, the agency has to report (0: nothing to lift), which measures begin
	// it, and against whom ("" is everybody).
	DueDays   int
	LiftDays  int
	Measures  []MeasureKind `gorm:"serializer:json"`
	Subjects  SubjectKind
	EndedOn   Date // zero while it is owed
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Active tells whether the duty is owed now.
func (d AgencyDuty) Active() bool { return d.EndedOn.IsZero() }

// Check tidies the fields that one types and refuses what cannot be.
func (d *AgencyDuty) Check() error {
	d.Code = NormalizeCode(d.Code)
	for _, s := range []*string{&d.Requirement, &d.Basis, &d.Evidence, &d.Unit} {
		*s = strings.TrimSpace(*s)
	}
	var wrong Faults
	wrong.If(!validCode(d.Code), "code", "duty.code", "事项编号应为 2 到 32 位字母、数字或 -，例如 CJ-01")
	wrong.If(d.Kind.Chinese() == "", "kind", "duty.kind", "请选择联合惩戒或正向激励")
	wrong.If(d.Requirement == "" || utf8.RuneCountInString(d.Requirement) > 500, "requirement", "duty.requirement", "请填写工作要求，不超过 500 字")
	wrong.If(utf8.RuneCountInString(d.Basis) > 500, "basis", "duty.basis", "依据不能超过 500 字")
	wrong.If(utf8.RuneCountInString(d.Evidence) > 300, "evidence", "duty.evidence", "佐证材料不能超过 300 字")
	wrong.If(utf8.RuneCountInString(d.Unit) > 10, "unit", "duty.unit", "计量单位不能超过 10 字，例如 件次、人次、条")
	wrong.If(d.Recurrence.Chinese() == "", "recurrence", "duty.recurrence", "请选择每案、一次、每月、每季度或每年")
	wrong.If(d.DueOn.Year < 2000 || d.DueOn.Year > 2100, "due_on", "duty.due", "请填写时限，例如 2026-03-31；重复的事项填写第一个截止日")
	wrong.Add(d.checkEach())
	return wrong.Err()
}

// Deadline is the duty's deadline number n, counted from 0. A month that is too
// short ends on its last day.
func (d AgencyDuty) Deadline(n int) Date {
	month := NewDate(d.DueOn.Year, d.DueOn.Month+time.Month(n*d.Recurrence.Months()), 1)
	last := NewDate(month.Year, month.Month+1, 0).Day
	return Date{month.Year, month.Month, min(d.DueOn.Day, last)}
}

// When says the deadline in words.
func (d AgencyDuty) When() string {
	switch d.Recurrence {
	case RecurEach:
		return fmt.Sprintf("每案，采取措施后 %d 个工作日内", d.DueDays)
	case RecurMonthly:
		return fmt.Sprintf("每月 %d 日前", d.DueOn.Day)
	case RecurQuarterly:
		return fmt.Sprintf("每季度，自%s起每 3 个月", d.DueOn.Chinese())
	case RecurYearly:
		return fmt.Sprintf("每年 %d 月 %d 日前", d.DueOn.Month, d.DueOn.Day)
	default:
		return d.DueOn.By()
	}
}

// maxOpened bounds the tasks that are opened at a time.
const maxOpened = 240

// Tasks are the tasks that the duty has to have today beyond the first have
// ones: of a duty that recurs the one whose deadline comes next, and those whose
// deadline came since the duty is in the system. A past that nobody could have
// reported is not held against the agency. next is the number of the first one.
func (d AgencyDuty) Tasks(next int, today Date) []AgencyTask {
	var out []AgencyTask
	task := func(n int) AgencyTask {
		return AgencyTask{CourtID: d.CourtID, AgencyID: d.AgencyID, DutyID: d.ID, Kind: d.Kind, Seq: n, DueOn: d.Deadline(n), State: AgencyTaskOpen}
	}
	switch d.Recurrence {
	case RecurEach:
		return nil // a measure opens them
	case RecurOnce:
		if next > 0 || !d.Active() {
			return nil
		}
		return []AgencyTask{task(0)}
	default:
	}
	known := DateOf(d.CreatedAt)
	for n := next; len(out) < maxOpened && d.Active(); n++ {
		if d.Deadline(n).Before(known) {
			continue
		}
		if n > 0 && !d.Deadline(n-1).Before(today) && !d.Deadline(n-1).Before(known) {
			break // the one before is not over yet
		}
		out = append(out, task(n))
	}
	return out
}

// Changes are the entries for turning d into e; a zero d is a new duty.
func (d AgencyDuty) Changes(e AgencyDuty) []AgencyChange {
	l := changeList{of: AgencyChange{CourtID: e.CourtID, AgencyID: e.AgencyID, Subject: ChangeOfDuty, SubjectID: e.ID}}
	if d.ID == 0 {
		l.text("created", "", e.Code+" "+e.Requirement)
		return l.list
	}
	l.text("requirement", d.Requirement, e.Requirement)
	l.text("basis", d.Basis, e.Basis)
	l.text("evidence", d.Evidence, e.Evidence)
	l.text("unit", d.Unit, e.Unit)
	l.add("due_on", d.DueOn, e.DueOn)
	l.text("due_days", fmt.Sprint(d.DueDays), fmt.Sprint(e.DueDays))
	l.text("lift_days", fmt.Sprint(d.LiftDays), fmt.Sprint(e.LiftDays))
	l.text("measures", d.MeasureNames(), e.MeasureNames())
	l.text("subjects", string(d.Subjects), string(e.Subjects))
	l.add("ended", d.EndedOn, e.EndedOn)
	return l.list
}

// Amend checks that d may become e. What kind of duty it is and how often it is
// owed do not change, nor the deadlines of one that recurs: they would move
// tasks that were reported. Such a duty is ended and another one begun.
func (d AgencyDuty) Amend(e AgencyDuty) error {
	if !d.Active() {
		return E(Conflict, "duty.ended", "该事项已停用，不能再修改")
	}
	var wrong Faults
	wrong.If(d.Kind != e.Kind, "kind", "duty.fixed", "事项的类型不能更改，请停用原事项，用新编号另建")
	wrong.If(d.Recurrence != e.Recurrence, "recurrence", "duty.fixed", "事项的周期不能更改，请停用原事项，用新编号另建")
	wrong.If(d.Recurrence.Months() > 0 && d.DueOn != e.DueOn, "due_on", "duty.fixed", "重复事项的截止日不能更改，请停用原事项，用新编号另建")
	return wrong.Err()
}

// AgencyTaskState is how far a task has come. That it is overdue is a fact of
// the date.
type AgencyTaskState string

// The states of a task.
const (
	AgencyTaskOpen     AgencyTaskState = "open"     // to be reported, or returned to be reported again
	AgencyTaskReported AgencyTaskState = "reported" // waits for the court
	AgencyTaskDone     AgencyTaskState = "done"     // accepted
	AgencyTaskVoid     AgencyTaskState = "void"     // the duty was ended before it was done
	// AgencyTaskOverdue is never stored: open, and the deadline is over.
	AgencyTaskOverdue AgencyTaskState = "overdue"
)

// AgencyTaskStates lists the states as one sees them.
var AgencyTaskStates = []AgencyTaskState{AgencyTaskOverdue, AgencyTaskOpen, AgencyTaskReported, AgencyTaskDone, AgencyTaskVoid}

// Chinese is the state's name, "" for one that does not exist.
func (s AgencyTaskState) Chinese() string {
	return map[AgencyTaskState]string{
		AgencyTaskOpen: "待报送", AgencyTaskReported: "已报送，待法院审核", AgencyTaskDone: "已完成", AgencyTaskVoid: "已取消", AgencyTaskOverdue: "已逾期",
	}[s]
}

// AgencyTask is one deadline of a duty: the only one, or that of a period.
type AgencyTask struct {
	ID         int64
	CourtID    int64
	AgencyID   int64
	DutyID     int64
	Kind       DutyKind
	Seq        int // number of the deadline, from 0; of a measure's task see MeasureTask
	MeasureID  int64
	Phase      TaskPhase
	DueOn      Date
	State      AgencyTaskState
	ReportedOn Date // of the report that waits or was accepted, zero for none
	DoneAt     *time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Standing is the task's state with overdue told apart.
func (t AgencyTask) Standing(today Date) AgencyTaskState {
	if t.State == AgencyTaskOpen && t.DueOn.Before(today) {
		return AgencyTaskOverdue
	}
	return t.State
}

// Late tells whether the report came after the deadline.
func (t AgencyTask) Late() bool { return t.ReportedOn.After(t.DueOn) }

// DaysLeft counts the days to the deadline; what is negative is over.
func (t AgencyTask) DaysLeft(today Date) int { return t.DueOn.Sub(today) }

// ReportState is what became of an agency's report.
type ReportState string

// The states of a report.
const (
	ReportWaiting  ReportState = "waiting"
	ReportAccepted ReportState = "accepted"
	ReportReturned ReportState = "returned" // with a reason; another report follows
)

// Chinese is the state's name.
func (s ReportState) Chinese() string {
	return map[ReportState]string{ReportWaiting: "待审核", ReportAccepted: "已认可", ReportReturned: "已退回"}[s]
}

// AgencyReport is what an agency says it did: an entry, which is accepted or
// returned but never changed.
type AgencyReport struct {
	ID        int64
	CourtID   int64
	AgencyID  int64
	TaskID    int64
	UserID    int64 // 0 when a program reported
	APIKeyID  int64
	IdemKey   string
	State     ReportState
	Text      string
	DoneOn    Date
	Quantity  *int64  // in the duty's unit, nil when not counted
	FileIDs   []int64 `gorm:"serializer:json"`
	DecidedBy int64
	DecidedAt *time.Time
	Reason    string // of a return
	CreatedAt time.Time
}

// Limits of a report.
const (
	MaxReportFiles    = 9
	maxReportText     = 2000
	maxReportQuantity = 1_000_000_000
)

// Check tidies a report on a duty and refuses what cannot be.
func (r *AgencyReport) Check(today Date) error {
	r.Text = strings.TrimSpace(r.Text)
	var wrong Faults
	wrong.If(r.Text == "" || utf8.RuneCountInString(r.Text) > maxReportText, "text", "report.text", "请填写完成情况，不超过 2000 字")
	wrong.If(r.DoneOn.IsZero(), "done_on", "report.done_on", "请填写完成日期")
	wrong.If(r.DoneOn.After(today), "done_on", "report.done_on", "完成日期不能晚于今天")
	wrong.If(r.Quantity != nil && (*r.Quantity < 0 || *r.Quantity > maxReportQuantity), "quantity", "report.quantity", "数量应为不小于 0 的整数")
	wrong.If(len(r.FileIDs) > MaxReportFiles, "file_ids", "report.files", "最多附 9 个文件")
	return wrong.Err()
}

// Report takes a report on the task of the duty.
func (t *AgencyTask) Report(d AgencyDuty, r *AgencyReport, today Date) error {
	switch {
	case t.State == AgencyTaskReported:
		return E(Conflict, "duty.reported", "该事项已经报送，正等待法院审核，请勿重复报送")
	case t.State == AgencyTaskDone:
		return E(Conflict, "duty.done", "该事项已经完成，无需再报送")
	case !AgencyTaskMachine.May(t.State, AgencyTaskReported):
		return E(Conflict, "duty.void", "该事项已取消，无需报送")
	case d.Unit == "" && r.Quantity != nil:
		return InvalidField("quantity", "report.quantity", "该事项不计数量，请不要填写")
	}
	t.State, t.ReportedOn, r.State = AgencyTaskReported, today, ReportWaiting
	return nil
}

// Accept closes the task by its report.
func (t *AgencyTask) Accept(r *AgencyReport, by int64, now time.Time) error {
	if err := t.decidable(r); err != nil {
		return err
	}
	r.State, r.DecidedBy, r.DecidedAt = ReportAccepted, by, &now
	t.State, t.DoneAt = AgencyTaskDone, &now
	return nil
}

// Return opens the task again and says why.
func (t *AgencyTask) Return(r *AgencyReport, by int64, reason string, now time.Time) error {
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 500 {
		return InvalidField("reason", "reason.required", "请写明退回原因，不超过 500 字，责任单位会看到")
	}
	if err := t.decidable(r); err != nil {
		return err
	}
	r.State, r.DecidedBy, r.DecidedAt, r.Reason = ReportReturned, by, &now, reason
	t.State, t.ReportedOn = AgencyTaskOpen, Date{}
	return nil
}

func (t *AgencyTask) decidable(r *AgencyReport) error {
	if t.State != AgencyTaskReported || !ReportMachine.May(r.State, ReportAccepted) {
		return E(Conflict, "report.decided", "该报送已经审核，请刷新后查看结果")
	}
	return nil
}

// Void takes back a task of a duty that ended; one that was reported stays for
// the court to decide.
func (t *AgencyTask) Void() bool {
	if !AgencyTaskMachine.May(t.State, AgencyTaskVoid) {
		return false
	}
	t.State = AgencyTaskVoid
	return true
}

// DutyReminders say how many days before and after a deadline an agency is
// reminded.
type DutyReminders struct {
	Before []int `json:"before"`
	After  []int `json:"after"`
}

// Check refuses reminders that cannot be sent.
func (r DutyReminders) Check() error {
	for _, list := range [][]int{r.Before, r.After} {
		if len(list) > 5 {
			return InvalidField("duty_reminders", "duty.reminders", "责任单位事项的提醒，到期前后各不超过 5 次")
		}
		for _, n := range list {
			if n < 1 || n > 90 {
				return InvalidField("duty_reminders", "duty.reminders", "责任单位事项的提醒天数应为 1 至 90 天")
			}
		}
	}
	return nil
}

// At is the reminder that stands on a day for a deadline: the last one whose day
// came. days is negative before the deadline. A day on which nothing ran is made
// up for, but only by the newest reminder.
func (r DutyReminders) At(dueOn, today Date) (days int, ok bool) {
	over := today.Sub(dueOn)
	list, sign := r.After, 1
	if over <= 0 {
		list, sign = r.Before, -1
	}
	for _, n := range list {
		if d := n * sign; d <= over && (!ok || d > days) {
			days, ok = d, true
		}
	}
	return days, ok
}

// AgencyDutyFilter narrows a court's list of duties; zero fields do not.
type AgencyDutyFilter struct {
	CourtID, AgencyID int64
	Kind              DutyKind
	Active            bool // only those that are owed now
	After             int64
	Limit             int
}

// AgencyTaskFilter narrows a list of tasks; zero fields do not.
type AgencyTaskFilter struct {
	AgencyID int64
	DutyID   int64
	// MeasureID is the measure that they came from, 0 for any.
	MeasureID int64
	Kind      DutyKind
	// State is "" for everything that is not finished.
	State    AgencyTaskState
	Phase    TaskPhase
	From, To Date // of the deadline
	Today    Date
	After    int64 // the last task of the page before
	Limit    int
}
