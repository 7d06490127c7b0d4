package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
)

func (s *API) liaisonRoutes() []Route {
	entry := []Reason{
		{model.Invalid, "liaison.name"},
		{model.Invalid, "liaison.phone"},
		{model.Invalid, "liaison.term"},
		{model.Invalid, "liaison.villages"},
		{model.Invalid, "village.unknown"},
	}
	onEntry := []Reason{{model.NotFound, "liaison.not_found"}}
	onRequest := []Reason{{model.NotFound, "assistance.not_found"}}
	write := slices.Concat(onRequest, []Reason{{model.Conflict, "assistance.state"}, {model.Conflict, "assistance.changed"}})
	return []Route{
		{
			Method: http.MethodPost, Path: "/villages", Act: model.ActLiaisonManage, Summary: "登记一个村（社区）；已登记的不重复",
			Status: http.StatusCreated, Reasons: []Reason{{model.Invalid, "village.name"}}, Do: do(s.addVillage),
		},
		{
			Method: http.MethodGet, Path: "/villages/coverage", Act: model.ActLiaisonRead, Summary: "各镇（街道）村（社区）的联络员，及没有在任联络员的",
			Do: do(s.coverage),
		},
		{
			Method: http.MethodPost, Path: "/liaisons", Act: model.ActLiaisonManage, Summary: "将一人列入执行联络员名册",
			Status: http.StatusCreated, Reasons: entry, Do: do(s.addLiaison),
		},
		{
			Method: http.MethodGet, Path: "/liaisons", Act: model.ActLiaisonRead, Summary: "执行联络员名册（新的在前）", Do: do(s.listLiaisons),
		},
		{
			Method: http.MethodGet, Path: "/liaisons/:id", Act: model.ActLiaisonRead, Summary: "一名联络员，含手机号和历次变更（留痕）",
			Reasons: onEntry, Do: do(s.readLiaison),
		},
		{
			Method: http.MethodPost, Path: "/liaisons/:id", Act: model.ActLiaisonManage, Summary: "更改联络员的手机号、联络的村（社区）或任期",
			Reasons: slices.Concat(onEntry, entry, []Reason{{model.Conflict, "liaison.changed"}, {model.Invalid, "reason.required"}}), Do: do(s.changeLiaison),
		},
		{
			Method: http.MethodPost, Path: "/liaisons/:id/codes", Act: model.ActLiaisonManage, Summary: "生成联络员绑定手机的一次性代码",
			Status: http.StatusCreated, Reasons: append(slices.Clone(onEntry), Reason{model.Conflict, "liaison.over"}), Do: do(s.issueLiaisonCode),
		},
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
			Method: http.MethodPost, Path: "/enforcement-cases/:id/assistance-requests", Act: model.ActAssistanceRequest, Summary: "请求被执行人所在村（社区）的联络员协助",
			Status: http.StatusCreated, Do: do(s.askLiaison), Reasons: []Reason{
				{model.NotFound, "enforcement.not_found"},
				{model.Conflict, "enforcement.closed"},
				{model.Invalid, "assistance.kind"},
				{model.Invalid, "assistance.person"},
				{model.Invalid, "assistance.detail"},
				{model.Invalid, "assistance.private"},
				{model.Invalid, "assistance.due"},
				{model.Invalid, "village.unknown"},
				{model.Invalid, "liaison.none"},
				{model.Invalid, "liaison.unbound"},
			},
		},
		{
			Method: http.MethodGet, Path: "/assistance-requests", Act: model.ActAssistanceRead, Summary: "协助请求（新的在前）：执行法官本人案件的，院领导全院的",
			Do: do(s.listAssistance),
		},
		{
			Method: http.MethodGet, Path: "/assistance-requests/:id", Act: model.ActAssistanceRead, Summary: "一项协助请求及其反馈（留痕）",
			Reasons: onRequest, Do: do(s.readAssistance),
		},
		{
			Method: http.MethodPost, Path: "/assistance-requests/:id/close", Act: model.ActAssistanceRequest, Summary: "办结协助请求",
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "assistance.note"}), Do: do(s.closeAssistance),
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

type villageInput struct {
	Town string `json:"town" required:"true" description:"镇（街道）"`
	Name string `json:"name" required:"true" description:"村（社区）"`
}

type villageView struct {
	ID   int64  `json:"id" required:"true"`
	Town string `json:"town" required:"true"`
	Name string `json:"name" required:"true"`
}

type coveredVillage struct {
	ID       int64    `json:"id" required:"true"`
	Name     string   `json:"name" required:"true"`
	Liaisons []string `json:"liaisons" required:"true" description:"在任的联络员，空为没有"`
}

