package model

import "slices"

// Performance is how far obligations are performed (履行状态). It is derived from
// the ledger, never typed in.
type Performance string

// The performance states. Overdue is a fact of the date, not a state.
const (
	PerformancePending   Performance = "pending"   // 待履行
	PerformancePartial   Performance = "partial"   // 部分履行
	PerformanceFulfilled Performance = "fulfilled" // 履行完毕
	PerformanceNone      Performance = "none"      // 尚无给付义务: nothing adjudged yet
)

// Chinese is the state's name on screens.
func (p Performance) Chinese() string {
	return map[Performance]string{
		PerformancePending: "待履行", PerformancePartial: "部分履行", PerformanceFulfilled: "履行完毕",
		PerformanceNone: "尚无给付义务",
	}[p]
}

// PerformanceOf derives the state of a set of instalments from themselves: whether
// interest is owed of what was paid late, it does not know. What was only forgiven
// is no part of a performance.
func PerformanceOf(all []Installment) Performance {
	if len(all) == 0 {
		return PerformanceNone
	}
	done, begun := 0, false
	for _, i := range all {
		if i.Done() {
			done++
		}
		begun = begun || i.ConfirmedFen > 0 || i.Done() && (i.AmountFen == 0 || i.ForgivenFen < i.AmountFen)
	}
	switch {
	case done == len(all):
		return PerformanceFulfilled
	case begun:
		return PerformancePartial
	default:
		return PerformancePending
	}
}

// Performance is the state of instalments where what was paid is known. Performed is
// what nothing is owed of any more, also no interest; and money that paid interest
// alone, which comes before the principal, is part of the performance as well.
func (d Debts) Performance(list []Installment, paid Payments, s CourtSettings, today Date) Performance {
	state := PerformanceOf(list)
	switch {
	case state == PerformanceFulfilled && d.ReckonAll(list, paid, s, today).DoubledFen > 0:
		return PerformancePartial
	case state == PerformancePending && slices.ContainsFunc(list, func(i Installment) bool { return len(paid.Ordinary[i.ID]) > 0 || paid.Doubled[i.ID] > 0 }):
		return PerformancePartial
	}
	return state
}

// PaidLate tells whether one of the instalments was performed after its day.
func PaidLate(list []Installment) bool {
	return slices.ContainsFunc(list, func(i Installment) bool { return i.Done() && !i.DueOn.IsZero() && i.PerformedOn.After(i.DueOn) })
}

// NextDue is the earliest day until which an open instalment is to be paid, zero when
// there is none.
func NextDue(all []Installment) Date {
	var next Date
	for _, i := range all {
		if i.Done() || i.Due().IsZero() {
			continue
		}
		if next.IsZero() || i.Due().Before(next) {
			next = i.Due()
		}
	}
	return next
}

// VoluntaryDue is NextDue of what is not being enforced: later instalments stay
// voluntary where only those that were due are.
func VoluntaryDue(all []Installment) Date {
	return NextDue(slices.DeleteFunc(slices.Clone(all), func(i Installment) bool { return !i.EnforcedOn.IsZero() }))
}

// Overdue tells whether any open instalment was due before today.
func Overdue(all []Installment, today Date) bool {
	next := NextDue(all)
	return !next.IsZero() && next.Before(today)
}

// Timeliness says when a fulfilled duty was fulfilled.
type Timeliness string

// When a duty was fulfilled.
const (
	OnTime            Timeliness = "on_time"            // 期限内
	AsAgreed          Timeliness = "as_agreed"          // by the days of an agreement after the instrument
	BeforeEnforcement Timeliness = "before_enforcement" // 逾期、执行前
	InEnforcement     Timeliness = "in_enforcement"     // 执行中: no certificate
)

// Chinese is the word printed on the certificate.
func (t Timeliness) Chinese() string {
	return map[Timeliness]string{OnTime: "履行期限内", AsAgreed: "各方达成的和解协议约定的期限内", BeforeEnforcement: "逾期后、进入执行程序前", InEnforcement: "执行程序中"}[t]
}

// TimelinessOf tells when a set of fulfilled instalments was performed, given
// the day enforcement was filed (zero when never). A payment on the filing
// day itself counts as made in enforcement.
func TimelinessOf(all []Installment, enforcementFiledOn Date) Timeliness {
	t := OnTime
	for _, i := range all {
		if !enforcementFiledOn.IsZero() && !i.PerformedOn.Before(enforcementFiledOn) {
			return InEnforcement
		}
		switch {
		case i.DueOn.IsZero() || !i.PerformedOn.After(i.DueOn):
		case !i.PlanDueOn.IsZero() && !i.PerformedOn.After(i.PlanDueOn):
			if t == OnTime {
				t = AsAgreed
			}
		default:
			t = BeforeEnforcement
		}
	}
	return t
}
