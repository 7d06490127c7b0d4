package document

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"microcourt/model"
)

// papersOfKind are the papers whose words depend on the kind of case, printed
// for a debt of 100,000 yuan that is ten days late.
func papersOfKind(no string, kind model.CaseKind, debtor, creditor model.PartyRole, category model.Category) []model.DocumentFacts {
	d := model.Debts{
		Case:         model.Case{ID: 1, CaseNo: no, Kind: kind, Cause: "某某纠纷"},
		Parties:      []model.Party{{ID: 1, Role: debtor, Name: "李某"}, {ID: 2, Role: creditor, Name: "王某"}},
		Instruments:  []model.Instrument{{ID: 3, Kind: model.Judgment, Number: no, EffectiveOn: model.NewDate(2026, 3, 1)}},
		Obligations:  []model.Obligation{{ID: 4, InstrumentID: 3, Kind: model.ObligationMoney, Category: category, ObligeeID: 2, AmountFen: model.Yuan(100_000)}},
		Obligors:     []model.Obligor{{ObligationID: 4, PartyID: 1}},
		Installments: []model.Installment{{ID: 5, ObligationID: 4, Seq: 1, AmountFen: model.Yuan(100_000), DueOn: model.NewDate(2026, 3, 31)}},
	}
	if category.ToState() {
		d.Obligations[0].ObligeeID, d.Obligations[0].ToCourt = 0, true
	}
	court, day := model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-12368", Account: "案款专户 3901"}, model.NewDate(2026, 4, 10)
	e := model.EnforcementFile{
		EnforcementCase: model.EnforcementCase{ID: 9, CaseNo: "（2026）浙0211执88号", PerformBy: model.NewDate(2026, 4, 15)},
		Obligations:     []model.EnforcedObligation{{EnforcementCaseID: 9, ObligationID: 4}},
	}
	return []model.DocumentFacts{
		model.CaseFacts(model.DocumentPerformanceNotice, court, d.Case, d.Parties[0], "张法官", "号", day),
		model.CaseFacts(model.DocumentPerformanceNotice, court, d.Case, d.Parties[1], "张法官", "号", day),
		d.ReminderFacts(court, "张法官", 1, true, "号", model.Payments{}, day),
		d.CreditorSheetFacts(court, "张法官", 2, 3, "号", model.Payments{}, d.ApplicationPeriods(model.PeriodRecord{}, model.ShippedCalendar(), day), day),
		d.EnforcementFacts(model.DocumentEnforcementNotice, court, e, "王法官", 1, model.Payments{}, day),
		d.EnforcementFacts(model.DocumentEnforcementWarning, court, e, "王法官", 1, model.Payments{}, day),
	}
}

// Every paper of every kind of case, read back from its PDF: it says all that
// model says of it, no civil rule where none applies, and civil papers keep
// theirs (民事诉讼法 264; 诉讼费用交纳办法 14).
func TestThePapersOfEachKindReadBack(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	for name, papers := range map[string][]model.DocumentFacts{
		"civil":         papersOfKind("（2026）浙0211民初1号", model.CaseCivil, model.Defendant, model.Plaintiff, model.CategoryNone),
		"incidental":    papersOfKind("（2026）浙0211刑初8号", model.CaseCriminal, model.Accused, model.Victim, model.CategoryMedical),
		"fine":          papersOfKind("（2026）浙0211刑初8号", model.CaseCriminal, model.Accused, model.Victim, model.CategoryFine),
		"restitution":   papersOfKind("（2026）浙0211刑初8号", model.CaseCriminal, model.Accused, model.Victim, model.CategoryRestitution),
		"nonlitigation": papersOfKind("（2026）浙0211行审7号", model.CaseAdministrative, model.Respondent, model.Applicant, model.CategoryPrincipal),
		"administrated": papersOfKind("（2026）浙0211行初6号", model.CaseAdministrative, model.Defendant, model.Plaintiff, model.CategoryNone),
	} {
		civil := name == "civil" || name == "incidental"
		for n, f := range papers {
			body, err := BuiltIn(f.Kind)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := pr.Paper(context.Background(), f, body, nil)
			if err != nil {
				t.Fatal(err)
			}
			keep(t, fmt.Sprintf("%s-%d-%s", name, n, f.Kind), raw)
			got := flatText(t, raw)
			for _, p := range f.Points {
				if !strings.Contains(got, flat(p.Title+"。"+p.Text)) {
					t.Errorf("%s %s does not say %q:\n%s", name, f.Kind, p.Text, got)
				}
			}
			if !strings.Contains(got, flat(f.Opening)) {
				t.Errorf("%s %s does not begin with %q", name, f.Kind, f.Opening)
			}
			doubled := strings.Contains(got, "加倍") || strings.Contains(got, "迟延履行期间")
			switch f.Kind { //nolint:exhaustive // those of papersOfKind
			case model.DocumentReminder, model.DocumentEnforcementNotice:
				if doubled != civil || strings.Contains(got, "175.00") != civil {
					t.Errorf("%s %s speaks of doubled interest: %v", name, f.Kind, doubled)
				}
			case model.DocumentPerformanceNotice: // a criminal one tells of the civil part
				if doubled && !civil && f.Position != "被告人" && f.Position != "被害人" {
					t.Errorf("%s %s for %s speaks of doubled interest", name, f.Kind, f.Position)
				}
			}
		}
	}
}

// pageFooter stands between two pages.
var pageFooter = regexp.MustCompile(`号第\d+页`)

func flat(s string) string { return strings.Join(strings.Fields(s), "") }

// flatText is what a PDF says, without the page's breaks and its footer.
func flatText(t *testing.T, raw []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v", err)
	}
	return pageFooter.ReplaceAllString(flat(string(out)), "")
}
