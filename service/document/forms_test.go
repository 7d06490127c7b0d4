package document

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
)

var updateForms = flag.Bool("update", false, "write deploy/docs/papers.md anew")

// sentence is a line of a paper's template by its beginning, and the rules behind
// it; none is a fact of the case, or a way of working that no rule prescribes.
type sentence struct {
	begins string
	rules  []model.Citation
	why    string // for what has no rule
}

// form is after which form of the Supreme Court a paper is made.
type form struct {
	of        string
	sentences []sentence
}

const (
	ownForm  = "本院自制，没有统一样式"
	civilSet = "《民事诉讼文书样式》（法〔2016〕221号）"
	byDuty   = "依案件和义务的种类，见 `model/regime_text.go`"
)

var (
	partyLine = sentence{"= {{.诉讼地位}}", nil, "当事人"}
	subject   = sentence{"{{.身份}}：", nil, "身份事项；公安机关等协助执行的文书写全证件号码"}
	contact   = sentence{"- 执行法官", nil, "联系方式"}
	code      = sentence{"{{if .联系码}}", nil, "联系方式"}
	remedy    = func(k model.MeasureKind) sentence { return sentence{"{{.救济}}", k.Remedy().Rules, ""} }
	signedBy  = func(rules ...model.Citation) sentence { return sentence{"- {{if .签发}}签发", rules, ""} }
	points    = sentence{"{{range .事项}}", nil, byDuty}
	items     = []sentence{{"{{if .计算加倍利息}}", []model.Citation{model.CiteDoubledInterest, model.CiteDoubledPart}, ""}, {"| 序号", nil, "履行台账"}, {"{{range .义务清单}}", nil, "履行台账"}, {"{{end}}{{else}}", nil, "履行台账"}}
	callUs    = sentence{"- 联系电话", nil, "联系方式"}
)

func all(lists ...[]sentence) []sentence { return slices.Concat(lists...) }

