package model

import "fmt"

const pageRelative = "pages/relative/matter?id=%d"

// relativeNotice is a notice to a relative. It names neither the case nor
// anybody in it: a link, and what happened to it.
func relativeNotice(kind NoticeKind, r Relative, key, title, body string) Notice {
	return Notice{
		CourtID: r.CourtID, UserID: r.UserID, Kind: kind, DedupeKey: fmt.Sprintf("%s:%d:%s", kind, r.ID, key), Title: title, Body: body,
		Page: fmt.Sprintf(pageRelative, r.ID),
	}
}

// RelativeAskedNotice tells an officer, or his substitute, that somebody asks to be connected.
func RelativeAskedNotice(r Relative, userID int64) Notice {
	return Notice{
		CourtID: r.CourtID, CaseID: r.CaseID, Kind: NoticeRelativeAsked, DedupeKey: fmt.Sprintf("%s:%d:%d", NoticeRelativeAsked, r.ID, userID), Title: "家属申请联系",
		Body: fmt.Sprintf("有人以被执行人%s的身份申请与您联系（%s），请在“家属联系”中核实后处理。", r.Relation.Chinese(), r.Via.Chinese()),
		Page: "pages/desk/today",
	}.staff(userID).about(ThingRelative.Of(r.ID))
}

// RelativeInvitedNotice tells the debtor who came by his invitation.
func RelativeInvitedNotice(cs Case, r Relative) Notice {
	body := fmt.Sprintf("%s：%s（%s）接受了您的邀请，请在本案中确认是否同意其与执行法官联系、代为履行。", cs.CaseNo, r.Name, r.Relation.Chinese())
	if r.BeforeJudgment() {
		body = fmt.Sprintf("%s：%s（%s）接受了您的邀请，请在本案中确认是否同意其登记判决以前自愿缴纳的暂存款。本院不要求缴纳。", cs.CaseNo, r.Name, r.Relation.Chinese())
	}
	return caseNotice(NoticeRelativeInvited, cs, fmt.Sprint(r.ID), "家属接受邀请", body).to(r.PartyID)
}

// RelativeDecidedNotice tells a relative what became of his request or link.
func RelativeDecidedNotice(r Relative) Notice {
	body := map[RelativeState]string{
		RelativeAdmitted: "您的联系申请已同意。您可以查看缴款信息、代为履行、上传回执、与执行法官对话。",
		RelativeDeclined: "您的联系申请未获同意。理由：" + r.Reason,
		RelativeBlocked:  "您与执行法官的联系已被限制。理由：" + r.Reason + "。如有异议，请联系法院。",
		RelativeRevoked:  "您与执行法官的联系已结束。理由：" + r.Reason,
	}[r.State]
	if r.BeforeJudgment() {
		body = map[RelativeState]string{
			RelativeAdmitted: "您的联系申请已同意。自愿在判决以前为其缴纳退赔款或者拟缴罚金的，可以登记暂存款并查看办理情况。本院不要求缴纳。",
			RelativeDeclined: "您的联系申请未获同意。理由：" + r.Reason,
			RelativeBlocked:  "您的联系已被限制。理由：" + r.Reason + "。如有异议，请联系法院。",
			RelativeRevoked:  "您的联系已结束。理由：" + r.Reason + "。已登记的暂存款仍按登记办理。",
		}[r.State]
	}
	return relativeNotice(NoticeRelativeDecided, r, fmt.Sprint(r.Version), "家属联系申请："+r.State.Chinese(), body)
}

// RelativeDepositNotice tells a relative what became of money that he paid before
// the judgment. It says nothing else of the case.
func RelativeDepositNotice(r Relative, d Deposit) Notice {
	body := fmt.Sprintf("您登记的暂存款 %s 元：%s，现暂存 %s 元。", d.AmountFen.Yuan(), d.State.Chinese(), d.HeldFen.Yuan()) + refundWords(d)
	if d.Reason != "" {
		body += "退回原因：" + d.Reason + "。"
	}
	return relativeNotice(NoticeRelativeDeposit, r, fmt.Sprintf("%d:%d", d.ID, d.Version), "暂存款："+d.State.Chinese(), body+"详情可以在“家属联系”中查看。")
}

