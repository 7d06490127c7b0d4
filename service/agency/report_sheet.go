package agency

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
)

// reportColumns are the titles of the sheet by which an agency reports on many of its
// tasks at once: one row a task, of which the last three columns are filled in.
var reportColumns = []string{"事项号", "事项", "工作要求", "对象", "决定书号", "时限", "完成日期", "完成情况", "数量"}

const (
	repTask = iota
	repDuty
	repWhat
	repWhom
	repNumber
	repDue
	repDoneOn
	repText
	repQuantity
)

// maxReportRows is how many tasks one sheet has.
const maxReportRows = 2000

var (
	reportTable  = sheet.Table{Columns: sheet.Columns(reportColumns, "事项", "工作要求", "决定书号", "时限", "数量"), MaxRows: maxReportRows}
	errWrongRows = errors.New("rows are wrong")
)

// ReportSheet writes the sheet of the agency's tasks that wait for a report, whom
// they are about in full: the agency has to find him. That is recorded.
func (s *Service) ReportSheet(ctx context.Context, by model.Actor, w io.Writer) error {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return err
	}
	list, err := s.openTasksFor(ctx, by)
	if err != nil {
		return err
	}
	rows := [][]any{sheet.Titles(reportColumns)}
	for _, t := range list {
		rows = append(rows, []any{fmt.Sprint(t.ID), t.Duty.Code, t.Duty.Requirement, t.On.SubjectName, t.On.Number, t.DueOn.String(), "", "", ""})
	}
	err = s.db.AuditLook(ctx, by, model.RoleAgency, model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditDutyLook, Subject: model.ThingAgency.Of(by.AgencyID), After: map[string]int{"tasks": len(list)},
	})
	if err != nil {
		return err
	}
	return sheet.Form{
		Name: "事项", Rows: rows, Widths: []float64{0, 12, 40, 20, 26, 14, 14, 50}, Help: []string{
			"每行是一名被惩戒（激励）对象的一项事项。请填写“完成日期”和“完成情况”两列，计数量的事项另填“数量”；还没有完成的行不填，本次不报送。",
			"“事项号”和“对象”请勿改动。完成日期写 2026-03-31 或 2026年3月31日。",
			"有一处不正确的，全部不报送，表格会标出错误退回；改正后重新上传。重复上传不会重复报送。需要附材料的，请逐项报送。",
		},
	}.Write(w)
}

// openTasksFor are the tasks of the actor's agency that wait for a report.
func (s *Service) openTasksFor(ctx context.Context, by model.Actor) ([]TaskLine, error) {
	var out []TaskLine
	after := int64(0)
	for len(out) < maxReportRows {
		list, err := s.Tasks(ctx, by, model.AgencyTaskFilter{State: model.AgencyTaskOpen, After: after, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			if t.State == model.AgencyTaskOpen {
				out = append(out, t)
			}
		}
		if len(list) < 200 {
			break
		}
		after = list[len(list)-1].ID
	}
	return out[:min(len(out), maxReportRows)], nil
}

// SheetReport is what a sheet of reports did.
type SheetReport struct {
	Rows, Reported, Unchanged, Empty int
	Problems                         sheet.Faults
	Marked                           []byte // the sheet with its faults marked
	MarkedEnd                        string
}

func (rep *SheetReport) add(row, column int, err error) {
	rep.Problems.Add(row, reportColumns[column], err)
}

// sheetRow is a row that was filled in.
type sheetRow struct {
	n      int
	task   int64
	whom   string
	report model.AgencyReport
}

// ReportAll takes the reports of a sheet. All of them are taken, or, when one cell is
// wrong, none, and the sheet comes back with its faults marked. The same sheet again
// changes nothing.
func (s *Service) ReportAll(ctx context.Context, by model.Actor, r io.Reader) (*SheetReport, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found := &SheetReport{}
	rows, info, err := s.readReports(ctx, f, found)
	if err != nil {
		return nil, err
	}
	var rep *SheetReport
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		again := *found
		rep = &again
		rep.Problems = slices.Clone(found.Problems)
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.takeRow(ctx, tx, by, row, rep); err != nil {
				return err
			}
		}
		if len(rep.Problems) > 0 {
			return errWrongRows // nothing is written
		}
		return nil
	})
	if err != nil && !errors.Is(err, errWrongRows) {
		return nil, fmt.Errorf("reports of a sheet: %w", err)
	}
	if len(rep.Problems) > 0 {
		rep.Reported, rep.Unchanged = 0, 0
		rep.Marked, rep.MarkedEnd, err = f.Marked(ctx, info, rep.Problems)
		return rep, err
	}
	return rep, nil
}

