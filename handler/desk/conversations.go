package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/conversation"
)

// conversationRoutes are what people outside write to the court, and what it
// answers.
func (d *Desk) conversationRoutes() []Route {
	return []Route{
		liveList("/conversations", model.ActMessageQueue, d.conversations),
		live("/conversations/:id", model.ActMessageRead, d.conversation),
		{Method: http.MethodGet, Path: "/conversations/:id/lines", Act: model.ActMessageRead, silent: true, handle: d.threadLines},
		{Method: http.MethodPost, Path: "/conversations/:id/messages", Act: model.ActMessageWrite, MaxBody: maxTalkFiles, Timeout: 2 * time.Minute, handle: d.answerThread},
		post("/conversations/:id/undo", model.ActMessageWrite, d.undoAnswer),
		post("/conversations/:id/settle", model.ActMessageSettle, d.settleThread),
		post("/conversations/:id/export", model.ActDocumentMake, d.exportThread),
		{Method: http.MethodPost, Path: "/cases/:id/messages", Act: model.ActMessageWrite, MaxBody: maxTalkFiles, Timeout: 2 * time.Minute, handle: d.writeToParty},
	}
}

// maxTalkFiles bounds what the pictures of one message may have together, in bytes.
const maxTalkFiles = 4*model.MaxFileBytes + 1<<20

const (
	waitingPage = 100 // conversations in the list
	threadPage  = 100 // messages of a thread
)

// thread is a conversation with its answer box.
type thread struct {
	*conversation.Thread
	Today model.Date
	Usual []string
	Write bool
	Days  []model.CallDay // on which the actor may agree on a call
	now   time.Time
	// Before is where the page begins, 0 for the newest messages.
	Before int64
	More   int64 // the message before which older ones are, 0 when there are none
}

func (d *Desk) thread(c *gin.Context, id int64) (*thread, error) {
	before, err := after(c, "before")
	if err != nil {
		return nil, err
	}
	by := web.Actor(c)
	t := &thread{Today: model.DateOf(d.cfg.Now()), now: d.cfg.Now(), Before: before, Write: by.May(model.ActMessageWrite)}
	if t.Thread, err = d.svc.Conversation.Thread(c.Request.Context(), by, id, before, threadPage); err != nil {
		return nil, err
	}
	court, err := d.svc.Administration.Court(c.Request.Context(), by)
	if err != nil {
		return nil, err
	}
	t.Usual = court.Settings.Answers()
	if len(t.Messages) == threadPage {
		t.More = t.Messages[threadPage-1].ID
	}
	if t.Own && by.May(model.ActCallMake) {
		t.Days, err = d.svc.Conversation.CallDays(c.Request.Context(), by, id)
	}
	return t, err
}

// Older is the page with the messages before those that are shown.
func (t *thread) Older() string {
	return threadAddress(t.CaseID, t.ID, t.RelativeID, "before", t.More)
}

// threadAddress is the page of a conversation: a tab of its case, or a page of
// its own for a relative's, because whoever answers a relative need not see the
// case.
func threadAddress(caseID, id, relativeID int64, more ...any) string {
	if relativeID != 0 {
		return address(fmt.Sprintf("/desk/conversations/%d", id), more...)
	}
	return address(fmt.Sprintf("/desk/cases/%d", caseID), append([]any{"tab", "conversation", "with", id}, more...)...)
}

// conversation is one conversation with its answer form.
func (d *Desk) conversation(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	t, err := d.thread(c, id)
	if err != nil {
		return err
	}
	if t.RelativeID == 0 {
		c.Redirect(http.StatusSeeOther, threadAddress(t.CaseID, id, 0))
		return nil
	}
	if err := d.opened(c, t); err != nil {
		return err
	}
	return d.show(c, "conversation", "对话", t)
}

type waitingData struct {
	List *listView
	Own  bool
	Late bool // only those beyond their clock
}

// conversations is what the court is to answer, the most urgent first.
func (d *Desk) conversations(c *gin.Context) error {
	by, now, late := web.Actor(c), d.cfg.Now(), c.Query("late") == "1"
	data := waitingData{Own: !by.Has(model.RoleClerk) && !by.Has(model.RoleLeader), Late: late}
	var before model.Date
	if late {
		before = model.DateOf(now)
	}
	read := func(ctx context.Context, from string, limit int) ([]model.WaitingConversation, string, error) {
		f := model.WaitingFilter{LateOn: before, Limit: limit}
		if err := f.ReadMark(from); err != nil {
			return nil, "", err
		}
		list, err := d.svc.Conversation.Waiting(ctx, by, f)
		if err != nil || len(list) < limit {
			return list, "", err
		}
		return list, list[len(list)-1].Mark(), nil
	}
	t := table[faced[model.WaitingConversation]]{
		title: "待答复的对话", columns: conversationColumns(now, !data.Own), cursor: "after", limit: waitingPage,
		read:       withFaces(d, c, read, func(w model.WaitingConversation) int64 { return w.CaseID }),
		conditions: []condition{{"范围", map[bool]string{true: "超过答复期限的"}[late]}},
		empty:      "没有等待答复的留言。当事人留言时，这里会自动出现。",
	}
	return answer(d, c, t, func(v *listView) error {
		v.firstKey("o")
		data.List = v
		if c.GetHeader("HX-Target") == "queue" {
			d.write(c, http.StatusOK, "conversations", "conversation-lines", d.frame(c, "conversations", "对话", data))
			return nil
		}
		return d.show(c, "conversations", "对话", data)
	})
}

