package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// prolongRoutes are about prolonging listings that are in force.
func (s *API) prolongRoutes() []Route {
	path := Reason{model.NotFound, "path.not_found"}
	law := []Reason{
		{model.Conflict, "prolong.not_listed"},
		{model.Conflict, "prolong.shortened"},
		{model.Conflict, "obligation.performed"},
	}
	return []Route{
		{
			Method: http.MethodPost, Path: "/measures/:id/prolongations", Act: model.ActMeasurePropose, Summary: "提请延长失信期限（失信名单规定第二条）", Input: newProlongation{},
			Output: prolongView{}, Status: http.StatusCreated, Handle: s.prolong, Reasons: append([]Reason{
				path,
				{model.NotFound, "measure.not_found"},
				{model.Invalid, "idempotency.required"},
				{model.Conflict, "prolong.no_term"},
				{model.Conflict, "prolong.done"},
				{model.Conflict, "prolong.open"},
				{model.Invalid, "prolong.years"},
				{model.Invalid, "prolong.reason"},
				{model.Invalid, "prolong.facts"},
			}, law...),
		},
		{
			Method: http.MethodGet, Path: "/measures/:id/prolongations", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "延长失信期限的提请及其决定（新的在前）", Input: casePath{},
			Output: prolongList{}, Handle: s.prolongations, Reasons: []Reason{path, {model.NotFound, "measure.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/prolongations/:id/decide", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "决定是否延长失信期限；同意的制作决定书并送达", Input: prolongAnswer{},
			Output: prolongView{}, Handle: s.decideProlong, Reasons: append([]Reason{
				path,
				{model.NotFound, "prolongation.not_found"},
				{model.Invalid, "reason.required"},
				{model.Conflict, "prolong.decided"},
				{model.Conflict, "prolong.own"},
			}, law[1:]...),
		},
	}
}

type newProlongation struct {
	ID     int64  `path:"id" json:"-"`
	Key    string `header:"Idempotency-Key" json:"-" required:"true"`
	Years  int    `json:"years" required:"true" description:"延长的年数，1–3"`
	Reason string `json:"reason" required:"true" description:"violence 以暴力、威胁方法妨碍、抗拒执行情节严重；several 具有多项失信行为"`
	Facts  string `json:"facts" required:"true" description:"所依据的事实"`
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

func (s *API) prolong(c *gin.Context) error {
	n, key, req, err := keyed[newProlongation](c)
	if err != nil {
		return err
	}
	p, err := s.svc.Enforcement.Prolong(c.Request.Context(), web.Actor(c), n, model.Prolongation{
		Years: req.Years, Reason: model.ListingExtra(req.Reason), Facts: req.Facts, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewProlong(*p))
	return nil
}

func (s *API) prolongations(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Prolongations(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := prolongList{Prolongations: []prolongView{}}
	for _, p := range list {
		out.Prolongations = append(out.Prolongations, viewProlong(p))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) decideProlong(c *gin.Context) error {
	n, req, err := posted[prolongAnswer](c)
	if err != nil {
		return err
	}
	p, err := s.svc.Enforcement.DecideProlong(c.Request.Context(), web.Actor(c), n, req.Version, req.Approve, req.Note)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewProlong(*p))
	return nil
}
