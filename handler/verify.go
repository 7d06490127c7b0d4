package handler

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

func (s *server) verifyRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/verify/certificates", act: model.ActPublic, summary: "查验证明书：编号加校验码，只回答有效、已撤销、编号已作废、未查到",
			input: verifyQuery{}, output: verification{}, limit: limitVerify, handle: s.verify,
			reasons: []reason{{model.Invalid, "verify.incomplete"}},
		},
		{
			method: http.MethodPost, path: "/verify/details", act: model.ActPublic, summary: "用持有人给出的一次性查看码查看详情", input: detailsRequest{},
			output: detailsView{}, limit: limitVerify, handle: s.details,
			reasons: []reason{{model.Invalid, "share_code.wrong"}, {model.TooMany, "share_code.blocked"}},
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

func (s *server) verify(c *gin.Context) error {
	r, err := s.svc.Certificate.Verify(c.Request.Context(), actor(c), c.Query("number"), c.Query("code"))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewVerification(r))
	return nil
}

func (s *server) details(c *gin.Context) error {
	var req detailsRequest
	if err := bind(c, &req); err != nil {
		return err
	}
	r, facts, err := s.svc.Certificate.Details(c.Request.Context(), actor(c), req.Code)
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
