package enforcement

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// followCleanUps follows the ledger for each debtor of an enforcement case: one who
// has performed everything gets his clean-up, one whose performance was taken
// back loses it.
func (s *Service) followCleanUps(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, d *model.Debts) error {
	if !e.Kind.Enforces() {
		return nil
	}
	for _, p := range e.Parties {
		if p.Role != model.EnforcementDebtor {
			continue
		}
		running, err := tx.RunningCleanUp(ctx, e.ID, p.PartyID)
		if err != nil {
			return err
		}
		performed := d.PerformedBy(*e, p.PartyID)
		switch {
		case performed && running == nil:
			err = s.openCleanUp(ctx, tx, by, cs, e, p.PartyID, model.LiftPerformed)
		case !performed && running != nil && running.Cause == model.LiftPerformed:
			err = s.takeBackCleanUp(ctx, tx, by, cs, e, running)
		case !performed:
			err = s.takeBackDoneCleanUp(ctx, tx, by, e, p.PartyID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openCleanUp opens the tasks to lift everything that burdens a debtor, in
// their order and with their clocks. Without anything to lift there is none.
func (s *Service) openCleanUp(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, partyID int64, cause model.LiftGround) error {
	steps, err := s.cleanUpSteps(ctx, tx, e, partyID, cause)
	if err != nil || len(steps) == 0 {
		return err
	}
	interest, err := owedInterest(ctx, tx, cs, e, partyID)
	if err != nil {
		return err
	}
	key := model.CleanUpKey(e.ID, partyID)
	c := &model.CleanUp{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: partyID, Cause: cause, State: model.CleanUpOpen, InterestFen: interest, OpenedAt: tx.Now(), ActiveKey: &key,
	}
	if created, err := tx.CreateCleanUp(ctx, c); err != nil || !created {
		return err
	}
	if err := s.addCleanUpSteps(ctx, tx, e, c, steps); err != nil {
		return err
	}
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, model.CleanUpOpenedNotice(*court, cs, *e, *c, steps)); err != nil {
		return err
	}
	return auditCleanUp(tx, by, c, model.AuditCleanUpOpen, nil)
}

func auditCleanUp(tx *storage.DB, by model.Actor, c *model.CleanUp, action model.AuditAction, before any) error {
	role := by.RoleFor(model.ActEnforcementRead)
	return tx.Audit(by, role, model.AuditEvent{
		CourtID: c.CourtID, Action: action, CaseID: c.CaseID, Subject: model.Subject("clean_up", c.ID), Before: before, After: c,
	})
}

// cleanUpSteps is what is to be lifted for a debtor now.
func (*Service) cleanUpSteps(ctx context.Context, tx *storage.DB, e *model.EnforcementFile, partyID int64, cause model.LiftGround) ([]model.CleanUpStep, error) {
	measures, err := tx.MeasuresOf(ctx, e.ID, partyID)
	if err != nil || len(measures) == 0 {
		return nil, err
	}
	ids := make([]int64, len(measures))
	for i, m := range measures {
		ids[i] = m.ID
	}
	entries, err := tx.MeasureEntries(ctx, ids...)
	if err != nil {
		return nil, err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	return model.CleanUpSteps(cause, measures, entries, model.DateOf(tx.Now()), days), nil
}

// owedInterest is the doubled part of the interest on what a debtor is
// enforced for.
func owedInterest(ctx context.Context, tx *storage.DB, cs model.Case, e *model.EnforcementFile, partyID int64) (model.Fen, error) {
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return 0, err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return 0, err
	}
	paid, err := tx.PaidParts(ctx, cs.ID)
	return model.OwedInterest(d.EnforcedOf(*e, partyID), paid, court.Settings.InterestFirstDayCounts, model.DateOf(tx.Now())), err
}

// addCleanUpSteps makes the tasks of a clean-up.
func (s *Service) addCleanUpSteps(ctx context.Context, tx *storage.DB, e *model.EnforcementFile, c *model.CleanUp, steps []model.CleanUpStep) error {
	owner, err := tx.OfficerOf(ctx, c.PartyID)
	if err != nil {
		return err
	}
	if owner == 0 {
		owner = e.OfficerID
	}
	for _, st := range steps {
		t := model.Task{
			CourtID: c.CourtID, CaseID: c.CaseID, EnforcementCaseID: e.ID, PartyID: c.PartyID, OwnerID: owner, Kind: model.TaskLift, Subject: model.Subject("measure", st.MeasureID),
			Title: st.Title, DueAt: st.DueOn.EndOfDay(), DueReason: st.Reason, GroupKey: c.Group(), Seq: st.Seq,
			DedupeKey: fmt.Sprintf("%s:v%d:measure:%d", c.Group(), c.Version, st.MeasureID),
		}
		if st.PosterID != 0 {
			t.Kind, t.Subject = model.TaskTakeDown, model.Subject("poster", st.PosterID)
			t.DedupeKey = fmt.Sprintf("%s:v%d:poster:%d", c.Group(), c.Version, st.PosterID)
		}
		if _, err := tx.AddTask(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// finishMeasureStep ends the task of a running clean-up for a measure, if there is
// one: not before what comes earlier in the order. The last one ends the
// clean-up.
func (s *Service) finishMeasureStep(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, kind model.TaskKind, result string, fileID int64) error {
	t, err := s.openMeasureTask(ctx, tx, m, kind)
	if err != nil || t == nil {
		return err
	}
	return s.finishStep(ctx, tx, by, t, result, fileID)
}

func (s *Service) finishStep(ctx context.Context, tx *storage.DB, by model.Actor, t *model.Task, result string, fileID int64) error {
	earlier, err := tx.EarlierTasks(ctx, *t)
	if err != nil {
		return err
	}
	before, seen := *t, t.Version
	if err := t.Finish(by.UserID, cutResult(result), fileID, earlier, tx.Now()); err != nil {
		return err
	}
	if err := keepFile(ctx, tx, by, t.CaseID, fileID); err != nil {
		return err
	}
	if err := tx.UpdateTask(ctx, t, seen); err != nil {
		return err
	}
	// Also a leader ends steps, by his answer.
	err = tx.Audit(by, by.RoleFor(model.ActMeasureRead), model.AuditEvent{
		CourtID: t.CourtID, Action: model.AuditTaskDone, CaseID: t.CaseID, Subject: model.Subject("task", t.ID), Before: before, After: t,
	})
	if err != nil {
		return err
	}
	tasks, err := tx.GroupTasks(ctx, t.GroupKey)
	if err != nil {
		return err
	}
	for _, o := range tasks {
		if o.State == model.TaskOpen {
			return nil
		}
	}
	c, err := tx.RunningCleanUp(ctx, t.EnforcementCaseID, t.PartyID)
	if err != nil || c == nil || c.Group() != t.GroupKey {
		return err
	}
	was := *c
	c.Close(model.CleanUpDone, "各项措施均已处理", tx.Now())
	if err := tx.UpdateCleanUp(ctx, c, was.Version); err != nil {
		return err
	}
	return auditCleanUp(tx, by, c, model.AuditCleanUpDone, was)
}

// cleanUpAfterClosing opens the clean-up that a way to close the case makes (失信规定 art. 10).
func (s *Service) cleanUpAfterClosing(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *model.EnforcementFile) error {
	cause := model.CleanUpCause(e.CloseType)
	if cause == "" {
		return nil
	}
	for _, p := range e.Parties {
		if p.Role != model.EnforcementDebtor {
			continue
		}
		if err := s.openCleanUp(ctx, tx, by, *cs, e, p.PartyID, cause); err != nil {
			return err
		}
	}
	return nil
}

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
			CourtID: c.CourtID, CaseID: c.CaseID, EnforcementCaseID: e.ID, PartyID: c.PartyID, OwnerID: owner, Kind: model.TaskTakenBack, Subject: model.Subject("clean_up", c.ID),
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

// HoldCleanUp stops a clean-up because interest is still owed; its tasks are cancelled
// and begin anew when it goes on. The leaders see it.
func (s *Service) HoldCleanUp(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.CleanUp, error) {
	return s.changeCleanUp(ctx, by, id, func(tx *storage.DB, cs *model.Case, e *model.EnforcementFile, c *model.CleanUp) error {
		if done, err := tx.Repeated(ctx, by, model.Subject("clean_up", id), seen, c.Version, "hold", reason); err != nil || done {
			return err
		}
		before := *c
		var err error
		if c.InterestFen, err = owedInterest(ctx, tx, *cs, e, c.PartyID); err != nil {
			return err
		}
		if err := c.Hold(reason, by.UserID, seen, tx.Now()); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, cutResult("暂缓清理："+c.HoldReason), model.TaskMatch{GroupKey: c.Group()}); err != nil {
			return err
		}
		if err := tx.UpdateCleanUp(ctx, c, before.Version); err != nil {
			return err
		}
		err = s.tellLeaders(ctx, tx, c.CourtID, func(user int64) model.Notice {
			return model.CleanUpStaffNotice(*cs, *e, *c, user, "履行后清理被暂缓", "系统计算尚欠迟延履行利息 "+c.InterestFen.Yuan()+" 元。暂缓理由："+c.HoldReason)
		})
		if err != nil {
			return err
		}
		return auditCleanUp(tx, by, c, model.AuditCleanUpHold, before)
	})
}

// ResumeCleanUp goes on with a clean-up: what is still to be lifted gets new clocks.
func (s *Service) ResumeCleanUp(ctx context.Context, by model.Actor, id, seen int64) (*model.CleanUp, error) {
	return s.changeCleanUp(ctx, by, id, func(tx *storage.DB, _ *model.Case, e *model.EnforcementFile, c *model.CleanUp) error {
		if done, err := tx.Repeated(ctx, by, model.Subject("clean_up", id), seen, c.Version, "resume"); err != nil || done {
			return err
		}
		before := *c
		if err := c.Resume(seen); err != nil {
			return err
		}
		steps, err := s.cleanUpSteps(ctx, tx, e, c.PartyID, c.Cause)
		if err != nil {
			return err
		}
		if len(steps) == 0 {
			c.Close(model.CleanUpDone, "各项措施均已处理", tx.Now())
		}
		if err := tx.UpdateCleanUp(ctx, c, before.Version); err != nil {
			return err
		}
		if err := s.addCleanUpSteps(ctx, tx, e, c, steps); err != nil {
			return err
		}
		return auditCleanUp(tx, by, c, model.AuditCleanUpResume, before)
	})
}

// changeCleanUp runs f on a clean-up of the officer's own case, locked.
func (s *Service) changeCleanUp(ctx context.Context, by model.Actor, id int64, f func(tx *storage.DB, cs *model.Case, e *model.EnforcementFile, c *model.CleanUp) error) (*model.CleanUp, error) {
	if err := by.Require(model.ActCleanUpDo); err != nil {
		return nil, err
	}
	var out *model.CleanUp
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		seen, err := tx.CleanUp(ctx, by, id)
		if err != nil {
			return err
		}
		e, cs, err := tx.LockEnforcement(ctx, by, seen.EnforcementCaseID)
		if err != nil {
			return err
		}
		now, err := tx.OfficerOf(ctx, seen.PartyID)
		if err != nil {
			return err
		}
		if by.UserID == 0 || by.UserID != e.OfficerID && by.UserID != now {
			return model.E(model.NotFound, "clean_up.not_found", "没有找到，或您无权查看")
		}
		if out, err = tx.CleanUp(ctx, by, id); err != nil { // as it is under the lock
			return err
		}
		return f(tx, cs, e, out)
	})
	if err != nil {
		return nil, fmt.Errorf("clean-up %d: %w", id, err)
	}
	return out, nil
}

// Step is how a step of a clean-up was carried out.
type Step struct {
	TaskID, Version int64
	Proof           string // what the outside system answered, who took the poster down
	FileID          int64
}

// FinishCleanUpStep carries out a step of a clean-up: it lifts the measure, or asks
// the leader to where only he may, or records that a poster is down. A repeat
// changes nothing.
func (s *Service) FinishCleanUpStep(ctx context.Context, by model.Actor, st Step) (*model.TaskLine, error) {
	if err := by.Require(model.ActCleanUpDo); err != nil {
		return nil, err
	}
	var out *model.TaskLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := s.carryOutStep(ctx, tx, by, st); err != nil {
			return err
		}
		var err error
		out, err = tx.TaskLine(ctx, st.TaskID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finish step %d: %w", st.TaskID, err)
	}
	return out, nil
}

func (s *Service) carryOutStep(ctx context.Context, tx *storage.DB, by model.Actor, st Step) error {
	t, err := OwnTask(ctx, tx, by, st.TaskID)
	if err != nil {
		return err
	}
	proof := strings.TrimSpace(st.Proof)
	if t.Kind != model.TaskLift && t.Kind != model.TaskTakeDown {
		return model.E(model.NotFound, "task.not_found", "没有找到，或您无权查看")
	}
	if done, err := tx.Repeated(ctx, by, model.Subject("task", t.ID), st.Version, t.Version, "step", st); err != nil || done {
		return err
	}
	if t.State != model.TaskOpen || t.Version != st.Version {
		return model.E(model.Conflict, "task.changed", "该事项刚刚改变（"+t.State.Chinese()+"），请刷新后再操作")
	}
	if err := checkProof(proof); err != nil {
		return err
	}
	if t.Kind == model.TaskTakeDown {
		return s.posterStep(ctx, tx, by, t, proof, st.FileID)
	}
	var id int64
	if _, err := fmt.Sscanf(t.Subject, "measure:%d", &id); err != nil {
		return fmt.Errorf("subject %q: %w", t.Subject, err)
	}
	return s.liftStep(ctx, tx, by, t, id, proof, st.FileID)
}

// liftStep lifts the measure of a step for the clean-up's cause. Before
// anything else the order is asked, so that a wish cannot overtake it either.
func (s *Service) liftStep(ctx context.Context, tx *storage.DB, by model.Actor, t *model.Task, measureID int64, proof string, fileID int64) error {
	p, err := lockMeasure(ctx, tx, by, measureID)
	if err != nil {
		return err
	}
	c, err := tx.RunningCleanUp(ctx, t.EnforcementCaseID, t.PartyID)
	if err != nil {
		return err
	}
	if c == nil {
		return model.E(model.Conflict, "task.changed", "清理已经结束，请刷新后查看")
	}
	earlier, err := tx.EarlierTasks(ctx, *t)
	if err != nil {
		return err
	}
	if len(earlier) > 0 {
		return model.E(model.Conflict, "task.order", "请先办结“"+earlier[0].Title+"”")
	}
	l := model.Lifting{Ground: c.Cause, Reason: cleanUpReason(c), Proof: proof, FileID: fileID}
	if p.m.Kind == model.MeasureListing && !p.m.Until.IsZero() {
		l.Ground = model.LiftEarly
	}
	return s.liftOrAsk(ctx, tx, by, p, p.m.Version, l)
}

func cleanUpReason(c *model.CleanUp) string {
	return model.DateOf(c.OpenedAt).Chinese() + "起进行履行后清理"
}

// posterStep records that a poster is down; a photograph is asked for.
func (s *Service) posterStep(ctx context.Context, tx *storage.DB, by model.Actor, t *model.Task, proof string, fileID int64) error {
	if fileID == 0 {
		return model.InvalidField("file_id", "poster.photo", "请上传撤下后的照片")
	}
	if utf8.RuneCountInString(proof) > 300 {
		return model.InvalidField("proof", "lift.proof", "办理经过不能超过 300 字")
	}
	var poster int64
	if _, err := fmt.Sscanf(t.Subject, "poster:%d", &poster); err != nil {
		return fmt.Errorf("subject %q: %w", t.Subject, err)
	}
	if err := s.finishStep(ctx, tx, by, t, proof, fileID); err != nil {
		return err
	}
	return s.addPosterDown(ctx, tx, by, poster, proof, fileID)
}

// CleanUpView is a clean-up with its steps.
type CleanUpView struct {
	model.CleanUp
	CaseNo string // of the enforcement case
	Debtor string
	Steps  []CleanUpTask
	// Lifted are the measures that were lifted because of a performance that was
	// taken back.
	Lifted []string
}

// CleanUpTask is one step with what the viewer may know of its measure.
type CleanUpTask struct {
	model.Task
	Measure model.MeasureKind
	Poster  bool
	// Own says that it is about the debtor himself and not about somebody who acts
	// for him.
	Own   bool
	Asked bool // it waits for the leader
}

// CleanUps shows a case's clean-ups, the newest first: to a party those of the
// debtors for whom he acts, to staff all of the cases that they see.
func (s *Service) CleanUps(ctx context.Context, by model.Actor, caseID int64) ([]CleanUpView, error) {
	if err := by.Require(model.ActCleanUpRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.CleanUps(ctx, by, caseID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	groups := make([]string, len(list))
	for i, c := range list {
		groups[i] = c.Group()
	}
	tasks, err := s.db.GroupTasks(ctx, groups...)
	if err != nil {
		return nil, err
	}
	measures, err := s.db.CaseMeasures(ctx, caseID)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	enforcements, err := s.db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return nil, err
	}
	out := make([]CleanUpView, len(list))
	for i, c := range list {
		v := &out[i]
		v.CleanUp, v.Debtor = c, model.Debts{Parties: parties}.Party(c.PartyID).Name
		for _, e := range enforcements {
			if e.ID == c.EnforcementCaseID {
				v.CaseNo = e.CaseNo
			}
		}
		for _, t := range tasks {
			if t.GroupKey == c.Group() {
				v.Steps = append(v.Steps, cleanUpTask(t, measures))
			}
		}
		if c.State == model.CleanUpCancelled {
			var of []model.Measure
			for _, m := range measures {
				if m.EnforcementCaseID == c.EnforcementCaseID && m.PartyID == c.PartyID {
					of = append(of, m)
				}
			}
			v.Lifted = liftedSince(of, &c)
		}
	}
	return out, nil
}

func cleanUpTask(t model.Task, measures []model.Measure) CleanUpTask {
	v := CleanUpTask{Task: t, Measure: model.MeasureListing, Poster: t.Kind == model.TaskTakeDown, Own: true}
	for _, m := range measures {
		if t.Subject == model.Subject("measure", m.ID) {
			v.Measure, v.Own, v.Asked = m.Kind, m.Relation == model.RelationSelf, m.LiftAskedAt != nil && m.State.Stands()
		}
	}
	return v
}

// RunningCleanUps lists the clean-ups that run: an officer's own, a judge's those
// of his cases, the court's for clerks and leaders.
func (s *Service) RunningCleanUps(ctx context.Context, by model.Actor, f model.CleanUpFilter) ([]model.CleanUpLine, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	if f.OfficerID = 0; by.Has(model.RoleOfficer) && !by.Has(model.RoleLeader) {
		f.OfficerID = by.UserID
	}
	return s.db.CleanUpLines(ctx, by.CourtID, f)
}

// ForDebtor is the step in words that the debtor may read: what is lifted, and
// no name of anybody who acts for him.
func (t CleanUpTask) ForDebtor() string {
	switch {
	case t.Poster:
		return t.Title
	case !t.Own:
		return "解除对有关负责人的" + t.Measure.Chinese()
	}
	what, _, _ := strings.Cut(t.Title, "：")
	return what
}
