package model

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DuesEvery is how often dues come.
type DuesEvery string

// The rhythms.
const (
	DuesMonthly   DuesEvery = "month"   // 每月
	DuesQuarterly DuesEvery = "quarter" // 每季度
	DuesYearly    DuesEvery = "year"    // 每年
)

// Chinese is the rhythm in words.
func (e DuesEvery) Chinese() string {
	return map[DuesEvery]string{DuesMonthly: "每月", DuesQuarterly: "每季度", DuesYearly: "每年"}[e]
}

func (e DuesEvery) months() int {
	return map[DuesEvery]int{DuesMonthly: 1, DuesQuarterly: 3, DuesYearly: 12}[e]
}

// DuesRule is the rule of a duty that comes again and again (抚养费、赡养费、租金):
// its instalments are made as they come.
type DuesRule struct {
	AmountFen Fen       `json:"amount_fen"` // each
	Every     DuesEvery `json:"every"`
	Day       int       `json:"day"`      // of the month, 1 to 31; the last one of a shorter month
	FirstOn   Date      `json:"first_on"` // the first due day
	// UntilOn is the last day on which one can fall due, zero where the instrument
	// names none; UntilEvent is what it names instead, in words.
	UntilOn    Date   `json:"until_on,omitzero"`
	UntilEvent string `json:"until_event,omitempty"`
}

// duesAhead is how many days ahead instalments are made: enough for the schedule
// of reminders and for whoever pays a quarter at once.
const duesAhead = 92

// duesMax bounds the instalments of one duty: fifty years of months.
const duesMax = 600

// Check refuses a rule that cannot be.
func (r *DuesRule) Check() error {
	if r == nil {
		return nil
	}
	r.UntilEvent = strings.TrimSpace(r.UntilEvent)
	wrong := func(text string) error { return InvalidField("recurs", "dues.rule", text) }
	switch {
	case r.Every.months() == 0:
		return wrong("按期给付的周期应为每月、每季度或者每年")
	case r.AmountFen <= 0 || r.AmountFen > MaxFen:
		return wrong("请填写每期的金额")
	case r.Day < 1 || r.Day > 31 || r.FirstOn.IsZero() || r.dueOn(0) != r.FirstOn:
		return wrong("首期日期与每期的日子不符，例如每月 1 日的，首期应为某月 1 日；当月没有该日的为月末")
	case r.FirstOn.Before(NewDate(1990, time.January, 1)):
		return wrong("首期日期过早，请核对")
	case !r.UntilOn.IsZero() && r.UntilOn.Before(r.FirstOn):
		return wrong("终止日期不能早于首期日期")
	case !r.UntilOn.IsZero() && r.UntilEvent != "":
		return wrong("终止日期和终止的事由只填写一项")
	case utf8.RuneCountInString(r.UntilEvent) > 60:
		return wrong("终止的事由不能超过 60 字")
	}
	return nil
}

// dueOn is the due day of the nth instalment, from 0. A fixed day that is a rest
// day stays, as for other dues that an instrument fixes.
func (r DuesRule) dueOn(n int) Date {
	first, _ := NewDate(r.FirstOn.Year, r.FirstOn.Month, 1).MonthOf()
	month := NewDate(first.Year, first.Month+time.Month(n*r.Every.months()), 1)
	_, last := month.MonthOf()
	return NewDate(month.Year, month.Month, min(r.Day, last.Day))
}

// lastDue is the last due day by the rule itself, zero where it names none.
func (r DuesRule) lastDue() (last Date) {
	if r.UntilOn.IsZero() {
		return Date{}
	}
	for n := range duesMax {
		if due := r.dueOn(n); !due.After(r.UntilOn) {
			last = due
		}
	}
	return last
}

// Chinese is the rule in words: 每月1日给付 1,500.00 元，自2026年3月1日起.
func (r *DuesRule) Chinese() string {
	if r == nil {
		return ""
	}
	s := fmt.Sprintf("%s%d日给付 %s 元，自%s起", r.when(), r.Day, r.AmountFen.Yuan(), r.FirstOn.Chinese())
	switch {
	case !r.UntilOn.IsZero():
		s += "，至" + r.UntilOn.Chinese() + "止"
	case r.UntilEvent != "":
		s += "，至" + r.UntilEvent + "止"
	}
	return s
}

