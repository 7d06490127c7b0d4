package model

import (
	"fmt"
	"math/bits"
	"time"
)

// Throttle says how failures of one subject slow it down: the first Free ones
// cost nothing, after that each next try has to wait, First at first and twice
// as long each time, never longer than Most. After Window without a failure
// everything is forgotten. Nobody is locked out for good by somebody else.
type Throttle struct {
	Free        int
	First, Most time.Duration
	Window      time.Duration
}

// Wait is how long the next try has to wait after so many failures.
func (t Throttle) Wait(failures int) time.Duration {
	if failures < t.Free {
		return 0
	}
	doublings := failures - t.Free
	if doublings >= bits.Len64(uint64(t.Most/max(t.First, 1))) {
		return t.Most
	}
	return min(t.First<<doublings, t.Most)
}

// Throttles of tries. Who tries is limited first, by himself and by his
// network; what he tries is limited only for those who failed with it before or
// whom nobody knows, so that strangers cannot shut its owner out.
var (
	// ThrottleLogin is for one account from one place.
	ThrottleLogin = Throttle{Free: 5, First: 15 * time.Second, Most: 15 * time.Minute, Window: 24 * time.Hour}
	// ThrottleAccount is for one account from everywhere where it was never used.
	ThrottleAccount = Throttle{Free: 20, First: 15 * time.Second, Most: 15 * time.Minute, Window: 24 * time.Hour}
	// ThrottleNetwork is for one network, whatever account it tries.
	ThrottleNetwork = Throttle{Free: 40, First: 5 * time.Second, Most: 5 * time.Minute, Window: time.Hour}
	// ThrottleBinder is for one person who names people as himself.
	ThrottleBinder = Throttle{Free: 5, First: 10 * time.Minute, Most: 24 * time.Hour, Window: 24 * time.Hour}
	// ThrottleBinders is for one network from which people are named: a court's hall
	// has one address.
	ThrottleBinders = Throttle{Free: 40, First: time.Minute, Most: time.Hour, Window: time.Hour}
	// ThrottleBound is for one ID number that is named; it slows only those who
	// named somebody in vain before.
	ThrottleBound = Throttle{Free: 5, First: time.Minute, Most: time.Hour, Window: 24 * time.Hour}
)

// WaitText is a wait as one says it, rounded up.
func WaitText(d time.Duration) string {
	switch {
	case d <= time.Minute:
		return fmt.Sprintf("%d 秒", max(1, int((d+time.Second-1)/time.Second)))
	case d <= time.Hour:
		return fmt.Sprintf("%d 分钟", int((d+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf("%d 小时", int((d+time.Hour-1)/time.Hour))
}
