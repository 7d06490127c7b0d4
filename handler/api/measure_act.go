package api

import (
	"context"

	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) listMeasures(ctx context.Context, by model.Actor, in measureQuery) (measureLines, error) {
	f := model.MeasureFilter{Kind: model.MeasureKind(in.Kind), Waiting: in.Waiting, Before: in.After.ID, Limit: in.more()}
	if in.State != "" {
		f.States = []model.MeasureState{model.MeasureState(in.State)}
	}
	f.Unexecuted = in.Pending
	if in.Mine {
		f.OfficerID = by.UserID
	}
	list, err := s.svc.Enforcement.Measures(ctx, by, f)
	return measureLines{
		Measures: each(cut(in.pageQuery, list), viewMeasureLine), Next: next(in.pageQuery, list, func(l model.MeasureLine) int64 { return l.ID }),
	}, err
}

func (s *API) readMeasure(ctx context.Context, by model.Actor, in idPath) (measureView, error) {
	return s.measureAfter(ctx, by, in.ID, nil)
}

// measureAfter is a measure as it is after an act, unless err says why the act
// was not done.
func (s *API) measureAfter(ctx context.Context, by model.Actor, id int64, err error) (measureView, error) {
	if err != nil {
		return measureView{}, err
	}
	d, err := s.svc.Enforcement.Measure(ctx, by, id)
	if err != nil {
		return measureView{}, err
	}
	return s.viewMeasure(*d), nil
}

func (s *API) decideMeasure(ctx context.Context, by model.Actor, in measureDecision) (measureView, error) {
	_, err := s.svc.Enforcement.DecideMeasure(ctx, by, in.ID, in.Version, in.Opinion)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) refuseMeasure(ctx context.Context, by model.Actor, in versionReason) (measureView, error) {
	_, err := s.svc.Enforcement.RefuseMeasure(ctx, by, in.ID, in.Version, in.Reason)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) recordServiceOfProcess(ctx context.Context, by model.Actor, in serviceOfProcessInput) (measureView, error) {
	_, err := s.svc.Enforcement.RecordServiceOfProcess(ctx, by, in.ID, in.Version, in.On, in.How, in.FileID)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) recordDetention(ctx context.Context, by model.Actor, in measureDetain) (measureView, error) {
	_, err := s.svc.Enforcement.Detain(ctx, by, in.ID, in.Version, in.At, in.Place)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) executeMeasure(ctx context.Context, by model.Actor, in measureExecution) (measureView, error) {
	_, err := s.svc.Enforcement.ExecuteMeasure(ctx, by, in.ID, in.Version, model.MeasureExecution{
		Phase: model.ExecutionPhase(in.Phase), At: in.At, Place: in.Place, Number: in.Number, Note: in.Note, FileID: in.FileID,
	})
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) answerLift(ctx context.Context, by model.Actor, in measureAnswer) (measureView, error) {
	_, err := s.svc.Enforcement.AnswerLift(ctx, by, in.ID, in.Version, in.Yes, in.Note)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) tellFamily(ctx context.Context, by model.Actor, in measureFamily) (measureView, error) {
	_, err := s.svc.Enforcement.TellFamily(ctx, by, in.ID, enforcement.FamilyTold{
		Name: in.Name, Relation: in.Relation, How: in.How, At: in.At, FileID: in.FileID, Missed: in.Missed,
	})
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) postMeasure(ctx context.Context, by model.Actor, in measurePoster) (measureView, error) {
	_, err := s.svc.Enforcement.PutUpPoster(ctx, by, in.ID, in.Place, in.FileID, in.Key)
	return s.measureAfter(ctx, by, in.ID, err)
}

func (s *API) askReview(ctx context.Context, by model.Actor, in newReview) (reviewView, error) {
	r, err := s.svc.Enforcement.AskReview(ctx, by, in.ID, in.Reason, in.Key)
	if err != nil {
		return reviewView{}, err
	}
	return viewReview(*r), nil
}

func (s *API) ownMeasures(ctx context.Context, by model.Actor, in idPath) (ownMeasureList, error) {
	list, err := s.svc.Enforcement.OwnMeasures(ctx, by, in.ID)
	return ownMeasureList{Measures: each(list, viewOwnMeasure)}, err
}
