package model

import "fmt"

// Name is how screens and papers call the agreement.
func (p PlanAgreement) Name() string {
	return fmt.Sprintf("%s达成的履行和解（第%d版）", p.SignedOn.Chinese(), p.Edition)
}

func (p PlanAgreement) notice(kind NoticeKind, cs Case, partyID int64, title string, body ...string) Notice {
	return caseNotice(kind, cs, fmt.Sprintf("p%d:v%d:%d", p.ID, p.Version, partyID), title, paragraphs(body...)).to(partyID)
}

// schedule is the new plan in words.
func (p PlanAgreement) schedule() string {
	body := fmt.Sprintf("共 %s 元，分 %d 期：", p.PromisedFen().Yuan(), len(p.Parts))
	for n, part := range p.Parts {
		body += fmt.Sprintf("\n第%d期 %s 元，%s付清", n+1, part.AmountFen.Yuan(), part.DueOn.By())
	}
	return body
}

// Consequences say what keeping the agreement and breaking it bring.
func (p PlanAgreement) Consequences() string {
	kept := "其余本金由权利人免除"
	if p.InterestToo {
		kept += "，利息不再收取"
	} else {
		kept += "，利息仍按法律文书计算"
	}
	return "按约履行完毕的，" + kept + "。任何一期逾期未足额到账的，已付的款项照数扣除，法律文书确定的金额、期限和利息恢复，权利人可以申请强制执行（" +
		CiteOutsideAgreement.Short() + "）；权利人申请执行之前补足的，协议继续履行。是否到账以本院确认的为准。"
}

// PlanProposedNotice asks a party whether it agrees.
func PlanProposedNotice(cs Case, p PlanAgreement, partyID int64) Notice {
	return p.notice(NoticePlanProposed, cs, partyID, "履行和解待您确认",
		fmt.Sprintf("%s：%s记录了%s，请核对后在本小程序表示同意或者不同意；委托代理人须有特别授权。%s", cs.CaseNo, actedAs(p.RecordedBy, cs.JudgeID), p.Name(), p.schedule()),
		"协议内容："+p.Text, p.Consequences(), "各方都同意后生效；生效之前，仍按法律文书履行。")
}

// PlanAgreedNotice tells a party that the agreement is in force.
func PlanAgreedNotice(cs Case, p PlanAgreement, partyID int64) Notice {
	return p.notice(NoticePlanAgreed, cs, partyID, "履行计划已变更",
		fmt.Sprintf("%s：各方都已同意%s，自今日起按下列期限履行，%s", cs.CaseNo, p.Name(), p.schedule()), "此前已经确认的付款不受影响，原来的履行计划仍可查看。"+p.Consequences())
}

// PlanBrokenNotice tells a party that a part did not come and what holds again.
func PlanBrokenNotice(cs Case, p PlanAgreement, progress SettlementProgress, e PlanEffect, partyID int64) Notice {
	return p.notice(NoticePlanBroken, cs, partyID, "和解款项逾期，原计划恢复",
		fmt.Sprintf("%s：%s中%s到期的款项尚未足额到账，截至今日应到 %s 元，已到 %s 元，差 %s 元。", cs.CaseNo, p.Name(), progress.LateFrom.Chinese(), progress.DueFen.Yuan(), progress.ArrivedFen.Yuan(), progress.ShortfallFen.Yuan()),
		fmt.Sprintf("法律文书确定的金额、期限和利息恢复：已付的款项扣除后，尚欠本金 %s 元，至今日的利息 %s 元。", e.PrincipalFen.Yuan(), e.InterestFen.Yuan()),
		"权利人可以申请强制执行（"+CiteOutsideAgreement.Short()+"）；在此之前补足的，协议继续履行。已经付款的，请尽快上传汇款回执。")
}

// planTaskDays is within how many working days the judge looks at a broken agreement: a
// term of this court's, the law has none.
const planTaskDays = 3