type townView struct {
	Town     string           `json:"town" required:"true"`
	Total    int              `json:"total" required:"true"`
	Without  int              `json:"without" required:"true" description:"没有在任联络员的村（社区）数"`
	Villages []coveredVillage `json:"villages" required:"true"`
}

type coverageView struct {
	Total   int        `json:"total" required:"true"`
	Without int        `json:"without" required:"true"`
	Towns   []townView `json:"towns" required:"true"`
}

type liaisonBody struct {
	Name     string     `json:"name" required:"true"`
	Phone    string     `json:"phone" required:"true" description:"手机号"`
	FromOn   model.Date `json:"from_on" required:"true" description:"任期起始日"`
	UntilOn  model.Date `json:"until_on" required:"true" description:"任期最后一日"`
	Villages []int64    `json:"village_ids" required:"true"`
}

func (b liaisonBody) liaison(key string) model.Liaison {
	return model.Liaison{Name: b.Name, Phone: b.Phone, FromOn: b.FromOn, UntilOn: b.UntilOn, IdemKey: key}
}

type liaisonInput struct {
	liaisonBody
	withKey
}

type liaisonChange struct {
	liaisonBody
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Reason  string `json:"reason" required:"true"`
}

type liaisonView struct {
	ID       int64         `json:"id" required:"true"`
	Name     string        `json:"name" required:"true"`
	Phone    string        `json:"phone" required:"true" description:"列表中隐去中间四位"`
	FromOn   model.Date    `json:"from_on" required:"true"`
	UntilOn  model.Date    `json:"until_on" required:"true"`
	Bound    bool          `json:"bound" required:"true" description:"已绑定手机"`
	Standing string        `json:"standing" required:"true"`
	Villages []villageView `json:"villages" required:"true"`
	Version  int64         `json:"version" required:"true"`
}

type liaisonList struct {
	Liaisons []liaisonView `json:"liaisons" required:"true"`
	Next     int64         `json:"next" required:"true"`
}

type liaisonHistory struct {
	At     time.Time `json:"at" required:"true"`
	Text   string    `json:"text" required:"true"`
	UserID int64     `json:"user_id" required:"true"`
}

type liaisonDetail struct {
	liaisonView
	History []liaisonHistory `json:"history" required:"true" description:"新的在前"`
}

type liaisonCodeView struct {
	Code      string    `json:"code" required:"true" description:"只显示这一次"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
}

type boundLiaison struct {
	Name     string        `json:"name" required:"true"`
	FromOn   model.Date    `json:"from_on" required:"true"`
	UntilOn  model.Date    `json:"until_on" required:"true"`
	Villages []villageView `json:"villages" required:"true"`
}

type assistanceInput struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID   int64      `json:"party_id" required:"true" description:"本案的被执行人；只向联络员提供姓名"`
	VillageID int64      `json:"village_id" required:"true"`
	Kind      string     `json:"kind" required:"true" description:"find_person 查找被执行人、find_property 查找财产、deliver 协助送达、persuade 劝导履行"`
	Detail    string     `json:"detail" required:"true" description:"住址、体貌等；不得写证件号码和金额"`
	DueOn     model.Date `json:"due_on" required:"true" description:"反馈期限"`
}

type assistanceQuery struct {
	pageQuery
	State string `query:"state" json:"-" enum:",asked,accepted,declined,answered,closed"`
}

func (q assistanceQuery) filter() model.AssistanceFilter {
	return model.AssistanceFilter{State: model.AssistanceState(q.State), Before: q.After, Limit: q.Limit}
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

type assistanceClosing struct {
	assistanceSeen
	Note string `json:"note" required:"true"`
}

type assistanceView struct {
	ID                int64      `json:"id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	PartyID           int64      `json:"party_id" required:"true"`
	Kind              string     `json:"kind" required:"true"`
	KindText          string     `json:"kind_text" required:"true"`
	State             string     `json:"state" required:"true" enum:"asked,accepted,declined,answered,closed"`
	StateText         string     `json:"state_text" required:"true"`
	Name              string     `json:"name" required:"true"`
	DueOn             model.Date `json:"due_on" required:"true"`
	Reason            string     `json:"reason" required:"true" description:"不能协助的原因"`
	AnsweredAt        *time.Time `json:"answered_at,omitempty"`
	CloseNote         string     `json:"close_note" required:"true"`
	Version           int64      `json:"version" required:"true"`
	CreatedAt         time.Time  `json:"created_at" required:"true"`
}

type assistanceLine struct {
	assistanceView
	CaseNo  string `json:"case_no" required:"true"`
	Town    string `json:"town" required:"true"`
	Village string `json:"village" required:"true"`
	Liaison string `json:"liaison" required:"true"`
}

