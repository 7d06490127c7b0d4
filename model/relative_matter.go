package model

// Officer is an officer as the public finds him.
type Officer struct {
	ID      int64
	Name    string
	CourtID int64
	Court   string
	Phone   string // the court's
}

// Due is what is still to be paid for a debtor in an enforcement case.
type Due struct {
	OpenFen     Fen
	InterestFen Fen // 加倍部分债务利息 up to today
	PerDayFen   Fen // by which it grows
	// OrdinaryFen is 一般债务利息 up to today, and OrdinaryPerDay by which it grows.
	OrdinaryFen    Fen
	OrdinaryPerDay Fen
	PayBy          Date
}

// DueOf adds up what an enforcement case enforces against a debtor as of a day:
// until the day that the 执行通知书 gave, otherwise the first that is due.
func (d Debts) DueOf(e EnforcementFile, partyID int64, paid Payments, s CourtSettings, today Date) (out Due) {
	list := d.EnforcedOf(e, partyID)
	if out.PayBy = e.PerformBy; out.PayBy.IsZero() {
		out.PayBy = NextDue(list)
	}
	r := d.ReckonAll(list, paid, s, today)
	out.OpenFen, out.InterestFen, out.PerDayFen = r.PrincipalFen, r.DoubledFen, r.PerDayFen
	out.OrdinaryFen, out.OrdinaryPerDay = r.OrdinaryFen, r.OrdinaryPerDay
	return out
}

// RelativeStep is one step of what a relative follows.
type RelativeStep struct {
	Code string
	Name string
	Done bool
}

// RelativeSteps says how far things are, without details: he paid, the court
// confirmed it, everything is performed (or forgiven, which is said), the measures are
// lifted. Of a measure
// of which the debtor may not know it says nothing.
func RelativeSteps(receipts []Receipt, performed bool, forgiven Fen, measures []Measure) []RelativeStep {
	var paid, confirmed, taken, stands bool
	for _, r := range receipts {
		paid = paid || r.State != ReceiptWithdrawn
		confirmed = confirmed || r.ConfirmedFen > 0
	}
	for _, m := range measures {
		if m.ForSubject() && m.Kind != MeasureFine {
			taken, stands = true, stands || m.State.Stands()
		}
	}
	all := "义务已全部履行"
	if forgiven > 0 {
		all = "义务已全部履行或者经权利人免除"
	}
	return []RelativeStep{
		{"paid", "已提交缴款凭证", paid},
		{"confirmed", "法院已确认", confirmed},
		{"performed", all, performed},
		{"released", "有关措施已解除", (taken || performed) && !stands},
	}
}
