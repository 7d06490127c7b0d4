package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (s *API) verifyRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/verify/certificates", For: Bank | Public, Act: model.ActPublic, Summary: "查验证明书：编号加校验码，只回答有效、已撤销、编号已作废、未查到",
			Input: verifyQuery{}, Output: verification{}, Limit: web.LimitVerify, Handle: s.verify,
			Reasons: []Reason{{model.Invalid, "verify.incomplete"}},
		},
		{
			Method: http.MethodPost, Path: "/verify/details", For: Bank | Public, Act: model.ActPublic, Summary: "用持有人给出的一次性查看码查看详情", Input: detailsRequest{},
			Output: detailsView{}, Limit: web.LimitVerify, Handle: s.details,
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

func (s *API) verify(c *gin.Context) error {
	r, err := s.svc.Certificate.Verify(c.Request.Context(), web.Actor(c), c.Query("number"), c.Query("code"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewVerification(r))
	return nil
}

func (s *API) details(c *gin.Context) error {
	var req detailsRequest
	if err := bind(c, &req); err != nil {
		return err
	}
	r, facts, err := s.svc.Certificate.Details(c.Request.Context(), web.Actor(c), req.Code)
	if err != nil {
		return err
	}
	facts.CheckCode = ""
	if facts.Performed == nil {
		facts.Performed = []model.PerformedItem{}
	}
	c.JSON(http.StatusOK, detailsView{Verification: viewVerification(r), Facts: *facts})
	return nil
}
