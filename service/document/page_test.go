package document

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/service/document/font"
)

// 《人民法院民事裁判文书制作规范》: a type area of 156 by 225 mm with 22 lines of 28
// characters of size three.
func TestThePageOfAnInstrument(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	p, err := pr.newPaper("试", "", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	p.instrument, p.size, p.leading = true, bodySize, lineHeight
	p.page()
	lines := p.wrap(strings.Repeat("法", 22*28), p.size, textWidth)
	if len(lines) != 22 || utf8.RuneCountInString(lines[0]) != 28 {
		t.Fatalf("%d lines, the first of %d characters", len(lines), utf8.RuneCountInString(lines[0]))
	}
	for range 22 {
		p.flow("法", p.size, p.leading, "")
	}
	if p.pages != 1 {
		t.Errorf("22 lines need %d pages", p.pages)
	}
	if p.flow("法", p.size, p.leading, ""); p.pages != 2 {
		t.Error("a page has more than 22 lines")
	}
	if w, h := textWidth/mm, (bottom-marginTop)/mm; w < 155.99 || w > 156.01 || h < 224.99 || h > 225.01 {
		t.Errorf("%.2f by %.2f mm", w, h)
	}
}

// The court's name, the day and the seal stand on a page with some of the text,
// however long that is.
func TestNoSealStandsAlone(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	f := model.SampleFacts(model.DocumentListingDecision, model.Court{Name: "宁波市镇海区人民法院"}, model.NewDate(2026, 4, 30))
	body, err := BuiltIn(f.Kind)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		f.Measure.Text = strings.Repeat("被执行人名下有车辆和房屋，收到执行通知后仍未履行。", n)
		p, blocks, err := pr.layOut(context.Background(), f, body, "试")
		if err != nil {
			t.Fatal(err)
		}
		if p.alone || len(blocks) == 0 || p.size != bodySize {
			t.Errorf("%d sentences: %d pages, alone %v, size %v", n, p.pages, p.alone, p.size)
		}
	}
}

// Amounts and the numbers of cases and papers never break over two lines, wherever
// they stand.
func TestAmountsAndNumbersDoNotBreak(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	p, err := pr.newPaper("试", "", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"（2026）浙0211民初1234号", "（2019）浙0211行审74号之一", "镇法自履证〔2026〕1号", "1,300,000.00 元", "130万元", "20,000.00元", "人民币壹佰叁拾万元整", "（2026）浙0211执恢88号", "2026年12月31日", "330211********0011",
	} {
		for before := range 29 {
			text := strings.Repeat("在", before) + s + "，应当履行。"
			whole := false
			for _, line := range p.wrap(text, bodySize, textWidth) {
				whole = whole || strings.Contains(line, s)
			}
			if !whole {
				t.Errorf("%s breaks behind %d characters", s, before)
			}
		}
	}
	// A long run of them still ends, and nothing is lost.
	long := strings.Repeat("（2026）浙0211民初1234号、", 40)
	if got := strings.Join(p.wrap(long, bodySize, textWidth), ""); got != long {
		t.Error("a text changed by being broken")
	}
}

// Nor in a table, however narrow its column is meant to be.
func TestAmountsAndDaysDoNotBreakInTables(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	p, err := pr.newPaper("试", "", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string][]string{
		"usual": {"1", "给付货款，向某某公司", "2026年3月31日", "100,000.00", "0.00", "100,000.00", "10", "175.00"},
		"large": {"1", "给付货款，向某某公司", "2026年12月31日", "1,234,567,890.00", "234,567,890.00", "1,000,000,000.00", "1000", "175,000,000.00"},
	} {
		widths, size := p.columnsFor(columns(block{rows: [][]string{row}, widths: []float64{4, 14, 12, 13, 13, 13, 6, 12}}), [][]string{row}, 10, 6)
		sum := 0.0
		for i, cell := range row {
			sum += widths[i]
			if lines := p.wrap(cell, size, widths[i]-6); i != 1 && len(lines) > 1 {
				t.Errorf("%s: %q breaks at %.0f points in size %.0f: %q", name, cell, widths[i], size, lines)
			}
		}
		if sum < textWidth-0.1 || sum > textWidth+0.1 {
			t.Errorf("%s: the table is %.1f wide, the text %.1f", name, sum, textWidth)
		}
	}
}

// A court's own typefaces are used, and what they lack is printed in the program's:
// a name stays whole.
func TestACourtsOwnTypefaces(t *testing.T) {
	t.Parallel()
	song, err := font.Song()
	if err != nil {
		t.Fatal(err)
	}
	pr, signer := printer(t)
	plain, err := pr.Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	own, err := pr.WithFonts(Fonts{Title: song, Text: song}).Certificate(facts(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(own, signer.Certificate()); err != nil || !v.Trusted {
		t.Fatalf("%+v %v", v, err)
	}
	text := flatText(t, own)
	for _, w := range []string{"阿卜杜·热合曼㛃𫖯䶮", "建设工程施工合同纠纷", "自动履行证明书"} {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not printed: %s", w, text)
		}
	}
	if names := regexp.MustCompile(`/BaseFont`).FindAllString(string(own), -1); len(names) < 6 || len(plain) == 0 {
		t.Errorf("%d fonts", len(names))
	}
}
