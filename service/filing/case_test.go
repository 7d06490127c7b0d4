package filing_test

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// registry is a court whose clerk files cases of two judges.
type registry struct {
	*servicetest.World
	judge, other, clerk, officer servicetest.Person
}

func newRegistry(t *testing.T) *registry {
	t.Helper()
	w := servicetest.New(t)
	return &registry{
		World: w, judge: w.Staff("zhang.min", model.RoleJudge), other: w.Staff("ji.wei", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk),
		officer: w.Staff("ji.fg", model.RoleOfficer),
	}
}

func (r *registry) detail(by servicetest.Person, id int64) *filing.Detail {
	r.T.Helper()
	d, err := r.Svc.Filing.Case(context.Background(), by.Actor, id, false)
	if err != nil {
		r.T.Fatal(err)
	}
	return d
}

func (r *registry) cases() int {
	r.T.Helper()
	list, err := r.Svc.Filing.Cases(context.Background(), r.clerk.Actor, model.CaseFilter{Limit: 100})
	if err != nil {
		r.T.Fatal(err)
	}
	return len(list)
}

// names tells whether an error names a field with a reason, and says it in words.
func names(err error, field, reason string) bool {
	return slices.ContainsFunc(servicetest.FieldsOf(err), func(f model.FieldError) bool {
		return f.Field == field && f.Reason == reason && f.Message != ""
	})
}

// duty is the first obligation of the input.
func duty(in *filing.CaseInput) *filing.ObligationInput { return &in.Instruments[0].Obligations[0] }

