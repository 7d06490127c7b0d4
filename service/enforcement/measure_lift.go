package enforcement

import (
	"context"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// LiftMeasure ends a measure that stands. What only the court's president may lift
// becomes a wish that waits for a leader, unless a leader lifts it. A measure
// in a clean-up is lifted in its order, and the clean-up's task ends with it.
// Two at once: one wins, the other gets a Conflict.
func (s *Service) LiftMeasure(ctx context.Context, by model.Actor, id, seen int64, l model.Lifting) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasureLift, id, func(tx *storage.DB, p *lockedMeasure) error {
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, p.m.Version, "lift", l); err != nil || done {
			return err
		}
		return s.liftOrAsk(ctx, tx, by, p, seen, l)
	})
}

func (s *Service) liftOrAsk(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, seen int64, l model.Lifting) error {
	m := p.m
	l.Reason, l.Proof = strings.TrimSpace(l.Reason), strings.TrimSpace(l.Proof)
	if m.Version != seen || !m.State.Stands() {
		return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
	}
	if err := askLift(ctx, tx, p, l, nil); err != nil {
		return err
	}
	if l.Ground == model.LiftChanged {
		if l.Reason = l.Post.Words() + l.Reason; utf8.RuneCountInString(l.Reason) > 500 {
			return model.CheckReason(l.Reason)
		}
	}
	if err := keepFile(ctx, tx, by, m.CaseID, l.FileID); err != nil {
		return err
	}
	// A leader whose own case it is, or to whom the president did not give it, asks.
	own := tx.OtherEyes(ctx, model.MatterLift, by.UserID, p.e.OfficerID)
	if own != nil && model.ReasonOf(own) == "" {
		return own
	}
	signers, err := tx.Signers(ctx, m.CourtID)
	if err != nil {
		return err
	}
	if m.NeedsLeader(l.Ground) && (!by.May(model.ActMeasureApprove) || own != nil || !signers.May(by.UserID, m.Kind)) {
		if err := m.AskLift(l, by.UserID, seen, tx.Now()); err != nil {
			return err
		}
		err := s.tellSigners(ctx, tx, m.CourtID, m.Kind, func(user int64) model.Notice { return model.MeasureLiftAskedNotice(*p.cs, *p.e, *m, user) })
		if err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryLiftAsked, l.Ground.Chinese()+"。"+l.Reason, model.AuditMeasureAskLift)
	}
	if err := checkProof(l.Proof); err != nil {
		return err
	}
	// The officer's proof is that it was carried out with the decision; where that is
	// somebody's else to do, only if he says whose.
	done := m.Kind != model.MeasureDetention && (!m.Kind.Execution(model.PhaseUndo).Place || strings.TrimSpace(l.Place) != "")
	return s.carryOutLift(ctx, tx, by, p, seen, l, done)
}

// carryOutLift ends the measure, whoever decided it. done says that the proof is that
// of its execution; otherwise its clocks stay open until somebody records that.
func (s *Service) carryOutLift(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, seen int64, l model.Lifting, done bool) error {
	if err := p.m.Lift(l, by.UserID, seen, tx.Now()); err != nil {
		return err
	}
	var x *model.MeasureExecution
	if done {
		x = &model.MeasureExecution{Phase: model.PhaseUndo, At: *p.m.LiftedAt, Place: l.Place, Note: l.Proof, FileID: l.FileID}
	}
	note := l.Ground.Chinese() + "。" + l.Reason
	if l.Proof != "" {
		note += "　" + l.Proof
	}
	undone, err := s.afterLift(ctx, tx, by, p, note, x)
	if err != nil {
		return err
	}
	if err := s.afterEnd(ctx, tx, by, p, note); err != nil {
		return err
	}
	if err := s.saveMeasure(ctx, tx, by, p, model.EntryLifted, note, model.AuditMeasureLift); err != nil || undone == nil {
		return err
	}
	return s.addExecution(ctx, tx, by, p.m, *undone)
}

// afterLift ends the clocks of what is undone, or has nothing to undo, and leaves
// those of the rest open. x is how it was undone, nil when nobody did yet; what it
// gives is to be added to the history.
func (s *Service) afterLift(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, note string, x *model.MeasureExecution) (*model.MeasureExecution, error) {
	if p.m.PendingPhase() != model.PhaseUndo {
		return nil, s.endUndone(ctx, tx, by, p.m, note)
	}
	if x == nil {
		return nil, s.awaitUndoing(ctx, tx, p)
	}
	if err := p.m.Execute(x, p.m.Version, tx.Now()); err != nil {
		return nil, err
	}
	return x, s.endUndone(ctx, tx, by, p.m, note)
}

