package model

import (
	"testing"
	"time"
)

// A picture that the checker does not take is sent five times, each later than
// the one before, and then stays visible and unchecked; the checker may fetch it
// only while it waits for it.
func TestCheckingAPicture(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	p := PictureCheck{State: ContentWaiting, CreatedAt: now}
	for i, wait := range []time.Duration{time.Minute, 4 * time.Minute, 9 * time.Minute, 16 * time.Minute} {
		if p.Failed(now); p.State != ContentWaiting || p.NextAt.Sub(now) != wait || p.Attempts != i+1 {
			t.Fatalf("try %d: %+v", i+1, p)
		}
	}
	if p.Failed(now); p.State != ContentUnchecked || p.DecidedAt == nil || p.Open(now) {
		t.Errorf("after five tries: %+v", p)
	}
	q := PictureCheck{ID: 4, UserID: 60, State: ContentWaiting, CreatedAt: now}
	q.Asked("trace", now)
	if q.State != ContentAsked || *q.Trace != "trace" || !q.NextAt.After(now.Add(30*time.Minute)) { // WeChat answers within thirty minutes
		t.Errorf("%+v", q)
	}
	if !q.Open(now.Add(time.Hour)) || q.Open(now.Add(2*time.Hour)) {
		t.Error("the address of a picture does not close")
	}
	if q.GiveUp(now.Add(time.Minute)) || !q.GiveUp(now.Add(PictureAnswerTime)) || q.State != ContentUnchecked || q.GiveUp(now.Add(PictureAnswerTime)) {
		t.Errorf("given up: %+v", q)
	}
	for _, s := range []ContentState{ContentPass, ContentRisky, ContentReview} {
		late := q
		if !late.Answered(ContentVerdict{State: s, Label: 100}, now) || late.State != s || late.DecidedAt == nil || late.Open(now) {
			t.Errorf("an answer that came late: %+v", late)
		}
		for _, other := range []ContentState{ContentPass, ContentRisky, ContentReview, ContentWaiting} {
			if late.Answered(ContentVerdict{State: other}, now) || late.Asked("again", now) || late.Failed(now) || late.State != s {
				t.Errorf("%s became %s", s, other)
			}
		}
	}
	if marks := ContentPass.Mark() + ContentAsked.Mark() + ContentState("").Mark(); marks != "" || ContentReview.Mark() == "" {
		t.Errorf("marks where nothing has to be said: %q", marks)
	}
	if n := PictureHiddenNotice(q); n.UserID != 60 || n.Body == "" {
		t.Errorf("%+v", n)
	}
	if ContentLabel(20008) != "欺诈" || ContentLabel(4711) != "4711" {
		t.Error("a label that nobody knows is hidden")
	}
}
