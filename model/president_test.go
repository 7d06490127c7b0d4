package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Who decides is the president and whom he authorised in writing, for what and as long
// as it says; nobody at all while nobody is marked, of which the message tells.
func TestWhoDecidesForThePresident(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 6)
	given := SigningAuthority{UserID: 2, Title: "副院长", Kinds: []MeasureKind{MeasureDetention, MeasureFine}, FromOn: day, UntilOn: day.AddDays(30), FileID: 7}
	if err := given.Check(1, day); err != nil {
		t.Fatal(err)
	}
	s := Signers{Today: day, President: 1, Name: "陈志军", Deputies: []Deputy{{given, "李岩"}}}
	ended := time.Now()
	for name, c := range map[string]struct {
		change func(*Signers)
		user   int64
		kind   MeasureKind
		signed string // "" is refused
		says   string
	}{
		"the president":              {func(*Signers) {}, 1, MeasureListing, "院长陈志军", ""},
		"a deputy":                   {func(*Signers) {}, 2, MeasureFine, "经院长书面授权，副院长李岩", ""},
		"a deputy of something else": {func(*Signers) {}, 2, MeasureListing, "", "可以决定的是：院长陈志军。"},
		"another leader":             {func(*Signers) {}, 3, MeasureFine, "", "院长陈志军，或者经院长书面授权的副院长李岩（授权至2026年4月5日）"},
		"on the last day":            {func(s *Signers) { s.Today = given.UntilOn }, 2, MeasureFine, "经院长书面授权，副院长李岩", ""},
		"afterwards":                 {func(s *Signers) { s.Today = given.UntilOn.AddDays(1) }, 2, MeasureFine, "", "院长陈志军。"},
		"before":                     {func(s *Signers) { s.Today = day.AddDays(-1) }, 2, MeasureFine, "", "院长陈志军。"},
		"ended":                      {func(s *Signers) { s.Deputies[0].EndedAt = &ended }, 2, MeasureFine, "", "院长陈志军。"},
		"nobody is marked":           {func(s *Signers) { s.President = 0 }, 2, MeasureFine, "", "请系统管理员在“人员”页面"},
		"nobody":                     {func(s *Signers) { s.President = 0 }, 0, MeasureFine, "", "请系统管理员"},
	} {
		now := s
		now.Deputies = slices.Clone(s.Deputies)
		c.change(&now)
		err := now.Check(c.user, c.kind)
		if got := now.Signed(c.user, c.kind); got != c.signed || (err == nil) != (c.signed != "") || slices.Contains(now.Kinds(c.user), c.kind) != (err == nil) || slices.Contains(now.Users(c.kind), c.user) != (err == nil) {
			t.Errorf("%s: signs %q, %v", name, got, err)
		}
		if e, ok := err.(*Error); ok && (e.Reason != "measure.president" || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Message, c.kind.Signed().On(now.Today))) { //nolint:errorlint // as it is returned
			t.Errorf("%s: %s", name, e.Message)
		}
	}
	if !(Signers{}).May(0, MeasureTracing) || !(Signers{}).May(3, MeasureExitBan) {
		t.Error("what the officer decides with his panel needs a president")
	}
	for field, change := range map[string]func(*SigningAuthority){
		"user_id":  func(a *SigningAuthority) { a.UserID = 1 },
		"title":    func(a *SigningAuthority) { a.Title = " " },
		"kinds":    func(a *SigningAuthority) { a.Kinds = []MeasureKind{MeasureListing} },
		"from_on":  func(a *SigningAuthority) { a.FromOn = Date{} },
		"until_on": func(a *SigningAuthority) { a.UntilOn = day.AddDays(-1) },
		"file":     func(a *SigningAuthority) { a.FileID = 0 },
	} {
		a := given
		change(&a)
		if e, ok := a.Check(1, day).(*Error); !ok || e.Field != field { //nolint:errorlint // as it is returned
			t.Errorf("%s is taken: %v", field, e)
		}
	}
	for _, bad := range []func(*SigningAuthority){
		func(a *SigningAuthority) { a.Kinds = []MeasureKind{MeasureTracing} }, func(a *SigningAuthority) { a.Kinds = nil },
		func(a *SigningAuthority) { a.UntilOn = a.FromOn.AddYears(1).AddDays(1) },
	} {
		a := given
		if bad(&a); a.Check(1, day) == nil {
			t.Errorf("taken: %+v", a)
		}
	}
	if ReasonOf(given.Check(0, day)) != "president.none" {
		t.Error("an authorisation of nobody")
	}
}
