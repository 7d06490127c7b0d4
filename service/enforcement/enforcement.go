// Package enforcement is the officer's work (执行法官): his cases, what is due by
// when, hand-over and closing; measures from proposal to lifting, settlements,
// credit repair, permission to spend, and the clean-up after payment. How cases
// come in is filing's matter; what follows from their filing and from the ledger
// is told here, in the transaction of the event.
package enforcement

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Families, when set, give the paper for a detained person's family its code.
	Families Families
	// Petitions, when set, are told what was decided of a measure's lifting.
	Petitions Petitions
	// Sanctions, when set, is told of every measure against a person that begins
	// and ends, in its transaction: other units have duties that hang on it.
	Sanctions Sanctions
}

// Families are debtors' relatives.
type Families interface {
	// Scene makes what the QR code on the paper for a detained person's family
	// holds, in the transaction of the detention: by it a relative asks to speak with
	// the officer.
	Scene(ctx context.Context, tx *storage.DB, m model.Measure) (string, error)
}

// Petitions are what debtors and families asked for in writing.
type Petitions interface {
	// Released is told that a measure was lifted, or that the president refused to,
	// in the transaction of the decision.
	Released(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, m model.Measure, lifted bool, note string) error
}

// Sanctions is who has to know when a measure begins and when it is over.
type Sanctions interface {
	Begun(ctx context.Context, tx *storage.DB, m model.Measure) error
	Over(ctx context.Context, tx *storage.DB, m model.Measure) error
	// Moved is told that a measure ends later than was said.
	Moved(ctx context.Context, tx *storage.DB, m model.Measure) error
	// Paused is told that credit repair pauses a measure until a day, or that the
	// pause was revoked.
	Paused(ctx context.Context, tx *storage.DB, m model.Measure, a model.RepairApplication) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{db, cfg} }

const batch = 100

// Pass tells the owner and the court's leaders of every task whose clock ran
// out, once each. One that cannot be told of does not hold up the others.
func (s *Service) Pass(ctx context.Context) error {
	over := s.openExpiryTasks(ctx)
	_, late := s.db.Pass(ctx, "task", batch,
		func(n int) ([]int64, error) { return s.db.LateTasks(ctx, s.db.Now(), n) },
		func(tx *storage.DB, id int64) error { return escalateTask(ctx, tx, id) })
	return errors.Join(over, late, s.followLateSettlements(ctx))
}

func escalateTask(ctx context.Context, tx *storage.DB, id int64) error {
	t, err := tx.LockTask(ctx, id)
	if err != nil || t.EscalatedAt != nil || !t.Late(tx.Now()) {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, t.CaseID)
	if err != nil {
		return err
	}
	leaders, err := tx.StaffWith(ctx, t.CourtID, model.RoleLeader)
	if err != nil {
		return err
	}
	told := []int64{t.OwnerID}
	if slices.Contains(model.SubstituteTasks(), t.Kind) {
		people, err := tx.Substitutes(ctx, t.OwnerID)
		if err != nil {
			return err
		}
		told = append(told, people...)
	}
	for _, l := range leaders {
		told = append(told, l.UserID)
	}
	for i, user := range told {
		if user == 0 || slices.Contains(told[:i], user) {
			continue
		}
		if err := tx.AddNotice(ctx, model.TaskLateNotice(*cs, *t, user)); err != nil {
			return err
		}
	}
	now := tx.Now()
	t.EscalatedAt = &now
	return tx.UpdateTask(ctx, t, t.Version)
}

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
		return tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "已结案", model.TaskMatch{
			EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskServiceOfProcess, model.TaskCloseCase, model.TaskCheckFull},
		})
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
			CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: kind, Subject: model.Subject("enforcement", e.ID),
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
	paid, err := tx.PaidParts(ctx, cs.ID)
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

// addCasePaper makes a numbered paper of an enforcement case with the notice that
// serves it.
func addCasePaper(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, e *model.EnforcementFile, partyID int64, f model.DocumentFacts) error {
	doc := &model.Document{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: partyID, Kind: f.Kind, Facts: f, DedupeKey: fmt.Sprintf("%s:%d:%d", f.Kind, e.ID, partyID),
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

// Settled follows the ledger of a case in enforcement: full performance, from
// whichever side it was confirmed, begins what has to be lifted; a correction
// takes that back.
func (s *Service) Settled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, all []model.Installment) error {
	list, err := tx.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	for i := range list {
		if err := s.followSettlement(ctx, tx, by, cs, list[i]); err != nil {
			return err
		}
		if err := s.followPerformance(ctx, tx, by, cs, &list[i], all); err != nil {
			return err
		}
		if err := s.followCleanUps(ctx, tx, by, cs, &list[i], d); err != nil {
			return err
		}
	}
	return nil
}

// followPerformance keeps whether everything that a case enforces is performed.
func (s *Service) followPerformance(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, all []model.Installment) error {
	on := model.LastPerformed(e.Installments(all))
	if on.IsZero() { // a settlement that was performed ends it as well (执行和解 8)
		last, err := tx.LastSettlement(ctx, e.ID)
		if err != nil {
			return err
		}
		if last != nil && last.State == model.SettlementPerformed {
			on = last.PerformedOn
		}
	}
	if on == e.PerformedOn {
		return nil
	}
	was := e.PerformedOn
	e.PerformedOn = on
	if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, e.Version); err != nil {
		return err
	}
	key := fmt.Sprintf("check:%d:v%d", e.ID, e.Version)
	switch {
	case on.IsZero():
		return tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "已确认的款项被更正，义务尚未全部履行", model.TaskMatch{EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskCheckFull}})
	case was.IsZero() && e.OfficerID != 0 && e.State == model.EnforcementOpen:
		today := model.DateOf(tx.Now())
		if _, err := tx.AddTask(ctx, model.Task{
			CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: model.TaskCheckFull, Subject: model.Subject("enforcement", e.ID),
			Title: model.TaskCheckFull.Chinese(), DueAt: today.AddDays(3).EndOfDay(), DueReason: "本金已全部确认；请核对迟延履行利息和执行费用，符合条件的办理结案", DedupeKey: key,
		}); err != nil {
			return err
		}
		return tx.AddNotice(ctx, model.EnforcementPerformedNotice(cs, *e))
	}
	return nil
}

// checkReason is the reason that somebody gives for an act.
func checkReason(reason string) (string, error) {
	return strings.TrimSpace(reason), model.CheckReason(reason)
}
