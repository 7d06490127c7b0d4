package paper_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/paper"
	"microcourt/service/servicetest"
)

// period is what somebody's application period says, "" when he sees none.
func (u *urging) period(by servicetest.Person) string {
	u.T.Helper()
	d, err := u.Svc.Filing.Case(u.T.(*testing.T).Context(), by.Actor, u.f.ID, false)
	if err != nil {
		u.T.Fatal(err)
	}
	if len(d.Periods) == 0 {
		return ""
	}
	return d.Periods[0].Sentence()
}

// sheet is what a creditor's sheet that is made today says.
func (u *urging) sheet() string {
	u.T.Helper()
	doc, err := u.make(u.judge, paper.Request{Kind: model.DocumentCreditorSheet, PartyID: u.f.Creditor, InstrumentID: u.f.Instrument})
	if err != nil {
		u.T.Fatal(err)
	}
	return text(u.T.(*testing.T), u.open(u.judge, doc.ID))
}

func (u *urging) note(by servicetest.Person, e model.PeriodEntry) (*model.PeriodEntry, error) {
	e.CaseID, e.Reason = u.f.ID, e.Reason+"见卷内材料"
	if e.IdemKey == "" {
		e.IdemKey = servicetest.FreshKey()
	}
	return u.Svc.Filing.RecordPeriod(u.T.(*testing.T).Context(), by.Actor, e)
}

