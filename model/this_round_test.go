package model

import (
	"slices"
	"strings"
	"testing"
)

// roundDone is a case in which nothing is missing for 终结本次执行程序.
func roundDone() RoundCase {
	c := RoundCase{
		Enforcement: EnforcementFile{EnforcementCase: EnforcementCase{ID: 1, Kind: EnforcementOrdinary, State: EnforcementOpen, FiledOn: Date{2026, 1, 5}}},
		Debtors:     []RoundDebtor{{Party: Party{ID: 7, Name: "赵明"}, Notice: true, Consumption: true, Listed: true}},
		Creditors:   []Party{{ID: 8, Name: "钱甲"}, {ID: 9, Name: "孙乙"}},
		Today:       Date{2026, 4, 6},
	}
	for i, k := range roundQueries {
		c.Queries = append(c.Queries, AssetQuery{ID: int64(40 + i), PartyID: 7, Kind: k, State: QueryAnswered, Agency: "某银行"})
	}
	c.Queries[0].Found = 1
	for _, r := range roundConditions {
		if r.Stated {
			c.say(RoundEntry{Kind: RoundStatement, Code: r.Code})
		}
	}
	c.say(RoundEntry{Kind: RoundFind, Code: string(FindDisposed), QueryID: 40})
	for _, k := range []RoundEntryKind{RoundTold, RoundConsent, RoundRuling} {
		c.say(RoundEntry{Kind: k, PartyID: 8})
		c.say(RoundEntry{Kind: k, PartyID: 9})
	}
	return c
}

func (c *RoundCase) say(e RoundEntry) {
	e.ID = int64(len(c.Entries) + 1)
	c.Entries = append(c.Entries, e)
}

// drop takes out the entries of a kind, with the code when it is not "".
func (c *RoundCase) drop(k RoundEntryKind, code string) {
	c.Entries = slices.DeleteFunc(c.Entries, func(e RoundEntry) bool { return e.Kind == k && (code == "" || e.Code == code) })
}

// Each condition of 法〔2016〕373号 is met, and missed alone with what is missing in
// words. Sources: its articles 1 to 6, 民诉解释 517.
func TestTheConditionsOfThisRound(t *testing.T) {
	t.Parallel()
	if c := roundDone(); c.Check() != nil {
		t.Fatal(c.Check())
	}
	otherwise := map[string]struct {
		change func(*RoundCase)
		words  string
	}{
		"round.notice":      {func(c *RoundCase) { c.Debtors[0].Notice = false }, "赵明"},
		"round.report":      {func(c *RoundCase) { c.drop(RoundStatement, "round.report") }, "报告财产令"},
		"round.consumption": {func(c *RoundCase) { c.Debtors[0].Consumption = false }, "限制高消费：赵明"},
		"round.listing": {func(c *RoundCase) {
			c.Debtors[0].Listed = false
			c.drop(RoundStatement, "round.listing")
		}, "失信名单"},
		"round.queries":        {func(c *RoundCase) { c.Queries[2].State = QueryCancelled }, "赵明房地产"},
		"round.finds":          {func(c *RoundCase) { c.drop(RoundFind, "") }, "银行存款（某银行）"},
		"round.searched":       {func(c *RoundCase) { c.drop(RoundStatement, "round.searched") }, "线索"},
		"round.months":         {func(c *RoundCase) { c.Today = Date{2026, 4, 5} }, "2026年4月6日起"},
		"round.missing_person": {func(c *RoundCase) { c.drop(RoundStatement, "round.missing_person") }, "下落"},
		"round.obstruction":    {func(c *RoundCase) { c.drop(RoundStatement, "round.obstruction") }, "妨害"},
		"round.told": {func(c *RoundCase) {
			c.Entries = slices.DeleteFunc(c.Entries, func(e RoundEntry) bool { return e.Kind == RoundTold && e.PartyID == 9 })
		}, "孙乙"},
		"round.agreed": {func(c *RoundCase) { c.drop(RoundConsent, "") }, "合议庭"},
		"round.ruling": {func(c *RoundCase) { c.drop(RoundRuling, "") }, "钱甲、孙乙"},
	}
	for _, r := range RoundConditions() {
		o, ok := otherwise[r.Code]
		if !ok {
			t.Errorf("%s is not tried", r.Code)
			continue
		}
		c := roundDone()
		o.change(&c)
		for _, a := range c.Answers() {
			switch {
			case a.Code == r.Code && !strings.Contains(a.Missing, o.words):
				t.Errorf("%s: %q", r.Code, a.Missing)
			case a.Code != r.Code && a.Missing != "" && (r.Code != "round.agreed" || a.Code != "round.ruling"):
				t.Errorf("%s: also %s: %s", r.Code, a.Code, a.Missing)
			}
		}
		if err, ok := c.Check().(*Error); !ok || err.Reason != "round.missing" || !strings.Contains(err.Message, o.words) { //nolint:errorlint // as Check returns it
			t.Errorf("%s: %v", r.Code, err)
		}
	}
	if c := roundDone(); len(otherwise) != len(c.Answers()) {
		t.Error("a condition is tried that there is not")
	}
}

