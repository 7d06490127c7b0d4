package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// AskerKind is what authority asks how far a convict's items are performed.
type AskerKind string

// Who asks.
const (
	AskerPrison       AskerKind = "prison"          // 监狱
	AskerDetention    AskerKind = "detention"       // 看守所
	AskerCorrection   AskerKind = "correction"      // 社区矫正机构
	AskerPolice       AskerKind = "police"          // 公安机关
	AskerProcuratory  AskerKind = "procuratorate"   // 人民检察院
	AskerJudicialBody AskerKind = "judicial_bureau" // 司法行政机关
	AskerCourt        AskerKind = "court"           // 办理减刑、假释的人民法院
)

// AskerKinds lists them in the order of screens.
var AskerKinds = []AskerKind{
	AskerPrison, AskerDetention, AskerCorrection, AskerProcuratory, AskerPolice, AskerJudicialBody, AskerCourt,
}

// Chinese is the authority's name on screens.
func (k AskerKind) Chinese() string {
	return map[AskerKind]string{
		AskerPrison: "监狱", AskerDetention: "看守所", AskerCorrection: "社区矫正机构", AskerPolice: "公安机关", AskerProcuratory: "人民检察院",
		AskerJudicialBody: "司法行政机关", AskerCourt: "人民法院",
	}[k]
}

// Executes tells whether the authority executes punishments (刑罚执行机关), to
// which the court owes an answer by law.
func (k AskerKind) Executes() bool {
	return k == AskerPrison || k == AskerDetention || k == AskerCorrection || k == AskerPolice
}

// PrisonLetterState is how far a prison's letter has come.
type PrisonLetterState string

// The states of a prison's letter.
const (
	PrisonLetterOpen     PrisonLetterState = "open"     // 待答复
	PrisonLetterAnswered PrisonLetterState = "answered" // 已答复
	PrisonLetterVoid     PrisonLetterState = "void"     // 已作废: withdrawn, or registered by mistake
)

// Chinese is the state's name on screens.
func (s PrisonLetterState) Chinese() string {
	return map[PrisonLetterState]string{PrisonLetterOpen: "待答复", PrisonLetterAnswered: "已答复", PrisonLetterVoid: "已作废"}[s]
}

// AnswerMethod is how an answer was sent.
type AnswerMethod string

// The ways to send an answer.
const (
	AnswerByMail     AnswerMethod = "mail"     // 邮寄
	AnswerByPlatform AnswerMethod = "platform" // 政法协同平台
	AnswerByHand     AnswerMethod = "hand"     // 当面交付
	AnswerByCourier  AnswerMethod = "courier"  // 机要
)

// AnswerMethods lists them in the order of screens.
var AnswerMethods = []AnswerMethod{AnswerByPlatform, AnswerByMail, AnswerByHand, AnswerByCourier}

// Chinese is the way's name on screens.
func (m AnswerMethod) Chinese() string {
	return map[AnswerMethod]string{AnswerByMail: "邮寄", AnswerByPlatform: "政法协同平台", AnswerByHand: "当面交付", AnswerByCourier: "机要传递"}[m]
}

// PrisonLetter is a letter (公函) by which an authority asks how far a convict's items
// of property are performed, and the court's answer.
type PrisonLetter struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	PartyID    int64 // the convict
	AskerKind  AskerKind
	Asker      string
	DocumentNo string // of the letter
	ReceivedOn Date
	Note       string
	// DueOn is the last day for the answer; DueReason says how it was counted.
	DueOn        Date
	DueReason    string
	State        PrisonLetterState
	RegisteredBy int64
	// ActiveKey is the letter and the convict while the letter counts: one letter
	// about one convict is registered once.
	ActiveKey *string

	// Of the answer:
	StatementID int64 // the document that was sent
	SentOn      Date
	Method      AnswerMethod
	Proof       string // number of the mail, who signed for it, …
	ProofFileID int64
	AnsweredBy  int64
	AnswerKey   string
	VoidReason  string

	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// PrisonLetterLine is a line of a list of prison letters.
type PrisonLetterLine struct {
	PrisonLetter
	CaseNo  string
	Convict string
	JudgeID int64
}

