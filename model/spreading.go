package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Spreading is the way in which money that is nobody's alone is shared among the
// creditors of one debtor: money in the court's account, or with a payee that
// several of them have in common. What one creditor received is his, and of his
// several claims the law says which is paid first.
//
// No statute says how a debtor's voluntary payment is shared among several
// creditors: 民法典 560 and 561 order the claims of one creditor, 执行工作规定 55 is
// about enforcement. So between creditors the court takes the plan at its word, the
// earlier due day before the later, and shares among those who are due on one day
// what each is owed on it, costs and interest included, in proportion; only then
// does 561 order each creditor's own claims. A creditor with costs or with running
// interest is therefore not paid before one who has none. Instruments of one case
// are treated alike: what is due on one day is due on one day. Where an agreement
// stands in front, its days count and those of the instrument do not.
type Spreading string

// The ways. The empty one is SpreadDue.
const (
	SpreadDue        Spreading = "due"        // 先到期先受偿，同日到期的按比例
	SpreadProportion Spreading = "proportion" // 已到期的不分先后，按比例
	SpreadChosen     Spreading = "chosen"     // 承办法官指定
)

// Spreadings lists the ways in the order of screens; the first is what happens
// when nobody says anything.
var Spreadings = []Spreading{SpreadDue, SpreadProportion, SpreadChosen}

// Chinese is the way's name on screens.
func (s Spreading) Chinese() string {
	return map[Spreading]string{
		SpreadDue: "按到期先后，同日到期的各权利人按比例", SpreadProportion: "已到期的不分先后，各权利人按比例", SpreadChosen: "由承办法官指定各期金额",
	}[cmp.Or(s, SpreadDue)]
}

// Check refuses a way that is unknown, or that does not go with amounts by hand.
func (s Spreading) Check(byHand bool) error {
	var wrong Faults
	wrong.If(s != "" && !slices.Contains(Spreadings, s), "spreading", "allocation.spreading", "请选择按到期先后、按比例或者自行指定")
	wrong.If(s == SpreadChosen && !byHand, "allocations", "field.required", "选择自行指定的，请填写各期抵充的金额")
	wrong.If(s == SpreadProportion && byHand, "spreading", "allocation.spreading", "已填写各期抵充的金额，请选择自行指定；按比例分配的，不填各期金额")
	return wrong.Err()
}

// creditors names who is owed an obligation, the same for the same creditors; what
// is owed to the court has a name of its own.
func (d Debts) creditors(obligationID int64) string {
	ids := d.Obligation(obligationID).Obligees()
	slices.Sort(ids)
	return fmt.Sprint(ids)
}

// Common tells whether money of a payment is nobody's alone: what it can pay is
// owed to several creditors, each to himself.
func (d Debts) Common(p Payment, all []Installment) bool {
	of := slices.DeleteFunc(slices.Clone(p.Of(d, all)), Installment.Done)
	return len(of) > 0 && !d.oneCreditor(of)
}

// between compares two claims whoever is owed them: which comes first of different
// ones, 0 for those that are shared in proportion.
func (d Debts) between(p Payment, order Priority) func(a, b claim) int {
	return func(a, b claim) int {
		c := cmp.Or(
			cmp.Compare(order.rank(a.Installment), order.rank(b.Installment)),
			-compareBool(slices.Contains(p.Targets, a.ID), slices.Contains(p.Targets, b.ID)),
			compareBool(a.Due().IsZero(), b.Due().IsZero()),
		)
		if c != 0 {
			return c
		}
		if p.By == SpreadProportion {
			x, y := !a.Due().After(p.PaidOn), !b.Due().After(p.PaidOn)
			if x || y {
				return -compareBool(x, y)
			}
		}
		return a.Due().Compare(b.Due())
	}
}

// within compares two claims of one creditor.
// Source: 民法典 560 para. 2, 561.
func (d Debts) within(p Payment, order Priority) func(a, b claim) int {
	return func(a, b claim) int {
		return cmp.Or(
			cmp.Compare(order.rank(a.Installment), order.rank(b.Installment)),
			-compareBool(slices.Contains(p.Targets, a.ID), slices.Contains(p.Targets, b.ID)),
			compareBool(a.Due().IsZero(), b.Due().IsZero()),
			d.weigh(a.Installment, b.Installment, p.PaidOn),
			a.Due().Compare(b.Due()), a.DueOn.Compare(b.DueOn), cmp.Compare(a.rank, b.rank),
		)
	}
}

// pour spreads an amount over claims: between creditors first, then over each
// one's own. The result follows from the claims and not from their order in the
// list. paid are the claims that got something, in the order in which they are paid.
func (d Debts) pour(amount Fen, open []claim, p Payment) (paid []claim, rest Fen) {
	order := PriorityOf(d.Case.Kind, d.Obligations)
	between, within := d.between(p, order), d.within(p, order)
	var list []Installment
	for _, c := range open {
		list = append(list, c.Installment)
	}
	if d.oneCreditor(list) {
		between = within
	}
	for equals := range runs(open, between) {
		var names []string
		theirs := map[string][]claim{}
		for _, c := range equals {
			name := d.creditors(c.ObligationID)
			if theirs[name] == nil {
				names = append(names, name)
			}
			theirs[name] = append(theirs[name], c)
		}
		owed := make([]Fen, len(names))
		for n, name := range names {
			for _, c := range theirs[name] {
				owed[n] += c.open
			}
		}
		for n, part := range proportion(amount, owed) {
			amount -= part
			for own := range runs(theirs[names[n]], within) {
				parts := make([]Fen, len(own))
				for k, c := range own {
					parts[k] = c.open
				}
				for k, fen := range proportion(part, parts) {
					if part -= fen; fen > 0 {
						own[k].open = fen
						paid = append(paid, own[k])
					}
				}
			}
		}
	}
	return paid, amount
}

