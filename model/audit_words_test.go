package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every action of the audit trail has words: an auditor never reads a code.
func TestEveryAuditActionHasWords(t *testing.T) {
	t.Parallel()
	declared := map[AuditAction]bool{}
	f, err := parser.ParseFile(token.NewFileSet(), "audit_action.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		if word, ok := literal(v.Values[0]); ok {
			declared[AuditAction(word)] = true
			if auditNames[AuditAction(word)] == "" {
				t.Errorf("the action %q has no words (auditNames)", word)
			}
		}
		return true
	})
	if len(declared) != len(auditNames) {
		t.Errorf("%d actions are declared, %d have words", len(declared), len(auditNames))
	}
	for _, m := range Machines() { // the events of machines that are actions are known ones
		for _, v := range m.Moves {
			if v.Text == "" {
				t.Errorf("%s: %s has no words", m.Table, v.On)
			}
		}
	}
	for got, want := range map[AuditAction]AuditAction{
		ResponseDisputed.Action(): AuditReceiptDisputed, RelativeRevoked.Action(): AuditRelativeRevoked, CallMissed.Action(): AuditCallMissed,
		ScheduleStop.Action(): AuditScheduleStop, ConsentWithdrawn.Action(): AuditConsentWithdrawn, ReportReturned.Action(): AuditDutyReturn,
	} {
		if got != want {
			t.Errorf("%s is told as %q", want, got)
		}
	}
}

// Nobody writes an action of the trail as a bare string, in which a misspelling
// is found by nobody: wherever an action is said, it is a constant of this
// package.
func TestNoAuditActionIsABareString(t *testing.T) {
	t.Parallel()
	fset, files := sources(t, "..")
	at := map[string][]int{} // where functions take an action, by package and name
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				at[f.Name.Name+"."+fn.Name.Name] = takesAction(fn.Type)
			}
		}
	}
	said := 0
	check := func(e ast.Expr) {
		said++
		ast.Inspect(e, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok {
				if word, _ := literal(l); strings.Contains(word, ".") {
					t.Errorf("%s: the action %s is a bare string", fset.Position(l.Pos()), l.Value)
				}
			}
			return true
		})
	}
	isAction := func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name == "action"
		case *ast.SelectorExpr:
			return e.Sel.Name == "Action"
		}
		return false
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if isAction(n.Key) || identName(n.Key) == "Action" {
					check(n.Value)
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if isAction(l) && i < len(n.Rhs) {
						check(n.Rhs[i])
					}
				}
			case *ast.BinaryExpr:
				if isAction(n.X) {
					check(n.Y)
				}
			case *ast.CallExpr:
				for _, i := range at[f.Name.Name+"."+called(n)] {
					if i < len(n.Args) {
						check(n.Args[i])
					}
				}
			}
			return true
		})
	}
	if said < 150 {
		t.Errorf("only %d actions were found", said)
	}
}

// takesAction lists the places at which a function takes an action.
func takesAction(f *ast.FuncType) (at []int) {
	i := 0
	for _, p := range f.Params.List {
		sel, ok := p.Type.(*ast.SelectorExpr)
		for range max(1, len(p.Names)) {
			if ok && sel.Sel.Name == "AuditAction" {
				at = append(at, i)
			}
			i++
		}
	}
	return at
}

func called(c *ast.CallExpr) string {
	if sel, ok := c.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return identName(c.Fun)
}

func identName(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// sources are the files of the program that are no tests.
func sources(t *testing.T, root string) (fset *token.FileSet, out []*ast.File) {
	t.Helper()
	fset = token.NewFileSet()
	for _, dir := range []string{"cmd", "handler", "service", "storage"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			out = append(out, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return fset, out
}
