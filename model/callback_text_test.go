package model

import (
	"strings"
	"testing"
	"time"
)

// Each side reads of a call what it has to do next, and when. The other side's
// text names no case and no number.
func TestWhatIsSaidAboutACall(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 9, 30, 0, 0, CourtZone)
	const when = "3月10日 星期二 09:30–10:00"
	cs := Case{ID: 3, CaseNo: "（2026）浙0211民初1234号"}
	for state, c := range map[CallState]struct{ court, other, step string }{
		CallAsked:     {"希望在" + when, "", "请求回电：" + when},
		CallOffered:   {"", "法院提出在" + when, "提出回电时间：" + when},
		CallConfirmed: {"同意在" + when + "接听回电，请届时回电", "保持电话畅通", "同意回电时间：" + when},
		CallDeclined:  {"不同意在" + when, "未获同意。理由：开庭", "不同意回电时间：" + when},
		CallCancelled: {"取消了" + when, "已取消。原因：开庭", "取消回电：" + when},
		CallMissed:    {"", "未能接通", "回电未接通，原约定" + when},
		CallLapsed:    {"至该时间未答复", "已过时", "回电预约未获答复，已过时：" + when},
		CallDone:      {"", "", "已通话，原约定" + when},
	} {
		k := CallBack{ID: 5, ConversationID: 6, StartAt: at, State: state, Answer: "开庭", Phone: "13800138000", AnswerBy: NewDate(2026, 3, 4), Version: 2}
		if c.court != "" {
			n := CallAskedNotice(cs, k, "当事人", 40)
			if n.UserID != 40 || n.Conversation() != 6 || !strings.Contains(n.Body, c.court) || !strings.HasPrefix(n.Body, "当事人") {
				t.Errorf("the court reads of a call that is %s: %+v", state, n)
			}
		}
		party, relative := CallNotice(cs, k, 2), RelativeCallNotice(Relative{ID: 9, UserID: 60}, k)
		if party.PartyID != 2 || relative.UserID != 60 || relative.CaseID != 0 {
			t.Errorf("%s: for %d and %d", state, party.PartyID, relative.UserID)
		}
		for _, n := range []Notice{party, relative} {
			if !strings.Contains(n.Body, c.other) || (c.other == "") != (n.Body == "") || strings.Contains(n.Body, "13800138000") || strings.Contains(n.Body, "浙0211") {
				t.Errorf("the other side reads of a call that is %s: %s", state, n.Body)
			}
		}
		if got := (CallEntry{State: state, StartAt: at}).Text(); got != c.step {
			t.Errorf("the record says %s", got)
		}
		if got := (CallEntry{State: state, StartAt: at, Note: "已告知"}).Text(); got != c.step+"。已告知" {
			t.Errorf("the record says %s", got)
		}
	}
	if got := CallAskedNotice(cs, CallBack{State: CallAsked, StartAt: at, AnswerBy: NewDate(2026, 3, 4)}, "家属", 40).Body; !strings.Contains(got, "请在2026年3月4日前") {
		t.Errorf("nobody says until when to answer: %s", got)
	}
}

func TestWhereSomebodyIsCalled(t *testing.T) {
	t.Parallel()
	k := CallBack{ConversationID: 6, Phone: " 138-0013-8000 ", Note: " 还款 "}
	if err := k.CheckAsk(); err != nil || k.Phone != "13800138000" || k.Note != "还款" {
		t.Errorf("%v, %+v", err, k)
	}
	for reason, k := range map[string]CallBack{"phone.format": {Phone: "8628"}, "text.too_long": {Note: strings.Repeat("还", 201)}} {
		if err := k.CheckAsk(); ReasonOf(err) != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
	if err := (CallBack{}).CheckPlace(""); ReasonOf(err) != "call.phone" {
		t.Errorf("a call to nobody knows where: %v", err)
	}
	if (CallBack{}).CheckPlace("13800138000") != nil || k.CheckPlace("") != nil {
		t.Error("a number that is known is not enough")
	}
	offered := CallBack{ConversationID: 6}
	if err := offered.Accept(60, "13900139000"); err != nil || offered.UserID != 60 || offered.Phone != "13900139000" || offered.OpenKey == nil || *offered.OpenKey != offered.Key() {
		t.Errorf("%v, %+v", err, offered)
	}
	asked := CallBack{ConversationID: 6, UserID: 61, Phone: "13800138000"}
	if err := asked.Accept(62, ""); err != nil || asked.UserID != 61 || asked.Phone != "13800138000" {
		t.Errorf("who asked is not who is called: %v, %+v", err, asked)
	}
	if err := (&CallBack{}).Accept(60, "8628"); ReasonOf(err) != "phone.format" {
		t.Errorf("%v", err)
	}
	asked.OpenKey, asked.State, asked.AnswerBy = offered.OpenKey, CallAsked, NewDate(2026, 3, 4)
	asked.End(CallLapsed, 0, "时间已过")
	if asked.State != CallLapsed || asked.OpenKey != nil || !asked.AnswerBy.IsZero() || asked.Answer != "时间已过" {
		t.Errorf("a call that ended is still to come: %+v", asked)
	}
}
