package storage

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateAgencyDuty adds a duty unless its agency has one with the code, and
// tells which.
func (db *DB) CreateAgencyDuty(ctx context.Context, d *model.AgencyDuty) (bool, error) {
	created, err := createOnce(db.q(ctx), d)
	return created, translate(err, "duty")
}

// AgencyDuty is the court's duty with the id.
func (db *DB) AgencyDuty(ctx context.Context, courtID, id int64) (*model.AgencyDuty, error) {
	var d model.AgencyDuty
	err := db.q(ctx).Take(&d, "id = ? AND court_id = ?", id, courtID).Error
	return &d, translate(err, "duty")
}

// AgencyDutyByCode is the agency's duty with the code.
func (db *DB) AgencyDutyByCode(ctx context.Context, agencyID int64, code string) (*model.AgencyDuty, error) {
	var d model.AgencyDuty
	err := db.q(ctx).Take(&d, "agency_id = ? AND code = ?", agencyID, code).Error
	return &d, translate(err, "duty")
}

// LockAgencyDuty is AgencyDuty for a transaction that changes it or its tasks.
func (db *DB) LockAgencyDuty(ctx context.Context, courtID, id int64) (*model.AgencyDuty, error) {
	var d model.AgencyDuty
	err := db.forUpdate(ctx).Take(&d, "id = ? AND court_id = ?", id, courtID).Error
	return &d, translate(err, "duty")
}

// AgencyDuties lists a court's duties in the order in which they were added.
func (db *DB) AgencyDuties(ctx context.Context, f model.AgencyDutyFilter) ([]model.AgencyDuty, error) {
	q := db.q(ctx).Where("court_id = ? AND id > ?", f.CourtID, f.After)
	if f.AgencyID != 0 {
		q = q.Where("agency_id = ?", f.AgencyID)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Active {
		q = q.Where("ended_on IS NULL")
	}
	var out []model.AgencyDuty
	err := q.Order("id").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "duty")
}

// AgencyDutiesByID are the duties with the ids.
func (db *DB) AgencyDutiesByID(ctx context.Context, ids []int64) (map[int64]model.AgencyDuty, error) {
	var list []model.AgencyDuty
	err := db.q(ctx).Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]model.AgencyDuty, len(list))
	for _, d := range list {
		out[d.ID] = d
	}
	return out, translate(err, "duty")
}

// RecurringDuties lists the duties of all courts that recur and are owed, after
// the id.
func (db *DB) RecurringDuties(ctx context.Context, after int64, limit int) ([]model.AgencyDuty, error) {
	var out []model.AgencyDuty
	err := db.q(ctx).Where("recurrence NOT IN ? AND ended_on IS NULL AND id > ?", []model.Recurrence{model.RecurOnce, model.RecurEach}, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "duty")
}

// UpdateAgencyDuty writes what may change of a duty that was seen in the
// version.
func (db *DB) UpdateAgencyDuty(ctx context.Context, d *model.AgencyDuty, seen int64) error {
	d.Version, d.UpdatedAt = seen+1, db.Now()
	return changed(db.q(ctx).Model(&model.AgencyDuty{}).Where("id = ? AND version = ?", d.ID, seen).
		Select("requirement", "basis", "evidence", "unit", "due_on", "due_days", "lift_days", "measures", "subjects", "ended_on", "version", "updated_at").Updates(d), "duty")
}

// NextAgencyTasks are the numbers of the next tasks of duties: one more than the
// last that they have.
func (db *DB) NextAgencyTasks(ctx context.Context, dutyIDs ...int64) (map[int64]int, error) {
	var rows []struct {
		DutyID int64
		N      int
	}
	err := db.q(ctx).Model(&model.AgencyTask{}).Select("duty_id, MAX(seq) + 1 AS n").Where("duty_id IN ?", dutyIDs).Group("duty_id").Scan(&rows).Error
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.DutyID] = r.N
	}
	return out, translate(err, "duty_task")
}

// AddAgencyTasks adds tasks of a duty that is locked.
func (db *DB) AddAgencyTasks(ctx context.Context, list []model.AgencyTask) error {
	return Insert(ctx, db, list)
}

// AgencyTask is the task with the id that the actor may see: of his own agency,
// or of his court.
func (db *DB) AgencyTask(ctx context.Context, by model.Actor, id int64) (*model.AgencyTask, error) {
	var t model.AgencyTask
	err := db.ownTasks(db.q(ctx), by).Take(&t, "id = ?", id).Error
	return &t, translate(err, "duty_task")
}

// LockAgencyTask is AgencyTask for a transaction that changes it.
func (db *DB) LockAgencyTask(ctx context.Context, by model.Actor, id int64) (*model.AgencyTask, error) {
	var t model.AgencyTask
	err := db.ownTasks(db.forUpdate(ctx), by).Take(&t, "id = ?", id).Error
	return &t, translate(err, "duty_task")
}

