package model

import (
	"strings"
	"testing"
	"time"
)

// 执, 执恢 enforce; 执保 only secures; 执异, 执复, 执监 and 执协 decide about
// enforcement and are none. Source: the table of type codes of case numbers.
func TestWhichCasesEnforce(t *testing.T) {
	t.Parallel()
	for no, c := range map[CaseNo]struct {
		kind     EnforcementKind
		enforces bool
	}{
		"（2026）浙0211执88号":    {EnforcementOrdinary, true},
		"（2026）浙0211执恢8号":    {EnforcementResumed, true},
		"（2026）浙0211执保8号":    {EnforcementPreservation, false},
		"（2026）浙0211执异8号":    {"", false},
		"（2026）浙02执复8号":      {"", false},
		"（2026）浙02执监8号":      {"", false},
		"（2026）浙0211民初1234号": {"", false},
		"（2015）杭下执民字第2741号":  {EnforcementOrdinary, true},
		"（2015）杭下民初字第2741号":  {"", false},
	} {
		if got := EnforcementKindOf(no); got != c.kind || got.Enforces() != c.enforces {
			t.Errorf("%s is %q and enforces: %v", no, got, got.Enforces())
		}
	}
}

// 执行工作若干问题的规定（试行）64: an enforcement case is closed in one of these
// ways; 执行完毕 needs everything performed, and the applicant reads the reason of
// every other.
func TestEnforcementProvisions64(t *testing.T) {
	t.Parallel()
	filed, today := NewDate(2026, 1, 5), NewDate(2026, 3, 2)
	for name, c := range map[string]struct {
		performed Date
		state     EnforcementState
		way       CloseType
		on        Date
		reason    string
		want      string
	}{
		"all is performed":           {today, EnforcementOpen, ClosePerformed, today, "", ""},
		"something is open":          {Date{}, EnforcementOpen, ClosePerformed, today, "", "enforcement.not_performed"},
		"nothing was found":          {Date{}, EnforcementOpen, CloseThisRound, today, " 未发现可供执行的财产 ", ""},
		"nothing, without a reason":  {Date{}, EnforcementOpen, CloseThisRound, today, "  ", "reason.required"},
		"ended without a reason":     {Date{}, EnforcementOpen, CloseEnded, today, "", "reason.required"},
		"struck without a reason":    {Date{}, EnforcementOpen, CloseCancelled, today, "", "reason.required"},
		"rejected without a reason":  {Date{}, EnforcementOpen, CloseRejected, today, "", "reason.required"},
		"no such way":                {today, EnforcementOpen, "forgotten", today, "忘了", "enforcement.close_type"},
		"closed already":             {today, EnforcementClosed, ClosePerformed, today, "", "enforcement.closed"},
		"on the day of filing":       {filed, EnforcementOpen, ClosePerformed, filed, "", ""},
		"before it was filed":        {today, EnforcementOpen, ClosePerformed, filed.AddDays(-1), "", "enforcement.closed_on"},
		"tomorrow":                   {today, EnforcementOpen, ClosePerformed, today.AddDays(1), "", "enforcement.closed_on"},
		"nobody knows on which day":  {today, EnforcementOpen, ClosePerformed, Date{}, "", "enforcement.closed_on"},
		"not enforced, for a reason": {Date{}, EnforcementOpen, CloseNotEnforce, today, "仲裁裁决被裁定不予执行", ""},
	} {
		e := EnforcementCase{State: c.state, FiledOn: filed, PerformedOn: c.performed}
		err := e.Close(Closing{Type: c.way, On: c.on, Reason: c.reason}, today)
		if ReasonOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
			continue
		}
		if err == nil && (e.State != EnforcementClosed || e.CloseType != c.way || e.ClosedOn != c.on || e.CloseReason != strings.TrimSpace(c.reason)) {
			t.Errorf("%s: %+v", name, e)
		}
		if err != nil && (e.State != c.state || e.CloseType != "") {
			t.Errorf("%s was refused and closed all the same: %+v", name, e)
		}
	}
}

