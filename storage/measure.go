package storage

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateMeasure adds a proposal; under a key that its author has used it loads
// the first one instead and tells so. A measure of the kind that stands already
// is a Conflict.
func (db *DB) CreateMeasure(ctx context.Context, m *model.Measure) (created bool, err error) {
	m.Version, m.SubjectNorm, m.Unexecuted = 1, model.NormalizeName(m.SubjectName), m.Pending() != ""
	created, err = createOnce(db.q(ctx), m)
	if err != nil || created {
		return created, translate(err, "measure")
	}
	old, err := db.MeasureByKey(ctx, m.ProposedBy, m.IdemKey)
	if err == nil && old == nil {
		return false, model.E(model.Conflict, "measure.standing", "对该人的同种措施已经提出或者生效，请刷新后查看")
	}
	if old != nil {
		*m = *old
	}
	return false, err
}

// MeasureByKey is what a user proposed under a key; nil when nothing.
func (db *DB) MeasureByKey(ctx context.Context, userID int64, key string) (*model.Measure, error) {
	var list []model.Measure
	err := db.q(ctx).Where("proposed_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "measure")
	}
	return &list[0], nil
}

// Measure is the measure with the id if its case is visible to the actor, who
// is of the court's staff.
func (db *DB) Measure(ctx context.Context, by model.Actor, id int64) (*model.Measure, error) {
	var m model.Measure
	if err := db.q(ctx).Take(&m, "id = ?", id).Error; err != nil {
		return nil, translate(err, "measure")
	}
	if _, err := db.Case(ctx, by, m.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "measure")
		}
		return nil, err
	}
	return &m, nil
}

// OwnMeasure is a measure against a party for whom the user acts; one that he
// must not know of is not found.
func (db *DB) OwnMeasure(ctx context.Context, by model.Actor, id int64) (*model.Measure, error) {
	m, err := db.Measure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	list, err := db.OwnMeasures(ctx, by, m.CaseID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, translate(gorm.ErrRecordNotFound, "measure")
}

// OwnMeasures lists the measures of a case against the parties for whom the
// user acts, as far as they may know of them, the newest first.
func (db *DB) OwnMeasures(ctx context.Context, by model.Actor, caseID int64) ([]model.Measure, error) {
	var all, out []model.Measure
	err := db.q(ctx).Where(`case_id = ? AND relation = ? AND party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)`,
		caseID, model.RelationSelf, by.UserID).Order("id DESC").Find(&all).Error
	for _, m := range all {
		if m.ForSubject() {
			out = append(out, m)
		}
	}
	return out, translate(err, "measure")
}

// LockMeasure loads a measure and locks it. The caller has locked its case.
func (db *DB) LockMeasure(ctx context.Context, id int64) (*model.Measure, error) {
	var m model.Measure
	err := db.forUpdate(ctx).Take(&m, "id = ?", id).Error
	return &m, translate(err, "measure")
}

// UpdateMeasure writes what may change of a measure that was at version seen.
func (db *DB) UpdateMeasure(ctx context.Context, m *model.Measure, seen int64) error {
	m.Version, m.Unexecuted = seen+1, m.Pending() != ""
	return changed(db.q(ctx).Model(&model.Measure{}).Where("id = ? AND version = ?", m.ID, seen).
		Select("opinion", "days", "place", "amount_fen", "until_on", "extra_years", "extra_reason", "state", "number", "document_id", "decided_by", "decided_at", "decide_note", "served_on", "grace_until",
			"from_at", "executed_at", "undone_at", "unexecuted", "ends_at", "lift_asked_by", "lift_asked_at", "lift_ground", "lift_reason", "lift_proof", "lift_file_id", "lifted_by", "lifted_at",
			"active_key", "version", "updated_at").Updates(m), "measure")
}

// MeasuresAgainst lists a court's measures against a person, and those for the
// debt of a party, the oldest first.
func (db *DB) MeasuresAgainst(ctx context.Context, courtID int64, subjectHash string, partyID int64) ([]model.Measure, error) {
	var out []model.Measure
	err := db.q(ctx).Where("court_id = ? AND subject_hash = ? OR party_id = ?", courtID, subjectHash, partyID).Order("id").Find(&out).Error
	return out, translate(err, "measure")
}

// CaseMeasures lists the measures of all enforcement cases of a case.
func (db *DB) CaseMeasures(ctx context.Context, caseID int64) ([]model.Measure, error) {
	var out []model.Measure
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "measure")
}

// MeasuresOf lists the measures of an enforcement case, the oldest first; of
// one debtor unless partyID is 0.
func (db *DB) MeasuresOf(ctx context.Context, enforcementCaseID, partyID int64) ([]model.Measure, error) {
	q := db.q(ctx).Where("enforcement_case_id = ?", enforcementCaseID)
	if partyID != 0 {
		q = q.Where("party_id = ?", partyID)
	}
	var out []model.Measure
	err := q.Order("id").Find(&out).Error
	return out, translate(err, "measure")
}

