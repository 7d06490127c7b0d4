package dossier

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
)

// entry is a line of the catalogue of an exported file.
type entry struct {
	item    model.DossierItem
	name    string
	size    int
	sum     string
	missing string // why its content is not there
}

// Export is the whole file of a case, ready to be written.
type Export struct {
	CaseNo  string
	svc     *Service
	facts   *model.DossierFacts
	entries []entry
	now     time.Time
}

// Export prepares the whole file of a case: everything is read once, so that the
// catalogue, which comes first, names the digest of each. What cannot be read is
// named with the reason and stops nothing else. The export is recorded.
func (s *Service) Export(ctx context.Context, by model.Actor, caseID int64) (*Export, error) {
	c, err := s.Catalogue(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	e := &Export{CaseNo: c.Case.CaseNo, svc: s, now: s.db.Now()}
	if e.facts, err = s.db.DossierFacts(ctx, caseID, c.Items); err != nil {
		return nil, err
	}
	for n, i := range c.Items {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line := entry{item: i}
		p, err := s.paper(ctx, *e.facts, i)
		if known, ok := errors.AsType[*model.Error](err); ok && known.Message != "" {
			line.missing, err = known.Message, nil
		}
		if err != nil {
			return nil, fmt.Errorf("item %d of case %d: %w", i.ID, caseID, err)
		}
		line.name = i.FileName(n+1, path.Ext(p.Name))
		if line.missing == "" {
			line.size, line.sum = len(p.Content), digest(p.Content)
		}
		e.entries = append(e.entries, line)
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActDossierRead), model.AuditEvent{
		CourtID: c.Case.CourtID, Action: model.AuditDossierExport, CaseID: caseID, Subject: model.ThingCase.Of(caseID),
	})
	return e, err
}

// catalogueName is the first file of an exported one.
const catalogueName = "000 目录.xlsx"

// Write writes the file as a ZIP, one thing after the other. What changed since the
// catalogue was made stops it: a ZIP that breaks off is no file.
func (e *Export) Write(ctx context.Context, w io.Writer) error {
	z := zip.NewWriter(w)
	add := func(name string, at time.Time, b []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return err
		}
		_, err = f.Write(b)
		return err
	}
	f, err := z.CreateHeader(&zip.FileHeader{Name: catalogueName, Method: zip.Deflate, Modified: e.now})
	if err != nil {
		return err
	}
	if err := e.catalogue(f); err != nil {
		return err
	}
	for _, line := range e.entries {
		if line.missing != "" {
			continue
		}
		p, err := e.svc.paper(ctx, *e.facts, line.item)
		if err != nil {
			return err
		}
		if digest(p.Content) != line.sum {
			return fmt.Errorf("item %d changed while the file was written", line.item.ID)
		}
		if err := add(line.name, line.item.MadeAt, p.Content); err != nil {
			return err
		}
	}
	return z.Close()
}

// catalogue writes the list of what is in the file.
func (e *Export) catalogue(w io.Writer) error {
	x := excelize.NewFile()
	defer func() { _ = x.Close() }() // in memory
	const sheet = "目录"
	if err := x.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	rows := [][]any{
		{e.CaseNo + " 卷宗目录"},
		{fmt.Sprintf("共 %d 件，导出时间 %s", len(e.entries), e.now.In(model.CourtZone).Format("2006-01-02 15:04"))},
		{"序号", "卷内部分", "名称", "文件名", "形成时间", "字节数", "SHA-256", "入卷情况", "入卷回执号"},
	}
	for n, line := range e.entries {
		name, size := line.name, any(line.size)
		if line.missing != "" {
			name, size = "（没有取得："+line.missing+"）", ""
		}
		rows = append(rows, []any{
			n + 1, line.item.Source.Part(), line.item.Title(), name, line.item.MadeAt.In(model.CourtZone).Format("2006-01-02 15:04:05"), size, line.sum, line.item.State(), line.item.ReceiptNo,
		})
	}
	for n, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		if err := x.SetSheetRow(sheet, cell, &row); err != nil {
			return err
		}
	}
	for column, width := range map[string]float64{"B": 18, "C": 30, "D": 46, "E": 20, "G": 68, "H": 12, "I": 18} {
		if err := x.SetColWidth(sheet, column, column, width); err != nil {
			return err
		}
	}
	return x.Write(w)
}
