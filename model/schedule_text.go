package model

import (
	"fmt"
	"time"
)

func stepNotice(court Court, s Step, cs Case, title, body string) Notice {
	n := caseNotice(s.Kind, cs, "", title, body).to(s.PartyID)
	n.card("court", court.Name)
	n.DedupeKey = s.Key // one step, one notice
	if !s.DueOn.IsZero() {
		n.card("due", s.DueOn.Chinese())
	}
	return n
}

// outstanding sums what is open of instalments, in fen, and lists conduct that
// is still to be done.
func (d Debts) outstanding(open []Installment) (sum Fen, conduct []string) {
	for _, i := range open {
		sum += max(0, i.OutstandingFen())
		if i.AmountFen == 0 {
			conduct = append(conduct, d.Obligation(i.ObligationID).Description)
		}
	}
	return sum, conduct
}

func what(sum Fen, conduct []string) string {
	var s string
	if sum > 0 {
		s = "给付 " + sum.Yuan() + " 元"
	}
	for _, c := range conduct {
		if s != "" {
			s += "；"
		}
		s += c
	}
	return s
}

func howToPay(court Court, cs Case) string {
	return "可以直接向权利人付款，也可以汇入本院案款账户（" + orNone(court.Account) + "），汇款附言请写：" + cs.CaseNo + "。付款后请在本小程序上传汇款回执。"
}

// DueSoonNotice reminds a debtor before a due day.
func (d Debts) DueSoonNotice(court Court, s Step, now time.Time) Notice {
	sum, conduct := d.outstanding(d.OpenDue(s.PartyID, s.DueOn))
	left := s.DueOn.Sub(DateOf(now))
	when := fmt.Sprintf("距履行期限届满还有 %d 天", left)
	if left == 0 {
		when = "今天是履行期限的最后一天"
	}
	n := stepNotice(court, s, d.Case, "履行期限提醒", paragraphs(
		fmt.Sprintf("%s：您应于%s前履行：%s。%s。", d.Case.CaseNo, s.DueOn.Chinese(), what(sum, conduct), when),
		howToPay(court, d.Case),
		"期限内全部履行的，可以申请《自动履行证明书》。如已履行，请忽略本提醒；确有困难的，请尽快与对方或承办法官联系。",
	)).card("remark", "履行期限将届满")
	n.LegalBy = s.DueOn
	return n
}

// DemandNotice is the 《自动履行催告书》, the first or the second, in the inbox: the
// paper's facts in short.
func (d Debts) DemandNotice(court Court, s Step, f DocumentFacts, now time.Time) Notice {
	sum, conduct := d.outstanding(d.OpenDue(s.PartyID, s.DueOn))
	text := []string{
		f.Number,
		fmt.Sprintf("%s：您应于%s前履行的义务（%s）至今未履行完毕，已逾期 %d 天。请立即履行。", d.Case.CaseNo, s.DueOn.Chinese(), what(sum, conduct), DateOf(now).Sub(s.DueOn)),
	}
	if len(f.Items) > 1 {
		text = append(text, fmt.Sprintf("本案您已逾期的义务共 %d 项，未付本金合计 %s 元，逐项情况见《自动履行催告书》。", len(f.Items), f.OpenFen.Yuan()))
	}
	if f.InterestFen > 0 {
		text = append(text, fmt.Sprintf("按法律规定，逾期期间应加倍支付迟延履行期间的债务利息：截至今日约 %s 元，此后每日约 %s 元。",
			f.InterestFen.Yuan(), f.PerDayFen.Yuan()))
	}
	if s.Kind == NoticeSecondDemand {
		if f.FeeFen > 0 {
			text = append(text, fmt.Sprintf("如对方申请强制执行，您还需另行承担执行申请费约 %s 元。", f.FeeFen.Yuan()))
		}
		text = append(text, "进入强制执行后，本院可以依法查封、扣押、冻结、划拨您的财产；符合法定情形的，可以将您纳入失信被执行人名单、限制高消费、罚款、拘留；构成犯罪的，依法追究刑事责任。")
	}
	text = append(text, howToPay(court, d.Case),
		"如已履行，请上传凭证；对履行内容有异议，或者需要分期履行的，请在本小程序留言或致电"+court.Name+"，电话"+orNone(court.Phone)+"。", court.Name)
	n := stepNotice(court, s, d.Case, "自动履行催告书", paragraphs(text...)).card("remark", "请查看自动履行催告书")
	n.Number = f.Number
	return n
}

