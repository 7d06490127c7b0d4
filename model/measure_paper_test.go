package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// aMeasure is one that stands against 李某 since 2 March 2026.
func aMeasure(k MeasureKind) Measure {
	decided := measureDay.Start().Add(10 * time.Hour)
	m := Measure{
		ID: 12, CourtID: 9, EnforcementCaseID: 2, PartyID: 1, Kind: k, Relation: RelationSelf, SubjectKind: Person, SubjectName: "李某", SubjectID: "34052419800101001X",
		Ground: measureKinds[k].grounds[0].Ground, Facts: "有车辆未申报。", State: MeasureInForce, Number: "（2026）浙0211司1号", DecidedAt: &decided, FromAt: &decided, Version: 1,
	}
	switch k {
	case MeasureDetention:
		m.Days = 15
	case MeasureFine:
		m.AmountFen, m.PayBy = Yuan(20_000), NewDate(2026, 3, 20)
	case MeasureListing, MeasureConsumption, MeasureTracing, MeasureExitBan:
	}
	return m
}

var (
	measureCase = Case{ID: 1, CourtID: 9, CaseNo: "（2026）浙0211民初1号", JudgeID: 8}
	measureFile = EnforcementFile{EnforcementCase: EnforcementCase{ID: 2, CaseNo: "（2026）浙0211执88号", OfficerID: 5}}
)