// Who agrees read what was recorded before: what is recorded later asks again, and
// instead of the creditors a panel agrees whose opinion another person approves.
func TestWhoAgreesToEndThisRound(t *testing.T) {
	t.Parallel()
	missing := func(c RoundCase) string { return c.unagreed() }
	c := roundDone()
	c.say(RoundEntry{Kind: RoundStatement, Code: "round.searched"})
	if missing(c) == "" || c.unserved() == "" {
		t.Error("what was said after the consent is covered by it")
	}
	c.say(RoundEntry{Kind: RoundPanel, ByUserID: 5})
	if !strings.Contains(missing(c), "等待院长批准") || c.AwaitsApproval().ByUserID != 5 {
		t.Error(missing(c))
	}
	entry := func(k RoundEntryKind, by int64) error {
		return c.CheckEntry(&RoundEntry{Kind: k, Note: "同意", OnDay: c.Today, ByUserID: by})
	}
	reasonIs(t, "his own opinion", entry(RoundApproval, 5), "measure.own_proposal")
	reasonIs(t, "another's", entry(RoundApproval, 6), "")
	ruling := RoundEntry{Kind: RoundRuling, PartyID: 8, Note: "裁定", OnDay: c.Today, FileID: 3}
	reasonIs(t, "before it is agreed", c.CheckEntry(&ruling), "round.not_agreed")
	c.say(RoundEntry{Kind: RoundRefusal, ByUserID: 6})
	if missing(c) == "" {
		t.Error("a refusal is an approval")
	}
	reasonIs(t, "nothing waits", entry(RoundApproval, 6), "round.no_panel")
	c.say(RoundEntry{Kind: RoundPanel, ByUserID: 5})
	c.say(RoundEntry{Kind: RoundApproval, ByUserID: 6})
	if missing(c) != "" || c.unserved() == "" {
		t.Errorf("approved: %q, and the ruling that was served before is of it", missing(c))
	}
	reasonIs(t, "the ruling", c.CheckEntry(&ruling), "")
}

// What cannot be recorded on the way is refused beside its field.
func TestEntriesBeforeEndingThisRound(t *testing.T) {
	t.Parallel()
	for reason, change := range map[string]func(*RoundCase, *RoundEntry){
		"":                   func(*RoundCase, *RoundEntry) {},
		"enforcement.closed": func(c *RoundCase, _ *RoundEntry) { c.Enforcement.State = EnforcementClosed },
		"round.kind":         func(_ *RoundCase, e *RoundEntry) { e.Kind = "wish" },
		"round.note":         func(_ *RoundCase, e *RoundEntry) { e.Note = " " },
		"round.day":          func(c *RoundCase, e *RoundEntry) { e.OnDay = c.Enforcement.FiledOn.AddDays(-1) },
		"round.file":         func(_ *RoundCase, e *RoundEntry) { e.Code = "round.report" },
		"round.condition":    func(_ *RoundCase, e *RoundEntry) { e.Code = "round.queries" },
		"round.outcome":      func(_ *RoundCase, e *RoundEntry) { e.Kind, e.QueryID = RoundFind, 40 },
		"round.query":        func(_ *RoundCase, e *RoundEntry) { e.Kind, e.Code, e.QueryID = RoundFind, string(FindUnsold), 41 },
		"round.creditor":     func(_ *RoundCase, e *RoundEntry) { e.Kind, e.PartyID = RoundTold, 7 },
	} {
		c := roundDone()
		e := RoundEntry{Kind: RoundStatement, Code: "round.searched", Note: "已核查", OnDay: c.Today}
		change(&c, &e)
		reasonIs(t, reason, c.CheckEntry(&e), reason)
	}
}
