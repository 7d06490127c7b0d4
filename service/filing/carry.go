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

// numberCorrected is why a binding ended whose proof was of a number that the party
// does not have.
const numberCorrected = "当事人的证件号码已更正，原绑定依据的号码不是该当事人的"

// corrected ends the bindings that rest on a number of identity which a newer version
// of the case corrects: whoever proved that he has the old number proved that he is
// somebody else, and his later cases must not follow the new one. Who came by a code
// was seen by a clerk and stays.
func corrected(ctx context.Context, tx *storage.DB, by model.Actor, have, p *plan) error {
	changed := map[int64]bool{}
	for _, party := range p.parties {
		for _, old := range have.parties {
			if old.ID == party.ID && old.IDNumberHash != "" && party.IDNumberHash != "" && old.IDNumberHash != party.IDNumberHash {
				changed[party.ID] = true
			}
		}
	}
	if len(changed) == 0 {
		return nil
	}
	bound, err := tx.CaseBindings(ctx, p.cs.ID)
	if err != nil {
		return err
	}
	for _, b := range bound {
		if b.EndedAt != nil || !changed[b.PartyID] || !b.Method.Proves() {
			continue
		}
		if err := tx.EndBinding(ctx, b, by.UserID, numberCorrected); err != nil {
			return err
		}
		if err := tx.EndHandedOut(ctx, b.CaseID, b.UserID); err != nil {
			return err
		}
		err := tx.Audit(by, by.RoleFor(model.ActCasePut), model.AuditEvent{
			CourtID: b.CourtID, Action: model.AuditBindingEnd, CaseID: b.CaseID, Subject: model.ThingBinding.Of(b.ID), Before: b,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
