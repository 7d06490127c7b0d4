// Package nonlitigation is about cases in which an agency asks the court to
// enforce its decision (行政非诉执行): the periods that bind agency and court, the
// fine that is added to an unpaid fine, and what an enforcement agreement takes
// off it.
package nonlitigation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Enforcement, when set, is told of a case in enforcement of which less is owed
	// than before, in the same transaction.
	Enforcement Enforcement
}

// Enforcement is the officers' work.
type Enforcement interface {
	Settled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, all []model.Installment) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{db, cfg} }

// View is what the court knows and checks of an agency's application.
type View struct {
	Case model.Case
	// Decision is the newest entry, nil when there is none; Earlier are the others.
	Decision   *model.AdministrativeDecision
	Earlier    []model.AdministrativeDecision
	Findings   []model.Finding
	LateFine   model.LateFine // as of Until
	Until      model.Date
	Surcharges []Surcharge
	Reductions []model.SurchargeReduction
	Today      model.Date
}

// Surcharge is a duty that an agreement may reduce, with what is open of it.
type Surcharge struct {
	model.Obligation
	OpenFen model.Fen
}

// notNonLitigation refuses what exists in 行政非诉 cases only.
func notNonLitigation(cs *model.Case) error {
	if !model.CaseNo(cs.CaseNo).IsNonLitigation() {
		return model.E(model.Conflict, "decision.not_nonlitigation", "本案不是行政机关申请强制执行的案件（行审）")
	}
	return nil
}

// Case is what the court knows and checks of a case; until is the day to which
// the added fine is computed, today when zero.
func (s *Service) Case(ctx context.Context, by model.Actor, caseID int64, until model.Date) (*View, error) {
	if err := by.Require(model.ActDecisionRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	if err := notNonLitigation(cs); err != nil {
		return nil, err
	}
	v := &View{Case: *cs, Today: model.DateOf(s.db.Now()), Until: until}
	if v.Until.IsZero() {
		v.Until = v.Today
	}
	list, err := s.db.AdministrativeDecisions(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("decision of case %d: %w", caseID, err)
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	debts, err := s.db.Debts(ctx, *cs)
	if err != nil {
		return nil, err
	}
	paid, err := s.db.Payments(ctx, caseID)
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		v.Decision, v.Earlier = &list[0], list[1:]
		v.Findings, v.LateFine = v.Decision.Findings(days, v.Today), debts.LateFine(*v.Decision, paid, v.Until)
	}
	for _, ob := range debts.Obligations {
		if ob.Category == model.CategorySurcharge {
			v.Surcharges = append(v.Surcharges, Surcharge{ob, openOf(*debts, ob.ID, paid, v.Until)})
		}
	}
	v.Reductions, err = s.db.SurchargeReductions(ctx, caseID)
	return v, err
}

// openOf is what is open of an obligation on a day, by the ledger.
func openOf(d model.Debts, obligationID int64, paid model.Payments, on model.Date) model.Fen {
	return d.ReckonAll(d.InstallmentsOf(obligationID), paid, model.CourtSettings{}, on).PrincipalFen
}

// recounted keeps what follows from a decision, or from what was taken off, for
// what is owed of the case.
func (s *Service) recounted(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case) error {
	debts, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	if err := tx.SetCompletions(ctx, *debts, func(model.Installment) bool { return false }); err != nil {
		return err
	}
	if err := tx.SetPerformance(ctx, cs.ID, debts.Installments); err != nil {
		return err
	}
	if s.cfg.Enforcement == nil || cs.EnforcementFiledOn.IsZero() {
		return nil
	}
	return s.cfg.Enforcement.Settled(ctx, tx, by, *cs, debts.Installments)
}

// Enter records what is known of the administrative decision and the application, or
// corrects it by a new entry, which needs its reason. A repeat under the same key
// is the first one.
func (s *Service) Enter(ctx context.Context, by model.Actor, d model.AdministrativeDecision) (*model.AdministrativeDecision, error) {
	if err := by.Require(model.ActDecisionManage); err != nil {
		return nil, err
	}
	d.DecisionNo, d.SpecialLaw = strings.TrimSpace(d.DecisionNo), strings.TrimSpace(d.SpecialLaw)
	d.LateGround, d.Reason, d.ByUserID = strings.TrimSpace(d.LateGround), strings.TrimSpace(d.Reason), by.UserID
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, d.CaseID)
		if err != nil {
			return err
		}
		if err := notNonLitigation(cs); err != nil {
			return err
		}
		if err := d.Check(model.DateOf(tx.Now())); err != nil {
			return err
		}
		before, err := tx.AdministrativeDecisions(ctx, cs.ID)
		if err != nil {
			return err
		}
		repeat := slices.ContainsFunc(before, func(o model.AdministrativeDecision) bool { return o.ByUserID == by.UserID && o.IdemKey == d.IdemKey })
		if len(before) > 0 && !repeat && d.Reason == "" {
			return model.InvalidField("reason", "reason.required", "本案已登记过行政决定，请填写补充或者更正的原因；原登记保留")
		}
		d.CourtID, d.CreatedAt = cs.CourtID, tx.Now()
		created, err := tx.CreateAdministrativeDecision(ctx, &d)
		if err != nil || !created {
			return err
		}
		if err := s.recounted(ctx, tx, by, cs); err != nil {
			return err
		}
		var old any
		if len(before) > 0 {
			old = before[0]
		}
		return tx.Audit(by, by.RoleFor(model.ActDecisionManage), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditDecisionEnter, CaseID: cs.ID, Subject: model.ThingDecision.Of(d.ID), Before: old, After: d,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("enter decision: %w", err)
	}
	return &d, nil
}

