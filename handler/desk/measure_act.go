package desk

import (
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

// onMeasure does a form of a measure's page with the version that the page
// showed, and shows the page again when it is refused.
func (d *Desk) onMeasure(c *gin.Context, what string, do func(id, seen int64) error) error {
	return d.onMeasureThen(c, do, func(id int64) error { return done(c, fmt.Sprintf("/desk/measures/%d", id), what) })
}

// goOn is onMeasure for a leader, who goes on to the next one that waits.
func (d *Desk) goOn(c *gin.Context, what string, do func(id, seen int64) error) error {
	return d.onMeasureThen(c, do, func(id int64) error {
		next, err := d.svc.Enforcement.NextWaiting(c.Request.Context(), web.Actor(c), id)
		if err != nil {
			return err
		}
		if next == 0 {
			return done(c, "/desk/decisions", what)
		}
		return done(c, fmt.Sprintf("/desk/measures/%d", next), what)
	})
}

func (d *Desk) onMeasureThen(c *gin.Context, do func(id, seen int64) error, then func(id int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	seen, err := formNumber(c, "version")
	if err == nil {
		err = do(id, seen)
	}
	if err != nil {
		data, gone := d.measureData(c)
		if gone != nil {
			return err
		}
		return d.again(c, "measure", data.M.Kind.Chinese(), data, err)
	}
	return then(id)
}

func (d *Desk) decideMeasure(c *gin.Context) error {
	act := d.onMeasure
	if web.Actor(c).May(model.ActMeasureApprove) {
		act = d.goOn
	}
	return act(c, "measure_decided", func(id, seen int64) error {
		_, err := d.svc.Enforcement.DecideMeasure(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("opinion"))
		return err
	})
}

func (d *Desk) refuseMeasure(c *gin.Context) error {
	return d.goOn(c, "measure_refused", func(id, seen int64) error {
		_, err := d.svc.Enforcement.RefuseMeasure(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("reason"))
		return err
	})
}

func (d *Desk) answerLift(c *gin.Context) error {
	return d.goOn(c, "lift_answered", func(id, seen int64) error {
		yes := c.PostForm("yes") == "1"
		note := c.PostForm("note")
		if !yes {
			note = c.PostForm("reason")
		}
		_, err := d.svc.Enforcement.AnswerLift(c.Request.Context(), web.Actor(c), id, seen, yes, note)
		return err
	})
}

func (d *Desk) withdrawMeasure(c *gin.Context) error {
	return d.onMeasure(c, "measure_withdrawn", func(id, seen int64) error {
		_, err := d.svc.Enforcement.WithdrawMeasure(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("reason"))
		return err
	})
}

// proofOf takes the scan or photograph that a form may carry, 0 for none.
func (d *Desk) proofOf(c *gin.Context, caseID int64) (int64, error) {
	scan, err := c.FormFile("file")
	if err != nil {
		return 0, nil //nolint:nilerr // no file was chosen
	}
	key, err := formKey(c)
	if err != nil {
		return 0, err
	}
	return d.keepScan(c, caseID, key, scan)
}

// proofFor is proofOf a measure's form.
func (d *Desk) proofFor(c *gin.Context, id int64) (int64, error) {
	m, err := d.svc.Enforcement.Measure(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return 0, err
	}
	return d.proofOf(c, m.CaseID)
}

func (d *Desk) recordServiceOfProcess(c *gin.Context) error {
	return d.onMeasure(c, "measure_served", func(id, seen int64) error {
		on, err := d.formDate("on", c.PostForm("on"))
		if err != nil {
			return err
		}
		file, err := d.proofFor(c, id)
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.RecordServiceOfProcess(c.Request.Context(), web.Actor(c), id, seen, on, c.PostForm("how"), file)
		return err
	})
}

// formTime reads an instant of the court's day.
func (d *Desk) formTime(field, value string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04", strings.TrimSpace(value), model.CourtZone)
	if err != nil {
		return t, model.InvalidField(field, "date.format", "时间格式不正确，应如 2026-11-24 09:30")
	}
	return t, model.CheckDay(field, model.DateOf(t), model.DateOf(d.cfg.Now()))
}

func (d *Desk) detainPerson(c *gin.Context) error {
	return d.onMeasure(c, "detained", func(id, seen int64) error {
		at, err := d.formTime("at", c.PostForm("at"))
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.Detain(c.Request.Context(), web.Actor(c), id, seen, at)
		return err
	})
}

func (d *Desk) tellFamily(c *gin.Context) error {
	return d.onMeasure(c, "family_told", func(id, _ int64) error {
		f := enforcement.FamilyTold{Name: c.PostForm("name"), Relation: c.PostForm("relation"), How: c.PostForm("how"), Missed: c.PostForm("missed") == "1"}
		var err error
		if f.At, err = d.formTime("told_at", c.PostForm("told_at")); err != nil {
			return err
		}
		if f.FileID, err = d.proofFor(c, id); err != nil {
			return err
		}
		_, err = d.svc.Enforcement.TellFamily(c.Request.Context(), web.Actor(c), id, f)
		return err
	})
}

func (d *Desk) effectMeasure(c *gin.Context) error {
	return d.onMeasure(c, "in_effect", func(id, seen int64) error {
		_, err := d.svc.Enforcement.BringIntoForce(c.Request.Context(), web.Actor(c), id, seen)
		return err
	})
}

func (d *Desk) postMeasure(c *gin.Context) error {
	return d.onMeasure(c, "posted", func(id, _ int64) error {
		key, err := formKey(c)
		if err != nil {
			return err
		}
		file, err := d.proofFor(c, id)
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.PutUpPoster(c.Request.Context(), web.Actor(c), id, c.PostForm("place"), file, key)
		return err
	})
}

func (d *Desk) expireMeasure(c *gin.Context) error {
	return d.onMeasure(c, "lifted", func(id, seen int64) error {
		file, err := d.proofFor(c, id)
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.EndExpiredMeasure(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("proof"), file)
		return err
	})
}

func (d *Desk) liftMeasure(c *gin.Context) error {
	what := "lifted"
	m, err := d.measureSeen(c)
	if err != nil {
		return err
	}
	l := model.Lifting{Ground: model.LiftGround(c.PostForm("ground")), Reason: c.PostForm("reason"), Proof: c.PostForm("proof")}
	if m.NeedsLeader(l.Ground) && !web.Actor(c).May(model.ActMeasureApprove) {
		what = "lift_asked"
	}
	return d.onMeasure(c, what, func(id, seen int64) error {
		var err error
		if l.FileID, err = d.proofOf(c, m.CaseID); err != nil {
			return err
		}
		_, err = d.svc.Enforcement.LiftMeasure(c.Request.Context(), web.Actor(c), id, seen, l)
		return err
	})
}

func (d *Desk) measureSeen(c *gin.Context) (*enforcement.MeasureDetail, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	return d.svc.Enforcement.Measure(c.Request.Context(), web.Actor(c), id)
}

func (d *Desk) askReview(c *gin.Context) error {
	return d.onMeasure(c, "review_asked", func(id, _ int64) error {
		key, err := formKey(c)
		if err == nil {
			_, err = d.svc.Enforcement.AskReview(c.Request.Context(), web.Actor(c), id, c.PostForm("review_reason"), key)
		}
		return err
	})
}

func (d *Desk) concludeReview(c *gin.Context) error {
	return d.onMeasure(c, "review_concluded", func(int64, int64) error {
		review, err := formNumber(c, "review")
		if err != nil {
			return err
		}
		o := model.ReviewOutcome{Result: model.ReviewResult(c.PostForm("result")), Text: c.PostForm("text"), ByCourt: c.PostForm("by_court"), Number: c.PostForm("number")}
		if o.DecidedOn, err = d.formDate("decided_on", c.PostForm("decided_on")); err != nil {
			return err
		}
		days, err := formNumber(c, "new_days")
		if err != nil {
			return err
		}
		o.Days = int(days)
		if o.AmountFen, err = formYuan("amount_fen", c.PostForm("new_amount")); err != nil {
			return err
		}
		_, err = d.svc.Enforcement.ConcludeReview(c.Request.Context(), web.Actor(c), review, o)
		return err
	})
}

func (d *Desk) askSpending(c *gin.Context) error {
	return d.onMeasure(c, "spending_asked", func(id, _ int64) error {
		p := model.SpendingPermit{
			Ground: model.SpendingGround(c.PostForm("spending_ground")), Spender: c.PostForm("spender"), Purpose: c.PostForm("purpose"), Reason: c.PostForm("spending_reason"),
		}
		var err error
		if p.IdemKey, err = formKey(c); err != nil {
			return err
		}
		if p.AmountFen, err = formYuan("amount_fen", c.PostForm("spending_amount")); err != nil {
			return err
		}
		if p.FromOn, err = d.formDate("from_on", c.PostForm("from_on")); err != nil {
			return err
		}
		if p.UntilOn, err = d.formDate("from_on", c.PostForm("until_on")); err != nil {
			return err
		}
		file, err := d.proofFor(c, id)
		if err != nil {
			return err
		}
		if file != 0 {
			p.FileIDs = []int64{file}
		}
		_, err = d.svc.Enforcement.AskSpendingPermit(c.Request.Context(), web.Actor(c), id, p)
		return err
	})
}

func (d *Desk) decideSpending(c *gin.Context) error {
	return d.onMeasure(c, "spending_decided", func(_, seen int64) error {
		permit, err := formNumber(c, "permit")
		if err != nil {
			return err
		}
		a := model.SpendingDecision{State: model.SpendingState(c.PostForm("decision")), Reason: c.PostForm("grant_reason")}
		if a.From, err = d.formDate("from", c.PostForm("from")); err != nil {
			return err
		}
		if a.Until, err = d.formDate("from", c.PostForm("until")); err != nil {
			return err
		}
		_, err = d.svc.Enforcement.DecideSpendingPermit(c.Request.Context(), web.Actor(c), permit, seen, a)
		return err
	})
}

func (d *Desk) prolongListing(c *gin.Context) error {
	return d.onMeasure(c, "prolong_asked", func(id, _ int64) error {
		key, err := formKey(c)
		if err != nil {
			return err
		}
		years, err := formNumber(c, "prolong_years")
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.ProposeProlongation(c.Request.Context(), web.Actor(c), id, model.Prolongation{
			Years: int(min(years, 100)), Reason: model.ListingExtra(c.PostForm("prolong_reason")), Facts: c.PostForm("prolong_facts"), IdemKey: key,
		})
		return err
	})
}

func (d *Desk) decideProlong(c *gin.Context) error {
	return d.onMeasure(c, "prolong_decided", func(_, seen int64) error {
		proposal, err := formNumber(c, "proposal")
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.DecideProlongation(c.Request.Context(), web.Actor(c), proposal, seen, c.PostForm("decision") == "approve", c.PostForm("prolong_note"))
		return err
	})
}
