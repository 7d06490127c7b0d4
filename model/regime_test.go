package model

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updatePapers = flag.Bool("update-papers", false, "write the papers' texts anew")

// regimeCases are one case for each kind of duty: the debtor is party 1, the
// creditor party 2, 100,000 yuan (or, in a criminal case with everything, each
// item of it) due on 31 March 2026 and not paid.
func regimeCases() map[string]Debts {
	one := func(no, cause string, kind CaseKind, debtor, creditor PartyRole, categories ...Category) Debts {
		d := Debts{
			Case:    Case{ID: 1, CourtID: 1, CaseNo: no, Kind: kind, Cause: cause},
			Parties: []Party{{ID: 1, Role: debtor, Name: "李某", Kind: Person}, {ID: 2, Role: creditor, Name: "王某", Kind: Person}},
			Instruments: []Instrument{{
				ID: 3, Kind: Judgment, Number: no, EffectiveOn: NewDate(2026, 3, 1),
			}},
		}
		for n, c := range categories {
			id := int64(10 + n)
			ob := Obligation{ID: id, InstrumentID: 3, Kind: ObligationMoney, Category: c, AmountFen: Yuan(100_000), ObligeeID: 2}
			if ob.ToCourt = c.ToState(); ob.ToCourt {
				ob.ObligeeID = 0
			}
			d.Obligations = append(d.Obligations, ob)
			d.Obligors = append(d.Obligors, Obligor{ObligationID: id, PartyID: 1})
			d.Installments = append(d.Installments, Installment{ID: id + 10, ObligationID: id, Seq: 1, AmountFen: Yuan(100_000), DueOn: NewDate(2026, 3, 31)})
		}
		return d
	}
	const criminal, petition, suit = "（2026）浙0211刑初8号", "（2026）浙0211行审7号", "（2026）浙0211行初6号"
	return map[string]Debts{
		"civil":         one("（2026）浙0211民初1号", "买卖合同纠纷", CaseCivil, Defendant, Plaintiff, CategoryNone),
		"incidental":    one(criminal, "故意伤害罪", CaseCriminal, Accused, Victim, CategoryMedical),
		"fine":          one(criminal, "盗窃罪", CaseCriminal, Accused, Victim, CategoryFine),
		"confiscation":  one(criminal, "受贿罪", CaseCriminal, Accused, Victim, CategoryConfiscation),
		"restitution":   one(criminal, "诈骗罪", CaseCriminal, Accused, Victim, CategoryRestitution),
		"unsaid":        one(criminal, "诈骗罪", CaseCriminal, Accused, Victim, CategoryNone),
		"everything":    one(criminal, "故意伤害罪", CaseCriminal, Accused, Victim, CategoryMedical, CategoryRestitution, CategoryFine),
		"nonlitigation": one(petition, "市场监督管理行政处罚", CaseAdministrative, Respondent, Applicant, CategoryPrincipal, CategorySurcharge),
		"administrated": one(suit, "行政赔偿", CaseAdministrative, Defendant, Plaintiff, CategoryNone),
	}
}

// paperText is everything that a paper says, as its template lists it.
func paperText(f DocumentFacts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s　%s%s\n", f.Kind.Chinese(), f.Position, f.Addressee)
	if f.Opening != "" {
		fmt.Fprintln(&b, f.Opening)
	}
	for _, it := range f.Items {
		fmt.Fprintf(&b, "· %s %s 应付 %s", it.What, it.DueOn.Chinese(), it.OwedFen.Yuan())
		if it.Bears {
			fmt.Fprintf(&b, " 加倍利息 %s", it.InterestFen.Yuan())
		}
		fmt.Fprintln(&b)
	}
	for n, p := range f.Points {
		fmt.Fprintln(&b, p.line(n))
	}
	return b.String()
}