// PrisonLetterFilter narrows a list of prison letters.
type PrisonLetterFilter struct {
	State   PrisonLetterState
	JudgeID int64 // 0: the whole court
	CaseID  int64
	LateOn  Date // only open ones whose clock ended before this day
	// AfterDue and After are where the page before ended: the list goes by the
	// end of the clock.
	AfterDue Date
	After    int64
	Limit    int
}

// answerTerm is how long the court has for an answer, from a day on.
type answerTerm struct {
	from Date
	days int
}

var answerTerms = []answerTerm{{
	from: Date{2024, 5, 1}, days: 7,
}}

// PrisonLetterDue is the last day for the answer and how it was counted: seven days
// from the letter of an authority that executes punishments; other authorities
// are answered in the same time. The period is counted as criminal procedure
// counts: the first day does not count, a last day that is a rest day moves
// (刑事诉讼法 105). Source: 减刑、假释财产性判项规定 13.
func PrisonLetterDue(c *Calendar, kind AskerKind, receivedOn Date) Period {
	t := answerTerms[0]
	for _, v := range answerTerms {
		if !receivedOn.Before(v.from) {
			t = v
		}
	}
	p := c.DaysPeriod(receivedOn, t.days, "收到公函")
	if kind.Executes() {
		p.Reason += "（" + CitePrisonAnswer.String() + "）"
	} else {
		p.Reason += "（参照" + CitePrisonAnswer.String() + "）"
	}
	return p
}

// Late tells whether the clock ran out without an answer.
func (q PrisonLetter) Late(today Date) bool {
	return q.State == PrisonLetterOpen && today.After(q.DueOn)
}

// DaysLeft counts the days until the clock ends, negative once it ran out.
func (q PrisonLetter) DaysLeft(today Date) int { return q.DueOn.Sub(today) }

// LateAnswer tells whether the answer went out after its clock.
func (q PrisonLetter) LateAnswer() bool {
	return q.State == PrisonLetterAnswered && q.SentOn.After(q.DueOn)
}

// Answer is how a prison's letter is answered.
type Answer struct {
	Statement   Document
	SentOn      Date
	Method      AnswerMethod
	Proof       string
	ProofFileID int64
	Key         string
}

// Answer records that the answer was sent.
func (q *PrisonLetter) Answer(a Answer, by int64, today Date) error {
	if !PrisonLetterMachine.May(q.State, PrisonLetterAnswered) {
		return q.decided()
	}
	facts := a.Statement.Facts
	proof := strings.TrimSpace(a.Proof)
	var wrong Faults
	wrong.If(a.Statement.Kind != DocumentPenaltyStatement || a.Statement.CaseID != q.CaseID || a.Statement.PartyID != q.PartyID, "document_id", "statement.unknown", "请选择本案就该罪犯制作的《财产性判项履行情况说明》")
	wrong.If(facts.IssuedOn.Before(q.ReceivedOn), "document_id", "statement.old", "该说明制作于收到公函之前，履行情况可能已有变化，请重新制作")
	wrong.If(a.Method.Chinese() == "", "method", "prison_letter.method", "请选择答复的送交方式")
	wrong.If(a.SentOn.IsZero() || a.SentOn.After(today) || a.SentOn.Before(facts.IssuedOn), "sent_on", "prison_letter.sent_on", "送交日期应在制作说明之日与今天之间")
	wrong.If(proof == "" || utf8.RuneCountInString(proof) > 200, "proof", "prison_letter.proof", "请填写送交的证明，例如邮单号、平台流水号或签收人，不超过 200 字")
	if err := wrong.Err(); err != nil {
		return err
	}
	q.State, q.StatementID, q.SentOn, q.Method, q.Proof = PrisonLetterAnswered, a.Statement.ID, a.SentOn, a.Method, proof
	q.ProofFileID, q.AnsweredBy, q.AnswerKey = a.ProofFileID, by, a.Key
	return nil
}

// Void records that the letter needs no answer.
func (q *PrisonLetter) Void(reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case !PrisonLetterMachine.May(q.State, PrisonLetterVoid):
		return q.decided()
	case reason == "" || utf8.RuneCountInString(reason) > 500:
		return InvalidField("reason", "reason.required", "请填写作废的原因，不超过 500 字")
	}
	q.State, q.VoidReason, q.ActiveKey = PrisonLetterVoid, reason, nil
	return nil
}

func (q *PrisonLetter) decided() error {
	return E(Conflict, "prison_letter.answered", "该公函"+q.State.Chinese()+"，请刷新后查看")
}
