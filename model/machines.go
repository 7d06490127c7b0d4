package model

// The machines: what can become of each thing, one table each. deploy/docs/states.md
// is drawn from them.

// ReceiptMachine is what can become of a receipt.
var ReceiptMachine = Machine[ReceiptState]{
	Table: "receipts", Name: "汇款回执",
	Ends: []ReceiptState{ReceiptReturned, ReceiptWithdrawn},
	Moves: []Move[ReceiptState]{
		{nil, ReceiptSubmitted, AuditReceiptSubmit, "", ByOutside, ActReceiptSubmit},
		{nil, ReceiptSubmitted, "receipt.window", "窗口代为提交", ByCourt, ActReceiptWindow},
		{nil, ReceiptSubmitted, AuditReceiptImport, "", ByCourt, ActCaseFile},
		{nil, ReceiptSubmitted, AuditDepositSetOff, "", ByCourt, ActDepositDecide},
		{nil, ReceiptSubmitted, AuditShareAllocate, "", ByCourt, ActShareManage},
		{[]ReceiptState{ReceiptSubmitted}, ReceiptConfirmed, AuditReceiptConfirm, "", ByCourt, ActReceiptDecide},
		{[]ReceiptState{ReceiptSubmitted}, ReceiptReturned, AuditReceiptReturn, "", ByCourt, ActReceiptDecide},
		{[]ReceiptState{ReceiptSubmitted}, ReceiptWithdrawn, AuditReceiptWithdraw, "", ByOutside, ActReceiptSubmit},
		{[]ReceiptState{ReceiptConfirmed, ReceiptCorrected}, ReceiptCorrected, AuditReceiptCorrect, "", ByCourt, ActReceiptDecide},
	},
}

// DeskActMachine is what can become of a decision or an answer that was made at the
// desk.
var DeskActMachine = Machine[DeskActState]{
	Table: "desk_acts", Name: "工作台上作出、可以撤回的决定和回复",
	Ends: []DeskActState{DecisionCarriedOut, DecisionUndone, DecisionFailed},
	Moves: []Move[DeskActState]{
		{nil, DecisionPending, AuditReceiptDecide, "", ByCourt, ActReceiptDecide},
		{nil, DecisionPending, AuditMessageAnswer, "", ByCourt, ActMessageWrite},
		{[]DeskActState{DecisionPending}, DecisionCarriedOut, "decision.carried_out", "撤销的时间过去，或者提前生效", ByProgram, ""},
		{[]DeskActState{DecisionPending}, DecisionUndone, AuditDeskActUndo, "", ByCourt, ActMessageWrite},
		{[]DeskActState{DecisionPending}, DecisionFailed, AuditDeskActFailed, "", ByProgram, ""},
	},
}

// ResponseMachine is what an obligee can say of a receipt. He may think better of
// it, also after the judge confirmed it.
var ResponseMachine = Machine[ResponseState]{
	Table: "obligee_responses", Name: "权利人对回执的答复",
	Moves: []Move[ResponseState]{
		{nil, ResponseAsked, AuditReceiptSubmit, "询问权利人", ByProgram, ""},
		{[]ResponseState{ResponseAsked, ResponseDisputed, ResponseDiffers}, ResponseAcknowledged, AuditReceiptAcknowledged, "", ByOutside, ActReceiptAnswer},
		{[]ResponseState{ResponseAsked, ResponseAcknowledged, ResponseDiffers}, ResponseDisputed, AuditReceiptDisputed, "", ByOutside, ActReceiptAnswer},
		{[]ResponseState{ResponseAsked, ResponseAcknowledged, ResponseDisputed}, ResponseDiffers, AuditReceiptDiffers, "", ByOutside, ActReceiptAnswer},
	},
}

// CertificateMachine is what can become of a certificate.
var CertificateMachine = Machine[CertificateState]{
	Table: "certificates", Name: "自动履行证明书",
	Ends: []CertificateState{CertificateRevoked},
	Moves: []Move[CertificateState]{
		{nil, CertificateValid, AuditCertificateIssue, "", ByCourt, ActCertIssue},
		{[]CertificateState{CertificateValid}, CertificateRevoked, AuditCertificateRevoke, "", ByCourt, ActCertRevoke},
	},
}

// ApplicationMachine is what can become of an application for a certificate.
var ApplicationMachine = Machine[ApplicationState]{
	Table: "certificate_applications", Name: "证明书申请",
	Ends: []ApplicationState{ApplicationGranted, ApplicationRefused},
	Moves: []Move[ApplicationState]{
		{nil, ApplicationOpen, AuditCertificateApply, "", ByOutside, ActCertApply},
		{[]ApplicationState{ApplicationOpen}, ApplicationGranted, AuditCertificateIssue, "", ByCourt, ActCertIssue},
		{[]ApplicationState{ApplicationOpen}, ApplicationRefused, AuditCertificateRefuse, "", ByCourt, ActCertIssue},
	},
}

// AccountMachine is what can become of a creditor's account.
var AccountMachine = Machine[AccountState]{
	Table: "payment_accounts", Name: "收款账户",
	Ends: []AccountState{AccountRefused, AccountReplaced, AccountStopped},
	Moves: []Move[AccountState]{
		{nil, AccountEntered, AuditAccountEnter, "", ByOutside, ActAccountEnter},
		{nil, AccountEntered, AuditAccountEnter, "", ByCourt, ActAccountEnter},
		{[]AccountState{AccountEntered, AccountDoubted}, AccountInUse, AuditAccountUse, "", ByCourt, ActAccountDecide},
		{[]AccountState{AccountInUse}, AccountDoubted, AuditAccountDoubt, "", ByProgram, ""},
		{[]AccountState{AccountEntered}, AccountRefused, AuditAccountRefuse, "", ByCourt, ActAccountDecide},
		{[]AccountState{AccountEntered, AccountInUse, AccountDoubted}, AccountReplaced, AuditAccountReplace, "", ByProgram, ""},
		{[]AccountState{AccountInUse, AccountDoubted}, AccountStopped, AuditAccountStop, "", ByCourt, ActAccountDecide},
	},
}

