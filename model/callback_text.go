package model

import "fmt"

// pageTalk is the desk's page of a conversation; Notice.Conversation reads it.
const pageTalk = "pages/desk/conversation?id=%d"

// talk lets a notice to staff lead to a conversation.
func (n Notice) talk(conversationID int64) Notice {
	n.Page = fmt.Sprintf(pageTalk, conversationID)
	return n
}

// Conversation is the conversation to which a notice to staff leads, 0 when it
// leads elsewhere.
func (n Notice) Conversation() (id int64) {
	if _, err := fmt.Sscanf(n.Page, pageTalk, &id); err != nil {
		return 0
	}
	return id
}

// CallAskedNotice tells whoever calls that the other side asks for a call, or
// what it said about one. who names the other side without its name.
func CallAskedNotice(cs Case, k CallBack, who string, userID int64) Notice {
	title, body := "请求回电", who+"希望在"+CallTime(k.StartAt)+"接到回电，请在"+k.AnswerBy.By()+"、并在该时间以前答复。"
	switch k.State {
	case CallConfirmed:
		title, body = "对方同意回电时间", who+"同意在"+CallTime(k.StartAt)+"接听回电，请届时回电。"
	case CallDeclined:
		title, body = "对方不同意回电时间", who+"不同意在"+CallTime(k.StartAt)+"接听回电。"
	case CallCancelled:
		title, body = "对方取消回电", who+"取消了"+CallTime(k.StartAt)+"的回电。"
	case CallLapsed:
		title, body = "回电请求未答复", who+"请求"+CallTime(k.StartAt)+"回电，至该时间未答复，对方已收到通知。请在对话中答复对方，或者另行约定。"
	case CallAsked, CallOffered, CallDone, CallMissed:
	}
	return caseNotice(NoticeCallAsked, cs, fmt.Sprintf("%d:%d:%d", k.ID, k.Version, userID), title, body).staff(userID).about(ThingCallBack.Of(k.ID)).talk(k.ConversationID)
}

// callSaid is what the other side reads: a title, and the text. It names no case
// and no number.
func callSaid(k CallBack) (title, body string) {
	t := CallTime(k.StartAt)
	switch k.State {
	case CallOffered:
		return "法院提出回电时间", "法院提出在" + t + "给您回电，请在小程序的对话中确认是否可以接听；到时未确认的，需要重新约定。"
	case CallConfirmed:
		return "回电已约定", "法院将在" + t + "给您回电，请保持电话畅通。"
	case CallDeclined:
		return "回电请求未同意", "请求的回电（" + t + "）未获同意。理由：" + k.Answer
	case CallCancelled:
		return "回电已取消", "原定" + t + "的回电已取消。原因：" + k.Answer
	case CallMissed:
		return "回电未接通", "法院按约定给您回电（" + t + "），未能接通。需要的，请在小程序的对话中重新约定。"
	case CallLapsed:
		return "回电预约已过时", "原定" + t + "的回电未经双方确认，已过时。需要的，请在小程序的对话中重新约定，急事请拨打法院电话。"
	case CallAsked, CallDone:
	}
	return "", ""
}

// CallNotice tells a party about its call.
func CallNotice(cs Case, k CallBack, partyID int64) Notice {
	title, body := callSaid(k)
	return caseNotice(NoticeCallAnswered, cs, fmt.Sprintf("%d:%d", k.ID, k.Version), title, body).to(partyID)
}

// RelativeCallNotice tells a relative about his call.
func RelativeCallNotice(r Relative, k CallBack) Notice {
	title, body := callSaid(k)
	return relativeNotice(NoticeRelativeCall, r, fmt.Sprintf("%d:%d", k.ID, k.Version), title, body)
}
