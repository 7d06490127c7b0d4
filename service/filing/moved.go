package filing

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// movedBySystem is why a case has another judge or officer that the case system named.
const movedBySystem = "办案系统中的承办人员已变更"

// judgeMoved follows a change of the judge that the case system made, as a hand-over
// by a person is followed: it is recorded, and the new judge and the parties are told.
func judgeMoved(ctx context.Context, tx *storage.DB, by model.Actor, court model.Court, cs model.Case, was int64) error {
	h := model.Handover{CourtID: cs.CourtID, CaseID: cs.ID, FromJudgeID: was, ToJudgeID: cs.JudgeID, Reason: movedBySystem, ByUserID: by.UserID}
	if err := tx.CreateHandover(ctx, &h); err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, model.HandedOverNotice(court, cs, cs.JudgeID, h.ID)); err != nil {
		return err
	}
	return tx.TellJudgeChanged(ctx, cs, h)
}

// officerMoved does the same for an enforcement case; its new officer is told of a
// case that is his anyway.
func officerMoved(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, old, now *model.EnforcementFile) error {
	if old == nil || old.OfficerID == 0 || old.OfficerID == now.OfficerID || now.State == model.EnforcementClosed {
		return nil
	}
	h := model.Handover{CourtID: cs.CourtID, CaseID: cs.ID, FromJudgeID: old.OfficerID, ToJudgeID: now.OfficerID, Reason: movedBySystem, ByUserID: by.UserID}
	if err := tx.CreateHandover(ctx, &h); err != nil {
		return err
	}
	return tx.TellOfficerChanged(ctx, cs, *now, h)
}
