package document

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

var updateConstant = flag.Bool("update-constant", false, "rewrite testdata/constant_sentences.txt")

// record is what the court knows when it makes a paper. Two records of a kind
// have nothing in common, so that what stands on both papers stands there
// whatever the record says.
type record struct {
	court          model.Court
	d              model.Debts
	paid           model.Payments
	e              model.EnforcementFile
	m              model.Measure
	judge, officer string
	number         string
	day            model.Date
	second         bool
	code           string
	liaison        model.LiaisonLine
	statement      model.StatementFacts
	talk           model.ConversationRecordFacts
	contact        func(*model.DocumentFacts)
	prolong        model.Prolongation
	permit         model.SpendingPermit
	contactScene   string
	deposit        model.Deposit
}

// one and other contradict each other in every name, number, day, amount and
// answer to a question.
func one() record {
	day := model.NewDate(2026, 4, 10)
	at := func(h int) *time.Time { t := day.Start().Add(time.Duration(h) * time.Hour); return &t }
	r := record{
		court: model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-86270001", Address: "骆驼街道民和路一号", Account: "镇海案款专户 390112001111"},
		judge: "张敏", officer: "季方", number: "甲字第11号", day: day, code: "ABCD-EFGH-JKMN",
		d: model.Debts{
			Case:        model.Case{ID: 1, CaseNo: "（2026）浙0211民初1001号", Kind: model.CaseCivil, Cause: "买卖合同纠纷"},
			Parties:     []model.Party{{ID: 1, Role: model.Defendant, Name: "李建国"}, {ID: 2, Role: model.Plaintiff, Name: "王秀英"}},
			Instruments: []model.Instrument{{ID: 3, Kind: model.Judgment, Number: "（2026）浙0211民初1001号之一", EffectiveOn: model.NewDate(2026, 3, 1)}},
			Obligations: []model.Obligation{{ID: 4, InstrumentID: 3, Kind: model.ObligationMoney, ObligeeID: 2, AmountFen: 10000001}},
			Obligors:    []model.Obligor{{ObligationID: 4, PartyID: 1}},
			Installments: []model.Installment{
				{ID: 5, ObligationID: 4, Seq: 1, AmountFen: 10000001, ConfirmedFen: 111101, DueOn: model.NewDate(2026, 3, 31), DueReason: "末日为三月三十一日"},
			},
		},
		second: true,
		e: model.EnforcementFile{
			EnforcementCase: model.EnforcementCase{ID: 9, CaseNo: "（2026）浙0211执2001号", PerformBy: model.NewDate(2026, 4, 15)},
			Obligations:     []model.EnforcedObligation{{EnforcementCaseID: 9, ObligationID: 4}},
		},
		m: model.Measure{
			ID: 12, PartyID: 1, Relation: model.RelationSelf, SubjectKind: model.Person, SubjectName: "李建国", SubjectID: "340524198001010010", Facts: "经查其有轿车一辆未申报。",
			ActText: "将轿车赠与他人", ActOn: model.NewDate(2026, 4, 1), State: model.MeasureInForce, Number: "（2026）浙0211司惩3001号", DecidedAt: at(-40), FromAt: at(9), EndsAt: at(9 + 15*24),
			Days: 15, AmountFen: 2000001, PayBy: model.NewDate(2026, 4, 20), GraceUntil: model.NewDate(2026, 5, 2), LiftGround: model.LiftPerformed, LiftReason: "案款到账。",
		},
		liaison: model.LiaisonLine{Liaison: model.Liaison{Name: "陈阿大"}, Villages: []model.Village{{Town: "骆驼街道", Name: "清水湖村"}}},
		statement: model.StatementFacts{
			To: "浙江省第一监狱", PrisonLetterNo: "一监函12号", ReceivedOn: model.NewDate(2026, 4, 7), Convict: "彭大海", ConvictID: "330211********0011", Judgment: "判决书（2025）浙0211刑初4001号",
			MadeOn: model.NewDate(2025, 9, 1), Effective: true, ClosingNo: "（2025）浙0211执5001号结案通知书", ClosedOn: model.NewDate(2026, 2, 2), Note: "另有车辆一辆已移送。",
			PenaltyStatement: model.PenaltyStatement{
				Lines: []model.PenaltyLine{{Category: model.CategoryFine, What: "上缴国库", Money: true, AdjudgedFen: 3000003, PrepaidFen: 88, PaidFen: 2999915, PerformedOn: model.NewDate(2025, 12, 1)}},
				Payments: []model.PenaltyPayment{
					{PaidOn: model.NewDate(2025, 12, 1), Category: model.CategoryFine, AmountFen: 2999915, PayerKind: model.PayerRelative, PayerName: "彭小妹", Proof: model.ProofCourtAccount},
					{PaidOn: model.NewDate(2025, 8, 1), Category: model.CategoryFine, AmountFen: 88, PayerKind: model.PayerSelf, PayerName: "彭大海", Proof: model.ProofBankReceipt, Prepaid: true},
				},
			},
		},
		talk: model.ConversationRecordFacts{With: "当事人李建国", First: 3, Total: 4, Lines: []model.ConversationRecordLine{
			{At: *at(10), Who: "李建国（当事人）", Text: "款已汇出。", Files: []string{model.ConversationRecordFile(1, model.File{SHA256: strings.Repeat("ab", 32)})}},
		}},
		prolong:      model.Prolongation{Years: 1, Reason: model.ExtraSeveral, Facts: "其又乘坐飞机。", FormerUntil: model.NewDate(2028, 1, 1), Until: model.NewDate(2029, 1, 1)},
		permit:       model.SpendingPermit{Spender: "李建国", Purpose: "陪父乘机就医", AmountFen: 300003, GrantFrom: model.NewDate(2026, 4, 11), GrantUntil: model.NewDate(2026, 4, 18), Ground: model.SpendUrgent, Reason: "父亲病重。", DecisionReason: "情况属实。"},
		contactScene: "f=ABCDEFGHJKMN",
		deposit: model.Deposit{
			State: model.DepositHeld, Purpose: model.DepositFine, AmountFen: 77788, PaidOn: model.NewDate(2026, 2, 11), PayerKind: model.PayerRelative, PayerName: "李小妹",
		},
	}
	r.contact = func(f *model.DocumentFacts) {
		f.Channel, f.HappenedAt, f.Note, f.Recorder = "电话", *at(11), "对方表示本周付清。", "万婷"
		f.PaperTitle, f.PaperNumber, f.ServedAt, f.Rule = "自动履行催告书", "催字第6001号", *at(12), model.ServedOnReading.On(day)
		f.Trail = []model.TrailLine{{At: *at(8), What: "进入收件箱"}, {At: *at(12), What: "打开阅读"}}
	}
	return r
}