// settled are the states in which a try to send a message may leave it.
var settled = []OutboxState{
	OutboxAccepted, OutboxNoConsent, OutboxUnreachable, OutboxInvalid, OutboxUnknown, OutboxExpired, OutboxSkipped,
}

// OutboxMachine is what can become of an outside message.
var OutboxMachine = Machine[OutboxState]{
	Table: "outbox", Name: "对外消息",
	Ends: []OutboxState{OutboxSkipped},
	Moves: append(append([]Move[OutboxState]{
		{nil, OutboxQueued, "outbox.made", "随通知一并写入", ByProgram, ""},
		{[]OutboxState{OutboxQueued, OutboxSending}, OutboxSending, "outbox.leased", "取出发送", ByProgram, ""},
		{[]OutboxState{OutboxSending}, OutboxQueued, "outbox.again", "稍后再发", ByProgram, ""},
		{[]OutboxState{OutboxQueued, OutboxSending}, OutboxUnknown, "outbox.held", "恢复备份后不能确定是否已发出", ByProgram, ""},
	},
		// An outcome that comes late is written as long as nobody knows any better.
		each(settled, func(to OutboxState) Move[OutboxState] {
			from := []OutboxState{OutboxSending, OutboxUnknown, OutboxQueued}
			if to == OutboxUnknown {
				from = []OutboxState{OutboxSending}
			}
			return Move[OutboxState]{from, to, "outbox.outcome", "渠道或系统答复", ByProgram, ""}
		})...),
		Move[OutboxState]{[]OutboxState{OutboxAccepted, OutboxUnknown}, OutboxFailed, "outbox.reported", "渠道告知未能送到", ByProgram, ""},
		Move[OutboxState]{[]OutboxState{OutboxUnknown}, OutboxQueued, "outbox.silent", "渠道未展示，再次发送", ByProgram, ""},
		Move[OutboxState]{
			[]OutboxState{OutboxUnreachable, OutboxInvalid, OutboxUnknown, OutboxExpired, OutboxNoConsent, OutboxFailed, OutboxAccepted},
			OutboxQueued, AuditDeliveryResend, "", ByCourt, ActDeliveryManage,
		},
	),
}

