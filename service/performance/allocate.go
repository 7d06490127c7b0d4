package performance

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// allocated is what an amount pays, as it would be booked.
type allocated struct {
	model.Spread
	payment model.Payment
	// asks are the reasons that the decision still needs; nothing is booked while
	// there are any.
	asks []error
	// orderReason is the reason that is kept, "" where there was nothing to explain.
	orderReason string
	// common tells whether the money is nobody's alone, so that there is a choice how
	// to share it, and kept is the way that is kept with the entry.
	common bool
	kept   model.Spreading
}

// allocate decides which instalments an amount pays, and which of the interest on
// them. It is the one computation that books and that shows beforehand what would
// be booked: an error says that nothing could be, asks what a reason is missing for.
func (s *Service) allocate(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, dec Decision) (*allocated, error) {
	if err := dec.Spreading.Check(len(dec.Allocations) > 0); err != nil {
		return nil, err
	}
	if err := checkPart(ctx, tx, r, dec.AmountFen); err != nil {
		return nil, err
	}
	out := &allocated{}
	if err := s.spread(ctx, tx, r, d, dec, out); err != nil {
		return nil, err
	}
	reason := dec.OrderReason
	ask := func(deviates bool, err error) {
		if deviates {
			out.orderReason = reason
		}
		if err != nil {
			out.asks = append(out.asks, err)
		}
	}
	open := d.openOf(r.PartyID)
	ask(d.order.CheckOrder(open, out.Shares, reason))
	if r.CreditorID() != 0 { // it is no money that could be somebody else's
		other, err := d.payment(r, 0, nil).CheckPayee(d.in, open, out.Shares, "")
		if err != nil {
			return nil, err
		}
		ask(other, nil)
	} else {
		ask(d.payment(r, 0, nil).CheckPayee(d.in, open, out.Shares, reason))
	}
	if d.in.SkipsInterest(out.Spread, open, d.paid, r.PaidOn) {
		var err error
		if strings.TrimSpace(reason) == "" {
			err = model.InvalidField("order_reason", "allocation.interest_first", "尚欠一般债务利息，应当先抵充利息，再抵充本金（"+model.CiteOrderOfPayment.Short()+"）；当事人另有约定或者确有理由的，请填写理由")
		}
		ask(true, err)
	}
	if r.DepositID == 0 {
		s.shared(r, d, dec, out, ask)
	}
	return out, nil
}

// shared asks why common money is not shared as usual, where it is not.
func (s *Service) shared(r *model.Receipt, d *debt, dec Decision, out *allocated, ask func(bool, error)) {
	p, all := out.payment, d.of(r.PartyID)
	if out.common = d.in.Common(p, all); !out.common {
		return
	}
	switch {
	case len(dec.Allocations) > 0:
		out.kept = model.SpreadChosen
	case dec.Spreading == model.SpreadProportion:
		out.kept = model.SpreadProportion
	default:
		return
	}
	usual := p
	usual.By, usual.AmountFen = model.SpreadDue, dec.AmountFen
	is := d.in.ByCreditor(out.Spread, p, all, d.paid, d.settings)
	was := d.in.ByCreditor(d.in.Spread(usual, all, d.paid, d.settings), usual, all, d.paid, d.settings)
	ask(model.CheckSpreading(out.kept, is, was, dec.OrderReason))
}

