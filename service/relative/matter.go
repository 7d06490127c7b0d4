package relative

import (
	"context"
	"crypto/rand"

	"microcourt/model"
)

// newReference makes a payment reference.
func newReference() string { return model.FreshReference(rand.Text) }

// Matter is all that a relative sees: what paying needs, what became of what he
// paid, and how far things are.
type Matter struct {
	Relative model.Relative
	Court    model.Court
	Officer  string
	model.Due
	Reference      string
	ConversationID int64
	Steps          []model.RelativeStep
	Receipts       []model.Receipt // those that he submitted
}

// Matter reads what an admitted relative may know. For everybody else it is not
// found.
func (s *Service) Matter(ctx context.Context, by model.Actor, id int64) (*Matter, error) {
	if err := by.Require(model.ActRelativeAsk); err != nil {
		return nil, err
	}
	r, err := s.db.AdmittedRelative(ctx, by, id)
	if err != nil {
		return nil, err
	}
	m := &Matter{Relative: *r}
	cs, err := s.db.CaseByID(ctx, r.CaseID)
	if err != nil {
		return nil, err
	}
	e := &model.EnforcementFile{}
	if !r.BeforeJudgment() {
		if e, err = s.db.EnforcementFileByID(ctx, r.EnforcementCaseID); err != nil {
			return nil, err
		}
	}
	court, err := s.db.Court(ctx, r.CourtID)
	if err != nil {
		return nil, err
	}
	m.Court = *court
	if r.BeforeJudgment() {
		return m, nil // nothing is owed, and nothing is asked for
	}
	names, err := s.db.UserNames(ctx, []int64{e.OfficerID})
	if err != nil {
		return nil, err
	}
	m.Officer = names[e.OfficerID]
	if c, err := s.db.RelativeConversation(ctx, id); err != nil {
		return nil, err
	} else if c != nil {
		m.ConversationID = c.ID
	}
	if m.Receipts, err = s.db.RelativeReceipts(ctx, id); err != nil {
		return nil, err
	}
	if m.Reference, err = s.db.ReferenceOf(ctx, e.ID, r.PartyID); err != nil {
		return nil, err
	}
	return m, s.sums(ctx, m, *cs, *e)
}

// sums fills in what is to be paid, and the steps.
func (s *Service) sums(ctx context.Context, m *Matter, cs model.Case, e model.EnforcementFile) error {
	d, err := s.db.Debts(ctx, cs)
	if err != nil {
		return err
	}
	paid, err := s.db.Payments(ctx, cs.ID)
	if err != nil {
		return err
	}
	m.Due = d.DueOf(e, m.Relative.PartyID, paid, m.Court.Settings, model.DateOf(s.db.Now()))
	measures, err := s.db.MeasuresOf(ctx, e.ID, m.Relative.PartyID)
	if err != nil {
		return err
	}
	m.Steps = model.RelativeSteps(m.Receipts, d.PerformedBy(e, m.Relative.PartyID), model.ForgivenFen(d.EnforcedOf(e, m.Relative.PartyID)), measures)
	return nil
}

// Found is whom a payment reference is about.
type Found struct {
	model.PaymentReference
	CaseNo string // of the enforcement case, or of the case when it is not enforced
	Debtor string
	DueOn  model.Date // of the instalment that it is for, zero for all of the case
}

// Reference finds the case of money that arrived, for the court's people; the
// look is recorded.
func (s *Service) Reference(ctx context.Context, by model.Actor, text string) (*Found, error) {
	if err := by.Require(model.ActReferenceRead); err != nil {
		return nil, err
	}
	code, err := model.ParseReference(text)
	if err != nil {
		return nil, err
	}
	r, err := s.db.Reference(ctx, by.CourtID, code)
	if err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, r.CaseID)
	if err != nil { // a judge finds what is his
		if model.KindOf(err) == model.NotFound {
			err = model.E(model.NotFound, "reference.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		return nil, err
	}
	f := &Found{PaymentReference: *r, CaseNo: cs.CaseNo}
	if r.EnforcementCaseID != 0 {
		if f.CaseNo, err = s.db.EnforcementNumber(ctx, r.EnforcementCaseID); err != nil {
			return nil, err
		}
	}
	if r.InstallmentID != 0 {
		list, err := s.db.Installments(ctx, r.CaseID)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			if i.ID == r.InstallmentID {
				f.DueOn = i.Due()
			}
		}
	}
	p, err := s.db.Party(ctx, r.CaseID, r.PartyID)
	if err != nil {
		return nil, err
	}
	f.Debtor = p.Name
	return f, s.db.AuditLook(ctx, by, by.RoleFor(model.ActReferenceRead), model.AuditEvent{
		CourtID: r.CourtID, CaseID: r.CaseID, Action: model.AuditReferenceLook, Subject: model.ThingReference.Of(0), Detail: r.Code,
	})
}
