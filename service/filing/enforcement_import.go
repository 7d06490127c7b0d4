package filing

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
)

// enforcementColumns are the titles of the file that enforcement cases are
// imported from. One row is one case.
var enforcementColumns = []string{"执行案号", "立案日期", "执行法官", "执行依据案号", "申请执行标的", "首次执行"}

// EnforcementTemplateCSV writes the empty import file with an example.
func EnforcementTemplateCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // Excel takes it for UTF-8 then
		return err
	}
	c := csv.NewWriter(w)
	return c.WriteAll([][]string{enforcementColumns, {"（2026）浙0211执88号", "2026-03-02", "ji.fg", "（2026）浙0211民初1234号", "130000.00", "是"}})
}

var errWrongRows = errors.New("rows are wrong")

// ImportEnforcement reads enforcement cases from a spreadsheet (.xlsx) or a
// .csv file. Every row is checked before anything is written; if one is wrong,
// nothing is imported. The same file again changes nothing.
func (s *Service) ImportEnforcement(ctx context.Context, by model.Actor, r io.Reader, dryRun bool) (*ImportReport, error) {
	if err := by.Require(model.ActEnforcementFile); err != nil {
		return nil, err
	}
	found := &ImportReport{}
	inputs, rows, err := readEnforcement(r, found)
	if err != nil {
		return nil, err
	}
	rep := &ImportReport{}
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		*rep = ImportReport{Rows: found.Rows, Cases: len(inputs), Problems: slices.Clone(found.Problems)}
		for i, in := range inputs {
			_, out, err := s.putEnforcement(ctx, tx, by, model.ActEnforcementFile, in, 0)
			e, known := asError(err)
			switch {
			case known && len(e.Fields) > 0:
				for _, f := range e.Fields {
					rep.add(rows[i], enforcementColumn(f.Field), f.Reason, f.Message)
				}
			case known && e.Kind == model.Invalid:
				rep.add(rows[i], enforcementColumn(e.Field), e.Reason, e.Message)
			case err != nil:
				return err
			case out == Unchanged:
				rep.Unchanged++
			default:
				rep.Created++
			}
		}
		if len(rep.Problems) > 0 || dryRun {
			return errWrongRows // nothing is written
		}
		return nil
	})
	if err != nil && !errors.Is(err, errWrongRows) {
		return nil, fmt.Errorf("import enforcement cases: %w", err)
	}
	if len(rep.Problems) > 0 {
		rep.Created, rep.Unchanged = 0, 0
		slices.SortStableFunc(rep.Problems, func(a, b ImportProblem) int { return a.Row - b.Row })
	}
	return rep, nil
}

func enforcementColumn(field string) string {
	i := slices.Index([]string{"case_no", "filed_on", "officer", "basis_no", "amount_fen", "not_first"}, field)
	if i < 0 {
		return ""
	}
	return enforcementColumns[i]
}

func readEnforcement(r io.Reader, rep *ImportReport) (out []EnforcementInput, rows []int, err error) {
	err = sheet.Each(r, func(n int, cells []string) error {
		for len(cells) < len(enforcementColumns) {
			cells = append(cells, "")
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if n == 1 {
			for i, want := range enforcementColumns {
				if cells[i] != want {
					return model.InvalidField("file", "import.columns", fmt.Sprintf("第 %d 列的标题应为“%s”，请使用导入模板", i+1, want))
				}
			}
			return nil
		}
		if strings.Join(cells, "") == "" {
			return nil
		}
		if rep.Rows++; rep.Rows > maxImportRows {
			return model.InvalidField("file", "import.too_many", fmt.Sprintf("一次最多导入 %d 行，请拆分文件", maxImportRows))
		}
		in := EnforcementInput{CaseNo: cells[0], Officer: cells[2], BasisNo: cells[3], NotFirst: cells[5] == "否"}
		var wrong bool
		if in.FiledOn, wrong = sheet.Day(cells[1]); wrong {
			rep.add(n, enforcementColumns[1], "date.format", "日期格式应为 2026-01-31，且必须是真实存在的日期")
		}
		if cells[4] != "" {
			if in.AmountFen, err = model.ParseYuan(cells[4]); err != nil {
				rep.add(n, enforcementColumns[4], "amount.not_money", "金额格式不正确，应如 12345.67")
			}
		}
		out, rows = append(out, in), append(rows, n)
		return nil
	})
	if err == nil && rep.Rows == 0 {
		err = model.InvalidField("file", "import.empty", "文件中没有数据行")
	}
	return out, rows, err
}
