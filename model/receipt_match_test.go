package model

import (
	"strings"
	"testing"
)

// What stands beside the picture follows from the record, whatever the record says.
func TestMarksBesideThePicture(t *testing.T) {
	t.Parallel()
	day := func(n int) Date { return NewDate(2026, 3, n) }
	base := Match{
		Receipt: Receipt{ClaimedFen: 60000, PaidOn: day(10), PayerKind: PayerSelf, PayerName: "甬兴建材有限公司", PayeeName: "李 某", ProofKind: ProofBankReceipt},
		Debtor:  "甬兴建材有限公司", Creditors: []string{"王某", "李某"}, Court: "宁波市镇海区人民法院",
		Open:    []Installment{{ID: 1, AmountFen: 60000, DueOn: day(15)}, {ID: 2, AmountFen: 40000, DueOn: day(31)}},
		Answers: []ObligeeResponse{{State: ResponseAcknowledged}},
	}
	for name, c := range map[string]struct {
		change  func(*Match)
		what    string
		verdict MatchVerdict
		text    string
	}{
		"the payee is a creditor": {func(*Match) {}, "收款人", MatchAgrees, "权利人"},
		"the payee is the court":  {func(m *Match) { m.Receipt.PayeeName = "宁波市镇海区人民法院" }, "收款人", MatchAgrees, "本院账户"},
		"the court's account":     {func(m *Match) { m.Receipt.ProofKind, m.Receipt.PayeeName = ProofCourtAccount, "" }, "收款人", MatchAgrees, "案款账户"},
		"the payee is a stranger": {func(m *Match) { m.Receipt.PayeeName = "赵某" }, "收款人", MatchDiffers, "不是"},
		"no payee":                {func(m *Match) { m.Receipt.PayeeName = "" }, "收款人", MatchUnknown, "未填写"},
		"the payer is the debtor": {func(*Match) {}, "付款人", MatchAgrees, "本人"},
		"the payer is another":    {func(m *Match) { m.Receipt.PayerKind, m.Receipt.PayerName = PayerRelative, "周某" }, "付款人", MatchDiffers, "周某"},
		"one instalment":          {func(*Match) {}, "金额", MatchAgrees, "2026-03-15"},
		"all":                     {func(m *Match) { m.Receipt.ClaimedFen = 100000 }, "金额", MatchAgrees, "全部"},
		"all and interest":        {func(m *Match) { m.Receipt.ClaimedFen, m.DoubledFen = 100500, 500 }, "金额", MatchAgrees, "利息"},
		"too little":              {func(m *Match) { m.Receipt.ClaimedFen = 99000 }, "金额", MatchDiffers, "少 10.00"},
		"too much":                {func(m *Match) { m.Receipt.ClaimedFen = 100100 }, "金额", MatchDiffers, "多 1.00"},
		"in time":                 {func(m *Match) { m.Receipt.PaidOn = day(15) }, "付款日", MatchAgrees, "以前"},
		"late":                    {func(m *Match) { m.Receipt.PaidOn, m.DoubledFen = day(20), 105 }, "付款日", MatchDiffers, "逾期 5 天，截至付款日加倍部分债务利息 1.05 元"},
		"acknowledged":            {func(*Match) {}, "权利人", MatchAgrees, "确认收到"},
		"one of two disputes":     {func(m *Match) { m.Answers = append(m.Answers, ObligeeResponse{State: ResponseDisputed}) }, "权利人", MatchDiffers, "2 人中 1 人提出异议"},
		"nobody has answered":     {func(m *Match) { m.Answers = []ObligeeResponse{{State: ResponseAsked}} }, "权利人", MatchUnknown, "尚未答复"},
		"nobody was asked":        {func(m *Match) { m.Answers = nil }, "权利人", MatchUnknown, "没有询问"},
	} {
		m := base
		c.change(&m)
		found := false
		for _, mark := range m.Marks() {
			if mark.What == c.what {
				found = true
				if mark.Verdict != c.verdict || !strings.Contains(mark.Text, c.text) {
					t.Errorf("%s: %+v", name, mark)
				}
			}
		}
		if !found {
			t.Errorf("%s: no mark of %s", name, c.what)
		}
	}
	set := base
	set.Receipt.SetOff = &SetOff{CreditorID: 3}
	for _, mark := range set.Marks() {
		if mark.What == "收款人" || mark.What == "付款人" {
			t.Errorf("a set-off has no %s", mark.What)
		}
	}
	for want, lines := range map[ResponseState][]ResponseState{
		"": nil, ResponseDisputed: {ResponseAcknowledged, ResponseDisputed, ResponseAsked}, ResponseAsked: {ResponseAcknowledged, ResponseAsked}, ResponseAcknowledged: {ResponseAcknowledged},
	} {
		var list []ObligeeResponse
		for _, s := range lines {
			list = append(list, ObligeeResponse{State: s})
		}
		if got := AnswerOf(list); got != want {
			t.Errorf("%v is %q", lines, got)
		}
	}
}
