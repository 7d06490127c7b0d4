package document

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"microcourt/model"
)

func facts() model.CertificateFacts {
	return model.CertificateFacts{
		Number: "镇法自履证〔2026〕1号", CheckCode: "7KQ2MX9P4T", CourtName: "宁波市镇海区人民法院", ObligorName: "阿卜杜·热合曼㛃𫖯䶮",
		ObligorKind: model.Person, ObligorID: "340524********001X", CaseNo: "（2026）浙0211民初1234号", Cause: "建设工程施工合同纠纷",
		InstrumentKind: "调解书", InstrumentNo: "（2026）浙0211民初1234号", EffectiveOn: model.NewDate(2026, 3, 2),
		Adjudged: "被告于2026年6月30日前分三期向原告支付工程款130万元。",
		Performed: []model.PerformedItem{
			{On: model.NewDate(2026, 4, 1), AmountFen: 50000000, What: "银行电子回单", By: model.PerformerSelf, Who: "本人"},
			{On: model.NewDate(2026, 5, 6), AmountFen: 80000000, What: "柜台回单", By: model.PerformerRelative, Who: "亲属（母亲）阿依古丽代为履行"},
		},
		TotalFen: 130000000, LastPaidOn: model.NewDate(2026, 5, 6), Timeliness: model.OnTime, Judge: "张敏",
		IssuedOn: model.NewDate(2026, 5, 8), VerifyURL: "https://court.example/verify?number=1&code=7KQ2MX9P4T", VerifyAt: "https://court.example/verify",
		PerformedBy: model.PerformedOwn,
	}
}

func printer(t testing.TB) (*Printer, *Signer) {
	t.Helper()
	s, _, _, err := GenerateSigner("宁波市镇海区人民法院", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return NewPrinter(s, nil), s
}

func TestCertificateIsAValidSignedPDF(t *testing.T) {
	t.Parallel()
	pr, signer := printer(t)
	pdf, err := pr.Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("KEEP_PAPERS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "certificate.pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := api.Validate(bytes.NewReader(pdf), nil); err != nil {
		t.Errorf("not a valid PDF: %v", err)
	}
	v, err := Verify(pdf, signer.Certificate())
	if err != nil || !v.Trusted || v.Number != facts().Number || v.CheckCode != facts().CheckCode || v.Signer != "宁波市镇海区人民法院" || v.Kind != CertificateKind || v.Title != "自动履行证明书" {
		t.Fatalf("%+v %v", v, err)
	}
}

// What a reader's own tools make of the paper: text with rare characters, and
// the signature. poppler-utils is part of the test set-up.
func TestCertificateReadsBackWithOtherTools(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	pdf, err := pr.Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "c.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v", err)
	}
	for _, want := range []string{
		"自动履行证明书", "阿卜杜·热合曼㛃𫖯䶮", "镇法自履证〔2026〕1号", "人民币壹佰叁拾万元整", "二〇二六年五月八日", "340524********001X", "500,000.00",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the paper's text lacks %q", want)
		}
	}
	sig, err := exec.Command("pdfsig", "-nocert", file).CombinedOutput()
	if err != nil || !strings.Contains(string(sig), "Signature is Valid") || !strings.Contains(string(sig), "Total document signed") {
		t.Errorf("pdfsig: %v\n%s", err, sig)
	}
}

