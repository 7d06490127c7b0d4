package model

import "fmt"

// datedTerm is a term that the law gives, from a day on.
type datedTerm struct {
	from         Date
	months, days int
	workingDays  int
	rules        []Citation
}

// on is the term that applies on a day: the newest that began by then.
func termFor(list []datedTerm, day Date) datedTerm {
	out := list[0]
	for _, t := range list {
		if !day.Before(t.from) {
			out = t
		}
	}
	return out
}

// period counts a term. Terms of up to ten days in 行政强制法 are working days
// (art. 69); others are counted as 民事诉讼法 85 and 行诉解释 48 say.
func (t datedTerm) period(c *Calendar, start Date, event string) Period {
	switch {
	case t.workingDays > 0:
		return c.WorkdaysPeriod(start, t.workingDays, event)
	case t.months > 0:
		return c.MonthsPeriod(start, t.months, event)
	default:
		return c.DaysPeriod(start, t.days, event)
	}
}

var (
	suingTerms = []datedTerm{
		{from: Date{1990, 10, 1}, months: 3, rules: []Citation{CiteSuingDirect}},
		{from: Date{2015, 5, 1}, months: 6, rules: []Citation{CiteSuingDirect}},
	}
	uninformedTerms = []datedTerm{
		{from: Date{2000, 3, 10}, months: 24, rules: []Citation{CiteSuingUntold}},
		{from: Date{2018, 2, 8}, months: 12, rules: []Citation{CiteSuingUntold}},
	}
	reconsideredTerms = []datedTerm{{from: Date{1990, 10, 1}, days: 15, rules: []Citation{CiteSuingReviewed}}}
	applicationTerms  = []datedTerm{
		{from: Date{2000, 3, 10}, days: 180, rules: []Citation{CiteAgencyMonths}},
		{from: Date{2012, 1, 1}, months: 3, rules: []Citation{CiteAgencyApplies, CiteAgencyMonths}},
	}
	agencyDemandTerms = []datedTerm{{from: Date{2012, 1, 1}, workingDays: 10, rules: []Citation{CiteAgencyDemand, CiteWorkingDays}}}
	acceptanceTerms   = []datedTerm{{from: Date{2012, 1, 1}, workingDays: 5, rules: []Citation{CiteAgencyAccepted, CiteWorkingDays}}}
	rulingTerms       = []datedTerm{{from: Date{2012, 1, 1}, workingDays: 7, rules: []Citation{CiteAgencyRuling, CiteWorkingDays}}}
	doubtfulTerms     = []datedTerm{{from: Date{2012, 1, 1}, days: 30, rules: []Citation{CiteAgencyDoubtful}}}
)

// deferralRule moves the beginning of the application period to the end of a
// delay or of instalments that the agency granted.
var deferralRule = datedTerm{from: Date{2021, 7, 15}, rules: []Citation{CiteFineDeferred}}

// RuledPeriod is a period with the rule that it comes from.
type RuledPeriod struct {
	Period
	Citation string
}

func ruled(t datedTerm, c *Calendar, start Date, event string) RuledPeriod {
	return RuledPeriod{t.period(c, start, event), CitesOn(start, t.rules...)}
}

// SuingPeriod is the period in which the person concerned could sue.
// Source: 行政诉讼法 45–46; 行诉解释 64.
func (d AdministrativeDecision) SuingPeriod(c *Calendar) RuledPeriod {
	switch d.Basis {
	case SuingReconsidered:
		return ruled(termFor(reconsideredTerms, d.ReconsideredOn), c, d.ReconsideredOn, "复议决定送达")
	case SuingUninformed:
		p := ruled(termFor(uninformedTerms, d.ServedOn), c, d.ServedOn, "知道行政决定内容")
		p.Reason += "（未告知起诉期限，按最长期限计算）"
		return p
	case SuingSpecial:
		p := ruled(datedTerm{months: d.SpecialMonths, days: d.SpecialDays}, c, d.ServedOn, "行政决定送达")
		p.Citation = d.SpecialLaw // another law, as the agency named it
		return p
	default:
		return ruled(termFor(suingTerms, d.ServedOn), c, d.ServedOn, "行政决定送达")
	}
}

// ApplicationPeriod is the period in which the agency may apply to the court:
// three months from the end of the period for suing, or from the end of a delay
// that it granted where that is later.
// Source: 行政强制法 53; 行诉解释 156; 行政处罚法 72 (2).
func (d AdministrativeDecision) ApplicationPeriod(c *Calendar) RuledPeriod {
	start, event := d.SuingPeriod(c).Last, "起诉期限届满"
	citation := ""
	if d.DeferredUntil.After(start) && !d.DeferredUntil.Before(deferralRule.from) {
		start, event, citation = d.DeferredUntil, "暂缓或者分期缴纳期限结束", "；"+CitesOn(d.DeferredUntil, deferralRule.rules...)
	}
	p := ruled(termFor(applicationTerms, start), c, start, event)
	p.Citation += citation
	return p
}

// AgencyDemandPeriod is the time that the agency's statutory demand leaves: only
// when it is over may the agency apply. Source: 行政强制法 54, 69.
func (d AdministrativeDecision) AgencyDemandPeriod(c *Calendar) RuledPeriod {
	return ruled(termFor(agencyDemandTerms, d.AgencyDemandOn), c, d.AgencyDemandOn, "行政机关催告书送达")
}

