package model

import (
	"fmt"
	"slices"
	"strings"
)

// Duty is one line of what a party owes or is owed, for a notice.
type Duty struct {
	Description string // 金钱给付, or what is to be done
	AmountFen   Fen    // 0 for conduct and delivery
	DueOn       Date
	DueReason   string // how DueOn was computed, "" when the instrument names it
	ToName      string // to whom, or from whom
	Owes        bool   // false: the addressee is owed
	Regime      Regime
	ToCourt     bool   // paid to the court's account
	Interest    string // the ordinary interest that runs on it, in words
	Dues        string // the rule of dues that come again and again, in words; DueOn is the first that is open
}

func (d Duty) sentence() string {
	what := d.Description
	if d.AmountFen > 0 {
		what = d.AmountFen.Yuan() + " 元"
	}
	when := "履行期限以法律文书为准"
	if d.Dues != "" {
		what, when = d.Dues, "最近一期"+d.DueOn.Chinese()+"到期"
	} else if !d.DueOn.IsZero() {
		when = d.DueOn.By()
	}
	if d.DueReason != "" && d.Dues == "" {
		when += "（" + d.DueReason + "）"
	}
	if d.Interest != "" {
		what += "及一般债务利息（" + d.Interest + "）"
	}
	if d.Owes {
		return fmt.Sprintf("应向%s履行：%s，%s。", d.ToName, what, when)
	}
	return fmt.Sprintf("由%s向您履行：%s，%s。", d.ToName, what, when)
}

const (
	pageCase        = "pages/case/detail?id=%d"
	pageReceipt     = "pages/receipt/detail?id=%d"
	pageCertificate = "pages/certificate/detail?id=%d"
)

func paragraphs(s ...string) string { return strings.Join(s, "\n") }

func caseNotice(kind NoticeKind, cs Case, key, title, body string) Notice {
	return Notice{
		CourtID: cs.CourtID, CaseID: cs.ID, Kind: kind, DedupeKey: string(kind) + ":" + key, Title: title, Body: body,
		Page: fmt.Sprintf(pageCase, cs.ID),
	}
}

func receiptNotice(kind NoticeKind, r Receipt, key, title, body string) Notice {
	return Notice{
		CourtID: r.CourtID, CaseID: r.CaseID, Kind: kind, DedupeKey: string(kind) + ":" + key, Title: title, Body: body,
		Page: fmt.Sprintf(pageReceipt, r.ID),
	}.About(r.Responsible())
}

func (n Notice) to(partyID int64) Notice { n.PartyID = partyID; return n }

func (n Notice) staff(userID int64) Notice { n.UserID = userID; return n }

// about says what a notice to staff speaks of: it leads there, and is done when
// that is.
func (n Notice) about(t Thing) Notice { n.Subject = t; return n }

// FiledNotice is the 《自动履行告知书》 that every party gets at filing.
func FiledNotice(court Court, cs Case, p Party, number string) Notice {
	text := []string{number, p.Role.Chinese() + p.Name + "：", filingOpening(cs)}
	for i, point := range FilingPoints(court, cs, p.Role) {
		text = append(text, point.line(i))
	}
	text = append(text, "如有疑问，请联系"+court.Name+"，电话"+court.CallAt()+"。", court.Name)
	n := caseNotice(NoticeFiled, cs, fmt.Sprintf("%d:%d", cs.ID, p.ID), "自动履行告知书", paragraphs(text...)).
		to(p.ID)
	n.Number = number
	return n
}

// orNone is the account of a court, or where it can be asked for.
func orNone(s string) string {
	if s == "" {
		return "请向承办法官查询"
	}
	return s
}

// whose joins a case with an instrument: its own, or one that it rests on.
func whose(k InstrumentKind) string {
	if k.Elsewhere() {
		return "所依据的"
	}
	return "的"
}

