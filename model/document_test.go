package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Whoever writes a template may use what the paper's variables hold, the paper
// cannot be without what its work needs, and no value is empty in its preview.
func TestEveryPaperCanBeWritten(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	court := Court{Name: "镇海区人民法院", Phone: "0574-86280000", Address: "骆驼街道 1 号", Account: "账号 3901"}
	for _, k := range DocumentKinds {
		if k.Chinese() == "" {
			t.Errorf("%s has no name", k)
		}
		names, vars := k.VariableNames(), SampleFacts(k, court, today).Variables()
		for _, need := range k.RequiredVariables() {
			if !slices.Contains(names, need) {
				t.Errorf("%s needs %s, which no template can print", k.Chinese(), need)
				continue
			}
			switch v := vars[need].(type) {
			case string:
				if v == "" {
					t.Errorf("%s: %s is empty in the preview", k.Chinese(), need)
				}
			case []any:
				if len(v) == 0 {
					t.Errorf("%s: %s has no line in the preview", k.Chinese(), need)
				}
			default:
				t.Errorf("%s: %s is a %T", k.Chinese(), need, v)
			}
		}
		fields := k.Fields(court, today)
		if len(fields) != len(vars) {
			t.Errorf("%s offers %d of %d variables", k.Chinese(), len(fields), len(vars))
		}
		optional := false
		for _, f := range fields {
			if f.Required != slices.Contains(k.RequiredVariables(), f.Name) || f.Required && optional {
				t.Errorf("%s: %s is not among those that must be printed, which come first", k.Chinese(), f.Name)
			}
			optional = optional || !f.Required
			if list, ok := vars[f.Name].([]any); ok && len(list) > 0 && (len(f.Of) == 0 || f.Sample != fmt.Sprintf("%d 行", len(list))) {
				t.Errorf("%s: the list %s does not say what its lines hold: %+v", k.Chinese(), f.Name, f)
			}
			if _, ok := vars[f.Name].(bool); ok != f.Switch {
				t.Errorf("%s: %s is a switch: %v", k.Chinese(), f.Name, f.Switch)
			}
		}
	}
}

// A family is told nothing of the case, a liaison's slip is of no case; what is
// for the court's file is not among what parties see.
func TestWhoSeesWhichPaper(t *testing.T) {
	t.Parallel()
	theirs := map[DocumentKind]bool{
		DocumentPerformanceNotice: true, DocumentReminder: true, DocumentCreditorSheet: true, DocumentEnforcementNotice: true, DocumentEnforcementWarning: true,
		DocumentListingDecision: true, DocumentConsumptionOrder: true, DocumentExitBanDecision: true, DocumentDetention: true, DocumentFine: true,
		DocumentDepositWish: true, DocumentLiftDecision: true, DocumentProlongDecision: true, DocumentSpendingPermit: true,
		// Who is traced is not warned (网上布控); the notice to the family is the
		// family's; the rest is for the file.
		DocumentTracingDecision: false, DocumentFamilyNotice: false, DocumentContactRecord: false, DocumentServiceProof: false, DocumentBindingSlip: false,
		DocumentLiaisonSlip: false, DocumentRelativeSlip: false, DocumentPenaltyStatement: false, DocumentConversationRecord: false,
	}
	seen := PartyDocuments()
	for _, k := range DocumentKinds {
		want, ok := theirs[k]
		if !ok {
			t.Errorf("nobody decided who sees %s", k)
		}
		if k.ForParties() != want || slices.Contains(seen, k) != want {
			t.Errorf("%s is for parties: %v", k.Chinese(), k.ForParties())
		}
	}
	for _, k := range []DocumentKind{DocumentRelativeSlip, DocumentLiaisonSlip} {
		if slices.Contains(k.RequiredVariables(), "案号") {
			t.Errorf("%s must name a case", k.Chinese())
		}
	}
	if DocumentRelativeSlip.CodeName() != "联系码" || DocumentBindingSlip.CodeName() != "绑定码" {
		t.Error("a family's code gives no binding and is called so")
	}
}

// The notice and the demand share their numbers with the inbox; no two other
// kinds share one.
func TestSeriesOfPapers(t *testing.T) {
	t.Parallel()
	seen := map[string]DocumentKind{}
	for _, k := range DocumentKinds {
		if other, ok := seen[k.Series()]; ok {
			t.Errorf("%s and %s count in one series", k, other)
		}
		seen[k.Series()] = k
	}
	if DocumentPerformanceNotice.Series() != "notice" || DocumentReminder.Series() != "demand" {
		t.Error("a notice on paper has other numbers than in the inbox")
	}
	own := CourtSettings{DocumentPatterns: map[DocumentKind]string{DocumentFine: "（{year}）{short}司惩{n}号"}}
	for _, c := range []struct {
		s    CourtSettings
		k    DocumentKind
		want string
	}{
		{CourtSettings{}, DocumentFine, "镇法司惩罚〔2026〕7号"},
		{own, DocumentFine, "（2026）镇法司惩7号"},
		{own, DocumentDetention, "镇法司惩拘〔2026〕7号"},
		{CourtSettings{}, DocumentEnforcementNotice, "镇法执通〔2026〕7号"},
		{CourtSettings{NoticePattern: "{short}告〔{year}〕{n}号"}, DocumentPerformanceNotice, "镇法告〔2026〕7号"},
	} {
		if got := DocumentNumber(c.s.Pattern(c.k), "镇法", 2026, 7); got != c.want {
			t.Errorf("%s is %s, want %s", c.k, got, c.want)
		}
	}
}

