package model

import (
	"strings"
	"testing"
)

// 失信规定 5, 民诉法 264, 民诉法解释 505: every 执行通知书 warns of the list with its six
// grounds; who owes an apology is not told to remit money, and learns what lateness
// costs; who owes money is.
func TestTheEnforcementNoticeOfEachDuty(t *testing.T) {
	t.Parallel()
	e := EnforcementFile{
		EnforcementCase: EnforcementCase{ID: 2, CaseNo: "（2026）浙0211执88号", PerformBy: NewDate(2026, 4, 15)},
		Obligations:     []EnforcedObligation{{EnforcementCaseID: 2, ObligationID: 4}, {EnforcementCaseID: 2, ObligationID: 6}},
	}
	court, day := Court{Name: "宁波市镇海区人民法院", Account: "案款专户 3901"}, NewDate(2026, 4, 10)
	apology := Obligation{ID: 4, InstrumentID: 3, Kind: ObligationConduct, ObligeeID: 2, Description: "书面赔礼道歉"}
	money := Obligation{ID: 6, InstrumentID: 3, Kind: ObligationMoney, ObligeeID: 2, AmountFen: Yuan(100)}
	of := func(list ...Obligation) (string, Notice) {
		d := Debts{
			Case: Case{ID: 1, CaseNo: "（2026）浙0211民初1号", Kind: CaseCivil}, Parties: []Party{{ID: 1, Name: "李某"}, {ID: 2, Name: "王某"}},
			Instruments: []Instrument{{ID: 3, Kind: Judgment, EffectiveOn: NewDate(2026, 3, 1)}}, Obligations: list,
		}
		for _, o := range list {
			d.Obligors = append(d.Obligors, Obligor{ObligationID: o.ID, PartyID: 1})
			d.Installments = append(d.Installments, Installment{ID: o.ID, ObligationID: o.ID, Seq: 1, AmountFen: o.AmountFen, DueOn: NewDate(2026, 3, 31)})
		}
		f := d.EnforcementFacts(DocumentEnforcementNotice, court, e, "王法官", 1, Payments{}, day)
		var b strings.Builder
		for i, p := range f.Points {
			b.WriteString(p.line(i) + "\n")
		}
		return b.String(), EnforcementPaperNotice(court, d.Case, e, 1, Document{Kind: DocumentEnforcementNotice, Facts: f})
	}
	for name, list := range map[string][]Obligation{"apology": {apology}, "money": {money}, "both": {apology, money}} {
		text, inbox := of(list...)
		bodySays(t, name, text, "（一）有履行能力而拒不履行", "（六）无正当理由拒不履行执行和解协议", "若干规定》第一条、第五条第一款")
		late := strings.Contains(text, "迟延履行金：已经造成损失的，双倍补偿") && strings.Contains(text, "第五百零五条")
		pays := strings.Contains(text, "案款账户") && strings.Contains(inbox.Body, "案款账户")
		if late != (name != "money") || pays != (name != "apology") || strings.Contains(text, "亲属") != pays {
			t.Errorf("%s: %s\n%s", name, text, inbox.Body)
		}
	}
}