// What bad input gets: a clear error at the field, and nothing is filed.
func TestFilingRefusesBadInputAndChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	for name, k := range map[string]struct {
		change        func(*filing.CaseInput)
		field, reason string
	}{
		"case number":        {func(in *filing.CaseInput) { in.CaseNo = "（2026）浙0211自履1号" }, "case_no", "case_no.type"},
		"another court":      {func(in *filing.CaseInput) { in.CaseNo = "（2026）浙0212民初1号" }, "case_no", "case_no.court"},
		"no cause":           {func(in *filing.CaseInput) { in.Cause = " " }, "cause", "field.required"},
		"filed in future":    {func(in *filing.CaseInput) { in.FiledOn = model.NewDate(2026, 3, 3) }, "filed_on", "date.future"},
		"unknown judge":      {func(in *filing.CaseInput) { in.Judge = "nobody" }, "judge", "judge.unknown"},
		"unknown clerk":      {func(in *filing.CaseInput) { in.Clerk = "nobody" }, "clerk", "clerk.unknown"},
		"ID check digit":     {func(in *filing.CaseInput) { in.Parties[0].IDNumber = "110105194912310021" }, "parties[0].id_number", "id.check_digit"},
		"phone":              {func(in *filing.CaseInput) { in.Parties[0].Phone = "1380013800" }, "parties[0].phone", "phone.format"},
		"same ref twice":     {func(in *filing.CaseInput) { in.Parties[1].Ref = "C1" }, "parties[1].ref", "ref.repeated"},
		"kind of instrument": {func(in *filing.CaseInput) { in.Instruments[0].Kind = "letter" }, "instruments[0].kind", "instrument.kind"},
		"amount zero":        {func(in *filing.CaseInput) { duty(in).AmountFen = 0 }, "instruments[0].obligations[0].amount_fen", "amount.positive"},
		"amount negative":    {func(in *filing.CaseInput) { duty(in).AmountFen = -5 }, "instruments[0].obligations[0].amount_fen", "amount.positive"},
		"instalments' sum":   {func(in *filing.CaseInput) { duty(in).AmountFen = 100001 }, "instruments[0].obligations[0].installments", "amount.sum"},
		"instalment of none": {func(in *filing.CaseInput) { duty(in).Installments[0].AmountFen = 0 }, "instruments[0].obligations[0].installments[0]", "installment.format"},
		"unknown obligor":    {func(in *filing.CaseInput) { duty(in).Obligors = []string{"D9"} }, "instruments[0].obligations[0].obligors[0]", "party.unknown"},
		"unknown obligee":    {func(in *filing.CaseInput) { duty(in).Obligee = "C9" }, "instruments[0].obligations[0].obligee", "party.unknown"},
		"owes himself":       {func(in *filing.CaseInput) { duty(in).Obligee = "D1" }, "instruments[0].obligations[0].obligee", "obligee.same"},
		"to court and party": {func(in *filing.CaseInput) { duty(in).ToCourt = true }, "instruments[0].obligations[0].obligee", "obligee.both"},
		"kind of duty":       {func(in *filing.CaseInput) { duty(in).Kind = "dance" }, "instruments[0].obligations[0].kind", "obligation.kind"},
		"conduct with money": {func(in *filing.CaseInput) { duty(in).Kind, duty(in).Description = "conduct", "腾退" }, "instruments[0].obligations[0].amount_fen", "amount.not_money"},
		"day and days":       {func(in *filing.CaseInput) { duty(in).DueOn, duty(in).DueInDays = model.NewDate(2026, 4, 1), 20 }, "instruments[0].obligations[0].due_in_days", "due.both"},
		"too many days":      {func(in *filing.CaseInput) { duty(in).DueInDays = 4000 }, "instruments[0].obligations[0].due_in_days", "due.days"},
		"days from no day": {
			func(in *filing.CaseInput) { in.Instruments[0].EffectiveOn, duty(in).DueInDays = model.Date{}, 20 },
			"instruments[0].obligations[0].due_in_days", "due.no_start",
		},
		"shares' count": {
			func(in *filing.CaseInput) { duty(in).SharesFen, duty(in).Installments = []model.Fen{50000, 50000}, nil },
			"instruments[0].obligations[0].shares_fen", "shares.count",
		},
		"shares and instalments": {func(in *filing.CaseInput) { duty(in).SharesFen = []model.Fen{100000} }, "instruments[0].obligations[0].installments", "shares.installments"},
		"category":               {func(in *filing.CaseInput) { duty(in).Category = model.CategoryFine }, "instruments[0].obligations[0].category", "category.unknown"},
		"enforcement of a trial": {func(in *filing.CaseInput) {
			in.Enforcement = []filing.FilingInput{{CaseNo: "（2026）浙0211民初2号", FiledOn: model.NewDate(2026, 3, 1)}}
		}, "enforcement[0].case_no", "case_no.type"},
	} {
		in := servicetest.CaseInput()
		k.change(&in)
		if _, _, err := r.Svc.Filing.File(t.Context(), r.clerk.Actor, in); model.ReasonOf(err) != "case.invalid" || !names(err, k.field, k.reason) {
			t.Errorf("%s: %v at %+v, want %s at %s", name, err, servicetest.FieldsOf(err), k.reason, k.field)
		}
	}
	_, _, err := r.Svc.Filing.File(t.Context(), r.officer.Actor, servicetest.CaseInput())
	r.Refused(err, "role.forbidden")
	if n := r.cases(); n != 0 || r.Audited(model.AuditCaseCreate) != 0 {
		t.Errorf("%d cases were filed", n)
	}
}

// Two clerks file the same case at once: one case, and both are told it is
// there. Another case of that number is refused, in whatever hand it is written.
func TestACaseIsFiledOnce(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	in := servicetest.CaseInput()
	var wg sync.WaitGroup
	ids, outs := make([]int64, 6), make([]filing.Outcome, 6)
	for i := range ids {
		wg.Go(func() {
			cs, out, err := r.Svc.Filing.File(context.Background(), r.clerk.Actor, in)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i], outs[i] = cs.ID, out
		})
	}
	wg.Wait()
	slices.Sort(outs)
	if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 1 || outs[0] != filing.Created || outs[1] != filing.Unchanged || r.cases() != 1 {
		t.Errorf("filed at once: %v %v", ids, outs)
	}
	told := 0
	list, err := r.DB.CaseNotices(t.Context(), ids[0], 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == model.NoticeFiled {
			told++
		}
	}
	if told != 2 {
		t.Errorf("two parties were told %d times", told)
	}
	again := in
	again.CaseNo, again.Cause = strings.NewReplacer("（", "(", "）", ")", "2026", "２０２６").Replace(in.CaseNo), "赠与合同纠纷"
	_, _, err = r.Svc.Filing.File(t.Context(), r.clerk.Actor, again)
	r.RefusedAt(err, "case.exists", "case_no")
	for _, text := range []string{in.CaseNo, strings.NewReplacer("（", "(", "）", ")").Replace(in.CaseNo)[:16], "甬兴建材有限公司"} {
		if found, err := r.Svc.Filing.Cases(t.Context(), r.clerk.Actor, model.CaseFilter{Text: text, Limit: 10}); err != nil || len(found) != 1 {
			t.Errorf("%q finds %+v %v", text, found, err)
		}
	}
}

