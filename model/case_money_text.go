package model

import "fmt"

// moneyNotice tells a party of a case of this court about money that is his.
func moneyNotice(cs Case, key, title string, partyID int64, body ...string) Notice {
	return caseNotice(NoticeCaseMoney, cs, fmt.Sprintf("%s:%d", key, partyID), title, paragraphs(body...)).to(partyID)
}

// MoneyArrivedNotice tells an applicant that money came in, and until when it is
// paid out.
func MoneyArrivedNotice(cs Case, e EnforcementCase, m CaseMoney, partyID int64) Notice {
	return moneyNotice(cs, fmt.Sprintf("arrived:%d:%d", m.ID, m.Version), "执行款已到账", partyID,
		fmt.Sprintf("%s：本院案款账户已收到执行款 %s 元。本院将于%s完成核算和发放；依法应当延缓发放的，会告知您原因"+by(CiteMoneyTerm)+"。", e.CaseNo, m.HeldFen.Yuan(), m.DueOn.By()),
		"请在小程序中登记您本人名下的收款账户；已经登记的不必重复登记。到账的款项须先扣除执行费用、与其他债权人分配的，您实际收到的数额可能较少。")
}

// MoneyToPayNotice tells the officer that money of his case arrived (到账通知): his
// term runs from it.
func MoneyToPayNotice(cs Case, e EnforcementCase, m CaseMoney) Notice {
	return caseNotice(NoticeMoneyToPay, cs, fmt.Sprintf("%d:%d", m.ID, m.Version), "执行款到账通知", fmt.Sprintf(
		"%s：%s %s 元到账（付款人%s，%s）。请于%s完成核算、执行费用的结算、通知领取和发放"+by(CiteMoneyTerm)+"。", e.CaseNo, m.ArrivedOn.Chinese(), m.HeldFen.Yuan(), m.PayerName, m.Source.Chinese(), m.DueOn.By())).
		staff(e.OfficerID).about(ThingCaseMoney.Of(m.ID))
}

// MoneyDelayedNotice tells an applicant that his money is paid out later, and why.
func MoneyDelayedNotice(cs Case, e EnforcementCase, m CaseMoney, d PayoutDelay, partyID int64) Notice {
	return moneyNotice(cs, fmt.Sprintf("delayed:%d:%d", d.ID, d.Version), "执行款延缓发放", partyID,
		fmt.Sprintf("%s：%s到账的执行款 %s 元经批准延缓发放，情形：%s"+by(CiteMoneyTerm)+"，预计至%s。情形消失后十日内发放。对此有意见的，可以联系承办的执行法官。",
			e.CaseNo, m.ArrivedOn.Chinese(), m.HeldFen.Yuan(), d.Ground.Chinese(), d.UntilOn.Chinese()))
}

// PayoutNotice tells the creditor what became of money that was to go to him.
func PayoutNotice(cs Case, e EnforcementCase, p Payout) Notice {
	key := fmt.Sprintf("%s:%d", ThingPayout.Key(p.ID), p.Version)
	switch {
	case p.State == PayoutCameBack:
		return moneyNotice(cs, key, "执行款付款被退回", p.PartyID, fmt.Sprintf(
			"%s：%s付给您的 %s 元被银行退回，款项仍在本院案款账户。请核对收款账户，有误的请重新登记。", e.CaseNo, p.PaidOn.Chinese(), p.AmountFen.Yuan()))
	case p.Lodged != nil:
		return moneyNotice(cs, key, "执行款已提存", p.PartyID, fmt.Sprintf("%s：应发放给您的 %s 元，已于%s%s。%s",
			e.CaseNo, p.AmountFen.Yuan(), p.PaidOn.Chinese(), p.Lodged.Words(), p.Lodged.Collecting()))
	}
	return moneyNotice(cs, key, "执行款已发放", p.PartyID, fmt.Sprintf("%s：%s 元已于%s付至您登记的收款账户（尾号 %s，银行流水号 %s）。没有收到的，请联系本院。",
		e.CaseNo, p.AmountFen.Yuan(), p.PaidOn.Chinese(), tail(p.Number), p.BankRef))
}
