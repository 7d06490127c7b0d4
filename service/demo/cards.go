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
	t := channel.CardTemplate{ID: wechattest.TemplateFollower, Fields: hint()}
	return channel.Cards{model.NoticeDueSoon: t, model.NoticeFirstDemand: t, model.NoticeSecondDemand: t}
}

// hint is all that a card shows: which kind of notice waits in the inbox, the code by
// which anybody can check it, and where to call.
func hint() map[string]string {
	return map[string]string{"thing1": "kind", "character_string8": "check", "thing9": "phone"}
}

// Cards maps the notices to the templates of the fake WeChat.
func Cards() channel.Cards {
	ofCourt, issued := hint(), hint()
	ofCourt["thing2"], issued["thing2"], issued["time3"] = "court", "court", "time"
	caseCard := channel.CardTemplate{ID: wechattest.TemplateCase, Fields: ofCourt}
	result := channel.CardTemplate{ID: wechattest.TemplateReceipt, Fields: hint()}
	due := channel.CardTemplate{ID: wechattest.TemplateDue, LongTerm: true, Fields: hint()}
	return channel.Cards{
		model.NoticeDueSoon: due, model.NoticeFirstDemand: due, model.NoticeSecondDemand: due, model.NoticeCreditorSheet: caseCard,
		model.NoticeJudgeDigest: {ID: wechattest.TemplateDigest, LongTerm: true, Fields: hint()},
		model.NoticeFiled:       caseCard, model.NoticeInstrument: caseCard, model.NoticePromise: caseCard,
		model.NoticeReceiptReceived: result, model.NoticeReceiptReturned: result, model.NoticeReceiptConfirmed: result,
		model.NoticeReceiptCorrected:  result,
		model.NoticeObligeeAsked:      {ID: wechattest.TemplateObligee, Fields: hint()},
		model.NoticeCertificateIssued: {ID: wechattest.TemplateCertificate, Fields: issued},
	}
}
