package model

import (
	"fmt"
	"strings"
)

// Window is between which two days a day lies that a person enters: not before an
// event, not after another one, each with the words that say why.
type Window struct {
	From, To     Date // zero: no bound
	Since, Until string
}

// Past is the window of what happened: an act, a service, a filing, a duty done. It
// cannot precede the event from which on it can happen (zero: the record does not say),
// and it does not lie ahead.
func Past(event string, on, today Date) Window {
	return Window{From: on, Since: event, To: today, Until: "今天"}
}

// Lasting is the window of a day on which something ends or is due: after an event, and
// not later than a ceiling. Without the event nothing is bound.
func Lasting(event string, on Date, c Ceiling) Window {
	if on.IsZero() { // the rule about its beginning tells that it is missing
		return Window{}
	}
	return Window{From: on, Since: event, To: c.From(on), Until: c.words()}
}

// Check refuses a day outside of the window: an Invalid error of the reason and the
// field, which says between which days the day lies and why. The zero Date passes: what
// is required, the rule about it asks for.
func (w Window) Check(field, reason string, d Date) error {
	if d.IsZero() || (w.From.IsZero() || !d.Before(w.From)) && (w.To.IsZero() || !d.After(w.To)) {
		return nil
	}
	return InvalidField(field, reason, "日期应"+w.String()+"，请核对")
}

// String says the window: 在 2026年1月5日（执行立案）与 2026年3月2日（今天）之间.
func (w Window) String() string {
	from, to := w.From.Chinese()+"（"+w.Since+"）", w.To.Chinese()+"（"+w.Until+"）"
	switch {
	case w.From.IsZero():
		return "不晚于" + to
	case w.To.IsZero():
		return "不早于" + from
	}
	return "在" + from + "与" + to + "之间"
}

// Ceiling is the longest that a term can be where no law names one: months from its
// beginning. Whoever needs more decides again, so that nothing stands for ever because of
// a slip of the pen.
type Ceiling struct {
	Months int
	What   string
}

// From is the last day of a term that begins on a day.
func (c Ceiling) From(d Date) Date { return d.AddMonths(c.Months) }

func (c Ceiling) words() string {
	long := fmt.Sprintf("%d 个月", c.Months)
	if c.Months%12 == 0 {
		long = fmt.Sprintf("%d 年", c.Months/12)
	}
	return c.What + "最长 " + long
}

// The ceilings. No law was found that ends 网上布控, 限制消费 or 限制出境 by a day: they end
// with their ground. A day of their own is the court's, and is looked at again after
// three years at the latest.
var (
	CeilingMeasure    = Ceiling{Months: 36, What: "措施的期限"}
	CeilingFine       = Ceiling{Months: 12, What: "罚款的缴纳期限"}
	CeilingSpending   = Ceiling{Months: 12, What: "一次准许消费的期间"}
	CeilingPromise    = Ceiling{Months: 60, What: "承诺的履行期限"}
	CeilingSettlement = Ceiling{Months: 360, What: "和解协议的履行期限"}
	CeilingPlan       = Ceiling{Months: 360, What: "履行计划的期限"}
	CeilingDebt       = Ceiling{Months: 120, What: "登记的期间"}
	CeilingRepair     = Ceiling{Months: 24, What: "信用修复的期间"}
	CeilingAgencyPay  = Ceiling{Months: 60, What: "暂缓、分期缴纳的期限"}
	CeilingLiaison    = Ceiling{Months: 60, What: "联络员的任期"}
	CeilingContact    = Ceiling{Months: 120, What: "联系人的任期"}
	CeilingAbsence    = Ceiling{Months: 12, What: "离岗代理可以提前登记，"}
)

// DayRule declares what a day that comes in under a name means.
type DayRule struct {
	Meaning DayMeaning
	// Since is the event that it cannot precede, in words; what only narrows a list
	// precedes nothing and says so.
	Since string
	// Ahead says how far it may lie in the future, "" when it may not.
	Ahead string
}

// DayRuleOf is what is declared of the day in a field, by the last name in its path; ok
// is false for one that is not known to hold a day.
func DayRuleOf(field string) (r DayRule, ok bool) {
	field = strings.TrimSuffix(field[strings.LastIndexByte(field, '.')+1:], "[]")
	if i := strings.IndexByte(field, '['); i >= 0 {
		field = field[:i]
	}
	r, ok = dayRules[strings.ToLower(field)]
	return r, ok
}

