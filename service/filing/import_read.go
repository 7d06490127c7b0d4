package filing

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"microcourt/model"
	"microcourt/service/sheet"
)

// columns are the titles of the import file, in the template's order; a file may
// have them in another. One row is one duty of one debtor to one creditor; rows
// with the same case number are one case. A row without 金额, 义务内容 and 按期给付
// files the parties only. The columns from 判项类别 on may be missing.
var columns = []string{
	"案号", "案由", "立案日期", "承办法官", "权利人", "权利人类型", "权利人证件号", "权利人手机", "义务人", "义务人类型", "义务人证件号", "义务人手机",
	"文书种类", "文书编号", "生效日期", "义务摘要", "金额", "义务内容", "履行期限", "判项类别", "权利人证件类型", "义务人证件类型", "已履行金额", "履行日期", "履行人",
	"一般债务利息", "担保数额", "负担轻重", "按期给付",
}

const (
	colCaseNo = iota
	colCause
	colFiledOn
	colJudge
	colObligee
	colObligeeKind
	colObligeeID
	colObligeePhone
	colObligor
	colObligorKind
	colObligorID
	colObligorPhone
	colInstrumentKind
	colInstrumentNo
	colEffectiveOn
	colSummary
	colAmount
	colConduct
	colDue
	colCategory
	colObligeeIDKind
	colObligorIDKind
	colPaid
	colPaidOn
	colPayer
	colInterest
	colSecurity
	colWeight
	colDues
)

// sourceCase is where a case's parts came from, for the report.
type sourceCase struct {
	in       CaseInput
	rows     []int
	judges   []cellText
	payments []payment
	// partyRow and dutyRow say which row a ref was first seen in, instrumentRow
	// that of the instrument.
	partyRow, dutyRow map[string]int
	instrumentRow     int
	// from says which row filled a column of the case or the instrument.
	from  map[int]cellText
	seen  map[string]int // rows by their content
	terms Terms
}

// cellText is what stood in a row's cell, as it was understood.
type cellText struct {
	row  int
	text string
}

// rowReader reads the cells of one row, and reports what is wrong with each.
type rowReader struct {
	n     int
	cells []sheet.Cell
	rep   *ImportReport
}

func (r rowReader) fail(column int, err error) {
	reason, message := "field.format", "格式不正确"
	if e, ok := asError(err); ok {
		reason, message = e.Reason, e.Message
	}
	r.rep.add(r.n, columns[column], reason, message)
}

func (r rowReader) text(column int, read func(sheet.Cell) (string, error)) string {
	s, err := read(r.cells[column])
	if err != nil {
		r.fail(column, err)
	}
	return s
}

func (r rowReader) words(column int) string { return r.text(column, sheet.Cell.Words) }
func (r rowReader) name(column int) string  { return r.text(column, sheet.Cell.Name) }
func (r rowReader) code(column int) string  { return r.text(column, sheet.Cell.Code) }

func (r rowReader) money(column int) model.Fen {
	fen, err := r.cells[column].Money()
	if err != nil {
		r.fail(column, err)
	}
	return fen
}

// digit reads a whole number from 0 to 9.
func (r rowReader) digit(column int) int {
	s := r.words(column)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(model.Fold(s))
	if err != nil || n < 0 || n > 9 {
		r.rep.add(r.n, columns[column], "debt.rank", columns[column]+"应为 0 至 9 的整数，数值大的较重")
		return 0
	}
	return n
}

func (r rowReader) day(column int) model.Date {
	d, err := r.cells[column].Day()
	if err != nil {
		r.fail(column, err)
	}
	return d
}

func (r rowReader) filled(column int) bool { return r.cells[column].Type != sheet.Blank }