// waysTold is how and until when a creditor gets enforcement, regime by regime.
func waysTold(k InstrumentKind, regimes []Regime) string {
	if k.Elsewhere() {
		return k.claims(regimes) + k.until(regimes)
	}
	return told(regimes, func(r Rules) string { return r.Claims + r.Until })
}

// InstrumentNotice tells a party what an instrument says he owes or is owed.
func InstrumentNotice(court Court, cs Case, p Party, in Instrument, duties []Duty) Notice {
	body := []string{
		fmt.Sprintf("%s%s：", p.Role.Chinese(), p.Name),
		fmt.Sprintf("%s%s%s（%s）确定的义务如下：", cs.CaseNo, whose(in.Kind), in.Kind.Chinese(), in.Number),
	}
	var due Date
	owes := false
	for i, d := range duties {
		body = append(body, fmt.Sprintf("%d. %s", i+1, d.sentence()))
		if !d.DueOn.IsZero() && (due.IsZero() || d.DueOn.Before(due)) {
			due = d.DueOn
		}
		owes = owes || d.Owes
	}
	var regimes []Regime
	toParty, toCourt := false, false
	for _, d := range duties {
		if !slices.Contains(regimes, d.Regime) {
			regimes = append(regimes, d.Regime)
		}
		toParty, toCourt = toParty || !d.ToCourt, toCourt || d.ToCourt
	}
	if owes {
		body = append(body, payWords(court, cs.CaseNo, regimes, toParty, toCourt)+"付款后请在本小程序上传汇款回执。", told(regimes, func(r Rules) string { return r.Means }))
	} else {
		body = append(body, "收到款项后请在本小程序确认。", waysTold(in.Kind, regimes))
	}
	body = slices.DeleteFunc(body, func(s string) bool { return s == "" })
	n := caseNotice(NoticeInstrument, cs, fmt.Sprintf("%d:%d", in.ID, p.ID), "履行事项通知", paragraphs(body...)).
		to(p.ID)
	return n
}

// ReceiptReceivedNotice tells the payer that his receipt arrived.
func ReceiptReceivedNotice(_ Court, r Receipt) Notice {
	day := "付款日期 " + r.PaidOn.Chinese()
	if r.CreditorID() != 0 {
		day = r.Means() + "；" + r.PaidOn.Chinese()
	}
	return receiptNotice(NoticeReceiptReceived, r, fmt.Sprint(r.ID), "已收到"+r.name(), fmt.Sprintf(
		"%s：%s提交的%s（申报金额 %s 元，%s）已收到，%s将尽快核对。%s",
		r.CaseNo, r.submitter(), r.name(), r.ClaimedFen.Yuan(), day, r.Responsible().Title(), r.takeBack())).to(r.PartyID)
}

// ReceiptSubmittedNotice tells the judge that a receipt waits.
func ReceiptSubmittedNotice(_ Court, r Receipt) Notice {
	if r.DistributionID != 0 {
		return receiptNotice(NoticeReceiptSubmitted, r, fmt.Sprint(r.ID), "有新的分配款项待确认", fmt.Sprintf(
			"%s：%s %s 元待确认。", r.CaseNo, r.performed(), r.ClaimedFen.Yuan())).staff(r.Responsible().UserID).about(ThingReceipt.Of(r.ID))
	}
	by := r.HandedIn()
	if by != "" {
		by = "（" + by + "）"
	}
	return receiptNotice(NoticeReceiptSubmitted, r, fmt.Sprint(r.ID), "有新的"+r.name()+"待确认", fmt.Sprintf(
		"%s有一份%s待确认，申报金额 %s 元%s。", r.CaseNo, r.name(), r.ClaimedFen.Yuan(), by)).staff(r.Responsible().UserID).about(ThingReceipt.Of(r.ID))
}

