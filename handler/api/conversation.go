package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
)

func (s *API) conversationRoutes() []Route {
	ofCase := []Reason{{model.NotFound, "case.not_found"}}
	ofConversation := []Reason{{model.NotFound, "conversation.not_found"}}
	writing := []Reason{
		{model.Invalid, "message.text"},
		{model.Invalid, "message.content"},
		{model.Invalid, "file.too_many"},
		{model.Invalid, "file.unknown"},
		{model.TooMany, "message.too_many"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/messages", For: Phone, Act: model.ActMessageRead, Summary: "本案中与法院的对话（新的在前）",
			Reasons: ofCase, Do: do(s.listMessages),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/messages", For: Phone, Act: model.ActMessageWrite, Summary: "当事人留言，或法院主动联系当事人",
			Status: http.StatusCreated, Do: do(s.sendMessage),
			Reasons: slices.Concat(ofCase, writing, []Reason{{model.Invalid, "party.unknown"}, {model.Invalid, "party.ambiguous"}}),
		},
		{
			Method: http.MethodGet, Path: "/conversations", For: PhoneStaff, Act: model.ActMessageQueue, Summary: "待答复的留言（期限近的在前，最多 100 条）",
			Do: do(s.waitingConversations),
		},
		{
			Method: http.MethodGet, Path: "/conversations/:id/messages", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "一个对话（新的在前）",
			Reasons: ofConversation, Do: do(s.listConversationMessages),
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/messages", For: Phone | PhoneStaff, Act: model.ActMessageWrite, Summary: "在对话中留言或回复",
			Status: http.StatusCreated, Do: do(s.replyInConversation), Reasons: slices.Concat(ofConversation, writing),
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/read", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "打开对话时记录看到哪一条，对方可见（已读即打开）",
			Do: do(s.openConversation), Reasons: append(slices.Clone(ofConversation), Reason{model.NotFound, "message.not_found"}),
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/settle", For: PhoneStaff, Act: model.ActMessageSettle, Summary: "标记无需答复",
			Do: do(s.settleConversation), Reasons: ofConversation,
		},
	}
}

type messageQuery struct {
	ID      int64 `path:"id" json:"-"`
	PartyID int64 `query:"party_id" json:"-" description:"只看与某一当事人的对话"`
	pageQuery
}

type threadQuery struct {
	ID int64 `path:"id" json:"-"`
	pageQuery
}

type newMessage struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64   `json:"party_id,omitempty" description:"法院联系当事人时必填；当事人代理多人时填写"`
	Text    string  `json:"text" description:"不超过 1000 字；有图片的可以不填"`
	Files   []int64 `json:"file_ids,omitempty" description:"先上传到本案的图片或 PDF，最多 9 个"`
}

type newReply struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Text  string  `json:"text" description:"不超过 1000 字；有图片的可以不填"`
	Files []int64 `json:"file_ids,omitempty" description:"先上传到本案的图片或 PDF，最多 9 个"`
}

type openedTo struct {
	ID        int64 `path:"id" json:"-"`
	MessageID int64 `json:"message_id" required:"true" description:"页面上最新的一条留言"`
}

type messageView struct {
	ID             int64      `json:"id" required:"true"`
	ConversationID int64      `json:"conversation_id" required:"true"`
	PartyID        int64      `json:"party_id" required:"true" description:"家属的对话为 0"`
	FromCourt      bool       `json:"from_court" required:"true"`
	Text           string     `json:"text" required:"true"`
	Files          []fileView `json:"files" required:"true"`
	HiddenFiles    []int64    `json:"hidden_file_ids" required:"true" description:"可能违规而隐藏的图片"`
	Check          string     `json:"content_check" required:"true" enum:",pass,review,unchecked" description:"文字的内容检查：pass 通过、review 待人工复核、unchecked 未经检查；没有检查的为空"`
	AnswerBy       model.Date `json:"answer_by" required:"true" description:"法院答复的期限，法院的回复为空"`
	At             time.Time  `json:"at" required:"true"`
	ReadAt         *time.Time `json:"read_at,omitempty" description:"对方打开对话看到这条留言的时间，没有的为尚未阅读；只在列表中"`
}

type messageList struct {
	Messages []messageView `json:"messages" required:"true"`
	Next     string        `json:"next" required:"true"`
}

