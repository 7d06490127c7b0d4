package model

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// SetOffBasis is how a claim is certain that a debtor sets off against his debt.
type SetOffBasis string

// The bases.
const (
	SetOffInstrument   SetOffBasis = "instrument"   // 已经生效法律文书确定
	SetOffAcknowledged SetOffBasis = "acknowledged" // 权利人认可
)

// Chinese is the basis on screens, "" for an unknown one.
func (b SetOffBasis) Chinese() string {
	return map[SetOffBasis]string{SetOffInstrument: "已经生效法律文书确定", SetOffAcknowledged: "权利人认可"}[b]
}

// SetOff is what a debtor declares who sets a claim of his own against his
// creditor off against his debt (抵销). It stands in a receipt (ProofSetOff): what
// is confirmed of it is performance without a payment.
type SetOff struct {
	CreditorID   int64       `json:"creditor_id"` // to whom the debt is owed, and who owes the claim
	Basis        SetOffBasis `json:"basis"`
	InstrumentNo string      `json:"instrument_no,omitempty"` // that fixes the claim
	InstrumentOn Date        `json:"instrument_on,omitzero"`
	// Paper is on what the creditor acknowledged the claim, "" when he is asked here.
	Paper    string `json:"paper,omitempty"`
	ClaimFen Fen    `json:"claim_fen"` // the whole claim, as far as it is open
	DueOn    Date   `json:"due_on"`    // the day on which the claim fell due
	NoticeOn Date   `json:"notice_on"` // the day on which the notice reached the creditor
	How      string `json:"how"`       // it reached him
	// Unconditional is what the debtor declares: no condition and no term.
	Unconditional bool `json:"unconditional"`
}

// Words say on what a set-off rests, as papers and screens print it.
func (s SetOff) Words() string {
	if s.Basis == SetOffInstrument {
		return "抵销的债权由" + s.InstrumentNo + "（" + s.InstrumentOn.Chinese() + "）确定"
	}
	if s.Paper != "" {
		return "抵销的债权经权利人认可（" + s.Paper + "）"
	}
	return "抵销的债权经权利人认可"
}

// Check trims and checks a declaration of an amount (fen) on a day. A claim that
// is not due yet, or of which the creditor was not told, sets nothing off; what
// comes with a condition or a term sets nothing off either. That the debt itself
// is due the Code does not ask: who sets off gives up his own term.
// Source: 民法典 568.
func (s *SetOff) Check(amount Fen, today Date) error {
	s.InstrumentNo, s.Paper, s.How = Clean(s.InstrumentNo), strings.TrimSpace(s.Paper), strings.TrimSpace(s.How)
	long := func(v string, n int) bool { return utf8.RuneCountInString(v) > n }
	var wrong Faults
	wrong.If(s.CreditorID == 0, "creditor_id", "set_off.creditor", "请选择向哪一名权利人主张抵销")
	wrong.If(s.Basis.Chinese() == "", "basis", "set_off.basis", "请选择抵销的债权由生效法律文书确定，还是经权利人认可")
	wrong.If(s.Basis == SetOffInstrument && (s.InstrumentNo == "" || s.InstrumentOn.IsZero() || s.InstrumentOn.After(today)), "instrument_no", "set_off.basis", "请填写确定该债权的法律文书的文号和日期")
	wrong.If(long(s.InstrumentNo, 100) || long(s.Paper, 200) || long(s.How, 200), "notice_by", "field.too_long", "文号不超过 100 字，书面材料和通知的方式不超过 200 字")
	wrong.If(s.ClaimFen < amount || s.ClaimFen > MaxFen, "claim_fen", "set_off.claim", "抵销的金额不能超过用来抵销的债权数额")
	wrong.If(s.NoticeOn.IsZero() || s.NoticeOn.After(today) || s.How == "", "notice_on", "set_off.notice", "主张抵销的，应当通知对方，通知到达对方时生效"+by(CiteSetOffNotice)+"；请填写通知到达对方的日期和方式，尚未通知的请先通知")
	wrong.If(s.DueOn.IsZero() || !s.NoticeOn.IsZero() && s.DueOn.After(s.NoticeOn), "due_on", "set_off.due", "用来抵销的债权在通知到达对方时应当已经到期"+by(CiteSetOff))
	wrong.If(!s.Unconditional, "unconditional", "set_off.condition", "抵销不得附条件或者附期限"+by(CiteSetOffNotice))
	return wrong.Err()
}