// 民诉解释 480: the 执行通知 goes out within ten days of the application. 执行规定
// （试行）63: a case is closed within six months of filing. The day of filing does
// not count, and a period that ends on a rest day ends on the next working day.
func TestPeriodsThatBindTheOfficer(t *testing.T) {
	t.Parallel()
	cal := (&Calendar{}).With([]Holiday{{On: NewDate(2026, 3, 16), Rest: true}})
	for filed, want := range map[Date][2]Date{
		NewDate(2026, 3, 2):  {NewDate(2026, 3, 12), NewDate(2026, 9, 2)},
		NewDate(2026, 3, 4):  {NewDate(2026, 3, 17), NewDate(2026, 9, 4)},   // 14 March is a Saturday, the 16th a holiday
		NewDate(2026, 8, 31): {NewDate(2026, 9, 10), NewDate(2027, 3, 1)},   // no 31 February; the 28th is a Sunday
		NewDate(2026, 5, 14): {NewDate(2026, 5, 25), NewDate(2026, 11, 16)}, // Sunday, Saturday
	} {
		notice, rule := EnforcementNoticeBy(cal, filed)
		if notice.Last != want[0] || !strings.Contains(rule, "第四百八十条") {
			t.Errorf("notice of %s by %s (%s), want %s", filed, notice.Last, rule, want[0])
		}
		end, rule := EnforcementCloseBy(cal, filed)
		if end.Last != want[1] || !strings.Contains(rule, "第六十三条") {
			t.Errorf("%s closed by %s (%s), want %s", filed, end.Last, rule, want[1])
		}
	}
	if got := (CourtSettings{}).NoticeTerm(); got != 3 {
		t.Errorf("the 执行通知书 gives %d days", got)
	}
	if got := (CourtSettings{EnforcementNoticeDays: 5}).NoticeTerm(); got != 5 {
		t.Errorf("the 执行通知书 of a court that gives 5 days gives %d", got)
	}
}

// enforcedDebts are two creditors' claims, of which only the first went to
// enforcement: 1,000 yuan in two instalments, and a delivery.
func enforcedDebts() (Debts, EnforcementFile) {
	d := Debts{
		Case: Case{ID: 3, CourtID: 1, CaseNo: "（2026）浙0211民初1234号"},
		Parties: []Party{
			{ID: 1, Name: "赵某", Role: Plaintiff, Kind: Person}, {ID: 2, Name: "李某", Role: Defendant, Kind: Person}, {ID: 4, Name: "周某", Role: Defendant, Kind: Person},
		},
		Instruments: []Instrument{{ID: 5, Kind: "judgment", Number: "（2026）浙0211民初1234号", EffectiveOn: NewDate(2026, 1, 5)}},
		Obligations: []Obligation{
			{ID: 10, CaseID: 3, InstrumentID: 5, Kind: ObligationMoney, ObligeeID: 1, AmountFen: Yuan(1_000), EnforcedOn: NewDate(2026, 2, 20)},
			{ID: 11, CaseID: 3, InstrumentID: 5, Kind: ObligationMoney, ObligeeID: 1, AmountFen: Yuan(500)},
		},
		Obligors: []Obligor{{ObligationID: 10, PartyID: 2}, {ObligationID: 11, PartyID: 4}},
		Installments: []Installment{
			{ID: 20, ObligationID: 10, Seq: 1, AmountFen: Yuan(400), DueOn: NewDate(2026, 2, 2)},
			{ID: 21, ObligationID: 10, Seq: 2, AmountFen: Yuan(600), DueOn: NewDate(2026, 4, 1)},
			{ID: 22, ObligationID: 11, Seq: 1, AmountFen: Yuan(500), DueOn: NewDate(2026, 2, 2)},
		},
	}
	e := queriedCase()
	e.Obligations = []EnforcedObligation{{EnforcementCaseID: 7, ObligationID: 10, CaseID: 3}}
	return d, e
}

