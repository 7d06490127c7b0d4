package storage

import (
	"context"

	"microcourt/model"
)

// Standings are how things stand for a user in cases of his, in their order, by one
// statement for each kind of thing and none for each case.
func (db *DB) Standings(ctx context.Context, userID int64, cases []model.Case) ([]model.PartyStanding, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	debts, err := db.DebtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	out, at, ids := make([]model.PartyStanding, len(cases)), map[int64]*model.PartyStanding{}, make([]int64, len(cases))
	for i, d := range debts {
		out[i] = model.PartyStanding{Debts: d, Today: model.DateOf(db.Now())}
		at[d.Case.ID], ids[i] = &out[i], d.Case.ID
	}
	paid, err := db.PaymentsByCase(ctx, ids)
	if err != nil {
		return nil, err
	}
	courts, err := db.CourtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	for i, cs := range cases {
		out[i].Paid, out[i].Settings = paid[cs.ID], courts[cs.CourtID].Settings
	}
	var bound []model.Binding
	if err := db.q(ctx).Where("user_id = ? AND ended_at IS NULL AND case_id IN ?", userID, ids).Order("id").Find(&bound).Error; err != nil {
		return nil, translate(err, "binding")
	}
	own := make([]int64, 0, len(bound))
	for _, b := range bound {
		at[b.CaseID].Own = append(at[b.CaseID].Own, b.PartyID)
		own = append(own, b.PartyID)
	}
	var receipts []model.Receipt
	var responses []model.ObligeeResponse
	var certificates []model.Certificate
	var applications []model.CertificateApplication
	var accounts []model.PaymentAccount
	for _, load := range []error{
		db.q(ctx).Where("case_id IN ?", ids).Order("id").Find(&receipts).Error,
		db.q(ctx).Where("case_id IN ? AND party_id IN ?", ids, own).Order("id").Find(&responses).Error,
		db.q(ctx).Omit("facts", "check_code").Where("case_id IN ? AND party_id IN ?", ids, own).Order("id").Find(&certificates).Error,
		db.q(ctx).Where("case_id IN ? AND party_id IN ?", ids, own).Order("id").Find(&applications).Error,
		db.q(ctx).Where("case_id IN ? AND party_id IN ?", ids, own).Order("id").Find(&accounts).Error,
	} {
		if load != nil {
			return nil, translate(load, "case")
		}
	}
	for _, x := range receipts {
		at[x.CaseID].Receipts = append(at[x.CaseID].Receipts, x)
	}
	for _, x := range responses {
		at[x.CaseID].Responses = append(at[x.CaseID].Responses, x)
	}
	for _, x := range certificates {
		at[x.CaseID].Certificates = append(at[x.CaseID].Certificates, x)
	}
	for _, x := range applications {
		at[x.CaseID].Applications = append(at[x.CaseID].Applications, x)
	}
	for _, x := range accounts {
		at[x.CaseID].Accounts = append(at[x.CaseID].Accounts, x)
	}
	return out, nil
}

// CourtsOf are the courts of cases, by id.
func (db *DB) CourtsOf(ctx context.Context, cases []model.Case) (map[int64]model.Court, error) {
	ids := make([]int64, len(cases))
	for i, cs := range cases {
		ids[i] = cs.CourtID
	}
	var list []model.Court
	err := db.q(ctx).Where("id IN ?", ids).Find(&list).Error
	out := map[int64]model.Court{}
	for _, c := range list {
		out[c.ID] = c
	}
	return out, translate(err, "court")
}
