package enforcement

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Expiry is how a measure whose time is over was ended.
type Expiry struct {
	Proof string
	// At and Place are when and where, or by which authority, it was carried out: a
	// release, a deletion. Without the time it is shown as not carried out yet.
	At     time.Time
	Place  string
	FileID int64
}

// EndExpiredMeasure ends a measure whose time is over: a release, a deletion. A
// restriction of spending does not end while the same person is listed.
func (s *Service) EndExpiredMeasure(ctx context.Context, by model.Actor, id, seen int64, in Expiry) (*model.Measure, error) {
	in.At = in.At.UTC()
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m, proof, fileID := p.m, in.Proof, in.FileID
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, m.Version, "expire", in); err != nil || done {
			return err
		}
		if m.Version != seen {
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
		}
		law, err := lawCase(ctx, tx, p, m)
		if err != nil {
			return err
		}
		if err := m.Expire(by.UserID, tx.Now()); err != nil {
			return err
		}
		law.Lift = &model.Lifting{}
		if err := law.Check(model.StepExpire); err != nil {
			return err
		}
		if err := checkProof(proof); err != nil {
			return err
		}
		if err := keepFile(ctx, tx, by, m.CaseID, fileID); err != nil {
			return err
		}
		m.LiftProof, m.LiftFileID = strings.TrimSpace(proof), fileID
		var x *model.MeasureExecution
		if !in.At.IsZero() {
			x = &model.MeasureExecution{Phase: model.PhaseUndo, At: in.At, Place: cmp.Or(in.Place, m.Place), Note: m.LiftProof, FileID: fileID}
		}
		undone, err := s.afterLift(ctx, tx, by, p, m.LiftProof, x)
		if err != nil {
			return err
		}
		if err := s.afterEnd(ctx, tx, by, p, m.LiftProof); err != nil {
			return err
		}
		if err := s.saveMeasure(ctx, tx, by, p, model.EntryExpired, m.LiftProof, model.AuditMeasureExpire); err != nil || undone == nil {
			return err
		}
		return s.addExecution(ctx, tx, by, m, *undone)
	})
}

func checkProof(proof string) error {
	if proof = strings.TrimSpace(proof); proof == "" || utf8.RuneCountInString(proof) > 400 {
		return model.InvalidField("proof", "lift.proof", "请填写外部系统的回执或者办理经过（如公安机关确认、名单库删除回执），不超过 400 字")
	}
	return nil
}

// openExpiryTasks opens the task to end each measure whose time is over, once. It is the
// worker's.
func (s *Service) openExpiryTasks(ctx context.Context) error {
	_, err := s.db.Pass(ctx, "measure", batch,
		func(n int) ([]int64, error) { return s.db.MeasuresOver(ctx, model.DateOf(s.db.Now()), n) },
		func(tx *storage.DB, id int64) error { return s.openExpiryTask(ctx, tx, id) })
	return err
}

func (s *Service) openExpiryTask(ctx context.Context, tx *storage.DB, id int64) error {
	m, err := tx.LockMeasure(ctx, id)
	if err != nil || m.State != model.MeasureInForce || m.Until.IsZero() {
		return err
	}
	list, err := tx.EnforcementsOf(ctx, m.CaseID)
	if err != nil {
		return err
	}
	p := &lockedMeasure{m: m}
	for i := range list {
		if list[i].ID == m.EnforcementCaseID {
			p.e = &list[i]
		}
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	t := model.Task{Title: "期满解除" + m.Kind.Chinese() + "：" + m.SubjectName, DueAt: m.Until.AddDays(1).EndOfDay(), DueReason: "期限至" + m.Until.Chinese() + "届满，次日办理解除"}
	if m.Kind == model.MeasureListing {
		period := m.DeletionPeriod(days)
		t.Title, t.DueAt, t.DueReason = "期满删除失信信息："+m.SubjectName, period.Last.EndOfDay(), period.Reason
	}
	return s.addMeasureTask(ctx, tx, p, model.TaskMeasureOver, t)
}
