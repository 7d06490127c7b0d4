package performance

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// debt is who owes what to whom in a case.
type debt struct {
	obligations  []model.Obligation
	obligors     []model.Obligor // who owe
	named        []model.Obligor // whom the instruments name, also those who were forgiven
	installments []model.Installment
	instruments  []model.Instrument
	parties      []model.Party
	// order is how the payments of a criminal case follow one another.
	order model.Priority
	// in, paid and settings are what interest is computed from.
	in       model.Debts
	paid     model.Payments
	settings model.CourtSettings
	// touched are the instalments that the act is about.
	touched []int64
}

// loadDebt loads everything about a case's debts.
func loadDebt(ctx context.Context, tx *storage.DB, caseID int64) (*debt, error) {
	d, err := loadPlan(ctx, tx, caseID)
	if err != nil {
		return nil, err
	}
	if d.instruments, err = tx.Instruments(ctx, caseID); err != nil {
		return nil, err
	}
	d.parties, err = tx.Parties(ctx, caseID)
	return d, err
}

// loadPlan loads what a decision about an amount needs, and no more.
func loadPlan(ctx context.Context, tx *storage.DB, caseID int64) (*debt, error) {
	d := &debt{}
	var err error
	if d.obligations, err = tx.Obligations(ctx, caseID); err != nil {
		return nil, err
	}
	if d.named, err = tx.AllObligors(ctx, caseID); err != nil {
		return nil, err
	}
	d.obligors = model.Owing(d.named)
	d.installments, err = tx.Installments(ctx, caseID)
	return d, err
}

// loadDecided is loadPlan for a decision about an amount of a case.
func loadDecided(ctx context.Context, tx *storage.DB, cs *model.Case) (*debt, error) {
	d, err := loadPlan(ctx, tx, cs.ID)
	if err != nil {
		return nil, err
	}
	d.order = model.PriorityOf(cs.Kind, d.obligations)
	if d.parties, err = tx.Parties(ctx, cs.ID); err != nil {
		return nil, err
	}
	if err := d.reckons(ctx, tx, cs); err != nil {
		return nil, err
	}
	d.installments = d.in.OnDay(d.paid, model.DateOf(tx.Now()))
	d.in.Installments = d.installments
	return d, nil
}

// reckons loads what interest is computed from.
func (d *debt) reckons(ctx context.Context, tx *storage.DB, cs *model.Case) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	d.settings, d.in = court.Settings, d.debts(*cs)
	d.paid, err = tx.Payments(ctx, cs.ID)
	return err
}

// owed is what a party owes of money that goes to the payee of a payment: open
// money of the instruments, and interest of both kinds until the day of payment.
func (d *debt) owed(partyID int64, p model.Payment) model.Reckoning {
	return d.in.ReckonAll(p.Of(d.in, d.of(partyID)), d.paid, d.settings, p.PaidOn)
}

// complete reads the ledger again after it changed, and keeps when instalments
// with running interest were performed.
func (d *debt) complete(ctx context.Context, tx *storage.DB, cs *model.Case) error {
	if err := d.reckons(ctx, tx, cs); err != nil {
		return err
	}
	return tx.SetCompletions(ctx, d.in, func(i model.Installment) bool { return slices.Contains(d.touched, i.ID) })
}

// payment is a receipt's money as it is spread. Money that a creditor received
// is his; what went to the court, or to nobody known here, is common.
func (d *debt) payment(r *model.Receipt, amount model.Fen, targets []int64) model.Payment {
	p := model.Payment{AmountFen: amount, PaidOn: r.PaidOn, Targets: targets, PayeeID: r.CreditorID()}
	if r.Foreign != nil {
		p.Currency = r.Foreign.Currency
		for _, ob := range d.obligations { // booked by another rate, it would be another sum
			if f := ob.Foreign; f != nil && (f.Rate == nil || *f.Rate != r.Foreign.Booked) {
				p.Not = append(p.Not, ob.ID)
			}
		}
	}
	if p.PayeeID != 0 {
		if r.SetOff != nil {
			p.Not = d.barred()
		}
		return p
	}
	if r.ProofKind == model.ProofCourtAccount && r.DistributionID == 0 || r.PayeeName == "" {
		return p
	}
	for _, ob := range d.obligations {
		if !d.everOwed(r.PartyID, ob.ID) {
			continue
		}
		for _, o := range d.parties {
			if ob.OwedTo(o.ID) && payee(r)(o) {
				p.PayeeID = o.ID
			}
		}
	}
	if f, ok := d.formerPayee(r); ok && p.PayeeID == 0 {
		p.PayeeID = f.PartyID
	}
	return p
}

