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
	var rows []struct {
		JudgeID     int64
		Performance model.Performance
		N           int64
		Enforced    int64
	}
	// Both queries read the index cases_performance alone.
	err := db.q(ctx).Model(&model.Case{}).Where("court_id = ?", courtID).
		Select("judge_id, performance, COUNT(*) AS n, COUNT(enforcement_filed_on) AS enforced").Group("performance, judge_id").Scan(&rows).Error
	if err != nil {
		return nil, translate(err, "case")
	}
	var late []struct{ JudgeID, N int64 }
	err = overdue(db.q(ctx).Model(&model.Case{}), courtID, 0, today).Select("judge_id, COUNT(*) AS n").Group("judge_id").Scan(&late).Error
	if err != nil {
		return nil, translate(err, "case")
	}
	byJudge := map[int64]*model.JudgeLoad{}
	var ids []int64
	for _, r := range rows {
		l := byJudge[r.JudgeID]
		if l == nil {
			l = &model.JudgeLoad{JudgeID: r.JudgeID, Stages: map[model.Performance]int64{}}
			byJudge[r.JudgeID], ids = l, append(ids, r.JudgeID)
		}
		l.Stages[r.Performance] = r.N
		l.Cases += r.N
		l.Enforced += r.Enforced
	}
	for _, r := range late {
		if l := byJudge[r.JudgeID]; l != nil { // a case may have come in between
			l.Overdue = r.N
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
	return owned(db.q(ctx).Model(&model.Receipt{}).Where("court_id = ? AND state = ?", courtID, model.ReceiptSubmitted), o)
}

// WaitingReceipts counts the receipts that nobody decided, up to CountCeiling,
// and those of them that were submitted before an instant. Ids follow time, so
// that the old ones come first.
func (db *DB) WaitingReceipts(ctx context.Context, courtID int64, o model.Owner, before time.Time) (n, late int64, err error) {
	if n, err = db.upTo(ctx, db.waiting(ctx, courtID, o)); err != nil || n == 0 {
		return n, 0, translate(err, "receipt")
	}
	first := db.waiting(ctx, courtID, o).Select("submitted_at").Order("id").Limit(CountCeiling)
	err = db.q(ctx).Table("(?) AS oldest", first).Where("submitted_at < ?", before).Count(&late).Error
	return n, late, translate(err, "receipt")
}

// LateReceipts counts the receipts that wait since before an instant by the
// judge whose decision they wait for, among the oldest CountCeiling.
func (db *DB) LateReceipts(ctx context.Context, courtID int64, before time.Time) (map[int64]int64, error) {
	first := db.waiting(ctx, courtID, model.Owner{}).Select("judge_id, submitted_at").Order("id").Limit(CountCeiling)
	var rows []struct{ JudgeID, N int64 }
	err := db.q(ctx).Table("(?) AS oldest", first).Where("submitted_at < ?", before).Select("judge_id, COUNT(*) AS n").Group("judge_id").Scan(&rows).Error
	out := map[int64]int64{}
	for _, r := range rows {
		out[r.JudgeID] = r.N
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
// performed and has not gone to enforcement.
func (db *DB) OverdueCases(ctx context.Context, courtID, judgeID int64, today model.Date) (int64, error) {
	n, err := db.upTo(ctx, overdue(db.q(ctx).Model(&model.Case{}), courtID, judgeID, today))
	return n, translate(err, "case")
}

func overdue(q *gorm.DB, courtID, judgeID int64, today model.Date) *gorm.DB {
	q = q.Where("court_id = ? AND performance IN ? AND next_due_on < ? AND enforcement_filed_on IS NULL",
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
