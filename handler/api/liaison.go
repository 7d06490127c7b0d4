package api

import (
	"context"
	"net/http"
	"slices"

	"microcourt/handler/web"
	"microcourt/model"
)

// liaisonRoutes are what a liaison does on his phone. The court keeps its roster
// and asks for help at the desk.
func (s *API) liaisonRoutes() []Route {
	onRequest := []Reason{{model.NotFound, "assistance.not_found"}}
	write := slices.Concat(onRequest, []Reason{{model.Conflict, "assistance.state"}, {model.Conflict, "assistance.changed"}})
	return []Route{
		{
			Method: http.MethodPost, Path: "/liaison-bindings", For: Phone, Act: model.ActBind, Summary: "用一次性代码成为执行联络员（任期内有效）",
			Status: http.StatusCreated, Limit: web.LimitBind, Do: do(s.bindLiaison), Reasons: []Reason{
				{model.Invalid, "liaison_code.wrong"},
				{model.Invalid, "liaison_code.used"},
				{model.Invalid, "liaison_code.voided"},
				{model.Invalid, "liaison_code.expired"},
				{model.TooMany, "binding.blocked"},
			},
		},
		{
			Method: http.MethodGet, Path: "/my/assistance-requests", For: Phone, Act: model.ActAssist, Summary: "联络员：请我协助的事项（新的在前）",
			Do: do(s.listHelpRequests),
		},
		{
			Method: http.MethodGet, Path: "/my/assistance-requests/:id", For: Phone, Act: model.ActAssist, Summary: "联络员：一项请我协助的事项",
			Reasons: onRequest, Do: do(s.readHelpRequest),
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/accept", For: Phone, Act: model.ActAssist, Summary: "联络员：接受", Reasons: write,
			Do: do(s.acceptAssistance),
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/decline", For: Phone, Act: model.ActAssist, Summary: "联络员：不能协助",
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "reason.required"}), Do: do(s.declineAssistance),
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/answer", For: Phone, Act: model.ActAssist, Summary: "联络员：反馈，可附照片（先用该事项的 case_id 上传）",
			Do:      do(s.answerAssistance),
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "assistance.answer"}, Reason{model.Invalid, "file.unknown"}, Reason{model.Invalid, "file.too_many"}),
		},
	}
}

type villageView struct {
	ID   int64  `json:"id" required:"true"`
	Town string `json:"town" required:"true"`
	Name string `json:"name" required:"true"`
}

type boundLiaison struct {
	Name     string        `json:"name" required:"true"`
	FromOn   model.Date    `json:"from_on" required:"true"`
	UntilOn  model.Date    `json:"until_on" required:"true"`
	Villages []villageView `json:"villages" required:"true"`
}

type assistanceQuery struct {
	pageQuery
	State string `query:"state" json:"-" enum:",asked,accepted,declined,answered,closed"`
}

func (q assistanceQuery) filter() model.AssistanceFilter {
	return model.AssistanceFilter{State: model.AssistanceState(q.State), Before: q.After.ID, Limit: q.more()}
}

type assistanceSeen struct {
	ID      int64 `path:"id" json:"-"`
	Version int64 `json:"version" required:"true"`
}

type assistanceDecline struct {
	assistanceSeen
	Reason string `json:"reason" required:"true"`
}

type assistanceAnswer struct {
	assistanceSeen
	Text  string  `json:"text" required:"true"`
	Files []int64 `json:"file_ids" description:"最多 9 个"`
}

// helpView is a request as its liaison sees it: no case number, no ID number,
// no amounts.
type helpView struct {
	ID        int64      `json:"id" required:"true"`
	CaseID    int64      `json:"case_id" required:"true" description:"上传照片时填写"`
	Kind      string     `json:"kind" required:"true" enum:"find_person,find_property,deliver,persuade"`
	KindText  string     `json:"kind_text" required:"true"`
	State     string     `json:"state" required:"true" enum:"asked,accepted,declined,answered,closed"`
	StateText string     `json:"state_text" required:"true"`
	Town      string     `json:"town" required:"true"`
	Village   string     `json:"village" required:"true"`
	Name      string     `json:"name" required:"true"`
	Detail    string     `json:"detail" required:"true"`
	DueOn     model.Date `json:"due_on" required:"true"`
	Officer   string     `json:"officer" required:"true"`
	Phone     string     `json:"phone,omitempty" description:"法院联系电话，仅单项查看时"`
	Answer    string     `json:"answer" required:"true"`
	Version   int64      `json:"version" required:"true"`
}

type helpList struct {
	Requests []helpView `json:"requests" required:"true"`
	Next     string     `json:"next" required:"true"`
}

func viewHelp(a model.AssistanceLine, phone string) helpView {
	return helpView{
		ID: a.ID, CaseID: a.CaseID, Kind: string(a.Kind), KindText: a.Kind.Chinese(), State: string(a.State), StateText: a.State.Chinese(), Town: a.Town,
		Village: a.Village, Name: a.Name, Detail: a.Detail, DueOn: a.DueOn, Officer: a.Officer, Phone: phone, Answer: a.Answer, Version: a.Version,
	}
}

func viewVillage(v model.Village) villageView {
	return villageView{ID: v.ID, Town: v.Town, Name: v.Name}
}

func (s *API) bindLiaison(ctx context.Context, by model.Actor, in codeBinding) (boundLiaison, error) {
	l, err := s.svc.Liaison.Bind(ctx, by, in.Code)
	if err != nil {
		return boundLiaison{}, err
	}
	return boundLiaison{Name: l.Name, FromOn: l.FromOn, UntilOn: l.UntilOn, Villages: each(l.Villages, viewVillage)}, nil
}

func (s *API) listHelpRequests(ctx context.Context, by model.Actor, in assistanceQuery) (helpList, error) {
	list, err := s.svc.Liaison.Requests(ctx, by, model.ActAssist, in.filter())
	return helpList{
		Requests: each(cut(in.pageQuery, list), func(a model.AssistanceLine) helpView { return viewHelp(a, "") }),
		Next:     next(in.pageQuery, list, func(a model.AssistanceLine) int64 { return a.ID }),
	}, err
}

func (s *API) readHelpRequest(ctx context.Context, by model.Actor, in idPath) (helpView, error) {
	d, err := s.svc.Liaison.Request(ctx, by, model.ActAssist, in.ID)
	if err != nil {
		return helpView{}, err
	}
	return viewHelp(d.AssistanceLine, d.Phone), nil
}

// helpAfter is a request, as its liaison reads it after an act, unless err says why
// the act was not done.
func (s *API) helpAfter(ctx context.Context, by model.Actor, id int64, err error) (helpView, error) {
	if err != nil {
		return helpView{}, err
	}
	return s.readHelpRequest(ctx, by, idPath{ID: id})
}

func (s *API) acceptAssistance(ctx context.Context, by model.Actor, in assistanceSeen) (helpView, error) {
	_, err := s.svc.Liaison.Accept(ctx, by, in.ID, in.Version)
	return s.helpAfter(ctx, by, in.ID, err)
}

func (s *API) declineAssistance(ctx context.Context, by model.Actor, in assistanceDecline) (helpView, error) {
	_, err := s.svc.Liaison.Decline(ctx, by, in.ID, in.Version, in.Reason)
	return s.helpAfter(ctx, by, in.ID, err)
}

func (s *API) answerAssistance(ctx context.Context, by model.Actor, in assistanceAnswer) (helpView, error) {
	_, err := s.svc.Liaison.Reply(ctx, by, in.ID, in.Version, in.Text, in.Files)
	return s.helpAfter(ctx, by, in.ID, err)
}