// afterEnd is what follows when a measure ends: its clocks stop, who asked for its end
// has his answer, a paper says so, and the person is told, unless he never could know
// of it.
func (s *Service) afterEnd(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, result string) error {
	if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskDone, cutResult(result), model.TaskPublish, model.TaskMeasureOver); err != nil {
		return err
	}
	if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskCancelled, "措施已经结束", model.TaskExecute); err != nil {
		return err
	}
	if err := s.tellReleased(ctx, tx, by, p, result); err != nil {
		return err
	}
	if s.cfg.Sanctions != nil {
		if err := s.cfg.Sanctions.Over(ctx, tx, *p.m); err != nil {
			return err
		}
	}
	if p.m.Kind == model.MeasureListing {
		if err := s.lapseProlongations(ctx, tx, by, p.m); err != nil {
			return err
		}
	}
	if p.m.Kind == model.MeasureConsumption {
		if err := s.lapseSpendingPermits(ctx, tx, by, p.m); err != nil {
			return err
		}
	}
	if p.m.Kind == model.MeasureFine || p.m.FromAt == nil && p.m.Kind == model.MeasureDetention {
		return nil
	}
	court, err := tx.Court(ctx, p.m.CourtID)
	if err != nil {
		return err
	}
	who := ""
	if p.m.State == model.MeasureLifted && p.m.LiftGround != model.LiftRevoked && p.before.NeedsLeader(p.m.LiftGround) {
		if who, err = signed(ctx, tx, by, p.m.Kind); err != nil {
			return err
		}
	}
	doc, err := s.measurePaperWith(ctx, tx, p, model.DocumentLiftDecision, "lift", func(f *model.MeasureFacts) { f.Signed = who })
	if err != nil || p.m.Relation != model.RelationSelf {
		return err
	}
	n := model.MeasureLiftedNotice(*court, *p.cs, *p.e, *p.m)
	n.Number = doc.Number
	id, err := tx.AddNoticeOnce(ctx, n)
	if err != nil {
		return err
	}
	return tx.RecordServiceOfProcess(ctx, doc.ID, p.m.PartyID, id)
}

// cutResult shortens a text to what a task's result holds.
func cutResult(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:499]) + "…"
	}
	return s
}

// AnswerLift is a leader's answer to a wish to lift. A yes ends the measure; that it
// was carried out, e.g. the person released, is the officer's to record.
func (s *Service) AnswerLift(ctx context.Context, by model.Actor, id, seen int64, yes bool, note string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasureApprove, id, func(tx *storage.DB, p *lockedMeasure) error {
		m := p.m
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, m.Version, "answer lift", yes, note); err != nil || done {
			return err
		}
		note := strings.TrimSpace(note)
		if m.Version != seen || m.LiftAskedAt == nil || !m.State.Stands() {
			return model.E(model.Conflict, "measure.changed", "该措施的状态刚刚改变（"+m.State.Chinese()+"），请刷新后再操作")
		}
		if err := tx.OtherEyes(ctx, model.MatterLift, by.UserID, m.LiftAskedBy); err != nil {
			return err
		}
		decides, err := signer(ctx, tx, by)
		if err == nil {
			err = decides.Check(by.UserID, m.Kind)
		}
		if err != nil {
			return err
		}
		if !yes {
			return s.refuseLift(ctx, tx, by, p, seen, note)
		}
		if utf8.RuneCountInString(note) > 300 {
			return model.InvalidField("note", "reason.required", "意见不能超过 300 字")
		}
		l := model.Lifting{Ground: m.LiftGround, Reason: m.LiftReason, Proof: m.LiftProof, FileID: m.LiftFileID}
		if err := askLift(ctx, tx, p, l, decides); err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, answeredNotice(p, "同意解除", note)); err != nil {
			return err
		}
		return s.carryOutLift(ctx, tx, by, p, seen, l, false)
	})
}

// refuseLift is the leader's no. What the clean-up only asked about then stays, a
// listing with a term until its end, which ends its place in the clean-up.
func (s *Service) refuseLift(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, seen int64, note string) error {
	ground := p.m.LiftGround
	if err := p.m.RefuseLift(seen, note); err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, answeredNotice(p, "不同意解除", note)); err != nil {
		return err
	}
	asked, err := s.openMeasureTask(ctx, tx, p.m, model.TaskLift)
	if err != nil {
		return err
	}
	if asked != nil && (ground == model.LiftEarly || ground == model.LiftWrong) {
		result := "院领导决定不予纠正，措施不变：" + note
		if p.m.Kind == model.MeasureListing && !p.m.Until.IsZero() {
			result = "院领导决定不提前删除，保留至" + p.m.Until.Chinese() + "：" + note
		}
		if err := s.finishMeasureStep(ctx, tx, by, p.m, model.TaskLift, result, 0); err != nil {
			return err
		}
		if err := s.addEntry(ctx, tx, by, p.m, model.EntryKept, note); err != nil {
			return err
		}
	}
	if err := s.tellReleased(ctx, tx, by, p, note); err != nil {
		return err
	}
	return s.saveMeasure(ctx, tx, by, p, model.EntryLiftRefused, note, model.AuditMeasureRefuseLift)
}

func (s *Service) tellReleased(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, note string) error {
	if s.cfg.Petitions == nil {
		return nil
	}
	return s.cfg.Petitions.Released(ctx, tx, by, *p.cs, p.before, *p.m, note)
}
