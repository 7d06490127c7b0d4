package enforcement

import (
	"context"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// AskReview takes an application against a measure, from the person himself by
// phone, or from the officer who enters it for him. One is open at a time; a
// repeat under the same key is the first.
func (s *Service) AskReview(ctx context.Context, by model.Actor, id int64, reason, key string) (*model.MeasureReview, error) {
	if err := by.Require(model.ActReviewAsk); err != nil {
		return nil, err
	}
	var r *model.MeasureReview
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := lockReviewable(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if r, err = tx.ReviewByKey(ctx, by.UserID, key); err != nil || r != nil {
			return err
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		period, err := p.m.AskReview(reason, days, tx.Now())
		if err != nil {
			return err
		}
		open := model.ThingMeasure.Key(p.m.ID)
		r = &model.MeasureReview{
			CourtID: p.m.CourtID, CaseID: p.m.CaseID, MeasureID: p.m.ID, UserID: by.UserID, Reason: strings.TrimSpace(reason), State: model.ReviewOpen, AskedAt: tx.Now(),
			DueOn: period.Last, DueReason: period.Reason + "，依据" + p.m.Kind.Remedy().Citation(), OpenKey: &open, IdemKey: key,
		}
		if created, err := tx.CreateReview(ctx, r); err != nil || !created {
			return err
		}
		what := "审查" + p.m.Kind.Remedy().Name
		if p.m.Kind.Remedy().Higher {
			what = "报送上一级人民法院" + strings.TrimPrefix(p.m.Kind.Remedy().Name, "申请")
		}
		err = s.addMeasureTask(ctx, tx, p, model.TaskReview, model.Task{
			Title: what + "：" + p.m.Kind.Chinese() + " " + p.m.SubjectName, DueAt: period.Last.EndOfDay(), DueReason: r.DueReason, DedupeKey: model.ThingReview.Key(r.ID),
		})
		if err != nil {
			return err
		}
		if err := s.addEntry(ctx, tx, by, p.m, model.EntryReviewAsked, r.Reason); err != nil {
			return err
		}
		if p.e.OfficerID != 0 {
			if err := tx.AddNotice(ctx, model.MeasureReviewAskedNotice(*p.cs, *p.e, *p.m, *r)); err != nil {
				return err
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActReviewAsk), model.AuditEvent{
			CourtID: p.m.CourtID, Action: model.AuditMeasureAskReview, CaseID: p.m.CaseID, Subject: model.ThingMeasure.Of(p.m.ID), After: r,
		})
	})
	return r, err
}

// lockReviewable gives a measure to the person under it, or to an officer.
func lockReviewable(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*lockedMeasure, error) {
	if !by.IsParty() {
		return lockMeasure(ctx, tx, by, id)
	}
	m, err := tx.OwnMeasure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p := &lockedMeasure{}
	if p.e, p.cs, err = tx.LockEnforcement(ctx, by, m.EnforcementCaseID); err != nil {
		return nil, err
	}
	if p.m, err = tx.LockMeasure(ctx, id); err != nil {
		return nil, err
	}
	p.before = *p.m
	return p, nil
}

// ConcludeReview enters the result of an application and applies it: the
// measure stands, is changed, or falls. A repeat of the same result changes
// nothing.
func (s *Service) ConcludeReview(ctx context.Context, by model.Actor, reviewID int64, o model.ReviewOutcome) (*model.MeasureReview, error) {
	if err := by.Require(model.ActReviewRecord); err != nil {
		return nil, err
	}
	var r *model.MeasureReview
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		seen, err := tx.Review(ctx, reviewID)
		if err != nil {
			return err
		}
		p, err := lockMeasure(ctx, tx, by, seen.MeasureID)
		if err != nil {
			return model.E(model.NotFound, "review.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if r, err = tx.Review(ctx, reviewID); err != nil {
			return err
		}
		if r.Concluded(*p.m, o, by.UserID) {
			return nil // a repeat
		}
		if !p.m.Kind.Remedy().Higher { // the court above has other eyes
			if err := tx.OtherEyes(ctx, model.MatterReview, by.UserID, r.UserID); err != nil {
				return err
			}
		}
		if err := r.Conclude(p.m, o, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.ConcludeReview(ctx, r); err != nil {
			return err
		}
		note := r.Result.Chinese() + "。" + r.ResultText
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, cutResult(note), model.TaskMatch{DedupeKey: model.ThingReview.Key(r.ID)}); err != nil {
			return err
		}
		if p.m.Relation == model.RelationSelf {
			if err := tx.AddNotice(ctx, model.MeasureReviewedNotice(*p.cs, *p.e, *p.m, *r)); err != nil {
				return err
			}
		}
		if err := s.applyReviewResult(ctx, tx, by, p, r); err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryReviewResult, note, model.AuditMeasureReview)
	})
	return r, err
}

// applyReviewResult lets a result work on clocks and papers.
func (s *Service) applyReviewResult(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, r *model.MeasureReview) error {
	switch {
	case r.Result == model.ReviewChanged && p.m.EndsAt != nil && p.m.State == model.MeasureInForce:
		t, err := s.openMeasureTask(ctx, tx, p.m, model.TaskRelease)
		if err != nil || t == nil {
			return err
		}
		t.DueAt, t.DueReason = *p.m.EndsAt, "经复议变更为拘留 "+p.m.Term()
		return tx.UpdateTask(ctx, t, t.Version)
	case r.Result == model.ReviewRevoked && p.before.State.Stands():
		if _, err := s.afterLift(ctx, tx, by, p, "经救济程序撤销", nil); err != nil {
			return err
		}
		return s.afterEnd(ctx, tx, by, p, "经救济程序撤销")
	}
	return nil
}
