package schedule

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Timeline is a case's schedule as its judge sees it.
type Timeline struct {
	Steps    []model.Step
	Acts     []model.ScheduleAct
	Standing model.ScheduleActKind // resume: running
}

// Timeline shows a case's schedule. One that does not fit the facts any more
// is made anew first.
func (s *Service) Timeline(ctx context.Context, by model.Actor, caseID int64) (*Timeline, error) {
	if err := by.Require(model.ActScheduleRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	if cs.PlanStale {
		if err := s.db.Transact(ctx, func(tx *storage.DB) error { return plan(ctx, tx, caseID) }); err != nil {
			return nil, fmt.Errorf("plan case %d: %w", caseID, err)
		}
	}
	t := &Timeline{}
	if t.Steps, err = s.db.Steps(ctx, caseID); err != nil {
		return nil, err
	}
	if t.Acts, err = s.db.ScheduleActs(ctx, caseID); err != nil {
		return nil, err
	}
	t.Standing, _ = model.Standing(t.Acts)
	return t, nil
}

// Act is what a judge does with the schedule of his case, or with one step.
type Act struct {
	CaseID  int64
	StepID  int64
	Kind    model.ScheduleActKind
	Ground  model.StopGround // of a stop
	Reason  string
	IdemKey string
}

// Do pauses, resumes or stops a schedule, or skips or sends one step. A repeat
// under the same key changes nothing.
func (s *Service) Do(ctx context.Context, by model.Actor, a Act) error {
	if err := by.Require(model.ActScheduleManage); err != nil {
		return err
	}
	if a.Reason = strings.TrimSpace(a.Reason); a.Reason == "" || len([]rune(a.Reason)) > 200 {
		return model.InvalidField("reason", "reason.required", "请填写原因，不超过 200 字")
	}
	if a.Kind == model.ScheduleStop && a.Ground.Chinese() == "" {
		return model.InvalidField("ground", "schedule.ground", "请选择停止的事由：当事人已和解、案件上诉或再审、其他原因")
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		if a.StepID != 0 {
			step, err := tx.Step(ctx, a.StepID)
			if err != nil {
				return err
			}
			a.CaseID = step.CaseID
		}
		cs, err := tx.LockOwnCase(ctx, by, a.CaseID)
		if err != nil {
			if a.StepID != 0 && model.KindOf(err) == model.NotFound {
				return model.E(model.NotFound, "step.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		act := model.ScheduleAct{
			CourtID: cs.CourtID, CaseID: cs.ID, StepID: a.StepID, Kind: a.Kind, Ground: a.Ground, Reason: a.Reason, ByUserID: by.UserID, IdemKey: a.IdemKey,
		}
		if created, err := tx.CreateScheduleAct(ctx, &act); err != nil || !created {
			return err
		}
		if err := s.apply(ctx, tx, by, cs, act); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: a.Kind.Action(), CaseID: cs.ID, Subject: model.ThingScheduleAct.Of(act.ID), After: act,
		})
	})
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	if s.cfg.Outbox != nil {
		s.cfg.Outbox.Wake()
	}
	return nil
}

func (s *Service) apply(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, act model.ScheduleAct) error {
	if act.StepID == 0 {
		return plan(ctx, tx, cs.ID)
	}
	step, err := tx.LockStep(ctx, act.StepID, false)
	if err != nil {
		return err
	}
	if act.Kind == model.ScheduleSkip {
		if err := step.Skip(act.Reason); err != nil {
			return err
		}
		return tx.UpdateStep(ctx, step)
	}
	if err := step.CheckSendable(tx.Now()); err != nil {
		return err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	if pending, err := tx.PendingImported(ctx, cs.ID); err != nil {
		return err
	} else if pending {
		return model.ErrImportPending
	}
	step.Reason = act.Reason
	return s.give(ctx, tx, by, *court, *cs, step)
}
