package agency

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
)

// columns are the titles of the file of duties, in order. One row is one duty. A
// unit that is not in the directory yet is added by its name and kind.
var columns = []string{"单位代码", "单位名称", "单位类别", "事项编号", "类型", "工作要求", "依据", "佐证材料", "计量单位", "周期", "时限", "适用措施", "适用对象", "解除时限"}

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
	colMeasures
	colSubjects
	colLift
)

// fieldColumns say which column a field of a duty or an agency came from.
var fieldColumns = map[string]int{
	"code": colCode, "kind": colKind, "requirement": colRequirement, "basis": colBasis, "evidence": colEvidence, "unit": colUnit,
	"recurrence": colRecurrence, "due_on": colDue, "due_days": colDue, "lift_days": colLift, "measures": colMeasures, "subjects": colSubjects,
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
	Ended     int   // that are not in the file any more
	Version   int64 // of the list that holds now
	Problems  []Problem
	Notes     []string // what was not read, what is hidden
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

// Loading says how a file is loaded.
type Loading struct {
	DryRun bool
	// Seen is the version of the list that the file was made to replace, 0 for the
	// first one: two that are loaded at once must not end each other's duties.
	Seen int64
	// Source is the document that fixes the list, or the name of the file.
	Source string
	// Backfill opens tasks for the measures that are in force already.
	Backfill bool
}

// Load reads a list of duties from a spreadsheet (.xlsx) or a .csv file, which
// replaces the one before it as a whole: agency and code name a duty; a row that
// is there already changes nothing, another text under the same name amends the
// duty, and what the file does not hold any more of the kinds that it lists
// ends. All rows are checked before anything is written; if one is wrong the
// report says which, and nothing is. The same file again is a repeat.
func (s *Service) Load(ctx context.Context, by model.Actor, r io.Reader, l Loading) (*LoadReport, error) {
	return s.load(ctx, by, model.ActAgencyManage, r, l)
}

// keeper is the role in which somebody keeps the lists.
func keeper(by model.Actor) model.Role {
	if by.May(model.ActAgencyManage) {
		return by.RoleFor(model.ActAgencyManage)
	}
	return by.RoleFor(model.ActDutyAdopt)
}

func (s *Service) load(ctx context.Context, by model.Actor, act model.Act, r io.Reader, l Loading) (*LoadReport, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	sent := &sending{r: r, h: sha256.New()}
	f, err := sheet.Receive(ctx, sent)
	switch {
	case sent.err != nil:
		return nil, model.InvalidField("file", "import.file", "文件没有完整上传，请重试").WithCause(sent.err)
	case err != nil:
		return nil, err
	}
	defer f.Close()
	read := &LoadReport{}
	rows, err := s.readDuties(ctx, f, read)
	if err != nil {
		return nil, err
	}
	sum := sent.h.Sum(nil)
	list := model.DutyList{CourtID: by.CourtID, Version: l.Seen + 1, Source: shorten(l.Source), SHA256: hex.EncodeToString(sum), Duties: read.Rows, ByUserID: by.UserID}
	var rep *LoadReport
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		rep = &LoadReport{Rows: read.Rows, Problems: slices.Clone(read.Problems), Notes: read.Notes, Version: l.Seen}
		repeat, err := lastList(ctx, tx, by.CourtID, list, rep)
		if err != nil || repeat {
			return err
		}
		if err := loadRows(ctx, tx, by, rows, rep); err != nil {
			return err
		}
		if len(rep.Problems) > 0 || l.DryRun {
			return errNothingWritten
		}
		return writeList(ctx, tx, by, list, l.Backfill, rep)
	})
	if err != nil && !errors.Is(err, errNothingWritten) {
		return nil, fmt.Errorf("load duties: %w", err)
	}
	if len(rep.Problems) > 0 {
		rep.Agencies, rep.Created, rep.Changed, rep.Unchanged, rep.Ended = 0, 0, 0, 0, 0
		slices.SortStableFunc(rep.Problems, func(a, b Problem) int { return a.Row - b.Row })
	}
	return rep, nil
}

// sending is a file while it comes. It is never in memory as a whole.
type sending struct {
	r   io.Reader
	h   hash.Hash
	err error
}

// Read implements io.Reader.
func (s *sending) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	_, _ = s.h.Write(p[:n]) // never fails
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func shorten(s string) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > 200 {
		return string(r[:200])
	}
	return strings.TrimSpace(s)
}

// lastList tells whether the list is the one that holds already, and refuses one
// that was made for another than the one that holds.
func lastList(ctx context.Context, tx *storage.DB, courtID int64, list model.DutyList, rep *LoadReport) (repeat bool, err error) {
	last, err := tx.LastDutyList(ctx, courtID)
	switch {
	case err != nil:
		return false, err
	case last.SHA256 == list.SHA256 && len(rep.Problems) == 0:
		rep.Unchanged, rep.Version = rep.Rows, last.Version
		return true, nil
	case last.Version != list.Version-1:
		return false, errListChanged(last.Version)
	}
	return false, nil
}

