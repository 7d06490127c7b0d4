package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// flagKinds reads every constant of type FlagKind from the source, so that a new
// kind is found wherever it is declared.
func flagKinds(t *testing.T) (out []FlagKind) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := v.Type.(*ast.Ident); !ok || of.Name != "FlagKind" {
				return true
			}
			for _, x := range v.Values {
				if lit, ok := x.(*ast.BasicLit); ok {
					s, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, FlagKind(s))
				}
			}
			return true
		})
	}
	return out
}

func classified(k FlagKind) bool {
	_, ok := flagDoubts[k]
	return ok
}

// Every flag is classified: whoever adds one says whether confirming takes a reason.
func TestEveryFlagSaysWhetherItAsksForAReason(t *testing.T) {
	kinds := flagKinds(t)
	if len(kinds) < 8 {
		t.Fatalf("only %d kinds were found: %v", len(kinds), kinds)
	}
	for _, k := range kinds {
		if !classified(k) {
			t.Errorf("nobody said whether %s asks for a reason (flagDoubts)", k)
		}
		flags := []ReceiptFlag{{Kind: k}}
		_, err := CheckDoubt(flags, " ")
		if k.Doubtful() != (err != nil) {
			t.Errorf("%s without a reason: %v", k, err)
		}
		if kept, err := CheckDoubt(flags, " 已核实 "); err != nil || k.Doubtful() && kept != "已核实" || !k.Doubtful() && kept != "" {
			t.Errorf("%s with a reason: %q, %v", k, kept, err)
		}
		if k.Doubtful() && len(DoubtReasons(flags)) == 0 {
			t.Errorf("%s has no usual reason", k)
		}
	}
	if !FlagKind("of tomorrow").Doubtful() {
		t.Error("an unknown flag asks for no reason")
	}
	if _, err := CheckDoubt([]ReceiptFlag{{Kind: FlagSameSerial}}, strings.Repeat("字", MaxDoubtReason+1)); err == nil {
		t.Error("a reason of any length is taken")
	}
}
