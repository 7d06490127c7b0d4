// Package petition is what a debtor and his family ask the officer for in
// writing: the remorse statement (具结悔过书), and early release from detention,
// which the court's president decides.
package petition

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct {
	db       *storage.DB
	measures Measures
}

// Measures are what officers took against debtors.
type Measures interface {
	// AskRelease asks for the release of a debtor who is detained, in the
	// transaction of the officer's answer.
	AskRelease(ctx context.Context, tx *storage.DB, by model.Actor, enforcementID, partyID int64, reason string) error
}

// New makes the service.
func New(db *storage.DB, measures Measures) *Service { return &Service{db, measures} }

// Make takes a petition: from a relative under his link, from the debtor, or
// from the officer who takes down what a detained person says. A repeat under
// the same key is the first; one of a kind is open at a time.
func (s *Service) Make(ctx context.Context, by model.Actor, p model.Petition) (*model.Petition, error) {
	if err := by.Require(model.ActPetitionMake); err != nil {
		return nil, err
	}
	var out *model.Petition
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		e, cs, err := place(ctx, tx, by, &p)
		if err != nil {
			return err
		}
		if out, err = tx.PetitionByKey(ctx, by.UserID, p.IdemKey); err != nil || out != nil {
			return err
		}
		if err := p.Check(); err != nil {
			return err
		}
		p.CourtID, p.CaseID, p.EnforcementCaseID, p.UserID, p.State = cs.CourtID, cs.ID, e.ID, by.UserID, model.PetitionOpen
		open, err := tx.OpenPetition(ctx, p)
		if err != nil {
			return err
		}
		if open != nil {
			return model.E(model.Conflict, "petition.open", "已有一份"+p.Kind.Chinese()+"正在处理（"+open.State.Chinese()+"），请等待答复")
		}
		if p.FileID != 0 {
			if err := tx.KeepFile(ctx, p.FileID, cs.ID, by.UserID); err != nil {
				if k := model.KindOf(err); k == model.NotFound || k == model.Conflict {
					return model.InvalidField("file_id", "file.unknown", "没有这个文件，或者已经用过，请重新上传").WithCause(err)
				}
				return err
			}
		}
		if err := tx.CreatePetition(ctx, &p); err != nil {
			return err
		}
		out = &p
		if err := s.told(ctx, tx, *cs, *e, p); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPetitionMake), model.AuditEvent{
			CourtID: p.CourtID, Action: model.AuditPetitionMake, CaseID: p.CaseID, Subject: model.ThingPetition.Of(p.ID), After: p,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("make a petition: %w", err)
	}
	return out, nil
}

// place finds the enforcement case of a petition for somebody who may make it.
func place(ctx context.Context, tx *storage.DB, by model.Actor, p *model.Petition) (*model.EnforcementFile, *model.Case, error) {
	if p.RelativeID != 0 {
		r, err := tx.AdmittedRelative(ctx, by, p.RelativeID)
		if err != nil {
			return nil, nil, err
		}
		cs, err := tx.LockCaseByID(ctx, r.CaseID)
		if err != nil {
			return nil, nil, err
		}
		p.PartyID = r.PartyID
		e, err := tx.EnforcementFileByID(ctx, r.EnforcementCaseID)
		return e, cs, err
	}
	e, cs, err := tx.LockEnforcement(ctx, by, p.EnforcementCaseID)
	if err != nil {
		return nil, nil, err
	}
	var own bool
	if by.IsParty() {
		list, err := tx.PartiesOf(ctx, cs.ID, by.UserID)
		if err != nil {
			return nil, nil, err
		}
		own = slices.ContainsFunc(list, func(q model.Party) bool { return q.ID == p.PartyID })
	} else if own, err = tx.StandsInFor(ctx, by.UserID, e.OfficerID); err != nil {
		return nil, nil, err
	}
	debtor := slices.ContainsFunc(e.Parties, func(q model.EnforcementParty) bool {
		return q.PartyID == p.PartyID && q.Role == model.EnforcementDebtor
	})
	if !own || !debtor {
		return nil, nil, model.InvalidField("party_id", "party.not_debtor", "所选的当事人不是该执行案件的被执行人，或者您不能代其提出")
	}
	return e, cs, nil
}