func other() record {
	day := model.NewDate(2027, 9, 3)
	at := func(h int) *time.Time { t := day.Start().Add(time.Duration(h)*time.Hour + 7*time.Minute); return &t }
	r := record{
		court: model.Court{Name: "杭州市西湖区人民法院", Phone: "0571-12345678", Address: "文三路九号", Account: "西湖案款专户 120222002222"},
		judge: "赵文", officer: "孙武", number: "乙字第22号", day: day, code: "QRST-UVWX-YZ23",
		d: model.Debts{
			Case:    model.Case{ID: 1, CaseNo: "（2027）浙0106行初7002号", Kind: model.CaseAdministrative, Cause: "行政赔偿"},
			Parties: []model.Party{{ID: 1, Role: model.ThirdParty, Name: "甬兴建材公司"}, {ID: 2, Role: model.Applicant, Name: "周立"}, {ID: 6, Role: model.Defendant, Name: "钱七"}},
			// of two instruments, one of which is not in effect as far as the court knows
			Instruments:  []model.Instrument{{ID: 3, Kind: model.Mediation, Number: "（2027）浙0106行初7002号之五"}, {ID: 7, Kind: model.Ruling, Number: "（2027）浙0106行初7002号之六", EffectiveOn: model.NewDate(2027, 8, 30)}},
			Obligations:  []model.Obligation{{ID: 4, InstrumentID: 3, Kind: model.ObligationMoney, ObligeeID: 2, AmountFen: 7000007}, {ID: 8, InstrumentID: 7, Kind: model.ObligationMoney, ObligeeID: 2, AmountFen: 500}},
			Obligors:     []model.Obligor{{ObligationID: 4, PartyID: 1}, {ObligationID: 8, PartyID: 1}},
			Installments: []model.Installment{{ID: 5, ObligationID: 4, Seq: 1, AmountFen: 7000007, DueOn: model.NewDate(2027, 9, 10)}, {ID: 9, ObligationID: 8, Seq: 1, AmountFen: 500, DueOn: model.NewDate(2027, 9, 11)}},
		},
		e: model.EnforcementFile{
			EnforcementCase: model.EnforcementCase{ID: 9, CaseNo: "（2027）浙0106执8002号", PerformBy: model.NewDate(2027, 9, 8)},
			Obligations:     []model.EnforcedObligation{{EnforcementCaseID: 9, ObligationID: 4}, {EnforcementCaseID: 9, ObligationID: 8}},
		},
		m: model.Measure{
			ID: 12, PartyID: 1, Relation: model.RelationController, SubjectKind: model.Organisation, SubjectName: "越州控股公司", SubjectID: "91350100M000100Y43", Facts: "其账户多次大额转出。",
			ActText: "拒不申报股权", ActOn: model.NewDate(2027, 8, 8), State: model.MeasureExpired, Number: "（2027）浙0106司惩9002号", DecidedAt: at(-80), FromAt: at(5), EndsAt: at(5 + 24), Days: 1, AmountFen: 77,
			Until: model.NewDate(2027, 12, 12),
		},
		liaison: model.LiaisonLine{Liaison: model.Liaison{Name: "方阿二"}, Villages: []model.Village{{Town: "三墩镇", Name: "华联村"}}},
		statement: model.StatementFacts{
			To: "杭州市西湖区人民检察院", Convict: "秦小川", ConvictID: "330106********0022", Judgment: "裁定书（2027）浙0106刑初6002号、判决书（2027）浙0106刑初6003号",
			PenaltyStatement: model.PenaltyStatement{
				Lines: []model.PenaltyLine{{Category: model.CategoryRestitution, What: "向周立给付", Joint: true, Money: true, AdjudgedFen: 444}},
				Held:  []model.DepositLine{{PaidOn: model.NewDate(2027, 5, 5), Purpose: model.DepositRestitution, PayerKind: model.PayerSelf, PayerName: "秦小川", HeldFen: 99}},
			},
		},
		talk: model.ConversationRecordFacts{With: "被执行人的家属吴芳（配偶）", First: 1, Total: 1, Lines: []model.ConversationRecordLine{
			{At: *at(13), Who: "孙武（法院）", Text: "请来院面谈。"}, {At: *at(14), Who: "系统", Text: "未接通", Call: true},
		}},
		prolong: model.Prolongation{Years: 3, Reason: model.ExtraViolence, Facts: "其殴打执行人员。", FormerUntil: model.NewDate(2030, 7, 7), Until: model.NewDate(2033, 7, 7)},
		deposit: model.Deposit{
			State: model.DepositSubmitted, Purpose: model.DepositRestitution, AmountFen: 99901, PaidOn: model.NewDate(2027, 6, 13), PayerKind: model.PayerSelf, PayerName: "越州控股公司",
		},
		permit: model.SpendingPermit{Spender: "郑九", Purpose: "乘高铁参加考试", AmountFen: 55, GrantFrom: model.NewDate(2027, 10, 1), GrantUntil: model.NewDate(2027, 10, 2), Ground: model.SpendPrivate, Reason: "用其个人财产。", DecisionReason: "经查属个人财产。"},
	}
	r.contact = func(f *model.DocumentFacts) {
		f.Channel, f.HappenedAt, f.Note, f.Recorder = "当面", *at(15), "未见到本人。", "胡图"
		f.PaperTitle, f.PaperNumber, f.Rule = "权利人须知", "须字第7002号", "尚无送达的证明"
		f.Trail = []model.TrailLine{{At: *at(16), What: "短信没有送到"}}
	}
	return r
}

