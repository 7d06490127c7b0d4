package penalty_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/deposit"
	"microcourt/service/filing"
	"microcourt/service/penalty"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// pdfText is the text of a PDF.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\n", "")
}

// people are who take part in the stories.
type people struct {
	*servicetest.World
	judge, clerk, phone servicetest.Person
	f                   servicetest.Criminal
}

func newPeople(t *testing.T) *people {
	t.Helper()
	return peopleIn(servicetest.New(t))
}

func peopleIn(w *servicetest.World) *people {
	w.T.Helper()
	p := &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), phone: w.Citizen()}
	p.f = w.FileCriminal(p.clerk)
	w.Bind(p.phone, p.clerk, p.f.ID, p.f.Convict)
	return p
}

func (p *people) view() *penalty.View {
	p.T.Helper()
	v, err := p.Svc.Penalty.Case(context.Background(), p.judge.Actor, p.f.ID)
	if err != nil {
		p.T.Fatal(err)
	}
	return v
}

func (p *people) letter(no string) penalty.Letter {
	return penalty.Letter{CaseID: p.f.ID, PartyID: p.f.Convict, AskerKind: model.AskerPrison, Asker: "浙江省某监狱", DocumentNo: no, ReceivedOn: p.Today()}
}

func (p *people) register(l penalty.Letter) *model.PrisonLetter {
	p.T.Helper()
	q, err := p.Svc.Penalty.Register(context.Background(), p.clerk.Actor, l)
	if err != nil {
		p.T.Fatal(err)
	}
	return q
}

func (p *people) state(r penalty.StatementRequest) *model.Document {
	p.T.Helper()
	if r.CaseID == 0 {
		r.CaseID, r.PartyID = p.f.ID, p.f.Convict
	}
	r.Key = servicetest.FreshKey()
	d, err := p.Svc.Penalty.State(context.Background(), p.clerk.Actor, r)
	if err != nil {
		p.T.Fatal(err)
	}
	return d
}

func (p *people) text(d *model.Document) string {
	p.T.Helper()
	b, _, err := p.Svc.Paper.PDF(context.Background(), p.judge.Actor, d.ID)
	if err != nil {
		p.T.Fatal(err)
	}
	return pdfText(p.T.(*testing.T), b)
}

