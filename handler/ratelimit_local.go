package handler

import (
	"context"
	"sync"
	"time"

	"github.com/go-chi/httprate"
)

// LocalCounter counts requests in this process, in a window of one minute that
// slides: of the minute before, the share that is not over yet counts.
type LocalCounter struct {
	now    func() time.Time
	mu     sync.Mutex // from the look to the count, never over a call
	counts httprate.LimitCounter
}

// NewLocalCounter makes an empty counter.
func NewLocalCounter(now func() time.Time) *LocalCounter {
	return &LocalCounter{now: now, counts: httprate.NewLocalLimitCounter(time.Minute)}
}

// Take implements Counter. It does not fail.
func (l *LocalCounter) Take(_ context.Context, buckets []Bucket) (full bool, err error) {
	now := l.now().UTC()
	this := now.Truncate(time.Minute)
	before := this.Add(-time.Minute)
	left := 1 - float64(now.Sub(this))/float64(time.Minute)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range buckets {
		n, old, err := l.counts.Get(b.Key, this, before)
		if err != nil || float64(n)+float64(old)*left+1 > float64(b.Limit)+0.5 {
			return true, err
		}
	}
	for _, b := range buckets {
		if err := l.counts.IncrementBy(b.Key, this, 1); err != nil {
			return false, err
		}
	}
	return false, nil
}
