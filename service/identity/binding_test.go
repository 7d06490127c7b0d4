package identity_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
)

// window is a court whose clerk gives out codes for a case.
type window struct {
	*servicetest.World
	judge, clerk servicetest.Person
	f            servicetest.Filed
}

func newWindow(t *testing.T) *window {
	t.Helper()
	w := servicetest.New(t)
	o := &window{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk)}
	o.f = w.File(o.clerk)
	return o
}

func (o *window) code(capacity model.Capacity, authority string) string {
	o.T.Helper()
	c, err := o.Svc.Identity.IssueBindingCode(context.Background(), o.clerk.Actor, o.f.ID, o.f.Debtor, capacity, authority)
	if err != nil {
		o.T.Fatal(err)
	}
	return c.Code
}

// withPhone is somebody whose WeChat has a telephone number.
func (o *window) withPhone(number string) servicetest.Person {
	o.T.Helper()
	p := servicetest.Person{Phone: o.Fake.AddUser(wechattest.User{Phone: number}).OpenID}
	code, err := o.Fake.LoginCode(p.Phone)
	if err != nil {
		o.T.Fatal(err)
	}
	s, err := o.Svc.Identity.LoginWeChat(context.Background(), model.Actor{}, code)
	if err == nil {
		p.Actor, err = o.Svc.Identity.Authenticate(context.Background(), s.Token)
	}
	if err != nil {
		o.T.Fatal(err)
	}
	return p
}

func (o *window) phoneCode(p servicetest.Person) string {
	o.T.Helper()
	code, err := o.Fake.PhoneCode(p.Phone)
	if err != nil {
		o.T.Fatal(err)
	}
	return code
}

// A code makes one phone the party, whoever is first, in any spelling. A newer
// code ends the older one, a month ends each, and guessing ends soon.
func TestBindingCodesAreUsedOnceAndGuessingIsLimited(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	old, code := o.code("", ""), o.code("", "")
	a, b := o.Citizen(), o.Citizen()
	bind := func(p servicetest.Person, code string) error {
		_, err := o.Svc.Identity.BindByCode(context.Background(), p.Actor, code)
		return err
	}
	o.Refused(bind(a, old), "binding_code.voided")
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, p := range []servicetest.Person{a, b} {
		wg.Go(func() { errs[i] = bind(p, strings.ToLower(code)) })
	}
	wg.Wait()
	if model.ReasonOf(errs[0])+model.ReasonOf(errs[1]) != "binding_code.used" {
		t.Fatalf("two phones with one code: %v, %v", errs[0], errs[1])
	}
	late := o.code("", "")
	o.Clock.Advance(31 * 24 * time.Hour)
	c := o.Citizen()
	o.Refused(bind(c, late), "binding_code.expired")
	for range 10 {
		o.Refused(bind(c, "AAAA-BBBB-CCCC"), "binding_code.wrong")
	}
	o.Refused(bind(c, "AAAA-BBBB-CCCC"), "binding.blocked")
	o.Refused(bind(c, o.code("", "")), "binding.blocked") // the right one too: who guesses learns nothing
}

