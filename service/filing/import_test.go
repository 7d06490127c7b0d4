package filing_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"microcourt/model"
	"microcourt/service/filing"
)

// many asks for a larger import than the gate's.
//
//nolint:gochecknoglobals // a flag
var many = flag.Int("rows", 1000, "rows of the import that is all or nothing")

// row is a line of the import file by its titles; what is not set is as usual.
type row map[string]any

func usual(n int, change row) row {
	out := row{
		"案号": fmt.Sprintf("（2026）浙0211民初%d号", n), "案由": "买卖合同纠纷", "立案日期": "2026-01-05", "承办法官": "zhang.min", "权利人": "李某", "权利人类型": "自然人",
		"义务人": "某某建材有限公司", "义务人类型": "单位", "文书种类": "调解书", "文书编号": fmt.Sprintf("（2026）浙0211民初%d号", n), "生效日期": "2026-02-01",
		"义务摘要": "支付货款", "金额": "12000.50", "履行期限": "2026-03-31",
	}
	for k, v := range change {
		out[k] = v
	}
	return out
}

// titles are those of the template.
func titles(t *testing.T) []string {
	t.Helper()
	var b bytes.Buffer
	if err := filing.TemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\xef\xbb\xbf"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[0]
}

// workbook is a file of rows; days and formats are set by fill.
func workbook(t *testing.T, rows []row, fill func(f *excelize.File, at func(title string, n int) string)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	heads := titles(t)
	at := func(title string, n int) string {
		for i, h := range heads {
			if h == title {
				cell, _ := excelize.CoordinatesToCellName(i+1, n)
				return cell
			}
		}
		t.Fatal("no column", title)
		return ""
	}
	_ = f.SetSheetRow("Sheet1", "A1", &heads)
	for i, r := range rows {
		for title, v := range r {
			if err := f.SetCellValue("Sheet1", at(title, i+2), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if fill != nil {
		fill(f, at)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w *world) importing(file []byte, o filing.Importing) *filing.ImportReport {
	w.t.Helper()
	rep, err := w.svc.Import(context.Background(), w.clerk, bytes.NewReader(file), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return rep
}

// problems are the places and reasons of a report.
func problems(rep *filing.ImportReport) string {
	var out []string
	for _, p := range rep.Problems {
		out = append(out, fmt.Sprintf("%d %s %s", p.Row, p.Column, p.Reason))
	}
	return strings.Join(out, "; ")
}

// True Excel days and formatted amounts are filed as they are stored, and the
// preview shows them so.
func TestImportFilesWhatTheCellsHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file := workbook(t, []row{usual(5001, row{"立案日期": nil, "生效日期": nil, "履行期限": nil, "金额": nil})}, func(f *excelize.File, at func(string, int) string) {
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		whole := "0.00,"
		money, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &whole})
		for title, v := range map[string]any{"立案日期": 46027, "生效日期": 46054, "履行期限": 46366, "金额": 12345.67} {
			style := day
			if title == "金额" {
				style = money
			}
			_ = f.SetCellValue("Sheet1", at(title, 2), v)
			_ = f.SetCellStyle("Sheet1", at(title, 2), at(title, 2), style)
		}
	})
	rep := w.importing(file, filing.Importing{DryRun: true})
	if len(rep.Problems) > 0 || rep.Created != 1 || len(rep.Preview) != 1 {
		t.Fatal(problems(rep), rep)
	}
	l := rep.Preview[0]
	if got := fmt.Sprint(l.FiledOn, l.EffectiveOn, l.Duties[0].DueOn, l.Duties[0].AmountFen); got != "2026-01-05 2026-02-01 2026-12-10 12345.67" {
		t.Error("the preview shows", got)
	}
	if rep = w.importing(file, filing.Importing{}); rep.Created != 1 || rep.Outgoing.Choice != model.NoticesNow {
		t.Fatal(problems(rep), rep.Outgoing)
	}
	w.later(0)
	told := w.told("（2026）浙0211民初5001号")
	if told[model.NoticeFirstDemand] != 0 || told[model.NoticeFiled] != 2 || told[model.NoticeInstrument] != 2 {
		t.Error("told:", told)
	}
	if cs := w.caseOf("（2026）浙0211民初5001号"); cs.FiledOn.String() != "2026-01-05" || cs.NextDueOn.String() != "2026-12-10" {
		t.Error(cs.FiledOn, cs.NextDueOn)
	}
	if again := w.importing(file, filing.Importing{}); again.Unchanged != 1 || again.Created != 0 {
		t.Error("the same file again:", again)
	}
}

// Each kind of contradiction or loss is named by its cell, once, and nothing is
// filed.
// TestCivilCode560Imported proves that a sheet files by which debt is paid first.
func TestCivilCode560Imported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rep := w.importing(workbook(t, []row{
		usual(1, row{"金额": "100", "担保数额": "1.2万", "负担轻重": 9}), usual(1, row{"金额": "200", "担保数额": "", "负担轻重": "３"}), usual(1, row{"金额": "300"}),
	}, nil), filing.Importing{})
	if len(rep.Problems) != 0 || rep.Created != 1 {
		t.Fatal(rep.Problems, rep.Created)
	}
	list, err := w.db.Obligations(context.Background(), w.caseOf("（2026）浙0211民初1号").ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ob := range list {
		got = append(got, fmt.Sprint(ob.AmountFen, " ", ob.SecurityFen, " ", ob.Weight))
	}
	if want := "100.00 12000.00 9; 200.00 0.00 3; 300.00 0.00 0"; strings.Join(got, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "; "), want)
	}
}

func TestImportNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := "11010519491231002X"
	for name, c := range map[string]struct {
		rows []row
		want string
	}{
		"other days and words": {
			[]row{usual(1, nil), usual(1, row{"立案日期": "2026-03-01", "权利人": "王某", "文书种类": "判决书", "生效日期": "2026-02-20", "义务摘要": "另一摘要", "案由": "租赁合同纠纷", "文书编号": "另一号"})},
			"3 案由 import.conflict; 3 立案日期 import.conflict; 3 文书种类 import.conflict; 3 文书编号 import.conflict; 3 生效日期 import.conflict; 3 义务摘要 import.conflict",
		},
		"other judge":   {[]row{usual(1, nil), usual(1, row{"承办法官": "chen.p1", "金额": "5"})}, "3 承办法官 import.conflict"},
		"two of a name": {[]row{usual(1, row{"承办法官": "陈平"})}, "2 承办法官 judge.ambiguous"},
		"unknown judge": {[]row{usual(1, row{"承办法官": "nobody"})}, "2 承办法官 judge.unknown"},
		"with and without a number": {
			[]row{usual(1, row{"义务人": "陈某", "义务人类型": "自然人", "义务人证件号": id}), usual(1, row{"义务人": "陈某", "义务人类型": "自然人", "金额": "99"})},
			"3 义务人证件号 party.ambiguous",
		},
		"the other way round": {
			[]row{usual(1, row{"权利人": "陈某"}), usual(1, row{"权利人": "陈 某", "权利人证件号": id, "金额": "99"})}, "3 权利人证件号 party.ambiguous",
		},
		"other phone":     {[]row{usual(1, row{"权利人手机": "13800138000"}), usual(1, row{"权利人手机": "13900139000", "金额": "5"})}, "3 权利人手机 import.conflict"},
		"repeated":        {[]row{usual(1, nil), usual(1, nil)}, "3  import.repeated"},
		"lost sign":       {[]row{usual(1, row{"权利人": "李?"})}, "2 权利人 cell.broken"},
		"long number":     {[]row{usual(1, row{"权利人证件号": 330211199001190000})}, "2 权利人证件号 cell.number"},
		"scientific":      {[]row{usual(1, row{"权利人证件号": "3.30211E+17"})}, "2 权利人证件号 cell.scientific"},
		"case number":     {[]row{usual(1, row{"案号": 20260211})}, "2 案号 cell.number"},
		"several people":  {[]row{usual(1, row{"权利人": "李某、王某"})}, "2 权利人 name.several"},
		"passport alone":  {[]row{usual(1, row{"权利人证件号": "E12345678"})}, "2 权利人证件号 id.format"},
		"unknown paper":   {[]row{usual(1, row{"权利人证件类型": "会员卡", "权利人证件号": "E12345678"})}, "2 权利人证件类型 id.kind; 2 权利人证件号 id.format"},
		"negative":        {[]row{usual(1, row{"金额": -5})}, "2 金额 amount.negative"},
		"third decimal":   {[]row{usual(1, row{"金额": 12.345})}, "2 金额 amount.decimals"},
		"nothing":         {[]row{usual(1, row{"金额": 0})}, "2 金额 amount.positive"},
		"year 26":         {[]row{usual(1, row{"履行期限": "26-3-31"})}, "2 履行期限 date.format"},
		"serial":          {[]row{usual(1, row{"立案日期": 46027})}, "2 立案日期 date.serial"},
		"no effect, days": {[]row{usual(1, row{"履行期限": "生效后10日内", "生效日期": nil})}, "2 履行期限 due.no_start"},
		"paid too much":   {[]row{usual(1, row{"已履行金额": "12000.51", "履行日期": "2026-02-10"})}, "2 已履行金额 amount.over_debt"},
		"paid when":       {[]row{usual(1, row{"已履行金额": "5"})}, "2 履行日期 field.required"},
		"paid ahead":      {[]row{usual(1, row{"已履行金额": "5", "履行日期": "2026-03-03"})}, "2 履行日期 date.future"},
		"paid what":       {[]row{usual(1, row{"履行日期": "2026-02-03"})}, "2 已履行金额 field.required"},
		"paid for what":   {[]row{usual(1, row{"金额": nil, "已履行金额": "5", "履行日期": "2026-02-03"})}, "2 金额 field.required"},
		"no security":     {[]row{usual(1, row{"担保数额": "房产"})}, "2 担保数额 amount.format"},
		"less than none":  {[]row{usual(1, row{"担保数额": -5})}, "2 担保数额 amount.negative"},
		"weighs too much": {[]row{usual(1, row{"负担轻重": "10"})}, "2 负担轻重 debt.rank"},
		"weighs in words": {[]row{usual(1, row{"负担轻重": "重"})}, "2 负担轻重 debt.rank"},
		"conduct ranked":  {[]row{usual(1, row{"金额": nil, "义务内容": "腾退房屋", "担保数额": "5", "负担轻重": "1"})}, "2 担保数额 amount.not_money; 2 负担轻重 amount.not_money"},
		"conduct paid":    {[]row{usual(1, row{"金额": nil, "义务内容": "腾退房屋", "已履行金额": "5", "履行日期": "2026-02-03"})}, "2 已履行金额 amount.not_money"},
	} {
		if rep := w.importing(workbook(t, c.rows, nil), filing.Importing{}); problems(rep) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, problems(rep), c.want)
		} else if rep.Created != 0 {
			t.Errorf("%s: %d filed", name, rep.Created)
		}
	}
	rep := w.importing(workbook(t, []row{usual(1, nil)}, func(f *excelize.File, at func(string, int) string) {
		_ = f.SetCellValue("Sheet1", at("金额", 2), nil)
		_ = f.SetCellFormula("Sheet1", at("金额", 2), "12000+0.5")
	}), filing.Importing{})
	if problems(rep) != "2 金额 cell.formula" || !strings.Contains(rep.Problems[0].Message, "公式没有结果") {
		t.Error("a formula without a result:", rep.Problems)
	}
	both := w.importing(workbook(t, []row{usual(1, nil), usual(1, row{"立案日期": "2026-03-01", "金额": "5"})}, nil), filing.Importing{}).Problems[0].Message
	if !strings.Contains(both, "2026-01-05") || !strings.Contains(both, "2026-03-01") || !strings.Contains(both, "第 2 行") {
		t.Error("both cells are not named:", both)
	}
	if list, err := w.db.CasesByNo(context.Background(), []string{"（2026）浙0211民初1号"}); err != nil || len(list) != 0 {
		t.Error("something was filed:", list, err)
	}
}

