package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/conversation"
)

func (s *API) callRoutes() []Route {
	ofConversation := []Reason{{model.NotFound, "conversation.not_found"}, {model.NotFound, "path.not_found"}}
	ofCall := []Reason{{model.NotFound, "call.not_found"}, {model.NotFound, "path.not_found"}}
	proposing := []Reason{
		{model.Invalid, "call.past"},
		{model.Invalid, "call.too_far"},
		{model.Invalid, "call.rest_day"},
		{model.Invalid, "call.slot"},
		{model.Invalid, "call.phone"},
		{model.Invalid, "phone.format"},
		{model.Invalid, "text.too_long"},
		{model.Invalid, "message.content"},
		{model.Conflict, "call.taken"},
		{model.Conflict, "call.owner"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/conversations/:id/call-days", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "可以约定回电的日期和时间（每次半小时，已约满的不列出）",
			Input: conversationPath{}, Output: callDayList{}, Handle: s.listCallDays, Reasons: ofConversation,
		},
		{
			Method: http.MethodGet, Path: "/conversations/:id/call-backs", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "对话中的回电预约及其经过（新的在前，最多 50 项）",
			Input: conversationPath{}, Output: callList{}, Handle: s.listCalls, Reasons: ofConversation,
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/call-backs", For: Phone | PhoneStaff, Act: model.ActCallMake, Input: newCall{}, Output: callView{}, Status: http.StatusCreated,
			Summary: "当事人、家属请求法院在某一时间回电；法官提出回电时间", Handle: s.proposeCall,
			Reasons: slices.Concat(ofConversation, proposing, []Reason{
				{model.Invalid, "idempotency.required"},
				{model.Conflict, "call.open"},
				{model.Conflict, "call.not_connected"},
				{model.TooMany, "call.too_many"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/call-backs/:id/answer", For: Phone | PhoneStaff, Act: model.ActCallMake, Input: callAnswer{}, Output: callView{},
			Summary: "答复回电预约：同意、另提时间、不同意、取消，法官登记已通话或未接通", Handle: s.answerCall,
			Reasons: slices.Concat(ofCall, proposing, []Reason{
				{model.Invalid, "call.answer"},
				{model.Invalid, "reason.required"},
				{model.Conflict, "call.state"},
				{model.Conflict, "call.early"},
				{model.Conflict, "call.lapsed"},
				{model.Conflict, "call.changed"},
			}),
		},
		{
			Method: http.MethodGet, Path: "/call-backs/:id/number", For: PhoneStaff, Act: model.ActCallNumber, Input: callPath{}, Output: callNumberView{},
			Summary: "回电时查看对方的手机号（留痕）；已约定的，到约定日期才显示", Handle: s.readCallNumber,
			Reasons: slices.Concat(ofCall, []Reason{{model.Conflict, "call.early"}, {model.Conflict, "call.owner"}}),
		},
	}
}

type callPath struct {
	ID int64 `path:"id" json:"-"`
}

type callSlotView struct {
	At   time.Time `json:"at" required:"true"`
	Text string    `json:"text" required:"true" description:"如 09:30–10:00"`
}

type callDayView struct {
	Day   model.Date     `json:"day" required:"true"`
	Text  string         `json:"text" required:"true" description:"如 3月10日 星期二"`
	Slots []callSlotView `json:"slots" required:"true"`
}

type callDayList struct {
	Days []callDayView `json:"days" required:"true"`
}

type newCall struct {
	ID    int64     `path:"id" json:"-"`
	Key   string    `header:"Idempotency-Key" json:"-" required:"true"`
	At    time.Time `json:"at" required:"true" description:"从 call-days 中选择"`
	Note  string    `json:"note,omitempty" description:"想说的事，不超过 200 字"`
	Phone string    `json:"phone,omitempty" description:"当事人、家属：接听的手机号，不填的用已登记的"`
}

type callAnswer struct {
	ID      int64     `path:"id" json:"-"`
	State   string    `json:"state" required:"true" enum:"confirmed,offered,declined,cancelled,done,missed" description:"当事人、家属：confirmed、declined、cancelled"`
	At      time.Time `json:"at,omitzero" description:"另提时间（offered）的必填"`
	Note    string    `json:"note,omitempty" description:"法官不同意、取消的理由（对方会看到），或者通话的内容（对方看不到）"`
	Phone   string    `json:"phone,omitempty" description:"当事人、家属同意时可以填写接听的手机号"`
	Version int64     `json:"version" required:"true"`
}

type callStepView struct {
	State     string    `json:"state" required:"true"`
	StateText string    `json:"state_text" required:"true"`
	CallAt    time.Time `json:"call_at" required:"true"`
	Note      string    `json:"note" required:"true"`
	FromCourt bool      `json:"from_court" required:"true"`
	At        time.Time `json:"at" required:"true"`
}

type callView struct {
	ID             int64          `json:"id" required:"true"`
	ConversationID int64          `json:"conversation_id" required:"true"`
	State          string         `json:"state" required:"true" enum:"asked,offered,confirmed,declined,cancelled,lapsed,done,missed"`
	StateText      string         `json:"state_text" required:"true"`
	At             time.Time      `json:"at" required:"true"`
	Until          time.Time      `json:"until" required:"true"`
	Text           string         `json:"text" required:"true" description:"如 3月10日 星期二 09:30–10:00"`
	Note           string         `json:"note" required:"true"`
	Answer         string         `json:"answer" required:"true" description:"最近一步的理由；通话的内容只有法院能看到"`
	AnswerBy       model.Date     `json:"answer_by" required:"true" description:"法院答复的期限，不等待法院答复的为空"`
	Phone          string         `json:"phone" required:"true" description:"另行填写的接听号码，隐去中间四位；空为已登记的"`
	Version        int64          `json:"version" required:"true"`
	Steps          []callStepView `json:"steps" required:"true"`
}

type callList struct {
	Calls []callView `json:"calls" required:"true"`
}

type callNumberView struct {
	ID     int64  `json:"id" required:"true"`
	Number string `json:"number" required:"true"`
	Who    string `json:"who" required:"true"`
	Text   string `json:"text" required:"true"`
}

// viewCall is a call-back for a reader: what was said on the telephone is the
// court's own record.
func viewCall(by model.Actor, k model.CallBack, steps []model.CallEntry) callView {
	out := callView{
		ID: k.ID, ConversationID: k.ConversationID, State: string(k.State), StateText: k.State.Chinese(), At: k.StartAt, Until: k.StartAt.Add(model.CallLength),
		Text: model.CallTime(k.StartAt), Note: k.Note, Answer: k.Answer, AnswerBy: k.AnswerBy, Phone: model.MaskPhone(k.Phone), Version: k.Version, Steps: []callStepView{},
	}
	if by.IsParty() && k.State.Result() {
		out.Answer = ""
	}
	for _, e := range steps {
		v := callStepView{
			State: string(e.State), StateText: e.State.Chinese(), CallAt: e.StartAt, Note: e.Note, FromCourt: e.FromCourt, At: e.CreatedAt,
		}
		if by.IsParty() && e.State.Result() {
			v.Note = ""
		}
		out.Steps = append(out.Steps, v)
	}
	return out
}

func (s *API) listCallDays(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	days, err := s.svc.Conversation.CallDays(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := callDayList{Days: []callDayView{}}
	for _, d := range days {
		v := callDayView{Day: d.On, Text: d.Chinese(), Slots: []callSlotView{}}
		for _, at := range d.Slots {
			v.Slots = append(v.Slots, callSlotView{At: at, Text: model.CallClock(at)})
		}
		out.Days = append(out.Days, v)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) listCalls(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Conversation.Calls(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := callList{Calls: []callView{}}
	for _, k := range list {
		out.Calls = append(out.Calls, viewCall(web.Actor(c), k.CallBack, k.Steps))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) proposeCall(c *gin.Context) error {
	n, key, req, err := keyed[newCall](c)
	if err != nil {
		return err
	}
	k, err := s.svc.Conversation.ProposeCall(c.Request.Context(), web.Actor(c), conversation.CallProposal{
		ConversationID: n, At: req.At, Note: req.Note, Phone: req.Phone, Key: key,
	})
	return s.oneCall(c, http.StatusCreated, k, err)
}

func (s *API) answerCall(c *gin.Context) error {
	n, req, err := posted[callAnswer](c)
	if err != nil {
		return err
	}
	k, err := s.svc.Conversation.AnswerCall(c.Request.Context(), web.Actor(c), n, conversation.CallAnswer{
		State: model.CallState(req.State), At: req.At, Note: req.Note, Phone: req.Phone, Version: req.Version,
	})
	return s.oneCall(c, http.StatusOK, k, err)
}

func (s *API) oneCall(c *gin.Context, status int, k *model.CallBack, err error) error {
	if err != nil {
		return err
	}
	steps, err := s.svc.Conversation.CallSteps(c.Request.Context(), *k)
	if err != nil {
		return err
	}
	c.JSON(status, viewCall(web.Actor(c), *k, steps))
	return nil
}

func (s *API) readCallNumber(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	k, err := s.svc.Conversation.CallNumber(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, callNumberView{ID: k.ID, Number: k.Number, Who: k.Who, Text: model.CallTime(k.StartAt)})
	return nil
}
