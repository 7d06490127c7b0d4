package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/identity"
)

func (s *API) bindingRoutes() []Route {
	phone := []Reason{
		{model.Unavailable, "wechat.unavailable"},
		{model.Invalid, "wechat.phone_code"},
		{model.Forbidden, "wechat.phone_not_yours"},
		{model.Invalid, "binding.no_match"},
	}
	return []Route{
		{
			Method: http.MethodPost, Path: "/bindings/code", Act: model.ActBind, Summary: "用告知书上的一次性绑定码成为当事人",
			Input: codeBinding{}, Output: boundView{}, Status: http.StatusCreated, Limit: web.LimitBind, Handle: s.bindByCode,
			Reasons: []Reason{
				{model.Invalid, "binding_code.wrong"},
				{model.Invalid, "binding_code.used"},
				{model.Invalid, "binding_code.expired"},
				{model.Invalid, "binding_code.voided"},
				{model.Conflict, "binding.own"},
				{model.TooMany, "binding.blocked"},
			},
		},
		{
			Method: http.MethodPost, Path: "/bindings/identity", Act: model.ActBind, Summary: "用姓名、证件号码和微信验证的手机号成为当事人",
			Input: identityBinding{}, Output: boundList{}, Status: http.StatusCreated, Limit: web.LimitBind, Handle: s.bindByIdentity,
			Reasons: slices.Concat(phone, []Reason{
				{model.TooMany, "binding.blocked"},
				{model.Invalid, "id.format"},
				{model.Invalid, "case_no.format"},
				{model.Invalid, "case_no.year"},
				{model.Invalid, "case_no.type"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/bindings/real-name/start", Act: model.ActBind, Summary: "开始实名核身", Input: realNameStart{},
			Output: realNameView{}, Status: http.StatusCreated, Limit: web.LimitBind, Handle: s.startRealName, Reasons: []Reason{
				{model.Invalid, "real_name.off"},
				{model.Invalid, "id.format"},
				{model.Invalid, "id.check_digit"},
				{model.Invalid, "id.birth"},
				{model.Unavailable, "wechat.unavailable"},
			},
		},
		{
			Method: http.MethodPost, Path: "/bindings/real-name/finish", Act: model.ActBind, Summary: "完成实名核身并绑定",
			Input: realNameFinish{}, Output: boundList{}, Status: http.StatusCreated, Limit: web.LimitBind, Handle: s.finishRealName,
			Reasons: slices.Concat(phone, []Reason{
				{model.Invalid, "real_name.off"},
				{model.Invalid, "real_name.failed"},
				{model.Invalid, "wechat.real_name_mismatch"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/bindings/:id/end", Act: model.ActBindingIssue, Summary: "解除绑定", Input: endBinding{},
			Status: http.StatusNoContent, Handle: s.endBinding,
			Reasons: []Reason{{model.NotFound, "binding.not_found"}, {model.NotFound, "path.not_found"}, {model.Invalid, "reason.required"}},
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/parties/:party_id/binding-codes", Act: model.ActBindingIssue,
			Summary: "为当事人生成一次性绑定码", Input: issueCode{}, Output: issuedCodeView{}, Status: http.StatusCreated,
			Reasons: issueReasons, Handle: s.issueBindingCode,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/parties/:party_id/notice.pdf", Act: model.ActBindingIssue,
			Summary: "打印带绑定码的《自动履行告知书》", Input: issueCode{}, Produces: "application/pdf", Reasons: printing(issueReasons),
			Handle: s.printNotice,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/parties/:party_id/slip.pdf", Act: model.ActBindingIssue,
			Summary: "打印绑定码单（一张小纸，只有绑定码）", Input: issueCode{}, Produces: "application/pdf", Reasons: printing(issueReasons),
			Handle: s.printSlip,
		},
	}
}

var issueReasons = []Reason{
	{model.NotFound, "case.not_found"},
	{model.NotFound, "party.not_found"},
	{model.NotFound, "path.not_found"},
	{model.Invalid, "capacity.unknown"},
	{model.Invalid, "authority.required"},
}

type codeBinding struct {
	Code string `json:"code" required:"true" description:"绑定码，或扫码得到的 scene"`
}

type boundView struct {
	BindingID int64  `json:"binding_id" required:"true"`
	CaseID    int64  `json:"case_id" required:"true"`
	PartyID   int64  `json:"party_id" required:"true"`
	Capacity  string `json:"capacity" required:"true" enum:"self,legal_representative,agent"`
}

type boundList struct {
	Bindings []boundView `json:"bindings" required:"true"`
}

func viewBound(b model.Binding) boundView {
	return boundView{BindingID: b.ID, CaseID: b.CaseID, PartyID: b.PartyID, Capacity: string(b.Capacity)}
}

type identityBinding struct {
	Name      string `json:"name" required:"true"`
	IDNumber  string `json:"id_number" required:"true" description:"证件号码"`
	PhoneCode string `json:"phone_code" required:"true" description:"getPhoneNumber 返回的 code"`
	CaseNo    string `json:"case_no" description:"只绑定这一案时填写"`
}

type realNameStart struct {
	Name     string `json:"name" required:"true"`
	IDNumber string `json:"id_number" required:"true"`
}

type realNameView struct {
	VerifyID string `json:"verify_id" required:"true" description:"交给 wx.requestFacialVerify"`
	OutSeqNo string `json:"out_seq_no" required:"true"`
}

type realNameFinish struct {
	Name      string `json:"name" required:"true"`
	IDNumber  string `json:"id_number" required:"true"`
	VerifyID  string `json:"verify_id" required:"true"`
	OutSeqNo  string `json:"out_seq_no" required:"true"`
	PhoneCode string `json:"phone_code" required:"true"`
}

type endBinding struct {
	ID     int64  `path:"id" json:"-"`
	Reason string `json:"reason" required:"true"`
}

type issueCode struct {
	ID        int64  `path:"id" json:"-"`
	PartyID   int64  `path:"party_id" json:"-"`
	Capacity  string `json:"capacity" enum:",self,legal_representative,agent"`
	Authority string `json:"authority" description:"委托代理人的权限"`
}

type issuedCodeView struct {
	Code      string    `json:"code" required:"true" description:"只显示这一次"`
	Scene     string    `json:"scene" required:"true" description:"小程序码的 scene 参数"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
}

type bindingView struct {
	BindingID int64  `json:"binding_id" required:"true"`
	CaseID    int64  `json:"case_id" required:"true"`
	CaseNo    string `json:"case_no" required:"true"`
	PartyID   int64  `json:"party_id" required:"true"`
	PartyName string `json:"party_name" required:"true"`
	Role      string `json:"role" required:"true"`
	RoleName  string `json:"role_name" required:"true"`
	Capacity  string `json:"capacity" required:"true"`
}

func viewBindings(list []model.BoundCase) []bindingView {
	out := make([]bindingView, 0, len(list))
	for _, b := range list {
		out = append(out, bindingView{
			BindingID: b.BindingID, CaseID: b.CaseID, CaseNo: b.CaseNo, PartyID: b.PartyID, PartyName: b.PartyName,
			Role: string(b.Role), RoleName: b.Role.Chinese(), Capacity: string(b.Capacity),
		})
	}
	return out
}

func (s *API) bindByCode(c *gin.Context) error {
	var req codeBinding
	if err := bind(c, &req); err != nil {
		return err
	}
	b, err := s.svc.Identity.BindByCode(c.Request.Context(), web.Actor(c), req.Code)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewBound(*b))
	return nil
}

func writeBound(c *gin.Context, bound []model.Binding, err error) error {
	if err != nil {
		return err
	}
	out := boundList{Bindings: []boundView{}}
	for _, b := range bound {
		out.Bindings = append(out.Bindings, viewBound(b))
	}
	c.JSON(http.StatusCreated, out)
	return nil
}

func (s *API) bindByIdentity(c *gin.Context) error {
	var req identityBinding
	if err := bind(c, &req); err != nil {
		return err
	}
	bound, err := s.svc.Identity.BindByIdentity(c.Request.Context(), web.Actor(c), req.Name, req.IDNumber, req.PhoneCode, req.CaseNo)
	return writeBound(c, bound, err)
}

func (s *API) startRealName(c *gin.Context) error {
	var req realNameStart
	if err := bind(c, &req); err != nil {
		return err
	}
	verifyID, seq, err := s.svc.Identity.StartRealName(c.Request.Context(), web.Actor(c), req.Name, req.IDNumber)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, realNameView{VerifyID: verifyID, OutSeqNo: seq})
	return nil
}

func (s *API) finishRealName(c *gin.Context) error {
	var req realNameFinish
	if err := bind(c, &req); err != nil {
		return err
	}
	bound, err := s.svc.Identity.FinishRealName(c.Request.Context(), web.Actor(c), req.Name, req.IDNumber, req.VerifyID, req.OutSeqNo, req.PhoneCode)
	return writeBound(c, bound, err)
}

func (s *API) endBinding(c *gin.Context) error {
	bindingID, req, err := posted[endBinding](c)
	if err != nil {
		return err
	}
	if err := s.svc.Identity.EndBinding(c.Request.Context(), web.Actor(c), bindingID, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) issue(c *gin.Context) (*identity.IssuedCode, error) {
	caseID, err := id(c, "id")
	if err != nil {
		return nil, err
	}
	partyID, err := id(c, "party_id")
	if err != nil {
		return nil, err
	}
	var req issueCode
	if err := bind(c, &req); err != nil {
		return nil, err
	}
	return s.svc.Identity.IssueBindingCode(c.Request.Context(), web.Actor(c), caseID, partyID, model.Capacity(req.Capacity), req.Authority)
}

func (s *API) issueBindingCode(c *gin.Context) error {
	code, err := s.issue(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, issuedCodeView{Code: code.Code, Scene: code.Scene, ExpiresAt: code.ExpiresAt})
	return nil
}

// printNotice issues a code and prints it at once: the paper is the only place
// where the code is ever readable.
func (s *API) printNotice(c *gin.Context) error {
	code, err := s.issue(c)
	if err != nil {
		return err
	}
	pdf, err := s.svc.PrintPerformanceNotice(c.Request.Context(), code)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="notice.pdf"`)
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}

func (s *API) printSlip(c *gin.Context) error {
	code, err := s.issue(c)
	if err != nil {
		return err
	}
	pdf, err := s.svc.PrintBindingSlip(c.Request.Context(), web.Actor(c), code)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="slip.pdf"`)
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}
