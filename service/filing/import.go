package filing

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
)

// columns are the titles of the import file, in order. One row is one duty of
// one debtor to one creditor; rows with the same case number are one case. A
// row without 金额 and 义务内容 files the parties only.
var columns = []string{
	"案号", "案由", "立案日期", "承办法官", "权利人", "权利人类型", "权利人证件号", "权利人手机", "义务人", "义务人类型", "义务人证件号", "义务人手机",
	"文书种类", "文书编号", "生效日期", "义务摘要", "金额", "义务内容", "履行期限", "判项类别",
}

// optionalColumns is how many of the last columns an older file may lack.
const optionalColumns = 1

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
)

// maxImportRows bounds one file.
const maxImportRows = 50_000

// ImportProblem is one wrong cell.
type ImportProblem struct {
	Row     int    `json:"row"`    // as the spreadsheet counts, the title is row 1
	Column  string `json:"column"` // the column's title, "" when the row as a whole is wrong
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// ImportReport is what an import found and did.
type ImportReport struct {
	Rows      int
	Cases     int // in the file
	Created   int
	Unchanged int // already there with the same content
	Problems  []ImportProblem
	Preview   []ImportLine // of the first cases
}

// ImportLine is a case of the file as it will be filed.
type ImportLine struct {
	Row               int // its first
	CaseNo, Cause     string
	Judge             string // his log-in name
	Obligees          string // the first, and how many
	Obligors          string
	Obligations       int
	AmountFen         model.Fen
	There, Impossible bool // already filed alike; wrong somewhere
}

// previewLines bounds the preview of a report.
const previewLines = 200

// Progress is told how far an import is. It is called within the transaction,
// so that it must not wait for anybody.
type Progress func(step string, done, all int)

// maxProblems bounds a report; a file that is wrong throughout says the same
// thing on every row.
const maxProblems = 1000

// sourceRow is where a case's parts came from, for the report.
type sourceCase struct {
	in   CaseInput
	rows []int
	// partyRow and dutyRow say which row a ref was first seen in.
	partyRow, dutyRow map[string]int
}

// Import reads cases from a spreadsheet (.xlsx) or a .csv file (UTF-8 or
// GB18030). Every row is checked before anything is written; if one is wrong,
// the report says which, and nothing is imported. All is written in one
// transaction. The same file again changes nothing.
func (s *Service) Import(ctx context.Context, by model.Actor, r io.Reader, dryRun bool) (*ImportReport, error) {
	return s.ImportWatched(ctx, by, r, dryRun, func(string, int, int) {})
}

// ImportWatched is Import that tells how far it is.
func (s *Service) ImportWatched(ctx context.Context, by model.Actor, r io.Reader, dryRun bool, tell Progress) (*ImportReport, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	rep := &ImportReport{}
	cases, order, err := readCases(r, rep)
	if err != nil {
		return nil, err
	}
	rep.Cases = len(order)
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		problems := len(rep.Problems)
		rep.Created, rep.Unchanged, rep.Preview = 0, 0, nil
		plans, err := s.checkImport(ctx, tx, by, cases, order, rep, tell)
		if err != nil {
			return err
		}
		if len(rep.Problems) > 0 {
			slices.SortStableFunc(rep.Problems, func(a, b ImportProblem) int { return a.Row - b.Row })
			rep.Created, rep.Unchanged = 0, 0
			return nil
		}
		rep.Created = len(plans)
		if dryRun || len(plans) == 0 {
			return nil
		}
		rep.Problems = rep.Problems[:problems] // a transaction may run twice
		court, err := tx.Court(ctx, by.CourtID)
		if err != nil {
			return err
		}
		for n := 0; n < len(plans); n += importBatch {
			tell("写入案件", n, len(plans))
			if err := s.create(ctx, tx, by, model.ActCaseFile, *court, plans[n:min(n+importBatch, len(plans))]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return rep, nil
}

// importBatch is how many cases are written at once.
const importBatch = 500

func (rep *ImportReport) add(row int, column, reason, message string) {
	if len(rep.Problems) < maxProblems {
		rep.Problems = append(rep.Problems, ImportProblem{Row: row, Column: column, Reason: reason, Message: message})
	}
}

func (s *Service) checkImport(ctx context.Context, tx *storage.DB, by model.Actor, cases map[string]*sourceCase, order []string, rep *ImportReport, tell Progress) (
	[]*plan, error,
) {
	r, err := s.roster(ctx, tx, by.CourtID, tx.Now())
	if err != nil {
		return nil, err
	}
	existing, err := tx.CasesByNo(ctx, order)
	if err != nil {
		return nil, err
	}
	var plans []*plan
	for n, no := range order {
		if n%importBatch == 0 {
			tell("检查案件", n, len(order))
		}
		src := cases[no]
		p, problems := check(src.in, r)
		line := src.line()
		line.Impossible = problems != nil
		if p != nil {
			old, there := existing[p.cs.CaseNo]
			line.There = there && old.SourceDigest == p.cs.SourceDigest
		}
		if len(rep.Preview) < previewLines {
			rep.Preview = append(rep.Preview, line)
		}
		for _, f := range problems {
			row, column := src.locate(f.Field)
			rep.add(row, column, f.Reason, f.Message)
		}
		if problems != nil {
			continue
		}
		old, there := existing[p.cs.CaseNo]
		switch {
		case !there:
			plans = append(plans, p)
		case old.CourtID == by.CourtID && old.SourceDigest == p.cs.SourceDigest:
			rep.Unchanged++
		default:
			rep.add(src.rows[0], columns[colCaseNo], "case.exists", "该案号已经录入，且内容不同，请核对")
		}
	}
	return plans, nil
}

// line is the case in the preview.
func (c *sourceCase) line() ImportLine {
	l := ImportLine{Row: c.rows[0], CaseNo: c.in.CaseNo, Cause: c.in.Cause, Judge: c.in.Judge}
	some := func(prefix string) string {
		first, n := "", 0
		for _, p := range c.in.Parties {
			if strings.HasPrefix(p.Ref, prefix) {
				if n++; n == 1 {
					first = p.Name
				}
			}
		}
		if n > 1 {
			first = fmt.Sprintf("%s 等 %d 人", first, n)
		}
		return first
	}
	l.Obligees, l.Obligors = some("C"), some("D")
	for _, in := range c.in.Instruments {
		l.Obligations += len(in.Obligations)
		for _, ob := range in.Obligations {
			l.AmountFen += ob.AmountFen
		}
	}
	return l
}

// locate finds the row and column that a field of the case came from.
func (c *sourceCase) locate(field string) (int, string) {
	switch field {
	case "case_no":
		return c.rows[0], columns[colCaseNo]
	case "cause":
		return c.rows[0], columns[colCause]
	case "filed_on":
		return c.rows[0], columns[colFiledOn]
	case "judge":
		return c.rows[0], columns[colJudge]
	}
	if rest, ok := strings.CutPrefix(field, "parties["); ok {
		index, name, _ := strings.Cut(rest, "].")
		i, err := strconv.Atoi(index)
		if err != nil || i >= len(c.in.Parties) {
			return c.rows[0], ""
		}
		p := c.in.Parties[i]
		base := colObligee
		if strings.HasPrefix(p.Ref, "D") {
			base = colObligor
		}
		offset := map[string]int{"name": 0, "kind": 1, "id_kind": 2, "id_number": 2, "phone": 3}[name]
		return c.partyRow[p.Ref], columns[base+offset]
	}
	if rest, ok := strings.CutPrefix(field, "instruments["); ok {
		_, rest, _ = strings.Cut(rest, "].")
		if index, name, ok := strings.Cut(strings.TrimPrefix(rest, "obligations["), "]."); ok && strings.HasPrefix(rest, "obligations[") {
			i, err := strconv.Atoi(index)
			if err == nil && i < len(c.in.Instruments[0].Obligations) {
				row := c.dutyRow[c.in.Instruments[0].Obligations[i].Ref]
				switch {
				case strings.HasPrefix(name, "amount"):
					return row, columns[colAmount]
				case strings.HasPrefix(name, "description"):
					return row, columns[colConduct]
				case strings.HasPrefix(name, "category"):
					return row, columns[colCategory]
				case strings.HasPrefix(name, "obligee"):
					return row, columns[colObligee]
				case strings.HasPrefix(name, "obligors"):
					return row, columns[colObligor]
				}
				return row, columns[colDue]
			}
		}
		column := map[string]int{"kind": colInstrumentKind, "number": colInstrumentNo, "effective_on": colEffectiveOn, "summary": colSummary}
		if i, ok := column[rest]; ok {
			return c.rows[0], columns[i]
		}
	}
	return c.rows[0], ""
}

// readCases groups rows into cases. It reports what is wrong with single
// cells; what is wrong with a case as a whole is found by check.
func readCases(r io.Reader, rep *ImportReport) (map[string]*sourceCase, []string, error) {
	cases := map[string]*sourceCase{}
	var order []string
	err := sheet.Each(r, func(n int, cells []string) error {
		if n == 1 {
			for i, want := range columns {
				if i >= len(cells) && i >= len(columns)-optionalColumns {
					break
				}
				if i >= len(cells) || strings.TrimSpace(cells[i]) != want {
					return model.InvalidField("file", "import.columns", fmt.Sprintf("第 %d 列的标题应为“%s”，请使用导入模板", i+1, want))
				}
			}
			return nil
		}
		for len(cells) < len(columns) {
			cells = append(cells, "")
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if strings.Join(cells, "") == "" {
			return nil
		}
		if rep.Rows++; rep.Rows > maxImportRows {
			return model.InvalidField("file", "import.too_many", fmt.Sprintf("一次最多导入 %d 行，请拆分文件", maxImportRows))
		}
		key := cells[colCaseNo]
		if no, err := model.ParseCaseNo(key); err == nil {
			key = string(no)
		}
		c := cases[key]
		if c == nil {
			c = &sourceCase{partyRow: map[string]int{}, dutyRow: map[string]int{}}
			c.in = CaseInput{CaseNo: key, Cause: cells[colCause], Judge: cells[colJudge]}
			c.in.FiledOn = dateCell(rep, n, colFiledOn, cells[colFiledOn])
			cases[key] = c
			order = append(order, key)
		} else if cells[colCause] != c.in.Cause || !strings.EqualFold(cells[colJudge], c.in.Judge) {
			rep.add(n, columns[colCause], "import.conflict", fmt.Sprintf("同一案号的案由、承办法官与第 %d 行不一致", c.rows[0]))
		}
		c.rows = append(c.rows, n)
		c.addRow(rep, n, cells)
		return nil
	})
	if err == nil && rep.Rows == 0 {
		err = model.InvalidField("file", "import.empty", "文件中没有数据行")
	}
	return cases, order, err
}

func dateCell(rep *ImportReport, row, column int, v string) model.Date {
	d, wrong := sheet.Day(v)
	if wrong {
		rep.add(row, columns[column], "date.format", "日期格式应为 2026-01-31，且必须是真实存在的日期")
	}
	return d
}

var instrumentKinds = map[string]model.InstrumentKind{
	"判决书": model.Judgment, "调解书": model.Mediation, "裁定书": model.Ruling, "准许撤诉裁定书": model.WithdrawalRuling, "撤诉裁定": model.WithdrawalRuling,
	"决定书": model.Decision, "支付令": model.PaymentOrder,
}

func (c *sourceCase) addRow(rep *ImportReport, n int, cells []string) {
	obligee := ""
	if cells[colObligee] != "" {
		obligee = c.party(rep, n, "C", model.Plaintiff, cells[colObligee:colObligee+4])
	}
	obligor := c.party(rep, n, "D", model.Defendant, cells[colObligor:colObligor+4])
	if cells[colAmount] == "" && cells[colConduct] == "" {
		return
	}
	kind, known := instrumentKinds[cells[colInstrumentKind]]
	if !known {
		rep.add(n, columns[colInstrumentKind], "instrument.kind", "文书种类应为：判决书、调解书、裁定书、准许撤诉裁定书、决定书、支付令")
	}
	if len(c.in.Instruments) == 0 {
		c.in.Instruments = []InstrumentInput{{
			Ref: "I1", Kind: kind, Number: cells[colInstrumentNo], Summary: cells[colSummary],
			EffectiveOn: dateCell(rep, n, colEffectiveOn, cells[colEffectiveOn]),
		}}
	} else if c.in.Instruments[0].Number != cells[colInstrumentNo] {
		rep.add(n, columns[colInstrumentNo], "import.conflict", "导入文件中每案只支持一份法律文书，其余请在录入后补充")
	}
	in := &c.in.Instruments[0]
	ob := ObligationInput{
		Ref: fmt.Sprintf("O%d", len(in.Obligations)+1), Kind: model.ObligationMoney, Obligors: []string{obligor}, Obligee: obligee,
		ToCourt: obligee == "", Description: cells[colConduct], DueOn: dateCell(rep, n, colDue, cells[colDue]),
	}
	if cells[colAmount] == "" {
		ob.Kind = model.ObligationConduct
	} else {
		amount, err := model.ParseYuan(cells[colAmount])
		if e, ok := asError(err); ok {
			rep.add(n, columns[colAmount], e.Reason, e.Message)
			amount = 1 // reported here already
		}
		ob.AmountFen = amount
	}
	if typed := cells[colCategory]; typed != "" {
		if ob.Category = model.CategoryNamed(typed); ob.Category == model.CategoryNone {
			rep.add(n, columns[colCategory], "category.unknown", "没有这种判项类别，应为：医疗费用、退赔被害人损失、其他民事债务、罚金、没收财产，或者加处罚款或滞纳金")
		}
	}
	c.dutyRow[ob.Ref] = n
	in.Obligations = append(in.Obligations, ob)
}

// party finds or adds the party of a row; the same name with the same ID
// number is the same party.
func (c *sourceCase) party(rep *ImportReport, n int, prefix string, role model.PartyRole, cells []string) string {
	p := PartyInput{Role: role, Name: cells[0], IDNumber: cells[2], Phone: cells[3]}
	switch cells[1] {
	case "自然人", "个人":
		p.Kind = model.Person
	case "单位", "法人", "企业":
		p.Kind = model.Organisation
	default:
		column := columns[colObligeeKind]
		if prefix == "D" {
			column = columns[colObligorKind]
		}
		rep.add(n, column, "kind.unknown", "类型应为“自然人”或“单位”")
		p.Kind = model.Person
	}
	count := 0
	for _, o := range c.in.Parties {
		if strings.HasPrefix(o.Ref, prefix) {
			count++
			if model.NormalizeName(o.Name) == model.NormalizeName(p.Name) && model.NormalizeID(o.IDNumber) == model.NormalizeID(p.IDNumber) {
				return o.Ref
			}
		}
	}
	p.Ref = fmt.Sprintf("%s%d", prefix, count+1)
	c.partyRow[p.Ref] = n
	c.in.Parties = append(c.in.Parties, p)
	return p.Ref
}
