package model

// AuditAction is what somebody did or looked at, as the audit trail says it. A
// new one is a constant here with its words in auditNames.
type AuditAction string

// The actions of the audit trail, by their thing.
const (
	AuditAbsenceAdd AuditAction = "absence.add"
	AuditAbsenceEnd AuditAction = "absence.end"

	AuditAccountEnter   AuditAction = "payment_account.enter"
	AuditAccountCall    AuditAction = "payment_account.call"
	AuditAccountUse     AuditAction = "payment_account.use"
	AuditAccountRefuse  AuditAction = "payment_account.refuse"
	AuditAccountReplace AuditAction = "payment_account.replace"
	AuditAccountDoubt   AuditAction = "payment_account.doubt"
	AuditAccountStop    AuditAction = "payment_account.stop"
	AuditAccountLook    AuditAction = "payment_account.look"

	AuditAgencyAdd    AuditAction = "agency.add"
	AuditAgencyChange AuditAction = "agency.change"
	AuditAgencyEnd    AuditAction = "agency.end"
	AuditAgencyLook   AuditAction = "agency.look"

	AuditAPIKeyCreate AuditAction = "api_key.create"
	AuditAPIKeyRevoke AuditAction = "api_key.revoke"

	AuditAssistanceAsk     AuditAction = "assistance.ask"
	AuditAssistanceAccept  AuditAction = "assistance.accept"
	AuditAssistanceDecline AuditAction = "assistance.decline"
	AuditAssistanceAnswer  AuditAction = "assistance.answer"
	AuditAssistanceClose   AuditAction = "assistance.close"
	AuditAssistanceLook    AuditAction = "assistance.look"

	AuditAuditCheck AuditAction = "audit.check"

	AuditBindingCreate AuditAction = "binding.create"
	AuditBindingEnd    AuditAction = "binding.end"

	AuditBindingCodeIssue AuditAction = "binding_code.issue"

	AuditCalendarLoad AuditAction = "calendar.load"

	AuditCallAsked     AuditAction = "call.asked"
	AuditCallOffered   AuditAction = "call.offered"
	AuditCallConfirmed AuditAction = "call.confirmed"
	AuditCallDeclined  AuditAction = "call.declined"
	AuditCallCancelled AuditAction = "call.cancelled"
	AuditCallDone      AuditAction = "call.done"
	AuditCallMissed    AuditAction = "call.missed"
	AuditCallLapsed    AuditAction = "call.lapsed"
	AuditCallLook      AuditAction = "call.look"

	AuditCaseCreate   AuditAction = "case.create"
	AuditCaseImport   AuditAction = "case.import"
	AuditCaseHandover AuditAction = "case.handover"
	AuditCaseUpdate   AuditAction = "case.update"

	AuditCertificateApply   AuditAction = "certificate.apply"
	AuditCertificateDetails AuditAction = "certificate.details"
	AuditCertificateIssue   AuditAction = "certificate.issue"
	AuditCertificateLook    AuditAction = "certificate.look"
	AuditCertificateRefuse  AuditAction = "certificate.refuse"
	AuditCertificateRevoke  AuditAction = "certificate.revoke"
	AuditCertificateShare   AuditAction = "certificate.share"

	AuditDossierAgain  AuditAction = "dossier.again"
	AuditDossierExport AuditAction = "dossier.export"

	AuditCleanUpOpen   AuditAction = "clean_up.open"
	AuditCleanUpHold   AuditAction = "clean_up.hold"
	AuditCleanUpResume AuditAction = "clean_up.resume"
	AuditCleanUpDone   AuditAction = "clean_up.done"
	AuditCleanUpCancel AuditAction = "clean_up.cancel"

	AuditConsentGiven     AuditAction = "consent.given"
	AuditConsentWithdrawn AuditAction = "consent.withdrawn"

	AuditContactLog    AuditAction = "contact.log"
	AuditUnderstand    AuditAction = "understanding.give"
	AuditContactAdd    AuditAction = "contact.add"
	AuditContactChange AuditAction = "contact.change"
	AuditContactEnd    AuditAction = "contact.end"

	AuditCourtAdd AuditAction = "court.add"
	AuditCourtSet AuditAction = "court.set"

	AuditDatabaseBackup    AuditAction = "database.backup"
	AuditDatabaseRestore   AuditAction = "database.restore"
	AuditDatabaseReconcile AuditAction = "database.reconcile"

	AuditDebtEnter AuditAction = "debt.enter"

	AuditDecisionEnter AuditAction = "decision.enter"

	AuditDeliveryResend AuditAction = "delivery.resend"

	AuditDocumentLook AuditAction = "document.look"
	AuditDocumentMake AuditAction = "document.make"

	AuditDutyAdd    AuditAction = "duty.add"
	AuditDutyChange AuditAction = "duty.change"
	AuditDutyEnd    AuditAction = "duty.end"
	AuditDutyLoad   AuditAction = "duty.load"
	AuditDutyReport AuditAction = "duty.report"
	AuditDutyLook   AuditAction = "duty.look"
	AuditDutyAccept AuditAction = "duty.accept"
	AuditDutyReturn AuditAction = "duty.return"

	AuditEnforcementFile     AuditAction = "enforcement.file"
	AuditEnforcementUpdate   AuditAction = "enforcement.update"
	AuditEnforcementHandover AuditAction = "enforcement.handover"
	AuditEnforcementClose    AuditAction = "enforcement.close"

	AuditFileLook   AuditAction = "file.look"
	AuditFileUpload AuditAction = "file.upload"

	AuditImportRelease AuditAction = "import.release"

	AuditPrisonLetterRegister AuditAction = "prison_letter.register"
	AuditPrisonLetterAnswer   AuditAction = "prison_letter.answer"
	AuditPrisonLetterVoid     AuditAction = "prison_letter.void"
	AuditPrisonLetterDue      AuditAction = "prison_letter.due"

	AuditInstallmentDue AuditAction = "installment.due"

	AuditInstrumentAdd AuditAction = "instrument.add"
	// AuditObligationReplace is when a newer instrument's obligation took another's place.
	AuditObligationReplace AuditAction = "obligation.replace"

	AuditJobRun AuditAction = "job.run"

	AuditLiaisonAdd    AuditAction = "liaison.add"
	AuditLiaisonUpdate AuditAction = "liaison.update"
	AuditLiaisonCode   AuditAction = "liaison.code"
	AuditLiaisonBind   AuditAction = "liaison.bind"
	AuditLiaisonLook   AuditAction = "liaison.look"
	AuditPersonLook    AuditAction = "person.look"

	AuditListingLook AuditAction = "listing.look"
	AuditListExport  AuditAction = "list.export"

	AuditMeasurePropose          AuditAction = "measure.propose"
	AuditMeasureDecide           AuditAction = "measure.decide"
	AuditMeasureRefuse           AuditAction = "measure.refuse"
	AuditMeasureWithdraw         AuditAction = "measure.withdraw"
	AuditMeasureServiceOfProcess AuditAction = "measure.service_of_process"
	AuditMeasureDetain           AuditAction = "measure.detain"
	AuditMeasureFamily           AuditAction = "measure.family"
	AuditMeasureEffect           AuditAction = "measure.effect"
	AuditMeasurePost             AuditAction = "measure.post"
	AuditMeasureExecute          AuditAction = "measure.execute"
	AuditMeasureExpire           AuditAction = "measure.expire"
	AuditMeasureAskLift          AuditAction = "measure.ask_lift"
	AuditMeasureRefuseLift       AuditAction = "measure.refuse_lift"
	AuditMeasureLift             AuditAction = "measure.lift"
	AuditMeasureAskReview        AuditAction = "measure.ask_review"
	AuditMeasureReview           AuditAction = "measure.review"
	AuditMeasureProlong          AuditAction = "measure.prolong"
	AuditRefusalAct              AuditAction = "refusal_act.keep"
	AuditRoundRecord             AuditAction = "round.record"

	AuditMessageSay     AuditAction = "message.say"
	AuditMessageAnswer  AuditAction = "message.answer"
	AuditMessageRefused AuditAction = "message.refused"
	AuditMessageSettle  AuditAction = "message.settle"

	AuditNumberVoid AuditAction = "number.void"

	AuditObjectExpired AuditAction = "object.expired"

	AuditObligationCategory AuditAction = "obligation.category"

	AuditPaperDone    AuditAction = "paper.done"
	AuditTold         AuditAction = "notice.told"
	AuditPaperRequest AuditAction = "paper.request"

	AuditPartyReveal  AuditAction = "party.reveal"
	AuditPartySucceed AuditAction = "party.succeed"

	AuditPasswordChange AuditAction = "password.change"

	AuditBurdenChoose AuditAction = "burden.choose"

	AuditDepositSubmit   AuditAction = "deposit.submit"
	AuditDepositWithdraw AuditAction = "deposit.withdraw"
	AuditDepositConfirm  AuditAction = "deposit.confirm"
	AuditDepositReturn   AuditAction = "deposit.return"
	AuditDepositCorrect  AuditAction = "deposit.correct"
	AuditDepositSetOff   AuditAction = "deposit.set_off"
	AuditDepositRefund   AuditAction = "deposit.refund"
	AuditDepositRepay    AuditAction = "deposit.repay"
	AuditDepositWish     AuditAction = "deposit.wish"
	// AuditDepositWishSigned is the file of a wish that the payer signed.
	AuditDepositWishSigned AuditAction = "deposit.wish_signed"
	// AuditDepositWishDecide is the judge's word about a new wish.
	AuditDepositWishDecide AuditAction = "deposit.wish_decide"

	AuditPeriodRecord AuditAction = "period.record"

	AuditPetitionMake   AuditAction = "petition.make"
	AuditPetitionDecide AuditAction = "petition.decide"

	AuditPictureGiven  AuditAction = "picture.given"
	AuditPictureHidden AuditAction = "picture.hidden"

	AuditProlongAsk    AuditAction = "prolong.ask"
	AuditProlongDecide AuditAction = "prolong.decide"
	AuditProlongLapse  AuditAction = "prolong.lapse"

	AuditPromiseMake AuditAction = "promise.make"

	AuditQueryRequest AuditAction = "query.request"
	AuditQueryDecide  AuditAction = "query.decide"
	AuditQuerySend    AuditAction = "query.send"
	AuditQueryAnswer  AuditAction = "query.answer"
	AuditQueryCancel  AuditAction = "query.cancel"
	AuditQueryLook    AuditAction = "query.look"
	AuditQueryLetter  AuditAction = "query.letter"

	AuditPrimeRateEnter AuditAction = "prime_rate.enter"

	AuditReceiptImport       AuditAction = "receipt.import"
	AuditReceiptAcknowledged AuditAction = "receipt.acknowledged"
	AuditReceiptDisputed     AuditAction = "receipt.disputed"
	AuditReceiptDiffers      AuditAction = "receipt.differs"
	AuditReceiptRedact       AuditAction = "receipt.redact"
	AuditReceiptConfirm      AuditAction = "receipt.confirm"
	AuditReceiptCorrect      AuditAction = "receipt.correct"
	AuditReceiptDecide       AuditAction = "receipt.decide"
	AuditDeskActUndo         AuditAction = "desk_act.undo"
	AuditDeskActFailed       AuditAction = "desk_act.failed"

	AuditReceiptLook     AuditAction = "receipt.look"
	AuditReceiptReturn   AuditAction = "receipt.return"
	AuditReceiptSubmit   AuditAction = "receipt.submit"
	AuditReceiptWithdraw AuditAction = "receipt.withdraw"

	AuditReferenceLook AuditAction = "reference.look"

	AuditRelativeAsk      AuditAction = "relative.ask"
	AuditRelativeAdmitted AuditAction = "relative.admitted"
	AuditRelativeDeclined AuditAction = "relative.declined"
	AuditRelativeBlocked  AuditAction = "relative.blocked"
	AuditRelativeRevoked  AuditAction = "relative.revoked"
	AuditRelativeLook     AuditAction = "relative.look"

	AuditRelativeCodeIssue  AuditAction = "relative_code.issue"
	AuditRelativeCodeVoid   AuditAction = "relative_code.void"
	AuditRelativeCodeInvite AuditAction = "relative_code.invite"

	AuditReleasePropose AuditAction = "release.propose"
	AuditReleaseDecide  AuditAction = "release.decide"

	AuditRepairApply  AuditAction = "repair.apply"
	AuditRepairCheck  AuditAction = "repair.check"
	AuditRepairDecide AuditAction = "repair.decide"
	AuditRepairRevoke AuditAction = "repair.revoke"

	AuditScanApprove AuditAction = "scan.approve"

	AuditSchedulePause  AuditAction = "schedule.pause"
	AuditScheduleResume AuditAction = "schedule.resume"
	AuditScheduleStop   AuditAction = "schedule.stop"
	AuditScheduleSkip   AuditAction = "schedule.skip"
	AuditScheduleSend   AuditAction = "schedule.send"

	AuditServiceLook AuditAction = "service.look"

	AuditSessionEnd       AuditAction = "session.end"
	AuditSessionRefused   AuditAction = "session.refused"
	AuditSessionThrottled AuditAction = "session.throttled"
	AuditSessionSignon    AuditAction = "session.signon"
	AuditSessionStaff     AuditAction = "session.staff"
	AuditSessionWechat    AuditAction = "session.wechat"

	AuditPlanRecord       AuditAction = "plan.record"
	AuditPlanAnswer       AuditAction = "plan.answer"
	AuditPlanWithdraw     AuditAction = "plan.withdraw"
	AuditSettlementRecord AuditAction = "settlement.record"
	AuditShareDraft       AuditAction = "share.draft"
	AuditShareClaim       AuditAction = "share.claim"
	AuditShareStrike      AuditAction = "share.strike"
	AuditShareServe       AuditAction = "share.serve"
	AuditShareObject      AuditAction = "share.object"
	AuditShareAnswer      AuditAction = "share.answer"
	AuditShareAllocate    AuditAction = "share.allocate"
	AuditShareWithdraw    AuditAction = "share.withdraw"

	// Money in the court's hands.
	AuditMoneyEnter     AuditAction = "money.enter"
	AuditMoneyCorrect   AuditAction = "money.correct"
	AuditMoneyIdentify  AuditAction = "money.identify"
	AuditPayoutPrepare  AuditAction = "payout.prepare"
	AuditPayoutDecide   AuditAction = "payout.decide"
	AuditPayoutWithdraw AuditAction = "payout.withdraw"
	AuditPayoutPay      AuditAction = "payout.pay"
	AuditPayoutBack     AuditAction = "payout.back"
	AuditDelayAsk       AuditAction = "payout.delay"
	AuditDelayDecide    AuditAction = "payout.delay_decide"
	AuditDelayEnd       AuditAction = "payout.delay_end"

	AuditSettlementResume AuditAction = "settlement.resume"

	AuditSignonBind AuditAction = "signon.bind"
	AuditSignonEnd  AuditAction = "signon.end"

	AuditSpendingAsk    AuditAction = "spending.ask"
	AuditSpendingDecide AuditAction = "spending.decide"
	AuditSpendingLapse  AuditAction = "spending.lapse"

	AuditStaffAdd    AuditAction = "staff.add"
	AuditStaffLink   AuditAction = "staff.link"
	AuditStaffUnlink AuditAction = "staff.unlink"
	AuditStaffReset  AuditAction = "staff.reset"
	AuditStaffRoles  AuditAction = "staff.roles"
	// The mark of the court's president, and written authorisations.
	AuditPresidentMark AuditAction = "staff.president"
	AuditPresidentEnd  AuditAction = "staff.president_end"
	AuditAuthorityAdd  AuditAction = "staff.authority"
	AuditAuthorityEnd  AuditAction = "staff.authority_end"
	AuditStaffDisable  AuditAction = "staff.disable"
	AuditStaffEnable   AuditAction = "staff.enable"
	AuditStaffUnlock   AuditAction = "staff.unlock"
	AuditStaffLogout   AuditAction = "staff.logout"

	AuditStatementMake AuditAction = "statement.make"

	AuditSubscriptionClaim AuditAction = "subscription.claim"

	AuditSurchargeReduce AuditAction = "surcharge.reduce"

	AuditTaskDone AuditAction = "task.done"

	AuditTemplateSave AuditAction = "template.save"

	AuditTOTPEnrol AuditAction = "totp.enrol"

	AuditVillageAdd AuditAction = "village.add"
)