// spread computes what an amount pays.
func (s *Service) spread(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, dec Decision, out *allocated) error {
	if r.DepositID != 0 {
		var err error
		out.payment = d.payment(r, dec.AmountFen, nil)
		out.Spread, err = spreadDeposit(ctx, tx, r, d, dec)
		return err
	}
	targets, err := tx.Targets(ctx, r.ID)
	if err != nil {
		return err
	}
	p := d.payment(r, dec.AmountFen, targets)
	p.By = dec.Spreading
	if f, ok := d.formerPayee(r); ok && p.PayeeID == f.PartyID && f.OthersTook(r.PaidOn) && !p.OwedNow(d.in, d.of(r.PartyID)) && strings.TrimSpace(dec.OrderReason) == "" {
		out.asks = append(out.asks, model.InvalidField("order_reason", "allocation.former_creditor", d.in.Party(f.PartyID).Name+"在付款日已不是权利人（"+f.Sentence(d.in)+"）；变更后的权利人认可收到，或者确有理由的，请填写理由"))
	}
	if r.CreditorID() == 0 && len(dec.Allocations) > 0 && strings.TrimSpace(dec.OrderReason) != "" {
		p.PayeeID = 0 // the judge says why the money pays somebody else as well
	}
	out.payment = p
	owed := d.owed(r.PartyID, p)
	switch {
	case r.CreditorID() != 0 && dec.AmountFen > min(r.ClaimedFen, owed.SumFen()):
		return model.InvalidField("amount_fen", "set_off.over", "抵销、提存的金额不能超过声明的 "+r.ClaimedFen.Yuan()+" 元，也不能超过应向该权利人履行的 "+owed.SumFen().Yuan()+" 元")
	case len(d.obligations) == 0 && dec.AmountFen > 0:
		return model.E(model.Conflict, "case.no_obligation", "本案尚未录入义务，请先补充法律文书和义务，再确认回执")
	case utf8.RuneCountInString(dec.OverReason) > 500:
		return model.InvalidField("over_reason", "field.too_long", "原因不能超过 500 字")
	case utf8.RuneCountInString(dec.OrderReason) > 500:
		return model.InvalidField("order_reason", "field.too_long", "理由不能超过 500 字")
	case dec.AmountFen > owed.SumFen() && strings.TrimSpace(dec.OverReason) == "":
		out.asks = append(out.asks, model.InvalidField("over_reason", "amount.over_debt", "确认金额超过尚未履行的 "+owed.PrincipalFen.Yuan()+" 元"+withInterest(owed)+"；如确属多付，请填写原因"))
	}
	if len(dec.Allocations) == 0 {
		out.Spread = d.in.Spread(p, d.of(r.PartyID), d.paid, d.settings)
		return nil
	}
	for _, sh := range dec.Allocations {
		i := slices.IndexFunc(d.installments, func(i model.Installment) bool { return i.ID == sh.InstallmentID })
		if i >= 0 && !d.obligation(d.installments[i].ObligationID).Foreign.Accepts(p.Currency) {
			return model.InvalidField("allocations", "currency.other", "所付的币种与该期义务的币种不同，不能抵充")
		}
	}
	over := max(0, dec.AmountFen-owed.SumFen())
	rest, err := model.CheckShares(dec.AmountFen-over, d.openOf(r.PartyID), owed.InterestFen(), dec.Allocations)
	if err != nil {
		return err
	}
	// What the judge left is for interest, in its own order.
	p.AmountFen = rest
	out.Spread = model.Spread{Shares: dec.Allocations, RestFen: over}
	out.Ordinary, out.Doubled = d.in.SpreadInterest(p, d.of(r.PartyID), d.paid, d.settings)
	return nil
}

// Preview is what a confirmation would book: computed by what books it, and
// writing nothing.
type Preview struct {
	Receipt   model.Receipt
	AmountFen model.Fen
	Lines     []model.Allotted
	Creditors []model.CreditorShare
	RestFen   model.Fen // what pays nothing: it is more than is owed
	// Common tells whether the money is several creditors', so that there is a choice
	// how to share it; Spreading is the way that these figures follow.
	Common    bool
	Spreading model.Spreading
	// Choices are what each creditor would get by each way of sharing common money:
	// the two that compute themselves, and the judge's own where he has typed one.
	Choices []Choice
	// Asks are the reasons that the confirmation would ask for, Problem why it would
	// be refused altogether, nil when it would not.
	Asks    []error
	Problem error
	// Stamp is the state of the ledger that these figures rest on: see Decision.
	Stamp string
	debts model.Debts
}

