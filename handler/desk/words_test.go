package desk

import (
	"html/template"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
)

// A word that does not exist is refused when pages are parsed, wherever it
// stands: it would hide or show something without an error.
func TestAPageWithAnUnknownWordIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := parsePages(pageFiles); err != nil {
		t.Fatalf("our own pages: %v", err)
	}
	for page, good := range map[string]bool{
		`{{if may .Actor "assistance.request"}}x{{end}}`:                                  true,
		`{{if may .Actor "assistance.ask"}}x{{end}}`:                                      false, // an action of the audit trail, no act
		`{{range .List}}{{if and .Open (may $.Actor "receipt.decied")}}x{{end}}{{end}}`:   false,
		`{{with .One}}{{else}}{{if may $.Actor "query.aproove"}}x{{end}}{{end}}`:          false,
		`{{$may := may .Actor "case.flie"}}{{if $may}}x{{end}}`:                           false,
		`{{template "row" dict "Edit" (may .Actor "duty.edit")}}{{define "row"}}x{{end}}`: false,
		`{{define "row"}}{{if or .A (not (may .Actor "duty.edit"))}}x{{end}}{{end}}`:      false,
		`{{if may .Actor .Act}}x{{end}}`:                                                  false, // nobody can check it
		`{{if is .Actor "judge"}}x{{end}}`:                                                true,
		`{{if is .Actor "jugde"}}x{{end}}`:                                                false,
		`{{with own .Actor "query" .ID}}x{{end}}`:                                         true,
		`{{with own .Actor "querry" .ID}}x{{end}}`:                                        false,
		`{{stage .Stages "fulfilled"}}`:                                                   true,
		`{{stage .Stages "fulfilledx"}}`:                                                  false,
		`{{help "overdue" "逾期"}}`:                                                         true,
		`{{help "overdeu" "逾期"}}`:                                                         false,
		`{{if eq .State "open"}}x{{end}}`:                                                 true,
		`{{if and .A (eq $.Data.State "opne")}}x{{end}}`:                                  false,
		`{{if ne .State "submited" "valid"}}x{{end}}`:                                     false,
		`{{if eq .Kind "whatever"}}x{{end}}`:                                              true,
		`{{help .Kind.Help}}`:                                                             true,
	} {
		parsed, err := template.New("page").Funcs(functions).Parse(page)
		if err != nil {
			t.Fatalf("%s: %v", page, err)
		}
		if err := checkWords(parsed); (err == nil) != good {
			t.Errorf("%s: %v", page, err)
		} else if err != nil && !strings.Contains(err.Error(), "page") && !strings.Contains(err.Error(), "row") {
			t.Errorf("%s: the error does not say where: %v", page, err)
		}
	}
}

// Every state has a colour, or is quiet on purpose; no colour is for a word that
// no state has any more.
func TestEveryStateHasItsShade(t *testing.T) {
	t.Parallel()
	silent := []string{
		"withdrawn", "skipped", "paused", "stopped", "closed", "decided", "in_force", "no_consent", "held", "cancelled", "replaced", "overruled", "resumed",
		"carried_out", "undone", "superseded", "ended", "suspended", "masked", "shortened", "declined", "dropped", "void", "quarantine", "stored", "attached", "damaged",
		// No screen shows these: a pushed message, the check of a picture, a log-in by scanning.
		"applied", "ignored", "unchecked", "pass", "review", "risky", "used",
	}
	known := map[string]bool{}
	for _, p := range []model.Performance{model.PerformancePending, model.PerformancePartial, model.PerformanceFulfilled} {
		known[string(p)] = true
	}
	for _, s := range stateWords {
		known[s] = true
		if _, coloured := shades[s]; coloured == slices.Contains(silent, s) && s != "all" {
			t.Errorf("%s: coloured %v, quiet on purpose %v", s, coloured, !coloured)
		}
	}
	for s := range shades {
		if !known[s] {
			t.Errorf("a colour for %q, which no state is called", s)
		}
	}
}