// auditNames are the actions in words.
var auditNames = map[AuditAction]string{
	AuditAbsenceAdd:              "登记离岗代理",
	AuditAbsenceEnd:              "结束离岗代理",
	AuditAccountEnter:            "登记收款账户",
	AuditAccountCall:             "电话核实收款账户",
	AuditAccountUse:              "确认收款账户",
	AuditAccountRefuse:           "不采用收款账户",
	AuditAccountReplace:          "取代收款账户",
	AuditAccountDoubt:            "收款账户转为待电话核实",
	AuditAccountStop:             "停用收款账户",
	AuditAccountLook:             "查看完整收款账户",
	AuditAgencyAdd:               "新增责任单位",
	AuditAgencyChange:            "修改责任单位",
	AuditAgencyEnd:               "停用责任单位",
	AuditAgencyLook:              "查看责任单位联系电话",
	AuditAPIKeyCreate:            "新建接口密钥",
	AuditAPIKeyRevoke:            "停用接口密钥",
	AuditAssistanceAsk:           "请求联络员协助",
	AuditAssistanceAccept:        "联络员接受请求",
	AuditAssistanceDecline:       "联络员谢绝请求",
	AuditAssistanceAnswer:        "联络员反馈",
	AuditAssistanceClose:         "办结协助请求",
	AuditAssistanceLook:          "查看协助请求",
	AuditAuditCheck:              "检查审计链",
	AuditBindingCreate:           "绑定为当事人",
	AuditBindingEnd:              "解除绑定",
	AuditBindingCodeIssue:        "打印绑定码",
	AuditCalendarLoad:            "导入节假日",
	AuditCallAsked:               "请求回电",
	AuditCallOffered:             "提出回电时间",
	AuditCallConfirmed:           "约定回电",
	AuditCallDeclined:            "不同意回电时间",
	AuditCallCancelled:           "取消回电",
	AuditCallDone:                "登记回电",
	AuditCallMissed:              "登记回电未接通",
	AuditCallLapsed:              "回电预约过时",
	AuditCallLook:                "查看回电号码",
	AuditDossierAgain:            "重新入卷",
	AuditDossierExport:           "下载卷宗",
	AuditCaseCreate:              "录入案件",
	AuditCaseImport:              "导入案件",
	AuditCaseHandover:            "移交案件",
	AuditCaseUpdate:              "更新案件",
	AuditCertificateApply:        "申请证明书",
	AuditCertificateDetails:      "凭查看码查看证明书",
	AuditCertificateIssue:        "出具证明书",
	AuditCertificateLook:         "查看证明书",
	AuditCertificateRefuse:       "不予出具证明书",
	AuditCertificateRevoke:       "撤销证明书",
	AuditCertificateShare:        "生成证明书查看码",
	AuditCleanUpOpen:             "开始履行后清理",
	AuditCleanUpHold:             "暂缓履行后清理",
	AuditCleanUpResume:           "恢复履行后清理",
	AuditCleanUpDone:             "办结履行后清理",
	AuditCleanUpCancel:           "终止履行后清理",
	AuditConsentGiven:            "登记同意电子送达",
	AuditConsentWithdrawn:        "登记撤回电子送达同意",
	AuditContactLog:              "登记联系情况",
	AuditUnderstand:              "权利人表示谅解",
	AuditContactAdd:              "新增责任单位联系人",
	AuditContactChange:           "修改责任单位联系人",
	AuditContactEnd:              "停用责任单位联系人",
	AuditCourtAdd:                "新建法院",
	AuditCourtSet:                "修改本院设置",
	AuditDatabaseBackup:          "备份",
	AuditDatabaseRestore:         "恢复备份",
	AuditDatabaseReconcile:       "核对恢复后的数据",
	AuditDecisionEnter:           "登记行政决定和申请期限",
	AuditDeliveryResend:          "重新发送消息",
	AuditDocumentLook:            "查看文书",
	AuditDocumentMake:            "制作文书",
	AuditDutyAdd:                 "新增责任事项",
	AuditDutyChange:              "修改责任事项",
	AuditDutyEnd:                 "停用责任事项",
	AuditDutyLoad:                "导入责任事项",
	AuditDutyReport:              "责任单位报送",
	AuditDutyLook:                "查看惩戒对象",
	AuditDutyAccept:              "认可责任单位报送",
	AuditDutyReturn:              "退回责任单位报送",
	AuditEnforcementFile:         "录入执行案件",
	AuditEnforcementUpdate:       "更新执行案件",
	AuditEnforcementHandover:     "移交执行案件",
	AuditEnforcementClose:        "执行案件结案",
	AuditFileLook:                "查看凭证图片",
	AuditFileUpload:              "上传凭证",
	AuditImportRelease:           "放行导入案件的通知",
	AuditPrisonLetterRegister:    "登记财产性判项公函",
	AuditPrisonLetterAnswer:      "答复财产性判项公函",
	AuditPrisonLetterVoid:        "作废财产性判项公函",
	AuditPrisonLetterDue:         "调整公函答复期限",
	AuditInstallmentDue:          "调整到期日",
	AuditInstrumentAdd:           "补充法律文书",
	AuditObligationReplace:       "义务由新的法律文书取代",
	AuditJobRun:                  "重新运行定时任务",
	AuditLiaisonAdd:              "登记联络员",
	AuditLiaisonUpdate:           "更改联络员",
	AuditLiaisonCode:             "打印联络员绑定码",
	AuditLiaisonBind:             "联络员绑定手机",
	AuditListExport:              "导出或打印列表",
	AuditLiaisonLook:             "查看联络员",
	AuditPersonLook:              "查看一人的全部情况",
	AuditListingLook:             "获取失信名单",
	AuditMeasurePropose:          "提出强制措施",
	AuditMeasureDecide:           "决定强制措施",
	AuditMeasureRefuse:           "不予批准强制措施",
	AuditMeasureWithdraw:         "撤回强制措施",
	AuditMeasureServiceOfProcess: "登记决定书送达",
	AuditMeasureDetain:           "登记收拘",
	AuditMeasureFamily:           "登记通知家属",
	AuditMeasureEffect:           "宽限期满实施措施",
	AuditMeasurePost:             "登记张榜",
	AuditMeasureExecute:          "登记决定的执行",
	AuditMeasureExpire:           "措施期满终止",
	AuditMeasureAskLift:          "提请解除措施",
	AuditMeasureRefuseLift:       "不同意解除措施",
	AuditMeasureLift:             "解除措施",
	AuditMeasureAskReview:        "对措施提出救济申请",
	AuditMeasureReview:           "登记救济申请的结果",
	AuditMeasureProlong:          "延长失信期限",
	AuditRefusalAct:              "登记拒执线索",
	AuditRoundRecord:             "办理终结本次执行程序",
	AuditMessageSay:              "在对话中留言或回复",
	AuditMessageAnswer:           "在工作台回复（可撤回）",
	AuditMessageRefused:          "内容检查未通过，留言被拒",
	AuditMessageSettle:           "标记无需答复",
	AuditNumberVoid:              "编号作废",
	AuditObjectExpired:           "清除保存期满的无记录文件",
	AuditObligationCategory:      "注明判项类别",
	AuditPaperDone:               "办结纸质送达",
	AuditTold:                    "登记告知未送达任何人的当事人",
	AuditPaperRequest:            "要求纸质送达",
	AuditPartyReveal:             "查看完整证件号码和手机号",
	AuditPartySucceed:            "登记当事人变更",
	AuditPasswordChange:          "修改密码",
	AuditDepositSubmit:           "登记判决前的暂存款",
	AuditDepositWithdraw:         "撤回暂存款的登记",
	AuditDepositConfirm:          "核实暂存款",
	AuditDepositReturn:           "退回暂存款的登记",
	AuditDepositCorrect:          "更正暂存款",
	AuditDepositSetOff:           "以暂存款抵充判项",
	AuditDepositRefund:           "决定退还暂存款",
	AuditDepositRepay:            "登记暂存款已退还",
	AuditDepositWish:             "登记改变暂存款用途的意愿",
	AuditDepositWishSigned:       "存入签名的缴款意愿书",
	AuditDepositWishDecide:       "决定是否接受改变暂存款用途",
	AuditPetitionMake:            "提交悔过书或申请",
	AuditPetitionDecide:          "答复悔过书或申请",
	AuditPictureGiven:            "图片交内容安全检查",
	AuditPictureHidden:           "内容检查未通过，图片被隐藏",
	AuditProlongAsk:              "提请延长失信期限",
	AuditProlongDecide:           "决定延长失信期限",
	AuditProlongLapse:            "延长失信期限的提请失效",
	AuditBurdenChoose:            "选择承担调解书约定的责任或者迟延履行责任",
	AuditPeriodRecord:            "记录申请执行期间的中断、中止",
	AuditPromiseMake:             "作出履行承诺",
	AuditQueryRequest:            "申请查询",
	AuditQueryDecide:             "审批查询",
	AuditQuerySend:               "发出查询",
	AuditQueryAnswer:             "登记查询答复",
	AuditQueryCancel:             "撤销查询",
	AuditQueryLook:               "查看查询答复",
	AuditQueryLetter:             "查看协助查询函",
	AuditReceiptImport:           "导入已履行记录",
	AuditReceiptAcknowledged:     "权利人确认收到",
	AuditReceiptDisputed:         "权利人提出异议",
	AuditReceiptDiffers:          "权利人称收到的金额不同",
	AuditReceiptRedact:           "遮盖凭证，提供权利人查阅",
	AuditDebtEnter:               "登记利息或抵充事项",
	AuditPrimeRateEnter:          "录入LPR",
	AuditReceiptConfirm:          "确认回执",
	AuditReceiptCorrect:          "更正回执",
	AuditReceiptDecide:           "对回执作出决定（可撤销）",
	AuditDeskActUndo:             "撤回在工作台作出的决定或回复",
	AuditDeskActFailed:           "在工作台作出的决定或回复没有生效",
	AuditReceiptLook:             "查看回执",
	AuditReceiptReturn:           "退回回执",
	AuditReceiptSubmit:           "提交回执",
	AuditReceiptWithdraw:         "撤回回执",
	AuditReferenceLook:           "查询缴款识别码",
	AuditRelativeAsk:             "申请联系执行法官",
	AuditRelativeAdmitted:        "同意家属接入",
	AuditRelativeDeclined:        "不同意家属接入",
	AuditRelativeBlocked:         "限制家属",
	AuditRelativeRevoked:         "结束家属联系",
	AuditRelativeLook:            "查看家属信息",
	AuditRelativeCodeIssue:       "生成家属联系码",
	AuditRelativeCodeVoid:        "作废家属联系码",
	AuditRelativeCodeInvite:      "邀请家属",
	AuditReleasePropose:          "提出解除审查",
	AuditReleaseDecide:           "决定解除审查",
	AuditRepairApply:             "申请信用修复",
	AuditRepairCheck:             "核查信用修复条件",
	AuditRepairDecide:            "决定信用修复申请",
	AuditRepairRevoke:            "撤销信用修复",
	AuditScanApprove:             "扫码同意登录",
	AuditSchedulePause:           "暂停督促",
	AuditScheduleResume:          "恢复督促",
	AuditScheduleStop:            "停止督促",
	AuditScheduleSkip:            "跳过一次通知",
	AuditScheduleSend:            "发出督促时间表中的通知",
	AuditServiceLook:             "查看送达记录",
	AuditSessionEnd:              "退出其他设备",
	AuditSessionRefused:          "登录失败",
	AuditSessionThrottled:        "登录尝试过多，暂缓受理",
	AuditSessionSignon:           "统一身份认证登录",
	AuditSessionStaff:            "密码登录",
	AuditSessionWechat:           "微信登录",
	AuditPlanRecord:              "记录履行和解",
	AuditPlanAnswer:              "对履行和解作出答复",
	AuditPlanWithdraw:            "撤回履行和解",
	AuditSettlementRecord:        "记录执行和解",
	AuditShareDraft:              "拟定分配方案",
	AuditShareClaim:              "登记参加分配的债权",
	AuditShareStrike:             "删去误登的债权",
	AuditShareServe:              "登记分配方案的送达",
	AuditShareObject:             "登记对分配方案的异议",
	AuditShareAnswer:             "登记异议的结果",
	AuditShareAllocate:           "按分配方案分配",
	AuditShareWithdraw:           "撤销分配方案",
	AuditMoneyEnter:              "登记到账的案款",
	AuditMoneyCorrect:            "更正案款",
	AuditMoneyIdentify:           "认领案款",
	AuditPayoutPrepare:           "提出案款发放",
	AuditPayoutDecide:            "审批案款发放",
	AuditPayoutWithdraw:          "撤回案款发放",
	AuditPayoutPay:               "登记案款已付款",
	AuditPayoutBack:              "登记付款被银行退回",
	AuditDelayAsk:                "报批延缓发放",
	AuditDelayDecide:             "审批延缓发放",
	AuditDelayEnd:                "登记延缓发放的情形消失",
	AuditSettlementResume:        "恢复执行",
	AuditSignonBind:              "绑定统一身份认证",
	AuditSignonEnd:               "解除统一身份认证绑定",
	AuditSpendingAsk:             "申请限制消费期间的消费",
	AuditSpendingDecide:          "决定消费申请",
	AuditSpendingLapse:           "消费申请无需决定",
	AuditStaffAdd:                "新建账号",
	AuditStaffLink:               "关联微信",
	AuditStaffUnlink:             "解除微信关联",
	AuditStaffReset:              "重置密码和动态口令",
	AuditStaffRoles:              "更改角色",
	AuditPresidentMark:           "登记院长",
	AuditPresidentEnd:            "终止院长登记",
	AuditAuthorityAdd:            "登记院长的书面授权",
	AuditAuthorityEnd:            "终止院长的书面授权",
	AuditStaffDisable:            "停用账号",
	AuditStaffEnable:             "启用账号",
	AuditStaffUnlock:             "解除锁定",
	AuditStaffLogout:             "强制退出",
	AuditStatementMake:           "制作财产性判项履行情况说明",
	AuditSubscriptionClaim:       "登记消息授权",
	AuditSurchargeReduce:         "登记减免加处罚款或滞纳金",
	AuditTaskDone:                "办结事项",
	AuditTemplateSave:            "保存文书模板",
	AuditTOTPEnrol:               "登记动态口令",
	AuditVillageAdd:              "登记村（社区）",
}

