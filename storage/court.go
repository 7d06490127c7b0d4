package storage

import (
	"context"
	"slices"
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

// Court is the court with the id.
func (db *DB) Court(ctx context.Context, id int64) (*model.Court, error) {
	var c model.Court
	err := db.q(ctx).Take(&c, "id = ?", id).Error
	model.AddCaseTypes(c.Settings)
	return &c, translate(err, "court")
}

// CourtByCode is the court with the code (法院代字), e.g. 浙0211.
func (db *DB) CourtByCode(ctx context.Context, code string) (*model.Court, error) {
	var c model.Court
	err := db.q(ctx).Take(&c, "code = ?", code).Error
	model.AddCaseTypes(c.Settings)
	return &c, translate(err, "court")
}

// CreateCourt adds a court.
func (db *DB) CreateCourt(ctx context.Context, c *model.Court) error {
	if err := db.checkNumbers(ctx, c); err != nil {
		return err
	}
	return translate(db.q(ctx).Create(c).Error, "court")
}

// checkNumbers refuses a court whose papers could bear the numbers of others.
// The courts are locked, so that two that are set at once see each other.
func (db *DB) checkNumbers(ctx context.Context, c *model.Court) error {
	var all []model.Court
	if err := db.forUpdate(ctx).Order("id").Limit(1000).Find(&all).Error; err != nil {
		return translate(err, "court")
	}
	if slices.ContainsFunc(all, func(o model.Court) bool { return c.ID == 0 && o.Code == c.Code }) {
		return nil // it is there already, which its code will say
	}
	return c.CheckNumbers(all)
}

// Courts lists the courts.
func (db *DB) Courts(ctx context.Context) ([]model.Court, error) {
	var out []model.Court
	err := db.q(ctx).Order("id").Limit(1000).Find(&out).Error
	for _, c := range out {
		model.AddCaseTypes(c.Settings)
	}
	return out, translate(err, "court")
}

// UpdateCourt writes a court's particulars and settings.
func (db *DB) UpdateCourt(ctx context.Context, c *model.Court) error {
	if err := db.checkNumbers(ctx, c); err != nil {
		return err
	}
	settings := c.Settings
	db.OnCommit(func() { db.courts.forget(c.ID); model.AddCaseTypes(settings) })
	return changed(db.q(ctx).Model(&model.Court{}).Where("id = ?", c.ID).
		Select("name", "short_name", "phone", "address", "account", "settings").Updates(c), "court")
}
