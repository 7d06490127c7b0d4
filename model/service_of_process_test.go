package model

import (
	"strings"
	"testing"
	"time"
)

// 民事诉讼法 90 and 在线诉讼规则 29–31: with consent a paper is served on arrival,
// otherwise by a reply or by reading; the earliest that holds wins, and
// consent can be taken back.
func TestOnlineRules31(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return time.Date(2026, 3, 2, h, 0, 0, 0, time.UTC) }
	ptr := func(h int) *time.Time { v := at(h); return &v }
	given := Consent{PartyID: 1, Act: ConsentGiven, How: ConsentInApp, CreatedAt: at(1)}
	back := Consent{PartyID: 1, Act: ConsentWithdrawn, How: ConsentInApp, CreatedAt: at(4)}
	for name, tt := range map[string]struct {
		consents []Consent
		traces   []Trace
		at       time.Time
		rule     ServiceOfProcessRule
	}{
		"with consent":               {[]Consent{given}, []Trace{{ArrivedAt: at(3), ReadAt: ptr(5)}}, at(3), ServedOnArrival},
		"consent came later":         {[]Consent{given}, []Trace{{ArrivedAt: at(0)}}, time.Time{}, NotServed},
		"consent was taken back":     {[]Consent{given, back}, []Trace{{ArrivedAt: at(5)}}, time.Time{}, NotServed},
		"taken back afterwards":      {[]Consent{given, back}, []Trace{{ArrivedAt: at(3)}}, at(3), ServedOnArrival},
		"somebody else's consent":    {[]Consent{{PartyID: 2, Act: ConsentGiven, CreatedAt: at(1)}}, []Trace{{ArrivedAt: at(3)}}, time.Time{}, NotServed},
		"read":                       {nil, []Trace{{ArrivedAt: at(3), ReadAt: ptr(6)}}, at(6), ServedOnReading},
		"answered before it is read": {nil, []Trace{{ArrivedAt: at(3), ReadAt: ptr(7), RepliedAt: ptr(6)}}, at(6), ServedOnReply},
		"two who act for it":         {nil, []Trace{{ArrivedAt: at(3), ReadAt: ptr(8)}, {ArrivedAt: at(3), ReadAt: ptr(6)}}, at(6), ServedOnReading},
		"nobody is bound":            {[]Consent{given}, nil, time.Time{}, NotServed},
	} {
		got, rule := ServiceOfProcess(1, tt.consents, tt.traces)
		if !got.Equal(tt.at) || rule != tt.rule {
			t.Errorf("%s: %s %q", name, got, rule)
		}
	}
	for rule, words := range map[ServiceOfProcessRule]string{
		ServedOnArrival: "第三十一条第一款", ServedOnReply: "第三十一条第二款第一项", ServedOnReading: "第三十一条第二款第二项", NotServed: "尚不能认定已送达",
	} {
		bodySays(t, string(rule), rule.On(NewDate(2026, 3, 2)), words)
	}
}

// The proof of service tells everything that is known, in the order of time.
func TestTheTrailOfService(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return time.Date(2026, 3, 2, h, 0, 0, 0, time.UTC) }
	ptr := func(h int) *time.Time { v := at(h); return &v }
	p := ServiceProof{
		Notice:     Notice{CreatedAt: at(1)},
		Consents:   []Consent{{Act: ConsentGiven, How: ConsentPaper, CreatedAt: at(2)}, {Act: ConsentWithdrawn, How: ConsentInApp, CreatedAt: at(9)}},
		Traces:     []Trace{{ArrivedAt: at(3), ReadAt: ptr(6), RepliedAt: ptr(7)}},
		Deliveries: []OutboxMessage{{ID: 1, Channel: ChannelWeChat, CreatedAt: at(4), AcceptedAt: ptr(5), State: OutboxQueued}},
		Paper:      []PaperTask{{Cause: PaperRequested, CreatedAt: at(10), DoneAt: ptr(11), Method: "mail", TrackingNo: "EMS1"}},
	}
	var lines []string
	last := time.Time{}
	for _, l := range p.Trail() {
		if l.At.Before(last) {
			t.Errorf("%s is out of order", l.What)
		}
		last = l.At
		lines = append(lines, l.What)
	}
	want := []string{
		"文书生成，进入受送达人在“微法院”的收件箱", "受送达人同意电子送达（书面送达地址确认书）", "受送达人一方绑定本案，收件箱中可见", "微信订阅消息：排队发送", "微信订阅消息：渠道已接收",
		"受送达人打开阅读", "受送达人在本案中作出回应（提交回执或者承诺）", "受送达人撤回对电子送达的同意（小程序内确认）", "受送达人申请纸质文书", "纸质文书已邮寄，邮单号EMS1",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
}
