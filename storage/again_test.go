package storage_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A function that is given a transaction may be run again. What it leaves in
// variables outside itself must be that of its last run: nothing is added to
// what an earlier run left, and a variable that it sets is set on every way to
// success.
func TestATransactionThatRunsAgainLeavesTheSame(t *testing.T) {
	t.Parallel()
	packages := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "/handlertest/") {
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	closures := 0
	for _, names := range packages {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range names {
			f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		faults, n := leftovers(fset, files)
		closures += n
		for _, f := range faults {
			t.Error(f)
		}
	}
	if closures < 200 {
		t.Errorf("only %d functions with a transaction were found", closures)
	}
}

func TestLeftoversAreFound(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ before, body, want string }{
		{"", "n++; return nil", "n is added to"},
		{"", "n += 2; return nil", "n is added to"},
		{"", "n = 0; n += 2; return nil", ""},
		{"", "list = append(list, 1); return nil", "list is added to"},
		{"", "list = nil; for range 3 { list = append(list, 1) }; return nil", ""},
		{"", "list = append([]int(nil), 1); return nil", ""},
		{"", "rep.List = append(rep.List, 1); return nil", "rep.List is added to"},
		{"", "*rep = report{}; rep.N++; return nil", ""},
		{"", "rep.N = 0; rep.N++; return nil", ""},
		{"", "rep.List = nil; rep.N++; return nil", "rep.N is added to"},
		{"", "seen[1] = true; return nil", "seen is added to"},
		{"", "clear(seen); seen[1] = true; return nil", ""},
		{"", "add := func() { n++ }; add(); return nil", "n is added to"},
		{"", "if tx.Found() { done = true }; return nil", "done is not set on every way"},
		{"", "if tx.Found() { done = true } else { done = false }; return nil", ""},
		{"", "done = tx.Found(); return nil", ""},
		{"", "if err := tx.Do(); err != nil { return err }; done = true; return nil", ""},
		{"", "if err := tx.Do(); err != nil { return nil }; done = true; return nil", "done is not set on every way"},
		{"", "switch { case tx.Found(): done = true; default: return errors.New(``) }; return nil", ""},
		{"", "for tx.Found() { done = true }; return nil", "done is not set on every way"},
		{"", "n := 0; n++; return nil", ""},
	} {
		src := `package p
			func f(db *DB, rep *report) {
				var n int; var list []int; var done bool; seen := map[int]bool{}
				` + row.before + `
				db.Transact(func(tx *DB) error { ` + row.body + ` })
			}`
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		faults, n := leftovers(fset, []*ast.File{file})
		if got := strings.Join(faults, "\n"); n != 1 || row.want == "" && got != "" || !strings.Contains(got, row.want) {
			t.Errorf("%s\nfound %q in %d, want %q", row.body, got, n, row.want)
		}
	}
}

// leftovers looks, in the files of a package, at every function literal that
// takes a transaction.
func leftovers(fset *token.FileSet, files []*ast.File) (faults []string, closures int) {
	// The types of other packages are not needed to know which variable a name is.
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}, Importer: noImports{}}
	_, _ = conf.Check("p", fset, files, info) // fails for want of the imports
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.FuncLit)
			if !ok || !takesTransaction(lit.Type) {
				return true
			}
			closures++
			c := &closure{info: info, lit: lit, sets: set{}, faults: map[string]bool{}}
			for what := range c.check() {
				faults = append(faults, fmt.Sprintf("%s: %s", fset.Position(lit.Pos()), what))
			}
			return true
		})
	}
	slices.Sort(faults)
	return faults, closures
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

func takesTransaction(t *ast.FuncType) bool {
	return slices.ContainsFunc(t.Params.List, func(p *ast.Field) bool {
		s := types.ExprString(p.Type)
		return s == "*DB" || s == "*storage.DB"
	})
}

// variable is one outside the closure, or a field of it.
type variable struct {
	object types.Object
	fields string // ".A.B"
}

func (v variable) String() string { return v.object.Name() + v.fields }

// set are variables that are set for certain.
type set map[variable]bool

func (s set) with(v variable) set {
	s = maps.Clone(s)
	s[v] = true
	return s
}

// has tells whether v is set: itself, or what it is a field of.
func (s set) has(v variable) bool {
	for w := range s {
		if w.object == v.object && (w.fields == v.fields || strings.HasPrefix(v.fields, w.fields+".")) {
			return true
		}
	}
	return false
}

// both is what is set after either of two ways; nil is a way that ends.
func both(a, b set) set {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	out := set{}
	for _, v := range slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b)) {
		if a.has(v) && b.has(v) {
			out[v] = true
		}
	}
	return out
}

type closure struct {
	info   *types.Info
	lit    *ast.FuncLit
	nested int
	sets   set // whatever is set somewhere
	ends   []set
	faults map[string]bool
}

func (c *closure) check() map[string]bool {
	c.block(c.lit.Body.List, set{}, false)
	for v := range c.sets {
		// A field of what came from outside is somebody else's; an err that a function
		// names as its result is the one that it returns.
		if v.fields != "" || v.object.Name() == "err" {
			continue
		}
		if slices.ContainsFunc(c.ends, func(s set) bool { return !s.has(v) }) {
			c.faults[v.String()+" is not set on every way"] = true
		}
	}
	return c.faults
}

