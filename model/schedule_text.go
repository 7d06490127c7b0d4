package model

import (
	"fmt"
	"slices"
	"time"
)

func stepNotice(s Step, cs Case, title, body string) Notice {
	n := caseNotice(s.Kind, cs, "", title, body).to(s.PartyID)
	n.DedupeKey = s.Key // one step, one notice
	return n
}

// outstanding sums what is to be paid of instalments by their day, in fen, and lists conduct that
// is still to be done.
func (d Debts) outstanding(open []Installment) (sum Fen, conduct []string) {
	for _, i := range open {
		ob := d.Obligation(i.ObligationID)
		switch {
		case ob.Foreign != nil && (i.ConfirmedFen == 0 || ob.Foreign.Rate == nil):
			conduct = append(conduct, "给付 "+ob.Foreign.Words())
		case ob.Foreign != nil:
			conduct = append(conduct, "给付 "+ob.Foreign.Words()+"中尚未履行的部分，记账人民币 "+i.DueFen().Yuan()+" 元")
		case i.AmountFen == 0:
			conduct = append(conduct, ob.Description)
		default:
			sum += i.DueFen()
		}
	}
	return sum, conduct
}

// runningWords reminds of ordinary interest that is to be paid with the rest, ""
// where none runs.
func (d Debts) runningWords(open []Installment) string {
	for _, i := range open {
		if d.Obligation(i.ObligationID).Interest.Runs() {
			return "法律文书确定的一般债务利息计算至付清之日，应当一并支付，金额见本案台账。"
		}
	}
	return ""
}

// planWords say that the days are those of an agreement, "" where they are not.
func planWords(open []Installment) string {
	if slices.ContainsFunc(open, Installment.Planned) {
		return "按照各方达成的和解协议，"
	}
	return ""
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

func (d Debts) howToPay(court Court, open []Installment) string {
	party, account := d.destinations(open)
	return payWords(court, d.Case.CaseNo, d.regimesOf(open), party, account) + "付款后请在本小程序上传汇款回执。"
}

// DueSoonNotice reminds a debtor before a due day.
func (d Debts) DueSoonNotice(court Court, s Step, now time.Time) Notice {
	open := d.OpenDue(s.PartyID, s.DueOn)
	sum, conduct := d.outstanding(open)
	left := s.DueOn.Sub(DateOf(now))
	when := fmt.Sprintf("距履行期限届满还有 %d 天", left)
	if left == 0 {
		when = "今天是履行期限的最后一天"
	}
	n := stepNotice(s, d.Case, "履行期限提醒", paragraphs(
		fmt.Sprintf("%s：%s您应于%s履行：%s。%s。相信您会按期履行；期限内全部履行的，可以申请《自动履行证明书》。", d.Case.CaseNo, planWords(open), s.DueOn.By(), what(sum, conduct), when),
		d.howToPay(court, open)+d.runningWords(open),
		"如已履行，请忽略本提醒。"+told(d.regimesOf(open), func(r Rules) string { return r.Hardship }),
	))
	n.LegalBy = s.DueOn
	return n
}

// DemandNotice is the 《自动履行催告书》, the first or the second, in the inbox: the
// paper's facts in short.
func (d Debts) DemandNotice(court Court, s Step, f DocumentFacts, now time.Time) Notice {
	open := d.OpenDue(s.PartyID, s.DueOn)
	sum, conduct := d.outstanding(open)
	// What was found to work: that one is expected to perform, and how, comes first. What
	// follows if he does not is for who was reminded before.
	ask := "相信您会尽快履行：在强制执行立案以前付清的，仍属自动履行，可以申请《自动履行证明书》。"
	if s.Kind == NoticeSecondDemand {
		ask = "请立即履行：在强制执行立案以前付清的，仍属自动履行。"
	}
	text := []string{
		f.Number,
		fmt.Sprintf("%s：%s您应于%s履行的义务（%s）至今未履行完毕，已逾期 %d 天。%s", d.Case.CaseNo, planWords(open), s.DueOn.By(), what(sum, conduct), DateOf(now).Sub(s.DueOn), ask),
		d.howToPay(court, open),
	}
	if means := told(f.Regimes, func(r Rules) string { return r.Means }); means != "" {
		text = append(text, means)
	}
	if len(f.Items) > 1 {
		text = append(text, fmt.Sprintf("本案您已逾期的义务共 %d 项，未付金额合计 %s 元，逐项情况见《自动履行催告书》。", len(f.Items), f.OpenFen.Yuan()))
	}
	if words := f.ordinaryWords(); words != "" {
		text = append(text, words)
	}
	if f.InterestFen > 0 {
		text = append(text, fmt.Sprintf("按法律规定，逾期期间应加倍支付迟延履行期间的债务利息：截至今日约 %s 元，此后每日约 %s 元。",
			f.InterestFen.Yuan(), f.PerDayFen.Yuan()))
	}
	if s.Kind == NoticeSecondDemand {
		if f.FeeFen > 0 {
			text = append(text, fmt.Sprintf("如对方申请强制执行，您还需另行承担执行申请费约 %s 元。", f.FeeFen.Yuan()))
		}
		text = append(text, told(f.Regimes, func(r Rules) string { return r.Compels })+"进入强制执行后，"+measuresSentence)
	}
	text = append(text,
		"如已履行，请上传凭证。"+told(f.Regimes, func(r Rules) string { return r.Hardship })+"对履行内容有异议的，请在本小程序留言或致电"+court.Name+"，电话"+court.CallAt()+"。", court.Name)
	n := stepNotice(s, d.Case, "自动履行催告书", paragraphs(text...))
	n.Number = f.Number
	return n
}

// CreditorSheetNotice tells a creditor how and until when he may apply for
// enforcement (权利人须知): the points of the paper, f.
func (d Debts) CreditorSheetNotice(court Court, s Step, f DocumentFacts) Notice {
	open := d.OpenOwedTo(s.PartyID, s.InstrumentID)
	sum, conduct := d.outstanding(open)
	in := d.Instrument(s.InstrumentID)
	text := []string{fmt.Sprintf("%s：%s已生效，对方应向您履行：%s。", d.Case.CaseNo, in.Kind.Chinese(), what(sum, conduct))}
	for i, p := range f.Points {
		text = append(text, p.line(i))
	}
	return stepNotice(s, d.Case, "权利人须知", paragraphs(append(text, "咨询电话："+court.CallAt()+"。", court.Name)...))
}

// StepNotice is the notice of a step; f are the facts of its paper, if it has
// one. It is false when there is nothing to say any more.
func (d Debts) StepNotice(court Court, s Step, f DocumentFacts, now time.Time) (Notice, bool) {
	if s.Kind == NoticeCreditorSheet {
		if len(d.OpenOwedTo(s.PartyID, s.InstrumentID)) == 0 {
			return Notice{}, false
		}
		n := d.CreditorSheetNotice(court, s, f)
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
	}.staff(w.JudgeID).about(ThingUser.Of(w.JudgeID))
}
