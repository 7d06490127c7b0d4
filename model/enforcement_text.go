package model

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// EnforcedSum is what an enforcement case enforces, in fen.
type EnforcedSum struct {
	OwedFen, OpenFen, InterestFen, PerDayFen Fen
	OrdinaryFen, OrdinaryPerDay              Fen // 一般债务利息 to date, and by which it grows
	FeeBaseFen                               Fen // what bears the fee for enforcement
	FeeFen                                   Fen // that fee
}

// EnforcedSum adds up what an enforcement case enforces as of a day.
func (d Debts) EnforcedSum(e EnforcementFile, paid Payments, set CourtSettings, today Date) EnforcedSum {
	list := e.Installments(d.Installments)
	r := d.ReckonAll(list, paid, set, today)
	s := EnforcedSum{OwedFen: r.OwedFen, OpenFen: r.PrincipalFen, InterestFen: r.DoubledFen, PerDayFen: r.PerDayFen, OrdinaryFen: r.OrdinaryFen, OrdinaryPerDay: r.OrdinaryPerDay}
	for _, i := range list {
		if d.Case.RegimeOf(d.Obligation(i.ObligationID)).Rules().Charge == ChargeFee {
			s.FeeBaseFen += i.AmountFen - i.ForgivenFen // what was forgiven is not enforced
		}
	}
	// What was applied for may be more than what is recorded here (interest); it
	// says nothing of duties without a fee.
	if s.FeeBaseFen > 0 && s.FeeBaseFen == s.OwedFen-r.ForgivenFen {
		s.FeeBaseFen = max(s.FeeBaseFen, e.AmountFen)
	}
	if s.FeeBaseFen > 0 {
		s.FeeFen = EnforcementFee(s.FeeBaseFen)
	}
	return s
}

// EnforcementFacts states what a debtor is enforced for, item by item, for the
// 执行通知书 and the 预告书.
func (d Debts) EnforcementFacts(kind DocumentKind, court Court, e EnforcementFile, officer string, partyID int64, paid Payments, today Date) DocumentFacts {
	f := d.caseFacts(kind, court, officer, partyID, "", today)
	f.Position, f.EnforcementNo, f.PerformBy = EnforcementDebtor.Chinese(), e.CaseNo, e.PerformBy
	var listed []Installment
	for _, i := range e.Installments(d.Installments) {
		ob := d.Obligation(i.ObligationID)
		if i.Done() || !d.Owes(partyID, i.ObligationID) {
			continue
		}
		to := court.Name
		if ob.ObligeeID != 0 {
			to = d.names(ob.Obligees())
		}
		in := d.Instrument(ob.InstrumentID)
		f.under(in)
		listed = append(listed, i)
		f.add(d.item(i, to, paid, court.Settings, today))
	}
	f.FeeFen, f.Regimes = d.feeOf(listed), d.regimesOf(listed)
	if kind == DocumentEnforcementNotice {
		f.Opening = startWords(f.Regimes)
		f.Points = d.enforcementPoints(court, f, listed)
		f.Points[0].Text += d.laterWords(e, partyID)
	} else {
		f.Points = slices.Concat(f.ordinaryPoints(), d.warningPoints(court, f, listed))
	}
	f.Points = append(f.Points, d.changePoints(partyID, listed)...)
	return f
}

// laterWords say which instalments an enforcement case leaves to voluntary
// performance, "" for none.
func (d Debts) laterWords(e EnforcementFile, partyID int64) string {
	var sum Fen
	var first Date
	for _, i := range e.LeftVoluntary(d.Installments) {
		if !d.Owes(partyID, i.ObligationID) {
			continue
		}
		sum += i.OutstandingFen()
		if first.IsZero() || i.DueOn.Before(first) {
			first = i.DueOn
		}
	}
	if sum == 0 {
		return ""
	}
	return fmt.Sprintf("本案执行的是已经到期的部分；自%s起陆续到期的其余 %s 元不在本案执行范围内，请仍按期自动履行，逾期的，申请执行人可以就其申请执行。", first.Chinese(), sum.Yuan())
}

func enforcementNotice(kind NoticeKind, cs Case, e EnforcementFile, key, title, body string) Notice {
	n := caseNotice(kind, cs, fmt.Sprintf("%d:%s", e.ID, key), title, body)
	if e.OfficerID != 0 {
		n = n.About(ResponsibleFor(0, e.OfficerID))
	}
	return n
}

// EnforcementAssignedNotice tells an officer that a case is his.
func EnforcementAssignedNotice(cs Case, e EnforcementFile) Notice {
	return enforcementNotice(NoticeEnforcementAssigned, cs, e, fmt.Sprint(e.OfficerID), "新收执行案件", fmt.Sprintf(
		"%s由您办理，执行依据见%s。", e.CaseNo, cs.CaseNo)).staff(e.OfficerID).about(ThingEnforcement.Of(e.ID))
}

// EnforcementFiledNotice tells an applicant that enforcement began and who
// handles it.
func EnforcementFiledNotice(court Court, cs Case, e EnforcementFile, partyID int64, officer string) Notice {
	return enforcementNotice(NoticeEnforcementFiled, cs, e, fmt.Sprint(partyID), "执行案件已立案", fmt.Sprintf(
		"以您为申请执行人的执行案件已立案，案号为%s，由执行法官%s办理，联系电话 %s。对方付款后，您可以在本小程序确认是否收到。", e.CaseNo, officer, court.CallAt())).
		to(partyID)
}