// Every sentence of the paper follows from its facts: a record that says
// otherwise prints otherwise.
func TestACertificateSaysWhatTheRecordSays(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	for name, c := range map[string]struct {
		change    func(*model.CertificateFacts)
		says, not []string
	}{
		"he performed": {
			func(*model.CertificateFacts) {},
			[]string{"自动履行证明书", "已于2026年5月6日自动履行完毕", "亲属（母亲）阿依古丽代为履行", "未有强制执行案件立案", "https://court.example/verify"},
			[]string{"7日前", "第五百一十九条", "义务履行完毕证明书"},
		},
		"others did": {func(f *model.CertificateFacts) {
			f.PerformedBy = model.PerformedByOthers
			f.Performed[0].By, f.Performed[0].Who = model.PerformerJoint, "连带债务人李某"
			f.Performed[1].By, f.Performed[1].Who = model.PerformerThird, "第三人顺达公司代为履行"
		}, []string{"义务履行完毕证明书", "由他人履行完毕", "上述义务人本人没有履行", "连带债务人李某", "第五百一十九条"}, []string{"自动履行证明书", "自动履行完毕"}},
		"enforced later": {func(f *model.CertificateFacts) {
			f.EnforcedAfter = []model.LaterEnforcement{{CaseNo: "（2026）浙0211执9号", FiledOn: model.NewDate(2026, 5, 7)}}
		}, []string{"2026年5月7日立案的（2026）浙0211执9号", "义务履行在先"}, []string{"未有强制执行案件"}},
		"set off, not paid": {func(f *model.CertificateFacts) {
			f.Performed[0].What = model.Receipt{SetOff: &model.SetOff{Basis: model.SetOffInstrument, InstrumentNo: "（2025）浙0211民初7号民事判决书", InstrumentOn: model.NewDate(2025, 11, 3)}}.Means()
			f.Performed[1].What = model.Receipt{Lodged: &model.Lodgement{Ground: model.LodgedMissing, With: "宁波市镇海公证处", Number: "提字第5号"}}.Means()
		}, []string{"以抵销方式履行，未支付款项", "（2025）浙0211民初7号民事判决书", "以提存方式履行", "宁波市镇海公证处", "下落不明"}, []string{"银行电子回单"}},
		"dollars": {func(f *model.CertificateFacts) {
			debt := model.ForeignDebt{Currency: model.CurrencyDollar, Minor: 5_000_000, Rate: &model.Rate{Yuan: "7.1234", Per: 1, OnDay: model.NewDate(2026, 3, 2), Source: "中国外汇交易中心"}}
			f.Foreign = []string{debt.Words()}
		}, []string{"登记汇率下的人民币记账数额", "50,000.00 美元", "7.1234"}, nil},
		"paid late": {func(f *model.CertificateFacts) { f.Timeliness = model.BeforeEnforcement }, []string{"逾期后、进入执行程序前"}, []string{"履行期限内"}},
		"no money was owed": {func(f *model.CertificateFacts) {
			f.TotalFen, f.Performed = 0, []model.PerformedItem{{On: model.NewDate(2026, 5, 6), What: "腾退房屋", By: model.PerformerSelf, Who: "本人"}}
		}, []string{"腾退房屋"}, []string{"合计", "人民币"}},
	} {
		f := facts()
		f.ObligorName = "赵某"
		c.change(&f)
		pdf, err := pr.Certificate(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		text := read(t, pdf)
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the paper lacks %q:\n%s", name, want, text)
			}
		}
		for _, wrong := range c.not {
			if strings.Contains(text, wrong) {
				t.Errorf("%s: the paper says %q:\n%s", name, wrong, text)
			}
		}
	}
}

