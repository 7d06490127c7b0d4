package performance

import (
	"context"

	"microcourt/model"
)

// earlier are the receipts that flags of another point to: those of cases that the
// actor may see with their pictures, of others no more than number, day and amount.
func (s *Service) earlier(ctx context.Context, by model.Actor, flags []model.ReceiptFlag) ([]model.Earlier, error) {
	var ids, cases, open []int64
	for _, f := range flags {
		if f.OtherReceiptID != 0 {
			ids = append(ids, f.OtherReceiptID)
		}
	}
	if len(ids) == 0 || by.IsParty() {
		return nil, nil
	}
	list, err := s.db.ReceiptsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		cases = append(cases, r.CaseID)
	}
	sees, err := s.db.VisibleOf(ctx, by, cases)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if sees[r.CaseID] {
			open = append(open, r.ID)
		}
	}
	var files []model.File
	if len(open) > 0 {
		if files, err = s.db.ReceiptFiles(ctx, open...); err != nil {
			return nil, err
		}
	}
	return model.EarlierOf(flags, list, sees, files), nil
}
