package model

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Payment is money that is to be spread over what a debtor owes.
type Payment struct {
	AmountFen Fen
	PaidOn    Date
	// PayeeID is the creditor who received it: it is his, and pays nobody else. It
	// is 0 for the court's account, a common payee, or somebody unknown.
	PayeeID int64
	Targets []int64 // instalments that the payer named (指定)
	Not     []int64 // obligations that it cannot pay: nothing may be set off against them
	// Currency is that of the money, "" for yuan: it pays no debt in another.
	Currency Currency
	// By is how it is shared where it is several creditors'.
	By Spreading
}

// Spread is what a payment pays.
type Spread struct {
	Shares   []Share // money of the instruments, by instalment
	Ordinary []Share // 一般债务利息, by instalment
	Doubled  []Share // 加倍部分债务利息, by instalment
	RestFen  Fen     // what is left over; the caller decides whether that is allowed
}

// Of narrows instalments to those that money of the payee can pay.
//
// Money that somebody received after others took his place pays what he was owed
// before only where he is owed nothing else of it any more: the judge is asked about
// it then. While he is, the money is for what he is still owed.
// Source: 民法典 546 para. 1.
func (p Payment) Of(d Debts, list []Installment) []Installment {
	owed := p.OwedNow(d, list)
	return slices.DeleteFunc(slices.Clone(list), func(i Installment) bool {
		ob := d.Obligation(i.ObligationID)
		mine := p.PayeeID == 0 || ob.OwedTo(p.PayeeID) || ob.EverOwedTo(p.PayeeID) && (!owed || !ob.taken(p.PayeeID, p.PaidOn))
		return !mine || slices.Contains(p.Not, i.ObligationID) || !ob.Foreign.Accepts(p.Currency)
	})
}

// OwedNow tells whether the payee is still a creditor of something that is open.
func (p Payment) OwedNow(d Debts, list []Installment) bool {
	return slices.ContainsFunc(list, func(i Installment) bool { return !i.Done() && d.Obligation(i.ObligationID).OwedTo(p.PayeeID) })
}

// claim is one thing that a payment can pay: the principal of an instalment, or
// the ordinary interest on it.
type claim struct {
	Installment
	part Part
	open Fen
	rank int // by 民法典 561
}

// claims are what is open of instalments on the day of a payment.
func (d Debts) claims(list []Installment, paid Payments, on Date) (out []claim) {
	for _, i := range list {
		ob := d.Obligation(i.ObligationID)
		open := max(0, i.OutstandingFen())
		if s, runs := d.surcharge(ob, i, paid, on); runs {
			open = max(0, s.owed-i.ConfirmedFen-i.ForgivenFen)
		}
		out = append(out, claim{i, PartPrincipal, open, ob.Category.civilRank()})
		if r := d.ordinary(ob, i, paid, on); r.OrdinaryFen > 0 {
			rank := CategoryOrdinary.civilRank()
			if ob.Interest.PrincipalFirst {
				rank = CategoryDebt.civilRank() + 1
			}
			out = append(out, claim{i, PartOrdinary, r.OrdinaryFen, rank})
		}
	}
	return out
}

// oneCreditor tells whether all instalments are owed to the same: only then is
// there a choice between his debts.
func (d Debts) oneCreditor(list []Installment) bool {
	for _, i := range list {
		if !slices.Equal(d.Obligation(i.ObligationID).Obligees(), d.Obligation(list[0].ObligationID).Obligees()) {
			return false
		}
	}
	return true
}

// weigh compares two instalments that are owed to one creditor: what is due
// before what is not, then the debt with no security or the least, then the one
// that weighs most. Source: 民法典 560 para. 2.
func (d Debts) weigh(a, b Installment, on Date) int {
	x, y := d.Obligation(a.ObligationID), d.Obligation(b.ObligationID)
	return cmp.Or(
		-compareBool(!a.Due().After(on), !b.Due().After(on)),
		cmp.Compare(x.SecurityFen, y.SecurityFen),
		cmp.Compare(y.Weight, x.Weight),
	)
}