func each[S, T any](list []S, f func(S) T) []T {
	out := make([]T, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// PaperMachine is what can become of a clerk's task to send a notice on paper.
var PaperMachine = Machine[PaperState]{
	Table: "paper_tasks", Name: "纸质送达",
	Ends: []PaperState{PaperDone},
	Moves: []Move[PaperState]{
		{nil, PaperOpen, AuditPaperRequest, "", ByOutside, ActPaperRequest},
		{nil, PaperOpen, "paper.fallback", "电子渠道均未送到", ByProgram, ""},
		{[]PaperState{PaperOpen}, PaperDone, AuditPaperDone, "", ByCourt, ActPaperDo},
	},
}

// StepMachine is what can become of a planned notice.
var StepMachine = Machine[StepState]{
	Table: "schedule_steps", Name: "督促时间表中的通知",
	Ends: []StepState{StepSent},
	Moves: []Move[StepState]{
		{nil, StepPlanned, "schedule.plan", "按时间表排定", ByProgram, ""},
		{nil, StepPaused, "schedule.plan", "暂停期间排定", ByProgram, ""},
		{[]StepState{StepPlanned}, StepPaused, AuditSchedulePause, "", ByCourt, ActScheduleManage},
		{[]StepState{StepPaused}, StepPlanned, AuditScheduleResume, "", ByCourt, ActScheduleManage},
		{[]StepState{StepPlanned, StepPaused}, StepSkipped, AuditScheduleSkip, "", ByCourt, ActScheduleManage},
		{[]StepState{StepPlanned, StepPaused}, StepStopped, AuditScheduleStop, "停止督促，或者已无需督促", ByProgram, ""},
		{[]StepState{StepPlanned, StepPaused}, StepMissed, "schedule.missed", "错过时间，由后续通知代替", ByProgram, ""},
		{[]StepState{StepPlanned}, StepSent, "schedule.due", "到时发出", ByProgram, ""},
		{[]StepState{StepPlanned, StepPaused, StepSkipped, StepMissed}, StepSent, AuditScheduleSend, "人工发出", ByCourt, ActScheduleManage},
		{[]StepState{StepStopped}, StepPlanned, "schedule.plan", "又需督促", ByProgram, ""},
		{[]StepState{StepStopped}, StepPaused, "schedule.plan", "又需督促，但时间表暂停中", ByProgram, ""},
	},
}

// EnforcementMachine is what can become of an enforcement case.
var EnforcementMachine = Machine[EnforcementState]{
	Table: "enforcement_cases", Name: "执行案件",
	Ends: []EnforcementState{EnforcementClosed},
	Moves: []Move[EnforcementState]{
		{nil, EnforcementOpen, AuditEnforcementFile, "", ByCourt, ActEnforcementFile},
		{[]EnforcementState{EnforcementOpen}, EnforcementClosed, AuditEnforcementClose, "", ByCourt, ActEnforcementClose},
		{[]EnforcementState{EnforcementOpen}, EnforcementClosed, AuditEnforcementUpdate, "审判管理系统告知已结案", ByCourt, ActEnforcementPut},
	},
}

// MeasureMachine is what can become of a coercive measure.
var MeasureMachine = Machine[MeasureState]{
	Table: "measures", Name: "强制措施",
	Ends: []MeasureState{MeasureLifted, MeasureExpired, MeasureRefused, MeasureWithdrawn},
	Moves: []Move[MeasureState]{
		{nil, MeasureProposed, AuditMeasurePropose, "", ByCourt, ActMeasurePropose},
		{[]MeasureState{MeasureProposed}, MeasureDecided, AuditMeasureDecide, "决定，待收拘或者宽限期内", ByCourt, ActMeasureDecide},
		{[]MeasureState{MeasureProposed}, MeasureInForce, AuditMeasureDecide, "决定并立即实施", ByCourt, ActMeasureDecide},
		{[]MeasureState{MeasureProposed}, MeasureRefused, AuditMeasureRefuse, "", ByCourt, ActMeasureDecide},
		{[]MeasureState{MeasureProposed}, MeasureWithdrawn, AuditMeasureWithdraw, "", ByCourt, ActMeasurePropose},
		{[]MeasureState{MeasureDecided}, MeasureInForce, AuditMeasureDetain, "", ByCourt, ActMeasurePropose},
		{[]MeasureState{MeasureDecided}, MeasureInForce, AuditMeasureEffect, "", ByProgram, ""},
		{[]MeasureState{MeasureDecided, MeasureInForce}, MeasureLifted, AuditMeasureLift, "", ByCourt, ActMeasureLift},
		{[]MeasureState{MeasureDecided, MeasureInForce}, MeasureLifted, AuditMeasureReview, "救济申请的结果：撤销", ByCourt, ActReviewRecord},
		{[]MeasureState{MeasureInForce}, MeasureExpired, AuditMeasureExpire, "", ByProgram, ""},
	},
}

// ReviewMachine is what can become of an application against a measure.
var ReviewMachine = Machine[ReviewState]{
	Table: "measure_reviews", Name: "对措施的救济申请",
	Ends: []ReviewState{ReviewDecided},
	Moves: []Move[ReviewState]{
		{nil, ReviewOpen, AuditMeasureAskReview, "", ByOutside, ActReviewAsk},
		{nil, ReviewOpen, AuditMeasureAskReview, "代为登记申请", ByCourt, ActReviewAsk},
		{[]ReviewState{ReviewOpen}, ReviewDecided, AuditMeasureReview, "", ByCourt, ActReviewRecord},
	},
}

// ProlongMachine is what can become of a proposal to prolong a listing.
var ProlongMachine = Machine[ProlongState]{
	Table: "listing_prolongations", Name: "延长失信期限",
	Ends: []ProlongState{ProlongApproved, ProlongRefused, ProlongLapsed},
	Moves: []Move[ProlongState]{
		{nil, ProlongOpen, AuditProlongAsk, "", ByCourt, ActMeasurePropose},
		{[]ProlongState{ProlongOpen}, ProlongApproved, AuditProlongDecide, "同意延长", ByCourt, ActMeasureApprove},
		{[]ProlongState{ProlongOpen}, ProlongRefused, AuditProlongDecide, "不予延长", ByCourt, ActMeasureApprove},
		{[]ProlongState{ProlongOpen}, ProlongLapsed, AuditProlongLapse, "", ByProgram, ""},
	},
}

// SpendingMachine is what can become of an application to spend in spite of a
// restriction.
var SpendingMachine = Machine[SpendingState]{
	Table: "spending_permits", Name: "限制消费期间的消费申请",
	Ends: []SpendingState{SpendingGranted, SpendingRefused, SpendingLapsed},
	Moves: []Move[SpendingState]{
		{nil, SpendingOpen, AuditSpendingAsk, "", ByOutside, ActSpendingAsk},
		{nil, SpendingOpen, AuditSpendingAsk, "代为登记申请", ByCourt, ActSpendingAsk},
		{[]SpendingState{SpendingOpen}, SpendingGranted, AuditSpendingDecide, "准许", ByCourt, ActSpendingDecide},
		{[]SpendingState{SpendingOpen}, SpendingRefused, AuditSpendingDecide, "不予准许", ByCourt, ActSpendingDecide},
		{[]SpendingState{SpendingOpen}, SpendingLapsed, AuditSpendingLapse, "", ByProgram, ""},
	},
}

// CleanUpMachine is what can become of a clean-up. One that is done ends once
// more when the performance is taken back.
var CleanUpMachine = Machine[CleanUpState]{
	Table: "clean_ups", Name: "履行后清理",
	Ends: []CleanUpState{CleanUpCancelled},
	Moves: []Move[CleanUpState]{
		{nil, CleanUpOpen, AuditCleanUpOpen, "", ByProgram, ""},
		{[]CleanUpState{CleanUpOpen}, CleanUpHeld, AuditCleanUpHold, "", ByCourt, ActCleanUpDo},
		{[]CleanUpState{CleanUpHeld}, CleanUpOpen, AuditCleanUpResume, "", ByCourt, ActCleanUpDo},
		{[]CleanUpState{CleanUpHeld}, CleanUpDone, AuditCleanUpResume, "恢复清理，已无待办事项", ByCourt, ActCleanUpDo},
		{[]CleanUpState{CleanUpOpen}, CleanUpDone, AuditCleanUpDone, "", ByCourt, ActCleanUpDo},
		{[]CleanUpState{CleanUpOpen, CleanUpHeld}, CleanUpCancelled, AuditCleanUpCancel, "", ByProgram, ""},
		{[]CleanUpState{CleanUpDone}, CleanUpCancelled, AuditCleanUpCancel, "办结后，已确认的款项被更正", ByProgram, ""},
	},
}

// SettlementMachine is what can become of a settlement in enforcement. Whether
// it is kept follows the ledger and the calendar.
var SettlementMachine = Machine[SettlementState]{
	Table: "settlements", Name: "执行和解",
	Ends: []SettlementState{SettlementReplaced, SettlementResumed},
	Moves: []Move[SettlementState]{
		{nil, SettlementOpen, AuditSettlementRecord, "", ByCourt, ActSettlementRecord},
		{[]SettlementState{SettlementOpen, SettlementPerformed}, SettlementBreached, "settlement.late", "约定的款项逾期未到账", ByProgram, ""},
		{[]SettlementState{SettlementOpen, SettlementBreached}, SettlementPerformed, "settlement.performed", "约定的款项全部到账", ByProgram, ""},
		{[]SettlementState{SettlementBreached}, SettlementOpen, "settlement.caught_up", "逾期款项补足", ByProgram, ""},
		{[]SettlementState{SettlementPerformed}, SettlementOpen, "settlement.corrected", "已确认的款项被更正", ByProgram, ""},
		{[]SettlementState{SettlementOpen, SettlementBreached, SettlementPerformed}, SettlementReplaced, AuditSettlementRecord, "记录新的协议", ByCourt, ActSettlementRecord},
		{[]SettlementState{SettlementOpen, SettlementBreached}, SettlementResumed, AuditSettlementResume, "", ByCourt, ActSettlementRecord},
	},
}

// PlanMachine is what can become of an agreement on a changed plan outside
// enforcement. Whether it is kept follows the ledger and the calendar.
var PlanMachine = Machine[PlanState]{
	Table: "plan_agreements", Name: "履行和解",
	Ends: []PlanState{PlanRefused, PlanWithdrawn, PlanReplaced, PlanEnded, PlanOverruled},
	Moves: []Move[PlanState]{
		{nil, PlanProposed, AuditPlanRecord, "", ByCourt, ActPlanRecord},
		{[]PlanState{PlanProposed}, PlanInForce, "plan.agreed", "各方都已同意", ByProgram, ""},
		{[]PlanState{PlanProposed}, PlanRefused, AuditPlanAnswer, "一方不同意", ByOutside, ActPlanAnswer},
		{[]PlanState{PlanProposed}, PlanWithdrawn, AuditPlanWithdraw, "", ByCourt, ActPlanRecord},
		{[]PlanState{PlanInForce, PlanKept}, PlanBroken, "plan.late", "约定的款项逾期未到账", ByProgram, ""},
		{[]PlanState{PlanInForce, PlanBroken}, PlanKept, "plan.kept", "约定的款项全部到账", ByProgram, ""},
		{[]PlanState{PlanBroken}, PlanInForce, "plan.caught_up", "逾期款项补足", ByProgram, ""},
		{[]PlanState{PlanKept}, PlanInForce, "plan.corrected", "已确认的款项被更正", ByProgram, ""},
		{[]PlanState{PlanInForce, PlanBroken}, PlanReplaced, "plan.replaced", "新的协议生效", ByProgram, ""},
		{[]PlanState{PlanInForce, PlanBroken}, PlanEnded, "plan.enforced", "权利人申请强制执行", ByProgram, ""},
		{[]PlanState{PlanProposed, PlanInForce, PlanBroken, PlanKept}, PlanOverruled, "plan.overruled", "新的法律文书取代所涉及的义务", ByProgram, ""},
	},
}

// ReleaseMachine is what can become of a release review.
var ReleaseMachine = Machine[ReleaseState]{
	Table: "release_reviews", Name: "解除审查",
	Ends: []ReleaseState{ReleaseApproved, ReleaseRefused, ReleaseSuperseded},
	Moves: []Move[ReleaseState]{
		{nil, ReleaseOpen, AuditReleasePropose, "", ByCourt, ActReleasePropose},
		{[]ReleaseState{ReleaseOpen}, ReleaseApproved, AuditReleaseDecide, "同意解除", ByCourt, ActReleaseDecide},
		{[]ReleaseState{ReleaseOpen}, ReleaseRefused, AuditReleaseDecide, "不予解除", ByCourt, ActReleaseDecide},
		{[]ReleaseState{ReleaseOpen}, ReleaseSuperseded, "release.superseded", "重新提出、协议变更或者恢复执行", ByProgram, ""},
	},
}

// RepairMachine is what can become of an application for credit repair. That a
// grant was revoked is an entry beside the decision.
var RepairMachine = Machine[RepairState]{
	Table: "repair_applications", Name: "信用修复申请",
	Ends: []RepairState{RepairSuspended, RepairMasked, RepairShortened, RepairPaused, RepairRefused},
	Moves: append([]Move[RepairState]{
		{nil, RepairOpen, AuditRepairApply, "", ByOutside, ActRepairApply},
		{nil, RepairOpen, AuditRepairApply, "代为登记申请", ByCourt, ActRepairApply},
	}, each(RepairDecisions, func(to RepairState) Move[RepairState] {
		return Move[RepairState]{[]RepairState{RepairOpen}, to, AuditRepairDecide, "决定：" + to.Chinese(), ByCourt, ActRepairDecide}
	})...),
}

// PetitionMachine is what can become of a remorse statement or a request for
// early release.
var PetitionMachine = Machine[PetitionState]{
	Table: "petitions", Name: "悔过书、提前解除拘留申请",
	Ends: []PetitionState{PetitionGranted, PetitionAccepted, PetitionRefused},
	Moves: []Move[PetitionState]{
		{nil, PetitionOpen, AuditPetitionMake, "", ByOutside, ActPetitionMake},
		{nil, PetitionOpen, AuditPetitionMake, "代为记录", ByCourt, ActPetitionMake},
		{[]PetitionState{PetitionOpen}, PetitionAccepted, AuditPetitionDecide, "收悉悔过书", ByCourt, ActPetitionDecide},
		{[]PetitionState{PetitionOpen}, PetitionForwarded, AuditPetitionDecide, "提请院长决定", ByCourt, ActPetitionDecide},
		{[]PetitionState{PetitionOpen}, PetitionRefused, AuditPetitionDecide, "不同意", ByCourt, ActPetitionDecide},
		{[]PetitionState{PetitionOpen, PetitionForwarded}, PetitionGranted, AuditMeasureLift, "院长批准解除拘留", ByCourt, ActMeasureApprove},
		{[]PetitionState{PetitionOpen, PetitionForwarded}, PetitionGranted, AuditMeasureReview, "救济申请的结果：撤销拘留", ByCourt, ActReviewRecord},
		{[]PetitionState{PetitionOpen, PetitionForwarded}, PetitionRefused, AuditMeasureRefuseLift, "院长不同意解除", ByCourt, ActMeasureApprove},
		{[]PetitionState{PetitionOpen, PetitionForwarded}, PetitionRefused, AuditMeasureExpire, "答复以前拘留期满", ByCourt, ActMeasurePropose},
	},
}

// DepositMachine is what can become of money that was paid before a judgment.
// Once it is verified its state follows from the entries of its ledger.
var DepositMachine = Machine[DepositState]{
	Table: "deposits", Name: "判决前的暂存款",
	Ends: []DepositState{DepositReturned, DepositWithdrawn},
	Moves: []Move[DepositState]{
		{nil, DepositSubmitted, AuditDepositSubmit, "", ByOutside, ActDepositMake},
		{nil, DepositSubmitted, AuditDepositSubmit, "窗口代为登记", ByCourt, ActDepositMake},
		{[]DepositState{DepositSubmitted}, DepositWithdrawn, AuditDepositWithdraw, "", ByOutside, ActDepositMake},
		{[]DepositState{DepositSubmitted}, DepositReturned, AuditDepositReturn, "", ByCourt, ActDepositDecide},
		{[]DepositState{DepositSubmitted}, DepositHeld, AuditDepositConfirm, "", ByCourt, ActDepositDecide},
		{[]DepositState{DepositHeld}, DepositRefunding, AuditDepositRefund, "", ByCourt, ActDepositDecide},
		{[]DepositState{DepositHeld}, DepositRefunding, AuditDepositRefund, "缴款一方要求退还", ByOutside, ActDepositMake},
		{[]DepositState{DepositHeld}, DepositSettled, AuditDepositSetOff, "全部抵充，或者更正为零", ByCourt, ActDepositDecide},
		{[]DepositState{DepositRefunding}, DepositSettled, AuditDepositRepay, "", ByCourt, ActDepositRepay},
		{[]DepositState{DepositRefunding}, DepositHeld, AuditDepositRepay, "部分退还，余款仍暂存", ByCourt, ActDepositRepay},
		{[]DepositState{DepositSettled}, DepositHeld, AuditReceiptCorrect, "抵充或者登记的金额更正，转回暂存", ByCourt, ActReceiptDecide},
	},
}

// WishMachine is what can become of a payer's new wish about his deposit.
var WishMachine = Machine[WishState]{
	Table: "deposit_wishes", Name: "改变暂存款用途的意愿",
	Ends: []WishState{WishAccepted, WishDeclined},
	Moves: []Move[WishState]{
		{nil, WishAsked, AuditDepositWish, "", ByOutside, ActDepositMake},
		{nil, WishAsked, AuditDepositWish, "窗口代为登记", ByCourt, ActDepositMake},
		{[]WishState{WishAsked}, WishAccepted, AuditDepositWishDecide, "接受，改变用途", ByCourt, ActDepositDecide},
		{[]WishState{WishAsked}, WishDeclined, AuditDepositWishDecide, "不接受", ByCourt, ActDepositDecide},
	},
}

// DistributionMachine is what can become of a plan by which money is shared.
var DistributionMachine = Machine[DistributionState]{
	Table: "distributions", Name: "财产分配方案",
	Ends: []DistributionState{DistributionAllocated, DistributionWithdrawn},
	Moves: []Move[DistributionState]{
		{nil, DistributionDrafted, AuditShareDraft, "", ByCourt, ActShareManage},
		{[]DistributionState{DistributionDrafted}, DistributionServed, AuditShareServe, "", ByCourt, ActShareManage},
		{[]DistributionState{DistributionServed}, DistributionAllocated, AuditShareAllocate, "", ByCourt, ActShareManage},
		{[]DistributionState{DistributionDrafted, DistributionServed}, DistributionWithdrawn, AuditShareWithdraw, "", ByCourt, ActShareManage},
	},
}

// PayoutMachine is what can become of money that leaves the court's account.
var PayoutMachine = Machine[PayoutState]{
	Table: "payouts", Name: "案款发放",
	Ends: []PayoutState{PayoutRefused, PayoutWithdrawn, PayoutCameBack},
	Moves: []Move[PayoutState]{
		{nil, PayoutPrepared, AuditPayoutPrepare, "", ByCourt, ActPayoutPrepare},
		{[]PayoutState{PayoutPrepared}, PayoutApproved, AuditPayoutDecide, "批准", ByCourt, ActPayoutApprove},
		{[]PayoutState{PayoutPrepared}, PayoutRefused, AuditPayoutDecide, "不批准", ByCourt, ActPayoutApprove},
		{[]PayoutState{PayoutPrepared, PayoutApproved}, PayoutWithdrawn, AuditPayoutWithdraw, "", ByCourt, ActPayoutPrepare},
		{[]PayoutState{PayoutApproved}, PayoutPaid, AuditPayoutPay, "", ByCourt, ActPayoutPay},
		{[]PayoutState{PayoutPaid}, PayoutCameBack, AuditPayoutBack, "", ByCourt, ActPayoutPay},
	},
}

// DelayMachine is what can become of the wish to pay money out later.
var DelayMachine = Machine[DelayState]{
	Table: "payout_delays", Name: "延缓发放案款",
	Ends: []DelayState{DelayApproved, DelayRefused},
	Moves: []Move[DelayState]{
		{nil, DelayAsked, AuditDelayAsk, "", ByCourt, ActPayoutPrepare},
		{[]DelayState{DelayAsked}, DelayApproved, AuditDelayDecide, "批准", ByCourt, ActPayoutApprove},
		{[]DelayState{DelayAsked}, DelayRefused, AuditDelayDecide, "不批准", ByCourt, ActPayoutApprove},
	},
}

// ObjectionMachine is what can become of an objection against such a plan.
var ObjectionMachine = Machine[ObjectionState]{
	Table: "distribution_objections", Name: "对分配方案的异议",
	Ends: []ObjectionState{ObjectionDropped, ObjectionAccepted, ObjectionSued},
	Moves: []Move[ObjectionState]{
		{nil, ObjectionOpen, AuditShareObject, "", ByCourt, ActShareManage},
		{[]ObjectionState{ObjectionOpen}, ObjectionDropped, AuditShareAnswer, "撤回，或者逾期未起诉", ByCourt, ActShareManage},
		{[]ObjectionState{ObjectionOpen}, ObjectionAccepted, AuditShareAnswer, "无人反对，方案应修正", ByCourt, ActShareManage},
		{[]ObjectionState{ObjectionOpen}, ObjectionSued, AuditShareAnswer, "异议人已起诉，提存争议款项", ByCourt, ActShareManage},
	},
}

// RelativeMachine is what can become of a relative's link to a debtor. Whoever
// decides may think better of it; to end a block is to end the link.
var RelativeMachine = Machine[RelativeState]{
	Table: "relatives", Name: "家属联系",
	Moves: []Move[RelativeState]{
		{nil, RelativeAsked, AuditRelativeAsk, "", ByOutside, ActRelativeAsk},
		{[]RelativeState{RelativeAsked, RelativeDeclined, RelativeBlocked, RelativeRevoked}, RelativeAdmitted, AuditRelativeAdmitted, "", ByCourt, ActRelativeDecide},
		{[]RelativeState{RelativeAsked}, RelativeDeclined, AuditRelativeDeclined, "", ByCourt, ActRelativeDecide},
		{[]RelativeState{RelativeAsked, RelativeAdmitted, RelativeDeclined}, RelativeBlocked, AuditRelativeBlocked, "", ByCourt, ActRelativeDecide},
		{[]RelativeState{RelativeAdmitted, RelativeBlocked}, RelativeRevoked, AuditRelativeRevoked, "", ByCourt, ActRelativeDecide},
	},
}

// CallMachine is what can become of a call-back: who may say what follows from
// whose turn it is.
var CallMachine = Machine[CallState]{
	Table: "call_backs", Name: "回电预约",
	Ends: []CallState{CallDeclined, CallCancelled, CallLapsed, CallDone, CallMissed},
	Moves: []Move[CallState]{
		{nil, CallAsked, AuditCallAsked, "", ByOutside, ActCallMake},
		{nil, CallOffered, AuditCallOffered, "", ByCourt, ActCallMake},
		{[]CallState{CallAsked}, CallConfirmed, AuditCallConfirmed, "", ByCourt, ActCallMake},
		{[]CallState{CallOffered}, CallConfirmed, AuditCallConfirmed, "同意时间", ByOutside, ActCallMake},
		{[]CallState{CallAsked, CallOffered, CallConfirmed}, CallOffered, AuditCallOffered, "另提时间", ByCourt, ActCallMake},
		{[]CallState{CallAsked}, CallDeclined, AuditCallDeclined, "", ByCourt, ActCallMake},
		{[]CallState{CallOffered}, CallDeclined, AuditCallDeclined, "", ByOutside, ActCallMake},
		{[]CallState{CallOffered, CallConfirmed}, CallCancelled, AuditCallCancelled, "", ByCourt, ActCallMake},
		{[]CallState{CallAsked, CallConfirmed}, CallCancelled, AuditCallCancelled, "", ByOutside, ActCallMake},
		{[]CallState{CallAsked, CallOffered, CallConfirmed}, CallCancelled, AuditCallCancelled, "与此人的联系结束", ByProgram, ""},
		{[]CallState{CallAsked, CallConfirmed}, CallDone, AuditCallDone, "", ByCourt, ActCallMake},
		{[]CallState{CallAsked, CallConfirmed}, CallMissed, AuditCallMissed, "", ByCourt, ActCallMake},
		{[]CallState{CallAsked, CallOffered}, CallLapsed, AuditCallLapsed, "", ByProgram, ""},
	},
}

// TaskMachine is what can become of a task.
var TaskMachine = Machine[TaskState]{
	Table: "tasks", Name: "待办事项",
	Ends: []TaskState{TaskDone, TaskCancelled},
	Moves: []Move[TaskState]{
		{nil, TaskOpen, "task.add", "产生事项", ByProgram, ""},
		{[]TaskState{TaskOpen}, TaskDone, AuditTaskDone, "", ByCourt, ActTaskDo},
		{[]TaskState{TaskOpen}, TaskDone, "task.followed", "事情已经办成", ByProgram, ""},
		{[]TaskState{TaskOpen}, TaskCancelled, "task.cancelled", "产生它的原因已经消失", ByProgram, ""},
	},
}

// QueryMachine is what can become of a query about a debtor.
var QueryMachine = Machine[QueryState]{
	Table: "asset_queries", Name: "财产和人口查询",
	Ends: []QueryState{QueryRefused, QueryAnswered, QueryCancelled},
	Moves: []Move[QueryState]{
		{nil, QueryRequested, AuditQueryRequest, "", ByCourt, ActQueryRequest},
		{nil, QueryApproved, AuditQueryRequest, "申请无需审批的查询", ByCourt, ActQueryRequest},
		{[]QueryState{QueryRequested}, QueryApproved, AuditQueryDecide, "同意", ByCourt, ActQueryApprove},
		{[]QueryState{QueryRequested}, QueryRefused, AuditQueryDecide, "不同意", ByCourt, ActQueryApprove},
		{[]QueryState{QueryApproved}, QuerySent, AuditQuerySend, "", ByCourt, ActQueryRequest},
		{[]QueryState{QuerySent}, QueryAnswered, AuditQueryAnswer, "", ByCourt, ActQueryRequest},
		{[]QueryState{QuerySent}, QueryAnswered, AuditQueryAnswer, "责任单位答复", ByOutside, ActAgencyDesk},
		{[]QueryState{QueryRequested, QueryApproved, QuerySent}, QueryCancelled, AuditQueryCancel, "", ByCourt, ActQueryRequest},
	},
}

// AssistanceMachine is what can become of a request to a liaison.
var AssistanceMachine = Machine[AssistanceState]{
	Table: "assistance_requests", Name: "协助请求",
	Ends: []AssistanceState{AssistanceClosed},
	Moves: []Move[AssistanceState]{
		{nil, AssistanceAsked, AuditAssistanceAsk, "", ByCourt, ActAssistanceRequest},
		{[]AssistanceState{AssistanceAsked}, AssistanceAccepted, AuditAssistanceAccept, "", ByOutside, ActAssist},
		{[]AssistanceState{AssistanceAsked, AssistanceAccepted}, AssistanceDeclined, AuditAssistanceDecline, "", ByOutside, ActAssist},
		{[]AssistanceState{AssistanceAccepted}, AssistanceAnswered, AuditAssistanceAnswer, "", ByOutside, ActAssist},
		{[]AssistanceState{AssistanceAsked, AssistanceAccepted, AssistanceDeclined, AssistanceAnswered}, AssistanceClosed, AuditAssistanceClose, "", ByCourt, ActAssistanceRequest},
	},
}

// PrisonLetterMachine is what can become of a prison's letter about items of
// property.
var PrisonLetterMachine = Machine[PrisonLetterState]{
	Table: "prison_letters", Name: "财产性判项公函",
	Ends: []PrisonLetterState{PrisonLetterAnswered, PrisonLetterVoid},
	Moves: []Move[PrisonLetterState]{
		{nil, PrisonLetterOpen, AuditPrisonLetterRegister, "", ByCourt, ActPenaltyManage},
		{[]PrisonLetterState{PrisonLetterOpen}, PrisonLetterAnswered, AuditPrisonLetterAnswer, "", ByCourt, ActPenaltyManage},
		{[]PrisonLetterState{PrisonLetterOpen}, PrisonLetterVoid, AuditPrisonLetterVoid, "", ByCourt, ActPenaltyManage},
	},
}

// AgencyTaskMachine is what can become of one deadline of an agency's duty.
var AgencyTaskMachine = Machine[AgencyTaskState]{
	Table: "agency_tasks", Name: "责任单位的事项任务",
	Ends: []AgencyTaskState{AgencyTaskDone, AgencyTaskVoid},
	Moves: []Move[AgencyTaskState]{
		{nil, AgencyTaskOpen, "duty.task", "产生任务", ByProgram, ""},
		{[]AgencyTaskState{AgencyTaskOpen}, AgencyTaskReported, AuditDutyReport, "", ByOutside, ActAgencyDesk},
		{[]AgencyTaskState{AgencyTaskReported}, AgencyTaskDone, AuditDutyAccept, "", ByCourt, ActDutyDecide},
		{[]AgencyTaskState{AgencyTaskReported}, AgencyTaskOpen, AuditDutyReturn, "", ByCourt, ActDutyDecide},
		{[]AgencyTaskState{AgencyTaskOpen}, AgencyTaskVoid, AuditDutyEnd, "", ByCourt, ActAgencyManage},
	},
}

// ReportMachine is what can become of an agency's report.
var ReportMachine = Machine[ReportState]{
	Table: "agency_reports", Name: "责任单位的报送",
	Ends: []ReportState{ReportAccepted, ReportReturned},
	Moves: []Move[ReportState]{
		{nil, ReportWaiting, AuditDutyReport, "", ByOutside, ActAgencyDesk},
		{[]ReportState{ReportWaiting}, ReportAccepted, AuditDutyAccept, "", ByCourt, ActDutyDecide},
		{[]ReportState{ReportWaiting}, ReportReturned, AuditDutyReturn, "", ByCourt, ActDutyDecide},
	},
}

// FileMachine is what can become of an uploaded file.
var FileMachine = Machine[FileState]{
	Table: "files", Name: "上传的文件",
	Ends: []FileState{FileAttached, FileExpired},
	Moves: []Move[FileState]{
		{nil, FileQuarantine, "file.direct", "申请直接上传", ByOutside, ActUpload},
		{nil, FileStored, AuditFileUpload, "", ByOutside, ActUpload},
		{nil, FileStored, AuditFileUpload, "", ByCourt, ActUpload},
		{[]FileState{FileQuarantine}, FileStored, "file.examined", "检查合格", ByProgram, ""},
		{[]FileState{FileStored}, FileAttached, "file.attached", "成为案件材料", ByProgram, ""},
		{[]FileState{FileStored}, FileDamaged, "file.damaged", "图片无法解码", ByProgram, ""},
		{[]FileState{FileQuarantine, FileStored, FileDamaged}, FileExpired, "file.expired", "期满未使用，予以清除", ByProgram, ""},
	},
}

// UserMachine is what can become of an account.
var UserMachine = Machine[UserState]{
	Table: "users", Name: "账号",
	Moves: []Move[UserState]{
		{nil, UserActive, AuditStaffAdd, "新建账号，或者首次微信登录", ByCourt, ActStaffManage},
		{[]UserState{UserActive}, UserDisabled, AuditStaffDisable, "", ByCourt, ActStaffManage},
		{[]UserState{UserDisabled}, UserActive, AuditStaffEnable, "", ByCourt, ActStaffManage},
	},
}

// PushMachine is what can become of a message that WeChat pushed. One that is
// set aside is tried once a day, and goes any way that a fresh one goes.
var PushMachine = Machine[PushState]{
	Table: "push_events", Name: "微信推送的消息",
	Ends: []PushState{PushApplied, PushIgnored, PushUnknown},
	Moves: []Move[PushState]{
		{nil, PushWaiting, "push.received", "收到微信推送", ByProgram, ""},
		{[]PushState{PushWaiting, PushFailed}, PushApplied, "push.applied", "已按消息内容处理", ByProgram, ""},
		{[]PushState{PushWaiting, PushFailed}, PushIgnored, "push.ignored", "与本系统无关", ByProgram, ""},
		{[]PushState{PushWaiting, PushFailed}, PushUnknown, "push.unknown", "无法读取，或者一直找不到对应的消息", ByProgram, ""},
		{[]PushState{PushWaiting}, PushFailed, "push.failed", "多次处理失败，列入待查", ByProgram, ""},
		{[]PushState{PushFailed}, PushWaiting, "push.again", "每日重试，对应的消息尚未找到", ByProgram, ""},
	},
}

// PictureMachine is what can become of the check of a picture. The answer may
// come before it is written down that the checker took the picture, and after
// it was given up; the first answer stands.
var PictureMachine = Machine[ContentState]{
	Table: "picture_checks", Name: "图片内容检查",
	Ends: []ContentState{ContentPass, ContentReview, ContentRisky},
	Moves: []Move[ContentState]{
		{nil, ContentWaiting, "picture.sent", "当事人发送图片", ByOutside, ActMessageWrite},
		{[]ContentState{ContentWaiting}, ContentAsked, "picture.asked", "已提交微信检查", ByProgram, ""},
		{[]ContentState{ContentWaiting}, ContentUnchecked, "picture.not_taken", "多次提交失败", ByProgram, ""},
		{[]ContentState{ContentAsked}, ContentUnchecked, "picture.no_answer", "到期没有答复", ByProgram, ""},
		{[]ContentState{ContentAsked, ContentUnchecked}, ContentPass, "picture.pass", "答复：正常", ByProgram, ""},
		{[]ContentState{ContentAsked, ContentUnchecked}, ContentReview, "picture.review", "答复：建议人工复核", ByProgram, ""},
		{[]ContentState{ContentAsked, ContentUnchecked}, ContentRisky, AuditPictureHidden, "", ByProgram, ""},
	},
}

// ScanMachine is what can become of a log-in at the desk by scanning with a
// phone. One that nobody approves or collects is forgotten after minutes.
var ScanMachine = Machine[ScanState]{
	Table: "scan_tickets", Name: "扫码登录",
	Ends: []ScanState{ScanUsed},
	Moves: []Move[ScanState]{
		{nil, ScanPending, "scan.ask", "工作台显示二维码", ByCourt, ""},
		{[]ScanState{ScanPending}, ScanApproved, AuditScanApprove, "", ByCourt, ""},
		{[]ScanState{ScanApproved}, ScanUsed, "scan.collect", "工作台完成登录", ByCourt, ""},
	},
}

// Machines are all of them, the most important first.
func Machines() []Drawn {
	return []Drawn{
		ReceiptMachine.drawn(), DeskActMachine.drawn(), ResponseMachine.drawn(), CertificateMachine.drawn(), ApplicationMachine.drawn(), AccountMachine.drawn(),
		OutboxMachine.drawn(), PaperMachine.drawn(), StepMachine.drawn(),
		EnforcementMachine.drawn(), MeasureMachine.drawn(), ReviewMachine.drawn(), ProlongMachine.drawn(), SpendingMachine.drawn(),
		CleanUpMachine.drawn(), SettlementMachine.drawn(), PlanMachine.drawn(), ReleaseMachine.drawn(), RepairMachine.drawn(),
		DistributionMachine.drawn(), ObjectionMachine.drawn(), PayoutMachine.drawn(), DelayMachine.drawn(),
		DepositMachine.drawn(), WishMachine.drawn(), PetitionMachine.drawn(), RelativeMachine.drawn(), CallMachine.drawn(), TaskMachine.drawn(), QueryMachine.drawn(), AssistanceMachine.drawn(),
		PrisonLetterMachine.drawn(), AgencyTaskMachine.drawn(), ReportMachine.drawn(), FileMachine.drawn(), UserMachine.drawn(),
		PushMachine.drawn(), PictureMachine.drawn(), ScanMachine.drawn(),
	}
}