// A court's own words are understood.
func TestImportUnderstandsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows := []row{
		usual(1, row{"承办法官": "张敏", "文书种类": "民事调解书", "金额": "12,000.50元", "生效日期": "2026年2月1日", "履行期限": "2026/3/31"}),
		usual(2, row{"金额": "1.2万", "义务人类型": "公司", "立案日期": "2026.1.5", "履行期限": "2026年3月31日前", "权利人证件类型": "护照", "权利人证件号": "E12345678"}),
		usual(3, row{"履行期限": "生效后三十日内", "权利人类型": "个人"}),
		// Later rows need not repeat what the first one says.
		usual(3, row{"案由": nil, "立案日期": nil, "承办法官": nil, "文书种类": nil, "文书编号": nil, "生效日期": nil, "义务摘要": nil, "金额": "7", "权利人类型": nil}),
	}
	rep := w.importing(workbook(t, rows, nil), filing.Importing{})
	if rep.Created != 3 {
		t.Fatal(problems(rep))
	}
	if cs := w.caseOf("（2026）浙0211民初1号"); cs.JudgeID != w.judge.UserID || cs.NextDueOn.String() != "2026-03-31" {
		t.Error("judge by name:", cs)
	}
	if cs := w.caseOf("（2026）浙0211民初3号"); cs.NextDueOn.String() != "2026-03-03" {
		t.Error("thirty days after 1 February end on", cs.NextDueOn)
	}
	ps, err := w.db.Parties(context.Background(), w.caseOf("（2026）浙0211民初2号").ID)
	if err != nil || ps[0].IDKind != string(model.IDPassport) || ps[0].IDNumber != "E12345678" {
		t.Error("passport:", ps, err)
	}
	// The same by log-in name is the same case.
	rows[0]["承办法官"] = "zhang.min"
	if again := w.importing(workbook(t, rows[:1], nil), filing.Importing{}); again.Unchanged != 1 {
		t.Error(problems(again))
	}
	// Other payments are another content, not a repeat that drops them.
	rows[0]["已履行金额"], rows[0]["履行日期"] = "5", "2026-02-20"
	if again := w.importing(workbook(t, rows[:1], nil), filing.Importing{}); problems(again) != "2 案号 case.exists" {
		t.Error("payments for a case that is there:", problems(again))
	}
}