// Chinese is the action in words; one without words stays as it is.
func (a AuditAction) Chinese() string {
	if name := auditNames[a]; name != "" {
		return name
	}
	return string(a)
}

// AuditLooks are the actions that are looks at personal data or evidence.
var AuditLooks = []AuditAction{
	AuditFileLook, AuditReceiptLook, AuditPartyReveal, AuditServiceLook, AuditCertificateLook, AuditCertificateDetails, AuditDocumentLook,
	AuditReferenceLook, AuditRelativeLook, AuditCallLook, AuditAccountLook, AuditListExport,
	AuditAgencyLook, AuditDutyLook, AuditListingLook,
	AuditQueryLook, AuditQueryLetter, AuditLiaisonLook, AuditAssistanceLook, AuditPersonLook,
}

// Some acts of one kind are told apart by what they make of the thing. Each of
// these is "" for what nobody brings about.

// Action is the obligee's answer to a receipt as the trail says it.
func (s ResponseState) Action() AuditAction {
	return map[ResponseState]AuditAction{ResponseAcknowledged: AuditReceiptAcknowledged, ResponseDisputed: AuditReceiptDisputed, ResponseDiffers: AuditReceiptDiffers}[s]
}

// Action is the decision about a relative as the trail says it.
func (s RelativeState) Action() AuditAction {
	return map[RelativeState]AuditAction{
		RelativeAdmitted: AuditRelativeAdmitted, RelativeDeclined: AuditRelativeDeclined, RelativeBlocked: AuditRelativeBlocked, RelativeRevoked: AuditRelativeRevoked,
	}[s]
}

