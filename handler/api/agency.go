package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/identity"
)

// agencyRoutes are the directory of agencies, their people, accounts and keys,
// as the court keeps them.
func (s *API) agencyRoutes() []Route {
	on := []Reason{{model.NotFound, "agency.not_found"}, {model.NotFound, "path.not_found"}}
	named := []Reason{{model.Invalid, "agency.name"}, {model.Invalid, "agency.kind"}, {model.Invalid, "agency.query_kinds"}}
	contact := []Reason{
		{model.Invalid, "contact.role"},
		{model.Invalid, "contact.name"},
		{model.Invalid, "contact.title"},
		{model.Invalid, "contact.phone"},
		{model.Invalid, "contact.term"},
	}
	person := append(slices.Clone(on), Reason{model.NotFound, "contact.not_found"}, Reason{model.Conflict, "contact.changed"})
	return []Route{
		{
			Method: http.MethodGet, Path: "/agencies", Act: model.ActAgencyRead, Summary: "责任单位通讯录（电话遮挡）", Input: pageQuery{}, Output: agencyList{},
			Handle: s.listAgencies,
		},
		{
			Method: http.MethodPost, Path: "/agencies", Act: model.ActAgencyManage, Summary: "新增责任单位（单位代码相同视为重复提交）", Input: agencyInput{},
			Output: agencyView{}, Status: http.StatusCreated, Repeats: true, Handle: s.addAgency,
			Reasons: append(slices.Clone(named), Reason{model.Invalid, "agency.code"}, Reason{model.Conflict, "agency.exists"}),
		},
		{
			Method: http.MethodGet, Path: "/agencies/:id", Act: model.ActAgencyRead, Summary: "一个责任单位、联系人和变更记录（看到完整电话的留痕）", Input: agencyQuery{},
			Output: agencyDetail{}, Reasons: on, Handle: s.readAgency,
		},
		{
			Method: http.MethodPut, Path: "/agencies/:id", Act: model.ActAgencyManage, Summary: "修改责任单位", Input: agencyChange{}, Output: agencyView{}, Handle: s.changeAgency,
			Reasons: slices.Concat(on, named, []Reason{{model.Conflict, "agency.ended"}, {model.Conflict, "agency.changed"}}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/end", Act: model.ActAgencyManage, Summary: "停用责任单位：账号、密钥失效，事项停用", Input: versionOnly{},
			Output: agencyView{}, Handle: s.endAgency,
			Reasons: append(slices.Clone(on), Reason{model.Conflict, "agency.changed"}, Reason{model.Conflict, "agency.lifts_open"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/contacts", Act: model.ActAgencyManage, Summary: "新增联系人", Input: agencyContactInput{}, Output: agencyContactView{},
			Status: http.StatusCreated, Repeats: true, Handle: s.addAgencyContact,
			Reasons: slices.Concat(on, contact, []Reason{{model.Invalid, "idempotency.required"}, {model.Conflict, "agency.ended"}}),
		},
		{
			Method: http.MethodPut, Path: "/agencies/:id/contacts/:contact_id", Act: model.ActAgencyManage, Summary: "修改联系人", Input: contactChange{},
			Output: agencyContactView{}, Handle: s.changeAgencyContact, Reasons: slices.Concat(person, contact, []Reason{{model.Conflict, "contact.ended"}}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/contacts/:contact_id/end", Act: model.ActAgencyManage, Summary: "停用联系人", Input: contactEnd{},
			Output: agencyContactView{}, Reasons: person, Handle: s.endAgencyContact,
		},
		{
			Method: http.MethodGet, Path: "/agencies/:id/doors", Act: model.ActStaffManage, Summary: "责任单位的账号和接口密钥（不含密钥内容）", Input: casePath{},
			Output: doorsView{}, Reasons: on, Handle: s.agencyDoors,
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/accounts", Act: model.ActStaffManage, Summary: "为责任单位新建账号；初始密码只显示一次", Input: accountInput{},
			Output: credentialsView{}, Status: http.StatusCreated, Handle: s.addAgencyAccount, Reasons: append(slices.Clone(on), Reason{model.Invalid, "login.format"},
				Reason{model.Invalid, "name.format"}, Reason{model.Invalid, "staff.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/keys", Act: model.ActStaffManage, Summary: "为责任单位新建接口密钥；密钥只显示一次", Input: keyInput{},
			Output: keySecret{}, Status: http.StatusCreated, Handle: s.addAgencyKey,
			Reasons: append(slices.Clone(on), Reason{model.Invalid, "api_key.name"}, Reason{model.Conflict, "api_key.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/keys/:key_id/revoke", Act: model.ActStaffManage, Summary: "停用责任单位的接口密钥", Input: keyPath{},
			Status: http.StatusNoContent, Handle: s.revokeAgencyKey, Reasons: []Reason{{model.NotFound, "api_key.not_found"}, {model.NotFound, "path.not_found"}},
		},
	}
}

type agencyInput struct {
	Code       string   `json:"code" required:"true" description:"单位代码，在本院内唯一"`
	Name       string   `json:"name" required:"true"`
	Kind       string   `json:"kind" required:"true" description:"party 党委部门、government 政府部门、judicial 政法机关、financial 金融机构、utility 公用事业单位、town 镇（街道）、other 其他单位"`
	QueryKinds []string `json:"query_kinds" description:"可答复的查询：vehicle 车辆、real_estate 房地产、population 人口信息、bank 银行存款"`
}

type agencyQuery struct {
	ID     int64 `path:"id" json:"-"`
	Before int64 `query:"before" description:"变更记录：上一页最后一条的编号"`
}

type agencyChange struct {
	ID         int64    `path:"id" json:"-"`
	Version    int64    `json:"version" required:"true"`
	Name       string   `json:"name" required:"true"`
	Kind       string   `json:"kind" required:"true"`
	QueryKinds []string `json:"query_kinds" description:"可答复的查询；整体替换"`
}

type contactFields struct {
	Role      string     `json:"role" required:"true" description:"head 负责人、liaison 联络员"`
	Name      string     `json:"name" required:"true"`
	Title     string     `json:"title" description:"职务"`
	Phone     string     `json:"phone" required:"true"`
	TermFrom  model.Date `json:"term_from"`
	TermUntil model.Date `json:"term_until"`
}

func (f contactFields) contact() model.AgencyContact {
	return model.AgencyContact{Role: model.ContactRole(f.Role), Name: f.Name, Title: f.Title, Phone: f.Phone, TermFrom: f.TermFrom, TermUntil: f.TermUntil}
}

type agencyContactInput struct {
	ID  int64  `path:"id" json:"-"`
	Key string `header:"Idempotency-Key" json:"-" required:"true"`
	contactFields
}

type contactChange struct {
	ID        int64 `path:"id" json:"-"`
	ContactID int64 `path:"contact_id" json:"-"`
	Version   int64 `json:"version" required:"true"`
	contactFields
}

type contactEnd struct {
	ID        int64 `path:"id" json:"-"`
	ContactID int64 `path:"contact_id" json:"-"`
	Version   int64 `json:"version" required:"true"`
}

type accountInput struct {
	ID    int64  `path:"id" json:"-"`
	Login string `json:"login" required:"true" description:"登录名"`
	Name  string `json:"name" required:"true" description:"使用人姓名"`
}

type keyInput struct {
	ID   int64  `path:"id" json:"-"`
	Name string `json:"name" required:"true" description:"密钥的用途，在该单位内唯一"`
}

type keyPath struct {
	ID    int64 `path:"id" json:"-"`
	KeyID int64 `path:"key_id" json:"-"`
}

type agencyView struct {
	ID         int64      `json:"id" required:"true"`
	Code       string     `json:"code" required:"true"`
	Name       string     `json:"name" required:"true"`
	Kind       string     `json:"kind" required:"true"`
	KindText   string     `json:"kind_text" required:"true"`
	QueryKinds []string   `json:"query_kinds" required:"true" description:"可答复的查询"`
	EndedOn    model.Date `json:"ended_on" description:"停用日期"`
	Version    int64      `json:"version" required:"true"`
}

type agencyContactView struct {
	ID        int64      `json:"id" required:"true"`
	Role      string     `json:"role" required:"true"`
	RoleText  string     `json:"role_text" required:"true"`
	Name      string     `json:"name" required:"true"`
	Title     string     `json:"title" required:"true"`
	Phone     string     `json:"phone" required:"true"`
	TermFrom  model.Date `json:"term_from"`
	TermUntil model.Date `json:"term_until"`
	EndedOn   model.Date `json:"ended_on"`
	Version   int64      `json:"version" required:"true"`
}

type agencyEntry struct {
	agencyView
	Contacts []agencyContactView `json:"contacts" required:"true"`
}

type agencyList struct {
	Agencies []agencyEntry `json:"agencies" required:"true"`
	Next     int64         `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type changeView struct {
	ID     int64     `json:"id" required:"true"`
	At     time.Time `json:"at" required:"true"`
	Who    string    `json:"who" required:"true"`
	What   string    `json:"what" required:"true"`
	Before string    `json:"before" required:"true"`
	After  string    `json:"after" required:"true"`
}

type agencyDetail struct {
	agencyEntry
	Changes []changeView `json:"changes" required:"true" description:"变更记录，新的在前"`
}

type accountView struct {
	UserID int64  `json:"user_id" required:"true"`
	Login  string `json:"login" required:"true"`
	Name   string `json:"name" required:"true"`
	State  string `json:"state" required:"true"`
}

type keyView struct {
	ID        int64      `json:"id" required:"true"`
	Name      string     `json:"name" required:"true"`
	CreatedAt time.Time  `json:"created_at" required:"true"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
}

type doorsView struct {
	Accounts []accountView `json:"accounts" required:"true"`
	Keys     []keyView     `json:"keys" required:"true"`
}

type credentialsView struct {
	Login      string    `json:"login" required:"true"`
	Password   string    `json:"password" required:"true" description:"初始密码，首次登录须修改"`
	ValidUntil time.Time `json:"valid_until" required:"true" description:"一次性密码的有效期；本人首次登录时设置密码并登记动态口令"`
}

type keySecret struct {
	Secret string `json:"secret" required:"true" description:"Authorization: ApiKey 密钥；只显示这一次"`
}

func kindNames(list []model.QueryKind) []string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = string(k)
	}
	return out
}

func queryKinds(list []string) []model.QueryKind {
	out := make([]model.QueryKind, len(list))
	for i, k := range list {
		out[i] = model.QueryKind(k)
	}
	return out
}

func viewAgency(a model.Agency) agencyView {
	return agencyView{ID: a.ID, Code: a.Code, Name: a.Name, Kind: string(a.Kind), KindText: a.Kind.Chinese(), QueryKinds: kindNames(a.QueryKinds), EndedOn: a.EndedOn, Version: a.Version}
}

func viewAgencyContact(p model.AgencyContact) agencyContactView {
	return agencyContactView{
		ID: p.ID, Role: string(p.Role), RoleText: p.Role.Chinese(), Name: p.Name, Title: p.Title, Phone: p.Phone, TermFrom: p.TermFrom, TermUntil: p.TermUntil,
		EndedOn: p.EndedOn, Version: p.Version,
	}
}

func viewEntry(e agency.Entry) agencyEntry {
	out := agencyEntry{agencyView: viewAgency(e.Agency), Contacts: []agencyContactView{}}
	for _, p := range e.Contacts {
		out.Contacts = append(out.Contacts, viewAgencyContact(p))
	}
	return out
}

func (s *API) listAgencies(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Agency.Agencies(c.Request.Context(), web.Actor(c), after, limit)
	if err != nil {
		return err
	}
	out := agencyList{Agencies: []agencyEntry{}}
	for _, e := range list {
		out.Agencies = append(out.Agencies, viewEntry(e))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// made is the status of something that a request made, or that was there.
func made(created bool) int {
	if created {
		return http.StatusCreated
	}
	return http.StatusOK
}

func (s *API) addAgency(c *gin.Context) error {
	var req agencyInput
	if err := bind(c, &req); err != nil {
		return err
	}
	a, created, err := s.svc.Agency.Add(c.Request.Context(), web.Actor(c), model.Agency{Code: req.Code, Name: req.Name, Kind: model.AgencyKind(req.Kind), QueryKinds: queryKinds(req.QueryKinds)})
	if err != nil {
		return err
	}
	c.JSON(made(created), viewAgency(*a))
	return nil
}

func (s *API) readAgency(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	before, err := web.QueryNumber(c, "before")
	if err != nil {
		return err
	}
	d, err := s.svc.Agency.Agency(c.Request.Context(), web.Actor(c), n, before)
	if err != nil {
		return err
	}
	out := agencyDetail{agencyEntry: viewEntry(d.Entry), Changes: []changeView{}}
	for _, ch := range d.Changes {
		out.Changes = append(out.Changes, changeView{ID: ch.ID, At: ch.CreatedAt, Who: ch.Who, What: ch.Chinese(), Before: ch.OldText, After: ch.NewText})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func writeAgency(c *gin.Context, a *model.Agency, err error) error {
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAgency(*a))
	return nil
}

func (s *API) changeAgency(c *gin.Context) error {
	n, req, err := posted[agencyChange](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Agency.Change(c.Request.Context(), web.Actor(c), n, req.Version, req.Name, model.AgencyKind(req.Kind), queryKinds(req.QueryKinds))
	return writeAgency(c, a, err)
}

func (s *API) endAgency(c *gin.Context) error {
	n, req, err := posted[versionOnly](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Agency.End(c.Request.Context(), web.Actor(c), n, req.Version)
	return writeAgency(c, a, err)
}

func (s *API) addAgencyContact(c *gin.Context) error {
	n, key, req, err := keyed[agencyContactInput](c)
	if err != nil {
		return err
	}
	p, created, err := s.svc.Agency.AddContact(c.Request.Context(), web.Actor(c), n, req.contact(), key)
	if err != nil {
		return err
	}
	c.JSON(made(created), viewAgencyContact(*p))
	return nil
}

func (s *API) changeAgencyContact(c *gin.Context) error {
	n, req, err := posted[contactChange](c)
	if err != nil {
		return err
	}
	person, err := id(c, "contact_id")
	if err != nil {
		return err
	}
	p, err := s.svc.Agency.ChangeContact(c.Request.Context(), web.Actor(c), n, person, req.Version, req.contact())
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAgencyContact(*p))
	return nil
}

func (s *API) endAgencyContact(c *gin.Context) error {
	n, req, err := posted[contactEnd](c)
	if err != nil {
		return err
	}
	person, err := id(c, "contact_id")
	if err != nil {
		return err
	}
	p, err := s.svc.Agency.EndContact(c.Request.Context(), web.Actor(c), n, person, req.Version)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAgencyContact(*p))
	return nil
}

func (s *API) agencyDoors(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Identity.AgencyDoors(c.Request.Context(), web.Actor(c), web.Actor(c).CourtID, n)
	if err != nil {
		return err
	}
	out := doorsView{Accounts: []accountView{}, Keys: []keyView{}}
	for _, a := range d.Accounts {
		out.Accounts = append(out.Accounts, accountView{UserID: a.UserID, Login: a.Login, Name: a.Name, State: string(a.State)})
	}
	for _, k := range d.Keys {
		out.Keys = append(out.Keys, keyView{ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, RevokedAt: k.RevokedAt})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) addAgencyAccount(c *gin.Context) error {
	n, req, err := posted[accountInput](c)
	if err != nil {
		return err
	}
	cred, err := s.svc.Identity.AddAgencyStaff(c.Request.Context(), web.Actor(c), web.Actor(c).CourtID, n, req.Login, req.Name)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewCredentials(cred))
	return nil
}

func viewCredentials(cred *identity.Credentials) credentialsView {
	return credentialsView{Login: cred.Login, Password: cred.Password, ValidUntil: cred.Until}
}

func (s *API) addAgencyKey(c *gin.Context) error {
	n, req, err := posted[keyInput](c)
	if err != nil {
		return err
	}
	secret, err := s.svc.Identity.CreateAgencyKey(c.Request.Context(), web.Actor(c), web.Actor(c).CourtID, n, req.Name)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, keySecret{Secret: secret})
	return nil
}

func (s *API) revokeAgencyKey(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := id(c, "key_id")
	if err != nil {
		return err
	}
	if err := s.svc.Identity.RevokeAgencyKey(c.Request.Context(), web.Actor(c), web.Actor(c).CourtID, n, key); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
