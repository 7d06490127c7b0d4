package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) caseMeasures(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.MeasuresOf(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	out := measureList{Measures: []measureView{}}
	for _, d := range list {
		out.Measures = append(out.Measures, s.viewMeasure(d))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) listMeasures(c *gin.Context) error {
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	f, err := measureFilter(c.Query("kind"), c.Query("state"))
	if err != nil {
		return err
	}
	f.Waiting, f.Before, f.Limit = c.Query("waiting") == "1", before, limit
	if c.Query("mine") == "1" {
		f.OfficerID = web.Actor(c).UserID
	}
	list, err := s.svc.Enforcement.Measures(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := measureLines{Measures: []measureLineView{}}
	for _, l := range list {
		out.Measures = append(out.Measures, viewMeasureLine(l))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// measureFilter reads the choices of a list of measures.
func measureFilter(kind, state string) (f model.MeasureFilter, err error) {
	f.Kind = model.MeasureKind(kind)
	if state != "" {
		f.States = []model.MeasureState{model.MeasureState(state)}
	}
	if f.Kind != "" && !f.Kind.Valid() || state != "" && f.States[0].Chinese() == "" {
		return f, model.InvalidField("kind", "filter.unknown", "筛选条件不正确")
	}
	return f, nil
}

func (s *API) readMeasure(c *gin.Context) error {
	measureID, err := id(c, "id")
	if err != nil {
		return err
	}
	return s.answerMeasure(c, http.StatusOK, measureID, nil)
}

// answerMeasure answers with a measure as it is now, unless err says why not.
func (s *API) answerMeasure(c *gin.Context, status int, measureID int64, err error) error {
	if err != nil {
		return err
	}
	d, err := s.svc.Enforcement.Measure(c.Request.Context(), web.Actor(c), measureID)
	if err != nil {
		return err
	}
	c.JSON(status, s.viewMeasure(*d))
	return nil
}

// onMeasure reads the body of an act on a measure and answers with what became
// of the measure.
func onMeasure[T any](s *API, c *gin.Context, f func(measureID int64, req T) error) error {
	measureID, req, err := posted[T](c)
	if err != nil {
		return err
	}
	return s.answerMeasure(c, http.StatusOK, measureID, f(measureID, req))
}

func (s *API) proposeMeasure(c *gin.Context) error {
	caseID, key, req, err := keyed[newMeasure](c)
	if err != nil {
		return err
	}
	m, err := s.svc.Enforcement.Propose(c.Request.Context(), web.Actor(c), enforcement.Proposal{
		EnforcementCaseID: caseID, PartyID: req.PartyID, Kind: model.MeasureKind(req.Kind), Relation: model.MeasureRelation(req.Relation), SubjectName: req.SubjectName,
		SubjectIDKind: req.SubjectIDKind, SubjectID: req.SubjectID, Resistance: model.Resistance(req.Resistance), Ground: model.MeasureGround(req.Ground), ActOn: req.ActOn,
		ActText: req.ActText, OtherAct: req.OtherAct, Facts: req.Facts, ByCreditor: req.ByCreditor, Days: req.Days, AmountFen: req.AmountFen, PayBy: req.PayBy,
		ExtraYears: req.ExtraYears, ExtraReason: model.ListingExtra(req.ExtraReason), GraceMonths: req.GraceMonths, Until: req.Until, IdemKey: key,
	})
	if err != nil {
		return err
	}
	return s.answerMeasure(c, http.StatusCreated, m.ID, nil)
}

func (s *API) decideMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureDecision) error {
		_, err := s.svc.Enforcement.Decide(c.Request.Context(), web.Actor(c), id, req.Version, req.Opinion)
		return err
	})
}

func (s *API) refuseMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req versionReason) error {
		_, err := s.svc.Enforcement.Refuse(c.Request.Context(), web.Actor(c), id, req.Version, req.Reason)
		return err
	})
}

func (s *API) withdrawMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req versionReason) error {
		_, err := s.svc.Enforcement.Withdraw(c.Request.Context(), web.Actor(c), id, req.Version, req.Reason)
		return err
	})
}

func (s *API) serveMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureService) error {
		_, err := s.svc.Enforcement.Served(c.Request.Context(), web.Actor(c), id, req.Version, req.On, req.How, req.FileID)
		return err
	})
}

func (s *API) detain(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureDetain) error {
		_, err := s.svc.Enforcement.Detain(c.Request.Context(), web.Actor(c), id, req.Version, req.At)
		return err
	})
}

func (s *API) tellFamily(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureFamily) error {
		_, err := s.svc.Enforcement.TellFamily(c.Request.Context(), web.Actor(c), id, enforcement.FamilyTold{
			Name: req.Name, Relation: req.Relation, How: req.How, At: req.At, FileID: req.FileID, Missed: req.Missed,
		})
		return err
	})
}

func (s *API) effectMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req versionOnly) error {
		_, err := s.svc.Enforcement.TakeEffect(c.Request.Context(), web.Actor(c), id, req.Version)
		return err
	})
}

func (s *API) postMeasure(c *gin.Context) error {
	measureID, key, req, err := keyed[measurePoster](c)
	if err != nil {
		return err
	}
	_, err = s.svc.Enforcement.Post(c.Request.Context(), web.Actor(c), measureID, req.Place, req.FileID, key)
	return s.answerMeasure(c, http.StatusCreated, measureID, err)
}

func (s *API) expireMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureExpiry) error {
		_, err := s.svc.Enforcement.Expire(c.Request.Context(), web.Actor(c), id, req.Version, req.Proof, req.FileID)
		return err
	})
}

func (s *API) liftMeasure(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureLift) error {
		_, err := s.svc.Enforcement.Lift(c.Request.Context(), web.Actor(c), id, req.Version, model.Lifting{
			Ground: model.LiftGround(req.Ground), Reason: req.Reason, Proof: req.Proof, FileID: req.FileID,
		})
		return err
	})
}

func (s *API) answerLift(c *gin.Context) error {
	return onMeasure(s, c, func(id int64, req measureAnswer) error {
		_, err := s.svc.Enforcement.AnswerLift(c.Request.Context(), web.Actor(c), id, req.Version, req.Yes, req.Note)
		return err
	})
}

func (s *API) askReview(c *gin.Context) error {
	measureID, key, req, err := keyed[newReview](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Enforcement.AskReview(c.Request.Context(), web.Actor(c), measureID, req.Reason, key)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewReview(*r))
	return nil
}

func (s *API) concludeReview(c *gin.Context) error {
	reviewID, req, err := posted[reviewResult](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Enforcement.ConcludeReview(c.Request.Context(), web.Actor(c), reviewID, model.ReviewOutcome{
		Result: model.ReviewResult(req.Result), Text: req.Text, ByCourt: req.ByCourt, Number: req.Number, DecidedOn: req.DecidedOn, Days: req.Days, AmountFen: req.AmountFen,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewReview(*r))
	return nil
}

func (s *API) ownMeasures(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.OwnMeasures(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	out := ownMeasureList{Measures: []ownMeasure{}}
	for _, d := range list {
		out.Measures = append(out.Measures, viewOwnMeasure(d))
	}
	c.JSON(http.StatusOK, out)
	return nil
}