// dayRules declare every day that comes in, by the name under which it does in the API, on
// the desk and from other systems: what it is the day of, which event it cannot precede
// and how far it may lie ahead. Tests find names that are missing, and that each rule
// about them holds it.
var dayRules = map[string]DayRule{
	"filed_on":         {DayOfLaw, "立案：起诉或者申请之前没有；执行立案不早于执行依据作出之日", ""},
	"made_on":          {DayOfLaw, "文书、决定作出", ""},
	"effective_on":     {DayOfLaw, "文书作出之日", "尚未生效的，不超过一年"},
	"served_on":        {DayOfLaw, "所送达的文书、决定作出之日", ""},
	"reconsidered_on":  {DayOfLaw, "行政决定送达之日", ""},
	"agency_demand_on": {DayOfLaw, "行政决定送达之日", ""},
	"applied_on":       {DayOfLaw, "执行立案之日，或者行政决定送达之日", ""},
	"accepted_on":      {DayOfLaw, "法院收到申请之日", ""},
	"ruled_on":         {DayOfLaw, "受理之日", ""},
	"agreed_on":        {DayOfLaw, "行政决定送达之日", ""},
	"decided_on":       {DayOfLaw, "收到申请之日", ""},
	"published_on":     {DayOfLaw, "公布", ""},
	"instrument_on":    {DayOfLaw, "文书作出", ""},

	"paid_on":           {DayOfAct, "付款", ""},
	"performed_on":      {DayOfAct, "义务履行", ""},
	"received_on":       {DayOfAct, "案件立案之日", ""},
	"sent_on":           {DayOfAct, "文书制作之日", ""},
	"answered_on":       {DayOfAct, "发出查询之日", ""},
	"done_on":           {DayOfAct, "任务产生", ""},
	"signed_on":         {DayOfAct, "执行和解为执行立案之日，履行计划为法律文书作出之日", ""},
	"creditor_asked_on": {DayOfAct, "执行立案之日", ""},
	"act_on":            {DayOfAct, "法定事由所要求的事件（法律文书生效、执行通知届满、限制消费令）", ""},
	"closed_on":         {DayOfAct, "执行立案之日", ""},
	"on":                {DayOfAct, "所送达的决定作出之日", ""},
	"happened_at":       {DayOfAct, "联系", ""},
	"happened_on":       {DayOfAct, "事由发生", ""},
	"ended_on":          {DayOfAct, "障碍发生之日", ""},
	"from_on":           {DayOfAct, "起算的事件；离岗、任期从登记前后一年内开始", "离岗、任期、消费可以提前登记"},
	"at":                {DayOfAct, "执行措施的决定作出之时；回电为现在", "回电为可预约的期间"},
	"on_day":            {DayOfAct, "死亡、登记、公布、声明", ""},
	"lpr_on":            {DayOfAct, "报价公布", ""},
	"cap_on":            {DayOfAct, "上限适用", ""},
	"notice_on":         {DayOfAct, "提存或者债权到期之日", ""},
	"lodged_on":         {DayOfAct, "款项交付", ""},
	"arrived_on":        {DayOfAct, "款项到账", ""},
	"rate_on":           {DayOfAct, "汇率公布", ""},
	"noticed_on":        {DayOfAct, "转让协议之日", ""},
	"notified_on":       {DayOfAct, "收到异议或者起诉之日", ""},
	"refusal_on":        {DayOfAct, "接到应诉通知之日", ""},
	"as_of":             {DayOfAct, "执行立案之日", ""},
	"measure_on":        {DayOfAct, "首次查封、扣押、冻结", ""},
	"told_at":           {DayOfAct, "采取措施之时", ""},
	"called_at":         {DayOfAct, "登记账户之时", ""},

	"due_on":         {DayOfTerm, "登记之日或者和解、计划达成之日", "不超过 50 年；和解、计划 30 年，协助 180 天，事项 2100 年以前"},
	"first_on":       {DayOfTerm, "法律文书作出", "不超过 50 年"},
	"due_by":         {DayOfTerm, "法律文书作出", "不超过 50 年"},
	"pay_by":         {DayOfTerm, "今天；行政决定为送达之日", "罚款 1 年，承诺、行政决定 5 年"},
	"until":          {DayOfTerm, "今天或者开始之日", "措施 3 年，信用修复 2 年，准许消费 1 年；失信名单的期限由法律规定"},
	"until_on":       {DayOfTerm, "开始之日", "任期 5 年，不计算加倍利息的期间 10 年"},
	"to_on":          {DayOfTerm, "离岗开始之日和今天", "离岗 90 天"},
	"from":           {DayOfTerm, "申请的期间开始之日", "准许消费 1 年"},
	"to":             {DayOfTerm, "检索条件", "不限于今天以前"},
	"since":          {DayOfTerm, "检索条件", "不限于今天以前"},
	"due_before":     {DayOfTerm, "检索条件", "不限于今天以前"},
	"after_due":      {DayOfTerm, "检索条件", "不限于今天以前"},
	"ends":           {DayOfTerm, "检索条件", "不限于今天以前"},
	"after_end":      {DayOfTerm, "检索条件", "不限于今天以前"},
	"deferred_until": {DayOfTerm, "行政决定作出之日", "5 年"},
	"review_from":    {DayOfTerm, "行政决定作出之日", ""},
	"review_until":   {DayOfTerm, "复议开始之日", ""},
	"suit_from":      {DayOfTerm, "复议结束之日", ""},
	"suit_until":     {DayOfTerm, "诉讼开始之日", ""},
	"term_from":      {DayOfTerm, "任期开始", "不超过任期"},
	"term_until":     {DayOfTerm, "任期开始之日", "任期 10 年"},
	"collect_by":     {DayOfTerm, "提存之日", "提存后五年"},
	"claim_due_on":   {DayOfTerm, "债权发生", ""},
}

// FirstMade is the day of the first instrument of a case, as far as the record says: on
// which it was made, or else took effect; zero where it does not say.
func (d Debts) FirstMade() (first Date) {
	for _, in := range d.Instruments {
		on := in.MadeOn
		if on.IsZero() {
			on = in.EffectiveOn
		}
		if !on.IsZero() && (first.IsZero() || on.Before(first)) {
			first = on
		}
	}
	return first
}
