package enforcement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Proposal is a measure that an officer proposes.
type Proposal struct {
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	Kind              model.MeasureKind
	Relation          model.MeasureRelation // "" is the debtor himself
	// Who acts for the debtor, when it is not the debtor himself.
	SubjectName, SubjectIDKind, SubjectID string
	Resistance                            model.Resistance
	Ground                                model.MeasureGround
	ActOn                                 model.Date
	ActText, OtherAct                     string
	Facts                                 string
	ByCreditor                            bool
	CreditorAskedOn                       model.Date // when its application to list came
	Days                                  int
	AmountFen                             model.Fen
	PayBy                                 model.Date
	ExtraYears                            int
	ExtraReason                           model.ListingExtra
	GraceMonths                           int
	Until                                 model.Date
	// Answers are the officer's, by the code of the question: see
	// model.MeasureQuestion.
	Answers map[string]bool
	IdemKey string
}

func (p Proposal) measure(e *model.EnforcementFile, debtor model.Party) *model.Measure {
	m := &model.Measure{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: p.PartyID, Kind: p.Kind, Relation: p.Relation, SubjectKind: model.Person,
		SubjectName: model.Clean(p.SubjectName), SubjectIDKind: p.SubjectIDKind, SubjectID: model.NormalizeID(p.SubjectID), Resistance: p.Resistance, Ground: p.Ground,
		ActOn: p.ActOn, ActText: strings.TrimSpace(p.ActText), ActKey: model.ActKeyOf(p.ActText), OtherAct: strings.TrimSpace(p.OtherAct), Facts: strings.TrimSpace(p.Facts),
		ByCreditor: p.ByCreditor, CreditorAskedOn: p.CreditorAskedOn, Days: p.Days, AmountFen: p.AmountFen, PayBy: p.PayBy, ExtraYears: p.ExtraYears, ExtraReason: p.ExtraReason, GraceMonths: p.GraceMonths,
		Until: p.Until, State: model.MeasureProposed, IdemKey: p.IdemKey,
	}
	if m.Relation == "" || m.Relation == model.RelationSelf {
		m.Relation = model.RelationSelf
		m.SubjectKind, m.SubjectName, m.SubjectIDKind, m.SubjectID = debtor.Kind, debtor.Name, debtor.IDKind, debtor.IDNumber
	}
	if !m.Kind.Resists() { // what is not asked is not kept
		m.Resistance = ""
	}
	if m.Kind != model.MeasureListing || !m.ByCreditor {
		m.ByCreditor, m.CreditorAskedOn = false, model.Date{}
	}
	for code, yes := range p.Answers {
		m.Answers = append(m.Answers, model.MeasureAnswer{Code: code, Yes: yes})
	}
	return m
}

// ProposeMeasure enters a measure that the actor, the officer of the case, wants. The
// law is asked at once and again at the decision. A repeat under the same key
// is the first proposal.
func (s *Service) ProposeMeasure(ctx context.Context, by model.Actor, p Proposal) (*model.Measure, error) {
	if err := by.Require(model.ActMeasurePropose); err != nil {
		return nil, err
	}
	var m *model.Measure
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, p.EnforcementCaseID)
		if err != nil {
			return err
		}
		if m, err = tx.MeasureByKey(ctx, by.UserID, p.IdemKey); err != nil || m != nil {
			return err
		}
		debtor, err := debtorOf(ctx, tx, e, p.PartyID)
		if err != nil {
			return err
		}
		m = p.measure(e, debtor)
		m.ProposedBy, m.ProposedAt = by.UserID, tx.Now()
		if m.SubjectHash = tx.LookupHash(storage.LookupIDNumber, m.SubjectID); m.SubjectHash == "" {
			m.SubjectHash = model.ThingParty.Key(p.PartyID)
		}
		asked, err := askLaw(ctx, tx, model.StepPropose, &lockedMeasure{m: m, e: e, cs: cs}, m)
		if err != nil {
			return err
		}
		m.Answers = asked.Answered()
		m.ActiveKey = m.Active()
		if created, err := tx.CreateMeasure(ctx, m); err != nil || !created {
			return err
		}
		if err := s.addEntry(ctx, tx, by, m, model.EntryProposed, m.Facts); err != nil {
			return err
		}
		if m.ByCreditor {
			if err := s.startListingClock(ctx, tx, m); err != nil {
				return err
			}
		}
		if m.Kind.Signed() != "" {
			err := s.tellSigners(ctx, tx, m.CourtID, m.Kind, func(user int64) model.Notice { return model.MeasureProposedNotice(*cs, *e, *m, user) })
			if err != nil {
				return err
			}
		}
		return auditMeasure(tx, by, m, model.AuditMeasurePropose, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("propose %s: %w", p.Kind, err)
	}
	return m, nil
}