func (r DuesRule) when() string {
	if r.Every == DuesYearly {
		return fmt.Sprintf("每年%d月", int(r.FirstOn.Month))
	}
	return r.Every.Chinese()
}

// DuesExample is how a rule is typed.
const DuesExample = "每月1日1500元，自2026-03-01起，至年满十八周岁止"

var typedDues = regexp.MustCompile(`^每(月|季度|年)(\d{1,2})日([0-9.,]+)元?，自(\d{4}-\d{2}-\d{2})起(?:，至(.+?)止?)?$`)

// ParseDues reads a rule as people type it, nil for nothing.
func ParseDues(typed string) (*DuesRule, error) {
	s := strings.NewReplacer(" ", "", ",", "，", "。", "").Replace(Fold(strings.TrimSpace(typed)))
	if s == "" {
		return nil, nil
	}
	m := typedDues.FindStringSubmatch(s)
	if m == nil {
		return nil, InvalidField("recurs", "dues.rule", "看不懂“"+typed+"”，请按这样填写："+DuesExample)
	}
	r := &DuesRule{Every: map[string]DuesEvery{"月": DuesMonthly, "季度": DuesQuarterly, "年": DuesYearly}[m[1]]}
	r.Day, _ = strconv.Atoi(m[2]) // two digits
	var err error
	if r.AmountFen, err = ParseYuan(m[3]); err != nil {
		return nil, InvalidField("recurs", "dues.rule", "每期的金额不正确："+m[3])
	}
	if r.FirstOn, err = ParseDate(m[4]); err != nil {
		return nil, InvalidField("recurs", "dues.rule", "首期日期不正确："+m[4])
	}
	if on, err := ParseDate(m[5]); err == nil {
		r.UntilOn = on
	} else {
		r.UntilEvent = m[5]
	}
	return r, r.Check()
}

// Text is the rule as ParseDues reads it.
func (r *DuesRule) Text() string {
	if r == nil {
		return ""
	}
	s := fmt.Sprintf("%s%d日%s元，自%s起", r.Every.Chinese(), r.Day, strings.ReplaceAll(r.AmountFen.Yuan(), ",", ""), r.FirstOn)
	switch {
	case !r.UntilOn.IsZero():
		s += "，至" + r.UntilOn.String() + "止"
	case r.UntilEvent != "":
		s += "，至" + r.UntilEvent + "止"
	}
	return s
}

// dues are the entries that change the rule of an obligation, the latest day
// first.
func (o Obligation) dues(entries []DebtEntry) (out []DebtEntry) {
	for _, e := range StandingDebtEntries(entries) {
		if e.ObligationID == o.ID && (e.Kind == DebtDuesAmount || e.Kind == DebtDuesEnd) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b DebtEntry) int { return b.FromOn.Compare(a.FromOn) })
	return out
}

// DuesAmount is what an instalment that falls due on a day amounts to: by the
// rule, or by the latest change that holds from that day or before.
func (o Obligation) DuesAmount(entries []DebtEntry, due Date) Fen {
	amount := o.Recurs.AmountFen
	var from Date
	for _, e := range o.dues(entries) {
		if e.Kind == DebtDuesAmount && !e.FromOn.After(due) && !e.FromOn.Before(from) { // of one day, what was entered later
			amount, from = e.AmountFen, e.FromOn
		}
	}
	return amount
}

// DuesLast is the last day on which an instalment can fall due, by the rule and by
// the entries that ended it; zero while there is none.
func (o Obligation) DuesLast(entries []DebtEntry) Date {
	last := o.Recurs.UntilOn
	for _, e := range o.dues(entries) {
		if e.Kind == DebtDuesEnd && (last.IsZero() || e.UntilOn.Before(last)) {
			last = e.UntilOn
		}
	}
	return last
}

// DuesRun tells whether instalments of the obligation fall due after a day.
func (o Obligation) DuesRun(entries []DebtEntry, today Date) bool {
	if o.Recurs == nil {
		return false
	}
	last := o.DuesLast(entries)
	if last.IsZero() {
		return true
	}
	for n := range duesMax {
		if due := o.Recurs.dueOn(n); due.After(last) {
			return false
		} else if due.After(today) {
			return true
		}
	}
	return false
}