// Action is what brought a call-back into the state as the trail says it.
func (s CallState) Action() AuditAction {
	return map[CallState]AuditAction{
		CallAsked: AuditCallAsked, CallOffered: AuditCallOffered, CallConfirmed: AuditCallConfirmed, CallDeclined: AuditCallDeclined,
		CallCancelled: AuditCallCancelled, CallDone: AuditCallDone, CallMissed: AuditCallMissed, CallLapsed: AuditCallLapsed,
	}[s]
}

// Action is what was done with a schedule as the trail says it.
func (k ScheduleActKind) Action() AuditAction {
	return map[ScheduleActKind]AuditAction{
		SchedulePause: AuditSchedulePause, ScheduleResume: AuditScheduleResume, ScheduleStop: AuditScheduleStop, ScheduleSkip: AuditScheduleSkip, ScheduleSend: AuditScheduleSend,
	}[k]
}

// Action is the giving or the withdrawal of a consent as the trail says it.
func (a ConsentAct) Action() AuditAction {
	return map[ConsentAct]AuditAction{ConsentGiven: AuditConsentGiven, ConsentWithdrawn: AuditConsentWithdrawn}[a]
}

// Action is the decision about an agency's report as the trail says it.
func (s ReportState) Action() AuditAction {
	return map[ReportState]AuditAction{ReportAccepted: AuditDutyAccept, ReportReturned: AuditDutyReturn}[s]
}