// Several debtors with a share each: each pays and is certified by himself.
func TestSharesAreDutiesOfTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明", IDNumber: "34052419800101001X"})
		duty(in).Obligors, duty(in).SharesFen, duty(in).Installments, duty(in).DueInDays = []string{"D1", "D2"}, []model.Fen{70000, 30000}, nil, 30
	})
	d := r.detail(r.judge, f.ID)
	if len(d.Obligations) != 2 || d.Obligations[0].AmountFen != 70000 || d.Obligations[1].AmountFen != 30000 || !d.OwedBy(d.Obligations[0].ID, f.Debtor) || d.OwedBy(d.Obligations[1].ID, f.Debtor) {
		t.Errorf("%+v", d.Obligations)
	}
	if i := d.Installments[0]; i.DueOn != model.NewDate(2026, 3, 12) || i.DueReason == "" {
		t.Errorf("due on %s: %s", i.DueOn, i.DueReason)
	}
}

// A push of the case system is plain data: a file carries it as well as a
// request, and gives the same case.
func TestAFileCarriesWhatTheCaseSystemPushes(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	trip := func(in, out any) {
		t.Helper()
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(out); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !reflect.DeepEqual(in, reflect.ValueOf(out).Elem().Interface()) {
			t.Errorf("%s became %+v", b, out)
		}
	}
	pushed := filing.PushedCase{Version: 3, CaseInput: servicetest.CaseInput()}
	var read filing.PushedCase
	trip(pushed, &read)
	cs, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, pushed.CaseInput, pushed.Version)
	if err != nil {
		t.Fatal(err)
	}
	if again, out, err := r.Svc.Filing.Put(t.Context(), system.Actor, read.CaseInput, read.Version); err != nil || out != filing.Unchanged || again.ID != cs.ID {
		t.Errorf("from a file: %+v %s %v", again, out, err)
	}
	enforced := filing.PushedEnforcement{Version: 1, EnforcementInput: filing.EnforcementInput{
		CaseNo: "（2026）浙0211执77001号", FiledOn: r.Today(), Officer: "ji.fg", Basis: &filing.EnforcingBasis{
			Cause: "仲裁裁决", Parties: pushed.Parties, Instruments: pushed.Instruments,
		},
	}}
	var readToo filing.PushedEnforcement
	trip(enforced, &readToo)
	if _, out, err := r.Svc.Filing.PutEnforcement(t.Context(), system.Actor, enforced.EnforcementInput, 1); err != nil || out != filing.Created {
		t.Fatal(out, err)
	}
	if _, out, err := r.Svc.Filing.PutEnforcement(t.Context(), system.Actor, readToo.EnforcementInput, readToo.Version); err != nil || out != filing.Unchanged {
		t.Errorf("from a file: %s %v", out, err)
	}
}