// forms are the papers with their forms.
var forms = map[model.DocumentKind]form{
	model.DocumentPerformanceNotice: {ownForm, []sentence{partyLine, {"{{.开头}}", nil, "立案事实"}, points, {"{{.下一项}}", nil, "办理方法"}, callUs}},
	model.DocumentReminder:          {ownForm, all(items, []sentence{partyLine, {"本院{{.案号}}", nil, "生效文书和台账"}, points, callUs})},
	model.DocumentCreditorSheet:     {ownForm, all(items, []sentence{partyLine, {"本院{{.案号}}", nil, "生效文书和台账"}, points, callUs})},
	model.DocumentEnforcementNotice: {civilSet + "执行通知书", all(items, []sentence{
		partyLine,
		{"{{if .生效日期}}{{.生效文书}}已于", []model.Citation{model.CiteEnforcementNotice, model.CiteNoticeDays}, ""},
		{"{{range .事项}}", []model.Citation{model.CiteDoubledInterest, model.CiteDelayPayment, model.CitePropertyReport, model.CiteListingGrounds, model.CiteListingWarning}, ""},
		contact,
	})},
	model.DocumentEnforcementWarning: {ownForm, []sentence{
		partyLine,
		{"{{.执行案号}}", nil, "执行依据和台账"},
		{"{{range .事项}}", []model.Citation{model.CiteConsumptionNotice, model.CiteListingGrounds, model.CiteFineAmounts, model.CiteDetentionDays, model.CiteRefusalCrime}, ""},
		contact,
	}},
	model.DocumentListingDecision: {"失信被执行人名单决定书（失信规定第五条）", []sentence{
		subject,
		{"本院在执行", nil, "查明的事实"},
		{"本院认为", []model.Citation{model.CiteExitBan, model.CiteListingGrounds, model.CiteListingSigned}, ""},
		{"将{{.措施对象}}", []model.Citation{model.CiteListingTerm, model.CiteGrace}, ""},
		{"本决定一经作出即生效", append([]model.Citation{model.CiteListingSigned}, model.MeasureListing.Remedy().Rules...), ""},
		signedBy(model.CiteListingSigned),
	}},
	model.DocumentConsumptionOrder: {"限制消费令，限制个人、限制单位两式（限高规定第五条）", []sentence{
		{"= {{.措施对象}}", nil, "身份事项"},
		{"本院{{if .执行立案日}}", []model.Citation{model.CiteExitBan, model.CiteConsumptionNotice, model.CiteConsumptionListed, model.CiteConsumptionBans, model.CiteConsumptionUnit, model.CiteConsumptionSigned}, ""},
		{"{{if .宽限期}}", []model.Citation{model.CiteGrace}, ""},
		{"{{end}}{{if .被执行单位}}", []model.Citation{model.CiteConsumptionBans, model.CiteConsumptionUnit}, ""},
		{"{{range .禁止事项}}", []model.Citation{model.CiteConsumptionBans}, ""},
		{"{{end}}{{if .被执行单位}}上述人员", []model.Citation{model.CiteConsumptionUnit, model.CiteConsumptionPermit}, ""},
		{"提供确实有效的担保", []model.Citation{model.CiteConsumptionLifted}, ""},
		{"如违反本令", []model.Citation{model.CiteRefusesJudgment, model.CiteConsumptionBroken}, ""},
		remedy(model.MeasureConsumption), signedBy(model.CiteConsumptionSigned),
	}},
	model.DocumentTracingDecision: {ownForm, []sentence{
		{"布控对象", nil, "身份事项"}, {"本院在执行", nil, "查明的事实"}, {"依照{{.法律依据}}", []model.Citation{model.CiteTracing}, ""}, {"案款付清", []model.Citation{model.CiteTracing}, ""}, {"- 本决定不向", nil, "联系方式"},
	}},
	model.DocumentExitBanDecision: {civilSet + "决定书（限制出境用）", []sentence{
		subject,
		{"本院在执行", nil, "查明的事实"},
		{"依照{{.法律依据}}", []model.Citation{model.CiteExitBan, model.CiteExitBanOthers}, ""},
		{"限制{{.措施对象}}", []model.Citation{model.CiteExitBanLifted}, ""},
		remedy(model.MeasureExitBan), contact,
	}},
	model.DocumentDetention: {civilSet + "决定书（司法拘留用）", []sentence{
		{"被拘留人", nil, "身份事项"},
		{"本院在执行", nil, "查明的事实"},
		{"本院认为", []model.Citation{model.CiteRefusesJudgment, model.CiteObstructsDuty, model.CiteDetentionDays, model.CitePresidentApproves, model.CiteHidesProperty}, ""},
		{"对{{.措施对象}}拘留", []model.Citation{model.CiteDetentionDays}, ""},
		remedy(model.MeasureDetention), signedBy(model.CitePresidentApproves),
	}},
	model.DocumentFine: {civilSet + "决定书（罚款用）", []sentence{
		{"被罚款人", nil, "身份事项"},
		{"本院在执行", nil, "查明的事实"},
		{"本院认为", []model.Citation{model.CiteRefusesJudgment, model.CiteObstructsDuty, model.CiteFineAmounts, model.CitePresidentApproves, model.CiteHidesProperty}, ""},
		{"对{{.措施对象}}罚款", []model.Citation{model.CiteFineAmounts}, ""},
		remedy(model.MeasureFine), signedBy(model.CitePresidentApproves),
	}},
	model.DocumentFamilyNotice: {ownForm, []sentence{
		{"= {{.措施对象}}的家属", nil, "受通知人"}, {"{{.措施对象}}在", []model.Citation{model.CiteFamilyTold, model.CiteDetaining}, ""}, {"被拘留人承认", []model.Citation{model.CiteDetentionRelease}, ""}, code, contact,
	}},
	model.DocumentLiftDecision: {ownForm, []sentence{subject, {"本院在执行", []model.Citation{model.CiteListingDeleted, model.CiteConsumptionLifted, model.CiteExitBanLifted, model.CiteDetentionRelease}, ""}, {"自即日起", nil, "决定的内容"}, signedBy(model.CiteRemorse, model.CiteListingSigned)}},
	model.DocumentProlongDecision: {ownForm, []sentence{
		subject,
		{"本院在执行", nil, "查明的事实"},
		{"被执行人{{.延长事由}}", []model.Citation{model.CiteListingTerm}, ""},
		{"将{{.措施对象}}", []model.Citation{model.CiteListingTerm}, ""},
		{"履行完毕的", append([]model.Citation{model.CiteListingDeleted}, model.MeasureListing.Remedy().Rules...), ""},
		signedBy(model.CiteListingSigned),
	}},
	model.DocumentSpendingPermit: {ownForm, []sentence{
		subject, {"本院在执行", nil, "申请的事实"}, {"经审查", []model.Citation{model.CiteConsumptionPermit, model.CiteConsumptionUnit, model.CiteUrgentTravel}, ""}, {"准许{{.消费人}}", nil, "决定的内容"}, {"本决定只对", []model.Citation{model.CiteConsumptionPermit}, ""}, signedBy(model.CiteUrgentTravel),
	}},
	model.DocumentPenaltyStatement: {ownForm, []sentence{
		{"= {{.收函机关}}", nil, "收函机关"},
		{"{{if .来函文号}}", []model.Citation{model.CitePrisonAnswer}, ""},
		{"| 序号", nil, "履行台账"},
		{"{{range .判项清单}}", nil, "履行台账"},
		{"一、", nil, "履行台账"},
		{"二、", []model.Citation{model.CiteConvictsPerformance}, ""},
		{"{{if .缴付清单}}", nil, "履行台账"},
		{"{{range .缴付清单}}", nil, "履行台账"},
		{"三、", []model.Citation{model.CiteConvictsPerformance}, ""},
		{"判决前预缴", []model.Citation{model.CiteConvictsPerformance}, ""},
		{"判决后履行", []model.Citation{model.CiteConvictsPerformance}, ""},
		{"财产性判项", nil, "履行台账"},
		{"{{else}}尚未作出", nil, "裁判尚未生效的事实"},
		{"{{end}}{{if .暂存清单}}", nil, "暂存款记录"},
		{"{{range .暂存清单}}", nil, "暂存款记录"},
		{"{{end}}{{if .说明}}", nil, "承办法官的说明"},
		{"{{end}}- {{if .已判处}}", []model.Citation{model.CiteConvictsPerformance, model.CitePrisonLaw}, ""},
	}},
	model.DocumentServiceProof: {ownForm, []sentence{
		{"| 案号", nil, "案件"},
		{"| 送达文书", nil, "文书"},
		{"| 受送达人", nil, "当事人"},
		{"| 送达时间", []model.Citation{model.CiteServedOnArrival, model.CiteServedOnReply, model.CiteServedOnReading}, ""},
		{"| 认定依据", []model.Citation{model.CiteServiceRules}, ""},
		{"送达经过", []model.Citation{model.CiteServiceRules}, ""},
		{"| 序号", nil, "系统记录"},
		{"{{range .送达经过}}", nil, "系统记录"},
		{"- 微信消息", []model.Citation{model.CiteServiceRules}, ""},
	}},
	model.DocumentDepositWish: {ownForm, []sentence{
		{"| ", nil, "暂存款记录"},
		{"本人自愿", nil, "缴款人的意愿"},
		{"本款由本院暂存", nil, "暂存款的处理（没有法律规定，以生效裁判为准）"},
		{"本院不因", nil, "不作承诺"},
		{"退款账户", nil, "由缴款人填写"},
		{"缴款人签名", nil, "由缴款人填写"},
		{"签名日期", nil, "由缴款人填写"},
		{"- 本表依", nil, "办理方法"},
	}},
	model.DocumentBindingSlip:        {ownForm, []sentence{partyLine, {"{{.案号}}", nil, "办理方法"}, {"{{if .绑定码}}", nil, "办理方法"}, {"- 日期", nil, "联系方式"}}},
	model.DocumentLiaisonSlip:        {ownForm, []sentence{{"= {{.受送达人}}", nil, "受送达人"}, {"您已被聘为", nil, "办理方法"}, {"绑定码", nil, "办理方法"}, {"协助请求中", []model.Citation{model.CiteOfficialDuty}, ""}, {"- 日期", nil, "联系方式"}}},
	model.DocumentRelativeSlip:       {ownForm, []sentence{{"= {{.受送达人}}", nil, "受送达人"}, {"需要与执行法官", nil, "办理方法"}, code, {"请不要向任何个人", nil, "防骗提示"}, {"- 日期", nil, "联系方式"}}},
	model.DocumentContactRecord:      {ownForm, []sentence{{"| ", nil, "登记的内容"}, {"- 本记录", nil, "记录的来源"}}},
	model.DocumentConversationRecord: {ownForm, []sentence{{"| ", nil, "案件和对话"}, {"{{range .对话清单}}", nil, "留言原文"}, {"{{if .内容}}", nil, "留言原文"}, {"{{end}}{{if .附件}}", nil, "附件"}, {"{{end}}{{end}}- 本记录", nil, "记录的来源"}}},
}