// AcceptancePeriod is the court's time to accept. Source: 行政强制法 56, 69.
func (d AdministrativeDecision) AcceptancePeriod(c *Calendar) RuledPeriod {
	return ruled(termFor(acceptanceTerms, d.AppliedOn), c, d.AppliedOn, "收到申请")
}

// RulingPeriod is the court's time to rule: seven working days, or thirty days
// where the decision is doubtful. Source: 行政强制法 57, 58, 69.
func (d AdministrativeDecision) RulingPeriod(c *Calendar) RuledPeriod {
	if d.Doubtful {
		return ruled(termFor(doubtfulTerms, d.AcceptedOn), c, d.AcceptedOn, "受理")
	}
	return ruled(termFor(rulingTerms, d.AcceptedOn), c, d.AcceptedOn, "受理")
}

// FindingState is how a requirement stands.
type FindingState string

// The states of a finding.
const (
	FindingMet     FindingState = "met"     // 符合
	FindingUnmet   FindingState = "unmet"   // 不符合
	FindingRunning FindingState = "running" // 期限未届满
	FindingUnknown FindingState = "unknown" // 缺少日期
)

// Chinese is the state's name on screens.
func (s FindingState) Chinese() string {
	return map[FindingState]string{FindingMet: "符合", FindingUnmet: "不符合", FindingRunning: "期限内", FindingUnknown: "待补日期"}[s]
}

// Finding is one thing that the court checks of an application, with the
// reasoning in words and the rule.
type Finding struct {
	Key      string
	What     string
	State    FindingState
	Text     string
	Citation string
	DueOn    Date
}

// Findings checks an application of an agency. It decides nothing: a late one
// may have its good reason (行诉解释 156).
func (d AdministrativeDecision) Findings(c *Calendar, today Date) []Finding {
	suing := d.SuingPeriod(c)
	until := d.AppliedOn // on what day the application is looked at
	if until.IsZero() {
		until = today
	}
	out := []Finding{{
		Key: "suing", What: "被执行人的起诉期限已经届满", State: stateIf(until.After(suing.Last)), Text: suing.Reason, Citation: suing.Citation, DueOn: suing.Last,
	}}
	if d.AppliedOn.IsZero() && !today.After(suing.Last) {
		out[0].State = FindingRunning
	}
	demand := Finding{Key: "agency_demand", What: "行政机关已书面催告，且催告书送达十日后仍未履行", State: FindingUnknown, Citation: Cites(agencyDemandTerms[0].rules...), Text: "请填写行政机关催告书的送达日期（不是本院的自动履行催告书）"}
	if !d.AgencyDemandOn.IsZero() {
		p := d.AgencyDemandPeriod(c)
		demand.State, demand.Text, demand.DueOn = stateIf(until.After(p.Last)), p.Reason, p.Last
		if d.AppliedOn.IsZero() && !today.After(p.Last) {
			demand.State = FindingRunning
		}
	}
	apply := d.ApplicationPeriod(c)
	in := Finding{Key: "application", What: "在申请期限内提出", State: stateIf(!until.After(apply.Last)), Text: apply.Reason, Citation: apply.Citation, DueOn: apply.Last}
	switch {
	case d.AppliedOn.IsZero() && in.State == FindingMet:
		in.State = FindingRunning
	case in.State == FindingUnmet && d.LateGround != "":
		in.Text += "；逾期申请的正当理由：" + d.LateGround + "（是否成立由承办法官审查）"
	case in.State == FindingUnmet:
		in.Text += "；逾期申请，除有正当理由外不予受理"
	}
	out = append(out, demand, in)
	if !d.AppliedOn.IsZero() {
		out = append(out, courtClock("acceptance", "五日内受理", d.AcceptancePeriod(c), d.AcceptedOn, today))
	}
	if !d.AcceptedOn.IsZero() {
		what := "七日内作出裁定"
		if d.Doubtful {
			what = "听取意见的，三十日内作出裁定"
		}
		out = append(out, courtClock("ruling", what, d.RulingPeriod(c), d.RuledOn, today))
	}
	return append(out, d.surcharge(until)...)
}

// stateIf is met, or not.
func stateIf(met bool) FindingState {
	if met {
		return FindingMet
	}
	return FindingUnmet
}

// courtClock is a finding about the court's own time.
func courtClock(key, what string, p RuledPeriod, done, today Date) Finding {
	f := Finding{Key: key, What: what, Text: p.Reason, Citation: p.Citation, DueOn: p.Last}
	switch {
	case !done.IsZero():
		f.State = stateIf(!done.After(p.Last))
		f.Text += "；实际为" + done.Chinese()
	case today.After(p.Last):
		f.State = FindingUnmet
		f.Text += fmt.Sprintf("；已超过 %d 天", today.Sub(p.Last))
	default:
		f.State = FindingRunning
	}
	return f
}

// surcharge compares what the agency asks for with what can have accrued.
func (d AdministrativeDecision) surcharge(until Date) []Finding {
	if d.SurchargeFen == 0 || d.PayBy.IsZero() {
		return nil
	}
	l := d.LateFine(until)
	f := Finding{
		Key: "surcharge", What: "请求的加处罚款不超过依法计算的数额", State: stateIf(d.SurchargeFen <= l.AmountFen), Citation: l.Citation,
		Text: l.Reason + "；请求 " + d.SurchargeFen.Yuan() + " 元",
	}
	return []Finding{f}
}
