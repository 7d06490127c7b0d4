package enforcement

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// AskSpendingPermit takes an application to spend in spite of a restriction (限高规定 3
// (2), 8), from the restricted person by phone, or from the officer who enters
// it for him. A repeat under the same key is the first one.
func (s *Service) AskSpendingPermit(ctx context.Context, by model.Actor, measureID int64, in model.SpendingPermit) (*model.SpendingPermit, error) {
	if err := by.Require(model.ActSpendingAsk); err != nil {
		return nil, err
	}
	var out *model.SpendingPermit
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := lockReviewable(ctx, tx, by, measureID)
		if err != nil {
			return err
		}
		if out, err = tx.SpendingByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		debtor, err := tx.Party(ctx, p.cs.ID, p.m.PartyID)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		if err := in.Apply(*p.m, debtor.Kind, today); err != nil {
			return err
		}
		court, err := tx.Court(ctx, p.m.CourtID)
		if err != nil {
			return err
		}
		in.FileIDs = slices.Compact(slices.Sorted(slices.Values(append([]int64{}, in.FileIDs...))))
		if in.FileIDs == nil {
			in.FileIDs = []int64{} // a column that is not null
		}
		for _, f := range in.FileIDs {
			if err := tx.KeepFile(ctx, f, p.m.CaseID, by.UserID); err != nil {
				return model.InvalidField("file_ids", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
			}
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		due := days.WorkdaysPeriod(today, court.Settings.SpendingClock(), "收到申请")
		key := model.ThingMeasure.Key(p.m.ID)
		in.CourtID, in.CaseID, in.EnforcementCaseID, in.MeasureID, in.PartyID = p.m.CourtID, p.m.CaseID, p.m.EnforcementCaseID, p.m.ID, p.m.PartyID
		in.UserID, in.ByOfficer, in.DueOn, in.OpenKey = by.UserID, !by.IsParty(), due.Last, &key
		if err := tx.CreateSpending(ctx, &in); err != nil {
			return err
		}
		out = &in
		return s.startSpendingClock(ctx, tx, by, p, out, due)
	})
	if err != nil {
		return nil, fmt.Errorf("ask to spend: %w", err)
	}
	return out, nil
}

// startSpendingClock starts the clock of whoever decides and tells him.
func (s *Service) startSpendingClock(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, a *model.SpendingPermit, due model.Period) error {
	kind := model.TaskSpending
	if a.Ground.ByLeader() {
		kind = model.TaskSpendingLeader
	}
	t := model.Task{
		Title: kind.Chinese() + "：" + cutName(a.Spender, 60), DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "（本院设置）", DedupeKey: model.ThingSpending.Key(a.ID),
	}
	var err error
	if a.Ground.ByLeader() {
		t.CourtID, t.CaseID, t.EnforcementCaseID, t.PartyID, t.Kind, t.Subject = a.CourtID, a.CaseID, a.EnforcementCaseID, a.PartyID, kind, model.ThingMeasure.Of(p.m.ID)
		if _, err = tx.AddTask(ctx, t); err == nil {
			err = s.tellSigners(ctx, tx, a.CourtID, p.m.Kind, func(user int64) model.Notice { return model.SpendingAskedNotice(*p.cs, *p.e, *a, user) })
		}
	} else if err = s.addMeasureTask(ctx, tx, p, kind, t); err == nil && p.e.OfficerID != 0 {
		err = tx.AddNotice(ctx, model.SpendingAskedNotice(*p.cs, *p.e, *a, p.e.OfficerID))
	}
	if err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActSpendingAsk), model.AuditEvent{
		CourtID: a.CourtID, Action: model.AuditSpendingAsk, CaseID: a.CaseID, Subject: model.ThingSpending.Of(a.ID), After: a,
	})
}