// ownTasks limits a query over tasks to those that the actor may see: somebody
// from an agency that agency's, the court's people their court's.
func (*DB) ownTasks(q *gorm.DB, by model.Actor) *gorm.DB {
	q = q.Where("court_id = ?", by.CourtID)
	if by.Has(model.RoleAgency) {
		q = q.Where("agency_id = ? AND agency_id <> 0", by.AgencyID)
	}
	return q
}

// AgencyTasks lists the tasks that the actor may see by their deadline: the
// oldest first of what is to be done, the newest first of what is finished.
func (db *DB) AgencyTasks(ctx context.Context, by model.Actor, f model.AgencyTaskFilter) ([]model.AgencyTask, error) {
	q := db.ownTasks(db.q(ctx), by)
	if f.AgencyID != 0 {
		q = q.Where("agency_id = ?", f.AgencyID)
	}
	if f.DutyID != 0 {
		q = q.Where("duty_id = ?", f.DutyID)
	}
	if f.MeasureID != 0 {
		q = q.Where("measure_id = ?", f.MeasureID)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Phase != "" {
		q = q.Where("phase = ?", f.Phase)
	}
	if !f.From.IsZero() {
		q = q.Where("due_on >= ?", f.From)
	}
	if !f.To.IsZero() {
		q = q.Where("due_on <= ?", f.To)
	}
	order, further := "due_on, id", "(due_on > ? OR due_on = ? AND id > ?)"
	switch f.State {
	case "":
	case model.AgencyTaskOverdue:
		q = q.Where("state = ? AND due_on < ?", model.AgencyTaskOpen, f.Today)
	case model.AgencyTaskOpen:
		q = q.Where("state = ? AND due_on >= ?", model.AgencyTaskOpen, f.Today)
	default:
		q = q.Where("state = ?", f.State)
	}
	if f.State == model.AgencyTaskDone || f.State == model.AgencyTaskVoid {
		order, further = "due_on DESC, id DESC", "(due_on < ? OR due_on = ? AND id < ?)"
	}
	if f.After != 0 {
		last, err := db.AgencyTask(ctx, by, f.After)
		if err != nil {
			return nil, err
		}
		q = q.Where(further, last.DueOn, last.DueOn, last.ID)
	}
	q = q.Order(order).Limit(f.Limit)
	var out []model.AgencyTask
	if f.State != "" {
		err := q.Find(&out).Error
		return out, translate(err, "duty_task")
	}
	// What is not ended: each of the two states is read in the order of an index,
	// both at once would be sorted whole.
	for _, state := range []model.AgencyTaskState{model.AgencyTaskOpen, model.AgencyTaskReported} {
		var part []model.AgencyTask
		if err := q.Session(&gorm.Session{}).Where("state = ?", state).Find(&part).Error; err != nil {
			return nil, translate(err, "duty_task")
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b model.AgencyTask) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), f.Limit)], nil
}

// OpenAgencyTasks lists a court's tasks that are to be reported by the day, after
// the id.
func (db *DB) OpenAgencyTasks(ctx context.Context, courtID int64, until model.Date, after int64, limit int) ([]model.AgencyTask, error) {
	var out []model.AgencyTask
	err := db.q(ctx).Where("court_id = ? AND state = ? AND due_on <= ? AND id > ?", courtID, model.AgencyTaskOpen, until, after).
		Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "duty_task")
}

// LockOpenTasks are the open tasks of a duty, locked.
func (db *DB) LockOpenTasks(ctx context.Context, dutyID int64) ([]model.AgencyTask, error) {
	var out []model.AgencyTask
	err := db.forUpdate(ctx).Where("duty_id = ? AND state = ?", dutyID, model.AgencyTaskOpen).Order("id").Find(&out).Error
	return out, translate(err, "duty_task")
}

// UpdateAgencyTask writes what may change of a task that is locked.
func (db *DB) UpdateAgencyTask(ctx context.Context, t *model.AgencyTask) error {
	t.UpdatedAt = db.Now()
	return changed(db.q(ctx).Model(&model.AgencyTask{}).Where("id = ?", t.ID).
		Select("due_on", "state", "reported_on", "done_at", "updated_at").Updates(t), "duty_task")
}

// CreateAgencyReport adds a report.
func (db *DB) CreateAgencyReport(ctx context.Context, r *model.AgencyReport) error {
	return translate(db.q(ctx).Create(r).Error, "report")
}

// AgencyReportByKey is the agency's report under the key; nil when there is
// none.
func (db *DB) AgencyReportByKey(ctx context.Context, agencyID int64, key string) (*model.AgencyReport, error) {
	var r model.AgencyReport
	res := db.q(ctx).Where("agency_id = ? AND idem_key = ?", agencyID, key).Limit(1).Find(&r)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "report")
	}
	return &r, nil
}

