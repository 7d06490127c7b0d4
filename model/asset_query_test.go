package model

import (
	"strings"
	"testing"
	"time"
)

var (
	queryDay = NewDate(2026, 3, 2)
	queryNow = queryDay.Start().Add(10 * time.Hour)
)

func queriedCase() EnforcementFile {
	return EnforcementFile{
		EnforcementCase: EnforcementCase{ID: 7, CourtID: 1, CaseID: 3, CaseNo: "（2026）浙0211执88号", OfficerID: 40, State: EnforcementOpen},
		Parties:         []EnforcementParty{{PartyID: 2, Role: EnforcementDebtor}, {PartyID: 5, Role: EnforcementApplicant}},
	}
}

// 民事诉讼法 253 gives the power to ask for what the person has who is enforced
// against, and for nobody else's; what lays open household or accounts is not one
// officer's decision.
func TestCivilProcedureLaw253(t *testing.T) {
	t.Parallel()
	for kind, approval := range map[QueryKind]bool{QueryVehicle: false, QueryRealEstate: false, QueryPopulation: true, QueryBank: true} {
		q, err := NewAssetQuery(queriedCase(), AssetQuery{PartyID: 2, Kind: kind, Purpose: " 查明可供执行的财产 ", RequestedBy: 40}, queryNow)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if approval && (q.State != QueryRequested || q.DecidedBy != 0 || q.DecidedAt != nil) {
			t.Errorf("%s goes out without a leader: %+v", kind, q)
		}
		if !approval && (q.State != QueryApproved || q.DecidedBy != 40 || q.DecideReason == "") {
			t.Errorf("%s does not say who decided and why he might: %+v", kind, q)
		}
		if q.Purpose != "查明可供执行的财产" || q.Agency == "" || q.EnforcementCaseID != 7 || q.CaseID != 3 || q.CourtID != 1 {
			t.Errorf("%s: %+v", kind, q)
		}
		cites := "第二百五十三条"
		if kind == QueryPopulation {
			cites = "个人信息保护法第三十四条"
		}
		if r := kind.Rule(); !strings.Contains(r.Citation, cites) {
			t.Errorf("%s rests on %s", kind, r.Citation)
		}
	}
	closed := queriedCase()
	closed.State = EnforcementClosed
	ok := AssetQuery{PartyID: 2, Kind: QueryVehicle, Purpose: "查明财产"}
	for name, c := range map[string]struct {
		in     EnforcementFile
		change func(*AssetQuery)
		reason string
	}{
		"no such kind":      {queriedCase(), func(q *AssetQuery) { q.Kind = "stocks" }, "query.kind"},
		"a closed case":     {closed, func(*AssetQuery) {}, "enforcement.closed"},
		"the applicant":     {queriedCase(), func(q *AssetQuery) { q.PartyID = 5 }, "query.person"},
		"a stranger":        {queriedCase(), func(q *AssetQuery) { q.PartyID = 9 }, "query.person"},
		"no purpose":        {queriedCase(), func(q *AssetQuery) { q.Purpose = " \n" }, "query.purpose"},
		"a novel":           {queriedCase(), func(q *AssetQuery) { q.Purpose = strings.Repeat("查", 201) }, "query.purpose"},
		"an endless agency": {queriedCase(), func(q *AssetQuery) { q.Agency = strings.Repeat("局", 101) }, "query.agency"},
	} {
		q := ok
		c.change(&q)
		if got, err := NewAssetQuery(c.in, q, queryNow); ReasonOf(err) != c.reason || got != nil {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
}

func TestALeaderDecidesAboutAQuery(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state   QueryState
		by      int64
		seen    int64
		approve bool
		reason  string
		want    string
		becomes QueryState
	}{
		"agreed":                      {QueryRequested, 50, 1, true, "", "", QueryApproved},
		"refused with a reason":       {QueryRequested, 50, 1, false, "与执行标的不相称", "", QueryRefused},
		"refused without a reason":    {QueryRequested, 50, 1, false, "  ", "reason.required", QueryRequested},
		"his own request":             {QueryRequested, 40, 1, true, "", "query.own", QueryRequested},
		"somebody was faster":         {QueryRequested, 50, 9, true, "", "query.changed", QueryRequested},
		"it is at the agency already": {QuerySent, 50, 1, false, "不需要", "query.state", QuerySent},
		"it was taken back":           {QueryCancelled, 50, 1, true, "", "query.state", QueryCancelled},
	} {
		q := AssetQuery{ID: 6, Kind: QueryBank, State: c.state, RequestedBy: 40, Version: 1}
		err := q.Decide(c.by, c.seen, c.approve, c.reason, queryNow)
		if ReasonOf(err) != c.want || q.State != c.becomes {
			t.Errorf("%s: %v, %s; want %q, %s", name, err, q.State, c.want, c.becomes)
		}
		if err == nil && (q.DecidedBy != c.by || q.DecidedAt == nil || q.DecideReason != strings.TrimSpace(c.reason)) {
			t.Errorf("%s leaves no trace: %+v", name, q)
		}
	}
}

func TestAQueryIsSentAnsweredAndTakenBack(t *testing.T) {
	t.Parallel()
	due := queryDay.AddDays(9)
	q := AssetQuery{ID: 6, CaseID: 3, Kind: QueryVehicle, Agency: "公安机关交通管理部门", State: QueryRequested, Version: 1}
	if err := q.Send(40, 1, "", "A-1", due, queryNow); ReasonOf(err) != "query.state" {
		t.Errorf("sent before a leader agreed: %v", err)
	}
	q.State = QueryApproved
	if err := q.Send(40, 1, strings.Repeat("局", 101), "", due, queryNow); ReasonOf(err) != "query.agency" || q.State != QueryApproved {
		t.Errorf("an endless agency: %v", err)
	}
	q.Agency = "公安机关交通管理部门"
	if err := q.Answer(40, 1, queryDay, "", "k", nil, nil, queryNow); ReasonOf(err) != "query.state" {
		t.Errorf("answered before it was asked: %v", err)
	}
	if err := q.Send(40, 1, " 镇海公安分局 ", "A-1", due, queryNow); err != nil || q.State != QuerySent || q.Agency != "镇海公安分局" || q.DueOn != due || q.Reference != "A-1" {
		t.Fatalf("send: %v, %+v", err, q)
	}
	later := queryNow.AddDate(0, 0, 5)
	for name, c := range map[string]struct {
		on     Date
		note   string
		found  []AssetFinding
		files  int
		reason string
	}{
		"no day":                {Date{}, "", nil, 0, "query.answered_on"},
		"before it was asked":   {queryDay.AddDays(-1), "", nil, 0, "query.answered_on"},
		"tomorrow":              {DateOf(later).AddDays(1), "", nil, 0, "query.answered_on"},
		"an endless note":       {queryDay, strings.Repeat("说", 501), nil, 0, "query.note"},
		"too many findings":     {queryDay, "", make([]AssetFinding, 201), 0, "query.finding"},
		"too many files":        {queryDay, "", nil, 10, "file.too_many"},
		"a finding of nothing":  {queryDay, "", []AssetFinding{{What: " "}}, 0, "query.finding"},
		"a negative amount":     {queryDay, "", []AssetFinding{{What: "存款", AmountFen: -1}}, 0, "query.finding"},
		"a finding as a letter": {queryDay, "", []AssetFinding{{What: "车", Note: strings.Repeat("注", 1000)}}, 0, "query.finding"},
	} {
		a := q
		if err := a.Answer(41, 1, c.on, c.note, "k", c.found, make([]int64, c.files), later); ReasonOf(err) != c.reason || a.State != QuerySent {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
	none := q
	if err := none.Answer(41, 1, queryDay.AddDays(3), "名下无车辆", "k", nil, nil, later); err != nil || none.State != QueryAnswered || none.Found != 0 {
		t.Errorf("that nothing was found is an answer too: %v, %+v", err, none)
	}
	found := []AssetFinding{{What: " 浙B12345 ", Place: "镇海"}, {What: "浙B54321"}}
	if err := q.Answer(41, 1, queryDay, "", "k", found, []int64{1}, later); err != nil || q.Found != 2 || q.AnsweredBy != 41 {
		t.Fatalf("answer: %v, %+v", err, q)
	}
	if found[0].Seq != 1 || found[1].Seq != 2 || found[1].QueryID != 6 || found[1].CaseID != 3 || found[0].What != "浙B12345" {
		t.Errorf("findings do not belong to the query: %+v", found)
	}
	if err := q.Cancel(1, "重复"); ReasonOf(err) != "query.state" || q.State != QueryAnswered {
		t.Errorf("an answered query was taken back: %v", err)
	}
	for _, from := range []QueryState{QueryRequested, QueryApproved, QuerySent} {
		c := AssetQuery{State: from, Version: 1}
		if err := c.Cancel(1, "  "); ReasonOf(err) != "reason.required" || c.State != from {
			t.Errorf("%s taken back without a reason: %v", from, err)
		}
		if err := c.Cancel(1, "案件已履行"); err != nil || c.State != QueryCancelled || c.CancelReason != "案件已履行" {
			t.Errorf("%s: %v, %+v", from, err, c)
		}
	}
}

// The letter is the only paper that names the person by the number of his
// papers; notices name nobody.
func TestWhoIsNamedByAQuery(t *testing.T) {
	t.Parallel()
	l := QueryLetter{
		Court: "镇海区人民法院", CaseNo: "（2026）浙0211执88号", Agency: "不动产登记机构", Kind: QueryRealEstate, Name: "李某", IDNumber: "34052419800101001X",
		Purpose: "查明财产", Officer: "王某", DueOn: NewDate(2026, 3, 11),
	}
	for _, want := range []string{l.Court, l.CaseNo, l.Agency, "李某", l.IDNumber, "房地产", "查明财产", "2026年3月11日", "没有查到的，也请答复", "第二百五十三条", "王某"} {
		if !strings.Contains(l.Text(), want) {
			t.Errorf("the letter lacks %s: %s", want, l.Text())
		}
	}
	l.DueOn = Date{}
	if strings.Contains(l.Text(), "前书面答复") {
		t.Errorf("a letter without a day names one: %s", l.Text())
	}
	cs, e := Case{ID: 3, CaseNo: "（2026）浙0211民初1234号"}, queriedCase().EnforcementCase
	q := AssetQuery{ID: 6, CourtID: 1, Kind: QueryBank, Agency: "某银行", State: QueryApproved, DueOn: NewDate(2026, 3, 11), DecideReason: "不相称"}
	no, taken := q, q
	no.State, taken.State = QueryRefused, QueryCancelled
	sent := q
	sent.State = QuerySent
	for name, c := range map[string]struct {
		n    Notice
		user int64
		says []string
	}{
		"a leader is asked":       {QueryRequestedNotice(cs, e, q, 50), 50, []string{"银行存款", "请审批", e.CaseNo}},
		"agreed":                  {QueryDecidedNotice(cs, e, q), 40, []string{"同意", "请发出"}},
		"refused":                 {QueryDecidedNotice(cs, e, no), 40, []string{"未获同意", "不相称"}},
		"the agency is asked":     {QueryAddressedNotice(sent, 60), 60, []string{"银行存款", "2026年3月11日", "没有查到的，也请答复"}},
		"the agency is let go":    {QueryAddressedNotice(taken, 60), 60, []string{"撤销", "无需再答复"}},
		"the officer hears of it": {QueryAnsweredNotice(cs, e, q), 40, []string{"某银行", "已答复"}},
	} {
		if c.n.UserID != c.user {
			t.Errorf("%s: told %d", name, c.n.UserID)
		}
		for _, s := range c.says {
			if !strings.Contains(c.n.Title+c.n.Body, s) {
				t.Errorf("%s lacks %s: %s", name, s, c.n.Body)
			}
		}
	}
	if QueryAddressedNotice(sent, 60).DedupeKey == QueryAddressedNotice(taken, 60).DedupeKey {
		t.Error("an agency that was asked is not told that the query was taken back")
	}
	if got := QueryAddressedNotice(sent, 60).Body; strings.Contains(got, "执88号") {
		t.Errorf("the case's number leaves the court by a notice: %s", got)
	}
	if got := (CourtSettings{}).QueryAnswerTerm(); got != 7 {
		t.Errorf("%d working days", got)
	}
	if got := (CourtSettings{QueryAnswerDays: 3}).QueryAnswerTerm(); got != 3 {
		t.Errorf("%d working days of a court that set 3", got)
	}
}
