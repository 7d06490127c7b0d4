package model

import (
	"testing"
	"time"
)

// Decided is not done: each kind waits for its execution and, where there is
// something to undo, for that of its lifting; what proves nothing is refused.
func TestTheExecutionsOfMeasures(t *testing.T) {
	t.Parallel()
	now := measureDay.Start().Add(9 * time.Hour)
	earlier := now.Add(-time.Hour)
	for _, k := range MeasureKinds {
		m := Measure{Kind: k, State: MeasureInForce, Version: 1, DecidedAt: &earlier, FromAt: &earlier}
		if m.Pending() != "已决定、未执行" || m.PendingPhase() != PhaseExecute || k.Execution(PhaseExecute).Done == "" {
			t.Fatalf("%s: %q", k, m.Pending())
		}
		good := MeasureExecution{Phase: PhaseExecute, At: now, Place: "镇海分局", Number: "A1"}
		for name, tt := range map[string]struct {
			change func(*MeasureExecution)
			seen   int64
			reason string
		}{
			"no phase":            {func(x *MeasureExecution) { x.Phase = "" }, 1, "measure.execution"},
			"another version":     {func(*MeasureExecution) {}, 2, "measure.changed"},
			"of the lifting":      {func(x *MeasureExecution) { x.Phase = PhaseUndo }, 1, "measure.executed"},
			"in the future":       {func(x *MeasureExecution) { x.At = now.Add(time.Minute) }, 1, "measure.execution"},
			"before the decision": {func(x *MeasureExecution) { x.At = earlier.Add(-time.Minute) }, 1, "measure.execution"},
			"nothing that proves": {func(x *MeasureExecution) { x.Number = " " }, 1, "measure.execution"},
		} {
			x, of := good, m
			tt.change(&x)
			if err := of.Execute(&x, tt.seen, now); ReasonOf(err) != tt.reason {
				t.Errorf("%s %s: %v", k, name, err)
			}
		}
		if k.Execution(PhaseExecute).Place {
			x := good
			x.Place = ""
			refusedBy(t, "nowhere", m.Execute(&x, 1, now), "measure.execution", "哪个单位")
		}
		if err := m.Execute(&good, 1, now); err != nil || m.Pending() != "" || !m.ExecutedAt.Equal(now) {
			t.Errorf("%s: %v %q", k, err, m.Pending())
		}
		m.State, m.LiftedAt = MeasureLifted, &now
		if k == MeasureFine {
			if m.Pending() != "" {
				t.Error("a fine that is lifted waits")
			}
			continue
		}
		undo := MeasureExecution{Phase: PhaseUndo, At: now, Place: "拘留所", Note: "回执"}
		if m.Pending() != "已决定解除、未执行" {
			t.Errorf("%s: lifted, and %q", k, m.Pending())
		}
		if err := m.Execute(&undo, 1, now); err != nil || m.Pending() != "" || undo.Entry() != EntryUndone {
			t.Errorf("%s: %v %q", k, err, m.Pending())
		}
		m.FromAt, m.UndoneAt = nil, nil
		if m.Pending() != "" {
			t.Errorf("%s: what never took effect is to be undone", k)
		}
	}
}
