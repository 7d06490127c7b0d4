package desk

import (
	"context"
	"fmt"
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
		listed("/prison-letters", model.ActPenaltyRead, d.prisonLetters),
		listed("/penalties", model.ActPenaltyStatistics, d.penalties),
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
		f := d.form(c)
		ob := f.number("obligation")
		return f.do(func() error {
			_, err := d.svc.Penalty.Categorise(c.Request.Context(), web.Actor(c), id, ob, model.Category(c.PostForm("category")), c.PostForm("reason"))
			return err
		})
	})
}

func (d *Desk) makeStatement(c *gin.Context) error {
	return d.onPenalty(c, "statement", func(id int64) error {
		f := d.form(c)
		r := penalty.StatementRequest{
			CaseID: id, Key: f.key(), PartyID: f.number("party"), PrisonLetterID: f.number("prison_letter"), To: c.PostForm("to"),
			ClosingNo: c.PostForm("closing_no"), ClosedOn: f.date("closed_on"), Note: c.PostForm("note"),
		}
		r.ClosingFileID = f.file(id, r.Key)
		return f.do(func() error {
			_, err := d.svc.Penalty.State(c.Request.Context(), web.Actor(c), r)
			return err
		})
	})
}

func (d *Desk) registerPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "prison_letter", func(id int64) error {
		f := d.form(c)
		l := penalty.Letter{
			CaseID: id, AskerKind: model.AskerKind(c.PostForm("asker_kind")), Asker: c.PostForm("asker"), DocumentNo: c.PostForm("document_no"),
			ReceivedOn: f.date("received_on"), PartyID: f.number("party"), Note: c.PostForm("note"),
		}
		return f.do(func() error {
			_, err := d.svc.Penalty.Register(c.Request.Context(), web.Actor(c), l)
			return err
		})
	})
}

func (d *Desk) answerPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "replied", func(id int64) error {
		f := d.form(c)
		r := penalty.Reply{
			Key: f.key(), PrisonLetterID: f.number("prison_letter"), Version: f.version(), DocumentID: f.number("document"), SentOn: f.date("sent_on"),
			Method: model.AnswerMethod(c.PostForm("method")), Proof: c.PostForm("proof"),
		}
		r.ProofFileID = f.file(id, r.Key)
		return f.do(func() error {
			_, err := d.svc.Penalty.Answer(c.Request.Context(), web.Actor(c), r)
			return err
		})
	})
}

func (d *Desk) voidPrisonLetter(c *gin.Context) error {
	return d.onPenalty(c, "void", func(int64) error {
		f := d.form(c)
		letter, seen := f.number("prison_letter"), f.version()
		return f.do(func() error {
			_, err := d.svc.Penalty.Void(c.Request.Context(), web.Actor(c), letter, seen, c.PostForm("reason"))
			return err
		})
	})
}

type prisonLettersData struct {
	State      model.PrisonLetterState
	Late       bool
	List       *listView
	Open, Over int64
	Today      model.Date
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
	f := model.PrisonLetterFilter{State: data.State}
	if data.Late {
		f.LateOn = data.Today
	}
	var err error
	if data.Open, data.Over, err = d.svc.Penalty.Waiting(ctx, by); err != nil {
		return err
	}
	read := func(ctx context.Context, from string, limit int) (list []model.PrisonLetterLine, next string, err error) {
		f.Limit, f.After, f.AfterDue = limit, 0, model.Date{}
		if due, id, ok := strings.Cut(from, "."); ok {
			if f.AfterDue, err = model.ParseDate(due); err != nil {
				return nil, "", model.InvalidField("after", "field.format", "分页参数不正确")
			}
			if f.After, err = idMark("after", id); err != nil {
				return nil, "", err
			}
		}
		list, err = d.svc.Penalty.PrisonLetters(ctx, by, f)
		if n := len(list); err == nil && n == limit {
			next = fmt.Sprintf("%s.%d", list[n-1].DueOn, list[n-1].ID)
		}
		return list, next, err
	}
	t := table[faced[model.PrisonLetterLine]]{
		title: "财产刑公函", columns: prisonLetterColumns(data.Today), cursor: "after", limit: casePage,
		read:       withFaces(d, c, read, func(l model.PrisonLetterLine) int64 { return l.CaseID }),
		conditions: []condition{{"状态", data.State.Chinese()}, {"范围", map[bool]string{true: "已超期"}[data.Late]}},
		empty:      "没有符合条件的公函。公函在刑事案件的“财产刑”一栏登记。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "prison_letters", "财产刑公函", data)
	})
}

