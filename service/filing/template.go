package filing

import (
	"encoding/csv"
	"io"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
)

// example is the template's one row of data.
var example = []string{
	"（2026）浙0211民初1号", "买卖合同纠纷", "2026-01-05", "zhang.min", "李某", "自然人", "11010519491231002X", "13800138000", "某某建材有限公司", "单位",
	"91350100M000100Y43", "13900139000", "调解书", "（2026）浙0211民初1号", "2026-02-01", "被告于2026年3月31日前支付货款12,000.50元", "12000.50", "", "2026-03-31", "",
	"", "", "", "", "", "", "", "", "",
}

// explanations say what goes into each column.
var explanations = []string{
	"必填，文本格式。同一案号的多行视为一案；各行的案由、立案日期、承办法官和文书须一致，第二行起可以不填", "必填", "必填，日期或 2026-01-31、2026年1月31日",
	"必填，承办法官的姓名；本院有同名法官的，在姓名后写明登录名，如 张敏（zhang.min）", "收款人；缴入法院账户的不填", "自然人 或 单位",
	"文本格式（数字格式会丢失末几位）。身份证号、统一社会信用代码或护照等号码；同一人在各行中须填写一致", "11 位手机号，可不填", "必填，应履行义务的人，每人一行", "自然人 或 单位",
	"文本格式。身份证号、统一社会信用代码或护照等号码", "11 位手机号，可不填", "判决书、调解书、裁定书、准许撤诉裁定书、决定书、支付令，可照文书全称填写（民事调解书、刑事附带民事判决书等）",
	"与文书一致，通常为案号，文本格式", "文书生效日期", "印在证明书上的义务摘要", "以元为单位，最多两位小数；读取单元格中的数值，与显示格式无关。也可写作 1.2万、12,000元、壹万贰仟元整", "行为或交付义务填写内容，金钱义务不填",
	"照法律文书填写：2026-03-31、2026年3月31日前、生效后10日内、判决生效之日起十五日内、生效后三个月内、2026年底前。没有年份的（3月31日前），按生效之后最近的这一天录入并提示",
	"刑事案件：医疗费用、退赔被害人损失、其他民事债务、罚金、没收财产；行政案件：加处罚款或滞纳金；民事案件：诉讼费用、实现债权的费用、一般债务利息、主债务、违约金、赔偿金，不填的为主债务",
	"身份证、港澳台居民居住证、护照（通行证、永久居留证等填“其他”）、统一社会信用代码。不填时按自然人身份证、单位统一社会信用代码检查", "同上",
	"导入前已经履行的金额，可不填。记为“由导入”的回执，承办法官（不能是导入人）确认后才计入履行台账；行为义务已完成的只填履行日期",
	"填写了已履行金额的必填；分几次履行的填写最后一次的日期", "不填为义务人本人；他人代为履行的填写其姓名或名称",
	"按利率计算至付清之日的利息，例如：" + model.InterestExample + "。可另写：基数100000、360天、总额不超过50000、付款日不计、先本后息。已确定为固定数额的利息另填一行，类别为一般债务利息",
	"该项债务有担保的，填写担保数额，以元为单位，没有担保的不填。同一权利人的几项债务都已到期、付款人没有指定的，先抵充没有担保或者担保最少的",
	"0 至 9 的整数，不填为 0。担保相同的，先抵充负担较重（数值大）的",
	"抚养费、赡养费、租金等按期给付的填写，例如：" + model.DuesExample + "；没有确定终期的，不写“至……止”。填写本栏的，不填金额和最后履行日期",
}

// TemplateCSV writes the import template as CSV with a byte order mark, so
// that Excel reads it as UTF-8.
func TemplateCSV(w io.Writer) error {
	if _, err := w.Write([]byte("\xef\xbb\xbf")); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	_ = c.WriteAll([][]string{columns, example}) // Error reports what happened
	return c.Error()
}

// TemplateXLSX writes the import template as a spreadsheet with a second sheet
// that explains the columns.
func TemplateXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // in memory
	const sheet, help = "案件", "填写说明" // the reader skips a sheet of this name
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(help); err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // text: a long number must not turn into 3.3E+17
	if err != nil {
		return err
	}
	if err := f.SetColStyle(sheet, "A:AB", text); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "A", "AB", 20); err != nil {
		return err
	}
	for i, row := range [][]string{columns, example} {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			return err
		}
	}
	for i, c := range columns {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(help, cell, &[]string{c, explanations[i]}); err != nil {
			return err
		}
	}
	return f.Write(w)
}