// DuesWords are the rule as it holds on a day, with its changes and its end.
func (o Obligation) DuesWords(entries []DebtEntry, today Date) string {
	if o.Recurs == nil {
		return ""
	}
	s := o.Recurs.Chinese()
	list := o.dues(entries)
	for n := len(list) - 1; n >= 0; n-- {
		if list[n].Kind == DebtDuesAmount {
			s += "；自" + list[n].FromOn.Chinese() + "起到期的，每期 " + list[n].AmountFen.Yuan() + " 元"
		}
	}
	for _, e := range list {
		if e.Kind == DebtDuesEnd {
			s += "；" + e.UntilOn.Chinese() + "之后不再给付"
		}
	}
	return s
}

// DuesPlan is which instalments of a duty there are to be by a day: what is to be
// made, what changed, and from which day on more are to be made.
type DuesPlan struct {
	Made     []Installment
	Changed  []Installment
	SumFen   Fen  // of all that are not lapsed
	ExtendOn Date // zero where no more will come
}

// PlanDues says which instalments there are to be by a day: those that fall due
// within the next months and always one that is still open, so that a duty without
// an end is never performed for good. have are all that were made, also lapsed ones.
// What was paid or forgiven stays; an instalment after the end lapses and comes back when the
// end is taken back. Planning again changes nothing.
func (o Obligation) PlanDues(have []Installment, entries []DebtEntry, c *Calendar, today Date) (p DuesPlan) {
	last, open := o.DuesLast(entries), false
	for n := range duesMax {
		due := o.Recurs.dueOn(n)
		i := slices.IndexFunc(have, func(i Installment) bool { return i.Seq == n+1 })
		over := !last.IsZero() && due.After(last)
		if i < 0 && (over || open && due.After(today.AddDays(duesAhead))) {
			if !over {
				p.ExtendOn = due.AddDays(-duesAhead)
			}
			break
		}
		amount := o.DuesAmount(entries, due)
		if i < 0 {
			one := Installment{CourtID: o.CourtID, CaseID: o.CaseID, ObligationID: o.ID, Seq: n + 1, AmountFen: amount, DueOn: due, DueReason: c.FixedDay(due)}
			p.Made, p.SumFen = append(p.Made, one), p.SumFen+amount
			open = open || due.After(today)
			continue
		}
		was, now := have[i], have[i]
		ended := was.ConfirmedFen + was.ForgivenFen
		switch {
		case over && ended == 0:
			now.LapsedOn = last
		case over && !was.Done(): // what was paid or forgiven of it stays, the rest is not owed
			now.AmountFen, now.PerformedOn = ended, today
		case over:
		case was.Done() && amount <= ended && was.LapsedOn.IsZero():
			now.AmountFen = ended
		default:
			now.AmountFen, now.LapsedOn = amount, Date{}
			if amount > ended {
				now.PerformedOn = Date{}
			}
		}
		if now != was {
			p.Changed = append(p.Changed, now)
		}
		if now.LapsedOn.IsZero() {
			p.SumFen += now.AmountFen
			open = open || !now.Done() && due.After(today)
		}
	}
	return p
}

// DuesNow are the instalments of duties of which a paper says how far they are
// performed by a day: of those that go on only what is due, or paid already.
func (d Debts) DuesNow(list []Installment, entries []DebtEntry, today Date) (out []Installment, continues []string) {
	seen := map[int64]bool{}
	for _, i := range list {
		ob := d.Obligation(i.ObligationID)
		if !ob.DuesRun(entries, today) {
			out = append(out, i)
			continue
		}
		if !i.DueOn.After(today) || i.Done() {
			out = append(out, i)
		}
		if !seen[ob.ID] {
			seen[ob.ID] = true
			continues = append(continues, ob.DuesWords(entries, today))
		}
	}
	return out, continues
}

// PerformanceWords are how far duties are performed, as screens say it: a duty
// that goes on and of which everything that is due is paid is performed to date.
func (d Debts) PerformanceWords(state Performance, list []Installment, entries []DebtEntry, today Date) string {
	due, continues := d.DuesNow(list, entries, today)
	if len(continues) > 0 && PerformanceOf(due) == PerformanceFulfilled {
		return "截至今日已履行"
	}
	return state.Chinese()
}
