package model

import (
	"slices"
	"strings"
)

// PaymentsOf are what entries paid of each instalment, and when. An entry and
// the one that takes it back cancel each other out.
func PaymentsOf(entries []Confirmation, allocations []Allocation) Payments {
	on := map[int64]Date{}
	for _, e := range entries {
		on[e.ID] = e.PaidOn
	}
	type key struct {
		installment int64
		part        Part
		on          Date
	}
	sums := map[key]Fen{}
	var order []key
	for _, a := range allocations {
		k := key{a.InstallmentID, a.Part, on[a.ConfirmationID]}
		if _, known := sums[k]; !known {
			order = append(order, k)
		}
		sums[k] += a.AmountFen
	}
	out := Payments{Principal: map[int64][]PaidPart{}, Ordinary: map[int64][]PaidPart{}, Doubled: map[int64]Fen{}}
	for _, k := range order {
		switch {
		case sums[k] <= 0:
		case k.part == PartDoubled:
			out.Doubled[k.installment] += sums[k]
		case k.part == PartOrdinary:
			out.Ordinary[k.installment] = append(out.Ordinary[k.installment], PaidPart{k.on, sums[k]})
		default:
			out.Principal[k.installment] = append(out.Principal[k.installment], PaidPart{k.on, sums[k]})
		}
	}
	return out
}

// item states one instalment as of today.
func (d Debts) item(i Installment, other string, paid Payments, s CourtSettings, today Date) DocumentItem {
	ob := d.Obligation(i.ObligationID)
	it := DocumentItem{What: ob.Description, Other: other, DueOn: i.DueOn, DueReason: i.DueReason, OwedFen: i.AmountFen, PaidFen: i.ConfirmedFen, ForgivenFen: i.ForgivenFen}
	if ob.Foreign != nil {
		it.What = strings.TrimPrefix(it.What+"，"+ob.Foreign.Words(), "，")
	}
	if ob.Kind == ObligationMoney {
		if it.What == "" && ob.Category != CategoryNone {
			it.What = ob.Category.Chinese()
		} else if it.What == "" {
			it.What = "金钱给付"
		}
		r := d.Reckon(i, paid, s, today)
		it.OrdinaryFen, it.OrdinaryPerDay, it.Terms, it.Reasons = r.OrdinaryFen, r.OrdinaryPerDay, ob.Interest.Chinese(), r.Reasons()
		it.InterestFen, it.PerDayFen, it.Bears = r.DoubledFen, r.PerDayFen, d.BearsDoubled(ob, paid, s)
	}
	if i.Planned() {
		it.DueOn, it.DueReason = i.Due(), "依各方达成的和解协议；法律文书确定的期限为"+i.DueOn.Chinese()
	}
	if !i.Due().IsZero() {
		it.Days = max(0, today.Sub(i.Due()))
	}
	return it
}

func (d Debts) names(parties []int64) string {
	s := ""
	for _, p := range parties {
		if s != "" {
			s += "、"
		}
		s += d.Party(p).Name
	}
	return s
}

func (f *DocumentFacts) add(it DocumentItem) {
	f.Items = append(f.Items, it)
	f.OpenFen += it.OpenFen()
	f.OrdinaryFen += it.OrdinaryFen
	f.OrdinaryPerDay += it.OrdinaryPerDay
	f.InterestFen += it.InterestFen
	f.PerDayFen += it.PerDayFen
}

// caseFacts is what every paper of a case says.
func (d Debts) caseFacts(kind DocumentKind, court Court, judge string, partyID int64, number string, today Date) DocumentFacts {
	p := d.Party(partyID)
	return DocumentFacts{
		Kind: kind, Number: number, CourtName: court.Name, CourtPhone: court.Phone, CourtAddress: court.Address, Account: court.Account, Judge: judge,
		Addressee: p.Name, Position: p.Role.Chinese(), CaseNo: d.Case.CaseNo, Cause: d.Case.Cause, IssuedOn: today,
	}
}

// CaseFacts is what every paper of a case says, for papers that say no more of
// it.
func CaseFacts(kind DocumentKind, court Court, cs Case, p Party, judge, number string, today Date) DocumentFacts {
	f := Debts{Case: cs, Parties: []Party{p}}.caseFacts(kind, court, judge, p.ID, number, today)
	if kind == DocumentPerformanceNotice {
		f.Opening, f.Points = filingOpening(cs), FilingPoints(court, cs, p.Role)
	}
	return f
}

// ReminderFacts states, item by item, what a debtor has not performed though it
// is due: owed, paid, open, interest to date and a day, and what enforcement
// would add (the 催告书). It has no items when nothing is overdue.
func (d Debts) ReminderFacts(court Court, judge string, partyID int64, second bool, number string, paid Payments, today Date) DocumentFacts {
	f := d.caseFacts(DocumentReminder, court, judge, partyID, number, today)
	f.Second = second
	var listed []Installment
	for _, i := range d.Installments {
		ob := d.Obligation(i.ObligationID)
		if i.Done() || i.Due().IsZero() || !today.After(i.Due()) || !d.urged(i) || !d.Owes(partyID, i.ObligationID) {
			continue
		}
		to := court.Name
		if ob.ObligeeID != 0 {
			to = d.names(ob.Obligees())
		}
		in := d.Instrument(ob.InstrumentID)
		f.under(in)
		listed = append(listed, i)
		f.add(d.item(i, to, paid, court.Settings, today))
	}
	f.FeeFen, f.Regimes = d.feeOf(listed), d.regimesOf(listed)
	f.Points = append(d.demandPoints(court, f, listed), d.changePoints(partyID, listed)...)
	return f
}

// CreditorSheetFacts states what an obligee is owed under an instrument, and
// until when he may apply for enforcement (权利人须知).
func (d Debts) CreditorSheetFacts(court Court, judge string, partyID, instrumentID int64, number string, paid Payments, periods ApplicationPeriods, today Date) DocumentFacts {
	f := d.caseFacts(DocumentCreditorSheet, court, judge, partyID, number, today)
	in := d.Instrument(instrumentID)
	f.under(in)
	open := d.OpenOwedTo(partyID, instrumentID)
	for _, i := range open {
		var by []int64
		for _, o := range d.Obligors {
			if o.ObligationID == i.ObligationID {
				by = append(by, o.PartyID)
			}
		}
		f.add(d.item(i, d.names(by), paid, court.Settings, today))
	}
	f.Regimes = d.regimesOf(open)
	own := periods.For(d, partyID, instrumentID)
	f.EnforceBy = own.First()
	f.Points = append(slices.Insert(creditorPoints(in.Kind, f.Regimes, own.Words(d)), 0, f.ordinaryPoints()...), d.changePoints(partyID, open)...)
	return f
}
