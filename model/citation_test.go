package model

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every place of every rule lies in a version of its law that had such an
// article, the places of a rule are from new to old without two for one day, and
// a law's versions follow each other without a gap: so the article that On names
// existed on the day.
func TestEveryCitedArticleExisted(t *testing.T) {
	t.Parallel()
	for c, r := range citations {
		if r.sentence == "" || len(r.places) == 0 {
			t.Errorf("%s says nothing or is nowhere", c)
			continue
		}
		for i, p := range r.places {
			if p.version < 0 || p.article < 0 {
				t.Fatalf("%s: place %d names no version of its law", c, i)
			}
			v := p.of()
			if p.article > v.last {
				t.Errorf("%s: %s（%s）has %d articles, not %d", c, p.law.name, v.label, v.last, p.article)
			}
			if i > 0 && !v.from.Before(r.places[i-1].of().from) {
				t.Errorf("%s: %s is not older than the place before it", c, p.title())
			}
			for _, day := range []Date{v.from, v.until} {
				if !day.IsZero() && c.InForce(day) && c.on(day) != p && (i == 0 || c.on(day) != r.places[i-1]) {
					t.Errorf("%s on %s is at %v", c, day, c.on(day))
				}
			}
		}
		if !r.places[0].of().until.IsZero() {
			t.Errorf("%s rests on %s, which is not in force", c, r.places[0].title())
		}
		for i, v := range r.places[0].law.versions[1:] {
			if before := r.places[0].law.versions[i]; v.from != before.until.AddDays(1) {
				t.Errorf("%s: a gap before %s", r.places[0].law.name, v.from)
			}
		}
	}
}

// The articles as they were numbered on days on both sides of each amendment.
func TestArticlesOnTheDayOfTheAct(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		c    Citation
		day  Date
		want string
	}{
		{CiteDetentionDays, NewDate(2012, 12, 31), "《中华人民共和国民事诉讼法》（2007年修正）第一百零四条第二款"},
		{CiteDetentionDays, NewDate(2013, 1, 1), "《中华人民共和国民事诉讼法》（2012年修正）第一百一十五条第二款"},
		{CiteDetentionDays, NewDate(2021, 12, 31), "《中华人民共和国民事诉讼法》（2017年修正）第一百一十五条第二款"},
		{CiteDetentionDays, NewDate(2022, 1, 1), "《中华人民共和国民事诉讼法》（2021年修正）第一百一十八条第二款"},
		{CiteDetentionDays, NewDate(2024, 1, 1), "《中华人民共和国民事诉讼法》第一百一十八条第二款"},
		{CiteApplicationStart, NewDate(2020, 6, 1), "《中华人民共和国民事诉讼法》（2017年修正）第二百三十九条第二款"},
		{CiteApplicationStart, NewDate(2023, 6, 1), "《中华人民共和国民事诉讼法》（2021年修正）第二百四十六条第二款"},
		{CiteApplicationStart, NewDate(2026, 6, 1), "《中华人民共和国民事诉讼法》第二百五十条第二款"},
		{CiteDoubledInterest, NewDate(2020, 6, 1), "《中华人民共和国民事诉讼法》（2017年修正）第二百五十三条"},
		{CiteDoubledInterest, NewDate(2026, 6, 1), "《中华人民共和国民事诉讼法》第二百六十四条"},
		{CiteLateApplication, NewDate(2022, 4, 9), "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》（2020年修正）第四百八十三条第一款"},
		{CiteLateApplication, NewDate(2022, 4, 10), "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百八十一条第一款"},
		{CiteRestDay, NewDate(2020, 12, 31), "《中华人民共和国民法总则》第二百零三条第一款"},
		{CiteServedOnReading, NewDate(2020, 7, 1), "《民事诉讼程序繁简分流改革试点实施办法》（2020年）第二十六条第二项"},
		{CiteServedOnReading, NewDate(2026, 7, 1), "《人民法院在线诉讼规则》第三十一条第二款第二项"},
		{CiteConsumptionNotice, NewDate(2015, 7, 21), "《最高人民法院关于限制被执行人高消费的若干规定》第一条第一款"},
		{CiteDoubledPart, NewDate(2026, 1, 1), "《最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释》（法释〔2014〕8号）第一条第三款"},
	} {
		if got := tt.c.On(tt.day); got != tt.want {
			t.Errorf("%s on %s: %s, want %s", tt.c, tt.day, got, tt.want)
		}
	}
	// 民诉法 90: judgments by electronic means, and paper on request, since 2022.
	if CitePaperCopy.InForce(NewDate(2021, 12, 31)) || !CitePaperCopy.InForce(NewDate(2022, 1, 1)) || CitePaperCopy.Short() != "民事诉讼法第九十条第一款" {
		t.Errorf("a paper copy rests on %s", CitePaperCopy)
	}
	// 行政处罚法 73 (3) is newer than the surcharge itself: it is left out before.
	if got := CitesOn(NewDate(2021, 7, 14), CiteLateFineRate, CiteSurchargeStops); got != "《中华人民共和国行政处罚法》（1996年）第五十一条第一项" {
		t.Errorf("the surcharge before 2021 rests on %s", got)
	}
	if got := Cites(CiteListingCorrection, CiteListingReview, CiteGrace); got !=
		"《最高人民法院关于公布失信被执行人名单信息的若干规定》第十一条、第十二条第一款；《最高人民法院关于在执行工作中进一步强化善意文明执行理念的意见》（法发〔2019〕35号）第十五条" {
		t.Errorf("joined: %s", got)
	}
}

