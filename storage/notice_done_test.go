package storage

import (
	"testing"

	"microcourt/model"
)

// Every kind of notice that asks for something says when it is done, and no other
// does.
func TestWhatAsksIsDoneSomeday(t *testing.T) {
	t.Parallel()
	for _, k := range model.NoticeKinds() {
		if _, done := noticeDone[k]; done != k.Asks() {
			t.Errorf("%s (%s) asks: %v, and is done: %v", k, k.Chinese(), k.Asks(), done)
		}
	}
}