// ReceiptReturnedNotice tells the payer why his receipt came back.
func ReceiptReturnedNotice(_ Court, r Receipt) Notice {
	return receiptNotice(NoticeReceiptReturned, r, fmt.Sprint(r.ID), r.name()+"被退回", paragraphs(
		fmt.Sprintf("%s：%s提交的%s %s 元的%s被退回。", r.CaseNo, r.submitter(), r.performed(), r.ClaimedFen.Yuan(), r.name()),
		"退回原因："+r.ReturnReason, r.mend()+r.partWords())).to(r.PartyID)
}

// ReceiptWithdrawnNotice tells the debtor that who handed a receipt in for him took it
// back.
func ReceiptWithdrawnNotice(r Receipt) Notice {
	return receiptNotice(NoticeReceiptWithdrawn, r, fmt.Sprint(r.ID), r.name()+"已撤回", fmt.Sprintf(
		"%s：%s提交的%s %s 元的%s已由提交人撤回，本院不再处理。款项确已支付的，请重新提交。", r.CaseNo, r.submitter(), r.performed(), r.ClaimedFen.Yuan(), r.name())).
		to(r.PartyID)
}

// ShareReturnedNotice tells whoever made a plan of distribution that one creditor's
// part of it was not confirmed: no party submitted it, and none has to mend it.
func ShareReturnedNotice(r Receipt) Notice {
	return receiptNotice(NoticeShareReturned, r, fmt.Sprint(r.ID), "分配款项被退回", paragraphs(
		fmt.Sprintf("%s：%s %s 元没有确认。", r.CaseNo, r.performed(), r.ClaimedFen.Yuan()), "退回原因："+r.ReturnReason)).staff(r.UserID).about(ThingReceipt.Of(r.ID))
}

// ReceiptConfirmedNotice tells the payer, or an obligee, that an amount was
// confirmed and what is still open for him, in fen.
func ReceiptConfirmedNotice(_ Court, r Receipt, partyID int64, left Reckoning) Notice {
	rest := "全部金钱义务已履行完毕。"
	switch {
	case left.Unconverted > 0:
		rest = "另有以外币确定的义务尚未履行，折合人民币的数额待登记汇率。"
	case left.DoubledFen > 0:
		rest = "法律文书确定的金钱义务已付清。"
	}
	switch {
	case left.PrincipalFen > 0:
		rest = "尚未履行 " + left.PrincipalFen.Yuan() + " 元。"
		if left.OrdinaryFen > 0 {
			rest = "尚未履行 " + left.PrincipalFen.Yuan() + " 元，另欠截至今日的一般债务利息 " + left.OrdinaryFen.Yuan() + " 元。"
		}
	case left.OrdinaryFen > 0:
		rest = "法律文书确定的其他款项已付清，尚欠一般债务利息 " + left.OrdinaryFen.Yuan() + " 元。"
	}
	if left.DoubledFen > 0 {
		rest += "尚欠加倍部分债务利息 " + left.DoubledFen.Yuan() + " 元。"
	}
	title, body := "履行款项已确认", fmt.Sprintf("%s：%s已确认%s %s 元。%s", r.CaseNo, r.decider(), r.performed(), r.ConfirmedFen.Yuan(), rest)
	switch {
	case r.ProofKind == ProofConduct && r.ConfirmedFen == 0:
		title, body = "履行已确认", fmt.Sprintf("%s：%s已确认%s。%s", r.CaseNo, r.decider(), r.performed(), rest)
	case partyID != r.PartyID && r.ConfirmedFen == 0: // nothing of it was booked for him
		body = fmt.Sprintf("%s：%s已确认%s，其中没有抵充对您的义务的部分。%s", r.CaseNo, r.decider(), r.performed(), rest)
	case r.SetOff != nil:
		title = "抵销已确认"
		body = fmt.Sprintf("%s：已确认%s，双方债务在 %s 元内消灭，没有款项往来。%s", r.CaseNo, r.performed(), r.ConfirmedFen.Yuan(), rest)
	case r.Lodged != nil:
		title = "提存已确认"
		body = fmt.Sprintf("%s：已确认%s %s 元，视为已在该范围内交付。%s", r.CaseNo, r.performed(), r.ConfirmedFen.Yuan(), rest)
		if partyID == r.CreditorID() {
			body = paragraphs(body, r.Lodged.Collecting())
		}
	}
	if r.DistributionID != 0 {
		title = "分配款项已确认"
		body = fmt.Sprintf("%s：已确认%s %s 元。%s", r.CaseNo, r.performed(), r.ConfirmedFen.Yuan(), rest)
	}
	if r.Foreign != nil {
		body = paragraphs(body, r.Foreign.Words(r.ConfirmedFen)+"；上述人民币金额按登记的汇率记账。")
	}
	return receiptNotice(NoticeReceiptConfirmed, r, fmt.Sprintf("%d:%d", r.ID, partyID), title, body).
		to(partyID)
}