func errListChanged(version int64) error {
	return model.E(model.Conflict, "duty.list_changed", fmt.Sprintf("事项清单刚刚更新为第 %d 版，请核对后重新导入", version))
}

// loadRows makes the duties of the rows and ends those that are in none.
func loadRows(ctx context.Context, tx *storage.DB, by model.Actor, rows []loadRow, rep *LoadReport) error {
	agencies := map[string]*model.Agency{}
	kinds := map[model.DutyKind]bool{}
	held := map[int64]bool{}
	for _, row := range rows {
		kinds[row.duty.Kind] = true
		id, err := loadOne(ctx, tx, by, row, agencies, rep)
		if err != nil {
			return err
		}
		held[id] = true
	}
	if len(rep.Problems) > 0 {
		return nil
	}
	all, err := tx.AgencyDuties(ctx, model.AgencyDutyFilter{CourtID: by.CourtID, Active: true, Limit: maxRows * 2})
	if err != nil {
		return err
	}
	for _, d := range all {
		if held[d.ID] || !kinds[d.Kind] {
			continue
		}
		locked, err := tx.LockAgencyDuty(ctx, by.CourtID, d.ID)
		if err != nil {
			return err
		}
		if err := endDuty(ctx, tx, by, locked, locked.Version); err != nil {
			return err
		}
		rep.Ended++
	}
	return nil
}

func writeList(ctx context.Context, tx *storage.DB, by model.Actor, list model.DutyList, all bool, rep *LoadReport) error {
	list.ID, list.Created, list.Changed, list.Ended = 0, rep.Created, rep.Changed, rep.Ended
	created, err := tx.CreateDutyList(ctx, &list)
	if err != nil {
		return err
	}
	if !created {
		return errListChanged(list.Version)
	}
	rep.Version = list.Version
	if all {
		if err := backfill(ctx, tx, by, list.ID, 0); err != nil {
			return err
		}
	}
	return tx.Audit(by, keeper(by), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditDutyLoad, Subject: model.ThingDutyList.Of(list.ID), After: list,
	})
}

// loadOne makes or amends the duty of a row; 0 when the row is wrong.
func loadOne(ctx context.Context, tx *storage.DB, by model.Actor, row loadRow, agencies map[string]*model.Agency, rep *LoadReport) (int64, error) {
	a, err := loadAgency(ctx, tx, by, row, agencies, rep)
	if err != nil || a == nil {
		return 0, err
	}
	d := row.duty
	d.AgencyID, d.CourtID = a.ID, by.CourtID
	old, err := tx.AgencyDutyByCode(ctx, a.ID, d.Code)
	switch {
	case err != nil && model.KindOf(err) != model.NotFound:
		return 0, err
	case err != nil:
		rep.Created++
		err := addDuty(ctx, tx, by, &d)
		return d.ID, err
	}
	if old, err = tx.LockAgencyDuty(ctx, by.CourtID, old.ID); err != nil {
		return 0, err
	}
	since(&d, old.DueOn)
	if !old.Active() && old.Recurrence == model.RecurEach {
		old.EndedOn = model.Date{} // owed again, for the measures from now on
		rep.Changed++
		return old.ID, revive(ctx, tx, by, old, d)
	}
	if err := old.Amend(d); err != nil {
		return 0, rep.fail(row.n, err, fieldColumns)
	}
	if len(old.Changes(withID(d, old.ID))) == 0 {
		rep.Unchanged++
		return old.ID, nil
	}
	rep.Changed++
	return old.ID, amend(ctx, tx, by, old, d, old.Version)
}

// revive takes up a duty again that an earlier list had ended.
func revive(ctx context.Context, tx *storage.DB, by model.Actor, d *model.AgencyDuty, typed model.AgencyDuty) error {
	before := *d
	before.EndedOn = model.DateOf(tx.Now()) // what it says in the history: it was ended, it is not any more
	if err := d.Amend(typed); err != nil {
		return err
	}
	d.Requirement, d.Basis, d.Evidence, d.Unit = typed.Requirement, typed.Basis, typed.Evidence, typed.Unit
	d.DueDays, d.LiftDays, d.Measures, d.Subjects = typed.DueDays, typed.LiftDays, typed.Measures, typed.Subjects
	if err := tx.UpdateAgencyDuty(ctx, d, d.Version); err != nil {
		return err
	}
	return recordDuty(ctx, tx, by, model.AuditDutyChange, before, *d)
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
	return &a, tx.Audit(by, keeper(by), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditAgencyAdd, Subject: model.ThingAgency.Of(a.ID), After: a,
	})
}

