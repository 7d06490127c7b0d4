package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A stranger who writes a program against the document finds the meaning of every
// property and every parameter in it: there is no list of names that explain
// themselves, because which do is known only to whoever chose them.
func TestTheDocumentSaysWhatEverythingMeans(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	used := describer{}
	raw, err := openAPIDocument(s.Routes(), "", used)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths      map[string]map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	checked, chinese := 0, regexp.MustCompile(`\p{Han}`)
	check := func(at, name string, said any, schema map[string]any) {
		checked++
		text, _ := said.(string)
		if !chinese.MatchString(text) {
			t.Errorf("%s.%s does not say what it is: describe it in meanings or by a tag", at, name)
		}
		ref, _ := schema["$ref"].(string)
		for unit, has := range map[string]bool{
			"单位：分":    strings.HasSuffix(name, "_fen"),
			"北京时间的日期": strings.HasSuffix(ref, "/Day") || schema["pattern"] == dayPattern,
			"UTC":     schema["format"] == "date-time",
		} {
			if strings.Contains(text, unit) != has {
				t.Errorf("%s.%s: %q says %s: %v", at, name, text, unit, !has)
			}
		}
		words, _ := schema["enum"].([]any)
		for _, w := range words {
			if w, _ := w.(string); !regexp.MustCompile(`(^|[^a-z._])` + regexp.QuoteMeta(w) + `[： ，]?[^、；]*\p{Han}`).MatchString(text) {
				t.Errorf("%s.%s: %q does not say what %q is", at, name, text, w)
			}
		}
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(at, e)
			}
		case map[string]any:
			properties, _ := v["properties"].(map[string]any)
			for name, p := range properties {
				if p, ok := p.(map[string]any); ok {
					check(at, name, p["description"], p)
				}
			}
			parameters, _ := v["parameters"].([]any)
			for _, p := range parameters {
				p, _ := p.(map[string]any)
				name, _ := p["name"].(string)
				schema, _ := p["schema"].(map[string]any)
				check(at, name, p["description"], schema)
			}
			for key, e := range v {
				if key != "responses" { // those of errors say what they are as components
					walk(at, e)
				}
			}
		}
	}
	for name, schema := range doc.Components.Schemas {
		walk(name, schema)
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			walk(method+" "+path, o)
		}
	}
	if checked < 1300 {
		t.Errorf("only %d properties and parameters were found", checked)
	}
	for key := range meanings {
		if !used[key] {
			t.Errorf("nothing is described by %q: take it out of meanings", key)
		}
	}
}

// Every word of a vocabulary has a meaning, and where an enum is a part of more
// than one vocabulary, they mean the same by it.
func TestVocabulariesSayWhatTheirWordsMean(t *testing.T) {
	t.Parallel()
	for i, v := range vocabularies {
		if v.words == "" {
			continue
		}
		words := strings.Split(v.words, ",")
		for _, w := range words {
			if v.chinese(w) == "" {
				t.Errorf("%q of %q means nothing", w, v.words)
			}
		}
		for _, o := range vocabularies[:i] {
			if others := strings.Split(o.words, ","); len(others) == len(words) && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(others, w) }) {
				t.Errorf("%q stands twice", v.words)
			}
		}
	}
}
