package model

import (
	"testing"
	"time"
)

// A call is agreed on for a half hour within the court's hours of a working
// day: worked weekends count, holidays do not, by the State Council's notice.
func TestTimesOfCalls(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	now := time.Date(2026, 9, 30, 10, 0, 0, 0, CourtZone) // the day before the National Day
	slot := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, CourtZone)
	}
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{slot(9, 30, 10, 30), ""},
		{slot(9, 30, 11, 0), ""},
		{slot(9, 30, 11, 30), "call.slot"}, // would end after the morning
		{slot(9, 30, 10, 0), "call.past"},
		{slot(9, 30, 9, 0), "call.past"},
		{slot(9, 30, 14, 15), "call.slot"},
		{slot(9, 30, 16, 30).Add(time.Second), "call.slot"},
		{slot(10, 1, 9, 0), "call.rest_day"}, // a Thursday
		{slot(10, 3, 9, 0), "call.rest_day"},
		{slot(10, 8, 9, 0), ""},
		{slot(10, 10, 9, 0), ""}, // a Saturday that is worked
		{slot(10, 14, 16, 30), ""},
		{slot(10, 15, 9, 0), "call.too_far"},
		{time.Time{}, "call.past"},
	} {
		if got := ReasonOf(CallSettings{}.CheckSlot(c, tt.at, now)); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.at, got, tt.want)
		}
	}
	mine := CallSettings{Hours: []string{"08:30-09:30"}, Weeks: 1}
	if got := mine.Days(c, []time.Time{slot(10, 10, 8, 30)}, slot(10, 8, 9, 30)); len(got) != 6 || got[0].On.Day != 9 || len(got[1].Slots) != 1 || got[5].Chinese() != "10月15日 星期四" {
		t.Errorf("the days: %v", got)
	}
	for _, tt := range []struct {
		s    CallSettings
		want string
	}{
		{CallSettings{}, ""},
		{CallSettings{Hours: []string{"09:00-11:30", "14:00-17:00"}, Weeks: 8, PerDay: 20}, ""},
		{CallSettings{Hours: []string{"9点到11点"}}, "settings.call_hours"},
		{CallSettings{Hours: []string{"11:30-09:00"}}, "settings.call_hours"},
		{CallSettings{Hours: []string{"09:00-09:20"}}, "settings.call_hours"},
		{CallSettings{Hours: []string{"09:00-11:30", "11:00-12:00"}}, "settings.call_hours"},
		{CallSettings{Weeks: 9}, "settings.range"},
		{CallSettings{PerDay: -1}, "settings.range"},
	} {
		if got := ReasonOf(tt.s.Check()); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.s, got, tt.want)
		}
	}
}

// Each side may say what is its to say, and each state is reached from where it
// may be reached; a time that came ends what was not agreed on.
func TestStepsOfCalls(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 10, 0, 0, 0, CourtZone)
	before, day, after := at.AddDate(0, 0, -1), at.Add(-time.Hour), at.Add(time.Hour)
	court, other := true, false
	for _, tt := range []struct {
		from  CallState
		to    CallState
		court bool
		note  string
		now   time.Time
		want  string
	}{
		{CallAsked, CallConfirmed, court, "", before, ""},
		{CallAsked, CallConfirmed, other, "", before, "call.state"},
		{CallAsked, CallOffered, court, "", before, ""},
		{CallAsked, CallOffered, other, "", before, "call.answer"},
		{CallAsked, CallDeclined, court, "开庭", before, ""},
		{CallAsked, CallDeclined, court, " ", before, "reason.required"},
		{CallAsked, CallCancelled, other, "", before, ""},
		{CallAsked, CallDone, court, "已告知", before, ""}, // called at once
		{CallAsked, CallConfirmed, court, "", after, "call.lapsed"},
		{CallOffered, CallConfirmed, other, "", before, ""},
		{CallOffered, CallConfirmed, court, "", before, "call.state"},
		{CallOffered, CallDeclined, other, "", before, ""},
		{CallOffered, CallCancelled, court, "开庭", before, ""},
		{CallOffered, CallConfirmed, other, "", at, "call.lapsed"},
		{CallConfirmed, CallDone, court, "已告知", before, "call.early"},
		{CallConfirmed, CallDone, court, "已告知", day, ""},
		{CallConfirmed, CallDone, court, "", after, "reason.required"},
		{CallConfirmed, CallMissed, court, "", after.AddDate(0, 0, 3), ""},
		{CallConfirmed, CallMissed, other, "", after, "call.answer"},
		{CallConfirmed, CallOffered, court, "", before, ""},
		{CallConfirmed, CallCancelled, other, "", before, ""},
		{CallConfirmed, CallCancelled, court, "", before, "reason.required"},
		{CallDone, CallMissed, court, "", after, "call.state"},
		{CallLapsed, CallConfirmed, court, "", after, "call.state"},
		{CallCancelled, CallConfirmed, other, "", before, "call.state"},
		{CallAsked, CallLapsed, court, "", before, "call.answer"},
	} {
		key := "1:2"
		k := CallBack{State: tt.from, StartAt: at, OpenKey: &key}
		may := k.May(tt.to, tt.court, tt.now)
		err := k.Move(CallStep{To: tt.to, Court: tt.court, StartAt: at, Note: tt.note, By: 7}, tt.now)
		if got := ReasonOf(err); got != tt.want || may != (tt.want == "" || tt.want == "reason.required") {
			t.Errorf("%s to %s by court %v: %q, want %q; may %v", tt.from, tt.to, tt.court, got, tt.want, may)
		}
		if err == nil && (k.State.Open() != (k.OpenKey != nil) || k.DecidedBy != 7) {
			t.Errorf("%s to %s leaves %+v", tt.from, tt.to, k)
		}
	}
}
