package api

import (
	"context"
	"net/http"
	"slices"

	"microcourt/handler/web"
	"microcourt/model"
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
			Method: http.MethodPost, Path: "/bindings/code", For: Phone, Act: model.ActBind, Summary: "用告知书上的一次性绑定码成为当事人", Status: http.StatusCreated, Limit: web.LimitBind, Do: do(s.bindByCode),
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
			Method: http.MethodPost, Path: "/bindings/identity", For: Phone, Act: model.ActBind, Summary: "用姓名、证件号码和微信验证的手机号成为当事人", Status: http.StatusCreated, Limit: web.LimitBind, Do: do(s.bindByIdentity),
			Reasons: slices.Concat(phone, []Reason{
				{model.TooMany, "binding.blocked"},
				{model.Invalid, "id.format"},
				{model.Invalid, "case_no.format"},
				{model.Invalid, "case_no.year"},
				{model.Invalid, "case_no.type"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/bindings/real-name/start", For: Phone, Act: model.ActBind, Summary: "开始实名核身",
			Output: realNameView{}, Status: http.StatusCreated, Limit: web.LimitBind, Do: do(s.startRealName), Reasons: []Reason{
				{model.Invalid, "real_name.off"},
				{model.Invalid, "id.format"},
				{model.Invalid, "id.region"},
				{model.Invalid, "id.check_digit"},
				{model.Invalid, "id.birth"},
				{model.Unavailable, "wechat.unavailable"},
			},
		},
		{
			Method: http.MethodPost, Path: "/bindings/real-name/finish", For: Phone, Act: model.ActBind, Summary: "完成实名核身并绑定", Status: http.StatusCreated, Limit: web.LimitBind, Do: do(s.finishRealName),
			Reasons: slices.Concat(phone, []Reason{
				{model.Invalid, "real_name.off"},
				{model.Invalid, "real_name.failed"},
				{model.Invalid, "wechat.real_name_mismatch"},
			}),
		},
	}
}

type codeBinding struct {
	Code string `json:"code" required:"true" description:"绑定码，或扫码得到的 scene"`
}

type boundView struct {
	BindingID int64  `json:"binding_id" required:"true"`
	CaseID    int64  `json:"case_id" required:"true"`
	PartyID   int64  `json:"party_id" required:"true"`
	Capacity  string `json:"capacity" required:"true" enum:"self,legal_representative,agent,statutory_agent,defender"`
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

type bindingView struct {
	BindingID int64  `json:"binding_id" required:"true"`
	CaseID    int64  `json:"case_id" required:"true"`
	CaseNo    string `json:"case_no" required:"true"`
	PartyID   int64  `json:"party_id" required:"true"`
	PartyName string `json:"party_name" required:"true"`
	Role      string `json:"role" required:"true" enum:"plaintiff,defendant,third_party,accused,victim,applicant,respondent"`
	RoleName  string `json:"role_name" required:"true"`
	Capacity  string `json:"capacity" required:"true" enum:"self,legal_representative,agent,statutory_agent,defender"`
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

func (s *API) bindByCode(ctx context.Context, by model.Actor, in codeBinding) (boundView, error) {
	b, err := s.svc.Identity.BindByCode(ctx, by, in.Code)
	if err != nil {
		return boundView{}, err
	}
	return viewBound(*b), nil
}

func viewBoundList(bound []model.Binding) boundList {
	out := boundList{Bindings: []boundView{}}
	for _, b := range bound {
		out.Bindings = append(out.Bindings, viewBound(b))
	}
	return out
}

func (s *API) bindByIdentity(ctx context.Context, by model.Actor, in identityBinding) (boundList, error) {
	bound, err := s.svc.Identity.BindByIdentity(ctx, by, in.Name, in.IDNumber, in.PhoneCode, in.CaseNo)
	return viewBoundList(bound), err
}

func (s *API) startRealName(ctx context.Context, by model.Actor, in realNameStart) (realNameView, error) {
	verifyID, seq, err := s.svc.Identity.StartRealName(ctx, by, in.Name, in.IDNumber)
	return realNameView{VerifyID: verifyID, OutSeqNo: seq}, err
}

func (s *API) finishRealName(ctx context.Context, by model.Actor, in realNameFinish) (boundList, error) {
	bound, err := s.svc.Identity.FinishRealName(ctx, by, in.Name, in.IDNumber, in.VerifyID, in.OutSeqNo, in.PhoneCode)
	return viewBoundList(bound), err
}