// barredBySetOff are words of a cause of action, or of a duty, against which
// nothing is set off. What a person is owed for his body, his keep or his work is
// a debt that by its nature may not be set off: 民法典 568 para. 1 says no more than
// that; that injuries to a person count is 合同编通则解释 57, that maintenance and
// wages do is how the proviso is explained, and no article names them.
var barredBySetOff = []struct {
	words []string
	why   string
	rule  Citation
}{
	{[]string{"抚养费", "赡养费", "扶养费", "抚恤金", "劳动报酬", "工资", "工伤"}, "抚养、赡养、劳动报酬一类的债务依其性质不得抵销", CiteSetOff},
	{[]string{"生命权", "身体权", "健康权", "人身损害", "人身伤害", "交通事故", "医疗损害"}, "因侵害自然人人身权益产生的损害赔偿债务，侵权人不得主张抵销", CiteSetOffInjury},
}

// SetOffBarred refuses that anything is set off against a duty: what is clear by
// law. Whatever else may stand in the way, an agreement above all, the judge
// decides who confirms or returns it. Where cause and duty say nothing, a claim
// for a person's injuries is not known by this rule either.
// Source: 民法典 568 para. 1; 法释〔2023〕13号 57.
func (d Debts) SetOffBarred(ob Obligation) error {
	refuse := func(why string, rule Citation) error {
		return InvalidField("creditor_id", "set_off.barred", why+by(rule))
	}
	switch {
	case ob.Kind != ObligationMoney:
		return refuse("标的物种类不同的义务不能抵销，双方协商一致的除外", CiteSetOff)
	case ob.Foreign != nil && !ob.Foreign.Accepts(""):
		return refuse("以外币确定的义务与人民币债权种类不同，不能抵销，双方协商一致的除外", CiteSetOff)
	case ob.ObligeeID == 0 || ob.ToCourt:
		return refuse("缴入法院账户的罚金、退赔等不得抵销", CiteSetOff)
	case len(ob.JointIDs) > 0:
		return refuse("该项权利由几人共同享有，对其中一人的债权不能抵销全体的债权，各人承受的份额登记后再办理", CiteSetOff)
	case d.Case.Kind == CaseAdministrative:
		return refuse("行政决定、行政裁判确定的款项依其性质不得抵销", CiteSetOff)
	case ob.Category == CategoryRestitution, ob.Category == CategoryMedical, d.Case.Kind == CaseCriminal:
		return refuse("因犯罪造成的损害，退赔和赔偿的债务不得由侵权人主张抵销", CiteSetOffInjury)
	}
	for _, b := range barredBySetOff {
		if slices.ContainsFunc(b.words, func(w string) bool { return strings.Contains(d.Case.Cause, w) || strings.Contains(ob.Description, w) }) {
			return refuse(b.why, b.rule)
		}
	}
	return nil
}

// CheckBasis refuses to confirm a set-off whose claim is not certain. In
// enforcement only a claim counts that an instrument fixed or the creditor
// acknowledged. Before enforcement his silence leaves it to the judge, who says
// why; what he disputes the court does not decide here: a suit does.
// A paper on which the debtor says that the creditor acknowledged the claim counts; where
// the creditor denies it, whoever decides says why it is true.
// Source: 异议复议规定 19; 民法典 568.
func (s SetOff) CheckBasis(enforced bool, answer ResponseState, reason string) error {
	switch {
	case s.Basis == SetOffInstrument, answer == ResponseAcknowledged, s.Paper != "" && (answer != ResponseDisputed || strings.TrimSpace(reason) != ""):
		return nil
	case s.Paper != "":
		return InvalidField("reason", "set_off.silence", "权利人否认认可过用来抵销的债权；依书面材料确认的，请填写审查认定的理由")
	case answer == ResponseDisputed:
		return E(Conflict, "set_off.disputed", "权利人有异议，用来抵销的债权又未经生效法律文书确定，不能确认抵销"+by(CiteSetOffEnforced)+"；请退回，并告知可以另行起诉")
	case enforced:
		return E(Conflict, "set_off.not_acknowledged", "执行中抵销的债权，应当已经生效法律文书确定或者经申请执行人认可"+by(CiteSetOffEnforced)+"；请等待权利人答复，或者退回")
	case strings.TrimSpace(reason) == "":
		return InvalidField("reason", "set_off.silence", "权利人尚未认可用来抵销的债权；确认的，请填写理由")
	}
	return nil
}