// Reduce records what an enforcement agreement takes off a surcharge and takes it
// off what is owed. A repeat under the same key is the first one.
func (s *Service) Reduce(ctx context.Context, by model.Actor, r model.SurchargeReduction) (*model.SurchargeReduction, error) {
	if err := by.Require(model.ActSurchargeReduce); err != nil {
		return nil, err
	}
	r.Remedy, r.Reason, r.ByUserID = strings.TrimSpace(r.Remedy), strings.TrimSpace(r.Reason), by.UserID
	asked := r
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		r = asked
		cs, err := tx.LockOwnCase(ctx, by, r.CaseID)
		if err != nil {
			return err
		}
		if err := notNonLitigation(cs); err != nil {
			return err
		}
		if old, err := tx.ReductionByKey(ctx, by.UserID, r.IdemKey); err != nil || old != nil {
			if old != nil {
				r = *old
			}
			return err
		}
		ob, err := tx.Obligation(ctx, cs.ID, r.ObligationID)
		if err != nil {
			return err
		}
		debts, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		paid, err := tx.Payments(ctx, cs.ID)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		if err := r.Check(*ob, openOf(*debts, ob.ID, paid, today), today); err != nil {
			return err
		}
		if err := tx.KeepFile(ctx, r.FileID, cs.ID, by.UserID); err != nil {
			return model.InvalidField("file_id", "file.unknown", "没有这个文件，请重新上传执行协议").WithCause(err)
		}
		r.CourtID, r.BeforeFen, r.CreatedAt = cs.CourtID, ob.AmountFen, tx.Now()
		if err := tx.CreateReduction(ctx, &r, *ob, model.Reduce(debts.InstallmentsOf(ob.ID), r.AmountFen, r.AgreedOn)); err != nil {
			return err
		}
		if err := s.recounted(ctx, tx, by, cs); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActSurchargeReduce), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditSurchargeReduce, CaseID: cs.ID, Subject: model.ThingReduction.Of(r.ID), Before: ob, After: r,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reduce surcharge: %w", err)
	}
	return &r, nil
}