// RelativeReplyNotice tells a relative that the court wrote.
func RelativeReplyNotice(r Relative, m Message) Notice {
	return relativeNotice(NoticeRelativeReplied, r, fmt.Sprint(m.ID), "法院回复了您的留言", "法院回复了您的留言，请在“家属联系”的对话中查看。")
}

// RelativeMessageNotice tells the owner that a relative wrote.
func RelativeMessageNotice(cs Case, r Relative, first Message, userID int64) Notice {
	body := fmt.Sprintf("家属%s（%s）留言，请在%s答复。", r.Name, r.Relation.Chinese(), first.AnswerBy.By())
	return caseNotice(NoticeMessageAsked, cs, fmt.Sprintf("%d:%d", first.ID, userID), "家属留言", body+quoted(first)).staff(userID).about(ThingConversation.Of(first.ConversationID)).talk(first.ConversationID)
}

// quoted is what a notice may say of a message.
func quoted(m Message) string {
	if m.Body == "" {
		return ""
	}
	return "内容：" + excerpt(m.Body)
}

// RelativeReceiptNotice tells a relative what became of the receipt that he
// submitted, and nothing of others.
func RelativeReceiptNotice(r Relative, rc Receipt) Notice {
	body := fmt.Sprintf("您 %s 代为履行 %s 元的回执：%s。", rc.PaidOn.Chinese(), rc.ClaimedFen.Yuan(), rc.State.Chinese())
	switch rc.State {
	case ReceiptReturned:
		body += "退回原因：" + rc.ReturnReason + "。请补正后重新上传。"
	case ReceiptConfirmed, ReceiptCorrected:
		body += "确认金额 " + rc.ConfirmedFen.Yuan() + " 元。"
	case ReceiptSubmitted, ReceiptWithdrawn:
	}
	return relativeNotice(NoticeRelativeReceipt, r, fmt.Sprintf("%d:%d", rc.ID, rc.Version), "代为履行凭证"+rc.State.Chinese(), body)
}

// PetitionMadeNotice tells the officer, or his substitute, of a petition.
func PetitionMadeNotice(cs Case, e EnforcementCase, p Petition, debtor string, userID int64) Notice {
	by := debtor
	if p.RelativeID != 0 {
		by = debtor + "的家属"
	}
	return caseNotice(NoticePetitionMade, cs, fmt.Sprintf("%d:%d", p.ID, userID), "收到"+p.Kind.Chinese(), fmt.Sprintf(
		"%s：%s提交了%s，请答复。", e.CaseNo, by, p.Kind.Chinese())).staff(userID).about(ThingPetition.Of(p.ID))
}

func petitionAnswer(p Petition) string {
	s := fmt.Sprintf("您提交的%s：%s。", p.Kind.Chinese(), p.State.Chinese())
	if p.RelativeID == 0 { // his agent may have, or an officer to whom he handed it
		s = fmt.Sprintf("以您的名义提交的%s：%s。", p.Kind.Chinese(), p.State.Chinese())
	}
	if p.Answer != "" {
		s += p.Answer
	}
	return s
}

// PetitionAnsweredNotice tells the debtor what became of his petition.
func PetitionAnsweredNotice(cs Case, p Petition) Notice {
	return caseNotice(NoticePetitionAnswered, cs, fmt.Sprintf("%d:%d", p.ID, p.Version), p.Kind.Chinese()+p.State.Chinese(), petitionAnswer(p)).
		to(p.PartyID)
}

// RelativePetitionNotice tells a relative what became of his petition.
func RelativePetitionNotice(r Relative, p Petition) Notice {
	return relativeNotice(NoticeRelativePetition, r, fmt.Sprintf("%d:%d", p.ID, p.Version), p.Kind.Chinese()+p.State.Chinese(), petitionAnswer(p))
}
