package relative_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/relative"
	st "microcourt/service/servicetest"
)

// ask is what becomes of a request.
func ask(c *st.Coerced, p st.Person, change ...func(*relative.Asking)) error {
	_, err := c.Svc.Relative.Ask(context.Background(), p.Actor, st.Kin(change...))
	return err
}

// A code of the court is good for all of the family and as people type it, until
// its days are over; one for an invitation lasts a week, is one person's, and
// neither way ends the other's codes.
func TestHowLongACodeIsGoodAndForWhom(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	s := c.Svc.Relative
	printed, err := s.Print(ctx, c.Clerk.Actor, c.ID, c.F.Debtor)
	if err != nil || printed.PartyID != c.F.Debtor || printed.Enforcement.ID != c.ID {
		t.Fatalf("%+v %v", printed, err)
	}
	if want := c.Today().AddDays(c.Court.Settings.BindingCodeDays + 1).Start(); !printed.ExpiresAt.Equal(want) {
		t.Errorf("the code ends %s, want %s", printed.ExpiresAt, want)
	}
	invite := func() *model.FamilyCode {
		k, err := s.Invite(ctx, c.Debtor.Actor, c.F.ID, c.F.Debtor)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	replaced, invited := invite(), invite()
	if want := c.Today().AddDays(model.DefaultInviteDays + 1).Start(); !invited.ExpiresAt.Equal(want) {
		t.Errorf("the invitation ends %s, want %s", invited.ExpiresAt, want)
	}
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -", r) {
			return -1
		}
		return r
	}, printed.Code)
	for _, typed := range []string{printed.Code, strings.ToLower(plain), " " + plain + " ", printed.Scene} {
		r := c.AsksForFamily(c.Citizen(), st.WithCode(typed))
		if r.Via != model.ViaNotice || r.PartyID != c.F.Debtor || r.EnforcementCaseID != c.ID || r.OfficerID != c.Officer.UserID || r.State != model.RelativeAsked {
			t.Errorf("%q asks %+v", typed, r)
		}
	}
	son, thief := c.Citizen(), c.Citizen()
	c.RefusedAt(ask(c, son, st.WithCode(replaced.Code)), "relative_code.wrong", "code")
	if r := c.AsksForFamily(son, st.WithCode(invited.Scene)); r.Via != model.ViaInvitation || r.CodeID == 0 {
		t.Errorf("the invited asks %+v", r)
	}
	c.Refused(ask(c, thief, st.WithCode(invited.Code)), "relative_code.wrong")
	// Ended by nobody, the court's code stands until its last day is over.
	c.Clock.Set(printed.ExpiresAt.Add(-time.Second))
	c.AsksForFamily(c.Citizen(), st.WithCode(printed.Code))
	c.Clock.Set(printed.ExpiresAt)
	c.Refused(ask(c, c.Citizen(), st.WithCode(printed.Code)), "relative_code.wrong")
	late := invite()
	c.Clock.Set(late.ExpiresAt)
	c.Refused(ask(c, c.Citizen(), st.WithCode(late.Code)), "relative_code.wrong")
	for range 2 {
		if err := s.Void(ctx, c.Clerk.Actor, c.ID, c.F.Debtor); err != nil {
			t.Errorf("a code that ran out: %v", err)
		}
	}
	if n := c.Audited(model.AuditRelativeCodeIssue); n != 1 || c.Audited(model.AuditRelativeCodeInvite) != 3 || c.Audited(model.AuditRelativeCodeVoid) == 0 {
		t.Errorf("recorded: printed %d, invited %d", n, c.Audited(model.AuditRelativeCodeInvite))
	}
}

// Codes are printed by the clerks and officers of the court that has the case, and
// by nobody else.
func TestWhoPrintsCodes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "fang.yz", model.RoleClerk)
	for name, p := range map[string]struct {
		by     st.Person
		kind   model.Kind
		reason string
	}{
		"another court": {far, model.NotFound, "enforcement.not_found"},
		"the leader":    {c.Leader, model.Forbidden, "role.forbidden"}, "the judge": {c.Judge, model.Forbidden, "role.forbidden"}, "the debtor": {c.Debtor, model.Forbidden, "role.forbidden"},
	} {
		_, err := c.Svc.Relative.Print(ctx, p.by.Actor, c.ID, c.F.Debtor)
		c.RefusedAll(st.No(name+" prints", p.kind, p.reason, "", err), st.No(name+" voids", p.kind, p.reason, "", c.Svc.Relative.Void(ctx, p.by.Actor, c.ID, c.F.Debtor)))
	}
	if n := c.Audited(model.AuditRelativeCodeIssue); n != 0 {
		t.Errorf("%d codes were printed", n)
	}
}

// Who guesses is stopped after ten wrong codes, for a day, and even a right one
// does not help him; nobody else is. A right one before forgets the wrong ones.
func TestGuessingIsBounded(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	guesser := c.Citizen()
	wrong := func(n int) {
		t.Helper()
		for range n {
			c.RefusedAt(ask(c, guesser, st.WithCode("ABCD-EFGH-JKMN")), "relative_code.wrong", "code")
		}
	}
	wrong(model.MaxRelativeCodeFails - 1)
	code := c.FamilyCode()
	r := c.AsksForFamily(guesser, st.WithCode(code))
	c.Word(r, model.RelativeDeclined)
	wrong(model.MaxRelativeCodeFails)
	c.RefusedAll(st.No("an eleventh", model.TooMany, "binding.blocked", "", ask(c, guesser, st.WithCode("ABCD-EFGH-JKMN"))))
	c.RefusedAll(st.No("the right one", model.TooMany, "binding.blocked", "", ask(c, guesser, st.WithCode(code))))
	c.AsksForFamily(guesser, st.ToOfficer(c.Officer))
	c.AsksForFamily(c.Citizen(), st.WithCode(code))
	c.Clock.Advance(25 * time.Hour)
	if r := c.AsksForFamily(guesser, st.WithCode(code)); r.State != model.RelativeAsked {
		t.Errorf("a day later: %+v", r)
	}
}

// The paper that tells a family of a detention has a code, and by it its reader
// reaches the officer. A new paper's code takes the place of a printed one.
func TestTheCodeOnTheNoticeOfADetention(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	m := c.Take(model.MeasureDetention)
	c.Pass(st.At(3, 6, 15))
	printed := c.FamilyCode()
	if _, err := c.Svc.Enforcement.Detain(ctx, c.Officer.Actor, m.ID, m.Version, st.At(3, 6, 14), "宁波市镇海区拘留所"); err != nil {
		t.Fatal(err)
	}
	docs, err := c.DB.Documents(ctx, c.Clerk.Actor, c.F.ID, 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(docs, func(d model.Document) bool { return d.Kind == model.DocumentFamilyNotice })
	if i < 0 {
		t.Fatalf("there is no paper for the family among %d", len(docs))
	}
	paper, err := c.DB.Document(ctx, c.Clerk.Actor, docs[i].ID)
	if err != nil {
		t.Fatal(err)
	}
	wife := c.Citizen()
	c.Refused(ask(c, wife, st.WithCode(printed)), "relative_code.wrong")
	if r := c.AsksForFamily(wife, st.WithCode(paper.Facts.ContactScene)); r.PartyID != c.F.Debtor || r.Via != model.ViaNotice {
		t.Errorf("by the code on the paper: %+v", r)
	}
}