type penaltiesData struct {
	List *listView
	*model.PenaltyFigures
	Adjudge bool // the list is of what was adjudged
}

// penalties counts a period's criminal property penalties; every figure opens to
// its list. Without a period it is the half year of today.
func (d *Desk) penalties(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	f := model.PenaltyCaseFilter{Adjudged: c.Query("of") == "adjudged"}
	var err error
	if f.From, f.Until, err = d.period(c); err != nil {
		return err
	}
	data := penaltiesData{Adjudge: f.Adjudged}
	if data.PenaltyFigures, err = d.svc.Statistics.Penalties(ctx, by, f.From, f.Until); err != nil {
		return err
	}
	return answer(d, c, d.penaltyTable(c, f), func(v *listView) error {
		data.List = v
		return d.show(c, "penalties", "财产刑统计", data)
	})
}

// nonLitigationTab reads an agency's application; until is for the calculator.
func (d *Desk) nonLitigationTab(c *gin.Context, data *caseData) error {
	f := d.form(c)
	until := f.dateAsked("until")
	return f.do(func() (err error) {
		data.Agency, err = d.svc.NonLitigation.Case(c.Request.Context(), web.Actor(c), data.Case.ID, until)
		return err
	})
}

func (d *Desk) enterDecision(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	a := model.AdministrativeDecision{
		CaseID: id, IdemKey: f.key(), DecisionNo: c.PostForm("decision_no"), MadeOn: f.date("made_on"), ServedOn: f.date("served_on"),
		Basis: model.SuingBasis(c.PostForm("basis")), ReconsideredOn: f.date("reconsidered_on"),
		SpecialMonths: f.count("special_months"), SpecialDays: f.count("special_days"), SpecialLaw: c.PostForm("special_law"),
		DeferredUntil: f.date("deferred_until"), AgencyDemandOn: f.date("agency_demand_on"), AppliedOn: f.date("applied_on"),
		AcceptedOn: f.date("accepted_on"), RuledOn: f.date("ruled_on"), Doubtful: f.is("doubtful"), FineFen: f.yuan("fine", "fine"), PayBy: f.date("pay_by"),
		SurchargeFen: f.yuan("surcharge", "surcharge"), ReviewFrom: f.date("review_from"), ReviewUntil: f.date("review_until"),
		SuitFrom: f.date("suit_from"), SuitUntil: f.date("suit_until"),
		LateGround: c.PostForm("late_ground"), Reason: c.PostForm("reason"),
	}
	if err := f.do(func() error {
		_, err := d.svc.NonLitigation.Enter(c.Request.Context(), web.Actor(c), a)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "nonlitigation", err)
	}
	return done(c, caseAddress(id, "nonlitigation"), "decision")
}

func (d *Desk) reduceSurcharge(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	r := model.SurchargeReduction{
		CaseID: id, IdemKey: f.key(), ObligationID: f.number("obligation"), AmountFen: f.yuan("amount", "amount"), AgreedOn: f.date("agreed_on"),
		Remedied: f.is("remedied"), Remedy: f.text("remedy"), Reason: c.PostForm("reason"),
	}
	r.FileID = f.file(id, r.IdemKey)
	if err := f.do(func() error {
		_, err := d.svc.NonLitigation.Reduce(c.Request.Context(), web.Actor(c), r)
		return err
	}); err != nil {
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
		"review_from": n.ReviewFrom, "review_until": n.ReviewUntil, "suit_from": n.SuitFrom, "suit_until": n.SuitUntil,
	}[name].String()
}