// Each kind of measure rests on its own rules: who signs, the grounds, and what
// ends it. 执行和解规定 3 is about property that was seized and lifts neither a
// listing nor a restriction of spending.
func TestMeasuresRestOnTheirOwnRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind   MeasureKind
		signed Citation
		lift   LiftGround
		want   Citation
	}{
		{MeasureListing, CiteListingSigned, LiftPerformed, CiteListingDeleted},
		{MeasureListing, CiteListingSigned, LiftSettled, CiteListingDeleted},
		{MeasureListing, CiteListingSigned, LiftCreditor, CiteListingDeletedAsked},
		{MeasureListing, CiteListingSigned, LiftEarly, CiteListingEarly},
		{MeasureListing, CiteListingSigned, LiftCredit, CiteGoodFaith},
		{MeasureConsumption, CiteConsumptionSigned, LiftSettled, CiteConsumptionLifted},
		{MeasureConsumption, CiteConsumptionSigned, LiftCreditor, CiteConsumptionLifted},
		{MeasureConsumption, CiteConsumptionSigned, LiftChanged, CitePostChanged},
		{MeasureExitBan, "", LiftSettled, CiteExitBanLifted},
		{MeasureTracing, "", LiftFound, CiteTracing},
		{MeasureDetention, CitePresidentApproves, LiftRemorse, CiteDetentionRelease},
		{MeasureDetention, CitePresidentApproves, LiftUnfit, CiteUnfitForDetention},
		{MeasureFine, CitePresidentApproves, LiftPaid, CiteFineAmounts},
	} {
		if tt.kind.Signed() != tt.signed {
			t.Errorf("%s is signed by %s", tt.kind, tt.kind.Signed())
		}
		if got := tt.kind.LiftRules(tt.lift); got[0] != tt.want {
			t.Errorf("%s is lifted for %s by %v, want %s", tt.kind, tt.lift, got, tt.want)
		}
	}
	grounds := map[MeasureKind]map[MeasureGround]Citation{
		MeasureDetention: {
			GroundHidesProperty: CiteHidesProperty, GroundSecured: CiteDisposesSecured, GroundOrder: CiteBreaksOrder, GroundAbleRefuses: CiteAbleRefuses,
			GroundNoAssistance: CiteNoAssistance, GroundObstructs: CiteObstructsDuty, GroundReport: CitePropertyReport,
		},
		MeasureExitBan: {GroundUnperformed: CiteExitBan},
	}
	for kind, of := range grounds {
		for _, g := range kind.Grounds() {
			if g.Citation != of[g.Ground] {
				t.Errorf("%s for %s rests on %s", kind, g.Ground, g.Citation)
			}
		}
	}
	old := Measure{Kind: MeasureDetention, Ground: GroundAbleRefuses, Relation: RelationSelf}
	if got := old.rulesOn(NewDate(2020, 6, 1)); got !=
		"《中华人民共和国民事诉讼法》（2017年修正）第一百一十一条第一款第六项、第一百一十五条第二款、第一百一十六条第一款、第一百一十六条第三款；《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》（2015年）第一百八十八条第四项" {
		t.Errorf("a detention of 2020 rests on %s", got)
	}
	if got := Cites(MeasureListing.overRules()...); got != CiteListingDeletedTerm.String() {
		t.Errorf("a listing whose term is over ends by %s", got)
	}
}

func TestChineseNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{9: "九", 10: "十", 20: "二十", 101: "一百零一", 110: "一百一十", 250: "二百五十", 306: "三百零六", 1001: "一千零一", 1010: "一千零一十", 1260: "一千二百六十"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

var (
	// anArticle is how a citation looks, wherever it stands.
	anArticle = regexp.MustCompile(`第\s?[一二三四五六七八九十百千零〇0-9]+\s?条|(?:法|解释|规定|规则|办法|典)》?\s?\d+\s?条`)
	aCitation = regexp.MustCompile(`^Cite[A-Z]\w*$`)
	aRuleName = regexp.MustCompile(`cite "([^"]+)"`)
)

// An article that is typed where somebody reads it is one that nobody finds when
// the law is amended: it goes through the table of citations.
func TestNoCitationIsTyped(t *testing.T) {
	t.Parallel()
	for file, text := range sourceTexts(t, ".go", ".html", ".txt", ".js", ".wxml", ".ts") {
		if strings.Contains(file, "/testdata/") || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "model/citation") {
			continue
		}
		if strings.HasSuffix(file, ".go") {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			var typed []string
			ast.Inspect(parsed, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil && anArticle.MatchString(s) {
						typed = append(typed, s)
					}
				}
				return true
			})
			if len(typed) > 0 {
				t.Errorf("%s types citations: %s", file, strings.Join(typed, "\n"))
			}
			continue
		}
		if at := anArticle.FindString(text); at != "" {
			t.Errorf("%s types a citation: %s", file, at)
		}
	}
}

// The shipped list of duties cites in a column of its own, which courts replace
// by their own lists: its articles are looked up in the table of laws.
func TestCitationsInTheListOfDutiesExist(t *testing.T) {
	t.Parallel()
	numbers := map[string]*law{"法释〔2015〕17号": lawConsumption, "法释〔2017〕7号": lawListing, "公司法（2023）": lawCompany, "市场主体登记管理条例": lawRegistration}
	text, err := os.ReadFile("../service/agency/duties.csv")
	if err != nil {
		t.Fatal(err)
	}
	one := regexp.MustCompile(`([^，；,\s]+?)\s?(第([一二三四五六七八九十百]+)条)`)
	found := 0
	for _, m := range one.FindAllStringSubmatch(string(text), -1) {
		found++
		l := numbers[m[1]]
		if l == nil {
			t.Errorf("the list of duties cites %s, which the table of laws does not know", m[0])
			continue
		}
		last := l.versions[len(l.versions)-1].last
		if !slices.ContainsFunc(slices.Collect(upTo(last)), func(n int) bool { return "第"+chineseNumber(n)+"条" == m[2] }) {
			t.Errorf("%s has no %s", l.name, m[2])
		}
	}
	if found == 0 {
		t.Error("no citation was read")
	}
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 1; i <= n && yield(i); i++ {
		}
	}
}

