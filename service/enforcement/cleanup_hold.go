package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// HoldCleanUp stops a clean-up because interest is still owed; its tasks are cancelled
// and begin anew when it goes on. The leaders see it.
func (s *Service) HoldCleanUp(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.CleanUp, error) {
	return s.changeCleanUp(ctx, by, id, func(tx *storage.DB, cs *model.Case, e *model.EnforcementFile, c *model.CleanUp) error {
		if done, err := tx.Repeated(ctx, by, model.ThingCleanUp.Of(id), seen, c.Version, "hold", reason); err != nil || done {
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
		if done, err := tx.Repeated(ctx, by, model.ThingCleanUp.Of(id), seen, c.Version, "resume"); err != nil || done {
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
