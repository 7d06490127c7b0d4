package filing

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

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
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	inputs, rows, err := readEnforcement(ctx, f, found)
	if err != nil {
		return nil, err
	}
	var rep *ImportReport
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		rep = found.clone()
		rep.Cases = len(inputs)
		officers, err := tx.StaffLogins(ctx, by.CourtID, model.RoleOfficer)
		if err != nil {
			return err
		}
		named, err := staffByName(ctx, tx, officers)
		if err != nil {
			return err
		}
		for i, in := range inputs {
			if err := ctx.Err(); err != nil {
				return err
			}
			if in.Officer != "" {
				login, err := whoIs(in.Officer, officers, named, "officer", "执行法官")
				if e, ok := asError(err); ok {
					rep.add(rows[i], enforcementColumn("officer"), e.Reason, e.Message)
					continue
				}
				in.Officer = login
			}
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
	return rep, rep.mark(ctx, f)
}

func enforcementColumn(field string) string {
	i := slices.Index([]string{"case_no", "filed_on", "officer", "basis_no", "amount_fen", "not_first"}, field)
	if i < 0 {
		return ""
	}
	return enforcementColumns[i]
}

var enforcementTable = sheet.Table{Columns: sheet.Columns(enforcementColumns), MaxRows: maxImportRows}

func readEnforcement(ctx context.Context, f *sheet.File, rep *ImportReport) (out []EnforcementInput, rows []int, err error) {
	info, err := enforcementTable.Each(ctx, f, func(n int, cells []sheet.Cell) error {
		rep.Rows++
		fail := func(column int, err error) {
			if e, ok := asError(err); ok {
				rep.add(n, enforcementColumns[column], e.Reason, e.Message)
			}
		}
		var in EnforcementInput
		var errs [6]error
		in.CaseNo, errs[0] = cells[0].Code()
		in.FiledOn, errs[1] = cells[1].Day()
		in.Officer, errs[2] = cells[2].Words()
		in.BasisNo, errs[3] = cells[3].Code()
		in.AmountFen, errs[4] = cells[4].Money()
		first := ""
		if first, errs[5] = cells[5].Words(); first != "" && first != "是" && first != "否" {
			errs[5] = model.E(model.Invalid, "field.format", "首次执行应填“是”或“否”")
		}
		in.NotFirst = first == "否"
		for column, err := range errs {
			fail(column, err)
		}
		out, rows = append(out, in), append(rows, n)
		return nil
	})
	rep.info = info
	rep.note(info.Notes()...)
	return out, rows, err
}
