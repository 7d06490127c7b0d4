package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// ExecutionPhase is what is carried out: the decision to take a measure, or the
// decision to lift it. Decided is not done.
type ExecutionPhase string

// The phases.
const (
	PhaseExecute ExecutionPhase = "execute" // 采取
	PhaseUndo    ExecutionPhase = "undo"    // 解除
)

// ExecutionPhases lists the phases.
var ExecutionPhases = []ExecutionPhase{PhaseExecute, PhaseUndo}

// Chinese is the phase in words.
func (p ExecutionPhase) Chinese() string {
	return map[ExecutionPhase]string{PhaseExecute: "执行决定", PhaseUndo: "执行解除"}[p]
}

// ExecutionRule is what carrying out a kind in a phase means.
type ExecutionRule struct {
	Done string // what is recorded, "" where nothing is
	// Place says that the place, or the authority that took it, has to be named.
	Place bool
}

// executionRules: a detention is carried out by being taken in, see Detain.
var executionRules = map[MeasureKind][2]ExecutionRule{
	MeasureListing:     {{"已上传失信名单库", false}, {"已从失信名单库删除", false}},
	MeasureConsumption: {{"已送达并上传限制消费名单", false}, {"已从限制消费名单删除", false}},
	MeasureTracing:     {{"已报公安机关布控", true}, {"已报公安机关解除", true}},
	MeasureExitBan:     {{"已报出入境管理机关", true}, {"已报出入境管理机关解除", true}},
	MeasureDetention:   {{"已收拘", true}, {"已释放", true}},
	MeasureFine:        {{"已送达", false}, {"", false}},
}

// Execution is what carrying out the kind in a phase means.
func (k MeasureKind) Execution(p ExecutionPhase) ExecutionRule {
	if p == PhaseUndo {
		return executionRules[k][1]
	}
	return executionRules[k][0]
}

// needs are the particulars in words, for the documentation.
func (r ExecutionRule) needs() string {
	switch {
	case r.Done == "":
		return "—"
	case r.Place:
		return "时间、地点或者单位、回执（编号、经过或者文件）"
	}
	return "时间、回执（编号、经过或者文件）"
}

// MeasureExecution is how a decision was carried out. It is kept as an entry of the
// measure's history.
type MeasureExecution struct {
	Phase  ExecutionPhase
	At     time.Time
	Place  string // where, or which authority
	Number string // that the register or authority returned
	Note   string
	FileID int64 // the proof, e.g. 拘留所回执
}

// Entry is the kind of the history's line.
func (x MeasureExecution) Entry() MeasureEntryKind {
	if x.Phase == PhaseUndo {
		return EntryUndone
	}
	return EntryExecuted
}

// Pending is what of the measure is decided and not carried out, "" when nothing is.
// Nothing has to be undone of what never took effect, and of a fine.
func (m Measure) Pending() string {
	switch {
	case m.State == MeasureInForce && m.ExecutedAt == nil && (m.Kind != MeasureFine || m.ServedOn.IsZero()):
		return "已决定、未执行"
	case (m.State == MeasureLifted || m.State == MeasureExpired) && m.FromAt != nil && m.UndoneAt == nil && m.Kind.Execution(PhaseUndo).Done != "":
		return "已决定解除、未执行"
	}
	return ""
}

// PendingPhase is which decision is to be carried out, "" when none is.
func (m Measure) PendingPhase() ExecutionPhase {
	switch {
	case m.Pending() == "":
		return ""
	case m.State == MeasureInForce:
		return PhaseExecute
	}
	return PhaseUndo
}

// ExecutionClock is within how many working days of its decision a measure is to be
// uploaded, reported or carried out, before the officer and the leaders are reminded:
// three unless the court set another. The rules name no term for it (失信规定 7: 及时);
// three are what they give for the contrary, the deletion (失信规定 10).
func (s CourtSettings) ExecutionClock() int {
	if s.ExecutionDays == 0 {
		return 3
	}
	return s.ExecutionDays
}

// ExecuteBy is until when a measure that was decided is to be carried out, and why.
func (m Measure) ExecuteBy(days *Calendar, s CourtSettings) Period {
	from := *m.DecidedAt
	if m.FromAt != nil && m.Kind != MeasureDetention { // after its days of grace
		from = *m.FromAt
	}
	p := days.WorkdaysPeriod(DateOf(from), s.ExecutionClock(), "决定"+m.Kind.Chinese())
	p.Reason += "（本院设置；法律没有规定天数，参照删除失信信息的期限），逾期未执行的，提醒承办人和院领导"
	return p
}

// AwaitsExecution tells whether a decision to take the measure waits to be carried out:
// also a detention for which nobody was taken.
func (m Measure) AwaitsExecution() bool {
	return m.PendingPhase() == PhaseExecute || m.Kind == MeasureDetention && m.State == MeasureDecided && m.GraceUntil.IsZero()
}

// Execute records that a decision was carried out.
func (m *Measure) Execute(x *MeasureExecution, seen int64, now time.Time) error {
	x.Place, x.Number, x.Note = Clean(x.Place), Clean(x.Number), strings.TrimSpace(x.Note)
	rule, from := m.Kind.Execution(x.Phase), m.DecidedAt
	switch {
	case x.Phase == PhaseUndo && m.State == MeasureExpired: // nobody decided: its time was over
		from = m.EndsAt
	case x.Phase == PhaseUndo:
		from = m.LiftedAt
	}
	if x.Phase.Chinese() == "" { // then nothing can be held against it
		return InvalidField("phase", "measure.execution", "请选择登记的是采取措施还是解除措施的执行")
	}
	if m.Version != seen {
		return E(Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
	}
	if m.PendingPhase() != x.Phase {
		return E(Conflict, "measure.executed", "该措施没有等待执行的决定（"+m.State.Chinese()+"），请刷新后查看")
	}
	var wrong Faults
	wrong.If(x.At.After(now) || from != nil && x.At.Before(from.Truncate(time.Minute)), "at", "measure.execution", "执行的时间应在作出决定之后，且不晚于现在")
	wrong.If(rule.Place && x.Place == "" || utf8.RuneCountInString(x.Place) > 100, "place", "measure.execution", "请填写在哪里或者由哪个单位执行（如拘留所、受理的公安机关），不超过 100 字")
	wrong.If(x.Number == "" && x.Note == "" && x.FileID == 0, "number", "measure.execution", "请填写对方返回的编号或者办理经过，或者上传回执，作为“"+rule.Done+"”的证明")
	wrong.If(utf8.RuneCountInString(x.Number) > 100 || utf8.RuneCountInString(x.Note) > 400, "number", "measure.execution", "编号不超过 100 字，经过不超过 400 字")
	if err := wrong.Err(); err != nil {
		return err
	}
	at := x.At.UTC()
	if x.Phase == PhaseUndo {
		m.UndoneAt = &at
	} else {
		m.ExecutedAt = &at
	}
	return nil
}
