package model

import (
	"strings"
	"unicode/utf8"
)

// LodgementGround is why a debtor cannot pay his creditor and pays to an
// authority for him (提存).
type LodgementGround string

// The grounds.
const (
	LodgedRefused      LodgementGround = "refused"      // 无正当理由拒绝受领
	LodgedMissing      LodgementGround = "missing"      // 下落不明
	LodgedUndetermined LodgementGround = "undetermined" // 继承人、遗产管理人、监护人未确定
	LodgedByLaw        LodgementGround = "by_law"       // 法律规定的其他情形
)

// LodgementGrounds lists them in the order of the law.
var LodgementGrounds = []LodgementGround{LodgedRefused, LodgedMissing, LodgedUndetermined, LodgedByLaw}

// Chinese is the ground in words, "" for an unknown one.
func (g LodgementGround) Chinese() string {
	return map[LodgementGround]string{
		LodgedRefused: "权利人无正当理由拒绝受领", LodgedMissing: "权利人下落不明",
		LodgedUndetermined: "权利人死亡未确定继承人、遗产管理人，或者丧失民事行为能力未确定监护人", LodgedByLaw: "法律规定的其他情形",
	}[g]
}

// Lodgement is money that a debtor paid to an authority (a notary, or a court) for
// a creditor whom he could not pay (提存). It stands in a receipt (ProofLodged): to
// its extent the debtor has delivered, and the money is the creditor's.
type Lodgement struct {
	CreditorID int64           `json:"creditor_id"`
	Ground     LodgementGround `json:"ground"`
	Reason     string          `json:"reason"` // the facts behind the ground
	With       string          `json:"with"`   // the authority
	Number     string          `json:"number"` // of its paper
	LodgedOn   Date            `json:"lodged_on"`
	// NoticeOn is when the creditor's side was told; zero where nobody could be.
	NoticeOn Date   `json:"notice_on,omitzero"`
	How      string `json:"how,omitempty"` // he was told, or why nobody was
}

// CheckRefund checks money that the court lodges for somebody to whom it is to go
// back and who cannot be reached or does not take it: he is no creditor of a case.
func (l *Lodgement) CheckRefund(today Date) error {
	one := *l
	one.CreditorID = -1
	err := one.Check(today)
	if one.CreditorID = l.CreditorID; err == nil {
		*l = one
	}
	return err
}

// Check trims and checks it.
// Source: 民法典 570 (the grounds), 571 (it stands when the money is handed to the
// authority), 572 (the creditor, or who stands for him, is told at once).
func (l *Lodgement) Check(today Date) error {
	l.Reason, l.With, l.Number, l.How = strings.TrimSpace(l.Reason), Clean(l.With), Clean(l.Number), strings.TrimSpace(l.How)
	long := func(v string, n int) bool { return utf8.RuneCountInString(v) > n }
	var wrong Faults
	wrong.If(l.CreditorID == 0, "creditor_id", "lodgement.creditor", "请选择为哪一名权利人提存")
	wrong.If(l.Ground.Chinese() == "" || l.Reason == "", "ground", "lodgement.ground", "请选择提存的原因并写明事实；没有法定原因的，应当直接向权利人履行"+by(CiteLodgement))
	wrong.If(l.With == "" || l.Number == "", "with", "lodgement.paper", "请填写提存部门（公证机构或者法院）和提存证书、提存通知书的文号")
	wrong.If(long(l.Reason, 500) || long(l.With, 100) || long(l.Number, 100) || long(l.How, 200), "reason", "field.too_long", "事实不超过 500 字，提存部门、文号不超过 100 字，通知的方式不超过 200 字")
	wrong.If(l.LodgedOn.IsZero() || l.LodgedOn.After(today), "lodged_on", "lodgement.day", "款项交付提存部门时提存成立"+by(CiteLodgementStands)+"；请填写交付的日期，不能晚于今天")
	wrong.If(l.NoticeOn.After(today) || !l.NoticeOn.IsZero() && l.NoticeOn.Before(l.LodgedOn) || l.How == "", "notice_on", "lodgement.notice", "提存后应当及时通知权利人或者其继承人、遗产管理人、监护人、财产代管人"+by(CiteLodgementNotice)+"；请填写通知的日期和方式，无法通知的写明原因")
	return wrong.Err()
}

// LodgementBarred refuses that money is lodged for whoever is owed a duty by an
// administrative decision: an agency takes a fine through its bank, and never refuses
// it. Source: 行政处罚法 67 says where it is paid; 民法典 570 is about civil debts.
func (d Debts) LodgementBarred(ob Obligation) error {
	if d.Case.RegimeOf(ob) == RegimeNonLitigation {
		return InvalidField("creditor_id", "lodgement.creditor", "行政决定确定的罚款等款项应当缴入决定载明的银行或者本院案款账户，不能以提存代替")
	}
	return nil
}

// CollectBy is the last day on which the creditor can fetch the money: five years
// from the day of the lodgement, a fixed period that nothing interrupts. Afterwards
// it is the state's, less the costs; the debtor may take it back where the creditor
// waived it in writing or did not perform a due debt of his own to him.
// Source: 民法典 574 para. 2.
func (l Lodgement) CollectBy() Date { return l.LodgedOn.AddYears(5) }

// Words say where the money is, as papers print it.
func (l Lodgement) Words() string {
	return "提存于" + l.With + "，文号" + l.Number + "，原因：" + l.who(l.Ground.Chinese())
}

// who says it of whoever paid where it is a refund that is lodged.
func (l Lodgement) who(s string) string {
	if l.CreditorID == 0 {
		return strings.ReplaceAll(s, "权利人", "付款人")
	}
	return s
}

// Collecting says to the creditor where his money is, and until when.
func (l Lodgement) Collecting() string {
	return "款项已提存于" + l.With + "（文号 " + l.Number + "），您可以随时凭身份证明领取，提存费用由您负担；领取的权利自提存之日起五年内不行使而消灭，即至" +
		l.CollectBy().Chinese() + "止" + by(CiteLodgementFetched) + "。"
}