// Spread says what a payment pays of all instalments that its debtor owes: of a
// creditor's own money only what he is owed; in a criminal case in its order
// (刑财规定 13); the payer's choice first (民法典 560 para. 1); of several debts to
// one creditor what is due first, then the least secured, then the one that
// weighs most, as the record has it (560 para. 2); then the oldest due, an unknown
// due day last, by the days of an agreement where one stands in front and then by
// those of the instrument; of what is due on one day costs, ordinary interest, main debt
// (561), unless the instrument has the principal first; equals in proportion to what
// is open (560 para. 2). How several creditors share it, says Spreading. Only when
// all of that is paid, the doubled part (法释〔2014〕8号 4), in the same order.
//
// Whether 担保最少 means the smallest security or the smallest beside its debt,
// the law does not say: the smallest is taken.
func (d Debts) Spread(p Payment, all []Installment, paid Payments, s CourtSettings) (out Spread) {
	of := slices.DeleteFunc(slices.Clone(p.Of(d, all)), Installment.Done)
	got, amount := d.pour(p.AmountFen, d.claims(of, paid, p.PaidOn), p)
	out.Shares, out.Ordinary = sharesOf(got, PartPrincipal), sharesOf(got, PartOrdinary)
	p.AmountFen = amount
	out.Doubled = d.SpreadDoubled(p, all, paid, s)
	for _, share := range out.Doubled {
		amount -= share.AmountFen
	}
	out.RestFen = amount
	return out
}

// SpreadInterest spreads money that is for interest alone: ordinary interest in
// the order of what is due, then the doubled part.
// Source: 法释〔2014〕8号 4.
func (d Debts) SpreadInterest(p Payment, all []Installment, paid Payments, s CourtSettings) (ordinary, doubled []Share) {
	var open []claim
	for _, c := range d.claims(p.Of(d, all), paid, p.PaidOn) {
		if c.part == PartOrdinary {
			open = append(open, c)
		}
	}
	got, rest := d.pour(p.AmountFen, open, p)
	ordinary, p.AmountFen = sharesOf(got, PartOrdinary), rest
	return ordinary, d.SpreadDoubled(p, all, paid, s)
}

// SkipsInterest tells whether an allocation pays principal whose ordinary
// interest it leaves open, where nobody agreed to that.
// Source: 民法典 561.
func (d Debts) SkipsInterest(s Spread, all []Installment, paid Payments, on Date) bool {
	for _, share := range s.Shares {
		i := slices.IndexFunc(all, func(i Installment) bool { return i.ID == share.InstallmentID })
		if i < 0 {
			continue
		}
		ob := d.Obligation(all[i].ObligationID)
		r := d.ordinary(ob, all[i], paid, on)
		if r.OrdinaryFen == 0 || ob.Interest.PrincipalFirst {
			continue
		}
		for _, o := range s.Ordinary {
			if o.InstallmentID == share.InstallmentID {
				r.OrdinaryFen -= o.AmountFen
			}
		}
		if r.OrdinaryFen > 0 {
			return true
		}
	}
	return false
}

// SpreadDoubled is the last step of Spread: money for the doubled part alone, the
// payer's choice first, then the oldest due, several creditors as Spreading says.
func (d Debts) SpreadDoubled(p Payment, all []Installment, paid Payments, s CourtSettings) []Share {
	var open []claim
	for _, i := range p.Of(d, all) {
		if fen := d.Reckon(i, paid, s, p.PaidOn).DoubledFen; fen > 0 {
			open = append(open, claim{i, PartDoubled, fen, 0})
		}
	}
	got, _ := d.pour(p.AmountFen, open, p)
	return sharesOf(got, PartDoubled)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// proportion spreads an amount over parts in proportion to them, none above its
// part, to the fen: what rounding down leaves goes to the largest remainders,
// the earlier of equal ones first.
func proportion(amount Fen, parts []Fen) []Fen {
	var total Fen
	for _, p := range parts {
		total += p
	}
	out := make([]Fen, len(parts))
	if amount >= total {
		copy(out, parts)
		return out
	}
	if amount <= 0 {
		return out
	}
	remainders := make([]uint64, len(parts))
	left := amount
	for n, p := range parts {
		hi, lo := bits.Mul64(uint64(amount), uint64(p)) // 10^13 × 10^13 is beyond 64 bits
		quotient, remainder := bits.Div64(hi, lo, uint64(total))
		out[n], remainders[n] = Fen(quotient), remainder
		left -= out[n]
	}
	order := make([]int, len(parts))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, n := range order[:left] {
		out[n]++
	}
	return out
}

// CheckPayee refuses that a creditor's own money pays somebody else, unless the
// judge says why.
func (p Payment) CheckPayee(d Debts, open []Installment, shares []Share, reason string) (deviates bool, err error) {
	own := p.Of(d, open)
	for _, s := range shares {
		if slices.ContainsFunc(own, func(i Installment) bool { return i.ID == s.InstallmentID }) {
			continue
		}
		if strings.TrimSpace(reason) == "" {
			return true, InvalidField("order_reason", "allocation.payee", "款项已付给"+d.Party(p.PayeeID).Name+"，只能抵充应向其履行的义务；确有理由抵充其他义务的，请填写理由")
		}
		return true, nil
	}
	return false, nil
}
