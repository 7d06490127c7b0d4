package enforcement

import (
	"context"
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// DecideMeasure makes a proposal a decision with a number of the court's series. What
// the court's president signs only a leader decides, and never his own
// proposal; the others are the officer's with his panel. The law is asked again
// under the case's lock: what was paid a second ago counts.
func (s *Service) DecideMeasure(ctx context.Context, by model.Actor, id, seen int64, opinion string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasureDecide, id, func(tx *storage.DB, p *lockedMeasure) error {
		return s.decideMeasure(ctx, tx, by, p, id, seen, opinion)
	})
}

// errDrafted ends the transaction of a draft.
var errDrafted = errors.New("a draft is not kept")

// DraftDecision is the very paper that DecideMeasure would make now, which nobody
// gets and which takes no number: whoever decides reads it before. Errors: those of
// DecideMeasure.
func (s *Service) DraftDecision(ctx context.Context, by model.Actor, id int64) (*model.Document, error) {
	var out *model.Document
	by.Asked = model.Asked{}
	_, err := s.changeMeasure(ctx, by, model.ActMeasureDecide, id, func(tx *storage.DB, p *lockedMeasure) error {
		opinion := ""
		if p.m.Kind.Signed() == "" { // the panel's, which is not written yet
			opinion = "（待填写）"
		}
		if err := s.decideMeasure(ctx, tx, by, p, id, p.m.Version, opinion); err != nil {
			return err
		}
		doc, err := tx.Document(ctx, by, p.m.DocumentID)
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

const draftNumber = "（编号在决定时生成）"

// decideMeasure is DecideMeasure on a locked measure.
func (s *Service) decideMeasure(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, id, seen int64, opinion string) error {
	m := p.m
	if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, m.Version, "decide", opinion); err != nil || done {
		return err
	}
	if signed := m.Kind.Signed(); signed != "" && !by.May(model.ActMeasureApprove) {
		return model.E(model.Forbidden, "measure.leader", m.Kind.Chinese()+"须由院长批准，依据"+signed.String())
	}
	if m.Kind.Signed() != "" {
		if err := tx.OtherEyes(ctx, model.MatterMeasure, by.UserID, m.ProposedBy); err != nil {
			return err
		}
	}
	if err := m.Decide(by.UserID, seen, opinion, tx.Now()); err != nil {
		return err
	}
	if err := askDecision(ctx, tx, by, p, &p.before); err != nil { // of the proposal: by now the decision has its days
		return err
	}
	if err := s.endMeasureTasks(ctx, tx, by, m, model.TaskDone, "已决定", model.TaskListingDecide); err != nil {
		return err
	}
	if err := s.issueDecision(ctx, tx, by, p); err != nil {
		return err
	}
	if m.Kind == model.MeasureListing {
		if err := s.restrictListed(ctx, tx, by, p); err != nil {
			return err
		}
	}
	if m.Kind.Signed() != "" {
		if err := tx.AddNotice(ctx, answeredNotice(p, "已批准", m.Opinion)); err != nil {
			return err
		}
	}
	return s.saveMeasure(ctx, tx, by, p, model.EntryDecided, m.Opinion, model.AuditMeasureDecide)
}

// answeredNotice tells the officer; the version is the one that is about to be
// written.
func answeredNotice(p *lockedMeasure, what, note string) model.Notice {
	m := *p.m
	m.Version++
	return model.MeasureAnsweredNotice(*p.cs, *p.e, m, what, note)
}

// issueDecision makes the decision's numbered paper and serves it, and starts the
// clocks that follow. A tracing and a detention that nobody was taken for yet
// are not served: who knew of them would flee.
func (s *Service) issueDecision(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure) error {
	who, err := signed(ctx, tx, by, p.m.Kind)
	if err != nil {
		return err
	}
	doc, err := s.measurePaperWith(ctx, tx, p, p.m.Kind.Document(), "decision", func(f *model.MeasureFacts) { f.Signed = who })
	if err != nil {
		return err
	}
	p.m.Number, p.m.DocumentID = doc.Number, doc.ID
	if p.m.ForSubject() {
		if err := s.serviceOfProcess(ctx, tx, p); err != nil {
			return err
		}
	}
	if p.m.GraceUntil.IsZero() {
		return s.tellBegun(ctx, tx, p.m)
	}
	return s.addMeasureTask(ctx, tx, p, model.TaskPublish, model.Task{
		Title: "宽限期满后" + map[bool]string{true: "公布失信信息：", false: "实施限制消费："}[p.m.Kind == model.MeasureListing] + p.m.SubjectName,
		DueAt: p.m.GraceUntil.AddDays(1).EndOfDay(), DueReason: "宽限期至" + p.m.GraceUntil.Chinese() + "届满，仍未履行的，次日公布或者实施",
	})
}

// tellBegun tells those who have to act on a measure that it is in force.
func (s *Service) tellBegun(ctx context.Context, tx *storage.DB, m *model.Measure) error {
	if s.cfg.Sanctions == nil || m.State != model.MeasureInForce {
		return nil
	}
	return s.cfg.Sanctions.Begun(ctx, tx, *m)
}

// serviceOfProcess gives the decision to the debtor with the notice of it. One who is not
// a party of the case gets it on paper from the officer.
func (s *Service) serviceOfProcess(ctx context.Context, tx *storage.DB, p *lockedMeasure) error {
	if p.m.Relation != model.RelationSelf {
		return nil
	}
	court, err := tx.Court(ctx, p.m.CourtID)
	if err != nil {
		return err
	}
	n, err := tx.AddNoticeOnce(ctx, model.MeasureDecidedNotice(*court, *p.cs, *p.e, *p.m))
	if err != nil {
		return err
	}
	return tx.RecordServiceOfProcess(ctx, p.m.DocumentID, p.m.PartyID, n)
}

// measurePaper makes a numbered paper about a measure for the file, once.
func (s *Service) measurePaper(ctx context.Context, tx *storage.DB, p *lockedMeasure, kind model.DocumentKind, what string) (*model.Document, error) {
	return s.measurePaperWith(ctx, tx, p, kind, what, func(*model.MeasureFacts) {})
}

// measurePaperWith is measurePaper with more to say than the measure itself.
func (s *Service) measurePaperWith(ctx context.Context, tx *storage.DB, p *lockedMeasure, kind model.DocumentKind, what string, more func(*model.MeasureFacts)) (*model.Document, error) {
	court, err := tx.Court(ctx, p.m.CourtID)
	if err != nil {
		return nil, err
	}
	d, err := tx.Debts(ctx, *p.cs)
	if err != nil {
		return nil, err
	}
	names, err := tx.UserNames(ctx, []int64{p.e.OfficerID})
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	doc := &model.Document{
		CourtID: p.m.CourtID, CaseID: p.m.CaseID, Kind: kind, Identity: p.m.SubjectID, Facts: d.MeasureFacts(kind, *court, *p.e, names[p.e.OfficerID], *p.m, today),
		DedupeKey: model.ThingMeasure.Key(p.m.ID) + ":" + what,
	}
	more(doc.Facts.Measure)
	if kind == model.DocumentFamilyNotice && s.cfg.Families != nil {
		if doc.Facts.ContactScene, err = s.cfg.Families.Scene(ctx, tx, *p.m); err != nil {
			return nil, err
		}
	}
	_, err = tx.CreateDocument(ctx, doc, func() (string, error) {
		n, err := tx.NextSerial(ctx, court.ID, court.Settings.SeriesOf(kind), today.Year)
		return model.DocumentNumber(court.Settings.Pattern(kind), court.ShortName, today.Year, n), err
	})
	return doc, err
}

// addMeasureTask adds a clock of a measure, once.
func (s *Service) addMeasureTask(ctx context.Context, tx *storage.DB, p *lockedMeasure, kind model.TaskKind, t model.Task) error {
	t.CourtID, t.CaseID, t.EnforcementCaseID, t.PartyID, t.Kind = p.m.CourtID, p.m.CaseID, p.m.EnforcementCaseID, p.m.PartyID, kind
	t.Subject = model.ThingMeasure.Of(p.m.ID)
	owner, err := tx.OfficerOf(ctx, p.m.PartyID)
	if err != nil {
		return err
	}
	if t.OwnerID = owner; owner == 0 {
		t.OwnerID = p.e.OfficerID
	}
	if t.DedupeKey == "" {
		t.DedupeKey = fmt.Sprintf("%s:%d", kind, p.m.ID)
	}
	_, err = tx.AddTask(ctx, t)
	return err
}

// restrictListed restricts the spending of whoever is listed, as the law
// demands (限高规定 art. 1 (2)), by the same decision, unless he is restricted
// already.
func (s *Service) restrictListed(ctx context.Context, tx *storage.DB, by model.Actor, of *lockedMeasure) error {
	others, err := tx.MeasuresOf(ctx, of.m.EnforcementCaseID, of.m.PartyID)
	if err != nil {
		return err
	}
	for _, o := range others {
		switch {
		case o.Kind != model.MeasureConsumption || o.SubjectHash != of.m.SubjectHash:
		case o.State.Stands():
			return s.endRepairPauses(ctx, tx, by, of, o)
		case o.State == model.MeasureProposed: // it could still be refused or withdrawn, which would leave him listed and free to spend
			if err := s.withdrawProposal(ctx, tx, by, of.cs, of.e, o.ID, "已纳入失信被执行人名单，同时限制消费，不再单独决定"); err != nil {
				return err
			}
		}
	}
	m := *of.m
	m.ID, m.Kind, m.Ground, m.Until, m.ExtraYears, m.ExtraReason = 0, model.MeasureConsumption, model.GroundListed, model.Date{}, 0, ""
	m.Resistance, m.ByCreditor, m.CreditorAskedOn = "", false, model.Date{}
	m.IdemKey, m.Number, m.DocumentID, m.State = fmt.Sprintf("listed:%d", of.m.ID), "", 0, model.MeasureProposed
	m.ActiveKey, m.FromAt, m.GraceUntil = m.Active(), nil, model.Date{}
	if created, err := tx.CreateMeasure(ctx, &m); err != nil || !created {
		return err
	}
	p := &lockedMeasure{m: &m, e: of.e, cs: of.cs, before: m}
	if err := askDecision(ctx, tx, by, p, &m, *of.m); err != nil {
		return err
	}
	if err := m.Decide(by.UserID, m.Version, of.m.Opinion, tx.Now()); err != nil {
		return err
	}
	if err := s.issueDecision(ctx, tx, by, p); err != nil {
		return err
	}
	return s.saveMeasure(ctx, tx, by, p, model.EntryDecided, "纳入失信被执行人名单，应当同时限制消费", model.AuditMeasureDecide)
}

// RefuseMeasure ends a proposal that its decider does not approve. The officer is
// told why.
func (s *Service) RefuseMeasure(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasureApprove, id, func(tx *storage.DB, p *lockedMeasure) error {
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, p.m.Version, "refuse", reason); err != nil || done {
			return err
		}
		if err := tx.OtherEyes(ctx, model.MatterMeasure, by.UserID, p.m.ProposedBy); err != nil {
			return err
		}
		if err := signs(ctx, tx, by, p.m.Kind); err != nil {
			return err
		}
		if err := p.m.Refuse(by.UserID, seen, reason, tx.Now()); err != nil {
			return err
		}
		if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskDone, "不予批准", model.TaskListingDecide); err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, answeredNotice(p, "不予批准", p.m.DecideNote)); err != nil {
			return err
		}
		return s.saveMeasure(ctx, tx, by, p, model.EntryRefused, p.m.DecideNote, model.AuditMeasureRefuse)
	})
}

// WithdrawMeasure takes the officer's own proposal back.
func (s *Service) WithdrawMeasure(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		if done, err := tx.Repeated(ctx, by, model.ThingMeasure.Of(id), seen, p.m.Version, "withdraw", reason); err != nil || done {
			return err
		}
		return s.withdraw(ctx, tx, by, p, seen, reason, "已撤回")
	})
}

// withdraw takes a proposal back; result is how the clock of its decision ended.
func (s *Service) withdraw(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, seen int64, reason, result string) error {
	if err := p.m.Withdraw(seen, reason); err != nil {
		return err
	}
	if err := s.endMeasureTasks(ctx, tx, by, p.m, model.TaskCancelled, result, model.TaskListingDecide); err != nil {
		return err
	}
	return s.saveMeasure(ctx, tx, by, p, model.EntryWithdrawn, p.m.DecideNote, model.AuditMeasureWithdraw)
}
