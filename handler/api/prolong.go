package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
)

// prolongRoutes are about prolonging listings that are in force.
func (s *API) prolongRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/measures/:id/prolongations", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "延长失信期限的提请及其决定（新的在前）",
			Do: do(s.listProlongations), Reasons: []Reason{{model.NotFound, "measure.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/prolongations/:id/decide", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "决定是否延长失信期限；同意的制作决定书并送达",
			Do: do(s.decideProlong), Reasons: []Reason{
				{model.NotFound, "prolongation.not_found"},
				{model.Invalid, "reason.required"},
				{model.Conflict, "prolong.decided"},
				{model.Conflict, "prolong.own"},
				{model.Forbidden, "measure.president"},
				{model.Conflict, "prolong.shortened"},
				{model.Conflict, "obligation.performed"},
			},
		},
	}
}

type prolongAnswer struct {
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Approve bool   `json:"approve" required:"true"`
	Note    string `json:"note" description:"不予延长的必须写明理由"`
}

type prolongView struct {
	ID          int64      `json:"id" required:"true"`
	MeasureID   int64      `json:"measure_id" required:"true"`
	Years       int        `json:"years" required:"true"`
	Reason      string     `json:"reason" required:"true"`
	ReasonText  string     `json:"reason_text" required:"true"`
	Facts       string     `json:"facts" required:"true"`
	State       string     `json:"state" required:"true" enum:"open,approved,refused,lapsed"`
	StateName   string     `json:"state_name" required:"true"`
	FormerUntil model.Date `json:"former_until" required:"true"`
	Until       model.Date `json:"until" required:"true"`
	Note        string     `json:"note" required:"true"`
	Number      string     `json:"number" required:"true"`
	DocumentID  int64      `json:"document_id" required:"true"`
	Citation    string     `json:"citation" required:"true"`
	DecidedAt   *time.Time `json:"decided_at" required:"true" nullable:"true"`
	At          time.Time  `json:"at" required:"true"`
	Version     int64      `json:"version" required:"true"`
}

type prolongList struct {
	Prolongations []prolongView `json:"prolongations" required:"true"`
}

func viewProlong(p model.Prolongation) prolongView {
	return prolongView{
		ID: p.ID, MeasureID: p.MeasureID, Years: p.Years, Reason: string(p.Reason), ReasonText: p.Reason.Chinese(), Facts: p.Facts, State: string(p.State),
		StateName: p.State.Chinese(), FormerUntil: p.FormerUntil, Until: p.Until, Note: p.DecideNote, Number: p.Number, DocumentID: p.DocumentID, Citation: p.Citation(),
		DecidedAt: p.DecidedAt, At: p.CreatedAt.UTC(), Version: p.Version,
	}
}

func (s *API) listProlongations(ctx context.Context, by model.Actor, in idPath) (prolongList, error) {
	list, err := s.svc.Enforcement.Prolongations(ctx, by, in.ID)
	return prolongList{Prolongations: each(list, viewProlong)}, err
}

func (s *API) decideProlong(ctx context.Context, by model.Actor, in prolongAnswer) (prolongView, error) {
	p, err := s.svc.Enforcement.DecideProlongation(ctx, by, in.ID, in.Version, in.Approve, in.Note)
	if err != nil {
		return prolongView{}, err
	}
	return viewProlong(*p), nil
}