// papersOf are the texts of every paper and notice whose words depend on the
// kind of case.
func papersOf(d Debts) map[string]string {
	day, soon := NewDate(2026, 4, 10), NewDate(2026, 3, 24)
	court := scheduleCourt
	e := EnforcementFile{EnforcementCase: EnforcementCase{ID: 5, CaseNo: "（2026）浙0211执88号", PerformBy: NewDate(2026, 4, 15)}}
	for _, ob := range d.Obligations {
		e.Obligations = append(e.Obligations, EnforcedObligation{EnforcementCaseID: 5, ObligationID: ob.ID})
	}
	out := map[string]string{}
	for _, p := range d.Parties {
		f := CaseFacts(DocumentPerformanceNotice, court, d.Case, p, "张法官", "号", day)
		out["告知书-"+p.Role.Chinese()] = paperText(f)
		out["告知书消息-"+p.Role.Chinese()] = FiledNotice(court, d.Case, p, "号").Body
	}
	demand := d.ReminderFacts(court, "张法官", 1, true, "号", Payments{}, day)
	out["催告书"] = paperText(demand)
	step := Step{Kind: NoticeSecondDemand, PartyID: 1, DueOn: NewDate(2026, 3, 31), Key: "k"}
	out["催告书消息"] = d.DemandNotice(court, step, demand, day.Start()).Body
	out["到期提醒消息"] = d.DueSoonNotice(court, step, soon.Start()).Body
	if len(d.OpenOwedTo(2, 3)) > 0 {
		sheet := d.CreditorSheetFacts(court, "张法官", 2, 3, "号", Payments{}, d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), soon), soon)
		out["权利人须知"] = paperText(sheet)
		out["权利人须知消息"] = d.CreditorSheetNotice(court, Step{Kind: NoticeCreditorSheet, PartyID: 2, InstrumentID: 3}, sheet).Body
	}
	var owes, owed []Duty
	for _, ob := range d.Obligations {
		duty := Duty{AmountFen: ob.AmountFen, ToName: "王某", Owes: true, Regime: d.Case.RegimeOf(ob), ToCourt: ob.ToCourt}
		owes = append(owes, duty)
		if duty.Owes = false; !ob.ToCourt {
			owed = append(owed, duty)
		}
	}
	out["履行事项消息-义务人"] = InstrumentNotice(court, d.Case, d.Parties[0], d.Instruments[0], owes).Body
	if len(owed) > 0 {
		out["履行事项消息-权利人"] = InstrumentNotice(court, d.Case, d.Parties[1], d.Instruments[0], owed).Body
	}
	for _, kind := range []DocumentKind{DocumentEnforcementNotice, DocumentEnforcementWarning} {
		f := d.EnforcementFacts(kind, court, e, "王法官", 1, Payments{}, day)
		out[kind.Chinese()] = paperText(f)
		out[kind.Chinese()+"消息"] = EnforcementPaperNotice(court, d.Case, e, 1, Document{Kind: kind, Facts: f}).Body
	}
	return out
}

