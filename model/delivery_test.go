package model

import (
	"testing"
	"time"
)

// That a channel took a message is not that it arrived: three days without word
// and the court is told to look (domain §3.8). What became of it is said with
// whose part it is and what to do.
func TestWhatBecameOfAMessage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	for name, c := range map[string]struct {
		m     OutboxMessage
		text  string
		whose string
	}{
		"it arrived":              {OutboxMessage{State: OutboxAccepted, AcceptedAt: ago(time.Hour), DeliveredAt: ago(0)}, "已送到手机", "无"},
		"a moment ago":            {OutboxMessage{State: OutboxAccepted, AcceptedAt: ago(time.Hour)}, OutboxAccepted.Chinese(), "渠道"},
		"almost three days":       {OutboxMessage{State: OutboxAccepted, AcceptedAt: ago(72*time.Hour - time.Second)}, OutboxAccepted.Chinese(), "渠道"},
		"three days without word": {OutboxMessage{State: OutboxAccepted, AcceptedAt: ago(72 * time.Hour)}, "渠道已接收，三日内未确认送到", "渠道或者对方手机（关机、停用、屏蔽）"},
		"he did not allow it":     {OutboxMessage{State: OutboxNoConsent}, OutboxNoConsent.Chinese(), "对方"},
		"our template is wrong":   {OutboxMessage{State: OutboxInvalid}, OutboxInvalid.Chinese(), "本院的配置"},
		"nobody knows":            {OutboxMessage{State: OutboxUnknown}, OutboxUnknown.Chinese(), "网络或者渠道"},
		"a state of tomorrow":     {OutboxMessage{State: "teleported"}, OutboxState("teleported").Chinese(), "技术人员"},
	} {
		e := c.m.Explain(now)
		if c.m.StateText(now) != c.text || e.Whose != c.whose || e.Do == "" {
			t.Errorf("%s: %s, %+v", name, c.m.StateText(now), e)
		}
	}
	for _, s := range []OutboxState{OutboxQueued, OutboxSending, OutboxAccepted, OutboxFailed, OutboxNoConsent, OutboxUnreachable, OutboxInvalid, OutboxUnknown, OutboxExpired, OutboxSkipped} {
		if e := (OutboxMessage{State: s}).Explain(now); e.Means == "" || e.Whose == "技术人员" {
			t.Errorf("%s is not explained: %+v", s, e)
		}
	}
	for want, r := range map[string]DeliveryReport{
		"渠道告知已送到手机":    {Counted: true},
		"渠道告知未能送到（停机）": {Counted: true, Failure: "停机"},
		"渠道后来又告知：未能送到（停机）。与先前的告知不一致，以先前的为准": {Failure: "停机"},
	} {
		if got := r.What(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
