package petition_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/relative"
	"microcourt/service/servicetest"
)

const words = "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"

// people are who take part in the story: a person in enforcement, his wife, and the
// officer. It is 6 March 2026, and the term to pay is over.
type people struct {
	*servicetest.World
	judge, clerk, officer, leader, debtor, wife servicetest.Person
	f                                           servicetest.Filed
	id, link                                    int64 // of the enforcement case, of the wife
}

// at is an hour of a day in March 2026.
func at(day, hour int) time.Time { return servicetest.At(3, day, hour) }

func newPeople(t *testing.T) *people {
	t.Helper()
	w := servicetest.New(t)
	ctx := context.Background()
	p := &people{
		World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("ji.fg", model.RoleOfficer),
		leader: w.Staff("chen.zj", model.RoleLeader), debtor: w.Citizen(), wife: w.Citizen(),
	}
	p.f = w.File(p.clerk, func(in *filing.CaseInput) {
		in.Parties[1] = filing.PartyInput{Ref: "D1", Role: "defendant", Kind: "person", Name: "赵明", IDNumber: "34052419800101001X", Phone: "13900139000"}
		in.Instruments[0].Obligations[0].Installments = nil
		in.Instruments[0].Obligations[0].DueOn = model.NewDate(2026, 2, 20)
	})
	w.Bind(p.debtor, p.clerk, p.f.ID, p.f.Debtor)
	e, _, err := w.Svc.Filing.FileEnforcement(ctx, p.clerk.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: model.NewDate(2026, 3, 1), Officer: "ji.fg", AmountFen: 100000, BasisNo: p.f.No,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.id = e.ID
	w.Clock.Set(at(6, 10))
	if err := w.Svc.Enforcement.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	code, err := w.Svc.Relative.Print(ctx, p.officer.Actor, p.id, p.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := w.Svc.Relative.Ask(ctx, p.wife.Actor, relative.Asking{Code: code.Code, Relative: model.Relative{
		Name: "钱芳", Relation: model.RelationSpouse, Phone: "13700137001", DebtorName: "赵明", IdemKey: servicetest.FreshKey(),
	}})
	if err == nil {
		p.link = asked.ID
		_, err = w.Svc.Relative.Decide(ctx, p.officer.Actor, asked.ID, relative.Decision{State: model.RelativeAdmitted, Version: asked.Version})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.wife = p.Again(p.wife)
	return p
}

// hers is the wife's request, theirs one of the debtor or of who takes it down.
func (p *people) hers() model.Petition {
	return model.Petition{RelativeID: p.link, Kind: model.PetitionRelease, Body: words, IdemKey: servicetest.FreshKey()}
}

func (p *people) theirs(kind model.PetitionKind) model.Petition {
	return model.Petition{EnforcementCaseID: p.id, PartyID: p.f.Debtor, Kind: kind, Body: "本人已认识到错误，保证履行。", IdemKey: servicetest.FreshKey()}
}

func (p *people) make(by servicetest.Person, in model.Petition) *model.Petition {
	p.T.Helper()
	out, err := p.Svc.Petition.Make(context.Background(), by.Actor, in)
	if err != nil {
		p.T.Fatal(err)
	}
	return out
}

func (p *people) read(by servicetest.Person, id int64) model.PetitionLine {
	p.T.Helper()
	list, err := p.Svc.Petition.Petitions(context.Background(), by.Actor, model.PetitionFilter{Limit: 50})
	if err != nil {
		p.T.Fatal(err)
	}
	for _, l := range list {
		if l.ID == id {
			return l
		}
	}
	p.T.Fatalf("petition %d is not among %+v", id, list)
	return model.PetitionLine{}
}

// detained lets the officer take the debtor in for some days, at two in the
// afternoon of 6 March; version is the measure's as it is then.
func (p *people) detained(days int) (m *model.Measure, version func() int64) {
	p.T.Helper()
	ctx := context.Background()
	m, err := p.Svc.Enforcement.ProposeMeasure(ctx, p.officer.Actor, enforcement.Proposal{
		EnforcementCaseID: p.id, PartyID: p.f.Debtor, Kind: model.MeasureDetention, Resistance: model.ResistEvade, Ground: "hides_property",
		Facts: "收到执行通知后将车辆无偿转让他人。", Days: days, ActOn: model.NewDate(2026, 3, 5), ActText: "无偿转让车辆", IdemKey: servicetest.FreshKey(),
		Answers: model.MeasureDetention.Allowing(),
	})
	if err == nil {
		_, err = p.Svc.Enforcement.DecideMeasure(ctx, p.leader.Actor, m.ID, m.Version, "同意")
	}
	if err != nil {
		p.T.Fatal(err)
	}
	p.Clock.Set(at(6, 15))
	version = func() int64 {
		p.T.Helper()
		now, err := p.DB.Measure(ctx, p.officer.Actor, m.ID)
		if err != nil {
			p.T.Fatal(err)
		}
		return now.Version
	}
	if _, err := p.Svc.Enforcement.Detain(ctx, p.officer.Actor, m.ID, version(), at(6, 14), "宁波市镇海区拘留所"); err != nil {
		p.T.Fatal(err)
	}
	return m, version
}

// A remorse statement is received by the officer, who has a clock for it; it is one
// however often it is sent, and each reader is told what became of it.
func TestARemorseStatementIsReceived(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Petition
	signed := p.theirs(model.PetitionRemorse)
	signed.Body, signed.FileID = "", p.Uploaded(p.debtor, p.f.ID, 71)
	before := len(p.OpenTasks(p.officer))
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		out, err := svc.Make(ctx, p.debtor.Actor, signed)
		if err != nil {
			return 0, err
		}
		return out.ID, nil
	})
	if n, tasks := p.NoticesOf(p.officer, model.NoticePetitionMade), len(p.OpenTasks(p.officer))-before; n != 1 || tasks != 1 || p.Audited(model.AuditPetitionMake) != 1 {
		t.Errorf("the officer was told %d times and has %d more tasks", n, tasks)
	}
	if l := p.read(p.officer, id); l.Debtor != "赵明" || l.State != model.PetitionOpen || l.OwnerID != p.officer.UserID {
		t.Errorf("%+v", l)
	}
	for range 2 { // the answer got lost
		if out, err := svc.Decide(ctx, p.officer.Actor, id, 1, model.PetitionAccepted, ""); err != nil || out.State != model.PetitionAccepted {
			t.Fatal(out, err)
		}
	}
	if l := p.read(p.debtor, id); l.State != model.PetitionAccepted || p.NoticesOf(p.debtor, model.NoticePetitionAnswered) != 1 {
		t.Errorf("the debtor reads %+v", l)
	}
	if n := len(p.OpenTasks(p.officer)); n != before {
		t.Errorf("%d tasks are left, %d were there before", n, before)
	}
	_, err := svc.Decide(ctx, p.officer.Actor, id, 1, model.PetitionAccepted, "再次收悉")
	p.Refused(err, "petition.decided")
	if list, err := svc.Petitions(ctx, p.wife.Actor, model.PetitionFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("the wife reads his: %+v %v", list, err)
	}
}

// A detained debtor's family asks for his release: the officer puts it to the
// leaders, whose word answers the family. A no is answered with its reason, and she
// may ask again; a yes ends the detention.
func TestTheFamilyAsksForHisRelease(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Petition
	early := p.make(p.wife, p.hers())
	_, err := svc.Decide(ctx, p.officer.Actor, early.ID, 1, model.PetitionForwarded, "确有悔改")
	p.Refused(err, "petition.no_detention")
	m, version := p.detained(10)
	forward := func(id int64) {
		t.Helper()
		for range 2 { // the answer got lost
			out, err := svc.Decide(ctx, p.officer.Actor, id, 1, model.PetitionForwarded, "确有悔改，家属愿意代为履行")
			if err != nil || out.State != model.PetitionForwarded {
				t.Fatal(out, err)
			}
		}
	}
	forward(early.ID)
	_, err = svc.Decide(ctx, p.officer.Actor, early.ID, 2, model.PetitionRefused, "不符合条件")
	p.Refused(err, "petition.forwarded")
	if _, err := p.Svc.Enforcement.AnswerLift(ctx, p.leader.Actor, m.ID, version(), false, "尚未履行分文"); err != nil {
		t.Fatal(err)
	}
	if l := p.read(p.wife, early.ID); l.State != model.PetitionRefused || l.Answer != "尚未履行分文" {
		t.Errorf("after the no: %+v", l)
	}
	again := p.make(p.wife, p.hers())
	forward(again.ID)
	if _, err := p.Svc.Enforcement.AnswerLift(ctx, p.leader.Actor, m.ID, version(), true, "同意"); err != nil {
		t.Fatal(err)
	}
	if l := p.read(p.wife, again.ID); l.State != model.PetitionGranted {
		t.Errorf("after the yes: %+v", l)
	}
	if n := p.NoticesOf(p.wife, model.NoticeRelativePetition); n != 4 {
		t.Errorf("she was told %d times", n)
	}
	if now, err := p.DB.Measure(ctx, p.officer.Actor, m.ID); err != nil || now.State != model.MeasureLifted {
		t.Errorf("the detention is %s, %v", now.State, err)
	}
}

// A detention that is over before the president decided answers the request.
func TestADetentionThatEndsAnswersTheRequest(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	m, version := p.detained(3)
	asked := p.make(p.wife, p.hers())
	if _, err := p.Svc.Petition.Decide(ctx, p.officer.Actor, asked.ID, 1, model.PetitionForwarded, "确有悔改"); err != nil {
		t.Fatal(err)
	}
	his := p.make(p.debtor, p.theirs(model.PetitionRelease)) // nobody answered it yet
	p.Clock.Set(at(9, 15))
	if _, err := p.Svc.Enforcement.EndExpiredMeasure(ctx, p.officer.Actor, m.ID, version(), enforcement.Expiry{Proof: "拘留所已释放", At: p.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if l := p.read(p.wife, asked.ID); l.State != model.PetitionRefused || l.Answer != "院长决定以前期限已满，已经释放。" {
		t.Errorf("she reads %+v", l)
	}
	if l := p.read(p.debtor, his.ID); l.State != model.PetitionRefused || l.Answer != "答复以前期限已满，已经释放。" {
		t.Errorf("he reads %+v", l)
	}
}

// The president's no answers every request that lay before the court when he was
// asked, and none that came later. A higher court that revokes the detention answers
// what is left.
func TestOneDecisionAnswersAllThatAskedForIt(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	m, version := p.detained(10)
	hers, his := p.make(p.wife, p.hers()), p.make(p.debtor, p.theirs(model.PetitionRelease))
	if _, err := p.Svc.Petition.Decide(ctx, p.officer.Actor, hers.ID, 1, model.PetitionForwarded, "确有悔改"); err != nil {
		t.Fatal(err)
	}
	p.Clock.Set(at(7, 9))
	if _, err := p.Svc.Enforcement.AnswerLift(ctx, p.leader.Actor, m.ID, version(), false, "尚未履行分文"); err != nil {
		t.Fatal(err)
	}
	for who, id := range map[*servicetest.Person]int64{&p.wife: hers.ID, &p.debtor: his.ID} {
		if l := p.read(*who, id); l.State != model.PetitionRefused || l.Answer != "尚未履行分文" {
			t.Errorf("after the no: %+v", l)
		}
	}
	later := p.make(p.debtor, p.theirs(model.PetitionRelease))
	forwarded := p.make(p.wife, p.hers())
	if _, err := p.Svc.Petition.Decide(ctx, p.officer.Actor, forwarded.ID, 1, model.PetitionForwarded, "家属代为履行"); err != nil {
		t.Fatal(err)
	}
	p.Clock.Set(at(7, 10))
	r, err := p.Svc.Enforcement.AskReview(ctx, p.debtor.Actor, m.ID, "没有隐藏财产", servicetest.FreshKey())
	if err == nil {
		_, err = p.Svc.Enforcement.ConcludeReview(ctx, p.officer.Actor, r.ID, model.ReviewOutcome{
			Result: model.ReviewRevoked, Text: "事实不清", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02司惩复1号", DecidedOn: model.NewDate(2026, 3, 7),
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	for who, id := range map[*servicetest.Person]int64{&p.wife: forwarded.ID, &p.debtor: later.ID} {
		if l := p.read(*who, id); l.State != model.PetitionGranted || l.Answer != "拘留决定已经撤销，拘留所办理手续后释放。" {
			t.Errorf("after the revocation: %+v", l)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Petition
	other, stranger := p.Staff("tong.bx", model.RoleOfficer), p.Citizen()
	early := p.make(p.wife, p.hers())
	p.make(p.debtor, p.theirs(model.PetitionRelease)) // his own stands beside hers
	own := p.make(p.officer, p.theirs(model.PetitionRemorse))
	try := func(by servicetest.Person, in model.Petition, change func(in *model.Petition)) error {
		change(&in)
		_, err := svc.Make(ctx, by.Actor, in)
		return err
	}
	same := func(*model.Petition) {}
	decide := func(by servicetest.Person, id, version int64, to model.PetitionState, answer string) error {
		_, err := svc.Decide(ctx, by.Actor, id, version, to, answer)
		return err
	}
	_, listed := svc.Petitions(ctx, p.Staff("audit.or", model.RoleAuditor).Actor, model.PetitionFilter{Limit: 1})
	remorse := p.theirs(model.PetitionRemorse)
	type in = model.Petition
	no, forbidden, bad, gone, clash := servicetest.No, model.Forbidden, model.Invalid, model.NotFound, model.Conflict
	p.RefusedAll(
		no("another is open", clash, "petition.open", "", try(p.wife, p.hers(), same)),
		no("his own is open", clash, "petition.open", "", try(p.debtor, p.theirs(model.PetitionRelease), same)),
		no("parole", bad, "petition.kind", "kind", try(p.debtor, remorse, func(q *in) { q.Kind = "parole" })),
		no("two words", bad, "petition.text", "text", try(p.debtor, remorse, func(q *in) { q.Body = "错了" })),
		no("remorse that he did not sign", bad, "petition.signature", "file_id", try(p.wife, p.hers(), func(q *in) { q.Kind = model.PetitionRemorse })),
		no("no file", bad, "file.unknown", "file_id", try(p.wife, p.hers(), func(q *in) { q.Kind, q.FileID = model.PetitionRemorse, 999999 })),
		no("for the creditor", bad, "party.not_debtor", "party_id", try(p.debtor, remorse, func(q *in) { q.PartyID = p.f.Creditor })),
		no("another officer takes it down", bad, "party.not_debtor", "party_id", try(other, remorse, same)),
		no("a stranger", gone, "enforcement.not_found", "", try(stranger, remorse, same)),
		no("no link", gone, "relative.not_found", "", try(p.wife, p.hers(), func(q *in) { q.RelativeID = 999999 })),
		no("another's link", gone, "relative.not_found", "", try(stranger, p.hers(), same)),
		no("an auditor lists", forbidden, "role.forbidden", "", listed),
		no("a clerk decides", forbidden, "role.forbidden", "", decide(p.clerk, early.ID, 1, model.PetitionRefused, "不符合条件")),
		no("another officer decides", gone, "petition.not_found", "", decide(other, early.ID, 1, model.PetitionRefused, "不符合条件")),
		no("no petition", gone, "petition.not_found", "", decide(p.officer, 999999, 1, model.PetitionRefused, "不符合条件")),
		no("an old page", clash, "petition.decided", "", decide(p.officer, early.ID, 9, model.PetitionRefused, "不符合条件")),
		no("a request is not received", bad, "petition.answer", "state", decide(p.officer, early.ID, 1, model.PetitionAccepted, "收悉")),
		no("the officer grants", bad, "petition.answer", "state", decide(p.officer, early.ID, 1, model.PetitionGranted, "同意")),
		no("refused without a reason", bad, "reason.required", "answer", decide(p.officer, early.ID, 1, model.PetitionRefused, " ")),
		no("remorse refused", clash, "petition.own", "", decide(p.officer, own.ID, 1, model.PetitionRefused, "不真诚")),
	)
}