// Whom a code may be printed for, and who sees and ends what it did.
func TestWhoActsForAParty(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	other := o.Staff("ji.wei", model.RoleJudge)
	for _, k := range []struct {
		by             servicetest.Person
		reason         string
		caseID, party  int64
		capacity       model.Capacity
		authority, why string
	}{
		{o.Citizen(), "role.forbidden", o.f.ID, o.f.Debtor, "", "", "a party"},
		{other, "case.not_found", o.f.ID, o.f.Debtor, "", "", "another judge"},
		{o.clerk, "case.not_found", 999999, o.f.Debtor, "", "", "no case"},
		{o.clerk, "party.not_found", o.f.ID, 999999, "", "", "no party"},
		{o.clerk, "capacity.unknown", o.f.ID, o.f.Debtor, "friend", "", "a friend"},
		{o.clerk, "authority.required", o.f.ID, o.f.Debtor, model.CapacityAgent, " ", "an agent without authority"},
		{o.clerk, "capacity.guardian", o.f.ID, o.f.Debtor, model.CapacityGuardian, "父亲", "a company's guardian"},
		{o.clerk, "authority.guardian", o.f.ID, o.f.Creditor, model.CapacityGuardian, " ", "a guardian of whom nobody knows why"},
		{o.clerk, "capacity.defender", o.f.ID, o.f.Debtor, model.CapacityDefender, "", "a defender in a civil case"},
	} {
		_, err := o.Svc.Identity.IssueBindingCode(t.Context(), k.by.Actor, k.caseID, k.party, k.capacity, k.authority)
		if model.ReasonOf(err) != k.reason {
			t.Errorf("%s: %v, want %s", k.why, err, k.reason)
		}
	}
	agent := o.Citizen()
	b, err := o.Svc.Identity.BindByCode(t.Context(), agent.Actor, o.code(model.CapacityAgent, "特别授权"))
	if err != nil || b.Capacity != model.CapacityAgent || b.PartyID != o.f.Debtor {
		t.Fatalf("%+v %v", b, err)
	}
	mine, err := o.Svc.Identity.Bindings(t.Context(), agent.Actor)
	if err != nil || len(mine) != 1 || mine[0].CaseNo != o.f.No || mine[0].Capacity != model.CapacityAgent {
		t.Errorf("what he is bound to: %+v %v", mine, err)
	}
	if list, err := o.Svc.Identity.Bindings(t.Context(), o.clerk.Actor); err != nil || len(list) != 0 {
		t.Errorf("a clerk is bound to %+v %v", list, err)
	}
	seen, err := o.Svc.Identity.CaseBindings(t.Context(), o.judge.Actor, o.f.ID)
	if err != nil || len(seen) != 1 || seen[0].UserID != agent.UserID {
		t.Errorf("the judge sees %+v %v", seen, err)
	}
	_, err = o.Svc.Identity.CaseBindings(t.Context(), other.Actor, o.f.ID)
	o.Refused(err, "case.not_found")
	_, err = o.Svc.Identity.CaseBindings(t.Context(), agent.Actor, o.f.ID)
	o.Refused(err, "role.forbidden")
	end := func(by servicetest.Person, id int64, reason string) error {
		return o.Svc.Identity.EndBinding(context.Background(), by.Actor, id, reason)
	}
	o.Refused(end(agent, b.ID, "误绑"), "role.forbidden")
	o.Refused(end(other, b.ID, "误绑"), "binding.not_found")
	o.Refused(end(o.clerk, 999999, "误绑"), "binding.not_found")
	o.RefusedAt(end(o.clerk, b.ID, " "), "reason.required", "reason")
	for range 2 {
		if err := end(o.clerk, b.ID, "委托已终止"); err != nil {
			t.Fatal(err)
		}
	}
	o.Refused(end(o.clerk, b.ID, "另一原因"), "binding.ended")
	_, err = o.Svc.Filing.Case(t.Context(), agent.Actor, o.f.ID, false)
	o.Refused(err, "case.not_found")
	if seen, err = o.Svc.Identity.CaseBindings(t.Context(), o.judge.Actor, o.f.ID); err != nil || len(seen) != 0 || o.Audited(model.AuditBindingEnd) != 1 {
		t.Errorf("after the end: %+v %v, recorded %d times", seen, err, o.Audited(model.AuditBindingEnd))
	}
}

