package desk

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/calendar"
	"microcourt/service/performance"
)

// interestRoutes are about the interest of debts, the order in which they are
// paid, and the published rates behind it.
func (d *Desk) interestRoutes() []Route {
	return []Route{
		post("/cases/:id/debt-entries", model.ActInterestDecide, d.enterDebt),
		listed("/prime-rates", model.ActCourtManage, d.primeRates),
		post("/prime-rates", model.ActCourtManage, d.enterPrimeRate),
	}
}

// Money are the lines that interest can be about.
func (d *caseData) Money() (out []obligationLine) {
	for _, l := range d.Lines {
		if l.Kind == model.ObligationMoney {
			out = append(out, l)
		}
	}
	return out
}

// Doubles tells whether the doubled part can run on a line at all.
func (d *caseData) Doubles(l obligationLine) bool {
	return d.Case.RegimeOf(l.Obligation).Rules().Double != model.DoublingNever
}

// DeclaredOf are the entries about an obligation.
func (d *caseData) DeclaredOf(l obligationLine) (out []model.DebtEntry) {
	for _, e := range d.Ledger.Declared {
		if e.ObligationID == l.ID {
			out = append(out, e)
		}
	}
	return out
}

// Undoable tells whether the judge may take an entry back.
func (d *caseData) Undoable(e model.DebtEntry) bool {
	try := model.DebtEntry{UndoesID: e.ID}
	return e.Kind != model.DebtUndo && try.Undo(d.Ledger.Declared) == nil
}

// Refusable tells whether a debtor's refusal of an entry may still be entered.
func (d *caseData) Refusable(e model.DebtEntry) bool {
	standing := slices.ContainsFunc(model.StandingDebtEntries(d.Ledger.Declared), func(o model.DebtEntry) bool { return o.ID == e.ID })
	return standing && d.Debts().CheckRefusal(e, true, d.Settings, model.DateOf(e.CreatedAt)) == nil
}

// Forgivable tells whether the creditor may forgive a line.
func (d *caseData) Forgivable(l obligationLine) bool {
	return l.ObligeeID != 0 && l.Sum.PrincipalFen > 0 && d.Case.RegimeOf(l.Obligation).Rules().Disposes
}

// JointDebtors are those who owe a line together.
func (d *caseData) JointDebtors(l obligationLine) (out []model.Party) {
	for _, id := range d.Debts().DebtorsOf(l.ID) {
		out = append(out, d.Debts().Party(id))
	}
	return out
}

// RunsDoubled tells whether the doubled part runs on a line as it is reckoned.
func (d *caseData) RunsDoubled(l obligationLine) bool {
	return d.Debts().BearsDoubled(l.Obligation, d.Paid, d.Settings)
}

func (d *Desk) enterDebt(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	e := model.DebtEntry{
		Kind: model.DebtEntryKind(c.PostForm("kind")), ObligationID: f.number("obligation"), Part: model.Part(c.PostForm("part")), Reason: f.text("reason"),
		Paper: f.text("paper"), Bears: c.PostForm("bears") == "1", UndoesID: f.number("undoes"), Weight: int(f.number("weight")),
		DebtorID: f.number("debtor"), ShareFen: f.given("share"),
		OnDay: f.date("on_day"), FromOn: f.date("from_on"), UntilOn: f.date("until_on"), AmountFen: f.given("amount"), SecurityFen: f.given("security"),
	}
	if f.text("amount") != "" && e.AmountFen == 0 {
		f.wrong("amount", model.InvalidField("amount", "amount.positive", "金额必须大于 0；全部放弃或者全部不再计收的，请不要填写金额"))
	}
	if e.Kind == model.DebtTerms {
		terms, err := model.ParseInterest(c.PostForm("terms"))
		f.wrong("terms", err)
		e.Terms = terms
	}
	if e.Kind == model.DebtConvert {
		e.Foreign = &model.ForeignDebt{InYuan: c.PostForm("in_yuan") == "1", Rate: f.rate()}
	}
	ch := performance.DebtChange{CaseID: id, Entry: e, IdemKey: f.key()}
	if err := f.do(func() error {
		_, err := d.svc.Performance.EnterDebt(c.Request.Context(), web.Actor(c), ch)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "interest", err)
	}
	return done(c, caseAddress(id, "interest"), "debt")
}

type primeRatesData struct {
	List  *listView
	Lines []model.PrimeRate // in the order of the list
	*calendar.PrimeRates
	Source string // of the shipped table
}

// Newest are the publications, the newest first.
func (p primeRatesData) Newest() (out []model.PrimeRate) {
	for i := len(p.Rates) - 1; i >= 0; i-- {
		out = append(out, p.Rates[i])
	}
	return out
}

func (d *Desk) primeRatesData(c *gin.Context) (primeRatesData, error) {
	list, err := d.svc.Calendar.PrimeRates(c.Request.Context(), web.Actor(c))
	if err != nil {
		return primeRatesData{}, err
	}
	data := primeRatesData{PrimeRates: list, Source: model.PrimeRatesSource}
	data.List, data.Lines, err = viewOf(d, c, primeRateTable(data.Newest()))
	return data, err
}

func (d *Desk) primeRates(c *gin.Context) error {
	data, err := d.primeRatesData(c)
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, primeRateTable(data.Newest()), as)
	}
	return d.show(c, "prime_rates", "LPR", data)
}

func (d *Desk) enterPrimeRate(c *gin.Context) error {
	f := d.form(c)
	r := model.PrimeRate{OnDay: f.date("on_day"), OneYear: f.percent("one_year"), FiveYear: f.percent("five_year"), Source: f.text("source")}
	if err := f.do(func() error { return d.svc.Calendar.EnterPrimeRate(c.Request.Context(), web.Actor(c), r) }); err != nil {
		data, again := d.primeRatesData(c)
		if again != nil {
			return err
		}
		return d.again(c, "prime_rates", "LPR", data, err)
	}
	return done(c, "/desk/prime-rates", "prime")
}

// rate is a published middle rate of the yuan.
func (f *form) rate() *model.Rate {
	return &model.Rate{Yuan: f.text("rate"), Per: f.number("rate_per"), OnDay: f.date("rate_on"), Source: f.text("source")}
}

// given is an amount of money, 0 where nothing was typed.
func (f *form) given(name string) model.Fen {
	if f.text(name) == "" {
		return 0
	}
	return f.yuan(name, name)
}

// percent reads a percentage with at most two decimals, in hundredths.
func (f *form) percent(name string) int64 {
	v, ok := model.ParsePercent(strings.TrimSpace(f.c.PostForm(name)))
	if !ok {
		f.wrong(name, model.InvalidField(name, "prime_rate.rate", "LPR 应为 0.05% 的整数倍，请按公告填写，例如 3.45"))
	}
	return v
}
