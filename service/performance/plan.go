package performance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// PlanInput is an agreement on a changed plan as the judge records it.
type PlanInput struct {
	CaseID       int64
	SignedOn     model.Date
	Text         string
	Installments []int64 // that it covers
	Parts        []model.SettlementPart
	InterestToo  bool // kept, the interest of what it covers is waived
	// Paper is the document that all parties signed, "" when each is asked.
	Paper   string
	IdemKey string
}

// PlanView is an agreement with what its parties said and how far it has come.
type PlanView struct {
	model.PlanAgreement
	Consents []model.PlanConsent
	Progress model.SettlementProgress
	Effect   model.PlanEffect
	Names    map[int64]string // of its parties
	// Own are the actor's own parties of whom an answer is asked.
	Own []int64
}

// Asked tells whether an answer of the party is still wanted.
func (v PlanView) Asked(partyID int64) bool {
	return v.State == model.PlanProposed && slices.Contains(v.PartyIDs(), partyID) &&
		!slices.ContainsFunc(v.Consents, func(c model.PlanConsent) bool { return c.PartyID == partyID })
}

// Of is what a party said, nil when it has not answered.
func (v PlanView) Of(partyID int64) *model.PlanConsent {
	for i := range v.Consents {
		if v.Consents[i].PartyID == partyID {
			return &v.Consents[i]
		}
	}
	return nil
}

// RecordPlan records another plan that a creditor and his debtors agreed on: it
// takes effect when all of them agreed, on their phones or on paper, and stands in
// front of the instalments then. Errors: NotFound for a case that is not his, Invalid
// as model.PlanAgreement.Fit says, Conflict plan.pending while another about the
// same instalments waits for answers.
func (s *Service) RecordPlan(ctx context.Context, by model.Actor, in PlanInput) (*model.PlanAgreement, error) {
	if err := by.Require(model.ActPlanRecord); err != nil {
		return nil, err
	}
	in.Paper = strings.TrimSpace(in.Paper)
	if utf8.RuneCountInString(in.Paper) > 200 {
		return nil, model.InvalidField("paper", "field.too_long", "不能超过 200 字")
	}
	var out *model.PlanAgreement
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockOwnCase(ctx, by, in.CaseID)
		if err != nil {
			return err
		}
		if out, err = tx.PlanByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		d, err := loadDebt(ctx, tx, cs.ID)
		if err != nil {
			return err
		}
		all, err := tx.Plans(ctx, cs.ID)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		p := &model.PlanAgreement{
			CourtID: cs.CourtID, CaseID: cs.ID, Edition: len(all) + 1, SignedOn: in.SignedOn, Text: in.Text, InstallmentIDs: in.Installments, Parts: in.Parts,
			InterestToo: in.InterestToo, State: model.PlanProposed, RecordedBy: by.UserID, IdemKey: in.IdemKey,
		}
		if err := p.Fit(d.debts(*cs), today); err != nil {
			return err
		}
		for _, o := range all {
			if o.State == model.PlanProposed && slices.ContainsFunc(o.InstallmentIDs, p.Covers) {
				return model.E(model.Conflict, "plan.pending", "同一期次已有一份协议（第"+fmt.Sprint(o.Edition)+"版）待各方答复，请先撤回")
			}
		}
		if err := tx.CreatePlan(ctx, p); err != nil {
			return err
		}
		var said []model.PlanConsent
		for _, party := range p.PartyIDs() {
			if in.Paper != "" {
				said = append(said, model.PlanConsent{AgreementID: p.ID, PartyID: party, CaseID: cs.ID, Agrees: true, Paper: in.Paper, OnDay: in.SignedOn, ByUserID: by.UserID, CreatedAt: tx.Now()})
			} else if err := tell(ctx, tx, *cs, model.PlanProposedNotice(*cs, *p, party)); err != nil {
				return err
			}
		}
		if err := tx.AddPlanConsents(ctx, said); err != nil {
			return err
		}
		out = p
		if err := s.putInForce(ctx, tx, by, cs, p, said); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPlanRecord, CaseID: cs.ID, Subject: model.ThingPlan.Of(p.ID), After: p,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("record an agreement in case %d: %w", in.CaseID, err)
	}
	return out, nil
}

