package handler

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/notice"
)

func (s *server) noticeRoutes() []route {
	notFound := []reason{{model.NotFound, "notice.not_found"}, {model.NotFound, "path.not_found"}}
	return []route{
		{
			method: http.MethodGet, path: "/notices", act: model.ActSelf, summary: "收件箱（新的在前）", input: noticeQuery{}, output: noticeList{},
			handle: s.inbox,
		},
		{
			method: http.MethodGet, path: "/notices/:id", act: model.ActSelf, summary: "通知全文", input: noticePath{}, output: noticeView{},
			reasons: notFound, handle: s.readNotice,
		},
		{
			method: http.MethodPost, path: "/notices/:id/read", act: model.ActSelf, summary: "记录已阅", input: noticePath{},
			status: http.StatusNoContent, reasons: notFound, handle: s.markRead,
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

func (s *server) inbox(c *gin.Context) error {
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
	items, unread, err := s.svc.Notice.Inbox(c.Request.Context(), actor(c), caseID, before, limit)
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

func (s *server) readNotice(c *gin.Context) error {
	noticeID, err := id(c, "id")
	if err != nil {
		return err
	}
	n, err := s.svc.Notice.Notice(c.Request.Context(), actor(c), noticeID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewNotice(*n))
	return nil
}

func (s *server) markRead(c *gin.Context) error {
	noticeID, err := id(c, "id")
	if err != nil {
		return err
	}
	if err := s.svc.Notice.MarkRead(c.Request.Context(), actor(c), noticeID); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
