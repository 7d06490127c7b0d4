package model

import "fmt"

// depositNotice tells the accused's side, and with it his defender, of a change.
func depositNotice(cs Case, d Deposit, what, body string) Notice {
	return caseNotice(NoticeDeposit, cs, fmt.Sprintf("%d:%d", d.ID, d.Version), what, paragraphs(
		fmt.Sprintf("%s：%s登记缴入本院案款账户的 %s 元（%s，付款日 %s）。", cs.CaseNo, d.PayerName, d.AmountFen.Yuan(), d.Purpose.Chinese(), d.PaidOn.Chinese()), body)).
		to(d.PartyID)
}

// DepositSubmittedNotice tells the judge that money was paid before a judgment.
func DepositSubmittedNotice(cs Case, d Deposit, accused string) Notice {
	return caseNotice(NoticeDepositSubmitted, cs, fmt.Sprint(d.ID), "收到判决前的暂存款", paragraphs(
		fmt.Sprintf("%s：为%s缴纳的 %s 元（%s），付款人%s，付款日 %s。", cs.CaseNo, accused, d.AmountFen.Yuan(), d.Purpose.Chinese(), d.PayerName, d.PaidOn.Chinese()),
		"请核对是否到账、是否出于自愿。暂存款不是履行，判决生效以后才抵充。")).staff(cs.JudgeID).about(ThingDeposit.Of(d.ID))
}

// DepositReceivedNotice tells the accused's side that the record came in, and
// what the money is.
func DepositReceivedNotice(cs Case, d Deposit) Notice {
	return depositNotice(cs, d, "已收到暂存款的登记", "本院没有要求缴纳。款项核实后作为暂存款单独保管，不是履行；判决生效后依判决抵充，多余的、没有判处的退还付款人。核实以前可以撤回登记，抵充以前可以要求退还。")
}

// DepositStandsNotice tells the accused's side how a deposit stands after an act.
func DepositStandsNotice(cs Case, d Deposit, entry DepositEntry) Notice {
	switch {
	case d.State == DepositReturned:
		return depositNotice(cs, d, "暂存款的登记被退回", "退回原因："+d.Reason)
	case entry.Kind == DepositEntryConfirm:
		return depositNotice(cs, d, "暂存款已核实", fmt.Sprintf("已核实 %s 元，暂存本院。判决生效以前不作任何处分。", d.HeldFen.Yuan()))
	case entry.Kind == DepositEntryCorrect:
		return depositNotice(cs, d, "暂存款已更正", fmt.Sprintf("更正后暂存 %s 元。更正原因：%s", d.HeldFen.Yuan(), entry.Reason))
	case entry.Kind == DepositEntrySetOff:
		return depositNotice(cs, d, "暂存款已抵充判项", fmt.Sprintf("已抵充 %s 元，尚暂存 %s 元。", (-entry.AmountFen).Yuan(), d.HeldFen.Yuan())+refundWords(d))
	case entry.Kind == DepositEntryReopen:
		return depositNotice(cs, d, "暂存款的抵充已更正", fmt.Sprintf("%s 元转回暂存，现暂存 %s 元。更正原因：%s", entry.AmountFen.Yuan(), d.HeldFen.Yuan(), entry.Reason))
	case entry.Kind == DepositEntryPurpose:
		return depositNotice(cs, d, "暂存款的用途已改变", "承办法官已接受缴款人改变用途的书面意愿："+entry.Reason+"。原来的意愿仍可查看。")
	case entry.Lodged != nil:
		return depositNotice(cs, d, "暂存款已提存", fmt.Sprintf("应退还%s的 %s 元不能退还，已于%s%s。%s",
			d.PayerName, (-entry.AmountFen).Yuan(), entry.HappenedOn.Chinese(), entry.Lodged.Words(), entry.Lodged.Collecting()))
	case entry.Kind == DepositEntryRefund:
		return depositNotice(cs, d, "暂存款已退还", fmt.Sprintf("%s 元已于%s退还%s，银行流水号 %s，凭证可以在小程序中查看。",
			(-entry.AmountFen).Yuan(), entry.HappenedOn.Chinese(), d.PayerName, entry.BankSerial))
	}
	return depositNotice(cs, d, "暂存款将退还", refundWords(d))
}