// booked finds by which rate a payment in another currency is booked, and what it
// comes to: that of the debts in the currency which the payer named or owes. Of
// several that are booked by different rates he names one.
func (d *debt) booked(partyID int64, cl *Claim, today model.Date) error {
	var at *model.Rate
	for _, i := range d.of(partyID) {
		f := d.obligation(i.ObligationID).Foreign
		named := len(cl.Targets) == 0 && !i.Done() || slices.Contains(cl.Targets, i.ID)
		switch {
		case f == nil || f.Currency != cl.Foreign.Currency || !named:
		case f.Rate == nil:
			return model.InvalidField("currency", "currency.not_converted", "该项外币义务折算人民币的汇率尚未登记，请联系承办法官，登记后再提交")
		case at != nil && *at != *f.Rate:
			return model.InvalidField("installment_ids", "currency.ambiguous", "有几项以该币种确定的义务，登记的汇率不同，请选择所付的一项")
		default:
			at = f.Rate
		}
	}
	if at == nil {
		return model.InvalidField("currency", "currency.other", "没有以该币种确定的义务，请核对所付的币种")
	}
	cl.Foreign.Booked = *at
	var err error
	if cl.AmountFen, err = cl.Foreign.Book(cl.PaidOn, today); err != nil {
		return err
	}
	owed := d.owed(partyID, d.payment(&model.Receipt{PartyID: partyID, PaidOn: cl.PaidOn, ProofKind: cl.ProofKind, PayeeName: model.Clean(cl.PayeeName), Foreign: cl.Foreign}, 0, nil))
	if sum := owed.SumFen(); cl.Foreign.Settles(cl.AmountFen, sum) {
		cl.AmountFen = sum
	}
	return nil
}

// otherCurrency says why yuan pay nothing of what a party owes, nil where it owes
// nothing in another currency.
func (d *debt) otherCurrency(partyID int64) error {
	for _, i := range d.openOf(partyID) {
		f := d.obligation(i.ObligationID).Foreign
		switch {
		case f == nil:
		case f.Rate == nil:
			return model.InvalidField("currency", "currency.other", "该项义务以"+f.Currency.Chinese()+"确定，折算人民币的汇率尚未登记，请联系承办法官，登记后再提交")
		default:
			return model.InvalidField("currency", "currency.other", "该项义务以"+f.Currency.Chinese()+"履行，请填写所付的币种和金额；以人民币支付的，请填写付款日的汇率")
		}
	}
	return nil
}

