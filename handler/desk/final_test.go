package desk

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
)

// decides are the acts that end in a decision, a number, a signature or a
// publication. Where a form of theirs is not final, notFinal says why.
var decides = []model.Act{
	model.ActMeasureDecide, model.ActMeasureApprove, model.ActMeasureLift, model.ActSpendingDecide, model.ActReleaseDecide, model.ActRepairDecide, model.ActCertIssue,
	model.ActCertRevoke, model.ActEnforcementClose, model.ActQueryApprove, model.ActSettlementRecord, model.ActPetitionDecide, model.ActRelativeDecide,
	model.ActAccountDecide, model.ActDutyDecide, model.ActDepositDecide, model.ActInterestDecide, model.ActReceiptDecide,
}

var notFinal = map[string]string{
	"/enforcement/:id/this-round":       "an entry on the way: it ends nothing; closing is final and asks for the tick",
	"/measures/:id/refuse":              "it can be proposed again, and has to be reasoned",
	"/certificates/look":                "it only shows",
	"/applications/:id/refuse":          "one can apply again, and it has to be reasoned",
	"/enforcement/:id/settlement":       "it writes down what the parties agreed; a later edition replaces it",
	"/enforcement/:id/petitions/decide": "it answers a letter in words that are typed there",
	"/relatives/:id":                    "it can be ended again",
	"/payment-accounts/:id/decide":      "it can be stopped again",
	"/duty-tasks/:id/decide":            "it can be reported again",
	"/cases/:id/debt-entries":           "a later entry corrects it",
	"/receipts/:id/preview":             "it only shows",
	"/receipts/:id/correct-preview":     "it only shows",
	"/receipts/:id/redactions":          "another one can be made",
	"/receipts/:id/redacted-copies":     "another one can be given",
	"/receipts/:id/confirm":             "it waits, and can be taken back",
	"/receipts/:id/return":              "it waits, and can be taken back",
	"/receipts/:id/correct":             "it waits, and can be taken back",
	"/receipts/:id/undo":                "it takes back",
	"/receipt-decisions/carry-out":      "it only ends the time of what was decided",
	"/cases/:id/deposits/confirm":       "a correction is a new entry", "/cases/:id/deposits/return": "it can be entered again",
	"/cases/:id/deposits/correct": "a correction is a new entry", "/cases/:id/deposits/wish-decide": "the wish can be made again",
	"/cases/:id/deposits/set-off": "a correction is a new entry", "/cases/:id/deposits/refund": "it is only paid by another form",
}

var (
	aForm    = regexp.MustCompile(`(?s)<form\b.*?</form>`)
	anAction = regexp.MustCompile(`action="/desk([^"]*)"`)
	aValue   = regexp.MustCompile(`\{\{.*?\}\}|:[a-z]+`)
)

// Every act that is served, signed, numbered or decided by a leader is refused
// without the tick of whoever read what it is about, and every form for one has it.
// A decision that is not final says why, so that the next one is thought about.
func TestWhatIsFinalIsReadFirst(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string][]string{} // by where they are sent
	for _, name := range files {
		b, err := fs.ReadFile(pageFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range aForm.FindAllString(string(b), -1) {
			if m := anAction.FindStringSubmatch(form); m != nil {
				to := aValue.ReplaceAllString(m[1], "*")
				forms[to] = append(forms[to], form)
			}
		}
	}
	finals, excused := 0, map[string]bool{}
	for _, r := range (&Desk{}).Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		if r.final == nil {
			if excused[r.Path] = true; slices.Contains(decides, r.Act) && notFinal[r.Path] == "" {
				t.Errorf("%s decides (%s): it is final, or has a reason", r.Path, r.Act)
			}
			continue
		}
		finals++
		all := forms[aValue.ReplaceAllString(r.Path, "*")]
		if len(all) == 0 {
			t.Errorf("%s has no form", r.Path)
		}
		for _, form := range all {
			opposite := r.final.field != "" && strings.Contains(form, `name="`+r.final.field+`" value="`+r.final.no+`"`)
			if strings.Contains(form, `template "read"`) == opposite {
				t.Errorf("%s: the form asks for a tick: %v: %.300s", r.Path, !opposite, form)
			}
		}
	}
	for path := range notFinal {
		if !excused[path] {
			t.Errorf("%s is no form, or is final", path)
		}
	}
	if finals < 15 {
		t.Errorf("only %d final acts were found", finals)
	}
}