// papers are the facts of a kind's paper from a record, as the court makes them.
// A new kind that is not here fails the walk.
func (r record) paper(kind model.DocumentKind) (model.DocumentFacts, bool) {
	facts := func() model.DocumentFacts {
		f := model.CaseFacts(kind, r.court, r.d.Case, r.d.Parties[0], r.judge, r.number, r.day)
		r.contact(&f)
		return f
	}
	coded := func() model.DocumentFacts {
		f := facts()
		f.Code, f.Scene, f.CodeExpires, f.EnforcementNo = r.code, "b="+model.ReadCode(r.code), r.day.AddDays(30), r.e.CaseNo
		return f
	}
	measure := func(k model.MeasureKind) model.DocumentFacts {
		m := r.m
		m.Kind = k
		grounds := k.Grounds()
		m.Ground = grounds[0].Ground
		if r.second {
			m.Ground = grounds[len(grounds)-1].Ground
		}
		f := r.d.MeasureFacts(kind, r.court, r.e, r.officer, m, r.day)
		f.Number, f.ContactScene = r.number, r.contactScene
		return f
	}
	enforced := func() model.DocumentFacts {
		f := r.d.EnforcementFacts(kind, r.court, r.e, r.officer, 1, r.paid, r.day)
		f.Number = r.number
		return f
	}
	makers := map[model.DocumentKind]func() model.DocumentFacts{
		model.DocumentPerformanceNotice: coded, model.DocumentBindingSlip: coded, model.DocumentRelativeSlip: coded,
		model.DocumentLiaisonSlip: func() model.DocumentFacts {
			f := model.LiaisonSlipFacts(r.court, r.liaison, r.code, r.day, r.day.AddDays(7))
			f.Number = r.number
			return f
		},
		model.DocumentReminder: func() model.DocumentFacts {
			late := r.day.AddDays(40) // by when both owe
			return r.d.ReminderFacts(r.court, r.judge, 1, r.second, r.number, r.paid, late)
		},
		model.DocumentCreditorSheet: func() model.DocumentFacts {
			return r.d.CreditorSheetFacts(r.court, r.judge, 2, 3, r.number, r.paid, r.d.ApplicationPeriods(model.PeriodRecord{}, model.ShippedCalendar(), r.day), r.day)
		},
		model.DocumentDepositWish: func() model.DocumentFacts {
			f, err := r.deposit.WishFacts(r.court, r.d.Case, r.d.Parties[0], r.judge, r.day)
			if err != nil {
				return model.DocumentFacts{}
			}
			f.Number = r.number
			return f
		},
		model.DocumentContactRecord: facts, model.DocumentServiceProof: facts,
		model.DocumentPenaltyStatement: func() model.DocumentFacts { f := facts(); f.Statement = &r.statement; return f },
		model.DocumentConversationRecord: func() model.DocumentFacts {
			f := facts()
			f.ConversationRecord = &r.talk
			if r.second {
				f.EnforcementNo = r.e.CaseNo
			}
			return f
		},
		model.DocumentEnforcementNotice: enforced, model.DocumentEnforcementWarning: enforced,
		model.DocumentFamilyNotice: func() model.DocumentFacts { return measure(model.MeasureDetention) },
		model.DocumentLiftDecision: func() model.DocumentFacts {
			return measure(map[bool]model.MeasureKind{true: model.MeasureTracing, false: model.MeasureListing}[r.second])
		},
		model.DocumentProlongDecision: func() model.DocumentFacts {
			f := measure(model.MeasureListing)
			f.Measure.Prolong = r.prolong.FactsOf()
			return f
		},
		model.DocumentSpendingPermit: func() model.DocumentFacts {
			f := measure(model.MeasureConsumption)
			f.Measure.Permit = r.permit.FactsOf()
			return f
		},
	}
	for _, k := range model.MeasureKinds {
		makers[k.Document()] = func() model.DocumentFacts { return measure(k) }
	}
	if makers[kind] == nil {
		return model.DocumentFacts{}, false
	}
	return makers[kind](), true
}

