package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// ThisRound is what 终结本次执行程序 of a case depends on, as it stands.
func (s *Service) ThisRound(ctx context.Context, by model.Actor, id int64) (*model.RoundCase, error) {
	if err := by.Require(model.ActEnforcementRead); err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, id)
	if err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, e.CaseID)
	if err != nil {
		return nil, err
	}
	return roundCase(ctx, s.db, cs, e)
}

func roundCase(ctx context.Context, db *storage.DB, cs *model.Case, e *model.EnforcementFile) (*model.RoundCase, error) {
	c := &model.RoundCase{Enforcement: *e, Today: model.DateOf(db.Now())}
	d, err := db.Debts(ctx, *cs)
	if err != nil {
		return nil, err
	}
	measures, err := db.MeasuresOf(ctx, e.ID, 0)
	if err != nil {
		return nil, err
	}
	notices, err := db.Tasks(ctx, e.CourtID, model.TaskFilter{EnforcementCaseID: e.ID, Kind: model.TaskServiceOfProcess, State: model.TaskDone, Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, p := range e.Parties {
		switch {
		case p.EndedBy != 0:
			continue
		case p.Role == model.EnforcementApplicant:
			c.Creditors = append(c.Creditors, d.Party(p.PartyID))
			continue
		case d.PerformedBy(*e, p.PartyID):
			continue
		}
		on, err := db.ServedOn(ctx, cs.ID, p.PartyID, casePaperKey(model.DocumentEnforcementNotice, e.ID, p.PartyID))
		if err != nil {
			return nil, err
		}
		debtor := model.RoundDebtor{Party: d.Party(p.PartyID), Notice: !on.IsZero() || len(notices) > 0}
		for _, m := range measures {
			if m.PartyID != p.PartyID || !m.State.Stands() {
				continue
			}
			debtor.Consumption = debtor.Consumption || m.Kind == model.MeasureConsumption
			debtor.Listed = debtor.Listed || m.Kind == model.MeasureListing
		}
		c.Debtors = append(c.Debtors, debtor)
	}
	lines, err := db.AssetQueries(ctx, e.CourtID, model.AssetQueryFilter{EnforcementCaseID: e.ID, Limit: storage.CountCeiling})
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		c.Queries = append(c.Queries, l.AssetQuery)
	}
	c.Entries, err = db.RoundEntries(ctx, e.ID)
	return c, err
}

// RecordRound records an entry on the way to 终结本次执行程序: the officer of the case
// says what was done, a leader answers the panel's opinion. A repeat under the same
// key changes nothing.
func (s *Service) RecordRound(ctx context.Context, by model.Actor, in model.RoundEntry) (*model.RoundEntry, error) {
	act, lock := model.ActEnforcementClose, (*storage.DB).LockOwnEnforcement
	if in.Kind == model.RoundApproval || in.Kind == model.RoundRefusal {
		act, lock = model.ActMeasureApprove, (*storage.DB).LockEnforcement
	}
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out model.RoundEntry
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		out = in
		e, cs, err := lock(tx, ctx, by, in.EnforcementCaseID)
		if err != nil {
			return err
		}
		out.CourtID, out.CaseID, out.ByUserID = e.CourtID, e.CaseID, by.UserID
		c, err := roundCase(ctx, tx, cs, e)
		if err != nil {
			return err
		}
		for _, x := range c.Entries {
			if x.ByUserID == by.UserID && x.IdemKey == in.IdemKey {
				out = x
				return nil
			}
		}
		if err := s.checkRound(ctx, tx, c, &out); err != nil {
			return err
		}
		if created, err := tx.CreateRoundEntry(ctx, &out); err != nil || !created {
			return err
		}
		if err := keepFile(ctx, tx, by, out.CaseID, out.FileID); err != nil {
			return err
		}
		if err := s.followRound(ctx, tx, by, e, &out); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
			CourtID: e.CourtID, Action: model.AuditRoundRecord, CaseID: e.CaseID, Subject: model.ThingEnforcement.Of(e.ID), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("record on this round of %d: %w", in.EnforcementCaseID, err)
	}
	return &out, nil
}

func (s *Service) checkRound(ctx context.Context, tx *storage.DB, c *model.RoundCase, e *model.RoundEntry) error {
	if err := c.CheckEntry(e); err != nil {
		return err
	}
	if e.Kind != model.RoundApproval && e.Kind != model.RoundRefusal {
		return nil
	}
	signers, err := tx.Signers(ctx, c.Enforcement.CourtID)
	if err != nil {
		return err
	}
	if err := signers.CheckSelf(e.ByUserID, "终结本次执行程序", model.CiteRoundApproved); err != nil {
		return err
	}
	return tx.OtherEyes(ctx, model.MatterMeasure, e.ByUserID, c.AwaitsApproval().ByUserID)
}

// followRound puts the panel's opinion before the leaders, and ends that when it is
// answered or when what was recorded after it asks for another one.
func (s *Service) followRound(ctx context.Context, tx *storage.DB, by model.Actor, e *model.EnforcementFile, x *model.RoundEntry) error {
	state, result := model.TaskCancelled, "合议庭意见以后又有登记，须重新审查核实"
	switch x.Kind { //nolint:exhaustive // see above
	case model.RoundConsent, model.RoundRuling:
		return nil
	case model.RoundApproval, model.RoundRefusal:
		state, result = model.TaskDone, x.Kind.Chinese()+"："+cutName(x.Note, 200)
	}
	if err := tx.EndTasks(ctx, state, by.UserID, result, model.TaskMatch{EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskRoundApprove}}); err != nil {
		return err
	}
	if x.Kind != model.RoundPanel {
		return nil
	}
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := days.WorkdaysPeriod(model.DateOf(tx.Now()), court.Settings.ReleaseClock(), "提请批准")
	_, err = tx.AddTask(ctx, model.Task{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, Kind: model.TaskRoundApprove, Subject: model.ThingEnforcement.Of(e.ID),
		Title: "批准终结本次执行程序：" + e.CaseNo, DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "（本院设置）", DedupeKey: fmt.Sprintf("round:%d", x.ID),
	})
	return err
}

// checkThisRound refuses 终结本次执行程序 of which something is missing.
func checkThisRound(ctx context.Context, tx *storage.DB, cs *model.Case, e *model.EnforcementFile, closing model.Closing) error {
	if closing.Type != model.CloseThisRound || e.State != model.EnforcementOpen {
		return nil
	}
	c, err := roundCase(ctx, tx, cs, e)
	if err != nil {
		return err
	}
	return c.Check()
}
