package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/administration"
)

func (s *API) auditRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: "/audit", Act: model.ActAuditRead, Summary: "本院审计记录（新的在前）",
		Do: do(s.audit),
	}}
}

type auditQuery struct {
	pageQuery
	CaseID int64 `query:"case_id" json:"-" minimum:"1"`
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

func viewAuditEntry(e administration.Entry) auditView {
	return auditView{
		Seq: e.Seq, At: e.At, UserID: e.UserID, Role: string(e.Role), Action: string(e.Action), CaseID: e.CaseID, Subject: e.Subject,
		Before: e.Before, After: e.After, IP: e.IP, RequestID: e.RequestID, Hash: e.Hash,
	}
}

func (s *API) audit(ctx context.Context, by model.Actor, in auditQuery) (auditList, error) {
	f := model.AuditFilter{Before: in.After, Limit: in.Limit}
	if in.CaseID != 0 {
		f.Cases = []int64{in.CaseID}
	}
	list, err := s.svc.Administration.Entries(ctx, by, administration.Wanted{}, f)
	return auditList{
		Entries: each(list, viewAuditEntry), Next: next(list, in.Limit, func(e administration.Entry) int64 { return e.Seq }),
	}, err
}