// Nothing is signed that the record does not hold yet, nor that does not say, read
// back from the file, what it was to say.
func TestWhatIsSignedIsOnRecordAndReadBack(t *testing.T) {
	t.Parallel()
	pr, signer := printer(t)
	full := errors.New("the disk is full")
	if pdf, err := pr.Certificate(facts(), func(string) error { return full }); !errors.Is(err, full) || pdf != nil {
		t.Errorf("signed without a record: %d bytes, %v", len(pdf), err)
	}
	var sums []string
	for range 2 { // after a power cut, the same paper is finished
		_, err := pr.Certificate(facts(), func(sum string) error { sums = append(sums, sum); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(sums) != 2 || sums[0] != sums[1] || len(sums[0]) != 64 {
		t.Errorf("the record of the same paper: %q", sums)
	}
	p, err := pr.newPaper("试", "第1号", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	p.page()
	p.paragraph("应付人民币壹佰元整，由阿卜杜·热合曼㛃𫖯䶮收取。" + strings.Repeat("很长的一句话，", 300))
	raw, err := p.bytes()
	if err != nil {
		t.Fatal(err)
	}
	if p.pages < 2 {
		t.Fatal("one page is not enough to try it")
	}
	for says, signed := range map[string]bool{"壹佰元整": true, "壹仟元整": false, "热合曼㛃𫖯䶮收取。很长": true, strings.Repeat("很长的一句话，", 300): true, "热合曼某": false} {
		pdf, err := pr.sign(raw, p, []string{says}, Metadata{Title: "试", Number: "第1号"}, nil)
		if (err == nil) != signed {
			t.Errorf("%.30s: %v", says, err)
		}
		if _, bad := Verify(pdf, signer.Certificate()); (bad == nil) != signed {
			t.Errorf("%.30s: %v", says, bad)
		}
	}
}

// read is the text of a paper as another program reads it, without line breaks.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "c.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v", err)
	}
	return strings.NewReplacer("\n", "", "\r", "", "\f", "").Replace(string(text))
}

func TestVerifyFindsEveryChange(t *testing.T) {
	t.Parallel()
	pr, signer := printer(t)
	pdf, err := pr.Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := byteRangePattern.FindSubmatchIndex(pdf)
	for name, at := range map[string]int{"first byte": 1, "text": 3000, "range": g[0] + 14, "end": len(pdf) - 3} {
		b := bytes.Clone(pdf)
		b[at] ^= 1
		if _, err := Verify(b, signer.Certificate()); err == nil {
			t.Errorf("%s: one changed bit passed", name)
		}
	}
	appended := append(bytes.Clone(pdf), "1 0 obj\n<<>>\nendobj\n%%EOF\n"...)
	if _, err := Verify(appended, signer.Certificate()); !errors.Is(err, ErrAltered) {
		t.Errorf("appended: %v", err)
	}
	if _, err := Verify([]byte("%PDF-1.7\n%%EOF"), signer.Certificate()); !errors.Is(err, ErrNotSigned) {
		t.Errorf("unsigned: %v", err)
	}
	other, _ := printer(t)
	forged, err := other.Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(forged, signer.Certificate()); err != nil || v.Trusted {
		t.Errorf("a paper signed by somebody else under the court's name is trusted: %+v %v", v, err)
	}
}

func TestLongPapersBreakOverPages(t *testing.T) {
	t.Parallel()
	pr, signer := printer(t)
	f := facts()
	f.ObligorName = strings.Repeat("很长的名称", 8)
	f.Cause = "含有无法显示的字符🙂的案由"
	for range 120 {
		f.Performed = append(f.Performed, model.PerformedItem{On: model.NewDate(2026, 5, 6), AmountFen: 1, What: "银行电子回单"})
	}
	pdf, err := pr.Certificate(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := api.PageCount(bytes.NewReader(pdf), nil); err != nil || n < 4 {
		t.Errorf("%d pages, %v", n, err)
	}
	if _, err := Verify(pdf, signer.Certificate()); err != nil {
		t.Error(err)
	}
}

// Every kind of paper prints from its built-in template: signed, with its
// number, nothing missing from the typeface, and on one page where one
// suffices.
func TestEveryPaperPrints(t *testing.T) {
	t.Parallel()
	pr, signer := printer(t)
	court := model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-12368", Address: "宁波市镇海区骆驼街道", Account: "户名：宁波市镇海区人民法院，账号：3901 1200 1900 0012 345，开户行：工商银行宁波镇海支行"}
	for _, kind := range model.DocumentKinds {
		body, err := BuiltIn(kind)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckTemplate(kind, body); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		f := model.SampleFacts(kind, court, model.NewDate(2026, 4, 30))
		f.Number = "镇法试〔2026〕9号"
		pdf, err := pr.Paper(t.Context(), f, body, nil)
		if err != nil {
			t.Fatal(kind, err)
		}
		keep(t, string(kind), pdf)
		if v, err := Verify(pdf, signer.Certificate()); err != nil || v.Number != f.Number || !v.Trusted {
			t.Errorf("%s: %+v %v", kind, v, err)
		}
		most := 1
		if kind == model.DocumentPenaltyStatement || instrument(kind) {
			most = 3 // it lists what was adjudged and what arrived, or its type keeps its size
		}
		if n, err := api.PageCount(bytes.NewReader(pdf), nil); err != nil || n > most {
			t.Errorf("%s: %d pages, %v", kind, n, err)
		}
		preview, err := pr.Preview(t.Context(), f, body)
		if err != nil {
			t.Fatal(kind, err)
		}
		if _, err := Verify(preview, signer.Certificate()); err == nil {
			t.Errorf("%s: a preview is signed", kind)
		}
	}
	// Twenty items, a name of forty characters with marks in it, and no end.
	f := model.SampleFacts(model.DocumentReminder, court, model.NewDate(2026, 4, 30))
	f.Addressee = "# 很长|的名称\n@seal" + strings.Repeat("某某建设工程", 6)
	for len(f.Items) < 20 {
		it := f.Items[0]
		it.DueReason = "9月18日生效，次日起算15日，末日10月3日为节假日，顺延至10月9日"
		it.Other = strings.Repeat("某某有限公司", 5)
		f.Items = append(f.Items, it)
	}
	body, err := BuiltIn(model.DocumentReminder)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := pr.Paper(t.Context(), f, body, nil)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "reminder-long", pdf)
	if n, err := api.PageCount(bytes.NewReader(pdf), nil); err != nil || n < 2 || n > 6 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// What a court's staff may get wrong in a template is found when it is saved,
// with the line.
func TestTemplatesAreChecked(t *testing.T) {
	t.Parallel()
	good, err := BuiltIn(model.DocumentContactRecord)
	if err != nil {
		t.Fatal(err)
	}
	for reason, tt := range map[string]struct{ body, says string }{
		"template.size":        {strings.Repeat("长", 20_000), "32 KB"},
		"template.syntax":      {good + "{{if .案号}}", "行"},
		"template.variable":    {good + "\n{{.原告}}", "“原告”"},
		"template.required":    {"# 联系记录\n{{.文号}}{{.法院}}{{.案号}}{{.日期}}{{.联系时间}}{{.记录人}}", "{{.联系情况}}"},
		"template.repeated":    {good + "\n@seal\n@seal", "只能出现一次"},
		"template.table":       {good + "\n| 一 | 二 |\n| 一 |", "列"},
		"template.characters":  {good + "\n🙂", "🙂"},
		"template.not_allowed": {good + "\n{{printf \"%d\" 1}}", "只能使用"},
	} {
		err := CheckTemplate(model.DocumentContactRecord, tt.body)
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Reason != reason || e.Field != "body" || !strings.Contains(e.Message, tt.says) {
			t.Errorf("%+v, want %s with %q", e, reason, tt.says)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	pr, _ := printer(t)
	if _, err := pr.Preview(gone, model.SampleFacts(model.DocumentContactRecord, model.Court{Name: "某某市某某区人民法院"}, model.NewDate(2026, 1, 2)), good); !errors.Is(err, context.Canceled) {
		t.Errorf("a paper whose reader left was printed: %v", err)
	}
	for _, body := range []string{
		"{{range 1000000000}}x{{end}}", "{{with .案号}}{{.}}{{end}}", "{{define \"a\"}}x{{end}}{{template \"a\"}}", "{{$x := .案号}}", "{{.案号 | len}}",
		"{{.案号.长}}", "{{if eq .案号 .案由}}x{{end}}", "{{break}}",
	} {
		if err := CheckTemplate(model.DocumentContactRecord, good+body); err == nil {
			t.Errorf("%s was admitted", body)
		}
	}
	if err := CheckTemplate(model.DocumentContactRecord, "|: 1 0\n"+good); model.ReasonOf(err) != "template.table" {
		t.Error(err)
	}
}

// A paper beside what it cannot do without, whatever makes it: to deflate as
// many bytes as it has.
func BenchmarkCertificate(b *testing.B) {
	pr, _ := printer(b)
	f := facts()
	pdf, err := pr.Certificate(f, nil)
	if err != nil {
		b.Fatal(err)
	}
	var paper, bare time.Duration
	for b.Loop() {
		start := time.Now()
		for range 20 {
			if _, err := pr.Certificate(f, nil); err != nil {
				b.Fatal(err)
			}
		}
		paper += time.Since(start)
		start = time.Now()
		for range 20 {
			z := zlib.NewWriter(io.Discard)
			if _, err := z.Write(pdf); err != nil || z.Close() != nil {
				b.Fatal("deflate")
			}
		}
		bare += time.Since(start)
	}
	b.ReportMetric(float64(paper)/float64(bare), "deflates")
	b.ReportMetric(20*float64(b.N)/paper.Seconds(), "PDF/s")
}
