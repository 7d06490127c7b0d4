package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// On 27 January a longer holiday is announced: the due day of an open
// instalment moves with its reasoning, the reminders move with it, what was
// sent stays sent, and what is paid or was given as a day stays.
func TestALongerHolidayMovesWhatHangsOnIt(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Clock.Set(at(1, 20, 9))
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	in["filed_on"] = "2026-01-05"
	instrument := in["instruments"].([]handlertest.Obj)[0]
	instrument["effective_on"] = "2026-01-24"
	money := instrument["obligations"].([]handlertest.Obj)[0]
	delete(money, "installments")
	money["due_in_days"] = 20 // ends on 13 February, the last working day before the Spring Festival of 15 to 23 February
	f := w.FileInput(clerk, in)
	named := handlertest.CaseInput()
	named["filed_on"] = "2026-01-05"
	named["instruments"].([]handlertest.Obj)[0]["effective_on"] = "2026-01-20"
	given := w.FileInput(clerk, named)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	due := func(f handlertest.Filed) (string, string) {
		t.Helper()
		i := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].List("installments")[0]
		return i.Str("due_on"), i.Str("due_reason")
	}
	if on, why := due(f); on != "2026-02-13" || why != "1月24日生效，次日起算20日，末日2月13日" {
		t.Fatalf("%s %s", on, why)
	}
	w.Until(at(2, 7, 10), judge, clerk) // D-7 was sent on the 6th
	sent := func() (out []string) {
		_, lines := judge.Schedule(f)
		for _, l := range lines {
			if strings.HasPrefix(l, "due.soon") && strings.HasSuffix(l, "sent") {
				out = append(out, l)
			}
		}
		return out
	}
	if got := sent(); len(got) != 1 {
		t.Fatalf("sent by 7 February: %q", got)
	}
	calendar, err := w.DB.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for _, d := range append(calendar.Year(2026), model.Holiday{On: model.NewDate(2026, 2, 13), Rest: true, Name: "春节"}) {
		kind := map[bool]string{true: "rest", false: "work"}[d.Rest]
		if d.On == model.NewDate(2026, 2, 14) { // was worked, and is not any more
			kind = "rest"
		}
		fmt.Fprintf(&file, "%s,%s,%s\n", d.On, kind, d.Name)
	}
	load := func() int {
		t.Helper()
		rep, err := w.Svc.Calendar.Load(context.Background(), model.System(), "国办发明电〔2026〕1号", strings.NewReader(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		return len(rep.Moved)
	}
	if n := load(); n != 1 {
		t.Errorf("%d due days moved", n)
	}
	if n := load(); n != 0 {
		t.Errorf("the same notice again moved %d", n)
	}
	if on, why := due(f); on != "2026-02-24" || why != "1月24日生效，次日起算20日，末日2月13日为节假日，顺延至2月24日" {
		t.Errorf("after the notice: %s %s", on, why)
	}
	if on, _ := due(given); on != "2026-03-31" {
		t.Errorf("a day that the instrument names became %s", on)
	}
	w.Until(at(2, 26, 12), judge, clerk)
	if got := strings.Join(sent(), "|"); strings.Count(got, "due.soon") != 4 || strings.Count(got, "2026-02-24") != 3 {
		t.Errorf("one reminder for the old day, three for the new: %s", got)
	}
	// A case filed now is computed by the new notice at once, by whichever instance.
	later := handlertest.CaseInput()
	later["instruments"].([]handlertest.Obj)[0]["effective_on"] = "2026-01-24"
	o := later["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]
	delete(o, "installments")
	o["due_in_days"] = 20
	if on, _ := due(w.FileInput(clerk, later)); on != "2026-02-24" {
		t.Errorf("a new case is due on %s", on)
	}
}
