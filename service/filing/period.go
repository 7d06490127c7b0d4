package filing

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// RecordPeriod puts on record what interrupts or suspends the periods for
// applying for enforcement and happened outside the system: a demand, a promise,
// an obstacle. An entry that corrects another takes its place; it is Conflict
// period.corrected when another one did.
func (s *Service) RecordPeriod(ctx context.Context, by model.Actor, e model.PeriodEntry) (*model.PeriodEntry, error) {
	if err := by.Require(model.ActPeriodRecord); err != nil {
		return nil, err
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, e.CaseID)
		if err != nil {
			return err
		}
		d, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		if err := e.Check(*d, model.DateOf(tx.Now())); err != nil {
			return err
		}
		have, err := tx.PeriodEntries(ctx, cs.ID)
		if err != nil {
			return err
		}
		repeat := slices.ContainsFunc(have, func(o model.PeriodEntry) bool { return o.ByUserID == by.UserID && o.IdemKey == e.IdemKey })
		standing := slices.ContainsFunc(model.StandingEntries(have), func(o model.PeriodEntry) bool { return o.ID == e.CorrectsID })
		if e.CorrectsID != 0 && !standing && !repeat {
			return model.E(model.Conflict, "period.corrected", "该条记录已经更正或者撤回，请刷新后查看")
		}
		e.CourtID, e.ByUserID = cs.CourtID, by.UserID
		if e.ObligationIDs == nil {
			e.ObligationIDs = []int64{}
		}
		created, err := tx.CreatePeriodEntry(ctx, &e)
		if err != nil || !created {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPeriodRecord), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPeriodRecord, CaseID: cs.ID, Subject: model.ThingPeriodEntry.Of(e.ID), After: e,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("record about a period: %w", err)
	}
	return &e, nil
}
