package storage

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// CountCeiling is where counts for a desk stop: nobody needs to know whether
// 1,000 or 1,200 wait, and counting further costs.
const CountCeiling = 1000

func (db *DB) upTo(ctx context.Context, q *gorm.DB) (n int64, err error) {
	err = db.q(ctx).Table("(?) AS counted", q.Select("1").Limit(CountCeiling)).Count(&n).Error
	return n, err
}

// JudgeLoads tells for each judge of a court what his cases look like, the
// most overdue first.
func (db *DB) JudgeLoads(ctx context.Context, courtID int64, today model.Date) ([]model.JudgeLoad, error) {
	var rows []caseTally
	if err := db.q(ctx).Where("court_id = ? AND n > 0", courtID).Find(&rows).Error; err != nil {
		return nil, translate(err, "case")
	}
	// The index cases_performance alone is read, in its own order.
	var late []struct{ JudgeID, N int64 }
	err := overdue(db.q(ctx).Model(&model.Case{}), courtID, 0, today).Select("judge_id, COUNT(*) AS n").Group("performance, judge_id").Scan(&late).Error
	if err != nil {
		return nil, translate(err, "case")
	}
	byJudge := map[int64]*model.JudgeLoad{}
	var ids []int64
	for _, r := range rows {
		l := byJudge[r.At.JudgeID]
		if l == nil {
			l = &model.JudgeLoad{JudgeID: r.At.JudgeID, Stages: map[model.Performance]int64{}}
			byJudge[r.At.JudgeID], ids = l, append(ids, r.At.JudgeID)
		}
		l.Stages[r.At.Performance] += r.N
		l.Cases += r.N
		if r.At.Enforced {
			l.Enforced += r.N
		}
	}
	for _, r := range late {
		if l := byJudge[r.JudgeID]; l != nil { // a case may have come in between
			l.Overdue += r.N
		}
	}
	names, err := db.UserNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []model.JudgeLoad
	for _, l := range byJudge {
		l.Judge = names[l.JudgeID]
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b model.JudgeLoad) int {
		if a.Overdue != b.Overdue {
			return int(b.Overdue - a.Overdue)
		}
		return int(a.JudgeID - b.JudgeID)
	})
	return out, nil
}

// CertificateCounts counts a court's certificates of a year by state.
func (db *DB) CertificateCounts(ctx context.Context, courtID int64, year int) (valid, revoked int64, err error) {
	var rows []struct {
		State model.CertificateState
		N     int64
	}
	err = db.q(ctx).Model(&model.Certificate{}).Where("court_id = ? AND year = ?", courtID, year).
		Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error
	for _, r := range rows {
		if r.State == model.CertificateValid {
			valid = r.N
		} else {
			revoked += r.N
		}
	}
	return valid, revoked, translate(err, "certificate")
}

func (db *DB) waiting(ctx context.Context, courtID int64, o model.Owner) *gorm.DB {
	return owned(undecided(db.q(ctx).Model(&model.Receipt{}).Where("court_id = ? AND state = ?", courtID, model.ReceiptSubmitted)), o)
}

// WaitingReceipts counts the receipts that nobody decided, up to CountCeiling,
// and those of them that were submitted before an instant. Ids follow time, so
// that the old ones come first.
func (db *DB) WaitingReceipts(ctx context.Context, courtID int64, o model.Owner, before time.Time) (n, late int64, err error) {
	byJudge, err := db.WaitingByJudge(ctx, courtID, o, before)
	for _, w := range byJudge {
		n, late = n+w.N, late+w.Late
	}
	return n, late, err
}

// Waiting is how many receipts wait for a judge's decision, and how many of
// them for too long.
type Waiting struct{ N, Late int64 }

// WaitingByJudge is WaitingReceipts by the judge whose decision they wait for.
func (db *DB) WaitingByJudge(ctx context.Context, courtID int64, o model.Owner, before time.Time) (map[int64]Waiting, error) {
	first := db.waiting(ctx, courtID, o).Select("judge_id, submitted_at").Order("id").Limit(CountCeiling)
	var rows []struct {
		JudgeID int64
		Waiting
	}
	err := db.q(ctx).Table("(?) AS oldest", first).Group("judge_id").
		Select("judge_id, COUNT(*) AS n, SUM(CASE WHEN submitted_at < ? THEN 1 ELSE 0 END) AS late", before).Scan(&rows).Error
	out := map[int64]Waiting{}
	for _, r := range rows {
		out[r.JudgeID] = r.Waiting
	}
	return out, translate(err, "receipt")
}

