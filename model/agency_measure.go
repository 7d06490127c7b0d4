package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TaskPhase says which side of a measure a task is about; "" for a task that
// comes back with the calendar.
type TaskPhase string

// The phases.
const (
	PhaseApply TaskPhase = "apply" // the person is under the measure: restrict him
	PhaseLift  TaskPhase = "lift"  // the measure is over: lift what was restricted
)

// Chinese is the phase's name on screens.
func (p TaskPhase) Chinese() string {
	return map[TaskPhase]string{PhaseApply: "落实惩戒", PhaseLift: "解除惩戒"}[p]
}

// DutyMeasures lists the measures that can begin a duty: those that are told to
// other units.
var DutyMeasures = []MeasureKind{MeasureListing, MeasureConsumption}

const maxDutyDays = 180

// checkEach refuses what cannot be of a duty that is owed with each measure, and
// what only such a duty has of another one.
func (d *AgencyDuty) checkEach() error {
	if d.Recurrence != RecurEach {
		d.DueDays, d.LiftDays, d.Measures, d.Subjects = 0, 0, []MeasureKind{}, "" // never nil: a column that is not null
		return nil
	}
	slices.Sort(d.Measures)
	d.Measures = slices.Compact(d.Measures)
	var wrong Faults
	wrong.If(d.Kind != DutySanction, "recurrence", "duty.recurrence", "只有联合惩戒事项可以按每案落实")
	wrong.If(d.DueDays < 1 || d.DueDays > maxDutyDays, "due_days", "duty.days", "按每案落实的事项，时限应为 1 至 180 个工作日")
	wrong.If(d.LiftDays < 0 || d.LiftDays > maxDutyDays, "lift_days", "duty.days", "解除时限应为 1 至 180 个工作日；不需要报送解除的不填")
	wrong.If(d.Subjects != "" && d.Subjects != Person && d.Subjects != Organisation, "subjects", "duty.subjects", "适用对象应为自然人、单位或不填")
	wrong.If(len(d.Measures) == 0 || slices.ContainsFunc(d.Measures, func(k MeasureKind) bool { return !slices.Contains(DutyMeasures, k) }), "measures", "duty.measures", "请选择适用的措施：失信被执行人名单、限制高消费")
	return wrong.Err()
}

// MeasureNames are the measures that begin the duty, in words.
func (d AgencyDuty) MeasureNames() string { return measureNames(d.Measures) }

func measureNames(list []MeasureKind) string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = k.Chinese()
	}
	return strings.Join(out, "、")
}

// For tells whether the duty is owed for a measure.
func (d AgencyDuty) For(m Measure) bool {
	return d.Active() && d.Recurrence == RecurEach && slices.Contains(d.Measures, m.Kind) && (d.Subjects == "" || d.Subjects == m.SubjectKind)
}

// MeasureTask is the task of the duty for one phase of a measure that begins on
// a day. Its number follows from measure and phase, so that no measure opens it
// twice.
func (d AgencyDuty) MeasureTask(c *Calendar, m Measure, phase TaskPhase, from Date) AgencyTask {
	t := AgencyTask{
		CourtID: d.CourtID, AgencyID: d.AgencyID, DutyID: d.ID, Kind: d.Kind, MeasureID: m.ID, Phase: phase, State: AgencyTaskOpen,
		Seq: int(2 * m.ID), DueOn: c.Workdays(from, d.DueDays),
	}
	if phase == PhaseLift {
		t.Seq++
		t.DueOn = c.Workdays(from, d.LiftDays)
	}
	return t
}

// Kept tells whether the task outlives its duty: what was restricted has to be
// lifted, whoever owes it now.
func (t AgencyTask) Kept() bool { return t.Phase == PhaseLift }

// DutyList is one loading of the court's list of duties: a version. What was
// owed under an earlier one stays on record.
type DutyList struct {
	ID        int64
	CourtID   int64
	Version   int64
	Source    string // the document or file, in words
	SHA256    string `gorm:"column:sha256"`
	Duties    int
	Created   int
	Changed   int
	Ended     int
	ByUserID  int64 // 0: the system
	CreatedAt time.Time
}

// DutyBackfill opens the tasks of the duties of a list, or of one duty, for the
// measures that were in force when it was loaded (补发任务). A worker does it in
// pieces: AfterID is the last measure it looked at, so that one that was cut off
// goes on where it stood.
type DutyBackfill struct {
	ID       int64
	CourtID  int64
	ListID   int64 // of a list, otherwise 0
	DutyID   int64 // of a single duty, otherwise 0
	FromOn   Date  // the time limits run from the day of the loading
	AfterID  int64
	Measures int // looked at
	Opened   int // tasks
	// Agencies are the tasks that were opened, by agency.
	Agencies map[int64]int `gorm:"serializer:json"`
	// LeftOut are the measures whose tasks could not be opened. They keep no other
	// from its tasks and are tried again until they have theirs, never nil.
	LeftOut   []int64 `gorm:"serializer:json"`
	DoneAt    *time.Time
	ByUserID  int64
	CreatedAt time.Time
}

// DutiesBackfilledNotice tells somebody in an agency how many tasks came of a
// new list or duty for measures that were in force before.
func DutiesBackfilledNotice(b DutyBackfill, agencyID, userID int64) Notice {
	n := b.Agencies[agencyID]
	title := fmt.Sprintf("有 %d 项联合惩戒事项待落实", n)
	return Notice{
		CourtID: b.CourtID, Kind: NoticeDutyOpened, DedupeKey: fmt.Sprintf("%s:backfill:%d:%d", NoticeDutyOpened, b.ID, agencyID), Title: title,
		Body: paragraphs("人民法院更新了联合惩戒事项，已经生效的措施也需落实，请登录后查看对象，按时落实并报送。", "时限自"+b.FromOn.Chinese()+"起算。"), Page: "pages/agency/tasks",
	}.staffTo(userID)
}

// DutyOpenedNotice tells somebody in an agency that a measure began or ended and
// how many things that asks of his agency. It does not name the person.
func DutyOpenedNotice(m Measure, agencyID int64, phase TaskPhase, n int, dueOn Date, userID int64) Notice {
	title := fmt.Sprintf("有 %d 项联合惩戒事项待落实", n)
	body := "人民法院对一名被执行人采取了" + m.Kind.Chinese() + "措施，请登录后查看对象，按时落实并报送。"
	if phase == PhaseLift {
		title = fmt.Sprintf("有 %d 项惩戒待解除", n)
		body = "人民法院已解除对一名被执行人的" + m.Kind.Chinese() + "措施，请登录后查看对象，按时解除并报送。"
	}
	return Notice{
		CourtID: m.CourtID, Kind: NoticeDutyOpened, DedupeKey: fmt.Sprintf("%s:%d:%s:%d", NoticeDutyOpened, m.ID, phase, agencyID), Title: title,
		Body: paragraphs(body, "最早时限："+dueOn.Chinese()), Page: "pages/agency/tasks",
	}.staffTo(userID).about(ThingMeasure.Of(m.ID))
}