// OffersCertificate adds to the confirmation of the last payment that a certificate can
// be applied for, and leads there.
func (n Notice) OffersCertificate(title string) Notice {
	n.Body = paragraphs(n.Body, "您的义务已全部履行完毕，现在可以申请《"+title+"》：打开本通知，在本案的“证明书”中申请。")
	n.Page = fmt.Sprintf(pageCase, n.CaseID) + "&tab=certificate"
	return n
}

// ReceiptCorrectedNotice tells a party that a confirmation was corrected.
func ReceiptCorrectedNotice(_ Court, r Receipt, partyID int64, reason string, entryID int64) Notice {
	return receiptNotice(NoticeReceiptCorrected, r, fmt.Sprintf("%d:%d:%d", r.ID, partyID, entryID), "履行款项确认更正", paragraphs(
		fmt.Sprintf("%s：%s的确认已更正，更正后的确认金额为 %s 元。", r.CaseNo, strings.TrimSpace(r.performed()), r.ConfirmedFen.Yuan()),
		"更正原因："+reason)).to(partyID)
}

// ObligeeAskedNotice asks an obligee whether the money arrived.
func ObligeeAskedNotice(_ Court, r Receipt, partyID int64, due Date) Notice {
	key := fmt.Sprintf("%d:%d", r.ID, partyID)
	switch {
	case r.SetOff != nil:
		return receiptNotice(NoticeObligeeAsked, r, key, "对方主张抵销", paragraphs(
			fmt.Sprintf("%s：对方主张以对您的债权抵销应向您履行的 %s 元，%s；对方称抵销的通知已于%s到达您（%s）。", r.CaseNo, r.ClaimedFen.Yuan(), r.SetOff.Words(), r.SetOff.NoticeOn.Chinese(), r.SetOff.How),
			fmt.Sprintf("请于%s答复：认可该债权的，请确认；没有收到通知、不认可该债权、约定或者依法不得抵销、该债权已过诉讼时效的，请提出异议并说明理由。逾期未答复的，由%s审查。", due.By(), r.Responsible().Title()))).
			to(partyID)
	case r.Lodged != nil:
		return receiptNotice(NoticeObligeeAsked, r, key, "对方称已为您提存款项", paragraphs(
			fmt.Sprintf("%s：对方称已于%s为您提存 %s 元。%s", r.CaseNo, r.PaidOn.Chinese(), r.ClaimedFen.Yuan(), r.Lodged.Collecting()),
			fmt.Sprintf("对方所述提存原因：%s。不属实的，请于%s提出异议并说明理由。逾期未答复的，由%s审查。", r.Lodged.Ground.Chinese(), due.By(), r.Responsible().Title()))).
			to(partyID)
	}
	return receiptNotice(NoticeObligeeAsked, r, fmt.Sprintf("%d:%d", r.ID, partyID), "请确认是否收到款项", fmt.Sprintf(
		"%s：%s。请于%s确认是否收到；收到的金额不同的，请填写实际收到的金额；未收到的，请提出异议并说明理由。逾期未答复的，由%s%s。",
		r.CaseNo, r.asks(), due.By(), r.Responsible().Title(), r.decides())).to(partyID)
}

