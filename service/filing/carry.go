package filing

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// carry lets cases appear at those who proved in an earlier case of the court who
// they are, before anybody is told of the cases, and tells them that it did.
func carry(ctx context.Context, tx *storage.DB, court model.Court, cases []model.Case) error {
	ids, of := make([]int64, len(cases)), map[int64]model.Case{}
	for i, cs := range cases {
		ids[i], of[cs.ID] = cs.ID, cs
	}
	bound, err := tx.CarryBindings(ctx, ids)
	if err != nil || len(bound) == 0 {
		return err
	}
	notices := make([]model.Notice, len(bound))
	for i, b := range bound {
		notices[i] = model.LinkedNotice(court, of[b.CaseID], b)
		err := tx.Audit(model.System(), model.RolePublic, model.AuditEvent{
			CourtID: b.CourtID, Action: model.AuditBindingCreate, CaseID: b.CaseID, Subject: model.ThingParty.Of(b.PartyID), After: b,
		})
		if err != nil {
			return err
		}
	}
	return tx.AddNotices(ctx, notices)
}
