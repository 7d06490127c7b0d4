package enforcement

import (
	"context"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// takeBackCleanUp ends a clean-up whose performance a correction took back: what is
// open is cancelled with the reason, and what is lifted already is the
// officer's to decide about.
func (s *Service) takeBackCleanUp(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, c *model.CleanUp) error {
	const why = "已确认的款项被更正，义务尚未全部履行"
	before := *c
	if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, why, model.TaskMatch{GroupKey: c.Group()}); err != nil {
		return err
	}
	c.Close(model.CleanUpCancelled, why, tx.Now())
	if err := tx.UpdateCleanUp(ctx, c, before.Version); err != nil {
		return err
	}
	measures, err := tx.MeasuresOf(ctx, e.ID, c.PartyID)
	if err != nil {
		return err
	}
	for i := range measures { // a wish to lift because of the performance has lost its reason
		m := &measures[i]
		if m.State.Stands() && m.LiftAskedAt != nil && (m.LiftGround == model.LiftPerformed || m.LiftGround == model.LiftEarly) {
			p := &lockedMeasure{m: m, e: e, cs: &cs, before: *m}
			if err := m.RefuseLift(m.Version, why); err != nil {
				return err
			}
			if err := s.saveMeasure(ctx, tx, by, p, model.EntryLiftRefused, why, model.AuditMeasureRefuseLift); err != nil {
				return err
			}
		}
	}
	if err := auditCleanUp(tx, by, c, model.AuditCleanUpCancel, before); err != nil {
		return err
	}
	return s.tellTakenBack(ctx, tx, cs, e, c, measures)
}

// tellTakenBack tells the officer that a performance was taken back, with what was
// lifted because of it.
func (s *Service) tellTakenBack(ctx context.Context, tx *storage.DB, cs model.Case, e *model.EnforcementFile, c *model.CleanUp, measures []model.Measure) error {
	list := liftedSince(measures, c)
	text := "已确认的款项被更正，义务尚未全部履行，未办的解除事项已取消。"
	if len(list) > 0 {
		text += "已经解除的措施：" + strings.Join(list, "、") + "。是否重新采取，请审查决定。"
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		due := days.WorkdaysPeriod(model.DateOf(tx.Now()), 3, "更正")
		owner, err := tx.OfficerOf(ctx, c.PartyID)
		if err != nil {
			return err
		}
		if owner == 0 {
			owner = e.OfficerID
		}
		_, err = tx.AddTask(ctx, model.Task{
			CourtID: c.CourtID, CaseID: c.CaseID, EnforcementCaseID: e.ID, PartyID: c.PartyID, OwnerID: owner, Kind: model.TaskTakenBack, Subject: model.ThingCleanUp.Of(c.ID),
			Title: cutTitle("是否重新采取：" + strings.Join(list, "、")), DueAt: due.Last.EndOfDay(), DueReason: due.Reason, DedupeKey: c.Group() + ":taken_back",
		})
		if err != nil {
			return err
		}
	}
	if e.OfficerID == 0 {
		return nil
	}
	return tx.AddNotice(ctx, model.CleanUpStaffNotice(cs, *e, *c, e.OfficerID, "履行被更正，清理已终止", text))
}

func cutTitle(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return s
}

// liftedSince names what was lifted because of the performance since the
// clean-up opened.
func liftedSince(measures []model.Measure, c *model.CleanUp) (out []string) {
	for _, m := range measures {
		if m.State == model.MeasureLifted && m.LiftedAt != nil && !m.LiftedAt.Before(c.OpenedAt) && (m.LiftGround == model.LiftPerformed || m.LiftGround == model.LiftEarly) {
			out = append(out, m.Kind.Chinese()+"（"+m.SubjectName+"）")
		}
	}
	return out
}

// takeBackDoneCleanUp looks, when nothing runs and the debtor owes again, whether a
// clean-up that was done rests on what was just corrected.
func (s *Service) takeBackDoneCleanUp(ctx context.Context, tx *storage.DB, by model.Actor, e *model.EnforcementFile, partyID int64) error {
	list, err := tx.CleanUpsOf(ctx, e.ID, partyID)
	if err != nil || len(list) == 0 || list[0].State != model.CleanUpDone || list[0].Cause != model.LiftPerformed {
		return err
	}
	c := &list[0]
	cs, err := tx.LockCaseByID(ctx, e.CaseID)
	if err != nil {
		return err
	}
	measures, err := tx.MeasuresOf(ctx, e.ID, partyID)
	if err != nil {
		return err
	}
	before := *c
	c.Close(model.CleanUpCancelled, "办结后，已确认的款项被更正，义务尚未全部履行", tx.Now())
	if err := tx.UpdateCleanUp(ctx, c, before.Version); err != nil {
		return err
	}
	if err := auditCleanUp(tx, by, c, model.AuditCleanUpCancel, before); err != nil {
		return err
	}
	return s.tellTakenBack(ctx, tx, *cs, e, c, measures)
}
