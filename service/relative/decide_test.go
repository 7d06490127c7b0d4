package relative_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/conversation"
	"microcourt/service/relative"
	st "microcourt/service/servicetest"
	"microcourt/storage"
)

// say is what becomes of somebody's word about a link.
func say(c *st.Coerced, by st.Person, id int64, d relative.Decision) error {
	_, err := c.Svc.Relative.Decide(context.Background(), by.Actor, id, d)
	return err
}

func sayInvited(c *st.Coerced, by st.Person, id int64, d relative.Decision) error {
	_, err := c.Svc.Relative.DecideInvited(context.Background(), by.Actor, id, d)
	return err
}

func yes(version int64) relative.Decision {
	return relative.Decision{State: model.RelativeAdmitted, Version: version}
}

func no(to model.RelativeState, version int64) relative.Decision {
	return relative.Decision{State: to, Reason: "经核实", Version: version}
}

// away lets the officer be away from today on, and tong.bx stand in.
func away(c *st.Coerced) st.Person {
	c.T.Helper()
	sub := c.Staff("tong.bx", model.RoleOfficer)
	_, err := c.Svc.Absence.Add(context.Background(), c.Officer.Actor, absence.Away{
		Substitute: "tong.bx", FromOn: c.Today(), ToOn: c.Today().AddDays(5), Reason: "外出培训",
	})
	if err != nil {
		c.T.Fatal(err)
	}
	return sub
}

// What is wrong with a request is said beside its field, before anything is
// looked up, and nothing of it is kept.
func TestWhatARequestMustSay(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	p, long := c.Citizen(), strings.Repeat("长", 201)
	to := st.ToOfficer(c.Officer)
	for name, r := range map[string]struct {
		reason, field string
		change        func(*relative.Asking)
	}{
		"no name":            {"field.required", "name", func(a *relative.Asking) { a.Name = " " }},
		"a long name":        {"field.required", "name", func(a *relative.Asking) { a.Name = long }},
		"no debtor":          {"field.required", "debtor_name", func(a *relative.Asking) { a.DebtorName = "" }},
		"a neighbour":        {"relation.unknown", "relation", func(a *relative.Asking) { a.Relation = "neighbour" }},
		"a long note":        {"text.too_long", "note", func(a *relative.Asking) { a.Note = long }},
		"a long number":      {"text.too_long", "case_no", func(a *relative.Asking) { a.CaseNo = long }},
		"no phone":           {"phone.format", "phone", func(a *relative.Asking) { a.Phone = "12345" }},
		"a judge":            {"officer.unknown", "officer_id", st.ToOfficer(c.Judge)},
		"himself":            {"officer.unknown", "officer_id", st.ToOfficer(p)},
		"no officer":         {"officer.unknown", "officer_id", func(a *relative.Asking) { a.OfficerID = 0 }},
		"an officer's ghost": {"officer.unknown", "officer_id", func(a *relative.Asking) { a.OfficerID = 999999 }},
	} {
		c.RefusedAll(st.No(name, model.Invalid, r.reason, r.field, ask(c, p, to, r.change)))
	}
	c.RefusedAll(st.No("the officer", model.Forbidden, "role.forbidden", "", ask(c, c.Officer, to)))
	if own, err := c.Svc.Relative.Own(t.Context(), p.Actor); err != nil || len(own) != 0 || c.Audited(model.AuditRelativeAsk) != 0 {
		t.Errorf("something refused was kept: %v %v", own, err)
	}
	// What he gives is kept as he gave it, the number as a court writes it.
	r := c.AsksForFamily(p, to, func(a *relative.Asking) {
		a.Name, a.CaseNo, a.Phone = " 王秀英 ", " (2026)浙0211执9999号 ", "137 0013 7000"
	})
	if r.Name != "王秀英" || r.CaseNo != "（2026）浙0211执9999号" || r.Phone != "13700137000" || r.Via != model.ViaSearch || r.PartyID != 0 || r.CaseID != 0 {
		t.Errorf("kept is %+v", r)
	}
}

