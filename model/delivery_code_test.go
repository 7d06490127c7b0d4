package model

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// Whatever a channel answers is told in words: what it means, whose matter it is and
// what to do, without a code; an unknown one keeps its code for the engineer.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	digits := regexp.MustCompile(`[0-9]{4,}`)
	check := func(what string, e Explanation) {
		t.Helper()
		if e.Means == "" || e.Whose == "" || e.Do == "" || !strings.HasSuffix(e.Means, "。") || !strings.HasSuffix(e.Do, "。") || digits.MatchString(e.Means+e.Whose+e.Do) {
			t.Errorf("%s: %+v", what, e)
		}
	}
	for _, code := range []int{
		-1, 40001, 40014, 42001, 41001, 40003, 43104, 40013, 40037, 40036, 40039, 40008, 41028, 41029, 41030, 43101, 43004, 43107, 43108, 43116, 40249, 45168, 47001, 47003,
		45009, 45011, 44990, 44991, 45109, 48001, 50004, 50007, 40243, 40164, 89503, 89506, 89507, 40226, 40029, 40163, 85079, 85401, 85406, 44993, 40125, 41004,
	} {
		e, known := wechatCodes[code]
		if !known {
			t.Errorf("%d has no words", code)
		}
		m := OutboxMessage{Channel: ChannelWeChat, State: OutboxInvalid, LastCode: code}
		check(m.Code(), e)
		if m.Explain(now) != e || !strings.Contains(m.Code(), m.Code()) {
			t.Errorf("%d is explained as %+v", code, m.Explain(now))
		}
	}
	for code, e := range wechatCodes {
		check(OutboxMessage{LastCode: code}.Code(), e)
	}
	for _, w := range channelWords {
		check(w.word, OutboxMessage{Channel: ChannelSMS, State: OutboxFailed, DeliveryError: "failed:" + w.word + "X"}.Explain(now))
	}
	unknown := OutboxMessage{Channel: ChannelWeChat, State: OutboxInvalid, LastCode: 99123}
	check("unknown", unknown.Explain(now))
	if unknown.Code() != "99123" {
		t.Errorf("the code is lost: %q", unknown.Code())
	}
	a, b := OutboxMessage{State: OutboxNoConsent, Channel: ChannelWeChat, LastCode: 43101}, OutboxMessage{State: OutboxNoConsent, Channel: ChannelWeChat, LastCode: 43101, ID: 7}
	if a.ReasonKey(now) != b.ReasonKey(now) || a.ReasonKey(now) == unknown.ReasonKey(now) {
		t.Error("reasons are not told apart")
	}
}
