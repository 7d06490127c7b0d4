package filing

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
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
	// Payments are the entries of earlier performance for the judges to confirm,
	// and PaymentsFen their sum.
	Payments    int
	PaymentsFen model.Fen
	Problems    []ImportProblem
	// Notes are sentences to read before writing: what was not read, what is hidden.
	Notes    []string
	Preview  []ImportLine // of the first cases
	Outgoing Outgoing
	// ImportID names the import that was written, 0 for none.
	ImportID int64
	// Marked is the sheet as it was sent with its faults marked, MarkedEnd the ending
	// of its name; nil when nothing is wrong. Of a large one it is a list of them.
	Marked    []byte
	MarkedEnd string

	said map[string]bool // row and column of the problems
	info sheet.Info
}

// ImportLine is a case of the file as it will be filed: days and amounts as
// they were understood.
type ImportLine struct {
	Row               int // its first
	CaseNo, Cause     string
	FiledOn           model.Date
	EffectiveOn       model.Date
	Judge             string // his log-in name
	Obligees          string // the first, and how many
	Obligors          string
	Obligations       int
	AmountFen         model.Fen
	PaidFen           model.Fen // performed before, to be confirmed
	Duties            []ImportDuty
	There, Impossible bool // already filed alike; wrong somewhere
}

// ImportDuty is one duty of a line.
type ImportDuty struct {
	Row       int
	Obligor   string
	Obligee   string // "" for the court's account
	AmountFen model.Fen
	Conduct   string // what is to be done, "" for money
	DueOn     model.Date
	DueInDays int // after the instrument took effect, when the file says so
	PaidFen   model.Fen
	PaidOn    model.Date
	Payer     string
}

// previewLines bounds the preview of a report, previewDuties one line of it.
const (
	previewLines  = 200
	previewDuties = 10
)

// Progress is told how far an import is. It is called within the transaction,
// so that it must not wait for anybody.
type Progress func(step string, done, all int)

// Importing says how a file is imported.
type Importing struct {
	DryRun bool
	Source string // the file's name, for the record
	// Notices says when the parties are told; "" leaves it to the file: a backlog,
	// with anything overdue or performed before, is held, everything else told now.
	Notices model.NoticeChoice
	FromOn  model.Date // of NoticesFrom
	Tell    Progress   // may be nil
}

func (o *Importing) check(today model.Date) error {
	o.Source = strings.TrimSpace(o.Source)
	if r := []rune(o.Source); len(r) > 200 {
		o.Source = string(r[:200])
	}
	if o.Tell == nil {
		o.Tell = func(string, int, int) {}
	}
	switch {
	case o.Notices != "" && o.Notices.Chinese() == "":
		return model.InvalidField("notices", "import.notices", "通知方式应为 now（立即）、from（自某日起）或 held（暂不通知）")
	case o.Notices == model.NoticesFrom && (o.FromOn.Before(today) || o.FromOn.After(today.AddDays(366))):
		return model.InvalidField("from_on", "import.notices", "开始通知的日期应在今天至一年之内")
	case o.Notices != model.NoticesFrom && !o.FromOn.IsZero():
		return model.InvalidField("from_on", "import.notices", "填写了开始通知的日期的，通知方式应选“自指定日期起通知”")
	}
	return nil
}

// maxProblems bounds a report; a file that is wrong throughout says the same
// thing on every row.
const maxProblems = 1000

// add reports a wrong cell, once: what else is wrong with it follows from that.
func (rep *ImportReport) add(row int, column, reason, message string) {
	key := fmt.Sprint(row, column)
	if column != "" && rep.said[key] || len(rep.Problems) >= maxProblems {
		return
	}
	if rep.said == nil {
		rep.said = map[string]bool{}
	}
	rep.said[key] = true
	rep.Problems = append(rep.Problems, ImportProblem{Row: row, Column: column, Reason: reason, Message: message})
}

// maxNotes bounds the sentences beside a report.
const maxNotes = 50

// note adds sentences to read before writing.
func (rep *ImportReport) note(lines ...string) {
	for _, l := range lines {
		if len(rep.Notes) == maxNotes {
			rep.Notes = append(rep.Notes, "……还有其他提示，没有一一列出")
		}
		if len(rep.Notes) > maxNotes {
			return
		}
		rep.Notes = append(rep.Notes, l)
	}
}

// clone is a copy to which a transaction may add and start again.
func (rep *ImportReport) clone() *ImportReport {
	c := *rep
	c.Problems, c.Notes, c.said = slices.Clone(rep.Problems), slices.Clone(rep.Notes), map[string]bool{}
	for _, p := range rep.Problems {
		c.said[fmt.Sprint(p.Row, p.Column)] = true
	}
	return &c
}

