package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

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
	onEntry := []Reason{{model.NotFound, "liaison.not_found"}, {model.NotFound, "path.not_found"}}
	onRequest := []Reason{{model.NotFound, "assistance.not_found"}, {model.NotFound, "path.not_found"}}
	write := slices.Concat(onRequest, []Reason{{model.Conflict, "assistance.state"}, {model.Conflict, "assistance.changed"}})
	return []Route{
		{
			Method: http.MethodPost, Path: "/villages", Act: model.ActLiaisonManage, Summary: "登记一个村（社区）；已登记的不重复", Input: villageInput{}, Output: villageView{},
			Status: http.StatusCreated, Reasons: []Reason{{model.Invalid, "village.name"}}, Handle: s.addVillage,
		},
		{
			Method: http.MethodGet, Path: "/villages/coverage", Act: model.ActLiaisonRead, Summary: "各镇（街道）村（社区）的联络员，及没有在任联络员的", Output: coverageView{},
			Handle: s.coverage,
		},
		{
			Method: http.MethodPost, Path: "/liaisons", Act: model.ActLiaisonManage, Summary: "将一人列入执行联络员名册", Input: liaisonInput{}, Output: liaisonView{},
			Status: http.StatusCreated, Reasons: append([]Reason{{model.Invalid, "idempotency.required"}}, entry...), Handle: s.addLiaison,
		},
		{
			Method: http.MethodGet, Path: "/liaisons", Act: model.ActLiaisonRead, Summary: "执行联络员名册（新的在前）", Input: pageQuery{}, Output: liaisonList{}, Handle: s.listLiaisons,
		},
		{
			Method: http.MethodGet, Path: "/liaisons/:id", Act: model.ActLiaisonRead, Summary: "一名联络员，含手机号和历次变更（留痕）", Input: casePath{}, Output: liaisonDetail{},
			Reasons: onEntry, Handle: s.readLiaison,
		},
		{
			Method: http.MethodPost, Path: "/liaisons/:id", Act: model.ActLiaisonManage, Summary: "更改联络员的手机号、联络的村（社区）或任期", Input: liaisonChange{}, Output: liaisonView{},
			Reasons: slices.Concat(onEntry, entry, []Reason{{model.Conflict, "liaison.changed"}, {model.Invalid, "reason.required"}}), Handle: s.changeLiaison,
		},
		{
			Method: http.MethodPost, Path: "/liaisons/:id/codes", Act: model.ActLiaisonManage, Summary: "生成联络员绑定手机的一次性代码", Input: casePath{}, Output: liaisonCodeView{},
			Status: http.StatusCreated, Reasons: append(slices.Clone(onEntry), Reason{model.Conflict, "liaison.over"}), Handle: s.issueLiaisonCode,
		},
		{
			Method: http.MethodPost, Path: "/liaison-bindings", For: Phone, Act: model.ActBind, Summary: "用一次性代码成为执行联络员（任期内有效）", Input: codeBinding{}, Output: boundLiaison{},
			Status: http.StatusCreated, Limit: web.LimitBind, Handle: s.bindLiaison, Reasons: []Reason{
				{model.Invalid, "liaison_code.wrong"},
				{model.Invalid, "liaison_code.used"},
				{model.Invalid, "liaison_code.voided"},
				{model.Invalid, "liaison_code.expired"},
				{model.TooMany, "binding.blocked"},
			},
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/assistance-requests", Act: model.ActAssistanceRequest, Summary: "请求被执行人所在村（社区）的联络员协助",
			Input: assistanceInput{}, Output: assistanceView{}, Status: http.StatusCreated, Handle: s.askLiaison, Reasons: []Reason{
				{model.NotFound, "enforcement.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Invalid, "idempotency.required"},
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
			Method: http.MethodGet, Path: "/assistance-requests", Act: model.ActAssistanceRead, Summary: "协助请求（新的在前）：执行法官本人案件的，院领导全院的", Input: assistanceFilter{},
			Output: assistanceList{}, Handle: s.listAssistance(model.ActAssistanceRead),
		},
		{
			Method: http.MethodGet, Path: "/assistance-requests/:id", Act: model.ActAssistanceRead, Summary: "一项协助请求及其反馈（留痕）", Input: casePath{}, Output: assistanceDetail{},
			Reasons: onRequest, Handle: s.readAssistance(model.ActAssistanceRead),
		},
		{
			Method: http.MethodPost, Path: "/assistance-requests/:id/close", Act: model.ActAssistanceRequest, Summary: "办结协助请求", Input: assistanceClosing{}, Output: assistanceView{},
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "assistance.note"}), Handle: s.closeAssistance,
		},
		{
			Method: http.MethodGet, Path: "/my/assistance-requests", For: Phone, Act: model.ActAssist, Summary: "联络员：请我协助的事项（新的在前）", Input: assistanceFilter{}, Output: helpList{},
			Handle: s.listAssistance(model.ActAssist),
		},
		{
			Method: http.MethodGet, Path: "/my/assistance-requests/:id", For: Phone, Act: model.ActAssist, Summary: "联络员：一项请我协助的事项", Input: casePath{}, Output: helpView{},
			Reasons: onRequest, Handle: s.readAssistance(model.ActAssist),
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/accept", For: Phone, Act: model.ActAssist, Summary: "联络员：接受", Input: assistanceSeen{}, Output: helpView{}, Reasons: write,
			Handle: s.acceptAssistance,
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/decline", For: Phone, Act: model.ActAssist, Summary: "联络员：不能协助", Input: assistanceDecline{}, Output: helpView{},
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "reason.required"}), Handle: s.declineAssistance,
		},
		{
			Method: http.MethodPost, Path: "/my/assistance-requests/:id/answer", For: Phone, Act: model.ActAssist, Summary: "联络员：反馈，可附照片（先用该事项的 case_id 上传）", Input: assistanceAnswer{},
			Output: helpView{}, Handle: s.answerAssistance,
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
	Key string `header:"Idempotency-Key" json:"-" required:"true"`
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
	ID        int64      `path:"id" json:"-"`
	Key       string     `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID   int64      `json:"party_id" required:"true" description:"本案的被执行人；只向联络员提供姓名"`
	VillageID int64      `json:"village_id" required:"true"`
	Kind      string     `json:"kind" required:"true" description:"find_person 查找被执行人、find_property 查找财产、deliver 协助送达、persuade 劝导履行"`
	Detail    string     `json:"detail" required:"true" description:"住址、体貌等；不得写证件号码和金额"`
	DueOn     model.Date `json:"due_on" required:"true" description:"反馈期限"`
}

type assistanceFilter struct {
	pageQuery
	State string `query:"state" enum:",asked,accepted,declined,answered,closed"`
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

func viewVillages(list []model.Village) []villageView {
	out := make([]villageView, 0, len(list))
	for _, v := range list {
		out = append(out, villageView{ID: v.ID, Town: v.Town, Name: v.Name})
	}
	return out
}

// viewLiaison shows the phone with its middle hidden.
func (s *API) viewLiaison(l model.LiaisonLine) liaisonView {
	return liaisonView{
		ID: l.ID, Name: l.Name, Phone: model.MaskPhone(l.Phone), FromOn: l.FromOn, UntilOn: l.UntilOn, Bound: l.UserID != 0,
		Standing: l.Standing(model.DateOf(s.cfg.Now())), Villages: viewVillages(l.Villages), Version: l.Version,
	}
}

// days reads the days from and until of a query; one that is not there is
// zero.
func days(c *gin.Context) (from, until model.Date, err error) {
	if from, err = queryDay(c, "from"); err == nil {
		until, err = queryDay(c, "until")
	}
	return from, until, err
}

func (s *API) addVillage(c *gin.Context) error {
	var req villageInput
	if err := bind(c, &req); err != nil {
		return err
	}
	v, err := s.svc.Liaison.AddVillage(c.Request.Context(), web.Actor(c), model.Village{Town: req.Town, Name: req.Name})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, villageView{ID: v.ID, Town: v.Town, Name: v.Name})
	return nil
}

func (s *API) coverage(c *gin.Context) error {
	list, err := s.svc.Liaison.Coverage(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	out := coverageView{Towns: []townView{}}
	for _, t := range list {
		v := townView{Town: t.Town, Total: len(t.Villages), Without: t.Without, Villages: []coveredVillage{}}
		for _, m := range t.Villages {
			v.Villages = append(v.Villages, coveredVillage{ID: m.ID, Name: m.Name, Liaisons: append([]string{}, m.Liaisons...)})
		}
		out.Total += v.Total
		out.Without += v.Without
		out.Towns = append(out.Towns, v)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) addLiaison(c *gin.Context) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req liaisonInput
	if err := bind(c, &req); err != nil {
		return err
	}
	l, err := s.svc.Liaison.Add(c.Request.Context(), web.Actor(c), req.liaison(key), req.Villages)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, s.viewLiaison(*l))
	return nil
}

func (s *API) listLiaisons(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Liaison.Roster(c.Request.Context(), web.Actor(c), before, limit)
	if err != nil {
		return err
	}
	out := liaisonList{Liaisons: []liaisonView{}}
	for _, l := range list {
		out.Liaisons = append(out.Liaisons, s.viewLiaison(l))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readLiaison(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	l, history, err := s.svc.Liaison.Entry(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := liaisonDetail{liaisonView: s.viewLiaison(*l), History: []liaisonHistory{}}
	out.Phone = l.Phone
	for _, e := range history {
		out.History = append(out.History, liaisonHistory{At: e.CreatedAt, Text: e.Text, UserID: e.ByUserID})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) changeLiaison(c *gin.Context) error {
	n, req, err := posted[liaisonChange](c)
	if err != nil {
		return err
	}
	l, err := s.svc.Liaison.Update(c.Request.Context(), web.Actor(c), n, req.Version, req.liaison(""), req.Villages, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, s.viewLiaison(*l))
	return nil
}

func (s *API) issueLiaisonCode(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	code, err := s.svc.Liaison.IssueCode(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, liaisonCodeView{Code: code.Code, ExpiresAt: code.ExpiresAt})
	return nil
}

func (s *API) bindLiaison(c *gin.Context) error {
	var req codeBinding
	if err := bind(c, &req); err != nil {
		return err
	}
	l, err := s.svc.Liaison.Bind(c.Request.Context(), web.Actor(c), req.Code)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, boundLiaison{Name: l.Name, FromOn: l.FromOn, UntilOn: l.UntilOn, Villages: viewVillages(l.Villages)})
	return nil
}

func (s *API) askLiaison(c *gin.Context) error {
	n, key, req, err := keyed[assistanceInput](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Liaison.Ask(c.Request.Context(), web.Actor(c), model.Assistance{
		EnforcementCaseID: n, PartyID: req.PartyID, VillageID: req.VillageID, Kind: model.AssistanceKind(req.Kind), Detail: req.Detail, DueOn: req.DueOn, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewAssistance(*a))
	return nil
}

func (s *API) listAssistance(act model.Act) func(*gin.Context) error {
	return func(c *gin.Context) error {
		before, limit, err := page(c)
		if err != nil {
			return err
		}
		list, err := s.svc.Liaison.Requests(c.Request.Context(), web.Actor(c), act, model.AssistanceFilter{
			State: model.AssistanceState(c.Query("state")), Before: before, Limit: limit,
		})
		if err != nil {
			return err
		}
		next := int64(0)
		if len(list) == limit {
			next = list[limit-1].ID
		}
		if act == model.ActAssist {
			out := helpList{Requests: []helpView{}, Next: next}
			for _, a := range list {
				out.Requests = append(out.Requests, viewHelp(a, ""))
			}
			c.JSON(http.StatusOK, out)
			return nil
		}
		out := assistanceList{Requests: []assistanceLine{}, Next: next}
		for _, a := range list {
			out.Requests = append(out.Requests, viewAssistanceLine(a))
		}
		c.JSON(http.StatusOK, out)
		return nil
	}
}

func (s *API) readAssistance(act model.Act) func(*gin.Context) error {
	return func(c *gin.Context) error {
		n, err := id(c, "id")
		if err != nil {
			return err
		}
		d, err := s.svc.Liaison.Request(c.Request.Context(), web.Actor(c), act, n)
		if err != nil {
			return err
		}
		if act == model.ActAssist {
			c.JSON(http.StatusOK, viewHelp(d.AssistanceLine, d.Phone))
			return nil
		}
		c.JSON(http.StatusOK, assistanceDetail{assistanceLine: viewAssistanceLine(d.AssistanceLine), Detail: d.Detail, Answer: d.Answer, Files: viewFileList(d.Files)})
		return nil
	}
}

func (s *API) closeAssistance(c *gin.Context) error {
	n, req, err := posted[assistanceClosing](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Liaison.Close(c.Request.Context(), web.Actor(c), n, req.Version, req.Note)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAssistance(a.Assistance))
	return nil
}

func writeHelp(c *gin.Context, a *model.AssistanceLine, err error) error {
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewHelp(*a, ""))
	return nil
}

func (s *API) acceptAssistance(c *gin.Context) error {
	n, req, err := posted[assistanceSeen](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Liaison.Accept(c.Request.Context(), web.Actor(c), n, req.Version)
	return writeHelp(c, a, err)
}

func (s *API) declineAssistance(c *gin.Context) error {
	n, req, err := posted[assistanceDecline](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Liaison.Decline(c.Request.Context(), web.Actor(c), n, req.Version, req.Reason)
	return writeHelp(c, a, err)
}

func (s *API) answerAssistance(c *gin.Context) error {
	n, req, err := posted[assistanceAnswer](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Liaison.Reply(c.Request.Context(), web.Actor(c), n, req.Version, req.Text, req.Files)
	return writeHelp(c, a, err)
}
