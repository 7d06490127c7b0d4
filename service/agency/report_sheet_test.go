package agency_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/agency"
)

// An agency takes its tasks out as a sheet, fills in the results of many debtors and
// hands it in: with one wrong cell nothing is reported and the sheet comes back marked,
// right it is all reported, and the same sheet again reports nothing twice.
func TestAnAgencyReportsByASheet(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	svc, ctx := c.Svc.Agency, t.Context()
	c.adopt(agency.Loading{})
	market, civil := c.AgencyStaff("SCJ", "scjg.zhou"), c.AgencyStaff("MZJ", "mzj.wu")
	c.listed()
	out := func() *excelize.File {
		var b bytes.Buffer
		if err := svc.ReportSheet(ctx, market.Actor, &b); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	in := func(x *excelize.File) *agency.SheetReport {
		var b bytes.Buffer
		if err := x.Write(&b); err != nil {
			t.Fatal(err)
		}
		rep, err := svc.ReportAll(ctx, market.Actor, &b)
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	looks := c.Audited(model.AuditDutyLook)
	x := out()
	rows, _ := x.GetRows("事项")
	if len(rows) != 3 || rows[1][3] != "赵明" || c.Audited(model.AuditDutyLook) != looks+1 {
		t.Fatalf("%q, looks %d", rows, c.Audited(model.AuditDutyLook)-looks)
	}
	if rep := in(x); rep.Rows != 2 || rep.Empty != 2 || rep.Reported != 0 || len(rep.Problems) != 0 {
		t.Errorf("nothing filled in: %+v", rep)
	}
	today := model.DateOf(c.DB.Now()).String()
	for cell, v := range map[string]string{"G2": today, "H2": "已在登记系统标注", "G3": "昨天", "H3": "", "D3": "李四"} {
		_ = x.SetCellStr("事项", cell, v)
	}
	rep := in(x)
	var said []string
	for _, p := range rep.Problems {
		said = append(said, p.Column)
	}
	if rep.Reported != 0 || !strings.Contains(strings.Join(said, " "), "完成日期") || !strings.Contains(strings.Join(said, " "), "完成情况") || !strings.Contains(strings.Join(said, " "), "对象") {
		t.Errorf("%+v", rep.Problems)
	}
	if waiting := c.tasks(market, model.AgencyTaskFilter{State: model.AgencyTaskReported}); len(waiting) != 0 {
		t.Errorf("%d were reported by a wrong sheet", len(waiting))
	}
	marked, err := excelize.OpenReader(bytes.NewReader(rep.Marked))
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := marked.GetCellValue("事项", "J3"); !strings.Contains(v, "完成日期：") {
		t.Errorf("the sheet says %q", v)
	}
	for cell, v := range map[string]string{"G3": today, "H3": "已限制", "D3": "赵明"} {
		_ = marked.SetCellStr("事项", cell, v)
	}
	if rep := in(marked); rep.Reported != 2 || len(rep.Problems) != 0 {
		t.Fatalf("%+v", rep)
	}
	if waiting := c.tasks(market, model.AgencyTaskFilter{State: model.AgencyTaskReported}); len(waiting) != 2 {
		t.Errorf("%d wait for the court", len(waiting))
	}
	if rep := in(marked); rep.Reported != 0 || rep.Unchanged != 2 || len(rep.Problems) != 0 {
		t.Errorf("the same sheet again: %+v", rep)
	}
	var b bytes.Buffer
	_ = marked.Write(&b)
	if rep, err := svc.ReportAll(ctx, civil.Actor, &b); err != nil || rep.Reported != 0 || len(rep.Problems) != 2 || rep.Problems[0].Column != "事项号" {
		t.Errorf("another agency's sheet: %+v %v", rep, err)
	}
	if _, err := svc.ReportAll(ctx, c.manager.Actor, strings.NewReader("x")); model.ReasonOf(err) != "role.forbidden" {
		t.Error("the court reports:", err)
	}
}