// values are the names, numbers, days and amounts that stand in a text.
var values = regexp.MustCompile(`（20\d\d）\S*?号(?:之[一二三四五六七八九])?|20\d\d年\d+月\d+日|20\d\d-\d\d-\d\d|[二三]〇[〇一二三四五六七八九]{2}年\S{1,3}月\S{1,3}日|[\d,]+\.\d\d%?|\S字第\d+号|[0-9A-Z*]{12,}|[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}`)

// lawful are amounts that the law itself fixes: no record contradicts them.
var lawful = []string{"0.00"}

// questions are sentences that answer a question to which the two records give
// opposite answers: the first stands on the first paper alone, the second on the
// second.
var questions = map[model.DocumentKind][][2]string{
	model.DocumentReminder:         {{"经本院催告仍未履行完毕", "您尚有下列义务逾期未履行，相信您会尽快履行"}, {"加倍利息", "执行申请费约50.00元"}},
	model.DocumentCreditorSheet:    {{"已于2026年3月1日生效", "之五，对方应向您履行"}},
	model.DocumentServiceProof:     {{"2026年4月10日12时", "尚不能认定已送达"}},
	model.DocumentPenaltyStatement: {{"已发生法律效力", "尚未发生法律效力"}, {"罪犯彭大海", "被告人秦小川"}, {"已经全部履行完毕", "尚未全部履行"}, {"附结案通知书", "尚未就上述判项作出结案通知书"}, {"视为本人履行", "暂存"}},
	model.DocumentEnforcementNotice: {
		{"已于2026年3月1日生效。因您未按期履行确定的义务", "执行依据为调解书（2027）浙0106行初7002号之五、裁定书（2027）浙0106行初7002号之六。"}, {"加倍", "行政诉讼法第一百零一条"},
	},
	model.DocumentConversationRecord: {{"附件原件留存于系统", "共1条"}, {"本记录为第3条至第4条", "回电．"}},
	model.DocumentFamilyNotice:       {{"请用微信扫描下方二维码提出申请", "越州控股公司的家属"}},
	model.DocumentLiftDecision:       {{"案款到账", "期限届满"}},
	model.DocumentListingDecision:    {{"本院给予宽限期至2026年5月2日", "越州控股公司"}},
	model.DocumentFine:               {{"限于2026年4月20日前交纳", "柒角柒分"}},
}