// Import reads cases from a spreadsheet (.xlsx) or a .csv file (UTF-8 or
// GB18030). Every row is checked before anything is written; if one is wrong,
// the report says which, and nothing is imported. All is written in one
// transaction. The same file again changes nothing. What had been performed
// before becomes entries for the judges to confirm, which whoever imported them
// cannot.
func (s *Service) Import(ctx context.Context, by model.Actor, r io.Reader, o Importing) (*ImportReport, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	if err := o.check(model.DateOf(s.db.Now())); err != nil {
		return nil, err
	}
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	read := &ImportReport{}
	cases, order, err := readCases(ctx, f, read)
	if err != nil {
		return nil, err
	}
	read.Cases = len(order)
	var rep *ImportReport
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		rep = read.clone() // a transaction may run twice
		plans, err := s.checkImport(ctx, tx, by, cases, order, rep, o)
		if err != nil || len(rep.Problems) > 0 || o.DryRun || len(plans) == 0 {
			return err
		}
		return s.writeImport(ctx, tx, by, plans, rep, o)
	})
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	slices.SortStableFunc(rep.Problems, func(a, b ImportProblem) int { return a.Row - b.Row })
	return rep, rep.mark(ctx, f)
}

// mark gives the sheet back with its faults marked.
func (rep *ImportReport) mark(ctx context.Context, f *sheet.File) (err error) {
	if len(rep.Problems) == 0 {
		return nil
	}
	var faults []sheet.Fault
	for _, p := range rep.Problems {
		faults = append(faults, sheet.Fault{Row: p.Row, Column: p.Column, Message: p.Message})
	}
	rep.Marked, rep.MarkedEnd, err = f.Marked(ctx, rep.info, faults)
	return err
}

// importBatch is how many cases are written at once.
const importBatch = 500

// writeImport writes checked cases, with their earlier performance, and tells
// the parties or holds that back.
func (s *Service) writeImport(ctx context.Context, tx *storage.DB, by model.Actor, plans []*plan, rep *ImportReport, o Importing) error {
	court, err := tx.Court(ctx, by.CourtID)
	if err != nil {
		return err
	}
	m := &model.Import{
		CourtID: by.CourtID, ByUserID: by.UserID, Source: o.Source, Cases: len(plans), Payments: rep.Payments,
		Choice: rep.Outgoing.Choice, FromOn: o.FromOn,
	}
	now := tx.Now()
	held := m.Choice != model.NoticesNow
	if !held {
		m.ReleasedAt, m.ReleasedBy, m.DoneAt = &now, by.UserID, &now
	}
	if err := tx.CreateImport(ctx, m); err != nil {
		return err
	}
	rep.ImportID = m.ID
	for n := 0; n < len(plans); n += importBatch {
		if err := ctx.Err(); err != nil {
			return err
		}
		o.Tell("写入案件", n, len(plans))
		some := plans[n:min(n+importBatch, len(plans))]
		for _, p := range some {
			p.cs.ImportID, p.cs.Held = m.ID, held
			if p.cs.PlanStale = !held; !held {
				p.cs.ToldOn = model.DateOf(now)
			}
		}
		if err := s.insert(ctx, tx, by, model.ActCaseFile, *court, some); err != nil {
			return err
		}
		if !held {
			if err := s.notifyFiled(ctx, tx, *court, some); err != nil {
				return err
			}
		}
		if err := s.claimImported(ctx, tx, by, m.ID, some); err != nil {
			return err
		}
	}
	if err := storage.Insert(ctx, tx, rep.Outgoing.samples(m.ID)); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActCaseFile), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditCaseImport, Subject: model.ThingImport.Of(m.ID), After: m,
	})
}

// claimImported hands what had been performed before to the judges' queues.
func (s *Service) claimImported(ctx context.Context, tx *storage.DB, by model.Actor, importID int64, plans []*plan) error {
	var list []model.ImportedPayment
	for _, p := range plans {
		for _, pay := range p.payments {
			in, op := p.obligationOf(pay.ref)
			if op == nil {
				continue
			}
			debtor := p.party(op.obligors[0])
			list = append(list, model.ImportedPayment{
				Case: p.cs, Party: p.parties[debtor], Obligation: op.ob, Installments: op.installments, EffectiveOn: in.EffectiveOn,
				AmountFen: pay.amount, PaidOn: pay.on, PayerName: pay.payer,
			})
		}
	}
	if len(list) == 0 || s.cfg.Ledger == nil {
		return nil
	}
	return s.cfg.Ledger.ClaimImported(ctx, tx, by, importID, list)
}

func (p *plan) obligationOf(ref string) (model.Instrument, *obligationPlan) {
	for i := range p.instruments {
		if k := p.instruments[i].obligation(ref); k >= 0 {
			return p.instruments[i].in, &p.instruments[i].obligations[k]
		}
	}
	return model.Instrument{}, nil
}

// table is the form of the file.
var table = sheet.Table{Columns: sheet.Columns(columns, columns[colCategory:]...), MaxRows: maxImportRows}