type assistanceList struct {
	Requests []assistanceLine `json:"requests" required:"true"`
	Next     int64            `json:"next" required:"true"`
}

type assistanceDetail struct {
	assistanceLine
	Detail string     `json:"detail" required:"true"`
	Answer string     `json:"answer" required:"true"`
	Files  []fileView `json:"files" required:"true"`
}

// helpView is a request as its liaison sees it: no case number, no ID number,
// no amounts.
type helpView struct {
	ID        int64      `json:"id" required:"true"`
	CaseID    int64      `json:"case_id" required:"true" description:"上传照片时填写"`
	Kind      string     `json:"kind" required:"true"`
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
	Next     int64      `json:"next" required:"true"`
}

func viewAssistance(a model.Assistance) assistanceView {
	return assistanceView{
		ID: a.ID, EnforcementCaseID: a.EnforcementCaseID, PartyID: a.PartyID, Kind: string(a.Kind), KindText: a.Kind.Chinese(), State: string(a.State),
		StateText: a.State.Chinese(), Name: a.Name, DueOn: a.DueOn, Reason: a.Reason, AnsweredAt: a.AnsweredAt, CloseNote: a.CloseNote, Version: a.Version,
		CreatedAt: a.CreatedAt,
	}
}

func viewAssistanceLine(a model.AssistanceLine) assistanceLine {
	return assistanceLine{assistanceView: viewAssistance(a.Assistance), CaseNo: a.CaseNo, Town: a.Town, Village: a.Village, Liaison: a.Liaison}
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

// viewLiaison shows the phone with its middle hidden.
func (s *API) viewLiaison(l model.LiaisonLine) liaisonView {
	return liaisonView{
		ID: l.ID, Name: l.Name, Phone: model.MaskPhone(l.Phone), FromOn: l.FromOn, UntilOn: l.UntilOn, Bound: l.UserID != 0,
		Standing: l.Standing(model.DateOf(s.cfg.Now())), Villages: each(l.Villages, viewVillage), Version: l.Version,
	}
}

func (s *API) addVillage(ctx context.Context, by model.Actor, in villageInput) (villageView, error) {
	v, err := s.svc.Liaison.AddVillage(ctx, by, model.Village{Town: in.Town, Name: in.Name})
	if err != nil {
		return villageView{}, err
	}
	return viewVillage(*v), nil
}

func (s *API) coverage(ctx context.Context, by model.Actor, _ nothing) (coverageView, error) {
	list, err := s.svc.Liaison.Coverage(ctx, by)
	out := coverageView{Towns: each(list, viewTown)}
	for _, t := range out.Towns {
		out.Total += t.Total
		out.Without += t.Without
	}
	return out, err
}

func viewTown(t model.TownCoverage) townView {
	return townView{Town: t.Town, Total: len(t.Villages), Without: t.Without, Villages: each(t.Villages, func(v model.VillageLine) coveredVillage {
		return coveredVillage{ID: v.ID, Name: v.Name, Liaisons: append([]string{}, v.Liaisons...)}
	})}
}

func (s *API) addLiaison(ctx context.Context, by model.Actor, in liaisonInput) (liaisonView, error) {
	return s.liaisonAfter(s.svc.Liaison.Add(ctx, by, in.liaison(in.Key), in.Villages))
}

// liaisonAfter is an entry of the roster as it is after an act, unless err says
// why the act was not done.
func (s *API) liaisonAfter(l *model.LiaisonLine, err error) (liaisonView, error) {
	if err != nil {
		return liaisonView{}, err
	}
	return s.viewLiaison(*l), nil
}

func (s *API) listLiaisons(ctx context.Context, by model.Actor, in pageQuery) (liaisonList, error) {
	list, err := s.svc.Liaison.Roster(ctx, by, in.After, in.Limit)
	return liaisonList{
		Liaisons: each(list, s.viewLiaison), Next: next(list, in.Limit, func(l model.LiaisonLine) int64 { return l.ID }),
	}, err
}

func (s *API) readLiaison(ctx context.Context, by model.Actor, in idPath) (liaisonDetail, error) {
	l, history, err := s.svc.Liaison.Entry(ctx, by, in.ID)
	if err != nil {
		return liaisonDetail{}, err
	}
	out := liaisonDetail{liaisonView: s.viewLiaison(*l), History: each(history, func(e model.LiaisonEntry) liaisonHistory {
		return liaisonHistory{At: e.CreatedAt, Text: e.Text, UserID: e.ByUserID}
	})}
	out.Phone = l.Phone
	return out, nil
}

func (s *API) changeLiaison(ctx context.Context, by model.Actor, in liaisonChange) (liaisonView, error) {
	return s.liaisonAfter(s.svc.Liaison.Update(ctx, by, in.ID, in.Version, in.liaison(""), in.Villages, in.Reason))
}

func (s *API) issueLiaisonCode(ctx context.Context, by model.Actor, in idPath) (liaisonCodeView, error) {
	code, err := s.svc.Liaison.IssueCode(ctx, by, in.ID)
	if err != nil {
		return liaisonCodeView{}, err
	}
	return liaisonCodeView{Code: code.Code, ExpiresAt: code.ExpiresAt}, nil
}

func (s *API) bindLiaison(ctx context.Context, by model.Actor, in codeBinding) (boundLiaison, error) {
	l, err := s.svc.Liaison.Bind(ctx, by, in.Code)
	if err != nil {
		return boundLiaison{}, err
	}
	return boundLiaison{Name: l.Name, FromOn: l.FromOn, UntilOn: l.UntilOn, Villages: each(l.Villages, viewVillage)}, nil
}

func (s *API) askLiaison(ctx context.Context, by model.Actor, in assistanceInput) (assistanceView, error) {
	a, err := s.svc.Liaison.Ask(ctx, by, model.Assistance{
		EnforcementCaseID: in.ID, PartyID: in.PartyID, VillageID: in.VillageID, Kind: model.AssistanceKind(in.Kind), Detail: in.Detail, DueOn: in.DueOn, IdemKey: in.Key,
	})
	if err != nil {
		return assistanceView{}, err
	}
	return viewAssistance(*a), nil
}

func (s *API) listAssistance(ctx context.Context, by model.Actor, in assistanceQuery) (assistanceList, error) {
	list, err := s.svc.Liaison.Requests(ctx, by, model.ActAssistanceRead, in.filter())
	return assistanceList{
		Requests: each(list, viewAssistanceLine), Next: next(list, in.Limit, func(a model.AssistanceLine) int64 { return a.ID }),
	}, err
}

func (s *API) readAssistance(ctx context.Context, by model.Actor, in idPath) (assistanceDetail, error) {
	d, err := s.svc.Liaison.Request(ctx, by, model.ActAssistanceRead, in.ID)
	if err != nil {
		return assistanceDetail{}, err
	}
	return assistanceDetail{assistanceLine: viewAssistanceLine(d.AssistanceLine), Detail: d.Detail, Answer: d.Answer, Files: viewFileList(d.Files)}, nil
}

func (s *API) closeAssistance(ctx context.Context, by model.Actor, in assistanceClosing) (assistanceView, error) {
	a, err := s.svc.Liaison.Close(ctx, by, in.ID, in.Version, in.Note)
	if err != nil {
		return assistanceView{}, err
	}
	return viewAssistance(a.Assistance), nil
}

func (s *API) listHelpRequests(ctx context.Context, by model.Actor, in assistanceQuery) (helpList, error) {
	list, err := s.svc.Liaison.Requests(ctx, by, model.ActAssist, in.filter())
	return helpList{
		Requests: each(list, func(a model.AssistanceLine) helpView { return viewHelp(a, "") }),
		Next:     next(list, in.Limit, func(a model.AssistanceLine) int64 { return a.ID }),
	}, err
}

func (s *API) readHelpRequest(ctx context.Context, by model.Actor, in idPath) (helpView, error) {
	d, err := s.svc.Liaison.Request(ctx, by, model.ActAssist, in.ID)
	if err != nil {
		return helpView{}, err
	}
	return viewHelp(d.AssistanceLine, d.Phone), nil
}

// helpAfter is a request, as its liaison sees it after an act, unless err says
// why the act was not done.
func helpAfter(a *model.AssistanceLine, err error) (helpView, error) {
	if err != nil {
		return helpView{}, err
	}
	return viewHelp(*a, ""), nil
}

func (s *API) acceptAssistance(ctx context.Context, by model.Actor, in assistanceSeen) (helpView, error) {
	return helpAfter(s.svc.Liaison.Accept(ctx, by, in.ID, in.Version))
}

func (s *API) declineAssistance(ctx context.Context, by model.Actor, in assistanceDecline) (helpView, error) {
	return helpAfter(s.svc.Liaison.Decline(ctx, by, in.ID, in.Version, in.Reason))
}

func (s *API) answerAssistance(ctx context.Context, by model.Actor, in assistanceAnswer) (helpView, error) {
	return helpAfter(s.svc.Liaison.Reply(ctx, by, in.ID, in.Version, in.Text, in.Files))
}