// AgencyReport is the court's report with the id.
func (db *DB) AgencyReport(ctx context.Context, courtID, id int64) (*model.AgencyReport, error) {
	var r model.AgencyReport
	err := db.q(ctx).Take(&r, "id = ? AND court_id = ?", id, courtID).Error
	return &r, translate(err, "report")
}

// AgencyReports lists the reports on a task, the newest first.
func (db *DB) AgencyReports(ctx context.Context, taskID int64) ([]model.AgencyReport, error) {
	var out []model.AgencyReport
	err := db.q(ctx).Where("task_id = ?", taskID).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "report")
}

// DecideAgencyReport writes what the court decided on a report, once.
func (db *DB) DecideAgencyReport(ctx context.Context, r *model.AgencyReport) error {
	return changed(db.q(ctx).Model(&model.AgencyReport{}).Where("id = ? AND state = ?", r.ID, model.ReportWaiting).
		Select("state", "decided_by", "decided_at", "reason").Updates(r), "report")
}

// DutyCount is how an agency did what was due in a period, or how one of its
// duties was done.
type DutyCount struct {
	AgencyID int64
	DutyID   int64 // 0: all of the agency's
	Due      int64 // tasks whose deadline is in the period
	Done     int64 // accepted
	Late     int64 // of them reported after the deadline
	Waiting  int64 // for the court
	Overdue  int64 // not reported, deadline over
	Open     int64 // not reported, time left
}

// DutyCounts counts the tasks of a court whose deadlines are in a period, by
// agency; agencyID narrows it to one, whose duties are then told apart.
func (db *DB) DutyCounts(ctx context.Context, courtID, agencyID int64, kind model.DutyKind, from, to, today model.Date) ([]DutyCount, error) {
	group := "agency_id"
	if agencyID != 0 {
		group = "agency_id, duty_id"
	}
	// One line for each way in which tasks stand, added up here: that takes half of
	// the time of a sum for each figure.
	q := db.q(ctx).Model(&model.AgencyTask{}).Select(group+`, state, CASE WHEN reported_on > due_on THEN 1 ELSE 0 END AS late,
		CASE WHEN due_on < ? THEN 1 ELSE 0 END AS past, COUNT(*) AS n`, today).
		Where("court_id = ? AND due_on >= ? AND due_on <= ? AND state <> ?", courtID, from, to, model.AgencyTaskVoid)
	if agencyID != 0 {
		q = q.Where("agency_id = ?", agencyID)
	}
	if kind != "" {
		q = q.Where("kind = ?", kind)
	}
	var lines []struct {
		AgencyID, DutyID int64
		State            model.AgencyTaskState
		Late, Past       bool
		N                int64
	}
	if err := q.Group(group + ", state, late, past").Order(group).Scan(&lines).Error; err != nil {
		return nil, translate(err, "duty_task")
	}
	var out []DutyCount
	for _, l := range lines {
		if n := len(out); n == 0 || out[n-1].AgencyID != l.AgencyID || out[n-1].DutyID != l.DutyID {
			out = append(out, DutyCount{AgencyID: l.AgencyID, DutyID: l.DutyID})
		}
		c := &out[len(out)-1]
		c.Due += l.N
		switch {
		case l.State == model.AgencyTaskDone:
			c.Done += l.N
			if l.Late {
				c.Late += l.N
			}
		case l.State == model.AgencyTaskReported:
			c.Waiting += l.N
		case l.Past:
			c.Overdue += l.N
		default:
			c.Open += l.N
		}
	}
	return out, nil
}

// MeasureDuties lists a court's duties that measures begin.
func (db *DB) MeasureDuties(ctx context.Context, courtID int64) ([]model.AgencyDuty, error) {
	var out []model.AgencyDuty
	err := db.q(ctx).Where("recurrence = ? AND ended_on IS NULL AND court_id = ?", model.RecurEach, courtID).Order("id").Find(&out).Error
	return out, translate(err, "duty")
}

// LockMeasureTasks are the tasks that a measure opened, locked. Their measure's
// case is locked.
func (db *DB) LockMeasureTasks(ctx context.Context, measureID int64) ([]model.AgencyTask, error) {
	var out []model.AgencyTask
	err := db.forUpdate(ctx).Where("measure_id = ? AND measure_id <> 0", measureID).Order("id").Find(&out).Error
	return out, translate(err, "duty_task")
}

// OpenLifts counts what an agency still has to lift.
func (db *DB) OpenLifts(ctx context.Context, agencyID int64) (n int64, err error) {
	err = db.q(ctx).Model(&model.AgencyTask{}).
		Where("agency_id = ? AND state IN ? AND phase = ?", agencyID, []model.AgencyTaskState{model.AgencyTaskOpen, model.AgencyTaskReported}, model.PhaseLift).Count(&n).Error
	return n, translate(err, "duty_task")
}