// What people wrote cannot become part of a paper's layout, and what is not
// known is left out or said in words.
func TestWhatAPaperPrints(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 1, 5, 0, 0, time.UTC)
	contact := DocumentFacts{Kind: DocumentContactRecord, Channel: "电话", HappenedAt: at, Note: "已告知\n| 总额 | 0 |\r\n第二行\u2028三", Recorder: "万某"}
	v := contact.Variables()
	if v["联系情况"] != "已告知　｜ 总额 ｜ 0 ｜　第二行　三" || v["联系时间"] != "2026年3月2日09时05分" || v["案款账户"] != "请向承办法官查询" {
		t.Errorf("%q", v)
	}
	proof := DocumentFacts{Kind: DocumentServiceProof, Trail: []TrailLine{{at, "进入收件箱"}, {at.Add(time.Hour), "a|b"}}}.Variables()
	trail, _ := proof["送达经过"].([]any)
	if len(trail) != 2 || proof["送达时间"] != "" {
		t.Fatalf("%q", proof)
	}
	if last, _ := trail[1].(map[string]any); last["内容"] != "a｜b" || last["序号"] != "2" || last["时间"] != "2026年3月2日10时05分" {
		t.Errorf("%q", last)
	}
	demand := DocumentFacts{Kind: DocumentReminder, Items: []DocumentItem{
		{What: "货款", DueOn: NewDate(2026, 2, 1), OwedFen: Yuan(1_000_000), PaidFen: Yuan(200_000), Days: 29, InterestFen: 1, PerDayFen: 2},
		{What: "交付设备"}, // conduct: no amount, no term
	}}.Variables()
	list, _ := demand["义务清单"].([]any)
	money, _ := list[0].(map[string]any)
	conduct, _ := list[1].(map[string]any)
	if money["应付"] != "1,000,000.00" || money["未付"] != "800,000.00" || money["期限"] != "2026年2月1日" || money["逾期天数"] != "29" {
		t.Errorf("%q", money)
	}
	if conduct["应付"] != "—" || conduct["加倍利息"] != "—" || conduct["期限"] != "以法律文书为准" {
		t.Errorf("%q", conduct)
	}
	if demand["加倍利息"] != "" || demand["生效日期"] != "" || demand["再次催告"] != false {
		t.Errorf("what is nothing is printed: %q", demand)
	}
	slip := DocumentFacts{Kind: DocumentRelativeSlip, Code: "ABCD", CodeExpires: NewDate(2026, 4, 1)}.Variables()
	if slip["联系码"] != "ABCD" || slip["联系码有效期"] != "2026年4月1日" || slip["绑定码"] != nil {
		t.Errorf("%q", slip)
	}
}

func TestRecordOfAConversationOnPaper(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 1, 5, 9, 0, time.UTC)
	lines := []ConversationRecordLine{
		{At: at, Who: "李某", Text: "已付", Files: []string{ConversationRecordFile(1, File{SHA256: "ab"}), ConversationRecordFile(2, File{SHA256: "cd", Pages: 3})}},
		{At: at, Who: "法院", Text: "请求回电", Call: true},
		{At: at, Who: "法院", Text: "收到"},
	}
	for first, says := range map[int]string{1: "共 2 条", 501: "共 502 条，本记录为第 501 条至第 502 条"} {
		f := DocumentFacts{Kind: DocumentConversationRecord, ConversationRecord: &ConversationRecordFacts{With: "李某", First: first, Total: first + 1, Lines: lines}}
		v := f.Variables()
		if v["对话范围"] != says {
			t.Errorf("%s, want %s", v["对话范围"], says)
		}
		list, _ := v["对话清单"].([]any)
		var marks []string
		for _, l := range list {
			row, _ := l.(map[string]any)
			marks = append(marks, fmt.Sprint(row["序号"]))
		}
		if want := fmt.Sprintf("%d 回电 %d", first, first+1); strings.Join(marks, " ") != want { // a call is no message
			t.Errorf("lines are numbered %s, want %s", marks, want)
		}
		row, _ := list[0].(map[string]any)
		if row["附件"] != "图片1，SHA-256：ab；PDF2，SHA-256：cd" || row["时间"] != "2026年3月2日09时05分09秒" {
			t.Errorf("%q", row)
		}
	}
}
