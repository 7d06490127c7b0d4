package model

import (
	"slices"
	"strings"
)

// Category is what a duty is by law where the law treats duties differently: in
// a criminal case the items of property (财产性判项), which are paid in a fixed
// order, and in an administrative case what may be reduced and what may not.
type Category string

// The categories. None means that nobody said it yet.
const (
	CategoryNone         Category = ""
	CategoryMedical      Category = "medical"      // 人身损害赔偿中的医疗费用
	CategoryRestitution  Category = "restitution"  // 退赔被害人的损失
	CategoryCivil        Category = "civil"        // 其他民事债务
	CategoryFine         Category = "fine"         // 罚金
	CategoryConfiscation Category = "confiscation" // 没收财产
	CategoryPrincipal    Category = "principal"    // 行政决定确定的金钱义务（罚款等）
	CategorySurcharge    Category = "surcharge"    // 加处罚款、滞纳金

	// The parts of a civil debt. The main debt is a duty without a category.
	CategoryDebt          Category = "debt"           // 主债务（本金、价款等）
	CategoryOrdinary      Category = "ordinary"       // 一般债务利息，法律文书确定为固定数额的
	CategoryAgreedPenalty Category = "agreed_penalty" // 违约金，固定数额
	CategoryDamages       Category = "damages"        // 赔偿金
	CategoryCreditorCosts Category = "creditor_costs" // 实现债权的费用（律师费、保全费等）
	CategoryCourtCosts    Category = "court_costs"    // 诉讼费用
	// What a mediation attaches to its own breach. It arises by its condition and is
	// never filed: see Terms.
	CategoryBurden Category = "burden" // 调解书约定的不履行责任
)

// paymentOrder is an order in which a convict's items are paid, from a day on.
type paymentOrder struct {
	from  Date
	order []Category
}

// paymentOrders are data: the order may change with the rule. The first is that
// of 最高人民法院关于刑事裁判涉财产部分执行的若干规定（法释〔2014〕13号）第十三条.
var paymentOrders = []paymentOrder{{
	from:  Date{2014, 11, 6},
	order: []Category{CategoryMedical, CategoryRestitution, CategoryCivil, CategoryFine, CategoryConfiscation},
}}

// CriminalCategories lists the items of a criminal case in the order of payment.
// Source: 刑事裁判涉财产部分执行规定 13.
func CriminalCategories() []Category { return slices.Clone(paymentOrders[len(paymentOrders)-1].order) }

// AdministrativeCategories lists what a duty of an administrative case can be.
func AdministrativeCategories() []Category { return []Category{CategoryPrincipal, CategorySurcharge} }

// CategoriesOf lists what a duty of a kind of case can be.
func CategoriesOf(kind CaseKind) []Category {
	switch kind {
	case CaseCriminal:
		return CriminalCategories()
	case CaseAdministrative:
		return AdministrativeCategories()
	default:
		return CivilCategories()
	}
}

// CivilCategories lists the parts of a civil debt in the order in which a
// payment that does not cover everything pays them: costs, ordinary interest,
// the main debt. Source: 民法典 561; where 违约金 and 赔偿金 stand in it, the article
// does not say: they are money of the instrument like the main debt.
func CivilCategories() []Category {
	return []Category{
		CategoryCourtCosts, CategoryCreditorCosts, CategoryOrdinary, CategoryDebt, CategoryAgreedPenalty, CategoryDamages,
	}
}

// civilRank is the category's place by 民法典 561: costs, ordinary interest,
// everything else.
func (c Category) civilRank() int {
	switch c {
	case CategoryCourtCosts, CategoryCreditorCosts:
		return 0
	case CategoryOrdinary:
		return 1
	default:
		return 2
	}
}

// BearsDoubled tells whether late money of the category bears the doubled part:
// every money debt of the instrument except ordinary interest. Court costs are
// disputed: they are what the court's setting says.
// Source: 法释〔2014〕8号 1 para. 3; (2017)最高法执监21号.
func (c Category) BearsDoubled(s CourtSettings) bool {
	switch c {
	case CategoryOrdinary, CategoryBurden:
		return false
	case CategoryCourtCosts:
		return s.CourtCostsBearDoubled
	default:
		return true
	}
}

