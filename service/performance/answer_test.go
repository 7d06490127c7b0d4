package performance_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// inbox is what somebody was told.
func inbox(p *people, of servicetest.Person) []notice.Item {
	p.T.Helper()
	list, _, err := p.Svc.Notice.Inbox(context.Background(), of.Actor, 0, 0, 100)
	if err != nil {
		p.T.Fatal(err)
	}
	return list
}

// A parent who is owed 900 yuan reads 900, in the notice and on his page: neither the
// 90,000 of all, nor the picture with the payer's account. The judge gives him a copy
// with the rest blacked out, and he alone has it.
func TestACreditorSeesHisOwnAmount(t *testing.T) {
	t.Parallel()
	p := newPeople(t, nursery(100, model.Yuan(1_820)))
	ctx, svc := context.Background(), p.Svc.Performance
	parent, other := p.Citizen(), p.Citizen()
	p.Bind(parent, p.clerk, p.f.ID, p.PartyNamed(p.judge, p.f.ID, "家长2"))
	p.Bind(other, p.clerk, p.f.ID, p.PartyNamed(p.judge, p.f.ID, "家长3"))
	r := p.courtMoney(model.Yuan(90_000), 91)
	d := p.receipt(parent, r.ID)
	if !d.Hidden || d.OwnFen == nil || *d.OwnFen != model.Yuan(900) || d.OwnConfirmedFen != nil || len(d.Files) != 0 || d.Receipt.ClaimedFen != 0 || d.Receipt.BankSerial != "" || d.Receipt.PayerName == "" {
		t.Errorf("%+v", d)
	}
	for _, n := range inbox(p, parent) {
		if text := n.Title + n.Body + n.Card["amount"]; strings.Contains(text, "90,000") || strings.Contains(text, "90000") {
			t.Errorf("%s says what all get: %s", n.Kind, text)
		} else if n.Kind == model.NoticeObligeeAsked && !strings.Contains(n.Body, "900.00 元") {
			t.Errorf("he is not asked about his share: %s", n.Body)
		}
	}
	whole := p.receipt(p.judge, r.ID).Files[0]
	for _, v := range []performance.Variant{performance.VariantView, performance.VariantThumb} {
		if _, _, _, err := svc.OpenFile(ctx, parent.Actor, whole.ID, v); model.KindOf(err) != model.NotFound {
			t.Errorf("he opens the picture (%s): %v", v, err)
		}
	}
	in := performance.Redacting{ReceiptID: r.ID, FileID: whole.ID, PartyID: d.Responses[0].PartyID, Rects: []model.Rect{{X: 0, Y: 50, W: 100, H: 50}}, IdemKey: servicetest.FreshKey()}
	for name, c := range map[string]struct {
		change func(*performance.Redacting)
		want   string
	}{
		"nothing is blacked out": {func(in *performance.Redacting) { in.Rects = nil }, "redaction.rects"},
		"outside":                {func(in *performance.Redacting) { in.Rects = []model.Rect{{X: 50, Y: 0, W: 51, H: 10}} }, "redaction.rects"},
		"another's picture":      {func(in *performance.Redacting) { in.FileID = 999 }, "redaction.file"},
		"the debtor":             {func(in *performance.Redacting) { in.PartyID = p.f.Debtor }, "redaction.party"},
	} {
		bad := in
		c.change(&bad)
		_, err := svc.Redact(ctx, p.judge.Actor, bad)
		if model.ReasonOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := svc.Redact(ctx, p.Staff("chen.hao", model.RoleJudge).Actor, in); model.KindOf(err) != model.NotFound {
		t.Error("another judge gives it away:", err)
	}
	var made *model.Redaction
	for range 2 { // the answer got lost
		x, err := svc.Redact(ctx, p.judge.Actor, in)
		if err != nil || made != nil && x.ID != made.ID {
			t.Fatal(x, err)
		}
		made = x
	}
	if d = p.receipt(parent, r.ID); len(d.Files) != 1 || d.Files[0].ID != made.CopyID {
		t.Fatalf("%+v", d.Files)
	}
	o, _, _, err := svc.OpenFile(ctx, parent.Actor, made.CopyID, performance.VariantView)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(o); err != nil {
		t.Fatal(err)
	}
	_ = o.Close()
	img, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	for y := img.Bounds().Dy() * 55 / 100; y < img.Bounds().Dy(); y += 7 {
		for x := 0; x < img.Bounds().Dx(); x += 7 {
			if r, g, b, _ := img.At(x, y).RGBA(); r+g+b > 3*0x1000 {
				t.Fatalf("%d,%d is not black: %d %d %d", x, y, r, g, b)
			}
		}
	}
	for name, by := range map[string]servicetest.Person{"another parent": other, "the debtor": p.debtor} {
		if _, _, _, err := svc.OpenFile(ctx, by.Actor, made.CopyID, performance.VariantView); model.KindOf(err) != model.NotFound {
			t.Errorf("%s opens the copy: %v", name, err)
		}
	}
	if n := p.Audited(model.AuditFileLook); n == 0 {
		t.Error("a look at the copy is not recorded")
	}
	// What is confirmed to him is told to him, and no more.
	p.Confirm(p.judge, r, model.Yuan(90_000))
	if d = p.receipt(parent, r.ID); d.OwnConfirmedFen == nil || *d.OwnConfirmedFen != model.Yuan(900) {
		t.Errorf("%+v", d)
	}
	for _, n := range inbox(p, parent) {
		if text := n.Title + n.Body + n.Card["amount"]; strings.Contains(text, "90,000") || strings.Contains(text, "90000") {
			t.Errorf("%s says what all get: %s", n.Kind, text)
		}
	}
	// Whose money it is alone, sees its picture.
	q := newPeople(t)
	alone := q.Submit(q.debtor, q.f, 60000, 92)
	if d := q.receipt(q.creditor, alone.ID); len(d.Files) != 1 || d.OwnFen == nil || *d.OwnFen != 60000 {
		t.Errorf("%+v", d)
	}
}

// A creditor may say that he got something else, with a picture, and answers also after
// the judge confirmed: what he objects to then is the judge's task.
func TestACreditorAnswersAlsoAfterwards(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 60000, 93)
	said := model.ReceiptAnswer{State: model.ResponseDiffers, SaidFen: 59900, FileID: p.Uploaded(p.creditor, p.f.ID, 94)}
	for range 2 {
		a, err := svc.Answer(ctx, p.creditor.Actor, r.ID, said)
		if err != nil || *a.Response.SaidFen != 59900 {
			t.Fatal(a, err)
		}
	}
	if n := p.NoticesOf(p.judge, model.NoticeReceiptDisputed); n != 1 {
		t.Errorf("the judge was told %d times", n)
	}
	line := p.receipt(p.judge, r.ID).Responses[0]
	if o, _, _, err := svc.OpenFile(ctx, p.judge.Actor, line.FileID, performance.VariantView); err != nil {
		t.Error("the judge does not see what he shows:", err)
	} else {
		_ = o.Close()
	}
	if _, _, _, err := svc.OpenFile(ctx, p.debtor.Actor, line.FileID, performance.VariantView); model.KindOf(err) != model.NotFound {
		t.Error("the debtor sees the creditor's account:", err)
	}
	for _, c := range []struct {
		a    model.ReceiptAnswer
		want string
	}{
		{model.ReceiptAnswer{State: model.ResponseDiffers}, "amount.positive"},
		{model.ReceiptAnswer{State: model.ResponseDiffers, SaidFen: 60000}, "answer.same"},
		{model.ReceiptAnswer{State: model.ResponseAcknowledged, SaidFen: 60000}, "amount.not_money"},
		{model.ReceiptAnswer{State: model.ResponseDiffers, SaidFen: 1, FileID: 9999}, "file.unknown"},
	} {
		_, err := svc.Answer(ctx, p.creditor.Actor, r.ID, c.a)
		p.Refused(err, c.want)
	}
	p.Confirm(p.judge, r, 60000)
	if _, err := svc.Respond(ctx, p.creditor.Actor, r.ID, model.ResponseDisputed, "款项被银行退回"); err != nil {
		t.Fatal(err)
	}
	tasks := func() (open int) {
		list, err := p.Svc.Enforcement.Tasks(ctx, p.judge.Actor, model.TaskFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range list {
			if k.Kind == model.TaskObjection && k.State == model.TaskOpen {
				open++
			}
		}
		return open
	}
	if n := tasks(); n != 1 {
		t.Errorf("%d tasks", n)
	}
	if _, err := svc.Respond(ctx, p.creditor.Actor, r.ID, model.ResponseAcknowledged, ""); err != nil {
		t.Fatal(err)
	}
	if n := tasks(); n != 0 {
		t.Errorf("%d tasks after he found the money", n)
	}
	gone := p.Submit(p.debtor, p.f, 100, 95)
	if _, err := svc.Return(ctx, p.judge.Actor, gone.ID, gone.Version, "看不清"); err != nil {
		t.Fatal(err)
	}
	_, err := svc.Respond(ctx, p.creditor.Actor, gone.ID, model.ResponseAcknowledged, "")
	p.Refused(err, "receipt.decided")
}

// A payer without any proof says so: the creditor is asked, and while his clock runs
// nobody confirms. His word is enough; his silence is not, and the judge then decides
// with a reason. Nothing is confirmed by itself.
func TestAPaymentWithoutProof(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	submit := func(fen model.Fen) *model.Receipt {
		cl := servicetest.Claim(p.f, fen)
		cl.ProofKind, cl.BankSerial = model.ProofNone, ""
		r, err := svc.Submit(ctx, p.debtor.Actor, cl)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	confirm := func(r *model.Receipt, reason string) error {
		_, err := svc.Confirm(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, Reason: reason, IdemKey: servicetest.FreshKey()})
		return err
	}
	bare := servicetest.Claim(p.f, 100)
	_, err := svc.Submit(ctx, p.debtor.Actor, bare)
	p.Refused(err, "file.missing")
	r := submit(20000)
	p.Refused(confirm(r, "我相信他"), "receipt.unproven")
	if _, err := svc.Respond(ctx, p.creditor.Actor, r.ID, model.ResponseAcknowledged, ""); err != nil {
		t.Fatal(err)
	}
	if err := confirm(r, ""); err != nil {
		t.Error("what the creditor acknowledges is not confirmed:", err)
	}
	r = submit(30000)
	p.Until(p.Clock.Now().AddDate(0, 0, 20))
	if s := p.receipt(p.judge, r.ID).Receipt.State; s != model.ReceiptSubmitted {
		t.Errorf("his silence made it %s", s)
	}
	p.Refused(confirm(r, ""), "receipt.unproven_reason")
	if err := confirm(r, "双方聊天记录与转账时间一致"); err != nil {
		t.Error(err)
	}
}

// One creditor's objection after the confirmation is the task of whoever is responsible
// now, and another creditor's "received" does not end it; who changes his mind twice is
// heard each time.
func TestEachObjectionReachesWhoIsResponsible(t *testing.T) {
	t.Parallel()
	p := newPeople(t, nursery(2, model.Yuan(1_000)))
	ctx, svc := context.Background(), p.Svc.Performance
	a, b := p.Citizen(), p.Citizen()
	first, second := p.PartyNamed(p.judge, p.f.ID, "家长1"), p.PartyNamed(p.judge, p.f.ID, "家长2")
	p.Bind(a, p.clerk, p.f.ID, first)
	p.Bind(b, p.clerk, p.f.ID, second)
	r := p.courtMoney(model.Yuan(1_000), 91)
	p.Confirm(p.judge, r, model.Yuan(1_000))
	say := func(who servicetest.Person, state model.ResponseState, reason string) {
		t.Helper()
		p.Clock.Advance(time.Minute)
		if _, err := svc.Respond(ctx, who.Actor, r.ID, state, reason); err != nil {
			t.Fatal(err)
		}
	}
	tasks := func(of servicetest.Person) (open int) {
		t.Helper()
		for _, k := range p.OpenTasks(of) {
			if k.Kind == model.TaskObjection {
				open++
			}
		}
		return open
	}
	say(a, model.ResponseDisputed, "没有收到")
	say(b, model.ResponseDisputed, "没有收到")
	if n, open := p.NoticesOf(p.judge, model.NoticeReceiptDisputed), tasks(p.judge); n != 2 || open != 2 {
		t.Errorf("two creditors object: %d notices, %d tasks", n, open)
	}
	say(b, model.ResponseAcknowledged, "")
	if open := tasks(p.judge); open != 1 {
		t.Errorf("after one of them found his money %d tasks are open", open)
	}
	say(a, model.ResponseAcknowledged, "")
	say(a, model.ResponseDisputed, "银行已退回")
	if n, open := p.NoticesOf(p.judge, model.NoticeReceiptDisputed), tasks(p.judge); n != 3 || open != 1 {
		t.Errorf("he changes his mind: %d notices, %d tasks", n, open)
	}
	// Once somebody enforces, it is the officer's, what waits as well as what comes.
	officer := p.Staff("wu.officer", model.RoleOfficer)
	p.EnforcedBy(officer, p.f)
	if theirs, his := tasks(p.judge), tasks(officer); theirs != 0 || his != 1 {
		t.Errorf("under enforcement the judge has %d and the officer %d", theirs, his)
	}
	say(b, model.ResponseDisputed, "又被退回")
	if his, told := tasks(officer), p.NoticesOf(officer, model.NoticeReceiptDisputed); his != 2 || told != 1 {
		t.Errorf("the officer has %d tasks and was told %d times", his, told)
	}
}

// Who acts for several creditors answers for each by himself: without a name he is asked
// for whom, nobody else's name is taken, and each reads what is his.
func TestWhoActsForSeveralCreditorsAnswersForEach(t *testing.T) {
	t.Parallel()
	p := newPeople(t, nursery(3, model.Yuan(500)))
	ctx, svc := context.Background(), p.Svc.Performance
	lawyer := p.Citizen()
	var of [3]int64
	for i, name := range []string{"家长1", "家长2", "家长3"} {
		of[i] = p.PartyNamed(p.judge, p.f.ID, name)
	}
	represents(p.World, lawyer, p.clerk, p.f.ID, of[0])
	represents(p.World, lawyer, p.clerk, p.f.ID, of[1])
	r := p.courtMoney(model.Yuan(900), 4101)
	if line, err := p.Svc.MyCase.Case(ctx, lawyer.Actor, p.f.ID); err != nil || !strings.Contains(line.Next().Text, "已向家长1付款") {
		t.Errorf("his next step does not say for whom: %+v %v", line.Next(), err)
	}
	say := func(party int64, state model.ResponseState, reason string) (*performance.Responded, error) {
		return svc.Answer(ctx, lawyer.Actor, r.ID, model.ReceiptAnswer{PartyID: party, State: state, Reason: reason})
	}
	_, err := say(0, model.ResponseAcknowledged, "")
	p.Refused(err, "party.ambiguous")
	if e, ok := errors.AsType[*model.Error](err); !ok || !strings.Contains(e.Message, "家长1、家长2") || strings.Contains(e.Message, "家长3") {
		t.Errorf("he reads %v", err)
	}
	for _, foreign := range []int64{of[2], p.f.Debtor, 999_999} {
		_, err = say(foreign, model.ResponseAcknowledged, "")
		p.Refused(err, "party.not_asked")
	}
	for n := range 2 { // the answer got lost
		if a, err := say(of[0], model.ResponseAcknowledged, ""); err != nil || a.Name != "家长1" {
			t.Fatal(n, a, err)
		}
	}
	if line, err := p.Svc.MyCase.Case(ctx, lawyer.Actor, p.f.ID); err != nil || line.Next().Code != model.StepAnswer || !strings.Contains(line.Next().Text, "已向家长2付款") {
		t.Errorf("the second answer is not asked for: %+v %v", line.Next(), err)
	}
	if a, err := say(of[1], model.ResponseDisputed, "没有收到"); err != nil || a.Name != "家长2" {
		t.Fatal(a, err)
	}
	p.Confirm(p.judge, r, model.Yuan(900))
	for _, l := range p.receipt(p.judge, r.ID).Responses {
		want := map[int64]model.ResponseState{of[0]: model.ResponseAcknowledged, of[1]: model.ResponseDisputed, of[2]: model.ResponseAsked}[l.PartyID]
		if l.State != want {
			t.Errorf("party %d: %s, want %s", l.PartyID, l.State, want)
		}
	}
	d := p.receipt(lawyer, r.ID)
	if len(d.Responses) != 2 || *d.Responses[0].OwnFen != model.Yuan(300) || *d.OwnFen != model.Yuan(600) || *d.OwnConfirmedFen != model.Yuan(600) ||
		d.Confirmed[of[0]] != model.Yuan(300) || d.Confirmed[of[1]] != model.Yuan(300) {
		t.Errorf("%+v", d)
	}
}