// Asked once, there is one request: a repeat under the key, twice at once, and a
// further request by a code for the same debtor. The officer and who stands in
// for him are told once each.
func TestARequestIsMadeOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	sub, wife, code := away(c), c.Citizen(), c.FamilyCode()
	same := st.Kin(st.WithCode(code))
	id := st.TwiceAtOnce(t, func() (int64, error) {
		r, err := c.Svc.Relative.Ask(ctx, wife.Actor, same)
		if err != nil {
			return 0, err
		}
		return r.ID, nil
	})
	again := c.AsksForFamily(wife, st.WithCode(code))
	if again.ID != id || c.Audited(model.AuditRelativeAsk) != 1 {
		t.Errorf("asked again it is %d after %d, recorded %d times", again.ID, id, c.Audited(model.AuditRelativeAsk))
	}
	for name, p := range map[string]st.Person{"the officer": c.Officer, "his substitute": sub} {
		if n := c.NoticesOf(p, model.NoticeRelativeAsked); n != 1 {
			t.Errorf("%s is told %d times", name, n)
		}
	}
	if n := c.NoticesOf(c.Leader, model.NoticeRelativeAsked); n != 0 {
		t.Errorf("the leader is told %d times", n)
	}
	// Another key of another person's is another request.
	if r := c.AsksForFamily(c.Citizen(), st.WithCode(code), func(a *relative.Asking) { a.IdemKey = same.IdemKey }); r.ID == id {
		t.Error("a stranger with the same key got her request")
	}
	// An admitted link is found by the code too.
	c.Word(again, model.RelativeAdmitted)
	if r := c.AsksForFamily(wife, st.WithCode(code)); r.ID != id || r.State != model.RelativeAdmitted {
		t.Errorf("after she was let in: %+v", r)
	}
}

// A day has so many requests as the court set; declined ones count.
func TestRequestsADayAreBounded(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	p, to := c.Citizen(), st.ToOfficer(c.Officer)
	for range model.DefaultRelativeAsks {
		c.Word(c.AsksForFamily(p, to), model.RelativeDeclined)
	}
	c.RefusedAll(st.No("one more", model.TooMany, "relative.too_many", "", ask(c, p, to)))
	c.RefusedAll(st.No("by a code", model.TooMany, "relative.too_many", "", ask(c, p, st.WithCode(c.FamilyCode()))))
	c.AsksForFamily(c.Citizen(), to)
	c.SetCourt(func(s *model.CourtSettings) { s.RelativeAsksADay = model.DefaultRelativeAsks + 1 })
	c.AsksForFamily(p, to)
	c.RefusedAll(st.No("the court's own number", model.TooMany, "relative.too_many", "", ask(c, p, to)))
	c.Clock.Advance(25 * time.Hour)
	c.AsksForFamily(p, to)
}

// The officer decides, or who stands in for him today; for everyone else the
// request is not there, or is not theirs to decide.
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	other := c.Staff("lu.ning", model.RoleOfficer)
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "fang.yz", model.RoleOfficer)
	wife := c.Citizen()
	r := c.AsksForFamily(wife, st.WithCode(c.FamilyCode()))
	both := c.StaffOf(c.Court, "both.zj", model.RoleLeader, model.RoleOfficer)
	c.RefusedAll(
		st.No("a colleague", model.NotFound, "relative.not_found", "", say(c, other, r.ID, yes(1))),
		st.No("another court", model.NotFound, "relative.not_found", "", say(c, far, r.ID, yes(1))),
		st.No("an officer who leads too", model.NotFound, "relative.not_found", "", say(c, both, r.ID, yes(1))),
		st.No("the leader", model.Forbidden, "role.forbidden", "", say(c, c.Leader, r.ID, yes(1))),
		st.No("the clerk", model.Forbidden, "role.forbidden", "", say(c, c.Clerk, r.ID, yes(1))),
		st.No("she herself", model.Forbidden, "role.forbidden", "", say(c, wife, r.ID, yes(1))),
		st.No("no request", model.NotFound, "relative.not_found", "", say(c, c.Officer, 999999, yes(1))),
		st.No("no reason", model.Invalid, "reason.required", "reason", say(c, c.Officer, r.ID, relative.Decision{State: model.RelativeDeclined, Reason: " ", Version: 1})),
		st.No("a long reason", model.Invalid, "reason.required", "reason", say(c, c.Officer, r.ID, relative.Decision{State: model.RelativeDeclined, Reason: strings.Repeat("长", 201), Version: 1})),
		st.No("no such state", model.Conflict, "relative.state", "", say(c, c.Officer, r.ID, no("forgotten", 1))),
		st.No("ended before it began", model.Conflict, "relative.state", "", say(c, c.Officer, r.ID, no(model.RelativeRevoked, 1))),
		st.No("changed meanwhile", model.Conflict, "relative.changed", "", say(c, c.Officer, r.ID, yes(2))),
	)
	sub := away(c)
	if n, err := c.Svc.Relative.Waiting(ctx, sub.Actor); err != nil || n != 1 {
		t.Errorf("%d wait for the substitute, %v", n, err)
	}
	for range 2 { // the answer got lost
		if err := say(c, sub, r.ID, yes(1)); err != nil {
			t.Errorf("the substitute: %v", err)
		}
	}
	if n := c.NoticesOf(wife, model.NoticeRelativeDecided); n != 1 || c.Audited(model.AuditRelativeAdmitted) != 1 {
		t.Errorf("she is told %d times, it is recorded %d times", n, c.Audited(model.AuditRelativeAdmitted))
	}
	c.RefusedAll(st.No("the officer says the same later", model.Conflict, "relative.changed", "", say(c, c.Officer, r.ID, yes(1))))
	d, err := c.Svc.Relative.Request(ctx, c.Officer.Actor, r.ID)
	if err != nil || len(d.Entries) != 2 || d.Entries[1].ByUserID != sub.UserID || d.Names[sub.UserID] == "" || d.State != model.RelativeAdmitted {
		t.Errorf("%+v %v", d, err)
	}
}

