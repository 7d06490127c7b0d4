package notice_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/servicetest"
)

// Messages that did not arrive for one reason are moved to another way at once, and
// once: a repeat moves nothing. Who is to be called is a clerk's task that ends with
// who answered.
func TestMessagesAreMovedByReason(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx := context.Background()
	w.Staff("zhang.min", model.RoleJudge)
	judge, clerk := w.Staff("ji.wei", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	var debtors []servicetest.Person
	for range 3 {
		f, debtor := w.File(clerk), w.Citizen()
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		debtors = append(debtors, debtor)
		w.Notify(model.Notice{
			CourtID: w.Court.ID, CaseID: f.ID, PartyID: f.Debtor, Kind: model.NoticeReceiptReturned, DedupeKey: "returned:" + f.No, Title: "汇款回执被退回", Body: "x",
			Card: map[string]string{"case_no": f.No, "court": w.Court.Name, "remark": "请重新提交", "amount": "100.00 元", "due": "2026年3月31日"},
		})
	}
	w.Drain()
	reasons, err := w.Svc.Notice.Reasons(ctx, clerk.Actor)
	if err != nil || len(reasons) == 0 {
		t.Fatalf("%+v %v", reasons, err)
	}
	r := reasons[0]
	if r.N < 3 || r.Explained.Whose == "" || strings.ContainsAny(r.Explained.Means, "0123456789") {
		t.Errorf("%+v", r)
	}
	list, err := w.Svc.Notice.OfReason(ctx, clerk.Actor, r.Key)
	if err != nil || len(list) != r.N {
		t.Fatalf("%d of %d: %v", len(list), r.N, err)
	}
	var ids []int64
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	if _, err := w.Svc.Notice.Move(ctx, clerk.Actor, ids, "pigeon"); model.FieldOf(err) != "to" {
		t.Error("by pigeon:", err)
	}
	if _, err := w.Svc.Notice.Move(ctx, judge.Actor, ids, notice.ByPhone); model.ReasonOf(err) != "role.forbidden" {
		t.Error("a judge moves messages:", err)
	}
	if n, err := w.Svc.Notice.Move(ctx, clerk.Actor, ids, notice.ByPhone); err != nil || n != len(ids) {
		t.Fatalf("%d of %d moved: %v", n, len(ids), err)
	}
	if n, err := w.Svc.Notice.Move(ctx, clerk.Actor, ids, notice.ByPhone); err != nil || n != 0 {
		t.Errorf("a repeat moves %d: %v", n, err)
	}
	if again, err := w.Svc.Notice.OfReason(ctx, clerk.Actor, r.Key); err != nil || len(again) != 0 {
		t.Errorf("%d are still listed: %v", len(again), err)
	}
	tasks, err := w.Svc.Notice.PaperTasks(ctx, clerk.Actor, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, task := range tasks {
		if task.Cause == model.PaperPhone {
			if calls++; calls == 1 {
				w.RefusedAt(w.Svc.Notice.FinishPaper(ctx, clerk.Actor, task.ID, "phone", "", ""), "paper.note", "note")
				if err := w.Svc.Notice.FinishPaper(ctx, clerk.Actor, task.ID, "phone", "", "本人接听，已告知退回原因"); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if calls != len(ids) {
		t.Errorf("%d calls for %d messages", calls, len(ids))
	}
	_ = debtors
}

// Whom nothing can tell is told to whoever decided; once he was called, no more.
func TestWhoDecidedSeesWhoDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx := context.Background()
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	tell := func() {
		w.Notify(model.Notice{CourtID: w.Court.ID, CaseID: f.ID, PartyID: f.Debtor, Kind: model.NoticeReceiptReturned, DedupeKey: "returned:" + f.No, Title: "汇款回执被退回", Body: "x"})
		w.Drain()
	}
	u, err := w.Svc.Notice.Unreachable(ctx, judge.Actor, f.ID, f.Debtor)
	if err != nil || u == nil || u.Party.ID != f.Debtor {
		t.Fatalf("%+v %v", u, err)
	}
	tell()
	list, err := w.Svc.Notice.Untold(ctx, judge.Actor, f.ID, model.NoticeReceiptReturned)
	if err != nil || len(list) != 1 || list[0].Bound || list[0].Explained.Means == "" {
		t.Fatalf("%+v %v", list, err)
	}
	other := w.Staff("ji.wei", model.RoleJudge)
	if _, err := w.Svc.Notice.Untold(ctx, other.Actor, f.ID, model.NoticeReceiptReturned); model.KindOf(err) != model.NotFound {
		t.Error("another judge sees:", err)
	}
	// What a clerk told by phone is known, whatever no channel did.
	told := w.File(clerk)
	w.Notify(model.Notice{CourtID: w.Court.ID, CaseID: told.ID, PartyID: told.Debtor, Kind: model.NoticeReceiptReturned, DedupeKey: "returned:" + told.No, Title: "汇款回执被退回", Body: "x"})
	w.Drain()
	if list, err = w.Svc.Notice.Untold(ctx, judge.Actor, told.ID, model.NoticeReceiptReturned); err != nil || len(list) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	call := model.Telling{CaseID: told.ID, PartyID: told.Debtor, UpTo: list[0].Notice.ID, Method: model.TellByPhone, SpokeWith: "王会计", Note: "已告知退回的原因"}
	if err := w.Svc.Notice.Tell(ctx, clerk.Actor, call); err != nil {
		t.Fatal(err)
	}
	if list, err = w.Svc.Notice.Untold(ctx, judge.Actor, told.ID, model.NoticeReceiptReturned); err != nil || len(list) != 0 {
		t.Errorf("he was told by phone: %+v %v", list, err)
	}
	debtor := w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	if u, err := w.Svc.Notice.Unreachable(ctx, judge.Actor, f.ID, f.Debtor); u != nil || err != nil {
		t.Errorf("%+v %v", u, err)
	}
	if list, _ = w.Svc.Notice.Untold(ctx, judge.Actor, f.ID, model.NoticeReceiptReturned); len(list) != 1 || !list[0].Bound {
		t.Errorf("%+v", list)
	}
	if err := w.Svc.Notice.MarkRead(ctx, debtor.Actor, list[0].Notice.ID); err != nil {
		t.Fatal(err)
	}
	if list, _ = w.Svc.Notice.Untold(ctx, judge.Actor, f.ID, model.NoticeReceiptReturned); len(list) != 0 {
		t.Errorf("he read it: %+v", list)
	}
}