// told tells the officer and his substitute, and starts the clock.
func (s *Service) told(ctx context.Context, tx *storage.DB, cs model.Case, e model.EnforcementFile, p model.Petition) error {
	party, err := tx.Party(ctx, cs.ID, p.PartyID)
	if err != nil {
		return err
	}
	court, err := tx.Court(ctx, p.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	n := court.Settings.AnswerDays()
	due := days.Workdays(model.DateOf(tx.Now()), n)
	_, err = tx.AddTask(ctx, model.Task{
		CourtID: p.CourtID, CaseID: p.CaseID, EnforcementCaseID: p.EnforcementCaseID, PartyID: p.PartyID, OwnerID: e.OfficerID, Kind: model.TaskPetition,
		Subject: model.ThingPetition.Of(p.ID), Title: "答复" + p.Kind.Chinese() + "：" + party.Name, DueAt: due.EndOfDay(),
		DueReason: fmt.Sprintf("收到之日起 %d 个工作日（本院设置）", n), DedupeKey: model.ThingPetition.Key(p.ID),
	})
	if err != nil || e.OfficerID == 0 {
		return err
	}
	people, err := tx.Substitutes(ctx, e.OfficerID)
	if err != nil {
		return err
	}
	for _, user := range append(people, e.OfficerID) {
		if err := tx.AddNotice(ctx, model.PetitionMadeNotice(cs, e.EnforcementCase, p, party.Name, user)); err != nil {
			return err
		}
	}
	return nil
}

// Petitions lists those that the actor may see, the newest first.
func (s *Service) Petitions(ctx context.Context, by model.Actor, f model.PetitionFilter) ([]model.PetitionLine, error) {
	if err := by.Require(model.ActPetitionRead); err != nil {
		return nil, err
	}
	return s.db.Petitions(ctx, by, f)
}

// Decide is the officer's answer: a statement is received; a request for
// release goes to the president, or does not. A repeat changes nothing.
func (s *Service) Decide(ctx context.Context, by model.Actor, id, seen int64, to model.PetitionState, answer string) (*model.Petition, error) {
	if err := by.Require(model.ActPetitionDecide); err != nil {
		return nil, err
	}
	var p *model.Petition
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		p = nil
		found, err := tx.Petition(ctx, by, id)
		if err != nil {
			return err
		}
		cs, err := tx.LockCaseByID(ctx, found.CaseID)
		if err != nil {
			return err
		}
		e, err := tx.EnforcementByID(ctx, found.EnforcementCaseID)
		if err != nil {
			return err
		}
		if ok, err := tx.StandsInFor(ctx, by.UserID, e.OfficerID); err != nil || !ok {
			if err == nil {
				err = model.E(model.NotFound, "petition.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		if p, err = tx.Petition(ctx, by, id); err != nil {
			return err
		}
		if done, err := tx.Repeated(ctx, by, model.ThingPetition.Of(id), seen, p.Version, "decide", to, answer); err != nil || done {
			return err
		}
		if p.Version != seen {
			return model.E(model.Conflict, "petition.decided", "该"+p.Kind.Chinese()+p.State.Chinese()+"，请刷新后查看")
		}
		before := *p
		if to == model.PetitionGranted {
			return model.InvalidField("state", "petition.answer", "提前解除拘留由院长决定，院长同意后自动告知")
		}
		if to == model.PetitionRefused {
			if err := tx.OtherEyes(ctx, model.MatterPetition, by.UserID, p.UserID); err != nil {
				return err
			}
		}
		if err := p.Decide(to, answer, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := s.answered(ctx, tx, by, *cs, p, before); err != nil || to != model.PetitionForwarded {
			return err
		}
		return s.measures.AskRelease(ctx, tx, by, p.EnforcementCaseID, p.PartyID, p.Answer)
	})
	if err != nil {
		return nil, fmt.Errorf("decide petition %d: %w", id, err)
	}
	return p, nil
}

// answered writes an answer, ends the clock and tells who asked.
func (s *Service) answered(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, p *model.Petition, before model.Petition) error {
	if err := tx.UpdatePetition(ctx, p, before.Version); err != nil {
		return err
	}
	if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, p.State.Chinese(), model.TaskMatch{DedupeKey: model.ThingPetition.Key(p.ID)}); err != nil {
		return err
	}
	n := model.PetitionAnsweredNotice(cs, *p)
	if p.RelativeID != 0 {
		r, err := tx.RelativeByID(ctx, p.RelativeID)
		if err != nil {
			return err
		}
		if n = model.RelativePetitionNotice(*r, *p); r.State != model.RelativeAdmitted {
			n.UserID = 0
		}
	}
	if p.RelativeID == 0 || n.UserID != 0 {
		if err := tx.AddNotice(ctx, n); err != nil {
			return err
		}
	}
	return tx.Audit(by, by.RoleFor(model.ActPetitionDecide), model.AuditEvent{
		CourtID: p.CourtID, Action: model.AuditPetitionDecide, CaseID: p.CaseID, Subject: model.ThingPetition.Of(p.ID), Before: before, After: p,
	})
}

// Released answers the requests for the release of a debtor whose detention ended,
// or whose lifting the president refused, in the transaction of that: no request
// waits for what is decided.
func (s *Service) Released(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, before, m model.Measure, note string) error {
	if m.Kind != model.MeasureDetention {
		return nil
	}
	list, err := tx.ReleasePetitions(ctx, m.EnforcementCaseID, m.PartyID)
	if err != nil {
		return err
	}
	for i := range list {
		p, asked := &list[i], list[i]
		to, answer := asked.After(before, m, note)
		if to == "" {
			continue // it was not this one that was decided
		}
		p.Conclude(to, answer, by.UserID, tx.Now())
		if err := s.answered(ctx, tx, by, cs, p, asked); err != nil {
			return err
		}
	}
	return nil
}
