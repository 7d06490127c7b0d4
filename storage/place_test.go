package storage

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A method stands in the file of its thing, where people look for it: the row
// that it gives, or else the row that it is given. That file has the name of
// the thing, or the name of the file of model that declares it.
func TestMethodsStandInTheFileOfTheirThing(t *testing.T) {
	t.Parallel()
	elsewhere := map[string][]string{ // things that live with another one
		"OutboxMessage": {"outbox.go", "outbox_settle.go", "delivery.go"}, "BindingCode": {"binding.go"},
		"StaffLink": {"account.go"}, "SignOnIdentity": {"account.go"}, "ScanTicket": {"account.go"},
		"DutyList": {"agency_duty.go"}, "DutyBackfill": {"agency_duty.go"}, "InstallationMark": {"keycheck.go"},
	}
	asks := map[string]string{ // methods whose question is another thing's than their answer
		"HeldCases": "import.go", "CaseOfLiaison": "liaison.go", "AssistanceFiles": "liaison.go", "ReferenceFor": "reference.go",
	}
	stored := map[string]bool{"EnforcementFile": true} // a case with its parts
	for _, m := range tables {
		stored[reflect.TypeOf(m).Elem().Name()] = true
	}
	declared := declaredIn(t, "../model")
	found := 0
	for file, f := range parsed(t, ".") {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			thing := rowIn(fn.Type.Results, stored, false)
			if thing == "" {
				thing = rowIn(fn.Type.Params, stored, true)
			}
			if thing == "" {
				continue
			}
			found++
			want := elsewhere[thing]
			if want == nil {
				want = []string{declared[thing]}
				if own := snake(thing) + ".go"; exists(own) {
					want = []string{own}
				}
			}
			if asks[fn.Name.Name] != "" {
				want = []string{asks[fn.Name.Name]}
			}
			if !slices.Contains(want, file) {
				t.Errorf("%s: %s is about %s and belongs into %s", file, fn.Name.Name, thing, strings.Join(want, " or "))
			}
		}
	}
	if found < 300 {
		t.Errorf("only %d methods were found", found)
	}
}

// parsed are the files of a folder that are no tests, by name.
func parsed(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ast.File{}
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		if out[filepath.Base(p)], err = parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// declaredIn are the files of a folder that declare its types, by type.
func declaredIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for file, f := range parsed(t, dir) {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok {
						out[ts.Name.Name] = file
					}
				}
			}
		}
	}
	return out
}

// rowIn is the first type of a stored row in a list of fields, by pointer only
// where a value is not the row itself; "" when there is none.
func rowIn(list *ast.FieldList, stored map[string]bool, pointer bool) string {
	if list == nil {
		return ""
	}
	for _, field := range list.List {
		e, star := field.Type, false
		for inner := e; inner != nil; {
			e, inner = inner, nil
			switch x := e.(type) {
			case *ast.StarExpr:
				inner, star = x.X, true
			case *ast.ArrayType:
				inner = x.Elt
			}
		}
		sel, ok := e.(*ast.SelectorExpr)
		if !ok || pointer && !star {
			continue
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "model" && stored[sel.Sel.Name] {
			return sel.Sel.Name
		}
	}
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

var humps = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)

// snake is the name of a type as files are named.
func snake(name string) string {
	return strings.ToLower(humps.ReplaceAllString(name, "${1}${3}_${2}${4}"))
}