// Name, number and telephone must all be his, and what was wrong is not told:
// the answers to a guess are one answer.
func TestBindingByIdentityIsNoOracle(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	const id = "11010519491231002X"
	right, other := o.withPhone("13800138000"), o.withPhone("13700137000")
	try := func(p servicetest.Person, name, number, no string) ([]model.Binding, error) {
		return o.Svc.Identity.BindByIdentity(context.Background(), p.Actor, name, number, o.phoneCode(p), no)
	}
	messages := map[string]bool{}
	for _, k := range []struct {
		by         servicetest.Person
		name, id   string
		caseNumber string
	}{{right, "李某某", id, ""}, {right, "李某", "34052419800101001X", ""}, {other, "李某", id, ""}, {right, "李某", id, "（2026）浙0211民初99999号"}} {
		_, err := try(k.by, k.name, k.id, k.caseNumber)
		o.Refused(err, "binding.no_match")
		messages[err.Error()] = true
	}
	if len(messages) != 1 {
		t.Errorf("the answers tell what was wrong: %v", messages)
	}
	for field, k := range map[string][3]string{"name": {" ", id, ""}, "id_number": {"李某", "1", ""}, "case_no": {"李某", id, "一号案"}} {
		if _, err := try(right, k[0], k[1], k[2]); model.FieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := o.Svc.Identity.BindByIdentity(t.Context(), o.clerk.Actor, "李某", id, "x", "")
	o.Refused(err, "role.forbidden")
	for range 4 {
		_, _ = try(other, "李某", id, "")
	}
	_, err = try(other, "李某", id, "")
	o.Refused(err, "binding.blocked")
	// Nobody kept the owner out.
	bound, err := try(o.withPhone("13800138000"), " 李 某", strings.ToLower(id), o.f.No)
	if err != nil || len(bound) != 1 || bound[0].PartyID != o.f.Creditor || bound[0].Method != model.BoundByIdentity {
		t.Errorf("%+v %v", bound, err)
	}
}

// The face is checked by WeChat for the very name and number that were given.
func TestBindingByFace(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	const id = "11010519491231002X"
	p := o.withPhone("13800138000")
	start := func(name, number string) error {
		_, _, err := o.Svc.Identity.StartRealName(context.Background(), p.Actor, name, number)
		return err
	}
	o.RefusedAt(start(" ", id), "field.required", "name")
	o.Refused(start("李某", "12345"), "id.format")
	o.Refused(start("李某", "110105194912310021"), "id.check_digit")
	_, _, err := o.Svc.Identity.StartRealName(t.Context(), o.clerk.Actor, "李某", id)
	o.Refused(err, "role.forbidden")
	face := func(result int) {
		for _, u := range o.Fake.Users() {
			if u.OpenID == p.Phone {
				u.FaceResult = result
				o.Fake.AddUser(u)
			}
		}
	}
	face(10001)
	verify, seq, err := o.Svc.Identity.StartRealName(t.Context(), p.Actor, "李某", id)
	if err != nil || verify == "" || seq == "" {
		t.Fatal(verify, seq, err)
	}
	_, err = o.Svc.Identity.FinishRealName(t.Context(), p.Actor, "李某", id, verify, seq, o.phoneCode(p))
	o.Refused(err, "real_name.failed") // it is another's face
	face(10000)
	verify, seq, err = o.Svc.Identity.StartRealName(t.Context(), p.Actor, "李某", id)
	if err != nil {
		t.Fatal(err)
	}
	bound, err := o.Svc.Identity.FinishRealName(t.Context(), p.Actor, "李某", id, verify, seq, o.phoneCode(p))
	if err != nil || len(bound) != 1 || bound[0].PartyID != o.f.Creditor || bound[0].Method != model.BoundByFace {
		t.Errorf("%+v %v", bound, err)
	}
	off := servicetest.NewWith(t, func(w *servicetest.World) { w.NoRealName = true })
	citizen := off.Citizen()
	_, _, err = off.Svc.Identity.StartRealName(t.Context(), citizen.Actor, "李某", id)
	off.Refused(err, "real_name.off")
	_, err = off.Svc.Identity.FinishRealName(t.Context(), citizen.Actor, "李某", id, verify, seq, "x")
	off.Refused(err, "real_name.off")
}