// BrokenTask asks the judge to look after an agreement that was just broken.
func (p PlanAgreement) BrokenTask(cs Case, progress SettlementProgress, c *Calendar, today Date) Task {
	return Task{
		CourtID: cs.CourtID, CaseID: cs.ID, OwnerID: cs.JudgeID, Kind: TaskPlanBroken, Subject: ThingPlan.Of(p.ID),
		Title: "履行和解（第" + fmt.Sprint(p.Edition) + "版）逾期：应到 " + progress.DueFen.Yuan() + " 元，差 " + progress.ShortfallFen.Yuan() + " 元",
		DueAt: c.Workdays(today, planTaskDays).EndOfDay(), DueReason: "发现逾期之日起 3 个工作日（本院办理期限，法律没有规定）",
		DedupeKey: fmt.Sprintf("%s:%d:%d", TaskPlanBroken, p.ID, p.Version),
	}
}

// PlanResumedNotice tells a party that late money ended the breach.
func PlanResumedNotice(cs Case, p PlanAgreement, partyID int64) Notice {
	return p.notice(NoticePlanAgreed, cs, partyID, "逾期的和解款项已补足",
		fmt.Sprintf("%s：%s中逾期的款项已经补足，协议继续履行，下一期应于%s付清。", cs.CaseNo, p.Name(), p.NextDueOn.By()))
}

// PlanKeptNotice tells a party that everything agreed is there, or that the debt ended
// before that.
// interest is what is owed of it besides and was not part of the agreement.
func PlanKeptNotice(cs Case, p PlanAgreement, arrived, forgiven, interest Fen, partyID int64) Notice {
	what := "债务"
	if interest > 0 && !p.InterestToo {
		what = "本金"
	}
	text := fmt.Sprintf("%s：%s约定的 %s 元已全部确认到账，所涉及的%s了结。", cs.CaseNo, p.Name(), p.PromisedFen().Yuan(), what)
	if arrived < p.PromisedFen() { // the debt was less than what was promised
		text = fmt.Sprintf("%s：%s所涉及的%s已经了结，协议不再有应付的款项。", cs.CaseNo, p.Name(), what)
	}
	if forgiven > 0 {
		text += "其余本金 " + forgiven.Yuan() + " 元依协议由权利人免除。"
	}
	switch {
	case p.InterestToo:
		text += "利息依协议不再收取。"
	case interest > 0:
		text += "利息不在协议之内，仍按法律文书计算，至今日尚欠 " + interest.Yuan() + " 元。"
	}
	return p.notice(NoticePlanKept, cs, partyID, "履行和解已履行完毕", text)
}

// PlanEndedNotice tells a party that an agreement was refused, withdrawn, replaced,
// taken to enforcement or overtaken by a new instrument, or that a correction opened it again.
func PlanEndedNotice(cs Case, p PlanAgreement, partyID int64) Notice {
	text := fmt.Sprintf("%s：%s%s。", cs.CaseNo, p.Name(), p.State.Chinese())
	if p.EndReason != "" {
		text += p.EndReason + "。"
	}
	switch p.State {
	case PlanReplaced:
		text += "已付的款项照数计入，以新的协议为准。"
	case PlanEnded:
		text += "已付的款项照数扣除，其余按法律文书执行。正在按约履行、期限尚未届至的，被执行人可以提出异议（" + CiteOutsideAgreement.Short() + "）。"
	case PlanOverruled:
		text += "已确认的付款计入新的法律文书确定的义务，其余未涉及的义务按原法律文书履行。"
	case PlanRefused, PlanWithdrawn:
		text += "协议没有生效，仍按现在的计划履行。"
	default:
		text += "已确认的款项被更正，协议尚未履行完毕。"
	}
	return p.notice(NoticePlanEnded, cs, partyID, "履行和解的情况", text)
}

// PlanAnsweredNotice tells the judge what a party answered.
func PlanAnsweredNotice(cs Case, p PlanAgreement, c PlanConsent, name string) Notice {
	said := "同意"
	if !c.Agrees {
		said = "不同意"
	}
	return caseNotice(NoticePlanAnswered, cs, fmt.Sprintf("p%d:%d", p.ID, c.PartyID), "当事人对履行和解的答复",
		fmt.Sprintf("%s：%s%s%s。%s", cs.CaseNo, name, said, p.Name(), c.Reason)).staff(cs.JudgeID).about(ThingPlan.Of(p.ID))
}