// CreditorSheetNotice tells a creditor how and until when he may apply for
// enforcement (权利人须知).
func (d Debts) CreditorSheetNotice(court Court, s Step) Notice {
	open := d.OpenOwedTo(s.PartyID, s.InstrumentID)
	sum, conduct := d.outstanding(open)
	in := d.Instrument(s.InstrumentID)
	end := EnforcementPeriodEnd(in.EffectiveOn, open, Date{})
	until := "申请执行的期间为二年，从法律文书规定的履行期间最后一日起计算。"
	if !end.IsZero() {
		until = "申请执行的期间为二年，按目前的履行期限计算至" + end.Chinese() + "届满；对方分期履行的，从最后一期履行期限届满之日起计算；对方作出履行承诺的，重新计算。"
	}
	return stepNotice(court, s, d.Case, "权利人须知", paragraphs(
		fmt.Sprintf("%s：%s已生效，对方应向您履行：%s。", d.Case.CaseNo, in.Kind.Chinese(), what(sum, conduct)),
		"本院会在履行期限届满前后提醒、催告对方。收到款项后，请在本小程序确认，双方看到的是同一本履行台账。",
		"对方逾期不履行的，您可以向本院或者与本院同级的被执行财产所在地人民法院申请强制执行，需提交申请书、生效法律文书和身份证明。"+until,
		"您与对方自愿和解、同意延期或者分期的，请告知承办法官。咨询电话："+orNone(court.Phone)+"。",
		court.Name,
	)).card("remark", "请查看权利人须知")
}

// StepNotice is the notice of a step; f are the facts of its paper, if it has
// one. It is false when there is nothing to say any more.
func (d Debts) StepNotice(court Court, s Step, f DocumentFacts, now time.Time) (Notice, bool) {
	if s.Kind == NoticeCreditorSheet {
		if len(d.OpenOwedTo(s.PartyID, s.InstrumentID)) == 0 {
			return Notice{}, false
		}
		n := d.CreditorSheetNotice(court, s)
		n.Number = f.Number
		return n, true
	}
	if len(d.OpenDue(s.PartyID, s.DueOn)) == 0 {
		return Notice{}, false
	}
	if s.Kind == NoticeDueSoon {
		return d.DueSoonNotice(court, s, now), true
	}
	return d.DemandNotice(court, s, f, now), true
}

// JudgeWork counts what waits for a judge.
type JudgeWork struct {
	JudgeID      int64
	Receipts     int64 // waiting to be confirmed
	Applications int64 // for a certificate
	Overdue      int64 // cases with something overdue
	Messages     int64 // conversations in which he is to answer
	LateMessages int64 // of them, those whose clock ran out
}

// JudgeDigestNotice is a judge's one card a day: how much waits for him. It
// names no case, so it may be read on a lock screen.
func JudgeDigestNotice(court Court, today Date, w JudgeWork) Notice {
	text := fmt.Sprintf("今日待办：待确认回执 %d 份，证明书申请 %d 件，逾期案件 %d 件，待答复留言 %d 件", w.Receipts, w.Applications, w.Overdue, w.Messages)
	if w.LateMessages > 0 {
		text += fmt.Sprintf("（其中 %d 件已超过答复期限）", w.LateMessages)
	}
	return Notice{
		CourtID: court.ID, Kind: NoticeJudgeDigest, DedupeKey: fmt.Sprintf("%s:%d:%s", NoticeJudgeDigest, w.JudgeID, today),
		Title: "每日待办", Body: text + "。", Page: "pages/desk/today",
		Card: map[string]string{"court": court.Name, "remark": fmt.Sprintf("回执%d申请%d逾期%d留言%d", w.Receipts, w.Applications, w.Overdue, w.Messages), "result": "待处理"},
	}.staff(w.JudgeID)
}
