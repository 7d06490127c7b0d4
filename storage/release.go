package storage

import (
	"context"

	"microcourt/model"
)

// CreateReleaseReview adds a release review.
func (db *DB) CreateReleaseReview(ctx context.Context, r *model.ReleaseReview) error {
	r.Version, r.CreatedAt = 1, db.Now()
	return translate(db.q(ctx).Create(r).Error, "release")
}

// ReleaseReviewByKey is the review that a user proposed under a key, nil when there is
// none.
func (db *DB) ReleaseReviewByKey(ctx context.Context, userID int64, key string) (*model.ReleaseReview, error) {
	var list []model.ReleaseReview
	err := db.q(ctx).Where("proposed_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "release")
	}
	return &list[0], nil
}

// ReleaseReview is the release review with the id; that its case is the actor's is the
// caller's matter.
func (db *DB) ReleaseReview(ctx context.Context, id int64) (*model.ReleaseReview, error) {
	var r model.ReleaseReview
	err := db.q(ctx).Take(&r, "id = ?", id).Error
	return &r, translate(err, "release")
}

// CaseReviews lists the release reviews of a case, the oldest first.
func (db *DB) CaseReviews(ctx context.Context, caseID int64) ([]model.ReleaseReview, error) {
	var out []model.ReleaseReview
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "release")
}

// OpenReview is the review of an enforcement case that waits for a decision,
// nil when there is none.
func (db *DB) OpenReview(ctx context.Context, enforcementCaseID int64) (*model.ReleaseReview, error) {
	var list []model.ReleaseReview
	err := db.q(ctx).Where("enforcement_case_id = ? AND state = ?", enforcementCaseID, model.ReleaseOpen).Order("id DESC").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "release")
	}
	return &list[0], nil
}

// UpdateReview writes what became of a review.
func (db *DB) UpdateReleaseReview(ctx context.Context, r *model.ReleaseReview, seen int64) error {
	r.Version = seen + 1
	return changed(db.q(ctx).Model(&model.ReleaseReview{}).Where("id = ? AND version = ?", r.ID, seen).
		Select("state", "decision_reason", "decided_by", "decided_at", "version").Updates(r), "release")
}

// ReleaseReviews lists a court's release reviews along release_reviews_court.
func (db *DB) ReleaseReviews(ctx context.Context, courtID int64, f model.ReviewFilter) ([]model.ReviewLine, error) {
	q := db.q(ctx).Table("release_reviews").Where("release_reviews.court_id = ? AND release_reviews.id > ?", courtID, f.After)
	if f.State != "" {
		q = q.Where("release_reviews.state = ?", f.State)
	}
	if f.OfficerID != 0 {
		q = q.Where("e.court_id = ? AND e.officer_id = ?", courtID, f.OfficerID) // along enforcement_cases_officer
	}
	var out []model.ReviewLine
	err := q.Select("release_reviews.*, e.case_no AS case_no").Joins("JOIN enforcement_cases e ON e.id = release_reviews.enforcement_case_id").
		Order("release_reviews.id").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "release")
}