// DutyMeasures are the measures that tasks are about, by id, and the numbers of
// their enforcement cases.
func (db *DB) DutyMeasures(ctx context.Context, ids []int64) (map[int64]model.MeasureLine, error) {
	if len(ids) == 0 {
		return map[int64]model.MeasureLine{}, nil
	}
	var list []model.MeasureLine
	err := db.q(ctx).Table("measures").Select("measures.*, e.case_no AS case_no").Joins("JOIN enforcement_cases e ON e.id = measures.enforcement_case_id").
		Where("measures.id IN ?", ids).Scan(&list).Error
	out := make(map[int64]model.MeasureLine, len(list))
	for _, m := range list {
		out[m.ID] = m
	}
	return out, translate(err, "measure")
}

// LastDutyList is the version of the court's list of duties that holds; the zero
// one when none was loaded.
func (db *DB) LastDutyList(ctx context.Context, courtID int64) (model.DutyList, error) {
	var list []model.DutyList
	err := db.q(ctx).Where("court_id = ?", courtID).Order("version DESC").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return model.DutyList{}, translate(err, "duty_list")
	}
	return list[0], nil
}

// DutyLists lists the versions of a court's list of duties, the newest first.
func (db *DB) DutyLists(ctx context.Context, courtID int64) ([]model.DutyList, error) {
	var out []model.DutyList
	err := db.q(ctx).Where("court_id = ?", courtID).Order("version DESC").Limit(100).Find(&out).Error
	return out, translate(err, "duty_list")
}

// CreateDutyList adds a version unless somebody else added it first, and tells
// which.
func (db *DB) CreateDutyList(ctx context.Context, l *model.DutyList) (bool, error) {
	created, err := createOnce(db.q(ctx), l)
	return created, translate(err, "duty_list")
}

// CreateDutyBackfill adds what is to be opened for a list or a duty, once.
func (db *DB) CreateDutyBackfill(ctx context.Context, b *model.DutyBackfill) error {
	_, err := createOnce(db.q(ctx), b)
	return translate(err, "duty_backfill")
}

// OpenDutyBackfills are the ids of those that are not done, over all courts.
func (db *DB) OpenDutyBackfills(ctx context.Context) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.DutyBackfill{}).Where("done_at IS NULL").Order("id").Limit(100).Pluck("id", &out).Error
	return out, translate(err, "duty_backfill")
}

// DutyBackfill is the backfill with the id.
func (db *DB) DutyBackfill(ctx context.Context, id int64) (*model.DutyBackfill, error) {
	var b model.DutyBackfill
	err := db.q(ctx).Take(&b, "id = ?", id).Error
	return &b, translate(err, "duty_backfill")
}

// LockDutyBackfill is the backfill with the id, locked.
func (db *DB) LockDutyBackfill(ctx context.Context, id int64) (*model.DutyBackfill, error) {
	var b model.DutyBackfill
	err := db.forUpdate(ctx).Take(&b, "id = ?", id).Error
	return &b, translate(err, "duty_backfill")
}

// UpdateDutyBackfill writes how far a backfill has come that is locked.
func (db *DB) UpdateDutyBackfill(ctx context.Context, b *model.DutyBackfill) error {
	return translate(db.q(ctx).Model(&model.DutyBackfill{}).Where("id = ?", b.ID).
		Select("after_id", "measures", "opened", "agencies", "left_out", "done_at").Updates(b).Error, "duty_backfill")
}

// DutyBackfills lists the court's backfills, the newest first.
func (db *DB) DutyBackfills(ctx context.Context, courtID int64, limit int) ([]model.DutyBackfill, error) {
	var out []model.DutyBackfill
	err := db.q(ctx).Where("court_id = ?", courtID).Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "duty_backfill")
}

// KnownMeasureTasks tells which of the duties have a task for which of the
// measures: the numbers of their tasks, by duty.
func (db *DB) KnownMeasureTasks(ctx context.Context, dutyIDs, measureIDs []int64) (map[int64]map[int64]bool, error) {
	var rows []struct{ DutyID, MeasureID int64 }
	err := db.q(ctx).Model(&model.AgencyTask{}).Select("duty_id", "measure_id").
		Where("measure_id IN ? AND measure_id <> 0 AND phase = ? AND duty_id IN ?", measureIDs, model.PhaseApply, dutyIDs).Scan(&rows).Error
	out := map[int64]map[int64]bool{}
	for _, r := range rows {
		if out[r.DutyID] == nil {
			out[r.DutyID] = map[int64]bool{}
		}
		out[r.DutyID][r.MeasureID] = true
	}
	return out, translate(err, "duty_task")
}
