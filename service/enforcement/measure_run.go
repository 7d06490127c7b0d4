package enforcement

import (
	"context"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// RecordServiceOfProcess records that the person got the decision, by which his time for an
// application against it begins.
func (s *Service) RecordServiceOfProcess(ctx context.Context, by model.Actor, id, seen int64, on model.Date, how string, fileID int64) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, m.Version, "service of process", on, how, fileID); err != nil || done {
			return err
		}
		how := strings.TrimSpace(how)
		switch {
		case m.Version != seen || !m.State.Happened() || !m.ServedOn.IsZero():
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
		case on.IsZero() || on.After(model.DateOf(tx.Now())) || m.DecidedAt != nil && on.Before(model.DateOf(*m.DecidedAt)):
			return model.InvalidField("on", "measure.served_on", "送达日期应在决定之日与今天之间")
		case how == "" || utf8.RuneCountInString(how) > 300:
			return model.InvalidField("how", "measure.how", "请填写送达的方式和签收人，不超过 300 字")
		}
		if err := keepFile(ctx, tx, by, m.CaseID, fileID); err != nil {
			return err
		}
		m.ServedOn = on
		if m.Kind == model.MeasureFine { // which is carried out by being served
			if err := s.endMeasureTasks(ctx, tx, by, m, model.TaskDone, "已送达", model.TaskExecute); err != nil {
				return err
			}
		}
		if err := tx.UpdateMeasure(ctx, m, p.before.Version); err != nil {
			return err
		}
		_, err := tx.AddMeasureEntry(ctx, &model.MeasureEntry{
			CourtID: m.CourtID, CaseID: m.CaseID, MeasureID: m.ID, Kind: model.EntryServiceOfProcess, Note: on.Chinese() + "　" + how, FileID: fileID, ByUserID: by.UserID,
		})
		if err != nil {
			return err
		}
		return auditMeasure(tx, by, m, model.AuditMeasureServiceOfProcess, p.before)
	})
}

// openMeasureTask is the measure's open task of a kind, locked; nil when there is none.
func (*Service) openMeasureTask(ctx context.Context, tx *storage.DB, m *model.Measure, kind model.TaskKind) (*model.Task, error) {
	list, err := tx.SubjectTasks(ctx, m.CaseID, model.ThingMeasure.Of(m.ID))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Kind == kind && list[i].State == model.TaskOpen {
			return &list[i], nil
		}
	}
	return nil, nil //nolint:nilnil // documented
}

// BringIntoForce publishes or begins a measure whose days of grace are over.
func (s *Service) BringIntoForce(ctx context.Context, by model.Actor, id, seen int64) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, p.m.Version, "effect"); err != nil || done {
			return err
		}
		if p.m.Version != seen {
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+p.m.State.Chinese()+"），请刷新后再操作")
		}
		if _, err := askLaw(ctx, tx, model.StepEffect, p, &p.before); err != nil {
			return err
		}
		if exposed, err := exposureToday(ctx, tx, p.m); err != nil {
			return err
		} else if exposed == model.ExposureHidden {
			return model.E(model.Conflict, "repair.suspended", "本院已决定暂缓纳入，期间不得公布；不再具备条件的，请提请院领导撤销信用修复")
		}
		if err := p.m.TakeEffect(tx.Now()); err != nil {
			return err
		}
		if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskDone, "已公布或者实施", model.TaskPublish); err != nil {
			return err
		}
		if err := s.tellBegun(ctx, tx, p.m); err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryInForce, "宽限期满，公布或者实施", model.AuditMeasureEffect)
	})
}

// endMeasureTasks ends the measure's open tasks of some kinds, all of its own when none is
// named.
func (*Service) endMeasureTasks(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, state model.TaskState, result string, kinds ...model.TaskKind) error {
	return tx.EndTasks(ctx, state, by.UserID, result, model.TaskMatch{CaseID: m.CaseID, Kinds: kinds, Subject: model.ThingMeasure.Of(m.ID)})
}