// Before there is a judgment the statement tells of money that the court holds,
// and of no item, no sum performed and no convict; afterwards what was set off and
// what is held are two things.
func TestTheStatementTellsHeldMoneyApart(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	p := &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), phone: w.Citizen()}
	p.f = w.FileCriminal(p.clerk, func(in *filing.CaseInput) { in.Instruments = nil })
	w.Bind(p.phone, p.clerk, p.f.ID, p.f.Convict)
	r := penalty.StatementRequest{CaseID: p.f.ID, PartyID: p.f.Convict, To: "宁波市镇海区人民检察院", Key: servicetest.FreshKey()}
	_, err := w.Svc.Penalty.State(t.Context(), p.clerk.Actor, r)
	w.Refused(err, "party.not_obligor")
	hold := func(seed int, fen model.Fen) *model.Deposit {
		d, err := w.Svc.Deposit.Submit(t.Context(), p.phone.Actor, model.Deposit{
			CaseID: p.f.ID, Purpose: model.DepositRestitution, AmountFen: fen, PaidOn: w.Today(), PayerKind: model.PayerRelative, PayerName: "彭大",
			Wish: "我自愿退赔被害人的损失，请法院代为保管。", ProofFileID: w.Uploaded(p.phone, p.f.ID, seed), IdemKey: servicetest.FreshKey(),
		})
		if err == nil {
			d, err = w.Svc.Deposit.Confirm(t.Context(), p.judge.Actor, d.ID, d.Version, fen)
		}
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := hold(901, 10000)
	hold(902, 12300)
	before := p.text(p.state(r))
	for _, want := range []string{"被告人彭某", "尚未作出生效裁判，没有应当履行的财产性判项", "223.00 元，不计入履行金额", "彭大（亲属代为缴纳）", "123.00"} {
		if !strings.Contains(strings.ReplaceAll(before, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the statement before the judgment does not say %q:\n%s", want, before)
		}
	}
	for _, no := range []string{"罪犯", "发生法律效力", "到位率", "履行完毕", "结案通知书", "视为本人履行", "减刑"} {
		if strings.Contains(before, no) {
			t.Errorf("the statement before the judgment says %q", no)
		}
	}
	in := servicetest.CriminalInput().Instruments[0]
	w.Clock.Advance(24 * time.Hour)
	in.MadeOn, in.EffectiveOn = w.Today(), w.Today()
	for i := range in.Obligations {
		in.Obligations[i].DueOn = w.Today().AddDays(30)
	}
	if _, err := w.Svc.Filing.AddInstrument(t.Context(), p.clerk.Actor, p.f.ID, in); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Svc.Deposit.SetOff(t.Context(), p.judge.Actor, deposit.Offset{DepositID: first.ID, Version: first.Version}); err != nil {
		t.Fatal(err)
	}
	r.Key = ""
	after := regexp.MustCompile(`镇法财说〔2026〕\d+号第\d+页\f?`).ReplaceAllString(strings.ReplaceAll(p.text(p.state(r)), " ", ""), "")
	for _, want := range []string{"罪犯彭某", "判决前预缴100.00元；", "判决后履行0.00元。", "另有判决前自愿缴纳、由本院暂存、尚未抵充判项的款项123.00", "不计入以上履行金额", "彭大（亲属代为缴纳）", "第十三条出具"} {
		if !strings.Contains(after, want) {
			t.Errorf("the statement after the judgment does not say %q:\n%s", want, after)
		}
	}
}

// A convict's money follows the law's order, and a relative's counts as his own.
// The judge may leave the order, with a reason that is kept.
func TestMoneyOfAConvictFollowsTheOrderOfTheLaw(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	v := p.view()
	if len(v.FineTerms) != 1 || v.FineTerms[0].Last != model.NewDate(2026, 5, 6) || !v.FineTerms[0].Within || len(v.Unsaid) != 0 || p.f.Obligation[model.CategoryFine] == 0 {
		t.Fatalf("%+v", v.FineTerms)
	}
	confirm := func(r *model.Receipt, fen model.Fen, shares []model.Share, reason string) error {
		_, err := p.Svc.Performance.Confirm(ctx, p.judge.Actor, performance.Decision{
			ReceiptID: r.ID, Version: r.Version, AmountFen: fen, Allocations: shares, OrderReason: reason, IdemKey: servicetest.FreshKey(), DoubtReason: "判决前预缴，已核实。",
		})
		return err
	}
	// Before the judgment he prepaid for the fine: the payer names it, the law does
	// not care, the judge may.
	fine := p.f.Installment[model.CategoryFine]
	pre := p.Pays(p.phone, p.f, 5000, 41, func(c *performance.Claim) { c.PaidOn, c.Targets = model.NewDate(2026, 1, 20), []int64{fine} })
	byHand := []model.Share{{InstallmentID: fine, AmountFen: 5000}}
	p.RefusedAll(
		servicetest.No("against the order", model.Invalid, "allocation.order", "order_reason", confirm(pre, 5000, byHand, "")),
		servicetest.No("a long reason", model.Invalid, "field.too_long", "order_reason", confirm(pre, 5000, byHand, strings.Repeat("长", 501))),
	)
	if err := confirm(pre, 5000, byHand, "判决前预缴的罚金"); err != nil {
		t.Fatal(err)
	}
	_, err := p.Svc.Performance.Correct(ctx, p.judge.Actor, performance.Decision{
		ReceiptID: pre.ID, Version: pre.Version + 1, AmountFen: 4000, Reason: "银行更正", Allocations: []model.Share{{InstallmentID: fine, AmountFen: 4000}},
		IdemKey: servicetest.FreshKey(),
	})
	p.Refused(err, "allocation.order")
	// A relative pays; it goes to the medical costs, then restitution.
	r := p.Pays(p.phone, p.f, 25000, 42, func(c *performance.Claim) {
		c.PayerKind, c.PayerName, c.Targets = model.PayerRelative, "彭某某", []int64{fine}
	})
	if err := confirm(r, 25000, nil, ""); err != nil {
		t.Fatal(err)
	}
	k := p.view().Convicts[0]
	got := map[model.Category]model.Fen{}
	for _, l := range k.Lines {
		got[l.Category] = l.ArrivedFen()
	}
	if got[model.CategoryMedical] != 10000 || got[model.CategoryRestitution] != 15000 || got[model.CategoryFine] != 5000 || got[model.CategoryConfiscation] != 0 {
		t.Error(got)
	}
	if k.OwnFen() != 30000 || k.ByPayer()[model.PayerRelative] != 25000 || k.Lines[0].Category != model.CategoryMedical || k.Lines[2].PrepaidFen != 5000 || k.Done() {
		t.Errorf("%+v", k)
	}
	ledger, err := p.Svc.Performance.Ledger(ctx, p.judge.Actor, p.f.ID)
	if err != nil || ledger.Entries[0].OrderReason != "判决前预缴的罚金" || ledger.Entries[1].OrderReason != "" {
		t.Errorf("%+v %v", ledger, err)
	}
}

// A prison's letter has a clock of seven days: the judge has a task and is
// reminded once, he and the leaders are told when it is late. It is answered with
// the statement and proof, once, whoever tries at the same time.
func TestAPrisonsLetterIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	leader := p.Staff("chen.zj", model.RoleLeader)
	l := p.letter("浙某监函〔2026〕12号")
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		q, err := p.Svc.Penalty.Register(ctx, p.clerk.Actor, l)
		if err != nil {
			return 0, err
		}
		return q.ID, nil
	})
	q, err := p.Svc.Penalty.PrisonLetter(ctx, p.judge.Actor, id)
	if err != nil || q.DueOn != model.NewDate(2026, 3, 9) || !strings.Contains(q.DueReason, "次日起算7日") || q.DaysLeft(p.Today()) != 7 {
		t.Fatalf("%+v %v", q, err)
	}
	if n := p.NoticesOf(p.judge, model.NoticePrisonLetterRegistered); n != 1 {
		t.Errorf("the judge was told %d times that a letter came", n)
	}
	if list := p.OpenTasks(p.judge); len(list) != 1 || !strings.Contains(list[0].Title, "浙江省某监狱") {
		t.Fatalf("%+v", list)
	}
	if list, err := p.Svc.Penalty.PrisonLetters(ctx, p.judge.Actor, model.PrisonLetterFilter{State: model.PrisonLetterOpen, Limit: 10}); err != nil || len(list) != 1 || list[0].Convict != "彭某" {
		t.Fatalf("%+v %v", list, err)
	}
	for day, want := range []int{0, 0, 0, 0, 0, 1, 1} {
		if err := p.Svc.Penalty.Pass(ctx); err != nil {
			t.Fatal(err)
		}
		if n := p.NoticesOf(p.judge, model.NoticePrisonLetterDue); n != want {
			t.Errorf("after %d days %d reminders", day, n)
		}
		p.Clock.Advance(24 * time.Hour)
	}
	p.Clock.Advance(24 * time.Hour)
	if err := p.Svc.Enforcement.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	if n, m := p.NoticesOf(p.judge, model.NoticeTaskLate), p.NoticesOf(leader, model.NoticeTaskLate); n != 1 || m != 1 {
		t.Errorf("the judge was told %d times, the leader %d times", n, m)
	}
	late, err := p.Svc.Penalty.PrisonLetters(ctx, leader.Actor, model.PrisonLetterFilter{LateOn: p.Today(), Limit: 10})
	if err != nil || len(late) != 1 || !late[0].Late(p.Today()) || late[0].DaysLeft(p.Today()) >= 0 {
		t.Fatalf("%+v %v", late, err)
	}
	if open, over, err := p.Svc.Penalty.Waiting(ctx, leader.Actor); err != nil || open != 1 || over != 1 {
		t.Errorf("%d open, %d late, %v", open, over, err)
	}

	d := p.state(penalty.StatementRequest{PrisonLetterID: q.ID})
	reply := func(key string) penalty.Reply {
		return penalty.Reply{PrisonLetterID: q.ID, Version: q.Version, DocumentID: d.ID, SentOn: p.Today(), Method: model.AnswerByMail, Proof: "EMS 1234567890123", Key: key}
	}
	var wg sync.WaitGroup
	errs := make([]error, 4)
	who := []model.Actor{p.judge.Actor, p.clerk.Actor}
	for i := range errs {
		wg.Go(func() { _, errs[i] = p.Svc.Penalty.Answer(ctx, who[i%2], reply(fmt.Sprintf("answer-key-%d", i))) })
	}
	wg.Wait()
	done := 0
	for i, err := range errs {
		if err == nil {
			done++
			if again, err := p.Svc.Penalty.Answer(ctx, who[i%2], reply(fmt.Sprintf("answer-key-%d", i))); err != nil || again.Proof != "EMS 1234567890123" {
				t.Error("the answer repeated:", again, err)
			}
			other := reply(servicetest.FreshKey())
			other.Proof = "EMS 2234567890123"
			_, err := p.Svc.Penalty.Answer(ctx, who[i%2], other)
			p.Refused(err, "prison_letter.answered")
			continue
		}
		p.Refused(err, "prison_letter.answered")
	}
	if done != 1 || p.Audited(model.AuditPrisonLetterAnswer) != 1 {
		t.Errorf("%d answers at once, %d in the audit trail", done, p.Audited(model.AuditPrisonLetterAnswer))
	}
	_, err = p.Svc.Penalty.Void(ctx, p.judge.Actor, q.ID, 1, "登记错误")
	p.Refused(err, "prison_letter.answered")
	if list := p.OpenTasks(p.judge); len(list) != 0 {
		t.Error("the task is still open:", list)
	}
	if got, err := p.Svc.Penalty.PrisonLetter(ctx, p.judge.Actor, q.ID); err != nil || got.State != model.PrisonLetterAnswered || !got.LateAnswer() {
		t.Error("answered after the clock:", got, err)
	}
}

