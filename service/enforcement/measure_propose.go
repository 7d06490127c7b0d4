package enforcement

import (
	"context"
	"fmt"
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
		ByCreditor: p.ByCreditor, Days: p.Days, AmountFen: p.AmountFen, PayBy: p.PayBy, ExtraYears: p.ExtraYears, ExtraReason: p.ExtraReason, GraceMonths: p.GraceMonths,
		Until: p.Until, State: model.MeasureProposed, IdemKey: p.IdemKey,
	}
	if m.Relation == "" || m.Relation == model.RelationSelf {
		m.Relation = model.RelationSelf
		m.SubjectKind, m.SubjectName, m.SubjectIDKind, m.SubjectID = debtor.Kind, debtor.Name, debtor.IDKind, debtor.IDNumber
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
		if e.State != model.EnforcementOpen || !e.Kind.Enforces() {
			return model.E(model.Conflict, "enforcement.closed", "该执行案件已结案或者只办理财产保全，不能采取强制措施")
		}
		if !e.Has(p.PartyID, model.EnforcementDebtor) {
			return model.InvalidField("party_id", "measure.debtor", "请选择本案的被执行人")
		}
		debtor, err := tx.Party(ctx, cs.ID, p.PartyID)
		if err != nil {
			return err
		}
		m = p.measure(e, *debtor)
		m.ProposedBy, m.ProposedAt = by.UserID, tx.Now()
		if m.SubjectHash = tx.LookupHash(storage.LookupIDNumber, m.SubjectID); m.SubjectHash == "" {
			m.SubjectHash = model.ThingParty.Key(p.PartyID)
		}
		asked, err := askLaw(ctx, tx, cs, e, *debtor, m)
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
		if m.Kind.Signed() != "" {
			err := s.tellLeaders(ctx, tx, m.CourtID, func(user int64) model.Notice { return model.MeasureProposedNotice(*cs, *e, *m, user) })
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

// askLaw asks the law about a measure, with the facts as they are under the
// case's lock.
func askLaw(ctx context.Context, tx *storage.DB, cs *model.Case, e *model.EnforcementFile, debtor model.Party, m *model.Measure) (c model.MeasureCase, err error) {
	today := model.DateOf(tx.Now())
	c = model.MeasureCase{Measure: *m, Debtor: debtor, Cause: cs.Cause, NoticeUntil: e.PerformBy, Today: today}
	if c.Others, err = tx.MeasuresAgainst(ctx, m.CourtID, m.SubjectHash, m.PartyID); err != nil {
		return c, err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return c, err
	}
	c.Performed, c.EffectiveOn = d.PerformedBy(*e, m.PartyID), d.EffectiveFor(*e, m.PartyID)
	grants, err := tx.RepairsOf(ctx, e.ID, m.PartyID)
	if err != nil {
		return c, err
	}
	c.SuspendedUntil = model.SuspendedUntil(grants, e.ID, m.PartyID, today)
	agreements, err := tx.Settlements(ctx, cs.ID)
	if err != nil {
		return c, err
	}
	c.Settlement = model.SettlementOf(agreements, e.ID, m.PartyID)
	if c.NoticeServed, err = tx.ServedOn(ctx, cs.ID, m.PartyID, casePaperKey(model.DocumentEnforcementNotice, e.ID, m.PartyID)); err != nil {
		return c, err
	}
	return c, c.Check()
}