// mayPerformOtherwise refuses a set-off or a lodgement against a debt for which
// the law has none, or towards somebody to whom nothing is owed.
func (d *debt) mayPerformOtherwise(partyID int64, cl Claim) error {
	var err error = model.InvalidField("creditor_id", "debt.creditor", "该义务人没有应向所选的人履行的金钱义务")
	for _, ob := range d.obligations {
		if !ob.OwedTo(cl.creditor()) || ob.Kind != model.ObligationMoney || !d.owesObligation(partyID, ob.ID) {
			continue
		}
		if err = d.in.LodgementBarred(ob); cl.SetOff != nil {
			err = d.in.SetOffBarred(ob)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// barred are the obligations against which nothing is set off.
func (d *debt) barred() (out []int64) {
	for _, ob := range d.obligations {
		if d.in.SetOffBarred(ob) != nil {
			out = append(out, ob.ID)
		}
	}
	return out
}

// enforcedTowards tells whether something that a party owes to a creditor is being
// enforced.
func (d *debt) enforcedTowards(partyID, creditorID int64) bool {
	return slices.ContainsFunc(d.obligations, func(ob model.Obligation) bool {
		return ob.OwedTo(creditorID) && !ob.EnforcedOn.IsZero() && d.owesObligation(partyID, ob.ID)
	})
}

// payee tells whether a receipt names the party as who received the money.
func payee(r *model.Receipt) func(model.Party) bool {
	norm := model.NormalizeName(r.PayeeName)
	return func(p model.Party) bool { return norm != "" && p.NameNorm == norm }
}

// formerPayee is the entry by which whoever a receipt names as its payee ceased
// to be the creditor.
func (d *debt) formerPayee(r *model.Receipt) (model.Former, bool) {
	if r.ProofKind == model.ProofCourtAccount && r.DistributionID == 0 {
		return model.Former{}, false
	}
	return d.debts(model.Case{}).FormerCreditor(r.PartyID, payee(r))
}

// debts is the same in the words of the model.
func (d *debt) debts(cs model.Case) model.Debts {
	return model.Debts{Case: cs, Parties: d.parties, Instruments: d.instruments, Obligations: d.obligations, Obligors: d.obligors, Installments: d.installments}
}

func (d *debt) owes(partyID int64) bool {
	return slices.ContainsFunc(d.obligors, func(o model.Obligor) bool { return o.PartyID == partyID })
}

func (d *debt) owesObligation(partyID, obligationID int64) bool {
	return slices.ContainsFunc(d.obligors, func(o model.Obligor) bool { return o.ObligationID == obligationID && o.PartyID == partyID })
}

// names tells whether the instrument names the party as a debtor of an obligation,
// though it may have been forgiven since.
func (d *debt) names(partyID, obligationID int64) bool {
	return slices.ContainsFunc(d.named, func(o model.Obligor) bool { return o.ObligationID == obligationID && o.PartyID == partyID })
}

func (d *debt) obligation(id int64) model.Obligation {
	i := slices.IndexFunc(d.obligations, func(o model.Obligation) bool { return o.ID == id })
	if i < 0 {
		return model.Obligation{}
	}
	return d.obligations[i]
}

// of are the instalments that a party owes or owed, alone or jointly.
func (d *debt) of(partyID int64) []model.Installment {
	var out []model.Installment
	for _, i := range d.installments {
		if d.everOwed(partyID, i.ObligationID) {
			out = append(out, i)
		}
	}
	return out
}

// everOwed is owesObligation also for a party whose place another took: what it
// paid before is decided afterwards.
func (d *debt) everOwed(partyID, obligationID int64) bool {
	return model.Debts{Obligations: d.obligations, Obligors: d.obligors}.EverOwes(partyID, obligationID)
}

// openOf are those of them that are still owed.
func (d *debt) openOf(partyID int64) []model.Installment {
	return slices.DeleteFunc(d.of(partyID), model.Installment.Done)
}

// outstandingFor is what is still open for a party on a day: what it owes, or
// what it is owed.
func (d *debt) outstandingFor(partyID int64, today model.Date) model.Reckoning {
	var list []model.Installment
	for _, i := range d.installments {
		if d.owesObligation(partyID, i.ObligationID) || d.obligation(i.ObligationID).OwedTo(partyID) {
			list = append(list, i)
		}
	}
	return d.in.ReckonAll(list, d.paid, d.settings, today)
}

// obligeesOf are the obligees of a party's open instalments, or of the targets
// when the payer named some.
func (d *debt) obligeesOf(partyID int64, targets []int64) []int64 {
	var out []int64
	list := d.openOf(partyID)
	if len(list) == 0 {
		list = d.of(partyID) // what is paid is interest
	}
	for _, i := range list {
		if len(targets) > 0 && !slices.Contains(targets, i.ID) {
			continue
		}
		for _, p := range d.obligation(i.ObligationID).Obligees() {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// effectiveOn is the earliest day on which one of the party's instruments took
// effect.
func (d *debt) effectiveOn(partyID int64) model.Date {
	var first model.Date
	for _, ob := range d.obligations {
		if !d.owesObligation(partyID, ob.ID) {
			continue
		}
		for _, in := range d.instruments {
			if in.ID == ob.InstrumentID && !in.EffectiveOn.IsZero() && (first.IsZero() || in.EffectiveOn.Before(first)) {
				first = in.EffectiveOn
			}
		}
	}
	return first
}

// owedTo tells whether the party owes anything to someone of that name.
func (d *debt) owedTo(partyID int64, name string) bool {
	norm := model.NormalizeName(name)
	for _, ob := range d.obligations {
		if !d.owesObligation(partyID, ob.ID) {
			continue
		}
		if ob.ToCourt || slices.ContainsFunc(d.parties, func(p model.Party) bool { return ob.EverOwedTo(p.ID) && p.NameNorm == norm }) {
			return true
		}
	}
	return false
}
