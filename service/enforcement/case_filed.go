package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Filed begins the officer's work on an enforcement case that was filed or
// changed: the debtors get the 执行通知书 and the 预告书 once there is an officer,
// applicants are told that it was filed, and the clocks start. It is safe to
// repeat.
func (s *Service) Filed(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	if err := s.followPerformance(ctx, tx, by, cs, e, d.Installments); err != nil {
		return err
	}
	if e.State == model.EnforcementClosed {
		return s.applyEnding(ctx, tx, by, &cs, e)
	}
	if e.OfficerID == 0 {
		return nil
	}
	officer, err := tx.User(ctx, e.OfficerID)
	if err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, model.EnforcementAssignedNotice(cs, *e)); err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	if e.Kind.Enforces() {
		if err := s.addOpeningPapers(ctx, tx, *court, cs, e, d, officer.Name); err != nil {
			return err
		}
	}
	return s.startClocks(ctx, tx, days, e)
}

// startClocks starts the clocks that every enforcement case has.
func (s *Service) startClocks(ctx context.Context, tx *storage.DB, days *model.Calendar, e *model.EnforcementFile) error {
	add := func(kind model.TaskKind, p model.Period, rule string) error {
		_, err := tx.AddTask(ctx, model.Task{
			CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: kind, Subject: model.ThingEnforcement.Of(e.ID),
			Title: kind.Chinese(), DueAt: p.Last.EndOfDay(), DueReason: p.Reason + "（" + rule + "）", DedupeKey: fmt.Sprintf("%s:%d", kind, e.ID),
		})
		return err
	}
	p, rule := model.EnforcementCloseBy(days, e.FiledOn)
	if err := add(model.TaskCloseCase, p, rule); err != nil || !e.Kind.Enforces() {
		return err
	}
	p, rule = model.EnforcementNoticeBy(days, e.FiledOn)
	return add(model.TaskServiceOfProcess, p, rule)
}

// addOpeningPapers makes the papers of an enforcement that begins, once.
func (s *Service) addOpeningPapers(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, e *model.EnforcementFile, d *model.Debts, officer string) error {
	today := model.DateOf(tx.Now())
	if e.PerformBy.IsZero() {
		e.PerformBy = today.AddDays(court.Settings.NoticeTerm())
		if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, e.Version); err != nil {
			return err
		}
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return err
	}
	for _, p := range e.Parties {
		if p.Role == model.EnforcementApplicant {
			if err := tx.AddNotice(ctx, model.EnforcementFiledNotice(court, cs, *e, p.PartyID, officer)); err != nil {
				return err
			}
			continue
		}
		for _, kind := range []model.DocumentKind{model.DocumentEnforcementNotice, model.DocumentEnforcementWarning} {
			f := d.EnforcementFacts(kind, court, *e, officer, p.PartyID, paid, today)
			if err := addCasePaper(ctx, tx, court, cs, e, p.PartyID, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// casePaperKey is under which a paper of an enforcement case is made once for a
// party.
func casePaperKey(kind model.DocumentKind, enforcementCaseID, partyID int64) string {
	return fmt.Sprintf("%s:%d:%d", kind, enforcementCaseID, partyID)
}

// addCasePaper makes a numbered paper of an enforcement case with the notice that
// serves it.
func addCasePaper(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, e *model.EnforcementFile, partyID int64, f model.DocumentFacts) error {
	doc := &model.Document{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: partyID, Kind: f.Kind, Facts: f, DedupeKey: casePaperKey(f.Kind, e.ID, partyID),
	}
	created, err := tx.CreateDocument(ctx, doc, func() (string, error) {
		year := model.DateOf(tx.Now()).Year
		n, err := tx.NextSerial(ctx, court.ID, f.Kind.Series(), year)
		return model.DocumentNumber(court.Settings.Pattern(f.Kind), court.ShortName, year, n), err
	})
	if err != nil || !created {
		return err
	}
	n, err := tx.AddNoticeOnce(ctx, model.EnforcementPaperNotice(court, cs, *e, partyID, *doc))
	if err != nil {
		return err
	}
	return tx.SetDocumentNotice(ctx, doc.ID, n)
}
