package performance

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// QueueLine is a receipt as a list shows it, with what identifies it.
type QueueLine struct {
	model.Receipt
	Flags []model.ReceiptFlag
	Owed  model.OwedLine
	File  *model.File // the first of its pictures, nil for one without
}

// QueueLines adds to receipts of the actor's list what it shows of them, in a fixed
// number of queries.
func (s *Service) QueueLines(ctx context.Context, by model.Actor, list []model.Receipt, flags map[int64][]model.ReceiptFlag) ([]QueueLine, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, nil
	}
	var ids, cases []int64
	seen := map[int64]bool{}
	for _, r := range list {
		ids = append(ids, r.ID)
		if !seen[r.CaseID] {
			seen[r.CaseID] = true
			cases = append(cases, r.CaseID)
		}
	}
	files, err := s.db.ReceiptFiles(ctx, ids...)
	if err != nil {
		return nil, err
	}
	first := map[int64]*model.File{}
	for i := range files {
		if first[files[i].ReceiptID] == nil {
			first[files[i].ReceiptID] = &files[i]
		}
	}
	rows, err := s.db.CasesOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	debts, err := s.db.DebtsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	of := map[int64]model.Debts{}
	for _, d := range debts {
		of[d.Case.ID] = d
	}
	out := make([]QueueLine, len(list))
	for i, r := range list {
		out[i] = QueueLine{Receipt: r, Flags: flags[r.ID], Owed: of[r.CaseID].OwedOf(r.PartyID), File: first[r.ID]}
	}
	return out, nil
}

// QueuePlace is where a receipt stands in the actor's list, and its neighbours.
func (s *Service) QueuePlace(ctx context.Context, by model.Actor, f model.QueueFilter, id int64) (model.QueuePlace, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return model.QueuePlace{}, err
	}
	if own := by.Owner(); own != (model.Owner{}) {
		f.Owner = own
	}
	return s.db.QueuePlace(ctx, by, f, id)
}

// Look notes that the actor looks at a receipt that he may see, and tells who else
// does at the moment, whichever instance they came through.
func (s *Service) Look(ctx context.Context, by model.Actor, r model.Receipt) (others []string, err error) {
	if by.IsParty() || !by.May(model.ActReceiptDecide) {
		return nil, nil
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		now, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		others, err = tx.Look(ctx, model.Looker{UserID: by.UserID, CourtID: by.CourtID, ReceiptID: r.ID, Name: by.Name, LookedAt: now})
		return err
	})
	return others, err
}

// PartyReceipts are the newest other receipts of the debtor of a receipt that the
// actor sees.
func (s *Service) PartyReceipts(ctx context.Context, by model.Actor, r model.Receipt) ([]model.Receipt, error) {
	if by.IsParty() {
		return nil, nil
	}
	return s.db.PartyReceipts(ctx, r.CaseID, r.PartyID, r.ID, 6)
}
