package identity_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/servicetest"
)

// A person who showed by his number of identity who he is finds his next case on
// his phone without binding again, and is told so. A namesake, somebody with the
// same number under another name, who came by a code, or from whom the court took a
// binding, finds nothing.
func TestTheNextCaseAppearsByItself(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	ctx := context.Background()
	cases := func(p servicetest.Person) (n int) {
		t.Helper()
		list, err := o.Svc.MyCase.Cases(ctx, p.Actor, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	next := func(change func(*filing.PartyInput)) servicetest.Filed {
		t.Helper()
		return o.File(o.clerk, func(in *filing.CaseInput) { change(&in.Parties[0]) })
	}
	same := func(*filing.PartyInput) {}

	byCode := o.Citizen()
	o.Bind(byCode, o.clerk, o.f.ID, o.f.Creditor)
	next(same)
	if n := cases(byCode); n != 1 {
		t.Errorf("who came by a code sees %d cases", n)
	}

	li := o.withPhone("13800138000")
	bound, err := o.Svc.Identity.BindByIdentity(ctx, li.Actor, "李某", "11010519491231002X", o.phoneCode(li), "")
	if err != nil || len(bound) != 2 {
		t.Fatal(bound, err)
	}
	f := next(same)
	if n, told := cases(li), o.NoticesOf(li, model.NoticeCaseLinked); n != 3 || told != 1 {
		t.Fatalf("he sees %d cases and was told %d times", n, told)
	}
	if n := o.NoticesOf(li, model.NoticeFiled); n != 3 {
		t.Errorf("he has %d notices of performance", n)
	}
	if n := cases(byCode); n != 1 {
		t.Errorf("who came by a code sees %d cases", n)
	}
	me, err := o.Svc.Identity.Me(ctx, li.Actor)
	if err != nil || me.Name != "李某" || !me.Verified || len(me.Bindings) != 3 {
		t.Errorf("%+v %v", me, err)
	}
	if other, err := o.Svc.Identity.Me(ctx, byCode.Actor); err != nil || other.Name != "李某" || other.Verified {
		t.Errorf("who came by a code is %+v %v", other, err)
	}

	for what, change := range map[string]func(*filing.PartyInput){
		"a namesake":                func(p *filing.PartyInput) { p.IDNumber = "110105194912310011" },
		"a namesake without number": func(p *filing.PartyInput) { p.IDNumber = "" },
		"another name":              func(p *filing.PartyInput) { p.Name = "李某某" },
		"a unit": func(p *filing.PartyInput) {
			p.Kind, p.Name, p.IDNumber = "organisation", "李某", "91350100M000100Y43"
		},
	} {
		next(change)
		if n := cases(li); n != 3 {
			t.Errorf("%s: he sees %d cases", what, n)
		}
	}
	// It is the court's own people's proof, and only as long as it stands.
	list, err := o.Svc.Identity.CaseBindings(ctx, o.clerk.Actor, f.ID)
	if err != nil || len(list) != 1 || list[0].Method != model.BoundBefore {
		t.Fatal(list, err)
	}
	if err := o.Svc.Identity.EndBinding(ctx, o.clerk.Actor, list[0].ID, "当事人称手机被盗用"); err != nil {
		t.Fatal(err)
	}
	next(same)
	if n := cases(li); n != 2 {
		t.Errorf("after a binding was taken from him he sees %d cases", n)
	}
}

// When the court takes the proof back, the cases that appeared because of it go too.
func TestWhatRestsOnAProofEndsWithIt(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	ctx := context.Background()
	li := o.withPhone("13800138000")
	if _, err := o.Svc.Identity.BindByIdentity(ctx, li.Actor, "李某", "11010519491231002X", o.phoneCode(li), ""); err != nil {
		t.Fatal(err)
	}
	o.File(o.clerk)
	o.File(o.clerk)
	bound, err := o.Svc.Identity.CaseBindings(ctx, o.clerk.Actor, o.f.ID)
	if err != nil || len(bound) != 1 {
		t.Fatal(bound, err)
	}
	if err := o.Svc.Identity.EndBinding(ctx, o.clerk.Actor, bound[0].ID, "系冒用他人身份"); err != nil {
		t.Fatal(err)
	}
	if list, err := o.Svc.MyCase.Cases(ctx, li.Actor, 0, 50); err != nil || len(list) != 0 {
		t.Errorf("he still sees %d cases, %v", len(list), err)
	}
	if n := o.Audited(model.AuditBindingEnd); n != 3 {
		t.Errorf("%d endings are recorded", n)
	}
}

// A number that was typed wrong brings the case to the person whose number it is. When
// the case system corrects it, he sees nothing of it any more, and what he proved of
// his own number says nothing about the other.
func TestACorrectedNumberEndsWhatRestedOnIt(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	ctx := context.Background()
	li := o.withPhone("13800138000")
	if _, err := o.Svc.Identity.BindByIdentity(ctx, li.Actor, "李某", "11010519491231002X", o.phoneCode(li), ""); err != nil {
		t.Fatal(err)
	}
	byCode := o.Citizen()
	system := o.CaseSystem()
	in := servicetest.CaseInput() // with his number, though it is about a namesake
	put := func(version int64) *model.Case {
		t.Helper()
		cs, _, err := o.Svc.Filing.Put(ctx, system.Actor, in, version)
		if err != nil {
			t.Fatal(err)
		}
		return cs
	}
	cs := put(1)
	o.Bind(byCode, o.clerk, cs.ID, o.FiledCase(o.clerk, cs.ID).Creditor)
	sees := func(p servicetest.Person) (n int) {
		list, err := o.Svc.MyCase.Cases(ctx, p.Actor, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := sees(li); n != 2 {
		t.Fatalf("he sees %d cases", n)
	}
	in.Parties[0].IDNumber = "110105194912310011"
	put(2)
	if n, other := sees(li), sees(byCode); n != 1 || other != 1 {
		t.Errorf("after the correction he sees %d cases, and who was seen by the clerk %d", n, other)
	}
	if _, err := o.Svc.MyCase.Case(ctx, li.Actor, cs.ID); model.ReasonOf(err) != "case.not_found" {
		t.Errorf("he reads it by its id: %v", err)
	}
	if n := o.Audited(model.AuditBindingEnd); n != 1 {
		t.Errorf("%d endings are recorded", n)
	}
	o.File(o.clerk, func(in *filing.CaseInput) { in.Parties[0].IDNumber = "110105194912310011" })
	if n := sees(li); n != 1 {
		t.Errorf("the namesake's next case came to him too: %d", n)
	}
	o.File(o.clerk)
	if n := sees(li); n != 2 {
		t.Errorf("his own next case did not come: %d", n)
	}
}

// Whoever is asked who he is hears every role of his.
func TestMeNamesEveryRole(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	village := o.Village(o.clerk, "骆驼街道", "尚志村")
	sun, _ := o.Liaison(o.clerk, "孙联络", 300, village)
	me, err := o.Svc.Identity.Me(context.Background(), sun.Actor)
	if err != nil || me.Name != "孙联络" || me.Verified || len(me.Liaison) != 1 || me.Liaison[0].Court != o.Court.Name || me.Liaison[0].Villages[0].Name != "尚志村" {
		t.Errorf("%+v %v", me, err)
	}
}

// The address of a picture is a key for one copy, one person and a few minutes, and
// opens nothing when he logs out, loses his right or changes a character.
func TestThePictureAddressIsAKeyForAShortWhile(t *testing.T) {
	t.Parallel()
	o := newWindow(t)
	ctx := context.Background()
	code, err := o.Fake.LoginCode(o.Citizen().Phone)
	if err != nil {
		t.Fatal(err)
	}
	sess, err := o.Svc.Identity.LoginWeChat(ctx, model.Actor{}, code)
	if err != nil {
		t.Fatal(err)
	}
	by, err := o.Svc.Identity.Authenticate(ctx, sess.Token)
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Picture{FileID: 7, Variant: "view"}
	token := o.Svc.Identity.SignPicture(by, want)
	got, p, err := o.Svc.Identity.OpenPicture(ctx, token)
	if err != nil || p != want || got.UserID != by.UserID || !got.Has(model.RoleParty) {
		t.Fatalf("%+v %+v %v", got, p, err)
	}
	if _, err := o.Svc.Identity.Authenticate(ctx, by.Session); err == nil {
		t.Error("what stands in the address logs in")
	}
	for i := range token {
		c := byte('A')
		if token[i] == 'A' {
			c = 'B'
		}
		if _, _, err := o.Svc.Identity.OpenPicture(ctx, token[:i]+string(c)+token[i+1:]); model.ReasonOf(err) != "picture.expired" {
			t.Fatalf("with another character at %d: %v", i, err)
		}
	}
	for _, none := range []string{"", "x", token + "A", o.Svc.Identity.SignPicture(model.Actor{UserID: by.UserID}, want)} {
		if _, _, err := o.Svc.Identity.OpenPicture(ctx, none); model.ReasonOf(err) != "picture.expired" {
			t.Errorf("%q: %v", none, err)
		}
	}
	o.Clock.Advance(11 * time.Minute)
	_, _, err = o.Svc.Identity.OpenPicture(ctx, token)
	o.Refused(err, "picture.expired")
	token = o.Svc.Identity.SignPicture(by, want)
	if err := o.Svc.Identity.Logout(ctx, sess.Token); err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Svc.Identity.OpenPicture(ctx, token)
	o.Refused(err, "picture.expired")
}
