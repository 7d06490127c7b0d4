package storage

import (
	"context"

	"microcourt/model"
)

// ReferenceFor is the payment reference of a debtor in an enforcement case,
// made when there is none. fresh makes a new one.
func (db *DB) ReferenceFor(ctx context.Context, e *model.EnforcementCase, partyID int64, fresh func() string) (string, error) {
	for {
		var found model.PaymentReference
		res := db.q(ctx).Where("enforcement_case_id = ? AND party_id = ?", e.ID, partyID).Limit(1).Find(&found)
		if res.Error != nil || res.RowsAffected > 0 {
			return found.Code, translate(res.Error, "reference")
		}
		r := model.PaymentReference{Code: fresh(), CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: partyID}
		if created, err := createOnce(db.q(ctx), &r); err != nil || created {
			return r.Code, translate(err, "reference")
		}
	}
}

// ReferenceOf is the payment reference of a debtor, "" when there is none yet.
func (db *DB) ReferenceOf(ctx context.Context, enforcementID, partyID int64) (string, error) {
	var r model.PaymentReference
	err := db.q(ctx).Where("enforcement_case_id = ? AND party_id = ?", enforcementID, partyID).Limit(1).Find(&r).Error
	return r.Code, translate(err, "reference")
}

// Reference is the payment reference with the code in a court.
func (db *DB) Reference(ctx context.Context, courtID int64, code string) (*model.PaymentReference, error) {
	var r model.PaymentReference
	err := db.q(ctx).Take(&r, "code = ? AND court_id = ?", code, courtID).Error
	return &r, translate(err, "reference")
}