// Nobody lets himself in by another account of his.
func TestAnOfficerDoesNotAdmitHimself(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	own := c.Citizen()
	staff, user := c.Officer.UserID, own.UserID
	err := c.DB.Transact(ctx, func(tx *storage.DB) error {
		return storage.Insert(ctx, tx, []model.StaffLink{{StaffUserID: staff, UserID: user, CreatedAt: tx.Now(), ActiveStaff: &staff, ActiveUser: &user}})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := c.AsksForFamily(own, st.WithCode(c.FamilyCode()))
	c.RefusedAll(st.No("his own request", model.Conflict, "relative.own", "", say(c, c.Officer, r.ID, yes(1))))
	c.Word(r, model.RelativeDeclined)
}

// Two words at once: the same one is said once, of two different ones one wins
// and the other is told.
func TestTwoWordsAtOnce(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	r := c.AsksForFamily(c.Citizen(), st.WithCode(c.FamilyCode()))
	st.TwiceAtOnce(t, func() (int64, error) { return r.ID, say(c, c.Officer, r.ID, yes(1)) })
	words := []model.RelativeState{model.RelativeRevoked, model.RelativeBlocked}
	errs := make([]error, len(words))
	var wg sync.WaitGroup
	for i, to := range words {
		wg.Go(func() { errs[i] = say(c, c.Officer, r.ID, no(to, 2)) })
	}
	wg.Wait()
	won := slices.Index(errs, nil)
	if won < 0 {
		t.Fatal(errs)
	}
	c.RefusedAll(st.No("who came second", model.Conflict, "relative.changed", "", errs[1-won]))
	d, err := c.Svc.Relative.Request(t.Context(), c.Officer.Actor, r.ID)
	if err != nil || d.State != words[won] || d.Version != 3 || len(d.Entries) != 3 {
		t.Errorf("after %s won: %+v %v", words[won], d, err)
	}
}

// Who searched learns nothing of whether his debtor exists; the officer is shown
// whom he may mean, and says it, in cases of his own only.
func TestTheOfficerSaysWhomASearcherMeans(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	other := c.Staff("tong.bx", model.RoleOfficer)
	foreign := c.File(c.Clerk, st.PersonOwes)
	theirs := c.Enforce(foreign, other)
	p, to := c.Citizen(), st.ToOfficer(c.Officer)
	e, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	right := c.AsksForFamily(p, to, func(a *relative.Asking) { a.CaseNo = e.File.CaseNo })
	wrong := c.AsksForFamily(p, to, func(a *relative.Asking) { a.DebtorName = "没有这人" })
	for _, r := range []*model.Relative{right, wrong} {
		if r.State != model.RelativeAsked || r.PartyID != 0 || r.EnforcementCaseID != 0 || r.CaseID != 0 {
			t.Errorf("the answer tells %+v", r)
		}
	}
	for r, n := range map[*model.Relative]int{right: 1, wrong: 0} {
		d, err := c.Svc.Relative.Request(ctx, c.Officer.Actor, r.ID)
		if err != nil || len(d.Candidates) != n || n == 1 && (d.Candidates[0].PartyID != c.F.Debtor || d.Candidates[0].EnforcementCaseID != c.ID) {
			t.Errorf("for %s the officer is shown %+v %v", r.DebtorName, d, err)
		}
	}
	if d, err := c.Svc.Relative.Request(ctx, c.Clerk.Actor, right.ID); err != nil || len(d.Candidates) != 0 {
		t.Errorf("a clerk is shown %+v %v", d, err)
	}
	means := func(enforcement, party int64) relative.Decision {
		return relative.Decision{State: model.RelativeAdmitted, Version: 1, EnforcementCaseID: enforcement, PartyID: party}
	}
	c.RefusedAll(
		st.No("nobody", model.Invalid, "relative.debtor", "party_id", say(c, c.Officer, right.ID, yes(1))),
		st.No("the creditor", model.Invalid, "relative.debtor", "party_id", say(c, c.Officer, right.ID, means(c.ID, c.F.Creditor))),
		st.No("no case", model.Invalid, "relative.debtor", "party_id", say(c, c.Officer, right.ID, means(999999, c.F.Debtor))),
		st.No("a colleague's case", model.Invalid, "relative.debtor", "party_id", say(c, c.Officer, right.ID, means(theirs, foreign.Debtor))),
		st.No("a debtor of another case", model.Invalid, "relative.debtor", "party_id", say(c, c.Officer, right.ID, means(c.ID, foreign.Debtor))),
		st.No("by a colleague", model.NotFound, "relative.not_found", "", say(c, other, right.ID, means(theirs, foreign.Debtor))),
	)
	if err := say(c, c.Officer, right.ID, means(c.ID, c.F.Debtor)); err != nil {
		t.Fatal(err)
	}
	if m, err := c.Svc.Relative.Matter(ctx, p.Actor, right.ID); err != nil || m.Relative.PartyID != c.F.Debtor {
		t.Errorf("%+v %v", m, err)
	}
	c.RefusedAll(st.No("the same person once more", model.Conflict, "relative.exists", "", say(c, c.Officer, wrong.ID, means(c.ID, c.F.Debtor))))
}

// Blocked, somebody reaches no officer of the court, by whatever way; lifted, he
// may ask again.
func TestABlockHoldsInTheWholeCourt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	other := c.Staff("tong.bx", model.RoleOfficer)
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "fang.yz", model.RoleOfficer)
	p, r := c.Admitted()
	r = c.Word(r, model.RelativeBlocked)
	for name, how := range map[string]func(*relative.Asking){"the officer": st.ToOfficer(c.Officer), "a colleague": st.ToOfficer(other), "a code": st.WithCode(c.FamilyCode())} {
		c.RefusedAll(st.No(name, model.Conflict, "relative.blocked", "", ask(c, p, how)))
	}
	c.AsksForFamily(p, st.ToOfficer(far))
	own, err := c.Svc.Relative.Own(ctx, p.Actor)
	if err != nil || len(own) != 2 || own[1].State != model.RelativeBlocked || own[1].Reason != "经核实" {
		t.Errorf("he reads %+v %v", own, err)
	}
	c.Word(r, model.RelativeRevoked)
	c.AsksForFamily(p, st.ToOfficer(other))
}

