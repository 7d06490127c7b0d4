package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

// planRoutes are about agreements on a changed plan outside enforcement.
func (d *Desk) planRoutes() []Route {
	return []Route{
		post("/cases/:id/plans", model.ActPlanRecord, d.recordPlan),
		post("/cases/:id/plan-answers", model.ActPlanRecord, d.enterPlanAnswer),
		post("/cases/:id/plan-withdrawals", model.ActPlanRecord, d.withdrawPlan),
	}
}

// planLine is an instalment that an agreement may cover.
type planLine struct {
	obligationLine
	Installment model.Installment
	Sum         model.Reckoning
}

// Plannable are the open instalments for which the parties may agree on another plan.
func (d *caseData) Plannable() (out []planLine) {
	for _, l := range d.Lines {
		if l.Kind != model.ObligationMoney || l.ObligeeID == 0 || !d.Case.RegimeOf(l.Obligation).Rules().Disposes || l.Instrument.EffectiveOn.IsZero() {
			continue
		}
		for _, i := range l.Installments {
			if !i.Done() && i.EnforcedOn.IsZero() {
				out = append(out, planLine{l, i, d.Debts().Reckon(i, d.Paid, d.Settings, d.Today)})
			}
		}
	}
	return out
}

// Asks tells whether the judge may enter what a party says of an agreement.
func (d *caseData) Asks(v performance.PlanView, partyID int64) bool { return d.Own && v.Asked(partyID) }

func (d *Desk) recordPlan(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := performance.PlanInput{
		CaseID: id, IdemKey: f.key(), SignedOn: f.date("signed_on"), Text: c.PostForm("text"), Parts: f.parts("parts"), InterestToo: f.is("interest_too"), Paper: c.PostForm("paper"),
		Installments: f.several("installments", model.InvalidField("installments", "plan.covers", "所选的期次不正确，请刷新后重新选择")),
	}
	return d.onPlan(c, id, f, func() error {
		_, err := d.svc.Performance.RecordPlan(c.Request.Context(), web.Actor(c), in)
		return err
	})
}

func (d *Desk) enterPlanAnswer(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	plan, party, on := f.number("plan"), f.number("party"), f.date("on_day")
	return d.onPlan(c, id, f, func() error {
		_, err := d.svc.Performance.EnterPlanAnswer(c.Request.Context(), web.Actor(c), plan, party, c.PostForm("agrees") == "1", c.PostForm("paper"), on)
		return err
	})
}

func (d *Desk) withdrawPlan(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	plan := f.number("plan")
	return d.onPlan(c, id, f, func() error {
		return d.svc.Performance.WithdrawPlan(c.Request.Context(), web.Actor(c), plan, c.PostForm("reason"))
	})
}

// onPlan does a form of the tab and shows it again.
func (d *Desk) onPlan(c *gin.Context, id int64, f *form, do func() error) error {
	if err := f.do(do); err != nil {
		return d.refuseOnCase(c, "plan", err)
	}
	return done(c, caseAddress(id, "plan"), "plan")
}