// AnswerPlan is a party's own answer; an agent needs 特别授权. The same answer again
// changes nothing. Errors: NotFound plan.not_found for one that is not asked of him,
// Invalid debt.authority, Conflict plan.answered, plan.decided.
// Source: 民事诉讼法 62; 执行和解规定 4 by analogy.
func (s *Service) AnswerPlan(ctx context.Context, by model.Actor, id int64, agrees bool, reason string) (*PlanView, error) {
	if err := by.Require(model.ActPlanAnswer); err != nil {
		return nil, err
	}
	return s.answerPlan(ctx, by, model.ActPlanAnswer, id, agrees, reason, func(tx *storage.DB, p *model.PlanAgreement) (*model.Case, model.PlanConsent, error) {
		cs, err := tx.LockCase(ctx, by, p.CaseID)
		if err != nil {
			return nil, model.PlanConsent{}, errNoPlan.WithCause(err)
		}
		party, err := disposer(ctx, tx, by, cs.ID, p.PartyIDs(), "同意或者拒绝和解")
		if model.KindOf(err) == model.NotFound {
			err = errNoPlan
		}
		return cs, model.PlanConsent{PartyID: party}, err
	})
}

// EnterPlanAnswer records what a party said on paper. Errors: NotFound plan.not_found,
// Invalid plan.party, Conflict plan.answered, plan.decided.
func (s *Service) EnterPlanAnswer(ctx context.Context, by model.Actor, id, partyID int64, agrees bool, paper string, onDay model.Date) (*PlanView, error) {
	if err := by.Require(model.ActPlanRecord); err != nil {
		return nil, err
	}
	if paper = strings.TrimSpace(paper); paper == "" || utf8.RuneCountInString(paper) > 200 {
		return nil, model.InvalidField("paper", "reason.required", "请写明该当事人签名的书面材料，不超过 200 字")
	}
	return s.answerPlan(ctx, by, model.ActPlanRecord, id, agrees, "", func(tx *storage.DB, p *model.PlanAgreement) (*model.Case, model.PlanConsent, error) {
		cs, err := tx.LockOwnCase(ctx, by, p.CaseID)
		if err != nil {
			err = errNoPlan.WithCause(err)
		}
		if onDay.After(model.DateOf(tx.Now())) {
			err = model.InvalidField("on_day", "date.future", "日期不能晚于今天")
		}
		return cs, model.PlanConsent{PartyID: partyID, Paper: paper, OnDay: onDay}, err
	})
}

var errNoPlan = model.E(model.NotFound, "plan.not_found", "没有找到该协议，或您无权查看")

