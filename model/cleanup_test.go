package model

import "testing"

// Going on with what was held needs the page that one saw; a clean-up that ended
// frees the debtor for another.
func TestGoingOnWithACleanUp(t *testing.T) {
	t.Parallel()
	key := CleanUpKey(7, 2)
	c := CleanUp{ID: 1, State: CleanUpHeld, HoldReason: "尚欠利息", HeldBy: 40, Version: 2, ActiveKey: &key}
	if err := c.Resume(1); ReasonOf(err) != "clean_up.changed" || c.State != CleanUpHeld {
		t.Errorf("resumed from an old page: %v", err)
	}
	if err := c.Resume(2); err != nil || c.State != CleanUpOpen || c.HoldReason != "" || c.HeldBy != 0 || c.ActiveKey == nil {
		t.Errorf("%v, %+v", err, c)
	}
	c.Close(CleanUpDone, "已全部解除", queryNow)
	if c.State.Runs() || c.ActiveKey != nil || c.ClosedAt == nil || c.CloseReason != "已全部解除" {
		t.Errorf("%+v", c)
	}
	if err := c.Resume(2); ReasonOf(err) != "clean_up.changed" {
		t.Errorf("a clean-up that ended goes on: %v", err)
	}
}
