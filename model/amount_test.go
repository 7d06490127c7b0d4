package model

import "testing"

func TestAmountsThatCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	for f, reason := range map[Fen]string{-1: "amount.positive", 0: "amount.positive", 1: "", MaxFen: "", MaxFen + 1: "amount.too_large"} {
		if err := CheckAmount("amount", f); ReasonOf(err) != reason {
			t.Errorf("%d: %v, want %q", f, err, reason)
		}
	}
}