// Measures lists a court's measures, the newest first unless the filter says
// otherwise, with their cases and next clocks, in two queries however many
// there are.
func (db *DB) Measures(ctx context.Context, courtID int64, f model.MeasureFilter) ([]model.MeasureLine, error) {
	q := db.q(ctx).Table("measures").Where("measures.court_id = ?", courtID)
	if f.EnforcementCaseID != 0 {
		q = q.Where("measures.enforcement_case_id = ?", f.EnforcementCaseID)
	}
	if f.OfficerID != 0 {
		q = q.Where("e.court_id = ? AND e.officer_id = ?", courtID, f.OfficerID) // along enforcement_cases_officer
	}
	if f.JudgeID != 0 {
		q = q.Where("measures.case_id IN (SELECT id FROM cases WHERE court_id = ? AND judge_id = ?)", courtID, f.JudgeID)
	}
	if f.Kind != "" {
		q = q.Where("measures.kind = ?", f.Kind)
	}
	if len(f.States) > 0 {
		q = q.Where("measures.state IN ?", f.States)
	}
	if f.Unexecuted {
		q = q.Where("measures.unexecuted = ?", true)
	}
	if f.Waiting {
		kinds := model.SignedMeasures()
		if f.WaitingFor != nil {
			kinds = f.WaitingFor
		}
		if len(kinds) == 0 {
			return nil, nil
		}
		q = q.Where("measures.kind IN ?", kinds)
		// The few listings that are to be prolonged are read first: a subquery would
		// keep the database from its indexes.
		var prolonged []int64
		err := db.q(ctx).Model(&model.Prolongation{}).Where("court_id = ? AND state = ?", courtID, model.ProlongOpen).Limit(CountCeiling).Pluck("measure_id", &prolonged).Error
		if err != nil {
			return nil, translate(err, "prolongation")
		}
		waits := "measures.state = ? AND measures.kind IN ? OR measures.lift_asked_at IS NOT NULL AND measures.state IN ?"
		args := []any{model.MeasureProposed, kinds, []model.MeasureState{model.MeasureDecided, model.MeasureInForce}}
		if len(prolonged) > 0 {
			waits, args = waits+" OR measures.id IN ?", append(args, prolonged)
		}
		q = q.Where("("+waits+")", args...)
	}
	if f.Before > 0 {
		q = q.Where("measures.id < ?", f.Before)
	}
	order := "measures.id DESC"
	switch {
	case !f.EndsBy.IsZero():
		order = "measures.until_on, measures.id"
		q = q.Where("measures.until_on <= ?", f.EndsBy)
		if !f.AfterEnd.IsZero() {
			q = q.Where("(measures.until_on > ? OR measures.until_on = ? AND measures.id > ?)", f.AfterEnd, f.AfterEnd, f.After)
		}
	case f.Oldest:
		order = "measures.id"
		q = q.Where("measures.id > ?", f.After)
	}
	var out []model.MeasureLine
	err := q.Select("measures.*, e.case_no AS case_no, e.officer_id AS officer_id, COALESCE(users.name, '') AS officer").
		Joins("JOIN enforcement_cases e ON e.id = measures.enforcement_case_id").Joins("LEFT JOIN users ON users.id = e.officer_id").
		Order(order).Limit(f.Limit).Scan(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "measure")
	}
	return out, db.addClocks(ctx, out)
}

// addClocks gives each line the first of its tasks that are open.
func (db *DB) addClocks(ctx context.Context, out []model.MeasureLine) error {
	at := map[int64]int{}
	var ids []int64
	seen := map[int64]bool{}
	var cases []int64
	for i, l := range out {
		at[l.ID], ids = i, append(ids, l.ID)
		if !seen[l.CaseID] {
			seen[l.CaseID], cases = true, append(cases, l.CaseID)
		}
	}
	var open []model.Task
	err := db.q(ctx).Where("case_id IN ? AND subject_kind = ? AND subject_id IN ? AND state = ?", cases, model.ThingMeasure, ids, model.TaskOpen).Order("due_at, id").Find(&open).Error
	for _, t := range open {
		if l := &out[at[t.Subject.ID]]; l.Next.ID == 0 {
			l.Next = t
		}
	}
	return translate(err, "task")
}

// AddMeasureEntry adds a line to a measure's history. Under a key that is there
// already nothing is added, which it tells.
func (db *DB) AddMeasureEntry(ctx context.Context, e *model.MeasureEntry) (created bool, err error) {
	if e.At.IsZero() {
		e.At = db.Now()
	}
	created, err = createOnce(db.q(ctx), e)
	return created, translate(err, "measure")
}

// KnownMeasureEntry tells whether a line is there under a key.
func (db *DB) KnownMeasureEntry(ctx context.Context, key string) (bool, error) {
	var n int64
	err := db.q(ctx).Model(&model.MeasureEntry{}).Where("idem_key = ?", key).Count(&n).Error
	return n > 0, translate(err, "measure")
}

// MeasureEntry is one line of a measure's history.
func (db *DB) MeasureEntry(ctx context.Context, id int64) (*model.MeasureEntry, error) {
	var e model.MeasureEntry
	err := db.q(ctx).Take(&e, "id = ?", id).Error
	return &e, translate(err, "measure")
}