// LastReceipt is the id of the newest receipt that waits, 0 when none.
func (db *DB) LastReceipt(ctx context.Context, courtID int64, o model.Owner) (int64, error) {
	var ids []int64
	err := db.waiting(ctx, courtID, o).Order("id DESC").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "receipt")
	}
	return ids[0], nil
}

// LastNoticeOf is the id of the newest notice to a staff user, 0 when none.
func (db *DB) LastNoticeOf(ctx context.Context, userID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Notice{}).Where("user_id = ?", userID).Order("id DESC").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "notice")
	}
	return ids[0], nil
}

// OpenApplications counts the applications for a certificate that wait, in the
// cases of one judge or of the court.
func (db *DB) OpenApplications(ctx context.Context, courtID, judgeID int64) (int64, error) {
	q := db.q(ctx).Model(&model.CertificateApplication{}).Where("certificate_applications.court_id = ? AND certificate_applications.state = ?", courtID, model.ApplicationOpen)
	if judgeID != 0 {
		q = q.Where("case_id IN (SELECT id FROM cases WHERE court_id = ? AND judge_id = ?)", courtID, judgeID)
	}
	n, err := db.upTo(ctx, q)
	return n, translate(err, "application")
}

// OverdueCases counts the cases with something due before today that is not
// performed and is not being enforced.
func (db *DB) OverdueCases(ctx context.Context, courtID, judgeID int64, today model.Date) (int64, error) {
	n, err := db.upTo(ctx, overdue(db.q(ctx).Model(&model.Case{}), courtID, judgeID, today))
	return n, translate(err, "case")
}

func overdue(q *gorm.DB, courtID, judgeID int64, today model.Date) *gorm.DB {
	q = q.Where("court_id = ? AND performance IN ? AND voluntary_due_on < ?",
		courtID, []model.Performance{model.PerformancePending, model.PerformancePartial}, today)
	if judgeID != 0 {
		q = q.Where("judge_id = ?", judgeID)
	}
	return q
}

// OpenPaperTasks counts the papers that are still to go out.
func (db *DB) OpenPaperTasks(ctx context.Context, courtID int64) (int64, error) {
	n, err := db.upTo(ctx, db.q(ctx).Model(&model.PaperTask{}).Where("court_id = ? AND state = ?", courtID, model.PaperOpen))
	return n, translate(err, "paper_task")
}

// Backlog is what the workers have still to do, each counted up to
// CountCeiling.
type Backlog struct{ Stale, Pushes, Papers int64 }

// Backlog counts what the workers have still to do.
func (db *DB) Backlog(ctx context.Context) (b Backlog, err error) {
	for _, c := range []struct {
		into *int64
		q    *gorm.DB
	}{
		{&b.Stale, db.q(ctx).Model(&model.Case{}).Where("plan_stale = ?", true)},
		{&b.Pushes, db.q(ctx).Model(&model.PushEvent{}).Where("state = ?", model.PushWaiting)},
		{&b.Papers, db.q(ctx).Model(&model.Certificate{}).Where("pdf_key = ''")},
	} {
		if *c.into, err = db.upTo(ctx, c.q); err != nil {
			return b, translate(err, "backlog")
		}
	}
	return b, nil
}

// DutyTaskCounts is how many tasks of agencies wait, each counted up to
// CountCeiling.
type DutyTaskCounts struct {
	Open     int64 // to be reported, time left
	Overdue  int64 // to be reported, deadline over
	Reported int64 // for the court to look at
}

// CountDutyTasks counts the tasks of a court's agencies that are not ended, an
// agency's own for itself.
func (db *DB) CountDutyTasks(ctx context.Context, by model.Actor, today model.Date) (c DutyTaskCounts, err error) {
	for _, n := range []struct {
		into  *int64
		state model.AgencyTaskState
		due   string
	}{
		{&c.Open, model.AgencyTaskOpen, "due_on >= ?"},
		{&c.Overdue, model.AgencyTaskOpen, "due_on < ?"},
		{&c.Reported, model.AgencyTaskReported, ""},
	} {
		q := db.ownTasks(db.q(ctx).Model(&model.AgencyTask{}), by).Where("state = ?", n.state)
		if n.due != "" {
			q = q.Where(n.due, today)
		}
		if *n.into, err = db.upTo(ctx, q); err != nil {
			return c, translate(err, "duty_task")
		}
	}
	return c, nil
}

// CountAgencyQueries counts the queries that an agency is to answer.
func (db *DB) CountAgencyQueries(ctx context.Context, by model.Actor) (int64, error) {
	n, err := db.upTo(ctx, ownQueries(db.q(ctx).Model(&model.AssetQuery{}), by).Where("asset_queries.state = ?", model.QuerySent))
	return n, translate(err, "query")
}
