package api

import (
	"context"
	"net/http"

	"microcourt/handler/web"
	"microcourt/model"
)

func (s *API) verifyRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/verify/certificates", For: Bank | Public, Act: model.ActPublic, Summary: "查验证明书：编号加校验码，只回答有效、已撤销、编号已作废、未查到",
			Limit: web.LimitVerify, Do: do(s.verifyCertificate),
			Reasons: []Reason{{model.Invalid, "verify.incomplete"}},
		},
		{
			Method: http.MethodPost, Path: "/verify/details", For: Bank | Public, Act: model.ActPublic, Summary: "用持有人给出的一次性查看码查看详情", Limit: web.LimitVerify, Do: do(s.openSharedCertificate),
			Reasons: []Reason{{model.Invalid, "share_code.wrong"}, {model.TooMany, "share_code.blocked"}},
		},
	}
}

type verifyQuery struct {
	Number string `query:"number" required:"true" description:"证明书编号"`
	Code   string `query:"code" required:"true" description:"校验码"`
}

type detailsRequest struct {
	Code string `json:"code" required:"true" description:"一次性查看码"`
}

type detailsView struct {
	Verification verification           `json:"verification" required:"true"`
	Facts        model.CertificateFacts `json:"facts" required:"true"`
}

func (s *API) verifyCertificate(ctx context.Context, by model.Actor, in verifyQuery) (verification, error) {
	r, err := s.svc.Certificate.Verify(ctx, by, in.Number, in.Code)
	if err != nil {
		return verification{}, err
	}
	return viewVerification(r), nil
}

func (s *API) openSharedCertificate(ctx context.Context, by model.Actor, in detailsRequest) (detailsView, error) {
	r, facts, err := s.svc.Certificate.Details(ctx, by, in.Code)
	if err != nil {
		return detailsView{}, err
	}
	facts.CheckCode = ""
	return detailsView{Verification: viewVerification(r), Facts: *facts}, nil
}
