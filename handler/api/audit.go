package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/administration"
)

func (s *API) auditRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: "/audit", Act: model.ActAuditRead, Summary: "本院审计记录（新的在前）", Input: noticeQuery{},
		Output: auditList{}, Handle: s.audit,
	}}
}

type auditView struct {
	Seq       int64     `json:"seq" required:"true"`
	At        time.Time `json:"at" required:"true"`
	UserID    int64     `json:"user_id" required:"true"`
	Role      string    `json:"role" required:"true"`
	Action    string    `json:"action" required:"true"`
	CaseID    int64     `json:"case_id" required:"true"`
	Subject   string    `json:"subject" required:"true"`
	Before    string    `json:"before" required:"true" description:"变更前内容的摘要"`
	After     string    `json:"after" required:"true" description:"变更后内容的摘要"`
	IP        string    `json:"ip" required:"true"`
	RequestID string    `json:"request_id" required:"true"`
	Hash      string    `json:"hash" required:"true"`
}

type auditList struct {
	Entries []auditView `json:"entries" required:"true"`
	Next    int64       `json:"next" required:"true"`
}

func (s *API) audit(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	var cases []int64
	if v := c.Query("case_id"); v != "" {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return model.InvalidField("case_id", "field.format", "案件编号应为数字")
		}
		cases = []int64{id}
	}
	list, err := s.svc.Administration.Entries(c.Request.Context(), web.Actor(c), administration.Wanted{}, model.AuditFilter{Cases: cases, Before: before, Limit: limit})
	if err != nil {
		return err
	}
	out := auditList{Entries: []auditView{}}
	for _, e := range list {
		out.Entries = append(out.Entries, auditView{
			Seq: e.Seq, At: e.At, UserID: e.UserID, Role: string(e.Role), Action: e.Action, CaseID: e.CaseID, Subject: e.Subject,
			Before: e.Before, After: e.After, IP: e.IP, RequestID: e.RequestID, Hash: e.Hash,
		})
	}
	if len(list) == limit {
		out.Next = list[limit-1].Seq
	}
	c.JSON(http.StatusOK, out)
	return nil
}