// Pushes of one case are ordered by their version: the same again changes
// nothing, whatever comes at once; an older one and another content are refused.
func TestPushesAreOrdered(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	put := func(version int64, change func(*filing.CaseInput)) (filing.Outcome, error) {
		b, _ := json.Marshal(in)
		var next filing.CaseInput
		_ = json.Unmarshal(b, &next)
		if change != nil {
			change(&next)
		}
		_, out, err := r.Svc.Filing.Put(context.Background(), system.Actor, next, version)
		return out, err
	}
	var wg sync.WaitGroup
	outs := make([]filing.Outcome, 8)
	for i := range outs {
		wg.Go(func() { outs[i], _ = put(3, nil) })
	}
	wg.Wait()
	slices.Sort(outs)
	if outs[0] != filing.Created || outs[1] != filing.Unchanged || outs[7] != filing.Unchanged {
		t.Fatalf("eight pushes of one version: %v", outs)
	}
	cause := func(in *filing.CaseInput) { in.Cause = "服务合同纠纷" }
	_, err := put(3, cause)
	r.Refused(err, "case.version_reused")
	_, err = put(2, nil)
	r.Refused(err, "case.stale")
	_, err = put(0, nil)
	r.RefusedAt(err, "version.format", "version")
	_, _, err = r.Svc.Filing.Put(t.Context(), r.clerk.Actor, in, 4)
	r.Refused(err, "role.forbidden")
	if out, err := put(4, cause); err != nil || out != filing.Updated || r.Audited(model.AuditCaseUpdate) != 1 {
		t.Errorf("a newer one: %s %v", out, err)
	}
}

// A newer version adds and corrects. Nothing vanishes and nothing that was
// confirmed is undone; what became due again is owed again.
func TestANewerVersionKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	put := func(version int64, change func(*filing.CaseInput)) error {
		b, _ := json.Marshal(in)
		var next filing.CaseInput
		_ = json.Unmarshal(b, &next)
		change(&next)
		_, _, err := r.Svc.Filing.Put(context.Background(), system.Actor, next, version)
		return err
	}
	if err := put(1, func(*filing.CaseInput) {}); err != nil {
		t.Fatal(err)
	}
	found, err := r.DB.CasesByNo(t.Context(), []string{in.CaseNo})
	if err != nil {
		t.Fatal(err)
	}
	f := r.FiledCase(r.clerk, found[in.CaseNo].ID)
	debtor := r.Citizen()
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	r.Confirm(r.judge, r.Submit(debtor, f, 60000, 7), 60000)
	for reason, k := range map[string]struct {
		field  string
		change func(*filing.CaseInput)
	}{
		"part.missing": {"parties", func(in *filing.CaseInput) { in.Parties, in.Instruments = in.Parties[:1], nil }},
		"amount.below_confirmed": {"instruments[0].obligations[0].installments[0].amount_fen", func(in *filing.CaseInput) {
			duty(in).Installments[0].AmountFen, duty(in).Installments[1].AmountFen = 50000, 50000
		}},
	} {
		if err := put(2, k.change); !names(err, k.field, reason) {
			t.Errorf("%s: %v at %+v", reason, err, servicetest.FieldsOf(err))
		}
	}
	for field, change := range map[string]func(*filing.CaseInput){
		"instruments":                func(in *filing.CaseInput) { in.Instruments = nil },
		"instruments[0].obligations": func(in *filing.CaseInput) { in.Instruments[0].Obligations = nil },
	} {
		if err := put(2, change); !names(err, field, "part.missing") {
			t.Errorf("%s: %v at %+v", field, err, servicetest.FieldsOf(err))
		}
	}
	if d := r.detail(r.judge, f.ID); d.Case.Cause != in.Cause || d.Case.SourceVersion != 1 {
		t.Errorf("refused pushes changed %+v", d.Case)
	}
	err = put(2, func(in *filing.CaseInput) {
		in.Cause, in.Judge = "服务合同纠纷", "ji.wei"
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明", IDNumber: "34052419800101001X"})
		duty(in).AmountFen, duty(in).Installments[0].AmountFen = 120000, 80000
		in.Instruments = append(in.Instruments, filing.InstrumentInput{
			Ref: "I2", Kind: "ruling", Number: "（2026）浙0211民初9号之一", EffectiveOn: model.NewDate(2026, 2, 20), Summary: "赵明支付诉讼费",
			Obligations: []filing.ObligationInput{{Ref: "O2", Kind: "money", Obligors: []string{"D2"}, ToCourt: true, AmountFen: 5000, DueOn: model.NewDate(2026, 5, 1)}},
		})
	})
	if err != nil {
		t.Fatal(err, servicetest.FieldsOf(err))
	}
	_, err = r.Svc.Filing.Case(t.Context(), r.judge.Actor, f.ID, false)
	r.Refused(err, "case.not_found") // the case system gave it to another judge
	d := r.detail(r.other, f.ID)
	if len(d.Parties) != 3 || len(d.Obligations) != 2 || len(d.Installments) != 3 || d.Case.Performance != model.PerformancePartial {
		t.Errorf("%+v", d)
	}
	for _, i := range d.Installments {
		if i.ID == f.Installments[0] && (i.ConfirmedFen != 60000 || i.AmountFen != 80000 || !i.PerformedOn.IsZero()) {
			t.Errorf("what was paid of the first instalment: %+v", i)
		}
	}
	papers := 0
	list, err := r.DB.CaseNotices(t.Context(), f.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == model.NoticeFiled {
			papers++
		}
	}
	if papers != 3 {
		t.Errorf("three parties were told %d times of the filing", papers)
	}
}