// table is the form of the file.
var table = sheet.Table{Columns: sheet.Columns(columns), MaxRows: maxRows}

// readDuties reads the rows and reports what is wrong with them by themselves.
func (s *Service) readDuties(ctx context.Context, f *sheet.File, rep *LoadReport) (out []loadRow, err error) {
	first := map[string]int{}
	info, err := table.Each(ctx, f, func(n int, in []sheet.Cell) error {
		rep.Rows++
		row, ok := readDuty(n, in, model.DateOf(s.db.Now()), rep)
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
	rep.Notes = info.Notes()
	return out, err
}

func readDuty(n int, in []sheet.Cell, today model.Date, rep *LoadReport) (row loadRow, ok bool) {
	problems := len(rep.Problems)
	cells := make([]string, len(in))
	for i, c := range in {
		if i == colDue { // a day or a number of working days
			continue
		}
		var err error
		read := sheet.Cell.Words
		if i == colAgency || i == colCode {
			read = sheet.Cell.Code
		}
		if cells[i], err = read(c); err != nil {
			_ = rep.fail(n, err, map[string]int{"": i}) // a cell is never wrong otherwise
		}
	}
	row = loadRow{n: n, agency: model.Agency{Code: model.NormalizeCode(cells[colAgency]), Name: cells[colName]}}
	if row.agency.Kind, ok = named(model.AgencyKinds, cells[colAgencyKind]); !ok && cells[colAgencyKind] != "" {
		rep.add(n, colAgencyKind, "agency.kind", "单位类别应为 党委部门、政府部门、政法机关、金融机构、公用事业单位、镇（街道）或其他单位")
	}
	d := &row.duty
	d.Code, d.Requirement, d.Basis, d.Evidence, d.Unit = cells[colCode], cells[colRequirement], cells[colBasis], cells[colEvidence], cells[colUnit]
	d.Kind, _ = named(model.DutyKinds, cells[colKind])
	d.Recurrence, _ = named(model.Recurrences, cells[colRecurrence])
	var err error
	if d.Recurrence == model.RecurEach {
		since(d, today)
		if cells[colDue], err = in[colDue].Words(); err != nil {
			_ = rep.fail(n, err, map[string]int{"": colDue}) // a cell is never wrong otherwise
		}
		readEach(n, cells, d, rep)
	} else if d.DueOn, err = in[colDue].Day(); err != nil {
		_ = rep.fail(n, err, map[string]int{"": colDue})
		d.DueOn = model.NewDate(2026, 1, 31) // said already
	} else if err := model.CheckDay("due_on", d.DueOn, today); err != nil {
		_ = rep.fail(n, err, fieldColumns) // a day never fails otherwise
	}
	if err := d.Check(); err != nil {
		_ = rep.fail(n, err, fieldColumns) // a rule never fails otherwise
	}
	return row, len(rep.Problems) == problems
}

// readEach reads what only a duty has that measures begin. What cannot be read
// stays empty and is refused by the duty's own rule.
func readEach(n int, cells []string, d *model.AgencyDuty, rep *LoadReport) {
	d.DueDays = workdays(cells[colDue])
	if cells[colLift] != "" {
		if d.LiftDays = workdays(cells[colLift]); d.LiftDays == 0 {
			rep.add(n, colLift, "duty.days", "解除时限应写作 3 个工作日；不需要报送解除的不填")
		}
	}
	for _, name := range strings.FieldsFunc(cells[colMeasures], func(r rune) bool { return strings.ContainsRune("、，,; ；", r) }) {
		k, _ := named(model.DutyMeasures, name) // an unknown one is refused by the rule
		d.Measures = append(d.Measures, k)
	}
	switch cells[colSubjects] {
	case "":
	case "自然人":
		d.Subjects = model.Person
	case "单位":
		d.Subjects = model.Organisation
	default:
		d.Subjects = model.SubjectKind(cells[colSubjects])
	}
}

// workdays reads a number of working days, 0 when it is none.
func workdays(s string) int {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "个工作日"))
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
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
		"SCJ", "市场监督管理局", "政府部门", "CJ-01", "联合惩戒", "限制失信被执行人担任企业法定代表人、董事、监事、高级管理人员",
		"中办发〔2016〕64号", "限制登记记录", "人次", "每案", "10个工作日", "失信被执行人名单", "自然人", "3个工作日",
	}, {
		"SCJ", "市场监督管理局", "政府部门", "CJ-02", "联合惩戒", "报送本季度联合惩戒工作情况", "", "工作小结", "", "每季度", "2026-12-31", "", "", "",
	}})
	return c.Error()
}
