package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

// distributionRoutes are how money that an enforcement case brought is shared
// among the creditors of its debtor.
func (d *Desk) distributionRoutes() []Route {
	return []Route{
		get("/enforcement/:id/distribution", model.ActShareRead, d.distribution),
		post("/enforcement/:id/distribution", model.ActShareManage, d.draftDistribution),
		post("/enforcement/:id/distribution/claims", model.ActShareManage, d.onDistribution("share_claim", func(c *gin.Context, f *form, id, seen int64) func() error {
			claim := model.DistributionClaim{
				CaseNo: f.text("case_no"), OfCourt: f.text("of_court"), Creditor: f.text("creditor"), AmountFen: f.yuan("amount", "amount_fen"), DoubledFen: f.yuan("doubled", "doubled_fen"),
				PriorFen: f.yuan("prior", "prior_fen"), PriorRank: int(min(f.number("prior_rank"), 100)), PriorGround: f.text("prior_ground"),
				MeasureOn: f.date("measure_on"), AppliedOn: f.date("applied_on"),
			}
			return func() error {
				_, err := d.svc.Enforcement.AddClaim(c.Request.Context(), web.Actor(c), id, seen, claim)
				return err
			}
		})),
		post("/enforcement/:id/distribution/strike", model.ActShareManage, d.onDistribution("share_changed", func(c *gin.Context, f *form, id, seen int64) func() error {
			claim := f.number("claim")
			return func() error {
				_, err := d.svc.Enforcement.StrikeClaim(c.Request.Context(), web.Actor(c), id, seen, claim)
				return err
			}
		})),
		post("/enforcement/:id/distribution/serve", model.ActShareManage, d.onDistribution("share_served", func(c *gin.Context, f *form, id, seen int64) func() error {
			on := f.date("served_on")
			return func() error {
				_, err := d.svc.Enforcement.ServeDistribution(c.Request.Context(), web.Actor(c), id, seen, on)
				return err
			}
		})),
		post("/enforcement/:id/distribution/objections", model.ActShareManage, d.onDistribution("share_changed", func(c *gin.Context, f *form, id, seen int64) func() error {
			o := model.DistributionObjection{Objector: f.text("objector"), FiledOn: f.date("filed_on"), Content: f.text("content")}
			return func() error {
				_, err := d.svc.Enforcement.ObjectToDistribution(c.Request.Context(), web.Actor(c), id, seen, o)
				return err
			}
		})),
		post("/enforcement/:id/distribution/answers", model.ActShareManage, d.onDistribution("share_changed", func(c *gin.Context, f *form, id, seen int64) func() error {
			r := model.DistributionObjection{
				ID: f.number("objection"), State: model.ObjectionState(f.text("state")), NotifiedOn: f.date("notified_on"), Result: f.text("result"),
				ClaimID: f.number("claim"), HeldFen: f.yuan("held", "held_fen"),
			}
			return func() error {
				_, err := d.svc.Enforcement.AnswerObjection(c.Request.Context(), web.Actor(c), id, seen, r)
				return err
			}
		})),
		post("/enforcement/:id/distribution/allocate", model.ActShareManage, d.onDistribution("share_allocated", func(c *gin.Context, _ *form, id, seen int64) func() error {
			return func() error {
				_, err := d.svc.Enforcement.AllocateDistribution(c.Request.Context(), web.Actor(c), id, seen)
				return err
			}
		})),
		post("/enforcement/:id/distribution/withdraw", model.ActShareManage, d.onDistribution("share_changed", func(c *gin.Context, f *form, id, seen int64) func() error {
			reason := f.text("reason")
			return func() error {
				_, err := d.svc.Enforcement.WithdrawDistribution(c.Request.Context(), web.Actor(c), id, seen, reason)
				return err
			}
		})),
	}
}

const distributionTitle = "分配"

type distributionData struct {
	*enforcementHead
	Plans []enforcement.DistributionView
	// Debtors are those of the case, Manages whether the actor draws plans of it.
	Debtors []model.Party
	Manages bool
}

func (d *Desk) distributionData(c *gin.Context) (*distributionData, error) {
	h, err := d.head(c, "/distribution")
	if err != nil {
		return nil, err
	}
	data := &distributionData{enforcementHead: h, Manages: h.Own && h.File.Kind.Enforces() && web.Actor(c).May(model.ActShareManage)}
	for _, p := range h.Debts.Parties {
		if h.File.Has(p.ID, model.EnforcementDebtor) {
			data.Debtors = append(data.Debtors, p)
		}
	}
	data.Plans, err = d.svc.Enforcement.Distributions(c.Request.Context(), web.Actor(c), h.File.ID)
	return data, err
}

func (d *Desk) distribution(c *gin.Context) error {
	data, err := d.distributionData(c)
	if err != nil {
		return err
	}
	return d.show(c, "distribution", distributionTitle, data)
}

// onShares does a form of the page and shows the page again.
func (d *Desk) onShares(c *gin.Context, what string, do func(id int64) error) error {
	return onForm(d, c, "distribution", distributionTitle, "/desk/enforcement/%d/distribution", what, d.distributionData, do)
}

// onDistribution does a form about one plan.
func (d *Desk) onDistribution(what string, read func(c *gin.Context, f *form, id, seen int64) func() error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		return d.onShares(c, what, func(int64) error {
			f := d.form(c)
			act := read(c, f, f.number("plan"), f.version())
			return f.do(act)
		})
	}
}

func (d *Desk) draftDistribution(c *gin.Context) error {
	return d.onShares(c, "share_drafted", func(id int64) error {
		f := d.form(c)
		in := model.Distribution{
			EnforcementCaseID: id, IdemKey: f.key(), PartyID: f.number("party"), LegalPerson: f.is("legal_person"), Rule: model.ShareRule(f.text("rule")),
			AmountFen: f.yuan("amount", "amount_fen"), CostsFen: f.yuan("costs", "costs_fen"), AsOf: f.date("as_of"), Source: f.text("source"), Reason: f.text("reason"),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.DraftDistribution(c.Request.Context(), web.Actor(c), in)
			return err
		})
	})
}
