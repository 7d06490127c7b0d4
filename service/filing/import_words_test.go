package filing_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/filing"
)

// A sheet takes the court's own words, in every column that has some.
func TestASheetTakesTheCourtsOwnWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows := []row{
		usual(1, row{"承办法官": "张敏法官", "文书种类": "浙江省宁波市镇海区人民法院民事调解书", "金额": "壹万贰仟元整", "履行期限": "判决生效之日起十五日内", "权利人类型": "中国公民", "义务人类型": "有限责任公司", "判项类别": "货款"}),
		usual(2, row{"文书种类": "民事判决书（生效）", "金额": "人民币壹万贰仟元整（￥12,000.00）", "履行期限": "2026年12月31日前付清", "承办法官": "审判员张敏"}),
		usual(3, row{"文书种类": "准许撤诉民事裁定书", "金额": "１．２万元", "履行期限": "12月2日前"}),
		usual(4, row{"文书种类": "仲裁调解书", "金额": "1万2千元", "履行期限": "生效后三个月内"}),
		usual(5, row{"文书种类": "具有强制执行效力的债权文书公证书", "金额": "五千元", "履行期限": "立即"}),
	}
	rep := w.importing(workbook(t, rows[:2], nil), filing.Importing{})
	if rep.Created != 2 || rep.Preview[0].AmountFen != 1200000 || rep.Preview[1].AmountFen != 1200000 || rep.Preview[0].Duties[0].DueInDays != 15 || rep.Preview[1].Duties[0].DueOn.String() != "2026-12-31" {
		t.Fatalf("%s %+v", problems(rep), rep.Preview)
	}
	in, err := w.db.Instruments(t.Context(), w.caseOf("（2026）浙0211民初1号").ID)
	if err != nil || in[0].Kind != model.Mediation {
		t.Error("民事调解书:", in, err)
	}
	rep = w.importing(workbook(t, rows[2:3], nil), filing.Importing{DryRun: true})
	if len(rep.Preview) != 1 || rep.Preview[0].Duties[0].DueOn.String() != "2026-12-02" || !strings.Contains(strings.Join(rep.Notes, ""), "第 2 行“12月2日前”没有写年份") {
		t.Errorf("a day without a year: %s %+v %q", problems(rep), rep.Preview, rep.Notes)
	}
	rep = w.importing(workbook(t, rows[3:], nil), filing.Importing{DryRun: true})
	if len(rep.Problems) != 0 || rep.Preview[0].Duties[0].DueOn.String() != "2026-05-06" || rep.Preview[1].Duties[0].DueOn.String() != "2026-02-01" {
		t.Errorf("%s %+v", problems(rep), rep.Preview)
	}
	// The same in plain figures is the same case.
	plain := usual(1, row{"承办法官": "zhang.min", "文书种类": "调解书", "金额": "12000", "履行期限": "生效后15日内", "判项类别": "主债务"})
	if again := w.importing(workbook(t, []row{plain}, nil), filing.Importing{}); again.Unchanged != 1 {
		t.Error("the same in other words is another case:", problems(again))
	}
}

// What the court's words leave open is asked about: one sentence a cell, with what to
// write instead.
func TestASheetAsksWhatItsWordsLeaveOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rep := w.importing(workbook(t, []row{
		usual(1, row{"承办法官": "陈平", "金额": "一万二", "履行期限": "判决送达后十日内", "义务人类型": "个体工商户"}),
		usual(2, row{"文书种类": "会议纪要", "生效日期": nil, "履行期限": "3月31日前", "金额": "约1.2万"}),
		usual(3, row{"承办法官": "无此人", "金额": "壹万元（￥12000）"}),
	}, nil), filing.Importing{})
	want := map[string]string{
		"2 承办法官": "陈平（chen.p", "2 金额": "末尾没有写单位", "2 履行期限": "不从生效之日起算", "2 义务人类型": "个体工商户", "3 文书种类": "会议纪要", "3 履行期限": "生效日期", "3 金额": "不是一个确定的数",
		"4 承办法官": "没有叫“无此人”", "4 金额": "不一致",
	}
	for _, p := range rep.Problems {
		key := string(rune('0'+p.Row)) + " " + p.Column
		words, expected := want[key]
		if !expected || !strings.Contains(p.Message, words) {
			t.Errorf("%s: %s", key, p.Message)
		}
		delete(want, key) // a second sentence about a cell is not expected
	}
	if len(want) != 0 || rep.Created != 0 {
		t.Errorf("nothing is said of %v, created %d", want, rep.Created)
	}
	// The sheet comes back with them.
	x, err := excelize.OpenReader(bytes.NewReader(rep.Marked))
	if err != nil || rep.MarkedEnd != ".xlsx" {
		t.Fatal(rep.MarkedEnd, err)
	}
	all, _ := x.GetRows("Sheet1")
	last := func(i int) string { return all[i][len(all[i])-1] }
	if last(0) != "错误说明" || !strings.Contains(last(1), "金额：") || !strings.Contains(last(3), "不一致") {
		t.Errorf("%q", all)
	}
	// 陈平（chen.p1） as the message says.
	if rep := w.importing(workbook(t, []row{usual(4, row{"承办法官": "陈平（chen.p1）"})}, nil), filing.Importing{}); rep.Created != 1 {
		t.Error(problems(rep))
	}
}
