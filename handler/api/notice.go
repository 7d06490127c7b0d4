package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
)

func (s *API) noticeRoutes() []Route {
	notFound := []Reason{{model.NotFound, "notice.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/notices", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "收件箱（新的在前）",
			Do: do(s.listNotices),
		},
		{
			Method: http.MethodGet, Path: "/notices/:id", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "通知全文",
			Reasons: notFound, Do: do(s.readNotice),
		},
		{
			Method: http.MethodPost, Path: "/notices/read", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "全部已读：把看到的最新一条及更早的通知记为已阅，此后到达的不受影响，当事人的编号文书须逐件打开；可以重复提交",
			Do: do(s.markAllRead),
		},
		{
			Method: http.MethodPost, Path: "/notices/:id/read", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "记录已阅",
			Reasons: notFound, Do: do(s.markRead),
		},
	}
}

type noticeQuery struct {
	pageQuery
	CaseID int64 `query:"case_id" json:"-"`
}

// noticeKind is a kind of notice; its words in the document are those that model
// registers.
type noticeKind string

// Enum lists them.
func (noticeKind) Enum() []any { return words(model.NoticeKinds()) }

// words are the values of a vocabulary of model, for the document.
func words[K ~string](list []K) []any {
	out := make([]any, len(list))
	for i, k := range list {
		out[i] = string(k)
	}
	return out
}

type noticeView struct {
	ID     int64      `json:"id" required:"true"`
	CaseID int64      `json:"case_id" required:"true"`
	Kind   noticeKind `json:"kind" required:"true"`
	Number string     `json:"number" required:"true" description:"文书编号"`
	Title  string     `json:"title" required:"true"`
	Body   string     `json:"body" required:"true"`
	Page   string     `json:"page" required:"true" description:"小程序页面"`
	Paper  int64      `json:"document_id" required:"true" description:"随通知送达、收件人可以打开的文书编号，0 为没有"`
	Link   string     `json:"document_path,omitempty" description:"下载该文书的接口地址"`
	At     time.Time  `json:"at" required:"true"`
	ReadAt *time.Time `json:"read_at,omitempty"`
	Done   bool       `json:"done" required:"true" description:"请办的事项已经办结（不论由谁办结），不再计入未读；只是告知的通知为 false"`
}

type noticeList struct {
	Notices []noticeView `json:"notices" required:"true"`
	Unread  int64        `json:"unread" required:"true"`
	Next    string       `json:"next" required:"true"`
}

func viewNotice(n notice.Item) noticeView {
	v := noticeView{
		ID: n.ID, CaseID: n.CaseID, Kind: noticeKind(n.Kind), Number: n.Number, Title: n.Title, Body: n.Body, Page: n.Page, At: n.CreatedAt,
		ReadAt: n.ReadAt, Paper: n.Paper, Done: n.Done,
	}
	if n.Paper != 0 {
		v.Link = fmt.Sprintf("/api/v1/documents/%d/pdf", n.Paper)
	}
	return v
}

func (s *API) listNotices(ctx context.Context, by model.Actor, in noticeQuery) (noticeList, error) {
	items, unread, err := s.svc.Notice.Inbox(ctx, by, in.CaseID, in.After.ID, in.more())
	return noticeList{
		Notices: each(cut(in.pageQuery, items), viewNotice), Unread: unread, Next: next(in.pageQuery, items, func(n notice.Item) int64 { return n.ID }),
	}, err
}

func (s *API) readNotice(ctx context.Context, by model.Actor, in idPath) (noticeView, error) {
	n, err := s.svc.Notice.Notice(ctx, by, in.ID)
	if err != nil {
		return noticeView{}, err
	}
	return viewNotice(*n), nil
}

type readTo struct {
	UpTo int64 `json:"up_to" required:"true" description:"收件箱页面上最新一条通知的 id"`
}

func (s *API) markAllRead(ctx context.Context, by model.Actor, in readTo) (nothing, error) {
	return nothing{}, s.svc.Notice.MarkAllRead(ctx, by, in.UpTo)
}

func (s *API) markRead(ctx context.Context, by model.Actor, in idPath) (nothing, error) {
	return nothing{}, s.svc.Notice.MarkRead(ctx, by, in.ID)
}
