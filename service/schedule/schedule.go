// Package schedule urges by itself: who handles a case is responsible for
// urging (谁办理、谁负责督促履行), and has no time. From the facts of each case it plans
// which notice goes to which party on which day, sends them when their time
// has come, and stops when there is nothing to urge. A change of a case marks
// its plan as stale in the same transaction; a worker plans anew, so that no
// use case has to think of it. Planning again is harmless: a step's key names
// its reason.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Outbox, when set, is told that there is something to send.
	Outbox Outbox
}

// Outbox sends messages.
type Outbox interface{ Wake() }

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config

	digested map[int64]model.Date // courts whose digest of the day is made
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	return &Service{db: db, cfg: cfg, digested: map[int64]model.Date{}}
}

const (
	batch = 200
	// digestHour is when a judge's digest goes out, court time, on working days.
	digestHour = 8
)

// Pass plans what is stale and sends what is due, until nothing is left. One
// case that cannot be planned, or one step that cannot be sent, does not hold
// up the others.
func (s *Service) Pass(ctx context.Context) error {
	return errors.Join(s.extendDues(ctx), s.markMissed(ctx), s.planStale(ctx), s.sendDue(ctx), s.digest(ctx))
}

// extendDues makes the next instalments of dues that go on.
func (s *Service) extendDues(ctx context.Context) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.DuesToExtend(ctx, model.DateOf(s.db.Now()), after, batch)
		if err != nil || len(ids) == 0 {
			return errors.Join(errs, err)
		}
		after = ids[len(ids)-1]
		for _, id := range ids {
			err := s.db.Transact(ctx, func(tx *storage.DB) error {
				if _, err := tx.LockCaseByID(ctx, id); err != nil {
					return err
				}
				if changed, err := tx.ExtendDues(ctx, id); err != nil || !changed {
					return err
				}
				return tx.RefreshCase(ctx, id)
			})
			if err != nil {
				errs = errors.Join(errs, fmt.Errorf("dues of case %d: %w", id, err))
			}
		}
	}
	return errs
}

