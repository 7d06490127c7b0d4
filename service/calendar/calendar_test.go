package calendar_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/calendar"
	"microcourt/service/filing"
	"microcourt/service/penalty"
	"microcourt/service/servicetest"
)

// notice is the holidays of 2026 as a file, with one day changed or added.
func notice(change ...model.Holiday) string {
	days := map[model.Date]model.Holiday{}
	for _, d := range append(model.ShippedCalendar().Year(2026), change...) {
		days[d.On] = d
	}
	var b strings.Builder
	for _, d := range days {
		fmt.Fprintf(&b, "%s,%s,%s\n", d.On, map[bool]string{true: "rest", false: "work"}[d.Rest], d.Name)
	}
	return b.String()
}

// A longer holiday moves the due days that were counted in days, with their
// reasoning; what the instrument names, and what is over, stays. The same notice
// again moves nothing.
func TestALongerHolidayMovesCountedDays(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	w.Clock.Set(servicetest.At(1, 27, 9))
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	counted := func(effective model.Date) func(*filing.CaseInput) {
		return func(in *filing.CaseInput) {
			in.FiledOn = model.NewDate(2026, 1, 5)
			in.Instruments[0].EffectiveOn = effective
			o := &in.Instruments[0].Obligations[0]
			o.Installments, o.DueInDays = nil, 20
		}
	}
	reminders := func(f servicetest.Filed) string {
		t.Helper()
		plan, err := w.Svc.Schedule.Timeline(t.Context(), judge.Actor, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		var sent []string
		for _, s := range plan.Steps {
			if s.Kind == model.NoticeDueSoon && s.State == model.StepSent {
				sent = append(sent, fmt.Sprint(s.Days, " ", s.DueOn))
			}
		}
		return strings.Join(sent, ", ")
	}
	// The 13th of February is the last working day before the Spring Festival.
	moves := w.File(clerk, counted(model.NewDate(2026, 1, 24)))
	over := w.File(clerk, counted(model.NewDate(2026, 1, 6)))
	named := w.File(clerk, func(in *filing.CaseInput) {
		in.FiledOn, in.Instruments[0].EffectiveOn = model.NewDate(2026, 1, 5), model.NewDate(2026, 1, 20)
		in.Instruments[0].Obligations[0].Installments[0].DueOn = model.NewDate(2026, 2, 13)
	})
	due := func(f servicetest.Filed) model.Installment {
		t.Helper()
		d, err := w.Svc.Filing.Case(t.Context(), clerk.Actor, f.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		return d.Installments[0]
	}
	if i := due(moves); i.DueOn != model.NewDate(2026, 2, 13) {
		t.Fatalf("%s %s", i.DueOn, i.DueReason)
	}
	w.Clock.Set(servicetest.At(2, 6, 10))
	w.Work()
	if got := reminders(moves); got != "-7 2026-02-13" {
		t.Errorf("sent before the notice: %s", got)
	}
	longer := notice(model.Holiday{On: model.NewDate(2026, 2, 13), Rest: true, Name: "春节"}, model.Holiday{On: model.NewDate(2026, 2, 14), Rest: true, Name: "春节"})
	rep, err := w.Svc.Calendar.Load(t.Context(), model.System(), "国办发明电〔2026〕1号", strings.NewReader(longer))
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Years) != 1 || rep.Years[0] != 2026 || len(rep.Moved) != 1 || rep.Moved[0].CaseID != moves.ID || rep.Moved[0].To != model.NewDate(2026, 2, 24) {
		t.Errorf("%+v", rep)
	}
	if i := due(moves); i.DueOn != model.NewDate(2026, 2, 24) || !strings.Contains(i.DueReason, "2月13日为节假日，顺延至2月24日") {
		t.Errorf("%s %s", i.DueOn, i.DueReason)
	}
	if i := due(named); i.DueOn != model.NewDate(2026, 2, 13) {
		t.Errorf("a day that the instrument names became %s", i.DueOn)
	}
	if i := due(over); i.DueOn != model.NewDate(2026, 1, 26) {
		t.Errorf("a day that is over became %s", i.DueOn)
	}
	plan, err := w.Svc.Schedule.Timeline(t.Context(), judge.Actor, moves.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plan.Steps {
		if s.Open() && s.DueOn == model.NewDate(2026, 2, 13) {
			t.Errorf("a reminder for the old day is planned: %+v", s)
		}
	}
	// A case that is filed now is counted by the new notice at once.
	if i := due(w.File(clerk, counted(model.NewDate(2026, 1, 24)))); i.DueOn != model.NewDate(2026, 2, 24) {
		t.Errorf("a new case is due on %s", i.DueOn)
	}
	if n := w.Audited(model.AuditInstallmentDue); n != 1 {
		t.Errorf("%d moved days are in the trail", n)
	}
	for _, day := range []int{17, 21, 23, 25} {
		w.Clock.Set(servicetest.At(2, day, 10))
		w.Work()
	}
	if got := reminders(moves); got != "-7 2026-02-13, -7 2026-02-24, -3 2026-02-24, -1 2026-02-24" {
		t.Errorf("what was sent stays, and three are sent for the new day: %s", got)
	}
	rep, err = w.Svc.Calendar.Load(t.Context(), model.System(), "国办发明电〔2026〕1号", strings.NewReader(longer))
	if err != nil || len(rep.Years) != 0 || len(rep.Unchanged) != 1 || len(rep.Moved) != 0 {
		t.Errorf("the same notice again: %+v %v", rep, err)
	}
}

// The clock of an authority's open letter moves with the calendar; the task that
// it is moves with it.
func TestACalendarMovesTheClocksOfLetters(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk, func(in *filing.CaseInput) {
		in.CaseNo = strings.Replace(in.CaseNo, "民初", "刑初", 1)
		in.Cause, in.Parties[0].Role, in.Parties[1].Role = "盗窃罪", "victim", "accused"
		in.Instruments[0].Kind, in.Instruments[0].Number = "judgment", in.CaseNo
		in.Instruments[0].Obligations[0].Category = model.CategoryRestitution
	})
	q, err := w.Svc.Penalty.Register(t.Context(), clerk.Actor, penalty.Letter{
		CaseID: f.ID, PartyID: f.Debtor, AskerKind: model.AskerProcuratory, Asker: "镇海区人民检察院", DocumentNo: "甬镇检函1号",
		ReceivedOn: model.NewDate(2026, 3, 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Svc.Calendar.Load(t.Context(), model.System(), "国办发明电〔2026〕9号",
		strings.NewReader(notice(model.Holiday{On: q.DueOn, Rest: true, Name: "临时放假"}))); err != nil {
		t.Fatal(err)
	}
	tasks, err := w.Svc.Enforcement.Tasks(t.Context(), judge.Actor, model.TaskFilter{State: model.TaskOpen, Limit: 10})
	if err != nil || len(tasks) != 1 || model.DateOf(tasks[0].DueAt) != q.DueOn.AddDays(1) {
		t.Errorf("was due on %s, the task now is %+v %v", q.DueOn, tasks, err)
	}
	if n := w.Audited(model.AuditPrisonLetterDue); n != 1 {
		t.Errorf("%d moved clocks are in the trail", n)
	}
}

func TestWhatIsNoNoticeIsRefused(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	for reason, k := range map[string][2]string{
		"holidays.source":     {" ", notice()},
		"holidays.incomplete": {"国办发明电〔2026〕9号", "2026-01-01,rest,元旦\n"},
		"holidays.year":       {"国办发明电〔2026〕9号", strings.ReplaceAll(notice(), "2026-", "2036-")},
	} {
		_, err := w.Svc.Calendar.Load(t.Context(), model.System(), k[0], strings.NewReader(k[1]))
		w.Refused(err, reason)
	}
	for _, file := range []string{"", "2026-01-01,dance,元旦\n", "yesterday,rest,元旦\n", "2026-01-01\n"} {
		if _, err := w.Svc.Calendar.Load(t.Context(), model.System(), "国办发明电〔2026〕9号", strings.NewReader(file)); model.KindOf(err) != model.Invalid {
			t.Errorf("%q: %v", file, err)
		}
	}
	if list, err := w.DB.CalendarVersions(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("what was refused is kept: %+v %v", list, err)
	}
}

// An administrator reads a sheet, sees what it would move, and loads it; looking
// changes nothing.
func TestANoticeComesInByASheet(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	admin, clerk := w.Staff("shen.ji", model.RoleAdmin), w.Staff("wan.tt", model.RoleClerk)
	ctx, year := t.Context(), w.Today().Year+1
	read := func(change func(x *excelize.File, sheet string)) *calendar.HolidaySheet {
		t.Helper()
		var b bytes.Buffer
		if err := w.Svc.Calendar.HolidayTemplate(ctx, admin.Actor, &b); err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		change(x, x.GetSheetName(0))
		b.Reset()
		if err := x.Write(&b); err != nil {
			t.Fatal(err)
		}
		out, err := w.Svc.Calendar.ReadSheet(ctx, admin.Actor, &b)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wrong := read(func(x *excelize.File, sheet string) {
		for cell, v := range map[string]string{"A2": "十三月", "B3": "也许", "C4": ""} {
			if err := x.SetCellStr(sheet, cell, v); err != nil {
				t.Fatal(err)
			}
		}
	})
	if len(wrong.Problems) != 3 || len(wrong.Days) != 0 || len(wrong.Marked) == 0 {
		t.Errorf("%+v", wrong)
	}
	// The template is this year's notice: read as it is, nothing is new.
	same, err := w.Svc.Calendar.Foresee(ctx, admin.Actor, "国办发明电〔2025〕7号", read(func(*excelize.File, string) {}).Lines())
	if err != nil || len(same.Years) != 0 || len(same.Unchanged) != 1 {
		t.Errorf("the template as it is: %+v %v", same, err)
	}
	lines := read(func(x *excelize.File, sheet string) {
		rows, err := x.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(rows); i > 1; i-- {
			if err := x.RemoveRow(sheet, i); err != nil {
				t.Fatal(err)
			}
		}
		for i, h := range model.PublicHolidays(year) {
			row := []any{h.On.Chinese(), "放假", h.Name}
			if err := x.SetSheetRow(sheet, fmt.Sprintf("A%d", i+2), &row); err != nil {
				t.Fatal(err)
			}
		}
	}).Lines()
	const notice = "国办发明电〔2026〕9号"
	rep, err := w.Svc.Calendar.Foresee(ctx, admin.Actor, notice, lines)
	if err != nil || !slices.Equal(rep.Years, []int{year}) {
		t.Fatalf("%+v %v", rep, err)
	}
	known := func() bool {
		years, err := w.Svc.Calendar.Years(ctx, admin.Actor)
		return err == nil && slices.ContainsFunc(years, func(y calendar.Year) bool { return y.Year == year && y.Source == notice && len(y.Days) > 5 })
	}
	if known() || w.Audited(model.AuditCalendarLoad) != 0 {
		t.Error("looking loaded the year")
	}
	for range 2 {
		if _, err = w.Svc.Calendar.Enter(ctx, admin.Actor, notice, lines); err != nil {
			t.Fatal(err)
		}
	}
	if !known() || w.Audited(model.AuditCalendarLoad) != 1 {
		t.Errorf("known %t, %d entries in the trail", known(), w.Audited(model.AuditCalendarLoad))
	}
	_, err = w.Svc.Calendar.Enter(ctx, clerk.Actor, notice, lines)
	w.Refused(err, "role.forbidden")
	_, err = w.Svc.Calendar.Foresee(ctx, admin.Actor, "", lines)
	w.Refused(err, "holidays.source")
}
