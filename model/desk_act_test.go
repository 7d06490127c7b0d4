package model

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Whoever comes too late to take an act back is told that it took effect only where it
// did: one whose time is over may still turn out to be impossible.
func TestTooLateToTakeBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	for _, kind := range []DeskActKind{DecideConfirm, DecideReturn, DecideCorrect, DecideAnswer} {
		for state, done := range map[DeskActState]bool{DecisionPending: false, DecisionCarriedOut: true} {
			d := DeskAct{Kind: kind, State: state, CaseNo: "（2026）浙0211民初1号", AmountFen: 100, EndsAt: now}
			err := d.Undo(1, now)
			if ReasonOf(err) != "decision.late" || d.State != state {
				t.Fatalf("%s %s: %v", kind, state, err)
			}
			e, _ := errors.AsType[*Error](err)
			if said := strings.Contains(e.Message, "已经生效") || strings.Contains(e.Message, "已经发出"); said != done {
				t.Errorf("%s %s: %s", kind, state, e.Message)
			}
		}
	}
}
