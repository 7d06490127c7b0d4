package model

import "fmt"

// PrisonLetterRegisteredNotice tells the judge that an authority asks and until when
// the answer is due.
func PrisonLetterRegisteredNotice(cs Case, q PrisonLetter, convict string) Notice {
	return caseNotice(NoticePrisonLetterRegistered, cs, fmt.Sprint(q.ID), "收到财产性判项公函", paragraphs(
		fmt.Sprintf("%s：%s以%s来函，核实%s财产性判项的履行情况。", cs.CaseNo, q.Asker, q.DocumentNo, convict),
		"请于"+q.DueOn.By()+"答复："+q.DueReason+"。")).staff(cs.JudgeID).about(ThingPrisonLetter.Of(q.ID))
}

// PrisonLetterDueNotice reminds the judge shortly before the clock ends.
func PrisonLetterDueNotice(cs Case, q PrisonLetter, convict string) Notice {
	return caseNotice(NoticePrisonLetterDue, cs, fmt.Sprintf("%d:%s", q.ID, q.DueOn), "财产性判项公函即将到期", fmt.Sprintf(
		"%s：%s关于%s财产性判项的来函（%s）应于%s答复，尚未答复。", cs.CaseNo, q.Asker, convict, q.DocumentNo, q.DueOn.By())).
		staff(cs.JudgeID).about(ThingPrisonLetter.Of(q.ID))
}

// PrisonLetterTask is the clock of a prison's letter.
func PrisonLetterTask(cs Case, q PrisonLetter, convict string) Task {
	return Task{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: q.PartyID, OwnerID: cs.JudgeID, Kind: TaskAnswerPrisonLetter, Subject: ThingPrisonLetter.Of(q.ID),
		Title: "答复" + q.Asker + "关于" + convict + "财产性判项的来函", DueAt: q.DueOn.EndOfDay(), DueReason: q.DueReason,
		DedupeKey: ThingPrisonLetter.Key(q.ID),
	}
}
