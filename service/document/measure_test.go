package document

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"microcourt/model"
)

// measurePaper prints the paper of a measure as its record has it.
func measurePaper(t *testing.T, name string, kind model.DocumentKind, debtor model.Party, change func(*model.Measure)) string {
	t.Helper()
	pr, _ := printer(t)
	day := model.NewDate(2026, 3, 2)
	m := model.Measure{
		ID: 1, PartyID: 1, Kind: model.MeasureConsumption, Relation: model.RelationSelf, SubjectKind: debtor.Kind, SubjectName: debtor.Name, SubjectIDKind: debtor.IDKind,
		SubjectID: debtor.IDNumber, Ground: model.GroundNoticeMissed, Facts: "经查，被执行人名下有车辆，收到执行通知后未履行。", State: model.MeasureInForce, Number: "镇法限消〔2026〕1号",
	}
	for _, k := range model.MeasureKinds {
		if k.Document() == kind {
			m.Kind, m.Ground = k, k.Grounds()[0].Ground
		}
	}
	at := day.Start()
	m.DecidedAt, m.FromAt = &at, &at
	change(&m)
	court := model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-12368", Address: "宁波市镇海区", Account: "案款专户 3901", Settings: model.CourtSettings{HigherCourt: "宁波市中级人民法院"}}
	e := model.EnforcementFile{EnforcementCase: model.EnforcementCase{ID: 2, CaseNo: "（2026）浙0211执88号", FiledOn: model.NewDate(2026, 2, 9)}}
	d := model.Debts{Case: model.Case{CaseNo: "（2026）浙0211民初1号"}, Parties: []model.Party{debtor}}
	doc := model.Document{Kind: kind, Number: "镇法〔2026〕1号", Identity: m.SubjectID, Facts: d.MeasureFacts(kind, court, e, "王法官", m, day)}
	doc.Facts.Number = doc.Number
	body, err := BuiltIn(kind)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := pr.Paper(context.Background(), doc.Says(), body, nil)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, name, pdf)
	return flatText(t, pdf)
}

// keep writes a paper into the folder KEEP_PAPERS, for whoever wants to look at it.
func keep(t *testing.T, name string, pdf []byte) {
	t.Helper()
	if dir := os.Getenv("KEEP_PAPERS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	natural = model.Party{ID: 1, Kind: model.Person, Name: "李某", IDKind: "citizen_id", IDNumber: "34052419800101001X"}
	company = model.Party{ID: 1, Kind: model.Organisation, Name: "甬兴建材（宁波）有限公司", IDKind: "uscc", IDNumber: "91310115MA1H8R7C67"}
)

func says(t *testing.T, name, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if absent, no := strings.CutPrefix(w, "!"); strings.Contains(text, flat(absent)) == no {
			t.Errorf("%s: %q: %s", name, w, text)
		}
	}
}

// 限高规定 3, 8, 11: a person is told that he may ask for what life needs; a company
// whom the order binds besides it; who acts for one that he may ask to spend his own
// money.
func TestTheConsumptionOrderHasTwoForms(t *testing.T) {
	t.Parallel()
	same := func(*model.Measure) {}
	says(t, "a person", measurePaper(t, "consumption-person", model.DocumentConsumptionOrder, natural, same),
		"对你采取限制消费措施", "限制你不得实施", "（九）乘坐", "因生活或者经营必需", "第八条", "!你单位", "!因私消费", "第十一条第一款", "2026年2月9日立案执行", "男，1980年1月1日出生，公民身份号码34052419800101001X")
	says(t, "a company", measurePaper(t, "consumption-company", model.DocumentConsumptionOrder, company, same),
		"对你单位采取限制消费措施", "你单位的法定代表人、主要负责人、影响债务履行的直接责任人员、实际控制人不得实施", "因私消费以个人财产", "第三条第二款", "!因生活或者经营必需",
		"统一社会信用代码91310115MA1H8R7C67")
	says(t, "who acts for one", measurePaper(t, "consumption-officer", model.DocumentConsumptionOrder, company, func(m *model.Measure) {
		m.Relation, m.SubjectKind, m.SubjectName, m.SubjectIDKind, m.SubjectID = model.RelationLegalRep, model.Person, "孙立", "citizen_id", "11010519491231002X"
	}), "你是被执行人甬兴建材（宁波）有限公司的法定代表人", "限制你不得实施", "你因私消费以个人财产", "!因生活或者经营必需", "女，1949年12月31日出生")
}

// 民事诉讼法 114, 118, 119 with paragraph and item, the court above by name, the
// whole identity on what the police act on, the place on what the family gets.
func TestPapersOfPunishments(t *testing.T) {
	t.Parallel()
	act := func(m *model.Measure) {
		m.ActOn, m.ActText, m.Days, m.AmountFen, m.PayBy, m.Place = model.NewDate(2026, 2, 26), "将名下车辆无偿转让给他人", 15, model.Yuan(20_000), model.NewDate(2026, 3, 20), "宁波市镇海区拘留所"
	}
	says(t, "detention", measurePaper(t, "detention", model.DocumentDetention, natural, act),
		"第一百一十四条第一款第六项", "第一百一十八条第二款", "第一百一十九条第一款", "第一百八十八条第一项", "口头或者书面向宁波市中级人民法院申请复议一次", "公民身份号码34052419800101001X", "拘留15日")
	says(t, "fine", measurePaper(t, "fine", model.DocumentFine, natural, act),
		"第一百一十四条第一款第六项", "第一百一十八条第一款", "贰万元整", "2026年3月20日前交纳", "宁波市中级人民法院", "公民身份号码34052419800101001X")
	says(t, "violence", measurePaper(t, "violence", model.DocumentDetention, natural, func(m *model.Measure) { act(m); m.Ground = model.GroundObstructs }),
		"第一百一十四条第一款第五项", "!第一百八十八条")
	says(t, "a company's manager", measurePaper(t, "manager", model.DocumentFine, company, func(m *model.Measure) {
		act(m)
		m.Relation, m.SubjectKind, m.SubjectName, m.SubjectIDKind, m.SubjectID = model.RelationPrincipal, model.Person, "孙立", "citizen_id", "11010519491231002X"
	}), "第一百一十四条第二款")
	says(t, "tracing", measurePaper(t, "tracing", model.DocumentTracingDecision, natural, act), "公民身份号码34052419800101001X")
	says(t, "listing", measurePaper(t, "listing", model.DocumentListingDecision, natural, act), "第二百六十六条", "第一条第一项", "本决定一经作出即生效")
	says(t, "exit ban", measurePaper(t, "exit-ban", model.DocumentExitBanDecision, natural, act), "十日内向宁波市中级人民法院申请复议")
	says(t, "family", measurePaper(t, "family", model.DocumentFamilyNotice, natural, func(m *model.Measure) { m.Kind = model.MeasureDetention; act(m); m.EndsAt = m.FromAt }),
		"羁押于宁波市镇海区拘留所", "!34052419800101001X")
	for name, kind := range map[string]model.DocumentKind{"lift": model.DocumentLiftDecision} {
		says(t, name, measurePaper(t, name, kind, natural, func(m *model.Measure) { m.LiftGround, m.LiftReason = model.LiftPerformed, "案款已全部到账" }), "义务已经履行完毕")
	}
}
