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

// RecordServiceOfProcess records that the person got the decision, by which his time for an
// application against it begins.
func (s *Service) RecordServiceOfProcess(ctx context.Context, by model.Actor, id, seen int64, on model.Date, how string, fileID int64) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.Subject("measure", id), seen, m.Version, "service of process", on, how, fileID); err != nil || done {
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

// Detain records that a person was handed over to detention. His family is to
// be told within the law's hours and he is to be released at the end: two
// clocks. The paper for the family is made. Full performance that was confirmed
// meanwhile forbids it.
func (s *Service) Detain(ctx context.Context, by model.Actor, id, seen int64, at time.Time) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.Subject("measure", id), seen, m.Version, "detain", at.UTC()); err != nil || done {
			return err
		}
		if err := m.Detain(at, seen, tx.Now()); err != nil {
			return err
		}
		d, err := tx.Debts(ctx, *p.cs)
		if err != nil {
			return err
		}
		if d.PerformedBy(*p.e, m.PartyID) {
			return model.E(model.Conflict, "obligation.performed", "被执行人的义务已经履行完毕并经确认，不得再实施拘留，请解除该措施")
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
			return model.InvalidField("how", "family.proof", "请填写通知了谁、与被拘留人的关系和通知的方式；通知不到的，请写明经过，依据民诉法解释第一百八十条")
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
	list, err := tx.SubjectTasks(ctx, m.CaseID, model.Subject("measure", m.ID))
	return slices.ContainsFunc(list, func(t model.Task) bool {
		return t.Kind == model.TaskFamily && t.State == model.TaskDone && t.DoneBy == by.UserID && t.Result == note && t.FileID == fileID
	}), err
}

// openMeasureTask is the measure's open task of a kind, locked; nil when there is none.
func (*Service) openMeasureTask(ctx context.Context, tx *storage.DB, m *model.Measure, kind model.TaskKind) (*model.Task, error) {
	list, err := tx.SubjectTasks(ctx, m.CaseID, model.Subject("measure", m.ID))
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
		if done, err := tx.Repeated(ctx, by, model.Subject("measure", id), seen, p.m.Version, "effect"); err != nil || done {
			return err
		}
		if p.m.Version != seen {
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+p.m.State.Chinese()+"），请刷新后再操作")
		}
		d, err := tx.Debts(ctx, *p.cs)
		if err != nil {
			return err
		}
		if d.PerformedBy(*p.e, p.m.PartyID) {
			return model.E(model.Conflict, "obligation.performed", "被执行人在宽限期内已经履行完毕，不再公布或者实施，请解除该措施")
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
	return tx.EndTasks(ctx, state, by.UserID, result, model.TaskMatch{CaseID: m.CaseID, Kinds: kinds, Subject: model.Subject("measure", m.ID)})
}

// PutUpPoster records that a listing was put up in a village, with a photograph. A
// repeat under the same key is the first poster.
func (s *Service) PutUpPoster(ctx context.Context, by model.Actor, id int64, where string, fileID int64, key string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		at := strings.TrimSpace(where)
		exposed, err := exposureToday(ctx, tx, p.m)
		switch {
		case err != nil:
			return err
		case exposed != model.ExposureShown:
			return model.E(model.Conflict, "poster.state", "该失信信息"+exposed.Chinese()+"（信用修复），不能张榜")
		case p.m.Kind != model.MeasureListing || p.m.State != model.MeasureInForce:
			return model.E(model.Conflict, "poster.state", "只有已经公布的失信被执行人名单可以张榜")
		case at == "" || utf8.RuneCountInString(at) > 100:
			return model.InvalidField("place", "poster.place", "请填写张榜的地点，不超过 100 字")
		}
		mark := fmt.Sprintf("poster:%d:%s", by.UserID, key)
		e := model.MeasureEntry{CourtID: p.m.CourtID, CaseID: p.m.CaseID, MeasureID: p.m.ID, Kind: model.EntryPosted, Note: at, FileID: fileID, ByUserID: by.UserID, IdemKey: &mark}
		if created, err := tx.AddMeasureEntry(ctx, &e); err != nil || !created {
			return err
		}
		if err := keepFile(ctx, tx, by, p.m.CaseID, fileID); err != nil {
			return err
		}
		return auditMeasure(tx, by, p.m, model.AuditMeasurePost, nil)
	})
}

// addPosterDown records that a poster was taken down; the photograph is its proof.
func (s *Service) addPosterDown(ctx context.Context, tx *storage.DB, by model.Actor, posterID int64, note string, fileID int64) error {
	poster, err := tx.MeasureEntry(ctx, posterID)
	if err != nil {
		return err
	}
	mark := fmt.Sprintf("down:%d", posterID)
	_, err = tx.AddMeasureEntry(ctx, &model.MeasureEntry{
		CourtID: poster.CourtID, CaseID: poster.CaseID, MeasureID: poster.MeasureID, Kind: model.EntryTakenDown, Note: model.PosterMark(posterID) + poster.Note + "　" + note,
		FileID: fileID, ByUserID: by.UserID, IdemKey: &mark,
	})
	return err
}

// EndExpiredMeasure ends a measure whose time is over: a release, a deletion.
func (s *Service) EndExpiredMeasure(ctx context.Context, by model.Actor, id, seen int64, proof string, fileID int64) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.Subject("measure", id), seen, m.Version, "expire", proof, fileID); err != nil || done {
			return err
		}
		if m.Version != seen {
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
		}
		if err := m.Expire(by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := checkProof(proof); err != nil {
			return err
		}
		if err := keepFile(ctx, tx, by, m.CaseID, fileID); err != nil {
			return err
		}
		m.LiftProof, m.LiftFileID = strings.TrimSpace(proof), fileID
		if err := s.afterEnd(ctx, tx, by, p, m.LiftProof); err != nil {
			return err
		}
		if err := s.tellReleased(ctx, tx, by, p, false, "院长决定以前期限已满，已经释放。"); err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryExpired, m.LiftProof, model.AuditMeasureExpire)
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
