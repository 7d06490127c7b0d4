package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateCleanUp opens a clean-up unless the debtor has one that runs, and tells
// which.
func (db *DB) CreateCleanUp(ctx context.Context, c *model.CleanUp) (created bool, err error) {
	c.Version = 1
	created, err = createOnce(db.q(ctx), c)
	return created, translate(err, "clean_up")
}

// RunningCleanUp is the debtor's clean-up that runs; nil when none does.
func (db *DB) RunningCleanUp(ctx context.Context, enforcementCaseID, partyID int64) (*model.CleanUp, error) {
	var list []model.CleanUp
	err := db.q(ctx).Where("active_key = ?", model.CleanUpKey(enforcementCaseID, partyID)).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "clean_up")
	}
	return &list[0], nil
}

// CleanUp is the clean-up with the id if its case is visible to the actor.
func (db *DB) CleanUp(ctx context.Context, by model.Actor, id int64) (*model.CleanUp, error) {
	var c model.CleanUp
	if err := db.q(ctx).Take(&c, "id = ?", id).Error; err != nil {
		return nil, translate(err, "clean_up")
	}
	if _, err := db.Case(ctx, by, c.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "clean_up")
		}
		return nil, err
	}
	return &c, nil
}

// CleanUps lists a case's clean-ups, the newest first: of the parties for whom
// a user of the mini-program acts, all of them for the court's staff. The
// case's own visibility is the caller's matter.
func (db *DB) CleanUps(ctx context.Context, by model.Actor, caseID int64) ([]model.CleanUp, error) {
	q := db.q(ctx).Where("case_id = ?", caseID)
	if by.IsParty() {
		q = q.Where("party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID)
	}
	var out []model.CleanUp
	err := q.Order("id DESC").Find(&out).Error
	return out, translate(err, "clean_up")
}

// CleanUpsOf lists a debtor's clean-ups in an enforcement case, the newest first.
func (db *DB) CleanUpsOf(ctx context.Context, enforcementCaseID, partyID int64) ([]model.CleanUp, error) {
	var out []model.CleanUp
	err := db.q(ctx).Where("enforcement_case_id = ? AND party_id = ?", enforcementCaseID, partyID).Order("id DESC").Find(&out).Error
	return out, translate(err, "clean_up")
}

// UpdateCleanUp writes what may change of a clean-up that was at version seen.
func (db *DB) UpdateCleanUp(ctx context.Context, c *model.CleanUp, seen int64) error {
	c.Version = seen + 1
	return changed(db.q(ctx).Model(&model.CleanUp{}).Where("id = ? AND version = ?", c.ID, seen).
		Select("state", "interest_fen", "hold_reason", "held_by", "held_at", "close_reason", "closed_at", "active_key", "version", "updated_at").Updates(c), "clean_up")
}

// CleanUpLines lists a court's clean-ups that run, with how many of their tasks
// are open and late, for its leaders and officers.
func (db *DB) CleanUpLines(ctx context.Context, courtID int64, f model.CleanUpFilter) ([]model.CleanUpLine, error) {
	q := db.q(ctx).Table("clean_ups").Where("clean_ups.court_id = ? AND clean_ups.state IN ?", courtID, []model.CleanUpState{model.CleanUpOpen, model.CleanUpHeld})
	if f.OfficerID != 0 {
		q = q.Where("e.court_id = ? AND e.officer_id = ?", courtID, f.OfficerID) // along enforcement_cases_officer
	}
	if f.JudgeID != 0 {
		q = q.Where("clean_ups.case_id IN (SELECT id FROM cases WHERE court_id = ? AND judge_id = ?)", courtID, f.JudgeID)
	}
	if f.Late {
		q = q.Where("EXISTS (SELECT 1 FROM tasks WHERE tasks.group_key = CONCAT('clean_up:', clean_ups.id) AND tasks.state = ? AND tasks.due_at < ?)", model.TaskOpen, db.Now())
	}
	if f.Before > 0 {
		q = q.Where("clean_ups.id < ?", f.Before)
	}
	var out []model.CleanUpLine
	err := q.Select("clean_ups.*, e.case_no AS case_no, parties.name AS debtor, COALESCE(users.name, '') AS officer").
		Joins("JOIN enforcement_cases e ON e.id = clean_ups.enforcement_case_id").Joins("JOIN parties ON parties.id = clean_ups.party_id").
		Joins("LEFT JOIN users ON users.id = e.officer_id").Order("clean_ups.id DESC").Limit(f.Limit).Scan(&out).Error
	if err != nil {
		return nil, translate(err, "clean_up")
	}
	at := map[string]int{}
	var groups []string
	for i, l := range out {
		at[l.Group()], groups = i, append(groups, l.Group())
	}
	tasks, err := db.GroupTasks(ctx, groups...)
	for _, t := range tasks {
		l := &out[at[t.GroupKey]]
		if t.State != model.TaskOpen {
			continue
		}
		l.Open++
		if t.Late(db.Now()) {
			l.Late++
		}
		if l.NextDue.IsZero() || t.DueAt.Before(l.NextDue) {
			l.NextDue = t.DueAt
		}
	}
	return out, err
}