func TestWhatIsEnforced(t *testing.T) {
	t.Parallel()
	d, e := enforcedDebts()
	today := NewDate(2026, 3, 2)
	s := d.EnforcedSum(e, Payments{}, CourtSettings{}, today)
	// 400 yuan, 28 days overdue: 400 × 0.0175 % × 28 = 1.96; a day bears 0.07.
	if s != (EnforcedSum{OwedFen: Yuan(1_000), OpenFen: Yuan(1_000), InterestFen: 196, PerDayFen: 7, FeeBaseFen: Yuan(1_000), FeeFen: Yuan(50)}) {
		t.Errorf("%+v", s)
	}
	d.Installments[0].ConfirmedFen, d.Installments[0].PerformedOn = Yuan(400), NewDate(2026, 2, 12)
	paid := Payments{Principal: map[int64][]PaidPart{20: {{On: NewDate(2026, 2, 12), AmountFen: Yuan(400)}}}}
	if s := d.EnforcedSum(e, paid, CourtSettings{}, today); s != (EnforcedSum{OwedFen: Yuan(1_000), OpenFen: Yuan(600), InterestFen: 70, PerDayFen: 0, FeeBaseFen: Yuan(1_000), FeeFen: Yuan(50)}) { // ten days
		t.Errorf("after a payment: %+v", s)
	}
	f := d.EnforcementFacts(DocumentEnforcementNotice, Court{Name: "镇海区人民法院"}, e, "王某", 2, paid, today)
	if len(f.Items) != 1 || f.Items[0].Other != "赵某" || f.OpenFen != Yuan(600) || f.Position != "被执行人" || f.EnforcementNo != e.CaseNo || f.Judge != "王某" || f.Addressee != "李某" {
		t.Errorf("%+v", f)
	}
	if f.FeeFen != Yuan(50) { // 诉讼费用交纳办法 14: up to 10,000 yuan, 50 yuan
		t.Errorf("a fee of %s", f.FeeFen)
	}
	if d.PerformedBy(e, 2) || LastPerformed(e.Installments(d.Installments)) != (Date{}) {
		t.Error("an open instalment counts as performed")
	}
	d.Installments[1].ConfirmedFen, d.Installments[1].PerformedOn = Yuan(600), NewDate(2026, 3, 1)
	if !d.PerformedBy(e, 2) || LastPerformed(e.Installments(d.Installments)) != NewDate(2026, 3, 1) {
		t.Error("what this case does not enforce keeps it open")
	}
	if got := d.EnforcedOf(e, 4); len(got) != 2 { // added as a debtor: all of it
		t.Errorf("%+v", got)
	}
	if f := d.EnforcementFacts(DocumentEnforcementNotice, Court{}, e, "王某", 2, paid, today); len(f.Items) != 0 || f.FeeFen != 0 {
		t.Errorf("a fee for nothing: %+v", f)
	}
}

