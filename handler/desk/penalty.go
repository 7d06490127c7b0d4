package desk

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/penalty"
)

// penaltyRoutes are about criminal cases' items of property, the authorities that
// ask for them, and agencies' applications.
func (d *Desk) penaltyRoutes() []Route {
	upload := func(path string, act model.Act, f func(*gin.Context) error) Route {
		return Route{Method: http.MethodPost, Path: path, Act: act, MaxBody: 12 << 20, Timeout: time.Minute, handle: f}
	}
	return []Route{
		post("/cases/:id/categories", model.ActPenaltyManage, d.categorise),
		upload("/cases/:id/statements", model.ActPenaltyManage, d.makeStatement),
		post("/cases/:id/prison-letters", model.ActPenaltyManage, d.registerPrisonLetter),
		upload("/cases/:id/prison-letter-answers", model.ActPenaltyManage, d.answerPrisonLetter),
		post("/cases/:id/prison-letter-voids", model.ActPenaltyManage, d.voidPrisonLetter),
		get("/prison-letters", model.ActPenaltyRead, d.prisonLetters),
		get("/penalties", model.ActPenaltyStatistics, d.penalties),
		post("/cases/:id/administrative-decision", model.ActDecisionManage, d.enterDecision),
		upload("/cases/:id/reductions", model.ActSurchargeReduce, d.reduceSurcharge),
	}
}

// onPenalty runs a form of the tab and shows the tab again.
func (d *Desk) onPenalty(c *gin.Context, said string, f func(id int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := f(id); err != nil {
		return d.refuseOnCase(c, "penalty", err)
	}
	return done(c, caseAddress(id, "penalty"), said)
}

func (d *Desk) categorise(c *gin.Context) error {
	return d.onPenalty(c, "category", func(id int64) error {
		ob, err := formNumber(c, "obligation")
		if err != nil {
			return err
		}
		_, err = d.svc.Penalty.Categorise(c.Request.Context(), web.Actor(c), id, ob, model.Category(c.PostForm("category")), c.PostForm("reason"))
		return err
	})
}

// formFile takes the form's file for the case, 0 when none was chosen.
func (d *Desk) formFile(c *gin.Context, caseID int64, key string) (int64, error) {
	scan, err := c.FormFile("file")
	if err != nil || scan.Filename == "" {
		return 0, nil //nolint:nilerr // no file was chosen
	}
	return d.keepScan(c, caseID, key, scan)
}

func (d *Desk) makeStatement(c *gin.Context) error {
	return d.onPenalty(c, "statement", func(id int64) (err error) {
		r := penalty.StatementRequest{CaseID: id, To: c.PostForm("to"), ClosingNo: c.PostForm("closing_no"), Note: c.PostForm("note")}
		if r.Key, err = formKey(c); err != nil {
			return err
		}
		if r.PartyID, err = formNumber(c, "party"); err != nil {
			return err
		}
		if r.PrisonLetterID, err = formNumber(c, "prison_letter"); err != nil {
			return err
		}
		if r.ClosedOn, err = d.formDate("closed_on", c.PostForm("closed_on")); err != nil {
			return err
		}
		if r.ClosingFileID, err = d.formFile(c, id, r.Key); err != nil {
			return err
		}
		_, err = d.svc.Penalty.State(c.Request.Context(), web.Actor(c), r)
		return err
	})
}

func (d *Desk) registerPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "prison_letter", func(id int64) (err error) {
		l := penalty.Letter{CaseID: id, AskerKind: model.AskerKind(c.PostForm("asker_kind")), Asker: c.PostForm("asker"), DocumentNo: c.PostForm("document_no"), Note: c.PostForm("note")}
		if l.PartyID, err = formNumber(c, "party"); err != nil {
			return err
		}
		if l.ReceivedOn, err = d.formDate("received_on", c.PostForm("received_on")); err != nil {
			return err
		}
		_, err = d.svc.Penalty.Register(c.Request.Context(), web.Actor(c), l)
		return err
	})
}

