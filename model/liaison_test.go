package model

import (
	"strings"
	"testing"
)

func TestTheRosterOfLiaisons(t *testing.T) {
	t.Parallel()
	ok := Liaison{Name: " 陈某 ", Phone: "138 0013 8000", FromOn: NewDate(2026, 1, 1), UntilOn: NewDate(2026, 12, 31)}
	many := make([]int64, 51)
	for name, c := range map[string]struct {
		change   func(*Liaison)
		villages []int64
		reason   string
	}{
		"whole":                  {func(*Liaison) {}, []int64{1}, ""},
		"a term of one day":      {func(l *Liaison) { l.UntilOn = l.FromOn }, []int64{1}, ""},
		"no name":                {func(l *Liaison) { l.Name = " " }, []int64{1}, "liaison.name"},
		"an endless name":        {func(l *Liaison) { l.Name = strings.Repeat("陈", 51) }, []int64{1}, "liaison.name"},
		"no phone":               {func(l *Liaison) { l.Phone = "" }, []int64{1}, "liaison.phone"},
		"a phone of ten digits":  {func(l *Liaison) { l.Phone = "1380013800" }, []int64{1}, "liaison.phone"},
		"no term":                {func(l *Liaison) { l.UntilOn = Date{} }, []int64{1}, "liaison.term"},
		"a term that runs back":  {func(l *Liaison) { l.UntilOn = NewDate(2025, 12, 31) }, []int64{1}, "liaison.term"},
		"a liaison of nowhere":   {func(*Liaison) {}, nil, "liaison.villages"},
		"a liaison of the world": {func(*Liaison) {}, many, "liaison.villages"},
	} {
		l := ok
		c.change(&l)
		err := l.Check(c.villages, NewDate(2026, 1, 1))
		if ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
		if err == nil && (l.Name != "陈某" || l.Phone != "13800138000") {
			t.Errorf("%s is kept untidily: %+v", name, l)
		}
	}
	for name, c := range map[string]struct {
		on   Date
		user int64
		live bool
		says string
	}{
		"the day before":  {NewDate(2025, 12, 31), 1, false, "任期未到"},
		"the first day":   {NewDate(2026, 1, 1), 1, true, "在任"},
		"the last day":    {NewDate(2026, 12, 31), 1, true, "在任"},
		"the day after":   {NewDate(2027, 1, 1), 1, false, "任期已满"},
		"without a phone": {NewDate(2026, 6, 1), 0, true, "在任，未绑定手机"},
	} {
		l := ok
		l.UserID = c.user
		if l.Live(c.on) != c.live || l.Standing(c.on) != c.says {
			t.Errorf("%s: %v, %s", name, l.Live(c.on), l.Standing(c.on))
		}
	}
	for _, v := range []Village{{Town: "骆驼街道"}, {Name: "东村"}, {Town: " ", Name: "东村"}, {Town: strings.Repeat("镇", 31), Name: "东村"}, {Town: "骆驼街道", Name: strings.Repeat("村", 31)}} {
		if err := v.Check(); ReasonOf(err) != "village.name" {
			t.Errorf("%+v: %v", v, err)
		}
	}
	if v := (Village{Town: " 骆驼街道 ", Name: "东村 "}); v.Check() != nil || v.Town != "骆驼街道" || v.Name != "东村" {
		t.Errorf("%+v", v)
	}
}

func TestTownsWithoutALiaison(t *testing.T) {
	t.Parallel()
	v := func(town, name string, who ...string) VillageLine {
		return VillageLine{Village: Village{Town: town, Name: name}, Liaisons: who}
	}
	got := Coverage([]VillageLine{v("骆驼街道", "东村", "陈某"), v("骆驼街道", "西村"), v("九龙湖镇", "南村")})
	if len(got) != 2 || got[0].Town != "骆驼街道" || len(got[0].Villages) != 2 || got[0].Without != 1 || got[1].Without != 1 {
		t.Errorf("%+v", got)
	}
	if got := Coverage(nil); len(got) != 0 {
		t.Errorf("towns of no villages: %+v", got)
	}
}

