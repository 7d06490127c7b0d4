package storage

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// Debts loads who owes what to whom in a case.
func (db *DB) Debts(ctx context.Context, cs model.Case) (*model.Debts, error) {
	d := &model.Debts{Case: cs}
	var err error
	if d.Parties, err = db.Parties(ctx, cs.ID); err != nil {
		return nil, err
	}
	if d.Instruments, err = db.Instruments(ctx, cs.ID); err != nil {
		return nil, err
	}
	if d.Obligations, err = db.Obligations(ctx, cs.ID); err != nil {
		return nil, err
	}
	all, err := db.AllObligors(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	d.Obligors = model.Owing(all)
	d.Released = slices.DeleteFunc(all, func(o model.Obligor) bool { return o.ReleasedOn.IsZero() })
	if d.Installments, err = db.Installments(ctx, cs.ID); err != nil || !d.HasSurcharge() {
		return d, err
	}
	paid, err := db.Payments(ctx, cs.ID)
	if err == nil {
		d.Installments = d.OnDay(paid, model.DateOf(db.Now()))
	}
	return d, err
}

// StaleCases lists cases whose schedule is to be made anew.
func (db *DB) StaleCases(ctx context.Context, after int64, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Case{}).Where("plan_stale = ? AND held = ? AND id > ?", true, false, after).Order("id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "case")
}

// MarkAllStale asks for every schedule that is still open to be made anew.
func (db *DB) MarkAllStale(ctx context.Context) error {
	return translate(db.q(ctx).Model(&model.Case{}).
		Where("plan_stale = ? AND held = ? AND performance <> ?", false, false, model.PerformanceFulfilled).
		Update("plan_stale", true).Error, "case")
}

// MarkStale is MarkAllStale for one court.
func (db *DB) MarkStale(ctx context.Context, courtID int64) error {
	return translate(db.q(ctx).Model(&model.Case{}).
		Where("court_id = ? AND plan_stale = ? AND held = ? AND performance <> ?", courtID, false, false, model.PerformanceFulfilled).
		Update("plan_stale", true).Error, "case")
}

// SetPlanned records that a case's schedule fits its facts.
func (db *DB) SetPlanned(ctx context.Context, caseID int64) error {
	return translate(db.q(ctx).Model(&model.Case{}).Where("id = ?", caseID).Update("plan_stale", false).Error, "case")
}

// Steps lists a case's schedule in the order of time.
func (db *DB) Steps(ctx context.Context, caseID int64) ([]model.Step, error) {
	var out []model.Step
	err := db.q(ctx).Where("case_id = ?", caseID).Order("at, id").Find(&out).Error
	return out, translate(err, "step")
}

// Step is the step with the id.
func (db *DB) Step(ctx context.Context, id int64) (*model.Step, error) {
	var s model.Step
	err := db.q(ctx).Take(&s, "id = ?", id).Error
	return &s, translate(err, "step")
}

// LockStep is Step for a transaction that changes it. With skip it is nil when
// another worker holds it.
func (db *DB) LockStep(ctx context.Context, id int64, skip bool) (*model.Step, error) {
	q := db.forUpdate(ctx)
	if skip && db.dialect == MySQL {
		q = db.q(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
	}
	var list []model.Step
	if err := q.Where("id = ?", id).Limit(1).Find(&list).Error; err != nil {
		return nil, translate(err, "step")
	}
	if len(list) == 0 {
		if skip {
			return nil, nil //nolint:nilnil // documented
		}
		return nil, model.E(model.NotFound, "step.not_found", "没有找到，或您无权查看")
	}
	return &list[0], nil
}

// UpdateStep writes what may change of a step.
func (db *DB) UpdateStep(ctx context.Context, s *model.Step) error {
	s.UpdatedAt = db.Now()
	return changed(db.q(ctx).Model(&model.Step{}).Where("id = ?", s.ID).
		Select("at", "state", "reason", "notice_id", "updated_at").Updates(s), "step")
}

// DueSteps lists the ids of steps that are to be sent, the oldest first.
func (db *DB) DueSteps(ctx context.Context, now time.Time, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Step{}).Where("state = ? AND at <= ?", model.StepPlanned, now).
		Order("at, id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "step")
}

// CreateScheduleAct records an act once by its author's key.
func (db *DB) CreateScheduleAct(ctx context.Context, a *model.ScheduleAct) (created bool, err error) {
	created, err = createOnce(db.q(ctx), a)
	return created, translate(err, "schedule")
}

// ScheduleActs lists what judges did with a case's schedule, oldest first.
func (db *DB) ScheduleActs(ctx context.Context, caseID int64) ([]model.ScheduleAct, error) {
	var out []model.ScheduleAct
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "schedule")
}

// JudgeWorks counts what waits for each judge of a court, for the digest.
func (db *DB) JudgeWorks(ctx context.Context, courtID int64, today model.Date) ([]model.JudgeWork, error) {
	byJudge := map[int64]*model.JudgeWork{}
	var order []int64
	count := func(set func(*model.JudgeWork, int64), query string, args ...any) error {
		var rows []struct{ JudgeID, N int64 }
		if err := db.q(ctx).Raw(query, args...).Scan(&rows).Error; err != nil {
			return translate(err, "case")
		}
		for _, r := range rows {
			if byJudge[r.JudgeID] == nil {
				byJudge[r.JudgeID] = &model.JudgeWork{JudgeID: r.JudgeID}
				order = append(order, r.JudgeID)
			}
			set(byJudge[r.JudgeID], r.N)
		}
		return nil
	}
	err := count(func(w *model.JudgeWork, n int64) { w.Receipts = n },
		`SELECT who AS judge_id, COUNT(*) AS n FROM (SELECT CASE WHEN officer_id <> 0 THEN officer_id ELSE judge_id END AS who
		FROM receipts WHERE court_id = ? AND state = ? AND pending_decision_id = 0) AS waiting GROUP BY who ORDER BY who`, courtID, model.ReceiptSubmitted)
	if err != nil {
		return nil, err
	}
	err = count(func(w *model.JudgeWork, n int64) { w.Applications = n },
		`SELECT c.judge_id, COUNT(*) AS n FROM certificate_applications a JOIN cases c ON c.id = a.case_id
		WHERE a.court_id = ? AND a.state = ? GROUP BY c.judge_id ORDER BY c.judge_id`, courtID, model.ApplicationOpen)
	if err != nil {
		return nil, err
	}
	err = count(func(w *model.JudgeWork, n int64) { w.Messages = n },
		"SELECT owner_id AS judge_id, COUNT(*) AS n FROM conversations WHERE court_id = ? AND answer_by IS NOT NULL GROUP BY owner_id ORDER BY owner_id", courtID)
	if err != nil {
		return nil, err
	}
	err = count(func(w *model.JudgeWork, n int64) { w.LateMessages = n },
		"SELECT owner_id AS judge_id, COUNT(*) AS n FROM conversations WHERE court_id = ? AND answer_by < ? GROUP BY owner_id ORDER BY owner_id", courtID, today)
	if err != nil {
		return nil, err
	}
	err = count(func(w *model.JudgeWork, n int64) { w.Overdue = n },
		`SELECT judge_id, COUNT(*) AS n FROM cases WHERE court_id = ? AND voluntary_due_on < ? AND performance <> ?
		GROUP BY judge_id ORDER BY judge_id`, courtID, today, model.PerformanceFulfilled)
	if err != nil {
		return nil, err
	}
	out := make([]model.JudgeWork, len(order))
	for i, id := range order {
		out[i] = *byJudge[id]
	}
	return out, nil
}