// An ended link, ended by whomever, shows nothing any more, and calls that were
// agreed on with him end with it.
func TestWhatEndsWithALink(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	for _, to := range []model.RelativeState{model.RelativeRevoked, model.RelativeBlocked} {
		p, r := c.Admitted()
		m, err := c.Svc.Relative.Matter(ctx, p.Actor, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		call, err := c.Svc.Conversation.ProposeCall(ctx, p.Actor, conversation.CallProposal{ConversationID: m.ConversationID, At: st.At(3, 9, 10), Key: st.FreshKey()})
		if err != nil {
			t.Fatal(err)
		}
		c.Word(r, to)
		_, err = c.Svc.Relative.Matter(ctx, p.Actor, r.ID)
		c.RefusedAll(st.No("after it is "+string(to), model.NotFound, "relative.not_found", "", err))
		ended, err := c.DB.CallBackByKey(ctx, p.UserID, call.IdemKey)
		if err != nil || ended == nil || !slices.Contains(model.CallMachine.Ends, ended.State) {
			t.Errorf("the call after it is %s: %+v %v", to, ended, err)
		}
		if got := c.Told(p); len(got) == 0 || got[0] != model.NoticeRelativeDecided {
			t.Errorf("she is told %v", got)
		}
	}
}

// A debtor invites somebody of his family, whom he lets in, and whom he ends. To
// block is the officer's, and so is to lift a block.
func TestADebtorsInvitation(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	s := c.Svc.Relative
	invite := func(by st.Person, caseID, party int64) error {
		_, err := s.Invite(ctx, by.Actor, caseID, party)
		return err
	}
	fresh := c.File(c.Clerk, st.PersonOwes)
	c.Bind(c.Debtor, c.Clerk, fresh.ID, fresh.Debtor)
	stranger := c.Citizen()
	c.RefusedAll(
		st.No("the creditor for him", model.Invalid, "party.unknown", "party_id", invite(c.Creditor, c.F.ID, c.F.Debtor)),
		st.No("the creditor for himself", model.Conflict, "relative.no_enforcement", "", invite(c.Creditor, c.F.ID, c.F.Creditor)),
		st.No("without enforcement", model.Conflict, "relative.no_enforcement", "", invite(c.Debtor, fresh.ID, fresh.Debtor)),
		st.No("a stranger", model.NotFound, "case.not_found", "", invite(stranger, c.F.ID, c.F.Debtor)),
		st.No("the officer", model.Forbidden, "role.forbidden", "", invite(c.Officer, c.F.ID, c.F.Debtor)),
	)
	code, err := s.Invite(ctx, c.Debtor.Actor, c.F.ID, c.F.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	son := c.Citizen()
	r := c.AsksForFamily(son, st.WithCode(code.Code))
	list, err := s.Invited(ctx, c.Debtor.Actor, c.F.ID)
	if err != nil || len(list) != 1 || list[0].ID != r.ID || c.NoticesOf(c.Debtor, model.NoticeRelativeInvited) != 1 || c.NoticesOf(c.Officer, model.NoticeRelativeAsked) != 1 {
		t.Fatalf("he sees %+v %v", list, err)
	}
	if list, err := s.Invited(ctx, c.Creditor.Actor, c.F.ID); err != nil || len(list) != 0 {
		t.Errorf("the creditor sees %+v %v", list, err)
	}
	_, unseen := s.Invited(ctx, stranger.Actor, c.F.ID)
	_, staff := s.Invited(ctx, c.Officer.Actor, c.F.ID)
	other := c.AsksForFamily(c.Citizen(), st.WithCode(c.FamilyCode()))
	c.RefusedAll(
		st.No("a stranger's list", model.NotFound, "case.not_found", "", unseen),
		st.No("the officer's list", model.Forbidden, "role.forbidden", "", staff),
		st.No("by the creditor", model.NotFound, "relative.not_found", "", sayInvited(c, c.Creditor, r.ID, yes(1))),
		st.No("by himself", model.NotFound, "relative.not_found", "", sayInvited(c, son, r.ID, yes(1))),
		st.No("by the officer", model.Forbidden, "role.forbidden", "", sayInvited(c, c.Officer, r.ID, yes(1))),
		st.No("who came by the court's code", model.NotFound, "relative.not_found", "", sayInvited(c, c.Debtor, other.ID, yes(1))),
		st.No("to block", model.Conflict, "relative.officer_only", "", sayInvited(c, c.Debtor, r.ID, no(model.RelativeBlocked, 1))),
		st.No("without a reason", model.Invalid, "reason.required", "reason", sayInvited(c, c.Debtor, r.ID, relative.Decision{State: model.RelativeDeclined, Version: 1})),
		st.No("changed meanwhile", model.Conflict, "relative.changed", "", sayInvited(c, c.Debtor, r.ID, yes(2))),
	)
	st.TwiceAtOnce(t, func() (int64, error) { return r.ID, sayInvited(c, c.Debtor, r.ID, yes(1)) })
	if _, err := s.Matter(ctx, son.Actor, r.ID); err != nil || c.Audited(model.AuditRelativeAdmitted) != 1 {
		t.Errorf("let in: %v, recorded %d times", err, c.Audited(model.AuditRelativeAdmitted))
	}
	for range 2 { // the answer got lost
		if err := sayInvited(c, c.Debtor, r.ID, no(model.RelativeRevoked, 2)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Matter(ctx, son.Actor, r.ID)
	c.RefusedAll(st.No("ended by the debtor", model.NotFound, "relative.not_found", "", err))
	// He thinks better of it, and the officer blocks: that word is not his to undo.
	if err := sayInvited(c, c.Debtor, r.ID, yes(3)); err != nil {
		t.Fatal(err)
	}
	if err := say(c, c.Officer, r.ID, no(model.RelativeBlocked, 4)); err != nil {
		t.Fatal(err)
	}
	for _, d := range []relative.Decision{yes(5), no(model.RelativeRevoked, 5)} {
		c.RefusedAll(st.No(fmt.Sprintf("a block to %s", d.State), model.Conflict, "relative.officer_only", "", sayInvited(c, c.Debtor, r.ID, d)))
	}
	// A used invitation is good for him who used it alone.
	c.Refused(ask(c, stranger, st.WithCode(code.Code)), "relative_code.wrong")
}
