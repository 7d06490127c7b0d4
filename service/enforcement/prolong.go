package enforcement

import (
	"context"
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// ProposeProlongation proposes to prolong a listing that is in force (失信规定 art. 2 (1)). A
// leader decides. A repeat under the same key is the first proposal.
func (s *Service) ProposeProlongation(ctx context.Context, by model.Actor, measureID int64, in model.Prolongation) (*model.Prolongation, error) {
	var out *model.Prolongation
	_, err := s.changeMeasure(ctx, by, model.ActMeasurePropose, measureID, func(tx *storage.DB, p *lockedMeasure) error {
		var err error
		if out, err = tx.ProlongationByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		if err := checkProlongation(ctx, tx, p, &in); err != nil {
			return err
		}
		key := model.ThingMeasure.Key(p.m.ID)
		in.CourtID, in.CaseID, in.EnforcementCaseID, in.MeasureID, in.PartyID = p.m.CourtID, p.m.CaseID, p.m.EnforcementCaseID, p.m.ID, p.m.PartyID
		in.State, in.ProposedBy, in.OpenKey = model.ProlongOpen, by.UserID, &key
		if err := tx.CreateProlongation(ctx, &in); err != nil {
			return err
		}
		out = &in
		court, err := tx.Court(ctx, in.CourtID)
		if err != nil {
			return err
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		due := days.WorkdaysPeriod(model.DateOf(tx.Now()), court.Settings.ReleaseClock(), "提请延长失信期限")
		_, err = tx.AddTask(ctx, model.Task{
			CourtID: in.CourtID, CaseID: in.CaseID, EnforcementCaseID: in.EnforcementCaseID, PartyID: in.PartyID, Kind: model.TaskProlong, Subject: model.ThingMeasure.Of(p.m.ID),
			Title: model.TaskProlong.Chinese() + "：" + cutName(p.m.SubjectName, 60), DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "（本院设置）", DedupeKey: model.ThingProlongation.Key(in.ID),
		})
		if err != nil {
			return err
		}
		err = s.tellSigners(ctx, tx, in.CourtID, p.m.Kind, func(user int64) model.Notice { return model.ProlongAskedNotice(*p.cs, *p.e, *p.m, in, user) })
		if err != nil {
			return err
		}
		if err := s.addEntry(ctx, tx, by, p.m, model.EntryProlongAsked, fmt.Sprintf("%d 年，%s。%s", in.Years, in.Reason.Chinese(), cutResult(in.Facts))); err != nil {
			return err
		}
		return auditProlong(tx, by, model.ActMeasurePropose, model.AuditProlongAsk, nil, &in)
	})
	if err != nil {
		return nil, fmt.Errorf("prolong listing: %w", err)
	}
	return out, nil
}

func auditProlong(tx *storage.DB, by model.Actor, act model.Act, action model.AuditAction, before any, p *model.Prolongation) error {
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: p.CourtID, Action: action, CaseID: p.CaseID, Subject: model.ThingProlongation.Of(p.ID), Before: before, After: p,
	})
}

// checkProlongation asks the law about a prolongation, with the facts as they are
// under the case's lock.
func checkProlongation(ctx context.Context, tx *storage.DB, p *lockedMeasure, in *model.Prolongation) error {
	grants, err := tx.RepairsOf(ctx, p.m.EnforcementCaseID, p.m.PartyID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, *p.cs)
	if err != nil {
		return err
	}
	today := model.DateOf(tx.Now())
	if err := p.e.GoesOn(); err != nil {
		return err
	}
	return in.Check(*p.m, model.Shortened(*p.m, grants, today), d.PerformedBy(*p.e, p.m.PartyID), today)
}

// DecideProlongation answers a proposal to prolong. An approval moves the listing's
// last day, becomes a numbered paper that is served, and is told to the agencies
// that restrict the person. A repeat of the same answer changes nothing.
func (s *Service) DecideProlongation(ctx context.Context, by model.Actor, id, seen int64, approve bool, note string) (*model.Prolongation, error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return nil, err
	}
	return s.decideProlongation(ctx, by, id, seen, approve, note, func(*storage.DB, *model.Prolongation) error { return nil })
}

// DraftProlongation is the paper that agreeing to a proposal would make, without a
// number; nothing is decided.
func (s *Service) DraftProlongation(ctx context.Context, by model.Actor, id int64) (*model.Document, error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return nil, err
	}
	by.Asked = model.Asked{}
	asked, err := s.db.Prolongation(ctx, id)
	if err != nil {
		return nil, err
	}
	var out *model.Document
	_, err = s.decideProlongation(ctx, by, id, asked.Version, true, "", func(tx *storage.DB, a *model.Prolongation) error {
		doc, err := tx.Document(ctx, by, a.DocumentID)
		if err != nil {
			return err
		}
		doc.ID, doc.Number, doc.Facts.Number = 0, draftNumber, draftNumber
		out = doc
		return errDrafted
	})
	if !errors.Is(err, errDrafted) {
		return nil, err
	}
	return out, nil
}