// How long a measure lasts, in words (失信规定 2; 民事诉讼法 118).
func TestTermsInWords(t *testing.T) {
	t.Parallel()
	change := func(k MeasureKind, f func(*Measure)) Measure {
		m := aMeasure(k)
		f(&m)
		return m
	}
	two := NewDate(2028, 3, 2)
	for name, tt := range map[string]struct {
		m    Measure
		want string
	}{
		"a detention":      {aMeasure(MeasureDetention), "15日"},
		"a fine has none":  {aMeasure(MeasureFine), ""},
		"the first ground": {aMeasure(MeasureListing), "至履行完毕义务并由本院解除之日止"},
		"another ground":   {change(MeasureListing, func(m *Measure) { m.Ground, m.Until = GroundReport, two }), "二年"},
		"prolonged by three years": {change(MeasureListing, func(m *Measure) {
			m.Ground, m.ExtraYears, m.ExtraReason, m.Until = GroundReport, 3, ExtraSeveral, NewDate(2031, 3, 2)
		}), "二年，因具有多项失信行为延长三年"},
		"shortened by credit repair": {change(MeasureListing, func(m *Measure) { m.Ground, m.Until = GroundReport, NewDate(2026, 12, 31) }), "二年；因信用修复缩短至2026年12月31日止"},
		"an exit ban with a day":     {change(MeasureExitBan, func(m *Measure) { m.Until = NewDate(2026, 9, 1) }), "至2026年9月1日止"},
		"an exit ban without one":    {aMeasure(MeasureExitBan), "至履行完毕义务并由本院解除之日止"},
	} {
		if got := tt.m.Term(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// Every decision says how it can be looked at again: 民事诉讼法 119, 236, 异议复议规定 9,
// 失信规定 11 and 12.
func TestRemediesInWords(t *testing.T) {
	t.Parallel()
	for k, words := range map[MeasureKind][]string{
		MeasureListing:     {"申请纠正", "十五日内审查", "第十一条", "审查期间不停止执行"},
		MeasureConsumption: {"申请纠正", "十五日内审查", "第十八条"},
		MeasureTracing:     {"提出执行异议", "十五日内审查", "第二百三十六条"},
		MeasureExitBan:     {"十日内向上一级人民法院申请复议", "第九条", "复议期间，不停止"},
		MeasureDetention:   {"三日内口头或者书面向上一级人民法院申请复议一次", "第一百一十九条第三款"},
		MeasureFine:        {"三日内口头或者书面向上一级人民法院申请复议一次", "第一百八十五条"},
	} {
		bodySays(t, string(k), Measure{Kind: k}.RemedyText(""), words...)
	}
}

// What a decision states, and that a person's number is masked on it.
func TestMeasureFacts(t *testing.T) {
	t.Parallel()
	d := aDebt()
	for _, k := range MeasureKinds {
		m := aMeasure(k)
		f := d.MeasureFacts(k.Document(), scheduleCourt, measureFile, "胡法官", m, measureDay)
		f.Measure.Signed = "院长陈志军"
		v := f.Variables()
		for _, name := range k.Document().RequiredVariables() {
			if x, ok := v[name]; !ok || x == "" {
				if name != "文号" && (name != "期限" || k != MeasureFine) {
					t.Errorf("%s: %s is empty", k, name)
				}
			}
		}
		if v["证件号码"] != "340524********001X" || v["决定日期"] != "2026年3月2日" || v["执行案号"] != measureFile.CaseNo || v["被执行人"] != "李某" {
			t.Errorf("%s: %v %v %v %v", k, v["证件号码"], v["决定日期"], v["执行案号"], v["被执行人"])
		}
		citation := fmt.Sprint(v["法律依据"])
		switch k {
		case MeasureDetention:
			bodySays(t, string(k), citation, "第一百一十八条")
			if v["拘留天数"] != "15" || v["罚款大写"] != "" {
				t.Errorf("%v", v)
			}
		case MeasureFine:
			bodySays(t, string(k), citation, "第一百一十八条")
			if v["罚款金额"] != "20,000.00" || v["罚款大写"] != "贰万元整" || v["缴纳期限"] != "2026年3月20日" {
				t.Errorf("%v", v)
			}
		case MeasureListing, MeasureConsumption:
			bodySays(t, string(k), citation, "第五条")
		case MeasureTracing, MeasureExitBan:
		}
		if k == MeasureConsumption {
			if bans, _ := v["禁止事项"].([]any); len(bans) != 9 {
				t.Errorf("%d bans, 限高规定 3 has nine", len(bans))
			}
		}
	}
	// A company's number is nobody's secret; a paper about lifting says why.
	m := aMeasure(MeasureListing)
	m.SubjectKind, m.SubjectName, m.SubjectID, m.LiftGround, m.LiftReason = Organisation, "甬兴建材有限公司", "91310115MA1H8R7C67", LiftPerformed, "款已到账"
	v := d.MeasureFacts(DocumentLiftDecision, scheduleCourt, measureFile, "胡法官", m, measureDay).Variables()
	if v["证件号码"] != "91310115MA1H8R7C67" || v["解除事由"] != "义务已经履行完毕或者执行完毕" || v["解除理由"] != "款已到账" || !strings.Contains(fmt.Sprint(v["解除依据"]), "第十条") {
		t.Errorf("%v %v %v %v", v["证件号码"], v["解除事由"], v["解除理由"], v["解除依据"])
	}
	m.LiftGround, m.State, m.SubjectID = "", MeasureExpired, ""
	if v = d.MeasureFacts(DocumentLiftDecision, scheduleCourt, measureFile, "胡法官", m, measureDay).Variables(); v["解除事由"] != "期限届满" || v["证件号码"] != "—" {
		t.Errorf("%v %v", v["解除事由"], v["证件号码"])
	}
	// Every preview fills what its paper cannot do without.
	for k := range measureDocuments {
		names := k.VariableNames()
		sample := SampleFacts(k, scheduleCourt, measureDay).Variables()
		for _, name := range k.RequiredVariables() {
			if !slices.Contains(names, name) || sample[name] == "" && name != "期限" {
				t.Errorf("%s: %s is missing from the preview", k, name)
			}
		}
	}
}

// What the debtor reads when a measure is decided, and when it ends.
func TestMeasureNotices(t *testing.T) {
	t.Parallel()
	decided := func(m Measure) string {
		n := MeasureDecidedNotice(scheduleCourt, measureCase, measureFile, m)
		if n.PartyID != 1 || n.Number != m.Number || n.Title != m.Kind.Title() {
			t.Errorf("%+v", n)
		}
		return n.Body
	}
	bodySays(t, "a detention", decided(aMeasure(MeasureDetention)), "对李某采取司法拘留措施", "期限：15日。", "三日内口头或者书面向上一级人民法院", "有车辆未申报")
	bodySays(t, "a fine", decided(aMeasure(MeasureFine)), "罚款金额 20,000.00 元，请于2026年3月20日前缴纳")
	m := aMeasure(MeasureFine)
	m.PayBy = Date{}
	bodySays(t, "a fine without a day", decided(m), "请及时缴纳")
	bodySays(t, "a restriction", decided(aMeasure(MeasureConsumption)), "不得有高消费", "《限制消费令》", "至履行完毕义务")
	m = aMeasure(MeasureListing)
	m.State, m.GraceUntil = MeasureDecided, NewDate(2026, 4, 2)
	bodySays(t, "days of grace", decided(m), "宽限期至2026年4月2日", "在此之前履行完毕的，不再公布")

	lifted := func(m Measure) string {
		n := MeasureLiftedNotice(scheduleCourt, measureCase, measureFile, m)
		if n.PartyID != 1 {
			t.Errorf("%+v", n)
		}
		return n.Body
	}
	m = aMeasure(MeasureListing)
	bodySays(t, "a term that is over", lifted(m), "期限届满", "失信信息已从名单库删除")
	m = aMeasure(MeasureTracing)
	m.LiftGround = LiftFound
	bodySays(t, "a tracing", lifted(m), "已经找到本人", "曾请公安机关协助查找您")
	m = aMeasure(MeasureFine)
	m.LiftGround = LiftPaid
	bodySays(t, "a fine", lifted(m), "对李某的罚款已经了结", "罚款已经缴清")
	m = aMeasure(MeasureExitBan)
	m.LiftGround = LiftGuarantee
	bodySays(t, "an exit ban", lifted(m), "限制出境措施已经解除", "提供确实有效的担保", scheduleCourt.Phone)

	r := MeasureReview{ID: 3, Result: ReviewChanged, ResultText: "过重", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02司惩复1号", DueOn: NewDate(2026, 3, 9), DueReason: "次日起算5日"}
	n := MeasureReviewedNotice(measureCase, measureFile, aMeasure(MeasureDetention), r)
	bodySays(t, "a review's result", n.Body, "申请复议", "宁波市中级人民法院（（2026）浙02司惩复1号）", r.Result.Chinese(), "理由：过重")
	r.ByCourt = ""
	bodySays(t, "a correction's result", MeasureReviewedNotice(measureCase, measureFile, aMeasure(MeasureListing), r).Body, "申请纠正已有结果：本院"+r.Result.Chinese())
}

// What staff read: whom it reaches, and what they are to do.
func TestMeasureStaffNotices(t *testing.T) {
	t.Parallel()
	m := aMeasure(MeasureListing)
	m.LiftGround = LiftEarly
	r := MeasureReview{ID: 3, DueOn: NewDate(2026, 3, 17), DueReason: "次日起算15日"}
	higher := aMeasure(MeasureExitBan)
	for name, tt := range map[string]struct {
		n     Notice
		user  int64
		words []string
	}{
		"proposed":            {MeasureProposedNotice(measureCase, measureFile, m, 6), 6, []string{"提请对李某决定失信被执行人名单，请审批"}},
		"asked to lift":       {MeasureLiftAskedNotice(measureCase, measureFile, m, 6), 6, []string{"提请解除对李某的失信被执行人名单", "提前删除"}},
		"answered":            {MeasureAnsweredNotice(measureCase, measureFile, m, "不予批准", "事实不清"), 5, []string{"不予批准。意见：事实不清"}},
		"answered, no word":   {MeasureAnsweredNotice(measureCase, measureFile, m, "批准", ""), 5, []string{"李某的失信被执行人名单，批准。"}},
		"a correction asked":  {MeasureReviewAskedNotice(measureCase, measureFile, m, r), 5, []string{"申请纠正", "应于2026年3月17日前作出决定", "请审查处理"}},
		"the higher court's":  {MeasureReviewAskedNotice(measureCase, measureFile, higher, r), 5, []string{"申请复议", "请将材料报送上一级人民法院"}},
		"a clean-up for them": {CleanUpStaffNotice(measureCase, measureFile, CleanUp{ID: 4, Version: 2}, 7, "清理逾期", "尚有 1 项"), 7, []string{measureFile.CaseNo + "：尚有 1 项"}},
	} {
		if tt.n.UserID != tt.user || tt.n.PartyID != 0 {
			t.Errorf("%s: for user %d, party %d", name, tt.n.UserID, tt.n.PartyID)
		}
		bodySays(t, name, tt.n.Body, tt.words...)
	}
	n := MeasureProposedNotice(measureCase, measureFile, m, 6)
	if n.Keyed("again").DedupeKey == n.DedupeKey || MeasureProposedNotice(measureCase, measureFile, m, 7).DedupeKey == n.DedupeKey {
		t.Error("two leaders, or two rounds, share one notice")
	}
	// The payer sees what is lifted now, and until when at the latest.
	steps := []CleanUpStep{{DueOn: NewDate(2026, 4, 3)}, {DueOn: NewDate(2026, 4, 9)}, {DueOn: NewDate(2026, 4, 3)}}
	n = CleanUpOpenedNotice(scheduleCourt, measureCase, measureFile, CleanUp{PartyID: 1, Cause: LiftPerformed}, steps)
	bodySays(t, "a clean-up", n.Body, "您的义务已确认履行完毕", "共 3 项，最迟至2026年4月9日")
	if n.PartyID != 1 {
		t.Errorf("%+v", n)
	}
	bodySays(t, "a clean-up after the end", CleanUpOpenedNotice(scheduleCourt, measureCase, measureFile, CleanUp{Cause: LiftTerminated}, steps).Body, "本案已裁定终结执行")
}

// A proposal that is not approved, or taken back, ends with its reason; who
// lifts has seen the state that he changes.
func TestEndsOfMeasures(t *testing.T) {
	t.Parallel()
	now := measureDay.Start().Add(9 * time.Hour)
	proposed := func() Measure { m := aMeasure(MeasureConsumption); m.State = MeasureProposed; return m }
	long := strings.Repeat("长", 501)
	for _, tt := range []struct {
		name   string
		state  MeasureState
		act    func(*Measure) error
		reason string
		want   MeasureState
	}{
		{"refused", MeasureProposed, func(m *Measure) error { return m.Refuse(6, 1, "事实不清", now) }, "", MeasureRefused},
		{"refused without a reason", MeasureProposed, func(m *Measure) error { return m.Refuse(6, 1, " ", now) }, "reason.required", MeasureProposed},
		{"refused what stands", MeasureInForce, func(m *Measure) error { return m.Refuse(6, 1, "事实不清", now) }, "measure.changed", MeasureInForce},
		{"withdrawn", MeasureProposed, func(m *Measure) error { return m.Withdraw(1, "已履行") }, "", MeasureWithdrawn},
		{"withdrawn at length", MeasureProposed, func(m *Measure) error { return m.Withdraw(1, long) }, "reason.required", MeasureProposed},
		{"withdrawn what somebody changed", MeasureProposed, func(m *Measure) error { return m.Withdraw(0, "已履行") }, "measure.changed", MeasureProposed},
		{"lifted", MeasureInForce, func(m *Measure) error { return m.Lift(Lifting{Ground: LiftPerformed, Reason: "到账"}, 5, 1, now) }, "", MeasureLifted},
		{"lifted by another at once", MeasureInForce, func(m *Measure) error { return m.Lift(Lifting{Ground: LiftPerformed}, 5, 0, now) }, "measure.changed", MeasureInForce},
		{"lifted what was never decided", MeasureProposed, func(m *Measure) error { return m.Lift(Lifting{Ground: LiftPerformed}, 5, 1, now) }, "measure.changed", MeasureProposed},
		{"a no to nobody's wish", MeasureInForce, func(m *Measure) error { return m.RefuseLift(1, "否") }, "measure.changed", MeasureInForce},
		{"an officer's panel says nothing", MeasureProposed, func(m *Measure) error { m.Kind = MeasureExitBan; return m.Decide(5, 1, " ", now) }, "measure.opinion", MeasureProposed},
		{"he approves his own", MeasureProposed, func(m *Measure) error { m.ProposedBy = 6; return m.Decide(6, 1, "同意", now) }, "measure.own_proposal", MeasureProposed},
		{"handed over twice", MeasureInForce, func(m *Measure) error { m.Kind = MeasureDetention; return m.Detain(now, 1, now) }, "measure.changed", MeasureInForce},
		{"grace where none is", MeasureDecided, func(m *Measure) error { return m.TakeEffect(now) }, "measure.changed", MeasureDecided},
	} {
		m := proposed()
		m.State = tt.state
		reasonIs(t, tt.name, tt.act(&m), tt.reason)
		if m.State != tt.want {
			t.Errorf("%s: %s", tt.name, m.State)
		}
	}
	// One measure of a kind stands against one person in a case; punishments are
	// one an act.
	a, b := aMeasure(MeasureListing), aMeasure(MeasureListing)
	a.SubjectHash, b.SubjectHash = "x", "y"
	if *a.Active() == *b.Active() || aMeasure(MeasureFine).Active() != nil {
		t.Error("the key of what stands")
	}
}
