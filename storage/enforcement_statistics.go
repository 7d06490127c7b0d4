package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// happened are the states of a measure that was decided and not taken back.
var happened = []model.MeasureState{model.MeasureDecided, model.MeasureInForce, model.MeasureLifted, model.MeasureExpired}

// counted selects what one figure counts: id, enforcement_case_id, subject and
// fen of each. The figure and the list behind it are made from the same rows.
func (db *DB) counted(ctx context.Context, courtID int64, f model.EnforcementFigure, from, until model.Date) *gorm.DB {
	start, end := from.Start(), until.AddDays(1).Start()
	cases := func(day string) *gorm.DB {
		return db.q(ctx).Table("enforcement_cases x").Select("x.id, x.id AS enforcement_case_id, '' AS subject, x.amount_fen AS fen").
			Where("x.court_id = ? AND x."+day+" >= ? AND x."+day+" <= ?", courtID, from, until)
	}
	settled := func(column string, days ...any) *gorm.DB {
		return db.q(ctx).Table("settlements x").Select("x.id, x.enforcement_case_id, '' AS subject, 0 AS fen").
			Where("x.court_id = ? AND x."+column+" >= ? AND x."+column+" < ?", append([]any{courtID}, days...)...)
	}
	if k, lifted, ok := f.Measure(); ok {
		q := db.q(ctx).Table("measures x").Select("x.id, x.enforcement_case_id, x.subject_name AS subject, x.amount_fen AS fen").
			Where("x.court_id = ? AND x.kind = ?", courtID, k)
		if lifted {
			return q.Where("x.lifted_at >= ? AND x.lifted_at < ? AND x.state = ?", start, end, model.MeasureLifted)
		}
		return q.Where("x.decided_at >= ? AND x.decided_at < ? AND x.state IN ? AND x.lift_ground <> ?", start, end, happened, model.LiftRevoked)
	}
	switch f {
	case model.FigureFiled:
		return cases("filed_on").Where("x.kind <> ?", model.EnforcementPreservation)
	case model.FigureResumed:
		return cases("filed_on").Where("x.kind = ?", model.EnforcementResumed)
	case model.FigurePreserved:
		return cases("filed_on").Where("x.kind = ?", model.EnforcementPreservation)
	case model.FigureClosed:
		return cases("closed_on").Where("x.state = ?", model.EnforcementClosed)
	case model.FigurePerformed:
		return cases("closed_on").Where("x.state = ? AND x.close_type = ?", model.EnforcementClosed, model.ClosePerformed)
	case model.FigureArrived:
		return db.arrived(ctx, courtID, start, end)
	case model.FigureRelatives:
		return db.arrived(ctx, courtID, start, end).Where("r.payer_kind = ?", model.PayerRelative)
	case model.FigureCleanUps:
		return db.cleanedUp(ctx, courtID, start, end)
	case model.FigureCleanUpsLate:
		return db.cleanedUp(ctx, courtID, start, end).Where(`EXISTS (SELECT 1 FROM tasks t WHERE t.enforcement_case_id = x.enforcement_case_id
			AND t.party_id = x.party_id AND t.kind = ? AND t.created_at >= x.created_at AND t.done_at > t.due_at)`, model.TaskLift)
	case model.FigureSettled:
		return settled("created_at", start, end)
	case model.FigureKept:
		return settled("performed_on", from, until.AddDays(1))
	case model.FigureBroken:
		return settled("resumed_at", start, end)
	case model.FigureReleased, model.FigureNotReleased:
		state := model.ReleaseApproved
		if f == model.FigureNotReleased {
			state = model.ReleaseRefused
		}
		return db.q(ctx).Table("release_reviews x").Select("x.id, x.enforcement_case_id, x.subject, 0 AS fen").
			Where("x.court_id = ? AND x.decided_at >= ? AND x.decided_at < ? AND x.state = ?", courtID, start, end, state)
	case model.FigureQueries:
		return db.q(ctx).Table("asset_queries x").Select("x.id, x.enforcement_case_id, p.name AS subject, 0 AS fen").
			Joins("JOIN parties p ON p.id = x.party_id").
			Where("x.court_id = ? AND x.sent_at >= ? AND x.sent_at < ?", courtID, start, end)
	default:
		return nil
	}
}

// arrived are the confirmations of a period that stand and whose case was under
// enforcement when they were made, found along confirmations_court. A case that
// was enforced twice counts with the case open then.
func (db *DB) arrived(ctx context.Context, courtID int64, start, end time.Time) *gorm.DB {
	return db.q(ctx).Table("confirmations x").Select("x.id, e.id AS enforcement_case_id, r.payer_name AS subject, x.amount_fen AS fen").
		Joins("JOIN receipts r ON r.id = x.receipt_id").
		Joins(`JOIN enforcement_cases e ON e.id = (SELECT MAX(n.id) FROM enforcement_cases n
			WHERE n.case_id = x.case_id AND n.kind <> ? AND n.created_at <= x.created_at)`, model.EnforcementPreservation).
		Where("x.court_id = ? AND x.created_at >= ? AND x.created_at < ? AND x.kind = ?", courtID, start, end, model.EntryConfirm).
		Where("NOT EXISTS (SELECT 1 FROM confirmations b WHERE b.case_id = x.case_id AND b.reverses_id = x.id)")
}

func (db *DB) cleanedUp(ctx context.Context, courtID int64, start, end time.Time) *gorm.DB {
	return db.q(ctx).Table("clean_ups x").Select("x.id, x.enforcement_case_id, p.name AS subject, 0 AS fen").Joins("JOIN parties p ON p.id = x.party_id").
		Where("x.court_id = ? AND x.state = ? AND x.closed_at >= ? AND x.closed_at < ?", courtID, model.CleanUpDone, start, end)
}

// EnforcementCounts counts a court's enforcement in a period, both days
// included, by figure.
func (db *DB) EnforcementCounts(ctx context.Context, courtID int64, from, until model.Date) ([]model.EnforcementCount, error) {
	var out []model.EnforcementCount
	for _, info := range model.EnforcementFigures() {
		var sum struct {
			N   int64
			Fen model.Fen
		}
		err := db.q(ctx).Table("(?) c", db.counted(ctx, courtID, info.Figure, from, until)).Select("COUNT(*) AS n, COALESCE(SUM(c.fen), 0) AS fen").Scan(&sum).Error
		if err != nil {
			return nil, translate(err, "figure")
		}
		count := model.EnforcementCount{FigureInfo: info, N: sum.N}
		if info.Money {
			count.Fen = sum.Fen
		}
		out = append(out, count)
	}
	return out, nil
}

// EnforcementCountLines lists what one figure counted, by id.
func (db *DB) EnforcementCountLines(ctx context.Context, courtID int64, f model.EnforcementCountFilter) ([]model.EnforcementCountLine, error) {
	var out []model.EnforcementCountLine
	err := db.q(ctx).Table("(?) c", db.counted(ctx, courtID, f.Figure, f.From, f.Until)).
		Joins("JOIN enforcement_cases e ON e.id = c.enforcement_case_id").Joins("LEFT JOIN users u ON u.id = e.officer_id").
		Where("c.id > ?", f.After).Order("c.id").Limit(f.Limit).
		Select("c.id, c.enforcement_case_id, e.case_no, COALESCE(u.name, '') AS officer, c.subject, c.fen").Scan(&out).Error
	return out, translate(err, "figure")
}