// Chinese is the category's name on screens and papers.
func (c Category) Chinese() string {
	return map[Category]string{ //nolint:gosec // names of debts, no credentials
		CategoryNone: "未注明", CategoryMedical: "医疗费用", CategoryRestitution: "退赔被害人损失", CategoryCivil: "其他民事债务", CategoryFine: "罚金",
		CategoryConfiscation: "没收财产", CategoryPrincipal: "行政决定确定的金额", CategorySurcharge: "加处罚款或滞纳金",
		CategoryDebt: "主债务", CategoryOrdinary: "一般债务利息", CategoryAgreedPenalty: "违约金", CategoryDamages: "赔偿金",
		CategoryCreditorCosts: "实现债权的费用", CategoryCourtCosts: "诉讼费用", CategoryBurden: "调解书约定的不履行责任",
	}[c]
}

// CategoryNamed is the category with a name as people write it, none for
// another word.
func CategoryNamed(name string) Category {
	name = strings.TrimSuffix(strings.Join(strings.Fields(Fold(name)), ""), "部分")
	for _, c := range slices.Concat(CriminalCategories(), AdministrativeCategories(), CivilCategories()) {
		if c.Chinese() == name {
			return c
		}
	}
	return categoryWords[name]
}

// categoryWords are further names of the parts of a debt, as operative parts of
// instruments write them.
var categoryWords = map[string]Category{
	"医疗费": CategoryMedical, "抢救费": CategoryMedical, "退赔": CategoryRestitution, "退赔损失": CategoryRestitution, "退赔被害人": CategoryRestitution, "退赔款": CategoryRestitution,
	"民事债务": CategoryCivil, "罚金刑": CategoryFine, "没收": CategoryConfiscation, "没收财产刑": CategoryConfiscation, "没收个人财产": CategoryConfiscation, "没收全部财产": CategoryConfiscation,
	"罚款": CategoryPrincipal, "加处罚款": CategorySurcharge, "滞纳金": CategorySurcharge,
	"本金": CategoryDebt, "借款": CategoryDebt, "借款本金": CategoryDebt, "贷款本金": CategoryDebt, "货款": CategoryDebt, "工程款": CategoryDebt, "欠款": CategoryDebt, "租金": CategoryDebt, "价款": CategoryDebt,
	"服务费": CategoryDebt, "物业费": CategoryDebt, "劳动报酬": CategoryDebt, "工资": CategoryDebt, "补偿款": CategoryDebt, "抚养费": CategoryDebt, "赡养费": CategoryDebt,
	"利息": CategoryOrdinary, "借款利息": CategoryOrdinary, "逾期利息": CategoryOrdinary, "罚息": CategoryOrdinary, "复利": CategoryOrdinary, "资金占用费": CategoryOrdinary, "资金占用利息": CategoryOrdinary,
	"逾期付款违约金": CategoryAgreedPenalty, "逾期违约金": CategoryAgreedPenalty, "赔偿款": CategoryDamages, "赔偿损失": CategoryDamages, "损失": CategoryDamages, "损害赔偿金": CategoryDamages, "经济损失": CategoryDamages,
	"律师费": CategoryCreditorCosts, "律师代理费": CategoryCreditorCosts, "保全保险费": CategoryCreditorCosts, "诉责险保费": CategoryCreditorCosts, "差旅费": CategoryCreditorCosts,
	"诉讼费": CategoryCourtCosts, "案件受理费": CategoryCourtCosts, "受理费": CategoryCourtCosts, "申请费": CategoryCourtCosts,
}

// ToState tells whether what is paid goes to the treasury and never to a party.
func (c Category) ToState() bool { return c == CategoryFine || c == CategoryConfiscation }

// CheckCategory refuses a category that the duty cannot be: one of another kind
// of case, a fine owed to a party, a victim's medical costs owed to the court.
// Restitution may go to the court's account, from where it is paid out to
// victims on a list of their own (刑事裁判涉财产部分执行规定 6).
func CheckCategory(kind CaseKind, c Category, ob Obligation) error {
	switch {
	case c == CategoryNone:
		return nil
	case !slices.Contains(CategoriesOf(kind), c):
		return InvalidField("category", "category.unknown", "该类案件没有这种判项类别，请核对")
	case c.ToState() && !ob.ToCourt:
		return InvalidField("category", "category.to_court", c.Chinese()+"应缴入法院账户上缴国库，不填权利人")
	case (c == CategoryMedical || c == CategoryCivil) && ob.ToCourt:
		return InvalidField("category", "category.to_party", c.Chinese()+"应向权利人给付，请填写权利人")
	case c != CategoryRestitution && c != CategoryConfiscation && c != CategoryCivil && c != CategoryDebt && ob.Kind != ObligationMoney:
		return InvalidField("category", "category.money", c.Chinese()+"只能是金钱义务")
	}
	return nil
}

