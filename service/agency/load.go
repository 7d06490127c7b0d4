package agency

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

// columns are the titles of the file of duties, in order. One row is one duty. A
// unit that is not in the directory yet is added by its name and kind.
var columns = []string{"单位代码", "单位名称", "单位类别", "事项编号", "类型", "工作要求", "依据", "佐证材料", "计量单位", "周期", "时限"}

const (
	colAgency = iota
	colName
	colAgencyKind
	colCode
	colKind
	colRequirement
	colBasis
	colEvidence
	colUnit
	colRecurrence
	colDue
)

// fieldColumns say which column a field of a duty or an agency came from.
var fieldColumns = map[string]int{
	"code": colCode, "kind": colKind, "requirement": colRequirement, "basis": colBasis, "evidence": colEvidence, "unit": colUnit,
	"recurrence": colRecurrence, "due_on": colDue,
}

// maxRows bounds one file.
const maxRows = 5000

// Problem is one wrong cell.
type Problem struct {
	Row     int    // as the sheet counts, the title is row 1
	Column  string // "" when the row as a whole is wrong
	Reason  string
	Message string
}

// LoadReport is what loading a file found and did.
type LoadReport struct {
	Rows      int
	Agencies  int // added to the directory
	Created   int
	Changed   int
	Unchanged int
	Problems  []Problem
}

func (rep *LoadReport) add(row, column int, reason, message string) {
	rep.Problems = append(rep.Problems, Problem{row, columns[column], reason, message})
}

// fail adds what a rule said about a row.
func (rep *LoadReport) fail(row int, err error, fields map[string]int) error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Kind == model.Internal || e.Kind == model.Unavailable {
		return err
	}
	column := colCode
	if c, ok := fields[e.Field]; ok {
		column = c
	}
	rep.add(row, column, e.Reason, e.Message)
	return nil
}

type loadRow struct {
	n      int
	agency model.Agency
	duty   model.AgencyDuty
}

var errNothingWritten = errors.New("nothing is written")

// Load reads duties from a spreadsheet (.xlsx) or a .csv file. Agency and code
// name a duty: the same row again changes nothing, another text under the same
// name amends the duty. All rows are checked before anything is written; if one
// is wrong the report says which, and nothing is.
func (s *Service) Load(ctx context.Context, by model.Actor, r io.Reader, dryRun bool) (*LoadReport, error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, err
	}
	read := &LoadReport{}
	rows, err := readDuties(r, read)
	if err != nil {
		return nil, err
	}
	var rep *LoadReport
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		rep = &LoadReport{Rows: read.Rows, Problems: slices.Clone(read.Problems)}
		agencies := map[string]*model.Agency{}
		for _, row := range rows {
			if err := loadOne(ctx, tx, by, row, agencies, rep); err != nil {
				return err
			}
		}
		if len(rep.Problems) > 0 || dryRun {
			return errNothingWritten
		}
		if rep.Created+rep.Changed+rep.Agencies == 0 {
			return nil
		}
		return tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
			CourtID: by.CourtID, Action: "duty.load", Subject: model.Subject("court", by.CourtID), After: rep,
		})
	})
	if err != nil && !errors.Is(err, errNothingWritten) {
		return nil, fmt.Errorf("load duties: %w", err)
	}
	if len(rep.Problems) > 0 {
		rep.Agencies, rep.Created, rep.Changed, rep.Unchanged = 0, 0, 0, 0
		slices.SortStableFunc(rep.Problems, func(a, b Problem) int { return a.Row - b.Row })
	}
	return rep, nil
}

func loadOne(ctx context.Context, tx *storage.DB, by model.Actor, row loadRow, agencies map[string]*model.Agency, rep *LoadReport) error {
	a, err := loadAgency(ctx, tx, by, row, agencies, rep)
	if err != nil || a == nil {
		return err
	}
	d := row.duty
	d.AgencyID, d.CourtID = a.ID, by.CourtID
	old, err := tx.AgencyDutyByCode(ctx, a.ID, d.Code)
	switch {
	case err != nil && model.KindOf(err) != model.NotFound:
		return err
	case err != nil:
		rep.Created++
		return addDuty(ctx, tx, by, &d)
	}
	if old, err = tx.LockAgencyDuty(ctx, by.CourtID, old.ID); err != nil {
		return err
	}
	if err := old.Amend(d); err != nil {
		return rep.fail(row.n, err, fieldColumns)
	}
	if len(old.Changes(withID(d, old.ID))) == 0 {
		rep.Unchanged++
		return nil
	}
	rep.Changed++
	return amend(ctx, tx, by, old, d, old.Version)
}

