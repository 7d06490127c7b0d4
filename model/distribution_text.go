package model

import "fmt"

// DistributionServedNotice tells a party of a case of this court what it gets by
// a plan, or, as the debtor, what is shared, and until when it can object. partyID is
// the party who is told.
func DistributionServedNotice(cs Case, d Distribution, c DistributionClaim, partyID int64) Notice {
	what := fmt.Sprintf("向您分配 %s 元，债权数额 %s 元", c.SumFen().Yuan(), (c.AmountFen + c.DoubledFen).Yuan())
	if partyID == c.DebtorID {
		what = fmt.Sprintf("其中向%s分配 %s 元", c.Creditor, c.SumFen().Yuan())
	}
	return caseNotice(NoticeDistribution, cs, fmt.Sprintf("%d:%d:%d", d.ID, c.ID, partyID), "财产分配方案", paragraphs(
		fmt.Sprintf("%s：执行所得 %s 元，扣除执行费用 %s 元后按方案分配，%s。规则：%s（%s）。", c.CaseNo, d.AmountFen.Yuan(), d.CostsFen.Yuan(), what, d.Rule.Chinese(), d.Rule.Citation(d.LegalPerson)),
		"对方案有异议的，应自收到之日起十五日内向本院提出书面异议（"+CiteDistributionServed.Short()+"）。未获清偿的部分，被执行人应当继续清偿。")).
		to(partyID)
}

// DistributionWithdrawnNotice tells a party who was told of a plan that it does not
// count any more.
func DistributionWithdrawnNotice(cs Case, d Distribution, c DistributionClaim, partyID int64) Notice {
	return caseNotice(NoticeDistribution, cs, fmt.Sprintf("%d:%d:%d:withdrawn", d.ID, c.ID, partyID), "财产分配方案已撤销", paragraphs(
		fmt.Sprintf("%s：%s送达的财产分配方案已撤销，不再据以分配，也无需再对该方案提出异议；另行拟定的方案，本院会重新送达。", c.CaseNo, d.ServedOn.Chinese()),
		"撤销原因："+d.EndReason)).to(partyID)
}