func (d *Desk) answerPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "replied", func(id int64) (err error) {
		r := penalty.Reply{Method: model.AnswerMethod(c.PostForm("method")), Proof: c.PostForm("proof")}
		if r.Key, err = formKey(c); err != nil {
			return err
		}
		for name, into := range map[string]*int64{"prison_letter": &r.PrisonLetterID, "version": &r.Version, "document": &r.DocumentID} {
			if *into, err = formNumber(c, name); err != nil {
				return err
			}
		}
		if r.SentOn, err = d.formDate("sent_on", c.PostForm("sent_on")); err != nil {
			return err
		}
		if r.ProofFileID, err = d.formFile(c, id, r.Key); err != nil {
			return err
		}
		_, err = d.svc.Penalty.Answer(c.Request.Context(), web.Actor(c), r)
		return err
	})
}

func (d *Desk) voidPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "void", func(int64) error {
		letter, err := formNumber(c, "prison_letter")
		if err != nil {
			return err
		}
		seen, err := formNumber(c, "version")
		if err != nil {
			return err
		}
		_, err = d.svc.Penalty.Void(c.Request.Context(), web.Actor(c), letter, seen, c.PostForm("reason"))
		return err
	})
}

type prisonLettersData struct {
	State      model.PrisonLetterState
	Late       bool
	Lines      []model.PrisonLetterLine
	Open, Over int64
	Today      model.Date
	Next       string
}

