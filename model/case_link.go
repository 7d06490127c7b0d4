package model

import "fmt"

// LinkedNotice tells a person who proved who he is in an earlier case of the court
// that another case of his appeared by itself, and what to do if it is not his.
func LinkedNotice(court Court, cs Case, b Binding) Notice {
	return caseNotice(NoticeCaseLinked, cs, fmt.Sprintf("%d", b.ID), "案件已关联到您的小程序", paragraphs(
		cs.CaseNo+"：您此前已在本院核验身份，本案当事人的姓名和证件号码与您一致，本案已自动关联到您的小程序，无需再次绑定。",
		"如果您不是本案当事人，请立即致电"+court.Name+"，电话"+court.CallAt()+"。")).to(b.PartyID)
}
