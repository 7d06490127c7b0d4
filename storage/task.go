package storage

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// AddTask adds a task once by its key: a reason that is there already makes no
// second one. It tells whether it is new.
func (db *DB) AddTask(ctx context.Context, t model.Task) (created bool, err error) {
	if t.State == "" {
		t.State = model.TaskOpen
	}
	t.Version, t.CreatedAt = 1, db.Now()
	created, err = createOnce(db.q(ctx), &t)
	return created, translate(err, "task")
}

// LockTask is the task with the id for a transaction that changes it; that its
// case is the actor's is the caller's matter.
func (db *DB) LockTask(ctx context.Context, id int64) (*model.Task, error) {
	var t model.Task
	err := db.forUpdate(ctx).Take(&t, "id = ?", id).Error
	return &t, translate(err, "task")
}

// UpdateTask writes how far a task has come.
func (db *DB) UpdateTask(ctx context.Context, t *model.Task, seen int64) error {
	t.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Task{}).Where("id = ? AND version = ?", t.ID, seen).
		Select("state", "result", "file_id", "done_by", "done_at", "escalated_at", "due_at", "due_reason", "version").Updates(t), "task")
}

// EarlierTasks lists the open tasks of a task's group that come before it.
func (db *DB) EarlierTasks(ctx context.Context, t model.Task) ([]model.Task, error) {
	if t.GroupKey == "" {
		return nil, nil
	}
	var out []model.Task
	err := db.q(ctx).Where("group_key = ? AND seq < ? AND state = ?", t.GroupKey, t.Seq, model.TaskOpen).Order("seq, id").Find(&out).Error
	return out, translate(err, "task")
}

// SubjectTasks lists the tasks about a thing, the oldest first.
func (db *DB) SubjectTasks(ctx context.Context, caseID int64, about model.Thing) ([]model.Task, error) {
	var out []model.Task
	err := db.q(ctx).Where("case_id = ? AND subject_kind = ? AND subject_id = ?", caseID, about.Kind, about.ID).Order("id").Find(&out).Error
	return out, translate(err, "task")
}

// CaseTasks lists the tasks of a case in the order of their clocks.
func (db *DB) CaseTasks(ctx context.Context, caseID int64) ([]model.Task, error) {
	var out []model.Task
	err := db.q(ctx).Where("case_id = ?", caseID).Order("due_at, id").Find(&out).Error
	return out, translate(err, "task")
}

// EndTasks ends the open tasks that match, as done or as cancelled. by is 0 when
// nobody but the facts ended them.
func (db *DB) EndTasks(ctx context.Context, state model.TaskState, by int64, result string, m model.TaskMatch) error {
	q, err := matchTasks(db.q(ctx).Model(&model.Task{}), m)
	if err != nil {
		return err
	}
	return translate(q.Where("state = ?", model.TaskOpen).Updates(map[string]any{
		"state": state, "result": result, "done_by": by, "done_at": db.Now(), "version": gorm.Expr("version + 1"),
	}).Error, "task")
}

// matchTasks narrows q to the tasks that match. Each match runs along an index:
// of the case, the enforcement case, the group or the key.
func matchTasks(q *gorm.DB, m model.TaskMatch) (*gorm.DB, error) {
	if m.CaseID == 0 && m.EnforcementCaseID == 0 && m.GroupKey == "" && m.DedupeKey == "" {
		return nil, errors.New("storage: a match of tasks that names no case, group or key")
	}
	if m.CaseID != 0 {
		q = q.Where("case_id = ?", m.CaseID)
	}
	if m.EnforcementCaseID != 0 {
		q = q.Where("enforcement_case_id = ?", m.EnforcementCaseID)
	}
	if m.Kinds != nil {
		q = q.Where("kind IN ?", m.Kinds)
	}
	if m.Subject != (model.Thing{}) {
		q = q.Where("subject_kind = ? AND subject_id = ?", m.Subject.Kind, m.Subject.ID)
	}
	if m.PartyID != 0 {
		q = q.Where("party_id = ?", m.PartyID)
	}
	if m.GroupKey != "" {
		q = q.Where("group_key = ?", m.GroupKey)
	}
	if m.DedupeKey != "" {
		q = q.Where("dedupe_key = ?", m.DedupeKey)
	}
	return q, nil
}

// setObjectionOwners gives the open tasks about objections to receipts of a case to
// whoever is responsible for the receipt now: the officer, else the judge.
func (db *DB) setObjectionOwners(ctx context.Context, caseID int64) error {
	const now = "(SELECT CASE WHEN receipts.officer_id <> 0 THEN receipts.officer_id ELSE receipts.judge_id END FROM receipts WHERE receipts.id = tasks.subject_id)"
	err := db.q(ctx).Model(&model.Task{}).Where("case_id = ? AND kind = ? AND subject_kind = ? AND state = ?", caseID, model.TaskObjection, model.ThingReceipt, model.TaskOpen).
		Where("owner_id <> " + now).Updates(map[string]any{"owner_id": gorm.Expr(now), "version": gorm.Expr("version + 1")}).Error
	return translate(err, "task")
}

