package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// JobRuns is how the jobs of all processes went the last time.
func (db *DB) JobRuns(ctx context.Context) (map[string]model.JobRun, error) {
	var rows []model.JobRun
	err := db.q(ctx).Find(&rows).Error
	out := make(map[string]model.JobRun, len(rows))
	for _, r := range rows {
		out[r.Name] = r
	}
	return out, translate(err, "job")
}

// RecordJob notes how a run of a job went; its failures in a row are counted.
func (db *DB) RecordJob(ctx context.Context, r model.JobRun) error {
	set := map[string]any{"started_at": r.StartedAt, "ended_at": r.EndedAt, "next_at": r.NextAt, "problem": r.Problem, "failures": 0, "succeeded_at": r.EndedAt}
	if r.Problem == "" {
		r.SucceededAt = &r.EndedAt
	} else {
		set["failures"] = gorm.Expr("job_runs.failures + 1")
		delete(set, "succeeded_at")
		r.Failures = 1
	}
	err := db.q(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.Assignments(set)}).Create(&r).Error
	return translate(err, "job")
}

// ChannelCounts counts a court's outside messages that were made since a
// moment, by channel and outcome. It reads the index outbox_recent alone.
func (db *DB) ChannelCounts(ctx context.Context, courtID int64, since time.Time) ([]model.ChannelCount, error) {
	var out []model.ChannelCount
	err := db.q(ctx).Model(&model.OutboxMessage{}).Where("court_id = ? AND created_at >= ?", courtID, since).
		Select("channel, state, COUNT(*) AS n").Group("channel, state").Scan(&out).Error
	return out, translate(err, "outbox")
}