func TestWhatMayBeAskedOfALiaison(t *testing.T) {
	t.Parallel()
	closed := queriedCase()
	closed.State = EnforcementClosed
	ok := Assistance{PartyID: 2, Kind: AssistFindPerson, Detail: " 住东村三组 ", DueOn: queryDay.AddDays(180)}
	for name, c := range map[string]struct {
		in     EnforcementFile
		change func(*Assistance)
		reason string
	}{
		"by the last day":  {queriedCase(), func(*Assistance) {}, ""},
		"today":            {queriedCase(), func(a *Assistance) { a.DueOn = queryDay }, ""},
		"no such kind":     {queriedCase(), func(a *Assistance) { a.Kind = "arrest" }, "assistance.kind"},
		"a closed case":    {closed, func(*Assistance) {}, "enforcement.closed"},
		"the applicant":    {queriedCase(), func(a *Assistance) { a.PartyID = 5 }, "assistance.person"},
		"no detail":        {queriedCase(), func(a *Assistance) { a.Detail = " " }, "assistance.detail"},
		"a novel":          {queriedCase(), func(a *Assistance) { a.Detail = strings.Repeat("住", 301) }, "assistance.detail"},
		"an ID number":     {queriedCase(), func(a *Assistance) { a.Detail = "34052419800101001X" }, "assistance.private"},
		"a sum":            {queriedCase(), func(a *Assistance) { a.Detail = "欠 10 万元" }, "assistance.private"},
		"yesterday":        {queriedCase(), func(a *Assistance) { a.DueOn = queryDay.AddDays(-1) }, "assistance.due"},
		"the day too late": {queriedCase(), func(a *Assistance) { a.DueOn = queryDay.AddDays(181) }, "assistance.due"},
	} {
		a := ok
		c.change(&a)
		got, err := NewAssistance(c.in, a, queryDay)
		if ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
		if err == nil && (got.State != AssistanceAsked || got.EnforcementCaseID != 7 || got.CaseID != 3 || got.Detail != "住东村三组") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestStepsOfAnAssistance(t *testing.T) {
	t.Parallel()
	acts := map[string]func(*Assistance, int64) error{
		"accept":  func(a *Assistance, seen int64) error { return a.Accept(seen) },
		"decline": func(a *Assistance, seen int64) error { return a.Decline(seen, "外出务工") },
		"reply":   func(a *Assistance, seen int64) error { return a.Reply(seen, "本人在家", nil, queryNow) },
		"close":   func(a *Assistance, seen int64) error { return a.Close(seen, "已找到", queryNow) },
	}
	becomes := map[string]AssistanceState{"accept": AssistanceAccepted, "decline": AssistanceDeclined, "reply": AssistanceAnswered, "close": AssistanceClosed}
	allowed := map[AssistanceState][]string{
		AssistanceAsked:    {"accept", "decline", "close"},
		AssistanceAccepted: {"decline", "reply", "close"},
		AssistanceDeclined: {"close"},
		AssistanceAnswered: {"close"},
		AssistanceClosed:   {},
	}
	for state, can := range allowed {
		for name, act := range acts {
			a := Assistance{State: state, Version: 2}
			err := act(&a, 2)
			may := strings.Contains(strings.Join(can, " "), name)
			if may && (err != nil || a.State != becomes[name]) {
				t.Errorf("%s when %s: %v, %s", name, state, err, a.State)
			}
			if !may && (ReasonOf(err) != "assistance.state" || a.State != state) {
				t.Errorf("%s when %s: %v, %s", name, state, err, a.State)
			}
			if may {
				old := Assistance{State: state, Version: 3}
				if err := act(&old, 2); ReasonOf(err) != "assistance.changed" || old.State != state {
					t.Errorf("%s on an old page when %s: %v", name, state, err)
				}
			}
		}
	}
	for name, c := range map[string]struct {
		from   AssistanceState
		act    func(*Assistance) error
		reason string
	}{
		"declined without a reason": {AssistanceAsked, func(a *Assistance) error { return a.Decline(1, " ") }, "reason.required"},
		"an endless reason":         {AssistanceAsked, func(a *Assistance) error { return a.Decline(1, strings.Repeat("忙", 301)) }, "reason.required"},
		"an empty answer":           {AssistanceAccepted, func(a *Assistance) error { return a.Reply(1, " ", nil, queryNow) }, "assistance.answer"},
		"an endless answer":         {AssistanceAccepted, func(a *Assistance) error { return a.Reply(1, strings.Repeat("在", 1001), nil, queryNow) }, "assistance.answer"},
		"ten pictures":              {AssistanceAccepted, func(a *Assistance) error { return a.Reply(1, "在家", make([]int64, 10), queryNow) }, "file.too_many"},
		"closed without a word":     {AssistanceAnswered, func(a *Assistance) error { return a.Close(1, "", queryNow) }, "assistance.note"},
	} {
		a := Assistance{State: c.from, Version: 1}
		if err := c.act(&a); ReasonOf(err) != c.reason || a.State != c.from {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
}

// A liaison's card and slip name neither debtor nor case.
func TestWhatALiaisonReads(t *testing.T) {
	t.Parallel()
	a := Assistance{ID: 4, CaseID: 3, Kind: AssistPersuade, Name: "李某", Detail: "住东村三组", DueOn: NewDate(2026, 3, 20), State: AssistanceAsked}
	asked := AssistanceNotice(a, 70)
	a.State = AssistanceClosed
	closed := AssistanceNotice(a, 70)
	if asked.UserID != 70 || !strings.Contains(asked.Body, "劝导履行") || !strings.Contains(asked.Body, "2026年3月20日") {
		t.Errorf("%+v", asked)
	}
	if !strings.Contains(closed.Body, "无需再办理") || closed.DedupeKey == asked.DedupeKey {
		t.Errorf("%+v", closed)
	}
	for _, n := range []Notice{asked, closed} {
		if all := n.Title + n.Body; strings.Contains(all, "李某") || strings.Contains(all, "浙0211") || strings.Contains(all, "东村") {
			t.Errorf("a card says who is sought: %s", all)
		}
	}
	a.State = AssistanceAnswered
	if n := AssistanceReplyNotice(Case{ID: 3}, queriedCase().EnforcementCase, a, "陈某"); n.UserID != 40 || !strings.Contains(n.Title, "已反馈") || !strings.Contains(n.Body, "陈某") {
		t.Errorf("%+v", n)
	}
	l := LiaisonLine{Liaison: Liaison{Name: "陈某"}, Villages: []Village{{Town: "骆驼街道", Name: "东村"}, {Town: "骆驼街道", Name: "西村"}}}
	f := LiaisonSlipFacts(Court{Name: "镇海区人民法院"}, l, "ABCD-EFGH-JKMN", queryDay, queryDay.AddDays(30))
	v := f.Variables()
	if v["联络地区"] != "骆驼街道东村、骆驼街道西村" || v["绑定码"] != "ABCD-EFGH-JKMN" || v["绑定码有效期"] != "2026年4月1日" || f.Scene != "l=ABCDEFGHJKMN" || v["案号"] != "" {
		t.Errorf("%+v, %s", v, f.Scene)
	}
}
