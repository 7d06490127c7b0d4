package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

// wordsOfModel are the values of every string type of model that has constants.
func wordsOfModel(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../model/*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v, _ := s.(*ast.ValueSpec)
				typ, _ := v.Type.(*ast.Ident)
				if typ == nil || len(v.Values) != 1 {
					continue
				}
				if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					word, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out[typ.Name] = append(out[typ.Name], word)
				}
			}
		}
	}
	return out
}

// ownWords are vocabularies of the API itself, which model does not know.
var ownWords = []string{
	"1", "created,updated,unchanged", "xlsx,csv", "new,there,wrong", "phone,phone_staff,case_system,agency,bank,public", "citizen_id,resident,passport",
	"mail,pickup,visit", "paid,confirmed,performed,released", "pending,approved", "valid,revoked,void,unknown", "pass,review,unchecked", "held,releasing,done",
}

// spoken are fields whose name sounds like a vocabulary and whose value is a
// sentence, or a word that the user's language chose.
var spoken = []string{
	"queryView.rule", "dutyTaskView.measure", "cleanUpStep.result", "taskView.result", "taskResult.result", "serviceOfProcessInput.how", "measureFamily.relation", "measureFamily.how",
	"certificateView.revoke_ground", "verification.revoke_ground", "relativeView.relation", "relativeEntryView.state",
	"decisionView.state", "sanctionedView.id_kind",
	"CertificateFacts.timeliness",
}

var vocabularyNames = []string{
	"state", "kind", "role", "ground", "channel", "capacity", "payer_kind", "proof_kind", "performance", "relation", "resistance", "close_type", "timeliness",
	"form", "method", "result", "act", "how", "measure", "id_kind", "lift_ground", "resume_ground", "revoke_ground", "phase", "category", "rule", "standing",
}

// A closed vocabulary is one in the document, and its words are the model's: a
// state that model gets or loses is missed here.
func TestClosedVocabulariesAreEnums(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	words, seen, known := wordsOfModel(t), map[reflect.Type]bool{}, slices.Clone(spoken)
	var walk func(typ reflect.Type)
	field := func(of reflect.Type, f reflect.StructField) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			name = f.Tag.Get("query") + f.Tag.Get("path") + f.Tag.Get("formData")
		}
		text := f.Type.Kind() == reflect.String || f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.String
		enum := strings.TrimPrefix(f.Tag.Get("enum"), ",")
		if _, listed := reflect.Zero(f.Type).Interface().(interface{ Enum() []any }); listed {
			return // by model itself
		}
		at := of.Name() + "." + name
		if i := slices.Index(known, at); i >= 0 && enum == "" {
			known = slices.Delete(known, i, i+1)
			return
		}
		switch {
		case !text || name == "":
		case enum != "":
			values := strings.Split(enum, ",")
			ofModel := false
			for _, list := range words {
				all := true
				for _, v := range values {
					all = all && slices.Contains(list, v)
				}
				ofModel = ofModel || all
			}
			if !ofModel && !slices.Contains(ownWords, enum) {
				t.Errorf("%s: model has no vocabulary with all of %q", at, enum)
			}
		case slices.Contains(vocabularyNames, name):
			t.Errorf("%s names a closed vocabulary and has no enum", at)
		}
	}
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ == reflect.TypeFor[time.Time]() || typ == reflect.TypeFor[model.Date]() {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			field(typ, f)
			walk(f.Type)
		}
	}
	for _, r := range s.Routes() {
		for _, v := range []any{r.Input, r.Output} {
			if v != nil {
				walk(reflect.TypeOf(v))
			}
		}
	}
	for _, at := range known {
		t.Errorf("%s is no field without an enum any more: take it off the list", at)
	}
}

// A program that reads answers knows every word that can stand in them: a long
// vocabulary, to which words are added, is the whole of the model's, and best made from
// its list.
func TestLongVocabulariesOfAnswersAreWhole(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	vocabularies, seen := wordsOfModel(t), map[reflect.Type]bool{}
	for name, list := range vocabularies {
		vocabularies[name] = slices.Sorted(slices.Values(slices.DeleteFunc(list, func(w string) bool { return w == "" })))
	}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ == reflect.TypeFor[time.Time]() || typ == reflect.TypeFor[model.Date]() {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			walk(f.Type)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := typ.Name() + "." + name
			listed := slices.Sorted(slices.Values(strings.Split(strings.TrimPrefix(f.Tag.Get("enum"), ","), ",")))
			whole := false
			for _, list := range vocabularies {
				whole = whole || slices.Equal(list, listed)
			}
			if len(listed) >= 9 && !whole {
				t.Errorf("%s lists %d words, and no vocabulary of model is just those: let it be an Enum of model's list", at, len(listed))
			}
		}
	}
	for _, r := range s.Routes() {
		if r.Output != nil {
			walk(reflect.TypeOf(r.Output))
		}
	}
	for _, k := range model.NoticeKinds() {
		if !slices.Contains(noticeKind("").Enum(), any(string(k))) {
			t.Errorf("the document does not know notices of the kind %s", k)
		}
	}
}
