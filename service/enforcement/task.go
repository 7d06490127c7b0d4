package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Tasks lists what is to be done in the order of its clocks: a judge's or an
// officer's own, the court's for clerks and leaders.
func (s *Service) Tasks(ctx context.Context, by model.Actor, f model.TaskFilter) ([]model.TaskLine, error) {
	if err := by.Require(model.ActTaskRead); err != nil {
		return nil, err
	}
	if own := by.TaskOwner(); own != 0 {
		f.OwnerID = own
	}
	return s.db.Tasks(ctx, by.CourtID, f)
}

// CountTasks counts the tasks of a list, up to statistics.Ceiling.
func (s *Service) CountTasks(ctx context.Context, by model.Actor, f model.TaskFilter) (int64, error) {
	if err := by.Require(model.ActTaskRead); err != nil {
		return 0, err
	}
	if own := by.TaskOwner(); own != 0 {
		f.OwnerID = own
	}
	return s.db.CountTasks(ctx, by.CourtID, f)
}

// FinishOwnTask records that the actor's own task is done. A task that ends by an act
// of its own cannot be ticked off. A repeat changes nothing.
func (s *Service) FinishOwnTask(ctx context.Context, by model.Actor, id, seen int64, result string, fileID int64) (*model.TaskLine, error) {
	if err := by.Require(model.ActTaskDo); err != nil {
		return nil, err
	}
	var out *model.TaskLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := finishOwnTask(ctx, tx, by, id, seen, result, fileID); err != nil {
			return err
		}
		var err error
		out, err = tx.TaskLine(ctx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finish task %d: %w", id, err)
	}
	return out, nil
}

func finishOwnTask(ctx context.Context, tx *storage.DB, by model.Actor, id, seen int64, result string, fileID int64) error {
	t, err := OwnTask(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if done, err := tx.Repeated(ctx, by, model.ThingTask.Of(id), seen, t.Version, "finish", result, fileID); err != nil || done {
		return err
	}
	if t.Kind.ByAct() {
		return model.E(model.Conflict, "task.by_act", "该事项须在案件中办理，办结后自动完成")
	}
	if t.State == model.TaskOpen && t.Version != seen {
		return model.E(model.Conflict, "task.changed", "内容刚刚被其他人更新，请刷新后再操作")
	}
	return FinishTask(ctx, tx, by, t, result, fileID)
}

// OwnTask is the actor's own task, with its case locked; anybody else's is not
// found.
func OwnTask(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*model.Task, error) {
	t, err := tx.LockTask(ctx, id)
	if err != nil || t.OwnerID != by.UserID || t.CourtID != by.CourtID {
		return nil, model.E(model.NotFound, "task.not_found", "没有找到，或您无权查看").WithCause(err)
	}
	if _, err := tx.LockCaseByID(ctx, t.CaseID); err != nil {
		return nil, err
	}
	return tx.LockTask(ctx, id) // as it is under the case's lock
}

// FinishTask records in the caller's transaction that a task is done; the
// proof must be a file that the actor has in the case.
func FinishTask(ctx context.Context, tx *storage.DB, by model.Actor, t *model.Task, result string, fileID int64) error {
	earlier, err := tx.EarlierTasks(ctx, *t)
	if err != nil {
		return err
	}
	before, seen := *t, t.Version
	if err := t.Finish(by.UserID, result, fileID, earlier, tx.Now()); err != nil {
		return err
	}
	if fileID != 0 {
		if err := tx.KeepFile(ctx, fileID, t.CaseID, by.UserID); err != nil {
			return model.InvalidField("file_id", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
		}
	}
	if err := tx.UpdateTask(ctx, t, seen); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActTaskDo), model.AuditEvent{
		CourtID: t.CourtID, Action: model.AuditTaskDone, CaseID: t.CaseID, Subject: model.ThingTask.Of(t.ID), Before: before, After: t,
	})
}