// debtorOf is a debtor of an enforcement case, zero when the party is none.
func debtorOf(ctx context.Context, tx *storage.DB, e *model.EnforcementFile, partyID int64) (model.Party, error) {
	if !e.Has(partyID, model.EnforcementDebtor) {
		return model.Party{}, nil
	}
	p, err := tx.Party(ctx, e.CaseID, partyID)
	if err != nil {
		return model.Party{}, err
	}
	return *p, nil
}

// startListingClock starts the fifteen days in which a creditor's application to
// list is decided.
func (s *Service) startListingClock(ctx context.Context, tx *storage.DB, m *model.Measure) error {
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	p := m.ListingDecideBy(days)
	_, err = tx.AddTask(ctx, model.Task{
		CourtID: m.CourtID, CaseID: m.CaseID, EnforcementCaseID: m.EnforcementCaseID, PartyID: m.PartyID, Kind: model.TaskListingDecide, Subject: model.ThingMeasure.Of(m.ID),
		Title: model.TaskListingDecide.Chinese() + "：" + cutName(m.SubjectName, 60), DueAt: p.Last.EndOfDay(), DueReason: p.Reason, DedupeKey: fmt.Sprintf("%s:%d", model.TaskListingDecide, m.ID),
	})
	return err
}

// askLaw asks the law about a measure of p at a moment, with the facts as they are
// under the case's lock. m is the measure as it is to be looked at: a decision is
// asked about the proposal, since by then it has its days. with are measures of the
// same decision that are not written yet.
func askLaw(ctx context.Context, tx *storage.DB, step model.MeasureStep, p *lockedMeasure, m *model.Measure, with ...model.Measure) (model.MeasureCase, error) {
	c, err := lawCase(ctx, tx, p, m)
	if err != nil {
		return c, err
	}
	c.Others = append(c.Others, with...)
	return c, c.Check(step)
}

// askDecision is askLaw at the decision of somebody.
func askDecision(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, m *model.Measure, with ...model.Measure) error {
	c, err := lawCase(ctx, tx, p, m)
	if err != nil {
		return err
	}
	if c.Signer, err = signer(ctx, tx, by); err != nil {
		return err
	}
	c.Others = append(c.Others, with...)
	return c.Check(model.StepDecide)
}

func signer(ctx context.Context, tx *storage.DB, by model.Actor) (*model.Signer, error) {
	s, err := tx.Signers(ctx, by.CourtID)
	return &model.Signer{User: by.UserID, Signers: s}, err
}

// askLift asks the law whether a measure may be lifted so; decides is who does, nil
// for a wish.
func askLift(ctx context.Context, tx *storage.DB, p *lockedMeasure, l model.Lifting, decides *model.Signer) error {
	c, err := lawCase(ctx, tx, p, p.m)
	if err != nil {
		return err
	}
	c.Lift, c.Signer = &l, decides
	return c.Check(model.StepLift)
}

// lawCase is what the law looks at about a measure.
func lawCase(ctx context.Context, tx *storage.DB, p *lockedMeasure, m *model.Measure) (c model.MeasureCase, err error) {
	cs, e, today := p.cs, p.e, model.DateOf(tx.Now())
	c = model.MeasureCase{Measure: *m, Enforcement: e.EnforcementCase, Cause: cs.Cause, NoticeUntil: e.PerformBy, Today: today}
	if c.Debtor, err = debtorOf(ctx, tx, e, m.PartyID); err != nil {
		return c, err
	}
	if c.Others, err = tx.MeasuresAgainst(ctx, m.CourtID, m.SubjectHash, m.PartyID); err != nil {
		return c, err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return c, err
	}
	c.Performed, c.EffectiveOn = d.PerformedBy(*e, m.PartyID), d.EffectiveFor(*e, m.PartyID)
	c.Overdue, c.FirstDue = d.OverdueBy(*e, m.PartyID, today)
	grants, err := tx.RepairsOf(ctx, e.ID, m.PartyID)
	if err != nil {
		return c, err
	}
	c.SuspendedUntil = model.SuspendedUntil(grants, e.ID, m.PartyID, today)
	c.Repaired = slices.ContainsFunc(grants, func(a model.RepairApplication) bool { return a.Holds(today) })
	agreements, err := tx.Settlements(ctx, cs.ID)
	if err != nil {
		return c, err
	}
	c.Settlement = model.SettlementOf(agreements, e.ID, m.PartyID)
	c.NoticeServed, err = tx.ServedOn(ctx, cs.ID, m.PartyID, casePaperKey(model.DocumentEnforcementNotice, e.ID, m.PartyID))
	return c, err
}
