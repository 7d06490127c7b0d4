package enforcement

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

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
		CourtID: t.CourtID, Action: model.AuditTaskDone, CaseID: t.CaseID, Subject: model.ThingTask.Of(t.ID), Before: before, After: t,
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

// Step is how a step of a clean-up was carried out.
type Step struct {
	TaskID, Version int64
	Proof           string // what the outside system answered, who took the poster down
	// Place is where, or by which authority, it was carried out; At when, which is asked
	// of what was decided before.
	Place  string
	At     time.Time
	FileID int64
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
	st.At = st.At.UTC()
	if done, err := tx.Repeated(ctx, by, model.ThingTask.Of(t.ID), st.Version, t.Version, "step", st); err != nil || done {
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
	st.Proof = proof
	if err := s.liftStep(ctx, tx, by, t, st); err != nil {
		return err
	}
	// A step that stays open, because it waits for the leader or for its execution, has
	// moved on all the same: by that a repeat of this act is known.
	now, err := tx.LockTask(ctx, t.ID)
	if err != nil || now.State != model.TaskOpen {
		return err
	}
	return tx.UpdateTask(ctx, now, now.Version)
}

// liftStep lifts the measure of a step for the clean-up's cause. Before
// anything else the order is asked, so that a wish cannot overtake it either.
func (s *Service) liftStep(ctx context.Context, tx *storage.DB, by model.Actor, t *model.Task, st Step) error {
	p, err := lockMeasure(ctx, tx, by, t.Subject.IDOf(model.ThingMeasure))
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
	if !p.m.State.Stands() { // it was decided, and now it is done
		if st.At.IsZero() {
			return model.InvalidField("at", "measure.execution", "院领导已经决定解除，请填写实际执行（释放、报送、删除）的时间")
		}
		return s.execute(ctx, tx, by, p, p.m.Version, model.MeasureExecution{Phase: model.PhaseUndo, At: st.At, Place: cmp.Or(st.Place, p.m.Place), Note: st.Proof, FileID: st.FileID})
	}
	l := model.Lifting{Ground: model.StepGround(endingOf(p.e, c.Cause), c.Cause, *p.m), Reason: cleanUpReason(c), Proof: st.Proof, FileID: st.FileID, Place: st.Place}
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
	if err := s.finishStep(ctx, tx, by, t, proof, fileID); err != nil {
		return err
	}
	return s.addPosterDown(ctx, tx, by, t.Subject.IDOf(model.ThingPoster), proof, fileID)
}