// conversationTab is a case's conversations, one of them open: the one that
// was asked for, or the most urgent.
func (d *Desk) conversationTab(c *gin.Context, data *caseData) error {
	var err error
	if data.Talks, err = d.svc.Conversation.Conversations(c.Request.Context(), web.Actor(c), data.Case.ID); err != nil || len(data.Talks) == 0 {
		return err
	}
	if data.Kin, err = d.svc.Conversation.Relatives(c.Request.Context(), data.Talks); err != nil {
		return err
	}
	f := d.form(c)
	with := cmp.Or(f.number("with"), data.Talks[0].ID)
	if f.err != nil {
		return f.err
	}
	if data.Thread, err = d.thread(c, with); err != nil {
		return err
	}
	return d.opened(c, data.Thread)
}

// threadLines are the messages alone, for a page that renews itself.
func (d *Desk) threadLines(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	t, err := d.thread(c, id)
	if err != nil {
		return err
	}
	d.part(c, http.StatusOK, "messages", t)
	return nil
}

func (d *Desk) answerThread(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	w := conversation.Words{ConversationID: id, Key: f.key(), Text: c.PostForm("text")}
	if f.message(w.Text); f.err == nil {
		t, err := d.thread(c, id) // whose case the pictures are for
		if err != nil {
			return err
		}
		w.Files = f.files(t.CaseID, w.Key)
	}
	var made *model.DeskAct
	if err := f.do(func() (err error) {
		made, err = d.svc.Conversation.Answer(c.Request.Context(), web.Actor(c), w)
		return err
	}); err != nil {
		return d.refuseAnswer(c, id, err)
	}
	t, err := d.thread(c, id)
	if err != nil {
		return err
	}
	return done(c, threadAddress(t.CaseID, id, t.RelativeID, "decision", made.ID), "answered")
}

// message refuses words that cannot be a message, before its pictures are stored.
func (f *form) message(text string) {
	n := 0
	if parts, err := f.c.MultipartForm(); err == nil {
		for _, part := range parts.File["file"] {
			if part.Size > 0 {
				n++
			}
		}
	}
	_, err := model.CheckMessage(text, n)
	f.wrong("text", err)
}

// opened records that the actor looks at a conversation's newest messages, and
// reads them again with it.
func (d *Desk) opened(c *gin.Context, t *thread) error {
	if t.Before != 0 || t.LastMessageID == 0 {
		return nil
	}
	return d.svc.Conversation.Opened(c.Request.Context(), web.Actor(c), t.ID, t.LastMessageID)
}

// refuseAnswer shows the conversation again with what was wrong.
func (d *Desk) refuseAnswer(c *gin.Context, id int64, err error) error {
	t, again := d.thread(c, id)
	if again != nil {
		return err
	}
	if t.RelativeID != 0 {
		return d.again(c, "conversation", "对话", t, err)
	}
	c.Params = gin.Params{{Key: "id", Value: fmt.Sprint(t.CaseID)}}
	q := c.Request.URL.Query()
	q.Set("with", fmt.Sprint(id))
	c.Request.URL.RawQuery = q.Encode()
	return d.refuseOnCase(c, "conversation", err)
}

func (d *Desk) settleThread(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	k, err := d.svc.Conversation.Settle(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return done(c, threadAddress(k.CaseID, id, k.RelativeID), "settled")
}

// writeToParty begins a conversation from the desk.
func (d *Desk) writeToParty(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	w := conversation.Words{CaseID: id, Key: f.key(), PartyID: f.number("party"), Text: c.PostForm("text")}
	f.message(w.Text)
	w.Files = f.files(id, w.Key)
	var made *model.DeskAct
	if err := f.do(func() (err error) {
		made, err = d.svc.Conversation.Answer(c.Request.Context(), web.Actor(c), w)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "conversation", err)
	}
	return done(c, threadAddress(id, made.ConversationID, 0, "decision", made.ID), "answered")
}

// exportThread makes the record of a conversation and shows it among the
// papers of the case.
func (d *Desk) exportThread(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	paper, err := d.svc.Paper.RecordConversation(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return done(c, caseAddress(paper.CaseID, "documents"), "made")
}