// Every kind of paper is made from two records that contradict each other in
// everything. No name, number, day or amount of one stands on the other's paper,
// and what stands on both is kept in a file, sentence by sentence, which people
// who know the law read: a sentence there is a rule or a request, and no fact.
func TestNoPaperSaysWhatTheRecordContradicts(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	print := func(whose string, f model.DocumentFacts) string {
		t.Helper()
		body, err := BuiltIn(f.Kind)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := pr.Paper(context.Background(), f, body, nil)
		if err != nil {
			t.Fatalf("%s: %v", f.Kind, err)
		}
		keep(t, string(f.Kind)+"-"+whose, raw)
		return flatText(t, raw)
	}
	a, b := one(), other()
	names := func(r record) []string {
		out := []string{r.court.Name, r.court.Phone, r.court.Address, r.court.Account, r.judge, r.officer, r.d.Case.Cause, r.m.SubjectName, r.liaison.Name, r.statement.Convict, r.statement.To, r.permit.Spender, r.number, r.code}
		for _, p := range r.d.Parties {
			out = append(out, p.Name)
		}
		return out
	}
	constant := map[model.DocumentKind][]string{}
	for _, kind := range model.DocumentKinds {
		of, ok := a.paper(kind)
		with, also := b.paper(kind)
		if !ok || !also {
			t.Errorf("%s: no record contradicts this paper; add it to record.paper", kind)
			continue
		}
		first, second := print("one", of), print("other", with)
		for _, way := range []struct {
			r         record
			own, that string
		}{{a, first, second}, {b, second, first}} {
			seen := 0
			for _, v := range slices.Concat(values.FindAllString(way.own, -1), names(way.r)) {
				if v = flat(v); v == "" || slices.Contains(lawful, v) {
					continue
				}
				if strings.Contains(way.own, v) {
					seen++
				}
				if slices.Contains(names(way.r), v) && strings.Contains(way.that, v) || slices.Contains(values.FindAllString(way.that, -1), v) {
					t.Errorf("%s says %q, which the record contradicts:\n%s", kind, v, way.that)
				}
			}
			if seen < 5 {
				t.Errorf("%s: only %d values of the record stand on it", kind, seen)
			}
		}
		for _, s := range questions[kind] {
			if !strings.Contains(first, s[0]) || strings.Contains(second, s[0]) {
				t.Errorf("%s: %q belongs on the first alone", kind, s[0])
			}
			if !strings.Contains(second, s[1]) || strings.Contains(first, s[1]) {
				t.Errorf("%s: %q belongs on the second alone", kind, s[1])
			}
		}
		sentences := func(s string) []string { return regexp.MustCompile(`[。；：，|]`).Split(s, -1) }
		for _, s := range sentences(first) {
			if len([]rune(s)) > 5 && slices.Contains(sentences(second), s) && !slices.Contains(constant[kind], s) {
				constant[kind] = append(constant[kind], s)
			}
		}
	}
	var out strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(constant)) {
		fmt.Fprintf(&out, "== %s ==\n%s\n\n", kind, strings.Join(constant[kind], "\n"))
	}
	file := filepath.Join("testdata", "constant_sentences.txt")
	if *updateConstant {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != out.String() {
		t.Errorf("what stands on papers whatever the record says has changed; read it, and go test ./service/document -run TestNoPaperSays -update-constant:\n%s", out.String())
	}
}
