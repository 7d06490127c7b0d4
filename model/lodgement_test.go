package model

import (
	"strings"
	"testing"
)

// A fine of an agency is not lodged for it.
func TestNoLodgementOfAnAdministrativeFine(t *testing.T) {
	t.Parallel()
	ob := Obligation{Kind: ObligationMoney, ObligeeID: 2, Category: CategoryPrincipal, AmountFen: 1}
	if err := (Debts{Case: Case{Kind: CaseAdministrative, CaseNo: "（2026）浙0211行审1号"}}).LodgementBarred(ob); ReasonOf(err) != "lodgement.creditor" {
		t.Error(err)
	}
	if err := (Debts{Case: Case{Kind: CaseCivil, CaseNo: "（2026）浙0211民初1号"}}).LodgementBarred(ob); err != nil {
		t.Error(err)
	}
}

func TestCivilCode570(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 10)
	for name, c := range map[string]struct {
		change func(*Lodgement)
		want   string
	}{
		"as it should be":       {func(*Lodgement) {}, ""},
		"nobody could be told":  {func(l *Lodgement) { l.NoticeOn, l.How = Date{}, "已公告，住所无人" }, ""},
		"nobody says why not":   {func(l *Lodgement) { l.NoticeOn, l.How = Date{}, "" }, "lodgement.notice"},
		"told before":           {func(l *Lodgement) { l.NoticeOn = l.LodgedOn.AddDays(-1) }, "lodgement.notice"},
		"no ground":             {func(l *Lodgement) { l.Ground = "convenient" }, "lodgement.ground"},
		"a ground without fact": {func(l *Lodgement) { l.Reason = " " }, "lodgement.ground"},
		"no paper":              {func(l *Lodgement) { l.Number = "" }, "lodgement.paper"},
		"tomorrow":              {func(l *Lodgement) { l.LodgedOn = today.AddDays(1) }, "lodgement.day"},
		"for nobody":            {func(l *Lodgement) { l.CreditorID = 0 }, "lodgement.creditor"},
	} {
		l := Lodgement{
			CreditorID: 2, Ground: LodgedMissing, Reason: "电话停机，寄送退回", With: "宁波市镇海公证处", Number: "（2026）浙甬镇证提字第5号",
			LodgedOn: NewDate(2026, 3, 5), NoticeOn: NewDate(2026, 3, 6), How: "公告",
		}
		c.change(&l)
		if got := ReasonOf(l.Check(today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	// Five years, a fixed period: on a rest day as well, and of a leap day the month's
	// last.
	l := Lodgement{With: "宁波市镇海公证处", Number: "（2026）浙甬镇证提字第5号", LodgedOn: NewDate(2024, 2, 29), Ground: LodgedRefused}
	if l.CollectBy() != NewDate(2029, 2, 28) || !strings.Contains(l.Collecting(), "2029年2月28日") || !strings.Contains(l.Collecting(), "宁波市镇海公证处") || !strings.Contains(l.Words(), "拒绝受领") {
		t.Error(l.Collecting(), l.Words())
	}
}