// EnforcementPaperNotice serves a paper on a debtor.
func EnforcementPaperNotice(court Court, cs Case, e EnforcementFile, partyID int64, doc Document) Notice {
	kind, title := NoticeEnforcementNotice, doc.Kind.Chinese()
	body := fmt.Sprintf("%s已立案执行。请于%s履行全部义务%s逾期不履行的，本院将依法采取强制措施。", e.CaseNo, e.PerformBy.By(), chargedWords(doc.Facts.Regimes))
	if doc.Kind == DocumentEnforcementWarning {
		kind = NoticeEnforcementWarning
		body = fmt.Sprintf("%s：如不按期履行，本院可以依法限制您高消费、将您纳入失信被执行人名单、罚款、拘留；构成犯罪的，依法追究刑事责任。现在履行，仍可避免上述措施。", e.CaseNo)
	}
	pay := "完成后请在本小程序上传完成的证明。"
	if len(doc.Facts.Items) == 0 || slices.ContainsFunc(doc.Facts.Items, func(it DocumentItem) bool { return it.OwedFen > 0 }) {
		pay = "可以汇入本院案款账户（" + cmp.Or(court.Account, "请向执行法官查询") + "），汇款附言请写：" + e.CaseNo + "。付款后请在本小程序上传汇款回执。亲属可以代为履行。"
	}
	n := enforcementNotice(kind, cs, e, fmt.Sprint(partyID), title, paragraphs(
		doc.Number, body, pay,
		"文书全文见本案“文书”。", court.Name)).to(partyID)
	n.Number = doc.Number
	return n
}

// EnforcementPerformedNotice tells the officer that everything is paid.
func EnforcementPerformedNotice(cs Case, e EnforcementFile, forgiven Fen) Notice {
	words := "所执行的义务已全部确认履行"
	if forgiven > 0 {
		words = "所执行的义务已经了结，其中 " + forgiven.Yuan() + " 元由权利人免除，其余已确认履行"
	}
	return enforcementNotice(NoticeEnforcementPerformed, cs, e, fmt.Sprintf("%s:%d", e.PerformedOn, e.Version), "义务已全部确认履行", fmt.Sprintf(
		"%s：%s，请核对迟延履行利息和费用，及时解除措施、办理结案。", e.CaseNo, words)).staff(e.OfficerID).about(ThingEnforcement.Of(e.ID))
}

// EnforcementClosedNotice tells a party how the case was closed.
func EnforcementClosedNotice(cs Case, e EnforcementFile, partyID int64) Notice {
	body := fmt.Sprintf("%s已于%s以“%s”结案。", e.CaseNo, e.ClosedOn.Chinese(), e.CloseType.Chinese())
	if e.CloseReason != "" {
		body += "理由：" + e.CloseReason
	}
	if e.CloseType == CloseThisRound {
		body += "。发现被执行人有可供执行财产的，可以申请恢复执行。"
	}
	return enforcementNotice(NoticeEnforcementClosed, cs, e, fmt.Sprint(partyID), "执行案件已结案", body).to(partyID)
}

// TaskLateNotice tells a member of staff that a task's clock ran out.
func TaskLateNotice(cs Case, t Task, userID int64) Notice {
	return caseNotice(NoticeTaskLate, cs, fmt.Sprintf("%d:%d", t.ID, userID), "办理事项已超期", fmt.Sprintf(
		"%s：“%s”应于%s前办结，已超期。%s", cs.CaseNo, t.Title, clock(t.DueAt), t.DueReason)).staff(userID).about(ThingTask.Of(t.ID))
}

func clock(t time.Time) string { return t.In(CourtZone).Format("2006年1月2日15时04分") }

// EnforcedOf are the instalments that an enforcement case enforces against a
// debtor: of the obligations that he owes, or of all when it names none of his
// (somebody who was added as a debtor). Of one of several joint debtors whom the
// creditor forgave it enforces nothing.
func (d Debts) EnforcedOf(e EnforcementFile, partyID int64) (out []Installment) {
	all := e.Installments(d.Installments)
	for _, i := range all {
		if d.Owes(partyID, i.ObligationID) {
			out = append(out, i)
		}
	}
	if len(out) == 0 && !d.forgiven(all, partyID) {
		return all
	}
	return out
}

// forgiven tells whether a party owed some of the instalments and its creditor
// forgave it. Source: 民法典 520 para. 2.
func (d Debts) forgiven(list []Installment, partyID int64) bool {
	return slices.ContainsFunc(d.Released, func(o Obligor) bool {
		return o.PartyID == partyID && slices.ContainsFunc(list, func(i Installment) bool { return i.ObligationID == o.ObligationID })
	})
}

// OverdueBy tells whether an instalment that is enforced against a debtor was due
// before a day and is open; firstDue is the first open due day when none was. What
// has no day is due.
func (d Debts) OverdueBy(e EnforcementFile, partyID int64, day Date) (overdue bool, firstDue Date) {
	for _, i := range d.EnforcedOf(e, partyID) {
		switch {
		case i.Done():
		case i.DueOn.IsZero() || i.DueOn.Before(day):
			return true, Date{}
		case firstDue.IsZero() || i.DueOn.Before(firstDue):
			firstDue = i.DueOn
		}
	}
	return false, firstDue
}

// PerformedBy tells whether everything that an enforcement case enforces
// against a debtor is performed, or was forgiven to him.
func (d Debts) PerformedBy(e EnforcementFile, partyID int64) bool {
	list := d.EnforcedOf(e, partyID)
	return PerformanceOf(list) == PerformanceFulfilled || len(list) == 0 && d.forgiven(e.Installments(d.Installments), partyID)
}