// outside is the variable outside the closure that an expression names. whole
// is false for an element of it.
func (c *closure) outside(e ast.Expr) (v variable, whole, ok bool) {
	switch e := e.(type) {
	case *ast.Ident:
		o, ok := c.info.Uses[e].(*types.Var)
		return variable{object: o}, true, ok && (o.Pos() < c.lit.Pos() || o.Pos() >= c.lit.End())
	case *ast.StarExpr:
		return c.outside(e.X)
	case *ast.ParenExpr:
		return c.outside(e.X)
	case *ast.SelectorExpr:
		v, whole, ok = c.outside(e.X)
		v.fields += "." + e.Sel.Name
		return v, whole, ok
	case *ast.IndexExpr:
		v, _, ok = c.outside(e.X)
		return v, false, ok
	}
	return v, false, false
}

func (c *closure) added(v variable, in set) {
	if !in.has(v) {
		c.faults[v.String()+" is added to what an earlier run left"] = true
	}
}

func (c *closure) assign(s *ast.AssignStmt, in set) set {
	for _, r := range s.Rhs {
		c.look(r, in)
	}
	for i, l := range s.Lhs {
		v, whole, ok := c.outside(l)
		if !ok {
			continue
		}
		grows := s.Tok != token.ASSIGN && s.Tok != token.DEFINE || !whole
		if call, ok := s.Rhs[min(i, len(s.Rhs)-1)].(*ast.CallExpr); ok && types.ExprString(call.Fun) == "append" {
			grows = grows || types.ExprString(call.Args[0]) == types.ExprString(l)
		}
		if grows {
			c.added(v, in)
			continue
		}
		c.sets[v] = true
		in = in.with(v)
	}
	return in
}

// look looks into the function literals of an expression: they are run once, or
// often, or never.
func (c *closure) look(e ast.Node, in set) {
	if e == nil {
		return
	}
	ast.Inspect(e, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if ok && !takesTransaction(lit.Type) { // else it is looked at by itself
			c.nested++
			c.block(lit.Body.List, in, false)
			c.nested--
		}
		return !ok
	})
}

// block gives what is set after the statements, nil when they end the function.
// failed says that they run only after an error.
func (c *closure) block(list []ast.Stmt, in set, failed bool) set {
	for _, s := range list {
		if in == nil {
			return nil
		}
		in = c.stmt(s, in, failed)
	}
	return in
}

func (c *closure) stmt(s ast.Stmt, in set, failed bool) set {
	switch s := s.(type) {
	case nil:
	case *ast.AssignStmt:
		return c.assign(s, in)
	case *ast.IncDecStmt:
		if v, _, ok := c.outside(s.X); ok {
			c.added(v, in)
		}
	case *ast.BlockStmt:
		return c.block(s.List, in, failed)
	case *ast.IfStmt:
		in = c.stmt(s.Init, in, failed)
		c.look(s.Cond, in)
		then, other := c.block(s.Body.List, in, isFailure(s.Cond)), in
		if s.Else != nil {
			other = c.stmt(s.Else, in, failed)
		}
		return both(then, other)
	case *ast.ForStmt:
		in = c.stmt(s.Init, in, failed)
		c.stmt(s.Post, c.block(s.Body.List, in, failed), failed)
	case *ast.RangeStmt:
		c.look(s.X, in)
		c.block(s.Body.List, in, failed)
	case *ast.SwitchStmt:
		in = c.stmt(s.Init, in, failed)
		return c.cases(s.Body.List, in)
	case *ast.TypeSwitchStmt:
		return c.cases(s.Body.List, in)
	case *ast.ReturnStmt:
		for _, r := range s.Results {
			c.look(r, in)
		}
		if c.nested == 0 && !isError(s.Results[len(s.Results)-1], failed) {
			c.ends = append(c.ends, in)
		}
		return nil
	case *ast.BranchStmt:
		return nil
	case *ast.ExprStmt:
		c.look(s.X, in)
		if call, ok := s.X.(*ast.CallExpr); ok && types.ExprString(call.Fun) == "clear" {
			if v, _, ok := c.outside(call.Args[0]); ok {
				return in.with(v)
			}
		}
	default:
		c.look(s, in)
	}
	return in
}

func (c *closure) cases(list []ast.Stmt, in set) set {
	var out set
	all := false
	for _, s := range list {
		clause := s.(*ast.CaseClause)
		all = all || clause.List == nil
		out = both(out, c.block(clause.Body, in, len(clause.List) == 1 && isFailure(clause.List[0])))
	}
	if !all {
		out = both(out, in)
	}
	return out
}

// isFailure tells whether a condition holds only after an error.
func isFailure(cond ast.Expr) bool {
	b, ok := cond.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	if b.Op == token.LAND {
		return isFailure(b.X) || isFailure(b.Y)
	}
	return b.Op == token.NEQ && types.ExprString(b.Y) == "nil" && strings.HasSuffix(strings.ToLower(types.ExprString(b.X)), "err")
}

// isError tells whether what is returned is an error for certain; failed says
// that it is returned after one.
func isError(e ast.Expr, failed bool) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name != "nil" && (failed || e.Name != "err" && strings.HasPrefix(e.Name, "err"))
	case *ast.SelectorExpr:
		return failed || strings.HasPrefix(e.Sel.Name, "Err")
	case *ast.CallExpr:
		s := types.ExprString(e.Fun)
		return failed || s == "errors.New" || s == "fmt.Errorf" || s == "model.E" || s == "model.InvalidField" || s == "model.AtField"
	}
	return false
}
