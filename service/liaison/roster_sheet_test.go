package liaison_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/liaison"
	"microcourt/service/servicetest"
)

// A district's villages and liaisons come in by one sheet: all of them or none, and
// the same sheet again changes nothing.
func TestTheRosterComesInByASheet(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("lu.ning", model.RoleOfficer)
	ctx, today := t.Context(), w.Today()
	from, until := today.AddDays(-1).String(), today.AddDays(300).String()
	sheetOf := func(rows ...[]any) *bytes.Buffer {
		t.Helper()
		var template bytes.Buffer
		if err := liaison.RosterTemplate(&template); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(&template)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+2) // within the sheet
			if err := x.SetSheetRow(x.GetSheetName(0), cell, &row); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := x.Write(&out); err != nil {
			t.Fatal(err)
		}
		return &out
	}
	load := func(rows ...[]any) *liaison.RosterReport {
		t.Helper()
		rep, err := w.Svc.Liaison.AddAll(ctx, clerk.Actor, sheetOf(rows...))
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	good := [][]any{
		{"骆驼街道", "尚志村", "孙联络", "13700137000", from, until},
		{"骆驼街道", "东村", "孙联络", "13700137000", from, until},
		{"澥浦镇", "觉渡村", "", "", "", ""},
	}
	wrong := [][]any{
		good[0],
		{"", "东村", "孙联络", "13700137000", from, until},
		{"骆驼街道", "西村", "孙联络", "13700137000", from, today.AddDays(10).String()},
		{"骆驼街道", "南村", "钱联络", "123", until, from},
		{"骆驼街道", "尚志村", "孙联络", "13700137000", from, until},
	}
	rep := load(wrong...)
	at := map[[2]any]bool{}
	for _, p := range rep.Problems {
		at[[2]any{p.Row, p.Column}] = true
	}
	for _, want := range [][2]any{{3, "镇（街道）"}, {4, "任期起"}, {5, "手机号"}, {6, "村（社区）"}} {
		if !at[want] {
			t.Errorf("nothing is said of %v: %+v", want, rep.Problems)
		}
	}
	towns, err := w.Svc.Liaison.Coverage(ctx, clerk.Actor)
	if err != nil || len(towns) != 0 || len(rep.Marked) == 0 || rep.Added != 0 {
		t.Errorf("a sheet with faults left %+v %v", towns, err)
	}
	if rep := load(good...); rep.NewVillages != 3 || rep.Added != 1 || len(rep.Problems) != 0 {
		t.Errorf("%+v", rep)
	}
	trail := w.Audited(model.AuditLiaisonAdd) + w.Audited(model.AuditVillageAdd)
	if rep := load(good...); rep.NewVillages != 0 || rep.Added != 0 || rep.Unchanged != 1 || len(rep.Problems) != 0 {
		t.Errorf("again: %+v", rep)
	}
	if n := w.Audited(model.AuditLiaisonAdd) + w.Audited(model.AuditVillageAdd); n != trail || trail != 4 {
		t.Errorf("%d entries, and %d after the same sheet again", trail, n)
	}
	// Who is on the roster is changed there, with the reason.
	if rep := load([]any{"骆驼街道", "北村", "孙联络", "13700137000", from, until}); len(rep.Problems) != 1 || rep.Problems[0].Column != "手机号" {
		t.Errorf("%+v", rep.Problems)
	}
	list, err := w.Svc.Liaison.Roster(ctx, clerk.Actor, 0, 10)
	if err != nil || len(list) != 1 || len(list[0].Villages) != 2 {
		t.Errorf("%+v %v", list, err)
	}
	_, err = w.Svc.Liaison.AddAll(ctx, officer.Actor, sheetOf(good...))
	w.Refused(err, "role.forbidden")
}
