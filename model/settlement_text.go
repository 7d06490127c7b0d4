package model

import "fmt"

func settlementKey(s Settlement, rest string) string { return fmt.Sprintf("s%d:%s", s.ID, rest) }

// SettlementRecordedNotice tells a party what was agreed.
func SettlementRecordedNotice(cs Case, e EnforcementFile, s Settlement, partyID int64) Notice {
	body := fmt.Sprintf("%s：%s达成的执行和解（第%d版）已由本院记录，共%s元，分%d期：", e.CaseNo, s.SignedOn.Chinese(), s.Edition, s.PromisedFen(), len(s.Parts))
	for i, p := range s.Parts {
		body += fmt.Sprintf("\n第%d期 %s元，%s付清", i+1, p.AmountFen, p.DueOn.By())
	}
	body += "\n付款后请上传汇款回执；是否按约履行以本院确认到账的金额为准。逾期不履行的，申请执行人可以申请恢复执行，已履行的部分扣除。"
	return enforcementNotice(NoticeSettlementRecorded, cs, e, settlementKey(s, fmt.Sprint(partyID)), "执行和解已记录", body).to(partyID)
}

// SettlementBreachedNotice tells a party that a payment did not come.
func SettlementBreachedNotice(cs Case, e EnforcementFile, s Settlement, p SettlementProgress, partyID int64) Notice {
	return enforcementNotice(NoticeSettlementBreached, cs, e, settlementKey(s, fmt.Sprintf("%s:%s:%d", p.LateTo, s.BreachedOn, partyID)), "和解款项逾期", paragraphs(fmt.Sprintf(
		"%s：和解协议中%s到期的款项尚未确认到账，截至今日应到 %s 元，已到 %s 元，差 %s 元。", e.CaseNo, p.LateFrom.Chinese(), p.DueFen, p.ArrivedFen, p.ShortfallFen),
		"已经付款的，请尽快上传汇款回执。逾期不履行的，申请执行人可以申请恢复执行原生效法律文书，也可以就履行和解协议另行起诉。")).
		to(partyID)
}

// SettlementPerformedNotice tells a party that everything agreed has arrived, or that
// the debt ended before that.
func SettlementPerformedNotice(cs Case, e EnforcementFile, s Settlement, arrived Fen, partyID int64) Notice {
	text := fmt.Sprintf("%s：和解协议约定的 %s 元已全部确认到账，本院将依法解除措施、办理结案。", e.CaseNo, s.PromisedFen())
	if arrived < s.PromisedFen() {
		text = e.CaseNo + "：和解协议所涉及的债务已经了结，协议不再有应付的款项，本院将依法解除措施、办理结案。"
	}
	return enforcementNotice(NoticeSettlementPerformed, cs, e, settlementKey(s, fmt.Sprintf("%d:%d", s.Version, partyID)), "执行和解已履行完毕", text).
		to(partyID)
}

// SettlementResumedNotice tells a party that the instrument is enforced again.
func SettlementResumedNotice(cs Case, e EnforcementFile, s Settlement, arrived, open Fen, partyID int64) Notice {
	return enforcementNotice(NoticeSettlementResumed, cs, e, settlementKey(s, fmt.Sprint(partyID)), "恢复执行原生效法律文书", fmt.Sprintf(
		"%s：因%s，本院恢复执行原生效法律文书。和解后已履行的 %s 元已扣除，尚未履行的本金为 %s 元。理由：%s", e.CaseNo, s.ResumeGround.Chinese(), arrived, open, s.ResumeReason)).
		to(partyID)
}

// ReleaseProposedNotice asks a leader for his decision.
func ReleaseProposedNotice(cs Case, e EnforcementFile, r ReleaseReview, leader int64) Notice {
	return enforcementNotice(NoticeReleaseProposed, cs, e, fmt.Sprintf("r%d:%d", r.ID, leader), "解除审查待决定", fmt.Sprintf(
		"%s：执行法官提出解除“%s”。和解约定 %s 元，应到 %s 元，实到 %s 元，差 %s 元。请于%s决定。", e.CaseNo, r.Subject, r.PromisedFen, r.DueFen, r.ArrivedFen, r.ShortfallFen, r.DueOn.By())).
		staff(leader).about(ThingRelease.Of(r.ID))
}

// ReleaseDecidedNotice tells a party what was decided.
func ReleaseDecidedNotice(cs Case, e EnforcementFile, r ReleaseReview, partyID int64) Notice {
	return enforcementNotice(NoticeReleaseDecided, cs, e, fmt.Sprintf("r%d:%d", r.ID, partyID), "解除审查结果", fmt.Sprintf(
		"%s：关于“%s”的解除审查，本院决定%s。理由：%s", e.CaseNo, r.Subject, r.State.Chinese(), r.DecisionReason)).
		to(partyID)
}

// ReleaseAnsweredNotice tells the officer what the leader decided.
func ReleaseAnsweredNotice(cs Case, e EnforcementFile, r ReleaseReview) Notice {
	return enforcementNotice(NoticeReleaseAnswered, cs, e, fmt.Sprintf("r%d", r.ID), "院领导已决定解除审查", fmt.Sprintf(
		"%s：您提出的“%s”解除审查，院领导决定%s。理由：%s", e.CaseNo, r.Subject, r.State.Chinese(), r.DecisionReason)).
		staff(r.ProposedBy).about(ThingRelease.Of(r.ID))
}

// RepairAppliedNotice tells the officer of an application.
func RepairAppliedNotice(cs Case, e EnforcementFile, a RepairApplication, name string) Notice {
	return enforcementNotice(NoticeRepairApplied, cs, e, fmt.Sprintf("a%d", a.ID), "信用修复申请", fmt.Sprintf(
		"%s：%s申请信用修复，请逐项核查条件；应于%s决定。理由：%s", e.CaseNo, name, a.DueOn.By(), a.Reason)).staff(e.OfficerID).about(ThingRepair.Of(a.ID))
}

// RepairDecidedNotice tells the applicant what was decided.
func RepairDecidedNotice(cs Case, e EnforcementFile, a RepairApplication) Notice {
	return enforcementNotice(NoticeRepairDecided, cs, e, fmt.Sprintf("a%d", a.ID), "信用修复申请结果",
		fmt.Sprintf("%s：以您的名义提出的信用修复申请，本院决定%s。理由：%s", e.CaseNo, a.Effect(), a.DecisionReason)).
		to(a.PartyID)
}

// RepairRevokedNotice tells the applicant that his grant ended, and what he can
// do.
func RepairRevokedNotice(cs Case, e EnforcementFile, a RepairApplication) Notice {
	what, kind := "失信信息恢复原状", MeasureListing
	if a.State == RepairPaused {
		what, kind = "限制消费恢复实施", MeasureConsumption
	}
	body := fmt.Sprintf("%s：本院于%s撤销对您的信用修复（%s），%s。理由：%s。", e.CaseNo, DateOf(*a.RevokedAt).Chinese(), a.State.Chinese(), what, a.RevokeReason)
	return enforcementNotice(NoticeRepairDecided, cs, e, fmt.Sprintf("a%d:revoked", a.ID), "信用修复已撤销", body+Measure{Kind: kind}.RemedyText("")).
		to(a.PartyID)
}
