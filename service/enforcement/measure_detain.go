package enforcement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Detain records that a person was handed over to detention. His family is to
// be told within the law's hours and he is to be released at the end: two
// clocks. The paper for the family is made. Full performance that was confirmed
// meanwhile forbids it.
func (s *Service) Detain(ctx context.Context, by model.Actor, id, seen int64, at time.Time, place string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, m.Version, "detain", at.UTC(), place); err != nil || done {
			return err
		}
		if err := m.Detain(at, seen, tx.Now()); err != nil {
			return err
		}
		court, err := tx.Court(ctx, m.CourtID)
		if err != nil {
			return err
		}
		if err := m.HeldAt(place, court.Settings); err != nil {
			return err
		}
		if _, err := askLaw(ctx, tx, model.StepEffect, p, &p.before); err != nil {
			return err
		}
		if m.ServedOn.IsZero() { // it is shown to him when he is taken (民诉法解释 178)
			m.ServedOn = model.DateOf(at)
		}
		if err := s.serviceOfProcess(ctx, tx, p); err != nil {
			return err
		}
		if _, err := s.measurePaper(ctx, tx, p, model.DocumentFamilyNotice, "family"); err != nil {
			return err
		}
		if err := s.endMeasureTasks(ctx, tx, by, m, model.TaskDone, "已收拘", model.TaskExecute); err != nil {
			return err
		}
		by24, why := m.FamilyBy()
		if err := s.addMeasureTask(ctx, tx, p, model.TaskFamily, model.Task{Title: "通知" + m.SubjectName + "的家属", DueAt: by24, DueReason: why}); err != nil {
			return err
		}
		err = s.addMeasureTask(ctx, tx, p, model.TaskRelease, model.Task{
			Title: "释放" + m.SubjectName, DueAt: *m.EndsAt, DueReason: fmt.Sprintf("拘留 %d 日，自收拘起满 %d 个 24 小时，不因节假日顺延", m.Days, m.Days),
		})
		if err != nil {
			return err
		}
		if err := s.addExecution(ctx, tx, by, m, model.MeasureExecution{Phase: model.PhaseExecute, At: *m.FromAt, Place: m.Place}); err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryInForce, "收拘", model.AuditMeasureDetain)
	})
}

// FamilyTold is the proof that a detained person's family was told: whom, how,
// when.
type FamilyTold struct {
	Name, Relation, How string
	At                  time.Time
	FileID              int64
	Missed              bool // nobody could be reached, which is put on record
}

// TellFamily records that the family was told, or why nobody could be reached,
// and ends the clock.
func (s *Service) TellFamily(ctx context.Context, by model.Actor, id int64, f FamilyTold) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		f.Name, f.Relation, f.How = strings.TrimSpace(f.Name), strings.TrimSpace(f.Relation), strings.TrimSpace(f.How)
		note := f.Name + "（" + f.Relation + "），" + f.How
		if f.Missed {
			note = "未能通知到家属：" + f.How
		}
		t, err := s.openMeasureTask(ctx, tx, p.m, model.TaskFamily)
		if err != nil {
			return err
		}
		told := false
		if t == nil {
			if told, err = familyToldAlready(ctx, tx, by, p.m, note, f.FileID); err != nil {
				return err
			}
		}
		switch {
		case told: // the answer got lost, the desk asks again
			return nil
		case p.m.Kind != model.MeasureDetention || p.m.FromAt == nil:
			return model.E(model.Conflict, "measure.not_detained", "该人尚未收拘，无需通知家属")
		case t == nil:
			return model.E(model.Conflict, "task.done", "通知家属的事项已经办结，请刷新后查看")
		case f.How == "" || !f.Missed && (f.Name == "" || f.Relation == "") || utf8.RuneCountInString(f.Name+f.Relation+f.How) > 400:
			return model.InvalidField("how", "family.proof", "请填写通知了谁、与被拘留人的关系和通知的方式；通知不到的，请写明经过，依据"+model.CiteFamilyTold.String())
		case f.At.Before(*p.m.FromAt) || f.At.After(tx.Now()):
			return model.InvalidField("at", "family.at", "通知时间应在收拘之后，且不晚于现在")
		}
		e := model.MeasureEntry{
			CourtID: p.m.CourtID, CaseID: p.m.CaseID, MeasureID: p.m.ID, Kind: model.EntryFamilyTold, Note: note, FileID: f.FileID, ByUserID: by.UserID, At: f.At.UTC(),
		}
		if _, err := tx.AddMeasureEntry(ctx, &e); err != nil {
			return err
		}
		if err := FinishTask(ctx, tx, by, t, note, f.FileID); err != nil {
			return err
		}
		return auditMeasure(tx, by, p.m, model.AuditMeasureFamily, nil)
	})
}

// familyToldAlready tells whether the actor ended the clock with these words and this
// proof.
func familyToldAlready(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, note string, fileID int64) (bool, error) {
	list, err := tx.SubjectTasks(ctx, m.CaseID, model.ThingMeasure.Of(m.ID))
	return slices.ContainsFunc(list, func(t model.Task) bool {
		return t.Kind == model.TaskFamily && t.State == model.TaskDone && t.DoneBy == by.UserID && t.Result == note && t.FileID == fileID
	}), err
}
