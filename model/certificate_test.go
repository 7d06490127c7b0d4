package model

import (
	"strings"
	"testing"
	"time"
)

// A certificate of voluntary performance needs an instrument in force, all of it
// confirmed, before any enforcement case was filed, nothing waiting and none
// there (domain §3.4, §3.5); each line that is not met says what to do.
func TestWhoGetsACertificate(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	paid := []Installment{{AmountFen: Yuan(100), ConfirmedFen: Yuan(100), DueOn: today.AddDays(-9), PerformedOn: today.AddDays(-10)}}
	ok := CertificateCase{Instrument: Instrument{Kind: Judgment, EffectiveOn: today.AddDays(-60)}, Installments: paid, Today: today}
	for name, c := range map[string]struct {
		change func(*CertificateCase)
		unmet  string
		todo   string
	}{
		"all is well":                   {func(*CertificateCase) {}, "", ""},
		"in force from today":           {func(c *CertificateCase) { c.Instrument.EffectiveOn = today }, "", ""},
		"in force from tomorrow":        {func(c *CertificateCase) { c.Instrument.EffectiveOn = today.AddDays(1) }, "instrument.effective", "生效后"},
		"nobody knows whether it is":    {func(c *CertificateCase) { c.Instrument.EffectiveOn = Date{} }, "instrument.effective", "生效后"},
		"the plaintiff withdrew (撤诉裁定)": {func(c *CertificateCase) { c.Instrument = Instrument{Kind: WithdrawalRuling} }, "", ""},
		"paid before it was enforced":   {func(c *CertificateCase) { c.EnforcedFrom = today.AddDays(-9) }, "", ""},
		"paid on the day of filing":     {func(c *CertificateCase) { c.EnforcedFrom = today.AddDays(-10) }, "performance.voluntary", "信用修复"},
		"paid while it was enforced":    {func(c *CertificateCase) { c.EnforcedFrom = today.AddDays(-30) }, "performance.voluntary", "信用修复"},
		"a receipt waits":               {func(c *CertificateCase) { c.OpenReceipts = true }, "receipt.none_open", "等待承办法官"},
		"there is one":                  {func(c *CertificateCase) { c.HasValid = true }, "certificate.none", "无需重复"},
		"a part is open": {func(c *CertificateCase) {
			c.Installments = []Installment{{AmountFen: Yuan(1_000), ConfirmedFen: Yuan(400)}}
		}, "performance.fulfilled", "尚有 600.00 元"},
		"conduct is open":                    {func(c *CertificateCase) { c.Installments = []Installment{{}} }, "performance.fulfilled", "请先履行义务"},
		"he owes nothing by this instrument": {func(c *CertificateCase) { c.Installments = nil }, "obligation.exists performance.fulfilled", "补录"},
	} {
		x := ok
		c.change(&x)
		list := x.Requirements()
		var unmet, todo []string
		for _, r := range list {
			if r.Met != (r.Missing == "") || r.Text == "" {
				t.Errorf("%s: %+v", name, r)
			}
			if !r.Met {
				unmet, todo = append(unmet, r.Code), append(todo, r.Missing)
			}
		}
		if strings.Join(unmet, " ") != c.unmet || Eligible(list) != (c.unmet == "") || !strings.Contains(strings.Join(todo, ""), c.todo) {
			t.Errorf("%s: lacks %v: %v; want %q", name, unmet, todo, c.unmet)
		}
	}
}

// Domain §3.5: five grounds of revocation, each with its reason for whoever
// verifies, and once.
func TestRevokingACertificate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	for _, g := range []RevocationGround{GroundFalseReceipt, GroundPaymentReversed, GroundForged, GroundRetrial, GroundEnforcement} {
		key := "5:2"
		c := Certificate{State: CertificateValid, ActiveKey: &key}
		if err := c.Revoke("mood", "理由", 30, now); ReasonOf(err) != "certificate.ground" || c.State != CertificateValid {
			t.Errorf("revoked for a mood: %v", err)
		}
		if err := c.Revoke(g, " ", 30, now); ReasonOf(err) != "reason.required" || c.State != CertificateValid || c.ActiveKey == nil {
			t.Errorf("revoked without a reason: %v", err)
		}
		if err := c.Revoke(g, "银行退款", 30, now); err != nil || c.State != CertificateRevoked || c.ActiveKey != nil || c.RevokedBy != 30 || !c.RevokedAt.Equal(now) || g.Chinese() == "" {
			t.Errorf("%s: %v, %+v", g, err, c)
		}
		if err := c.Revoke(g, "再一次", 31, now); ReasonOf(err) != "certificate.revoked" || c.RevokeReason != "银行退款" {
			t.Errorf("revoked twice: %v, %+v", err, c)
		}
	}
	if got := DocumentNumber(DefaultCourtSettings().CertificatePattern, "镇法", 2020, 1); got != "镇法自履证〔2020〕1号" {
		t.Error(got)
	}
}

// A creditor who disputes says why; one who acknowledges need not.
func TestAnswersOfACreditor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	o := ObligeeResponse{}
	if err := o.Answers(ReceiptAnswer{State: ResponseDisputed, Reason: ""}, 60, now); ReasonOf(err) != "reason.required" || o.RespondedAt != nil {
		t.Errorf("%v, %+v", err, o)
	}
	if err := o.Answers(ReceiptAnswer{State: ResponseDisputed, Reason: "未到账"}, 60, now); err != nil || o.State != ResponseDisputed || o.RespondedBy != 60 {
		t.Errorf("%v, %+v", err, o)
	}
	if err := o.Answers(ReceiptAnswer{State: ResponseAcknowledged, Reason: ""}, 60, now); err != nil || o.State != ResponseAcknowledged || o.Reason != "" {
		t.Errorf("%v, %+v", err, o)
	}
}

// Whoever holds a paper with the whole name notices a changed one.
func TestANameForWhoeverHoldsThePaper(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"赵明远": "赵*远", "赵明": "赵*", "阿卜杜·热合曼": "阿*****曼", "": ""} {
		if got := MaskMiddle(Person, name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := MaskMiddle(Organisation, "甬兴建材有限公司"); got != "甬兴建材有限公司" {
		t.Error(got)
	}
}