// DecideSpendingPermit answers an application: the officer, or a leader where the
// court's president approves. A repeat of the same decision changes nothing.
func (s *Service) DecideSpendingPermit(ctx context.Context, by model.Actor, id, seen int64, d model.SpendingDecision) (*model.SpendingPermit, error) {
	if err := by.Require(model.ActSpendingDecide); err != nil {
		return nil, err
	}
	var out *model.SpendingPermit
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, err := tx.Spending(ctx, id)
		if err != nil {
			return err
		}
		p, err := lockMeasure(ctx, tx, by, a.MeasureID)
		if err != nil {
			return model.E(model.NotFound, "spending.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		if a, err = tx.Spending(ctx, id); err != nil { // as it is under the lock
			return err
		}
		out = a
		if done, err := tx.Repeated(ctx, by, model.ThingSpending.Of(id), seen, a.Version, "decide", d); err != nil || done {
			return err
		}
		if a.Ground.ByLeader() && !by.May(model.ActMeasureApprove) {
			return model.E(model.Forbidden, "spending.leader", "因紧急情况暂时解除的，须经院长批准，依据"+a.Ground.Citation())
		}
		if err := tx.OtherEyes(ctx, model.MatterSpending, by.UserID, a.UserID); err != nil {
			return err
		}
		if a.Ground.ByLeader() {
			if err := signs(ctx, tx, by, p.m.Kind); err != nil {
				return err
			}
		}
		before := *a
		if err := a.Decide(*p.m, d, by.UserID, seen, tx.Now()); err != nil {
			return err
		}
		n, err := s.issuePermit(ctx, tx, by, p, a)
		if err != nil {
			return err
		}
		if err := tx.UpdateSpending(ctx, a, before.Version); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, cutResult(a.State.Chinese()+"。"+a.DecisionReason), model.TaskMatch{DedupeKey: model.ThingSpending.Key(a.ID)}); err != nil {
			return err
		}
		if n == 0 {
			if err := tx.AddNotice(ctx, model.SpendingDecidedNotice(*p.cs, *p.e, *a)); err != nil {
				return err
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActSpendingDecide), model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditSpendingDecide, CaseID: a.CaseID, Subject: model.ThingSpending.Of(a.ID), Before: before, After: a,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("decide spending %d: %w", id, err)
	}
	return out, nil
}

// issuePermit makes a grant a numbered paper, serves it with its notice on the
// debtor, and writes the line of the restriction's history. The number of the
// notice is 0 for a refusal, which is no paper.
func (s *Service) issuePermit(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, a *model.SpendingPermit) (noticeID int64, err error) {
	if a.State != model.SpendingGranted {
		return 0, nil
	}
	who := ""
	if a.Ground.ByLeader() {
		if who, err = signed(ctx, tx, by, p.m.Kind); err != nil {
			return 0, err
		}
	}
	doc, err := s.measurePaperWith(ctx, tx, p, model.DocumentSpendingPermit, model.ThingSpending.Key(a.ID), func(f *model.MeasureFacts) { f.Permit, f.Signed = a.FactsOf(), who })
	if err != nil {
		return 0, err
	}
	a.Number, a.DocumentID = doc.Number, doc.ID
	if noticeID, err = tx.AddNoticeOnce(ctx, model.SpendingDecidedNotice(*p.cs, *p.e, *a)); err != nil {
		return 0, err
	}
	if err := tx.RecordServiceOfProcess(ctx, doc.ID, a.PartyID, noticeID); err != nil {
		return 0, err
	}
	return noticeID, s.addEntry(ctx, tx, by, p.m, model.EntryPermitted, a.Number+"　"+a.Spender+"："+cutResult(a.Purpose))
}

// lapseSpendingPermits ends the application that is open when its restriction ends.
func (*Service) lapseSpendingPermits(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure) error {
	list, err := tx.SpendingOf(ctx, m.ID)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		if a.State != model.SpendingOpen {
			continue
		}
		before := *a
		a.Lapse(tx.Now())
		if err := tx.UpdateSpending(ctx, a, before.Version); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, a.State.Chinese(), model.TaskMatch{DedupeKey: model.ThingSpending.Key(a.ID)}); err != nil {
			return err
		}
		role := by.RoleFor(model.ActMeasureRead)
		if err := tx.Audit(by, role, model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditSpendingLapse, CaseID: a.CaseID, Subject: model.ThingSpending.Of(a.ID), Before: before, After: a,
		}); err != nil {
			return err
		}
	}
	return nil
}

// SpendingPermits lists a case's applications to spend, the newest first: a party's
// own, all of them for staff who see the case.
func (s *Service) SpendingPermits(ctx context.Context, by model.Actor, caseID int64) ([]model.SpendingPermit, error) {
	if err := by.Require(model.ActSpendingRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.CaseSpending(ctx, by, caseID)
}