// MoveTasks gives the open tasks of an enforcement case to another owner; the
// leaders' stay theirs.
func (db *DB) MoveTasks(ctx context.Context, enforcementCaseID, from, to int64) error {
	return translate(db.q(ctx).Model(&model.Task{}).Where("enforcement_case_id = ? AND owner_id = ? AND state = ? AND kind NOT IN ?", enforcementCaseID, from, model.TaskOpen, model.LeaderTasks()).
		Updates(map[string]any{"owner_id": to, "version": gorm.Expr("version + 1")}).Error, "task")
}

// Tasks lists a court's tasks in the order of their clocks. Each shape runs
// along tasks_owner, tasks_court or tasks_enforcement.
func (db *DB) Tasks(ctx context.Context, courtID int64, f model.TaskFilter) ([]model.TaskLine, error) {
	q, err := db.tasks(ctx, courtID, f)
	if err != nil {
		return nil, err
	}
	if !f.AfterDue.IsZero() {
		q = q.Where("(tasks.due_at > ? OR tasks.due_at = ? AND tasks.id > ?)", f.AfterDue, f.AfterDue, f.AfterID)
	}
	var out []model.TaskLine
	err = taskLines(q).Order("tasks.due_at, tasks.id").Limit(f.Limit).Scan(&out).Error
	return out, translate(err, "task")
}

// TaskLine is one task as lists show it.
func (db *DB) TaskLine(ctx context.Context, id int64) (*model.TaskLine, error) {
	var out model.TaskLine
	err := taskLines(db.q(ctx).Table("tasks")).Take(&out, "tasks.id = ?", id).Error
	return &out, translate(err, "task")
}

func taskLines(q *gorm.DB) *gorm.DB {
	return q.Select("tasks.*, COALESCE(e.case_no, cases.case_no) AS case_no, COALESCE(users.name, '') AS owner").
		Joins("JOIN cases ON cases.id = tasks.case_id").Joins("LEFT JOIN enforcement_cases e ON e.id = tasks.enforcement_case_id").
		Joins("LEFT JOIN users ON users.id = tasks.owner_id")
}

// tasks is a court's tasks. An owner's are also those that he does for an absent
// colleague today; almost nobody stands in, and whoever does not keeps the plain
// condition and its index.
func (db *DB) tasks(ctx context.Context, courtID int64, f model.TaskFilter) (*gorm.DB, error) {
	q := db.q(ctx).Table("tasks").Where("tasks.court_id = ?", courtID)
	if f.OwnerID != 0 {
		others, err := db.standingInFor(ctx, f.OwnerID)
		if err != nil {
			return nil, err
		}
		if len(others) == 0 {
			q = q.Where("tasks.owner_id = ?", f.OwnerID)
		} else {
			q = q.Where("(tasks.owner_id = ? OR tasks.owner_id IN ? AND tasks.kind IN ?)", f.OwnerID, others, model.SubstituteTasks())
		}
	}
	if f.EnforcementCaseID != 0 {
		q = q.Where("tasks.enforcement_case_id = ?", f.EnforcementCaseID)
	}
	if f.CaseID != 0 {
		q = q.Where("tasks.case_id = ?", f.CaseID)
	}
	if f.State != "" {
		q = q.Where("tasks.state = ?", f.State)
	}
	if f.Kind != "" {
		q = q.Where("tasks.kind = ?", f.Kind)
	}
	if !f.DueFrom.IsZero() {
		q = q.Where("tasks.due_at >= ?", f.DueFrom)
	}
	if !f.DueBefore.IsZero() {
		q = q.Where("tasks.due_at < ?", f.DueBefore)
	}
	return q, nil
}

// CountTasks counts tasks up to CountCeiling.
func (db *DB) CountTasks(ctx context.Context, courtID int64, f model.TaskFilter) (int64, error) {
	q, err := db.tasks(ctx, courtID, f)
	if err != nil {
		return 0, err
	}
	n, err := db.upTo(ctx, q)
	return n, translate(err, "task")
}

// LateTasks lists tasks whose clock ran out and of which nobody was told yet.
func (db *DB) LateTasks(ctx context.Context, now time.Time, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Task{}).Where("state = ? AND escalated_at IS NULL AND due_at < ?", model.TaskOpen, now).
		Order("due_at").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "task")
}

// GroupTasks lists the tasks of groups, in the order in which they are done.
func (db *DB) GroupTasks(ctx context.Context, groups ...string) ([]model.Task, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	var out []model.Task
	err := db.q(ctx).Where("group_key IN ?", groups).Order("group_key, seq, id").Find(&out).Error
	return out, translate(err, "task")
}
