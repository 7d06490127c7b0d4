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
}

// Spread is what a payment pays.
type Spread struct {
	Shares  []Share // money of the instruments, by instalment
	Doubled []Share // 加倍部分债务利息, by instalment
	RestFen Fen     // what is left over; the caller decides whether that is allowed
}

// Of narrows instalments to those that money of the payee can pay.
func (p Payment) Of(d Debts, list []Installment) []Installment {
	if p.PayeeID == 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(i Installment) bool { return d.Obligation(i.ObligationID).ObligeeID != p.PayeeID })
}

// Spread says what a payment pays of all instalments that its debtor owes: of a
// creditor's own money only what he is owed; in a criminal case in its order
// (刑财规定 13); the payer's choice first (民法典 560 para. 1); then the oldest due
// (560 para. 2), an unknown due day last; of what is due on one day costs,
// ordinary interest, main debt (561); equals of several creditors, or of one, in
// proportion to what is open (560 para. 2; 执行工作规定 55). Only when all of that is
// paid, the doubled part (法释〔2014〕8号 4).
//
// Two steps of 560 para. 2, the debt with the least security and the one that
// weighs most, are not taken by themselves: nothing recorded here tells them. The
// payer's or the judge's own allocation does.
func (d Debts) Spread(p Payment, all []Installment, paid Payments, s CourtSettings) (out Spread) {
	amount := p.AmountFen
	order := PriorityOf(d.Case.Kind, d.Obligations)
	open := slices.DeleteFunc(slices.Clone(p.Of(d, all)), Installment.Done)
	compare := func(a, b Installment) int {
		return cmp.Or(
			cmp.Compare(order.rank(a), order.rank(b)),
			-compareBool(slices.Contains(p.Targets, a.ID), slices.Contains(p.Targets, b.ID)),
			compareBool(a.DueOn.IsZero(), b.DueOn.IsZero()),
			a.DueOn.Compare(b.DueOn),
			cmp.Compare(d.Obligation(a.ObligationID).Category.civilRank(), d.Obligation(b.ObligationID).Category.civilRank()),
		)
	}
	slices.SortStableFunc(open, func(a, b Installment) int { return cmp.Or(compare(a, b), cmp.Compare(a.ID, b.ID)) })
	for first := 0; first < len(open) && amount > 0; {
		last := first + 1
		for last < len(open) && compare(open[first], open[last]) == 0 {
			last++
		}
		equals := open[first:last]
		parts := make([]Fen, len(equals))
		for n, i := range equals {
			parts[n] = max(0, i.OutstandingFen())
		}
		for n, part := range proportion(amount, parts) {
			if part > 0 {
				out.Shares = append(out.Shares, Share{InstallmentID: equals[n].ID, AmountFen: part})
				amount -= part
			}
		}
		first = last
	}
	p.AmountFen = amount
	out.Doubled = d.SpreadDoubled(p, all, paid, s)
	for _, share := range out.Doubled {
		amount -= share.AmountFen
	}
	out.RestFen = amount
	return out
}

// SpreadDoubled is the last step of Spread: money for the doubled part alone, the
// payer's choice first, then the oldest due.
func (d Debts) SpreadDoubled(p Payment, all []Installment, paid Payments, s CourtSettings) (out []Share) {
	late := slices.Clone(p.Of(d, all))
	slices.SortStableFunc(late, func(a, b Installment) int {
		return cmp.Or(-compareBool(slices.Contains(p.Targets, a.ID), slices.Contains(p.Targets, b.ID)), a.DueOn.Compare(b.DueOn), cmp.Compare(a.ID, b.ID))
	})
	for _, i := range late {
		if part := min(p.AmountFen, d.Reckon(i, paid, s, p.PaidOn).DoubledFen); part > 0 {
			out = append(out, Share{InstallmentID: i.ID, AmountFen: part})
			p.AmountFen -= part
		}
	}
	return out
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