func (s *Service) answerPlan(ctx context.Context, by model.Actor, act model.Act, id int64, agrees bool, reason string, of func(*storage.DB, *model.PlanAgreement) (*model.Case, model.PlanConsent, error)) (*PlanView, error) {
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > 500 {
		return nil, model.InvalidField("reason", "field.too_long", "不能超过 500 字")
	}
	var caseID int64
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := tx.Plan(ctx, id)
		if err != nil {
			return err
		}
		caseID = p.CaseID
		cs, c, err := of(tx, p)
		if err != nil {
			return err
		}
		if p, err = tx.Plan(ctx, id); err != nil { // as it is under the case's lock
			return err
		}
		said, err := tx.PlanConsents(ctx, cs.ID)
		if err != nil {
			return err
		}
		said = slices.DeleteFunc(said, func(o model.PlanConsent) bool { return o.AgreementID != p.ID })
		if repeat, err := p.CheckAnswer(said, c.PartyID, agrees); err != nil || repeat {
			return err
		}
		c.AgreementID, c.CaseID, c.Agrees, c.Reason, c.ByUserID, c.CreatedAt = p.ID, cs.ID, agrees, reason, by.UserID, tx.Now()
		if c.OnDay.IsZero() {
			c.OnDay = model.DateOf(tx.Now())
		}
		if err := tx.AddPlanConsents(ctx, []model.PlanConsent{c}); err != nil {
			return err
		}
		if c.Paper == "" {
			names, err := tx.Labels(ctx, cs.CourtID, nil, []int64{c.PartyID})
			if err != nil {
				return err
			}
			if err := tell(ctx, tx, *cs, model.PlanAnsweredNotice(*cs, *p, c, names.Parties[c.PartyID])); err != nil {
				return err
			}
		}
		if !agrees {
			err = s.endPlan(ctx, tx, *cs, p, model.PlanRefused, "一方不同意："+reason)
		} else {
			err = s.putInForce(ctx, tx, by, cs, p, append(said, c))
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPlanAnswer, CaseID: cs.ID, Subject: model.ThingPlan.Of(p.ID), After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("answer agreement %d: %w", id, err)
	}
	return s.plan(ctx, by, caseID, id)
}

// WithdrawPlan takes back an agreement that is not in force yet. A repeat changes
// nothing. Errors: NotFound plan.not_found, Conflict plan.decided.
func (s *Service) WithdrawPlan(ctx context.Context, by model.Actor, id int64, reason string) error {
	if err := by.Require(model.ActPlanRecord); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 500 {
		return model.InvalidField("reason", "reason.required", "请填写撤回的理由，不超过 500 字")
	}
	return s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := tx.Plan(ctx, id)
		if err != nil {
			return err
		}
		cs, err := tx.LockOwnCase(ctx, by, p.CaseID)
		if err != nil {
			return errNoPlan.WithCause(err)
		}
		if p, err = tx.Plan(ctx, id); err != nil {
			return err
		}
		if p.State == model.PlanWithdrawn && p.EndReason == reason {
			return nil
		}
		if !model.PlanMachine.May(p.State, model.PlanWithdrawn) {
			return model.E(model.Conflict, "plan.decided", "该和解协议"+p.State.Chinese()+"，不能撤回；各方另有约定的，请记录新的协议")
		}
		if err := s.endPlan(ctx, tx, *cs, p, model.PlanWithdrawn, reason); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPlanWithdraw, CaseID: cs.ID, Subject: model.ThingPlan.Of(p.ID), After: p,
		})
	})
}

// tell adds a notice, unless the case came in with a backlog and is held: nobody is
// told of it before somebody looked.
func tell(ctx context.Context, tx *storage.DB, cs model.Case, n model.Notice) error {
	if cs.Held {
		return nil
	}
	return tx.AddNotice(ctx, n)
}

// endPlan ends an agreement that does not stand in front of anything, and tells its
// parties.
func (s *Service) endPlan(ctx context.Context, tx *storage.DB, cs model.Case, p *model.PlanAgreement, state model.PlanState, reason string) error {
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return err
	}
	p.State, p.EndedOn, p.EndReason, p.NextDueOn = state, model.DateOf(tx.Now()), strings.TrimSuffix(reason, "："), model.Date{}
	if err := tx.UpdatePlan(ctx, p); err != nil {
		return err
	}
	err = tx.EndTasks(ctx, model.TaskCancelled, 0, "协议"+state.Chinese(), model.TaskMatch{CaseID: cs.ID, Kinds: []model.TaskKind{model.TaskPlanBroken}, Subject: model.ThingPlan.Of(p.ID)})
	if err != nil {
		return err
	}
	for _, party := range p.Concerned(d.debts(cs)) {
		if err := tell(ctx, tx, cs, model.PlanEndedNotice(cs, *p, party)); err != nil {
			return err
		}
	}
	return nil
}

