// Package penalty is about criminal cases whose judgments speak of property
// (财产性判项): what each duty is by law, how far it is performed, and what the
// authorities that ask for it are told, in time and with proof.
package penalty

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// remindDays is how long before the end of the clock of a prison's letter the judge is
// reminded.
const remindDays = 2

// Pass reminds the judge of every open prison's letter whose clock ends soon, once each.
// That one is late is told with the other tasks that are late.
func (s *Service) Pass(ctx context.Context) error {
	const batch = 200
	var errs error
	soon := model.DateOf(s.db.Now()).AddDays(remindDays)
	for after := int64(0); ctx.Err() == nil; {
		list, err := s.db.OpenPrisonLetters(ctx, after, batch)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, q := range list {
			after = q.ID
			if q.DueOn.After(soon) {
				continue
			}
			if err := s.db.Transact(ctx, func(tx *storage.DB) error { return remind(ctx, tx, q) }); err != nil {
				errs = errors.Join(errs, fmt.Errorf("letter %d: %w", q.ID, err))
			}
		}
		if len(list) < batch {
			break
		}
	}
	return errs
}

func remind(ctx context.Context, tx *storage.DB, q model.PrisonLetter) error {
	cs, err := tx.LockCaseByID(ctx, q.CaseID)
	if err != nil {
		return err
	}
	p, err := tx.Party(ctx, cs.ID, q.PartyID)
	if err != nil {
		return err
	}
	return tx.AddNotice(ctx, model.PrisonLetterDueNotice(*cs, q, p.Name))
}

// notCriminal refuses what exists in criminal cases only.
func notCriminal(cs *model.Case) error {
	if cs.Kind != model.CaseCriminal {
		return model.E(model.Conflict, "penalty.not_criminal", "只有刑事案件有财产性判项")
	}
	return nil
}

// FineTerm is the term of a fine against the longest that the law allows.
type FineTerm struct {
	ObligationID int64
	LastDueOn    model.Date
	model.RuledPeriod
	// Within tells whether the judgment keeps to it. Where it does not, a ruling
	// must have extended the term.
	Within bool
}

// Convict is one convict with how far his items are performed.
type Convict struct {
	model.Party
	model.PenaltyStatement
}

// View is a criminal case's items of property.
type View struct {
	Case          model.Case
	Convicts      []Convict
	FineTerms     []FineTerm
	Unsaid        []model.Obligation // money duties that nobody categorised
	PrisonLetters []model.PrisonLetterLine
	Statements    []model.Document
	// Told are those of whom a statement can be made: the convicts, and who has
	// money with the court before there is a judgment.
	Told  []model.Party
	Today model.Date
}

// Case is a criminal case's items of property as they stand today.
func (s *Service) Case(ctx context.Context, by model.Actor, caseID int64) (*View, error) {
	if err := by.Require(model.ActPenaltyRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	if err := notCriminal(cs); err != nil {
		return nil, err
	}
	v := &View{Case: *cs, Today: model.DateOf(s.db.Now())}
	l, err := s.db.PenaltyLedger(ctx, *cs)
	if err != nil {
		return nil, fmt.Errorf("penalty of case %d: %w", caseID, err)
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	deposits, err := s.db.CaseDeposits(ctx, caseID)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		convict := slices.ContainsFunc(l.Obligors, func(o model.Obligor) bool { return o.PartyID == p.ID })
		if convict {
			v.Convicts = append(v.Convicts, Convict{p, l.Statement(p.ID)})
		}
		if convict || len(model.HeldLines(deposits, p.ID)) > 0 {
			v.Told = append(v.Told, p)
		}
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	v.terms(l, days)
	if v.PrisonLetters, err = s.db.PrisonLetters(ctx, by, model.PrisonLetterFilter{CaseID: caseID, Limit: 100}); err != nil {
		return nil, err
	}
	v.Statements, err = s.db.CaseStatements(ctx, caseID)
	return v, err
}

func (v *View) terms(l *model.PenaltyLedger, days *model.Calendar) {
	for _, ob := range l.Obligations {
		if ob.Replaced() {
			continue
		}
		if ob.Category == model.CategoryNone && ob.Kind == model.ObligationMoney {
			v.Unsaid = append(v.Unsaid, ob)
		}
		i := slices.IndexFunc(l.Instruments, func(in model.Instrument) bool { return in.ID == ob.InstrumentID })
		if ob.Category != model.CategoryFine || i < 0 || l.Instruments[i].EffectiveOn.IsZero() {
			continue
		}
		t := FineTerm{ObligationID: ob.ID}
		t.Period, t.Citation = model.FineTermEnd(days, l.Instruments[i].EffectiveOn)
		for _, in := range l.Installments {
			if in.ObligationID == ob.ID && in.DueOn.After(t.LastDueOn) {
				t.LastDueOn = in.DueOn
			}
		}
		t.Within = !t.LastDueOn.After(t.Last)
		v.FineTerms = append(v.FineTerms, t)
	}
}

// Categorise says what a duty of a criminal or an administrative case is by law.
// What was paid before stays where it was allocated. The same again changes
// nothing.
func (s *Service) Categorise(ctx context.Context, by model.Actor, caseID, obligationID int64, c model.Category, reason string) (*model.Obligation, error) {
	if err := by.Require(model.ActPenaltyManage); err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > 500 {
		return nil, model.InvalidField("reason", "reason.required", "请填写依据，例如判决主文第几项，不超过 500 字")
	}
	var out *model.Obligation
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		ob, err := tx.Obligation(ctx, caseID, obligationID)
		if err != nil {
			return err
		}
		if c == model.CategoryNone {
			return model.InvalidField("category", "category.unknown", "请选择判项类别")
		}
		if err := model.CheckCategory(cs.Kind, c, *ob); err != nil {
			return err
		}
		if out = ob; ob.Category == c {
			return nil
		}
		if ob.ReducedFen > 0 && c != model.CategorySurcharge {
			return model.InvalidField("category", "category.reduced", "该义务已依执行协议减免，只能是加处罚款或者滞纳金")
		}
		before := *ob
		ob.Category = c
		all, err := tx.Obligations(ctx, caseID)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].ID == ob.ID {
				all[i].Category = c
			}
		}
		same := slices.DeleteFunc(all, func(o model.Obligation) bool { return o.InstrumentID != ob.InstrumentID })
		if err := model.CheckSurcharges(same); err != nil {
			return err
		}
		if err := tx.SetCategory(ctx, ob.ID, c); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPenaltyManage), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditObligationCategory, CaseID: caseID, Subject: model.ThingObligation.Of(ob.ID), Before: before, After: []any{ob, reason},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("categorise obligation %d: %w", obligationID, err)
	}
	return out, nil
}
