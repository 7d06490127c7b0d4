package filing_test

import (
	"slices"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// A newer version of the case system may name fewer instalments where nothing is on
// record of those that it leaves out: they are owed no longer, stay as rows, and come
// back when a later version names them again.
func TestAVersionNamesFewerInstalments(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Citizen()
	system := w.CaseSystem()
	in := servicetest.CaseInput()
	put := func(version int64, amounts ...model.Fen) error {
		ob := &in.Instruments[0].Obligations[0]
		ob.Installments = nil
		ob.AmountFen = 0
		for n, fen := range amounts {
			ob.Installments = append(ob.Installments, filing.InstallmentInput{AmountFen: fen, DueOn: model.NewDate(2026, 3, 31).AddMonths(n)})
			ob.AmountFen += fen
		}
		_, _, err := w.Svc.Filing.Put(t.Context(), system.Actor, in, version)
		return err
	}
	if err := put(1, 60_000, 20_000, 20_000); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	list, err := w.Svc.Filing.Cases(t.Context(), judge.Actor, model.CaseFilter{Limit: 5})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	id := list[0].ID
	now := func() []model.Installment {
		t.Helper()
		d, err := w.Svc.Filing.Case(t.Context(), judge.Actor, id, false)
		if err != nil {
			t.Fatal(err)
		}
		return d.Installments
	}
	first := now()
	f := w.FiledCase(clerk, id)
	w.Bind(debtor, clerk, id, f.Debtor)
	if err := put(2, 70_000, 30_000); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	if got := now(); len(got) != 2 || got[1].AmountFen != 30_000 || got[1].ID != first[1].ID {
		t.Errorf("fewer: %+v", got)
	}
	if w.NoticesOf(debtor, model.NoticeDutyChanged) != 1 {
		t.Error("the debtor was not told what he owes now")
	}
	if many, err := w.DB.DebtsOf(t.Context(), list); err != nil || len(many[0].Installments) != 2 {
		t.Errorf("among several cases what is left out is owed: %+v %v", many, err)
	}
	all, err := w.DB.AllInstallments(t.Context(), id)
	if err != nil || len(all) != 3 || all[2].DroppedOn != w.Today() || all[2].AmountFen != 20_000 {
		t.Errorf("what is left out stays on record: %+v %v", all, err)
	}
	if err := put(3, 70_000, 20_000, 10_000); err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	if got := now(); len(got) != 3 || got[2].ID != first[2].ID || got[2].AmountFen != 10_000 {
		t.Errorf("named again: %+v", got)
	}
	w.Confirm(judge, w.Submit(debtor, f, 75_000, 2801), 75_000) // reaches the second
	err = put(4, 100_000)
	if fields := servicetest.FieldsOf(err); !slices.ContainsFunc(fields, func(e model.FieldError) bool {
		return e.Field == "instruments[0].obligations[0].installments[1]" && e.Reason == "part.missing"
	}) || len(fields) != 1 {
		t.Errorf("what is paid in part: %v %+v", err, fields)
	}
	if err := put(4, 70_000, 30_000); err != nil {
		t.Errorf("%v %+v", err, servicetest.FieldsOf(err))
	}
	in.Cause = "买卖合同纠纷（更正）"
	if err := put(5, 70_000, 30_000); err != nil || w.NoticesOf(debtor, model.NoticeDutyChanged) != 3 {
		t.Errorf("told %d times of versions 2, 3 and 4: %v", w.NoticesOf(debtor, model.NoticeDutyChanged), err)
	}
}