// decideProlongation decides, and lets then see it before it is kept.
func (s *Service) decideProlongation(ctx context.Context, by model.Actor, id, seen int64, approve bool, note string, then func(*storage.DB, *model.Prolongation) error) (*model.Prolongation, error) {
	var out *model.Prolongation
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.Prolongation(ctx, id)
		if err != nil {
			return err
		}
		p, err := lockMeasure(ctx, tx, by, a.MeasureID)
		if err != nil {
			return model.E(model.NotFound, "prolongation.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if a, err = tx.Prolongation(ctx, id); err != nil { // as it is under the lock
			return err
		}
		out = a
		before := *a
		if done, err := tx.Repeated(ctx, by, model.ThingProlongation.Of(id), seen, a.Version, "decide", approve, note); err != nil || done {
			return err
		}
		if err := tx.OtherEyes(ctx, model.MatterProlong, by.UserID, a.ProposedBy); err != nil {
			return err
		}
		if err := signs(ctx, tx, by, p.m.Kind); err != nil {
			return err
		}
		if approve && a.State == model.ProlongOpen {
			if err := checkProlongation(ctx, tx, p, a); err != nil {
				return err
			}
		}
		if err := a.Decide(p.m, approve, note, by.UserID, seen, tx.Now()); err != nil {
			return err
		}
		if err := s.applyProlongation(ctx, tx, by, p, a); err != nil {
			return err
		}
		if err := tx.UpdateProlongation(ctx, a, before.Version); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, cutResult(a.State.Chinese()+"。"+a.DecideNote), model.TaskMatch{DedupeKey: model.ThingProlongation.Key(a.ID)}); err != nil {
			return err
		}
		if err := auditProlong(tx, by, model.ActMeasureApprove, model.AuditProlongDecide, before, a); err != nil {
			return err
		}
		return then(tx, a)
	})
	if err != nil {
		return nil, fmt.Errorf("decide prolongation %d: %w", id, err)
	}
	return out, nil
}

// applyProlongation writes what a decision made of the listing and tells of it.
func (s *Service) applyProlongation(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, a *model.Prolongation) error {
	if a.State != model.ProlongApproved {
		if err := s.addEntry(ctx, tx, by, p.m, model.EntryNotProlonged, a.DecideNote); err != nil {
			return err
		}
		m := *p.m
		return tx.AddNotice(ctx, model.MeasureAnsweredNotice(*p.cs, *p.e, m, "不予延长期限", a.DecideNote).Keyed(model.ThingProlongation.Key(a.ID)))
	}
	who, err := signed(ctx, tx, by, p.m.Kind)
	if err != nil {
		return err
	}
	doc, err := s.measurePaperWith(ctx, tx, p, model.DocumentProlongDecision, model.ThingProlongation.Key(a.ID), func(f *model.MeasureFacts) { f.Prolong, f.Signed = a.FactsOf(), who })
	if err != nil {
		return err
	}
	a.Number, a.DocumentID = doc.Number, doc.ID
	if err := tx.UpdateMeasure(ctx, p.m, p.before.Version); err != nil {
		return err
	}
	note := fmt.Sprintf("%s　由%s延长至%s。%s", a.Number, a.FormerUntil.Chinese(), a.Until.Chinese(), a.DecideNote)
	if err := s.addEntry(ctx, tx, by, p.m, model.EntryProlonged, note); err != nil {
		return err
	}
	if err := auditMeasure(tx, by, p.m, model.AuditMeasureProlong, p.before); err != nil {
		return err
	}
	court, err := tx.Court(ctx, a.CourtID)
	if err != nil {
		return err
	}
	n, err := tx.AddNoticeOnce(ctx, model.ProlongedNotice(*court, *p.cs, *p.e, *p.m, *a))
	if err != nil {
		return err
	}
	if err := tx.RecordServiceOfProcess(ctx, doc.ID, a.PartyID, n); err != nil {
		return err
	}
	answer := model.MeasureAnsweredNotice(*p.cs, *p.e, *p.m, "同意延长期限", a.DecideNote).Keyed(model.ThingProlongation.Key(a.ID))
	if err := tx.AddNotice(ctx, answer); err != nil || s.cfg.Sanctions == nil {
		return err
	}
	return s.cfg.Sanctions.Moved(ctx, tx, *p.m)
}

// lapseProlongations ends the proposal that is open when its listing ends.
func (*Service) lapseProlongations(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure) error {
	list, err := tx.ProlongationsOf(ctx, m.ID)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		if a.State != model.ProlongOpen {
			continue
		}
		before, now := *a, tx.Now()
		a.State, a.DecidedAt, a.OpenKey = model.ProlongLapsed, &now, nil
		if err := tx.UpdateProlongation(ctx, a, before.Version); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, a.State.Chinese(), model.TaskMatch{DedupeKey: model.ThingProlongation.Key(a.ID)}); err != nil {
			return err
		}
		if err := auditProlong(tx, by, model.ActMeasureRead, model.AuditProlongLapse, before, a); err != nil {
			return err
		}
	}
	return nil
}

// Prolongations lists the proposals to prolong a listing, the newest first, for
// staff who see it.
func (s *Service) Prolongations(ctx context.Context, by model.Actor, measureID int64) ([]model.Prolongation, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Measure(ctx, by, measureID); err != nil {
		return nil, err
	}
	return s.db.ProlongationsOf(ctx, measureID)
}
