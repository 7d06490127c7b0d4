package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
)

func (s *API) callRoutes() []Route {
	ofConversation := []Reason{{model.NotFound, "conversation.not_found"}}
	ofCall := []Reason{{model.NotFound, "call.not_found"}}
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
			Do: do(s.listCallDays), Reasons: ofConversation,
		},
		{
			Method: http.MethodGet, Path: "/conversations/:id/call-backs", For: Phone | PhoneStaff, Act: model.ActMessageRead, Summary: "对话中的回电预约及其经过（新的在前，最多 50 项）",
			Do: do(s.listCalls), Reasons: ofConversation,
		},
		{
			Method: http.MethodPost, Path: "/conversations/:id/call-backs", For: Phone | PhoneStaff, Act: model.ActCallMake, Status: http.StatusCreated,
			Summary: "当事人、家属请求法院在某一时间回电；法官提出回电时间", Do: do(s.proposeCall),
			Reasons: slices.Concat(ofConversation, proposing, []Reason{
				{model.Conflict, "call.open"},
				{model.Conflict, "call.not_connected"},
				{model.TooMany, "call.too_many"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/call-backs/:id/answer", For: Phone | PhoneStaff, Act: model.ActCallMake,
			Summary: "答复回电预约：同意、另提时间、不同意、取消，法官登记已通话或未接通", Do: do(s.answerCall),
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
			Method: http.MethodGet, Path: "/call-backs/:id/number", For: PhoneStaff, Act: model.ActCallNumber,
			Summary: "回电时查看对方的手机号（留痕）；已约定的，到约定日期才显示", Do: do(s.readCallNumber),
			Reasons: slices.Concat(ofCall, []Reason{{model.Conflict, "call.early"}, {model.Conflict, "call.owner"}}),
		},
	}
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
	ID int64 `path:"id" json:"-"`
	withKey
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
	State     string    `json:"state" required:"true" enum:"asked,offered,confirmed,declined,cancelled,lapsed,done,missed"`
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
func viewCall(by model.Actor, k conversation.Call) callView {
	own := func(s model.CallState) bool { return by.IsParty() && s.Result() }
	out := callView{
		ID: k.ID, ConversationID: k.ConversationID, State: string(k.State), StateText: k.State.Chinese(), At: k.StartAt, Until: k.StartAt.Add(model.CallLength),
		Text: model.CallTime(k.StartAt), Note: k.Note, Answer: k.Answer, AnswerBy: k.AnswerBy, Phone: model.MaskPhone(k.Phone), Version: k.Version,
		Steps: each(k.Steps, func(e model.CallEntry) callStepView {
			v := callStepView{State: string(e.State), StateText: e.State.Chinese(), CallAt: e.StartAt, Note: e.Note, FromCourt: e.FromCourt, At: e.CreatedAt}
			if own(e.State) {
				v.Note = ""
			}
			return v
		}),
	}
	if own(k.State) {
		out.Answer = ""
	}
	return out
}

func viewCallDay(d model.CallDay) callDayView {
	return callDayView{
		Day: d.On, Text: d.Chinese(), Slots: each(d.Slots, func(at time.Time) callSlotView { return callSlotView{At: at, Text: model.CallClock(at)} }),
	}
}

func (s *API) listCallDays(ctx context.Context, by model.Actor, in idPath) (callDayList, error) {
	days, err := s.svc.Conversation.CallDays(ctx, by, in.ID)
	return callDayList{Days: each(days, viewCallDay)}, err
}

func (s *API) listCalls(ctx context.Context, by model.Actor, in idPath) (callList, error) {
	list, err := s.svc.Conversation.Calls(ctx, by, in.ID)
	return callList{Calls: each(list, func(k conversation.Call) callView { return viewCall(by, k) })}, err
}

func (s *API) proposeCall(ctx context.Context, by model.Actor, in newCall) (callView, error) {
	k, err := s.svc.Conversation.ProposeCall(ctx, by, conversation.CallProposal{
		ConversationID: in.ID, At: in.At, Note: in.Note, Phone: in.Phone, Key: in.Key,
	})
	if err != nil {
		return callView{}, err
	}
	return s.oneCall(ctx, by, *k)
}

func (s *API) answerCall(ctx context.Context, by model.Actor, in callAnswer) (callView, error) {
	k, err := s.svc.Conversation.AnswerCall(ctx, by, in.ID, conversation.CallAnswer{
		State: model.CallState(in.State), At: in.At, Note: in.Note, Phone: in.Phone, Version: in.Version,
	})
	if err != nil {
		return callView{}, err
	}
	return s.oneCall(ctx, by, *k)
}

func (s *API) oneCall(ctx context.Context, by model.Actor, k model.CallBack) (callView, error) {
	steps, err := s.svc.Conversation.CallSteps(ctx, k)
	return viewCall(by, conversation.Call{CallBack: k, Steps: steps}), err
}

func (s *API) readCallNumber(ctx context.Context, by model.Actor, in idPath) (callNumberView, error) {
	k, err := s.svc.Conversation.CallNumber(ctx, by, in.ID)
	if err != nil {
		return callNumberView{}, err
	}
	return callNumberView{ID: k.ID, Number: k.Number, Who: k.Who, Text: model.CallTime(k.StartAt)}, nil
}