// A clerk adds an instrument once it was made; a repeat is the first.
func TestAnInstrumentIsAdded(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	second := filing.InstrumentInput{
		Ref: "I9", Kind: "ruling", Number: "（2026）浙0211民初9号之一", Summary: "被告支付诉讼费", EffectiveOn: model.NewDate(2026, 2, 20),
		Obligations: []filing.ObligationInput{{Ref: "O9", Kind: "money", Obligors: []string{"D1"}, ToCourt: true, AmountFen: 5000, DueOn: model.NewDate(2026, 3, 20)}},
	}
	first, err := r.Svc.Filing.AddInstrument(t.Context(), r.clerk.Actor, f.ID, second)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.Svc.Filing.AddInstrument(t.Context(), r.clerk.Actor, f.ID, second); err != nil || again.ID != first.ID || r.Audited(model.AuditInstrumentAdd) != 1 {
		t.Errorf("again: %+v %v", again, err)
	}
	d := r.detail(r.judge, f.ID)
	if len(d.Instruments) != 2 || len(d.Obligations) != 2 || d.Case.NextDueOn != model.NewDate(2026, 3, 20) {
		t.Errorf("%+v", d)
	}
	for reason, change := range map[string]func(*filing.InstrumentInput){
		"case.invalid":      func(in *filing.InstrumentInput) { in.Ref, in.Kind = "I8", "poem" },
		"instrument.exists": func(in *filing.InstrumentInput) { in.Summary = "别的内容" },
	} {
		in := second
		change(&in)
		_, err := r.Svc.Filing.AddInstrument(t.Context(), r.clerk.Actor, f.ID, in)
		r.Refused(err, reason)
	}
	_, err = r.Svc.Filing.AddInstrument(t.Context(), r.clerk.Actor, 999999, second)
	r.Refused(err, "case.not_found")
	_, err = r.Svc.Filing.AddInstrument(t.Context(), r.officer.Actor, f.ID, second)
	r.Refused(err, "role.forbidden")
	far := r.StaffOf(r.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.clerk", model.RoleClerk)
	_, err = r.Svc.Filing.AddInstrument(t.Context(), far.Actor, f.ID, second)
	r.Refused(err, "case.not_found")
}

// A hand-over moves the duty with the receipts, and is told. Whoever asks once
// more is answered alike, though he does not see the case any more.
func TestAHandOverMovesTheDuty(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	debtor := r.Citizen()
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	receipt := r.Submit(debtor, f, 60000, 41)
	version := r.detail(r.judge, f.ID).Case.Version
	over := func(by servicetest.Person, id, seen int64, to, reason string) error {
		return r.Svc.Filing.HandOver(context.Background(), by.Actor, id, seen, to, reason)
	}
	r.Refused(over(r.officer, f.ID, version, "ji.wei", "轮岗"), "role.forbidden")
	r.Refused(over(r.other, f.ID, version, "ji.wei", "我来办"), "case.not_found")
	r.Refused(over(r.judge, 999999, version, "ji.wei", "轮岗"), "case.not_found")
	r.RefusedAt(over(r.judge, f.ID, version, "ji.wei", " "), "reason.required", "reason")
	r.RefusedAt(over(r.judge, f.ID, version, "wan.tt", "轮岗"), "judge.unknown", "to_judge")
	r.RefusedAt(over(r.judge, f.ID, version, "zhang.min", "轮岗"), "judge.same", "to_judge")
	r.Refused(over(r.judge, f.ID, version+98, "ji.wei", "轮岗"), "case.changed")
	for range 2 {
		if err := over(r.judge, f.ID, version, "Ji.Wei", "轮岗"); err != nil {
			t.Fatal(err)
		}
	}
	if err := over(r.judge, f.ID, version, "ji.wei", "另一原因"); err == nil {
		t.Error("another hand-over of the old version is done")
	}
	_, err := r.Svc.Filing.Case(t.Context(), r.judge.Actor, f.ID, false)
	r.Refused(err, "case.not_found")
	r.Confirm(r.other, receipt, 60000)
	if told := r.Told(r.other); len(told) != 1 || told[0] != model.NoticeCaseHandedOver || r.Audited(model.AuditCaseHandover) != 1 {
		t.Errorf("the new judge was told %v", told)
	}
}

// What the court spoke of outside the system is kept once, by whoever it was.
func TestContactsAreLogged(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	contact := func(change func(*model.Contact)) model.Contact {
		c := model.Contact{CaseID: f.ID, PartyID: f.Debtor, Channel: model.ContactPhone, HappenedAt: r.Clock.Now(), Note: "已电话联系", IdemKey: servicetest.FreshKey()}
		if change != nil {
			change(&c)
		}
		return c
	}
	once := contact(nil)
	for range 2 {
		if _, err := r.Svc.Filing.LogContact(t.Context(), r.judge.Actor, once); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []struct {
		by     servicetest.Person
		reason string
		change func(*model.Contact)
	}{
		{r.Citizen(), "role.forbidden", nil},
		{r.other, "case.not_found", nil},
		{r.clerk, "case.not_found", func(c *model.Contact) { c.CaseID = 999999 }},
		{r.clerk, "party.not_found", func(c *model.Contact) { c.PartyID = 999999 }},
		{r.clerk, "contact.channel", func(c *model.Contact) { c.Channel = "pigeon" }},
		{r.clerk, "contact.note", func(c *model.Contact) { c.Note = " " }},
		{r.clerk, "date.future", func(c *model.Contact) { c.HappenedAt = servicetest.At(3, 3, 9) }},
		{r.clerk, "field.required", func(c *model.Contact) { c.Channel, c.PartyID = model.ContactForgiveness, 0 }},
	} {
		_, err := r.Svc.Filing.LogContact(t.Context(), k.by.Actor, contact(k.change))
		r.Refused(err, k.reason)
	}
	list, err := r.Svc.Filing.Contacts(t.Context(), r.clerk.Actor, f.ID)
	if err != nil || len(list) != 1 || list[0].ByUserID != r.judge.UserID || r.Audited(model.AuditContactLog) != 1 {
		t.Errorf("%+v %v", list, err)
	}
	_, err = r.Svc.Filing.Contacts(t.Context(), r.other.Actor, f.ID)
	r.Refused(err, "case.not_found")
}

// A debtor's promise interrupts the period for applying for enforcement, and
// its obligee reads the new end.
func TestAPromiseIsToldToTheObligee(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	debtor, creditor := r.Citizen(), r.Citizen()
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	promise := model.Promise{CaseID: f.ID, PayBy: model.NewDate(2026, 4, 1), Text: "下月付清", IdemKey: servicetest.FreshKey()}
	for range 2 {
		p, err := r.Svc.Filing.Promise(t.Context(), debtor.Actor, promise)
		if err != nil || p.PartyID != f.Debtor {
			t.Fatalf("%+v %v", p, err)
		}
	}
	told := 0
	for _, k := range r.Told(creditor) {
		if k == model.NoticePromise {
			told++
		}
	}
	if d := r.detail(creditor, f.ID); told != 1 || len(d.Promises) != 1 || r.Audited(model.AuditPromiseMake) != 1 {
		t.Errorf("told %d times, %+v", told, d.Promises)
	}
	for _, k := range []struct {
		by     servicetest.Person
		reason string
		change func(*model.Promise)
	}{
		{r.judge, "role.forbidden", nil},
		{r.Citizen(), "case.not_found", nil},
		{debtor, "promise.text", func(p *model.Promise) { p.Text = " " }},
		{debtor, "date.past", func(p *model.Promise) { p.PayBy = model.NewDate(2026, 3, 1) }},
		{creditor, "party.not_obligor", nil},
		{debtor, "party.not_obligor", func(p *model.Promise) { p.PartyID = f.Creditor }},
	} {
		p := promise
		p.IdemKey = servicetest.FreshKey()
		if k.change != nil {
			k.change(&p)
		}
		_, err := r.Svc.Filing.Promise(t.Context(), k.by.Actor, p)
		r.Refused(err, k.reason)
	}
}

// In a case of several creditors each sees his own line and nobody else's; staff
// see all of it, and whoever reads full numbers is on record.
func TestWhoSeesWhatOfACase(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	group := func(in *filing.CaseInput) { in.GroupRef = "G1" }
	f := r.File(r.clerk, group, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "C2", Role: "plaintiff", Kind: "person", Name: "钱某", IDNumber: "34052419800101001X"})
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
			Ref: "O2", Kind: "money", Obligors: []string{"D1"}, Obligee: "C2", AmountFen: 5000, DueOn: model.NewDate(2026, 5, 1),
		})
	})
	r.File(r.clerk, group)
	creditor, debtor, stranger := r.Citizen(), r.Citizen(), r.Citizen()
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	d := r.detail(creditor, f.ID)
	if len(d.Obligations) != 1 || len(d.Parties) != 2 || len(d.Installments) != 2 || len(d.Own) != 1 {
		t.Errorf("a creditor sees %+v", d)
	}
	if d := r.detail(debtor, f.ID); len(d.Obligations) != 2 || len(d.Parties) != 3 {
		t.Errorf("the debtor sees %+v", d)
	}
	for _, who := range []servicetest.Person{stranger, r.other} {
		_, err := r.Svc.Filing.Case(t.Context(), who.Actor, f.ID, false)
		r.Refused(err, "case.not_found")
	}
	_, err := r.Svc.Filing.Case(t.Context(), creditor.Actor, f.ID, true)
	r.Refused(err, "role.forbidden")
	if n := r.Audited(model.AuditPartyReveal); n != 0 {
		t.Errorf("%d looks on record", n)
	}
	if d, err := r.Svc.Filing.Case(t.Context(), r.clerk.Actor, f.ID, true); err != nil || d.Parties[0].IDNumber != "11010519491231002X" || r.Audited(model.AuditPartyReveal) != 1 {
		t.Errorf("%v, %d looks on record", err, r.Audited(model.AuditPartyReveal))
	}
	lines, err := r.Svc.Filing.Group(t.Context(), r.judge.Actor, "G1")
	if err != nil || len(lines) != 3 {
		t.Errorf("the group: %+v %v", lines, err)
	}
	for _, by := range []servicetest.Person{creditor, r.other} {
		_, err := r.Svc.Filing.Group(t.Context(), by.Actor, "G1")
		r.Refused(err, "case.not_found")
	}
	labels, err := r.Svc.Filing.Labels(t.Context(), r.clerk.Actor, []int64{f.ID}, []int64{f.Debtor})
	if err != nil || labels.Cases[f.ID] != f.No || labels.Parties[f.Debtor] == "" {
		t.Errorf("%+v %v", labels, err)
	}
}