// markMissed asks for the plans of cases in which a missed instalment makes others
// due.
func (s *Service) markMissed(ctx context.Context) error {
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.Missed(ctx, model.DateOf(s.db.Now()), after, batch)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		for _, id := range ids {
			if err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.RefreshCase(ctx, id) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// accelerate moves the days of instalments as the instrument says, and tells both
// sides why.
func accelerate(ctx context.Context, tx *storage.DB, d *model.Debts) error {
	changed, err := tx.Accelerate(ctx, d)
	if err != nil || len(changed) == 0 {
		return err
	}
	if err := tx.SetPerformance(ctx, d.Case.ID, d.Installments); err != nil || d.Case.Held {
		return err
	}
	for _, n := range d.AcceleratedNotices(changed) {
		if _, err := tx.AddNoticeOnce(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) planStale(ctx context.Context) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.StaleCases(ctx, after, batch)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, id := range ids {
			after = id
			err := s.db.Transact(ctx, func(tx *storage.DB) error { return plan(ctx, tx, id) })
			if err != nil {
				errs = errors.Join(errs, fmt.Errorf("plan case %d: %w", id, err))
			}
		}
		if len(ids) < batch {
			break
		}
	}
	return errs
}

// plan fits a case's steps to its facts.
func plan(ctx context.Context, tx *storage.DB, caseID int64) error {
	cs, err := tx.LockCaseByID(ctx, caseID)
	if err != nil {
		return err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	debts, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	if err := accelerate(ctx, tx, debts); err != nil {
		return err
	}
	acts, err := tx.ScheduleActs(ctx, caseID)
	if err != nil {
		return err
	}
	have, err := tx.Steps(ctx, caseID)
	if err != nil {
		return err
	}
	standing, last := model.Standing(acts)
	var want []model.Step
	if standing != model.ScheduleStop {
		want = debts.Steps(court.Settings.ScheduleFor(cs.Kind), tx.Now())
	}
	open := model.StepPlanned
	if standing == model.SchedulePause {
		open = model.StepPaused
	}
	for i := range have {
		h := have[i]
		w := slices.IndexFunc(want, func(w model.Step) bool { return w.Key == h.Key })
		before := h
		switch {
		case w < 0 && h.Open() && standing != model.ScheduleStop && h.Stale(court.Settings.ScheduleFor(cs.Kind), tx.Now()):
			h.State, h.Reason = model.StepMissed, missedReason
		case w < 0 && h.Open():
			h.State, h.Reason = model.StepStopped, stopReason(debts, standing, last)
		case w >= 0 && h.State == model.StepStopped: // there is something to urge again
			h.State, h.Reason, h.At = open, "", want[w].At
		case w >= 0 && h.Open():
			h.State = open
		}
		if w >= 0 {
			want = slices.Delete(want, w, w+1)
		}
		if h.State != before.State {
			if err := tx.UpdateStep(ctx, &h); err != nil {
				return err
			}
		}
	}
	want = slices.DeleteFunc(want, func(w model.Step) bool { return w.TooLate(tx.Now()) })
	for i := range want {
		want[i].State, want[i].UpdatedAt = open, tx.Now()
	}
	if err := storage.Insert(ctx, tx, want); err != nil {
		return err
	}
	return tx.SetPlanned(ctx, caseID)
}

const missedReason = "系统未在计划时间运行，已由后续通知代替"

// stopReason says in words why there is nothing to urge any more.
func stopReason(d *model.Debts, standing model.ScheduleActKind, last model.ScheduleAct) string {
	switch {
	case standing == model.ScheduleStop:
		return last.Ground.Chinese() + "：" + last.Reason
	case !d.Case.EnforcementFiledOn.IsZero():
		return "已进入执行程序"
	case d.Case.Performance == model.PerformanceFulfilled:
		return "已履行完毕"
	}
	return "该项义务已履行、已变更或履行期限已调整"
}

func (s *Service) sendDue(ctx context.Context) error {
	tried, err := s.db.Pass(ctx, "step", batch,
		func(n int) ([]int64, error) { return s.db.DueSteps(ctx, s.db.Now(), n) },
		func(tx *storage.DB, id int64) error { return s.sendStep(ctx, tx, id) })
	if tried > 0 && s.cfg.Outbox != nil {
		s.cfg.Outbox.Wake()
	}
	return err
}

// askAgain is when a step is looked at again that waits for a judge to decide
// about an imported payment.
const askAgain = time.Hour

// sendStep sends a step whose time has come, if there is still something to
// say.
func (s *Service) sendStep(ctx context.Context, tx *storage.DB, id int64) error {
	seen, err := tx.Step(ctx, id)
	if err != nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, seen.CaseID) // the case first, as everywhere
	if err != nil {
		return err
	}
	step, err := tx.LockStep(ctx, id, true)
	if err != nil || step == nil || step.State != model.StepPlanned || step.At.After(tx.Now()) {
		return err
	}
	if cs.PlanStale { // facts changed since: plan first
		return nil
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	if step.Stale(court.Settings.ScheduleFor(cs.Kind), tx.Now()) {
		step.State, step.Reason = model.StepMissed, missedReason
		return tx.UpdateStep(ctx, step)
	}
	if quiet := court.Settings.Quiet(); quiet.After(tx.Now()).After(tx.Now()) {
		step.At = quiet.After(tx.Now())
		return tx.UpdateStep(ctx, step)
	}
	pending, err := tx.PendingImported(ctx, cs.ID)
	switch {
	case err != nil:
		return err
	case cs.Held, pending: // what is still owed is not known before the judge has decided
		step.At = tx.Now().Add(askAgain)
		return tx.UpdateStep(ctx, step)
	}
	return s.give(ctx, tx, model.System(), *court, *cs, step)
}

// give makes the step's notice, in the caller's transaction.
func (s *Service) give(ctx context.Context, tx *storage.DB, by model.Actor, court model.Court, cs model.Case, step *model.Step) error {
	debts, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	paper, err := s.paper(ctx, tx, court, debts, step)
	if err != nil {
		return err
	}
	n, ok := debts.StepNotice(court, *step, paper.Facts, tx.Now())
	if !ok {
		if by.UserID != 0 {
			return model.E(model.Conflict, "step.done", "该项义务已履行完毕，无需再通知")
		}
		step.State, step.Reason = model.StepStopped, "该项义务已履行"
		return tx.UpdateStep(ctx, step)
	}
	if step.NoticeID, err = tx.AddNoticeOnce(ctx, n); err != nil {
		return err
	}
	if paper.Kind != "" {
		paper.NoticeID = step.NoticeID
		if err := tx.CreateDocuments(ctx, []model.Document{paper}); err != nil {
			return err
		}
	}
	step.State = model.StepSent
	if err := tx.UpdateStep(ctx, step); err != nil {
		return err
	}
	role := model.RoleJudge
	if by.UserID == 0 {
		role = ""
	}
	return tx.Audit(by, role, model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditScheduleSend, CaseID: cs.ID, Subject: model.ThingStep.Of(step.ID), After: step.NoticeID,
	})
}

// paper is the numbered paper that goes with a step: the 催告书 or the creditor's
// sheet; without a kind when the step has none or there is nothing open.
func (*Service) paper(ctx context.Context, tx *storage.DB, court model.Court, debts *model.Debts, step *model.Step) (model.Document, error) {
	var none model.Document
	kind := step.Kind.Document()
	if kind == "" {
		return none, nil
	}
	paid, err := tx.Payments(ctx, step.CaseID)
	if err != nil {
		return none, err
	}
	judges, err := tx.UserNames(ctx, []int64{debts.Case.JudgeID})
	if err != nil {
		return none, err
	}
	today, judge := model.DateOf(tx.Now()), judges[debts.Case.JudgeID]
	facts := debts.ReminderFacts(court, judge, step.PartyID, step.Kind == model.NoticeSecondDemand, "", paid, today)
	if kind == model.DocumentCreditorSheet {
		periods, err := tx.Periods(ctx, *debts)
		if err != nil {
			return none, err
		}
		facts = debts.CreditorSheetFacts(court, judge, step.PartyID, step.InstrumentID, "", paid, periods, today)
	}
	if len(facts.Items) == 0 {
		return none, nil
	}
	n, err := tx.NextSerial(ctx, court.ID, kind.Series(), today.Year)
	if err != nil {
		return none, err
	}
	facts.Number = model.DocumentNumber(court.Settings.Pattern(kind), court.ShortName, today.Year, n)
	return model.Document{
		CourtID: court.ID, CaseID: step.CaseID, PartyID: step.PartyID, Kind: kind, Number: facts.Number, Facts: facts, DedupeKey: "step:" + step.Key,
	}, nil
}

// digest makes each judge's notice of the day, once.
func (s *Service) digest(ctx context.Context) error {
	now := s.db.Now()
	today := model.DateOf(now)
	if now.In(model.CourtZone).Hour() < digestHour {
		return nil
	}
	days, err := s.db.Calendar(ctx)
	if err != nil || days.IsRest(today) {
		return err
	}
	courts, err := s.db.Courts(ctx)
	if err != nil {
		return err
	}
	var errs error
	for _, c := range courts {
		if s.digested[c.ID] == today {
			continue
		}
		if err := s.digestOf(ctx, c, today); err != nil {
			errs = errors.Join(errs, fmt.Errorf("digest of court %d: %w", c.ID, err))
			continue
		}
		s.digested[c.ID] = today
	}
	return errs
}

// digestOf makes the notices of a court's judges. When they cannot be made
// together each is made by itself.
func (s *Service) digestOf(ctx context.Context, c model.Court, today model.Date) error {
	works, err := s.db.JudgeWorks(ctx, c.ID, today)
	if err != nil {
		return err
	}
	notices := make([]model.Notice, len(works))
	for i, w := range works {
		notices[i] = model.JudgeDigestNotice(c, today, w)
	}
	return s.db.AddEach(ctx, notices)
}