func (s *Service) readReports(ctx context.Context, f *sheet.File, rep *SheetReport) (out []sheetRow, info sheet.Info, err error) {
	seen := map[int64]int{}
	today := model.DateOf(s.db.Now())
	info, err = reportTable.Each(ctx, f, func(n int, cells []sheet.Cell) error {
		rep.Rows++
		if cells[repDoneOn].Type == sheet.Blank && cells[repText].Type == sheet.Blank && cells[repQuantity].Type == sheet.Blank {
			rep.Empty++
			return nil
		}
		row := sheetRow{n: n}
		typed, err := cells[repTask].Words()
		if err == nil {
			row.task, err = strconv.ParseInt(strings.TrimSpace(model.Fold(typed)), 10, 64)
			if err != nil {
				err = model.E(model.Invalid, "report.task", "事项号不正确，请使用下载的表格，不要改动这一列")
			}
		}
		if err != nil {
			rep.add(n, repTask, err)
			return nil
		}
		if first := seen[row.task]; first != 0 {
			rep.add(n, repTask, model.E(model.Invalid, "report.twice", fmt.Sprintf("与第 %d 行是同一事项，请删去一行", first)))
			return nil
		}
		seen[row.task] = n
		if row.whom, err = cells[repWhom].Words(); err != nil {
			rep.add(n, repWhom, err)
		}
		if row.report.DoneOn, err = cells[repDoneOn].Day(); err != nil {
			rep.add(n, repDoneOn, err)
		}
		if row.report.Text, err = cells[repText].Words(); err != nil {
			rep.add(n, repText, err)
		}
		if typed, err := cells[repQuantity].Words(); err != nil {
			rep.add(n, repQuantity, err)
		} else if typed != "" {
			q, err := strconv.ParseInt(strings.TrimSpace(model.Fold(typed)), 10, 64)
			if err != nil {
				rep.add(n, repQuantity, model.E(model.Invalid, "report.quantity", "数量应为不小于 0 的整数"))
			}
			row.report.Quantity = &q
		}
		if strings.TrimSpace(row.report.Text) == "" && cells[repText].Type == sheet.Blank {
			rep.add(n, repText, model.E(model.Invalid, "report.text", "请填写完成情况"))
		}
		if err := row.report.Check(today); err != nil {
			rep.add(n, columnOf(err), err)
		}
		h := sha256.Sum256([]byte(fmt.Sprint(row.task, "|", row.report.DoneOn, "|", row.report.Text, "|", typedQuantity(row.report))))
		row.report.IdemKey, row.report.FileIDs = "sheet-"+hex.EncodeToString(h[:16]), []int64{}
		out = append(out, row)
		return nil
	})
	return out, info, err
}

func typedQuantity(r model.AgencyReport) string {
	if r.Quantity == nil {
		return ""
	}
	return fmt.Sprint(*r.Quantity)
}

// columnOf is the column of a field of a report.
func columnOf(err error) int {
	switch model.FieldOf(err) {
	case "done_on":
		return repDoneOn
	case "quantity":
		return repQuantity
	case "text":
		return repText
	}
	return repTask
}

// takeRow takes the report of one row, unless something is wrong with it.
func (s *Service) takeRow(ctx context.Context, tx *storage.DB, by model.Actor, row sheetRow, rep *SheetReport) error {
	wrong := func(err error) error {
		if k := model.KindOf(err); k != model.Invalid && k != model.Conflict && k != model.NotFound {
			return err
		}
		rep.add(row.n, columnOf(err), err)
		return nil
	}
	t, err := tx.AgencyTask(ctx, by, row.task)
	if err != nil {
		if model.KindOf(err) == model.NotFound {
			err = model.E(model.Invalid, "report.task", "本单位没有这个事项号，请使用下载的表格，不要改动这一列")
		}
		return wrong(err)
	}
	lines, err := s.linesIn(ctx, tx, *t)
	if err != nil {
		return err
	}
	if whom := lines.On.SubjectName; model.NormalizeName(whom) != model.NormalizeName(row.whom) {
		rep.add(row.n, repWhom, model.E(model.Invalid, "report.whom", "“对象”与事项号不符，可能错了行，请核对后使用下载的表格填写"))
		return nil
	}
	old, err := tx.AgencyReportByKey(ctx, by.AgencyID, row.report.IdemKey)
	if err != nil {
		return err
	}
	switch {
	case old != nil && old.State == model.ReportReturned:
		rep.add(row.n, repText, model.E(model.Invalid, "report.same", "与法院已经退回的报送相同，请按退回原因补充后再报送"))
		return nil
	case old != nil:
		rep.Unchanged++
		return nil
	}
	r := row.report
	if err := r.Check(model.DateOf(tx.Now())); err != nil {
		return wrong(err)
	}
	if _, err := s.report(ctx, tx, by, row.task, &r); err != nil {
		return wrong(err)
	}
	rep.Reported++
	return nil
}

// linesIn is a task with whom it is about, within a transaction.
func (s *Service) linesIn(ctx context.Context, tx *storage.DB, t model.AgencyTask) (TaskLine, error) {
	line := TaskLine{AgencyTask: t}
	if t.MeasureID == 0 {
		return line, nil
	}
	on, err := tx.DutyMeasures(ctx, []int64{t.MeasureID})
	line.On = on[t.MeasureID]
	return line, err
}
