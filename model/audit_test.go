package model

import (
	"testing"
	"time"
)

// A link that was changed, moved behind another one or sealed with another key
// shows. Databases keep microseconds, and any zone.
func TestTheAuditChainShowsTampering(t *testing.T) {
	t.Parallel()
	key := []byte("0123456789abcdef0123456789abcdef")
	at := time.Date(2026, 3, 2, 10, 0, 0, 123456789, CourtZone)
	e := AuditEntry{CourtID: 1, Seq: 2, At: at, UserID: 5, Role: RoleJudge, Action: AuditReceiptConfirm, CaseID: 3, Subject: ThingReceipt.Of(12), IP: "192.0.2.1"}
	if err := e.Seal(key, "before"); err != nil || e.Hash == "" || e.PrevHash != "before" {
		t.Fatalf("%v, %+v", err, e)
	}
	for name, c := range map[string]struct {
		change func(*AuditEntry)
		prev   string
		key    string
		want   bool
	}{
		"untouched":             {func(*AuditEntry) {}, "before", string(key), true},
		"as the database keeps": {func(e *AuditEntry) { e.At = e.At.UTC().Truncate(time.Microsecond) }, "before", string(key), true},
		"another user":          {func(e *AuditEntry) { e.UserID = 6 }, "before", string(key), false},
		"another time":          {func(e *AuditEntry) { e.At = e.At.Add(time.Microsecond) }, "before", string(key), false},
		"another thing":         {func(e *AuditEntry) { e.Subject = ThingReceipt.Of(13) }, "before", string(key), false},
		"another kind of thing": {func(e *AuditEntry) { e.Subject.Kind = ThingCase }, "before", string(key), false},
		"another form of it":    {func(e *AuditEntry) { e.Detail = "original" }, "before", string(key), false},
		"another state of it":   {func(e *AuditEntry) { e.After = "x" }, "before", string(key), false},
		"renumbered":            {func(e *AuditEntry) { e.Seq = 3 }, "before", string(key), false},
		"behind another link":   {func(*AuditEntry) {}, "other", string(key), false},
		"moved there":           {func(e *AuditEntry) { e.PrevHash = "other" }, "other", string(key), false},
		"sealed by a forger":    {func(*AuditEntry) {}, "before", "another key of some thirty bytes", false},
		"without its hash":      {func(e *AuditEntry) { e.Hash = "" }, "before", string(key), false},
	} {
		x := e
		c.change(&x)
		if got := x.Intact([]byte(c.key), c.prev); got != c.want {
			t.Errorf("%s: intact %v", name, got)
		}
	}
	// A phone has too few values to hide behind a hash without a key.
	one, err := Digest(key, "13800138000")
	two, err2 := Digest([]byte("another"), "13800138000")
	if none, err3 := Digest(key, nil); err != nil || err2 != nil || err3 != nil || one == two || none != "" {
		t.Errorf("%s, %s, %q", one, two, none)
	}
	if _, err := Digest(key, func() {}); err == nil {
		t.Error("what cannot be digested passes for nothing")
	}
}
