package model

import (
	"testing"
)

// domain.md §3.8: the 告知书 at filing says that it is no finding on liability,
// how to pay and what is gained and lost; the instrument's notice says who owes
// what, until when.
func TestNoticesOfFilingAndInstrument(t *testing.T) {
	t.Parallel()
	cs := aDebt().Case
	n := FiledNotice(scheduleCourt, cs, Party{ID: 1, Role: Defendant, Name: "李某"}, "镇法自履告〔2026〕1号")
	bodySays(t, "filed", n.Body, "被告李某", "不代表本院对案件责任的认定", "案款专户 3901", "《自动履行证明书》", "加倍支付迟延履行期间的债务利息", "0574-12368")
	if n.PartyID != 1 || n.Number != "镇法自履告〔2026〕1号" {
		t.Errorf("%+v", n)
	}
	bare := scheduleCourt
	bare.Account, bare.Phone = "", ""
	bodySays(t, "a court without an account", FiledNotice(bare, cs, Party{}, "").Body, "本院案款账户（请向承办法官查询）", "电话12368")

	in := aDebt().Instruments[0]
	duties := []Duty{
		{Description: "金钱给付", AmountFen: Yuan(1000), DueOn: NewDate(2026, 4, 10), DueReason: "末日顺延", ToName: "王某", Owes: true},
		{Description: "腾退房屋", DueOn: NewDate(2026, 3, 31), ToName: "王某", Owes: true},
		{Description: "赔礼道歉", ToName: "王某", Owes: true},
	}
	n = InstrumentNotice(scheduleCourt, cs, Party{ID: 1, Role: Defendant, Name: "李某"}, in, duties)
	bodySays(t, "who owes", n.Body, "1. 应向王某履行：1,000.00 元，2026年4月10日前（末日顺延）。", "2. 应向王某履行：腾退房屋，2026年3月31日前。", "3. 应向王某履行：赔礼道歉，履行期限以法律文书为准。", "上传汇款回执")
	n = InstrumentNotice(scheduleCourt, cs, Party{ID: 2, Role: Plaintiff, Name: "王某"}, in, []Duty{{AmountFen: Yuan(1000), ToName: "李某", Regime: RegimeCivil}})
	bodySays(t, "who is owed", n.Body, "由李某向您履行：1,000.00 元", "申请强制执行", "申请执行的期间为二年")
	bodyHides(t, "who is owed", n.Body, "上传汇款回执")
}

// What payer, creditor and judge read of one receipt.
func TestNoticesOfReceipts(t *testing.T) {
	t.Parallel()
	r := Receipt{ID: 6, CourtID: 9, CaseID: 1, PartyID: 1, JudgeID: 8, CaseNo: "（2026）浙0211民初1号", ClaimedFen: Yuan(500), ConfirmedFen: Yuan(400), PaidOn: NewDate(2026, 3, 2), ReturnReason: "图片不清"}
	for name, tt := range map[string]struct {
		n           Notice
		party, user int64
		words       []string
	}{
		"received":          {ReceiptReceivedNotice(scheduleCourt, r), 1, 0, []string{"申报金额 500.00 元", "2026年3月2日", "处理前您可以撤回"}},
		"submitted":         {ReceiptSubmittedNotice(scheduleCourt, r), 0, 8, []string{"待确认，申报金额 500.00 元"}},
		"returned":          {ReceiptReturnedNotice(scheduleCourt, r), 1, 0, []string{"退回原因：图片不清", "补正后重新上传"}},
		"confirmed":         {ReceiptConfirmedNotice(scheduleCourt, r, 2, Reckoning{PrincipalFen: Yuan(600)}), 2, 0, []string{"2026年3月2日 的付款", "尚未履行 600.00 元"}},
		"confirmed, all":    {ReceiptConfirmedNotice(scheduleCourt, r, 1, Reckoning{}), 1, 0, []string{"全部金钱义务已履行完毕"}},
		"corrected":         {ReceiptCorrectedNotice(scheduleCourt, r, 1, "重复", 3), 1, 0, []string{"更正后的确认金额为 400.00 元", "更正原因：重复"}},
		"the creditor":      {ObligeeAskedNotice(scheduleCourt, r, 2, NewDate(2026, 3, 9)), 2, 0, []string{"请于2026年3月9日前确认", "逾期未答复的，由承办法官根据凭证审查"}},
		"he did not get it": {ReceiptDisputedNotice(scheduleCourt, r, "王某"), 0, 8, []string{"权利人王某", "提出异议"}},
	} {
		bodySays(t, name, tt.n.Body, append(tt.words, r.CaseNo)...)
		if tt.n.PartyID != tt.party || tt.n.UserID != tt.user {
			t.Errorf("%s: party %d, user %d", name, tt.n.PartyID, tt.n.UserID)
		}
	}
	if ReceiptCorrectedNotice(scheduleCourt, r, 1, "重复", 4).DedupeKey == ReceiptCorrectedNotice(scheduleCourt, r, 1, "重复", 3).DedupeKey {
		t.Error("the second correction is not told")
	}
}

// Certificate, promise and hand-over; a promise tells the creditor the new end
// of his period (民事诉讼法 250).
func TestNoticesOfCertificatesAndPromises(t *testing.T) {
	t.Parallel()
	cs := aDebt().Case
	cs.JudgeID = 8
	cert := Certificate{ID: 3, PartyID: 1, Number: "镇法自履证〔2026〕1号", RevokeReason: "付款被冲回"}
	bodySays(t, "issued", CertificateIssuedNotice(scheduleCourt, cs, cert).Body, cert.Number, "校验码", "二维码")
	n := CertificateRevokedNotice(scheduleCourt, cs, cert)
	bodySays(t, "revoked", n.Body, "撤销事由", "付款被冲回", "如有异议，请向"+scheduleCourt.Name+"提出")
	if n.PartyID != 1 || n.Page != "pages/certificate/detail?id=3" {
		t.Errorf("%+v", n)
	}
	n = CertificateAppliedNotice(scheduleCourt, cs, CertificateApplication{ID: 2}, Party{Name: "李某"})
	bodySays(t, "applied", n.Body, "李某申请出具《自动履行证明书》")
	if n.UserID != 8 || HandedOverNotice(scheduleCourt, cs, 7, 1).UserID != 7 {
		t.Errorf("%+v", n)
	}
	loan := aLoan()
	pr := promiseOf(1, NewDate(2026, 8, 3))
	periods := loan.ApplicationPeriods(PeriodRecord{Promises: []Promise{pr}}, ShippedCalendar(), NewDate(2026, 8, 3))
	bodyHides(t, "promised without a day", loan.PromiseNotice(pr, 2, nil).Body, "承诺于", "期间")
	pr.PayBy = NewDate(2026, 9, 1)
	n = loan.PromiseNotice(pr, 2, periods.For(loan, 2, 0))
	bodySays(t, "promised", n.Body, "李某在小程序中作出履行承诺，承诺于2026年9月1日前履行", "李某同意履行，期间中断", "至2028年8月3日届满")
	if n.PartyID != 2 {
		t.Errorf("%+v", n)
	}
}
