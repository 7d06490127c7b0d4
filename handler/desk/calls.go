package desk

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/conversation"
)

// callRoutes are the calls that are agreed on in conversations.
func (d *Desk) callRoutes() []Route {
	return []Route{
		post("/conversations/:id/call-backs", model.ActCallMake, d.offerCall),
		get("/call-backs/:id", model.ActCallNumber, d.call),
		get("/call-backs/:id/conversation", model.ActMessageRead, d.callThread),
		post("/call-backs/:id", model.ActCallMake, d.answerCall),
	}
}

// talkLine is a line of a thread: a message, or a step of a call.
type talkLine struct {
	At      time.Time
	Message *model.Message
	Step    *model.CallEntry
}

// Lines are the messages that are shown with the calls' steps among them, the
// newest first.
func (t *thread) Lines() []talkLine {
	var out []talkLine
	for i, m := range slices.Backward(t.Messages) {
		out = append(out, talkLine{At: m.CreatedAt, Message: &t.Messages[i]})
	}
	for _, k := range t.Calls {
		for i, e := range k.Steps {
			if n := len(t.Messages); n > 0 && (t.More != 0 && e.CreatedAt.Before(t.Messages[n-1].CreatedAt) || t.Before != 0 && e.CreatedAt.After(t.Messages[0].CreatedAt)) {
				continue // on another page
			}
			out = append(out, talkLine{At: e.CreatedAt, Step: &k.Steps[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b talkLine) int { return a.At.Compare(b.At) }) // question above, answer below
	return out
}

// Asks tells whether a step is the other side's question that waits for the
// actor: one that appeared while the page was open has no buttons there yet.
func (t *thread) Asks(e model.CallEntry) bool {
	return t.Own && e.State == model.CallAsked && slices.ContainsFunc(t.Calls, func(k conversation.Call) bool {
		return k.ID == e.CallBackID && k.State == model.CallAsked && !k.Over(t.now)
	})
}

// Here is the page of the conversation.
func (t *thread) Here() string { return threadAddress(t.CaseID, t.ID, t.RelativeID) }

// callLine is a call-back with what the actor may do about it.
type callLine struct {
	conversation.Call
	now time.Time
	own bool
}

// May tells whether the actor can bring it to a state.
func (l callLine) May(to string) bool {
	return l.own && l.CallBack.May(model.CallState(to), true, l.now)
}

// When is the time in words.
func (l callLine) When() string { return model.CallTime(l.StartAt) }

// OpenCalls are the call-backs that are still to come, PastCalls the others.
func (t *thread) OpenCalls() []callLine { return t.callLines(true) }

// PastCalls are the call-backs of which nothing is to come.
func (t *thread) PastCalls() []callLine { return t.callLines(false) }

func (t *thread) callLines(open bool) (out []callLine) {
	for _, k := range t.Calls {
		if k.State.Open() == open {
			out = append(out, callLine{k, t.now, t.Own})
		}
	}
	return out
}

func (d *Desk) offerCall(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	p := conversation.CallProposal{ConversationID: id, Key: f.key(), At: f.slot("at"), Note: c.PostForm("note")}
	var k *model.CallBack
	if err := f.do(func() (err error) {
		k, err = d.svc.Conversation.ProposeCall(c.Request.Context(), web.Actor(c), p)
		return err
	}); err != nil {
		return d.refuseAnswer(c, id, err)
	}
	return d.toThread(c, k.ConversationID, "call_offered")
}

// toThread goes to the page of a conversation.
func (d *Desk) toThread(c *gin.Context, id int64, what string) error {
	t, err := d.svc.Conversation.Thread(c.Request.Context(), web.Actor(c), id, 0, 1)
	if err != nil {
		return err
	}
	return done(c, threadAddress(t.CaseID, id, t.RelativeID), what)
}

// answerCall is a word about a call-back, said on the page of its conversation or
func (d *Desk) answerCall(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := f.number("conversation")
	a := conversation.CallAnswer{State: model.CallState(c.PostForm("state")), Version: f.version(), At: f.slot("at"), Note: c.PostForm("note")}
	var k *model.CallBack
	err = f.do(func() (err error) {
		k, err = d.svc.Conversation.AnswerCall(c.Request.Context(), web.Actor(c), id, a)
		return err
	})
	switch {
	case err == nil:
		return d.toThread(c, k.ConversationID, "call_"+string(k.State))
	case a.State.Result() && c.PostForm("page") == "call":
		data, gone := d.callData(c, id)
		if gone != nil {
			return err
		}
		return d.again(c, "call", callTitle, data, err)
	case in == 0:
		return err
	}
	return d.refuseAnswer(c, in, err)
}

const callTitle = "回电"

type callData struct {
	*conversation.Number
	Line callLine
	Back string // the page of the conversation
	// Usual are short records of a call to begin from.
	Usual []string
}

func (d *Desk) callData(c *gin.Context, id int64) (*callData, error) {
	n, err := d.svc.Conversation.CallNumber(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	t, err := d.svc.Conversation.Thread(c.Request.Context(), web.Actor(c), n.ConversationID, 0, 1)
	if err != nil {
		return nil, err
	}
	return &callData{
		Number: n, Line: callLine{conversation.Call{CallBack: n.CallBack}, d.cfg.Now(), true}, Back: threadAddress(t.CaseID, t.ID, t.RelativeID), Usual: model.UsualCalls,
	}, nil
}

// call shows where to call, and takes down what was said. Opening it is a look
// that is recorded.
func (d *Desk) call(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.callData(c, id)
	if err != nil {
		return err
	}
	return d.show(c, "call", callTitle, data)
}

// callThread leads from a call-back to its conversation.
func (d *Desk) callThread(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	k, err := d.svc.Conversation.Call(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/conversations/%d", k.ConversationID))
	return nil
}

// slot is the time that was chosen from a list, none when nothing was.
func (f *form) slot(name string) time.Time {
	v := f.c.PostForm(name)
	if v == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, v)
	if err != nil {
		f.wrong(name, model.InvalidField(name, "call.slot", "请从列表中选择时间"))
	}
	return at
}