// Choice is one way of sharing common money, and what it comes to.
type Choice struct {
	Spreading model.Spreading
	Creditors []model.CreditorShare
}

// Names are who a line or a share goes to, "" for the court's account.
func (p *Preview) Names(parties []int64) string { return namesOf(p.debts, parties) }

func namesOf(d model.Debts, parties []int64) string {
	names := make([]string, len(parties))
	for n, id := range parties {
		names[n] = d.Party(id).Name
	}
	return strings.Join(names, "、")
}

// To is who a line goes to, "" for the court's account.
func (p *Preview) To(l model.Allotted) string {
	return p.Names(p.debts.Obligation(l.ObligationID).Obligees())
}

// What is what a line is owed for, "" where there is nothing to say.
func (p *Preview) What(l model.Allotted) string { return whatOf(p.debts.Obligation(l.ObligationID)) }

func whatOf(ob model.Obligation) string {
	if ob.Category != model.CategoryNone {
		return ob.Category.Chinese()
	}
	return ob.Description
}

// Preview says what confirming an amount of a receipt would do, to whoever may see
// the receipt as staff: what was decided of other receipts of the case counts already,
// because it takes effect first. Nothing stays written, and nothing about it is kept. An
// amount that could not be confirmed is no error here but the preview's Problem.
func (s *Service) Preview(ctx context.Context, by model.Actor, dec Decision) (*Preview, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, err
	}
	r, err := s.db.Receipt(ctx, by, dec.ReceiptID)
	if err != nil {
		return nil, err
	}
	var out *Preview
	err = s.afterOthers(ctx, by, r, func(db *storage.DB) error {
		out, err = s.preview(ctx, db, r, dec)
		return err
	})
	return out, err
}

func (s *Service) preview(ctx context.Context, db *storage.DB, r *model.Receipt, dec Decision) (*Preview, error) {
	cs, err := db.CaseByID(ctx, r.CaseID)
	if err != nil {
		return nil, err
	}
	d, err := loadDecided(ctx, db, cs)
	if err != nil {
		return nil, err
	}
	out := &Preview{Receipt: *r, AmountFen: dec.AmountFen, Spreading: dec.Spreading, Stamp: d.stamp(), debts: d.in}
	if len(dec.Allocations) > 0 && dec.Spreading == "" {
		out.Spreading = model.SpreadChosen
	}
	if out.Problem = r.MayConfirm(dec.AmountFen); out.Problem != nil {
		return out, nil //nolint:nilerr // what is wrong is a part of the preview
	}
	if err := s.checkOtherwise(ctx, db, r, d, dec); err != nil {
		if k := model.KindOf(err); k != model.Invalid && k != model.Conflict {
			return nil, err
		}
		out.Asks = append(out.Asks, err)
	}
	to, err := s.allocate(ctx, db, r, d, dec)
	if err != nil {
		if k := model.KindOf(err); k != model.Invalid && k != model.Conflict {
			return nil, err
		}
		out.Problem = err
		return out, nil
	}
	all := d.of(r.PartyID)
	out.RestFen, out.Common, out.Asks = to.RestFen, to.common, append(out.Asks, to.asks...)
	out.Lines = d.in.Allotted(to.Spread, all, d.paid, d.settings, r.PaidOn)
	out.Creditors = d.in.ByCreditor(to.Spread, to.payment, all, d.paid, d.settings)
	if !out.Common {
		return out, nil
	}
	for _, way := range []model.Spreading{model.SpreadDue, model.SpreadProportion} {
		other := dec
		other.Spreading, other.Allocations = way, nil
		as, err := s.allocate(ctx, db, r, d, other)
		if err != nil {
			return nil, err
		}
		out.Choices = append(out.Choices, Choice{way, d.in.ByCreditor(as.Spread, as.payment, all, d.paid, d.settings)})
	}
	if len(dec.Allocations) > 0 {
		out.Choices = append(out.Choices, Choice{model.SpreadChosen, out.Creditors})
	}
	return out, nil
}