// A letter registered by mistake is void and may come in again; the open ones
// follow the case to a new judge.
func TestALetterThatWasAMistakeComesInAgain(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	l := p.letter("浙某监函〔2026〕13号")
	wrong := p.register(l)
	l.ReceivedOn = l.ReceivedOn.AddDays(-1)
	_, err := p.Svc.Penalty.Register(ctx, p.clerk.Actor, l)
	p.Refused(err, "prison_letter.exists")
	for range 2 { // the answer got lost
		if _, err := p.Svc.Penalty.Void(ctx, p.clerk.Actor, wrong.ID, wrong.Version, "收到日期登记有误"); err != nil {
			t.Fatal(err)
		}
	}
	_, err = p.Svc.Penalty.Void(ctx, p.clerk.Actor, wrong.ID, wrong.Version, "另一原因")
	p.Refused(err, "prison_letter.answered")
	if list := p.OpenTasks(p.judge); len(list) != 0 {
		t.Errorf("a void letter keeps its task: %+v", list)
	}
	second := p.register(l)
	if second.ID == wrong.ID || second.DueOn != model.NewDate(2026, 3, 9) { // the 8th is a Sunday
		t.Errorf("%+v", second)
	}
	other := p.Staff("ji.wei", model.RoleJudge)
	d, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, false)
	if err == nil {
		err = p.Svc.Filing.HandOver(ctx, p.judge.Actor, p.f.ID, d.Case.Version, "ji.wei", "调岗")
	}
	if err != nil {
		t.Fatal(err)
	}
	if n, old := len(p.OpenTasks(other)), len(p.OpenTasks(p.judge)); n != 1 || old != 0 {
		t.Errorf("after the hand-over the new judge has %d tasks, the old one %d", n, old)
	}
	_, err = p.Svc.Penalty.PrisonLetter(ctx, p.judge.Actor, second.ID)
	p.Refused(err, "prison_letter.not_found")
}

