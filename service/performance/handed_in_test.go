package performance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// toldOf are a person's notices of a kind.
func toldOf(w *servicetest.World, p servicetest.Person, kind model.NoticeKind) (out []model.Notice) {
	w.T.Helper()
	list, _, err := w.Svc.Notice.Inbox(context.Background(), p.Actor, 0, 0, 200)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == kind {
			out = append(out, n.Notice)
		}
	}
	return out
}

// represents makes somebody the agent of a party.
func represents(w *servicetest.World, p, clerk servicetest.Person, caseID, partyID int64) {
	w.T.Helper()
	ctx := context.Background()
	code, err := w.Svc.Identity.IssueBindingCode(ctx, clerk.Actor, caseID, partyID, model.CapacityAgent, "特别授权")
	if err == nil {
		_, err = w.Svc.Identity.BindByCode(ctx, p.Actor, code.Code)
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

// Whoever hands a receipt in, and whoever is responsible for it when it comes: the
// one who decides is told and nobody else, the debtor reads who did it, the creditor
// who will look at it, and who did it sees it with its picture and takes it back.
func TestWhoHandsAReceiptInAndWhoIsResponsible(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, who := range []string{"judge", "officer", "officer away", "handed over", "officer handed over"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			c := servicetest.NewCoerced(t)
			second, deputy := c.Staff("new.xf", model.RoleOfficer, model.RoleJudge), c.Staff("dai.b", model.RoleOfficer)
			f, responsible, title := c.F, c.Officer, "执行法官"
			wife, link := c.Admitted()
			switch who {
			case "judge", "handed over":
				f, responsible, title = c.File(c.Clerk, servicetest.PersonOwes, func(in *filing.CaseInput) { in.Parties[1].Name = "赵明" }), c.Judge, "承办法官"
				c.Bind(c.Debtor, c.Clerk, f.ID, f.Debtor)
				c.Bind(c.Creditor, c.Clerk, f.ID, f.Creditor)
				if who == "handed over" {
					d, err := c.Svc.Filing.Case(ctx, c.Judge.Actor, f.ID, false)
					if err == nil {
						err = c.Svc.Filing.HandOver(ctx, c.Judge.Actor, f.ID, d.Case.Version, second.Login, "工作调动")
					}
					if err != nil {
						t.Fatal(err)
					}
					responsible = second
				}
			case "officer away": // his deputy answers people; he decides nothing about money
				c.Away(c.Officer, deputy, c.Today(), c.Today().AddDays(5))
			case "officer handed over":
				e, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
				if err == nil {
					err = c.Svc.Enforcement.HandOver(ctx, c.Officer.Actor, c.ID, e.File.Version, second.Login, "工作调动")
				}
				if err != nil {
					t.Fatal(err)
				}
				responsible = second
			}
			agent := c.Citizen()
			represents(c.World, agent, c.Clerk, f.ID, f.Debtor)
			hands := map[string]struct {
				by   servicetest.Person
				says string
			}{
				"debtor": {c.Debtor, "您提交的汇款回执"}, "agent": {agent, "您的代理人提交的汇款回执"}, "window": {c.Clerk, "法院窗口工作人员代为提交的汇款回执"},
				"relative": {wife, "您的家属王秀英提交的汇款回执"},
			}
			if f.ID != c.F.ID {
				delete(hands, "relative") // nobody is connected before enforcement
			}
			staff := []servicetest.Person{c.Judge, c.Officer, second, deputy, c.Clerk, c.Leader}
			seed := 5000
			for _, name := range []string{"debtor", "agent", "window", "relative"} {
				h, ok := hands[name]
				if !ok {
					continue
				}
				seed++
				file := c.Uploaded(h.by, f.ID, seed)
				claim := performance.Claim{
					CaseID: f.ID, PartyID: f.Debtor, AmountFen: 100, PaidOn: c.Today(), PayerKind: "self", PayerName: "赵明", PayeeName: "李某",
					ProofKind: "bank_receipt", BankSerial: servicetest.FreshKey(), Files: []int64{file}, IdemKey: servicetest.FreshKey(),
				}
				if name == "relative" {
					claim.RelativeID = link.ID
				}
				before := map[int64]int{}
				for _, p := range staff {
					before[p.UserID] = len(toldOf(c.World, p, model.NoticeReceiptSubmitted))
				}
				r, err := c.Svc.Performance.Submit(ctx, h.by.Actor, claim)
				if err != nil {
					t.Fatal(name, err)
				}
				for _, p := range staff {
					got, want := len(toldOf(c.World, p, model.NoticeReceiptSubmitted))-before[p.UserID], 0
					if p.UserID == responsible.UserID {
						want = 1
					}
					if got != want {
						t.Errorf("%s by %s: %s is told %d times, want %d", name, who, p.Login, got, want)
					}
				}
				wrong := map[string]string{"执行法官": "承办法官", "承办法官": "执行法官"}[title]
				reads := func(p servicetest.Person, kind model.NoticeKind, says ...string) {
					t.Helper()
					list := toldOf(c.World, p, kind)
					if len(list) == 0 {
						t.Fatalf("%s by %s: nobody is told of %s", name, who, kind)
					}
					for _, s := range append(says, title) {
						if !strings.Contains(list[0].Body, s) {
							t.Errorf("%s by %s: no %q in %s", name, who, s, list[0].Body)
						}
					}
					if strings.Contains(list[0].Body, wrong) {
						t.Errorf("%s by %s: speaks of a %s: %s", name, who, wrong, list[0].Body)
					}
					if name != "debtor" && (strings.Contains(list[0].Body, "您提交") || strings.Contains(list[0].Body, "您可以撤回")) {
						t.Errorf("%s by %s: the debtor is told that he did it: %s", name, who, list[0].Body)
					}
				}
				reads(c.Debtor, model.NoticeReceiptReceived, h.says, title+"：法官"+responsible.Login)
				reads(c.Creditor, model.NoticeObligeeAsked, "李某：\n")

				// Who handed it in sees it, its picture, and takes it back; others of his kind do not.
				if _, _, _, err := c.Svc.Performance.OpenFile(ctx, h.by.Actor, file, performance.VariantView); err != nil {
					t.Errorf("%s does not see his picture: %v", name, err)
				}
				if name == "relative" {
					d, err := c.Svc.Performance.OnBehalf(ctx, wife.Actor, link.ID, r.ID)
					if err != nil || len(d.Files) != 1 || d.Receipt.ClaimedFen != 100 {
						t.Errorf("the relative's own receipt: %+v %v", d, err)
					}
				}
				for other, o := range hands {
					if other == name {
						continue
					}
					if _, err := c.Svc.Performance.Withdraw(ctx, o.by.Actor, r.ID, r.Version); model.KindOf(err) != model.NotFound {
						t.Errorf("%s takes back what %s handed in: %v", other, name, err)
					}
				}
				w, err := c.Svc.Performance.Withdraw(ctx, h.by.Actor, r.ID, r.Version)
				if err != nil || w.State != model.ReceiptWithdrawn {
					t.Errorf("%s cannot take it back: %+v %v", name, w, err)
				}
				told := toldOf(c.World, c.Debtor, model.NoticeReceiptWithdrawn)
				if here := slices.ContainsFunc(told, func(n model.Notice) bool { return strings.HasSuffix(n.Page, fmt.Sprintf("id=%d", r.ID)) }); here == (name == "debtor") {
					t.Errorf("%s took it back, and the debtor is told: %v", name, here)
				}
			}
		})
	}
}