var onlyMarks = regexp.MustCompile(`^(## |# |> |\|:|@)|^(\{\{(end|if [^}]+)\}\}|@qr|@seal)+$|^\{\{end\}\}$`)

// deploy/docs/papers.md lists each paper with its form and the article behind each
// of its sentences; no sentence of a template is without its entry, and no entry
// without its sentence.
func TestEachSentenceHasItsArticle(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# 文书和依据\n\n本文由 `service/document/forms_test.go` 生成（`go test ./service/document -run TestEachSentenceHasItsArticle -update`），请勿手工修改。\n" +
		"每种文书一节：所依的样式，模板的每一句及其条文。条文按文书作出之日的版本印出，各版本见 [law.md](law.md)。法院可以在工作台修改模板；本表说的是内置的模板。\n" +
		"决定书、令、执行阶段的通知书按《人民法院民事裁判文书制作规范》（法〔2016〕221号）排版：版心 156 毫米×225 毫米，每面 22 行，每行 28 字，标题二号分两行，正文三号。" +
		"规范要求的小标宋体、仿宋体由法院自备（配置 `papers`）；没有配置的，标题用思源宋体（Noto Serif SC），正文用霞鹜文楷。\n")
	for _, kind := range model.DocumentKinds {
		f, ok := forms[kind]
		if !ok {
			t.Errorf("%s has no form", kind)
			continue
		}
		body, err := BuiltIn(kind)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n## %s\n\n样式：%s。\n\n| 内容 | 依据 |\n|---|---|\n", kind.Chinese(), f.of)
		used := make([]bool, len(f.sentences))
		for line := range strings.SplitSeq(body, "\n") {
			line = strings.TrimSpace(line)
			if line == "" || onlyMarks.MatchString(line) {
				continue
			}
			best := -1
			for i, s := range f.sentences {
				if strings.HasPrefix(line, s.begins) && (best < 0 || len(s.begins) > len(f.sentences[best].begins)) {
					best = i
				}
			}
			if best < 0 {
				t.Errorf("%s: no article and no reason for %q", kind, line)
				continue
			}
			used[best] = true
			s := f.sentences[best]
			rule := s.why
			if len(s.rules) > 0 {
				rule = model.Cites(s.rules...)
			}
			if rule == "" {
				t.Errorf("%s: %q has neither an article nor a reason", kind, s.begins)
			}
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(line, "|", "\\|"), rule)
		}
		for i, s := range f.sentences {
			if !used[i] && !slices.ContainsFunc(items, func(o sentence) bool { return o.begins == s.begins }) {
				t.Errorf("%s: nothing begins with %q", kind, s.begins)
			}
		}
	}
	const file = "../../deploy/docs/papers.md"
	if *updateForms {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != b.String() {
		t.Errorf("%s is not what the templates say (%v): go test ./service/document -run TestEachSentenceHasItsArticle -update", file, err)
	}
}