// The statement says how far each item is performed, by whom and when, with the
// closing notice when the enforcement is closed; the same request is one paper.
// Others than prisons ask, too.
func TestTheStatementSaysWhatArrived(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	p.Confirm(p.judge, p.Pays(p.phone, p.f, 5000, 51, func(c *performance.Claim) { c.PaidOn = model.NewDate(2026, 1, 20) }), 5000)
	p.Confirm(p.judge, p.Pays(p.phone, p.f, 25000, 52, func(c *performance.Claim) { c.PayerKind, c.PayerName = model.PayerRelative, "彭某某" }), 25000)
	q := p.register(p.letter("浙某监函〔2026〕12号"))
	r := penalty.StatementRequest{
		CaseID: p.f.ID, PartyID: p.f.Convict, PrisonLetterID: q.ID, ClosingNo: "（2026）浙0211执88号结案通知书", ClosedOn: p.Today(), Key: servicetest.FreshKey(),
	}
	_, err := p.Svc.Penalty.State(ctx, p.clerk.Actor, r)
	p.Refused(err, "statement.closing_file")
	r.ClosingFileID = p.Uploaded(p.clerk, p.f.ID, 43)
	made := servicetest.TwiceAtOnce(t, func() (int64, error) {
		d, err := p.Svc.Penalty.State(ctx, p.clerk.Actor, r)
		if err != nil {
			return 0, err
		}
		return d.ID, nil
	})
	d, err := p.Svc.Penalty.State(ctx, p.clerk.Actor, r) // the answer got lost
	if err != nil || d.ID != made {
		t.Fatal(d, err)
	}
	if !strings.Contains(d.Number, "财说") || p.Audited(model.AuditStatementMake) != 1 || len(p.view().Statements) != 1 {
		t.Errorf("%+v", d)
	}
	text := p.text(d)
	for _, want := range []string{"浙江省某监狱", "彭某", "340524********001X", "30.00%", "视为本人履行", "判决前预缴", "结案通知书", "浙某监函"} {
		if !strings.Contains(text, want) {
			t.Errorf("the statement does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "34052419800101001X") {
		t.Error("the whole ID number is on the paper")
	}
	// It is for the authority: the convict's phone does not list it.
	if list, err := p.Svc.Paper.Documents(ctx, p.phone.Actor, p.f.ID, 0, 10); err != nil || len(list) != 1 {
		t.Errorf("the convict sees %d papers, and not only his notice, %v", len(list), err)
	}
	l := p.letter("甬检函〔2026〕3号")
	l.AskerKind, l.Asker = model.AskerProcuratory, "宁波市某区人民检察院"
	asked := p.register(l)
	if !strings.Contains(asked.DueReason, "参照") {
		t.Error(asked.DueReason)
	}
	if text := p.text(p.state(penalty.StatementRequest{PrisonLetterID: asked.ID})); !strings.Contains(text, "宁波市某区人民检察院") || !strings.Contains(text, "尚未就上述判项作出结案通知书") {
		t.Errorf("the statement for the procuratorate: %s", text)
	}
}

// A new calendar moves the clock of an open prison's letter, and its task's.
func TestANewCalendarMovesTheClock(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	q := p.register(p.letter("函1号"))
	var days strings.Builder
	for _, h := range model.ShippedCalendar().Year(2026) {
		fmt.Fprintf(&days, "%s,%s,%s\n", h.On, map[bool]string{true: "rest", false: "work"}[h.Rest], h.Name)
	}
	days.WriteString("2026-03-09,rest,临时放假\n")
	if _, err := p.Svc.Calendar.Load(ctx, model.System(), "国办发明电〔2026〕9号", strings.NewReader(days.String())); err != nil {
		t.Fatal(err)
	}
	got, err := p.Svc.Penalty.PrisonLetter(ctx, p.clerk.Actor, q.ID)
	if err != nil || got.DueOn != model.NewDate(2026, 3, 10) || !strings.Contains(got.DueReason, "顺延") {
		t.Error(got, err)
	}
	if list := p.OpenTasks(p.judge); len(list) != 1 || !list[0].DueAt.Equal(model.NewDate(2026, 3, 10).EndOfDay()) {
		t.Errorf("%+v", list)
	}
}

// What nobody said of a duty, the clerk says with its ground, once.
func TestADutyGetsItsCategory(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	unsaid := p.FileCriminal(p.clerk, func(in *filing.CaseInput) { in.Instruments[0].Obligations[2].Category = "" })
	v, err := p.Svc.Penalty.Case(ctx, p.judge.Actor, unsaid.ID)
	if err != nil || len(v.Unsaid) != 1 || len(v.Convicts[0].Lines) != 4 {
		t.Fatalf("%+v %v", v, err)
	}
	for range 2 {
		ob, err := p.Svc.Penalty.Categorise(ctx, p.clerk.Actor, unsaid.ID, v.Unsaid[0].ID, model.CategoryRestitution, "判决主文第三项")
		if err != nil || ob.Category != model.CategoryRestitution {
			t.Fatal(ob, err)
		}
	}
	if n := p.Audited(model.AuditObligationCategory); n != 1 {
		t.Errorf("the repeat is in the audit trail: %d", n)
	}
	if v, err = p.Svc.Penalty.Case(ctx, p.judge.Actor, unsaid.ID); err != nil || len(v.Unsaid) != 0 {
		t.Error(v.Unsaid, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Penalty
	other, officer := p.Staff("ji.wei", model.RoleJudge), p.Staff("lu.fg", model.RoleOfficer)
	civil, second, adm := p.File(p.clerk), p.FileCriminal(p.clerk), p.FileSurcharge(p.clerk, 30000, 30000)
	conduct := p.FileCriminal(p.clerk, func(in *filing.CaseInput) {
		in.Instruments[0].Obligations = []filing.ObligationInput{{Ref: "O1", Kind: "conduct", Obligors: []string{"D1"}, Obligee: "C1", Description: "赔礼道歉"}}
	})
	long := strings.Repeat("长", 501)
	q := p.register(p.letter("函1号"))
	old := p.state(penalty.StatementRequest{To: "浙江省某监狱"})
	foreign := p.state(penalty.StatementRequest{CaseID: second.ID, PartyID: second.Convict, To: "浙江省某监狱"})
	p.Clock.Advance(24 * time.Hour)
	newer := p.register(p.letter("函3号"))
	fresh := p.state(penalty.StatementRequest{To: "浙江省某监狱"})

	category := func(by servicetest.Person, caseID, ob int64, c model.Category, reason string) error {
		_, err := svc.Categorise(ctx, by.Actor, caseID, ob, c, reason)
		return err
	}
	statement := func(change func(r *penalty.StatementRequest)) error {
		r := penalty.StatementRequest{CaseID: p.f.ID, PartyID: p.f.Convict, To: "浙江省某监狱", Key: servicetest.FreshKey()}
		change(&r)
		_, err := svc.State(ctx, p.clerk.Actor, r)
		return err
	}
	letter := func(change func(l *penalty.Letter)) error {
		l := p.letter("函1号")
		l.ReceivedOn = q.ReceivedOn
		change(&l)
		_, err := svc.Register(ctx, p.clerk.Actor, l)
		return err
	}
	answer := func(by servicetest.Person, change func(r *penalty.Reply)) error {
		r := penalty.Reply{PrisonLetterID: q.ID, Version: q.Version, DocumentID: fresh.ID, SentOn: p.Today(), Method: model.AnswerByHand, Proof: "王某签收", Key: servicetest.FreshKey()}
		change(&r)
		_, err := svc.Answer(ctx, by.Actor, r)
		return err
	}
	same := func(*penalty.Reply) {}
	void := func(by servicetest.Person, id, version int64, reason string) error {
		_, err := svc.Void(ctx, by.Actor, id, version, reason)
		return err
	}
	view := func(by servicetest.Person, id int64) error { _, err := svc.Case(ctx, by.Actor, id); return err }
	read := func(by servicetest.Person, id int64) error { _, err := svc.PrisonLetter(ctx, by.Actor, id); return err }
	_, listed := svc.PrisonLetters(ctx, p.phone.Actor, model.PrisonLetterFilter{Limit: 1})
	_, _, waiting := svc.Waiting(ctx, p.phone.Actor)
	fine, medical := p.f.Obligation[model.CategoryFine], p.f.Obligation[model.CategoryMedical]
	no, forbidden, bad, gone, clash := servicetest.No, model.Forbidden, model.Invalid, model.NotFound, model.Conflict
	p.RefusedAll(
		no("a party looks", forbidden, "role.forbidden", "", view(p.phone, p.f.ID)),
		no("a party lists", forbidden, "role.forbidden", "", listed),
		no("a party counts", forbidden, "role.forbidden", "", waiting),
		no("a party reads a letter", forbidden, "role.forbidden", "", read(p.phone, q.ID)),
		no("an officer categorises", forbidden, "role.forbidden", "", category(officer, p.f.ID, fine, model.CategoryFine, "主文")),
		no("an officer answers", forbidden, "role.forbidden", "", answer(officer, same)),
		no("no case", gone, "case.not_found", "", view(p.judge, 999999)),
		no("a civil case", clash, "penalty.not_criminal", "", view(p.judge, civil.ID)),
		no("no case", gone, "case.not_found", "", category(p.clerk, 999999, 1, model.CategoryFine, "主文")),
		no("no obligation", gone, "obligation.not_found", "", category(p.clerk, p.f.ID, 999999, model.CategoryFine, "主文")),
		no("no ground", bad, "reason.required", "reason", category(p.clerk, p.f.ID, fine, model.CategoryConfiscation, " ")),
		no("of another kind of case", bad, "category.unknown", "category", category(p.clerk, p.f.ID, fine, model.CategorySurcharge, "主文")),
		no("a fine for a victim", bad, "category.to_court", "category", category(p.clerk, p.f.ID, medical, model.CategoryFine, "主文")),
		no("medical costs for the state", bad, "category.to_party", "category", category(p.clerk, p.f.ID, fine, model.CategoryMedical, "主文")),
		no("more added than the fine", bad, "surcharge.over_cap", "surcharge_fen", category(p.clerk, adm.ID, adm.Principal, model.CategorySurcharge, "决定书")),
		no("conduct", bad, "category.money", "category", category(p.clerk, conduct.ID, conduct.Obligation[""], model.CategoryMedical, "主文")),
		no("no case", gone, "case.not_found", "", statement(func(r *penalty.StatementRequest) { r.CaseID = 999999 })),
		no("a civil case", clash, "penalty.not_criminal", "", statement(func(r *penalty.StatementRequest) { r.CaseID = civil.ID })),
		no("nobody", gone, "party.not_found", "", statement(func(r *penalty.StatementRequest) { r.PartyID = 999999 })),
		no("a victim", bad, "party.not_obligor", "party_id", statement(func(r *penalty.StatementRequest) { r.PartyID = p.f.Victim })),
		no("no letter", bad, "prison_letter.unknown", "prison_letter_id", statement(func(r *penalty.StatementRequest) { r.PrisonLetterID = 999999 })),
		no("to nobody", bad, "field.required", "to", statement(func(r *penalty.StatementRequest) { r.To = " " })),
		no("a long note", bad, "field.too_long", "note", statement(func(r *penalty.StatementRequest) { r.Note = long })),
		no("closed when", bad, "statement.closing", "closing_no", statement(func(r *penalty.StatementRequest) { r.ClosingNo, r.ClosingFileID = "结案1号", 999999 })),
		no("closed tomorrow", bad, "date.future", "closed_on", statement(func(r *penalty.StatementRequest) {
			r.ClosingNo, r.ClosedOn, r.ClosingFileID = "结案1号", p.Today().AddDays(1), 999999
		})),
		no("a file about nothing", bad, "statement.closing_file", "closing_file_id", statement(func(r *penalty.StatementRequest) { r.ClosingFileID = 999999 })),
		no("no file", bad, "file.unknown", "closing_file_id", statement(func(r *penalty.StatementRequest) {
			r.ClosingNo, r.ClosedOn, r.ClosingFileID = "结案1号", p.Today(), 999999
		})),
		no("no case", gone, "case.not_found", "", letter(func(l *penalty.Letter) { l.CaseID = 999999 })),
		no("a civil case", clash, "penalty.not_criminal", "", letter(func(l *penalty.Letter) { l.CaseID, l.PartyID = civil.ID, civil.Debtor })),
		no("nobody", gone, "party.not_found", "", letter(func(l *penalty.Letter) { l.PartyID = 999999 })),
		no("a victim", bad, "party.not_obligor", "party_id", letter(func(l *penalty.Letter) { l.PartyID = p.f.Victim })),
		no("a bank", bad, "prison_letter.asker", "asker_kind", letter(func(l *penalty.Letter) { l.AskerKind = "bank" })),
		no("from nobody", bad, "field.required", "asker", letter(func(l *penalty.Letter) { l.Asker = " " })),
		no("without a number", bad, "field.required", "document_no", letter(func(l *penalty.Letter) { l.DocumentNo = " " })),
		no("received when", bad, "field.required", "received_on", letter(func(l *penalty.Letter) { l.ReceivedOn = model.Date{} })),
		no("received tomorrow", bad, "date.future", "received_on", letter(func(l *penalty.Letter) { l.ReceivedOn = p.Today().AddDays(1) })),
		no("a long note", bad, "field.too_long", "note", letter(func(l *penalty.Letter) { l.Note = long })),
		no("the same letter of another", bad, "prison_letter.exists", "document_no", letter(func(l *penalty.Letter) { l.AskerKind = model.AskerCourt })),
		no("another judge's", gone, "prison_letter.not_found", "", read(other, q.ID)),
		no("another judge's", gone, "prison_letter.not_found", "", answer(other, same)),
		no("another judge's", gone, "prison_letter.not_found", "", void(other, q.ID, 1, "撤回")),
		no("an old page", clash, "prison_letter.changed", "", answer(p.clerk, func(r *penalty.Reply) { r.Version = 99 })),
		no("an old page", clash, "prison_letter.changed", "", void(p.clerk, q.ID, 99, "撤回")),
		no("void without a reason", bad, "reason.required", "reason", void(p.clerk, q.ID, q.Version, " ")),
		no("no statement", bad, "statement.unknown", "document_id", answer(p.clerk, func(r *penalty.Reply) { r.DocumentID = 999999 })),
		no("another case's statement", bad, "statement.unknown", "document_id", answer(p.clerk, func(r *penalty.Reply) { r.DocumentID = foreign.ID })),
		no("a statement older than the letter", bad, "statement.old", "document_id", answer(p.clerk, func(r *penalty.Reply) { r.PrisonLetterID, r.DocumentID = newer.ID, old.ID })),
		no("by pigeon", bad, "prison_letter.method", "method", answer(p.clerk, func(r *penalty.Reply) { r.Method = "pigeon" })),
		no("sent tomorrow", bad, "prison_letter.sent_on", "sent_on", answer(p.clerk, func(r *penalty.Reply) { r.SentOn = p.Today().AddDays(1) })),
		no("without proof", bad, "prison_letter.proof", "proof", answer(p.clerk, func(r *penalty.Reply) { r.Proof = " " })),
		no("no file", bad, "file.unknown", "proof_file_id", answer(p.clerk, func(r *penalty.Reply) { r.ProofFileID = 999999 })),
	)
	if q, err := svc.PrisonLetter(ctx, p.judge.Actor, q.ID); err != nil || q.State != model.PrisonLetterOpen {
		t.Error("a refused answer was kept:", q, err)
	}
	// While what the case brought in waits for the judge, nothing is stated.
	if n := p.Audited(model.AuditStatementMake); n != 3 {
		t.Errorf("%d statements were made", n)
	}
}

// What a case system, a clerk, an import and a mistake may say about categories.
func TestCategoriesComeInThroughEveryDoor(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	secret, err := p.Svc.Identity.CreateAPIKey(ctx, model.System(), p.Court.ID, "审判系统")
	if err != nil {
		t.Fatal(err)
	}
	system, err := p.Svc.Identity.AuthenticateKey(ctx, secret)
	if err != nil {
		t.Fatal(err)
	}
	in := servicetest.CriminalInput()
	in.Instruments[0].Obligations[2].Category = ""
	cs, _, err := p.Svc.Filing.Put(ctx, system, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	view := func(id int64) *penalty.View {
		t.Helper()
		v, err := p.Svc.Penalty.Case(ctx, p.judge.Actor, id)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := view(cs.ID)
	if len(v.Convicts[0].Lines) != 4 || len(v.Unsaid) != 1 {
		t.Fatalf("%+v", v)
	}
	if _, err := p.Svc.Penalty.Categorise(ctx, p.judge.Actor, cs.ID, v.Unsaid[0].ID, model.CategoryRestitution, "判决主文第三项"); err != nil {
		t.Fatal(err)
	}
	// A newer push that says nothing leaves what was entered here.
	in.Cause = "诈骗罪"
	if _, _, err := p.Svc.Filing.Put(ctx, system, in, 2); err != nil {
		t.Fatal(err)
	}
	if v := view(cs.ID); len(v.Unsaid) != 0 || v.Case.Cause != "诈骗罪" {
		t.Errorf("%+v", v.Unsaid)
	}
	wrong := func(change func(*filing.InstrumentInput)) filing.CaseInput {
		in := servicetest.CriminalInput()
		change(&in.Instruments[0])
		return in
	}
	for reason, in := range map[string]filing.CaseInput{
		"category.unknown":   wrong(func(i *filing.InstrumentInput) { i.Obligations[2].Category = model.CategorySurcharge }),
		"category.to_court":  wrong(func(i *filing.InstrumentInput) { i.Obligations[2].Category = model.CategoryFine }),
		"instrument.days":    wrong(func(i *filing.InstrumentInput) { i.MadeOn = model.NewDate(2026, 2, 7) }),
		"surcharge.over_cap": servicetest.SurchargeInput(30000, 30001),
	} {
		_, _, err := p.Svc.Filing.File(ctx, p.clerk.Actor, in)
		e, _ := errors.AsType[*model.Error](err)
		if e == nil || e.Reason != "case.invalid" || !slices.ContainsFunc(e.Fields, func(f model.FieldError) bool { return f.Reason == reason }) {
			t.Errorf("%s: %v", reason, err)
		}
	}
	// The import's last column is new: files without it are read, words are known.
	var template bytes.Buffer
	if err := filing.TemplateCSV(&template); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(template.String(), "\n")
	row := "（2026）浙0211刑初9901号,盗窃罪,2026-02-02,zhang.min,李某,自然人,,,彭某,自然人,,,判决书,（2026）浙0211刑初9901号,2026-02-06,退赔,100,,2026-05-06"
	imported := func(file string) *filing.ImportReport {
		t.Helper()
		rep, err := p.Svc.Filing.Import(ctx, p.clerk.Actor, strings.NewReader(file), filing.Importing{Notices: model.NoticesNow})
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	if rep := imported(head[:strings.LastIndex(head, ",")] + "\n" + row + "\n"); rep.Created != 1 {
		t.Errorf("a file without the column: %+v", rep)
	}
	if rep := imported(head + "\n" + strings.Replace(row, "9901", "9902", 2) + ",悬赏\n"); len(rep.Problems) != 1 || rep.Problems[0].Reason != "category.unknown" {
		t.Errorf("an unknown word: %+v", rep)
	}
	no := "（2026）浙0211刑初9903号"
	if rep := imported(head + "\n" + strings.Replace(row, "9901", "9903", 2) + ",退赔\n"); rep.Created != 1 {
		t.Errorf("%+v", rep)
	}
	list, err := p.Svc.Filing.Cases(ctx, p.clerk.Actor, model.CaseFilter{Text: no, Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if v := view(list[0].ID); len(v.Unsaid) != 0 || v.Convicts[0].Lines[0].Category != model.CategoryRestitution {
		t.Errorf("the import's category is lost: %+v", v.Convicts)
	}
}