// Every paper and notice, for each kind of duty and each side, word by word: the
// kept texts are read by people who know the law, and a change of one shows in
// its file. go test ./model -run TestThePapersOfEachKindOfCase -update-papers
func TestThePapersOfEachKindOfCase(t *testing.T) {
	t.Parallel()
	for name, d := range regimeCases() {
		var b strings.Builder
		for _, title := range sortedKeys(papersOf(d)) {
			fmt.Fprintf(&b, "== %s ==\n%s\n\n", title, strings.TrimSpace(papersOf(d)[title]))
		}
		file := filepath.Join("testdata", "papers", name+".txt")
		if *updatePapers {
			if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, kept := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for n := range max(len(got), len(kept)) {
			if n >= len(got) || n >= len(kept) || got[n] != kept[n] {
				t.Errorf("%s, line %d of %s differs", name, n+1, file)
				break
			}
		}
	}
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// 民事诉讼法 264 and 法释〔2014〕8号 hold for civil debts alone, and so do 诉讼费用交纳办法
// 10 and 14, 民事诉讼法 250 and “对方申请强制执行”. What may occur in no paper of another
// kind is searched for in all of them.
func TestNoCivilRuleWhereNoneApplies(t *testing.T) {
	t.Parallel()
	forbidden := map[string][]string{
		"civil":         {"刑事审判部门", "移送执行", "行政处罚法", "行政强制法", "减刑", "被告人"},
		"fine":          {"加倍", "万分之", "迟延履行", "执行申请费", "申请强制执行", "二年", "两年", "直接向权利人", "对方"},
		"confiscation":  {"加倍", "万分之", "迟延履行", "执行申请费", "申请强制执行", "二年", "两年", "直接向权利人", "对方"},
		"restitution":   {"加倍", "万分之", "迟延履行", "执行申请费", "二年", "两年"},
		"unsaid":        {"加倍", "万分之", "迟延履行", "执行申请费", "二年", "两年"},
		"nonlitigation": {"加倍", "万分之", "迟延履行", "执行申请费", "二年", "两年", "对方申请强制执行", "您与他人"},
		"administrated": {"加倍", "万分之", "迟延履行"},
	}
	for name, d := range regimeCases() {
		for title, text := range papersOf(d) {
			if strings.HasPrefix(title, "告知书") && d.Case.Kind == CaseCriminal {
				continue // before a judgment nobody knows which items there will be
			}
			for _, word := range forbidden[name] {
				if strings.Contains(text, word) {
					t.Errorf("%s of %s says %q:\n%s", title, name, word, text)
				}
			}
		}
		r := d.ReckonAll(d.Installments, Payments{}, CourtSettings{}, NewDate(2026, 4, 10))
		runs := map[string]Fen{"civil": Yuan(175), "incidental": Yuan(175), "everything": Yuan(175)}[name] // 100,000 × 0.0175 % × 10
		if r.DoubledFen != runs {
			t.Errorf("%s: %s of doubled interest", name, r.DoubledFen.Yuan())
		}
		fee := map[string]Fen{"civil": Yuan(1_400), "incidental": Yuan(1_400), "everything": Yuan(1_400), "administrated": Yuan(1_400)}[name]
		if got := d.feeOf(d.Installments); got != fee {
			t.Errorf("%s: a fee of %s", name, got.Yuan())
		}
	}
}

// What each kind of paper has to say, by article.
func TestWhatThePapersOfEachKindSay(t *testing.T) {
	t.Parallel()
	all := regimeCases()
	for name, parts := range map[string]map[string][]string{
		"civil": {
			"催告书":    {"民事诉讼法第二百六十四条", "已产生 175.00 元", "执行申请费约 1,400.00 元", "对方有权申请强制执行"},
			"权利人须知":  {"申请执行的期间为二年", "2028年3月31日", "不预交执行申请费"},
			"告知书-原告": {"您可以申请强制执行", "收到款项后"},
			"执行通知书":  {"执行申请费约 1,400.00 元由您负担"},
		},
		"fine": { // 刑法 53, 刑诉解释 523, 524; 刑财规定 7; 法释〔2024〕5号 2
			"催告书":     {"刑法第五十三条", "随时追缴", "由本院移送执行", "延期缴纳、酌情减少或者免除", "予以折抵", "减刑、假释", "视为本人履行"},
			"执行通知书":   {"经本院刑事审判部门移送"},
			"告知书-被告人": {"判决之前，本院不要求缴纳", "自愿退赔", "医疗费用→退赔被害人损失→其他民事债务→罚金→没收财产"},
			"告知书-被害人": {"不需要您申请"},
		},
		"restitution": {
			"催告书":   {"移送执行，不以被害人申请为条件"},
			"权利人须知": {"不需要您申请", "财产线索"},
		},
		"nonlitigation": { // 行政处罚法 66, 72, 73; 行政强制法 42, 45, 53, 57, 60
			"催告书":   {"行政处罚法第七十二条第一款第一项", "行政处罚法第七十三条第三款", "行政处罚法第六十六条", "行政强制法第四十二条", "行政强制法第六十条", "无须另行申请"},
			"权利人须知": {"本案即为你单位的强制执行申请", "第七十二条第二款", "行政强制法第四十五条第二款"},
			"执行通知书": {"行政强制法第六十条", "经行政机关申请"},
		},
		"administrated": {"权利人须知": {"从每次履行期间的最后一日起分别计算", "适用行政诉讼法的解释第一百五十三条"}},
		"everything":    {"催告书": {"附带民事赔偿：对方有权申请强制执行", "罚金：期满不缴纳的", "责令退赔：不履行的"}},
	} {
		papers := papersOf(all[name])
		for title, want := range parts {
			if papers[title] == "" {
				t.Errorf("%s has no %s", name, title)
			}
			bodySays(t, name+" "+title, papers[title], want...)
		}
	}
	for _, r := range Regimes {
		if row := r.Rules(); row.Name == "" || row.Why == "" || row.Compels == "" || row.Hardship == "" {
			t.Errorf("the row of %s is incomplete", r)
		}
	}
}
