package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (s *API) petitionRoutes() []Route {
	making := []Reason{
		{model.NotFound, "path.not_found"},
		{model.Invalid, "idempotency.required"},
		{model.Invalid, "petition.kind"},
		{model.Invalid, "petition.text"},
		{model.Invalid, "file.unknown"},
		{model.Conflict, "petition.open"},
	}
	return []Route{
		{
			Method: http.MethodPost, Path: "/my/relatives/:id/petitions", For: Phone, Act: model.ActPetitionMake, Input: newPetition{}, Output: petitionView{}, Status: http.StatusCreated,
			Summary: "家属：申请提前解除拘留，或者转交被执行人签名的具结悔过书", Handle: s.makeRelativePetition,
			Reasons: append(slices.Clone(making), Reason{model.NotFound, "relative.not_found"}, Reason{model.Invalid, "petition.signature"}),
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/petitions", For: Phone, Act: model.ActPetitionMake, Input: newPartyPetition{}, Output: petitionView{}, Status: http.StatusCreated,
			Summary: "被执行人本人提交，或者执行法官代录：具结悔过书、提前解除拘留申请", Handle: s.makePetition,
			Reasons: append(slices.Clone(making), Reason{model.NotFound, "enforcement.not_found"}, Reason{model.Invalid, "party.not_debtor"}),
		},
		{
			Method: http.MethodGet, Path: "/petitions", For: Phone, Act: model.ActPetitionRead, Summary: "悔过书和提前解除拘留申请（新的在前）：本人提出的，或者本人办理的", Input: petitionQuery{},
			Output: petitionList{}, Handle: s.listPetitions,
		},
		{
			Method: http.MethodPost, Path: "/petitions/:id/decide", For: PhoneStaff, Act: model.ActPetitionDecide, Summary: "执行法官答复：悔过书 accepted；提前解除拘留申请 forwarded（提请院长）或者 refused",
			Input: petitionDecision{}, Output: petitionView{}, Handle: s.decidePetition, Reasons: []Reason{
				{model.NotFound, "petition.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "petition.decided"},
				{model.Conflict, "petition.forwarded"},
				{model.Conflict, "petition.no_detention"},
				{model.Conflict, "petition.own"},
				{model.Conflict, "lift.asked"},
				{model.Invalid, "petition.answer"},
				{model.Invalid, "reason.required"},
			},
		},
	}
}

type newPetition struct {
	ID     int64  `path:"id" json:"-"`
	Key    string `header:"Idempotency-Key" json:"-" required:"true"`
	Kind   string `json:"kind" required:"true" enum:"remorse,early_release"`
	Text   string `json:"text" description:"10 至 3000 字；有签名扫描件的可以从简"`
	FileID int64  `json:"file_id,omitempty" description:"签名文书的照片；家属转交悔过书时必填"`
}

type newPartyPetition struct {
	newPetition
	PartyID int64 `json:"party_id" required:"true"`
}

type petitionQuery struct {
	beforeQuery
	EnforcementID int64 `query:"enforcement_case_id"`
	Undecided     bool  `query:"undecided" description:"1：只看未决定的"`
}

type petitionView struct {
	ID        int64      `json:"id" required:"true"`
	Kind      string     `json:"kind" required:"true" enum:"remorse,early_release"`
	KindText  string     `json:"kind_text" required:"true"`
	State     string     `json:"state" required:"true" enum:"open,forwarded,granted,accepted,refused"`
	StateText string     `json:"state_text" required:"true"`
	Text      string     `json:"text" required:"true"`
	FileID    int64      `json:"file_id" required:"true"`
	Answer    string     `json:"answer" required:"true"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Version   int64      `json:"version" required:"true"`
	CreatedAt time.Time  `json:"created_at" required:"true"`
}

type petitionList struct {
	Petitions []petitionView `json:"petitions" required:"true"`
	Next      int64          `json:"next" required:"true"`
}

type petitionDecision struct {
	ID      int64  `path:"id" json:"-"`
	State   string `json:"state" required:"true" enum:"accepted,forwarded,refused,granted"`
	Answer  string `json:"answer,omitempty" description:"提请或者不同意的理由，对方会看到"`
	Version int64  `json:"version" required:"true"`
}

func viewPetition(p model.Petition) petitionView {
	return petitionView{
		ID: p.ID, Kind: string(p.Kind), KindText: p.Kind.Chinese(), State: string(p.State), StateText: p.State.Chinese(), Text: p.Body, FileID: p.FileID,
		Answer: p.Answer, DecidedAt: p.DecidedAt, Version: p.Version, CreatedAt: p.CreatedAt,
	}
}

func (s *API) makeRelativePetition(c *gin.Context) error {
	n, key, req, err := keyed[newPetition](c)
	if err != nil {
		return err
	}
	return s.petition(c, model.Petition{RelativeID: n, Kind: model.PetitionKind(req.Kind), Body: req.Text, FileID: req.FileID, IdemKey: key})
}

func (s *API) makePetition(c *gin.Context) error {
	n, key, req, err := keyed[newPartyPetition](c)
	if err != nil {
		return err
	}
	return s.petition(c, model.Petition{
		EnforcementCaseID: n, PartyID: req.PartyID, Kind: model.PetitionKind(req.Kind), Body: req.Text, FileID: req.FileID, IdemKey: key,
	})
}

func (s *API) petition(c *gin.Context, in model.Petition) error {
	p, err := s.svc.Petition.Make(c.Request.Context(), web.Actor(c), in)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewPetition(*p))
	return nil
}

func (s *API) listPetitions(c *gin.Context) error {
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	f := model.PetitionFilter{Undecided: c.Query("undecided") == "1", Before: before, Limit: limit}
	if f.EnforcementID, err = web.QueryNumber(c, "enforcement_case_id"); err != nil {
		return err
	}
	list, err := s.svc.Petition.Petitions(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := petitionList{Petitions: []petitionView{}}
	for _, l := range list {
		out.Petitions = append(out.Petitions, viewPetition(l.Petition))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) decidePetition(c *gin.Context) error {
	n, req, err := posted[petitionDecision](c)
	if err != nil {
		return err
	}
	p, err := s.svc.Petition.Decide(c.Request.Context(), web.Actor(c), n, req.Version, model.PetitionState(req.State), req.Answer)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewPetition(*p))
	return nil
}
