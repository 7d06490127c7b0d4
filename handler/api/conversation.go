package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/conversation"
)

func (s *API) conversationRoutes() []Route {
	ofCase := []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	ofConversation := []Reason{{model.NotFound, "conversation.not_found"}, {model.NotFound, "path.not_found"}}
	writing := []Reason{
		{model.Invalid, "idempotency.required"},
		{model.Invalid, "message.text"},
		{model.Invalid, "message.content"},
		{model.Invalid, "file.too_many"},
		{model.Invalid, "file.unknown"},
		{model.TooMany, "message.too_many"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/messages", For: Phone, Act: model.ActMessageRead, Summary: "本案中与法院的对话（新的在前）", Input: messageQuery{},
			Output: messageList{}, Reasons: ofCase, Handle: s.listMessages,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/messages", For: Phone, Act: model.ActMessageWrite, Summary: "当事人留言，或法院主动联系当事人", Input: newMessage{},
			Output: messageView{}, Status: http.StatusCreated, Handle: s.say,
			Reasons: slices.Concat(ofCase, writing, []Reason{{model.Invalid, "party.unknown"}, {model.Invalid, "party.ambiguous"}}),
		},
		{
			Method: http.MethodGet, Path: "/conversations", For: PhoneStaff, Act: model.ActMessageQueue, Summary: "待答复的留言（期限近的在前，最多 100 条）",
			Output: conversationList{}, Handle: s.waitingConversations,
		},
		{
			Method: http.MethodGet, Path: "/conversations/:id/messages", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "一个对话（新的在前）", Input: threadQuery{},
			Output: messageList{}, Reasons: ofConversation, Handle: s.listThread,
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/messages", For: Phone | PhoneStaff, Act: model.ActMessageWrite, Summary: "在对话中留言或回复", Input: newReply{},
			Output: messageView{}, Status: http.StatusCreated, Handle: s.reply, Reasons: slices.Concat(ofConversation, writing),
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/settle", For: PhoneStaff, Act: model.ActMessageSettle, Summary: "标记无需答复", Input: conversationPath{},
			Status: http.StatusNoContent, Handle: s.settleConversation, Reasons: ofConversation,
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/export", Act: model.ActDocumentMake, Input: conversationPath{}, Output: documentView{},
			Summary: "制作存卷的对话记录（编号 PDF）；没有新留言的，仍是原来那一份", Status: http.StatusCreated, Handle: s.exportConversation,
			Reasons: slices.Concat(ofConversation, []Reason{{model.Conflict, "conversation.empty"}}),
		},
	}
}

type messageQuery struct {
	ID      int64 `path:"id" json:"-"`
	PartyID int64 `query:"party_id" description:"只看与某一当事人的对话"`
	Before  int64 `query:"before" description:"上一页最后一条的编号"`
	Limit   int   `query:"limit" description:"每页条数，1–100，默认 20"`
}

type threadQuery struct {
	ID     int64 `path:"id" json:"-"`
	Before int64 `query:"before" description:"上一页最后一条的编号"`
	Limit  int   `query:"limit" description:"每页条数，1–100，默认 20"`
}

type newMessage struct {
	ID      int64   `path:"id" json:"-"`
	Key     string  `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID int64   `json:"party_id,omitempty" description:"法院联系当事人时必填；当事人代理多人时填写"`
	Text    string  `json:"text" description:"不超过 1000 字；有图片的可以不填"`
	Files   []int64 `json:"file_ids,omitempty" description:"先上传到本案的图片或 PDF，最多 9 个"`
}

type newReply struct {
	ID    int64   `path:"id" json:"-"`
	Key   string  `header:"Idempotency-Key" json:"-" required:"true"`
	Text  string  `json:"text" description:"不超过 1000 字；有图片的可以不填"`
	Files []int64 `json:"file_ids,omitempty" description:"先上传到本案的图片或 PDF，最多 9 个"`
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
}

type messageList struct {
	Messages []messageView `json:"messages" required:"true"`
	Next     int64         `json:"next" required:"true"`
}

type conversationPath struct {
	ID int64 `path:"id" json:"-"`
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

func viewMessages(p conversation.Page, limit int) messageList {
	out := messageList{Messages: []messageView{}}
	for _, m := range p.Messages {
		out.Messages = append(out.Messages, viewMessage(m, p))
	}
	if len(p.Messages) == limit {
		out.Next = p.Messages[limit-1].ID
	}
	return out
}

func (s *API) listMessages(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	var party int64
	if v := c.Query("party_id"); v != "" {
		if party, err = strconv.ParseInt(v, 10, 64); err != nil {
			return model.InvalidField("party_id", "field.format", "当事人编号应为数字")
		}
	}
	list, err := s.svc.Conversation.Messages(c.Request.Context(), web.Actor(c), caseID, party, before, limit)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewMessages(*list, limit))
	return nil
}

func (s *API) listThread(c *gin.Context) error {
	conversationID, err := id(c, "id")
	if err != nil {
		return err
	}
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	t, err := s.svc.Conversation.Thread(c.Request.Context(), web.Actor(c), conversationID, before, limit)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewMessages(t.Page, limit))
	return nil
}

func (s *API) say(c *gin.Context) error {
	caseID, key, req, err := keyed[newMessage](c)
	if err != nil {
		return err
	}
	return s.write(c, conversation.Words{CaseID: caseID, PartyID: req.PartyID, Text: req.Text, Files: req.Files, Key: key})
}

func (s *API) reply(c *gin.Context) error {
	conversationID, key, req, err := keyed[newReply](c)
	if err != nil {
		return err
	}
	return s.write(c, conversation.Words{ConversationID: conversationID, Text: req.Text, Files: req.Files, Key: key})
}

func (s *API) write(c *gin.Context, w conversation.Words) error {
	m, err := s.svc.Conversation.Say(c.Request.Context(), web.Actor(c), w)
	if err != nil {
		return err
	}
	files, err := s.svc.Conversation.Files(c.Request.Context(), *m)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewMessage(*m, conversation.Page{Files: map[int64][]model.File{m.ID: files}}))
	return nil
}

func (s *API) waitingConversations(c *gin.Context) error {
	list, err := s.svc.Conversation.Waiting(c.Request.Context(), web.Actor(c), 100)
	if err != nil {
		return err
	}
	out := conversationList{Conversations: []conversationView{}}
	for _, w := range list {
		out.Conversations = append(out.Conversations, conversationView{
			ID: w.ID, CaseID: w.CaseID, CaseNo: w.CaseNo, PartyID: w.PartyID, RelativeID: w.RelativeID, Party: w.Party, Owner: w.Owner, AnswerBy: w.AnswerBy, LastAt: w.LastAt,
		})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) settleConversation(c *gin.Context) error {
	conversationID, err := id(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.svc.Conversation.Settle(c.Request.Context(), web.Actor(c), conversationID); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) exportConversation(c *gin.Context) error {
	conversationID, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.RecordConversation(c.Request.Context(), web.Actor(c), conversationID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewDocument(*d))
	return nil
}
