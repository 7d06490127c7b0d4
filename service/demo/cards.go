// Package demo is the demonstration: a small court with staff, cases and
// receipts, made through the same services that a real court uses, and the
// cards of the fake WeChat. Nothing in it is reachable from production.
package demo

import (
	"microcourt/model"
	"microcourt/service/channel"
	"microcourt/service/wechat/wechattest"
)

// FollowerCards maps the notices to the template message of the fake service
// account.
func FollowerCards() channel.Cards {
	t := channel.CardTemplate{ID: wechattest.TemplateFollower, Fields: map[string]string{
		"thing1": "case_no", "date2": "due", "character_string8": "check", "thing9": "remark",
	}}
	return channel.Cards{model.NoticeDueSoon: t, model.NoticeFirstDemand: t, model.NoticeSecondDemand: t}
}

// Cards maps the notices to the templates of the fake WeChat.
func Cards() channel.Cards {
	caseCard := channel.CardTemplate{ID: wechattest.TemplateCase, Fields: map[string]string{
		"thing1": "case_no", "thing2": "court", "character_string8": "check", "thing9": "remark",
	}}
	result := channel.CardTemplate{ID: wechattest.TemplateReceipt, Fields: map[string]string{
		"thing1": "case_no", "amount2": "amount", "phrase3": "result", "character_string8": "check", "thing9": "remark",
	}}
	due := channel.CardTemplate{ID: wechattest.TemplateDue, LongTerm: true, Fields: map[string]string{
		"thing1": "case_no", "date2": "due", "character_string8": "check", "thing9": "remark",
	}}
	return channel.Cards{
		model.NoticeDueSoon: due, model.NoticeFirstDemand: due, model.NoticeSecondDemand: due, model.NoticeCreditorSheet: caseCard,
		model.NoticeJudgeDigest: {ID: wechattest.TemplateDigest, LongTerm: true, Fields: map[string]string{"thing1": "court", "character_string8": "check", "thing9": "remark"}},
		model.NoticeFiled:       caseCard, model.NoticeInstrument: caseCard, model.NoticePromise: caseCard,
		model.NoticeReceiptReceived: result, model.NoticeReceiptReturned: result, model.NoticeReceiptConfirmed: result,
		model.NoticeReceiptCorrected: result,
		model.NoticeObligeeAsked: {ID: wechattest.TemplateObligee, Fields: map[string]string{
			"thing1": "case_no", "amount2": "amount", "date3": "due", "character_string8": "check", "thing9": "remark",
		}},
		model.NoticeCertificateIssued: {ID: wechattest.TemplateCertificate, Fields: map[string]string{
			"thing1": "case_no", "thing2": "court", "time3": "time", "character_string8": "check", "thing9": "remark",
		}},
	}
}
