package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

func (s *API) noticeRoutes() []Route {
	notFound := []Reason{{model.NotFound, "notice.not_found"}, {model.NotFound, "path.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/notices", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "收件箱（新的在前）", Input: noticeQuery{}, Output: noticeList{},
			Handle: s.inbox,
		},
		{
			Method: http.MethodGet, Path: "/notices/:id", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "通知全文", Input: noticePath{}, Output: noticeView{},
			Reasons: notFound, Handle: s.readNotice,
		},
		{
			Method: http.MethodPost, Path: "/notices/:id/read", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "记录已阅", Input: noticePath{},
			Status: http.StatusNoContent, Reasons: notFound, Handle: s.markRead,
		},
	}
}

type noticeQuery struct {
	pageQuery
	CaseID int64 `query:"case_id"`
}

type noticePath struct {
	ID int64 `path:"id" json:"-"`
}

type noticeView struct {
	ID     int64      `json:"id" required:"true"`
	CaseID int64      `json:"case_id" required:"true"`
	Kind   string     `json:"kind" required:"true"`
	Number string     `json:"number" required:"true" description:"文书编号"`
	Title  string     `json:"title" required:"true"`
	Body   string     `json:"body" required:"true"`
	Page   string     `json:"page" required:"true" description:"小程序页面"`
	At     time.Time  `json:"at" required:"true"`
	ReadAt *time.Time `json:"read_at,omitempty"`
}

type noticeList struct {
	Notices []noticeView `json:"notices" required:"true"`
	Unread  int64        `json:"unread" required:"true"`
	Next    int64        `json:"next" required:"true"`
}

func viewNotice(n notice.Item) noticeView {
	return noticeView{
		ID: n.ID, CaseID: n.CaseID, Kind: string(n.Kind), Number: n.Number, Title: n.Title, Body: n.Body, Page: n.Page, At: n.CreatedAt,
		ReadAt: n.ReadAt,
	}
}

func (s *API) inbox(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	var caseID int64
	if v := c.Query("case_id"); v != "" {
		if caseID, err = strconv.ParseInt(v, 10, 64); err != nil {
			return model.InvalidField("case_id", "field.format", "案件编号应为数字")
		}
	}
	items, unread, err := s.svc.Notice.Inbox(c.Request.Context(), web.Actor(c), caseID, before, limit)
	if err != nil {
		return err
	}
	out := noticeList{Notices: []noticeView{}, Unread: unread}
	for _, n := range items {
		out.Notices = append(out.Notices, viewNotice(n))
	}
	if len(items) == limit {
		out.Next = items[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readNotice(c *gin.Context) error {
	noticeID, err := id(c, "id")
	if err != nil {
		return err
	}
	n, err := s.svc.Notice.Notice(c.Request.Context(), web.Actor(c), noticeID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewNotice(*n))
	return nil
}

func (s *API) markRead(c *gin.Context) error {
	noticeID, err := id(c, "id")
	if err != nil {
		return err
	}
	if err := s.svc.Notice.MarkRead(c.Request.Context(), web.Actor(c), noticeID); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