// readCases groups rows into cases. It reports what is wrong with single
// cells; what is wrong with a case as a whole is found by check.
func readCases(ctx context.Context, f *sheet.File, rep *ImportReport) (map[string]*sourceCase, []string, error) {
	cases := map[string]*sourceCase{}
	var order []string
	info, err := table.Each(ctx, f, func(n int, cells []sheet.Cell) error {
		rep.Rows++
		r := rowReader{n, cells, rep}
		key := r.code(colCaseNo)
		if no, err := model.ParseCaseNo(key); err == nil {
			key = string(no)
		}
		no := key
		if key == "" {
			key = fmt.Sprint("row ", n) // its number is missing or unreadable: nothing to compare it with
		}
		c := cases[key]
		if c == nil {
			c = &sourceCase{partyRow: map[string]int{}, dutyRow: map[string]int{}, from: map[int]cellText{}, seen: map[string]int{}, terms: Terms{}}
			c.in.CaseNo = no
			cases[key] = c
			order = append(order, key)
		}
		c.rows = append(c.rows, n)
		c.addRow(r)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	rep.info = info
	rep.note(info.Notes()...)
	for _, key := range order {
		rep.note(cases[key].namesakes()...)
	}
	return cases, order, nil
}

// same keeps what a column of the case says. A later row may leave it blank;
// one that says something else contradicts the earlier and is named.
func (c *sourceCase) same(r rowReader, column int, value string) (fresh bool) {
	if value == "" {
		return false
	}
	old, there := c.from[column]
	if !there {
		c.from[column] = cellText{r.n, value}
		return true
	}
	if model.NormalizeName(old.text) != model.NormalizeName(value) {
		more := ""
		if column == colInstrumentNo {
			more = "；导入文件中每案只支持一份法律文书，其余请在录入后补充"
		}
		r.rep.add(r.n, columns[column], "import.conflict", fmt.Sprintf("同一案号的%s：本行是“%s”，第 %d 行是“%s”，请改为一致%s",
			columns[column], shown(value), old.row, shown(old.text), more))
	}
	return false
}

func shown(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (c *sourceCase) addRow(r rowReader) {
	if v := r.words(colCause); c.same(r, colCause, v) {
		c.in.Cause = v
	}
	if d := r.day(colFiledOn); c.same(r, colFiledOn, d.String()) {
		c.in.FiledOn = d
	}
	if v := r.words(colJudge); v != "" {
		c.judges = append(c.judges, cellText{r.n, v})
	}
	obligee := ""
	if r.filled(colObligee) || r.filled(colObligeeID) || r.filled(colObligeePhone) {
		obligee = c.party(r, "C", model.Plaintiff, colObligee, colObligeeIDKind)
	}
	obligor := c.party(r, "D", model.Defendant, colObligor, colObligorIDKind)
	if !r.filled(colAmount) && !r.filled(colConduct) && !r.filled(colDues) {
		if r.filled(colPaid) || r.filled(colPaidOn) {
			r.rep.add(r.n, columns[colAmount], "field.required", "填写了已履行情况的，请填写义务的金额或义务内容")
		}
		return
	}
	c.instrument(r)
	c.duty(r, obligor, obligee)
}

func (c *sourceCase) instrument(r rowReader) {
	if len(c.in.Instruments) == 0 {
		c.in.Instruments = []InstrumentInput{{Ref: "I1"}}
		c.instrumentRow = r.n
	}
	in := &c.in.Instruments[0]
	if v := r.words(colInstrumentKind); v != "" {
		kind := instrumentKind(v)
		if kind == "" {
			r.rep.add(r.n, columns[colInstrumentKind], "instrument.kind", "没有“"+shown(v)+"”这种文书，文书种类应为：判决书、调解书、裁定书、准许撤诉裁定书、决定书、支付令、司法确认裁定书、仲裁裁决书、公证债权文书")
		} else if c.same(r, colInstrumentKind, kind.Chinese()) {
			in.Kind = kind
		}
	}
	if v := r.code(colInstrumentNo); c.same(r, colInstrumentNo, v) {
		in.Number = v
	}
	if d := r.day(colEffectiveOn); c.same(r, colEffectiveOn, d.String()) {
		in.EffectiveOn = d
	}
	if v := r.words(colSummary); c.same(r, colSummary, v) {
		in.Summary = v
	}
}

func (c *sourceCase) duty(r rowReader, obligor, obligee string) {
	in := &c.in.Instruments[0]
	ob := ObligationInput{
		Ref: fmt.Sprintf("O%d", len(in.Obligations)+1), Kind: model.ObligationConduct, Obligors: []string{obligor}, Obligee: obligee,
		ToCourt: obligee == "", Description: r.words(colConduct),
	}
	if r.filled(colAmount) {
		ob.Kind, ob.AmountFen = model.ObligationMoney, r.money(colAmount)
	}
	term, err := r.cells[colDue].Term()
	if err != nil {
		r.fail(colDue, err)
	}
	c.terms[ob.Ref] = term
	if typed := r.words(colCategory); typed != "" {
		if ob.Category = model.CategoryNamed(typed); ob.Category == model.CategoryNone {
			r.rep.add(r.n, columns[colCategory], "category.unknown", "没有这种判项类别，应为：医疗费用、退赔被害人损失、其他民事债务、罚金、没收财产，或者加处罚款或滞纳金")
		}
	}
	if typed := r.words(colInterest); typed != "" {
		terms, err := model.ParseInterest(typed)
		if err != nil {
			r.fail(colInterest, err)
		}
		ob.Interest = InterestOf(terms)
	}
	ob.SecurityFen, ob.Weight = r.money(colSecurity), r.digit(colWeight)
	if ob.Kind != model.ObligationMoney {
		for _, column := range []int{colSecurity, colWeight} {
			if r.filled(column) {
				r.rep.add(r.n, columns[column], "amount.not_money", "行为或交付义务没有抵充次序，不填“"+columns[column]+"”")
			}
		}
	}
	if typed := r.words(colDues); typed != "" {
		rule, err := model.ParseDues(typed)
		if err != nil {
			r.fail(colDues, err)
			ob.AmountFen = max(ob.AmountFen, 1) // one problem is enough
		}
		ob.Kind, ob.Recurs = model.ObligationMoney, DuesOf(rule)
	}
	pay := payment{ref: ob.Ref, row: r.n, amount: r.money(colPaid), on: r.day(colPaidOn), payer: r.name(colPayer)}
	content := fmt.Sprint(obligor, "|", obligee, "|", ob.AmountFen, "|", ob.Description, "|", term.On, term.Days, term.Months, term.Month, term.DayOfMonth, term.AtOnce, "|", ob.Category, "|", r.words(colInterest), "|", r.words(colDues), "|", ob.SecurityFen, ob.Weight, "|", pay.amount, pay.on, pay.payer)
	if first := c.seen[content]; first != 0 {
		r.rep.add(r.n, "", "import.repeated", fmt.Sprintf("与第 %d 行是同一当事人的同一义务，请删除重复的行；确为两笔相同义务的，请在“义务内容”中写明区别", first))
	} else {
		c.seen[content] = r.n
	}
	if r.filled(colPaid) || r.filled(colPaidOn) || r.filled(colPayer) {
		c.payments = append(c.payments, pay)
	}
	c.dutyRow[ob.Ref] = r.n
	in.Obligations = append(in.Obligations, ob)
}

func messageOf(err error) string {
	if e := (*model.Error)(nil); errors.As(err, &e) {
		return e.Message
	}
	return "格式不正确"
}