// DefaultCategory is what a duty is when nobody says it: in a criminal case
// money owed to the court is the fine. What is owed to a party may be medical
// costs, restitution or another debt; that is not guessed.
func DefaultCategory(kind CaseKind, ob Obligation) Category {
	if kind == CaseCriminal && ob.Kind == ObligationMoney && ob.ToCourt {
		return CategoryFine
	}
	return CategoryNone
}

// Priority says what each obligation of a criminal case is, by id, so that
// payments follow the order of the law. The nil order knows none: civil and
// administrative cases are paid by due day.
type Priority map[int64]Category

// PriorityOf is the order of a case's obligations.
func PriorityOf(kind CaseKind, obligations []Obligation) Priority {
	if kind != CaseCriminal {
		return nil
	}
	o := Priority{}
	for _, ob := range obligations {
		o[ob.ID] = ob.Category
	}
	return o
}

// rank is the place of an instalment's obligation in the order, 0 where there
// is none. A duty that nobody categorised ranks as another civil debt: after
// what surely goes to victims first, before what goes to the treasury.
func (o Priority) rank(i Installment) int {
	if o == nil {
		return 0
	}
	c := o[i.ObligationID]
	if c == CategoryNone {
		c = CategoryCivil
	}
	return slices.Index(CriminalCategories(), c)
}

// CheckOrder refuses an allocation by hand that pays a later item of a criminal
// case while an earlier one stays open, unless the judge says why; it tells
// whether he had to. Within an item he is free.
// Source: 刑事裁判涉财产部分执行规定 13.
func (o Priority) CheckOrder(open []Installment, shares []Share, reason string) (deviates bool, err error) {
	paid := map[int64]Fen{}
	last := -1
	for _, s := range shares {
		paid[s.InstallmentID] += s.AmountFen
	}
	for _, i := range open {
		if paid[i.ID] > 0 {
			last = max(last, o.rank(i))
		}
	}
	for _, i := range open {
		if o.rank(i) >= last || i.OutstandingFen() <= paid[i.ID] {
			continue
		}
		if strings.TrimSpace(reason) == "" {
			return true, InvalidField("order_reason", "allocation.order", "在先的"+o[i.ObligationID].Chinese()+
				"尚未付清，不能先抵充在后的判项；法定顺序为"+orderInWords()+"。确有理由的，请填写理由")
		}
		return true, nil
	}
	return false, nil
}

func orderInWords() string {
	var names []string
	for _, c := range CriminalCategories() {
		names = append(names, c.Chinese())
	}
	return strings.Join(names, "→")
}

// fineTerm is the longest term that a judgment may give for a fine.
type fineTerm struct {
	from   Date
	months int
}

var fineTerms = []fineTerm{{
	from: Date{2000, 12, 19}, months: 3,
}}

// FineTermEnd is the last day that a judgment may give for its fine, counted
// from the second day of its effect, with the rule. A later day is possible only
// by a ruling that extends the term (刑法 53), so that it is pointed out and not
// refused. Source: 适用财产刑规定 5.
func FineTermEnd(c *Calendar, effectiveOn Date) (Period, string) {
	t := fineTerms[0]
	for _, v := range fineTerms {
		if !effectiveOn.Before(v.from) {
			t = v
		}
	}
	return c.MonthsPeriod(effectiveOn, t.months, "判决生效"), CitesOn(effectiveOn, CiteFineTerm, CiteFinePayment)
}

// Prepaid tells whether money paid on a day was handed in before the judgment
// (预缴): it shows something else than payment after it, and is told apart. Where
// the day of the judgment is not known, the day of its effect divides.
func (in Instrument) Prepaid(on Date) bool {
	line := in.MadeOn
	if line.IsZero() {
		line = in.EffectiveOn
	}
	return !line.IsZero() && on.Before(line)
}
