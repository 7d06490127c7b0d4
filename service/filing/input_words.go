package filing

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
)

// Terms are the ends of terms in the words of instruments, by the ref of their
// obligation.
type Terms map[string]model.TermWords

// fill turns terms into days and numbers of days, in place. It tells what cannot be
// understood, and in notes how what leaves something open was.
func (t Terms) fill(list []InstrumentInput, c *model.Calendar) (notes, problems []model.FieldError) {
	for i, in := range list {
		for k := range in.Obligations {
			ob := &in.Obligations[k]
			words, said := t[ob.Ref]
			if !said {
				continue
			}
			at := fmt.Sprintf("instruments[%d].obligations[%d].due_on", i, k)
			on, days, note, err := words.Resolve(in.EffectiveOn, c)
			if e, ok := asError(err); ok {
				problems = append(problems, model.FieldError{Field: at, Reason: e.Reason, Message: e.Message})
			}
			if note != "" {
				notes = append(notes, model.FieldError{Field: at, Message: note})
			}
			ob.DueOn, ob.DueInDays = on, days
		}
	}
	return notes, problems
}

// FillTerms turns the terms that a clerk typed in the words of an instrument into
// the days of its obligations, and tells what cannot be understood.
func (s *Service) FillTerms(ctx context.Context, by model.Actor, list []InstrumentInput, t Terms) ([]model.FieldError, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	c, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	_, problems := t.fill(list, c)
	return problems, nil
}

// Wrong tells everything that is wrong with a case as a clerk filled it in, without
// filing it.
func (s *Service) Wrong(ctx context.Context, by model.Actor, in CaseInput) ([]model.FieldError, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	r, err := s.roster(ctx, s.db, by.CourtID, s.db.Now())
	if err != nil {
		return nil, err
	}
	_, problems := check(in, r)
	return problems, nil
}

// fillTerms reads the terms of an imported case, and notes how one that leaves
// something open was understood.
func (c *sourceCase) fillTerms(r roster, rep *ImportReport) {
	notes, problems := c.terms.fill(c.in.Instruments, r.calendar)
	for _, f := range problems {
		row, column := c.locate(f.Field)
		rep.add(row, column, f.Reason, f.Message)
	}
	for _, n := range notes {
		row, _ := c.locate(n.Field)
		rep.note(fmt.Sprintf("第 %d 行%s", row, n.Message))
	}
}

// theSuffixes are the names of kinds of instruments by how they end, the longest
// first: 某某市某某区人民法院民事调解书 is a 调解书, 准许撤诉裁定书 no 裁定书.
var theSuffixes = []struct {
	words string
	kind  model.InstrumentKind
}{
	{"准许撤诉裁定书", model.WithdrawalRuling},
	{"准予撤诉裁定书", model.WithdrawalRuling},
	{"准许撤诉裁定", model.WithdrawalRuling},
	{"撤诉裁定书", model.WithdrawalRuling},
	{"撤诉民事裁定书", model.WithdrawalRuling},
	{"撤诉行政裁定书", model.WithdrawalRuling},
	{"撤诉裁定", model.WithdrawalRuling},
	{"撤回起诉裁定书", model.WithdrawalRuling},
	{"司法确认裁定书", model.ConfirmationRuling},
	{"司法确认民事裁定书", model.ConfirmationRuling},
	{"司法确认裁定", model.ConfirmationRuling},
	{"司法确认决定书", model.ConfirmationRuling},
	{"确认调解协议裁定书", model.ConfirmationRuling},
	{"确认调解协议民事裁定书", model.ConfirmationRuling},
	{"确认人民调解协议裁定书", model.ConfirmationRuling},
	{"调解协议司法确认书", model.ConfirmationRuling},
	{"司法确认书", model.ConfirmationRuling},
	{"司法确认", model.ConfirmationRuling},
	{"仲裁裁决书", model.ArbitralAward},
	{"仲裁裁决", model.ArbitralAward},
	{"仲裁调解书", model.ArbitralAward},
	{"裁决书", model.ArbitralAward},
	{"裁决", model.ArbitralAward},
	{"公证债权文书", model.NotarisedDebt},
	{"债权文书公证书", model.NotarisedDebt},
	{"强制执行公证书", model.NotarisedDebt},
	{"公证书", model.NotarisedDebt},
	{"执行证书", model.NotarisedDebt},
	{"支付令", model.PaymentOrder},
	{"判决书", model.Judgment},
	{"判决", model.Judgment},
	{"调解书", model.Mediation},
	{"调解", model.Mediation},
	{"裁定书", model.Ruling},
	{"裁定", model.Ruling},
	{"决定书", model.Decision},
	{"决定", model.Decision},
}

// instrumentKind reads the kind by the words of papers: 民事调解书 is a 调解书,
// 仲裁调解书 none of a court.
func instrumentKind(s string) model.InstrumentKind {
	s = strings.Trim(strings.Join(strings.Fields(model.Fold(s)), ""), "《》\"“”")
	if at := strings.IndexAny(s, "(（"); at > 0 { // 民事判决书（生效）
		s = s[:at]
	}
	for _, k := range model.InstrumentKinds {
		if s == k.Chinese() {
			return k
		}
	}
	for _, of := range theSuffixes {
		if strings.HasSuffix(s, of.words) && !strings.Contains(s, "不") {
			return of.kind
		}
	}
	return ""
}