// An import is checked as a whole: one wrong cell, named by row and column, and
// nothing is written. Thousands of rows go in as one, and the same file as Excel saves
// it in China changes nothing.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heads, n := titles(t), *many
	file := func(last string) string {
		var b strings.Builder
		out := csv.NewWriter(&b)
		_ = out.Write(heads)
		for i := range n {
			r := usual(100_000+i/2, row{"金额": fmt.Sprint(i + 1)}) // two rows a case
			if i == n-1 {
				r["金额"] = last
			}
			var fields []string
			for _, h := range heads {
				v, _ := r[h].(string)
				fields = append(fields, v)
			}
			_ = out.Write(fields)
		}
		out.Flush()
		return b.String()
	}
	rep := w.importing([]byte(file("12000.505")), filing.Importing{})
	if got := problems(rep); got != fmt.Sprintf("%d 金额 amount.decimals", n+1) {
		t.Fatalf("%s", got)
	}
	if cs, err := w.db.CasesByNo(context.Background(), []string{"（2026）浙0211民初100000号"}); err != nil || len(cs) != 0 {
		t.Fatal("something was imported", cs, err)
	}
	good, begin := file("12000.50"), time.Now()
	if rep = w.importing([]byte(good), filing.Importing{}); len(rep.Problems) != 0 || rep.Rows != n || rep.Created != n/2 {
		t.Fatalf("%+v", rep)
	}
	t.Logf("%d rows in %v", n, time.Since(begin))
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	if rep = w.importing([]byte(gbk), filing.Importing{}); rep.Unchanged != n/2 || rep.Created != 0 {
		t.Fatalf("%+v", rep)
	}
}

