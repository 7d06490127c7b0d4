package storage

import (
	"context"

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
