package model

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tellsOneFault are the functions that know faults of several fields and tell the first
// one only, each with its reason.
var tellsOneFault = map[string]string{
	"CallBack.Move":         "the answer decides whether anything has to be written",
	"Debts.ForgivingShares": "of what is owed nothing any more, no amount is asked",
	"ForeignDebt.CheckRate": "a rate is held against the day only where there is one",
	"ForeignPayment.Book":   "a rate is held against the day only where there is one",
	"Payout.Decide":         "the decision is the button that was pressed",
	"PayoutDelay.Decide":    "the decision is the button that was pressed",
	"Petition.Decide":       "the answer decides whether it needs a reason",
	"ReleaseReview.Decide":  "the decision is the button that was pressed",
	"SpendingPermit.Decide": "the decision decides whether there is a term",
	"Succession.Undo":       "the entry that is taken back decides everything else",
}

// Whatever checks several fields tells all that is wrong at once, through Faults: a new
// check that returns at the first fault is found here.
func TestEveryCheckTellsAllFaults(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if fields := returnedFields(fn); len(fields) > 1 {
				who := fn.Name.Name
				if fn.Recv != nil {
					who = receiver(fn.Recv.List[0].Type) + "." + who
				}
				found[who] = true
				if tellsOneFault[who] == "" && !usesFaults(fn) {
					t.Errorf("%s: %s returns at the first of %v; use Faults", name, who, fields)
				}
			}
		}
	}
	for who := range tellsOneFault {
		if !found[who] {
			t.Errorf("%s is no exception any more", who)
		}
	}
	if raw, err := os.ReadFile("set_off.go"); err != nil || !strings.Contains(string(raw), "Faults") {
		t.Error("the sources were not read:", err)
	}
}

// returnedFields are the fields of the InvalidField errors that a function returns.
func returnedFields(fn *ast.FuncDecl) (out []string) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		if !ok {
			return true
		}
		for _, e := range r.Results {
			c, ok := e.(*ast.CallExpr)
			if !ok {
				continue
			}
			if id, ok := c.Fun.(*ast.Ident); !ok || id.Name != "InvalidField" {
				continue
			}
			field := "?"
			if l, ok := c.Args[0].(*ast.BasicLit); ok {
				field = l.Value
			}
			if !slices.Contains(out, field) {
				out = append(out, field)
			}
		}
		return true
	})
	return out
}

func usesFaults(fn *ast.FuncDecl) (yes bool) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		yes = yes || ok && id.Name == "Faults"
		return true
	})
	return yes
}

func receiver(e ast.Expr) string {
	if p, ok := e.(*ast.StarExpr); ok {
		e = p.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// Several faults of one input come out together, the first one as before.
func TestSeveralFaultsOfAnInput(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	long := strings.Repeat("字", 5000)
	file := EnforcementFile{}
	calendar := &Calendar{}
	for name, tt := range map[string]struct {
		err    error
		fields string
	}{
		"set-off":            {(&SetOff{}).Check(100, today), "creditor_id basis claim_fen notice_on due_on unconditional"},
		"lodgement":          {(&Lodgement{}).Check(today), "creditor_id ground with lodged_on notice_on"},
		"deposit":            {(&Deposit{}).Check(today), "amount_fen purpose paid_on payer_kind payer_name wish proof_file_id"},
		"settlement":         {(&Settlement{}).Check(file, today), "form signed_on text party_ids parts"},
		"plan":               {(&PlanAgreement{}).Fit(Debts{}, today), "signed_on text installments parts"},
		"a waiver":           {DebtEntry{Kind: DebtLeave}.Check(Obligation{Kind: ObligationMoney}, Rules{}, today), "on_day part reason"},
		"dues":               {DebtEntry{Kind: DebtDuesAmount, OnDay: today}.Check(Obligation{Kind: ObligationMoney, Recurs: &DuesRule{FirstOn: today}}, Rules{}, today), "amount_fen from_on reason"},
		"an absence":         {(&Absence{UserID: 1, SubstituteID: 1}).Check(today), "to_on substitute reason"},
		"a liaison":          {(&Liaison{}).Check(nil, today), "name phone until_on village_ids"},
		"an agency":          {(&Agency{QueryKinds: []QueryKind{"x"}}).Check(), "code name kind query_kinds"},
		"a contact":          {(&AgencyContact{Title: long, TermFrom: today, TermUntil: today.AddDays(-1)}).Check(), "role name title phone term_until"},
		"a duty":             {(&AgencyDuty{}).Check(), "code kind requirement recurrence due_on"},
		"a report":           {(&AgencyReport{FileIDs: make([]int64, 99)}).Check(today), "text done_on file_ids"},
		"a refusal":          {(&RefusalAct{}).Check(file, Date{}, today), "party_id refusal_text notified_on refusal_on"},
		"a distribution":     {(&Distribution{}).Check(today, today), "amount_fen rule source as_of"},
		"a claim":            {Distribution{}.CheckClaim(DistributionClaim{OfCaseID: 7, MeasureOn: today.AddDays(1)}, today, today), "creditor case_no amount_fen measure_on"},
		"a decision":         {AdministrativeDecision{AcceptedOn: today}.Check(today), "decision_no served_on basis applied_on"},
		"a reduction":        {SurchargeReduction{}.Check(Obligation{Category: CategorySurcharge}, 1, today), "remedy amount_fen agreed_on reason file_id"},
		"a rate":             {Rate{}.Check(today), "rate rate_on source"},
		"a prime rate":       {CheckPrimeRate(PrimeRate{}, today), "on_day one_year five_year source"},
		"a period":           {(&PeriodEntry{}).Check(Debts{}, today), "reason cause happened_on"},
		"a permit":           {(&SpendingPermit{FromOn: today.AddDays(-1)}).Apply(Measure{Kind: MeasureConsumption, State: MeasureInForce}, Person, today), "spending_ground spender purpose amount_fen pledge reason from_on"},
		"a telling":          {(&Telling{Method: TellByPhone}).Check(time.Now()), "spoke_with note"},
		"a call":             {(&CallBack{Note: long, Phone: "1"}).CheckAsk(), "note phone"},
		"settings":           {CourtSettings{QueryAnswerDays: 99, RepairDays: 99}.Check(), "repair_days query_answer_days days"},
		"a measure":          {MeasureCase{Measure: Measure{Kind: MeasureFine, Resistance: "x"}, Debtor: Party{ID: 1}, Enforcement: EnforcementCase{State: EnforcementOpen, Kind: EnforcementOrdinary}, Today: today}.Check(StepPropose), "relation subject_name resistance ground facts amount_fen act_on"},
		"an answered letter": {(&PrisonLetter{State: PrisonLetterOpen, ReceivedOn: today}).Answer(Answer{}, 1, today), "document_id method sent_on proof"},
		"an objection":       {(&DistributionObjection{State: ObjectionOpen}).Answer(DistributionObjection{State: ObjectionSued}, nil, calendar, today), "notified_on result claim_id held_fen"},
	} {
		e, ok := errors.AsType[*Error](tt.err)
		if !ok || e.Kind != Invalid {
			t.Errorf("%s: %v", name, tt.err)
			continue
		}
		var got []string
		for _, f := range e.Fields {
			got = append(got, f.Field)
			if f.Reason == "" || f.Message == "" {
				t.Errorf("%s: %+v says nothing", name, f)
			}
		}
		for _, want := range strings.Fields(tt.fields) {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %s is not told, only %v", name, want, got)
			}
		}
		if len(got) > 0 && e.Field != got[0] {
			t.Errorf("%s: the first is %s, not %s", name, e.Field, got[0])
		}
	}
}
