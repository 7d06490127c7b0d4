package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// readyCertificates are pairs of an instrument and an obligor of it who performed
// all of it before enforcement, by the facts that lists keep, and has no valid
// certificate. A judge gets those of his cases, whoever looks after the court its.
func (db *DB) readyCertificates(ctx context.Context, by model.Actor, caseID int64) *gorm.DB {
	q := db.q(ctx).Table("cases").
		Joins("JOIN instruments n ON n.case_id = cases.id").
		Joins("JOIN obligations b ON b.instrument_id = n.id AND b.replaced_on IS NULL").
		Joins("JOIN obligors o ON o.obligation_id = b.id AND o.ended_by = 0 AND o.released_on IS NULL").
		Joins("JOIN parties p ON p.id = o.party_id AND p.gone_by = 0").
		Where("cases.court_id = ? AND cases.performance = ? AND cases.held = ?", by.CourtID, model.PerformanceFulfilled, false).
		Where("(n.kind = ? OR n.effective_on IS NOT NULL AND n.effective_on <= ?)", model.WithdrawalRuling, model.DateOf(db.Now())).
		Where("NOT EXISTS (SELECT 1 FROM certificates k WHERE k.instrument_id = n.id AND k.party_id = p.id AND k.state = ?)", model.CertificateValid).
		Where("NOT EXISTS (SELECT 1 FROM receipts r WHERE r.case_id = cases.id AND r.state = ?)", model.ReceiptSubmitted).
		Where(`NOT EXISTS (SELECT 1 FROM installments i JOIN obligations c ON c.id = i.obligation_id JOIN obligors d ON d.obligation_id = c.id
			WHERE c.instrument_id = n.id AND c.replaced_on IS NULL AND d.party_id = p.id AND d.ended_by = 0 AND d.released_on IS NULL AND i.dropped_on IS NULL AND i.lapsed_on IS NULL
			AND (i.performed_on IS NULL OR i.enforced_on IS NOT NULL AND i.performed_on >= i.enforced_on))`).
		Where(`EXISTS (SELECT 1 FROM installments i WHERE i.obligation_id = b.id AND i.dropped_on IS NULL AND i.lapsed_on IS NULL AND (i.confirmed_fen > 0 OR i.amount_fen = 0))`)
	if own := by.SupervisorOnly(); own != 0 {
		q = q.Where("cases.judge_id = ?", own)
	} else if !by.Has(model.RoleClerk) && !by.Has(model.RoleLeader) && !by.Has(model.RoleOfficer) {
		q = q.Where("1 = 0")
	}
	if caseID != 0 {
		q = q.Where("cases.id = ?", caseID)
	}
	return q.Group("cases.id, cases.case_no, n.id, n.kind, p.id, p.name")
}

// ReadyCertificates lists them by case, the oldest first: those behind after.
func (db *DB) ReadyCertificates(ctx context.Context, by model.Actor, caseID int64, after model.ReadyCertificate, limit int) ([]model.ReadyCertificate, error) {
	q := db.readyCertificates(ctx, by, caseID)
	if after.CaseID > 0 {
		q = q.Where("cases.id > ? OR cases.id = ? AND (n.id > ? OR n.id = ? AND p.id > ?)",
			after.CaseID, after.CaseID, after.InstrumentID, after.InstrumentID, after.PartyID)
	}
	var out []model.ReadyCertificate
	err := q.Select(`cases.id AS case_id, cases.case_no, n.id AS instrument_id, n.kind AS instrument, p.id AS party_id, p.name AS party, SUM(b.amount_fen) AS amount_fen,
		(SELECT MAX(i.performed_on) FROM installments i JOIN obligations c ON c.id = i.obligation_id WHERE c.instrument_id = n.id) AS performed_on,
		EXISTS (SELECT 1 FROM certificate_applications a WHERE a.instrument_id = n.id AND a.party_id = p.id AND a.state = 'open') AS applied`).
		Order("cases.id, n.id, p.id").Limit(limit).Scan(&out).Error
	return out, translate(err, "certificate")
}

// CountReadyCertificates counts them, up to CountCeiling.
func (db *DB) CountReadyCertificates(ctx context.Context, by model.Actor) (int64, error) {
	n, err := db.upTo(ctx, db.readyCertificates(ctx, by, 0))
	return n, translate(err, "certificate")
}