// The story of a period: it follows promise, payment, demand, correction and
// enforcement, and creditor, judge and paper read the same of it; the debtor is
// not told what he might object (诉讼时效规定 2).
func TestTheStoryOfAPeriod(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	u := newUrging(t)
	agrees := func(when string, words ...string) {
		t.Helper()
		own, sheet := u.period(u.creditor), u.sheet()
		if own != u.period(u.judge) || !strings.Contains(sheet, own) {
			t.Errorf("%s the creditor reads\n%s\nthe judge\n%s\nand the paper says\n%s", when, own, u.period(u.judge), sheet)
		}
		for _, w := range words {
			if !strings.Contains(own, w) {
				t.Errorf("%s it does not say %q: %s", when, w, own)
			}
		}
		if got := u.period(u.debtor); got != "" {
			t.Errorf("%s the debtor is told: %s", when, got)
		}
	}
	u.Clock.Set(servicetest.At(3, 3, 10))
	agrees("at filing", "最后一期履行期限届满", "2028年4月30日为周末，顺延至2028年5月3日") // behind the holidays of May
	u.Clock.Set(servicetest.At(5, 12, 10))
	if _, err := u.Svc.Filing.Promise(ctx, u.debtor.Actor, model.Promise{CaseID: u.f.ID, Text: "下月付清", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	agrees("after the promise", "同意履行，期间中断", "2028年5月12日")
	u.Clock.Set(servicetest.At(5, 20, 10))
	c := servicetest.Claim(u.f, 10000, u.Uploaded(u.debtor, u.f.ID, 71))
	c.PaidOn = model.NewDate(2026, 5, 19)
	r, err := u.Svc.Performance.Submit(ctx, u.debtor.Actor, c)
	if err != nil {
		t.Fatal(err)
	}
	u.Confirm(u.judge, r, 10000)
	agrees("after a payment", "部分履行，期间中断", "2028年5月19日")

	demand := model.PeriodEntry{Cause: model.CauseDemand, PartyID: u.f.Creditor, HappenedOn: model.NewDate(2026, 6, 1), IdemKey: servicetest.FreshKey()}
	u.Clock.Set(servicetest.At(6, 8, 10))
	var first *model.PeriodEntry
	for range 2 { // the answer got lost
		if first, err = u.note(u.judge, demand); err != nil {
			t.Fatal(err)
		}
	}
	agrees("after a demand", "李某提出履行要求", "2028年6月1日")
	moved := demand
	moved.IdemKey, moved.CorrectsID, moved.HappenedOn = "", first.ID, model.NewDate(2026, 6, 3)
	if _, err := u.note(u.judge, moved); err != nil {
		t.Fatal(err)
	}
	agrees("after the correction", "2028年6月3日") // nothing of the first stays
	_, err = u.note(u.judge, moved)
	u.Refused(err, "period.corrected")
	if n := u.Audited(model.AuditPeriodRecord); n != 2 {
		t.Errorf("%d of two entries are in the trail", n)
	}
	for reason, err := range map[string]error{
		"role.forbidden": second(u.note(u.creditor, demand)), "period.party": second(u.note(u.judge, model.PeriodEntry{Cause: model.CausePromise, PartyID: u.f.Creditor, HappenedOn: demand.HappenedOn})),
		"case.not_found": second(u.Svc.Filing.RecordPeriod(ctx, u.Staff("ji.wei", model.RoleJudge).Actor, model.PeriodEntry{CaseID: u.f.ID, Cause: model.CauseDemand, Reason: "函", IdemKey: servicetest.FreshKey()})),
	} {
		u.Refused(err, reason)
	}

	officer := u.Staff("ji.fg", model.RoleOfficer)
	u.Clock.Set(servicetest.At(7, 1, 10))
	u.EnforcedBy(officer, u.f)
	if own := u.period(u.creditor); own != u.period(u.judge) || !strings.Contains(own, "已经申请执行，期间中断") {
		t.Errorf("in enforcement the creditor reads %s", own)
	}
}

func second[T any](_ T, err error) error { return err }

// A promise that is made after the end of the period is said to be one (民法典 192):
// it bars the objection, and does not begin the period anew.
func TestAPromiseAfterTheEndOfThePeriod(t *testing.T) {
	t.Parallel()
	u := newUrging(t)
	u.Clock.Set(model.NewDate(2028, 5, 8).Start().Add(10 * 3600e9))
	for _, w := range []string{"申请执行的期间已于2028年5月3日届满", "期间届满后仍可以申请执行", "提出异议并经审查成立的，裁定不予执行"} {
		if got := u.sheet(); !strings.Contains(got, w) || strings.Contains(got, "丧失") {
			t.Errorf("the sheet does not say %q:\n%s", w, got)
		}
	}
	if _, err := u.Svc.Filing.Promise(t.Context(), u.debtor.Actor, model.Promise{CaseID: u.f.ID, Text: "愿意付清", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	list, _, err := u.Svc.Notice.Inbox(t.Context(), u.creditor.Actor, u.f.ID, 0, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	for _, w := range []string{"2028年5月8日（期间届满之后）同意履行", "不得再以期间届满为由提出异议", "已于2028年5月3日届满"} {
		if body := list[0].Body; !strings.Contains(body, w) {
			t.Errorf("the creditor is not told %q: %s", w, body)
		}
	}
}

// 法释〔2014〕8号 2: what has no term is due from the day of effect, through filing,
// the demands with interest from the next day, and the creditor's period.
func TestFashi2014No8Article2OnPapers(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	u := urgingIn(w)
	u.f = w.File(u.clerk, func(in *filing.CaseInput) {
		in.Instruments[0].EffectiveOn = model.NewDate(2026, 3, 9)
		in.Instruments[0].Obligations = []filing.ObligationInput{{Ref: "O1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: 10_000_000}}
	})
	w.Bind(u.debtor, u.clerk, u.f.ID, u.f.Debtor)
	w.Bind(u.creditor, u.clerk, u.f.ID, u.f.Creditor)
	u.until(3, 12)
	demands := u.papers(u.debtor, u.f, model.DocumentReminder)
	if len(demands) != 1 {
		t.Fatalf("%d demands by 12 March", len(demands))
	}
	// Sent on the 10th: one day of 0.0175 % on 100,000 yuan.
	for _, want := range []string{"2026年3月9日", "法律文书未确定履行期间，自生效之日起即应履行", "已产生17.50元", "每日增加17.50元"} {
		if got := text(t, u.open(u.debtor, demands[0].ID)); !strings.Contains(got, want) {
			t.Errorf("the demand does not say %q:\n%s", want, got)
		}
	}
	if got := u.period(u.creditor); !strings.Contains(got, "2026年3月9日法律文书生效（没有规定履行期间），次日起算二年，末日2028年3月9日") || !strings.Contains(u.sheet(), got) {
		t.Errorf("the creditor's period: %s", got)
	}
}