// runs are the claims in order, those together that compare as equal.
func runs(list []claim, compare func(a, b claim) int) func(yield func([]claim) bool) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b claim) int { return cmp.Or(compare(a, b), cmp.Compare(a.ID, b.ID)) })
	return func(yield func([]claim) bool) {
		for first := 0; first < len(list); {
			last := first + 1
			for last < len(list) && compare(list[first], list[last]) == 0 {
				last++
			}
			if !yield(list[first:last]) {
				return
			}
			first = last
		}
	}
}

// sharesOf are claims that got something, as an allocation names them.
func sharesOf(paid []claim, part Part) (out []Share) {
	for _, c := range paid {
		if c.part == part {
			out = append(out, Share{InstallmentID: c.ID, AmountFen: c.open})
		}
	}
	return out
}

// Allotted is one line of what a payment pays: what of an instalment, how much of
// it, and what is left open of that.
type Allotted struct {
	Installment
	Part      Part
	AmountFen Fen
	LeftFen   Fen
}

// Allotted says what an allocation pays and leaves, as people read it.
func (d Debts) Allotted(s Spread, all []Installment, paid Payments, set CourtSettings, on Date) (out []Allotted) {
	for _, c := range []struct {
		part   Part
		shares []Share
	}{{PartPrincipal, s.Shares}, {PartOrdinary, s.Ordinary}, {PartDoubled, s.Doubled}} {
		for _, share := range c.shares {
			i := slices.IndexFunc(all, func(i Installment) bool { return i.ID == share.InstallmentID })
			if i < 0 {
				continue
			}
			r := d.Reckon(all[i], paid, set, on)
			left := map[Part]Fen{PartPrincipal: max(0, all[i].OutstandingFen()), PartOrdinary: r.OrdinaryFen, PartDoubled: r.DoubledFen}[c.part]
			if ob := d.Obligation(all[i].ObligationID); c.part == PartPrincipal && ob.Category == CategorySurcharge {
				left = r.PrincipalFen
			}
			out = append(out, Allotted{all[i], c.part, share.AmountFen, max(0, left-share.AmountFen)})
		}
	}
	return out
}

// CreditorShare is what one creditor, or several who are owed something together,
// gets of a payment. Without parties it is the court's.
type CreditorShare struct {
	Parties   []int64
	AmountFen Fen
	LeftFen   Fen // what he is still owed afterwards, interest until the day of payment included
}

// ByCreditor says who gets how much of a payment, also of those who get nothing of
// it though they are owed something that it could pay.
func (d Debts) ByCreditor(s Spread, p Payment, all []Installment, paid Payments, set CourtSettings) (out []CreditorShare) {
	place := map[string]int{}
	for _, i := range p.Of(d, all) {
		ob := d.Obligation(i.ObligationID)
		open := d.Reckon(i, paid, set, p.PaidOn).SumFen()
		if open == 0 {
			continue
		}
		name := d.creditors(ob.ID)
		if _, known := place[name]; !known {
			place[name] = len(out)
			out = append(out, CreditorShare{Parties: ob.Obligees()})
		}
		out[place[name]].LeftFen += open
	}
	for _, share := range slices.Concat(s.Shares, s.Ordinary, s.Doubled) {
		i := slices.IndexFunc(all, func(i Installment) bool { return i.ID == share.InstallmentID })
		if i < 0 {
			continue
		}
		ob := d.Obligation(all[i].ObligationID)
		name := d.creditors(ob.ID)
		if _, known := place[name]; !known { // the judge chose somebody whom the law would not
			place[name] = len(out)
			out = append(out, CreditorShare{Parties: ob.Obligees()})
		}
		c := &out[place[name]]
		c.AmountFen += share.AmountFen
		c.LeftFen = max(0, c.LeftFen-share.AmountFen)
	}
	return out
}

// CheckSpreading asks for a reason where common money is not shared as it is when
// nobody says anything: usual is what each creditor would get then. It tells whether
// the creditors get something else.
func CheckSpreading(s Spreading, chosen, usual []CreditorShare, reason string) (deviates bool, err error) {
	for _, c := range chosen {
		n := slices.IndexFunc(usual, func(u CreditorShare) bool { return slices.Equal(u.Parties, c.Parties) })
		deviates = deviates || n < 0 && c.AmountFen != 0 || n >= 0 && usual[n].AmountFen != c.AmountFen
	}
	if deviates && strings.TrimSpace(reason) == "" {
		return true, InvalidField("order_reason", "allocation.reason",
			"各权利人分得的数额与通常的分配（"+SpreadDue.Chinese()+"）不同，请填写理由（"+s.Chinese()+"）")
	}
	return deviates, nil
}