// prisonLetters lists the authorities' letters in the order of their clocks.
func (d *Desk) prisonLetters(c *gin.Context) error {
	data := prisonLettersData{State: model.PrisonLetterOpen, Late: c.Query("late") == "1", Today: model.DateOf(d.cfg.Now())}
	if v := c.Query("state"); v != "" {
		data.State = model.PrisonLetterState(v)
	}
	if data.State.Chinese() == "" {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	f := model.PrisonLetterFilter{State: data.State, Limit: casePage}
	if data.Late {
		f.LateOn = data.Today
	}
	var err error
	if f.After, err = after(c, "after"); err != nil {
		return err
	}
	if f.AfterDue, err = d.formDate("after_due", c.Query("after_due")); err != nil {
		return err
	}
	if data.Lines, err = d.svc.Penalty.PrisonLetters(ctx, by, f); err != nil {
		return err
	}
	if data.Open, data.Over, err = d.svc.Penalty.Waiting(ctx, by); err != nil {
		return err
	}
	if n := len(data.Lines); n == casePage {
		last := data.Lines[n-1]
		u := *c.Request.URL
		q := u.Query()
		q.Set("after_due", last.DueOn.String())
		u.RawQuery = q.Encode()
		c.Request.URL = &u
		data.Next = with(c, "after", last.ID)
	}
	return d.show(c, "prison_letters", "财产刑公函", data)
}

type penaltiesData struct {
	*model.PenaltyFigures
	Adjudge      bool // the list is of what was adjudged
	PenaltyCases []model.PenaltyCase
	Next         string
}

// penalties counts a period's criminal property penalties; every figure opens to
// its list. Without a period it is the half year of today.
func (d *Desk) penalties(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	f := model.PenaltyCaseFilter{Adjudged: c.Query("of") == "adjudged", Limit: casePage}
	var err error
	if f.From, f.Until, err = d.period(c); err != nil {
		return err
	}
	if f.After, err = after(c, "after"); err != nil {
		return err
	}
	data := penaltiesData{Adjudge: f.Adjudged}
	if data.PenaltyFigures, err = d.svc.Statistics.Penalties(ctx, by, f.From, f.Until); err != nil {
		return err
	}
	if data.PenaltyCases, err = d.svc.Statistics.PenaltyCases(ctx, by, f); err != nil {
		return err
	}
	if n := len(data.PenaltyCases); n == casePage {
		data.Next = with(c, "after", data.PenaltyCases[n-1].ID)
	}
	return d.show(c, "penalties", "财产刑统计", data)
}

// nonLitigationTab reads an agency's application; until is for the calculator.
func (d *Desk) nonLitigationTab(c *gin.Context, data *caseData) error {
	until, err := d.formDate("until", c.Query("until"))
	if err != nil {
		return err
	}
	data.Agency, err = d.svc.NonLitigation.Case(c.Request.Context(), web.Actor(c), data.Case.ID, until)
	return err
}

func (d *Desk) enterDecision(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	a := model.AdministrativeDecision{
		CaseID: id, DecisionNo: c.PostForm("decision_no"), Basis: model.SuingBasis(c.PostForm("basis")), SpecialLaw: c.PostForm("special_law"),
		LateGround: c.PostForm("late_ground"), Doubtful: c.PostForm("doubtful") == "1", Reason: c.PostForm("reason"),
	}
	a.IdemKey, err = formKey(c)
	for name, into := range map[string]*model.Date{
		"made_on": &a.MadeOn, "served_on": &a.ServedOn, "reconsidered_on": &a.ReconsideredOn, "deferred_until": &a.DeferredUntil,
		"agency_demand_on": &a.AgencyDemandOn, "applied_on": &a.AppliedOn, "accepted_on": &a.AcceptedOn, "ruled_on": &a.RuledOn, "pay_by": &a.PayBy,
		"review_from": &a.ReviewFrom, "review_until": &a.ReviewUntil,
	} {
		if err == nil {
			*into, err = d.formDate(name, c.PostForm(name))
		}
	}
	for name, into := range map[string]*model.Fen{"fine": &a.FineFen, "surcharge": &a.SurchargeFen} {
		if err == nil {
			*into, err = formYuan(name, c.PostForm(name))
		}
	}
	for name, into := range map[string]*int{"special_months": &a.SpecialMonths, "special_days": &a.SpecialDays} {
		if err == nil {
			var n int64
			n, err = formNumber(c, name)
			*into = int(min(n, 1<<20))
		}
	}
	if err == nil {
		_, err = d.svc.NonLitigation.Enter(c.Request.Context(), web.Actor(c), a)
	}
	if err != nil {
		return d.refuseOnCase(c, "nonlitigation", err)
	}
	return done(c, caseAddress(id, "nonlitigation"), "decision")
}

func (d *Desk) reduceSurcharge(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	r := model.SurchargeReduction{CaseID: id, Remedied: c.PostForm("remedied") == "1", Remedy: strings.TrimSpace(c.PostForm("remedy")), Reason: c.PostForm("reason")}
	if r.IdemKey, err = formKey(c); err == nil {
		r.ObligationID, err = formNumber(c, "obligation")
	}
	if err == nil {
		r.AmountFen, err = formYuan("amount", c.PostForm("amount"))
	}
	if err == nil {
		r.AgreedOn, err = d.formDate("agreed_on", c.PostForm("agreed_on"))
	}
	if err == nil {
		r.FileID, err = d.formFile(c, id, r.IdemKey)
	}
	if err == nil {
		_, err = d.svc.NonLitigation.Reduce(c.Request.Context(), web.Actor(c), r)
	}
	if err != nil {
		return d.refuseOnCase(c, "nonlitigation", err)
	}
	return done(c, caseAddress(id, "nonlitigation"), "reduced")
}

// decisionDay is a day of the newest entry for its form, "" when there is none.
func decisionDay(n *model.AdministrativeDecision, name string) string {
	if n == nil {
		return ""
	}
	return map[string]model.Date{
		"made_on": n.MadeOn, "served_on": n.ServedOn, "reconsidered_on": n.ReconsideredOn, "deferred_until": n.DeferredUntil,
		"agency_demand_on": n.AgencyDemandOn, "applied_on": n.AppliedOn, "accepted_on": n.AcceptedOn, "ruled_on": n.RuledOn, "pay_by": n.PayBy,
		"review_from": n.ReviewFrom, "review_until": n.ReviewUntil,
	}[name].String()
}