// ReceiptDisputedNotice tells the judge that an obligee disputes.
func ReceiptDisputedNotice(_ Court, r Receipt, obligee string) Notice {
	return receiptNotice(NoticeReceiptDisputed, r, fmt.Sprint(r.ID, ":", obligee), "权利人对回执提出异议", fmt.Sprintf(
		"%s：权利人%s对一份%s提出异议，请核实。", r.CaseNo, obligee, r.name())).staff(r.Responsible().UserID).about(ThingReceipt.Of(r.ID))
}

// CertificateIssuedNotice tells the holder that his certificate is there.
func CertificateIssuedNotice(_ Court, cs Case, cert Certificate) Notice {
	n := caseNotice(NoticeCertificateIssued, cs, fmt.Sprint(cert.ID), cert.PerformedBy.Title()+"已出具", fmt.Sprintf(
		"%s：您的《%s》（%s）已出具，可在本小程序查看、下载。他人可凭编号和校验码，或扫描证明书上的二维码查验。",
		cs.CaseNo, cert.PerformedBy.Title(), cert.Number)).to(cert.PartyID)
	n.Page = fmt.Sprintf(pageCertificate, cert.ID)
	return n
}

// CertificateRevokedNotice tells the holder why his certificate was revoked.
func CertificateRevokedNotice(court Court, cs Case, cert Certificate) Notice {
	n := caseNotice(NoticeCertificateRevoked, cs, fmt.Sprint(cert.ID), cert.PerformedBy.Title()+"已撤销", paragraphs(
		fmt.Sprintf("%s：您的《%s》（%s）已被撤销。", cs.CaseNo, cert.PerformedBy.Title(), cert.Number),
		"撤销事由："+cert.RevokeGround.Chinese()+"。"+cert.RevokeReason,
		"如有异议，请向"+court.Name+"提出。")).to(cert.PartyID)
	n.Page = fmt.Sprintf(pageCertificate, cert.ID)
	return n
}

// CertificateAppliedNotice tells the judge of an application.
func CertificateAppliedNotice(_ Court, cs Case, app CertificateApplication, party Party) Notice {
	return caseNotice(NoticeCertificateApplied, cs, fmt.Sprint(app.ID), "有新的证明书申请", fmt.Sprintf(
		"%s：%s申请出具《自动履行证明书》，请审查。", cs.CaseNo, party.Name)).staff(cs.JudgeID).about(ThingApplication.Of(app.ID))
}

// PromiseNotice tells an obligee of the debtor's promise and how his periods for
// applying for enforcement stand with it, own. He may have none, for instance
// where the court moves enforcement by itself.
func (d Debts) PromiseNotice(pr Promise, partyID int64, own ApplicationPeriods) Notice {
	by := ""
	if !pr.PayBy.IsZero() {
		by = "，承诺于" + pr.PayBy.By() + "履行"
	}
	n := caseNotice(NoticePromise, d.Case, fmt.Sprintf("%d:%d", pr.ID, partyID), "对方作出履行承诺", fmt.Sprintf(
		"%s：%s在小程序中作出履行承诺%s。%s", d.Case.CaseNo, d.Party(pr.PartyID).Name, by, own.Words(d))).to(partyID)
	return n
}

// HandedOverNotice tells a judge that a case is his now.
func HandedOverNotice(_ Court, cs Case, toJudgeID, handoverID int64) Notice {
	return caseNotice(NoticeCaseHandedOver, cs, fmt.Sprint(handoverID), "案件已移交给您", fmt.Sprintf(
		"%s已移交给您承办，督促履行的职责一并移交。", cs.CaseNo)).staff(toJudgeID).about(ThingCase.Of(cs.ID))
}
