package model

import (
	"slices"
	"strings"
	"testing"
)

// A court's settings are refused with the field and the rule when they cannot be
// followed; those of a new court, and with every default written out, can.
func TestSettingsOfACourt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*CourtSettings)
		reason string
	}{
		"a new court":                 {func(*CourtSettings) {}, ""},
		"every default written out":   {func(s *CourtSettings) { *s = s.Filled() }, ""},
		"quiet from 24 o'clock":       {func(s *CourtSettings) { s.QuietHours = &QuietHours{From: 24, Until: 7} }, "schedule.hour"},
		"a schedule of no kind":       {func(s *CourtSettings) { s.Schedules = map[CaseKind]Schedule{"maritime": {}} }, "schedule.kind"},
		"ten ready answers":           {func(s *CourtSettings) { s.ReadyAnswers = strings.Split("一二三四五六七八九十", "") }, "settings.answers"},
		"a ready answer twice":        {func(s *CourtSettings) { s.ReadyAnswers = []string{"收到。", "收到。"} }, "settings.answers"},
		"an empty ready answer":       {func(s *CourtSettings) { s.ReadyAnswers = []string{"收到。", " "} }, "settings.answers"},
		"pigeons":                     {func(s *CourtSettings) { s.Channels = []ChannelName{"pigeon"} }, "channel.unknown"},
		"reminders on the day itself": {func(s *CourtSettings) { s.DutyReminders = &DutyReminders{Before: []int{0}} }, "duty.reminders"},
		"calls in nine weeks":         {func(s *CourtSettings) { s.Calls.Weeks = 9 }, "settings.range"},
		"a number for no paper":       {func(s *CourtSettings) { s.DocumentPatterns = map[DocumentKind]string{"poem": "{year}{n}"} }, "document.kind"},
		"numbers without the year":    {func(s *CourtSettings) { s.CertificatePattern = "{short}证{n}号" }, "pattern.incomplete"},
		"numbers without a number":    {func(s *CourtSettings) { s.NoticePattern = "{short}告〔{year}〕号" }, "pattern.incomplete"},
		"more a minute than an hour":  {func(s *CourtSettings) { s.MessageLimits = MessageLimits{PerMinute: 40} }, "settings.range"},
		"a family asks without end":   {func(s *CourtSettings) { s.RelativeAsksADay = 21 }, "settings.range"},
		"an answer in sixteen days":   {func(s *CourtSettings) { s.MessageAnswerDays = 16 }, "settings.range"},
		"queries in 61 days":          {func(s *CourtSettings) { s.QueryAnswerDays = 61 }, "settings.range"},
		"31 days to perform":          {func(s *CourtSettings) { s.EnforcementNoticeDays = 31 }, "settings.range"},
		"no time for the creditor":    {func(s *CourtSettings) { s.ObligeeAnswerDays = 0 }, "settings.range"},
		"a code for two years":        {func(s *CourtSettings) { s.BindingCodeDays = 730 }, "settings.range"},
		"a code for two months":       {func(s *CourtSettings) { s.ShareCodeHours = 1440 }, "settings.range"},
	} {
		s := DefaultCourtSettings()
		c.change(&s)
		if err := s.Check(); ReasonOf(err) != c.reason || c.reason != "" && FieldOf(err) == "" {
			t.Errorf("%s: %v (%s), want %q", name, err, FieldOf(err), c.reason)
		}
	}
	// Domain §3.3, §3.6: the creditor has five days.
	if s := DefaultCourtSettings(); s.ObligeeAnswerDays != 5 {
		t.Errorf("%d days", s.ObligeeAnswerDays)
	}
	filled := DefaultCourtSettings().Filled()
	for _, k := range DocumentKinds {
		own := k == DocumentPerformanceNotice || k == DocumentReminder
		if (filled.DocumentPatterns[k] == "") != own {
			t.Errorf("the number of %s is not shown to who edits the settings", k.Chinese())
		}
	}
	if !slices.Equal(filled.DutyReminders.Before, []int{7}) || !slices.Equal(filled.DutyReminders.After, []int{1, 10}) {
		t.Errorf("%+v", filled.DutyReminders)
	}
}
