package model

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every kind has words, and a thing is said by them.
func TestEveryThingHasWords(t *testing.T) {
	t.Parallel()
	declared := 0
	f, err := parser.ParseFile(token.NewFileSet(), "thing.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || identName(v.Type) != "ThingKind" {
			return true
		}
		word, _ := literal(v.Values[0])
		declared++
		if ThingKind(word).Chinese() == "" || len(word) > 24 {
			t.Errorf("the kind %q has no words (thingNames), or does not fit its column", word)
		}
		return true
	})
	if declared == 0 || declared != len(thingNames) {
		t.Errorf("%d kinds are declared, %d have words", declared, len(thingNames))
	}
	for _, c := range []struct {
		thing        Thing
		detail, want string
	}{
		{ThingReceipt.Of(12), "", "回执 12"},
		{ThingFile.Of(7), "view", "文件 7（展示件）"},
		{ThingFile.Of(7), "original", "文件 7（原件）"},
		{ThingFile.Of(7), "thumbnail", "文件 7（缩略图）"},
		{ThingJob.Of(0), "催告", "定时任务 催告"},
		{ThingCalendar.Of(0), "", "节假日"},
		{Thing{"unheard", 1}, "", "unheard 1"},
	} {
		if got := c.thing.Chinese(c.detail); got != c.want {
			t.Errorf("%+v is %s", c.thing, got)
		}
	}
	if ThingPoster.Of(5).IDOf(ThingMeasure) != 0 || ThingPoster.Of(5).IDOf(ThingPoster) != 5 {
		t.Error("a poster passes for a measure")
	}
}

// subjectText is a text that names a row by a kind and an id.
var subjectText = regexp.MustCompile(`^([a-z_]+):[%0-9]`)

// A thing is said by a constant of its kind and an id. A text that begins with
// the name of a kind, and a kind that is made of a text, are what would have to
// be read back.
func TestNoThingIsABareString(t *testing.T) {
	t.Parallel()
	fset, files := sources(t, "..")
	own, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range own {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && name != "thing.go" {
			f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	typed := func(e ast.Expr) string {
		if sel, ok := e.(*ast.SelectorExpr); ok {
			return sel.Sel.Name
		}
		return identName(e)
	}
	said := 0
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				word, _ := literal(n)
				if m := subjectText.FindStringSubmatch(word); m != nil && ThingKind(m[1]).Chinese() != "" {
					t.Errorf("%s: %s names a thing by a text; say it by its kind (Of, Key)", fset.Position(n.Pos()), n.Value)
				}
			case *ast.CompositeLit:
				if typed(n.Type) == "Thing" && len(n.Elts) > 0 {
					t.Errorf("%s: a thing is made by its kind (ThingCase.Of)", fset.Position(n.Pos()))
				}
			case *ast.CallExpr:
				if typed(n.Fun) == "ThingKind" {
					t.Errorf("%s: the kind of a thing is a constant, never made of a text", fset.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				if strings.HasPrefix(n.Sel.Name, "Thing") {
					said++
				}
			}
			return true
		})
	}
	if said < 150 {
		t.Errorf("only %d things were found", said)
	}
}