// MeasureEntries lists the history of measures, the oldest first.
func (db *DB) MeasureEntries(ctx context.Context, measureIDs ...int64) ([]model.MeasureEntry, error) {
	if len(measureIDs) == 0 {
		return nil, nil
	}
	var out []model.MeasureEntry
	err := db.q(ctx).Where("measure_id IN ?", measureIDs).Order("id").Find(&out).Error
	return out, translate(err, "measure")
}

// MeasuresOver lists the measures in force whose last day is before today and
// that have no task to end them yet, in the order of their days.
func (db *DB) MeasuresOver(ctx context.Context, today model.Date, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Measure{}).Where("state = ? AND until_on < ? AND kind <> ?", model.MeasureInForce, today, model.MeasureDetention).
		Where("NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.dedupe_key = CONCAT('"+string(model.TaskMeasureOver)+":', measures.id))").
		Order("until_on, id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "measure")
}

// MeasuresUnexecuted lists after an id the measures decided before a moment that nobody
// carried out yet and that have no task about it.
func (db *DB) MeasuresUnexecuted(ctx context.Context, before time.Time, after int64, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Measure{}).Where("id > ? AND decided_at < ?", after, before).
		Where("(state = ? AND unexecuted = ? OR state = ? AND kind = ?)", model.MeasureInForce, true, model.MeasureDecided, model.MeasureDetention).
		Where("NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.dedupe_key = CONCAT('"+string(model.TaskExecute)+":', measures.id))").
		Order("id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "measure")
}

// CountMeasures counts the measures that were decided in a period by kind, each
// in its own unit. What was revoked on review was none.
func (db *DB) CountMeasures(ctx context.Context, courtID int64, from, before time.Time) ([]model.MeasureCount, error) {
	var out []model.MeasureCount
	err := db.q(ctx).Model(&model.Measure{}).
		Where("court_id = ? AND decided_at >= ? AND decided_at < ? AND state IN ? AND lift_ground <> ?", courtID, from, before,
			[]model.MeasureState{model.MeasureDecided, model.MeasureInForce, model.MeasureLifted, model.MeasureExpired}, model.LiftRevoked).
		Select("kind, COUNT(*) AS n, COALESCE(SUM(amount_fen), 0) AS fen").Group("kind").Scan(&out).Error
	return out, translate(err, "measure")
}

// WaitingDecisions counts what of the kinds waits for a signature: measures, their
// liftings and prolongations, each up to CountCeiling.
func (db *DB) WaitingDecisions(ctx context.Context, courtID int64, kinds []model.MeasureKind) (out int64, err error) {
	if len(kinds) == 0 {
		return 0, nil
	}
	queries := []*gorm.DB{
		db.q(ctx).Model(&model.Measure{}).Where("court_id = ? AND state = ? AND kind IN ?", courtID, model.MeasureProposed, kinds),
		db.q(ctx).Model(&model.Measure{}).Where("court_id = ? AND state IN ? AND lift_asked_at IS NOT NULL AND kind IN ?",
			courtID, []model.MeasureState{model.MeasureDecided, model.MeasureInForce}, kinds),
	}
	if slices.Contains(kinds, model.MeasureListing) {
		queries = append(queries, db.q(ctx).Model(&model.Prolongation{}).Where("court_id = ? AND state = ?", courtID, model.ProlongOpen))
	}
	for _, q := range queries {
		n, err := db.upTo(ctx, q)
		if err != nil {
			return 0, translate(err, "decision")
		}
		out += n
	}
	return out, nil
}

// WaitingReleases counts the release reviews that wait for the leaders, up to
// CountCeiling.
func (db *DB) WaitingReleases(ctx context.Context, courtID int64) (int64, error) {
	n, err := db.upTo(ctx, db.q(ctx).Model(&model.ReleaseReview{}).Where("court_id = ? AND state = ?", courtID, model.ReleaseOpen))
	return n, translate(err, "decision")
}

// LockMeasuresInForce are the court's measures in force of the kinds after the
// id, locked, so that none ends before its tasks are there.
func (db *DB) LockMeasuresInForce(ctx context.Context, courtID int64, kinds []model.MeasureKind, after int64, limit int) ([]model.Measure, error) {
	var out []model.Measure
	err := db.forUpdate(ctx).Where("court_id = ? AND state = ? AND kind IN ? AND id > ?", courtID, model.MeasureInForce, kinds, after).
		Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "measure")
}

// NextMeasureInForce is the id of the court's first measure in force of the kinds
// after the id, 0 when there is none. It reads nothing else of the measure.
func (db *DB) NextMeasureInForce(ctx context.Context, courtID int64, kinds []model.MeasureKind, after int64) (int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Measure{}).Where("court_id = ? AND state = ? AND kind IN ? AND id > ?", courtID, model.MeasureInForce, kinds, after).
		Order("id").Limit(1).Pluck("id", &out).Error
	if err != nil || len(out) == 0 {
		return 0, translate(err, "measure")
	}
	return out[0], nil
}