func refundWords(d Deposit) string {
	if d.RefundFen == 0 {
		return ""
	}
	return fmt.Sprintf("其中 %s 元将于%s退还%s（%s）。", d.RefundFen.Yuan(), d.RefundDueOn.By(), d.PayerName, d.RefundGround.Chinese())
}

// DepositWishNotice tells the judge that a payer wants his money to be for
// something else.
func DepositWishNotice(cs Case, d Deposit, w DepositWish) Notice {
	return caseNotice(NoticeDepositSubmitted, cs, fmt.Sprintf("%d:w%d", d.ID, w.ID), "缴款人要求改变暂存款的用途", paragraphs(
		fmt.Sprintf("%s：%s缴纳、现暂存本院的 %s 元，缴款人书面要求由%s改为%s。", cs.CaseNo, d.PayerName, d.HeldFen.Yuan(), w.WasPurpose.Chinese(), w.Purpose.Chinese()),
		"请核对是否缴款人本人的真实意愿。")).staff(cs.JudgeID).about(ThingDeposit.Of(d.ID))
}

// DepositWishDeclinedNotice tells the accused's side that the judge did not accept
// a new wish.
func DepositWishDeclinedNotice(cs Case, d Deposit, w DepositWish) Notice {
	return depositNotice(cs, d, "暂存款的用途没有改变", "承办法官没有接受改变用途的意愿，用途仍为"+d.Purpose.Chinese()+"。理由："+w.Reason)
}

// DepositForVictimNotice tells a victim that money for restitution is with the
// court. It says nothing of how much of it is his.
func DepositForVictimNotice(cs Case, d Deposit, victimID int64) Notice {
	return caseNotice(NoticeDepositVictim, cs, fmt.Sprintf("%d:%d:%d", d.ID, d.Version, victimID), "被告人一方已预交退赔款", fmt.Sprintf(
		"%s：被告人一方自愿缴纳的退赔、赔偿款 %s 元已暂存本院。是否判令退赔、如何发还，以判决为准；本通知不代表对案件事实的认定。", cs.CaseNo, d.HeldFen.Yuan())).
		to(victimID)
}

// DepositChangedForVictimNotice tells a victim who was told of that money that less
// of it is with the court, or none: he may have forgiven because of it.
func DepositChangedForVictimNotice(cs Case, d Deposit, victimID int64) Notice {
	held := d.HeldFen - d.RefundFen
	if d.Purpose != DepositRestitution {
		held = 0 // the payer changed his mind
	}
	return caseNotice(NoticeDepositVictim, cs, fmt.Sprintf("%d:%d:%d", d.ID, d.Version, victimID), "被告人一方预交的退赔款有变动", fmt.Sprintf(
		"%s：此前通知的被告人一方预交的退赔、赔偿款因退还付款人、缴款人改变用途或者更正，现暂存本院 %s 元（不含待退还的部分）。是否判令退赔、如何发还，以判决为准。", cs.CaseNo, held.Yuan())).
		to(victimID)
}

// DepositTask is a clock about a deposit.
func DepositTask(cs Case, d Deposit, kind TaskKind, accused string, dueOn Date, why string) Task {
	title := map[TaskKind]string{
		TaskDepositVerify: "核实" + accused + "的暂存款 " + d.AmountFen.Yuan() + " 元",
		TaskDepositWish:   "审查" + d.PayerName + "改变暂存款 " + d.HeldFen.Yuan() + " 元用途的意愿",
		TaskDepositSettle: "判决已生效：抵充" + accused + "的暂存款 " + d.HeldFen.Yuan() + " 元，余款退还",
		TaskDepositRefund: "退还" + d.PayerName + "暂存款 " + d.RefundFen.Yuan() + " 元",
	}[kind]
	return Task{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: d.PartyID, OwnerID: cs.JudgeID, Kind: kind, Subject: ThingDeposit.Of(d.ID),
		Title: title, DueAt: dueOn.EndOfDay(), DueReason: why, DedupeKey: fmt.Sprintf("%s:%s:%d", kind, ThingDeposit.Key(d.ID), d.Version),
	}
}
