package storage

import (
	"context"
	"sync"
	"time"

	"microcourt/model"
)

// courtFor is how long a court that was read serves the outbox. Another
// process may have changed its settings meanwhile: a card then still goes by
// the old ones for that long.
const courtFor = time.Second

// courtCache keeps courts as they were read a moment ago, because every notice
// asks for its court's channels and quiet hours.
type courtCache struct {
	mu     sync.Mutex
	courts map[int64]readCourt
}

type readCourt struct {
	model.Court
	at time.Time
}

func (c *courtCache) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.courts, id)
}

// recentCourt is the court as it was at most courtFor ago. It is not to be
// changed.
func (db *DB) recentCourt(ctx context.Context, id int64) (*model.Court, error) {
	db.courts.mu.Lock()
	known, ok := db.courts.courts[id]
	db.courts.mu.Unlock()
	if ok && time.Since(known.at) < courtFor {
		return &known.Court, nil
	}
	court, err := db.Court(ctx, id)
	if err != nil {
		return nil, err
	}
	db.courts.mu.Lock()
	defer db.courts.mu.Unlock()
	if db.courts.courts == nil {
		db.courts.courts = map[int64]readCourt{}
	}
	db.courts.courts[id] = readCourt{*court, time.Now()}
	return court, nil
}
