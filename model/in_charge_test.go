package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A notice that names the trial judge by his title names him to somebody whom an
// officer may answer by then: texts use inCharge, or the title of who is responsible.
// Only what the trial judge alone decides says so.
func TestNoNoticeNamesTheTrialJudgeByHand(t *testing.T) {
	t.Parallel()
	judgesOwn := []string{"BurdenNotice", "DepositStandsNotice", "DepositWishDeclinedNotice"} // his choice under an agreement; before the judgment
	files := os.DirFS(".")
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || !strings.HasSuffix(f.Name.Name, "Notice") || slices.Contains(judgesOwn, f.Name.Name) {
				continue
			}
			looked++
			ast.Inspect(f.Body, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				if s, _ := strconv.Unquote(lit.Value); strings.Contains(s, RoleJudge.Chinese()) {
					t.Errorf("%s: %s names the trial judge: %s", name, f.Name.Name, s)
				}
				return true
			})
		}
	}
	if looked < 100 {
		t.Errorf("only %d functions were looked at", looked)
	}
}

// What a party reads of a receipt, for everyone who may have handed it in and everyone
// who may be responsible: he is told that he submitted it only where he did, that he can
// take it back only then, and the title is that of who answers.
func TestReceiptNoticesSayWhoActedAndWhoAnswers(t *testing.T) {
	t.Parallel()
	hands := map[string]func(*Receipt){
		"himself":      func(*Receipt) {},
		"his agent":    func(r *Receipt) { r.HandedBy = HandedByAgent },
		"his guardian": func(r *Receipt) { r.HandedBy = HandedByGuardian },
		"the window":   func(r *Receipt) { r.HandedBy = HandedByWindow },
		"his family":   func(r *Receipt) { r.RelativeID = 3 },
		"an import":    func(r *Receipt) { r.ImportID = 3 },
		"a deposit":    func(r *Receipt) { r.DepositID = 3 },
		"a plan":       func(r *Receipt) { r.DistributionID = 3 },
		"of a group":   func(r *Receipt) { r.GroupID = 3 },
	}
	for hand, set := range hands {
		for _, officer := range []int64{0, 9} {
			r := Receipt{ID: 6, CourtID: 9, CaseID: 1, PartyID: 1, JudgeID: 8, OfficerID: officer, CaseNo: "（2026）浙0211民初1号", ClaimedFen: Yuan(500), ConfirmedFen: Yuan(400), PaidOn: NewDate(2026, 3, 2), ReturnReason: "图片不清"}
			set(&r)
			for _, n := range []Notice{
				ReceiptReceivedNotice(scheduleCourt, r), ReceiptReturnedNotice(scheduleCourt, r), ReceiptWithdrawnNotice(r),
				ReceiptConfirmedNotice(scheduleCourt, r, 1, Reckoning{PrincipalFen: 1}), ReceiptConfirmedNotice(scheduleCourt, r, 2, Reckoning{}),
				ReceiptCorrectedNotice(scheduleCourt, r, 1, "重复", 4), ObligeeAskedNotice(scheduleCourt, r, 2, NewDate(2026, 3, 9)), RedactionNotice(r, Redaction{ID: 1, PartyID: 2}),
			} {
				got := n.Addressed(Addressee{Name: "李某", Responsible: r.Responsible(), CallAt: "12368"})
				text := got.Title + got.Body
				if own := hand == "himself" || hand == "of a group"; !own && (strings.Contains(text, "您提交") || strings.Contains(text, "您可以撤回")) {
					t.Errorf("%s, handed in by %s: he did what another did: %s", n.Kind, hand, text)
				}
				wrong := RoleJudge
				if officer == 0 {
					wrong = RoleOfficer
				}
				if strings.Contains(text, wrong.Chinese()) || strings.Contains(text, "\u2060") {
					t.Errorf("%s, handed in by %s, officer %d: %s", n.Kind, hand, officer, text)
				}
			}
		}
	}
}

// Two creditors of one name who object to one receipt are two, and one who objects again
// after he took it back is heard again.
func TestEachObjectionIsToldOfNamesakesToo(t *testing.T) {
	t.Parallel()
	r := Receipt{ID: 6, JudgeID: 8}
	at := NewDate(2026, 3, 2).Start()
	later := at.AddDate(0, 0, 1)
	keys := map[string]bool{}
	for _, l := range []ObligeeResponse{{PartyID: 1, RespondedAt: &at}, {PartyID: 2, RespondedAt: &at}, {PartyID: 1, RespondedAt: &later}} {
		l.State = ResponseDisputed
		keys[AnsweredNotice(r, l, "李某").DedupeKey] = true
	}
	if len(keys) != 3 {
		t.Errorf("of three objections %d are told", len(keys))
	}
}