// Every row of a large file that is wrong is refused in time, and an import ends
// when the client leaves.
func TestImportStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	file := workbook(t, []row{usual(1, nil), usual(2, nil)}, nil)
	_, err := w.svc.Import(ctx, w.clerk, bytes.NewReader(file), filing.Importing{Tell: func(string, int, int) { cancel() }})
	if err == nil {
		t.Error("an import went on without its client")
	}
	if list, err := w.db.CasesByNo(context.Background(), []string{"（2026）浙0211民初1号"}); err != nil || len(list) != 0 {
		t.Error("something was filed:", list, err)
	}
	for _, o := range []filing.Importing{{Notices: "x"}, {Notices: model.NoticesFrom}, {FromOn: model.NewDate(2026, 3, 9)}, {Notices: model.NoticesFrom, FromOn: model.NewDate(2026, 3, 1)}} {
		if _, err := w.svc.Import(context.Background(), w.clerk, bytes.NewReader(file), o); model.ReasonOf(err) != "import.notices" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// What is no table of cases, or another court's import, is refused, and nothing
// is filed.
func TestImportsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	head, _, _ := strings.Cut(csvTemplate(t), "\n")
	for reason, file := range map[string]string{
		"import.columns": "案号,案由\n1,2\n", "import.empty": head + "\n", "import.file": "PK\x03\x04 not a workbook",
		"import.too_many": head + "\n" + strings.Repeat("（2026）浙0211民初1号,买卖合同纠纷\n", 50_001),
	} {
		if _, err := w.svc.Import(t.Context(), w.clerk, strings.NewReader(file), filing.Importing{}); model.ReasonOf(err) != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
	good := workbook(t, []row{usual(1, nil)}, nil)
	officer := model.Actor{UserID: w.judge.UserID, CourtID: w.court.ID, Roles: []model.Role{model.RoleOfficer}}
	if _, err := w.svc.Import(t.Context(), officer, bytes.NewReader(good), filing.Importing{}); model.ReasonOf(err) != "role.forbidden" {
		t.Errorf("an officer imports: %v", err)
	}
	rep := w.importing(good, filing.Importing{Notices: model.NoticesHeld})
	stranger := w.clerk
	stranger.CourtID++
	for who, by := range map[string]model.Actor{"nobody's": w.clerk, "another court's": stranger} {
		id := rep.ImportID
		if who == "nobody's" {
			id = 999999
		}
		for what, try := range map[string]func() error{
			"read":   func() error { _, err := w.svc.Imported(t.Context(), by, id); return err },
			"looked": func() error { _, err := w.svc.Sample(t.Context(), by, id, model.NoticeFiled); return err },
			"let go": func() error { _, err := w.svc.Release(t.Context(), by, id); return err },
		} {
			if err := try(); model.ReasonOf(err) != "import.not_found" {
				t.Errorf("%s import was %s: %v", who, what, err)
			}
		}
	}
	if _, err := w.svc.Sample(t.Context(), w.clerk, rep.ImportID, model.NoticeJudgeDigest); model.ReasonOf(err) != "import.no_sample" {
		t.Errorf("a notice that the import has not: %v", err)
	}
	if _, err := w.svc.Release(t.Context(), w.clerk, rep.ImportID); model.ReasonOf(err) != "import.unseen" {
		t.Errorf("let go unseen: %v", err)
	}
	if list, err := w.svc.Imports(t.Context(), w.clerk, 0, 10); err != nil || len(list) != 1 || list[0].ID != rep.ImportID {
		t.Errorf("%+v %v", list, err)
	}
}

// csvTemplate is the template as a clerk downloads it.
func csvTemplate(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := filing.TemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
