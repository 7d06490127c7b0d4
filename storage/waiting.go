package storage

import (
	"context"

	"microcourt/model"
)

// WaitingIn is what waits in a case, of every kind.
type WaitingIn struct {
	Certificates []model.CertificateApplication
	Repairs      []model.RepairApplication
	Spending     []model.SpendingPermit
	Reviews      []model.MeasureReview
	Petitions    []model.Petition
	Wishes       []model.DepositWish
	Forgiven     []model.DebtEntry
	// MeasureOf and DepositOf are the parties of the measures and deposits that
	// reviews and wishes are about.
	MeasureOf, DepositOf map[int64]int64
}

// Waiting reads what waits in a case, in a fixed number of reads.
func (db *DB) Waiting(ctx context.Context, caseID int64) (*WaitingIn, error) {
	w := &WaitingIn{MeasureOf: map[int64]int64{}, DepositOf: map[int64]int64{}}
	for _, read := range []struct {
		into  any
		state any
	}{
		{&w.Certificates, []model.ApplicationState{model.ApplicationOpen}},
		{&w.Repairs, []model.RepairState{model.RepairOpen}},
		{&w.Spending, []model.SpendingState{model.SpendingOpen}},
		{&w.Reviews, []model.ReviewState{model.ReviewOpen}},
		{&w.Petitions, []model.PetitionState{model.PetitionOpen, model.PetitionForwarded}},
		{&w.Wishes, []model.WishState{model.WishAsked}},
	} {
		if err := db.q(ctx).Where("case_id = ? AND state IN ?", caseID, read.state).Order("id").Find(read.into).Error; err != nil {
			return nil, translate(err, "application")
		}
	}
	entries, err := db.DebtEntries(ctx, caseID)
	if err != nil {
		return nil, err
	}
	undone := map[int64]bool{}
	for _, e := range entries {
		undone[e.UndoesID] = true
	}
	for _, e := range entries {
		if e.Kind == model.DebtForgive && e.PlanID == 0 && !undone[e.ID] {
			w.Forgiven = append(w.Forgiven, e)
		}
	}
	if len(w.Reviews) > 0 {
		var list []model.Measure
		if err := db.q(ctx).Select("id", "party_id").Where("case_id = ?", caseID).Find(&list).Error; err != nil {
			return nil, translate(err, "measure")
		}
		for _, m := range list {
			w.MeasureOf[m.ID] = m.PartyID
		}
	}
	if len(w.Wishes) > 0 {
		var list []model.Deposit
		if err := db.q(ctx).Select("id", "party_id").Where("case_id = ?", caseID).Find(&list).Error; err != nil {
			return nil, translate(err, "deposit")
		}
		for _, d := range list {
			w.DepositOf[d.ID] = d.PartyID
		}
	}
	return w, nil
}
