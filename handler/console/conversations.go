package console

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/conversation"
)

// conversationRoutes are what people outside write to the court, and what it
// answers.
func (d *Desk) conversationRoutes() []Route {
	return []Route{
		live("/conversations", model.ActMessageQueue, d.conversations),
		{Method: http.MethodGet, Path: "/conversations/:id/lines", Act: model.ActMessageRead, silent: true, handle: d.threadLines},
		post("/conversations/:id/messages", model.ActMessageWrite, d.answerThread),
		post("/conversations/:id/settle", model.ActMessageSettle, d.settleThread),
		post("/cases/:id/messages", model.ActMessageWrite, d.writeToParty),
	}
}

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
	More  int64 // the message before which older ones are, 0 when there are none
}

func (d *Desk) thread(c *gin.Context, id int64) (*thread, error) {
	before, err := after(c, "before")
	if err != nil {
		return nil, err
	}
	by := actor(c)
	t := &thread{Today: model.DateOf(d.cfg.Now()), Usual: model.UsualAnswers, Write: by.May(model.ActMessageWrite)}
	if t.Thread, err = d.svc.Conversation.Thread(c.Request.Context(), by, id, before, threadPage); err != nil {
		return nil, err
	}
	if len(t.Messages) == threadPage {
		t.More = t.Messages[threadPage-1].ID
	}
	return t, nil
}

func threadAddress(caseID, id int64) string {
	return fmt.Sprintf("/desk/cases/%d?tab=conversation&with=%d", caseID, id)
}

type waitingData struct {
	Waiting []model.WaitingConversation
	Today   model.Date
	Own     bool
}

// conversations is what the court is to answer, the most urgent first.
func (d *Desk) conversations(c *gin.Context) error {
	by := actor(c)
	data := waitingData{Today: model.DateOf(d.cfg.Now()), Own: !by.Has(model.RoleClerk) && !by.Has(model.RoleLeader)}
	var err error
	if data.Waiting, err = d.svc.Conversation.Waiting(c.Request.Context(), by, waitingPage); err != nil {
		return err
	}
	if c.GetHeader("HX-Target") == "queue" {
		d.write(c, http.StatusOK, "conversations", "conversation-lines", d.frame(c, "conversations", "对话", data))
		return nil
	}
	return d.show(c, "conversations", "对话", data)
}

// conversationTab is a case's conversations, one of them open: the one that
// was asked for, or the most urgent.
func (d *Desk) conversationTab(c *gin.Context, data *caseData) error {
	var err error
	if data.Talks, err = d.svc.Conversation.Conversations(c.Request.Context(), actor(c), data.Case.ID); err != nil || len(data.Talks) == 0 {
		return err
	}
	with, err := formNumber(c, "with")
	if err != nil {
		return err
	}
	if with == 0 {
		with = data.Talks[0].ID
	}
	data.Thread, err = d.thread(c, with)
	return err
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
	w := conversation.Words{ConversationID: id, Text: c.PostForm("text")}
	var m *model.Message
	if w.Key, err = formKey(c); err == nil {
		m, err = d.svc.Conversation.Say(c.Request.Context(), actor(c), w)
	}
	if err != nil {
		return d.refuseAnswer(c, id, err)
	}
	return done(c, threadAddress(m.CaseID, id), "answered")
}

// refuseAnswer shows the conversation again with what was wrong.
func (d *Desk) refuseAnswer(c *gin.Context, id int64, err error) error {
	t, again := d.svc.Conversation.Thread(c.Request.Context(), actor(c), id, 0, 1)
	if again != nil {
		return err
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
	k, err := d.svc.Conversation.Settle(c.Request.Context(), actor(c), id)
	if err != nil {
		return err
	}
	return done(c, threadAddress(k.CaseID, id), "settled")
}

// writeToParty begins a conversation from the desk.
func (d *Desk) writeToParty(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	w := conversation.Words{CaseID: id, Text: c.PostForm("text")}
	var m *model.Message
	if w.Key, err = formKey(c); err == nil {
		w.PartyID, err = formNumber(c, "party")
	}
	if err == nil {
		m, err = d.svc.Conversation.Say(c.Request.Context(), actor(c), w)
	}
	if err != nil {
		return d.refuseOnCase(c, "conversation", err)
	}
	return done(c, threadAddress(id, m.ConversationID), "answered")
}