// putInForce puts an agreement in force once everybody agreed: earlier ones about the
// same instalments are replaced, and it stands in front from now on. What it covers
// must still be open.
func (s *Service) putInForce(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, p *model.PlanAgreement, said []model.PlanConsent) error {
	if !p.Agreed(said) {
		return nil
	}
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return err
	}
	if err := p.CheckParties(d.debts(*cs)); err != nil {
		return err
	}
	if err := p.Fit(d.debts(*cs), model.DateOf(tx.Now())); err != nil {
		return err
	}
	all, err := tx.Plans(ctx, cs.ID)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		if o.ID == p.ID || o.State != model.PlanInForce && o.State != model.PlanBroken || !slices.ContainsFunc(o.InstallmentIDs, p.Covers) {
			continue
		}
		if err := s.endPlan(ctx, tx, *cs, o, model.PlanReplaced, fmt.Sprintf("第%d版协议已经生效", p.Edition)); err != nil {
			return err
		}
		if err := tx.SetPlanFront(ctx, o.Front(d.installments, model.SettlementProgress{}), d.installments); err != nil {
			return err
		}
	}
	p.State, p.AgreedOn, p.NextDueOn = model.PlanInForce, model.DateOf(tx.Now()), p.Parts[0].DueOn
	if err := tx.UpdatePlan(ctx, p); err != nil {
		return err
	}
	for _, party := range p.PartyIDs() {
		if err := tell(ctx, tx, *cs, model.PlanAgreedNotice(*cs, *p, party)); err != nil {
			return err
		}
	}
	if err := s.settled(ctx, tx, by, cs, d.installments); err != nil {
		return err
	}
	fresh, err := tx.Plan(ctx, p.ID)
	if err == nil {
		*p = *fresh
	}
	return err
}

// Plans lists the agreements of a case on changed plans, the oldest first: a party
// sees those that it made and those that concern it since it took a place.
func (s *Service) Plans(ctx context.Context, by model.Actor, caseID int64) ([]PlanView, error) {
	if err := by.Require(model.ActPlanRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	list, err := s.db.Plans(ctx, cs.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	d, err := loadDebt(ctx, s.db, cs.ID)
	if err != nil {
		return nil, err
	}
	if err := d.reckons(ctx, s.db, cs); err != nil {
		return nil, err
	}
	said, err := s.db.PlanConsents(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	ledger, err := s.db.PaidLedger(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	var own []model.Party
	if by.IsParty() {
		if own, err = s.db.PartiesOf(ctx, caseID, by.UserID); err != nil {
			return nil, err
		}
	}
	today := model.DateOf(s.db.Now())
	var out []PlanView
	for _, p := range list {
		v := PlanView{PlanAgreement: p, Progress: p.Lightened(d.installments, ledger, d.paid.Entries).Progress(ledger, today), Names: map[int64]string{}}
		v.Effect = p.Effect(d.in, d.paid, d.settings, v.Progress, today)
		for _, id := range p.PartyIDs() {
			v.Names[id] = d.in.Party(id).Name
			if slices.ContainsFunc(own, func(o model.Party) bool { return o.ID == id }) {
				v.Own = append(v.Own, id)
			}
		}
		for _, c := range said {
			if c.AgreementID == p.ID {
				v.Consents = append(v.Consents, c)
			}
		}
		concerns := slices.ContainsFunc(own, func(o model.Party) bool { return slices.Contains(p.Concerned(d.in), o.ID) })
		if !by.IsParty() || len(v.Own) > 0 || concerns {
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *Service) plan(ctx context.Context, by model.Actor, caseID, id int64) (*PlanView, error) {
	list, err := s.Plans(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(v PlanView) bool { return v.ID == id })
	if i < 0 {
		return nil, errNoPlan
	}
	return &list[i], nil
}
