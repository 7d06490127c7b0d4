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

// Every action that is written to the audit trail anywhere has words: an auditor
// never reads a code. What is put together from a prefix and a state has words
// for each state that its machine can bring, see TestMachines, and for some here.
func TestEveryAuditActionHasWords(t *testing.T) {
	t.Parallel()
	files := sources(t, "..")
	at := map[string][]int{} // where functions take an action, by name
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			i := 0
			for _, p := range fn.Type.Params.List {
				for _, n := range p.Names {
					if n.Name == "action" {
						at[fn.Name.Name] = append(at[fn.Name.Name], i)
					}
					i++
				}
				if len(p.Names) == 0 {
					i++
				}
			}
		}
	}
	said := 0
	check := func(e ast.Expr) {
		word, whole := leading(e)
		switch {
		case word == "":
			return // a variable: its values are literals elsewhere
		case whole && auditNames[word] == "":
			t.Errorf("the action %q has no words (auditNames)", word)
		case !whole && !hasPrefix(word):
			t.Errorf("no action begins with %q (auditNames)", word)
		}
		said++
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Action" {
					check(n.Value)
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if k, ok := l.(*ast.Ident); ok && k.Name == "action" && i < len(n.Rhs) {
						check(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if word, whole := "", false; name == "Subject" && len(n.Args) == 2 {
					if word, whole = leading(n.Args[0]); whole && subjectNames[word] == "" {
						t.Errorf("the subject %q has no words (subjectNames)", word)
					}
				}
				for _, i := range at[name] {
					if i < len(n.Args) {
						// Another function of the name may take something else there.
						if word, whole := leading(n.Args[i]); whole && strings.Count(word, ".") == 1 {
							check(n.Args[i])
						}
					}
				}
			}
			return true
		})
	}
	if said < 100 {
		t.Errorf("only %d actions were found", said)
	}
	for _, m := range Machines() { // the events of machines that are actions are known ones
		for _, v := range m.Moves {
			if v.Text == "" {
				t.Errorf("%s: %s has no words", m.Table, v.On)
			}
		}
	}
	for _, look := range AuditLooks {
		if auditNames[look] == "" {
			t.Errorf("the look %q has no words", look)
		}
	}
}

func hasPrefix(word string) bool {
	for name := range auditNames {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}

// leading is the literal with which a string begins, and whether it is all.
func leading(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		s, _ := leading(e.X)
		return s, false
	}
	return "", false
}

// sources are the files of the program that are no tests.
func sources(t *testing.T, root string) (out []*ast.File) {
	t.Helper()
	for _, dir := range []string{"cmd", "handler", "service", "storage"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			out = append(out, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}