// The document of the law says of each rule where it stands, where the program
// applies it and which test holds the program against it.
func TestTheLawIsDrawn(t *testing.T) {
	t.Parallel()
	const file = "../deploy/docs/law.md"
	want := drawLaw(t)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("%s is not what the table says (%v): go test ./model -run TestTheLawIsDrawn -update", file, err)
	}
}

// withoutVector bounds the rules that no test of their own holds the program
// against yet; it may only shrink.
const withoutVector = 18

func drawLaw(t *testing.T) string {
	names := map[Citation]string{} // of the constants
	used := map[string][]string{}  // files by constant
	tests := map[string]string{}   // files by test
	files := sourceTexts(t, ".go", ".html")
	for _, file := range slices.Sorted(maps.Keys(files)) {
		text := files[file]
		if !strings.HasSuffix(file, ".go") {
			for _, m := range aRuleName.FindAllStringSubmatch(text, -1) {
				if _, ok := CitationOf(m[1]); !ok {
					t.Errorf("%s cites %q, which the table does not have", file, m[1])
				}
				used[m[1]] = append(used[m[1]], file)
			}
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if strings.HasPrefix(n.Name.Name, "Test") {
					tests[n.Name.Name] = file
				}
			case *ast.ValueSpec:
				if file == "model/citation_table.go" && len(n.Values) == 1 {
					if l, ok := n.Values[0].(*ast.BasicLit); ok && aCitation.MatchString(n.Names[0].Name) {
						key, _ := strconv.Unquote(l.Value)
						names[Citation(key)] = n.Names[0].Name
					}
				}
			case *ast.Ident:
				if aCitation.MatchString(n.Name) && !strings.HasSuffix(file, "_test.go") && file != "model/citation_table.go" {
					used[n.Name] = append(used[n.Name], file)
				}
			}
			return true
		})
	}
	var b strings.Builder
	b.WriteString("# 法律依据\n\n本文由 `model/citation_table.go` 和 `model/citation_law.go` 生成（`go test ./model -run TestTheLawIsDrawn -update`），请勿手工修改。\n" +
		"每条规则一行：规则的内容，各时期的条文，程序在哪里适用，由哪个测试核对。条文按行为当日施行的版本印在文书上。\n\n| 规则 | 条文 | 适用之处 | 核对的测试 |\n|---|---|---|---|\n")
	without := 0
	for _, c := range CitationNames() {
		r := citations[c]
		var at []string
		for _, p := range r.places {
			v := p.of()
			span := v.from.String() + " 起"
			if !v.until.IsZero() {
				span = v.from.String() + " 至 " + v.until.String()
			}
			at = append(at, p.title()+p.number()+"（"+span+"）")
		}
		where := slices.Compact(slices.Sorted(slices.Values(append(used[names[c]], used[string(c)]...))))
		for i, f := range where {
			where[i] = "`" + f + "`"
		}
		if len(where) == 0 {
			t.Errorf("%s is cited nowhere", names[c])
		}
		vector := "—"
		if r.vector != "" {
			file, ok := tests[r.vector]
			if !ok {
				t.Errorf("%s names %s, which is no test", names[c], r.vector)
			}
			vector = "`" + r.vector + "` " + file
		} else {
			without++
		}
		fmt.Fprintf(&b, "| `%s` %s | %s | %s | %s |\n", string(c), r.sentence, strings.Join(at, "<br>"), strings.Join(where, "<br>"), vector)
	}
	if without > withoutVector {
		t.Errorf("%d rules have no test of their own, %d are allowed", without, withoutVector)
	}
	return b.String()
}

// sourceTexts reads the files of the program with these endings, by path.
func sourceTexts(t *testing.T, endings ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(endings, filepath.Ext(path)) || strings.Contains(path, "/static/") {
			return err
		}
		b, err := os.ReadFile(filepath.Join("..", path))
		out[path] = string(b)
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	return out
}
