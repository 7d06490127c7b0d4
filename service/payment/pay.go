package payment

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Guide is how a debtor pays what is open in a case.
type Guide struct {
	Case      model.Case
	Court     model.Court
	Debtor    model.Party
	Ways      []model.PayWay
	Today     model.Date
	Reference string // of the whole case
}

// SumFen is all that is open, with interest to today.
func (g Guide) SumFen() (sum model.Fen) {
	for _, w := range g.Ways {
		sum += w.AmountFen
	}
	return sum
}

// HowToPay says how the debtors of a case pay: those for whom the actor acts, for
// staff all. Who owes nothing has none. References are made when they are first
// asked for.
func (s *Service) HowToPay(ctx context.Context, by model.Actor, caseID int64) ([]Guide, error) {
	if err := by.Require(model.ActHowToPay); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	debts, err := s.db.Debts(ctx, *cs)
	if err != nil {
		return nil, err
	}
	var own []int64
	if by.IsParty() {
		mine, err := s.db.PartiesOf(ctx, caseID, by.UserID)
		if err != nil {
			return nil, err
		}
		for _, p := range mine {
			own = append(own, p.ID)
		}
	} else {
		for _, p := range debts.Parties {
			own = append(own, p.ID)
		}
	}
	return s.guides(ctx, *debts, own)
}

// OfRelative is how a relative who was admitted pays for the debtor.
func (s *Service) OfRelative(ctx context.Context, by model.Actor, relativeID int64) ([]Guide, error) {
	if err := by.Require(model.ActHowToPay); err != nil {
		return nil, err
	}
	r, err := s.db.AdmittedRelative(ctx, by, relativeID)
	if err != nil {
		return nil, err
	}
	if r.BeforeJudgment() {
		return nil, nil // nothing is owed yet
	}
	cs, err := s.db.CaseByID(ctx, r.CaseID)
	if err != nil {
		return nil, err
	}
	debts, err := s.db.Debts(ctx, *cs)
	if err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementFileByID(ctx, r.EnforcementCaseID)
	if err != nil {
		return nil, err
	}
	enforced := debts.EnforcedOf(*e, r.PartyID)
	debts.Installments = slices.DeleteFunc(debts.Installments, func(i model.Installment) bool {
		return !slices.ContainsFunc(enforced, func(o model.Installment) bool { return o.ID == i.ID })
	})
	list, err := s.guides(ctx, *debts, []int64{r.PartyID})
	for i := range list {
		list[i].Ways = model.ForFamily(list[i].Court, list[i].Ways)
	}
	return list, err
}

// Sheet is how the debtors of a case pay, to be printed: what HowToPay says to the same
// actor. partyID names one of them, 0 all. Errors: NotFound pay_sheet.nothing where nothing
// is to be paid.
func (s *Service) Sheet(ctx context.Context, by model.Actor, caseID, partyID int64) ([]byte, error) {
	guides, err := s.HowToPay(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	guides = slices.DeleteFunc(guides, func(g Guide) bool { return partyID != 0 && g.Debtor.ID != partyID })
	return s.print(guides, true)
}

// SheetOfRelative is OfRelative, to be printed: it names no case.
func (s *Service) SheetOfRelative(ctx context.Context, by model.Actor, relativeID int64) ([]byte, error) {
	guides, err := s.OfRelative(ctx, by, relativeID)
	if err != nil {
		return nil, err
	}
	return s.print(guides, false)
}

func (s *Service) print(guides []Guide, named bool) ([]byte, error) {
	if len(guides) == 0 {
		return nil, model.E(model.NotFound, "pay_sheet.nothing", "现在没有应付的款项，无需打印付款指引")
	}
	var sheets []model.PaySheet
	for _, g := range guides {
		sheet := model.PaySheet{Court: g.Court, Debtor: g.Debtor.Name, AsOf: g.Today, Ways: g.Ways}
		if named {
			sheet.CaseNo = g.Case.CaseNo
		}
		sheets = append(sheets, sheet)
	}
	pdf, err := s.printer.PaySheet(sheets)
	if err != nil {
		return nil, fmt.Errorf("pay sheet: %w", err)
	}
	return pdf, nil
}

// guides are those of some debtors.
func (s *Service) guides(ctx context.Context, debts model.Debts, parties []int64) ([]Guide, error) {
	cs := debts.Case
	parties = slices.DeleteFunc(parties, func(p int64) bool {
		return !slices.ContainsFunc(debts.Obligors, func(o model.Obligor) bool { return o.PartyID == p })
	})
	if len(parties) == 0 {
		return nil, nil
	}
	court, err := s.db.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	accounts, err := s.db.PaymentAccounts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	paid, err := s.db.Payments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	enforcements, err := s.db.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(s.db.Now())
	var out []Guide
	var wanted []model.PaymentReference
	for _, id := range parties {
		g := Guide{Case: cs, Court: *court, Debtor: debts.Party(id), Today: today}
		g.Ways = debts.HowToPay(*court, id, debts.Installments, accounts, enforcements, paid, today)
		if len(g.Ways) == 0 {
			continue
		}
		out = append(out, g)
		wanted = append(wanted, model.ReferenceTo(cs, openEnforcement(enforcements, id), id, 0))
		for _, w := range g.Ways {
			for _, l := range w.Lines {
				wanted = append(wanted, model.ReferenceTo(cs, 0, id, l.InstallmentID))
			}
		}
	}
	codes, err := s.references(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for n := range out {
		g := &out[n]
		g.Reference = codes[model.ReferenceTo(cs, openEnforcement(enforcements, g.Debtor.ID), g.Debtor.ID, 0).About]
		for i := range g.Ways {
			g.Ways[i].Reference = g.Reference
			for k := range g.Ways[i].Lines {
				l := &g.Ways[i].Lines[k]
				l.Reference = codes[model.ReferenceTo(cs, 0, g.Debtor.ID, l.InstallmentID).About]
			}
		}
	}
	return out, nil
}

// references are the codes of what is wanted; a transaction is only begun for those
// that are missing.
func (s *Service) references(ctx context.Context, wanted []model.PaymentReference) (map[string]string, error) {
	codes, missing, err := s.db.MissingReferences(ctx, wanted)
	if err != nil || !missing {
		return codes, err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		codes, err = tx.References(ctx, wanted, newReference)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("payment references: %w", err)
	}
	return codes, nil
}

// openEnforcement is the enforcement case that is open against a debtor, 0 for none.
func openEnforcement(list []model.EnforcementFile, partyID int64) (id int64) {
	for _, e := range list {
		if e.State == model.EnforcementOpen && e.Kind.Enforces() && slices.ContainsFunc(e.Parties, func(p model.EnforcementParty) bool { return p.PartyID == partyID }) {
			id = e.ID
		}
	}
	return id
}
