package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
)

func (s *API) petitionRoutes() []Route {
	making := []Reason{
		{model.Invalid, "petition.kind"},
		{model.Invalid, "petition.text"},
		{model.Invalid, "file.unknown"},
		{model.Conflict, "petition.open"},
	}
	return []Route{
		{
			Method: http.MethodPost, Path: "/my/relatives/:id/petitions", For: Phone, Act: model.ActPetitionMake, Status: http.StatusCreated,
			Summary: "家属：申请提前解除拘留，或者转交被执行人签名的具结悔过书", Do: do(s.makeRelativePetition),
			Reasons: append(slices.Clone(making), Reason{model.NotFound, "relative.not_found"}, Reason{model.Invalid, "petition.signature"}),
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/petitions", For: Phone, Act: model.ActPetitionMake, Status: http.StatusCreated,
			Summary: "被执行人本人提交，或者执行法官代录：具结悔过书、提前解除拘留申请", Do: do(s.makePetition),
			Reasons: append(slices.Clone(making), Reason{model.NotFound, "enforcement.not_found"}, Reason{model.Invalid, "party.not_debtor"}),
		},
		{
			Method: http.MethodGet, Path: "/petitions", For: Phone, Act: model.ActPetitionRead, Summary: "悔过书和提前解除拘留申请（新的在前）：本人提出的，或者本人办理的",
			Do: do(s.listPetitions),
		},
		{
			Method: http.MethodPost, Path: "/petitions/:id/decide", For: PhoneStaff, Act: model.ActPetitionDecide, Summary: "执行法官答复：悔过书 accepted；提前解除拘留申请 forwarded（提请院长）或者 refused",
			Do: do(s.decidePetition), Reasons: []Reason{
				{model.NotFound, "petition.not_found"},
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
	ID int64 `path:"id" json:"-"`
	withKey
	Kind   string `json:"kind" required:"true" enum:"remorse,early_release"`
	Text   string `json:"text" description:"10 至 3000 字；有签名扫描件的可以从简"`
	FileID int64  `json:"file_id,omitempty" description:"签名文书的照片；家属转交悔过书时必填"`
}

type newPartyPetition struct {
	newPetition
	PartyID int64 `json:"party_id" required:"true"`
}

type petitionQuery struct {
	pageQuery
	EnforcementID int64 `query:"enforcement_case_id" json:"-"`
	Undecided     bool  `query:"undecided" json:"-" description:"1：只看未决定的"`
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
	Next      string         `json:"next" required:"true"`
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

func (s *API) makeRelativePetition(ctx context.Context, by model.Actor, in newPetition) (petitionView, error) {
	return s.petition(ctx, by, in, model.Petition{RelativeID: in.ID})
}

func (s *API) makePetition(ctx context.Context, by model.Actor, in newPartyPetition) (petitionView, error) {
	return s.petition(ctx, by, in.newPetition, model.Petition{EnforcementCaseID: in.ID, PartyID: in.PartyID})
}

// petition makes a petition of what somebody writes and of whose it is.
func (s *API) petition(ctx context.Context, by model.Actor, in newPetition, p model.Petition) (petitionView, error) {
	p.Kind, p.Body, p.FileID, p.IdemKey = model.PetitionKind(in.Kind), in.Text, in.FileID, in.Key
	made, err := s.svc.Petition.Make(ctx, by, p)
	if err != nil {
		return petitionView{}, err
	}
	return viewPetition(*made), nil
}

func (s *API) listPetitions(ctx context.Context, by model.Actor, in petitionQuery) (petitionList, error) {
	list, err := s.svc.Petition.Petitions(ctx, by, model.PetitionFilter{
		EnforcementID: in.EnforcementID, Undecided: in.Undecided, Before: in.After.ID, Limit: in.more(),
	})
	return petitionList{
		Petitions: each(cut(in.pageQuery, list), func(l model.PetitionLine) petitionView { return viewPetition(l.Petition) }),
		Next:      next(in.pageQuery, list, func(l model.PetitionLine) int64 { return l.ID }),
	}, err
}

func (s *API) decidePetition(ctx context.Context, by model.Actor, in petitionDecision) (petitionView, error) {
	p, err := s.svc.Petition.Decide(ctx, by, in.ID, in.Version, model.PetitionState(in.State), in.Answer)
	if err != nil {
		return petitionView{}, err
	}
	return viewPetition(*p), nil
}
