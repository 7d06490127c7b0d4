package desk

import (
	"fmt"

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

// addToMeasure does a form that adds something to a measure, whatever became of it
// since its page was shown.
func (d *Desk) addToMeasure(c *gin.Context, what string, do func(id int64) error) error {
	return d.actOnMeasure(c, func(id int64, _ *form) error { return do(id) }, func(id int64) error {
		return done(c, fmt.Sprintf("/desk/measures/%d", id), what)
	})
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
	return d.actOnMeasure(c, func(id int64, f *form) error {
		seen := f.version()
		return f.do(func() error { return do(id, seen) })
	}, then)
}

func (d *Desk) actOnMeasure(c *gin.Context, do func(id int64, f *form) error, then func(id int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := do(id, d.form(c)); err != nil {
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

// proofFor takes the scan or photograph that a measure's form may carry.
func (d *Desk) proofFor(f *form, id int64) int64 {
	if f.err != nil {
		return 0
	}
	m, err := d.svc.Enforcement.Measure(f.c.Request.Context(), web.Actor(f.c), id)
	if err != nil {
		f.wrong("file", err)
		return 0
	}
	return f.scan(m.CaseID)
}

func (d *Desk) recordServiceOfProcess(c *gin.Context) error {
	return d.onMeasure(c, "measure_served", func(id, seen int64) error {
		f := d.form(c)
		on, file := f.date("on"), d.proofFor(f, id)
		return f.do(func() error {
			_, err := d.svc.Enforcement.RecordServiceOfProcess(c.Request.Context(), web.Actor(c), id, seen, on, c.PostForm("how"), file)
			return err
		})
	})
}

func (d *Desk) executeMeasure(c *gin.Context) error {
	return d.onMeasure(c, "measure_executed", func(id, seen int64) error {
		f := d.form(c)
		x := model.MeasureExecution{
			Phase: model.ExecutionPhase(c.PostForm("phase")), At: f.time("at"), Place: c.PostForm("place"), Number: c.PostForm("number"), Note: c.PostForm("execution_note"), FileID: d.proofFor(f, id),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.ExecuteMeasure(c.Request.Context(), web.Actor(c), id, seen, x)
			return err
		})
	})
}

func (d *Desk) detainPerson(c *gin.Context) error {
	return d.onMeasure(c, "detained", func(id, seen int64) error {
		f := d.form(c)
		at := f.time("at")
		return f.do(func() error {
			_, err := d.svc.Enforcement.Detain(c.Request.Context(), web.Actor(c), id, seen, at, c.PostForm("place"))
			return err
		})
	})
}

func (d *Desk) tellFamily(c *gin.Context) error {
	return d.addToMeasure(c, "family_told", func(id int64) error {
		f := d.form(c)
		t := enforcement.FamilyTold{
			Name: c.PostForm("name"), Relation: c.PostForm("relation"), How: c.PostForm("how"), At: f.time("told_at"), Missed: f.is("missed"), FileID: d.proofFor(f, id),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.TellFamily(c.Request.Context(), web.Actor(c), id, t)
			return err
		})
	})
}

func (d *Desk) effectMeasure(c *gin.Context) error {
	return d.onMeasure(c, "in_effect", func(id, seen int64) error {
		_, err := d.svc.Enforcement.BringIntoForce(c.Request.Context(), web.Actor(c), id, seen)
		return err
	})
}

func (d *Desk) postMeasure(c *gin.Context) error {
	return d.addToMeasure(c, "posted", func(id int64) error {
		f := d.form(c)
		key, file := f.key(), d.proofFor(f, id)
		return f.do(func() error {
			_, err := d.svc.Enforcement.PutUpPoster(c.Request.Context(), web.Actor(c), id, c.PostForm("place"), file, key)
			return err
		})
	})
}

func (d *Desk) expireMeasure(c *gin.Context) error {
	return d.onMeasure(c, "lifted", func(id, seen int64) error {
		f := d.form(c)
		x := enforcement.Expiry{Proof: c.PostForm("proof"), Place: c.PostForm("place"), At: f.timeAsked("at"), FileID: d.proofFor(f, id)}
		return f.do(func() error {
			_, err := d.svc.Enforcement.EndExpiredMeasure(c.Request.Context(), web.Actor(c), id, seen, x)
			return err
		})
	})
}

func (d *Desk) liftMeasure(c *gin.Context) error {
	what := "lifted"
	m, err := d.measureSeen(c)
	if err != nil {
		return err
	}
	l := model.Lifting{Ground: model.LiftGround(c.PostForm("ground")), Reason: c.PostForm("reason"), Proof: c.PostForm("proof"), Place: c.PostForm("place")}
	signers, err := d.svc.Enforcement.Signers(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	if m.NeedsLeader(l.Ground) && (!web.Actor(c).May(model.ActMeasureApprove) || !signers.May(web.Actor(c).UserID, m.Kind)) {
		what = "lift_asked"
	}
	return d.onMeasure(c, what, func(id, seen int64) error {
		f := d.form(c)
		l.Post = model.PostChange{Needed: f.answer("post_needed"), Involved: f.answer("post_involved"), Successor: f.text("post_successor"), Pledged: f.is("post_pledged")}
		l.FileID = f.scan(m.CaseID)
		return f.do(func() error {
			_, err := d.svc.Enforcement.LiftMeasure(c.Request.Context(), web.Actor(c), id, seen, l)
			return err
		})
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
	return d.addToMeasure(c, "review_asked", func(id int64) error {
		f := d.form(c)
		key := f.key()
		return f.do(func() error {
			_, err := d.svc.Enforcement.AskReview(c.Request.Context(), web.Actor(c), id, c.PostForm("review_reason"), key)
			return err
		})
	})
}

func (d *Desk) concludeReview(c *gin.Context) error {
	return d.addToMeasure(c, "review_concluded", func(int64) error {
		f := d.form(c)
		review := f.number("review")
		o := model.ReviewOutcome{
			Result: model.ReviewResult(c.PostForm("result")), Days: f.count("new_days"), AmountFen: f.yuan("new_amount", "amount_fen"),
			ByCourt: c.PostForm("by_court"), Number: c.PostForm("number"), DecidedOn: f.date("decided_on"), Text: c.PostForm("text"),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.ConcludeReview(c.Request.Context(), web.Actor(c), review, o)
			return err
		})
	})
}

func (d *Desk) askSpending(c *gin.Context) error {
	return d.addToMeasure(c, "spending_asked", func(id int64) error {
		f := d.form(c)
		p := model.SpendingPermit{
			IdemKey: f.key(), Ground: model.SpendingGround(c.PostForm("spending_ground")), Spender: c.PostForm("spender"), Purpose: c.PostForm("purpose"),
			AmountFen: f.yuan("spending_amount", "amount_fen"), FromOn: f.date("from_on"), UntilOn: f.dateOf("from_on", c.PostForm("until_on")),
			Reason: c.PostForm("spending_reason"), Pledged: f.is("pledge"),
		}
		if file := d.proofFor(f, id); file != 0 {
			p.FileIDs = []int64{file}
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.AskSpendingPermit(c.Request.Context(), web.Actor(c), id, p)
			return err
		})
	})
}

func (d *Desk) decideSpending(c *gin.Context) error {
	return d.onMeasure(c, "spending_decided", func(_, seen int64) error {
		f := d.form(c)
		permit := f.number("permit")
		a := model.SpendingDecision{
			State: model.SpendingState(c.PostForm("decision")), From: f.date("from"), Until: f.dateOf("from", c.PostForm("until")), Reason: c.PostForm("grant_reason"),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.DecideSpendingPermit(c.Request.Context(), web.Actor(c), permit, seen, a)
			return err
		})
	})
}

func (d *Desk) prolongListing(c *gin.Context) error {
	return d.addToMeasure(c, "prolong_asked", func(id int64) error {
		f := d.form(c)
		p := model.Prolongation{
			IdemKey: f.key(), Years: f.count("prolong_years"), Reason: model.ListingExtra(c.PostForm("prolong_reason")), Facts: c.PostForm("prolong_facts"),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.ProposeProlongation(c.Request.Context(), web.Actor(c), id, p)
			return err
		})
	})
}

func (d *Desk) decideProlong(c *gin.Context) error {
	return d.onMeasure(c, "prolong_decided", func(_, seen int64) error {
		f := d.form(c)
		proposal := f.number("proposal")
		return f.do(func() error {
			_, err := d.svc.Enforcement.DecideProlongation(c.Request.Context(), web.Actor(c), proposal, seen, c.PostForm("decision") == "approve", c.PostForm("prolong_note"))
			return err
		})
	})
}