// What is sent back is told to the debtor in the words of who handed it in.
func TestAReturnedReceiptNamesWhoHandedItIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := servicetest.NewCoerced(t)
	claim := servicetest.Claim(c.F, 100, c.Uploaded(c.Clerk, c.F.ID, 5901))
	claim.PartyID, claim.PaidOn = c.F.Debtor, c.Today()
	r, err := c.Svc.Performance.Submit(ctx, c.Clerk.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Svc.Performance.Return(ctx, c.Officer.Actor, r.ID, r.Version, "图片不清晰"); err != nil {
		t.Fatal(err)
	}
	n := toldOf(c.World, c.Debtor, model.NoticeReceiptReturned)
	if len(n) != 1 || !strings.Contains(n[0].Body, "法院窗口工作人员代为提交的") || !strings.Contains(n[0].Body, "到法院窗口重新提交") || strings.Contains(n[0].Body, "：您提交") {
		t.Errorf("the debtor reads %+v", n)
	}
}

// A change of judge or officer is told to the parties whom it concerns, and to the
// relatives who are connected; not before anybody was told of the case.
func TestAChangeOfJudgeOrOfficerIsTold(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := servicetest.NewCoerced(t)
	wife, _ := c.Admitted()
	second, judge := c.Staff("new.xf", model.RoleOfficer), c.Staff("qian.l", model.RoleJudge)
	e, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err == nil {
		err = c.Svc.Enforcement.HandOver(ctx, c.Officer.Actor, c.ID, e.File.Version, second.Login, "工作调动")
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]servicetest.Person{"debtor": c.Debtor, "creditor": c.Creditor} {
		n := toldOf(c.World, p, model.NoticeJudgeChanged)
		if len(n) != 1 || !strings.Contains(n[0].Body, "执行法官已由法官ji.fg变更为法官new.xf") || strings.Contains(n[0].Body, "承办法官") {
			t.Errorf("the %s reads %+v", name, n)
		}
	}
	if n := toldOf(c.World, wife, model.NoticeRelativeOfficer); len(n) != 1 || !strings.Contains(n[0].Body, "法官new.xf") {
		t.Errorf("the relative reads %+v", n)
	}
	// The trial judge's change does not concern who deals with the officer.
	hand := func(f servicetest.Filed) {
		t.Helper()
		d, err := c.Svc.Filing.Case(ctx, c.Judge.Actor, f.ID, false)
		if err == nil {
			err = c.Svc.Filing.HandOver(ctx, c.Judge.Actor, f.ID, d.Case.Version, judge.Login, "工作调动")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	hand(c.F)
	if n := toldOf(c.World, c.Debtor, model.NoticeJudgeChanged); len(n) != 1 {
		t.Errorf("the debtor is told of a judge whom he has nothing to do with: %+v", n)
	}
	f := c.File(c.Clerk)
	debtor := c.Citizen()
	c.Bind(debtor, c.Clerk, f.ID, f.Debtor)
	hand(f)
	if n := toldOf(c.World, debtor, model.NoticeJudgeChanged); len(n) != 1 || !strings.Contains(n[0].Body, "承办法官已由法官zhang.min变更为法官qian.l") || !strings.Contains(n[0].Body, "承办法官：法官qian.l") {
		t.Errorf("the debtor reads %+v", n)
	}
}