type conversationView struct {
	ID         int64      `json:"id" required:"true"`
	CaseID     int64      `json:"case_id" required:"true"`
	CaseNo     string     `json:"case_no" required:"true"`
	PartyID    int64      `json:"party_id" required:"true" description:"家属的对话为 0"`
	RelativeID int64      `json:"relative_id" required:"true" description:"当事人的对话为 0"`
	Party      string     `json:"party" required:"true"`
	Owner      string     `json:"owner" required:"true" description:"由谁答复"`
	AnswerBy   model.Date `json:"answer_by" required:"true"`
	LastAt     time.Time  `json:"last_at" required:"true"`
}

type conversationList struct {
	Conversations []conversationView `json:"conversations" required:"true"`
}

func viewMessage(m model.Message, p conversation.Page) messageView {
	files, hidden := []model.File{}, []int64{}
	for _, f := range p.Files[m.ID] {
		if p.Hidden(f) {
			hidden = append(hidden, f.ID)
		} else {
			files = append(files, f)
		}
	}
	return messageView{
		ID: m.ID, ConversationID: m.ConversationID, PartyID: m.PartyID, FromCourt: m.FromCourt, Text: m.Body, Files: viewFileList(files), HiddenFiles: hidden, Check: string(m.ContentCheck),
		AnswerBy: m.AnswerBy, At: m.CreatedAt,
	}
}

func viewMessages(in pageQuery, p conversation.Page) messageList {
	return messageList{
		Messages: each(cut(in, p.Messages), func(m model.Message) messageView {
			v := viewMessage(m, p)
			v.ReadAt = p.ReadAt(m)
			return v
		}),
		Next: next(in, p.Messages, func(m model.Message) int64 { return m.ID }),
	}
}

func viewWaiting(w model.WaitingConversation) conversationView {
	return conversationView{
		ID: w.ID, CaseID: w.CaseID, CaseNo: w.CaseNo, PartyID: w.PartyID, RelativeID: w.RelativeID, Party: w.Party, Owner: w.Owner, AnswerBy: w.AnswerBy, LastAt: w.LastAt,
	}
}

func (s *API) listMessages(ctx context.Context, by model.Actor, in messageQuery) (messageList, error) {
	page, err := s.svc.Conversation.Messages(ctx, by, in.ID, in.PartyID, in.After.ID, in.more())
	if err != nil {
		return messageList{}, err
	}
	return s.shownMessages(by, in.pageQuery, *page), nil
}

// shownMessages are messages whose pictures have addresses.
func (s *API) shownMessages(by model.Actor, in pageQuery, p conversation.Page) messageList {
	out := viewMessages(in, p)
	for _, m := range out.Messages {
		s.addressed(by, m.Files)
	}
	return out
}

func (s *API) listConversationMessages(ctx context.Context, by model.Actor, in threadQuery) (messageList, error) {
	t, err := s.svc.Conversation.Thread(ctx, by, in.ID, in.After.ID, in.more())
	if err != nil {
		return messageList{}, err
	}
	return s.shownMessages(by, in.pageQuery, t.Page), nil
}

func (s *API) sendMessage(ctx context.Context, by model.Actor, in newMessage) (messageView, error) {
	return s.write(ctx, by, conversation.Words{CaseID: in.ID, PartyID: in.PartyID, Text: in.Text, Files: in.Files, Key: in.Key})
}

func (s *API) replyInConversation(ctx context.Context, by model.Actor, in newReply) (messageView, error) {
	return s.write(ctx, by, conversation.Words{ConversationID: in.ID, Text: in.Text, Files: in.Files, Key: in.Key})
}

func (s *API) write(ctx context.Context, by model.Actor, w conversation.Words) (messageView, error) {
	m, err := s.svc.Conversation.Say(ctx, by, w)
	if err != nil {
		return messageView{}, err
	}
	page, err := s.svc.Conversation.Written(ctx, *m)
	if err != nil {
		return messageView{}, err
	}
	return viewMessage(*m, *page), nil
}

func (s *API) waitingConversations(ctx context.Context, by model.Actor, _ nothing) (conversationList, error) {
	list, err := s.svc.Conversation.Waiting(ctx, by, model.WaitingFilter{Limit: 100})
	return conversationList{Conversations: each(list, viewWaiting)}, err
}

func (s *API) openConversation(ctx context.Context, by model.Actor, in openedTo) (nothing, error) {
	return nothing{}, s.svc.Conversation.Opened(ctx, by, in.ID, in.MessageID)
}

func (s *API) settleConversation(ctx context.Context, by model.Actor, in idPath) (nothing, error) {
	_, err := s.svc.Conversation.Settle(ctx, by, in.ID)
	return nothing{}, err
}