// What is performed from the day on which enforcement was filed is not voluntary.
func TestTheDayFromWhichNothingIsVoluntary(t *testing.T) {
	t.Parallel()
	first, later := NewDate(2026, 2, 20), NewDate(2026, 5, 1)
	for name, c := range map[string]struct {
		list []Obligation
		want Date
	}{
		"none":         {nil, Date{}},
		"not enforced": {[]Obligation{{}, {}}, Date{}},
		"one of two":   {[]Obligation{{}, {EnforcedOn: later}}, later},
		"the first":    {[]Obligation{{EnforcedOn: later}, {EnforcedOn: first}}, first},
	} {
		if got := EnforcedFrom(c.list); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestWhatPeopleReadOfEnforcement(t *testing.T) {
	t.Parallel()
	d, e := enforcedDebts()
	cs, court := d.Case, Court{Name: "镇海区人民法院", Phone: "0574-86280000", Account: "账号 3901"}
	e.PerformBy, e.ClosedOn = NewDate(2026, 3, 5), NewDate(2026, 6, 1)
	round, done := e, e
	round.CloseType, round.CloseReason = CloseThisRound, "未发现可供执行的财产"
	done.CloseType = ClosePerformed
	task := Task{ID: 9, Title: "制作执行通知书", DueAt: NewDate(2026, 3, 12).Start().Add(17 * time.Hour), DueReason: "十日内"}
	for name, c := range map[string]struct {
		n           Notice
		party, user int64
		says, not   []string
	}{
		"the officer":        {EnforcementAssignedNotice(cs, e), 0, 40, []string{e.CaseNo, cs.CaseNo, "由您办理"}, nil},
		"the applicant":      {EnforcementFiledNotice(court, cs, e, 1, "王某"), 1, 0, []string{"已立案", e.CaseNo, "王某", court.Phone}, nil},
		"the debtor, notice": {EnforcementPaperNotice(court, cs, e, 2, Document{Kind: DocumentEnforcementNotice, Number: "镇法执通〔2026〕1号"}), 2, 0, []string{"镇法执通〔2026〕1号", "2026年3月5日前履行", "账号 3901", "亲属可以代为履行"}, []string{"拘留"}},
		"the debtor, warned": {EnforcementPaperNotice(court, cs, e, 2, Document{Kind: DocumentEnforcementWarning}), 2, 0, []string{"限制您高消费", "失信被执行人名单", "罚款、拘留", "现在履行，仍可避免"}, nil},
		"all is paid":        {EnforcementPerformedNotice(cs, e, 0), 0, 40, []string{"全部确认履行", "及时解除措施"}, nil},
		"a part is forgiven": {EnforcementPerformedNotice(cs, e, 1_000), 0, 40, []string{"10.00 元由权利人免除", "及时解除措施"}, []string{"已全部确认履行，"}},
		"this round ended":   {EnforcementClosedNotice(cs, round, 1), 1, 0, []string{"2026年6月1日", "终结本次执行程序", "未发现可供执行的财产", "可以申请恢复执行"}, nil},
		"performed":          {EnforcementClosedNotice(cs, done, 1), 1, 0, []string{"执行完毕"}, []string{"理由", "恢复执行"}},
		"a task is late":     {TaskLateNotice(cs, task, 50), 0, 50, []string{"制作执行通知书", "2026年3月12日17时00分", "已超期", "十日内"}, nil},
	} {
		all := c.n.Title + "\n" + c.n.Body
		for _, s := range c.says {
			if !strings.Contains(all, s) {
				t.Errorf("%s is not told %q: %s", name, s, all)
			}
		}
		for _, s := range c.not {
			if strings.Contains(all, s) {
				t.Errorf("%s is told %q: %s", name, s, all)
			}
		}
		if c.n.PartyID != c.party || c.n.UserID != c.user {
			t.Errorf("%s: told party %d, user %d", name, c.n.PartyID, c.n.UserID)
		}
	}
}

// Every figure of the report has a name, a group and a unit; a figure of a
// measure leads back to it. A fine is not lifted.
func TestFiguresOfEnforcement(t *testing.T) {
	t.Parallel()
	seen := map[EnforcementFigure]bool{}
	for _, i := range EnforcementFigures() {
		if seen[i.Figure] || i.Name == "" || i.Group == "" || i.Unit == "" {
			t.Errorf("%+v", i)
		}
		seen[i.Figure] = true
		if got, ok := i.Figure.Info(); !ok || got != i {
			t.Errorf("%s leads to %+v", i.Figure, got)
		}
	}
	for _, k := range MeasureKinds {
		kind, lifted, ok := FigureDecided(k).Measure()
		if kind != k || lifted || !ok || !seen[FigureDecided(k)] {
			t.Errorf("decided %s: %s, %v", k, kind, lifted)
		}
		kind, lifted, ok = FigureLifted(k).Measure()
		if kind != k || !lifted || !ok || seen[FigureLifted(k)] != (k != MeasureFine) {
			t.Errorf("lifted %s: %s, %v", k, kind, lifted)
		}
	}
	if _, _, ok := FigureFiled.Measure(); ok {
		t.Error("filed cases are a measure")
	}
	if _, ok := EnforcementFigure("guessed").Info(); ok {
		t.Error("a figure that is not has a name")
	}
	// The three measures of the report of 2020 are counted in 条, 人次 and 件次.
	if i, _ := FigureDecided(MeasureFine).Info(); !i.Money {
		t.Error("fines have no sum")
	}
}

// 民法典 520 para. 2: of a joint debtor whom the creditor forgave nothing is enforced
// any more, though the other still owes; whoever was added as a debtor owes no
// obligation of his own and answers for all.
func TestCivilCode520OfEnforcement(t *testing.T) {
	t.Parallel()
	d := Debts{
		Obligations:  []Obligation{{ID: 1, Kind: ObligationMoney, ObligeeID: 2, AmountFen: 800}},
		Obligors:     []Obligor{{ObligationID: 1, PartyID: 3}},
		Released:     []Obligor{{ObligationID: 1, PartyID: 4, ReleasedOn: NewDate(2026, 3, 2)}},
		Installments: []Installment{{ID: 1, ObligationID: 1, AmountFen: 800}},
	}
	e := EnforcementFile{Obligations: []EnforcedObligation{{ObligationID: 1}}}
	for party, want := range map[int64]struct {
		due  Fen
		done bool
	}{3: {800, false}, 4: {0, true}, 5: {800, false}} {
		if due := d.DueOf(e, party, Payments{}, CourtSettings{}, NewDate(2026, 3, 3)); due.OpenFen != want.due || d.PerformedBy(e, party) != want.done {
			t.Errorf("%d: %+v, performed %t", party, due, d.PerformedBy(e, party))
		}
	}
}
