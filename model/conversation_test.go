package model

import (
	"strings"
	"testing"
	"time"
)

// The court's clock is that of the first message since its last word, or since
// one was said to need no answer; the order of rows does not matter.
func TestTheClockOfAConversation(t *testing.T) {
	t.Parallel()
	d := func(n int) Date { return NewDate(2026, 3, n) }
	ask := func(id int64, by Date) Message { return Message{ID: id, AnswerBy: by} }
	say := func(id int64) Message { return Message{ID: id, FromCourt: true} }
	for name, c := range map[string]struct {
		settled  int64
		messages []Message
		want     Date
	}{
		"nothing":                    {0, nil, Date{}},
		"the first of two":           {0, []Message{ask(1, d(4)), ask(2, d(5))}, d(4)},
		"answered":                   {0, []Message{ask(1, d(4)), say(2)}, Date{}},
		"asked again":                {0, []Message{ask(1, d(4)), say(2), ask(3, d(6)), ask(4, d(9))}, d(6)},
		"rows in any order":          {0, []Message{ask(4, d(9)), say(2), ask(3, d(6)), ask(1, d(4))}, d(6)},
		"needs no answer":            {2, []Message{ask(1, d(4)), ask(2, d(5))}, Date{}},
		"needs none, asked since":    {2, []Message{ask(1, d(4)), ask(2, d(5)), ask(3, d(6))}, d(6)},
		"came before it was sent":    {0, []Message{ask(1, d(4)), ask(2, d(5)), {ID: 3, FromCourt: true, UpToID: 1}}, d(5)},
		"the court began by talking": {0, []Message{say(1), ask(2, d(5))}, d(5)},
	} {
		if got := (Conversation{SettledID: c.settled}).Recount(c.messages); got != c.want {
			t.Errorf("%s: by %s, want %s", name, got, c.want)
		}
	}
	c := Conversation{AnswerBy: d(4)}
	if c.Late(d(4)) || !c.Late(d(5)) || (Conversation{}).Late(d(5)) || !c.Waits() {
		t.Error("the court is late from the day after its last day")
	}
}

// The judge answers until the case is enforced for or against the party; then
// the officer does, and the judge again when that is over. A family's questions
// stay with the officer.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	cs := Case{JudgeID: 30}
	file := func(id, officer int64, kind EnforcementKind, state EnforcementState) EnforcementFile {
		return EnforcementFile{EnforcementCase: EnforcementCase{ID: id, OfficerID: officer, Kind: kind, State: state}, Parties: []EnforcementParty{{PartyID: 2, Role: EnforcementDebtor}}}
	}
	party := Conversation{PartyID: 2}
	for name, c := range map[string]struct {
		of   Conversation
		list []EnforcementFile
		want int64
	}{
		"before enforcement":       {party, nil, 30},
		"enforced":                 {party, []EnforcementFile{file(7, 40, EnforcementOrdinary, EnforcementOpen)}, 40},
		"against somebody else":    {Conversation{PartyID: 3}, []EnforcementFile{file(7, 40, EnforcementOrdinary, EnforcementOpen)}, 30},
		"only preserved":           {party, []EnforcementFile{file(7, 40, EnforcementPreservation, EnforcementOpen)}, 30},
		"closed":                   {party, []EnforcementFile{file(7, 40, EnforcementOrdinary, EnforcementClosed)}, 30},
		"nobody is assigned":       {party, []EnforcementFile{file(7, 0, EnforcementOrdinary, EnforcementOpen)}, 30},
		"taken up again":           {party, []EnforcementFile{file(7, 40, EnforcementOrdinary, EnforcementClosed), file(8, 41, EnforcementResumed, EnforcementOpen)}, 41},
		"a relative, closed since": {Conversation{RelativeID: 6, EnforcementCaseID: 7}, []EnforcementFile{file(7, 40, EnforcementOrdinary, EnforcementClosed)}, 40},
	} {
		if got := c.of.Owner(cs, c.list); got != c.want {
			t.Errorf("%s: %d answers, want %d", name, got, c.want)
		}
	}
}

func TestWhatAMessageMayBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body   string
		files  int
		kept   string
		reason string
	}{
		"text":            {" 已付款\r\n请核对 ", 0, "已付款\n请核对", ""},
		"a picture alone": {"  ", 1, "", ""},
		"nothing":         {" \n", 0, "", "message.text"},
		"a thousand":      {strings.Repeat("字", 1000), 9, strings.Repeat("字", 1000), ""},
		"one more":        {strings.Repeat("字", 1001), 0, "", "message.text"},
		"ten pictures":    {"看图", 10, "", "file.too_many"},
	} {
		got, err := CheckMessage(c.body, c.files)
		if ReasonOf(err) != c.reason || got != c.kept {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, c := range []struct {
		l    MessageLimits
		want []int
		ok   bool
	}{
		{MessageLimits{}, []int{10, 30, 100}, true},
		{MessageLimits{PerMinute: 5}, []int{5, 30, 100}, true},
		{MessageLimits{PerMinute: 40}, []int{40, 30, 100}, false}, // more a minute than an hour
		{MessageLimits{PerDay: -1}, []int{10, 30, -1}, false},
	} {
		if c.l.Valid() != c.ok {
			t.Errorf("%+v can be kept: %v", c.l, c.l.Valid())
		}
		for i, w := range c.l.Windows() {
			if w.Limit != c.want[i] || w.Over != []time.Duration{time.Minute, time.Hour, 24 * time.Hour}[i] {
				t.Errorf("%+v: %+v", c.l, w)
			}
		}
	}
	if (CourtSettings{}).AnswerDays() != 2 || (CourtSettings{MessageAnswerDays: 5}).AnswerDays() != 5 {
		t.Error("the court has two working days unless it set others")
	}
}

// The other side's card says that the court wrote and not what; the court's own
// says the beginning.
func TestWhoReadsAMessageOnACard(t *testing.T) {
	t.Parallel()
	cs := Case{ID: 3, CaseNo: "（2026）浙0211民初1234号"}
	m := Message{ID: 8, ConversationID: 6, Body: strings.Repeat("长", 50), AnswerBy: NewDate(2026, 3, 4)}
	asked := MessageNotice(cs, Party{Name: "李某"}, m, 30)
	if asked.UserID != 30 || asked.Conversation() != 6 || !strings.Contains(asked.Body, "李某") || !strings.Contains(asked.Body, "2026年3月4日前答复") || strings.Contains(asked.Body, strings.Repeat("长", 41)) {
		t.Errorf("%+v", asked)
	}
	late := MessageLateNotice(Conversation{ID: 6, AnswerBy: m.AnswerBy}, cs, "张某", 50)
	if late.UserID != 50 || late.Conversation() != 6 || !strings.Contains(late.Body, "答复人：张某") || !strings.Contains(late.Body, "已超期") {
		t.Errorf("%+v", late)
	}
	reply := ReplyNotice(cs, 2, m)
	if reply.PartyID != 2 || strings.Contains(reply.Body, "长") || reply.Conversation() != 0 {
		t.Errorf("%+v", reply)
	}
}
