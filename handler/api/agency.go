package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/agency"
)

// agencyRoutes are the directory of agencies, their people, accounts and keys,
// as the court keeps them.
func (s *API) agencyRoutes() []Route {
	on := []Reason{{model.NotFound, "agency.not_found"}}
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
			Method: http.MethodGet, Path: "/agencies", Act: model.ActAgencyRead, Summary: "责任单位通讯录（电话遮挡）",
			Do: do(s.listAgencies),
		},
		{
			Method: http.MethodPost, Path: "/agencies", Act: model.ActAgencyManage, Summary: "新增责任单位（单位代码相同视为重复提交）",
			Status: http.StatusCreated, Do: do(s.addAgency),
			Reasons: append(slices.Clone(named), Reason{model.Invalid, "agency.code"}, Reason{model.Conflict, "agency.exists"}),
		},
		{
			Method: http.MethodGet, Path: "/agencies/:id", Act: model.ActAgencyRead, Summary: "一个责任单位、联系人和变更记录（看到完整电话的留痕）",
			Reasons: on, Do: do(s.readAgency),
		},
		{
			Method: http.MethodPut, Path: "/agencies/:id", Act: model.ActAgencyManage, Summary: "修改责任单位", Do: do(s.changeAgency),
			Reasons: slices.Concat(on, named, []Reason{{model.Conflict, "agency.ended"}, {model.Conflict, "agency.changed"}}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/end", Act: model.ActAgencyManage, Summary: "停用责任单位：账号、密钥失效，事项停用",
			Do:      do(s.endAgency),
			Reasons: append(slices.Clone(on), Reason{model.Conflict, "agency.changed"}, Reason{model.Conflict, "agency.lifts_open"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/contacts", Act: model.ActAgencyManage, Summary: "新增联系人",
			Status: http.StatusCreated, Do: do(s.addAgencyContact),
			Reasons: slices.Concat(on, contact, []Reason{{model.Conflict, "agency.ended"}}),
		},
		{
			Method: http.MethodPut, Path: "/agencies/:id/contacts/:contact_id", Act: model.ActAgencyManage, Summary: "修改联系人",
			Do: do(s.changeAgencyContact), Reasons: slices.Concat(person, contact, []Reason{{model.Conflict, "contact.ended"}}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/contacts/:contact_id/end", Act: model.ActAgencyManage, Summary: "停用联系人",
			Reasons: person, Do: do(s.endAgencyContact),
		},
		{
			Method: http.MethodGet, Path: "/agencies/:id/doors", Act: model.ActStaffManage, Summary: "责任单位的账号和接口密钥（不含密钥内容）",
			Reasons: on, Do: do(s.agencyDoors),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/accounts", Act: model.ActStaffManage, Summary: "为责任单位新建账号；初始密码只显示一次",
			Status: http.StatusCreated, Do: do(s.addAgencyAccount), Reasons: append(slices.Clone(on), Reason{model.Invalid, "login.format"},
				Reason{model.Invalid, "name.format"}, Reason{model.Invalid, "staff.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/keys", Act: model.ActStaffManage, Summary: "为责任单位新建接口密钥；密钥只显示一次",
			Status: http.StatusCreated, Do: do(s.addAgencyKey),
			Reasons: append(slices.Clone(on), Reason{model.Invalid, "api_key.name"}, Reason{model.Conflict, "api_key.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodPost, Path: "/agencies/:id/keys/:key_id/revoke", Act: model.ActStaffManage, Summary: "停用责任单位的接口密钥",
			Do: do(s.revokeAgencyKey), Reasons: []Reason{{model.NotFound, "api_key.not_found"}},
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
	ID    int64 `path:"id" json:"-"`
	After int64 `query:"after" json:"-" minimum:"0" description:"变更记录：上一页最后一条的编号"`
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
	ID int64 `path:"id" json:"-"`
	withKey
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
	return each(list, func(k model.QueryKind) string { return string(k) })
}

func queryKinds(list []string) []model.QueryKind {
	return each(list, func(k string) model.QueryKind { return model.QueryKind(k) })
}

func viewAgency(a model.Agency) agencyView {
	return agencyView{
		ID: a.ID, Code: a.Code, Name: a.Name, Kind: string(a.Kind), KindText: a.Kind.Chinese(), EndedOn: a.EndedOn, Version: a.Version,
		QueryKinds: kindNames(a.QueryKinds),
	}
}

func viewAgencyContact(p model.AgencyContact) agencyContactView {
	return agencyContactView{
		ID: p.ID, Role: string(p.Role), RoleText: p.Role.Chinese(), Name: p.Name, Title: p.Title, Phone: p.Phone, TermFrom: p.TermFrom, TermUntil: p.TermUntil,
		EndedOn: p.EndedOn, Version: p.Version,
	}
}

func viewEntry(e agency.Entry) agencyEntry {
	return agencyEntry{agencyView: viewAgency(e.Agency), Contacts: each(e.Contacts, viewAgencyContact)}
}

func (s *API) listAgencies(ctx context.Context, by model.Actor, in pageQuery) (agencyList, error) {
	list, err := s.svc.Agency.Agencies(ctx, by, in.After, in.Limit)
	return agencyList{Agencies: each(list, viewEntry), Next: next(list, in.Limit, func(e agency.Entry) int64 { return e.ID })}, err
}

func (s *API) addAgency(ctx context.Context, by model.Actor, in agencyInput) (repeatable[agencyView], error) {
	a, created, err := s.svc.Agency.Add(ctx, by, model.Agency{Code: in.Code, Name: in.Name, Kind: model.AgencyKind(in.Kind), QueryKinds: queryKinds(in.QueryKinds)})
	v, err := agencyAfter(a, err)
	return repeatable[agencyView]{v, !created}, err
}

// agencyAfter is an agency as it is after an act, unless err says why the act was
// not done.
func agencyAfter(a *model.Agency, err error) (agencyView, error) {
	if err != nil {
		return agencyView{}, err
	}
	return viewAgency(*a), nil
}

func (s *API) readAgency(ctx context.Context, by model.Actor, in agencyQuery) (agencyDetail, error) {
	d, err := s.svc.Agency.Agency(ctx, by, in.ID, in.After)
	if err != nil {
		return agencyDetail{}, err
	}
	return agencyDetail{agencyEntry: viewEntry(d.Entry), Changes: each(d.Changes, func(ch agency.Change) changeView {
		return changeView{ID: ch.ID, At: ch.CreatedAt, Who: ch.Who, What: ch.Chinese(), Before: ch.OldText, After: ch.NewText}
	})}, nil
}

func (s *API) changeAgency(ctx context.Context, by model.Actor, in agencyChange) (agencyView, error) {
	return agencyAfter(s.svc.Agency.Change(ctx, by, in.ID, in.Version, in.Name, model.AgencyKind(in.Kind), queryKinds(in.QueryKinds)))
}

func (s *API) endAgency(ctx context.Context, by model.Actor, in versionOnly) (agencyView, error) {
	return agencyAfter(s.svc.Agency.End(ctx, by, in.ID, in.Version))
}

func (s *API) addAgencyContact(ctx context.Context, by model.Actor, in agencyContactInput) (repeatable[agencyContactView], error) {
	p, created, err := s.svc.Agency.AddContact(ctx, by, in.ID, in.contact(), in.Key)
	v, err := contactAfter(p, err)
	return repeatable[agencyContactView]{v, !created}, err
}

// contactAfter is a contact as it is after an act, unless err says why the act was
// not done.
func contactAfter(p *model.AgencyContact, err error) (agencyContactView, error) {
	if err != nil {
		return agencyContactView{}, err
	}
	return viewAgencyContact(*p), nil
}

func (s *API) changeAgencyContact(ctx context.Context, by model.Actor, in contactChange) (agencyContactView, error) {
	return contactAfter(s.svc.Agency.ChangeContact(ctx, by, in.ID, in.ContactID, in.Version, in.contact()))
}

func (s *API) endAgencyContact(ctx context.Context, by model.Actor, in contactEnd) (agencyContactView, error) {
	return contactAfter(s.svc.Agency.EndContact(ctx, by, in.ID, in.ContactID, in.Version))
}

func (s *API) agencyDoors(ctx context.Context, by model.Actor, in idPath) (doorsView, error) {
	d, err := s.svc.Identity.AgencyDoors(ctx, by, by.CourtID, in.ID)
	if err != nil {
		return doorsView{}, err
	}
	return doorsView{
		Accounts: each(d.Accounts, func(a model.StaffMember) accountView {
			return accountView{UserID: a.UserID, Login: a.Login, Name: a.Name, State: string(a.State)}
		}),
		Keys: each(d.Keys, func(k model.APIKey) keyView {
			return keyView{ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, RevokedAt: k.RevokedAt}
		}),
	}, nil
}

func (s *API) addAgencyAccount(ctx context.Context, by model.Actor, in accountInput) (credentialsView, error) {
	cred, err := s.svc.Identity.AddAgencyStaff(ctx, by, by.CourtID, in.ID, in.Login, in.Name)
	if err != nil {
		return credentialsView{}, err
	}
	return credentialsView{Login: cred.Login, Password: cred.Password, ValidUntil: cred.Until}, nil
}

func (s *API) addAgencyKey(ctx context.Context, by model.Actor, in keyInput) (keySecret, error) {
	secret, err := s.svc.Identity.CreateAgencyKey(ctx, by, by.CourtID, in.ID, in.Name)
	return keySecret{Secret: secret}, err
}

func (s *API) revokeAgencyKey(ctx context.Context, by model.Actor, in keyPath) (nothing, error) {
	return nothing{}, s.svc.Identity.RevokeAgencyKey(ctx, by, by.CourtID, in.ID, in.KeyID)
}