// loadAgency finds a row's agency, or adds it; nil when the row is wrong.
func loadAgency(ctx context.Context, tx *storage.DB, by model.Actor, row loadRow, known map[string]*model.Agency, rep *LoadReport) (*model.Agency, error) {
	typed := row.agency
	a, ok := known[typed.Code]
	if !ok {
		found, err := tx.AgencyByCode(ctx, by.CourtID, typed.Code)
		switch {
		case err == nil:
			if a, err = tx.LockAgency(ctx, by.CourtID, found.ID); err != nil {
				return nil, err
			}
		case model.KindOf(err) != model.NotFound:
			return nil, err
		default:
			if typed.Name == "" || typed.Kind == "" {
				rep.add(row.n, colAgency, "agency.unknown", "通讯录中没有这个单位代码；新单位请同时填写单位名称和类别")
				return nil, nil //nolint:nilnil // the row is wrong
			}
			if a, err = addAgency(ctx, tx, by, typed); err != nil {
				return nil, rep.fail(row.n, err, map[string]int{"code": colAgency, "name": colName, "kind": colAgencyKind})
			}
			rep.Agencies++
		}
		known[typed.Code] = a
	}
	switch {
	case !a.Active():
		rep.add(row.n, colAgency, "agency.ended", "单位“"+a.Name+"”已停用")
		return nil, nil //nolint:nilnil // the row is wrong
	case typed.Name != "" && typed.Name != a.Name:
		rep.add(row.n, colName, "agency.other_name", "这个单位代码在通讯录中是“"+a.Name+"”，请核对")
		return nil, nil //nolint:nilnil // the row is wrong
	}
	return a, nil
}

func addAgency(ctx context.Context, tx *storage.DB, by model.Actor, a model.Agency) (*model.Agency, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	a.CourtID, a.Version = by.CourtID, 1
	if _, err := tx.CreateAgency(ctx, &a); err != nil {
		return nil, err
	}
	if err := tx.AddAgencyChanges(ctx, by, model.Agency{}.Changes(a)); err != nil {
		return nil, err
	}
	return &a, tx.Audit(by, by.RoleFor(model.ActAgencyManage), model.AuditEvent{
		CourtID: by.CourtID, Action: "agency.add", Subject: model.Subject("agency", a.ID), After: a,
	})
}

// readDuties reads the rows and reports what is wrong with them by themselves.
func readDuties(r io.Reader, rep *LoadReport) (out []loadRow, err error) {
	first := map[string]int{}
	err = sheet.Each(r, func(n int, cells []string) error {
		cells = slices.Clone(cells)
		for len(cells) < len(columns) {
			cells = append(cells, "")
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if n == 1 {
			for i, want := range columns {
				if cells[i] != want {
					return model.InvalidField("file", "import.columns", fmt.Sprintf("第 %d 列的标题应为“%s”，请使用导入模板", i+1, want))
				}
			}
			return nil
		}
		if strings.Join(cells, "") == "" {
			return nil
		}
		if rep.Rows++; rep.Rows > maxRows {
			return model.InvalidField("file", "import.too_many", fmt.Sprintf("一次最多导入 %d 行，请拆分文件", maxRows))
		}
		row, ok := readDuty(n, cells, rep)
		key := row.agency.Code + " " + row.duty.Code
		if at := first[key]; at != 0 {
			rep.add(n, colCode, "duty.twice", fmt.Sprintf("与第 %d 行是同一单位的同一编号", at))
			return nil
		}
		first[key] = n
		if ok {
			out = append(out, row)
		}
		return nil
	})
	if err == nil && rep.Rows == 0 {
		err = model.InvalidField("file", "import.empty", "文件中没有数据行")
	}
	return out, err
}

func readDuty(n int, cells []string, rep *LoadReport) (row loadRow, ok bool) {
	problems := len(rep.Problems)
	row = loadRow{n: n, agency: model.Agency{Code: strings.ToUpper(cells[colAgency]), Name: cells[colName]}}
	if row.agency.Kind, ok = named(model.AgencyKinds, cells[colAgencyKind]); !ok && cells[colAgencyKind] != "" {
		rep.add(n, colAgencyKind, "agency.kind", "单位类别应为 党委部门、政府部门、政法机关、金融机构、公用事业单位、镇（街道）或其他单位")
	}
	d := &row.duty
	d.Code, d.Requirement, d.Basis, d.Evidence, d.Unit = cells[colCode], cells[colRequirement], cells[colBasis], cells[colEvidence], cells[colUnit]
	d.Kind, _ = named(model.DutyKinds, cells[colKind])
	d.Recurrence, _ = named(model.Recurrences, cells[colRecurrence])
	var wrong bool
	if d.DueOn, wrong = sheet.Day(cells[colDue]); wrong {
		rep.add(n, colDue, "date.format", "日期格式应为 2026-01-31，且必须是真实存在的日期")
		d.DueOn = model.NewDate(2026, 1, 31) // said already
	}
	if err := d.Check(); err != nil {
		_ = rep.fail(n, err, fieldColumns) // a rule never fails otherwise
	}
	return row, len(rep.Problems) == problems
}

// named finds the value that is called so on screens.
func named[T interface {
	~string
	Chinese() string
}](list []T, name string) (T, bool) {
	for _, v := range list {
		if v.Chinese() == name {
			return v, true
		}
	}
	var none T
	return none, false
}

// TemplateCSV writes the template of the file as CSV with a byte order mark, so
// that Excel reads it as UTF-8.
func TemplateCSV(w io.Writer) error {
	if _, err := w.Write([]byte("\xef\xbb\xbf")); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	_ = c.WriteAll([][]string{columns, { // Error reports what happened
		"SJJ", "市场监督管理局", "政府部门", "CJ-01", "联合惩戒", "对失信被执行人担任企业法定代表人、董事、监事、高级管理人员的登记申请予以限制",
		"《企业信息公示暂行条例》《关于对失信被执行人实施联合惩戒的合作备忘录》", "限制登记清单", "人次", "每季度", "2026-03-31",
	}})
	return c.Error()
}
